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

/* How a source's ns become those of the reference clock. Zeroed memory: they are. */
struct time_map {
	int64_t offset_ns;	/* reference time - source time, at base */
	int64_t base_ns;	/* of the source's clock; where rate is 0 the offset holds everywhere */
	int64_t rate;		/* reference ns in 2^40 ns of the source, at most 2^62; 0: as many as these */
};

enum { TIME_RATE_SHIFT = 40 };

/* Later times never become earlier ones; the fraction of a ns is cut. */
static inline int64_t time_map(int64_t t_ns, const struct time_map *map)
{
	__int128 scaled;

	if (!map->rate)
		return time_add(t_ns, map->offset_ns);
	scaled = ((__int128)t_ns - map->base_ns) * map->rate;
	scaled = (scaled >> TIME_RATE_SHIFT) + map->base_ns + map->offset_ns;
	if (scaled > INT64_MAX || scaled < INT64_MIN)
		return scaled > 0 ? INT64_MAX : INT64_MIN;
	return (int64_t)scaled;
}

/* The first moment of a source's own clock that is not before t_ns on the reference clock. */
static inline int64_t time_own(int64_t t_ns, uint64_t hz, const struct time_map *map)
{
	__int128 own = (__int128)t_ns - map->offset_ns;

	if (map->rate) {
		own = (own - map->base_ns) * ((__int128)1 << TIME_RATE_SHIFT);
		own = own / map->rate + (own > 0 && own % map->rate) + map->base_ns;
	}
	if (hz && own > 0)
		own = own <= INT64_MAX ? (own * hz + 999999999) / 1000000000 : INT64_MAX;
	return own > INT64_MAX ? INT64_MAX : own < INT64_MIN ? INT64_MIN : (int64_t)own;
}

/* Times of an event to the reference clock; hz 0: they are ns. */
static inline void time_correct(struct event *ev, uint64_t hz, const struct time_map *map)
{
	ev->t_lo_ns = time_map(clock_time_ns(ev->t_lo_ns, hz), map);
	ev->t_hi_ns = time_map(clock_time_ns(ev->t_hi_ns, hz), map);
}

#endif
