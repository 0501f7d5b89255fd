/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of "irqpath-events 1": that line, then one event a line (core/event_text.h), and lines about the source:
 *
 *	signal KIND@WITNESS complete|partial [seen] [via NAME]
 *	clock NAME
 *	cpus N
 *
 * Blank lines and those that begin with # are passed over. An event's offset is its line.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_text.h"
#include "ingest/lines.h"
#include "ingest/readers.h"

enum { PROGRESS_LINES = 1 << 15 };

static const char header[] = "irqpath-events 1";

struct reader {
	struct input in;
	struct reader_host host;
	struct lines lines;
	uint64_t records, nr_kept[NR_EVENT_KINDS];
	bool incomplete, ended, stopped;
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

/* What is about the whole file was taken when it was opened; here it only must be well-formed. */
static const char *check_about(char *at, bool is_number, bool is_machine)
{
	uint16_t machine;

	char *word = next_word(&at);

	if (!*word || at[strspn(at, " ")])
		return "one word expected";
	if (is_number && (strspn(word, "0123456789") != strlen(word) || strlen(word) > 6))
		return "a number of CPUs expected";
	if (is_machine && !machine_parse(word, &machine))
		return "unknown machine";
	return NULL;
}

/* True where the line is about the source; *error says what is wrong with it. */
static bool take_directive(struct reader *rd, char *line, const char **error)
{
	size_t n = strcspn(line, " ");
	bool is_signal = n == 6 && !memcmp(line, "signal", n);
	bool is_clock = n == 5 && !memcmp(line, "clock", n);
	bool is_cpus = n == 4 && !memcmp(line, "cpus", n);
	bool is_machine = n == 7 && !memcmp(line, "machine", n);

	if (is_signal)
		*error = take_signal(rd, line + n);
	else if (is_clock || is_cpus || is_machine)
		*error = check_about(line + n, is_cpus, is_machine);
	return is_signal || is_clock || is_cpus || is_machine;
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
	while (!rd->stopped && lines_next(&rd->lines)) {
		if (rd->lines.nr % PROGRESS_LINES == 0)
			rd->stopped = rd->host.sink->progress(rd->host.sink->ctx, rd->lines.nr) != 0;
		if (take_line(rd, ev))
			return READ_EVENT;
	}
	if (!rd->ended)
		finish(rd);
	return rd->incomplete || rd->stopped ? READ_FAILED : READ_END;
}

static int probe(const uint8_t *head, size_t len)
{
	size_t n = sizeof(header) - 1;

	return len >= n && !memcmp(head, header, n) && (len == n || !isalnum(head[n])) ? 100 : 0;
}

static void take_machine(struct source_info *info, const char *name, size_t len)
{
	char word[OBJECT_NAME_MAX];
	uint16_t machine;

	snprintf(word, sizeof(word), "%.*s", len < sizeof(word) ? (int)len : 0, name);
	if (machine_parse(word, &machine))
		info->machine = machine;
}

/* clock, cpus and machine may stand anywhere, and are known before the first event. */
static void tell_info(struct reader *rd)
{
	struct source_info info = { .layer = LAYER_KERNEL, .by_line = true };
	struct lines *ls = &rd->lines;

	snprintf(info.kind, sizeof(info.kind), "%s", header);
	while (lines_next(ls)) {
		if (ls->len > 6 && !strncmp(ls->line, "clock ", 6))
			snprintf(info.clock, sizeof(info.clock), "%.*s", (int)strcspn(ls->line + 6, " "), ls->line + 6);
		else if (ls->len > 5 && ls->len < 12 && !strncmp(ls->line, "cpus ", 5))
			info.nr_cpus = strtoul(ls->line + 5, NULL, 10);
		else if (ls->len > 8 && !strncmp(ls->line, "machine ", 8))
			take_machine(&info, ls->line + 8, strcspn(ls->line + 8, " "));
	}
	lines_init(ls, &rd->in);
	rd->host.sink->info(rd->host.sink->ctx, &info);
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

static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	struct lines *ls = &rd->lines;

	if (!lines_seek(ls, offset) || line_error(ls))
		return false;
	snprintf(buf, len, "%s", ls->line);
	return true;
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
	.text = text,
	.close = close_reader,
};
