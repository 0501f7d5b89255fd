/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that came from a capture, made safe to show; times for people. */
#ifndef IRQPATH_CORE_TEXT_H
#define IRQPATH_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Copies text so that no control character, escape sequence, bidirectional override or invalid UTF-8 reaches a
 * terminal: those bytes become \xNN. Always terminated; cut between characters where buf is short. Returns buf.
 */
char *text_safe(char *buf, size_t len, const char *text);
void text_safe_write(FILE *out, const char *text);

/* What the times of a capture count: ns, cycles of an unknown frequency, or lines, where sources without any times are told of. */
enum text_unit { TEXT_NS, TEXT_CYCLES, TEXT_LINES };

/* Of the capture that is told of from now on; ns at first. */
void text_count(enum text_unit unit);
enum text_unit text_counts(void);

/*
 * "1.234567890": seconds with nine digits, the form of `trace-cmd report -t`; cycles as they are; "line 33". buf of
 * TEXT_TIME_MAX. Returns buf.
 */
enum { TEXT_TIME_MAX = 32 };
char *text_time(char *buf, size_t len, int64_t ns);

/*
 * "6.1 s", "12.3 ms", "450 us", "30 ns": up to three digits for people, rounded; more only for seconds. "6.1 G cycles",
 * "33 lines". Returns buf.
 */
char *text_duration(char *buf, size_t len, int64_t ns);

/* JSON string literal; what text_safe() would not show is \uXXXX, invalid UTF-8 U+FFFD. NULL writes null. */
void text_json(FILE *out, const char *text);

/*
 * A quoted field of CSV as RFC 4180 has it, made safe as by text_safe(). What a spreadsheet would take for a formula gets a
 * quote before it.
 */
void text_csv(FILE *out, const char *text);

#endif
