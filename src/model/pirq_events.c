/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of pirqs and event channels: Xen's own, and those that the domain's kernel records. */
#include "model/replay.h"

/* The event channel that a record names, or that feeds the irq which it names. */
static struct object *port_of(struct model *m, const struct event *ev)
{
	struct object *port = object_named(m, ev, OBJ_PORT), *irq;

	if (port)
		return port;
	irq = object_named(m, ev, OBJ_IRQ);
	return irq ? irq->irq.port : NULL;
}

static struct object *pirq_of(struct model *m, const struct event *ev)
{
	struct object *pirq = object_named(m, ev, OBJ_PIRQ), *port, *irq;

	if (pirq)
		return pirq;
	irq = object_named(m, ev, OBJ_IRQ);
	if (irq && irq->irq.pirq)
		return irq->irq.pirq;
	port = port_of(m, ev);
	return port ? port->port.pirq : NULL;
}

/*
 * A guest that shares the irq of another is added to those whom it is given to: it is started, and what is in flight stays so.
 * The last one shuts it down.
 */
static enum truth has_other_guest(const struct object *pirq)
{
	enum truth has = TRUTH_FALSE;

	for (const struct object *other = pirq->pirq.xirq->xirq.pirqs; other; other = other->pirq.next) {
		unsigned bound = other == pirq ? BIT_CLEAR : pirq_state(other->pirq.core, PIRQ_REGION_BOUND);

		if (bound == BIT_SET)
			return TRUTH_TRUE;
		has = bound == BIT_CLEAR ? has : TRUTH_UNKNOWN;
	}
	return has;
}

/* What an irq of Xen is told, too. */
static void tell_xirq(struct model *m, struct object *pirq, enum xirq_input in)
{
	struct object *xirq = pirq->pirq.xirq;

	if (!xirq)
		return;
	if ((in == XIRQ_GUEST_BIND && has_other_guest(pirq) == TRUTH_TRUE) ||
	    (in == XIRQ_GUEST_UNBIND && has_other_guest(pirq) != TRUTH_FALSE)) {
		/* one more or one less, or as many where it was bound before */
		xirq->xirq.guests = -1;
		return;
	}
	/* the last of its guests */
	for (struct object *other = xirq->xirq.pirqs; other && in == XIRQ_GUEST_EOI; other = other->pirq.next)
		if (other != pirq && pirq_state(other->pirq.core, PIRQ_REGION_OWED) != BIT_CLEAR)
			return;
	xirq_input(m, xirq, in);
	if (in == XIRQ_GUEST_EOI)
		peoi_acknowledged(m, xirq, PEOI_READY);
	if (in == XIRQ_GUEST_BIND || in == XIRQ_GUEST_UNBIND)
		xirq_started(m, xirq, in == XIRQ_GUEST_BIND);
}

static void apply(struct model *m, struct object *pirq, enum pirq_input in)
{
	pirq_input(m, pirq, in);
	pirq_update(m, pirq);
}

static void apply_port(struct model *m, struct object *port, enum port_input in)
{
	if (in == PORT_CLOSE || in == PORT_LOST)
		port->port.vcpu = 0;
	port_input(m, port, in);
	port_update(m, port);
}

/* Joins what one record names: pirq - event channel - irq. */
static void join_named(struct model *m, const struct event *ev)
{
	struct object *pirq = object_named(m, ev, OBJ_PIRQ), *port = object_named(m, ev, OBJ_PORT);
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (pirq && irq)
		link_xen(m, pirq, irq, PROOF_SEEN);
	if (pirq && port)
		link_xen(m, pirq, port, PROOF_SEEN);
	if (port && irq)
		link_xen(m, port, irq, PROOF_SEEN);
}

static bool refused(const struct event *ev)
{
	int64_t ret;

	return event_arg(ev, ARG_RET, &ret) && ret < 0;
}

/* The irq of a GSI has its number, in Xen as in the initial domain (map_domain_pirq()). */
static void join_gsi(struct model *m, const struct event *ev, struct object *pirq)
{
	const struct object_ref *gsi = event_object(ev, OBJ_GSI);
	struct object_ref ref = { .kind = OBJ_XIRQ, .machine = MACHINE_XEN };
	struct object *xirq;

	if (!gsi || pirq->row.ref.machine != MACHINE_XEN || object_pair_high(pirq->row.ref.id))
		return;
	ref.id = gsi->id;
	xirq = model_object(m, &ref);
	if (xirq)
		link_xen(m, xirq, pirq, PROOF_INFERRED);
}

/* A message's irq is new; that of a GSI may have been there. */
static struct object *irq_of_map(struct model *m, const struct event *ev, const struct object_ref *ref)
{
	struct object *irq = ref ? model_object(m, ref) : NULL;

	if (irq && !event_object(ev, OBJ_GSI)) {
		if (irq_state(irq->irq.core, IRQ_REGION_LIFE) != LIFE_UNKNOWN || irq->irq.summary.deliveries)
			irq = model_next_generation(m, irq);
		if (!irq)
			return NULL;
		irq->row.born_ns = m->now_ns;
		irq_input(m, irq, IRQ_SETUP);
	}
	if (irq)
		learn_pirq(m, irq);
	return irq;
}

/* The entry or message that a pirq is for, where the record names it; what is not a GSI's is a message's. */
static void join_message(struct model *m, const struct event *ev, struct object *pirq)
{
	struct object *entry = object_named(m, ev, OBJ_MSIX);

	if (!entry)
		entry = object_named(m, ev, OBJ_MSI);
	pirq->pirq.is_message |= entry || (!event_object(ev, OBJ_GSI) && event_object(ev, OBJ_IRQ));
	if (entry)
		link_xen(m, entry, pirq, PROOF_SEEN);
	learn_pirq_path(m, pirq);
}

static void map_one(struct model *m, const struct event *ev, const struct object_ref *of_pirq, const struct object_ref *of_irq)
{
	struct object *pirq = model_object(m, of_pirq), *irq = irq_of_map(m, ev, of_irq);

	if (!pirq)
		return;
	join_message(m, ev, pirq);
	pirq->pirq.call_event = join_call(m, ev);
	apply(m, pirq, PIRQ_MAPPED);
	if (irq)
		link_xen(m, pirq, irq, PROOF_SEEN);
	join_gsi(m, ev, pirq);
	if (irq && irq->irq.port)
		link_xen(m, pirq, irq->irq.port, PROOF_SEEN);
}

/* Several messages of one device have pirqs and irqs in a row. */
static void on_mapped(struct model *m, const struct event *ev, const struct object_ref *pirq, const struct object_ref *irq)
{
	enum { MAX_MESSAGES = 32 };
	struct object_ref of_pirq = *pirq, of_irq = irq ? *irq : *pirq;
	int64_t nvec = 1;

	event_arg(ev, ARG_NVEC, &nvec);
	for (int64_t i = 0; i < nvec && i < MAX_MESSAGES; i++, of_pirq.id++, of_irq.id++) {
		if (!object_valid(of_pirq) || !object_valid(of_irq))
			return;
		map_one(m, ev, &of_pirq, irq ? &of_irq : NULL);
	}
	if (nvec <= 1)
		join_map_result(m, ev, model_object(m, pirq));
}

static void on_map(struct model *m, const struct event *ev)
{
	const struct object_ref *pirq = event_object(ev, OBJ_PIRQ);
	struct object *obj;

	if (!pirq && ev->witness == WITNESS_INTENT)
		join_map_begins(m, ev);
	else if (!pirq)
		join_map_ends(m, ev);
	if (!pirq)
		return;
	if (!refused(ev)) {
		on_mapped(m, ev, pirq, event_object(ev, OBJ_IRQ));
		return;
	}
	obj = model_object(m, pirq);
	if (obj)
		apply(m, obj, PIRQ_MAP_FAILED);
}

/* The kernel gives the irq up with its pirq; a GSI's stays. */
static void give_up_irq(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *irq = ref ? registry_find(m->objects, *ref) : NULL;

	if (!irq || irq_state(irq->irq.core, IRQ_REGION_LIFE) == LIFE_GONE)
		return;
	irq_input(m, irq, IRQ_TEARDOWN);
	masks_update_irq(m, irq);
	unlink_xen(m, irq);
	irq->row.gone_ns = m->now_ns;
}

static void on_unmap(struct model *m, const struct event *ev)
{
	struct object *pirq = pirq_of(m, ev);

	if (refused(ev))
		return;
	if (pirq)
		apply(m, pirq, PIRQ_UNMAPPED);
	give_up_irq(m, ev);
}

/*
 * Binding starts a PV guest's irq and leaves its message unmasked, in all releases. An HVM guest's was started before, and
 * what is undone of its own masks depends on the release.
 */
static void release_message(struct model *m, const struct object *pirq)
{
	struct object *xirq = pirq->pirq.xirq;

	if (!xirq || !xirq_is_message(xirq) || whatif_computes(m, xirq))
		return;
	if (pirq->row.path == PATH_DOM0_PV)
		xmsi_input(m, xirq, XMSI_RELEASED);
	else if (pirq->row.path == PATH_HVM_PIRQ)
		xmsi_input(m, xirq, XMSI_MAY_BE_RELEASED);
}

/* The last PV guest's end masks; an HVM guest that closes its event channel leaves the irq bound. */
static void mask_message(struct model *m, const struct object *pirq)
{
	struct object *xirq = pirq->pirq.xirq;

	if (xirq && xirq_is_message(xirq) && pirq->row.path == PATH_DOM0_PV && xirq->xirq.nr_pirqs == 1 && !whatif_computes(m, xirq))
		xmsi_input(m, xirq, XMSI_STOPPED);
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
	if (port && pirq)
		link_xen(m, pirq, port, PROOF_SEEN);
	if (!pirq)
		return;
	pirq->pirq.refused_event = 0;
	if (!pirq->pirq.write_late)
		duty_expected(m, &pirq->pirq.unmask);
	apply(m, pirq, PIRQ_BIND);
	tell_xirq(m, pirq, XIRQ_GUEST_BIND);
	release_message(m, pirq);
}

/* An HVM guest's irq is bound by its device model: with or without an event channel it stays so, and unmasked. */
static bool is_hvm(struct model *m, const struct object *pirq)
{
	const struct machine_state *guest = model_machine(m, machine_of_domain(object_pair_high(pirq->row.ref.id)));

	return guest && guest->hvm;
}

static void on_close(struct model *m, const struct event *ev)
{
	struct object *pirq = pirq_of(m, ev), *port = port_of(m, ev), *irq = object_named(m, ev, OBJ_IRQ);
	bool owed;

	/* the irq keeps its pirq, which only its event channel has told so far */
	if (irq && pirq && !irq->irq.pirq)
		link_xen(m, pirq, irq, PROOF_INFERRED);
	if (port) {
		apply_port(m, port, PORT_CLOSE);
		unlink_port(m, port);
	}
	if (!pirq)
		return;
	owed = pirq_state(pirq->pirq.core, PIRQ_REGION_OWED) == BIT_SET;
	apply(m, pirq, PIRQ_CLOSE);
	if (!is_hvm(m, pirq)) {
		/* what it owed is paid, for the others that share it */
		if (owed && pirq->pirq.xirq && has_other_guest(pirq) == TRUTH_TRUE)
			tell_xirq(m, pirq, XIRQ_GUEST_EOI);
		tell_xirq(m, pirq, XIRQ_GUEST_UNBIND);
	}
	mask_message(m, pirq);
}

static void on_eoi(struct model *m, const struct event *ev)
{
	struct object *pirq = pirq_of(m, ev), *irq = object_named(m, ev, OBJ_IRQ);

	if (irq)
		join_eoi(m, ev, irq);
	if (!pirq)
		return;
	pirq->pirq.eoi_seen = true;
	pirq->pirq.eoi_ns = m->now_ns;
	apply(m, pirq, PIRQ_EOI);
	tell_xirq(m, pirq, XIRQ_GUEST_EOI);
}

static void forget_port(struct model *m, struct object *port)
{
	struct object *pirq = port->port.pirq;

	apply_port(m, port, PORT_CLOSE);
	unlink_port(m, port);
	if (pirq)
		apply(m, pirq, PIRQ_CLOSE);
}

/*
 * xen_irq_resume(): all that the kernel knew of event channels is void. Pirqs of GSIs are mapped and started again then, which
 * has records of its own; those of messages are not.
 */
static void on_resume(struct model *m, const struct event *ev)
{
	uint16_t machine = source_machine(m, ev->source);
	uint32_t domain = machine > MACHINE_DOMAIN ? machine - MACHINE_DOMAIN : 0, last = registry_last(m->objects);

	if (machine != MACHINE_DOM0 && machine <= MACHINE_DOMAIN)
		return;
	for (uint32_t id = 1; id <= last; id++) {
		struct object *port = registry_get(m->objects, id);

		if (port && port->row.ref.kind == OBJ_PORT && object_pair_high(port->row.ref.id) == domain)
			forget_port(m, port);
	}
}

/* The kernel gives an event channel to one of its irqs, or takes it away: then it is closed next. */
static void on_given(struct model *m, const struct event *ev)
{
	struct object *port = object_named(m, ev, OBJ_PORT), *irq = object_named(m, ev, OBJ_IRQ);

	if (!port)
		return;
	if (!irq) {
		unlink_port(m, port);
		return;
	}
	link_xen(m, port, irq, PROOF_SEEN);
	if (irq->irq.pirq)
		link_xen(m, irq->irq.pirq, port, PROOF_SEEN);
	/* of others the record does not tell what they are for */
	apply_port(m, port, irq->irq.is_pirq ? PORT_BIND_PIRQ : PORT_LOST);
}

/* Who asks for it may find it so, or find another reason that keeps it so. */
static void on_mask(struct model *m, const struct event *ev)
{
	struct object *port = ev->witness == WITNESS_INTENT ? NULL : port_of(m, ev);

	if (port)
		apply_port(m, port, ev->kind == EV_XEN_EVTCHN_MASK ? PORT_MASKED : PORT_UNMASKED);
}

static void on_taken(struct model *m, const struct event *ev)
{
	struct object *port = port_of(m, ev);

	if (!port)
		return;
	port->port.taken_ns = m->now_ns;
	/* only what Xen gives to pirqs is recorded: others may have been raised again at once */
	apply_port(m, port, port->port.pirq && port->port.pirq->pirq.xirq ? PORT_TAKEN : PORT_TAKEN_UNSEEN);
	if (ev->kind == EV_XEN_EVTCHN_CLEAR)
		join_clear(m, ev, port);
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
		[EV_XEN_EVTCHN_BIND] = on_given,
		[EV_XEN_EVTCHN_RESUME] = on_resume,
		[EV_XEN_EVTCHN_MASK] = on_mask,
		[EV_XEN_EVTCHN_UNMASK] = on_mask,
		[EV_XEN_EVTCHN_CLEAR] = on_taken,
		[EV_XEN_EVTCHN_UPCALL] = on_taken,
		[EV_IRQ_STARTUP] = on_irq,
		[EV_IRQ_SHUTDOWN] = on_irq,
		[EV_IRQ_ENABLE] = on_irq,
		[EV_IRQ_DISABLE] = on_irq,
		[EV_IRQ_FREE] = on_irq,
	};

	return handlers[kind];
}
