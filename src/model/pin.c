/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pin of an IO-APIC and its redirection entry (Intel 82093AA data sheet, "IOREDTBL"; Linux
 * arch/x86/kernel/apic/io_apic.c).
 *
 * A level pin sends its message while it is unmasked, its line asserted and remote IRR clear; acceptance sets remote IRR,
 * an EOI with the entry's vector clears it, and if the line is still asserted then, the message is sent again. Where the
 * entry got another vector in between, the EOI does not match: remote IRR stays set and the line is dead until the EOI
 * register is written or the entry is switched to edge and back. An edge pin sends one message for an edge; an edge
 * that comes while it is masked may be lost.
 *
 * The mask bit is kept twice, as for MSI-X entries: what the entry holds and what the kernel last asked for.
 *
 * QEMU and KVM put off sending again, by 10 ms, what was still asserted at 10000 EOIs in a row.
 *
 * Not modelled: delivery status, polarity as such (the line is asserted or not), two pins that share a vector.
 */
#include "model/pin.h"

#define B(sym) (UINT64_C(1) << PIN_##sym)
#define TO(sym, to) [PIN_##sym] = { .next = (to) }

enum {
#define X(sym, width) PIN_##sym##_SHIFT, PIN_##sym##_END = PIN_##sym##_SHIFT + (width) - 1,
	PIN_REGIONS(X)
#undef X
};

static const char *const mask_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const bit_names[NR_BIT_STATES] = { "illegal", "unknown", "clear", "set" };
static const char *const line_names[NR_BIT_STATES] = { "illegal", "unknown", "deasserted", "asserted" };
static const char *const trigger_names[NR_TRIGGERS] = { "illegal", "unknown", "edge", "level" };
static const char *const again_names[NR_AGAINS] = { "illegal", "unknown", "at once", "put off" };
static const char *const route_names[NR_ROUTES] = { "illegal", "unknown", "steady", "moved" };

enum { GUARD_ALWAYS, GUARD_NOT_MOVED, GUARD_LEVEL_WAITS, GUARD_EDGE_MASKED, GUARD_IN_SERVICE, GUARD_LEVEL_OPEN, GUARD_OPEN, NR_GUARDS };

static unsigned get(uint32_t core, unsigned shift)
{
	return core >> shift & 3;
}

static bool guard_not_moved(uint32_t core, const void *view)
{
	(void)view;
	return get(core, PIN_ROUTE_SHIFT) != ROUTE_MOVED;
}

/* The line is still asserted when the way is free again: the message goes out at once. */
static bool guard_level_waits(uint32_t core, const void *view)
{
	(void)view;
	return get(core, PIN_TRIGGER_SHIFT) == TRIGGER_LEVEL && get(core, PIN_LINE_SHIFT) == BIT_SET &&
	       get(core, PIN_HW_SHIFT) == BIT_CLEAR && get(core, PIN_ROUTE_SHIFT) != ROUTE_MOVED;
}

static bool guard_edge_masked(uint32_t core, const void *view)
{
	(void)view;
	return get(core, PIN_TRIGGER_SHIFT) == TRIGGER_EDGE && get(core, PIN_HW_SHIFT) == BIT_SET;
}

static bool guard_in_service(uint32_t core, const void *view)
{
	(void)view;
	return get(core, PIN_IRR_SHIFT) == BIT_SET;
}

/* The message of an edge leaves. */
static bool guard_open(uint32_t core, const void *view)
{
	(void)view;
	return get(core, PIN_HW_SHIFT) == BIT_CLEAR;
}

/* That of a level leaves as soon as remote IRR is clear. */
static bool guard_level_open(uint32_t core, const void *view)
{
	return get(core, PIN_TRIGGER_SHIFT) == TRIGGER_LEVEL && guard_open(core, view);
}

static const guard_fn guards[NR_GUARDS] = {
	[GUARD_LEVEL_OPEN] = guard_level_open, [GUARD_OPEN] = guard_open,
	[GUARD_NOT_MOVED] = guard_not_moved, [GUARD_LEVEL_WAITS] = guard_level_waits,
	[GUARD_EDGE_MASKED] = guard_edge_masked, [GUARD_IN_SERVICE] = guard_in_service,
};
static const char *const guard_names[NR_GUARDS] = {
	"", "vector as accepted", "level line waits", "edge while masked", "remote IRR set", "level, unmasked", "unmasked",
};
static const char *const effect_names[NR_PIN_EFFECTS] = {
	"", "message sent again", "EOI does not match", "edge lost", "message sent",
};

#define HW_ROW \
	TO(MASK, BIT_SET), TO(UNMASK, BIT_CLEAR), TO(RTE_MASKED, BIT_SET), TO(RTE_UNMASKED, BIT_CLEAR), TO(RESET, BIT_SET), \
	TO(LOST, BIT_UNKNOWN)

static const struct cell hw_cells[NR_BIT_STATES][NR_PIN_INPUTS] = {
	[BIT_UNKNOWN] = { HW_ROW, TO(SENT, BIT_CLEAR) }, [BIT_CLEAR] = { HW_ROW, TO(SENT, BIT_CLEAR) }, [BIT_SET] = { HW_ROW },
};

#define KERNEL_ROW { TO(MASK, BIT_SET), TO(UNMASK, BIT_CLEAR), TO(RESET, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN) }

static const struct cell kernel_cells[NR_BIT_STATES][NR_PIN_INPUTS] = {
	[BIT_UNKNOWN] = KERNEL_ROW, [BIT_CLEAR] = KERNEL_ROW, [BIT_SET] = KERNEL_ROW,
};

#define TRIGGER_ROW(...) \
	{ TO(RTE_EDGE, TRIGGER_EDGE), TO(RTE_LEVEL, TRIGGER_LEVEL), TO(RESET, TRIGGER_EDGE), TO(LOST, TRIGGER_UNKNOWN), \
	  __VA_ARGS__ }

static const struct cell trigger_cells[NR_TRIGGERS][NR_PIN_INPUTS] = {
	[TRIGGER_UNKNOWN] = TRIGGER_ROW(TO(RAISE, TRIGGER_UNKNOWN)),
	[TRIGGER_EDGE] = TRIGGER_ROW(
		[PIN_RAISE] = { .next = TRIGGER_EDGE, .guard = GUARD_OPEN, .otherwise = TRIGGER_EDGE, .effect = PIN_EFFECT_MESSAGE }),
	[TRIGGER_LEVEL] = TRIGGER_ROW(TO(RAISE, TRIGGER_LEVEL)),
};

#define IRR_SEEN \
	TO(IRR_SET, BIT_SET), TO(IRR_CLEAR, BIT_CLEAR), TO(ACCEPT, BIT_SET), TO(EOI_PIN, BIT_CLEAR), TO(RTE_EDGE, BIT_CLEAR), \
	TO(RESET, BIT_CLEAR), TO(LOST, BIT_UNKNOWN)

static const struct cell irr_cells[NR_BIT_STATES][NR_PIN_INPUTS] = {
	[BIT_UNKNOWN] = {
		IRR_SEEN, TO(EOI_OTHER, BIT_UNKNOWN), TO(RAISE, BIT_UNKNOWN),
		[PIN_EOI] = { .next = BIT_CLEAR, .guard = GUARD_NOT_MOVED, .otherwise = BIT_UNKNOWN },
	},
	[BIT_CLEAR] = {
		IRR_SEEN, TO(EOI, BIT_CLEAR), TO(EOI_OTHER, BIT_CLEAR),
		/* set only when a local APIC takes it */
		[PIN_RAISE] = { .next = BIT_CLEAR, .guard = GUARD_LEVEL_OPEN, .otherwise = BIT_CLEAR, .effect = PIN_EFFECT_MESSAGE },
	},
	[BIT_SET] = {
		/* emulators log the acceptance again while it is coalesced */
		IRR_SEEN, TO(RAISE, BIT_SET), [PIN_EOI_OTHER] = { .next = BIT_SET, .effect = PIN_EFFECT_STUCK },
		[PIN_EOI] = { .next = BIT_CLEAR, .guard = GUARD_NOT_MOVED, .otherwise = BIT_SET },
	},
};

static const struct cell line_cells[NR_BIT_STATES][NR_PIN_INPUTS] = {
	[BIT_UNKNOWN] = {
		[PIN_RAISE] = { .next = BIT_SET, .guard = GUARD_EDGE_MASKED, .otherwise = BIT_SET, .effect = PIN_EFFECT_LOST_EDGE },
		TO(LOWER, BIT_CLEAR), TO(RESET, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN), TO(EOI, BIT_UNKNOWN),
	},
	[BIT_CLEAR] = {
		[PIN_RAISE] = { .next = BIT_SET, .guard = GUARD_EDGE_MASKED, .otherwise = BIT_SET, .effect = PIN_EFFECT_LOST_EDGE },
		TO(LOWER, BIT_CLEAR), TO(RESET, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN), TO(EOI, BIT_CLEAR),
	},
	[BIT_SET] = {
		TO(RAISE, BIT_SET), TO(LOWER, BIT_CLEAR), TO(RESET, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN),
		[PIN_EOI] = { .next = BIT_SET, .guard = GUARD_LEVEL_WAITS, .otherwise = BIT_SET, .effect = PIN_EFFECT_SEND },
	},
};

#define ROUTE_SET TO(ACCEPT, ROUTE_STEADY), TO(EOI_PIN, ROUTE_STEADY), TO(RESET, ROUTE_STEADY), TO(LOST, ROUTE_UNKNOWN)
#define ROUTE_MOVES [PIN_RTE_MOVED] = { .next = ROUTE_MOVED, .guard = GUARD_IN_SERVICE, .otherwise = ROUTE_STEADY }

static const struct cell route_cells[NR_ROUTES][NR_PIN_INPUTS] = {
	[ROUTE_UNKNOWN] = { ROUTE_SET, ROUTE_MOVES, TO(RTE_SAME, ROUTE_UNKNOWN), TO(IRR_CLEAR, ROUTE_STEADY) },
	[ROUTE_STEADY] = { ROUTE_SET, ROUTE_MOVES, TO(RTE_SAME, ROUTE_STEADY), TO(IRR_CLEAR, ROUTE_STEADY) },
	[ROUTE_MOVED] = { ROUTE_SET, TO(RTE_MOVED, ROUTE_MOVED), TO(RTE_SAME, ROUTE_MOVED), TO(IRR_CLEAR, ROUTE_STEADY) },
};

/* The timer itself leaves no record: what it sends does. That nothing is put off is news only behind that. */
#define AGAIN_ROW(otherwise) \
	{ TO(PUT_OFF, AGAIN_PUT_OFF), TO(IRR_SET, otherwise), TO(ACCEPT, otherwise), TO(LOWER, otherwise), \
	  TO(RESET, AGAIN_UNKNOWN), TO(LOST, AGAIN_UNKNOWN) }

static const struct cell again_cells[NR_AGAINS][NR_PIN_INPUTS] = {
	[AGAIN_UNKNOWN] = AGAIN_ROW(AGAIN_UNKNOWN), [AGAIN_AT_ONCE] = AGAIN_ROW(AGAIN_AT_ONCE),
	[AGAIN_PUT_OFF] = AGAIN_ROW(AGAIN_AT_ONCE),
};

static const char *const input_names[NR_PIN_INPUTS] = {
#define X(sym, name) [PIN_##sym] = name,
	PIN_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, ...) \
	[PIN_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = PIN_##sym##_SHIFT, .width = 2, __VA_ARGS__ }

static const struct region regions[NR_PIN_REGIONS] = {
	REGION(HW, "mask", mask_names, NR_BIT_STATES, .cells = &hw_cells[0][0],
	       .listens = B(MASK) | B(UNMASK) | B(RTE_MASKED) | B(RTE_UNMASKED) | B(SENT) | B(RESET) | B(LOST)),
	REGION(KERNEL, "kernel_mask", mask_names, NR_BIT_STATES, .cells = &kernel_cells[0][0],
	       .listens = B(MASK) | B(UNMASK) | B(RESET) | B(LOST)),
	REGION(TRIGGER, "trigger", trigger_names, NR_TRIGGERS, .cells = &trigger_cells[0][0],
	       .listens = B(RTE_EDGE) | B(RTE_LEVEL) | B(RAISE) | B(RESET) | B(LOST)),
	REGION(IRR, "remote_irr", bit_names, NR_BIT_STATES, .cells = &irr_cells[0][0], .hot = true,
	       .listens = B(IRR_SET) | B(IRR_CLEAR) | B(ACCEPT) | B(EOI) | B(EOI_OTHER) | B(EOI_PIN) | B(RAISE) | B(RTE_EDGE) | B(RESET) |
			  B(LOST)),
	REGION(LINE, "line", line_names, NR_BIT_STATES, .cells = &line_cells[0][0], .hot = true,
	       .listens = B(RAISE) | B(LOWER) | B(EOI) | B(RESET) | B(LOST)),
	REGION(ROUTE, "route", route_names, NR_ROUTES, .cells = &route_cells[0][0], .hot = true,
	       .listens = B(RTE_SAME) | B(RTE_MOVED) | B(ACCEPT) | B(EOI_PIN) | B(IRR_CLEAR) | B(RESET) | B(LOST)),
	REGION(AGAIN, "again", again_names, NR_AGAINS, .cells = &again_cells[0][0],
	       .listens = B(PUT_OFF) | B(IRR_SET) | B(ACCEPT) | B(LOWER) | B(RESET) | B(LOST)),
};

const struct component pin_component = {
	.name = "ioapic_pin", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_PIN_REGIONS, .nr_inputs = NR_PIN_INPUTS, .nr_effects = NR_PIN_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned pin_state(struct pin_core core, enum pin_region region)
{
	return core_get(core.bits, &regions[region]);
}

void pin_step(struct pin_core *core, enum pin_input in, struct effects *out)
{
	component_step(&pin_component, &core->bits, in, NULL, out);
}
