/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compressed file from anywhere, in blocks whose size its first byte decides. */
#include <stdlib.h>

#include "ingest/codec.h"

enum { MAX_OUT_BYTES = 8 << 20, ROOM_BYTES = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* All of the input, at most a limit of output; no step without progress may go on for ever. */
static void unpack(struct codec *codec, const uint8_t *data, size_t len, size_t block)
{
	struct codec_io io = { .in = data };
	static uint8_t room[ROOM_BYTES];
	size_t total = 0, at = 0;
	unsigned nr_idle = 0;

	while (total < MAX_OUT_BYTES) {
		size_t before;

		if (!io.in_len && at < len) {
			io.in = data + at;
			io.in_len = len - at < block ? len - at : block;
			at += io.in_len;
		}
		io.in_ends = at == len;
		io.out = room;
		io.out_len = ROOM_BYTES;
		before = io.in_len;
		if (codec_step(codec, &io) != CODEC_MORE)
			return;
		total += ROOM_BYTES - io.out_len;
		nr_idle = io.in_len == before && io.out_len == ROOM_BYTES ? nr_idle + 1 : 0;
		if (nr_idle > 64)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct codec_ops *ops;
	struct codec *codec;

	if (len < 2)
		return 0;
	ops = codec_find(data + 1, len - 1);
	codec = ops ? codec_new(ops) : NULL;
	if (codec)
		unpack(codec, data + 1, len - 1, data[0] + 1);
	codec_free(codec);
	return 0;
}
