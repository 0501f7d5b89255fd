/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_PEOI_H
#define IRQPATH_MODEL_PEOI_H

#include <stdint.h>

#include "model/component.h"
#include "model/lapic.h"

/* X(SYMBOL, width in bits) */
#define PEOI_REGIONS(X) \
	X(ENTRY, 3)	/* of one priority class */

#define PEOI_INPUTS(X) \
	X(PUSH, "taken, and its EOI put off") \
	X(HANDLE, "taken by Xen's own handler") \
	X(INSERT, "handled by Xen, and its EOI put off behind others") \
	X(READY, "its guests acknowledged") \
	X(FORCED, "Xen's timer acknowledged for its guests") \
	X(POP, "EOI given") \
	X(PASSED, "its class or a lower one was taken") \
	X(OFFLINE, "CPU goes offline") \
	X(LOST, "records lost")

enum peoi_input {
#define X(sym, name) PEOI_##sym,
	PEOI_INPUTS(X)
#undef X
	NR_PEOI_INPUTS
};

enum peoi_region {
#define X(sym, width) PEOI_REGION_##sym,
	PEOI_REGIONS(X)
#undef X
	NR_PEOI_REGIONS
};

enum peoi_entry { PEOI_ILLEGAL, PEOI_UNKNOWN, PEOI_ABSENT, PEOI_HANDLED, PEOI_WAITS, PEOI_IS_READY, NR_PEOI_ENTRIES };
enum peoi_effect { PEOI_EFFECT_NONE, PEOI_EFFECT_EOI, PEOI_EFFECT_UNSEEN, NR_PEOI_EFFECTS };

/* What the guards of an entry need of the whole stack. */
struct peoi_view {
	int vector;	/* the entry's own */
	int top;	/* highest vector on the stack, -1: it is empty */
};

struct peoi_core {
	uint32_t bits;
};

extern const struct component peoi_component;

unsigned peoi_state(struct peoi_core core, enum peoi_region region);
void peoi_step(struct peoi_core *core, enum peoi_input in, const struct peoi_view *view, struct effects *out);

#endif
