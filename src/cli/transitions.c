/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/transitions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/coverage.h"
#include "store/query.h"

/* ------------------------------------------------------------------------------------------------------- file */

enum { COL_ID, COL_SECTION, COL_STATUS, COL_WHERE, COL_TEST, NR_COLS };

static const char *const column_names[NR_COLS] = { "id", "section", "status", "where", "test" };

/* Cuts a line at its tabs. */
static int split(char *line, const char **field, int max)
{
	int nr = 0;

	for (char *at = line; at && nr < max; nr++)
		field[nr] = strsep(&at, "\t");
	return nr;
}

enum { MAX_FIELDS = 32 };

static void find_columns(char *line, int *column)
{
	const char *field[MAX_FIELDS];
	int nr = split(line, field, MAX_FIELDS);

	for (int i = 0; i < NR_COLS; i++)
		for (int j = 0; j < nr; j++)
			if (!strcmp(field[j], column_names[i]))
				column[i] = j;
}

static struct transition *add_row(struct transitions *tr)
{
	if (tr->nr == tr->cap) {
		unsigned cap = tr->cap ? tr->cap * 2 : 256;
		struct transition *row = cap > TRANSITIONS_MAX ? NULL : realloc(tr->row, cap * sizeof(*row));

		if (!row)
			return NULL;
		tr->row = row;
		tr->cap = cap;
	}
	return &tr->row[tr->nr++];
}

static bool take_row(struct transitions *tr, const char *line, const int *column)
{
	const char *field[MAX_FIELDS], *value[NR_COLS];
	struct transition *row = add_row(tr);
	int nr;

	if (!row)
		return false;
	*row = (struct transition){ .line = strdup(line) };
	if (!row->line)
		return false;
	nr = split(row->line, field, MAX_FIELDS);
	for (int i = 0; i < NR_COLS; i++)
		value[i] = column[i] >= 0 && column[i] < nr ? field[column[i]] : "";
	row->id = value[COL_ID];
	row->section = value[COL_SECTION];
	row->status = value[COL_STATUS];
	row->where = value[COL_WHERE];
	row->test = value[COL_TEST];
	return true;
}

/* NULL, or what is wrong. */
static const char *read_rows(FILE *in, struct transitions *tr)
{
	int column[NR_COLS] = { -1, -1, -1, -1, -1 };
	bool head = true, good = true;
	char *line = NULL;
	size_t size = 0;

	while (good && getline(&line, &size, in) > 0) {
		line[strcspn(line, "\r\n")] = 0;
		if (!*line || *line == '#')
			continue;
		if (head)
			find_columns(line, column);
		else
			good = take_row(tr, line, column);
		head = false;
	}
	free(line);
	if (ferror(in))
		return strerror(errno);
	if (!good)
		return "too many rows";
	return column[COL_STATUS] < 0 ? "no column 'status' in its first line" : NULL;
}

bool transitions_read(const char *path, struct transitions *out)
{
	FILE *in = fopen(path, "r");
	const char *wrong;

	*out = (struct transitions){ .nr = 0 };
	wrong = in ? read_rows(in, out) : strerror(errno);
	if (wrong)
		fprintf(stderr, "irqpath model: %s: %s\n", path, wrong);
	if (in)
		fclose(in);
	return !wrong;
}

void transitions_fini(struct transitions *tr)
{
	for (unsigned i = 0; i < tr->nr; i++)
		free(tr->row[i].line);
	free(tr->row);
}

bool transition_is(const struct transition *tr, const char *status)
{
	return !strcmp(tr->status, status);
}

bool transition_tested(const struct transition *tr)
{
	return *tr->test && strcmp(tr->test, "-");
}

/* ------------------------------------------------------------------------------------------------------ places */

/* One place of "where": "table.column: values", cut out of it. */
struct place {
	char name[64], field[64];
	const char *values;	/* not terminated by the place; "": none */
	size_t len;
};

/* Reads the place at *at and moves behind it. False at the end, or where it is no place: then it is skipped. */
static bool next_place(const char **at, struct place *pl)
{
	while (**at) {
		const char *place = *at + strspn(*at, " ");
		size_t len = strcspn(place, ";");
		int n = 0;

		*at = place + len + (place[len] == ';');
		pl->values = "";
		pl->len = 0;
		if (sscanf(place, "%63[a-z_].%63[a-z_]%n", pl->name, pl->field, &n) != 2)
			continue;
		if (place[n] == ':') {
			n += 1 + strspn(place + n + 1, " ");
			pl->values = place + n;
			pl->len = len > (size_t)n ? len - n : 0;
		}
		return true;
	}
	return false;
}

/* Values may hold commas: a name begins at the beginning or behind ", ", and ends before a comma or at the end. */
static bool place_names(const struct place *pl, const char *name)
{
	size_t len = strlen(name);

	for (size_t at = 0; at + len <= pl->len; at++) {
		bool begins = !at || (at > 1 && pl->values[at - 1] == ' ' && pl->values[at - 2] == ',');
		bool ends = at + len == pl->len || pl->values[at + len] == ',';

		if (begins && ends && !strncmp(pl->values + at, name, len))
			return true;
	}
	return false;
}

static bool region_met(const struct coverage *cov, const struct component *type, unsigned region,
		       const struct place *pl)
{
	for (unsigned input = 0; input < type->nr_inputs; input++) {
		if (pl->len && !place_names(pl, type->inputs[input]))
			continue;
		for (unsigned state = STATE_UNKNOWN; state < type->regions[region].nr_states; state++)
			if (coverage_met(cov, type, region, state, input))
				return true;
	}
	return false;
}

static bool cells_met(const struct coverage *cov, const struct place *pl)
{
	for (const struct component *const *type = component_table; *type; type++) {
		if (strcmp((*type)->name, pl->name))
			continue;
		for (unsigned region = 0; region < (*type)->nr_regions; region++)
			if (!strcmp((*type)->regions[region].name, pl->field) && region_met(cov, *type, region, pl))
				return true;
	}
	return false;
}

void transitions_meet_cells(struct transitions *tr, const struct coverage *coverage)
{
	struct place pl;

	for (unsigned i = 0; i < tr->nr; i++) {
		const char *at = tr->row[i].where;

		while (transition_is(&tr->row[i], "modelled") && !tr->row[i].met && next_place(&at, &pl))
			tr->row[i].met = cells_met(coverage, &pl);
	}
}

/* Tables that a place may name; the words of a place are letters and underscores. */
static bool is_table(const char *name)
{
	static const char *const tables[] = {
		"delivery", "harm", "ledger", "link", "object", "object_summary", "obligation", "obligation_stat",
		"span", "step",
	};

	for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(tables[i], name))
			return true;
	return false;
}

/* Is there such a value, or without values anything that says something? */
static bool column_met(struct store *st, const char *table, const struct place *pl)
{
	struct query *q;
	bool met = false;
	char sql[512];

	snprintf(sql, sizeof(sql), "SELECT DISTINCT %s FROM %s WHERE %s IS NOT NULL AND %s NOT IN (0, '', 'unknown')%s",
		 pl->field, table, pl->field, pl->field, pl->len ? "" : " LIMIT 1");
	q = query_open(st, sql);
	while (q && !met && query_next(q))
		met = !pl->len || place_names(pl, query_text(q, 0));
	query_close(q);
	return met;
}

static bool store_met(struct store *st, const struct place *pl)
{
	if (!is_table(pl->name))
		return false;
	if (column_met(st, pl->name, pl))
		return true;
	/* those that are met in time are only counted */
	return !strcmp(pl->name, "obligation") && !strcmp(pl->field, "kind") && column_met(st, "obligation_stat", pl);
}

void transitions_meet_store(struct transitions *tr, struct store *st)
{
	struct place pl;

	for (unsigned i = 0; i < tr->nr; i++) {
		const char *at = tr->row[i].where;

		while (transition_is(&tr->row[i], "modelled") && !tr->row[i].met && next_place(&at, &pl))
			tr->row[i].met = store_met(st, &pl);
	}
}
