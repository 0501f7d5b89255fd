/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of pirqs and event channels: Xen's own, and those that the domain's kernel records. */
#include "model/replay.h"

/* A domain's kernel has its own numbers; Xen has them by domain. */
static struct object_ref seen_by_xen(struct object_ref ref)
{
	uint32_t domain;

	if (ref.machine != MACHINE_DOM0 && ref.machine < MACHINE_DOMAIN)
		return ref;
	domain = ref.machine == MACHINE_DOM0 ? 0 : ref.machine - MACHINE_DOMAIN;
	ref.id = object_id_pair(domain, object_pair_low(ref.id));
	ref.machine = MACHINE_XEN;
	return ref;
}

static struct object *xen_object(struct model *m, const struct event *ev, enum object_kind kind)
{
	const struct object_ref *ref = event_object(ev, kind);
	struct object_ref known;

	if (!ref)
		return NULL;
	known = seen_by_xen(*ref);
	return model_object(m, &known);
}

/* The event channel that a record names, or that feeds the irq which it names. */
static struct object *port_of(struct model *m, const struct event *ev)
{
	struct object *port = xen_object(m, ev, OBJ_PORT), *irq;

	if (port)
		return port;
	irq = object_named(m, ev, OBJ_IRQ);
	return irq ? irq->irq.port : NULL;
}

static struct object *pirq_of(struct model *m, const struct event *ev)
{
	struct object *pirq = xen_object(m, ev, OBJ_PIRQ), *port;

	if (pirq)
		return pirq;
	port = port_of(m, ev);
	return port ? port->port.pirq : NULL;
}

/* What an irq of Xen is told, too. */
static void tell_xirq(struct model *m, struct object *pirq, enum xirq_input in)
{
	struct object *xirq = pirq->pirq.xirq;

	if (!xirq)
		return;
	/* the last of its guests */
	for (struct object *other = xirq->xirq.pirqs; other && in != XIRQ_GUEST_BIND; other = other->pirq.next)
		if (other != pirq && pirq_state(other->pirq.core, PIRQ_REGION_OWED) != BIT_CLEAR)
			return;
	xirq_input(m, xirq, in);
}

static void apply(struct model *m, struct object *pirq, enum pirq_input in)
{
	pirq_input(m, pirq, in);
	pirq_update(m, pirq);
}

static void apply_port(struct model *m, struct object *port, enum port_input in)
{
	port_input(m, port, in);
	port_update(m, port);
}

/* Joins what one record names: pirq - event channel - irq. */
static void join_named(struct model *m, const struct event *ev)
{
	struct object *pirq = xen_object(m, ev, OBJ_PIRQ), *port = xen_object(m, ev, OBJ_PORT);
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (pirq && port)
		link_xen(m, pirq, port);
	if (port && irq)
		link_xen(m, port, irq);
}

static bool refused(const struct event *ev)
{
	int64_t ret;

	return event_arg(ev, ARG_RET, &ret) && ret < 0;
}

static void on_map(struct model *m, const struct event *ev)
{
	struct object *pirq = pirq_of(m, ev);

	if (pirq)
		apply(m, pirq, refused(ev) ? PIRQ_MAP_FAILED : PIRQ_MAPPED);
}

static void on_unmap(struct model *m, const struct event *ev)
{
	struct object *pirq = pirq_of(m, ev);

	if (pirq && !refused(ev))
		apply(m, pirq, PIRQ_UNMAPPED);
}

static void on_bind(struct model *m, const struct event *ev)
{
	struct object *pirq, *port;

	if (refused(ev)) {
		pirq = pirq_of(m, ev);
		if (pirq)
			pirq_refused(m, pirq);
		return;
	}
	join_named(m, ev);
	pirq = pirq_of(m, ev);
	port = port_of(m, ev);
	if (port)
		apply_port(m, port, PORT_BIND_PIRQ);
	if (!pirq)
		return;
	pirq->pirq.refused_event = 0;
	apply(m, pirq, PIRQ_BIND);
	tell_xirq(m, pirq, XIRQ_GUEST_BIND);
}

static void on_close(struct model *m, const struct event *ev)
{
	struct object *pirq = pirq_of(m, ev), *port = port_of(m, ev);

	if (port)
		apply_port(m, port, PORT_CLOSE);
	if (!pirq)
		return;
	apply(m, pirq, PIRQ_CLOSE);
	tell_xirq(m, pirq, XIRQ_GUEST_UNBIND);
}

static void on_eoi(struct model *m, const struct event *ev)
{
	struct object *pirq = pirq_of(m, ev);

	if (!pirq)
		return;
	pirq->pirq.eoi_seen = true;
	apply(m, pirq, PIRQ_EOI);
	tell_xirq(m, pirq, XIRQ_GUEST_EOI);
}

static void on_port(struct model *m, const struct event *ev)
{
	struct object *port = port_of(m, ev);

	if (!port)
		return;
	apply_port(m, port, ev->kind == EV_XEN_EVTCHN_MASK ? PORT_MASKED :
			    ev->kind == EV_XEN_EVTCHN_UNMASK ? PORT_UNMASKED : PORT_TAKEN);
}

/* Whether its irq waits for the event channel is what is owed rests on; the irq's own part comes first. */
static void on_irq(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *irq = ref ? registry_find(m->objects, *ref) : NULL;

	if (irq && irq->irq.port)
		port_update(m, irq->irq.port);
}

event_handler pirq_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_XEN_PIRQ_MAP] = on_map,
		[EV_XEN_PIRQ_UNMAP] = on_unmap,
		[EV_XEN_PIRQ_BIND] = on_bind,
		[EV_XEN_PIRQ_CLOSE] = on_close,
		[EV_XEN_PIRQ_EOI] = on_eoi,
		[EV_XEN_EVTCHN_MASK] = on_port,
		[EV_XEN_EVTCHN_UNMASK] = on_port,
		[EV_XEN_EVTCHN_UPCALL] = on_port,
		[EV_IRQ_STARTUP] = on_irq,
		[EV_IRQ_SHUTDOWN] = on_irq,
		[EV_IRQ_ENABLE] = on_irq,
		[EV_IRQ_DISABLE] = on_irq,
		[EV_IRQ_FREE] = on_irq,
	};

	return handlers[kind];
}
