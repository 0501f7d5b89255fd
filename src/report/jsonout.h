/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON written member by member; commas come by themselves. A key is NULL inside an array. */
#ifndef IRQPATH_REPORT_JSONOUT_H
#define IRQPATH_REPORT_JSONOUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct jsonout {
	FILE *out;
	int64_t origin_ns;	/* times count from here */
	unsigned depth;
	bool rest;		/* the object or array has a member already */
};

void jsonout_open(struct jsonout *js, const char *key, char bracket);	/* '{' or '[' */
void jsonout_close(struct jsonout *js, char bracket);			/* '}' or ']'; ends the text at depth 0 */
void jsonout_text(struct jsonout *js, const char *key, const char *text);	/* NULL: null */
void jsonout_raw(struct jsonout *js, const char *key, const char *json);	/* that is JSON already */
void jsonout_int(struct jsonout *js, const char *key, int64_t value);
void jsonout_real(struct jsonout *js, const char *key, double value);	/* three decimals */
void jsonout_bool(struct jsonout *js, const char *key, bool value);
void jsonout_null(struct jsonout *js, const char *key);
void jsonout_time(struct jsonout *js, const char *key, int64_t t_ns);	/* NO_TIME: null */

void jsonout_tool(struct jsonout *js);	/* "tool": {name, version} */

#endif
