/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of the model: sound, closed under every input, small enough to be packed, and what the fact sheets say
 * cell by cell where it matters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/component.h"
#include "model/cpu.h"
#include "model/intx.h"
#include "model/irq.h"
#include "model/irte.h"
#include "model/kroute.h"
#include "model/msi.h"
#include "model/msix.h"
#include "model/pci.h"
#include "model/vector.h"
#include "unit/cells.h"

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

/* What guards may see: all that an entry or a message can be told about its function; others need nothing. */
union any_view {
	struct msix_entry_view entry;
	struct msi_message_view message;
};

static unsigned views_of(const struct component *type, union any_view *views)
{
	unsigned nr = 0;

	if (type != &msix_entry_component && type != &msi_message_component)
		return 1;
	for (unsigned i = 0; i < 27; i++, nr++) {
		if (type == &msix_entry_component)
			views[nr].entry = (struct msix_entry_view){ 1 + i % 3, 1 + i / 3 % 3, 1 + i / 9 };
		else
			views[nr].message = (struct msi_message_view){ 1 + i % 3, 1 + i / 3 % 3 };
	}
	return nr;
}

static uint32_t explore(const struct component *type)
{
	struct visited v = { .core = calloc(1 << 21, sizeof(uint32_t)), .nr_slots = 1 << 21 };
	uint32_t *queue = calloc(1 << 20, sizeof(uint32_t)), head = 0, tail = 0;
	union any_view views[27] = { 0 };
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

static void test_functions_are_closed(void **state)
{
	uint32_t nr;

	(void)state;
	nr = explore(&msix_function_component);
	assert_true(nr > 10 && nr <= 3 * 3 * 3);
	nr = explore(&msi_function_component);
	assert_true(nr > 5 && nr <= 3 * 3);
	nr = explore(&pci_component);
	assert_true(nr > 100 && nr <= 3 * 3 * 3 * 3 * 3 * 3);
	nr = explore(&intx_component);
	assert_true(nr > 5 && nr <= 3 * 3);
}

static void test_message_is_closed(void **state)
{
	uint32_t nr = explore(&msi_message_component);

	(void)state;
	assert_true(nr > 100 && nr <= 5 * 3 * 4 * 3);
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

static void test_vector_is_closed(void **state)
{
	uint32_t nr = explore(&vector_component);

	(void)state;
	assert_true(nr > 100 && nr <= 4 * 5 * 4 * 5 * 4);
}

static void test_irte_is_closed(void **state)
{
	(void)state;
	assert_true(explore(&irte_component) <= 3 * 3 * 3);
	assert_int_equal(explore(&cpu_component), 3);
}

static void test_kroute_is_closed(void **state)
{
	(void)state;
	assert_true(explore(&kroute_component) <= 4 * 4 * 3);
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
					fail_msg("%s.%s never becomes %s", (*type)->name, region->name,
						 region->states[to]);
			}
		}
	}
}

/* ------------------------------------------------------------------------------------------ cell by cell */

static void test_irq_transitions(void **state)
{
	static const struct expectation list[] = {
		{ "T3: born parked, not started", IRQ_REGION_LIFE, LIFE_UNKNOWN, IRQ_SETUP, LIFE_ALLOCATED, false },
		{ "T3: birth depth is 1", IRQ_REGION_DEPTH, DEPTH_UNKNOWN, IRQ_SETUP, DEPTH_1, false },
		{ "T3: birth state is masked", IRQ_REGION_MASKED, BIT_UNKNOWN, IRQ_SETUP, BIT_SET, false },
		{ "T4: startup", IRQ_REGION_LIFE, LIFE_ALLOCATED, IRQ_STARTUP, LIFE_STARTED, false },
		{ "T4: startup makes depth 0", IRQ_REGION_DEPTH, DEPTH_1, IRQ_STARTUP, DEPTH_0, false },
		{ "T4: a managed irq may not start", IRQ_REGION_LIFE, LIFE_ALLOCATED, IRQ_STARTUP_MANAGED,
			LIFE_STARTING, false },
		{ "T4: but does where it is unmasked", IRQ_REGION_LIFE, LIFE_STARTING, IRQ_UNMASK, LIFE_STARTED,
			false },
		{ "T5: shutdown", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_SHUTDOWN, LIFE_SHUTDOWN, false },
		{ "T5: shutdown makes depth 1", IRQ_REGION_DEPTH, DEPTH_0, IRQ_SHUTDOWN, DEPTH_1, false },
		{ "T5: free_irq of one action may leave others", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_FREE,
			LIFE_STOPPING, false },
		{ "T5: which then go on", IRQ_REGION_LIFE, LIFE_STOPPING, IRQ_ENTER, LIFE_STARTED, false },
		{ "T5: a handler that had passed its check", IRQ_REGION_LIFE, LIFE_SHUTDOWN, IRQ_ENTER, LIFE_SHUTDOWN,
			false },
		{ "T6: tear-down ends it", IRQ_REGION_LIFE, LIFE_SHUTDOWN, IRQ_TEARDOWN, LIFE_GONE, false },
		{ "an irq is set up once in its life", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_SETUP, LIFE_ALLOCATED, true },
		{ "nothing starts that is gone", IRQ_REGION_LIFE, LIFE_GONE, IRQ_STARTUP, LIFE_STARTED, true },
		{ "T7: disable_irq counts", IRQ_REGION_DEPTH, DEPTH_0, IRQ_DISABLE_ASKED, DEPTH_1, false },
		{ "T7: nested", IRQ_REGION_DEPTH, DEPTH_1, IRQ_DISABLE_ASKED, DEPTH_2, false },
		{ "T7: irq_disable is the same action", IRQ_REGION_DEPTH, DEPTH_1, IRQ_DISABLE, DEPTH_1, false },
		{ "T7: enable_irq of a nested one", IRQ_REGION_DEPTH, DEPTH_2, IRQ_ENABLE_ASKED, DEPTH_1, false },
		{ "T7: enable_irq", IRQ_REGION_DEPTH, DEPTH_1, IRQ_ENABLE_ASKED, DEPTH_0, false },
		{ "T7: unbalanced enable changes nothing", IRQ_REGION_DEPTH, DEPTH_0, IRQ_ENABLE_ASKED, DEPTH_0,
			false },
		{ "T7: how deep is not known", IRQ_REGION_DEPTH, DEPTH_UNKNOWN, IRQ_DISABLE_ASKED, DEPTH_MANY, false },
		{ "T7: one less of many", IRQ_REGION_DEPTH, DEPTH_MANY, IRQ_ENABLE_ASKED, DEPTH_UNKNOWN, false },
		{ "T12: the chip call of a move leaves the core's bit", IRQ_REGION_MASKED, BIT_CLEAR, IRQ_MASK,
			BIT_UNKNOWN, false },
		{ "a state word settles it", IRQ_REGION_MASKED, BIT_UNKNOWN, IRQ_SEE_UNMASKED, BIT_CLEAR, false },
		{ "none yet", IRQ_REGION_ACTIONS, ACTIONS_UNKNOWN, IRQ_SETUP, ACTIONS_NONE, false },
		{ "first action", IRQ_REGION_ACTIONS, ACTIONS_NONE, IRQ_ACTION_ADDED, ACTIONS_ONE, false },
		{ "a line is shared", IRQ_REGION_ACTIONS, ACTIONS_ONE, IRQ_ACTION_ADDED, ACTIONS_MANY, false },
		{ "the only one goes", IRQ_REGION_ACTIONS, ACTIONS_ONE, IRQ_FREE, ACTIONS_NONE, false },
		{ "one of several goes", IRQ_REGION_ACTIONS, ACTIONS_MANY, IRQ_FREE, ACTIONS_UNKNOWN, false },
		{ "one that was not seen coming", IRQ_REGION_ACTIONS, ACTIONS_NONE, IRQ_ENTER, ACTIONS_UNKNOWN, false },
		{ "T10: thread woken", IRQ_REGION_THREAD, BIT_CLEAR, IRQ_EXIT_WAKE, BIT_SET, false },
		{ "T10: thread done", IRQ_REGION_THREAD, BIT_SET, IRQ_THREAD_DONE, BIT_CLEAR, false },
		{ "T17: a managed irq that no CPU is there for", IRQ_REGION_OFFLINE, BIT_CLEAR, IRQ_SEE_OFFLINE,
			BIT_SET, false },
		{ "T16: its shutdown", IRQ_REGION_OFFLINE, BIT_SET, IRQ_SHUTDOWN, BIT_SET, false },
		{ "T17: its startup tells nothing", IRQ_REGION_OFFLINE, BIT_SET, IRQ_STARTUP_MANAGED, BIT_UNKNOWN,
			false },
		{ "T17: being enabled does", IRQ_REGION_OFFLINE, BIT_UNKNOWN, IRQ_ENABLE, BIT_CLEAR, false },
		{ "T18: suspended with all others", IRQ_REGION_SUSPEND, BIT_CLEAR, IRQ_SUSPEND, BIT_SET, false },
		{ "T18: resumed", IRQ_REGION_SUSPEND, BIT_SET, IRQ_RESUME, BIT_CLEAR, false },
		{ "T18: one that runs was left alone", IRQ_REGION_SUSPEND, BIT_SET, IRQ_ENTER, BIT_CLEAR, false },
		{ "T18: the state word", IRQ_REGION_SUSPEND, BIT_UNKNOWN, IRQ_SEE_SUSPENDED, BIT_SET, false },
		{ "T20: reported", IRQ_REGION_SPURIOUS, BIT_CLEAR, IRQ_REPORTED, BIT_SET, false },
		{ "lost records hide a life", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_LOST, LIFE_UNKNOWN, false },
		{ "but not an end", IRQ_REGION_LIFE, LIFE_GONE, IRQ_LOST, LIFE_GONE, false },
	};

	(void)state;
	CHECK(&irq_component, list, NULL);
}

static void test_vector_transitions(void **state)
{
	static const struct expectation list[] = {
		{ "T3: reserved", VECTOR_REGION_RESERVATION, RESERVATION_NONE, VECTOR_RESERVED, RESERVATION_GLOBAL,
			false },
		{ "T3: managed", VECTOR_REGION_RESERVATION, RESERVATION_UNKNOWN, VECTOR_RESERVED_MANAGED,
			RESERVATION_MANAGED, false },
		{ "T3: parked", VECTOR_REGION_ASSIGNED, ASSIGNED_NONE, VECTOR_CONFIG_PARKED, ASSIGNED_PARKED, false },
		{ "T3: an ISA irq that was active", VECTOR_REGION_ASSIGNED, ASSIGNED_UNKNOWN, VECTOR_SETUP_LEGACY,
			ASSIGNED_VECTOR, false },
		{ "T4: the reservation is used", VECTOR_REGION_RESERVATION, RESERVATION_GLOBAL, VECTOR_ALLOC_RESERVED,
			RESERVATION_NONE, false },
		{ "no reservation to use", VECTOR_REGION_RESERVATION, RESERVATION_NONE, VECTOR_ALLOC_RESERVED,
			RESERVATION_NONE, true },
		{ "T4: first vector", VECTOR_REGION_ASSIGNED, ASSIGNED_PARKED, VECTOR_UPDATE_FIRST, ASSIGNED_VECTOR,
			false },
		{ "T4: none found", VECTOR_REGION_ASSIGNED, ASSIGNED_PARKED, VECTOR_ALLOC_FAILED, ASSIGNED_PARKED,
			false },
		{ "T12: moved", VECTOR_REGION_ASSIGNED, ASSIGNED_VECTOR, VECTOR_UPDATE_MOVED, ASSIGNED_MOVING, false },
		{ "T12: the hardware is told", VECTOR_REGION_ASSIGNED, ASSIGNED_MOVING, VECTOR_CONFIG,
			ASSIGNED_VECTOR, false },
		{ "nothing to move", VECTOR_REGION_ASSIGNED, ASSIGNED_NONE, VECTOR_UPDATE_MOVED, ASSIGNED_MOVING,
			true },
		{ "T5: cleared", VECTOR_REGION_ASSIGNED, ASSIGNED_VECTOR, VECTOR_CLEAR, ASSIGNED_NONE, false },
		{ "nothing to clear", VECTOR_REGION_ASSIGNED, ASSIGNED_PARKED, VECTOR_CLEAR, ASSIGNED_NONE, true },
		{ "T5: the reservation is taken again", VECTOR_REGION_RESERVATION, RESERVATION_NONE, VECTOR_RESERVED,
			RESERVATION_GLOBAL, false },
		{ "T6: tear-down", VECTOR_REGION_RESERVATION, RESERVATION_MANAGED, VECTOR_TEARDOWN, RESERVATION_NONE,
			false },
		{ "T12: the old vector stays", VECTOR_REGION_CLEANUP, CLEANUP_NONE, VECTOR_UPDATE_MOVED,
			CLEANUP_PENDING, false },
		{ "B19: two moves at once", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_UPDATE_MOVED,
			CLEANUP_PENDING, true },
		{ "T15: first interrupt on the new CPU", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_TARGET_HIT,
			CLEANUP_QUEUED, false },
		{ "T13: remapped, queued at once", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_CLEANUP_QUEUED,
			CLEANUP_QUEUED, false },
		{ "T15: freed", VECTOR_REGION_CLEANUP, CLEANUP_QUEUED, VECTOR_FREE_MOVED, CLEANUP_NONE, false },
		{ "T16: freed by the dying CPU", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_FREE_MOVED,
			CLEANUP_NONE, false },
		{ "T15: no move, nothing to free", VECTOR_REGION_CLEANUP, CLEANUP_NONE, VECTOR_FREE_MOVED,
			CLEANUP_NONE, true },
		{ "T16: the old CPU is offline", VECTOR_REGION_CLEANUP, CLEANUP_NONE, VECTOR_UPDATE_OFFLINE,
			CLEANUP_NONE, false },
		{ "T16: as the matrix says", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_FREED_OFFLINE,
			CLEANUP_NONE, false },
		{ "T5: cleared with its old vector", VECTOR_REGION_CLEANUP, CLEANUP_QUEUED, VECTOR_CLEAR,
			CLEANUP_NONE, false },
		{ "T11: asked", VECTOR_REGION_AFFINITY, AFFINITY_NONE, VECTOR_AFFINITY_ASKED, AFFINITY_ASKED, false },
		{ "T11: deferred", VECTOR_REGION_AFFINITY, AFFINITY_ASKED, VECTOR_SEE_PENDING, AFFINITY_PENDING,
			false },
		{ "T12: applied", VECTOR_REGION_AFFINITY, AFFINITY_PENDING, VECTOR_AFFINITY_APPLIED, AFFINITY_APPLIED,
			false },
		{ "T11: its CPU may stay", VECTOR_REGION_AFFINITY, AFFINITY_PENDING, VECTOR_AFFINITY_MET,
			AFFINITY_APPLIED, false },
		{ "T5: shut down", VECTOR_REGION_AFFINITY, AFFINITY_PENDING, VECTOR_SHUTDOWN, AFFINITY_NONE, false },
		{ "lost records", VECTOR_REGION_CLEANUP, CLEANUP_NONE, VECTOR_LOST, CLEANUP_UNKNOWN, false },
	};

	(void)state;
	CHECK(&vector_component, list, NULL);
}

static void test_affinity_is_busy_while_an_old_vector_is_there(void **state)
{
	struct vector_core core = { component_unknown(&vector_component) };
	struct effects fx;

	(void)state;
	vector_step(&core, VECTOR_UPDATE_MOVED, &fx);
	vector_step(&core, VECTOR_CONFIG, &fx);
	vector_step(&core, VECTOR_SEE_PENDING, &fx);
	vector_step(&core, VECTOR_AFFINITY_APPLIED, &fx);
	assert_int_equal(vector_state(core, VECTOR_REGION_AFFINITY), AFFINITY_PENDING);
	assert_int_equal(fx.nr, 1);
	assert_int_equal(fx.change[0].effect, VECTOR_EFFECT_BUSY);
	vector_step(&core, VECTOR_FREE_MOVED, &fx);
	vector_step(&core, VECTOR_AFFINITY_APPLIED, &fx);
	assert_int_equal(vector_state(core, VECTOR_REGION_AFFINITY), AFFINITY_APPLIED);
}

/* The sheet's T6, T7, T11 to T13 of QEMU's IO-APIC, where KVM has the routes. */
static void test_kroute_rows(void **state)
{
	static const struct expectation list[] = {
		{ "T6: an entry that KVM has", KROUTE_REGION_ROUTE, KROUTE_ROUTE_UNKNOWN, KROUTE_WRITE_SAME, KROUTE_ROUTE_SAME, false },
		{ "T6: another vector", KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME, KROUTE_WRITE_VECTOR, KROUTE_ROUTE_VECTOR, false },
		{ "T6: another destination", KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME, KROUTE_WRITE_OTHER, KROUTE_ROUTE_OTHER, false },
		{ "T6: nothing known", KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME, KROUTE_WRITE_BLIND, KROUTE_ROUTE_UNKNOWN, false },
		{ "T13: handed over", KROUTE_REGION_ROUTE, KROUTE_ROUTE_VECTOR, KROUTE_COMMIT_SAME, KROUTE_ROUTE_SAME, false },
		{ "T13: masked pins keep theirs", KROUTE_REGION_ROUTE, KROUTE_ROUTE_VECTOR, KROUTE_COMMIT_VECTOR,
			KROUTE_ROUTE_VECTOR, false },
		{ "Q.K.line: what is sent is what KVM has", KROUTE_REGION_ROUTE, KROUTE_ROUTE_UNKNOWN, KROUTE_SEEN_SAME, KROUTE_ROUTE_SAME, false },
		{ "Q.K.line: another vector", KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME, KROUTE_SEEN_VECTOR, KROUTE_ROUTE_VECTOR, false },
		{ "Q.K.line: elsewhere", KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME, KROUTE_SEEN_OTHER, KROUTE_ROUTE_OTHER, false },
		{ "a hole", KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME, KROUTE_LOST, KROUTE_ROUTE_UNKNOWN, false },
		{ "T12: right route", KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME, KROUTE_FIRE, KROUTE_ROUTE_SAME, false },
		{ "the write is under way", KROUTE_REGION_PHASE, KROUTE_PHASE_COMMITTED, KROUTE_WRITE_SAME, KROUTE_PHASE_WRITTEN, false },
		{ "T11: and services", KROUTE_REGION_PHASE, KROUTE_PHASE_WRITTEN, KROUTE_FIRE, KROUTE_PHASE_FIRED, false },
		{ "T7: and hands over", KROUTE_REGION_PHASE, KROUTE_PHASE_FIRED, KROUTE_COMMIT_SAME, KROUTE_PHASE_COMMITTED, false },
		{ "a line comes later", KROUTE_REGION_PHASE, KROUTE_PHASE_COMMITTED, KROUTE_CAUSE, KROUTE_PHASE_UNKNOWN, false },
		{ "a line comes within", KROUTE_REGION_PHASE, KROUTE_PHASE_WRITTEN, KROUTE_CAUSE, KROUTE_PHASE_WRITTEN, false },
	};

	(void)state;
	CHECK(&kroute_component, list, NULL);
}

static bool fires_stale(struct kroute_core core, enum kroute_input in)
{
	struct effects fx;

	kroute_step(&core, in, &fx);
	for (unsigned i = 0; i < fx.nr; i++)
		if (fx.change[i].effect == KROUTE_EFFECT_STALE)
			return true;
	return false;
}

/* What a write of an entry shows of its order, and what counts as fired by it. */
static void test_kroute_order(void **state)
{
	struct kroute_core core = { component_unknown(&kroute_component) };
	struct effects fx;

	(void)state;
	kroute_step(&core, KROUTE_WRITE_VECTOR, &fx);
	assert_true(fires_stale(core, KROUTE_FIRE));
	assert_false(fires_stale(core, KROUTE_FIRE_ELSEWHERE));
	kroute_step(&core, KROUTE_FIRE, &fx);
	assert_int_equal(kroute_state(core, KROUTE_REGION_ORDER), KROUTE_ORDER_UNKNOWN);
	kroute_step(&core, KROUTE_COMMIT_VECTOR, &fx);
	assert_int_equal(kroute_state(core, KROUTE_REGION_ORDER), KROUTE_ORDER_SERVICE_FIRST);
	assert_true(fires_stale(core, KROUTE_FIRE_ELSEWHERE));

	core.bits = component_unknown(&kroute_component);
	kroute_step(&core, KROUTE_WRITE_VECTOR, &fx);
	kroute_step(&core, KROUTE_COMMIT_SAME, &fx);
	assert_false(fires_stale(core, KROUTE_FIRE));
	kroute_step(&core, KROUTE_FIRE, &fx);
	assert_int_equal(kroute_state(core, KROUTE_REGION_ORDER), KROUTE_ORDER_ROUTES_FIRST);
	kroute_step(&core, KROUTE_WRITE_OTHER, &fx);
	assert_false(fires_stale(core, KROUTE_FIRE));
}

/* QEMU's ioapic_entry_parse(): the message of an entry, and back; the bits that are not sent are not compared. */
static void test_entry_of_a_message(void **state)
{
	(void)state;
	assert_true(kroute_entry_bits(0xfee02000, 0x8021) == UINT64_C(0x0200000000008021));
	assert_true(kroute_entry_bits(0xfeeff00c, 0x131) == (UINT64_C(0xff00000000000000) | 1 << 11 | 0x131));
	assert_int_equal(KROUTE_MESSAGE_BITS & (1 << 16 | 1 << 14 | 1 << 13 | 1 << 12), 0);
}

static void test_irte_transitions(void **state)
{
	static const struct expectation list[] = {
		{ "T13: written as configured", IRTE_REGION_ROUTE, IRTE_ROUTE_OTHER, IRTE_WRITE_SAME, IRTE_ROUTE_SAME,
			false },
		{ "T13: configured, not written yet", IRTE_REGION_ROUTE, IRTE_ROUTE_SAME, IRTE_CONFIG_OTHER,
			IRTE_ROUTE_OTHER, false },
		{ "the queue tells no content", IRTE_REGION_ROUTE, IRTE_ROUTE_OTHER, IRTE_WRITE_BLIND,
			IRTE_ROUTE_UNKNOWN, false },
		{ "T5: cleared first", IRTE_REGION_PRESENT, IRTE_FLAG_YES, IRTE_CLEARED, IRTE_FLAG_NO, false },
		{ "T5: seen or not", IRTE_REGION_PRESENT, IRTE_FLAG_YES, IRTE_CONFIG_GONE, IRTE_FLAG_UNKNOWN, false },
		{ "T5: then the vector", IRTE_REGION_ROUTE, IRTE_ROUTE_SAME, IRTE_CONFIG_GONE, IRTE_ROUTE_UNKNOWN,
			false },
		{ "T22: posted", IRTE_REGION_POSTED, IRTE_FLAG_NO, IRTE_POST, IRTE_FLAG_YES, false },
		{ "T22: and back", IRTE_REGION_POSTED, IRTE_FLAG_YES, IRTE_UNPOST, IRTE_FLAG_NO, false },
		{ "T22: the host's vector ends it", IRTE_REGION_POSTED, IRTE_FLAG_YES, IRTE_WRITE_SAME, IRTE_FLAG_NO,
			false },
	};
	static const struct expectation cpus[] = {
		{ "T16: offline", CPU_REGION_POWER, CPU_POWER_ONLINE, CPU_OFFLINE, CPU_POWER_OFFLINE, false },
		{ "T16: told twice", CPU_REGION_POWER, CPU_POWER_OFFLINE, CPU_OFFLINE, CPU_POWER_OFFLINE, false },
		{ "T17: online", CPU_REGION_POWER, CPU_POWER_OFFLINE, CPU_ONLINE, CPU_POWER_ONLINE, false },
	};

	(void)state;
	CHECK(&irte_component, list, NULL);
	CHECK(&cpu_component, cpus, NULL);
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
		{ "T1.3: a message by a cached 0 unmasks", ENTRY_REGION_HW, BIT_SET, ENTRY_CACHED_UNMASKED, BIT_CLEAR, false },
		{ "HW1: the function's last obstacle goes", ENTRY_REGION_PENDING, BIT_SET, ENTRY_RELEASED, BIT_SET, false },
		{ "low power hides the table", ENTRY_REGION_HW, BIT_SET, ENTRY_LOW_POWER, BIT_UNKNOWN, false },
		{ "T4: unmask", ENTRY_REGION_HW, BIT_SET, ENTRY_UNMASK, BIT_CLEAR, false },
		{ "T5: mask", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_MASK, BIT_SET, false },
		{ "somebody else writes the table", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_HW_MASK, BIT_SET, false },
		{ "the kernel's wish stays", ENTRY_REGION_KERNEL, BIT_CLEAR, ENTRY_HW_MASK, BIT_CLEAR, false },
		{ "HW1: a masked entry sends nothing", ENTRY_REGION_HW, BIT_SET, ENTRY_SENT, BIT_CLEAR, true },
		{ "a message proves the bit clear", ENTRY_REGION_HW, BIT_UNKNOWN, ENTRY_SENT, BIT_CLEAR, false },
		{ "reset masks", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_RESET, BIT_SET, false },
		{ "T19: what restore writes is not known", ENTRY_REGION_HW, BIT_SET, ENTRY_RESTORED, BIT_UNKNOWN,
			false },
		{ "T3: parked message", ENTRY_REGION_MESSAGE, MESSAGE_NONE, ENTRY_MESSAGE_PARKED, MESSAGE_PARKED,
			false },
		{ "T5: message zeroed", ENTRY_REGION_MESSAGE, MESSAGE_VECTOR, ENTRY_MESSAGE_ZERO, MESSAGE_NONE, false },
		{ "HW1: nothing held back, nothing pending", ENTRY_REGION_PENDING, BIT_CLEAR, ENTRY_RAISE, BIT_CLEAR,
			false },
		{ "HW1: unmasking sends what is pending", ENTRY_REGION_PENDING, BIT_SET, ENTRY_UNMASK, BIT_CLEAR,
			false },
	};
	static const struct expectation held[] = {
		{ "HW1: function mask holds", ENTRY_REGION_PENDING, BIT_CLEAR, ENTRY_RAISE, BIT_SET, false },
		{ "HW1: and goes on holding", ENTRY_REGION_PENDING, BIT_SET, ENTRY_UNMASK, BIT_UNKNOWN, false },
	};

	(void)state;
	CHECK(&msix_entry_component, list, &sending);
	CHECK(&msix_entry_component, held, &function_masked);
}

static void test_function_lets_pending_messages_go(void **state)
{
	static const struct msix_entry_view off = { BIT_SET, BIT_CLEAR, BIT_CLEAR }, on = { BIT_SET, BIT_CLEAR, BIT_SET };
	static const struct msi_message_view msi_off = { BIT_CLEAR, BIT_SET }, msi_on = { BIT_SET, BIT_SET };
	struct msix_entry_core entry = { component_unknown(&msix_entry_component) };
	struct msi_message_core msi = { component_unknown(&msi_message_component) };
	struct effects fx;

	(void)state;
	msix_entry_step(&entry, ENTRY_UNMASK, &off, &fx);
	msix_entry_step(&entry, ENTRY_RAISE, &off, &fx);
	assert_int_equal(msix_entry_state(entry, ENTRY_REGION_PENDING), BIT_SET);
	msix_entry_step(&entry, ENTRY_RELEASED, &on, &fx);
	assert_int_equal(msix_entry_state(entry, ENTRY_REGION_PENDING), BIT_CLEAR);
	assert_int_equal(fx.change[0].effect, ENTRY_EFFECT_SEND);
	msi_message_step(&msi, MSI_NO_MASK, &msi_off, &fx);
	msi_message_step(&msi, MSI_RAISE, &msi_off, &fx);
	msi_message_step(&msi, MSI_RELEASED, &msi_on, &fx);
	assert_int_equal(msi_message_state(msi, MSI_REGION_PENDING), BIT_CLEAR);
	assert_int_equal(fx.change[0].effect, MSI_EFFECT_SEND);
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
		{ "B6: but the function mask perhaps set", FN_REGION_FMASK, BIT_CLEAR, FN_ENABLE_FAILED, BIT_UNKNOWN,
			false },
		{ "T6: off", FN_REGION_ENABLE, BIT_SET, FN_DISABLED, BIT_CLEAR, false },
		{ "nothing is sent by what is off", FN_REGION_ENABLE, BIT_CLEAR, FN_SENT, BIT_SET, true },
		{ "nothing passes the function mask", FN_REGION_FMASK, BIT_SET, FN_SENT, BIT_CLEAR, true },
		{ "reset", FN_REGION_FMASK, BIT_SET, FN_RESET, BIT_CLEAR, false },
	};

	(void)state;
	CHECK(&msix_function_component, list, NULL);
}

static void test_functions_are_written_back(void **state)
{
	uint32_t msix = component_unknown(&msix_function_component), msi = component_unknown(&msi_function_component);
	struct effects fx;

	(void)state;
	component_step(&msix_function_component, &msix, FN_ENABLED, NULL, &fx);
	component_step(&msix_function_component, &msix, FN_RESET, NULL, &fx);
	assert_int_equal(core_get(msix, &msix_function_component.regions[FN_REGION_ENABLE]), BIT_CLEAR);
	component_step(&msix_function_component, &msix, FN_RESTORED, NULL, &fx);
	assert_int_equal(core_get(msix, &msix_function_component.regions[FN_REGION_ENABLE]), BIT_SET);
	assert_int_equal(core_get(msix, &msix_function_component.regions[FN_REGION_FMASK]), BIT_CLEAR);
	component_step(&msi_function_component, &msi, MSIFN_RESET, NULL, &fx);
	component_step(&msi_function_component, &msi, MSIFN_RESTORED, NULL, &fx);
	assert_int_equal(core_get(msi, &msi_function_component.regions[MSIFN_REGION_ENABLE]), BIT_UNKNOWN);
	component_step(&msi_function_component, &msi, MSIFN_ENABLED, NULL, &fx);
	component_step(&msi_function_component, &msi, MSIFN_RESET, NULL, &fx);
	component_step(&msi_function_component, &msi, MSIFN_RESTORED, NULL, &fx);
	assert_int_equal(core_get(msi, &msi_function_component.regions[MSIFN_REGION_ENABLE]), BIT_SET);
}

static void test_message_transitions(void **state)
{
	static const struct msi_message_view sending = { BIT_SET, BIT_SET }, off = { BIT_CLEAR, BIT_SET };
	static const struct msi_message_view no_master = { BIT_SET, BIT_CLEAR };
	static const struct expectation list[] = {
		{ "HW3: no mask bit, nothing to mask", MSI_REGION_HW, MSIMASK_ABSENT, MSI_MASK, MSIMASK_ABSENT, false },
		{ "HW3: nor by enabling", MSI_REGION_HW, MSIMASK_ABSENT, MSI_MASK_ALL, MSIMASK_ABSENT, false },
		{ "HW3: but somebody writes its bit", MSI_REGION_HW, MSIMASK_ABSENT, MSI_HW_MASK, MSIMASK_SET, true },
		{ "perhaps no mask bit", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_MASK, MSIMASK_UNKNOWN, false },
		{ "perhaps none, and unmasked", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_UNMASK, MSIMASK_UNKNOWN, false },
		{ "the copy has bits only where the register is", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_CACHED_MASKED,
			MSIMASK_SET, false },
		{ "may park: has a mask bit", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_HAS_MASK, MSIMASK_PRESENT, false },
		{ "may not: has none", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_NO_MASK, MSIMASK_ABSENT, false },
		{ "a register does not go away", MSI_REGION_HW, MSIMASK_SET, MSI_NO_MASK, MSIMASK_ABSENT, true },
		{ "T2: enable masks all", MSI_REGION_HW, MSIMASK_PRESENT, MSI_MASK_ALL, MSIMASK_SET, false },
		{ "T4: unmask", MSI_REGION_HW, MSIMASK_SET, MSI_UNMASK, MSIMASK_CLEAR, false },
		{ "T5: mask", MSI_REGION_HW, MSIMASK_CLEAR, MSI_MASK, MSIMASK_SET, false },
		{ "T6: disable leaves all unmasked", MSI_REGION_HW, MSIMASK_SET, MSI_UNMASK_ALL, MSIMASK_CLEAR, false },
		{ "HW1: a masked message is not sent", MSI_REGION_HW, MSIMASK_SET, MSI_SENT, MSIMASK_UNKNOWN, true },
		{ "reset unmasks", MSI_REGION_HW, MSIMASK_SET, MSI_RESET, MSIMASK_CLEAR, false },
		{ "T19: what is written back is not known", MSI_REGION_HW, MSIMASK_CLEAR, MSI_RESTORED,
			MSIMASK_PRESENT, false },
		{ "a hole hides the bit, not the register", MSI_REGION_HW, MSIMASK_SET, MSI_LOST, MSIMASK_PRESENT,
			false },
		{ "T3: parked", MSI_REGION_MESSAGE, MESSAGE_NONE, MSI_MESSAGE_PARKED, MESSAGE_PARKED, false },
		{ "T5: zeroed", MSI_REGION_MESSAGE, MESSAGE_VECTOR, MSI_MESSAGE_ZERO, MESSAGE_NONE, false },
		{ "HW1: unmasking sends what is pending", MSI_REGION_PENDING, BIT_SET, MSI_UNMASK, BIT_CLEAR, false },
		{ "HW1: nothing held back", MSI_REGION_PENDING, BIT_CLEAR, MSI_RAISE, BIT_CLEAR, false },
	};
	static const struct expectation held[] = {
		{ "HW1: held back", MSI_REGION_PENDING, BIT_CLEAR, MSI_RAISE, BIT_SET, false },
	};

	(void)state;
	CHECK(&msi_message_component, list, &sending);
	CHECK(&msi_message_component, held, &off);
	CHECK(&msi_message_component, held, &no_master);
}

static void test_pci_transitions(void **state)
{
	static const struct expectation list[] = {
		{ "command: bus master", PCI_REGION_MASTER, BIT_CLEAR, PCI_MASTER_ON, BIT_SET, false },
		{ "reset clears the command register", PCI_REGION_MASTER, BIT_SET, PCI_RESET, BIT_CLEAR, false },
		{ "and memory space", PCI_REGION_MEMORY, BIT_SET, PCI_RESET, BIT_CLEAR, false },
		{ "and INTx disable", PCI_REGION_INTX, BIT_SET, PCI_RESET, BIT_CLEAR, false },
		{ "T19: the command register came first", PCI_REGION_MASTER, BIT_SET, PCI_RESTORED, BIT_SET, false },
		{ "T19: seen or not", PCI_REGION_MASTER, BIT_CLEAR, PCI_RESTORED, BIT_UNKNOWN, false },
		{ "HW1: no message without bus mastering", PCI_REGION_MASTER, BIT_CLEAR, PCI_SENT, BIT_SET, true },
		{ "a message proves it on", PCI_REGION_MASTER, BIT_UNKNOWN, PCI_SENT, BIT_SET, false },
		{ "nor one in low power", PCI_REGION_POWER, POWER_LOW, PCI_SENT, POWER_D0, true },
		{ "reset takes the set-up", PCI_REGION_STATE, SETUP_CURRENT, PCI_RESET, SETUP_STALE, false },
		{ "T18: low power keeps a message back", PCI_REGION_STATE, SETUP_CURRENT, PCI_KEPT_BACK, SETUP_STALE,
			false },
		{ "T19: written back", PCI_REGION_STATE, SETUP_STALE, PCI_RESTORED, SETUP_CURRENT, false },
		{ "by whom ever", PCI_REGION_STATE, SETUP_STALE, PCI_SENT, SETUP_UNKNOWN, false },
		{ "driver taken away", PCI_REGION_DRIVER, BIT_SET, PCI_UNBOUND, BIT_CLEAR, false },
	};
	static const struct expectation pin[] = {
		{ "asserted", INTX_REGION_LINE, BIT_CLEAR, INTX_ASSERT, BIT_SET, false },
		{ "INTx disable lets go", INTX_REGION_LINE, BIT_SET, INTX_FORBID, BIT_CLEAR, false },
		{ "allowed as before", INTX_REGION_LINE, BIT_SET, INTX_ALLOW, BIT_SET, false },
		{ "reset", INTX_REGION_DISABLE, BIT_SET, INTX_RESET, BIT_CLEAR, false },
	};

	(void)state;
	CHECK(&pci_component, list, NULL);
	CHECK(&intx_component, pin, NULL);
}

static void test_disabled_pin_does_not_assert(void **state)
{
	uint32_t core = component_unknown(&intx_component);
	struct effects fx;
	bool told = false;

	(void)state;
	component_step(&intx_component, &core, INTX_FORBID, NULL, &fx);
	component_step(&intx_component, &core, INTX_ASSERT, NULL, &fx);
	for (unsigned i = 0; i < fx.nr; i++)
		told |= fx.change[i].effect == INTX_EFFECT_FORBIDDEN;
	assert_true(told);
	/* what it drives when it is allowed again depends on its cause */
	component_step(&intx_component, &core, INTX_ALLOW, NULL, &fx);
	assert_int_equal(core_get(core, &intx_component.regions[INTX_REGION_LINE]), BIT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_sound),
		cmocka_unit_test(test_check_finds_what_is_wrong),
		cmocka_unit_test(test_functions_are_closed),
		cmocka_unit_test(test_message_is_closed),
		cmocka_unit_test(test_entry_is_closed),
		cmocka_unit_test(test_irq_is_closed),
		cmocka_unit_test(test_vector_is_closed),
		cmocka_unit_test(test_irte_is_closed),
		cmocka_unit_test(test_kroute_is_closed),
		cmocka_unit_test(test_every_state_is_reached),
		cmocka_unit_test(test_irq_transitions),
		cmocka_unit_test(test_vector_transitions),
		cmocka_unit_test(test_affinity_is_busy_while_an_old_vector_is_there),
		cmocka_unit_test(test_irte_transitions),
		cmocka_unit_test(test_kroute_rows),
		cmocka_unit_test(test_kroute_order),
		cmocka_unit_test(test_entry_of_a_message),
		cmocka_unit_test(test_lazy_disable_holds_an_arrival),
		cmocka_unit_test(test_entry_transitions),
		cmocka_unit_test(test_function_lets_pending_messages_go),
		cmocka_unit_test(test_restore_after_unmask),
		cmocka_unit_test(test_function_transitions),
		cmocka_unit_test(test_functions_are_written_back),
		cmocka_unit_test(test_message_transitions),
		cmocka_unit_test(test_pci_transitions),
		cmocka_unit_test(test_disabled_pin_does_not_assert),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
