/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "report/report.h"

struct request {
	struct capture *cap;
	const struct report_format *format;
	const char *path;
};

static bool write_report(void *ctx, const struct report_options *opt, FILE *out)
{
	const struct request *rq = ctx;

	return rq->format->write(rq->cap->store, opt, out);
}

static enum status run(struct capture *cap, void *ctx)
{
	struct request *rq = ctx;

	rq->cap = cap;
	return capture_write(cap, rq->path, write_report, rq) ? cap->status : STATUS_INCOMPLETE;
}

enum status cmd_analyze(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	struct option common[CAPTURE_NR_OPTIONS];
	const char *format_name = "text";
	struct request rq = { .path = NULL };
	const struct option own[] = {
		{ "format", 'f', OPTION_TEXT, &format_name, "FORMAT", "text (default) or json" },
		{ "output", 'o', OPTION_TEXT, &rq.path, "FILE", "write the report there instead of on stdout" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, common, NULL };
	const struct usage usage = {
		.synopsis = "analyze [options] FILE...",
		.about =
			"Reads captures (trace.dat, irqpath-events text), replays them and reports what is wrong with\n"
			"which interrupt. A FILE that is a database of an earlier run is reported as it was judged.",
		.tables = tables,
		.more = "Exit status: 0 judged and clean, 1 findings, 2 usage or a bad rule, 3 an input could not be\n"
			"read completely, 4 nothing could be judged.",
	};
	enum status status;
	int nr_files;

	capture_option_table(common, &opt);
	if (!options_ready(&usage, argc, argv, &nr_files, &status))
		return status;
	rq.format = report_find(format_name);
	if (!rq.format)
		return options_usage_error(&usage, "'%s' is no format: text or json", format_name);
	if (!nr_files)
		return options_usage_error(&usage, "no capture given");
	return capture_run(&usage, &opt, argv + 1, nr_files, run, &rq);
}
