/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path "dom0-pv/eoi": interrupts of dom0, of two HVM guests and of Xen itself on one CPU of Xen, which acknowledges some of
 * them only when their guests have (xen/arch/x86/irq.c do_IRQ_guest(), desc_guest_eoi(), flush_ready_eoi(),
 * irq_guest_eoi_timer_fn(); msi.c, io_apic.c). The environment is part of it: a guest that waits for its device model takes
 * no interrupt, and its device model, in dom0, waits for dom0's disk.
 *
 * This is the deadlock of the first MSI patches for Xen (2008): the disk's vector is of a lower class than that of the
 * guest's device, whose EOI waits for the guest, which waits for the disk. What was proposed against it are quirks: EOI at
 * once and nothing masked, masked until the guest is done, a timer, CPUs of their own.
 *
 * A device interrupts by a message with or without a mask bit, or by a level line; dom0's disk begins as an edge of an
 * IO-APIC, which gets its EOI at once. What waits is one, however often it was sent. What came too often is masked until its
 * guest has served it or a timer has passed (3.3 to 4.1), or until a timer has (4.0, the rate limit: its 10000 are two here).
 *
 * Not in it: moves, several CPUs, irqs that guests share, 8259 pins; that the rate limit drops the arrival that reaches it.
 */
#include "model/lapic.h"
#include "model/level.h"
#include "model/part.h"
#include "model/peoi.h"
#include "model/pin.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/unit.h"
#include "model/vcpu.h"
#include "model/xirq.h"

enum { DISK, GUEST_1, GUEST_2, OWN, NR_INTERRUPTS };
/* Xen masks its message, or disables it: until its guest has served it, or its timer expires; or until that alone. */
enum { HELD_FOR_GUEST = 1, HELD_FOR_TIMER };
enum { KIND_MASKABLE, KIND_PLAIN, KIND_LINE, KIND_EDGE, KIND_OWN };

/* ------------------------------------------------------------------------------------------------------ states */

static unsigned rank_of(const struct unit *unit)
{
	return unit->place[PLACE_RANK] - 1;
}

/* A guest's, where the stack and the vCPUs are those of all. */
static bool is_guests(const struct unit *unit)
{
	return rank_of(unit) == GUEST_1 || rank_of(unit) == GUEST_2;
}

static unsigned entry_of(const struct unit *unit, unsigned rank)
{
	return core_get(unit->core[ROLE_PEOI + rank], unit_region(ROLE_PEOI, PEOI_REGION_ENTRY));
}

static unsigned waits_of(const struct unit *unit, unsigned domain)
{
	return core_get(unit->core[ROLE_VCPU + domain], unit_region(ROLE_VCPU, VCPU_REGION_WAITS));
}

static bool is_pending(const struct unit *unit)
{
	return unit_lapic_state(unit, unit->place[PLACE_TARGET] - 1, LAPIC_REGION_IRR) == BIT_SET;
}

static bool is_told(const struct unit *unit)
{
	return unit_state(unit, ROLE_PORT, PORT_REGION_PENDING) == BIT_SET;
}

static bool is_asserted(const struct unit *unit)
{
	return unit_state(unit, ROLE_PIN, PIN_REGION_LINE) == BIT_SET;
}

/* Its vector is of a class that is let in. */
static bool outranks_all(const struct unit *unit)
{
	int top = unit_stack_top(unit);

	return top < 0 || unit_rank_vector(rank_of(unit)) >> LAPIC_CLASS_SHIFT > top >> LAPIC_CLASS_SHIFT;
}

static bool is_let_in(const struct unit *unit)
{
	return is_pending(unit) && outranks_all(unit);
}

/* Xen gives what EOIs it can before anything else happens on the CPU. */
static bool flush_is_due(const struct unit *unit)
{
	int top = unit_stack_top(unit);

	for (unsigned rank = 0; rank < NR_INTERRUPTS; rank++)
		if (unit_rank_vector(rank) == top && entry_of(unit, rank) == PEOI_IS_READY)
			return true;
	return false;
}

static bool is_quiet(const struct unit *unit)
{
	return !is_pending(unit) && !is_told(unit) && !is_asserted(unit) && !unit->place[PLACE_OWED] && !unit->place[PLACE_HELD] &&
	       entry_of(unit, rank_of(unit)) == PEOI_ABSENT && !flush_is_due(unit) &&
	       unit_state(unit, ROLE_PIRQ, PIRQ_REGION_OWED) != BIT_SET;
}

/* ------------------------------------------------------------------------------------------------------ guards */

#define GUARD(name, condition) \
	static bool name(const struct unit *before, const struct unit *now) \
	{ \
		(void)before; \
		(void)now; \
		return condition; \
	}

static unsigned ack_type(const struct unit *unit)
{
	return unit_state(unit, ROLE_XIRQ, XIRQ_REGION_ACK);
}

GUARD(maskable, now->place[PLACE_KIND] == KIND_MASKABLE)
GUARD(plain, now->place[PLACE_KIND] == KIND_PLAIN)
GUARD(message, now->place[PLACE_KIND] == KIND_MASKABLE || now->place[PLACE_KIND] == KIND_PLAIN)
GUARD(edge, now->place[PLACE_KIND] == KIND_EDGE)
GUARD(line, now->place[PLACE_KIND] == KIND_LINE)
GUARD(xens_own, now->place[PLACE_KIND] == KIND_OWN)
GUARD(guests_own, now->place[PLACE_KIND] != KIND_OWN)
GUARD(late, ack_type(now) != XIRQ_ACK_NONE)
GUARD(late_eoi, ack_type(now) == XIRQ_ACK_EOI)
GUARD(not_late_unmask, ack_type(now) != XIRQ_ACK_UNMASK)
GUARD(late_unmask, ack_type(now) == XIRQ_ACK_UNMASK)
GUARD(owes_eoi, unit_state(now, ROLE_PIRQ, PIRQ_REGION_OWED) == BIT_SET)
GUARD(comes_first, !is_told(before))
GUARD(comes_again, is_told(before))
GUARD(comes_again_maskable, is_told(before) && maskable(before, now))
GUARD(comes_again_plain, is_told(before) && plain(before, now))
GUARD(in_service, unit_lapic_state(now, now->place[PLACE_TARGET] - 1, LAPIC_REGION_ISR) == BIT_SET)
GUARD(waiting_maskable, in_service(before, now) && maskable(before, now))
GUARD(waiting_plain, in_service(before, now) && plain(before, now))
GUARD(line_is_up, is_asserted(now))
GUARD(held_back, now->place[PLACE_HELD] == HELD_FOR_GUEST && now->place[PLACE_OWED])
GUARD(disk, rank_of(now) == DISK)
GUARD(guest_1_waits, rank_of(now) == DISK && waits_of(now, GUEST_1) == VCPU_WAITS_MODEL)
GUARD(guest_2_waits, rank_of(now) == DISK && waits_of(now, GUEST_2) == VCPU_WAITS_MODEL)

/* ------------------------------------------------------------------------------------------------------ operands */

static void count_again(struct unit *unit)
{
	if (unit->place[PLACE_AGAIN] < AGAIN_MAX)
		unit->place[PLACE_AGAIN]++;
}

static void hold_for_guest(struct unit *unit)
{
	unit->place[PLACE_HELD] = HELD_FOR_GUEST;
}

static void hold_for_timer(struct unit *unit)
{
	if (!unit->place[PLACE_HELD])
		unit->place[PLACE_HELD] = HELD_FOR_TIMER;
}

static void release(struct unit *unit)
{
	unit->place[PLACE_HELD] = unit->place[PLACE_OWED] = 0;
}

static void keep_back(struct unit *unit)
{
	unit->place[PLACE_OWED] = 1;
}

static void begin_anew(struct unit *unit)
{
	unit->place[PLACE_AGAIN] = 0;
	if (!unit->place[PLACE_OWED] && unit->place[PLACE_HELD] == HELD_FOR_GUEST)
		unit->place[PLACE_HELD] = 0;
}

static void release_anew(struct unit *unit)
{
	release(unit);
	unit->place[PLACE_AGAIN] = 0;
}

static void to_guest_1(struct unit *unit)
{
	unit->place[PLACE_OTHER] = GUEST_1 + 1;
}

static void to_guest_2(struct unit *unit)
{
	unit->place[PLACE_OTHER] = GUEST_2 + 1;
}

static void end_other(struct unit *unit)
{
	unit->place[PLACE_STALE] = 1;
}

static void be_maskable(struct unit *unit)
{
	unit->place[PLACE_KIND] = KIND_MASKABLE;
}

static void be_plain(struct unit *unit)
{
	unit->place[PLACE_KIND] = KIND_PLAIN;
}

static void be_line(struct unit *unit)
{
	unit->place[PLACE_KIND] = KIND_LINE;
}

/* ------------------------------------------------------------------------------------------------------ reactions */

#define MESSAGE_GOES(...) \
	{ __VA_ARGS__, THEN_AT(TARGET, LAPIC_ACCEPT_LEVEL) }, { __VA_ARGS__, THEN(PIN, PIN_ACCEPT) }
#define TO_OTHER(to, input) .role = ROLE_##to, .in = (input), .at = PLACE_OTHER

static const struct reaction reactions[] = {
	/* the IO-APIC, see path_level.c */
	MESSAGE_GOES(ON_EFFECT(PIN, PIN_EFFECT_MESSAGE)),
	MESSAGE_GOES(ON_EFFECT(PIN, PIN_EFFECT_SEND)),
	MESSAGE_GOES(ON(PIN, PIN_UNMASK), .when = level_line_waits),
	MESSAGE_GOES(ON(PIN, PIN_EOI_PIN), .when = level_line_waits),
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = not_late_unmask, THEN(PIN, PIN_EOI) },
	{ ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), .when = late_unmask, .quirk = QUIRK_XEN_IOAPIC_DIRECTED, .without = true,
	  THEN(PIN, PIN_EOI) },
	/* another device, or another way to interrupt: another irq */
	{ ON(XIRQ, XIRQ_CLEAR), THEN(XIRQ, XIRQ_ASSIGN) },
	{ ON(XIRQ, XIRQ_ASSIGN), THEN(XIRQ, XIRQ_GUEST_BIND) },
	/* handler->ack: irq_acktype() as the policy has it */
	{ ON(LAPIC, LAPIC_DISPATCH), .when = edge, THEN(XIRQ, XIRQ_SEE_AT_ONCE) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = message, .quirk = QUIRK_XEN_EOI_AT_ONCE, THEN(XIRQ, XIRQ_SEE_AT_ONCE) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = waiting_maskable, .quirk = QUIRK_XEN_MASK_MSI_ON_ACK, THEN(XIRQ, XIRQ_SEE_AT_ONCE) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = waiting_maskable, .quirk = QUIRK_XEN_MASK_MSI_ON_ACK, .without = true,
	  THEN(XIRQ, XIRQ_SEE_EOI) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = waiting_plain, .quirk = QUIRK_XEN_MSI_OFF_AS_MASK, THEN(XIRQ, XIRQ_SEE_AT_ONCE) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = waiting_plain, .quirk = QUIRK_XEN_MSI_OFF_AS_MASK, .without = true,
	  THEN(XIRQ, XIRQ_SEE_EOI) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = line, .quirk = QUIRK_XEN_IOAPIC_ACK_NEW, THEN(XIRQ, XIRQ_SEE_EOI) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = line, .quirk = QUIRK_XEN_IOAPIC_ACK_NEW, .without = true, THEN(XIRQ, XIRQ_SEE_UNMASK) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = xens_own, THEN(PEOI, PEOI_HANDLE) },
	{ ON(LAPIC, LAPIC_DISPATCH), .when = guests_own, THEN(XIRQ, XIRQ_ARRIVE) },
	/* do_IRQ_guest() */
	{ ON(XIRQ, XIRQ_ARRIVE), .when = late_unmask, .quirk = QUIRK_XEN_IOAPIC_DIRECTED, .without = true, THEN(PIN, PIN_MASK) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = late_unmask, .quirk = QUIRK_XEN_IOAPIC_DIRECTED, THEN_AT(TARGET, LAPIC_EOI) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = late_eoi, THEN(PEOI, PEOI_PUSH) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = late, THEN(PIRQ, PIRQ_GIVEN) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = comes_first, THEN(PORT, PORT_RAISE) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = comes_again, .move = count_again, THEN(PORT, PORT_RAISE) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = comes_again_plain, .quirk = QUIRK_XEN_MSI_OFF_AS_MASK, .move = hold_for_guest,
	  THEN(PORT, PORT_RAISE) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = comes_again_maskable, .quirk = QUIRK_XEN_STORM_MASK, .move = hold_for_guest,
	  THEN(PORT, PORT_RAISE) },
	{ ON(XIRQ, XIRQ_ARRIVE), .when = comes_again_maskable, .quirk = QUIRK_XEN_RATE_LIMIT, .move = hold_for_timer,
	  THEN(PORT, PORT_RAISE) },
	{ ON(PIN, PIN_MASK), THEN_AT(TARGET, LAPIC_EOI) },
	{ ON(XIRQ, XIRQ_SEE_AT_ONCE), THEN_AT(TARGET, LAPIC_EOI) },
	/* the guest serves its device, and acknowledges */
	{ ON(PORT, PORT_TAKEN), .when = line_is_up, THEN(PIN, PIN_LOWER) },
	{ ON(PORT, PORT_TAKEN), .when = disk, THEN(VCPU, VCPU_ANSWERED) },
	{ ON(PORT, PORT_TAKEN), .when = guest_1_waits, .move = to_guest_1, TO_OTHER(VCPU, VCPU_ANSWERED) },
	{ ON(PORT, PORT_TAKEN), .when = guest_2_waits, .move = to_guest_2, TO_OTHER(VCPU, VCPU_ANSWERED) },
	{ ON(PORT, PORT_TAKEN), .when = owes_eoi, THEN(PIRQ, PIRQ_EOI) },
	{ ON(PORT, PORT_TAKEN), .when = held_back, .move = release, THEN_AT(TARGET, LAPIC_ACCEPT_EDGE) },
	{ ON(PIRQ, PIRQ_EOI), THEN(XIRQ, XIRQ_GUEST_EOI) },
	{ ON(XIRQ, XIRQ_GUEST_EOI), .when = late_eoi, THEN(PEOI, PEOI_READY) },
	{ ON(XIRQ, XIRQ_GUEST_EOI), .when = late_unmask, .quirk = QUIRK_XEN_IOAPIC_DIRECTED, .without = true, THEN(PIN, PIN_UNMASK) },
	{ ON(XIRQ, XIRQ_GUEST_EOI), .when = late_unmask, .quirk = QUIRK_XEN_IOAPIC_DIRECTED, THEN(PIN, PIN_EOI_PIN) },
	/* irq_guest_eoi_timer_fn() */
	{ ON(XIRQ, XIRQ_TIMER), THEN(PIRQ, PIRQ_TIMER) },
	{ ON(XIRQ, XIRQ_TIMER), .when = late_eoi, THEN(PEOI, PEOI_FORCED) },
	{ ON(XIRQ, XIRQ_TIMER), .when = late_unmask, .quirk = QUIRK_XEN_IOAPIC_DIRECTED, .without = true, THEN(PIN, PIN_UNMASK) },
	{ ON(XIRQ, XIRQ_TIMER), .when = late_unmask, .quirk = QUIRK_XEN_IOAPIC_DIRECTED, THEN(PIN, PIN_EOI_PIN) },
	{ ON_EFFECT(PEOI, PEOI_EFFECT_EOI), THEN_AT(TARGET, LAPIC_EOI) },
};

/* ------------------------------------------------------------------------------------------------------ operations */

static bool sends(const struct unit *unit)
{
	return message(unit, unit) && !is_pending(unit) && !unit->place[PLACE_HELD] && !flush_is_due(unit);
}

static bool device_may_send(const struct unit *unit)
{
	return is_guests(unit) && sends(unit);
}

static bool device_is_held(const struct unit *unit)
{
	return is_guests(unit) && unit->place[PLACE_HELD] && !unit->place[PLACE_OWED] && !flush_is_due(unit);
}

static bool device_may_assert(const struct unit *unit)
{
	return is_guests(unit) && line(unit, unit) && !is_asserted(unit) && !flush_is_due(unit);
}

static bool disk_may_finish(const struct unit *unit)
{
	return rank_of(unit) == DISK && waits_of(unit, DISK) == VCPU_WAITS_DEVICE && is_quiet(unit);
}

static bool disk_may_send(const struct unit *unit)
{
	return disk_may_finish(unit) && !line(unit, unit);
}

static bool disk_may_assert(const struct unit *unit)
{
	return disk_may_finish(unit) && line(unit, unit);
}

static bool own_may_send(const struct unit *unit)
{
	return rank_of(unit) == OWN && !is_pending(unit) && !flush_is_due(unit);
}

static bool guest_may_ask(const struct unit *unit)
{
	return is_guests(unit) && waits_of(unit, rank_of(unit)) == VCPU_WAITS_NOT && !flush_is_due(unit);
}

static bool model_may_ask(const struct unit *unit)
{
	return rank_of(unit) == DISK && waits_of(unit, DISK) == VCPU_WAITS_NOT && is_quiet(unit) &&
	       (waits_of(unit, GUEST_1) == VCPU_WAITS_MODEL || waits_of(unit, GUEST_2) == VCPU_WAITS_MODEL);
}

static bool may_take(const struct unit *unit)
{
	return is_let_in(unit) && !flush_is_due(unit);
}

/* What waits for an answer of its device model takes no interrupt. */
static bool guest_may_serve(const struct unit *unit)
{
	return is_guests(unit) && is_told(unit) && waits_of(unit, rank_of(unit)) == VCPU_WAITS_NOT && !flush_is_due(unit);
}

/* dom0's kernel goes on while one of its processes waits. */
static bool dom0_may_serve(const struct unit *unit)
{
	return rank_of(unit) == DISK && is_told(unit) && !flush_is_due(unit);
}

static bool own_may_end(const struct unit *unit)
{
	return rank_of(unit) == OWN && entry_of(unit, OWN) == PEOI_HANDLED && !flush_is_due(unit);
}

static bool own_may_end_at_top(const struct unit *unit)
{
	return own_may_end(unit) && unit_stack_top(unit) == unit_rank_vector(OWN);
}

static bool own_may_end_below(const struct unit *unit)
{
	return own_may_end(unit) && unit_stack_top(unit) != unit_rank_vector(OWN);
}

static bool timer_may_expire(const struct unit *unit)
{
	return owes_eoi(unit, unit) && !flush_is_due(unit);
}

/* pt_irq_time_out() */
static bool passthrough_may_expire(const struct unit *unit)
{
	return is_guests(unit) && line(unit, unit) && timer_may_expire(unit);
}

static bool timer_may_unmask(const struct unit *unit)
{
	return unit->place[PLACE_HELD] && !unit->place[PLACE_OWED] && !flush_is_due(unit);
}

static bool timer_may_let_in(const struct unit *unit)
{
	return unit->place[PLACE_HELD] && unit->place[PLACE_OWED] && !flush_is_due(unit);
}

static bool may_flush(const struct unit *unit)
{
	return entry_of(unit, rank_of(unit)) == PEOI_IS_READY && unit_stack_top(unit) == unit_rank_vector(rank_of(unit));
}

/* A device is set up another way: its irq is another one then. What dom0 has on a CPU of its own stays as it is. */
static bool may_change(const struct unit *unit)
{
	return rank_of(unit) != OWN && !unit->place[PLACE_STALE] && is_quiet(unit) && unit->place[PLACE_TARGET] == 1;
}

static const struct operation operations[] = {
	{ "device sends its message", OPERATION_STIMULUS, .when = device_may_send, FIRST(LAPIC, LAPIC_ACCEPT_EDGE) },
	{ "device keeps its message, masked", OPERATION_STIMULUS, .when = device_is_held, .move = keep_back },
	{ "device asserts its line", OPERATION_STIMULUS, .when = device_may_assert, FIRST(PIN, PIN_RAISE) },
	{ "guest waits for its device model", OPERATION_STIMULUS, .when = guest_may_ask, FIRST(VCPU, VCPU_ASKS_MODEL) },
	{ "device model waits for dom0's disk", OPERATION_PROGRESS, .when = model_may_ask, FIRST(VCPU, VCPU_ASKS_DEVICE) },
	{ "dom0's disk interrupts", OPERATION_PROGRESS, .when = disk_may_send, FIRST(LAPIC, LAPIC_ACCEPT_EDGE) },
	{ "dom0's disk asserts its line", OPERATION_PROGRESS, .when = disk_may_assert, FIRST(PIN, PIN_RAISE) },
	{ "CPU takes the vector", OPERATION_PROGRESS, .when = may_take, FIRST(LAPIC, LAPIC_DISPATCH) },
	{ "guest serves its device", OPERATION_PROGRESS, HELP_GUEST, .when = guest_may_serve, .move = begin_anew, FIRST(PORT, PORT_TAKEN) },
	{ "dom0 serves its disk", OPERATION_PROGRESS, .when = dom0_may_serve, .move = begin_anew, FIRST(PORT, PORT_TAKEN) },
	{ "Xen gives the EOI", OPERATION_PROGRESS, .when = may_flush, FIRST(PEOI, PEOI_POP) },
	{ "Xen's timer expires", OPERATION_PROGRESS, HELP_TIMER, .quirk = QUIRK_XEN_EOI_TIMEOUT, .when = timer_may_expire,
	  .move = begin_anew, FIRST(XIRQ, XIRQ_TIMER) },
	{ "passthrough's timer expires", OPERATION_PROGRESS, HELP_TIMER, .quirk = QUIRK_XEN_DPCI_TIMEOUT, .when = passthrough_may_expire,
	  .move = begin_anew, FIRST(XIRQ, XIRQ_TIMER) },
	{ "Xen's timer unmasks", OPERATION_PROGRESS, HELP_TIMER, .when = timer_may_unmask, .move = release_anew },
	{ "Xen's timer unmasks, and it comes", OPERATION_PROGRESS, HELP_TIMER, .when = timer_may_let_in, .move = release_anew,
	  FIRST(LAPIC, LAPIC_ACCEPT_EDGE) },
	{ "Xen's own device sends its message", OPERATION_STIMULUS, .when = own_may_send, FIRST(LAPIC, LAPIC_ACCEPT_EDGE) },
	{ "Xen's handler ends", OPERATION_PROGRESS, .when = own_may_end_at_top, FIRST(PEOI, PEOI_POP) },
	{ "Xen's handler ends below others", OPERATION_PROGRESS, .when = own_may_end_below, .quirk = QUIRK_XEN_OWN_IRQS_ON_STACK,
	  FIRST(PEOI, PEOI_INSERT) },
	{ "Xen's handler ends what stands above it", OPERATION_PROGRESS, .when = own_may_end_below, .quirk = QUIRK_XEN_OWN_IRQS_ON_STACK,
	  .without = true, .move = end_other, FIRST(PEOI, PEOI_INSERT) },
	{ "device is set up with a mask bit", OPERATION_STIMULUS, .when = may_change, .move = be_maskable, FIRST(XIRQ, XIRQ_CLEAR) },
	{ "device is set up without a mask bit", OPERATION_STIMULUS, .quirk = QUIRK_MSI_WITHOUT_MASK, .when = may_change,
	  .move = be_plain, FIRST(XIRQ, XIRQ_CLEAR) },
	{ "device is set up with its line", OPERATION_STIMULUS, .quirk = QUIRK_LEVEL_LINES, .when = may_change, .move = be_line,
	  FIRST(XIRQ, XIRQ_CLEAR) },
};

/* ------------------------------------------------------------------------------------------------------ invariants */

static bool storms(const struct unit *unit)
{
	return unit->place[PLACE_AGAIN] == AGAIN_MAX;
}

static bool ended_another(const struct unit *unit)
{
	return unit->place[PLACE_STALE];
}

/* As Xen counts them: its irq is given out as long as a guest owes its EOI, and there is a guest each here. */
static bool counts_differ(const struct unit *unit)
{
	unsigned given = unit_state(unit, ROLE_XIRQ, XIRQ_REGION_IN_FLIGHT);

	return given != BIT_UNKNOWN && given != unit_state(unit, ROLE_PIRQ, PIRQ_REGION_OWED);
}

static bool in_service_here(const struct unit *unit)
{
	return unit_lapic_state(unit, unit->place[PLACE_TARGET] - 1, LAPIC_REGION_ISR) == BIT_SET;
}

/* Outside of an operation nothing else is in service than what an EOI is put off for. */
static bool stack_differs(const struct unit *unit)
{
	return in_service_here(unit) != (entry_of(unit, rank_of(unit)) >= PEOI_HANDLED);
}

static bool irr_is_stuck(const struct unit *unit)
{
	return unit_state(unit, ROLE_PIN, PIN_REGION_IRR) == BIT_SET && !is_pending(unit) && !in_service_here(unit) &&
	       unit_state(unit, ROLE_PIRQ, PIRQ_REGION_OWED) != BIT_SET;
}

/* A device's line is lowered by its guest, who is told of it as long as it is up. */
static bool line_is_forgotten(const struct unit *unit)
{
	return is_asserted(unit) && unit_state(unit, ROLE_PIN, PIN_REGION_IRR) == BIT_CLEAR &&
	       unit_state(unit, ROLE_PIN, PIN_REGION_HW) == BIT_CLEAR;
}

static const struct invariant invariants[] = {
	{ "deliverable", "an interrupt that a device raised can reach its domain without a device's or a guest's help",
	  "eoi-stack-inversion", NULL },
	{ "storm", "an interrupt does not come over and over before its guest has served the device, or a timer has passed",
	  "", storms },
	{ "order", "an EOI ends the vector that it is meant for", "", ended_another },
	{ "in-flight", "an irq is given out as long as a guest owes its EOI", "", counts_differ },
	{ "stack", "what is in service is on the stack of EOIs, and nothing else", "", stack_differs },
	{ "remote-irr", "remote IRR is set only while its vector is pending or in service, or a guest owes the EOI", "", irr_is_stuck },
	{ "line", "a line that is up and not masked has set remote IRR", "", line_is_forgotten },
	{ "conforming", "no component gets an input that its table does not allow in its state", "", NULL },
};

/* ------------------------------------------------------------------------------------------------------ waiting */

enum { MEMBER_IRQ, MEMBER_ENTRY = NR_INTERRUPTS, MEMBER_DOMAIN = 2 * NR_INTERRUPTS, NR_MEMBERS = MEMBER_DOMAIN + 3 };

static const char *const unit_names[NR_INTERRUPTS] = { "dom0", "guest 1", "guest 2", "Xen" };
static const char *const members[NR_MEMBERS] = {
	"interrupt of dom0's disk, vector 0x21", "interrupt of guest 1's device, vector 0x31",
	"interrupt of guest 2's device, vector 0x51", "interrupt of Xen's own device, vector 0x41",
	"EOI of vector 0x21", "EOI of vector 0x31", "EOI of vector 0x51", "EOI of vector 0x41", "dom0", "guest 1", "guest 2",
};

static unsigned top_rank(const struct unit *unit)
{
	unsigned rank = 0;

	while (rank < NR_INTERRUPTS && unit_rank_vector(rank) != unit_stack_top(unit))
		rank++;
	return rank;
}

/* An interrupt waits for the EOI of what is in service; that for those above it, or for its guest. */
static bool interrupt_waits(const struct unit *unit, struct path_wait *wait)
{
	wait->why = "its class is not above what is in service";
	wait->next = MEMBER_ENTRY + top_rank(unit);
	return is_pending(unit) && !outranks_all(unit);
}

static bool entry_waits(const struct unit *unit, unsigned rank, struct path_wait *wait)
{
	unsigned entry = entry_of(unit, rank);

	wait->why = entry == PEOI_WAITS ? "Xen gives it when the domain has served its device" : "Xen gives EOIs from the top alone";
	wait->next = entry == PEOI_WAITS ? MEMBER_DOMAIN + rank : MEMBER_ENTRY + top_rank(unit);
	return entry == PEOI_WAITS || (entry == PEOI_IS_READY && top_rank(unit) != rank);
}

static bool domain_waits(const struct unit *unit, unsigned domain, struct path_wait *wait)
{
	unsigned waits = waits_of(unit, domain);

	wait->why = waits == VCPU_WAITS_MODEL ? "it waits for its device model" : "its device model waits for the disk";
	wait->next = waits == VCPU_WAITS_MODEL ? MEMBER_DOMAIN + DISK : MEMBER_IRQ + DISK;
	return waits == VCPU_WAITS_MODEL || waits == VCPU_WAITS_DEVICE;
}

static bool waits_for(const struct unit *units, unsigned member, struct path_wait *wait)
{
	wait->who = members[member];
	if (member < MEMBER_ENTRY)
		return interrupt_waits(&units[member], wait);
	if (member < MEMBER_DOMAIN)
		return entry_waits(&units[0], member - MEMBER_ENTRY, wait);
	return domain_waits(&units[0], member - MEMBER_DOMAIN, wait);
}

/* ------------------------------------------------------------------------------------------------------ policies */

#define ON_(sym) { QUIRK_##sym, true }
#define OFF_(sym) { QUIRK_##sym, false }
#define XEN_3_3 OFF_(XEN_EOI_TIMEOUT), OFF_(XEN_RATE_LIMIT), ON_(XEN_STORM_MASK)

static const struct path_policy policies[] = {
	{ "EOI waits for the guest (patches of 2008)", { OFF_(XEN_MASK_MSI_ON_ACK), OFF_(XEN_EOI_TIMEOUT), OFF_(LEVEL_LINES) } },
	{ "EOI at once, nothing masked", { OFF_(XEN_MASK_MSI_ON_ACK), OFF_(XEN_EOI_TIMEOUT), OFF_(LEVEL_LINES), ON_(XEN_EOI_AT_ONCE),
					OFF_(XEN_RATE_LIMIT) } },
	{ "EOI waits, dom0 has its own CPU", { OFF_(XEN_MASK_MSI_ON_ACK), OFF_(XEN_EOI_TIMEOUT), OFF_(LEVEL_LINES), ON_(XEN_DOM0_CPU) } },
	{ "EOI waits, a timer forces it", { OFF_(XEN_MASK_MSI_ON_ACK), OFF_(LEVEL_LINES) } },
	{ "EOI at once, masked if need be (Xen 3.3)", { XEN_3_3, OFF_(MSI_WITHOUT_MASK), OFF_(LEVEL_LINES) } },
	{ "the same, and messages without a mask bit", { XEN_3_3, OFF_(LEVEL_LINES) } },
	{ "the same, those by disabling MSI (Xen 3.3)", { XEN_3_3, OFF_(LEVEL_LINES), ON_(XEN_MSI_OFF_AS_MASK) } },
	{ "the same, and level lines, ioapic_ack=old", { XEN_3_3, OFF_(MSI_WITHOUT_MASK), OFF_(XEN_IOAPIC_ACK_NEW) } },
	{ "the same, and level lines, ioapic_ack=new", { XEN_3_3, OFF_(MSI_WITHOUT_MASK) } },
	{ "today, without the rate limit", { OFF_(XEN_RATE_LIMIT) } },
	{ "today (4.2 and later), directed EOI", { OFF_(XEN_IOAPIC_ACK_NEW), ON_(XEN_IOAPIC_DIRECTED) } },
	{ "today (4.2 and later), ioapic_ack=old", { OFF_(XEN_IOAPIC_ACK_NEW) } },
	{ "today (4.2 and later), ioapic_ack=new", { { QUIRK_NONE, false } } },
};

/* ------------------------------------------------------------------------------------------------------ the part */

static void init_pin(struct unit *unit)
{
	static const uint8_t pin[NR_PIN_REGIONS] = {
		[PIN_REGION_HW] = BIT_CLEAR, [PIN_REGION_KERNEL] = BIT_CLEAR, [PIN_REGION_TRIGGER] = TRIGGER_LEVEL,
		[PIN_REGION_IRR] = BIT_CLEAR, [PIN_REGION_LINE] = BIT_CLEAR, [PIN_REGION_ROUTE] = ROUTE_STEADY,
		[PIN_REGION_AGAIN] = AGAIN_AT_ONCE,
	};

	for (unsigned i = 0; i < NR_PIN_REGIONS; i++)
		part_set(unit, ROLE_PIN, i, pin[i]);
}

static void init_guest_side(struct unit *unit)
{
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_LIFE, XIRQ_ASSIGNED);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_ACTION, XIRQ_ACTION_GUEST);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_MOVE, XIRQ_SETTLED);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_ACK, XIRQ_ACK_UNKNOWN);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_IN_FLIGHT, BIT_CLEAR);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_WISH, XIRQ_WISH_NONE);
	part_set(unit, ROLE_XIRQ, XIRQ_REGION_RATE, XIRQ_WITHIN);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_MAP, BIT_SET);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_BOUND, BIT_SET);
	part_set(unit, ROLE_PIRQ, PIRQ_REGION_OWED, BIT_CLEAR);
	part_set(unit, ROLE_PORT, PORT_REGION_STATE, PORT_PIRQ);
	part_set(unit, ROLE_PORT, PORT_REGION_PENDING, BIT_CLEAR);
	part_set(unit, ROLE_PORT, PORT_REGION_MASK, BIT_CLEAR);
}

static void init_cpu(struct unit *unit)
{
	for (unsigned i = 0; i < NR_LAPIC_REGIONS; i++)
		part_set(unit, ROLE_LAPIC, i, BIT_CLEAR);
	unit->core[ROLE_LAPIC + 1] = unit->core[ROLE_LAPIC];
	for (unsigned rank = 0; rank < UNIT_MAX_RANKS; rank++)
		unit->core[ROLE_PEOI + rank] = core_set(0, unit_region(ROLE_PEOI, PEOI_REGION_ENTRY), PEOI_ABSENT);
	for (unsigned domain = 0; domain < UNIT_MAX_DOMAINS; domain++)
		unit->core[ROLE_VCPU + domain] = core_set(core_set(0, unit_region(ROLE_VCPU, VCPU_REGION_RUN), VCPU_RUN_UNKNOWN),
							  unit_region(ROLE_VCPU, VCPU_REGION_WAITS), VCPU_WAITS_NOT);
}

static void init(struct unit *unit)
{
	init_pin(unit);
	init_guest_side(unit);
	init_cpu(unit);
}

static void init_nth(struct unit *unit, unsigned n, struct quirks quirks)
{
	unit->place[PLACE_RANK] = n + 1;
	unit->place[PLACE_KIND] = n == OWN ? KIND_OWN : n == DISK ? KIND_EDGE : KIND_MASKABLE;
	/* what concerns it runs where its vector is */
	unit->place[PLACE_TARGET] = unit->place[PLACE_RUNS] = n == DISK && quirk_is_on(quirks, QUIRK_XEN_DOM0_CPU) ? 2 : 1;
}

static bool waits(const struct unit *unit)
{
	return is_pending(unit) || unit->place[PLACE_OWED];
}

const struct path_part path_eoi = {
	.name = "dom0-pv/eoi", .what = "EOIs that Xen puts off until a guest has served its device, on one CPU",
	.path = PATH_DOM0_PV, .reactions = reactions, .operations = operations, .invariants = invariants,
	.nr_reactions = sizeof(reactions) / sizeof(reactions[0]), .nr_operations = sizeof(operations) / sizeof(operations[0]),
	.nr_invariants = sizeof(invariants) / sizeof(invariants[0]), .init = init, .init_nth = init_nth, .waits = waits,
	.nr_units = NR_INTERRUPTS, .cast = "dom0's disk, devices of two guests and one of Xen on one CPU",
	.unit_names = unit_names, .init_quirks = UINT64_C(1) << QUIRK_XEN_DOM0_CPU, .waits_for = waits_for,
	.policies = policies, .nr_policies = sizeof(policies) / sizeof(policies[0]), .policy_units = OWN,
};
