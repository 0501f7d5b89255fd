/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/db.h"

#include <sqlite3.h>

#include "core/derived.h"

static void report(struct sqlite3 *db, const char *sql, struct diag_sink *diag)
{
	diag_report(diag, DIAG_STORE_FAILED, (struct diag_pos){ 0 }, "%s (in: %.200s)", sqlite3_errmsg(db), sql);
}

struct sqlite3_stmt *db_prepare(struct sqlite3 *db, const char *sql, struct diag_sink *diag)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		report(db, sql, diag);
	return stmt;
}

void db_bind_text(struct sqlite3_stmt *stmt, const char *name, const char *text)
{
	sqlite3_bind_text(stmt, sqlite3_bind_parameter_index(stmt, name), text, -1, SQLITE_STATIC);
}

void db_bind_int(struct sqlite3_stmt *stmt, const char *name, int64_t value)
{
	sqlite3_bind_int64(stmt, sqlite3_bind_parameter_index(stmt, name), value);
}

void db_bind_id(struct sqlite3_stmt *stmt, const char *name, int64_t id)
{
	if (id)
		db_bind_int(stmt, name, id);
}

void db_bind_time(struct sqlite3_stmt *stmt, const char *name, int64_t t_ns)
{
	if (t_ns != NO_TIME)
		db_bind_int(stmt, name, t_ns);
}

bool db_run(struct sqlite3_stmt *stmt, struct diag_sink *diag)
{
	bool done = sqlite3_step(stmt) == SQLITE_DONE;

	if (!done)
		report(sqlite3_db_handle(stmt), sqlite3_sql(stmt), diag);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return done;
}

bool db_exec(struct sqlite3 *db, const char *sql, struct diag_sink *diag)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	report(db, sql, diag);
	return false;
}

int64_t db_column_time(struct sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt, column) == SQLITE_NULL ? NO_TIME : sqlite3_column_int64(stmt, column);
}

const char *db_column_text(struct sqlite3_stmt *stmt, int column)
{
	return (const char *)sqlite3_column_text(stmt, column);
}
