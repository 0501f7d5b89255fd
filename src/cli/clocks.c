/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources are nodes, what two of them prove of each other is an edge; a source has its place on the clock of the first one
 * with times by the first path that leads there. Cycles become ns before: by the frequency that a source tells, or else
 * by the one that an edge proves.
 */
#include "cli/clocks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/diag.h"
#include "core/tsc.h"
#include "store/query.h"
#include "store/store.h"
#include "store/time.h"

/*
 * Reference time = base + (source time - base) * rate + offset, to within slack at base and anywhere in the source: what the
 * rate's bounds add there is in it.
 */
struct place {
	bool known;
	int64_t base, offset_ns;
	double rate, slack_ns;
};

struct node {
	struct anchors *anchors;	/* NULL: none */
	bool timed, cycles;
	bool tsc;			/* its clock is a TSC */
	char name[32];			/* of its clock, as the file claims it */
	uint32_t counter;		/* the same of all that count one TSC's cycles, 0: it counts others */
	int64_t first, last;		/* of its own clock */
	struct place place;
	struct clock_relation rel;	/* by which it got that, */
	uint32_t by;			/* and to which source, from 1; 0: none */
};

struct graph {
	struct node *node;
	uint32_t nr;
};

/* The second's time is the first's plus what is found. */
static void relate_counters(const struct node *kernel, const struct node *xen, struct clock_relation *rel)
{
	static const enum clock_method methods[] = {
		[TSC_UNKNOWN] = CLOCK_UNKNOWN, [TSC_SAME] = CLOCK_COUNTER, [TSC_READINGS] = CLOCK_READINGS,
	};
	struct tsc_offset offset;
	enum tsc_relation found = tsc_relate(anchors_tsc(kernel->anchors), anchors_tsc(xen->anchors), &offset);

	*rel = (struct clock_relation){
		.method = methods[found], .rate_lo = 1, .rate_hi = 1, .lo_ns = offset.lo_ns, .hi_ns = offset.hi_ns, .at_ns = offset.at_ns,
		.used = offset.used,
	};
}

/* Sides in the way that clock_relate() takes them: software's first. False: memory is short. */
static bool relate(const struct node *one, const struct node *other, struct clock_relation *rel, bool *one_is_a)
{
	enum clock_units units = one->cycles != other->cycles ? CLOCK_OTHER_UNITS : CLOCK_SAME_UNITS;

	*one_is_a = true;
	*rel = (struct clock_relation){ .method = CLOCK_UNKNOWN };
	if (!one->anchors || !other->anchors)
		return true;
	for (unsigned way = 0; way < 2 && one->tsc && other->tsc && units == CLOCK_SAME_UNITS; way++) {
		*one_is_a = !way;
		relate_counters(way ? other : one, way ? one : other, rel);
		if (rel->method != CLOCK_UNKNOWN)
			return true;
	}
	for (unsigned way = 0; way < 2 && units == CLOCK_SAME_UNITS; way++) {
		const struct node *a = way ? other : one, *b = way ? one : other;

		*one_is_a = !way;
		if (!clock_relate_one(a->anchors, a->name, b->anchors, b->name, rel))
			return false;
		if (rel->method != CLOCK_UNKNOWN)
			return true;
	}
	*one_is_a = true;
	if (!clock_relate(one->anchors, other->anchors, units, rel))
		return false;
	if (rel->method != CLOCK_UNKNOWN)
		return true;
	*one_is_a = false;
	return clock_relate(other->anchors, one->anchors, units, rel);
}

static double magnitude(int64_t a, int64_t b)
{
	double apart = (double)a - (double)b;

	return apart < 0 ? -apart : apart;
}

/* How far the clock can be off where both recorded, by the rate's bounds. base is the same moment on both. */
static double spread(const struct node *node, int64_t base, const struct node *other, int64_t other_base, const struct clock_relation *rel)
{
	double before = magnitude(base, node->first), after = magnitude(node->last, base);
	double other_before = magnitude(other_base, other->first), other_after = magnitude(other->last, other_base);

	before = before < other_before ? before : other_before;
	after = after < other_after ? after : other_after;
	return (rel->rate_hi - rel->rate_lo) / 2 * (before > after ? before : after);
}

static int64_t middle(int64_t lo_ns, int64_t hi_ns)
{
	return lo_ns + (int64_t)(((uint64_t)hi_ns - (uint64_t)lo_ns) / 2);
}

/* One clock has one time, whatever its bounds; of readings most are nearer to one of theirs. */
static int64_t likeliest(const struct clock_relation *rel, double *slack_ns)
{
	if (rel->method == CLOCK_CAUSALITY || rel->method == CLOCK_MARKS) {
		*slack_ns = magnitude(rel->hi_ns, rel->lo_ns) / 2;
		return middle(rel->lo_ns, rel->hi_ns);
	}
	*slack_ns = magnitude(rel->hi_ns, rel->at_ns);
	if (magnitude(rel->at_ns, rel->lo_ns) > *slack_ns)
		*slack_ns = magnitude(rel->at_ns, rel->lo_ns);
	return rel->at_ns;
}

/* The source's place on the clock of the one that it was related to. */
static struct place place_on(const struct node *node, const struct node *other, const struct clock_relation *rel, bool is_a)
{
	double rate = (rel->rate_lo + rel->rate_hi) / 2, slack_ns;
	int64_t offset_ns = likeliest(rel, &slack_ns), base = rel->base, there = time_add(base, offset_ns);

	if (is_a)
		return (struct place){ true, base, offset_ns, rate, slack_ns + spread(node, base, other, there, rel) };
	/* the other way round, about the moment of this clock that the base is */
	return (struct place){
		true, there, offset_ns == INT64_MIN ? INT64_MAX : -offset_ns, 1 / rate,
		(slack_ns + spread(node, there, other, base, rel)) / rate,
	};
}

/* The place of what stands at one place of another's clock. */
static struct place compose(const struct place *on, const struct place *other)
{
	int64_t at = time_add(on->base, on->offset_ns);
	long double from_base = (long double)at - other->base;
	struct place place = { true, on->base, 0, on->rate * other->rate, on->slack_ns * other->rate + other->slack_ns };

	if (other->rate == 1)
		place.offset_ns = time_add(on->offset_ns, other->offset_ns);
	else
		place.offset_ns = (int64_t)(from_base * other->rate + other->base + other->offset_ns - on->base);
	return place;
}

/* By any source that has its place; *more where it got one. False: memory is short. */
static bool place_node(struct graph *graph, struct node *node, bool *more)
{
	for (uint32_t i = 0; i < graph->nr; i++) {
		const struct node *other = &graph->node[i];
		struct place on;
		bool is_a;

		if (other == node || !other->place.known)
			continue;
		if (!relate(node, other, &node->rel, &is_a))
			return false;
		if (node->rel.method == CLOCK_UNKNOWN)
			continue;
		on = place_on(node, other, &node->rel, is_a);
		node->place = compose(&on, &other->place);
		node->by = i + 1;
		*more = true;
		return true;
	}
	return true;
}

static void start_from(struct graph *graph, uint32_t reference)
{
	for (uint32_t i = 0; i < graph->nr; i++)
		graph->node[i].place.known = false;
	graph->node[reference].place = (struct place){ true, 0, 0, 1, 0 };
}

/* All that lead to the reference, one behind the other. False: memory is short. */
static bool place_all(struct graph *graph, uint32_t reference)
{
	bool good = true, more = true;

	start_from(graph, reference);
	while (good && more) {
		more = false;
		for (uint32_t i = 0; good && i < graph->nr; i++)
			if (graph->node[i].timed && !graph->node[i].place.known)
				good = place_node(graph, &graph->node[i], &more);
	}
	return good;
}

static bool any_by(const struct graph *graph, uint32_t reference)
{
	for (uint32_t i = 0; i < graph->nr; i++)
		if (graph->node[i].place.known && graph->node[i].by == reference + 1)
			return true;
	return false;
}

/*
 * The reference is the first source that another can be related to: beside one that stands alone, what the others prove of
 * each other would be lost. Where there is none, the first one. False: memory is short.
 */
static bool place_from_first(struct graph *graph, uint32_t *reference)
{
	*reference = graph->nr;
	for (uint32_t i = 0; i < graph->nr; i++) {
		if (!graph->node[i].timed)
			continue;
		if (*reference == graph->nr)
			*reference = i;
		if (!place_all(graph, i))
			return false;
		if (any_by(graph, i)) {
			*reference = i;
			return true;
		}
	}
	if (*reference == graph->nr)
		*reference = 0;
	start_from(graph, *reference);
	return true;
}

/*
 * What nothing relates is put where its clock's name says, beside the first source that has its place and a clock of such a name:
 * its order with the others stays unproven.
 */
static void place_by_name(struct graph *graph, struct node *node)
{
	for (uint32_t i = 0; i < graph->nr && !node->cycles; i++) {
		const struct node *other = &graph->node[i];
		struct place on = { true, 0, 0, 1, 0 };

		if (other == node || !other->place.known || other->cycles ||
		    !clock_claims(node->name, (int64_t[2]){ node->first, node->last }, other->name,
				  (int64_t[2]){ other->first, other->last }, &on.offset_ns))
			continue;
		node->place = compose(&on, &other->place);
		return;
	}
}

static void place_rest(struct graph *graph)
{
	for (uint32_t i = 0; i < graph->nr; i++)
		if (graph->node[i].timed && !graph->node[i].place.known)
			place_by_name(graph, &graph->node[i]);
}

static int64_t to_int(double value)
{
	return value >= 0x1p62 ? INT64_MAX / 2 : (int64_t)value;
}

static bool write_place(struct store *st, uint32_t source, const struct node *node)
{
	static const char *const names[] = {
		[CLOCK_UNKNOWN] = "assumed", [CLOCK_CAUSALITY] = "causality", [CLOCK_MARKS] = "marks", [CLOCK_COUNTER] = "counter",
		[CLOCK_READINGS] = "readings", [CLOCK_ONE] = "clock",
	};
	const struct place *place = &node->place;
	int64_t slack_ns = to_int(place->slack_ns + 0.5);
	struct store_clock clock = {
		.method = names[node->rel.method], .offset_ns = place->offset_ns,
		.lo_ns = time_add(place->offset_ns, -slack_ns), .hi_ns = time_add(place->offset_ns, slack_ns),
		.contradictions = node->rel.contradictions,
	};

	if (place->rate != 1) {
		clock.base = place->base;
		clock.rate = to_int(place->rate * (1ull << TIME_RATE_SHIFT) + 0.5);
	}
	if (node->rel.method == CLOCK_UNKNOWN)
		clock.lo_ns = clock.hi_ns = NO_TIME;
	return store_set_clock(st, source, &clock);
}

static bool write_places(struct store *st, const struct graph *graph, uint32_t reference)
{
	bool good = true;

	/* the first source is one as it is */
	if (reference)
		good = store_set_clock(st, reference + 1, &(struct store_clock){ .method = "reference" });
	if (good && reference && graph->node[0].timed && !graph->node[0].place.known)
		good = store_set_clock(st, 1, &(struct store_clock){ .method = "assumed", .lo_ns = NO_TIME, .hi_ns = NO_TIME });
	for (uint32_t i = 0; good && i < graph->nr; i++)
		if (i != reference && graph->node[i].place.known)
			good = write_place(st, i + 1, &graph->node[i]);
	return good;
}

/* ------------------------------------------------------------------------------------------------------- cycles */

/* Xen, its dom0 and a host have one machine, whose TSC they count. */
#define MACHINE_OF(source) "CASE WHEN " source ".machine IN ('host', 'xen', 'dom0') THEN 'host' ELSE " source ".machine END"
#define COUNTS_TSC(source) source ".cycles AND " source ".clock IN ('tsc', 'x86-tsc')"

/*
 * Vectors of Xen's irqs by its dumps: where several agree, and no record gave the irq another, it had that one all the time. Of one
 * dump alone nobody knows how long it held.
 */
static const char vectors_sql[] =
	"SELECT CAST(substr(object, instr(object, 'xirq:') + 5) AS INTEGER), min(value) FROM snapshot_field"
	" WHERE field = 'xen_irq.vector' AND object LIKE '%xirq:%' AND value BETWEEN 16 AND 255"
	" GROUP BY object HAVING count(DISTINCT source) > 1 AND min(value) = max(value)";

static bool tell_vectors(struct store *st, const struct graph *graph)
{
	struct query *q = query_open(st, vectors_sql);
	bool good;

	while (q && query_next(q))
		for (uint32_t i = 0; i < graph->nr; i++)
			if (graph->node[i].anchors)
				anchors_tell_vector(graph->node[i].anchors, (uint64_t)query_int(q, 0), (unsigned)query_int(q, 1));
	good = q && !query_failed(q);
	query_close(q);
	return good;
}

/* Who tells the frequency of a TSC: the hypervisor rather than one of its kernels. */
static const char rates_sql[] =
	"SELECT s.id, t.tsc_hz, t.id FROM source s JOIN source t ON t.id = (SELECT id FROM source u"
	"  WHERE tsc_hz IS NOT NULL AND " MACHINE_OF("u") " = " MACHINE_OF("s")
	"  ORDER BY layer IS NOT 'hypervisor', id LIMIT 1)"
	" WHERE " COUNTS_TSC("s") " ORDER BY s.id";

static bool load(struct store *st, struct graph *graph)
{
	struct query *q = query_open(st,
		"SELECT s.id, s.timeless IS NOT 1 AND s.first_ns IS NOT NULL, s.cycles, s.first_ns, s.last_ns,"
		" CASE WHEN " COUNTS_TSC("s") " THEN (SELECT min(id) FROM source t WHERE " MACHINE_OF("t") " = " MACHINE_OF("s") ") END,"
		" s.clock IN ('tsc', 'x86-tsc'), s.clock"
		" FROM source s ORDER BY s.id");
	bool good;

	while (q && query_next(q)) {
		uint32_t i = (uint32_t)query_int(q, 0) - 1;
		struct node *node = &graph->node[i];

		if (i >= graph->nr)
			continue;
		node->timed = query_int(q, 1);
		node->cycles = query_int(q, 2);
		node->first = query_int(q, 3);
		node->last = query_int(q, 4);
		node->counter = (uint32_t)query_int(q, 5);
		node->tsc = query_int(q, 6);
		snprintf(node->name, sizeof(node->name), "%s", query_text(q, 7) ? query_text(q, 7) : "");
	}
	good = q && !query_failed(q);
	query_close(q);
	return good;
}

static bool rate_source(struct store *st, struct node *node, uint32_t source, uint64_t hz, uint32_t by)
{
	if (node->anchors)
		anchors_rate(node->anchors, hz);
	return store_rate_clock(st, source, hz, by);
}

static bool rate_as_told(struct store *st, struct graph *graph)
{
	struct told {
		uint32_t source, by;
		uint64_t hz;
	} *told = calloc(graph->nr + 1, sizeof(*told));
	struct query *q = told ? query_open(st, rates_sql) : NULL;
	uint32_t nr = 0;
	bool good;

	while (q && nr < graph->nr && query_next(q))
		told[nr++] = (struct told){ (uint32_t)query_int(q, 0), (uint32_t)query_int(q, 2), (uint64_t)query_int(q, 1) };
	good = q && !query_failed(q);
	query_close(q);
	for (uint32_t i = 0; good && i < nr; i++)
		good = rate_source(st, &graph->node[told[i].source - 1], told[i].source, told[i].hz, told[i].by);
	free(told);
	return good;
}

/* All that count the same cycles. */
static bool rate_counter(struct store *st, struct graph *graph, const struct node *node, double hz, uint32_t by)
{
	uint32_t counter = node->counter;
	bool good = true;

	if (hz < 1 || !clock_hz_possible((uint64_t)hz))
		return true;
	for (uint32_t i = 0; good && i < graph->nr; i++)
		if (&graph->node[i] == node || (counter && graph->node[i].counter == counter))
			good = rate_source(st, &graph->node[i], i + 1, (uint64_t)(hz + 0.5), by);
	return good && load(st, graph);
}

/* What a source of ns proves of the frequency. */
static bool rate_as_proven(struct store *st, struct graph *graph, uint32_t source)
{
	struct node *node = &graph->node[source];

	for (uint32_t i = 0; i < graph->nr; i++) {
		struct clock_relation rel;
		double rate;
		bool is_a;

		if (!graph->node[i].timed || graph->node[i].cycles)
			continue;
		if (!relate(node, &graph->node[i], &rel, &is_a))
			return false;
		rate = (rel.rate_lo + rel.rate_hi) / 2;
		if (rel.method != CLOCK_UNKNOWN)
			return rate_counter(st, graph, node, 1e9 * (is_a ? 1 / rate : rate), i + 1);
	}
	return true;
}

static bool rate_clocks(struct store *st, struct graph *graph)
{
	bool good = rate_as_told(st, graph) && load(st, graph);

	for (uint32_t i = 0; good && i < graph->nr; i++)
		if (graph->node[i].timed && graph->node[i].cycles)
			good = rate_as_proven(st, graph, i);
	return good;
}

bool clocks_derive(struct store *st, struct anchors *const *anchors, uint32_t nr, uint32_t *related, struct diag_sink *diag)
{
	struct graph graph = { .node = calloc(nr + 1, sizeof(*graph.node)), .nr = nr };
	uint32_t reference = 0;
	bool good;

	for (uint32_t i = 0; graph.node && i < nr; i++)
		graph.node[i].anchors = anchors[i];
	good = graph.node && tell_vectors(st, &graph) && rate_clocks(st, &graph);
	good = good && place_from_first(&graph, &reference);
	if (good)
		place_rest(&graph);
	else
		diag_report(diag, DIAG_STORE_FAILED, (struct diag_pos){ .path = NULL }, "clocks could not be related");
	good = good && write_places(st, &graph, reference);
	for (uint32_t i = 0; i < nr; i++)
		related[i] = graph.node ? graph.node[i].by : 0;
	free(graph.node);
	return good;
}
