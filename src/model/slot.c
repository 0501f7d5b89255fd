/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One vector of one CPU as the kernel keeps it: its bit of the vector matrix (kernel/irq/matrix.c) and its slot of
 * vector_irq[] (arch/x86/kernel/apic/vector.c).
 *
 * The matrix gives a vector out and takes it back. A bit that was set aside for a managed irq is given out and taken
 * back without becoming free for others. The slot has the irq from the choice of the vector on; clearing the irq's
 * vector leaves a mark that one late arrival is expected, which that arrival takes away; the old vector of a move is
 * simply left.
 *
 * Records of the matrix and of the slot are written under different locks, and one of them alone may be recorded: no
 * order between them is expected.
 *
 * Not modelled: bits that the system takes on all CPUs, the mark of an arrival that was sent again elsewhere.
 */
#include "model/slot.h"

#define B(sym) (UINT32_C(1) << SLOT_##sym)
#define TO(sym, to) [SLOT_##sym] = { .next = (to) }

enum {
#define X(sym, width) SLOT_##sym##_SHIFT, SLOT_##sym##_END = SLOT_##sym##_SHIFT + (width) - 1,
	SLOT_REGIONS(X)
#undef X
};

static const char *const bit_names[NR_SLOT_BITS] = {
	"illegal", "unknown", "free", "allocated", "managed", "managed, in use",
};
static const char *const owner_names[NR_SLOT_OWNERS] = { "illegal", "unknown", "unused", "owned", "shutdown" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

#define BIT_ROW(after_free) \
	{ TO(ALLOC, SLOT_BIT_ALLOCATED), TO(ALLOC_MANAGED, SLOT_BIT_MANAGED_USED), TO(ASSIGN, SLOT_BIT_ALLOCATED), \
	  TO(FREE, after_free), TO(RESERVE_MANAGED, SLOT_BIT_MANAGED), TO(REMOVE_MANAGED, SLOT_BIT_FREE), \
	  TO(LOST, SLOT_BIT_UNKNOWN) }

static const struct cell bit_cells[NR_SLOT_BITS][NR_SLOT_INPUTS] = {
	/* given back: to all, or to its managed irq */
	[SLOT_BIT_UNKNOWN] = BIT_ROW(SLOT_BIT_UNKNOWN), [SLOT_BIT_FREE] = BIT_ROW(SLOT_BIT_FREE),
	[SLOT_BIT_ALLOCATED] = BIT_ROW(SLOT_BIT_FREE), [SLOT_BIT_MANAGED] = BIT_ROW(SLOT_BIT_MANAGED),
	[SLOT_BIT_MANAGED_USED] = BIT_ROW(SLOT_BIT_MANAGED),
};

/* An arrival finds the irq, or takes the mark away. */
#define OWNER_ROW(arrived) \
	{ TO(ARRIVE, arrived), TO(OWN, SLOT_OWNED), TO(SHUT, SLOT_SHUTDOWN), TO(LEAVE, SLOT_UNUSED), TO(NO_HANDLER, SLOT_UNUSED), \
	  TO(LOST, SLOT_OWNER_UNKNOWN) }

static const struct cell owner_cells[NR_SLOT_OWNERS][NR_SLOT_INPUTS] = {
	[SLOT_OWNER_UNKNOWN] = OWNER_ROW(SLOT_OWNER_UNKNOWN), [SLOT_UNUSED] = OWNER_ROW(SLOT_UNUSED),
	[SLOT_OWNED] = OWNER_ROW(SLOT_OWNED), [SLOT_SHUTDOWN] = OWNER_ROW(SLOT_UNUSED),
};

static const char *const input_names[NR_SLOT_INPUTS] = {
#define X(sym, name) [SLOT_##sym] = name,
	SLOT_INPUTS(X)
#undef X
};

static const struct region regions[NR_SLOT_REGIONS] = {
	[SLOT_REGION_BIT] = {
		.name = "bit", .states = bit_names, .nr_states = NR_SLOT_BITS, .shift = SLOT_BIT_SHIFT, .width = 3,
		.cells = &bit_cells[0][0],
		.listens = B(ALLOC) | B(ALLOC_MANAGED) | B(ASSIGN) | B(FREE) | B(RESERVE_MANAGED) | B(REMOVE_MANAGED) | B(LOST),
	},
	[SLOT_REGION_OWNER] = {
		.name = "owner", .states = owner_names, .nr_states = NR_SLOT_OWNERS, .shift = SLOT_OWNER_SHIFT, .width = 3,
		.cells = &owner_cells[0][0], .listens = B(ARRIVE) | B(OWN) | B(SHUT) | B(LEAVE) | B(NO_HANDLER) | B(LOST),
	},
};

const struct component slot_component = {
	.name = "vector_slot", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_SLOT_REGIONS, .nr_inputs = NR_SLOT_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned slot_state(struct slot_core core, enum slot_region region)
{
	return core_get(core.bits, &regions[region]);
}

void slot_step(struct slot_core *core, enum slot_input in, struct effects *out)
{
	component_step(&slot_component, &core->bits, in, NULL, out);
}
