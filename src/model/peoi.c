/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An entry of the stack of EOIs that Xen owes a CPU's local APIC (xen/arch/x86/irq.c, struct pending_eoi). An irq that is
 * acknowledged by its guests' EOI stays in service meanwhile: do_IRQ_guest() pushes it. The EOI register ends the highest
 * vector in service, so that EOIs can be given from the top alone: an entry whose guests are done is marked ready
 * (set_eoi_ready()), and waits as long as one above it is not (flush_ready_eoi()). Xen's own irqs are handled with interrupts
 * on, and end at once where nothing came above them meanwhile; else they are put in their place as ready
 * (end_nonmaskable_irq(); before Xen 4.13 their EOI ended what stood above). A CPU that goes offline gives all its EOIs
 * (fixup_eoi()).
 *
 * The local APIC lets in only what is of a higher class than all in service, so that a stack has one entry a class at most,
 * ordered as it grows: the component is the entry of one class. And whatever is taken proves that nothing of its class or
 * above was in service any more.
 *
 * Nothing records a push or a pop: they follow from what is handled and from the guests' EOIs; what Xen's timer forces is
 * seen by what comes after it only.
 *
 * Not modelled: an irq on the stacks of several CPUs, between two moves (cpu_eoi_map), is an entry on each.
 */
#include "model/peoi.h"

#define B(sym) (UINT64_C(1) << PEOI_##sym)
#define TO(sym, to) [PEOI_##sym] = { .next = (to) }
#define DO(sym, to, what) [PEOI_##sym] = { .next = (to), .effect = PEOI_EFFECT_##what }

enum {
#define X(sym, width) PEOI_##sym##_SHIFT, PEOI_##sym##_END = PEOI_##sym##_SHIFT + (width) - 1,
	PEOI_REGIONS(X)
#undef X
};

static const char *const entry_names[NR_PEOI_ENTRIES] = { "illegal", "unknown", "absent", "handled by Xen", "waits", "ready" };
static const char *const effect_names[NR_PEOI_EFFECTS] = { "", "EOI to the local APIC", "ended unseen" };

enum { GUARD_ALWAYS, GUARD_ABOVE_ALL, GUARD_BELOW_TOP, GUARD_AT_TOP, NR_GUARDS };

static bool guard_above_all(uint32_t core, const void *view)
{
	const struct peoi_view *stack = view;

	(void)core;
	return stack->top < 0 || stack->vector >> LAPIC_CLASS_SHIFT > stack->top >> LAPIC_CLASS_SHIFT;
}

static bool guard_below_top(uint32_t core, const void *view)
{
	const struct peoi_view *stack = view;

	(void)core;
	return stack->top > stack->vector;
}

static bool guard_at_top(uint32_t core, const void *view)
{
	const struct peoi_view *stack = view;

	(void)core;
	return stack->top == stack->vector;
}

static const guard_fn guards[NR_GUARDS] = {
	[GUARD_ABOVE_ALL] = guard_above_all, [GUARD_BELOW_TOP] = guard_below_top, [GUARD_AT_TOP] = guard_at_top,
};
static const char *const guard_names[NR_GUARDS] = {
	"", "its class is above all on the stack", "another stands above it", "it is at the top",
};

static const struct cell entry_cells[NR_PEOI_ENTRIES][NR_PEOI_INPUTS] = {
	[PEOI_UNKNOWN] = {
		TO(PUSH, PEOI_WAITS), TO(HANDLE, PEOI_HANDLED), TO(INSERT, PEOI_IS_READY), TO(READY, PEOI_UNKNOWN),
		TO(FORCED, PEOI_UNKNOWN), TO(POP, PEOI_ABSENT), TO(PASSED, PEOI_ABSENT), TO(OFFLINE, PEOI_ABSENT), TO(LOST, PEOI_UNKNOWN),
	},
	[PEOI_ABSENT] = {
		[PEOI_PUSH] = { .next = PEOI_WAITS, .guard = GUARD_ABOVE_ALL },
		[PEOI_HANDLE] = { .next = PEOI_HANDLED, .guard = GUARD_ABOVE_ALL },
		/* of an irq whose handler is told of when it ends */
		[PEOI_INSERT] = { .next = PEOI_IS_READY, .guard = GUARD_BELOW_TOP },
		/* a guest may acknowledge what it was not given */
		TO(READY, PEOI_ABSENT), TO(FORCED, PEOI_ABSENT), TO(PASSED, PEOI_ABSENT), TO(OFFLINE, PEOI_ABSENT),
		TO(LOST, PEOI_UNKNOWN),
	},
	[PEOI_HANDLED] = {
		[PEOI_INSERT] = { .next = PEOI_IS_READY, .guard = GUARD_BELOW_TOP },
		[PEOI_POP] = { .next = PEOI_ABSENT, .guard = GUARD_AT_TOP, .effect = PEOI_EFFECT_EOI },
		DO(PASSED, PEOI_ABSENT, UNSEEN), TO(LOST, PEOI_UNKNOWN),
		TO(OFFLINE, PEOI_HANDLED),
	},
	[PEOI_WAITS] = {
		TO(READY, PEOI_IS_READY), TO(FORCED, PEOI_IS_READY), DO(PASSED, PEOI_ABSENT, UNSEEN),
		DO(OFFLINE, PEOI_ABSENT, EOI), TO(LOST, PEOI_UNKNOWN),
	},
	[PEOI_IS_READY] = {
		TO(READY, PEOI_IS_READY), TO(FORCED, PEOI_IS_READY), DO(PASSED, PEOI_ABSENT, UNSEEN),
		[PEOI_POP] = { .next = PEOI_ABSENT, .guard = GUARD_AT_TOP, .effect = PEOI_EFFECT_EOI },
		DO(OFFLINE, PEOI_ABSENT, EOI), TO(LOST, PEOI_UNKNOWN),
	},
};

static const char *const input_names[NR_PEOI_INPUTS] = {
#define X(sym, name) [PEOI_##sym] = name,
	PEOI_INPUTS(X)
#undef X
};

static const struct region regions[NR_PEOI_REGIONS] = {
	[PEOI_REGION_ENTRY] = {
		.name = "entry", .states = entry_names, .nr_states = NR_PEOI_ENTRIES, .shift = PEOI_ENTRY_SHIFT, .width = 3,
		.hot = true, .silent = true, .cells = &entry_cells[0][0],
		.listens = B(PUSH) | B(HANDLE) | B(INSERT) | B(READY) | B(FORCED) | B(POP) | B(PASSED) | B(OFFLINE) | B(LOST),
	},
};

const struct component peoi_component = {
	.name = "xen_eoi_entry", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_PEOI_REGIONS, .nr_inputs = NR_PEOI_INPUTS, .nr_effects = NR_PEOI_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned peoi_state(struct peoi_core core, enum peoi_region region)
{
	return core_get(core.bits, &regions[region]);
}

void peoi_step(struct peoi_core *core, enum peoi_input in, const struct peoi_view *view, struct effects *out)
{
	component_step(&peoi_component, &core->bits, in, view, out);
}
