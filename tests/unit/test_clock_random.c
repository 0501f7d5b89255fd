/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clocks made up at random, with what two sources would record of them: whatever is lost, repeated, late or set anew, an interval
 * that is called proven holds the right offset.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/event.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)
#define US INT64_C(1000)

enum { NR_CASES = 500, MAX_WRITES = 64 };

/* How a case is made: parts in a thousand are the chance of each write. */
struct trouble {
	unsigned lost_by_kernel, lost_by_platform, others;	/* others: writes of the platform's that the kernel did not record */
	unsigned first_half;	/* chance that the platform's log has only a part: it was rotated, or began late */
	unsigned steps;		/* chance that its clock is set in between */
};

struct write {
	int64_t t_ns, end_ns, done_ns;	/* of the kernel's clock: record, the task's next, and the write itself */
	uint64_t value;
	unsigned entry;
	bool by_kernel, by_platform;	/* recorded */
};

struct world {
	uint64_t seed;
	struct write write[MAX_WRITES];
	unsigned nr;
	int64_t first_ns, length_ns, offset_ns, step_at_ns, step_ns;
	double rate;
};

static uint64_t draw(struct world *w, uint64_t below)
{
	w->seed ^= w->seed << 13;
	w->seed ^= w->seed >> 7;
	w->seed ^= w->seed << 17;
	return (w->seed * UINT64_C(0x2545f4914f6cdd1d) >> 16) % below;
}

static bool chance(struct world *w, unsigned of_1000)
{
	return draw(w, 1000) < of_1000;
}

/* From one to the other, each order of magnitude as likely. */
static int64_t draw_size(struct world *w, int64_t from, int64_t to)
{
	int64_t size = from;

	while (size < to && draw(w, 4))
		size *= 2;
	size = size > to ? to : size;
	return size / 2 + (int64_t)draw(w, (uint64_t)(size / 2 + 1));
}

/* When the kernel's clock is t, the platform's is this. */
static int64_t platform_time(const struct world *w, int64_t t_ns)
{
	int64_t there = (int64_t)((double)(t_ns - w->first_ns) * w->rate) + w->first_ns + w->offset_ns;

	return w->step_ns && t_ns >= w->step_at_ns ? there + w->step_ns : there;
}

static int by_record(const void *a, const void *b)
{
	const struct write *x = a, *y = b;

	return x->t_ns < y->t_ns ? -1 : x->t_ns > y->t_ns;
}

static void make_world(struct world *w, uint64_t seed, const struct trouble *trouble)
{
	unsigned entries, values;

	*w = (struct world){ .seed = seed * UINT64_C(0x9e3779b97f4a7c15) + 1 };
	w->first_ns = (int64_t)draw(w, 1000 * S);
	w->length_ns = draw_size(w, S, 200 * S);
	w->offset_ns = draw(w, 2) ? (int64_t)draw(w, 2000000000) * S : -(int64_t)draw(w, 1000 * S);
	w->rate = 1 + ((double)draw(w, 401) - 200) / 1e6;
	if (chance(w, trouble->steps)) {
		w->step_at_ns = w->first_ns + w->length_ns / 10 * (int64_t)(1 + draw(w, 9));
		w->step_ns = draw_size(w, MS, 20 * S) * (draw(w, 2) ? 1 : -1);
	}
	w->nr = 3 + (unsigned)draw(w, MAX_WRITES - 3);
	entries = 1 + (unsigned)draw(w, 6);
	values = 1 + (unsigned)draw(w, draw(w, 3) ? 2 * w->nr : 3);
	for (unsigned i = 0; i < w->nr; i++) {
		struct write *write = &w->write[i];

		write->t_ns = w->first_ns + (int64_t)draw(w, (uint64_t)w->length_ns);
		write->end_ns = write->t_ns + draw_size(w, 4 * US, 20 * MS);
		write->done_ns = write->t_ns + (int64_t)draw(w, (uint64_t)(write->end_ns - write->t_ns));
		write->value = 0x20 + draw(w, values);
		write->entry = (unsigned)draw(w, entries);
	}
	qsort(w->write, w->nr, sizeof(w->write[0]), by_record);
}

static void add_event(struct anchors *an, enum event_kind kind, enum witness witness, const struct write *write, int64_t t_ns, int pid)
{
	struct event ev = { .kind = (uint16_t)kind, .witness = (uint8_t)witness, .source = 1, .ordinal = 1, .cpu = 0, .pid = pid };

	ev.t_lo_ns = ev.t_hi_ns = t_ns;
	if (kind == EV_PCI_MSIX_ENTRY_WRITE) {
		event_add_object(&ev, OBJ_MSIX, object_id_entry(object_id_pci(0, 0, 4, 0), write->entry));
		event_arg_set(&ev, ARG_ADDR_LO, 0xfee01000);
		event_arg_set(&ev, ARG_DATA, (int64_t)write->value);
	}
	anchors_add(an, &ev, NULL);
}

/* Each write by a task of its own, as theirs may overlap here. */
static struct anchors *kernel_of(struct world *w, const struct trouble *trouble)
{
	struct anchors *an = anchors_new();

	assert_non_null(an);
	for (unsigned i = 0; i < w->nr; i++) {
		struct write *write = &w->write[i];

		write->by_kernel = !chance(w, trouble->lost_by_kernel);
		if (!write->by_kernel)
			continue;
		add_event(an, EV_PCI_MSIX_ENTRY_WRITE, WITNESS_SHADOW, write, write->t_ns, (int)i + 1);
		add_event(an, EV_VECTOR_CONFIG, WITNESS_SHADOW, write, write->end_ns, (int)i + 1);
	}
	return an;
}

/* Log lines have microseconds. */
static int64_t cut(int64_t t_ns)
{
	int64_t rest = t_ns % US;

	return t_ns - (rest < 0 ? rest + US : rest);
}

static struct anchors *platform_of(struct world *w, const struct trouble *trouble)
{
	struct anchors *an = anchors_new();
	int64_t from_ns = w->first_ns, to_ns = w->first_ns + 2 * w->length_ns;

	assert_non_null(an);
	if (chance(w, trouble->first_half))
		*(draw(w, 2) ? &from_ns : &to_ns) = w->first_ns + (int64_t)draw(w, (uint64_t)w->length_ns);
	for (unsigned i = 0; i < w->nr; i++) {
		struct write *write = &w->write[i];
		struct write other = *write;

		write->by_platform = write->done_ns >= from_ns && write->done_ns <= to_ns && !chance(w, trouble->lost_by_platform);
		if (write->by_platform)
			add_event(an, EV_PCI_MSIX_ENTRY_WRITE, WITNESS_HARDWARE, write, cut(platform_time(w, write->done_ns)), -1);
		if (!chance(w, trouble->others))
			continue;
		other.done_ns += draw_size(w, 10 * US, 10 * S);
		add_event(an, EV_PCI_MSIX_ENTRY_WRITE, WITNESS_HARDWARE, &other, cut(platform_time(w, other.done_ns)), -1);
	}
	return an;
}

static bool holds(const struct world *w, const struct clock_relation *rel)
{
	double there = (double)w->offset_ns + (double)(rel->base - w->first_ns) * (w->rate - 1);

	/* a double of this size has 256 ns */
	return rel->rate_lo <= w->rate && w->rate <= rel->rate_hi && there >= (double)rel->lo_ns - 512 && there <= (double)rel->hi_ns + 512;
}

/* A clock that is set has no one offset: what was found must be right of all that both recorded, then. */
static bool explains(const struct world *w, const struct clock_relation *rel)
{
	for (unsigned i = 0; i < w->nr; i++) {
		const struct write *write = &w->write[i];
		double before = (double)(write->t_ns - rel->base), after = (double)(write->end_ns - rel->base);
		double from = before * (before < 0 ? rel->rate_hi : rel->rate_lo) + (double)rel->base + (double)rel->lo_ns;
		double to = after * (after < 0 ? rel->rate_lo : rel->rate_hi) + (double)rel->base + (double)rel->hi_ns;
		double there = (double)platform_time(w, write->done_ns);

		if (write->by_kernel && write->by_platform && (there < from - US || there > to + US))
			return false;
	}
	return true;
}

struct tally {
	unsigned found, wrong, silently_wrong;
	double width_ns;
};

static void try_case(uint64_t seed, const struct trouble *trouble, struct tally *tally)
{
	struct clock_relation rel;
	struct anchors *a, *b;
	struct world w;

	make_world(&w, seed, trouble);
	a = kernel_of(&w, trouble);
	b = platform_of(&w, trouble);
	assert_true(clock_relate(a, b, CLOCK_SAME_UNITS, &rel));
	anchors_free(a);
	anchors_free(b);
	if (rel.method == CLOCK_UNKNOWN)
		return;
	tally->found++;
	tally->width_ns += (double)rel.hi_ns - (double)rel.lo_ns;
	if (holds(&w, &rel))
		return;
	tally->wrong++;
	tally->silently_wrong += !rel.contradictions && !explains(&w, &rel);
	print_message("case %llu: %u writes, rate %.9f, found %.9f to %.9f, width %.0f us, %u contradictions, step %lld\n",
		      (unsigned long long)seed, w.nr, w.rate, rel.rate_lo, rel.rate_hi, (double)(rel.hi_ns - rel.lo_ns) / 1e3,
		      rel.contradictions, (long long)w.step_ns);
}

static struct tally try_all(const struct trouble *trouble, unsigned min_found)
{
	struct tally tally = { .found = 0 };

	for (uint64_t seed = 1; seed <= NR_CASES; seed++)
		try_case(seed, trouble, &tally);
	print_message("%u of %u related, within %.0f us, %u wrong\n", tally.found, NR_CASES, tally.width_ns / 1e3 / (tally.found + !tally.found),
		      tally.wrong);
	assert_true(tally.found >= min_found);
	return tally;
}

static void test_nothing_lost(void **state)
{
	(void)state;
	assert_int_equal(try_all(&(struct trouble){ .steps = 0 }, NR_CASES / 2).wrong, 0);
}

static void test_lost_by_kernel(void **state)
{
	(void)state;
	assert_int_equal(try_all(&(struct trouble){ .lost_by_kernel = 300 }, NR_CASES / 2).wrong, 0);
}

static void test_others_writes(void **state)
{
	(void)state;
	assert_int_equal(try_all(&(struct trouble){ .others = 500 }, NR_CASES / 3).wrong, 0);
}

static void test_lost_by_platform(void **state)
{
	(void)state;
	assert_int_equal(try_all(&(struct trouble){ .lost_by_platform = 30, .others = 200 }, NR_CASES / 5).wrong, 0);
}

static void test_part_of_a_log(void **state)
{
	(void)state;
	assert_int_equal(try_all(&(struct trouble){ .first_half = 1000, .others = 200 }, NR_CASES / 20).wrong, 0);
}

/* A step that the facts show is a reason to believe nothing, or it is said how many contradict; what none of them shows cannot be known. */
static void test_clock_set_anew(void **state)
{
	(void)state;
	assert_int_equal(try_all(&(struct trouble){ .steps = 1000 }, 0).silently_wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_lost),
		cmocka_unit_test(test_lost_by_kernel),
		cmocka_unit_test(test_others_writes),
		cmocka_unit_test(test_lost_by_platform),
		cmocka_unit_test(test_part_of_a_log),
		cmocka_unit_test(test_clock_set_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
