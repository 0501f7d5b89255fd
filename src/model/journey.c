/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deliveries: flow handler, acknowledgement, actions of one interrupt become one row. A shared line calls several
 * actions for one interrupt, so a delivery is over only when the next one begins on its CPU.
 *
 * Where the capture shows flow handlers, an action that runs without one was called by the kernel's poll timer
 * (poll_spurious_irqs()): that is no interrupt. Nor is one that a record of the poll announces.
 */
#include <stdlib.h>
#include <string.h>

#include "model/replay.h"

/* note_interrupt() forgets an unhandled run after a tenth of a second without an unhandled interrupt. */
enum { UNHANDLED_WINDOW_NS = 100000000, TENTH_NS = 100000000, IN_FLIGHT_NS = 10000000, POLL_NS = 1000000 };

static struct journey *journey_on(struct model *m, const struct object *irq)
{
	struct machine_state *machine = model_machine(m, irq->row.ref.machine);
	uint32_t cpu = m->ev->cpu < 0 ? 0 : m->ev->cpu, nr;
	struct journey *all;

	if (!machine || cpu >= MAX_CPUS)
		return NULL;
	if (cpu >= machine->nr_cpus) {
		for (nr = 64; nr <= cpu; nr *= 2)
			;
		all = realloc(machine->cpu, nr * sizeof(*all));
		if (!all) {
			m->failed = true;
			return NULL;
		}
		memset(all + machine->nr_cpus, 0, (nr - machine->nr_cpus) * sizeof(*all));
		machine->cpu = all;
		machine->nr_cpus = nr;
	}
	return &machine->cpu[cpu];
}

static void end_run(struct irq_object *irq)
{
	struct summary_row *sum = &irq->summary;

	if (irq->unhandled_now > sum->unhandled_run) {
		sum->unhandled_run = irq->unhandled_now;
		sum->unhandled_first_event = irq->unhandled_now_first_event;
	}
	irq->unhandled_now = 0;
	sum->unhandled_at_end = false;
}

static void count_unhandled(struct irq_object *irq, const struct delivery_row *row)
{
	struct summary_row *sum = &irq->summary;

	sum->unhandled++;
	if (irq->unhandled_now && row->exit_ns - irq->unhandled_now_ns > UNHANDLED_WINDOW_NS)
		end_run(irq);
	if (!irq->unhandled_now++)
		irq->unhandled_now_first_event = row->first_event;
	irq->unhandled_now_ns = row->exit_ns;
	if (irq->unhandled_now >= sum->unhandled_run) {
		sum->unhandled_run = irq->unhandled_now;
		sum->unhandled_first_event = irq->unhandled_now_first_event;
		sum->unhandled_last_event = row->last_event;
		sum->unhandled_at_end = true;
	}
}

static void count_second(struct irq_object *irq, const struct delivery_row *row)
{
	uint64_t second = rate_count(&irq->second, row->enter_ns, TENTH_NS);

	if (second <= irq->summary.busiest_second)
		return;
	irq->summary.busiest_second = second;
	irq->summary.busiest_event = row->first_event;
}

static void count_delivery(struct irq_object *irq, const struct delivery_row *row)
{
	struct summary_row *sum = &irq->summary;

	sum->deliveries++;
	count_second(irq, row);
	if (row->result == RESULT_HANDLED || row->result == RESULT_THREAD) {
		sum->handled++;
		end_run(irq);
	} else if (row->result == RESULT_UNHANDLED) {
		count_unhandled(irq, row);
	}
	if (!sum->first_event) {
		sum->first_event = row->first_event;
		sum->first_ns = row->enter_ns;
	} else if (row->enter_ns - sum->last_ns > sum->longest_gap_ns) {
		sum->longest_gap_ns = row->enter_ns - sum->last_ns;
	}
	sum->last_event = row->first_event;
	sum->last_ns = row->enter_ns;
}

static void flush(struct model *m, struct journey *j)
{
	if (!j->irq)
		return;
	if (!j->polled) {
		count_delivery(&j->irq->irq, &j->row);
		emit_delivery(m, &j->row);
	}
	j->irq = NULL;
}

/* Is the action that begins one of a poll? */
static bool is_polled(const struct model *m, const struct irq_object *irq)
{
	if (irq->flow_ns != NO_TIME)
		return false;
	return irq->flow_seen ||
	       (irq->poll_ns != NO_TIME && irq->poll_cpu == m->ev->cpu && m->now_ns - irq->poll_ns < POLL_NS);
}

static void start(struct model *m, struct journey *j, struct object *irq, int64_t name)
{
	struct irq_object *own = &irq->irq;
	struct object *feeder = own->feeder;

	flush(m, j);
	*j = (struct journey){
		.irq = irq, .first_name = name,
		.polled = is_polled(m, own),
		.row = {
			.object = irq->row.id, .kind = DELIVERY_FIXED, .cpu = m->ev->cpu, .vector = own->vector,
			.raise_ns = feeder ? feeder->raise_ns : NO_TIME, .inject_ns = NO_TIME, .accept_ns = NO_TIME,
			.flow_ns = own->flow_ns, .enter_ns = m->now_ns, .exit_ns = NO_TIME, .eoi_ns = own->eoi_ns,
			.first_event = own->flow_ns == NO_TIME ? m->event : own->flow_event, .last_event = m->event,
		},
	};
	own->flow_ns = own->eoi_ns = own->poll_ns = NO_TIME;
	if (feeder)
		feeder->raise_ns = NO_TIME;
}

/* One message may have been on its way, or in the local APIC's IRR, when the mask was set; but not for long. */
static bool was_in_flight(const struct model *m, struct object *feeder)
{
	const struct duty *unmask = &feeder->unmask;

	return !feeder->sent_while_masked++ &&
	       (!unmask->open || m->now_ns - unmask->row.trigger_ns < IN_FLIGHT_NS);
}

/* A message arrived: what was believed to hold it back does not. */
static void message_arrived(struct model *m, struct object *irq)
{
	struct object *feeder = irq->irq.feeder;
	bool masked;

	if (!feeder || !kernel_acts_on(irq))
		return;
	if (feeder->function)
		function_sent(m, feeder->function, irq->irq.resent);
	if (masks_known_clear(feeder, &masked))
		return;
	if (masked && (irq->irq.resent || was_in_flight(m, feeder))) {
		irq->irq.resent = false;
		return;
	}
	if (masked)
		duty_end(m, &feeder->unmask, ENDING_CONTRADICTED, "interrupts went on");
	masks_sent(m, feeder);
}

void journey_flow(struct model *m, struct object *irq)
{
	struct journey *j = journey_on(m, irq);

	if (!j)
		return;
	flush(m, j);
	irq->irq.flow_seen = true;
	irq->irq.flow_ns = m->now_ns;
	irq->irq.flow_event = m->event;
	irq->irq.accepted++;
	message_arrived(m, irq);
	vector_arrived(m, irq);
}

void journey_ack(struct model *m, struct object *irq)
{
	struct journey *j = journey_on(m, irq);

	irq->irq.ack_seen = true;
	irq->irq.eoied++;
	/* an IO-APIC pin is acknowledged behind its actions, everything else before */
	if (j && j->irq == irq && !j->in_action && event_object(m->ev, OBJ_PIN))
		j->row.eoi_ns = m->now_ns;
	else
		irq->irq.eoi_ns = m->now_ns;
}

void journey_enter(struct model *m, struct object *irq)
{
	struct journey *j = journey_on(m, irq);
	int64_t name = 0;

	if (!j)
		return;
	event_arg(m->ev, ARG_NAME, &name);
	if (j->irq != irq || j->in_action || name == j->first_name || !name || irq->irq.flow_ns != NO_TIME) {
		bool by_flow = irq->irq.flow_seen || is_polled(m, &irq->irq);

		start(m, j, irq, name);
		if (!by_flow) {
			message_arrived(m, irq);
			vector_arrived(m, irq);
		}
	}
	j->in_action = true;
	j->row.last_event = m->event;
}

static enum delivery_result result_of(int64_t ret)
{
	return ret == 2 ? RESULT_THREAD : ret ? RESULT_HANDLED : RESULT_UNHANDLED;
}

void journey_exit(struct model *m, struct object *irq)
{
	struct journey *j = journey_on(m, irq);
	enum delivery_result result;
	int64_t ret;

	if (!j || j->irq != irq || !j->in_action)
		return;
	j->in_action = false;
	j->row.exit_ns = m->now_ns;
	j->row.last_event = m->event;
	if (!event_arg(m->ev, ARG_RET, &ret))
		return;
	/* one action that claims the interrupt is enough */
	result = result_of(ret);
	if (j->row.result == RESULT_UNKNOWN || j->row.result == RESULT_UNHANDLED)
		j->row.result = result;
}

void journey_lost(struct model *m, struct machine_state *machine, int cpu)
{
	uint32_t from = cpu < 0 ? 0 : cpu, to = cpu < 0 ? machine->nr_cpus : (uint32_t)cpu + 1;

	for (uint32_t i = from; i < to && i < machine->nr_cpus; i++) {
		struct journey *j = &machine->cpu[i];

		/* another action of the same interrupt may be among what was lost */
		if (j->irq && j->row.result == RESULT_UNHANDLED)
			j->row.result = RESULT_UNKNOWN;
		flush(m, j);
	}
}

void journey_forget(struct model *m, struct object *irq)
{
	struct machine_state *machine = model_machine(m, irq->row.ref.machine);

	for (uint32_t i = 0; machine && i < machine->nr_cpus; i++)
		if (machine->cpu[i].irq == irq)
			flush(m, &machine->cpu[i]);
}

void journey_flush_all(struct model *m)
{
	for (unsigned i = 0; i < m->nr_machines; i++)
		for (uint32_t cpu = 0; cpu < m->machine[i].nr_cpus; cpu++)
			flush(m, &m->machine[i].cpu[cpu]);
}
