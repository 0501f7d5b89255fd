/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "report/stats.h"

struct request {
	const struct stats_format *format;
	const char *path;
	struct stats *stats;
};

static bool write_stats(void *ctx, const struct report_options *opt, FILE *out)
{
	const struct request *rq = ctx;

	rq->format->write(rq->stats, opt, out);
	return true;
}

static enum status run(struct capture *cap, void *ctx)
{
	struct request *rq = ctx;
	bool good;

	rq->stats = stats_new(cap->store);
	good = rq->stats && capture_write(cap, rq->path, write_stats, rq);
	stats_free(rq->stats);
	return capture_told(cap, good);
}

enum status cmd_stats(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	struct option common[CAPTURE_NR_OPTIONS];
	const char *format_name = "text";
	struct request rq = { .path = NULL };
	const struct option own[] = {
		{ "format", 'f', OPTION_TEXT, &format_name, "FORMAT", "text (default), csv or json" },
		{ "output", 'o', OPTION_TEXT, &rq.path, "FILE", "write there instead of on stdout" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, common, NULL };
	const struct usage usage = {
		.synopsis = "stats [options] FILE...",
		.about = "Interrupt by interrupt, the most frequent first: how many there were, how often, what share\n"
			 "no action claimed, the longest gap; how long each hop took (50th and 99th percentile,\n"
			 "longest); and the ledger, how many passed each hop.",
		.tables = tables,
		.more = "Percentiles are exact up to 1024 interrupts, above that to one part in 128. In the ledger\n"
			"15+ is 15 or more, as records were lost; 15-17 is at least 15 and at most 17, as interrupts\n"
			"can merge. Exit status: 0, 2 usage, 3 an input could not be read completely.",
	};
	enum status status;
	int nr_files;

	capture_option_table(common, &opt);
	if (!options_ready(&usage, argc, argv, &nr_files, &status))
		return status;
	rq.format = stats_format_find(format_name);
	if (!rq.format)
		return options_usage_error(&usage, "'%s' is no format: text, csv or json", format_name);
	if (!nr_files)
		return options_usage_error(&usage, "no capture given");
	return capture_run(&usage, &opt, argv + 1, nr_files, run, &rq);
}
