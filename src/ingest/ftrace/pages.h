/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One CPU's records of one buffer, from the ring-buffer pages as the kernel wrote them. Reads the file itself instead
 * of through tracecmd_read_data(): libtracecmd 1.3.1 keeps every uncompressed chunk until the file is closed and looks
 * each page up in a list of them, and trusts the lengths within a page. Here memory is one block or chunk per CPU, and
 * every length is checked against the page before use.
 */
#ifndef IRQPATH_INGEST_FTRACE_PAGES_H
#define IRQPATH_INGEST_FTRACE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/ftrace/walk.h"

struct page_record {
	uint64_t ts;		/* as recorded */
	uint64_t offset;	/* of its header: in the file, or in the uncompressed data laid end to end */
	const uint8_t *data;	/* borrowed until the stream is read again */
	uint32_t size;
	int64_t missed;		/* records lost before it on this CPU; -1: unknown number, 0: none */
};

enum pages_status { PAGES_RECORD, PAGES_END, PAGES_DAMAGED, PAGES_NO_MEMORY };

struct pages;

/* base: what offsets of compressed data start at. in and w are borrowed. NULL when memory is short. */
struct pages *pages_new(const struct input *in, const struct walk *w, const struct walk_buffer *buffer,
			const struct walk_cpu *cpu, uint64_t base, size_t block_bytes);
void pages_free(struct pages *pg);

/*
 * The next record. PAGES_DAMAGED: a page or chunk from pages_position() on cannot be understood and is passed over;
 * what it held is lost (missed is -1 with the next record), and reading may go on. Nothing follows PAGES_END.
 */
enum pages_status pages_next(struct pages *pg, struct page_record *rec);

/* True where records were lost behind the last one that was read. */
bool pages_missed(const struct pages *pg);

/* Where in the file the page or chunk lies that was read last. */
uint64_t pages_position(const struct pages *pg);

/*
 * Range of offsets of this CPU's records; to be called once, before the first is read. False where compressed data is
 * not laid out as it says; *bad_at is where. It is read up to there, and records are missed behind it.
 */
bool pages_extent(struct pages *pg, uint64_t *from, uint64_t *to, uint64_t *bad_at);

/* Starts over at the page that holds an offset of that range. */
bool pages_seek(struct pages *pg, uint64_t offset);

#endif
