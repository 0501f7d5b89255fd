/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/export.h"

#include <stdlib.h>
#include <string.h>

#include "core/event_text.h"
#include "core/text.h"
#include "store/cursor.h"
#include "store/db.h"
#include "store/sql.h"
#include "store/time.h"

/*
 * In the order of schema.sql. "event" is ordered by source here and by its own order within: a sort of all events would
 * take as much memory as they do.
 */
static const struct {
	const char *name, *order;
} tables[] = {
	{ "meta", "key" },
	{ "source", "id" },
	{ "clock", "source" },
	{ "record_kind", "source, name" },
	{ "signal", "source, kind, witness, via" },
	{ "gap", "id" },
	{ "snapshot_field", "event" },
	{ "event_text", "event" },
	{ "diag", "id" },
	{ "event", NULL },
	{ "object", "id" },
	{ "object_summary", "object" },
	{ "link", "feeder, fed, from_event, to_event, from_ns, to_ns, proof, source" },
	{ "step", "id" },
	{ "span", "id" },
	{ "obligation", "id" },
	{ "obligation_stat", "kind" },
	{ "delivery", NULL },
	{ "ledger", "object, hop" },
	{ "harm", "event" },
	{ "path", "machine, path" },
	{ "snapshot_check", "event" },
	{ "rule", "id" },
	{ "rule_requires", "rule, clause, kind, witness" },
	{ "verdict", "id" },
	{ "finding", "id" },
	{ "finding_event", "finding, seq" },
	{ "what_if", "finding, quirks" },
};

enum { NR_TABLES = sizeof(tables) / sizeof(tables[0]) };

/* A form of export: called with a table's statement before its rows, then with each row. */
struct form {
	bool (*begin)(struct store *st, const char *table, sqlite3_stmt *stmt, FILE *out);
	void (*row)(const char *table, sqlite3_stmt *stmt, FILE *out);
};

static bool write_rows(struct store *st, const struct form *form, const char *table, sqlite3_stmt *stmt, FILE *out)
{
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		form->row(table, stmt, out);
	return rc == SQLITE_DONE || store_fail(st, table);
}

static bool write_events(struct store *st, const struct form *form, FILE *out)
{
	sqlite3_stmt *stmt = NULL;
	bool good = store_prepare(st, &stmt, "SELECT * FROM event WHERE source = ?1") &&
		    form->begin(st, "event", stmt, out);

	for (uint32_t source = 1; good && source <= st->nr_sources; source++) {
		sqlite3_reset(stmt);
		sqlite3_bind_int64(stmt, 1, source);
		good = write_rows(st, form, "event", stmt, out);
	}
	sqlite3_finalize(stmt);
	return good;
}

static bool write_table(struct store *st, const struct form *form, unsigned i, FILE *out)
{
	sqlite3_stmt *stmt = NULL;
	char sql[256];
	bool good;

	if (!strcmp(tables[i].name, "event"))
		return write_events(st, form, out);
	snprintf(sql, sizeof(sql), "SELECT * FROM %s%s%s", tables[i].name, tables[i].order ? " ORDER BY " : "",
		 tables[i].order ? tables[i].order : "");
	good = store_prepare(st, &stmt, sql) && form->begin(st, tables[i].name, stmt, out) &&
	       write_rows(st, form, tables[i].name, stmt, out);
	sqlite3_finalize(stmt);
	return good;
}

static bool write_tables(struct store *st, const struct form *form, FILE *out)
{
	if (st->writing && !store_flush_deliveries(st))
		return false;
	for (unsigned i = 0; i < NR_TABLES; i++)
		if (!write_table(st, form, i, out))
			return false;
	return true;
}

/* ---------------------------------------------------------------- text */

static bool is_plain(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p < ' ' || *p >= 0x7f || *p == '\\')
			return false;
	return true;
}

static void write_escaped(const char *text, FILE *out)
{
	while (*text) {
		size_t n = strcspn(text, "\\");
		char piece[512];

		if (n == 0) {
			fputs("\\\\", out);
			text++;
			continue;
		}
		if (n >= sizeof(piece)) {	/* cut between characters */
			n = sizeof(piece) - 1;
			while (n > sizeof(piece) - 4 && ((unsigned char)text[n] & 0xc0) == 0x80)
				n--;
		}
		memcpy(piece, text, n);
		piece[n] = 0;
		text_safe_write(out, piece);
		text += n;
	}
}

static void write_text_value(sqlite3_stmt *stmt, int col, FILE *out)
{
	const char *text;

	switch (sqlite3_column_type(stmt, col)) {
	case SQLITE_NULL:
		fputs("\\N", out);
		break;
	case SQLITE_INTEGER:
		fprintf(out, "%lld", (long long)sqlite3_column_int64(stmt, col));
		break;
	default:
		text = (const char *)sqlite3_column_text(stmt, col);
		if (text && is_plain(text))
			fputs(text, out);
		else if (text)
			write_escaped(text, out);
		break;
	}
}

static bool text_begin(struct store *st, const char *table, sqlite3_stmt *stmt, FILE *out)
{
	(void)st;
	fprintf(out, "# %s", table);
	for (int i = 0; i < sqlite3_column_count(stmt); i++)
		fprintf(out, "\t%s", sqlite3_column_name(stmt, i));
	fputc('\n', out);
	return true;
}

static void text_row(const char *table, sqlite3_stmt *stmt, FILE *out)
{
	fputs(table, out);
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		fputc('\t', out);
		write_text_value(stmt, i, out);
	}
	fputc('\n', out);
}

bool store_export(struct store *st, FILE *out)
{
	static const struct form form = { text_begin, text_row };

	fprintf(out, "irqpath-export 1\n");
	return write_tables(st, &form, out);
}

/* ---------------------------------------------------------------- SQL */

/* Virtual tables become ordinary ones, with the columns that their modules declare as "CREATE TABLE x(…)". */
static bool rows_begin(struct store *st, const char *table, sqlite3_stmt *stmt, FILE *out)
{
	const char *packed = !strcmp(table, "event") ? store_event_columns :
			     !strcmp(table, "delivery") ? store_delivery_columns : NULL;
	sqlite3_stmt *schema = NULL;

	(void)stmt;
	if (packed) {
		fprintf(out, "CREATE TABLE %s%s;\n", table, strchr(packed, '('));
		return true;
	}
	if (!store_prepare(st, &schema, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1"))
		return false;
	sqlite3_bind_text(schema, 1, table, -1, SQLITE_STATIC);
	if (sqlite3_step(schema) == SQLITE_ROW)
		fprintf(out, "%s;\n", (const char *)sqlite3_column_text(schema, 0));
	sqlite3_finalize(schema);
	return true;
}

static void write_quoted(const char *text, FILE *out)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

/* Text that would not print goes as its bytes. */
static void write_hex(const char *text, FILE *out)
{
	fputs("CAST(X'", out);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		fprintf(out, "%02x", *p);
	fputs("' AS TEXT)", out);
}

static bool prints(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p < ' ' || *p >= 0x7f)
			return false;
	return true;
}

static void write_sql_value(sqlite3_stmt *stmt, int col, FILE *out)
{
	const char *text;

	switch (sqlite3_column_type(stmt, col)) {
	case SQLITE_NULL:
		fputs("NULL", out);
		break;
	case SQLITE_INTEGER:
		fprintf(out, "%lld", (long long)sqlite3_column_int64(stmt, col));
		break;
	default:
		text = (const char *)sqlite3_column_text(stmt, col);
		if (text && prints(text))
			write_quoted(text, out);
		else
			write_hex(text ? text : "", out);
		break;
	}
}

static void rows_row(const char *table, sqlite3_stmt *stmt, FILE *out)
{
	fprintf(out, "INSERT INTO %s VALUES(", table);
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		if (i)
			fputc(',', out);
		write_sql_value(stmt, i, out);
	}
	fputs(");\n", out);
}

bool store_export_rows(struct store *st, FILE *out)
{
	static const struct form form = { rows_begin, rows_row };

	fputs("BEGIN;\n", out);
	if (!write_tables(st, &form, out))
		return false;
	fputs("COMMIT;\n", out);
	return true;
}

/* ---------------------------------------------------------------- irqpath-events 1 */

static const char *event_string(void *ctx, uint32_t source, str_id id)
{
	return store_get_string(ctx, source, id);
}

/* Names from a capture go into a line of words: what could break it is left out. */
static void write_word(const char *text, FILE *out)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		fputc(*p > ' ' && *p < 0x7f ? *p : '_', out);
}

static void write_signal(sqlite3_stmt *stmt, FILE *out)
{
	const char *via = (const char *)sqlite3_column_text(stmt, 3);

	fprintf(out, "signal ");
	write_word((const char *)sqlite3_column_text(stmt, 0), out);
	fputc('@', out);
	write_word((const char *)sqlite3_column_text(stmt, 1), out);
	fputc(' ', out);
	write_word((const char *)sqlite3_column_text(stmt, 2), out);
	if (sqlite3_column_int(stmt, 4))
		fputs(" seen", out);
	if (via && *via) {
		fputs(" via ", out);
		write_word(via, out);
	}
	fputc('\n', out);
}

/* Null and "" are unknown; 0 is no number of CPUs or cycles. */
static bool is_said(sqlite3_stmt *stmt, int col)
{
	const char *text = (const char *)sqlite3_column_text(stmt, col);

	return text && *text && strcmp(text, "0");
}

static void write_about(sqlite3_stmt *stmt, FILE *out)
{
	for (int col = 0; col < sqlite3_column_count(stmt); col++) {
		if (!is_said(stmt, col))
			continue;
		fprintf(out, "%s ", sqlite3_column_name(stmt, col));
		text_safe_write(out, (const char *)sqlite3_column_text(stmt, col));
		fputc('\n', out);
	}
}

/* The clock table has it on the reference clock. */
static void write_until(sqlite3_stmt *stmt, FILE *out)
{
	struct time_map map = { sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3) };
	int64_t until_ns = time_own(sqlite3_column_int64(stmt, 0), (uint64_t)sqlite3_column_int64(stmt, 4), &map);
	char text[EVENT_TEXT_TIME_MAX];

	fprintf(out, "until %s\n", event_text_time(text, sizeof(text), until_ns));
}

struct directive {
	const char *sql;	/* of source ?1 */
	void (*write)(sqlite3_stmt *stmt, FILE *out);
};

static const struct directive of_merged[] = {
	{ "SELECT (SELECT clock FROM source ORDER BY id LIMIT 1) AS clock, max(cpus) AS cpus FROM source", write_about },
	{ "SELECT DISTINCT kind, witness, grade, via, basis = 'seen' FROM signal WHERE basis <> 'none' ORDER BY 1, 2, 3, 4, 5",
	  write_signal },
	{ NULL, NULL },
};

static const struct directive of_source[] = {
	{ "SELECT kind AS reader, nullif(machine, 'host') AS machine, layer, clock, CASE WHEN s.cycles OR c.hz THEN 'cycles' WHEN timeless"
	  " THEN 'none' END AS times, release, cpus, tsc_hz AS \"tsc-hz\" FROM source s JOIN clock c ON c.source = s.id WHERE id = ?1",
	  write_about },
	{ "SELECT until_ns, offset_ns, base, rate, hz FROM clock WHERE source = ?1 AND until_ns > last_ns", write_until },
	{ "SELECT kind, witness, grade, via, basis = 'seen' FROM signal WHERE source = ?1 AND basis <> 'none' ORDER BY 1, 2, 3, 4, 5",
	  write_signal },
	{ NULL, NULL },
};

static bool write_directives(struct store *st, uint32_t source, FILE *out)
{
	bool good = true;

	for (const struct directive *d = source ? of_source : of_merged; good && d->sql; d++) {
		sqlite3_stmt *stmt = NULL;
		int rc = SQLITE_DONE;

		good = store_prepare(st, &stmt, d->sql) != NULL;
		if (good && source)
			sqlite3_bind_int64(stmt, 1, source);
		while (good && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
			d->write(stmt, out);
		if (good && rc != SQLITE_DONE)
			good = store_fail(st, "reading what is known of a source");
		sqlite3_finalize(stmt);
	}
	return good;
}

bool store_export_events(struct store *st, uint32_t source, FILE *out)
{
	struct cursor *cur;
	struct event ev;
	char *line;
	bool good;

	if (st->nr_sources == 1)
		source = 1;
	fputs("irqpath-events 1\n", out);
	if (!write_directives(st, source, out))
		return false;
	line = malloc(EVENT_TEXT_MAX);
	cur = !line ? NULL : source ? cursor_open_source(st, source) : cursor_open(st);
	if (!line)
		store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
	while (cur && cursor_next(cur, &ev)) {
		fputs(event_text_print(line, EVENT_TEXT_MAX, &ev, event_string, st), out);
		fputc('\n', out);
	}
	good = cur && !cursor_failed(cur);
	cursor_close(cur);
	free(line);
	return good;
}
