/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of events text from anywhere: what parses is valid, and its printed form parses to the same printed form. */
#include <stdlib.h>
#include <string.h>

#include "core/event_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *get_string(void *ctx, uint32_t source, str_id id)
{
	(void)source;
	return strtab_get(ctx, id);
}

static void check_line(const char *line, struct strtab *strings)
{
	static char first[EVENT_TEXT_MAX], second[EVENT_TEXT_MAX];
	struct event ev = { .ordinal = 1, .source = 1 };

	if (event_text_parse(line, &ev, strings))
		return;
	if (!event_valid(&ev))
		abort();
	event_text_print(first, sizeof(first), &ev, get_string, strings);
	if (event_text_parse(first, &ev, strings))
		abort();
	event_text_print(second, sizeof(second), &ev, get_string, strings);
	if (strcmp(first, second))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct strtab *strings = strtab_new();
	char *line = malloc(len + 1);

	memcpy(line, data, len);
	line[len] = 0;
	check_line(line, strings);
	free(line);
	strtab_free(strings);
	return 0;
}
