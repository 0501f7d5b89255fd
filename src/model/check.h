/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bounded check: every state that a small configuration of a path can reach, breadth first, with its invariants
 * tested in each. What is explored is one device (one line) with all its units: as long as devices share no state, the
 * product of several alike has no other states than the combinations of those of one.
 */
#ifndef IRQPATH_MODEL_CHECK_H
#define IRQPATH_MODEL_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/unit.h"

enum { CHECK_MAX_UNITS = 8, CHECK_MAX_STEPS = 4096 };

struct check_options {
	const struct path_part *part;
	struct quirks quirks;
	unsigned units;			/* vectors of the device; the part's own number where its units share a CPU, else 1 */
	unsigned cpus;
	const char *invariant;		/* only this one; NULL: all */
	uint64_t max_states;
	uint8_t without;		/* enum operation_help: "deliverable" even if these do nothing more */
	uint8_t waiting;		/* of "deliverable": only these units, a bit each; 0: all */
	void (*progress)(void *ctx, uint64_t states, unsigned depth);	/* NULL: none; now and then */
	void *progress_ctx;
};

/* One operation of the way to a state. */
struct check_step {
	const struct operation *operation;
	uint8_t unit, cpu;		/* unit: 0 for a function's operation; cpu: where it is done on one */
};

enum check_outcome { CHECK_CLEAN, CHECK_VIOLATED, CHECK_BOUND, CHECK_FAILED };

struct check_result {
	enum check_outcome outcome;
	const char *failure;		/* static text, where CHECK_FAILED */
	const struct invariant *broken;	/* where CHECK_VIOLATED */
	unsigned unit;			/* whose */
	uint64_t states, transitions;
	uint32_t unit_states;		/* different ones of a single unit */
	unsigned depth, key_bytes, state_bytes;	/* of a stored state: key, and with its way back */
	uint64_t memory_bytes;
	int64_t elapsed_ns, cpu_ns;
	struct check_step steps[CHECK_MAX_STEPS];	/* shortest way there */
	unsigned nr_steps;
};

/* Runs to the first violation, the whole space or the bound. */
void check_run(const struct check_options *opt, struct check_result *result);

/* The units as they begin. */
void check_start(const struct path_part *part, struct quirks quirks, struct unit *units, unsigned nr_units);

/*
 * The ring of members that wait for each other where a result's way ends, in the order of waiting, the first of them the
 * interrupt that cannot be delivered or what that leads to: how many, 0 where there is none.
 */
enum { CHECK_MAX_RING = 16 };
unsigned check_ring(const struct check_options *opt, const struct check_result *result, struct path_wait ring[CHECK_MAX_RING]);

/* Does one step of a result's way again on all units; engine's log hears of every input, after at_unit() said of which unit. */
void check_replay_step(const struct unit_engine *engine, struct unit *units, unsigned nr_units, const struct check_step *step,
		       void (*at_unit)(void *ctx, unsigned unit), void *ctx);

#endif
