/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of one CPU: its windows, one behind the other (xen/common/trace.c). A record is a header word (id in bits
 * 0-27, number of words in 28-30, bit 31: a TSC follows), the TSC and the words; nothing tells its length but itself.
 */
#ifndef IRQPATH_INGEST_XENTRACE_STREAM_H
#define IRQPATH_INGEST_XENTRACE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/reader.h"
#include "ingest/xentrace/windows.h"

enum {
	RECORD_MAX_WORDS = 7,
	RECORD_MAX_BYTES = 4 + 8 + 4 * RECORD_MAX_WORDS,
	ID_LOST_RECORDS = 0x1f001,
	ID_WRAP_BUFFER = 0x1f002,
	ID_CPU_CHANGE = 0x1f003,
	ID_IRQ_HANDLED = 0x802008,
};

struct xen_record {
	uint32_t header;
	unsigned nr_words;
	uint32_t word[RECORD_MAX_WORDS];
	uint64_t tsc;		/* as recorded; of a record without one, of the one before it on the CPU */
	uint64_t lo, hi;	/* cycles between which it took effect, counted on where a TSC began anew; hi never falls */
	uint64_t offset;	/* in the file */
	bool hole;		/* records before it are missing; of lost ones a record of their own tells */
};

static inline uint32_t record_id(const struct xen_record *rec)
{
	return rec->header & 0x0fffffff;
}

static inline bool record_is_timed(uint32_t header)
{
	return header >> 31;
}

/*
 * All streams of a file. A TSC that falls far begins an epoch: a reboot, a suspend, captures in a row. The first CPU
 * that comes to an epoch says how much is added to it, so that time goes on from the latest one known.
 */
enum { MAX_EPOCHS = 256 };

struct stream_shared {
	const struct input *in;
	struct diag_sink *diag;
	struct window_queue *queue;
	bool big_endian;
	bool incomplete;	/* damage was reported */
	bool all_holed;		/* whose records were passed over is unknown: each stream is to have a hole */
	uint64_t latest;	/* of all streams' hi */
	uint64_t nr_windows;	/* taken */
	uint64_t epoch_shift[MAX_EPOCHS];	/* modulo 2^64 */
	unsigned nr_epochs;	/* that a stream has come to; the first one's shift is 0 */
};

struct stream;

/* NULL: no memory. shared is borrowed. */
struct stream *stream_new(struct stream_shared *shared, uint32_t cpu, size_t block_bytes);
void stream_free(struct stream *st);	/* accepts NULL */

/* The next record; false at the CPU's end. Damage is reported and passed over. */
bool stream_next(struct stream *st, struct xen_record *rec);

/* Says that records were passed over before the next one. */
void stream_set_hole(struct stream *st);

/* At the end: whether records behind the last one are missing. */
bool stream_ends_in_hole(const struct stream *st);

/* window.nr_breaks of its last window. */
uint32_t stream_breaks(const struct stream *st);

/* The record at an offset within a window, without its time; false where there is none. */
bool record_at(const struct stream_shared *shared, const struct window *win, uint64_t offset, struct xen_record *rec);

uint32_t stream_cpu(const struct stream *st);
uint64_t stream_position(const struct stream *st);

/* hi of the last record; false where there was none. */
bool stream_last(const struct stream *st, uint64_t *hi);

#endif
