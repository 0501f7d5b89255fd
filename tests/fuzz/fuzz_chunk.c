/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chunk from anywhere: only valid events come out, damage is final, and what comes out goes in again unchanged. */
#include <stdlib.h>

#include "core/chunk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_same(const uint8_t *bytes, size_t len_bytes, const struct event *ev)
{
	struct chunk_reader *cr = chunk_reader_new();
	struct event got;

	chunk_reader_start(cr, bytes, len_bytes, ev->source);
	if (chunk_reader_next(cr, &got) != CHUNK_EVENT || got.ordinal != ev->ordinal || got.kind != ev->kind ||
	    got.t_lo_ns != ev->t_lo_ns || got.t_hi_ns != ev->t_hi_ns || got.known != ev->known ||
	    got.nr_objects != ev->nr_objects || chunk_reader_next(cr, &got) != CHUNK_END)
		abort();
	chunk_reader_free(cr);
}

static void check_writes_again(const struct event *ev)
{
	struct chunk_writer *cw = chunk_writer_new();
	const uint8_t *bytes;
	unsigned nr_events;
	size_t len_bytes;

	if (!chunk_writer_add(cw, ev))
		abort();
	bytes = chunk_writer_bytes(cw, &len_bytes, &nr_events);
	if (nr_events != 1)
		abort();
	check_same(bytes, len_bytes, ev);
	chunk_writer_free(cw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct chunk_reader *cr = chunk_reader_new();
	enum chunk_status status;
	struct event ev;

	chunk_reader_start(cr, data, len, 1);
	while ((status = chunk_reader_next(cr, &ev)) == CHUNK_EVENT) {
		if (!event_valid(&ev))
			abort();
		check_writes_again(&ev);
	}
	if (chunk_reader_next(cr, &ev) != status)
		abort();
	chunk_reader_free(cr);
	return 0;
}
