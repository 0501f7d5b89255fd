/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Obligations while they are open. Each object holds the duties that it is owed; the parts of the model say after every
 * change how things stand (struct claim), and this file keeps the time and writes the row when it is over.
 */
#ifndef IRQPATH_MODEL_DUTY_H
#define IRQPATH_MODEL_DUTY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/derived.h"

struct model;

enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

/* False is less than unknown is less than true. */
static inline enum truth truth_and(enum truth a, enum truth b)
{
	return a < b ? a : b;
}

struct duty {
	struct obligation_row row;
	bool open;
	bool owed;		/* now; else excused for a while */
	bool hot;		/* comes with every interrupt: only counted where it is met in time */
	int64_t owed_since_ns;
};

/* A hot duty that is met later than this is written like any other. */
enum { DUTY_LATE_NS = 10000000 };

/* How long the duties of one kind took that were met: counts by size, four steps an octave. */
struct duty_stats {
	const char *kind;	/* NULL: unused */
	uint64_t met, count[256];
	int64_t max_ns;
};

/* How an obligation stands now. Texts are static. */
struct claim {
	const char *kind;
	uint32_t object;
	const char *owner;
	int64_t cause_event;	/* what brought the state about that must end */
	bool due;		/* that state is there */
	const char *met_by;	/* what ends it */
	enum truth owed;	/* must it end now? False: excused, as long as there is no final excuse */
	const char *final;	/* why it need never end any more, NULL: it must */
};

/* Opens, excuses, resumes or closes the duty as the claim says. */
void duty_follow(struct model *m, struct duty *duty, const struct claim *claim);

/* The same for a duty that comes with every interrupt. */
void duty_follow_hot(struct model *m, struct duty *duty, const struct claim *claim);

/* Writes what was only counted. */
void duty_write_stats(struct model *m);

/* This event should have brought it about. */
void duty_expected(struct model *m, struct duty *duty);

/* This event is an interrupt that was held back meanwhile. */
void duty_missed(struct model *m, struct duty *duty);

/* Records were lost from then on: what became of it is not known. */
void duty_lost(struct model *m, struct duty *duty, int64_t gap_from_ns);

/* It is over, for a reason that no claim tells. */
void duty_end(struct model *m, struct duty *duty, enum ending ending, const char *ended_by);

/* The capture or the object ends: open, or excused where it was not owed just then. */
void duty_finish(struct model *m, struct duty *duty, const char *excuse);

#endif
