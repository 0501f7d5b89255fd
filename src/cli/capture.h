/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From files to a judged database: the one place where reading, storing, modelling and judging meet. */
#ifndef IRQPATH_CLI_CAPTURE_H
#define IRQPATH_CLI_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "core/diag.h"
#include "core/status.h"
#include "model/whatif.h"
#include "rules/rules.h"

struct coverage;
struct feed;
struct ingest;
struct report_options;
struct store;

/* Options of every command that reads captures. */
struct capture_options {
	const char *db;			/* --db */
	struct option_list machines;	/* --machine FILE=NAME */
	struct option_list ats;		/* --at FILE=start|end|TIME */
	const char *path;		/* --path */
	struct option_list rules_dirs, rule, require;
	const char *fail_on;
	const char *keep;		/* --keep */
	struct option_list assume;	/* --assume, checked */
	bool what_if;			/* --what-if */
	const char *tsc_hz;		/* --tsc-hz */
	bool in_process, quiet;
	unsigned verbose;
};

/* A table for struct usage; its values point into opt. Terminated. */
enum { CAPTURE_NR_OPTIONS = 16 };	/* with the end */
void capture_option_table(struct option table[CAPTURE_NR_OPTIONS], struct capture_options *opt);

/* A file whose reader is still there, and what it reports to. */
struct capture_source {
	struct ingest *reader;
	struct feed *feed;
};

/* What the options mean, checked; usage errors are printed. */
struct capture {
	struct capture_options opt;
	struct rules_options rules_opt;
	uint64_t tsc_hz;		/* 0: not told */
	const struct rules *rules;
	struct rules *own_rules;	/* NULL: rules are the caller's */
	struct diag_sink diag;
	struct whatif whatif;		/* --assume: what was recorded, what is assumed, what came of it */
	struct store *store;		/* judged, and under its own name if it has one */
	struct capture_source *sources;	/* owned, of the captures just read, for the texts of records */
	int nr_sources;
	enum status status;
};

/*
 * Checks the options, loads the rules. False with status set where that fails; capture_fini() in any case.
 */
bool capture_init(struct capture *cap, const struct usage *usage, const struct capture_options *opt);
void capture_fini(struct capture *cap);

/*
 * Reads, replays and judges the files, or takes a judged database as it is where the only file is one. False where
 * there is no database to report from; cap->status is the exit status in any case.
 */
bool capture_analyze(struct capture *cap, char **files, int nr_files);

/*
 * A command that reads captures, from its checked options on: captures read and judged, then work() on what is in
 * cap->store. Returns what work() does or, where there is nothing to work on, cap->status.
 */
enum status capture_run(const struct usage *usage, const struct capture_options *opt, char **files, int nr_files,
			enum status (*work)(struct capture *cap, void *ctx), void *ctx);

/*
 * Writes a report to path, or to stdout where that is NULL, with what the stream and the options ask for. False where it
 * could not be written, or write() says so: a file is then as it was before.
 */
bool capture_write(const struct capture *cap, const char *path,
		   bool (*write)(void *ctx, const struct report_options *opt, FILE *out), void *ctx);

/* Exit status of a command that was asked for facts, not for a verdict. */
enum status capture_told(const struct capture *cap, bool good);

/*
 * The record at an event's offset as its format's own tool prints it. cap is a struct capture. False where its capture
 * is not at hand: a database was read, or the reader is gone.
 */
bool capture_text(void *cap, uint32_t source, uint64_t offset, char *buf, size_t len);

/*
 * Replays one capture or database anew, judges nothing, and adds to coverage which cells it exercised. What it derived
 * is in cap->store; a database stays as it is. False at failure; cap->status says how it went.
 */
bool capture_exercise(struct capture *cap, const char *file, struct coverage *coverage);

/* Phase B without rules: all that a store's facts give, under other quirks where whatif is not NULL. False at failure. */
bool capture_derive(struct capture *cap, struct store *st, struct whatif *whatif);

/*
 * One file, and beside NAME.events NAME.2.events, NAME.3.events, ... as far as they are there, judged, quietly and in this
 * process, with rules that stay the caller's. NULL at failure, reported.
 */
struct store *capture_analyze_case(const struct rules *rules, const char *path, struct diag_sink *diag);

/* Phase B again over a database's facts, into the same file. */
bool capture_replay(struct capture *cap, const char *db);

#endif
