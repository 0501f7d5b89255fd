/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "cli/tsv.h"
#include "cli/whatif.h"
#include "core/text.h"
#include "report/explain.h"
#include "store/query.h"

enum { MAX_CANDIDATES = 16 };

struct request {
	const struct usage *usage;
	const char *id;		/* NULL: the only one */
	const char *path;
	bool json;
	struct capture *cap;
	const struct explain *ex;
	struct explain_context context;
};

/* ---------------------------------------------------------------------------------------------------- which one */

/* By the beginning of its fingerprint, or by its rule; without text, all that are more than notes. */
static const char find_sql[] =
	"SELECT id, severity, rule, message FROM finding WHERE CASE WHEN :text = '' THEN severity <> 'note'"
	" ELSE lower(substr(fingerprint, 1, length(:text))) = lower(:text) OR rule = :text END"
	" ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, start_ns, rule, id";

static struct query *open_findings(struct store *st, const char *text)
{
	struct query *q = query_open(st, find_sql);

	if (q)
		query_bind_text(q, "text", text ? text : "");
	return q;
}

/* False where the database cannot be read. id: of the first. */
static bool count_findings(struct store *st, const char *text, unsigned *nr, char *id, size_t len)
{
	struct query *q = open_findings(st, text);
	bool good;

	*nr = 0;
	while (q && query_next(q))
		if (!(*nr)++)
			snprintf(id, len, "%s", query_text(q, 0));
	good = q && !query_failed(q);
	query_close(q);
	return good;
}

static void print_candidates(struct store *st, const char *text)
{
	struct query *q = open_findings(st, text);
	unsigned nr = 0;

	while (q && query_next(q)) {
		if (nr++ == MAX_CANDIDATES) {
			fputs("  and more\n", stderr);
			break;
		}
		fprintf(stderr, "  %s  %s: ", query_text(q, 0), query_text(q, 1));
		text_safe_write(stderr, query_text(q, 3));
		fputc('\n', stderr);
	}
	query_close(q);
}

static void refuse(const struct request *rq, struct store *st, unsigned nr, unsigned all)
{
	fputs("irqpath explain: ", stderr);
	if (!rq->id) {
		fputs(nr ? "which of these findings?\n" : "nothing was found, and so nothing is to be explained\n", stderr);
	} else {
		fputs(nr ? "'" : "no finding '", stderr);
		text_safe_write(stderr, rq->id);
		fputs(nr ? "' can be any of these:\n" : all ? "'; there are:\n" : "': nothing was found\n", stderr);
	}
	print_candidates(st, nr ? rq->id : NULL);
}

static enum status find_finding(struct request *rq, struct store *st, char *id, size_t len)
{
	unsigned nr, all;
	char any[24];

	if (!count_findings(st, rq->id, &nr, id, len) || !count_findings(st, NULL, &all, any, sizeof(any)))
		return STATUS_INCOMPLETE;
	if (nr == 1)
		return STATUS_CLEAN;
	refuse(rq, st, nr, all);
	/* it may be in what could not be read */
	return !nr && rq->cap->status == STATUS_INCOMPLETE ? STATUS_INCOMPLETE : STATUS_USAGE;
}

/* ---------------------------------------------------------------------------------------------------- known bugs */

enum { BUG_ID, BUG_TITLE, BUG_FIXED_IN, BUG_RULE, BUG_DECIDES, BUG_QUIRK, NR_BUG_COLUMNS };

static const char *const bug_columns[NR_BUG_COLUMNS] = { "id", "title", "fixed_in", "rule", "decides", "quirk" };

/*
 * "V" says that somebody looked the commit up, "m" that it is from memory, which becomes a question mark. In place: the
 * text gets no longer.
 */
static char *plain_words(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		bool begins = from > text && strchr(" (", from[-1]), ends = !from[1] || strchr(" ,;)", from[1]);

		if (!begins || !ends || (*from != 'V' && *from != 'm')) {
			*to++ = *from;
			continue;
		}
		to -= to[-1] == ' ';
		if (*from == 'm')
			*to++ = '?';
	}
	*to = 0;
	return text;
}

/*
 * A bug or quirk of Xen, QEMU or KVM, which its name begins with, is none of a path that has none of them. A kernel that
 * seems to run on bare metal may run on QEMU and KVM, whose bugs so stay possible.
 */
static bool is_of_path(const char *name, const char *path)
{
	static const char *const of[][2] = {
		{ "X", "dom0-pv dom0-pvh hvm-pirq hvm-passthrough unknown" },
		{ "xen-", "dom0-pv dom0-pvh hvm-pirq hvm-passthrough unknown" }, { "pvh-", "dom0-pvh unknown" },
		{ "hvm-", "hvm-pirq hvm-passthrough unknown" }, { "qemu-", "hvm-passthrough kvm-split kvm-full qemu-user unknown" },
		{ "kvm-", "kvm-split kvm-full unknown" },
	};

	for (unsigned i = 0; i < sizeof(of) / sizeof(*of); i++)
		if (!strncmp(name, of[i][0], strlen(of[i][0])))
			return tsv_has_word(of[i][1], path);
	return true;
}

/* Those that the finding's rule decides, at least in part. They are of software: what none of it can have done is none of them. */
static struct explain_bug *find_bugs(const struct tsv *tsv, const struct explain *ex, unsigned *nr)
{
	struct explain_bug *bug = calloc(tsv->nr_rows + 1, sizeof(*bug));

	*nr = 0;
	for (unsigned i = 0; bug && !ex->not_software && i < tsv->nr_rows; i++)
		if (tsv_has_word(tsv_get(tsv, i, BUG_RULE), ex->rule) && strcmp(tsv_get(tsv, i, BUG_DECIDES), "no") &&
		    is_of_path(tsv_get(tsv, i, BUG_ID), ex->path) && is_of_path(tsv_get(tsv, i, BUG_QUIRK), ex->path))
			bug[(*nr)++] = (struct explain_bug){
				.id = tsv_get(tsv, i, BUG_ID), .title = tsv_get(tsv, i, BUG_TITLE),
				.fixed_in = plain_words((char *)tsv_get(tsv, i, BUG_FIXED_IN)),
			};
	return bug;
}

/* ---------------------------------------------------------------------------------------------------- command */

static bool write_explanation(void *ctx, const struct report_options *opt, FILE *out)
{
	const struct request *rq = ctx;

	return rq->json ? explain_write_json(rq->ex, &rq->context, out) :
			  explain_write_text(rq->ex, &rq->context, opt, out);
}

static bool explain(struct request *rq, const char *id)
{
	struct explain *ex = explain_new(rq->cap->store, id);
	struct explain_bug *bug = NULL;
	struct tsv tsv;
	bool good = ex && tsv_read(TABLES_DIR "/bugs.tsv", bug_columns, NR_BUG_COLUMNS, &tsv);

	if (good) {
		bug = find_bugs(&tsv, ex, &rq->context.nr_bugs);
		rq->context.bug = bug;
		rq->context.texts = (struct record_texts){ .get = capture_text, .ctx = rq->cap };
		rq->ex = ex;
		good = bug && capture_write(rq->cap, rq->path, write_explanation, rq);
	}
	if (ex)
		tsv_fini(&tsv);
	free(bug);
	explain_free(ex);
	return good;
}

static enum status run(struct capture *cap, void *ctx)
{
	struct request *rq = ctx;
	char id[24];
	enum status status;

	rq->cap = cap;
	status = find_finding(rq, cap->store, id, sizeof(id));
	return status == STATUS_CLEAN ? capture_told(cap, whatif_try(cap, id) && explain(rq, id)) : status;
}

/* The last argument is a finding's id unless only a capture can be meant. */
static bool is_id(const char *text)
{
	return access(text, F_OK) || !text[strspn(text, "0123456789abcdefABCDEF")];
}

enum status cmd_explain(int argc, char **argv)
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
		.synopsis = "explain [options] FILE... [ID]",
		.about = "One finding in full: what was left how, by whom, and what should have followed; the evidence as\n"
			 "recorded; hop by hop what was expected beside what was seen; the state of every object of the\n"
			 "way just before and at the fault; what to do, references and known bugs.\n"
			 "\n"
			 "ID is what 'irqpath analyze' prints in brackets, any unique beginning of the fingerprint, or the\n"
			 "rule. It can be left out where there is only one finding that is more than a note.",
		.tables = tables,
		.more = "Exit status: 0, 2 usage or ID is unknown or ambiguous, 3 an input could not be read completely.",
	};
	enum status status;
	int nr_args;

	capture_option_table(common, &opt);
	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (strcmp(format, "text") && strcmp(format, "json"))
		return options_usage_error(&usage, "'%s' is no format: text or json", format);
	if (!nr_args)
		return options_usage_error(&usage, "no capture given");
	rq.usage = &usage;
	rq.json = !strcmp(format, "json");
	rq.id = nr_args > 1 && is_id(argv[nr_args]) ? argv[nr_args] : NULL;
	return capture_run(&usage, &opt, argv + 1, nr_args - !!rq.id, run, &rq);
}
