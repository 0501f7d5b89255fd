/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU's ftrace backend writes into the trace of the kernel it runs on, through trace_marker: events of the machine
 * that it emulates, which is not the one whose trace it is.
 */
#ifndef IRQPATH_INGEST_FTRACE_MARKS_H
#define IRQPATH_INGEST_FTRACE_MARKS_H

#include <stdbool.h>

#include "core/event.h"
#include "ingest/reader.h"

enum { MARKS_MAX_EVENTS = 8 };	/* of one record, the mark itself among them: an event's sub has three bits */

struct marks;

/* path and host are borrowed. NULL when memory is short; free takes NULL. */
struct marks *marks_new(const char *path, const struct reader_host *host);
void marks_free(struct marks *mk);

/*
 * The events behind a mark, with its place and the subs behind its own; none where QEMU did not write it. They tell no
 * signals: whether the backend was on for all of its events, and of all guests, is not known.
 */
unsigned marks_take(struct marks *mk, const struct event *mark, struct event out[MARKS_MAX_EVENTS - 1]);

/* Records were lost. */
void marks_lost(struct marks *mk);

#endif
