/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_INTX_H
#define IRQPATH_MODEL_INTX_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define INTX_REGIONS(X) \
	X(LINE, 2)	/* what the function drives */ \
	X(DISABLE, 2)	/* command bit 10 of the function */

/* X(SYMBOL, "name") */
#define INTX_INPUTS(X) \
	X(ASSERT, "asserted") \
	X(DEASSERT, "deasserted") \
	X(ALLOW, "INTx allowed") \
	X(FORBID, "INTx disabled") \
	X(FORGET, "INTx disable not known") \
	X(RESET, "reset") \
	X(LOST, "records lost")

enum intx_input {
#define X(sym, name) INTX_##sym,
	INTX_INPUTS(X)
#undef X
	NR_INTX_INPUTS
};

enum intx_region {
#define X(sym, width) INTX_REGION_##sym,
	INTX_REGIONS(X)
#undef X
	NR_INTX_REGIONS
};

enum intx_effect { INTX_EFFECT_NONE, INTX_EFFECT_FORBIDDEN, NR_INTX_EFFECTS };

/* A packed state; intx_state() reads a region. */
struct intx_core {
	uint32_t bits;
};

extern const struct component intx_component;

unsigned intx_state(struct intx_core core, enum intx_region region);
void intx_step(struct intx_core *core, enum intx_input in, struct effects *out);

#endif
