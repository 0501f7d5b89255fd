/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "hvm-pirq/msix": MSI-X of a device that was given to an HVM guest whose kernel takes pirqs (Xen
 * xen/arch/x86/hvm/{vmsi,irq}.c, xen/arch/x86/{irq,msi}.c, xen/drivers/passthrough/x86/hvm.c; Linux arch/x86/pci/xen.c,
 * drivers/pci/msi; the device model's hw/xen/xen_pt_msi.c). Xen traps the table: writes of an entry that has no irq of Xen
 * yet go to the device model, others are Xen's own matter.
 *
 * The guest asks for a pirq (PHYSDEVOP_get_free_pirq) and writes a message that names it. Where it writes the mask bit clear
 * around that, the device model binds at once (XEN_DOMCTL_bind_pt_irq), which starts the irq; else when the guest takes the
 * function mask away. request_irq() then binds the pirq to an event channel, and nothing in the guest's chip ever unmasks.
 *
 * Linux masked all entries before it wrote their messages up to 5.15, where the writes end in the device model, and does so
 * behind that since (83dbf898a2d4), where they reach what is bound already; since 5.18 it writes no mask bit of a pirq
 * (7e0815b3e099). Xen followed such a write without keeping it (up to 4.1, 4.4 and 4.5), dropped it (4.2, 4.3), or keeps it
 * as the guest's wish (4.6), and since then binding the event channel takes the wish back.
 *
 * Not in it, beside what path_dom0.c leaves out: resets, which the device model emulates; a guest that closes its event
 * channel, whose irq stays bound and unmasked in Xen; what vendors have changed in the versions named.
 */
#include "model/msix.h"
#include "model/unit.h"
#include "model/xen_part.h"

/* ------------------------------------------------------------------------------------------------------ reactions */

/* The kernel's own call for the bit: made where it takes no pirqs, or does not leave the bit to Xen. */
#define WRITES(call, write) \
	{ ON(XMSI, call), .quirk = QUIRK_HVM_NO_MASK, .without = true, THEN(XMSI, write) }, \
	{ ON(XMSI, call), .quirk = QUIRK_XEN_HVM_PIRQS, .without = true, THEN(XMSI, write) }

static const struct reaction reactions[] = {
	/* pci_enable_msix_range(): the mask of all entries, the messages, and the device model binds; or the mask behind that */
	{ ON(FUNCTION, FN_ENABLED), THEN(IRQ, IRQ_SETUP) },
	{ ON(FUNCTION, FN_ENABLED), THEN(XMSI, XMSI_MASK_ALL_EARLY) },
	{ ON(XMSI, XMSI_MASK_ALL_EARLY), .quirk = QUIRK_MSIX_MASK_ALL_EARLY, THEN(XMSI, XMSI_KERNEL_MASKS) },
	{ ON(FUNCTION, FN_ENABLED), THEN(PIRQ, PIRQ_MAPPED) },
	{ ON(PIRQ, PIRQ_MAPPED), THEN(ENTRY, ENTRY_MESSAGE_SET) },
	{ ON(PIRQ, PIRQ_MAPPED), THEN(XIRQ, XIRQ_ASSIGN) },
	{ ON(XIRQ, XIRQ_ASSIGN), THEN(XIRQ, XIRQ_SEE_AT_ONCE) },
	XEN_MASKS(XIRQ, XIRQ_ASSIGN, XMSI_MAPPED),
	{ ON(XIRQ, XIRQ_ASSIGN), THEN(XIRQ, XIRQ_GUEST_BIND) },
	{ ON(XIRQ, XIRQ_ASSIGN), .when = xen_guest_wishes, THEN(XMSI, XMSI_STARTED) },
	{ ON(XIRQ, XIRQ_ASSIGN), .when = xen_guest_wishes_not, THEN(XMSI, XMSI_RELEASED) },
	{ ON(FUNCTION, FN_ENABLED), THEN(XMSI, XMSI_MASK_ALL_LATE) },
	{ ON(XMSI, XMSI_MASK_ALL_LATE), .quirk = QUIRK_MSIX_MASK_ALL_EARLY, .without = true, THEN(XMSI, XMSI_KERNEL_MASKS) },
	/* pci_disable_msix(): the device model unbinds and unmaps */
	{ ON(FUNCTION, FN_DISABLED), THEN(XIRQ, XIRQ_GUEST_UNBIND) },
	XEN_MASKS(XIRQ, XIRQ_GUEST_UNBIND, XMSI_STOPPED),
	{ ON(FUNCTION, FN_DISABLED), THEN(ENTRY, ENTRY_MESSAGE_ZERO) },
	{ ON(FUNCTION, FN_DISABLED), THEN(PIRQ, PIRQ_UNMAPPED) },
	{ ON(PIRQ, PIRQ_UNMAPPED), THEN(XIRQ, XIRQ_CLEAR) },
	{ ON(PIRQ, PIRQ_UNMAPPED), THEN(XMSI, XMSI_CLEAR) },
	{ ON(FUNCTION, FN_DISABLED), THEN(IRQ, IRQ_TEARDOWN) },
	/* arch_evtchn_bind_pirq() */
	{ ON(PIRQ, PIRQ_BIND), .quirk = QUIRK_XEN_BIND_CLEARS_GUEST_MASK, THEN(XMSI, XMSI_RELEASED) },
	XEN_CHIP,
	{ ON(PIRQ, PIRQ_BIND), .quirk = QUIRK_XEN_HVM_PIRQS, .without = true, THEN(XMSI, XMSI_KERNEL_UNMASKS) },
	WRITES(XMSI_KERNEL_MASKS, XMSI_WRITE_MASKED),
	WRITES(XMSI_KERNEL_UNMASKS, XMSI_WRITE_UNMASKED),
	/* msixtbl_write(), of an entry that has an irq */
	{ ON(XMSI, XMSI_WRITE_MASKED), .when = xen_is_assigned, .quirk = QUIRK_XEN_GUEST_MASK, THEN(XMSI, XMSI_GUEST_MASK) },
	{ ON(XMSI, XMSI_WRITE_UNMASKED), .when = xen_is_assigned, .quirk = QUIRK_XEN_GUEST_MASK, THEN(XMSI, XMSI_GUEST_UNMASK) },
	{ ON(XMSI, XMSI_WRITE_MASKED), .when = xen_is_assigned, .quirk = QUIRK_XEN_GUEST_MASK, .without = true,
	  THEN(XMSI, XMSI_LANDS_MASKED) },
	{ ON(XMSI, XMSI_WRITE_UNMASKED), .when = xen_is_assigned, .quirk = QUIRK_XEN_GUEST_MASK, .without = true,
	  THEN(XMSI, XMSI_LANDS_UNMASKED) },
	{ ON(XMSI, XMSI_LANDS_MASKED), .quirk = QUIRK_XEN_GUEST_MASK_DROPPED, .without = true, THEN(XMSI, XMSI_SET_BEHIND) },
	{ ON(XMSI, XMSI_LANDS_UNMASKED), .quirk = QUIRK_XEN_GUEST_MASK_DROPPED, .without = true, THEN(XMSI, XMSI_CLEARED_BEHIND) },
	XEN_TABLE,
	XEN_ARRIVAL,
	XEN_FLOW,
};

/* ------------------------------------------------------------------------------------------------------ the part */

static const struct operation operations[] = {
	{ "pci_enable_msix_range", OPERATION_STIMULUS, .on_function = true, .when = xen_may_enable, FIRST(FUNCTION, FN_ENABLED) },
	{ "pci_disable_msix", OPERATION_STIMULUS, .on_function = true, .when = xen_may_disable, FIRST(FUNCTION, FN_DISABLED) },
	XEN_OPERATIONS,
	{ "second writer masks", OPERATION_STIMULUS, .quirk = QUIRK_SECOND_WRITER, .when = xen_in_use, .move = xen_masked_late,
	  FIRST(XMSI, XMSI_WRITE_MASKED) },
};

/* Masks that nobody of this chip takes back come before request_irq(), or behind it. */
static bool masked_before(const struct unit *unit)
{
	return !unit->place[PLACE_LATE] && xen_left_masked(unit);
}

static const struct invariant invariants[] = {
	{ "unmasked", "the entry of an irq is unmasked when it is started and enabled", "msix-masked-after-bind", masked_before },
	{ "stays-unmasked", "and stays so", "msix-left-masked", xen_masked_since },
	XEN_INVARIANTS,
};

const struct path_part path_hvm = {
	.name = "hvm-pirq/msix", .what = "MSI-X entries of a passed-through device, pirqs and event channels of an HVM guest",
	.path = PATH_HVM_PIRQ, .feeder = OBJ_XIRQ, .has_function = true, .reactions = reactions, .operations = operations,
	.invariants = invariants, .nr_reactions = sizeof(reactions) / sizeof(reactions[0]),
	.nr_operations = sizeof(operations) / sizeof(operations[0]), .nr_invariants = sizeof(invariants) / sizeof(invariants[0]),
	.init = xen_part_init, .waits = xen_waits,
};
