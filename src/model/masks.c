/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The obligations "msix-unmask" and "pin-unmask": what is masked while the irq that it feeds is started and enabled must
 * be unmasked. Being disabled excuses it for a while, and so do the threads of a oneshot line; shutting down, freeing or
 * switching MSI-X off ends it.
 */
#include "model/owners.h"
#include "model/replay.h"

enum truth irq_is_started(const struct object *irq)
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

enum truth irq_is_enabled(const struct object *irq)
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

enum truth kernel_owns_mask(const struct object *irq)
{
	if (irq->row.path == PATH_UNKNOWN)
		return irq->irq.chip == CHIP_XEN ? TRUTH_FALSE : TRUTH_UNKNOWN;
	return owner_role(irq->row.path, OWNER_KERNEL) == ROLE_AUTHORITATIVE ? TRUTH_TRUE : TRUTH_FALSE;
}

/* What a feeder's own component says of its mask. */
struct mask_view {
	const char *duty;
	bool masked;
	int64_t cause_event;	/* what set it */
	const char *off;	/* why it need never be unmasked, NULL: it must */
	enum truth excused;	/* for a while */
};

static struct mask_view view_entry(const struct object *entry)
{
	unsigned enable = msix_function_state(entry->function->fn.core, FN_REGION_ENABLE);

	return (struct mask_view){
		.duty = "msix-unmask", .masked = msix_entry_state(entry->entry.core, ENTRY_REGION_HW) == BIT_SET,
		.cause_event = entry->entry.mark[ENTRY_REGION_HW].event,
		/* an irq that is started implies that it is on; only a known "off" counts */
		.off = enable == BIT_CLEAR ? "MSI-X off" : NULL,
	};
}

static struct mask_view view_pin(const struct object *pin)
{
	const struct object *irq = pin->feeds;
	bool threads = irq && irq_state(irq->irq.core, IRQ_REGION_THREAD) == BIT_SET;

	return (struct mask_view){
		.duty = "pin-unmask", .masked = pin_state(pin->pin.core, PIN_REGION_HW) == BIT_SET,
		.cause_event = pin->pin.mark[PIN_REGION_HW].event,
		/* kept masked for its threads: that is another duty (oneshot.c) */
		.excused = threads ? TRUTH_TRUE : TRUTH_FALSE,
	};
}

static bool view_feeder(const struct object *feeder, struct mask_view *view)
{
	switch (feeder->row.ref.kind) {
	case OBJ_MSIX:
		*view = view_entry(feeder);
		return true;
	case OBJ_PIN:
		*view = view_pin(feeder);
		return true;
	default:
		return false;
	}
}

/* Why an unmask is not owed any more, for good. */
static const char *final_excuse(const struct object *irq, const struct mask_view *view)
{
	if (!irq)
		return "irq gone";
	if (view->off)
		return view->off;
	if (kernel_owns_mask(irq) == TRUTH_FALSE)
		return "mask bit not the kernel's";
	if (irq_is_started(irq) == TRUTH_FALSE)
		return "irq shut down";
	return NULL;
}

void masks_update(struct model *m, struct object *feeder)
{
	const struct object *irq = feeder->feeds;
	struct mask_view view;
	struct claim claim;

	if (!view_feeder(feeder, &view) || (!view.masked && !feeder->unmask.open))
		return;
	claim = (struct claim){
		.kind = view.duty, .object = feeder->row.id, .owner = owner_name(OWNER_KERNEL), .cause_event = view.cause_event,
		.met_by = "unmasked", .due = view.masked, .final = final_excuse(irq, &view),
	};
	if (!claim.final && view.excused == TRUTH_FALSE)
		claim.owed = truth_and(truth_and(irq_is_started(irq), irq_is_enabled(irq)), kernel_owns_mask(irq));
	duty_follow(m, &feeder->unmask, &claim);
}

void masks_update_function(struct model *m, struct object *fn)
{
	for (struct object *entry = fn->fn.entries; entry; entry = entry->entry.next)
		masks_update(m, entry);
}

void masks_update_irq(struct model *m, struct object *irq)
{
	if (irq->irq.feeder)
		masks_update(m, irq->irq.feeder);
}
