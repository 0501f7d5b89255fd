/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An event channel of a domain (xen/common/event_channel.c, event_2l.c, event_fifo.c; Linux drivers/xen/events). Xen sets its
 * pending bit, and calls the guest unless that masks it; the guest clears the bit when it takes the event. The guest masks
 * and unmasks by itself, by a hypercall only where something is pending or another vCPU is notified.
 *
 * Bits are told by dumps, and by probes in the guest. Not modelled: queues and priorities of the FIFO, the busy bit.
 */
#include "model/port.h"

#define B(sym) (UINT64_C(1) << PORT_##sym)
#define TO(sym, to) [PORT_##sym] = { .next = (to) }

enum {
#define X(sym, width) PORT_##sym##_SHIFT, PORT_##sym##_END = PORT_##sym##_SHIFT + (width) - 1,
	PORT_REGIONS(X)
#undef X
};

static const char *const use_names[NR_PORT_USES] = {
	"illegal", "unknown", "free", "reserved", "unbound", "interdomain", "pirq", "virq", "ipi",
};
static const char *const pending_names[NR_BIT_STATES] = { "illegal", "unknown", "clear", "set" };
static const char *const mask_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

/* That a port was closed in between may not be told. */
#define USE_ROW \
	{ TO(BIND_PIRQ, PORT_PIRQ), TO(RESERVE, PORT_RESERVED), TO(OFFER, PORT_UNBOUND), TO(BIND_DOMAIN, PORT_INTERDOMAIN), \
	  TO(BIND_VIRQ, PORT_VIRQ), TO(BIND_IPI, PORT_IPI), TO(CLOSE, PORT_FREE), TO(LOST, PORT_UNKNOWN) }

static const struct cell use_cells[NR_PORT_USES][NR_PORT_INPUTS] = {
	[PORT_UNKNOWN] = USE_ROW, [PORT_FREE] = USE_ROW, [PORT_RESERVED] = USE_ROW, [PORT_UNBOUND] = USE_ROW,
	[PORT_INTERDOMAIN] = USE_ROW, [PORT_PIRQ] = USE_ROW, [PORT_VIRQ] = USE_ROW, [PORT_IPI] = USE_ROW,
};

/* A guest takes what it polls, too; whether it was pending before is not known then. */
#define PENDING_ROW { TO(CLOSE, BIT_CLEAR), TO(RAISE, BIT_SET), TO(TAKEN, BIT_CLEAR), TO(TAKEN_UNSEEN, BIT_UNKNOWN), \
		      TO(LOST, BIT_UNKNOWN) }

static const struct cell pending_cells[NR_BIT_STATES][NR_PORT_INPUTS] = {
	[BIT_UNKNOWN] = PENDING_ROW, [BIT_CLEAR] = PENDING_ROW, [BIT_SET] = PENDING_ROW,
};

#define MASK_ROW { TO(MASKED, BIT_SET), TO(UNMASKED, BIT_CLEAR), TO(CLOSE, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN) }

static const struct cell mask_cells[NR_BIT_STATES][NR_PORT_INPUTS] = {
	[BIT_UNKNOWN] = MASK_ROW, [BIT_CLEAR] = MASK_ROW, [BIT_SET] = MASK_ROW,
};

static const char *const input_names[NR_PORT_INPUTS] = {
#define X(sym, name) [PORT_##sym] = name,
	PORT_INPUTS(X)
#undef X
};

static const struct region regions[NR_PORT_REGIONS] = {
	[PORT_REGION_STATE] = {
		.name = "state", .states = use_names, .nr_states = NR_PORT_USES, .shift = PORT_STATE_SHIFT, .width = 4, .silent = true,
		.cells = &use_cells[0][0],
		.listens = B(BIND_PIRQ) | B(RESERVE) | B(OFFER) | B(BIND_DOMAIN) | B(BIND_VIRQ) | B(BIND_IPI) | B(CLOSE) | B(LOST),
	},
	[PORT_REGION_PENDING] = {
		.name = "pending", .states = pending_names, .nr_states = NR_BIT_STATES, .shift = PORT_PENDING_SHIFT, .width = 2,
		.hot = true, .silent = true, .cells = &pending_cells[0][0],
		.listens = B(CLOSE) | B(RAISE) | B(TAKEN) | B(TAKEN_UNSEEN) | B(LOST),
	},
	[PORT_REGION_MASK] = {
		.name = "mask", .states = mask_names, .nr_states = NR_BIT_STATES, .shift = PORT_MASK_SHIFT, .width = 2, .silent = true,
		.cells = &mask_cells[0][0], .listens = B(MASKED) | B(UNMASKED) | B(CLOSE) | B(LOST),
	},
};

const struct component port_component = {
	.name = "xen_port", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_PORT_REGIONS, .nr_inputs = NR_PORT_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned port_state(struct port_core core, enum port_region region)
{
	return core_get(core.bits, &regions[region]);
}

void port_step(struct port_core *core, enum port_input in, struct effects *out)
{
	component_step(&port_component, &core->bits, in, NULL, out);
}
