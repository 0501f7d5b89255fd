/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_XSTAT_H
#define IRQPATH_MODEL_XSTAT_H

#include <stdint.h>

#include "model/component.h"
#include "model/xirq.h"

/* X(SYMBOL, width in bits) */
#define XSTAT_REGIONS(X) \
	X(DISABLED, 2)	/* nobody has it */ \
	X(PENDING, 2)	/* arrived while Xen's handler of it ran */ \
	X(RUNS, 2)	/* Xen's handler runs */ \
	X(TO_MOVE, 2)	/* to be moved when it arrives next */

#define XSTAT_INPUTS(X) \
	X(GIVEN, "given") \
	X(STARTED, "started for a guest or for Xen") \
	X(STOPPED, "shut down with its last guest") \
	X(HANDLED, "handled to its end") \
	X(HANDLED_AT_ONCE, "handled to its end and acknowledged at once") \
	X(TAKEN_UNSEEN, "taken or left unseen") \
	X(LOST, "records lost")

enum xstat_input {
#define X(sym, name) XSTAT_##sym,
	XSTAT_INPUTS(X)
#undef X
	NR_XSTAT_INPUTS
};

enum xstat_region {
#define X(sym, width) XSTAT_REGION_##sym,
	XSTAT_REGIONS(X)
#undef X
	NR_XSTAT_REGIONS
};

struct xstat_core {
	uint32_t bits;
};

extern const struct component xstat_component;

unsigned xstat_state(struct xstat_core core, enum xstat_region region);
void xstat_step(struct xstat_core *core, enum xstat_input in, struct effects *out);

/* What an input of the irq is to its status word; -1: nothing. irq: the irq's core before the input. */
int xstat_input_of(struct xirq_core irq, enum xirq_input in);

#endif
