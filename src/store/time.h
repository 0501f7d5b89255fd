/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_STORE_TIME_H
#define IRQPATH_STORE_TIME_H

#include <stdint.h>

/* Source time to reference time. Stops at the ends of the range: the order of times survives a hostile offset. */
static inline int64_t time_add(int64_t t_ns, int64_t offset_ns)
{
	int64_t sum;

	if (!__builtin_add_overflow(t_ns, offset_ns, &sum))
		return sum;
	return offset_ns > 0 ? INT64_MAX : INT64_MIN;
}

#endif
