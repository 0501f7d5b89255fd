/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One vector in one local APIC (Intel SDM vol. 3A, "Handling Interrupts", "Interrupt, Task, and Processor Priority").
 *
 * Acceptance of a fixed or lowest-priority message sets the vector's IRR bit, and the TMR bit to its trigger mode.
 * There is one IRR bit: what is accepted while it is set is merged with what waits. The vector is dispatched, IRR bit to
 * ISR bit, when its class is above that of the processor priority, which is at least that of the highest vector in
 * service; until its EOI a vector so keeps back its whole class and all classes below. The EOI register clears the
 * highest ISR bit; where the TMR bit is set, the EOI goes to all IO-APICs.
 *
 * Idle is IRR and ISR clear, pending is IRR set, serviced is ISR set, and both may be set at once.
 *
 * Few captures show all of this: a processor that runs a guest with virtual interrupt delivery leaves out what it
 * does itself, and Linux records no EOI beside its chips' acknowledgements. A bit whose end is not recorded would stay
 * set for ever, so that it is believed only once the record that ends it has been seen of that vector.
 *
 * Not modelled: the task priority register, suppression of the EOI broadcast (SVR bit 12), the local vector table,
 * NMI, SMI, INIT and ExtINT, which have no IRR bit.
 */
#include "model/lapic.h"

#define B(sym) (UINT32_C(1) << LAPIC_##sym)
#define TO(sym, to) [LAPIC_##sym] = { .next = (to) }

enum {
#define X(sym, width) LAPIC_##sym##_SHIFT, LAPIC_##sym##_END = LAPIC_##sym##_SHIFT + (width) - 1,
	LAPIC_REGIONS(X)
#undef X
};

static const char *const bit_names[NR_BIT_STATES] = { "illegal", "unknown", "clear", "set" };

enum { GUARD_ALWAYS, GUARD_ACCEPTS, GUARD_DISPATCHES, GUARD_EOIS, GUARD_BLOCKED, GUARD_OUTRANKS, GUARD_ISR_SET, NR_GUARDS };

static bool guard_accepts(uint32_t core, const void *view)
{
	(void)core;
	return ((const struct lapic_view *)view)->accepts;
}

static bool guard_dispatches(uint32_t core, const void *view)
{
	(void)core;
	return ((const struct lapic_view *)view)->dispatches;
}

static bool guard_eois(uint32_t core, const void *view)
{
	(void)core;
	return ((const struct lapic_view *)view)->eois;
}

static bool guard_outranks(uint32_t core, const void *view)
{
	const struct lapic_view *lapic = view;

	(void)core;
	return lapic->in_service < 0 || lapic->vector >> LAPIC_CLASS_SHIFT > lapic->in_service >> LAPIC_CLASS_SHIFT;
}

static bool guard_blocked(uint32_t core, const void *view)
{
	return !guard_outranks(core, view);
}

static bool guard_isr_set(uint32_t core, const void *view)
{
	(void)view;
	return (core >> LAPIC_ISR_SHIFT & 3) == BIT_SET;
}

static const guard_fn guards[NR_GUARDS] = {
	[GUARD_ACCEPTS] = guard_accepts, [GUARD_DISPATCHES] = guard_dispatches, [GUARD_EOIS] = guard_eois,
	[GUARD_BLOCKED] = guard_blocked, [GUARD_OUTRANKS] = guard_outranks, [GUARD_ISR_SET] = guard_isr_set,
};
static const char *const guard_names[NR_GUARDS] = {
	"", "its acceptances are recorded", "its dispatches are recorded", "its EOIs are recorded",
	"its class or a higher one is in service", "its class is above all in service", "in service",
};
static const char *const effect_names[NR_LAPIC_EFFECTS] = {
	"", "merged with the one that waits", "waits for an EOI", "EOI to all IO-APICs",
};

#define IRR_ACCEPTS(...) \
	[LAPIC_ACCEPT_EDGE] = { __VA_ARGS__ }, [LAPIC_ACCEPT_LEVEL] = { __VA_ARGS__ }, [LAPIC_ACCEPT] = { __VA_ARGS__ }

static const struct cell irr_cells[NR_BIT_STATES][NR_LAPIC_INPUTS] = {
	[BIT_UNKNOWN] = {
		IRR_ACCEPTS(.next = BIT_SET, .guard = GUARD_DISPATCHES, .otherwise = BIT_UNKNOWN),
		[LAPIC_MERGED] = { .next = BIT_SET, .guard = GUARD_DISPATCHES, .otherwise = BIT_UNKNOWN },
		[LAPIC_DISPATCH] = { .next = BIT_CLEAR, .guard = GUARD_ACCEPTS, .otherwise = BIT_UNKNOWN },
		TO(ENTER, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN),
	},
	[BIT_CLEAR] = {
		IRR_ACCEPTS(.next = BIT_SET, .guard = GUARD_BLOCKED, .otherwise = BIT_SET, .effect = LAPIC_EFFECT_WAITS),
		TO(ENTER, BIT_CLEAR), TO(LOST, BIT_UNKNOWN),
	},
	[BIT_SET] = {
		IRR_ACCEPTS(.next = BIT_SET, .effect = LAPIC_EFFECT_COALESCED),
		[LAPIC_MERGED] = { .next = BIT_SET, .effect = LAPIC_EFFECT_COALESCED },
		[LAPIC_DISPATCH] = { .next = BIT_CLEAR, .guard = GUARD_OUTRANKS },
		/* where the dispatch was not seen, the entry follows it: what is set now may be the next one */
		[LAPIC_ENTER] = { .next = BIT_SET, .guard = GUARD_ISR_SET, .otherwise = BIT_UNKNOWN },
		TO(LOST, BIT_UNKNOWN),
	},
};

/* Serviced until its EOI, as far as that will be seen. */
#define ISR_BEGINS .next = BIT_SET, .guard = GUARD_EOIS, .otherwise = BIT_UNKNOWN

static const struct cell isr_cells[NR_BIT_STATES][NR_LAPIC_INPUTS] = {
	[BIT_UNKNOWN] = {
		[LAPIC_DISPATCH] = { ISR_BEGINS }, [LAPIC_ENTER] = { ISR_BEGINS }, TO(LOST, BIT_UNKNOWN),
		[LAPIC_EOI] = { .next = BIT_CLEAR, .guard = GUARD_DISPATCHES, .otherwise = BIT_UNKNOWN },
	},
	[BIT_CLEAR] = { [LAPIC_DISPATCH] = { ISR_BEGINS }, [LAPIC_ENTER] = { ISR_BEGINS }, TO(LOST, BIT_UNKNOWN) },
	[BIT_SET] = { TO(ENTER, BIT_SET), TO(EOI, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) },
};

#define TMR_SET_BY TO(ACCEPT_EDGE, BIT_CLEAR), TO(ACCEPT_LEVEL, BIT_SET), TO(ACCEPT, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN)

static const struct cell tmr_cells[NR_BIT_STATES][NR_LAPIC_INPUTS] = {
	[BIT_UNKNOWN] = { TMR_SET_BY, TO(EOI, BIT_UNKNOWN) },
	[BIT_CLEAR] = { TMR_SET_BY, TO(EOI, BIT_CLEAR) },
	[BIT_SET] = { TMR_SET_BY, [LAPIC_EOI] = { .next = BIT_SET, .effect = LAPIC_EFFECT_BROADCAST } },
};

static const char *const input_names[NR_LAPIC_INPUTS] = {
#define X(sym, name) [LAPIC_##sym] = name,
	LAPIC_INPUTS(X)
#undef X
};

#define REGION(sym, text, ...) \
	[LAPIC_REGION_##sym] = { .name = text, .states = bit_names, .nr_states = NR_BIT_STATES, \
				 .shift = LAPIC_##sym##_SHIFT, .width = 2, .hot = true, __VA_ARGS__ }
#define ACCEPTS (B(ACCEPT_EDGE) | B(ACCEPT_LEVEL) | B(ACCEPT))

static const struct region regions[NR_LAPIC_REGIONS] = {
	REGION(IRR, "irr", .cells = &irr_cells[0][0], .listens = ACCEPTS | B(MERGED) | B(DISPATCH) | B(ENTER) | B(LOST)),
	REGION(ISR, "isr", .cells = &isr_cells[0][0], .listens = B(DISPATCH) | B(ENTER) | B(EOI) | B(LOST)),
	REGION(TMR, "tmr", .cells = &tmr_cells[0][0], .listens = ACCEPTS | B(EOI) | B(LOST)),
};

const struct component lapic_component = {
	.name = "lapic_vector", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_LAPIC_REGIONS, .nr_inputs = NR_LAPIC_INPUTS,
	.nr_effects = NR_LAPIC_EFFECTS, .nr_guards = NR_GUARDS,
};

unsigned lapic_state(struct lapic_core core, enum lapic_region region)
{
	return core_get(core.bits, &regions[region]);
}

void lapic_step(struct lapic_core *core, enum lapic_input in, const struct lapic_view *view, struct effects *out)
{
	component_step(&lapic_component, &core->bits, in, view, out);
}
