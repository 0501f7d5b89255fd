/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_FLAGS_H
#define IRQPATH_MODEL_FLAGS_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/*
 * X(SYMBOL, "region", mask in the word, hot, "input: set", "input: clear"): a bit of the irq's state word whose place has
 * not moved since 4.15.
 */
#define FLAGS_LIST(X) \
	X(ACTIVATED, "activated", 1 << 9, false, "state word: activated", "state word: not activated") \
	X(NO_BALANCING, "no_balancing", 1 << 10, true, "state word: no balancing", "state word: may be balanced") \
	X(PER_CPU, "per_cpu", 1 << 11, false, "state word: per cpu", "state word: not per cpu") \
	X(AFFINITY_SET, "affinity_set", 1 << 12, true, "state word: affinity set", "state word: not affinity set") \
	X(WAKEUP, "wakeup", 1 << 14, true, "state word: wakeup", "state word: not wakeup") \
	X(MOVE_AT_ONCE, "move_at_once", 1 << 15, true, "state word: move at once", "state word: not move at once") \
	X(FORWARDED, "forwarded", 1 << 20, false, "state word: forwarded", "state word: not forwarded") \
	X(SINGLE_TARGET, "single_target", 1 << 24, true, "state word: single target", "state word: not single target") \
	X(DEFAULT_TRIGGER, "default_trigger", 1 << 25, true, "state word: default trigger", "state word: not default trigger")

/* The same of the descriptor's internal state word. */
#define ISTATE_LIST(X) \
	X(AUTODETECT, "autodetect", 0x1, false, "istate word: autodetect", "istate word: not autodetect") \
	X(POLLED, "polled", 0x8, true, "istate word: polled", "istate word: not polled") \
	X(ONESHOT, "oneshot", 0x20, false, "istate word: oneshot", "istate word: not oneshot") \
	X(WAITING, "waiting", 0x80, true, "istate word: waiting", "istate word: not waiting") \
	X(TIMINGS, "timings", 0x1000, true, "istate word: timings", "istate word: not timings") \
	X(NMI, "nmi", 0x2000, false, "istate word: NMI", "istate word: not NMI")

enum flags_input {
#define X(sym, name, mask, hot, set, clear) FLAGS_##sym, FLAGS_NO_##sym,
	FLAGS_LIST(X)
#undef X
	FLAGS_TRIGGER_NONE, FLAGS_TRIGGER_RISING, FLAGS_TRIGGER_FALLING, FLAGS_TRIGGER_BOTH, FLAGS_TRIGGER_HIGH,
	FLAGS_TRIGGER_LOW, FLAGS_LOST, NR_FLAGS_INPUTS
};

enum istate_input {
#define X(sym, name, mask, hot, set, clear) ISTATE_##sym, ISTATE_NO_##sym,
	ISTATE_LIST(X)
#undef X
	ISTATE_LOST, NR_ISTATE_INPUTS
};

enum flags_region {
#define X(sym, name, mask, hot, set, clear) FLAGS_REGION_##sym,
	FLAGS_LIST(X)
#undef X
	FLAGS_REGION_TRIGGER, NR_FLAGS_REGIONS
};

enum istate_region {
#define X(sym, name, mask, hot, set, clear) ISTATE_REGION_##sym,
	ISTATE_LIST(X)
#undef X
	NR_ISTATE_REGIONS
};

enum flags_trigger {
	FLAGS_TYPE_ILLEGAL, FLAGS_TYPE_UNKNOWN, FLAGS_TYPE_NONE, FLAGS_TYPE_RISING, FLAGS_TYPE_FALLING, FLAGS_TYPE_BOTH,
	FLAGS_TYPE_HIGH, FLAGS_TYPE_LOW, NR_FLAGS_TYPES
};

/* Bits of the two words that say something here; the first four of the state word are the trigger type. */
enum {
#define X(sym, name, mask, hot, set, clear) | (mask)
	FLAGS_TRIGGER_TYPE = 0xf,
	FLAGS_BITS = FLAGS_TRIGGER_TYPE FLAGS_LIST(X),
	ISTATE_BITS = 0 ISTATE_LIST(X),
#undef X
};

struct flags_core {
	uint32_t bits;
};

extern const struct component flags_component, istate_component;

/* The trigger type of a state word. */
enum flags_input flags_trigger_input(uint32_t state);

void flags_step(struct flags_core *core, enum flags_input in, struct effects *out);
void istate_step(struct flags_core *core, enum istate_input in, struct effects *out);

#endif
