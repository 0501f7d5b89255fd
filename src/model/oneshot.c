/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The obligation "oneshot-finish": a oneshot line is masked by its flow handler and stays so until its threads have
 * finished (kernel/irq/manage.c, irq_finalize_oneshot()). A line that is not masked needs nothing of its threads: the
 * chip is safe for oneshot, or the action was not asked to be. Where a record does not tell an action that was done with
 * it from one that woke its thread, as a trace's text does not, whether anything is owed is unknown.
 */
#include "model/owners.h"
#include "model/replay.h"

void oneshot_update(struct model *m, struct object *irq)
{
	const struct object *pin = irq->irq.feeder;
	bool sure = irq_state(irq->irq.core, IRQ_REGION_THREAD) == BIT_SET;
	bool woken = sure || irq->irq.woken_maybe;
	struct claim claim = {
		.kind = "oneshot-finish", .object = irq->row.id, .owner = owner_name(OWNER_KERNEL), .met_by = "thread finished",
	};

	if (!woken && !irq->irq.oneshot.open)
		return;
	claim.due = woken && pin && pin->row.ref.kind == OBJ_PIN && pin_state(pin->pin.core, PIN_REGION_HW) == BIT_SET;
	if (claim.due)
		claim.cause_event = irq->irq.mark[sure ? IRQ_REGION_THREAD : IRQ_REGION_FLOW].event;
	claim.owed = truth_and(truth_and(irq_is_started(irq), irq_is_enabled(irq)), sure ? TRUTH_TRUE : TRUTH_UNKNOWN);
	if (irq_is_started(irq) == TRUTH_FALSE)
		claim.final = "irq shut down";
	duty_follow(m, &irq->irq.oneshot, &claim);
}
