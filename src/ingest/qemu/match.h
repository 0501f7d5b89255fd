/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in a line QEMU's log backend wrote an event, and its arguments out of the text. */
#ifndef IRQPATH_INGEST_QEMU_MATCH_H
#define IRQPATH_INGEST_QEMU_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/qemu/rows.h"

/* Borrowed, not terminated. */
struct qemu_text {
	const char *at;
	size_t len;
};

/* One event, whatever the backend. */
struct qemu_record {
	const struct qemu_row *row;
	bool has_time;
	int64_t t_ns;
	int64_t tid;		/* thread that wrote it, -1: not recorded */
	int64_t num[QEMU_MAX_FIELDS];		/* by field, where it is a number */
	struct qemu_text text[QEMU_MAX_FIELDS];	/* where it is text */
};

/* Event names. NULL where memory is short; free takes NULL. */
struct qemu_names;
struct qemu_names *qemu_names_new(void);
void qemu_names_free(struct qemu_names *names);

/* The first row of an event; further forms stand behind it. NULL: none. */
const struct qemu_row *qemu_names_find(const struct qemu_names *names, const char *name, size_t len);

/* Reads the arguments by any form of the row's event; sets row, num and text. False where no form fits the whole text. */
bool qemu_match_args(const struct qemu_row *row, const char *text, size_t len, struct qemu_record *rec);

/* The arguments as text, by the form of rec's row; cut where buf is short. */
void qemu_print_args(const struct qemu_record *rec, char *buf, size_t len);

/* Types of the fields, by the form: 's' is text, everything else a number. */
char qemu_field_type(const struct qemu_row *row, unsigned field);
unsigned qemu_nr_fields(const struct qemu_row *row);

enum qemu_found {
	QEMU_NOTHING,	/* no event: text of something else */
	QEMU_EVENT,	/* rec is filled */
	QEMU_OTHER,	/* an event that no row knows, or in an unknown form */
};

struct qemu_line {
	enum qemu_found found;
	size_t from;		/* what is in front is the end of another text */
	struct qemu_text name;	/* where an event was found */
	bool known_name;	/* its form is not */
};

enum { QEMU_MAX_TIDS = 4096 };

/* Reads lines one after another. */
struct qemu_finder {
	const struct qemu_names *names;	/* borrowed */
	uint32_t tid[QEMU_MAX_TIDS];	/* threads seen; 0: free */
	unsigned nr_tids;
	bool any_time;		/* an event had a time */
	char day[10];		/* the last date in an ISO stamp */
	int64_t day_ns;
};

void qemu_finder_init(struct qemu_finder *fi, const struct qemu_names *names);

/* rec is only touched where an event is found. The line need not be terminated. */
void qemu_find(struct qemu_finder *fi, const char *line, size_t len, struct qemu_line *out, struct qemu_record *rec);

#endif
