/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of Xen's scheduler: which vCPU runs where, and since when one is blocked (xen/common/sched/core.c,
 * vcpu_runstate_change()). Only changes of the runstate count: what is asked for (BLOCK, SLEEP, WAKE) is followed by one, where it
 * does anything.
 */
#include <string.h>

#include "model/replay.h"

/* What waits for its device model is blocked, whatever Xen calls it. */
static enum vcpu_input why_it_stops(const struct model *m, const struct event *ev, bool *asks)
{
	static const struct {
		const char *reason;
		enum vcpu_input in;
		bool asks;
	} known[] = {
		{ "runnable", VCPU_PREEMPTED, false }, { "blocked", VCPU_BLOCKS, false }, { "offline", VCPU_OFFLINE, false },
		{ "device model", VCPU_BLOCKS, true },
	};
	const char *reason;
	int64_t id;

	*asks = false;
	if (!event_arg(ev, ARG_REASON, &id))
		return VCPU_LOST;
	reason = m->opt->string(m->opt->string_ctx, ev->source, (str_id)id);
	for (size_t i = 0; reason && i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(reason, known[i].reason)) {
			*asks = known[i].asks;
			return known[i].in;
		}
	return VCPU_LOST;
}

static struct object *vcpu_of(struct model *m, const struct event *ev)
{
	return ev->witness == WITNESS_INTENT ? NULL : object_named(m, ev, OBJ_VCPU);
}

/* Who may run waits for nobody. */
static void answered(struct model *m, struct object *vcpu)
{
	if (vcpu_state(vcpu->vcpu.core, VCPU_REGION_WAITS) != VCPU_WAITS_NOT)
		vcpu_input(m, vcpu, VCPU_ANSWERED);
}

static void on_runs(struct model *m, const struct event *ev)
{
	const struct object_ref *cpu = event_object(ev, OBJ_CPU);
	struct object *vcpu = vcpu_of(m, ev);

	if (!vcpu)
		return;
	vcpu_input(m, vcpu, VCPU_RUNS);
	answered(m, vcpu);
	vcpu->vcpu.cpu = cpu ? (int32_t)cpu->id : -1;
}

static void on_stops(struct model *m, const struct event *ev)
{
	struct object *vcpu = vcpu_of(m, ev);
	bool asks;

	if (!vcpu)
		return;
	vcpu_input(m, vcpu, why_it_stops(m, ev, &asks));
	if (asks && vcpu_state(vcpu->vcpu.core, VCPU_REGION_WAITS) != VCPU_WAITS_MODEL)
		vcpu_input(m, vcpu, VCPU_ASKS_MODEL);
}

static void on_wakes(struct model *m, const struct event *ev)
{
	struct object *vcpu = vcpu_of(m, ev);

	if (!vcpu)
		return;
	vcpu_input(m, vcpu, VCPU_WAKES);
	answered(m, vcpu);
}

event_handler vcpu_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_SCHED_VCPU_RUNS] = on_runs,
		[EV_SCHED_VCPU_STOPS] = on_stops,
		[EV_SCHED_VCPU_WAKES] = on_wakes,
	};

	return handlers[kind];
}
