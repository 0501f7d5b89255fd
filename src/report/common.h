/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several report formats ask the database alike. */
#ifndef IRQPATH_REPORT_COMMON_H
#define IRQPATH_REPORT_COMMON_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/*
 * Findings, the gravest first: id, fingerprint, rule, rev, severity, object's name, device, driver, machine, path,
 * layer, blame, count, start_ns, end_ns, message, hop, could_have, object's id, what to do, 1 where it tells
 * what is not recorded.
 */
extern const char report_findings_sql[];

/*
 * Who handles the interrupts of object o, a column: the object's own handler, or that of an irq which it feeds through
 * whatever lies between, one that it still feeds before others.
 */
#define REPORT_DRIVER_SQL \
	"coalesce(o.driver, (WITH RECURSIVE fed(id, ended) AS (SELECT o.id, 0 UNION SELECT l.fed, fed.ended OR l.to_ns IS NOT NULL " \
	"FROM fed JOIN link l ON l.feeder = fed.id) SELECT i.driver FROM fed JOIN object i ON i.id = fed.id " \
	"WHERE i.driver IS NOT NULL ORDER BY fed.ended, i.id LIMIT 1))"

/*
 * Of finding :id, what was tried against it. Fixes: quirks (a JSON array), since, valid_to_ns, quirks as text, basis.
 * Failures: quirks, since, recomputed, ends_ns (null: it lasts as recorded), quirks as text,
 * basis. What matters most first.
 */
extern const char what_if_fixes_sql[], what_if_failures_sql[];

/* False: nothing was tried, which is not the same as that nothing helps. */
bool what_if_was_tried(struct store *st, const char *finding);

/* Times in reports count from here: the first event of any source. */
int64_t report_origin_ns(struct store *st);

/* The last event of any source. */
int64_t report_end_ns(struct store *st);

/* From one time to another; at the ends of the range where a database holds nonsense. */
int64_t report_span_ns(int64_t from_ns, int64_t to_ns);

/* A copy that outlives the query's next row, to be freed; "" for NULL. NULL when memory is short. */
char *strdup_or_empty(const char *text);

#endif
