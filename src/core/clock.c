/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's record of a write sits at the entry of the function that writes: the write itself lies between it and the
 * next record of the same task that is not an interrupt's. A platform's record has the moment itself, up to what its
 * clock resolves. A mark of user space is two records with the write that the platform sees in between (docs/design.md,
 * section 9): "irqpath-sync N begin" and "irqpath-sync N end", and N in the host bridge's interrupt line register.
 */
#include "core/clock.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_ANCHORS = 1 << 18, MAX_TASKS = 256, MAX_CANDIDATES = 1024, MAX_SPANS = 4096, MAX_USED = 4096, MIN_ANCHORS = 3,
	RESOLUTION_NS = 999,	/* of logs that have microseconds */
	MAX_BRACKET_NS = 1000000000,
};

/* What was done. */
enum fact { FACT_MESSAGE, FACT_ENTRY_MASK, FACT_RTE_MASK, FACT_MSIX_ENABLE, FACT_MARK };

struct anchor {
	uint64_t key;
	int64_t lo_ns, hi_ns;
	bool kernel, mark;	/* recorded by software; not: by the platform */
};

/* A task whose last write is not bracketed yet. */
struct task {
	int64_t id;
	uint32_t open;		/* anchor + 1; 0: none */
};

struct anchors {
	struct anchor *anchor;	/* owned */
	uint32_t nr, cap;
	struct task task[MAX_TASKS];
	bool failed, full;
};

struct anchors *anchors_new(void)
{
	return calloc(1, sizeof(struct anchors));
}

void anchors_free(struct anchors *an)
{
	if (!an)
		return;
	free(an->anchor);
	free(an);
}

/* ----------------------------------------------------------------------------------------------------- anchors */

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t make_key(enum fact fact, const struct object_ref *ref, uint64_t a, uint64_t b)
{
	uint64_t h = mix(0x243f6a8885a308d3, fact);

	if (ref) {
		h = mix(h, ref->id);
		h = mix(h, ref->machine);
	}
	return mix(mix(h, a), b);
}

static struct anchor *add(struct anchors *an, uint64_t key, const struct event *ev)
{
	if (an->nr == MAX_ANCHORS) {
		an->full = true;
		return NULL;
	}
	if (an->nr == an->cap) {
		uint32_t cap = an->cap ? 2 * an->cap : 64;
		struct anchor *more = realloc(an->anchor, cap * sizeof(*more));

		if (!more) {
			an->failed = true;
			return NULL;
		}
		an->anchor = more;
		an->cap = cap;
	}
	an->anchor[an->nr] = (struct anchor){ .key = key, .lo_ns = ev->t_lo_ns, .hi_ns = ev->t_hi_ns };
	return &an->anchor[an->nr++];
}

/* Idle tasks of all CPUs have number 0. */
static struct task *task_of(struct anchors *an, const struct event *ev)
{
	int64_t id = ev->pid > 0 ? ev->pid : -2 - (int64_t)ev->cpu;
	struct task *task = &an->task[(uint64_t)id % MAX_TASKS];

	if (task->id != id)
		*task = (struct task){ .id = id };
	return task;
}

/* The write that the task was about is done. One that lasts too long says nothing of its moment. */
static void close_bracket(struct anchors *an, struct task *task, const struct event *ev)
{
	struct anchor *anchor = task->open ? &an->anchor[task->open - 1] : NULL;

	task->open = 0;
	if (!anchor)
		return;
	anchor->hi_ns = ev->t_lo_ns;
	if (anchor->hi_ns < anchor->lo_ns || anchor->hi_ns - anchor->lo_ns > MAX_BRACKET_NS)
		anchor->key = 0;
}

static bool is_platform(const struct event *ev)
{
	return ev->witness == WITNESS_HARDWARE;
}

/* What the event is a fact of; 0: of nothing that another source could have. */
static uint64_t key_of(const struct event *ev)
{
	const struct object_ref *msix = event_object(ev, OBJ_MSIX), *pin = event_object(ev, OBJ_PIN), *pci = event_object(ev, OBJ_PCI);
	enum { RTE_LOW = 0xffffffff, RTE_MASKED_SHIFT = 16 };
	int64_t a, b = 0, known = -1;

	switch (ev->kind) {
	case EV_PCI_MSIX_ENTRY_WRITE:
		if (msix && event_arg(ev, ARG_DATA, &a) && event_arg(ev, ARG_ADDR_LO, &b))
			return make_key(FACT_MESSAGE, msix, a, b);
		return 0;
	case EV_PCI_MSIX_ENTRY_MASK:
		return msix && event_arg(ev, ARG_MASKED, &a) ? make_key(FACT_ENTRY_MASK, msix, a != 0, 0) : 0;
	case EV_IRQ_MASK:
	case EV_IRQ_UNMASK:
		if (ev->witness != WITNESS_SHADOW || (!msix && !pin))
			return 0;
		return make_key(msix ? FACT_ENTRY_MASK : FACT_RTE_MASK, msix ? msix : pin, ev->kind == EV_IRQ_MASK, 0);
	case EV_IOAPIC_RTE_WRITE:
		event_arg(ev, ARG_MASK, &known);
		if (!pin || !is_platform(ev) || (known & RTE_LOW) != RTE_LOW || !event_arg(ev, ARG_RTE, &a))
			return 0;
		return make_key(FACT_RTE_MASK, pin, a >> RTE_MASKED_SHIFT & 1, 0);
	case EV_PCI_MSIX_ENABLE:
		return pci && event_arg(ev, ARG_ENABLE, &a) && a ? make_key(FACT_MSIX_ENABLE, pci, 1, 0) : 0;
	default:
		return 0;
	}
}

/* Records that a task makes by itself: an interrupt's may come at any moment between. */
static bool is_of_task(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IRQ_ENTER:
	case EV_IRQ_EXIT:
	case EV_IRQ_FLOW:
	case EV_IRQ_ACK:
	case EV_IRQ_THREAD_WAKE:
	case EV_VECTOR_ARRIVE:
	case EV_VECTOR_FREE_MOVED:
	case EV_LAPIC_DELIVER:
	case EV_LAPIC_IPI:
	case EV_NMI_ENTER:
	case EV_LOST:
		return false;
	default:
		return ev->witness != WITNESS_HARDWARE && ev->witness != WITNESS_INFERRED;
	}
}

/* "irqpath-sync N begin" or "end", and N; false where it is another text. */
static bool take_mark(const char *text, int64_t *number, bool *begins)
{
	static const char front[] = "irqpath-sync ";
	char *end;

	if (strncmp(text, front, sizeof(front) - 1) || !isdigit((unsigned char)text[sizeof(front) - 1]))
		return false;
	*number = strtol(text + sizeof(front) - 1, &end, 10);
	*begins = !strncmp(end, " begin", 6);
	return *number > 0 && *number <= 0xff && (*begins || !strncmp(end, " end", 4));
}

static void add_mark(struct anchors *an, const struct event *ev, const char *text)
{
	struct anchor *anchor;
	int64_t number;
	bool begins;

	if (!take_mark(text, &number, &begins))
		return;
	if (begins) {
		anchor = add(an, make_key(FACT_MARK, NULL, number, 0), ev);
		if (anchor) {
			anchor->kernel = anchor->mark = true;
			anchor->hi_ns = INT64_MAX;
		}
		return;
	}
	for (uint32_t i = an->nr; i-- > 0;) {
		anchor = &an->anchor[i];
		if (!anchor->mark || !anchor->kernel || anchor->hi_ns != INT64_MAX)
			continue;
		if (anchor->key == make_key(FACT_MARK, NULL, number, 0))
			anchor->hi_ns = ev->t_hi_ns;
		return;
	}
}

/* Of the host bridge, which no driver needs one of. */
static void add_platform_mark(struct anchors *an, const struct event *ev)
{
	const struct object_ref *pci = event_object(ev, OBJ_PCI);
	struct anchor *anchor;
	int64_t value;

	if (!pci || pci->id || !event_arg(ev, ARG_VALUE, &value))
		return;
	anchor = add(an, make_key(FACT_MARK, NULL, value & 0xff, 0), ev);
	if (anchor)
		anchor->mark = true;
}

void anchors_rate(struct anchors *an, uint64_t hz)
{
	for (uint32_t i = 0; i < an->nr; i++) {
		an->anchor[i].lo_ns = clock_time_ns(an->anchor[i].lo_ns, hz);
		if (an->anchor[i].hi_ns != INT64_MAX)
			an->anchor[i].hi_ns = clock_time_ns(an->anchor[i].hi_ns, hz);
	}
}

void anchors_add(struct anchors *an, const struct event *ev, const char *text)
{
	bool kernel = !is_platform(ev);
	struct task *task;
	struct anchor *anchor;
	uint64_t key;

	if (ev->kind == EV_MARK && text)
		add_mark(an, ev, text);
	if (ev->kind == EV_PCI_INTERRUPT_LINE)
		add_platform_mark(an, ev);
	task = kernel && is_of_task(ev) ? task_of(an, ev) : NULL;
	if (task)
		close_bracket(an, task, ev);
	key = key_of(ev);
	anchor = key ? add(an, key, ev) : NULL;
	if (!anchor)
		return;
	anchor->kernel = kernel;
	if (kernel) {
		anchor->hi_ns = INT64_MAX;
		if (task)
			task->open = an->nr;
	}
}

/* ----------------------------------------------------------------------------------------------------- offsets */

struct span {
	int64_t lo_ns, hi_ns;
};

/* Offsets that are still possible, in order and apart. */
struct spans {
	struct span span[MAX_SPANS];
	unsigned nr;
};

/* An anchor of a, with its partners in b. */
struct pair {
	const struct anchor *anchor;
	uint32_t first, nr;	/* of b's, sorted by key and time */
	int64_t weight;		/* how much it leaves */
};

struct relation {
	struct anchor *partner;	/* owned: b's platform anchors by key, then time */
	uint32_t nr_partners;
	struct pair *pair;	/* owned */
	uint32_t nr_pairs;
	struct spans now, next;
};

static int by_key(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->lo_ns < y->lo_ns ? -1 : x->lo_ns > y->lo_ns;
}

static int by_weight(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return x->anchor->lo_ns < y->anchor->lo_ns ? -1 : x->anchor->lo_ns > y->anchor->lo_ns;
}

static bool usable(const struct anchor *anchor, bool kernel)
{
	return anchor->key && anchor->kernel == kernel && anchor->hi_ns != INT64_MAX;
}

static bool take_partners(struct relation *rel, const struct anchors *b)
{
	rel->partner = malloc((b->nr + 1) * sizeof(*rel->partner));
	if (!rel->partner)
		return false;
	for (uint32_t i = 0; i < b->nr; i++)
		if (usable(&b->anchor[i], false))
			rel->partner[rel->nr_partners++] = b->anchor[i];
	qsort(rel->partner, rel->nr_partners, sizeof(*rel->partner), by_key);
	return true;
}

static uint32_t first_partner(const struct relation *rel, uint64_t key)
{
	uint32_t lo = 0, hi = rel->nr_partners;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (rel->partner[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Those with few partners and short brackets say most, and are asked first. */
static bool take_pairs(struct relation *rel, const struct anchors *a)
{
	rel->pair = malloc((a->nr + 1) * sizeof(*rel->pair));
	if (!rel->pair)
		return false;
	for (uint32_t i = 0; i < a->nr; i++) {
		struct pair pair = { .anchor = &a->anchor[i] };
		uint32_t end;

		if (!usable(pair.anchor, true))
			continue;
		pair.first = end = first_partner(rel, pair.anchor->key);
		while (end < rel->nr_partners && rel->partner[end].key == pair.anchor->key && end - pair.first <= MAX_CANDIDATES)
			end++;
		pair.nr = end - pair.first;
		if (!pair.nr || pair.nr > MAX_CANDIDATES)
			continue;
		pair.weight = (pair.anchor->hi_ns - pair.anchor->lo_ns + RESOLUTION_NS) * pair.nr;
		rel->pair[rel->nr_pairs++] = pair;
	}
	qsort(rel->pair, rel->nr_pairs, sizeof(*rel->pair), by_weight);
	return true;
}

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

/* What one partner leaves. Times of two clocks may be any: their difference is cut where it does not fit. */
static struct span left_by(const struct anchor *anchor, const struct anchor *partner)
{
	struct span span;

	if (__builtin_sub_overflow(partner->lo_ns, anchor->hi_ns, &span.lo_ns))
		span.lo_ns = partner->lo_ns > anchor->hi_ns ? INT64_MAX : INT64_MIN;
	if (__builtin_sub_overflow(partner->hi_ns, anchor->lo_ns, &span.hi_ns) ||
	    __builtin_add_overflow(span.hi_ns, RESOLUTION_NS, &span.hi_ns))
		span.hi_ns = partner->hi_ns > anchor->lo_ns ? INT64_MAX : INT64_MIN;
	return span;
}

/* What is possible and one of the pair's partners allows; false where that is nothing, or too much to keep. */
static bool narrow(struct relation *rel, const struct pair *pair)
{
	rel->next.nr = 0;
	for (unsigned i = 0, k = 0; i < rel->now.nr && k < pair->nr;) {
		const struct span *now = &rel->now.span[i];
		struct span left = left_by(pair->anchor, &rel->partner[pair->first + k]);
		int64_t lo = left.lo_ns > now->lo_ns ? left.lo_ns : now->lo_ns;
		int64_t hi = left.hi_ns < now->hi_ns ? left.hi_ns : now->hi_ns;

		if (lo <= hi && !append(&rel->next, lo, hi))
			return true;
		if (left.hi_ns < now->hi_ns)
			k++;
		else
			i++;
	}
	if (!rel->next.nr)
		return false;
	rel->now = rel->next;
	return true;
}

static void relate(struct relation *rel, struct clock_relation *out)
{
	unsigned marks = 0;

	rel->now.span[0] = (struct span){ INT64_MIN, INT64_MAX };
	rel->now.nr = 1;
	for (uint32_t i = 0; i < rel->nr_pairs && i < MAX_USED; i++) {
		const struct pair *pair = &rel->pair[i];

		if (!narrow(rel, pair)) {
			out->contradictions++;
			continue;
		}
		out->used++;
		marks += pair->anchor->mark;
	}
	/* few anchors may fit by chance; several offsets that fit prove none */
	if ((out->used < MIN_ANCHORS && !marks) || rel->now.nr != 1 || out->contradictions * 4 > out->used)
		return;
	out->method = marks ? CLOCK_MARKS : CLOCK_CAUSALITY;
	out->lo_ns = rel->now.span[0].lo_ns;
	out->hi_ns = rel->now.span[0].hi_ns;
}

bool clock_relate(const struct anchors *a, const struct anchors *b, struct clock_relation *out)
{
	struct relation *rel = calloc(1, sizeof(*rel));
	bool good = rel && !a->failed && !b->failed && take_partners(rel, b) && take_pairs(rel, a);

	*out = (struct clock_relation){ .method = CLOCK_UNKNOWN };
	/* of partners that were dropped one may have been the right one */
	if (good && !b->full)
		relate(rel, out);
	if (rel) {
		free(rel->partner);
		free(rel->pair);
	}
	free(rel);
	return good;
}
