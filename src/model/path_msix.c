/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "baremetal/msix": a driver's MSI-X interrupts on bare metal, without remapping. What follows from what is that of
 * the kernel (drivers/pci/msi/msi.c, kernel/irq/{manage,chip,migration}.c, arch/x86/kernel/apic/{vector,msi}.c) and of the
 * PCI Express Base Specification, "MSI-X Capability and Table Structures".
 *
 * What holds a descriptor's lock is one step: the hardware may act before or behind it, and sees no half of it. A handler
 * is two steps, so that the other CPU may do anything meanwhile.
 *
 * CPUs are no resource here: that another device's handler keeps a CPU busy only delays, and a state in which it would
 * not is explored anyway. So the units of two devices share nothing.
 *
 * Not in it: remapping, managed irqs, CPU hotplug, suspend, vectors that run out.
 */
#include "model/irq.h"
#include "model/lapic.h"
#include "model/msix.h"
#include "model/part.h"
#include "model/pci.h"
#include "model/unit.h"
#include "model/vector.h"

/* ------------------------------------------------------------------------------------------------------ guards */

static bool message_leaves(const struct unit *before, const struct unit *now)
{
	(void)before;
	return unit_state(now, ROLE_ENTRY, ENTRY_REGION_HW) == BIT_CLEAR && unit_may_send(now);
}

static bool kernel_masked(const struct unit *before, const struct unit *now)
{
	(void)before;
	return unit_state(now, ROLE_ENTRY, ENTRY_REGION_KERNEL) == BIT_SET;
}

static bool set_up(const struct unit *unit)
{
	return unit_state(unit, ROLE_FUNCTION, FN_REGION_KERNEL) == BIT_SET &&
	       unit_state(unit, ROLE_PCI, PCI_REGION_STATE) == SETUP_CURRENT;
}

static bool set_up_started(const struct unit *before, const struct unit *now)
{
	(void)before;
	return part_started(now) && unit_state(now, ROLE_FUNCTION, FN_REGION_KERNEL) == BIT_SET;
}

static bool set_up_idle(const struct unit *before, const struct unit *now)
{
	(void)before;
	return !part_started(now) && unit_state(now, ROLE_FUNCTION, FN_REGION_KERNEL) == BIT_SET;
}

static bool parked(const struct unit *before, const struct unit *now)
{
	return set_up_idle(before, now) && unit_state(now, ROLE_IRQ, IRQ_REGION_LIFE) == LIFE_ALLOCATED;
}

/* ------------------------------------------------------------------------------------------------------ reactions */

static void message_to_target(struct unit *unit)
{
	unit->place[PLACE_MESSAGE] = unit->place[PLACE_TARGET];
}

static void message_to_none(struct unit *unit)
{
	unit->place[PLACE_MESSAGE] = 0;
}

static void device_forgets(struct unit *unit)
{
	unit->place[PLACE_OWED] = 0;
}

static const struct reaction reactions[] = {
	/* pci_enable_msix_range(): irqs and parked messages, all entries masked */
	{ ON(FUNCTION, FN_ENABLED), THEN(IRQ, IRQ_SETUP) },
	{ ON(FUNCTION, FN_ENABLED), THEN(VECTOR, VECTOR_SETUP) },
	{ ON(FUNCTION, FN_ENABLED), THEN(VECTOR, VECTOR_RESERVED) },
	{ ON(FUNCTION, FN_ENABLED), THEN(VECTOR, VECTOR_ACTIVATE_RESERVED) },
	{ ON(FUNCTION, FN_ENABLED), THEN(VECTOR, VECTOR_CONFIG_PARKED) },
	{ ON(FUNCTION, FN_ENABLED), THEN(ENTRY, ENTRY_MASK_ALL) },
	{ ON(FUNCTION, FN_ENABLED), .move = message_to_none, THEN(ENTRY, ENTRY_MESSAGE_PARKED) },
	/* pci_disable_msix() */
	{ ON(FUNCTION, FN_DISABLED), THEN(ENTRY, ENTRY_MASK) },
	{ ON(FUNCTION, FN_DISABLED), .move = message_to_none, THEN(ENTRY, ENTRY_MESSAGE_ZERO) },
	{ ON(FUNCTION, FN_DISABLED), THEN(VECTOR, VECTOR_TEARDOWN) },
	{ ON(FUNCTION, FN_DISABLED), THEN(IRQ, IRQ_TEARDOWN) },
	/* pci_reset_function(); __pci_restore_msix_state() behind it writes messages with the function mask set */
	{ ON(PCI, PCI_RESET), .move = device_forgets, THEN(ENTRY, ENTRY_RESET) },
	{ ON(PCI, PCI_RESTORED), .when = set_up_started, .move = message_to_target, THEN(ENTRY, ENTRY_MESSAGE_SET) },
	{ ON(PCI, PCI_RESTORED), .when = parked, THEN(ENTRY, ENTRY_MESSAGE_PARKED) },
	{ ON(PCI, PCI_RESTORED), THEN(ENTRY, ENTRY_RESTORED) },
	{ ON(PCI, PCI_RESTORED), .when = kernel_masked, THEN(ENTRY, ENTRY_CACHED_MASKED) },
	{ ON(FUNCTION, FN_RESTORED), THEN(ENTRY, ENTRY_RELEASED) },
	/* what the chip's mask and unmask functions do, and the message */
	{ ON(IRQ, IRQ_CORE_MASK), THEN(ENTRY, ENTRY_MASK) },
	{ ON(IRQ, IRQ_CORE_UNMASK), THEN(ENTRY, ENTRY_UNMASK) },
	{ ON(VECTOR, VECTOR_CONFIG), .move = message_to_target, THEN(ENTRY, ENTRY_MESSAGE_SET) },
	{ ON(IRQ, IRQ_DEACTIVATED), .move = message_to_none, THEN(ENTRY, ENTRY_MESSAGE_ZERO) },
	/* the device: a message leaves at once, or when the last obstacle goes */
	{ ON(ENTRY, ENTRY_RAISE), .when = message_leaves, THEN_AT(MESSAGE, LAPIC_ACCEPT_EDGE) },
	{ ON_EFFECT(ENTRY, ENTRY_EFFECT_SEND), THEN_AT(MESSAGE, LAPIC_ACCEPT_EDGE) },
	/* handle_edge_irq(): held where disabled; else the acknowledgement, a move in it, then the actions */
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_not_ours, THEN_AT(HERE, LAPIC_EOI) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_ours_busy, THEN(IRQ, IRQ_FLOW_BUSY) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_ours_idle, THEN(IRQ, IRQ_FLOW) },
	{ ON(IRQ, IRQ_FLOW_BUSY), .when = part_was_unmasked, THEN(ENTRY, ENTRY_MASK) },
	{ ON(IRQ, IRQ_FLOW_BUSY), .when = part_on_target, THEN(VECTOR, VECTOR_TARGET_HIT) },
	{ ON(IRQ, IRQ_FLOW_BUSY), THEN_AT(HERE, LAPIC_EOI) },
	{ ON(IRQ, IRQ_FLOW), .when = part_held_unmasked, THEN(ENTRY, ENTRY_MASK) },
	{ ON(IRQ, IRQ_FLOW), .when = part_on_target, THEN(VECTOR, VECTOR_TARGET_HIT) },
	{ ON(IRQ, IRQ_FLOW), .when = part_move_due, .quirk = QUIRK_DELAYED_MOVE, THEN(VECTOR, VECTOR_AFFINITY_APPLIED) },
	{ ON(IRQ, IRQ_FLOW), THEN_AT(HERE, LAPIC_EOI) },
	{ ON(IRQ, IRQ_FLOW), .when = part_was_enabled, .move = part_run_here, THEN(IRQ, IRQ_ENTER) },
	{ ON(VECTOR, VECTOR_AFFINITY_ASKED), .when = part_move_due, .quirk = QUIRK_DELAYED_MOVE, .without = true,
	  THEN(VECTOR, VECTOR_AFFINITY_APPLIED) },
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_core_unmasked, THEN(ENTRY, ENTRY_MASK) },
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_may_move, .move = part_take_new_vector, THEN(VECTOR, VECTOR_UPDATE_MOVED) },
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_moved, THEN(VECTOR, VECTOR_CONFIG) },
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_core_unmasked, THEN(ENTRY, ENTRY_UNMASK) },
	/* the loop of handle_edge_irq(): what came meanwhile */
	{ ON(IRQ, IRQ_EXIT_HANDLED), .when = part_again_masked, THEN(IRQ, IRQ_CORE_UNMASK) },
	{ ON(IRQ, IRQ_EXIT_HANDLED), .when = part_again, .move = part_run_here, THEN(IRQ, IRQ_ENTER) },
	PART_CALLS,
	/* check_irq_resend(), behind the unmask */
	{ ON(IRQ, IRQ_STARTUP), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_EDGE, THEN(IRQ, IRQ_RESEND) },
	{ ON(IRQ, IRQ_ENABLE), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_EDGE, THEN(IRQ, IRQ_RESEND) },
	{ ON(IRQ, IRQ_RESEND), THEN_AT(TARGET, LAPIC_ACCEPT_EDGE) },
};

/* ------------------------------------------------------------------------------------------------------ operations */

static bool may_enable(const struct unit *unit)
{
	return unit_state(unit, ROLE_FUNCTION, FN_REGION_KERNEL) != BIT_SET &&
	       unit_state(unit, ROLE_PCI, PCI_REGION_STATE) == SETUP_CURRENT;
}

static bool may_disable(const struct unit *unit)
{
	return set_up(unit) && !part_started(unit);
}

static bool may_reset(const struct unit *unit)
{
	return unit_state(unit, ROLE_PCI, PCI_REGION_STATE) == SETUP_CURRENT;
}

static bool may_restore(const struct unit *unit)
{
	return unit_state(unit, ROLE_PCI, PCI_REGION_STATE) == SETUP_STALE;
}

static bool may_request(const struct unit *unit)
{
	return set_up(unit) && part_may_request(unit);
}

static bool may_raise(const struct unit *unit)
{
	return set_up(unit) && part_started(unit) && !unit->place[PLACE_OWED];
}

static bool in_use(const struct unit *unit)
{
	return set_up(unit) && part_started(unit) && unit_state(unit, ROLE_ENTRY, ENTRY_REGION_HW) == BIT_CLEAR;
}

static bool function_in_use(const struct unit *unit)
{
	return set_up(unit);
}

static void owe(struct unit *unit)
{
	unit->place[PLACE_OWED] = 1;
}

static const struct operation operations[] = {
	{ "pci_enable_msix_range", OPERATION_STIMULUS, .on_function = true, .when = may_enable, FIRST(FUNCTION, FN_ENABLED) },
	{ "pci_disable_msix", OPERATION_STIMULUS, .on_function = true, .when = may_disable, FIRST(FUNCTION, FN_DISABLED) },
	{ "function reset", OPERATION_STIMULUS, .on_function = true, .when = may_reset,
	  .first = { { ROLE_PCI, PCI_RESET }, { ROLE_FUNCTION, FN_RESET } }, .nr_first = 2 },
	{ "pci_restore_msi_state", OPERATION_PROGRESS, .on_function = true, .when = may_restore,
	  .first = { { ROLE_PCI, PCI_RESTORED }, { ROLE_FUNCTION, FN_RESTORED } }, .nr_first = 2 },
	{ "enable masks all entries", OPERATION_STIMULUS, .on_function = true, .quirk = QUIRK_MASK_ALL_AFTER_STARTUP,
	  .when = function_in_use, FIRST(ENTRY, ENTRY_MASK_ALL) },
	{ "request_irq", OPERATION_STIMULUS, .per_cpu = true, .when = may_request, .move = part_target_here,
	  FIRST(VECTOR, VECTOR_ACTIVATE) },
	{ "device raises", OPERATION_STIMULUS, .when = may_raise, .move = owe, FIRST(ENTRY, ENTRY_RAISE) },
	{ "handler returns", OPERATION_PROGRESS, .when = part_may_exit, .move = part_run_ends, FIRST(IRQ, IRQ_EXIT_HANDLED) },
	{ "second writer masks", OPERATION_STIMULUS, .quirk = QUIRK_SECOND_WRITER, .when = in_use, FIRST(ENTRY, ENTRY_HW_MASK) },
	PART_OPERATIONS(part_may_free),
};

/* ------------------------------------------------------------------------------------------------------ invariants */

/* After request_irq() and enable_irq() have returned, and outside of the loop behind a busy handler. */
static bool left_masked(const struct unit *unit)
{
	return set_up(unit) && part_enabled(unit) && unit_state(unit, ROLE_IRQ, IRQ_REGION_MASKED) == BIT_CLEAR &&
	       (unit_state(unit, ROLE_ENTRY, ENTRY_REGION_HW) != BIT_CLEAR ||
		unit_state(unit, ROLE_FUNCTION, FN_REGION_FMASK) == BIT_SET);
}

static bool stale_message(const struct unit *unit)
{
	return set_up(unit) && part_started(unit) &&
	       (unit_state(unit, ROLE_ENTRY, ENTRY_REGION_MESSAGE) != MESSAGE_VECTOR ||
		unit->place[PLACE_MESSAGE] != unit->place[PLACE_TARGET]);
}

static bool core_mask_ignored(const struct unit *unit)
{
	return set_up(unit) && part_started(unit) && part_is_masked(unit) &&
	       unit_state(unit, ROLE_ENTRY, ENTRY_REGION_HW) == BIT_CLEAR;
}

static bool spare_unmasked(const struct unit *unit)
{
	return set_up(unit) && !part_started(unit) && unit_state(unit, ROLE_ENTRY, ENTRY_REGION_HW) == BIT_CLEAR;
}

static const struct invariant invariants[] = {
	{ "unmasked", "the entry of an irq that is started, enabled and not masked by the core is unmasked", "msix-left-masked",
	  left_masked },
	{ "message", "the message of an irq that is started encodes the vector that it has", "stale-message", stale_message },
	{ "core-mask", "an entry that the irq core has masked is masked", "", core_mask_ignored },
	{ "spare-masked", "an entry whose irq is not started is masked", "", spare_unmasked },
	PART_INVARIANTS,
};

/* ------------------------------------------------------------------------------------------------------ the part */

/* A function with a driver and MSI-X off, entries masked as they are after reset. */
static void init(struct unit *unit)
{
	part_init(unit);
	part_set(unit, ROLE_PCI, PCI_REGION_MEMORY, BIT_SET);
	part_set(unit, ROLE_PCI, PCI_REGION_MASTER, BIT_SET);
	part_set(unit, ROLE_PCI, PCI_REGION_INTX, BIT_CLEAR);
	part_set(unit, ROLE_PCI, PCI_REGION_POWER, POWER_D0);
	part_set(unit, ROLE_PCI, PCI_REGION_STATE, SETUP_CURRENT);
	part_set(unit, ROLE_PCI, PCI_REGION_DRIVER, BIT_SET);
	part_set(unit, ROLE_FUNCTION, FN_REGION_ENABLE, BIT_CLEAR);
	part_set(unit, ROLE_FUNCTION, FN_REGION_FMASK, BIT_CLEAR);
	part_set(unit, ROLE_FUNCTION, FN_REGION_KERNEL, BIT_CLEAR);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_HW, BIT_SET);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_KERNEL, BIT_SET);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_MESSAGE, MESSAGE_NONE);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_PENDING, BIT_CLEAR);
}

static bool waits(const struct unit *unit)
{
	return unit->place[PLACE_OWED] && part_enabled(unit);
}

const struct path_part path_msix = {
	.name = "baremetal/msix", .what = "MSI-X entries, their vectors and irqs, without remapping",
	.path = PATH_BAREMETAL, .feeder = OBJ_MSIX, .has_function = true, .reactions = reactions, .operations = operations,
	.invariants = invariants,
	.nr_reactions = sizeof(reactions) / sizeof(reactions[0]), .nr_operations = sizeof(operations) / sizeof(operations[0]),
	.nr_invariants = sizeof(invariants) / sizeof(invariants[0]), .init = init, .waits = waits,
};
