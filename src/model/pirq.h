/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_PIRQ_H
#define IRQPATH_MODEL_PIRQ_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define PIRQ_REGIONS(X) \
	X(MAP, 2)	/* leads to an irq */ \
	X(BOUND, 2)	/* has an event channel */ \
	X(OWED, 2)	/* given to the guest, whose EOI is owed */

#define PIRQ_INPUTS(X) \
	X(MAPPED, "mapped") \
	X(MAP_FAILED, "mapping refused") \
	X(UNMAPPED, "unmapped") \
	X(BIND, "bound to an event channel") \
	X(CLOSE, "event channel closed") \
	X(GIVEN, "given to the guest") \
	X(EOI, "guest's EOI") \
	X(TIMER, "Xen acknowledged for it") \
	X(LOST, "records lost")

enum pirq_input {
#define X(sym, name) PIRQ_##sym,
	PIRQ_INPUTS(X)
#undef X
	NR_PIRQ_INPUTS
};

enum pirq_region {
#define X(sym, width) PIRQ_REGION_##sym,
	PIRQ_REGIONS(X)
#undef X
	NR_PIRQ_REGIONS
};


struct pirq_core {
	uint32_t bits;
};

extern const struct component pirq_component;

unsigned pirq_state(struct pirq_core core, enum pirq_region region);
void pirq_step(struct pirq_core *core, enum pirq_input in, struct effects *out);

#endif
