/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/tsc.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

enum {
	MAX_MOMENTS = 1 << 18, MAX_PIRQS = 1024, MAX_GUESTS = 16,
	MIN_READINGS = 3,	/* that both sources have: a reading of 64 bits comes once */
	NOT_KEPT = 256,		/* readings that widen the bounds by less were not kept: ingest/xentrace/decode.c */
	AGREE_PERCENT = 60,	/* of the interrupts, and of the actions */
	PHYSDEV_OP = 33,	/* xen/include/public/xen.h */
};

/*
 * How long after an interrupt its action is looked for: so that all waits cover that part of the time. The less they cover,
 * the fewer pairs can be no chance: each line leaves it about one in a million.
 */
static const struct cover {
	unsigned part, min_pairs;
} covers[] = { { 50, 9 }, { 16, 16 }, { 8, 24 } };

/* Times; in order, but for those of readings and, until they are used, those that were told late. */
struct moments {
	int64_t *ns;		/* owned */
	uint32_t nr, cap;
	bool unordered;
};

/* What a guest read of its TSC, and between which offsets of Xen's to it all its readings leave. */
struct guest {
	uint32_t domain;
	int64_t lo_ns, hi_ns;	/* what they leave in all */
	struct moments read;	/* not in order */
	struct moments offset;	/* in the middle of what each leaves */
};

struct tsc_facts {
	struct moments all;	/* every event of a kernel */
	struct moments actions;	/* of irqs that are pirqs */
	struct moments eois;	/* a kernel gives, which may be a hypercall */
	struct moments handled;	/* by Xen */
	struct moments calls;	/* of the domain's, that an EOI may be */
	uint32_t pirq[MAX_PIRQS];	/* irqs that are; 0: none */
	struct guest guest[MAX_GUESTS];
	unsigned nr_guests;
	bool failed;
};

struct tsc_facts *tsc_facts_new(void)
{
	return calloc(1, sizeof(struct tsc_facts));
}

void tsc_facts_free(struct tsc_facts *tf)
{
	if (!tf)
		return;
	free(tf->all.ns);
	free(tf->actions.ns);
	free(tf->eois.ns);
	free(tf->handled.ns);
	free(tf->calls.ns);
	for (unsigned i = 0; i < tf->nr_guests; i++) {
		free(tf->guest[i].read.ns);
		free(tf->guest[i].offset.ns);
	}
	free(tf);
}

/* The first ones are enough. */
static void note(struct tsc_facts *tf, struct moments *mo, int64_t ns)
{
	if (mo->nr == MAX_MOMENTS || tf->failed)
		return;
	if (mo->nr == mo->cap) {
		uint32_t cap = mo->cap ? 2 * mo->cap : 64;
		int64_t *more = realloc(mo->ns, cap * sizeof(*more));

		if (!more) {
			tf->failed = true;
			return;
		}
		mo->ns = more;
		mo->cap = cap;
	}
	mo->unordered |= mo->nr && ns < mo->ns[mo->nr - 1];
	mo->ns[mo->nr++] = ns;
}

static struct guest *guest_of(struct tsc_facts *tf, const struct event *ev)
{
	const struct object_ref *vcpu = event_object(ev, OBJ_VCPU);
	uint32_t domain = vcpu ? object_pair_high(vcpu->id) : UINT32_MAX;

	for (unsigned i = 0; i < tf->nr_guests; i++)
		if (tf->guest[i].domain == domain)
			return &tf->guest[i];
	if (tf->nr_guests == MAX_GUESTS)
		return NULL;
	tf->guest[tf->nr_guests] = (struct guest){ .domain = domain, .lo_ns = INT64_MAX, .hi_ns = INT64_MIN };
	return &tf->guest[tf->nr_guests++];
}

/*
 * Xen may make up what a guest reads, from its own idea of the time and never less than before: readings then lie a little
 * apart, and only all of them bound the offset.
 */
static void widen(struct tsc_facts *tf, struct guest *guest, const struct event *ev, int64_t value)
{
	int64_t lo, hi;

	if (__builtin_sub_overflow(ev->t_lo_ns, value, &lo) || __builtin_sub_overflow(ev->t_hi_ns, value, &hi))
		return;
	guest->lo_ns = lo < guest->lo_ns ? lo : guest->lo_ns;
	guest->hi_ns = hi > guest->hi_ns ? hi : guest->hi_ns;
	note(tf, &guest->read, value);
	note(tf, &guest->offset, lo + (int64_t)(((uint64_t)hi - (uint64_t)lo) / 2));
}

static void note_reading(struct tsc_facts *tf, const struct event *ev)
{
	struct guest *guest = guest_of(tf, ev);
	int64_t value;

	if (guest && event_arg(ev, ARG_VALUE, &value) && value > 0)
		widen(tf, guest, ev, value);
}

/* Whether the irq is a pirq, which an earlier record has shown; told: this one does. */
static bool is_pirq(struct tsc_facts *tf, const struct event *ev, bool told)
{
	const struct object_ref *irq = event_object(ev, OBJ_IRQ);

	for (unsigned i = 0; irq && irq->id && i < MAX_PIRQS; i++) {
		if (!tf->pirq[i] && told)
			tf->pirq[i] = (uint32_t)irq->id;
		if (!tf->pirq[i] || tf->pirq[i] == irq->id)
			return tf->pirq[i];
	}
	return false;
}

void tsc_facts_add(struct tsc_facts *tf, const struct event *ev)
{
	int64_t number;

	switch (ev->kind) {
	case EV_XEN_TSC_READ:
		note_reading(tf, ev);
		return;
	case EV_XEN_IRQ_HANDLED:
		note(tf, &tf->handled, ev->t_lo_ns);
		return;
	case EV_XEN_HYPERCALL:
		if (event_arg(ev, ARG_VALUE, &number) && number == PHYSDEV_OP)
			note(tf, &tf->calls, ev->t_lo_ns);
		return;
	case EV_XEN_PIRQ_EOI:
		is_pirq(tf, ev, true);
		note(tf, &tf->eois, ev->t_lo_ns);
		break;
	case EV_XEN_PIRQ_BIND:
	case EV_XEN_PIRQ_MAP:
		is_pirq(tf, ev, true);
		break;
	case EV_IRQ_ENTER:
		if (is_pirq(tf, ev, false))
			note(tf, &tf->actions, ev->t_lo_ns);
		break;
	default:
		break;
	}
	if (ev->t_lo_ns == ev->t_hi_ns)
		note(tf, &tf->all, ev->t_lo_ns);
}

static void rate(struct moments *mo, uint64_t hz)
{
	for (uint32_t i = 0; i < mo->nr; i++)
		mo->ns[i] = clock_time_ns(mo->ns[i], hz);
}

/* A difference of two times, either way. */
static int64_t rate_offset(int64_t cycles, uint64_t hz)
{
	return cycles < 0 && cycles != INT64_MIN ? -clock_time_ns(-cycles, hz) : clock_time_ns(cycles, hz);
}

void tsc_facts_rate(struct tsc_facts *tf, uint64_t hz)
{
	rate(&tf->all, hz);
	rate(&tf->actions, hz);
	rate(&tf->eois, hz);
	rate(&tf->handled, hz);
	rate(&tf->calls, hz);
	for (unsigned i = 0; i < tf->nr_guests; i++) {
		rate(&tf->guest[i].read, hz);
		for (uint32_t k = 0; k < tf->guest[i].offset.nr; k++)
			tf->guest[i].offset.ns[k] = rate_offset(tf->guest[i].offset.ns[k], hz);
		tf->guest[i].lo_ns = rate_offset(tf->guest[i].lo_ns, hz);
		tf->guest[i].hi_ns = rate_offset(tf->guest[i].hi_ns, hz);
	}
}

/* ---- readings that both have ---- */

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static unsigned count_common(const struct tsc_facts *kernel, const struct guest *guest)
{
	unsigned common = 0;

	for (uint32_t i = 0; i < guest->read.nr; i++)
		common += bsearch(&guest->read.ns[i], kernel->all.ns, kernel->all.nr, sizeof(int64_t), by_time) != NULL;
	return common;
}

static int64_t beyond(int64_t ns, int64_t by_ns)
{
	int64_t sum;

	return __builtin_add_overflow(ns, by_ns, &sum) ? ns : sum;
}

static bool by_readings(const struct tsc_facts *kernel, const struct tsc_facts *xen, struct tsc_offset *out)
{
	for (unsigned i = 0; i < xen->nr_guests && kernel->all.nr; i++) {
		const struct guest *guest = &xen->guest[i];
		int64_t margin_ns;

		out->used = count_common(kernel, guest);
		if (out->used < MIN_READINGS)
			continue;
		qsort(guest->offset.ns, guest->offset.nr, sizeof(int64_t), by_time);
		margin_ns = (int64_t)(((uint64_t)guest->hi_ns - (uint64_t)guest->lo_ns) / NOT_KEPT);
		out->lo_ns = beyond(guest->lo_ns, -margin_ns);
		out->hi_ns = beyond(guest->hi_ns, margin_ns);
		out->at_ns = guest->offset.ns[guest->offset.nr / 2];
		return true;
	}
	return false;
}

/* ---- interrupts and actions at the same times ---- */

/* The first that is not before. */
static uint32_t first_from(const struct moments *mo, int64_t ns)
{
	uint32_t lo = 0, hi = mo->nr;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (mo->ns[mid] < ns)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Those that lie in a range, as a view of the same times. */
static struct moments within(const struct moments *mo, int64_t from_ns, int64_t to_ns)
{
	uint32_t first = first_from(mo, from_ns), end = to_ns == INT64_MAX ? mo->nr : first_from(mo, to_ns + 1);

	return (struct moments){ .ns = mo->ns + first, .nr = end > first ? end - first : 0 };
}

/* How many of the causes have an effect within so long; *closest: the shortest wait. */
static uint32_t count_followed(const struct moments *causes, const struct moments *effects, int64_t wait_ns, int64_t *closest)
{
	uint32_t followed = 0;

	for (uint32_t i = 0; i < causes->nr; i++) {
		uint32_t at = first_from(effects, causes->ns[i]);

		if (at == effects->nr || effects->ns[at] - causes->ns[i] > wait_ns)
			continue;
		followed++;
		if (effects->ns[at] - causes->ns[i] < *closest)
			*closest = effects->ns[at] - causes->ns[i];
	}
	return followed;
}

/* How many of the effects have a cause within so long before them. */
static uint32_t count_caused(const struct moments *causes, const struct moments *effects, int64_t wait_ns)
{
	uint32_t caused = 0;

	for (uint32_t i = 0; i < effects->nr; i++) {
		uint32_t end = first_from(causes, effects->ns[i] + 1);

		caused += end && effects->ns[i] - causes->ns[end - 1] <= wait_ns;
	}
	return caused;
}

static bool is_most(uint32_t part, uint32_t of, const struct cover *cover)
{
	return part >= cover->min_pairs && (uint64_t)part * 100 >= (uint64_t)of * AGREE_PERCENT;
}

/* Where both were recording; false where that is no time at all. */
static bool common_range(const struct tsc_facts *kernel, const struct tsc_facts *xen, int64_t *from_ns, int64_t *to_ns)
{
	if (!kernel->all.nr || !xen->handled.nr)
		return false;
	*from_ns = kernel->all.ns[0] > xen->handled.ns[0] ? kernel->all.ns[0] : xen->handled.ns[0];
	*to_ns = kernel->all.ns[kernel->all.nr - 1];
	if (xen->handled.ns[xen->handled.nr - 1] < *to_ns)
		*to_ns = xen->handled.ns[xen->handled.nr - 1];
	return *from_ns >= 0 && *to_ns > *from_ns;
}

/* Do interrupts and actions go together at the same time? *wait_ns: of which they are apart at most. */
static bool agree(const struct moments *handled, const struct moments *actions, int64_t range_ns, int64_t *wait_ns,
		  struct tsc_offset *out)
{
	for (unsigned i = 0; i < sizeof(covers) / sizeof(covers[0]); i++) {
		int64_t closest = INT64_MAX;

		if (handled->nr < covers[i].min_pairs || actions->nr < covers[i].min_pairs)
			continue;
		*wait_ns = range_ns / covers[i].part / actions->nr;
		out->used = count_followed(handled, actions, *wait_ns, &closest);
		out->lo_ns = -closest;
		if (is_most(out->used, handled->nr, &covers[i]) &&
		    is_most(count_caused(handled, actions, *wait_ns), actions->nr, &covers[i]))
			return true;
	}
	return false;
}

/* Xen's stamp of an interrupt is not behind the action, its stamp of a call not before the kernel makes it. */
static bool is_same(const struct tsc_facts *kernel, const struct tsc_facts *xen, struct tsc_offset *out)
{
	struct moments handled, actions, eois, calls;
	int64_t from_ns, to_ns, wait_ns;

	if (!common_range(kernel, xen, &from_ns, &to_ns))
		return false;
	handled = within(&xen->handled, from_ns, to_ns);
	actions = within(&kernel->actions, from_ns, to_ns);
	if (!agree(&handled, &actions, to_ns - from_ns, &wait_ns, out))
		return false;
	out->at_ns = 0;
	out->hi_ns = wait_ns;
	eois = within(&kernel->eois, from_ns, to_ns);
	calls = within(&xen->calls, from_ns, to_ns);
	count_followed(&eois, &calls, wait_ns, &out->hi_ns);
	return true;
}

static void put_in_order(struct moments *mo)
{
	if (mo->unordered)
		qsort(mo->ns, mo->nr, sizeof(*mo->ns), by_time);
	mo->unordered = false;
}

enum tsc_relation tsc_relate(struct tsc_facts *kernel, struct tsc_facts *xen, struct tsc_offset *out)
{
	*out = (struct tsc_offset){ .used = 0 };
	if (kernel->failed || xen->failed || kernel->handled.nr || !xen->handled.nr)
		return TSC_UNKNOWN;
	put_in_order(&xen->handled);
	put_in_order(&kernel->all);
	if (is_same(kernel, xen, out))
		return TSC_SAME;
	return by_readings(kernel, xen, out) ? TSC_READINGS : TSC_UNKNOWN;
}
