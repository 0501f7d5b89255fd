/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which duties objects have, by kind: what ends a record, a gap in it, or a machine ends them all. What is held back
 * (pending.c) is counted, too, and not among them.
 */
#include <stddef.h>

#include "model/replay.h"

/* Where a duty is, and what excuses one that is not owed when the record ends. */
static const struct place {
	enum object_kind kind;		/* OBJ_NONE: of all */
	bool of_vector;			/* in the irq's vector, where it has one */
	size_t offset;
	const char *excuse;
} places[] = {
#define OF(object_kind, field, text) { .kind = object_kind, .offset = offsetof(struct object, field), .excuse = (text) }
#define OF_VECTOR(field, text) { .kind = OBJ_IRQ, .of_vector = true, .offset = offsetof(struct vector_object, field), .excuse = (text) }
	OF(OBJ_NONE, unmask, "irq disabled"),
	OF(OBJ_PCI, fn.restore, "in low power"),
	OF(OBJ_PCI, fn.master, "not in use"),
	OF(OBJ_PCI, fn.enable, ""),
	OF(OBJ_PCI, fn.message, ""),
	OF(OBJ_PIN, pin.irr, ""),
	OF(OBJ_PIN, pin.eoi, ""),
	OF(OBJ_PIN, pin.handed_on, ""),
	OF(OBJ_MSIX, entry.message, ""),
	OF(OBJ_IRTE, irte.update, ""),
	OF(OBJ_VFIO, vfio.line, ""),
	OF(OBJ_KROUTE, kroute.update, "pin masked"),
	OF(OBJ_IRQ, irq.eoi, ""),
	OF(OBJ_IRQ, irq.oneshot, "irq disabled"),
	OF_VECTOR(cleanup, "no interrupt on the new CPU"),
	OF_VECTOR(message, "irq disabled"),
	OF_VECTOR(affinity, "irq disabled"),
	OF_VECTOR(assign, "has a vector"),
	OF_VECTOR(resend, "irq disabled"),
	OF(OBJ_PIRQ, pirq.bind, ""),
	OF(OBJ_PIRQ, pirq.eoi, ""),
	OF(OBJ_PIRQ, pirq.unmask, ""),
	OF(OBJ_PORT, port.unmask, "irq disabled"),
	OF(OBJ_XIRQ, xirq.stale, ""),
	OF(OBJ_XIRQ, xirq.cleanup, ""),
	OF(OBJ_PEOI, peoi.wait, ""),
	OF(OBJ_GSI, gsi.registered, ""),
#undef OF_VECTOR
#undef OF
};

void owed_each(struct model *m, struct object *obj, owed_fn fn, int64_t t_ns)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct place *place = &places[i];
		char *base = (char *)obj;

		if (place->kind != OBJ_NONE && place->kind != obj->row.ref.kind)
			continue;
		if (place->of_vector)
			base = (char *)obj->irq.alloc;
		if (base)
			fn(m, (struct duty *)(base + place->offset), place->excuse, t_ns);
	}
}
