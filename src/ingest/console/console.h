/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that a kernel printed, put together from pieces, and what they prove. */
#ifndef IRQPATH_INGEST_CONSOLE_CONSOLE_H
#define IRQPATH_INGEST_CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/event.h"

struct strtab;

enum { CONSOLE_MAX_LINE = 1024 };

/* A line that is not complete yet; zeroed memory is a good start. */
struct console {
	char text[CONSOLE_MAX_LINE];
	size_t len;		/* what did not fit is dropped */
};

void console_add(struct console *con, const char *text, size_t len);

/* The line is complete: true where it is an event, whose kind, objects and arguments are set. The next one begins. */
bool console_end_line(struct console *con, struct strtab *strings, struct event *ev);

#endif
