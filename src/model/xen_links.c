/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What feeds what under Xen: function or pin - irq of Xen - pirq of a domain - event channel - irq of its kernel. Only what a
 * source shows is joined; the numbers of the four spaces have nothing to do with each other. Sources show the ends of it
 * sooner than the middle: a kernel's irq is joined with its pirq before it has an event channel.
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

/* A pirq that has an event channel, or a message, shows by which path its guest is interrupted. */
void learn_pirq_path(struct model *m, struct object *pirq)
{
	uint16_t machine = machine_of_domain(object_pair_high(pirq->row.ref.id));
	enum path path = m->opt->forced_path >= 0 ? (enum path)m->opt->forced_path : pirq_path(m, machine);

	if ((!pirq->pirq.port && !pirq->pirq.is_message) || path == PATH_UNKNOWN)
		return;
	pirq->row.path = path;
	if (pirq->pirq.port)
		pirq->pirq.port->row.path = path;
	if (pirq->pirq.xirq)
		pirq->pirq.xirq->row.path = path;
	write_path(m, machine, path);
}

/* A pirq and the event channel that it has. */
static void leave_pirq(struct object *port)
{
	if (port->port.pirq)
		port->port.pirq->pirq.port = NULL;
	port->port.pirq = NULL;
}

static void join_pirq(struct object *pirq, struct object *port)
{
	leave_pirq(port);
	if (pirq->pirq.port)
		leave_pirq(pirq->pirq.port);
	port->port.pirq = pirq;
	pirq->pirq.port = port;
}

static void leave_irq(struct object *irq)
{
	if (irq->irq.pirq)
		irq->irq.pirq->pirq.irq = NULL;
	irq->irq.pirq = NULL;
}

static void join_irq(struct object *pirq, struct object *irq)
{
	leave_irq(irq);
	if (pirq->pirq.irq)
		leave_irq(pirq->pirq.irq);
	pirq->pirq.irq = irq;
	irq->irq.pirq = pirq;
	irq->irq.is_pirq = true;
}

static void leave_irq_of_xen(struct object *irq)
{
	if (irq->irq.xirq)
		irq->irq.xirq->xirq.irq = NULL;
	irq->irq.xirq = NULL;
}

static void join_irq_of_xen(struct object *xirq, struct object *irq)
{
	leave_irq_of_xen(irq);
	if (xirq->xirq.irq)
		leave_irq_of_xen(xirq->xirq.irq);
	xirq->xirq.irq = irq;
	irq->irq.xirq = xirq;
}

static void leave_entry(struct object *xirq)
{
	if (xirq->xirq.entry)
		xirq->xirq.entry->entry.xirq = NULL;
	xirq->xirq.entry = NULL;
}

static void join_entry(struct object *entry, struct object *xirq)
{
	leave_entry(xirq);
	if (entry->entry.xirq)
		leave_entry(entry->entry.xirq);
	entry->entry.xirq = xirq;
	xirq->xirq.entry = entry;
	xirq->row.function = entry->row.function;
}

/* Which pairs there are; one that has a feeder of another kind beside keeps the link at its feeder. */
static const struct pair {
	uint8_t from, to;
	bool at_feeder;
	void (*point)(struct object *feeder, struct object *fed);	/* the pointers by which the replay walks */
} pairs[] = {
	{ OBJ_MSIX, OBJ_PIRQ, true, NULL },
	{ OBJ_MSIX, OBJ_XIRQ, true, join_entry },
	{ OBJ_MSI, OBJ_PIRQ, true, NULL },
	{ OBJ_PCI, OBJ_XIRQ, false, NULL },
	{ OBJ_PIN, OBJ_XIRQ, false, NULL },
	{ OBJ_XIRQ, OBJ_PIRQ, false, join_xirq },
	{ OBJ_XIRQ, OBJ_IRQ, true, join_irq_of_xen },
	{ OBJ_PIRQ, OBJ_PORT, false, join_pirq },
	{ OBJ_PIRQ, OBJ_VPIN, false, NULL },
	{ OBJ_PIRQ, OBJ_DPCI, false, NULL },
	{ OBJ_PIRQ, OBJ_IRQ, true, join_irq },
	{ OBJ_PORT, OBJ_IRQ, true, join_port },
};

static const struct pair *find_pair(const struct object *feeder, const struct object *fed)
{
	for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i].from == feeder->row.ref.kind && pairs[i].to == fed->row.ref.kind)
			return &pairs[i];
	return NULL;
}

struct object *xen_pirq_of(const struct object *irq)
{
	return irq->irq.pirq ? irq->irq.pirq : irq->irq.port ? irq->irq.port->port.pirq : NULL;
}

/* The initial domain's alone: a kernel of another guest has its devices by other paths, which pirqs do not tell apart. */
static void take_path(struct object *obj, enum path path)
{
	if (obj && path != PATH_UNKNOWN)
		obj->row.path = path;
}

void xen_spread(struct model *m, struct object *irq)
{
	struct object *pirq = xen_pirq_of(irq), *xirq = pirq ? pirq->pirq.xirq : irq->irq.xirq;

	take_path(irq->irq.port, irq->row.path);
	take_path(pirq, irq->row.path);
	take_path(xirq, irq->row.path);
	if (xirq && xirq->row.function && pirq)
		pirq->row.function = xirq->row.function;
	if (xirq && xirq->row.function)
		take_path(registry_get(m->objects, xirq->row.function), irq->row.path);
	if (xirq && xirq->row.function && !irq->irq.feeder)
		irq->row.function = xirq->row.function;
}

/* A function's interrupts all go one way. */
static void join_function(struct object *fn, struct object *xirq)
{
	xirq->row.function = fn->row.id;
	take_path(fn, xirq->row.path);
}

/* What the new link is part of, as far as it leads to an irq of a kernel. */
static void spread_from(struct model *m, struct object *obj)
{
	struct object *irq = obj;

	if (obj->row.ref.kind == OBJ_XIRQ) {
		for (struct object *pirq = obj->xirq.pirqs; pirq; pirq = pirq->pirq.next)
			spread_from(m, pirq);
		irq = obj->xirq.irq;
	} else if (obj->row.ref.kind == OBJ_PIRQ) {
		irq = obj->pirq.irq ? obj->pirq.irq : obj->pirq.port ? obj->pirq.port->port.irq : NULL;
	} else if (obj->row.ref.kind == OBJ_PORT) {
		irq = obj->port.irq;
	}
	if (irq && irq->row.ref.kind == OBJ_IRQ)
		xen_spread(m, irq);
}

/* A dump shows what was so since both were there; a kernel's record gives an event channel away when it is written. */
static int64_t start_ns(const struct model *m, const struct object *feeder, const struct object *fed)
{
	bool has_port = feeder->row.ref.kind == OBJ_PORT || fed->row.ref.kind == OBJ_PORT;

	if (has_port && m->ev->kind != EV_SNAPSHOT_FIELD)
		return m->now_ns;
	return feeder->row.born_ns > fed->row.born_ns ? feeder->row.born_ns : fed->row.born_ns;
}

static void pin_shown(struct model *m, struct object *pin, struct object *xirq)
{
	pin->pin.xirq = xirq->row.id;
	xirq_pin_shown(m, xirq);
}

void link_xen(struct model *m, struct object *feeder, struct object *fed, enum proof proof)
{
	const struct pair *pair = find_pair(feeder, fed);
	struct link_row *link;

	if (!pair)
		return;
	link = pair->at_feeder ? &feeder->out : &fed->fed_by;
	if (link->feeder && proof < link->proof)
		return;
	if (link->feeder == feeder->row.id && link->fed == fed->row.id) {
		link->proof = proof;
		return;
	}
	end_link(m, link);
	if (feeder->row.ref.kind == OBJ_MSIX && fed->row.ref.kind == OBJ_XIRQ)
		unlink_entry(m, fed);
	*link = open_link(m, feeder, fed, proof);
	link->from_ns = start_ns(m, feeder, fed);
	if (pair->point)
		pair->point(feeder, fed);
	else if (fed->row.ref.kind == OBJ_XIRQ && feeder->row.ref.kind == OBJ_PCI)
		join_function(feeder, fed);
	else if (feeder->row.ref.kind == OBJ_PIN)
		pin_shown(m, feeder, fed);
	if (fed->row.ref.kind == OBJ_PIRQ)
		learn_pirq_path(m, fed);
	if (fed->row.ref.kind == OBJ_PIRQ && feeder->row.ref.kind == OBJ_XIRQ)
		dpci_joined(m, feeder, fed);
	else if (fed->row.ref.kind == OBJ_PORT)
		learn_pirq_path(m, feeder);
	spread_from(m, fed);
}

/* Its message is another's. */
void unlink_entry(struct model *m, struct object *xirq)
{
	if (!xirq->xirq.entry)
		return;
	end_link(m, &xirq->xirq.entry->out);
	leave_entry(xirq);
}

void unlink_port(struct model *m, struct object *port)
{
	end_link(m, &port->out);
	end_link(m, &port->fed_by);
	leave_pirq(port);
	if (port->port.irq)
		leave_port(port->port.irq);
}

static void unlink_irq_of_xen(struct model *m, struct object *irq)
{
	if (irq->irq.port)
		unlink_port(m, irq->irq.port);
	if (irq->irq.pirq)
		end_link(m, &irq->irq.pirq->out);
	if (irq->irq.xirq)
		end_link(m, &irq->irq.xirq->out);
	leave_irq(irq);
	leave_irq_of_xen(irq);
}

/* Told only where somebody waits for it: the link says whom the finding is about. */
void link_stack(struct model *m, struct object *xirq, struct object *peoi)
{
	struct link_row *link = &peoi->fed_by;

	if (!xirq || (link->feeder == xirq->row.id && link->fed == peoi->row.id))
		return;
	end_link(m, link);
	*link = open_link(m, xirq, peoi, PROOF_SEEN);
}

void unlink_xen(struct model *m, struct object *obj)
{
	if (obj->row.ref.kind == OBJ_IRQ)
		unlink_irq_of_xen(m, obj);
	if (obj->row.ref.kind != OBJ_XIRQ)
		return;
	if (obj->xirq.irq) {
		end_link(m, &obj->out);
		leave_irq_of_xen(obj->xirq.irq);
	}
	while (obj->xirq.pirqs) {
		end_link(m, &obj->xirq.pirqs->fed_by);
		leave_xirq(obj->xirq.pirqs);
	}
}
