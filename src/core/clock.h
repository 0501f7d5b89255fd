/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far apart two clocks are, proven by facts that both recorded.
 *
 * An anchor is a fact with what identifies it (what was done to what, with which value) and the bounds of its moment, in
 * its source's own clock. Two sources that recorded the same fact have anchors with the same key; where a key occurs
 * more than once, any of them may be the partner. So each anchor leaves a few intervals for the offset, and what lies in
 * all of them is proven, without ever counting which occurrence belongs to which.
 */
#ifndef IRQPATH_CORE_CLOCK_H
#define IRQPATH_CORE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"

struct tsc_facts;

/* Anchors of one source, in the order of time. */
struct anchors;

/* NULL when memory is short; free takes NULL. */
struct anchors *anchors_new(void);
void anchors_free(struct anchors *an);

/* Cycles of a counter as ns; what does not fit is the latest time. hz is not 0. */
static inline uint64_t clock_cycles_ns(uint64_t cycles, uint64_t hz)
{
	unsigned __int128 ns = (unsigned __int128)cycles * 1000000000 / hz;

	return ns > INT64_MAX ? INT64_MAX : (uint64_t)ns;
}

/* A time that counts cycles, NO_TIME and what lies before the counter's beginning unchanged. */
static inline int64_t clock_time_ns(int64_t cycles, uint64_t hz)
{
	return cycles > 0 && hz ? (int64_t)clock_cycles_ns((uint64_t)cycles, hz) : cycles;
}

/* No counter is slower than a megahertz or faster than a terahertz. */
static inline bool clock_hz_possible(uint64_t hz)
{
	return hz >= 1000000 && hz <= 1000000000000;
}

/* Times of the anchors, so far cycles, become ns. */
void anchors_rate(struct anchors *an, uint64_t hz);

/*
 * Takes an event, machines of its objects resolved; most are none. text is that of a mark, else NULL. Events of one
 * source, in order.
 */
void anchors_add(struct anchors *an, const struct event *ev, const char *text);

/* The vector that an irq of Xen had all the time, where no event tells it. */
void anchors_tell_vector(struct anchors *an, uint64_t xirq, unsigned vector);

/* What of them bears on counters that two sources read. Borrowed. */
struct tsc_facts *anchors_tsc(const struct anchors *an);

enum clock_method { CLOCK_UNKNOWN, CLOCK_CAUSALITY, CLOCK_MARKS, CLOCK_COUNTER, CLOCK_READINGS, CLOCK_ONE };

/*
 * time of b = base + (time of a - base) * rate + offset, with rate_lo <= rate <= rate_hi and, at base, lo_ns <= offset <=
 * hi_ns. Of one counter both rates are 1, and base says nothing.
 */
struct clock_relation {
	enum clock_method method;	/* marks: they, and causality; counter, readings: tsc.h; one: clock_relate_one() */
	int64_t base;			/* of a's clock */
	double rate_lo, rate_hi;
	int64_t lo_ns, hi_ns;
	int64_t at_ns;			/* the likeliest, of counter, readings and one */
	unsigned used, contradictions;	/* anchors of a that agree; that nothing of what was found explains */
};

enum clock_units {
	CLOCK_SAME_UNITS,	/* both count ns, and drift apart by less than a thousandth */
	CLOCK_OTHER_UNITS,	/* one counts cycles of a frequency that nobody knows */
	CLOCK_ONE_CLOCK,	/* both say that they read the same clock, or clocks that run as one: they do not drift apart */
};

/*
 * What the anchors of two sources prove. CLOCK_UNKNOWN where they are too few, where several offsets or rates fit, or where
 * they contradict one another too often, or from some moment on. False when memory is short.
 */
bool clock_relate(const struct anchors *a, const struct anchors *b, enum clock_units units, struct clock_relation *rel);

/*
 * The same of sources whose clocks are named a and b, where sources of one machine would have one time by them: only where what
 * both recorded agrees with that does it tell, as CLOCK_ONE, how one lies to the other, and how well. Else CLOCK_UNKNOWN.
 * False when memory is short.
 */
bool clock_relate_one(const struct anchors *a, const char *a_clock, const struct anchors *b, const char *b_clock,
		      struct clock_relation *rel);

/*
 * What the names of two clocks say alone, which nothing confirms: time of b = time of a + *offset_ns, by which the two recorded
 * at one time, if by any. Ranges: times of the first and last event. False: nothing.
 */
bool clock_claims(const char *a_clock, const int64_t a_range_ns[2], const char *b_clock, const int64_t b_range_ns[2], int64_t *offset_ns);

#endif
