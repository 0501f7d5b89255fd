/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * There is no clock in the bounded check. How long somebody waits is told by whose help is needed for the end of it: found
 * by asking for a delivery although timers, or guests, do nothing any more.
 */
#include "model/policy.h"

const char *policy_stall_name(enum policy_stall stall)
{
	static const char *const names[NR_STALLS] = {
		[STALL_NONE] = "none", [STALL_TIMER] = "1 ms, each time", [STALL_GUEST] = "while a guest takes its time",
		[STALL_BOTH] = "while a guest takes its time, or 1 ms", [STALL_FOR_EVER] = "for ever",
	};

	return names[stall];
}

/* True where it is violated. */
static bool ask(const struct check_options *opt, const char *invariant, uint8_t without, struct policy_result *result,
		struct check_result *scratch)
{
	struct check_options asked = *opt;

	asked.invariant = invariant;
	asked.without = without;
	asked.waiting = without ? 1 : 0;
	check_run(&asked, scratch);
	result->failed |= scratch->outcome == CHECK_BOUND || scratch->outcome == CHECK_FAILED;
	return scratch->outcome == CHECK_VIOLATED;
}

static enum policy_stall find_stall(const struct check_options *opt, struct policy_result *result, struct check_result *scratch)
{
	bool guest, timer;

	if (result->deadlock)
		return STALL_FOR_EVER;
	if (!ask(opt, "deliverable", HELP_GUEST | HELP_TIMER, result, scratch))
		return STALL_NONE;
	timer = !ask(opt, "deliverable", HELP_GUEST, result, scratch);
	guest = !timer && !ask(opt, "deliverable", HELP_TIMER, result, scratch);
	return timer ? STALL_TIMER : guest ? STALL_GUEST : STALL_BOTH;
}

void policy_measure(const struct path_part *part, const struct path_policy *policy, uint64_t max_states, struct policy_result *result,
		    struct check_result *scratch)
{
	struct check_options opt = {
		.part = part, .quirks = quirks_normal(), .units = part->policy_units, .cpus = 1, .max_states = max_states,
	};

	*result = (struct policy_result){ 0 };
	for (unsigned i = 0; policy->set[i].quirk; i++)
		quirk_set(&opt.quirks, policy->set[i].quirk, policy->set[i].on);
	result->deadlock = ask(&opt, "deliverable", 0, result, scratch);
	result->deadlock_steps = scratch->nr_steps;
	result->states = scratch->states;
	result->stall = find_stall(&opt, result, scratch);
	result->storm = ask(&opt, "storm", 0, result, scratch);
	result->storm_steps = scratch->nr_steps;
}
