/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a judged database says, in one of several formats. Reads the store's public tables and nothing else. */
#ifndef IRQPATH_REPORT_REPORT_H
#define IRQPATH_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/status.h"

struct store;

struct report_options {
	enum status exit_status;	/* of the run, as told to the caller */
	unsigned verbose;
	bool quiet;
	bool colour;			/* for people, on a terminal that wants it */
	unsigned width;			/* columns to wrap at */
};

struct report_format {
	const char *name;

	/* Writes the whole report. False where the database could not be read, which has been reported. */
	bool (*write)(struct store *st, const struct report_options *opt, FILE *out);
};

/* NULL where there is no such format. */
const struct report_format *report_find(const char *name);

/* Colour and width from the stream: colour only on a terminal, never with NO_COLOR or TERM=dumb. */
void report_set_terminal(struct report_options *opt, FILE *out);

extern const struct report_format report_text, report_json;

#endif
