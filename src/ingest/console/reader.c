/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of a kernel's messages: dmesg, a journal, a serial console. A line is a record; what it proves of interrupts
 * is an event. Times are the kernel's own where the file has them, else a journal's, else the lines are counted.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/boot.h"
#include "ingest/console/console.h"
#include "ingest/console/route.h"
#include "ingest/console/stamp.h"
#include "ingest/harm.h"
#include "ingest/lines.h"
#include "ingest/readers.h"

enum { PROBE_LINES = 200, CLOCK_LINES = 1000, BOOT_LINES = 20000 };

struct reader {
	struct input in;
	struct reader_host host;
	struct lines lines;
	enum stamp_clock clock;
	int64_t last_ns;	/* of the last line with a time */
	struct routes routes;
	struct event more;	/* of the line before, where has_more */
	bool has_more;
	uint64_t nr_lines, nr_other, nr_kept[NR_EVENT_KINDS];
	bool incomplete, ended;
};

static const char *const clock_names[NR_STAMP_CLOCKS] = {
	[STAMP_NONE] = SOURCE_CLOCK_ORDER, [STAMP_PRINTK] = "printk", [STAMP_WALL] = "realtime", [STAMP_YEARLESS] = "date",
};

/* A function that was given away took its GSI along: what was only inferred is an event of its own. */
static void take_route(struct reader *rd, struct event *ev)
{
	const struct object_ref *pci = event_object(ev, OBJ_PCI);
	const struct route *route = ev->kind == EV_PCI_ASSIGN && pci ? routes_find(&rd->routes, pci->id) : NULL;

	if (!route)
		return;
	rd->has_more = !route->told;
	if (rd->has_more) {
		rd->more = *ev;
		rd->more.witness = WITNESS_INFERRED;
		rd->more.sub = 1;
	}
	event_add_object(route->told ? ev : &rd->more, OBJ_GSI, route->gsi);
}

/* True where the line is an event. A line without a time comes right behind the one in front. */
static bool take_line(struct reader *rd, struct event *ev)
{
	struct lines *ls = &rd->lines;
	struct console con = { .len = 0 };
	struct stamp st;

	stamp_parse(ls->line, ls->len, &st);
	if (st.clocks >> rd->clock & 1)
		rd->last_ns = st.t_ns[rd->clock];
	rd->nr_lines++;
	rd->nr_other += st.by_other;
	if (st.by_other)
		return false;
	routes_see(&rd->routes, ls->line + st.len);
	console_add(&con, ls->line, ls->len);
	*ev = (struct event){ .witness = WITNESS_SHADOW, .cpu = -1, .pid = -1 };
	if (!console_end_line(&con, rd->host.strings, ev))
		return false;
	ev->ordinal = ev->offset = ls->nr;
	ev->t_lo_ns = ev->t_hi_ns = rd->clock == STAMP_NONE ? (int64_t)ls->nr : rd->last_ns;
	rd->nr_kept[ev->kind]++;
	take_route(rd, ev);
	return true;
}

static void tell_kind(struct reader *rd, const char *name, uint64_t count, uint64_t kept)
{
	struct record_kind rk = { .count = count, .kept = kept };

	snprintf(rk.name, sizeof(rk.name), "%s", name);
	if (count)
		rd->host.sink->record_kind(rd->host.sink->ctx, &rk);
}

static void finish(struct reader *rd)
{
	uint64_t nr_plain = rd->nr_lines - rd->nr_other;

	rd->ended = true;
	if (rd->lines.failed) {
		rd->incomplete = true;
		diag_report(rd->host.diag, DIAG_SHORT_FILE, (struct diag_pos){ rd->in.path, 0, rd->lines.nr },
			    "cannot be read on");
	}
	for (int kind = 0; kind < NR_EVENT_KINDS; kind++) {
		tell_kind(rd, event_kinds[kind].name, rd->nr_kept[kind], rd->nr_kept[kind]);
		nr_plain -= rd->nr_kept[kind];
	}
	tell_kind(rd, "(lines of others)", rd->nr_other, 0);
	tell_kind(rd, "(lines)", nr_plain, 0);
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	if (rd->has_more) {
		rd->has_more = false;
		*ev = rd->more;
		return READ_EVENT;
	}
	while (lines_follow(&rd->lines, &rd->host))
		if (take_line(rd, ev))
			return READ_EVENT;
	if (!rd->ended)
		finish(rd);
	return rd->incomplete || rd->lines.stopped ? READ_FAILED : READ_END;
}

/* The best clock that some line has; a boot loader or a hypervisor may come first. */
static enum stamp_clock find_clock(struct reader *rd)
{
	uint8_t clocks = 0;

	while (rd->lines.nr < CLOCK_LINES && lines_next(&rd->lines)) {
		struct stamp st;

		stamp_parse(rd->lines.line, rd->lines.len, &st);
		clocks |= st.clocks;
	}
	for (int clock = STAMP_PRINTK; clock < NR_STAMP_CLOCKS; clock++)
		if (clocks >> clock & 1)
			return clock;
	return STAMP_NONE;
}

/* "Linux version 6.1.0-56-amd64 (..." */
static void take_release(const char *text, struct source_info *info)
{
	static const char begin[] = "Linux version ";

	if (info->release[0] || strncmp(text, begin, sizeof(begin) - 1))
		return;
	text += sizeof(begin) - 1;
	snprintf(info->release, sizeof(info->release), "%.*s", (int)strcspn(text, " "), text);
}

/* What only Xen's initial domain says: drivers/xen/mcelog.c, xen_acpi_processor.c; pciback gives its devices away. */
static bool is_of_dom0(const char *text)
{
	static const char *const drivers[] = { "xen_mcelog: ", "xen_acpi_processor: ", "xen_pciback: " };

	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (strstr(text, drivers[i]))
			return true;
	return false;
}

/* What its kernel says of itself and of its machine when it boots. */
static void survey_boot(struct reader *rd, struct source_info *info)
{
	lines_init(&rd->lines, &rd->in);
	while (rd->lines.nr < BOOT_LINES && lines_next(&rd->lines)) {
		const char *text;
		struct stamp st;
		uint64_t hz;

		stamp_parse(rd->lines.line, rd->lines.len, &st);
		text = rd->lines.line + st.len;
		hz = st.by_other ? 0 : boot_tsc_hz(text);
		if (hz)
			info->tsc_hz = hz;
		take_release(text, info);
		if (!st.by_other && is_of_dom0(text))
			info->machine = MACHINE_DOM0;
	}
}

static void tell_info(struct reader *rd)
{
	struct source_info info = { .layer = LAYER_KERNEL, .by_line = true };

	rd->clock = find_clock(rd);
	snprintf(info.kind, sizeof(info.kind), "kernel log");
	snprintf(info.clock, sizeof(info.clock), "%s", clock_names[rd->clock]);
	survey_boot(rd, &info);
	rd->host.sink->info(rd->host.sink->ctx, &info);
}

/* Such lines are rate-limited, and by the console's level: they prove what they say, and their absence nothing. */
static void tell_signals(struct reader *rd)
{
	for (const uint16_t *kind = harm_kinds; *kind; kind++) {
		struct source_signal signal = {
			.kind = *kind, .witness = WITNESS_SHADOW, .grade = SIGNAL_PARTIAL, .basis = SIGNAL_SEEN,
		};

		rd->host.sink->signal(rd->host.sink->ctx, &signal);
	}
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	rd->incomplete = in->cut;
	lines_init(&rd->lines, &rd->in);
	tell_info(rd);
	tell_signals(rd);
	lines_init(&rd->lines, &rd->in);
	return rd;
}

/* What a line says for its file's being a kernel's log. */
static bool looks_like_kernel(const char *line, size_t len, bool *certain)
{
	static const char begin[] = "Linux version ";
	struct stamp st;
	struct harm harm;

	stamp_parse(line, len, &st);
	*certain = len - st.len >= sizeof(begin) && !memcmp(line + st.len, begin, sizeof(begin) - 1);
	if (st.by_other)
		return false;
	return *certain || st.by_kernel || st.clocks >> STAMP_PRINTK & 1 || harm_parse(line + st.len, len - st.len, &harm);
}

static int probe(const uint8_t *head, size_t len)
{
	const char *at = (const char *)head, *end = at + len;
	unsigned nr = 0, nr_kernel = 0;
	bool certain = false;

	for (; at < end && nr < PROBE_LINES; nr++) {
		const char *nl = memchr(at, '\n', end - at);
		size_t n = (nl ? nl : end) - at;
		bool is_certain;

		nr_kernel += looks_like_kernel(at, n, &is_certain);
		certain |= is_certain;
		at += n + 1;
	}
	if (certain)
		return 50;
	return nr_kernel && nr_kernel * 2 >= nr ? 35 : nr_kernel > 2 ? 15 : 0;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = *offset = rd->lines.nr;
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	return lines_text(&rd->lines, offset, buf, len);
}

static void close_reader(struct reader *rd)
{
	free(rd);
}

const struct reader_ops console_reader = {
	.name = "kernel log",
	.layer = LAYER_KERNEL,
	.about = "messages of a kernel: dmesg, journalctl, a serial console; those that tell of interrupts that did not come",
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.text = text,
	.close = close_reader,
};
