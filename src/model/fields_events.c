/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages and redirection entries as they are written: their fields. */
#include "model/replay.h"

static enum fields_input delivery_input(int64_t word)
{
	static const enum fields_input modes[8] = {
		FIELDS_FIXED, FIELDS_LOWEST, FIELDS_OTHER, FIELDS_OTHER, FIELDS_NMI, FIELDS_OTHER, FIELDS_OTHER, FIELDS_EXTINT,
	};

	return modes[word >> 8 & 7];
}

static void see_message(struct model *m, struct object *obj, int64_t address, int64_t data)
{
	enum { IS_LOGICAL = 1 << 2, HINT = 1 << 3, REMAPPABLE = 1 << 4, LEVEL = 1 << 15 };

	/* only writes to the local APICs' range are interrupts */
	if ((address >> 20 & 0xfff) != 0xfee) {
		fields_input(m, obj, FIELDS_CLEARED);
		return;
	}
	if (address & REMAPPABLE) {
		fields_input(m, obj, FIELDS_REMAPPED);
		return;
	}
	fields_input(m, obj, FIELDS_COMPATIBLE);
	fields_input(m, obj, address & IS_LOGICAL ? FIELDS_LOGICAL : FIELDS_PHYSICAL);
	fields_input(m, obj, address & HINT ? FIELDS_HAS_HINT : FIELDS_NO_HINT);
	fields_input(m, obj, delivery_input(data));
	fields_input(m, obj, data & LEVEL ? FIELDS_LEVEL : FIELDS_EDGE);
}

static void see_entry(struct model *m, struct object *obj, int64_t rte)
{
	enum { IS_LOGICAL = 1 << 11, IS_LOW = 1 << 13, REMAPPABLE_SHIFT = 48 };

	fields_input(m, obj, rte & RTE_LEVEL ? FIELDS_LEVEL : FIELDS_EDGE);
	fields_input(m, obj, rte & IS_LOW ? FIELDS_ACTIVE_LOW : FIELDS_ACTIVE_HIGH);
	if (rte >> REMAPPABLE_SHIFT & 1) {
		fields_input(m, obj, FIELDS_REMAPPED);
		return;
	}
	fields_input(m, obj, FIELDS_COMPATIBLE);
	fields_input(m, obj, rte & IS_LOGICAL ? FIELDS_LOGICAL : FIELDS_PHYSICAL);
	fields_input(m, obj, delivery_input(rte));
}

/* Only what the register holds, or the kernel's copy of it where the kernel's writes reach it. */
static struct object *written(struct model *m, const struct event *ev, enum object_kind kind)
{
	const struct object_ref *ref = event_object(ev, kind);
	struct object *obj = ref && ev->witness > WITNESS_INTENT ? model_object(m, ref) : NULL;

	return obj && (ev->witness == WITNESS_HARDWARE || kernel_acts(obj)) ? obj : NULL;
}

static void on_message(struct model *m, const struct event *ev)
{
	struct object *obj = written(m, ev, ev->kind == EV_PCI_MSI_WRITE ? OBJ_MSI : OBJ_MSIX);
	int64_t address, data;

	if (obj && event_arg(ev, ARG_ADDR_LO, &address) && event_arg(ev, ARG_DATA, &data))
		see_message(m, obj, address, data);
}

static void on_rte_write(struct model *m, const struct event *ev)
{
	struct object *pin = written(m, ev, OBJ_PIN);
	int64_t rte, known = -1;

	event_arg(ev, ARG_MASK, &known);
	if (pin && known == -1 && event_arg(ev, ARG_RTE, &rte))
		see_entry(m, pin, rte);
}

event_handler fields_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_PCI_MSIX_ENTRY_WRITE] = on_message,
		[EV_PCI_MSI_WRITE] = on_message,
		[EV_IOAPIC_RTE_WRITE] = on_rte_write,
	};

	return handlers[kind];
}
