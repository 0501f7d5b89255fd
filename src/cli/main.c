/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "core/text.h"

static const struct command commands[] = {
	{ "analyze", "read, replay, judge, report", cmd_analyze },
	{ "path", "one interrupt's hops, and where it stops", cmd_path },
	{ "stats", "counts, rates and latency per interrupt and hop", cmd_stats },
	{ "query", "ask the database of a capture with SQL", cmd_query },
	{ "rules", "list, explain, check and test the rules", cmd_rules },
	{ "model", "the model's tables, and how much of them is covered", cmd_model },
	{ "replay", "derive everything in a database anew from its facts", cmd_replay },
	{ "export", "write a database as text, events or SQL", cmd_export },
	{ NULL, NULL, NULL },
};

static void print_help(FILE *out)
{
	fputs("Usage: irqpath COMMAND [options] ...\n"
	      "\n"
	      "Reads captures of a machine whose device went silent, replays them through a model of\n"
	      "the interrupt path, and says where the interrupt was lost, who did it, and how sure that is.\n"
	      "\n"
	      "Commands:\n", out);
	for (const struct command *cmd = commands; cmd->name; cmd++)
		fprintf(out, "  %-10s %s\n", cmd->name, cmd->summary);
	fputs("\n"
	      "  irqpath COMMAND --help tells more.\n"
	      "\n"
	      "Exit status: 0 judged and clean, 1 findings, 2 usage or a bad rule, 3 an input could not be\n"
	      "read completely, 4 nothing could be judged.\n", out);
}

static const struct command *find_command(const char *name)
{
	for (const struct command *cmd = commands; cmd->name; cmd++)
		if (!strcmp(cmd->name, name))
			return cmd;
	return NULL;
}

static enum status run(int argc, char **argv)
{
	const struct command *cmd;

	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("irqpath " IRQPATH_VERSION);
		return STATUS_CLEAN;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		cmd = argc > 2 ? find_command(argv[2]) : NULL;
		if (!cmd) {
			print_help(stdout);
			return STATUS_CLEAN;
		}
		return cmd->run(2, (char *[]){ argv[2], "--help", NULL });
	}
	cmd = find_command(argv[1]);
	if (!cmd) {
		fputs("irqpath: unknown command '", stderr);
		text_safe_write(stderr, argv[1]);
		fputs("'\nTry 'irqpath --help'.\n", stderr);
		return STATUS_USAGE;
	}
	if (argc == 3 && !strcmp(argv[2], "--version")) {
		puts("irqpath " IRQPATH_VERSION);
		return STATUS_CLEAN;
	}
	return cmd->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	enum status status;

	/* a full disk and a closed pipe are errors to be told, not deaths */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	status = run(argc, argv);

	/* a report that did not reach its reader was not given */
	if (fflush(stdout) || ferror(stdout)) {
		if (errno != EPIPE)
			perror("irqpath: standard output");
		status = STATUS_INCOMPLETE;
	}
	return status;
}
