/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passthrough binding of a domain's pirq (xen/drivers/passthrough/x86/hvm.c, xen/arch/x86/hvm/vmsi.c): the entry of an
 * MSI-X table as the guest wrote it, the irq of Xen that it is bound to, and what became of an interrupt. Linux writes a
 * message with vector 0 and delivery mode ExtINT where it means a pirq, whose number stands in the destination; any other
 * is a vector of the guest's. The device model, or Xen itself for the hardware domain (vPCI), binds the entry when the guest
 * unmasks it first, or clears the function mask. From then on the guest's writes of vector control are its wish, beside
 * Xen's own (xmsi.c).
 *
 * What Xen handles is marked pending, and given to the guest a moment later (hvm_do_IRQ_dpci(), hvm_dirq_assist()): into its
 * local APIC by vector, or to its event channel.
 *
 * Not modelled: the guest's EOI, whose records name no vector; posted interrupts, which pass Xen by; lines, whose binding the
 * toolstack asks for in a domctl.
 */
#include "model/dpci.h"

#define B(sym) (UINT64_C(1) << DPCI_##sym)
#define TO(sym, to) [DPCI_##sym] = { .next = (to) }

enum {
#define X(sym, width) DPCI_##sym##_SHIFT, DPCI_##sym##_END = DPCI_##sym##_SHIFT + (width) - 1,
	DPCI_REGIONS(X)
#undef X
};

static const char *const message_names[NR_GUEST_MESSAGES] = { "illegal", "unknown", "none", "pirq", "vector" };
static const char *const mask_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const yes_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

#define MESSAGE_ROW \
	{ TO(MESSAGE_PIRQ, GUEST_MESSAGE_PIRQ), TO(MESSAGE_VECTOR, GUEST_MESSAGE_VECTOR), TO(MESSAGE_ZERO, GUEST_MESSAGE_NONE), \
	  TO(LOST, GUEST_MESSAGE_UNKNOWN) }

static const struct cell message_cells[NR_GUEST_MESSAGES][NR_DPCI_INPUTS] = {
	[GUEST_MESSAGE_UNKNOWN] = MESSAGE_ROW, [GUEST_MESSAGE_NONE] = MESSAGE_ROW, [GUEST_MESSAGE_PIRQ] = MESSAGE_ROW,
	[GUEST_MESSAGE_VECTOR] = MESSAGE_ROW,
};

#define MASK_ROW { TO(MASK, BIT_SET), TO(UNMASK, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell mask_cells[NR_BIT_STATES][NR_DPCI_INPUTS] = {
	[BIT_UNKNOWN] = MASK_ROW, [BIT_CLEAR] = MASK_ROW, [BIT_SET] = MASK_ROW,
};

/* What arrives was bound. */
#define BOUND_ROW { TO(BIND, BIT_SET), TO(UNBIND, BIT_CLEAR), TO(ARRIVE, BIT_SET), TO(LOST, BIT_UNKNOWN) }

static const struct cell bound_cells[NR_BIT_STATES][NR_DPCI_INPUTS] = {
	[BIT_UNKNOWN] = BOUND_ROW, [BIT_CLEAR] = BOUND_ROW, [BIT_SET] = BOUND_ROW,
};

#define PENDING_ROW { TO(ARRIVE, BIT_SET), TO(INJECT, BIT_CLEAR), TO(UNBIND, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell pending_cells[NR_BIT_STATES][NR_DPCI_INPUTS] = {
	[BIT_UNKNOWN] = PENDING_ROW, [BIT_CLEAR] = PENDING_ROW, [BIT_SET] = PENDING_ROW,
};

static const char *const input_names[NR_DPCI_INPUTS] = {
#define X(sym, name) [DPCI_##sym] = name,
	DPCI_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_names, nr, bits, of_cells, ...) \
	[DPCI_REGION_##sym] = { .name = text, .states = of_names, .nr_states = nr, .shift = DPCI_##sym##_SHIFT, .width = bits, \
				.silent = true, .cells = &of_cells[0][0], __VA_ARGS__ }

static const struct region regions[NR_DPCI_REGIONS] = {
	REGION(MESSAGE, "message", message_names, NR_GUEST_MESSAGES, 3, message_cells,
	       .listens = B(MESSAGE_PIRQ) | B(MESSAGE_VECTOR) | B(MESSAGE_ZERO) | B(LOST)),
	REGION(MASK, "mask", mask_names, NR_BIT_STATES, 2, mask_cells, .listens = B(MASK) | B(UNMASK) | B(LOST)),
	REGION(BOUND, "bound", yes_names, NR_BIT_STATES, 2, bound_cells, .listens = B(BIND) | B(UNBIND) | B(ARRIVE) | B(LOST)),
	REGION(PENDING, "pending", yes_names, NR_BIT_STATES, 2, pending_cells, .hot = true,
	       .listens = B(ARRIVE) | B(INJECT) | B(UNBIND) | B(LOST)),
};

const struct component dpci_component = {
	.name = "dpci", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_DPCI_REGIONS, .nr_inputs = NR_DPCI_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned dpci_state(struct dpci_core core, enum dpci_region region)
{
	return core_get(core.bits, &regions[region]);
}

void dpci_step(struct dpci_core *core, enum dpci_input in, struct effects *out)
{
	component_step(&dpci_component, &core->bits, in, NULL, out);
}
