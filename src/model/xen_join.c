/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which irq of Xen is which pirq and irq of a kernel, where no record names both: what follows from the order of records.
 *
 * A kernel asks for a device's pirqs one after the other (xen_initdom_setup_msi_irqs()); the irq to which Xen gives its first
 * vector between two results is that pirq's, if it is the only one and no other call was under way. The event channel
 * that is cleared next on the CPU after an irq's EOI has begun (eoi_pirq()) is its own, if it always is the same one. And an
 * irq of Xen that was handled before each of an irq's actions, hardly ever without one behind it, is that irq's where no
 * other can be and where it is not all that another irq has left.
 * The first and the last need clocks that are proven to agree. All are inferred: a record or a dump overrules them.
 */
#include <stdlib.h>
#include <string.h>

#include "model/replay.h"

enum {
	SURE_EOIS = 3,		/* clearing the same event channel */
	SURE_ACTIONS = 8,	/* of an irq that leave one irq of Xen */
	ANSWERED_TENTHS = 9,	/* of an irq of Xen: interrupts in a row may become one action */
};

/* ---- assignments within a kernel's call ---- */

static struct map_call *find_call(struct model *m, const struct event *ev)
{
	for (unsigned i = 0; i < MAX_MAP_CALLS; i++)
		if (m->map_call[i].pid > 0 && m->map_call[i].pid == ev->pid && m->map_call[i].machine == ev->machine)
			return &m->map_call[i];
	return NULL;
}

static struct map_call *free_call(struct model *m)
{
	for (unsigned i = 0; i < MAX_MAP_CALLS; i++)
		if (!m->map_call[i].pid)
			return &m->map_call[i];
	return NULL;
}

static void doubt_calls(struct model *m)
{
	for (unsigned i = 0; i < MAX_MAP_CALLS; i++)
		m->map_call[i].doubtful = true;
}

void join_map_begins(struct model *m, const struct event *ev)
{
	struct map_call *call = find_call(m, ev);

	if (!call)
		call = ev->pid > 0 ? free_call(m) : NULL;
	if (call)
		*call = (struct map_call){ .pid = ev->pid, .machine = ev->machine, .event = m->event };
	else
		doubt_calls(m);
}

void join_map_ends(struct model *m, const struct event *ev)
{
	struct map_call *call = find_call(m, ev);

	if (call)
		call->pid = 0;
}

void join_assigned(struct model *m, struct object *xirq)
{
	struct map_call *only = NULL;
	unsigned nr = 0;

	for (unsigned i = 0; i < MAX_MAP_CALLS; i++) {
		if (!m->map_call[i].pid)
			continue;
		only = &m->map_call[i];
		nr++;
	}
	if (nr > 1)
		doubt_calls(m);
	if (nr != 1)
		return;
	only->nr_xirqs++;
	only->xirq = xirq->row.id;
}

int64_t join_call(struct model *m, const struct event *ev)
{
	const struct map_call *call = find_call(m, ev);

	return call ? call->event : 0;
}

void join_map_result(struct model *m, const struct event *ev, struct object *pirq)
{
	struct map_call *call = find_call(m, ev);
	struct object *xirq;

	if (!call)
		return;
	xirq = call->nr_xirqs == 1 && !call->doubtful && m->opt->order_proven ? registry_get(m->objects, call->xirq) : NULL;
	if (xirq)
		link_xen(m, xirq, pirq, PROOF_INFERRED);
	call->nr_xirqs = 0;
	call->doubtful = false;
}

/* ---- event channels by EOIs ---- */

void join_eoi(struct model *m, const struct event *ev, struct object *irq)
{
	if (irq->irq.port || ev->cpu < 0)
		return;
	m->open_eoi[ev->cpu % MAX_OPEN_EOIS] = (struct open_eoi){
		.source = ev->source, .irq = irq->row.id, .cpu = ev->cpu, .pid = ev->pid,
	};
}

void join_clear(struct model *m, const struct event *ev, struct object *port)
{
	struct open_eoi *eoi = ev->cpu < 0 ? NULL : &m->open_eoi[ev->cpu % MAX_OPEN_EOIS];
	struct object *irq;

	if (!eoi || !eoi->irq || eoi->source != ev->source || eoi->cpu != ev->cpu)
		return;
	irq = eoi->pid == ev->pid ? registry_get(m->objects, eoi->irq) : NULL;
	eoi->irq = 0;
	if (!irq || irq->irq.port || port->port.irq)
		return;
	if (irq->irq.maybe_port != port->row.id)
		irq->irq.nr_maybe = 0;
	irq->irq.maybe_port = port->row.id;
	if (++irq->irq.nr_maybe < SURE_EOIS)
		return;
	link_xen(m, port, irq, PROOF_INFERRED);
	if (irq->irq.pirq)
		link_xen(m, irq->irq.pirq, port, PROOF_INFERRED);
}

/* ---- irqs by the order of their interrupts ---- */

static struct irq_match *match_of(struct model *m)
{
	if (!m->match && m->opt->order_proven)
		m->match = calloc(1, sizeof(*m->match));
	return m->match;
}

/* Its place in a list, made where it has none; -1: no room. */
static int place_of(struct irq_match *match, uint32_t *list, unsigned *nr, uint32_t id)
{
	for (unsigned i = 0; i < *nr; i++)
		if (list[i] == id)
			return (int)i;
	if (*nr == MAX_MATCHED) {
		match->full = true;
		return -1;
	}
	list[*nr] = id;
	return (int)(*nr)++;
}

static bool xirq_is_joined(const struct object *xirq)
{
	if (xirq->xirq.irq)
		return true;
	for (const struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next)
		if (pirq->pirq.irq || (pirq->pirq.port && pirq->pirq.port->port.irq))
			return true;
	return false;
}

static bool irq_is_joined(const struct object *irq)
{
	const struct object *pirq = xen_pirq_of(irq);

	return irq->irq.xirq || (pirq && pirq->pirq.xirq);
}

void join_handled(struct model *m, struct object *xirq)
{
	struct irq_match *match = match_of(m);
	int at = match ? place_of(match, match->xirq, &match->nr_xirqs, xirq->row.id) : -1;
	uint64_t by = 0;

	if (at < 0)
		return;
	for (unsigned i = 0; i < match->nr_irqs; i++) {
		/* it took effect before it was told: the kernel may have been faster */
		bool answered = match->entered[i] && match->entered_ns[i] >= m->ev->t_lo_ns;

		*(answered ? &match->before[i] : &match->fresh[i]) |= UINT64_C(1) << at;
		if (match->handled[at] && !(match->answered[at] >> i & 1))
			match->missed[at][i]++;
		by |= (uint64_t)answered << i;
	}
	match->handled[at]++;
	match->answered[at] = by;
}

static bool answers(const struct irq_match *match, unsigned xirq, unsigned irq)
{
	return match->missed[xirq][irq] <= match->handled[xirq] / 10 * (10 - ANSWERED_TENTHS);
}

/* The irqs of Xen that it can be, of those that are nobody's yet. */
static uint64_t candidates(const struct model *m, unsigned irq)
{
	const struct irq_match *match = m->match;
	uint64_t left = 0;

	for (unsigned i = 0; i < match->nr_xirqs && match->entered[irq] > 2; i++) {
		const struct object *xirq = match->possible[irq] >> i & 1 ? registry_get(m->objects, match->xirq[i]) : NULL;

		if (xirq && !xirq_is_joined(xirq) && answers(match, i, irq))
			left |= UINT64_C(1) << i;
	}
	return left;
}

/* Is it all that is left for another irq, too? */
static bool has_rival(const struct model *m, unsigned xirq, unsigned irq)
{
	const struct irq_match *match = m->match;

	for (unsigned i = 0; i < match->nr_irqs; i++) {
		const struct object *other = i == irq ? NULL : registry_get(m->objects, match->irq[i]);

		if (other && !irq_is_joined(other) && candidates(m, i) == UINT64_C(1) << xirq)
			return true;
	}
	return false;
}

static void try_match(struct model *m, struct object *irq, unsigned at)
{
	const struct irq_match *match = m->match;
	struct object *xirq, *pirq = xen_pirq_of(irq);
	unsigned only;
	uint64_t left;

	if (match->full || match->entered[at] < SURE_ACTIONS)
		return;
	left = candidates(m, at);
	if (!left || left & (left - 1))
		return;
	only = (unsigned)__builtin_ctzll(left);
	xirq = registry_get(m->objects, match->xirq[only]);
	if (xirq && !has_rival(m, only, at))
		link_xen(m, xirq, pirq ? pirq : irq, PROOF_INFERRED);
}

void join_entered(struct model *m, struct object *irq)
{
	struct irq_match *match = irq->irq.is_pirq ? match_of(m) : NULL;
	int at = match ? place_of(match, match->irq, &match->nr_irqs, irq->row.id) : -1;

	if (at < 0)
		return;
	/* what was handled before the first one was not noted: the irq was not known */
	match->possible[at] = match->entered[at] > 1 ? match->possible[at] & match->before[at] : UINT64_MAX;
	match->before[at] = match->entered[at] ? match->fresh[at] : 0;
	match->entered[at]++;
	match->entered_ns[at] = m->now_ns;
	match->fresh[at] = 0;
	for (unsigned i = 0; i < match->nr_xirqs; i++)
		match->answered[i] |= UINT64_C(1) << at;
	if (!irq_is_joined(irq))
		try_match(m, irq, (unsigned)at);
}

void join_lost(struct model *m)
{
	memset(m->map_call, 0, sizeof(m->map_call));
	memset(m->open_eoi, 0, sizeof(m->open_eoi));
	if (m->match)
		memset(m->match, 0, sizeof(*m->match));
}
