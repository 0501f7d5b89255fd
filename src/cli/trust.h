/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the model and the rules have been held against: recorded tables of docs/, each written by the target of the
 * Makefile that its first line names.
 *
 * captures.tsv	capture, kind (good, faulty), modelled, met, unexpected; "all" is all of a kind together
 * mutation.tsv	rule, mutants, right, inconclusive, missed, wrong, changed
 * snapshots.tsv	capture, field, compared, agreed
 * checks.tsv	check, bounds, invariant, states, depth, result (clean, violated, bound)
 */
#ifndef IRQPATH_CLI_TRUST_H
#define IRQPATH_CLI_TRUST_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/tsv.h"

struct transitions;

enum trust_table { TRUST_CAPTURES, TRUST_MUTATION, TRUST_SNAPSHOTS, TRUST_CHECKS, NR_TRUST_TABLES };

struct trust {
	const struct transitions *transitions;	/* borrowed */
	struct tsv table[NR_TRUST_TABLES];
	bool recorded[NR_TRUST_TABLES];		/* the table is there */
};

/* dir: where the tables are. One that is not there is not recorded. False after a message. */
bool trust_read(struct trust *trust, const char *dir, const struct transitions *transitions);
void trust_fini(struct trust *trust);

/* Nothing recorded speaks against it: no unexpected step on a good capture, no fault passed over, no invariant violated. */
bool trust_is_sound(const struct trust *trust);

void trust_text(const struct trust *trust, FILE *out);
void trust_json(const struct trust *trust, FILE *out);

#endif
