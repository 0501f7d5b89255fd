/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options of a command as a table: parsing, errors and --help all come from it. */
#ifndef IRQPATH_CLI_OPTIONS_H
#define IRQPATH_CLI_OPTIONS_H

#include <stdbool.h>

#include "core/status.h"

enum { OPTION_LIST_MAX = 64 };

struct option_list {
	const char *text[OPTION_LIST_MAX];	/* borrowed from argv */
	unsigned nr;
};

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_LIST, OPTION_COUNT };

struct option {
	const char *name;	/* long name; ends the table where NULL */
	char letter;		/* 0: none */
	enum option_type type;
	void *value;		/* bool *, const char **, struct option_list *, unsigned * */
	const char *argument;	/* as shown: "FILE"; NULL for flags */
	const char *help;
};

struct usage {
	const char *synopsis;	/* "analyze [options] FILE..." */
	const char *about;	/* a paragraph */
	const struct option *const *tables;	/* NULL terminated */
	const char *more;	/* behind the options, or NULL */
};

enum options_result { OPTIONS_GO, OPTIONS_HELPED, OPTIONS_WRONG };

/*
 * Options may stand anywhere before "--", letters may share a dash (-qv); what is none is moved, in order, to argv[1]..
 * and counted in nr_args. --help prints on stdout, --help=table the same for programs, tab separated. Errors are printed with what to do
 * next.
 */
enum options_result options_parse(const struct usage *usage, int argc, char **argv, int *nr_args);

/* The same for a command that has nothing else to do then: false where it is over, with its status. */
bool options_ready(const struct usage *usage, int argc, char **argv, int *nr_args, enum status *status);

/* Prints "irqpath COMMAND: message" and where help is; returns STATUS_USAGE. */
enum status options_usage_error(const struct usage *usage, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
