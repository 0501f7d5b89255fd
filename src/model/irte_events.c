/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of interrupt remapping entries, and the obligation "irte-update": an entry follows the vector that was
 * configured for its irq, unless it is posted to a guest.
 */
#include "model/owners.h"
#include "model/replay.h"

static bool matches(const struct irte_object *own, const struct vector_object *vec)
{
	return own->vector == vec->vector && (own->dest < 0 || vec->apicdest < 0 || own->dest == vec->apicdest);
}

void irte_update(struct model *m, struct object *irte)
{
	struct irte_object *own = &irte->irte;
	const struct object *irq = own->irq;
	const struct vector_object *vec = irq ? irq->irq.alloc : NULL;
	struct claim claim = {
		.kind = "irte-update", .object = irte->row.id, .owner = owner_name(OWNER_KERNEL),
		.met_by = "entry written",
		.due = irte_state(own->core, IRTE_REGION_ROUTE) == IRTE_ROUTE_OTHER &&
		       irte_state(own->core, IRTE_REGION_PRESENT) != IRTE_FLAG_NO,
	};
	unsigned posted = irte_state(own->core, IRTE_REGION_POSTED);

	if (!claim.due && !own->update.open)
		return;
	claim.cause_event = vec ? vec->config_event : 0;
	claim.owed = posted == IRTE_FLAG_NO ? TRUTH_TRUE : posted == IRTE_FLAG_YES ? TRUTH_FALSE : TRUTH_UNKNOWN;
	if (irte_state(own->core, IRTE_REGION_PRESENT) != IRTE_FLAG_YES)
		claim.owed = truth_and(claim.owed, TRUTH_UNKNOWN);
	if (!irq)
		claim.final = "irq gone";
	else if (irq_state(irq->irq.core, IRQ_REGION_LIFE) == LIFE_SHUTDOWN)
		claim.final = "irq shut down";
	duty_follow(m, &own->update, &claim);
}

void irte_config(struct model *m, struct object *irq)
{
	const struct vector_object *vec = irq->irq.alloc;
	struct object *irte = vec ? vec->irte : NULL;

	if (!irte)
		return;
	if (vec->vector < 0) {
		irte->irte.vector = irte->irte.dest = -1;
		irte_input(m, irte, IRTE_CONFIG_GONE);
	} else {
		irte_input(m, irte, matches(&irte->irte, vec) ? IRTE_CONFIG_SAME : IRTE_CONFIG_OTHER);
	}
	irte_update(m, irte);
}

/* The entry, linked with the irq that the record names. */
static struct object *irte_of(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRTE), *irq_ref = event_object(ev, OBJ_IRQ);
	struct object *irte = ref ? model_object(m, ref) : NULL;
	struct object *irq = irte && irq_ref ? model_object(m, irq_ref) : NULL;

	if (!irq || !vector_of(m, irq))
		return irte;
	irq->irq.chip = CHIP_REMAPPED;
	learn_vector(m, irq);
	link_irte(m, irte, irq);
	return irte;
}

static enum irte_input write_input(struct irte_object *own, const struct event *ev)
{
	enum { PRESENT = 1 };	/* Intel's present and AMD's valid bit */
	const struct vector_object *vec = own->irq ? own->irq->irq.alloc : NULL;
	int64_t value = PRESENT;

	event_arg(ev, ARG_VALUE, &value);
	own->vector = own->dest = -1;
	if (!(value & PRESENT))
		return IRTE_CLEARED;
	if (!event_arg(ev, ARG_VECTOR, &own->vector))
		return IRTE_WRITE_BLIND;
	event_arg(ev, ARG_APICDEST, &own->dest);
	if (!vec || vec->vector < 0)
		return IRTE_WRITE_BLIND;
	return matches(own, vec) ? IRTE_WRITE_SAME : IRTE_WRITE_OTHER;
}

static void on_write(struct model *m, const struct event *ev)
{
	struct object *irte = irte_of(m, ev);

	/* a flush of the unit's cache is inferred to follow a write, whose content it does not tell */
	if (!irte || ev->witness == WITNESS_INTENT)
		return;
	irte_input(m, irte, write_input(&irte->irte, ev));
	duty_expected(m, &irte->irte.update);
	irte_update(m, irte);
}

static void on_posted(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *irq = ref ? model_object(m, ref) : NULL;
	struct object *irte = irq && irq->irq.alloc ? irq->irq.alloc->irte : NULL;

	if (!irte)
		return;
	irte_input(m, irte, ev->kind == EV_KVM_POSTED_ON ? IRTE_POST : IRTE_UNPOST);
	irte_update(m, irte);
}

void irte_handled(struct model *m, struct object *irq)
{
	struct object *irte = irq->irq.alloc ? irq->irq.alloc->irte : NULL;

	if (!irte || irte_state(irte->irte.core, IRTE_REGION_POSTED) != IRTE_FLAG_YES)
		return;
	irte_input(m, irte, IRTE_HANDLED);
	irte_update(m, irte);
}

event_handler irte_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_IRTE_WRITE] = on_write,
		[EV_KVM_POSTED_ON] = on_posted,
		[EV_KVM_POSTED_OFF] = on_posted,
	};

	return handlers[kind];
}
