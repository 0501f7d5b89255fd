/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's stack of pending EOIs: the cells of its entries, what a replay makes of records, and what the bounded check finds. */
#include "unit/cells.h"
#include "unit/replay_bench.h"

#include "model/peoi.h"
#include "model/policy.h"
#include "model/vcpu.h"
#include "model/xirq.h"

/* ---------------------------------------------------------------------------------------------------- cells */

static void test_entry_cells(void **state)
{
	static const struct peoi_view empty = { .vector = 0x31, .top = -1 }, above = { .vector = 0x41, .top = 0x31 };
	static const struct peoi_view same_class = { .vector = 0x39, .top = 0x31 }, below = { .vector = 0x31, .top = 0x41 };
	static const struct peoi_view at_top = { .vector = 0x31, .top = 0x31 };
	static const struct expectation on_empty[] = {
		{ "pushed", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_PUSH, PEOI_WAITS, false },
		{ "pushed for the first time", PEOI_REGION_ENTRY, PEOI_UNKNOWN, PEOI_PUSH, PEOI_WAITS, false },
		{ "Xen's own", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_HANDLE, PEOI_HANDLED, false },
		{ "put off behind nothing", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_INSERT, PEOI_IS_READY, true },
		{ "acknowledged without need", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_READY, PEOI_ABSENT, false },
		{ "ended without being there", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_POP, PEOI_ABSENT, true },
		{ "not known, and passed", PEOI_REGION_ENTRY, PEOI_UNKNOWN, PEOI_PASSED, PEOI_ABSENT, false },
		{ "a hole", PEOI_REGION_ENTRY, PEOI_WAITS, PEOI_LOST, PEOI_UNKNOWN, false },
	};
	static const struct expectation on_higher[] = {
		{ "a higher class", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_PUSH, PEOI_WAITS, false },
	};
	static const struct expectation on_same[] = {
		{ "its own class", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_PUSH, PEOI_WAITS, true },
		{ "Xen's own, its class", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_HANDLE, PEOI_HANDLED, true },
	};
	static const struct expectation under_another[] = {
		{ "ready, and under another", PEOI_REGION_ENTRY, PEOI_IS_READY, PEOI_POP, PEOI_ABSENT, true },
		{ "handled by Xen meanwhile", PEOI_REGION_ENTRY, PEOI_HANDLED, PEOI_INSERT, PEOI_IS_READY, false },
		{ "handled by Xen, told of at its end", PEOI_REGION_ENTRY, PEOI_ABSENT, PEOI_INSERT, PEOI_IS_READY, false },
		{ "handled by Xen, and not at the top", PEOI_REGION_ENTRY, PEOI_HANDLED, PEOI_POP, PEOI_ABSENT, true },
		{ "its guests are done", PEOI_REGION_ENTRY, PEOI_WAITS, PEOI_READY, PEOI_IS_READY, false },
	};
	static const struct expectation alone[] = {
		{ "ended", PEOI_REGION_ENTRY, PEOI_IS_READY, PEOI_POP, PEOI_ABSENT, false },
		{ "ended while its guest is not done", PEOI_REGION_ENTRY, PEOI_WAITS, PEOI_POP, PEOI_ABSENT, true },
		{ "handled by Xen", PEOI_REGION_ENTRY, PEOI_HANDLED, PEOI_POP, PEOI_ABSENT, false },
		{ "forced", PEOI_REGION_ENTRY, PEOI_WAITS, PEOI_FORCED, PEOI_IS_READY, false },
		{ "ended unseen", PEOI_REGION_ENTRY, PEOI_WAITS, PEOI_PASSED, PEOI_ABSENT, false },
		{ "taken twice", PEOI_REGION_ENTRY, PEOI_WAITS, PEOI_PUSH, PEOI_WAITS, true },
		{ "its CPU goes offline", PEOI_REGION_ENTRY, PEOI_WAITS, PEOI_OFFLINE, PEOI_ABSENT, false },
	};

	(void)state;
	CHECK(&peoi_component, on_empty, &empty);
	CHECK(&peoi_component, on_higher, &above);
	CHECK(&peoi_component, on_same, &same_class);
	CHECK(&peoi_component, under_another, &below);
	CHECK(&peoi_component, alone, &at_top);
}

static void test_vcpu_cells(void **state)
{
	static const struct expectation list[] = {
		{ "runs", VCPU_REGION_RUN, VCPU_RUNNABLE, VCPU_RUNS, VCPU_RUNNING, false },
		{ "preempted", VCPU_REGION_RUN, VCPU_RUNNING, VCPU_PREEMPTED, VCPU_RUNNABLE, false },
		{ "blocks", VCPU_REGION_RUN, VCPU_RUNNING, VCPU_BLOCKS, VCPU_BLOCKED, false },
		{ "woken", VCPU_REGION_RUN, VCPU_BLOCKED, VCPU_WAKES, VCPU_RUNNABLE, false },
		{ "woken, from whatever it was", VCPU_REGION_RUN, VCPU_RUN_UNKNOWN, VCPU_WAKES, VCPU_RUNNABLE, false },
		{ "woken while it runs", VCPU_REGION_RUN, VCPU_RUNNING, VCPU_WAKES, VCPU_RUNNING, false },
		{ "offline", VCPU_REGION_RUN, VCPU_RUNNING, VCPU_OFFLINE, VCPU_IS_OFFLINE, false },
		{ "a hole", VCPU_REGION_RUN, VCPU_RUNNING, VCPU_LOST, VCPU_RUN_UNKNOWN, false },
		{ "asks", VCPU_REGION_WAITS, VCPU_WAITS_NOT, VCPU_ASKS_MODEL, VCPU_WAITS_MODEL, false },
		{ "asks a device", VCPU_REGION_WAITS, VCPU_WAITS_NOT, VCPU_ASKS_DEVICE, VCPU_WAITS_DEVICE, false },
		{ "asks again before the answer", VCPU_REGION_WAITS, VCPU_WAITS_MODEL, VCPU_ASKS_MODEL, VCPU_WAITS_MODEL, true },
		{ "answered", VCPU_REGION_WAITS, VCPU_WAITS_MODEL, VCPU_ANSWERED, VCPU_WAITS_NOT, false },
		{ "the device answered", VCPU_REGION_WAITS, VCPU_WAITS_DEVICE, VCPU_ANSWERED, VCPU_WAITS_NOT, false },
	};

	(void)state;
	CHECK(&vcpu_component, list, NULL);
}

/* What a dump shows of a pin is late either way; what the console has told stays. */
static void test_ack_types(void **state)
{
	static const struct expectation list[] = {
		{ "a message without a mask bit", XIRQ_REGION_ACK, XIRQ_ACK_UNKNOWN, XIRQ_SEE_EOI, XIRQ_ACK_EOI, false },
		{ "a pin", XIRQ_REGION_ACK, XIRQ_ACK_UNKNOWN, XIRQ_SEE_LATE, XIRQ_ACK_LATE, false },
		{ "old", XIRQ_REGION_ACK, XIRQ_ACK_LATE, XIRQ_SEE_UNMASK, XIRQ_ACK_UNMASK, false },
		{ "old, and dumped", XIRQ_REGION_ACK, XIRQ_ACK_UNMASK, XIRQ_SEE_LATE, XIRQ_ACK_UNMASK, false },
		{ "new, and dumped", XIRQ_REGION_ACK, XIRQ_ACK_EOI, XIRQ_SEE_LATE, XIRQ_ACK_EOI, false },
		{ "maskable, and put off all the same", XIRQ_REGION_ACK, XIRQ_ACK_EOI, XIRQ_SEE_AT_ONCE, XIRQ_ACK_EOI, false },
		{ "another irq", XIRQ_REGION_ACK, XIRQ_ACK_UNMASK, XIRQ_ASSIGN, XIRQ_ACK_UNKNOWN, false },
	};
	struct xirq_core core = { component_unknown(&xirq_component) };
	struct effects fx;

	(void)state;
	CHECK(&xirq_component, list, NULL);
	component_see(&xirq_component, &core.bits, XIRQ_REGION_ACK, XIRQ_ACK_UNMASK);
	component_see(&xirq_component, &core.bits, XIRQ_REGION_IN_FLIGHT, BIT_CLEAR);
	xirq_step(&core, XIRQ_ARRIVE, &fx);
	assert_int_equal(xirq_state(core, XIRQ_REGION_IN_FLIGHT), BIT_SET);
}

/* ---------------------------------------------------------------------------------------------------- replay */

#define DUMP(object, name, word) "0.5 - snapshot.field@shadow " object " field=\"" name "\" text=\"" word "\""
#define NUMBER(object, name, value) "0.5 - snapshot.field@shadow " object " field=\"" name "\" value=" value
/* irq 49, vector 0x31, of guest 1; irq 65, vector 0x41, of guest 2; irq 14, vector 0x21, of dom0: all on CPU 0 */
#define EOI_IRQ(number, vector, guest) \
	NUMBER("xirq:" number, "xen_irq.vector", vector), NUMBER("xirq:" number, "xen_irq.cpus", "1"), \
	DUMP("xirq:" number, "xen_msi.maskable", "no"), \
	"0.5 - snapshot.field@shadow xirq:" number " pirq:" guest "." number " field=\"feeds\""
#define DISK \
	NUMBER("xirq:14", "xen_irq.vector", "0x21"), NUMBER("xirq:14", "xen_irq.cpus", "1"), DUMP("xirq:14", "xen_irq.type", "IO-APIC-edge"), \
	"0.9 cpu0 xen.irq.handled@shadow xirq:14"
#define PENDING(t, vector) t " cpu0 xen.vector.pending@hardware vector:0." vector
#define HANDLED(t, irq) t " cpu0 xen.irq.handled@shadow xirq:" irq
#define ACKNOWLEDGED(t, pirq) t " cpu0 xen.pirq.eoi@shadow pirq:" pirq

static void test_what_waits_for_the_stack(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x31", "1"), DISK, HANDLED("1.0", "49"), PENDING("1.1", "0x21"), PENDING("1.2", "0x21"),
			PENDING("1.5", "0x21"), ACKNOWLEDGED("2.0", "1.49"), HANDLED("2.1", "14")));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_ns, 1100000000);
	assert_int_equal(b->obligation[0].end_ns, 2000000000);
	assert_int_equal(b->obligation[0].owed_ns, 900000000);
	assert_int_equal(b->obligation[0].opportunities, 2);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_false(b->obligation[0].guard_unknown);
	assert_string_equal(b->obligation[0].ended_by, "EOI given");
}

/* Guest 1 is done, but its EOI stands under that of guest 2, who is not: EOIs are given from the top. */
static void test_inversion_inside_the_stack(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x31", "1"), EOI_IRQ("65", "0x41", "2"), DISK, HANDLED("1.0", "49"), HANDLED("1.1", "65"),
			ACKNOWLEDGED("1.2", "1.49"), PENDING("1.3", "0x21"), PENDING("1.4", "0x21"), ACKNOWLEDGED("2.0", "2.65"),
			HANDLED("2.1", "14")));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].end_ns, 2000000000);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
}

/* What is of a higher class does not wait, what is handled in between neither; and the irq's own next one is another matter. */
static void test_what_does_not_wait(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x31", "1"), EOI_IRQ("65", "0x41", "2"), DISK, HANDLED("0.95", "65"), ACKNOWLEDGED("0.96", "2.65"),
			HANDLED("1.0", "49"), PENDING("1.1", "0x41"), PENDING("1.2", "0x41"), PENDING("1.3", "0x31"),
			PENDING("1.4", "0x31"), PENDING("1.5", "0x21"), HANDLED("1.6", "14"), PENDING("1.7", "0x21"), HANDLED("1.8", "14")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
}

/* What is handled proves that its class is free: the EOI was given unseen, by Xen's timer maybe. */
static void test_end_unseen(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x31", "1"), DISK, HANDLED("1.0", "49"), HANDLED("1.001", "14"), PENDING("1.1", "0x21"),
			PENDING("1.2", "0x21")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
}

/* Xen's own irq ends while guest 1's stands above it: its EOI is given behind that. */
static void test_own_irq_is_put_in_its_place(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x51", "1"), DISK, NUMBER("xirq:30", "xen_irq.vector", "0x41"), DUMP("xirq:30", "xen_irq.action", "xen"),
			HANDLED("1.0", "49"), HANDLED("1.1", "30"), PENDING("1.2", "0x21"), PENDING("1.3", "0x21"),
			ACKNOWLEDGED("2.0", "1.49"), HANDLED("2.1", "14")));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->nr_obligations, 1);
	assert_false(b->obligation[0].guard_unknown);
	assert_int_equal(b->obligation[0].end_ns, 2000000000);
}

static void test_timer_ends_it(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x31", "1"), DISK, HANDLED("1.0", "49"), PENDING("1.1", "0x21"), PENDING("1.2", "0x21"),
			"1.3 cpu0 xen.eoi_timer@shadow xirq:49", PENDING("1.4", "0x21"), PENDING("1.5", "0x21")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].end_ns, 1300000000);
}

/* Who is in service is not known: by irqs whose type no dump tells, by a hole; or the one that waits may not be handled at all. */
static void test_what_is_not_certain(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x31", "1"), DISK, NUMBER("xirq:70", "xen_irq.vector", "0x51"), HANDLED("1.0", "49"),
			HANDLED("1.01", "70"), PENDING("1.1", "0x21"), PENDING("1.2", "0x21"), "1.3..1.4 cpu0 lost@shadow cpu:0 count=3",
			PENDING("1.5", "0x21"), PENDING("1.6", "0x21")));
	assert_int_equal(b->nr_obligations, 2);
	assert_true(b->obligation[0].guard_unknown && b->obligation[1].guard_unknown);
	assert_int_equal(b->obligation[0].ending, ENDING_UNKNOWN);
	assert_int_equal(b->obligation[1].ending, ENDING_OPEN);
}

static void test_vector_that_nobody_handles(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES(EOI_IRQ("49", "0x31", "1"), HANDLED("1.0", "49"), PENDING("1.1", "0x29"), PENDING("1.2", "0x29"),
			PENDING("1.3", "0xfa"), PENDING("1.4", "0xfa"), PENDING("1.5", "0x22")));
	assert_int_equal(b->nr_obligations, 1);
	assert_true(b->obligation[0].guard_unknown);
}

/* What other machines' local APICs accept has no stack. */
static void test_no_stack_but_xens(void **state)
{
	struct bench *b = *state;

	b->kind = "eoi-stack";
	replay(b, LINES("1.0 cpu0 lapic.accept@hardware vector:0.0x41 vector=65", "1.1 cpu0 lapic.accept@hardware vector:0.0x41 vector=65"));
	for (unsigned i = 0; i < b->nr_objects; i++)
		assert_int_not_equal(b->object[i].ref.kind, OBJ_PEOI);
}

#define STOPS(t, reason) t " cpu0 sched.vcpu_stops@shadow vcpu:1.0 cpu:0 reason=\"" reason "\""
#define RUNS(t) t " cpu0 sched.vcpu_runs@shadow vcpu:1.0 cpu:0"
#define WAKES(t) t " cpu0 sched.vcpu_wakes@shadow vcpu:1.0"

static const struct span_row *span_of(const struct bench *b, const char *field, const char *state)
{
	const struct span_row *found = NULL;

	for (unsigned i = 0; i < b->nr_spans; i++) {
		if (strcmp(b->span[i].component, "vcpu") || strcmp(b->span[i].field, field) || strcmp(b->span[i].state, state))
			continue;
		assert_null(found);
		found = &b->span[i];
	}
	return found;
}

/* What lasts less than a tenth of a second is not written down, and nothing of it as a step. */
static void test_where_vcpus_are(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(RUNS("1.0"), STOPS("1.01", "runnable"), RUNS("1.02"), STOPS("1.03", "blocked"), WAKES("1.04"), RUNS("1.05"),
			STOPS("1.1", "blocked"), WAKES("1.3"), RUNS("1.31"), STOPS("1.4", "offline")));
	assert_int_equal(b->nr_unexpected, 0);
	assert_null(span_of(b, "run", "running"));
	assert_null(span_of(b, "run", "runnable"));
	assert_int_equal(span_of(b, "run", "blocked")->start_ns, 1100000000);
	assert_int_equal(span_of(b, "run", "blocked")->end_ns, 1300000000);
	assert_int_equal(span_of(b, "run", "blocked")->ending, ENDING_DISCHARGED);
	assert_int_equal(span_of(b, "run", "offline")->start_ns, 1400000000);
	assert_int_equal(span_of(b, "run", "offline")->ending, ENDING_OPEN);
}

/* In the middle of an access that its device model must answer; a hole hides whether it has. */
static void test_vcpu_waits_for_its_device_model(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(RUNS("1.05"), STOPS("1.1", "device model"), STOPS("1.15", "offline"), WAKES("1.3"), RUNS("1.35"),
			STOPS("1.44", "device model"), "1.7..1.8 cpu0 lost@shadow cpu:0 count=3",
			"1.85 cpu0 sched.vcpu_stops@intent vcpu:1.0 cpu:0", "1.9 cpu0 mark@hardware text=\"end\""));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->span[0].start_ns, 1150000000);
	assert_string_equal(b->span[0].state, "offline");
	assert_int_equal(b->span[1].start_ns, 1100000000);
	assert_int_equal(b->span[1].end_ns, 1300000000);
	assert_string_equal(b->span[1].state, "device model");
	assert_int_equal(b->span[1].ending, ENDING_DISCHARGED);
	for (unsigned i = 3; i < b->nr_spans; i++) {
		assert_int_equal(b->span[i].start_ns, 1440000000);
		assert_int_equal(b->span[i].ending, ENDING_UNKNOWN);
	}
}

/* ---------------------------------------------------------------------------------------------------- bounded check */

static const struct path_part *part_named(const char *name)
{
	for (unsigned i = 0; path_parts[i]; i++)
		if (!strcmp(path_parts[i]->name, name))
			return path_parts[i];
	fail_msg("no part %s", name);
	return NULL;
}

static struct check_result result;

/* The wait-for ring of 2008, with its members. */
static void test_ring_of_2008(void **state)
{
	static const char *const members[] = { "interrupt of dom0's disk, vector 0x21", "EOI of vector 0x31", "guest 1", "dom0" };
	struct check_options opt = {
		.part = part_named("dom0-pv/eoi"), .quirks = quirks_normal(), .units = 3, .cpus = 1, .max_states = 1000000,
	};
	struct path_wait ring[CHECK_MAX_RING];

	(void)state;
	quirk_set(&opt.quirks, QUIRK_XEN_MASK_MSI_ON_ACK, false);
	quirk_set(&opt.quirks, QUIRK_XEN_EOI_TIMEOUT, false);
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	assert_string_equal(result.broken->name, "deliverable");
	assert_int_equal(check_ring(&opt, &result, ring), 4);
	for (unsigned i = 0; i < 4; i++)
		assert_string_equal(ring[i].who, members[i]);
	quirk_set(&opt.quirks, QUIRK_XEN_EOI_TIMEOUT, true);
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_CLEAN);
	assert_int_equal(check_ring(&opt, &result, ring), 0);
}

static void test_policies(void **state)
{
	static const struct {
		const char *name;
		bool deadlock, storm;
		enum policy_stall stall;
	} known[] = {
		{ "EOI waits for the guest (patches of 2008)", true, false, STALL_FOR_EVER },
		{ "EOI at once, nothing masked", false, true, STALL_NONE },
		{ "EOI waits, dom0 has its own CPU", false, false, STALL_NONE },
		{ "EOI waits, a timer forces it", false, false, STALL_TIMER },
		{ "EOI at once, masked if need be (Xen 3.3)", false, false, STALL_NONE },
		{ "the same, and messages without a mask bit", true, false, STALL_FOR_EVER },
		{ "the same, those by disabling MSI (Xen 3.3)", false, false, STALL_NONE },
		{ "the same, and level lines, ioapic_ack=old", false, false, STALL_NONE },
		{ "the same, and level lines, ioapic_ack=new", true, false, STALL_FOR_EVER },
		{ "today, without the rate limit", false, true, STALL_TIMER },
		{ "today (4.2 and later), directed EOI", false, false, STALL_TIMER },
		{ "today (4.2 and later), ioapic_ack=old", false, false, STALL_TIMER },
		{ "today (4.2 and later), ioapic_ack=new", false, false, STALL_TIMER },
	};
	const struct path_part *part = part_named("dom0-pv/eoi");

	(void)state;
	assert_int_equal(part->nr_policies, sizeof(known) / sizeof(known[0]));
	for (unsigned i = 0; i < part->nr_policies; i++) {
		struct policy_result got;

		assert_string_equal(part->policies[i].name, known[i].name);
		policy_measure(part, &part->policies[i], 1000000, &got, &result);
		assert_false(got.failed);
		assert_int_equal(got.deadlock, known[i].deadlock);
		assert_int_equal(got.storm, known[i].storm);
		assert_int_equal(got.stall, known[i].stall);
	}
}

/* Before 4.13: the EOI of Xen's own irq ended what stood above it. */
static void test_own_irqs_off_the_stack(void **state)
{
	struct check_options opt = {
		.part = part_named("dom0-pv/eoi"), .quirks = quirks_normal(), .units = 4, .cpus = 1, .max_states = 1000000,
	};

	(void)state;
	quirk_set(&opt.quirks, QUIRK_XEN_OWN_IRQS_ON_STACK, false);
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	assert_string_equal(result.broken->name, "order");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entry_cells),
		cmocka_unit_test(test_vcpu_cells), TEST(test_where_vcpus_are), TEST(test_vcpu_waits_for_its_device_model),
		cmocka_unit_test(test_ack_types),
		TEST(test_what_waits_for_the_stack),
		TEST(test_inversion_inside_the_stack),
		TEST(test_what_does_not_wait),
		TEST(test_end_unseen),
		TEST(test_own_irq_is_put_in_its_place),
		TEST(test_timer_ends_it),
		TEST(test_what_is_not_certain),
		TEST(test_vector_that_nobody_handles),
		TEST(test_no_stack_but_xens),
		cmocka_unit_test(test_ring_of_2008),
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_own_irqs_off_the_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
