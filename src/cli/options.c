/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/nearest.h"
#include "core/text.h"

enum { HELP_COLUMN = 30, HELP_WIDTH = 100 };

enum status options_usage_error(const struct usage *usage, const char *fmt, ...)
{
	int name_len = strcspn(usage->synopsis, " ");
	char raw[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	fprintf(stderr, "irqpath %.*s: ", name_len, usage->synopsis);
	text_safe_write(stderr, raw);
	fprintf(stderr, "\nTry 'irqpath %.*s --help'.\n", name_len, usage->synopsis);
	return STATUS_USAGE;
}

/* Text from the help column on, wrapped between words. */
static void print_wrapped(const char *text, int column)
{
	while (*text) {
		size_t word = strcspn(text, " ");

		if (column > HELP_COLUMN && column + 1 + (int)word > HELP_WIDTH) {
			printf("\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (column > HELP_COLUMN) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)word, text);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void print_option(const struct option *opt)
{
	char left[128];
	int n = opt->letter ? snprintf(left, sizeof(left), "  -%c, --%s", opt->letter, opt->name)
			    : snprintf(left, sizeof(left), "      --%s", opt->name);

	if (opt->argument)
		n += snprintf(left + n, sizeof(left) - n, " %s", opt->argument);
	printf("%s", left);
	if (n + 2 > HELP_COLUMN)
		printf("\n%*s", HELP_COLUMN, "");
	else
		printf("%*s", HELP_COLUMN - n, "");
	print_wrapped(opt->help, HELP_COLUMN);
}

static void print_help(const struct usage *usage)
{
	printf("Usage: irqpath %s\n\n%s\n\nOptions:\n", usage->synopsis, usage->about);
	for (const struct option *const *table = usage->tables; *table; table++)
		for (const struct option *opt = *table; opt->name; opt++)
			print_option(opt);
	printf("  -h, --help                  this text\n");
	if (usage->more)
		printf("\n%s\n", usage->more);
}

/* Each line of a text behind a name and a tab. */
static void print_lines(const char *name, const char *text)
{
	for (; text && *text; text += strcspn(text, "\n") + 1) {
		int len = strcspn(text, "\n");

		printf("%s\t%.*s\n", name, len, text);
		if (!text[len])
			break;
	}
}

/* --help=table: for what makes the man pages and the shells' completion. */
static void print_table(const struct usage *usage)
{
	print_lines("synopsis", usage->synopsis);
	print_lines("about", usage->about);
	for (const struct option *const *table = usage->tables; *table; table++)
		for (const struct option *opt = *table; opt->name; opt++)
			printf("option\t%.1s\t%s\t%s\t%s\n", &opt->letter, opt->name, opt->argument ? opt->argument : "",
			       opt->help);
	printf("option\th\thelp\t\tthis text\n");
	print_lines("more", usage->more);
}

static const struct option *find_long(const struct usage *usage, const char *name, size_t len)
{
	for (const struct option *const *table = usage->tables; *table; table++)
		for (const struct option *opt = *table; opt->name; opt++)
			if (!strncmp(opt->name, name, len) && !opt->name[len])
				return opt;
	return NULL;
}

static const struct option *find_short(const struct usage *usage, char letter)
{
	for (const struct option *const *table = usage->tables; *table; table++)
		for (const struct option *opt = *table; opt->name; opt++)
			if (opt->letter && opt->letter == letter)
				return opt;
	return NULL;
}

static bool store_value(const struct usage *usage, const struct option *opt, const char *value)
{
	struct option_list *list;

	switch (opt->type) {
	case OPTION_FLAG:
		*(bool *)opt->value = true;
		return true;
	case OPTION_COUNT:
		++*(unsigned *)opt->value;
		return true;
	case OPTION_TEXT:
		*(const char **)opt->value = value;
		return true;
	case OPTION_LIST:
		break;
	}
	list = opt->value;
	if (list->nr == OPTION_LIST_MAX) {
		options_usage_error(usage, "--%s is given more than %d times", opt->name, OPTION_LIST_MAX);
		return false;
	}
	list->text[list->nr++] = value;
	return true;
}

static bool takes_value(const struct option *opt)
{
	return opt->type == OPTION_TEXT || opt->type == OPTION_LIST;
}

/* An option with what stands behind it in its own word, NULL: nothing. The value may be the next argument. */
static enum options_result take_option(const struct usage *usage, const struct option *opt, const char *value, int argc,
				       char **argv, int *i)
{
	if (!takes_value(opt) && value) {
		options_usage_error(usage, "option '%s' takes no value", argv[*i]);
		return OPTIONS_WRONG;
	}
	if (takes_value(opt) && !value) {
		if (*i + 1 >= argc) {
			options_usage_error(usage, "option '%s' needs %s", argv[*i], opt->argument);
			return OPTIONS_WRONG;
		}
		value = argv[++*i];
	}
	return store_value(usage, opt, value) ? OPTIONS_GO : OPTIONS_WRONG;
}

static void unknown_long(const struct usage *usage, const char *word, size_t len)
{
	char name[64], text[NEAREST_TEXT_MAX];
	struct nearest nr = { .word = name };

	snprintf(name, sizeof(name), "%.*s", (int)len, word + 2);
	nearest_try(&nr, "help");
	for (const struct option *const *table = usage->tables; *table; table++)
		for (const struct option *opt = *table; opt->name; opt++)
			nearest_try(&nr, opt->name);
	options_usage_error(usage, "unknown option '%s'%s", word, nearest_text(&nr, "--", text));
}

static enum options_result parse_long(const struct usage *usage, int argc, char **argv, int *i)
{
	const char *name = argv[*i] + 2;
	size_t len = strcspn(name, "=");
	const struct option *opt = find_long(usage, name, len);

	if (!strcmp(name, "help") || !strcmp(name, "help=table")) {
		(name[len] ? print_table : print_help)(usage);
		return OPTIONS_HELPED;
	}
	if (!opt) {
		unknown_long(usage, argv[*i], len);
		return OPTIONS_WRONG;
	}
	return take_option(usage, opt, name[len] ? name + len + 1 : NULL, argc, argv, i);
}

static enum options_result unknown_letter(const struct usage *usage, const char *word, char letter)
{
	if (word[2])
		options_usage_error(usage, "unknown option '-%c' in '%s'", letter, word);
	else
		options_usage_error(usage, "unknown option '%s'", word);
	return OPTIONS_WRONG;
}

/* Several letters may share a dash; the first that takes a value has the rest of the word. */
static enum options_result parse_short(const struct usage *usage, int argc, char **argv, int *i)
{
	const char *word = argv[*i];

	for (const char *letter = word + 1; *letter; letter++) {
		const struct option *opt = find_short(usage, *letter);

		if (*letter == 'h') {
			print_help(usage);
			return OPTIONS_HELPED;
		}
		if (!opt)
			return unknown_letter(usage, word, *letter);
		if (takes_value(opt))
			return take_option(usage, opt, letter[1] ? letter + 1 : NULL, argc, argv, i);
		store_value(usage, opt, NULL);
	}
	return OPTIONS_GO;
}

enum options_result options_parse(const struct usage *usage, int argc, char **argv, int *nr_args)
{
	bool options_end = false;

	*nr_args = 0;
	for (int i = 1; i < argc; i++) {
		enum options_result result;

		if (!options_end && !strcmp(argv[i], "--")) {
			options_end = true;
		} else if (options_end || argv[i][0] != '-' || !argv[i][1]) {
			argv[++*nr_args] = argv[i];
		} else {
			result = argv[i][1] == '-' ? parse_long(usage, argc, argv, &i)
						   : parse_short(usage, argc, argv, &i);
			if (result != OPTIONS_GO)
				return result;
		}
	}
	return OPTIONS_GO;
}

bool options_ready(const struct usage *usage, int argc, char **argv, int *nr_args, enum status *status)
{
	enum options_result result = options_parse(usage, argc, argv, nr_args);

	*status = result == OPTIONS_WRONG ? STATUS_USAGE : STATUS_CLEAN;
	return result == OPTIONS_GO;
}
