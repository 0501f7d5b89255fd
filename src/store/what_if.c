/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was tried against the findings. */
#include <stdio.h>

#include "store/db.h"
#include "store/what_if.h"

bool store_what_if_begin(struct store *st)
{
	if (st->writing)
		return store_exec(st, "DELETE FROM what_if");
	/* what is tried on a database that is finished is kept beside it, under the same name */
	return store_exec(st, "PRAGMA query_only = OFF; DROP TABLE IF EXISTS temp.what_if;"
			      "CREATE TEMP TABLE what_if AS SELECT * FROM main.what_if WHERE 0");
}

bool store_what_if_end(struct store *st)
{
	return st->writing || store_exec(st, "PRAGMA query_only = ON");
}

bool store_what_if(struct store *st, const struct what_if_row *row)
{
	sqlite3_stmt *stmt = NULL;
	bool good;

	if (!store_prepare(st, &stmt,
			   "INSERT INTO what_if (finding, quirks, fixes, recomputed, since, ends_ns, valid_to_ns, basis)"
			   " VALUES (?,?,?,?,?,?,?,?)"))
		return false;
	sqlite3_bind_text(stmt, 1, row->finding, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, row->quirks, -1, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 3, row->fixes);
	sqlite3_bind_int64(stmt, 4, row->recomputed);
	sqlite3_bind_text(stmt, 5, row->since, -1, SQLITE_STATIC);
	if (row->ends_ns != NO_TIME)
		sqlite3_bind_int64(stmt, 6, row->ends_ns);
	if (row->valid_to_ns != NO_TIME)
		sqlite3_bind_int64(stmt, 7, row->valid_to_ns);
	sqlite3_bind_text(stmt, 8, row->basis, -1, SQLITE_STATIC);
	good = sqlite3_step(stmt) == SQLITE_DONE;
	sqlite3_finalize(stmt);
	return good || store_fail(st, "what was tried cannot be written");
}
