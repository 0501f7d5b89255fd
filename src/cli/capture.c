/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/clocks.h"
#include "cli/feed.h"
#include "cli/machines.h"
#include "cli/moments.h"
#include "cli/output.h"
#include "cli/whatif.h"
#include "core/clock.h"
#include "core/derived.h"
#include "core/progress.h"
#include "core/text.h"
#include "ingest/ingest.h"
#include "model/model.h"
#include "report/report.h"
#include "store/cursor.h"
#include "store/query.h"
#include "store/store.h"

void capture_option_table(struct option table[CAPTURE_NR_OPTIONS], struct capture_options *opt)
{
	const struct option options[CAPTURE_NR_OPTIONS] = {
		{ "db", 0, OPTION_TEXT, &opt->db, "FILE",
		  "keep the database; it can be read again instead of the captures" },
		{ "machine", 0, OPTION_LIST, &opt->machines, "FILE=NAME",
		  "whose capture FILE is: host, xen, dom0, guest, d1, ..." },
		{ "at", 0, OPTION_LIST, &opt->ats, "FILE=TIME",
		  "when the snapshot FILE was taken: start, end, or seconds of the first capture's clock" },
		{ "path", 0, OPTION_TEXT, &opt->path, "PATH",
		  "path of the interrupts, instead of what the capture shows" },
		{ "rules", 0, OPTION_LIST, &opt->rules_dirs, "DIR",
		  "more rules; a file of the same name replaces a packaged one" },
		{ "rule", 0, OPTION_LIST, &opt->rule, "ID", "run only this rule (may be given again)" },
		{ "require", 0, OPTION_LIST, &opt->require, "ID", "exit 4 where this rule could not be judged" },
		{ "fail-on", 0, OPTION_TEXT, &opt->fail_on, "SEVERITY",
		  "exit 1 from this severity on: note, warning, error (default)" },
		{ "assume", 0, OPTION_LIST, &opt->assume, "QUIRK[=on|off]",
		  "replay as if the kernel behaved so; see irqpath model check --list" },
		{ "what-if", 0, OPTION_FLAG, &opt->what_if, NULL, "try which known fix would have prevented each finding" },
		{ "keep", 0, OPTION_TEXT, &opt->keep, "all", "decode records that the model has no use for, too" },
		{ "tsc-hz", 0, OPTION_TEXT, &opt->tsc_hz, "N",
		  "cycles a second, for captures whose times count cycles and that do not say how fast" },
		{ "in-process", 0, OPTION_FLAG, &opt->in_process, NULL,
		  "read without an isolated reader process: for debugging" },
		{ "quiet", 'q', OPTION_FLAG, &opt->quiet, NULL, "no progress, only errors on stderr" },
		{ "verbose", 'v', OPTION_COUNT, &opt->verbose, NULL, "say more" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};

	memcpy(table, options, sizeof(options));
}

/* "FILE=NAME", split at the last "=": file names may hold one. */
static bool machine_option(const char *text, const char **name, size_t *file_len)
{
	const char *equals = strrchr(text, '=');
	uint16_t machine;

	if (!equals || !machine_parse(equals + 1, &machine))
		return false;
	*name = equals + 1;
	*file_len = equals - text;
	return true;
}

static bool parse_hz(const char *text, uint64_t *hz)
{
	char *end;

	errno = 0;
	*hz = strtoull(text, &end, 10);
	return !errno && *text >= '0' && *text <= '9' && !*end && clock_hz_possible(*hz);
}

static enum status check_options(struct capture *cap, const struct usage *usage)
{
	const struct capture_options *opt = &cap->opt;
	int severity = SEVERITY_ERROR;

	cap->rules_opt = (struct rules_options){
		.only = opt->rule.text, .nr_only = opt->rule.nr, .require = opt->require.text,
		.nr_require = opt->require.nr,
		.forced_path = -1,
	};
	if (opt->path) {
		cap->rules_opt.forced_path = path_by_name(opt->path);
		if (cap->rules_opt.forced_path <= PATH_UNKNOWN)
			return options_usage_error(usage,
						   "'%s' is no path; known are baremetal, dom0-pv, dom0-pvh, hvm-pirq, "
						   "hvm-passthrough, kvm-split, kvm-full, qemu-user",
						   opt->path);
	}
	if (opt->fail_on)
		severity = severity_by_name(opt->fail_on);
	if (severity < 0)
		return options_usage_error(usage, "'%s' is no severity: note, warning or error", opt->fail_on);
	cap->rules_opt.fail_on = severity;
	for (unsigned i = 0; i < opt->assume.nr; i++) {
		enum quirk quirk;
		bool on;

		if (!quirk_parse(opt->assume.text[i], &quirk, &on))
			return options_usage_error(usage, "'%s' is no QUIRK[=on|off]; see irqpath model check --list", opt->assume.text[i]);
	}
	if (opt->keep && strcmp(opt->keep, "all"))
		return options_usage_error(usage, "--keep takes only 'all'");
	if (opt->tsc_hz && !parse_hz(opt->tsc_hz, &cap->tsc_hz))
		return options_usage_error(usage, "--tsc-hz takes cycles a second, 1000000 to 1000000000000, not '%s'",
					   opt->tsc_hz);
	for (unsigned i = 0; i < opt->machines.nr; i++) {
		const char *name;
		size_t len;

		if (!machine_option(opt->machines.text[i], &name, &len))
			return options_usage_error(
				usage, "--machine takes FILE=NAME with NAME host, xen, dom0, guest or dN, not '%s'",
				opt->machines.text[i]);
	}
	for (unsigned i = 0; i < opt->ats.nr; i++)
		if (!moment_option(opt->ats.text[i]))
			return options_usage_error(usage, "--at takes FILE=start, FILE=end or FILE=SECONDS, not '%s'",
						   opt->ats.text[i]);
	return STATUS_CLEAN;
}

static void load_rules(struct capture *cap)
{
	struct rules_dir dirs[2 + OPTION_LIST_MAX] = {
		{ .path = RULES_DIR }, { .path = "/etc/irqpath/rules.d", .may_lack = true },
	};
	unsigned nr = 2;

	for (unsigned i = 0; i < cap->opt.rules_dirs.nr; i++)
		dirs[nr++] = (struct rules_dir){ .path = cap->opt.rules_dirs.text[i] };
	cap->rules = cap->own_rules = rules_load(dirs, nr, &cap->diag);
	if (!cap->rules)
		cap->status = STATUS_USAGE;
}

/* Diagnostics on stderr; with --quiet only errors. */
static void print_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	const struct capture *cap = ctx;
	struct diag_sink out;

	if (cap->opt.quiet && diag_level(code) < DIAG_ERROR)
		return;
	if (!cap->opt.verbose && diag_level(code) == DIAG_NOTE)
		return;
	diag_sink_init_stream(&out, stderr);
	out.fn(out.ctx, code, pos, text);
}

bool capture_init(struct capture *cap, const struct usage *usage, const struct capture_options *opt)
{
	*cap = (struct capture){ .opt = *opt, .diag = { .fn = print_diag, .ctx = cap } };
	cap->status = check_options(cap, usage);
	if (cap->status == STATUS_CLEAN)
		load_rules(cap);
	return cap->status == STATUS_CLEAN;
}

void capture_fini(struct capture *cap)
{
	for (int i = 0; i < cap->nr_sources; i++) {
		ingest_stop(cap->sources[i].reader);
		feed_free(cap->sources[i].feed);
	}
	free(cap->sources);
	store_close(cap->store);
	rules_free(cap->own_rules);
}

/* ----------------------------------------------------------------------------------------------------- phase A */

/* What the user says of a file; NULL: nothing. */
static const char *machine_of(const struct capture *cap, const char *file)
{
	for (unsigned i = cap->opt.machines.nr; i-- > 0;) {
		const char *name = NULL;
		size_t len = 0;

		if (machine_option(cap->opt.machines.text[i], &name, &len) && strlen(file) == len &&
		    !strncmp(cap->opt.machines.text[i], file, len))
			return name;
	}
	return NULL;
}

/* Reads one file into the store and, where model is not NULL, through the model. Keeps its reader for texts. */
static bool read_source(struct capture *cap, const char *file, struct model *model, struct capture_source *src)
{
	const struct ingest_options opt = { .in_process = cap->opt.in_process, .keep_all = cap->opt.keep != NULL,
					    .tsc_hz = cap->tsc_hz };

	src->feed = feed_new(cap->store, model, file, machine_of(cap, file), &cap->diag, cap->opt.quiet);
	if (!src->feed)
		return false;
	src->reader = ingest_start(file, &opt, feed_diag(src->feed));
	if (!src->reader || !ingest_run(src->reader, feed_sink(src->feed)))
		cap->status = status_worse(cap->status, STATUS_INCOMPLETE);
	return feed_end(src->feed);
}

/* ----------------------------------------------------------------------------------------------------- phase B */

static const char *string_of(void *ctx, uint32_t source, str_id id)
{
	return store_get_string(ctx, source, id);
}

static bool replay_cursor(struct capture *cap, struct store *st, struct model *model)
{
	int64_t software_end_ns = query_software_end_ns(st);
	struct cursor *cur = cursor_open(st);
	struct progress pg;
	struct event ev;
	uint64_t nr = 0;
	bool good = cur != NULL;

	progress_start(&pg, "replaying, events", 0, cap->opt.quiet);
	while (good && cursor_next(cur, &ev)) {
		if (ev.t_lo_ns > software_end_ns) {
			model_software_unrecorded(model, software_end_ns);
			software_end_ns = INT64_MAX;
		}
		good = model_event(model, &ev);
		if (!(++nr & 0xffff))
			progress_set(&pg, nr);
	}
	progress_end(&pg);
	good = good && !cursor_failed(cur);
	cursor_close(cur);
	return good;
}

static void count_times(struct store *st)
{
	text_count(query_has_no_times(st) ? TEXT_LINES : query_counts_cycles(st) ? TEXT_CYCLES : TEXT_NS);
}

static bool judge(struct capture *cap)
{
	enum status status;

	count_times(cap->store);
	status = rules_run(cap->rules, cap->store, &cap->rules_opt, &cap->diag);

	cap->status = status_worse(cap->status, status);
	return status != STATUS_USAGE && status != STATUS_INCOMPLETE;
}

/* The evidence as recorded, from the readers that still hold the captures. */
static bool fetch_texts(struct capture *cap)
{
	struct query *q = query_open(
		cap->store,
		"SELECT DISTINCT e.id, e.source, e.offset FROM finding_event f JOIN event e ON e.id = f.event "
		"LEFT JOIN event_text t ON t.event = e.id WHERE t.event IS NULL ORDER BY e.id");
	char text[4096];
	bool good = q != NULL;

	while (good && query_next(q)) {
		int64_t source = query_int(q, 1);
		bool known = source >= 1 && source <= cap->nr_sources;
		struct ingest *reader = known ? cap->sources[source - 1].reader : NULL;

		if (reader && ingest_text(reader, query_int(q, 2), text, sizeof(text)))
			good = store_event_text(cap->store, query_int(q, 0), text);
	}
	good = good && !query_failed(q);
	query_close(q);
	return good && rules_update_texts(cap->store, &cap->diag);
}

/* Of what Xen and the kernels above it recorded: all count one counter. Marks leave too much between them. */
static bool order_is_proven(struct store *st)
{
	return query_one_int(st, "SELECT count(*) FROM source s JOIN clock c ON c.source = s.id WHERE s.timeless IS NOT 1"
			     " AND s.layer IN ('kernel', 'hypervisor') AND c.method IS NOT 'counter'", 2) <= 1;
}

static struct model *new_model(struct capture *cap, struct store *st, struct whatif *whatif, struct model_options *opt)
{
	*opt = (struct model_options){
		.order_proven = order_is_proven(st),
		.string = string_of, .string_ctx = st, .forced_path = cap->rules_opt.forced_path, .whatif = whatif,
		.clock_slack_ns = query_one_int(st, "SELECT max(hi_ns - lo_ns) FROM clock"
						" WHERE method IN ('causality', 'marks', 'clock')", 0),
	};
	return model_new(opt, store_derived_sink(st), &cap->diag);
}

bool capture_derive(struct capture *cap, struct store *st, struct whatif *whatif)
{
	struct model_options opt;
	struct model *model = new_model(cap, st, whatif, &opt);
	bool good = model && replay_cursor(cap, st, model) && model_end(model) && store_derived_end(st);

	model_free(model);
	return good;
}

/* Under the quirks of --assume, the others as the recorded kernel has them. */
static bool derive_assumed(struct capture *cap)
{
	struct quirks inferred, seen;

	cap->whatif.recorded = whatif_recorded(cap, &inferred, &seen);
	cap->whatif.assumed = cap->whatif.recorded;
	for (unsigned i = 0; i < cap->opt.assume.nr; i++) {
		enum quirk quirk;
		bool on;

		quirk_parse(cap->opt.assume.text[i], &quirk, &on);
		quirk_set(&cap->whatif.assumed, quirk, on);
	}
	return capture_derive(cap, cap->store, &cap->whatif) && whatif_note_assumed(cap);
}

static struct feed **list_feeds(struct capture *cap)
{
	struct feed **feeds = calloc(cap->nr_sources, sizeof(struct feed *));

	for (int i = 0; feeds && i < cap->nr_sources; i++)
		feeds[i] = cap->sources[i].feed;
	return feeds;
}

static bool relate_clocks(struct capture *cap)
{
	struct anchors **anchors = calloc(cap->nr_sources, sizeof(*anchors));
	uint32_t *related = calloc(cap->nr_sources, sizeof(*related));
	struct feed **feeds = list_feeds(cap);
	bool good = anchors && related && feeds;

	for (int i = 0; good && i < cap->nr_sources; i++)
		anchors[i] = feed_anchors(cap->sources[i].feed);
	good = good && clocks_derive(cap->store, anchors, cap->nr_sources, related, &cap->diag) &&
	       machines_settle_platforms(feeds, cap->nr_sources, related);
	free(feeds);
	free(related);
	free(anchors);
	return good;
}

static bool settle_machines(struct capture *cap)
{
	struct feed **feeds = list_feeds(cap);
	bool good = feeds && machines_settle(feeds, cap->nr_sources, &cap->diag);

	free(feeds);
	return good;
}

/* Where one source is read, the model is fed while it is read: its order is the total order. */
static bool read_and_replay(struct capture *cap, char *file)
{
	struct model_options opt;
	struct model *model = new_model(cap, cap->store, NULL, &opt);
	bool good = model && read_source(cap, file, model, &cap->sources[0]);
	bool anew = good && feed_starts_anew(cap->sources[0].feed);

	good = good && (anew || (model_end(model) && store_derived_end(cap->store)));
	model_free(model);
	good = good && settle_machines(cap);
	return good && (!anew || (store_derived_clear(cap->store) && capture_derive(cap, cap->store, NULL)));
}

static bool read_then_replay(struct capture *cap, char **files, int nr_files)
{
	bool good = true;

	for (int i = 0; good && i < nr_files; i++)
		good = read_source(cap, files[i], NULL, &cap->sources[i]);
	good = good && settle_machines(cap);
	good = good && (nr_files == 1 || (relate_clocks(cap) && moments_place(cap->store, &cap->opt.ats, &cap->diag)));
	return good && (cap->opt.assume.nr ? derive_assumed(cap) : capture_derive(cap, cap->store, NULL));
}

static bool derive_files(struct capture *cap, char **files, int nr_files)
{
	return nr_files == 1 && !cap->opt.assume.nr ? read_and_replay(cap, files[0]) : read_then_replay(cap, files, nr_files);
}

static bool analyze_files(struct capture *cap, char **files, int nr_files)
{
	bool good;

	cap->sources = calloc(nr_files, sizeof(*cap->sources));
	cap->nr_sources = cap->sources ? nr_files : 0;
	cap->store = store_create(cap->opt.db, &cap->diag);
	good = cap->sources && cap->store && derive_files(cap, files, nr_files) && judge(cap) && fetch_texts(cap) &&
	       (!cap->opt.what_if || whatif_try(cap, NULL)) && store_finish(cap->store);
	if (!good)
		cap->status = status_worse(cap->status, STATUS_INCOMPLETE);
	return good;
}

bool capture_text(void *ctx, uint32_t source, uint64_t offset, char *buf, size_t len)
{
	const struct capture *cap = ctx;
	bool known = source >= 1 && source <= (uint32_t)cap->nr_sources;
	struct ingest *reader = known ? cap->sources[source - 1].reader : NULL;

	return reader && ingest_text(reader, offset, buf, len);
}

/* ---------------------------------------------------------------------------------------------------- commands */

static void status_of_database(struct capture *cap)
{
	if (query_one_int(cap->store, "SELECT count(*) FROM source WHERE complete IS NOT 1", 1))
		cap->status = status_worse(cap->status, STATUS_INCOMPLETE);
	cap->status = status_worse(cap->status, rules_status(cap->store, &cap->rules_opt));
}

bool capture_analyze(struct capture *cap, char **files, int nr_files)
{
	bool good;

	if (nr_files != 1 || !store_probe(files[0]))
		return analyze_files(cap, files, nr_files);
	/* what is assumed makes another database, which is gone when its report is written */
	cap->store = cap->opt.assume.nr ? store_open_for_replay(files[0], &cap->diag) : store_open(files[0], &cap->diag);
	if (cap->store)
		count_times(cap->store);
	good = cap->store && (!cap->opt.assume.nr || (derive_assumed(cap) && judge(cap))) && (!cap->opt.what_if || whatif_try(cap, NULL));
	if (good)
		status_of_database(cap);
	else
		cap->status = status_worse(cap->status, STATUS_INCOMPLETE);
	return good;
}

enum status capture_run(const struct usage *usage, const struct capture_options *opt, char **files, int nr_files,
			enum status (*work)(struct capture *cap, void *ctx), void *ctx)
{
	struct capture cap;
	enum status status;

	if (capture_init(&cap, usage, opt) && capture_analyze(&cap, files, nr_files))
		status = work(&cap, ctx);
	else
		status = cap.status;
	capture_fini(&cap);
	return status;
}

bool capture_write(const struct capture *cap, const char *path,
		   bool (*write)(void *ctx, const struct report_options *opt, FILE *out), void *ctx)
{
	struct report_options opt = {
		.exit_status = cap->status, .verbose = cap->opt.verbose, .quiet = cap->opt.quiet,
	};
	struct output out;
	bool good;

	if (!output_open(&out, path))
		return false;
	report_set_terminal(&opt, out.stream);
	good = write(ctx, &opt, out.stream);
	return output_close(&out, good) && good;
}

enum status capture_told(const struct capture *cap, bool good)
{
	return good && cap->status != STATUS_INCOMPLETE ? STATUS_CLEAN : STATUS_INCOMPLETE;
}

enum { CASE_MAX_FILES = 16 };

/* NAME.events and what stands beside it: NAME.2.events, NAME.3.events, ... Owned by the caller, as is each but the first. */
static int case_files(const char *path, char *files[CASE_MAX_FILES])
{
	size_t len = strlen(path), front = len > 7 ? len - 7 : len;	/* without ".events" */
	int nr = 0;

	files[nr++] = (char *)path;
	while (nr < CASE_MAX_FILES && asprintf(&files[nr], "%.*s.%d.events", (int)front, path, nr + 1) >= 0) {
		if (access(files[nr], R_OK)) {
			free(files[nr]);
			break;
		}
		nr++;
	}
	return nr;
}

struct store *capture_analyze_case(const struct rules *rules, const char *path, struct diag_sink *diag)
{
	struct capture cap = {
		.opt = { .in_process = true, .quiet = true },
		.rules_opt = { .forced_path = -1, .fail_on = SEVERITY_ERROR },
		.rules = rules, .diag = *diag,
	};
	char *files[CASE_MAX_FILES];
	int nr = case_files(path, files);
	struct store *st;

	analyze_files(&cap, files, nr);
	while (nr-- > 1)
		free(files[nr]);
	*diag = cap.diag;
	st = cap.store;
	cap.store = NULL;
	if (cap.status == STATUS_USAGE || cap.status == STATUS_INCOMPLETE) {
		store_close(st);
		st = NULL;
	}
	capture_fini(&cap);
	return st;
}

/* A file whose records show only on the way whose they are is replayed from the store. */
static bool exercise_file(struct capture *cap, const char *file, struct model **model, struct model_options *opt)
{
	if (!read_source(cap, file, *model, &cap->sources[0]))
		return false;
	if (!feed_starts_anew(cap->sources[0].feed))
		return true;
	model_free(*model);
	*model = NULL;
	if (settle_machines(cap) && store_derived_clear(cap->store))
		*model = model_new(opt, store_derived_sink(cap->store), &cap->diag);
	return *model && replay_cursor(cap, cap->store, *model);
}

bool capture_exercise(struct capture *cap, const char *file, struct coverage *coverage)
{
	bool is_database = store_probe(file), good;
	struct model_options opt;
	struct model *model;

	/* never finished: the database under its own name stays as it is */
	cap->store = is_database ? store_open_for_replay(file, &cap->diag) : store_create(NULL, &cap->diag);
	cap->sources = calloc(1, sizeof(*cap->sources));
	cap->nr_sources = cap->sources ? 1 : 0;
	model = cap->store && cap->sources ? new_model(cap, cap->store, NULL, &opt) : NULL;
	if (model)
		opt.coverage = coverage;
	good = model && (is_database ? replay_cursor(cap, cap->store, model) : exercise_file(cap, file, &model, &opt)) &&
	       model_end(model) && store_derived_end(cap->store);
	if (!good)
		cap->status = status_worse(cap->status, STATUS_INCOMPLETE);
	model_free(model);
	return good;
}

bool capture_replay(struct capture *cap, const char *db)
{
	bool good;

	cap->store = store_open_for_replay(db, &cap->diag);
	if (!cap->store) {
		cap->status = STATUS_INCOMPLETE;
		return false;
	}
	good = capture_derive(cap, cap->store, NULL) && judge(cap) && store_finish(cap->store);
	if (good)
		status_of_database(cap);
	else
		cap->status = status_worse(cap->status, STATUS_INCOMPLETE);
	return good;
}
