/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of the model: sound, closed under every input, small enough to be packed, and what the fact sheets say cell
 * by cell where it matters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/component.h"
#include "model/irq.h"
#include "model/msix.h"

static void test_tables_are_sound(void **state)
{
	(void)state;
	for (const struct component *const *type = component_table; *type; type++) {
		const char *error = component_check(*type);

		if (error)
			fail_msg("%s: %s", (*type)->name, error);
	}
}

static void test_check_finds_what_is_wrong(void **state)
{
	static const char *const names[] = { "illegal", "unknown", "on" };
	static const char *const inputs[] = { "go", "stop" };
	static const char *const nothing[] = { "" };
	struct cell cells[3][2] = { [STATE_UNKNOWN] = { { .next = 2 }, { .next = 1 } }, [2] = { { .next = 2 } } };
	struct region region = {
		.name = "r", .states = names, .nr_states = 3, .width = 2, .listens = 3, .cells = &cells[0][0],
	};
	const struct component type = {
		.name = "t", .regions = &region, .inputs = inputs, .effects = nothing, .guard_names = nothing,
		.nr_regions = 1, .nr_inputs = 2, .nr_effects = 1, .nr_guards = 1,
	};

	(void)state;
	assert_null(component_check(&type));
	region.width = 1;
	assert_non_null(component_check(&type));
	region.width = 2;
	cells[STATE_UNKNOWN][1].next = STATE_ILLEGAL;
	assert_string_equal(component_check(&type), "unknown state without an answer");
	cells[STATE_UNKNOWN][1].next = 3;
	assert_string_equal(component_check(&type), "next state out of range");
	cells[STATE_UNKNOWN][1].next = 1;
	cells[2][1].guard = 1;
	assert_string_equal(component_check(&type), "guard or effect out of range");
	cells[2][1].guard = 0;
	region.listens = 1;
	assert_non_null(component_check(&type));
}

/* ------------------------------------------------------------------------------------------ exhaustive search */

/* Cores that were met, as a bounded check keeps them: packed, in an open hash. */
struct visited {
	uint32_t *core;	/* 0: free; no core is 0, as no region is illegal */
	uint32_t nr_slots, nr;
};

static bool visit(struct visited *v, uint32_t core)
{
	uint32_t i = core * 2654435761u % v->nr_slots;

	while (v->core[i] && v->core[i] != core)
		i = (i + 1) % v->nr_slots;
	if (v->core[i])
		return false;
	assert_true(v->nr < v->nr_slots / 2);
	v->core[i] = core;
	v->nr++;
	return true;
}

static void assert_no_region_illegal(const struct component *type, uint32_t core)
{
	for (unsigned i = 0; i < type->nr_regions; i++) {
		unsigned region_state = core_get(core, &type->regions[i]);

		assert_true(region_state != STATE_ILLEGAL && region_state < type->regions[i].nr_states);
	}
}

/* Views that guards may see: all that an entry can be told about its function; others need none. */
static unsigned views_of(const struct component *type, struct msix_entry_view *views)
{
	unsigned nr = 0;

	if (type != &msix_entry_component)
		return 1;
	for (unsigned i = 0; i < 27; i++)
		views[nr++] = (struct msix_entry_view){ 1 + i % 3, 1 + i / 3 % 3, 1 + i / 9 };
	return nr;
}

static uint32_t explore(const struct component *type)
{
	struct visited v = { .core = calloc(1 << 21, sizeof(uint32_t)), .nr_slots = 1 << 21 };
	uint32_t *queue = calloc(1 << 20, sizeof(uint32_t)), head = 0, tail = 0;
	struct msix_entry_view views[27];
	unsigned nr_views = views_of(type, views);

	assert_true(v.core && queue);
	queue[tail++] = component_unknown(type);
	visit(&v, queue[0]);
	while (head < tail) {
		uint32_t from = queue[head++];

		for (unsigned in = 0; in < type->nr_inputs; in++) {
			for (unsigned i = 0; i < nr_views; i++) {
				uint32_t core = from, again = from;
				struct effects fx, fx_again;

				component_step(type, &core, in, &views[i], &fx);
				assert_no_region_illegal(type, core);
				assert_true(fx.nr <= type->nr_regions);
				/* the same input gives the same */
				component_step(type, &again, in, &views[i], &fx_again);
				assert_int_equal(core, again);
				assert_int_equal(fx.nr, fx_again.nr);
				if (visit(&v, core))
					queue[tail++] = core;
			}
		}
	}
	free(queue);
	free(v.core);
	return v.nr;
}

static void test_function_is_closed(void **state)
{
	(void)state;
	/* every input but a hole tells whether it is on: both unknown, off with any function mask, on with a known one */
	assert_int_equal(explore(&msix_function_component), 6);
}

static void test_entry_is_closed(void **state)
{
	uint32_t nr = explore(&msix_entry_component);

	(void)state;
	assert_true(nr > 50 && nr <= 3 * 3 * 4 * 3);
}

static void test_irq_is_closed(void **state)
{
	uint32_t nr = explore(&irq_component);

	(void)state;
	assert_true(nr > 1000 && nr < 1 << 20);
}

static void test_every_state_is_reached(void **state)
{
	(void)state;
	for (const struct component *const *type = component_table; *type; type++) {
		for (unsigned r = 0; r < (*type)->nr_regions; r++) {
			const struct region *region = &(*type)->regions[r];

			for (unsigned to = STATE_UNKNOWN; to < region->nr_states; to++) {
				bool reached = false;

				for (unsigned i = 0; i < region->nr_states * (*type)->nr_inputs; i++)
					reached |= region->cells[i].next == to || region->cells[i].otherwise == to;
				if (!reached)
					fail_msg("%s.%s never becomes %s", (*type)->name, region->name, region->states[to]);
			}
		}
	}
}

/* ------------------------------------------------------------------------------------------ cell by cell */

struct expectation {
	const char *why;
	unsigned region, from, input, to;
	bool unexpected;
};

static void check_expectations(const struct component *type, const struct expectation *e, unsigned nr, const void *view)
{
	for (; nr--; e++) {
		uint32_t core = core_set(component_unknown(type), &type->regions[e->region], e->from);
		bool unexpected = false;
		struct effects fx;

		component_step(type, &core, e->input, view, &fx);
		for (unsigned i = 0; i < fx.nr; i++)
			unexpected |= fx.change[i].region == e->region && fx.change[i].unexpected;
		if (core_get(core, &type->regions[e->region]) != e->to || unexpected != e->unexpected)
			fail_msg("%s: %s became %s%s", e->why, type->regions[e->region].name,
				 type->regions[e->region].states[core_get(core, &type->regions[e->region])],
				 unexpected ? ", unexpected" : "");
	}
}

#define CHECK(type, list, view) check_expectations(type, list, sizeof(list) / sizeof((list)[0]), view)

static void test_irq_transitions(void **state)
{
	static const struct expectation list[] = {
		{ "T3: born parked, not started", IRQ_REGION_LIFE, LIFE_UNKNOWN, IRQ_SETUP, LIFE_ALLOCATED, false },
		{ "T3: birth depth is 1", IRQ_REGION_DEPTH, DEPTH_UNKNOWN, IRQ_SETUP, DEPTH_1, false },
		{ "T3: birth state is masked", IRQ_REGION_MASKED, BIT_UNKNOWN, IRQ_SETUP, BIT_SET, false },
		{ "T4: startup", IRQ_REGION_LIFE, LIFE_ALLOCATED, IRQ_STARTUP, LIFE_STARTED, false },
		{ "T4: startup makes depth 0", IRQ_REGION_DEPTH, DEPTH_1, IRQ_STARTUP, DEPTH_0, false },
		{ "T4: a managed irq may not start", IRQ_REGION_LIFE, LIFE_ALLOCATED, IRQ_STARTUP_MANAGED, LIFE_STARTING, false },
		{ "T4: but does where it is unmasked", IRQ_REGION_LIFE, LIFE_STARTING, IRQ_UNMASK, LIFE_STARTED, false },
		{ "T5: shutdown", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_SHUTDOWN, LIFE_SHUTDOWN, false },
		{ "T5: shutdown makes depth 1", IRQ_REGION_DEPTH, DEPTH_0, IRQ_SHUTDOWN, DEPTH_1, false },
		{ "T5: free_irq of one action may leave others", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_FREE, LIFE_STOPPING, false },
		{ "T5: which then go on", IRQ_REGION_LIFE, LIFE_STOPPING, IRQ_ENTER, LIFE_STARTED, false },
		{ "T5: a handler that had passed its check", IRQ_REGION_LIFE, LIFE_SHUTDOWN, IRQ_ENTER, LIFE_SHUTDOWN, false },
		{ "T6: tear-down ends it", IRQ_REGION_LIFE, LIFE_SHUTDOWN, IRQ_TEARDOWN, LIFE_GONE, false },
		{ "an irq is set up once in its life", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_SETUP, LIFE_ALLOCATED, true },
		{ "nothing starts that is gone", IRQ_REGION_LIFE, LIFE_GONE, IRQ_STARTUP, LIFE_STARTED, true },
		{ "T7: disable_irq counts", IRQ_REGION_DEPTH, DEPTH_0, IRQ_DISABLE_ASKED, DEPTH_1, false },
		{ "T7: nested", IRQ_REGION_DEPTH, DEPTH_1, IRQ_DISABLE_ASKED, DEPTH_2, false },
		{ "T7: irq_disable is the same action", IRQ_REGION_DEPTH, DEPTH_1, IRQ_DISABLE, DEPTH_1, false },
		{ "T7: enable_irq of a nested one", IRQ_REGION_DEPTH, DEPTH_2, IRQ_ENABLE_ASKED, DEPTH_1, false },
		{ "T7: enable_irq", IRQ_REGION_DEPTH, DEPTH_1, IRQ_ENABLE_ASKED, DEPTH_0, false },
		{ "T7: unbalanced enable changes nothing", IRQ_REGION_DEPTH, DEPTH_0, IRQ_ENABLE_ASKED, DEPTH_0, false },
		{ "T7: how deep is not known", IRQ_REGION_DEPTH, DEPTH_UNKNOWN, IRQ_DISABLE_ASKED, DEPTH_MANY, false },
		{ "T7: one less of many", IRQ_REGION_DEPTH, DEPTH_MANY, IRQ_ENABLE_ASKED, DEPTH_UNKNOWN, false },
		{ "T12: the chip call of a move leaves the core's bit", IRQ_REGION_MASKED, BIT_CLEAR, IRQ_MASK, BIT_UNKNOWN, false },
		{ "a state word settles it", IRQ_REGION_MASKED, BIT_UNKNOWN, IRQ_SEE_UNMASKED, BIT_CLEAR, false },
		{ "T12: applied, unless the last move is not over", IRQ_REGION_MOVE, BIT_SET, IRQ_MOVE_APPLIED, BIT_UNKNOWN, false },
		{ "T4: first vector", IRQ_REGION_VECTOR, VECTOR_PARKED, IRQ_VECTOR_FIRST, VECTOR_ASSIGNED, false },
		{ "T12: moved", IRQ_REGION_VECTOR, VECTOR_ASSIGNED, IRQ_VECTOR_MOVED, VECTOR_MOVING, false },
		{ "T12: the message follows", IRQ_REGION_VECTOR, VECTOR_MOVING, IRQ_VECTOR_CONFIRMED, VECTOR_MOVING, false },
		{ "T15: old vector freed", IRQ_REGION_VECTOR, VECTOR_MOVING, IRQ_VECTOR_MOVE_DONE, VECTOR_ASSIGNED, false },
		{ "T15: no move, nothing to free", IRQ_REGION_VECTOR, VECTOR_ASSIGNED, IRQ_VECTOR_MOVE_DONE, VECTOR_ASSIGNED, true },
		{ "T5: cleared", IRQ_REGION_VECTOR, VECTOR_ASSIGNED, IRQ_VECTOR_CLEARED, VECTOR_NONE, false },
		{ "nothing to clear", IRQ_REGION_VECTOR, VECTOR_NONE, IRQ_VECTOR_CLEARED, VECTOR_NONE, true },
		{ "T10: thread woken", IRQ_REGION_THREAD, BIT_CLEAR, IRQ_EXIT_WAKE, BIT_SET, false },
		{ "T10: thread done", IRQ_REGION_THREAD, BIT_SET, IRQ_THREAD_DONE, BIT_CLEAR, false },
		{ "T20: reported", IRQ_REGION_SPURIOUS, BIT_CLEAR, IRQ_REPORTED, BIT_SET, false },
		{ "lost records hide a life", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_LOST, LIFE_UNKNOWN, false },
		{ "but not an end", IRQ_REGION_LIFE, LIFE_GONE, IRQ_LOST, LIFE_GONE, false },
	};

	(void)state;
	CHECK(&irq_component, list, NULL);
}

static void test_lazy_disable_holds_an_arrival(void **state)
{
	uint32_t core = component_unknown(&irq_component);
	struct effects fx;
	bool held = false;

	(void)state;
	component_step(&irq_component, &core, IRQ_STARTUP, NULL, &fx);
	component_step(&irq_component, &core, IRQ_SEE_NOT_PENDING, NULL, &fx);
	component_step(&irq_component, &core, IRQ_FLOW, NULL, &fx);
	assert_int_equal(core_get(core, &irq_component.regions[IRQ_REGION_PENDING]), BIT_CLEAR);
	component_step(&irq_component, &core, IRQ_DISABLE_ASKED, NULL, &fx);
	component_step(&irq_component, &core, IRQ_FLOW, NULL, &fx);
	assert_int_equal(core_get(core, &irq_component.regions[IRQ_REGION_PENDING]), BIT_SET);
	for (unsigned i = 0; i < fx.nr; i++)
		held |= fx.change[i].effect == IRQ_EFFECT_HELD;
	assert_true(held);
}

static void test_entry_transitions(void **state)
{
	static const struct msix_entry_view sending = { BIT_SET, BIT_CLEAR, BIT_SET };
	static const struct msix_entry_view function_masked = { BIT_SET, BIT_SET, BIT_SET };
	static const struct expectation list[] = {
		{ "T1: enable masks all", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_MASK_ALL, BIT_SET, false },
		{ "T1: a cached 1 is in the table", ENTRY_REGION_HW, BIT_UNKNOWN, ENTRY_CACHED_MASKED, BIT_SET, false },
		{ "a cached 1 beside a clear bit", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_CACHED_MASKED, BIT_SET, true },
		{ "T4: unmask", ENTRY_REGION_HW, BIT_SET, ENTRY_UNMASK, BIT_CLEAR, false },
		{ "T5: mask", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_MASK, BIT_SET, false },
		{ "somebody else writes the table", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_HW_MASK, BIT_SET, false },
		{ "the kernel's wish stays", ENTRY_REGION_KERNEL, BIT_CLEAR, ENTRY_HW_MASK, BIT_CLEAR, false },
		{ "HW1: a masked entry sends nothing", ENTRY_REGION_HW, BIT_SET, ENTRY_SENT, BIT_CLEAR, true },
		{ "a message proves the bit clear", ENTRY_REGION_HW, BIT_UNKNOWN, ENTRY_SENT, BIT_CLEAR, false },
		{ "reset masks", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_RESET, BIT_SET, false },
		{ "T19: what restore writes is not known", ENTRY_REGION_HW, BIT_SET, ENTRY_RESTORED, BIT_UNKNOWN, false },
		{ "T3: parked message", ENTRY_REGION_MESSAGE, MESSAGE_NONE, ENTRY_MESSAGE_PARKED, MESSAGE_PARKED, false },
		{ "T5: message zeroed", ENTRY_REGION_MESSAGE, MESSAGE_VECTOR, ENTRY_MESSAGE_ZERO, MESSAGE_NONE, false },
		{ "HW1: nothing held back, nothing pending", ENTRY_REGION_PENDING, BIT_CLEAR, ENTRY_RAISE, BIT_CLEAR, false },
		{ "HW1: unmasking sends what is pending", ENTRY_REGION_PENDING, BIT_SET, ENTRY_UNMASK, BIT_CLEAR, false },
	};
	static const struct expectation held[] = {
		{ "HW1: function mask holds", ENTRY_REGION_PENDING, BIT_CLEAR, ENTRY_RAISE, BIT_SET, false },
		{ "HW1: and goes on holding", ENTRY_REGION_PENDING, BIT_SET, ENTRY_UNMASK, BIT_UNKNOWN, false },
	};

	(void)state;
	CHECK(&msix_entry_component, list, &sending);
	CHECK(&msix_entry_component, held, &function_masked);
}

static void test_restore_after_unmask(void **state)
{
	static const struct msix_entry_view view = { BIT_SET, BIT_CLEAR, BIT_SET };
	struct msix_entry_core core = { component_unknown(&msix_entry_component) };
	struct effects fx;

	(void)state;
	msix_entry_step(&core, ENTRY_UNMASK, &view, &fx);
	msix_entry_step(&core, ENTRY_RESET, &view, &fx);
	assert_int_equal(msix_entry_state(core, ENTRY_REGION_HW), BIT_SET);
	msix_entry_step(&core, ENTRY_RESTORED, &view, &fx);
	assert_int_equal(msix_entry_state(core, ENTRY_REGION_HW), BIT_CLEAR);
}

static void test_function_transitions(void **state)
{
	static const struct expectation list[] = {
		{ "T1: enabled", FN_REGION_ENABLE, BIT_CLEAR, FN_ENABLED, BIT_SET, false },
		{ "T1: function mask taken away", FN_REGION_FMASK, BIT_SET, FN_ENABLED, BIT_CLEAR, false },
		{ "T1: a failed enable leaves it off", FN_REGION_ENABLE, BIT_SET, FN_ENABLE_FAILED, BIT_CLEAR, false },
		{ "B6: but the function mask perhaps set", FN_REGION_FMASK, BIT_CLEAR, FN_ENABLE_FAILED, BIT_UNKNOWN, false },
		{ "T6: off", FN_REGION_ENABLE, BIT_SET, FN_DISABLED, BIT_CLEAR, false },
		{ "nothing is sent by what is off", FN_REGION_ENABLE, BIT_CLEAR, FN_SENT, BIT_SET, true },
		{ "nothing passes the function mask", FN_REGION_FMASK, BIT_SET, FN_SENT, BIT_CLEAR, true },
		{ "reset", FN_REGION_FMASK, BIT_SET, FN_RESET, BIT_CLEAR, false },
	};

	(void)state;
	CHECK(&msix_function_component, list, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_sound),
		cmocka_unit_test(test_check_finds_what_is_wrong),
		cmocka_unit_test(test_function_is_closed),
		cmocka_unit_test(test_entry_is_closed),
		cmocka_unit_test(test_irq_is_closed),
		cmocka_unit_test(test_every_state_is_reached),
		cmocka_unit_test(test_irq_transitions),
		cmocka_unit_test(test_lazy_disable_holds_an_arrival),
		cmocka_unit_test(test_entry_transitions),
		cmocka_unit_test(test_restore_after_unmask),
		cmocka_unit_test(test_function_transitions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
