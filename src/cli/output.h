/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a command's data go: stdout, or the file of -o, which appears under its name only when it is whole. */
#ifndef IRQPATH_CLI_OUTPUT_H
#define IRQPATH_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

struct output {
	FILE *stream;
	const char *path;	/* borrowed, NULL: stdout */
	char *temporary;	/* owned */
};

/* False after a message. */
bool output_open(struct output *out, const char *path);

/* keep false: nothing is left behind. False after a message where it could not be written. */
bool output_close(struct output *out, bool keep);

#endif
