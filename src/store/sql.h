/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The database as SQLite sees it, for src/rules alone: rules are SQL. Everybody else uses query.h and cursor.h.
 */
#ifndef IRQPATH_STORE_SQL_H
#define IRQPATH_STORE_SQL_H

struct sqlite3;
struct store;

/* The store's connection, with the virtual tables "event" and "delivery". Borrowed; stays the store's. */
struct sqlite3 *store_connection(struct store *st);

/* schema.sql as text. */
extern const char store_schema_sql[];

/* The columns of the virtual tables as their modules declare them: "CREATE TABLE x(id INTEGER, …)". */
extern const char store_event_columns[];
extern const char store_delivery_columns[];

#endif
