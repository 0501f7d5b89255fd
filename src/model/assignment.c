/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The surroundings of a line that is passed through: who has its device, what the toolstack asked Xen for, and whether a
 * domain waits for the answer (Linux drivers/xen/xen-pciback/pci_stub.c; Xen tools/libs/light/libxl_pci.c pci_add_dm_done(),
 * XEN_DOMCTL_irq_permission and, from 4.20 on, XEN_DOMCTL_gsi_permission). A driver has the device until pciback sets it
 * aside. The toolstack then asks Xen to let the domain have the GSI; a domain that is being built, or that the device is
 * plugged into, waits for that. Refused, it waits in vain: the toolstack gives up with EPERM and the domain gets no line.
 *
 * Records show a driver or pciback taking the device, and a refusal that was logged; asking and being granted are hidden in
 * a domctl, whose arguments and result nobody records: they are steps of the bounded check.
 *
 * Not modelled: memory and ports of the device, which are asked for likewise.
 */
#include "model/assignment.h"

#define B(sym) (UINT64_C(1) << ASSIGNMENT_##sym)
#define TO(sym, to) [ASSIGNMENT_##sym] = { .next = (to) }

enum {
#define X(sym, width) ASSIGNMENT_##sym##_SHIFT, ASSIGNMENT_##sym##_END = ASSIGNMENT_##sym##_SHIFT + (width) - 1,
	ASSIGNMENT_REGIONS(X)
#undef X
};

static const char *const holder_names[NR_HOLDERS] = { "illegal", "unknown", "driver", "set aside", "domain" };
static const char *const request_names[NR_REQUESTS] = { "illegal", "unknown", "none", "asked", "granted", "refused" };
static const char *const waiter_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

/* A refusal tells of a request, not of who has the device by now. */
#define HOLDER_ROW(as_it_was) \
	{ TO(DRIVER, HOLDER_DRIVER), TO(SEIZED, HOLDER_STUB), TO(GRANTED, HOLDER_DOMAIN), TO(REFUSED, as_it_was), TO(LOST, HOLDER_UNKNOWN) }

static const struct cell holder_cells[NR_HOLDERS][NR_ASSIGNMENT_INPUTS] = {
	[HOLDER_UNKNOWN] = HOLDER_ROW(HOLDER_UNKNOWN), [HOLDER_DRIVER] = HOLDER_ROW(HOLDER_DRIVER),
	[HOLDER_STUB] = HOLDER_ROW(HOLDER_STUB), [HOLDER_DOMAIN] = HOLDER_ROW(HOLDER_DOMAIN),
};

#define REQUEST_ROW \
	{ TO(DRIVER, REQUEST_NONE), TO(SEIZED, REQUEST_NONE), TO(ASKED, REQUEST_ASKED), TO(GRANTED, REQUEST_GRANTED), \
	  TO(REFUSED, REQUEST_REFUSED), TO(LOST, REQUEST_UNKNOWN) }

static const struct cell request_cells[NR_REQUESTS][NR_ASSIGNMENT_INPUTS] = {
	[REQUEST_UNKNOWN] = REQUEST_ROW, [REQUEST_NONE] = REQUEST_ROW, [REQUEST_ASKED] = REQUEST_ROW,
	[REQUEST_GRANTED] = REQUEST_ROW, [REQUEST_REFUSED] = REQUEST_ROW,
};

#define WAITER_ROW \
	{ TO(DRIVER, BIT_CLEAR), TO(SEIZED, BIT_CLEAR), TO(ASKED, BIT_SET), TO(GRANTED, BIT_CLEAR), TO(REFUSED, BIT_SET), \
	  TO(LOST, BIT_UNKNOWN) }

static const struct cell waiter_cells[NR_BIT_STATES][NR_ASSIGNMENT_INPUTS] = {
	[BIT_UNKNOWN] = WAITER_ROW, [BIT_CLEAR] = WAITER_ROW, [BIT_SET] = WAITER_ROW,
};

static const char *const input_names[NR_ASSIGNMENT_INPUTS] = {
#define X(sym, name) [ASSIGNMENT_##sym] = name,
	ASSIGNMENT_INPUTS(X)
#undef X
};

static const struct region regions[NR_ASSIGNMENT_REGIONS] = {
	[ASSIGNMENT_REGION_HOLDER] = {
		.name = "holder", .states = holder_names, .nr_states = NR_HOLDERS, .shift = ASSIGNMENT_HOLDER_SHIFT, .width = 3,
		.cells = &holder_cells[0][0], .listens = B(DRIVER) | B(SEIZED) | B(GRANTED) | B(REFUSED) | B(LOST),
	},
	[ASSIGNMENT_REGION_REQUEST] = {
		.name = "request", .states = request_names, .nr_states = NR_REQUESTS, .shift = ASSIGNMENT_REQUEST_SHIFT, .width = 3,
		.cells = &request_cells[0][0], .listens = B(DRIVER) | B(SEIZED) | B(ASKED) | B(GRANTED) | B(REFUSED) | B(LOST),
	},
	[ASSIGNMENT_REGION_WAITER] = {
		.name = "domain_waits", .states = waiter_names, .nr_states = NR_BIT_STATES, .shift = ASSIGNMENT_WAITER_SHIFT, .width = 2,
		.cells = &waiter_cells[0][0], .listens = B(DRIVER) | B(SEIZED) | B(ASKED) | B(GRANTED) | B(REFUSED) | B(LOST),
	},
};

const struct component assignment_component = {
	.name = "assignment", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_ASSIGNMENT_REGIONS, .nr_inputs = NR_ASSIGNMENT_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned assignment_state(struct assignment_core core, enum assignment_region region)
{
	return core_get(core.bits, &regions[region]);
}

void assignment_step(struct assignment_core *core, enum assignment_input in, struct effects *out)
{
	component_step(&assignment_component, &core->bits, in, NULL, out);
}
