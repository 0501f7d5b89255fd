/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of Xen's irqs: which inputs they are, and where a vector is valid. */
#include "model/replay.h"

enum { UNBIND_NS = 1000000, TENTH_NS = 100000000, LIMIT = 10000, LIMIT_NS = 10000000 };

/* CPUs beyond 63 are not in the masks that are recorded. */
static uint64_t cpu_bit(int32_t cpu)
{
	return cpu >= 0 && cpu < 64 ? UINT64_C(1) << cpu : 0;
}

bool xirq_is_given_again(const struct model *m, const struct object *xirq)
{
	return xirq_state(xirq->xirq.core, XIRQ_REGION_LIFE) == XIRQ_FREE && m->ev->kind != EV_XEN_IRQ_HANDLED &&
	       m->ev->kind != EV_XEN_IRQ_CLEAR;
}

bool xirq_is_message(const struct object *xirq)
{
	unsigned can = xmsi_state(xirq->xirq.msi, XMSI_REGION_CAN);

	for (const struct object *pirq = xirq->xirq.pirqs; pirq && can == BIT_UNKNOWN; pirq = pirq->pirq.next)
		if (pirq->pirq.is_message)
			return true;
	return can == BIT_SET;
}

static void set_vector(struct object *xirq, const struct event *ev)
{
	int64_t vector = -1, cpus = 0;

	event_arg(ev, ARG_VECTOR, &vector);
	event_arg(ev, ARG_CPUMASK, &cpus);
	xirq->xirq.vector = vector;
	xirq->xirq.cpus = cpus;
}

/* The pin that the irq is a GSI of; NULL where none is known, or where records show what is written to it. */
static struct object *pin_of(const struct model *m, const struct object *xirq)
{
	struct object *pin = xirq->fed_by.feeder ? registry_get(m->objects, xirq->fed_by.feeder) : NULL;

	return pin && pin->row.ref.kind == OBJ_PIN && !pin->pin.rte_known ? pin : NULL;
}

/*
 * A GSI gets its vector when its trigger is told (io_apic_set_pci_routing()): its entry is written anew, in a way that no
 * record of Xen's shows.
 */
static void write_pin(struct model *m, struct object *xirq)
{
	struct object *pin = pin_of(m, xirq);

	if (!pin)
		return;
	pin_input(m, pin, PIN_LOST);
	fields_input(m, pin, FIELDS_LOST);
}

/* A guest's bind starts the irq, the last one's unbind shuts it down: startup_IO_APIC_irq(), mask_IO_APIC_irq(). */
void xirq_started(struct model *m, struct object *xirq, bool on)
{
	struct object *pin = pin_of(m, xirq);

	if (pin)
		pin_input(m, pin, on ? PIN_RTE_UNMASKED : PIN_RTE_MASKED);
}

void xirq_pin_shown(struct model *m, struct object *xirq)
{
	if (xirq->xirq.mark[XIRQ_REGION_LIFE].event)
		write_pin(m, xirq);
	if (!xirq->xirq.mark[XIRQ_REGION_ACTION].event)
		return;
	if (xirq_state(xirq->xirq.core, XIRQ_REGION_ACTION) == XIRQ_ACTION_GUEST)
		xirq_started(m, xirq, true);
	else if (xirq_state(xirq->xirq.core, XIRQ_REGION_ACTION) == XIRQ_ACTION_NONE)
		xirq_started(m, xirq, false);
}

static void on_assign(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);
	int32_t before;
	bool moves;

	if (!xirq)
		return;
	before = xirq->xirq.vector;
	moves = xirq_state(xirq->xirq.core, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED;
	xirq->xirq.old_vector = moves ? xirq->xirq.vector : -1;
	xirq->xirq.old_cpus = moves ? xirq->xirq.cpus : 0;
	xirq->xirq.uncleaned = __builtin_popcountll(xirq->xirq.old_cpus);
	set_vector(xirq, ev);
	xirq_input(m, xirq, moves ? XIRQ_MOVE_TO : XIRQ_ASSIGN);
	xirq_update(m, xirq);
	platform_assigned(m, xirq, before);
	if (!moves)
		write_pin(m, xirq);
	if (!moves)
		join_assigned(m, xirq);
	if (!moves && xirq->row.born_ns == NO_TIME && xirq->row.first_event == m->event)
		xirq->row.born_ns = m->now_ns;
}

static void on_bind(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);
	int32_t before;

	if (!xirq)
		return;
	before = xirq->xirq.vector;
	set_vector(xirq, ev);
	xirq_input(m, xirq, XIRQ_BOUND_AT_BOOT);
	platform_assigned(m, xirq, before);
}

static void on_clear(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);
	int32_t before;

	if (!xirq)
		return;
	before = xirq->xirq.vector;
	xirq_input(m, xirq, XIRQ_CLEAR);
	xirq_update(m, xirq);
	xmsi_input(m, xirq, XMSI_CLEAR);
	fields_input(m, xirq, FIELDS_CLEARED);
	xirq->row.gone_ns = m->now_ns;
	xirq->xirq.vector = xirq->xirq.old_vector = -1;
	platform_assigned(m, xirq, before);
	unlink_entry(m, xirq);
	xirq->xirq.cpus = xirq->xirq.old_cpus = 0;
	for (struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next) {
		pirq_input(m, pirq, PIRQ_UNMAPPED);
		pirq_update(m, pirq);
	}
}

/* Until what is in flight has ended: the guest's timer of 1 ms is the longest that it takes. */
static bool is_for_nobody(const struct model *m, const struct object *xirq)
{
	const struct mark *mark = &xirq->xirq.mark[XIRQ_REGION_ACTION];

	return xirq_state(xirq->xirq.core, XIRQ_REGION_ACTION) == XIRQ_ACTION_NONE && mark->event && m->now_ns - mark->t_ns <= UNBIND_NS;
}

/* By which of its vectors it came, as far as the vector (-1: not known) or the CPU tells. */
static enum xirq_input arrival(const struct model *m, const struct object *xirq, int vector)
{
	unsigned move = xirq_state(xirq->xirq.core, XIRQ_REGION_MOVE);
	uint64_t bit = cpu_bit(m->ev->cpu);

	if (is_for_nobody(m, xirq))
		return XIRQ_ARRIVE_NOBODY;
	if (vector >= 0 && move == XIRQ_MOVING && vector == xirq->xirq.vector && vector != xirq->xirq.old_vector)
		return XIRQ_ARRIVE_NEW;
	if (vector >= 0 && move == XIRQ_MOVING && vector == xirq->xirq.old_vector && vector != xirq->xirq.vector)
		return XIRQ_ARRIVE_OLD;
	if ((move != XIRQ_MOVING && move != XIRQ_CLEANING) || !bit)
		return XIRQ_ARRIVE;
	if (xirq->xirq.cpus & bit & ~xirq->xirq.old_cpus)
		return XIRQ_ARRIVE_NEW;
	return xirq->xirq.old_cpus & bit & ~xirq->xirq.cpus ? XIRQ_ARRIVE_OLD : XIRQ_ARRIVE;
}

/* Which of its arrivals make a second of it, or 10 ms. Xen's own irqs have no limit. */
static void count_rates(struct model *m, struct object *xirq)
{
	uint64_t second = rate_count(&xirq->xirq.second, m->now_ns, TENTH_NS);
	struct summary_row *sum = &xirq->xirq.summary;

	if (second > sum->busiest_second) {
		sum->busiest_second = second;
		sum->busiest_event = m->event;
	}
	if (xirq_state(xirq->xirq.core, XIRQ_REGION_ACTION) == XIRQ_ACTION_XEN ||
	    rate_count(&xirq->xirq.limit, m->now_ns, LIMIT_NS / RATE_SLOTS) < LIMIT)
		return;
	xirq_input(m, xirq, XIRQ_TOO_MANY);
	xirq->xirq.limit = (struct rate){ .sum = 0 };
}

static void count(struct model *m, struct summary_row *sum)
{
	if (!sum->deliveries++) {
		sum->first_ns = m->now_ns;
		sum->first_event = m->event;
	} else if (m->now_ns - sum->last_ns > sum->longest_gap_ns) {
		sum->longest_gap_ns = m->now_ns - sum->last_ns;
	}
	sum->last_ns = m->now_ns;
	sum->last_event = m->event;
}

/* An interrupt is told when it has been delivered; a guest that was faster had it already. */
static void take_what_is_done(struct model *m, struct object *xirq, struct object *pirq)
{
	struct object *port = pirq->pirq.port;

	if (port && port->port.taken_ns >= m->ev->t_lo_ns)
		port_input(m, port, PORT_TAKEN);
	if (pirq->pirq.eoi_ns < m->ev->t_lo_ns)
		return;
	pirq_input(m, pirq, PIRQ_EOI);
	pirq_update(m, pirq);
	/* one guest's is all only where there is no other */
	if (xirq->xirq.nr_pirqs != 1)
		return;
	xirq_input(m, xirq, XIRQ_GUEST_EOI);
	peoi_acknowledged(m, xirq, PEOI_READY);
}

static void give_to_guests(struct model *m, struct object *xirq)
{
	unsigned ack = xirq_state(xirq->xirq.core, XIRQ_REGION_ACK);

	for (struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next) {
		if (ack != XIRQ_ACK_NONE && ack != XIRQ_ACK_UNKNOWN)
			pirq_input(m, pirq, PIRQ_GIVEN);
		duty_missed(m, &pirq->pirq.eoi);
		table_unmasked(m, pirq);
		pirq_update(m, pirq);
		if (pirq->pirq.port) {
			port_input(m, pirq->pirq.port, PORT_RAISE);
			duty_missed(m, &pirq->pirq.port->port.unmask);
		}
		take_what_is_done(m, xirq, pirq);
	}
}

/* Its record names none, but the CPU may have left a guest for it: where that is another irq's, it was nested. */
static int vector_told(struct model *m, const struct object *xirq, const struct event *ev)
{
	int arrived = lapic_take_arrival(m, xirq->row.ref.machine, ev->cpu);
	int64_t vector;

	if (event_arg(ev, ARG_VECTOR, &vector))
		return vector >= 0 && vector < LAPIC_MAX_VECTORS ? (int)vector : -1;
	return arrived >= 0 && (arrived == xirq->xirq.vector || arrived == xirq->xirq.old_vector) ? arrived : -1;
}

/* Where nothing tells, it is the one that it has on that CPU. */
static int vector_by(const struct object *xirq, enum xirq_input in)
{
	int64_t vector;

	vector = in == XIRQ_ARRIVE_OLD ? xirq->xirq.old_vector : xirq->xirq.vector;
	return vector < LAPIC_MAX_VECTORS ? (int)vector : -1;
}

static void on_handled(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);
	enum xirq_input in;
	int vector;

	if (!xirq)
		return;
	count(m, &xirq->xirq.summary);
	join_handled(m, xirq);
	vector = vector_told(m, xirq, ev);
	in = arrival(m, xirq, vector);
	xirq_input(m, xirq, in);
	count_rates(m, xirq);
	if (in == XIRQ_ARRIVE_OLD)
		duty_expected(m, &xirq->xirq.stale);
	xirq_update(m, xirq);
	peoi_handled(m, xirq, vector >= 0 ? vector : vector_by(xirq, in));
	/* of those that have one: what it shows of others is nothing */
	if (xirq_is_message(xirq))
		xmsi_input(m, xirq, XMSI_ARRIVE);
	if (in != XIRQ_ARRIVE_NOBODY)
		give_to_guests(m, xirq);
}

static void on_cleanup(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);
	unsigned move;

	if (!xirq)
		return;
	move = xirq_state(xirq->xirq.core, XIRQ_REGION_MOVE);
	if (xirq->xirq.uncleaned)
		xirq->xirq.uncleaned--;
	if ((move == XIRQ_MOVING || move == XIRQ_CLEANING) && !xirq->xirq.uncleaned)
		xirq_input(m, xirq, XIRQ_CLEANED);
	else
		xirq_input(m, xirq, XIRQ_CLEANUP);
	xirq_update(m, xirq);
}

static void on_delay(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);

	if (!xirq)
		return;
	xirq_input(m, xirq, XIRQ_DELAYED);
	xirq_update(m, xirq);
	duty_expected(m, &xirq->xirq.cleanup);
}

static void on_finish(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);

	if (xirq)
		xirq_input(m, xirq, XIRQ_FINISH);
}

static void on_timer(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);

	if (!xirq)
		return;
	xirq_input(m, xirq, XIRQ_TIMER);
	peoi_acknowledged(m, xirq, PEOI_FORCED);
	for (struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next) {
		pirq_input(m, pirq, PIRQ_TIMER);
		pirq_update(m, pirq);
	}
}

/*
 * Xen writes every message and mask back from its own copies when the host resumes. Whether it was asleep, or dom0 only idle, is not
 * recorded: a bit that was as Xen wants it still is, any other may have been put right.
 */
static void written_back(struct model *m, struct object *xirq)
{
	unsigned host = xmsi_state(xirq->xirq.msi, XMSI_REGION_HOST), guest = xmsi_state(xirq->xirq.msi, XMSI_REGION_GUEST);
	unsigned bit = xmsi_state(xirq->xirq.msi, XMSI_REGION_HW);
	unsigned want = host == BIT_SET || guest == BIT_SET ? BIT_SET : host == BIT_CLEAR && guest == BIT_CLEAR ? BIT_CLEAR : BIT_UNKNOWN;

	if (bit != BIT_UNKNOWN && bit != want)
		xmsi_input(m, xirq, XMSI_RESTORED);
}

static void on_resume(struct model *m, const struct event *ev)
{
	uint16_t machine = source_machine(m, ev->source);
	uint32_t last = registry_last(m->objects);
	int64_t enable;

	if (!event_arg(ev, ARG_ENABLE, &enable) || enable)
		return;
	for (uint32_t id = 1; id <= last; id++) {
		struct object *xirq = registry_get(m->objects, id);

		if (xirq && xirq->row.ref.kind == OBJ_XIRQ && (machine == MACHINE_DOM0 || machine == xirq->row.ref.machine))
			written_back(m, xirq);
	}
}

void xen_lost(struct model *m, struct object *obj)
{
	const struct object_ref *cpu = event_object(m->ev, OBJ_CPU);
	int32_t before;

	switch (obj->row.ref.kind) {
	case OBJ_XIRQ:
		/* dom0's records tell nothing of it */
		if ((cpu && cpu->machine != obj->row.ref.machine) || obj->row.gone_ns != NO_TIME)
			return;
		xirq_input(m, obj, XIRQ_LOST);
		xmsi_input(m, obj, XMSI_LOST);
		before = obj->xirq.vector;
		obj->xirq.vector = obj->xirq.old_vector = -1;
		platform_assigned(m, obj, before);
		obj->xirq.cpus = obj->xirq.old_cpus = 0;
		obj->xirq.gap = true;
		break;
	case OBJ_PIRQ:
		pirq_input(m, obj, PIRQ_LOST);
		break;
	case OBJ_PORT:
		port_input(m, obj, PORT_LOST);
		obj->port.vcpu = 0;
		break;
	case OBJ_DPCI:
		dpci_input(m, obj, DPCI_LOST);
		obj->dpci.vector = obj->dpci.dest = -1;
		break;
	case OBJ_VCPU:
		vcpu_input(m, obj, VCPU_LOST);
		obj->vcpu.cpu = -1;
		break;
	case OBJ_VPIN:
		vpin_input(m, obj, VPIN_LOST);
		obj->vpin.vector = -1;
		break;
	default:
		break;
	}
}

event_handler xirq_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_XEN_IRQ_ASSIGN] = on_assign,
		[EV_XEN_IRQ_BIND] = on_bind,
		[EV_XEN_IRQ_CLEAR] = on_clear,
		[EV_XEN_IRQ_HANDLED] = on_handled,
		[EV_XEN_IRQ_MOVE_CLEANUP] = on_cleanup,
		[EV_XEN_IRQ_MOVE_DELAY] = on_delay,
		[EV_XEN_IRQ_MOVE_FINISH] = on_finish,
		[EV_XEN_EOI_TIMER] = on_timer,
		[EV_MACHINE_SUSPEND] = on_resume,
	};

	return handlers[kind];
}
