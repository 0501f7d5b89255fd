/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replay: events as text in, derived rows out. */
#include "unit/replay_bench.h"

static void test_left_masked(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), ENTER("2.0", "40"), EXIT("2.000010", "40", "1"),
			MASK("3.0", "40", "0", "0x10400200"),
			"4.0 cpu1 irq.disable@intent irq:40",
			"4.5 cpu1 irq.enable@intent irq:40",
			"5.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].trigger_ns, 3000000000);
	/* from 3 s to 4 s and from 4.5 s to 5 s */
	assert_int_equal(b->obligation[0].owed_ns, 1500000000);
	assert_int_equal(b->obligation[0].excuses, 1);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 5, 0));
	assert_int_equal(b->obligation[0].expected_event, event_id(1, 7, 0));
	assert_false(b->obligation[0].guard_unknown);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_startup_owes_an_unmask(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 pci.msix.entry_write@shadow msix:0000:05:00.0[0] irq:40 addr_lo=0xfee00000 addr_hi=0x0 data=0xef ctrl=0x1",
			"1.1 cpu0 pci.msix.enable@shadow pci:0000:05:00.0 enable=1 ret=1",
			STARTUP("1.2", "40"), UNMASK("1.200100", "40", "0"), ENTER("2.0", "40"), EXIT("2.000010", "40", "1")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[0].owed_ns, 100000);
	assert_int_equal(b->obligation[0].trigger_event, event_id(1, 3, 0));
	assert_int_equal(b->obligation[0].end_event, event_id(1, 4, 0));
}

static void test_disabled_irq_is_owed_nothing(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), "2.0 cpu1 irq.disable@intent irq:40",
			FLOW("2.5", "40", "0x10410200"), MASK("2.500010", "40", "0", "0x10410200"), "9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_shutdown_is_owed_nothing(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), "2.0 cpu0 irq.shutdown@shadow irq:40 state=0x10400200 depth=0",
			MASK("2.000010", "40", "0", "0x10410200"), "9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_shutdown_ends_what_was_owed(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), MASK("3.0", "40", "0", "0x10400200"),
			"5.0 cpu0 irq.shutdown@shadow irq:40 state=0x10400200 depth=0", "9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_EXCUSED);
	assert_int_equal(b->obligation[0].owed_ns, 2000000000);
}

static void test_gap_stops_the_clock(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), MASK("3.0", "40", "0", "0x10400200"),
			"3.5..4.0 cpu1 lost@shadow cpu:1 count=3", "9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_UNKNOWN);
	assert_int_equal(b->obligation[0].owed_before_gap_ns, 500000000);
	assert_int_equal(b->obligation[0].gap_event, event_id(1, 4, 0));
}

/* Vectors that no local APIC has are lost like others. */
static void test_gap_with_impossible_vector(void **state)
{
	replay(*state, LINES("1.0 cpu0 vector.config@shadow irq:40 vector=65535 target_cpu=63 apicdest=0x1",
			     "1.1 cpu0 vector.update@shadow irq:40 vector=65534 target_cpu=63",
			     "3.5..4.0 cpu1 lost@shadow cpu:1 count=3", "9.0 cpu1 mark@hardware text=\"end\""));
}

/* What a platform's log shows behind the end of the kernel's trace is nobody's fault that the trace could have shown. */
static void test_software_unrecorded(void **state)
{
	static const char *const lines[] = {
		STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), ENTER("2.0", "40"), EXIT("2.1", "40", "1"),
		"8.0 - pci.msix.entry_mask@hardware msix:0000:05:00.0[0] masked=1", "19.0 cpu1 mark@hardware text=\"end\"", NULL,
	};
	struct bench *b = *state;

	replay(b, lines);
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_ns, 8000000000);
	assert_false(b->obligation[0].guard_unknown);
	b->nr_obligations = b->nr_objects = b->nr_links = b->nr_paths = b->nr_ledger = 0;
	b->software_end_ns = 5000000000;
	replay(b, lines);
	assert_int_equal(b->nr_obligations, 1);
	assert_true(b->obligation[0].guard_unknown);
}

static unsigned count_spans(const struct bench *b, const char *field, const char *value, enum ending ending, int64_t end_ns)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < b->nr_spans; i++)
		nr += !strcmp(b->span[i].field, field) && !strcmp(b->span[i].state, value) && b->span[i].ending == ending &&
		      b->span[i].end_ns == end_ns;
	return nr;
}

/* What was known when the last trace of software ended is how things stood; what a log shows later is not judged. */
static void test_state_when_software_is_unrecorded(void **state)
{
	struct bench *b = *state;

	b->software_end_ns = 5000000000;
	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), ENTER("2.0", "40"), EXIT("2.1", "40", "1"),
			"8.0 - pci.msix.entry_mask@hardware msix:0000:05:00.0[0] masked=1", "19.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(count_spans(b, "life", "started", ENDING_OPEN, 5000000000), 1);
	assert_int_equal(count_spans(b, "mask", "unmasked", ENDING_OPEN, 5000000000), 1);
	assert_int_equal(count_spans(b, "mask", "masked", ENDING_OPEN, 19000000000), 0);
	assert_int_equal(count_spans(b, "mask", "masked", ENDING_UNKNOWN, 19000000000), 1);
	assert_int_equal(count_spans(b, "mask", "unmasked", ENDING_UNKNOWN, 5000000000), 0);
}

static void test_owed_when_software_is_unrecorded(void **state)
{
	struct bench *b = *state;

	b->software_end_ns = 5000000000;
	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), MASK("3.0", "40", "0", "0x10400200"),
			"9.0 - pci.msix.entry_mask@hardware msix:0000:05:00.0[0] masked=0", "19.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].end_ns, 5000000000);
	assert_int_equal(b->obligation[0].owed_ns, 2000000000);
}

static void test_unknown_path_leaves_the_guard_open(void **state)
{
	struct bench *b = *state;

	/* no chip, no vector: whose mask bit it is cannot be told */
	replay(b, LINES("1.0 cpu0 irq.startup@shadow irq:40 state=0x10030200 depth=1", UNMASK("1.000100", "40", "0"),
			MASK("3.0", "40", "0", "0x10400200"), "9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_true(b->obligation[0].guard_unknown);
}

static void test_pirq_is_not_the_kernels(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 irq.startup@shadow irq:40 state=0x10030200 depth=1 chip=\"xen-pirq\"", UNMASK("1.000100", "40", "0"),
			MASK("3.0", "40", "0", "0x10400200"), ENTER("4.0", "40"), "9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_paths, 0);
}

static void test_table_write_behind_the_kernel(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"),
			"3.0 - pci.msix.entry_mask@hardware msix:0000:05:00.0[0] masked=1",
			"3.5 - device.notify@hardware msix:0000:05:00.0[0]", "4.0 - device.notify@hardware msix:0000:05:00.0[0]",
			"5.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 4, 0));
}

static void test_interrupts_contradict_a_mask(void **state)
{
	struct bench *b = *state;

	/* the first may have been on its way, the second not */
	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"), MASK("3.0", "40", "0", "0x10400200"),
			FLOW("3.000001", "40", "0x10400200"), ENTER("3.000002", "40"), EXIT("3.000003", "40", "1"),
			FLOW("4.0", "40", "0x10400200"), ENTER("4.000002", "40"), EXIT("4.000003", "40", "1")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_CONTRADICTED);
	assert_int_equal(b->obligation[0].end_ns, 4000000000);
	assert_int_equal(b->nr_unexpected, 1);
}

static void test_reused_number_is_another_irq(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 vector.setup@shadow irq:40 ret=0", ENTER("1.5", "40"), EXIT("1.6", "40", "1"),
			"2.0 cpu0 vector.teardown@shadow irq:40", "3.0 cpu0 vector.reserve@shadow irq:40 ret=0",
			"3.1 cpu0 vector.setup@shadow irq:40 ret=0", ENTER("4.0", "40"), EXIT("4.1", "40", "1")));
	assert_int_equal(b->nr_objects, 2);
	assert_int_equal(b->object[0].generation, 1);
	assert_int_equal(b->object[0].gone_ns, 2000000000);
	assert_int_equal(b->object[1].generation, 2);
	assert_int_equal(b->object[1].born_ns, 3100000000);
	assert_int_equal(b->summary[0].deliveries, 1);
	assert_int_equal(b->summary[1].deliveries, 1);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_shared_line_is_one_delivery(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 irq.enter@shadow irq:19 name=\"eth3\"", EXIT("1.1", "19", "0"),
			"1.2 cpu0 irq.enter@shadow irq:19 name=\"uhci\"", EXIT("1.3", "19", "1"),
			"2.0 cpu0 irq.enter@shadow irq:19 name=\"eth3\"", EXIT("2.1", "19", "0"),
			"2.2 cpu0 irq.enter@shadow irq:19 name=\"uhci\"", EXIT("2.3", "19", "0")));
	assert_int_equal(b->nr_deliveries, 2);
	assert_int_equal(b->delivery[0].result, RESULT_HANDLED);
	assert_int_equal(b->delivery[1].result, RESULT_UNHANDLED);
	assert_int_equal(b->summary[0].handled, 1);
	assert_int_equal(b->summary[0].unhandled, 1);
}

static void test_poll_is_no_interrupt(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FLOW("1.0", "19", "0x10400200"), ENTER("1.1", "19"), EXIT("1.2", "19", "0"),
			"1.3 cpu0 irq.spurious@shadow irq:19", ENTER("1.4", "19"), EXIT("1.5", "19", "0")));
	assert_int_equal(b->nr_deliveries, 1);
	assert_int_equal(b->summary[0].unhandled, 1);
}

static void test_acknowledged_before_the_action(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FLOW("1.0", "40", "0x10400200"), "1.1 cpu0 irq.ack@shadow irq:40 via=\"apic_ack_edge\"", ENTER("1.2", "40"),
			EXIT("1.3", "40", "1")));
	assert_int_equal(b->delivery[0].flow_ns, 1000000000);
	assert_int_equal(b->delivery[0].eoi_ns, 1100000000);
	assert_int_equal(b->delivery[0].enter_ns, 1200000000);
	assert_int_equal(b->delivery[0].exit_ns, 1300000000);
	assert_int_equal(b->path[0].path, PATH_BAREMETAL);
}

static void test_unhandled_run_ends_after_a_tenth_of_a_second(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(ENTER("1.0", "19"), EXIT("1.01", "19", "0"), ENTER("1.02", "19"), EXIT("1.03", "19", "0"), ENTER("1.04", "19"),
			EXIT("1.05", "19", "0"), ENTER("3.0", "19"), EXIT("3.01", "19", "0")));
	assert_int_equal(b->summary[0].unhandled, 4);
	assert_int_equal(b->summary[0].unhandled_run, 3);
	assert_false(b->summary[0].unhandled_at_end);
}

static void test_links_name_the_neighbours(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 vector.setup@shadow irq:40 ret=0", UNMASK("1.1", "40", "3"),
			"1.2 cpu0 vector.config@shadow irq:40 vector=49 target_cpu=2 apicdest=0x4",
			"2.0 cpu0 vector.config@shadow irq:40 vector=50 target_cpu=1 apicdest=0x2", "3.0 cpu0 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_links, 3);
	/* the first vector's link ended when the second came */
	assert_int_equal(b->link[0].to_ns, 2000000000);
	assert_int_equal(b->link[1].to_ns, NO_TIME);
	/* the irq has had its entry from its birth on */
	assert_int_equal(b->link[2].from_ns, 1000000000);
}

static void test_parked_vector_is_no_link(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 vector.setup@shadow irq:40 ret=0", "1.2 cpu0 vector.config@shadow irq:40 vector=239 target_cpu=0 apicdest=0x1"));
	assert_int_equal(b->nr_links, 0);
}

static void test_harm_is_noted(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 harm.timeout@hardware irq:40 text=\"I/O 5 QID 2 timeout\"", "2.0 cpu0 harm.no_handler@hardware text=\"x\""));
	assert_int_equal(b->nr_harms, 2);
}

/* ------------------------------------------------------------------------------------------ IO-APIC pins */

#define PIN_STARTUP(t, irq) t " cpu0 irq.startup@shadow irq:" irq " state=0x1d032200 depth=1 chip=\"IO-APIC\""
#define PIN_UNMASK(t) t " cpu0 irq.unmask@shadow irq:23 pin:0.23 state=0x1d032200 rte=0x18823"
#define PIN_MASK(t) t " cpu0 irq.mask@shadow irq:23 pin:0.23 state=0x1d402200 rte=0x8823"
#define PIN_FLOW(t) t " cpu0 irq.flow@shadow irq:23 state=0x1d402200 istate=0x4020 depth=0"
#define PIN_ACK(t) t " cpu0 irq.ack@shadow irq:23 pin:0.23 state=0x1d402200 rte=0x8823"

static void test_level_eoi_missing(void **state)
{
	struct bench *b = *state;

	b->kind = "level-eoi";
	replay(b, LINES(PIN_STARTUP("1.0", "23"), PIN_UNMASK("1.1"), PIN_FLOW("2.0"), ENTER("2.1", "23"), EXIT("2.2", "23", "1"),
			PIN_ACK("2.3"), PIN_FLOW("3.0"), ENTER("3.1", "23"), EXIT("3.2", "23", "1"),
			"9.0 cpu1 mark@hardware text=\"end\""));
	/* the first took longer than what is only counted */
	assert_int_equal(b->nr_obligations, 2);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[1].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[1].trigger_event, event_id(1, 7, 0));
	assert_int_equal(b->obligation[1].owed_ns, 6000000000);
	assert_int_equal(b->delivery[0].eoi_ns, 2300000000);
	assert_int_equal(b->delivery[1].eoi_ns, NO_TIME);
}

static void test_prompt_eoi_is_only_counted(void **state)
{
	struct bench *b = *state;

	b->kind = "lapic-eoi";
	replay(b, LINES(STARTUP("1.0", "40"), FLOW("2.0", "40", "0x10400200"), "2.000001 cpu0 irq.ack@shadow irq:40",
			ENTER("2.000002", "40"), EXIT("2.000003", "40", "1")));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_two_cpus_two_acknowledgements(void **state)
{
	struct bench *b = *state;

	b->kind = "lapic-eoi";
	replay(b, LINES(STARTUP("1.0", "40"), FLOW("2.0", "40", "0x10400200"), FLOW("2.1", "40", "0x10440200"),
			"2.2 cpu1 irq.ack@shadow irq:40", "2.3 cpu0 irq.ack@shadow irq:40", "3.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[0].end_ns, 2300000000);
}

static const char *const oneshot_lines[] = {
	PIN_STARTUP("1.0", "23"), PIN_UNMASK("1.1"), PIN_FLOW("2.0"), PIN_MASK("2.1"), ENTER("2.2", "23"), EXIT("2.3", "23", "2"),
	PIN_ACK("2.4"), "9.0 cpu1 mark@hardware text=\"end\"", NULL,
};

static void test_oneshot_never_finished(void **state)
{
	struct bench *b = *state;

	b->kind = "oneshot-finish";
	replay(b, oneshot_lines);
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].trigger_ns, 2300000000);
}

static void test_oneshot_excuses_the_mask(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-unmask";
	replay(b, oneshot_lines);
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_EXCUSED);
	assert_int_equal(b->obligation[0].owed_ns, 200000000);
}

static void test_oneshot_finishes(void **state)
{
	struct bench *b = *state;

	b->kind = "oneshot-finish";
	replay(b, LINES(PIN_STARTUP("1.0", "23"), PIN_UNMASK("1.1"), PIN_FLOW("2.0"), PIN_MASK("2.1"), ENTER("2.2", "23"),
			EXIT("2.3", "23", "2"), PIN_ACK("2.4"), "3.0 cpu1 irq.thread_done@shadow irq:23 state=0x1d022200",
			PIN_UNMASK("3.000001")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[0].owed_ns, 700000000);
}

static void test_spurious_disable_excuses_the_mask(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-unmask";
	replay(b, LINES(PIN_STARTUP("1.0", "23"), PIN_UNMASK("1.1"), "2.0 cpu0 irq.spurious@shadow irq:23 unhandled=100000",
			"2.1 cpu0 irq.disable@shadow irq:23 state=0x1d402200 depth=1 istate=0x4002",
			"2.2 cpu0 irq.flow@shadow irq:23 state=0x1d412200 istate=0x4002 depth=1",
			"2.3 cpu0 irq.mask@shadow irq:23 pin:0.23 state=0x1d412200 rte=0x8823", PIN_ACK("2.4"),
			"9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_pin_left_masked(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-unmask";
	replay(b, LINES(PIN_STARTUP("1.0", "23"), PIN_UNMASK("1.1"), PIN_MASK("2.0"),
			"3.0 - ioapic.line@hardware pin:0.23 level=1", "9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 4, 0));
}

/* ------------------------------------------------------------------------------- the platform's own records */

static bool has_span(const struct bench *b, const char *component, const char *field, const char *state)
{
	for (unsigned i = 0; i < b->nr_spans; i++)
		if (!strcmp(b->span[i].component, component) && !strcmp(b->span[i].field, field) &&
		    !strcmp(b->span[i].state, state))
			return true;
	return false;
}

#define RTE(t, rte, mask) t " - ioapic.rte_write@hardware pin:0.23 rte=" rte " mask=" mask
#define IRR(t, value) t " - ioapic.remote_irr@hardware pin:0.23 value=" value
#define BROADCAST(t, vector) t " - ioapic.eoi@hardware vector=" vector
#define WHOLE "0xffffffffffffffff"

/* An EOI that names no pin is for the one that was accepted with its vector, whatever the entry says now. */
static void test_eoi_by_vector(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(RTE("1.0", "0xa071", WHOLE), IRR("1.1", "0x1"), BROADCAST("1.2", "113"), IRR("1.3", "0x1"),
			BROADCAST("1.4", "34"), RTE("1.5", "0xa081", WHOLE), BROADCAST("1.6", "129"), BROADCAST("1.7", "113"),
			"9.0 cpu1 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_ns, 1700000000);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_eoi_by_vector_matches(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(RTE("1.0", "0xa071", WHOLE), IRR("1.1", "0x1"), BROADCAST("1.2", "113"), IRR("1.3", "0x0"),
			/* changed while nothing is in service; coalesced, and so accepted with the vector before */
			RTE("1.4", "0xa081", WHOLE), IRR("1.5", "0x1"), IRR("1.6", "0x1"), BROADCAST("1.7", "113"),
			BROADCAST("1.8", "129"), IRR("1.9", "0x0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
}

/* Asked for is not given; another machine's EOI is none of this one's. */
static void test_eoi_of_others(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(RTE("1.0", "0xa071", WHOLE), IRR("1.1", "0x1"), RTE("1.2", "0xa081", WHOLE),
			"1.3 - ioapic.eoi@intent vector=113"));
	assert_int_equal(b->nr_obligations, 0);
}

/* The upper word alone says nothing of mask and vector. */
static void test_half_an_entry(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(RTE("1.0", "0xa071", "0xffffffff"), IRR("1.1", "0x1"),
			RTE("1.2", "0x200000000000000", "0xffffffff00000000"), BROADCAST("1.3", "113"),
			"1.4 - ioapic.rte_read@hardware pin:0.24 rte=0x1e071 mask=0xffffffff",
			"1.5 - ioapic.rte_read@hardware pin:0.24 rte=0x200000000000000 mask=0xffffffff00000000",
			RTE("1.6", "0xa071", WHOLE)));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
	/* what was read back defines what was not known */
	assert_true(has_span(b, "ioapic_pin", "mask", "masked"));
	assert_true(has_span(b, "ioapic_pin", "mask", "unmasked"));
}

/* Of a split irqchip, by two threads of QEMU. */
#define WRITE_BY(t, pid, rte) t " cpu0/" pid " ioapic.rte_write@hardware pin:0.23 rte=" rte " mask=" WHOLE
#define IRR_BY(t, pid, value) t " cpu0/" pid " ioapic.remote_irr@hardware pin:0.23 value=" value
#define UPDATE(t) t " cpu0/41 kvm.route_update@shadow kroute:23"
#define COMMIT(t) t " cpu0/41 kvm.route_commit@shadow"
#define KVM_LINE(t) t " cpu0/41 kvm.line@inferred gsi:23 level=1"
#define LINE_UP(t) t " - ioapic.line@hardware pin:0.23 level=1"
/* Vector 0x71 is KVM's; the line is up when 0x81 gets written. */
#define MOVE_BEGINS \
	WRITE_BY("1.0", "41", "0x10000"), COMMIT("1.1"), WRITE_BY("1.2", "41", "0x8071"), UPDATE("1.3"), COMMIT("1.4"), \
	WRITE_BY("1.5", "41", "0x18081"), COMMIT("1.6"), LINE_UP("1.7")

static void assert_route_owed(const struct bench *b, enum ending ending, bool missed)
{
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ending);
	assert_int_equal(b->obligation[0].first_missed_event != 0, missed);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_route_follows_too_late(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, WRITE_BY("2.0", "41", "0x8081"), IRR_BY("2.1", "41", "0x1"), KVM_LINE("2.15"), UPDATE("2.2"),
			COMMIT("2.3")));
	assert_route_owed(b, ENDING_DISCHARGED, true);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 9, 0));
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 10, 0));
	assert_int_equal(b->obligation[0].end_event, event_id(1, 13, 0));
	assert_true(has_span(b, "kroute", "order", "pins serviced first"));
}

/* Its vector is the route's: remote IRR waits for an EOI that nobody will give. */
static void test_stale_vector_is_not_ended(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(MOVE_BEGINS, WRITE_BY("2.0", "41", "0x8081"), IRR_BY("2.1", "41", "0x1"), UPDATE("2.2"), COMMIT("2.3"),
			BROADCAST("2.4", "113"), "2.45 - ioapic.line@hardware pin:0.23 level=0", LINE_UP("2.5"),
			IRR_BY("3.0", "41", "0x0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 10, 0));
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 15, 0));
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
}

static void test_route_comes_first(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, WRITE_BY("2.0", "41", "0x8081"), UPDATE("2.1"), COMMIT("2.2"), IRR_BY("2.3", "41", "0x1")));
	assert_route_owed(b, ENDING_DISCHARGED, false);
	assert_true(has_span(b, "kroute", "order", "routes first"));
}

/* An EOI is handled beside the write: which of the two the pin fired for is not told. */
static void test_route_and_another_thread(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, WRITE_BY("2.0", "41", "0x8081"), IRR_BY("2.1", "42", "0x1"), UPDATE("2.2"), COMMIT("2.3")));
	assert_route_owed(b, ENDING_DISCHARGED, false);
}

/* Where no record tells threads, an EOI in between does. */
static void test_route_without_threads(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, IRR_BY("1.8", "41", "0x1"), RTE("2.0", "0x8081", WHOLE), IRR("2.1", "0x0"), IRR("2.2", "0x1"),
			UPDATE("2.3"), COMMIT("2.4")));
	assert_route_owed(b, ENDING_DISCHARGED, false);
}

static void test_route_by_order_alone(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, RTE("2.0", "0x8081", WHOLE), IRR("2.1", "0x1"), UPDATE("2.2"), COMMIT("2.3")));
	assert_route_owed(b, ENDING_DISCHARGED, true);
}

/* Where updates are not recorded, handing over stands for those of all unmasked pins; masked ones keep their route. */
static void test_route_updates_not_recorded(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(WRITE_BY("1.0", "41", "0x10000"), WRITE_BY("1.2", "41", "0x8071"), COMMIT("1.4"),
			WRITE_BY("1.5", "41", "0x18081"), COMMIT("1.6"), LINE_UP("1.7"), WRITE_BY("2.0", "41", "0x8081"),
			KVM_LINE("2.1"), COMMIT("2.3")));
	assert_route_owed(b, ENDING_DISCHARGED, true);
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 8, 0));
}

/* The kernel's view of an entry, or routes alone, prove no split irqchip. */
static void test_no_routes_no_debt(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES("1.0 - ioapic.rte_write@shadow pin:0.23 rte=0x8071", COMMIT("1.1"),
			"2.0 - ioapic.rte_write@shadow pin:0.23 rte=0x8081", KVM_LINE("2.1"), COMMIT("2.2")));
	assert_int_equal(b->nr_obligations, 0);
	assert_false(has_span(b, "kroute", "route", "as the entry"));
}

/* A translation that failed leaves the route as it was, whoever fires it later. */
static void test_route_update_fails(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, WRITE_BY("2.0", "41", "0x8081"), UPDATE("2.1"), "2.2 cpu0/41 kvm.route_update@intent kroute:23 ret=-1",
			COMMIT("2.3"), IRR_BY("3.0", "42", "0x1")));
	assert_route_owed(b, ENDING_OPEN, true);
}

/* Its entries are masked after it; KVM keeps the routes, and the next unmasking renews them. */
static void test_reset_leaves_routes(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, "1.8 - machine.reset@hardware", WRITE_BY("2.0", "41", "0x8081"), IRR_BY("2.1", "41", "0x1"),
			UPDATE("2.2"), COMMIT("2.3")));
	assert_route_owed(b, ENDING_DISCHARGED, true);
}

static void test_route_gap(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(MOVE_BEGINS, WRITE_BY("2.0", "41", "0x8081"), "2.01..2.02 cpu0 lost@shadow cpu:0", IRR_BY("2.1", "41", "0x1"),
			UPDATE("2.2"), COMMIT("2.3")));
	assert_route_owed(b, ENDING_UNKNOWN, false);
}

#define HW_MASK(t, masked) t " - pci.msix.entry_mask@hardware msix:0000:05:00.0[1] masked=" masked
#define SEND(t) t " - pci.msi.send@hardware msix:0000:05:00.0[1] addr_lo=0xfee01004 data=0x25"

/* A message that leaves shows the entry unmasked; from a masked one it cannot. */
static void test_message_leaves(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SEND("1.0"), HW_MASK("1.1", "0"), SEND("1.2")));
	assert_int_equal(b->nr_unexpected, 0);
	assert_true(has_span(b, "msix_entry", "mask", "unmasked"));
}

static void test_message_leaves_though_masked(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(HW_MASK("1.1", "1"), SEND("1.2")));
	assert_int_equal(b->nr_unexpected, 1);
}

/* ----------------------------------------------------------------------------- what the platform alone shows */

#define NOTIFY(t, entry) t " - device.notify@hardware msix:0000:05:00.0[" entry "]"
#define MSIX_ON(t) t " - pci.msix.enable@hardware pci:0000:05:00.0 enable=1 masked=0"
#define MSIX_OFF(t) t " - pci.msix.enable@hardware pci:0000:05:00.0 enable=0 masked=0"
#define OTHER_UNMASKED(t) t " - pci.msix.entry_mask@hardware msix:0000:05:00.0[0] masked=0"
#define END(t) t " cpu1 mark@hardware text=\"end\""

/* Held back, and others of the function go on: owed from then on. */
static void test_message_held_back(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-message";
	replay(b, LINES(MSIX_ON("1.0"), OTHER_UNMASKED("1.1"), HW_MASK("1.2", "1"), NOTIFY("2.0", "1"), NOTIFY("3.0", "0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_false(b->obligation[0].guard_unknown);
	assert_int_equal(b->obligation[0].trigger_ns, 3000000000);
	assert_int_equal(b->obligation[0].owed_ns, 6000000000);
}

/* Nobody else of the function shows a sign: a kernel may keep it so. */
static void test_message_held_back_perhaps(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-message";
	replay(b, LINES(MSIX_ON("1.0"), HW_MASK("1.2", "1"), NOTIFY("2.0", "1"), NOTIFY("3.0", "1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_true(b->obligation[0].guard_unknown);
}

/* Unmasked, switched off, or off all the time: nothing is owed in the end. */
static void test_message_not_held_back(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-message";
	replay(b, LINES(MSIX_ON("1.0"), OTHER_UNMASKED("1.1"), HW_MASK("1.2", "1"), NOTIFY("2.0", "1"), NOTIFY("2.1", "0"),
			HW_MASK("2.2", "0"), SEND("2.3"), HW_MASK("3.0", "1"), NOTIFY("3.1", "1"), NOTIFY("3.2", "0"), MSIX_OFF("3.3"),
			NOTIFY("4.0", "1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 2);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[1].ending, ENDING_EXCUSED);
}

static void assert_pending(const struct bench *b, unsigned nr, enum ending ending, const char *ended_by, unsigned missed)
{
	assert_true(nr < b->nr_obligations);
	assert_int_equal(b->obligation[nr].ending, ending);
	assert_string_equal(b->obligation[nr].ended_by, ended_by);
	assert_int_equal(b->obligation[nr].missed, missed);
}

/* All that is held back waits in one bit: counted, until a message leaves for it, or never can. */
static void test_notifications_held_back(void **state)
{
	struct bench *b = *state;

	b->kind = "message-pending";
	replay(b, LINES(MSIX_ON("1.0"), HW_MASK("1.2", "0"), NOTIFY("1.5", "1"), HW_MASK("2.0", "1"), NOTIFY("3.0", "1"), NOTIFY("3.1", "1"),
			NOTIFY("3.2", "1"), HW_MASK("4.0", "0"), NOTIFY("4.5", "1"), HW_MASK("5.0", "1"), NOTIFY("5.1", "1"),
			MSIX_OFF("6.0"), MSIX_ON("7.0"), HW_MASK("7.1", "1"), NOTIFY("8.0", "1"), NOTIFY("8.1", "1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 3);
	assert_pending(b, 0, ENDING_DISCHARGED, "message sent", 3);
	assert_int_equal(b->obligation[0].trigger_ns, 3000000000);
	assert_int_equal(b->obligation[0].first_missed_event, b->obligation[0].trigger_event);
	assert_pending(b, 1, ENDING_EXCUSED, "MSI-X off", 1);
	assert_pending(b, 2, ENDING_OPEN, "", 2);
}

/* None where nothing holds them back, or only perhaps. */
static void test_notifications_not_held_back(void **state)
{
	struct bench *b = *state;

	b->kind = "message-pending";
	replay(b, LINES(MSIX_ON("1.0"), NOTIFY("1.1", "1"), HW_MASK("1.2", "0"), NOTIFY("1.5", "1"), HW_MASK("2.0", "1"), HW_MASK("3.0", "0"),
			NOTIFY("3.1", "0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

/* A hole, a reset, and a dump that shows the bit without the notifications. */
static void test_notifications_lost_otherwise(void **state)
{
	struct bench *b = *state;

	b->kind = "message-pending";
	replay(b, LINES(MSIX_ON("1.0"), HW_MASK("2.0", "1"), NOTIFY("3.0", "1"), NOTIFY("3.1", "1"), "4.0 cpu0 lost@shadow count=3",
			MSIX_ON("5.0"), HW_MASK("5.1", "1"), "5.2 - pci.msix.pending@hardware msix:0000:05:00.0[1] value=1",
			"5.3 - pci.msix.pending@hardware msix:0000:05:00.0[1] value=1", NOTIFY("5.4", "1"),
			"6.0 - pci.reset@hardware pci:0000:05:00.0", END("9.0")));
	assert_int_equal(b->nr_obligations, 2);
	assert_pending(b, 0, ENDING_UNKNOWN, "records lost", 2);
	assert_pending(b, 1, ENDING_EXCUSED, "reset", 2);
}

/* Where an irq is known, its state says what is owed. */
static void test_message_of_a_known_irq(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-message";
	replay(b, LINES(MSIX_ON("1.0"), OTHER_UNMASKED("1.1"), UNMASK("1.2", "29", "1"), HW_MASK("1.3", "1"), NOTIFY("2.0", "1"),
			NOTIFY("3.0", "0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

#define MESSAGE_IN_TABLE(t) t " - pci.msix.entry_write@hardware msix:0000:05:00.0[0] addr_lo=0xfee01004 data=0x24"
#define MSIX_MASKED(t) t " - pci.msix.enable@hardware pci:0000:05:00.0 enable=1 masked=1"

/* The function mask holds back what an unmasked entry wants to send. */
static void test_message_held_back_by_function(void **state)
{
	struct bench *b = *state;

	b->kind = "function-message";
	replay(b, LINES(MSIX_ON("1.0"), MESSAGE_IN_TABLE("1.1"), OTHER_UNMASKED("1.2"), MSIX_MASKED("1.3"), NOTIFY("2.0", "0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_false(b->obligation[0].guard_unknown);
	assert_int_equal(b->obligation[0].trigger_ns, 2000000000);
	assert_int_equal(b->obligation[0].cause_event >> 3 & 0xff, 4);
	assert_int_equal(b->obligation[0].first_missed_event, b->obligation[0].trigger_event);
}

/* Cleared, switched off, without a message, masked by itself, or of an irq that is not in use. */
static void test_message_not_held_back_by_function(void **state)
{
	struct bench *b = *state;

	b->kind = "function-message";
	replay(b, LINES(MSIX_ON("1.0"), MESSAGE_IN_TABLE("1.1"), OTHER_UNMASKED("1.2"), MSIX_MASKED("1.3"), NOTIFY("2.0", "0"),
			MSIX_ON("2.1"), NOTIFY("2.2", "0"), MSIX_MASKED("3.0"), NOTIFY("3.1", "0"), MSIX_OFF("3.2"), NOTIFY("3.3", "0"),
			END("9.0")));
	assert_int_equal(b->nr_obligations, 2);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[1].ending, ENDING_EXCUSED);
}

/* Of no message, masked by itself, or of an irq that is disabled. */
static void test_message_that_nobody_waits_for(void **state)
{
	struct bench *b = *state;

	b->kind = "function-message";
	replay(b, LINES(MSIX_MASKED("1.0"), OTHER_UNMASKED("1.1"), NOTIFY("2.0", "0"), HW_MASK("3.0", "1"), NOTIFY("3.1", "1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

#define IN_USE(t) \
	MESSAGE_IN_TABLE(t), t "1 cpu0 irq.startup@shadow irq:29 state=0x10030200 depth=1 chip=\"PCI-MSI\"", \
	t "2 cpu0 irq.unmask@shadow irq:29 msix:0000:05:00.0[0] state=0x10020200 ctrl=0x1"

static void test_message_of_irq_in_use(void **state)
{
	struct bench *b = *state;

	b->kind = "function-message";
	replay(b, LINES(IN_USE("1.1"), MSIX_MASKED("1.3"), NOTIFY("2.0", "0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
}

static void test_message_of_disabled_irq(void **state)
{
	struct bench *b = *state;

	b->kind = "function-message";
	replay(b, LINES(IN_USE("1.1"), MSIX_MASKED("1.3"), "1.4 cpu0 irq.disable@shadow irq:29 state=0x10020200 depth=1", NOTIFY("2.0", "0"),
			END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

#define LINE(t, level) t " - ioapic.line@hardware pin:0.23 level=" level

static void test_pin_without_eoi(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(RTE("1.0", "0xa071", WHOLE), LINE("1.1", "1"), IRR("1.2", "0x1"), BROADCAST("1.2001", "113"),
			IRR("1.2002", "0x0"), LINE("1.5", "0"), LINE("2.0", "1"), IRR("2.1", "0x1"), LINE("2.2", "0"), LINE("3.0", "1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_ns, 2100000000);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].opportunities, 1);
}

/* Still in service when the capture ends, and nothing new came: no opportunity. */
static void test_pin_in_service(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(RTE("1.0", "0xa071", WHOLE), LINE("1.1", "1"), IRR("1.2", "0x1"), LINE("1.3", "1"), IRR("1.4", "0x1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].opportunities, 0);
}

/* Switched to edge, which clears remote IRR. */
static void test_pin_rescued(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(RTE("1.0", "0xa071", WHOLE), IRR("1.2", "0x1"), RTE("2.0", "0x12071", WHOLE), RTE("2.1", "0xa071", WHOLE), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_left_masked),
		TEST(test_startup_owes_an_unmask),
		TEST(test_disabled_irq_is_owed_nothing),
		TEST(test_shutdown_is_owed_nothing),
		TEST(test_shutdown_ends_what_was_owed),
		TEST(test_gap_stops_the_clock), TEST(test_gap_with_impossible_vector),
		TEST(test_software_unrecorded), TEST(test_state_when_software_is_unrecorded), TEST(test_owed_when_software_is_unrecorded),
		TEST(test_unknown_path_leaves_the_guard_open),
		TEST(test_pirq_is_not_the_kernels),
		TEST(test_table_write_behind_the_kernel),
		TEST(test_interrupts_contradict_a_mask),
		TEST(test_reused_number_is_another_irq),
		TEST(test_shared_line_is_one_delivery),
		TEST(test_poll_is_no_interrupt),
		TEST(test_acknowledged_before_the_action),
		TEST(test_unhandled_run_ends_after_a_tenth_of_a_second),
		TEST(test_links_name_the_neighbours),
		TEST(test_parked_vector_is_no_link),
		TEST(test_harm_is_noted),
		TEST(test_level_eoi_missing),
		TEST(test_prompt_eoi_is_only_counted),
		TEST(test_two_cpus_two_acknowledgements),
		TEST(test_oneshot_never_finished),
		TEST(test_oneshot_excuses_the_mask),
		TEST(test_oneshot_finishes),
		TEST(test_spurious_disable_excuses_the_mask),
		TEST(test_pin_left_masked),
		TEST(test_eoi_by_vector),
		TEST(test_eoi_by_vector_matches),
		TEST(test_eoi_of_others),
		TEST(test_half_an_entry),
		TEST(test_route_follows_too_late),
		TEST(test_stale_vector_is_not_ended),
		TEST(test_route_comes_first),
		TEST(test_route_and_another_thread),
		TEST(test_route_without_threads),
		TEST(test_route_by_order_alone),
		TEST(test_route_updates_not_recorded),
		TEST(test_no_routes_no_debt),
		TEST(test_route_update_fails),
		TEST(test_reset_leaves_routes),
		TEST(test_route_gap),
		TEST(test_message_leaves),
		TEST(test_message_leaves_though_masked),
		TEST(test_message_held_back),
		TEST(test_message_held_back_perhaps),
		TEST(test_notifications_held_back),
		TEST(test_notifications_not_held_back),
		TEST(test_notifications_lost_otherwise),
		TEST(test_message_not_held_back),
		TEST(test_message_held_back_by_function),
		TEST(test_message_not_held_back_by_function),
		TEST(test_message_that_nobody_waits_for),
		TEST(test_message_of_irq_in_use),
		TEST(test_message_of_disabled_irq),
		TEST(test_message_of_a_known_irq),
		TEST(test_pin_without_eoi),
		TEST(test_pin_in_service),
		TEST(test_pin_rescued),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
