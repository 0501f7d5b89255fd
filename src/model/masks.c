/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The obligations "msix-unmask", "msi-unmask" and "pin-unmask": what is masked while the irq that it feeds is started
 * and enabled must be unmasked. Being disabled excuses it for a while, and so do the threads of a oneshot line, low
 * power and a reset after which the function is not yet set up again; shutting down, freeing or switching MSI-X or MSI
 * off ends it.
 */
#include "model/owners.h"
#include "model/replay.h"

enum truth irq_is_started(const struct object *irq)
{
	if (irq_state(irq->irq.core, IRQ_REGION_OFFLINE) == BIT_SET)
		return TRUTH_FALSE;
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
	if (irq_state(irq->irq.core, IRQ_REGION_SUSPEND) == BIT_SET)
		return TRUTH_FALSE;
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

bool kernel_acts(const struct object *feeder)
{
	const struct object *irq = feeder->feeds;

	if (irq && irq->irq.chip == CHIP_XEN)
		return false;
	return feeder->row.path == PATH_UNKNOWN || owner_role(feeder->row.path, OWNER_KERNEL) == ROLE_AUTHORITATIVE;
}

bool kernel_acts_on(const struct object *irq)
{
	return owner_role(irq->row.path, OWNER_KERNEL) == ROLE_AUTHORITATIVE;
}

/* What a feeder's own component says of its mask. */
struct mask_view {
	const char *duty;
	bool masked;
	int64_t cause_event;	/* what set it */
	const char *off;	/* why it need never be unmasked, NULL: it must */
	enum truth excused;	/* for a while */
};

/* What it holds after a reset, or in low power, is another duty's matter (function.c). */
static enum truth function_is_away(const struct object *fn)
{
	if (pci_state(fn->fn.pci, PCI_REGION_STATE) == SETUP_STALE)
		return TRUTH_TRUE;
	return pci_state(fn->fn.pci, PCI_REGION_POWER) == POWER_LOW ? TRUTH_TRUE : TRUTH_FALSE;
}

static struct mask_view view_entry(const struct object *entry)
{
	unsigned enable = msix_function_state(entry->function->fn.core, FN_REGION_ENABLE);

	return (struct mask_view){
		.duty = "msix-unmask", .masked = msix_entry_state(entry->entry.core, ENTRY_REGION_HW) == BIT_SET,
		.cause_event = entry->entry.mark[ENTRY_REGION_HW].event,
		/* an irq that is started implies that it is on; only a known "off" counts */
		.off = enable == BIT_CLEAR ? "MSI-X off" : NULL,
		.excused = function_is_away(entry->function),
	};
}

static struct mask_view view_message(const struct object *msi)
{
	unsigned enable = msi_function_state(msi->function->fn.msi, MSIFN_REGION_ENABLE);

	return (struct mask_view){
		.duty = "msi-unmask", .masked = msi_message_state(msi->msi.core, MSI_REGION_HW) == MSIMASK_SET,
		.cause_event = msi->msi.mark[MSI_REGION_HW].event,
		.off = enable == BIT_CLEAR ? "MSI off" : NULL,
		.excused = function_is_away(msi->function),
	};
}

static struct mask_view view_pin(const struct object *pin)
{
	const struct object *irq = pin->feeds;
	enum truth threads = irq && irq->irq.woken_maybe ? TRUTH_UNKNOWN : TRUTH_FALSE;

	if (irq && irq_state(irq->irq.core, IRQ_REGION_THREAD) == BIT_SET)
		threads = TRUTH_TRUE;
	return (struct mask_view){
		.duty = "pin-unmask", .masked = pin_state(pin->pin.core, PIN_REGION_HW) == BIT_SET,
		.cause_event = pin->pin.mark[PIN_REGION_HW].event,
		/* kept masked for its threads: that is another duty (oneshot.c) */
		.excused = threads,
	};
}

static bool view_feeder(const struct object *feeder, struct mask_view *view)
{
	switch (feeder->row.ref.kind) {
	case OBJ_MSIX:
		*view = view_entry(feeder);
		return true;
	case OBJ_MSI:
		*view = view_message(feeder);
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

	if (!view_feeder(feeder, &view))
		return;
	if (!view.masked)
		feeder->sent_while_masked = 0;
	if (!view.masked && !feeder->unmask.open)
		return;
	claim = (struct claim){
		.kind = view.duty, .object = feeder->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = view.cause_event,
		.met_by = "unmasked", .due = view.masked, .final = final_excuse(irq, &view),
	};
	if (!claim.final && view.excused == TRUTH_FALSE)
		claim.owed = truth_and(truth_and(irq_is_started(irq), irq_is_enabled(irq)), kernel_owns_mask(irq));
	duty_follow(m, &feeder->unmask, &claim);
}

void masks_update_function(struct model *m, struct object *fn)
{
	for (struct object *entry = fn->fn.entries; entry; entry = entry->next)
		masks_update(m, entry);
	for (struct object *msi = fn->fn.messages; msi; msi = msi->next)
		masks_update(m, msi);
}

void masks_update_irq(struct model *m, struct object *irq)
{
	struct object *feeder = irq->irq.feeder;

	if (!feeder)
		return;
	masks_update(m, feeder);
	if (feeder->function)
		function_update(m, feeder->function);
}

bool masks_known_clear(const struct object *feeder, bool *masked)
{
	unsigned state;

	if (feeder->row.ref.kind == OBJ_MSIX) {
		state = msix_entry_state(feeder->entry.core, ENTRY_REGION_HW);
		*masked = state == BIT_SET;
		return state == BIT_CLEAR;
	}
	if (feeder->row.ref.kind == OBJ_PIN) {
		state = pin_state(feeder->pin.core, PIN_REGION_HW);
		*masked = state == BIT_SET;
		return state == BIT_CLEAR;
	}
	state = msi_message_state(feeder->msi.core, MSI_REGION_HW);
	*masked = state == MSIMASK_SET;
	/* for one without a mask bit, whether MSI is on is all there is to learn */
	return state == MSIMASK_CLEAR ||
	       (!*masked && state != MSIMASK_PRESENT &&
		msi_function_state(feeder->function->fn.msi, MSIFN_REGION_ENABLE) == BIT_SET);
}

void masks_sent(struct model *m, struct object *feeder)
{
	struct object *fn = feeder->function;

	if (feeder->row.ref.kind == OBJ_PIN) {
		pin_input(m, feeder, PIN_SENT);
	} else if (feeder->row.ref.kind == OBJ_MSIX) {
		entry_input(m, feeder, ENTRY_SENT);
		if (msix_function_state(fn->fn.core, FN_REGION_ENABLE) == STATE_UNKNOWN)
			function_input(m, fn, FN_SENT);
	} else {
		msi_input(m, feeder, MSI_SENT);
		if (msi_function_state(fn->fn.msi, MSIFN_REGION_ENABLE) == STATE_UNKNOWN)
			msi_function_input(m, fn, MSIFN_SENT);
	}
}
