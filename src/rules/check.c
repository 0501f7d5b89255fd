/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts in bulk are packed: a rule that looks at every event would cost more than all the rest of phase B. The empty
 * database therefore has a module of its own for "event" that names such a plan, and the checker refuses it. An event
 * is reached by its id, or by a range of t_lo_ns that is bounded on both sides.
 */
#include "rules/check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rule.h"
#include "rules/sandbox.h"
#include "store/sql.h"

const char *const rule_column_names[NR_RULE_COLUMNS] = {
#define X(sym, name, required) name,
	RULE_COLUMN_LIST(X)
#undef X
};

static const bool column_required[NR_RULE_COLUMNS] = {
#define X(sym, name, required) required,
	RULE_COLUMN_LIST(X)
#undef X
};

/* ------------------------------------------------------------------------------------------ the empty tables */

#define PLAN_SCANS "every-event"

struct empty_table {
	struct sqlite3_vtab base;
	int id, t_lo_ns;	/* columns, -1: none */
	bool may_scan;
};

/* Index of a column in "CREATE TABLE x(a INTEGER, b TEXT, …)", -1 where there is none. */
static int declared_column(const char *declaration, const char *name)
{
	const char *at = strchr(declaration, '(');
	size_t len = strlen(name);

	for (int i = 0; at; i++, at = strchr(at, ',')) {
		at++;
		at += strspn(at, " \t\n");
		if (!strncmp(at, name, len) && strchr(" ,)\t\n", at[len]))
			return i;
	}
	return -1;
}

static int empty_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error)
{
	bool is_event = argc > 2 && !strcmp(argv[2], "event");
	const char *declaration = is_event ? store_event_columns : store_delivery_columns;
	struct empty_table *table = sqlite3_malloc(sizeof(*table));
	int rc;

	(void)aux;
	(void)error;
	if (!table)
		return SQLITE_NOMEM;
	*table = (struct empty_table){
		.id = declared_column(declaration, "id"),
		.t_lo_ns = declared_column(declaration, "t_lo_ns"),
		.may_scan = !is_event,
	};
	rc = sqlite3_declare_vtab(db, declaration);
	if (rc == SQLITE_OK)
		*out = &table->base;
	else
		sqlite3_free(table);
	return rc;
}

static int empty_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

enum { BOUND_EXACT = 1, BOUND_BELOW = 2, BOUND_ABOVE = 4 };

static unsigned bound_by(int op)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ:
		return BOUND_EXACT;
	case SQLITE_INDEX_CONSTRAINT_GT:
	case SQLITE_INDEX_CONSTRAINT_GE:
		return BOUND_BELOW;
	case SQLITE_INDEX_CONSTRAINT_LT:
	case SQLITE_INDEX_CONSTRAINT_LE:
		return BOUND_ABOVE;
	default:
		return 0;
	}
}

static bool is_bounded(unsigned bounds)
{
	return bounds & BOUND_EXACT || bounds == (BOUND_BELOW | BOUND_ABOVE);
}

static int empty_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	const struct empty_table *table = (const struct empty_table *)base;
	unsigned id = 0, time = 0;
	bool scans;

	for (int i = 0; i < info->nConstraint; i++) {
		if (!info->aConstraint[i].usable)
			continue;
		if (info->aConstraint[i].iColumn == table->id || info->aConstraint[i].iColumn < 0)
			id |= bound_by(info->aConstraint[i].op);
		else if (info->aConstraint[i].iColumn == table->t_lo_ns)
			time |= bound_by(info->aConstraint[i].op);
	}
	scans = !is_bounded(id) && !is_bounded(time);
	info->idxStr = scans && !table->may_scan ? PLAN_SCANS : "";
	info->idxNum = !scans;
	info->estimatedCost = scans ? 1e9 : is_bounded(id) ? 10 : 1e4;
	info->estimatedRows = scans ? 1000000 : is_bounded(id) ? 1 : 1000;
	return SQLITE_OK;
}

static int empty_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	(void)table;
	*out = sqlite3_malloc(sizeof(**out));
	return *out ? SQLITE_OK : SQLITE_NOMEM;
}

static int empty_close(sqlite3_vtab_cursor *cur)
{
	sqlite3_free(cur);
	return SQLITE_OK;
}

static int empty_filter(sqlite3_vtab_cursor *cur, int num, const char *str, int argc, sqlite3_value **argv)
{
	(void)cur;
	(void)num;
	(void)str;
	(void)argc;
	(void)argv;
	return SQLITE_OK;
}

static int empty_next(sqlite3_vtab_cursor *cur)
{
	(void)cur;
	return SQLITE_OK;
}

static int empty_eof(sqlite3_vtab_cursor *cur)
{
	(void)cur;
	return 1;
}

static int empty_column(sqlite3_vtab_cursor *cur, sqlite3_context *ctx, int column)
{
	(void)cur;
	(void)column;
	sqlite3_result_null(ctx);
	return SQLITE_OK;
}

static int empty_rowid(sqlite3_vtab_cursor *cur, sqlite3_int64 *rowid)
{
	(void)cur;
	*rowid = 0;
	return SQLITE_OK;
}

static const sqlite3_module empty_module = {
	.xCreate = empty_connect,
	.xConnect = empty_connect,
	.xBestIndex = empty_best_index,
	.xDisconnect = empty_disconnect,
	.xDestroy = empty_disconnect,
	.xOpen = empty_open,
	.xClose = empty_close,
	.xFilter = empty_filter,
	.xNext = empty_next,
	.xEof = empty_eof,
	.xColumn = empty_column,
	.xRowid = empty_rowid,
};

/* ------------------------------------------------------------------------------------------ the checker */

struct rule_checker {
	struct sqlite3 *db;
};

static const char private_tables[] =
	"DROP TABLE IF EXISTS chunk; DROP TABLE IF EXISTS delivery_chunk; DROP TABLE IF EXISTS string;";

static const char empty_tables[] =
	"CREATE VIRTUAL TABLE event USING irqpath_empty; CREATE VIRTUAL TABLE delivery USING irqpath_empty;";

struct rule_checker *rule_checker_new(struct diag_sink *diag)
{
	struct rule_checker *rc = calloc(1, sizeof(*rc));

	if (rc && sqlite3_open(":memory:", &rc->db) == SQLITE_OK &&
	    sqlite3_create_module(rc->db, "irqpath_empty", &empty_module, NULL) == SQLITE_OK &&
	    sqlite3_exec(rc->db, store_schema_sql, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(rc->db, private_tables, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(rc->db, empty_tables, NULL, NULL, NULL) == SQLITE_OK)
		return rc;
	diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ 0 }, "rules cannot be checked: %s",
		    rc && rc->db ? sqlite3_errmsg(rc->db) : "out of memory");
	rule_checker_free(rc);
	return NULL;
}

void rule_checker_free(struct rule_checker *rc)
{
	if (!rc)
		return;
	sqlite3_close(rc->db);
	free(rc);
}

static unsigned long line_of(const char *text, int offset)
{
	unsigned long line = 1;

	if (offset < 0)
		return 0;
	for (int i = 0; i < offset && text[i]; i++)
		line += text[i] == '\n';
	return line;
}

/* Where the statement begins, for messages that concern all of it. */
static unsigned long statement_line(const struct rule *rule)
{
	const char *line = rule->text;
	unsigned long nr = 1;

	while (!strncmp(line, "--", 2) || *line == '\n') {
		line = strchr(line, '\n');
		if (!line)
			return 0;
		line++;
		nr++;
	}
	return nr;
}

static struct diag_pos statement_pos(const struct rule *rule)
{
	return (struct diag_pos){ .path = rule->path, .line = statement_line(rule) };
}

static bool find_columns(sqlite3_stmt *stmt, const struct rule *rule, int at[NR_RULE_COLUMNS], struct diag_sink *diag)
{
	bool good = true;

	for (int c = 0; c < NR_RULE_COLUMNS; c++)
		at[c] = -1;
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		const char *name = sqlite3_column_name(stmt, i);
		int c = 0;

		while (c < NR_RULE_COLUMNS && name && strcmp(rule_column_names[c], name))
			c++;
		if (!name || c == NR_RULE_COLUMNS || at[c] >= 0) {
			diag_report(diag, DIAG_BAD_RULE, statement_pos(rule), "column \"%s\" is %s", name ? name : "",
				    c < NR_RULE_COLUMNS ? "given twice" : "none that a rule has");
			good = false;
		} else {
			at[c] = i;
		}
	}
	for (int c = 0; c < NR_RULE_COLUMNS; c++) {
		if (at[c] < 0 && column_required[c]) {
			diag_report(diag, DIAG_BAD_RULE, statement_pos(rule), "column \"%s\" is missing",
				    rule_column_names[c]);
			good = false;
		}
	}
	return good;
}

static const struct rule_param *find_param(const struct rule *rule, const char *name)
{
	for (unsigned i = 0; i < rule->nr_params; i++)
		if (!strcmp(rule->params[i].name, name))
			return &rule->params[i];
	return NULL;
}

static bool bind_params(sqlite3_stmt *stmt, const struct rule *rule, struct diag_sink *diag)
{
	uint32_t used = 0;
	bool good = true;

	for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i);
		const struct rule_param *param = name && name[0] == ':' ? find_param(rule, name + 1) : NULL;

		if (param) {
			sqlite3_bind_int64(stmt, i, param->value);
			used |= 1u << (param - rule->params);
			continue;
		}
		diag_report(diag, DIAG_BAD_RULE, statement_pos(rule), "parameter %s has no param line",
			    name ? name : "?");
		good = false;
	}
	for (unsigned i = 0; i < rule->nr_params; i++) {
		if (used & 1u << i)
			continue;
		diag_report(diag, DIAG_BAD_RULE, statement_pos(rule), "param %s is not used", rule->params[i].name);
		good = false;
	}
	return good;
}

struct sqlite3_stmt *rule_prepare(struct sandbox *sb, const struct rule *rule, int at[NR_RULE_COLUMNS],
				  struct diag_sink *diag)
{
	const char *why;
	int offset;
	sqlite3_stmt *stmt = sandbox_prepare(sb, rule->text, &why, &offset);
	unsigned long line;
	bool good;

	if (!stmt) {
		line = offset < 0 ? statement_line(rule) : line_of(rule->text, offset);
		diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = rule->path, .line = line }, "%s", why);
		return NULL;
	}
	good = find_columns(stmt, rule, at, diag);
	good = bind_params(stmt, rule, diag) && good;
	if (good)
		return stmt;
	sqlite3_finalize(stmt);
	return NULL;
}

static bool plan_scans(struct sandbox *sb, const struct rule *rule)
{
	static const char explain[] = "EXPLAIN QUERY PLAN\n";
	char sql[RULE_MAX_BYTES + sizeof(explain)];
	const char *why;
	int offset;
	sqlite3_stmt *stmt;
	bool scans = false;

	snprintf(sql, sizeof(sql), "%s%s", explain, rule->text);
	stmt = sandbox_prepare(sb, sql, &why, &offset);
	if (!stmt)
		return true;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(stmt, 3);

		scans |= detail && strstr(detail, PLAN_SCANS);
	}
	sqlite3_finalize(stmt);
	return scans;
}

bool rule_check(struct rule_checker *rc, const struct rule *rule, struct diag_sink *diag)
{
	int at[NR_RULE_COLUMNS];
	struct sandbox sb;
	sqlite3_stmt *stmt;
	bool good = false;

	sandbox_enter(&sb, rc->db, SANDBOX_STEPS);
	stmt = rule_prepare(&sb, rule, at, diag);
	if (stmt && plan_scans(&sb, rule))
		diag_report(diag, DIAG_BAD_RULE, statement_pos(rule),
			    "looks at every event: reach table event by id, or by t_lo_ns bounded on both sides");
	else
		good = stmt;
	sqlite3_finalize(stmt);
	sandbox_leave(&sb);
	return good;
}

char *rule_expanded_sql(struct rule_checker *rc, const struct rule *rule, struct diag_sink *diag)
{
	int at[NR_RULE_COLUMNS];
	struct sandbox sb;
	sqlite3_stmt *stmt;
	char *expanded, *copy = NULL;

	sandbox_enter(&sb, rc->db, SANDBOX_STEPS);
	stmt = rule_prepare(&sb, rule, at, diag);
	expanded = stmt ? sqlite3_expanded_sql(stmt) : NULL;
	if (expanded)
		copy = strdup(expanded);
	sqlite3_free(expanded);
	sqlite3_finalize(stmt);
	sandbox_leave(&sb);
	return copy;
}
