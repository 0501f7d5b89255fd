/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which entry of an MSI-X table an irq of Xen has, where the platform below Xen shows the table and Xen its vectors: Xen writes
 * the message of an irq behind giving it a vector, and nobody else writes messages. So the entry that is given a message with
 * that vector since, and before another irq has it, is the irq's. Only of vectors that one irq has at a time: a vector is
 * a CPU's own, and who listens to a message's destination is not looked at. The two records come from two sources, which
 * may be out of order by as much as their clocks may be off.
 *
 * A GSI has the irq of its number, and the first IO-APIC's pins are the first GSIs; those of ISA may be wired otherwise.
 *
 * Interrupt remapping would put an index where the vector is; then nothing relates the two clocks, and the platform is not
 * known to be Xen's.
 */
#include <stdlib.h>

#include "model/replay.h"

enum { NR_VECTORS = 256, FIRST_VECTOR = 16, NR_ISA = 16, NR_PINS = 24 };

static struct vector_holders *holders_of(struct model *m, uint16_t machine_id, int32_t vector)
{
	struct machine_state *machine = machine_id == MACHINE_XEN ? model_machine(m, machine_id) : NULL;

	if (!machine || vector < FIRST_VECTOR || vector >= NR_VECTORS)
		return NULL;
	if (!machine->holders)
		machine->holders = calloc(NR_VECTORS, sizeof(*machine->holders));
	m->failed |= !machine->holders;
	return machine->holders ? &machine->holders[vector] : NULL;
}

/* Written since the irq has the vector, or as much before as the clocks may be off. */
static void try_join(struct model *m, struct vector_holders *holders, bool entry_first)
{
	struct object *xirq = registry_get(m->objects, holders->xirq), *entry = registry_get(m->objects, holders->entry);
	int64_t since_ns;

	if (holders->nr_xirqs != 1 || !xirq || !entry || xirq->row.ref.kind != OBJ_XIRQ || entry->row.ref.kind != OBJ_MSIX)
		return;
	if (entry_first && (__builtin_sub_overflow(m->now_ns, entry->entry.written_ns, &since_ns) || since_ns > m->opt->clock_slack_ns))
		return;
	link_xen(m, entry, xirq, PROOF_INFERRED);
}

static void join_pin(struct model *m, struct object *pin, struct object *xirq)
{
	if (pin && xirq && xirq_state(xirq->xirq.core, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED)
		link_xen(m, pin, xirq, PROOF_INFERRED);
}

void platform_line(struct model *m, struct object *pin)
{
	struct object_ref same = { .kind = OBJ_XIRQ, .machine = MACHINE_XEN, .id = object_pair_low(pin->row.ref.id) };

	if (pin->row.ref.machine == MACHINE_XEN && !object_pair_high(pin->row.ref.id) && same.id >= NR_ISA && same.id < NR_PINS)
		join_pin(m, pin, registry_find(m->objects, same));
}

/* Its line may have been seen before. */
static void join_gsi(struct model *m, struct object *xirq)
{
	struct object_ref pin = { .kind = OBJ_PIN, .machine = MACHINE_XEN, .id = object_id_pair(0, xirq->row.ref.id) };

	if (xirq->row.ref.machine == MACHINE_XEN && xirq->row.ref.id >= NR_ISA && xirq->row.ref.id < NR_PINS)
		join_pin(m, registry_find(m->objects, pin), xirq);
}

void platform_assigned(struct model *m, struct object *xirq, int32_t before)
{
	struct vector_holders *old = holders_of(m, xirq->row.ref.machine, before);
	struct vector_holders *holders = holders_of(m, xirq->row.ref.machine, xirq->xirq.vector);

	if (old && old->nr_xirqs)
		old->nr_xirqs--;
	join_gsi(m, xirq);
	if (!holders)
		return;
	holders->nr_xirqs++;
	holders->xirq = xirq->row.id;
	try_join(m, holders, true);
}

void platform_message(struct model *m, struct object *entry)
{
	struct vector_holders *holders;
	int64_t data;

	if (!event_arg(m->ev, ARG_DATA, &data))
		return;
	entry->entry.written_ns = m->now_ns;
	holders = holders_of(m, entry->row.ref.machine, (int32_t)(data & 0xff));
	if (!holders)
		return;
	holders->entry = entry->row.id;
	try_join(m, holders, false);
}

static enum truth irq_waits(const struct object *irq)
{
	return irq ? truth_and(irq_is_started(irq), irq_is_enabled(irq)) : TRUTH_UNKNOWN;
}

enum truth platform_waits(const struct object *entry)
{
	const struct object *xirq = entry->entry.xirq;
	enum truth waits = TRUTH_FALSE;

	if (!xirq || (!xirq->xirq.irq && !xirq->xirq.pirqs))
		return TRUTH_UNKNOWN;
	if (xirq->xirq.irq)
		waits = irq_waits(xirq->xirq.irq);
	for (const struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next) {
		enum truth one = irq_waits(pirq->pirq.irq ? pirq->pirq.irq : pirq->pirq.port ? pirq->pirq.port->port.irq : NULL);

		waits = one > waits ? one : waits;
	}
	return waits;
}
