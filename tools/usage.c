/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "usage.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die(const char *name, const char *what)
{
	fprintf(stderr, "irqpath %s --help=table: %s\n", name, what);
	exit(1);
}

/* What the command prints on stdout meanwhile. */
static char *capture(const struct command *cmd)
{
	char *argv[] = { (char *)cmd->name, "--help=table", NULL };
	FILE *file = tmpfile();
	int saved;
	char *text;
	long len;

	fflush(stdout);
	saved = dup(1);
	if (!file || saved < 0 || dup2(fileno(file), 1) < 0)
		die(cmd->name, "cannot be run");
	if (cmd->run(2, argv) != STATUS_CLEAN)
		die(cmd->name, "fails");
	fflush(stdout);
	dup2(saved, 1);
	close(saved);
	fseek(file, 0, SEEK_END);
	len = ftell(file);
	rewind(file);
	text = calloc(1, len + 1);
	if (!text || fread(text, 1, len, file) != (size_t)len)
		die(cmd->name, "cannot be read");
	fclose(file);
	return text;
}

static void take_option(struct usage_page *page, char *fields)
{
	struct usage_option *opt = &page->option[page->nr_options++];

	if (page->nr_options > USAGE_MAX_OPTIONS)
		die(page->cmd->name, "too many options");
	opt->letter = strsep(&fields, "\t");
	opt->name = strsep(&fields, "\t");
	opt->argument = strsep(&fields, "\t");
	opt->help = fields;
	if (!opt->help)
		die(page->cmd->name, "an option without its fields");
}

static void take_line(struct usage_page *page, char *line)
{
	char *key = strsep(&line, "\t");

	if (!line)
		die(page->cmd->name, "a line without a tab");
	if (page->nr_about == USAGE_MAX_LINES || page->nr_more == USAGE_MAX_LINES)
		die(page->cmd->name, "too many lines");
	if (!strcmp(key, "synopsis"))
		page->synopsis = line;
	else if (!strcmp(key, "about"))
		page->about[page->nr_about++] = line;
	else if (!strcmp(key, "more"))
		page->more[page->nr_more++] = line;
	else if (!strcmp(key, "option"))
		take_option(page, line);
	else
		die(page->cmd->name, "a line of another kind");
}

/* "rules list | sql ID": two forms. A bar in brackets is a choice within one. */
static void cut_forms(struct usage_page *page)
{
	const char *rest = page->synopsis + strcspn(page->synopsis, " ");
	unsigned depth = 0;

	page->forms = strdup(*rest ? rest + 1 : "");
	if (!page->forms)
		die(page->cmd->name, "no memory");
	page->form[page->nr_forms++] = page->forms;
	for (char *p = page->forms; *p && page->nr_forms < USAGE_MAX_FORMS; p++) {
		depth += *p == '[';
		depth -= *p == ']';
		if (depth || strncmp(p, " | ", 3))
			continue;
		*p = 0;
		page->form[page->nr_forms++] = p + 3;
		p += 2;
	}
}

struct usage_page *usage_page_new(const struct command *cmd)
{
	struct usage_page *page = calloc(1, sizeof(*page));
	char *at;

	if (!page)
		die(cmd->name, "no memory");
	page->cmd = cmd;
	page->text = at = capture(cmd);
	for (char *line; (line = strsep(&at, "\n")) && *line;)
		take_line(page, line);
	if (!page->synopsis || !page->nr_about || !page->nr_options)
		die(cmd->name, "no synopsis, text or option");
	cut_forms(page);
	return page;
}

void usage_page_free(struct usage_page *page)
{
	free(page->text);
	free(page->forms);
	free(page);
}

unsigned usage_subcommand(const struct usage_page *page, unsigned form)
{
	const char *text = page->form[form];
	unsigned len = 0;

	if (page->nr_forms < 2)
		return 0;
	while (islower((unsigned char)text[len]) || text[len] == '-')
		len++;
	return len;
}
