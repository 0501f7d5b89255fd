/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of a rule file: comment lines "-- key: value", each continued by lines that begin with "--" and three
 * blanks, up to the first other line. What follows is one SELECT, which SQLite reads together with the header.
 * A part, "NN-id.part.sql", is a further SELECT of the rule, with words and parameters of its own.
 */
#include "rules/rule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/message.h"

static const char *const severity_names[NR_SEVERITIES] = { "note", "warning", "error" };
static const char *const status_names[NR_RULE_STATUSES] = { "experimental", "stable", "deprecated" };

const char *severity_name(enum rule_severity severity)
{
	return severity_names[severity];
}

int severity_by_name(const char *name)
{
	for (int i = 0; i < NR_SEVERITIES; i++)
		if (!strcmp(name, severity_names[i]))
			return i;
	return -1;
}

const char *rule_status_name(enum rule_status status)
{
	return status_names[status];
}

const char *rule_signal_parse(const char *text, struct rule_signal *sig)
{
	char kind[RULE_SIGNAL_MAX];
	const char *at = strchr(text, '@');
	size_t len = at ? (size_t)(at - text) : strlen(text);

	if (len >= sizeof(kind))
		return "no such event kind";
	memcpy(kind, text, len);
	kind[len] = 0;
	sig->kind = event_kind_by_name(kind);
	sig->witness = at ? witness_by_name(at + 1) : -1;
	if (sig->kind == EV_NONE)
		return "no such event kind";
	return at && sig->witness < 0 ? "no such witness" : NULL;
}

char *rule_signal_print(char *buf, size_t len, struct rule_signal sig)
{
	bool any = sig.witness < 0;

	snprintf(buf, len, "%s%s%s", event_kinds[sig.kind].name, any ? "" : "@", any ? "" : witness_name(sig.witness));
	return buf;
}

enum { VALUE_MAX = 8192 };

struct rule_parse {
	struct rule *rule;
	struct diag_sink *diag;
	const char *path;
	unsigned long line;		/* being read */
	unsigned long key_line;		/* of the key whose value is being gathered */
	const struct rule_key *key;	/* NULL: none yet, or an unknown one */
	uint32_t seen;			/* bit per row of rule_keys */
	bool failed, in_key;
	char value[VALUE_MAX];
	size_t value_len;
};

#define parse_error(p, at_line, ...) \
	do { \
		(p)->failed = true; \
		diag_report((p)->diag, DIAG_BAD_RULE, (struct diag_pos){ .path = (p)->path, .line = (at_line) }, \
			    __VA_ARGS__); \
	} while (0)

static void set_text(struct rule_parse *p, char **to, const char *value)
{
	free(*to);
	*to = strdup(value);
	if (!*to)
		parse_error(p, p->key_line, "out of memory");
}

static bool is_name(const char *text, const char *more)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	return len && !text[len + strspn(text + len, more)];
}

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789"

static void set_nothing(struct rule_parse *p, char *value)
{
	(void)p;
	(void)value;
}

/* The id that the file's name "NN-ID.sql" or "NN-ID.PART.sql" tells. */
static bool fits_file(const struct rule *rule, const char *id)
{
	size_t len = strcspn(rule->file + 3, ".");

	return strlen(id) == len && !strncmp(rule->file + 3, id, len);
}

static void set_id(struct rule_parse *p, char *value)
{
	if (!is_name(value, NAME_CHARACTERS "-") || strlen(value) > 48)
		parse_error(p, p->key_line, "id \"%s\": small letters, digits and '-', at most 48", value);
	else if (!fits_file(p->rule, value))
		parse_error(p, p->key_line, "id \"%s\" does not fit the file's name \"%s\" (NN-ID.sql)", value,
			    p->rule->file);
	set_text(p, &p->rule->id, value);
}

static void set_part_of(struct rule_parse *p, char *value)
{
	if (!fits_file(p->rule, value))
		parse_error(p, p->key_line, "part-of \"%s\" does not fit the file's name \"%s\" (NN-ID.PART.sql)", value,
			    p->rule->file);
	set_text(p, &p->rule->id, value);
}

static bool parse_integer(const char *text, int64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoll(text, &end, 10);
	return !errno && end != text && !*end && text[0] != ' ' && text[0] != '+';
}

static void set_rev(struct rule_parse *p, char *value)
{
	if (!parse_integer(value, &p->rule->rev) || p->rule->rev < 1)
		parse_error(p, p->key_line, "rev \"%s\": a positive integer", value);
}

static void set_severity(struct rule_parse *p, char *value)
{
	int severity = severity_by_name(value);

	if (severity < 0)
		parse_error(p, p->key_line, "severity \"%s\": error, warning or note", value);
	else
		p->rule->severity = severity;
}

static void set_status(struct rule_parse *p, char *value)
{
	for (int i = 0; i < NR_RULE_STATUSES; i++) {
		if (!strcmp(value, status_names[i])) {
			p->rule->status = i;
			return;
		}
	}
	parse_error(p, p->key_line, "status \"%s\": experimental, stable or deprecated", value);
}

static void set_late(struct rule_parse *p, char *value)
{
	p->rule->late_fails = !strcmp(value, "fail");
	if (!p->rule->late_fails && strcmp(value, "record"))
		parse_error(p, p->key_line, "late \"%s\": fail or record", value);
}

static void set_paths(struct rule_parse *p, char *value)
{
	char *save = NULL;

	for (char *word = strtok_r(value, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		int path = path_by_name(word);

		if (path <= PATH_UNKNOWN)
			parse_error(p, p->key_line, "no such path \"%s\"", word);
		else if (p->rule->paths & 1u << path)
			parse_error(p, p->key_line, "path \"%s\" given twice", word);
		else
			p->rule->paths |= 1u << path;
	}
}

static bool is_layer(const char *word, size_t len)
{
	for (int i = 0; i < NR_LAYERS; i++)
		if (strlen(layer_name(i)) == len && !strncmp(layer_name(i), word, len))
			return true;
	return false;
}

/* Layers that can bring the fault about, for where no record tells. */
static void add_could(struct rule_parse *p, char *value)
{
	const char *text, *wrong = rule_words_add(&p->rule->could, value, &text);

	if (wrong)
		parse_error(p, p->key_line, "could: %s", wrong);
	for (size_t len; *(text += strspn(text, " ")); text += len) {
		len = strcspn(text, " ");
		if (!is_layer(text, len))
			parse_error(p, p->key_line, "no such layer \"%.*s\"", (int)len, text);
	}
}

static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t");
	for (end = text + strlen(text); end > text && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = 0;
	return text;
}

static void add_clause(struct rule_parse *p, char *text)
{
	struct rule_clause *clause = &p->rule->requires[p->rule->nr_requires];

	if (p->rule->nr_requires == RULE_MAX_CLAUSES) {
		parse_error(p, p->key_line, "more than %d clauses", RULE_MAX_CLAUSES);
		return;
	}
	for (char *word = text, *next; word; word = next) {
		const char *wrong;

		next = strchr(word, '|');
		if (next)
			*next++ = 0;
		word = trim(word);
		if (clause->nr == RULE_MAX_ALTERNATIVES)
			wrong = "too many alternatives";
		else
			wrong = rule_signal_parse(word, &clause->any[clause->nr++]);
		if (wrong) {
			parse_error(p, p->key_line, "requires \"%s\": %s", word, wrong);
			return;
		}
	}
	p->rule->nr_requires++;
}

/* "none" is for rules that judge what is not recorded. */
static void set_requires(struct rule_parse *p, char *value)
{
	if (!strcmp(value, "none"))
		return;
	for (char *clause = value, *next; clause; clause = next) {
		next = strchr(clause, ';');
		if (next)
			*next++ = 0;
		add_clause(p, clause);
	}
}

static void add_param(struct rule_parse *p, char *value)
{
	struct rule *rule = p->rule;
	char *equals = strchr(value, '=');
	int64_t number;

	if (!equals) {
		parse_error(p, p->key_line, "param \"%s\": NAME = INTEGER", value);
		return;
	}
	*equals = 0;
	value = trim(value);
	if (!is_name(value, NAME_CHARACTERS "_") || !parse_integer(trim(equals + 1), &number)) {
		parse_error(p, p->key_line, "param \"%s\": NAME = INTEGER", value);
		return;
	}
	for (unsigned i = 0; i < rule->nr_params; i++)
		if (!strcmp(rule->params[i].name, value))
			parse_error(p, p->key_line, "param \"%s\" given twice", value);
	if (rule->nr_params == RULE_MAX_PARAMS) {
		parse_error(p, p->key_line, "more than %d params", RULE_MAX_PARAMS);
		return;
	}
	set_text(p, &rule->params[rule->nr_params].name, value);
	if (rule->params[rule->nr_params].name)
		rule->params[rule->nr_params++].value = number;
}

static void set_title(struct rule_parse *p, char *value)
{
	set_text(p, &p->rule->title, value);
}

static void set_why(struct rule_parse *p, char *value)
{
	set_text(p, &p->rule->why, value);
}

static void set_falsepositives(struct rule_parse *p, char *value)
{
	set_text(p, &p->rule->falsepositives, value);
}

static void set_refs(struct rule_parse *p, char *value)
{
	set_text(p, &p->rule->refs, value);
}

static void add_says(struct rule_parse *p, char *value)
{
	const char *text, *wrong = rule_words_add(&p->rule->says, value, &text);

	if (!wrong)
		wrong = message_check(text);
	if (wrong)
		parse_error(p, p->key_line, "says: %s", wrong);
}

static void add_mend(struct rule_parse *p, char *value)
{
	const char *text, *wrong = rule_words_add(&p->rule->mend, value, &text);

	if (wrong)
		parse_error(p, p->key_line, "mend: %s", wrong);
}

static void add_hop(struct rule_parse *p, char *value)
{
	const char *text, *wrong = rule_words_add(&p->rule->hops, value, &text);

	if (wrong)
		parse_error(p, p->key_line, "hop: %s", wrong);
}

enum { KEY_RULE = 1, KEY_PART = 2, KEY_REPEATABLE = 4, KEY_REQUIRED = 8, KEY_WORDS = KEY_RULE | KEY_PART | KEY_REPEATABLE };

static const struct rule_key {
	const char *name;
	unsigned flags;		/* KEY_RULE, KEY_PART: whose; KEY_REQUIRED there */
	void (*set)(struct rule_parse *p, char *value);	/* may change value */
} rule_keys[] = {
	{ "SPDX-License-Identifier", KEY_RULE | KEY_PART, set_nothing },
	{ "id", KEY_RULE | KEY_REQUIRED, set_id },
	{ "part-of", KEY_PART | KEY_REQUIRED, set_part_of },
	{ "rev", KEY_RULE | KEY_REQUIRED, set_rev },
	{ "severity", KEY_RULE | KEY_REQUIRED, set_severity },
	{ "status", KEY_RULE | KEY_REQUIRED, set_status },
	{ "title", KEY_RULE | KEY_REQUIRED, set_title },
	{ "paths", KEY_RULE | KEY_REQUIRED, set_paths },
	{ "requires", KEY_RULE | KEY_REQUIRED, set_requires },
	{ "late", KEY_RULE, set_late },
	{ "says", KEY_WORDS, add_says },
	{ "hop", KEY_WORDS, add_hop },
	{ "could", KEY_WORDS, add_could },
	{ "why", KEY_RULE | KEY_REQUIRED, set_why },
	{ "falsepositives", KEY_RULE, set_falsepositives },
	{ "mend", KEY_WORDS, add_mend },
	{ "refs", KEY_RULE, set_refs },
	{ "param", KEY_WORDS, add_param },
};

enum { NR_RULE_KEYS = sizeof(rule_keys) / sizeof(*rule_keys) };

/* Length of the word in "-- word:", 0 where the line is no such thing. */
static size_t key_length(const char *line)
{
	size_t len;

	if (strncmp(line, "-- ", 3))
		return 0;
	len = strspn(line + 3, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-");
	return line[3 + len] == ':' ? len : 0;
}

static const struct rule_key *find_key(const char *name, size_t len)
{
	for (unsigned i = 0; i < NR_RULE_KEYS; i++)
		if (strlen(rule_keys[i].name) == len && !strncmp(rule_keys[i].name, name, len))
			return &rule_keys[i];
	return NULL;
}

static void finish_key(struct rule_parse *p)
{
	if (p->in_key && p->key) {
		char *value = trim(p->value);

		if (*value)
			p->key->set(p, value);
		else
			parse_error(p, p->key_line, "%s has no value", p->key->name);
	}
	p->in_key = false;
}

static void add_value(struct rule_parse *p, const char *text)
{
	size_t len = strlen(text);

	if (p->value_len + len + 2 > sizeof(p->value)) {
		parse_error(p, p->line, "value longer than %d bytes", VALUE_MAX - 2);
		return;
	}
	if (p->value_len)
		p->value[p->value_len++] = ' ';
	memcpy(p->value + p->value_len, text, len + 1);
	p->value_len += len;
}

static unsigned whose(const struct rule_parse *p)
{
	return p->rule->part ? KEY_PART : KEY_RULE;
}

static void begin_key(struct rule_parse *p, const char *line, size_t len)
{
	uint32_t bit;

	p->key = find_key(line + 3, len);
	p->key_line = p->line;
	p->in_key = true;
	p->value_len = 0;
	p->value[0] = 0;
	if (!p->key) {
		parse_error(p, p->line, "unknown key \"%.*s\"", (int)len, line + 3);
		return;
	}
	if (!(p->key->flags & whose(p)))
		parse_error(p, p->line, "%s is no key of %s", p->key->name, p->rule->part ? "a part" : "a rule");
	bit = 1u << (p->key - rule_keys);
	if (p->seen & bit && !(p->key->flags & KEY_REPEATABLE))
		parse_error(p, p->line, "%s given twice", p->key->name);
	p->seen |= bit;
	add_value(p, line + 3 + len + 1 + strspn(line + 3 + len + 1, " "));
}

/* False at the first line behind the header. */
static bool header_line(struct rule_parse *p, char *line)
{
	size_t len = key_length(line);

	if (len) {
		finish_key(p);
		begin_key(p, line, len);
		return true;
	}
	if (p->in_key && !strncmp(line, "--   ", 5)) {
		add_value(p, trim(line + 5));
		return true;
	}
	finish_key(p);
	return false;
}

/* A key down there would be taken for a comment, and its author would not know. */
static void body_line(struct rule_parse *p, const char *line)
{
	size_t len = key_length(line);

	if (len && find_key(line + 3, len))
		parse_error(p, p->line, "%.*s stands behind the end of the header", (int)len, line + 3);
}

static void parse_lines(struct rule_parse *p, char *text)
{
	bool header = true;

	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		p->line++;
		if (header)
			header = header_line(p, line);
		if (!header)
			body_line(p, line);
	}
	finish_key(p);
	for (unsigned i = 0; i < NR_RULE_KEYS; i++)
		if (rule_keys[i].flags & KEY_REQUIRED && rule_keys[i].flags & whose(p) && !(p->seen & 1u << i))
			parse_error(p, 0, "%s is missing", rule_keys[i].name);
}

static bool check_bytes(struct rule_parse *p, const char *text, size_t len_bytes)
{
	unsigned long line = 1;

	if (len_bytes > RULE_MAX_BYTES) {
		parse_error(p, 0, "longer than %d bytes", RULE_MAX_BYTES);
		return false;
	}
	for (size_t i = 0; i < len_bytes; i++) {
		unsigned char c = text[i];

		line += c == '\n';
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
			parse_error(p, line, "control character 0x%02x", c);
			return false;
		}
	}
	return true;
}

/* "NN-ID.sql" and "NN-ID.PART.sql": *part is PART, NULL where there is none. */
static bool split_file_name(struct rule_parse *p, const char *file)
{
	size_t len = strlen(file), id_len;

	if (len < 8 || strspn(file, "0123456789") != 2 || file[2] != '-' || strcmp(file + len - 4, ".sql"))
		return false;
	id_len = strcspn(file + 3, ".");
	if (3 + id_len + 4 < len)
		p->rule->part = strndup(file + 3 + id_len + 1, len - 4 - (3 + id_len + 1));
	return id_len && (!p->rule->part || is_name(p->rule->part, NAME_CHARACTERS "-"));
}

static bool check_file_name(struct rule_parse *p)
{
	const char *slash = strrchr(p->path, '/'), *file = slash ? slash + 1 : p->path;

	if (!split_file_name(p, file)) {
		parse_error(p, 0, "a rule file is called NN-ID.sql, or NN-ID.PART.sql");
		return false;
	}
	p->rule->path = strdup(p->path);
	p->rule->file = strdup(file);
	p->rule->group = (unsigned)(file[0] - '0') * 10 + (unsigned)(file[1] - '0');
	if (!p->rule->path || !p->rule->file)
		parse_error(p, 0, "out of memory");
	return !p->failed;
}

static void parse_text(struct rule_parse *p, const char *text, size_t len_bytes)
{
	char *lines;

	if (!check_file_name(p) || !check_bytes(p, text, len_bytes))
		return;
	p->rule->text = strndup(text, len_bytes);
	lines = strndup(text, len_bytes);
	if (p->rule->text && lines)
		parse_lines(p, lines);
	else
		parse_error(p, 0, "out of memory");
	free(lines);
}

struct rule *rule_parse(const char *path, const char *text, size_t len_bytes, struct diag_sink *diag)
{
	struct rule_parse *p = calloc(1, sizeof(*p));
	struct rule *rule = calloc(1, sizeof(*rule));

	if (!p || !rule) {
		diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = path }, "out of memory");
		free(p);
		free(rule);
		return NULL;
	}
	p->rule = rule;
	p->diag = diag;
	p->path = path;
	parse_text(p, text, len_bytes);
	if (p->failed) {
		rule_free(rule);
		rule = NULL;
	}
	free(p);
	return rule;
}

const char *rule_add_part(struct rule *rule, struct rule *part)
{
	struct { struct rule_words *to, *from; } words[] = {
		{ &rule->says, &part->says }, { &rule->hops, &part->hops }, { &rule->could, &part->could }, { &rule->mend, &part->mend },
	};
	const char *wrong = NULL;
	struct rule **last;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words) && !wrong; i++)
		wrong = rule_words_move(words[i].to, words[i].from);
	if (wrong)
		return wrong;
	for (last = &rule->parts; *last; last = &(*last)->next)
		;
	*last = part;
	return NULL;
}

void rule_free(struct rule *rule)
{
	if (!rule)
		return;
	for (struct rule *part = rule->parts, *next; part; part = next) {
		next = part->next;
		rule_free(part);
	}
	for (unsigned i = 0; i < rule->nr_params; i++)
		free(rule->params[i].name);
	rule_words_fini(&rule->says);
	rule_words_fini(&rule->hops);
	rule_words_fini(&rule->mend);
	rule_words_fini(&rule->could);
	free(rule->id);
	free(rule->path);
	free(rule->file);
	free(rule->part);
	free(rule->title);
	free(rule->why);
	free(rule->falsepositives);
	free(rule->refs);
	free(rule->text);
	free(rule);
}

/* At most one byte more than a rule may have, so that a longer file shows. Returns the length, -1 at failure. */
static ssize_t read_file(const char *path, char *buf, struct diag_sink *diag)
{
	struct diag_pos pos = { .path = path };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t len = 0, got = -1;

	if (fd < 0 || fstat(fd, &st)) {
		diag_report(diag, DIAG_BAD_RULE, pos, "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		diag_report(diag, DIAG_BAD_RULE, pos, "not a regular file");
	} else {
		while (len <= RULE_MAX_BYTES && (got = read(fd, buf + len, (size_t)(RULE_MAX_BYTES + 1 - len))) > 0)
			len += got;
		if (got < 0)
			diag_report(diag, DIAG_BAD_RULE, pos, "%s", strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return got < 0 ? -1 : len;
}

struct rule *rule_load(const char *path, struct diag_sink *diag)
{
	char *text = malloc(RULE_MAX_BYTES + 1);
	struct rule *rule = NULL;
	ssize_t len;

	if (!text) {
		diag_report(diag, DIAG_BAD_RULE, (struct diag_pos){ .path = path }, "out of memory");
		return NULL;
	}
	len = read_file(path, text, diag);
	if (len >= 0)
		rule = rule_parse(path, text, (size_t)len, diag);
	free(text);
	return rule;
}
