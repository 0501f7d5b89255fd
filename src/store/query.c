/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/db.h"

struct query {
	struct store *st;
	const char *sql;	/* as given: the key of a kept query, only compared */
	sqlite3_stmt *stmt;
	bool failed;
};

/* A query does not spoil the store: the next one may do better. */
static void report(struct store *st, const char *text)
{
	int rc = sqlite3_errcode(st->db) & 0xff;
	enum diag_code code = DIAG_USAGE;

	if (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB || rc == SQLITE_IOERR || rc == SQLITE_CANTOPEN)
		code = st->writing ? DIAG_STORE_FAILED : DIAG_BAD_DATABASE;
	else if (rc == SQLITE_FULL || rc == SQLITE_NOMEM)
		code = DIAG_STORE_FAILED;
	diag_report(st->diag, code, (struct diag_pos){ .path = st->path }, "SQL: %s%s", text,
		    code == DIAG_USAGE ? "; 'irqpath help schema' tells tables and columns" : "");
}

/* Pointer and text: the memory of another statement's text may be used again. */
static struct query *take_kept(struct store *st, const char *sql)
{
	for (unsigned i = 0; i < st->nr_kept; i++) {
		struct query *q = st->kept[i];

		if (q->sql == sql && !strcmp(sqlite3_sql(q->stmt), sql)) {
			st->kept[i] = st->kept[--st->nr_kept];
			return q;
		}
	}
	return NULL;
}

/* Blanks and comments prepare to no statement; an error is something, too. */
static bool is_empty(sqlite3 *db, const char *tail)
{
	sqlite3_stmt *stmt = NULL;
	bool empty = sqlite3_prepare_v2(db, tail, -1, &stmt, NULL) == SQLITE_OK && !stmt;

	sqlite3_finalize(stmt);
	return empty;
}

/* Why the statement is refused; NULL where it is not. */
static const char *refusal(const struct query *q, const char *tail)
{
	if (!q->stmt)
		return "no statement";
	if (!is_empty(q->st->db, tail))
		return "more than one statement";
	if (!sqlite3_stmt_readonly(q->stmt))
		return "writes; the database is only read";
	return NULL;
}

static bool prepare(struct query *q, const char *sql)
{
	const char *tail = sql, *why;

	if (sqlite3_prepare_v3(q->st->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, &tail) != SQLITE_OK) {
		report(q->st, sqlite3_errmsg(q->st->db));
		return false;
	}
	why = refusal(q, tail);
	if (why)
		report(q->st, why);
	return !why;
}

static void query_free(struct query *q)
{
	sqlite3_finalize(q->stmt);
	free(q);
}

struct query *query_open(struct store *st, const char *sql)
{
	struct query *q = take_kept(st, sql);

	if (q)
		return q;
	q = calloc(1, sizeof(*q));
	if (!q) {
		report(st, "out of memory");
		return NULL;
	}
	q->st = st;
	q->sql = sql;
	if (prepare(q, sql))
		return q;
	query_free(q);
	return NULL;
}

static int parameter(const struct query *q, const char *name)
{
	char with_colon[64];

	snprintf(with_colon, sizeof(with_colon), ":%s", name);
	return sqlite3_bind_parameter_index(q->stmt, with_colon);
}

void query_bind_int(struct query *q, const char *name, int64_t value)
{
	sqlite3_bind_int64(q->stmt, parameter(q, name), value);
}

void query_bind_text(struct query *q, const char *name, const char *value)
{
	sqlite3_bind_text(q->stmt, parameter(q, name), value, -1, SQLITE_TRANSIENT);
}

bool query_next(struct query *q)
{
	int rc = q->failed ? SQLITE_DONE : sqlite3_step(q->stmt);

	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE) {
		q->failed = true;
		report(q->st, sqlite3_errmsg(q->st->db));
	}
	return false;
}

bool query_failed(const struct query *q)
{
	return q->failed;
}

int query_columns(const struct query *q)
{
	return sqlite3_column_count(q->stmt);
}

const char *query_column_name(const struct query *q, int col)
{
	return sqlite3_column_name(q->stmt, col);
}

enum query_type query_type(const struct query *q, int col)
{
	switch (sqlite3_column_type(q->stmt, col)) {
	case SQLITE_INTEGER: return QUERY_INT;
	case SQLITE_FLOAT: return QUERY_REAL;
	case SQLITE_TEXT: return QUERY_TEXT;
	case SQLITE_BLOB: return QUERY_BLOB;
	default: return QUERY_NULL;
	}
}

int64_t query_int(const struct query *q, int col)
{
	return sqlite3_column_int64(q->stmt, col);
}

double query_real(const struct query *q, int col)
{
	return sqlite3_column_double(q->stmt, col);
}

const char *query_text(const struct query *q, int col)
{
	return (const char *)sqlite3_column_text(q->stmt, col);
}

void query_close(struct query *q)
{
	if (!q)
		return;
	if (q->failed || q->st->nr_kept == MAX_KEPT_QUERIES) {
		query_free(q);
		return;
	}
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
	q->st->kept[q->st->nr_kept++] = q;
}

void query_free_kept(struct store *st)
{
	while (st->nr_kept)
		query_free(st->kept[--st->nr_kept]);
}

int64_t query_one_int(struct store *st, const char *sql, int64_t fallback)
{
	struct query *q = query_open(st, sql);
	int64_t value = fallback;

	if (q && query_next(q) && query_type(q, 0) != QUERY_NULL)
		value = query_int(q, 0);
	query_close(q);
	return value;
}

int64_t query_software_end_ns(struct store *st)
{
	return query_one_int(st, "SELECT coalesce(max(c.until_ns) + 1, 9223372036854775807) FROM source s JOIN clock c ON c.source = s.id"
				 " WHERE s.layer IN ('kernel', 'hypervisor') AND s.timeless IS NOT 1"
				 " AND EXISTS (SELECT 1 FROM signal g WHERE g.source = s.id AND g.grade = 'complete')", INT64_MAX);
}

bool query_counts_cycles(struct store *st)
{
	return query_one_int(st, "SELECT cycles FROM source WHERE timeless IS NOT 1 ORDER BY id LIMIT 1", 0);
}

bool query_is_apart(struct store *st, int64_t event, int64_t at_ns, enum text_unit *unit)
{
	struct query *q = query_open(st, "SELECT s.cycles FROM source s JOIN clock c ON c.source = s.id"
					 " WHERE s.id = :event >> 43 AND c.method = 'assumed' AND s.timeless IS NOT 1"
					 " AND :at BETWEEN c.first_ns AND max(c.last_ns, c.until_ns)");
	bool apart = false;

	if (q) {
		query_bind_int(q, "event", event);
		query_bind_int(q, "at", at_ns);
		apart = query_next(q);
		if (apart)
			*unit = query_int(q, 0) ? TEXT_CYCLES : TEXT_NS;
	}
	query_close(q);
	return apart;
}

bool query_has_no_times(struct store *st)
{
	return query_one_int(st, "SELECT count(*) > 0 AND sum(clock IS NOT '" SOURCE_CLOCK_ORDER "') = 0 FROM source", 0);
}
