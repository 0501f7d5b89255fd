/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replay of PCI functions: MSI messages, command register, reset and low power, refused interrupts, INTx. */
#include "replay_bench.h"

#define STARTS(t, irq) t " cpu0 irq.startup@shadow irq:" irq " state=0x1d030200 depth=1 chip=\"PCI-MSI\""
/* with a mask bit, and without */
#define MSI_UNMASK(t, irq, msi) t " cpu0 irq.unmask@shadow irq:" irq " msi:0000:05:00.0[" msi "] state=0x1d020200 ctrl=0x0"
#define MSI_NO_MASK(t, irq) t " cpu0 irq.unmask@shadow irq:" irq " msi:0000:05:00.0[0] state=0x19020200 ctrl=0x0"
#define MSI_MASK(t, irq, msi) t " cpu0 irq.mask@shadow irq:" irq " msi:0000:05:00.0[" msi "] state=0x1d400200 ctrl=0x0"
#define WRITE(t, irq, data) \
	t " cpu0 pci.msi.write@shadow irq:" irq " msi:0000:05:00.0[0] addr_lo=0xfee01004 addr_hi=0x0 data=" data " ctrl=0x0"
#define ENTRY(t, irq, entry) t " cpu0 irq.unmask@shadow irq:" irq " msix:0000:05:00.0[" entry "] state=0x1d020200 ctrl=0x1"
#define ENTRY_WRITE(t, irq, entry) \
	t " cpu0 pci.msix.entry_write@shadow irq:" irq " msix:0000:05:00.0[" entry "] addr_lo=0xfee01004 addr_hi=0x0 data=0x25" \
	  " ctrl=0x0"
#define RUN(t, irq) ENTER(t, irq), EXIT(t "1", irq, "1")
#define COMMAND(t, value) t " cpu0 pci.command@shadow pci:0000:05:00.0 value=" value " mask=0x407"
#define RESET(t) t " cpu0 pci.reset@shadow pci:0000:05:00.0"
#define RESTORE(t) t " cpu0 pci.restore@intent pci:0000:05:00.0"
#define POWER(t, value) t " cpu0 pci.power@shadow pci:0000:05:00.0 value=" value
#define SHUTDOWN(t, irq) t " cpu0 irq.shutdown@shadow irq:" irq " state=0x1d400200 depth=0"
#define MSIX_RET(t, fn, ret) t " cpu0/70/modprobe pci.msix.enable@shadow pci:0000:" fn ":00.0 ret=" ret
#define SETUP(t, task, irq) t " cpu0/" task "/modprobe irq.setup@intent irq:" irq " name=\"a\""
#define SETUP_RET(t, task, irq, ret) t " cpu0/" task "/modprobe irq.setup_result@shadow irq:" irq " ret=" ret
#define END(t) t " cpu1 mark@hardware text=\"end\""

/* The last span of a field that any object of the test had; NULL: none. */
static const struct span_row *span_of(const struct bench *b, const char *component, const char *field, unsigned object)
{
	const struct span_row *found = NULL;

	for (unsigned i = 0; i < b->nr_spans && i < MAX_ROWS; i++)
		if (b->span[i].object == object && !strcmp(b->span[i].component, component) && !strcmp(b->span[i].field, field))
			found = &b->span[i];
	return found;
}

static unsigned object_of(const struct bench *b, enum object_kind kind, unsigned index)
{
	for (unsigned i = 0; i < b->nr_objects; i++) {
		const struct object_ref *ref = &b->object[i].ref;

		if (ref->kind == kind && (kind != OBJ_MSI || object_entry_index(ref->id) == index))
			return b->object[i].id;
	}
	fail_msg("no such object");
	return 0;
}

static void assert_state(const struct bench *b, const char *component, const char *field, unsigned object, const char *state)
{
	const struct span_row *span = span_of(b, component, field, object);

	assert_non_null(span);
	assert_string_equal(span->state, state);
}

/* ------------------------------------------------------------------------------------------------------- MSI */

static void test_masked_message_is_owed(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	replay(b, LINES(STARTS("1.0", "40"), MSI_UNMASK("1.0001", "40", "0"), MSI_MASK("3.0", "40", "0"),
			"3.5 - device.notify@hardware msi:0000:05:00.0[0]", END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].owed_ns, 2000000000);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 3, 0));
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 4, 0));
	assert_false(b->obligation[0].guard_unknown);
	assert_int_equal(b->nr_links, 1);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_no_mask_bit_nothing_owed(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	replay(b, LINES(STARTS("1.0", "40"), MSI_NO_MASK("1.0001", "40"),
			"3.0 cpu0 irq.mask@shadow irq:40 msi:0000:05:00.0[0] state=0x19400200 ctrl=0x0", RUN("4.0", "40"), RUN("4.2", "40"), END("5.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
	assert_state(b, "msi_message", "mask", object_of(b, OBJ_MSI, 0), "absent");
	assert_state(b, "msi_function", "enable", object_of(b, OBJ_PCI, 0), "on");
}

static void test_maybe_no_mask_bit_nothing_owed(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	/* managed: whether it may park does not tell */
	replay(b, LINES(STARTS("1.0", "40"), "3.0 cpu0 irq.mask@shadow irq:40 msi:0000:05:00.0[0] state=0x19600200 ctrl=0x0",
			END("5.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_null(span_of(b, "msi_message", "mask", object_of(b, OBJ_MSI, 0)));
}

static void test_messages_by_irq(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	/* every record names message 0, the irq tells which it is; one write gives all their message */
	replay(b, LINES(WRITE("1.0", "40", "0x40"), STARTS("1.1", "40"), MSI_UNMASK("1.11", "40", "0"), STARTS("1.2", "42"),
			MSI_UNMASK("1.21", "42", "0"), MSI_MASK("3.0", "42", "0"), WRITE("3.5", "40", "0x48"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].object, object_of(b, OBJ_MSI, 2));
	assert_state(b, "msi_message", "mask", object_of(b, OBJ_MSI, 0), "unmasked");
	assert_state(b, "msi_message", "message", object_of(b, OBJ_MSI, 2), "vector");
	assert_int_equal(b->nr_links, 2);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_first_irq_found_late(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	/* the capture begins with the second message: what was taken for the first is numbered anew */
	replay(b, LINES(STARTS("1.0", "41"), MSI_UNMASK("1.1", "41", "0"), STARTS("1.2", "40"), MSI_UNMASK("1.3", "40", "0"),
			MSI_MASK("2.0", "41", "0"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].object, object_of(b, OBJ_MSI, 1));
}

static void test_mask_register_has_all_messages(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	replay(b, LINES(STARTS("1.0", "40"), MSI_UNMASK("1.1", "40", "0"), STARTS("1.2", "41"), MSI_UNMASK("1.3", "41", "1"),
			"2.0 - pci.msi.mask@hardware pci:0000:05:00.0 value=0x2 mask=0xffffffff", END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].object, object_of(b, OBJ_MSI, 1));
	assert_state(b, "msi_message", "mask", object_of(b, OBJ_MSI, 0), "unmasked");
	assert_state(b, "msi_message", "kernel_mask", object_of(b, OBJ_MSI, 1), "unmasked");
}

static void test_switching_msi_off_ends_it(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	replay(b, LINES(STARTS("1.0", "40"), MSI_UNMASK("1.1", "40", "0"), MSI_MASK("2.0", "40", "0"),
			"3.0 cpu0 pci.msi.enable@shadow pci:0000:05:00.0 enable=0", END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_EXCUSED);
	assert_int_equal(b->obligation[0].owed_ns, 1000000000);
}

static void test_interrupts_contradict_a_masked_message(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-unmask";
	replay(b, LINES(STARTS("1.0", "40"), MSI_UNMASK("1.1", "40", "0"), MSI_MASK("2.0", "40", "0"), RUN("2.1", "40"),
			RUN("3.1", "40"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_CONTRADICTED);
	assert_int_equal(b->nr_unexpected, 1);
}

/* ---------------------------------------------------------------------------------------------- reset, power */

static void test_reset_owes_a_restore(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), RESET("2.0"), RESTORE("2.2"), RUN("3.0", "40"),
			END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[0].owed_ns, 200000000);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 3, 0));
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_messages_restore_when_all_are_written(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), STARTS("1.2", "41"), ENTRY("1.3", "41", "1"), RESET("2.0"),
			ENTRY_WRITE("3.0", "40", "0"), ENTRY_WRITE("4.0", "41", "1"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[0].end_ns, 4000000000);
}

static void test_writes_without_memory_space_are_lost(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), RESET("2.0"), COMMAND("2.5", "0x400"),
			ENTRY_WRITE("3.0", "40", "0"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
}

static void test_reset_masks_are_no_fault(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-unmask";
	/* the table is masked by the reset; the restore is not recorded, but interrupts go on for one entry */
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), STARTS("1.2", "41"), ENTRY("1.3", "41", "1"), RESET("2.0"),
			RUN("4.0", "40"), RUN("4.2", "40"), RUN("4.4", "40"), RUN("4.6", "40"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_interrupts_contradict_a_missing_restore(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-restore";
	replay(b, LINES(STARTS("1.0", "40"), MSI_NO_MASK("1.1", "40"), RESET("2.0"), RUN("4.0", "40"),
			RUN("4.2", "40"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_CONTRADICTED);
}

static void test_nothing_started_nothing_to_restore(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), SHUTDOWN("1.9", "40"), RESET("2.0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_low_power_keeps_a_message_back(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), POWER("2.0", "0x3"), ENTRY_WRITE("3.0", "40", "0"),
			POWER("5.0", "0x0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	/* from D0 on */
	assert_int_equal(b->obligation[0].owed_ns, 4000000000);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 4, 0));
}

static void test_gap_ends_a_restore(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), RESET("2.0"), "3.0..3.5 cpu0 lost@shadow cpu:0 count=3",
			END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_UNKNOWN);
	assert_int_equal(b->obligation[0].owed_before_gap_ns, 1000000000);
}

/* ----------------------------------------------------------------------------------------------- bus master */

static void test_bus_master_off(void **state)
{
	struct bench *b = *state;

	b->kind = "bus-master";
	replay(b, LINES(COMMAND("0.5", "0x406"), STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), COMMAND("2.0", "0x402"),
			"3.0 - device.notify@hardware msix:0000:05:00.0[0]", END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].owed_ns, 3000000000);
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 4, 0));
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 5, 0));
	assert_state(b, "pci", "bus_master", object_of(b, OBJ_PCI, 0), "off");
}

static void test_bus_master_off_around_a_reset(void **state)
{
	struct bench *b = *state;

	b->kind = "bus-master";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), COMMAND("2.0", "0x400"), RESET("2.1"), COMMAND("4.0", "0x406"),
			RESTORE("4.1"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[0].owed_ns, 100000000);
}

static void test_bus_master_off_of_an_idle_function(void **state)
{
	struct bench *b = *state;

	b->kind = "bus-master";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), SHUTDOWN("1.5", "40"), COMMAND("2.0", "0x402"), END("5.0")));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_disabled_irq_needs_no_bus_master(void **state)
{
	struct bench *b = *state;

	b->kind = "bus-master";
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), COMMAND("2.0", "0x402"), "3.0 cpu0 irq.disable@intent irq:40",
			END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_EXCUSED);
	assert_int_equal(b->obligation[0].owed_ns, 1000000000);
}

static void test_interrupts_contradict_bus_master_off(void **state)
{
	struct bench *b = *state;

	b->kind = "bus-master";
	/* one may have been on its way */
	replay(b, LINES(STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), COMMAND("2.0", "0x402"), RUN("3.0", "40"),
			RUN("4.0", "40"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_CONTRADICTED);
	assert_int_equal(b->obligation[0].end_ns, 4000000000);
	assert_int_equal(b->nr_unexpected, 1);
}

/* ------------------------------------------------------------------------------------------------- refusals */

static void test_refused_and_left_without(void **state)
{
	struct bench *b = *state;

	b->kind = "enable";
	replay(b, LINES(MSIX_RET("1.0", "05", "-28"), "1.1 cpu0/70/modprobe pci.msi.enable@shadow pci:0000:05:00.0 ret=-28",
			"2.0 cpu0/70/modprobe driver.call@shadow pci:0000:05:00.0 name=\"probe\" ret=-28", END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[0].trigger_event, event_id(1, 1, 0));
	assert_int_equal(b->obligation[0].cause_event, event_id(1, 2, 0));
	assert_int_equal(b->obligation[0].first_missed_event, event_id(1, 3, 0));
	assert_int_equal(b->obligation[0].opportunities, 0);
}

static void test_refused_then_fewer(void **state)
{
	struct bench *b = *state;

	b->kind = "enable";
	replay(b, LINES(MSIX_RET("1.0", "05", "-28"), MSIX_RET("1.5", "05", "2"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
}

static void test_refused_then_its_line(void **state)
{
	struct bench *b = *state;

	b->kind = "enable";
	/* another task's request may be its line, its own task's is */
	replay(b, LINES(MSIX_RET("1.0", "05", "-22"), SETUP("1.1", "71", "18"), SETUP("1.2", "70", "19"), END("5.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[0].opportunities, 1);
	assert_int_equal(b->obligation[0].end_ns, 1200000000);
}

static void test_its_line_is_refused_too(void **state)
{
	struct bench *b = *state;

	b->kind = "enable";
	replay(b, LINES(MSIX_RET("1.0", "05", "-22"), SETUP("1.2", "70", "19"), SETUP_RET("1.3", "70", "19", "-16"), END("5.0")));
	assert_int_equal(b->nr_obligations, 2);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_int_equal(b->obligation[1].ending, ENDING_OPEN);
	assert_int_equal(b->obligation[1].first_missed_event, event_id(1, 3, 0));
}

static void test_refused_what_it_has(void **state)
{
	struct bench *b = *state;

	b->kind = "enable";
	replay(b, LINES(MSIX_RET("0.9", "05", "1"), STARTS("1.0", "40"), ENTRY("1.1", "40", "0"), RUN("2.0", "40"), MSIX_RET("3.0", "05", "-22"),
			RUN("4.0", "40"), END("5.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
	assert_state(b, "msix_function", "enable", object_of(b, OBJ_PCI, 0), "on");
}

static void test_more_refusals_than_are_watched(void **state)
{
	enum { NR = 40 };
	struct bench *b = *state;
	const char *lines[NR + 3];
	char text[NR][128];

	b->kind = "enable";
	for (unsigned i = 0; i < NR; i++) {
		snprintf(text[i], sizeof(text[i]), "%u.0 cpu0/70/modprobe pci.msix.enable@shadow pci:0000:%02x:00.0 ret=-28", i + 1, i);
		lines[i] = text[i];
	}
	lines[NR] = SETUP("50.0", "70", "19");
	lines[NR + 1] = END("60.0");
	lines[NR + 2] = NULL;
	replay(b, lines);
	assert_int_equal(b->nr_obligations, NR);
	/* what was forgotten is not taken for having asked for nothing */
	for (unsigned i = 0; i < NR; i++)
		assert_true(b->obligation[i].ending == ENDING_DISCHARGED || b->obligation[i].opportunities);
}

/* ----------------------------------------------------------------------------------------------------- INTx */

static void test_intx_follows_the_command_register(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 pci.intx.control@intent pci:0000:06:00.0 enable=0", "2.0 - pci.intx.line@hardware intx:0000:06:00.0 level=1",
			"3.0 cpu0 pci.command@shadow pci:0000:06:00.0 value=0x6 mask=0x407",
			"4.0 - pci.intx.line@hardware intx:0000:06:00.0 level=0", END("5.0")));
	assert_state(b, "intx", "disable", object_of(b, OBJ_INTX, 0), "allowed");
	assert_state(b, "pci", "intx", object_of(b, OBJ_PCI, 0), "allowed");
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_driver_is_named(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 pci.assign@shadow pci:0000:06:00.0 name=\"vfio-pci\"", "2.0 cpu0 pci.assign@shadow pci:0000:06:00.0"));
	assert_state(b, "pci", "driver", object_of(b, OBJ_PCI, 0), "none");
	assert_int_not_equal(b->object[0].handler, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_masked_message_is_owed),
		TEST(test_no_mask_bit_nothing_owed),
		TEST(test_maybe_no_mask_bit_nothing_owed),
		TEST(test_messages_by_irq),
		TEST(test_first_irq_found_late),
		TEST(test_mask_register_has_all_messages),
		TEST(test_switching_msi_off_ends_it),
		TEST(test_interrupts_contradict_a_masked_message),
		TEST(test_reset_owes_a_restore),
		TEST(test_messages_restore_when_all_are_written),
		TEST(test_writes_without_memory_space_are_lost),
		TEST(test_reset_masks_are_no_fault),
		TEST(test_interrupts_contradict_a_missing_restore),
		TEST(test_nothing_started_nothing_to_restore),
		TEST(test_low_power_keeps_a_message_back),
		TEST(test_gap_ends_a_restore),
		TEST(test_bus_master_off),
		TEST(test_bus_master_off_around_a_reset),
		TEST(test_bus_master_off_of_an_idle_function),
		TEST(test_disabled_irq_needs_no_bus_master),
		TEST(test_interrupts_contradict_bus_master_off),
		TEST(test_refused_and_left_without),
		TEST(test_refused_then_fewer),
		TEST(test_refused_then_its_line),
		TEST(test_its_line_is_refused_too),
		TEST(test_refused_what_it_has),
		TEST(test_more_refusals_than_are_watched),
		TEST(test_intx_follows_the_command_register),
		TEST(test_driver_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
