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
	X(ONE_WISH, "masked, one wish for both") \
	X(STARTED, "started for its guest") \
	X(RELEASED, "bound by its guest") \
	X(MAY_BE_RELEASED, "bound by its guest, by some releases") \
	X(STOPPED, "last guest gone") \
	X(ARRIVE, "handled") \
	X(MASK_ALL_EARLY, "guest's kernel masks all, then writes messages") \
	X(MASK_ALL_LATE, "guest's kernel masks all, messages written") \
	X(KERNEL_MASKS, "guest's kernel calls for it masked") \
	X(KERNEL_UNMASKS, "guest's kernel calls for it unmasked") \
	X(WRITE_MASKED, "guest writes it masked") \
	X(WRITE_UNMASKED, "guest writes it unmasked") \
	X(LANDS_MASKED, "guest's write goes through: masked") \
	X(LANDS_UNMASKED, "guest's write goes through: unmasked") \
	X(GUEST_MASK, "guest masks") \
	X(GUEST_UNMASK, "guest unmasks") \
	X(SET_BEHIND, "set behind Xen") \
	X(CLEARED_BEHIND, "cleared behind Xen") \
	X(MAY_BE_WRITTEN, "may be written behind Xen") \
	X(RESET, "function reset") \
	X(RESTORED, "written back") \
	X(RESTORED_MASKED, "written back: masked") \
	X(RESTORED_UNMASKED, "written back: unmasked") \
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
