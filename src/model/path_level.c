/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "baremetal/level": a level line on an IO-APIC pin, without remapping, with and without a oneshot thread
 * (kernel/irq/{manage,chip}.c handle_fasteoi_irq(), irq_finalize_oneshot(); arch/x86/kernel/apic/io_apic.c
 * ioapic_ack_level(); Intel 82093AA).
 *
 * The device holds its line until its handler, or its thread where there is one, has served it. A vector stands for the
 * irq on one CPU, as each move chooses another one.
 *
 * Not in it: edge pins, shared lines, remapping, delivery that takes time: a message is accepted when it is sent, an EOI
 * reaches the pin when it is given.
 */
#include "model/irq.h"
#include "model/lapic.h"
#include "model/msix.h"
#include "model/part.h"
#include "model/pin.h"
#include "model/unit.h"
#include "model/vector.h"

static unsigned pin_of(const struct unit *unit, enum pin_region region)
{
	return unit_state(unit, ROLE_PIN, region);
}

/* ------------------------------------------------------------------------------------------------------ guards */

static bool line_waits(const struct unit *before, const struct unit *now)
{
	(void)before;
	return pin_of(now, PIN_REGION_LINE) == BIT_SET && pin_of(now, PIN_REGION_HW) == BIT_CLEAR &&
	       pin_of(now, PIN_REGION_IRR) == BIT_CLEAR;
}

static bool line_is_asserted(const struct unit *before, const struct unit *now)
{
	(void)before;
	return pin_of(now, PIN_REGION_LINE) == BIT_SET;
}

static bool vector_matches(const struct unit *before, const struct unit *now)
{
	(void)before;
	return now->place[PLACE_HERE] == now->place[PLACE_MESSAGE];
}

static bool vector_differs(const struct unit *before, const struct unit *now)
{
	return !vector_matches(before, now);
}

static bool entry_moves(const struct unit *before, const struct unit *now)
{
	(void)now;
	return before->place[PLACE_MESSAGE] && before->place[PLACE_MESSAGE] != before->place[PLACE_TARGET];
}

static bool entry_stays(const struct unit *before, const struct unit *now)
{
	return !entry_moves(before, now);
}

static bool is_oneshot(const struct unit *before, const struct unit *now)
{
	(void)before;
	return now->place[PLACE_ONESHOT] && part_enabled(now);
}

static bool move_due_unmasked(const struct unit *before, const struct unit *now)
{
	return part_move_due(before, now) && !part_is_masked(now);
}

static bool held_move_due(const struct unit *before, const struct unit *now)
{
	return part_was_held(before, now) && part_on_target(before, now);
}

/*
 * ioapic_ack_level() looks whether its own CPU accepted the irq's vector as level. It did not where the irq has another
 * vector by now, or where software sent the interrupt again.
 */
static bool not_taken_as_level(const struct unit *before, const struct unit *now)
{
	unsigned here = before->place[PLACE_HERE];

	if (!part_ours(before, now))
		return false;
	return before->place[PLACE_TARGET] != here || unit_lapic_state(before, here - 1, LAPIC_REGION_TMR) == BIT_CLEAR;
}

static bool moves_now(const struct unit *before, const struct unit *now)
{
	return part_ours(before, now) && part_move_due(before, now) && pin_of(now, PIN_REGION_IRR) == BIT_CLEAR;
}

static bool mask_is_moves_own(const struct unit *before, const struct unit *now)
{
	return part_ours(before, now) && !part_is_masked(now) && part_started(now) && pin_of(now, PIN_REGION_KERNEL) == BIT_SET;
}

static bool move_was_due(const struct unit *before, const struct unit *now)
{
	return part_ours(before, now) && part_move_due(before, before);
}

static bool thread_may_unmask(const struct unit *before, const struct unit *now)
{
	(void)before;
	return part_enabled(now) && part_is_masked(now);
}

/* ------------------------------------------------------------------------------------------------------ reactions */

static void entry_to_target(struct unit *unit)
{
	unit->place[PLACE_MESSAGE] = unit->place[PLACE_TARGET];
}

#define MESSAGE_GOES(...) \
	{ __VA_ARGS__, THEN_AT(MESSAGE, LAPIC_ACCEPT_LEVEL) }, { __VA_ARGS__, THEN(PIN, PIN_ACCEPT) }

/* An acknowledgement in ioapic_ack_level(): the move before is finished, a new one masks, then the EOI. */
#define ACK_LEVEL(on, ended, masks) \
	{ ON(IRQ, on), .when = ended, THEN(VECTOR, VECTOR_TARGET_HIT) }, \
	{ ON(IRQ, on), .when = masks, .quirk = QUIRK_IOAPIC_DELAYED_MOVE, THEN(PIN, PIN_MASK) }

static const struct reaction reactions[] = {
	/* the chip's functions */
	{ ON(IRQ, IRQ_CORE_MASK), THEN(PIN, PIN_MASK) },
	{ ON(IRQ, IRQ_CORE_UNMASK), THEN(PIN, PIN_UNMASK) },
	{ ON(VECTOR, VECTOR_CONFIG), .when = entry_moves, .move = entry_to_target, THEN(PIN, PIN_RTE_MOVED) },
	{ ON(VECTOR, VECTOR_CONFIG), .when = entry_stays, .move = entry_to_target, THEN(PIN, PIN_RTE_SAME) },
	/* the IO-APIC: a message leaves when the line rises, when the pin is unmasked, and at an EOI while the line is up */
	MESSAGE_GOES(ON_EFFECT(PIN, PIN_EFFECT_MESSAGE)),
	MESSAGE_GOES(ON_EFFECT(PIN, PIN_EFFECT_SEND)),
	{ ON(PIN, PIN_UNMASK), .when = line_waits, THEN_AT(MESSAGE, LAPIC_ACCEPT_LEVEL) },
	{ ON(PIN, PIN_UNMASK), .when = line_waits, THEN(PIN, PIN_ACCEPT) },
	{ ON(PIN, PIN_EOI_PIN), .when = line_waits, THEN_AT(MESSAGE, LAPIC_ACCEPT_LEVEL) },
	{ ON(PIN, PIN_EOI_PIN), .when = line_waits, THEN(PIN, PIN_ACCEPT) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = vector_matches, THEN(PIN, PIN_EOI) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = vector_differs, THEN(PIN, PIN_EOI_OTHER) },
	/* handle_fasteoi_irq() */
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_not_ours, THEN_AT(HERE, LAPIC_EOI) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_ours_busy, THEN(IRQ, IRQ_FLOW_IGNORED) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_ours_idle, THEN(IRQ, IRQ_FLOW) },
	{ ON(IRQ, IRQ_FLOW_IGNORED), THEN_AT(HERE, LAPIC_EOI) },
	{ ON(IRQ, IRQ_FLOW), .when = part_held_unmasked, THEN(PIN, PIN_MASK) },
	{ ON(IRQ, IRQ_FLOW), .when = held_move_due, THEN(VECTOR, VECTOR_TARGET_HIT) },
	{ ON(IRQ, IRQ_FLOW), .when = part_was_held, THEN_AT(HERE, LAPIC_EOI) },
	{ ON(IRQ, IRQ_FLOW), .when = is_oneshot, THEN(IRQ, IRQ_CORE_MASK) },
	{ ON(IRQ, IRQ_FLOW), .when = part_was_enabled, .move = part_run_here, THEN(IRQ, IRQ_ENTER) },
	{ ON(IRQ, IRQ_EXIT_HANDLED), .when = line_is_asserted, THEN(PIN, PIN_LOWER) },
	ACK_LEVEL(IRQ_EXIT_HANDLED, part_on_target, move_due_unmasked),
	{ ON(IRQ, IRQ_EXIT_HANDLED), THEN_AT(HERE, LAPIC_EOI) },
	ACK_LEVEL(IRQ_EXIT_WAKE, part_on_target, move_due_unmasked),
	{ ON(IRQ, IRQ_EXIT_WAKE), THEN_AT(HERE, LAPIC_EOI) },
	/* behind the EOI: its rescue, the move, the unmask */
	{ ON(LAPIC, LAPIC_EOI), .when = not_taken_as_level, .quirk = QUIRK_IOAPIC_EXPLICIT_EOI, THEN(PIN, PIN_EOI_PIN) },
	{ ON(LAPIC, LAPIC_EOI), .when = moves_now, .quirk = QUIRK_IOAPIC_DELAYED_MOVE, THEN(VECTOR, VECTOR_AFFINITY_APPLIED) },
	{ ON(LAPIC, LAPIC_EOI), .when = mask_is_moves_own, THEN(PIN, PIN_UNMASK) },
	{ ON(LAPIC, LAPIC_EOI), .when = move_was_due, .quirk = QUIRK_IOAPIC_KEEPS_CORE_MASK, .without = true, THEN(PIN, PIN_UNMASK) },
	{ ON(VECTOR, VECTOR_AFFINITY_ASKED), .quirk = QUIRK_IOAPIC_DELAYED_MOVE, .without = true, THEN(VECTOR, VECTOR_AFFINITY_APPLIED) },
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_may_move, .move = part_take_new_vector, THEN(VECTOR, VECTOR_UPDATE_MOVED) },
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_moved, THEN(VECTOR, VECTOR_CONFIG) },
	/* the thread has served the device */
	{ ON(IRQ, IRQ_THREAD_DONE), .when = line_is_asserted, THEN(PIN, PIN_LOWER) },
	{ ON(IRQ, IRQ_THREAD_DONE), .when = thread_may_unmask, THEN(IRQ, IRQ_CORE_UNMASK) },
	PART_CALLS,
	/* check_irq_resend() leaves a level line to itself */
	{ ON(IRQ, IRQ_ENABLE), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_LEVEL, .without = true, THEN(IRQ, IRQ_SEE_NOT_PENDING) },
	{ ON(IRQ, IRQ_ENABLE), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_LEVEL, THEN(IRQ, IRQ_RESEND) },
	{ ON(IRQ, IRQ_STARTUP), .when = part_pending, THEN(IRQ, IRQ_SEE_NOT_PENDING) },
	{ ON(IRQ, IRQ_RESEND), THEN_AT(TARGET, LAPIC_ACCEPT_EDGE) },
};

/* ------------------------------------------------------------------------------------------------------ operations */

static bool may_request(const struct unit *unit)
{
	return part_may_request(unit) && pin_of(unit, PIN_REGION_IRR) == BIT_CLEAR;
}

/* irq_shutdown() is followed by a wait for remote IRR (since 5.3). */
static bool may_free(const struct unit *unit)
{
	return part_may_free(unit) && pin_of(unit, PIN_REGION_IRR) == BIT_CLEAR;
}

static bool may_assert(const struct unit *unit)
{
	return part_started(unit) && pin_of(unit, PIN_REGION_LINE) == BIT_CLEAR;
}

static bool runs_alone(const struct unit *unit)
{
	return part_may_exit(unit) && !unit->place[PLACE_ONESHOT];
}

static bool runs_for_thread(const struct unit *unit)
{
	return part_may_exit(unit) && unit->place[PLACE_ONESHOT];
}

static bool thread_runs(const struct unit *unit)
{
	return unit_state(unit, ROLE_IRQ, IRQ_REGION_THREAD) == BIT_SET;
}

static bool in_use(const struct unit *unit)
{
	return part_started(unit) && pin_of(unit, PIN_REGION_HW) == BIT_CLEAR;
}

static void ask_plain(struct unit *unit)
{
	unit->place[PLACE_ONESHOT] = 0;
	part_target_here(unit);
}

static void ask_oneshot(struct unit *unit)
{
	unit->place[PLACE_ONESHOT] = 1;
	part_target_here(unit);
}

static const struct operation operations[] = {
	{ "request_irq", OPERATION_STIMULUS, .per_cpu = true, .when = may_request, .move = ask_plain, FIRST(VECTOR, VECTOR_ACTIVATE) },
	{ "request_threaded_irq, oneshot", OPERATION_STIMULUS, .per_cpu = true, .when = may_request, .move = ask_oneshot,
	  FIRST(VECTOR, VECTOR_ACTIVATE) },
	{ "device asserts its line", OPERATION_STIMULUS, .when = may_assert, FIRST(PIN, PIN_RAISE) },
	{ "handler returns", OPERATION_PROGRESS, .when = runs_alone, .move = part_run_ends, FIRST(IRQ, IRQ_EXIT_HANDLED) },
	{ "handler wakes its thread", OPERATION_PROGRESS, .when = runs_for_thread, .move = part_run_ends, FIRST(IRQ, IRQ_EXIT_WAKE) },
	{ "thread finishes", OPERATION_PROGRESS, .when = thread_runs, FIRST(IRQ, IRQ_THREAD_DONE) },
	{ "second writer masks", OPERATION_STIMULUS, .quirk = QUIRK_SECOND_WRITER, .when = in_use, FIRST(PIN, PIN_RTE_MASKED) },
	PART_OPERATIONS(may_free),
};

/* ------------------------------------------------------------------------------------------------------ invariants */

static bool left_masked(const struct unit *unit)
{
	return part_enabled(unit) && !part_is_masked(unit) && pin_of(unit, PIN_REGION_HW) != BIT_CLEAR;
}

static bool core_mask_ignored(const struct unit *unit)
{
	return part_started(unit) && part_is_masked(unit) && pin_of(unit, PIN_REGION_HW) == BIT_CLEAR;
}

/* Remote IRR is set, and no local APIC holds what would clear it. */
static bool irr_stuck(const struct unit *unit)
{
	if (pin_of(unit, PIN_REGION_IRR) != BIT_SET)
		return false;
	for (unsigned cpu = 0; cpu < UNIT_MAX_CPUS; cpu++)
		if (unit_lapic_state(unit, cpu, LAPIC_REGION_IRR) == BIT_SET || unit_lapic_state(unit, cpu, LAPIC_REGION_ISR) == BIT_SET)
			return false;
	return true;
}

static const struct invariant invariants[] = {
	{ "unmasked", "the pin of an irq that is started, enabled and not masked by the core is unmasked", "pin-left-masked", left_masked },
	{ "core-mask", "a pin that the irq core has masked is masked", "", core_mask_ignored },
	{ "remote-irr", "remote IRR is set only while a local APIC still has to give the EOI", "eoi-vector-mismatch", irr_stuck },
	PART_INVARIANTS,
};

/* ------------------------------------------------------------------------------------------------------ the part */

/* A GSI that is mapped and parked, its pin masked, its line quiet. */
static void init(struct unit *unit)
{
	static const uint8_t pin[NR_PIN_REGIONS] = {
		[PIN_REGION_HW] = BIT_SET, [PIN_REGION_KERNEL] = BIT_SET, [PIN_REGION_TRIGGER] = TRIGGER_LEVEL,
		[PIN_REGION_IRR] = BIT_CLEAR, [PIN_REGION_LINE] = BIT_CLEAR, [PIN_REGION_ROUTE] = ROUTE_STEADY,
	};

	part_init(unit);
	for (unsigned i = 0; i < NR_PIN_REGIONS; i++)
		part_set(unit, ROLE_PIN, i, pin[i]);
	part_set(unit, ROLE_IRQ, IRQ_REGION_LIFE, LIFE_ALLOCATED);
	part_set(unit, ROLE_VECTOR, VECTOR_REGION_RESERVATION, RESERVATION_GLOBAL);
	part_set(unit, ROLE_VECTOR, VECTOR_REGION_ASSIGNED, ASSIGNED_PARKED);
	part_set(unit, ROLE_VECTOR, VECTOR_REGION_ACTIVATION, ACTIVATION_RESERVED);
}

static bool waits(const struct unit *unit)
{
	return pin_of(unit, PIN_REGION_LINE) == BIT_SET && part_enabled(unit);
}

const struct path_part path_level = {
	.name = "baremetal/level", .what = "level lines on IO-APIC pins, oneshot threads, moves, without remapping",
	.path = PATH_BAREMETAL, .reactions = reactions, .operations = operations, .invariants = invariants,
	.nr_reactions = sizeof(reactions) / sizeof(reactions[0]), .nr_operations = sizeof(operations) / sizeof(operations[0]),
	.nr_invariants = sizeof(invariants) / sizeof(invariants[0]), .init = init, .waits = waits,
};
