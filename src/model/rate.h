/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many of something come in a window of time, exact to a tenth of it. */
#ifndef IRQPATH_MODEL_RATE_H
#define IRQPATH_MODEL_RATE_H

#include <stdint.h>

enum { RATE_SLOTS = 10 };

/* All zero: nothing came yet. */
struct rate {
	uint32_t slot[RATE_SLOTS];
	int64_t now;		/* number of the current slot */
	uint64_t sum;		/* of all slots */
};

/* One more at that time; how many there were in this slot and those before. Time that goes back counts as now. */
static inline uint64_t rate_count(struct rate *rate, int64_t t_ns, int64_t slot_ns)
{
	int64_t slot = t_ns / slot_ns, steps = slot - rate->now;

	for (int64_t i = 1; i <= steps && i <= RATE_SLOTS; i++) {
		uint32_t *old = &rate->slot[(uint64_t)(rate->now + i) % RATE_SLOTS];

		rate->sum -= *old;
		*old = 0;
	}
	if (steps > 0)
		rate->now = slot;
	rate->slot[(uint64_t)rate->now % RATE_SLOTS]++;
	return ++rate->sum;
}

#endif
