/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "store/store.h"

enum status cmd_replay(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	const struct option own[] = {
		{ "path", 0, OPTION_TEXT, &opt.path, "PATH",
		  "path of the interrupts, instead of what the capture shows" },
		{ "rules", 0, OPTION_LIST, &opt.rules_dirs, "DIR",
		  "more rules; a file of the same name replaces a packaged one" },
		{ "rule", 0, OPTION_LIST, &opt.rule, "ID", "run only this rule (may be given again)" },
		{ "require", 0, OPTION_LIST, &opt.require, "ID", "exit 4 where this rule could not be judged" },
		{ "fail-on", 0, OPTION_TEXT, &opt.fail_on, "SEVERITY",
		  "exit 1 from this severity on: note, warning, error (default)" },
		{ "quiet", 'q', OPTION_FLAG, &opt.quiet, NULL, "no progress, only errors on stderr" },
		{ "verbose", 'v', OPTION_COUNT, &opt.verbose, NULL, "say more" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, NULL };
	const struct usage usage = {
		.synopsis = "replay [options] DB",
		.about =
			"Replays the events of a database with this version's model and rules, and writes all that is\n"
			"derived anew. What was read from the captures stays as it is. Prints nothing: report it with\n"
			"'irqpath analyze DB'.",
		.tables = tables,
	};
	struct capture cap;
	enum status status;
	int nr_args;

	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (nr_args != 1)
		return options_usage_error(&usage, "one database is needed");
	if (capture_init(&cap, &usage, &opt))
		capture_replay(&cap, argv[1]);
	status = cap.status;
	capture_fini(&cap);
	return status;
}
