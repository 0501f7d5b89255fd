/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line is handed out where it lies in the buffer; only what is left at the buffer's end is moved. Some places are kept
 * for seeking: of more lines than there are marks, every second mark is dropped.
 */
#include "ingest/lines.h"

#include <stdio.h>
#include <string.h>

#include "ingest/bincur.h"

enum { FIRST_STRIDE = 1024, PROGRESS_LINES = 1 << 15 };

void lines_init(struct lines *ls, const struct input *in)
{
	memset(ls, 0, offsetof(struct lines, buf));
	ls->in = in;
	ls->stride = FIRST_STRIDE;
	ls->line = ls->buf;
}

/* Moves what is left to a place in the buffer and reads on behind it; false where nothing more comes. */
static bool fill(struct lines *ls, size_t to)
{
	uint64_t left = ls->in->size_bytes > ls->pos ? ls->in->size_bytes - ls->pos : 0;
	size_t kept = ls->end - ls->at, room = sizeof(ls->buf) - 1 - to - kept;
	size_t len = left < room ? left : room;

	if (len > LINES_BLOCK_BYTES)
		len = LINES_BLOCK_BYTES;
	if (!len)
		return false;
	memmove(ls->buf + to, ls->buf + ls->at, kept);
	ls->at = to;
	ls->end = to + kept;
	if (!bincur_pread(ls->in->fd, ls->buf + ls->end, len, ls->pos)) {
		ls->failed = true;
		return false;
	}
	ls->pos += len;
	ls->end += len;
	return true;
}

/* Passes over the rest of a line that is too long; its beginning stays in front of the buffer. */
static void drop_rest(struct lines *ls)
{
	ls->at = ls->end = LINES_MAX_LINE + 1;
	for (;;) {
		char *end = memchr(ls->buf + ls->at, '\n', ls->end - ls->at);

		ls->at = end ? (size_t)(end - ls->buf) + 1 : ls->end;
		if (end || !fill(ls, LINES_MAX_LINE + 1))
			return;
	}
}

static void set_mark(struct lines *ls)
{
	if ((ls->nr - 1) % ls->stride || (ls->nr - 1) / ls->stride != ls->nr_marks)
		return;
	if (ls->nr_marks == LINES_MAX_MARKS) {
		for (unsigned i = 0; i < LINES_MAX_MARKS / 2; i++)
			ls->mark[i] = ls->mark[2 * i];
		ls->nr_marks = LINES_MAX_MARKS / 2;
		ls->stride *= 2;
	}
	if ((ls->nr - 1) / ls->stride == ls->nr_marks)
		ls->mark[ls->nr_marks++] = ls->line_pos;
}

static void take_line(struct lines *ls, size_t len)
{
	ls->nr++;
	ls->line_pos = ls->pos - (ls->end - ls->at);
	ls->line = ls->buf + ls->at;
	ls->has_end = true;
	ls->too_long = len > LINES_MAX_LINE;
	ls->unended = false;
	ls->len = ls->too_long ? LINES_MAX_LINE : len;
	set_mark(ls);
}

bool lines_next(struct lines *ls)
{
	size_t searched = 0;

	for (;;) {
		char *from = ls->buf + ls->at;
		char *end = memchr(from + searched, '\n', ls->end - ls->at - searched);

		if (end) {
			take_line(ls, end - from);
			ls->at += end - from + 1;
			break;
		}
		searched = ls->end - ls->at;
		if (searched > LINES_MAX_LINE) {
			take_line(ls, searched);
			memmove(ls->buf, from, LINES_MAX_LINE);
			ls->line = ls->buf;
			drop_rest(ls);
			break;
		}
		if (fill(ls, 0))
			continue;
		if (!searched || ls->failed)
			return false;
		take_line(ls, searched);
		ls->has_end = false;
		ls->at = ls->end;
		ls->unended = true;
		break;
	}
	ls->line[ls->len] = 0;
	return true;
}

bool lines_follow(struct lines *ls, const struct reader_host *host)
{
	if (ls->stopped || !lines_next(ls))
		return false;
	if (ls->nr % PROGRESS_LINES == 0)
		ls->stopped = host->sink->progress(host->sink->ctx, ls->nr) != 0;
	return true;
}

bool lines_seek(struct lines *ls, uint64_t nr)
{
	uint64_t i = nr ? (nr - 1) / ls->stride : 0;

	if (!nr)
		return false;
	if (i >= ls->nr_marks && ls->nr_marks)
		i = ls->nr_marks - 1;
	if (nr <= ls->nr || i * ls->stride > ls->nr) {
		ls->pos = ls->nr_marks ? ls->mark[i] : 0;
		ls->nr = ls->nr_marks ? i * ls->stride : 0;
		ls->at = ls->end = 0;
		ls->failed = false;
	}
	while (ls->nr < nr)
		if (!lines_next(ls))
			return false;
	return true;
}

bool lines_text(struct lines *ls, uint64_t nr, char *buf, size_t len)
{
	if (!len || !lines_seek(ls, nr))
		return false;
	snprintf(buf, len, "%s", ls->line);
	buf[strcspn(buf, "\r")] = 0;
	return true;
}
