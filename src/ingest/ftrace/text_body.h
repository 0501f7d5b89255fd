/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an ftrace text says behind an event's name: values under the names that the event's fields have in its format. */
#ifndef IRQPATH_INGEST_FTRACE_TEXT_BODY_H
#define IRQPATH_INGEST_FTRACE_TEXT_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/ftrace/rows.h"

enum { TEXT_MAX_VALUES = 24 };

enum text_value_form { TEXT_NUMBER, TEXT_SYMBOL, TEXT_STRING };

struct text_value {
	const char *key;	/* a field's name: not terminated, letters, digits and underscores */
	size_t key_len;
	enum text_value_form form;
	uint64_t number;	/* of a symbol: what is added to its address */
	const char *text;	/* not terminated */
	size_t text_len;
};

enum text_body_form { TEXT_TRACEPOINT, TEXT_PROBE, TEXT_PROBE_RETURN };

struct text_body {
	enum text_body_form form;
	struct text_value place;	/* what a probe sits on: a symbol, or an address as a number */
	unsigned nr;
	struct text_value value[TEXT_MAX_VALUES];
};

/* The row of an event that is printed under this name; NULL: none wants it. */
const struct tracepoint_row *text_find_row(const char *event, size_t len);

/* False where the body is not what this event prints. Values that the row does not want may be left out. */
bool text_body_tracepoint(const struct tracepoint_row *row, const char *event, size_t event_len, const char *body,
			  struct text_body *out);

/* False where it is no probe's. Only arguments that rows know by name are taken. */
bool text_body_probe(const char *body, struct text_body *out);

#endif
