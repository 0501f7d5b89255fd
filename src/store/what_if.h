/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Table "what_if": which other behaviours were tried against a finding, and what came of it. */
#ifndef IRQPATH_STORE_WHAT_IF_H
#define IRQPATH_STORE_WHAT_IF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/derived.h"
#include "core/diag.h"

struct store;

struct what_if_row {
	const char *finding;	/* its id */
	const char *quirks;	/* JSON array: ["NAME=on", "NAME=off"] */
	const char *since;	/* releases and commits that they stand for */
	const char *basis;	/* how their recorded settings are known: seen, inferred, unknown */
	bool fixes;		/* the finding is not there, and nothing new is wrong with its object */
	uint32_t recomputed;	/* responses added or left out; 0: it changes nothing in this capture */
	int64_t ends_ns;	/* the finding is there, and ends then, earlier than recorded; NO_TIME: it does not */
	int64_t valid_to_ns;	/* NO_TIME: to the end */
};

/*
 * Empties the table; of a database that is finished, a table beside it takes its place. Rows may then be written, until
 * the end. False at failure, reported.
 */
bool store_what_if_begin(struct store *st);
bool store_what_if_end(struct store *st);
bool store_what_if(struct store *st, const struct what_if_row *row);

/* A temporary database with the same facts and nothing derived, to be written anew. NULL at failure, reported. */
struct store *store_copy(struct store *from, struct diag_sink *diag);

#endif
