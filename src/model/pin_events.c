/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of IO-APIC pins: which inputs they are. */
#include "model/owners.h"
#include "model/replay.h"

static void link_objects(struct model *m, const struct event *ev, struct object *pin)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);

	if (irq)
		link_irq(m, irq, pin);
}

static void apply(struct model *m, struct object *pin, enum pin_input in)
{
	if (!pin_input(m, pin, in))
		return;
	masks_update(m, pin);
	if (pin->feeds)
		oneshot_update(m, pin->feeds);
}

static void on_mask(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);

	if (!pin)
		return;
	link_objects(m, ev, pin);
	if (ev->witness > WITNESS_INTENT && kernel_acts(pin))
		apply(m, pin, ev->kind == EV_IRQ_MASK ? PIN_MASK : PIN_UNMASK);
}

/* A redirection entry as it is now: written, or read back. */
static void see_entry(struct model *m, struct object *pin, int64_t rte)
{
	int32_t vector = rte & RTE_VECTOR;

	pin_input(m, pin, rte & RTE_LEVEL ? PIN_RTE_LEVEL : PIN_RTE_EDGE);
	if (pin->pin.vector >= 0)
		pin_input(m, pin, pin->pin.vector == vector ? PIN_RTE_SAME : PIN_RTE_MOVED);
	pin->pin.vector = vector;
	apply(m, pin, rte & RTE_MASKED ? PIN_RTE_MASKED : PIN_RTE_UNMASKED);
	if (pin->pin.eoi.open)
		seen_remote_irr(m, pin);
}

/* The entry's low word, which is written for itself: true where the record has it. */
static bool entry_low(const struct event *ev, int64_t *rte)
{
	int64_t known = UINT32_MAX;

	event_arg(ev, ARG_MASK, &known);
	return event_arg(ev, ARG_RTE, rte) && (known & UINT32_MAX) == UINT32_MAX;
}

/* The entry in full, as far as the platform itself has shown it: what the kernel meant to write is another matter. */
static void keep_entry(struct object *pin, const struct event *ev)
{
	int64_t rte = 0, known = UINT32_MAX;

	if (ev->witness != WITNESS_HARDWARE || !event_arg(ev, ARG_RTE, &rte))
		return;
	event_arg(ev, ARG_MASK, &known);
	pin->pin.rte = (pin->pin.rte & ~(uint64_t)known) | (rte & known);
	pin->pin.rte_known |= known;
}

static void write_entry(struct model *m, const struct event *ev, struct object *pin)
{
	int64_t rte;

	link_objects(m, ev, pin);
	keep_entry(pin, ev);
	if (ev->witness <= WITNESS_INTENT || !entry_low(ev, &rte))
		return;
	if (ev->witness == WITNESS_HARDWARE || kernel_acts(pin))
		see_entry(m, pin, rte);
}

static void on_rte_write(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);

	if (!pin)
		return;
	write_entry(m, ev, pin);
	if (ev->witness == WITNESS_HARDWARE)
		kroute_entry_written(m, pin);
}

static void set_remote_irr(struct model *m, struct object *pin, bool set);

/* What is read back tells nothing new of an entry whose writes were seen, but for the bit that the hardware keeps. */
static void on_rte_read(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	int64_t rte;

	if (!pin)
		return;
	keep_entry(pin, ev);
	if (!entry_low(ev, &rte))
		return;
	if (pin_state(pin->pin.core, PIN_REGION_HW) == BIT_UNKNOWN || pin->pin.vector < 0)
		see_entry(m, pin, rte);
	if (rte & RTE_LEVEL)
		set_remote_irr(m, pin, rte & RTE_REMOTE_IRR);
}

/* Nothing else tells of writes: what is otherwise than before was written meanwhile. An end that is seen came before that. */
void pin_entry_seen(struct model *m, struct object *pin, const struct event *ev)
{
	int64_t rte;

	keep_entry(pin, ev);
	if (!entry_low(ev, &rte))
		return;
	if (rte & RTE_LEVEL && !(rte & RTE_REMOTE_IRR))
		set_remote_irr(m, pin, false);
	see_entry(m, pin, rte);
	if (rte & RTE_LEVEL && rte & RTE_REMOTE_IRR)
		set_remote_irr(m, pin, true);
}

/* The acknowledgement of a level pin gives the local APIC's EOI, which reaches the pin by its vector. */
static void on_ack(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);

	if (!pin)
		return;
	link_objects(m, ev, pin);
	pin_input(m, pin, PIN_EOI);
	if (m->whatif)
		whatif_input(m, pin->feeds, ROLE_LAPIC, LAPIC_EOI, component_unknown(&lapic_component), false);
}

/* What the flow handler takes was accepted: where remote IRR is believed set, that was before. */
static void on_flow(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	struct object *pin = irq ? irq->irq.feeder : NULL;
	int64_t state;

	if (!pin || pin->row.ref.kind != OBJ_PIN || pin_state(pin->pin.core, PIN_REGION_IRR) == BIT_SET)
		return;
	if (event_arg(ev, ARG_STATE, &state) && state & IRQD_LEVEL)
		pin_input(m, pin, PIN_ACCEPT);
}

static void on_deliver(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	int64_t coalesced = 0, level = 0, vector;

	if (!pin)
		return;
	event_arg(ev, ARG_COALESCED, &coalesced);
	event_arg(ev, ARG_LEVEL, &level);
	if (coalesced || !level)
		return;
	pin_input(m, pin, PIN_ACCEPT);
	if (event_arg(ev, ARG_VECTOR, &vector))
		pin->pin.accepted = vector;
}

void pin_line(struct model *m, struct object *pin, bool level)
{
	if (level && pin_state(pin->pin.core, PIN_REGION_LINE) == BIT_CLEAR) {
		seen_raise(m, pin);
		duty_missed(m, &pin->pin.irr);
	}
	if (level) {
		kroute_cause(m, pin, false);
		duty_missed(m, &pin->unmask);
	}
	pin_input(m, pin, level ? PIN_RAISE : PIN_LOWER);
}

static void on_line(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	int64_t level;

	if (pin)
		platform_line(m, pin);
	if (pin && event_arg(ev, ARG_LEVEL, &level))
		pin_line(m, pin, level);
}

/* The obligation "irr-clear": an EOI of another vector passed by, and nothing but the EOI register can clear it now. */
static void follow_irr(struct model *m, struct object *pin, bool mismatch)
{
	bool moved = pin_state(pin->pin.core, PIN_REGION_ROUTE) == ROUTE_MOVED;
	struct claim claim = {
		.kind = "irr-clear", .object = pin->row.id, .owner = owner_name(OWNER_KERNEL),
		/* who gave the entry another vector while its interrupt was in service */
		.cause_event = moved ? pin->pin.mark[PIN_REGION_ROUTE].event : m->event,
		.met_by = "remote IRR cleared", .due = pin_state(pin->pin.core, PIN_REGION_IRR) == BIT_SET, .owed = TRUTH_TRUE,
	};

	if (mismatch || pin->pin.irr.open)
		duty_follow(m, &pin->pin.irr, &claim);
}

/*
 * What leaves has the vector that the entry has then, or that of another message where one is left in the entry's place:
 * that one's EOI will not match.
 */
void pin_fires(struct model *m, struct object *pin, bool level)
{
	int32_t sent = kroute_fires(m, pin) ? kroute_vector(pin) : -1;
	bool other = sent >= 0 && pin->pin.vector >= 0 && sent != pin->pin.vector;

	pin->pin.accepted = other ? sent : pin->pin.vector;
	if (!level)
		return;
	pin_input(m, pin, PIN_IRR_SET);
	if (other)
		pin_input(m, pin, PIN_RTE_MOVED);
	follow_irr(m, pin, other);
	seen_remote_irr(m, pin);
}

/* Seen once more, it is the one that was accepted before. */
static void set_remote_irr(struct model *m, struct object *pin, bool set)
{
	unsigned before = pin_state(pin->pin.core, PIN_REGION_IRR);

	if (set && before == BIT_CLEAR) {
		pin_fires(m, pin, true);
		return;
	}
	if (set && before == BIT_UNKNOWN)
		pin->pin.accepted = pin->pin.vector;
	if (!set)
		kroute_cause(m, pin, true);
	pin_input(m, pin, set ? PIN_IRR_SET : PIN_IRR_CLEAR);
	follow_irr(m, pin, false);
	seen_remote_irr(m, pin);
}

static void on_remote_irr(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	unsigned before;
	int64_t value;

	if (!pin || !event_arg(ev, ARG_VALUE, &value))
		return;
	before = pin_state(pin->pin.core, PIN_REGION_IRR);
	pin->pin.irr_shown = true;
	pin->pin.nr_accepted += value && before != BIT_SET;
	pin->pin.nr_ended += !value && before == BIT_SET;
	set_remote_irr(m, pin, value);
}

void pin_end_of_interrupt(struct model *m, struct object *pin, int64_t vector)
{
	bool other = vector >= 0 && pin->pin.vector >= 0 && pin->pin.vector != vector;
	bool was_set = pin_state(pin->pin.core, PIN_REGION_IRR) == BIT_SET;

	pin_input(m, pin, vector < 0 ? PIN_EOI_PIN : other ? PIN_EOI_OTHER : PIN_EOI);
	/* KVM's own records of ends are counted where they are */
	pin->pin.nr_ended += was_set && (!pin->pin.by_kvm || pin->pin.irr_shown) && pin_state(pin->pin.core, PIN_REGION_IRR) == BIT_CLEAR;
	follow_irr(m, pin, other);
	seen_remote_irr(m, pin);
}

/* One that names no pin is for those that were accepted with its vector: of others nothing is known to be in service. */
static void broadcast(struct model *m, uint16_t machine_id, int64_t vector)
{
	struct machine_state *machine = model_machine(m, machine_id);

	for (struct object *pin = machine ? machine->pins : NULL; pin; pin = pin->next) {
		unsigned irr = pin_state(pin->pin.core, PIN_REGION_IRR);

		if ((irr == BIT_SET && pin->pin.accepted == vector) || (irr == BIT_UNKNOWN && pin->pin.vector == vector))
			pin_end_of_interrupt(m, pin, vector);
	}
}

static void on_eoi(struct model *m, const struct event *ev)
{
	struct object *pin = object_named(m, ev, OBJ_PIN);
	int64_t vector = -1;

	if (ev->witness <= WITNESS_INTENT)
		return;
	event_arg(ev, ARG_VECTOR, &vector);
	if (pin)
		pin_end_of_interrupt(m, pin, vector);
	else if (vector >= 0)
		broadcast(m, source_machine(m, ev->source), vector);
}

event_handler pin_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_IRQ_MASK] = on_mask,
		[EV_IRQ_UNMASK] = on_mask,
		[EV_IRQ_ACK] = on_ack,
		[EV_IRQ_FLOW] = on_flow,
		[EV_IOAPIC_RTE_WRITE] = on_rte_write,
		[EV_IOAPIC_RTE_READ] = on_rte_read,
		[EV_IOAPIC_DELIVER] = on_deliver,
		[EV_IOAPIC_LINE] = on_line,
		[EV_IOAPIC_REMOTE_IRR] = on_remote_irr,
		[EV_IOAPIC_EOI] = on_eoi,
	};

	return handlers[kind];
}
