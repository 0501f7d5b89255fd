/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One cause, one finding. Two fails are one where the rules name the same record as cause, on objects of which one feeds
 * the other or is its function: a reset that nobody mends leaves a function without its set-up, and each of its entries
 * masked. A shared time, device or irq is not enough: a second fault that has a record of its own stays a finding of its
 * own, and so does a repeated one, whose other instances may have other causes.
 *
 * The finding that stays is the one nearer to the device and, on the same object, that of the rule of the higher group,
 * which is about the more special. It is as grave as the gravest that joined it.
 */
#include "rules/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/message.h"
#include "store/query.h"

enum { MAX_ABOVE = 256 };

/* What a finding's object is fed by, at that time, directly or not, and their functions. */
struct above {
	int64_t id[MAX_ABOVE];
	unsigned nr;
};

static const char above_sql[] =
	"WITH RECURSIVE up(id) AS (SELECT :object UNION SELECT l.feeder FROM link l JOIN up ON l.fed = up.id"
	" WHERE (l.from_ns IS NULL OR l.from_ns <= :t_ns) AND (l.to_ns IS NULL OR l.to_ns >= :t_ns))"
	" SELECT id FROM up WHERE id <> :object UNION SELECT o.function FROM object o JOIN up ON o.id = up.id"
	" WHERE o.function IS NOT NULL LIMIT 256";

static int64_t cause_of(const struct finding *f)
{
	for (unsigned i = 0; i < f->nr_evidence; i++)
		if (f->evidence[i].role == ROLE_CAUSE)
			return f->evidence[i].event;
	return 0;
}

static bool find_above(struct store *st, const struct finding *f, struct above *above)
{
	struct query *q = query_open(st, above_sql);
	bool good;

	above->nr = 0;
	if (!q)
		return false;
	query_bind_int(q, "object", f->object);
	query_bind_int(q, "t_ns", f->start_ns);
	while (query_next(q))
		above->id[above->nr++] = query_int(q, 0);
	good = !query_failed(q);
	query_close(q);
	return good;
}

static bool is_above(const struct above *above, int64_t object)
{
	for (unsigned i = 0; i < above->nr; i++)
		if (above->id[i] == object)
			return true;
	return false;
}

static bool outranks(const struct finding *a, const struct finding *b, const struct above *above)
{
	if (a->rule == b->rule || !a->object || a->start_ns > b->start_ns)
		return false;
	if (a->object != b->object)
		return is_above(above, a->object);
	return a->rule->group != b->rule->group ? a->rule->group > b->rule->group : strcmp(a->rule->id, b->rule->id) < 0;
}

/* ---------------------------------------------------------------------------------------------------- joining */

static bool has_event(const struct finding *f, int64_t event)
{
	for (unsigned i = 0; i < f->nr_evidence; i++)
		if (f->evidence[i].event == event)
			return true;
	return false;
}

/* What the other showed is a consequence here, save harm, which stays harm. */
static bool take_evidence(struct finding *to, const struct finding *from)
{
	struct evidence *all = realloc(to->evidence, ROW_MAX_EVIDENCE * sizeof(*all));

	if (!all)
		return false;
	to->evidence = all;
	for (unsigned i = 0; i < from->nr_evidence && to->nr_evidence < ROW_MAX_EVIDENCE; i++) {
		enum role role = from->evidence[i].role;

		if (role != ROLE_LAST_GOOD && !has_event(to, from->evidence[i].event))
			to->evidence[to->nr_evidence++] = (struct evidence){
				from->evidence[i].event, role == ROLE_HARM ? ROLE_HARM : ROLE_CONSEQUENCE,
			};
	}
	return true;
}

/* "msix-left-masked of msix:0000:05:00.0[1], ..."; only the first few by name. */
static bool take_words(struct finding *to, const struct finding *from, struct store *st)
{
	struct query *q;
	char *words = NULL;
	const char *before = to->consequences ? to->consequences : "";
	int len = -1;

	if (to->nr_consequences++ >= MESSAGE_MAX_CONSEQUENCES)
		return true;
	q = query_open(st, "SELECT name FROM object WHERE id = :object");
	if (q)
		query_bind_int(q, "object", from->object);
	if (q && query_next(q))
		len = asprintf(&words, "%s%s%s of %s", before, *before ? ", " : "", from->rule->id, query_text(q, 0));
	query_close(q);
	if (len < 0)
		return false;
	free(to->consequences);
	to->consequences = words;
	return true;
}

static bool join(struct finding *to, struct finding *from, struct store *st)
{
	if (from->severity > to->severity)
		to->severity = from->severity;
	return take_evidence(to, from) && take_words(to, from, st);
}

/* ---------------------------------------------------------------------------------------------------- groups */

/* A finding with its cause, and the one that it joins, by its place in the list; nr: none. */
struct entry {
	int64_t cause;
	size_t finding, joins;
};

static int by_cause(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;

	if (a->cause != b->cause)
		return a->cause < b->cause ? -1 : 1;
	return (a->finding > b->finding) - (a->finding < b->finding);
}

/* The best of the group that outranks the finding. */
static bool find_root(const struct findings *fs, struct store *st, struct entry *group, size_t nr, struct entry *e)
{
	const struct finding *f = &fs->finding[e->finding], *best = NULL;
	struct above above, above_best;

	if (!f->object || f->count != 1)
		return true;
	if (!find_above(st, f, &above))
		return false;
	for (size_t i = 0; i < nr; i++) {
		const struct finding *g = &fs->finding[group[i].finding];

		if (!outranks(g, f, &above))
			continue;
		if (best && !find_above(st, best, &above_best))
			return false;
		if (best && !outranks(g, best, &above_best))
			continue;
		best = g;
		e->joins = group[i].finding;
	}
	return true;
}

static bool find_roots(const struct findings *fs, struct store *st, struct entry *entry)
{
	size_t end;

	for (size_t i = 0; i < fs->nr; i = end) {
		bool several = false;

		for (end = i + 1; end < fs->nr && entry[end].cause == entry[i].cause; end++)
			several |= fs->finding[entry[end].finding].rule != fs->finding[entry[i].finding].rule;
		for (size_t k = i; several && entry[i].cause && k < end; k++)
			if (!find_root(fs, st, &entry[i], end - i, &entry[k]))
				return false;
	}
	return true;
}

/* The end of a finding's chain. A ring, which only links that are a ring could make, has none: then it stays. */
static size_t root_of(const size_t *joins, size_t nr, size_t of)
{
	size_t at = of;

	for (size_t steps = 0; steps <= nr; steps++) {
		if (joins[at] >= nr)
			return at;
		at = joins[at];
	}
	return of;
}

static bool join_all(struct findings *fs, struct store *st, const size_t *joins)
{
	for (size_t i = 0; i < fs->nr; i++) {
		size_t root = root_of(joins, fs->nr, i);

		if (root != i && !join(&fs->finding[root], &fs->finding[i], st))
			return false;
	}
	return true;
}

static void remove_joined(struct findings *fs, const size_t *joins)
{
	size_t of = fs->nr, nr = 0;

	for (size_t i = 0; i < of; i++) {
		if (root_of(joins, of, i) != i)
			finding_fini(&fs->finding[i]);
		else
			fs->finding[nr++] = fs->finding[i];
	}
	fs->nr = nr;
}

bool findings_join(struct findings *fs, struct store *st)
{
	struct entry *entry = calloc(fs->nr + 1, sizeof(*entry));
	size_t *joins = calloc(fs->nr + 1, sizeof(*joins));
	bool good = entry && joins;

	for (size_t i = 0; good && i < fs->nr; i++)
		entry[i] = (struct entry){ .cause = cause_of(&fs->finding[i]), .finding = i, .joins = fs->nr };
	if (good && fs->nr)
		qsort(entry, fs->nr, sizeof(*entry), by_cause);
	good = good && find_roots(fs, st, entry);
	for (size_t i = 0; good && i < fs->nr; i++)
		joins[entry[i].finding] = entry[i].joins;
	good = good && join_all(fs, st, joins);
	if (good)
		remove_joined(fs, joins);
	free(entry);
	free(joins);
	return good;
}
