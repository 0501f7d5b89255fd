/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the database with SQL, for the layers that do not know SQLite. */
#ifndef IRQPATH_STORE_QUERY_H
#define IRQPATH_STORE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

struct store;
struct query;

enum query_type { QUERY_NULL, QUERY_INT, QUERY_REAL, QUERY_TEXT, QUERY_BLOB };

/*
 * One prepared statement. NULL at failure, reported with the SQL's own message. A statement that is used often is kept:
 * query_open() with the same pointer to static SQL is cheap.
 */
struct query *query_open(struct store *st, const char *sql);

/* Parameters by name, ":name" without the colon. */
void query_bind_int(struct query *q, const char *name, int64_t value);
void query_bind_text(struct query *q, const char *name, const char *value);

/* The next row; false at the end and at failure, which is reported. */
bool query_next(struct query *q);
bool query_failed(const struct query *q);

int query_columns(const struct query *q);
const char *query_column_name(const struct query *q, int col);
enum query_type query_type(const struct query *q, int col);
int64_t query_int(const struct query *q, int col);
double query_real(const struct query *q, int col);
const char *query_text(const struct query *q, int col);	/* NULL for null; borrowed until the next call on q */

void query_close(struct query *q);	/* accepts NULL */

/* A single integer, or fallback where there is no row. */
int64_t query_one_int(struct store *st, const char *sql, int64_t fallback);

/* Whether no source has times: what stands for one is the number of a line (SOURCE_CLOCK_ORDER). */
bool query_has_no_times(struct store *st);

/* Whether times are cycles of unknown frequency: those of the reference are. */
bool query_counts_cycles(struct store *st);

/*
 * Whether a time that an event's source may have told is of a clock that nothing relates to the others'; then *unit is what
 * it counts. Else it counts what the times of the capture do.
 */
bool query_is_apart(struct store *st, int64_t event, int64_t at_ns, enum text_unit *unit);

/*
 * The first moment at which no source records any more what software does, in a trace that shows each such event; INT64_MAX
 * where none ever did.
 */
int64_t query_software_end_ns(struct store *st);

/* start_ns and end_ns of the capture: of the sources whose clocks are related to the reference, which is one of them. */
#define QUERY_EXTENT_SQL \
	"SELECT min(first_ns) AS start_ns, max(last_ns) AS end_ns FROM clock WHERE method IS NOT 'assumed'"

#endif
