/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_MSI_H
#define IRQPATH_MODEL_MSI_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

enum { MSI_MAX_MESSAGES = 32 };

/* X(SYMBOL, width in bits) */
#define MSI_FUNCTION_REGIONS(X) \
	X(ENABLE, 2)	/* message control bit 0 */ \
	X(KERNEL, 2)	/* what the kernel has it switched to */

#define MSI_MESSAGE_REGIONS(X) \
	X(HW, 3)	/* its bit of the mask register, where there is one */ \
	X(KERNEL, 2)	/* what the kernel last asked of it */ \
	X(MESSAGE, 3)	/* address and data */ \
	X(PENDING, 2)	/* its bit of the pending register */

/* X(SYMBOL, "name") */
#define MSI_FUNCTION_INPUTS(X) \
	X(ENABLED, "enabled")			/* driver's enable call succeeded */ \
	X(ENABLE_FAILED, "enable failed") \
	X(DISABLED, "disabled") \
	X(WRITE_OFF, "control written: off") \
	X(WRITE_ON, "control written: on") \
	X(SENT, "message was sent")		/* a delivery proves it */ \
	X(RESET, "reset") \
	X(RESTORED, "written back") \
	X(LOW_POWER, "left D0") \
	X(LOST, "records lost")

#define MSI_MESSAGE_INPUTS(X) \
	X(HAS_MASK, "has a mask bit") \
	X(NO_MASK, "has no mask bit") \
	X(MASK, "kernel masks") \
	X(UNMASK, "kernel unmasks") \
	X(MASK_ALL, "enable masks all messages") \
	X(UNMASK_ALL, "disable unmasks all messages") \
	X(HW_MASK, "register write: masked") \
	X(HW_UNMASK, "register write: unmasked") \
	X(CACHED_MASKED, "cached mask register says masked") \
	X(MESSAGE_PARKED, "message: parked vector") \
	X(MESSAGE_SET, "message: vector") \
	X(MESSAGE_ZERO, "message: zero") \
	X(RAISE, "device raises") \
	X(RELEASED, "function may send again") \
	X(SENT, "message was sent") \
	X(RESET, "reset") \
	X(RESTORED, "written back after reset") \
	X(LOW_POWER, "left D0") \
	X(LOST, "records lost")

enum msi_function_input {
#define X(sym, name) MSIFN_##sym,
	MSI_FUNCTION_INPUTS(X)
#undef X
	NR_MSIFN_INPUTS
};

enum msi_message_input {
#define X(sym, name) MSI_##sym,
	MSI_MESSAGE_INPUTS(X)
#undef X
	NR_MSI_INPUTS
};

enum msi_function_region {
#define X(sym, width) MSIFN_REGION_##sym,
	MSI_FUNCTION_REGIONS(X)
#undef X
	NR_MSIFN_REGIONS
};

enum msi_message_region {
#define X(sym, width) MSI_REGION_##sym,
	MSI_MESSAGE_REGIONS(X)
#undef X
	NR_MSI_REGIONS
};

/* Present: there is a mask bit, and what it holds is not known. Unknown: not even whether there is one. */
enum msi_mask_state {
	MSIMASK_ILLEGAL, MSIMASK_UNKNOWN, MSIMASK_CLEAR, MSIMASK_SET, MSIMASK_ABSENT, MSIMASK_PRESENT, NR_MSIMASK_STATES
};

enum msi_message_effect { MSI_EFFECT_NONE, MSI_EFFECT_SEND, MSI_EFFECT_HELD, NR_MSI_EFFECTS };

/* A packed state; msi_function_state() and msi_message_state() read a region. */
struct msi_function_core {
	uint32_t bits;
};

struct msi_message_core {
	uint32_t bits;
};

/* What a message's guards need of its function. */
struct msi_message_view {
	enum bit_state enable, bus_master;
};

extern const struct component msi_function_component, msi_message_component;

unsigned msi_function_state(struct msi_function_core core, enum msi_function_region region);
unsigned msi_message_state(struct msi_message_core core, enum msi_message_region region);

void msi_function_step(struct msi_function_core *core, enum msi_function_input in, struct effects *out);
void msi_message_step(struct msi_message_core *core, enum msi_message_input in, const struct msi_message_view *view,
		      struct effects *out);

#endif
