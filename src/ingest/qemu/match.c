/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log backend writes "NAME ARGUMENTS", with "TID@SECONDS.MICROSECONDS:" in front up to 10.0 and an ISO stamp since
 * (-msg timestamp=on), perhaps "[GUEST ]PROGRAM(THREAD): " behind that. It writes an event whole. But where a guest's
 * console goes to the same file byte by byte, anything may stand in front: so a time is looked for anywhere, then a known
 * name whose arguments fit to the end of the line. Web pages and mail collapse and cut blanks.
 */
#include "ingest/qemu/match.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NR_SLOTS = 1024, MAX_LENGTHS = 64, MAX_TEXT_FIELD = 256, NS_PER_S = 1000000000, MAX_PREFIX = 160 };

struct qemu_names {
	uint16_t slot[NR_SLOTS];	/* row + 1, 0: free */
	uint8_t length[MAX_LENGTHS];	/* of names, the longest first */
	unsigned nr_lengths;
	uint8_t tail[1 << 13];		/* bits by the last two characters of names */
};

/* ----------------------------------------------------------------------------------------------------- names */

static unsigned tail_bit(const char *end)
{
	return (uint8_t)end[-1] << 8 | (uint8_t)end[-2];
}

static uint32_t hash(const char *name, size_t len)
{
	uint64_t first, last;

	memcpy(&first, name, sizeof(first));
	memcpy(&last, name + len - sizeof(last), sizeof(last));
	first = (first ^ len) * UINT64_C(0x9e3779b97f4a7c15);
	last = (last ^ first >> 29) * UINT64_C(0xff51afd7ed558ccd);
	return (first ^ last) >> 32 & (NR_SLOTS - 1);
}

static uint32_t slot_of(const struct qemu_names *names, const char *name, size_t len)
{
	uint32_t i = hash(name, len);

	for (; names->slot[i]; i = (i + 1) & (NR_SLOTS - 1)) {
		const char *have = qemu_rows[names->slot[i] - 1].name;

		if (!strncmp(have, name, len) && !have[len])
			break;
	}
	return i;
}

static void add_length(struct qemu_names *names, size_t len)
{
	unsigned i = 0;

	while (i < names->nr_lengths && names->length[i] > len)
		i++;
	if ((i < names->nr_lengths && names->length[i] == len) || names->nr_lengths == MAX_LENGTHS)
		return;
	memmove(names->length + i + 1, names->length + i, names->nr_lengths - i);
	names->length[i] = len;
	names->nr_lengths++;
}

struct qemu_names *qemu_names_new(void)
{
	struct qemu_names *names = calloc(1, sizeof(*names));

	for (unsigned i = 0; names && qemu_rows[i].name; i++) {
		size_t len = strlen(qemu_rows[i].name);
		uint32_t slot = slot_of(names, qemu_rows[i].name, len);
		unsigned bit = tail_bit(qemu_rows[i].name + len);

		if (names->slot[slot])
			continue;
		names->slot[slot] = i + 1;
		names->tail[bit / 8] |= 1 << bit % 8;
		add_length(names, len);
	}
	return names;
}

void qemu_names_free(struct qemu_names *names)
{
	free(names);
}

const struct qemu_row *qemu_names_find(const struct qemu_names *names, const char *name, size_t len)
{
	uint32_t i;

	if (len < QEMU_MIN_NAME || len >= QEMU_MAX_NAME)
		return NULL;
	i = slot_of(names, name, len);
	return names->slot[i] ? &qemu_rows[names->slot[i] - 1] : NULL;
}

/* ------------------------------------------------------------------------------------------------- arguments */

char qemu_field_type(const struct qemu_row *row, unsigned field)
{
	for (const char *p = row->shape; *p; p++)
		if (*p == '%' && *++p != '*' && !field--)
			return *p;
	return 0;
}

unsigned qemu_nr_fields(const struct qemu_row *row)
{
	unsigned nr = 0;

	while (nr < QEMU_MAX_FIELDS && row->fields[nr].name)
		nr++;
	return nr;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool take_decimal(const char **at, const char *end, bool is_signed, int64_t *value)
{
	const char *p = *at;
	bool minus = is_signed && p < end && *p == '-';
	const char *first = p += minus;
	uint64_t v = 0;

	while (p < end && (unsigned)(*p - '0') < 10)
		v = v * 10 + (*p++ - '0');
	/* 19 digits fit */
	if (p == first || p - first > 19 || v > INT64_MAX)
		return false;
	*value = minus ? -(int64_t)v : (int64_t)v;
	*at = p;
	return true;
}

static int hex_digit(char c)
{
	unsigned d = c - '0', l = (c | 0x20) - 'a';

	return d < 10 ? (int)d : l < 6 ? (int)l + 10 : -1;
}

static bool take_hex(const char **at, const char *end, int64_t *value)
{
	const char *p = *at;
	uint64_t v = 0;
	int digit;

	while (p < end && (digit = hex_digit(*p)) >= 0) {
		v = v << 4 | digit;
		p++;
	}
	if (p == *at || p - *at > 16)
		return false;
	*value = (int64_t)v;
	*at = p;
	return true;
}

static bool take_prefixed_hex(const char **at, const char *end, int64_t *value)
{
	const char *p = *at;

	if (end - p < 3 || p[0] != '0' || p[1] != 'x')
		return false;
	p += 2;
	if (!take_hex(&p, end, value))
		return false;
	*at = p;
	return true;
}

static bool take_pointer(const char **at, const char *end, int64_t *value)
{
	if (end - *at >= 5 && !memcmp(*at, "(nil)", 5)) {
		*value = 0;
		*at += 5;
		return true;
	}
	return take_prefixed_hex(at, end, value);
}

static bool take_number(char type, const char **at, const char *end, int64_t *value)
{
	switch (type) {
	case 'd':
	case 'u':
		return take_decimal(at, end, type == 'd', value);
	case 'x':
		return take_prefixed_hex(at, end, value);
	case 'X':
		return take_hex(at, end, value);
	case 'p':
		return take_pointer(at, end, value);
	default:	/* c */
		*value = *at < end ? (unsigned char)**at : 0;
		return (*at)++ < end;
	}
}

static bool match(const char *shape, const char *at, const char *end, unsigned field, struct qemu_record *rec);

/* The shortest that lets the rest fit. */
static bool match_text(const char *rest, const char *at, const char *end, unsigned field, struct qemu_record *rec)
{
	const char *limit = end - at > MAX_TEXT_FIELD ? at + MAX_TEXT_FIELD : end;

	for (const char *to = at; to <= limit; to++) {
		if (*rest && (to == end || (*rest == ' ' ? !is_blank(*to) : *rest != *to)))
			continue;
		if (!match(rest, to, end, field + 1, rec))
			continue;
		rec->text[field] = (struct qemu_text){ at, to - at };
		return true;
	}
	return false;
}

static bool match(const char *shape, const char *at, const char *end, unsigned field, struct qemu_record *rec)
{
	for (; *shape; shape++) {
		if (*shape == ' ') {
			const char *from = at;

			while (at < end && is_blank(*at))
				at++;
			if (at == from && shape[1])
				return false;
		} else if (*shape != '%') {
			if (at == end || *at++ != *shape)
				return false;
		} else if (*++shape == '*') {
			return true;
		} else if (*shape == 's') {
			return field < QEMU_MAX_FIELDS && match_text(shape + 1, at, end, field, rec);
		} else if (field == QEMU_MAX_FIELDS || !take_number(*shape, &at, end, &rec->num[field++])) {
			return false;
		}
	}
	return at == end;
}

bool qemu_match_args(const struct qemu_row *row, const char *text, size_t len, struct qemu_record *rec)
{
	const char *end = text + len, *name = row->name;

	while (text < end && is_blank(*text))
		text++;
	while (end > text && (is_blank(end[-1]) || end[-1] == '\n' || end[-1] == '\r'))
		end--;
	for (; row->name && !strcmp(row->name, name); row++) {
		if (!match(row->shape, text, end, 0, rec))
			continue;
		rec->row = row;
		return true;
	}
	return false;
}

static void print_field(char type, const struct qemu_record *rec, unsigned field, FILE *out)
{
	int64_t num = rec->num[field];

	switch (type) {
	case 's':
		fprintf(out, "%.*s", (int)rec->text[field].len, rec->text[field].at);
		break;
	case 'd':
		fprintf(out, "%" PRId64, num);
		break;
	case 'u':
		fprintf(out, "%" PRIu64, (uint64_t)num);
		break;
	case 'X':
		fprintf(out, "%" PRIx64, (uint64_t)num);
		break;
	case 'c':
		fputc((int)num, out);
		break;
	default:
		fprintf(out, "0x%" PRIx64, (uint64_t)num);
	}
}

void qemu_print_args(const struct qemu_record *rec, char *buf, size_t len)
{
	FILE *out = len ? fmemopen(buf, len, "w") : NULL;
	unsigned field = 0;

	if (!out)
		return;
	buf[0] = buf[len - 1] = 0;
	for (const char *p = rec->row->shape; *p; p++) {
		if (*p != '%')
			fputc(*p, out);
		else if (*++p != '*' && field < QEMU_MAX_FIELDS)
			print_field(*p, rec, field++, out);
	}
	fclose(out);
	buf[len - 1] = 0;
}

/* ------------------------------------------------------------------------------------------------- prefixes */

struct stamp {
	bool has_time;
	int64_t t_ns, tid;
};

void qemu_finder_init(struct qemu_finder *fi, const struct qemu_names *names)
{
	memset(fi, 0, sizeof(*fi));
	fi->names = names;
}

static bool tid_seen(const struct qemu_finder *fi, uint32_t tid)
{
	uint32_t i = tid % QEMU_MAX_TIDS;

	for (unsigned n = 0; fi->tid[i] && n < QEMU_MAX_TIDS; n++, i = (i + 1) % QEMU_MAX_TIDS)
		if (fi->tid[i] == tid)
			return true;
	return false;
}

static void remember_tid(struct qemu_finder *fi, int64_t tid)
{
	uint32_t i = (uint64_t)tid % QEMU_MAX_TIDS;

	/* never full, so that a search ends early */
	if (tid <= 0 || tid > UINT32_MAX || fi->nr_tids >= QEMU_MAX_TIDS / 2 || tid_seen(fi, tid))
		return;
	while (fi->tid[i])
		i = (i + 1) % QEMU_MAX_TIDS;
	fi->tid[i] = tid;
	fi->nr_tids++;
}

/* "SECONDS.MICROSECONDS:", or of a probe script "NANOSECONDS "; moves *at behind it. */
static bool take_time(const char **at, const char *end, int64_t *t_ns)
{
	const char *p = *at;
	int64_t s, us = 0;

	if (!take_decimal(&p, end, false, &s))
		return false;
	if (p - *at >= 16 && p < end && *p == ' ') {
		*t_ns = s;
		*at = p + 1;
		return true;
	}
	if (end - p < 8 || *p != '.' || p[7] != ':' || s > INT64_MAX / NS_PER_S - 1)
		return false;
	for (int i = 1; i <= 6; i++) {
		if ((unsigned)(p[i] - '0') > 9)
			return false;
		us = us * 10 + (p[i] - '0');
	}
	*t_ns = s * NS_PER_S + us * 1000;
	*at = p + 8;
	return true;
}

/*
 * Digits in front of the "@", at most the ten that a thread's number has; a digit of another text may stand right in
 * front. So one that was seen before is preferred.
 */
static const char *tid_start(const struct qemu_finder *fi, const char *line, const char *sign, int64_t *tid)
{
	const char *from = sign, *best;

	while (from > line && sign - from < 10 && isdigit((unsigned char)from[-1]))
		from--;
	best = from;
	for (const char *p = from; p < sign; p++) {
		const char *at = p;

		if (!take_decimal(&at, sign, false, tid) || *tid > UINT32_MAX || !tid_seen(fi, *tid))
			continue;
		best = p;
		break;
	}
	from = best;
	return take_decimal(&from, sign, false, tid) ? best : NULL;
}

/* "TID@TIME:" anywhere from a place on; *from is where it begins, *at where the event does. */
static bool find_tid_stamp(struct qemu_finder *fi, const char *line, const char *end, const char **from, const char **at,
			   struct stamp *st)
{
	const char *sign = line;

	while ((sign = memchr(sign, '@', end - sign))) {
		const char *p = sign + 1;

		if (sign > line && isdigit((unsigned char)sign[-1]) && take_time(&p, end, &st->t_ns)) {
			*from = tid_start(fi, line, sign, &st->tid);
			*at = p;
			st->has_time = true;
			return *from != NULL;
		}
		sign++;
	}
	return false;
}

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t days(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool two_digits(const char *p, unsigned max, unsigned *value)
{
	unsigned a = p[0] - '0', b = p[1] - '0';

	*value = a * 10 + b;
	return a < 10 && b < 10 && *value <= max;
}

static bool take_date(struct qemu_finder *fi, const char *p)
{
	unsigned century, year, month, day;

	if (!memcmp(p, fi->day, sizeof(fi->day)))
		return true;
	if (!two_digits(p, 99, &century) || !two_digits(p + 2, 99, &year) || p[4] != '-' || !two_digits(p + 5, 12, &month) ||
	    p[7] != '-' || !two_digits(p + 8, 31, &day) || century < 19 || century > 21 || !month || !day)
		return false;
	memcpy(fi->day, p, sizeof(fi->day));
	fi->day_ns = days(century * 100 + year, month, day) * 86400 * NS_PER_S;
	return true;
}

/* "2026-01-02T03:04:05.678901Z "; no fraction where it is zero. */
static bool take_iso(struct qemu_finder *fi, const char **at, const char *end, int64_t *t_ns)
{
	unsigned h, m, s, scale = NS_PER_S;
	const char *p = *at;
	int64_t ns = 0;

	if (end - p < 21 || p[10] != 'T' || p[13] != ':' || p[16] != ':' || !two_digits(p + 11, 23, &h) ||
	    !two_digits(p + 14, 59, &m) || !two_digits(p + 17, 60, &s) || !take_date(fi, p))
		return false;
	p += 19;
	if (*p == '.')
		for (p++; p < end && isdigit((unsigned char)*p) && scale > 1; p++)
			ns += (*p - '0') * (int64_t)(scale /= 10);
	if (end - p < 2 || p[0] != 'Z' || p[1] != ' ')
		return false;
	*t_ns = fi->day_ns + ((h * INT64_C(60) + m) * 60 + s) * NS_PER_S + ns;
	*at = p + 2;
	return true;
}

/* "[GUEST ]PROGRAM(THREAD): "; moves *at behind it, where it is there. */
static void skip_program(const char **at, const char *end, int64_t *tid)
{
	const char *limit = end - *at > MAX_PREFIX ? *at + MAX_PREFIX : end;
	const char *open = memchr(*at, '(', limit - *at), *p;

	for (p = open; p && p + 2 < limit; p++) {
		const char *number = open + 1;

		if (memcmp(p, "): ", 3))
			continue;
		if (!take_decimal(&number, p, false, tid) || number != p)
			*tid = -1;
		*at = p + 3;
		return;
	}
}

/* Where such a prefix begins that ends at a place; that place itself where there is none. */
static const char *program_start(const char *line, const char *end)
{
	const char *p = end - 3;

	if (end - line < 5 || memcmp(p, "): ", 3))
		return end;
	while (p > line && *p != '(')
		p--;
	while (p > line && !is_blank(p[-1]))
		p--;
	return p;
}

/* Where the stamp that ends at a place begins; NULL where there is none. */
static const char *iso_before(struct qemu_finder *fi, const char *line, const char *end, struct stamp *st)
{
	for (unsigned len = 21; len <= 30 && (size_t)(end - line) >= len; len++) {
		const char *p = end - len;

		if (!take_iso(fi, &p, end, &st->t_ns) || p != end)
			continue;
		st->has_time = true;
		return end - len;
	}
	return NULL;
}

/* Where the word that ends at a blank in front of a place begins: a guest's name (-msg guest-name=on). */
static const char *guest_start(const char *line, const char *end)
{
	const char *p = end - 1;

	if (end - line < 2 || *p != ' ')
		return end;
	while (p > line && !is_blank(p[-1]))
		p--;
	return p;
}

/* What stands right in front of a name that was found without looking at it; returns where that begins. */
static const char *look_back(struct qemu_finder *fi, const char *line, const char *name, struct stamp *st)
{
	const char *from = program_start(line, name), *p = from, *stamp;

	if (from != name)
		skip_program(&p, name, &st->tid);
	stamp = iso_before(fi, line, from, st);
	if (!stamp)
		stamp = iso_before(fi, line, guest_start(line, from), st);
	return stamp ? stamp : from;
}

/* ------------------------------------------------------------------------------------------------- searching */

static const char *word_end(const char *at, const char *end)
{
	while (at < end && (isalnum((unsigned char)*at) || *at == '_' || *at == ':'))
		at++;
	return at;
}

static void set_found(struct qemu_finder *fi, struct qemu_record *rec, const struct stamp *st)
{
	rec->has_time = st->has_time;
	rec->t_ns = st->t_ns;
	rec->tid = st->tid;
	fi->any_time |= st->has_time;
	if (st->tid >= 0)
		remember_tid(fi, st->tid);
}

/* An event begins here, known or not; false where there is no word. */
static bool take_event(struct qemu_finder *fi, const char *line, const char *from, const char *at, const char *end,
		       const struct stamp *st, struct qemu_line *out, struct qemu_record *rec)
{
	const char *stop = word_end(at, end);
	const struct qemu_row *row;

	if (stop == at || (stop < end && !is_blank(*stop)))
		return false;
	row = qemu_names_find(fi->names, at, stop - at);
	out->from = from - line;
	out->name = (struct qemu_text){ at, stop - at };
	out->known_name = row != NULL;
	out->found = row && qemu_match_args(row, stop, end - stop, rec) ? QEMU_EVENT : QEMU_OTHER;
	set_found(fi, rec, st);
	return true;
}

/* The longest name that ends here and whose arguments fit. */
static bool name_ends_at(struct qemu_finder *fi, const char *line, const char *at, const char *end, struct qemu_line *out,
			 struct qemu_record *rec)
{
	struct stamp st = { .tid = -1 };

	for (unsigned i = 0; i < fi->names->nr_lengths; i++) {
		size_t len = fi->names->length[i];
		const struct qemu_row *row;

		if ((size_t)(at - line) < len)
			continue;
		row = qemu_names_find(fi->names, at - len, len);
		if (!row || !qemu_match_args(row, at, end - at, rec))
			continue;
		out->from = look_back(fi, line, at - len, &st) - line;
		out->name = (struct qemu_text){ at - len, len };
		out->found = QEMU_EVENT;
		set_found(fi, rec, &st);
		return true;
	}
	return false;
}

static bool search_names(struct qemu_finder *fi, const char *line, const char *end, struct qemu_line *out,
			 struct qemu_record *rec)
{
	for (const char *at = line + QEMU_MIN_NAME; at <= end; at++) {
		unsigned bit;

		if (at < end && !is_blank(*at))
			continue;
		bit = tail_bit(at);
		if (fi->names->tail[bit / 8] >> bit % 8 & 1 && name_ends_at(fi, line, at, end, out, rec))
			return true;
	}
	return false;
}

/* "word_word" and a blank at the beginning of a line: what events are called, and nothing that consoles print is. */
static bool looks_like_event(const char *line, const char *end)
{
	const char *p = line;
	bool parts = false;

	if (p == end || !islower((unsigned char)*p))
		return false;
	for (; p < end && (islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '_'); p++)
		parts |= *p == '_';
	return parts && p - line < QEMU_MAX_NAME && p[-1] != '_' && (p == end || *p == ' ');
}

void qemu_find(struct qemu_finder *fi, const char *line, size_t len, struct qemu_line *out, struct qemu_record *rec)
{
	struct stamp st = { .tid = -1 };
	const char *from, *at = line, *end;

	while (len && line[len - 1] == '\r')
		len--;
	end = line + len;
	*out = (struct qemu_line){ .found = QEMU_NOTHING };
	if (find_tid_stamp(fi, line, end, &from, &at, &st) && take_event(fi, line, from, at, end, &st, out, rec))
		return;
	st = (struct stamp){ .tid = -1 };
	at = line;
	if (take_iso(fi, &at, end, &st.t_ns)) {
		st.has_time = true;
		skip_program(&at, end, &st.tid);
		if (take_event(fi, line, line, at, end, &st, out, rec) && out->known_name)
			return;
		*out = (struct qemu_line){ .found = QEMU_NOTHING };
	}
	if (search_names(fi, line, end, out, rec))
		return;
	if (st.has_time ? looks_like_event(at, end) : looks_like_event(line, end)) {
		st.tid = st.has_time ? st.tid : -1;
		take_event(fi, line, line, st.has_time ? at : line, end, &st, out, rec);
	}
}
