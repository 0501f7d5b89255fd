/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A way through the states of a check, told as events: as if a capture had recorded everything that it did. */
#ifndef IRQPATH_MODEL_STORY_H
#define IRQPATH_MODEL_STORY_H

#include <stdint.h>

#include "core/event.h"
#include "model/check.h"

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
