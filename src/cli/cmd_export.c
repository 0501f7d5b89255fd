/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "core/diag.h"
#include "store/export.h"
#include "store/query.h"
#include "store/store.h"

/* A number from 1; no database has more captures than six digits tell. */
static bool parse_source(const char *text, unsigned long *source)
{
	*source = strtoul(text, NULL, 10);
	return *source && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 6;
}

static bool has_source(struct store *st, const char *path, unsigned long source)
{
	int64_t nr = query_one_int(st, "SELECT count(*) FROM source", 0);

	if (source > (uint64_t)nr)
		fprintf(stderr, "irqpath: %s: there is no capture %lu, only 1 to %lld\n", path, source, (long long)nr);
	return source <= (uint64_t)nr;
}

enum status cmd_export(int argc, char **argv)
{
	bool events = false, rows = false, good;
	const char *path = NULL, *which = NULL;
	unsigned long source = 0;
	const struct option own[] = {
		{ "events", 0, OPTION_FLAG, &events, NULL, "the events as irqpath-events text, which analyze reads" },
		{ "source", 0, OPTION_TEXT, &which, "N",
		  "of --events only the Nth capture's, in its own clock; all of them, analyzed together, are the same again" },
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
	if (which && !events)
		return options_usage_error(&usage, "--source goes with --events");
	if (which && !parse_source(which, &source))
		return options_usage_error(&usage, "--source takes the number of a capture, from 1, not '%s'", which);
	diag_sink_init_stream(&diag, stderr);
	st = store_open(argv[1], &diag);
	if (!st)
		return STATUS_INCOMPLETE;
	if (!has_source(st, argv[1], source)) {
		store_close(st);
		return STATUS_USAGE;
	}
	good = output_open(&out, path);
	if (good) {
		if (events)
			good = store_export_events(st, (uint32_t)source, out.stream);
		else
			good = rows ? store_export_rows(st, out.stream) : store_export(st, out.stream);
		good = output_close(&out, good) && good;
	}
	store_close(st);
	return good ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
