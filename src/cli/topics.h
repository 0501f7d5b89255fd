/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of docs/ that are part of the program: `irqpath help TOPIC`, and a man page each. */
#ifndef IRQPATH_CLI_TOPICS_H
#define IRQPATH_CLI_TOPICS_H

struct topic {
	const char *name;	/* as in irqpath-NAME(SECTION) */
	char section;		/* of the manual: '5' formats, '7' other things */
	const char *summary;	/* one line */
	const char *text;	/* Markdown, as docs/NAME.md */
};

/* Terminated by a NULL name. */
extern const struct topic topic_table[];

/* NULL where there is none of that name. */
const struct topic *topic_find(const char *name);

#endif
