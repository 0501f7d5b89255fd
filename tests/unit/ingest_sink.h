/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sink for tests: keeps what a source yields. */
#ifndef IRQPATH_TESTS_UNIT_INGEST_SINK_H
#define IRQPATH_TESTS_UNIT_INGEST_SINK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/chunk.h"
#include "core/event_text.h"
#include "core/strtab.h"
#include "ingest/ingest.h"

enum { IS_MAX_EVENTS = 1 << 15, IS_MAX_SIGNALS = 256, IS_MAX_DIAGS = 256 };

struct ingest_sink {
	struct strtab *strings;
	struct chunk_reader *reader;
	struct source_info info;
	struct source_end end;
	struct source_signal signal[IS_MAX_SIGNALS];
	struct event event[IS_MAX_EVENTS];
	unsigned nr_info, nr_end, nr_signals, nr_events, nr_chunks, nr_kinds, nr_progress, nr_diags;
	unsigned stop_after;	/* chunks; 0: never */
	unsigned nr_code[NR_DIAG_CODES];
	char diag_text[IS_MAX_DIAGS][256];
	struct diag_pos diag_pos[IS_MAX_DIAGS];
	struct source_sink sink;
	struct diag_sink diag;
};

static inline int is_info(void *ctx, const struct source_info *info)
{
	struct ingest_sink *is = ctx;

	is->info = *info;
	is->nr_info++;
	return 0;
}

static inline int is_string(void *ctx, str_id id, const char *text, size_t len_bytes)
{
	struct ingest_sink *is = ctx;

	if (strtab_intern(is->strings, text, len_bytes) != id)
		abort();
	return 0;
}

static inline int is_signal(void *ctx, const struct source_signal *signal)
{
	struct ingest_sink *is = ctx;

	if (is->nr_signals < IS_MAX_SIGNALS)
		is->signal[is->nr_signals++] = *signal;
	return 0;
}

static inline int is_chunk(void *ctx, const uint8_t *bytes, size_t len_bytes)
{
	struct ingest_sink *is = ctx;
	struct event ev;

	is->nr_chunks++;
	chunk_reader_start(is->reader, bytes, len_bytes, 1);
	while (chunk_reader_next(is->reader, &ev) == CHUNK_EVENT) {
		if (is->nr_events < IS_MAX_EVENTS)
			is->event[is->nr_events] = ev;
		is->nr_events++;
	}
	return is->stop_after && is->nr_chunks >= is->stop_after;
}

static inline int is_record_kind(void *ctx, const struct record_kind *rk)
{
	struct ingest_sink *is = ctx;

	(void)rk;
	is->nr_kinds++;
	return 0;
}

static inline int is_progress(void *ctx, uint64_t offset)
{
	struct ingest_sink *is = ctx;

	(void)offset;
	is->nr_progress++;
	return 0;
}

static inline int is_end(void *ctx, const struct source_end *end)
{
	struct ingest_sink *is = ctx;

	is->end = *end;
	is->nr_end++;
	return 0;
}

static inline void is_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct ingest_sink *is = ctx;

	is->nr_code[code]++;
	if (is->nr_diags == IS_MAX_DIAGS)
		return;
	is->diag_pos[is->nr_diags] = pos;
	snprintf(is->diag_text[is->nr_diags++], sizeof(is->diag_text[0]), "%s", text);
}

static inline struct ingest_sink *is_new(void)
{
	struct ingest_sink *is = calloc(1, sizeof(*is));

	if (!is)
		abort();
	is->strings = strtab_new();
	is->reader = chunk_reader_new();
	is->sink = (struct source_sink){
		.ctx = is, .info = is_info, .string = is_string, .signal = is_signal, .chunk = is_chunk,
		.record_kind = is_record_kind, .progress = is_progress, .end = is_end,
	};
	is->diag = (struct diag_sink){ .fn = is_diag, .ctx = is };
	return is;
}

static inline void is_free(struct ingest_sink *is)
{
	strtab_free(is->strings);
	chunk_reader_free(is->reader);
	free(is);
}

static inline const char *is_get_string(void *ctx, uint32_t source, str_id id)
{
	struct ingest_sink *is = ctx;

	(void)source;
	return strtab_get(is->strings, id);
}

/* An event as a line of events text, without its time and actor. */
static inline const char *is_line(struct ingest_sink *is, unsigned i, char *buf, size_t len)
{
	const char *at;

	event_text_print(buf, len, &is->event[i], is_get_string, is);
	at = strchr(buf, ' ');
	at = at ? strchr(at + 1, ' ') : NULL;
	return at ? at + 1 : buf;
}

/* A signal by its kind, witness and function; NULL where it was not told. */
static inline const struct source_signal *is_find_signal(const struct ingest_sink *is, enum event_kind kind,
							 enum witness witness, const char *via)
{
	for (unsigned i = 0; i < is->nr_signals; i++)
		if (is->signal[i].kind == kind && is->signal[i].witness == witness && !strcmp(is->signal[i].via, via))
			return &is->signal[i];
	return NULL;
}

/* Reads path into is; returns what ingest_run() did, false where nothing could be started. */
static inline bool is_read(struct ingest_sink *is, const char *path, const struct ingest_options *opt)
{
	struct ingest *in = ingest_start(path, opt, &is->diag);
	bool ok = in && ingest_run(in, &is->sink);

	ingest_stop(in);
	return ok;
}

/* A file with these bytes, for "/proc/self/fd/N". */
static inline int is_file(const void *bytes, size_t len)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		abort();
	return fd;
}

/* A file of these bytes, read in this process. */
static inline struct ingest_sink *is_read_bytes(const void *bytes, size_t len, bool *complete)
{
	struct ingest_options opt = { .in_process = true };
	struct ingest_sink *is = is_new();
	int fd = is_file(bytes, len);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*complete = is_read(is, path, &opt);
	close(fd);
	return is;
}

static inline struct ingest_sink *is_read_text(const char *text, bool *complete)
{
	return is_read_bytes(text, strlen(text), complete);
}

/* All events as lines of events text, without their actors; the caller frees it. */
static inline char *is_lines(struct ingest_sink *is, bool with_time)
{
	char *all = NULL, line[8192];
	size_t len;
	FILE *out = open_memstream(&all, &len);

	for (unsigned i = 0; i < is->nr_events && i < IS_MAX_EVENTS; i++) {
		const char *rest = is_line(is, i, line, sizeof(line));

		if (with_time)
			fprintf(out, "%.*s ", (int)strcspn(line, " "), line);
		fprintf(out, "%s\n", rest);
	}
	fclose(out);
	return all;
}

#endif
