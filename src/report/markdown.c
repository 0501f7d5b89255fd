/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/markdown.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line, without its end. */
struct line {
	const char *text;
	size_t len;
};

static bool peek(const char *at, struct line *line)
{
	if (!*at)
		return false;
	*line = (struct line){ at, strcspn(at, "\n") };
	return true;
}

static const char *behind(struct line line)
{
	return line.text + line.len + (line.text[line.len] == '\n');
}

static bool begins(struct line line, const char *with)
{
	return line.len >= strlen(with) && !memcmp(line.text, with, strlen(with));
}

static bool is_blank(struct line line)
{
	return strspn(line.text, " \t") >= line.len;
}

static bool is_fence(struct line line)
{
	return begins(line, "```");
}

static unsigned heading_level(struct line line)
{
	size_t n = strspn(line.text, "#");

	return n < line.len && line.text[n] == ' ' ? (unsigned)n : 0;
}

/* Of the first line of a block. */
static enum markdown_type type_of(struct line line)
{
	if (heading_level(line))
		return MARKDOWN_HEADING;
	if (begins(line, "    ") || is_fence(line))
		return MARKDOWN_CODE;
	if (begins(line, "|"))
		return MARKDOWN_TABLE;
	return begins(line, "- ") ? MARKDOWN_ITEM : MARKDOWN_PARAGRAPH;
}

/* A separator of a table's header is no row. */
static bool is_rule(struct line line)
{
	return begins(line, "|") && strspn(line.text, "|-: ") >= line.len;
}

static const char *take_table(const char *at, FILE *out)
{
	struct line line;

	for (; peek(at, &line) && begins(line, "|"); at = behind(line))
		if (!is_rule(line))
			fprintf(out, "%.*s\n", (int)line.len, line.text);
	return at;
}

static const char *take_fenced(const char *at, FILE *out)
{
	struct line line;

	while (peek(at, &line)) {
		at = behind(line);
		if (is_fence(line))
			break;
		fprintf(out, "%.*s\n", (int)line.len, line.text);
	}
	return at;
}

/* Empty lines within belong to it, those behind it do not. */
static const char *take_indented(const char *at, FILE *out)
{
	struct line line;
	unsigned blanks = 0;

	for (; peek(at, &line) && (begins(line, "    ") || is_blank(line)); at = behind(line)) {
		if (is_blank(line)) {
			blanks++;
			continue;
		}
		for (; blanks; blanks--)
			fputc('\n', out);
		fprintf(out, "%.*s\n", (int)line.len - 4, line.text + 4);
	}
	return at;
}

/* Lines up to an empty one or another block, joined by blanks; first has lost its mark. */
static const char *take_words(const char *at, struct line first, bool is_item, FILE *out)
{
	struct line line;

	fprintf(out, "%.*s", (int)first.len, first.text);
	for (; peek(at, &line) && !is_blank(line) && !begins(line, "<!--"); at = behind(line)) {
		size_t indent = strspn(line.text, " ");
		enum markdown_type type = type_of(line);

		if (type == MARKDOWN_ITEM || (!is_item && type != MARKDOWN_PARAGRAPH) || (is_item && !indent))
			break;
		fprintf(out, " %.*s", (int)(line.len - indent), line.text + indent);
	}
	return at;
}

static struct line skip(struct line line, size_t n)
{
	return (struct line){ line.text + n, line.len - n };
}

static const char *take_block(const char *at, struct markdown_block *block, FILE *out)
{
	struct line line;

	peek(at, &line);
	block->type = type_of(line);
	switch (block->type) {
	case MARKDOWN_HEADING:
		block->level = heading_level(line);
		line = skip(line, block->level + 1);
		fprintf(out, "%.*s", (int)line.len, line.text);
		return behind(line);
	case MARKDOWN_TABLE:
		return take_table(at, out);
	case MARKDOWN_CODE:
		return is_fence(line) ? take_fenced(behind(line), out) : take_indented(at, out);
	case MARKDOWN_ITEM:
		return take_words(behind(line), skip(line, 2), true, out);
	case MARKDOWN_PARAGRAPH:
		break;
	}
	return take_words(behind(line), line, false, out);
}

bool markdown_next(const char **at, struct markdown_block *block)
{
	struct line line;
	size_t len;
	FILE *out;

	*block = (struct markdown_block){ .text = NULL };
	while (peek(*at, &line) && (is_blank(line) || begins(line, "<!--")))
		*at = behind(line);
	if (!**at)
		return false;
	out = open_memstream(&block->text, &len);
	if (!out)
		return false;
	*at = take_block(*at, block, out);
	return !fclose(out) && block->text;
}

void markdown_fini(struct markdown_block *block)
{
	free(block->text);
	block->text = NULL;
}

unsigned markdown_cells(char *row, char **cell, unsigned max)
{
	unsigned nr = 0;
	char *p = row + (*row == '|');

	while (*p && *p != '\n' && nr < max) {
		char *end;

		p += strspn(p, " ");
		cell[nr++] = p;
		while (*p && *p != '\n' && *p != '|')
			p += 1 + (*p == '\\' && p[1]);
		end = p;
		if (*p)
			p++;
		while (end > cell[nr - 1] && (end[-1] == ' ' || end[-1] == '\n'))
			end--;
		*end = 0;
	}
	return nr;
}

/* ------------------------------------------------------------------------------------------------------ inline */

/* The run that begins at text, with its marks: its style, what is in it, and its length as a whole. 0: none does. */
static size_t marked_run(const char *text, enum markdown_style *style, struct line *inner)
{
	static const struct {
		const char *mark;
		enum markdown_style style;
	} marks[] = { { "`", MARKDOWN_LITERAL }, { "**", MARKDOWN_STRONG }, { "*", MARKDOWN_EMPHASIS } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t len = strlen(marks[i].mark);
		const char *end = strncmp(text, marks[i].mark, len) ? NULL : strstr(text + len, marks[i].mark);

		if (!end || end == text + len || (text[len] == ' ' && marks[i].style != MARKDOWN_LITERAL))
			continue;
		*style = marks[i].style;
		*inner = (struct line){ text + len, end - text - len };
		return end + len - text;
	}
	return 0;
}

/* [text](target) */
static size_t link_run(const char *text, struct line *inner)
{
	size_t len = *text == '[' ? strcspn(text, "]") : 0, target;

	if (!len || strncmp(text + len, "](", 2))
		return 0;
	target = strcspn(text + len, ")");
	*inner = (struct line){ text + 1, len - 1 };
	return text[len + target] ? len + target + 1 : 0;
}

void markdown_inline(const char *text, markdown_put put, void *ctx)
{
	const char *plain = text;

	while (*text) {
		enum markdown_style style = MARKDOWN_PLAIN;
		struct line inner = { text, 0 };
		size_t len = marked_run(text, &style, &inner);

		if (!len)
			len = link_run(text, &inner);
		if (!len && *text == '\\' && text[1] && strchr("|<*`[\\_#", text[1])) {
			inner = (struct line){ text + 1, 1 };
			len = 2;
		}
		if (!len) {
			text++;
			continue;
		}
		if (text > plain)
			put(ctx, MARKDOWN_PLAIN, plain, text - plain);
		put(ctx, style, inner.text, inner.len);
		text += len;
		plain = text;
	}
	if (text > plain)
		put(ctx, MARKDOWN_PLAIN, plain, text - plain);
}

/* A command, or a mark, would not be told from the words around it. */
static bool needs_quotes(const char *text, size_t len)
{
	bool word = false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			return true;
		word |= isalnum((unsigned char)text[i]) != 0;
	}
	return !word;
}

struct plain {
	FILE *out;
	bool alone;	/* there are no words around the literal */
};

static void put_plain(void *ctx, enum markdown_style style, const char *text, size_t len)
{
	const struct plain *plain = ctx;
	const char *quote = style == MARKDOWN_LITERAL && !plain->alone && needs_quotes(text, len) ? "'" : "";

	fprintf(plain->out, "%s%.*s%s", quote, (int)len, text, quote);
}

/* Nothing but one literal, as in a table's cell. */
static bool is_literal(const char *text)
{
	const char *end = *text == '`' ? strchr(text + 1, '`') : NULL;

	return end && !end[1];
}

char *markdown_plain(const char *text)
{
	struct plain plain = { .alone = is_literal(text) };
	char *written = NULL;
	size_t len;

	plain.out = open_memstream(&written, &len);
	if (!plain.out)
		return NULL;
	markdown_inline(text, put_plain, &plain);
	fclose(plain.out);
	return written;
}
