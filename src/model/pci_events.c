/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of PCI functions and their INTx pins: which inputs they are. */
#include "model/replay.h"

enum { EPROBE_DEFERRED = 517 };	/* the driver will be asked again */

/* ----------------------------------------------------------------------------------------- command register */

/* The pin's own view of INTx disable. */
static void sync_intx(struct model *m, const struct object *fn)
{
	static const enum intx_input inputs[] = {
		[BIT_UNKNOWN] = INTX_FORGET, [BIT_CLEAR] = INTX_ALLOW, [BIT_SET] = INTX_FORBID,
	};
	unsigned state = pci_state(fn->fn.pci, PCI_REGION_INTX);

	if (fn->fn.intx && intx_state(fn->fn.intx->intx.core, INTX_REGION_DISABLE) != state)
		intx_input(m, fn->fn.intx, inputs[state]);
}

static void set_master(struct model *m, struct object *fn, bool on)
{
	if (!on && pci_state(fn->fn.pci, PCI_REGION_MASTER) != BIT_CLEAR)
		fn->fn.sent_while_off = 0;
	if (pci_input(m, fn, on ? PCI_MASTER_ON : PCI_MASTER_OFF) && on)
		function_released(m, fn);
}

static void on_command(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t value, mask = 0xffff;

	if (!fn || ev->witness <= WITNESS_INTENT || !event_arg(ev, ARG_VALUE, &value))
		return;
	event_arg(ev, ARG_MASK, &mask);
	fn->fn.command_seen = true;
	if (mask & COMMAND_MEMORY)
		pci_input(m, fn, value & COMMAND_MEMORY ? PCI_MEMORY_ON : PCI_MEMORY_OFF);
	if (mask & COMMAND_MASTER)
		set_master(m, fn, value & COMMAND_MASTER);
	if (mask & COMMAND_INTX_DISABLE)
		pci_input(m, fn, value & COMMAND_INTX_DISABLE ? PCI_INTX_OFF : PCI_INTX_ON);
	sync_intx(m, fn);
	seen_update_function(m, fn);
	function_update(m, fn);
}

/* pci_intx() writes only where the bit differs: behind the call it is as asked either way. */
static void on_intx_control(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t enable;

	if (!fn || !event_arg(ev, ARG_ENABLE, &enable))
		return;
	pci_input(m, fn, enable ? PCI_INTX_ON : PCI_INTX_OFF);
	sync_intx(m, fn);
}

static void on_intx_line(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_INTX);
	struct object *intx = ref ? model_object(m, ref) : NULL;
	int64_t level;

	if (!intx || !event_arg(ev, ARG_LEVEL, &level))
		return;
	sync_intx(m, intx->function);
	intx_input(m, intx, level ? INTX_ASSERT : INTX_DEASSERT);
}

/* ------------------------------------------------------------------------------------------ reset and power */

static void on_reset(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);

	if (!fn || ev->witness <= WITNESS_INTENT)
		return;
	function_spoil(m, fn, "reset");
	pci_input(m, fn, PCI_RESET);
	if (fn->fn.intx)
		intx_input(m, fn->fn.intx, INTX_RESET);
	function_update(m, fn);
}

/* Asked for is enough here: taken for done, it can only make a rule silent. */
static void on_restore(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);

	if (!fn)
		return;
	pci_input(m, fn, PCI_RESTORED);
	sync_intx(m, fn);
	function_written_back(m, fn);
	function_update(m, fn);
}

static void on_power(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t value;

	if (!fn || ev->witness <= WITNESS_INTENT || !event_arg(ev, ARG_VALUE, &value))
		return;
	if (value)
		function_spoil(m, fn, "left D0");
	pci_input(m, fn, value ? PCI_LOW_POWER : PCI_D0);
	sync_intx(m, fn);
	function_update(m, fn);
}

static void on_assign(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	int64_t name = 0;

	if (!fn || ev->witness <= WITNESS_INTENT)
		return;
	event_arg(ev, ARG_NAME, &name);
	if (name) {
		fn->row.name_source = ev->source;
		fn->row.handler = (str_id)name;
	}
	pci_input(m, fn, name ? PCI_BOUND : PCI_UNBOUND);
	function_update(m, fn);
}

/* ------------------------------------------------------------------------------------------ refusals */

/* The return of an enable call, or the register write of one. */
static void on_enable(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI);
	const char *how = ev->kind == EV_PCI_MSIX_ENABLE ? "MSI-X enabled" : "MSI enabled";
	int64_t enable = 0, ret;

	if (!fn || ev->witness <= WITNESS_INTENT)
		return;
	event_arg(ev, ARG_ENABLE, &enable);
	if (!event_arg(ev, ARG_RET, &ret))
		ret = enable;
	if (ret < 0)
		function_refused(m, fn, ev->pid);
	else if (ret > 0)
		function_served(m, fn, how);
}

static const struct object_ref *irq_ref(const struct event *ev)
{
	return event_object(ev, OBJ_IRQ);
}

static struct object *function_of_irq(const struct object *irq)
{
	return irq->irq.feeder ? irq->irq.feeder->function : NULL;
}

/* The i-th function that was refused an interrupt lately and has got none since; NULL: not that one. */
static struct object *refused_function(struct model *m, unsigned i, uint16_t machine)
{
	struct object *fn = registry_get(m->objects, m->refused[i]);

	return fn && fn->row.ref.kind == OBJ_PCI && fn->row.ref.machine == machine ? fn : NULL;
}

static void on_irq_setup(struct model *m, const struct event *ev)
{
	struct object *irq = irq_ref(ev) ? model_object(m, irq_ref(ev)) : NULL;
	struct object *own = irq ? function_of_irq(irq) : NULL;

	if (own && own->fn.refused) {
		own->fn.fallback_irq = irq->row.id;
		function_served(m, own, "irq asked for");
	}
	for (unsigned i = 0; irq && !own && i < MAX_REFUSED; i++) {
		struct object *fn = refused_function(m, i, irq->row.ref.machine);

		if (!fn || !fn->fn.refused)
			continue;
		if (ev->pid >= 0 && ev->pid == fn->fn.refused_pid) {
			fn->fn.fallback_irq = irq->row.id;
			function_served(m, fn, "line asked for by the same task");
		} else {
			duty_expected(m, &fn->fn.enable);
		}
	}
}

static void refuse_irq(struct model *m, struct object *fn, int32_t pid)
{
	function_refused(m, fn, pid);
	duty_missed(m, &fn->fn.enable);
}

static void on_irq_setup_result(struct model *m, const struct event *ev)
{
	struct object *irq = irq_ref(ev) ? model_object(m, irq_ref(ev)) : NULL;
	int64_t ret = 0;

	event_arg(ev, ARG_RET, &ret);
	if (!irq || ret >= 0)
		return;
	if (function_of_irq(irq)) {
		refuse_irq(m, function_of_irq(irq), ev->pid);
		return;
	}
	for (unsigned i = 0; i < MAX_REFUSED; i++) {
		struct object *fn = refused_function(m, i, irq->row.ref.machine);

		if (fn && fn->fn.fallback_irq == irq->row.id && fn->fn.refused_pid == ev->pid)
			refuse_irq(m, fn, ev->pid);
	}
}

/* Something wanted an interrupt of the function and did not get it. */
static void miss(struct model *m, struct object *fn)
{
	duty_missed(m, &fn->fn.enable);
	duty_missed(m, &fn->fn.master);
	duty_missed(m, &fn->fn.restore);
}

static void on_notify(struct model *m, const struct event *ev)
{
	for (int i = 0; i < ev->nr_objects; i++) {
		struct object_ref ref = ev->object[i];
		struct object *fn;

		ref.id = ref.kind == OBJ_PCI ? ref.id : object_entry_pci(ref.id);
		ref.kind = OBJ_PCI;
		fn = registry_find(m->objects, ref);
		if (fn)
			miss(m, fn);
	}
}

/* The driver says that it cannot do without, or waits in vain. */
static void on_harm(struct model *m, const struct event *ev)
{
	struct object *fn = object_named(m, ev, OBJ_PCI), *irq;
	int64_t ret = -1;

	event_arg(ev, ARG_RET, &ret);
	if (ret >= 0 || ret == -EPROBE_DEFERRED)
		return;
	if (!fn && irq_ref(ev)) {
		irq = model_object(m, irq_ref(ev));
		fn = irq ? function_of_irq(irq) : NULL;
	}
	if (fn)
		miss(m, fn);
}

event_handler pci_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_PCI_COMMAND] = on_command,
		[EV_PCI_INTX_CONTROL] = on_intx_control,
		[EV_PCI_INTX_LINE] = on_intx_line,
		[EV_PCI_RESET] = on_reset,
		[EV_PCI_RESTORE] = on_restore,
		[EV_PCI_POWER] = on_power,
		[EV_PCI_ASSIGN] = on_assign,
		[EV_PCI_MSIX_ENABLE] = on_enable,
		[EV_PCI_MSI_ENABLE] = on_enable,
		[EV_IRQ_SETUP] = on_irq_setup,
		[EV_IRQ_SETUP_RESULT] = on_irq_setup_result,
		[EV_DEVICE_NOTIFY] = on_notify,
		[EV_DRIVER_CALL] = on_harm,
		[EV_HARM_TIMEOUT] = on_harm,
		[EV_HARM_WATCHDOG] = on_harm,
	};

	return handlers[kind];
}
