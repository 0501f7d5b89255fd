/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of MSI-X functions and entries: which inputs they are. */
#include "model/owners.h"
#include "model/replay.h"

static struct object *entry_of(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_MSIX);

	return ref ? model_object(m, ref) : NULL;
}

/* The irq that a record names together with an entry is the one that the entry feeds. */
static void link_objects(struct model *m, const struct event *ev, struct object *entry)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *irq = ref ? model_object(m, ref) : NULL;

	if (irq)
		link_irq(m, irq, entry);
}

static void apply(struct model *m, struct object *entry, enum msix_entry_input in)
{
	if (!entry->unmask.open)
		entry->entry.sent_while_masked = 0;
	entry_input(m, entry, in);
	masks_update(m, entry);
}

/* Do the kernel's calls on this entry reach the table? Where nothing tells, its path is unknown and nothing is owed yet. */
static bool kernel_acts(const struct object *entry)
{
	const struct object *irq = entry->feeds;

	if (irq && irq->irq.chip == CHIP_XEN)
		return false;
	return entry->row.path == PATH_UNKNOWN || owner_role(entry->row.path, OWNER_KERNEL) == ROLE_AUTHORITATIVE;
}

/* The cache is written with the table; only "masked" is certain (see msix.c). */
static void see_cached_control(struct model *m, struct object *entry, const struct event *ev)
{
	int64_t ctrl;

	if (event_arg(ev, ARG_CTRL, &ctrl) && ctrl & 1 && msix_entry_state(entry->entry.core, ENTRY_REGION_HW) == BIT_UNKNOWN)
		apply(m, entry, ENTRY_CACHED_MASKED);
}

static void on_kernel_mask(struct model *m, const struct event *ev)
{
	struct object *entry = entry_of(m, ev);

	if (entry)
		link_objects(m, ev, entry);
	if (!entry || ev->witness <= WITNESS_INTENT || !kernel_acts(entry))
		return;
	apply(m, entry, ev->kind == EV_IRQ_MASK ? ENTRY_MASK : ENTRY_UNMASK);
}

static void on_table_mask(struct model *m, const struct event *ev)
{
	struct object *entry = entry_of(m, ev);
	int64_t masked;

	if (entry && event_arg(ev, ARG_MASKED, &masked) && ev->witness == WITNESS_HARDWARE)
		apply(m, entry, masked ? ENTRY_HW_MASK : ENTRY_HW_UNMASK);
}

static enum msix_entry_input message_input(const struct event *ev)
{
	int64_t lo = 0, hi = 0, data = 0;

	event_arg(ev, ARG_ADDR_LO, &lo);
	event_arg(ev, ARG_ADDR_HI, &hi);
	event_arg(ev, ARG_DATA, &data);
	if (!lo && !hi && !data)
		return ENTRY_MESSAGE_ZERO;
	return (data & 0xff) == PARKED_VECTOR ? ENTRY_MESSAGE_PARKED : ENTRY_MESSAGE_SET;
}

static void on_entry_write(struct model *m, const struct event *ev)
{
	struct object *entry = entry_of(m, ev);

	if (!entry)
		return;
	link_objects(m, ev, entry);
	entry_input(m, entry, message_input(ev));
	if (ev->witness == WITNESS_HARDWARE || !kernel_acts(entry))
		return;
	if (entry->entry.reset) {
		entry->entry.reset = false;
		apply(m, entry, ENTRY_RESTORED);
	}
	see_cached_control(m, entry, ev);
}

static void on_pending(struct model *m, const struct event *ev)
{
	struct object *entry = entry_of(m, ev);
	int64_t value;

	if (entry && event_arg(ev, ARG_VALUE, &value))
		entry_input(m, entry, value ? ENTRY_PENDING_SET : ENTRY_PENDING_CLEAR);
}

static void on_notify(struct model *m, const struct event *ev)
{
	struct object *entry = entry_of(m, ev);

	if (!entry)
		return;
	entry->entry.raised++;
	if (entry->entry.raise_ns == NO_TIME)
		entry->entry.raise_ns = m->now_ns;
	entry_input(m, entry, ENTRY_RAISE);
	duty_missed(m, &entry->unmask);
}

static struct object *function_of(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_PCI);

	return ref ? model_object(m, ref) : NULL;
}

static void enable_returned(struct model *m, struct object *fn, int64_t ret)
{
	if (ret <= 0) {
		function_input(m, fn, FN_ENABLE_FAILED);
	} else {
		function_input(m, fn, FN_ENABLED);
		for (struct object *entry = fn->fn.entries; entry; entry = entry->entry.next)
			entry_input(m, entry, ENTRY_MASK_ALL);
	}
}

static void on_enable(struct model *m, const struct event *ev)
{
	struct object *fn = function_of(m, ev);
	int64_t enable = 1, ret, fmask = 0;

	if (!fn || ev->witness <= WITNESS_INTENT)
		return;
	event_arg(ev, ARG_ENABLE, &enable);
	event_arg(ev, ARG_MASKED, &fmask);
	if (event_arg(ev, ARG_RET, &ret) && enable)
		enable_returned(m, fn, ret);
	else if (ev->witness == WITNESS_HARDWARE)
		function_input(m, fn, !enable ? FN_WRITE_OFF : fmask ? FN_WRITE_MASKED : FN_WRITE_ON);
	else
		function_input(m, fn, enable ? FN_ENABLED : FN_DISABLED);
	masks_update_function(m, fn);
}

static void on_reset(struct model *m, const struct event *ev)
{
	struct object *fn = function_of(m, ev);

	if (!fn || ev->witness <= WITNESS_INTENT)
		return;
	function_input(m, fn, FN_RESET);
	fn->fn.bus_master = BIT_CLEAR;
	for (struct object *entry = fn->fn.entries; entry; entry = entry->entry.next) {
		entry_input(m, entry, ENTRY_RESET);
		entry->entry.reset = true;
	}
	masks_update_function(m, fn);
}

static void on_command(struct model *m, const struct event *ev)
{
	enum { BUS_MASTER = 1 << 2 };
	struct object *fn = function_of(m, ev);
	int64_t value, mask = BUS_MASTER;

	if (!fn || ev->witness <= WITNESS_INTENT || !event_arg(ev, ARG_VALUE, &value))
		return;
	event_arg(ev, ARG_MASK, &mask);
	if (mask & BUS_MASTER)
		fn->fn.bus_master = value & BUS_MASTER ? BIT_SET : BIT_CLEAR;
}

event_handler msix_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_IRQ_MASK] = on_kernel_mask,
		[EV_IRQ_UNMASK] = on_kernel_mask,
		[EV_PCI_MSIX_ENTRY_MASK] = on_table_mask,
		[EV_PCI_MSIX_ENTRY_WRITE] = on_entry_write,
		[EV_PCI_MSIX_PENDING] = on_pending,
		[EV_PCI_MSIX_ENABLE] = on_enable,
		[EV_PCI_RESET] = on_reset,
		[EV_PCI_COMMAND] = on_command,
		[EV_DEVICE_NOTIFY] = on_notify,
	};

	return handlers[kind];
}
