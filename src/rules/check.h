/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The strict checker: a rule is prepared against an empty database in which only the public tables exist. */
#ifndef IRQPATH_RULES_CHECK_H
#define IRQPATH_RULES_CHECK_H

#include <stdbool.h>

#include "core/diag.h"

struct rule;
struct rule_checker;
struct sandbox;
struct sqlite3_stmt;

/* X(SYMBOL, "column", required) */
#define RULE_COLUMN_LIST(X) \
	X(OBJECT,      "object",      true)  /* object.id; null: the capture as a whole */ \
	X(VERDICT,     "verdict",     true)  /* pass, fail, inconclusive; late: as the header's "late" says */ \
	X(REASON,      "reason",      false) /* of inconclusive */ \
	X(FIRST_EVENT, "first_event", true)  \
	X(LAST_EVENT,  "last_event",  false) \
	X(START_NS,    "start_ns",    false) \
	X(END_NS,      "end_ns",      false) \
	X(EVENTS,      "events",      false) /* JSON array of {event, role}; null events are left out */ \
	X(LAYER,       "layer",       false) \
	X(SIGNATURE,   "signature",   false) \
	X(BLAME,       "blame",       false) \
	X(MISSING,     "missing",     false) /* JSON array of kind[@witness]; nulls are left out */ \
	X(SEVERITY,    "severity",    false)

enum rule_column {
#define X(sym, name, required) COLUMN_##sym,
	RULE_COLUMN_LIST(X)
#undef X
	NR_RULE_COLUMNS
};

extern const char *const rule_column_names[NR_RULE_COLUMNS];

/* NULL at failure, reported. */
struct rule_checker *rule_checker_new(struct diag_sink *diag);
void rule_checker_free(struct rule_checker *rc);

/* False where the rule is refused; why and where has been reported. */
bool rule_check(struct rule_checker *rc, const struct rule *rule, struct diag_sink *diag);

/* The rule's statement with the values of its parameters in their places; free() it. NULL at failure, reported. */
char *rule_expanded_sql(struct rule_checker *rc, const struct rule *rule, struct diag_sink *diag);

/*
 * Prepares the rule in a sandbox and binds its parameters; at[] gets the index of each column, -1 where the statement
 * has none. NULL where it is refused; reported.
 */
struct sqlite3_stmt *rule_prepare(struct sandbox *sb, const struct rule *rule, int at[NR_RULE_COLUMNS],
				  struct diag_sink *diag);

#endif
