/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * docs/transitions.tsv: every transition of the systems that the model is of, modelled or not. A modelled one names
 * where: "component.region: input, input" or "table.column: value" of the database, several separated by ";".
 */
#ifndef IRQPATH_CLI_TRANSITIONS_H
#define IRQPATH_CLI_TRANSITIONS_H

#include <stdbool.h>

struct coverage;
struct store;

enum { TRANSITIONS_MAX = 1 << 14 };

struct transition {
	char *line;	/* owned; the others point into it */
	const char *id, *section, *status, *where, *test;
	bool met;	/* some capture met one of the places */
};

struct transitions {
	struct transition *row;	/* owned */
	unsigned nr, cap;
};

/*
 * Columns are found by the names in the first line that is no comment: id, section, status, where, test; others may be
 * there, and all but status may lack. False after a message: the file cannot be read, or has no column "status".
 */
bool transitions_read(const char *path, struct transitions *out);
void transitions_fini(struct transitions *tr);

bool transition_is(const struct transition *tr, const char *status);
bool transition_tested(const struct transition *tr);

/* Notes which modelled transitions the capture in the database met: call it for every capture. */
void transitions_meet_store(struct transitions *tr, struct store *st);

/* The same for cells, after the last capture. */
void transitions_meet_cells(struct transitions *tr, const struct coverage *coverage);

#endif
