/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages of docs/ as blocks: what `irqpath help` and the man pages are made of. The subset of Markdown that those
 * pages keep to: headings, paragraphs, items of one level ("- "), indented and fenced code, tables, comments of a line.
 */
#ifndef IRQPATH_REPORT_MARKDOWN_H
#define IRQPATH_REPORT_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

enum markdown_type { MARKDOWN_HEADING, MARKDOWN_PARAGRAPH, MARKDOWN_ITEM, MARKDOWN_CODE, MARKDOWN_TABLE };

struct markdown_block {
	enum markdown_type type;
	unsigned level;	/* of a heading, from 1 */
	char *text;	/* owned; code: lines as they are, each with its end; table: rows, the header first, so too */
};

/* The next block from *at on, which moves behind it. False at the end, and when memory is short. */
bool markdown_next(const char **at, struct markdown_block *block);
void markdown_fini(struct markdown_block *block);

/*
 * Splits a row at its bars, in place, into trimmed cells; returns how many there are, no more than max. Quoted bars do
 * not count and stay quoted: cells are text for markdown_inline().
 */
unsigned markdown_cells(char *row, char **cell, unsigned max);

enum markdown_style { MARKDOWN_PLAIN, MARKDOWN_LITERAL, MARKDOWN_STRONG, MARKDOWN_EMPHASIS };

typedef void (*markdown_put)(void *ctx, enum markdown_style style, const char *text, size_t len);

/* Calls put for each run of text of one style; marks and backslashes are left out, a link becomes its text. */
void markdown_inline(const char *text, markdown_put put, void *ctx);

/* The same without styles, literal text in quotes where it needs them; to be freed. NULL when memory is short. */
char *markdown_plain(const char *text);

#endif
