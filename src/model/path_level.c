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
#include "model/level.h"
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

bool level_line_waits(const struct unit *before, const struct unit *now)
{
	(void)before;
	return pin_of(now, PIN_REGION_LINE) == BIT_SET && pin_of(now, PIN_REGION_HW) == BIT_CLEAR &&
	       pin_of(now, PIN_REGION_IRR) == BIT_CLEAR;
}

bool level_line_is_asserted(const struct unit *before, const struct unit *now)
{
	(void)before;
	return pin_of(now, PIN_REGION_LINE) == BIT_SET;
}

bool level_vector_matches(const struct unit *before, const struct unit *now)
{
	(void)before;
	return now->place[PLACE_HERE] == now->place[PLACE_MESSAGE] || now->place[PLACE_SAME];
}

bool level_vector_differs(const struct unit *before, const struct unit *now)
{
	return !level_vector_matches(before, now);
}

bool level_entry_moves(const struct unit *before, const struct unit *now)
{
	(void)now;
	return before->place[PLACE_MESSAGE] && before->place[PLACE_MESSAGE] != before->place[PLACE_TARGET] && !before->place[PLACE_SAME];
}

bool level_entry_stays(const struct unit *before, const struct unit *now)
{
	return !level_entry_moves(before, now);
}

bool level_is_oneshot(const struct unit *before, const struct unit *now)
{
	(void)before;
	return now->place[PLACE_ONESHOT] && part_enabled(now);
}

bool level_move_due_unmasked(const struct unit *before, const struct unit *now)
{
	return part_move_due(before, now) && !part_is_masked(now);
}

bool level_held_move_due(const struct unit *before, const struct unit *now)
{
	return part_was_held(before, now) && part_on_target(before, now);
}

/*
 * ioapic_ack_level() looks whether its own CPU accepted the irq's vector as level. It did not where the irq has another
 * vector by now, or where software sent the interrupt again.
 */
bool level_not_taken_as_level(const struct unit *before, const struct unit *now)
{
	unsigned here = before->place[PLACE_HERE];

	if (!part_ours(before, now))
		return false;
	return (before->place[PLACE_TARGET] != here && !before->place[PLACE_SAME]) ||
	       unit_lapic_state(before, here - 1, LAPIC_REGION_TMR) == BIT_CLEAR;
}

bool level_moves_now(const struct unit *before, const struct unit *now)
{
	return part_ours(before, now) && part_move_due(before, now) && pin_of(now, PIN_REGION_IRR) == BIT_CLEAR;
}

bool level_mask_is_moves_own(const struct unit *before, const struct unit *now)
{
	return part_ours(before, now) && !part_is_masked(now) && part_started(now) && pin_of(now, PIN_REGION_KERNEL) == BIT_SET;
}

bool level_move_was_due(const struct unit *before, const struct unit *now)
{
	return part_ours(before, now) && part_move_due(before, before);
}

bool level_thread_may_unmask(const struct unit *before, const struct unit *now)
{
	(void)before;
	return part_enabled(now) && part_is_masked(now);
}

/* ------------------------------------------------------------------------------------------------------ reactions */

void level_entry_to_target(struct unit *unit)
{
	unit->place[PLACE_MESSAGE] = unit->place[PLACE_TARGET];
}

#define MESSAGE_GOES(...) \
	{ __VA_ARGS__, THEN_AT(MESSAGE, LAPIC_ACCEPT_LEVEL) }, { __VA_ARGS__, THEN(PIN, PIN_ACCEPT) }

static const struct reaction reactions[] = {
	LEVEL_CHIP,
	/* the IO-APIC: a message leaves when the line rises, when the pin is unmasked, and at an EOI while the line is up */
	MESSAGE_GOES(ON_EFFECT(PIN, PIN_EFFECT_MESSAGE)),
	MESSAGE_GOES(ON_EFFECT(PIN, PIN_EFFECT_SEND)),
	{ ON(PIN, PIN_UNMASK), .when = level_line_waits, THEN_AT(MESSAGE, LAPIC_ACCEPT_LEVEL) },
	{ ON(PIN, PIN_UNMASK), .when = level_line_waits, THEN(PIN, PIN_ACCEPT) },
	{ ON(PIN, PIN_EOI_PIN), .when = level_line_waits, THEN_AT(MESSAGE, LAPIC_ACCEPT_LEVEL) },
	{ ON(PIN, PIN_EOI_PIN), .when = level_line_waits, THEN(PIN, PIN_ACCEPT) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = level_vector_matches, THEN(PIN, PIN_EOI) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = level_vector_differs, THEN(PIN, PIN_EOI_OTHER) },
	LEVEL_FLOW,
	PART_CALLS,
	LEVEL_RESEND,
};

/* ------------------------------------------------------------------------------------------------------ operations */

bool level_may_request(const struct unit *unit)
{
	return part_may_request(unit) && pin_of(unit, PIN_REGION_IRR) == BIT_CLEAR;
}

/* irq_shutdown() is followed by a wait for remote IRR (since 5.3). */
bool level_may_free(const struct unit *unit)
{
	return part_may_free(unit) && pin_of(unit, PIN_REGION_IRR) == BIT_CLEAR;
}

bool level_may_assert(const struct unit *unit)
{
	return part_started(unit) && pin_of(unit, PIN_REGION_LINE) == BIT_CLEAR;
}

bool level_runs_alone(const struct unit *unit)
{
	return part_may_exit(unit) && !unit->place[PLACE_ONESHOT];
}

bool level_runs_for_thread(const struct unit *unit)
{
	return part_may_exit(unit) && unit->place[PLACE_ONESHOT];
}

bool level_thread_runs(const struct unit *unit)
{
	return unit_state(unit, ROLE_IRQ, IRQ_REGION_THREAD) == BIT_SET;
}

bool level_in_use(const struct unit *unit)
{
	return part_started(unit) && pin_of(unit, PIN_REGION_HW) == BIT_CLEAR;
}

void level_ask_plain(struct unit *unit)
{
	unit->place[PLACE_ONESHOT] = unit->place[PLACE_SAME] = 0;
	part_target_here(unit);
}

void level_ask_oneshot(struct unit *unit)
{
	unit->place[PLACE_ONESHOT] = 1;
	unit->place[PLACE_SAME] = 0;
	part_target_here(unit);
}

static const struct operation operations[] = {
	LEVEL_OPERATIONS,
};

/* ------------------------------------------------------------------------------------------------------ invariants */

bool level_left_masked(const struct unit *unit)
{
	return part_enabled(unit) && !part_is_masked(unit) && pin_of(unit, PIN_REGION_HW) != BIT_CLEAR;
}

bool level_core_mask_ignored(const struct unit *unit)
{
	return part_started(unit) && part_is_masked(unit) && pin_of(unit, PIN_REGION_HW) == BIT_CLEAR;
}

/* Remote IRR is set, and no local APIC holds what would clear it. */
bool level_irr_stuck(const struct unit *unit)
{
	if (pin_of(unit, PIN_REGION_IRR) != BIT_SET)
		return false;
	for (unsigned cpu = 0; cpu < UNIT_MAX_CPUS; cpu++)
		if (unit_lapic_state(unit, cpu, LAPIC_REGION_IRR) == BIT_SET || unit_lapic_state(unit, cpu, LAPIC_REGION_ISR) == BIT_SET)
			return false;
	return true;
}

static const struct invariant invariants[] = {
	LEVEL_INVARIANTS,
};

/* ------------------------------------------------------------------------------------------------------ the part */

/* A GSI that is mapped and parked, its pin masked, its line quiet. */
void level_init(struct unit *unit)
{
	static const uint8_t pin[NR_PIN_REGIONS] = {
		[PIN_REGION_HW] = BIT_SET, [PIN_REGION_KERNEL] = BIT_SET, [PIN_REGION_TRIGGER] = TRIGGER_LEVEL,
		[PIN_REGION_IRR] = BIT_CLEAR, [PIN_REGION_LINE] = BIT_CLEAR, [PIN_REGION_ROUTE] = ROUTE_STEADY,
		[PIN_REGION_AGAIN] = AGAIN_AT_ONCE,
	};

	part_init(unit);
	for (unsigned i = 0; i < NR_PIN_REGIONS; i++)
		part_set(unit, ROLE_PIN, i, pin[i]);
	part_set(unit, ROLE_IRQ, IRQ_REGION_LIFE, LIFE_ALLOCATED);
	part_set(unit, ROLE_VECTOR, VECTOR_REGION_RESERVATION, RESERVATION_GLOBAL);
	part_set(unit, ROLE_VECTOR, VECTOR_REGION_ASSIGNED, ASSIGNED_PARKED);
	part_set(unit, ROLE_VECTOR, VECTOR_REGION_ACTIVATION, ACTIVATION_RESERVED);
}

bool level_waits(const struct unit *unit)
{
	return pin_of(unit, PIN_REGION_LINE) == BIT_SET && part_enabled(unit);
}

const struct path_part path_level = {
	.name = "baremetal/level", .what = "level lines on IO-APIC pins, oneshot threads, moves, without remapping",
	.path = PATH_BAREMETAL, .feeder = OBJ_PIN, .reactions = reactions, .operations = operations, .invariants = invariants,
	.nr_reactions = sizeof(reactions) / sizeof(reactions[0]), .nr_operations = sizeof(operations) / sizeof(operations[0]),
	.nr_invariants = sizeof(invariants) / sizeof(invariants[0]), .init = level_init, .waits = level_waits,
};
