/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The environment of an interrupt under Xen: a vCPU of a domain, whether it runs (xen/include/public/vcpu.h, RUNSTATE_*), and
 * for whom it waits. A guest whose access to an emulated device is with its device model takes no interrupt until the
 * answer comes (xen/arch/x86/hvm/io.c, ioreq.c); the device model, a process of dom0, may itself wait for a device of dom0.
 *
 * The scheduler's records show the first, and, with why the guest was left last, who waits for its device model: Xen stops such
 * a vCPU in the middle of the access. Both change too often to be written down each time: what lasts is, and what is so at the
 * end of a capture. For what else a blocked vCPU waits nothing records: that is known in the bounded check alone.
 *
 * Whether an event is pending for it, and whether it takes upcalls, is in memory that it shares with Xen: a dump of key q shows
 * both, and what it does when it runs next nothing.
 *
 * Not modelled: domains with several vCPUs, of which another one could take the interrupt.
 */
#include "model/vcpu.h"

#define B(sym) (UINT64_C(1) << VCPU_##sym)
#define TO(sym, to) [VCPU_##sym] = { .next = (to) }

/* Shorter than any time-out of a driver. */
enum { BRIEF_NS = 100000000 };

enum {
#define X(sym, width) VCPU_##sym##_SHIFT, VCPU_##sym##_END = VCPU_##sym##_SHIFT + (width) - 1,
	VCPU_REGIONS(X)
#undef X
};

static const char *const run_names[NR_VCPU_RUNS] = { "illegal", "unknown", "running", "runnable", "blocked", "offline" };
static const char *const waits_names[NR_VCPU_WAITS] = { "illegal", "unknown", "nobody", "device model", "device" };
static const char *const bit_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const mask_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

/*
 * A vCPU that is woken while it runs goes on; records of other CPUs may come in any order. That one can run which was blocked or
 * offline is what "woken" says.
 */
#define RUN_ROW(woken) \
	{ TO(RUNS, VCPU_RUNNING), TO(PREEMPTED, VCPU_RUNNABLE), TO(BLOCKS, VCPU_BLOCKED), TO(WAKES, woken), \
	  TO(OFFLINE, VCPU_IS_OFFLINE), TO(LOST, VCPU_RUN_UNKNOWN) }

static const struct cell run_cells[NR_VCPU_RUNS][NR_VCPU_INPUTS] = {
	[VCPU_RUN_UNKNOWN] = RUN_ROW(VCPU_RUNNABLE), [VCPU_RUNNING] = RUN_ROW(VCPU_RUNNING),
	[VCPU_RUNNABLE] = RUN_ROW(VCPU_RUNNABLE), [VCPU_BLOCKED] = RUN_ROW(VCPU_RUNNABLE),
	[VCPU_IS_OFFLINE] = RUN_ROW(VCPU_RUNNABLE),
};

static const struct cell waits_cells[NR_VCPU_WAITS][NR_VCPU_INPUTS] = {
	[VCPU_WAITS_UNKNOWN] = {
		TO(ASKS_MODEL, VCPU_WAITS_MODEL), TO(ASKS_DEVICE, VCPU_WAITS_DEVICE), TO(ANSWERED, VCPU_WAITS_NOT),
		TO(LOST, VCPU_WAITS_UNKNOWN),
	},
	[VCPU_WAITS_NOT] = {
		TO(ASKS_MODEL, VCPU_WAITS_MODEL), TO(ASKS_DEVICE, VCPU_WAITS_DEVICE), TO(ANSWERED, VCPU_WAITS_NOT),
		TO(LOST, VCPU_WAITS_UNKNOWN),
	},
	[VCPU_WAITS_MODEL] = { TO(ANSWERED, VCPU_WAITS_NOT), TO(LOST, VCPU_WAITS_UNKNOWN) },
	[VCPU_WAITS_DEVICE] = { TO(ANSWERED, VCPU_WAITS_NOT), TO(LOST, VCPU_WAITS_UNKNOWN) },
};

#define SHARED_ROW(as_it_was) { TO(RUNS, BIT_UNKNOWN), TO(PREEMPTED, as_it_was), TO(LOST, BIT_UNKNOWN) }

static const struct cell shared_cells[NR_BIT_STATES][NR_VCPU_INPUTS] = {
	[BIT_UNKNOWN] = SHARED_ROW(BIT_UNKNOWN), [BIT_CLEAR] = SHARED_ROW(BIT_CLEAR), [BIT_SET] = SHARED_ROW(BIT_SET),
};

static const char *const input_names[NR_VCPU_INPUTS] = {
#define X(sym, name) [VCPU_##sym] = name,
	VCPU_INPUTS(X)
#undef X
};

static const struct region regions[NR_VCPU_REGIONS] = {
	[VCPU_REGION_RUN] = {
		.name = "run", .states = run_names, .nr_states = NR_VCPU_RUNS, .shift = VCPU_RUN_SHIFT, .width = 3,
		.brief_ns = BRIEF_NS, .silent = true, .cells = &run_cells[0][0],
		.listens = B(RUNS) | B(PREEMPTED) | B(BLOCKS) | B(WAKES) | B(OFFLINE) | B(LOST),
	},
	[VCPU_REGION_WAITS] = {
		.name = "waits_for", .states = waits_names, .nr_states = NR_VCPU_WAITS, .shift = VCPU_WAITS_SHIFT, .width = 3,
		.brief_ns = BRIEF_NS, .silent = true, .cells = &waits_cells[0][0],
		.listens = B(ASKS_MODEL) | B(ASKS_DEVICE) | B(ANSWERED) | B(LOST),
	},
	[VCPU_REGION_UPCALL] = {
		.name = "upcall_pending", .states = bit_names, .nr_states = NR_BIT_STATES, .shift = VCPU_UPCALL_SHIFT, .width = 2,
		.hot = true, .silent = true, .cells = &shared_cells[0][0], .listens = B(RUNS) | B(PREEMPTED) | B(LOST),
	},
	[VCPU_REGION_MASK] = {
		.name = "upcall_mask", .states = mask_names, .nr_states = NR_BIT_STATES, .shift = VCPU_MASK_SHIFT, .width = 2,
		.hot = true, .silent = true, .cells = &shared_cells[0][0], .listens = B(RUNS) | B(PREEMPTED) | B(LOST),
	},
};

const struct component vcpu_component = {
	.name = "vcpu", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_VCPU_REGIONS, .nr_inputs = NR_VCPU_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned vcpu_state(struct vcpu_core core, enum vcpu_region region)
{
	return core_get(core.bits, &regions[region]);
}

void vcpu_step(struct vcpu_core *core, enum vcpu_input in, struct effects *out)
{
	component_step(&vcpu_component, &core->bits, in, NULL, out);
}
