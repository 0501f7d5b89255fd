/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Linux irq descriptor (kernel/irq/chip.c, manage.c, handle.c, spurious.c, cpuhotplug.c, pm.c); its vector is a
 * component of its own.
 *
 * Life: the vector domain sets the irq up parked on vector 239; request_irq() assigns a vector and starts it, free_irq()
 * shuts it down and parks it again; tear-down ends it, and the number may come back as another irq. A managed irq whose
 * CPUs are all offline is not started by its startup call: it counts as started once it is enabled, unmasked or runs.
 *
 * disable_irq() only counts: the chip is masked when the next interrupt arrives (lazy disable), which is then pending;
 * enable_irq() at depth 1 unmasks and resends. Calls that are only asked for change the depth at once; where the state
 * word or the depth itself is recorded, that is believed instead.
 *
 * The core's own masked bit follows mask_irq() and unmask_irq(), but moves and CPU hotplug call the chip directly and
 * leave it alone: after a chip call it is unknown until a state word shows it.
 *
 * When the last CPU of a managed irq goes offline the irq is shut down and marked (IRQD_MANAGED_SHUTDOWN); it is
 * started again when one of them comes back. System suspend disables every irq that is not marked as needed for it,
 * lazily: the mask bit does not change. An irq that runs meanwhile was not suspended. One that may wake the system is
 * armed instead: its first interrupt is held pending, disables it and ends the suspend (irq_pm_check_wakeup()).
 *
 * An interrupt that comes while another CPU still runs the handler: an edge is held pending, masked, and that CPU runs
 * the actions once more (from 6.17 on the new CPU of a move waits instead, and runs them itself); a level line is only
 * acknowledged. One that software sends again is marked until it comes (IRQS_REPLAY).
 *
 * Not modelled here: per-CPU irqs, NMIs, forced threading.
 */
#include "model/irq.h"

#define B(sym) (UINT64_C(1) << IRQ_##sym)

enum {
#define X(sym, width) IRQ_##sym##_SHIFT, IRQ_##sym##_END = IRQ_##sym##_SHIFT + (width) - 1,
	IRQ_REGIONS(X)
#undef X
};

static const char *const life_names[NR_LIVES] = {
	"illegal", "unknown", "allocated", "starting", "started", "stopping", "shutdown", "gone",
};
static const char *const depth_names[NR_DEPTHS] = { "illegal", "unknown", "0", "1", "2", "many" };
static const char *const masked_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const flow_names[NR_BIT_STATES] = { "illegal", "unknown", "idle", "running" };
static const char *const flag_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const actions_names[NR_ACTION_COUNTS] = { "illegal", "unknown", "none", "one", "many" };
static const char *const thread_names[NR_BIT_STATES] = { "illegal", "unknown", "idle", "woken" };

/* Guards: the core as it was before the input. */
enum { GUARD_ALWAYS, GUARD_HELD, GUARD_ARMED, GUARD_OFFLINE, NR_GUARDS };

static bool guard_armed(uint32_t core, const void *view)
{
	(void)view;
	return (core >> IRQ_WAKEUP_SHIFT & 3) == BIT_SET;
}

static bool guard_held(uint32_t core, const void *view)
{
	unsigned depth = core >> IRQ_DEPTH_SHIFT & 7;

	return depth == DEPTH_1 || depth == DEPTH_2 || depth == DEPTH_MANY || guard_armed(core, view);
}

static bool guard_offline(uint32_t core, const void *view)
{
	(void)view;
	return (core >> IRQ_OFFLINE_SHIFT & 3) == BIT_SET;
}

static const guard_fn guards[NR_GUARDS] = {
	[GUARD_HELD] = guard_held, [GUARD_ARMED] = guard_armed, [GUARD_OFFLINE] = guard_offline,
};
static const char *const guard_names[NR_GUARDS] = { "", "disabled", "wakeup armed", "managed shutdown" };
static const char *const effect_names[NR_IRQ_EFFECTS] = {
	"", "unbalanced enable", "interrupt held pending", "torn down while in use", "deactivated while its handler runs",
};

#define TO(sym, to) [IRQ_##sym] = { .next = (to) }

/* Everything that only a running irq does: it is started, whatever was believed. */
#define RUNS \
	TO(ENABLE, LIFE_STARTED), TO(UNMASK, LIFE_STARTED), TO(ENTER, LIFE_STARTED), TO(SEE_STARTED, LIFE_STARTED)

/* The kernel stops there (BUG, later a warning) where an action is still installed. */
#define TORN_DOWN_IN_USE [IRQ_TEARDOWN] = { .next = LIFE_GONE, .effect = IRQ_EFFECT_IN_USE }

static const struct cell life_cells[NR_LIVES][NR_IRQ_INPUTS] = {
	[LIFE_UNKNOWN] = {
		TO(SETUP, LIFE_ALLOCATED), TO(TEARDOWN, LIFE_GONE), TO(STARTUP, LIFE_STARTED), TO(STARTUP_MANAGED, LIFE_STARTING),
		TO(SHUTDOWN, LIFE_SHUTDOWN), TO(FREE, LIFE_UNKNOWN), RUNS, TO(LOST, LIFE_UNKNOWN),
	},
	[LIFE_ALLOCATED] = {
		TO(TEARDOWN, LIFE_GONE), TO(STARTUP, LIFE_STARTED), TO(STARTUP_MANAGED, LIFE_STARTING),
		TO(SHUTDOWN, LIFE_SHUTDOWN), TO(FREE, LIFE_ALLOCATED), RUNS, TO(LOST, LIFE_UNKNOWN),
	},
	[LIFE_STARTING] = {
		TORN_DOWN_IN_USE, TO(STARTUP, LIFE_STARTED), TO(STARTUP_MANAGED, LIFE_STARTING),
		TO(SHUTDOWN, LIFE_SHUTDOWN), TO(FREE, LIFE_STOPPING), RUNS, TO(LOST, LIFE_UNKNOWN),
	},
	[LIFE_STARTED] = {
		/* enable_irq() goes through irq_startup() again */
		TORN_DOWN_IN_USE, TO(STARTUP, LIFE_STARTED), TO(STARTUP_MANAGED, LIFE_STARTED),
		TO(SHUTDOWN, LIFE_SHUTDOWN), TO(FREE, LIFE_STOPPING), RUNS, TO(LOST, LIFE_UNKNOWN),
	},
	[LIFE_STOPPING] = {
		/* other actions of a shared line go on */
		TO(TEARDOWN, LIFE_GONE), TO(STARTUP, LIFE_STARTED), TO(STARTUP_MANAGED, LIFE_STARTING),
		TO(SHUTDOWN, LIFE_SHUTDOWN), TO(FREE, LIFE_STOPPING), RUNS, TO(SEE_STARTED, LIFE_STOPPING), TO(LOST, LIFE_UNKNOWN),
	},
	[LIFE_SHUTDOWN] = {
		/* the started bit is cleared last; a handler that had passed its check may still be entered */
		TO(TEARDOWN, LIFE_GONE), TO(STARTUP, LIFE_STARTED), TO(STARTUP_MANAGED, LIFE_STARTING),
		TO(SHUTDOWN, LIFE_SHUTDOWN), TO(FREE, LIFE_SHUTDOWN), RUNS, TO(ENTER, LIFE_SHUTDOWN),
		TO(SEE_STARTED, LIFE_SHUTDOWN), TO(LOST, LIFE_UNKNOWN),
	},
	[LIFE_GONE] = { TO(SETUP, LIFE_ALLOCATED), TO(LOST, LIFE_GONE) },
};

/* What is recorded of the depth is believed in every state. */
#define DEPTH_SEEN \
	TO(DEPTH_0, DEPTH_0), TO(DEPTH_1, DEPTH_1), TO(DEPTH_2, DEPTH_2), TO(DEPTH_MANY, DEPTH_MANY), TO(SEE_ENABLED, DEPTH_0), \
	TO(STARTUP, DEPTH_0), TO(STARTUP_MANAGED, DEPTH_0), TO(ENABLE, DEPTH_0), TO(SETUP, DEPTH_1), \
	TO(NOAUTOEN, DEPTH_1), TO(LOST, DEPTH_UNKNOWN)

#define DEPTH_WAKES(as_it_was) [IRQ_FLOW] = { .next = DEPTH_1, .guard = GUARD_ARMED, .otherwise = as_it_was }

/* Managed shutdown forgets how deep the driver had disabled it up to 6.15, and counts one more since. */
#define DEPTH_SHUTS [IRQ_SHUTDOWN] = { .next = DEPTH_MANY, .guard = GUARD_OFFLINE, .otherwise = DEPTH_1 }

static const struct cell depth_cells[NR_DEPTHS][NR_IRQ_INPUTS] = {
	[DEPTH_UNKNOWN] = {
		DEPTH_SEEN, DEPTH_WAKES(DEPTH_UNKNOWN), DEPTH_SHUTS,
		TO(DISABLE, DEPTH_MANY), TO(DISABLE_ASKED, DEPTH_MANY), TO(ENABLE_ASKED, DEPTH_UNKNOWN),
		TO(SEE_DISABLED, DEPTH_MANY),
	},
	[DEPTH_0] = {
		DEPTH_SEEN, DEPTH_WAKES(DEPTH_0), TO(SHUTDOWN, DEPTH_1),
		TO(DISABLE, DEPTH_1), TO(DISABLE_ASKED, DEPTH_1), TO(SEE_DISABLED, DEPTH_MANY),
		[IRQ_ENABLE_ASKED] = { .next = DEPTH_0, .effect = IRQ_EFFECT_UNBALANCED },
	},
	[DEPTH_1] = {
		DEPTH_SEEN, DEPTH_WAKES(DEPTH_1), DEPTH_SHUTS,
		TO(DISABLE, DEPTH_1), TO(DISABLE_ASKED, DEPTH_2), TO(ENABLE_ASKED, DEPTH_0), TO(SEE_DISABLED, DEPTH_1),
	},
	[DEPTH_2] = {
		DEPTH_SEEN, DEPTH_WAKES(DEPTH_2), DEPTH_SHUTS,
		TO(DISABLE, DEPTH_2), TO(DISABLE_ASKED, DEPTH_MANY), TO(ENABLE_ASKED, DEPTH_1), TO(SEE_DISABLED, DEPTH_2),
	},
	[DEPTH_MANY] = {
		DEPTH_SEEN, DEPTH_WAKES(DEPTH_MANY), DEPTH_SHUTS,
		TO(DISABLE, DEPTH_MANY), TO(DISABLE_ASKED, DEPTH_MANY), TO(ENABLE_ASKED, DEPTH_UNKNOWN),
		TO(SEE_DISABLED, DEPTH_MANY),
	},
};

/* What arrives while the irq is disabled or has no action, or an edge that is in progress, leaves it masked. */
#define MASKED_ROW(as_it_was, after_mask) \
	{ [IRQ_FLOW] = { .next = BIT_SET, .guard = GUARD_HELD, .otherwise = as_it_was }, TO(FLOW_BUSY, BIT_SET), \
	  TO(SETUP, BIT_SET), TO(MASK, after_mask), TO(UNMASK, BIT_CLEAR), TO(CORE_MASK, BIT_SET), TO(CORE_UNMASK, BIT_CLEAR), \
	  TO(SEE_MASKED, BIT_SET), TO(SEE_UNMASKED, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell masked_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = MASKED_ROW(BIT_UNKNOWN, BIT_UNKNOWN), [BIT_CLEAR] = MASKED_ROW(BIT_CLEAR, BIT_UNKNOWN),
	[BIT_SET] = MASKED_ROW(BIT_SET, BIT_SET),
};

/* A disabled irq runs nothing; what is in progress elsewhere runs there. */
#define FLOW_RUNS(as_it_was) \
	[IRQ_FLOW] = { .next = as_it_was, .guard = GUARD_HELD, .otherwise = BIT_SET }, TO(FLOW_BUSY, BIT_SET), \
	TO(FLOW_IGNORED, BIT_SET), TO(ENTER, BIT_SET), TO(LOST, BIT_UNKNOWN)
#define FLOW_ENDS TO(EXIT_NONE, BIT_CLEAR), TO(EXIT_HANDLED, BIT_CLEAR), TO(EXIT_WAKE, BIT_CLEAR)

static const struct cell flow_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	/* per-CPU irqs run on several CPUs at once: an end while idle is the end of another CPU's run */
	[BIT_UNKNOWN] = { FLOW_RUNS(BIT_UNKNOWN), FLOW_ENDS, TO(DEACTIVATED, BIT_CLEAR) },
	[BIT_CLEAR] = { FLOW_RUNS(BIT_CLEAR), FLOW_ENDS, TO(DEACTIVATED, BIT_CLEAR) },
	[BIT_SET] = {
		/* free_irq() waits for the handlers (synchronize_irq()); the end of one may not have been recorded */
		FLOW_RUNS(BIT_SET), FLOW_ENDS, [IRQ_DEACTIVATED] = { .next = BIT_CLEAR, .effect = IRQ_EFFECT_RUNNING },
	},
};

#define PENDING_ROW(as_it_was) \
	{ TO(SETUP, BIT_CLEAR), TO(ENTER, BIT_CLEAR), TO(RESEND, BIT_CLEAR), TO(SEE_PENDING, BIT_SET), TO(SEE_NOT_PENDING, BIT_CLEAR), \
	  TO(LOST, BIT_UNKNOWN), TO(FLOW_IGNORED, as_it_was), \
	  [IRQ_FLOW_BUSY] = { .next = BIT_SET, .effect = IRQ_EFFECT_HELD }, \
	  [IRQ_FLOW] = { .next = BIT_SET, .guard = GUARD_HELD, .otherwise = as_it_was, .effect = IRQ_EFFECT_HELD } }

static const struct cell pending_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = PENDING_ROW(BIT_UNKNOWN), [BIT_CLEAR] = PENDING_ROW(BIT_CLEAR), [BIT_SET] = PENDING_ROW(BIT_SET),
};

#define THREAD_ROW \
	{ TO(SETUP, BIT_CLEAR), TO(EXIT_WAKE, BIT_SET), TO(THREAD_DONE, BIT_CLEAR), TO(SHUTDOWN, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell thread_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = THREAD_ROW, [BIT_CLEAR] = THREAD_ROW, [BIT_SET] = THREAD_ROW,
};

/* Vectors are set up without any action; how many a capture did not see installed is unknown. */
#define ACTIONS_SEEN TO(SETUP, ACTIONS_NONE), TO(LOST, ACTIONS_UNKNOWN)

static const struct cell actions_cells[NR_ACTION_COUNTS][NR_IRQ_INPUTS] = {
	[ACTIONS_UNKNOWN] = {
		ACTIONS_SEEN, TO(ACTION_ADDED, ACTIONS_UNKNOWN), TO(FREE, ACTIONS_UNKNOWN), TO(ENTER, ACTIONS_UNKNOWN),
	},
	[ACTIONS_NONE] = {
		/* an action that runs was installed unseen */
		ACTIONS_SEEN, TO(ACTION_ADDED, ACTIONS_ONE), TO(FREE, ACTIONS_NONE), TO(ENTER, ACTIONS_UNKNOWN),
	},
	[ACTIONS_ONE] = {
		ACTIONS_SEEN, TO(ACTION_ADDED, ACTIONS_MANY), TO(FREE, ACTIONS_NONE), TO(ENTER, ACTIONS_ONE),
	},
	[ACTIONS_MANY] = {
		ACTIONS_SEEN, TO(ACTION_ADDED, ACTIONS_MANY), TO(FREE, ACTIONS_UNKNOWN), TO(ENTER, ACTIONS_MANY),
	},
};

#define SPURIOUS_ROW \
	{ TO(SETUP, BIT_CLEAR), TO(REPORTED, BIT_SET), TO(STARTUP, BIT_CLEAR), TO(ENABLE, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell spurious_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = SPURIOUS_ROW, [BIT_CLEAR] = SPURIOUS_ROW, [BIT_SET] = SPURIOUS_ROW,
};

/* An irq that runs while all were suspended is one that suspend leaves alone (IRQF_NO_SUSPEND, IRQF_EARLY_RESUME). */
#define SUSPEND_ROW \
	{ TO(SETUP, BIT_CLEAR), TO(SUSPEND, BIT_SET), TO(RESUME, BIT_CLEAR), TO(ENTER, BIT_CLEAR), \
	  TO(SEE_SUSPENDED, BIT_SET), TO(LOST, BIT_UNKNOWN) }

static const struct cell suspend_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = SUSPEND_ROW, [BIT_CLEAR] = SUSPEND_ROW, [BIT_SET] = SUSPEND_ROW,
};

#define OFFLINE_ROW(as_it_was) \
	{ TO(SETUP, BIT_CLEAR), TO(SEE_OFFLINE, BIT_SET), TO(SEE_NOT_OFFLINE, BIT_CLEAR), TO(STARTUP, BIT_CLEAR), \
	  /* starts it where one of its CPUs is online, else sets the bit */ \
	  TO(STARTUP_MANAGED, BIT_UNKNOWN), TO(ENABLE, BIT_CLEAR), TO(UNMASK, BIT_CLEAR), TO(ENTER, BIT_CLEAR), \
	  TO(SHUTDOWN, as_it_was), TO(LOST, BIT_UNKNOWN) }

static const struct cell offline_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = OFFLINE_ROW(BIT_UNKNOWN),
	[BIT_CLEAR] = OFFLINE_ROW(BIT_CLEAR),
	[BIT_SET] = OFFLINE_ROW(BIT_SET),
};

#define WAKEUP_ROW(as_it_was) \
	{ TO(SETUP, BIT_CLEAR), TO(SEE_ARMED, BIT_SET), TO(SEE_NOT_ARMED, BIT_CLEAR), TO(RESUME, BIT_CLEAR), \
	  TO(FLOW, as_it_was), TO(ENTER, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell wakeup_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = WAKEUP_ROW(BIT_UNKNOWN), [BIT_CLEAR] = WAKEUP_ROW(BIT_CLEAR),
	/* it wakes the system once */
	[BIT_SET] = WAKEUP_ROW(BIT_CLEAR),
};

/* handle_edge_irq() clears it at once, handle_fasteoi_irq() only where the irq may run. */
#define REPLAY_ROW(as_it_was) \
	{ TO(SETUP, BIT_CLEAR), TO(RESEND, BIT_SET), TO(FLOW, BIT_CLEAR), TO(FLOW_BUSY, BIT_CLEAR), \
	  TO(FLOW_IGNORED, as_it_was), TO(ENTER, BIT_CLEAR), TO(SEE_REPLAY, BIT_SET), TO(SEE_NOT_REPLAY, BIT_CLEAR), \
	  TO(LOST, BIT_UNKNOWN) }

static const struct cell replay_cells[NR_BIT_STATES][NR_IRQ_INPUTS] = {
	[BIT_UNKNOWN] = REPLAY_ROW(BIT_UNKNOWN), [BIT_CLEAR] = REPLAY_ROW(BIT_CLEAR), [BIT_SET] = REPLAY_ROW(BIT_SET),
};

static const char *const input_names[NR_IRQ_INPUTS] = {
#define X(sym, name) [IRQ_##sym] = name,
	IRQ_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, bits, ...) \
	[IRQ_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = IRQ_##sym##_SHIFT, .width = bits, __VA_ARGS__ }

static const struct region regions[NR_IRQ_REGIONS] = {
	REGION(LIFE, "life", life_names, NR_LIVES, 3, .cells = &life_cells[0][0],
	       .listens = B(SETUP) | B(TEARDOWN) | B(STARTUP) | B(STARTUP_MANAGED) | B(SHUTDOWN) | B(FREE) | B(ENABLE) | B(UNMASK) |
			  B(ENTER) | B(SEE_STARTED) | B(LOST)),
	REGION(DEPTH, "depth", depth_names, NR_DEPTHS, 3, .cells = &depth_cells[0][0],
	       .listens = B(SETUP) | B(STARTUP) | B(STARTUP_MANAGED) | B(SHUTDOWN) | B(ENABLE) | B(DISABLE) | B(ENABLE_ASKED) |
			  B(DISABLE_ASKED) | B(NOAUTOEN) | B(FLOW) | B(DEPTH_0) | B(DEPTH_1) | B(DEPTH_2) | B(DEPTH_MANY) | B(SEE_ENABLED) |
			  B(SEE_DISABLED) | B(LOST)),
	REGION(MASKED, "masked", masked_names, NR_BIT_STATES, 2, .cells = &masked_cells[0][0],
	       .listens = B(SETUP) | B(FLOW) | B(FLOW_BUSY) | B(MASK) | B(UNMASK) | B(CORE_MASK) | B(CORE_UNMASK) |
			  B(SEE_MASKED) | B(SEE_UNMASKED) | B(LOST)),
	REGION(FLOW, "flow", flow_names, NR_BIT_STATES, 2, .cells = &flow_cells[0][0], .hot = true,
	       .listens = B(FLOW) | B(FLOW_BUSY) | B(FLOW_IGNORED) | B(ENTER) | B(EXIT_NONE) | B(EXIT_HANDLED) | B(EXIT_WAKE) |
			  B(DEACTIVATED) | B(LOST)),
	REGION(PENDING, "pending", flag_names, NR_BIT_STATES, 2, .cells = &pending_cells[0][0], .hot = true,
	       .listens = B(SETUP) | B(ENTER) | B(RESEND) | B(FLOW) | B(FLOW_BUSY) | B(FLOW_IGNORED) | B(SEE_PENDING) |
			  B(SEE_NOT_PENDING) | B(LOST)),
	REGION(THREAD, "thread", thread_names, NR_BIT_STATES, 2, .cells = &thread_cells[0][0], .hot = true,
	       .listens = B(SETUP) | B(EXIT_WAKE) | B(THREAD_DONE) | B(SHUTDOWN) | B(LOST)),
	REGION(ACTIONS, "actions", actions_names, NR_ACTION_COUNTS, 3, .cells = &actions_cells[0][0], .hot = true,
	       .listens = B(SETUP) | B(ACTION_ADDED) | B(FREE) | B(ENTER) | B(LOST)),
	REGION(SPURIOUS, "spurious_disabled", flag_names, NR_BIT_STATES, 2, .cells = &spurious_cells[0][0],
	       .listens = B(SETUP) | B(REPORTED) | B(STARTUP) | B(ENABLE) | B(LOST)),
	REGION(SUSPEND, "suspended", flag_names, NR_BIT_STATES, 2, .cells = &suspend_cells[0][0],
	       .listens = B(SETUP) | B(SUSPEND) | B(RESUME) | B(ENTER) | B(SEE_SUSPENDED) | B(LOST)),
	REGION(OFFLINE, "managed_shutdown", flag_names, NR_BIT_STATES, 2, .cells = &offline_cells[0][0],
	       .listens = B(SETUP) | B(SEE_OFFLINE) | B(SEE_NOT_OFFLINE) | B(STARTUP) | B(STARTUP_MANAGED) | B(ENABLE) |
			  B(UNMASK) | B(ENTER) | B(SHUTDOWN) | B(LOST)),
	REGION(REPLAY, "replay", flag_names, NR_BIT_STATES, 2, .cells = &replay_cells[0][0], .hot = true,
	       .listens = B(SETUP) | B(RESEND) | B(FLOW) | B(FLOW_BUSY) | B(FLOW_IGNORED) | B(ENTER) | B(SEE_REPLAY) |
			  B(SEE_NOT_REPLAY) | B(LOST)),
	REGION(WAKEUP, "wakeup_armed", flag_names, NR_BIT_STATES, 2, .cells = &wakeup_cells[0][0],
	       .listens = B(SETUP) | B(SEE_ARMED) | B(SEE_NOT_ARMED) | B(RESUME) | B(FLOW) | B(ENTER) | B(LOST)),
};

const struct component irq_component = {
	.name = "irq", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_IRQ_REGIONS, .nr_inputs = NR_IRQ_INPUTS, .nr_effects = NR_IRQ_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned irq_state(struct irq_core core, enum irq_region region)
{
	return core_get(core.bits, &regions[region]);
}

void irq_step(struct irq_core *core, enum irq_input in, struct effects *out)
{
	component_step(&irq_component, &core->bits, in, NULL, out);
}
