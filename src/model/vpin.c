/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An entry of a domain's virtual IO-APIC, as Xen keeps it for HVM guests and a PVH dom0 (xen/arch/x86/hvm/vioapic.c
 * vioapic_write_redirent(), vioapic_update_EOI()). It is data of Xen's: the hardware's entry is another one (pin.c). What
 * the hardware domain unmasks is registered with Xen, mapped and bound at that moment (vioapic_hwdom_map_gsi()), unless the
 * GSI is registered already: then nothing of this happens (-EEXIST is taken for success). Later changes of trigger and
 * polarity do not reach the hardware.
 *
 * A level interrupt that was given sets remote IRR, the guest's EOI of its vector clears it, and so does a write that makes
 * the entry an edge one (4.16 and later, an EOI as well).
 *
 * Not modelled: how many devices assert the line, which nothing records; destination and vector, which lead to no object of
 * Xen's.
 */
#include "model/vpin.h"

#define B(sym) (UINT64_C(1) << VPIN_##sym)
#define TO(sym, to) [VPIN_##sym] = { .next = (to) }

enum {
#define X(sym, width) VPIN_##sym##_SHIFT, VPIN_##sym##_END = VPIN_##sym##_SHIFT + (width) - 1,
	VPIN_REGIONS(X)
#undef X
};

static const char *const mask_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const trigger_names[] = { "illegal", "unknown", "edge", "level" };
static const char *const irr_names[NR_BIT_STATES] = { "illegal", "unknown", "clear", "set" };
static const char *const effect_names[NR_VPIN_EFFECTS] = { "", "unmasked" };

enum { GUARD_ALWAYS, GUARD_LEVEL, NR_GUARDS };

static bool guard_level(uint32_t core, const void *view)
{
	(void)view;
	return (core >> VPIN_TRIGGER_SHIFT & 3) == TRIGGER_LEVEL;
}

static const guard_fn guards[NR_GUARDS] = { [GUARD_LEVEL] = guard_level };
static const char *const guard_names[NR_GUARDS] = { "", "level" };

#define UNMASKS [VPIN_WRITE_UNMASKED] = { .next = BIT_CLEAR, .effect = VPIN_EFFECT_UNMASK }

static const struct cell mask_cells[NR_BIT_STATES][NR_VPIN_INPUTS] = {
	[BIT_UNKNOWN] = { TO(WRITE_MASKED, BIT_SET), UNMASKS, TO(LOST, BIT_UNKNOWN) },
	[BIT_CLEAR] = { TO(WRITE_MASKED, BIT_SET), TO(WRITE_UNMASKED, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) },
	[BIT_SET] = { TO(WRITE_MASKED, BIT_SET), UNMASKS, TO(LOST, BIT_UNKNOWN) },
};

#define TRIGGER_ROW { TO(WRITE_EDGE, TRIGGER_EDGE), TO(WRITE_LEVEL, TRIGGER_LEVEL), TO(LOST, TRIGGER_UNKNOWN) }

static const struct cell trigger_cells[][NR_VPIN_INPUTS] = {
	[TRIGGER_UNKNOWN] = TRIGGER_ROW, [TRIGGER_EDGE] = TRIGGER_ROW, [TRIGGER_LEVEL] = TRIGGER_ROW,
};

/* What comes while it waits for an EOI is the same line, still asserted. */
#define IRR_ROW(as_it_was) \
	{ [VPIN_GIVEN] = { .next = BIT_SET, .guard = GUARD_LEVEL, .otherwise = as_it_was }, TO(EOI, BIT_CLEAR), \
	  TO(WRITE_EDGE, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell irr_cells[NR_BIT_STATES][NR_VPIN_INPUTS] = {
	[BIT_UNKNOWN] = IRR_ROW(BIT_UNKNOWN), [BIT_CLEAR] = IRR_ROW(BIT_CLEAR), [BIT_SET] = IRR_ROW(BIT_SET),
};

static const char *const input_names[NR_VPIN_INPUTS] = {
#define X(sym, name) [VPIN_##sym] = name,
	VPIN_INPUTS(X)
#undef X
};

static const struct region regions[NR_VPIN_REGIONS] = {
	[VPIN_REGION_MASK] = {
		.name = "mask", .states = mask_names, .nr_states = NR_BIT_STATES, .shift = VPIN_MASK_SHIFT, .width = 2,
		.cells = &mask_cells[0][0], .listens = B(WRITE_MASKED) | B(WRITE_UNMASKED) | B(LOST),
	},
	[VPIN_REGION_TRIGGER] = {
		.name = "trigger", .states = trigger_names, .nr_states = 4, .shift = VPIN_TRIGGER_SHIFT, .width = 2,
		.cells = &trigger_cells[0][0], .listens = B(WRITE_EDGE) | B(WRITE_LEVEL) | B(LOST),
	},
	[VPIN_REGION_IRR] = {
		.name = "remote_irr", .states = irr_names, .nr_states = NR_BIT_STATES, .shift = VPIN_IRR_SHIFT, .width = 2, .hot = true,
		.silent = true, .cells = &irr_cells[0][0], .listens = B(GIVEN) | B(EOI) | B(WRITE_EDGE) | B(LOST),
	},
};

const struct component vpin_component = {
	.name = "vpin", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_VPIN_REGIONS, .nr_inputs = NR_VPIN_INPUTS, .nr_effects = NR_VPIN_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned vpin_state(struct vpin_core core, enum vpin_region region)
{
	return core_get(core.bits, &regions[region]);
}

void vpin_step(struct vpin_core *core, enum vpin_input in, struct effects *out)
{
	component_step(&vpin_component, &core->bits, in, NULL, out);
}
