/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * docs/transitions.tsv: every transition of the systems that the model is of, modelled or not. A modelled one names
 * where: "component.region: input, input" or "table.column: value" of the database, several separated by ";".
 */
#ifndef IRQPATH_CLI_TRANSITIONS_H
#define IRQPATH_CLI_TRANSITIONS_H

#include <stdbool.h>

#include "cli/tsv.h"

struct coverage;
struct store;

struct transition {
	const char *id, *section, *status, *where, *test;
	bool met;	/* some capture met one of the places */
};

struct transitions {
	struct tsv tsv;
	struct transition *row;	/* owned */
	unsigned nr;
};

/* Columns id, section, status, where, test; all but status may lack. False after a message. */
bool transitions_read(const char *path, struct transitions *out);
void transitions_fini(struct transitions *tr);

/* Rows of one section or status. */
struct share {
	unsigned rows, modelled, tested, met;	/* tested, met: of the modelled ones */
};

/* NULL: any section, any status. */
struct share transitions_count(const struct transitions *tr, const char *section, const char *status);

bool transition_is(const struct transition *tr, const char *status);
bool transition_tested(const struct transition *tr);

/* Notes which modelled transitions the capture in the database met: call it for every capture. */
void transitions_meet_store(struct transitions *tr, struct store *st);

/* The same for cells, after the last capture. */
void transitions_meet_cells(struct transitions *tr, const struct coverage *coverage);

#endif
