/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xen's objects: the cells of their tables, and what a replay of records and dumps makes of them. */
#include "unit/cells.h"
#include "unit/dump_lines.h"
#include "unit/replay_bench.h"

#include "model/pirq.h"
#include "model/port.h"
#include "model/xirq.h"
#include "model/xmsi.h"

static void test_xen_irq_cells(void **state)
{
	static const struct expectation life[] = {
		{ "what is handled has a vector", XIRQ_REGION_LIFE, XIRQ_LIFE_UNKNOWN, XIRQ_ARRIVE, XIRQ_ASSIGNED, false },
		{ "assigned", XIRQ_REGION_LIFE, XIRQ_FREE, XIRQ_ASSIGN, XIRQ_ASSIGNED, false },
		{ "bound at boot", XIRQ_REGION_LIFE, XIRQ_LIFE_UNKNOWN, XIRQ_BOUND_AT_BOOT, XIRQ_ASSIGNED, false },
		{ "released", XIRQ_REGION_LIFE, XIRQ_ASSIGNED, XIRQ_CLEAR, XIRQ_FREE, false },
		{ "on its way when released", XIRQ_REGION_LIFE, XIRQ_FREE, XIRQ_ARRIVE, XIRQ_FREE, false },
		{ "released twice", XIRQ_REGION_LIFE, XIRQ_FREE, XIRQ_CLEAR, XIRQ_FREE, true },
		{ "a hole", XIRQ_REGION_LIFE, XIRQ_FREE, XIRQ_LOST, XIRQ_LIFE_UNKNOWN, false },
	};
	static const struct expectation move[] = {
		{ "moves", XIRQ_REGION_MOVE, XIRQ_SETTLED, XIRQ_MOVE_TO, XIRQ_MOVING, false },
		{ "comes by its old vector", XIRQ_REGION_MOVE, XIRQ_MOVING, XIRQ_ARRIVE_OLD, XIRQ_MOVING, false },
		{ "comes by its new vector", XIRQ_REGION_MOVE, XIRQ_MOVING, XIRQ_ARRIVE_NEW, XIRQ_CLEANING, false },
		{ "one CPU of several", XIRQ_REGION_MOVE, XIRQ_CLEANING, XIRQ_CLEANUP, XIRQ_CLEANING, false },
		{ "the last CPU", XIRQ_REGION_MOVE, XIRQ_CLEANING, XIRQ_CLEANED, XIRQ_SETTLED, false },
		{ "still pending", XIRQ_REGION_MOVE, XIRQ_MOVING, XIRQ_DELAYED, XIRQ_CLEANING, false },
		{ "clean-up told before the arrival", XIRQ_REGION_MOVE, XIRQ_MOVING, XIRQ_CLEANED, XIRQ_SETTLED, false },
		{ "irq released while it moves", XIRQ_REGION_MOVE, XIRQ_MOVING, XIRQ_FINISH, XIRQ_MOVING, false },
		{ "and gone", XIRQ_REGION_MOVE, XIRQ_MOVING, XIRQ_CLEAR, XIRQ_SETTLED, false },
		{ "clean-up of nothing", XIRQ_REGION_MOVE, XIRQ_SETTLED, XIRQ_CLEANED, XIRQ_SETTLED, true },
		{ "a second move", XIRQ_REGION_MOVE, XIRQ_MOVING, XIRQ_MOVE_TO, XIRQ_MOVING, false },
	};
	static const struct expectation action[] = {
		{ "bound", XIRQ_REGION_ACTION, XIRQ_ACTION_NONE, XIRQ_GUEST_BIND, XIRQ_ACTION_GUEST, false },
		{ "last guest gone", XIRQ_REGION_ACTION, XIRQ_ACTION_GUEST, XIRQ_GUEST_UNBIND, XIRQ_ACTION_NONE, false },
		{ "handled for somebody", XIRQ_REGION_ACTION, XIRQ_ACTION_NONE, XIRQ_ARRIVE, XIRQ_ACTION_UNKNOWN, false },
		{ "handled for somebody, by its new vector", XIRQ_REGION_ACTION, XIRQ_ACTION_NONE, XIRQ_ARRIVE_NEW, XIRQ_ACTION_UNKNOWN, false },
		{ "handled as its last guest goes", XIRQ_REGION_ACTION, XIRQ_ACTION_NONE, XIRQ_ARRIVE_NOBODY, XIRQ_ACTION_NONE, false },
		{ "taken by Xen", XIRQ_REGION_ACTION, XIRQ_ACTION_NONE, XIRQ_XEN_BIND, XIRQ_ACTION_XEN, false },
		{ "Xen's own", XIRQ_REGION_ACTION, XIRQ_ACTION_XEN, XIRQ_ARRIVE, XIRQ_ACTION_XEN, false },
		{ "Xen's own is no guest's", XIRQ_REGION_ACTION, XIRQ_ACTION_XEN, XIRQ_GUEST_BIND, XIRQ_ACTION_GUEST, true },
	};

	static const struct expectation wish[] = {
		{ "its vCPU moves", XIRQ_REGION_WISH, XIRQ_WISH_NONE, XIRQ_ASKED, XIRQ_WISH_ASKED, false },
		{ "moves again", XIRQ_REGION_WISH, XIRQ_WISH_ASKED, XIRQ_ASKED, XIRQ_WISH_ASKED, false },
		{ "carried out", XIRQ_REGION_WISH, XIRQ_WISH_ASKED, XIRQ_MOVE_TO, XIRQ_WISH_NONE, false },
		{ "given up, or not needed", XIRQ_REGION_WISH, XIRQ_WISH_ASKED, XIRQ_ARRIVE, XIRQ_WISH_NONE, false },
		{ "a hole", XIRQ_REGION_WISH, XIRQ_WISH_ASKED, XIRQ_LOST, XIRQ_WISH_UNKNOWN, false },
	};
	static const struct expectation rate[] = {
		{ "over the limit", XIRQ_REGION_RATE, XIRQ_WITHIN, XIRQ_TOO_MANY, XIRQ_EXCEEDED, false },
		{ "switched on again", XIRQ_REGION_RATE, XIRQ_EXCEEDED, XIRQ_ARRIVE, XIRQ_WITHIN, false },
		{ "released meanwhile", XIRQ_REGION_RATE, XIRQ_EXCEEDED, XIRQ_CLEAR, XIRQ_WITHIN, false },
		{ "a hole", XIRQ_REGION_RATE, XIRQ_EXCEEDED, XIRQ_LOST, XIRQ_RATE_UNKNOWN, false },
	};

	(void)state;
	CHECK(&xirq_component, wish, NULL);
	CHECK(&xirq_component, rate, NULL);
	CHECK(&xirq_component, life, NULL);
	CHECK(&xirq_component, move, NULL);
	CHECK(&xirq_component, action, NULL);
}

/* What is in flight depends on when the type is acknowledged. */
static void test_xen_irq_in_flight(void **state)
{
	static const struct {
		unsigned ack, before, input, after;
	} cells[] = {
		{ XIRQ_ACK_EOI, BIT_CLEAR, XIRQ_ARRIVE, BIT_SET }, { XIRQ_ACK_LATE, BIT_CLEAR, XIRQ_ARRIVE_NEW, BIT_SET },
		{ XIRQ_ACK_LATE, BIT_UNKNOWN, XIRQ_ARRIVE_OLD, BIT_SET }, { XIRQ_ACK_NONE, BIT_SET, XIRQ_ARRIVE, BIT_CLEAR },
		{ XIRQ_ACK_NONE, BIT_CLEAR, XIRQ_ARRIVE, BIT_UNKNOWN }, { XIRQ_ACK_EOI, BIT_SET, XIRQ_GUEST_EOI, BIT_CLEAR },
		{ XIRQ_ACK_EOI, BIT_SET, XIRQ_TIMER, BIT_CLEAR }, { XIRQ_ACK_EOI, BIT_SET, XIRQ_GUEST_UNBIND, BIT_CLEAR },
		{ XIRQ_ACK_EOI, BIT_SET, XIRQ_LOST, BIT_UNKNOWN },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct xirq_core core = { component_unknown(&xirq_component) };
		struct effects fx;

		component_see(&xirq_component, &core.bits, XIRQ_REGION_ACK, cells[i].ack);
		component_see(&xirq_component, &core.bits, XIRQ_REGION_IN_FLIGHT, cells[i].before);
		xirq_step(&core, cells[i].input, &fx);
		assert_int_equal(xirq_state(core, XIRQ_REGION_IN_FLIGHT), cells[i].after);
	}
}

/* The bit follows both wishes. */
static void test_xen_msi_cells(void **state)
{
	static const struct expectation list[] = {
		{ "mapped: Xen's", XMSI_REGION_HOST, BIT_UNKNOWN, XMSI_MAPPED, BIT_SET, false },
		{ "mapped: the guest's", XMSI_REGION_GUEST, BIT_UNKNOWN, XMSI_MAPPED, BIT_SET, false },
		{ "mapped: the bit", XMSI_REGION_HW, BIT_UNKNOWN, XMSI_MAPPED, BIT_SET, false },
		{ "bound by old Xen: only its own", XMSI_REGION_HOST, BIT_SET, XMSI_STARTED, BIT_CLEAR, false },
		{ "bound: the bit", XMSI_REGION_HW, BIT_SET, XMSI_RELEASED, BIT_CLEAR, false },
		{ "bound: the guest's", XMSI_REGION_GUEST, BIT_SET, XMSI_RELEASED, BIT_CLEAR, false },
		{ "last guest gone", XMSI_REGION_HW, BIT_CLEAR, XMSI_STOPPED, BIT_SET, false },
		{ "what came was not masked", XMSI_REGION_HW, BIT_SET, XMSI_ARRIVE, BIT_CLEAR, false },
		{ "guest masks", XMSI_REGION_HW, BIT_CLEAR, XMSI_GUEST_MASK, BIT_SET, false },
		{ "guest unmasks, Xen unknown", XMSI_REGION_HW, BIT_SET, XMSI_GUEST_UNMASK, BIT_CLEAR, false },
		{ "one wish: Xen's", XMSI_REGION_HOST, BIT_CLEAR, XMSI_ONE_WISH, BIT_SET, false },
		{ "one wish: none of the guest's", XMSI_REGION_GUEST, BIT_SET, XMSI_ONE_WISH, BIT_CLEAR, false },
		{ "one wish: the bit", XMSI_REGION_HW, BIT_CLEAR, XMSI_ONE_WISH, BIT_SET, false },
		{ "set behind Xen", XMSI_REGION_HW, BIT_CLEAR, XMSI_SET_BEHIND, BIT_SET, false },
		{ "set behind Xen: no wish", XMSI_REGION_HOST, BIT_CLEAR, XMSI_SET_BEHIND, BIT_CLEAR, false },
		{ "cleared behind Xen", XMSI_REGION_HW, BIT_SET, XMSI_CLEARED_BEHIND, BIT_CLEAR, false },
		{ "may be written", XMSI_REGION_HW, BIT_CLEAR, XMSI_MAY_BE_WRITTEN, BIT_UNKNOWN, false },
		{ "a call is no write", XMSI_REGION_HW, BIT_CLEAR, XMSI_KERNEL_MASKS, BIT_CLEAR, false },
		{ "a write need not go through", XMSI_REGION_HW, BIT_CLEAR, XMSI_WRITE_MASKED, BIT_CLEAR, false },
		{ "reset: the bit", XMSI_REGION_HW, BIT_CLEAR, XMSI_RESET, BIT_SET, false },
		{ "reset: no wish", XMSI_REGION_GUEST, BIT_CLEAR, XMSI_RESET, BIT_CLEAR, false },
		{ "written back masked", XMSI_REGION_HW, BIT_UNKNOWN, XMSI_RESTORED_MASKED, BIT_SET, false },
		{ "written back unmasked", XMSI_REGION_HW, BIT_SET, XMSI_RESTORED_UNMASKED, BIT_CLEAR, false },
		{ "guest's wish", XMSI_REGION_GUEST, BIT_SET, XMSI_GUEST_UNMASK, BIT_CLEAR, false },
		{ "restored", XMSI_REGION_HW, BIT_SET, XMSI_RESTORED, BIT_UNKNOWN, false },
		{ "released", XMSI_REGION_HW, BIT_SET, XMSI_CLEAR, BIT_UNKNOWN, false },
	};
	struct xmsi_core core = { component_unknown(&xmsi_component) };
	struct effects fx;

	(void)state;
	CHECK(&xmsi_component, list, NULL);
	xmsi_step(&core, XMSI_MAPPED, &fx);
	xmsi_step(&core, XMSI_STARTED, &fx);
	assert_int_equal(xmsi_state(core, XMSI_REGION_HW), BIT_SET);	/* for the guest */
	xmsi_step(&core, XMSI_GUEST_UNMASK, &fx);
	assert_int_equal(xmsi_state(core, XMSI_REGION_HW), BIT_CLEAR);
	xmsi_step(&core, XMSI_MAPPED, &fx);
	xmsi_step(&core, XMSI_GUEST_UNMASK, &fx);
	assert_int_equal(xmsi_state(core, XMSI_REGION_HW), BIT_SET);	/* for Xen */
}

static void test_pirq_and_port_cells(void **state)
{
	static const struct expectation pirq[] = {
		{ "mapped", PIRQ_REGION_MAP, BIT_CLEAR, PIRQ_MAPPED, BIT_SET, false },
		{ "refused", PIRQ_REGION_MAP, BIT_CLEAR, PIRQ_MAP_FAILED, BIT_CLEAR, false },
		{ "unmapped", PIRQ_REGION_MAP, BIT_SET, PIRQ_UNMAPPED, BIT_CLEAR, false },
		{ "bound", PIRQ_REGION_BOUND, BIT_CLEAR, PIRQ_BIND, BIT_SET, false },
		{ "closed", PIRQ_REGION_BOUND, BIT_SET, PIRQ_CLOSE, BIT_CLEAR, false },
		{ "given", PIRQ_REGION_OWED, BIT_CLEAR, PIRQ_GIVEN, BIT_SET, false },
		{ "acknowledged", PIRQ_REGION_OWED, BIT_SET, PIRQ_EOI, BIT_CLEAR, false },
		{ "by Xen's timer", PIRQ_REGION_OWED, BIT_SET, PIRQ_TIMER, BIT_CLEAR, false },
		{ "closed with one owed", PIRQ_REGION_OWED, BIT_SET, PIRQ_CLOSE, BIT_CLEAR, false },
		{ "a hole", PIRQ_REGION_OWED, BIT_SET, PIRQ_LOST, BIT_UNKNOWN, false },
	};
	static const struct expectation port[] = {
		{ "bound", PORT_REGION_STATE, PORT_FREE, PORT_BIND_PIRQ, PORT_PIRQ, false },
		{ "closed", PORT_REGION_STATE, PORT_PIRQ, PORT_CLOSE, PORT_FREE, false },
		{ "set up for a virq", PORT_REGION_STATE, PORT_FREE, PORT_BIND_VIRQ, PORT_VIRQ, false },
		{ "raised", PORT_REGION_PENDING, BIT_CLEAR, PORT_RAISE, BIT_SET, false },
		{ "taken", PORT_REGION_PENDING, BIT_SET, PORT_TAKEN, BIT_CLEAR, false },
		{ "masked", PORT_REGION_MASK, BIT_CLEAR, PORT_MASKED, BIT_SET, false },
		{ "unmasked", PORT_REGION_MASK, BIT_SET, PORT_UNMASKED, BIT_CLEAR, false },
		{ "closed ports have no mask", PORT_REGION_MASK, BIT_SET, PORT_CLOSE, BIT_UNKNOWN, false },
	};

	(void)state;
	CHECK(&pirq_component, pirq, NULL);
	CHECK(&port_component, port, NULL);
}

/* ---------------------------------------------------------------------------------------------------- replay */

/* How long a region held a state, as text: "STATE STATE ..." in the order of time. */
static const char *states_of(const struct bench *b, const char *component, const char *field, uint32_t object)
{
	static char text[256];
	size_t len = 0;

	*text = 0;
	for (unsigned i = 0; i < b->nr_spans && i < MAX_ROWS; i++)
		if (!strcmp(b->span[i].component, component) && !strcmp(b->span[i].field, field) && b->span[i].object == object)
			len += snprintf(text + len, sizeof(text) - len, "%s%s", len ? ", " : "", b->span[i].state);
	return text;
}


static void test_move_of_a_xen_irq(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.irq.assign@shadow xirq:22 vector=57 cpumask=0x8", "1.5 cpu3 xen.irq.handled@shadow xirq:22",
			"2.0 cpu3 xen.irq.assign@shadow xirq:22 vector=97 cpumask=0x4", "2.5 cpu3 xen.irq.handled@shadow xirq:22",
			"3.0 cpu2 xen.irq.handled@shadow xirq:22",
			"3.1 cpu3 xen.irq.move_delay@hardware xirq:22 vector=57 target_cpu=3",
			"3.2 cpu3 xen.irq.move_cleanup@shadow xirq:22 vector=57 target_cpu=3"));
	assert_string_equal(states_of(b, "xen_irq", "move", 1), "settled, moving, cleaning up, settled");
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->nr_summaries, 1);
	assert_int_equal(b->summary[0].deliveries, 3);
	assert_int_equal(b->summary[0].longest_gap_ns, 1000000000);
}

/* Two CPUs have the old vector: the first clean-up does not end the move. */
static void test_move_ends_with_the_last_cpu(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.irq.assign@shadow xirq:22 vector=57 cpumask=0x3",
			"2.0 cpu0 xen.irq.assign@shadow xirq:22 vector=97 cpumask=0x4", "3.0 cpu2 xen.irq.handled@shadow xirq:22",
			"3.1 cpu0 xen.irq.move_cleanup@shadow xirq:22 vector=57 target_cpu=0"));
	assert_string_equal(states_of(b, "xen_irq", "move", 1), "settled, moving, cleaning up");
}

#define ASSIGN(t, vector, cpus) t " cpu0 xen.irq.assign@shadow xirq:22 vector=" vector " cpumask=" cpus
#define HANDLED(t, cpu) t " cpu" cpu " xen.irq.handled@shadow xirq:22"
#define CLEANUP(t) t " cpu3 xen.irq.move_cleanup@shadow xirq:22 vector=57 target_cpu=3"

/* The table of a CPU: what an irq leaves is nobody's, and what arrives then is harm of the one that had it last. */
static void test_vectors_of_xens_cpus(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(ASSIGN("1.0", "57", "0x8"), ASSIGN("2.0", "97", "0x4"), HANDLED("2.5", "2"), CLEANUP("2.6"),
			"3.0 cpu3 xen.irq.unmapped@hardware vector:3.0x39 vector=57",
			"4.0 cpu0 xen.irq.clear@shadow xirq:22 vector=97 cpumask=0x4",
			"5.0 cpu2 xen.irq.unmapped@hardware vector:2.0x61 vector=97",
			"6.0 cpu1 xen.irq.unmapped@hardware vector:1.0x61 vector=97"));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->object[1].ref.id, object_id_pair(3, 57));
	assert_string_equal(states_of(b, "vector_slot", "owner", 2), "owned, unused");
	assert_int_equal(b->object[2].ref.id, object_id_pair(2, 97));
	assert_string_equal(states_of(b, "vector_slot", "owner", 3), "owned, unused");
	assert_int_equal(b->nr_harms, 3);
	assert_int_equal(b->harm[0].object, 1);
	assert_int_equal(b->harm[1].object, 1);
	assert_int_equal(b->harm[2].object, 4);
	assert_int_equal(b->object[3].ref.kind, OBJ_VECTOR);
}

/* Behind a hole nobody knows whose it was; masks of CPUs that no record can have name none. */
static void test_vectors_behind_a_hole(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(ASSIGN("1.0", "57", "0x8"), "1.5..2.0 cpu1 lost@shadow cpu:1 count=3",
			"3.0 cpu3 xen.irq.unmapped@hardware vector:3.0x39 vector=57", ASSIGN("4.0", "300", "-1"), ASSIGN("5.0", "-1", "1")));
	assert_int_equal(b->nr_harms, 1);
	assert_int_equal(b->harm[0].object, 2);
	assert_int_equal(b->nr_objects, 2);
	assert_string_equal(states_of(b, "vector_slot", "owner", 2), "owned, unused");
}

/* Arrivals by the old vector, each of which should have been the last; what leaves no doubt is that no CPU has both. */
static void test_move_that_is_not_followed(void **state)
{
	struct bench *b = *state;

	b->kind = "xen-move";
	replay(b, LINES(ASSIGN("1.0", "57", "0x8"), ASSIGN("2.0", "97", "0x4"), HANDLED("2.1", "3"), HANDLED("2.2", "3"),
			HANDLED("2.3", "3"), HANDLED("2.4", "2"), CLEANUP("2.5"), ASSIGN("3.0", "65", "0xc"), HANDLED("3.1", "2"),
			"3.2 cpu0 xen.irq.clear@shadow xirq:22 vector=65 cpumask=0xc"));
	assert_int_equal(b->nr_obligations, 2);
	assert_int_equal(b->obligation[0].opportunities, 3);
	assert_int_equal(b->obligation[0].owed_ns, 400000000);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
	assert_false(b->obligation[0].guard_unknown);
	assert_int_equal(b->obligation[1].ending, ENDING_EXCUSED);
	assert_true(b->obligation[1].guard_unknown);
}

static void test_old_vector_that_is_not_released(void **state)
{
	struct bench *b = *state;
	static const char delay[] = "2.6 cpu3 xen.irq.move_delay@hardware xirq:22 vector=57 target_cpu=3";

	b->kind = "xen-cleanup";
	replay(b, LINES(ASSIGN("1.0", "57", "0x8"), ASSIGN("2.0", "97", "0x4"), HANDLED("2.4", "2"), delay, delay, delay, CLEANUP("2.7")));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_ns, 2400000000);
	assert_int_equal(b->obligation[0].opportunities, 3);
	assert_int_equal(b->obligation[0].end_ns, 2700000000);
	assert_string_equal(b->obligation[0].ended_by, "old vector released");
}

/* A CPU of both vectors does not tell by which it came; the vector for which it left a guest does, where it is the irq's. */
static void test_vector_of_an_arrival(void **state)
{
	static const struct {
		const char *vector, *moves;
	} known[] = {
		{ "2.0 cpu2 xen.vector.arrive@hardware vector:2.0x61 vector=97", "settled, moving, cleaning up" },
		{ "2.0 cpu2 xen.vector.arrive@hardware vector:2.0x39 vector=57", "settled, moving" },
		{ "2.0 cpu2 xen.vector.arrive@hardware vector:2.0x77 vector=119", "settled, moving" },
		{ "2.0 cpu1 xen.vector.arrive@hardware vector:1.0x61 vector=97", "settled, moving" },
	};

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct bench *b;

		set_up((void **)&b);
		replay(b, LINES(ASSIGN("1.0", "57", "0xc"), ASSIGN("1.5", "97", "0x4"), known[i].vector, HANDLED("2.1", "2"),
				HANDLED("2.2", "2")));
		assert_string_equal(states_of(b, "xen_irq", "move", 1), known[i].moves);
		assert_int_equal(b->nr_unexpected, 0);
		tear_down((void **)&b);
	}
	(void)state;
}

/* What was on its way when the last guest went proves no other guest; what comes later does. */
static void test_handled_for_nobody(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FEEDS("0.5", "xirq:22", "pirq:0.412"), "1.0 cpu0 xen.pirq.bind@shadow pirq:0.412 port:0.27",
			"2.0 cpu0 xen.pirq.close@shadow pirq:0.412 port:0.27", HANDLED("2.0005", "0"), HANDLED("2.5", "0"),
			"3.0 cpu0 xen.pirq.bind@shadow pirq:0.412 port:0.27"));
	assert_string_equal(states_of(b, "xen_irq", "action", 1), "guest, none, guest");
	for (unsigned i = 0; i < b->nr_spans; i++)
		if (!strcmp(b->span[i].field, "action") && !strcmp(b->span[i].state, "none"))
			assert_int_equal(b->span[i].end_ns, 2500000000);
}

/* A resume writes back what Xen wants: what was as it wants still is, what was not may be put right. */
static void test_resume_of_the_host(void **state)
{
	struct bench *b = *state;

#define MASKS(irq, host, bit) \
	FIELD("0.5", "xirq:" irq, "xen_msi.host_mask", host), FIELD("0.5", "xirq:" irq, "xen_msi.guest_mask", "unmasked"), \
		FIELD("0.5", "xirq:" irq, "msix_entry.mask", bit)
	replay(b, LINES(MASKS("22", "unmasked", "masked"), MASKS("23", "unmasked", "unmasked"), MASKS("24", "masked", "masked"),
			"1.0 cpu0 machine.suspend@shadow enable=1", "2.0 cpu0 machine.suspend@shadow enable=0",
			"3.0 cpu0 mark@hardware text=\"end\""));
	for (unsigned i = 0, nr = 0; i < b->nr_spans; i++) {
		if (strcmp(b->span[i].component, "xen_msi") || strcmp(b->span[i].field, "mask"))
			continue;
		assert_int_equal(b->span[i].end_ns, nr++ ? 3000000000 : 2000000000);
		assert_int_equal(b->span[i].ending, nr == 1 ? ENDING_DISCHARGED : ENDING_OPEN);
	}
}

/* As its vCPU moves, so shall the irq: with its next arrival. Which ports call a vCPU a dump shows. */
static void test_irq_follows_its_vcpu(void **state)
{
	static const char runs[] = "%s cpu%u sched.vcpu_runs@shadow vcpu:0.%u cpu:%u";
	static char text[6][96];
	struct bench *b = *state;

	snprintf(text[0], sizeof(text[0]), runs, "1.0", 3, 1, 3);
	snprintf(text[1], sizeof(text[1]), runs, "2.0", 3, 1, 3);
	snprintf(text[2], sizeof(text[2]), runs, "2.1", 1, 2, 1);
	snprintf(text[3], sizeof(text[3]), runs, "2.2", 0, 2, 0);
	snprintf(text[4], sizeof(text[4]), runs, "3.0", 2, 1, 2);
	snprintf(text[5], sizeof(text[5]), runs, "5.0", 3, 1, 3);
	replay(b, LINES(FEEDS("0.5", "xirq:22", "pirq:0.412"), FEEDS("0.5", "pirq:0.412", "port:0.27"), NUMBER("0.5", "port:0.27", "xen_port.vcpu", "1"),
			ASSIGN("0.6", "57", "0x8"), text[0], text[1], text[2], text[3], text[4], HANDLED("4.0", "3"), text[5],
			"5.5..6.0 cpu1 lost@shadow cpu:1 count=3"));
	assert_int_equal(b->nr_unexpected, 0);
	assert_string_equal(states_of(b, "xen_irq", "affinity", 1), "none, asked, none, asked");
	for (unsigned i = 0, n = 0; i < b->nr_spans; i++)
		if (!strcmp(b->span[i].field, "affinity") && !strcmp(b->span[i].state, "asked"))
			assert_int_equal(b->span[i].end_ns, n++ ? 6000000000 : 4000000000);
}

/* 10000 in 10 ms are over the limit, and what comes then has been switched on again; as many in 20 ms are not. */
static void test_rate_limit(void **state)
{
	enum { NR = 10001 };
	static char text[NR][64];
	static const char *lines[NR + 1];

	for (unsigned slow = 0; slow < 2; slow++) {
		struct bench *b;

		for (unsigned i = 0; i < NR; i++) {
			unsigned ns = i == NR - 1 ? 30000000 : i * (slow ? 2000 : 900);

			snprintf(text[i], sizeof(text[i]), "1.%09u cpu0 xen.irq.handled@shadow xirq:22", ns);
			lines[i] = text[i];
		}
		set_up((void **)&b);
		replay(b, lines);
		assert_string_equal(states_of(b, "xen_irq", "rate", 1), slow ? "" : "exceeded, within");
		if (!slow)
			assert_int_equal(b->span[0].end_ns - b->span[0].start_ns, 30000000 - (NR - 2) * 900);
		assert_int_equal(b->summary[0].busiest_second, NR);
		tear_down((void **)&b);
	}
	(void)state;
}

/* A number that was given up and comes back is another irq; what it led to is joined no more. */
static void test_xen_irq_given_again(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.irq.assign@shadow xirq:25 vector=184 cpumask=0x3", FEEDS("1.1", "xirq:25", "pirq:0.414"),
			"2.0 cpu0 xen.irq.clear@shadow xirq:25 vector=184 cpumask=0x3",
			"3.0 cpu0 xen.irq.assign@shadow xirq:25 vector=192 cpumask=0x3", "4.0 cpu0 xen.irq.handled@shadow xirq:25"));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->nr_objects, 7);
	assert_int_equal(b->object[0].gone_ns, 2000000000);
	assert_int_equal(b->object[0].generation, 1);
	assert_int_equal(b->object[0].ref.kind, OBJ_XIRQ);
	assert_int_equal(b->object[4].generation, 2);
	assert_int_equal(b->object[4].ref.kind, OBJ_XIRQ);
	assert_int_equal(b->nr_links, 1);
	assert_int_equal(b->link[0].to_ns, 3000000000);
	assert_string_equal(states_of(b, "xen_pirq", "mapped", 4), "no");
}

/* A dump seeds what is unknown, agrees, is news where nothing records it, and disagrees where something does. */
static void test_dumps_are_compared(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(NUMBER("0.5", "xirq:27", "xen_irq.vector", "0xd0"), FIELD("0.5", "xirq:27", "xen_msi.host_mask", "unmasked"),
			FIELD("0.5", "xirq:27", "msix_entry.mask", "unmasked"), FIELD("0.5", "xirq:27", "xen_irq.action", "guest"),
			"1.0 cpu0 xen.irq.handled@shadow xirq:27", NUMBER("2.0", "xirq:27", "xen_irq.vector", "0xd0"),
			FIELD("2.0", "xirq:27", "msix_entry.mask", "masked"), FIELD("2.0", "xirq:27", "xen_irq.action", "guest"),
			"3.0 cpu0 xen.irq.assign@shadow xirq:27 vector=97 cpumask=0x4",
			NUMBER("4.0", "xirq:27", "xen_irq.vector", "0xd0"), FIELD("4.0", "xirq:27", "no_such.field", "x"),
			FIELD("4.0", "xirq:27", "xen_irq.no_such", "x"), FIELD("4.0", "xirq:27", "xen_irq.action", "no such")));
	assert_int_equal(b->nr_checks, 8);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(b->check[i].result, DUMP_SEEDED);
	assert_int_equal(b->check[4].result, DUMP_AGREED);
	assert_int_equal(b->check[5].result, DUMP_NEWS);
	assert_string_equal(b->check[5].component, "xen_msi");
	assert_string_equal(b->check[5].believed, "unmasked");
	assert_int_equal(b->check[6].result, DUMP_AGREED);
	assert_int_equal(b->check[7].result, DUMP_DIFFERS);
	assert_string_equal(b->check[7].field, "vector");
}

/* A guest's EOI reaches the irq of Xen by the links that a dump shows; numbers that coincide join nothing. */
static void test_guest_eoi_by_links(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FIELD("0.5", "xirq:22", "xen_irq.type", "IO-APIC-level"), FEEDS("0.5", "xirq:22", "pirq:0.22"),
			FEEDS("0.5", "pirq:0.22", "port:0.34"), "1.0 cpu0 xen.irq.handled@shadow xirq:22",
			"1.1 cpu0 xen.pirq.eoi@shadow irq:22", "1.2 cpu0 xen.evtchn.upcall@shadow port:0.34",
			FIELD("1.5", "pirq:0.22", "xen_pirq.eoi_owed", "yes"), "2.0 cpu0 xen.pirq.bind@shadow port:0.34 irq:47",
			"3.0 cpu0 xen.irq.handled@shadow xirq:22", "3.1 cpu0 xen.pirq.eoi@shadow irq:47",
			FIELD("4.0", "pirq:0.22", "xen_pirq.eoi_owed", "no"), FIELD("4.0", "port:0.34", "xen_port.pending", "set")));
	assert_int_equal(b->nr_checks, 3);
	assert_int_equal(b->check[0].result, DUMP_AGREED);
	assert_int_equal(b->check[1].result, DUMP_AGREED);
	assert_int_equal(b->check[2].result, DUMP_AGREED);
	assert_int_equal(b->nr_links, 3);
}

static void test_ports_as_their_guest_masks_them(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.pirq.bind@shadow pirq:0.412 port:0.27", "1.1 cpu0 xen.evtchn.unmask@shadow port:0.27",
			"2.0 cpu0 xen.evtchn.mask@shadow port:0.27", "3.0 cpu0 xen.pirq.close@shadow pirq:0.412 port:0.27",
			"4.0 cpu0 xen.pirq.bind@shadow pirq:0.412 ret=-17"));
	assert_string_equal(states_of(b, "xen_port", "mask", 2), "unmasked, masked");
	assert_string_equal(states_of(b, "xen_port", "state", 2), "pirq, free");
	assert_string_equal(states_of(b, "xen_pirq", "bound", 1), "yes, no");
}

/* Behind a hole nothing of Xen's irqs is known; a later dump is no disagreement. */
static void test_holes_make_xen_unknown(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.irq.assign@shadow xirq:22 vector=57 cpumask=0x8", "1.5..2.0 cpu1 lost@shadow cpu:1 count=3",
			NUMBER("3.0", "xirq:22", "xen_irq.vector", "0x61"), FIELD("3.0", "port:0.3", "xen_port.state", "pirq"),
			"3.5..4.0 cpu1 lost@shadow cpu:1 count=3", FIELD("5.0", "port:0.3", "xen_port.state", "virq")));
	assert_int_equal(b->nr_checks, 3);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(b->check[i].result, DUMP_SEEDED);
}

/* As many guests as Xen may have: all are given the interrupt. */
static void test_many_guests(void **state)
{
	enum { NR = 250 };
	struct bench *b = *state;
	static char text[NR + 4][96];
	const char *lines[NR + 4];
	unsigned nr = 0;

	for (; nr < NR; nr++) {
		snprintf(text[nr], sizeof(text[nr]), FEEDS("1.0", "xirq:22", "pirq:%u.22"), nr);
		lines[nr] = text[nr];
	}
	lines[nr++] = FIELD("1.0", "xirq:22", "xen_irq.type", "IO-APIC-level");
	lines[nr++] = "2.0 cpu0 xen.irq.handled@shadow xirq:22";
	lines[nr++] = FIELD("3.0", "pirq:7.22", "xen_pirq.eoi_owed", "yes");
	lines[nr] = NULL;
	replay(b, lines);
	assert_int_equal(b->nr_links, NR);
	assert_int_equal(b->check[0].result, DUMP_AGREED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xen_irq_cells),
		cmocka_unit_test(test_xen_irq_in_flight),
		cmocka_unit_test(test_xen_msi_cells),
		cmocka_unit_test(test_pirq_and_port_cells),
		TEST(test_move_of_a_xen_irq),
		TEST(test_move_ends_with_the_last_cpu),
		TEST(test_vectors_of_xens_cpus), TEST(test_vectors_behind_a_hole), TEST(test_move_that_is_not_followed),
		TEST(test_old_vector_that_is_not_released), TEST(test_vector_of_an_arrival), TEST(test_handled_for_nobody),
		TEST(test_irq_follows_its_vcpu), TEST(test_resume_of_the_host), TEST(test_rate_limit),
		TEST(test_xen_irq_given_again),
		TEST(test_dumps_are_compared),
		TEST(test_guest_eoi_by_links),
		TEST(test_ports_as_their_guest_masks_them),
		TEST(test_holes_make_xen_unknown),
		TEST(test_many_guests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
