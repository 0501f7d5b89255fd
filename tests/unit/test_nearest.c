/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may have been meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/nearest.h"

static const char *nearest(const char *word)
{
	static const char *const names[] = { "analyze", "path", "stats", "query", "rules", "model", "in-process", NULL };
	struct nearest nr = { .word = word };

	for (const char *const *name = names; *name; name++)
		nearest_try(&nr, *name);
	return nr.best;
}

static void test_near(void **state)
{
	(void)state;
	assert_string_equal(nearest("analyse"), "analyze");
	assert_string_equal(nearest("anaylze"), "analyze");
	assert_string_equal(nearest("ana"), "analyze");
	assert_string_equal(nearest("model2"), "model");
	assert_string_equal(nearest("rule"), "rules");
	assert_string_equal(nearest("stat"), "stats");
	assert_string_equal(nearest("inprocess"), "in-process");
	assert_string_equal(nearest("moedl"), "model");
}

static void test_far(void **state)
{
	(void)state;
	assert_null(nearest(""));
	assert_null(nearest("model"));
	assert_null(nearest("xy"));
	assert_null(nearest("pathology"));
	assert_null(nearest("export"));
	assert_null(nearest("a word that is much longer than any known one could be"));
}

static void test_text(void **state)
{
	struct nearest nr = { .word = "quary" };
	char buf[NEAREST_TEXT_MAX];

	(void)state;
	assert_string_equal(nearest_text(&nr, "", buf), "");
	nearest_try(&nr, "query");
	assert_string_equal(nearest_text(&nr, "--", buf), "; did you mean '--query'?");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_far),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
