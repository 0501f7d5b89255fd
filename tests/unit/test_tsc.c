/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One counter, or a guest's that Xen makes: what the events of both sides prove of the offset between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/tsc.h"

enum { IRQ = 47, OTHER_IRQ = 24, XIRQ = 27, PHYSDEV_OP = 33 };

#define SECOND INT64_C(1000000000)

struct sides {
	struct tsc_facts *kernel, *xen;
	struct tsc_offset found;
};

static int set_up(void **state)
{
	struct sides *s = calloc(1, sizeof(*s));

	s->kernel = tsc_facts_new();
	s->xen = tsc_facts_new();
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct sides *s = *state;

	tsc_facts_free(s->kernel);
	tsc_facts_free(s->xen);
	free(s);
	return 0;
}

static void tell(struct tsc_facts *to, enum event_kind kind, int64_t lo_ns, int64_t hi_ns, enum object_kind object, uint64_t id)
{
	struct event ev = { .kind = kind, .t_lo_ns = lo_ns, .t_hi_ns = hi_ns, .cpu = 0, .pid = -1 };

	event_add_object(&ev, object, id);
	if (kind == EV_XEN_HYPERCALL)
		event_arg_set(&ev, ARG_VALUE, PHYSDEV_OP);
	tsc_facts_add(to, &ev);
}

/* An interrupt as Xen stamps it, and as the kernel does with another clock, so long afterwards. */
static void interrupt(struct sides *s, int64_t at_ns, int64_t offset_ns, uint64_t irq)
{
	int64_t eoi_ns = at_ns + 40000 - offset_ns;

	tell(s->xen, EV_XEN_IRQ_HANDLED, at_ns, at_ns + 50000, OBJ_XIRQ, XIRQ);
	tell(s->kernel, EV_XEN_PIRQ_EOI, eoi_ns, eoi_ns, OBJ_IRQ, irq);
	tell(s->kernel, EV_IRQ_ENTER, eoi_ns + 5000, eoi_ns + 5000, OBJ_IRQ, irq);
	tell(s->xen, EV_XEN_HYPERCALL, at_ns + 42000, at_ns + 42000, OBJ_VCPU, 0);
}

/* One a second or so, never at the same distance. */
static void interrupts(struct sides *s, unsigned nr, int64_t offset_ns)
{
	for (unsigned i = 0; i < nr; i++)
		interrupt(s, 10 * SECOND + i * SECOND + (int64_t)(i * i) % 97 * 7000000, offset_ns, IRQ);
}

static enum tsc_relation relate(struct sides *s)
{
	return tsc_relate(s->kernel, s->xen, &s->found);
}

static void test_one_counter(void **state)
{
	struct sides *s = *state;

	interrupts(s, 40, 0);
	assert_int_equal(relate(s), TSC_SAME);
	assert_int_equal(s->found.at_ns, 0);
	assert_int_equal(s->found.lo_ns, -45000);
	assert_int_equal(s->found.hi_ns, 2000);
	assert_true(s->found.used >= 38);
	/* the kernel's own side first: a relation has a direction */
	assert_int_equal(tsc_relate(s->xen, s->kernel, &s->found), TSC_UNKNOWN);
}

static void test_another_counter(void **state)
{
	struct sides *s = *state;

	interrupts(s, 40, 300000000);
	assert_int_equal(relate(s), TSC_UNKNOWN);
}

/* Actions before their interrupts are none of theirs, however near. */
static void test_effect_before_cause(void **state)
{
	struct sides *s = *state;

	interrupts(s, 40, 100000);
	assert_int_equal(relate(s), TSC_UNKNOWN);
}

static void test_too_few(void **state)
{
	struct sides *s = *state;

	interrupts(s, 8, 0);
	assert_int_equal(relate(s), TSC_UNKNOWN);
	interrupt(s, 90 * SECOND, 0, IRQ);
	interrupt(s, 95 * SECOND, 0, IRQ);
	interrupt(s, 99 * SECOND, 0, IRQ);
	assert_int_equal(relate(s), TSC_SAME);
}

/* Irqs that are no pirqs run for other reasons; interrupts that are Xen's own go nowhere. */
static void test_half_of_them(void **state)
{
	struct sides *s = *state;

	interrupts(s, 40, 0);
	for (unsigned i = 0; i < 100; i++)
		tell(s->kernel, EV_IRQ_ENTER, 60 * SECOND + i * SECOND, 60 * SECOND + i * SECOND, OBJ_IRQ, OTHER_IRQ);
	assert_int_equal(relate(s), TSC_SAME);
	for (unsigned i = 0; i < 40; i++)
		tell(s->xen, EV_XEN_IRQ_HANDLED, 10 * SECOND + i * SECOND + 700000000, 11 * SECOND + i * SECOND, OBJ_XIRQ, 4);
	assert_int_equal(relate(s), TSC_UNKNOWN);
}

/* Xen tells of an interrupt when it is over: its records stand in another order than its stamps of their beginning. */
static void test_told_late(void **state)
{
	struct sides *s = *state;

	for (unsigned i = 0; i < 40; i++) {
		int64_t at_ns = (10 + (i ^ 1)) * SECOND, action_ns = (10 + i) * SECOND + 45000;

		tell(s->xen, EV_XEN_IRQ_HANDLED, at_ns, at_ns + 2 * SECOND, OBJ_XIRQ, XIRQ);
		tell(s->kernel, EV_XEN_PIRQ_EOI, action_ns - 5000, action_ns - 5000, OBJ_IRQ, IRQ);
		tell(s->kernel, EV_IRQ_ENTER, action_ns, action_ns, OBJ_IRQ, IRQ);
	}
	assert_int_equal(relate(s), TSC_SAME);
	assert_true(s->found.used >= 38);
}

static void reading(struct sides *s, int64_t lo_ns, int64_t hi_ns, int64_t value, bool by_kernel)
{
	struct event ev = { .kind = EV_XEN_TSC_READ, .t_lo_ns = lo_ns, .t_hi_ns = hi_ns };

	event_arg_set(&ev, ARG_VALUE, value);
	tsc_facts_add(s->xen, &ev);
	if (by_kernel)
		tell(s->kernel, EV_IRQ_ENTER, value, value, OBJ_IRQ, OTHER_IRQ);
}

static void test_readings(void **state)
{
	struct sides *s = *state;

	tell(s->xen, EV_XEN_IRQ_HANDLED, 5000, 5000, OBJ_XIRQ, XIRQ);
	reading(s, 5000, 5100, 1050, true);
	reading(s, 6000, 6100, 2020, false);
	reading(s, 7000, 7100, 3040, true);
	assert_int_equal(relate(s), TSC_UNKNOWN);
	reading(s, 8000, 8100, 4030, true);
	assert_int_equal(relate(s), TSC_READINGS);
	assert_int_equal(s->found.used, 3);
	assert_int_equal(s->found.lo_ns, 3950);
	assert_int_equal(s->found.hi_ns, 4080);
	assert_true(s->found.at_ns >= 3970 && s->found.at_ns <= 4050);
}

/* As cycles become ns, readings stay equal to the kernel's stamps. */
static void test_rate(void **state)
{
	struct sides *s = *state;

	tell(s->xen, EV_XEN_IRQ_HANDLED, 50000, 50000, OBJ_XIRQ, XIRQ);
	for (int64_t i = 0; i < 4; i++)
		reading(s, 50000 + i * 777, 50100 + i * 777, 90000 + i * 777, true);
	tsc_facts_rate(s->kernel, 2500000000);
	tsc_facts_rate(s->xen, 2500000000);
	assert_int_equal(relate(s), TSC_READINGS);
	assert_int_equal(s->found.lo_ns, -16000);
	assert_int_equal(s->found.hi_ns, -15960);
}

/* Another run's trace has none of the readings. */
static void test_readings_of_another(void **state)
{
	struct sides *s = *state;

	tell(s->xen, EV_XEN_IRQ_HANDLED, 5000, 5000, OBJ_XIRQ, XIRQ);
	for (int64_t i = 0; i < 20; i++) {
		reading(s, 5000 + i * 100, 5100 + i * 100, 1050 + i * 100, false);
		tell(s->kernel, EV_IRQ_ENTER, 1051 + i * 100, 1051 + i * 100, OBJ_IRQ, OTHER_IRQ);
	}
	assert_int_equal(relate(s), TSC_UNKNOWN);
}

/* Whatever a file claims. */
static void test_ends_of_the_range(void **state)
{
	struct sides *s = *state;

	tell(s->xen, EV_XEN_IRQ_HANDLED, INT64_MIN, INT64_MAX, OBJ_XIRQ, XIRQ);
	tell(s->kernel, EV_XEN_PIRQ_EOI, INT64_MIN, INT64_MIN, OBJ_IRQ, IRQ);
	reading(s, INT64_MIN, INT64_MAX, INT64_MAX, true);
	reading(s, INT64_MIN + 1, INT64_MIN + 2, 1, true);
	reading(s, INT64_MAX - 1, INT64_MAX, 2, true);
	for (unsigned i = 0; i < 40; i++)
		tell(s->kernel, EV_IRQ_ENTER, INT64_MAX - i, INT64_MAX - i, OBJ_IRQ, IRQ);
	relate(s);
	tsc_facts_rate(s->xen, 1000000);
	tsc_facts_rate(s->kernel, 1000000);
	relate(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_counter), TEST(test_another_counter), TEST(test_effect_before_cause), TEST(test_too_few),
		TEST(test_half_of_them), TEST(test_told_late), TEST(test_readings), TEST(test_rate), TEST(test_readings_of_another),
		TEST(test_ends_of_the_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
