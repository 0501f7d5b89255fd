/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay: events in, derived rows out. The model holds the believed state of every object, compares each event with what
 * its tables allow, and records. It never prints and never judges. The same events give the same rows.
 */
#ifndef IRQPATH_MODEL_MODEL_H
#define IRQPATH_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/derived.h"
#include "core/diag.h"
#include "core/event.h"

struct coverage;
struct model;

struct model_options {
	/* Text of a string id; borrowed by the model for its life. */
	const char *(*string)(void *ctx, uint32_t source, str_id id);
	void *string_ctx;
	bool order_proven;	/* of events of different sources, so that what happened within what can be told */
	int64_t clock_slack_ns;	/* events of two sources may be so far out of order */
	int forced_path;	/* --path: enum path, or -1: from what the events show */
	struct whatif *whatif;	/* other quirks than recorded, and what came of it; NULL: as recorded */
	struct coverage *coverage;	/* notes which cells were exercised; NULL: not asked for */
};

/* sink and opt are borrowed for the model's life. NULL when memory is short. */
struct model *model_new(const struct model_options *opt, const struct derived_sink *sink, struct diag_sink *diag);
void model_free(struct model *m);

/*
 * The next event in the total order (time, source, ordinal, sub), its objects' machines resolved. False once the sink or
 * memory failed; later calls do nothing.
 */
bool model_event(struct model *m, const struct event *ev);

/*
 * From t_ns on nothing records what software does, as its traces have ended: what is owed then is written as at the end of
 * the capture, and nothing is known any more but what a platform's log goes on to show. Events that follow are later.
 */
void model_software_unrecorded(struct model *m, int64_t t_ns);

/* The end of the capture: open spans, obligations, links and all summaries are written. */
bool model_end(struct model *m);

#endif
