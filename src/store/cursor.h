/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of a database, in the total order (corrected time, source, ordinal, sub). */
#ifndef IRQPATH_STORE_CURSOR_H
#define IRQPATH_STORE_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

struct store;
struct cursor;

/* All sources merged, times corrected by the clock table, machines resolved. NULL at failure, reported. */
struct cursor *cursor_open(struct store *st);

/* Those of one source as it has them: in its own clock, an object that names no machine being of MACHINE_OWN. */
struct cursor *cursor_open_source(struct store *st, uint32_t source);

/* False at the end and at damage; cursor_failed() tells them apart. */
bool cursor_next(struct cursor *cur, struct event *ev);
bool cursor_failed(const struct cursor *cur);
void cursor_close(struct cursor *cur);	/* accepts NULL */

/* One event by its id (event_id()). False where there is none. */
bool cursor_seek(struct store *st, int64_t event_id, struct event *ev);

#endif
