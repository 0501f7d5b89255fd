/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task's name may hold anything, but is too short for all that follows it: so the first "-PID" behind which the rest
 * of a head is found ends it. Heads are
 *
 *	COMM-PID [(TGID)] [CPU] [FLAGS] TIME: 		trace, trace_pipe, trace-cmd report
 *	COMM-PID CPU FLAGS TIME[us][MARK]: 		with latency-format, trace-cmd report -l
 */
#include "ingest/ftrace/text_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_HEAD = 96,		/* where "-PID" stands: prefix of an instance and name of a task */
	MAX_FLAGS = 8, MAX_CPU = 1 << 16, MAX_NAME = 64, FRACTION_DIGITS = 9,
	COMM_WIDTH = 16,	/* of the column, to the right side of which names stand */
};

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/* Up to max_digits digits; NULL where there are none, or more. */
static const char *take_number(const char *at, unsigned max_digits, int64_t *value)
{
	unsigned nr = 0;

	for (*value = 0; isdigit((unsigned char)at[nr]); nr++) {
		if (nr == max_digits)
			return NULL;
		*value = *value * 10 + (at[nr] - '0');
	}
	return nr ? at + nr : NULL;
}

/* "(  123) " or "(-----) "; nothing is there to be had from it. */
static const char *skip_tgid(const char *at)
{
	const char *end;

	if (*at != '(')
		return at;
	end = at + 1 + strspn(at + 1, " -0123456789");
	return *end == ')' ? skip_blanks(end + 1) : NULL;
}

static bool is_flag(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '#' || c == '-';
}

/* The irqs-off, need-resched, context, preempt and migrate columns: at least four, of which the first is no digit. */
static const char *skip_flags(const char *at)
{
	unsigned nr = 0;

	while (is_flag(at[nr]))
		nr++;
	return nr >= 4 && nr <= MAX_FLAGS && !isdigit((unsigned char)*at) ? at + nr : NULL;
}

/* Printed times are rounded to the nearest of what their digits can tell. */
static void set_bounds(struct text_line *tl, int64_t value, int64_t unit)
{
	tl->lo = value - unit / 2;
	tl->hi = value + (unit > 1 ? unit / 2 - 1 : 0);
}

static const char *take_fraction(const char *at, int64_t seconds, struct text_line *tl)
{
	int64_t fraction = 0, unit = 1000000000;
	const char *start = ++at;

	for (; isdigit((unsigned char)*at); at++) {
		if (at - start == FRACTION_DIGITS)
			return NULL;
		fraction = fraction * 10 + (*at - '0');
		unit /= 10;
	}
	if (at - start < 3)
		return NULL;
	tl->form = STAMP_SECONDS;
	set_bounds(tl, seconds * 1000000000 + fraction * unit, unit);
	return at;
}

/* "12.345678", "12345us", "12345" and a mark for delays, up to the colon. */
static const char *take_time(const char *at, bool is_latency, struct text_line *tl)
{
	int64_t value;

	at = take_number(at, 18, &value);
	if (!at)
		return NULL;
	if (*at == '.') {
		at = value < INT64_MAX / 1000000000 ? take_fraction(at, value, tl) : NULL;
	} else if (at[0] == 'u' && at[1] == 's' && is_latency && value < INT64_MAX / 1000) {
		tl->form = STAMP_MICROSECONDS;
		set_bounds(tl, value * 1000, 1000);
		at += 2;
	} else {
		tl->form = STAMP_WHOLE;
		tl->lo = tl->hi = value;
	}
	if (!at)
		return NULL;
	if (is_latency && *at && strchr("+!#*@$ ", *at))
		at++;
	return *at == ':' ? at + 1 : NULL;
}

static const char *take_bracketed_cpu(const char *at, int64_t *cpu)
{
	at = take_number(at + 1, 6, cpu);
	if (!at || *at != ']')
		return NULL;
	return skip_blanks(at + 1);
}

/* What stands behind "-PID"; returns what follows the head. */
static const char *take_head(const char *at, struct text_line *tl)
{
	const char *flags;
	bool is_latency;
	int64_t cpu;

	at = skip_tgid(skip_blanks(at));
	if (!at)
		return NULL;
	is_latency = *at != '[';
	at = is_latency ? take_number(at, 6, &cpu) : take_bracketed_cpu(at, &cpu);
	if (!at || cpu >= MAX_CPU)
		return NULL;
	flags = skip_flags(at);
	if (is_latency && !flags)
		return NULL;
	tl->cpu = cpu;
	at = take_time(flags ? skip_blanks(flags) : at, is_latency, tl);
	return at && *at == ' ' ? at : NULL;
}

static void take_event(const char *at, struct text_line *tl)
{
	size_t n = 0;

	at = skip_blanks(at);
	while (isalnum((unsigned char)at[n]) || at[n] == '_')
		n++;
	tl->event = NULL;
	tl->body = at;
	if (!n || n >= MAX_NAME || at[n] != ':')
		return;
	tl->event = at;
	tl->event_len = n;
	at += n + 1;
	tl->body = skip_blanks(at);
}

bool text_line_parse(const char *line, struct text_line *tl)
{
	const char *comm = skip_blanks(line);

	for (const char *at = comm; *at && at < line + MAX_HEAD; at++) {
		const char *end;
		int64_t pid;

		if (*at != '-' || at == comm)
			continue;
		end = take_number(at + 1, 9, &pid);
		end = end && (*end == ' ' || *end == '\t') ? take_head(end, tl) : NULL;
		if (!end)
			continue;
		/* trace-cmd report has the name of a buffer instance in front */
		if (at - comm > COMM_WIDTH)
			comm = skip_blanks(at - COMM_WIDTH);
		tl->comm = comm;
		tl->comm_len = at - comm;
		tl->pid = pid;
		take_event(end, tl);
		return true;
	}
	return false;
}

/* "CPU:2 [LOST 123 EVENTS]", "CPU:2 [LOST EVENTS]"; trace-cmd: "CPU:2 [123 EVENTS DROPPED]", "CPU:2 [EVENTS DROPPED]" */
static bool lost_between(const char *at, int64_t *count)
{
	const char *end;

	if (!strncmp(at, "LOST ", 5))
		at += 5;
	end = take_number(at, 18, count);
	if (end)
		at = skip_blanks(end);
	else
		*count = -1;
	return !strncmp(at, "EVENTS]", 7) || !strncmp(at, "EVENTS DROPPED]", 15);
}

bool text_line_lost(const char *line, int32_t *cpu, int64_t *count)
{
	static const char started[] = "##### CPU ";
	const char *at = skip_blanks(line);
	int64_t nr;

	if (!strncmp(at, started, sizeof(started) - 1)) {
		at = take_number(at + sizeof(started) - 1, 6, &nr);
		if (!at || strncmp(at, " buffer started", 15))
			return false;
		*count = 0;
	} else {
		at = strstr(at, "CPU:");
		if (at && at > line && at[-1] != ' ')
			return false;
		at = at ? take_number(at + 4, 6, &nr) : NULL;
		at = at ? skip_blanks(at) : NULL;
		if (!at || *at != '[' || !lost_between(at + 1, count))
			return false;
	}
	if (nr >= MAX_CPU)
		return false;
	*cpu = nr;
	return true;
}

bool text_line_passed_over(const char *line)
{
	static const char *const begins[] = { "#", "=> ", "<stack trace>", "<user stack trace>", "cpus=", "version = " };

	line = skip_blanks(line);
	if (!*line)
		return true;
	for (unsigned i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (!strncmp(line, begins[i], strlen(begins[i])))
			return true;
	return false;
}
