/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements of the rules' own, with parameters bound by name. */
#ifndef IRQPATH_RULES_DB_H
#define IRQPATH_RULES_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"

struct sqlite3;
struct sqlite3_stmt;

/* NULL at failure, reported with the SQL and SQLite's text. */
struct sqlite3_stmt *db_prepare(struct sqlite3 *db, const char *sql, struct diag_sink *diag);

/* name is ":name". NULL text, id 0 and NO_TIME are written as null. The text is borrowed until db_run(). */
void db_bind_text(struct sqlite3_stmt *stmt, const char *name, const char *text);
void db_bind_int(struct sqlite3_stmt *stmt, const char *name, int64_t value);
void db_bind_id(struct sqlite3_stmt *stmt, const char *name, int64_t id);
void db_bind_time(struct sqlite3_stmt *stmt, const char *name, int64_t t_ns);

/* A statement without rows; then it can be bound anew, all parameters null. False at failure, reported. */
bool db_run(struct sqlite3_stmt *stmt, struct diag_sink *diag);

/* Several statements without parameters and rows. */
bool db_exec(struct sqlite3 *db, const char *sql, struct diag_sink *diag);

/* Columns: null is NO_TIME, 0 and NULL (borrowed until the next step). */
int64_t db_column_time(struct sqlite3_stmt *stmt, int column);
const char *db_column_text(struct sqlite3_stmt *stmt, int column);

#endif
