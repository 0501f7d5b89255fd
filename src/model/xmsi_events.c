/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function whose messages Xen owns is reset, or set up again. The reset takes the messages and sets the mask bits behind Xen,
 * whose wishes stay; dom0's PCI core has Xen write all back (xen_initdom_restore_msi(): PHYSDEVOP_restore_msi_ext) where it
 * restores the function, and then the bits are as the wishes are. What a PVH dom0 restores it writes to the table itself,
 * which Xen traps: behind it the bit is not known.
 *
 * Only irqs that a source shows to be of the function, of the machine's or as dom0 calls it: their numbers are the same.
 */
#include "model/replay.h"

static bool is_of(const struct model *m, const struct object *xirq, uint64_t bdf)
{
	const struct object *fn = xirq->row.function ? registry_get(m->objects, xirq->row.function) : NULL;

	return fn && fn->row.ref.kind == OBJ_PCI && fn->row.ref.id == bdf;
}

static void apply(struct model *m, struct object *xirq, enum xmsi_input in)
{
	if (xmsi_state(xirq->xirq.msi, XMSI_REGION_CAN) != BIT_CLEAR && !whatif_computes(m, xirq))
		xmsi_input(m, xirq, in);
}

static void apply_wishes(struct model *m, struct object *xirq)
{
	unsigned host = xmsi_state(xirq->xirq.msi, XMSI_REGION_HOST), guest = xmsi_state(xirq->xirq.msi, XMSI_REGION_GUEST);

	apply(m, xirq, XMSI_RESTORED);
	if (xirq->row.path != PATH_DOM0_PV)
		return;
	if (host == BIT_SET || guest == BIT_SET)
		apply(m, xirq, XMSI_RESTORED_MASKED);
	else if (host == BIT_CLEAR && guest == BIT_CLEAR)
		apply(m, xirq, XMSI_RESTORED_UNMASKED);
}

static void tell(struct model *m, const struct event *ev, struct object *xirq)
{
	if (ev->kind == EV_PCI_RESET)
		apply(m, xirq, XMSI_RESET);
	else
		apply_wishes(m, xirq);
}

/* What dom0's own records name an entry or message of is joined by its pirq alone. */
static void tell_fed(struct model *m, const struct event *ev, const struct object *feeder)
{
	for (; feeder; feeder = feeder->next) {
		const struct object *pirq = feeder->out.fed ? registry_get(m->objects, feeder->out.fed) : NULL;

		if (pirq && pirq->row.ref.kind == OBJ_PIRQ && pirq->pirq.xirq && !is_of(m, pirq->pirq.xirq, feeder->function->row.ref.id))
			tell(m, ev, pirq->pirq.xirq);
	}
}

static void on_function(struct model *m, const struct event *ev)
{
	const struct object *fn = object_named(m, ev, OBJ_PCI);
	uint32_t last = registry_last(m->objects);

	/* a reset that is only asked for may be refused */
	if (!fn || (fn->row.ref.machine != MACHINE_DOM0 && fn->row.ref.machine != MACHINE_XEN) ||
	    (ev->kind == EV_PCI_RESET && ev->witness <= WITNESS_INTENT))
		return;
	for (uint32_t id = 1; id <= last; id++) {
		struct object *xirq = registry_get(m->objects, id);

		if (xirq && xirq->row.ref.kind == OBJ_XIRQ && is_of(m, xirq, fn->row.ref.id))
			tell(m, ev, xirq);
	}
	tell_fed(m, ev, fn->fn.entries);
	tell_fed(m, ev, fn->fn.messages);
}

event_handler xmsi_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = { [EV_PCI_RESET] = on_function, [EV_PCI_RESTORE] = on_function };

	return handlers[kind];
}
