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
	int64_t owed_since_ns;
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
