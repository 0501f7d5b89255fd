/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pirq: a domain's number for an irq of Xen (xen/arch/x86/irq.c, xen/common/event_channel.c). Mapping leads it to the irq;
 * binding gives it an event channel, and starts the irq for a PV guest. What Xen gives the guest is owed an EOI where the
 * irq is acknowledged late; the guest's hypercall ends that, or Xen's own timer after 1 ms (4.1 and later), which nothing
 * records. A pirq that is unmapped while it is bound keeps its event channel until that is closed.
 *
 * Not modelled: the page by which Xen tells a PV guest for which pirqs it wants a hypercall.
 */
#include "model/pirq.h"

#define B(sym) (UINT64_C(1) << PIRQ_##sym)
#define TO(sym, to) [PIRQ_##sym] = { .next = (to) }

enum {
#define X(sym, width) PIRQ_##sym##_SHIFT, PIRQ_##sym##_END = PIRQ_##sym##_SHIFT + (width) - 1,
	PIRQ_REGIONS(X)
#undef X
};

static const char *const yes_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

/* Only a mapped pirq can be bound, but the guest's calls may fail, and their results are not recorded. */
#define MAP_ROW(as_it_was) \
	{ TO(MAPPED, BIT_SET), TO(MAP_FAILED, as_it_was), TO(UNMAPPED, BIT_CLEAR), TO(BIND, BIT_SET), TO(GIVEN, BIT_SET), \
	  TO(LOST, BIT_UNKNOWN) }

static const struct cell map_cells[NR_BIT_STATES][NR_PIRQ_INPUTS] = {
	[BIT_UNKNOWN] = MAP_ROW(BIT_UNKNOWN), [BIT_CLEAR] = MAP_ROW(BIT_CLEAR), [BIT_SET] = MAP_ROW(BIT_SET),
};

#define BOUND_ROW \
	{ TO(BIND, BIT_SET), TO(CLOSE, BIT_CLEAR), TO(GIVEN, BIT_SET), TO(EOI, BIT_SET), TO(LOST, BIT_UNKNOWN) }

static const struct cell bound_cells[NR_BIT_STATES][NR_PIRQ_INPUTS] = {
	[BIT_UNKNOWN] = {
		TO(BIND, BIT_SET), TO(CLOSE, BIT_CLEAR), TO(GIVEN, BIT_SET), TO(EOI, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN),
	},
	[BIT_CLEAR] = {
		/* shutting down, the guest may still acknowledge */
		TO(BIND, BIT_SET), TO(CLOSE, BIT_CLEAR), TO(GIVEN, BIT_SET), TO(EOI, BIT_CLEAR), TO(LOST, BIT_UNKNOWN),
	},
	[BIT_SET] = BOUND_ROW,
};

#define OWED_ROW \
	{ TO(UNMAPPED, BIT_CLEAR), TO(BIND, BIT_CLEAR), TO(CLOSE, BIT_CLEAR), TO(GIVEN, BIT_SET), TO(EOI, BIT_CLEAR), \
	  TO(TIMER, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell owed_cells[NR_BIT_STATES][NR_PIRQ_INPUTS] = {
	[BIT_UNKNOWN] = OWED_ROW, [BIT_CLEAR] = OWED_ROW, [BIT_SET] = OWED_ROW,
};

static const char *const input_names[NR_PIRQ_INPUTS] = {
#define X(sym, name) [PIRQ_##sym] = name,
	PIRQ_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_cells, ...) \
	[PIRQ_REGION_##sym] = { .name = text, .states = yes_names, .nr_states = NR_BIT_STATES, .shift = PIRQ_##sym##_SHIFT, \
				.width = 2, .silent = true, .cells = &of_cells[0][0], __VA_ARGS__ }

static const struct region regions[NR_PIRQ_REGIONS] = {
	REGION(MAP, "mapped", map_cells,
	       .listens = B(MAPPED) | B(MAP_FAILED) | B(UNMAPPED) | B(BIND) | B(GIVEN) | B(LOST)),
	REGION(BOUND, "bound", bound_cells, .listens = B(BIND) | B(CLOSE) | B(GIVEN) | B(EOI) | B(LOST)),
	REGION(OWED, "eoi_owed", owed_cells, .hot = true,
	       .listens = B(UNMAPPED) | B(BIND) | B(CLOSE) | B(GIVEN) | B(EOI) | B(TIMER) | B(LOST)),
};

const struct component pirq_component = {
	.name = "xen_pirq", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_PIRQ_REGIONS, .nr_inputs = NR_PIRQ_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned pirq_state(struct pirq_core core, enum pirq_region region)
{
	return core_get(core.bits, &regions[region]);
}

void pirq_step(struct pirq_core *core, enum pirq_input in, struct effects *out)
{
	component_step(&pirq_component, &core->bits, in, NULL, out);
}
