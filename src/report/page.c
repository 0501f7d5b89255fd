/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include "report/layout.h"
#include "report/markdown.h"
#include "report/report.h"

enum { MAX_CELLS = 12, MIN_LAST = 24, GAP = 2, LIST_INDENT = 6 };

struct page {
	const struct report_options *opt;
	FILE *out;
	enum markdown_type before;	/* what was written last; items stand close together */
	bool began;
};

static void words(const struct page *pg, const char *raw, unsigned column, unsigned indent)
{
	char *plain = markdown_plain(raw);

	if (plain)
		layout_wrapped(pg->out, pg->opt, plain, column, indent);
	free(plain);
}

static void write_heading(const struct page *pg, const struct markdown_block *block)
{
	char *plain = markdown_plain(block->text);

	if (plain)
		layout_styled(pg->out, pg->opt, STYLE_BOLD, plain);
	fputc('\n', pg->out);
	free(plain);
}

/* Line by line, as it is. */
static void write_code(const struct page *pg, char *text)
{
	for (char *line; (line = strsep(&text, "\n")) && (*line || text);) {
		fputs(*line ? "    " : "", pg->out);
		layout_styled(pg->out, pg->opt, STYLE_PLAIN, line);
		fputc('\n', pg->out);
	}
}

/* ------------------------------------------------------------------------------------------------------ tables */

struct row {
	char *cell[MAX_CELLS];	/* owned, plain text */
	unsigned nr;
};

struct table {
	struct row *row;	/* owned; the first is the header */
	unsigned nr, nr_cells;
	unsigned width[MAX_CELLS];
};

static bool add_row(struct table *tb, char *text)
{
	struct row *rows = realloc(tb->row, (tb->nr + 1) * sizeof(*rows)), *row;
	char *cell[MAX_CELLS];

	if (!rows)
		return false;
	tb->row = rows;
	row = &rows[tb->nr++];
	*row = (struct row){ .nr = markdown_cells(text, cell, MAX_CELLS) };
	for (unsigned i = 0; i < row->nr; i++) {
		unsigned width;

		row->cell[i] = markdown_plain(cell[i]);
		if (!row->cell[i])
			return false;
		width = layout_columns(row->cell[i]);
		if (width > tb->width[i])
			tb->width[i] = width;
	}
	if (row->nr > tb->nr_cells)
		tb->nr_cells = row->nr;
	return true;
}

static void table_fini(struct table *tb)
{
	for (unsigned i = 0; i < tb->nr; i++)
		for (unsigned j = 0; j < tb->row[i].nr; j++)
			free(tb->row[i].cell[j]);
	free(tb->row);
}

/* Column at which the last cell begins. */
static unsigned last_column(const struct table *tb)
{
	unsigned column = GAP;

	for (unsigned i = 0; i + 1 < tb->nr_cells; i++)
		column += tb->width[i] + GAP;
	return column;
}

static bool fits(const struct page *pg, const struct table *tb)
{
	unsigned last = tb->nr_cells ? tb->width[tb->nr_cells - 1] : 0;

	return last_column(tb) + (last < MIN_LAST ? last : MIN_LAST) <= pg->opt->width;
}

static void write_row(const struct page *pg, const struct table *tb, const struct row *row, enum style style)
{
	const char *last = row->nr ? row->cell[row->nr - 1] : "";
	unsigned column = last_column(tb);

	fprintf(pg->out, "%*s", GAP, "");
	for (unsigned i = 0; i + 1 < row->nr; i++)
		layout_cell(pg->out, pg->opt, style, row->cell[i], tb->width[i] + GAP);
	if (style == STYLE_PLAIN) {
		layout_wrapped(pg->out, pg->opt, last, column, column);
		return;
	}
	layout_styled(pg->out, pg->opt, style, last);
	fputc('\n', pg->out);
}

static void write_as_list(const struct page *pg, const struct table *tb, const struct row *row)
{
	fprintf(pg->out, "%*s", GAP, "");
	layout_styled(pg->out, pg->opt, STYLE_BOLD, row->cell[0]);
	fputc('\n', pg->out);
	for (unsigned i = 1; i < row->nr; i++) {
		unsigned column = LIST_INDENT;

		if (!*row->cell[i])
			continue;
		fprintf(pg->out, "%*s", LIST_INDENT, "");
		if (row->nr > 2 && i < tb->row[0].nr) {
			fprintf(pg->out, "%s:", tb->row[0].cell[i]);
			column += layout_columns(tb->row[0].cell[i]) + 1;
		}
		layout_wrapped(pg->out, pg->opt, row->cell[i], column, LIST_INDENT);
	}
}

static void write_table(const struct page *pg, char *text)
{
	struct table tb = { .row = NULL };
	bool good = true;

	for (char *line; good && (line = strsep(&text, "\n")) && *line;)
		good = add_row(&tb, line);
	for (unsigned i = 0; good && i < tb.nr; i++) {
		if (fits(pg, &tb))
			write_row(pg, &tb, &tb.row[i], i ? STYLE_PLAIN : STYLE_BOLD);
		else if (i && tb.row[i].nr)
			write_as_list(pg, &tb, &tb.row[i]);
	}
	table_fini(&tb);
}

static void write_block(struct page *pg, const struct markdown_block *block)
{
	if (pg->began && !(block->type == MARKDOWN_ITEM && pg->before == MARKDOWN_ITEM))
		fputc('\n', pg->out);
	pg->began = true;
	pg->before = block->type;
	switch (block->type) {
	case MARKDOWN_HEADING:
		write_heading(pg, block);
		break;
	case MARKDOWN_PARAGRAPH:
		words(pg, block->text, 0, 0);
		break;
	case MARKDOWN_ITEM:
		fputs("  - ", pg->out);
		words(pg, block->text, 4, 4);
		break;
	case MARKDOWN_CODE:
		write_code(pg, block->text);
		break;
	case MARKDOWN_TABLE:
		write_table(pg, block->text);
		break;
	}
}

void page_write(const char *markdown, const struct report_options *opt, FILE *out)
{
	struct page pg = { .opt = opt, .out = out };
	struct markdown_block block;

	while (markdown_next(&markdown, &block)) {
		write_block(&pg, &block);
		markdown_fini(&block);
	}
}
