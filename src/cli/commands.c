/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stddef.h>
#include <string.h>

#include "cli/command.h"

const struct command command_table[] = {
	{ "analyze", "read, replay, judge, report", cmd_analyze },
	{ "explain", "one finding in full: blame, evidence, expected against seen", cmd_explain },
	{ "path", "one interrupt's hops, and where it stops", cmd_path },
	{ "stats", "counts, rates and latency per interrupt and hop", cmd_stats },
	{ "query", "ask the database of a capture with SQL", cmd_query },
	{ "rules", "list, explain, check and test the rules", cmd_rules },
	{ "model", "the model's tables, and how much of them is covered", cmd_model },
	{ "replay", "derive everything in a database anew from its facts", cmd_replay },
	{ "export", "write a database as text, events or SQL", cmd_export },
	{ "help", "tell about a command or a topic", cmd_help },
	{ NULL, NULL, NULL },
};

const char *command_nearest(const char *name, char buf[NEAREST_TEXT_MAX])
{
	struct nearest nr = { .word = name };

	for (const struct command *cmd = command_table; cmd->name; cmd++)
		nearest_try(&nr, cmd->name);
	return nearest_text(&nr, "", buf);
}

const struct command *command_find(const char *name)
{
	for (const struct command *cmd = command_table; cmd->name; cmd++)
		if (!strcmp(cmd->name, name))
			return cmd;
	return NULL;
}
