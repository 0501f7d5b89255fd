/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of "irqpath-events 1": that line, then one event a line (core/event_text.h), and lines about the source:
 *
 *	signal KIND@WITNESS complete|partial [seen] [via NAME]
 *	clock NAME, cpus N, machine NAME, ...: table directives[]
 *
 * Blank lines and those that begin with # are passed over. An event's offset is its line.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/event_text.h"
#include "ingest/lines.h"
#include "ingest/readers.h"

static const char header[] = "irqpath-events 1";

/* About the source as a whole. */
struct about {
	struct source_info info;
	int64_t until_ns;	/* when it stopped recording; what is before the last event means nothing */
};

struct reader {
	struct input in;
	struct reader_host host;
	struct lines lines;
	struct about about;
	uint64_t records, nr_kept[NR_EVENT_KINDS];
	bool incomplete, ended;
};

static void bad_line(struct reader *rd, const char *why)
{
	rd->incomplete = true;
	diag_report(rd->host.diag, DIAG_BAD_LINE, (struct diag_pos){ rd->in.path, 0, rd->lines.nr }, "%s", why);
}

/* What keeps a line from being read at all; NULL: nothing. */
static const char *line_error(const struct lines *ls)
{
	if (ls->too_long)
		return "longer than 65536 bytes";
	for (size_t i = 0; i < ls->len; i++)
		if ((unsigned char)ls->line[i] < ' ' || ls->line[i] == 0x7f)
			return "control character";
	return NULL;
}

static bool is_passed_over(const char *line)
{
	line += strspn(line, " ");
	return !*line || *line == '#';
}

static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " ");

	*at = word + strcspn(word, " ");
	if (**at)
		*(*at)++ = 0;
	return word;
}

static const char *take_signal(struct reader *rd, char *at)
{
	struct source_signal signal = { .basis = SIGNAL_DECLARED };
	char *kind = next_word(&at), *grade = next_word(&at), *via = next_word(&at), *name;
	char *witness = strchr(kind, '@');
	int which;

	if (!strcmp(via, "seen")) {
		signal.basis = SIGNAL_SEEN;
		via = next_word(&at);
	}
	name = next_word(&at);

	if (!witness)
		return "signal is KIND@WITNESS complete|partial [seen] [via NAME]";
	*witness++ = 0;
	signal.kind = event_kind_by_name(kind);
	which = witness_by_name(witness);
	if (!signal.kind || which < 0)
		return "unknown event kind or witness";
	signal.witness = which;
	if (strcmp(grade, "complete") && strcmp(grade, "partial"))
		return "a signal's grade is complete or partial";
	signal.grade = strcmp(grade, "complete") ? SIGNAL_PARTIAL : SIGNAL_COMPLETE;
	if (*via && (strcmp(via, "via") || !*name || strlen(name) >= sizeof(signal.via)))
		return "signal is KIND@WITNESS complete|partial [seen] [via NAME]";
	if (at[strspn(at, " ")])
		return "more words than a signal has";
	if (*via)
		memcpy(signal.via, name, strlen(name) + 1);
	rd->host.sink->signal(rd->host.sink->ctx, &signal);
	return NULL;
}

static const char *take_machine(struct about *about, const char *text)
{
	return machine_parse(text, &about->info.machine) ? NULL : "unknown machine";
}

static const char *take_clock(struct about *about, const char *text)
{
	snprintf(about->info.clock, sizeof(about->info.clock), "%s", text);
	return NULL;
}

static const char *take_cpus(struct about *about, const char *text)
{
	if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 6)
		return "a number of CPUs expected";
	about->info.nr_cpus = strtoul(text, NULL, 10);
	return NULL;
}

static const char *take_reader(struct about *about, const char *text)
{
	snprintf(about->info.kind, sizeof(about->info.kind), "%s", text);
	return NULL;
}

static const char *take_release(struct about *about, const char *text)
{
	snprintf(about->info.release, sizeof(about->info.release), "%s", text);
	return NULL;
}

static const char *take_layer(struct about *about, const char *text)
{
	for (unsigned layer = 0; layer < NR_LAYERS; layer++)
		if (!strcmp(text, layer_name(layer))) {
			about->info.layer = layer;
			return NULL;
		}
	return "unknown layer";
}

static const char *take_times(struct about *about, const char *text)
{
	about->info.time_is_cycles = !strcmp(text, "cycles");
	about->info.timeless = !strcmp(text, "none");
	return about->info.time_is_cycles || about->info.timeless ? NULL : "times are cycles or none";
}

static const char *take_tsc_hz(struct about *about, const char *text)
{
	uint64_t hz = strtoull(text, NULL, 10);

	if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 13 || !clock_hz_possible(hz))
		return "cycles a second expected, 1000000 to 1000000000000";
	about->info.tsc_hz = hz;
	return NULL;
}

static const char *take_until(struct about *about, const char *text)
{
	return event_text_parse_time(text, &about->until_ns) ? NULL : "time is not seconds with up to nine decimals";
}

/* All known before the first event, wherever they stand; the last one of a name counts. */
static const struct directive {
	const char *name;
	bool is_text;		/* of several words */
	const char *(*take)(struct about *about, const char *text);	/* what is wrong; NULL: nothing */
} directives[] = {
	{ "clock", false, take_clock },
	{ "cpus", false, take_cpus },
	{ "layer", false, take_layer },
	{ "machine", false, take_machine },
	{ "reader", true, take_reader },
	{ "release", true, take_release },
	{ "times", false, take_times },
	{ "tsc-hz", false, take_tsc_hz },
	{ "until", false, take_until },
};

/* Whether the line is one of them; *error says what is wrong with it. The line is cut. */
static bool take_about(struct about *about, char *line, const char **error)
{
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
		const struct directive *d = &directives[i];
		size_t n = strlen(d->name);
		char *at = line + n;

		if (strncmp(line, d->name, n) || (*at && *at != ' '))
			continue;
		if (d->is_text) {
			at += strspn(at, " ");
			*error = *at ? d->take(about, at) : "a name expected";
		} else {
			char *word = next_word(&at);

			*error = !*word || at[strspn(at, " ")] ? "one word expected" : d->take(about, word);
		}
		return true;
	}
	return false;
}

/* True where the line is about the source. What it says was taken when the file was opened; here it only must be well-formed. */
static bool take_directive(struct reader *rd, char *line, const char **error)
{
	size_t n = strcspn(line, " ");
	struct about about = rd->about;

	if (n != 6 || memcmp(line, "signal", n))
		return take_about(&about, line, error);
	*error = take_signal(rd, line + n);
	return true;
}

/* True where the line is an event. */
static bool take_line(struct reader *rd, struct event *ev)
{
	struct lines *ls = &rd->lines;
	const char *error = line_error(ls);

	if (!error && is_passed_over(ls->line))
		return false;
	if (!error && !take_directive(rd, ls->line, &error)) {
		ev->ordinal = rd->records + 1;
		ev->offset = ls->nr;
		error = event_text_parse(ls->line, ev, rd->host.strings);
		if (!error) {
			rd->records++;
			rd->nr_kept[ev->kind]++;
			return true;
		}
	}
	if (error)
		bad_line(rd, error);
	return false;
}

static void finish(struct reader *rd)
{
	rd->ended = true;
	if (rd->lines.failed) {
		rd->incomplete = true;
		diag_report(rd->host.diag, DIAG_SHORT_FILE, (struct diag_pos){ rd->in.path, 0, rd->lines.nr },
			    "cannot be read on");
	}
	for (int kind = 0; kind < NR_EVENT_KINDS; kind++) {
		struct record_kind rk = { .count = rd->nr_kept[kind], .kept = rd->nr_kept[kind] };

		if (!rk.count)
			continue;
		snprintf(rk.name, sizeof(rk.name), "%s", event_kinds[kind].name);
		rd->host.sink->record_kind(rd->host.sink->ctx, &rk);
	}
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	while (lines_follow(&rd->lines, &rd->host))
		if (take_line(rd, ev))
			return READ_EVENT;
	if (!rd->ended)
		finish(rd);
	return rd->incomplete || rd->lines.stopped ? READ_FAILED : READ_END;
}

static int probe(const uint8_t *head, size_t len)
{
	size_t n = sizeof(header) - 1;

	return len >= n && !memcmp(head, header, n) && (len == n || !isalnum(head[n])) ? 100 : 0;
}

static void tell_info(struct reader *rd)
{
	struct about *about = &rd->about;
	struct lines *ls = &rd->lines;
	const char *error;

	about->info = (struct source_info){ .layer = LAYER_KERNEL, .by_line = true };
	snprintf(about->info.kind, sizeof(about->info.kind), "%s", header);
	while (lines_next(ls))
		if (!line_error(ls))
			take_about(about, ls->line, &error);
	lines_init(ls, &rd->in);
	rd->host.sink->info(rd->host.sink->ctx, &about->info);
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	lines_init(&rd->lines, &rd->in);
	tell_info(rd);
	if (lines_next(&rd->lines) && !strcmp(rd->lines.line, header))
		return rd;
	diag_report(host->diag, DIAG_BAD_HEADER, (struct diag_pos){ in->path, 0, 1 }, "the first line is not '%s'",
		    header);
	free(rd);
	return NULL;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->records;
	*offset = rd->lines.nr;
}

static int64_t until_ns(const struct reader *rd)
{
	return rd->about.until_ns;
}

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	return lines_text(&rd->lines, offset, buf, len) && !line_error(&rd->lines);
}

static void close_reader(struct reader *rd)
{
	free(rd);
}

const struct reader_ops events_reader = {
	.name = "irqpath-events",
	.layer = LAYER_KERNEL,
	.about = "events as text, one a line (irqpath-events(5)); what irqpath export --events writes",
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.until_ns = until_ns,
	.text = text,
	.close = close_reader,
};
