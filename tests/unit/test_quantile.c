/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Percentiles: exact for few values, within a part in 128 for many, whatever their size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/quantile.h"

static void test_exact(void **state)
{
	struct quantile qt = { 0 };

	(void)state;
	assert_int_equal(quantile_get(&qt, 50), 0);
	for (int64_t i = 100; i > 0; i--)
		assert_true(quantile_add(&qt, i * 1000003));
	assert_int_equal(quantile_get(&qt, 50), 50 * 1000003);
	assert_int_equal(quantile_get(&qt, 99), 99 * 1000003);
	assert_int_equal(quantile_get(&qt, 100), 100 * 1000003);
	assert_true(quantile_add(&qt, -5));
	assert_int_equal(quantile_get(&qt, 1), 1000003);
	assert_int_equal(qt.nr, 101);
	quantile_fini(&qt);
}

/* Every value of a wide range lands within a part in 128 of itself, never below. */
static void test_step_is_small(void **state)
{
	(void)state;
	for (int64_t value = 1; value > 0 && value < INT64_MAX / 3; value += value / 3 + 1) {
		struct quantile qt = { 0 };
		int64_t got;

		for (unsigned i = 0; i <= QUANTILE_EXACT; i++)
			assert_true(quantile_add(&qt, value));
		assert_true(quantile_add(&qt, INT64_MAX));	/* else the maximum would give the value away */
		assert_null(qt.exact);
		got = quantile_get(&qt, 50);
		if (got < value || got - value > value / 128)
			fail_msg("%lld came back as %lld", (long long)value, (long long)got);
		assert_int_equal(quantile_get(&qt, 100), INT64_MAX);
		quantile_fini(&qt);
	}
}

static void test_many(void **state)
{
	struct quantile qt = { 0 };

	(void)state;
	for (int64_t i = 0; i < 100000; i++)
		assert_true(quantile_add(&qt, i * 7919 % 100000));
	assert_int_equal(qt.nr, 100000);
	assert_in_range(quantile_get(&qt, 50), 49999, 49999 + 49999 / 128);
	assert_in_range(quantile_get(&qt, 99), 98999, 98999 + 98999 / 128);
	assert_int_equal(quantile_get(&qt, 100), 99999);
	/* what came before the values were counted in steps is counted, too */
	assert_in_range(quantile_get(&qt, 1), 999, 999 + 999 / 128);
	quantile_fini(&qt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_step_is_small),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
