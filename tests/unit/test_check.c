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

/* ---------------------------------------------------------------------------------------------------- moves of Xen's irqs */

static void run_moves(unsigned cpus, const char *invariant, enum quirk off)
{
	struct check_options opt = { .units = 1, .cpus = cpus, .max_states = 100000, .quirks = quirks_normal(), .invariant = invariant };

	for (unsigned i = 0; path_parts[i]; i++)
		if (!strcmp(path_parts[i]->name, "dom0-pv/move"))
			opt.part = path_parts[i];
	assert_non_null(opt.part);
	if (off != QUIRK_NONE)
		quirk_set(&opt.quirks, off, false);
	check_run(&opt, &result);
}

static bool way_has(const char *operation)
{
	for (unsigned i = 0; i < result.nr_steps; i++)
		if (!strcmp(result.steps[i].operation->name, operation))
			return true;
	return false;
}

/* Whatever comes when: no arrival is lost, and no vector is released before its last one. */
static void test_moves_are_sound(void **state)
{
	(void)state;
	for (unsigned cpus = 2; cpus <= UNIT_MAX_CPUS; cpus++) {
		run_moves(cpus, NULL, QUIRK_NONE);
		assert_int_equal(result.outcome, CHECK_CLEAN);
		assert_true(result.states > 50);
	}
}

/* A message that is written by halves while it can be sent: what the device sends in between comes to nobody. */
static void test_move_with_its_source_unmasked(void **state)
{
	static const char *const invariants[] = { "message", "deliverable" };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		run_moves(2, invariants[i], QUIRK_XEN_MOVE_MASKED);
		assert_int_equal(result.outcome, CHECK_VIOLATED);
		assert_string_equal(result.broken->name, invariants[i]);
		assert_true(way_has("vCPU runs on another CPU"));
	}
	assert_string_equal(result.steps[result.nr_steps - 1].operation->name, "device interrupts");
}

static void test_release_in_a_move(void **state)
{
	(void)state;
	run_moves(2, NULL, QUIRK_XEN_RELEASE_FREES_OLD);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	assert_string_equal(result.broken->name, "table");
	assert_true(way_has("irq is released in a move"));
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

static struct quirk_wishes wish(struct quirk_wishes wishes, const char *text)
{
	enum quirk quirk;
	bool on;

	assert_true(quirk_parse(text, &quirk, &on));
	return quirk_wish_too(wishes, quirk, on);
}

/* One fix off: so are the others of its fault, but for those that are asked for, and for what is none of the part's. */
static void test_fixes_of_one_fault(void **state)
{
	const uint64_t all = UINT64_MAX & ~(UINT64_C(1) << QUIRK_NONE);
	struct quirk_wishes none = { 0 }, wishes = wish(none, "hvm-no-mask=off");
	struct quirks set;
	uint64_t off;
	bool as_companion;

	(void)state;
	assert_true(quirks_wished(&none, all, &off).on == quirks_normal().on && !off);
	set = quirks_wished(&wishes, all, &off);
	assert_false(quirk_is_on(set, QUIRK_HVM_NO_MASK) || quirk_is_on(set, QUIRK_XEN_BIND_CLEARS_GUEST_MASK));
	assert_false(quirk_is_on(set, QUIRK_XEN_GUEST_MASK));
	assert_true(quirk_is_on(set, QUIRK_XEN_HVM_PIRQS) && quirk_is_on(set, QUIRK_XEN_MSI_MASK_NOP));
	assert_int_equal(off, UINT64_C(1) << QUIRK_XEN_BIND_CLEARS_GUEST_MASK | UINT64_C(1) << QUIRK_XEN_GUEST_MASK);
	assert_int_equal(quirk_put_off_with(QUIRK_XEN_BIND_CLEARS_GUEST_MASK, &wishes, all, &as_companion), QUIRK_HVM_NO_MASK);
	assert_false(as_companion);
	assert_int_equal(quirk_put_off_with(QUIRK_XEN_GUEST_MASK, &wishes, all, &as_companion), QUIRK_XEN_BIND_CLEARS_GUEST_MASK);
	assert_true(as_companion);
	quirks_wished(&wishes, all & ~(UINT64_C(1) << QUIRK_HVM_NO_MASK), &off);
	assert_int_equal(off, 0);
	wishes = wish(wishes, "xen-bind-clears-guest-mask=on");
	set = quirks_wished(&wishes, all, &off);
	assert_true(quirk_is_on(set, QUIRK_XEN_BIND_CLEARS_GUEST_MASK) && quirk_is_on(set, QUIRK_XEN_GUEST_MASK) && !off);
	wishes = wish(none, "xen-hvm-pirqs=off");
	quirks_wished(&wishes, all, &off);
	assert_int_equal(off, 0);
}

/* One fix alone, with what goes with it, and nothing else that was put off. */
static void test_one_fix_alone(void **state)
{
	const uint64_t all = UINT64_MAX & ~(UINT64_C(1) << QUIRK_NONE);
	struct quirk_wishes wishes = wish((struct quirk_wishes){ 0 }, "msix-mask-all-early=off");
	uint64_t off;
	struct quirks set = quirks_wished(&wishes, all, &off);

	(void)state;
	assert_false(quirk_is_on(set, QUIRK_HVM_NO_MASK));
	for (const struct quirk_cure *cure = quirk_cures; cure->quirk; cure++) {
		struct quirks cured = quirks_cured(set, cure, off);
		uint64_t differs = cured.on ^ set.on;

		if (!quirk_cure_matters(cure, &wishes, all))
			continue;
		assert_true(quirk_is_on(cured, cure->quirk) == cure->on);
		assert_int_equal(differs & ~(UINT64_C(1) << cure->quirk),
				 cure->quirk == QUIRK_XEN_BIND_CLEARS_GUEST_MASK ? UINT64_C(1) << QUIRK_XEN_GUEST_MASK : 0);
	}
}

/* Fixes of one fault stand together, prevent it by being on, and name what there is. */
static void test_table_of_cures(void **state)
{
	(void)state;
	for (const struct quirk_cure *cure = quirk_cures; cure->quirk; cure++) {
		assert_true(cure->only_tried || (cure->on && quirk_table[cure->quirk].class == QUIRK_CLASS_FIX));
		assert_true(cure->quirk < NR_QUIRKS && cure->companion < NR_QUIRKS && cure->undone_by < NR_QUIRKS);
		for (const struct quirk_cure *later = cure + 1; later->quirk; later++)
			if (!strcmp(later->fault, cure->fault))
				assert_string_equal(cure[1].fault, cure->fault);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shortest_way), cmocka_unit_test(test_whole_space_is_counted),
		cmocka_unit_test(test_bound_comes_first), cmocka_unit_test(test_what_waits_for_ever),
		cmocka_unit_test(test_moves_are_sound), cmocka_unit_test(test_move_with_its_source_unmasked),
		cmocka_unit_test(test_release_in_a_move),
		cmocka_unit_test(test_parts_are_sound), cmocka_unit_test(test_names_of_quirks), cmocka_unit_test(test_releases),
		cmocka_unit_test(test_releases_of_two_products), cmocka_unit_test(test_fixes_of_one_fault),
		cmocka_unit_test(test_one_fix_alone), cmocka_unit_test(test_table_of_cures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
