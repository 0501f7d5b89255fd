/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/stats.h"

#include <stdlib.h>
#include <string.h>

#include "core/derived.h"
#include "report/common.h"
#include "store/query.h"

const char *stats_hop_name(enum stats_hop hop)
{
	static const char *const names[NR_STATS_HOPS] = {
#define X(sym, name, from, to) [STATS_##sym] = name,
		STATS_HOPS(X)
#undef X
	};

	return names[hop];
}

const char *stats_ledger_name(enum stats_ledger hop)
{
	static const char *const names[NR_STATS_LEDGER] = {
#define X(sym, name) [STATS_##sym] = name,
		STATS_LEDGER(X)
#undef X
	};

	return names[hop];
}

double stats_rate(const struct stats_row *row)
{
	int64_t span_ns = row->deliveries > 1 ? report_span_ns(row->first_ns, row->last_ns) : 0;

	return span_ns > 0 ? (row->deliveries - 1) * 1e9 / span_ns : 0;
}

void stats_free(struct stats *stats)
{
	if (!stats)
		return;
	for (unsigned i = 0; i < stats->nr; i++)
		for (unsigned hop = 0; hop < NR_STATS_HOPS; hop++)
			quantile_fini(&stats->row[i].hop[hop]);
	free(stats->row);
	free(stats);
}

/* ------------------------------------------------------------------------------------------------------- rows */

static const char rows_sql[] =
	"SELECT o.id, o.name, coalesce(o.label, ''), coalesce(o.driver, ''), o.path, s.deliveries, s.handled,"
	" s.unhandled, s.first_ns, s.last_ns, s.longest_gap_ns, s.busiest_second,"
	" coalesce((SELECT f.name FROM link l JOIN object f ON f.id = l.feeder WHERE l.fed = o.id"
	"  ORDER BY l.from_ns DESC, f.id LIMIT 1), '')"
	" FROM object_summary s JOIN object o ON o.id = s.object ORDER BY s.deliveries DESC, o.id";

static void copy_column(char *to, size_t len, const struct query *q, int col)
{
	snprintf(to, len, "%s", query_text(q, col));
}

static int64_t time_column(const struct query *q, int col)
{
	return query_type(q, col) == QUERY_NULL ? NO_TIME : query_int(q, col);
}

static struct stats_row *add_row(struct stats *stats)
{
	if (stats->nr == stats->cap) {
		unsigned cap = stats->cap ? stats->cap * 2 : 64;
		struct stats_row *row = realloc(stats->row, cap * sizeof(*row));

		if (!row)
			return NULL;
		stats->row = row;
		stats->cap = cap;
	}
	return &stats->row[stats->nr++];
}

static bool take_row(struct stats *stats, const struct query *q)
{
	struct stats_row *row = add_row(stats);

	if (!row)
		return false;
	*row = (struct stats_row){
		.object = query_int(q, 0),
		.deliveries = query_int(q, 5),
		.handled = query_int(q, 6),
		.unhandled = query_int(q, 7),
		.first_ns = time_column(q, 8),
		.last_ns = time_column(q, 9),
		.longest_gap_ns = query_int(q, 10),
		.busiest = query_int(q, 11),
	};
	for (unsigned i = 0; i < NR_STATS_LEDGER; i++)
		row->ledger[i].lo = -1;
	copy_column(row->name, sizeof(row->name), q, 1);
	copy_column(row->label, sizeof(row->label), q, 2);
	copy_column(row->driver, sizeof(row->driver), q, 3);
	copy_column(row->path, sizeof(row->path), q, 4);
	copy_column(row->feeder, sizeof(row->feeder), q, 12);
	return true;
}

static bool find_rows(struct stats *stats, struct store *st)
{
	struct query *q = query_open(st, rows_sql);
	bool good = q != NULL;

	while (good && query_next(q))
		good = take_row(stats, q);
	good = good && !query_failed(q);
	query_close(q);
	return good;
}

/* ------------------------------------------------------------------------------------------------------ ledger */

/* A count is that of the irq itself, or of what feeds it: raises are the entry's. */
static const char ledger_sql[] =
	"SELECT hop, lo, hi FROM ledger WHERE object = :object UNION ALL SELECT hop, lo, hi FROM ledger"
	" WHERE object = (SELECT feeder FROM link WHERE fed = :object ORDER BY from_ns DESC LIMIT 1)"
	" AND hop NOT IN (SELECT hop FROM ledger WHERE object = :object)";

static bool find_ledger(struct stats_row *row, struct store *st)
{
	struct query *q = query_open(st, ledger_sql);
	bool good = q != NULL;

	if (q)
		query_bind_int(q, "object", row->object);
	while (good && query_next(q))
		for (unsigned i = 0; i < NR_STATS_LEDGER; i++)
			if (!strcmp(query_text(q, 0), stats_ledger_name(i)))
				row->ledger[i] = (struct stats_count){
					.lo = query_int(q, 1),
					.hi = query_type(q, 2) == QUERY_NULL ? -1 : query_int(q, 2),
				};
	good = good && !query_failed(q);
	query_close(q);
	return good;
}

/* ------------------------------------------------------------------------------------------------- one pass */

/* Numbers only: no text is made of a row. */
static const char deliveries_sql[] =
	"SELECT object"
#define X(sym, name, from, to) ", " #to " - " #from
	STATS_HOPS(X)
#undef X
	" FROM delivery";

/* Rows by object id; *max_id: the largest one. */
static struct stats_row **index_rows(struct stats *stats, int64_t *max_id)
{
	struct stats_row **by_id;

	*max_id = 0;
	for (unsigned i = 0; i < stats->nr; i++)
		*max_id = stats->row[i].object > *max_id ? stats->row[i].object : *max_id;
	if (*max_id > UINT32_MAX)	/* no id that the model gives */
		return NULL;
	by_id = calloc(*max_id + 1, sizeof(*by_id));
	for (unsigned i = 0; by_id && i < stats->nr; i++)
		if (stats->row[i].object > 0)
			by_id[stats->row[i].object] = &stats->row[i];
	return by_id;
}

static bool take_delivery(struct stats_row *row, const struct query *q)
{
	for (unsigned hop = 0; hop < NR_STATS_HOPS; hop++)
		if (query_type(q, 1 + hop) != QUERY_NULL && !quantile_add(&row->hop[hop], query_int(q, 1 + hop)))
			return false;
	return true;
}

static bool measure(struct stats *stats, struct store *st)
{
	int64_t max_id;
	struct stats_row **by_id = index_rows(stats, &max_id);
	struct query *q = by_id ? query_open(st, deliveries_sql) : NULL;
	bool good = q != NULL;

	while (good && query_next(q)) {
		int64_t id = query_int(q, 0);

		if (id > 0 && id <= max_id && by_id[id])
			good = take_delivery(by_id[id], q);
	}
	good = good && !query_failed(q);
	query_close(q);
	free(by_id);
	return good;
}

struct stats *stats_new(struct store *st)
{
	struct stats *stats = calloc(1, sizeof(*stats));
	bool good = stats && find_rows(stats, st);

	for (unsigned i = 0; good && i < stats->nr; i++)
		good = find_ledger(&stats->row[i], st);
	if (!good || !measure(stats, st)) {
		stats_free(stats);
		return NULL;
	}
	stats->origin_ns = report_origin_ns(st);
	stats->span_ns = report_span_ns(stats->origin_ns, report_end_ns(st));
	stats->nr_lost = query_one_int(st, "SELECT sum(lost) FROM source", 0);
	stats->nr_gaps = query_one_int(st, "SELECT count(*) FROM gap", 0);
	return stats;
}
