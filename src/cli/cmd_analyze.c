/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "cli/output.h"
#include "report/report.h"

static enum status write_report(struct capture *cap, const struct report_format *format, const char *path)
{
	struct report_options opt = {
		.exit_status = cap->status, .verbose = cap->opt.verbose, .quiet = cap->opt.quiet,
	};
	struct output out;
	bool good;

	if (!output_open(&out, path))
		return STATUS_INCOMPLETE;
	report_set_terminal(&opt, out.stream);
	good = format->write(cap->store, &opt, out.stream);
	return output_close(&out, good) && good ? cap->status : STATUS_INCOMPLETE;
}

enum status cmd_analyze(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	struct option common[CAPTURE_NR_OPTIONS];
	const char *format_name = "text", *path = NULL;
	const struct option own[] = {
		{ "format", 'f', OPTION_TEXT, &format_name, "FORMAT", "text (default) or json" },
		{ "output", 'o', OPTION_TEXT, &path, "FILE", "write the report there instead of on stdout" },
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
	const struct report_format *format;
	struct capture cap;
	enum status status;
	int nr_files;

	capture_option_table(common, &opt);
	if (!options_ready(&usage, argc, argv, &nr_files, &status))
		return status;
	format = report_find(format_name);
	if (!format)
		return options_usage_error(&usage, "'%s' is no format: text or json", format_name);
	if (!nr_files)
		return options_usage_error(&usage, "no capture given");
	if (capture_init(&cap, &usage, &opt) && capture_analyze(&cap, argv + 1, nr_files))
		status = write_report(&cap, format, path);
	else
		status = cap.status;
	capture_fini(&cap);
	return status;
}
