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

struct store;

enum { OP_MAX_RULES = 4, HEAD_MAX = 1024, BASE_MAX_SOURCES = 8, CHAIN_MAX = 64 };

/*
 * What is owed for longer than this must be found: twenty times the rules' grace. Times within: LATER is far behind any
 * deadline, SOON within the noise of a CPU's work.
 */
#define SETTLE_NS	INT64_C(1000000000)
#define LATER_NS	INT64_C(10000000000)
#define SOON_NS		INT64_C(50000)

/* What a base is recorded by; a set. */
enum recorded_by {
	BY_KERNEL = 1,		/* one kernel's trace, and nothing else */
	BY_XEN = 2,		/* Xen is below: by whatever */
	BY_PLATFORM = 4,	/* QEMU, or KVM as host, recorded the interrupt controllers */
};

/* One file of a base. */
struct origin {
	char *head;		/* lines about the source, owned */
	uint16_t machine;	/* MACHINE_HOST where nothing is said */
	uint8_t layer;
	bool timeless;
};

/* What feeds what, from when to when; INT64_MIN and INT64_MAX for the ends of the capture. */
struct base_link {
	struct object_ref feeder, fed;
	int64_t from_ns, to_ns;
};

struct base {
	char *name;		/* file name without its ending, owned */
	unsigned recorded_by;	/* enum recorded_by */
	unsigned nr_origins;
	struct origin origin[BASE_MAX_SOURCES];
	struct strtab *strings;	/* of all of them */
	struct event *ev;	/* merged; times are of the source's own clock; ordinal is 2 * index, so that there is room between */
	int64_t *at_ns;		/* the same moments on one clock, by index */
	unsigned nr;
	int64_t end_ns;		/* of what software did; a platform's log may go on */
	struct base_link *link;
	unsigned nr_links;
};

/* How the objects of a mutant differ in name only. */
struct renaming {
	int irq, vector, bus, xirq, pirq, port, domain;	/* added */
	unsigned pin, other_pin;	/* change places; the same: none do */
	bool swap_cpus;		/* 0 and 1 */
};

struct mutant {
	const struct base *base;
	struct event *ev;	/* kind EV_NONE: dropped */
	unsigned nr, room;
	uint64_t random;	/* state of random_next() */
	char head[HEAD_MAX];	/* more lines about each source that has times */
	uint8_t order[BASE_MAX_SOURCES];	/* sources of the base, from 1, in the order of the mutant's files; */
	unsigned nr_order;	/* 0: all, in the base's order */
	unsigned cut;		/* bit k: source k + 1 is not known to have recorded until any time */
	struct object_ref target;	/* what is broken, its machine known; OBJ_NONE: any object may be named */
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

#define FAIL(...)	.expect = EXPECT_FAIL, .rules = { __VA_ARGS__ }
#define ALSO(...)	.also = { __VA_ARGS__ }
#define NO_FAIL		.expect = EXPECT_NO_FAIL
#define SAME		.expect = EXPECT_SAME
#define QUIETER		.expect = EXPECT_QUIETER

/* name NULL ends each. */
extern const struct op linux_ops[], xen_ops[], qemu_ops[], neutral_ops[];

/* Operators of one kind of capture. */
struct op_group {
	const struct op *ops;
	unsigned on;		/* enum recorded_by: of all of these, */
	unsigned not_on;	/* and none of these */
};

extern const struct op_group op_groups[];	/* ops NULL ends it */

/* mutants_base.c: the event text of one capture, NAME.events and what stands beside it; the first limit events of it. */
bool base_read(struct base *b, const char *path, unsigned limit);
void base_free(struct base *b);

/* Once the store of the base's own analysis is there: the order and times of its events, and its links. */
bool base_settle(struct base *b, struct store *st, unsigned limit);

/* Writes a mutant as PATH.events, PATH.2.events, ...; comment may be "" or lines that begin with #. */
bool mutant_write(struct mutant *mu, const char *path, const char *comment);
void mutant_unlink(const struct base *b, const char *path);

/* splitmix64: neighbouring seeds give unrelated numbers. */
uint64_t random_next(uint64_t *state);
uint64_t random_below(uint64_t *state, uint64_t bound);

/* The name that an object of the base must have in the mutant. */
void renaming_apply(const struct renaming *map, struct object_ref *ref);

/* ---------------------------------------------------------------------- mutants_ops.c: what operators share */

int64_t arg_of(const struct event *ev, enum event_arg_id arg, int64_t otherwise);
const char *text_of(const struct base *b, const struct event *ev, enum event_arg_id arg);	/* "" where there is none */
bool via_is(const struct base *b, const struct event *ev, const char *name);
int64_t time_of(const struct base *b, unsigned i);	/* end_ns where there is no such */

/* The objects of an event with their machine, as the database names them. nr 0 is the first. */
struct object_ref object_at(const struct base *b, const struct event *ev, unsigned nr);
bool names_object(const struct base *b, const struct event *ev, struct object_ref ref);

/* The object of a kind that an event names; OBJ_NONE where it names none. */
struct object_ref named(const struct base *b, const struct event *ev, enum object_kind kind);

/* An interrupt: what feeds the object and what it feeds, at that time. */
struct chain {
	struct object_ref object[CHAIN_MAX];
	unsigned nr;
};

void chain_of(const struct base *b, struct object_ref ref, int64_t t_ns, struct chain *chain);
bool chain_has(const struct base *b, const struct chain *chain, const struct event *ev);
struct object_ref chain_find(const struct chain *chain, enum object_kind kind);	/* OBJ_NONE where there is none */

void aim_at(struct mutant *mu, struct object_ref ref, int64_t t_ns);
void declare(struct mutant *mu, const char *line);
void move_event(struct event *ev, int64_t t_ns, uint64_t ordinal);

/* A new event of the source of event i, so much later than it in that source's clock; nobody is recorded to have done it. */
struct event *insert_later(struct mutant *mu, unsigned i, int64_t later_ns, enum event_kind kind, enum witness witness,
			   const char *via);
str_id intern(struct mutant *mu, const char *text);

bool at_start(const struct base *b, unsigned i);

#endif
