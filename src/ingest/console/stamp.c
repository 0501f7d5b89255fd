/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forms, any of which may be missing, in this order:
 *
 *	<6>				level, of the raw log
 *	Nov 20 13:26:01[.123456]	syslog, journalctl -o short, short-precise
 *	2026-11-20T13:26:01[.123456]+0000	journalctl -o short-iso, dmesg --time-format iso (with a comma, and +00:00)
 *	1795165007.420211		journalctl -o short-unix
 *	HOST PROGRAM[PID]:		where one of these stood in front, or -o short-monotonic
 *	[   12.345678]			the kernel's own
 *	[Fri Nov 20 13:26:01 2026]	dmesg -T
 *	[  T123] [     C0]		caller
 */
#include "ingest/console/stamp.h"

#include <string.h>

enum { NS_PER_S = 1000000000, S_PER_DAY = 86400, MAX_HOST = 64, MAX_SECONDS_DIGITS = 10 };

struct cursor {
	const char *at, *end;
};

static bool is_digit(char c)
{
	return (unsigned)(c - '0') < 10;
}

static bool take_char(struct cursor *cur, char c)
{
	if (cur->at == cur->end || *cur->at != c)
		return false;
	cur->at++;
	return true;
}

static void skip_blanks(struct cursor *cur)
{
	while (cur->at < cur->end && *cur->at == ' ')
		cur->at++;
}

/* A number of so many digits. */
static bool take_digits(struct cursor *cur, unsigned min, unsigned max, int64_t *value)
{
	unsigned n = 0;

	*value = 0;
	while (cur->at + n < cur->end && n < max && is_digit(cur->at[n]))
		*value = *value * 10 + (cur->at[n++] - '0');
	if (n < min || (cur->at + n < cur->end && is_digit(cur->at[n])))
		return false;
	cur->at += n;
	return true;
}

/* ".678901", or with a comma; nothing is zero. */
static int64_t take_fraction(struct cursor *cur)
{
	int64_t ns = 0, scale = NS_PER_S;

	if (!take_char(cur, '.') && !take_char(cur, ','))
		return 0;
	for (; cur->at < cur->end && is_digit(*cur->at); cur->at++)
		ns += (*cur->at - '0') * (scale /= 10);
	return ns;
}

static bool take_clock(struct cursor *cur, int64_t *ns)
{
	int64_t h, m, s;

	if (!take_digits(cur, 2, 2, &h) || !take_char(cur, ':') || !take_digits(cur, 2, 2, &m) || !take_char(cur, ':') ||
	    !take_digits(cur, 2, 2, &s) || h > 23 || m > 59 || s > 60)
		return false;
	*ns = ((h * 60 + m) * 60 + s) * NS_PER_S + take_fraction(cur);
	return true;
}

static bool take_month(struct cursor *cur, int64_t *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12 && cur->end - cur->at >= 3; i++) {
		if (memcmp(cur->at, names + 3 * i, 3))
			continue;
		*month = i + 1;
		cur->at += 3;
		return true;
	}
	return false;
}

/* Days since 1970-01-01; month and day from 1. */
static int64_t day_number(int64_t year, int64_t month, int64_t day)
{
	int64_t y = year - (month <= 2), era = y / 400, yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void set_time(struct stamp *st, enum stamp_clock clock, int64_t t_ns)
{
	st->t_ns[clock] = t_ns;
	st->clocks |= 1 << clock;
}

/* "Nov 20 13:26:01"; counted as if the year were 1972, which has all days. */
static bool take_syslog_date(struct cursor *cur, struct stamp *st)
{
	struct cursor at = *cur;
	int64_t month, day, ns;

	if (!take_month(&at, &month) || !take_char(&at, ' '))
		return false;
	skip_blanks(&at);
	if (!take_digits(&at, 1, 2, &day) || !day || day > 31 || !take_char(&at, ' ') || !take_clock(&at, &ns) || !take_char(&at, ' '))
		return false;
	set_time(st, STAMP_YEARLESS, (day_number(1972, month, day) - day_number(1972, 1, 1)) * S_PER_DAY * NS_PER_S + ns);
	*cur = at;
	return true;
}

/* "Z", "+0000" or "+00:00"; nothing is UTC. */
static bool take_zone(struct cursor *cur, int64_t *offset_s)
{
	bool minus = cur->at < cur->end && *cur->at == '-';
	struct cursor at = *cur;
	int64_t h, m;

	*offset_s = 0;
	if (take_char(cur, 'Z') || (!take_char(&at, '+') && !take_char(&at, '-')))
		return true;
	if (at.end - at.at >= 4 && is_digit(at.at[2])) {
		int64_t both;

		if (!take_digits(&at, 4, 4, &both))
			return false;
		h = both / 100;
		m = both % 100;
	} else if (!take_digits(&at, 2, 2, &h) || !take_char(&at, ':') || !take_digits(&at, 2, 2, &m)) {
		return false;
	}
	*offset_s = (h * 60 + m) * (minus ? -60 : 60);
	*cur = at;
	return true;
}

static bool take_iso_date(struct cursor *cur, struct stamp *st)
{
	int64_t year, month, day, ns, offset_s;
	struct cursor at = *cur;

	if (!take_digits(&at, 4, 4, &year) || !take_char(&at, '-') || !take_digits(&at, 2, 2, &month) || !take_char(&at, '-') ||
	    !take_digits(&at, 2, 2, &day) || year < 1970 || year > 2200 || !month || month > 12 || !day || day > 31)
		return false;
	if ((!take_char(&at, 'T') && !take_char(&at, ' ')) || !take_clock(&at, &ns) || !take_zone(&at, &offset_s) ||
	    !take_char(&at, ' '))
		return false;
	set_time(st, STAMP_WALL, (day_number(year, month, day) * S_PER_DAY - offset_s) * NS_PER_S + ns);
	*cur = at;
	return true;
}

static bool take_unix_time(struct cursor *cur, struct stamp *st)
{
	struct cursor at = *cur;
	int64_t s, ns;

	if (!take_digits(&at, 10, 10, &s) || at.at == at.end || *at.at != '.')
		return false;
	ns = take_fraction(&at);
	if (!take_char(&at, ' '))
		return false;
	set_time(st, STAMP_WALL, s * NS_PER_S + ns);
	*cur = at;
	return true;
}

/* "[   12.345678] " or "[    5.123456,0] ". */
static bool take_printk_time(struct cursor *cur, struct stamp *st)
{
	struct cursor at = *cur;
	int64_t s, ns;

	if (!take_char(&at, '['))
		return false;
	skip_blanks(&at);
	if (!take_digits(&at, 1, MAX_SECONDS_DIGITS - 1, &s) || at.at == at.end || *at.at != '.')
		return false;
	ns = take_fraction(&at);
	if (!take_char(&at, ']'))
		return false;
	skip_blanks(&at);
	set_time(st, STAMP_PRINTK, s * NS_PER_S + ns);
	*cur = at;
	return true;
}

/* "[Fri Nov 20 13:26:01 2026] " */
static bool take_ctime(struct cursor *cur, struct stamp *st)
{
	int64_t month, day, year, ns;
	struct cursor at = *cur;

	if (!take_char(&at, '[') || at.end - at.at < 4 || at.at[3] != ' ')
		return false;
	at.at += 4;
	if (!take_month(&at, &month) || !take_char(&at, ' '))
		return false;
	skip_blanks(&at);
	if (!take_digits(&at, 1, 2, &day) || !day || day > 31 || !take_char(&at, ' ') || !take_clock(&at, &ns) ||
	    !take_char(&at, ' ') || !take_digits(&at, 4, 4, &year) || year < 1970 || year > 2200 || !take_char(&at, ']'))
		return false;
	skip_blanks(&at);
	set_time(st, STAMP_WALL, day_number(year, month, day) * S_PER_DAY * NS_PER_S + ns);
	*cur = at;
	return true;
}

/* "[  T123] ", "[     C0] " */
static void skip_caller(struct cursor *cur)
{
	struct cursor at = *cur;
	int64_t number;

	if (!take_char(&at, '['))
		return;
	skip_blanks(&at);
	if (!take_char(&at, 'T') && !take_char(&at, 'C'))
		return;
	if (!take_digits(&at, 1, 9, &number) || !take_char(&at, ']'))
		return;
	skip_blanks(&at);
	*cur = at;
}

/*
 * "HOST PROGRAM[PID]: " or "HOST kernel: "; who is said to have written it. Where it need not be there, a message that
 * looks like it is more likely than a program without a number.
 */
static bool take_program(struct cursor *cur, struct stamp *st, bool expected)
{
	bool kernel;

	const char *host = memchr(cur->at, ' ', cur->end - cur->at), *stop;
	size_t len;

	if (!host || host == cur->at || host - cur->at > MAX_HOST)
		return false;
	host++;
	stop = memchr(host, ':', cur->end - host < MAX_HOST ? cur->end - host : MAX_HOST);
	if (!stop || stop + 1 >= cur->end || stop[1] != ' ' || memchr(host, ' ', stop - host))
		return false;
	len = stop - host;
	kernel = len == 6 && !memcmp(host, "kernel", 6);
	if (!kernel && !expected && (!len || stop[-1] != ']'))
		return false;
	st->by_kernel = kernel;
	st->by_other = !kernel;
	cur->at = stop + 2;
	return true;
}

static void skip_level(struct cursor *cur)
{
	struct cursor at = *cur;
	int64_t level;

	if (take_char(&at, '<') && take_digits(&at, 1, 3, &level) && take_char(&at, '>'))
		*cur = at;
}

void stamp_parse(const char *text, size_t len, struct stamp *st)
{
	struct cursor cur = { text, text + len };
	bool has_syslog_date, has_date, has_printk;

	memset(st, 0, sizeof(*st));
	skip_level(&cur);
	has_syslog_date = take_syslog_date(&cur, st);
	has_date = has_syslog_date || take_iso_date(&cur, st) || take_unix_time(&cur, st);
	if (has_date)
		take_program(&cur, st, has_syslog_date);
	has_printk = take_printk_time(&cur, st);
	if (!has_date && !has_printk)
		take_ctime(&cur, st);
	if (has_printk) {
		skip_caller(&cur);
		/* -o short-monotonic */
		if (!has_date)
			take_program(&cur, st, false);
	}
	if (cur.end - cur.at >= 5 && !memcmp(cur.at, "(XEN)", 5))
		st->by_other = true;
	st->len = cur.at - text;
}
