/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/drive.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/chunk.h"
#include "core/text.h"

enum { MAX_DIAGS_OF_A_CODE = 20, PROGRESS_EVENTS = 1 << 16, MAX_STRING_BYTES = 64 << 20 };

struct drive {
	const struct reader_ops *ops;
	const struct input *in;
	const struct source_sink *sink;
	struct diag_sink *diag;
	struct diag_sink capped;	/* what the reader reports to */
	unsigned long nr_diags[NR_DIAG_CODES];
	struct source_sink reader_sink;	/* what the reader tells */
	struct reader_host host;
	struct reader *reader;	/* owned; open until drive_free(), for texts */
	struct strtab *strings;	/* owned */
	uint32_t nr_told;	/* strings that the sink has */
	size_t string_bytes;
	struct chunk_writer *cw;	/* owned */
	bool has_info, stopped, damaged;
	uint64_t kept, lost;
	uint64_t last_ordinal;
	int last_sub;
	bool has_last;
	int64_t last_ns;
	uint64_t nr_backwards, first_backwards, backwards_at;
};

/* One broken thing often breaks thousands of records: the first ones say all that the rest would. */
static void pass_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct drive *dr = ctx;

	if (dr->nr_diags[code]++ < MAX_DIAGS_OF_A_CODE)
		diag_report(dr->diag, code, pos, "%s", text);
}

static void report_dropped_diags(struct drive *dr)
{
	for (int code = 0; code < NR_DIAG_CODES; code++)
		if (dr->nr_diags[code] > MAX_DIAGS_OF_A_CODE)
			diag_report(dr->diag, DIAG_LIMIT, (struct diag_pos){ dr->in->path, 0, 0 },
				    "%lu more messages: %s", dr->nr_diags[code] - MAX_DIAGS_OF_A_CODE,
				    diag_code_text(code));
}

static int note_result(struct drive *dr, int result)
{
	if (result)
		dr->stopped = true;
	return result;
}

/* What readers tell about a source is shown to people: it is made safe here, once. */
static int pass_info(void *ctx, const struct source_info *info)
{
	struct source_info safe = *info;
	struct drive *dr = ctx;

	if (dr->has_info)
		return 0;
	dr->has_info = true;
	text_safe(safe.kind, sizeof(safe.kind), info->kind);
	text_safe(safe.clock, sizeof(safe.clock), info->clock);
	text_safe(safe.release, sizeof(safe.release), info->release);
	return note_result(dr, dr->sink->info(dr->sink->ctx, &safe));
}

static int pass_signal(void *ctx, const struct source_signal *signal)
{
	struct source_signal safe = *signal;
	struct drive *dr = ctx;

	text_safe(safe.via, sizeof(safe.via), signal->via);
	return note_result(dr, dr->sink->signal(dr->sink->ctx, &safe));
}

static int pass_record_kind(void *ctx, const struct record_kind *rk)
{
	struct record_kind safe = *rk;
	struct drive *dr = ctx;

	text_safe(safe.name, sizeof(safe.name), rk->name);
	return note_result(dr, dr->sink->record_kind(dr->sink->ctx, &safe));
}

static int pass_progress(void *ctx, uint64_t offset)
{
	struct drive *dr = ctx;

	return note_result(dr, dr->sink->progress(dr->sink->ctx, offset));
}

struct drive *drive_new(const struct reader_ops *ops, const struct input *in, const struct source_sink *sink,
			struct diag_sink *diag)
{
	struct drive *dr = calloc(1, sizeof(*dr));

	if (!dr)
		return NULL;
	dr->ops = ops;
	dr->in = in;
	dr->sink = sink;
	dr->diag = diag;
	dr->capped = (struct diag_sink){ .fn = pass_diag, .ctx = dr };
	dr->reader_sink = (struct source_sink){
		.ctx = dr,
		.info = pass_info,
		.signal = pass_signal,
		.record_kind = pass_record_kind,
		.progress = pass_progress,
	};
	dr->strings = strtab_new();
	dr->cw = chunk_writer_new();
	if (!dr->strings || !dr->cw) {
		drive_free(dr);
		return NULL;
	}
	dr->host = (struct reader_host){ .diag = &dr->capped, .strings = dr->strings, .sink = &dr->reader_sink };
	return dr;
}

void drive_free(struct drive *dr)
{
	if (!dr)
		return;
	if (dr->reader)
		dr->ops->close(dr->reader);
	strtab_free(dr->strings);
	chunk_writer_free(dr->cw);
	free(dr);
}

/* The strings that a chunk uses go before it. */
static void tell_strings(struct drive *dr)
{
	while (!dr->stopped && dr->nr_told < strtab_count(dr->strings)) {
		const char *text = strtab_get(dr->strings, ++dr->nr_told);

		dr->string_bytes += strlen(text);
		if (dr->string_bytes > MAX_STRING_BYTES) {
			diag_report(&dr->capped, DIAG_LIMIT, (struct diag_pos){ dr->in->path, 0, 0 },
				    "64 MiB of texts");
			dr->stopped = true;
			return;
		}
		note_result(dr, dr->sink->string(dr->sink->ctx, dr->nr_told, text, strlen(text)));
	}
}

static void flush(struct drive *dr)
{
	unsigned nr_events;
	size_t len;
	const uint8_t *bytes;

	tell_strings(dr);
	bytes = chunk_writer_bytes(dr->cw, &len, &nr_events);
	if (nr_events && !dr->stopped)
		note_result(dr, dr->sink->chunk(dr->sink->ctx, bytes, len));
	chunk_writer_reset(dr->cw);
}

/* A moment cannot lie before that of the event before; of bounds, only the later one is what events are ordered by. */
static void forbid_backwards(struct drive *dr, struct event *ev)
{
	if (dr->has_last && ev->t_hi_ns < dr->last_ns) {
		if (!dr->nr_backwards++) {
			dr->first_backwards = ev->ordinal;
			dr->backwards_at = ev->offset;
		}
		if (ev->t_lo_ns == ev->t_hi_ns)
			ev->t_lo_ns = dr->last_ns;
		ev->t_hi_ns = dr->last_ns;
	}
	dr->last_ns = ev->t_hi_ns;
}

static bool in_order(const struct drive *dr, const struct event *ev)
{
	return !dr->has_last || ev->ordinal > dr->last_ordinal ||
	       (ev->ordinal == dr->last_ordinal && (int)ev->sub > dr->last_sub);
}

static void take_event(struct drive *dr, struct event *ev)
{
	int64_t count;

	ev->source = 0;
	if (!event_valid(ev) || !in_order(dr, ev)) {
		diag_report(&dr->capped, DIAG_BAD_RECORD, (struct diag_pos){ dr->in->path, ev->offset, 0 },
			    "record %" PRIu64 " makes no well-formed event", ev->ordinal);
		dr->damaged = true;
		return;
	}
	forbid_backwards(dr, ev);
	dr->has_last = true;
	dr->last_ordinal = ev->ordinal;
	dr->last_sub = ev->sub;
	if (!chunk_writer_add(dr->cw, ev)) {
		flush(dr);
		chunk_writer_add(dr->cw, ev);
	}
	dr->kept++;
	if (ev->kind == EV_LOST && event_arg(ev, ARG_COUNT, &count) && count > 0)
		dr->lost += count;
}

static void tell_default_info(struct drive *dr)
{
	struct source_info info = { .layer = dr->ops->layer };

	snprintf(info.kind, sizeof(info.kind), "%s", dr->ops->name);
	pass_info(dr, &info);
}

static bool read_all(struct drive *dr)
{
	struct event ev;
	enum read_status status;

	for (;;) {
		memset(&ev, 0, sizeof(ev));
		status = dr->ops->next(dr->reader, &ev);
		if (status != READ_EVENT)
			break;
		take_event(dr, &ev);
		if (dr->kept % PROGRESS_EVENTS == 0)
			pass_progress(dr, ev.offset);
		if (dr->stopped)
			return false;
	}
	flush(dr);
	return status == READ_END && !dr->damaged && !dr->stopped;
}

bool drive_run(struct drive *dr)
{
	struct source_end end = { .complete = false };

	dr->reader = dr->ops->open(dr->in, &dr->host);
	if (!dr->has_info)
		tell_default_info(dr);
	if (dr->reader) {
		end.complete = !dr->stopped && read_all(dr) && !dr->in->cut;
		dr->ops->position(dr->reader, &end.records, &end.offset);
		end.kept = dr->kept;
		end.until_ns = dr->ops->until_ns ? dr->ops->until_ns(dr->reader) : 0;
		end.lost = dr->ops->lost ? dr->ops->lost(dr->reader) : dr->lost;
	}
	if (dr->nr_backwards)
		diag_report(dr->diag, DIAG_TIME_BACKWARDS, (struct diag_pos){ dr->in->path, dr->backwards_at, 0 },
			    "%" PRIu64 " events, the first is record %" PRIu64, dr->nr_backwards, dr->first_backwards);
	report_dropped_diags(dr);
	if (dr->sink->end(dr->sink->ctx, &end))
		end.complete = false;
	return end.complete;
}

bool drive_text(struct drive *dr, uint64_t offset, char *buf, size_t len)
{
	return dr->reader && dr->ops->text && dr->ops->text(dr->reader, offset, buf, len);
}
