/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of MSI-X functions and entries: which inputs they are. */
#include "model/owners.h"
#include "model/replay.h"

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
	entry_input(m, entry, in);
	masks_update(m, entry);
	seen_update(m, entry);
}

/* A message is written with the entry masked; the cached control is written behind it where that is not masked. */
static void see_cached_control(struct model *m, struct object *entry, const struct event *ev)
{
	int64_t ctrl;

	if (!event_arg(ev, ARG_CTRL, &ctrl))
		return;
	if (!(ctrl & 1))
		apply(m, entry, ENTRY_CACHED_UNMASKED);
	else if (msix_entry_state(entry->entry.core, ENTRY_REGION_HW) == BIT_UNKNOWN)
		apply(m, entry, ENTRY_CACHED_MASKED);
}

static void on_kernel_mask(struct model *m, const struct event *ev)
{
	struct object *entry = object_named(m, ev, OBJ_MSIX);

	if (entry)
		link_objects(m, ev, entry);
	if (!entry || ev->witness <= WITNESS_INTENT || !kernel_acts(entry))
		return;
	apply(m, entry, ev->kind == EV_IRQ_MASK ? ENTRY_MASK : ENTRY_UNMASK);
}

static void on_table_mask(struct model *m, const struct event *ev)
{
	struct object *entry = object_named(m, ev, OBJ_MSIX);
	int64_t masked;

	if (entry && event_arg(ev, ARG_MASKED, &masked) && ev->witness == WITNESS_HARDWARE)
		apply(m, entry, masked ? ENTRY_HW_MASK : ENTRY_HW_UNMASK);
}

/* False where the record does not tell. */
static bool message_written(const struct event *ev, enum msix_entry_input *in)
{
	int64_t lo = 0, hi = 0, data;

	if (!event_arg(ev, ARG_DATA, &data))
		return false;
	event_arg(ev, ARG_ADDR_LO, &lo);
	event_arg(ev, ARG_ADDR_HI, &hi);
	if (!lo && !hi && !data)
		*in = ENTRY_MESSAGE_ZERO;
	else
		*in = (data & 0xff) == PARKED_VECTOR ? ENTRY_MESSAGE_PARKED : ENTRY_MESSAGE_SET;
	return true;
}

static void on_entry_write(struct model *m, const struct event *ev)
{
	struct object *entry = object_named(m, ev, OBJ_MSIX);
	enum msix_entry_input in;
	bool stale;

	if (!entry)
		return;
	link_objects(m, ev, entry);
	if (!message_written(ev, &in))
		return;
	if (in != ENTRY_MESSAGE_ZERO)
		function_served(m, entry->function, "MSI-X message written");
	if (ev->witness == WITNESS_HARDWARE) {
		entry_input(m, entry, in);
		platform_message(m, entry);
		return;
	}
	if (in != ENTRY_MESSAGE_ZERO && !function_takes_message(m, entry->function))
		return;
	entry_input(m, entry, in);
	if (!kernel_acts(entry))
		return;
	stale = entry->stale;
	function_message_written(m, entry);
	if (stale && !entry->stale)
		apply(m, entry, ENTRY_RESTORED);
	see_cached_control(m, entry, ev);
}

static void on_pending(struct model *m, const struct event *ev)
{
	struct object *entry = object_named(m, ev, OBJ_MSIX);
	int64_t value;

	if (!entry || !event_arg(ev, ARG_VALUE, &value))
		return;
	entry_input(m, entry, value ? ENTRY_PENDING_SET : ENTRY_PENDING_CLEAR);
	/* a notification that was not recorded itself */
	if (value && !entry->entry.pending.duty.row.missed)
		pending_notified(m, entry);
}

static void on_notify(struct model *m, const struct event *ev)
{
	struct object *entry = object_named(m, ev, OBJ_MSIX);

	if (!entry)
		return;
	entry->raised++;
	if (entry->raise_ns == NO_TIME)
		entry->raise_ns = m->now_ns;
	entry_input(m, entry, ENTRY_RAISE);
	pending_notified(m, entry);
	duty_missed(m, &entry->unmask);
	seen_notify(m, entry);
}

/* What leaves the device proves that nothing held it back. */
static void on_send(struct model *m, const struct event *ev)
{
	struct object *entry = object_named(m, ev, OBJ_MSIX);

	if (!entry)
		return;
	masks_sent(m, entry);
	seen_send(m, entry);
}

static void enable_returned(struct model *m, struct object *fn, int64_t ret)
{
	if (ret <= 0) {
		/* refused is also who asks again for what is on */
		if (!function_is_used(fn))
			function_input(m, fn, FN_ENABLE_FAILED);
		return;
	}
	function_input(m, fn, FN_ENABLED);
	for (struct object *entry = fn->fn.entries; entry; entry = entry->next)
		if (kernel_acts(entry))
			entry_input(m, entry, ENTRY_MASK_ALL);
}

static void on_enable(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t enable = 1, ret, fmask = 0;

	if (!fn)
		return;
	event_arg(ev, ARG_ENABLE, &enable);
	event_arg(ev, ARG_MASKED, &fmask);
	/* pci_disable_msix() does nothing only where there is nothing to do */
	if (ev->witness <= WITNESS_INTENT &&
	    (enable || msix_function_state(fn->fn.core, FN_REGION_ENABLE) != BIT_SET))
		return;
	if (event_arg(ev, ARG_RET, &ret) && enable)
		enable_returned(m, fn, ret);
	else if (ev->witness == WITNESS_HARDWARE)
		function_input(m, fn, !enable ? FN_WRITE_OFF : fmask ? FN_WRITE_MASKED : FN_WRITE_ON);
	else
		function_input(m, fn, enable ? FN_ENABLED : FN_DISABLED);
	function_released(m, fn);
	masks_update_function(m, fn);
	seen_update_function(m, fn);
	function_update(m, fn);
}

static void on_reset(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);

	if (!fn || ev->witness <= WITNESS_INTENT)
		return;
	function_input(m, fn, FN_RESET);
	for (struct object *entry = fn->fn.entries; entry; entry = entry->next)
		entry_input(m, entry, ENTRY_RESET);
	masks_update_function(m, fn);
	seen_update_function(m, fn);
}

static void on_power(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t value;

	if (!fn || ev->witness <= WITNESS_INTENT || !event_arg(ev, ARG_VALUE, &value) || !value)
		return;
	function_input(m, fn, FN_LOW_POWER);
	for (struct object *entry = fn->fn.entries; entry; entry = entry->next)
		entry_input(m, entry, ENTRY_LOW_POWER);
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
		[EV_PCI_POWER] = on_power,
		[EV_DEVICE_NOTIFY] = on_notify,
		[EV_PCI_MSI_SEND] = on_send,
	};

	return handlers[kind];
}
