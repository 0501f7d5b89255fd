/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cells were met: noted for every region that listens, by the state before; nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "model/coverage.h"
#include "model/msix.h"

static unsigned count_all(const struct coverage *cov)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < COVERAGE_MAX_COMPONENTS; i++)
		for (unsigned region = 0; region < COMPONENT_MAX_REGIONS; region++)
			for (unsigned state = 0; state < COMPONENT_MAX_STATES; state++)
				nr += __builtin_popcountll(cov->cell[i][region][state]);
	return nr;
}

static void test_table_fits(void **state)
{
	unsigned nr = 0;

	(void)state;
	while (component_table[nr])
		nr++;
	assert_true(nr < COVERAGE_MAX_COMPONENTS);
}

static void test_cells_are_noted(void **state)
{
	const struct component *type = &msix_function_component;
	struct coverage *cov = calloc(1, sizeof(*cov));
	uint32_t core = component_unknown(type);
	struct effects fx;

	(void)state;
	assert_non_null(cov);
	component_step(type, &core, FN_ENABLED, NULL, &fx);
	assert_int_equal(fx.before, component_unknown(type));
	coverage_note(cov, type, fx.before, FN_ENABLED);
	assert_true(coverage_met(cov, type, FN_REGION_ENABLE, STATE_UNKNOWN, FN_ENABLED));
	assert_true(coverage_met(cov, type, FN_REGION_FMASK, STATE_UNKNOWN, FN_ENABLED));
	assert_false(coverage_met(cov, type, FN_REGION_ENABLE, BIT_SET, FN_ENABLED));
	assert_false(coverage_met(cov, type, FN_REGION_ENABLE, STATE_UNKNOWN, FN_RESET));
	assert_false(coverage_met(cov, &msix_entry_component, 0, STATE_UNKNOWN, 0));

	/* an input that changes nothing meets its cell all the same */
	component_step(type, &core, FN_ENABLED, NULL, &fx);
	coverage_note(cov, type, fx.before, FN_ENABLED);
	assert_true(coverage_met(cov, type, FN_REGION_ENABLE, BIT_SET, FN_ENABLED));
	free(cov);
}

static void test_only_listeners_and_known_components(void **state)
{
	const struct component *type = &msix_entry_component;
	const struct component stranger = *type;
	struct coverage *cov = calloc(1, sizeof(*cov));
	unsigned listeners = 0;

	(void)state;
	assert_non_null(cov);
	for (unsigned i = 0; i < type->nr_regions; i++)
		listeners += type->regions[i].listens >> ENTRY_RAISE & 1;
	coverage_note(cov, type, component_unknown(type), ENTRY_RAISE);
	assert_int_equal(count_all(cov), listeners);
	coverage_note(cov, &stranger, component_unknown(type), ENTRY_RAISE);
	assert_int_equal(count_all(cov), listeners);
	free(cov);
}

static void test_what_counts(void **state)
{
	const struct component *type = &msix_function_component;

	(void)state;
	assert_true(coverage_counts(type, FN_REGION_ENABLE, STATE_UNKNOWN, FN_SENT));
	/* nothing is sent while MSI-X is off: the table has no such cell */
	assert_false(coverage_counts(type, FN_REGION_ENABLE, BIT_CLEAR, FN_SENT));
	assert_false(coverage_counts(type, FN_REGION_ENABLE, STATE_ILLEGAL, FN_SENT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_fits),
		cmocka_unit_test(test_cells_are_noted),
		cmocka_unit_test(test_only_listeners_and_known_components),
		cmocka_unit_test(test_what_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
