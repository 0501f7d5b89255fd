/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_DPCI_H
#define IRQPATH_MODEL_DPCI_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define DPCI_REGIONS(X) \
	X(MESSAGE, 3)	/* what the guest wrote into its entry */ \
	X(MASK, 2)	/* vector control, as the guest wrote it last */ \
	X(BOUND, 2)	/* to an irq of Xen */ \
	X(PENDING, 2)	/* Xen handled it, and the guest was not given it yet */

#define DPCI_INPUTS(X) \
	X(MESSAGE_PIRQ, "message names a pirq") \
	X(MESSAGE_VECTOR, "message has a vector") \
	X(MESSAGE_ZERO, "message cleared") \
	X(MASK, "guest masks") \
	X(UNMASK, "guest unmasks") \
	X(BIND, "bound") \
	X(UNBIND, "its irq was released") \
	X(ARRIVE, "handled") \
	X(INJECT, "vector given to the guest") \
	X(LOST, "records lost")

enum dpci_input {
#define X(sym, name) DPCI_##sym,
	DPCI_INPUTS(X)
#undef X
	NR_DPCI_INPUTS
};

enum dpci_region {
#define X(sym, width) DPCI_REGION_##sym,
	DPCI_REGIONS(X)
#undef X
	NR_DPCI_REGIONS
};

enum guest_message { GUEST_MESSAGE_ILLEGAL, GUEST_MESSAGE_UNKNOWN, GUEST_MESSAGE_NONE, GUEST_MESSAGE_PIRQ, GUEST_MESSAGE_VECTOR,
		     NR_GUEST_MESSAGES };

struct dpci_core {
	uint32_t bits;
};

extern const struct component dpci_component;

unsigned dpci_state(struct dpci_core core, enum dpci_region region);
void dpci_step(struct dpci_core *core, enum dpci_input in, struct effects *out);

#endif
