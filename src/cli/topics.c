/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/topics.h"

#include <stddef.h>
#include <string.h>

/* Each *.inc is a page of docs/ as string literals, made by the Makefile. */
const struct topic topic_table[] = {
	{ "tutorial", '7', "one real fault, from the capture to its cause",
#include "docs/tutorial.inc"
	},
	{ "captures", '7', "what each kind of capture can and cannot show, and how to record one",
#include "docs/captures.inc"
	},
	{ "formats", '7', "which files are read, and how they are told apart",
#include "docs/formats.inc"
	},
	{ "objects", '7', "how interrupts, pins, vectors and entries are called",
#include "docs/objects.inc"
	},
	{ "verdicts", '7', "pass, fail, inconclusive, and why",
#include "docs/verdicts.inc"
	},
	{ "exit", '7', "what the exit status says",
#include "docs/exit.inc"
	},
	{ "rules", '5', "rule files: what they say and how to write one",
#include "docs/rules.inc"
	},
	{ "events", '5', "the vocabulary of events, and events as text",
#include "docs/events.inc"
	},
	{ "schema", '5', "the tables and columns of a database",
#include "docs/schema.inc"
	},
	{ NULL, 0, NULL, NULL },
};

const struct topic *topic_find(const char *name)
{
	for (const struct topic *tp = topic_table; tp->name; tp++)
		if (!strcmp(tp->name, name))
			return tp;
	return NULL;
}
