/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lost.h"

#include "core/derived.h"
#include "store/query.h"

enum { ENDED_TOGETHER_NS = 1000000000 };	/* captures that are stopped by hand, one after the other */

/*
 * The model's obligation "message-pending" has all that was held back at a time (model/pending.c). That nothing was is only
 * known of a function whose notifications are recorded, and as long as the record of them goes on.
 */
static const char held_sql[] =
	"WITH own AS (SELECT id, machine, coalesce(function, id) AS function FROM object"
	"              WHERE id = :object AND kind IN ('msix', 'msi', 'pci')),"
	" held AS (SELECT o.* FROM own JOIN object x ON x.id = own.id OR x.function = own.id"
	"           JOIN obligation o ON o.object = x.id AND o.kind = 'message-pending'"
	"            AND o.trigger_ns <= :end_ns AND o.end_ns >= :start_ns)"
	"SELECT (SELECT coalesce(sum(missed), 0) FROM held),"
	" (SELECT coalesce(sum(missed), 0) FROM held WHERE ending = 'open'"
	"   OR (ending = 'excused' AND ended_by <> 'pending bit cleared')),"
	" (SELECT coalesce(sum(missed - (ending = 'discharged')), 0) FROM held),"
	" EXISTS (SELECT 1 FROM held WHERE ending = 'unknown'),"
	" EXISTS (SELECT 1 FROM own JOIN object x ON x.function = own.function JOIN ledger l ON l.object = x.id"
	"          AND l.hop = 'raised' AND l.lo > 0),"
	" (SELECT max(coalesce(g.to_ns, :end_ns)) FROM signal g JOIN source s ON s.id = g.source"
	"   WHERE g.kind = 'device.notify' AND g.first_ns IS NOT NULL AND coalesce(g.machine, s.machine) = own.machine)"
	" FROM own";

struct notifications notifications_of(struct store *st, int64_t object, int64_t start_ns, int64_t end_ns)
{
	struct notifications found = { .known = false };
	struct query *q = query_open(st, held_sql);
	bool recorded, to_the_end;

	if (!q)
		return found;
	query_bind_int(q, "object", object);
	query_bind_int(q, "start_ns", start_ns == NO_TIME ? INT64_MIN : start_ns);
	query_bind_int(q, "end_ns", end_ns == NO_TIME ? INT64_MAX : end_ns);
	if (query_next(q)) {
		recorded = query_int(q, 4);
		to_the_end = query_type(q, 5) != QUERY_NULL && (end_ns <= INT64_MIN + ENDED_TOGETHER_NS ||
			     query_int(q, 5) >= end_ns - ENDED_TOGETHER_NS);
		found = (struct notifications){
			.known = recorded || query_int(q, 0), .unbounded = !recorded || !to_the_end || query_int(q, 3),
			.held = query_int(q, 0), .lost_lo = query_int(q, 1), .lost_hi = query_int(q, 2),
		};
	}
	query_close(q);
	return found;
}
