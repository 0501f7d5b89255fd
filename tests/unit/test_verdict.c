/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict engine, on databases made by hand. The rule under test gives what a test wrote into table "step": each test
 * says itself what the rule says.
 */
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

#include "core/chunk.h"
#include "rules/rules.h"
#include "store/describe.h"
#include "store/sql.h"
#include "store/store.h"

enum { NR_EVENTS = 20 };

struct fixture {
	struct diag_sink sink;
	char text[1024];	/* the first diagnostic */
	unsigned nr_diags;
	struct store *st;
	struct rules *rules;
	struct rules_options opt;
	char dir[64];
};

static void hear(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct fixture *fx = ctx;

	(void)pos;
	if (!fx->nr_diags++)
		snprintf(fx->text, sizeof(fx->text), "%s: %s", diag_code_name(code), text);
}

static void exec(struct fixture *fx, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(store_connection(fx->st), sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
}

/* First column of the first row as text, "-" for null and "none" without a row. Borrowed until the next call. */
static const char *ask(struct fixture *fx, const char *sql)
{
	static char answer[2048];
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(store_connection(fx->st), sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(store_connection(fx->st)));
	snprintf(answer, sizeof(answer), "none");
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);

		snprintf(answer, sizeof(answer), "%s", text ? text : "-");
	}
	sqlite3_finalize(stmt);
	return answer;
}

/* One source with an event a second, from 1 s to 20 s: irq.mask of irq 29, event ids in event(n). */
static void add_source(struct fixture *fx)
{
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_info info = { .nr_events = NR_EVENTS, .first_ordinal = 1, .last_ordinal = NR_EVENTS,
				   .t_min_ns = 1000000000, .t_max_ns = NR_EVENTS * INT64_C(1000000000) };
	struct source_info about = { .kind = "test 1", .layer = LAYER_KERNEL };
	struct source_end end = { .complete = true, .records = NR_EVENTS, .kept = NR_EVENTS };
	const uint8_t *bytes;
	size_t len_bytes;
	unsigned nr;

	assert_true(store_add_source(fx->st, "trace.dat", "host", &info.source));
	assert_true(store_source_info(fx->st, info.source, &about));
	for (unsigned i = 1; i <= NR_EVENTS; i++) {
		struct event ev = { .ordinal = i, .offset = i, .source = info.source, .kind = EV_IRQ_MASK, .cpu = 1, .pid = -1,
				    .witness = WITNESS_SHADOW };

		ev.t_lo_ns = ev.t_hi_ns = i * INT64_C(1000000000);
		event_add_object(&ev, OBJ_IRQ, 29);
		assert_true(chunk_writer_add(cw, &ev));
	}
	bytes = chunk_writer_bytes(cw, &len_bytes, &nr);
	assert_true(store_chunk(fx->st, &info, bytes, len_bytes));
	assert_true(store_source_end(fx->st, info.source, &end));
	chunk_writer_free(cw);
}

#define SQL_EVENT(n) "((1 << 43) | (" #n " << 3))"

static const char objects_sql[] =
	"UPDATE source SET first_ns = 1000000000, last_ns = 20000000000;"
	"INSERT INTO object (id, name, kind, machine, generation, path, anchor, label, driver) VALUES"
	" (1, 'msix:0000:03:00.0[2]', 'msix', 'host', 1, 'baremetal', '0000:03:00.0[2]', NULL, NULL),"
	" (2, 'irq:29', 'irq', 'host', 1, 'baremetal', '0000:03:00.0[2]', 'nvme0q2', 'nvme_irq'),"
	" (3, 'vector:1.0x24', 'vector', 'host', 1, 'unknown', 'cpu', NULL, NULL),"
	" (4, 'irq:30', 'irq', 'host', 1, 'unknown', '0000:04:00.0[0]', NULL, NULL),"
	" (5, 'xen/irq:31', 'irq', 'xen', 1, 'dom0-pv', 'gsi:9', NULL, NULL),"
	" (6, 'vector:0.0x24', 'vector', 'host', 1, 'unknown', 'cpu', NULL, NULL);"
	"INSERT INTO link (feeder, fed, proof, from_ns, to_ns) VALUES (1, 2, 'seen', NULL, NULL),"
	" (2, 6, 'seen', NULL, 2000000000), (2, 3, 'seen', 2000000001, NULL), (4, 3, 'seen', NULL, NULL);"
	"INSERT INTO signal (source, kind, witness, via, grade, basis, from_ns, to_ns) VALUES"
	" (1, 'irq.enter', 'hardware', 'irq:irq_handler_entry', 'complete', 'seen', 1000000000, 20000000000),"
	" (1, 'irq.unmask', 'shadow', 'pci_msi_unmask_irq', 'complete', 'declared', NULL, 20000000000),"
	" (1, 'irq.exit', 'hardware', 'irq:irq_handler_exit', 'complete', 'seen', 5000000000, 20000000000);";

/*
 * A row of the rule under test is a row of table step: object; component: verdict; field: reason; old: events; new:
 * signature; input: blame or ''; owner: missing; t_ns: start, 0 for null; unexpected: end in s, 0 for null.
 */
static const char rule_sql[] =
	"SELECT nullif(object, 0) AS object, component AS verdict, nullif(field, '') AS reason, event AS first_event,"
	" NULL AS last_event, nullif(t_ns, 0) AS start_ns, nullif(unexpected, 0) * 1000000000 AS end_ns,"
	" nullif(old, '') AS events, nullif(new, '') AS signature, nullif(input, '') AS blame, owner AS missing FROM step\n";

static void write_rule(struct fixture *fx, const char *name, const char *id, const char *header, const char *sql)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", fx->dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "-- id: %s\n-- rev: 2\n-- severity: error\n-- status: stable\n-- title: Left masked\n-- why: w\n%s\n%s",
		id, header, sql);
	fclose(out);
}

static void load(struct fixture *fx)
{
	struct rules_dir dir = { fx->dir, false };

	rules_free(fx->rules);
	fx->rules = rules_load(&dir, 1, &fx->sink);
	if (!fx->rules)
		fail_msg("%s", fx->text);
}

/* The usual rule, with other paths, requires and late. */
static void use_rule(struct fixture *fx, const char *header)
{
	write_rule(fx, "10-masked.sql", "masked", header, rule_sql);
	load(fx);
}

#define ALL_PATHS "-- paths: baremetal dom0-pv dom0-pvh hvm-pirq hvm-passthrough kvm-split kvm-full qemu-user\n"

static int setup(void **state)
{
	struct fixture *fx = calloc(1, sizeof(*fx));

	fx->sink = (struct diag_sink){ .fn = hear, .ctx = fx };
	fx->opt = (struct rules_options){ .forced_path = -1, .fail_on = SEVERITY_ERROR };
	strcpy(fx->dir, "/tmp/irqpath-test-XXXXXX");
	assert_non_null(mkdtemp(fx->dir));
	fx->st = store_create(NULL, &fx->sink);
	assert_non_null(fx->st);
	add_source(fx);
	exec(fx, objects_sql);
	use_rule(fx, ALL_PATHS "-- requires: irq.enter");
	*state = fx;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fx = *state;
	char command[128];

	rules_free(fx->rules);
	store_close(fx->st);
	snprintf(command, sizeof(command), "%s/10-masked.sql", fx->dir);
	unlink(command);
	snprintf(command, sizeof(command), "%s/50-effect.sql", fx->dir);
	unlink(command);
	snprintf(command, sizeof(command), "%s/90-notes.sql", fx->dir);
	unlink(command);
	rmdir(fx->dir);
	free(fx);
	return 0;
}

/* Values of one row of step, from its second column on. */
static void rule_says(struct fixture *fx, const char *values)
{
	char sql[1024];

	snprintf(sql, sizeof(sql), "INSERT INTO step (event, t_ns, object, component, field, old, new, input, owner, unexpected)"
				   " VALUES (%s)", values);
	exec(fx, sql);
}

static enum status run(struct fixture *fx)
{
	return rules_run(fx->rules, fx->st, &fx->opt, &fx->sink);
}

static const char *verdict_of(struct fixture *fx, int object)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SELECT verdict || coalesce(' ' || reason, '') || ' ' || instances FROM verdict"
				   " WHERE coalesce(object, 0) = %d", object);
	return ask(fx, sql);
}

#define S "000000000"

static void test_pass(void **state)
{
	struct fixture *fx = *state;

	rule_says(fx, SQL_EVENT(2) ", 2" S ", 1, 'pass', '', '', '', '', NULL, 3");
	assert_int_equal(run(fx), STATUS_CLEAN);
	assert_string_equal(verdict_of(fx, 1), "pass 1");
	assert_string_equal(ask(fx, "SELECT count(*) FROM finding"), "0");
	assert_string_equal(ask(fx, "SELECT id || ' ' || rev || ' ' || hygiene FROM rule"), "masked 2 0");
	assert_string_equal(ask(fx, "SELECT kind || coalesce(witness, '') FROM rule_requires"), "irq.enter");
	assert_int_equal(fx->nr_diags, 0);
}

/* Any fail; else the current instance; else any pass. */
static void test_aggregate(void **state)
{
	struct fixture *fx = *state;

	rule_says(fx, "NULLIF(1, 2), 5" S ", 1, 'fail', '', '', '', '', NULL, 6");
	rule_says(fx, "1, 2" S ", 1, 'pass', '', '', '', '', NULL, 3");
	rule_says(fx, "1, 7" S ", 1, 'inconclusive', 'gap', '', '', '', NULL, 8");
	rule_says(fx, "1, 2" S ", 2, 'pass', '', '', '', '', NULL, 3");
	rule_says(fx, "1, 7" S ", 2, 'inconclusive', 'end', '', '', '', NULL, 20");
	rule_says(fx, "1, 7" S ", 3, 'pass', '', '', '', '', NULL, 3");
	rule_says(fx, "1, 2" S ", 3, 'inconclusive', 'gap', '', '', '', NULL, 8");
	rule_says(fx, "1, 2" S ", 6, 'pass', '', '', '', '', NULL, 8");
	rule_says(fx, "1, 0, 6, 'pass', '', '', '', '', NULL, 8");
	assert_int_equal(run(fx), STATUS_FINDINGS);
	assert_string_equal(verdict_of(fx, 1), "fail 3");
	assert_string_equal(verdict_of(fx, 2), "inconclusive end 2");
	assert_string_equal(verdict_of(fx, 3), "pass 2");
	assert_string_equal(verdict_of(fx, 6), "pass 2");
	assert_string_equal(ask(fx, "SELECT start_ns FROM verdict WHERE object = 1"), "5" S);
	assert_string_equal(ask(fx, "SELECT start_ns FROM verdict WHERE object = 6"), "2" S);
}

static void test_late(void **state)
{
	struct fixture *fx = *state;

	rule_says(fx, "1, 2" S ", 1, 'late', '', '', '', '', NULL, 3");
	assert_int_equal(run(fx), STATUS_CLEAN);
	assert_string_equal(verdict_of(fx, 1), "pass 1");
	use_rule(fx, ALL_PATHS "-- requires: irq.enter\n-- late: fail");
	assert_int_equal(run(fx), STATUS_FINDINGS);
	assert_string_equal(verdict_of(fx, 1), "fail 1");
}

/* irq.exit is seen from 5 s on. */
static void test_requires_over_interval(void **state)
{
	struct fixture *fx = *state;

	use_rule(fx, ALL_PATHS "-- requires: irq.enter ; irq.exit | pci.msix.entry_mask@hardware");
	rule_says(fx, "1, 4" S ", 1, 'pass', '', '', '', '', NULL, 6");
	rule_says(fx, "1, 5" S ", 2, 'pass', '', '', '', '', NULL, 6");
	rule_says(fx, "1, 0, 3, 'inconclusive', 'end', '', '', '', '[\"irq.mask@shadow\", null]', 6");
	assert_int_equal(run(fx), STATUS_CLEAN);
	assert_string_equal(verdict_of(fx, 1), "inconclusive no-signal 1");
	assert_string_equal(verdict_of(fx, 2), "pass 1");
	assert_string_equal(verdict_of(fx, 3), "inconclusive no-signal 1");
	assert_string_equal(ask(fx, "SELECT missing FROM verdict WHERE object = 1"), "[\"irq.exit\",\"pci.msix.entry_mask@hardware\"]");
	assert_string_equal(ask(fx, "SELECT missing FROM verdict WHERE object = 3"),
			    "[\"irq.mask@shadow\",\"irq.exit\",\"pci.msix.entry_mask@hardware\"]");
	assert_non_null(strstr(ask(fx, "SELECT settle FROM verdict WHERE object = 1"), "irq_handler_exit"));
	assert_string_equal(ask(fx, "SELECT coalesce(missing, settle) FROM verdict WHERE object = 2"), "-");
}

/* A stronger witness than the one asked for will do, a weaker one will not; nor will another machine's. */
static void test_requires_witness(void **state)
{
	struct fixture *fx = *state;

	rule_says(fx, "1, 6" S ", 1, 'pass', '', '', '', '', NULL, 7");
	rule_says(fx, "1, 6" S ", 5, 'pass', '', '', '', '', NULL, 7");
	use_rule(fx, ALL_PATHS "-- requires: irq.enter@intent");
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "pass 1");
	assert_string_equal(verdict_of(fx, 5), "inconclusive no-signal 1");
	use_rule(fx, ALL_PATHS "-- requires: irq.unmask@hardware");
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "inconclusive no-signal 1");
	exec(fx, "UPDATE signal SET basis = 'none', from_ns = NULL WHERE kind = 'irq.enter'");
	use_rule(fx, ALL_PATHS "-- requires: irq.enter");
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "inconclusive no-signal 1");
}

/* What is missing elsewhere does not soften a fail that names its cause. */
static void test_requires_fail(void **state)
{
	struct fixture *fx = *state;

	use_rule(fx, ALL_PATHS "-- requires: pci.msix.entry_mask");
	rule_says(fx, SQL_EVENT(2) ", 2" S ", 1, 'fail', '', json_array(json_object('event', " SQL_EVENT(2)
		      ", 'role', 'cause')), '', '', NULL, 3");
	rule_says(fx, SQL_EVENT(2) ", 2" S ", 2, 'fail', '', json_array(json_object('event', " SQL_EVENT(2)
		      ", 'role', 'last_good'), json_object('event', NULL, 'role', 'cause')), '', '', NULL, 3");
	assert_int_equal(run(fx), STATUS_FINDINGS);
	assert_string_equal(verdict_of(fx, 1), "fail 1");
	assert_string_equal(verdict_of(fx, 2), "inconclusive no-signal 1");
	assert_string_equal(ask(fx, "SELECT count(*) FROM finding"), "1");
}

static void test_no_rows(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(run(fx), STATUS_NOT_JUDGED);
	assert_string_equal(verdict_of(fx, 0), "none");
	use_rule(fx, ALL_PATHS "-- requires: irq.enter ; pci.msix.entry_mask@hardware");
	assert_int_equal(run(fx), STATUS_NOT_JUDGED);
	assert_string_equal(verdict_of(fx, 0), "inconclusive no-signal 0");
	assert_string_equal(ask(fx, "SELECT missing FROM verdict"), "[\"pci.msix.entry_mask@hardware\"]");
	assert_non_null(strstr(ask(fx, "SELECT settle FROM verdict"), "msix-table"));
}

/* What made the state comes from two clocks: where nothing relates them, a fail is not proven; a dump shows the state itself. */
static void test_order_between_sources(void **state)
{
	static const char second_sql[] =
		"INSERT INTO source (id, path, machine, first_ns, last_ns) VALUES (2, 'qemu.log', 'host', 1, 2);"
		"INSERT INTO clock (source, method, offset_ns, base, rate, contradictions) VALUES (2, 'assumed', 0, 0, 0, 0);"
		"INSERT INTO step (event, t_ns, object, component, field, old, new, input, owner, unexpected) VALUES"
		" ((2 << 43) | 8, 1, 2, 'pass', '', '', '', '', NULL, 0)";
	struct fixture *fx = *state;

	rule_says(fx, SQL_EVENT(1) ", 6" S ", 1, 'fail', '', '', '', '', NULL, 7");
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "fail 1");
	exec(fx, second_sql);
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "inconclusive order 1");
	assert_non_null(strstr(ask(fx, "SELECT settle FROM verdict WHERE object = 1"), "clock-unsafe"));
	assert_string_equal(ask(fx, "SELECT count(*) FROM finding"), "0");
	exec(fx, "UPDATE clock SET method = 'causality' WHERE source = 2");
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "fail 1");
	exec(fx, "UPDATE clock SET method = 'assumed' WHERE source = 2; UPDATE source SET timeless = 1 WHERE id = 1");
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "fail 1");
}

static void test_scope(void **state)
{
	struct fixture *fx = *state;

	use_rule(fx, "-- paths: dom0-pv\n-- requires: none");
	rule_says(fx, "1, 6" S ", 1, 'fail', '', '', '', '', NULL, 7");
	rule_says(fx, "1, 6" S ", 4, 'fail', '', '', '', '', NULL, 7");
	rule_says(fx, "1, 6" S ", 5, 'pass', '', '', '', '', NULL, 7");
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "none");
	assert_string_equal(verdict_of(fx, 4), "inconclusive no-signal 1");
	assert_non_null(strstr(ask(fx, "SELECT settle FROM verdict WHERE object = 4"), "--path"));
	assert_string_equal(verdict_of(fx, 5), "pass 1");

	/* The machine's only path stands for an object that has none of its own. */
	exec(fx, "INSERT INTO path (machine, path) VALUES ('host', 'baremetal'), ('xen', 'dom0-pv')");
	run(fx);
	assert_string_equal(verdict_of(fx, 4), "none");
	exec(fx, "INSERT INTO path (machine, path) VALUES ('host', 'dom0-pv')");
	run(fx);
	assert_string_equal(verdict_of(fx, 4), "inconclusive no-signal 1");

	fx->opt.forced_path = PATH_DOM0_PV;
	run(fx);
	assert_string_equal(verdict_of(fx, 1), "fail 1");
	assert_string_equal(verdict_of(fx, 4), "fail 1");

	/* A rule for other machines does not even say that it cannot tell. */
	exec(fx, "DELETE FROM step");
	fx->opt.forced_path = PATH_KVM_FULL;
	use_rule(fx, "-- paths: dom0-pv\n-- requires: pci.msix.pending");
	run(fx);
	assert_string_equal(ask(fx, "SELECT count(*) FROM verdict"), "0");
}

static void test_finding(void **state)
{
	struct fixture *fx = *state;

	exec(fx, "INSERT INTO event_text (event, text) VALUES (" SQL_EVENT(6) ", 'as recorded')");
	rule_says(fx, SQL_EVENT(4) ", 4" S ", 1, 'fail', '', json_array(json_object('event', " SQL_EVENT(6)
		      ", 'role', 'consequence'), json_object('event', " SQL_EVENT(4) ", 'role', 'cause'), json_object('event', "
		      SQL_EVENT(3) ", 'role', 'last_good'), json_object('event', 99, 'role', 'harm')), '', 'kernel:f', NULL, 20");
	assert_int_equal(run(fx), STATUS_FINDINGS);
	assert_int_equal(fx->nr_diags, 0);
	assert_string_equal(ask(fx, "SELECT message FROM finding"),
			    "Left masked: msix:0000:03:00.0[2] (nvme_irq nvme0q2, irq:29, vector:1.0x24), left so by the kernel's f(),"
			    " since 4.000000000, unfinished at end (16.0 s)");
	assert_string_equal(ask(fx, "SELECT length(id) || ' ' || (substr(fingerprint, 1, 8) = id) || ' ' || blame || ' ' || path || ' '"
				    " || severity || ' ' || count || coalesce(could_have, '') FROM finding"),
			    "8 1 kernel:f baremetal error 1");
	assert_string_equal(ask(fx, "SELECT group_concat(role, ' ') FROM (SELECT role FROM finding_event ORDER BY seq)"),
			    "last_good cause consequence");
	assert_string_equal(ask(fx, "SELECT text FROM finding_event WHERE seq = 2"), "4.000000000 cpu1 irq.mask@shadow irq:29");
	assert_string_equal(ask(fx, "SELECT text FROM finding_event WHERE seq = 3"), "as recorded");
	exec(fx, "INSERT INTO event_text (event, text) VALUES (" SQL_EVENT(4) ", 'fetched')");
	assert_true(rules_update_texts(fx->st, &fx->sink));
	assert_string_equal(ask(fx, "SELECT group_concat(text, '|') FROM finding_event WHERE seq > 1"), "fetched|as recorded");
}

/* One cause, one finding: the first instance tells, the others count. Other signatures are other findings. */
static void test_repeats(void **state)
{
	struct fixture *fx = *state;

	rule_says(fx, SQL_EVENT(9) ", 9" S ", 2, 'fail', '', '', '', '', NULL, 10");
	rule_says(fx, SQL_EVENT(4) ", 4" S ", 1, 'fail', '', '', '', '', NULL, 5");
	rule_says(fx, SQL_EVENT(6) ", 6" S ", 1, 'fail', '', '', '', '', NULL, 7");
	rule_says(fx, SQL_EVENT(6) ", 6" S ", 1, 'fail', '', '', 'function', '', NULL, 7");
	run(fx);
	assert_string_equal(ask(fx, "SELECT count(*) FROM finding"), "2");
	assert_string_equal(ask(fx, "SELECT count || ' ' || object || ' ' || start_ns || ' ' || end_ns || ' ' || (last_event >> 3 & 255)"
				    " FROM finding WHERE signature IS NULL"), "3 1 4" S " 10" S " 9");
	assert_non_null(strstr(ask(fx, "SELECT message FROM finding WHERE signature IS NULL"), "; 3 times"));
	assert_string_equal(ask(fx, "SELECT blame || ' ' || could_have FROM finding WHERE signature = 'function'"),
			    "unrecorded [\"device\",\"platform\",\"kernel\",\"driver\",\"user\"]");
	assert_string_equal(ask(fx, "SELECT role FROM finding_event"), "cause");
	/* what the rule says of who could have, less what the path has not */
	use_rule(fx, ALL_PATHS "-- could: user hypervisor kernel\n-- requires: irq.enter");
	run(fx);
	assert_string_equal(ask(fx, "SELECT could_have FROM finding WHERE signature = 'function'"), "[\"kernel\",\"user\"]");
}

/* A second rule, of a higher group, that fails on an object from a second on, times times, because of an event. */
static void other_rule(struct fixture *fx, int object, int start_s, int cause, const char *severity, unsigned times)
{
	char sql[1024];

	snprintf(sql, sizeof(sql),
		 "SELECT %d AS object, 'fail' AS verdict, (1 << 43) | (%d << 3) AS first_event, '%s' AS severity,"
		 " %d * 1000000000 + n.value AS start_ns, 20000000000 AS end_ns, json_array(json_object('event', (1 << 43) | (%d << 3),"
		 " 'role', 'cause'), json_object('event', (1 << 43) | (12 << 3), 'role', 'first_missed')) AS events FROM json_each('%s') n\n",
		 object, cause, severity, start_s, cause, times > 1 ? "[1, 2]" : "[1]");
	write_rule(fx, "50-effect.sql", "effect", ALL_PATHS "-- requires: irq.enter", sql);
	load(fx);
	run(fx);
}

#define FINDINGS "SELECT group_concat(rule || ' ' || severity, ', ') FROM (SELECT * FROM finding ORDER BY rule)"

/* Fails on linked objects that name the same record as cause are one finding, and nothing else is. */
static void test_one_cause(void **state)
{
	struct fixture *fx = *state;

	rule_says(fx, SQL_EVENT(4) ", 4" S ", 1, 'fail', '', '', '', 'kernel:f', NULL, 20");
	other_rule(fx, 2, 4, 4, "error", 1);
	assert_string_equal(ask(fx, FINDINGS), "masked error");
	assert_non_null(strstr(ask(fx, "SELECT message FROM finding"), "(16.0 s); as a consequence: effect of irq:29"));
	assert_string_equal(ask(fx, "SELECT group_concat(role, ' ') FROM (SELECT role FROM finding_event ORDER BY seq)"),
			    "cause consequence");
	assert_string_equal(ask(fx, "SELECT group_concat(verdict, ' ') FROM verdict"), "fail fail");
	/* further down the chain, too */
	other_rule(fx, 3, 4, 4, "error", 1);
	assert_string_equal(ask(fx, FINDINGS), "masked error");
	/* another record; an object that only shares a vector; too early; before the vector was linked; more than once */
	other_rule(fx, 2, 4, 5, "error", 1);
	assert_string_equal(ask(fx, FINDINGS), "effect error, masked error");
	other_rule(fx, 4, 4, 4, "error", 1);
	assert_string_equal(ask(fx, FINDINGS), "effect error, masked error");
	other_rule(fx, 2, 3, 4, "error", 1);
	assert_string_equal(ask(fx, FINDINGS), "effect error, masked error");
	other_rule(fx, 6, 4, 4, "error", 1);
	assert_string_equal(ask(fx, FINDINGS), "effect error, masked error");
	other_rule(fx, 2, 4, 4, "error", 2);
	assert_string_equal(ask(fx, FINDINGS), "effect error, masked error");
}

/* On one object the more special rule stays, and the finding is as grave as what joined it. */
static void test_one_cause_severity(void **state)
{
	struct fixture *fx = *state;

	rule_says(fx, SQL_EVENT(4) ", 4" S " + 5, 1, 'fail', '', '', '', 'kernel:f', NULL, 20");
	other_rule(fx, 1, 4, 4, "note", 1);
	assert_string_equal(ask(fx, FINDINGS), "effect error");
	assert_non_null(strstr(ask(fx, "SELECT message FROM finding"), "as a consequence: masked of msix:0000:03:00.0[2]"));
}

/* Two runs over one database give the same rows, and nothing of the first stays. */
static void test_again(void **state)
{
	struct fixture *fx = *state;
	char first[2048];
	static const char all[] = "SELECT (SELECT group_concat(id || rule || coalesce(settle, '')) FROM verdict) ||"
				  " (SELECT group_concat(id || message) FROM finding)";

	rule_says(fx, SQL_EVENT(4) ", 4" S ", 1, 'fail', '', '', '', '', NULL, 5");
	run(fx);
	snprintf(first, sizeof(first), "%s", ask(fx, all));
	run(fx);
	assert_string_equal(ask(fx, all), first);
}

static void test_status(void **state)
{
	struct fixture *fx = *state;
	static const char *const masked[] = { "masked" }, *const other[] = { "other" };

	rule_says(fx, "1, 4" S ", 1, 'inconclusive', 'gap', '', '', '', NULL, 5");
	assert_int_equal(run(fx), STATUS_NOT_JUDGED);
	rule_says(fx, "1, 4" S ", 2, 'pass', '', '', '', '', NULL, 5");
	assert_int_equal(run(fx), STATUS_CLEAN);
	fx->opt.require = masked;
	fx->opt.nr_require = 1;
	assert_int_equal(run(fx), STATUS_NOT_JUDGED);
	exec(fx, "DELETE FROM step WHERE object = 1");
	assert_int_equal(run(fx), STATUS_CLEAN);
	rule_says(fx, "1, 4" S ", 1, 'fail', '', '', '', '', NULL, 5");
	assert_int_equal(run(fx), STATUS_FINDINGS);
	fx->opt.require = other;
	assert_int_equal(run(fx), STATUS_USAGE);
	fx->opt.nr_require = 0;
	fx->opt.only = other;
	fx->opt.nr_only = 1;
	assert_int_equal(run(fx), STATUS_USAGE);
}

/* A note is no finding at the default threshold, and a rule about the capture judges no machine. */
static void test_hygiene(void **state)
{
	struct fixture *fx = *state;
	static const char *const notes[] = { "notes" };

	write_rule(fx, "90-notes.sql", "notes", ALL_PATHS "-- requires: none",
		   "SELECT NULL AS object, 'fail' AS verdict, NULL AS first_event, 'note' AS severity,"
		   " json_array('irq.unmask@shadow') AS missing");
	load(fx);
	fx->opt.only = notes;
	fx->opt.nr_only = 1;
	assert_int_equal(run(fx), STATUS_NOT_JUDGED);
	assert_string_equal(ask(fx, "SELECT severity || coalesce(blame, '') || coalesce(could_have, '') FROM finding"), "note");
	assert_string_equal(ask(fx, "SELECT message FROM finding"), "Left masked; not recorded: irq.unmask@shadow");
	assert_non_null(strstr(ask(fx, "SELECT settle FROM verdict WHERE verdict = 'fail'"), "pci_msi_unmask_irq"));
	fx->opt.fail_on = SEVERITY_NOTE;
	assert_int_equal(run(fx), STATUS_FINDINGS);
}

/* What a rule may not say stops it; the database then holds nothing of it. */
static void test_bad_rows(void **state)
{
	static const struct {
		const char *values, *says;
	} bad[] = {
		{ "1, 4" S ", 1, 'maybe', '', '', '', '', NULL, 5", "no such verdict: maybe" },
		{ "1, 4" S ", 1, 'inconclusive', '', '', '', '', NULL, 5", "inconclusive for no known reason" },
		{ "1, 4" S ", 1, 'inconclusive', 'bored', '', '', '', NULL, 5", "bored" },
		{ "1, 4" S ", 77, 'pass', '', '', '', '', NULL, 5", "there is no object 77" },
		{ "1, 4" S ", 1, 'fail', '', '[', '', '', NULL, 5", "events" },
		{ "1, 4" S ", 1, 'fail', '', '[5]', '', '', NULL, 5", "{event, role}" },
		{ "1, 4" S ", 1, 'fail', '', '[{\"event\": \"x\", \"role\": \"cause\"}]', '', '', NULL, 5", "{event, role}" },
		{ "1, 4" S ", 1, 'fail', '', '[{\"event\": 9, \"role\": \"culprit\"}]', '', '', NULL, 5", "culprit" },
		{ "1, 4" S ", 1, 'pass', '', '', '', '', '[\"irq.nap\"]', 5", "irq.nap" },
		{ "1, 4" S ", 1, 'pass', '', '', '', '', '[1]', 5", "no text" },
		{ "'x', 4" S ", 1, 'pass', '', '', '', '', NULL, 5", "not an integer: first_event" },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		exec(fx, "DELETE FROM step");
		rule_says(fx, "1, 4" S ", 2, 'fail', '', '', '', '', NULL, 5");
		rule_says(fx, bad[i].values);
		fx->nr_diags = 0;
		assert_int_equal(run(fx), STATUS_USAGE);
		if (fx->nr_diags != 1 || !strstr(fx->text, bad[i].says) || strncmp(fx->text, "RULE_FAILED", 11))
			fail_msg("case %zu: %s", i, fx->text);
		assert_string_equal(ask(fx, "SELECT (SELECT count(*) FROM verdict) + (SELECT count(*) FROM finding)"), "0");
	}
}

static void test_describe(void **state)
{
	struct fixture *fx = *state;
	char buf[OBJECT_DESCRIBE_MAX], tiny[20];

	object_describe(fx->st, 1, 1000000000, buf, sizeof(buf));
	assert_string_equal(buf, "msix:0000:03:00.0[2] (nvme_irq nvme0q2, irq:29, vector:0.0x24)");
	object_describe(fx->st, 1, NO_TIME, buf, sizeof(buf));
	assert_string_equal(buf, "msix:0000:03:00.0[2] (nvme_irq nvme0q2, irq:29, vector:1.0x24)");
	/* What else feeds the vector is not told of the irq, but of the vector. */
	object_describe(fx->st, 4, NO_TIME, buf, sizeof(buf));
	assert_string_equal(buf, "irq:30 (vector:1.0x24)");
	object_describe(fx->st, 3, NO_TIME, buf, sizeof(buf));
	assert_string_equal(buf, "vector:1.0x24 (nvme_irq nvme0q2, irq:29, irq:30, msix:0000:03:00.0[2])");
	object_describe(fx->st, 5, NO_TIME, buf, sizeof(buf));
	assert_string_equal(buf, "xen/irq:31");
	object_describe(fx->st, 77, NO_TIME, buf, sizeof(buf));
	assert_string_equal(buf, "");
	object_describe(fx->st, 1, NO_TIME, tiny, sizeof(tiny));
	assert_int_equal(strlen(tiny), sizeof(tiny) - 1);
}

/* ------------------------------------------------------------------------------------------ cases */

static void write_case(const char *dir, const char *name, const char *expect)
{
	char path[160];
	FILE *out;

	snprintf(path, sizeof(path), "%s/cases/masked/%s", dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "irqpath-events 1\n%s# a comment\n1.0 cpu0 irq.mask@shadow irq:29\n# expect: none\n", expect);
	fclose(out);
}

/* Every case "fails" on object 1 and passes on object 2; another rule fails, too, where the file says so. */
static struct store *analyze_case(void *ctx, const struct rules *rules, const char *path, struct diag_sink *diag)
{
	struct fixture *fx = ctx;
	struct store *mine = fx->st, *st = store_create(NULL, diag);

	(void)rules;
	fx->st = st;
	exec(fx, objects_sql);
	exec(fx, "INSERT INTO rule (id, rev, severity, status, title, why, hygiene, paths) VALUES"
		 " ('masked', 1, 'error', 'stable', 't', 'w', 0, ''), ('other', 1, 'error', 'stable', 't', 'w', 0, ''),"
		 " ('notes', 1, 'note', 'stable', 't', 'w', 1, '');"
		 "INSERT INTO verdict (rule, object, verdict, instances) VALUES ('masked', 1, 'fail', 1), ('masked', 2, 'pass', 1),"
		 " ('notes', NULL, 'fail', 1), ('other', 1, 'pass', 1)");
	if (strstr(path, "gap"))
		exec(fx, "INSERT INTO verdict (rule, object, verdict, instances) VALUES ('other', 4, 'fail', 1)");
	fx->st = mine;
	return st;
}

/* Runs the cases and compares the first line of what is printed. */
static void expect_cases(struct fixture *fx, enum status status, const char *first, const char *last)
{
	const struct rules_test_ops ops = { analyze_case, fx };
	char *printed, *line;
	size_t len;
	FILE *out = open_memstream(&printed, &len);

	assert_int_equal(rules_test(fx->rules, NULL, &ops, out, &fx->sink), status);
	fclose(out);
	if (!strstr(printed, last))
		fail_msg("%s", printed);
	line = strchr(printed, '\n');
	*line = 0;
	if (!strstr(printed, first))
		fail_msg("%s", printed);
	free(printed);
}

#define BOTH "# expect: fail msix:0000:03:00.0[2]\n# expect: pass irq:29\n"

static void test_cases(void **state)
{
	static const char *const names[] = { "fires.events", "near-miss.events", "no-signal.events", "gap.events" };
	struct fixture *fx = *state;
	char path[160];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/cases%s", fx->dir, i ? "/masked" : "");
		mkdir(path, 0700);
	}
	for (unsigned i = 0; i < 3; i++)
		write_case(fx->dir, names[i], BOTH);
	write_case(fx->dir, names[3], BOTH "# expect: other: fail irq:30\n");
	expect_cases(fx, STATUS_CLEAN, "4 passed, 0 failed", "");
	write_case(fx->dir, names[3], BOTH);
	expect_cases(fx, STATUS_FINDINGS, "gap.events: unexpected: other: fail irq:30", "3 passed, 1 failed");
	write_case(fx->dir, names[3], BOTH "# expect: other: fail irq:30\n");
	write_case(fx->dir, names[0], "# expect: fail msix:0000:03:00.0[2]\n");
	expect_cases(fx, STATUS_FINDINGS, "fires.events: unexpected: masked: pass irq:29", "3 passed, 1 failed");
	write_case(fx->dir, names[0], BOTH "# expect: inconclusive gap irq:30\n");
	expect_cases(fx, STATUS_FINDINGS, "fires.events: expected: masked: inconclusive gap irq:30", "3 passed, 1 failed");
	write_case(fx->dir, names[0], BOTH "# expect: pass irq:29\n");
	expect_cases(fx, STATUS_FINDINGS, "fires.events: expected: masked: pass irq:29", "3 passed, 1 failed");
	write_case(fx->dir, names[0], "# expect: none\n");
	expect_cases(fx, STATUS_FINDINGS, "fires.events: unexpected: masked: fail", "3 passed, 1 failed");
	write_case(fx->dir, names[0], "");
	expect_cases(fx, STATUS_FINDINGS, "has no line", "3 passed, 1 failed");
	for (unsigned i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/cases/masked/%s", fx->dir, names[i]);
		unlink(path);
		if (i == 0)
			expect_cases(fx, STATUS_FINDINGS, "fires.events: No such file", "3 passed, 1 failed");
	}
	snprintf(path, sizeof(path), "%s/cases/masked", fx->dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/cases", fx->dir);
	rmdir(path);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_pass),
		WITH_FIXTURE(test_aggregate),
		WITH_FIXTURE(test_late),
		WITH_FIXTURE(test_requires_over_interval),
		WITH_FIXTURE(test_requires_witness),
		WITH_FIXTURE(test_requires_fail),
		WITH_FIXTURE(test_no_rows),
		WITH_FIXTURE(test_order_between_sources),
		WITH_FIXTURE(test_scope),
		WITH_FIXTURE(test_finding),
		WITH_FIXTURE(test_repeats),
		WITH_FIXTURE(test_one_cause),
		WITH_FIXTURE(test_one_cause_severity),
		WITH_FIXTURE(test_again),
		WITH_FIXTURE(test_status),
		WITH_FIXTURE(test_hygiene),
		WITH_FIXTURE(test_bad_rows),
		WITH_FIXTURE(test_describe),
		WITH_FIXTURE(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
