/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/part.h"

#include "model/lapic.h"
#include "model/msix.h"

void part_set(struct unit *unit, enum unit_role role, unsigned region, unsigned state)
{
	unit->core[role] = core_set(unit->core[role], unit_region(role, region), state);
}

void part_init(struct unit *unit)
{
	static const uint8_t irq[NR_IRQ_REGIONS] = {
		[IRQ_REGION_LIFE] = LIFE_GONE, [IRQ_REGION_DEPTH] = DEPTH_1, [IRQ_REGION_MASKED] = BIT_SET,
		[IRQ_REGION_FLOW] = BIT_CLEAR, [IRQ_REGION_PENDING] = BIT_CLEAR, [IRQ_REGION_THREAD] = BIT_CLEAR,
		[IRQ_REGION_ACTIONS] = ACTIONS_NONE, [IRQ_REGION_SPURIOUS] = BIT_CLEAR, [IRQ_REGION_SUSPEND] = BIT_CLEAR,
		[IRQ_REGION_OFFLINE] = BIT_CLEAR, [IRQ_REGION_REPLAY] = BIT_CLEAR, [IRQ_REGION_WAKEUP] = BIT_CLEAR,
	};
	static const uint8_t vector[NR_VECTOR_REGIONS] = {
		[VECTOR_REGION_RESERVATION] = RESERVATION_NONE, [VECTOR_REGION_ASSIGNED] = ASSIGNED_NONE,
		[VECTOR_REGION_CLEANUP] = CLEANUP_NONE, [VECTOR_REGION_AFFINITY] = AFFINITY_NONE,
		[VECTOR_REGION_ACTIVATION] = ACTIVATION_NONE,
	};

	for (unsigned i = 0; i < NR_IRQ_REGIONS; i++)
		part_set(unit, ROLE_IRQ, i, irq[i]);
	for (unsigned i = 0; i < NR_VECTOR_REGIONS; i++)
		part_set(unit, ROLE_VECTOR, i, vector[i]);
	for (unsigned i = 0; i < NR_LAPIC_REGIONS; i++)
		part_set(unit, ROLE_LAPIC, i, BIT_CLEAR);
	for (unsigned cpu = 1; cpu < UNIT_MAX_CPUS; cpu++)
		unit->core[ROLE_LAPIC + cpu] = unit->core[ROLE_LAPIC];
}

/* ------------------------------------------------------------------------------------------------------ states */

static unsigned irq_region(const struct unit *unit, enum irq_region region)
{
	return unit_state(unit, ROLE_IRQ, region);
}

bool part_started(const struct unit *unit)
{
	return irq_region(unit, IRQ_REGION_LIFE) == LIFE_STARTED;
}

bool part_enabled(const struct unit *unit)
{
	return part_started(unit) && irq_region(unit, IRQ_REGION_DEPTH) == DEPTH_0;
}

bool part_is_masked(const struct unit *unit)
{
	return irq_region(unit, IRQ_REGION_MASKED) == BIT_SET;
}

static bool has_old_vector(const struct unit *unit)
{
	return unit_state(unit, ROLE_VECTOR, VECTOR_REGION_CLEANUP) != CLEANUP_NONE;
}

static bool asked(const struct unit *unit)
{
	unsigned affinity = unit_state(unit, ROLE_VECTOR, VECTOR_REGION_AFFINITY);

	return affinity == AFFINITY_ASKED || affinity == AFFINITY_PENDING;
}

static bool is_ours(const struct unit *unit)
{
	unsigned here = unit->place[PLACE_HERE];

	return here == unit->place[PLACE_TARGET] || here == unit->place[PLACE_OLD];
}

static bool arrives(const struct unit *unit)
{
	unsigned here = unit->place[PLACE_HERE];

	return here != unit->place[PLACE_RUNS] && unit_lapic_state(unit, here - 1, LAPIC_REGION_IRR) == BIT_SET;
}

static bool is_busy(const struct unit *unit)
{
	return irq_region(unit, IRQ_REGION_FLOW) == BIT_SET;
}

/* ------------------------------------------------------------------------------------------------------ guards */

#define GUARD(name, condition) \
	bool part_##name(const struct unit *before, const struct unit *now) \
	{ \
		(void)before; \
		(void)now; \
		return condition; \
	}

GUARD(not_ours, !is_ours(now))
GUARD(ours, is_ours(now))
GUARD(ours_busy, is_ours(now) && is_busy(before))
GUARD(ours_idle, is_ours(now) && !is_busy(before))
GUARD(was_unmasked, !part_is_masked(before))
GUARD(was_enabled, part_enabled(before))
GUARD(was_held, !part_enabled(before))
GUARD(held_unmasked, !part_enabled(before) && !part_is_masked(before))
GUARD(on_target, now->place[PLACE_HERE] == now->place[PLACE_TARGET] && has_old_vector(now))
GUARD(move_due, part_enabled(now) && asked(now))
GUARD(may_move, !has_old_vector(before))
GUARD(moved, unit_state(now, ROLE_VECTOR, VECTOR_REGION_ASSIGNED) == ASSIGNED_MOVING)
GUARD(core_masked, part_is_masked(now))
GUARD(core_unmasked, !part_is_masked(now))
GUARD(pending, irq_region(now, IRQ_REGION_PENDING) == BIT_SET)
GUARD(again, irq_region(now, IRQ_REGION_PENDING) == BIT_SET && part_enabled(now))
GUARD(again_masked, part_again(before, now) && part_is_masked(now))

/* ------------------------------------------------------------------------------------------------------ operands */

void part_target_here(struct unit *unit)
{
	unit->place[PLACE_TARGET] = unit->place[PLACE_HERE];
}

void part_take_new_vector(struct unit *unit)
{
	unit->place[PLACE_OLD] = unit->place[PLACE_TARGET];
	unit->place[PLACE_TARGET] = unit->place[PLACE_ASKED];
	unit->place[PLACE_ASKED] = 0;
}

void part_run_here(struct unit *unit)
{
	unit->place[PLACE_RUNS] = unit->place[PLACE_HERE];
	unit->place[PLACE_OWED] = 0;
}

void part_forget_vector(struct unit *unit)
{
	unit->place[PLACE_TARGET] = unit->place[PLACE_OLD] = unit->place[PLACE_ASKED] = unit->place[PLACE_OWED] = 0;
}

void part_ask_here(struct unit *unit)
{
	unit->place[PLACE_ASKED] = unit->place[PLACE_HERE];
}

void part_forget_old(struct unit *unit)
{
	unit->place[PLACE_OLD] = 0;
}

void part_run_ends(struct unit *unit)
{
	unit->place[PLACE_RUNS] = 0;
}

/* ------------------------------------------------------------------------------------------------------ operations */

bool part_may_request(const struct unit *unit)
{
	unsigned life = irq_region(unit, IRQ_REGION_LIFE);

	return life == LIFE_ALLOCATED || life == LIFE_SHUTDOWN;
}

/* synchronize_irq() waits for handlers and threads. */
bool part_may_free(const struct unit *unit)
{
	return part_started(unit) && !unit->place[PLACE_RUNS] && irq_region(unit, IRQ_REGION_THREAD) == BIT_CLEAR;
}

bool part_may_disable(const struct unit *unit)
{
	return part_enabled(unit);
}

bool part_may_enable(const struct unit *unit)
{
	return part_started(unit) && irq_region(unit, IRQ_REGION_DEPTH) == DEPTH_1;
}

bool part_may_ask_affinity(const struct unit *unit)
{
	return part_started(unit) && unit->place[PLACE_HERE] != unit->place[PLACE_TARGET] && !asked(unit);
}

bool part_may_clean_up(const struct unit *unit)
{
	unsigned old = unit->place[PLACE_OLD];

	return unit_state(unit, ROLE_VECTOR, VECTOR_REGION_CLEANUP) == CLEANUP_QUEUED &&
	       unit_lapic_state(unit, old - 1, LAPIC_REGION_IRR) == BIT_CLEAR;
}

bool part_may_take_idle(const struct unit *unit)
{
	return arrives(unit) && !(is_ours(unit) && is_busy(unit));
}

bool part_may_take_busy(const struct unit *unit)
{
	return arrives(unit) && is_ours(unit) && is_busy(unit);
}

bool part_may_exit(const struct unit *unit)
{
	return unit->place[PLACE_RUNS];
}

bool part_left_core_masked(const struct unit *unit)
{
	return part_enabled(unit) && part_is_masked(unit) && !unit->place[PLACE_RUNS] &&
	       irq_region(unit, IRQ_REGION_THREAD) == BIT_CLEAR;
}
