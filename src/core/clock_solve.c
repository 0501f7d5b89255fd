/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each fact leaves a few intervals for the offset. A rate is tried as a cell of neighbouring ones, whose facts leave a little
 * more. For each cell the offsets are kept that no fact contradicts, those that one does, and so on (struct relation): no order
 * of the facts, and no wrong one among them, can hide the right offset then. What is proven are all offsets and rates with as
 * few contradictions as there can be, or one more.
 *
 * Two clocks never run at quite the same rate, even where facts that lie close together do not show it: the rates are those that
 * the facts leave of all that clocks can have.
 */
#include "core/clock_solve.h"

#include <stdlib.h>

enum {
	MAX_SPANS = 4096, MAX_PAIRS = 512, MAX_JUDGED = 4096, NR_LEVELS = 4, MIN_ANCHORS = 3, MIN_RATE_ANCHORS = 4,
	FIRST_CELLS = 384, MAX_CELLS = 512,
	MAX_IN_A_ROW = 3,	/* facts of one time after another that are contradicted */
	MAX_APART_NS = 100000000,
	MAX_WORK = 100000000,	/* pairs of facts that are compared: about a second */
};

struct span {
	int64_t lo_ns, hi_ns;
};

/* Offsets that are still possible, in order and apart. */
struct spans {
	struct span span[MAX_SPANS];
	unsigned nr;
};

/* Rates that are tried at once. */
struct cell {
	double lo, hi;
};

/*
 * level[i]: offsets that at most fewest + i facts contradict; the levels up to the most that are let pass, where these are not
 * too many.
 */
struct relation {
	const struct facts *facts;
	uint32_t nr_pairs;	/* that are looked at */
	int64_t base;
	struct cell cell;
	struct spans *room;	/* owned: where all these are */
	struct spans *level[NR_LEVELS], *left, *next;
	unsigned nr_levels, fewest, most;
	uint64_t work;
};

/* Rates that are still possible, with the offsets that they leave. */
struct cells {
	struct cell cell[MAX_CELLS];
	struct span left[MAX_CELLS];
	unsigned nr;
	bool full;
};

/* Adds to spans that begin in order; false where there are too many. */
static bool append(struct spans *spans, int64_t lo_ns, int64_t hi_ns)
{
	struct span *last = spans->nr ? &spans->span[spans->nr - 1] : NULL;

	if (last && lo_ns <= last->hi_ns) {
		if (hi_ns > last->hi_ns)
			last->hi_ns = hi_ns;
		return true;
	}
	if (spans->nr == MAX_SPANS)
		return false;
	spans->span[spans->nr++] = (struct span){ lo_ns, hi_ns };
	return true;
}

static int64_t cut(double value)
{
	return value >= 0x1p63 ? INT64_MAX : value < -0x1p63 ? INT64_MIN : (int64_t)value;
}

static int64_t plus(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? (b > 0 ? INT64_MAX : INT64_MIN) : sum;
}

/* A moment of a's clock in units of b's, before the offset: at the earliest or at the latest, by the rates of the cell. */
static int64_t scale(const struct relation *rel, int64_t t, bool latest)
{
	double rate = (t < rel->base) == latest ? rel->cell.lo : rel->cell.hi;
	int64_t from_base;

	if (__builtin_sub_overflow(t, rel->base, &from_base))
		from_base = t > rel->base ? INT64_MAX : INT64_MIN;
	return plus(plus(rel->base, cut((double)from_base * rate)), latest ? 1 : -1);
}

/* What one partner leaves. Times of two clocks may be any: their difference is cut where it does not fit. */
static struct span left_by(const struct relation *rel, const struct anchor *anchor, const struct anchor *partner)
{
	int64_t lo_ns = scale(rel, anchor->lo_ns, false), hi_ns = scale(rel, anchor->hi_ns, true);
	struct span span;

	if (__builtin_sub_overflow(partner->lo_ns, hi_ns, &span.lo_ns))
		span.lo_ns = partner->lo_ns > hi_ns ? INT64_MAX : INT64_MIN;
	if (__builtin_sub_overflow(partner->hi_ns, lo_ns, &span.hi_ns) ||
	    __builtin_add_overflow(span.hi_ns, RESOLUTION_NS, &span.hi_ns))
		span.hi_ns = partner->hi_ns > lo_ns ? INT64_MAX : INT64_MIN;
	return span;
}

/* What is possible and one of the pair's partners allows; false where that is too much to keep. */
static bool intersect(struct relation *rel, const struct spans *spans, const struct pair *pair, struct spans *out)
{
	out->nr = 0;
	for (unsigned i = 0, k = 0; i < spans->nr && k < pair->nr;) {
		const struct span *now = &spans->span[i];
		struct span left = left_by(rel, pair->anchor, &rel->facts->partner[pair->first + k]);
		int64_t lo = left.lo_ns > now->lo_ns ? left.lo_ns : now->lo_ns;
		int64_t hi = left.hi_ns < now->hi_ns ? left.hi_ns : now->hi_ns;

		rel->work++;
		if (lo <= hi && !append(out, lo, hi))
			return false;
		if (left.hi_ns < now->hi_ns)
			k++;
		else
			i++;
	}
	return true;
}

static bool unite(const struct spans *a, const struct spans *b, struct spans *out)
{
	unsigned i = 0, k = 0;

	out->nr = 0;
	while (i < a->nr || k < b->nr) {
		bool is_a = k == b->nr || (i < a->nr && a->span[i].lo_ns < b->span[k].lo_ns);
		const struct span *span = is_a ? &a->span[i++] : &b->span[k++];

		if (!append(out, span->lo_ns, span->hi_ns))
			return false;
	}
	return true;
}

static void swap(struct spans **a, struct spans **b)
{
	struct spans *was = *a;

	*a = *b;
	*b = was;
}

/* Of what the pair contradicts, each level keeps what the one below had. What is too much to keep stays as it is, which is safe. */
static void narrow_level(struct relation *rel, unsigned level, const struct pair *pair)
{
	if (!intersect(rel, rel->level[level], pair, rel->left))
		return;
	if (!level || pair->anchor->mark)
		swap(&rel->level[level], &rel->left);
	else if (unite(rel->left, rel->level[level - 1], rel->next))
		swap(&rel->level[level], &rel->next);
}

/* The lowest level is empty: one contradiction more is the least that there can be. */
static void raise_levels(struct relation *rel)
{
	struct spans *empty = rel->level[0], *top = rel->level[rel->nr_levels - 1];

	for (unsigned i = 1; i < rel->nr_levels; i++)
		rel->level[i - 1] = rel->level[i];
	rel->level[rel->nr_levels - 1] = empty;
	if (++rel->fewest + rel->nr_levels - 1 > rel->most) {
		rel->nr_levels--;
		return;
	}
	empty->nr = top->nr;
	for (unsigned i = 0; i < top->nr; i++)
		empty->span[i] = top->span[i];
}

/* A mark says which fact it is: what contradicts one is not looked at further, or the mark itself where all does. */
static void narrow(struct relation *rel, const struct pair *pair)
{
	if (pair->anchor->mark && intersect(rel, rel->level[rel->nr_levels - 1], pair, rel->left) && !rel->left->nr)
		return;
	for (unsigned i = rel->nr_levels; i-- > 0;)
		narrow_level(rel, i, pair);
	while (rel->nr_levels && !rel->level[0]->nr)
		raise_levels(rel);
}

/* What the pairs leave of all offsets; false as soon as more than so many contradict each. */
static bool solve(struct relation *rel, struct cell cell, unsigned most)
{
	rel->cell = cell;
	rel->fewest = 0;
	rel->most = most;
	rel->nr_levels = most < NR_LEVELS ? most + 1 : NR_LEVELS;
	for (unsigned i = 0; i < rel->nr_levels; i++) {
		rel->level[i]->span[0] = (struct span){ INT64_MIN, INT64_MAX };
		rel->level[i]->nr = 1;
	}
	for (uint32_t i = 0; i < rel->nr_pairs && rel->nr_levels && rel->work < MAX_WORK; i++)
		narrow(rel, &rel->facts->pair[i]);
	return rel->nr_levels && rel->work < MAX_WORK;
}

/* -------------------------------------------------------------------------------------------------------- rates */

static void try_cell(struct relation *rel, struct cells *cells, struct cell cell, unsigned most)
{
	const struct spans *left;

	if (!solve(rel, cell, most))
		return;
	if (cells->nr == MAX_CELLS) {
		cells->full = true;
		return;
	}
	left = rel->level[rel->nr_levels - 1];
	cells->cell[cells->nr] = cell;
	cells->left[cells->nr++] = (struct span){ left->span[0].lo_ns, left->span[left->nr - 1].hi_ns };
}

static void try_range(struct relation *rel, struct cells *cells, struct cell range, unsigned most)
{
	double step = (range.hi - range.lo) / FIRST_CELLS;

	cells->nr = 0;
	cells->full = false;
	for (unsigned i = 0; i < FIRST_CELLS; i++)
		try_cell(rel, cells, (struct cell){ range.lo + step * i, range.lo + step * (i + 1) }, most);
}

/* Halves of all, as long as there is room for them. Narrow cells contradict what wide ones do not. */
static void refine(struct relation *rel, struct cells *cells, struct cells *next, unsigned most)
{
	enum { MAX_LEVELS = 40 };

	for (unsigned level = 0; level < MAX_LEVELS && cells->nr && 2 * cells->nr <= MAX_CELLS; level++) {
		next->nr = 0;
		next->full = false;
		for (unsigned i = 0; i < cells->nr; i++) {
			double lo = cells->cell[i].lo, hi = cells->cell[i].hi, middle = (lo + hi) / 2;

			try_cell(rel, next, (struct cell){ lo, middle }, most);
			try_cell(rel, next, (struct cell){ middle, hi }, most);
		}
		*cells = *next;
	}
}

/* All that are left as one: what lies between several offsets that fit is no worse than a wide one, where they lie close together. */
static bool sum_up(const struct cells *cells, struct cell *rates, struct span *offsets)
{
	*offsets = (struct span){ INT64_MAX, INT64_MIN };
	for (unsigned i = 0; i < cells->nr; i++) {
		const struct span *left = &cells->left[i];

		offsets->lo_ns = left->lo_ns < offsets->lo_ns ? left->lo_ns : offsets->lo_ns;
		offsets->hi_ns = left->hi_ns > offsets->hi_ns ? left->hi_ns : offsets->hi_ns;
	}
	if (!cells->nr || cells->full)
		return false;
	*rates = (struct cell){ cells->cell[0].lo, cells->cell[cells->nr - 1].hi };
	return (uint64_t)offsets->hi_ns - (uint64_t)offsets->lo_ns <= MAX_APART_NS;
}

static void try_rates(struct relation *rel, struct cells *cells, struct cell range, unsigned most)
{
	if (range.lo == range.hi) {
		cells->nr = 0;
		cells->full = false;
		try_cell(rel, cells, range, most);
		return;
	}
	try_range(rel, cells, range, most);
	refine(rel, cells, cells + 1, most);
}

/* In the middle of the pairs that say most, rates do least. */
static int64_t middle_of(const struct relation *rel)
{
	int64_t lo_ns = INT64_MAX, hi_ns = INT64_MIN;

	for (uint32_t i = 0; i < rel->nr_pairs; i++) {
		const struct anchor *anchor = rel->facts->pair[i].anchor;

		lo_ns = anchor->lo_ns < lo_ns ? anchor->lo_ns : lo_ns;
		hi_ns = anchor->hi_ns > hi_ns ? anchor->hi_ns : hi_ns;
	}
	return rel->nr_pairs ? lo_ns / 2 + hi_ns / 2 : 0;
}

/* ------------------------------------------------------------------------------------------------------ verdict */

static bool agrees(const struct relation *rel, const struct pair *pair, const struct span *offsets)
{
	for (uint32_t k = 0; k < pair->nr; k++) {
		struct span left = left_by(rel, pair->anchor, &rel->facts->partner[pair->first + k]);

		if (left.lo_ns <= offsets->hi_ns && offsets->lo_ns <= left.hi_ns)
			return true;
	}
	return false;
}

/* A fact, and whether what was found agrees with it. */
struct judged {
	int64_t t_ns;
	bool agrees;
};

static int by_time(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;

	return x->t_ns < y->t_ns ? -1 : x->t_ns > y->t_ns;
}

/*
 * Contradictions that follow one another, or with which the facts begin or end, are no single wrong facts: a clock was set, or
 * something is missing.
 */
static bool in_a_row(struct judged *judged, uint32_t nr)
{
	unsigned row = 0;

	qsort(judged, nr, sizeof(*judged), by_time);
	for (uint32_t i = 0; i < nr && row < MAX_IN_A_ROW; i++)
		if (judged[i].agrees)
			row = 0;
		else if (!row || judged[i].t_ns != judged[i - 1].t_ns)
			row++;
	return row || (nr && !judged[0].agrees);
}

/* Of all pairs, also those that were not looked at to find it. False: memory is short. */
static bool judge(const struct relation *rel, const struct span *offsets, struct clock_relation *out, bool *row)
{
	uint32_t nr = rel->facts->nr_pairs < MAX_JUDGED ? rel->facts->nr_pairs : MAX_JUDGED;
	struct judged *judged = malloc((nr + 1) * sizeof(*judged));
	bool good = judged != NULL;

	out->method = CLOCK_CAUSALITY;
	for (uint32_t i = 0; good && i < nr; i++) {
		const struct pair *pair = &rel->facts->pair[i];

		judged[i] = (struct judged){ pair->anchor->lo_ns, agrees(rel, pair, offsets) };
		if (!judged[i].agrees)
			out->contradictions++;
		else if (out->used++, pair->anchor->mark)
			out->method = CLOCK_MARKS;
	}
	*row = good && in_a_row(judged, nr);
	free(judged);
	return good;
}

/* Few facts may fit by chance, most of all where the rate is unknown, too: two fit anywhere then, and a third now and then. */
static bool is_enough(const struct clock_relation *out, enum clock_units units)
{
	if (out->rate_hi - out->rate_lo > out->rate_lo / 100 || out->contradictions * 4 > out->used)
		return false;
	if (units == CLOCK_OTHER_UNITS)
		return out->used >= MIN_RATE_ANCHORS;
	return out->used >= MIN_ANCHORS || out->method == CLOCK_MARKS;
}

static bool conclude(struct relation *rel, const struct cells *cells, enum clock_units units, struct clock_relation *out)
{
	struct span offsets;
	bool row;

	/* facts that are too much alike to be told apart in time prove nothing */
	if (rel->work >= MAX_WORK || !sum_up(cells, &rel->cell, &offsets))
		return true;
	*out = (struct clock_relation){ .base = rel->base, .rate_lo = rel->cell.lo, .rate_hi = rel->cell.hi, .lo_ns = offsets.lo_ns,
					.hi_ns = offsets.hi_ns };
	if (!judge(rel, &offsets, out, &row))
		return false;
	if (row || !is_enough(out, units))
		out->method = CLOCK_UNKNOWN;
	return true;
}

/* Facts that could not have been one another. */
static bool all_unique(const struct relation *rel)
{
	for (uint32_t i = 0; i < rel->nr_pairs; i++)
		if (rel->facts->pair[i].nr > 1)
			return false;
	return true;
}

/*
 * How many facts more may be wrong, without contradicting another: one, but for the fewest that can do; as many as are seen to
 * contradict; and of facts some of which one side has not at all the same part of those that it seems to have.
 */
static unsigned spare_of(const struct relation *rel, unsigned most)
{
	uint64_t missing = rel->facts->nr_missing, nr = rel->nr_pairs;

	return (nr > MIN_ANCHORS || !all_unique(rel)) + most + (unsigned)((nr * missing + nr + missing - 1) / (nr + missing));
}

/* As few contradictions as there can be: where more are let pass, more offsets fit. And what could be wrong besides. */
static void search(struct relation *rel, struct cells *cells, struct cell range)
{
	unsigned most = 0, spare;

	try_rates(rel, cells, range, most);
	while (!cells->nr && 2 * most + 1 <= rel->nr_pairs / 4 && rel->work < MAX_WORK) {
		most = 2 * most + 1;
		try_rates(rel, cells, range, most);
	}
	spare = spare_of(rel, most);
	if (cells->nr && spare)
		try_rates(rel, cells, range, most + spare);
}

/* ns in a cycle: from 10 GHz down to 100 MHz, and the other way round; or clocks that differ by less than they may. */
static const struct cell ranges[] = {
	[CLOCK_SAME_UNITS] = { 0.999, 1.001 },
	[CLOCK_OTHER_UNITS] = { 0.1, 10 },
	[CLOCK_ONE_CLOCK] = { 1, 1 },
};

static bool init(struct relation *rel, const struct facts *facts)
{
	*rel = (struct relation){ .facts = facts, .nr_pairs = facts->nr_pairs < MAX_PAIRS ? facts->nr_pairs : MAX_PAIRS };
	rel->room = malloc((NR_LEVELS + 2) * sizeof(*rel->room));
	if (!rel->room)
		return false;
	for (unsigned i = 0; i < NR_LEVELS; i++)
		rel->level[i] = rel->room + i;
	rel->left = rel->room + NR_LEVELS;
	rel->next = rel->room + NR_LEVELS + 1;
	rel->base = middle_of(rel);
	return true;
}

bool clock_solve(const struct facts *facts, enum clock_units units, struct clock_relation *out)
{
	struct cells *cells = malloc(2 * sizeof(*cells));
	struct relation rel = { .facts = facts };
	bool good = cells && init(&rel, facts);

	*out = (struct clock_relation){ .method = CLOCK_UNKNOWN };
	if (good && rel.nr_pairs) {
		search(&rel, cells, ranges[units]);
		good = conclude(&rel, cells, units, out);
	}
	free(rel.room);
	free(cells);
	return good;
}
