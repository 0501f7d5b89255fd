/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "kvm-split/level": a level line of a Linux guest whose IO-APIC is QEMU's while its local APICs are KVM's (QEMU
 * hw/intc/ioapic.c; Linux virt/kvm/irqchip.c, arch/x86/kvm/irq_comm.c kvm_scan_ioapic_routes(), arch/x86/kvm/lapic.c
 * kvm_ioapic_send_eoi()). What the guest's kernel does is that of "baremetal/level".
 *
 * A pin that fires names its GSI alone: the message is that of the route which KVM was handed last. Each write of an entry
 * renews the routes of unmasked pins: since QEMU 8.0 before the pins are looked at, up to 7.2 behind that.
 *
 * An EOI leaves KVM for the IO-APIC only where the vCPU's bitmap has its vector: that of the routes that go there, and
 * since Linux 6.3 of what was still in service when routes changed. So the EOI of a vector whose route went elsewhere is
 * dropped before 6.3: remote IRR stays, and nothing comes however long the line is up.
 *
 * Not in it, beside what path_level.c leaves out: EOIs handled beside a write in another thread, resampled eventfds, the
 * storm throttle, a host that is not Linux.
 */
#include "model/irq.h"
#include "model/kroute.h"
#include "model/lapic.h"
#include "model/level.h"
#include "model/part.h"
#include "model/pin.h"
#include "model/unit.h"
#include "model/vector.h"

/* ------------------------------------------------------------------------------------------------------ guards */

static bool is_unmasked(const struct unit *unit)
{
	return unit_state(unit, ROLE_PIN, PIN_REGION_HW) == BIT_CLEAR;
}

static bool route_is_entry(const struct unit *before, const struct unit *now)
{
	(void)before;
	return now->place[PLACE_ROUTE] == now->place[PLACE_MESSAGE];
}

static bool route_has_other_vector(const struct unit *before, const struct unit *now)
{
	return !route_is_entry(before, now) && !now->place[PLACE_SAME];
}

static bool route_goes_elsewhere(const struct unit *before, const struct unit *now)
{
	return !route_is_entry(before, now) && now->place[PLACE_SAME];
}

static bool route_is_renewed(const struct unit *before, const struct unit *now)
{
	return is_unmasked(now) || route_is_entry(before, now);
}

/* Masked pins keep their old one. */
static bool vector_is_kept(const struct unit *before, const struct unit *now)
{
	return !is_unmasked(now) && route_has_other_vector(before, now);
}

static bool destination_is_kept(const struct unit *before, const struct unit *now)
{
	return !is_unmasked(now) && route_goes_elsewhere(before, now);
}

static bool exits_and_matches(const struct unit *before, const struct unit *now)
{
	return now->place[PLACE_ROUTE] == now->place[PLACE_HERE] && level_vector_matches(before, now);
}

static bool exits_and_differs(const struct unit *before, const struct unit *now)
{
	return now->place[PLACE_ROUTE] == now->place[PLACE_HERE] && level_vector_differs(before, now);
}

/* ------------------------------------------------------------------------------------------------------ reactions */

static void renew_route(struct unit *unit)
{
	if (is_unmasked(unit))
		unit->place[PLACE_ROUTE] = unit->place[PLACE_MESSAGE];
}

static void take_route(struct unit *unit)
{
	unit->place[PLACE_STALE] = unit->place[PLACE_ROUTE] != unit->place[PLACE_MESSAGE];
}

/* ioapic_service(), kvm_set_irq(). */
#define FIRES(...) \
	{ __VA_ARGS__, THEN(KROUTE, KROUTE_FIRE) }, { __VA_ARGS__, .move = take_route, THEN_AT(ROUTE, LAPIC_ACCEPT_LEVEL) }, \
	{ __VA_ARGS__, THEN(PIN, PIN_ACCEPT) }
#define WRITTEN(in) \
	{ ON(PIN, in), .when = route_is_entry, THEN(KROUTE, KROUTE_WRITE_SAME) }, \
	{ ON(PIN, in), .when = route_has_other_vector, THEN(KROUTE, KROUTE_WRITE_VECTOR) }, \
	{ ON(PIN, in), .when = route_goes_elsewhere, THEN(KROUTE, KROUTE_WRITE_OTHER) }
/* ioapic_update_kvm_routes(). */
#define HANDED_OVER(...) \
	{ __VA_ARGS__, .when = route_is_renewed, .move = renew_route, THEN(KROUTE, KROUTE_COMMIT_SAME) }, \
	{ __VA_ARGS__, .when = vector_is_kept, THEN(KROUTE, KROUTE_COMMIT_VECTOR) }, \
	{ __VA_ARGS__, .when = destination_is_kept, THEN(KROUTE, KROUTE_COMMIT_OTHER) }
#define WRITE_FIRES_NOTHING(in) WRITTEN(in), HANDED_OVER(ON(PIN, in))

static const struct reaction reactions[] = {
	LEVEL_CHIP,
	/* writes of the entry */
	WRITE_FIRES_NOTHING(PIN_MASK),
	WRITE_FIRES_NOTHING(PIN_RTE_MASKED),
	WRITE_FIRES_NOTHING(PIN_RTE_SAME),
	WRITE_FIRES_NOTHING(PIN_RTE_MOVED),
	WRITTEN(PIN_UNMASK),
	HANDED_OVER(ON(PIN, PIN_UNMASK), .quirk = QUIRK_QEMU_ROUTE_BEFORE_SERVICE),
	FIRES(ON(PIN, PIN_UNMASK), .when = level_line_waits),
	HANDED_OVER(ON(PIN, PIN_UNMASK), .quirk = QUIRK_QEMU_ROUTE_BEFORE_SERVICE, .without = true),
	/* the line, and EOIs */
	{ ON_EFFECT(PIN, PIN_EFFECT_MESSAGE), THEN(KROUTE, KROUTE_CAUSE) },
	FIRES(ON_EFFECT(PIN, PIN_EFFECT_MESSAGE)),
	{ ON_EFFECT(PIN, PIN_EFFECT_SEND), THEN(KROUTE, KROUTE_CAUSE) },
	FIRES(ON_EFFECT(PIN, PIN_EFFECT_SEND)),
	FIRES(ON(PIN, PIN_EOI_PIN), .when = level_line_waits),
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = level_vector_matches, .quirk = QUIRK_KVM_EOI_SCAN_PENDING, THEN(PIN, PIN_EOI) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = level_vector_differs, .quirk = QUIRK_KVM_EOI_SCAN_PENDING,
	  THEN(PIN, PIN_EOI_OTHER) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = exits_and_matches, .quirk = QUIRK_KVM_EOI_SCAN_PENDING, .without = true,
	  THEN(PIN, PIN_EOI) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = exits_and_differs, .quirk = QUIRK_KVM_EOI_SCAN_PENDING, .without = true,
	  THEN(PIN, PIN_EOI_OTHER) },
	LEVEL_FLOW,
	PART_CALLS,
	LEVEL_RESEND,
};

/* ------------------------------------------------------------------------------------------------------ operations */

static void ask_same(struct unit *unit)
{
	level_ask_plain(unit);
	unit->place[PLACE_SAME] = 1;
}

/* CPUs choose their vectors alike: a move often changes the destination alone. */
static const struct operation operations[] = {
	LEVEL_OPERATIONS,
	{ "request_irq, same vector on all CPUs", OPERATION_STIMULUS, .per_cpu = true, .when = level_may_request, .move = ask_same,
	  FIRST(VECTOR, VECTOR_ACTIVATE) },
};

/* ------------------------------------------------------------------------------------------------------ invariants */

static bool stale(const struct unit *unit)
{
	return unit->place[PLACE_STALE] && unit_state(unit, ROLE_PIN, PIN_REGION_IRR) == BIT_SET;
}

static const struct invariant invariants[] = {
	{ "route", "what a pin sends is what its entry says", "stale-route-delivery", stale },
	LEVEL_INVARIANTS,
};

/* ------------------------------------------------------------------------------------------------------ the part */

static void init(struct unit *unit)
{
	level_init(unit);
	part_set(unit, ROLE_KROUTE, KROUTE_REGION_ROUTE, KROUTE_ROUTE_SAME);
	part_set(unit, ROLE_KROUTE, KROUTE_REGION_PHASE, KROUTE_PHASE_UNKNOWN);
	part_set(unit, ROLE_KROUTE, KROUTE_REGION_ORDER, KROUTE_ORDER_UNKNOWN);
}

const struct path_part path_split = {
	.name = "kvm-split/level", .what = "level lines of a guest, QEMU's IO-APIC in front of KVM's local APICs",
	.path = PATH_KVM_SPLIT, .feeder = OBJ_PIN, .reactions = reactions, .operations = operations, .invariants = invariants,
	.nr_reactions = sizeof(reactions) / sizeof(reactions[0]), .nr_operations = sizeof(operations) / sizeof(operations[0]),
	.nr_invariants = sizeof(invariants) / sizeof(invariants[0]), .init = init, .waits = level_waits,
};
