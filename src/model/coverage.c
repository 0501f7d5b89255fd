/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/coverage.h"

/* COVERAGE_MAX_COMPONENTS where there is none. */
static unsigned place_of(const struct component *type)
{
	unsigned i = 0;

	while (i < COVERAGE_MAX_COMPONENTS && component_table[i] && component_table[i] != type)
		i++;
	return i < COVERAGE_MAX_COMPONENTS && component_table[i] ? i : COVERAGE_MAX_COMPONENTS;
}

void coverage_note(struct coverage *cov, const struct component *type, uint32_t before, unsigned input)
{
	unsigned place = place_of(type);

	if (place == COVERAGE_MAX_COMPONENTS)
		return;
	for (unsigned i = 0; i < type->nr_regions; i++)
		if (type->regions[i].listens >> input & 1)
			cov->cell[place][i][core_get(before, &type->regions[i])] |= UINT64_C(1) << input;
}

bool coverage_met(const struct coverage *cov, const struct component *type, unsigned region, unsigned state,
		  unsigned input)
{
	unsigned place = place_of(type);

	return place < COVERAGE_MAX_COMPONENTS && cov->cell[place][region][state] >> input & 1;
}

bool coverage_counts(const struct component *type, unsigned region, unsigned state, unsigned input)
{
	const struct region *rg = &type->regions[region];

	return state != STATE_ILLEGAL && rg->listens >> input & 1 &&
	       rg->cells[state * type->nr_inputs + input].next != STATE_ILLEGAL;
}
