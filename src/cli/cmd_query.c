/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "core/text.h"
#include "store/query.h"
#include "store/store.h"

/* How rows are written: begin once with the columns, row for each, end once. */
struct row_writer {
	const char *name;
	void (*begin)(const struct query *q, FILE *out);
	void (*row)(const struct query *q, uint64_t nr, FILE *out);
	void (*end)(uint64_t nr, FILE *out);
};

/* The table form is tab separated: to know the columns' widths before the last row, all rows would be in memory. */
static void table_begin(const struct query *q, FILE *out)
{
	for (int i = 0; i < query_columns(q); i++) {
		fputs(i ? "\t" : "", out);
		text_safe_write(out, query_column_name(q, i));
	}
	fputc('\n', out);
}

static void table_row(const struct query *q, uint64_t nr, FILE *out)
{
	(void)nr;
	for (int i = 0; i < query_columns(q); i++) {
		const char *text = query_text(q, i);

		fputs(i ? "\t" : "", out);
		text_safe_write(out, text ? text : "-");
	}
	fputc('\n', out);
}

static void nothing_at_end(uint64_t nr, FILE *out)
{
	(void)nr;
	(void)out;
}

static void csv_value(const struct query *q, int col, FILE *out)
{
	const char *text = query_text(q, col);

	if (query_type(q, col) == QUERY_TEXT || query_type(q, col) == QUERY_BLOB)
		text_csv(out, text ? text : "");
	else
		fputs(text ? text : "", out);
}

static void csv_begin(const struct query *q, FILE *out)
{
	for (int i = 0; i < query_columns(q); i++) {
		fputs(i ? "," : "", out);
		text_csv(out, query_column_name(q, i));
	}
	fputs("\r\n", out);
}

static void csv_row(const struct query *q, uint64_t nr, FILE *out)
{
	(void)nr;
	for (int i = 0; i < query_columns(q); i++) {
		fputs(i ? "," : "", out);
		csv_value(q, i, out);
	}
	fputs("\r\n", out);
}

static void json_begin(const struct query *q, FILE *out)
{
	(void)q;
	fputc('[', out);
}

/* What is no number in JSON, 9e999 for one, is null. */
static void json_number(const char *text, FILE *out)
{
	fputs(text[strspn(text, "0123456789+-.eE")] ? "null" : text, out);
}

static void json_row(const struct query *q, uint64_t nr, FILE *out)
{
	fputs(nr ? ",\n {" : "\n {", out);
	for (int i = 0; i < query_columns(q); i++) {
		enum query_type type = query_type(q, i);

		fputs(i ? ", " : "", out);
		text_json(out, query_column_name(q, i));
		fputs(": ", out);
		if (type == QUERY_INT || type == QUERY_REAL)
			json_number(query_text(q, i), out);
		else
			text_json(out, query_text(q, i));
	}
	fputc('}', out);
}

static void json_end(uint64_t nr, FILE *out)
{
	fputs(nr ? "\n]\n" : "]\n", out);
}

static const struct row_writer row_writers[] = {
	{ "table", table_begin, table_row, nothing_at_end },
	{ "csv", csv_begin, csv_row, nothing_at_end },
	{ "json", json_begin, json_row, json_end },
	{ NULL, NULL, NULL, NULL },
};

static const struct row_writer *find_writer(const char *name)
{
	for (const struct row_writer *w = row_writers; w->name; w++)
		if (!strcmp(w->name, name))
			return w;
	return NULL;
}

static bool write_rows(struct store *st, const char *sql, const struct row_writer *writer, FILE *out)
{
	struct query *q = query_open(st, sql);
	uint64_t nr = 0;
	bool good;

	if (!q)
		return false;
	writer->begin(q, out);
	while (query_next(q))
		writer->row(q, nr++, out);
	writer->end(nr, out);
	good = !query_failed(q);
	query_close(q);
	return good;
}

struct request {
	const char *sql, *path;
	const struct row_writer *writer;
	struct store *store;
	bool wrong;	/* the SQL */
};

static bool write_result(void *ctx, const struct report_options *opt, FILE *out)
{
	struct request *rq = ctx;

	(void)opt;
	rq->wrong = !write_rows(rq->store, rq->sql, rq->writer, out);
	return !rq->wrong;
}

static enum status run(struct capture *cap, void *ctx)
{
	struct request *rq = ctx;
	bool good;

	rq->store = cap->store;
	good = capture_write(cap, rq->path, write_result, rq);
	return rq->wrong ? STATUS_USAGE : capture_told(cap, good);
}

enum status cmd_query(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	struct option common[CAPTURE_NR_OPTIONS];
	const char *format = "table";
	struct request rq = { .path = NULL };
	const struct option own[] = {
		{ "format", 'f', OPTION_TEXT, &format, "FORMAT", "table (tab separated, default), csv or json" },
		{ "output", 'o', OPTION_TEXT, &rq.path, "FILE", "write there instead of on stdout" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, common, NULL };
	const struct usage usage = {
		.synopsis = "query [options] FILE... SQL",
		.about = "Asks the database of a capture (or one that --db kept) with SQL. docs/schema.md tells the\n"
			 "tables; 'event' and 'delivery' are tables, too.",
		.tables = tables,
		.more = "Example: irqpath query trace.dat \"SELECT name, deliveries FROM object_summary JOIN object "
			"ON id = object\"",
	};
	enum status status;
	int nr_args;

	capture_option_table(common, &opt);
	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	rq.writer = find_writer(format);
	if (!rq.writer)
		return options_usage_error(&usage, "'%s' is no format: table, csv or json", format);
	if (nr_args < 2)
		return options_usage_error(&usage, "a capture and an SQL statement are needed");
	rq.sql = argv[nr_args];
	return capture_run(&usage, &opt, argv + 1, nr_args - 1, run, &rq);
}
