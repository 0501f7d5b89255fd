/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/topics.h"
#include "report/page.h"
#include "report/report.h"

void help_overview(FILE *out)
{
	fputs("Usage: irqpath COMMAND [options] ...\n"
	      "\n"
	      "Reads captures of a machine whose device went silent, replays them through a model of\n"
	      "the interrupt path, and says where the interrupt was lost, who did it, and how sure that is.\n"
	      "\n"
	      "Commands:\n", out);
	for (const struct command *cmd = command_table; cmd->name; cmd++)
		fprintf(out, "  %-10s %s\n", cmd->name, cmd->summary);
	fputs("\n"
	      "  irqpath COMMAND --help tells more.\n"
	      "\n"
	      "Topics, told by irqpath help TOPIC:\n", out);
	for (const struct topic *tp = topic_table; tp->name; tp++)
		fprintf(out, "  %-10s %s\n", tp->name, tp->summary);
	fputs("\n"
	      "Exit status: 0 judged and clean, 1 findings, 2 usage or a bad rule, 3 an input could not be\n"
	      "read completely, 4 nothing could be judged.\n", out);
}

static void show_topic(const struct topic *tp)
{
	struct report_options opt = { .verbose = 0 };

	report_set_terminal(&opt, stdout);
	page_write(tp->text, &opt, stdout);
}

/* A name may be that of a command and of a topic: rules. */
static enum status show(const struct usage *usage, char *name)
{
	const struct command *cmd = command_find(name);
	const struct topic *tp = topic_find(name);

	if (!cmd && !tp)
		return options_usage_error(usage, "neither a command nor a topic is called '%s'; 'irqpath help' lists them",
					   name);
	if (cmd)
		cmd->run(2, (char *[]){ name, "--help", NULL });
	if (cmd && tp)
		putchar('\n');
	if (tp)
		show_topic(tp);
	return STATUS_CLEAN;
}

enum status cmd_help(int argc, char **argv)
{
	const struct option *tables[] = { NULL };
	const struct usage usage = {
		.synopsis = "help [COMMAND | TOPIC]",
		.about = "Without an argument, the list of commands and topics; with one, what there is to tell about it.",
		.tables = tables,
	};
	enum status status;
	int nr_args;

	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (nr_args > 1)
		return options_usage_error(&usage, "one command or topic at a time");
	if (nr_args)
		return show(&usage, argv[1]);
	help_overview(stdout);
	return STATUS_CLEAN;
}
