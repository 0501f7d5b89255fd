/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of the vector matrix and of vector_irq[], Linux's and Xen's: which vector of which CPU they are about.
 *
 * Xen's table has no mark of an arrival that is still expected: an entry is left, with the irq's clean-up on each old CPU or with
 * the irq itself (xen/arch/x86/irq.c irq_move_cleanup_interrupt(), _clear_irq_vector()), and what arrives then is unmapped. It is
 * kept as harm, of the irq that had the vector last, where that is known.
 */
#include <string.h>

#include "model/replay.h"

static struct object *apply(struct model *m, uint16_t machine, int64_t cpu, int64_t vector, enum slot_input in)
{
	struct object_ref ref = { .kind = OBJ_VECTOR, .machine = machine };
	struct object *obj;

	if (cpu < 0 || cpu >= MAX_CPUS || vector <= 0 || vector >= LAPIC_MAX_VECTORS)
		return NULL;
	ref.id = object_id_pair(cpu, vector);
	obj = model_object(m, &ref);
	if (obj)
		slot_input(m, obj, in);
	return obj;
}

static void on_matrix(struct model *m, const struct event *ev)
{
	static const struct {
		const char *op;
		enum slot_input in;
	} ops[] = {
		{ "alloc", SLOT_ALLOC }, { "alloc_managed", SLOT_ALLOC_MANAGED }, { "assign", SLOT_ASSIGN }, { "free", SLOT_FREE },
		{ "reserve_managed", SLOT_RESERVE_MANAGED }, { "remove_managed", SLOT_REMOVE_MANAGED },
	};
	const struct object_ref *cpu = event_object(ev, OBJ_CPU);
	int64_t id, bit;
	const char *op;

	if (!cpu || !event_arg(ev, ARG_OP, &id) || !event_arg(ev, ARG_BIT, &bit))
		return;
	op = m->opt->string(m->opt->string_ctx, ev->source, (str_id)id);
	for (unsigned i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(op, ops[i].op))
			apply(m, cpu->machine, cpu->id, bit, ops[i].in);
}

/* The vector that the record names, and for some the one before. */
static void on_vector(struct model *m, const struct event *ev)
{
	const struct object_ref *irq = event_object(ev, OBJ_IRQ);
	enum slot_input in = ev->kind == EV_VECTOR_UPDATE ? SLOT_OWN : ev->kind == EV_VECTOR_CLEAR ? SLOT_SHUT : SLOT_LEAVE;
	int64_t vector, cpu;

	if (!irq)
		return;
	if (event_arg(ev, ARG_VECTOR, &vector) && event_arg(ev, ARG_TARGET_CPU, &cpu))
		apply(m, irq->machine, cpu, vector, in);
	if (ev->kind == EV_VECTOR_CLEAR && event_arg(ev, ARG_PREV_VECTOR, &vector) && event_arg(ev, ARG_PREV_CPU, &cpu))
		apply(m, irq->machine, cpu, vector, in);
}

/* Every interrupt comes by here: only one that finds the mark changes anything. */
static void on_arrive(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);
	struct object *vector = ref ? registry_find(m->objects, *ref) : NULL;

	if (vector && slot_state(vector->lapic.slot, SLOT_REGION_OWNER) == SLOT_SHUTDOWN)
		slot_input(m, vector, SLOT_ARRIVE);
}

static void on_no_handler(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);

	if (ref)
		apply(m, ref->machine, object_pair_high(ref->id), object_pair_low(ref->id), SLOT_NO_HANDLER);
}

/* ---- Xen ---- */

/* On every CPU of the record's mask. CPUs beyond 63 are not in it. */
static void on_each_cpu(struct model *m, const struct event *ev, enum slot_input in)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ), *slot;
	int64_t vector, cpus;

	if (!xirq || !event_arg(ev, ARG_VECTOR, &vector) || !event_arg(ev, ARG_CPUMASK, &cpus))
		return;
	for (uint64_t left = (uint64_t)cpus; left; left &= left - 1) {
		slot = apply(m, xirq->row.ref.machine, __builtin_ctzll(left), vector, in);
		if (slot)
			slot->lapic.xirq = xirq->row.id;
	}
}

static void on_xen_assign(struct model *m, const struct event *ev)
{
	on_each_cpu(m, ev, SLOT_OWN);
}

static void on_xen_clear(struct model *m, const struct event *ev)
{
	on_each_cpu(m, ev, SLOT_LEAVE);
}

static void on_xen_cleanup(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ), *slot;
	int64_t vector, cpu;

	if (!xirq || !event_arg(ev, ARG_VECTOR, &vector) || !event_arg(ev, ARG_TARGET_CPU, &cpu))
		return;
	slot = apply(m, xirq->row.ref.machine, cpu, vector, SLOT_LEAVE);
	if (slot)
		slot->lapic.xirq = xirq->row.id;
}

static void on_unmapped(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);
	struct object *slot;

	slot = ref ? apply(m, ref->machine, object_pair_high(ref->id), object_pair_low(ref->id), SLOT_NO_HANDLER) : NULL;
	if (slot)
		m->failed |= m->sink->harm(m->sink->ctx, &(struct harm_row){
			.event = m->event, .object = slot->lapic.xirq ? slot->lapic.xirq : slot->row.id, .kind = event_kinds[ev->kind].name,
		}) != 0;
}

event_handler slot_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_VECTOR_MATRIX] = on_matrix,
		[EV_VECTOR_UPDATE] = on_vector,
		[EV_VECTOR_CLEAR] = on_vector,
		[EV_VECTOR_FREE_MOVED] = on_vector,
		[EV_VECTOR_ARRIVE] = on_arrive,
		[EV_HARM_NO_HANDLER] = on_no_handler,
		[EV_XEN_IRQ_ASSIGN] = on_xen_assign,
		[EV_XEN_IRQ_CLEAR] = on_xen_clear,
		[EV_XEN_IRQ_MOVE_CLEANUP] = on_xen_cleanup,
		[EV_XEN_IRQ_MOVE_FINISH] = on_xen_cleanup,
		[EV_XEN_IRQ_UNMAPPED] = on_unmapped,
	};

	return handlers[kind];
}
