/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "core/diag.h"
#include "store/export.h"
#include "store/store.h"

enum status cmd_export(int argc, char **argv)
{
	bool events = false, rows = false, good;
	const char *path = NULL;
	const struct option own[] = {
		{ "events", 0, OPTION_FLAG, &events, NULL, "the events as irqpath-events text, which analyze reads" },
		{ "rows", 0, OPTION_FLAG, &rows, NULL, "SQL that makes a database without packed tables" },
		{ "output", 'o', OPTION_TEXT, &path, "FILE", "write there instead of on stdout" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, NULL };
	const struct usage usage = {
		.synopsis = "export [options] DB",
		.about = "Writes a database as text: every table in the order of its key, the same bytes for the same\n"
			 "content.",
		.tables = tables,
	};
	struct diag_sink diag;
	struct output out;
	struct store *st;
	enum status status;
	int nr_args;

	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (nr_args != 1)
		return options_usage_error(&usage, "one database is needed");
	if (events && rows)
		return options_usage_error(&usage, "--events and --rows exclude each other");
	diag_sink_init_stream(&diag, stderr);
	st = store_open(argv[1], &diag);
	if (!st)
		return STATUS_INCOMPLETE;
	good = output_open(&out, path);
	if (good) {
		if (events)
			good = store_export_events(st, out.stream);
		else
			good = rows ? store_export_rows(st, out.stream) : store_export(st, out.stream);
		good = output_close(&out, good) && good;
	}
	store_close(st);
	return good ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
