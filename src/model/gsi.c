/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A GSI as Xen knows it (xen/arch/x86/mpparse.c mp_register_gsi(), io_apic.c). It is registered once, with trigger and
 * polarity: by the dom0's hypercall, or, in a PVH dom0, by the first unmask of the virtual IO-APIC's pin; mapping a pirq to
 * it needs it registered. A device that is given to a guest needs that done, whether dom0 ever used it or not; where it is
 * not, the toolstack's request for the guest's permission is refused (-EPERM).
 *
 * Registering writes the entry of its pin, vector and all: one whose vector is 0 in a dump was not registered before.
 *
 * The irq of Xen that a GSI has is that of the same number: these alone of all its numbers coincide by construction.
 *
 * Not modelled: a registration with another trigger than the line has.
 */
#include "model/gsi.h"

#define B(sym) (UINT64_C(1) << GSI_##sym)
#define TO(sym, to) [GSI_##sym] = { .next = (to) }

enum {
#define X(sym, width) GSI_##sym##_SHIFT, GSI_##sym##_END = GSI_##sym##_SHIFT + (width) - 1,
	GSI_REGIONS(X)
#undef X
};

static const char *const yes_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

/* A registration may be refused because there is one already: what it was stays. */
#define SETUP_ROW(as_it_was) \
	{ TO(REGISTERED, BIT_SET), TO(SETUP_FAILED, as_it_was), TO(MAPPED, BIT_SET), TO(ASSIGNED, BIT_SET), TO(REFUSED, BIT_CLEAR), \
	  TO(UNUSED, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell setup_cells[NR_BIT_STATES][NR_GSI_INPUTS] = {
	[BIT_UNKNOWN] = SETUP_ROW(BIT_UNKNOWN), [BIT_CLEAR] = SETUP_ROW(BIT_CLEAR),
	/* refused for another reason */
	[BIT_SET] = {
		TO(REGISTERED, BIT_SET), TO(SETUP_FAILED, BIT_SET), TO(MAPPED, BIT_SET), TO(ASSIGNED, BIT_SET), TO(REFUSED, BIT_SET),
		/* the vector goes with the last guest that has it mapped, the registration stays */
		TO(UNUSED, BIT_SET), TO(LOST, BIT_UNKNOWN),
	},
};

#define WANTED_ROW { TO(GIVEN, BIT_SET), TO(TAKEN_BACK, BIT_CLEAR), TO(REFUSED, BIT_SET), TO(LOST, BIT_UNKNOWN) }

static const struct cell wanted_cells[NR_BIT_STATES][NR_GSI_INPUTS] = {
	[BIT_UNKNOWN] = WANTED_ROW, [BIT_CLEAR] = WANTED_ROW, [BIT_SET] = WANTED_ROW,
};

static const char *const input_names[NR_GSI_INPUTS] = {
#define X(sym, name) [GSI_##sym] = name,
	GSI_INPUTS(X)
#undef X
};

static const struct region regions[NR_GSI_REGIONS] = {
	[GSI_REGION_SETUP] = {
		.name = "registered", .states = yes_names, .nr_states = NR_BIT_STATES, .shift = GSI_SETUP_SHIFT, .width = 2,
		.cells = &setup_cells[0][0],
		.listens = B(REGISTERED) | B(SETUP_FAILED) | B(MAPPED) | B(ASSIGNED) | B(REFUSED) | B(UNUSED) | B(LOST),
	},
	[GSI_REGION_WANTED] = {
		.name = "wanted", .states = yes_names, .nr_states = NR_BIT_STATES, .shift = GSI_WANTED_SHIFT, .width = 2,
		.cells = &wanted_cells[0][0], .listens = B(GIVEN) | B(TAKEN_BACK) | B(REFUSED) | B(LOST),
	},
};

const struct component gsi_component = {
	.name = "gsi", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_GSI_REGIONS, .nr_inputs = NR_GSI_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned gsi_state(struct gsi_core core, enum gsi_region region)
{
	return core_get(core.bits, &regions[region]);
}

void gsi_step(struct gsi_core *core, enum gsi_input in, struct effects *out)
{
	component_step(&gsi_component, &core->bits, in, NULL, out);
}
