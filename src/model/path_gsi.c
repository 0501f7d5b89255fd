/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "dom0-pvh/gsi": the level line of a device that a PVH dom0 gives to a guest (xen/arch/x86/hvm/vioapic.c
 * vioapic_hwdom_map_gsi(); xen/arch/x86/domctl.c XEN_DOMCTL_irq_permission; Linux drivers/xen/xen-pciback/pci_stub.c;
 * tools/libs/light/libxl_pci.c).
 *
 * Xen programs a pin of the hardware's IO-APIC once somebody tells it trigger and polarity: a PVH dom0 does by unmasking the
 * entry of its virtual IO-APIC, which a driver's request_irq() brings about. pciback requests nothing. The toolstack may
 * give a guest a GSI only where dom0's own pirq leads to an irq. So the GSI of a device that no driver of dom0 ever opened is
 * refused (-EPERM), and the domain waits in vain: unless pciback has it registered and the toolstack has it mapped.
 *
 * Closing the device masks the virtual entry, no more: the GSI stays registered and mapped.
 *
 * Not in it: shared lines, messages, what comes over the line: the bounded check asks whether it is there at all.
 */
#include "model/assignment.h"
#include "model/gsi.h"
#include "model/part.h"
#include "model/pirq.h"
#include "model/unit.h"
#include "model/vpin.h"

static bool holds(const struct unit *unit, enum holder holder)
{
	return unit_state(unit, ROLE_ASSIGNMENT, ASSIGNMENT_REGION_HOLDER) == holder;
}

static bool request_is(const struct unit *unit, enum request request)
{
	return unit_state(unit, ROLE_ASSIGNMENT, ASSIGNMENT_REGION_REQUEST) == request;
}

static bool is_open(const struct unit *unit)
{
	return unit_state(unit, ROLE_VPIN, VPIN_REGION_MASK) == BIT_CLEAR;
}

static bool is_registered(const struct unit *unit)
{
	return unit_state(unit, ROLE_GSI, GSI_REGION_SETUP) == BIT_SET;
}

static bool is_mapped(const struct unit *unit)
{
	return unit_state(unit, ROLE_PIRQ, PIRQ_REGION_MAP) == BIT_SET;
}

/* ------------------------------------------------------------------------------------------------------ reactions */

static bool was_not_registered(const struct unit *before, const struct unit *now)
{
	(void)now;
	return !is_registered(before);
}

static bool may_be_mapped(const struct unit *before, const struct unit *now)
{
	(void)before;
	return is_registered(now) && !is_mapped(now);
}

static const struct reaction reactions[] = {
	/* -EEXIST ends it before anything is mapped */
	{ ON_EFFECT(VPIN, VPIN_EFFECT_UNMASK), .when = may_be_mapped, .quirk = QUIRK_VIOAPIC_MAPS_REGISTERED, THEN(PIRQ, PIRQ_MAPPED) },
	{ ON_EFFECT(VPIN, VPIN_EFFECT_UNMASK), .when = was_not_registered, THEN(GSI, GSI_ASSIGNED) },
	{ ON(VPIN, VPIN_WRITE_MASKED), .when = was_not_registered, .quirk = QUIRK_VIOAPIC_MAPS_MASKED, THEN(GSI, GSI_ASSIGNED) },
	{ ON(GSI, GSI_ASSIGNED), THEN(PIRQ, PIRQ_MAPPED) },
	{ ON(ASSIGNMENT, ASSIGNMENT_SEIZED), THEN(GSI, GSI_GIVEN) },
	{ ON(ASSIGNMENT, ASSIGNMENT_SEIZED), .when = was_not_registered, .quirk = QUIRK_PVH_SETUP_GSI, THEN(GSI, GSI_REGISTERED) },
	{ ON(ASSIGNMENT, ASSIGNMENT_ASKED), .when = may_be_mapped, .quirk = QUIRK_PVH_SETUP_GSI, THEN(PIRQ, PIRQ_MAPPED) },
	{ ON(ASSIGNMENT, ASSIGNMENT_ASKED), .when = may_be_mapped, .quirk = QUIRK_PVH_MAP_PIRQ, THEN(PIRQ, PIRQ_MAPPED) },
	{ ON(ASSIGNMENT, ASSIGNMENT_DRIVER), THEN(GSI, GSI_TAKEN_BACK) },
};

/* ------------------------------------------------------------------------------------------------------ operations */

static bool may_open(const struct unit *unit)
{
	return holds(unit, HOLDER_DRIVER) && !is_open(unit);
}

static bool may_close(const struct unit *unit)
{
	return holds(unit, HOLDER_DRIVER) && is_open(unit);
}

static bool may_ask(const struct unit *unit)
{
	return holds(unit, HOLDER_STUB) && request_is(unit, REQUEST_NONE);
}

static bool may_grant(const struct unit *unit)
{
	return request_is(unit, REQUEST_ASKED) && is_mapped(unit);
}

static bool may_refuse(const struct unit *unit)
{
	return request_is(unit, REQUEST_ASKED) && !is_mapped(unit);
}

static bool may_return(const struct unit *unit)
{
	return holds(unit, HOLDER_STUB) || holds(unit, HOLDER_DOMAIN);
}

static const struct operation operations[] = {
	{ "a driver opens the device", OPERATION_STIMULUS, .when = may_open,
	  .first = { { ROLE_VPIN, VPIN_WRITE_LEVEL }, { ROLE_VPIN, VPIN_WRITE_UNMASKED } }, .nr_first = 2 },
	{ "the driver closes it", OPERATION_STIMULUS, .when = may_close, FIRST(VPIN, VPIN_WRITE_MASKED) },
	{ "pciback takes the device", OPERATION_STIMULUS, .when = may_open, FIRST(ASSIGNMENT, ASSIGNMENT_SEIZED) },
	{ "the toolstack asks for its line", OPERATION_STIMULUS, .when = may_ask, FIRST(ASSIGNMENT, ASSIGNMENT_ASKED) },
	{ "Xen grants it", OPERATION_PROGRESS, .when = may_grant, FIRST(ASSIGNMENT, ASSIGNMENT_GRANTED) },
	{ "Xen refuses it", OPERATION_PROGRESS, .when = may_refuse, FIRST(ASSIGNMENT, ASSIGNMENT_REFUSED) },
	{ "the device goes back to a driver", OPERATION_STIMULUS, .quirk = QUIRK_DEVICE_RETURNS, .when = may_return,
	  FIRST(ASSIGNMENT, ASSIGNMENT_DRIVER) },
};

/* ------------------------------------------------------------------------------------------------------ invariants */

static bool refused(const struct unit *unit)
{
	return request_is(unit, REQUEST_REFUSED);
}

static bool guest_without_line(const struct unit *unit)
{
	return holds(unit, HOLDER_DOMAIN) && !(is_registered(unit) && is_mapped(unit));
}

static bool dom0_without_line(const struct unit *unit)
{
	return holds(unit, HOLDER_DRIVER) && is_open(unit) && !is_mapped(unit);
}

/* setup_gsi for a device that was given away, and dom0's own unmask: what the first has registered the second does not map. */
static bool has_two_owners(const struct unit *unit)
{
	return holds(unit, HOLDER_DRIVER) && is_open(unit) && is_registered(unit) && !is_mapped(unit);
}

static const struct invariant invariants[] = {
	{ "granted", "the line of a device that was set aside for a guest is not refused to the toolstack", "gsi-not-registered", refused },
	{ "guest-line", "the line of a guest's device is registered with Xen, and mapped", "gsi-not-registered", guest_without_line },
	{ "dom0-line", "the line of a device that dom0 has opened is mapped", "", dom0_without_line },
	{ "one-owner", "a line that is registered and that dom0 uses is registered by dom0's own unmask", "", has_two_owners },
	{ "conforming", "no component gets an input that its table does not allow in its state", "", NULL },
};

/* ------------------------------------------------------------------------------------------------------ the part */

/* A device that a driver of dom0 has bound and never opened. */
static void init(struct unit *unit)
{
	part_init(unit);
	part_set(unit, ROLE_VPIN, VPIN_REGION_MASK, BIT_SET);
	part_set(unit, ROLE_VPIN, VPIN_REGION_TRIGGER, TRIGGER_EDGE);
	part_set(unit, ROLE_VPIN, VPIN_REGION_IRR, BIT_CLEAR);
	part_set(unit, ROLE_GSI, GSI_REGION_SETUP, BIT_CLEAR);
	part_set(unit, ROLE_GSI, GSI_REGION_WANTED, BIT_CLEAR);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_MAP, BIT_CLEAR);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_BOUND, BIT_CLEAR);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_OWED, BIT_CLEAR);
	part_set(unit, ROLE_ASSIGNMENT, ASSIGNMENT_REGION_HOLDER, HOLDER_DRIVER);
	part_set(unit, ROLE_ASSIGNMENT, ASSIGNMENT_REGION_REQUEST, REQUEST_NONE);
	part_set(unit, ROLE_ASSIGNMENT, ASSIGNMENT_REGION_WAITER, BIT_CLEAR);
}

/* Its interrupts are not followed. */
static bool waits(const struct unit *unit)
{
	(void)unit;
	return false;
}

const struct path_part path_gsi = {
	.name = "dom0-pvh/gsi", .what = "lines of devices that a PVH dom0 gives to guests: registered, mapped, granted",
	.path = PATH_DOM0_PVH, .reactions = reactions, .operations = operations, .invariants = invariants,
	.nr_reactions = sizeof(reactions) / sizeof(reactions[0]), .nr_operations = sizeof(operations) / sizeof(operations[0]),
	.nr_invariants = sizeof(invariants) / sizeof(invariants[0]), .init = init, .waits = waits,
};
