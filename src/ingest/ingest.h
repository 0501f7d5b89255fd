/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading one source, isolated or not, into a sink. The only face of src/ingest that the rest of the tree sees. */
#ifndef IRQPATH_INGEST_INGEST_H
#define IRQPATH_INGEST_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "ingest/source.h"

struct reader_ops;

struct ingest_options {
	bool in_process;		/* --in-process: no reader process, no filter */
	bool keep_all;
	uint64_t tsc_hz;		/* --tsc-hz; 0: unknown */
	bool kill_on_forbidden;		/* a forbidden system call ends the reader instead of failing: for tests */
	const struct reader_ops *const *readers;	/* NULL: reader_table */
	unsigned hang_seconds;		/* no sign of life for so long: given up. 0: the default, 60 */
	uint64_t max_unpacked_bytes;	/* of a compressed file. 0: the default (unpack.h) */
};

struct ingest;

/*
 * Opens the file, unpacks it where it is compressed, finds its format by content and starts its reader. NULL at failure,
 * reported through diag.
 * path is borrowed until ingest_stop().
 */
struct ingest *ingest_start(const char *path, const struct ingest_options *opt, struct diag_sink *diag);

/*
 * Reads to the end into the sink; sink->end has been called when this returns, whatever happened. Returns true where
 * all of the source was read. A sink that returns non-zero ends it with false.
 */
bool ingest_run(struct ingest *in, const struct source_sink *sink);

/*
 * The record at an event's offset as its format's own tool prints it, control characters still in it. After
 * ingest_run(). False where the reader is gone or cannot.
 */
bool ingest_text(struct ingest *in, uint64_t offset, char *buf, size_t len);

/* Ends the reader and frees; accepts NULL. */
void ingest_stop(struct ingest *in);

#endif
