/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/vtab.h"

#include <stddef.h>

struct packed_vtab {
	sqlite3_vtab base;
	sqlite3 *db;
	const struct packed_table *table;
};

struct packed_cursor {
	sqlite3_vtab_cursor base;
	sqlite3_stmt *list, *fetch;
	void *scan;
	struct packed_filter filter;
	int64_t blob;		/* where the scan is */
	bool in_blob, at_end;
	bool can_go_on;		/* what is looked for lies behind the scan's last row, where it is in that blob */
};

static const struct packed_table *cursor_table(const struct packed_cursor *pc)
{
	return ((const struct packed_vtab *)pc->base.pVtab)->table;
}

static int packed_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **message)
{
	const struct packed_table *table = aux;
	struct packed_vtab *pv;
	int rc = sqlite3_declare_vtab(db, table->columns);

	(void)argc;
	(void)argv;
	(void)message;
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	pv = sqlite3_malloc(sizeof(*pv));
	if (!pv)
		return SQLITE_NOMEM;
	*pv = (struct packed_vtab){ .db = db, .table = table };
	*out = &pv->base;
	return SQLITE_OK;
}

static int packed_disconnect(sqlite3_vtab *vtab)
{
	sqlite3_free(vtab);
	return SQLITE_OK;
}

static int key_of_column(const struct packed_table *table, int column)
{
	for (int key = 0; key < PACKED_MAX_KEYS && table->key_column[key] >= 0; key++)
		if (table->key_column[key] == column || (column < 0 && key == 0))
			return key;
	return -1;
}

static char operator_letter(int op)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ: return '=';
	case SQLITE_INDEX_CONSTRAINT_GT: return '>';
	case SQLITE_INDEX_CONSTRAINT_GE: return 'g';
	case SQLITE_INDEX_CONSTRAINT_LT: return '<';
	case SQLITE_INDEX_CONSTRAINT_LE: return 'l';
	default: return 0;
	}
}

/* Rough, but in the right order: one row by id, then ranges of any key, then everything. */
static void estimate(sqlite3_index_info *info, bool by_id, unsigned nr_equal, unsigned nr_ranges)
{
	double rows = 1e6;

	for (; nr_equal; nr_equal--)
		rows /= 20;
	for (; nr_ranges; nr_ranges--)
		rows /= 4;
	if (rows < 2 || by_id)
		rows = 1;
	info->estimatedRows = (sqlite3_int64)rows;
	info->estimatedCost = by_id ? 2000 : 4000 + rows;
	if (by_id)
		info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
}

/* The plan is a string: per argument of packed_filter() the key's number and an operator's letter. */
static int packed_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
	const struct packed_table *table = ((struct packed_vtab *)vtab)->table;
	unsigned nr_equal = 0, nr_ranges = 0;
	char plan[64];
	int n = 0;
	bool by_id = false;

	for (int i = 0; i < info->nConstraint && n + 2 < (int)sizeof(plan); i++) {
		int key = key_of_column(table, info->aConstraint[i].iColumn);
		char op = operator_letter(info->aConstraint[i].op);

		if (!info->aConstraint[i].usable || key < 0 || !op)
			continue;
		plan[n] = (char)('0' + key);
		plan[n + 1] = op;
		n += 2;
		info->aConstraintUsage[i].argvIndex = n / 2;	/* omit stays 0: SQLite checks every row again */
		by_id |= op == '=' && key == 0;
		nr_equal += op == '=';
		nr_ranges += op != '=';
	}
	plan[n] = 0;
	info->idxStr = sqlite3_mprintf("%s", plan);
	info->needToFreeIdxStr = 1;
	estimate(info, by_id, nr_equal, nr_ranges);
	return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

static int packed_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
	struct packed_vtab *pv = (struct packed_vtab *)vtab;
	struct packed_cursor *pc = sqlite3_malloc(sizeof(*pc));
	int rc = SQLITE_NOMEM;

	if (!pc)
		return SQLITE_NOMEM;
	*pc = (struct packed_cursor){ .scan = pv->table->open(pv->db) };
	if (pc->scan)
		rc = sqlite3_prepare_v2(pv->db, pv->table->list_sql, -1, &pc->list, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(pv->db, pv->table->fetch_sql, -1, &pc->fetch, NULL);
	if (rc == SQLITE_OK) {
		*out = &pc->base;
		return SQLITE_OK;
	}
	sqlite3_free(vtab->zErrMsg);
	vtab->zErrMsg = sqlite3_mprintf("%s: %s", pv->table->name, sqlite3_errmsg(pv->db));
	sqlite3_finalize(pc->list);
	pv->table->close(pc->scan);
	sqlite3_free(pc);
	return rc;
}

static int packed_close(sqlite3_vtab_cursor *cursor)
{
	struct packed_cursor *pc = (struct packed_cursor *)cursor;

	sqlite3_finalize(pc->list);
	sqlite3_finalize(pc->fetch);
	cursor_table(pc)->close(pc->scan);
	sqlite3_free(pc);
	return SQLITE_OK;
}

static int packed_fail(struct packed_cursor *pc, int rc, const char *what)
{
	sqlite3_vtab *vtab = pc->base.pVtab;

	sqlite3_free(vtab->zErrMsg);
	vtab->zErrMsg = sqlite3_mprintf("%s: %s", cursor_table(pc)->name, what);
	pc->at_end = true;
	return rc;
}

/* Moves to the next blob; sets at_end behind the last. */
static int next_blob(struct packed_cursor *pc)
{
	sqlite3 *db = ((struct packed_vtab *)pc->base.pVtab)->db;
	int rc = sqlite3_step(pc->list);
	bool goes_on = pc->can_go_on && rc == SQLITE_ROW && sqlite3_column_int64(pc->list, 0) == pc->blob;

	pc->can_go_on = false;
	pc->in_blob = goes_on;
	pc->at_end = rc == SQLITE_DONE;
	if (goes_on || rc == SQLITE_DONE)
		return SQLITE_OK;
	if (rc != SQLITE_ROW)
		return packed_fail(pc, rc, sqlite3_errmsg(db));
	pc->blob = sqlite3_column_int64(pc->list, 0);
	sqlite3_reset(pc->fetch);
	sqlite3_bind_value(pc->fetch, 1, sqlite3_column_value(pc->list, 0));
	rc = sqlite3_step(pc->fetch);
	if (rc != SQLITE_ROW)
		return packed_fail(pc, rc == SQLITE_DONE || rc == SQLITE_TOOBIG ? SQLITE_CORRUPT : rc,
				   "packed rows cannot be read");
	if (!cursor_table(pc)->start(pc->scan, pc->fetch))
		return packed_fail(pc, SQLITE_CORRUPT, "packed rows are damaged");
	pc->in_blob = true;
	return SQLITE_OK;
}

/* The first row that the filter lets through, from where the scan is. */
static int find_row(struct packed_cursor *pc)
{
	for (;;) {
		enum packed_status status = PACKED_END;
		int rc;

		if (pc->in_blob)
			status = cursor_table(pc)->next(pc->scan, &pc->filter);
		if (status == PACKED_ROW)
			return SQLITE_OK;
		if (status != PACKED_END)
			return packed_fail(pc, SQLITE_CORRUPT, "packed rows are damaged");
		rc = next_blob(pc);
		if (rc != SQLITE_OK || pc->at_end)
			return rc;
	}
}

static bool is_unique(const struct packed_filter *filter)
{
	return filter->key[0].lo == filter->key[0].hi;
}

static int packed_next(sqlite3_vtab_cursor *cursor)
{
	struct packed_cursor *pc = (struct packed_cursor *)cursor;

	if (!is_unique(&pc->filter))
		return find_row(pc);
	pc->at_end = true;
	return SQLITE_OK;
}

/*
 * Rows that are looked up by their unique key come mostly in its order: the scan then goes on, where it would begin its blob
 * anew for each.
 */
static bool can_go_on(const struct packed_cursor *pc, bool was_unique)
{
	return was_unique && pc->in_blob && is_unique(&pc->filter) &&
	       cursor_table(pc)->rowid(pc->scan) < pc->filter.key[0].lo;
}

/* False where the value bounds nothing: SQLite checks every row again, so a range may be too wide. */
static bool value_bounds(sqlite3_value *value, char op, struct packed_range *out)
{
	double real;

	if (sqlite3_value_type(value) == SQLITE_INTEGER) {
		out->lo = out->hi = sqlite3_value_int64(value);
		if ((op == '>' && out->lo == INT64_MAX) || (op == '<' && out->hi == INT64_MIN))
			return false;
		out->lo += op == '>';
		out->hi -= op == '<';
		return true;
	}
	if (sqlite3_value_type(value) != SQLITE_FLOAT)
		return false;
	real = sqlite3_value_double(value);
	if (!(real > -9e18 && real < 9e18))
		return false;
	out->lo = (int64_t)real - 1;
	out->hi = (int64_t)real + 1;
	return true;
}

static void narrow(struct packed_range *range, char op, sqlite3_value *value)
{
	struct packed_range by;

	if (sqlite3_value_type(value) == SQLITE_NULL) {	/* no comparison with null holds */
		*range = (struct packed_range){ .lo = INT64_MAX, .hi = INT64_MIN };
		return;
	}
	if (!value_bounds(value, op, &by))
		return;
	if ((op == '=' || op == '>' || op == 'g') && by.lo > range->lo)
		range->lo = by.lo;
	if ((op == '=' || op == '<' || op == 'l') && by.hi < range->hi)
		range->hi = by.hi;
}

static int packed_filter(sqlite3_vtab_cursor *cursor, int plan_number, const char *plan, int argc, sqlite3_value **argv)
{
	struct packed_cursor *pc = (struct packed_cursor *)cursor;
	const struct packed_table *table = cursor_table(pc);
	int64_t parameter[PACKED_MAX_PARAMETERS] = { 0 };
	bool was_unique = is_unique(&pc->filter);

	(void)plan_number;
	for (int key = 0; key < PACKED_MAX_KEYS; key++)
		pc->filter.key[key] = (struct packed_range){ .lo = INT64_MIN, .hi = INT64_MAX };
	for (int i = 0; i < argc; i++)
		narrow(&pc->filter.key[plan[2 * i] - '0'], plan[2 * i + 1], argv[i]);
	pc->can_go_on = can_go_on(pc, was_unique);
	pc->in_blob = false;
	pc->at_end = true;
	for (int key = 0; key < PACKED_MAX_KEYS; key++)
		if (pc->filter.key[key].lo > pc->filter.key[key].hi)
			return SQLITE_OK;

	table->bounds(&pc->filter, parameter);
	sqlite3_reset(pc->list);
	for (unsigned i = 0; i < table->nr_parameters; i++)
		sqlite3_bind_int64(pc->list, (int)i + 1, parameter[i]);
	pc->at_end = false;
	return find_row(pc);
}

static int packed_eof(sqlite3_vtab_cursor *cursor)
{
	return ((struct packed_cursor *)cursor)->at_end;
}

static int packed_column(sqlite3_vtab_cursor *cursor, sqlite3_context *out, int column)
{
	struct packed_cursor *pc = (struct packed_cursor *)cursor;

	return cursor_table(pc)->column(pc->scan, out, column);
}

static int packed_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
	struct packed_cursor *pc = (struct packed_cursor *)cursor;

	*rowid = cursor_table(pc)->rowid(pc->scan);
	return SQLITE_OK;
}

/* Without xCreate the table is there without CREATE VIRTUAL TABLE, and nothing else can be made of the module. */
static const sqlite3_module packed_module = {
	.iVersion = 0,
	.xConnect = packed_connect,
	.xBestIndex = packed_best_index,
	.xDisconnect = packed_disconnect,
	.xOpen = packed_open,
	.xClose = packed_close,
	.xFilter = packed_filter,
	.xNext = packed_next,
	.xEof = packed_eof,
	.xColumn = packed_column,
	.xRowid = packed_rowid,
};

int vtab_register_all(sqlite3 *db)
{
	static const struct packed_table *const tables[] = { &vtab_event, &vtab_delivery };

	for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		int rc = sqlite3_create_module_v2(db, tables[i]->name, &packed_module, (void *)tables[i], NULL);

		if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}
