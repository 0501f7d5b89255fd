/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records into events, by the rows of rows.c. Fields are looked up once for each event format; a record costs one look
 * into a table by its type, and nothing more where no row wants it.
 */
#ifndef IRQPATH_INGEST_FTRACE_DECODE_H
#define IRQPATH_INGEST_FTRACE_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "ingest/ftrace/pages.h"
#include "ingest/ftrace/special.h"
#include "ingest/reader.h"

struct tep_event;
struct tep_handle;
struct decode;

struct decode_options {
	struct symbols symbols;		/* find NULL: those of tep */
	enum signal_basis probe_basis;	/* of the signals of probes: declared where the source defines them */
	bool lossy;			/* records do not have all fields of their event: what lacks is not remarked */
};

/* tep, w, in and host are borrowed. Tells host the signals of the tracepoints. NULL when memory is short. */
struct decode *decode_new(struct tep_handle *tep, const struct walk *w, const struct decode_options *opt,
			  const struct input *in, const struct reader_host *host);
void decode_free(struct decode *d);

/* One more format of tep, which came after decode_new(). False when memory is short. */
bool decode_add(struct decode *d, struct tep_event *format);

/* Does a target (enum row_target) take text? A handler and a thread function take either. */
bool decode_wants_text(unsigned to);

/*
 * True where the record is an event; ordinal, offset and times are left to the caller. Tells host the signals of a
 * probe with its first record.
 */
bool decode_record(struct decode *d, const struct page_record *rec, int cpu, struct event *ev);

/* Where the record of the last event tells a second one: true, and ev is that; its place is that of first. */
bool decode_second(const struct decode *d, const struct event *first, struct event *ev);

/* After the last record: record kinds, signals of probes that never fired, records that were too short. */
void decode_end(struct decode *d);

/* Records that did not hold what their format says; not zero: something is missing. */
uint64_t decode_nr_bad(const struct decode *d);

#endif
