/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command says of itself with --help=table, for the generators of manual pages and completion. */
#ifndef IRQPATH_TOOLS_USAGE_H
#define IRQPATH_TOOLS_USAGE_H

#include "cli/command.h"

enum { USAGE_MAX_LINES = 64, USAGE_MAX_OPTIONS = 48, USAGE_MAX_FORMS = 16 };

struct usage_option {
	const char *letter, *name, *argument, *help;	/* "" where there is none */
};

/* All texts lie in text. */
struct usage_page {
	const struct command *cmd;
	char *text;
	const char *synopsis;
	const char *about[USAGE_MAX_LINES], *more[USAGE_MAX_LINES];
	unsigned nr_about, nr_more;
	struct usage_option option[USAGE_MAX_OPTIONS];
	unsigned nr_options;
	char *forms;			/* the synopsis without the command, cut at its bars */
	const char *form[USAGE_MAX_FORMS];
	unsigned nr_forms;
};

/* Ends the program with a message where the command does not answer as it should. */
struct usage_page *usage_page_new(const struct command *cmd);
void usage_page_free(struct usage_page *page);

/* The subcommand that a form begins with: its length, 0 where it is none. */
unsigned usage_subcommand(const struct usage_page *page, unsigned form);

#endif
