/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A database that somebody tampered with, read by every command that reads one. The base is a judged capture; the input is
 * a list of edits: table, row, column, type of value and value. Bytes of the file are SQLite's own business; what the
 * cells hold is ours.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/capture.h"
#include "report/explain.h"
#include "report/path.h"
#include "report/report.h"
#include "report/stats.h"
#include "store/query.h"
#include "store/resolve.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { MAX_TABLES = 64, MAX_EDITS = 16, MAX_BASE_BYTES = 4 << 20 };

static struct {
	uint8_t *bytes;
	size_t len;
	char *tables[MAX_TABLES];
	unsigned nr_tables;
	char path[64];
} base;

static void quiet(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *out = fopen(path, "wb");

	if (!out || fwrite(bytes, 1, len, out) != len || fclose(out))
		abort();
}

static void list_tables(void)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;

	if (sqlite3_open_v2(base.path, &db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &stmt, NULL))
		abort();
	while (sqlite3_step(stmt) == SQLITE_ROW && base.nr_tables < MAX_TABLES)
		base.tables[base.nr_tables++] = strdup((const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct diag_sink diag = { .fn = quiet };
	const struct rules_dir dir = { .path = RULES_DIR };
	struct rules *rules = rules_load(&dir, 1, &diag);
	struct capture cap = {
		.opt = { .in_process = true, .quiet = true }, .rules_opt = { .forced_path = -1 }, .rules = rules, .diag = diag,
	};
	char *files[] = { RULES_DIR "/cases/msix-left-masked/fires.events", NULL };
	FILE *in;

	(void)argc;
	(void)argv;
	snprintf(base.path, sizeof(base.path), "/dev/shm/fuzz_db.%d", (int)getpid());
	cap.opt.db = base.path;
	if (!rules || !capture_analyze(&cap, files, 1))
		abort();
	capture_fini(&cap);
	rules_free(rules);
	in = fopen(base.path, "rb");
	base.bytes = malloc(MAX_BASE_BYTES);
	base.len = fread(base.bytes, 1, MAX_BASE_BYTES, in);
	fclose(in);
	list_tables();
	return 0;
}

/* ---------------------------------------------------------------------------------------------------- edits */

struct bytes {
	const uint8_t *at, *end;
};

static unsigned take_byte(struct bytes *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

static int64_t take_number(struct bytes *in, unsigned width)
{
	uint64_t value = 0;

	while (width--)
		value = value << 8 | take_byte(in);
	return (int64_t)value;
}

static void bind_value(sqlite3_stmt *stmt, struct bytes *in)
{
	unsigned how = take_byte(in), len = take_byte(in);

	if (len > in->end - in->at)
		len = in->end - in->at;
	switch (how % 6) {
	case 0:
		sqlite3_bind_null(stmt, 1);
		return;
	case 1:
		sqlite3_bind_int64(stmt, 1, take_number(in, 8));
		return;
	case 2:
		sqlite3_bind_int64(stmt, 1, (int8_t)len);
		return;
	case 3:
		sqlite3_bind_double(stmt, 1, (double)take_number(in, 4) * 1e300);
		return;
	case 4:
		sqlite3_bind_text(stmt, 1, (const char *)in->at, (int)len, SQLITE_TRANSIENT);
		break;
	case 5:
		sqlite3_bind_blob(stmt, 1, in->at, (int)len, SQLITE_TRANSIENT);
		break;
	}
	in->at += len;
}

/* The name of a table's column; free() it. */
static char *column_of(sqlite3 *db, const char *table, unsigned which)
{
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\" LIMIT 0", table), *name = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_column_count(stmt))
		name = strdup(sqlite3_column_name(stmt, (int)which % sqlite3_column_count(stmt)));
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return name;
}

/* One cell, or with an odd descriptor the cell of every row. */
static void edit(sqlite3 *db, struct bytes *in)
{
	const char *table = base.tables[take_byte(in) % base.nr_tables];
	unsigned row = take_byte(in), which = take_byte(in), all = take_byte(in) & 1;
	char *column = column_of(db, table, which), *sql;
	sqlite3_stmt *stmt = NULL;

	if (!column)
		return;
	if (all)
		sql = sqlite3_mprintf("UPDATE OR IGNORE \"%w\" SET \"%w\" = ?1", table, column);
	else
		sql = sqlite3_mprintf("UPDATE OR IGNORE \"%w\" SET \"%w\" = ?1 WHERE \"%w\" IS (SELECT \"%w\" FROM \"%w\" "
				      "LIMIT 1 OFFSET %u)", table, column, column, column, table, row);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK) {
		bind_value(stmt, in);
		sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	free(column);
}

static void tamper(const uint8_t *data, size_t len)
{
	struct bytes in = { data, data + len };
	sqlite3 *db;

	write_file(base.path, base.bytes, base.len);
	if (sqlite3_open_v2(base.path, &db, SQLITE_OPEN_READWRITE, NULL))
		abort();
	sqlite3_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
	for (unsigned i = 0; i < MAX_EDITS && in.at < in.end; i++)
		edit(db, &in);
	sqlite3_close(db);
}

/* ---------------------------------------------------------------------------------------------------- commands */

static void read_all(struct store *st, const char *sql)
{
	struct query *q = query_open(st, sql);

	while (q && query_next(q))
		for (int i = 0; i < query_columns(q); i++)
			query_text(q, i);
	query_close(q);
}

static void run_reports(struct capture *cap, FILE *out)
{
	const struct report_options opt = { .exit_status = cap->status, .width = 80, .verbose = 2 };
	struct stats *stats;

	report_text.write(cap->store, &opt, out);
	report_json.write(cap->store, &opt, out);
	stats = stats_new(cap->store);
	if (stats) {
		stats_format_find("text")->write(stats, &opt, out);
		stats_format_find("json")->write(stats, &opt, out);
	}
	stats_free(stats);
}

static void run_path(struct capture *cap, const char *name, FILE *out)
{
	const struct record_texts texts = { .get = capture_text, .ctx = cap };
	const struct report_options opt = { .width = 80 };
	struct resolved found, irq;
	struct path_view *pv;

	if (object_resolve(cap->store, name, &found) != RESOLVE_FOUND)
		return;
	if (object_interrupt(cap->store, found.id[0], &irq) != RESOLVE_FOUND)
		return;
	pv = path_view_new(cap->store, found.id[0], irq.id[0], NO_TIME);
	if (pv) {
		path_write_json(pv, &texts, out);
		path_write_text(pv, &texts, &opt, out);
	}
	path_view_free(pv);
}

static void run_explain(struct capture *cap, FILE *out)
{
	const struct explain_context context = { .texts = { .get = capture_text, .ctx = cap } };
	const struct report_options opt = { .width = 80 };
	struct query *q = query_open(cap->store, "SELECT id FROM finding LIMIT 1");
	struct explain *ex = q && query_next(q) && query_text(q, 0) ? explain_new(cap->store, query_text(q, 0)) : NULL;

	if (ex) {
		explain_write_json(ex, &context, out);
		explain_write_text(ex, &context, &opt, out);
	}
	explain_free(ex);
	query_close(q);
}

static void report(FILE *out, unsigned which)
{
	struct capture cap = {
		.opt = { .in_process = true, .quiet = true }, .rules_opt = { .forced_path = -1, .fail_on = SEVERITY_ERROR },
		.diag = { .fn = quiet },
	};
	char *files[] = { base.path, NULL };

	if (capture_analyze(&cap, files, 1)) {
		if (which == 0) {
			run_reports(&cap, out);
		} else if (which == 1) {
			run_path(&cap, "irq:41", out);
			run_path(&cap, "eth7-tx-0", out);
			run_explain(&cap, out);
		} else {
			read_all(cap.store, "SELECT * FROM event ORDER BY t_lo_ns");
			read_all(cap.store, "SELECT * FROM delivery");
		}
	}
	capture_fini(&cap);
}

static void replay(void)
{
	struct capture cap = { .opt = { .quiet = true }, .rules_opt = { .forced_path = -1 }, .diag = { .fn = quiet } };

	capture_exercise(&cap, base.path, NULL);
	capture_fini(&cap);
}

/* The first byte says which commands. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	FILE *out = fopen("/dev/null", "w");

	if (!len || !out)
		return 0;
	tamper(data + 1, len - 1);
	if (data[0] % 4 == 3)
		replay();
	else
		report(out, data[0] % 4);
	fclose(out);
	unlink(base.path);
	return 0;
}
