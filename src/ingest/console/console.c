/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/console/console.h"

#include <string.h>

#include "ingest/harm.h"

/* Carriage returns come from serial lines. */
void console_add(struct console *con, const char *text, size_t len)
{
	for (size_t i = 0; i < len && con->len < sizeof(con->text); i++)
		if (text[i] != '\r')
			con->text[con->len++] = text[i];
}

bool console_end_line(struct console *con, struct strtab *strings, struct event *ev)
{
	size_t len = con->len;

	con->len = 0;
	return harm_event(con->text, len, strings, ev);
}
