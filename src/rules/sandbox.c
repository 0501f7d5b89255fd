/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/sandbox.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { STEPS_PER_CALL = 10000, HEAP_BYTES = 48 << 20 };

/* SQLITE_LIMIT_LENGTH leaves room for a packed chunk, which the virtual tables read over the same connection. */
static const struct {
	int id, value;
} limits[SANDBOX_LIMITS] = {
	{ SQLITE_LIMIT_LENGTH, 512 << 10 },
	{ SQLITE_LIMIT_SQL_LENGTH, 80 << 10 },
	{ SQLITE_LIMIT_COLUMN, 100 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 20 },
	{ SQLITE_LIMIT_VDBE_OP, 50000 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 32 },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 32 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

const char *const sandbox_tables[] = {
	"source", "clock", "record_kind", "signal", "gap", "snapshot_field", "snapshot_check",
	"event_text", "diag", "event", "object", "object_summary",
	"link", "step", "span", "obligation", "obligation_stat", "delivery", "ledger", "harm", "path", "rule",
	"rule_requires", "meta", NULL,
};

/* What is there besides, private or written by the rules. */
static const char *const other_tables[] = {
	"chunk", "delivery_chunk", "string", "verdict", "finding", "finding_event", "what_if", NULL,
};

static const char *const table_functions[] = { "json_each", "json_tree", NULL };

/* The same arguments give the same value, and no argument makes one large by itself. */
static const char *const functions[] = {
	"abs", "coalesce", "glob", "hex", "ifnull", "iif", "instr", "length", "like", "likelihood", "likely", "lower",
	"ltrim", "max", "min", "nullif", "quote", "replace", "round", "rtrim", "sign", "substr", "substring", "trim",
	"typeof", "unicode", "unlikely", "upper",
	"avg", "count", "group_concat", "sum", "total",
	"cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile", "percent_rank",
	"rank", "row_number",
	"->", "->>", "json", "json_array", "json_array_length", "json_extract", "json_group_array", "json_group_object",
	"json_object", "json_quote", "json_type", "json_valid", NULL,
};

static bool is_among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (!sqlite3_stricmp(*names, name))
			return true;
	return false;
}

static int refuse(struct sandbox *sb, const char *what, const char *name)
{
	if (!sb->refusal[0])
		snprintf(sb->refusal, sizeof(sb->refusal), "%s%.100s", what, name ? name : "");
	return SQLITE_DENY;
}

/*
 * SQLite asks with column "" where a statement reads a source of rows without any of its columns. The name may then be
 * that of a common table expression, which cannot be told from a table's here.
 */
static bool may_read(const char *table, const char *column)
{
	if (is_among(sandbox_tables, table) || is_among(table_functions, table))
		return true;
	return !column[0] && !is_among(other_tables, table) && sqlite3_strnicmp(table, "sqlite_", 7) &&
	       sqlite3_strnicmp(table, "pragma_", 7);
}

static int authorize(void *ctx, int action, const char *arg1, const char *arg2, const char *database,
		     const char *inside)
{
	struct sandbox *sb = ctx;

	(void)database;
	(void)inside;
	switch (action) {
	case SQLITE_SELECT:
		return SQLITE_OK;
	case SQLITE_READ:
		if (may_read(arg1, arg2))
			return SQLITE_OK;
		return refuse(sb, "reads what is no public table: ", arg1);
	case SQLITE_FUNCTION:
		return is_among(functions, arg2) ? SQLITE_OK
						 : refuse(sb, "calls a function that rules may not: ", arg2);
	case SQLITE_RECURSIVE:
		return refuse(sb, "is recursive", NULL);
	default:
		return refuse(sb, "does more than SELECT", NULL);
	}
}

static int count_steps(void *ctx)
{
	struct sandbox *sb = ctx;

	sb->steps_left -= STEPS_PER_CALL;
	return sb->steps_left < 0;
}

/*
 * Sorters would otherwise spill into files that no limit bounds. Table functions are connected at first use, by
 * statements that no rule may contain: that is done here, before the authorizer stands.
 */
static void prepare_connection(struct sqlite3 *db)
{
	sqlite3_exec(db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
	sqlite3_exec(db, "SELECT 1 FROM json_each('[]'), json_tree('[]') WHERE 0", NULL, NULL, NULL);
}

/* A view in a database from somebody else could pass for a public table. Returns what was set before. */
static int enable_views(struct sqlite3 *db, int enable)
{
	int before = 1;

	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, -1, &before);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, enable, NULL);
	return before;
}

void sandbox_enter(struct sandbox *sb, struct sqlite3 *db, int64_t steps)
{
	*sb = (struct sandbox){ .db = db, .steps_left = steps };
	prepare_connection(db);
	sb->saved_views = enable_views(db, 0);
	for (int i = 0; i < SANDBOX_LIMITS; i++)
		sb->saved[i] = sqlite3_limit(db, limits[i].id, limits[i].value);
	sb->saved_heap = sqlite3_hard_heap_limit64(-1);
	sqlite3_hard_heap_limit64(sqlite3_memory_used() + HEAP_BYTES);
	sqlite3_progress_handler(db, STEPS_PER_CALL, count_steps, sb);
}

void sandbox_leave(struct sandbox *sb)
{
	sqlite3_progress_handler(sb->db, 0, NULL, NULL);
	sqlite3_hard_heap_limit64(sb->saved_heap);
	enable_views(sb->db, sb->saved_views);
	for (int i = 0; i < SANDBOX_LIMITS; i++)
		sqlite3_limit(sb->db, limits[i].id, sb->saved[i]);
}

/* Blanks, comments and empty statements; anything else prepares to a statement or to an error. */
static bool is_empty(struct sqlite3 *db, const char *sql)
{
	while (*sql) {
		struct sqlite3_stmt *stmt = NULL;
		const char *tail = sql;
		int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, &tail);

		sqlite3_finalize(stmt);
		if (rc != SQLITE_OK || stmt || tail == sql)
			return false;
		sql = tail;
	}
	return true;
}

struct sqlite3_stmt *sandbox_prepare(struct sandbox *sb, const char *sql, const char **why, int *offset)
{
	struct sqlite3_stmt *stmt = NULL;
	const char *tail = sql;
	int rc;

	sb->refusal[0] = 0;
	*why = NULL;
	*offset = -1;
	sqlite3_set_authorizer(sb->db, authorize, sb);
	rc = sqlite3_prepare_v3(sb->db, sql, -1, 0, &stmt, &tail);
	if (rc != SQLITE_OK) {
		*offset = sqlite3_error_offset(sb->db);
		*why = sb->refusal[0] ? sb->refusal : sqlite3_errmsg(sb->db);
	} else if (!stmt) {
		*why = "holds no statement";
	} else if (!is_empty(sb->db, tail)) {
		*why = "holds more than one statement";
		*offset = (int)(tail - sql);
	} else if (!sqlite3_stmt_readonly(stmt)) {
		*why = "does more than SELECT";
	}
	sqlite3_set_authorizer(sb->db, NULL, NULL);
	if (!*why)
		return stmt;
	sqlite3_finalize(stmt);
	return NULL;
}
