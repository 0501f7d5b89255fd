/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule's rows: read, checked for what a rule may say, sorted. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "rules/check.h"
#include "rules/db.h"
#include "rules/judge.h"
#include "rules/sandbox.h"

const char *const verdict_names[NR_VERDICTS] = { "pass", "fail", "inconclusive" };

const char *const reason_names[NR_REASONS] = {
#define X(sym, name, doc) [REASON_##sym] = name,
	REASON_LIST(X)
#undef X
};

const char *const role_names[NR_ROLES] = {
#define X(sym, name) name,
	ROLE_LIST(X)
#undef X
};

struct collect {
	const struct rule *rule, *part;	/* part: whose statement it is; the rule itself, or one of its parts */
	sqlite3_stmt *stmt;
	int at[NR_RULE_COLUMNS];
	sqlite3_stmt *events, *missing;	/* split JSON arrays */
	struct rows *rows;
	struct diag_sink *diag;
};

static const char events_sql[] =
	"SELECT e.type = 'object' AND coalesce(json_type(e.value, '$.event'), 'null') IN ('integer', 'null'),"
	"       CASE e.type WHEN 'object' THEN json_extract(e.value, '$.event') END,"
	"       CASE e.type WHEN 'object' THEN json_extract(e.value, '$.role') END"
	"  FROM json_each(:json) e";

static const char missing_sql[] = "SELECT e.type = 'text', e.value FROM json_each(:json) e WHERE e.type <> 'null'";

static bool fail(struct collect *c, const char *what, const char *detail)
{
	diag_report(c->diag, DIAG_RULE_FAILED, (struct diag_pos){ .path = c->part->path }, "row %zu: %s%s%.100s",
		    c->rows->nr + 1, what, detail ? ": " : "", detail ? detail : "");
	return false;
}

static bool get_integer(struct collect *c, enum rule_column column, int64_t null, int64_t *value)
{
	int i = c->at[column];
	int type = i < 0 ? SQLITE_NULL : sqlite3_column_type(c->stmt, i);

	*value = type == SQLITE_INTEGER ? sqlite3_column_int64(c->stmt, i) : null;
	return type == SQLITE_INTEGER || type == SQLITE_NULL || fail(c, "not an integer", rule_column_names[column]);
}

/* Borrowed; NULL for null. */
static bool get_text(struct collect *c, enum rule_column column, const char **text)
{
	int i = c->at[column];
	int type = i < 0 ? SQLITE_NULL : sqlite3_column_type(c->stmt, i);

	*text = type == SQLITE_TEXT ? db_column_text(c->stmt, i) : NULL;
	return type == SQLITE_TEXT || type == SQLITE_NULL || fail(c, "not a text", rule_column_names[column]);
}

static bool get_copy(struct collect *c, enum rule_column column, char **copy)
{
	const char *text;

	if (!get_text(c, column, &text))
		return false;
	if (!text)
		return true;
	if (strlen(text) > ROW_MAX_TEXT)
		return fail(c, "text too long", rule_column_names[column]);
	*copy = strdup(text);
	c->rows->bytes += strlen(text);
	return *copy || fail(c, "out of memory", NULL);
}

static int find_name(const char *const *names, int nr, const char *name)
{
	for (int i = 0; i < nr; i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	return -1;
}

/* "late": done, but after the deadline. The header says what that is. */
static bool get_verdict(struct collect *c, struct row *row)
{
	const char *text;
	int verdict;

	if (!get_text(c, COLUMN_VERDICT, &text))
		return false;
	if (!text)
		return fail(c, "verdict is null", NULL);
	verdict = find_name(verdict_names, NR_VERDICTS, text);
	if (!strcmp(text, "late"))
		verdict = c->rule->late_fails ? VERDICT_FAIL : VERDICT_PASS;
	if (verdict < 0)
		return fail(c, "no such verdict", text);
	row->verdict = verdict;
	return true;
}

static bool get_reason(struct collect *c, struct row *row)
{
	const char *text;
	int reason;

	if (!get_text(c, COLUMN_REASON, &text))
		return false;
	if (row->verdict != VERDICT_INCONCLUSIVE)
		return true;
	reason = text ? find_name(reason_names, NR_REASONS, text) : -1;
	if (reason < 0)
		return fail(c, "inconclusive for no known reason", text);
	row->reason = reason;
	return true;
}

static bool get_severity(struct collect *c, struct row *row)
{
	const char *text;
	int severity;

	if (!get_text(c, COLUMN_SEVERITY, &text))
		return false;
	severity = text ? severity_by_name(text) : (int)c->rule->severity;
	if (severity < 0)
		return fail(c, "no such severity", text);
	row->severity = severity;
	return true;
}

static bool get_layer(struct collect *c, struct row *row)
{
	bool known = false;

	if (!get_copy(c, COLUMN_LAYER, &row->layer))
		return false;
	for (int i = 0; i < NR_LAYERS && row->layer; i++)
		known |= !strcmp(row->layer, layer_name(i));
	return known || !row->layer || fail(c, "no such layer", row->layer);
}

/* Binds a column's JSON text to the statement that splits it. *any is false where there is none. */
static bool open_array(struct collect *c, enum rule_column column, sqlite3_stmt *split, bool *any)
{
	const char *text;

	if (!get_text(c, column, &text))
		return false;
	*any = text;
	if (text)
		db_bind_text(split, ":json", text);
	return true;
}

static bool close_array(struct collect *c, enum rule_column column, sqlite3_stmt *split)
{
	bool good = sqlite3_reset(split) == SQLITE_OK;

	sqlite3_clear_bindings(split);
	return good || fail(c, "not a JSON array as it should be", rule_column_names[column]);
}

static bool add_evidence(struct collect *c, struct row *row)
{
	const char *name = db_column_text(c->events, 2);
	int role = name ? find_name(role_names, NR_ROLES, name) : -1;

	if (!sqlite3_column_int(c->events, 0))
		return fail(c, "events holds what is no {event, role}", NULL);
	if (sqlite3_column_type(c->events, 1) == SQLITE_NULL)
		return true;
	if (role < 0)
		return fail(c, "no such role", name);
	if (row->nr_evidence == ROW_MAX_EVIDENCE)
		return fail(c, "too many events", NULL);
	row->evidence[row->nr_evidence++] = (struct evidence){ sqlite3_column_int64(c->events, 1), role };
	c->rows->bytes += sizeof(*row->evidence);
	return true;
}

/* Only fails show evidence. Where the rule names none, its first event is what shows the fault. */
static bool get_evidence(struct collect *c, struct row *row)
{
	struct evidence *shrunk;
	bool any, good = true;

	if (row->verdict != VERDICT_FAIL)
		return true;
	if (!open_array(c, COLUMN_EVENTS, c->events, &any))
		return false;
	row->evidence = calloc(ROW_MAX_EVIDENCE, sizeof(*row->evidence));
	if (!row->evidence)
		return fail(c, "out of memory", NULL);
	if (!any && row->first_event)
		row->evidence[row->nr_evidence++] = (struct evidence){ row->first_event, ROLE_CAUSE };
	while (any && good && sqlite3_step(c->events) == SQLITE_ROW)
		good = add_evidence(c, row);
	if (any)
		good = close_array(c, COLUMN_EVENTS, c->events) && good;
	shrunk = realloc(row->evidence, (row->nr_evidence + 1u) * sizeof(*row->evidence));
	if (shrunk)
		row->evidence = shrunk;
	return good;
}

static bool add_missing(struct collect *c, struct row *row)
{
	const char *text = db_column_text(c->missing, 1);

	if (!sqlite3_column_int(c->missing, 0))
		return fail(c, "missing holds what is no text", NULL);
	if (row->nr_missing == ROW_MAX_MISSING)
		return fail(c, "too many missing signals", NULL);
	if (rule_signal_parse(text, &row->missing[row->nr_missing]))
		return fail(c, "no such signal", text);
	row->nr_missing++;
	c->rows->bytes += sizeof(*row->missing);
	return true;
}

static bool get_missing(struct collect *c, struct row *row)
{
	bool any, good = true;

	if (!open_array(c, COLUMN_MISSING, c->missing, &any))
		return false;
	if (!any)
		return true;
	row->missing = calloc(ROW_MAX_MISSING, sizeof(*row->missing));
	if (!row->missing)
		return fail(c, "out of memory", NULL);
	while (good && sqlite3_step(c->missing) == SQLITE_ROW)
		good = add_missing(c, row);
	return close_array(c, COLUMN_MISSING, c->missing) && good;
}

static bool get_row(struct collect *c, struct row *row)
{
	return get_integer(c, COLUMN_OBJECT, 0, &row->object) && get_verdict(c, row) && get_reason(c, row) &&
	       get_severity(c, row) && get_integer(c, COLUMN_FIRST_EVENT, 0, &row->first_event) &&
	       get_integer(c, COLUMN_LAST_EVENT, 0, &row->last_event) &&
	       get_integer(c, COLUMN_START_NS, NO_TIME, &row->start_ns) &&
	       get_integer(c, COLUMN_END_NS, NO_TIME, &row->end_ns) && get_layer(c, row) &&
	       get_copy(c, COLUMN_SIGNATURE, &row->signature) && get_copy(c, COLUMN_BLAME, &row->blame) &&
	       get_evidence(c, row) && get_missing(c, row);
}

static void row_fini(struct row *row)
{
	free(row->layer);
	free(row->signature);
	free(row->blame);
	free(row->evidence);
	free(row->missing);
}

void rows_clear(struct rows *rows)
{
	for (size_t i = 0; i < rows->nr; i++)
		row_fini(&rows->row[i]);
	free(rows->row);
	*rows = (struct rows){ 0 };
}

static bool add_row(struct collect *c)
{
	struct rows *rows = c->rows;
	struct row *row;

	if (rows->nr == rows->room) {
		size_t room = rows->room ? 2 * rows->room : 64;

		row = realloc(rows->row, room * sizeof(*row));
		if (!row)
			return fail(c, "out of memory", NULL);
		rows->row = row;
		rows->room = room;
	}
	row = &rows->row[rows->nr];
	*row = (struct row){ .seq = (unsigned)rows->nr };
	if (!get_row(c, row)) {
		row_fini(row);
		return false;
	}
	rows->nr++;
	rows->bytes += sizeof(*row);
	return rows->bytes <= ROWS_MAX_BYTES || fail(c, "too much text", NULL);
}

/* SQLite's own end of the matter: true for the end of the rows, and for the limit on them. */
static bool collect_end(struct collect *c, const struct sandbox *sb, int rc)
{
	struct diag_pos pos = { .path = c->part->path };

	if (rc == SQLITE_DONE)
		return true;
	if (rc == SQLITE_ROW && c->rows->nr == ROWS_MAX) {
		diag_report(c->diag, DIAG_LIMIT, pos, "more than %d rows", ROWS_MAX);
		return true;
	}
	if (rc == SQLITE_ROW)
		return false;
	diag_report(c->diag, DIAG_RULE_FAILED, pos, "%s",
		    sandbox_exhausted(sb) ? "takes more steps than a rule may" : sqlite3_errmsg(sb->db));
	return false;
}

static bool collect_rows(struct collect *c, const struct sandbox *sb)
{
	int rc;

	while ((rc = sqlite3_step(c->stmt)) == SQLITE_ROW && c->rows->nr < ROWS_MAX)
		if (!add_row(c))
			return false;
	return collect_end(c, sb, rc);
}

static int by_object(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

static bool collect_statement(struct collect *c, struct sandbox *sb, const struct rule *part)
{
	bool good;

	c->part = part;
	c->stmt = rule_prepare(sb, part, c->at, c->diag);
	good = c->stmt && collect_rows(c, sb);
	sqlite3_finalize(c->stmt);
	return good;
}

bool rows_collect(struct rows *rows, struct sqlite3 *db, const struct rule *rule, struct diag_sink *diag)
{
	struct collect c = { .rule = rule, .rows = rows, .diag = diag };
	struct sandbox sb;
	bool good;

	*rows = (struct rows){ 0 };
	sandbox_enter(&sb, db, SANDBOX_STEPS);
	c.events = db_prepare(db, events_sql, diag);
	c.missing = db_prepare(db, missing_sql, diag);
	good = c.events && c.missing && collect_statement(&c, &sb, rule);
	for (const struct rule *part = rule->parts; part && good; part = part->next)
		good = collect_statement(&c, &sb, part);
	sqlite3_finalize(c.events);
	sqlite3_finalize(c.missing);
	sandbox_leave(&sb);
	if (good && rows->nr)
		qsort(rows->row, rows->nr, sizeof(*rows->row), by_object);
	if (!good)
		rows_clear(rows);
	return good;
}
