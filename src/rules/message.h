/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding in one sentence: who left what so, when, what should have followed, and who owed it. */
#ifndef IRQPATH_RULES_MESSAGE_H
#define IRQPATH_RULES_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/lost.h"

struct rule;
struct rule_signal;
struct store;

/*
 * What a rule's "says" may have in braces:
 *
 * title	the rule's
 * object	the finding's, with what it feeds and is fed by
 * who		that is to blame, or whoever could have done it where that is not recorded
 * owner	of the obligation that was not met: "the kernel"
 * when		"at 31.850690751", "at line 28" or "before the capture began"
 * lasted	", unfinished at end (14.4 s)" or ", for 3.2 s"; nothing where it has no length
 * lost		"; 2 notifications lost" of its device, "; no notification lost", and nothing where that is not known
 * since	", since 31.850690751" and lasted
 */
enum { MESSAGE_MAX_CONSEQUENCES = 4 };	/* that are named */

struct message {
	const struct rule *rule;
	int64_t object;			/* 0: the capture as a whole */
	int64_t start_ns, end_ns, capture_end_ns;	/* NO_TIME: unknown */
	int64_t software_end_ns;	/* from then on a platform's log alone went on; 0: it did not */
	uint64_t count;			/* repeats that it stands for */
	struct notifications lost;	/* of the device */
	const char *signature, *blame, *owner;	/* NULL: none */
	const char *could_have;		/* JSON array of layers, where blame is unrecorded; or NULL */
	const struct rule_signal *missing;
	unsigned nr_missing;
	const char *consequences;	/* the first of the findings that joined it; NULL: none */
	unsigned nr_consequences;	/* all of them */
};

/* The sentence, to be freed; NULL when memory is short. */
char *message_make(struct store *st, const struct message *msg);

/* What is wrong with such a text (static), or NULL. */
const char *message_check(const char *says);

#endif
