/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bounded check: its search on a part whose states are known, and the tables of the shipped parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/check.h"
#include "model/irq.h"
#include "model/msix.h"
#include "model/part.h"

/* A counter in one of the unit's places: up to five, on any CPU; from four it comes back only with the fault on. */
static bool may_count(const struct unit *unit)
{
	return unit->place[PLACE_OLD] < 5;
}

static bool may_return(const struct unit *unit)
{
	return unit->place[PLACE_OLD] > 3;
}

static void count_up(struct unit *unit)
{
	unit->place[PLACE_OLD]++;
}

static void go_back(struct unit *unit)
{
	unit->place[PLACE_OLD] = 0;
}

static bool is_five(const struct unit *unit)
{
	return unit->place[PLACE_OLD] == 5;
}

static bool waits_at_four(const struct unit *unit)
{
	return unit->place[PLACE_OLD] == 4;
}

static bool never_waits(const struct unit *unit)
{
	(void)unit;
	return false;
}

static const struct operation counting[] = {
	{ "up", OPERATION_STIMULUS, .when = may_count, .move = count_up, FIRST(IRQ, IRQ_SEE_ENABLED) },
	{ "back", OPERATION_PROGRESS, .quirk = QUIRK_SECOND_WRITER, .when = may_return, .move = go_back, FIRST(IRQ, IRQ_SEE_ENABLED) },
};
static const struct invariant not_five[] = {
	{ "five", "never five", "", is_five }, { "deliverable", "", "", NULL }, { "conforming", "", "", NULL },
};
static const struct invariant only_progress[] = { { "deliverable", "", "", NULL } };

static struct path_part counter(const struct invariant *invariants, unsigned nr, bool (*waits)(const struct unit *))
{
	return (struct path_part){
		.name = "test/counter", .operations = counting, .nr_operations = 2, .invariants = invariants, .nr_invariants = nr,
		.init = part_init, .waits = waits,
	};
}

static struct check_result result;

static void run(const struct path_part *part, unsigned units, uint64_t max_states, bool fault)
{
	struct check_options opt = { .part = part, .units = units, .cpus = 1, .max_states = max_states, .quirks = quirks_normal() };

	quirk_set(&opt.quirks, QUIRK_SECOND_WRITER, fault);
	check_run(&opt, &result);
}

static void test_shortest_way(void **state)
{
	struct path_part part = counter(not_five, 3, never_waits);

	(void)state;
	run(&part, 1, 1000, false);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	assert_string_equal(result.broken->name, "five");
	assert_int_equal(result.nr_steps, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_string_equal(result.steps[i].operation->name, "up");
}

static void test_whole_space_is_counted(void **state)
{
	struct path_part part = counter(not_five + 1, 2, never_waits);

	(void)state;
	run(&part, 1, 1000, false);
	assert_int_equal(result.outcome, CHECK_CLEAN);
	assert_int_equal(result.states, 6);
	assert_int_equal(result.transitions, 5);
	run(&part, 2, 1000, false);
	assert_int_equal(result.states, 36);
	assert_int_equal(result.transitions, 60);
	run(&part, 3, 1000, false);
	assert_int_equal(result.states, 216);
	assert_int_equal(result.depth, 15);
}

static void test_bound_comes_first(void **state)
{
	struct path_part part = counter(not_five + 1, 2, never_waits);

	(void)state;
	run(&part, 3, 20, false);
	assert_int_equal(result.outcome, CHECK_BOUND);
}

/* At four it waits, and only "back" is progress: without it nothing ever helps, whatever else could still be done. */
static void test_what_waits_for_ever(void **state)
{
	struct path_part part = counter(only_progress, 1, waits_at_four);

	(void)state;
	run(&part, 1, 1000, false);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	assert_int_equal(result.nr_steps, 4);
	run(&part, 1, 1000, true);
	assert_int_equal(result.outcome, CHECK_CLEAN);
	run(&part, 2, 1000, true);
	assert_int_equal(result.outcome, CHECK_CLEAN);
	run(&part, 2, 1000, false);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
}

static void test_parts_are_sound(void **state)
{
	(void)state;
	for (unsigned i = 0; path_parts[i]; i++) {
		struct unit_engine engine;

		for (unsigned on = 0; on < 2; on++)
			assert_true(unit_engine_init(&engine, path_parts[i], (struct quirks){ .on = on ? UINT64_MAX : 0 }));
		for (unsigned j = 1; j < path_parts[i]->nr_operations; j++)
			assert_true(path_parts[i]->operations[j - 1].on_function || !path_parts[i]->operations[j].on_function);
	}
}

static void test_names_of_quirks(void **state)
{
	enum quirk quirk;
	bool on;

	(void)state;
	assert_true(quirk_parse("second-writer", &quirk, &on) && quirk == QUIRK_SECOND_WRITER && on);
	assert_true(quirk_parse("second-writer=off", &quirk, &on) && !on);
	assert_true(quirk_parse("second-writer=on", &quirk, &on) && on);
	assert_false(quirk_parse("second-writer=", &quirk, &on));
	assert_false(quirk_parse("second-write", &quirk, &on));
	assert_false(quirk_parse("", &quirk, &on));
}

static void test_releases(void **state)
{
	struct quirks known = { 0 }, set = quirks_normal();

	(void)state;
	quirks_of_release(PRODUCT_LINUX, "Linux", &set, &known);
	assert_int_equal(known.on, 0);
	assert_int_equal(set.on, quirks_normal().on);
	quirks_of_release(PRODUCT_LINUX, "6.1.0-18-amd64", &set, &known);
	assert_true(quirk_is_on(known, QUIRK_EDGE_SPIN_WAIT) && !quirk_is_on(set, QUIRK_EDGE_SPIN_WAIT));
	assert_true(quirk_is_on(set, QUIRK_UNMASK_ONLY_IF_MASKED) && !quirk_is_on(known, QUIRK_SECOND_WRITER));
	quirks_of_release(PRODUCT_LINUX, "6.17.0-rc1", &set, &known);
	assert_true(quirk_is_on(set, QUIRK_EDGE_SPIN_WAIT));
	quirks_of_release(PRODUCT_LINUX, "4.9.0", &set, &known);
	assert_false(quirk_is_on(set, QUIRK_UNMASK_ONLY_IF_MASKED));
}

/* Releases of Linux say nothing of Xen, and the other way round. */
static void test_releases_of_two_products(void **state)
{
	struct quirks known = { 0 }, set = quirks_normal();

	(void)state;
	quirks_of_release(PRODUCT_XEN, "4.5.1", &set, &known);
	assert_true(quirk_is_on(known, QUIRK_XEN_GUEST_MASK) && !quirk_is_on(set, QUIRK_XEN_GUEST_MASK));
	assert_true(quirk_is_on(set, QUIRK_XEN_TABLE_READ_ONLY) && quirk_is_on(set, QUIRK_XEN_HVM_PIRQS));
	assert_true(!quirk_is_on(known, QUIRK_HVM_NO_MASK) && quirk_is_on(set, QUIRK_HVM_NO_MASK));
	quirks_of_release(PRODUCT_LINUX, "5.17.0", &set, &known);
	assert_false(quirk_is_on(set, QUIRK_HVM_NO_MASK) || quirk_is_on(set, QUIRK_MSIX_MASK_ALL_EARLY));
	assert_false(quirk_is_on(set, QUIRK_XEN_GUEST_MASK));
	quirks_of_release(PRODUCT_LINUX, "5.15.0", &set, &known);
	assert_true(quirk_is_on(set, QUIRK_MSIX_MASK_ALL_EARLY));
	quirks_of_release(PRODUCT_XEN, "4.19.0", &set, &known);
	assert_true(quirk_is_on(set, QUIRK_XEN_GUEST_MASK) && !quirk_is_on(set, QUIRK_XEN_HVM_PIRQS));
	quirks_of_release(PRODUCT_XEN, "4.3.4", &set, &known);
	assert_true(quirk_is_on(set, QUIRK_XEN_GUEST_MASK_DROPPED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shortest_way), cmocka_unit_test(test_whole_space_is_counted),
		cmocka_unit_test(test_bound_comes_first), cmocka_unit_test(test_what_waits_for_ever),
		cmocka_unit_test(test_parts_are_sound), cmocka_unit_test(test_names_of_quirks), cmocka_unit_test(test_releases),
		cmocka_unit_test(test_releases_of_two_products),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
