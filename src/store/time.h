/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_STORE_TIME_H
#define IRQPATH_STORE_TIME_H

#include <stdint.h>

#include "core/clock.h"
#include "core/event.h"

/* Source time to reference time. Stops at the ends of the range: the order of times survives a hostile offset. */
static inline int64_t time_add(int64_t t_ns, int64_t offset_ns)
{
	int64_t sum;

	if (!__builtin_add_overflow(t_ns, offset_ns, &sum))
		return sum;
	return offset_ns > 0 ? INT64_MAX : INT64_MIN;
}

/* Times of an event to the reference clock; hz 0: they are ns. */
static inline void time_correct(struct event *ev, uint64_t hz, int64_t offset_ns)
{
	ev->t_lo_ns = time_add(clock_time_ns(ev->t_lo_ns, hz), offset_ns);
	ev->t_hi_ns = time_add(clock_time_ns(ev->t_hi_ns, hz), offset_ns);
}

#endif
