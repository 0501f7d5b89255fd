/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/snapshot/snapshot.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/lines.h"

enum { MAX_QUEUED = 1 << 16 };

struct snapshot {
	const struct snapshot_format *format;
	struct input in;
	struct reader_host host;
	struct source_info info;
	struct object_ref object;
	int32_t cpu;
	struct event *queue;	/* owned; what the current line tells */
	unsigned nr, next, size;
	uint64_t records;
	bool incomplete, ended;
	bool impossible;	/* the current line told of an object that cannot be, or too much */
	uint64_t nr_lines, nr_telling;
	void *state;		/* owned */
	struct lines lines;
};

struct reader {
	struct snapshot ss;
};

void *snapshot_state(struct snapshot *ss)
{
	return ss->state;
}

const char *snapshot_path(const struct snapshot *ss)
{
	return ss->in.path;
}

uint64_t snapshot_line_nr(const struct snapshot *ss)
{
	return ss->lines.nr;
}

void snapshot_set_release(struct snapshot *ss, const char *release)
{
	snprintf(ss->info.release, sizeof(ss->info.release), "%s", release);
}

void snapshot_set_tsc_hz(struct snapshot *ss, uint64_t hz)
{
	ss->info.tsc_hz = hz;
}

/* ---- telling ---- */

void snapshot_object_of(struct snapshot *ss, uint16_t machine, enum object_kind kind, uint64_t id)
{
	ss->object = (struct object_ref){ .id = id, .machine = machine, .kind = kind };
	ss->cpu = -1;
}

void snapshot_object(struct snapshot *ss, enum object_kind kind, uint64_t id)
{
	snapshot_object_of(ss, MACHINE_OWN, kind, id);
}

void snapshot_cpu(struct snapshot *ss, int32_t cpu)
{
	ss->cpu = cpu;
}

bool snapshot_tells(const struct snapshot *ss)
{
	return ss->nr > 0;
}

static struct event *grow(struct snapshot *ss)
{
	struct event *more;

	if (ss->nr == ss->size) {
		more = ss->nr < MAX_QUEUED ? reallocarray(ss->queue, ss->size ? 2 * ss->size : 64, sizeof(*more)) : NULL;
		if (!more)
			return NULL;
		ss->queue = more;
		ss->size = ss->size ? 2 * ss->size : 64;
	}
	return &ss->queue[ss->nr++];
}

/* NULL where an object cannot be, as no number of that kind is so large, or a line tells too much. */
static struct event *add(struct snapshot *ss, enum witness witness, const char *field)
{
	struct event *ev = object_valid(ss->object) ? grow(ss) : NULL;

	if (!ev) {
		ss->impossible = true;
		return NULL;
	}
	*ev = (struct event){
		.kind = EV_SNAPSHOT_FIELD, .witness = witness, .cpu = ss->cpu, .pid = -1, .nr_objects = 1,
		.object = { ss->object }, .ordinal = ++ss->records, .offset = ss->lines.nr,
	};
	event_arg_set(ev, ARG_FIELD, strtab_intern(ss->host.strings, field, strlen(field)));
	return ev;
}

void snapshot_number(struct snapshot *ss, enum witness witness, const char *field, uint64_t value)
{
	struct event *ev = add(ss, witness, field);

	if (ev)
		event_arg_set(ev, ARG_VALUE, (int64_t)value);
}

void snapshot_word(struct snapshot *ss, enum witness witness, const char *field, const char *text)
{
	struct event *ev = add(ss, witness, field);

	if (ev)
		event_arg_set(ev, ARG_TEXT, strtab_intern(ss->host.strings, text, strlen(text)));
}

void snapshot_feeds_ref(struct snapshot *ss, enum witness witness, struct object_ref fed)
{
	struct event *ev = object_valid(fed) ? add(ss, witness, "feeds") : NULL;

	if (!ev)
		ss->impossible = true;
	else
		ev->object[ev->nr_objects++] = fed;
}

void snapshot_feeds(struct snapshot *ss, enum witness witness, enum object_kind kind, uint64_t id)
{
	snapshot_feeds_ref(ss, witness, (struct object_ref){ .id = id, .kind = kind });
}

/* ---- lines ---- */

static void bad_line(struct snapshot *ss, const char *why)
{
	ss->incomplete = true;
	diag_report(ss->host.diag, DIAG_BAD_LINE, (struct diag_pos){ ss->in.path, 0, ss->lines.nr }, "%s", why);
}

/* Carriage returns and what else is at a line's end, and what no terminal shows, are blanks. */
static void clean(struct lines *ls)
{
	for (size_t i = 0; i < ls->len; i++)
		if ((unsigned char)ls->line[i] < ' ' || ls->line[i] == 0x7f)
			ls->line[i] = ' ';
	while (ls->len && ls->line[ls->len - 1] == ' ')
		ls->line[--ls->len] = 0;
}

static void take_line(struct snapshot *ss)
{
	const char *why;

	ss->nr = ss->next = 0;
	ss->nr_lines++;
	if (ss->lines.too_long) {
		bad_line(ss, "longer than 65536 bytes");
		return;
	}
	clean(&ss->lines);
	ss->impossible = false;
	why = ss->format->line(ss, ss->lines.line);
	if (why || ss->impossible)
		bad_line(ss, why ? why : "a number that no such object has");
	ss->nr_telling += ss->nr > 0;
}

static void finish(struct snapshot *ss)
{
	struct record_kind fields = { .name = "field", .count = ss->records, .kept = ss->records };
	const char *why = ss->format->end ? ss->format->end(ss) : NULL;

	ss->ended = true;
	if (ss->lines.failed)
		why = "cannot be read on";
	if (why) {
		ss->incomplete = true;
		diag_report(ss->host.diag, DIAG_SHORT_FILE, (struct diag_pos){ ss->in.path, 0, ss->lines.nr }, "%s", why);
	}
	ss->host.sink->record_kind(ss->host.sink->ctx, &fields);
}

enum read_status snapshot_next(struct reader *rd, struct event *ev)
{
	struct snapshot *ss = &rd->ss;

	for (;;) {
		if (ss->next < ss->nr) {
			*ev = ss->queue[ss->next++];
			return READ_EVENT;
		}
		if (!lines_follow(&ss->lines, &ss->host))
			break;
		take_line(ss);
	}
	ss->nr = ss->next = 0;
	if (!ss->ended)
		finish(ss);
	return ss->incomplete || ss->lines.stopped ? READ_FAILED : READ_END;
}

/* ---- opening ---- */

static void survey(struct snapshot *ss)
{
	bool stopped;

	lines_init(&ss->lines, &ss->in);
	while (ss->format->survey && lines_follow(&ss->lines, &ss->host)) {
		clean(&ss->lines);
		ss->format->survey(ss, ss->lines.line);
	}
	stopped = ss->lines.stopped;
	lines_init(&ss->lines, &ss->in);
	ss->lines.stopped = stopped;
}

struct reader *snapshot_open(const struct snapshot_format *format, const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));
	struct snapshot *ss = rd ? &rd->ss : NULL;

	if (!rd)
		return NULL;
	ss->state = calloc(1, format->state_bytes + 1);
	if (!ss->state) {
		free(rd);
		return NULL;
	}
	ss->format = format;
	ss->in = *in;
	ss->host = *host;
	ss->cpu = -1;
	ss->info = (struct source_info){ .layer = format->layer, .machine = format->machine, .timeless = true,
					   .by_line = true };
	snprintf(ss->info.kind, sizeof(ss->info.kind), "%s", format->kind);
	survey(ss);
	host->sink->info(host->sink->ctx, &ss->info);
	return rd;
}

void snapshot_position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->ss.records;
	*offset = rd->ss.lines.nr;
}

bool snapshot_text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	return lines_text(&rd->ss.lines, offset, buf, len);
}

void snapshot_close(struct reader *rd)
{
	if (!rd)
		return;
	free(rd->ss.queue);
	free(rd->ss.state);
	free(rd);
}

/* ---- scanning ---- */

static char *skip_blanks(char *at)
{
	return at + strspn(at, " \t");
}

bool scan_text(char **at, const char *text)
{
	char *from = skip_blanks(*at);
	size_t len = strlen(text);

	if (strncmp(from, text, len))
		return false;
	*at = from + len;
	return true;
}

static bool scan_number(char **at, int base, uint64_t *value)
{
	char *from = skip_blanks(*at), *end;
	uint64_t v = 0;

	for (end = from; isxdigit((unsigned char)*end); end++) {
		unsigned digit = isdigit((unsigned char)*end) ? *end - '0' : (*end | 0x20) - 'a' + 10;

		if ((int)digit >= base)
			break;
		if (v > (UINT64_MAX - digit) / base)
			return false;
		v = v * base + digit;
	}
	if (end == from)
		return false;
	*value = v;
	*at = end;
	return true;
}

bool scan_dec(char **at, uint64_t *value)
{
	return scan_number(at, 10, value);
}

bool scan_hex(char **at, uint64_t *value)
{
	char *from = skip_blanks(*at);

	if (from[0] == '0' && (from[1] | 0x20) == 'x' && isxdigit((unsigned char)from[2]))
		from += 2;
	if (!scan_number(&from, 16, value))
		return false;
	*at = from;
	return true;
}

bool scan_bdf(char **at, uint64_t *id)
{
	const char *end;

	if (!object_parse_bdf(skip_blanks(*at), id, &end))
		return false;
	*at = (char *)end;
	return true;
}

char *scan_word(char **at)
{
	char *word = skip_blanks(*at);

	if (!*word)
		return NULL;
	*at = word + strcspn(word, " \t");
	if (**at)
		*(*at)++ = 0;
	return word;
}

bool scan_cpu_list(char **at, uint64_t *mask)
{
	char *from = skip_blanks(*at);

	*mask = 0;
	while (isdigit((unsigned char)*from)) {
		uint64_t first, last;

		if (!scan_dec(&from, &first))
			return false;
		last = first;
		if (*from == '-' && (from++, !scan_dec(&from, &last)))
			return false;
		for (uint64_t cpu = first; cpu <= last && cpu < 64; cpu++)
			*mask |= (uint64_t)1 << cpu;
		from += *from == ',';
	}
	if (*from && *from != '}' && *from != ' ' && *from != '\t')
		return false;
	*at = from;
	return true;
}
