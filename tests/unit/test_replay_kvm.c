/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replay of what a KVM host records of its guest's controllers. */
#include "unit/replay_bench.h"

#define PIN(t, rest) t " - kvm.pin@hardware guest/pin:0.19 " rest
#define ACK(t) t " - kvm.ack@hardware guest/pin:0.19"
#define AGAIN(t) t " - kvm.accept@hardware guest/vector:0.0x23 guest/pin:0.19 vector=35 level=1 mode=0"
#define FIRST PIN("1.0", "rte=0x8023 level=1 vector=35"), PIN("1.0001", "rte=0xc023 level=0"), ACK("1.0002")

static const struct object_row *pin_row(const struct bench *b)
{
	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].ref.kind == OBJ_PIN)
			return &b->object[i];
	return NULL;
}

static bool had_span(const struct bench *b, const char *field, const char *state)
{
	for (unsigned i = 0; i < b->nr_spans; i++)
		if (!strcmp(b->span[i].field, field) && !strcmp(b->span[i].state, state))
			return true;
	return false;
}

/* Until an EOI has been seen to reach a pin, nothing is owed. */
static void test_ends_must_be_seen(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(PIN("1.0", "rte=0x8023 level=1 vector=35"), PIN("1.1", "rte=0xc023 level=0"), PIN("2.0", "rte=0xc023 level=1"),
			PIN("9.0", "rte=0xc023 level=0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(pin_row(b)->path, PATH_KVM_FULL);
	assert_int_equal(pin_row(b)->ref.machine, MACHINE_GUEST);
}

static void test_no_eoi_reaches_the_pin(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(FIRST, PIN("2.0", "rte=0x8023 level=1 vector=35"), PIN("2.1", "rte=0xc023 level=0"),
			PIN("3.0", "rte=0xc023 level=1"), PIN("9.0", "rte=0xc023 level=0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].trigger_event, event_id(1, 4, 0));
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 6, 0));
}

/* Entries show remote IRR themselves: where it is clear, an EOI came, recorded or not. */
static void test_entry_shows_the_end(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(FIRST, PIN("2.0", "rte=0x8023 level=1 vector=35"), PIN("2.1", "rte=0xc023 level=0"),
			PIN("9.0", "rte=0x8023 level=1")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
}

/* Behind an EOI, what is still asserted is sent again without another setting of the line. */
static void test_sent_again(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(FIRST, PIN("2.0", "rte=0x8023 level=1 vector=35"), ACK("2.0001"), AGAIN("2.0002"), PIN("9.0", "rte=0xc023 level=0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_event, event_id(1, 6, 0));
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
}

/* What was accepted has another vector than the entry, or was refused by its mask: it is not the pin's. */
static void test_not_the_pins_message(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(FIRST, PIN("2.0", "rte=0x8023 level=1 vector=36"), PIN("2.1", "rte=0x8023 level=0"),
			PIN("3.0", "rte=0x18023 level=1 vector=35"), PIN("9.0", "rte=0x18023 level=0")));
	assert_int_equal(b->nr_obligations, 0);
}

/* One source lowers a line that another still asserts. */
static void test_line_has_sources(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(FIRST, PIN("2.0", "rte=0x8023 level=1 line_source=0 vector=35"), PIN("2.0001", "rte=0xc023 level=1 line_source=2"),
			PIN("2.0002", "rte=0xc023 level=0 line_source=2"), PIN("2.0003", "rte=0xc023 level=1 line_source=0"), ACK("2.0004"),
			PIN("3.0", "rte=0x8023 level=0 line_source=0")));
	assert_int_equal(b->nr_obligations, 0);
	b->nr_obligations = 0;
	replay(b, LINES(FIRST, PIN("2.0", "rte=0x8023 level=1 line_source=0 vector=35"), PIN("2.1", "rte=0xc023 level=0 line_source=0"),
			PIN("2.2", "rte=0xc023 level=1 line_source=2"), PIN("9.0", "rte=0xc023 level=0 line_source=2")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 6, 0));
}

/* ------------------------------------------------------------------------------------------ QEMU's IO-APIC */

#define LINE(t) t " - kvm.line@hardware guest/gsi:23 level=1 line_source=0"
#define ROUTE(t, data) \
	t " - kvm.accept@hardware guest/vector:0.0x71 guest/kroute:23 vector=113 level=1 mode=0 addr_lo=0xfee00000 data=" data
#define EOI_EXIT(t) t " - kvm.eoi_exit@hardware guest/vector:0.0x71 vector=113"
#define RTE(t, value) t " cpu0/41 ioapic.rte_write@hardware guest/pin:0.23 rte=" value " mask=0xffffffff"
#define RTE_HIGH(t) t " cpu0/41 ioapic.rte_write@hardware guest/pin:0.23 rte=0x0 mask=0xffffffff00000000"
#define HEALTHY LINE("1.0"), ROUTE("1.0001", "0x8071"), EOI_EXIT("1.0002")

static void test_exit_ends_it(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(HEALTHY, LINE("2.0"), ROUTE("2.0001", "0x8071"), EOI_EXIT("2.0002"), LINE("3.0"), ROUTE("3.01", "0x8071")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_event, event_id(1, 7, 0));
	assert_int_equal(pin_row(b)->path, PATH_KVM_SPLIT);
}

/* A line that fires with remote IRR believed set: its end was not recorded. */
static void test_fires_again_without_exit(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(HEALTHY, LINE("2.0"), ROUTE("2.01", "0x8071"), LINE("9.0"), ROUTE("9.0001", "0x8071"), EOI_EXIT("9.0002")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_event, event_id(1, 4, 0));
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
}

/* QEMU's writes and KVM's messages in one trace: the message itself shows another vector than the entry. */
static void test_message_of_another_route(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(RTE_HIGH("0.1"), RTE("0.2", "0x8071"), HEALTHY, RTE("2.0", "0x18081"), RTE("2.1", "0x8081"), LINE("2.2"),
			ROUTE("2.21", "0x8071")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 7, 0));
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 8, 0));
	assert_true(had_span(b, "route", "vector"));
}

static void test_message_of_the_entry(void **state)
{
	struct bench *b = *state;

	b->kind = "kroute-update";
	replay(b, LINES(RTE_HIGH("0.1"), RTE("0.2", "0x8071"), HEALTHY, LINE("2.2"), ROUTE("2.21", "0x8071")));
	assert_int_equal(b->nr_obligations, 0);
	assert_true(had_span(b, "route", "as the entry"));
}

/* Where QEMU tells of remote IRR itself, the exit alone ends nothing: the entry may have another vector by then. */
static void test_exit_that_matches_no_entry(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(RTE_HIGH("0.1"), RTE("0.2", "0x8071"), "0.3 cpu0/41 kvm.route_update@shadow guest/kroute:23",
			"0.4 cpu0/41 ioapic.remote_irr@hardware guest/pin:0.23 value=0x1", LINE("0.5"), ROUTE("0.51", "0x8071"),
			EOI_EXIT("0.6"), "0.7 cpu0/41 ioapic.remote_irr@hardware guest/pin:0.23 value=0x0", RTE("2.0", "0x8081"),
			"2.1 cpu0/41 ioapic.remote_irr@hardware guest/pin:0.23 value=0x1", LINE("2.2"), ROUTE("2.21", "0x8071"),
			EOI_EXIT("3.0"), "9.0 - ioapic.line@hardware guest/pin:0.23 level=0"));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
}

/* QEMU's call and KVM's record of it are one firing. */
static void test_line_told_twice(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(HEALTHY, "2.0 cpu0/41 ioapic.remote_irr@hardware guest/pin:0.23 value=0x1",
			"2.01 cpu0/41 kvm.line@inferred guest/gsi:23 level=1", LINE("2.02"), ROUTE("2.03", "0x8071"),
			"9.0 - ioapic.line@hardware guest/pin:0.23 level=0"));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_event, event_id(1, 4, 0));
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
}

/* ------------------------------------------------------------------------------------------ VFIO */

#define VFIO(t, what) t " - vfio." what
#define ENTRY(n) " vfio:0000:03:00.0[" n "]"
#define ALL_ON(t) VFIO(t, "msix@shadow" ENTRY("0") " enable=1")
#define USE(t, n) VFIO(t, "vector_use@shadow" ENTRY(n))
#define RELEASE(t, n) VFIO(t, "vector_release@shadow" ENTRY(n))
#define VFIO_FIRES(t, n) VFIO(t, "vector_fire@shadow" ENTRY(n))

static const struct span_row *last_span(const struct bench *b, const char *field, uint32_t object)
{
	const struct span_row *last = NULL;

	for (unsigned i = 0; i < b->nr_spans; i++)
		if (!strcmp(b->span[i].field, field) && b->span[i].object == object)
			last = &b->span[i];
	return last;
}

static uint32_t vfio_object(const struct bench *b, unsigned entry)
{
	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].ref.kind == OBJ_VFIO && object_entry_index(b->object[i].ref.id) == entry)
			return b->object[i].id;
	fail_msg("no vector %u", entry);
	return 0;
}

/* What fires while the guest has it masked waits for its next use; other vectors are left alone. */
static void test_vfio_masked_vector(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(USE("1.0", "0"), RELEASE("1.1", "0"), ALL_ON("1.2"), USE("2.0", "1"), USE("2.0", "2"), RELEASE("3.0", "1"),
			VFIO_FIRES("4.0", "1"), VFIO_FIRES("4.1", "2"), USE("5.0", "1")));
	assert_int_equal(b->nr_unexpected, 0);
	assert_true(had_span(b, "pending", "set"));
	assert_string_equal(last_span(b, "pending", vfio_object(b, 1))->state, "clear");
	assert_string_equal(last_span(b, "use", vfio_object(b, 1))->state, "used");
	assert_string_equal(last_span(b, "pending", vfio_object(b, 2))->state, "clear");
	assert_string_equal(last_span(b, "msix", vfio_object(b, 0))->state, "on");
}

/* All vectors of the function go with MSI-X; the window closes for all of them. */
static void test_vfio_function(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(USE("1.0", "0"), USE("1.0", "1"), ALL_ON("1.2"), RELEASE("2.0", "1"), VFIO_FIRES("3.0", "1"),
			VFIO("4.0", "window@shadow" ENTRY("0") " enable=0"), VFIO("5.0", "msix@shadow" ENTRY("0") " enable=0")));
	assert_string_equal(last_span(b, "use", vfio_object(b, 0))->state, "released");
	assert_string_equal(last_span(b, "msix", vfio_object(b, 1))->state, "off");
	assert_string_equal(last_span(b, "pending", vfio_object(b, 1))->state, "clear");
}

static void test_vfio_line(void **state)
{
	struct bench *b = *state;

	b->kind = "vfio-line";
	replay(b, LINES(VFIO("1.0", "line@shadow" ENTRY("0") " level=1"), VFIO("1.0001", "line@shadow" ENTRY("0") " level=0"),
			VFIO("2.0", "line@shadow" ENTRY("0") " level=1"), VFIO("3.0", "intx@shadow" ENTRY("0") " enable=0"),
			VFIO("4.0", "line@shadow" ENTRY("0") " level=1"), VFIO("9.0", "intx@shadow" ENTRY("0") " enable=1")));
	assert_int_equal(b->nr_obligations, 2);
	assert_string_equal(b->obligation[0].ended_by, "INTx disabled");
	assert_int_equal(b->obligation[1].ending, ENDING_OPEN);
}

/* ------------------------------------------------------------------------------------------ the rest */

/* An irqfd's message, or a device's own: no line, and no pin. */
static void test_message_without_line(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 - kvm.accept@hardware guest/vector:1.0x31 vector=49 level=0 mode=0 addr_lo=0xfee01000 data=0x4031",
			"1.1 - lapic.deliver@hardware guest/vector:1.0x31 vector=49", "1.2 - lapic.eoi@hardware guest/vector:1.0x31 vector=49"));
	assert_null(pin_row(b));
	assert_int_equal(b->nr_unexpected, 0);
}

/* A resampled irqfd's EOI is the pin's, though no line and no remote IRR were; a GSI that is no pin's is none. */
static void test_resampled(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 - irqfd.resample@shadow gsi:16", "2.0 - irqfd.resample@shadow gsi:16", "3.0 - irqfd.resample@shadow gsi:24"));
	assert_int_equal(b->nr_ledger, 1);
	assert_string_equal(b->ledger[0].hop, "eoied");
	assert_int_equal(b->ledger[0].lo, 2);
	assert_int_equal(b->nr_objects, 1);
}

/* Edges leave no remote IRR, and nothing is owed for them. */
static void test_edges(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-eoi";
	replay(b, LINES(FIRST, "2.0 - kvm.pin@hardware guest/pin:0.4 rte=0x31 level=1 vector=49",
			"2.1 - kvm.pin@hardware guest/pin:0.4 rte=0x31 level=1 coalesced=1", "9.0 - kvm.pin@hardware guest/pin:0.4 rte=0x31 level=0"));
	assert_int_equal(b->nr_obligations, 0);
	assert_true(had_span(b, "trigger", "edge"));
}

/* Writes are not recorded: the next record of the pin has the entry as it is then. */
static void test_entry_changes_between_lines(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIRST, PIN("2.0", "rte=0x18023 level=0"), PIN("3.0", "rte=0x8024 level=1 vector=36")));
	assert_true(had_span(b, "mask", "masked"));
	assert_true(had_span(b, "mask", "unmasked"));
	b->nr_spans = 0;
	replay(b, LINES("1.0 - ioapic.rte_write@hardware guest/pin:0.19 rte=0x18023 mask=0xffffffff",
			"2.0 - ioapic.rte_write@hardware guest/pin:0.19 rte=0x23 mask=0xffffffff"));
	assert_true(had_span(b, "trigger", "edge"));
}

static void test_put_off(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIRST, "2.0 - ioapic.throttle@hardware vector=35", PIN("3.0", "rte=0x8023 level=1 vector=35")));
	assert_true(had_span(b, "again", "put off"));
	b->nr_spans = 0;
	replay(b, LINES(FIRST, "2.0 - ioapic.throttle@hardware vector=36", PIN("3.0", "rte=0x8023 level=1 vector=35")));
	assert_false(had_span(b, "again", "put off"));
}

static void ignore_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)pos;
	(void)text;
	assert_int_equal(code, DIAG_REMARK);
	++*(unsigned *)ctx;
}

/* Another guest's vCPU: what was owed may be either's, and nothing is believed of the first any more. */
static void test_more_than_one_guest(void **state)
{
	struct bench *b = *state;
	unsigned told = 0;

	b->kind = "pin-eoi";
	b->diag = (struct diag_sink){ .fn = ignore_diag, .ctx = &told };
	replay(b, LINES(FIRST, PIN("2.0", "rte=0x8023 level=1 vector=35"), PIN("2.1", "rte=0xc023 level=0"),
			PIN("3.0", "rte=0xc023 level=1"), "4.0 - kvm.unclear@hardware"));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_UNKNOWN);
	assert_int_equal(told, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ends_must_be_seen), TEST(test_no_eoi_reaches_the_pin), TEST(test_entry_shows_the_end),
		TEST(test_sent_again), TEST(test_not_the_pins_message), TEST(test_line_has_sources), TEST(test_exit_ends_it),
		TEST(test_fires_again_without_exit), TEST(test_message_of_another_route), TEST(test_message_of_the_entry),
		TEST(test_exit_that_matches_no_entry), TEST(test_vfio_masked_vector), TEST(test_vfio_function), TEST(test_vfio_line), TEST(test_message_without_line),
		TEST(test_resampled), TEST(test_edges), TEST(test_entry_changes_between_lines),
		TEST(test_line_told_twice), TEST(test_put_off), TEST(test_more_than_one_guest),
	};

	return cmocka_run_group_tests_name("replay_kvm", tests, NULL, NULL);
}
