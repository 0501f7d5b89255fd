/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/quantile.h"

#include <stdlib.h>

void quantile_fini(struct quantile *qt)
{
	free(qt->exact);
	for (unsigned i = 0; i < QUANTILE_OCTAVES; i++)
		free(qt->octave[i]);
}

/* Octave 0 holds 0..127 one by one, octave n the values with n + 7 bits in steps of 2^(n - 1). */
static unsigned octave_of(int64_t value)
{
	return value < QUANTILE_STEPS ? 0 : 63 - __builtin_clzll(value) - 6;
}

static unsigned step_of(int64_t value, unsigned octave)
{
	return octave ? (value >> (octave - 1)) - QUANTILE_STEPS : value;
}

/* The largest value that is counted there. */
static int64_t value_at(unsigned octave, unsigned step)
{
	return octave ? (int64_t)((((uint64_t)QUANTILE_STEPS + step + 1) << (octave - 1)) - 1) : step;
}

static bool count(struct quantile *qt, int64_t value)
{
	unsigned octave = octave_of(value);

	if (!qt->octave[octave])
		qt->octave[octave] = calloc(QUANTILE_STEPS, sizeof(uint32_t));
	if (!qt->octave[octave])
		return false;
	qt->octave[octave][step_of(value, octave)]++;
	return true;
}

static bool keep(struct quantile *qt, int64_t value)
{
	if (qt->nr == qt->exact_cap) {
		uint32_t cap = qt->exact_cap ? qt->exact_cap * 2 : 16;
		int64_t *exact = realloc(qt->exact, cap * sizeof(*exact));

		if (!exact)
			return false;
		qt->exact = exact;
		qt->exact_cap = cap;
	}
	qt->exact[qt->nr] = value;
	return true;
}

/* What was kept one by one so far. */
static bool count_kept(struct quantile *qt)
{
	for (uint64_t i = 0; i < qt->nr; i++)
		if (!count(qt, qt->exact[i]))
			return false;
	free(qt->exact);
	qt->exact = NULL;
	return true;
}

bool quantile_add(struct quantile *qt, int64_t value)
{
	bool good;

	value = value < 0 ? 0 : value;
	if (qt->nr < QUANTILE_EXACT)
		good = keep(qt, value);
	else
		good = (qt->nr > QUANTILE_EXACT || count_kept(qt)) && count(qt, value);
	qt->nr += good;
	qt->max = value > qt->max ? value : qt->max;
	return good;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t counted(const struct quantile *qt, uint64_t rank)
{
	uint64_t seen = 0;

	for (unsigned octave = 0; octave < QUANTILE_OCTAVES; octave++) {
		for (unsigned step = 0; qt->octave[octave] && step < QUANTILE_STEPS; step++) {
			seen += qt->octave[octave][step];
			if (seen >= rank)
				return value_at(octave, step) < qt->max ? value_at(octave, step) : qt->max;
		}
	}
	return qt->max;
}

int64_t quantile_get(struct quantile *qt, unsigned percent)
{
	uint64_t rank = (qt->nr * percent + 99) / 100;

	if (!qt->nr)
		return 0;
	if (!qt->exact)
		return counted(qt, rank);
	qsort(qt->exact, qt->nr, sizeof(*qt->exact), by_value);
	return qt->exact[rank - 1];
}
