/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/prompt.h"

#include "model/registry.h"

static const char response[] = "response", stimulus[] = "stimulus", unprompted[] = "unprompted", unknown[] = "";

static bool is_first_of(const struct operation *op, enum unit_role role, unsigned in)
{
	for (unsigned i = 0; i < op->nr_first; i++)
		if (op->first[i].role == role && op->first[i].in == in)
			return true;
	return false;
}

static const char *class_in_part(const struct path_part *part, enum unit_role role, unsigned in)
{
	for (unsigned i = 0; i < part->nr_reactions; i++)
		if (part->reactions[i].role == role && part->reactions[i].in == in)
			return response;
	for (unsigned i = 0; i < part->nr_operations; i++)
		if (is_first_of(&part->operations[i], role, in))
			return part->operations[i].kind == OPERATION_STIMULUS ? stimulus : response;
	return NULL;
}

const char *prompt_class(enum unit_role role, unsigned in)
{
	for (unsigned i = 0; path_parts[i]; i++) {
		const char *class = class_in_part(path_parts[i], role, in);

		if (class)
			return class;
	}
	return unknown;
}

/* A request that is not applied yet is applied masked. */
static bool move_is_due(const struct object *irq)
{
	unsigned affinity = irq->irq.alloc ? vector_state(irq->irq.alloc->core, VECTOR_REGION_AFFINITY) : AFFINITY_UNKNOWN;

	return affinity == AFFINITY_ASKED || affinity == AFFINITY_PENDING || affinity == AFFINITY_UNKNOWN;
}

/*
 * A started irq that is enabled is masked by its flow handler (oneshot, busy elsewhere), in a move, in suspend, and where
 * its CPUs go offline. Where flow handlers are not recorded, any of them may run.
 */
static const char *mask_of_started(const struct object *irq)
{
	unsigned flow = irq_state(irq->irq.core, IRQ_REGION_FLOW), depth = irq_state(irq->irq.core, IRQ_REGION_DEPTH);

	if (depth == DEPTH_UNKNOWN || !irq->irq.flow_seen || flow == BIT_UNKNOWN)
		return unknown;
	if (depth != DEPTH_0 || flow == BIT_SET || move_is_due(irq))
		return response;
	if (irq_state(irq->irq.core, IRQ_REGION_SUSPEND) == BIT_SET || irq_state(irq->irq.core, IRQ_REGION_OFFLINE) == BIT_SET)
		return response;
	return unprompted;
}

const char *prompt_of_mask(const struct object *irq, bool mask)
{
	if (!irq)
		return unknown;
	switch (irq_state(irq->irq.core, IRQ_REGION_LIFE)) {
	case LIFE_STARTED:
		if (mask)
			return mask_of_started(irq);
		return irq_state(irq->irq.core, IRQ_REGION_DEPTH) == DEPTH_0 ? response : unknown;
	case LIFE_UNKNOWN:
	case LIFE_STARTING:
	case LIFE_STOPPING:
		return unknown;
	default:
		return mask ? response : unknown;
	}
}

const char *prompt_of_input(const struct object *obj, const struct component *type, unsigned in)
{
	if (type == &msix_entry_component && (in == ENTRY_MASK || in == ENTRY_UNMASK))
		return prompt_of_mask(obj->feeds, in == ENTRY_MASK);
	if (type == &pin_component && (in == PIN_MASK || in == PIN_UNMASK))
		return prompt_of_mask(obj->feeds, in == PIN_MASK);
	for (int role = 0; role < NR_ROLES; role++)
		if (role_component(role) == type)
			return prompt_class(role, in);
	return unknown;
}
