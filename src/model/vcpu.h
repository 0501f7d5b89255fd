/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_VCPU_H
#define IRQPATH_MODEL_VCPU_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define VCPU_REGIONS(X) \
	X(RUN, 3)	/* does Xen's scheduler run it */ \
	X(WAITS, 3)	/* for whom it waits */ \
	X(UPCALL, 2)	/* an event is pending for it */ \
	X(MASK, 2)	/* it takes no upcalls */

#define VCPU_INPUTS(X) \
	X(RUNS, "scheduled on a CPU") \
	X(PREEMPTED, "taken off its CPU") \
	X(BLOCKS, "blocks") \
	X(WAKES, "woken") \
	X(OFFLINE, "goes offline") \
	X(ASKS_MODEL, "waits for its device model") \
	X(ASKS_DEVICE, "waits for a device") \
	X(ANSWERED, "gets its answer") \
	X(LOST, "records lost")

enum vcpu_input {
#define X(sym, name) VCPU_##sym,
	VCPU_INPUTS(X)
#undef X
	NR_VCPU_INPUTS
};

enum vcpu_region {
#define X(sym, width) VCPU_REGION_##sym,
	VCPU_REGIONS(X)
#undef X
	NR_VCPU_REGIONS
};

enum vcpu_run { VCPU_RUN_ILLEGAL, VCPU_RUN_UNKNOWN, VCPU_RUNNING, VCPU_RUNNABLE, VCPU_BLOCKED, VCPU_IS_OFFLINE, NR_VCPU_RUNS };
enum vcpu_waits { VCPU_WAITS_ILLEGAL, VCPU_WAITS_UNKNOWN, VCPU_WAITS_NOT, VCPU_WAITS_MODEL, VCPU_WAITS_DEVICE, NR_VCPU_WAITS };

struct vcpu_core {
	uint32_t bits;
};

extern const struct component vcpu_component;

unsigned vcpu_state(struct vcpu_core core, enum vcpu_region region);
void vcpu_step(struct vcpu_core *core, enum vcpu_input in, struct effects *out);

#endif
