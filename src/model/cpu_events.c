/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CPU hotplug and system suspend: what happens to all irqs of a machine at once. */
#include <string.h>

#include "model/replay.h"

bool cpu_is_offline(const struct model *m, uint16_t machine, int64_t cpu)
{
	struct object_ref ref = { .kind = OBJ_CPU, .machine = machine, .id = cpu };
	const struct object *obj = cpu < 0 ? NULL : registry_find(m->objects, ref);

	return obj && cpu_state(obj->cpu.core, CPU_REGION_POWER) == CPU_POWER_OFFLINE;
}

uint16_t source_machine(const struct model *m, uint32_t source)
{
	const struct object_ref *other = m->ev->source == source ? event_object(m->ev, OBJ_MACHINE) : NULL;

	if (other)
		return other->machine;
	if (m->ev->source == source && m->ev->machine != MACHINE_OWN)
		return m->ev->machine;
	for (unsigned i = 0; i < m->nr_machines; i++)
		if (m->machine[i].vector_source == source)
			return m->machine[i].machine;
	return m->nr_machines == 1 ? m->machine[0].machine : MACHINE_HOST;
}

typedef void (*irq_visitor)(struct model *m, struct object *irq, int cpu);

static void for_each_irq(struct model *m, uint16_t machine, irq_visitor visit, int cpu)
{
	uint32_t last = registry_last(m->objects);

	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (obj && obj->row.ref.kind == OBJ_IRQ && obj->row.ref.machine == machine &&
		    obj->row.gone_ns == NO_TIME)
			visit(m, obj, cpu);
	}
}

static void follow_irq(struct model *m, struct object *irq, int cpu)
{
	(void)cpu;
	vector_update(m, irq);
}

/*
 * The dying CPU frees the old vectors of all moves away from it before it leaves the matrix
 * (irq_force_complete_move()).
 */
static void leave_old_vector(struct model *m, struct object *irq, int cpu)
{
	const struct vector_object *own = irq->irq.alloc;
	unsigned cleanup = own ? vector_state(own->core, VECTOR_REGION_CLEANUP) : CLEANUP_NONE;

	if ((cleanup == CLEANUP_PENDING || cleanup == CLEANUP_QUEUED) && own->old_cpu == cpu)
		vector_leaked(m, irq);
}

static void set_cpu(struct model *m, uint16_t machine, int cpu, bool online)
{
	struct object_ref ref = { .kind = OBJ_CPU, .machine = machine, .id = cpu };
	struct object *obj = model_object(m, &ref);

	if (!obj)
		return;
	cpu_input(m, obj, online ? CPU_ONLINE : CPU_OFFLINE);
	for_each_irq(m, machine, follow_irq, cpu);
}

static void on_hotplug(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_CPU);

	if (ref)
		set_cpu(m, ref->machine, ref->id, ev->kind == EV_CPU_ONLINE);
}

/* A CPU joins and leaves the vector matrix itself: it is the one that wrote the record. */
static void on_matrix(struct model *m, const struct event *ev)
{
	uint16_t machine = source_machine(m, ev->source);
	const char *op;
	int64_t id;

	if (ev->cpu < 0 || !event_arg(ev, ARG_OP, &id))
		return;
	op = m->opt->string(m->opt->string_ctx, ev->source, (str_id)id);
	if (!strcmp(op, "offline"))
		for_each_irq(m, machine, leave_old_vector, ev->cpu);
	else if (strcmp(op, "online"))
		return;
	set_cpu(m, machine, ev->cpu, op[1] == 'n');
}

static void suspend_irq(struct model *m, struct object *irq, int resume)
{
	if (!irq_input(m, irq, resume ? IRQ_RESUME : IRQ_SUSPEND))
		return;
	masks_update_irq(m, irq);
	oneshot_update(m, irq);
	vector_update(m, irq);
	resend_update(m, irq);
}

static void on_suspend(struct model *m, const struct event *ev)
{
	int64_t enable;

	if (event_arg(ev, ARG_ENABLE, &enable))
		for_each_irq(m, source_machine(m, ev->source), suspend_irq, !enable);
}

event_handler cpu_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_CPU_ONLINE] = on_hotplug,
		[EV_CPU_OFFLINE] = on_hotplug,
		[EV_VECTOR_MATRIX] = on_matrix,
		[EV_MACHINE_SUSPEND] = on_suspend,
	};

	return handlers[kind];
}
