/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_WIDTH = 100, MIN_WIDTH = 40, MAX_WIDTH = 120 };

static const struct report_format *const formats[] = { &report_text, &report_json };

const struct report_format *report_find(const char *name)
{
	for (unsigned i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

void report_set_terminal(struct report_options *opt, FILE *out)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size;

	opt->width = DEFAULT_WIDTH;
	opt->colour = false;
	if (!isatty(fileno(out)))
		return;
	opt->colour = !(no_colour && *no_colour) && term && strcmp(term, "dumb");
	if (!ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col)
		opt->width = size.ws_col < MIN_WIDTH ? MIN_WIDTH : size.ws_col > MAX_WIDTH ? MAX_WIDTH : size.ws_col;
}
