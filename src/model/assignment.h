/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_ASSIGNMENT_H
#define IRQPATH_MODEL_ASSIGNMENT_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define ASSIGNMENT_REGIONS(X) \
	X(HOLDER, 3)	/* who has the device */ \
	X(REQUEST, 3)	/* what became of the toolstack's for its line */ \
	X(WAITER, 2)	/* a domain waits for it */

#define ASSIGNMENT_INPUTS(X) \
	X(DRIVER, "bound to a driver") \
	X(SEIZED, "set aside for a guest") \
	X(ASKED, "toolstack asks") \
	X(GRANTED, "toolstack is granted it") \
	X(REFUSED, "toolstack is refused it") \
	X(LOST, "records lost")

enum assignment_input {
#define X(sym, name) ASSIGNMENT_##sym,
	ASSIGNMENT_INPUTS(X)
#undef X
	NR_ASSIGNMENT_INPUTS
};

enum assignment_region {
#define X(sym, width) ASSIGNMENT_REGION_##sym,
	ASSIGNMENT_REGIONS(X)
#undef X
	NR_ASSIGNMENT_REGIONS
};

enum holder { HOLDER_ILLEGAL, HOLDER_UNKNOWN, HOLDER_DRIVER, HOLDER_STUB, HOLDER_DOMAIN, NR_HOLDERS };
enum request { REQUEST_ILLEGAL, REQUEST_UNKNOWN, REQUEST_NONE, REQUEST_ASKED, REQUEST_GRANTED, REQUEST_REFUSED, NR_REQUESTS };

struct assignment_core {
	uint32_t bits;
};

extern const struct component assignment_component;

unsigned assignment_state(struct assignment_core core, enum assignment_region region);
void assignment_step(struct assignment_core *core, enum assignment_input in, struct effects *out);

#endif
