/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule file: its header, and the SQL that judges. */
#ifndef IRQPATH_RULES_RULE_H
#define IRQPATH_RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/derived.h"
#include "core/diag.h"
#include "core/event.h"

enum {
	RULE_MAX_BYTES = 64 << 10, RULE_MAX_CLAUSES = 16, RULE_MAX_ALTERNATIVES = 16, RULE_MAX_PARAMS = 16,
	RULE_MAX_WORDS = 16,
};

/* Rules of this group judge the capture, not the machine. */
enum { RULE_GROUP_HYGIENE = 90 };

enum rule_severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, NR_SEVERITIES };
enum rule_status { RULE_EXPERIMENTAL, RULE_STABLE, RULE_DEPRECATED, NR_RULE_STATUSES };

/* kind[@witness]: met by a record of the kind that proves at least that much. */
struct rule_signal {
	enum event_kind kind;
	int witness;	/* enum witness, -1: any */
};

/* Met where any of its signals is there. */
struct rule_clause {
	struct rule_signal any[RULE_MAX_ALTERNATIVES];
	unsigned nr;
};

struct rule_param {
	char *name;	/* owned, without the colon */
	int64_t value;
};

/* What a key says of each kind of the fault: "[signature] text", or "text" for all others. */
struct rule_words {
	struct {
		char *signature, *text;	/* owned; signature NULL: any other */
	} word[RULE_MAX_WORDS];
	unsigned nr;
};

/* Texts are owned; NULL where an optional key is absent. */
struct rule {
	char *id, *path, *file;		/* path as opened, file: its last component */
	char *part;			/* NULL: the rule itself; else the name of a part, which has id, words and params alone */
	struct rule *parts;		/* of a rule: its parts, owned; their words are the rule's */
	struct rule *next;		/* of a part: the next one */
	unsigned group;			/* 10 generic, 30 controllers, 50 Linux, 60 Xen, 70 QEMU/KVM, 90 hygiene */
	int64_t rev;
	enum rule_severity severity;
	enum rule_status status;
	char *title, *why, *falsepositives, *refs;
	struct rule_words says;		/* the finding in one sentence: see message.h */
	struct rule_words hops;		/* hop at which the path stops */
	struct rule_words mend;		/* what to do about it; none: not said */
	struct rule_words could;	/* layers that can bring the fault about, blanks between; none: any */
	uint32_t paths;			/* bit per enum path */
	struct rule_clause requires[RULE_MAX_CLAUSES];	/* all of them */
	unsigned nr_requires;
	bool late_fails;
	struct rule_param params[RULE_MAX_PARAMS];
	unsigned nr_params;
	char *text;			/* the whole file: the header is SQL comment */
};

/*
 * Parses a rule's text; path names it in messages, its last component must be "NN-id.sql", or "NN-id.part.sql" of a
 * further statement of that rule. NULL where anything is wrong: every error has then been reported with its line.
 */
struct rule *rule_parse(const char *path, const char *text, size_t len_bytes, struct diag_sink *diag);

/* The same from a file of at most RULE_MAX_BYTES. */
struct rule *rule_load(const char *path, struct diag_sink *diag);
void rule_free(struct rule *rule);

/* Makes the part one of the rule's, which owns it from now on. NULL, or what is wrong (static text): it is then the caller's. */
const char *rule_add_part(struct rule *rule, struct rule *part);

/* Parses "kind" or "kind@witness". NULL, or what is wrong (static text). */
const char *rule_signal_parse(const char *text, struct rule_signal *sig);

/* Prints "kind" or "kind@witness". Returns buf. */
enum { RULE_SIGNAL_MAX = 64 };
char *rule_signal_print(char *buf, size_t len, struct rule_signal sig);

/* What the words say of a fault of that signature (NULL: none); NULL where they say nothing. */
const char *rule_word(const struct rule_words *words, const char *signature);

/* Adds a header's value, which is changed. NULL, or what is wrong (static text); *text is what was added, borrowed. */
const char *rule_words_add(struct rule_words *words, char *value, const char **text);
void rule_words_fini(struct rule_words *words);

/* Moves all of from's to the end of to's. NULL, or what is wrong (static text): both are then as before. */
const char *rule_words_move(struct rule_words *to, struct rule_words *from);

/* Names as in headers; NULL and -1 where there is none. */
const char *severity_name(enum rule_severity severity);
int severity_by_name(const char *name);
const char *rule_status_name(enum rule_status status);

#endif
