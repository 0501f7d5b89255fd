/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the vector matrix and of vector_irq[]: which vector of which CPU they are about. */
#include <string.h>

#include "model/replay.h"

static void apply(struct model *m, uint16_t machine, int64_t cpu, int64_t vector, enum slot_input in)
{
	struct object_ref ref = { .kind = OBJ_VECTOR, .machine = machine };
	struct object *obj;

	if (cpu < 0 || cpu >= MAX_CPUS || vector <= 0 || vector >= LAPIC_MAX_VECTORS)
		return;
	ref.id = object_id_pair(cpu, vector);
	obj = model_object(m, &ref);
	if (obj)
		slot_input(m, obj, in);
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

event_handler slot_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_VECTOR_MATRIX] = on_matrix,
		[EV_VECTOR_UPDATE] = on_vector,
		[EV_VECTOR_CLEAR] = on_vector,
		[EV_VECTOR_FREE_MOVED] = on_vector,
		[EV_VECTOR_ARRIVE] = on_arrive,
		[EV_HARM_NO_HANDLER] = on_no_handler,
	};

	return handlers[kind];
}
