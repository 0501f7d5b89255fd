/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Broken files through the reader, the model and the rules in one process, by the thousand. A base is a good capture;
 * what is run is a base cut or mutated, which follows from the base's bytes and one number alone.
 */
#ifndef IRQPATH_TESTS_HOSTILE_H
#define IRQPATH_TESTS_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rules;

struct base {
	const char *path;	/* borrowed */
	uint8_t *bytes;		/* owned */
	size_t len;
	size_t symbols;		/* where the section of kallsyms lies in a trace.dat; 0: in none */
};

/* Finds what struct base says about the file's structure. */
void base_look(struct base *b);

enum breakage { BREAK_CUT, BREAK_MUTATE };

struct broken {
	const struct base *base;
	enum breakage how;
	uint64_t number;	/* the length that is left, or what the mutation follows from */
};

enum { BROKEN_MORE_BYTES = 4096 };	/* what a mutation may add */

/* buf has room for base->len + BROKEN_MORE_BYTES. Returns the length. */
size_t broken_make(const struct broken *br, uint8_t *buf);

/* What one run came to. */
enum result {
	RESULT_REFUSED,		/* no event read, and it was said why */
	RESULT_INCOMPLETE,	/* part was read, and it was said why the rest was not */
	RESULT_COMPLETE,	/* all was read */
	RESULT_CLEAN, RESULT_FINDINGS, RESULT_NOT_JUDGED, RESULT_PARTLY,	/* a whole analysis, by exit status */
	RESULT_FAILED,		/* what must not be; the reason has been said */
	NR_RESULTS
};

extern const char *const result_names[NR_RESULTS];

/* Reads and replays the bytes, and checks what comes out. *why is what RESULT_FAILED means. */
enum result hostile_read(int fd, const char **why);

/* The same as a user would have it: with the database, the rules and a report. isolated: in a reader process. */
enum result hostile_analyze(int fd, const struct rules *rules, bool isolated, const char **why);

#endif
