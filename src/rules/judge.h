/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What src/rules knows of a row while it judges: shared by rows.c, verdict.c and finding.c. */
#ifndef IRQPATH_RULES_JUDGE_H
#define IRQPATH_RULES_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/derived.h"
#include "core/diag.h"
#include "rules/rule.h"

struct sandbox;
struct signal_set;
struct sqlite3;
struct store;

/* X(SYMBOL, "reason", "meaning") */
#define REASON_LIST(X) \
	X(NO_SIGNAL,   "no-signal",   "what would decide is not recorded") \
	X(GAP,         "gap",         "records were lost over the deciding moment") \
	X(START,       "start",       "it began before the capture") \
	X(END,         "end",         "the capture ends before the deadline") \
	X(ORDER,       "order",       "the order of the deciding records is not proven") \
	X(QUIRK,       "quirk",       "it depends on a behaviour that is not known of this version") \
	X(NO_STIMULUS, "no-stimulus", "nothing happened that would have shown it")

enum reason {
	REASON_NONE,
#define X(sym, name, doc) REASON_##sym,
	REASON_LIST(X)
#undef X
	NR_REASONS
};

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_INCONCLUSIVE, NR_VERDICTS };

extern const char *const verdict_names[NR_VERDICTS];
extern const char *const reason_names[NR_REASONS];	/* NULL for REASON_NONE */

/* X(SYMBOL, "role") */
#define ROLE_LIST(X) \
	X(CAUSE, "cause") X(LAST_GOOD, "last_good") X(FIRST_MISSED, "first_missed") X(EXPECTED, "expected") \
	X(HARM, "harm") X(CONSEQUENCE, "consequence")

enum role {
#define X(sym, name) ROLE_##sym,
	ROLE_LIST(X)
#undef X
	NR_ROLES
};

extern const char *const role_names[NR_ROLES];

enum { ROWS_MAX = 100000, ROWS_MAX_BYTES = 32 << 20, ROW_MAX_EVIDENCE = 64, ROW_MAX_MISSING = 128, ROW_MAX_TEXT = 512 };

struct evidence {
	int64_t event;
	enum role role;
};

/* One row of a rule, as it gave it; texts and arrays are owned, NULL where absent. */
struct row {
	int64_t object;		/* 0: the capture as a whole */
	enum verdict verdict;
	enum reason reason;
	enum rule_severity severity;
	int64_t first_event, last_event;	/* 0: none */
	int64_t start_ns, end_ns;		/* NO_TIME: unknown; start: from before the capture */
	char *layer, *signature, *blame;
	struct evidence *evidence;
	struct rule_signal *missing;
	uint16_t nr_evidence, nr_missing;
	unsigned seq;		/* in the rule's own order */
};

struct rows {
	struct row *row;
	size_t nr, room, bytes;
};

/*
 * Runs one rule in a sandbox and collects its rows, sorted by object, start and the rule's own order. False where it
 * had to be stopped or gave what no rule may give: reported, rows empty.
 */
bool rows_collect(struct rows *rows, struct sqlite3 *db, const struct rule *rule, struct diag_sink *diag);
void rows_clear(struct rows *rows);

/* About the object that a row judges. Texts are borrowed for the judging of that object. */
struct subject {
	int64_t object;		/* 0: the capture as a whole */
	const char *machine;	/* NULL: none, or no certain one */
	const char *anchor;
	enum path path;
	uint32_t possible;	/* a bit each: paths that it may be on, where none is known */
};

/* Findings of all rules of a run, until they are written. */
struct findings;

struct findings *findings_new(void);
void findings_free(struct findings *fs);

/* Adds the fails among an object's rows of one rule. False when memory is short. */
bool findings_add(struct findings *fs, const struct rule *rule, const struct subject *sub, const struct row *row,
		  size_t nr);

/* Gives ids and writes finding and finding_event. capture_end_ns: of the last event. False at failure, reported. */
bool findings_write(struct findings *fs, struct store *st, int64_t capture_end_ns, struct diag_sink *diag);

#endif
