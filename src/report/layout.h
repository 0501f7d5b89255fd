/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for people: colours, words wrapped at the terminal's width. All text is made safe on its way. */
#ifndef IRQPATH_REPORT_LAYOUT_H
#define IRQPATH_REPORT_LAYOUT_H

#include <stdio.h>

struct report_options;

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_GOOD };

enum style layout_severity(const char *severity);

/* In colour where the options ask for it. */
void layout_styled(FILE *out, const struct report_options *opt, enum style style, const char *text);

/* The same, padded with blanks to that many columns. */
void layout_cell(FILE *out, const struct report_options *opt, enum style style, const char *text, unsigned width);

/* Wrapped between words, from the current column on, further lines indented. Ends the line. */
void layout_wrapped(FILE *out, const struct report_options *opt, const char *text, unsigned column, unsigned indent);

/* Columns that a text takes once it is safe: characters, not bytes. */
unsigned layout_columns(const char *text);

#endif
