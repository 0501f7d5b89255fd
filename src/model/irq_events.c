/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of Linux irqs: which inputs they are. */
#include <string.h>

#include "model/replay.h"

static void apply(struct model *m, struct object *irq, enum irq_input in)
{
	if (!irq_input(m, irq, in))
		return;
	masks_update_irq(m, irq);
	oneshot_update(m, irq);
}

/* Applies an input where the region does not hold what it would bring about: state words repeat themselves. */
static void see(struct model *m, struct object *irq, enum irq_region region, unsigned state, enum irq_input in)
{
	if (irq_state(irq->irq.core, region) != state)
		apply(m, irq, in);
}

static void see_disabled(struct model *m, struct object *irq)
{
	unsigned depth = irq_state(irq->irq.core, IRQ_REGION_DEPTH);

	if (depth == DEPTH_UNKNOWN || depth == DEPTH_0)
		apply(m, irq, IRQ_SEE_DISABLED);
}

/* IRQS_* word as it was when the function began. */
static void see_istate(struct model *m, struct object *irq, const struct event *ev)
{
	int64_t istate;

	if (!event_arg(ev, ARG_ISTATE, &istate))
		return;
	if (istate & IRQS_PENDING)
		see(m, irq, IRQ_REGION_PENDING, BIT_SET, IRQ_SEE_PENDING);
	else
		see(m, irq, IRQ_REGION_PENDING, BIT_CLEAR, IRQ_SEE_NOT_PENDING);
	if (istate & IRQS_REPLAY)
		see(m, irq, IRQ_REGION_REPLAY, BIT_SET, IRQ_SEE_REPLAY);
	else
		see(m, irq, IRQ_REGION_REPLAY, BIT_CLEAR, IRQ_SEE_NOT_REPLAY);
	if (istate & IRQS_SUSPENDED)
		see(m, irq, IRQ_REGION_SUSPEND, BIT_SET, IRQ_SEE_SUSPENDED);
}

/* IRQD_* word as it was when the function began. */
static void see_state(struct model *m, struct object *irq, const struct event *ev)
{
	int64_t state;

	flags_see(m, irq, ev);
	see_istate(m, irq, ev);
	if (!event_arg(ev, ARG_STATE, &state))
		return;
	if (state & IRQD_IRQ_STARTED)
		see(m, irq, IRQ_REGION_LIFE, LIFE_STARTED, IRQ_SEE_STARTED);
	if (state & IRQD_IRQ_DISABLED)
		see_disabled(m, irq);
	else
		see(m, irq, IRQ_REGION_DEPTH, DEPTH_0, IRQ_SEE_ENABLED);
	if (state & IRQD_IRQ_MASKED)
		see(m, irq, IRQ_REGION_MASKED, BIT_SET, IRQ_SEE_MASKED);
	else
		see(m, irq, IRQ_REGION_MASKED, BIT_CLEAR, IRQ_SEE_UNMASKED);
	if (state & IRQD_MANAGED_SHUTDOWN)
		see(m, irq, IRQ_REGION_OFFLINE, BIT_SET, IRQ_SEE_OFFLINE);
	else
		see(m, irq, IRQ_REGION_OFFLINE, BIT_CLEAR, IRQ_SEE_NOT_OFFLINE);
	if (state & IRQD_WAKEUP_ARMED)
		see(m, irq, IRQ_REGION_WAKEUP, BIT_SET, IRQ_SEE_ARMED);
	else if (irq_state(irq->irq.core, IRQ_REGION_WAKEUP) == BIT_SET)
		apply(m, irq, IRQ_SEE_NOT_ARMED);
	vector_see_state(m, irq, state);
}

static void see_depth(struct model *m, struct object *irq, int64_t depth)
{
	static const enum irq_input inputs[] = { IRQ_DEPTH_0, IRQ_DEPTH_1, IRQ_DEPTH_2, IRQ_DEPTH_MANY };
	static const unsigned states[] = { DEPTH_0, DEPTH_1, DEPTH_2, DEPTH_MANY };
	unsigned i = depth < 0 ? 0 : depth > 3 ? 3 : depth;

	see(m, irq, IRQ_REGION_DEPTH, states[i], inputs[i]);
}

static bool via_is(const struct model *m, const struct event *ev, const char *name)
{
	return !strcmp(m->opt->string(m->opt->string_ctx, ev->source, ev->via), name);
}

/* A chip that only native vector-domain irqs have, or one of Xen's. */
static void learn_chip(struct model *m, struct object *irq, const struct event *ev)
{
	const char *chip;
	int64_t id;

	if (!event_arg(ev, ARG_CHIP, &id))
		return;
	chip = m->opt->string(m->opt->string_ctx, ev->source, (str_id)id);
	if (!strncmp(chip, "xen-", 4)) {
		irq->irq.chip = CHIP_XEN;
		irq->irq.is_pirq |= !strcmp(chip, "xen-pirq");
		if (irq->irq.is_pirq || irq->row.ref.machine == MACHINE_DOM0)
			learn_path(m, irq, pirq_path(m, irq->row.ref.machine));
	} else if (!strncmp(chip, "VMD", 3)) {
		irq->irq.chip = CHIP_VMD;
		learn_path(m, irq, PATH_BAREMETAL);
	} else if (strstr(chip, "PCI-MSI") || strstr(chip, "IO-APIC")) {
		irq->irq.chip = strncmp(chip, "IR-", 3) ? CHIP_NATIVE : CHIP_REMAPPED;
		learn_path(m, irq, PATH_BAREMETAL);
	}
}

/* A name that could not be read when it was recorded is empty. */
static void name_irq(struct model *m, struct object *irq, const struct event *ev, bool replace)
{
	int64_t id;

	if (event_arg(ev, ARG_NAME, &id) && id && (replace || !irq->row.name) &&
	    *m->opt->string(m->opt->string_ctx, ev->source, (str_id)id)) {
		irq->row.name_source = ev->source;
		irq->row.name = id;
	}
	if (event_arg(ev, ARG_HANDLER, &id) && id) {
		irq->row.name_source = ev->source;
		irq->row.handler = id;
	}
}

static void on_setup(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t flags;
	unsigned life;

	if (!irq)
		return;
	life = irq_state(irq->irq.core, IRQ_REGION_LIFE);
	if (event_arg(ev, ARG_FLAGS, &flags)) {
		irq->irq.unshared = !(flags & IRQF_SHARED);
		/* an irq's first action decides */
		if (flags & IRQF_NO_AUTOEN && (life == LIFE_ALLOCATED || life == LIFE_SHUTDOWN))
			apply(m, irq, IRQ_NOAUTOEN);
	}
	/* a new owner of an irq that has none */
	name_irq(m, irq, ev, life == LIFE_ALLOCATED || life == LIFE_SHUTDOWN);
}

static void on_startup(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t state = 0;

	if (!irq)
		return;
	learn_chip(m, irq, ev);
	event_arg(ev, ARG_STATE, &state);
	apply(m, irq, state & IRQD_AFFINITY_MANAGED ? IRQ_STARTUP_MANAGED : IRQ_STARTUP);
	if (irq->irq.feeder)
		duty_expected(m, &irq->irq.feeder->unmask);
}

static void on_shutdown(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t state;

	if (!irq)
		return;
	learn_chip(m, irq, ev);
	if (event_arg(ev, ARG_STATE, &state) && state & IRQD_MANAGED_SHUTDOWN)
		see(m, irq, IRQ_REGION_OFFLINE, BIT_SET, IRQ_SEE_OFFLINE);
	apply(m, irq, IRQ_SHUTDOWN);
}

static void on_setup_result(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t ret;

	if (irq && event_arg(ev, ARG_RET, &ret) && !ret)
		irq_input(m, irq, IRQ_ACTION_ADDED);
}

static void on_free(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (irq)
		apply(m, irq, IRQ_FREE);
}

/* Depth behind a call of the core: irq_enable() and irq_disable() run when it has changed, __enable_irq() before. */
static bool depth_after(const struct model *m, const struct event *ev, int change, int64_t *depth)
{
	bool before = via_is(m, ev, "__enable_irq") || via_is(m, ev, "__disable_irq");

	if (!event_arg(ev, ARG_DEPTH, depth))
		return false;
	if (before)
		*depth += change;
	return *depth >= 0;
}

static void on_enable(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t depth;

	if (!irq)
		return;
	if (ev->witness <= WITNESS_INTENT)
		apply(m, irq, IRQ_ENABLE_ASKED);
	else if (depth_after(m, ev, -1, &depth) && depth > 0)
		see_depth(m, irq, depth);
	else
		apply(m, irq, IRQ_ENABLE);
	if (irq->irq.feeder && irq_state(irq->irq.core, IRQ_REGION_DEPTH) == DEPTH_0)
		duty_expected(m, &irq->irq.feeder->unmask);
}

static void on_disable(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t depth;

	if (!irq)
		return;
	see_istate(m, irq, ev);
	if (ev->witness <= WITNESS_INTENT)
		apply(m, irq, IRQ_DISABLE_ASKED);
	else if (depth_after(m, ev, 1, &depth) && depth > 0)
		see_depth(m, irq, depth);
	else
		apply(m, irq, IRQ_DISABLE);
}

/* The handler runs elsewhere as long as the word that it was entered with says so. */
static enum irq_input flow_input(int64_t state)
{
	if (!(state & IRQD_IRQ_INPROGRESS))
		return IRQ_FLOW;
	return state & IRQD_LEVEL ? IRQ_FLOW_IGNORED : IRQ_FLOW_BUSY;
}

static void on_flow(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t depth, state = 0;

	if (!irq)
		return;
	see_state(m, irq, ev);
	if (event_arg(ev, ARG_DEPTH, &depth))
		see_depth(m, irq, depth);
	event_arg(ev, ARG_STATE, &state);
	irq_input(m, irq, flow_input(state));
	journey_flow(m, irq);
	eoi_flow(m, irq, state & IRQD_LEVEL);
	resend_update(m, irq);
}

static void on_ack(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq)
		return;
	learn_vector(m, irq);
	journey_ack(m, irq);
	eoi_ack(m, irq);
	vector_ack(m, irq);
}

static void on_enter(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq)
		return;
	name_irq(m, irq, ev, false);
	apply(m, irq, IRQ_ENTER);
	irte_handled(m, irq);
	join_entered(m, irq);
	resend_update(m, irq);
	journey_enter(m, irq);
}

static void on_exit(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t ret = 1;

	if (!irq)
		return;
	irq->irq.woken_maybe = !event_arg(ev, ARG_RET, &ret);
	irq_input(m, irq, ret == 2 ? IRQ_EXIT_WAKE : ret ? IRQ_EXIT_HANDLED : IRQ_EXIT_NONE);
	journey_exit(m, irq);
	duty_expected(m, &irq->irq.eoi);
	if (ret == 2 || irq->irq.woken_maybe) {
		oneshot_update(m, irq);
		masks_update_irq(m, irq);
	}
}

static void on_move(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq)
		return;
	see_state(m, irq, ev);
}

/*
 * check_irq_resend() takes back that the irq is pending and has its chip send it again. Moves and dying CPUs have the
 * chip send again what was on its way to the old vector: that is another interrupt. Where no check was recorded, an
 * irq that is disabled or has an old vector is taken for one that is moved.
 */
static bool is_resend(struct model *m, const struct object *irq)
{
	struct machine_state *machine = model_machine(m, irq->row.ref.machine);
	unsigned cleanup = irq->irq.alloc ? vector_state(irq->irq.alloc->core, VECTOR_REGION_CLEANUP) : CLEANUP_UNKNOWN;

	if (irq->irq.resend_asked)
		return true;
	if (machine && machine->resend_checked)
		return false;
	return irq_is_enabled(irq) != TRUTH_FALSE && cleanup != CLEANUP_PENDING && cleanup != CLEANUP_QUEUED;
}

static void resend_is_checked(struct model *m, struct object *irq)
{
	struct machine_state *machine = model_machine(m, irq->row.ref.machine);

	if (machine)
		machine->resend_checked = true;
	irq->irq.resend_asked = irq_state(irq->irq.core, IRQ_REGION_PENDING) != BIT_CLEAR;
	/* its chip has no recorded function */
	if (irq->irq.chip == CHIP_XEN && irq->irq.resend_asked)
		irq_input(m, irq, IRQ_RESEND);
}

static void on_resend(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq)
		return;
	irq->irq.resent = true;
	if (ev->witness <= WITNESS_INTENT) {
		resend_is_checked(m, irq);
	} else if (is_resend(m, irq)) {
		irq->irq.resend_asked = false;
		irq_input(m, irq, IRQ_RESEND);
	}
	resend_update(m, irq);
}

static void on_spurious(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (irq)
		apply(m, irq, IRQ_REPORTED);
}

/* try_one_irq() runs the actions in place, and looks only at lines that are shared. */
static void on_poll(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq || irq->irq.unshared)
		return;
	irq->irq.poll_ns = m->now_ns;
	irq->irq.poll_cpu = ev->cpu;
}

static void on_thread_done(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq)
		return;
	irq->irq.woken_maybe = false;
	irq_input(m, irq, IRQ_THREAD_DONE);
	oneshot_update(m, irq);
	masks_update_irq(m, irq);
}

static void on_pirq(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq)
		return;
	learn_pirq(m, irq);
	/* irq_startup(): where the chip has an operation for it, nothing else unmasks */
	if (ev->kind == EV_XEN_PIRQ_BIND)
		see(m, irq, IRQ_REGION_MASKED, BIT_CLEAR, IRQ_SEE_UNMASKED);
}

/* Operations of chips whose irqs are event channels: the core notes the mask, whatever else keeps the channel so. */
static void on_port_mask(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (!irq)
		return;
	irq->irq.chip = CHIP_XEN;
	if (ev->kind == EV_XEN_EVTCHN_MASK)
		see(m, irq, IRQ_REGION_MASKED, BIT_SET, IRQ_SEE_MASKED);
	else
		see(m, irq, IRQ_REGION_MASKED, BIT_CLEAR, IRQ_SEE_UNMASKED);
}

/* The mask bit of the irq's chip, where it is no MSI-X entry's: the core's own view is all that changes. */
static void on_mask(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	bool mask = ev->kind == EV_IRQ_MASK;

	if (!irq)
		return;
	see_state(m, irq, ev);
	if (ev->witness <= WITNESS_INTENT)
		apply(m, irq, mask ? IRQ_CORE_MASK : IRQ_CORE_UNMASK);
	else
		apply(m, irq, mask ? IRQ_MASK : IRQ_UNMASK);
}

event_handler irq_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_IRQ_SETUP] = on_setup,
		[EV_IRQ_STARTUP] = on_startup,
		[EV_IRQ_SHUTDOWN] = on_shutdown,
		[EV_IRQ_FREE] = on_free,
		[EV_IRQ_SETUP_RESULT] = on_setup_result,
		[EV_IRQ_ENABLE] = on_enable,
		[EV_IRQ_DISABLE] = on_disable,
		[EV_IRQ_MASK] = on_mask,
		[EV_IRQ_UNMASK] = on_mask,
		[EV_IRQ_FLOW] = on_flow,
		[EV_IRQ_ACK] = on_ack,
		[EV_IRQ_ENTER] = on_enter,
		[EV_IRQ_EXIT] = on_exit,
		[EV_IRQ_MOVE] = on_move,
		[EV_IRQ_RESEND] = on_resend,
		[EV_IRQ_SPURIOUS] = on_spurious,
		[EV_IRQ_POLL] = on_poll,
		[EV_IRQ_THREAD_DONE] = on_thread_done,
		[EV_XEN_PIRQ_BIND] = on_pirq,
		[EV_XEN_PIRQ_CLOSE] = on_pirq,
		[EV_XEN_PIRQ_EOI] = on_pirq,
		[EV_XEN_EVTCHN_MASK] = on_port_mask,
		[EV_XEN_EVTCHN_UNMASK] = on_port_mask,
	};

	return handlers[kind];
}
