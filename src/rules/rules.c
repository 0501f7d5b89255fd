/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rules.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/check.h"

enum { RULES_MAX = 1024 };

struct rules {
	struct rule **rule;	/* owned, in the order of file names */
	unsigned nr;
	struct rule_checker *checker;
};

/* A rule file found; a later folder's replaces an earlier one's. */
struct rule_file {
	char *path, *file;	/* owned; file points into path */
};

struct file_list {
	struct rule_file file[RULES_MAX];
	unsigned nr;
};

static int is_rule_file(const struct dirent *de)
{
	size_t len = strlen(de->d_name);

	return de->d_name[0] != '.' && len > 4 && !strcmp(de->d_name + len - 4, ".sql");
}

static struct rule_file *find_file(struct file_list *list, const char *name)
{
	for (unsigned i = 0; i < list->nr; i++)
		if (!strcmp(list->file[i].file, name))
			return &list->file[i];
	return NULL;
}

static bool add_file(struct file_list *list, const char *dir, const char *name, struct diag_sink *diag)
{
	struct rule_file *rf = find_file(list, name);
	char *path;

	if (!rf && list->nr == RULES_MAX) {
		diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = dir }, "more than %d rules", RULES_MAX);
		return false;
	}
	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = dir }, "out of memory");
		return false;
	}
	if (!rf)
		rf = &list->file[list->nr++];
	free(rf->path);
	rf->path = path;
	rf->file = strrchr(path, '/') + 1;
	return true;
}

static bool add_dir(struct file_list *list, const struct rules_dir *dir, struct diag_sink *diag)
{
	struct dirent **entry;
	int nr = scandir(dir->path, &entry, is_rule_file, NULL);
	bool good = true;

	if (nr < 0) {
		if (dir->may_lack && errno == ENOENT)
			return true;
		diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = dir->path }, "%s", strerror(errno));
		return false;
	}
	for (int i = 0; i < nr; i++) {
		good = good && add_file(list, dir->path, entry[i]->d_name, diag);
		free(entry[i]);
	}
	free(entry);
	return good;
}

static int by_file_name(const void *a, const void *b)
{
	return strcmp(((const struct rule_file *)a)->file, ((const struct rule_file *)b)->file);
}

static bool refuse(const char *path, struct diag_sink *diag, const char *what, const char *detail)
{
	diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = path }, what, detail);
	return false;
}

static bool add_rule(struct rules *rules, struct rule *rule, struct diag_sink *diag)
{
	const struct rule *twin = rules_find(rules, rule->id);

	rules->rule[rules->nr++] = rule;
	if (twin)
		diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = rule->path }, "id \"%s\" is that of %s, too",
			    rule->id, twin->path);
	return rule_check(rules->checker, rule, diag) && !twin;
}

static struct rule *find_rule(const struct rules *rules, const char *id)
{
	for (unsigned i = 0; i < rules->nr; i++)
		if (!strcmp(rules->rule[i]->id, id))
			return rules->rule[i];
	return NULL;
}

static bool add_part(struct rules *rules, struct rule *part, struct diag_sink *diag)
{
	struct rule *rule = find_rule(rules, part->id);
	bool good = rule ? rule_check(rules->checker, part, diag) :
			   refuse(part->path, diag, "there is no rule \"%s\" of which it could be a part", part->id);
	const char *wrong = good ? rule_add_part(rule, part) : NULL;

	if (wrong)
		good = refuse(part->path, diag, "says, hop, could or mend: %s, the rule's own counted", wrong);
	if (!good)
		rule_free(part);
	return good;
}

/* Parts come behind all rules, whatever their names. */
static bool add_files(struct rules *rules, const struct file_list *list, struct diag_sink *diag)
{
	struct rule **part = calloc(list->nr + 1, sizeof(*part));
	unsigned nr_parts = 0;
	bool good = part;

	for (unsigned i = 0; i < list->nr && part; i++) {
		struct rule *rule = rule_load(list->file[i].path, diag);

		if (rule && rule->part)
			part[nr_parts++] = rule;
		else
			good &= rule && add_rule(rules, rule, diag);
	}
	for (unsigned i = 0; i < nr_parts; i++)
		good &= add_part(rules, part[i], diag);
	free(part);
	return good;
}

static bool load_files(struct rules *rules, struct file_list *list, struct diag_sink *diag)
{
	rules->rule = calloc(list->nr + 1, sizeof(*rules->rule));
	rules->checker = rule_checker_new(diag);
	if (!rules->rule || !rules->checker)
		return false;
	qsort(list->file, list->nr, sizeof(*list->file), by_file_name);
	return add_files(rules, list, diag);
}

struct rules *rules_load(const struct rules_dir *dirs, unsigned nr_dirs, struct diag_sink *diag)
{
	struct file_list *list = calloc(1, sizeof(*list));
	struct rules *rules = calloc(1, sizeof(*rules));
	bool good = list && rules;

	for (unsigned i = 0; i < nr_dirs && list; i++)
		good &= add_dir(list, &dirs[i], diag);
	good = good && load_files(rules, list, diag);
	if (!good) {
		rules_free(rules);
		rules = NULL;
	}
	for (unsigned i = 0; list && i < list->nr; i++)
		free(list->file[i].path);
	free(list);
	return rules;
}

void rules_free(struct rules *rules)
{
	if (!rules)
		return;
	for (unsigned i = 0; i < rules->nr; i++)
		rule_free(rules->rule[i]);
	free(rules->rule);
	rule_checker_free(rules->checker);
	free(rules);
}

unsigned rules_count(const struct rules *rules)
{
	return rules->nr;
}

const struct rule *rules_get(const struct rules *rules, unsigned i)
{
	return rules->rule[i];
}

const struct rule *rules_find(const struct rules *rules, const char *id)
{
	return find_rule(rules, id);
}

char *rules_expanded_sql(const struct rules *rules, const struct rule *rule, struct diag_sink *diag)
{
	return rule_expanded_sql(rules->checker, rule, diag);
}
