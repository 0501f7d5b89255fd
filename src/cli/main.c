/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "core/text.h"

static void print_version(void)
{
	puts("irqpath " IRQPATH_VERSION);
}

static enum status run(int argc, char **argv)
{
	char near[NEAREST_TEXT_MAX];
	const struct command *cmd;

	if (argc < 2) {
		help_overview(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		print_version();
		return STATUS_CLEAN;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return cmd_help(argc - 1, argv + 1);
	cmd = command_find(argv[1]);
	if (!cmd) {
		fputs("irqpath: unknown command '", stderr);
		text_safe_write(stderr, argv[1]);
		fprintf(stderr, "'%s\nTry 'irqpath help'.\n", command_nearest(argv[1], near));
		return STATUS_USAGE;
	}
	if (argc == 3 && !strcmp(argv[2], "--version")) {
		print_version();
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
