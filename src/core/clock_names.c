/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clocks that are one by their names. Linux reads each of its trace clocks from the timekeeping that its user space reads:
 * tai is CLOCK_TAI (kernel/trace/trace.c, trace_clocks[]), that is CLOCK_REALTIME and as many seconds as the kernel was told that
 * TAI is ahead: 0 until somebody does, 37 since 2017. QEMU's log has CLOCK_REALTIME, its simple backend CLOCK_MONOTONIC. boot is
 * mono where the machine was never suspended.
 *
 * A name says nothing of the machine: a guest has clocks of the same names. So nothing is taken for granted.
 */
#include "core/clock.h"

#include <string.h>

#define S INT64_C(1000000000)

/* Time of one = time of the other + one of the offsets. */
static const struct pair_of_names {
	const char *one, *other;
	int64_t offset_ns[2];
	unsigned nr;
} pairs_of_names[] = {
	{ "tai", "realtime", { 0, 37 * S }, 2 },
	{ "tai", "tai", { 0 }, 1 },
	{ "realtime", "realtime", { 0 }, 1 },
	{ "mono", "mono", { 0 }, 1 },
	{ "boot", "boot", { 0 }, 1 },
	{ "boot", "mono", { 0 }, 1 },
};

/* The row of two clocks; *turned: a is the other one. NULL: none. */
static const struct pair_of_names *find_names(const char *a, const char *b, bool *turned)
{
	for (unsigned i = 0; a && b && i < sizeof(pairs_of_names) / sizeof(pairs_of_names[0]); i++) {
		const struct pair_of_names *names = &pairs_of_names[i];

		*turned = !strcmp(a, names->other) && !strcmp(b, names->one);
		if (*turned || (!strcmp(a, names->one) && !strcmp(b, names->other)))
			return names;
	}
	return NULL;
}

/* Time of b = time of a + this. */
static int64_t offset_of(const struct pair_of_names *names, unsigned i, bool turned)
{
	return turned ? names->offset_ns[i] : -names->offset_ns[i];
}

bool clock_relate_one(const struct anchors *a, const char *a_clock, const struct anchors *b, const char *b_clock,
		      struct clock_relation *rel)
{
	bool turned;
	const struct pair_of_names *names = find_names(a_clock, b_clock, &turned);

	*rel = (struct clock_relation){ .method = CLOCK_UNKNOWN };
	if (!names)
		return true;
	if (!clock_relate(a, b, CLOCK_ONE_CLOCK, rel))
		return false;
	for (unsigned i = 0; rel->method != CLOCK_UNKNOWN && i < names->nr; i++) {
		rel->at_ns = offset_of(names, i, turned);
		if (rel->lo_ns > rel->at_ns || rel->at_ns > rel->hi_ns)
			continue;
		rel->method = CLOCK_ONE;
		return true;
	}
	*rel = (struct clock_relation){ .method = CLOCK_UNKNOWN };
	return true;
}

/* Both ends of the range moved by so much; false where that is no time. */
static bool overlap(const int64_t a_range_ns[2], const int64_t b_range_ns[2], int64_t offset_ns)
{
	int64_t first_ns, last_ns;

	if (__builtin_add_overflow(a_range_ns[0], offset_ns, &first_ns) || __builtin_add_overflow(a_range_ns[1], offset_ns, &last_ns))
		return false;
	return first_ns <= b_range_ns[1] && b_range_ns[0] <= last_ns;
}

bool clock_claims(const char *a_clock, const int64_t a_range_ns[2], const char *b_clock, const int64_t b_range_ns[2], int64_t *offset_ns)
{
	bool turned;
	const struct pair_of_names *names = find_names(a_clock, b_clock, &turned);

	for (unsigned i = 0; names && i < names->nr; i++) {
		*offset_ns = offset_of(names, i, turned);
		if (overlap(a_range_ns, b_range_ns, *offset_ns))
			return true;
	}
	return false;
}
