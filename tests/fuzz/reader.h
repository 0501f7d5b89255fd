/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader over any bytes: all events are well-formed and in order. */
#ifndef IRQPATH_TESTS_FUZZ_READER_H
#define IRQPATH_TESTS_FUZZ_READER_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/strtab.h"
#include "ingest/reader.h"

static inline void ignore_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

static inline int ignore_info(void *ctx, const struct source_info *info)
{
	(void)ctx;
	(void)info;
	return 0;
}

static inline int ignore_signal(void *ctx, const struct source_signal *signal)
{
	(void)ctx;
	(void)signal;
	return 0;
}

static inline int ignore_kind(void *ctx, const struct record_kind *rk)
{
	(void)ctx;
	if (rk->kept > rk->count)
		abort();
	return 0;
}

static inline int ignore_progress(void *ctx, uint64_t offset)
{
	(void)ctx;
	(void)offset;
	return 0;
}

static inline void fuzz_read(const struct reader_ops *ops, const struct input *in)
{
	static const struct source_sink sink = {
		.info = ignore_info, .signal = ignore_signal, .record_kind = ignore_kind, .progress = ignore_progress,
	};
	struct diag_sink diag = { .fn = ignore_diag };
	struct strtab *strings = strtab_new();
	const struct reader_host host = { .diag = &diag, .strings = strings, .sink = &sink };
	struct reader *rd = strings ? ops->open(in, &host) : NULL;
	uint64_t last = 0, offset = 0;
	int last_sub = -1;
	char text[256];

	for (;;) {
		struct event ev = { .cpu = -1 };

		if (!rd || ops->next(rd, &ev) != READ_EVENT)
			break;
		if (!event_valid(&ev) || ev.ordinal < last || (ev.ordinal == last && ev.sub <= last_sub))
			abort();
		last = ev.ordinal;
		last_sub = ev.sub;
		offset = ev.offset;
	}
	if (rd && last && !ops->text(rd, offset, text, sizeof(text)))
		abort();
	ops->close(rd);
	strtab_free(strings);
}

static inline void fuzz_reader(const struct reader_ops *ops, const uint8_t *data, size_t len)
{
	struct input in = { .path = "fuzz", .fd = memfd_create("fuzz", MFD_CLOEXEC), .size_bytes = len };

	if (in.fd < 0 || write(in.fd, data, len) != (ssize_t)len)
		abort();
	ops->probe(data, len);
	if (len)
		fuzz_read(ops, &in);
	close(in.fd);
}

#endif
