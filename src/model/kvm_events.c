/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a KVM host records of the controllers that it emulates (Linux arch/x86/kvm/ioapic.c, irq_comm.c, lapic.c).
 *
 * With the IO-APIC in the kernel each setting of a line is recorded with the pin's entry as it was before the line was
 * looked at, so with remote IRR, and an EOI that reaches a pin names it. The entry is read when a pin is serviced: no message
 * can be of another. With the IO-APIC in user space KVM sees a line only when that one fires the pin; the message that
 * follows is the route as KVM has it, and an EOI that is handed on to user space is an exit.
 *
 * Local APICs are those of lapic_events.c. Beside what seen.c knows of pins, "eoi-exit" is owed here: the EOI of a level
 * vector that came from such a route leaves KVM before that vCPU takes or ends another interrupt (vcpu_enter_guest() looks at
 * KVM_REQ_IOAPIC_EOI_EXIT first). Before Linux 6.3 KVM swallows it where the route has gone elsewhere meanwhile
 * (fceb3a36c29a), as the vCPU's bitmap of such vectors is made of the routes alone.
 */
#include "model/owners.h"
#include "model/replay.h"

enum { NR_PINS = 24, MAX_LINE_SOURCES = 32 };

/* A line is asserted while any of its sources asserts it. */
static bool line_of(struct object *pin, const struct event *ev, int64_t level)
{
	int64_t source = 0;
	uint32_t bit;

	event_arg(ev, ARG_LINE_SOURCE, &source);
	bit = source >= 0 && source < MAX_LINE_SOURCES ? UINT32_C(1) << source : 1;
	pin->pin.sources = level ? pin->pin.sources | bit : pin->pin.sources & ~bit;
	return pin->pin.sources;
}

static void pin_accepted(struct model *m, struct object *pin)
{
	pin->pin.nr_accepted++;
	pin_fires(m, pin, pin_state(pin->pin.core, PIN_REGION_TRIGGER) == TRIGGER_LEVEL);
}

/*
 * The message left where a local APIC accepted the entry's vector between the line and this record. Where the entry is not
 * recorded, what was accepted has to do.
 */
static bool was_accepted(const struct event *ev, const struct object *pin)
{
	int64_t vector, rte;

	if (!event_arg(ev, ARG_VECTOR, &vector))
		return false;
	if (!event_arg(ev, ARG_RTE, &rte))
		return true;
	return vector == pin->pin.vector && !(rte & RTE_MASKED);
}

static void on_pin(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	int64_t level;

	if (!pin)
		return;
	learn_platform(m, pin, PATH_KVM_FULL);
	pin->pin.by_kvm = true;
	pin_entry_seen(m, pin, ev);
	if (event_arg(ev, ARG_LEVEL, &level))
		pin_line(m, pin, line_of(pin, ev, level));
	if (was_accepted(ev, pin))
		pin_accepted(m, pin);
}

static void on_ack(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	struct machine_state *machine;

	if (!pin)
		return;
	learn_platform(m, pin, PATH_KVM_FULL);
	machine = model_machine(m, pin->row.ref.machine);
	if (machine)
		machine->kvm_ends_seen = true;
	pin->pin.nr_ended++;
	pin_end_of_interrupt(m, pin, -1);
}

/* A line of KVM's with a message behind it: the pin's IO-APIC is in user space, and this is its route. */
static void on_route(struct model *m, const struct event *ev, const struct object_ref *route)
{
	struct object *pin = kroute_pin(m, route->machine, route->id);
	int64_t level = 0, vector;

	if (!pin)
		return;
	event_arg(ev, ARG_LEVEL, &level);
	pin->pin.by_kvm = true;
	if (pin_state(pin->pin.core, PIN_REGION_TRIGGER) == TRIGGER_UNKNOWN)
		pin_input(m, pin, level ? PIN_RTE_LEVEL : PIN_RTE_EDGE);
	kroute_seen(m, pin, ev);
	duty_end(m, &pin->pin.handed_on, ENDING_EXCUSED, "remote IRR cleared otherwise");
	pin->pin.nr_accepted += !pin->pin.irr_shown;	/* else it was counted with its remote IRR */
	pin_fires(m, pin, level);
	pin->pin.kroute->kroute.fired = false;
	if (event_arg(ev, ARG_VECTOR, &vector))
		pin->pin.accepted = vector;
}

static void on_accept(struct model *m, const struct event *ev)
{
	const struct object_ref *route = event_object(ev, OBJ_KROUTE), *again = event_object(ev, OBJ_PIN);
	struct object *pin;

	if (route && route->id < NR_PINS)
		on_route(m, ev, route);
	pin = again ? object_named(m, ev, OBJ_PIN) : NULL;
	if (pin)
		pin_accepted(m, pin);
}

/* One that KVM handed on will be seen, where others were. */
static bool owes_exit(struct model *m, const struct object *pin, int64_t vector)
{
	const struct machine_state *machine = model_machine(m, pin->row.ref.machine);

	return pin->pin.kroute && pin->pin.by_kvm && machine && machine->kvm_ends_seen && pin->pin.accepted == vector &&
	       pin_state(pin->pin.core, PIN_REGION_IRR) == BIT_SET;
}

/* What a vCPU does next shows that it has not left KVM in between. */
static void on_vcpu(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);
	struct machine_state *machine = ref ? model_machine(m, ref->machine) : NULL;
	struct claim claim = {
		.kind = "eoi-exit", .owner = owner_name(OWNER_HYPERVISOR), .cause_event = m->event, .due = true, .owed = TRUTH_TRUE,
	};

	for (struct object *pin = machine ? machine->pins : NULL; pin; pin = pin->next) {
		if (pin->pin.handed_on.open) {
			if (pin->pin.eoi_vcpu == (int32_t)object_pair_high(ref->id))
				duty_expected(m, &pin->pin.handed_on);
		} else if (ev->kind == EV_LAPIC_EOI && owes_exit(m, pin, object_pair_low(ref->id))) {
			claim.object = pin->row.id;
			pin->pin.eoi_vcpu = object_pair_high(ref->id);
			duty_follow_hot(m, &pin->pin.handed_on, &claim);
		}
	}
}

/*
 * Handed on to the IO-APIC in user space: that is the end for all pins that were accepted with its vector, where no records of
 * that IO-APIC's own say what it makes of it.
 */
static void on_exit(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);
	struct machine_state *machine = ref ? model_machine(m, ref->machine) : NULL;
	int64_t vector;

	if (!machine || !event_arg(ev, ARG_VECTOR, &vector))
		return;
	machine->kvm_ends_seen = true;
	for (struct object *pin = machine->pins; pin; pin = pin->next) {
		if (pin->pin.accepted != vector || pin_state(pin->pin.core, PIN_REGION_IRR) != BIT_SET)
			continue;
		pin->pin.nr_handed_on++;
		duty_end(m, &pin->pin.handed_on, ENDING_DISCHARGED, "handed on");
		if (pin->pin.irr_shown)
			continue;
		pin->pin.nr_ended++;
		pin_end_of_interrupt(m, pin, vector);
	}
}

/* Only the vector is recorded of a pin in the kernel's IO-APIC: which one it is, its entry tells. */
static void on_throttle(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	struct machine_state *machine;
	int64_t vector;

	if (pin) {
		pin_input(m, pin, PIN_PUT_OFF);
		return;
	}
	machine = event_arg(ev, ARG_VECTOR, &vector) ? model_machine(m, MACHINE_GUEST) : NULL;
	for (pin = machine ? machine->pins : NULL; pin; pin = pin->next)
		if (pin->pin.vector == vector && pin_state(pin->pin.core, PIN_REGION_TRIGGER) == TRIGGER_LEVEL)
			pin_input(m, pin, PIN_PUT_OFF);
}

/* QEMU kicks the resampled irqfds of a pin at its EOI; their interrupts pass neither its line nor remote IRR. */
static void on_resample(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_GSI);
	struct object_ref pin_ref = { .kind = OBJ_PIN };
	struct object *pin;

	if (!ref || ref->id >= NR_PINS)
		return;
	pin_ref.machine = ref->machine;
	pin_ref.id = object_id_pair(0, ref->id);
	pin = model_object(m, &pin_ref);
	if (pin)
		pin->pin.nr_ended++;
}

/* What was believed may be of either guest. */
static void on_unclear(struct model *m, const struct event *ev)
{
	uint32_t last = registry_last(m->objects);

	diag_report(m->diag, DIAG_REMARK, (struct diag_pos){ .path = NULL },
		    "kvm records of more than one guest cannot be told apart: those behind the first are left out");
	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (obj && obj->row.ref.machine == MACHINE_GUEST)
			model_lost(m, obj, ev->t_lo_ns);
	}
}

event_handler kvm_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_KVM_PIN] = on_pin,
		[EV_KVM_ACK] = on_ack,
		[EV_KVM_ACCEPT] = on_accept,
		[EV_KVM_EOI_EXIT] = on_exit,
		[EV_KVM_USER_EXIT] = on_vcpu,
		[EV_LAPIC_EOI] = on_vcpu,
		[EV_LAPIC_DELIVER] = on_vcpu,
		[EV_IRQFD_RESAMPLE] = on_resample,
		[EV_KVM_UNCLEAR] = on_unclear,
		[EV_IOAPIC_THROTTLE] = on_throttle,
	};

	return handlers[kind];
}
