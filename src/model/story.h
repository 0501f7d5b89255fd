/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What units do, told as events: as if a capture had recorded all of it. */
#ifndef IRQPATH_MODEL_STORY_H
#define IRQPATH_MODEL_STORY_H

#include <stdint.h>

#include "core/event.h"
#include "model/check.h"

/* Whose story it is. Places are those of struct unit; [0] is nowhere. */
struct story_cast {
	struct object_ref irq, feeder, function;	/* function: kind OBJ_NONE where there is none */
	struct object_ref xirq, pirq, port, gsi;	/* of Xen; kind OBJ_NONE likewise */
	struct object_ref vector_ref, vcpu;	/* of an interrupt that shares its CPU with others under Xen */
	enum path path;
	int32_t cpu[UNIT_MAX_CPUS + 1];		/* by place */
	int32_t vector[UNIT_MAX_CPUS + 1];	/* that the irq has there */
	unsigned nr_vectors;			/* of the function */
	unsigned freed;				/* place whose vector is freed, where one is */
	bool first;				/* of its function's units: tells what they share */
};

/*
 * What a record of an input would be: false where there is none. *row counts up from 0 to the next one, as some inputs
 * tell two. Time, actor and source are left to the caller; the text of via and strings is story_string()'s.
 */
bool story_event(const struct story_cast *cast, unsigned *row, const struct unit *before, const struct unit *after, unsigned role,
		 unsigned in, struct event *ev);

/* One input of the way. */
struct story_input {
	unsigned unit, cpu, role, in;
	uint32_t before, after;		/* the component's core; of the CPU's own where it is a local APIC's */
};

/* What hears of it, in the order of time. */
struct story_sink {
	void *ctx;
	/* the next operation begins */
	void (*step)(void *ctx, unsigned number, const struct check_step *step);
	void (*input)(void *ctx, const struct story_input *input);
	/* one event; ids in via and string arguments are those of story_string() */
	void (*event)(void *ctx, const struct event *ev);
};

/* Text of an event's string id; fits event_string_fn. */
const char *story_string(void *ctx, uint32_t source, uint32_t id);

/* Any function of the sink may be NULL. */
void story_tell(const struct check_options *opt, const struct check_result *result, const struct story_sink *sink);

/* Signals that every story of that part is recorded with: kind, witness and function; false behind the last one. */
bool story_signal(const struct path_part *part, unsigned number, enum event_kind *kind, enum witness *witness, const char **via);

#endif
