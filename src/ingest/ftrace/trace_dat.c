/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of trace.dat, versions 6 and 7. libtracecmd reads the headers and formats; pages.c reads the records; here
 * the CPUs of all buffers are merged by time, ties in the order buffer, CPU, which is that of `trace-cmd report`: the
 * ordinal of a record is the number of its line there.
 *
 * A hole in a CPU's records becomes a lost event with the ordinal of the record behind it, which then is sub 1. It
 * lasts from the last record before it on that CPU; where there is none, t_lo is t_hi, and the hole may begin anywhere
 * before. Holes behind a CPU's last record come at the end, with ordinals behind that of the last record.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <trace-cmd.h>
#include <unistd.h>

#include "core/clock.h"
#include "ingest/ftrace/decode.h"
#include "ingest/ftrace/marks.h"
#include "ingest/ftrace/pages.h"
#include "ingest/ftrace/rows.h"
#include "ingest/ftrace/walk.h"
#include "ingest/merge.h"
#include "ingest/readers.h"

enum { PROGRESS_RECORDS = 1 << 16, BLOCK_BYTES = 64 << 10, ALL_BLOCKS_BYTES = 16 << 20, MAX_STREAMS = 1 << 16 };

struct stream {
	const struct walk_buffer *buffer;
	const struct walk_cpu *cpu;
	struct pages *pages;	/* owned */
	uint64_t from, to;	/* offsets of its records */
	struct page_record rec;
	uint64_t last_ts;
	bool seen;		/* last_ts is one */
};

struct reader {
	struct input in;
	struct reader_host host;
	struct walk walk;
	uint64_t tsc_hz;	/* of stamps that are cycles; 0: they are not, or it is unknown */
	struct tracecmd_input *trace;
	struct tep_handle *tep;	/* of trace */
	struct decode *decode;
	struct marks *marks;
	struct stream *streams;	/* in the order of ties */
	unsigned nr_streams;
	struct merge merge;	/* of streams that have a record, by its time */
	uint64_t records, file_pos;
	uint64_t last_ts;	/* of all streams */
	unsigned next_tail;	/* the next stream to be asked for a hole at its end */
	uint64_t nr_tails;
	uint64_t lost, nr_holes;
	struct event pending[MARKS_MAX_EVENTS];	/* further events of the record that was read last */
	unsigned nr_pending, next_pending;
	bool incomplete, stopped, ended;
};

static struct diag_pos at(const struct reader *rd, uint64_t byte)
{
	return (struct diag_pos){ rd->in.path, byte, 0 };
}

static int probe(const uint8_t *head, size_t len)
{
	return walk_probe(head, len) ? 100 : 0;
}

/* Multiplied in 128 bits, so that cycles of any age fit. */
static int64_t stamp_ns(const struct reader *rd, uint64_t ts)
{
	const struct walk *w = &rd->walk;

	if (w->tsc_mult)
		ts = (uint64_t)((unsigned __int128)ts * w->tsc_mult >> w->tsc_shift);
	else if (rd->tsc_hz)
		ts = clock_cycles_ns(ts, rd->tsc_hz);
	ts += (uint64_t)w->ts_offset_ns;
	return ts > INT64_MAX ? INT64_MAX : (int64_t)ts;
}

/* ---- opening ---- */

/*
 * What tracecmd_open_fd() does before it loads each CPU's first page, which it trusts (a commit word behind the page's end
 * crashes it) and which is of no use here. Exported for trace-cmd itself, without a public header.
 */
struct tracecmd_input *tracecmd_alloc_fd(int fd, int flags);
int tracecmd_read_headers(struct tracecmd_input *handle, int state);

static bool open_library(struct reader *rd)
{
	int fd;

	tep_set_loglevel(TEP_LOG_NONE);
	tracecmd_set_loglevel(TEP_LOG_NONE);
	if (lseek(rd->in.fd, 0, SEEK_SET) < 0)
		return false;
	fd = dup(rd->in.fd);	/* tracecmd_close() closes it */
	if (fd < 0)
		return false;
	rd->trace = tracecmd_alloc_fd(fd, TRACECMD_FL_LOAD_NO_PLUGINS | TRACECMD_FL_LOAD_NO_SYSTEM_PLUGINS);
	if (!rd->trace || tracecmd_read_headers(rd->trace, 0) < 0)
		return false;
	rd->tep = tracecmd_get_tep(rd->trace);
	return rd->tep && !tep_is_old_format(rd->tep);
}

static const char *clock_name(const struct walk *w)
{
	for (unsigned i = 0; i < w->nr_buffers; i++)
		if (w->buffers[i].clock[0] && w->buffers[i].nr_cpus)
			return w->buffers[i].clock;
	return w->clock;
}

/*
 * kernel/trace/trace.c, trace_clocks[]: those in nanoseconds; tsc2nsec is trace-cmd's own, which comes with the factors.
 * Of any other the frequency is not known. A file that names none is from when there was only the local clock.
 */
static bool clock_is_cycles(const struct walk *w, const char *clock)
{
	static const char *const in_ns[] = {
		"", "local", "global", "uptime", "perf", "mono", "mono_raw", "boot", "tai", "tsc2nsec",
	};

	for (unsigned i = 0; i < sizeof(in_ns) / sizeof(*in_ns); i++)
		if (!strcmp(clock, in_ns[i]))
			return false;
	return !w->tsc_mult;
}

static bool shows_cycles(const struct reader *rd)
{
	return !rd->tsc_hz && clock_is_cycles(&rd->walk, clock_name(&rd->walk));
}

static void note_clocks(struct reader *rd, const char *clock)
{
	const struct walk *w = &rd->walk;

	for (unsigned i = 0; i < w->nr_buffers; i++)
		if (w->buffers[i].nr_cpus && w->buffers[i].clock[0] && strcmp(w->buffers[i].clock, clock))
			diag_report(rd->host.diag, DIAG_REMARK, at(rd, 0),
				    "buffer '%s' claims clock %s, others %s: their order may be wrong",
				    w->buffers[i].name, w->buffers[i].clock, clock);
	if (w->time_shift)
		diag_report(rd->host.diag, DIAG_REMARK, at(rd, 0),
			    "times stay in the guest's own clock, unshifted to the host's");
}

static void tell_info(struct reader *rd)
{
	const char *clock = clock_name(&rd->walk);
	struct source_info info = { .layer = LAYER_KERNEL, .nr_cpus = rd->walk.nr_cpus };

	for (unsigned i = 0; i < rd->nr_streams; i++)
		if (rd->streams[i].cpu->cpu >= info.nr_cpus)
			info.nr_cpus = rd->streams[i].cpu->cpu + 1;
	snprintf(info.kind, sizeof(info.kind), "trace.dat %u", rd->walk.version);
	snprintf(info.clock, sizeof(info.clock), "%s", clock);
	snprintf(info.release, sizeof(info.release), "%s", rd->walk.release);
	if (clock_is_cycles(&rd->walk, clock) && strcmp(clock, "counter") != 0)
		rd->tsc_hz = rd->in.tsc_hz;
	info.time_is_cycles = shows_cycles(rd);
	rd->host.sink->info(rd->host.sink->ctx, &info);
	note_clocks(rd, clock);
}

static unsigned count_streams(const struct walk *w)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < w->nr_buffers; i++)
		for (unsigned j = 0; j < w->buffers[i].nr_cpus; j++)
			nr += w->buffers[i].cpus[j].size_bytes > 0;
	return nr;
}

static int by_cpu(const void *a, const void *b)
{
	const struct walk_cpu *x = a, *y = b;

	return x->cpu < y->cpu ? -1 : x->cpu > y->cpu;
}

static bool open_stream(struct reader *rd, struct walk_buffer *buffer, struct walk_cpu *cpu, uint64_t *base,
			size_t block)
{
	struct stream *st = &rd->streams[rd->nr_streams];
	uint64_t bad_at = 0;

	st->buffer = buffer;
	st->cpu = cpu;
	st->pages = pages_new(&rd->in, &rd->walk, buffer, cpu, *base, block);
	if (!st->pages)
		return false;
	rd->nr_streams++;
	if (!pages_extent(st->pages, &st->from, &st->to, &bad_at)) {
		diag_report(rd->host.diag, DIAG_UNREAD_DATA, at(rd, bad_at),
			    "compressed data of CPU %u is not laid out as it says", cpu->cpu);
		rd->incomplete = true;
	}
	if (buffer->compressed)
		*base = st->to;
	return true;
}

/* The top buffer is first in ties wherever it stands in the file. */
static bool open_streams(struct reader *rd)
{
	unsigned nr = count_streams(&rd->walk);
	size_t block = nr && ALL_BLOCKS_BYTES / nr < BLOCK_BYTES ? ALL_BLOCKS_BYTES / nr : BLOCK_BYTES;
	uint64_t base = 0;

	if (nr > MAX_STREAMS)
		return false;
	rd->streams = calloc(nr + 1, sizeof(*rd->streams));
	if (!rd->streams || !merge_init(&rd->merge, nr))
		return false;
	for (int top = 1; top >= 0; top--) {
		for (unsigned i = 0; i < rd->walk.nr_buffers; i++) {
			struct walk_buffer *buffer = &rd->walk.buffers[i];

			if ((buffer->name[0] == 0) != top)
				continue;
			qsort(buffer->cpus, buffer->nr_cpus, sizeof(*buffer->cpus), by_cpu);
			for (unsigned j = 0; j < buffer->nr_cpus; j++)
				if (buffer->cpus[j].size_bytes &&
				    !open_stream(rd, buffer, &buffer->cpus[j], &base, block))
					return false;
		}
	}
	return true;
}

/* ---- merging ---- */

static void report_damage(struct reader *rd, const struct stream *st)
{
	rd->incomplete = true;
	diag_report(rd->host.diag, DIAG_BAD_DATA, at(rd, pages_position(st->pages)),
		    "page or chunk of CPU %u is damaged, it is passed over", st->cpu->cpu);
}

/* Reads the stream's next record; false at its end. Damage is reported and passed over. */
static bool advance(struct reader *rd, struct stream *st)
{
	for (;;) {
		switch (pages_next(st->pages, &st->rec)) {
		case PAGES_RECORD:
			return true;
		case PAGES_END:
			return false;
		case PAGES_DAMAGED:
			report_damage(rd, st);
			break;
		case PAGES_NO_MEMORY:
			rd->incomplete = true;
			diag_report(rd->host.diag, DIAG_UNREAD_DATA, at(rd, pages_position(st->pages)),
				    "no memory for a chunk of CPU %u", st->cpu->cpu);
			return false;
		}
	}
}

static void start_merge(struct reader *rd)
{
	for (unsigned i = 0; i < rd->nr_streams; i++)
		if (advance(rd, &rd->streams[i]))
			merge_add(&rd->merge, i, rd->streams[i].rec.ts);
}

static void take_next(struct reader *rd)
{
	struct stream *st = &rd->streams[merge_first(&rd->merge)];

	if (advance(rd, st))
		merge_advance(&rd->merge, st->rec.ts);
	else
		merge_drop(&rd->merge);
}

static void close_reader(struct reader *rd)
{
	if (!rd)
		return;
	for (unsigned i = 0; i < rd->nr_streams; i++)
		pages_free(rd->streams[i].pages);
	free(rd->streams);
	merge_fini(&rd->merge);
	decode_free(rd->decode);
	marks_free(rd->marks);
	if (rd->trace)
		tracecmd_close(rd->trace);
	walk_fini(&rd->walk);
	free(rd);
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	const struct decode_options opt = { .probe_basis = SIGNAL_DECLARED };
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	if (!walk_file(&rd->walk, in, host->diag))
		goto fail;
	rd->incomplete = rd->walk.cut;
	if (!open_library(rd)) {
		diag_report(host->diag, DIAG_BAD_HEADER, at(rd, 0), "libtracecmd refuses the file's headers");
		goto fail;
	}
	if (!open_streams(rd)) {
		diag_report(host->diag, DIAG_BAD_HEADER, at(rd, 0), "no memory for the CPUs' data");
		goto fail;
	}
	tell_info(rd);
	rd->decode = decode_new(rd->tep, &rd->walk, &opt, &rd->in, &rd->host);
	rd->marks = marks_new(rd->in.path, &rd->host);
	if (!rd->decode || !rd->marks) {
		diag_report(host->diag, DIAG_BAD_HEADER, at(rd, 0), "no memory for the event formats");
		goto fail;
	}
	start_merge(rd);
	return rd;
fail:
	close_reader(rd);
	return NULL;
}

/* ---- reading ---- */

static void set_place(const struct reader *rd, const struct stream *st, struct event *ev)
{
	ev->ordinal = rd->records;
	ev->offset = st->rec.offset;
	ev->t_lo_ns = ev->t_hi_ns = stamp_ns(rd, st->rec.ts);
}

static void init_lost(struct reader *rd, const struct stream *st, struct event *ev)
{
	memset(ev, 0, sizeof(*ev));
	ev->kind = EV_LOST;
	ev->witness = WITNESS_SHADOW;
	ev->cpu = st->cpu->cpu;
	ev->pid = -1;
	event_add_object(ev, OBJ_CPU, st->cpu->cpu);
	rd->nr_holes++;
}

static void make_lost(struct reader *rd, const struct stream *st, struct event *ev)
{
	init_lost(rd, st, ev);
	set_place(rd, st, ev);
	if (st->seen && st->last_ts < st->rec.ts)
		ev->t_lo_ns = stamp_ns(rd, st->last_ts);
	if (st->rec.missed > 0) {
		event_arg_set(ev, ARG_COUNT, st->rec.missed);
		rd->lost += st->rec.missed;
	}
}

/* A hole that no record of its CPU ends lasts to the end of the capture. */
static bool make_tail_lost(struct reader *rd, struct event *ev)
{
	while (rd->next_tail < rd->nr_streams) {
		const struct stream *st = &rd->streams[rd->next_tail++];

		if (!pages_missed(st->pages))
			continue;
		init_lost(rd, st, ev);
		ev->ordinal = rd->records + ++rd->nr_tails;
		ev->offset = st->seen ? st->rec.offset : st->from;
		ev->t_hi_ns = stamp_ns(rd, rd->last_ts);
		ev->t_lo_ns = st->seen && st->last_ts < rd->last_ts ? stamp_ns(rd, st->last_ts) : ev->t_hi_ns;
		return true;
	}
	return false;
}

/* The record at the head of the merge as one event, with this sub, or two, of which the second is pending. */
static bool decode_head(struct reader *rd, const struct stream *st, struct event *ev, unsigned sub)
{
	if (!decode_record(rd->decode, &st->rec, st->cpu->cpu, ev))
		return false;
	set_place(rd, st, ev);
	ev->sub = sub;
	if (decode_second(rd->decode, ev, &rd->pending[rd->nr_pending]))
		rd->pending[rd->nr_pending++].sub = sub + 1;
	else if (ev->kind == EV_MARK)
		rd->nr_pending += marks_take(rd->marks, ev, &rd->pending[rd->nr_pending]);
	return true;
}

/* Decodes the record at the head of the merge. True where ev is an event; further ones may be pending. */
static bool take_record(struct reader *rd, struct event *ev)
{
	struct stream *st = &rd->streams[merge_first(&rd->merge)];
	bool decoded = true;

	rd->records++;
	rd->nr_pending = rd->next_pending = 0;
	if (st->rec.missed) {
		make_lost(rd, st, ev);
		marks_lost(rd->marks);
		rd->nr_pending = 1;
		if (!decode_head(rd, st, &rd->pending[0], 1))
			rd->nr_pending = 0;
	} else {
		decoded = decode_head(rd, st, ev, 0);
	}
	st->last_ts = st->rec.ts;
	st->seen = true;
	if (rd->last_ts < st->rec.ts)
		rd->last_ts = st->rec.ts;
	if (rd->records % PROGRESS_RECORDS == 0) {
		rd->file_pos = pages_position(st->pages);
		rd->stopped = rd->host.sink->progress(rd->host.sink->ctx, rd->file_pos) != 0;
	}
	return decoded;
}

static void finish(struct reader *rd)
{
	rd->ended = true;
	decode_end(rd->decode);
	rd->file_pos = rd->in.size_bytes;
	if (decode_nr_bad(rd->decode))
		rd->incomplete = true;
	if (rd->nr_holes)
		diag_report(rd->host.diag, DIAG_LOST_EVENTS, at(rd, 0),
			    "%" PRIu64 " hole%s, %" PRIu64 " records known to be lost", rd->nr_holes, rd->nr_holes == 1 ? "" : "s",
			    rd->lost);
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	if (rd->next_pending < rd->nr_pending) {
		*ev = rd->pending[rd->next_pending++];
		return READ_EVENT;
	}
	while (!merge_is_empty(&rd->merge) && !rd->stopped) {
		bool is_event = take_record(rd, ev);

		take_next(rd);
		if (is_event)
			return READ_EVENT;
	}
	if (!rd->stopped && make_tail_lost(rd, ev))
		return READ_EVENT;
	if (!rd->ended)
		finish(rd);
	return rd->incomplete || rd->stopped ? READ_FAILED : READ_END;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->records;
	*offset = rd->file_pos;
	if (!rd->ended && !merge_is_empty(&rd->merge))
		*offset = pages_position(rd->streams[merge_first(&rd->merge)].pages);
}

static int64_t until_ns(const struct reader *rd)
{
	return stamp_ns(rd, rd->last_ts);
}

static uint64_t lost(const struct reader *rd)
{
	return rd->walk.lost > rd->lost ? rd->walk.lost : rd->lost;
}

/* ---- text ---- */

static bool find_record(struct reader *rd, uint64_t offset, struct stream **found, struct page_record *rec)
{
	for (unsigned i = 0; i < rd->nr_streams; i++) {
		struct stream *st = &rd->streams[i];

		if (offset < st->from || offset >= st->to)
			continue;
		if (!pages_seek(st->pages, offset))
			return false;
		while (pages_next(st->pages, rec) == PAGES_RECORD && rec->offset <= offset) {
			if (rec->offset == offset) {
				*found = st;
				return true;
			}
		}
		return false;
	}
	return false;
}

static int print_head(const struct reader *rd, const struct stream *st, const struct page_record *rec, int pid,
		      const char *name, char *buf, size_t len)
{
	int64_t ns = stamp_ns(rd, rec->ts);
	const char *comm = tep_data_comm_from_pid(rd->tep, pid);

	if (shows_cycles(rd))
		return snprintf(buf, len, "%s-%d [%03u] %" PRId64 ": %s: ", comm ? comm : "<...>", pid, st->cpu->cpu,
				ns, name);
	return snprintf(buf, len, "%s-%d [%03u] %" PRId64 ".%09" PRId64 ": %s: ", comm ? comm : "<...>", pid,
			st->cpu->cpu, ns / 1000000000, ns % 1000000000, name);
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	struct page_record rec;
	struct tep_record record = { .ref_count = 1 };
	struct tep_event *format;
	struct trace_seq seq;
	struct stream *st;
	int n;

	if (!len || !find_record(rd, offset, &st, &rec) || rec.size < 8)
		return false;
	record.ts = stamp_ns(rd, rec.ts);
	record.offset = rec.offset;
	record.size = record.record_size = rec.size;
	record.data = (void *)rec.data;
	record.cpu = st->cpu->cpu;
	format = tep_find_event_by_record(rd->tep, &record);
	if (!format)
		return false;
	n = print_head(rd, st, &rec, tep_data_pid(rd->tep, &record), format->name, buf, len);
	if (n < 0 || (size_t)n >= len)
		return n > 0;
	trace_seq_init(&seq);
	tep_print_event(rd->tep, &seq, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&seq);
	if (seq.state == TRACE_SEQ__GOOD)
		snprintf(buf + n, len - n, "%.*s", (int)strcspn(seq.buffer, "\n"), seq.buffer);
	trace_seq_destroy(&seq);
	return true;
}

/* The library's own: offsets, a second descriptor, the size of memory that qsort() asks for. */
static const int syscalls[] = { SYS_lseek, SYS_dup, SYS_close, SYS_sysinfo, -1 };

const struct reader_ops trace_dat_reader = {
	.name = "trace.dat",
	.layer = LAYER_KERNEL,
	.about = "ftrace, as trace-cmd records it, versions 6 and 7, compressed or not, with all buffer instances; lost records "
		 "are gaps",
	.shows = rows_show,
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.until_ns = until_ns,
	.lost = lost,
	.text = text,
	.close = close_reader,
	.syscalls = syscalls,
};
