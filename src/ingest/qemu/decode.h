/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's trace events into the project's, one at a time, whatever the backend that recorded them. */
#ifndef IRQPATH_INGEST_QEMU_DECODE_H
#define IRQPATH_INGEST_QEMU_DECODE_H

#include <stddef.h>

#include "core/event.h"
#include "ingest/qemu/match.h"
#include "ingest/reader.h"

enum { QEMU_MAX_EVENTS = 7 };	/* one more fits into a record */

struct qemu_decoder;

/* path and host are borrowed; path is for messages. NULL when memory is short; free takes NULL. */
struct qemu_decoder *qemu_decoder_new(const char *path, const struct reader_host *host);
void qemu_decoder_free(struct qemu_decoder *dc);

/* As reader_ops.shows. */
bool qemu_shows(unsigned i, struct reader_shows *out);

/*
 * Tells a sink what the events can show: complete from the first of each on, as one that is on is always written. machine:
 * whose they are, where another's than the source's.
 */
void qemu_decoder_tell_signals(const struct qemu_decoder *dc, const struct source_sink *sink, uint16_t machine);

/*
 * Makes an event in another machine's source that machine's: its objects, or the machine as a whole where it names none and
 * its kind has no better. False where it would be taken for the source's own.
 */
bool qemu_event_of(struct event *ev, uint16_t machine);

/*
 * The events that a record makes, none where it only tells what later ones are about. Their sub counts up; ordinal, offset
 * and times are left to the caller.
 */
unsigned qemu_decode(struct qemu_decoder *dc, const struct qemu_record *rec, struct event out[QEMU_MAX_EVENTS]);

/*
 * The same from the text of one event, "NAME ARGUMENTS", as the ftrace backend hands it to the kernel; a line end may
 * follow. tid: of the writer, -1: not recorded. 0 where it is no known event.
 */
unsigned qemu_decode_text(struct qemu_decoder *dc, const char *text, size_t len, int64_t tid,
			  struct event out[QEMU_MAX_EVENTS]);

/* Counts records that no row knows. form: the name is known, the form of the arguments is not. */
void qemu_count_other(struct qemu_decoder *dc, struct qemu_text name, bool form, uint64_t nr);

/* Records are missing here: what the machine's registers hold, and what threads were about, is not known any more. */
void qemu_decoder_lost(struct qemu_decoder *dc);

const struct qemu_names *qemu_decoder_names(const struct qemu_decoder *dc);

/* After the last record: tells host the counts by name. */
void qemu_decoder_end(struct qemu_decoder *dc);

#endif
