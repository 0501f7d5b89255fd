/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The obligation "msix-unmask": an entry that is masked in the table while its irq is started and enabled must be
 * unmasked. Being disabled excuses it for a while; shutting down, freeing or switching MSI-X off ends it.
 */
#include "model/owners.h"
#include "model/replay.h"

static enum truth irq_is_started(const struct object *irq)
{
	switch (irq_state(irq->irq.core, IRQ_REGION_LIFE)) {
	case LIFE_STARTED:
		return TRUTH_TRUE;
	case LIFE_UNKNOWN:
	case LIFE_STARTING:
	case LIFE_STOPPING:
		return TRUTH_UNKNOWN;
	default:
		return TRUTH_FALSE;
	}
}

static enum truth irq_is_enabled(const struct object *irq)
{
	switch (irq_state(irq->irq.core, IRQ_REGION_DEPTH)) {
	case DEPTH_0:
		return TRUTH_TRUE;
	case DEPTH_UNKNOWN:
		return TRUTH_UNKNOWN;
	default:
		return TRUTH_FALSE;
	}
}

/* Does the kernel, whose calls were recorded, decide what the register holds? */
static enum truth kernel_owns_mask(const struct object *irq)
{
	if (irq->row.path == PATH_UNKNOWN)
		return irq->irq.pirq ? TRUTH_FALSE : TRUTH_UNKNOWN;
	return owner_role(irq->row.path, OWNER_KERNEL) == ROLE_AUTHORITATIVE ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth function_is_on(const struct object *fn)
{
	/* an irq that is started implies it; only a known "off" counts */
	return msix_function_state(fn->fn.core, FN_REGION_ENABLE) == BIT_CLEAR ? TRUTH_FALSE : TRUTH_TRUE;
}

/* Why an unmask is not owed any more, for good. */
static const char *final_excuse(const struct object *entry)
{
	const struct object *irq = entry->entry.irq;

	if (!irq)
		return "irq gone";
	if (function_is_on(entry->function) == TRUTH_FALSE)
		return "MSI-X off";
	if (kernel_owns_mask(irq) == TRUTH_FALSE)
		return "mask bit not the kernel's";
	if (irq_is_started(irq) == TRUTH_FALSE)
		return "irq shut down";
	return NULL;
}

void masks_update(struct model *m, struct object *entry)
{
	const struct object *irq = entry->entry.irq;
	struct claim claim = {
		.kind = "msix-unmask", .object = entry->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = entry->entry.mark[ENTRY_REGION_HW].event, .met_by = "unmasked",
		.due = msix_entry_state(entry->entry.core, ENTRY_REGION_HW) == BIT_SET,
	};

	if (!claim.due && !entry->entry.unmask.open)
		return;
	claim.final = final_excuse(entry);
	if (!claim.final)
		claim.owed = truth_and(truth_and(irq_is_started(irq), irq_is_enabled(irq)), kernel_owns_mask(irq));
	if (!entry->entry.unmask.open)
		entry->entry.sent_while_masked = 0;
	duty_follow(m, &entry->entry.unmask, &claim);
}

void masks_update_function(struct model *m, struct object *fn)
{
	for (struct object *entry = fn->fn.entries; entry; entry = entry->entry.next)
		masks_update(m, entry);
}

void masks_update_irq(struct model *m, struct object *irq)
{
	if (irq->irq.entry)
		masks_update(m, irq->irq.entry);
}
