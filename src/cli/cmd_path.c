/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "core/text.h"
#include "report/path.h"
#include "store/describe.h"
#include "store/resolve.h"

struct request {
	const struct usage *usage;
	const char *text;		/* the object that is asked for */
	const char *path;
	bool json;
	struct capture *cap;
	const struct path_view *pv;
};

static void print_candidates(struct capture *cap, const char *text, const struct resolved *found)
{
	char described[OBJECT_DESCRIBE_MAX];

	fputs("irqpath path: '", stderr);
	text_safe_write(stderr, text);
	fputs("' can be any of these:\n", stderr);
	for (unsigned i = 0; i < found->nr; i++) {
		object_describe(cap->store, found->id[i], NO_TIME, described, sizeof(described));
		fputs("  ", stderr);
		text_safe_write(stderr, described);
		fputc('\n', stderr);
	}
	if (found->more)
		fputs("  and more\n", stderr);
}

/* The object that was meant and the interrupt whose way it is on. */
static enum status find_object(struct capture *cap, const struct usage *usage, const char *text, int64_t *object,
			       int64_t *irq)
{
	enum resolve_result result;
	struct resolved found;

	result = object_resolve(cap->store, text, &found);
	if (result == RESOLVE_FOUND) {
		*object = found.id[0];
		result = object_interrupt(cap->store, *object, &found);
	}
	switch (result) {
	case RESOLVE_FOUND:
		*irq = found.id[0];
		return STATUS_CLEAN;
	case RESOLVE_UNKNOWN:
		return options_usage_error(
			usage, "no object '%s' in this capture; 'irqpath stats' lists its interrupts", text);
	case RESOLVE_AMBIGUOUS:
		print_candidates(cap, text, &found);
		return STATUS_USAGE;
	default:
		return STATUS_INCOMPLETE;
	}
}

static bool write_path(void *ctx, const struct report_options *opt, FILE *out)
{
	const struct request *rq = ctx;
	const struct record_texts texts = { .get = capture_text, .ctx = rq->cap };

	return rq->json ? path_write_json(rq->pv, &texts, out) : path_write_text(rq->pv, &texts, opt, out);
}

static enum status run(struct capture *cap, void *ctx)
{
	struct request *rq = ctx;
	int64_t object = 0, irq = 0;
	enum status status = find_object(cap, rq->usage, rq->text, &object, &irq);
	struct path_view *pv;

	if (status != STATUS_CLEAN)
		return status;
	rq->cap = cap;
	rq->pv = pv = path_view_new(cap->store, object, irq, NO_TIME);
	status = capture_told(cap, pv && capture_write(cap, rq->path, write_path, rq));
	path_view_free(pv);
	return status;
}

enum status cmd_path(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	struct option common[CAPTURE_NR_OPTIONS];
	const char *format = "text";
	struct request rq = { .path = NULL };
	const struct option own[] = {
		{ "format", 'f', OPTION_TEXT, &format, "FORMAT", "text (default) or json" },
		{ "output", 'o', OPTION_TEXT, &rq.path, "FILE", "write there instead of on stdout" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, common, NULL };
	const struct usage usage = {
		.synopsis = "path [options] FILE... OBJECT",
		.about = "One interrupt's way from the device to its handler: which hops were reached, when and by\n"
			 "which record, who masks it, what is owed, how many interrupts passed each hop, and where it\n"
			 "stops.\n"
			 "\n"
			 "OBJECT is any object of the way: irq:29, msix:0000:03:00.0[2], pin:0.23, vector:1.0x24;\n"
			 "'irq29', '0000:03:00.0[2]', the name of the action ('nvme0q2') and an unambiguous tail are\n"
			 "understood.",
		.tables = tables,
		.more = "A hop is reached; closed (a mask, a disable or the like holds it shut at the end); implied\n"
			"by later ones; not seen (not recorded completely, or before the capture); not reached (it\n"
			"would have been recorded); or not recorded. Column 'since' counts from the last change of a\n"
			"field that opens or closes a hop. Exit status: 0, 2 usage or OBJECT is unknown or ambiguous,\n"
			"3 an input could not be read completely.",
	};
	enum status status;
	int nr_args;

	capture_option_table(common, &opt);
	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (strcmp(format, "text") && strcmp(format, "json"))
		return options_usage_error(&usage, "'%s' is no format: text or json", format);
	if (nr_args < 2)
		return options_usage_error(&usage, "a capture and an object are needed");
	rq.usage = &usage;
	rq.text = argv[nr_args];
	rq.json = !strcmp(format, "json");
	return capture_run(&usage, &opt, argv + 1, nr_args - 1, run, &rq);
}
