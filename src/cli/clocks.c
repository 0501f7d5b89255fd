/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/clocks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/diag.h"
#include "store/query.h"
#include "store/store.h"

/* Reference time = source time + offset. */
struct place {
	bool known;
	int64_t lo_ns, hi_ns;
};

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? (b > 0 ? INT64_MAX : INT64_MIN) : sum;
}

/* -INT64_MIN is one too many. */
static int64_t negated(int64_t ns)
{
	return ns == INT64_MIN ? INT64_MAX : -ns;
}

/* Where a source is by its relation to one whose place is known. */
static struct place place_of(const struct clock_relation *rel, const struct place *to, bool is_a)
{
	if (is_a)
		return (struct place){ true, add(rel->lo_ns, to->lo_ns), add(rel->hi_ns, to->hi_ns) };
	return (struct place){ true, add(to->lo_ns, negated(rel->hi_ns)), add(to->hi_ns, negated(rel->lo_ns)) };
}

static bool relate_either_way(const struct anchors *one, const struct anchors *other, struct clock_relation *rel, bool *is_a)
{
	*is_a = true;
	if (!clock_relate(one, other, rel))
		return false;
	if (rel->method != CLOCK_UNKNOWN)
		return true;
	*is_a = false;
	return clock_relate(other, one, rel);
}

static bool write_place(struct store *st, uint32_t source, const struct place *place, const struct clock_relation *rel)
{
	const char *method = rel->method == CLOCK_MARKS ? "marks" : "causality";
	int64_t middle = place->lo_ns + (int64_t)(((uint64_t)place->hi_ns - (uint64_t)place->lo_ns) / 2);

	return store_set_clock(st, source, method, middle, place->lo_ns, place->hi_ns, rel->contradictions);
}

/* By any source that has its place; true where it got one. */
static bool place_source(struct store *st, struct anchors *const *anchors, struct place *place, uint32_t nr, uint32_t source,
			 bool *good)
{
	for (uint32_t i = 0; i < nr; i++) {
		struct clock_relation rel;
		bool is_a;

		if (i == source || !place[i].known || !anchors[i] || !anchors[source])
			continue;
		if (!relate_either_way(anchors[source], anchors[i], &rel, &is_a) || rel.method == CLOCK_UNKNOWN)
			continue;
		place[source] = place_of(&rel, &place[i], is_a);
		*good = write_place(st, source + 1, &place[source], &rel);
		return true;
	}
	return false;
}

/* Who tells the frequency of the counter whose cycles a source counts: the hypervisor rather than one of its kernels. */
static const char rates_sql[] =
	"SELECT s.id, t.tsc_hz, t.id FROM source s JOIN source t ON t.id = (SELECT id FROM source"
	"  WHERE tsc_hz IS NOT NULL AND (machine = s.machine"
	"   OR (machine IN ('host', 'xen', 'dom0') AND s.machine IN ('host', 'xen', 'dom0')))"
	"  ORDER BY layer IS NOT 'hypervisor', id LIMIT 1)"
	" WHERE s.cycles AND s.clock IN ('tsc', 'x86-tsc') ORDER BY s.id";

struct rate {
	uint32_t source, by;
	uint64_t hz;
};

/* The rates, to be freed; NULL at failure. */
static struct rate *find_rates(struct store *st, uint32_t nr, uint32_t *nr_rates)
{
	struct rate *rates = calloc(nr + 1, sizeof(*rates));
	struct query *q = rates ? query_open(st, rates_sql) : NULL;
	bool failed;

	*nr_rates = 0;
	while (q && *nr_rates < nr && query_next(q))
		rates[(*nr_rates)++] = (struct rate){ .source = (uint32_t)query_int(q, 0), .hz = (uint64_t)query_int(q, 1),
						     .by = (uint32_t)query_int(q, 2) };
	failed = !q || query_failed(q);
	query_close(q);
	if (!failed)
		return rates;
	free(rates);
	return NULL;
}

static bool rate_clocks(struct store *st, struct anchors *const *anchors, uint32_t nr)
{
	uint32_t nr_rates;
	struct rate *rates = find_rates(st, nr, &nr_rates);
	bool good = rates != NULL;

	for (uint32_t i = 0; good && i < nr_rates; i++) {
		const struct rate *rate = &rates[i];

		good = store_rate_clock(st, rate->source, rate->hz, rate->by);
		if (good && anchors[rate->source - 1])
			anchors_rate(anchors[rate->source - 1], rate->hz);
	}
	free(rates);
	return good;
}

bool clocks_derive(struct store *st, struct anchors *const *anchors, uint32_t nr, struct diag_sink *diag)
{
	/* the first that has times, as moments.c has it */
	int64_t reference = query_one_int(st, "SELECT min(id) FROM source WHERE timeless IS NOT 1", 1);
	struct place *place = calloc(nr + 1, sizeof(*place));
	bool good = place != NULL && rate_clocks(st, anchors, nr), more = true;

	if (!place)
		diag_report(diag, DIAG_STORE_FAILED, (struct diag_pos){ .path = NULL }, "out of memory");
	else
		place[reference - 1].known = true;
	while (good && more) {
		more = false;
		for (uint32_t i = 0; good && i < nr; i++)
			more |= !place[i].known && place_source(st, anchors, place, nr, i, &good);
	}
	free(place);
	return good;
}
