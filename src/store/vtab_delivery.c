/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual table "delivery": packed deliveries as rows. */
#include <stdlib.h>

#include "store/delivery.h"
#include "store/sql.h"
#include "store/vtab.h"

enum {
	COL_ID, COL_OBJECT, COL_KIND, COL_RESULT, COL_CPU, COL_VECTOR, COL_RAISE, COL_INJECT, COL_ACCEPT, COL_FLOW,
	COL_ENTER, COL_EXIT, COL_EOI, COL_FIRST_EVENT, COL_LAST_EVENT,
};

enum { KEY_ID, KEY_OBJECT };

const char store_delivery_columns[] =
	"CREATE TABLE x(id INTEGER, object INTEGER, kind TEXT, result TEXT, cpu INTEGER, vector INTEGER, "
	"raise_ns INTEGER,"
	" inject_ns INTEGER, accept_ns INTEGER, flow_ns INTEGER, enter_ns INTEGER, exit_ns INTEGER, eoi_ns INTEGER,"
	" first_event INTEGER, last_event INTEGER)";

struct delivery_scan {
	struct delivery_packer packer;
	struct pack_cursor cur;
	struct delivery_row row;
	int64_t id;
	unsigned nr_left;
};

static void *delivery_scan_open(sqlite3 *db)
{
	(void)db;
	return calloc(1, sizeof(struct delivery_scan));
}

static bool delivery_scan_start(void *scan, sqlite3_stmt *blob)
{
	struct delivery_scan *ds = scan;
	int64_t first_id = sqlite3_column_int64(blob, 0), nr_rows = sqlite3_column_int64(blob, 1);
	const uint8_t *bytes = sqlite3_column_blob(blob, 2);

	if (!bytes || first_id <= 0 || first_id > INT64_MAX / 2 || nr_rows <= 0 || nr_rows > DELIVERY_BLOCK_ROWS)
		return false;
	*ds = (struct delivery_scan){
		.cur = { .at = bytes, .end = bytes + sqlite3_column_bytes(blob, 2) },
		.id = first_id - 1,
		.nr_left = (unsigned)nr_rows,
	};
	return true;
}

static bool in_range(int64_t value, const struct packed_range *range)
{
	return value >= range->lo && value <= range->hi;
}

static enum packed_status delivery_scan_next(void *scan, const struct packed_filter *filter)
{
	struct delivery_scan *ds = scan;

	while (ds->nr_left) {
		if (!delivery_get(&ds->packer, &ds->cur, &ds->row))
			return PACKED_DAMAGED;
		ds->nr_left--;
		ds->id++;
		if (in_range(ds->row.object, &filter->key[KEY_OBJECT]) && in_range(ds->id, &filter->key[KEY_ID]))
			return PACKED_ROW;
	}
	return ds->cur.at == ds->cur.end ? PACKED_END : PACKED_DAMAGED;
}

static int64_t delivery_scan_rowid(const void *scan)
{
	return ((const struct delivery_scan *)scan)->id;
}

static void result_time(sqlite3_context *out, int64_t t_ns)
{
	if (t_ns != NO_TIME)
		sqlite3_result_int64(out, t_ns);
}

static void result_known(sqlite3_context *out, int32_t value)
{
	if (value >= 0)
		sqlite3_result_int(out, value);
}

static void result_event(sqlite3_context *out, int64_t event)
{
	if (event)
		sqlite3_result_int64(out, event);
}

static int delivery_scan_column(void *scan, sqlite3_context *out, int column)
{
	const struct delivery_scan *ds = scan;
	const struct delivery_row *row = &ds->row;

	switch (column) {
	case COL_ID: sqlite3_result_int64(out, ds->id); break;
	case COL_OBJECT: sqlite3_result_int64(out, row->object); break;
	case COL_KIND: sqlite3_result_text(out, delivery_kind_name(row->kind), -1, SQLITE_STATIC); break;
	case COL_RESULT: sqlite3_result_text(out, delivery_result_name(row->result), -1, SQLITE_STATIC); break;
	case COL_CPU: result_known(out, row->cpu); break;
	case COL_VECTOR: result_known(out, row->vector); break;
	case COL_RAISE: result_time(out, row->raise_ns); break;
	case COL_INJECT: result_time(out, row->inject_ns); break;
	case COL_ACCEPT: result_time(out, row->accept_ns); break;
	case COL_FLOW: result_time(out, row->flow_ns); break;
	case COL_ENTER: result_time(out, row->enter_ns); break;
	case COL_EXIT: result_time(out, row->exit_ns); break;
	case COL_EOI: result_time(out, row->eoi_ns); break;
	case COL_FIRST_EVENT: result_event(out, row->first_event); break;
	case COL_LAST_EVENT: result_event(out, row->last_event); break;
	default: break;
	}
	return SQLITE_OK;
}

static void delivery_bounds(const struct packed_filter *filter, int64_t *parameter)
{
	parameter[0] = filter->key[KEY_ID].lo;
	parameter[1] = filter->key[KEY_ID].hi;
}

const struct packed_table vtab_delivery = {
	.name = "delivery",
	.columns = store_delivery_columns,
	.key_column = { COL_ID, COL_OBJECT, -1 },
	.list_sql = "SELECT id FROM delivery_chunk INDEXED BY delivery_chunk_range"
		" WHERE first_id <= ?2 AND first_id + rows > ?1 ORDER BY first_id, id",
	.nr_parameters = 2,
	.bounds = delivery_bounds,
	.fetch_sql = "SELECT first_id, rows, data FROM delivery_chunk WHERE id = ?1",
	.open = delivery_scan_open,
	.close = free,
	.start = delivery_scan_start,
	.next = delivery_scan_next,
	.column = delivery_scan_column,
	.rowid = delivery_scan_rowid,
};
