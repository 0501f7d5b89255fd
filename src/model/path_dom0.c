/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "dom0-pv/msix": MSI-X of a device that a PV dom0 drives (Xen xen/arch/x86/{irq,msi}.c, xen/common/event_channel.c;
 * Linux arch/x86/pci/xen.c, drivers/xen/events/events_base.c, drivers/pci/msi). Xen owns the table: it writes the message
 * and the mask bit. dom0 maps a pirq for each entry (PHYSDEVOP_map_pirq: masked by Xen and for the guest), its drivers call
 * request_irq(), that binds the pirq to an event channel (EVTCHNOP_bind_pirq), and Xen starts the irq and takes both
 * wishes back. From then on dom0 masks event channels alone.
 *
 * Its PCI core still has the functions that mask entries, with a copy of the bit that nobody takes back: enabling sets it.
 * Since 3.13 they do nothing under Xen (0e4ccb1505a9); before, restoring after a reset wrote the copy over the bit behind
 * Xen's. Since Xen 4.2 the table is mapped read-only for dom0, so that what it writes is lost; Xen makes it so when the first
 * pirq of the function is mapped, and leaves mappings alone that were there before (msix_capability_init()), such as the
 * PCI core's own (msix_map_region()).
 *
 * A reset leaves all entries masked; PHYSDEVOP_restore_msi_ext has Xen write everything back.
 *
 * CPUs are those that the event channel may notify. Not in it: Xen's own vectors, their moves and its local APICs (a
 * message that left arrives at once; xirq.c has the moves); MSI without MSI-X; suspend; a device that does not answer in
 * memory space; sharing.
 */
#include "model/msix.h"
#include "model/pci.h"
#include "model/unit.h"
#include "model/xen_part.h"

/* ------------------------------------------------------------------------------------------------------ guards */

static bool copy_is_set(const struct unit *before, const struct unit *now)
{
	return xen_is_mapped(before, now) && unit_state(now, ROLE_ENTRY, ENTRY_REGION_KERNEL) == BIT_SET;
}

static bool wanted_masked(const struct unit *before, const struct unit *now)
{
	return unit_state(now, ROLE_XMSI, XMSI_REGION_HOST) == BIT_SET || xen_guest_wishes(before, now);
}

static bool wanted_unmasked(const struct unit *before, const struct unit *now)
{
	return unit_state(now, ROLE_XMSI, XMSI_REGION_HOST) == BIT_CLEAR && xen_guest_wishes_not(before, now);
}

/* ------------------------------------------------------------------------------------------------------ reactions */

static void device_forgets(struct unit *unit)
{
	unit->place[PLACE_OWED] = 0;
}

static const struct reaction reactions[] = {
	/* pci_enable_msix_range(), xen_initdom_setup_msi_irqs(): Xen gets an irq, writes the entry masked; dom0's copy is set */
	{ ON(FUNCTION, FN_ENABLED), THEN(IRQ, IRQ_SETUP) },
	{ ON(FUNCTION, FN_ENABLED), THEN(ENTRY, ENTRY_MASK_ALL) },
	{ ON(FUNCTION, FN_ENABLED), THEN(PIRQ, PIRQ_MAPPED) },
	{ ON(PIRQ, PIRQ_MAPPED), THEN(ENTRY, ENTRY_MESSAGE_SET) },
	{ ON(PIRQ, PIRQ_MAPPED), THEN(XIRQ, XIRQ_ASSIGN) },
	XEN_MASKS(XIRQ, XIRQ_ASSIGN, XMSI_MAPPED),
	{ ON(XIRQ, XIRQ_ASSIGN), THEN(XIRQ, XIRQ_SEE_AT_ONCE) },
	/* pci_disable_msix(), xen_destroy_irq() */
	{ ON(FUNCTION, FN_DISABLED), THEN(ENTRY, ENTRY_HW_MASK) },
	{ ON(FUNCTION, FN_DISABLED), THEN(ENTRY, ENTRY_MESSAGE_ZERO) },
	{ ON(FUNCTION, FN_DISABLED), THEN(PIRQ, PIRQ_UNMAPPED) },
	{ ON(PIRQ, PIRQ_UNMAPPED), THEN(XIRQ, XIRQ_CLEAR) },
	{ ON(PIRQ, PIRQ_UNMAPPED), THEN(XMSI, XMSI_CLEAR) },
	{ ON(FUNCTION, FN_DISABLED), THEN(IRQ, IRQ_TEARDOWN) },
	/* pirq_guest_bind() starts the irq; arch_evtchn_bind_pirq() takes the guest's wish back */
	{ ON(PORT, PORT_BIND_PIRQ), THEN(XIRQ, XIRQ_GUEST_BIND) },
	{ ON(XIRQ, XIRQ_GUEST_BIND), .when = xen_guest_wishes, THEN(XMSI, XMSI_STARTED) },
	{ ON(XIRQ, XIRQ_GUEST_BIND), .when = xen_guest_wishes_not, THEN(XMSI, XMSI_RELEASED) },
	{ ON(PIRQ, PIRQ_BIND), .quirk = QUIRK_XEN_BIND_CLEARS_GUEST_MASK, THEN(XMSI, XMSI_RELEASED) },
	{ ON(PIRQ, PIRQ_CLOSE), THEN(XIRQ, XIRQ_GUEST_UNBIND) },
	XEN_MASKS(XIRQ, XIRQ_GUEST_UNBIND, XMSI_STOPPED),
	XEN_CHIP,
	/* pci_reset_function(); the hypercall behind it, and then what __pci_restore_msix_state() does itself */
	{ ON(PCI, PCI_RESET), .move = device_forgets, THEN(ENTRY, ENTRY_RESET) },
	{ ON(PCI, PCI_RESET), .when = xen_is_mapped, THEN(XMSI, XMSI_RESET) },
	{ ON(PCI, PCI_RESTORED), .when = xen_is_mapped, THEN(ENTRY, ENTRY_MESSAGE_SET) },
	{ ON(PCI, PCI_RESTORED), .when = xen_is_mapped, THEN(XMSI, XMSI_RESTORED) },
	{ ON(XMSI, XMSI_RESTORED), .when = wanted_masked, THEN(XMSI, XMSI_RESTORED_MASKED) },
	{ ON(XMSI, XMSI_RESTORED), .when = wanted_unmasked, THEN(XMSI, XMSI_RESTORED_UNMASKED) },
	{ ON(FUNCTION, FN_RESTORED), .when = copy_is_set, THEN(XMSI, XMSI_KERNEL_MASKS) },
	{ ON(FUNCTION, FN_RESTORED), THEN(ENTRY, ENTRY_RELEASED) },
	/* what becomes of such a call */
	{ ON(XMSI, XMSI_KERNEL_MASKS), .quirk = QUIRK_XEN_MSI_MASK_NOP, .without = true, THEN(XMSI, XMSI_WRITE_MASKED) },
	{ ON(XMSI, XMSI_KERNEL_UNMASKS), .quirk = QUIRK_XEN_MSI_MASK_NOP, .without = true, THEN(XMSI, XMSI_WRITE_UNMASKED) },
	{ ON(XMSI, XMSI_WRITE_MASKED), .quirk = QUIRK_XEN_TABLE_READ_ONLY, .without = true, THEN(XMSI, XMSI_SET_BEHIND) },
	{ ON(XMSI, XMSI_WRITE_UNMASKED), .quirk = QUIRK_XEN_TABLE_READ_ONLY, .without = true, THEN(XMSI, XMSI_CLEARED_BEHIND) },
	{ ON(XMSI, XMSI_WRITE_MASKED), .quirk = QUIRK_DOM0_MAPS_TABLE_FIRST, THEN(XMSI, XMSI_SET_BEHIND) },
	{ ON(XMSI, XMSI_WRITE_UNMASKED), .quirk = QUIRK_DOM0_MAPS_TABLE_FIRST, THEN(XMSI, XMSI_CLEARED_BEHIND) },
	XEN_TABLE,
	XEN_ARRIVAL,
	XEN_FLOW,
};

/* ------------------------------------------------------------------------------------------------------ operations */

static bool may_reset(const struct unit *unit)
{
	return unit_state(unit, ROLE_PCI, PCI_REGION_STATE) == SETUP_CURRENT;
}

static bool may_restore(const struct unit *unit)
{
	return unit_state(unit, ROLE_PCI, PCI_REGION_STATE) == SETUP_STALE;
}

static const struct operation operations[] = {
	{ "pci_enable_msix_range", OPERATION_STIMULUS, .on_function = true, .when = xen_may_enable, FIRST(FUNCTION, FN_ENABLED) },
	{ "pci_disable_msix", OPERATION_STIMULUS, .on_function = true, .when = xen_may_disable, FIRST(FUNCTION, FN_DISABLED) },
	{ "function reset", OPERATION_STIMULUS, .on_function = true, .when = may_reset,
	  .first = { { ROLE_PCI, PCI_RESET }, { ROLE_FUNCTION, FN_RESET } }, .nr_first = 2 },
	{ "pci_restore_msi_state", OPERATION_PROGRESS, .on_function = true, .when = may_restore,
	  .first = { { ROLE_PCI, PCI_RESTORED }, { ROLE_FUNCTION, FN_RESTORED } }, .nr_first = 2 },
	XEN_OPERATIONS,
	{ "second writer masks", OPERATION_STIMULUS, .quirk = QUIRK_SECOND_WRITER, .when = xen_in_use, FIRST(XMSI, XMSI_SET_BEHIND) },
	{ "second writer unmasks", OPERATION_STIMULUS, .quirk = QUIRK_SECOND_WRITER, .when = xen_is_spare,
	  FIRST(XMSI, XMSI_CLEARED_BEHIND) },
};

/* ------------------------------------------------------------------------------------------------------ the part */

static bool spare_is_unmasked(const struct unit *unit)
{
	return unit_state(unit, ROLE_XIRQ, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED &&
	       unit_state(unit, ROLE_XIRQ, XIRQ_REGION_ACTION) == XIRQ_ACTION_NONE &&
	       unit_state(unit, ROLE_ENTRY, ENTRY_REGION_HW) != BIT_SET;
}

static const struct invariant invariants[] = {
	{ "unmasked", "the entry of an irq that is started and enabled is unmasked", "msix-left-masked", xen_left_masked },
	{ "one-writer", "the mask bit is set where Xen or the guest wants it so, and nowhere else", "mask-owner-conflict",
	  xen_mask_is_nobodys },
	{ "spare-masked", "the entry of an irq that nobody has bound is masked", "model-disagrees", spare_is_unmasked },
	XEN_INVARIANTS,
};

const struct path_part path_dom0 = {
	.name = "dom0-pv/msix", .what = "MSI-X entries that Xen owns, pirqs and event channels of a PV dom0",
	.path = PATH_DOM0_PV, .feeder = OBJ_XIRQ, .has_function = true, .reactions = reactions, .operations = operations,
	.invariants = invariants, .nr_reactions = sizeof(reactions) / sizeof(reactions[0]),
	.nr_operations = sizeof(operations) / sizeof(operations[0]), .nr_invariants = sizeof(invariants) / sizeof(invariants[0]),
	.init = xen_part_init, .waits = xen_waits,
};
