/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_CLI_COMMAND_H
#define IRQPATH_CLI_COMMAND_H

#include <stdio.h>

#include "core/nearest.h"
#include "core/status.h"

/* argv[0] is the command's name. */
struct command {
	const char *name;
	const char *summary;	/* one line */
	enum status (*run)(int argc, char **argv);
};

/* All commands, terminated by a NULL name: main(), the help, the man pages and the shells' completion have them from here. */
extern const struct command command_table[];

/* NULL where there is none of that name. */
const struct command *command_find(const char *name);

/* "; did you mean 'NAME'?" for one that there is not, or "". In buf, which is returned. */
const char *command_nearest(const char *name, char buf[NEAREST_TEXT_MAX]);

/* The list of commands and topics. */
void help_overview(FILE *out);

enum status cmd_analyze(int argc, char **argv);
enum status cmd_explain(int argc, char **argv);
enum status cmd_export(int argc, char **argv);
enum status cmd_help(int argc, char **argv);
enum status cmd_model(int argc, char **argv);
enum status cmd_model_check(int argc, char **argv);	/* argv[0] is "check" */
enum status cmd_path(int argc, char **argv);
enum status cmd_query(int argc, char **argv);
enum status cmd_replay(int argc, char **argv);
enum status cmd_rules(int argc, char **argv);
enum status cmd_stats(int argc, char **argv);

#endif
