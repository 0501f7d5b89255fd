/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `model trust` makes of recorded tables: missing ones, sound ones, and each thing that speaks against them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/transitions.h"
#include "cli/trust.h"

struct fixture {
	char dir[32];
	struct transitions transitions;
};

static void path_of(const struct fixture *fx, const char *name, char *path, size_t len)
{
	snprintf(path, len, "%s/%s", fx->dir, name);
}

static void write_table(const struct fixture *fx, const char *name, const char *text)
{
	char path[64];
	FILE *out;

	path_of(fx, name, path, sizeof(path));
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static const char *const files[] = { "transitions.tsv", "captures.tsv", "mutation.tsv", "snapshots.tsv", "checks.tsv" };

static int setup(void **state)
{
	struct fixture *fx = calloc(1, sizeof(*fx));
	char path[64];

	strcpy(fx->dir, "/tmp/trust.XXXXXX");
	assert_non_null(mkdtemp(fx->dir));
	write_table(fx, "transitions.tsv", "id\tsection\tstatus\twhere\ttest\n"
					   "A\t1\tmodelled\tx.y\tt\nB\t1\tmodelled\tx.y\t-\nC\t1\tunobservable\t-\t-\n");
	path_of(fx, "transitions.tsv", path, sizeof(path));
	assert_true(transitions_read(path, &fx->transitions));
	*state = fx;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fx = *state;
	char path[64];

	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++) {
		path_of(fx, files[i], path, sizeof(path));
		unlink(path);
	}
	rmdir(fx->dir);
	transitions_fini(&fx->transitions);
	free(fx);
	return 0;
}

/* The text, to be freed; sound: what it says of it. */
static char *tell(struct fixture *fx, bool sound)
{
	struct trust trust;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_true(trust_read(&trust, fx->dir, &fx->transitions));
	trust_text(&trust, out);
	fclose(out);
	assert_int_equal(trust_is_sound(&trust), sound);
	trust_fini(&trust);
	return text;
}

static void expect(struct fixture *fx, bool sound, const char *part)
{
	char *text = tell(fx, sound);

	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
	free(text);
}

static void test_nothing(void **state)
{
	struct fixture *fx = *state;

	expect(fx, true, "3 known, 2 of them modelled (66.7 %), 1 of these tested (50.0 %)");
	expect(fx, true, "no capture was replayed for the record");
	expect(fx, true, "none compared");
	expect(fx, true, "no mutants were judged");
	expect(fx, true, "no invariant was checked");
}

static void test_captures(void **state)
{
	struct fixture *fx = *state;

	write_table(fx, "captures.tsv", "capture\tkind\tmodelled\tmet\tunexpected\na\tgood\t2\t1\t0\nb\tfaulty\t2\t1\t7\n");
	expect(fx, true, "   50.0 %");
	write_table(fx, "captures.tsv", "capture\tkind\tmodelled\tmet\tunexpected\na\tgood\t2\t1\t1\n");
	expect(fx, false, "a ");
}

#define MUTATION "rule\tmutants\tright\tinconclusive\tmissed\twrong\tchanged\n"

/* The score is of those on which the rule must speak: what it says wrongly is no part of it. */
static void test_mutation(void **state)
{
	struct fixture *fx = *state;

	write_table(fx, "mutation.tsv", MUTATION "r\t10\t6\t2\t0\t0\t0\n");
	expect(fx, true, "   75.0 %");
	write_table(fx, "mutation.tsv", MUTATION "r\t10\t6\t2\t0\t0\t0\ns\t0\t0\t0\t0\t0\t0\n");
	expect(fx, true, "no mutant asks for it");
	write_table(fx, "mutation.tsv", MUTATION "r\t10\t6\t2\t2\t0\t0\n");
	expect(fx, false, "   60.0 %");
	write_table(fx, "mutation.tsv", MUTATION "r\t10\t6\t2\t0\t1\t0\n");
	expect(fx, false, "   75.0 %");
}

static void test_checks(void **state)
{
	struct fixture *fx = *state;

	write_table(fx, "checks.tsv", "check\tbounds\tinvariant\tresult\tstates\tdepth\nc\t2 devices\tI1\tclean\t100\t9\n");
	expect(fx, true, "c,  2 devices,  I1,  clean, states 100, depth 9");
	write_table(fx, "checks.tsv", "check\tbounds\tinvariant\tresult\tstates\tdepth\nc\t2 devices\tI1\tviolated\t100\t9\n");
	expect(fx, false, "violated");
}

/* A table that lacks its first column is refused. */
static void test_damaged(void **state)
{
	struct fixture *fx = *state;
	struct trust trust;

	write_table(fx, "checks.tsv", "colour\nred\n");
	assert_false(trust_read(&trust, fx->dir, &fx->transitions));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_captures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mutation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
	};

	return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
