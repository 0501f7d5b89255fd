/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes through a reader, as the reader process would: only well-formed events in order may come out. */
#ifndef IRQPATH_TESTS_FUZZ_READER_H
#define IRQPATH_TESTS_FUZZ_READER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/chunk.h"
#include "ingest/drive.h"
#include "ingest/readers.h"

struct fuzz_run {
	struct diag_sink diag;
	struct chunk_reader *chunks;
	uint64_t offset;	/* of the last event */
	unsigned nr_ends;
};

static inline int fuzz_info(void *ctx, const struct source_info *info)
{
	(void)ctx;
	return info->layer >= NR_LAYERS || !machine_valid(info->machine) ? abort(), 1 : 0;
}

static inline int fuzz_string(void *ctx, str_id id, const char *text, size_t len_bytes)
{
	(void)ctx;
	(void)id;
	return text[len_bytes] ? abort(), 1 : 0;
}

static inline int fuzz_chunk(void *ctx, const uint8_t *bytes, size_t len_bytes)
{
	struct fuzz_run *run = ctx;
	enum chunk_status status;
	struct event ev;

	chunk_reader_start(run->chunks, bytes, len_bytes, 1);
	while ((status = chunk_reader_next(run->chunks, &ev)) == CHUNK_EVENT)
		run->offset = ev.offset;
	return status == CHUNK_DAMAGED ? abort(), 1 : 0;
}

static inline int fuzz_signal(void *ctx, const struct source_signal *signal)
{
	(void)ctx;
	return signal->kind >= NR_EVENT_KINDS ? abort(), 1 : 0;
}

static inline int fuzz_record_kind(void *ctx, const struct record_kind *rk)
{
	(void)ctx;
	return rk->kept > rk->count ? abort(), 1 : 0;
}

static inline int fuzz_progress(void *ctx, uint64_t offset)
{
	(void)ctx;
	(void)offset;
	return 0;
}

static inline int fuzz_end(void *ctx, const struct source_end *end)
{
	struct fuzz_run *run = ctx;

	run->nr_ends++;
	return end->kept > end->records * 8 + 8 * 4096 ? abort(), 1 : 0;
}

/* What a reader must never do: make events that are none, in an order that is none. */
static inline void fuzz_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)pos;
	if (code == DIAG_BAD_RECORD && strstr(text, "makes no well-formed event"))
		abort();
}

static inline int fuzz_reader(const struct reader_ops *ops, const uint8_t *data, size_t len)
{
	struct input in = { .path = "fuzz", .fd = memfd_create("fuzz", MFD_CLOEXEC), .size_bytes = len };
	struct fuzz_run run = { .diag = { .fn = fuzz_diag } };
	struct source_sink sink = {
		.ctx = &run, .info = fuzz_info, .string = fuzz_string, .signal = fuzz_signal, .chunk = fuzz_chunk,
		.record_kind = fuzz_record_kind, .progress = fuzz_progress, .end = fuzz_end,
	};
	struct drive *dr;
	char text[256];

	if (in.fd < 0 || write(in.fd, data, len) != (ssize_t)len)
		abort();
	in.keep_all = len % 2;
	run.chunks = chunk_reader_new();
	if (len && ops->probe(data, len)) {
		dr = drive_new(ops, &in, &sink, &run.diag);
		drive_run(dr);
		drive_text(dr, run.offset, text, sizeof(text));
		drive_free(dr);
		if (run.nr_ends != 1)
			abort();
	}
	chunk_reader_free(run.chunks);
	close(in.fd);
	return 0;
}

#endif
