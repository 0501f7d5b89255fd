/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_IRQ_H
#define IRQPATH_MODEL_IRQ_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define IRQ_REGIONS(X) \
	X(LIFE, 3)	/* from the vector domain's setup to its teardown */ \
	X(DEPTH, 3)	/* disable depth */ \
	X(MASKED, 2)	/* IRQD_IRQ_MASKED, the core's own view */ \
	X(FLOW, 2)	/* IRQD_IRQ_INPROGRESS */ \
	X(PENDING, 2)	/* IRQS_PENDING */ \
	X(THREAD, 2)	/* oneshot threads */ \
	X(ACTIONS, 3)	/* on the line */ \
	X(SPURIOUS, 2)	/* IRQS_SPURIOUS_DISABLED */ \
	X(SUSPEND, 2)	/* IRQS_SUSPENDED */ \
	X(OFFLINE, 2)	/* IRQD_MANAGED_SHUTDOWN: all CPUs of a managed irq are offline */ \
	X(REPLAY, 2)	/* IRQS_REPLAY: sent again by software, and not come yet */ \
	X(WAKEUP, 2)	/* IRQD_WAKEUP_ARMED: its first interrupt ends system suspend */

#define IRQ_INPUTS(X) \
	X(SETUP, "joins the vector domain") \
	X(TEARDOWN, "leaves the vector domain") \
	X(STARTUP, "startup") \
	X(STARTUP_MANAGED, "startup of a managed irq") \
	X(SHUTDOWN, "shutdown") \
	X(FREE, "free_irq asked") \
	X(ACTION_ADDED, "action installed") \
	X(NOAUTOEN, "asked for, not to be enabled") \
	X(DEACTIVATED, "vector deactivated") \
	X(ENABLE, "enable") \
	X(DISABLE, "disable") \
	X(ENABLE_ASKED, "enable asked") \
	X(DISABLE_ASKED, "disable asked") \
	X(DEPTH_0, "depth seen 0") \
	X(DEPTH_1, "depth seen 1") \
	X(DEPTH_2, "depth seen 2") \
	X(DEPTH_MANY, "depth seen above 2") \
	X(MASK, "chip masks") \
	X(UNMASK, "chip unmasks") \
	X(CORE_MASK, "core masks") \
	X(CORE_UNMASK, "core unmasks") \
	X(FLOW, "flow handler") \
	X(FLOW_BUSY, "edge flow handler, in progress elsewhere") \
	X(FLOW_IGNORED, "level flow handler, in progress elsewhere") \
	X(ENTER, "action entered") \
	X(EXIT_NONE, "action returned none") \
	X(EXIT_HANDLED, "action returned handled") \
	X(EXIT_WAKE, "action woke its thread") \
	X(THREAD_DONE, "thread finished") \
	X(RESEND, "resent by software") \
	X(REPORTED, "reported as not handled") \
	X(SEE_ENABLED, "state word: enabled") \
	X(SEE_DISABLED, "state word: disabled") \
	X(SEE_MASKED, "state word: masked") \
	X(SEE_UNMASKED, "state word: not masked") \
	X(SEE_STARTED, "state word: started") \
	X(SEE_PENDING, "state word: pending") \
	X(SEE_NOT_PENDING, "state word: not pending") \
	X(SEE_SUSPENDED, "state word: suspended") \
	X(SEE_REPLAY, "state word: replay") \
	X(SEE_NOT_REPLAY, "state word: no replay") \
	X(SEE_OFFLINE, "state word: managed shutdown") \
	X(SEE_NOT_OFFLINE, "state word: no managed shutdown") \
	X(SEE_ARMED, "state word: wakeup armed") \
	X(SEE_NOT_ARMED, "state word: no wakeup armed") \
	X(SUSPEND, "irqs suspended") \
	X(RESUME, "irqs resumed") \
	X(LOST, "records lost")

enum irq_input {
#define X(sym, name) IRQ_##sym,
	IRQ_INPUTS(X)
#undef X
	NR_IRQ_INPUTS
};

enum irq_region {
#define X(sym, width) IRQ_REGION_##sym,
	IRQ_REGIONS(X)
#undef X
	NR_IRQ_REGIONS
};

enum irq_life {
	LIFE_ILLEGAL, LIFE_UNKNOWN, LIFE_ALLOCATED, LIFE_STARTING, LIFE_STARTED, LIFE_STOPPING, LIFE_SHUTDOWN, LIFE_GONE, NR_LIVES
};
enum irq_depth { DEPTH_ILLEGAL, DEPTH_UNKNOWN, DEPTH_0, DEPTH_1, DEPTH_2, DEPTH_MANY, NR_DEPTHS };
enum irq_actions { ACTIONS_ILLEGAL, ACTIONS_UNKNOWN, ACTIONS_NONE, ACTIONS_ONE, ACTIONS_MANY, NR_ACTION_COUNTS };

enum irq_effect {
	IRQ_EFFECT_NONE, IRQ_EFFECT_UNBALANCED, IRQ_EFFECT_HELD, IRQ_EFFECT_IN_USE, IRQ_EFFECT_RUNNING, NR_IRQ_EFFECTS
};

/* IRQD_* bits of the state word whose places have not moved since 4.15 (include/linux/irq.h). */
enum irqd_bits {
	IRQD_SETAFFINITY_PENDING = 1 << 8,
	IRQD_ACTIVATED = 1 << 9,
	IRQD_LEVEL = 1 << 13,
	IRQD_IRQ_DISABLED = 1 << 16,
	IRQD_IRQ_MASKED = 1 << 17,
	IRQD_IRQ_INPROGRESS = 1 << 18,
	IRQD_WAKEUP_ARMED = 1 << 19,
	IRQD_AFFINITY_MANAGED = 1 << 21,
	IRQD_IRQ_STARTED = 1 << 22,
	IRQD_CAN_RESERVE = 1 << 26,
	IRQD_MANAGED_SHUTDOWN = 1 << 23,
	IRQS_REPLAY = 0x40,	/* of the istate word (kernel/irq/internals.h) */
	IRQS_PENDING = 0x200,
	IRQS_SUSPENDED = 0x800,
};

enum { IRQF_SHARED = 0x80, IRQF_NO_AUTOEN = 0x80000 };	/* of an action's flags (include/linux/interrupt.h) */

struct irq_core {
	uint32_t bits;
};

extern const struct component irq_component;

unsigned irq_state(struct irq_core core, enum irq_region region);
void irq_step(struct irq_core *core, enum irq_input in, struct effects *out);

#endif
