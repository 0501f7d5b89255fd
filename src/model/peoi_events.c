/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of the stacks of pending EOIs of Xen's CPUs, and who waits for them. Pushes follow from what is handled and when
 * that type is acknowledged; ends from the guests' EOIs and Xen's timer where they are recorded, and from whatever of the
 * same class or below is handled behind.
 *
 * The obligation "eoi-stack": a vector that the local APIC has accepted is handled at once, or waits for the EOI of what is
 * in service. It is seen waiting where it was seen twice with nothing of it handled in between: once is what any interrupt
 * looks like that wakes an idle CPU. That it is the stack for which it waits is certain where an irq on the stack is not known
 * to have been acknowledged, nothing was handled since that may be in service as well, and the one that waits is known to be
 * handled otherwise. Its own EOI is another matter: see "pirq-eoi".
 *
 * Vectors of class 15 are mostly Xen's own and not recorded when they are handled; they are left out, as are those of Xen's
 * clean-up of moves.
 */
#include <stdlib.h>

#include "model/owners.h"
#include "model/replay.h"

enum { FIRST_VECTOR = 0x21, XEN_CLEANUP_VECTOR = 0x22, END_VECTOR = 0xf0, TIMEOUT_NS = 1000000,
       DPCI_TIMEOUT_NS = 8000000, MAX_STACKS = 1024 };

static unsigned class_of(int vector)
{
	return (unsigned)vector >> LAPIC_CLASS_SHIFT;
}

/* ------------------------------------------------------------------------------------------------------ stacks */

static struct object *find_stack(struct model *m, uint16_t machine, int32_t cpu)
{
	struct object_ref ref = { .kind = OBJ_PEOI, .id = (uint32_t)cpu, .machine = machine };

	return cpu < 0 || !m->stacks ? NULL : registry_find(m->objects, ref);
}

/* NULL where the CPU is not known, or is one too many: a stack takes some kilobytes. */
static struct object *make_stack(struct model *m, uint16_t machine, int32_t cpu)
{
	struct object_ref ref = { .kind = OBJ_PEOI, .id = (uint32_t)cpu, .machine = machine };
	struct object *peoi = find_stack(m, machine, cpu);

	if (peoi || cpu < 0 || m->nr_stacks == MAX_STACKS)
		return peoi;
	peoi = model_object(m, &ref);
	if (!peoi || peoi->peoi.stack)
		return peoi;
	peoi->peoi.stack = calloc(1, sizeof(*peoi->peoi.stack));
	if (!peoi->peoi.stack) {
		m->failed = true;
		return NULL;
	}
	for (unsigned i = 0; i < PEOI_CLASSES; i++)
		peoi->peoi.stack->entry[i].core.bits = component_unknown(&peoi_component);
	peoi->next = m->stacks;
	m->stacks = peoi;
	m->nr_stacks++;
	return peoi;
}

static unsigned state_of(const struct peoi_entry_of *entry)
{
	return peoi_state(entry->core, PEOI_REGION_ENTRY);
}

/* The highest entry that is known to be there; NULL where none is. */
static struct peoi_entry_of *top_of(const struct object *peoi)
{
	for (unsigned i = PEOI_CLASSES; i-- > 0;)
		if (state_of(&peoi->peoi.stack->entry[i]) >= PEOI_HANDLED)
			return &peoi->peoi.stack->entry[i];
	return NULL;
}

int peoi_top_vector(const struct object *peoi)
{
	const struct peoi_entry_of *top = top_of(peoi);

	return top ? top->vector : -1;
}

/* Known to be there, and the first to be ended; ready ones above all others are ended at once. */
static void flush(struct model *m, struct object *peoi)
{
	struct peoi_entry_of *top;

	while ((top = top_of(peoi)) && state_of(top) == PEOI_IS_READY)
		peoi_input(m, peoi, class_of(top->vector), PEOI_POP);
}

/* ------------------------------------------------------------------------------------------------------ who waits */

static bool handled_before(const struct model *m, const struct object *peoi, int vector)
{
	uint64_t bit = peoi->row.ref.id < 64 ? UINT64_C(1) << peoi->row.ref.id : 0;

	for (uint32_t id = 1; id <= registry_last(m->objects); id++) {
		const struct object *xirq = registry_get(m->objects, id);

		if (xirq && xirq->row.ref.kind == OBJ_XIRQ && xirq->row.ref.machine == peoi->row.ref.machine &&
		    xirq->xirq.vector == vector && xirq->xirq.cpus & bit)
			return xirq->xirq.summary.deliveries > 0;
	}
	return false;
}

/* Nothing was handled since that proves its class or a higher one to be free. */
static bool may_be_blocked(const struct peoi_stack *stack, int vector)
{
	for (unsigned i = class_of(vector); i < class_of(END_VECTOR); i++)
		if (state_of(&stack->entry[i]) == PEOI_UNKNOWN)
			return true;
	return stack->doubt >= class_of(vector);
}

/* Where an irq whose type is not known was handled later, that may be what is in service. */
static enum truth blocks(const struct object *peoi, const struct peoi_entry_of *top, int vector)
{
	const struct peoi_stack *stack = peoi->peoi.stack;

	if (top && class_of(vector) <= class_of(top->vector) && vector != top->vector)
		return stack->doubt ? TRUTH_UNKNOWN : TRUTH_TRUE;
	return may_be_blocked(stack, vector) ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

/* It began when both were there. */
static void begin_at(struct duty *duty, const struct peoi_entry_of *top, const struct sighting *seen)
{
	bool pushed_later = top && top->mark.t_ns > seen->t_ns;

	duty->row.trigger_event = pushed_later ? top->mark.event : seen->event;
	duty->row.trigger_ns = duty->owed_since_ns = pushed_later ? top->mark.t_ns : seen->t_ns;
}

static void follow(struct model *m, struct object *peoi)
{
	struct peoi_stack *stack = peoi->peoi.stack;
	const struct peoi_entry_of *top = top_of(peoi);
	enum truth blocked = stack->waiting ? blocks(peoi, top, stack->waiting) : TRUTH_FALSE;
	const struct sighting *seen = &stack->seen[stack->waiting];
	struct claim claim = {
		.kind = "eoi-stack", .object = peoi->row.id, .owner = owner_name(OWNER_HYPERVISOR), .due = blocked != TRUTH_FALSE,
		.cause_event = top ? top->mark.event : 0, .met_by = stack->waiting ? "EOI given" : "handled",
	};
	bool begins = !peoi->peoi.wait.open;

	/* what was certain is over with the EOI that was certain: what else may be in service is another matter */
	claim.due &= begins || blocked == TRUTH_TRUE || peoi->peoi.wait.row.guard_unknown;
	claim.owed = blocked == TRUTH_TRUE && !seen->accepted && !handled_before(m, peoi, stack->waiting) ? TRUTH_UNKNOWN : blocked;
	if (!claim.due && begins)
		return;
	duty_follow(m, &peoi->peoi.wait, &claim);
	if (!begins || !peoi->peoi.wait.open)
		return;
	begin_at(&peoi->peoi.wait, top, seen);
	peoi->peoi.wait.row.first_missed_event = seen->event;
	if (top && top->xirq)
		link_stack(m, registry_get(m->objects, top->xirq), peoi);
}

/* It is handled: nobody waits for it any more. */
static void forget(struct model *m, struct object *peoi, int vector)
{
	struct peoi_stack *stack = peoi->peoi.stack;

	if (vector < 0)
		return;
	stack->seen[vector] = (struct sighting){ .event = 0 };
	if (stack->waiting != vector)
		return;
	stack->waiting = 0;
	follow(m, peoi);
}

static void forget_all(struct model *m, struct object *peoi)
{
	for (int vector = FIRST_VECTOR; vector < END_VECTOR; vector++)
		if (peoi->peoi.stack->seen[vector].event)
			forget(m, peoi, vector);
}

static bool is_a_guests(const struct object *xirq)
{
	for (const struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next)
		if (object_pair_high(pirq->row.ref.id))
			return true;
	return false;
}

/* What-if: Xen's timer, or that of lines that are passed through to guests, would have passed meanwhile. */
static bool is_forced(struct model *m, const struct peoi_entry_of *entry)
{
	const struct object *xirq = registry_get(m->objects, entry->xirq);
	int64_t waits_ns = m->now_ns - entry->mark.t_ns;

	if (waits_ns >= TIMEOUT_NS && whatif_adds(m, QUIRK_XEN_EOI_TIMEOUT))
		return true;
	return waits_ns >= DPCI_TIMEOUT_NS && xirq && xirq->row.ref.kind == OBJ_XIRQ && xirq->xirq.is_line && is_a_guests(xirq) &&
	       whatif_adds(m, QUIRK_XEN_DPCI_TIMEOUT);
}

/* And what waited would have been let in. */
static void force(struct model *m, struct object *peoi)
{
	struct peoi_entry_of *top = top_of(peoi);

	if (!top || state_of(top) != PEOI_WAITS || !is_forced(m, top))
		return;
	peoi_input(m, peoi, class_of(top->vector), PEOI_FORCED);
	flush(m, peoi);
	forget_all(m, peoi);
	whatif_departs(m);
}

static void see_pending(struct model *m, struct object *peoi, int vector, bool accepted)
{
	struct peoi_stack *stack = peoi->peoi.stack;
	struct sighting *seen = &stack->seen[vector];

	force(m, peoi);
	if (!seen->event || seen->source != m->ev->source) {
		*seen = (struct sighting){ .event = m->event, .t_ns = m->now_ns, .source = m->ev->source, .accepted = accepted };
		return;
	}
	if (accepted)
		return;
	if (stack->waiting == vector)
		duty_expected(m, &peoi->peoi.wait);
	if (stack->waiting)
		return;
	stack->waiting = vector;
	follow(m, peoi);
	duty_expected(m, &peoi->peoi.wait);
	if (!peoi->peoi.wait.open)
		stack->waiting = 0;
}

/* ------------------------------------------------------------------------------------------------------ what is handled */

/* What is let in proves that nothing of its class or above is in service. */
static void pass(struct model *m, struct object *peoi, int vector)
{
	struct peoi_stack *stack = peoi->peoi.stack;

	for (unsigned i = class_of(vector); i < PEOI_CLASSES; i++)
		if (state_of(&stack->entry[i]) != PEOI_ABSENT)
			peoi_input(m, peoi, i, PEOI_PASSED);
	if (stack->doubt >= class_of(vector))
		stack->doubt = 0;
}

/* What-if: it would not have been pushed. */
static bool gives_at_once(struct model *m, const struct object *xirq)
{
	if (xmsi_state(xirq->xirq.msi, XMSI_REGION_CAN) == BIT_SET)
		return whatif_adds(m, QUIRK_XEN_MASK_MSI_ON_ACK);
	if (xmsi_state(xirq->xirq.msi, XMSI_REGION_CAN) == BIT_CLEAR)
		return whatif_adds(m, QUIRK_XEN_MSI_OFF_AS_MASK);
	return xirq->xirq.is_line && whatif_omits(m, QUIRK_XEN_IOAPIC_ACK_NEW);
}

static void push(struct model *m, struct object *xirq, struct object *peoi, int vector)
{
	struct peoi_entry_of *entry = &peoi->peoi.stack->entry[class_of(vector)];

	if (gives_at_once(m, xirq)) {
		whatif_departs(m);
		return;
	}
	entry->vector = vector;
	entry->xirq = xirq->row.id;
	peoi_input(m, peoi, class_of(vector), PEOI_PUSH);
	/* of a push that finds itself there again, too */
	entry->mark = (struct mark){ .event = m->event, .t_ns = m->now_ns };
}

/* Xen's own handlers are written down when they end; others may have been let in meanwhile, and stand above. */
static void put_in_place(struct model *m, struct object *xirq, struct object *peoi, int vector)
{
	struct peoi_entry_of *entry = &peoi->peoi.stack->entry[class_of(vector)];

	if (vector >= peoi_top_vector(peoi))
		return;
	entry->vector = vector;
	entry->xirq = xirq->row.id;
	peoi_input(m, peoi, class_of(vector), PEOI_INSERT);
}

void peoi_handled(struct model *m, struct object *xirq, int vector)
{
	unsigned ack = xirq_state(xirq->xirq.core, XIRQ_REGION_ACK);
	bool own = xirq_state(xirq->xirq.core, XIRQ_REGION_ACTION) == XIRQ_ACTION_XEN;
	struct object *peoi = ack == XIRQ_ACK_EOI ? make_stack(m, xirq->row.ref.machine, m->ev->cpu)
						  : find_stack(m, xirq->row.ref.machine, m->ev->cpu);

	if (!peoi || !peoi->peoi.stack)
		return;
	force(m, peoi);
	if (vector >= 0 && !own)
		pass(m, peoi, vector);
	else if (vector >= 0)
		put_in_place(m, xirq, peoi, vector);
	if (vector >= 0)
		forget(m, peoi, vector);
	else
		forget_all(m, peoi);
	if (ack == XIRQ_ACK_EOI && vector >= 0)
		push(m, xirq, peoi, vector);
	else if (ack != XIRQ_ACK_NONE && ack != XIRQ_ACK_UNMASK && !own)
		peoi->peoi.stack->doubt = vector >= 0 ? class_of(vector) : PEOI_CLASSES;
	follow(m, peoi);
}

void peoi_acknowledged(struct model *m, const struct object *xirq, enum peoi_input in)
{
	for (struct object *peoi = m->stacks; peoi; peoi = peoi->next) {
		bool any = false;

		for (unsigned i = 0; i < PEOI_CLASSES; i++) {
			struct peoi_entry_of *entry = &peoi->peoi.stack->entry[i];

			if (entry->xirq != xirq->row.id || state_of(entry) == PEOI_ABSENT)
				continue;
			any = true;
			peoi_input(m, peoi, i, in);
		}
		if (!any)
			continue;
		flush(m, peoi);
		follow(m, peoi);
	}
}

/* ------------------------------------------------------------------------------------------------------ events */

static struct object *stack_of_vector(struct model *m, const struct event *ev, int *vector)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);

	/* other machines have local APICs, too */
	if (!ref || (ev->kind == EV_LAPIC_ACCEPT && ref->machine != MACHINE_XEN))
		return NULL;
	if (object_pair_low(ref->id) < FIRST_VECTOR || object_pair_low(ref->id) >= END_VECTOR ||
	    object_pair_low(ref->id) == XEN_CLEANUP_VECTOR)
		return NULL;
	*vector = object_pair_low(ref->id);
	return make_stack(m, ref->machine, object_pair_high(ref->id));
}

static void on_pending(struct model *m, const struct event *ev)
{
	struct object *peoi;
	int vector;

	peoi = stack_of_vector(m, ev, &vector);
	if (peoi && peoi->peoi.stack)
		see_pending(m, peoi, vector, ev->kind == EV_LAPIC_ACCEPT);
}

/* It was let in, and led nowhere, or the CPU left a guest for it. */
static void on_arrival(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);
	struct object *peoi = ref ? find_stack(m, ref->machine, object_pair_high(ref->id)) : NULL;

	if (peoi && peoi->peoi.stack && object_pair_low(ref->id) < LAPIC_MAX_VECTORS)
		forget(m, peoi, object_pair_low(ref->id));
}

void peoi_lost(struct model *m, struct object *peoi, int64_t gap_from_ns)
{
	struct peoi_stack *stack = peoi->peoi.stack;

	duty_lost(m, &peoi->peoi.wait, gap_from_ns);
	if (!stack)
		return;
	for (unsigned i = 0; i < PEOI_CLASSES; i++)
		peoi_input(m, peoi, i, PEOI_LOST);
	stack->waiting = 0;
	stack->doubt = 0;
	for (unsigned i = 0; i < LAPIC_MAX_VECTORS; i++)
		stack->seen[i] = (struct sighting){ .event = 0 };
}

event_handler peoi_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_XEN_VECTOR_PENDING] = on_pending,
		[EV_LAPIC_ACCEPT] = on_pending,
		[EV_XEN_VECTOR_ARRIVE] = on_arrival,
		[EV_XEN_IRQ_UNMAPPED] = on_arrival,
	};

	return handlers[kind];
}
