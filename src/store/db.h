/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store's insides, for src/store alone. */
#ifndef IRQPATH_STORE_DB_H
#define IRQPATH_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "core/chunk.h"
#include "store/delivery.h"
#include "store/store.h"
#include "store/time.h"

enum { SCHEMA_APPLICATION_ID = 0x69727170, SCHEMA_VERSION = 1, MAX_SOURCES = 1 << 10, MAX_KEPT_QUERIES = 32 };

struct store_source {
	uint16_t machine;
	uint64_t hz;		/* its events count cycles, so many a second; 0: they have ns */
	struct time_map map;	/* of its ns to reference time */
	bool timeless;
	int64_t first_ns, last_ns;	/* NO_TIME: no event yet */
	char **strings;		/* by id; NULL: not fetched yet */
	uint32_t nr_strings;
};

enum insert {
	INSERT_SOURCE, INSERT_CLOCK, INSERT_STRING, INSERT_SIGNAL, INSERT_RECORD_KIND, INSERT_CHUNK, INSERT_GAP,
	INSERT_SNAPSHOT, INSERT_TEXT, INSERT_DIAG, INSERT_META, INSERT_OBJECT, INSERT_SUMMARY, INSERT_LINK, INSERT_STEP, INSERT_SPAN,
	INSERT_OBLIGATION, INSERT_DELIVERIES, INSERT_LEDGER, INSERT_STAT, INSERT_HARM, INSERT_PATH, INSERT_DUMP, NR_INSERTS,
};

/* Deliveries that are not written yet. */
struct delivery_block {
	struct delivery_packer packer;
	int64_t first_id;
	unsigned nr_rows;
	uint8_t *at;
	uint8_t bytes[CHUNK_MAX_BYTES];
};

struct store {
	sqlite3 *db;
	struct diag_sink *diag;
	char *path;		/* as it was given; NULL: temporary */
	char *target;		/* what is replaced: path, symbolic links followed */
	char *temporary;	/* file that is being written; NULL: none, or renamed already */
	bool writing;		/* between create and finish */
	bool failed;		/* reported; everything later fails silently */
	uint32_t nr_sources;
	struct store_source *sources;	/* source id - 1 */
	sqlite3_stmt *insert[NR_INSERTS];
	sqlite3_stmt *get_string, *get_chunk;
	struct chunk_reader *reader;	/* of cursor_seek() */
	struct derived_sink sink;
	struct delivery_block *deliveries;
	struct query *kept[MAX_KEPT_QUERIES];	/* closed queries over static SQL */
	unsigned nr_kept;
};

/* Reports once what SQLite says about the last call; returns false. */
bool store_fail(struct store *st, const char *what);

/* Reports once; returns false. */
bool store_fail_text(struct store *st, enum diag_code code, const char *text);

/* Runs statements that yield no rows. */
bool store_exec(struct store *st, const char *sql);

/* A statement that the store keeps in *slot. NULL at failure, reported. */
sqlite3_stmt *store_prepare(struct store *st, sqlite3_stmt **slot, const char *sql);

/* The indexes over derived tables; may be run again. */
extern const char store_index_sql[];

/* NULL where there is no such source. */
struct store_source *store_source(struct store *st, uint32_t source);

/* Writes the deliveries that are held back. */
bool store_flush_deliveries(struct store *st);

void query_free_kept(struct store *st);

/*
 * Inserts. A table's columns are one list of C(column, TYPE, expression over row); from it come the statement's text
 * and its bindings, so that the two cannot differ. TYPE: INT, ID (0 is null), TIME (NO_TIME is null), TEXT, NAME (NULL
 * and "" are null).
 */
sqlite3_stmt *store_insert(struct store *st, enum insert slot, const char *into, const char *columns,
			   unsigned nr_columns);
bool store_insert_done(struct store *st, sqlite3_stmt *stmt, int bind_rc);

static inline int bind_INT(sqlite3_stmt *stmt, int i, int64_t value)
{
	return sqlite3_bind_int64(stmt, i, value);
}

static inline int bind_ID(sqlite3_stmt *stmt, int i, int64_t id)
{
	return id ? sqlite3_bind_int64(stmt, i, id) : sqlite3_bind_null(stmt, i);
}

static inline int bind_TIME(sqlite3_stmt *stmt, int i, int64_t t_ns)
{
	return t_ns != NO_TIME ? sqlite3_bind_int64(stmt, i, t_ns) : sqlite3_bind_null(stmt, i);
}

/* The text must stay until the row is inserted. */
static inline int bind_TEXT(sqlite3_stmt *stmt, int i, const char *text)
{
	return sqlite3_bind_text(stmt, i, text ? text : "", -1, SQLITE_STATIC);
}

static inline int bind_NAME(sqlite3_stmt *stmt, int i, const char *text)
{
	return text && *text ? sqlite3_bind_text(stmt, i, text, -1, SQLITE_STATIC) : sqlite3_bind_null(stmt, i);
}

#define INSERT_NAME(column, type, value) "," #column
#define INSERT_COUNT(column, type, value) + 1
#define INSERT_BIND(column, type, value) rc |= bind_##type(stmt, ++i, value);

/* Defines static bool name(struct store *st, const struct ROW *row). into: "INSERT INTO table". */
#define DEFINE_INSERT(name, row_struct, slot, into, COLUMNS) \
	static bool name(struct store *st, const struct row_struct *row) \
	{ \
		sqlite3_stmt *stmt = store_insert(st, slot, into, COLUMNS(INSERT_NAME), 0 COLUMNS(INSERT_COUNT)); \
		int i = 0, rc = SQLITE_OK; \
		if (!stmt) \
			return false; \
		COLUMNS(INSERT_BIND) \
		return store_insert_done(st, stmt, rc); \
	}

#endif
