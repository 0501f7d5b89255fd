/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_XIRQ_H
#define IRQPATH_MODEL_XIRQ_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define XIRQ_REGIONS(X) \
	X(LIFE, 3)	/* has it a vector */ \
	X(ACTION, 3)	/* whom Xen calls */ \
	X(MOVE, 3)	/* to another vector */ \
	X(ACK, 3)	/* when the guest's interrupt is acknowledged */ \
	X(IN_FLIGHT, 2)	/* given to guests and not yet acknowledged by them */ \
	X(WISH, 2)	/* other CPUs are asked for */ \
	X(RATE, 2)	/* Xen's limit: 10000 in 10 ms */

#define XIRQ_INPUTS(X) \
	X(ASSIGN, "first vector assigned") \
	X(BOUND_AT_BOOT, "vector bound on all CPUs") \
	X(MOVE_TO, "another vector assigned") \
	X(ARRIVE, "handled") \
	X(ARRIVE_NEW, "handled on a new CPU") \
	X(ARRIVE_OLD, "handled on an old CPU") \
	X(ARRIVE_NOBODY, "handled for a guest that is about to go") \
	X(ASKED, "other CPUs asked for") \
	X(TOO_MANY, "handled, and over the limit") \
	X(CLEANUP, "old vector released on a CPU") \
	X(CLEANED, "old vector released on its last CPU") \
	X(DELAYED, "old vector still pending") \
	X(FINISH, "old vector released with the irq") \
	X(CLEAR, "vector released") \
	X(SEE_AT_ONCE, "type: acknowledged at once") \
	X(SEE_EOI, "type: acknowledged by the guest's EOI") \
	X(SEE_UNMASK, "type: unmasked by the guest's EOI") \
	X(SEE_LATE, "type: acknowledged or unmasked by the guest's EOI") \
	X(XEN_BIND, "taken by Xen itself") \
	X(GUEST_BIND, "bound to a guest") \
	X(GUEST_UNBIND, "last guest gone") \
	X(GUEST_EOI, "last guest acknowledged") \
	X(TIMER, "Xen acknowledged for the guests") \
	X(LOST, "records lost")

enum xirq_input {
#define X(sym, name) XIRQ_##sym,
	XIRQ_INPUTS(X)
#undef X
	NR_XIRQ_INPUTS
};

enum xirq_region {
#define X(sym, width) XIRQ_REGION_##sym,
	XIRQ_REGIONS(X)
#undef X
	NR_XIRQ_REGIONS
};

enum xirq_life { XIRQ_LIFE_ILLEGAL, XIRQ_LIFE_UNKNOWN, XIRQ_FREE, XIRQ_ASSIGNED, NR_XIRQ_LIVES };
enum xirq_action { XIRQ_ACTION_ILLEGAL, XIRQ_ACTION_UNKNOWN, XIRQ_ACTION_NONE, XIRQ_ACTION_GUEST, XIRQ_ACTION_XEN, NR_XIRQ_ACTIONS };
enum xirq_move { XIRQ_MOVE_ILLEGAL, XIRQ_MOVE_UNKNOWN, XIRQ_SETTLED, XIRQ_MOVING, XIRQ_CLEANING, NR_XIRQ_MOVES };
enum xirq_ack { XIRQ_ACK_ILLEGAL, XIRQ_ACK_UNKNOWN, XIRQ_ACK_NONE, XIRQ_ACK_EOI, XIRQ_ACK_UNMASK, XIRQ_ACK_LATE, NR_XIRQ_ACKS };
enum xirq_wish { XIRQ_WISH_ILLEGAL, XIRQ_WISH_UNKNOWN, XIRQ_WISH_NONE, XIRQ_WISH_ASKED, NR_XIRQ_WISHES };
enum xirq_rate { XIRQ_RATE_ILLEGAL, XIRQ_RATE_UNKNOWN, XIRQ_WITHIN, XIRQ_EXCEEDED, NR_XIRQ_RATES };
enum xirq_effect { XIRQ_EFFECT_NONE, XIRQ_EFFECT_SECOND_MOVE, XIRQ_EFFECT_FREED, NR_XIRQ_EFFECTS };

struct xirq_core {
	uint32_t bits;
};

extern const struct component xirq_component;

unsigned xirq_state(struct xirq_core core, enum xirq_region region);
void xirq_step(struct xirq_core *core, enum xirq_input in, struct effects *out);

#endif
