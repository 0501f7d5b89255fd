/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who writes mask bits that are Xen's: dom0's own functions, stores of guests to the tables of their devices. */
#include "unit/replay_bench.h"

#define STORE(t, vcpu, addr, value) t " cpu0 xen.mmio.write@hardware vcpu:" vcpu " addr=" addr " value=" value
#define MESSAGE(t, vcpu, base, low, high, data) \
	STORE(t, vcpu, base "0", low), STORE(t, vcpu, base "4", high), STORE(t, vcpu, base "8", data)
#define PIRQ_55(t) MESSAGE(t, "1.0", "0xf108000", "0xfee37000", "0", "0x700")
#define CONTROL(t, value) STORE(t, "1.0", "0xf108000c", value)

static const struct obligation_row *only(const struct bench *b)
{
	assert_int_equal(b->nr_obligations, 1);
	return &b->obligation[0];
}

static void test_stores_of_a_guest(void **state)
{
	struct bench *b = *state;

	b->kind = "guest-unmask";
	replay(b, LINES(PIRQ_55("1.0"), "1.1 cpu0 xen.irq.assign@shadow xirq:25 vector=0xc0 cpumask=1", CONTROL("1.2", "1"),
			"2.0 cpu0 xen.pirq.bind@shadow xen/pirq:1.55 xen/port:1.14 d1/irq:55 ret=0"));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_not_equal(only(b)->expected_event, 0);	/* the bind */
	assert_false(only(b)->guard_unknown);
}

/* Each of these says that the entry is not masked any more. */
static void expect_met(struct bench *b, const char *line)
{
	b->nr_obligations = 0;
	b->kind = "guest-unmask";
	replay(b, LINES(PIRQ_55("1.0"), "1.1 - snapshot.field@shadow xirq:25 xen/pirq:1.55 field=\"feeds\"", CONTROL("1.2", "1"), line,
			"9.0 cpu0 mark@shadow"));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
}

static void test_unmasked_by_the_guest(void **state)
{
	expect_met(*state, CONTROL("3.0", "0"));
}

static void test_handled(void **state)
{
	expect_met(*state, "3.0 cpu0 xen.irq.handled@shadow xirq:25");
}

static void test_dumped_clear(void **state)
{
	expect_met(*state, "3.0 - snapshot.field@hardware xirq:25 field=\"msix_entry.mask\" text=\"unmasked\"");
}

/* With an event channel, or delivered before: the store came later. */
static void test_late_stores(void **state)
{
	struct bench *b = *state;

	b->kind = "table-unmask";
	replay(b, LINES(PIRQ_55("1.0"), "1.5 cpu0 xen.pirq.bind@shadow xen/pirq:1.55 xen/port:1.14 d1/irq:55 ret=0", CONTROL("2.0", "1")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->expected_event, 0);
}

static void test_late_by_delivery(void **state)
{
	struct bench *b = *state;

	b->kind = "table-unmask";
	replay(b, LINES(PIRQ_55("1.0"), "1.1 - snapshot.field@shadow xirq:25 xen/pirq:1.55 field=\"feeds\"",
			"1.5 cpu0 xen.irq.handled@shadow xirq:25", CONTROL("2.0", "1")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
}

/* Messages of vectors, other guests and other entries are no pirqs of this one. */
static void test_what_is_no_pirq(void **state)
{
	struct bench *b = *state;

	b->kind = "guest-unmask";
	replay(b, LINES(MESSAGE("1.0", "1.0", "0xf108000", "0xfee00000", "0", "0x31"), CONTROL("1.1", "1"),
			MESSAGE("1.2", "2.0", "0xf108000", "0xfee37000", "0", "0x700"), CONTROL("1.3", "1"),
			PIRQ_55("1.4"), STORE("1.5", "1.0", "0xf108001c", "1"), STORE("1.6", "1.0", "0xfec00010", "0x1"),
			STORE("1.7", "1.0", "0xf1080008", "0x31"), CONTROL("1.8", "1")));
	assert_int_equal(b->nr_obligations, 0);
}

/* The pirq's upper bits are in the upper half of the address. */
static void test_large_pirqs(void **state)
{
	struct bench *b = *state;
	bool met = false;

	b->kind = "guest-unmask";
	replay(b, LINES(MESSAGE("1.0", "1.0", "0xf108000", "0xfee37000", "0x100", "0x700"), CONTROL("1.1", "1")));
	assert_int_equal(b->nr_obligations, 1);
	for (unsigned i = 0; i < b->nr_objects; i++)
		met |= b->object[i].ref.kind == OBJ_PIRQ && b->object[i].ref.id == object_id_pair(1, 0x137);
	assert_true(met);
}

#define DOM0_PIRQ(t) t " cpu0 xen.pirq.map@shadow xen/pirq:0.412 dom0/msix:0000:03:00.0[2] ret=0", \
	t " cpu0 xen.pirq.bind@shadow xen/pirq:0.412 xen/port:0.27 dom0/irq:47 ret=0"

static void test_dom0_writes(void **state)
{
	struct bench *b = *state;

	b->kind = "table-unmask";
	replay(b, LINES(DOM0_PIRQ("1.0"), "2.0 cpu0 pci.msix.entry_mask@shadow dom0/msix:0000:03:00.0[2] masked=1"));
	assert_false(only(b)->guard_unknown);
}

/* The chip's functions do nothing under Xen since 3.13: a call is no write for certain. */
static void test_dom0_calls(void **state)
{
	struct bench *b = *state;

	b->kind = "table-unmask";
	replay(b, LINES(DOM0_PIRQ("1.0"), "2.0 cpu0 irq.mask@shadow dom0/irq:47 state=0x1"));
	assert_true(only(b)->guard_unknown);
}

/* What the platform saw is nobody's call, and bare metal's tables are no matter of Xen's. */
static void test_no_calls_of_dom0(void **state)
{
	struct bench *b = *state;

	b->kind = "table-unmask";
	replay(b, LINES(DOM0_PIRQ("1.0"), "2.0 cpu0 pci.msix.entry_mask@hardware dom0/msix:0000:03:00.0[2] masked=1",
			"2.1 cpu0 pci.msix.entry_mask@shadow msix:0000:03:00.0[2] masked=1"));
	assert_int_equal(b->nr_obligations, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_stores_of_a_guest), TEST(test_unmasked_by_the_guest), TEST(test_handled), TEST(test_dumped_clear),
		TEST(test_late_stores), TEST(test_late_by_delivery), TEST(test_what_is_no_pirq), TEST(test_large_pirqs),
		TEST(test_dom0_writes), TEST(test_dom0_calls), TEST(test_no_calls_of_dom0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
