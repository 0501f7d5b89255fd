/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_XMSI_H
#define IRQPATH_MODEL_XMSI_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define XMSI_REGIONS(X) \
	X(HOST, 2)	/* Xen wants it masked */ \
	X(GUEST, 2)	/* the guest wants it masked */ \
	X(HW, 2)	/* the bit of the entry or capability */ \
	X(CAN, 2)	/* it has a mask bit */

#define XMSI_INPUTS(X) \
	X(MAPPED, "mapped") \
	X(STARTED, "bound by its guest, older Xen") \
	X(RELEASED, "bound by its guest") \
	X(STOPPED, "last guest gone") \
	X(ARRIVE, "handled") \
	X(GUEST_MASK, "guest masks") \
	X(GUEST_UNMASK, "guest unmasks") \
	X(RESTORED, "written back") \
	X(CLEAR, "vector released") \
	X(LOST, "records lost")

enum xmsi_input {
#define X(sym, name) XMSI_##sym,
	XMSI_INPUTS(X)
#undef X
	NR_XMSI_INPUTS
};

enum xmsi_region {
#define X(sym, width) XMSI_REGION_##sym,
	XMSI_REGIONS(X)
#undef X
	NR_XMSI_REGIONS
};


struct xmsi_core {
	uint32_t bits;
};

extern const struct component xmsi_component;

unsigned xmsi_state(struct xmsi_core core, enum xmsi_region region);
void xmsi_step(struct xmsi_core *core, enum xmsi_input in, struct effects *out);

#endif
