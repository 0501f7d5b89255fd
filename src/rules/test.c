/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `irqpath rules test`: each rule's cases, in events text, with what is expected of them in their first comment lines:
 *
 *	# expect: VERDICT [REASON] [OBJECT]
 *	# expect: none
 *	# expect: RULE: VERDICT [REASON] [OBJECT]
 *
 * Without OBJECT: the verdict on the rule as a whole. REASON where, and only where, the verdict is inconclusive. The
 * rule's verdicts must be exactly those. Fails of other rules count too, and must be expected with their rule's id;
 * rules that judge the capture may fail in cases of other rules.
 *
 * Four cases every rule has; whatever else is named *.events in its directory is tested, too.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "rules/rules.h"
#include "store/query.h"
#include "store/store.h"

static const struct {
	const char *file;
	bool hygiene;		/* such rules have it, too */
} case_files[] = {
	{ "fires.events", true }, { "near-miss.events", true }, { "no-signal.events", false }, { "gap.events", false },
};

enum { MAX_EXPECTED = 64, LINE_BYTES = 512, VERDICT_TEXT = 256 };

/* "RULE: VERDICT [REASON] [OBJECT]" each, in the form of verdict_text(). */
struct expectation {
	char text[MAX_EXPECTED][VERDICT_TEXT];
	bool met[MAX_EXPECTED];
	unsigned nr;
	bool none;
};

struct test_run {
	const struct rules_test_ops *ops;
	const struct rules *rules;
	struct diag_sink *diag;
	FILE *out;
	unsigned passed, failed;
};

static void complain(struct test_run *run, const char *path, const char *what, const char *detail)
{
	text_safe_write(run->out, path);
	fprintf(run->out, ": %s%s", what, detail ? ": " : "");
	if (detail)
		text_safe_write(run->out, detail);
	fputc('\n', run->out);
}

/* A line behind "# expect:". Words are put in one form, with the rule's id in front where none is given. */
static const char *add_expectation(struct expectation *want, const struct rule *rule, char *line)
{
	char *save = NULL, *text = want->text[want->nr];
	char *word = strtok_r(line, " \t", &save);
	size_t at = 0, len = word ? strlen(word) : 0;

	if (!word)
		return "nothing is expected";
	if (!strcmp(word, "none")) {
		want->none = true;
		return NULL;
	}
	if (want->nr == MAX_EXPECTED)
		return "too many expectations";
	if (word[len - 1] != ':')
		at = (size_t)snprintf(text, VERDICT_TEXT, "%s:", rule->id);
	for (bool first = at == 0; word && at < VERDICT_TEXT; word = strtok_r(NULL, " \t", &save), first = false)
		at += (size_t)snprintf(text + at, VERDICT_TEXT - at, "%s%s", first ? "" : " ", word);
	if (at >= VERDICT_TEXT)
		return "expectation too long";
	want->nr++;
	return NULL;
}

/* NULL, or what is wrong. */
static const char *read_expectation(struct expectation *want, const struct rule *rule, FILE *in)
{
	char line[LINE_BYTES];
	const char *wrong = NULL;

	while (!wrong && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = 0;
		if (!strncmp(line, "# expect:", 9))
			wrong = add_expectation(want, rule, line + 9);
		else if (line[0] && line[0] != '#' && strncmp(line, "irqpath-events", 14))
			break;
	}
	if (!wrong && want->none == (want->nr > 0))
		wrong = want->none ? "expects none and something" : "has no line \"# expect: \"";
	return wrong;
}

static const char verdicts_sql[] =
	"SELECT v.rule || ': ' || v.verdict || coalesce(' ' || v.reason, '') || coalesce(' ' || o.name, '')"
	"  FROM verdict v JOIN rule r ON r.id = v.rule LEFT JOIN object o ON o.id = v.object"
	" WHERE v.rule = :rule OR v.verdict = 'fail' AND NOT r.hygiene ORDER BY v.id";

static bool expects(struct expectation *want, const char *verdict)
{
	for (unsigned i = 0; i < want->nr; i++) {
		if (!want->met[i] && !strcmp(want->text[i], verdict)) {
			want->met[i] = true;
			return true;
		}
	}
	return false;
}

static bool compare(struct test_run *run, struct store *st, const struct rule *rule, const char *path,
		    struct expectation *want)
{
	struct query *q = query_open(st, verdicts_sql);
	bool good = q;

	if (!q)
		return false;
	query_bind_text(q, "rule", rule->id);
	while (query_next(q)) {
		const char *verdict = query_text(q, 0);

		if (!verdict || expects(want, verdict))
			continue;
		complain(run, path, "unexpected", verdict);
		good = false;
	}
	good = good && !query_failed(q);
	query_close(q);
	for (unsigned i = 0; i < want->nr; i++) {
		if (!want->met[i])
			complain(run, path, "expected", want->text[i]);
		good = good && want->met[i];
	}
	return good;
}

static bool test_file(struct test_run *run, const struct rule *rule, const char *path)
{
	struct expectation *want = calloc(1, sizeof(*want));
	FILE *in = fopen(path, "re");
	struct store *st = NULL;
	const char *wrong = !in ? strerror(errno) : want ? read_expectation(want, rule, in) : "out of memory";
	bool good = false;

	if (in)
		fclose(in);
	if (wrong)
		complain(run, path, wrong, NULL);
	else
		st = run->ops->analyze(run->ops->ctx, run->rules, path, run->diag);
	if (st)
		good = compare(run, st, rule, path, want);
	else if (!wrong)
		complain(run, path, "could not be analyzed", NULL);
	store_close(st);
	free(want);
	return good;
}

static void test_case(struct test_run *run, const struct rule *rule, const char *dir, const char *file)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, file) < 0) {
		run->failed++;
		return;
	}
	if (test_file(run, rule, path))
		run->passed++;
	else
		run->failed++;
	free(path);
}

/* NAME.2.events, NAME.3.events, ... are read beside NAME.events. front is all before the last part. */
static bool is_beside(const char *name, size_t front)
{
	size_t digits = 0;

	while (digits < front && name[front - digits - 1] >= '0' && name[front - digits - 1] <= '9')
		digits++;
	return digits && digits < front && name[front - digits - 1] == '.';
}

/* Those that every rule has come first. */
static int is_further_case(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	for (size_t i = 0; i < sizeof(case_files) / sizeof(*case_files); i++)
		if (!strcmp(entry->d_name, case_files[i].file))
			return 0;
	return entry->d_name[0] != '.' && len > 7 && !strcmp(entry->d_name + len - 7, ".events") && !is_beside(entry->d_name, len - 7);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void test_further_cases(struct test_run *run, const struct rule *rule, const char *dir)
{
	struct dirent **list = NULL;
	int nr = scandir(dir, &list, is_further_case, by_name);

	for (int i = 0; i < nr; i++) {
		test_case(run, rule, dir, list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

static void test_rule(struct test_run *run, const struct rule *rule)
{
	const char *slash = strrchr(rule->path, '/');
	int dir_len = slash ? (int)(slash - rule->path) : 0;
	char *dir;

	if (asprintf(&dir, "%.*s%scases/%s", dir_len, rule->path, slash ? "/" : "", rule->id) < 0) {
		run->failed++;
		return;
	}
	for (size_t i = 0; i < sizeof(case_files) / sizeof(*case_files); i++)
		if (rule->group != RULE_GROUP_HYGIENE || case_files[i].hygiene)
			test_case(run, rule, dir, case_files[i].file);
	test_further_cases(run, rule, dir);
	free(dir);
}

enum status rules_test(const struct rules *rules, const char *only, const struct rules_test_ops *ops, FILE *out,
		       struct diag_sink *diag)
{
	struct test_run run = { .ops = ops, .rules = rules, .diag = diag, .out = out };

	for (unsigned i = 0; i < rules_count(rules); i++)
		if (!only || !strcmp(rules_get(rules, i)->id, only))
			test_rule(&run, rules_get(rules, i));
	fprintf(out, "rule cases: %u passed, %u failed\n", run.passed, run.failed);
	return run.failed || !run.passed ? STATUS_FINDINGS : STATUS_CLEAN;
}
