/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Xen's irqs, pirqs and event channels are owed.
 *
 * "xen-move": an irq that was given another vector comes by it; each arrival by the old one should have been the last, as the message
 * was written with the assignment. Whether it came by the old vector is certain where both have no CPU in common. "xen-cleanup": the
 * old vector is released once it came by the new one; each record that the release was put off should have been the last.
 *
 * "pirq-bind": a guest's bind was refused (EVTCHNOP_bind_pirq), so that the irq it started has no event channel; a bind that
 * succeeds meets it. "pirq-eoi": what was given to the guest is acknowledged late, by its EOI hypercall; Xen's own timer
 * would clear it after 1 ms (4.1 and later), which only a dump shows. "evtchn-unmask": an event channel that feeds an irq
 * which is started and enabled must not stay masked; disabling the irq excuses it, as the kernel masks nothing else
 * (drivers/xen/events/events_base.c).
 */
#include "model/owners.h"
#include "model/replay.h"

void pirq_refused(struct model *m, struct object *pirq)
{
	pirq->pirq.refused_event = m->event;
	pirq_update(m, pirq);
}

void pirq_update(struct model *m, struct object *pirq)
{
	struct pirq_object *own = &pirq->pirq;
	struct claim bind = {
		.kind = "pirq-bind", .object = pirq->row.id, .owner = owner_name(OWNER_KERNEL), .cause_event = own->refused_event,
		.due = own->refused_event != 0, .owed = TRUTH_TRUE, .met_by = "bound to an event channel",
		.final = pirq_state(own->core, PIRQ_REGION_MAP) == BIT_CLEAR ? "unmapped" : NULL,
	};
	struct claim eoi = {
		.kind = "pirq-eoi", .object = pirq->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = own->mark[PIRQ_REGION_OWED].event, .due = pirq_state(own->core, PIRQ_REGION_OWED) == BIT_SET,
		/* a guest whose EOIs lead nowhere may give them all */
		.owed = own->eoi_seen || (own->port && own->port->port.irq) ? TRUTH_TRUE : TRUTH_UNKNOWN, .met_by = "guest's EOI",
	};

	if (bind.due || own->bind.open)
		duty_follow(m, &own->bind, &bind);
	if (eoi.due || own->eoi.open)
		duty_follow_hot(m, &own->eoi, &eoi);
	table_update(m, pirq);
}

void xirq_update(struct model *m, struct object *xirq)
{
	struct xirq_object *own = &xirq->xirq;
	unsigned move = xirq_state(own->core, XIRQ_REGION_MOVE);
	bool apart = own->cpus && own->old_cpus && !(own->cpus & own->old_cpus);
	const char *gone = xirq_state(own->core, XIRQ_REGION_LIFE) == XIRQ_FREE ? "irq released" : NULL;
	struct claim stale = {
		.kind = "xen-move", .object = xirq->row.id, .owner = owner_name(OWNER_HYPERVISOR), .final = gone,
		.cause_event = own->mark[XIRQ_REGION_MOVE].event, .due = gone || move == XIRQ_MOVING,
		.owed = apart ? TRUTH_TRUE : TRUTH_UNKNOWN, .met_by = "handled by the new vector",
	};
	struct claim cleanup = stale;

	cleanup.kind = "xen-cleanup";
	cleanup.due = gone || move == XIRQ_CLEANING;
	cleanup.owed = TRUTH_TRUE;
	cleanup.met_by = "old vector released";
	if (own->stale.open || (stale.due && !gone))
		duty_follow(m, &own->stale, &stale);
	if (own->cleanup.open || (cleanup.due && !gone))
		duty_follow(m, &own->cleanup, &cleanup);
}

void port_update(struct model *m, struct object *port)
{
	const struct object *irq = port->port.irq;
	bool masked = port_state(port->port.core, PORT_REGION_MASK) == BIT_SET;
	struct claim claim = {
		.kind = "evtchn-unmask", .object = port->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = port->port.mark[PORT_REGION_MASK].event, .due = masked, .met_by = "unmasked",
	};

	if (!masked && !port->port.unmask.open)
		return;
	if (!irq)
		claim.final = "irq not known";
	else if (irq_is_started(irq) == TRUTH_FALSE)
		claim.final = "irq shut down";
	else
		claim.owed = truth_and(irq_is_started(irq), irq_is_enabled(irq));
	duty_follow(m, &port->port.unmask, &claim);
}

/* Records were lost from then on, and what they are owed with them. */
void xen_duties_lost(struct model *m, struct object *obj)
{
	if (obj->row.ref.kind == OBJ_PIRQ) {
		obj->pirq.write_event = 0;
		obj->pirq.refused_event = 0;
	} else if (obj->row.ref.kind == OBJ_PEOI) {
		peoi_lost(m, obj, m->now_ns);
	} else if (obj->row.ref.kind == OBJ_GSI) {
		gsi_input(m, obj, GSI_LOST);
	}
}
