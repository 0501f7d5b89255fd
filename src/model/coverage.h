/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cells of the components' tables a replay exercised. */
#ifndef IRQPATH_MODEL_COVERAGE_H
#define IRQPATH_MODEL_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/component.h"

enum { COVERAGE_MAX_COMPONENTS = 64 };

struct coverage {
	/* bit: input, by the component's place in component_table */
	uint64_t cell[COVERAGE_MAX_COMPONENTS][COMPONENT_MAX_REGIONS][COMPONENT_MAX_STATES];
};

/* The input met this core: in every region that listens, the cell of its state. */
void coverage_note(struct coverage *cov, const struct component *type, uint32_t before, unsigned input);

/* Whether that cell was met. */
bool coverage_met(const struct coverage *cov, const struct component *type, unsigned region, unsigned state,
		  unsigned input);

/* A cell that the table allows: there is something to exercise. */
bool coverage_counts(const struct component *type, unsigned region, unsigned state, unsigned input);

#endif
