/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One finding, told in full: its sentence, the evidence as recorded, what the path and the obligation should have shown
 * against what was recorded, the state of every object of the way just before and at the fault. Reads the public tables.
 */
#ifndef IRQPATH_REPORT_EXPLAIN_H
#define IRQPATH_REPORT_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "report/path.h"

struct store;

/* Every hop, the claims of the actions, and what an obligation has to tell. */
enum { EXPLAIN_MAX_STEPS = PATH_MAX_HOPS + 5, EXPLAIN_LINE_MAX = 512 };

enum explain_match {
	MATCH_YES,		/* seen as expected */
	MATCH_NO,		/* seen otherwise, or not at all although it would have been recorded */
	MATCH_NONE,		/* nothing came from the fault on */
	MATCH_UNKNOWN,		/* not recorded */
};

/* One thing that the model expected: a hop of the path or a part of the obligation. */
struct explain_step {
	bool duty;		/* of the obligation */
	char expected[128];
	char seen[EXPLAIN_LINE_MAX];
	enum explain_match match;
	int64_t t_ns, event;	/* that the seen ends with; NO_TIME, 0: none */
};

/* A field of an object of the way. "" is unknown. */
struct explain_state {
	const struct path_member *member;
	char component[PATH_WORD_MAX], field[PATH_WORD_MAX], before[PATH_WORD_MAX], at[PATH_WORD_MAX];
	int64_t since_ns, since_event;	/* of the value at the fault; NO_TIME, 0: from before the capture */
};

struct explain {
	struct store *store;
	char id[24], rule[64], severity[16], path[32];
	int64_t object;		/* 0: the capture as a whole */
	int64_t obligation;	/* 0: none */
	char hop[64];		/* "": none */
	bool not_software;	/* no layer of software can have done it */
	int64_t fault_ns;	/* the state is told just before and at that time; NO_TIME: from before the capture */
	struct path_view *pv;	/* owned, the way of the object's interrupt; NULL: no object */
	struct explain_step step[EXPLAIN_MAX_STEPS];
	unsigned nr_steps;
	struct explain_state state[PATH_MAX_STATES];
	unsigned nr_states;
	bool more_states;
};

/* A known bug that the finding's rule decides: texts are borrowed. */
struct explain_bug {
	const char *id, *title, *fixed_in;
};

/* What comes from outside the database. */
struct explain_context {
	struct record_texts texts;
	const struct explain_bug *bug;
	unsigned nr_bugs;
};

/* finding: its id as in table finding, which must be there. NULL at failure, reported, or when memory is short. */
struct explain *explain_new(struct store *st, const char *finding);
void explain_free(struct explain *ex);

const char *explain_match_name(enum explain_match match);

/* False where the database could not be read, which has been reported. */
bool explain_write_text(const struct explain *ex, const struct explain_context *ctx, const struct report_options *opt,
			FILE *out);
bool explain_write_json(const struct explain *ex, const struct explain_context *ctx, FILE *out);

/*
 * The finding's own row: id, fingerprint, rule, rev, severity, title, object's name, path, layer, blame, could_have, count,
 * start_ns, end_ns, hop, message, why, mend, refs, machine, driver. Its evidence: role, path and position of the source,
 * ordinal, 1 where the position is a line, cpu, time, text, event. Parameter :id.
 */
extern const char explain_finding_sql[], explain_evidence_sql[];

#endif
