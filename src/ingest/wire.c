/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/wire.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/chunk.h"
#include "core/clock.h"
#include "core/strtab.h"
#include "core/text.h"

enum frame {
	FRAME_INFO = 1,
	FRAME_STRING,
	FRAME_SIGNAL,
	FRAME_CHUNK,
	FRAME_RECORD_KIND,
	FRAME_DIAG,
	FRAME_PROGRESS,
	FRAME_END,
	FRAME_TEXT,
};

struct frame_head {
	uint32_t type, len;	/* len without head and padding to 8 bytes */
};

struct wire_info {
	uint32_t nr_cpus;
	uint8_t layer, times;
	uint16_t machine;
	uint8_t by_line, zero[7];
	uint64_t tsc_hz;
	char kind[sizeof(((struct source_info *)0)->kind)];
	char clock[sizeof(((struct source_info *)0)->clock)];
	char release[sizeof(((struct source_info *)0)->release)];
};

struct wire_signal {
	uint16_t kind;
	uint8_t witness, grade, basis, zero[3];
	char via[sizeof(((struct source_signal *)0)->via)];
};

struct wire_diag_head {
	uint32_t code, zero;
	uint64_t byte, line;
};

struct wire_end {
	uint64_t complete, records, kept, lost, offset;
	int64_t until_ns;
};

/* How wire_info.times has what the times are. */
enum { TIMES_CYCLES = 1, TIMES_NONE = 2 };

enum { MAX_DIAGS = 4096, MAX_RECORD_KINDS = 1 << 17, MAX_SIGNALS = 1 << 12, MAX_CPU = 1 << 20 };

_Static_assert(CHUNK_MAX_BYTES + 2 * sizeof(struct frame_head) <= WIRE_SLOT_BYTES, "a chunk fits into a slot");
_Static_assert(PIPE_BUF >= sizeof(struct wire_cmd), "messages are whole");

/* ---- reader's side ---- */

static bool write_msg(struct wire_out *out, struct wire_msg msg)
{
	ssize_t n;

	do
		n = write(out->msg_fd, &msg, sizeof(msg));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(msg))
		out->broken = true;
	return !out->broken;
}

static bool read_cmd(struct wire_out *out, struct wire_cmd *cmd)
{
	ssize_t n;

	do
		n = read(out->cmd_fd, cmd, sizeof(*cmd));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(*cmd))
		out->broken = true;
	return !out->broken;
}

enum wire_command wire_command(struct wire_out *out, uint64_t *offset)
{
	struct wire_cmd cmd;

	while (!out->broken && read_cmd(out, &cmd)) {
		if (cmd.command != WIRE_CREDIT) {
			*offset = cmd.offset;
			return cmd.command;
		}
		out->in_flight--;
	}
	return WIRE_QUIT;
}

/* A slot is written only once the parent has copied out what it held before. */
static bool wait_for_slot(struct wire_out *out)
{
	struct wire_cmd cmd;

	while (!out->broken && out->in_flight == WIRE_SLOTS) {
		if (!read_cmd(out, &cmd) || cmd.command != WIRE_CREDIT)
			out->broken = true;
		else
			out->in_flight--;
	}
	return !out->broken;
}

bool wire_flush(struct wire_out *out)
{
	struct wire_msg msg = { out->slot, out->used };

	if (out->broken || !out->used)
		return !out->broken;
	out->slot = (out->slot + 1) % WIRE_SLOTS;
	out->used = 0;
	out->in_flight++;
	return write_msg(out, msg);
}

/* One frame of two parts. Non-zero where the parent is gone. */
static int put_frame(struct wire_out *out, enum frame type, const void *a, size_t a_len, const void *b, size_t b_len)
{
	struct frame_head head = { type, a_len + b_len };
	size_t len = (sizeof(head) + a_len + b_len + 7) & ~(size_t)7;
	uint8_t *to;

	if (len > WIRE_SLOT_BYTES)
		return -1;
	if (out->used + len > WIRE_SLOT_BYTES && !wire_flush(out))
		return -1;
	if (!wait_for_slot(out))
		return -1;
	to = out->ring + (size_t)out->slot * WIRE_SLOT_BYTES + out->used;
	memcpy(to, &head, sizeof(head));
	memcpy(to + sizeof(head), a, a_len);
	if (b_len)
		memcpy(to + sizeof(head) + a_len, b, b_len);
	out->used += len;
	return 0;
}

static int put_info(void *ctx, const struct source_info *info)
{
	struct wire_info wi = { .nr_cpus = info->nr_cpus,
				.layer = info->layer,
				.times = (info->time_is_cycles ? TIMES_CYCLES : 0) | (info->timeless ? TIMES_NONE : 0),
				.machine = info->machine,
				.by_line = info->by_line,
				.tsc_hz = info->tsc_hz };

	memcpy(wi.kind, info->kind, sizeof(wi.kind));
	memcpy(wi.clock, info->clock, sizeof(wi.clock));
	memcpy(wi.release, info->release, sizeof(wi.release));
	return put_frame(ctx, FRAME_INFO, &wi, sizeof(wi), NULL, 0) || !wire_flush(ctx);
}

static int put_string(void *ctx, str_id id, const char *text, size_t len_bytes)
{
	return put_frame(ctx, FRAME_STRING, &id, sizeof(id), text, len_bytes);
}

static int put_signal(void *ctx, const struct source_signal *signal)
{
	struct wire_signal ws = {
		.kind = signal->kind, .witness = signal->witness, .grade = signal->grade, .basis = signal->basis,
	};

	memcpy(ws.via, signal->via, sizeof(ws.via));
	return put_frame(ctx, FRAME_SIGNAL, &ws, sizeof(ws), NULL, 0);
}

static int put_chunk(void *ctx, const uint8_t *bytes, size_t len_bytes)
{
	return put_frame(ctx, FRAME_CHUNK, bytes, len_bytes, NULL, 0) || !wire_flush(ctx);
}

static int put_record_kind(void *ctx, const struct record_kind *rk)
{
	return put_frame(ctx, FRAME_RECORD_KIND, rk, sizeof(*rk), NULL, 0);
}

static int put_progress(void *ctx, uint64_t offset)
{
	return put_frame(ctx, FRAME_PROGRESS, &offset, sizeof(offset), NULL, 0) || !wire_flush(ctx);
}

static int put_end(void *ctx, const struct source_end *end)
{
	struct wire_end we = { end->complete, end->records, end->kept, end->lost, end->offset, end->until_ns };

	return put_frame(ctx, FRAME_END, &we, sizeof(we), NULL, 0) || !wire_flush(ctx);
}

static void put_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct wire_diag_head wd = { .code = code, .byte = pos.byte, .line = pos.line };

	if (!put_frame(ctx, FRAME_DIAG, &wd, sizeof(wd), text, strlen(text)))
		wire_flush(ctx);
}

struct source_sink wire_sink(struct wire_out *out)
{
	return (struct source_sink){
		.ctx = out, .info = put_info, .string = put_string, .signal = put_signal, .chunk = put_chunk,
		.record_kind = put_record_kind, .progress = put_progress, .end = put_end,
	};
}

struct diag_sink wire_diag(struct wire_out *out)
{
	return (struct diag_sink){ .fn = put_diag, .ctx = out };
}

bool wire_answer(struct wire_out *out, bool ok, const char *text)
{
	uint64_t word = ok;

	return !put_frame(out, FRAME_TEXT, &word, sizeof(word), text, ok ? strlen(text) : 0) && wire_flush(out);
}

/* ---- parent's side ---- */

struct wire_in {
	const uint8_t *ring;
	uint8_t *copy;		/* of a slot; owned */
	unsigned slot;		/* that must be next */
	struct chunk_reader *chunk;	/* owned */
	uint32_t nr_strings;
	uint64_t string_bytes;
	unsigned nr_diags, nr_record_kinds, nr_signals;
	bool has_info, has_end, has_event;
	uint64_t kept, last_ordinal, offset;
	unsigned last_sub;
	int64_t last_ns;
	struct source_end end;
	bool answered, answer_ok;
	char answer[WIRE_TEXT_MAX + 1];
};

/* Where the frames of a slot go. */
struct receiver {
	struct wire_in *in;
	const struct source_sink *sink;
	struct diag_sink *diag;
	const char *path;
	const char *why;
	bool stopped;
};

struct wire_in *wire_in_new(const uint8_t *ring)
{
	struct wire_in *in = calloc(1, sizeof(*in));

	if (!in)
		return NULL;
	in->ring = ring;
	in->copy = malloc(WIRE_SLOT_BYTES);
	in->chunk = chunk_reader_new();
	if (!in->copy || !in->chunk) {
		wire_in_free(in);
		return NULL;
	}
	return in;
}

void wire_in_free(struct wire_in *in)
{
	if (!in)
		return;
	chunk_reader_free(in->chunk);
	free(in->copy);
	free(in);
}

static bool lie(struct receiver *rc, const char *why)
{
	rc->why = why;
	return false;
}

/* Fixed-size texts end and are safe to show. */
static bool take_label(struct receiver *rc, char *to, const char *from, size_t len)
{
	if (!memchr(from, 0, len))
		return lie(rc, "text without end");
	text_safe(to, len, from);
	return true;
}

static void pass(struct receiver *rc, int result)
{
	if (result)
		rc->stopped = true;
}

static bool take_info(struct receiver *rc, const uint8_t *data, size_t len)
{
	struct source_info info = { 0 };
	struct wire_info wi;

	if (len != sizeof(wi) || rc->in->has_info)
		return lie(rc, "information of the wrong size, or twice");
	memcpy(&wi, data, sizeof(wi));
	if (wi.layer >= NR_LAYERS || wi.times > (TIMES_CYCLES | TIMES_NONE) || wi.by_line > 1 || wi.nr_cpus > MAX_CPU ||
	    !machine_valid(wi.machine) || (wi.tsc_hz && !clock_hz_possible(wi.tsc_hz)))
		return lie(rc, "information out of range");
	info.layer = wi.layer;
	info.time_is_cycles = wi.times & TIMES_CYCLES;
	info.timeless = wi.times & TIMES_NONE;
	info.nr_cpus = wi.nr_cpus;
	info.machine = wi.machine;
	info.by_line = wi.by_line;
	info.tsc_hz = wi.tsc_hz;
	if (!take_label(rc, info.kind, wi.kind, sizeof(wi.kind)) ||
	    !take_label(rc, info.clock, wi.clock, sizeof(wi.clock)) ||
	    !take_label(rc, info.release, wi.release, sizeof(wi.release)))
		return false;
	rc->in->has_info = true;
	pass(rc, rc->sink->info(rc->sink->ctx, &info));
	return true;
}

static bool take_string(struct receiver *rc, const uint8_t *data, size_t len)
{
	char text[STRTAB_MAX_LEN + 1];
	uint32_t id;

	if (len < sizeof(id) || len - sizeof(id) > STRTAB_MAX_LEN)
		return lie(rc, "string too long");
	memcpy(&id, data, sizeof(id));
	len -= sizeof(id);
	memcpy(text, data + sizeof(id), len);
	text[len] = 0;
	if (id != rc->in->nr_strings + 1 || id > STRTAB_MAX_STRINGS)
		return lie(rc, "string ids that do not count up");
	if (memchr(text, 0, len))
		return lie(rc, "string with a NUL");
	rc->in->string_bytes += len;
	if (rc->in->string_bytes > STRTAB_MAX_BYTES)
		return lie(rc, "more text than a reader can have");
	rc->in->nr_strings = id;
	pass(rc, rc->sink->string(rc->sink->ctx, id, text, len));
	return true;
}

static bool take_signal(struct receiver *rc, const uint8_t *data, size_t len)
{
	struct source_signal signal = { 0 };
	struct wire_signal ws;

	if (len != sizeof(ws) || rc->in->nr_signals++ == MAX_SIGNALS)
		return lie(rc, "signal of the wrong size, or too many");
	memcpy(&ws, data, sizeof(ws));
	if (!ws.kind || ws.kind >= NR_EVENT_KINDS || ws.witness >= NR_WITNESSES || ws.grade > SIGNAL_COMPLETE ||
	    ws.basis > SIGNAL_DECLARED)
		return lie(rc, "signal out of range");
	signal.kind = ws.kind;
	signal.witness = ws.witness;
	signal.grade = ws.grade;
	signal.basis = ws.basis;
	if (!take_label(rc, signal.via, ws.via, sizeof(ws.via)))
		return false;
	pass(rc, rc->sink->signal(rc->sink->ctx, &signal));
	return true;
}

static bool strings_known(const struct wire_in *in, const struct event *ev)
{
	const uint8_t *args = event_kinds[ev->kind].args;

	if (ev->comm > in->nr_strings || ev->via > in->nr_strings)
		return false;
	for (int i = 0; i < EVENT_MAX_ARGS && args[i]; i++)
		if (event_args[args[i]].type == ARG_TYPE_STR && ev->known >> i & 1 &&
		    (ev->arg[i] < 0 || ev->arg[i] > in->nr_strings))
			return false;
	return true;
}

static bool check_event(struct receiver *rc, const struct event *ev)
{
	struct wire_in *in = rc->in;

	if (!strings_known(in, ev))
		return lie(rc, "event with a string that was not told");
	if (in->has_event &&
	    (ev->ordinal < in->last_ordinal || (ev->ordinal == in->last_ordinal && ev->sub <= in->last_sub)))
		return lie(rc, "events whose records do not count up");
	if (in->has_event && ev->t_hi_ns < in->last_ns)
		return lie(rc, "events out of order");
	if (ev->cpu < -1 || ev->cpu > MAX_CPU || ev->pid < -1)
		return lie(rc, "event with an actor out of range");
	in->has_event = true;
	in->last_ordinal = ev->ordinal;
	in->last_sub = ev->sub;
	in->last_ns = ev->t_hi_ns;
	return true;
}

static bool take_chunk(struct receiver *rc, const uint8_t *data, size_t len)
{
	struct wire_in *in = rc->in;
	enum chunk_status status;
	struct event ev;
	unsigned nr = 0;

	if (!in->has_info)
		return lie(rc, "events before information");
	if (len > CHUNK_MAX_BYTES)
		return lie(rc, "chunk too long");
	chunk_reader_start(in->chunk, data, len, 0);
	while ((status = chunk_reader_next(in->chunk, &ev)) == CHUNK_EVENT) {
		if (nr++ == CHUNK_MAX_EVENTS)
			return lie(rc, "chunk of too many events");
		if (!check_event(rc, &ev))
			return false;
	}
	if (status != CHUNK_END || !nr)
		return lie(rc, "damaged chunk");
	in->kept += nr;
	pass(rc, rc->sink->chunk(rc->sink->ctx, data, len));
	return true;
}

static bool take_record_kind(struct receiver *rc, const uint8_t *data, size_t len)
{
	struct record_kind rk, safe;

	if (len != sizeof(rk) || rc->in->nr_record_kinds++ == MAX_RECORD_KINDS)
		return lie(rc, "record kind of the wrong size, or too many");
	memcpy(&rk, data, sizeof(rk));
	if (rk.kept > rk.count || rk.count > INT64_MAX)
		return lie(rc, "record kind with counts out of range");
	safe = rk;
	if (!take_label(rc, safe.name, rk.name, sizeof(rk.name)))
		return false;
	pass(rc, rc->sink->record_kind(rc->sink->ctx, &safe));
	return true;
}

static bool take_diag(struct receiver *rc, const uint8_t *data, size_t len)
{
	struct wire_diag_head wd;

	if (len < sizeof(wd) || rc->in->nr_diags++ == MAX_DIAGS)
		return lie(rc, "message of the wrong size, or too many");
	memcpy(&wd, data, sizeof(wd));
	if (wd.code >= NR_DIAG_CODES)
		return lie(rc, "message of an unknown kind");
	diag_report(rc->diag, wd.code, (struct diag_pos){ rc->path, wd.byte, wd.line }, "%.*s", (int)(len - sizeof(wd)),
		    (const char *)data + sizeof(wd));
	return true;
}

static bool take_progress(struct receiver *rc, const uint8_t *data, size_t len)
{
	uint64_t offset;

	if (len != sizeof(offset))
		return lie(rc, "progress of the wrong size");
	memcpy(&offset, data, len);
	if (offset > INT64_MAX)
		return lie(rc, "progress out of range");
	rc->in->offset = offset;
	pass(rc, rc->sink->progress(rc->sink->ctx, rc->in->offset));
	return true;
}

static bool take_end(struct receiver *rc, const uint8_t *data, size_t len)
{
	struct wire_end we;

	if (len != sizeof(we) || !rc->in->has_info)
		return lie(rc, "end of the wrong size, or before information");
	memcpy(&we, data, sizeof(we));
	if (we.complete > 1 || we.kept != rc->in->kept || (we.records | we.lost | we.offset) > INT64_MAX)
		return lie(rc, "end with counts that cannot be");
	rc->in->has_end = true;
	rc->in->end = (struct source_end){ we.complete, we.records, we.kept, we.lost, we.offset, we.until_ns };
	return true;
}

static bool take_text(struct receiver *rc, const uint8_t *data, size_t len)
{
	uint64_t ok;

	if (len < sizeof(ok) || len - sizeof(ok) > WIRE_TEXT_MAX || !rc->in->has_end)
		return lie(rc, "text too long, or before the end");
	memcpy(&ok, data, sizeof(ok));
	memcpy(rc->in->answer, data + sizeof(ok), len - sizeof(ok));
	rc->in->answer[len - sizeof(ok)] = 0;
	rc->in->answer_ok = ok == 1;
	rc->in->answered = true;
	return true;
}

static bool take_frame(struct receiver *rc, unsigned type, const uint8_t *data, size_t len)
{
	static bool (*const takers[])(struct receiver *, const uint8_t *, size_t) = {
		[FRAME_INFO] = take_info, [FRAME_STRING] = take_string, [FRAME_SIGNAL] = take_signal,
		[FRAME_CHUNK] = take_chunk, [FRAME_RECORD_KIND] = take_record_kind, [FRAME_DIAG] = take_diag,
		[FRAME_PROGRESS] = take_progress, [FRAME_END] = take_end, [FRAME_TEXT] = take_text,
	};

	if (type >= sizeof(takers) / sizeof(takers[0]) || !takers[type])
		return lie(rc, "unknown frame");
	if (rc->in->has_end && type != FRAME_TEXT && type != FRAME_DIAG)
		return lie(rc, "frame behind the end");
	return takers[type](rc, data, len);
}

static bool take_frames(struct receiver *rc, size_t len)
{
	const uint8_t *copy = rc->in->copy;
	struct frame_head head;
	size_t pos = 0, whole;

	while (pos < len && !rc->stopped) {
		if (len - pos < sizeof(head))
			return lie(rc, "frame cut short");
		memcpy(&head, copy + pos, sizeof(head));
		whole = (sizeof(head) + (size_t)head.len + 7) & ~(size_t)7;
		if (whole > len - pos)
			return lie(rc, "frame longer than its slot");
		if (!take_frame(rc, head.type, copy + pos + sizeof(head), head.len))
			return false;
		pos += whole;
	}
	return true;
}

enum wire_status wire_in_take(struct wire_in *in, struct wire_msg msg, const struct source_sink *sink,
			      struct diag_sink *diag, const char *path, struct source_end *end, const char **why)
{
	struct receiver rc = { .in = in, .sink = sink, .diag = diag, .path = path };
	bool had_end = in->has_end;

	*why = "slot out of turn, or too full";
	if (msg.slot != in->slot || msg.len > WIRE_SLOT_BYTES)
		return WIRE_LIED;
	in->slot = (in->slot + 1) % WIRE_SLOTS;
	in->answered = false;
	memcpy(in->copy, in->ring + (size_t)msg.slot * WIRE_SLOT_BYTES, msg.len);
	if (!take_frames(&rc, msg.len)) {
		*why = rc.why;
		return WIRE_LIED;
	}
	if (rc.stopped)
		return WIRE_STOPPED;
	if (in->has_end && !had_end) {
		*end = in->end;
		return WIRE_ENDED;
	}
	return in->answered ? WIRE_ANSWERED : WIRE_OK;
}

const char *wire_in_answer(const struct wire_in *in)
{
	return in->answer_ok ? in->answer : NULL;
}

void wire_in_position(const struct wire_in *in, uint64_t *kept, uint64_t *records, uint64_t *offset)
{
	*kept = in->kept;
	*records = in->last_ordinal;
	*offset = in->offset;
}

bool wire_in_has_info(const struct wire_in *in)
{
	return in->has_info;
}
