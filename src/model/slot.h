/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_SLOT_H
#define IRQPATH_MODEL_SLOT_H

#include <stdint.h>

#include "model/component.h"

/* X(SYMBOL, width in bits) */
#define SLOT_REGIONS(X) \
	X(BIT, 3)	/* its bit of the vector matrix */ \
	X(OWNER, 3)	/* what vector_irq[] of the CPU has for it */

#define SLOT_INPUTS(X) \
	X(ALLOC, "matrix: given out") \
	X(ALLOC_MANAGED, "matrix: managed bit given out") \
	X(ASSIGN, "matrix: booked as taken before") \
	X(FREE, "matrix: given back") \
	X(RESERVE_MANAGED, "matrix: set aside for a managed irq") \
	X(REMOVE_MANAGED, "matrix: not set aside any more") \
	X(OWN, "given to an irq") \
	X(SHUT, "cleared with its irq") \
	X(LEAVE, "left by its irq") \
	X(ARRIVE, "arrived") \
	X(NO_HANDLER, "arrived without a handler") \
	X(LOST, "records lost")

enum slot_input {
#define X(sym, name) SLOT_##sym,
	SLOT_INPUTS(X)
#undef X
	NR_SLOT_INPUTS
};

enum slot_region {
#define X(sym, width) SLOT_REGION_##sym,
	SLOT_REGIONS(X)
#undef X
	NR_SLOT_REGIONS
};

enum slot_bit {
	SLOT_BIT_ILLEGAL, SLOT_BIT_UNKNOWN, SLOT_BIT_FREE, SLOT_BIT_ALLOCATED, SLOT_BIT_MANAGED, SLOT_BIT_MANAGED_USED,
	NR_SLOT_BITS
};
enum slot_owner { SLOT_OWNER_ILLEGAL, SLOT_OWNER_UNKNOWN, SLOT_UNUSED, SLOT_OWNED, SLOT_SHUTDOWN, NR_SLOT_OWNERS };

struct slot_core {
	uint32_t bits;
};

extern const struct component slot_component;

unsigned slot_state(struct slot_core core, enum slot_region region);
void slot_step(struct slot_core *core, enum slot_input in, struct effects *out);

#endif
