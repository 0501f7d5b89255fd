/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: gencompletion bash|zsh
 *
 * Prints the shell's completion: commands, topics, subcommands and options from the command table and --help=table; what
 * an option takes, by the word that its help has for the argument.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/topics.h"
#include "core/derived.h"
#include "model/component.h"
#include "usage.h"

enum { WORDS_MAX = 4096 };

/* What an argument can be: a list of words, or one of the shell's own kinds. */
enum kind { KIND_FREE, KIND_FILES, KIND_DIRS, KIND_WORDS, KIND_RULES };

static void add_word(char *words, const char *word, size_t len)
{
	size_t at = strlen(words);

	if (at + len + 2 >= WORDS_MAX) {
		fputs("gencompletion: too many words\n", stderr);
		exit(1);
	}
	if (len)
		sprintf(words + at, "%s%.*s", at ? " " : "", (int)len, word);
}

/* "table (tab separated, default), csv or json": the words outside of brackets. */
static void listed_words(char *words, const char *help)
{
	while (*help) {
		size_t len = strspn(help, "abcdefghijklmnopqrstuvwxyz");

		if (*help == '(') {
			help += strcspn(help, ")");
			continue;
		}
		if (len && strncmp(help, "or", len))
			add_word(words, help, len);
		help += len ? len : 1;
	}
}

static void path_words(char *words)
{
	for (int path = PATH_UNKNOWN + 1; path < NR_PATHS; path++)
		add_word(words, path_name(path), strlen(path_name(path)));
}

static void component_words(char *words)
{
	for (const struct component *const *type = component_table; *type; type++)
		add_word(words, (*type)->name, strlen((*type)->name));
}

/* words gets the list of KIND_WORDS. */
static enum kind argument_kind(const struct usage_option *opt, char words[WORDS_MAX])
{
	static const struct {
		const char *argument;
		enum kind kind;
	} kinds[] = {
		{ "FILE", KIND_FILES },	      { "FILE=NAME", KIND_FILES }, { "DIR", KIND_DIRS },
		{ "ID", KIND_RULES },	      { "COMPONENT", KIND_WORDS }, { "SEVERITY", KIND_WORDS },
		{ "FORMAT", KIND_WORDS },     { "PATH", KIND_WORDS },	   { "all", KIND_WORDS },
	};

	*words = 0;
	if (!strcmp(opt->argument, "SEVERITY"))
		strcpy(words, "note warning error");
	else if (!strcmp(opt->argument, "FORMAT"))
		listed_words(words, opt->help);
	else if (!strcmp(opt->argument, "COMPONENT"))
		component_words(words);
	else if (!strcmp(opt->argument, "PATH"))
		path_words(words);
	else if (!strcmp(opt->argument, "all"))
		strcpy(words, "all");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(opt->argument, kinds[i].argument))
			return kinds[i].kind;
	return KIND_FREE;
}

static void subcommands(const struct usage_page *page, char words[WORDS_MAX])
{
	*words = 0;
	for (unsigned i = 0; i < page->nr_forms; i++)
		add_word(words, page->form[i], usage_subcommand(page, i));
	if (strcmp(page->cmd->name, "help"))
		return;
	for (const struct command *cmd = command_table; cmd->name; cmd++)
		add_word(words, cmd->name, strlen(cmd->name));
	for (const struct topic *tp = topic_table; tp->name; tp++)
		if (!command_find(tp->name))
			add_word(words, tp->name, strlen(tp->name));
}

/* -------------------------------------------------------------------------------------------------------- bash */

/* Completes with what an argument of that kind can be. */
static void bash_reply(enum kind kind, const char *words)
{
	switch (kind) {
	case KIND_FILES:
		puts("_irqpath_files -f ;;");
		return;
	case KIND_DIRS:
		puts("_irqpath_files -d ;;");
		return;
	case KIND_RULES:
		puts("_irqpath_reply -W \"$(_irqpath_rules)\" ;;");
		return;
	case KIND_WORDS:
		printf("_irqpath_reply -W '%s' ;;\n", words);
		return;
	case KIND_FREE:
		puts(";;");
	}
}

static void bash_argument(const char *cmd, const struct usage_option *opt)
{
	char words[WORDS_MAX];
	enum kind kind = argument_kind(opt, words);

	if (!*opt->argument)
		return;
	printf("\t%s:--%s", cmd, opt->name);
	if (*opt->letter)
		printf(" | %s:-%s", cmd, opt->letter);
	fputs(") ", stdout);
	bash_reply(kind, words);
}

/* The word behind a subcommand, "explain ID": what it can be; KIND_FREE where that is not known. */
static enum kind form_kind(const struct usage_page *page, unsigned form, char words[WORDS_MAX])
{
	unsigned len = usage_subcommand(page, form);
	const char *rest = page->form[form] + len + strspn(page->form[form] + len, " [");
	char argument[32];
	struct usage_option opt = { .argument = argument, .help = "" };

	snprintf(argument, sizeof(argument), "%.*s", (int)strcspn(rest, " ].|"), rest);
	return len && *argument ? argument_kind(&opt, words) : KIND_FREE;
}

static void bash_form(const struct usage_page *page, unsigned form)
{
	char words[WORDS_MAX];
	enum kind kind = form_kind(page, form, words);

	if (kind == KIND_FREE)
		return;
	printf("\t%s:%.*s) ", page->cmd->name, (int)usage_subcommand(page, form), page->form[form]);
	bash_reply(kind, words);
}

static void bash_options(const struct usage_page *page)
{
	char words[WORDS_MAX];

	subcommands(page, words);
	printf("\t%s)\n\t\toptions='", page->cmd->name);
	for (unsigned i = 0; i < page->nr_options; i++)
		printf("%s--%s", i ? " " : "", page->option[i].name);
	for (unsigned i = 0; i < page->nr_options; i++)
		if (*page->option[i].letter)
			printf(" -%s", page->option[i].letter);
	printf("'\n\t\tfirst='%s' ;;\n", words);
}

static const char bash_head[] =
	"# bash completion for irqpath; generated from its command table\n"
	"\n"
	"_irqpath_rules()\n"
	"{\n"
	"\tirqpath rules list 2>/dev/null | cut -d ' ' -f 1\n"
	"}\n"
	"\n"
	"# with the arguments of compgen\n"
	"_irqpath_reply()\n"
	"{\n"
	"\tmapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\")\n"
	"}\n"
	"\n"
	"_irqpath_files()\n"
	"{\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\t_irqpath_reply \"$@\"\n"
	"}\n"
	"\n"
	"_irqpath()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd=${COMP_WORDS[1]} options first\n"
	"\n"
	"\tCOMPREPLY=()\n"
	"\t# --format=json is three words\n"
	"\tif [ \"$cur\" = = ]; then\n"
	"\t\tcur=\n"
	"\telif [ \"$prev\" = = ]; then\n"
	"\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tfi\n";

static const char bash_tail[] =
	"\t*)\n"
	"\t\tcase $cur in\n"
	"\t\t-*) _irqpath_reply -W \"$options\" ;;\n"
	"\t\t*)\n"
	"\t\t\tif [ -n \"$first\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	"\t\t\t\t_irqpath_reply -W \"$first\"\n"
	"\t\t\telif [ \"$cmd\" != help ]; then\n"
	"\t\t\t\t_irqpath_files -f\n"
	"\t\t\tfi ;;\n"
	"\t\tesac ;;\n"
	"\tesac\n"
	"}\n"
	"\n"
	"complete -F _irqpath irqpath\n";

static void for_each_page(void (*fn)(const struct usage_page *page))
{
	for (const struct command *cmd = command_table; cmd->name; cmd++) {
		struct usage_page *page = usage_page_new(cmd);

		fn(page);
		usage_page_free(page);
	}
}

static void bash_arguments(const struct usage_page *page)
{
	for (unsigned i = 0; i < page->nr_options; i++)
		bash_argument(page->cmd->name, &page->option[i]);
	for (unsigned i = 0; i < page->nr_forms; i++)
		bash_form(page, i);
}

static void bash(void)
{
	fputs(bash_head, stdout);
	fputs("\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\t_irqpath_reply -W '", stdout);
	for (const struct command *cmd = command_table; cmd->name; cmd++)
		printf("%s ", cmd->name);
	puts("--help --version'\n\t\treturn\n\tfi\n\tcase $cmd in");
	for_each_page(bash_options);
	puts("\t*) return ;;\n\tesac\n\tcase $cmd:$prev in");
	for_each_page(bash_arguments);
	fputs(bash_tail, stdout);
}

/* --------------------------------------------------------------------------------------------------------- zsh */

/* Inside single quotes and the brackets of a specification. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr("[]:\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void zsh_form(const struct usage_page *page, unsigned form)
{
	char words[WORDS_MAX];
	enum kind kind = form_kind(page, form, words);

	if (kind != KIND_RULES && kind != KIND_WORDS)
		return;
	printf(" %.*s) ", (int)usage_subcommand(page, form), page->form[form]);
	if (kind == KIND_RULES)
		fputs("_irqpath_rules ;;", stdout);
	else
		printf("compadd %s ;;", words);
}

static void zsh_argument(const struct usage_option *opt)
{
	char words[WORDS_MAX];
	enum kind kind = argument_kind(opt, words);

	if (!*opt->argument)
		return;
	fputc(':', stdout);
	zsh_text(opt->argument);
	fputc(':', stdout);
	if (kind == KIND_FILES)
		fputs("_files", stdout);
	else if (kind == KIND_DIRS)
		fputs("_files -/", stdout);
	else if (kind == KIND_RULES)
		fputs("_irqpath_rules", stdout);
	else if (kind == KIND_WORDS)
		printf("(%s)", words);
	else
		putchar(' ');
}

/* Options may be given again: none of them excludes itself. */
static void zsh_option(const struct usage_option *opt)
{
	const char *equals = *opt->argument ? "=" : "";

	fputs(" \\\n\t\t'*'", stdout);
	if (*opt->letter)
		printf("{-%s%s,--%s%s}", opt->letter, *opt->argument ? "+" : "", opt->name, equals);
	else
		printf("--%s%s", opt->name, equals);
	fputs("'[", stdout);
	zsh_text(opt->help);
	putchar(']');
	zsh_argument(opt);
	putchar('\'');
}

static void zsh_command(const struct usage_page *page)
{
	char words[WORDS_MAX];

	subcommands(page, words);
	printf("\t%s)\n\t\t_arguments -s", page->cmd->name);
	for (unsigned i = 0; i < page->nr_options; i++)
		zsh_option(&page->option[i]);
	if (*words)
		printf(" \\\n\t\t'1: :(%s)'", words);
	if (strcmp(page->cmd->name, "help"))
		fputs(" \\\n\t\t'*:argument:{ case $words[2] in", stdout);
	for (unsigned i = 0; i < page->nr_forms; i++)
		zsh_form(page, i);
	if (strcmp(page->cmd->name, "help"))
		fputs(" *) _files ;; esac }'", stdout);
	puts(" ;;");
}

static void zsh(void)
{
	puts("#compdef irqpath\n"
	     "# zsh completion for irqpath; generated from its command table\n"
	     "\n"
	     "_irqpath_rules()\n"
	     "{\n"
	     "\tlocal -a ids\n"
	     "\tids=(${(f)\"$(irqpath rules list 2>/dev/null | cut -d ' ' -f 1)\"})\n"
	     "\t_describe rule ids\n"
	     "}\n"
	     "\n"
	     "_irqpath()\n"
	     "{\n"
	     "\tlocal -a commands\n"
	     "\tcommands=(");
	for (const struct command *cmd = command_table; cmd->name; cmd++) {
		printf("\t\t'%s:", cmd->name);
		zsh_text(cmd->summary);
		puts("'");
	}
	puts("\t)\n"
	     "\tif (( CURRENT == 2 )); then\n"
	     "\t\t_describe command commands\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tlocal cmd=$words[2]\n"
	     "\tshift words\n"
	     "\t(( CURRENT-- ))\n"
	     "\tcase $cmd in");
	for_each_page(zsh_command);
	puts("\tesac\n"
	     "}\n"
	     "\n"
	     "_irqpath \"$@\"");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "bash"))
		bash();
	else if (argc == 2 && !strcmp(argv[1], "zsh"))
		zsh();
	else {
		fputs("usage: gencompletion bash|zsh\n", stderr);
		return 2;
	}
	return fflush(stdout) ? 1 : 0;
}
