/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/xen_part.h"

#include "model/msix.h"
#include "model/pci.h"

/* ------------------------------------------------------------------------------------------------------ states */

static bool function_is_on(const struct unit *unit)
{
	return unit_state(unit, ROLE_FUNCTION, FN_REGION_KERNEL) == BIT_SET;
}

static bool is_current(const struct unit *unit)
{
	return unit_state(unit, ROLE_PCI, PCI_REGION_STATE) == SETUP_CURRENT;
}

static bool set_up(const struct unit *unit)
{
	return function_is_on(unit) && is_current(unit);
}

static bool is_mapped(const struct unit *unit)
{
	return unit_state(unit, ROLE_PIRQ, PIRQ_REGION_MAP) == BIT_SET;
}

static unsigned message(const struct unit *unit, enum xmsi_region region)
{
	return unit_state(unit, ROLE_XMSI, region);
}

static unsigned table_bit(const struct unit *unit)
{
	return unit_state(unit, ROLE_ENTRY, ENTRY_REGION_HW);
}

static bool is_wanted(const struct unit *unit)
{
	return message(unit, XMSI_REGION_HOST) == BIT_SET || message(unit, XMSI_REGION_GUEST) == BIT_SET;
}

static bool may_be_taken(const struct unit *unit)
{
	return unit->place[PLACE_HERE] == unit->place[PLACE_TARGET] && unit_state(unit, ROLE_PORT, PORT_REGION_PENDING) == BIT_SET &&
	       unit_state(unit, ROLE_PORT, PORT_REGION_MASK) == BIT_CLEAR;
}

/* ------------------------------------------------------------------------------------------------------ guards */

#define GUARD(name, condition) \
	bool xen_##name(const struct unit *before, const struct unit *now) \
	{ \
		(void)before; \
		(void)now; \
		return condition; \
	}

GUARD(message_leaves, table_bit(now) == BIT_CLEAR && unit_may_send(now))
GUARD(entry_to_mask, message(now, XMSI_REGION_HW) == BIT_SET && table_bit(now) == BIT_CLEAR)
GUARD(entry_to_unmask, message(now, XMSI_REGION_HW) == BIT_CLEAR && table_bit(now) == BIT_SET)
GUARD(is_mapped, is_mapped(now))
GUARD(is_assigned, unit_state(now, ROLE_XIRQ, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED)
GUARD(is_bound, unit_state(now, ROLE_PIRQ, PIRQ_REGION_BOUND) == BIT_SET)
GUARD(guest_wishes, message(now, XMSI_REGION_GUEST) == BIT_SET)
GUARD(guest_wishes_not, message(now, XMSI_REGION_GUEST) == BIT_CLEAR)
GUARD(flow_idle, unit_state(before, ROLE_IRQ, IRQ_REGION_FLOW) != BIT_SET)
GUARD(flow_busy, unit_state(before, ROLE_IRQ, IRQ_REGION_FLOW) == BIT_SET)

/* ------------------------------------------------------------------------------------------------------ operations */

bool xen_may_enable(const struct unit *unit)
{
	return !function_is_on(unit) && is_current(unit);
}

bool xen_may_disable(const struct unit *unit)
{
	return set_up(unit) && !part_started(unit);
}

bool xen_may_request(const struct unit *unit)
{
	return set_up(unit) && part_may_request(unit);
}

bool xen_may_raise(const struct unit *unit)
{
	return set_up(unit) && part_started(unit) && !unit->place[PLACE_OWED];
}

bool xen_may_move(const struct unit *unit)
{
	return part_started(unit) && unit->place[PLACE_HERE] != unit->place[PLACE_TARGET];
}

bool xen_may_take(const struct unit *unit)
{
	return may_be_taken(unit) && !unit->place[PLACE_RUNS];
}

bool xen_may_take_busy(const struct unit *unit)
{
	return may_be_taken(unit) && unit->place[PLACE_RUNS] && unit->place[PLACE_RUNS] != unit->place[PLACE_HERE];
}

bool xen_in_use(const struct unit *unit)
{
	return set_up(unit) && part_started(unit) && table_bit(unit) == BIT_CLEAR;
}

bool xen_is_spare(const struct unit *unit)
{
	return set_up(unit) && !part_started(unit) && table_bit(unit) == BIT_SET;
}

void xen_owe(struct unit *unit)
{
	unit->place[PLACE_OWED] = 1;
}

void xen_masked_late(struct unit *unit)
{
	unit->place[PLACE_LATE] = 1;
}

void xen_forget(struct unit *unit)
{
	unit->place[PLACE_TARGET] = unit->place[PLACE_OWED] = unit->place[PLACE_LATE] = 0;
}

/* ------------------------------------------------------------------------------------------------------ invariants */

static bool is_ready(const struct unit *unit)
{
	return set_up(unit) && part_enabled(unit) && unit_state(unit, ROLE_PORT, PORT_REGION_MASK) == BIT_CLEAR;
}

bool xen_left_masked(const struct unit *unit)
{
	return is_ready(unit) && (table_bit(unit) != BIT_CLEAR || unit_state(unit, ROLE_FUNCTION, FN_REGION_FMASK) == BIT_SET);
}

bool xen_masked_since(const struct unit *unit)
{
	return unit->place[PLACE_LATE] && xen_left_masked(unit);
}

/* Until a reset is made up for, the table holds what the reset left. */
bool xen_mask_is_nobodys(const struct unit *unit)
{
	return set_up(unit) && is_mapped(unit) && is_wanted(unit) != (table_bit(unit) == BIT_SET);
}

bool xen_port_left_masked(const struct unit *unit)
{
	return part_enabled(unit) && unit_state(unit, ROLE_IRQ, IRQ_REGION_MASKED) == BIT_CLEAR &&
	       unit_state(unit, ROLE_PORT, PORT_REGION_MASK) != BIT_CLEAR;
}

bool xen_function_is_masked(const struct unit *unit)
{
	return is_ready(unit) && unit_state(unit, ROLE_FUNCTION, FN_REGION_FMASK) == BIT_SET;
}

bool xen_wish_is_left(const struct unit *unit)
{
	return is_ready(unit) && message(unit, XMSI_REGION_GUEST) == BIT_SET;
}

bool xen_message_is_lost(const struct unit *unit)
{
	bool has = unit_state(unit, ROLE_ENTRY, ENTRY_REGION_MESSAGE) == MESSAGE_VECTOR;

	return set_up(unit) && has != (unit_state(unit, ROLE_XIRQ, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED);
}

bool xen_not_bound(const struct unit *unit)
{
	return part_started(unit) && unit_state(unit, ROLE_PIRQ, PIRQ_REGION_BOUND) != BIT_SET;
}

bool xen_waits(const struct unit *unit)
{
	return unit->place[PLACE_OWED] && part_enabled(unit);
}

/* ------------------------------------------------------------------------------------------------------ beginning */

static void init_function(struct unit *unit)
{
	part_set(unit, ROLE_PCI, PCI_REGION_MEMORY, BIT_SET);
	part_set(unit, ROLE_PCI, PCI_REGION_MASTER, BIT_SET);
	part_set(unit, ROLE_PCI, PCI_REGION_INTX, BIT_CLEAR);
	part_set(unit, ROLE_PCI, PCI_REGION_POWER, POWER_D0);
	part_set(unit, ROLE_PCI, PCI_REGION_STATE, SETUP_CURRENT);
	part_set(unit, ROLE_PCI, PCI_REGION_DRIVER, BIT_SET);
	part_set(unit, ROLE_FUNCTION, FN_REGION_ENABLE, BIT_CLEAR);
	part_set(unit, ROLE_FUNCTION, FN_REGION_FMASK, BIT_CLEAR);
	part_set(unit, ROLE_FUNCTION, FN_REGION_KERNEL, BIT_CLEAR);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_HW, BIT_SET);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_KERNEL, BIT_SET);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_MESSAGE, MESSAGE_NONE);
	part_set(unit, ROLE_ENTRY, ENTRY_REGION_PENDING, BIT_CLEAR);
}

static void init_xen(struct unit *unit)
{
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_LIFE, XIRQ_FREE);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_ACTION, XIRQ_ACTION_NONE);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_MOVE, XIRQ_SETTLED);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_ACK, XIRQ_ACK_UNKNOWN);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_IN_FLIGHT, BIT_CLEAR);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_WISH, XIRQ_WISH_NONE);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_RATE, XIRQ_WITHIN);
	for (unsigned i = 0; i < NR_XMSI_REGIONS; i++)
		part_set(unit, ROLE_XMSI, i, STATE_UNKNOWN);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_MAP, BIT_CLEAR);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_BOUND, BIT_CLEAR);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_OWED, BIT_CLEAR);
	part_set(unit, ROLE_PORT, PORT_REGION_STATE, PORT_FREE);
	part_set(unit, ROLE_PORT, PORT_REGION_PENDING, BIT_CLEAR);
	part_set(unit, ROLE_PORT, PORT_REGION_MASK, BIT_UNKNOWN);
}

void xen_part_init(struct unit *unit)
{
	part_init(unit);
	init_function(unit);
	init_xen(unit);
}
