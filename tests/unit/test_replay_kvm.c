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

/* ------------------------------------------------------------------------------------------ the rest */

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
		TEST(test_line_told_twice), TEST(test_put_off), TEST(test_more_than_one_guest),
	};

	return cmocka_run_group_tests_name("replay_kvm", tests, NULL, NULL);
}
