/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/common.h"

#include <string.h>

#include "store/query.h"

const char report_findings_sql[] =
	"SELECT f.id, f.fingerprint, f.rule, f.rev, f.severity, o.name, substr(p.name, 1 + instr(p.name, 'pci:') + 3), "
	REPORT_DRIVER_SQL ", "
	"coalesce(o.machine, (SELECT machine FROM source ORDER BY id LIMIT 1)), f.path, f.layer, "
	"f.blame, f.count, f.start_ns, f.end_ns, f.message, f.hop, f.could_have, f.object, f.mend, "
	"EXISTS (SELECT 1 FROM verdict v WHERE v.rule = f.rule AND v.missing IS NOT NULL), f.held_back, f.lost_lo, f.lost_hi "
	"FROM finding f LEFT JOIN object o ON o.id = f.object LEFT JOIN object p "
	"ON p.id = CASE o.kind WHEN 'pci' THEN o.id ELSE o.function END "
	"LEFT JOIN rule r ON r.id = f.rule "
	"ORDER BY CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.start_ns, f.rule, f.id";

int64_t report_origin_ns(struct store *st)
{
	return query_one_int(st, "SELECT start_ns FROM (" QUERY_EXTENT_SQL ")", 0);
}

int64_t report_end_ns(struct store *st)
{
	return query_one_int(st, "SELECT end_ns FROM (" QUERY_EXTENT_SQL ")", 0);
}

int64_t report_span_ns(int64_t from_ns, int64_t to_ns)
{
	int64_t span_ns;

	if (!__builtin_sub_overflow(to_ns, from_ns, &span_ns))
		return span_ns;
	return to_ns > from_ns ? INT64_MAX : INT64_MIN;
}

char *strdup_or_empty(const char *text)
{
	return strdup(text ? text : "");
}

const char what_if_fixes_sql[] =
	"SELECT CASE WHEN json_valid(quirks) THEN json(quirks) ELSE '[]' END, since, valid_to_ns,"
	" CASE WHEN json_valid(quirks) THEN (SELECT group_concat(value, ' and ') FROM json_each(quirks)) END, basis"
	" FROM what_if WHERE finding = :id AND fixes ORDER BY length(quirks), quirks";

const char what_if_failures_sql[] =
	"SELECT CASE WHEN json_valid(quirks) THEN json(quirks) ELSE '[]' END, since, recomputed, ends_ns,"
	" CASE WHEN json_valid(quirks) THEN (SELECT group_concat(value, ' and ') FROM json_each(quirks)) END, basis"
	" FROM what_if WHERE finding = :id AND NOT fixes AND quirks <> '[]'"
	" ORDER BY ends_ns IS NULL, recomputed = 0, length(quirks), quirks";

bool what_if_was_tried(struct store *st, const char *finding)
{
	struct query *q = query_open(st, "SELECT 1 FROM what_if WHERE finding = :id LIMIT 1");
	bool tried;

	if (!q)
		return false;
	query_bind_text(q, "id", finding);
	tried = query_next(q);
	query_close(q);
	return tried;
}
