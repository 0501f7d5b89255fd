/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a text file, one block of it in memory, whatever its length. */
#ifndef IRQPATH_INGEST_LINES_H
#define IRQPATH_INGEST_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/reader.h"

enum { LINES_MAX_LINE = 64 << 10, LINES_BLOCK_BYTES = 64 << 10, LINES_MAX_MARKS = 1024 };

struct lines {
	const struct input *in;	/* borrowed */
	char *line;		/* the current one, NUL instead of its end; may be written to; until the next call */
	size_t len;
	uint64_t nr;		/* of the current line, from 1; 0: none yet */
	bool has_end;		/* it had a line end */
	bool too_long;		/* what is behind LINES_MAX_LINE was dropped */
	bool unended;		/* the file ends within it: it may be cut */
	bool failed;		/* the file could not be read on */
	bool stopped;		/* who was told of progress asked for the end */

	/* private */
	uint64_t pos;		/* behind what is in buf */
	size_t at, end;		/* in buf */
	uint64_t line_pos;	/* of the current line */
	uint64_t mark[LINES_MAX_MARKS];	/* where line 1 + i * stride begins */
	uint64_t stride;
	unsigned nr_marks;
	char buf[LINES_MAX_LINE + LINES_BLOCK_BYTES + 1];
};

void lines_init(struct lines *ls, const struct input *in);

/* The next line; false at the end of the file, or where it cannot be read on. */
bool lines_next(struct lines *ls);

/* The same, telling the host of progress now and then; false also where it asks for the end. */
bool lines_follow(struct lines *ls, const struct reader_host *host);

/* Makes line nr the current one, by reading on from the nearest place known; false where there is none such. */
bool lines_seek(struct lines *ls, uint64_t nr);

/* Copies line nr, as its reader's text(); cut to len bytes, without a carriage return at its end. False where there is none such. */
bool lines_text(struct lines *ls, uint64_t nr, char *buf, size_t len);

#endif
