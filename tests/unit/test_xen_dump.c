/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dump of Xen shows beside vectors and masks: the status word, numbers, messages, and how pins are acknowledged. */
#include "unit/cells.h"
#include "unit/dump_lines.h"
#include "unit/replay_bench.h"

#include "model/vcpu.h"
#include "model/xirq.h"
#include "model/xstat.h"

/* The nr-th row of a field; fails where there are fewer. */
static enum dump_result result_of(const struct bench *b, const char *field, unsigned nr)
{
	for (unsigned i = 0; i < b->nr_checks; i++)
		if (!strcmp(b->check[i].field, field) && !nr--)
			return b->check[i].result;
	fail_msg("no more rows of %s", field);
	return DUMP_SEEDED;
}

static void test_status_word_cells(void **state)
{
	static const struct expectation disabled[] = {
		{ "given, to whom is not told", XSTAT_REGION_DISABLED, BIT_SET, XSTAT_GIVEN, BIT_UNKNOWN, false },
		{ "started", XSTAT_REGION_DISABLED, BIT_SET, XSTAT_STARTED, BIT_CLEAR, false },
		{ "last guest gone", XSTAT_REGION_DISABLED, BIT_CLEAR, XSTAT_STOPPED, BIT_SET, false },
		{ "what is handled is somebody's", XSTAT_REGION_DISABLED, BIT_UNKNOWN, XSTAT_HANDLED, BIT_CLEAR, false },
		{ "taken unseen", XSTAT_REGION_DISABLED, BIT_SET, XSTAT_TAKEN_UNSEEN, BIT_UNKNOWN, false },
		{ "a hole", XSTAT_REGION_DISABLED, BIT_SET, XSTAT_LOST, BIT_UNKNOWN, false },
	};
	static const struct expectation others[] = {
		{ "the handler has ended", XSTAT_REGION_RUNS, BIT_SET, XSTAT_HANDLED, BIT_CLEAR, false },
		{ "and what came meanwhile", XSTAT_REGION_PENDING, BIT_SET, XSTAT_HANDLED_AT_ONCE, BIT_CLEAR, false },
		{ "moved when it arrives", XSTAT_REGION_TO_MOVE, BIT_SET, XSTAT_HANDLED_AT_ONCE, BIT_CLEAR, false },
		{ "a level pin may have to wait", XSTAT_REGION_TO_MOVE, BIT_SET, XSTAT_HANDLED, BIT_SET, false },
		{ "a new irq", XSTAT_REGION_TO_MOVE, BIT_UNKNOWN, XSTAT_GIVEN, BIT_CLEAR, false },
		{ "a hole", XSTAT_REGION_RUNS, BIT_CLEAR, XSTAT_LOST, BIT_UNKNOWN, false },
	};

	(void)state;
	CHECK(&xstat_component, disabled, NULL);
	CHECK(&xstat_component, others, NULL);
}

static void test_status_word_follows(void **state)
{
	struct xirq_core irq = { .bits = component_unknown(&xirq_component) }, at_once = irq;
	struct effects fx;

	(void)state;
	xirq_step(&at_once, XIRQ_SEE_AT_ONCE, &fx);
	assert_int_equal(xstat_input_of(irq, XIRQ_ARRIVE), XSTAT_HANDLED);
	assert_int_equal(xstat_input_of(at_once, XIRQ_ARRIVE_NEW), XSTAT_HANDLED_AT_ONCE);
	assert_int_equal(xstat_input_of(irq, XIRQ_ASSIGN), XSTAT_GIVEN);
	assert_int_equal(xstat_input_of(irq, XIRQ_GUEST_BIND), XSTAT_STARTED);
	assert_int_equal(xstat_input_of(irq, XIRQ_XEN_BIND), XSTAT_STARTED);
	assert_int_equal(xstat_input_of(irq, XIRQ_GUEST_UNBIND), XSTAT_STOPPED);
	assert_int_equal(xstat_input_of(irq, XIRQ_CLEAR), XSTAT_LOST);
	assert_int_equal(xstat_input_of(irq, XIRQ_MOVE_TO), -1);
}

/* Compared where something is believed: a guest's bind starts the irq; what lasts a moment is not compared at all. */
static void test_status_bits_are_compared(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIELD("0.5", "xirq:27", "xen_irq.action", "none"), FIELD("0.5", "xirq:27", "xen_status.disabled", "yes"),
			FIELD("0.5", "xirq:27", "xen_status.move_pending", "yes"), FEEDS("0.5", "xirq:27", "pirq:0.412"),
			"1.0 cpu0 xen.pirq.bind@shadow pirq:0.412 port:0.27", FIELD("2.0", "xirq:27", "xen_irq.action", "guest"),
			FIELD("2.0", "xirq:27", "xen_status.disabled", "no"), FIELD("2.0", "xirq:27", "xen_status.move_pending", "no"),
			FIELD("3.0", "xirq:27", "xen_irq.action", "none"), FIELD("3.0", "xirq:27", "xen_status.disabled", "yes"),
			FIELD("4.0", "xirq:27", "xen_status.disabled", "no")));
	assert_int_equal(result_of(b, "disabled", 0), DUMP_SEEDED);
	assert_int_equal(result_of(b, "disabled", 1), DUMP_AGREED);
	/* it was left unseen, as the row before says: nothing is believed of what follows */
	assert_int_equal(result_of(b, "disabled", 2), DUMP_SEEDED);
	assert_int_equal(result_of(b, "disabled", 3), DUMP_NEWS);
	assert_int_equal(result_of(b, "move_pending", 0), DUMP_SEEDED);
	assert_int_equal(result_of(b, "move_pending", 1), DUMP_SEEDED);
}

/* The first guest is one; of those behind it records do not tell whether they are others. */
static void test_number_of_guests(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIELD("0.5", "xirq:22", "xen_irq.action", "none"), FEEDS("0.5", "xirq:22", "pirq:0.22"),
			"1.0 cpu0 xen.pirq.bind@shadow pirq:0.22 port:0.27", NUMBER("2.0", "xirq:22", "xen_irq.guests", "1"),
			FEEDS("2.5", "xirq:22", "pirq:1.22"), "3.0 cpu0 xen.pirq.bind@shadow pirq:1.22 port:1.7",
			NUMBER("4.0", "xirq:22", "xen_irq.guests", "2"), NUMBER("5.0", "xirq:22", "xen_irq.guests", "1"),
			"6.0 cpu0 xen.irq.clear@shadow xirq:22 vector=97", NUMBER("7.0", "xirq:23", "xen_irq.guests", "0")));
	assert_int_equal(result_of(b, "guests", 0), DUMP_AGREED);
	assert_int_equal(result_of(b, "guests", 1), DUMP_SEEDED);
	assert_int_equal(result_of(b, "guests", 2), DUMP_NEWS);
	assert_int_equal(result_of(b, "guests", 3), DUMP_SEEDED);
}

/* One guest's number is known from records; of several only that there are some. A dump settles what records leave open. */
static void test_number_in_flight(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIELD("0.5", "xirq:22", "xen_irq.type", "IO-APIC-level"), FIELD("0.5", "xirq:22", "xen_irq.action", "guest"),
			FEEDS("0.5", "xirq:22", "pirq:0.22"), NUMBER("0.5", "xirq:22", "xen_irq.in_flight", "0"),
			NUMBER("0.5", "xirq:22", "xen_irq.guests", "1"), "1.0 cpu0 xen.irq.handled@shadow xirq:22",
			NUMBER("2.0", "xirq:22", "xen_irq.in_flight", "1"), "2.5 cpu0 xen.pirq.eoi@shadow pirq:0.22",
			NUMBER("3.0", "xirq:22", "xen_irq.in_flight", "0"), NUMBER("4.0", "xirq:22", "xen_irq.in_flight", "1"),
			NUMBER("5.0", "xirq:22", "xen_irq.in_flight", "1")));
	assert_int_equal(result_of(b, "in_flight", 0), DUMP_SEEDED);
	assert_int_equal(result_of(b, "in_flight", 1), DUMP_AGREED);
	assert_int_equal(result_of(b, "in_flight", 2), DUMP_AGREED);
	assert_int_equal(result_of(b, "in_flight", 3), DUMP_NEWS);
	assert_int_equal(result_of(b, "in_flight", 4), DUMP_AGREED);
}

/* A message encodes its irq's vector, a pin's entry that of the irq that it feeds. */
static void test_vectors_of_messages_and_pins(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(NUMBER("1.0", "xirq:27", "xen_irq.vector", "0xd0"), NUMBER("1.0", "xirq:27", "xen_msi.vector", "0xd0"),
			FEEDS("1.0", "pin:0.22", "xirq:22"), NUMBER("1.0", "pin:0.22", "ioapic_pin.vector", "0x31"),
			NUMBER("2.0", "xirq:22", "xen_irq.vector", "0x31"), NUMBER("2.0", "pin:0.22", "ioapic_pin.vector", "0x31"),
			"3.0 cpu0 xen.irq.assign@shadow xirq:27 vector=97 cpumask=0x4", NUMBER("4.0", "xirq:27", "xen_msi.vector", "0xd0"),
			NUMBER("4.0", "pin:0.22", "ioapic_pin.vector", "0x39")));
	assert_int_equal(result_of(b, "vector", 0), DUMP_SEEDED);
	assert_int_equal(result_of(b, "vector", 1), DUMP_AGREED);
	assert_int_equal(result_of(b, "vector", 2), DUMP_SEEDED);
	assert_int_equal(result_of(b, "vector", 4), DUMP_AGREED);
	assert_int_equal(result_of(b, "vector", 5), DUMP_DIFFERS);
	assert_int_equal(result_of(b, "vector", 6), DUMP_DIFFERS);
}

/* The words that a message is printed as; gone with the irq. */
static void test_message_of_a_xen_irq(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIELD("1.0", "xirq:27", "message_fields.delivery_mode", "fixed"), FIELD("1.0", "xirq:27", "message_fields.trigger", "edge"),
			FIELD("2.0", "xirq:27", "message_fields.delivery_mode", "fixed"), FIELD("2.0", "xirq:27", "message_fields.trigger", "level"),
			"3.0 cpu0 xen.irq.clear@shadow xirq:27 vector=208", "3.1 cpu0 lost@shadow cpu:0 count=1",
			FIELD("4.0", "xirq:27", "message_fields.delivery_mode", "lowest priority")));
	assert_int_equal(result_of(b, "delivery_mode", 0), DUMP_SEEDED);
	assert_int_equal(result_of(b, "delivery_mode", 1), DUMP_AGREED);
	assert_int_equal(result_of(b, "trigger", 1), DUMP_NEWS);
	assert_int_equal(result_of(b, "delivery_mode", 2), DUMP_SEEDED);
}

/* A message of the MSI capability with mask bits: the wishes and its bit are kept as those of an MSI-X entry are. */
static void test_mask_bit_of_msi(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIELD("1.0", "xirq:24", "xen_msi.maskable", "yes"), FIELD("1.0", "xirq:24", "xen_msi.host_mask", "unmasked"),
			FIELD("1.0", "xirq:24", "xen_msi.guest_mask", "unmasked"), FIELD("1.0", "xirq:24", "msi_message.mask", "masked"),
			"2.0 cpu0 xen.irq.handled@shadow xirq:24", FIELD("3.0", "xirq:24", "msi_message.mask", "unmasked"),
			FIELD("3.0", "xirq:24", "xen_msi.host_mask", "unmasked")));
	assert_int_equal(result_of(b, "mask", 0), DUMP_SEEDED);
	assert_int_equal(result_of(b, "mask", 1), DUMP_AGREED);
	assert_int_equal(result_of(b, "host_mask", 1), DUMP_AGREED);
}

static const char *last_ack(const struct bench *b)
{
	const char *ack = NULL;

	for (unsigned i = 0; i < b->nr_spans; i++)
		if (!strcmp(b->span[i].field, "ack_type"))
			ack = b->span[i].state;
	return ack;
}

/* Xen's console says it when it boots: for the pins that are known then, and for those behind. */
static void test_level_pins_as_the_console_tells(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIELD("1.0", "cpu:0", "xen_ioapic.ack_method", "new"), FIELD("2.0", "xirq:22", "xen_irq.type", "IO-APIC-level")));
	assert_string_equal(last_ack(b), "eoi");
	replay(b, LINES(FIELD("1.0", "xirq:22", "xen_irq.type", "IO-APIC-level"), FIELD("2.0", "cpu:0", "xen_ioapic.ack_method", "directed")));
	assert_string_equal(last_ack(b), "unmask");
	replay(b, LINES(FIELD("1.0", "xirq:22", "xen_irq.type", "IO-APIC-level"), FIELD("2.0", "cpu:0", "xen_ioapic.ack_method", "old"),
			FIELD("3.0", "xirq:22", "xen_irq.type", "IO-APIC-level")));
	assert_string_equal(last_ack(b), "unmask");
	replay(b, LINES(FIELD("1.0", "xirq:22", "xen_irq.type", "IO-APIC-level")));
	assert_string_equal(last_ack(b), "late");
}

/* Whether an event is pending for a vCPU is so when it is dumped, and of no meaning once it has run. */
static void test_upcalls_of_a_vcpu(void **state)
{
	static const struct expectation shared[] = {
		{ "it runs", VCPU_REGION_UPCALL, BIT_SET, VCPU_RUNS, BIT_UNKNOWN, false },
		{ "it runs", VCPU_REGION_MASK, BIT_SET, VCPU_RUNS, BIT_UNKNOWN, false },
		{ "a hole", VCPU_REGION_UPCALL, BIT_CLEAR, VCPU_LOST, BIT_UNKNOWN, false },
	};
	struct bench *b = *state;

	CHECK(&vcpu_component, shared, NULL);
	replay(b, LINES(FIELD("1.0", "vcpu:0.1", "vcpu.upcall_pending", "yes"), FIELD("1.0", "vcpu:0.1", "vcpu.run", "blocked"),
			FIELD("2.0", "vcpu:0.1", "vcpu.upcall_pending", "no"), FIELD("2.0", "vcpu:0.1", "vcpu.run", "running")));
	assert_int_equal(result_of(b, "upcall_pending", 1), DUMP_SEEDED);
	assert_int_equal(result_of(b, "run", 1), DUMP_SEEDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_word_cells),
		cmocka_unit_test(test_status_word_follows),
		TEST(test_status_bits_are_compared),
		TEST(test_number_of_guests),
		TEST(test_number_in_flight),
		TEST(test_vectors_of_messages_and_pins),
		TEST(test_message_of_a_xen_irq),
		TEST(test_mask_bit_of_msi),
		TEST(test_level_pins_as_the_console_tells),
		TEST(test_upcalls_of_a_vcpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
