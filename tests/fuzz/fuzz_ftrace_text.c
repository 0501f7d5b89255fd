/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ftrace as text from anywhere: what is read of it is well-formed, or said to be incomplete. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/drive.h"
#include "ingest/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void count_only(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

static int take_info(void *ctx, const struct source_info *info)
{
	(void)ctx;
	(void)info;
	return 0;
}

static int take_string(void *ctx, str_id id, const char *text, size_t len_bytes)
{
	(void)ctx;
	(void)id;
	(void)text;
	(void)len_bytes;
	return 0;
}

static int take_signal(void *ctx, const struct source_signal *signal)
{
	(void)ctx;
	(void)signal;
	return 0;
}

static int take_chunk(void *ctx, const uint8_t *bytes, size_t len_bytes)
{
	(void)ctx;
	(void)bytes;
	(void)len_bytes;
	return 0;
}

static int take_kind(void *ctx, const struct record_kind *rk)
{
	(void)ctx;
	if (rk->kept > rk->count)
		abort();
	return 0;
}

static int take_progress(void *ctx, uint64_t offset)
{
	(void)ctx;
	(void)offset;
	return 0;
}

static int take_end(void *ctx, const struct source_end *end)
{
	*(struct source_end *)ctx = *end;
	return 0;
}

static void read_text(const struct input *in)
{
	struct diag_sink diag = { .fn = count_only };
	struct source_end end = { .complete = false };
	const struct source_sink sink = {
		.ctx = &end, .info = take_info, .string = take_string, .signal = take_signal, .chunk = take_chunk,
		.record_kind = take_kind, .progress = take_progress, .end = take_end,
	};
	struct drive *dr = drive_new(&ftrace_text_reader, in, &sink, &diag);
	char text[256];

	if (!dr)
		return;
	drive_run(dr);
	if (!end.complete && !diag.count[DIAG_ERROR])
		abort();
	drive_text(dr, 1, text, sizeof(text));
	drive_free(dr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = { .path = "fuzz", .fd = memfd_create("fuzz", MFD_CLOEXEC), .size_bytes = len };

	if (in.fd < 0 || write(in.fd, data, len) != (ssize_t)len)
		abort();
	ftrace_text_reader.probe(data, len);
	read_text(&in);
	close(in.fd);
	return 0;
}
