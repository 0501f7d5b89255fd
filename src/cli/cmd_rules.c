/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/capture.h"
#include "cli/command.h"
#include "report/hops.h"
#include "core/text.h"
#include "report/layout.h"
#include "report/report.h"
#include "rules/settle.h"

static void print_paths(const struct rule *rule)
{
	for (int path = PATH_UNKNOWN + 1; path < NR_PATHS; path++)
		if (rule->paths >> path & 1)
			printf(" %s", path_name(path));
	putchar('\n');
}

static enum status list_rules(const struct capture *cap)
{
	static const char *const remarks[NR_RULE_STATUSES] = {
		[RULE_EXPERIMENTAL] = " (experimental)", [RULE_STABLE] = "", [RULE_DEPRECATED] = " (deprecated)",
	};

	for (unsigned i = 0; i < rules_count(cap->rules); i++) {
		const struct rule *rule = rules_get(cap->rules, i);

		printf("%-24s %-8s ", rule->id, severity_name(rule->severity));
		text_safe_write(stdout, rule->title);
		puts(remarks[rule->status]);
	}
	return STATUS_CLEAN;
}

/* Each signal with a line that records it, whole, so that it can be copied. */
static void print_requires(const struct rule *rule)
{
	char text[RULE_SIGNAL_MAX];

	printf("\nNeeds\n");
	for (unsigned i = 0; i < rule->nr_requires; i++) {
		const struct rule_clause *clause = &rule->requires[i];

		for (unsigned j = 0; j < clause->nr; j++) {
			const char *how = settle_signal(clause->any[j]);

			rule_signal_print(text, sizeof(text), clause->any[j]);
			printf("  %s%s\n", j ? "or " : i ? "and " : "", text);
			if (how)
				printf("      %s\n", how);
		}
	}
	if (!rule->nr_requires)
		printf("  nothing: it judges whatever is recorded\n");
}

static void print_paragraph(const struct report_options *opt, const char *title, const char *text)
{
	if (!text)
		return;
	printf("\n%s\n  ", title);
	layout_wrapped(stdout, opt, text, 2, 2);
}

/* One for each kind of the fault that has its own. */
static void print_mend(const struct report_options *opt, const struct rule *rule)
{
	for (unsigned i = 0; i < rule->mend.nr; i++) {
		const char *kind = rule->mend.word[i].signature;
		char title[96];

		snprintf(title, sizeof(title), kind ? "What to do (%s)" : "What to do", kind);
		print_paragraph(opt, title, rule->mend.word[i].text);
	}
}

static void print_part_params(const struct rule *part)
{
	for (unsigned i = 0; i < part->nr_params; i++)
		printf("  %s%s%s = %lld\n", part->part ? part->part : "", part->part ? ": " : "", part->params[i].name,
		       (long long)part->params[i].value);
}

static void print_params(const struct rule *rule)
{
	bool any = rule->nr_params;

	for (const struct rule *part = rule->parts; part; part = part->next)
		any |= part->nr_params;
	if (any)
		printf("\nParameters\n");
	print_part_params(rule);
	for (const struct rule *part = rule->parts; part; part = part->next)
		print_part_params(part);
}

static enum status explain_rule(const struct capture *cap, const struct rule *rule)
{
	struct report_options opt = { .verbose = 0 };

	(void)cap;
	report_set_terminal(&opt, stdout);
	printf("%s (rev %lld, %s, %s): ", rule->id, (long long)rule->rev, severity_name(rule->severity),
	       rule_status_name(rule->status));
	text_safe_write(stdout, rule->title);
	putchar('\n');
	print_paragraph(&opt, "Why", rule->why);
	print_mend(&opt, rule);
	print_paragraph(&opt, "May be wrong when", rule->falsepositives);
	printf("\nPaths\n ");
	print_paths(rule);
	print_requires(rule);
	print_params(rule);
	print_paragraph(&opt, "References", rule->refs);
	fputs("\nFrom ", stdout);
	text_safe_write(stdout, rule->path);
	for (const struct rule *part = rule->parts; part; part = part->next) {
		fputs("\n     ", stdout);
		text_safe_write(stdout, part->path);
	}
	putchar('\n');
	return STATUS_CLEAN;
}

/* Safe to show; its lines and tabs stay. */
static void print_statement(char *sql)
{
	for (char *rest = sql; *rest;) {
		size_t len = strcspn(rest, "\n\t");
		char end = rest[len];

		rest[len] = 0;
		text_safe_write(stdout, rest);
		if (end)
			putchar(end);
		rest += len + (end != 0);
	}
	putchar('\n');
}

static bool print_sql(struct capture *cap, const struct rule *part)
{
	char *sql = rules_expanded_sql(cap->rules, part, &cap->diag);

	if (!sql)
		return false;
	print_statement(sql);
	free(sql);
	return true;
}

/* Statements as the sqlite3 shell takes them; only one that stands alone goes without the semicolon. */
static enum status print_all_sql(struct capture *cap, const struct rule *rule)
{
	bool good = print_sql(cap, rule);

	for (const struct rule *part = rule->parts; part && good; part = part->next) {
		fputs(";\n\n", stdout);
		good = print_sql(cap, part);
	}
	return good ? STATUS_CLEAN : STATUS_USAGE;
}

static struct store *analyze_case(void *ctx, const struct rules *rules, const char *path, struct diag_sink *diag)
{
	(void)ctx;
	return capture_analyze_case(rules, path, diag);
}

/* The rules do not know the path's hops, which are the report's. */
static bool hops_are_known(struct capture *cap, const struct rule *rule)
{
	bool good = true;

	for (unsigned i = 0; i < rule->hops.nr; i++) {
		if (hop_find(rule->hops.word[i].text))
			continue;
		diag_report(&cap->diag, DIAG_BAD_RULE, (struct diag_pos){ .path = rule->path }, "no hop is called \"%s\"",
			    rule->hops.word[i].text);
		good = false;
	}
	return good;
}

/* What loading has not checked. */
static enum status check_rules(struct capture *cap)
{
	bool good = true;

	for (unsigned i = 0; i < rules_count(cap->rules); i++)
		good &= hops_are_known(cap, rules_get(cap->rules, i));
	if (good)
		printf("%u rules are good\n", rules_count(cap->rules));
	return good ? STATUS_CLEAN : STATUS_USAGE;
}

static enum status run_subcommand(const struct usage *usage, struct capture *cap, const char *name, const char *id)
{
	const struct rules_test_ops ops = { .analyze = analyze_case };
	const struct rule *rule = id ? rules_find(cap->rules, id) : NULL;

	if (id && !rule)
		return options_usage_error(usage, "no rule '%s'; 'irqpath rules list' tells them", id);
	if (!strcmp(name, "list"))
		return list_rules(cap);
	if (!strcmp(name, "check"))
		return check_rules(cap);
	if (!strcmp(name, "test"))
		return rules_test(cap->rules, id, &ops, stdout, &cap->diag);
	if (!rule)
		return options_usage_error(usage, "%s needs a rule's id", name);
	return !strcmp(name, "explain") ? explain_rule(cap, rule) : print_all_sql(cap, rule);
}

static bool is_subcommand(const char *name)
{
	static const char *const names[] = { "list", "explain", "check", "test", "sql" };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

enum status cmd_rules(int argc, char **argv)
{
	struct capture_options opt = { .db = NULL };
	const struct option own[] = {
		{ "rules", 0, OPTION_LIST, &opt.rules_dirs, "DIR",
		  "more rules; a file of the same name replaces a packaged one" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, NULL };
	const struct usage usage = {
		.synopsis = "rules list | explain ID | check | test [ID] | sql ID",
		.about = "list      all rules with their severity\n"
			 "explain   why a rule exists, what it needs, what to do when it fires\n"
			 "check     are all rules well-formed? (exit 2 where one is not)\n"
			 "test      run the cases that rules come with\n"
			 "sql       the rule's statement, and those of its parts, with their parameters bound",
		.tables = tables,
	};
	struct capture cap;
	enum status status;
	int nr_args;

	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (!nr_args || nr_args > 2)
		return options_usage_error(&usage, "list, explain, check, test or sql?");
	if (!is_subcommand(argv[1]))
		return options_usage_error(&usage, "'%s' is none of list, explain, check, test, sql", argv[1]);
	if (capture_init(&cap, &usage, &opt))
		status = run_subcommand(&usage, &cap, argv[1], nr_args > 1 ? argv[2] : NULL);
	else
		status = cap.status;
	capture_fini(&cap);
	return status;
}
