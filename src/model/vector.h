/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_VECTOR_H
#define IRQPATH_MODEL_VECTOR_H

#include <stdint.h>

#include "model/component.h"

/* X(SYMBOL, width in bits) */
#define VECTOR_REGIONS(X) \
	X(RESERVATION, 3)	/* has_reserved, is_managed */ \
	X(ASSIGNED, 3)		/* vector, and what the hardware was told */ \
	X(CLEANUP, 3)		/* prev_vector: the old vector of a move */ \
	X(AFFINITY, 3)		/* pending_mask and IRQD_SETAFFINITY_PENDING */ \
	X(ACTIVATION, 3)	/* IRQD_ACTIVATED */

#define VECTOR_INPUTS(X) \
	X(SETUP, "joins the vector domain") \
	X(SETUP_LEGACY, "joins the vector domain, active before") \
	X(TEARDOWN, "leaves the vector domain") \
	X(RESERVED, "reserved") \
	X(RESERVED_MANAGED, "reserved on each CPU of its mask") \
	X(RESERVE_FAILED, "reservation failed") \
	X(ACTIVATE, "activated") \
	X(ACTIVATE_RESERVED, "activated by its reservation") \
	X(ACTIVATE_FAILED, "activation failed") \
	X(DEACTIVATE, "deactivated") \
	X(ALLOC, "vector found") \
	X(ALLOC_RESERVED, "vector found, reservation used") \
	X(ALLOC_FAILED, "no vector found") \
	X(UPDATE_FIRST, "first vector") \
	X(UPDATE_MOVED, "vector moved") \
	X(UPDATE_OFFLINE, "vector moved from an offline CPU") \
	X(FREED_OFFLINE, "old vector freed with its CPU offline") \
	X(CONFIG, "vector configured") \
	X(CONFIG_PARKED, "parked") \
	X(CLEAR, "vector cleared") \
	X(TARGET_HIT, "interrupt on the new CPU") \
	X(CLEANUP_QUEUED, "clean-up queued") \
	X(CLEANUP_IPI, "clean-up IPI sent") \
	X(CLEANUP_AGAIN, "clean-up IPI sent by the old CPU") \
	X(FREE_MOVED, "old vector freed") \
	X(SEE_NO_OLD, "seen without an old vector") \
	X(SEE_OLD, "seen with an old vector") \
	X(AFFINITY_ASKED, "affinity asked") \
	X(AFFINITY_APPLIED, "affinity applied") \
	X(AFFINITY_MET, "CPU is in the asked mask") \
	X(SEE_PENDING, "state word: affinity pending") \
	X(SEE_NOT_PENDING, "state word: no affinity pending") \
	X(SEE_ACTIVATED, "state word: activated") \
	X(SEE_NOT_ACTIVATED, "state word: not activated") \
	X(SHUTDOWN, "irq shut down") \
	X(LOST, "records lost")

enum vector_input {
#define X(sym, name) VECTOR_##sym,
	VECTOR_INPUTS(X)
#undef X
	NR_VECTOR_INPUTS
};

enum vector_region {
#define X(sym, width) VECTOR_REGION_##sym,
	VECTOR_REGIONS(X)
#undef X
	NR_VECTOR_REGIONS
};

enum reservation_state {
	RESERVATION_ILLEGAL, RESERVATION_UNKNOWN, RESERVATION_NONE, RESERVATION_GLOBAL, RESERVATION_MANAGED,
	NR_RESERVATION_STATES
};
/* Moving: the new vector is chosen, the hardware not told yet. */
enum assigned_state {
	ASSIGNED_ILLEGAL, ASSIGNED_UNKNOWN, ASSIGNED_NONE, ASSIGNED_PARKED, ASSIGNED_VECTOR, ASSIGNED_MOVING,
	NR_ASSIGNED_STATES
};
/* Pending: waits for an interrupt on the new CPU. Queued: waits for the old CPU. */
enum cleanup_state {
	CLEANUP_ILLEGAL, CLEANUP_UNKNOWN, CLEANUP_NONE, CLEANUP_PENDING, CLEANUP_QUEUED, NR_CLEANUP_STATES
};
enum affinity_state {
	AFFINITY_ILLEGAL, AFFINITY_UNKNOWN, AFFINITY_NONE, AFFINITY_ASKED, AFFINITY_PENDING, AFFINITY_APPLIED,
	NR_AFFINITY_STATES
};

/* By its reservation: its message is written, with the parked vector. */
enum activation_state {
	ACTIVATION_ILLEGAL, ACTIVATION_UNKNOWN, ACTIVATION_NONE, ACTIVATION_RESERVED, ACTIVATION_FULL,
	NR_ACTIVATION_STATES
};

enum vector_effect {
	VECTOR_EFFECT_NONE, VECTOR_EFFECT_BUSY, VECTOR_EFFECT_EXHAUSTED, VECTOR_EFFECT_OLD_PENDING, NR_VECTOR_EFFECTS
};

enum { CLEANUP_VECTOR = 0x20 };	/* IRQ_MOVE_CLEANUP_VECTOR, a device's vector since 6.6 */

struct vector_core {
	uint32_t bits;
};

extern const struct component vector_component;

unsigned vector_state(struct vector_core core, enum vector_region region);
void vector_step(struct vector_core *core, enum vector_input in, struct effects *out);

#endif
