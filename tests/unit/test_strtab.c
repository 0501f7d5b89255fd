/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interned strings: ids count up, texts are found again, limits hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/strtab.h"

static void test_ids(void **state)
{
	struct strtab *st = strtab_new();

	(void)state;
	assert_int_equal(strtab_count(st), 0);
	assert_string_equal(strtab_get(st, 0), "");
	assert_string_equal(strtab_get(st, 1), "");
	assert_string_equal(strtab_get(st, UINT32_MAX), "");
	assert_int_equal(strtab_intern(st, "b", 1), 1);
	assert_int_equal(strtab_intern(st, "a", 1), 2);
	assert_int_equal(strtab_intern(st, "b", 1), 1);
	assert_int_equal(strtab_intern(st, "ab", 2), 3);
	assert_int_equal(strtab_intern(st, "abc", 2), 3);
	assert_int_equal(strtab_intern(st, "", 0), 4);
	assert_int_equal(strtab_intern(st, "x", 0), 4);
	assert_int_equal(strtab_count(st), 4);
	assert_string_equal(strtab_get(st, 3), "ab");
	assert_string_equal(strtab_get(st, 4), "");
	strtab_free(st);
	strtab_free(NULL);
}

/* Texts stay where they are while the table grows: they are borrowed until it is freed. */
static void test_growth(void **state)
{
	struct strtab *st = strtab_new();
	const char *first;
	char text[32];

	(void)state;
	strtab_intern(st, "0", 1);
	first = strtab_get(st, 1);
	for (unsigned i = 1; i < 50000; i++)
		assert_int_equal(strtab_intern(st, text, snprintf(text, sizeof(text), "%u", i)), i + 1);
	assert_ptr_equal(strtab_get(st, 1), first);
	for (unsigned i = 0; i < 50000; i++) {
		int len = snprintf(text, sizeof(text), "%u", i);

		assert_string_equal(strtab_get(st, i + 1), text);
		assert_int_equal(strtab_intern(st, text, len), i + 1);
	}
	assert_int_equal(strtab_count(st), 50000);
	strtab_free(st);
}

static void test_long_text(void **state)
{
	static char text[STRTAB_MAX_LEN + 2];
	struct strtab *st = strtab_new();
	uint32_t id;

	(void)state;
	memset(text, 'a', sizeof(text));
	id = strtab_intern(st, text, STRTAB_MAX_LEN);
	assert_int_equal(strlen(strtab_get(st, id)), STRTAB_MAX_LEN);
	assert_int_equal(strtab_intern(st, text, STRTAB_MAX_LEN + 1), id);
	assert_int_equal(strtab_intern(st, text, STRTAB_MAX_LEN + 2), id);
	assert_int_not_equal(strtab_intern(st, text, STRTAB_MAX_LEN - 1), id);
	strtab_free(st);
}

static void test_most_strings(void **state)
{
	struct strtab *st = strtab_new();
	char text[32];

	(void)state;
	for (unsigned i = 1; i <= STRTAB_MAX_STRINGS; i++)
		assert_int_equal(strtab_intern(st, text, snprintf(text, sizeof(text), "%u", i)), i);
	assert_int_equal(strtab_intern(st, "one more", 8), 0);
	assert_int_equal(strtab_intern(st, "77", 2), 77);
	assert_int_equal(strtab_count(st), STRTAB_MAX_STRINGS);
	strtab_free(st);
}

static void test_most_bytes(void **state)
{
	static char text[STRTAB_MAX_LEN];
	struct strtab *st = strtab_new();
	uint32_t nr = 0, id;
	size_t bytes = 0;

	(void)state;
	memset(text, 'a', sizeof(text));
	for (;;) {
		snprintf(text, 16, "%u", nr);
		text[strlen(text)] = 'b';
		id = strtab_intern(st, text, sizeof(text));
		if (!id)
			break;
		assert_int_equal(id, ++nr);
		bytes += sizeof(text);
	}
	assert_in_range(bytes, STRTAB_MAX_BYTES - 2 * sizeof(text), STRTAB_MAX_BYTES);
	assert_int_equal(strtab_count(st), nr);
	strtab_free(st);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_most_strings),
		cmocka_unit_test(test_most_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
