/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_VPIN_H
#define IRQPATH_MODEL_VPIN_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"
#include "model/pin.h"

/* X(SYMBOL, width in bits) */
#define VPIN_REGIONS(X) \
	X(MASK, 2) \
	X(TRIGGER, 2)	/* enum pin_trigger */ \
	X(IRR, 2)	/* level, and not yet acknowledged by the guest */

#define VPIN_INPUTS(X) \
	X(WRITE_MASKED, "written masked") \
	X(WRITE_UNMASKED, "written unmasked") \
	X(WRITE_EDGE, "written as edge") \
	X(WRITE_LEVEL, "written as level") \
	X(GIVEN, "level interrupt given to the guest") \
	X(EOI, "guest's EOI") \
	X(LOST, "records lost")

enum vpin_input {
#define X(sym, name) VPIN_##sym,
	VPIN_INPUTS(X)
#undef X
	NR_VPIN_INPUTS
};

enum vpin_region {
#define X(sym, width) VPIN_REGION_##sym,
	VPIN_REGIONS(X)
#undef X
	NR_VPIN_REGIONS
};

/* UNMASK: it was masked before. */
enum vpin_effect { VPIN_EFFECT_NONE, VPIN_EFFECT_UNMASK, NR_VPIN_EFFECTS };

struct vpin_core {
	uint32_t bits;
};

extern const struct component vpin_component;

unsigned vpin_state(struct vpin_core core, enum vpin_region region);
void vpin_step(struct vpin_core *core, enum vpin_input in, struct effects *out);

#endif
