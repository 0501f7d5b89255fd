/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutations of good captures. A base is the event text of a capture in which nothing is wrong; a mutant is the same
 * with one fact dropped, moved, altered or added, and with what that fact would have made impossible left out (an entry
 * that stays masked delivers nothing). An operator says how, and which verdict must follow.
 */
#ifndef IRQPATH_TESTS_MUTANTS_H
#define IRQPATH_TESTS_MUTANTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "core/strtab.h"

enum { OP_MAX_RULES = 4, HEAD_MAX = 1024 };

struct base {
	char *name;		/* file name without its ending, owned */
	char *head;		/* lines about the source, owned */
	struct strtab *strings;
	struct event *ev;	/* in the order of time; ordinal is 2 * index, so that there is room between */
	unsigned nr;
};

/* How the objects of a mutant differ in name only. */
struct renaming {
	int irq, vector, bus;	/* added */
	bool swap_cpus;		/* 0 and 1 */
};

struct mutant {
	const struct base *base;
	struct event *ev;	/* kind EV_NONE: dropped */
	unsigned nr, room;
	uint64_t random;	/* state of random_next() */
	char head[HEAD_MAX];	/* more lines about the source */
	struct object_ref target;	/* what is broken; OBJ_NONE: any object may be named */
	int64_t t_ns;		/* when target must be alive */
	struct renaming renaming;
};

enum expectation {
	EXPECT_FAIL,		/* a right rule fails on the target, or cannot tell */
	EXPECT_DOUBT,		/* a right rule must not tell: the capture ends too early */
	EXPECT_NO_FAIL,		/* nothing may fail, whatever else changes */
	EXPECT_QUIETER,		/* each verdict stays or becomes inconclusive */
	EXPECT_SAME,		/* each verdict stays */
};

struct op {
	const char *name;
	const char *what;	/* one line */
	enum expectation expect;
	const char *rules[OP_MAX_RULES];	/* one of them must fail, on the target or what it feeds or is fed by */
	const char *also[OP_MAX_RULES];	/* may fail there, too */
	const char *doubt;	/* why inconclusive is the right verdict at times; NULL: it is a weak one */
	bool (*applies)(const struct base *b, unsigned i);	/* to event i */
	void (*mutate)(struct mutant *mu, unsigned i);	/* index in base and in the mutant are the same */
};

extern const struct op mutant_ops[];	/* name NULL ends it */

/* splitmix64: neighbouring seeds give unrelated numbers. */
uint64_t random_next(uint64_t *state);
uint64_t random_below(uint64_t *state, uint64_t bound);

/* The name that an object of the base must have in the mutant. */
void renaming_apply(const struct renaming *map, struct object_ref *ref);

#endif
