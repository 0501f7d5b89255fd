/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of what QEMU's log backend writes. A line is a record; an event's ordinal and offset are its number. Text
 * between the events is a console's: it is put together again, and what it says of interrupts are events too.
 *
 * Threads read the clock before they wait for the file: lines of two threads may stand in the order opposite to that of
 * their times. The order of lines is kept; the later line's event has taken effect between its own time and that of the
 * line in front. A log without times counts lines instead.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/console/console.h"
#include "ingest/lines.h"
#include "ingest/qemu/decode.h"
#include "ingest/readers.h"

enum { PROBE_LINES = 400, MAX_PENDING = 32, RACE_NS = 1000000 };

struct reader {
	struct input in;
	struct reader_host host;
	struct lines lines;
	struct qemu_decoder *decoder;	/* owned */
	struct qemu_finder finder;
	struct console console;
	uint64_t nr_console, nr_blank;
	bool timed;			/* lines have times */
	int64_t last_ns, latest_ns;	/* of the line in front; of all so far */
	bool has_last;
	unsigned more_lines;		/* that belong to the event before */
	struct event event[QEMU_MAX_EVENTS];	/* of this line */
	unsigned nr_events, next_event;
	struct event pending[MAX_PENDING];	/* of the console, until the next line with a time */
	unsigned nr_pending, next_pending;
	bool incomplete, ended;
};

/* ------------------------------------------------------------------------------------------------------ times */

static void set_time(struct reader *rd, struct event *ev, const struct qemu_record *rec)
{
	if (!rd->timed) {
		ev->t_lo_ns = ev->t_hi_ns = (int64_t)rd->lines.nr;
		return;
	}
	ev->t_lo_ns = ev->t_hi_ns = rec->has_time ? rec->t_ns : rd->last_ns;
	/* what is more than a race is reported by who checks the order of all readers */
	if (ev->t_hi_ns < rd->latest_ns && rd->latest_ns - ev->t_hi_ns <= RACE_NS)
		ev->t_hi_ns = rd->latest_ns;
}

static void note_time(struct reader *rd, const struct qemu_record *rec)
{
	if (!rec->has_time)
		return;
	rd->last_ns = rec->t_ns;
	if (!rd->has_last || rec->t_ns > rd->latest_ns || rd->latest_ns - rec->t_ns > RACE_NS)
		rd->latest_ns = rec->t_ns;
	rd->has_last = true;
}

/* ---------------------------------------------------------------------------------------------------- console */

/* What a console printed has a time between those of the lines around it. */
static void release_pending(struct reader *rd, bool has_next)
{
	for (unsigned i = 0; has_next && i < rd->nr_pending; i++)
		if (rd->pending[i].t_hi_ns < rd->last_ns)
			rd->pending[i].t_hi_ns = rd->last_ns;
	rd->next_pending = 0;
}

/* sub: behind events of the same line, where the end of the file ends it. */
static void take_console_line(struct reader *rd, unsigned sub)
{
	struct event *ev = &rd->pending[rd->nr_pending];

	if (rd->console.len)
		rd->nr_console++;
	else
		rd->nr_blank++;
	*ev = (struct event){ .witness = WITNESS_SHADOW, .cpu = -1, .pid = -1 };
	if (!console_end_line(&rd->console, rd->host.strings, ev))
		return;
	ev->ordinal = ev->offset = rd->lines.nr;
	ev->sub = sub;
	ev->t_lo_ns = rd->timed ? rd->last_ns : (int64_t)rd->lines.nr;
	ev->t_hi_ns = rd->timed ? rd->latest_ns : (int64_t)rd->lines.nr;
	rd->nr_pending++;
}

/* --------------------------------------------------------------------------------------------------- one line */

static void take_event(struct reader *rd, const struct qemu_record *rec)
{
	rd->nr_events = qemu_decode(rd->decoder, rec, rd->event);
	rd->next_event = 0;
	for (unsigned i = 0; i < rd->nr_events; i++) {
		rd->event[i].ordinal = rd->event[i].offset = rd->lines.nr;
		set_time(rd, &rd->event[i], rec);
	}
	rd->more_lines = rec->row->more_lines;
}

static bool is_continuation(struct reader *rd)
{
	bool more = rd->more_lines && rd->lines.len && (rd->lines.line[0] == ' ' || rd->lines.line[0] == '\t');

	rd->more_lines = more ? rd->more_lines - 1 : 0;
	return more;
}

/* QEMU ends each line: what is not a whole event without was cut. Excerpts without times may come from anywhere. */
static void check_end(struct reader *rd, const struct qemu_line *found)
{
	if (rd->lines.has_end || !rd->timed || found->found == QEMU_EVENT || rd->lines.failed)
		return;
	rd->incomplete = true;
	diag_report(rd->host.diag, DIAG_SHORT_FILE, (struct diag_pos){ rd->in.path, 0, rd->lines.nr }, "line without an end");
}

/* True where a time came: what is pending can go. */
static bool take_line(struct reader *rd)
{
	struct lines *ls = &rd->lines;
	struct qemu_record rec;
	struct qemu_line found;

	if (is_continuation(rd))
		return false;
	qemu_find(&rd->finder, ls->line, ls->len, &found, &rec);
	check_end(rd, &found);
	if (found.found == QEMU_NOTHING) {
		console_add(&rd->console, ls->line, ls->len);
		take_console_line(rd, 0);
		return false;
	}
	console_add(&rd->console, ls->line, found.from);
	note_time(rd, &rec);
	if (found.found == QEMU_EVENT)
		take_event(rd, &rec);
	else
		qemu_count_other(rd->decoder, found.name, found.known_name, 1);
	return rec.has_time;
}

/* ----------------------------------------------------------------------------------------------------- reader */

static void tell_text(struct reader *rd, const char *name, uint64_t count)
{
	struct record_kind rk = { .count = count };

	snprintf(rk.name, sizeof(rk.name), "%s", name);
	if (count)
		rd->host.sink->record_kind(rd->host.sink->ctx, &rk);
}

static void finish(struct reader *rd)
{
	rd->ended = true;
	if (rd->console.len)
		take_console_line(rd, QEMU_MAX_EVENTS);
	release_pending(rd, false);
	if (rd->lines.failed) {
		rd->incomplete = true;
		diag_report(rd->host.diag, DIAG_SHORT_FILE, (struct diag_pos){ rd->in.path, 0, rd->lines.nr },
			    "cannot be read on");
	}
	qemu_decoder_end(rd->decoder);
	tell_text(rd, "(console lines)", rd->nr_console);
	tell_text(rd, "(blank lines)", rd->nr_blank);
}

static bool take_pending(struct reader *rd, struct event *ev)
{
	if (rd->next_pending == rd->nr_pending)
		return false;
	*ev = rd->pending[rd->next_pending++];
	if (rd->next_pending == rd->nr_pending)
		rd->next_pending = rd->nr_pending = 0;
	return true;
}

/* Pending ones of the console stay where they are until they may go: held says so. */
static bool take_ready(struct reader *rd, bool held, struct event *ev)
{
	if (!held && take_pending(rd, ev))
		return true;
	if (rd->next_event == rd->nr_events)
		return false;
	*ev = rd->event[rd->next_event++];
	return true;
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	if (take_ready(rd, false, ev))
		return READ_EVENT;
	while (lines_follow(&rd->lines, &rd->host)) {
		bool has_time = take_line(rd);
		bool go = has_time || !rd->timed || rd->next_event < rd->nr_events || rd->nr_pending == MAX_PENDING;

		if (rd->nr_pending && go)
			release_pending(rd, has_time);
		if (take_ready(rd, !go, ev))
			return READ_EVENT;
	}
	if (!rd->ended && !rd->lines.stopped) {
		finish(rd);
		if (take_ready(rd, false, ev))
			return READ_EVENT;
	}
	return rd->incomplete || rd->lines.stopped ? READ_FAILED : READ_END;
}

/* Whether lines have times: the first event tells that, or the first block where it has one. */
static bool find_timed(struct reader *rd)
{
	enum { ENOUGH_EVENTS = 64 };
	unsigned nr = 0;

	while (nr < ENOUGH_EVENTS && lines_next(&rd->lines)) {
		struct qemu_record rec;
		struct qemu_line found;

		qemu_find(&rd->finder, rd->lines.line, rd->lines.len, &found, &rec);
		if (found.found != QEMU_NOTHING && rec.has_time)
			return true;
		nr += found.found == QEMU_EVENT;
	}
	return false;
}

static void tell_info(struct reader *rd)
{
	struct source_info info = { .layer = LAYER_PLATFORM, .by_line = true };

	rd->timed = find_timed(rd);
	snprintf(info.kind, sizeof(info.kind), "qemu log");
	snprintf(info.clock, sizeof(info.clock), "%s", rd->timed ? "realtime" : SOURCE_CLOCK_ORDER);
	rd->host.sink->info(rd->host.sink->ctx, &info);
}

static void close_reader(struct reader *rd)
{
	if (!rd)
		return;
	qemu_decoder_free(rd->decoder);
	free(rd);
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	rd->incomplete = in->cut;
	rd->decoder = qemu_decoder_new(in->path, host);
	if (!rd->decoder) {
		diag_report(host->diag, DIAG_BAD_HEADER, (struct diag_pos){ in->path, 0, 0 }, "no memory");
		close_reader(rd);
		return NULL;
	}
	lines_init(&rd->lines, &rd->in);
	qemu_finder_init(&rd->finder, qemu_decoder_names(rd->decoder));
	tell_info(rd);
	lines_init(&rd->lines, &rd->in);
	qemu_finder_init(&rd->finder, qemu_decoder_names(rd->decoder));
	qemu_decoder_tell_signals(rd->decoder, rd->host.sink, MACHINE_OWN);
	return rd;
}

/* Lines with events among the first ones; those with a time of their own say more. */
static int probe(const uint8_t *head, size_t len)
{
	struct qemu_names *names = qemu_names_new();
	struct qemu_finder *fi = malloc(sizeof(*fi));
	unsigned nr_timed = 0, nr_events = 0, nr_lines = 0;
	const char *at = (const char *)head, *end = at + len;

	if (names && fi)
		qemu_finder_init(fi, names);
	while (names && fi && at < end && nr_lines++ < PROBE_LINES) {
		const char *nl = memchr(at, '\n', end - at);
		size_t n = (nl ? nl : end) - at;
		struct qemu_record rec;
		struct qemu_line found;

		qemu_find(fi, at, n, &found, &rec);
		nr_timed += found.found != QEMU_NOTHING && rec.has_time;
		nr_events += found.found == QEMU_EVENT;
		at += n + 1;
	}
	free(fi);
	qemu_names_free(names);
	if (nr_timed)
		return nr_events ? 85 : 40;
	return nr_events > 1 || (nr_events && nr_lines < 4) ? 60 : 0;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = *offset = rd->lines.nr;
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	return lines_text(&rd->lines, offset, buf, len);
}

const struct reader_ops qemu_log_reader = {
	.name = "qemu log",
	.layer = LAYER_PLATFORM,
	.about = "QEMU's trace log (-d trace:, -trace), of all versions, with or without times, with a guest's console mixed in; "
		 "excerpts of it, ordered by line",
	.shows = qemu_shows,
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.text = text,
	.close = close_reader,
};
