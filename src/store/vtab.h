/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual tables over packed rows: the rows are in the blobs of an ordinary table, which carries the range that each
 * blob covers. What is common to all of them is here; a table is a struct packed_table.
 */
#ifndef IRQPATH_STORE_VTAB_H
#define IRQPATH_STORE_VTAB_H

#include <stdbool.h>
#include <stdint.h>

#include "store/sqlite_api.h"

enum { PACKED_MAX_KEYS = 4, PACKED_MAX_PARAMETERS = 8 };

/* Bounds of a key, both included. */
struct packed_range {
	int64_t lo, hi;
};

struct packed_filter {
	struct packed_range key[PACKED_MAX_KEYS];
};

enum packed_status { PACKED_ROW, PACKED_END, PACKED_DAMAGED };

struct packed_table {
	const char *name;
	const char *columns;		/* "CREATE TABLE x(…)" */
	int key_column[PACKED_MAX_KEYS]; /* whose constraints become ranges; -1 terminated; the first is unique */

	/*
	 * Ids of the blobs that can hold such rows, in the order of rows. Takes the parameters that bounds() makes from
	 * the filter, ?1 and up.
	 */
	const char *list_sql;
	unsigned nr_parameters;
	void (*bounds)(const struct packed_filter *filter, int64_t *parameter);

	/* One blob, by its id as ?1. Columns as start() wants them. */
	const char *fetch_sql;

	/* State of one scan. NULL when memory is short; close accepts NULL. */
	void *(*open)(sqlite3 *db);
	void (*close)(void *scan);

	/* Begins on a row of fetch_sql, whose blob stays valid until the next one. False where it cannot be. */
	bool (*start)(void *scan, sqlite3_stmt *blob);

	/* The next row that is not ruled out by the filter; a row may be let through that SQLite then drops. */
	enum packed_status (*next)(void *scan, const struct packed_filter *filter);
	int (*column)(void *scan, sqlite3_context *out, int column);
	int64_t (*rowid)(const void *scan);
};

extern const struct packed_table vtab_event, vtab_delivery;

/* Makes "event" and "delivery" known on the connection. An SQLite result code. */
int vtab_register_all(sqlite3 *db);

#endif
