/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of ftrace as text: the files trace and trace_pipe, and `trace-cmd report`. A line is taken apart, made a
 * record again (synth.c) and decoded by the rows that a trace.dat's records are decoded by. What the text does not
 * print is not there: symbols of the kernel, the clock, and formats of events that never came. So no event kind is known
 * to have been on before its first line.
 *
 * The ordinal of a record counts the lines that are records, as that of a trace.dat's does; its offset is its line. A
 * hole becomes a lost event with the ordinal of the record behind it, which then has a higher sub.
 */
#include <event-parse.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "ingest/ftrace/counts.h"
#include "ingest/ftrace/marks.h"
#include "ingest/ftrace/synth.h"
#include "ingest/ftrace/text_line.h"
#include "ingest/lines.h"
#include "ingest/readers.h"

enum {
	PROBE_LINES = 64, MAX_HEAD_LINES = 4096, MAX_CPUS = 1 << 16,
	MAX_HOLES = 6,	/* before one record, which may be two events: an event's sub has three bits */
	MAX_EVENT_NAME = 128,
};

struct hole {
	int32_t cpu;
	int64_t count;	/* -1: unknown; 0: records that were overwritten before the CPU's first */
};

struct reader {
	struct input in;
	struct reader_host host;
	struct reader_host decode_host;	/* the same, but that kinds of records are summed up first */
	struct source_sink sink;
	struct lines lines;
	struct synth *synth;
	struct counts *counts;
	struct marks *marks;
	struct last {
		int64_t ns;
		bool seen;
	} *last;		/* by CPU: of its last record */
	int64_t latest_ns;
	bool whole_stamps, seen_any, seen_two, free_text;
	int32_t some_cpu;	/* that has a record; the only one unless seen_two */
	uint64_t records, lost, overwritten, nr_holes;
	struct hole hole[MAX_HOLES];
	unsigned nr_hole;
	struct event queue[MAX_HOLES + MARKS_MAX_EVENTS];
	unsigned nr_queue, next_queue;
	struct source_info info;
	bool incomplete, ended;
};

static struct diag_pos at_line(const struct reader *rd)
{
	return (struct diag_pos){ rd->in.path, 0, rd->lines.nr };
}

static void bad_line(struct reader *rd, const char *why)
{
	rd->incomplete = true;
	diag_report(rd->host.diag, DIAG_BAD_LINE, at_line(rd), "%s", why);
}

/* ---- what the file is ---- */

/* One of the first lines must be a record; others may be comments. */
static int probe(const uint8_t *head, size_t len)
{
	const char *at = (const char *)head, *end = at + len;
	struct text_line tl;
	char line[1024];
	int64_t count;
	int32_t cpu;

	for (unsigned nr = 0; nr < PROBE_LINES && at < end; nr++) {
		const char *stop = memchr(at, '\n', end - at);
		size_t n = (stop ? stop : end) - at;

		if (memchr(at, 0, n))
			return 0;
		snprintf(line, sizeof(line), "%.*s", (int)(n < sizeof(line) ? n : sizeof(line) - 1), at);
		if (text_line_parse(line, &tl))
			return 60;
		if (!text_line_passed_over(line) && !text_line_lost(line, &cpu, &count))
			return 0;
		if (!strncmp(line, "# tracer: ", 10) && strncmp(line + 10, "mmiotrace", 9) &&
		    strncmp(line + 10, "function_graph", 14))
			return 60;
		at += n + 1;
	}
	return 0;
}

/* "# entries-in-buffer/entries-written: 20/4711   #P:2" */
static void take_entries(struct reader *rd, const char *line)
{
	static const char key[] = "entries-in-buffer/entries-written: ";
	const char *at = strstr(line, key), *cpus = strstr(line, "#P:");
	uint64_t in_buffer, written;
	char *end;

	if (cpus && !rd->info.nr_cpus)
		rd->info.nr_cpus = strtoul(cpus + 3, NULL, 10) % MAX_CPUS;
	if (!at || rd->overwritten)
		return;
	in_buffer = strtoull(at + sizeof(key) - 1, &end, 10);
	written = *end == '/' ? strtoull(end + 1, NULL, 10) : 0;
	if (written > in_buffer)
		rd->overwritten = written - in_buffer;
}

/* "# nop latency trace v1.1.5 on 6.1.0-13-amd64" */
static void take_release(struct reader *rd, const char *line)
{
	const char *at = strstr(line, " latency trace v");

	at = at ? strstr(at, " on ") : NULL;
	if (at && !rd->info.release[0])
		snprintf(rd->info.release, sizeof(rd->info.release), "%.*s", (int)strcspn(at + 4, " "), at + 4);
}

/* The comments in front, and the first record. */
static void look_ahead(struct reader *rd)
{
	struct text_line tl;

	rd->info = (struct source_info){ .layer = LAYER_KERNEL, .kind = "ftrace text", .by_line = true };
	while (rd->lines.nr < MAX_HEAD_LINES && lines_next(&rd->lines)) {
		const char *line = rd->lines.line;

		if (!strncmp(line, "cpus=", 5))
			rd->info.nr_cpus = strtoul(line + 5, NULL, 10) % MAX_CPUS;
		if (*line == '#') {
			take_entries(rd, line);
			take_release(rd, line);
		} else if (text_line_parse(line, &tl)) {
			rd->whole_stamps = tl.form == STAMP_WHOLE;
			break;
		}
	}
	rd->info.time_is_cycles = rd->whole_stamps && !rd->in.tsc_hz;
	lines_init(&rd->lines, &rd->in);
}

/* ---- opening and closing ---- */

static int take_kind(void *ctx, const struct record_kind *rk)
{
	struct reader *rd = ctx;

	counts_add(rd->counts, rk->name, strlen(rk->name), 0, rk->kept);
	return 0;
}

static int pass_signal(void *ctx, const struct source_signal *signal)
{
	struct reader *rd = ctx;

	return rd->host.sink->signal(rd->host.sink->ctx, signal);
}

static void close_reader(struct reader *rd)
{
	if (!rd)
		return;
	synth_free(rd->synth);
	counts_free(rd->counts);
	marks_free(rd->marks);
	free(rd->last);
	free(rd);
}

static bool make_decoder(struct reader *rd)
{
	rd->sink = (struct source_sink){ .ctx = rd, .signal = pass_signal, .record_kind = take_kind };
	rd->decode_host = rd->host;
	rd->decode_host.sink = &rd->sink;
	rd->synth = synth_new(&rd->in, &rd->decode_host);
	rd->counts = counts_new();
	rd->marks = marks_new(rd->in.path, &rd->host);
	rd->last = calloc(MAX_CPUS, sizeof(*rd->last));
	return rd->synth && rd->counts && rd->marks && rd->last;
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	lines_init(&rd->lines, &rd->in);
	look_ahead(rd);
	host->sink->info(host->sink->ctx, &rd->info);
	if (make_decoder(rd))
		return rd;
	diag_report(host->diag, DIAG_BAD_HEADER, (struct diag_pos){ in->path, 0, 0 }, "no memory");
	close_reader(rd);
	return NULL;
}

/* ---- holes ---- */

static void note_hole(struct reader *rd, int32_t cpu, int64_t count)
{
	struct hole *hole = rd->hole;

	while (hole < rd->hole + rd->nr_hole && hole->cpu != cpu)
		hole++;
	if (hole == rd->hole + MAX_HOLES) {
		bad_line(rd, "more holes than there is room for before one record");
		return;
	}
	if (hole == rd->hole + rd->nr_hole)
		*hole = (struct hole){ .cpu = cpu, .count = count };
	else if (hole->count <= 0 || count < 0 || __builtin_add_overflow(hole->count, count, &hole->count))
		hole->count = hole->count && count ? -1 : 0;
	rd->nr_hole += hole == rd->hole + rd->nr_hole;
}

/* Up to the record behind it. A hole whose beginning is not known carries the time of its end twice. */
static void queue_hole(struct reader *rd, const struct hole *hole, uint64_t ordinal, int64_t end_ns)
{
	struct event *ev = &rd->queue[rd->nr_queue];
	const struct last *last = &rd->last[hole->cpu];

	memset(ev, 0, sizeof(*ev));
	ev->kind = EV_LOST;
	ev->witness = WITNESS_SHADOW;
	ev->cpu = hole->cpu;
	ev->pid = -1;
	ev->ordinal = ordinal;
	ev->sub = rd->nr_queue++;
	ev->offset = rd->lines.nr;
	ev->t_lo_ns = ev->t_hi_ns = end_ns;
	if (hole->count && last->seen && last->ns < end_ns)
		ev->t_lo_ns = last->ns;
	event_add_object(ev, OBJ_CPU, hole->cpu);
	rd->nr_holes++;
	if (hole->count <= 0)
		return;
	event_arg_set(ev, ARG_COUNT, hole->count);
	rd->lost += hole->count;
}

static bool queue_holes(struct reader *rd, uint64_t ordinal, int64_t end_ns, int32_t cpu)
{
	bool here = false;

	for (unsigned i = 0; i < rd->nr_hole; i++) {
		here |= rd->hole[i].cpu == cpu;
		queue_hole(rd, &rd->hole[i], ordinal, end_ns);
	}
	if (rd->nr_hole)
		marks_lost(rd->marks);
	rd->nr_hole = 0;
	return here;
}

/* ---- records ---- */

static void set_place(const struct reader *rd, const struct text_line *tl, struct event *ev)
{
	ev->ordinal = rd->records;
	ev->offset = rd->lines.nr;
	ev->t_lo_ns = tl->lo;
	ev->t_hi_ns = tl->hi;
	ev->sub = rd->nr_queue;
	if (tl->comm_len && strncmp(tl->comm, "<...>", tl->comm_len) != 0)
		ev->comm = strtab_intern(rd->host.strings, tl->comm, tl->comm_len);
}

static void queue_events(struct reader *rd, const struct text_line *tl, const struct page_record *rec)
{
	struct event *ev = &rd->queue[rd->nr_queue];
	struct decode *decode = synth_decode(rd->synth);

	if (!decode_record(decode, rec, tl->cpu, ev))
		return;
	set_place(rd, tl, ev);
	rd->nr_queue++;
	if (ev->kind == EV_MARK)
		rd->nr_queue += marks_take(rd->marks, ev, &rd->queue[rd->nr_queue]);
	if (!decode_second(decode, ev, &rd->queue[rd->nr_queue]))
		return;
	rd->queue[rd->nr_queue].sub = rd->nr_queue;
	rd->nr_queue++;
}

/* The group of a probe is not printed: without a symbol it is taken for that whose names stand for functions. */
static void full_name(char *buf, size_t len, const struct text_line *tl, const struct tracepoint_row *row,
		      const struct text_body *probe)
{
	if (probe)
		snprintf(buf, len, "%s:%.*s", probe->place.form == TEXT_SYMBOL ? "kprobes" : "irqpath",
			 (int)tl->event_len, tl->event);
	else if (row && strncmp(row->name, "ftrace:", 7))
		snprintf(buf, len, "%.*s:%.*s", (int)strcspn(row->name, ":"), row->name, (int)tl->event_len, tl->event);
	else if (row)
		snprintf(buf, len, "%s", row->name);
	else
		snprintf(buf, len, "%.*s", (int)tl->event_len, tl->event);
}

/* False where the line is no record of its event. */
static bool take_event(struct reader *rd, const struct text_line *tl, bool behind_hole)
{
	const struct tracepoint_row *row = text_find_row(tl->event, tl->event_len);
	const struct page_record *rec;
	struct page_record with_hole;
	char name[MAX_EVENT_NAME];
	struct text_body body;
	bool is_probe;

	is_probe = text_body_probe(tl->body, &body) && !(row && !strncmp(row->name, "ftrace:", 7));
	full_name(name, sizeof(name), tl, row, is_probe ? &body : NULL);
	counts_add(rd->counts, name, strlen(name), 1, 0);
	if (!is_probe && !row)
		return true;
	if (!is_probe && !text_body_tracepoint(row, tl->event, tl->event_len, tl->body, &body))
		return false;
	rec = synth_record(rd->synth, name, tl->pid, &body);
	if (!rec)
		return true;
	with_hole = *rec;
	with_hole.missed = behind_hole ? -1 : 0;
	queue_events(rd, tl, &with_hole);
	return true;
}

/* What prints free text may go on in the lines behind. */
static bool prints_free_text(const struct text_line *tl)
{
	static const char *const names[] = { "print", "tracing_mark_write", "console", "bprint", "bputs" };

	for (unsigned i = 0; tl->event && i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == tl->event_len && !memcmp(names[i], tl->event, tl->event_len))
			return true;
	return false;
}

/* Whole stamps count something that only --tsc-hz can tell the length of. */
static void scale_time(const struct reader *rd, struct text_line *tl)
{
	if (tl->form == STAMP_WHOLE && rd->in.tsc_hz)
		tl->lo = tl->hi = clock_cycles_ns(tl->lo, rd->in.tsc_hz);
}

/* What a line said that cannot be understood is missing like what a lost record said. */
static void lose_line(struct reader *rd, int32_t cpu, const char *why)
{
	bad_line(rd, why);
	note_hole(rd, cpu, -1);
}

static void take_record(struct reader *rd, struct text_line *tl)
{
	bool behind_hole;

	if ((tl->form == STAMP_WHOLE) != rd->whole_stamps) {
		lose_line(rd, tl->cpu, "its time is of another form than that of the first record");
		return;
	}
	scale_time(rd, tl);
	rd->records++;
	behind_hole = queue_holes(rd, rd->records, tl->hi, tl->cpu);
	rd->free_text = prints_free_text(tl);
	if (!tl->event && !strstr(tl->body, " <-"))
		lose_line(rd, tl->cpu, "no name of an event behind its time");
	else if (!tl->event)
		counts_add(rd->counts, "ftrace:function", 15, 1, 0);
	else if (!take_event(rd, tl, behind_hole))
		lose_line(rd, tl->cpu, "not what this event prints");
	rd->last[tl->cpu] = (struct last){ tl->lo, true };
	if (!rd->seen_any || rd->latest_ns < tl->hi)
		rd->latest_ns = tl->hi;
	rd->seen_two |= rd->seen_any && tl->cpu != rd->some_cpu;
	rd->some_cpu = tl->cpu;
	rd->seen_any = true;
}

static void take_line(struct reader *rd)
{
	struct lines *ls = &rd->lines;
	struct text_line tl;
	int64_t count;
	int32_t cpu;

	if (ls->len && ls->line[ls->len - 1] == '\r')
		ls->line[--ls->len] = 0;
	if (ls->unended)
		lose_line(rd, rd->some_cpu, "the last line has no end: the file may be cut");
	else if (ls->too_long || strlen(ls->line) != ls->len)
		lose_line(rd, rd->some_cpu, ls->too_long ? "too long" : "holds a NUL");
	else if (text_line_parse(ls->line, &tl))
		take_record(rd, &tl);
	else if (text_line_lost(ls->line, &cpu, &count))
		note_hole(rd, cpu, count);
	else if (!text_line_passed_over(ls->line) && !rd->free_text)
		lose_line(rd, rd->some_cpu, "no record of ftrace");
}

/* ---- the end ---- */

static void finish(struct reader *rd)
{
	rd->ended = true;
	if (rd->lines.failed) {
		rd->incomplete = true;
		diag_report(rd->host.diag, DIAG_SHORT_FILE, at_line(rd), "cannot be read on");
	}
	decode_end(synth_decode(rd->synth));
	if (decode_nr_bad(synth_decode(rd->synth)))
		rd->incomplete = true;
	counts_tell(rd->counts, rd->host.sink);
	if (rd->nr_holes || rd->overwritten)
		diag_report(rd->host.diag, DIAG_LOST_EVENTS, (struct diag_pos){ rd->in.path, 0, 0 },
			    "%" PRIu64 " hole%s, %" PRIu64 " records known to be lost, %" PRIu64 " overwritten", rd->nr_holes,
			    rd->nr_holes == 1 ? "" : "s", rd->lost, rd->overwritten);
}

/*
 * A text of one CPU's records alone, as per_cpu/cpuN/trace and trace-cmd report --cpu give it, looks like that of a
 * machine whose other CPUs had nothing to record: what they did is unknown.
 */
static void note_other_cpus(struct reader *rd)
{
	if (!rd->seen_any || rd->seen_two || rd->info.nr_cpus == 1)
		return;
	rd->seen_two = true;
	diag_report(rd->host.diag, DIAG_REMARK, (struct diag_pos){ rd->in.path, 0, 0 },
		    "only CPU %d has records: those of others may have been left out", rd->some_cpu);
	note_hole(rd, rd->some_cpu ? 0 : 1, -1);
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	for (;;) {
		if (rd->next_queue < rd->nr_queue) {
			*ev = rd->queue[rd->next_queue++];
			return READ_EVENT;
		}
		rd->nr_queue = rd->next_queue = 0;
		if (!lines_follow(&rd->lines, &rd->host))
			break;
		take_line(rd);
	}
	if (!rd->lines.stopped)
		note_other_cpus(rd);
	if (!rd->lines.stopped && rd->nr_hole && rd->seen_any) {
		queue_holes(rd, rd->records + 1, rd->latest_ns, -1);
		return next(rd, ev);
	}
	if (!rd->ended)
		finish(rd);
	return rd->incomplete || rd->lines.stopped ? READ_FAILED : READ_END;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->records;
	*offset = rd->lines.nr;
}

static uint64_t lost(const struct reader *rd)
{
	return rd->lost + rd->overwritten;
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	if (!lines_seek(&rd->lines, offset))
		return false;
	snprintf(buf, len, "%s", rd->lines.line + strspn(rd->lines.line, " \t"));
	return true;
}

const struct reader_ops ftrace_text_reader = {
	.name = "ftrace text",
	.about = "the files trace and trace_pipe, with any columns, and what trace-cmd report prints; what the text does not tell "
		 "is unknown",
	.layer = LAYER_KERNEL,
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.lost = lost,
	.text = text,
	.close = close_reader,
};
