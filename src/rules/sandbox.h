/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What SQL from a rule file may do on a connection: one SELECT over the public tables, with functions that depend on
 * nothing but their arguments, in bounded time and memory. Rules come from other people.
 */
#ifndef IRQPATH_RULES_SANDBOX_H
#define IRQPATH_RULES_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

enum { SANDBOX_LIMITS = 12, SANDBOX_REFUSAL_MAX = 160 };

struct sandbox {
	struct sqlite3 *db;
	int saved[SANDBOX_LIMITS];
	int saved_views;
	int64_t saved_heap;		/* bytes */
	int64_t steps_left;		/* of SQLite's virtual machine; < 0: used up */
	char refusal[SANDBOX_REFUSAL_MAX];	/* why the last statement was refused, "" where SQLite itself did */
};

/* Steps that one rule may take; some ten seconds. */
#define SANDBOX_STEPS INT64_C(1000000000)

/* Sets the limits on the connection, for one rule; sandbox_leave() puts back what was. */
void sandbox_enter(struct sandbox *sb, struct sqlite3 *db, int64_t steps);
void sandbox_leave(struct sandbox *sb);

/*
 * Prepares sql under the authorizer, which is on for this call alone: the virtual tables prepare statements of their
 * own while the rule runs. NULL where it is refused, does not parse or is more than one statement: *why then says what
 * is wrong (borrowed until the next call on the sandbox or connection) and *offset where, -1 where that is not known.
 */
struct sqlite3_stmt *sandbox_prepare(struct sandbox *sb, const char *sql, const char **why, int *offset);

/* True where a failed step was stopped because the budget was used up. */
static inline bool sandbox_exhausted(const struct sandbox *sb)
{
	return sb->steps_left < 0;
}

/* The tables that rules may read, NULL at the end. */
extern const char *const sandbox_tables[];

#endif
