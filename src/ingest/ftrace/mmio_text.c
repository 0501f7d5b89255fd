/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of mmiotrace's text (kernel/trace/trace_mmiotrace.c, Documentation/trace/mmiotrace.rst):
 *
 *	VERSION 20070824
 *	PCIDEV BBDD VVVVDDDD IRQ START*7 SIZE*7 DRIVER		hexadecimal; the start's lowest bits are flags
 *	R|W WIDTH TIME MAP ADDR VALUE PC PID
 *	MAP TIME MAP PHYS VIRT LEN PC PID
 *	UNMAP TIME MAP PC PID
 *	UNKNOWN TIME MAP ADDR BYTES PC PID
 *	MARK TIME TEXT
 *
 * It sees every access of the kernel through a mapping that was made while it ran, but no other's, and no other mapping:
 * its signals are partial. The tracer leaves one CPU online, the first (arch/x86/mm/mmio-mod.c, enter_uniprocessor()).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/ftrace/counts.h"
#include "ingest/ftrace/mmio.h"
#include "ingest/lines.h"
#include "ingest/readers.h"

enum { PROBE_LINES = 64, MAX_WORDS = 20, IO_PORTS = 1, FLAG_BITS = 0xf };

struct reader {
	struct input in;
	struct reader_host host;
	struct lines lines;
	struct mmio mmio;
	struct mmio_function *functions;	/* owned */
	unsigned nr_functions;
	struct counts *counts;
	uint64_t records, lost;
	uint64_t lost_now;	/* known to be lost before the next record */
	bool hole_now;		/* something is missing there */
	int64_t last_ns;	/* of the last record */
	struct event behind;	/* the event behind a hole */
	bool has_behind;
	str_id via;
	bool told[NR_EVENT_KINDS];
	bool incomplete, ended;
};

/* Words of a line, which is cut into them. */
struct words {
	unsigned nr;
	char *word[MAX_WORDS];
};

static void split(struct words *w, char *line)
{
	w->nr = 0;
	for (;;) {
		line += strspn(line, " \t");
		if (!*line || w->nr == MAX_WORDS)
			return;
		w->word[w->nr++] = line;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = 0;
	}
}

static bool number(const char *word, int base, uint64_t *value)
{
	char *end;

	if (!isxdigit((unsigned char)*word) || strlen(word) > 20)
		return false;
	*value = strtoull(word, &end, base);
	return !*end;
}

/* "2.398079", rounded to the nearest microsecond. */
static bool stamp(const char *word, struct event *ev)
{
	uint64_t seconds, micros;
	char buf[32];
	const char *dot = strchr(word, '.');

	if (!dot || dot - word > 10 || strlen(dot) != 7 || strspn(dot + 1, "0123456789") != 6)
		return false;
	snprintf(buf, sizeof(buf), "%.*s", (int)(dot - word), word);
	if (!number(buf, 10, &seconds) || !number(dot + 1, 10, &micros) || seconds > INT64_MAX / 1000000000 - 1)
		return false;
	ev->t_lo_ns = (int64_t)(seconds * 1000000000 + micros * 1000) - 500;
	ev->t_hi_ns = ev->t_lo_ns + 999;
	return true;
}

/* ---- lines ---- */

enum line_result { LINE_NONE, LINE_EVENT, LINE_BAD };

static enum line_result take_function(struct reader *rd, const struct words *w)
{
	struct mmio_function *fn;
	uint64_t where, start, size;

	if (w->nr < 4 + 2 * MMIO_NR_BARS || !number(w->word[1], 16, &where) || where > 0xffff)
		return LINE_BAD;
	if (rd->nr_functions == MMIO_MAX_FUNCTIONS)
		return LINE_NONE;
	fn = &rd->functions[rd->nr_functions];
	memset(fn, 0, sizeof(*fn));
	fn->dev = object_id_pci(0, where >> 8, where >> 3 & 0x1f, where & 7);
	for (unsigned i = 0; i < MMIO_NR_BARS; i++) {
		if (!number(w->word[4 + i], 16, &start) || !number(w->word[4 + MMIO_NR_BARS + i], 16, &size))
			return LINE_BAD;
		if (start & IO_PORTS)
			continue;
		fn->start[i] = start & ~(uint64_t)FLAG_BITS;
		fn->size_bytes[i] = size;
	}
	rd->mmio.functions = rd->functions;
	rd->mmio.nr_functions = ++rd->nr_functions;
	return LINE_NONE;
}

static enum line_result take_map(struct reader *rd, const struct words *w, struct event *ev)
{
	uint64_t id, phys, len;

	if (w->nr != 8 || !stamp(w->word[1], ev) || !number(w->word[2], 10, &id) || !number(w->word[3], 0, &phys) ||
	    !number(w->word[5], 0, &len))
		return LINE_BAD;
	mmio_mapped(&rd->mmio, (int64_t)id, phys, len);
	return LINE_NONE;
}

static enum line_result take_unmap(struct reader *rd, const struct words *w, struct event *ev)
{
	uint64_t id;

	if (w->nr != 5 || !stamp(w->word[1], ev) || !number(w->word[2], 10, &id))
		return LINE_BAD;
	mmio_unmapped(&rd->mmio, (int64_t)id);
	return LINE_NONE;
}

static enum line_result take_access(struct reader *rd, const struct words *w, struct event *ev)
{
	uint64_t width, id, addr, value;

	if (w->nr != 8 || !number(w->word[1], 10, &width) || !stamp(w->word[2], ev) || !number(w->word[3], 10, &id) ||
	    !number(w->word[4], 0, &addr) || !number(w->word[5], 0, &value))
		return LINE_BAD;
	if (w->word[0][0] != 'W' || !mmio_write(&rd->mmio, (int64_t)id, addr, value, width, ev))
		return LINE_NONE;
	return LINE_EVENT;
}

/* "MARK 0.000000 Lost 12 events." comes from the tracer itself, others from user space. */
static enum line_result take_mark(struct reader *rd, char *line, struct event *ev)
{
	char *time = line + 5, *text = time + strcspn(time, " ");
	uint64_t nr;
	str_id id;

	if (*text)
		*text++ = 0;
	if (!stamp(time, ev))
		return LINE_BAD;
	if (!strcmp(time, "0.000000") && !strncmp(text, "Lost ", 5)) {
		nr = strtoull(text + 5, NULL, 10);
		rd->lost_now += nr < INT32_MAX ? nr : INT32_MAX;
		rd->hole_now = true;
		mmio_forget(&rd->mmio);
		return LINE_NONE;
	}
	ev->kind = EV_MARK;
	ev->witness = WITNESS_SHADOW;
	id = strtab_intern(rd->host.strings, text, strlen(text));
	if (id)
		event_arg_set(ev, ARG_TEXT, id);
	return LINE_EVENT;
}

static bool is_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(line, word, len) && line[len] == ' ';
}

static enum line_result parse(struct reader *rd, char *line, struct event *ev)
{
	struct words w;

	if (is_word(line, "MARK"))
		return take_mark(rd, line, ev);
	split(&w, line);
	if (!w.nr)
		return LINE_NONE;
	if (!strcmp(w.word[0], "R") || !strcmp(w.word[0], "W"))
		return take_access(rd, &w, ev);
	if (!strcmp(w.word[0], "MAP"))
		return take_map(rd, &w, ev);
	if (!strcmp(w.word[0], "UNMAP"))
		return take_unmap(rd, &w, ev);
	if (!strcmp(w.word[0], "PCIDEV"))
		return take_function(rd, &w);
	if (!strcmp(w.word[0], "UNKNOWN"))
		return w.nr > 3 && stamp(w.word[1], ev) ? LINE_NONE : LINE_BAD;
	return strcmp(w.word[0], "VERSION") ? LINE_BAD : LINE_NONE;
}

static bool is_record(const char *line)
{
	static const char *const words[] = { "R", "W", "MAP", "UNMAP", "UNKNOWN", "MARK" };

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_word(line, words[i]))
			return true;
	return false;
}

/* ---- the reader ---- */

static int probe(const uint8_t *head, size_t len)
{
	static const char version[] = "VERSION 20070824";
	const char *at = (const char *)head, *end = at + len;

	for (unsigned nr = 0; nr < PROBE_LINES && at < end; nr++) {
		const char *stop = memchr(at, '\n', end - at);
		size_t n = (stop ? stop : end) - at;

		if (n >= sizeof(version) - 1 && !memcmp(at, version, sizeof(version) - 1))
			return 90;
		if (n && *at != '#')
			return 0;
		at += n + 1;
	}
	return 0;
}

/* What it said is missing. */
static void bad_line(struct reader *rd, const char *why)
{
	rd->incomplete = true;
	rd->hole_now = true;
	mmio_forget(&rd->mmio);
	diag_report(rd->host.diag, DIAG_BAD_LINE, (struct diag_pos){ rd->in.path, 0, rd->lines.nr }, "%s", why);
}

static void tell_signal(struct reader *rd, const struct event *ev)
{
	struct source_signal signal = { .kind = ev->kind, .witness = ev->witness, .grade = SIGNAL_PARTIAL,
					.basis = SIGNAL_SEEN, .via = "mmiotrace" };

	if (rd->told[ev->kind])
		return;
	rd->told[ev->kind] = true;
	rd->host.sink->signal(rd->host.sink->ctx, &signal);
}

static void set_place(const struct reader *rd, struct event *ev)
{
	ev->ordinal = rd->records;
	ev->offset = rd->lines.nr;
	ev->pid = -1;
}

/* Before the record whose event may be ev, which then comes next. */
static void make_lost(struct reader *rd, struct event *ev, bool is_event)
{
	int64_t end_ns = ev->t_hi_ns;

	rd->has_behind = is_event;
	rd->behind = *ev;
	rd->behind.sub = 1;
	memset(ev, 0, sizeof(*ev));
	ev->kind = EV_LOST;
	ev->witness = WITNESS_SHADOW;
	ev->t_hi_ns = end_ns;
	ev->t_lo_ns = rd->last_ns && rd->last_ns < end_ns ? rd->last_ns : end_ns;
	set_place(rd, ev);
	event_add_object(ev, OBJ_CPU, 0);
	if (rd->lost_now)
		event_arg_set(ev, ARG_COUNT, (int64_t)rd->lost_now);
	rd->lost += rd->lost_now;
	rd->lost_now = 0;
	rd->hole_now = false;
}

/* A line that was taken apart; true where there is an event. */
static bool take_record(struct reader *rd, struct event *ev, bool is_event)
{
	int64_t t_ns = ev->t_lo_ns;

	set_place(rd, ev);
	ev->cpu = -1;
	ev->via = rd->via;
	if (is_event)
		tell_signal(rd, ev);
	if (rd->hole_now && t_ns > 0) {
		make_lost(rd, ev, is_event);
		is_event = true;
	}
	if (t_ns > 0)
		rd->last_ns = t_ns;
	return is_event;
}

/* True where the line is an event. */
static bool take_line(struct reader *rd, struct event *ev)
{
	struct lines *ls = &rd->lines;
	char name[16];
	size_t name_len;
	bool record;
	enum line_result result;

	if (ls->unended || ls->too_long || strlen(ls->line) != ls->len) {
		bad_line(rd, ls->unended ? "the last line has no end: the file may be cut" : "too long, or holds a NUL");
		return false;
	}
	if (ls->len && ls->line[ls->len - 1] == '\r')
		ls->line[--ls->len] = 0;
	if (ls->line[0] == '#')
		return false;
	record = is_record(ls->line);
	name_len = (size_t)snprintf(name, sizeof(name), "%.*s", (int)strcspn(ls->line, " "), ls->line);
	memset(ev, 0, sizeof(*ev));
	result = parse(rd, ls->line, ev);
	rd->records += record;
	if (result == LINE_BAD)
		bad_line(rd, "no record of mmiotrace");
	if (record)
		counts_add(rd->counts, name, name_len, 1, result == LINE_EVENT);
	return record && result != LINE_BAD && take_record(rd, ev, result == LINE_EVENT);
}

static void finish(struct reader *rd)
{
	rd->ended = true;
	rd->lost += rd->lost_now;
	if (rd->lines.failed)
		bad_line(rd, "cannot be read on");
	counts_tell(rd->counts, rd->host.sink);
	if (rd->lost)
		diag_report(rd->host.diag, DIAG_LOST_EVENTS, (struct diag_pos){ rd->in.path, 0, 0 },
			    "%llu accesses", (unsigned long long)rd->lost);
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	if (rd->has_behind) {
		*ev = rd->behind;
		rd->has_behind = false;
		return READ_EVENT;
	}
	while (lines_follow(&rd->lines, &rd->host))
		if (take_line(rd, ev))
			return READ_EVENT;
	if (!rd->ended)
		finish(rd);
	return rd->incomplete || rd->lines.stopped ? READ_FAILED : READ_END;
}

static void close_reader(struct reader *rd)
{
	if (!rd)
		return;
	counts_free(rd->counts);
	free(rd->functions);
	free(rd);
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	const struct source_info info = { .layer = LAYER_KERNEL, .kind = "mmiotrace", .by_line = true };
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	rd->via = strtab_intern(host->strings, "mmiotrace", 9);
	rd->counts = counts_new();
	rd->functions = calloc(MMIO_MAX_FUNCTIONS, sizeof(*rd->functions));
	lines_init(&rd->lines, &rd->in);
	host->sink->info(host->sink->ctx, &info);
	if (rd->counts && rd->functions)
		return rd;
	diag_report(host->diag, DIAG_BAD_HEADER, (struct diag_pos){ in->path, 0, 0 }, "no memory");
	close_reader(rd);
	return NULL;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->records;
	*offset = rd->lines.nr;
}

static uint64_t lost(const struct reader *rd)
{
	return rd->lost;
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	return lines_text(&rd->lines, offset, buf, len);
}

const struct reader_ops mmiotrace_reader = {
	.name = "mmiotrace",
	.about = "text of the mmiotrace tracer: MSI-X tables by the PCI regions that it lists, the first IO-APIC's registers",
	.layer = LAYER_KERNEL,
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.lost = lost,
	.text = text,
	.close = close_reader,
};
