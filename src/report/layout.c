/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/layout.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "report/report.h"

enum style layout_severity(const char *severity)
{
	return !strcmp(severity, "error") ? STYLE_ERROR : !strcmp(severity, "warning") ? STYLE_WARNING : STYLE_NOTE;
}

static void set_style(FILE *out, const struct report_options *opt, enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m", [STYLE_BOLD] = "\033[1m", [STYLE_ERROR] = "\033[1;31m",
		[STYLE_WARNING] = "\033[1;33m", [STYLE_NOTE] = "\033[1;36m", [STYLE_GOOD] = "\033[1;32m",
	};

	if (opt->colour)
		fputs(codes[style], out);
}

void layout_styled(FILE *out, const struct report_options *opt, enum style style, const char *text)
{
	set_style(out, opt, style);
	text_safe_write(out, text);
	set_style(out, opt, STYLE_PLAIN);
}

/* A byte becomes four at most. To be freed; NULL when memory is short. */
static char *safe_copy(const char *raw)
{
	size_t len = 4 * strlen(raw) + 1;
	char *safe = malloc(len);

	return safe ? text_safe(safe, len, raw) : NULL;
}

/* The same of text that flows: a tab only parts words. */
static char *flowing_copy(const char *raw)
{
	char *text = strdup(raw), *safe;

	for (char *p = text; p && *p; p++)
		*p = *p == '\t' ? ' ' : *p;
	safe = text ? safe_copy(text) : NULL;
	free(text);
	return safe;
}

static unsigned columns_of(const char *text, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

unsigned layout_columns(const char *text)
{
	char *safe = safe_copy(text);
	unsigned n = safe ? columns_of(safe, strlen(safe)) : 0;

	free(safe);
	return n;
}

void layout_cell(FILE *out, const struct report_options *opt, enum style style, const char *text, unsigned width)
{
	unsigned columns = layout_columns(text);

	layout_styled(out, opt, style, text);
	for (; columns < width; columns++)
		fputc(' ', out);
}

void layout_wrapped(FILE *out, const struct report_options *opt, const char *raw, unsigned column, unsigned indent)
{
	char *safe = flowing_copy(raw), *text = safe;
	bool blank = column > indent;

	if (!safe)
		return;
	text += strspn(text, " ");
	while (*text) {
		size_t word = strcspn(text, " ");
		unsigned width = columns_of(text, word);

		if (blank && column + 1 + width > opt->width) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (blank) {
			fputc(' ', out);
			column++;
		}
		blank = true;
		fprintf(out, "%.*s", (int)word, text);
		column += width;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', out);
	free(safe);
}
