/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of Xen's scheduler: which vCPU runs where, and since when one is blocked (xen/common/sched/core.c,
 * vcpu_runstate_change()). Only changes of the runstate count: what is asked for (BLOCK, SLEEP, WAKE) is followed by one, where it
 * does anything.
 */
#include <string.h>

#include "model/replay.h"

/* What waits for its device model is blocked, whatever Xen calls it. */
static enum vcpu_input why_it_stops(const struct model *m, const struct event *ev, bool *asks)
{
	static const struct {
		const char *reason;
		enum vcpu_input in;
		bool asks;
	} known[] = {
		{ "runnable", VCPU_PREEMPTED, false }, { "blocked", VCPU_BLOCKS, false }, { "offline", VCPU_OFFLINE, false },
		{ "device model", VCPU_BLOCKS, true },
	};
	const char *reason;
	int64_t id;

	*asks = false;
	if (!event_arg(ev, ARG_REASON, &id))
		return VCPU_LOST;
	reason = m->opt->string(m->opt->string_ctx, ev->source, (str_id)id);
	for (size_t i = 0; reason && i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(reason, known[i].reason)) {
			*asks = known[i].asks;
			return known[i].in;
		}
	return VCPU_LOST;
}

static struct object *vcpu_of(struct model *m, const struct event *ev)
{
	return ev->witness == WITNESS_INTENT ? NULL : object_named(m, ev, OBJ_VCPU);
}

/* ---- the interrupts that call it ---- */

static void asked_by_port(struct model *m, const struct object *port)
{
	struct object *pirq = port->port.pirq, *xirq = pirq ? pirq->pirq.xirq : NULL;

	if (xirq && xirq_state(xirq->xirq.core, XIRQ_REGION_WISH) != XIRQ_WISH_ASKED)
		xirq_input(m, xirq, XIRQ_ASKED);
}

/* Its event channels' pirqs are to interrupt where it runs now: evtchn_move_pirqs(), hvm_migrate_pirqs(). */
static void moved(struct model *m, const struct object *vcpu)
{
	for (unsigned i = 0; i < vcpu->vcpu.nr_ports; i++) {
		const struct object *port = registry_get(m->objects, vcpu->vcpu.port[i]);

		if (port && port->port.vcpu == vcpu->row.id)
			asked_by_port(m, port);
	}
}

/* Key e shows which vCPU a port calls. More than fit are not followed. */
static void called_by(struct object *vcpu, struct object *port)
{
	unsigned i = 0;

	while (i < vcpu->vcpu.nr_ports && vcpu->vcpu.port[i] != port->row.id)
		i++;
	if (i == MAX_VCPU_PORTS)
		return;
	vcpu->vcpu.port[i] = port->row.id;
	vcpu->vcpu.nr_ports += i == vcpu->vcpu.nr_ports;
	port->port.vcpu = vcpu->row.id;
}

static void call(struct model *m, struct object *port, int64_t number)
{
	struct object_ref of = { .kind = OBJ_VCPU, .machine = port->row.ref.machine };
	struct object *vcpu;

	of.id = object_id_pair(object_pair_high(port->row.ref.id), number);
	vcpu = model_object(m, &of);
	port->port.vcpu = 0;
	if (vcpu)
		called_by(vcpu, port);
}

static void compare(struct model *m, struct object *port, int64_t number)
{
	const struct object *vcpu = port->port.vcpu ? registry_get(m->objects, port->port.vcpu) : NULL;

	see_compared(m, port, "vcpu", vcpu != NULL, vcpu ? object_pair_low(vcpu->row.ref.id) : 0, (uint64_t)number);
}

static void on_dumped(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_PORT);
	struct object *port;
	int64_t field, number;

	if (!ref || !event_arg(ev, ARG_FIELD, &field) || !event_arg(ev, ARG_VALUE, &number) || number < 0 || number > UINT16_MAX ||
	    strcmp(m->opt->string(m->opt->string_ctx, ev->source, (str_id)field), "xen_port.vcpu"))
		return;
	port = model_object(m, ref);
	if (!port)
		return;
	compare(m, port, number);
	call(m, port, number);
}

/* EVTCHNOP_bind_vcpu, told once Xen has agreed to it. */
static void on_bound(struct model *m, const struct event *ev)
{
	struct object *port = object_named(m, ev, OBJ_PORT);
	int64_t number;

	if (port && event_arg(ev, ARG_TARGET_CPU, &number) && number >= 0 && number <= UINT16_MAX)
		call(m, port, number);
}

/* The kernel's own request: EVTCHNOP_bind_vcpu, whose vCPU a record behind it may tell. */
static void on_affinity(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *irq = ref ? registry_find(m->objects, *ref) : NULL;

	if (!irq || !irq->irq.port)
		return;
	irq->irq.port->port.vcpu = 0;
	asked_by_port(m, irq->irq.port);
}

/* ---- where it runs ---- */

/* Who may run waits for nobody. */
static void answered(struct model *m, struct object *vcpu)
{
	if (vcpu_state(vcpu->vcpu.core, VCPU_REGION_WAITS) != VCPU_WAITS_NOT)
		vcpu_input(m, vcpu, VCPU_ANSWERED);
}

static void on_runs(struct model *m, const struct event *ev)
{
	const struct object_ref *cpu = event_object(ev, OBJ_CPU);
	struct object *vcpu = vcpu_of(m, ev);

	if (!vcpu)
		return;
	vcpu_input(m, vcpu, VCPU_RUNS);
	answered(m, vcpu);
	if (cpu && vcpu->vcpu.cpu >= 0 && vcpu->vcpu.cpu != (int32_t)cpu->id)
		moved(m, vcpu);
	vcpu->vcpu.cpu = cpu ? (int32_t)cpu->id : -1;
}

static void on_stops(struct model *m, const struct event *ev)
{
	struct object *vcpu = vcpu_of(m, ev);
	bool asks;

	if (!vcpu)
		return;
	vcpu_input(m, vcpu, why_it_stops(m, ev, &asks));
	if (asks && vcpu_state(vcpu->vcpu.core, VCPU_REGION_WAITS) != VCPU_WAITS_MODEL)
		vcpu_input(m, vcpu, VCPU_ASKS_MODEL);
}

static void on_wakes(struct model *m, const struct event *ev)
{
	struct object *vcpu = vcpu_of(m, ev);

	if (!vcpu)
		return;
	vcpu_input(m, vcpu, VCPU_WAKES);
	answered(m, vcpu);
}

event_handler vcpu_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_SCHED_VCPU_RUNS] = on_runs,
		[EV_SCHED_VCPU_STOPS] = on_stops,
		[EV_SCHED_VCPU_WAKES] = on_wakes,
		[EV_SNAPSHOT_FIELD] = on_dumped,
		[EV_XEN_EVTCHN_VCPU] = on_bound,
		[EV_IRQ_AFFINITY] = on_affinity,
	};

	return handlers[kind];
}
