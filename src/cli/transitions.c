/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/transitions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/coverage.h"
#include "store/query.h"

/* ------------------------------------------------------------------------------------------------------- file */

enum { COL_STATUS, COL_ID, COL_SECTION, COL_WHERE, COL_TEST, NR_COLS };

static const char *const column_names[NR_COLS] = { "status", "id", "section", "where", "test" };

bool transitions_read(const char *path, struct transitions *out)
{
	*out = (struct transitions){ .nr = 0 };
	if (!tsv_read(path, column_names, NR_COLS, &out->tsv))
		return false;
	out->row = calloc(out->tsv.nr_rows + 1, sizeof(*out->row));
	if (!out->row)
		return false;
	for (; out->nr < out->tsv.nr_rows; out->nr++)
		out->row[out->nr] = (struct transition){
			.id = tsv_get(&out->tsv, out->nr, COL_ID), .section = tsv_get(&out->tsv, out->nr, COL_SECTION),
			.status = tsv_get(&out->tsv, out->nr, COL_STATUS), .where = tsv_get(&out->tsv, out->nr, COL_WHERE),
			.test = tsv_get(&out->tsv, out->nr, COL_TEST),
		};
	return true;
}

void transitions_fini(struct transitions *tr)
{
	tsv_fini(&tr->tsv);
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

struct share transitions_count(const struct transitions *tr, const char *section, const char *status)
{
	struct share nr = { 0 };

	for (unsigned i = 0; i < tr->nr; i++) {
		const struct transition *row = &tr->row[i];
		bool modelled = transition_is(row, "modelled");

		if ((section && strcmp(row->section, section)) || (status && !transition_is(row, status)))
			continue;
		nr.rows++;
		nr.modelled += modelled;
		nr.tested += modelled && transition_tested(row);
		nr.met += row->met;
	}
	return nr;
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
