/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/transitions.h"
#include "cli/trust.h"
#include "model/coverage.h"
#include "report/jsonout.h"
#include "store/query.h"

/* What the command line asks for. */
struct request {
	const struct usage *usage;
	struct capture_options *opt;
	const char *transitions;
	bool json;
	char **args;	/* behind the subcommand */
	int nr_args;
	FILE *out;
};

/* ------------------------------------------------------------------------------------------------------- list */

static unsigned count_cells(const struct component *type)
{
	unsigned nr = 0;

	for (unsigned region = 0; region < type->nr_regions; region++)
		for (unsigned state = 0; state < type->regions[region].nr_states; state++)
			for (unsigned input = 0; input < type->nr_inputs; input++)
				nr += coverage_counts(type, region, state, input);
	return nr;
}

/* Words behind a name, wrapped below each other. */
static void print_words(FILE *out, const char *name, const char *const *words, unsigned from, unsigned nr,
			const char *separator)
{
	int column = fprintf(out, "    %-18s", name);

	for (unsigned i = from; i < nr; i++) {
		int width = strlen(words[i]) + (i + 1 < nr ? strlen(separator) : 0);

		if (column + width > 99) {
			fprintf(out, "\n%22s", "");
			column = 22;
		}
		fprintf(out, " %s%s", words[i], i + 1 < nr ? separator : "");
		column += width + 1;
	}
	fputc('\n', out);
}

static void list_text(FILE *out)
{
	for (const struct component *const *type = component_table; *type; type++) {
		fprintf(out, "%s%s: %u regions, %u inputs, %u cells\n", type == component_table ? "" : "\n",
			(*type)->name, (*type)->nr_regions, (*type)->nr_inputs, count_cells(*type));
		for (unsigned i = 0; i < (*type)->nr_regions; i++)
			print_words(out, (*type)->regions[i].name, (*type)->regions[i].states, STATE_UNKNOWN,
				    (*type)->regions[i].nr_states, "");
		print_words(out, "inputs", (*type)->inputs, 0, (*type)->nr_inputs, ",");
	}
}

static void list_component(struct jsonout *js, const struct component *type)
{
	jsonout_open(js, NULL, '{');
	jsonout_text(js, "component", type->name);
	jsonout_int(js, "cells", count_cells(type));
	jsonout_open(js, "regions", '[');
	for (unsigned i = 0; i < type->nr_regions; i++) {
		jsonout_open(js, NULL, '{');
		jsonout_text(js, "region", type->regions[i].name);
		jsonout_bool(js, "hot", type->regions[i].hot);
		jsonout_open(js, "states", '[');
		for (unsigned state = STATE_UNKNOWN; state < type->regions[i].nr_states; state++)
			jsonout_text(js, NULL, type->regions[i].states[state]);
		jsonout_close(js, ']');
		jsonout_close(js, '}');
	}
	jsonout_close(js, ']');
	jsonout_open(js, "inputs", '[');
	for (unsigned i = 0; i < type->nr_inputs; i++)
		jsonout_text(js, NULL, type->inputs[i]);
	jsonout_close(js, ']');
	jsonout_close(js, '}');
}

static void list_json(FILE *out)
{
	struct jsonout js = { .out = out };

	jsonout_open(&js, NULL, '{');
	jsonout_text(&js, "schema", "irqpath.model/1");
	jsonout_tool(&js);
	jsonout_open(&js, "components", '[');
	for (const struct component *const *type = component_table; *type; type++)
		list_component(&js, *type);
	jsonout_close(&js, ']');
	jsonout_close(&js, '}');
}

static enum status run_list(const struct request *rq)
{
	if (rq->json)
		list_json(rq->out);
	else
		list_text(rq->out);
	return STATUS_CLEAN;
}

/* -------------------------------------------------------------------------------------------------------- dot */

static const struct cell *cell_of(const struct component *type, unsigned region, unsigned state, unsigned input)
{
	return &type->regions[region].cells[state * type->nr_inputs + input];
}

/* One input of an edge's label: "input [guard] / effect". */
static void print_input(FILE *out, const struct component *type, const struct cell *cell, unsigned input,
			bool otherwise, bool first)
{
	const char *guard = cell->guard ? type->guard_names[cell->guard] : "";

	fprintf(out, "%s%s", first ? "" : "\\n", type->inputs[input]);
	if (*guard)
		fprintf(out, " [%s%s]", otherwise ? "not " : "", guard);
	if (!otherwise && cell->effect)
		fprintf(out, " / %s", type->effects[cell->effect]);
}

/* All inputs that lead from one state to another are one edge. */
static void print_edge(FILE *out, const struct component *type, unsigned region, unsigned from, unsigned to)
{
	bool first = true;

	for (unsigned input = 0; input < type->nr_inputs; input++) {
		const struct cell *cell = cell_of(type, region, from, input);

		for (unsigned otherwise = 0; otherwise < 2; otherwise++) {
			unsigned next = otherwise ? cell->otherwise : cell->next;

			if (!coverage_counts(type, region, from, input) || next != to || (otherwise && !cell->guard))
				continue;
			/* an input that changes nothing and does nothing is no edge */
			if (from == to && (otherwise || !cell->effect))
				continue;
			if (first)
				fprintf(out, "\t\tr%us%u -> r%us%u [label=\"", region, from, region, to);
			print_input(out, type, cell, input, otherwise, first);
			first = false;
		}
	}
	if (!first)
		fputs("\"];\n", out);
}

static void print_region(FILE *out, const struct component *type, unsigned region)
{
	const struct region *rg = &type->regions[region];

	fprintf(out, "\tsubgraph cluster_%u {\n\t\tlabel=\"%s%s\";\n", region, rg->name,
		rg->hot ? " (with every interrupt)" : "");
	for (unsigned state = STATE_UNKNOWN; state < rg->nr_states; state++)
		fprintf(out, "\t\tr%us%u [label=\"%s\"%s];\n", region, state, rg->states[state],
			state == STATE_UNKNOWN ? ", style=dashed" : "");
	for (unsigned from = STATE_UNKNOWN; from < rg->nr_states; from++)
		for (unsigned to = STATE_UNKNOWN; to < rg->nr_states; to++)
			print_edge(out, type, region, from, to);
	fputs("\t}\n", out);
}

static enum status run_dot(const struct request *rq)
{
	const struct component *const *type = component_table;

	if (rq->nr_args != 1)
		return options_usage_error(rq->usage, "dot needs one component; 'irqpath model list' tells them");
	while (*type && strcmp((*type)->name, rq->args[0]))
		type++;
	if (!*type)
		return options_usage_error(rq->usage, "no component '%s'; 'irqpath model list' tells them",
					   rq->args[0]);
	fprintf(rq->out, "digraph %s {\n\tlabel=\"%s\";\n\tnode [shape=box, style=rounded];\n", (*type)->name,
		(*type)->name);
	for (unsigned region = 0; region < (*type)->nr_regions; region++)
		print_region(rq->out, *type, region);
	fputs("}\n", rq->out);
	return STATUS_CLEAN;
}

/* --------------------------------------------------------------------------------------------------- coverage */

struct exercise {
	struct coverage coverage;
	struct transitions transitions;
	uint64_t unexpected;
	int nr_captures;
};

/* Whether the row is the first one of its section, or of its status. */
static bool is_first(const struct transitions *tr, unsigned row, bool of_section)
{
	for (unsigned i = 0; i < row; i++)
		if (!strcmp(of_section ? tr->row[i].section : tr->row[i].status,
			    of_section ? tr->row[row].section : tr->row[row].status))
			return false;
	return true;
}

struct met {
	unsigned cells, met;
};

static struct met count_met(const struct exercise *ex, const struct component *type, unsigned region)
{
	struct met nr = { 0 };

	for (unsigned state = 0; state < type->regions[region].nr_states; state++) {
		for (unsigned input = 0; input < type->nr_inputs; input++) {
			if (!coverage_counts(type, region, state, input))
				continue;
			nr.cells++;
			nr.met += coverage_met(&ex->coverage, type, region, state, input);
		}
	}
	return nr;
}

static struct met count_met_all(const struct exercise *ex, const struct component *type)
{
	struct met nr = { 0 };

	for (unsigned region = 0; region < type->nr_regions; region++) {
		struct met of = count_met(ex, type, region);

		nr.cells += of.cells;
		nr.met += of.met;
	}
	return nr;
}

static double percent(unsigned part, unsigned of)
{
	return of ? 100.0 * part / of : 0;
}

static void share_line(FILE *out, const char *name, struct share nr, bool met)
{
	fprintf(out, "  %-14s %6u %9u %5.1f %% %9u %5.1f %%", *name ? name : "-", nr.rows, nr.modelled,
		percent(nr.modelled, nr.rows), nr.tested, percent(nr.tested, nr.modelled));
	if (met)
		fprintf(out, " %9u %5.1f %%", nr.met, percent(nr.met, nr.modelled));
	fputc('\n', out);
}

/* Shares of those that are tested or met are shares of the modelled ones. */
static void transitions_text(FILE *out, const struct transitions *tr, bool met)
{
	fprintf(out, "Transitions\n");
	for (unsigned i = 0; i < tr->nr; i++)
		if (is_first(tr, i, false)) {
			unsigned rows = transitions_count(tr, NULL, tr->row[i].status).rows;

			fprintf(out, "  %-14s %6u %5.1f %%\n", *tr->row[i].status ? tr->row[i].status : "-", rows,
				percent(rows, tr->nr));
		}
	fprintf(out, "\n%-16s %6s %9s %7s %9s %7s", "Section", "rows", "modelled", "share", "tested", "share");
	fprintf(out, met ? " %9s %7s\n" : "\n", "met", "share");
	for (unsigned i = 0; i < tr->nr; i++)
		if (is_first(tr, i, true))
			share_line(out, tr->row[i].section, transitions_count(tr, tr->row[i].section, NULL), met);
	share_line(out, "all", transitions_count(tr, NULL, NULL), met);
}

/* Modelled ones that no capture met. */
static void print_rows_not_met(FILE *out, const struct transitions *tr)
{
	fprintf(out, "\nModelled transitions that no capture met\n");
	for (unsigned i = 0; i < tr->nr; i++)
		if (transition_is(&tr->row[i], "modelled") && !tr->row[i].met)
			fprintf(out, "  %s\n", tr->row[i].id);
}

/* Cells that no capture met, state by state. */
static void print_not_met(FILE *out, const struct exercise *ex, const struct component *type, unsigned region)
{
	for (unsigned state = STATE_UNKNOWN; state < type->regions[region].nr_states; state++) {
		bool any = false;

		for (unsigned input = 0; input < type->nr_inputs; input++) {
			if (!coverage_counts(type, region, state, input) ||
			    coverage_met(&ex->coverage, type, region, state, input))
				continue;
			fprintf(out, any ? ", %s" : "      %s not met: %s",
				any ? type->inputs[input] : type->regions[region].states[state], type->inputs[input]);
			any = true;
		}
		if (any)
			fputc('\n', out);
	}
}

static void exercise_text(FILE *out, const struct exercise *ex, bool verbose)
{
	fprintf(out, "\nCells met by %d capture%s\n", ex->nr_captures, ex->nr_captures == 1 ? "" : "s");
	for (const struct component *const *type = component_table; *type; type++) {
		struct met all = count_met_all(ex, *type);

		fprintf(out, "  %-20s %5u of %4u  %5.1f %%\n", (*type)->name, all.met, all.cells,
			percent(all.met, all.cells));
		for (unsigned region = 0; verbose && region < (*type)->nr_regions; region++) {
			struct met nr = count_met(ex, *type, region);

			fprintf(out, "    %-18s %5u of %4u\n", (*type)->regions[region].name, nr.met, nr.cells);
			print_not_met(out, ex, *type, region);
		}
	}
	fprintf(out, "\nUnexpected steps: %" PRIu64 "\n", ex->unexpected);
}

static void share_json(struct jsonout *js, const char *key, const char *name, struct share nr)
{
	jsonout_open(js, NULL, '{');
	jsonout_text(js, key, name);
	jsonout_int(js, "rows", nr.rows);
	jsonout_int(js, "modelled", nr.modelled);
	jsonout_int(js, "tested", nr.tested);
	jsonout_int(js, "met", nr.met);
	jsonout_close(js, '}');
}

static void shares_json(struct jsonout *js, const char *array, const char *key, const struct transitions *tr,
			bool of_section)
{
	jsonout_open(js, array, '[');
	for (unsigned i = 0; i < tr->nr; i++) {
		const char *name = of_section ? tr->row[i].section : tr->row[i].status;

		if (is_first(tr, i, of_section))
			share_json(js, key, name, transitions_count(tr, of_section ? name : NULL, of_section ? NULL : name));
	}
	jsonout_close(js, ']');
}

static void transitions_json(struct jsonout *js, const struct transitions *tr)
{
	jsonout_open(js, "transitions", '{');
	jsonout_int(js, "rows", tr->nr);
	shares_json(js, "statuses", "status", tr, false);
	shares_json(js, "sections", "section", tr, true);
	jsonout_open(js, "not_met", '[');
	for (unsigned i = 0; i < tr->nr; i++)
		if (transition_is(&tr->row[i], "modelled") && !tr->row[i].met)
			jsonout_text(js, NULL, tr->row[i].id);
	jsonout_close(js, ']');
	jsonout_close(js, '}');
}

static void not_met_json(struct jsonout *js, const struct exercise *ex, const struct component *type)
{
	jsonout_open(js, "not_met", '[');
	for (unsigned region = 0; region < type->nr_regions; region++) {
		for (unsigned state = STATE_UNKNOWN; state < type->regions[region].nr_states; state++) {
			for (unsigned input = 0; input < type->nr_inputs; input++) {
				if (!coverage_counts(type, region, state, input) ||
				    coverage_met(&ex->coverage, type, region, state, input))
					continue;
				jsonout_open(js, NULL, '{');
				jsonout_text(js, "region", type->regions[region].name);
				jsonout_text(js, "state", type->regions[region].states[state]);
				jsonout_text(js, "input", type->inputs[input]);
				jsonout_close(js, '}');
			}
		}
	}
	jsonout_close(js, ']');
}

static void exercise_json(struct jsonout *js, const struct exercise *ex)
{
	jsonout_int(js, "captures", ex->nr_captures);
	jsonout_int(js, "unexpected", (int64_t)ex->unexpected);
	jsonout_open(js, "components", '[');
	for (const struct component *const *type = component_table; *type; type++) {
		struct met all = count_met_all(ex, *type);

		jsonout_open(js, NULL, '{');
		jsonout_text(js, "component", (*type)->name);
		jsonout_int(js, "cells", all.cells);
		jsonout_int(js, "met", all.met);
		not_met_json(js, ex, *type);
		jsonout_close(js, '}');
	}
	jsonout_close(js, ']');
}

/* Each capture by itself: they are not of one machine at one time. */
static enum status exercise_captures(const struct request *rq, struct exercise *ex)
{
	enum status status = STATUS_CLEAN;

	for (int i = 0; i < rq->nr_args && status != STATUS_USAGE; i++) {
		struct capture cap;

		if (capture_init(&cap, rq->usage, rq->opt) && capture_exercise(&cap, rq->args[i], &ex->coverage)) {
			ex->nr_captures++;
			ex->unexpected += query_one_int(cap.store, "SELECT count(*) FROM step WHERE unexpected", 0);
			transitions_meet_store(&ex->transitions, cap.store);
		}
		status = status_worse(status, cap.status);
		capture_fini(&cap);
	}
	transitions_meet_cells(&ex->transitions, &ex->coverage);
	return status;
}

static void coverage_text(const struct request *rq, const struct exercise *ex)
{
	transitions_text(rq->out, &ex->transitions, rq->nr_args);
	if (!rq->nr_args)
		return;
	if (rq->opt->verbose)
		print_rows_not_met(rq->out, &ex->transitions);
	exercise_text(rq->out, ex, rq->opt->verbose);
}

static void coverage_json(const struct request *rq, const struct exercise *ex)
{
	struct jsonout js = { .out = rq->out };

	jsonout_open(&js, NULL, '{');
	jsonout_text(&js, "schema", "irqpath.coverage/1");
	jsonout_tool(&js);
	transitions_json(&js, &ex->transitions);
	exercise_json(&js, ex);
	jsonout_close(&js, '}');
}

static enum status run_coverage(const struct request *rq)
{
	struct exercise *ex = calloc(1, sizeof(*ex));
	enum status status = STATUS_INCOMPLETE;

	if (ex && transitions_read(rq->transitions, &ex->transitions)) {
		status = exercise_captures(rq, ex);
		if (status != STATUS_USAGE)
			(rq->json ? coverage_json : coverage_text)(rq, ex);
	}
	if (ex)
		transitions_fini(&ex->transitions);
	free(ex);
	return status;
}

/* ------------------------------------------------------------------------------------------------------ trust */

static enum status run_trust(const struct request *rq)
{
	enum status status = STATUS_INCOMPLETE;
	struct transitions transitions;
	struct trust trust;

	if (!transitions_read(rq->transitions, &transitions))
		return status;
	if (trust_read(&trust, TABLES_DIR, &transitions)) {
		(rq->json ? trust_json : trust_text)(&trust, rq->out);
		status = trust_is_sound(&trust) ? STATUS_CLEAN : STATUS_FINDINGS;
		trust_fini(&trust);
	}
	transitions_fini(&transitions);
	return status;
}

/* ---------------------------------------------------------------------------------------------------- command */

static const struct subcommand {
	const char *name;
	enum status (*run)(const struct request *rq);
} subcommands[] = { { "list", run_list }, { "dot", run_dot }, { "coverage", run_coverage }, { "trust", run_trust } };

static const struct subcommand *find_subcommand(const char *name)
{
	for (unsigned i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
		if (!strcmp(subcommands[i].name, name))
			return &subcommands[i];
	return NULL;
}

static enum status run(const struct subcommand *sub, struct request *rq, const char *path)
{
	struct output out;
	enum status status;

	if (!output_open(&out, path))
		return STATUS_INCOMPLETE;
	rq->out = out.stream;
	status = sub->run(rq);
	if (!output_close(&out, status != STATUS_USAGE))
		return STATUS_INCOMPLETE;
	return status;
}

enum status cmd_model(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	const char *format = "text", *path = NULL, *transitions = TABLES_DIR "/transitions.tsv";
	const struct option own[] = {
		{ "format", 'f', OPTION_TEXT, &format, "FORMAT", "text (default) or json" },
		{ "output", 'o', OPTION_TEXT, &path, "FILE", "write there instead of on stdout" },
		{ "transitions", 0, OPTION_TEXT, &transitions, "FILE",
		  "another table of transitions than the packaged one" },
		{ "machine", 0, OPTION_LIST, &opt.machines, "FILE=NAME",
		  "whose capture FILE is: host, xen, dom0, guest, d1, ..." },
		{ "in-process", 0, OPTION_FLAG, &opt.in_process, NULL,
		  "read without an isolated reader process: for debugging" },
		{ "quiet", 'q', OPTION_FLAG, &opt.quiet, NULL, "no progress, only errors on stderr" },
		{ "verbose", 'v', OPTION_COUNT, &opt.verbose, NULL,
		  "coverage: every region, and the cells that were not met" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, NULL };
	const struct usage usage = {
		.synopsis = "model list | dot COMPONENT | coverage [FILE...] | trust | check [options]",
		.about = "list      the components of the model, their regions, states and inputs\n"
			 "dot       one component's tables as a picture for Graphviz; unexpected inputs are left out\n"
			 "coverage  how many of the known transitions are modelled and tested; with captures, each\n"
			 "          replayed by itself, which cells of the tables they met and how many steps were\n"
			 "          unexpected. A transition is met where one of the cells or columns that hold it was\n"
			 "trust     what model and rules were held against, as recorded with this version: transitions,\n"
			 "          captures, snapshots, mutants, invariants. Exit status 1 where something of it failed\n"
			 "check     explore all states of a small configuration; has options of its own, see model check --help",
		.tables = tables,
		.more = "Example: irqpath model dot msix_entry | dot -Tsvg -o msix_entry.svg",
	};
	struct request rq = { .usage = &usage, .opt = &opt };
	enum status status;
	int nr_args;

	if (argc > 1 && !strcmp(argv[1], "check"))
		return cmd_model_check(argc - 1, argv + 1);
	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (strcmp(format, "text") && strcmp(format, "json"))
		return options_usage_error(&usage, "'%s' is no format: text or json", format);
	if (!nr_args)
		return options_usage_error(&usage, "list, dot, coverage, trust or check?");
	if (!find_subcommand(argv[1]))
		return options_usage_error(&usage, "'%s' is none of list, dot, coverage, trust, check", argv[1]);
	rq.transitions = transitions;
	rq.json = !strcmp(format, "json");
	rq.args = argv + 2;
	rq.nr_args = nr_args - 1;
	if (rq.nr_args && (!strcmp(argv[1], "list") || !strcmp(argv[1], "trust")))
		return options_usage_error(&usage, "%s takes no argument", argv[1]);
	return run(find_subcommand(argv[1]), &rq, path);
}
