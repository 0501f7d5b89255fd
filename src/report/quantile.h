/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Percentiles of durations in bounded memory: exact up to QUANTILE_EXACT values, then to one part in 128, as each power
 * of two is counted in 128 steps.
 */
#ifndef IRQPATH_REPORT_QUANTILE_H
#define IRQPATH_REPORT_QUANTILE_H

#include <stdbool.h>
#include <stdint.h>

enum { QUANTILE_EXACT = 1024, QUANTILE_STEPS = 128, QUANTILE_OCTAVES = 57 };

struct quantile {
	uint64_t nr;
	int64_t max;
	int64_t *exact;				/* owned */
	uint32_t exact_cap;
	uint32_t *octave[QUANTILE_OCTAVES];	/* owned; counts of QUANTILE_STEPS steps each, NULL: none yet */
};

/* All zero is an empty one. */
void quantile_fini(struct quantile *qt);

/* A negative value counts as 0. False when memory is short. */
bool quantile_add(struct quantile *qt, int64_t value);

/* The value of nearest rank, 0 < percent <= 100; of an empty one 0. Sorts what is held exactly. */
int64_t quantile_get(struct quantile *qt, unsigned percent);

#endif
