/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/jsonout.h"

#include <inttypes.h>

#include "core/derived.h"
#include "core/text.h"
#include "report/common.h"

static void begin(struct jsonout *js, const char *key)
{
	if (js->rest)
		fputs(", ", js->out);
	js->rest = true;
	if (key)
		fprintf(js->out, "\"%s\": ", key);
}

void jsonout_open(struct jsonout *js, const char *key, char bracket)
{
	if (js->rest)
		fputc(',', js->out);
	if (js->depth)
		fprintf(js->out, "\n%*s", js->depth, "");
	js->rest = false;
	begin(js, key);
	fputc(bracket, js->out);
	js->rest = false;
	js->depth++;
}

void jsonout_close(struct jsonout *js, char bracket)
{
	fputc(bracket, js->out);
	js->rest = true;
	if (!--js->depth)
		fputc('\n', js->out);
}

void jsonout_text(struct jsonout *js, const char *key, const char *text)
{
	begin(js, key);
	text_json(js->out, text);
}

void jsonout_raw(struct jsonout *js, const char *key, const char *json)
{
	begin(js, key);
	fputs(json, js->out);
}

void jsonout_int(struct jsonout *js, const char *key, int64_t value)
{
	begin(js, key);
	fprintf(js->out, "%" PRId64, value);
}

void jsonout_real(struct jsonout *js, const char *key, double value)
{
	begin(js, key);
	fprintf(js->out, "%.3f", value);
}

void jsonout_bool(struct jsonout *js, const char *key, bool value)
{
	begin(js, key);
	fputs(value ? "true" : "false", js->out);
}

void jsonout_null(struct jsonout *js, const char *key)
{
	begin(js, key);
	fputs("null", js->out);
}

void jsonout_time(struct jsonout *js, const char *key, int64_t t_ns)
{
	if (t_ns == NO_TIME)
		jsonout_null(js, key);
	else
		jsonout_int(js, key, report_span_ns(js->origin_ns, t_ns));
}

void jsonout_tool(struct jsonout *js)
{
	jsonout_open(js, "tool", '{');
	jsonout_text(js, "name", "irqpath");
	jsonout_text(js, "version", IRQPATH_VERSION);
	jsonout_close(js, '}');
}
