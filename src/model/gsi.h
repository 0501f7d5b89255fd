/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_GSI_H
#define IRQPATH_MODEL_GSI_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define GSI_REGIONS(X) \
	X(SETUP, 2)	/* Xen knows its trigger and polarity, and has a vector for it */ \
	X(WANTED, 2)	/* of a device that was given away */

#define GSI_INPUTS(X) \
	X(REGISTERED, "registered") \
	X(SETUP_FAILED, "registration refused") \
	X(MAPPED, "mapped to a pirq") \
	X(ASSIGNED, "vector assigned to its irq") \
	X(GIVEN, "its device was given away") \
	X(TAKEN_BACK, "its device came back") \
	X(REFUSED, "toolstack was refused it") \
	X(UNUSED, "a dump shows its pin without a vector") \
	X(LOST, "records lost")

enum gsi_input {
#define X(sym, name) GSI_##sym,
	GSI_INPUTS(X)
#undef X
	NR_GSI_INPUTS
};

enum gsi_region {
#define X(sym, width) GSI_REGION_##sym,
	GSI_REGIONS(X)
#undef X
	NR_GSI_REGIONS
};

struct gsi_core {
	uint32_t bits;
};

extern const struct component gsi_component;

unsigned gsi_state(struct gsi_core core, enum gsi_region region);
void gsi_step(struct gsi_core *core, enum gsi_input in, struct effects *out);

#endif
