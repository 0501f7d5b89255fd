/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings while they are collected: shared by finding.c and join.c. */
#ifndef IRQPATH_RULES_FINDING_H
#define IRQPATH_RULES_FINDING_H

#include "rules/fingerprint.h"
#include "rules/judge.h"

struct finding {
	struct fingerprint fp;
	const struct rule *rule;
	enum rule_severity severity;
	enum path path;
	int64_t object;
	int64_t first_event, last_event, start_ns, end_ns;
	char *layer, *signature, *blame;	/* owned */
	struct evidence *evidence;		/* owned */
	struct rule_signal *missing;		/* owned */
	unsigned nr_evidence, nr_missing;
	uint64_t count;
	char *consequences;			/* owned: those that joined it, as words; NULL: none */
	unsigned nr_consequences;
};

struct findings {
	struct finding *finding;
	size_t nr, room;
	size_t dropped;		/* over FINDINGS_MAX */
};

void finding_fini(struct finding *f);

/*
 * One cause, one finding: what fails because of the same record as another finding, of another rule, on an object nearer
 * to the device, joins that one. False when memory is short or the database cannot be read.
 */
bool findings_join(struct findings *fs, struct store *st);

#endif
