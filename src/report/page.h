/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page of docs/ on a terminal. */
#ifndef IRQPATH_REPORT_PAGE_H
#define IRQPATH_REPORT_PAGE_H

#include <stdio.h>

struct report_options;

/*
 * Writes the page's text (report/markdown.h) wrapped at the options' width. A table whose columns do not fit beside each
 * other becomes a list: its first column, and below it what the others say.
 */
void page_write(const char *markdown, const struct report_options *opt, FILE *out);

#endif
