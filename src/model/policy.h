/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a path's interrupts under each of its policies: can they be blocked for ever, for how long, and who storms. */
#ifndef IRQPATH_MODEL_POLICY_H
#define IRQPATH_MODEL_POLICY_H

#include "model/check.h"

/* For how long the first unit's interrupt can be kept waiting by the others. */
enum policy_stall { STALL_NONE, STALL_TIMER, STALL_GUEST, STALL_BOTH, STALL_FOR_EVER, NR_STALLS };

struct policy_result {
	bool failed;			/* bound reached, or out of memory */
	bool deadlock, storm;
	unsigned deadlock_steps, storm_steps;	/* of the shortest ways there */
	enum policy_stall stall;
	uint64_t states;
};

const char *policy_stall_name(enum policy_stall stall);

/* Explores the part under that policy, as often as there are questions. scratch is the caller's, and large. */
void policy_measure(const struct path_part *part, const struct path_policy *policy, uint64_t max_states, struct policy_result *result,
		    struct check_result *scratch);

#endif
