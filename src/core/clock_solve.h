/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offset and rate between two clocks, from facts that both recorded (core/clock.h): what is proven is what no fact contradicts,
 * and what one more wrong one could not change.
 */
#ifndef IRQPATH_CORE_CLOCK_SOLVE_H
#define IRQPATH_CORE_CLOCK_SOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"

enum { RESOLUTION_NS = 999 };	/* of logs that have microseconds */

/* A fact with the bounds of its moment. */
struct anchor {
	uint64_t key;
	int64_t lo_ns, hi_ns;
	bool kernel, mark;	/* recorded by software; not: by the platform */
	bool sent;		/* FACT_VECTOR_SENT, of which there may be very many */
	uint32_t before;	/* of the same task, that is open too: anchor + 1; 0: none */
};

/* An anchor of a, with its partners in b. */
struct pair {
	const struct anchor *anchor;
	uint32_t first, nr;	/* of b's, sorted by key and time */
	int64_t weight;		/* how much it leaves */
};

/* All that two sources have in common, what says most first. */
struct facts {
	struct anchor *partner;	/* owned: b's platform anchors by key, then time */
	uint32_t nr_partners;
	struct pair *pair;	/* owned */
	uint32_t nr_pairs;
	uint32_t nr_missing;	/* anchors of a that have no partner, of a kind that b records */
};

/*
 * CLOCK_UNKNOWN where the facts are too few, fit several offsets or rates, contradict one another too often, or from some
 * moment on: a clock that was set anew. False when memory is short.
 */
bool clock_solve(const struct facts *facts, enum clock_units units, struct clock_relation *out);

#endif
