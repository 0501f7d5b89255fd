/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of an ftrace text: the files trace and trace_pipe (kernel/trace/trace.c, trace_output.c; also with the
 * options record-tgid, latency-format and without irq-info) and what `trace-cmd report` prints (also with -l and -t).
 */
#ifndef IRQPATH_INGEST_FTRACE_TEXT_LINE_H
#define IRQPATH_INGEST_FTRACE_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stamp_form {
	STAMP_SECONDS,		/* seconds and a fraction */
	STAMP_MICROSECONDS,	/* whole, of the latency format */
	STAMP_WHOLE,		/* whole, of a unit that the text does not tell */
};

struct text_line {
	const char *comm;	/* not terminated; "<...>" and "<idle>" as printed */
	size_t comm_len;
	int32_t pid;
	int32_t cpu;
	enum stamp_form form;
	int64_t lo, hi;		/* bounds of the time: ns, or of STAMP_WHOLE what was printed */
	const char *event;	/* not terminated; NULL: a line of the function tracer */
	size_t event_len;
	const char *body;	/* behind the event's name, or all of the function tracer's line */
};

/* False where the line is no record; line is terminated and lives as long as what is found in it. */
bool text_line_parse(const char *line, struct text_line *tl);

/*
 * Records of a CPU that are not there: lost between two that are (*count, -1: unknown), or overwritten before the first
 * that is (*count 0).
 */
bool text_line_lost(const char *line, int32_t *cpu, int64_t *count);

/* Comments, and the lines of stack traces, which say nothing of interrupts. */
bool text_line_passed_over(const char *line);

#endif
