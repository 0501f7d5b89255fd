/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/trust.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/transitions.h"
#include "report/jsonout.h"

enum { MAX_PATH = 4096 };

/* The columns as they are read; those behind the first nr_texts hold numbers. */
static const struct table {
	const char *file, *title, *none;
	const char *columns[TSV_MAX_COLUMNS];
	unsigned nr_columns, nr_texts;
} tables[NR_TRUST_TABLES] = {
	[TRUST_CAPTURES] = { "captures.tsv", "captures", "no capture was replayed for the record",
			     { "capture", "kind", "modelled", "met", "unexpected" }, 5, 2 },
	[TRUST_MUTATION] = { "mutation.tsv", "mutation", "no mutants were judged for the record",
			     { "rule", "mutants", "right", "inconclusive", "missed", "wrong", "changed" }, 7, 1 },
	[TRUST_SNAPSHOTS] = { "snapshots.tsv", "snapshots", "none compared: no reader of snapshots is there yet",
			      { "capture", "field", "compared", "agreed" }, 4, 2 },
	[TRUST_CHECKS] = { "checks.tsv", "checks", "no invariant was checked for the record",
			   { "check", "bounds", "invariant", "result", "states", "depth" }, 6, 4 },
};

enum { CAPTURE_NAME, CAPTURE_KIND, CAPTURE_MODELLED, CAPTURE_MET, CAPTURE_UNEXPECTED };
enum { MUTATION_RULE, MUTATION_MUTANTS, MUTATION_RIGHT, MUTATION_INCONCLUSIVE, MUTATION_MISSED, MUTATION_WRONG, MUTATION_CHANGED };
enum { CHECK_NAME, CHECK_BOUNDS, CHECK_INVARIANT, CHECK_RESULT, CHECK_STATES, CHECK_DEPTH };

bool trust_read(struct trust *trust, const char *dir, const struct transitions *transitions)
{
	char path[MAX_PATH];

	*trust = (struct trust){ .transitions = transitions };
	for (unsigned i = 0; i < NR_TRUST_TABLES; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, tables[i].file);
		trust->recorded[i] = !access(path, F_OK);
		if (trust->recorded[i] &&
		    !tsv_read(path, tables[i].columns, tables[i].nr_columns, &trust->table[i])) {
			trust_fini(trust);
			return false;
		}
	}
	return true;
}

void trust_fini(struct trust *trust)
{
	for (unsigned i = 0; i < NR_TRUST_TABLES; i++)
		tsv_fini(&trust->table[i]);
}

static const char *get(const struct trust *trust, enum trust_table of, unsigned row, unsigned column)
{
	return tsv_get(&trust->table[of], row, column);
}

static long number(const struct trust *trust, enum trust_table of, unsigned row, unsigned column)
{
	return strtol(get(trust, of, row, column), NULL, 10);
}

bool trust_is_sound(const struct trust *trust)
{
	bool sound = true;

	for (unsigned i = 0; i < trust->table[TRUST_CAPTURES].nr_rows; i++)
		sound &= strcmp(get(trust, TRUST_CAPTURES, i, CAPTURE_KIND), "good") ||
			 !number(trust, TRUST_CAPTURES, i, CAPTURE_UNEXPECTED);
	for (unsigned i = 0; i < trust->table[TRUST_MUTATION].nr_rows; i++)
		for (unsigned k = MUTATION_MISSED; k <= MUTATION_CHANGED; k++)
			sound &= !number(trust, TRUST_MUTATION, i, k);
	for (unsigned i = 0; i < trust->table[TRUST_CHECKS].nr_rows; i++)
		sound &= strcmp(get(trust, TRUST_CHECKS, i, CHECK_RESULT), "violated") != 0;
	return sound;
}

/* ---------------------------------------------------------------------------------------------------- text */

static double percent(long part, long of)
{
	return of ? 100.0 * part / of : 0;
}

static void transitions_text(const struct trust *trust, FILE *out)
{
	struct share nr = transitions_count(trust->transitions, NULL, NULL);

	fprintf(out, "Transitions\n  %u known, %u of them modelled (%.1f %%), %u of these tested (%.1f %%)\n", nr.rows, nr.modelled,
		percent(nr.modelled, nr.rows), nr.tested, percent(nr.tested, nr.modelled));
}

static void captures_text(const struct trust *trust, FILE *out)
{
	fprintf(out, "  %-32s %-8s %8s %8s %11s\n", "capture", "", "met", "share", "unexpected");
	for (unsigned i = 0; i < trust->table[TRUST_CAPTURES].nr_rows; i++) {
		long met = number(trust, TRUST_CAPTURES, i, CAPTURE_MET);

		fprintf(out, "  %-32s %-8s %8ld %6.1f %% %11ld\n", get(trust, TRUST_CAPTURES, i, CAPTURE_NAME),
			get(trust, TRUST_CAPTURES, i, CAPTURE_KIND), met,
			percent(met, number(trust, TRUST_CAPTURES, i, CAPTURE_MODELLED)),
			number(trust, TRUST_CAPTURES, i, CAPTURE_UNEXPECTED));
	}
}

/* Of the mutants on which the rule must speak. */
static long judged(const struct trust *trust, unsigned row)
{
	return number(trust, TRUST_MUTATION, row, MUTATION_RIGHT) + number(trust, TRUST_MUTATION, row, MUTATION_INCONCLUSIVE) +
	       number(trust, TRUST_MUTATION, row, MUTATION_MISSED);
}

static void mutation_text(const struct trust *trust, FILE *out)
{
	fprintf(out, "  %-32s %8s %8s %8s %13s %7s %7s\n", "rule", "mutants", "right", "score", "inconclusive", "missed", "wrong");
	for (unsigned i = 0; i < trust->table[TRUST_MUTATION].nr_rows; i++) {
		long right = number(trust, TRUST_MUTATION, i, MUTATION_RIGHT);

		if (!number(trust, TRUST_MUTATION, i, MUTATION_MUTANTS)) {
			fprintf(out, "  %-32s no mutant asks for it\n", get(trust, TRUST_MUTATION, i, MUTATION_RULE));
			continue;
		}
		fprintf(out, "  %-32s %8ld %8ld %6.1f %% %13ld %7ld %7ld\n", get(trust, TRUST_MUTATION, i, MUTATION_RULE),
			number(trust, TRUST_MUTATION, i, MUTATION_MUTANTS), right, percent(right, judged(trust, i)),
			number(trust, TRUST_MUTATION, i, MUTATION_INCONCLUSIVE), number(trust, TRUST_MUTATION, i, MUTATION_MISSED),
			number(trust, TRUST_MUTATION, i, MUTATION_WRONG));
	}
}

/* As it stands in the table. */
static void plain_text(const struct trust *trust, enum trust_table of, FILE *out)
{
	for (unsigned i = 0; i < trust->table[of].nr_rows; i++) {
		fputs("  ", out);
		for (unsigned k = 0; k < tables[of].nr_columns; k++)
			fprintf(out, "%s%s %s", k ? ", " : "", k < tables[of].nr_texts ? "" : tables[of].columns[k],
				get(trust, of, i, k));
		fputc('\n', out);
	}
}

static void table_text(const struct trust *trust, enum trust_table of, const char *title, FILE *out)
{
	fprintf(out, "\n%s\n", title);
	if (!trust->recorded[of])
		fprintf(out, "  %s\n", tables[of].none);
	else if (of == TRUST_CAPTURES)
		captures_text(trust, out);
	else if (of == TRUST_MUTATION)
		mutation_text(trust, out);
	else
		plain_text(trust, of, out);
}

void trust_text(const struct trust *trust, FILE *out)
{
	transitions_text(trust, out);
	table_text(trust, TRUST_CAPTURES,
		   "Captures, replayed: modelled transitions that they met, inputs that the tables do not allow", out);
	table_text(trust, TRUST_SNAPSHOTS, "Fields compared with snapshots", out);
	table_text(trust, TRUST_MUTATION, "Mutants of good captures, by the rule that must speak or spoke", out);
	table_text(trust, TRUST_CHECKS, "Invariants checked, and how far", out);
}

/* ---------------------------------------------------------------------------------------------------- JSON */

static void row_json(const struct trust *trust, enum trust_table of, unsigned row, struct jsonout *js)
{
	jsonout_open(js, NULL, '{');
	for (unsigned k = 0; k < tables[of].nr_columns; k++) {
		if (k < tables[of].nr_texts)
			jsonout_text(js, tables[of].columns[k], get(trust, of, row, k));
		else
			jsonout_int(js, tables[of].columns[k], number(trust, of, row, k));
	}
	jsonout_close(js, '}');
}

/* null where nothing is recorded. */
static void table_json(const struct trust *trust, enum trust_table of, struct jsonout *js)
{
	if (!trust->recorded[of]) {
		jsonout_null(js, tables[of].title);
		return;
	}
	jsonout_open(js, tables[of].title, '[');
	for (unsigned i = 0; i < trust->table[of].nr_rows; i++)
		row_json(trust, of, i, js);
	jsonout_close(js, ']');
}

void trust_json(const struct trust *trust, FILE *out)
{
	struct share nr = transitions_count(trust->transitions, NULL, NULL);
	struct jsonout js = { .out = out };

	jsonout_open(&js, NULL, '{');
	jsonout_text(&js, "schema", "irqpath.trust/1");
	jsonout_tool(&js);
	jsonout_open(&js, "transitions", '{');
	jsonout_int(&js, "rows", nr.rows);
	jsonout_int(&js, "modelled", nr.modelled);
	jsonout_int(&js, "tested", nr.tested);
	jsonout_close(&js, '}');
	for (unsigned i = 0; i < NR_TRUST_TABLES; i++)
		table_json(trust, i, &js);
	jsonout_bool(&js, "sound", trust_is_sound(trust));
	jsonout_close(&js, '}');
}
