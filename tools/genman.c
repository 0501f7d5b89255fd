/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: genman DIR DOCS DATE
 *
 * Writes the manual pages into DIR: irqpath(1); a page of section 1 for each row of the command table, from what the
 * command says of itself; one of section 5 or 7 for each topic. DOCS/man/NAME.md, where there is one, is added to the
 * page of that command (examples, mostly); DOCS/man/irqpath.md is the middle of irqpath(1).
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/topics.h"
#include "report/markdown.h"
#include "usage.h"

/* Columns at which a line of the source ends, and from which a cell is prose. */
enum { FILL = 72, PROSE = 24, MAX_CELLS = 12, MAX_ROWS = 256 };

struct man {
	FILE *out;
	unsigned column;
	char section;
	bool after_heading;
};

/* ------------------------------------------------------------------------------------------------------ output */

static void put_char(struct man *man, char c, bool literal)
{
	if (c == '\\')
		fputs("\\e", man->out);
	else if (c == '-' && literal)
		fputs("\\-", man->out);
	else if (c == '\'' || c == '`' || c == '^' || c == '~')
		fprintf(man->out, c == '\'' ? "\\(aq" : c == '`' ? "\\(ga" : c == '^' ? "\\(ha" : "\\(ti");
	else if ((c == '.' && !man->column))
		fputs("\\&.", man->out);
	else
		fputc(c, man->out);
	man->column++;
}

static void end_line(struct man *man)
{
	if (man->column)
		fputc('\n', man->out);
	man->column = 0;
}

/* A request on a line of its own. */
static void request(struct man *man, const char *text)
{
	end_line(man);
	fprintf(man->out, "%s\n", text);
}

static bool is_ellipsis(const char *text, size_t left)
{
	return left >= 3 && !memcmp(text, "\xe2\x80\xa6", 3);
}

/* Words, filled: a line of the source ends at a blank. */
static void put_text(struct man *man, const char *text, size_t len, bool literal)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' && man->column >= FILL) {
			end_line(man);
		} else if (is_ellipsis(text + i, len - i)) {
			fputs("...", man->out);
			i += 2;
		} else if (text[i] != ' ' || man->column) {
			put_char(man, text[i], literal);
		}
	}
}

static void put_font(struct man *man, const char *font, const char *text, size_t len)
{
	fprintf(man->out, "\\f%s", font);
	man->column++;
	put_text(man, text, len, true);
	fputs("\\fR", man->out);
}

static void put_run(void *ctx, enum markdown_style style, const char *text, size_t len)
{
	struct man *man = ctx;

	if (style == MARKDOWN_PLAIN)
		put_text(man, text, len, false);
	else
		put_font(man, style == MARKDOWN_EMPHASIS ? "I" : "B", text, len);
}

static void put_inline(struct man *man, const char *markdown)
{
	markdown_inline(markdown, put_run, man);
	end_line(man);
}

static void put_plain(struct man *man, const char *text)
{
	put_text(man, text, strlen(text), false);
}

static void paragraph(struct man *man)
{
	if (!man->after_heading)
		request(man, ".PP");
	man->after_heading = false;
}

static void heading(struct man *man, const char *macro, const char *text, bool capitals)
{
	end_line(man);
	fprintf(man->out, "%s \"", macro);
	for (; *text; text++)
		if (*text != '`' && *text != '"')
			put_char(man, capitals ? toupper((unsigned char)*text) : *text, false);
	fputs("\"\n", man->out);
	man->column = 0;
	man->after_heading = true;
}

/* What follows is the body of an item whose tag has just been begun with .TP. */
static void tag(struct man *man, const char *markdown)
{
	request(man, ".TP");
	man->after_heading = false;
	put_run(man, MARKDOWN_LITERAL, "", 0);
	put_inline(man, markdown);
}

/* ------------------------------------------------------------------------------------------------------ blocks */

static void put_code(struct man *man, char *text)
{
	paragraph(man);
	request(man, ".RS 4\n.nf");
	for (char *line; (line = strsep(&text, "\n")) && (*line || text);) {
		if (!*line) {
			request(man, ".sp");
			continue;
		}
		fputs("\\&", man->out);
		for (man->column = 1; *line; line++) {
			if (is_ellipsis(line, strlen(line))) {
				fputs("...", man->out);
				line += 2;
			} else {
				put_char(man, *line == '\t' ? ' ' : *line, true);
			}
		}
		end_line(man);
	}
	request(man, ".fi\n.RE");
}

struct table {
	struct row {
		char *cell[MAX_CELLS];
	} row[MAX_ROWS];	/* the first is the header */
	unsigned nr, nr_cells;
	unsigned width[MAX_CELLS];
};

static void take_table(struct table *tb, char *text)
{
	*tb = (struct table){ .nr_cells = 0 };
	for (char *line; (line = strsep(&text, "\n")) && *line; tb->nr++) {
		unsigned nr = tb->nr < MAX_ROWS ? markdown_cells(line, tb->row[tb->nr].cell, MAX_CELLS) : 0;

		if (!nr || (tb->nr && nr != tb->nr_cells)) {
			fprintf(stderr, "genman: a table that is too long, or has rows of different lengths: %s\n", line);
			exit(1);
		}
		tb->nr_cells = nr;
		for (unsigned i = 0; i < nr; i++)
			if (strlen(tb->row[tb->nr].cell[i]) > tb->width[i])
				tb->width[i] = strlen(tb->row[tb->nr].cell[i]);
	}
}

/* Words that fit beside each other stay a table; two columns, and sentences, are a list. */
static bool is_narrow(const struct table *tb)
{
	unsigned width = 0;

	for (unsigned i = 0; i < tb->nr_cells; i++) {
		if (tb->width[i] > PROSE)
			return false;
		width += tb->width[i] + 2;
	}
	return tb->nr_cells > 2 && width <= FILL;
}

static void put_grid(struct man *man, const struct table *tb)
{
	paragraph(man);
	request(man, ".TS");
	for (unsigned row = 0; row < 2; row++) {
		for (unsigned i = 0; i < tb->nr_cells; i++)
			fprintf(man->out, "%s%s", i ? " " : "", row ? "l" : "lb");
		fputs(row ? ".\n" : "\n", man->out);
	}
	for (unsigned row = 0; row < tb->nr; row++) {
		for (unsigned i = 0; i < tb->nr_cells; i++) {
			if (i)
				fputc('\t', man->out);
			/* a lone "-" is nothing said, not a line across the cell */
			fputs(strcmp(tb->row[row].cell[i], "-") ? "" : "\\&", man->out);
			man->column = 1;
			markdown_inline(tb->row[row].cell[i], put_run, man);
		}
		end_line(man);
	}
	request(man, ".TE");
}

static void put_named_cell(struct man *man, const char *name, const char *cell)
{
	put_plain(man, name);
	put_plain(man, ": ");
	markdown_inline(cell, put_run, man);
}

/* Behind the tag: cells of several words each under its name; else the last one, which says most, then the others. */
static void put_row(struct man *man, const struct table *tb, char *const *cell)
{
	bool prose = tb->nr_cells > 2 && tb->width[1] > PROSE, first = true;

	tag(man, cell[0]);
	if (!prose)
		put_inline(man, cell[tb->nr_cells - 1]);
	for (unsigned i = 1; i + !prose < tb->nr_cells; i++) {
		if (!*cell[i])
			continue;
		if (prose ? !first : first)
			request(man, ".br");
		else if (!first)
			put_plain(man, "; ");
		put_named_cell(man, tb->row[0].cell[i], cell[i]);
		first = false;
	}
	end_line(man);
}

static void put_table(struct man *man, char *text)
{
	struct table tb;

	take_table(&tb, text);
	if (is_narrow(&tb)) {
		put_grid(man, &tb);
		return;
	}
	for (unsigned i = 1; i < tb.nr; i++)
		put_row(man, &tb, tb.row[i].cell);
	man->after_heading = false;
}

static void put_block(struct man *man, const struct markdown_block *block)
{
	switch (block->type) {
	case MARKDOWN_HEADING:
		if (block->level > 1)
			heading(man, block->level == 2 ? ".SH" : ".SS", block->text, block->level == 2);
		break;
	case MARKDOWN_PARAGRAPH:
		paragraph(man);
		put_inline(man, block->text);
		break;
	case MARKDOWN_ITEM:
		request(man, ".IP \\(bu 3");
		man->after_heading = false;
		put_inline(man, block->text);
		break;
	case MARKDOWN_CODE:
		put_code(man, block->text);
		break;
	case MARKDOWN_TABLE:
		put_table(man, block->text);
		break;
	}
}

static void put_markdown(struct man *man, const char *markdown)
{
	struct markdown_block block;

	while (markdown_next(&markdown, &block)) {
		put_block(man, &block);
		markdown_fini(&block);
	}
}

/* ------------------------------------------------------------------------------------------------------- pages */

static FILE *create(const char *dir, const char *prefix, const char *name, char section)
{
	char *path = NULL;
	FILE *out = asprintf(&path, "%s/%s%s.%c", dir, prefix, name, section) < 0 ? NULL : fopen(path, "w");

	if (!out) {
		perror(path);
		exit(1);
	}
	free(path);
	return out;
}

static char *read_page(const char *docs, const char *name)
{
	char *path = NULL, *text = NULL;
	FILE *page = asprintf(&path, "%s/man/%s.md", docs, name) < 0 ? NULL : fopen(path, "r");
	size_t room = 0;

	free(path);
	if (!page)
		return NULL;
	if (getdelim(&text, &room, 0, page) < 0)
		text = NULL;
	fclose(page);
	return text;
}

static void put_title(struct man *man, const char *prefix, const char *name, const char *summary, const char *date)
{
	fputs("'\\\" t\n.\\\" Generated by tools/genman.c from the program's tables and docs/.\n.TH \"", man->out);
	for (const char *p = prefix; *p; p++)
		fputc(toupper((unsigned char)*p), man->out);
	for (const char *p = name; *p; p++)
		fputc(toupper((unsigned char)*p), man->out);
	fprintf(man->out, "\" \"%c\" \"%s\" \"irqpath " IRQPATH_VERSION "\" \"irqpath\"\n.nh\n.SH NAME\n", man->section, date);
	put_text(man, prefix, strlen(prefix), true);
	put_text(man, name, strlen(name), true);
	fputs(" \\- ", man->out);
	put_plain(man, summary);
	end_line(man);
}

static void see(struct man *man, const char *prefix, const char *name, char section, const char *after)
{
	fputs(".BR ", man->out);
	for (const char *p = prefix; *p; p++)
		put_char(man, *p, true);
	for (const char *p = name; *p; p++)
		put_char(man, *p, true);
	fprintf(man->out, " (%c)%s\n", section, after);
	man->column = 0;
}

/* All pages but the one that says so. */
static void put_see_also(struct man *man, const char *own, char own_section)
{
	request(man, ".SH \"SEE ALSO\"");
	if (*own)
		see(man, "irqpath", "", '1', ",");
	for (const struct command *cmd = command_table; cmd->name; cmd++)
		if (strcmp(cmd->name, own) || own_section != '1')
			see(man, "irqpath-", cmd->name, '1', ",");
	for (const struct topic *tp = topic_table; tp->name; tp++)
		if (strcmp(tp->name, own) || own_section != tp->section)
			see(man, "irqpath-", tp->name, tp->section, ",");
	see(man, "trace-cmd", "", '1', "");
}

/* ---------------------------------------------------------------------------------------------------- commands */

/* "[options] FILE...": what is in capitals is to be replaced, the rest typed. */
static void put_form(struct man *man, const char *form)
{
	while (*form) {
		size_t len = strspn(form, "[]. |");

		if (len) {
			put_text(man, form, len, false);
			form += len;
			continue;
		}
		len = strcspn(form, "[]. |");
		put_font(man, isupper((unsigned char)*form) || !strncmp(form, "options", 7) ? "I" : "B", form, len);
		form += len;
	}
}

static void put_synopsis(struct man *man, const struct usage_page *page)
{
	request(man, ".SH SYNOPSIS");
	for (unsigned i = 0; i < page->nr_forms; i++) {
		if (i)
			request(man, ".br");
		put_font(man, "B", "irqpath ", 8);
		put_font(man, "B", page->cmd->name, strlen(page->cmd->name));
		fputc(' ', man->out);
		if (usage_subcommand(page, i) && page->nr_options > 1)
			put_form(man, "[options] ");
		put_form(man, page->form[i]);
		end_line(man);
	}
}

/* "list      all rules": the length of the word where a line begins so. */
static size_t item_word(const char *line)
{
	size_t len = 0;

	while (islower((unsigned char)line[len]) || line[len] == '-')
		len++;
	return len && !strncmp(line + len, "  ", 2) ? len : 0;
}

static bool is_example(const char *line)
{
	return !strncmp(line, "Example: ", 9);
}

static void put_example(struct man *man, const char *line)
{
	char *code = strdup(line + 9);

	heading(man, ".SH", "EXAMPLE", false);
	put_code(man, code);
	free(code);
}

/* Lines of --help: paragraphs, or a list of words with what they mean. Examples come in a section of their own. */
static void put_lines(struct man *man, const char *const *line, unsigned nr)
{
	bool fresh = true;

	for (unsigned i = 0; i < nr; i++) {
		size_t word = item_word(line[i]);

		if (is_example(line[i])) {
			put_example(man, line[i]);
			fresh = true;
			continue;
		}
		if (word) {
			request(man, ".TP");
			put_font(man, "B", line[i], word);
			end_line(man);
			man->after_heading = false;
		} else if (!*line[i]) {
			fresh = true;
			continue;
		} else if (fresh) {
			paragraph(man);
		}
		fresh = false;
		put_plain(man, line[i] + word + strspn(line[i] + word, " "));
		end_line(man);
	}
}

static void put_option(struct man *man, const struct usage_option *opt)
{
	request(man, ".TP");
	if (*opt->letter) {
		put_font(man, "B", (char[]){ '-', *opt->letter }, 2);
		put_plain(man, ", ");
	}
	put_font(man, "B", "--", 2);
	put_font(man, "B", opt->name, strlen(opt->name));
	if (*opt->argument) {
		fputc(' ', man->out);
		put_font(man, "I", opt->argument, strlen(opt->argument));
	}
	end_line(man);
	put_plain(man, opt->help);
	end_line(man);
}

static void put_options(struct man *man, const struct usage_page *page)
{
	request(man, ".SH OPTIONS");
	for (unsigned i = 0; i < page->nr_options; i++)
		put_option(man, &page->option[i]);
	man->after_heading = false;
}

static void put_exit_status(struct man *man)
{
	request(man, ".SH \"EXIT STATUS\"");
	put_plain(man, "0 judged and clean, 1 findings, 2 usage or a bad rule, 3 an input could not be read completely, 4 nothing "
		       "could be judged. More in");
	end_line(man);
	see(man, "irqpath-", "exit", '7', ".");
	man->after_heading = false;
}

static void write_command(const struct command *cmd, const char *dir, const char *docs, const char *date)
{
	struct man man = { .out = create(dir, "irqpath-", cmd->name, '1'), .section = '1' };
	struct usage_page *page = usage_page_new(cmd);
	char *added = read_page(docs, cmd->name);

	put_title(&man, "irqpath-", cmd->name, cmd->summary, date);
	put_synopsis(&man, page);
	heading(&man, ".SH", "DESCRIPTION", false);
	put_lines(&man, page->about, page->nr_about);
	put_options(&man, page);
	if (page->nr_more && !is_example(page->more[0]))
		heading(&man, ".SH", "NOTES", false);
	put_lines(&man, page->more, page->nr_more);
	if (added)
		put_markdown(&man, added);
	put_exit_status(&man);
	put_see_also(&man, cmd->name, '1');
	fclose(man.out);
	free(added);
	usage_page_free(page);
}

/* ------------------------------------------------------------------------------------------------- other pages */

static void write_topic(const struct topic *tp, const char *dir, const char *date)
{
	struct man man = { .out = create(dir, "irqpath-", tp->name, tp->section), .section = tp->section };

	put_title(&man, "irqpath-", tp->name, tp->summary, date);
	heading(&man, ".SH", "DESCRIPTION", false);
	put_markdown(&man, tp->text);
	put_see_also(&man, tp->name, tp->section);
	fclose(man.out);
}

static void put_name_item(struct man *man, const char *name, char section, const char *summary)
{
	request(man, ".TP");
	see(man, "irqpath-", name, section, "");
	put_plain(man, summary);
	end_line(man);
}

static void write_overview(const char *dir, const char *docs, const char *date)
{
	struct man man = { .out = create(dir, "irqpath", "", '1'), .section = '1' };
	char *middle = read_page(docs, "irqpath");

	if (!middle) {
		fprintf(stderr, "%s/man/irqpath.md cannot be read\n", docs);
		exit(1);
	}
	put_title(&man, "irqpath", "", "say where an interrupt got lost, from captures of the machine", date);
	request(&man, ".SH SYNOPSIS");
	put_form(&man, "irqpath COMMAND [options] ...");
	end_line(&man);
	heading(&man, ".SH", "DESCRIPTION", false);
	put_markdown(&man, middle);
	request(&man, ".SH COMMANDS");
	for (const struct command *cmd = command_table; cmd->name; cmd++)
		put_name_item(&man, cmd->name, '1', cmd->summary);
	request(&man, ".SH TOPICS");
	for (const struct topic *tp = topic_table; tp->name; tp++)
		put_name_item(&man, tp->name, tp->section, tp->summary);
	put_exit_status(&man);
	put_see_also(&man, "", '1');
	fclose(man.out);
	free(middle);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: genman DIR DOCS DATE\n", stderr);
		return 2;
	}
	write_overview(argv[1], argv[2], argv[3]);
	for (const struct command *cmd = command_table; cmd->name; cmd++)
		write_command(cmd, argv[1], argv[2], argv[3]);
	for (const struct topic *tp = topic_table; tp->name; tp++)
		write_topic(tp, argv[1], argv[3]);
	return 0;
}
