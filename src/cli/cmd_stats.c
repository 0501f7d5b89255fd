/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "cli/output.h"
#include "report/stats.h"

static enum status run_stats(struct capture *cap, const struct stats_format *format, const char *path)
{
	struct report_options opt = { .verbose = cap->opt.verbose, .quiet = cap->opt.quiet };
	struct stats *stats = stats_new(cap->store);
	struct output out;
	bool good;

	if (!stats || !output_open(&out, path)) {
		stats_free(stats);
		return STATUS_INCOMPLETE;
	}
	report_set_terminal(&opt, out.stream);
	format->write(stats, &opt, out.stream);
	stats_free(stats);
	good = output_close(&out, true);
	/* counts were asked for, not a verdict */
	return good && cap->status != STATUS_INCOMPLETE ? STATUS_CLEAN : STATUS_INCOMPLETE;
}

enum status cmd_stats(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	struct option common[CAPTURE_NR_OPTIONS];
	const char *format_name = "text", *path = NULL;
	const struct option own[] = {
		{ "format", 'f', OPTION_TEXT, &format_name, "FORMAT", "text (default), csv or json" },
		{ "output", 'o', OPTION_TEXT, &path, "FILE", "write there instead of on stdout" },
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
	const struct stats_format *format;
	struct capture cap;
	enum status status;
	int nr_files;

	capture_option_table(common, &opt);
	if (!options_ready(&usage, argc, argv, &nr_files, &status))
		return status;
	format = stats_format_find(format_name);
	if (!format)
		return options_usage_error(&usage, "'%s' is no format: text, csv or json", format_name);
	if (!nr_files)
		return options_usage_error(&usage, "no capture given");
	if (capture_init(&cap, &usage, &opt) && capture_analyze(&cap, argv + 1, nr_files))
		status = run_stats(&cap, format, path);
	else
		status = cap.status;
	capture_fini(&cap);
	return status;
}
