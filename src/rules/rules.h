/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules: loaded and checked before any capture is read, run over a database, their verdicts written into it. */
#ifndef IRQPATH_RULES_RULES_H
#define IRQPATH_RULES_RULES_H

#include <stdbool.h>
#include <stdio.h>

#include "core/diag.h"
#include "core/status.h"
#include "rules/rule.h"

struct rules;
struct store;

/* A folder of rule files. */
struct rules_dir {
	const char *path;	/* borrowed */
	bool may_lack;		/* no error where there is none */
};

/*
 * Loads and checks every *.sql of the folders; a file of a later folder replaces one of the same name. NULL where any
 * of it is wrong: all errors have then been reported. Rules stand in the order of their files' names.
 */
struct rules *rules_load(const struct rules_dir *dirs, unsigned nr_dirs, struct diag_sink *diag);
void rules_free(struct rules *rules);

unsigned rules_count(const struct rules *rules);
const struct rule *rules_get(const struct rules *rules, unsigned i);

/* NULL where there is none of that id. */
const struct rule *rules_find(const struct rules *rules, const char *id);

/* The rule's SQL with its parameters' values in their places; free() it. NULL at failure, reported. */
char *rules_expanded_sql(const struct rules *rules, const struct rule *rule, struct diag_sink *diag);

struct rules_options {
	const char *const *only;	/* --rule: ids to run; none: all */
	unsigned nr_only;
	const char *const *require;	/* --require: ids that must judge */
	unsigned nr_require;
	int forced_path;		/* --path: enum path, -1: as the database says */
	enum rule_severity fail_on;	/* --fail-on */
};

/*
 * Runs the rules over a database whose derived tables are complete and fills rule, rule_requires, verdict, finding and
 * finding_event anew. Returns what rules_status() says; STATUS_USAGE where an id is unknown or a rule had to be
 * stopped; STATUS_INCOMPLETE where the database cannot be written. What went wrong has been reported.
 */
enum status rules_run(const struct rules *rules, struct store *st, const struct rules_options *opt,
		      struct diag_sink *diag);

/*
 * The exit status that a judged database calls for: STATUS_FINDINGS, STATUS_NOT_JUDGED or STATUS_CLEAN. Needs no rules
 * loaded: of opt, only require and fail_on count.
 */
enum status rules_status(struct store *st, const struct rules_options *opt);

/*
 * Evidence gets its original text where the database has it by now (table event_text). For callers that fetch those
 * texts once the findings are known. False at failure, reported.
 */
bool rules_update_texts(struct store *st, struct diag_sink *diag);

/* How `irqpath rules test` has a case analyzed: into a database, all rules run. NULL at failure; store_close() it. */
struct rules_test_ops {
	struct store *(*analyze)(void *ctx, const struct rules *rules, const char *path, struct diag_sink *diag);
	void *ctx;
};

/*
 * Runs the cases of the rules (of one, where only is not NULL): "cases/ID/" beside each rule's file. Prints a line for
 * each that falls short, with what was expected, and a last line with counts. STATUS_CLEAN or STATUS_FINDINGS.
 */
enum status rules_test(const struct rules *rules, const char *only, const struct rules_test_ops *ops, FILE *out,
		       struct diag_sink *diag);

#endif
