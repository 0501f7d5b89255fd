/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: gendocs FILE
 *
 * Prints FILE, a page of docs/, with everything between "<!-- begin NAME -->" and "<!-- end -->" written anew from the
 * tables of the program. `make docs` does so with every page, `make check` compares.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/derived.h"
#include "core/event.h"
#include "ingest/readers.h"
#include "model/component.h"
#include "model/owners.h"
#include "model/quirks.h"
#include "rules/rules.h"
#include "rules/settle.h"
#include "store/sql.h"

/* Text of a cell or paragraph: what Markdown would take for its own is quoted. */
static void put_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr("|<*`", text[i]))
			putchar('\\');
		putchar(text[i]);
	}
}

static void put_cell(const char *text)
{
	putchar(' ');
	put_text(text, strlen(text));
	fputs(" |", stdout);
}

static void put_code_cell(const char *text)
{
	printf(" `%s` |", text);
}

/* ---------------------------------------------------------------------------------------------------- events */

static void put_layers(void)
{
	puts("| layer | what it is |\n| --- | --- |");
#define X(sym, name, doc) puts("| `" name "` | " doc " |");
	LAYER_LIST(X)
#undef X
}

static void put_witnesses(void)
{
	puts("| witness | the record proves |\n| --- | --- |");
#define X(sym, name, doc) puts("| `" name "` | " doc " |");
	WITNESS_LIST(X)
#undef X
}

static void put_objects(void)
{
	puts("| kind | example | what it is |\n| --- | --- | --- |");
#define X(sym, name, example, doc) puts("| `" name "` | `" example "` | " doc " |");
	OBJECT_LIST(X)
#undef X
}

static void put_arguments(void)
{
	static const char *const types[] = {
		[ARG_TYPE_U] = "number", [ARG_TYPE_S] = "signed number", [ARG_TYPE_X] = "hexadecimal", [ARG_TYPE_STR] = "string",
	};

	puts("| argument | type | meaning |\n| --- | --- | --- |");
	for (unsigned arg = ARG_NONE + 1; arg < NR_ARG_IDS; arg++) {
		putchar('|');
		put_code_cell(event_args[arg].name);
		put_cell(types[event_args[arg].type]);
		put_cell(event_args[arg].doc);
		putchar('\n');
	}
}

static void put_events(void)
{
	puts("| kind | layer | objects | arguments | what happened |\n| --- | --- | --- | --- | --- |");
	for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++) {
		const struct event_kind_info *info = &event_kinds[kind];

		putchar('|');
		put_code_cell(info->name);
		put_cell(layer_name(info->layer));
		for (unsigned i = 0; i < EVENT_MAX_KIND_OBJECTS && info->objects[i]; i++)
			printf(" `%s`", object_kind_name(info->objects[i]));
		fputs(" |", stdout);
		for (unsigned i = 0; i < EVENT_MAX_ARGS && info->args[i]; i++)
			printf(" `%s`", event_args[info->args[i]].name);
		fputs(" |", stdout);
		put_cell(info->doc);
		putchar('\n');
	}
}

/* ---------------------------------------------------------------------------------------------------- schema */

/* One line of schema.sql, without the "-- " that virtual tables are written behind. */
struct line {
	const char *text;
	size_t len;
};

struct schema {
	const char *at;
	bool is_virtual;
	struct line about[8];	/* comment lines since the last empty one */
	unsigned nr_about;
};

static bool begins(struct line line, const char *with)
{
	return line.len >= strlen(with) && !memcmp(line.text, with, strlen(with));
}

static struct line skip(struct line line, size_t n)
{
	return (struct line){ line.text + n, line.len - n };
}

static bool next_line(struct schema *sc, struct line *line)
{
	if (!*sc->at)
		return false;
	*line = (struct line){ sc->at, strcspn(sc->at, "\n") };
	sc->at += line->len + (sc->at[line->len] != 0);
	if (sc->is_virtual && begins(*line, "-- "))
		*line = skip(*line, 3);
	return true;
}

static size_t word_len(struct line line)
{
	size_t n = 0;

	while (n < line.len && (isalnum((unsigned char)line.text[n]) || line.text[n] == '_'))
		n++;
	return n;
}

static struct line skip_blanks(struct line line)
{
	while (line.len && *line.text == ' ')
		line = skip(line, 1);
	return line;
}

static struct line comment_of(struct line line)
{
	const char *dashes = memmem(line.text, line.len, "-- ", 3);

	return dashes ? skip(line, dashes + 3 - line.text) : skip(line, line.len);
}

static bool holds(struct line line, const char *word)
{
	return memmem(line.text, line.len - comment_of(line).len, word, strlen(word)) != NULL;
}

static void put_column(struct line table, struct line line)
{
	struct line name = skip_blanks(line), type, comment = comment_of(line);

	name.len = word_len(name);
	type = skip_blanks((struct line){ name.text + name.len, line.text + line.len - name.text - name.len });
	type.len = word_len(type);
	if (!comment.len) {
		fprintf(stderr, "schema.sql: %.*s.%.*s has no comment\n", (int)table.len, table.text, (int)name.len, name.text);
		exit(1);
	}
	printf("| `%.*s` | ", (int)name.len, name.text);
	for (size_t i = 0; i < type.len; i++)
		putchar(tolower((unsigned char)type.text[i]));
	printf("%s | ", holds(line, "PRIMARY KEY") ? ", key" : holds(line, "NOT NULL") ? ", never null" : "");
	put_text(comment.text, comment.len);
}

/* Ends the row of a column; a comment may go on for lines. */
static void end_row(bool *is_open)
{
	if (*is_open)
		puts(" |");
	*is_open = false;
}

/* The lines up to ")"; those of a private table are only passed over. */
static void take_table(struct schema *sc, struct line table, bool is_private)
{
	bool row = false;
	struct line line;

	table.len = word_len(table);
	if (!is_private) {
		printf("\n### %.*s%s\n\n", (int)table.len, table.text, sc->is_virtual ? " (virtual table)" : "");
		for (unsigned i = 0; i < sc->nr_about; i++) {
			put_text(sc->about[i].text, sc->about[i].len);
			putchar('\n');
		}
		puts("\n| column | type | meaning |\n| --- | --- | --- |");
	}
	while (next_line(sc, &line) && !begins(line, ")")) {
		struct line name = skip_blanks(line);

		if (is_private)
			continue;
		if (row && begins(name, "-- ")) {
			putchar(' ');
			put_text(name.text + 3, name.len - 3);
			continue;
		}
		end_row(&row);
		if (begins(name, "PRIMARY KEY (")) {
			printf("\nKey: `%.*s`.\n", (int)strcspn(name.text + 13, ")"), name.text + 13);
			continue;
		}
		put_column(table, line);
		row = true;
	}
	end_row(&row);
	sc->is_virtual = false;
	sc->nr_about = 0;
}

static void take_schema_line(struct schema *sc, struct line line)
{
	static const char plain[] = "CREATE TABLE ", with_module[] = "-- CREATE VIRTUAL TABLE ", section[] = "-- --------";

	if (begins(line, with_module)) {
		sc->is_virtual = true;
		take_table(sc, skip(line, strlen(with_module)), false);
	} else if (begins(line, plain)) {
		take_table(sc, skip(line, strlen(plain)), sc->nr_about && begins(sc->about[0], "Private:"));
	} else if (begins(line, section)) {
		line = skip(line, 3 + strspn(line.text + 3, "-"));
		printf("\n## %c%.*s\n", toupper((unsigned char)line.text[1]), (int)line.len - 2, line.text + 2);
	} else if (begins(line, "-- ") && sc->nr_about < sizeof(sc->about) / sizeof(sc->about[0])) {
		sc->about[sc->nr_about++] = skip(line, 3);
	} else {
		sc->nr_about = 0;
	}
}

static void put_schema(void)
{
	struct schema sc = { .at = store_schema_sql };
	struct line line;

	while (next_line(&sc, &line))
		take_schema_line(&sc, line);
}

/* ----------------------------------------------------------------------------------------------------- model */

static void put_paths(void)
{
	puts("| path | what it is |\n| --- | --- |");
#define X(sym, name, doc) puts("| `" name "` | " doc " |");
	PATH_LIST(X)
#undef X
}

static void put_endings(void)
{
	puts("| ending | meaning |\n| --- | --- |");
#define X(sym, name, doc) puts("| " name " | " doc " |");
	ENDING_LIST(X)
#undef X
}

static void put_quirks(void)
{
	puts("| quirk | class | normally | what it is | stands for |\n| --- | --- | --- | --- | --- |");
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		printf("| `%s` | %s | %s | %s | %s |\n", quirk_table[i].name, quirk_class_name(quirk_table[i].class),
		       quirk_table[i].normally ? "on" : "off", quirk_table[i].what, quirk_table[i].stands_for);
}

static void put_cures(void)
{
	const char *fault = "";

	puts("| fault | fix, or what is tried (?) | prevents nothing with | takes with it |\n| --- | --- | --- | --- |");
	for (const struct quirk_cure *cure = quirk_cures; cure->quirk; cure++) {
		printf("| %s | `%s%s`%s |", strcmp(fault, cure->fault) ? cure->fault : "", quirk_table[cure->quirk].name,
		       cure->on ? "" : "=off", cure->only_tried ? " ?" : "");
		printf(cure->undone_by ? " `%s` |" : " |", quirk_table[cure->undone_by].name);
		printf(cure->companion ? " `%s` |\n" : " |\n", quirk_table[cure->companion].name);
		fault = cure->fault;
	}
}

static void put_owners(void)
{
	static const char *const roles[] = {
		[ROLE_ABSENT] = "", [ROLE_ADVISORY] = "advisory", [ROLE_AUTHORITATIVE] = "authoritative",
	};

	fputs("| path |", stdout);
	for (unsigned owner = 0; owner < NR_OWNERS; owner++)
		put_cell(owner_name(owner));
	fputs("\n| --- |", stdout);
	for (unsigned owner = 0; owner < NR_OWNERS; owner++)
		fputs(" --- |", stdout);
	putchar('\n');
	for (unsigned path = PATH_UNKNOWN + 1; path < NR_PATHS; path++) {
		putchar('|');
		put_code_cell(path_name(path));
		for (unsigned owner = 0; owner < NR_OWNERS; owner++)
			put_cell(roles[owner_role(path, owner)]);
		putchar('\n');
	}
}

static void put_components(void)
{
	puts("| component | region | values, besides unknown | changes are kept as |\n| --- | --- | --- | --- |");
	for (const struct component *const *type = component_table; *type; type++) {
		for (unsigned i = 0; i < (*type)->nr_regions; i++) {
			const struct region *region = &(*type)->regions[i];

			printf("| `%s` | `%s` |", (*type)->name, region->name);
			for (unsigned state = STATE_UNKNOWN + 1; state < region->nr_states; state++)
				printf("%s %s", state > STATE_UNKNOWN + 1 ? "," : "", region->states[state]);
			if (region->brief_ns)
				printf(" | spans of %u ms and more |\n", region->brief_ns / 1000000);
			else
				printf(" | %s |\n", region->hot ? "deliveries only" : "steps and spans");
		}
	}
}

/* -------------------------------------------------------------------------------------------------- captures */

static void put_formats(void)
{
	puts("| format | recorded by | what it is |\n| --- | --- | --- |");
	for (const struct reader_ops *const *ops = reader_table; *ops; ops++) {
		putchar('|');
		put_code_cell((*ops)->name);
		put_cell(layer_name((*ops)->layer));
		put_cell((*ops)->about ? (*ops)->about : "");
		putchar('\n');
	}
}

static bool is_kvm(const struct reader_shows *shows)
{
	return !strncmp(shows->record, "kvm:", 4);
}

static bool is_irq_tracepoint(const struct reader_shows *shows)
{
	return !strncmp(shows->record, "irq:", 4);
}

static bool is_tracepoint(const struct reader_shows *shows)
{
	return !shows->probe && !is_kvm(shows);
}

static bool is_of_kernel(const struct reader_shows *shows)
{
	return !is_kvm(shows);
}

/* Columns of the tables: ftrace in steps of what was switched on, then every other format. */
enum { MAX_COLUMNS = 16 };

struct column {
	const char *name, *about;
	const struct reader_ops *ops;
	bool (*has)(const struct reader_shows *shows);	/* NULL: all */
};

static const struct column ftrace_columns[] = {
	{ "irq", "trace.dat with the tracepoints of `irq` alone", NULL, is_irq_tracepoint },
	{ "tracepoints", "trace.dat with all tracepoints that are known: `irq`, `irq_vectors`, `irq_matrix` and their neighbours",
	  NULL, is_tracepoint },
	{ "probes", "the same with probes on all functions that are known", NULL, is_of_kernel },
	{ "KVM host", "trace.dat of a host with its `kvm` tracepoints, for the guest", NULL, is_kvm },
};

static bool shows_anything(const struct column *col)
{
	struct reader_shows shows;

	for (unsigned i = 0; col->ops->shows(i, &shows); i++)
		if (!col->has || col->has(&shows))
			return true;
	return false;
}

/* Formats that share their decoders with one before say nothing new. */
static bool is_new(const struct column *cols, unsigned nr, const struct reader_ops *ops)
{
	for (unsigned i = 0; i < nr; i++)
		if (cols[i].ops->shows == ops->shows)
			return false;
	return true;
}

static unsigned list_columns(struct column cols[MAX_COLUMNS])
{
	unsigned nr = 0;

	for (size_t i = 0; i < sizeof(ftrace_columns) / sizeof(*ftrace_columns); i++) {
		cols[nr] = ftrace_columns[i];
		cols[nr].ops = &trace_dat_reader;
		nr += shows_anything(&cols[nr]);
	}
	for (const struct reader_ops *const *ops = reader_table; *ops && nr < MAX_COLUMNS; ops++)
		if ((*ops)->shows && is_new(cols, nr, *ops))
			cols[nr++] = (struct column){ .name = (*ops)->name, .about = (*ops)->about, .ops = *ops };
	return nr;
}

/* The best that a capture shows of a kind: witness, -1 where nothing does, and whether every such fact is recorded. */
struct shown {
	int witness;
	bool complete;
};

static struct shown best_shown(const struct column *col, struct rule_signal sig)
{
	struct shown best = { -1, false };
	struct reader_shows shows;

	for (unsigned i = 0; col->ops->shows(i, &shows); i++) {
		if (shows.kind != sig.kind || (int)shows.witness < sig.witness || (col->has && !col->has(&shows)))
			continue;
		if ((int)shows.witness > best.witness || ((int)shows.witness == best.witness && shows.complete))
			best = (struct shown){ shows.witness, shows.complete };
	}
	return best;
}

static const char *rule_cell(const struct column *col, const struct rule *rule)
{
	bool complete = true;

	if (!rule->nr_requires)
		return "any";
	for (unsigned i = 0; i < rule->nr_requires; i++) {
		const struct rule_clause *clause = &rule->requires[i];
		bool any = false, whole = false;

		for (unsigned j = 0; j < clause->nr; j++) {
			struct shown shown = best_shown(col, clause->any[j]);

			any |= shown.witness >= 0;
			whole |= shown.complete;
		}
		if (!any)
			return "-";
		complete &= whole;
	}
	return complete ? "yes" : "part";
}

static void put_columns_head(const char *first, const struct column *cols, unsigned nr)
{
	printf("| %s |", first);
	for (unsigned i = 0; i < nr; i++)
		put_cell(cols[i].name);
	fputs("\n| --- |", stdout);
	for (unsigned i = 0; i < nr; i++)
		fputs(" --- |", stdout);
	putchar('\n');
}

static void put_captures(void)
{
	struct column cols[MAX_COLUMNS];
	unsigned nr = list_columns(cols);

	puts("| capture | what it is |\n| --- | --- |");
	for (unsigned i = 0; i < nr; i++)
		printf("| %s | %s |\n", cols[i].name, cols[i].about ? cols[i].about : "");
}

/* A table that is wider than a page is several, each of some of the columns, with the rows that say something. */
enum { MAX_TABLE_COLUMNS = 4 };

static unsigned nr_of_table(unsigned nr, unsigned from)
{
	return nr - from < MAX_TABLE_COLUMNS ? nr - from : MAX_TABLE_COLUMNS;
}

/* Of a rule that requires nothing every cell says the same. */
static bool says_more(const struct column *cols, unsigned nr, const struct rule *rule)
{
	for (unsigned i = 0; i < nr; i++)
		if (rule->group != RULE_GROUP_HYGIENE && rule->nr_requires && strcmp(rule_cell(&cols[i], rule), "-"))
			return true;
	return false;
}

static void put_rule_row(const struct column *cols, unsigned nr, const struct rule *rule)
{
	putchar('|');
	put_code_cell(rule->id);
	for (unsigned i = 0; i < nr; i++)
		put_cell(rule_cell(&cols[i], rule));
	putchar('\n');
}

static void put_rule_table(const struct column *cols, unsigned nr, const struct rules *rules, bool is_first)
{
	bool any = is_first;

	for (unsigned i = 0; i < rules_count(rules) && !any; i++)
		any = says_more(cols, nr, rules_get(rules, i));
	if (!any)
		return;
	if (!is_first)
		putchar('\n');
	put_columns_head("rule", cols, nr);
	for (unsigned i = 0; i < rules_count(rules); i++) {
		const struct rule *rule = rules_get(rules, i);

		if (says_more(cols, nr, rule) || (is_first && rule->group != RULE_GROUP_HYGIENE && !rule->nr_requires))
			put_rule_row(cols, nr, rule);
	}
}

static struct rules *shipped_rules(void)
{
	const struct rules_dir dir = { .path = RULES_DIR };
	struct diag_sink diag;
	struct rules *rules;

	diag_sink_init_stream(&diag, stderr);
	rules = rules_load(&dir, 1, &diag);
	if (!rules)
		exit(1);
	return rules;
}

static void put_rule_matrix(void)
{
	struct rules *rules = shipped_rules();
	struct column cols[MAX_COLUMNS];
	unsigned nr = list_columns(cols);

	for (unsigned from = 0; from < nr; from += MAX_TABLE_COLUMNS)
		put_rule_table(cols + from, nr_of_table(nr, from), rules, !from);
	rules_free(rules);
}

enum { MAX_PROBES = 128 };

/* Definitions of probes, "echo 'p:GROUP/NAME FUNCTION …' >> FILE": one a name, that with the most arguments. */
struct probes {
	const char *text[MAX_PROBES];	/* in the table of rules/settle.c */
	size_t len[MAX_PROBES];
	unsigned nr;
};

static bool same_probe(const char *a, const char *b)
{
	size_t len = strcspn(a, "/") + strcspn(a + strcspn(a, "/"), " ") + 1;

	return !strncmp(a, b, len);
}

static void add_definition(struct probes *pb, const char *text, size_t len)
{
	unsigned i;

	for (i = 0; i < pb->nr; i++)
		if (same_probe(pb->text[i], text))
			break;
	if (i == MAX_PROBES || (i < pb->nr && pb->len[i] >= len))
		return;
	pb->text[i] = text;
	pb->len[i] = len;
	pb->nr += i == pb->nr;
}

/* "echo 'p:…' >> …; echo 'r:…' >> …; trace-cmd …" */
static void add_definitions(struct probes *pb, const char *how)
{
	while (how && !strncmp(how, "echo ", 5)) {
		size_t len = strcspn(how, ";");

		add_definition(pb, how, len);
		how += len + strspn(how + len, "; ");
	}
}

/* All that the shipped rules ask for, in their order. */
static void put_probes(void)
{
	struct rules *rules = shipped_rules();
	struct probes pb = { .nr = 0 };

	for (unsigned i = 0; i < rules_count(rules); i++) {
		const struct rule *rule = rules_get(rules, i);

		for (unsigned j = 0; j < rule->nr_requires; j++)
			for (unsigned k = 0; k < rule->requires[j].nr; k++)
				add_definitions(&pb, settle_signal(rule->requires[j].any[k]));
	}
	putchar('\n');
	for (unsigned i = 0; i < pb.nr; i++)
		printf("    %.*s\n", (int)pb.len[i], pb.text[i]);
	putchar('\n');
	rules_free(rules);
}

static void put_signal_row(enum event_kind kind, const struct column *cols, unsigned nr)
{
	const struct rule_signal sig = { .kind = kind, .witness = -1 };
	bool any = false;

	for (unsigned i = 0; i < nr && !any; i++)
		any = best_shown(&cols[i], sig).witness >= 0;
	if (!any)
		return;
	putchar('|');
	put_code_cell(event_kinds[kind].name);
	for (unsigned i = 0; i < nr; i++) {
		struct shown shown = best_shown(&cols[i], sig);

		if (shown.witness < 0)
			fputs(" - |", stdout);
		else
			printf(shown.complete ? " %s |" : " (%s) |", witness_name(shown.witness));
	}
	putchar('\n');
}

static void put_signal_matrix(void)
{
	struct column cols[MAX_COLUMNS];
	unsigned nr = list_columns(cols);

	for (unsigned from = 0; from < nr; from += MAX_TABLE_COLUMNS) {
		if (from)
			putchar('\n');
		put_columns_head("event", cols + from, nr_of_table(nr, from));
		for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++)
			put_signal_row(kind, cols + from, nr_of_table(nr, from));
	}
}

/* ----------------------------------------------------------------------------------------------------- pages */

static const struct block {
	const char *name;
	void (*put)(void);
} blocks[] = {
	{ "layers", put_layers }, { "witnesses", put_witnesses }, { "objects", put_objects }, { "arguments", put_arguments },
	{ "events", put_events }, { "schema", put_schema }, { "paths", put_paths }, { "endings", put_endings },
	{ "quirks", put_quirks }, { "cures", put_cures }, { "owners", put_owners }, { "components", put_components }, { "formats", put_formats },
	{ "captureslist", put_captures }, { "probes", put_probes }, { "rulematrix", put_rule_matrix }, { "signalmatrix", put_signal_matrix },
};

/* The block that a line begins; NULL: none. A name that is not known is an error of the page. */
static const struct block *block_begun(const char *path, const char *line)
{
	char name[64];

	if (sscanf(line, "<!-- begin %63[a-z] -->", name) != 1)
		return NULL;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (!strcmp(blocks[i].name, name))
			return &blocks[i];
	fprintf(stderr, "%s: there is no block '%s'\n", path, name);
	exit(1);
}

static bool write_page(const char *path, FILE *page)
{
	const struct block *block = NULL;
	char line[4096];

	while (fgets(line, sizeof(line), page)) {
		if (block && strncmp(line, "<!-- end -->", 12))
			continue;
		fputs(line, stdout);
		block = block ? NULL : block_begun(path, line);
		if (block)
			block->put();
	}
	if (block)
		fprintf(stderr, "%s: block '%s' has no end\n", path, block->name);
	return !block && !ferror(page);
}

int main(int argc, char **argv)
{
	FILE *page = argc == 2 ? fopen(argv[1], "r") : NULL;
	bool good;

	if (!page) {
		fputs("usage: gendocs FILE\n", stderr);
		return 2;
	}
	good = write_page(argv[1], page);
	fclose(page);
	return good && !fflush(stdout) ? 0 : 1;
}
