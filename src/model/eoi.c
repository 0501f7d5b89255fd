/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The obligations "level-eoi" and "lapic-eoi": what a flow handler took is acknowledged by the irq's chip, an edge before
 * its actions, a level line behind them, and also where no action runs (kernel/irq/chip.c, handle_edge_irq(),
 * handle_fasteoi_irq(); arch/x86/kernel/apic, apic_ack_edge(), ioapic_ack_level()). Until then the vector and all of its
 * priority class and below wait on that CPU; for a level line, remote IRR stays set as well.
 *
 * They come with every interrupt: duty.c only counts those that are met in time.
 */
#include "model/owners.h"
#include "model/replay.h"

void eoi_flow(struct model *m, struct object *irq, bool level)
{
	const struct object *feeder = irq->irq.feeder;
	bool native = irq->irq.chip == CHIP_NATIVE || irq->irq.chip == CHIP_REMAPPED || irq->irq.ack_seen;
	struct claim claim = {
		.kind = level ? "level-eoi" : "lapic-eoi", .object = level && feeder ? feeder->row.id : irq->row.id,
		.owner = owner_name(OWNER_KERNEL), .cause_event = m->event, .due = true,
		.owed = native ? TRUTH_TRUE : TRUTH_UNKNOWN,
	};

	if (!kernel_acts_on(irq))
		return;
	irq->irq.unacked++;
	duty_expected(m, &irq->irq.eoi);
	duty_follow_hot(m, &irq->irq.eoi, &claim);
}

void eoi_ack(struct model *m, struct object *irq)
{
	if (irq->irq.unacked > 1) {
		irq->irq.unacked--;
		return;
	}
	irq->irq.unacked = 0;
	duty_end(m, &irq->irq.eoi, ENDING_DISCHARGED, "acknowledged");
}
