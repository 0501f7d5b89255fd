/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of Xen's paths have in common in which a guest's interrupt is an event channel: an MSI-X entry that Xen
 * owns, its irq and the pirq, the port, and the guest kernel's irq. They are explained in path_dom0.c.
 */
#ifndef IRQPATH_MODEL_XEN_PART_H
#define IRQPATH_MODEL_XEN_PART_H

#include "model/part.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/xirq.h"
#include "model/xmsi.h"

/* Guards of reactions. */
bool xen_message_leaves(const struct unit *before, const struct unit *now);
bool xen_entry_to_mask(const struct unit *before, const struct unit *now);	/* the bit is set, and the table not yet */
bool xen_entry_to_unmask(const struct unit *before, const struct unit *now);
bool xen_is_mapped(const struct unit *before, const struct unit *now);
bool xen_is_assigned(const struct unit *before, const struct unit *now);	/* an irq of Xen */
bool xen_is_bound(const struct unit *before, const struct unit *now);	/* to an event channel */
bool xen_guest_wishes(const struct unit *before, const struct unit *now);	/* it masked */
bool xen_guest_wishes_not(const struct unit *before, const struct unit *now);

/* Operations. */
bool xen_may_enable(const struct unit *unit);
bool xen_may_disable(const struct unit *unit);
bool xen_may_request(const struct unit *unit);
bool xen_may_raise(const struct unit *unit);
bool xen_may_move(const struct unit *unit);
bool xen_may_take(const struct unit *unit);
bool xen_may_take_busy(const struct unit *unit);
bool xen_in_use(const struct unit *unit);
bool xen_is_spare(const struct unit *unit);

/* Operands. */
void xen_owe(struct unit *unit);
void xen_masked_late(struct unit *unit);

/* Invariants. */
bool xen_left_masked(const struct unit *unit);	/* since before its event channel was bound, or whenever */
bool xen_masked_since(const struct unit *unit);
bool xen_mask_is_nobodys(const struct unit *unit);
bool xen_port_left_masked(const struct unit *unit);
bool xen_function_is_masked(const struct unit *unit);	/* while its entries are in use */
bool xen_wish_is_left(const struct unit *unit);		/* the guest's, of an interrupt that it is ready for */
bool xen_message_is_lost(const struct unit *unit);	/* of an entry that has an irq of Xen */
bool xen_not_bound(const struct unit *unit);
bool xen_waits(const struct unit *unit);

/* A function with a driver and MSI-X off; its entries are masked, nothing is mapped. */
void xen_part_init(struct unit *unit);

/* The table follows the bit. */
#define XEN_FOLLOWS(in) \
	{ ON(XMSI, in), .when = xen_entry_to_mask, THEN(ENTRY, ENTRY_HW_MASK) }, \
	{ ON(XMSI, in), .when = xen_entry_to_unmask, THEN(ENTRY, ENTRY_HW_UNMASK) }

#define XEN_TABLE \
	XEN_FOLLOWS(XMSI_MAPPED), XEN_FOLLOWS(XMSI_ONE_WISH), XEN_FOLLOWS(XMSI_STARTED), XEN_FOLLOWS(XMSI_RELEASED), \
	XEN_FOLLOWS(XMSI_STOPPED), XEN_FOLLOWS(XMSI_GUEST_MASK), XEN_FOLLOWS(XMSI_GUEST_UNMASK), XEN_FOLLOWS(XMSI_SET_BEHIND), \
	XEN_FOLLOWS(XMSI_CLEARED_BEHIND), XEN_FOLLOWS(XMSI_RESTORED_MASKED), XEN_FOLLOWS(XMSI_RESTORED_UNMASKED)

/* The device: a message leaves at once, or when the last obstacle goes; Xen acknowledges it and sets the port pending. */
#define XEN_ARRIVAL \
	{ ON(ENTRY, ENTRY_RAISE), .when = xen_message_leaves, THEN(XIRQ, XIRQ_ARRIVE) }, \
	{ ON_EFFECT(ENTRY, ENTRY_EFFECT_SEND), THEN(XIRQ, XIRQ_ARRIVE) }, \
	{ ON(XIRQ, XIRQ_ARRIVE), .when = xen_is_bound, THEN(PORT, PORT_RAISE) }

/* handle_edge_irq() in the guest: the event is taken, the actions run, and again if another one came meanwhile. */
#define XEN_FLOW \
	{ ON(PORT, PORT_TAKEN), .when = xen_flow_idle, THEN(IRQ, IRQ_FLOW) }, \
	{ ON(PORT, PORT_TAKEN), .when = xen_flow_busy, THEN(IRQ, IRQ_FLOW_BUSY) }, \
	{ ON(IRQ, IRQ_FLOW), .when = part_was_enabled, .move = part_run_here, THEN(IRQ, IRQ_ENTER) }, \
	{ ON(IRQ, IRQ_FLOW_BUSY), THEN(PORT, PORT_MASKED) }, \
	{ ON(IRQ, IRQ_EXIT_HANDLED), .when = part_again_masked, THEN(IRQ, IRQ_CORE_UNMASK) }, \
	{ ON(IRQ, IRQ_EXIT_HANDLED), .when = part_again, .move = part_run_here, THEN(IRQ, IRQ_ENTER) }

bool xen_flow_idle(const struct unit *before, const struct unit *now);
bool xen_flow_busy(const struct unit *before, const struct unit *now);

/* The chip of pirqs (drivers/xen/events): request_irq() binds, free_irq() closes, all else masks the event channel alone. */
#define XEN_CHIP \
	{ ON(IRQ, IRQ_STARTUP), THEN(PIRQ, PIRQ_BIND) }, \
	{ ON(PIRQ, PIRQ_BIND), THEN(PORT, PORT_BIND_PIRQ) }, \
	{ ON(IRQ, IRQ_STARTUP), THEN(IRQ, IRQ_CORE_UNMASK) }, \
	{ ON(IRQ, IRQ_STARTUP), THEN(IRQ, IRQ_ACTION_ADDED) }, \
	{ ON(IRQ, IRQ_FREE), THEN(IRQ, IRQ_SHUTDOWN) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(IRQ, IRQ_CORE_MASK) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(PIRQ, PIRQ_CLOSE) }, \
	{ ON(PIRQ, PIRQ_CLOSE), .move = xen_forget, THEN(PORT, PORT_CLOSE) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(IRQ, IRQ_DEACTIVATED) }, \
	{ ON(IRQ, IRQ_DISABLE), THEN(IRQ, IRQ_CORE_MASK) }, \
	{ ON(IRQ, IRQ_ENABLE), THEN(IRQ, IRQ_CORE_UNMASK) }, \
	{ ON(IRQ, IRQ_STARTUP), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_EDGE, THEN(IRQ, IRQ_RESEND) }, \
	{ ON(IRQ, IRQ_ENABLE), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_EDGE, THEN(IRQ, IRQ_RESEND) }, \
	{ ON(IRQ, IRQ_RESEND), THEN(PORT, PORT_RAISE) }, \
	{ ON(IRQ, IRQ_CORE_MASK), THEN(PORT, PORT_MASKED) }, \
	{ ON(IRQ, IRQ_CORE_UNMASK), THEN(PORT, PORT_UNMASKED) }

void xen_forget(struct unit *unit);

/* Mapping and the last guest's end: both wishes masked, or the one that older releases keep. */
#define XEN_MASKS(role, in, input) \
	{ ON(role, in), .quirk = QUIRK_XEN_GUEST_MASK, THEN(XMSI, input) }, \
	{ ON(role, in), .quirk = QUIRK_XEN_GUEST_MASK, .without = true, THEN(XMSI, XMSI_ONE_WISH) }

#define XEN_OPERATIONS \
	{ "request_irq", OPERATION_STIMULUS, .per_cpu = true, .when = xen_may_request, .move = part_target_here, \
	  FIRST(IRQ, IRQ_STARTUP) }, \
	{ "device raises", OPERATION_STIMULUS, .when = xen_may_raise, .move = xen_owe, FIRST(ENTRY, ENTRY_RAISE) }, \
	{ "event is taken", OPERATION_PROGRESS, .per_cpu = true, .when = xen_may_take, FIRST(PORT, PORT_TAKEN) }, \
	{ "event is taken, handled elsewhere", OPERATION_PROGRESS, .per_cpu = true, .when = xen_may_take_busy, \
	  FIRST(PORT, PORT_TAKEN) }, \
	{ "handler returns", OPERATION_PROGRESS, .when = part_may_exit, .move = part_run_ends, FIRST(IRQ, IRQ_EXIT_HANDLED) }, \
	{ "EVTCHNOP_bind_vcpu", OPERATION_STIMULUS, .per_cpu = true, .when = xen_may_move, .move = part_target_here }, \
	{ "free_irq", OPERATION_STIMULUS, .when = part_may_free, FIRST(IRQ, IRQ_FREE) }, \
	{ "disable_irq", OPERATION_STIMULUS, .when = part_may_disable, FIRST(IRQ, IRQ_DISABLE) }, \
	{ "enable_irq", OPERATION_STIMULUS, .when = part_may_enable, FIRST(IRQ, IRQ_ENABLE) }

#define XEN_INVARIANTS \
	{ "port-unmasked", "the event channel of an irq that is enabled is unmasked", "evtchn-left-masked", xen_port_left_masked }, \
	{ "bound", "the pirq of an irq that is started has an event channel", "pirq-not-bound", xen_not_bound }, \
	{ "function-mask", "the mask of a function is clear while an irq of it is started and enabled", "msix-left-masked", \
	  xen_function_is_masked }, \
	{ "wish", "the guest does not wish masked what it is started, enabled and unmasked for", "msix-left-masked", xen_wish_is_left }, \
	{ "message", "the entry of an irq of Xen has its message", "model-disagrees", xen_message_is_lost }, \
	PART_INVARIANTS

#endif
