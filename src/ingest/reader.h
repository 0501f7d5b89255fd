/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader turns one format into events in time order and knows nothing else: no store, no model, no other source. It
 * runs in a process of its own (isolate.c), so it may use libraries that were not built for hostile input.
 */
#ifndef IRQPATH_INGEST_READER_H
#define IRQPATH_INGEST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/event.h"
#include "core/strtab.h"
#include "ingest/source.h"

/*
 * The file under the reader, unpacked where it was compressed (unpack.c). path is for messages only: a reader works on
 * fd, which stays the caller's.
 */
struct input {
	const char *path;
	int fd;
	uint64_t size_bytes;
	bool cut;		/* was compressed and could not be unpacked to its end, which has been reported */
	uint64_t tsc_hz;	/* --tsc-hz: of clocks that count cycles and do not say how fast; 0: unknown */
	bool keep_all;		/* --keep all: decode records that the model has no use for, too */
};

/* What a reader may tell besides events. Calls are cheap and may come at any time between open and close. */
struct reader_host {
	struct diag_sink *diag;
	struct strtab *strings;	/* every str_id of the reader's events comes from here */
	/*
	 * info (once, in open), signal, record_kind and progress only; events go through next(). progress is the sign
	 * of life while records yield no events: due every 100,000 records; non-zero asks the reader to end.
	 */
	const struct source_sink *sink;
};

enum read_status { READ_EVENT, READ_END, READ_FAILED };

struct reader;

/* What records of one name show. */
struct reader_shows {
	const char *record;	/* "irq:irq_handler_entry", a function, a log's event */
	enum event_kind kind;
	enum witness witness;
	bool complete;		/* every such fact is recorded */
	bool probe;		/* only where somebody put a probe there */
};

struct reader_ops {
	const char *name;	/* as in sources[].kind of the report */
	enum layer layer;	/* the layer that records */
	const char *about;	/* which files these are, in a few words; NULL: the name says it */

	/*
	 * The i-th of all that the format's decoders can show, for docs/captures.md; false where there are no more. NULL:
	 * the format may hold anything. One record may stand several times.
	 */
	bool (*shows)(unsigned i, struct reader_shows *out);

	/* 0 no .. 100 certain, from the first bytes of the file. No side effects. */
	int (*probe)(const uint8_t *head, size_t len);

	/*
	 * The same for a directory, of which nothing is read but names; NULL: the format is a file. in->fd is then that
	 * of the directory, and size_bytes 0.
	 */
	bool (*probe_directory)(int dir_fd);

	/*
	 * Before the process is confined: loads code that open() needs, and looks at no input. NULL: nothing to do. What
	 * it could not do, open() finds missing.
	 */
	bool (*prepare)(void);

	/* NULL at failure, which has been reported. */
	struct reader *(*open)(const struct input *in, const struct reader_host *host);

	/*
	 * The next event, in time order, its ordinal, offset and objects set, source and sub left alone where they are
	 * 0. READ_FAILED: the rest cannot be read, which has been reported; what came before is good. Nothing follows
	 * READ_END or READ_FAILED.
	 */
	enum read_status (*next)(struct reader *rd, struct event *ev);

	/* Records read so far, and how far in the file: for progress and for the last good position. */
	void (*position)(const struct reader *rd, uint64_t *records, uint64_t *offset);

	/*
	 * When the last record was made that has been read, an event or not, as next() has times: until then the source
	 * recorded. NULL: when the last event was.
	 */
	int64_t (*until_ns)(const struct reader *rd);

	/* Records lost, as the file says. NULL: the sum over lost events. */
	uint64_t (*lost)(const struct reader *rd);

	/*
	 * The record at an offset that an event carried, as its format's own tool prints it; without a line end. May be
	 * called after READ_END. False where it cannot be had.
	 */
	bool (*text)(struct reader *rd, uint64_t offset, char *buf, size_t len);

	void (*close)(struct reader *rd);	/* accepts NULL */

	/*
	 * System calls beyond those that every reader has (confine.c), -1 terminated; NULL: none. openat stands for
	 * opening and mapping files below the input, which is a directory then, for reading.
	 */
	const int *syscalls;
};

/* All formats; NULL terminated. A new format is a row here and a file. */
extern const struct reader_ops *const reader_table[];

#endif
