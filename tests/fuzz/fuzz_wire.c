/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reader process that somebody took over may send: slots of frames. The first two bytes of what is left are the
 * length of the next slot's, in units of 8 bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/chunk.h"
#include "core/event.h"
#include "ingest/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct taken {
	struct chunk_reader *chunks;
	bool has_info;
	str_id nr_strings;
	int64_t last_ns;
};

static int take_info(void *ctx, const struct source_info *info)
{
	struct taken *t = ctx;

	if (t->has_info || info->layer >= NR_LAYERS || !machine_valid(info->machine))
		abort();
	t->has_info = true;
	return 0;
}

static int take_string(void *ctx, str_id id, const char *text, size_t len_bytes)
{
	struct taken *t = ctx;

	if (id != ++t->nr_strings || strlen(text) != len_bytes)
		abort();
	return 0;
}

static int take_signal(void *ctx, const struct source_signal *signal)
{
	(void)ctx;
	if (signal->kind >= NR_EVENT_KINDS || !memchr(signal->via, 0, sizeof(signal->via)))
		abort();
	return 0;
}

static int take_chunk(void *ctx, const uint8_t *bytes, size_t len_bytes)
{
	struct taken *t = ctx;
	enum chunk_status status;
	struct event ev;

	chunk_reader_start(t->chunks, bytes, len_bytes, 1);
	while ((status = chunk_reader_next(t->chunks, &ev)) == CHUNK_EVENT) {
		if (!event_valid(&ev) || ev.t_hi_ns < t->last_ns || ev.comm > t->nr_strings || ev.via > t->nr_strings)
			abort();
		t->last_ns = ev.t_hi_ns;
	}
	return status == CHUNK_END ? 0 : (abort(), 1);
}

static int take_record_kind(void *ctx, const struct record_kind *rk)
{
	(void)ctx;
	return memchr(rk->name, 0, sizeof(rk->name)) ? 0 : (abort(), 1);
}

static int take_progress(void *ctx, uint64_t offset)
{
	(void)ctx;
	return offset <= INT64_MAX ? 0 : (abort(), 1);
}

static void take_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)pos;
	for (; code >= NR_DIAG_CODES || *text; text++)
		if (code >= NR_DIAG_CODES || (unsigned char)*text < ' ')
			abort();
}

/* The bytes of the next slot, of which there are units of 8; the rest of the slot is what was there before. */
static size_t fill_slot(uint8_t *slot, const uint8_t **data, size_t *left)
{
	size_t len = ((*data)[0] | (size_t)(*data)[1] << 8) % (WIRE_SLOT_BYTES / 8 + 2) * 8, n;

	*data += 2;
	*left -= 2;
	n = len < *left ? len : *left;
	if (n > WIRE_SLOT_BYTES)
		n = WIRE_SLOT_BYTES;
	memcpy(slot, *data, n);
	*data += n;
	*left -= n;
	return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct taken t = { .chunks = chunk_reader_new(), .last_ns = INT64_MIN };
	const struct source_sink sink = {
		.ctx = &t, .info = take_info, .string = take_string, .signal = take_signal, .chunk = take_chunk,
		.record_kind = take_record_kind, .progress = take_progress,
	};
	static uint8_t ring[WIRE_RING_BYTES];
	struct wire_in *in = wire_in_new(ring);
	struct diag_sink diag = { .fn = take_diag };
	enum wire_status status = WIRE_OK;
	const char *why = NULL;
	struct source_end end;

	memset(ring, 0, sizeof(ring));
	for (uint32_t slot = 0; status == WIRE_OK && len >= 2; slot = (slot + 1) % WIRE_SLOTS) {
		struct wire_msg msg = { .slot = slot };

		msg.len = fill_slot(ring + (size_t)slot * WIRE_SLOT_BYTES, &data, &len);
		status = wire_in_take(in, msg, &sink, &diag, "fuzz", &end, &why);
	}
	if (status == WIRE_LIED && !why)
		abort();
	if (status == WIRE_ENDED && !t.has_info)
		abort();
	wire_in_free(in);
	chunk_reader_free(t.chunks);
	return 0;
}
