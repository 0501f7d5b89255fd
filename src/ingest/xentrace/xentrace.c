/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of xentrace's binary files, Xen 4.2 to today, either byte order. The file is the rings of the CPUs in
 * windows as they were copied; only within a CPU records are in order. A first walk finds which CPUs there are, then
 * their streams are merged by the time until which a record has taken effect; the ordinal of a record is its place in
 * that order, each window's own record counted when the window is taken.
 *
 * A hole that no record of its own tells of, where damage was passed over, becomes a lost event like those that Xen
 * records: from the last record of the CPU to the next one, whose ordinal it has, or to the end of the capture.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "ingest/bincur.h"
#include "ingest/merge.h"
#include "ingest/readers.h"
#include "ingest/xentrace/decode.h"
#include "ingest/xentrace/stream.h"
#include "ingest/xentrace/windows.h"

enum {
	PROGRESS_RECORDS = 1 << 16, BLOCK_BYTES = 64 << 10, ALL_BLOCKS_BYTES = 8 << 20, MAX_WINDOWS_KEPT = 1 << 14,
	MAX_PENDING = XEN_MAX_EVENTS + 1,
};

/* A CPU that has windows, and its record at the head of the merge. */
struct cpu_stream {
	struct stream *stream;	/* owned */
	struct xen_record rec;
	uint64_t last;		/* hi of the record before; valid where seen */
	bool seen;
};

struct reader {
	struct input in;
	struct reader_host host;
	struct stream_shared shared;
	struct xen_decode *decode;
	struct cpu_stream *streams;
	uint32_t nr_streams, nr_cpus;
	struct merge merge;
	uint64_t *last_offset;	/* of each CPU's windows */
	uint32_t nr_breaks;	/* in all of the file */
	uint64_t records, windows_told, file_pos;
	uint64_t nr_holes, nr_lost;
	struct event pending[MAX_PENDING];
	unsigned nr_pending, next_pending;
	uint32_t next_tail;	/* the next stream to be asked for a hole at its end */
	bool stopped, ended;
};

static struct diag_pos at(const struct reader *rd, uint64_t byte)
{
	return (struct diag_pos){ rd->in.path, byte, 0 };
}

static int probe(const uint8_t *head, size_t len)
{
	bool big_endian;

	return window_probe(head, len, &big_endian) ? 90 : 0;
}

/* ---- opening ---- */

/* Which CPUs have windows, and where each one's last is. */
static bool walk_windows(struct reader *rd)
{
	struct window_scan scan;
	struct window win;
	uint64_t nr = 0;

	window_scan_init(&scan, &rd->in, rd->shared.big_endian, rd->host.diag);
	while (!rd->stopped && window_next(&scan, &win)) {
		rd->last_offset[win.cpu] = win.offset;
		if (win.cpu >= rd->nr_cpus)
			rd->nr_cpus = win.cpu + 1;
		if (!(++nr % PROGRESS_RECORDS))
			rd->stopped = rd->host.sink->progress(rd->host.sink->ctx, scan.pos) != 0;
	}
	rd->nr_breaks = scan.nr_breaks;
	rd->shared.incomplete = scan.nr_breaks > 0;
	return rd->nr_cpus > 0;
}

static bool open_streams(struct reader *rd)
{
	uint32_t nr = 0;
	size_t block;

	for (uint32_t cpu = 0; cpu < rd->nr_cpus; cpu++)
		nr += rd->last_offset[cpu] != 0;
	block = ALL_BLOCKS_BYTES / (nr + 1) < BLOCK_BYTES ? ALL_BLOCKS_BYTES / (nr + 1) : BLOCK_BYTES;
	rd->streams = calloc(nr + 1, sizeof(*rd->streams));
	if (!rd->streams || !merge_init(&rd->merge, nr))
		return false;
	for (uint32_t cpu = 0; cpu < rd->nr_cpus; cpu++) {
		if (!rd->last_offset[cpu])
			continue;
		rd->streams[rd->nr_streams].stream = stream_new(&rd->shared, cpu, block);
		if (!rd->streams[rd->nr_streams].stream)
			return false;
		rd->nr_streams++;
	}
	return true;
}

static void tell_info(struct reader *rd)
{
	struct source_info info = {
		.kind = "xentrace", .clock = "tsc", .layer = LAYER_HYPERVISOR, .machine = MACHINE_XEN,
		.nr_cpus = rd->nr_cpus, .time_is_cycles = !rd->in.tsc_hz,
	};

	rd->host.sink->info(rd->host.sink->ctx, &info);
	if (rd->nr_streams < rd->nr_cpus)
		diag_report(rd->host.diag, DIAG_REMARK, at(rd, 0),
			    "of %" PRIu32 " CPUs %" PRIu32 " have no window: not traced, or nothing to be told",
			    rd->nr_cpus, rd->nr_cpus - rd->nr_streams);
}

/* What one stream finds of others' records that are passed over. */
static void spread_holes(struct reader *rd)
{
	if (!rd->shared.all_holed)
		return;
	rd->shared.all_holed = false;
	for (uint32_t i = 0; i < rd->nr_streams; i++)
		stream_set_hole(rd->streams[i].stream);
}

static bool advance(struct reader *rd, struct cpu_stream *cs)
{
	bool more = stream_next(cs->stream, &cs->rec);

	spread_holes(rd);
	return more;
}

static void close_reader(struct reader *rd)
{
	if (!rd)
		return;
	for (uint32_t i = 0; i < rd->nr_streams; i++)
		stream_free(rd->streams[i].stream);
	free(rd->streams);
	merge_fini(&rd->merge);
	window_queue_free(rd->shared.queue);
	xen_decode_free(rd->decode);
	free(rd->last_offset);
	free(rd);
}

static bool find_byte_order(struct reader *rd)
{
	uint8_t head[WINDOW_HEADER_BYTES];

	return bincur_pread(rd->in.fd, head, sizeof(head), 0) &&
	       window_probe(head, sizeof(head), &rd->shared.big_endian);
}

static bool allocate(struct reader *rd)
{
	rd->shared.queue = window_queue_new(&rd->in, rd->shared.big_endian, rd->last_offset, rd->nr_cpus,
					    MAX_WINDOWS_KEPT);
	rd->decode = xen_decode_new(&rd->in, &rd->host, rd->nr_cpus);
	return rd->shared.queue && rd->decode && open_streams(rd);
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	rd->shared.in = &rd->in;
	rd->shared.diag = host->diag;
	rd->last_offset = calloc(WINDOW_MAX_CPUS, sizeof(*rd->last_offset));
	if (!rd->last_offset || !find_byte_order(rd) || !walk_windows(rd) || !allocate(rd)) {
		diag_report(host->diag, DIAG_BAD_HEADER, at(rd, 0), "no windows, or no memory for them");
		close_reader(rd);
		return NULL;
	}
	tell_info(rd);
	for (uint32_t i = 0; i < rd->nr_streams; i++)
		if (advance(rd, &rd->streams[i]))
			merge_add(&rd->merge, i, rd->streams[i].rec.hi);
	return rd;
}

/* ---- reading ---- */

static int64_t time_of(const struct reader *rd, int64_t cycles)
{
	return rd->in.tsc_hz ? (int64_t)clock_cycles_ns(cycles, rd->in.tsc_hz) : cycles;
}

static int64_t clamp(uint64_t cycles)
{
	return cycles > INT64_MAX ? INT64_MAX : (int64_t)cycles;
}

static struct event *add_lost(struct reader *rd, uint32_t cpu)
{
	struct event *ev = &rd->pending[rd->nr_pending++];

	memset(ev, 0, sizeof(*ev));
	ev->kind = EV_LOST;
	ev->witness = WITNESS_SHADOW;
	ev->cpu = cpu;
	ev->pid = -1;
	event_add_object(ev, OBJ_CPU, cpu);
	return ev;
}

static void add_hole(struct reader *rd, const struct cpu_stream *cs)
{
	struct event *ev = add_lost(rd, stream_cpu(cs->stream));

	ev->t_hi_ns = clamp(cs->rec.hi);
	ev->t_lo_ns = cs->seen ? clamp(cs->last) : ev->t_hi_ns;
}

static void place_events(struct reader *rd, const struct cpu_stream *cs)
{
	for (unsigned i = 0; i < rd->nr_pending; i++) {
		struct event *ev = &rd->pending[i];

		ev->ordinal = rd->records + rd->shared.nr_windows;
		ev->offset = cs->rec.offset;
		ev->sub = i;
		ev->t_lo_ns = time_of(rd, ev->t_lo_ns);
		ev->t_hi_ns = time_of(rd, ev->t_hi_ns);
		rd->nr_holes += ev->kind == EV_LOST;
	}
}

/* Takes the record at the head of the merge; its events are pending then. */
static void take_record(struct reader *rd)
{
	struct cpu_stream *cs = &rd->streams[merge_first(&rd->merge)];
	const struct xen_record *rec = &cs->rec;

	rd->records++;
	rd->nr_pending = rd->next_pending = 0;
	if (rec->hole)
		add_hole(rd, cs);
	rd->nr_pending += xen_decode_record(rd->decode, stream_cpu(cs->stream), rec, rd->pending + rd->nr_pending);
	if (rd->nr_pending)
		place_events(rd, cs);
	if (record_id(rec) == ID_LOST_RECORDS && rec->nr_words == 4)
		rd->nr_lost += rec->word[0];
	cs->last = rec->hi;
	cs->seen = true;
	if (rd->records % PROGRESS_RECORDS == 0)
		rd->stopped = rd->host.sink->progress(rd->host.sink->ctx, rec->offset) != 0;
	if (advance(rd, cs))
		merge_advance(&rd->merge, cs->rec.hi);
	else
		merge_drop(&rd->merge);
}

/* A hole that no record of its CPU ends lasts to the end of the capture. */
static bool take_tail(struct reader *rd)
{
	while (rd->next_tail < rd->nr_streams) {
		const struct cpu_stream *cs = &rd->streams[rd->next_tail++];
		struct event *ev;

		if (!stream_ends_in_hole(cs->stream) && stream_breaks(cs->stream) == rd->nr_breaks)
			continue;
		rd->nr_pending = rd->next_pending = 0;
		ev = add_lost(rd, stream_cpu(cs->stream));
		rd->nr_holes++;
		ev->ordinal = rd->records + rd->shared.nr_windows + rd->next_tail;
		ev->offset = cs->seen ? cs->rec.offset : rd->last_offset[stream_cpu(cs->stream)];
		ev->t_hi_ns = time_of(rd, clamp(rd->shared.latest));
		ev->t_lo_ns = cs->seen ? time_of(rd, clamp(cs->last)) : ev->t_hi_ns;
		return true;
	}
	return false;
}

static void finish(struct reader *rd)
{
	rd->ended = true;
	xen_decode_windows(rd->decode, rd->shared.nr_windows);
	xen_decode_end(rd->decode);
	rd->file_pos = rd->in.size_bytes;
	if (window_queue_gave_up(rd->shared.queue)) {
		rd->shared.incomplete = true;
		diag_report(rd->host.diag, DIAG_UNREAD_DATA, at(rd, 0),
			    "windows of some CPUs are too far from those of the others");
	}
	if (rd->nr_holes)
		diag_report(rd->host.diag, DIAG_LOST_EVENTS, at(rd, 0),
			    "%" PRIu64 " hole%s, %" PRIu64 " records known to be lost", rd->nr_holes, rd->nr_holes == 1 ? "" : "s",
			    rd->nr_lost);
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	for (;;) {
		if (rd->next_pending < rd->nr_pending) {
			*ev = rd->pending[rd->next_pending++];
			return READ_EVENT;
		}
		if (rd->stopped)
			break;
		if (!merge_is_empty(&rd->merge))
			take_record(rd);
		else if (!take_tail(rd))
			break;
	}
	if (!rd->ended)
		finish(rd);
	return rd->shared.incomplete || rd->stopped ? READ_FAILED : READ_END;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->records + rd->shared.nr_windows;
	*offset = rd->file_pos;
	if (!rd->ended && !merge_is_empty(&rd->merge))
		*offset = rd->streams[merge_first(&rd->merge)].rec.offset;
}

/* ---- text ---- */

static bool find_window(struct reader *rd, uint64_t offset, struct window *win)
{
	struct window_scan scan;

	window_scan_init(&scan, &rd->in, rd->shared.big_endian, NULL);
	while (window_next(&scan, win))
		if (offset >= win->offset && offset < win->offset + win->len_bytes)
			return true;
	return false;
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	struct xen_record rec;
	struct window win;

	if (!len || !find_window(rd, offset, &win) || !record_at(&rd->shared, &win, offset, &rec))
		return false;
	xen_decode_text(&rec, win.cpu, buf, len);
	return true;
}

const struct reader_ops xentrace_reader = {
	.name = "xentrace",
	.layer = LAYER_HYPERVISOR,
	.about = "binary files of xentrace, Xen 4.2 and later, of either byte order; lost records are gaps",
	.shows = xen_decode_shows,
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.text = text,
	.close = close_reader,
};
