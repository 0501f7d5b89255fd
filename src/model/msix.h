/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_MSIX_H
#define IRQPATH_MODEL_MSIX_H

#include <stdint.h>

#include "model/component.h"

/* One bit of a register as believed. */
enum bit_state { BIT_ILLEGAL, BIT_UNKNOWN, BIT_CLEAR, BIT_SET, NR_BIT_STATES };

/* X(SYMBOL, width in bits) */
#define MSIX_FUNCTION_REGIONS(X) \
	X(ENABLE, 2)	/* message control bit 15 */ \
	X(FMASK, 2)	/* message control bit 14, function mask */ \
	X(KERNEL, 2)	/* what the kernel has it switched to */

#define MSIX_ENTRY_REGIONS(X) \
	X(HW, 2)	/* vector control bit 0 in the table */ \
	X(KERNEL, 2)	/* what the kernel last asked of it */ \
	X(MESSAGE, 3)	/* address and data */ \
	X(PENDING, 2)	/* pending bit array */

/* X(SYMBOL, "name") */
#define MSIX_FUNCTION_INPUTS(X) \
	X(ENABLED, "enabled")			/* driver's enable call succeeded */ \
	X(ENABLE_FAILED, "enable failed") \
	X(DISABLED, "disabled") \
	X(WRITE_OFF, "control written: off") \
	X(WRITE_ON, "control written: on") \
	X(WRITE_MASKED, "control written: on, function mask") \
	X(SENT, "message was sent")		/* a delivery proves it */ \
	X(RESET, "reset") \
	X(RESTORED, "written back") \
	X(LOW_POWER, "left D0") \
	X(LOST, "records lost")

#define MSIX_ENTRY_INPUTS(X) \
	X(MASK, "kernel masks") \
	X(UNMASK, "kernel unmasks") \
	X(MASK_ALL, "enable masks all entries") \
	X(HW_MASK, "table write: masked") \
	X(HW_UNMASK, "table write: unmasked") \
	X(CACHED_MASKED, "cached control says masked") \
	X(CACHED_UNMASKED, "message written by a cached control that says unmasked") \
	X(MESSAGE_PARKED, "message: parked vector") \
	X(MESSAGE_SET, "message: vector") \
	X(MESSAGE_ZERO, "message: zero") \
	X(RAISE, "device raises") \
	X(RELEASED, "function may send again") \
	X(PENDING_SET, "pending bit seen set") \
	X(PENDING_CLEAR, "pending bit seen clear") \
	X(SENT, "message was sent") \
	X(RESET, "reset") \
	X(RESTORED, "message restored after reset") \
	X(LOW_POWER, "left D0") \
	X(LOST, "records lost")

enum msix_function_input {
#define X(sym, name) FN_##sym,
	MSIX_FUNCTION_INPUTS(X)
#undef X
	NR_FN_INPUTS
};

enum msix_entry_input {
#define X(sym, name) ENTRY_##sym,
	MSIX_ENTRY_INPUTS(X)
#undef X
	NR_ENTRY_INPUTS
};

enum msix_function_region {
#define X(sym, width) FN_REGION_##sym,
	MSIX_FUNCTION_REGIONS(X)
#undef X
	NR_FN_REGIONS
};

enum msix_entry_region {
#define X(sym, width) ENTRY_REGION_##sym,
	MSIX_ENTRY_REGIONS(X)
#undef X
	NR_ENTRY_REGIONS
};

enum message_state {
	MESSAGE_ILLEGAL, MESSAGE_UNKNOWN, MESSAGE_NONE, MESSAGE_PARKED, MESSAGE_VECTOR, NR_MESSAGE_STATES
};

/* A packed state; msix_function_state() and msix_entry_state() read a region. */
struct msix_function_core {
	uint32_t bits;
};

struct msix_entry_core {
	uint32_t bits;
};

/* What an entry's guards need of its function: may a message leave it? */
struct msix_entry_view {
	enum bit_state enable, fmask, bus_master;
};

enum msix_entry_effect { ENTRY_EFFECT_NONE, ENTRY_EFFECT_SEND, ENTRY_EFFECT_HELD, ENTRY_EFFECT_REWRITTEN, NR_ENTRY_EFFECTS };

extern const struct component msix_function_component, msix_entry_component;

unsigned msix_function_state(struct msix_function_core core, enum msix_function_region region);
unsigned msix_entry_state(struct msix_entry_core core, enum msix_entry_region region);

void msix_function_step(struct msix_function_core *core, enum msix_function_input in, struct effects *out);
void msix_entry_step(struct msix_entry_core *core, enum msix_entry_input in, const struct msix_entry_view *view,
		     struct effects *out);

#endif
