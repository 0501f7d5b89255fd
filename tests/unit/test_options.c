/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options by table: what each command line means, what is refused and how, and that --help tells all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/options.h"
#include "redirect.h"

enum { MAX_WORDS = 8 };

struct values {
	bool quiet, brief;
	unsigned verbose;
	const char *db;
	struct option_list rules;
};

struct table {
	struct values values;
	struct option own[4], common[3];
	const struct option *tables[3];
	struct usage usage;
};

static void init_table(struct table *t)
{
	*t = (struct table){
		.own = {
			{ "db", 0, OPTION_TEXT, &t->values.db, "FILE", "keep the database" },
			{ "rule", 'r', OPTION_LIST, &t->values.rules, "ID", "run only this rule, one of many that there are, and say what "
			  "it found in words that take more than one line of the help" },
			{ "brief", 0, OPTION_FLAG, &t->values.brief, NULL, "say less" },
		},
		.common = {
			{ "quiet", 'q', OPTION_FLAG, &t->values.quiet, NULL, "no progress" },
			{ "verbose", 'v', OPTION_COUNT, &t->values.verbose, NULL, "say more" },
		},
		.tables = { t->own, t->common, NULL },
		.usage = { .synopsis = "analyze [options] FILE...", .about = "Reads captures.", .tables = t->tables, .more = "The end." },
	};
}

/* Splits at blanks, the command's name first; "''" is an empty word. */
static int split(char *line, char **argv)
{
	int argc = 0;

	argv[argc++] = (char *)"analyze";
	for (char *word = strtok(line, " "); word && argc < MAX_WORDS; word = strtok(NULL, " "))
		argv[argc++] = strcmp(word, "''") ? word : word + 2;
	argv[argc] = NULL;
	return argc;
}

static enum options_result parse(struct table *t, char *line, char **argv, int *nr_args, char **printed, FILE *stream)
{
	struct redirect rd;
	enum options_result result;
	int argc = split(line, argv);

	init_table(t);
	redirect_start(&rd, stream);
	result = options_parse(&t->usage, argc, argv, nr_args);
	*printed = redirect_end(&rd);
	return result;
}

/* The values that a command line gave, and the words that are no options. */
static void describe(char *buf, size_t len, const struct table *t, char **argv, int nr_args)
{
	const struct values *v = &t->values;
	size_t n = snprintf(buf, len, "%s%s", v->quiet ? "q " : "", v->brief ? "b " : "");

	if (v->verbose)
		n += snprintf(buf + n, len - n, "v%u ", v->verbose);
	if (v->db)
		n += snprintf(buf + n, len - n, "db=%s ", v->db);
	for (unsigned i = 0; i < v->rules.nr; i++)
		n += snprintf(buf + n, len - n, "r=%s ", v->rules.text[i]);
	n += snprintf(buf + n, len - n, "|");
	for (int i = 1; i <= nr_args; i++)
		n += snprintf(buf + n, len - n, " %s", argv[i]);
}

static void test_meanings(void **state)
{
	static const struct {
		const char *line, *meaning;
	} table[] = {
		{ "", "|" },
		{ "a.dat b.dat", "| a.dat b.dat" },
		{ "-q a.dat", "q | a.dat" },
		{ "a.dat -q b.dat --brief", "q b | a.dat b.dat" },
		{ "--quiet --quiet a", "q | a" },
		{ "-v -v --verbose a", "v3 | a" },
		{ "-vv a", "v2 | a" },
		{ "-qvv a", "q v2 | a" },
		{ "--db x.db a", "db=x.db | a" },
		{ "--db=x.db a", "db=x.db | a" },
		{ "--db=a=b c", "db=a=b | c" },
		{ "--db= a", "db= | a" },
		{ "--db '' a", "db= | a" },
		{ "--db=x --db=y", "db=y |" },
		{ "--db -q a", "db=-q | a" },
		{ "--db -- a", "db=-- | a" },
		{ "-r one -rtwo --rule three --rule=four a", "r=one r=two r=three r=four | a" },
		{ "-qrone a", "q r=one | a" },
		{ "-qr one a", "q r=one | a" },
		{ "-r=one", "r==one |" },
		{ "-- -q --help", "| -q --help" },
		{ "a -- -- b", "| a -- b" },
		{ "-", "| -" },
		{ "-q - a", "q | - a" },
		{ "'' a", "|  a" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char line[128], meaning[256], *argv[MAX_WORDS + 1], *printed;
		struct table t;
		int nr_args;

		snprintf(line, sizeof(line), "%s", table[i].line);
		assert_int_equal(parse(&t, line, argv, &nr_args, &printed, stderr), OPTIONS_GO);
		assert_string_equal(printed, "");
		free(printed);
		describe(meaning, sizeof(meaning), &t, argv, nr_args);
		assert_string_equal(meaning, table[i].meaning);
	}
}

static void test_errors(void **state)
{
	static const struct {
		const char *line, *message;
	} table[] = {
		{ "--foo", "unknown option '--foo'" },
		{ "--foo=1 a", "unknown option '--foo=1'" },
		{ "--d x", "unknown option '--d'" },
		{ "--dbx x", "unknown option '--dbx'" },
		{ "--=x", "unknown option '--=x'" },
		{ "--DB x", "unknown option '--DB'" },
		{ "-x", "unknown option '-x'" },
		{ "-qx", "unknown option '-x' in '-qx'" },
		{ "--quiet=1", "option '--quiet=1' takes no value" },
		{ "--verbose= a", "option '--verbose=' takes no value" },
		{ "-q=1", "unknown option '-=' in '-q=1'" },
		{ "--help=1", "unknown option '--help=1'" },
		{ "a --db", "option '--db' needs FILE" },
		{ "a -r", "option '-r' needs ID" },
		{ "a -qr", "option '-qr' needs ID" },
		{ "--\x1b[2J", "unknown option '--\\x1b[2J'" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char line[128], expected[256], *argv[MAX_WORDS + 1], *printed;
		struct table t;
		int nr_args;

		snprintf(line, sizeof(line), "%s", table[i].line);
		assert_int_equal(parse(&t, line, argv, &nr_args, &printed, stderr), OPTIONS_WRONG);
		snprintf(expected, sizeof(expected), "irqpath analyze: %s\nTry 'irqpath analyze --help'.\n", table[i].message);
		assert_string_equal(printed, expected);
		free(printed);
	}
}

static void test_list_limit(void **state)
{
	char *argv[OPTION_LIST_MAX + 3] = { (char *)"analyze" }, *printed;
	struct redirect rd;
	struct table t;
	int nr_args;

	(void)state;
	for (unsigned i = 1; i <= OPTION_LIST_MAX + 1; i++)
		argv[i] = (char *)"-rx";
	init_table(&t);
	assert_int_equal(options_parse(&t.usage, OPTION_LIST_MAX + 1, argv, &nr_args), OPTIONS_GO);
	assert_int_equal(t.values.rules.nr, OPTION_LIST_MAX);
	init_table(&t);
	redirect_start(&rd, stderr);
	assert_int_equal(options_parse(&t.usage, OPTION_LIST_MAX + 2, argv, &nr_args), OPTIONS_WRONG);
	printed = redirect_end(&rd);
	assert_non_null(strstr(printed, "--rule is given more than 64 times"));
	free(printed);
}

static void test_help(void **state)
{
	static const char expected[] =
		"Usage: irqpath analyze [options] FILE...\n"
		"\n"
		"Reads captures.\n"
		"\n"
		"Options:\n"
		"      --db FILE               keep the database\n"
		"  -r, --rule ID               run only this rule, one of many that there are, and say what it found\n"
		"                              in words that take more than one line of the help\n"
		"      --brief                 say less\n"
		"  -q, --quiet                 no progress\n"
		"  -v, --verbose               say more\n"
		"  -h, --help                  this text\n"
		"\n"
		"The end.\n";
	static const char *const lines[] = { "--help", "-h", "a -q --help --foo", "-qh" };

	(void)state;
	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char line[64], *argv[MAX_WORDS + 1], *printed;
		struct table t;
		int nr_args;

		snprintf(line, sizeof(line), "%s", lines[i]);
		assert_int_equal(parse(&t, line, argv, &nr_args, &printed, stdout), OPTIONS_HELPED);
		assert_string_equal(printed, expected);
		free(printed);
	}
}

static void test_usage_error(void **state)
{
	struct redirect rd;
	struct table t;
	char *printed;

	(void)state;
	init_table(&t);
	redirect_start(&rd, stderr);
	assert_int_equal(options_usage_error(&t.usage, "'%s' is no format", "x\ny"), STATUS_USAGE);
	printed = redirect_end(&rd);
	assert_string_equal(printed, "irqpath analyze: 'x\\x0ay' is no format\nTry 'irqpath analyze --help'.\n");
	free(printed);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meanings),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_list_limit),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_usage_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
