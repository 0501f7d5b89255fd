/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What feeds what under Xen: function or pin - irq of Xen - pirq of a domain - event channel - irq of its kernel. Only what a
 * source shows is joined; the numbers of the four spaces have nothing to do with each other.
 */
#include "model/replay.h"

/* Xen's own limit (irq-max-guests); what a file claims beyond it is linked, but told nothing. */
enum { MAX_GUESTS = 255 };

/* A guest's pirq leaves the irq that it was led to. */
static void leave_xirq(struct object *pirq)
{
	struct object **at;

	if (!pirq->pirq.xirq)
		return;
	for (at = &pirq->pirq.xirq->xirq.pirqs; *at != pirq; at = &(*at)->pirq.next)
		;
	*at = pirq->pirq.next;
	pirq->pirq.xirq->xirq.nr_pirqs--;
	pirq->pirq.xirq = NULL;
}

static void join_xirq(struct object *xirq, struct object *pirq)
{
	leave_xirq(pirq);
	if (xirq->xirq.nr_pirqs == MAX_GUESTS)
		return;
	xirq->xirq.nr_pirqs++;
	pirq->pirq.xirq = xirq;
	pirq->row.function = xirq->row.function;
	pirq->pirq.next = xirq->xirq.pirqs;
	xirq->xirq.pirqs = pirq;
}

static void leave_port(struct object *irq)
{
	if (irq->irq.port)
		irq->irq.port->port.irq = NULL;
	irq->irq.port = NULL;
}

static void join_port(struct object *port, struct object *irq)
{
	leave_port(irq);
	if (port->port.irq)
		leave_port(port->port.irq);
	port->port.irq = irq;
	irq->irq.port = port;
}

/* A pirq that has an event channel shows by which path its guest is interrupted. */
void learn_pirq_path(struct model *m, struct object *pirq)
{
	uint16_t machine = machine_of_domain(object_pair_high(pirq->row.ref.id));
	enum path path = m->opt->forced_path >= 0 ? (enum path)m->opt->forced_path : pirq_path(m, machine);

	if (!pirq->pirq.port || path == PATH_UNKNOWN)
		return;
	pirq->row.path = pirq->pirq.port->row.path = path;
	if (pirq->pirq.xirq)
		pirq->pirq.xirq->row.path = path;
	write_path(m, machine, path);
}

/* The pointers by which the replay walks. */
static void point(struct object *feeder, struct object *fed)
{
	if (fed->row.ref.kind == OBJ_PIRQ && feeder->row.ref.kind == OBJ_XIRQ)
		join_xirq(feeder, fed);
	else if (fed->row.ref.kind == OBJ_XIRQ && feeder->row.ref.kind == OBJ_PCI)
		fed->row.function = feeder->row.id;
	else if (fed->row.ref.kind == OBJ_IRQ)
		join_port(feeder, fed);
	else if (fed->row.ref.kind == OBJ_PORT) {
		fed->port.pirq = feeder;
		feeder->pirq.port = fed;
	}
}

/* Which pairs there are; one that has a feeder of another kind beside keeps the link at its feeder. */
static struct link_row *place(struct object *feeder, struct object *fed)
{
	unsigned from = feeder->row.ref.kind, to = fed->row.ref.kind;

	if ((from == OBJ_PORT && to == OBJ_IRQ) || ((from == OBJ_MSIX || from == OBJ_MSI) && to == OBJ_PIRQ))
		return &feeder->out;
	if (((from == OBJ_PCI || from == OBJ_PIN) && to == OBJ_XIRQ) || (from == OBJ_XIRQ && to == OBJ_PIRQ) ||
	    (from == OBJ_PIRQ && (to == OBJ_PORT || to == OBJ_VPIN)))
		return &fed->fed_by;
	return NULL;
}

void link_xen(struct model *m, struct object *feeder, struct object *fed)
{
	struct link_row *link = place(feeder, fed);

	if (!link || (link->feeder == feeder->row.id && link->fed == fed->row.id))
		return;
	end_link(m, link);
	*link = open_link(m, feeder, fed, PROOF_SEEN);
	link->from_ns = fed->row.born_ns;
	point(feeder, fed);
	if (fed->row.ref.kind == OBJ_PIRQ)
		learn_pirq_path(m, fed);
	else if (fed->row.ref.kind == OBJ_PORT)
		learn_pirq_path(m, feeder);
}

void unlink_xen(struct model *m, struct object *obj)
{
	if (obj->row.ref.kind == OBJ_IRQ && obj->irq.port) {
		end_link(m, &obj->irq.port->out);
		leave_port(obj);
	}
	while (obj->row.ref.kind == OBJ_XIRQ && obj->xirq.pirqs) {
		end_link(m, &obj->xirq.pirqs->fed_by);
		leave_xirq(obj->xirq.pirqs);
	}
}
