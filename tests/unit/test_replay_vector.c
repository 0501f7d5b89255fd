/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replay of vectors: moves, messages, affinity, remapping entries, CPU hotplug, suspend. */
#include "unit/replay_bench.h"

#define UPDATE(t, irq, vec, cpu, old, old_cpu) \
	t " cpu0 vector.update@shadow irq:" irq " vector=" vec " target_cpu=" cpu " prev_vector=" old \
	" prev_cpu=" old_cpu
#define CONFIG(t, irq, vec, cpu) \
	t " cpu0 vector.config@shadow irq:" irq " vector=" vec " target_cpu=" cpu " apicdest=" cpu
#define FREED(t, irq, vec, cpu) \
	t " cpu0 vector.free_moved@shadow irq:" irq " vector=" vec " target_cpu=" cpu " managed=0"
#define MESSAGE(t, irq, lo, data) \
	t " cpu0 pci.msix.entry_write@shadow irq:" irq " msix:0000:05:00.0[0] addr_lo=" lo " addr_hi=0x0" \
	" data=" data " ctrl=0x1"
#define ASK(t, irq, mask) t " cpu1 irq.affinity@intent irq:" irq " cpumask=" mask " force=0 state=0x10400200"
#define ALLOC(t, irq, vec, ret) t " cpu0 vector.alloc@shadow irq:" irq " vector=" vec " reserved=0 ret=" ret
#define MATRIX_FREE(t, cpu, bit) t " cpu0 vector.matrix@shadow cpu:" cpu " op=\"free\" bit=" bit " target_cpu=" cpu
#define IRTE(t, irq, vec, dest) \
	t " cpu0 irte.write@shadow irte:0.27 irq:" irq " value=0xd vector=" vec " apicdest=" dest
#define ENTER_ON(t, cpu, irq) \
	t " cpu" cpu " irq.enter@shadow irq:" irq " name=\"a\"", \
	t "00001 cpu" cpu " irq.exit@shadow irq:" irq " ret=1"
#define END(t) t " cpu1 mark@hardware text=\"end\""

/* Started, on vector 48 of CPU 0. */
#define IN_USE STARTUP("1.0", "40"), UPDATE("1.01", "40", "48", "0", "0", "0"), CONFIG("1.02", "40", "48", "0")

static const struct obligation_row *only(struct bench *b)
{
	assert_int_equal(b->nr_obligations, 1);
	return &b->obligation[0];
}

/* The last span of a field that had that state, NULL: none. */
static const struct span_row *span_of(const struct bench *b, const char *component, const char *field,
				      const char *state)
{
	const struct span_row *found = NULL;

	for (unsigned i = 0; i < b->nr_spans && i < MAX_ROWS; i++)
		if (!strcmp(b->span[i].component, component) && !strcmp(b->span[i].field, field) &&
		    !strcmp(b->span[i].state, state))
			found = &b->span[i];
	return found;
}

/* ------------------------------------------------------------------------------------------ clean-up */

static void test_old_vector_is_owed_from_the_first_interrupt_on(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			ENTER_ON("3.0", "1", "40"),
			FREED("3.5", "40", "48", "0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->trigger_ns, 3000000000);
	assert_int_equal(only(b)->cause_event, event_id(1, 4, 0));
	assert_int_equal(only(b)->owed_ns, 500000000);
	assert_int_equal(only(b)->opportunities, 1);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_old_vector_of_a_silent_device_is_not_owed(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	/* an interrupt on the old CPU was on its way */
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			ENTER_ON("2.1", "0", "40"),
			END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_non_null(span_of(b, "vector", "cleanup", "pending"));
}

static void test_old_vector_kept(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			ENTER_ON("3.0", "1", "40"),
			ENTER_ON("4.0", "1", "40"), ENTER_ON("5.0", "1", "40"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->opportunities, 3);
	assert_int_equal(only(b)->expected_event, event_id(1, 10, 0));
}

static void test_old_vector_goes_with_the_irq(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			ENTER_ON("3.0", "1", "40"),
			"4.0 cpu0 vector.clear@shadow irq:40 vector=49 target_cpu=1 prev_vector=48 prev_cpu=0",
			FREED("4.1", "40", "48", "0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_EXCUSED);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_acknowledgement_shows_no_old_vector(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			ENTER_ON("3.0", "1", "40"),
			"4.0 cpu1 irq.ack@shadow irq:40 vector=49 target_cpu=1 prev_vector=0 prev_cpu=0", END("9.0")));
	/* that it was freed should have been recorded */
	assert_int_equal(only(b)->ending, ENDING_CONTRADICTED);
	assert_int_equal(only(b)->end_ns, 4000000000);
}

static void test_move_from_an_offline_cpu_frees_at_once(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	/* the matrix says so for irq 40; for irq 41 the CPU is known to be offline */
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), MATRIX_FREE("2.001", "0", "48"),
			CONFIG("2.01", "40", "49", "1"),
			ENTER_ON("3.0", "1", "40"), ENTER_ON("4.0", "1", "40"), "5.0 cpu1 cpu.offline@shadow cpu:0",
			UPDATE("6.0", "41", "51", "1", "50", "0"), CONFIG("6.01", "41", "51", "1"),
				ENTER_ON("7.0", "1", "41"),
			ENTER_ON("8.0", "1", "41"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_matrix_record_of_another_vector_frees_nothing(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			MATRIX_FREE("2.1", "0", "48"), ENTER_ON("3.0", "1", "40"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
}

static void test_dying_cpu_leaves_an_old_vector(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			"3.0 cpu0 vector.matrix@shadow op=\"offline\"", END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_EXCUSED);
	assert_string_equal(only(b)->ended_by, "old CPU went offline without freeing it");
	assert_int_equal(only(b)->cause_event, event_id(1, 4, 0));
	assert_non_null(span_of(b, "cpu", "power", "offline"));
}

static void test_two_moves_at_once(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			UPDATE("3.0", "40", "50", "2", "49", "1"), CONFIG("3.01", "40", "50", "2"), END("9.0")));
	assert_int_equal(b->nr_unexpected, 1);
}

/* ------------------------------------------------------------------------------------------ messages */

static void test_message_follows(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(IN_USE, MESSAGE("1.03", "40", "0xfee00000", "0x30"), UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), MESSAGE("2.02", "40", "0xfee00000", "0x31"),
			MESSAGE("2.03", "40", "0xfee01000", "0x31"), END("9.0")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	/* the first of the two writes still names the old CPU */
	assert_int_equal(b->obligation[0].end_event, event_id(1, 8, 0));
	assert_int_equal(b->obligation[0].opportunities, 2);
}

static void test_message_left_behind(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(IN_USE, MESSAGE("1.03", "40", "0xfee00000", "0x30"), UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->cause_event, event_id(1, 6, 0));
	assert_int_equal(only(b)->opportunities, 0);
}

static void test_message_that_is_configured_anew(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(IN_USE, MESSAGE("1.03", "40", "0xfee00000", "0x30"), UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), FREED("2.5", "40", "48", "0"),
			UPDATE("3.0", "40", "50", "0", "49", "1"), CONFIG("3.01", "40", "50", "0"),
			MESSAGE("3.02", "40", "0xfee00000", "0x32"), END("9.0")));
	assert_int_equal(b->nr_obligations, 2);
	assert_string_equal(b->obligation[0].ended_by, "configured anew");
	assert_int_equal(b->obligation[0].owed_ns, 990000000);
	assert_int_equal(b->obligation[1].ending, ENDING_DISCHARGED);
}

static void test_interrupts_contradict_a_stale_message(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	/* one may have been sent again by software */
	replay(b, LINES(IN_USE, MESSAGE("1.03", "40", "0xfee00000", "0x30"), UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), ENTER_ON("3.0", "1", "40"), ENTER_ON("4.0", "1", "40"),
			END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_CONTRADICTED);
	assert_int_equal(only(b)->end_ns, 4000000000);
}

static void test_remapped_message_stays(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	/* bit 4 of the address: an index */
	replay(b, LINES(IN_USE, MESSAGE("1.03", "40", "0xfee00218", "0x0"), UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), END("9.0")));
	for (unsigned i = 0; i < b->nr_obligations; i++)
		assert_int_equal(b->obligation[i].ending, ENDING_EXCUSED);
}

static void test_cleared_message_of_a_freed_irq(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(IN_USE, MESSAGE("1.03", "40", "0xfee00000", "0x30"),
			"2.0 cpu0 irq.shutdown@shadow irq:40 state=0x10400200 depth=0",
			MESSAGE("2.1", "40", "0x0", "0x0"),
				"2.2 cpu0 vector.deactivate@shadow irq:40 managed=0 can_reserve=1 reserved=0",
			"2.3 cpu0 vector.clear@shadow irq:40 vector=48 target_cpu=0 prev_vector=0 prev_cpu=0",
			CONFIG("2.4", "40", "239", "0"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_parked_while_in_use(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(STARTUP("1.0", "40"), CONFIG("1.02", "40", "239", "0"),
			MESSAGE("1.03", "40", "0xfee00000", "0xef"),
			UNMASK("1.1", "40", "0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->trigger_event, event_id(1, 4, 0));
}

static void test_parked_vector_that_fires(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(CONFIG("1.0", "40", "239", "0"), MESSAGE("1.03", "40", "0xfee00000", "0xef"),
			CONFIG("1.1", "41", "239", "0"),
			"1.5 cpu0 pci.msix.entry_mask@hardware msix:0000:05:00.0[0] masked=0",
			"2.0 cpu0 lapic.deliver@hardware vector:0.0xef vector=239",
				"2.1 cpu0 lapic.deliver@hardware vector:0.0xef vector=239",
			"2.2 cpu0 lapic.deliver@hardware vector:0.0xff vector=255"));
	/* once for an irq */
	assert_int_equal(b->nr_harms, 1);
	assert_int_equal(b->harm[0].event, event_id(1, 5, 0));
	assert_int_equal(b->harm[0].object, 1);
}

static void test_parked_vector_of_another_kernel(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("2.0 cpu0 lapic.deliver@hardware vector:0.0xef vector=239"));
	assert_int_equal(b->nr_harms, 0);
}

/* ------------------------------------------------------------------------------------------ affinity */

#define NO_OLD(t) t " cpu0 irq.ack@shadow irq:40 vector=48 target_cpu=0 prev_vector=0 prev_cpu=0"

static void test_affinity_is_applied_at_the_next_interrupt(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "40", "0x2"), FLOW("3.0", "40", "0x10400300"),
			UPDATE("3.01", "40", "49", "1", "48", "0"), CONFIG("3.02", "40", "49", "1"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->trigger_ns, 2000000000);
	assert_int_equal(only(b)->opportunities, 1);
	assert_false(only(b)->guard_unknown);
	assert_non_null(span_of(b, "vector", "affinity", "pending"));
}

static void test_affinity_that_the_cpu_is_in(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "40", "0x3"), FLOW("3.0", "40", "0x10400300"),
			FLOW("4.0", "40", "0x10400300"),
			END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_affinity_waits_for_the_last_move(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"),
			ASK("2.1", "40", "0x1"),
				"3.0 cpu1 irq.flow@shadow irq:40 state=0x10400300 istate=0x4000 depth=0",
			"3.1 cpu1 irq.flow@shadow irq:40 state=0x10400300 istate=0x4000 depth=0",
				FREED("3.2", "40", "48", "0"),
			"3.3 cpu1 irq.flow@shadow irq:40 state=0x10400300 istate=0x4000 depth=0", END("9.0")));
	/* owed from the interrupt on that finds no old vector */
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->opportunities, 1);
}

static void test_affinity_excuses(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	/* disabled; asked anew; no CPU of the mask online; shut down */
	replay(b, LINES(IN_USE, NO_OLD("1.5"), "1.6 cpu0 irq.disable@shadow irq:40 state=0x10400200 depth=1",
			ASK("2.0", "40", "0x2"),
			"2.1 cpu0 irq.flow@shadow irq:40 state=0x10410300 istate=0x4000 depth=1",
			"2.2 cpu0 irq.enable@shadow irq:40 state=0x10430200 depth=0", ASK("3.0", "40", "0x4"),
			"4.0 cpu1 cpu.offline@shadow cpu:2", ASK("5.0", "40", "0x2"),
			"6.0 cpu0 irq.shutdown@shadow irq:40 state=0x10400200 depth=0",
				FLOW("7.0", "40", "0x10010300"), END("9.0")));
	assert_int_equal(b->nr_obligations, 3);
	assert_string_equal(b->obligation[0].ended_by, "asked anew");
	/* from being enabled on */
	assert_int_equal(b->obligation[0].owed_ns, 800000000);
	assert_string_equal(b->obligation[1].ended_by, "CPUs offline");
	assert_string_equal(b->obligation[2].ended_by, "irq shut down");
}

static void test_affinity_of_an_unknown_target(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(STARTUP("1.0", "40"), ENTER("1.1", "40"), EXIT("1.2", "40", "1"), ASK("2.0", "40", "0x2"),
			FLOW("3.0", "40", "0x10400300"), FLOW("4.0", "40", "0x10400200"), END("9.0")));
	assert_true(only(b)->guard_unknown);
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_string_equal(only(b)->ended_by, "not pending any more");
}

/* A record holds the first 64 CPUs of the mask. */
static void test_affinity_to_cpus_that_the_mask_cannot_show(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "40", "0x0"), FLOW("3.0", "40", "0x10400300"),
			FLOW("4.0", "40", "0x10400300"), END("9.0")));
	assert_true(only(b)->guard_unknown);
	assert_int_equal(only(b)->ending, ENDING_OPEN);
}

static void test_level_line_may_put_a_move_off(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "40", "0x2"), FLOW("3.0", "40", "0x10402304"),
			FLOW("4.0", "40", "0x10402304"),
			FLOW("5.0", "40", "0x10402304"), END("9.0")));
	/* they are counted; that remote IRR may have put the move off is for the rule to weigh */
	assert_int_equal(only(b)->opportunities, 3);
}

/* ------------------------------------------------------------------------------------------ allocation */

static void test_later_try_succeeds(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-assign";
	replay(b, LINES(CONFIG("1.0", "40", "239", "0"),
			"1.1 cpu0 vector.activate@shadow irq:40 managed=0 can_reserve=1 reserved=0",
			ALLOC("1.2", "40", "0", "-28"), ALLOC("1.3", "40", "49", "0"),
				UPDATE("1.4", "40", "49", "0", "0", "0"),
			CONFIG("1.5", "40", "49", "0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
}

static void test_activation_fails(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-assign";
	replay(b, LINES(CONFIG("1.0", "40", "239", "0"), ALLOC("1.2", "40", "0", "-28"), ALLOC("1.3", "40", "0", "-28"),
			"1.4 cpu0 irq.setup_result@shadow irq:40 ret=-28", END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_EXCUSED);
	assert_string_equal(only(b)->ended_by, "activation failed");
	assert_int_equal(only(b)->expected_event, event_id(1, 3, 0));
}

static void test_failed_move_keeps_the_vector(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-offline";
	replay(b, LINES(IN_USE, ALLOC("2.0", "40", "0", "-28"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

static void test_failed_move_from_a_dying_cpu(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-offline";
	replay(b, LINES(IN_USE, ALLOC("2.0", "40", "0", "-28"), "2.001 cpu0 vector.matrix@shadow op=\"offline\"",
			END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->trigger_event, event_id(1, 5, 0));
}

/* ------------------------------------------------------------------------------------------ edges */

#define DISABLE(t) t " cpu1 irq.disable@shadow irq:40 state=0x10400200 depth=1"
#define HELD(t) t " cpu0 irq.flow@shadow irq:40 state=0x10410200 istate=0x4000 depth=1"
#define ENABLE(t) t " cpu1 irq.enable@shadow irq:40 state=0x10430200 depth=0"

static void test_edge_is_sent_again(void **state)
{
	struct bench *b = *state;

	b->kind = "edge-resend";
	replay(b, LINES(IN_USE, ENABLE("1.1"), DISABLE("2.0"), HELD("2.1"), ENABLE("3.0"),
			"3.001 cpu1 irq.resend@shadow irq:40", END("9.0")));
	/* met in time: only counted */
	assert_int_equal(b->nr_obligations, 0);
}

static void test_edge_is_lost(void **state)
{
	struct bench *b = *state;

	b->kind = "edge-resend";
	replay(b, LINES(IN_USE, ENABLE("1.1"), DISABLE("2.0"), HELD("2.1"), ENABLE("3.0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->trigger_ns, 3000000000);
	assert_int_equal(only(b)->cause_event, event_id(1, 6, 0));
}

static void test_edge_of_a_disabled_irq_is_not_owed(void **state)
{
	struct bench *b = *state;

	b->kind = "edge-resend";
	replay(b, LINES(IN_USE, ENABLE("1.1"), DISABLE("2.0"), HELD("2.1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
}

/* ------------------------------------------------------------------------------------------ remapping */

#define REMAPPED(t) t " cpu0 irq.startup@shadow irq:40 state=0x10030200 depth=1 chip=\"IR-PCI-MSI\""

static void test_entry_follows_the_vector(void **state)
{
	struct bench *b = *state;

	b->kind = "irte-update";
	replay(b, LINES(REMAPPED("1.0"), CONFIG("1.1", "40", "48", "0"), IRTE("1.2", "40", "48", "0x0"),
			UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), IRTE("2.02", "40", "49", "0x1"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->owed_ns, 10000000);
	assert_false(only(b)->guard_unknown);
	assert_int_equal(b->nr_links, 3);
}

static void test_entry_posted_to_a_guest_does_not(void **state)
{
	struct bench *b = *state;

	b->kind = "irte-update";
	replay(b, LINES(REMAPPED("1.0"), CONFIG("1.1", "40", "48", "0"), IRTE("1.2", "40", "48", "0x0"),
			"1.5 cpu0 kvm.posted_on@shadow irq:40 vector=65", UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_non_null(span_of(b, "irte", "posted", "yes"));
}

static void test_entry_left_behind(void **state)
{
	struct bench *b = *state;

	b->kind = "irte-update";
	replay(b, LINES(REMAPPED("1.0"), CONFIG("1.1", "40", "48", "0"), IRTE("1.2", "40", "48", "0x0"),
			UPDATE("2.0", "40", "49", "1", "48", "0"),
			CONFIG("2.01", "40", "49", "1"), IRTE("2.02", "40", "48", "0x0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->opportunities, 1);
}

static void test_entry_of_an_irq_that_is_activated_anew(void **state)
{
	struct bench *b = *state;

	b->kind = "irte-update";
	/* that the entry was cleared and written again was not recorded */
	replay(b, LINES(REMAPPED("1.0"), CONFIG("1.1", "40", "48", "0"), IRTE("1.2", "40", "48", "0x0"),
			"2.0 cpu0 vector.clear@shadow irq:40 vector=48 target_cpu=0 prev_vector=0 prev_cpu=0",
				CONFIG("2.1", "40", "239", "0"),
			UPDATE("3.0", "40", "49", "1", "0", "0"), CONFIG("3.01", "40", "49", "1"), END("9.0")));
	for (unsigned i = 0; i < b->nr_obligations; i++)
		assert_true(b->obligation[i].guard_unknown);
}

static void test_flush_tells_that_an_entry_was_written(void **state)
{
	struct bench *b = *state;

	b->kind = "irte-update";
	replay(b, LINES(REMAPPED("1.0"), CONFIG("1.1", "40", "48", "0"), IRTE("1.2", "40", "48", "0x0"),
			CONFIG("2.01", "40", "49", "1"),
			"2.02 cpu0 irte.write@inferred irte:0.27", END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
}

static void test_irq_of_an_entry_comes_back_as_another(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("0.5 cpu0 vector.setup@shadow irq:40 ret=0", CONFIG("1.1", "40", "48", "0"),
			IRTE("1.2", "40", "48", "0x0"),
			"2.0 cpu0 vector.teardown@shadow irq:40 managed=0 reserved=1",
				"3.0 cpu0 vector.setup@shadow irq:40 ret=0",
			CONFIG("3.1", "40", "49", "0"), IRTE("3.2", "40", "49", "0x0"), END("9.0")));
	assert_int_equal(b->object[0].generation, 1);
	assert_int_equal(b->nr_unexpected, 0);
}

/* ------------------------------------------------------------------------------------------ all at once */

static void test_suspend_excuses_a_mask(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.000100", "40", "0"),
			"2.0 cpu0 vector.config@shadow irq:40 vector=48 target_cpu=0 apicdest=0",
			"2.5 cpu0 machine.suspend@shadow enable=1", MASK("3.0", "40", "0", "0x10400200"),
				"4.0 cpu0 machine.suspend@shadow enable=0",
			UNMASK("4.000500", "40", "0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->owed_ns, 500000);
	assert_int_equal(span_of(b, "irq", "suspended", "yes")->end_ns, 4000000000);
}

static void test_managed_irq_without_a_cpu(void **state)
{
	struct bench *b = *state;

	/* shut down because its last CPU goes, started again when it is back */
	replay(b, LINES("1.0 cpu0 irq.startup@shadow irq:40 state=0x10230200 depth=1 chip=\"PCI-MSI\"",
			UNMASK("1.1", "40", "0"),
			"2.0 cpu0 irq.shutdown@shadow irq:40 state=0x10e00200 depth=0",
				MASK("2.1", "40", "0", "0x10e10200"),
			"5.0 cpu0 irq.startup@shadow irq:40 state=0x10a30200 depth=1 chip=\"PCI-MSI\"",
				UNMASK("5.1", "40", "0"), END("9.0")));
	assert_int_equal(span_of(b, "irq", "managed_shutdown", "yes")->start_ns, 2000000000);
	assert_int_equal(span_of(b, "irq", "managed_shutdown", "yes")->end_ns, 5000000000);
	/* the mask is not owed an unmask in between */
	for (unsigned i = 0; i < b->nr_obligations; i++)
		assert_true(b->obligation[i].trigger_ns >= 5000000000);
}

static void test_lost_records_close_what_is_owed(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(IN_USE, MESSAGE("1.03", "40", "0xfee00000", "0x30"), CONFIG("2.01", "40", "49", "1"),
			"3.0..4.0 cpu0 lost@shadow cpu:0 count=3", END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_UNKNOWN);
	assert_int_equal(only(b)->owed_before_gap_ns, 990000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_old_vector_is_owed_from_the_first_interrupt_on),
		TEST(test_old_vector_of_a_silent_device_is_not_owed),
		TEST(test_old_vector_kept),
		TEST(test_old_vector_goes_with_the_irq),
		TEST(test_acknowledgement_shows_no_old_vector),
		TEST(test_move_from_an_offline_cpu_frees_at_once),
		TEST(test_matrix_record_of_another_vector_frees_nothing),
		TEST(test_dying_cpu_leaves_an_old_vector),
		TEST(test_two_moves_at_once),
		TEST(test_message_follows),
		TEST(test_message_left_behind),
		TEST(test_message_that_is_configured_anew),
		TEST(test_interrupts_contradict_a_stale_message),
		TEST(test_remapped_message_stays),
		TEST(test_cleared_message_of_a_freed_irq),
		TEST(test_parked_while_in_use),
		TEST(test_parked_vector_that_fires),
		TEST(test_parked_vector_of_another_kernel),
		TEST(test_affinity_is_applied_at_the_next_interrupt),
		TEST(test_affinity_that_the_cpu_is_in),
		TEST(test_affinity_waits_for_the_last_move),
		TEST(test_affinity_excuses),
		TEST(test_affinity_of_an_unknown_target),
		TEST(test_affinity_to_cpus_that_the_mask_cannot_show),
		TEST(test_level_line_may_put_a_move_off),
		TEST(test_later_try_succeeds),
		TEST(test_activation_fails),
		TEST(test_failed_move_keeps_the_vector),
		TEST(test_failed_move_from_a_dying_cpu),
		TEST(test_edge_is_sent_again),
		TEST(test_edge_is_lost),
		TEST(test_edge_of_a_disabled_irq_is_not_owed),
		TEST(test_entry_follows_the_vector),
		TEST(test_entry_posted_to_a_guest_does_not),
		TEST(test_entry_left_behind),
		TEST(test_entry_of_an_irq_that_is_activated_anew),
		TEST(test_flush_tells_that_an_entry_was_written),
		TEST(test_irq_of_an_entry_comes_back_as_another),
		TEST(test_suspend_excuses_a_mask),
		TEST(test_managed_irq_without_a_cpu),
		TEST(test_lost_records_close_what_is_owed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
