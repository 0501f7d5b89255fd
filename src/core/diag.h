/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Diagnostics: where, what, and what was done about it. Who detects reports, once; callers only return the failure. */
#ifndef IRQPATH_CORE_DIAG_H
#define IRQPATH_CORE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

/* X(CODE, LEVEL, "what happened and what was done") */
#define DIAG_LIST(X) \
	X(CANNOT_OPEN,     ERROR,   "cannot be opened, source skipped") \
	X(UNKNOWN_FORMAT,  ERROR,   "format not recognized, source skipped; 'irqpath help formats' tells which are read") \
	X(EMPTY_FILE,      ERROR,   "file is empty, source skipped") \
	X(BAD_HEADER,      ERROR,   "header cannot be understood, source skipped") \
	X(SHORT_FILE,      ERROR,   "file ends early, what was read before is kept") \
	X(BAD_DATA,        ERROR,   "data cannot be understood, what was read before is kept") \
	X(BAD_RECORD,      ERROR,   "record skipped") \
	X(BAD_LINE,        ERROR,   "line skipped") \
	X(UNREAD_DATA,     ERROR,   "data was not read to its end, what was read is kept") \
	X(READER_DIED,     ERROR,   "reader process died, what it had sent is kept") \
	X(READER_HUNG,     ERROR,   "reader process stopped, what it had sent is kept") \
	X(READER_LIED,     ERROR,   "reader process sent what cannot be, what came before is kept") \
	X(CANNOT_ISOLATE,  ERROR,   "reader process cannot be isolated, source skipped") \
	X(STORE_FAILED,    ERROR,   "database cannot be written") \
	X(BAD_DATABASE,    ERROR,   "not a database of this version of irqpath; 'irqpath analyze --db FILE' makes one") \
	X(BAD_RULE,        ERROR,   "rule refused") \
	X(RULE_FAILED,     ERROR,   "rule stopped, its verdicts are dropped") \
	X(LIMIT,           WARNING, "limit reached, the rest is dropped") \
	X(LOST_EVENTS,     WARNING, "records were lost, what they could have changed is unknown") \
	X(TIME_BACKWARDS,  WARNING, "time runs backwards, set to that of the record before") \
	X(ALIAS_MISSING,   WARNING, "argument not found, events carry it as unknown") \
	X(USAGE,           ERROR,   "") \
	X(ANOTHER_ORDER,   NOTE,    "") \
	X(REMARK,          NOTE,    "")

enum diag_code {
#define X(code, level, text) DIAG_##code,
	DIAG_LIST(X)
#undef X
	NR_DIAG_CODES
};

/* path is borrowed; NULL: no file. line 0: binary, byte counts. Both 0: the file as a whole. */
struct diag_pos {
	const char *path;
	uint64_t byte;
	unsigned long line;
};

struct diag_sink;

/* Called with every diagnostic, the text already formed and free of control characters. */
typedef void (*diag_fn)(void *ctx, enum diag_code code, struct diag_pos pos, const char *text);

struct diag_sink {
	diag_fn fn;
	void *ctx;
	unsigned long count[DIAG_ERROR + 1];	/* by level */
};

/* A sink that prints "irqpath: PATH:LINE: level: text: what was done" on the stream. */
void diag_sink_init_stream(struct diag_sink *ds, FILE *stream);

void diag_report(struct diag_sink *ds, enum diag_code code, struct diag_pos pos, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

enum diag_level diag_level(enum diag_code code);
const char *diag_code_name(enum diag_code code);
const char *diag_code_text(enum diag_code code);
const char *diag_text_by_name(const char *name);	/* of a code by its name; "" where there is none */
const char *diag_level_name(enum diag_level level);

#endif
