/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_PIN_H
#define IRQPATH_MODEL_PIN_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define PIN_REGIONS(X) \
	X(HW, 2)	/* RTE bit 16 */ \
	X(KERNEL, 2)	/* what the kernel last asked of it */ \
	X(TRIGGER, 2)	/* RTE bit 15 */ \
	X(IRR, 2)	/* remote IRR, RTE bit 14 */ \
	X(LINE, 2)	/* the pin's input, as asserted or not */ \
	X(ROUTE, 2)	/* is the vector still the one that was accepted? */ \
	X(AGAIN, 2)	/* what is asserted behind an EOI: sent at once, or put off? */

#define PIN_INPUTS(X) \
	X(MASK, "kernel masks") \
	X(UNMASK, "kernel unmasks") \
	X(RTE_MASKED, "RTE write: masked") \
	X(RTE_UNMASKED, "RTE write: unmasked") \
	X(RTE_EDGE, "RTE write: edge") \
	X(RTE_LEVEL, "RTE write: level") \
	X(RTE_SAME, "RTE write: vector as before") \
	X(RTE_MOVED, "RTE write: another vector") \
	X(SENT, "message was sent") \
	X(ACCEPT, "local APIC accepts") \
	X(EOI, "EOI of the vector accepted") \
	X(EOI_OTHER, "EOI of another vector") \
	X(EOI_PIN, "EOI register") \
	X(IRR_SET, "remote IRR seen set") \
	X(IRR_CLEAR, "remote IRR seen clear") \
	X(RAISE, "line asserted") \
	X(LOWER, "line deasserted") \
	X(PUT_OFF, "sending again put off") \
	X(RESET, "reset") \
	X(LOST, "records lost")

enum pin_input {
#define X(sym, name) PIN_##sym,
	PIN_INPUTS(X)
#undef X
	NR_PIN_INPUTS
};

enum pin_region {
#define X(sym, width) PIN_REGION_##sym,
	PIN_REGIONS(X)
#undef X
	NR_PIN_REGIONS
};

enum pin_trigger { TRIGGER_ILLEGAL, TRIGGER_UNKNOWN, TRIGGER_EDGE, TRIGGER_LEVEL, NR_TRIGGERS };
enum pin_route { ROUTE_ILLEGAL, ROUTE_UNKNOWN, ROUTE_STEADY, ROUTE_MOVED, NR_ROUTES };
enum pin_again { AGAIN_ILLEGAL, AGAIN_UNKNOWN, AGAIN_AT_ONCE, AGAIN_PUT_OFF, NR_AGAINS };
enum pin_effect { PIN_EFFECT_NONE, PIN_EFFECT_SEND, PIN_EFFECT_STUCK, PIN_EFFECT_LOST_EDGE, PIN_EFFECT_MESSAGE, NR_PIN_EFFECTS };

/* Bits of a redirection entry. */
enum rte_bits {
	RTE_VECTOR = 0xff,
	RTE_REMOTE_IRR = 1 << 14,
	RTE_LEVEL = 1 << 15,
	RTE_MASKED = 1 << 16,
};

struct pin_core {
	uint32_t bits;
};

extern const struct component pin_component;

unsigned pin_state(struct pin_core core, enum pin_region region);
void pin_step(struct pin_core *core, enum pin_input in, struct effects *out);

#endif
