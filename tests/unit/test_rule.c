/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files: the header, the strict checker, the sandbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "rules/check.h"
#include "rules/rule.h"
#include "rules/rules.h"
#include "rules/sandbox.h"
#include "rules/settle.h"
#include "store/sql.h"

/* The first diagnostic, and how many there were. */
struct heard {
	struct diag_sink sink;
	unsigned nr;
	unsigned long line;
	char text[512];
};

static void hear(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct heard *heard = ctx;

	(void)code;
	if (heard->nr++)
		return;
	heard->line = pos.line;
	snprintf(heard->text, sizeof(heard->text), "%s", text);
}

static struct heard *heard_init(struct heard *heard)
{
	*heard = (struct heard){ .sink = { .fn = hear, .ctx = heard } };
	return heard;
}

#define FILE_NAME "dir/10-some-rule.sql"
#define HEAD "-- id: some-rule\n-- rev: 3\n-- severity: error\n-- status: stable\n"
#define TAIL "-- title: Title\n-- paths: baremetal\n-- requires: irq.enter\n-- why: because\n"
#define QUERY "SELECT NULL AS object, 'pass' AS verdict, NULL AS first_event\n"

static struct rule *parse(const char *text, struct heard *heard)
{
	return rule_parse(FILE_NAME, text, strlen(text), &heard_init(heard)->sink);
}

static void test_header(void **state)
{
	static const char text[] =
		"-- SPDX-License-Identifier: GPL-2.0-or-later\n"
		"-- id: some-rule\n-- rev: 3\n-- severity: warning\n-- status: experimental\n"
		"-- title: A title: with a colon\n-- paths: baremetal kvm-full\n"
		"-- requires: irq.startup | irq.enter ; pci.msix.entry_mask@hardware\n"
		"--   | irq.unmask@shadow\n"
		"-- late: fail\n-- why: one\n--   two\n--    three\n"
		"-- param: grace_ns = 50000000\n-- param: least = -2\n"
		"-- plain comment\n" QUERY;
	struct heard heard;
	struct rule *rule = parse(text, &heard);

	(void)state;
	assert_non_null(rule);
	assert_int_equal(heard.nr, 0);
	assert_string_equal(rule->id, "some-rule");
	assert_int_equal(rule->group, 10);
	assert_int_equal(rule->rev, 3);
	assert_int_equal(rule->severity, SEVERITY_WARNING);
	assert_int_equal(rule->status, RULE_EXPERIMENTAL);
	assert_string_equal(rule->title, "A title: with a colon");
	assert_string_equal(rule->why, "one two three");
	assert_int_equal(rule->paths, 1u << PATH_BAREMETAL | 1u << PATH_KVM_FULL);
	assert_int_equal(rule->nr_requires, 2);
	assert_int_equal(rule->requires[0].nr, 2);
	assert_int_equal(rule->requires[0].any[1].kind, EV_IRQ_ENTER);
	assert_int_equal(rule->requires[0].any[1].witness, -1);
	assert_int_equal(rule->requires[1].nr, 2);
	assert_int_equal(rule->requires[1].any[0].witness, WITNESS_HARDWARE);
	assert_int_equal(rule->requires[1].any[1].kind, EV_IRQ_UNMASK);
	assert_true(rule->late_fails);
	assert_int_equal(rule->nr_params, 2);
	assert_string_equal(rule->params[0].name, "grace_ns");
	assert_int_equal(rule->params[0].value, 50000000);
	assert_int_equal(rule->params[1].value, -2);
	assert_int_equal(rule->mend.nr, 0);
	rule_free(rule);
}

/* Each has one error; 0 is the file as a whole. */
static const struct {
	const char *text;
	unsigned long line;
	const char *says;
} bad_headers[] = {
	{ "", 0, "id is missing" },
	{ QUERY, 0, "id is missing" },
	{ HEAD TAIL "-- id: some-rule\n" QUERY, 9, "id given twice" },
	{ HEAD TAIL "-- colour: red\n" QUERY, 9, "unknown key \"colour\"" },
	{ HEAD TAIL "-- Why: because\n" QUERY, 9, "unknown key \"Why\"" },
	{ HEAD "-- paths: baremetal\n-- requires: irq.enter\n-- why: w\n" QUERY, 0, "title is missing" },
	{ HEAD "-- title:\n-- paths: baremetal\n-- requires: irq.enter\n-- why: w\n" QUERY, 5, "title has no value" },
	{ "-- id: other\n-- rev: 1\n-- severity: error\n-- status: stable\n" TAIL QUERY, 1, "does not fit" },
	{ "-- id: Some-Rule\n-- rev: 1\n-- severity: error\n-- status: stable\n" TAIL QUERY, 1, "small letters" },
	{ "-- id: some-rule\n-- rev: 0\n-- severity: error\n-- status: stable\n" TAIL QUERY, 2, "positive" },
	{ "-- id: some-rule\n-- rev: 1x\n-- severity: error\n-- status: stable\n" TAIL QUERY, 2, "positive" },
	{ "-- id: some-rule\n-- rev: 99999999999999999999\n-- severity: error\n-- status: stable\n" TAIL QUERY, 2, "positive" },
	{ "-- id: some-rule\n-- rev: 1\n-- severity: fatal\n-- status: stable\n" TAIL QUERY, 3, "severity" },
	{ "-- id: some-rule\n-- rev: 1\n-- severity: error\n-- status: new\n" TAIL QUERY, 4, "status" },
	{ HEAD "-- title: t\n-- paths: baremetal moon\n-- requires: irq.enter\n-- why: w\n" QUERY, 6, "no such path \"moon\"" },
	{ HEAD "-- title: t\n-- paths: unknown\n-- requires: irq.enter\n-- why: w\n" QUERY, 6, "no such path" },
	{ HEAD "-- title: t\n-- paths: baremetal baremetal\n-- requires: irq.enter\n-- why: w\n" QUERY, 6, "twice" },
	{ HEAD "-- title: t\n-- paths: baremetal\n-- requires: irq.entered\n-- why: w\n" QUERY, 7, "no such event kind" },
	{ HEAD "-- title: t\n-- paths: baremetal\n-- requires: irq.enter@sure\n-- why: w\n" QUERY, 7, "no such witness" },
	{ HEAD "-- title: t\n-- paths: baremetal\n-- requires: irq.enter@\n-- why: w\n" QUERY, 7, "no such witness" },
	{ HEAD "-- title: t\n-- paths: baremetal\n-- requires: irq.enter ;\n-- why: w\n" QUERY, 7, "no such event kind" },
	{ HEAD "-- title: t\n-- paths: baremetal\n-- requires: irq.enter |\n-- why: w\n" QUERY, 7, "no such event kind" },
	{ HEAD TAIL "-- late: maybe\n" QUERY, 9, "late" },
	{ HEAD TAIL "-- says: {object} was {when\n" QUERY, 9, "in braces go" },
	{ HEAD TAIL "-- says: {object} was left so by {whom}\n" QUERY, 9, "in braces go" },
	{ HEAD TAIL "-- says: {object} was left so }\n" QUERY, 9, "closes nothing" },
	{ HEAD TAIL "-- says: [Handled] {object}\n" QUERY, 9, "SIGNATURE" },
	{ HEAD TAIL "-- says: [handled]\n" QUERY, 9, "SIGNATURE" },
	{ HEAD TAIL "-- says: a\n-- says: [handled] b\n-- says: c\n" QUERY, 11, "twice" },
	{ HEAD TAIL "-- could: kernel moon\n" QUERY, 9, "no such layer \"moon\"" },
	{ HEAD TAIL "-- could: kernel\n-- could: [handled] user  moon\n" QUERY, 10, "no such layer \"moon\"" },
	{ HEAD TAIL "-- could: kernel\n-- could: user\n" QUERY, 10, "twice" },
	{ HEAD TAIL "-- hop: [x] a\n-- hop: [x] b\n" QUERY, 10, "twice" },
	{ HEAD TAIL "-- param: grace\n" QUERY, 9, "NAME = INTEGER" },
	{ HEAD TAIL "-- param: grace = ten\n" QUERY, 9, "NAME = INTEGER" },
	{ HEAD TAIL "-- param: 2nd = 1\n" QUERY, 9, "NAME = INTEGER" },
	{ HEAD TAIL "-- param: a = 1\n-- param: a = 2\n" QUERY, 10, "twice" },
	{ HEAD TAIL "-- done\n" QUERY "-- mend: too late\n", 11, "mend stands behind the end" },
	{ HEAD TAIL "SELECT\f1\n", 9, "control character 0x0c" },
	{ HEAD TAIL "SELECT 1 -- \x1b[2J\n", 9, "control character 0x1b" },
	{ HEAD TAIL "SELECT 1\r\n", 9, "control character 0x0d" },
};

static void test_header_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_headers) / sizeof(*bad_headers); i++) {
		struct heard heard;
		struct rule *rule = parse(bad_headers[i].text, &heard);

		if (rule || !heard.nr || heard.line != bad_headers[i].line || !strstr(heard.text, bad_headers[i].says))
			fail_msg("case %zu: line %lu, \"%s\"", i, heard.line, heard.text);
	}
}

static void test_header_bytes(void **state)
{
	static const char with_nul[] = HEAD TAIL "SELECT 1\0";
	char *big = malloc(RULE_MAX_BYTES + 2);
	struct heard heard;

	(void)state;
	assert_null(rule_parse(FILE_NAME, with_nul, sizeof(with_nul) - 1, &heard_init(&heard)->sink));
	assert_string_equal(heard.text, "control character 0x00");
	memset(big, '-', RULE_MAX_BYTES + 1);
	assert_null(rule_parse(FILE_NAME, big, RULE_MAX_BYTES + 1, &heard_init(&heard)->sink));
	assert_non_null(strstr(heard.text, "longer than"));
	free(big);
}

static void test_file_name(void **state)
{
	static const char *const names[] = { "some-rule.sql", "1-some-rule.sql", "100-some-rule.sql", "10_some-rule.sql", "10-.sql",
					     "10-some-rule.txt", "10-some-rule..sql", "10-.part.sql", "10-some-rule.p.q.sql", "" };
	struct heard heard;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_null(rule_parse(names[i], HEAD TAIL QUERY, strlen(HEAD TAIL QUERY), &heard_init(&heard)->sink));
		assert_true(heard.nr > 0);
	}
}

/* Every prefix of a good rule either parses or is refused with a message; nothing else may happen. */
static void test_header_cut(void **state)
{
	static const char text[] = HEAD TAIL "-- param: a = 1\n" QUERY;

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		char *copy = malloc(len + 1);
		struct heard heard;
		struct rule *rule;

		memcpy(copy, text, len);
		rule = rule_parse(FILE_NAME, copy, len, &heard_init(&heard)->sink);
		assert_true((rule != NULL) == (heard.nr == 0));
		rule_free(rule);
		free(copy);
	}
}

/* ------------------------------------------------------------------------------------------ the checker */

static bool check(const char *header, const char *sql, struct heard *heard)
{
	struct rule_checker *rc;
	struct rule *rule;
	char text[4096];
	bool good;

	snprintf(text, sizeof(text), HEAD TAIL "%s%s", header, sql);
	rule = parse(text, heard);
	assert_non_null(rule);
	rc = rule_checker_new(&heard->sink);
	assert_non_null(rc);
	good = rule_check(rc, rule, &heard->sink);
	assert_true(good == (heard->nr == 0));
	rule_checker_free(rc);
	rule_free(rule);
	return good;
}

#define ROW "SELECT NULL AS object, 'pass' AS verdict, NULL AS first_event"

static const struct {
	const char *header, *sql;
} good_rules[] = {
	{ "", ROW },
	{ "", ROW ";\n-- the end\n/* really */ ;\n" },
	{ "-- param: ns = 5\n", ROW " FROM span WHERE end_ns - start_ns > :ns" },
	{ "", ROW " FROM obligation b JOIN event e ON e.id = b.cause_event" },
	{ "", ROW " FROM obligation b LEFT JOIN event e ON e.id = b.cause_event" },
	{ "", ROW " FROM obligation b JOIN event e ON e.t_lo_ns BETWEEN b.trigger_ns AND b.end_ns" },
	{ "", ROW " FROM event WHERE id IN (SELECT first_event FROM object)" },
	{ "", ROW " FROM delivery" },
	{ "", "WITH a AS (SELECT id FROM object) " ROW ", json_array('irq.enter') AS missing FROM a" },
	{ "", "WITH a AS MATERIALIZED (SELECT id FROM object) " ROW " FROM a JOIN a AS b" },
	{ "", "SELECT object, iif(sum(owed_ns) OVER (PARTITION BY object) > 1, 'pass', 'fail') AS verdict,"
	      " cause_event AS first_event, json_array(json_object('event', cause_event, 'role', 'cause')) AS events"
	      " FROM obligation WHERE EXISTS (SELECT 1 FROM json_each('[1]'))" },
};

static void test_check_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good_rules) / sizeof(*good_rules); i++) {
		struct heard heard;

		if (!check(good_rules[i].header, good_rules[i].sql, &heard))
			fail_msg("case %zu: %s", i, heard.text);
	}
}

/* Line 9 is the first behind HEAD and TAIL. */
static const struct {
	const char *header, *sql;
	unsigned long line;
	const char *says;
} bad_rules[] = {
	{ "", "", 0, "no statement" },
	{ "", "SELECT 1 AS object,\n 'pass' AS verdict\n FROM no_such_table", 9, "no such table" },
	{ "", "SELECT 1 AS object,\n 'pass' AS verdict, ,\n", 10, "syntax error" },
	{ "", "SELECT 1 AS object, 'pass' AS verdict", 9, "\"first_event\" is missing" },
	{ "", ROW ", 1 AS colour", 9, "\"colour\" is none that a rule has" },
	{ "", ROW ", NULL AS object", 9, "\"object\" is given twice" },
	{ "", ROW " WHERE 1 > :grace", 9, ":grace has no param line" },
	{ "", ROW " WHERE 1 > ?", 9, "has no param line" },
	{ "", ROW " WHERE 1 > @grace", 9, "has no param line" },
	{ "-- param: grace = 1\n", ROW, 10, "grace is not used" },
	{ "", ROW ";\nSELECT 2", 9, "more than one statement" },
	{ "", ROW ";;x", 9, "more than one statement" },
	{ "", "DELETE FROM verdict", 0, "does more than SELECT" },
	{ "", "INSERT INTO verdict (rule, verdict, instances) VALUES ('a', 'b', 1)", 0, "does more than SELECT" },
	{ "", "UPDATE object SET name = 'x'", 0, "does more than SELECT" },
	{ "", "CREATE TABLE t (a)", 0, "does more than SELECT" },
	{ "", "CREATE TEMP TABLE t (a)", 0, "does more than SELECT" },
	{ "", "DROP TABLE object", 0, "does more than SELECT" },
	{ "", "PRAGMA journal_mode", 0, "does more than SELECT" },
	{ "", "ATTACH 'x' AS y", 0, "does more than SELECT" },
	{ "", "VACUUM", 0, "" },
	{ "", "BEGIN", 0, "does more than SELECT" },
	{ "", "REINDEX", 0, "" },
	{ "", ROW " FROM chunk", 0, "no such table: chunk" },
	{ "", ROW " FROM string", 0, "no such table: string" },
	{ "", ROW " FROM delivery_chunk", 0, "no such table" },
	{ "", ROW " FROM verdict", 0, "no public table: verdict" },
	{ "", ROW " FROM sqlite_schema", 0, "no public table" },
	{ "", ROW " FROM sqlite_temp_schema", 0, "no public table" },
	{ "", ROW " FROM pragma_table_info('object')", 0, "" },
	{ "", ROW " WHERE (SELECT count(*) FROM sqlite_master) > 0", 0, "no public table" },
	{ "", ROW " WHERE random() > 0", 0, "function that rules may not: random" },
	{ "", ROW " WHERE load_extension('x') IS NULL", 0, "" },
	{ "", ROW " WHERE zeroblob(100000) IS NULL", 0, "zeroblob" },
	{ "", ROW " WHERE printf('%1000d', 1) IS NULL", 0, "printf" },
	{ "", ROW " WHERE date('now') IS NULL", 0, "date" },
	{ "", ROW " WHERE current_timestamp IS NULL", 0, "current_timestamp" },
	{ "", ROW " WHERE sqlite_version() IS NULL", 0, "sqlite_version" },
	{ "", "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) " ROW " FROM n", 0, "recursive" },
	{ "", ROW " FROM event", 9, "every event" },
	{ "", ROW " FROM event AS obligation WHERE kind = 'irq.enter'", 9, "every event" },
	{ "", ROW " FROM event WHERE source = 1", 9, "every event" },
	{ "", ROW " FROM event WHERE t_lo_ns > 5", 9, "every event" },
	{ "", ROW " FROM obligation b JOIN event e ON e.kind = b.kind", 9, "every event" },
	{ "", ROW " WHERE 1 IN (SELECT count(*) FROM event)", 9, "every event" },
	{ "", ROW " WHERE " "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
	      "1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))", 0, "" },
};

static void test_check_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_rules) / sizeof(*bad_rules); i++) {
		struct heard heard;

		if (check(bad_rules[i].header, bad_rules[i].sql, &heard))
			fail_msg("case %zu was taken", i);
		if ((bad_rules[i].line && heard.line != bad_rules[i].line) || !strstr(heard.text, bad_rules[i].says))
			fail_msg("case %zu: line %lu, \"%s\"", i, heard.line, heard.text);
	}
}

/* ------------------------------------------------------------------------------------------ the sandbox */

static sqlite3 *open_schema(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, store_schema_sql, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

/* All tables of the schema are either public, private, or written by the rules themselves; nothing is forgotten. */
static void test_public_tables(void **state)
{
	static const char *const hidden[] = { "chunk", "delivery_chunk", "string", "verdict", "finding", "finding_event", "what_if" };
	sqlite3 *db = open_schema();
	sqlite3_stmt *stmt;

	(void)state;
	sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &stmt, NULL);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);
		unsigned known = 0;

		for (unsigned i = 0; sandbox_tables[i]; i++)
			known += !strcmp(sandbox_tables[i], name);
		for (unsigned i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
			known += !strcmp(hidden[i], name);
		if (known != 1)
			fail_msg("table %s", name);
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

/* The private tables are refused where they exist, too. */
static void test_private_tables(void **state)
{
	static const char *const sql[] = {
		"SELECT data FROM chunk", "SELECT count(*) FROM chunk", "SELECT text FROM string", "SELECT 1 FROM delivery_chunk",
		"SELECT id FROM object WHERE id IN (SELECT source FROM chunk)", "SELECT * FROM trap",
	};
	sqlite3 *db = open_schema();
	struct sandbox sb;
	const char *why;
	int offset;

	(void)state;
	sqlite3_exec(db, "CREATE VIEW trap AS SELECT name FROM object", NULL, NULL, NULL);
	sandbox_enter(&sb, db, SANDBOX_STEPS);
	for (size_t i = 0; i < sizeof(sql) / sizeof(*sql); i++) {
		assert_null(sandbox_prepare(&sb, sql[i], &why, &offset));
		assert_non_null(why);
	}
	sandbox_leave(&sb);
	sqlite3_close(db);
}

static int run_to_end(sqlite3 *db, const char *sql, int64_t steps, bool *exhausted)
{
	struct sandbox sb;
	const char *why;
	int offset, rc;
	sqlite3_stmt *stmt;

	sandbox_enter(&sb, db, steps);
	stmt = sandbox_prepare(&sb, sql, &why, &offset);
	if (!stmt)
		fail_msg("%s: %s", sql, why);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		;
	*exhausted = sandbox_exhausted(&sb);
	sqlite3_finalize(stmt);
	sandbox_leave(&sb);
	return rc & 0xff;
}

#define TEN "(VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10))"

static void test_step_budget(void **state)
{
	sqlite3 *db = open_schema();
	bool exhausted;

	(void)state;
	assert_int_equal(run_to_end(db, "SELECT count(*) FROM " TEN "," TEN "," TEN "," TEN "," TEN "," TEN "," TEN "," TEN,
				    1000000, &exhausted), SQLITE_INTERRUPT);
	assert_true(exhausted);
	assert_int_equal(run_to_end(db, "SELECT count(*) FROM " TEN "," TEN, 1000000, &exhausted), SQLITE_DONE);
	assert_false(exhausted);
	sqlite3_close(db);
}

static void test_memory_limit(void **state)
{
	sqlite3 *db = open_schema();
	int64_t before = sqlite3_hard_heap_limit64(-1);
	bool exhausted;
	int rc;

	(void)state;
	/* One text over the length limit. */
	rc = run_to_end(db, "SELECT replace(hex('" "0123456789012345678901234567890123456789" "'), '3', replace(hex("
			    "'0123456789012345678901234567890123456789'), '3', hex(hex(hex(hex(hex(hex(hex(hex('0123456789'))))))))))",
			SANDBOX_STEPS, &exhausted);
	assert_int_equal(rc, SQLITE_TOOBIG);
	/* Many texts below it, all kept for a sort. */
	rc = run_to_end(db, "SELECT replace(hex(hex(hex('0123456789'))), '3', hex(hex(hex('0123456789')))) || random.x AS t FROM"
			    " (SELECT a.column1 || b.column1 || c.column1 || d.column1 || e.column1 AS x FROM " TEN " a," TEN " b,"
			    TEN " c," TEN " d," TEN " e) AS random ORDER BY t", SANDBOX_STEPS, &exhausted);
	assert_int_equal(rc, SQLITE_NOMEM);
	assert_int_equal(sqlite3_hard_heap_limit64(-1), before);
	sqlite3_close(db);
}

/* ------------------------------------------------------------------------------------------ folders */

static void write_rule(const char *dir, const char *file, const char *id, const char *title)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "-- id: %s\n-- rev: 1\n-- severity: note\n-- status: stable\n-- title: %s\n-- paths: baremetal\n"
		     "-- requires: none\n-- why: w\n-- param: n = 7\n%s WHERE 1 < :n\n", id, title, ROW);
	fclose(out);
}

static void remove_file(const char *dir, const char *file)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	unlink(path);
}

static void test_folders(void **state)
{
	char one[] = "/tmp/irqpath-rules-XXXXXX", two[] = "/tmp/irqpath-rules-XXXXXX";
	struct heard heard;
	struct rules *rules;
	char *sql;

	(void)state;
	assert_non_null(mkdtemp(one));
	assert_non_null(mkdtemp(two));
	struct rules_dir dirs[] = { { one, false }, { two, false }, { "/nonexistent", true } };

	write_rule(one, "30-b.sql", "b", "first");
	write_rule(one, "10-a.sql", "a", "first");
	write_rule(two, "30-b.sql", "b", "second");
	rules = rules_load(dirs, 3, &heard_init(&heard)->sink);
	assert_non_null(rules);
	assert_int_equal(rules_count(rules), 2);
	assert_string_equal(rules_get(rules, 0)->id, "a");
	assert_string_equal(rules_find(rules, "b")->title, "second");
	assert_null(rules_find(rules, "c"));
	sql = rules_expanded_sql(rules, rules_get(rules, 0), &heard.sink);
	assert_non_null(strstr(sql, "WHERE 1 < 7"));
	free(sql);
	rules_free(rules);

	/* One id in two files. */
	write_rule(two, "50-a.sql", "a", "twin");
	assert_null(rules_load(dirs, 2, &heard_init(&heard)->sink));
	assert_non_null(strstr(heard.text, "too"));
	remove_file(two, "50-a.sql");

	/* A folder that was named must be there. */
	dirs[2].may_lack = false;
	assert_null(rules_load(dirs, 3, &heard_init(&heard)->sink));
	assert_int_equal(heard.nr, 1);

	remove_file(one, "30-b.sql");
	remove_file(one, "10-a.sql");
	remove_file(two, "30-b.sql");
	rmdir(one);
	rmdir(two);
}

static void write_part(const char *dir, const char *file, const char *header)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "%s%s WHERE 2 < :m\n", header, ROW);
	fclose(out);
}

/* A rule's further statements: with words and parameters of their own, and nothing else that a rule has. */
static void test_parts(void **state)
{
	static const struct {
		const char *file, *header, *says;	/* says: NULL, the part is good */
	} parts[] = {
		{ "10-a.zip.sql", "-- part-of: a\n-- says: [s] of the part\n-- param: m = 9\n", NULL },
		{ "10-a.again.sql", "-- part-of: a\n-- says: [s] again\n-- param: m = 9\n", "given twice for one signature" },
		{ "10-a.again.sql", "-- part-of: b\n-- param: m = 9\n", "does not fit" },
		{ "10-a.again.sql", "-- param: m = 9\n", "part-of is missing" },
		{ "10-a.again.sql", "-- part-of: a\n-- severity: note\n-- param: m = 9\n", "severity is no key of a part" },
		{ "10-a.again.sql", "-- part-of: a\n", "parameter :m has no param line" },
		{ "10-c.part.sql", "-- part-of: c\n-- param: m = 9\n", "there is no rule \"c\"" },
		{ "10-c.sql", "-- part-of: c\n-- param: m = 9\n", "part-of is no key of a rule" },
	};
	char dir[] = "/tmp/irqpath-rules-XXXXXX";
	struct heard heard;
	char *sql;

	(void)state;
	assert_non_null(mkdtemp(dir));
	write_rule(dir, "10-a.sql", "a", "whole");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const struct rules_dir from = { dir, false };
		struct rules *rules;

		write_part(dir, parts[i].file, parts[i].header);
		rules = rules_load(&from, 1, &heard_init(&heard)->sink);
		if (parts[i].says) {
			assert_null(rules);
			if (!strstr(heard.text, parts[i].says))
				fail_msg("part %zu: %s", i, heard.text);
			remove_file(dir, parts[i].file);
			continue;
		}
		assert_non_null(rules);
		assert_int_equal(rules_count(rules), 1);
		assert_string_equal(rule_word(&rules_get(rules, 0)->says, "s"), "of the part");
		sql = rules_expanded_sql(rules, rules_get(rules, 0)->parts, &heard.sink);
		assert_non_null(strstr(sql, "WHERE 2 < 9"));
		free(sql);
		rules_free(rules);
	}
	remove_file(dir, "10-a.zip.sql");
	remove_file(dir, "10-a.sql");
	rmdir(dir);
}

/* The rules that are shipped all load, and for whatever they require there is a known way to record it. */
static void test_shipped(void **state)
{
	const struct rules_dir dir = { RULES_DIR, false };
	struct heard heard;
	struct rules *rules = rules_load(&dir, 1, &heard_init(&heard)->sink);

	(void)state;
	if (!rules)
		fail_msg("line %lu: %s", heard.line, heard.text);
	for (unsigned i = 0; i < rules_count(rules); i++) {
		const struct rule *rule = rules_get(rules, i);

		for (unsigned c = 0; c < rule->nr_requires; c++) {
			unsigned known = 0;

			for (unsigned k = 0; k < rule->requires[c].nr; k++)
				known += settle_signal(rule->requires[c].any[k]) != NULL;
			if (!known)
				fail_msg("%s: clause %u", rule->id, c + 1);
		}
	}
	rules_free(rules);
}

static void test_settle(void **state)
{
	static const struct rule_signal unmask[] = { { EV_IRQ_UNMASK, WITNESS_SHADOW }, { EV_PCI_MSIX_ENTRY_MASK, WITNESS_HARDWARE } };
	static const struct rule_signal unknown[] = { { EV_MARK, -1 } };
	char buf[SETTLE_TEXT_MAX], tiny[16];

	(void)state;
	settle_any(buf, sizeof(buf), unmask, 2);
	assert_non_null(strstr(buf, "pci_msi_unmask_irq"));
	assert_non_null(strstr(buf, "msix-table"));
	settle_any(buf, sizeof(buf), unknown, 1);
	assert_string_equal(buf, "record mark");
	settle_any(tiny, sizeof(tiny), unmask, 2);
	assert_int_equal(strlen(tiny), sizeof(tiny) - 1);
	settle_any(buf, sizeof(buf), NULL, 0);
	assert_string_equal(buf, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_header_errors),
		cmocka_unit_test(test_header_bytes),
		cmocka_unit_test(test_file_name),
		cmocka_unit_test(test_header_cut),
		cmocka_unit_test(test_check_good),
		cmocka_unit_test(test_check_bad),
		cmocka_unit_test(test_public_tables),
		cmocka_unit_test(test_private_tables),
		cmocka_unit_test(test_step_budget),
		cmocka_unit_test(test_memory_limit),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_settle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
