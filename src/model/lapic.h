/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_LAPIC_H
#define IRQPATH_MODEL_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define LAPIC_REGIONS(X) \
	X(IRR, 2)	/* accepted, not yet dispatched */ \
	X(ISR, 2)	/* dispatched, not yet ended */ \
	X(TMR, 2)	/* accepted as level */

#define LAPIC_INPUTS(X) \
	X(ACCEPT_EDGE, "accepted as edge") \
	X(ACCEPT_LEVEL, "accepted as level") \
	X(ACCEPT, "accepted, trigger not recorded") \
	X(MERGED, "merged with one that was pending") \
	X(DISPATCH, "dispatched to the CPU") \
	X(ENTER, "CPU entered the handler") \
	X(EOI, "EOI of the vector in service") \
	X(LOST, "records lost")

enum lapic_input {
#define X(sym, name) LAPIC_##sym,
	LAPIC_INPUTS(X)
#undef X
	NR_LAPIC_INPUTS
};

enum lapic_region {
#define X(sym, width) LAPIC_REGION_##sym,
	LAPIC_REGIONS(X)
#undef X
	NR_LAPIC_REGIONS
};

enum lapic_effect {
	LAPIC_EFFECT_NONE, LAPIC_EFFECT_COALESCED, LAPIC_EFFECT_WAITS, LAPIC_EFFECT_BROADCAST, NR_LAPIC_EFFECTS
};

/* A vector's priority class: its upper four bits. */
enum { LAPIC_CLASS_SHIFT = 4, LAPIC_MAX_VECTORS = 256 };

/* What a vector's guards need of its local APIC, and of what was recorded of it since the last hole. */
struct lapic_view {
	int vector;
	int in_service;		/* highest vector known to be in service, -1: none */
	bool accepts, dispatches, eois;		/* of this vector: recorded */
};

struct lapic_core {
	uint32_t bits;
};

extern const struct component lapic_component;

unsigned lapic_state(struct lapic_core core, enum lapic_region region);
void lapic_step(struct lapic_core *core, enum lapic_input in, const struct lapic_view *view, struct effects *out);

#endif
