/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of MSI functions and messages: which inputs they are. */
#include "model/replay.h"

static void apply(struct model *m, struct object *msi, enum msi_message_input in)
{
	msi_input(m, msi, in);
	masks_update(m, msi);
}

static void apply_all(struct model *m, struct object *fn, enum msi_message_input in)
{
	for (struct object *msi = fn->fn.messages; msi; msi = msi->next)
		msi_input(m, msi, in);
}

/* ------------------------------------------------------------------------------------- which message it is */

/* Its messages were numbered from the wrong irq. */
static void forget_messages(struct model *m, struct object *fn)
{
	for (struct object *msi = fn->fn.messages; msi; msi = msi->next) {
		duty_end(m, &msi->unmask, ENDING_EXCUSED, "message numbered anew");
		if (msi->feeds)
			unlink_irq(m, msi->feeds);
		msi_input(m, msi, MSI_LOST);
	}
}

static void set_first_irq(struct model *m, struct object *fn, uint32_t irq)
{
	if (fn->fn.msi_irq_known && fn->fn.msi_irq != irq)
		forget_messages(m, fn);
	fn->fn.msi_irq = irq;
	fn->fn.msi_irq_known = true;
}

/*
 * All messages of a function have one descriptor, and records of it name message 0: the irq tells which one is meant.
 * Only the write of the message is always about the descriptor's first irq.
 */
static unsigned message_index(struct model *m, struct object *fn, unsigned recorded, uint32_t irq, bool first)
{
	if (recorded)
		return recorded;
	if (first || !fn->fn.msi_irq_known || irq < fn->fn.msi_irq || irq - fn->fn.msi_irq >= MSI_MAX_MESSAGES)
		set_first_irq(m, fn, irq);
	return irq - fn->fn.msi_irq;
}

static struct object *message_of(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_MSI), *irq = event_object(ev, OBJ_IRQ);
	bool first = ev->kind == EV_PCI_MSI_WRITE || ev->kind == EV_PCI_MSI_MASK;
	struct object_ref fn_ref, msi_ref;
	struct object *fn;
	unsigned index;

	if (!ref)
		return NULL;
	if (!irq)
		return model_object(m, ref);
	fn_ref = (struct object_ref){ .id = object_entry_pci(ref->id), .machine = ref->machine, .kind = OBJ_PCI };
	fn = model_object(m, &fn_ref);
	if (!fn)
		return NULL;
	msi_ref = *ref;
	index = message_index(m, fn, object_entry_index(ref->id), (uint32_t)irq->id, first);
	msi_ref.id = object_id_entry(fn_ref.id, index);
	return model_object(m, &msi_ref);
}

static void link_objects(struct model *m, const struct event *ev, struct object *msi)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *irq = ref ? model_object(m, ref) : NULL;

	if (irq)
		link_irq(m, irq, msi);
}

/* --------------------------------------------------------------------------------------------------- masks */

/*
 * An irq that may not park on vector 239, though it is not managed, has no mask bit (msi_check_reservation_mode()). The
 * copy of the mask register is only written where there is one.
 */
static void see_mask(struct model *m, struct object *msi, const struct event *ev)
{
	unsigned hw = msi_message_state(msi->msi.core, MSI_REGION_HW), index = object_entry_index(msi->row.ref.id);
	int64_t state, ctrl = 0;
	bool has;

	if (event_arg(ev, ARG_STATE, &state) && !(state & IRQD_AFFINITY_MANAGED)) {
		has = state & IRQD_CAN_RESERVE;
		if (has ? hw == MSIMASK_UNKNOWN || hw == MSIMASK_ABSENT : hw != MSIMASK_ABSENT)
			apply_all(m, msi->function, has ? MSI_HAS_MASK : MSI_NO_MASK);
	}
	hw = msi_message_state(msi->msi.core, MSI_REGION_HW);
	event_arg(ev, ARG_CTRL, &ctrl);
	if (index >= MSI_MAX_MESSAGES || !(ctrl >> index & 1))
		return;
	if (hw == MSIMASK_UNKNOWN || hw == MSIMASK_PRESENT)
		apply(m, msi, MSI_CACHED_MASKED);
}

static void on_kernel_mask(struct model *m, const struct event *ev)
{
	struct object *msi = message_of(m, ev);

	if (!msi)
		return;
	link_objects(m, ev, msi);
	if (ev->witness <= WITNESS_INTENT || !kernel_acts(msi))
		return;
	see_mask(m, msi, ev);
	apply(m, msi, ev->kind == EV_IRQ_MASK ? MSI_MASK : MSI_UNMASK);
}

static void see_register(struct model *m, struct object *fn)
{
	for (struct object *msi = fn->fn.messages; msi; msi = msi->next) {
		unsigned hw = msi_message_state(msi->msi.core, MSI_REGION_HW);

		if (hw == MSIMASK_UNKNOWN || hw == MSIMASK_ABSENT)
			msi_input(m, msi, MSI_HAS_MASK);
	}
}

/* One register has the bits of all messages. */
static void on_register(struct model *m, const struct event *ev)
{
	struct object *named = message_of(m, ev), *fn = named ? named->function : object_named(m, ev, OBJ_PCI);
	bool hardware = ev->witness == WITNESS_HARDWARE;
	int64_t value, mask = UINT32_MAX;

	if (!fn || ev->witness <= WITNESS_INTENT || !event_arg(ev, ARG_VALUE, &value))
		return;
	event_arg(ev, ARG_MASK, &mask);
	/* the call was seen to reach the register */
	see_register(m, fn);
	for (struct object *msi = fn->fn.messages; msi; msi = msi->next) {
		unsigned index = object_entry_index(msi->row.ref.id);

		if (index >= MSI_MAX_MESSAGES || !(mask >> index & 1) || (!hardware && !kernel_acts(msi)))
			continue;
		if (value >> index & 1)
			apply(m, msi, hardware ? MSI_HW_MASK : MSI_MASK);
		else
			apply(m, msi, hardware ? MSI_HW_UNMASK : MSI_UNMASK);
	}
}

/* ------------------------------------------------------------------------------------------------- messages */

/* What is written for message 0 is the message of all. False where the record does not tell. */
static bool message_written(const struct event *ev, enum msi_message_input *in)
{
	int64_t lo = 0, data;

	if (!event_arg(ev, ARG_DATA, &data))
		return false;
	event_arg(ev, ARG_ADDR_LO, &lo);
	*in = !lo && !data ? MSI_MESSAGE_ZERO : (data & 0xff) == PARKED_VECTOR ? MSI_MESSAGE_PARKED : MSI_MESSAGE_SET;
	return true;
}

static void on_write(struct model *m, const struct event *ev)
{
	struct object *msi = message_of(m, ev);
	bool hardware = ev->witness == WITNESS_HARDWARE;
	enum msi_message_input in;

	if (!msi)
		return;
	link_objects(m, ev, msi);
	if (ev->witness <= WITNESS_INTENT || !message_written(ev, &in))
		return;
	if (in != MSI_MESSAGE_ZERO)
		function_served(m, msi->function, "MSI message written");
	if (!hardware && (!kernel_acts(msi) || (in != MSI_MESSAGE_ZERO && !function_takes_message(m, msi->function))))
		return;
	apply_all(m, msi->function, in);
	function_message_written(m, msi);
	if (!hardware)
		see_mask(m, msi, ev);
}

static void on_notify(struct model *m, const struct event *ev)
{
	struct object *msi = message_of(m, ev);

	if (!msi)
		return;
	msi->raised++;
	if (msi->raise_ns == NO_TIME)
		msi->raise_ns = m->now_ns;
	msi_input(m, msi, MSI_RAISE);
	pending_notified(m, msi);
	duty_missed(m, &msi->unmask);
}

/* ------------------------------------------------------------------------------------------------- function */

static void set_enable(struct model *m, struct object *fn, bool on, bool hardware)
{
	if (hardware) {
		msi_function_input(m, fn, on ? MSIFN_WRITE_ON : MSIFN_WRITE_OFF);
		return;
	}
	msi_function_input(m, fn, on ? MSIFN_ENABLED : MSIFN_DISABLED);
	masks_update_function(m, fn);
	apply_all(m, fn, on ? MSI_MASK_ALL : MSI_UNMASK_ALL);
}

static void on_enable(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t enable = 1, ret;

	if (!fn)
		return;
	event_arg(ev, ARG_ENABLE, &enable);
	/* pci_disable_msi() does nothing only where there is nothing to do */
	if (ev->witness <= WITNESS_INTENT &&
	    (enable || msi_function_state(fn->fn.msi, MSIFN_REGION_ENABLE) != BIT_SET))
		return;
	/* refused is also who asks again for what is on */
	if (event_arg(ev, ARG_RET, &ret) && ret <= 0 && enable) {
		if (!function_is_used(fn))
			msi_function_input(m, fn, MSIFN_ENABLE_FAILED);
	} else {
		set_enable(m, fn, enable, ev->witness == WITNESS_HARDWARE);
	}
	function_released(m, fn);
	masks_update_function(m, fn);
	function_update(m, fn);
}

static void on_reset(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);

	if (!fn || ev->witness <= WITNESS_INTENT)
		return;
	msi_function_input(m, fn, MSIFN_RESET);
	apply_all(m, fn, MSI_RESET);
	masks_update_function(m, fn);
}

static void on_power(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t value;

	if (!fn || ev->witness <= WITNESS_INTENT || !event_arg(ev, ARG_VALUE, &value) || !value)
		return;
	msi_function_input(m, fn, MSIFN_LOW_POWER);
	apply_all(m, fn, MSI_LOW_POWER);
}

event_handler msi_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_IRQ_MASK] = on_kernel_mask,
		[EV_IRQ_UNMASK] = on_kernel_mask,
		[EV_PCI_MSI_MASK] = on_register,
		[EV_PCI_MSI_WRITE] = on_write,
		[EV_PCI_MSI_ENABLE] = on_enable,
		[EV_PCI_RESET] = on_reset,
		[EV_PCI_POWER] = on_power,
		[EV_DEVICE_NOTIFY] = on_notify,
	};

	return handlers[kind];
}
