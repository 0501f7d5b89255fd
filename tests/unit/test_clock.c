/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Offsets between clocks, from facts that both recorded: what is proven, what is not, and what cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/event_text.h"
#include "core/strtab.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)
#define US INT64_C(1000)
#define LINES(...) (const char *const[]){ __VA_ARGS__, NULL }

static struct strtab *strings;

static struct anchors *take(const char *const *lines)
{
	struct anchors *an = anchors_new();

	assert_non_null(an);
	for (unsigned i = 0; lines[i]; i++) {
		struct event ev = { .ordinal = i + 1, .source = 1 };
		const char *error = event_text_parse(lines[i], &ev, strings);
		int64_t text;

		if (error)
			fail_msg("%s: %s", lines[i], error);
		anchors_add(an, &ev, event_arg(&ev, ARG_TEXT, &text) ? strtab_get(strings, text) : NULL);
	}
	return an;
}

static struct clock_relation relate(const char *const *kernel, const char *const *platform)
{
	struct anchors *a = take(kernel), *b = take(platform);
	struct clock_relation rel, back;

	assert_true(clock_relate(a, b, CLOCK_SAME_UNITS, &rel));
	/* what the platform has is no kernel's */
	assert_true(clock_relate(b, a, CLOCK_SAME_UNITS, &back));
	assert_int_equal(back.method, CLOCK_UNKNOWN);
	anchors_free(a);
	anchors_free(b);
	return rel;
}

/* Rates are bounds, too: those of an offset move with them by a little, and never inwards. */
static void expect_bounds(const struct clock_relation *rel, int64_t lo_ns, int64_t hi_ns, int64_t slack_ns)
{
	assert_true(rel->lo_ns <= lo_ns && lo_ns - rel->lo_ns <= slack_ns);
	assert_true(rel->hi_ns >= hi_ns && rel->hi_ns - hi_ns <= slack_ns);
	assert_true(rel->rate_lo <= 1 && 1 <= rel->rate_hi);
}

#define WRITE(t, cpu, data) t " cpu" cpu "/7/ip pci.msix.entry_write@shadow irq:25 msix:0000:00:04.0[1] addr_lo=0xfee01004 data=" data
#define TABLE(t, data) t " - pci.msix.entry_write@hardware msix:0000:00:04.0[1] addr_lo=0xfee01004 addr_hi=0x0 data=" data
#define NEXT(t) t " cpu0/7/ip vector.config@shadow irq:25 vector=37"

/* Each write lies between its record and the task's next: 1000 s and the microsecond that logs leave out. */
static void test_brackets(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.000000", "0", "0x21"), NEXT("1.000500"), WRITE("2.000000", "0", "0x22"), NEXT("2.000020"),
			   WRITE("3.000000", "0", "0x23"), NEXT("3.000300")),
		     LINES(TABLE("1001.000200", "0x21"), TABLE("1002.000015", "0x22"), TABLE("1003.000100", "0x23")));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_int_equal(rel.used, 3);
	assert_int_equal(rel.contradictions, 0);
	/* of the second the bracket ends 5 us before, and begins 15 us after; the first leaves at most what it has */
	expect_bounds(&rel, 1000 * S - 5 * US, 1000 * S + 15 * US + 999, US);
}

/* The same write again and again: no occurrence is known by its number, and one offset is left. */
static void test_repeated_writes(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.000000", "0", "0x21"), NEXT("1.000100"), WRITE("1.700000", "0", "0x21"), NEXT("1.700100"),
			   WRITE("4.000000", "0", "0x21"), NEXT("4.000100"), WRITE("4.100000", "0", "0x21"), NEXT("4.100100")),
		     /* one before the recording began, one after */
		     LINES(TABLE("999.200000", "0x21"), TABLE("1001.000050", "0x21"), TABLE("1001.700050", "0x21"),
			   TABLE("1004.000050", "0x21"), TABLE("1004.100050", "0x21"), TABLE("1009.000000", "0x21")));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	expect_bounds(&rel, 1000 * S - 50 * US, 1000 * S + 50 * US + 999, US);
}

/* Regular ones fit at every step: nothing is proven. */
static void test_ambiguous(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.0", "0", "0x21"), NEXT("1.0001"), WRITE("2.0", "0", "0x21"), NEXT("2.0001"),
			   WRITE("3.0", "0", "0x21"), NEXT("3.0001")),
		     LINES(TABLE("1001.00005", "0x21"), TABLE("1002.00005", "0x21"), TABLE("1003.00005", "0x21"),
			   TABLE("1004.00005", "0x21")));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
}

static void test_too_few(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.0", "0", "0x21"), NEXT("1.0001"), WRITE("2.0", "0", "0x22"), NEXT("2.0001")),
		     LINES(TABLE("1001.00005", "0x21"), TABLE("1002.00005", "0x22")));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
	assert_int_equal(rel.used, 2);
}

#define WRITES(t) WRITE("1.0", "0", "0x21"), NEXT("1.00001"), WRITE("2.0", "0", "0x22"), NEXT("2.0001"), WRITE("3.0", "0", "0x23"), \
	NEXT("3.0001"), WRITE("4.0", "0", "0x24"), NEXT("4.0001"), WRITE(t, "0", "0x25"), NEXT(t "02"), WRITE("6.0", "0", "0x26"), \
	NEXT("6.0001"), WRITE("7.0", "0", "0x27"), NEXT("7.0001"), WRITE("8.0", "0", "0x28"), NEXT("8.0001")
#define TABLES TABLE("1001.00000", "0x21"), TABLE("1002.00005", "0x22"), TABLE("1003.00005", "0x23"), TABLE("1004.00005", "0x24"), \
	TABLE("1006.00005", "0x26"), TABLE("1007.00005", "0x27"), TABLE("1008.00005", "0x28"), TABLE("1005.5", "0x25")

/* One that nothing explains is counted; where many are so, nothing is believed. */
static void test_contradictions(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITES("5.00")), LINES(TABLES));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_int_equal(rel.used, 7);
	assert_int_equal(rel.contradictions, 1);
	assert_in_range(1000 * S, rel.lo_ns, rel.hi_ns);
	rel = relate(LINES(WRITE("1.0", "0", "0x21"), NEXT("1.00001"), WRITE("2.0", "0", "0x22"), NEXT("2.0001"),
			   WRITE("3.0", "0", "0x23"), NEXT("3.0001"), WRITE("4.0", "0", "0x24"), NEXT("4.0001")),
		     LINES(TABLE("1001.0", "0x21"), TABLE("1002.7", "0x22"), TABLE("1003.9", "0x23"), TABLE("1004.3", "0x24")));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
}

/* The last one of all contradicts: as if the clock had been set before it. */
static void test_contradicted_at_the_end(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITES("9.00")), LINES(TABLES));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
	assert_int_equal(rel.contradictions, 1);
}

/* Facts that the platform has not, though it has such: another write may stand where that of the last one would. */
static void test_missing(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.0", "0", "0x21"), NEXT("1.020"), WRITE("2.0", "0", "0x22"), NEXT("2.020"), WRITE("3.0", "0", "0x24"),
			   NEXT("3.0001"), WRITE("4.0", "0", "0x25"), NEXT("4.0001"), WRITE("4.5", "0", "0x23"), NEXT("4.5001")),
		     LINES(TABLE("1001.010", "0x21"), TABLE("1002.010", "0x22"), TABLE("1004.503", "0x23")));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_in_range(1000 * S, rel.lo_ns, rel.hi_ns);
}

/* An interrupt between record and write is of the same task by its number, and ends no bracket; nor does another task. */
static void test_what_ends_a_bracket(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.000000", "0", "0x21"), "1.000001 cpu0/7/ip irq.enter@shadow irq:30",
			   "1.000002 cpu1/8/sh vector.config@shadow irq:26 vector=38", NEXT("1.000100"), WRITE("2.000000", "0", "0x22"),
			   NEXT("2.000100"), WRITE("3.000000", "0", "0x23"), NEXT("3.000100"),
			   /* nothing comes for too long: says nothing */
			   WRITE("4.000000", "0", "0x24"), NEXT("6.000000"), WRITE("7.0", "0", "0x25")),
		     LINES(TABLE("1001.000050", "0x21"), TABLE("1002.000050", "0x22"), TABLE("1003.000050", "0x23"),
			   TABLE("1005.5", "0x24"), TABLE("1007.9", "0x25")));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_int_equal(rel.used, 3);
	expect_bounds(&rel, 1000 * S - 50 * US, 1000 * S + 50 * US + 999, US);
}

/* Masks of entries and pins, and MSI-X switched on, relate as messages do. */
static void test_facts(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES("1.0 cpu0/7/ip irq.unmask@shadow irq:25 msix:0000:00:04.0[1] ctrl=0x1", NEXT("1.0001"),
			   "2.0 cpu0/7/ip irq.mask@shadow irq:23 pin:0.23 rte=0x8823", NEXT("2.0001"),
			   "3.0 cpu0/7/ip pci.msix.enable@intent pci:0000:00:04.0 enable=1",
			   "3.0001 cpu0/7/ip pci.msix.enable@shadow pci:0000:00:04.0 enable=1 ret=3"),
		     LINES("1001.00005 - pci.msix.entry_mask@hardware msix:0000:00:04.0[1] masked=0",
			   "1001.5 - pci.msix.entry_mask@hardware msix:0000:00:04.0[1] masked=1",
			   "1002.00005 - ioapic.rte_write@hardware pin:0.23 rte=0x18823 mask=0xffffffff",
			   "1002.5 - ioapic.rte_write@hardware pin:0.23 rte=0x8823 mask=0xffffffffffffffff",
			   /* of half an entry the mask is not told */
			   "1002.6 - ioapic.rte_write@hardware pin:0.23 rte=0x100000000000000 mask=0xffffffff00000000",
			   "1003.00005 - pci.msix.enable@hardware pci:0000:00:04.0 enable=1 masked=1",
			   "1003.5 - pci.msix.enable@hardware pci:0000:00:04.0 enable=0 masked=1"));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_int_equal(rel.used, 3);
	expect_bounds(&rel, 1000 * S - 50 * US, 1000 * S + 50 * US + 999, US);
}

#define MARK(t, text) t " cpu0/1/init mark@shadow text=\"" text "\""
#define REGISTER(t, fn, value) t " - pci.interrupt_line@hardware pci:0000:00:0" fn ".0 value=" value

static void test_marks(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(MARK("1.0", "irqpath-sync 5 begin x"), MARK("1.03", "irqpath-sync 5 end realtime 1 uptime 2"),
			   MARK("2.0", "irqpath-sync 6 begin"), MARK("2.02", "irqpath-sync 6 end"),
			   /* not ended, and none */
			   MARK("3.0", "irqpath-sync 7 begin"), MARK("3.5", "irqpath-sync x"), MARK("3.6", "hello")),
		     LINES(REGISTER("900.0", "3", "0x5"), REGISTER("1001.01", "0", "0x5"), REGISTER("1002.015", "0", "0x6"),
			   REGISTER("1009.0", "0", "0x7")));
	assert_int_equal(rel.method, CLOCK_MARKS);
	assert_int_equal(rel.used, 2);
	expect_bounds(&rel, 1000 * S - 5 * MS, 1000 * S + 10 * MS + 999, MS);
}

/* Cycles of one side become ns before the two are related. */
static void test_rate(void **state)
{
	struct anchors *cycles = take(LINES(WRITE("2.0", "0", "0x24"), NEXT("2.00001"), WRITE("4.0", "0", "0x25"), NEXT("4.00001"),
					    WRITE("6.0", "0", "0x26"), NEXT("6.00001")));
	struct anchors *ns = take(LINES(TABLE("101.000002", "0x24"), TABLE("102.000002", "0x25"), TABLE("103.000002", "0x26")));
	struct clock_relation rel;

	(void)state;
	assert_true(clock_relate(cycles, ns, CLOCK_SAME_UNITS, &rel));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
	anchors_rate(cycles, 2 * S);
	assert_true(clock_relate(cycles, ns, CLOCK_SAME_UNITS, &rel));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_in_range(100 * S, rel.lo_ns, rel.hi_ns);
	anchors_free(cycles);
	anchors_free(ns);
}

/* Machines keep apart; so do times that no difference can hold. */
static void test_others(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.0", "0", "0x21"), NEXT("1.0001"), WRITE("2.0", "0", "0x22"), NEXT("2.0001"), WRITE("3.0", "0", "0x23"),
			   NEXT("3.0001")),
		     LINES("1001.00005 - pci.msix.entry_write@hardware guest/msix:0000:00:04.0[1] addr_lo=0xfee01004 data=0x21"));
	assert_int_equal(rel.used, 0);
	rel = relate(LINES(WRITE("-9223372036.0", "0", "0x21"), NEXT("-9223372035.9"), WRITE("-9223372035.0", "0", "0x22"),
			   NEXT("-9223372034.9"), WRITE("-9223372034.0", "0", "0x23"), NEXT("-9223372033.9")),
		     LINES(TABLE("9223372034.0", "0x21"), TABLE("9223372035.0", "0x22"), TABLE("9223372036.0", "0x23")));
	assert_int_equal(rel.hi_ns >= rel.lo_ns, 1);
}

/* More of one kind than are looked at: they are left out, the rest relates. */
static void test_many(void **state)
{
	struct anchors *a = take(LINES(WRITE("1.000000", "0", "0x21"), NEXT("1.000100"), WRITE("2.000000", "0", "0x22"), NEXT("2.000100"),
				       WRITE("3.000000", "0", "0x23"), NEXT("3.000100"), WRITE("3.000200", "0", "0x24"), NEXT("3.0003")));
	struct anchors *b = take(LINES(TABLE("1001.000050", "0x21"), TABLE("1002.000050", "0x22"), TABLE("1003.000050", "0x23")));
	struct clock_relation rel;
	struct event ev = { .ordinal = 1 };

	(void)state;
	assert_null(event_text_parse(TABLE("1003.0", "0x24"), &ev, strings));
	for (int i = 0; i < 5000; i++) {
		ev.t_lo_ns = ev.t_hi_ns += MS;
		anchors_add(b, &ev, NULL);
	}
	assert_true(clock_relate(a, b, CLOCK_SAME_UNITS, &rel));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_int_equal(rel.used, 3);
	/* more than are kept: what is missing might have been the partner */
	for (int i = 0; i < 1 << 18; i++)
		anchors_add(b, &ev, NULL);
	assert_true(clock_relate(a, b, CLOCK_SAME_UNITS, &rel));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
	anchors_free(a);
	anchors_free(b);
}

/* ------------------------------------------------------------------------------------------------------- rates */

static struct clock_relation relate_cycles(const char *const *cycles, const char *const *platform)
{
	struct anchors *a = take(cycles), *b = take(platform);
	struct clock_relation rel;

	assert_true(clock_relate(a, b, CLOCK_OTHER_UNITS, &rel));
	anchors_free(a);
	anchors_free(b);
	return rel;
}

/* Cycles of 2.5 GHz as if they were ns: 2.5 s of these are 1 s of the platform's, which is 1000 s ahead at 0. */
#define ASSIGN(t, xirq, vector) t " cpu1 xen.irq.assign@shadow xen/xirq:" xirq " vector=" vector " cpumask=0x3"
#define HYPERCALL(t, cpu) t " cpu" cpu " xen.hypercall@intent xen/vcpu:0.0 value=0x20"
#define HANDLED(t, xirq) t " cpu1 xen.irq.handled@shadow xen/xirq:" xirq
#define ENTRY(t, data) t " - pci.msix.entry_write@hardware msix:0000:01:00.0[1] addr_lo=0xfee01004 addr_hi=0x0 data=" data
#define LINE(t, pid, gsi, level) t " cpu0/" pid "/qemu kvm.line@inferred gsi:" gsi " level=" level
#define QEMU(t, pid) t " cpu0/" pid "/qemu ioapic.remote_irr@hardware pin:0.23 value=0x1"
#define SET_IRQ(t, pid, gsi, level) t " cpu0/" pid "/qemu kvm.line@hardware guest/gsi:" gsi " level=" level
#define ACCEPT(t, vector) t " - lapic.accept@inferred vector=" vector

static void expect_rate(const struct clock_relation *rel, double rate, int64_t offset_ns)
{
	double moved = (double)offset_ns + (double)rel->base * (rate - 1);

	assert_int_equal(rel->method, CLOCK_CAUSALITY);
	assert_true(rel->rate_lo <= rate && rate <= rel->rate_hi);
	assert_true((double)rel->lo_ns <= moved && moved <= (double)rel->hi_ns);
}

/* Vectors given and written, of irqs far apart: rate and offset are found without a word of either. */
static void test_rate_found(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate_cycles(LINES(ASSIGN("10.0", "25", "0x51"), HYPERCALL("10.0002", "1"), ASSIGN("15.0", "26", "0x59"),
				  HYPERCALL("15.0001", "1"), ASSIGN("40.0", "27", "0x61"), HYPERCALL("40.0004", "1"),
				  ASSIGN("43.0", "28", "0x69"), HYPERCALL("43.0002", "1"), ASSIGN("60.0", "29", "0x71"),
				  HYPERCALL("60.0002", "1")),
			    LINES(ENTRY("1004.000040", "0x4051"), ENTRY("1006.000020", "0x4059"), ENTRY("1016.000080", "0x4061"),
				  ENTRY("1017.200040", "0x4069"), ENTRY("1024.000040", "0x4071")));
	expect_rate(&rel, 0.4, 1000 * S);
	assert_int_equal(rel.contradictions, 0);
	assert_int_equal(rel.used, 5);
	assert_true(rel.rate_hi - rel.rate_lo < 0.0001);
	assert_true(rel.hi_ns - rel.lo_ns < MS);
}

/* Times from end to end of what there is: nothing overflows, whatever comes of it. */
static void test_extreme_rates(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate_cycles(LINES(ASSIGN("-9223372036.0", "25", "0x51"), HYPERCALL("9223372036.0", "1"), ASSIGN("9223372036.1", "26", "0x59"),
				  HYPERCALL("9223372036.2", "1"), HANDLED("9223372036.3", "26"), HANDLED("9223372036.4", "26"),
				  HANDLED("9223372036.5", "26"), "-9223372036.0 cpu0/7/sh mark@shadow text=\"irqpath-sync 3 begin\"",
				  "9223372036.0 cpu0/7/sh mark@shadow text=\"irqpath-sync 3 end\""),
			    LINES(ENTRY("-9223372036.0", "0x51"), ENTRY("9223372036.0", "0x59"), ACCEPT("-9223372036.0", "0x59"),
				  "9223372036.0 - pci.interrupt_line@hardware pci:0000:00:00.0 value=0x3"));
	assert_true(rel.hi_ns >= rel.lo_ns);
	rel = relate(LINES(LINE("9223372036.854775", "151", "23", "1"), QEMU("9223372036.854775", "151")),
		     LINES(SET_IRQ("-9223372036.0", "151", "23", "1")));
	assert_true(rel.hi_ns >= rel.lo_ns);
}

/* Two unknowns fit any two facts: without more nothing is proven. */
static void test_rate_of_too_few(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate_cycles(LINES(ASSIGN("10.0", "25", "0x51"), HYPERCALL("10.0002", "1"), ASSIGN("40.0", "27", "0x61"),
				  HYPERCALL("40.0004", "1")),
			    LINES(ENTRY("1004.000040", "0x4051"), ENTRY("1016.000080", "0x4061")));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
}

/* One that fits nowhere is a contradiction, and the others still prove the rate. */
static void test_rate_with_contradiction(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate_cycles(LINES(ASSIGN("10.0", "25", "0x51"), HYPERCALL("10.0002", "1"), ASSIGN("15.0", "26", "0x59"),
				  HYPERCALL("15.0001", "1"), ASSIGN("20.0", "24", "0x79"), HYPERCALL("20.0001", "1"),
				  ASSIGN("40.0", "27", "0x61"), HYPERCALL("40.0004", "1"), ASSIGN("43.0", "28", "0x69"),
				  HYPERCALL("43.0002", "1"), ASSIGN("50.0", "31", "0x81"), HYPERCALL("50.0002", "1"),
				  ASSIGN("55.0", "32", "0x89"), HYPERCALL("55.0002", "1"), ASSIGN("60.0", "29", "0x71"),
				  HYPERCALL("60.0002", "1")),
			    LINES(ENTRY("1004.000040", "0x4051"), ENTRY("1006.000020", "0x4059"), ENTRY("1016.000080", "0x4061"),
				  ENTRY("1017.200040", "0x4069"), ENTRY("1019.0", "0x4079"), ENTRY("1020.00004", "0x4081"),
				  ENTRY("1022.00004", "0x4089"), ENTRY("1024.000040", "0x4071")));
	expect_rate(&rel, 0.4, 1000 * S);
	assert_int_equal(rel.contradictions, 1);
}

/* What Xen handled was sent since the time before last; what else comes of that vector may be any of them. */
static void test_rate_of_arrivals(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate_cycles(LINES(ASSIGN("10.0", "25", "0x51"), HYPERCALL("10.0002", "1"), ASSIGN("10.5", "26", "0x59"),
				  HYPERCALL("10.5002", "1"), HANDLED("11.0", "25"), HANDLED("11.7", "25"),
				  HANDLED("11.9", "25"), HANDLED("12.0", "25"), HANDLED("30.0", "25"), HANDLED("30.3", "25"),
				  HANDLED("30.31", "25"), HANDLED("90.0", "25"), HANDLED("90.2", "25"), HANDLED("90.21", "25"),
				  ASSIGN("91.0", "27", "0x61"), HYPERCALL("91.0002", "1")),
			    LINES(ENTRY("1004.200040", "0x59"), ENTRY("1036.400040", "0x61"), ENTRY("1004.000040", "0x51"),
				  ACCEPT("1004.399999", "0x51"), ACCEPT("1004.679999", "0x51"),
				  ACCEPT("1004.759999", "0x51"), ACCEPT("1004.799999", "0x51"), ACCEPT("1011.999999", "0x51"),
				  ACCEPT("1012.119999", "0x51"), ACCEPT("1012.123999", "0x51"), ACCEPT("1035.999999", "0x51"),
				  ACCEPT("1036.079999", "0x51"), ACCEPT("1036.083999", "0x51")));
	expect_rate(&rel, 0.4, 1000 * S);
	assert_int_equal(rel.contradictions, 0);
}

/* An interrupt beside it, another CPU's records, and a second vector do not end what a request is about. */
static void test_what_ends_a_request(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(ASSIGN("1.0", "25", "0x51"), HANDLED("1.0001", "26"), HYPERCALL("1.0002", "0"), ASSIGN("1.0003", "27", "0x59"),
			   "1.0004 cpu1 sched.vcpu_wakes@shadow xen/vcpu:0.1", HYPERCALL("1.0010", "1"), ASSIGN("2.0", "28", "0x61"),
			   HYPERCALL("2.0001", "1")),
		     LINES(ENTRY("1001.0009", "0x51"), ENTRY("1001.00095", "0x59"), ENTRY("1002.00005", "0x61")));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_int_equal(rel.used, 3);
	assert_true(rel.lo_ns <= 1000 * S && 1000 * S <= rel.hi_ns);
	assert_int_equal(rel.contradictions, 0);
}

/* A line that QEMU hands to KVM: the host's record lies between it and what the thread writes next. */

static void test_lines(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(LINE("1001.000000", "151", "23", "1"), QEMU("1001.000010", "146"), QEMU("1001.000100", "151"),
			   LINE("1002.000000", "151", "23", "0"), QEMU("1002.000020", "151"), LINE("1004.000000", "146", "4", "1"),
			   QEMU("1004.000050", "146")),
		     /* another thread's is another call, and so is another level */
		     LINES(SET_IRQ("0.5", "146", "23", "1"), SET_IRQ("1.000050", "151", "23", "1"), SET_IRQ("1.5", "151", "23", "1"),
			   SET_IRQ("2.000010", "151", "23", "0"), SET_IRQ("4.000020", "146", "4", "1")));
	assert_int_equal(rel.method, CLOCK_CAUSALITY);
	assert_int_equal(rel.used, 3);
	assert_int_equal(rel.contradictions, 0);
	assert_true(rel.lo_ns <= -1000 * S && -1000 * S <= rel.hi_ns && rel.hi_ns - rel.lo_ns < 100 * US);
}

/* Clocks that count ns both, and not the same: 100 in a million. */
static void test_drift(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate(LINES(WRITE("1.000000", "0", "0x21"), NEXT("1.000050"), WRITE("2.000000", "0", "0x22"), NEXT("2.000020"),
			   WRITE("30.000000", "0", "0x23"), NEXT("30.000030"), WRITE("60.000000", "0", "0x24"), NEXT("60.000030"),
			   WRITE("90.000000", "0", "0x25"), NEXT("90.000030")),
		     LINES(TABLE("1001.000110", "0x21"), TABLE("1002.000210", "0x22"), TABLE("1030.003010", "0x23"),
			   TABLE("1060.006010", "0x24"), TABLE("1090.009010", "0x25")));
	expect_rate(&rel, 1.0001, 1000 * S);
	assert_int_equal(rel.contradictions, 0);
	assert_true(rel.rate_lo > 1.00009 && rel.rate_hi < 1.00011);
}

/* ------------------------------------------------------------------------------------------- arrivals and handling */

/* Events at times that no shift turns into one another: 4 to 67 ms apart. */
static void add_arrivals(struct anchors *an, double shift, const char *format)
{
	enum { NR_ARRIVALS = 60 };
	double t = 1;

	for (unsigned i = 0; i < NR_ARRIVALS; i++) {
		struct event ev = { .ordinal = i + 1, .source = 1 };
		char line[256];

		t += 0.004 + 0.001 * (i * i * 37 % 64);
		snprintf(line, sizeof(line), "%.6f %s", t + shift, format);
		assert_null(event_text_parse(line, &ev, strings));
		anchors_add(an, &ev, NULL);
	}
}

static void expect_arrivals(struct anchors *a, struct anchors *b, bool related)
{
	struct clock_relation rel;

	assert_true(clock_relate(a, b, CLOCK_SAME_UNITS, &rel));
	if (related) {
		assert_int_equal(rel.method, CLOCK_CAUSALITY);
		assert_in_range(1000 * S, rel.lo_ns, rel.hi_ns);
		assert_int_equal(rel.contradictions, 0);
	} else {
		assert_int_equal(rel.method, CLOCK_UNKNOWN);
	}
	anchors_free(a);
	anchors_free(b);
}

/* Irq 22 of Xen is GSI 22, which is pin 22; another pin's are others, and irq 24 and those of the ISA are no pins. */
static void test_pins(void **state)
{
	static const struct {
		const char *handled, *sent;
		bool related;
	} rows[] = {
		{ "cpu1 xen.irq.handled@shadow xen/xirq:22", "- ioapic.remote_irr@hardware pin:0.22 value=0x1", true },
		{ "cpu1 xen.irq.handled@shadow xen/xirq:22", "- ioapic.deliver@hardware pin:0.22 vector=0x51", true },
		{ "cpu1 xen.irq.handled@shadow xen/xirq:22", "- ioapic.remote_irr@hardware pin:0.22 value=0x0", false },
		{ "cpu1 xen.irq.handled@shadow xen/xirq:22", "- ioapic.remote_irr@hardware pin:0.23 value=0x1", false },
		{ "cpu1 xen.irq.handled@shadow xen/xirq:24", "- ioapic.remote_irr@hardware pin:0.24 value=0x1", false },
		{ "cpu1 xen.irq.handled@shadow xen/xirq:4", "- ioapic.remote_irr@hardware pin:0.4 value=0x1", false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct anchors *a = anchors_new(), *b = anchors_new();

		add_arrivals(a, 0.0002, rows[i].handled);
		add_arrivals(b, 1000, rows[i].sent);
		expect_arrivals(a, b, rows[i].related);
	}
}

/* The vector of an irq of Xen that no record gave it: what dumps told. */
static void test_vector_told(void **state)
{
	(void)state;
	for (unsigned vector = 0x51; vector < 0x53; vector++) {
		struct anchors *a = anchors_new(), *b = anchors_new();

		add_arrivals(a, 0.0002, "cpu1 xen.irq.handled@shadow xen/xirq:28");
		add_arrivals(b, 1000, "- lapic.accept@inferred vector=0x51");
		anchors_tell_vector(a, 27, 0x51);
		anchors_tell_vector(a, 28, vector);
		expect_arrivals(a, b, vector == 0x51);
	}
}

/* What a guest handles on the CPU that its irq has its vector on, KVM accepted as that vector. */
static void test_accepted(void **state)
{
	static const struct {
		const char *config, *enter, *accept;
		bool related;
	} rows[] = {
		{ "0.5 cpu0/7/ip vector.config@shadow irq:25 vector=37 target_cpu=1", "cpu1/0/swapper irq.enter@shadow irq:25",
		  "cpu0/151/qemu kvm.accept@hardware guest/vcpu:0.1 vector=0x25", true },
		/* the vector before this one, on another CPU */
		{ "0.5 cpu0/7/ip vector.config@shadow irq:25 vector=37 target_cpu=1", "cpu0/0/swapper irq.enter@shadow irq:25",
		  "cpu0/151/qemu kvm.accept@hardware guest/vcpu:0.1 vector=0x25", false },
		{ "0.5 cpu0/7/ip vector.config@shadow irq:25 vector=37 target_cpu=1", "cpu1/0/swapper irq.enter@shadow irq:25",
		  "cpu0/151/qemu kvm.accept@hardware guest/vcpu:0.1 vector=0x26", false },
		/* no vector yet */
		{ "0.5 cpu0/7/ip irq.enable@shadow irq:25", "cpu1/0/swapper irq.enter@shadow irq:25",
		  "cpu0/151/qemu kvm.accept@hardware guest/vcpu:0.1 vector=0x25", false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct anchors *a = take(LINES(rows[i].config)), *b = anchors_new();

		add_arrivals(a, 0.0002, rows[i].enter);
		add_arrivals(b, 1000, rows[i].accept);
		expect_arrivals(a, b, rows[i].related);
	}
}

/* A second vector on the same CPU: which one comes is not known; back on another CPU it is. */
static void test_moved_on_one_cpu(void **state)
{
	(void)state;
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		struct anchors *b = anchors_new();
		struct anchors *a = take(LINES("0.4 cpu0/7/ip vector.config@shadow irq:25 vector=37 target_cpu=1",
					       cpu ? "0.5 cpu0/7/ip vector.config@shadow irq:25 vector=38 target_cpu=1" :
						     "0.5 cpu0/7/ip vector.config@shadow irq:25 vector=38 target_cpu=0"));

		add_arrivals(a, 0.0002, cpu ? "cpu1/0/swapper irq.enter@shadow irq:25" : "cpu0/0/swapper irq.enter@shadow irq:25");
		add_arrivals(b, 1000, "cpu0/151/qemu kvm.accept@hardware guest/vcpu:0.1 vector=0x26");
		expect_arrivals(a, b, !cpu);
	}
}

/* -------------------------------------------------------------------------------------------------------- names */

static struct clock_relation relate_one(const char *a_clock, const char *b_clock, const char *const *a, const char *const *b)
{
	struct anchors *kernel = take(a), *platform = take(b);
	struct clock_relation rel;

	assert_true(clock_relate_one(kernel, a_clock, platform, b_clock, &rel));
	anchors_free(kernel);
	anchors_free(platform);
	return rel;
}

#define AT_37 LINES(WRITE("38.0", "0", "0x21"), NEXT("38.0001"), WRITE("39.0", "0", "0x22"), NEXT("39.0001"), WRITE("41.0", "0", "0x23"), \
		    NEXT("41.0001"))
#define AT_0 LINES(TABLE("1.00005", "0x21"), TABLE("2.00005", "0x22"), TABLE("4.00005", "0x23"))

/* One clock by its name is one only where what both recorded agrees; then it does not drift. */
static void test_one_clock(void **state)
{
	struct clock_relation rel;

	(void)state;
	rel = relate_one("tai", "realtime", AT_37, AT_0);
	assert_int_equal(rel.method, CLOCK_ONE);
	assert_int_equal(rel.at_ns, -37 * S);
	assert_true(rel.lo_ns <= rel.at_ns && rel.at_ns <= rel.hi_ns && rel.hi_ns - rel.lo_ns < 150 * US);
	assert_true(rel.rate_lo == 1 && rel.rate_hi == 1);
	assert_int_equal(relate_one("mono", "realtime", AT_37, AT_0).method, CLOCK_UNKNOWN);
	assert_int_equal(relate_one("mono", "mono", AT_37, AT_0).method, CLOCK_UNKNOWN);
	assert_int_equal(relate_one("realtime", "tai", AT_37, AT_0).method, CLOCK_UNKNOWN);
	assert_int_equal(relate_one("", "", AT_37, AT_0).method, CLOCK_UNKNOWN);
	/* a guest's: 100 ppm faster */
	rel = relate_one("tai", "realtime", AT_37,
			 LINES(TABLE("1.00005", "0x21"), TABLE("2.00015", "0x22"), TABLE("4.00035", "0x23")));
	assert_int_equal(rel.method, CLOCK_UNKNOWN);
}

/* Names alone say where, by which both recorded at one time. */
static void test_claims(void **state)
{
	const int64_t early[2] = { 0, 10 * S }, late[2] = { 37 * S, 47 * S }, never[2] = { 1000 * S, 1001 * S };
	int64_t offset_ns;

	(void)state;
	assert_true(clock_claims("tai", late, "realtime", early, &offset_ns) && offset_ns == -37 * S);
	assert_true(clock_claims("realtime", early, "tai", late, &offset_ns) && offset_ns == 37 * S);
	assert_true(clock_claims("tai", early, "realtime", early, &offset_ns) && offset_ns == 0);
	assert_false(clock_claims("tai", never, "realtime", early, &offset_ns));
	assert_false(clock_claims("mono", early, "realtime", early, &offset_ns));
	assert_false(clock_claims("tai", (int64_t[2]){ INT64_MAX - 1, INT64_MAX }, "realtime", (int64_t[2]){ INT64_MIN, INT64_MIN + 1 },
				  &offset_ns));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_repeated_writes),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_contradictions), cmocka_unit_test(test_contradicted_at_the_end),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_what_ends_a_bracket),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_marks), cmocka_unit_test(test_rate),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_rate_found),
		cmocka_unit_test(test_rate_of_too_few),
		cmocka_unit_test(test_extreme_rates),
		cmocka_unit_test(test_rate_with_contradiction),
		cmocka_unit_test(test_rate_of_arrivals),
		cmocka_unit_test(test_what_ends_a_request),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_pins), cmocka_unit_test(test_vector_told),
		cmocka_unit_test(test_accepted), cmocka_unit_test(test_moved_on_one_cpu),
		cmocka_unit_test(test_one_clock), cmocka_unit_test(test_claims),
	};

	strings = strtab_new();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
