/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_VFIO_H
#define IRQPATH_MODEL_VFIO_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define VFIO_REGIONS(X) \
	X(MSIX, 2)	/* of its function: switched on in the device by the host */ \
	X(USE, 2)	/* what the guest wants of the vector: a handler, or masked */ \
	X(PENDING, 2)	/* fired while the guest had it masked: emulated pending bit */ \
	X(LINE, 2)	/* of its function, kept with entry 0: INTx handed to the guest, masked by the host */

#define VFIO_INPUTS(X) \
	X(ENABLED, "MSI-X enabled") \
	X(DISABLED, "MSI-X disabled") \
	X(USED, "vector used") \
	X(RELEASED, "vector released") \
	X(FIRED, "interrupt through QEMU") \
	X(WINDOW_CLOSED, "no vector pending any more") \
	X(LINE_FIRED, "INTx interrupt") \
	X(LINE_ENDED, "INTx EOI") \
	X(LINE_GONE, "INTx disabled") \
	X(LOST, "records lost")

enum vfio_input {
#define X(sym, name) VFIO_##sym,
	VFIO_INPUTS(X)
#undef X
	NR_VFIO_INPUTS
};

enum vfio_region {
#define X(sym, width) VFIO_REGION_##sym,
	VFIO_REGIONS(X)
#undef X
	NR_VFIO_REGIONS
};

enum vfio_use { VFIO_USE_ILLEGAL, VFIO_USE_UNKNOWN, VFIO_USE_RELEASED, VFIO_USE_USED, NR_VFIO_USES };
enum vfio_effect { VFIO_EFFECT_NONE, VFIO_EFFECT_SENT, NR_VFIO_EFFECTS };

struct vfio_core {
	uint32_t bits;
};

extern const struct component vfio_component;

unsigned vfio_state(struct vfio_core core, enum vfio_region region);
void vfio_step(struct vfio_core *core, enum vfio_input in, struct effects *out);

#endif
