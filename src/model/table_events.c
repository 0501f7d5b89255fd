/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mask bits that are Xen's, and guests that write them all the same: a PV dom0's PCI core by functions of its own, a guest
 * with pirqs by stores to the table of its device, which Xen traps. Whether such a write reaches the bit depends on the
 * release of Xen, so that the bit is not known from then on, until an arrival, a dump or Xen itself shows it.
 *
 * Which entry a trapped store is for is found in dpci_events.c.
 *
 * Obligations: "guest-unmask", of an entry that its guest wrote masked while it was not known to have an event channel, and
 * whose chip never unmasks: expected where that is bound; "table-unmask", of one that was written masked later, or behind
 * Xen. Either ends when the entry is known to be unmasked.
 */
#include "model/owners.h"
#include "model/replay.h"

/* ------------------------------------------------------------------------------------------------------ obligations */

void table_update(struct model *m, struct object *pirq)
{
	struct pirq_object *own = &pirq->pirq;
	struct claim claim = {
		.kind = own->write_late ? "table-unmask" : "guest-unmask", .object = pirq->row.id, .cause_event = own->write_event,
		.owner = owner_name(own->write_late ? OWNER_KERNEL : OWNER_HYPERVISOR), .due = own->write_event != 0,
		.owed = own->write_certain ? TRUTH_TRUE : TRUTH_UNKNOWN, .met_by = "unmasked",
		.final = pirq_state(own->core, PIRQ_REGION_MAP) == BIT_CLEAR ? "unmapped" : NULL,
	};

	if (claim.due || own->unmask.open)
		duty_follow(m, &own->unmask, &claim);
}

void table_unmasked(struct model *m, struct object *pirq)
{
	if (!pirq->pirq.write_event)
		return;
	pirq->pirq.write_event = 0;
	table_update(m, pirq);
}

void xmsi_is_unmasked(struct model *m, struct object *xirq)
{
	for (struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next)
		table_unmasked(m, pirq);
}

static void note_write(struct model *m, struct object *pirq, bool certain, bool late)
{
	if (pirq->pirq.write_event)
		return;
	pirq->pirq.write_event = m->event;
	pirq->pirq.write_certain = certain;
	pirq->pirq.write_late = late;
	table_update(m, pirq);
}

/* ------------------------------------------------------------------------------------------------------ writes */

/*
 * What the guest or its kernel did. Whether the bit follows depends on releases: it is not known, unless a what-if computes
 * what some release makes of it. Then the entry is owed an unmask where it is masked.
 */
static void tell(struct model *m, struct object *pirq, enum xmsi_input in, bool masked, bool certain, bool late)
{
	struct object *xirq = pirq->pirq.xirq;
	bool computed = xirq && whatif_computes(m, xirq);

	if (xirq)
		xmsi_input(m, xirq, in);
	if (xirq && !computed && xirq_is_message(xirq))
		xmsi_input(m, xirq, XMSI_MAY_BE_WRITTEN);
	if (!masked)
		table_unmasked(m, pirq);
	else if (!computed || xmsi_state(xirq->xirq.msi, XMSI_REGION_HW) != BIT_CLEAR)
		note_write(m, pirq, certain, late);
}

/* A call of dom0's own kernel. Some do nothing under Xen: those are no writes for certain. */
static void kernel_calls(struct model *m, struct object *pirq, bool masked, bool writes)
{
	tell(m, pirq, masked ? XMSI_KERNEL_MASKS : XMSI_KERNEL_UNMASKS, masked, writes, true);
}

/* A store that was trapped: the kernel's mask of all entries, as long as there is no event channel, or anybody's. */
void table_store(struct model *m, struct object *pirq, bool masked)
{
	const struct object *xirq = pirq->pirq.xirq;
	bool late = pirq_state(pirq->pirq.core, PIRQ_REGION_BOUND) == BIT_SET || (xirq && xirq->xirq.summary.deliveries);
	enum xmsi_input in = masked ? XMSI_WRITE_MASKED : XMSI_WRITE_UNMASKED;

	tell(m, pirq, masked && !late ? XMSI_MASK_ALL_LATE : in, masked, true, late);
}

/* ------------------------------------------------------------------------------------------------------ events */

static struct object *pirq_of_irq(const struct object *irq)
{
	return irq ? xen_pirq_of(irq) : NULL;
}

/* Functions that mask the table themselves; those of the chip of a native irq come as irq.mask. */
static void on_entry_mask(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_MSIX);
	struct object *entry = ref && ev->witness < WITNESS_HARDWARE ? registry_find(m->objects, *ref) : NULL, *pirq;
	int64_t masked;

	pirq = entry && entry->out.fed ? registry_get(m->objects, entry->out.fed) : NULL;
	if (pirq && pirq->row.ref.kind == OBJ_PIRQ && pirq->row.path == PATH_DOM0_PV && event_arg(ev, ARG_MASKED, &masked))
		kernel_calls(m, pirq, masked, ev->witness == WITNESS_SHADOW);
}

static void on_irq_mask(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *pirq = pirq_of_irq(ref ? registry_find(m->objects, *ref) : NULL);

	if (pirq && pirq->row.path == PATH_DOM0_PV)
		kernel_calls(m, pirq, ev->kind == EV_IRQ_MASK, false);
}

event_handler table_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_PCI_MSIX_ENTRY_MASK] = on_entry_mask,
		[EV_IRQ_MASK] = on_irq_mask,
		[EV_IRQ_UNMASK] = on_irq_mask,
	};

	return handlers[kind];
}
