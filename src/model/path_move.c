/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "dom0-pv/move": an irq of Xen that follows the vCPU it is for from CPU to CPU (Xen xen/arch/x86/irq.c: do_IRQ(),
 * move_native_irq(), _assign_irq_vector(), irq_complete_move(), irq_move_cleanup_interrupt(), destroy_irq(); msi.c set_msi_affinity()).
 *
 * Where it shall go is asked for when the vCPU moves, and carried out when it is acknowledged next: it gets a vector on the new CPU
 * and its message is written, while its source is masked. The old vector stays in its CPU's table. The first arrival by the new one
 * sends the clean-up interrupt there, which releases the old vector unless that is pending: then it calls itself again. A request
 * that comes to its turn while a move is open is given up (-EAGAIN); the irq then stays where it is until the vCPU moves again.
 *
 * Before Xen 4.0 the source was not masked: the device could send one half of the message with the other of the one before.
 * Before 4.2 an irq that was released in a move left its old vector behind.
 *
 * What is found is not written out as a capture: rules judge these faults by many arrivals, the search stops at the first.
 *
 * Each CPU has at most one vector of the irq: an old one is never where the new one is. Not in it: moves when a CPU goes offline;
 * IO-APIC pins, whose message waits for remote IRR; what dom0 does behind its event channel; other irqs on those CPUs.
 */
#include "model/lapic.h"
#include "model/msix.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/unit.h"
#include "model/xen_part.h"
#include "model/xirq.h"

/* ------------------------------------------------------------------------------------------------------ states */

static unsigned xirq_of(const struct unit *unit, enum xirq_region region)
{
	return unit_state(unit, ROLE_XIRQ, region);
}

static bool is_assigned(const struct unit *unit)
{
	return xirq_of(unit, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED;
}

static bool is_settled(const struct unit *unit)
{
	return xirq_of(unit, XIRQ_REGION_MOVE) == XIRQ_SETTLED;
}

static bool is_pending_on(const struct unit *unit, unsigned place)
{
	return place && unit_lapic_state(unit, place - 1, LAPIC_REGION_IRR) == BIT_SET;
}

static bool is_pending(const struct unit *unit)
{
	for (unsigned place = 1; place <= UNIT_MAX_CPUS; place++)
		if (is_pending_on(unit, place))
			return true;
	return false;
}

/* ------------------------------------------------------------------------------------------------------ guards */

#define GUARD(name, condition) \
	static bool name(const struct unit *before, const struct unit *now) \
	{ \
		(void)before; \
		(void)now; \
		return condition; \
	}

static bool is_here(const struct unit *unit, enum unit_place place)
{
	return unit->place[place] && unit->place[place] == unit->place[PLACE_HERE];
}

static bool moves(const struct unit *unit)
{
	return xirq_of(unit, XIRQ_REGION_MOVE) == XIRQ_MOVING;
}

GUARD(message_is_whole, !now->place[PLACE_STALE])
GUARD(move_due, is_here(before, PLACE_TARGET) && is_settled(before) && xirq_of(before, XIRQ_REGION_WISH) == XIRQ_WISH_ASKED)
GUARD(by_new_vector, is_here(now, PLACE_TARGET) && moves(now))
GUARD(by_old_vector, is_here(now, PLACE_OLD))
GUARD(by_its_vector, is_here(now, PLACE_TARGET) && !moves(now))

/* ------------------------------------------------------------------------------------------------------ operands */

static void take_vector(struct unit *unit)
{
	unit->place[PLACE_OLD] = unit->place[PLACE_TARGET];
	unit->place[PLACE_TARGET] = unit->place[PLACE_MESSAGE] = unit->place[PLACE_ASKED];
	unit->place[PLACE_ASKED] = 0;
}

/* The address is the new one, the data are not yet. */
static void take_vector_by_halves(struct unit *unit)
{
	take_vector(unit);
	unit->place[PLACE_STALE] = 1;
}

static void write_other_half(struct unit *unit)
{
	unit->place[PLACE_STALE] = 0;
}

/* What was asked for has been carried out, or is given up. */
static void serve(struct unit *unit)
{
	unit->place[PLACE_OWED] = unit->place[PLACE_ASKED] = 0;
}

static void release(struct unit *unit)
{
	unit->place[PLACE_TARGET] = unit->place[PLACE_MESSAGE] = unit->place[PLACE_ASKED] = 0;
	unit->place[PLACE_OWED] = unit->place[PLACE_STALE] = 0;
}

static void release_both(struct unit *unit)
{
	release(unit);
	unit->place[PLACE_OLD] = 0;
}

static void take_here(struct unit *unit)
{
	unit->place[PLACE_TARGET] = unit->place[PLACE_MESSAGE] = unit->place[PLACE_HERE];
}

/* ------------------------------------------------------------------------------------------------------ reactions */

static const struct reaction reactions[] = {
	{ ON(ENTRY, ENTRY_RAISE), .when = message_is_whole, THEN_AT(MESSAGE, LAPIC_ACCEPT_EDGE) },
	/* do_IRQ(): the acknowledgement may move it, and is told by which of its vectors it came */
	{ ON(LAPIC, LAPIC_DISPATCH), .when = move_due, .quirk = QUIRK_XEN_MOVE_MASKED, .move = take_vector, THEN(XIRQ, XIRQ_MOVE_TO) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = move_due, .quirk = QUIRK_XEN_MOVE_MASKED, .without = true, .move = take_vector_by_halves,
	  THEN(XIRQ, XIRQ_MOVE_TO) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = by_old_vector, .move = serve, THEN(XIRQ, XIRQ_ARRIVE_OLD) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = by_its_vector, .move = serve, THEN(XIRQ, XIRQ_ARRIVE) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = by_new_vector, .move = serve, THEN(XIRQ, XIRQ_ARRIVE_NEW) },
	{ ON(LAPIC, LAPIC_DISPATCH), THEN_AT(HERE, LAPIC_EOI) },
	{ ON(XIRQ, XIRQ_ARRIVE), THEN(PORT, PORT_RAISE) },
	{ ON(XIRQ, XIRQ_ARRIVE_OLD), THEN(PORT, PORT_RAISE) },
	{ ON(XIRQ, XIRQ_ARRIVE_NEW), THEN(PORT, PORT_RAISE) },
	{ ON(XIRQ, XIRQ_ASSIGN), THEN(XIRQ, XIRQ_GUEST_BIND) },
	{ ON(XIRQ, XIRQ_ASSIGN), THEN(XIRQ, XIRQ_SEE_AT_ONCE) },
};

/* ------------------------------------------------------------------------------------------------------ operations */

static bool may_ask(const struct unit *unit)
{
	return is_assigned(unit) && !is_here(unit, PLACE_TARGET) && !is_here(unit, PLACE_ASKED);
}

static bool may_take(const struct unit *unit)
{
	return is_pending_on(unit, unit->place[PLACE_HERE]);
}

static bool is_cleaning(const struct unit *unit)
{
	return xirq_of(unit, XIRQ_REGION_MOVE) == XIRQ_CLEANING && unit->place[PLACE_OLD];
}

static bool may_clean_up(const struct unit *unit)
{
	return is_cleaning(unit) && !is_pending_on(unit, unit->place[PLACE_OLD]);
}

static bool must_wait(const struct unit *unit)
{
	return is_cleaning(unit) && is_pending_on(unit, unit->place[PLACE_OLD]);
}

static bool is_told(const struct unit *unit)
{
	return unit_state(unit, ROLE_PORT, PORT_REGION_PENDING) == BIT_SET;
}

static bool may_release(const struct unit *unit)
{
	return is_assigned(unit) && is_settled(unit);
}

static bool may_release_moving(const struct unit *unit)
{
	return is_assigned(unit) && !is_settled(unit);
}

/* What was on its way when it was released has come, and found nobody. */
static bool may_assign(const struct unit *unit)
{
	return !is_assigned(unit) && !is_pending(unit);
}

static bool is_torn(const struct unit *unit)
{
	return unit->place[PLACE_STALE];
}

static const struct operation operations[] = {
	{ "device interrupts", OPERATION_STIMULUS, .when = is_assigned, .move = xen_owe, FIRST(ENTRY, ENTRY_RAISE) },
	{ "vCPU runs on another CPU", OPERATION_STIMULUS, .per_cpu = true, .when = may_ask, .move = part_ask_here,
	  FIRST(XIRQ, XIRQ_ASKED) },
	{ "CPU takes the vector", OPERATION_PROGRESS, .per_cpu = true, .when = may_take, FIRST(LAPIC, LAPIC_DISPATCH) },
	{ "clean-up on the old CPU", OPERATION_PROGRESS, .when = may_clean_up, .move = part_forget_old, FIRST(XIRQ, XIRQ_CLEANED) },
	{ "clean-up finds the old vector pending", OPERATION_PROGRESS, .when = must_wait, FIRST(XIRQ, XIRQ_DELAYED) },
	{ "event is taken", OPERATION_PROGRESS, .when = is_told, FIRST(PORT, PORT_TAKEN) },
	{ "message's other half is written", OPERATION_PROGRESS, .quirk = QUIRK_XEN_MOVE_MASKED, .without = true, .when = is_torn,
	  .move = write_other_half },
	{ "irq is released", OPERATION_STIMULUS, .when = may_release, .move = release_both, FIRST(XIRQ, XIRQ_CLEAR) },
	{ "irq is released in a move", OPERATION_STIMULUS, .quirk = QUIRK_XEN_RELEASE_FREES_OLD, .when = may_release_moving,
	  .move = release_both, .first = { { ROLE_XIRQ, XIRQ_FINISH }, { ROLE_XIRQ, XIRQ_CLEAR } }, .nr_first = 2 },
	{ "irq is released in a move", OPERATION_STIMULUS, .quirk = QUIRK_XEN_RELEASE_FREES_OLD, .without = true,
	  .when = may_release_moving, .move = release, FIRST(XIRQ, XIRQ_CLEAR) },
	{ "irq is mapped and bound", OPERATION_STIMULUS, .per_cpu = true, .when = may_assign, .move = take_here, FIRST(XIRQ, XIRQ_ASSIGN) },
};

/* ------------------------------------------------------------------------------------------------------ invariants */

/* The table of a CPU has the irq where its vector is, and where its old one waits to be released. */
static bool table_is_wrong(const struct unit *unit)
{
	return (!is_assigned(unit) && (unit->place[PLACE_TARGET] || unit->place[PLACE_OLD])) ||
	       (is_assigned(unit) && !unit->place[PLACE_TARGET]) || (is_settled(unit) && unit->place[PLACE_OLD]) ||
	       (!is_settled(unit) && !unit->place[PLACE_OLD]);
}

static bool message_leads_nowhere(const struct unit *unit)
{
	return is_assigned(unit) && (unit->place[PLACE_STALE] || unit->place[PLACE_MESSAGE] != unit->place[PLACE_TARGET]);
}

/* Pending where the irq is in no table any more. */
static bool released_too_early(const struct unit *unit)
{
	for (unsigned place = 1; place <= UNIT_MAX_CPUS && is_assigned(unit); place++)
		if (is_pending_on(unit, place) && place != unit->place[PLACE_TARGET] && place != unit->place[PLACE_OLD])
			return true;
	return false;
}

static const struct invariant invariants[] = {
	{ "table", "the tables of the CPUs have the irq where its vector is, and the old one's until that is released", "vector-unmapped",
	  table_is_wrong },
	{ "message", "what the device sends is the vector that the irq has", "move-unfinished", message_leads_nowhere },
	{ "last-arrival", "a vector is released when no arrival by it is pending any more", "vector-unmapped", released_too_early },
	{ "deliverable", "an interrupt that the device raised reaches its event channel without anybody's help", "vector-unmapped", NULL },
	{ "conforming", "no component gets an input that its table does not allow in its state", "", NULL },
};

/* ------------------------------------------------------------------------------------------------------ the part */

static bool waits(const struct unit *unit)
{
	return unit->place[PLACE_OWED];
}

/* A message that is bound to an event channel, on the first CPU. */
static void init(struct unit *unit)
{
	xen_part_init(unit);
	part_set(unit, ROLE_FUNCTION, FN_REGION_ENABLE, BIT_SET);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_HW, BIT_CLEAR);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_MESSAGE, MESSAGE_VECTOR);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_LIFE, XIRQ_ASSIGNED);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_ACTION, XIRQ_ACTION_GUEST);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_ACK, XIRQ_ACK_NONE);
	part_set(unit, ROLE_PORT, PORT_REGION_STATE, PORT_PIRQ);
	part_set(unit, ROLE_PORT, PORT_REGION_MASK, BIT_CLEAR);
	unit->place[PLACE_TARGET] = unit->place[PLACE_MESSAGE] = 1;
}

const struct path_part path_move = {
	.name = "dom0-pv/move", .what = "vectors of an irq of Xen that moves between CPUs", .path = PATH_DOM0_PV, .feeder = OBJ_VECTOR,
	.reactions = reactions, .operations = operations, .invariants = invariants,
	.nr_reactions = sizeof(reactions) / sizeof(reactions[0]), .nr_operations = sizeof(operations) / sizeof(operations[0]),
	.nr_invariants = sizeof(invariants) / sizeof(invariants[0]), .init = init, .waits = waits,
};
