/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/diag.h"

#include <string.h>

#include "core/text.h"

static const struct {
	const char *name;
	enum diag_level level;
	const char *text;
} codes[NR_DIAG_CODES] = {
#define X(code, of_level, about) [DIAG_##code] = { #code, DIAG_##of_level, about },
	DIAG_LIST(X)
#undef X
};

enum diag_level diag_level(enum diag_code code)
{
	return codes[code].level;
}

const char *diag_code_name(enum diag_code code)
{
	return codes[code].name;
}

const char *diag_code_text(enum diag_code code)
{
	return codes[code].text;
}

const char *diag_text_by_name(const char *name)
{
	for (unsigned code = 0; name && code < NR_DIAG_CODES; code++)
		if (!strcmp(diag_code_name(code), name))
			return diag_code_text(code);
	return "";
}

const char *diag_level_name(enum diag_level level)
{
	static const char *const names[] = { [DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error" };

	return names[level];
}

void diag_report(struct diag_sink *ds, enum diag_code code, struct diag_pos pos, const char *fmt, ...)
{
	char raw[1024], safe[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	text_safe(safe, sizeof(safe), raw);
	ds->count[codes[code].level]++;
	ds->fn(ds->ctx, code, pos, safe);
}

static void print_on_stream(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	FILE *out = ctx;

	fputs("irqpath: ", out);
	if (pos.path) {
		text_safe_write(out, pos.path);
		if (pos.line)
			fprintf(out, ":%lu", pos.line);
		else if (pos.byte)
			fprintf(out, ":0x%llx", (unsigned long long)pos.byte);
		fputs(": ", out);
	}
	fprintf(out, "%s: %s", diag_level_name(codes[code].level), text);
	if (codes[code].text[0])
		fprintf(out, "%s%s", text[0] ? ": " : "", codes[code].text);
	fputc('\n', out);
}

void diag_sink_init_stream(struct diag_sink *ds, FILE *stream)
{
	*ds = (struct diag_sink){ .fn = print_on_stream, .ctx = stream };
}
