/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of local APICs: which vector of which local APIC they are about, and which inputs they are to it. A local APIC
 * goes by its CPU, or by its APIC id where a record has only that. Nothing is owed here, and nothing is judged.
 */
#include <stdlib.h>
#include <string.h>

#include "model/replay.h"

enum { WORD_BITS = 64 };

/* Vectors that are known to be in service, and whose EOI so will be seen. */
struct lapic {
	uint64_t in_service[LAPIC_MAX_VECTORS / WORD_BITS];
	int32_t arrived;	/* vector for which a guest was left last, 0: none, or handled since */
};

static struct lapic *lapic_at(struct model *m, uint16_t machine_id, uint32_t number)
{
	struct machine_state *machine = model_machine(m, machine_id);
	struct lapic *all;
	uint32_t nr;

	if (!machine || number >= MAX_CPUS)
		return NULL;
	if (number >= machine->nr_lapics) {
		for (nr = 64; nr <= number; nr *= 2)
			;
		all = realloc(machine->lapic, nr * sizeof(*all));
		if (!all) {
			m->failed = true;
			return NULL;
		}
		memset(all + machine->nr_lapics, 0, (nr - machine->nr_lapics) * sizeof(*all));
		machine->lapic = all;
		machine->nr_lapics = nr;
	}
	return &machine->lapic[number];
}

static int highest_in_service(const struct lapic *lapic)
{
	for (int i = LAPIC_MAX_VECTORS / WORD_BITS - 1; i >= 0; i--)
		if (lapic->in_service[i])
			return i * WORD_BITS + WORD_BITS - 1 - __builtin_clzll(lapic->in_service[i]);
	return -1;
}

static void apply(struct model *m, struct object *vector, enum lapic_input in)
{
	uint32_t number = object_pair_low(vector->row.ref.id);
	struct lapic *lapic = lapic_at(m, vector->row.ref.machine, object_pair_high(vector->row.ref.id));
	struct lapic_object *own = &vector->lapic;
	uint64_t bit = UINT64_C(1) << number % WORD_BITS;
	struct lapic_view view = {
		.vector = number, .accepts = own->accepts, .dispatches = own->dispatches, .eois = own->eois,
	};

	/* records may name vectors that no local APIC has */
	if (!lapic || number >= LAPIC_MAX_VECTORS)
		return;
	view.in_service = highest_in_service(lapic);
	lapic_input(m, vector, in, &view);
	if (lapic_state(own->core, LAPIC_REGION_ISR) == BIT_SET)
		lapic->in_service[number / WORD_BITS] |= bit;
	else
		lapic->in_service[number / WORD_BITS] &= ~bit;
	own->accepts |= in <= LAPIC_MERGED;
	own->dispatches |= in == LAPIC_DISPATCH;
	own->eois |= in == LAPIC_EOI;
}

/* The vector that a record is about; an EOI that names none ends the highest one in service. NULL: not known. */
static struct object *vector_of_event(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR), *apic = event_object(ev, OBJ_APIC);
	struct object_ref made = { .kind = OBJ_VECTOR };
	const struct lapic *lapic;
	int64_t vector = -1;

	if (!ref && apic) {
		lapic = lapic_at(m, apic->machine, apic->id);
		if (!event_arg(ev, ARG_VECTOR, &vector) && ev->kind == EV_LAPIC_EOI && lapic)
			vector = highest_in_service(lapic);
		if (vector < 0 || vector >= LAPIC_MAX_VECTORS || apic->id >= MAX_CPUS)
			return NULL;
		made.machine = apic->machine;
		made.id = object_id_pair(apic->id, vector);
		ref = &made;
	}
	if (!ref || object_pair_low(ref->id) >= LAPIC_MAX_VECTORS)
		return NULL;
	return model_object(m, ref);
}

/* Only these two set an IRR bit. */
static bool has_irr(int64_t mode)
{
	enum { FIXED, LOWEST_PRIORITY };

	return mode == FIXED || mode == LOWEST_PRIORITY;
}

static void on_accept(struct model *m, const struct event *ev)
{
	int64_t level = -1, mode = 0, coalesced = 0;
	struct object *vector;

	event_arg(ev, ARG_MODE, &mode);
	vector = has_irr(mode) ? vector_of_event(m, ev) : NULL;
	if (!vector)
		return;
	event_arg(ev, ARG_LEVEL, &level);
	event_arg(ev, ARG_COALESCED, &coalesced);
	if (coalesced)
		apply(m, vector, LAPIC_MERGED);
	else
		apply(m, vector, level < 0 ? LAPIC_ACCEPT : level ? LAPIC_ACCEPT_LEVEL : LAPIC_ACCEPT_EDGE);
}

static void on_dispatch(struct model *m, const struct event *ev)
{
	struct object *vector = vector_of_event(m, ev);

	if (vector)
		apply(m, vector, ev->kind == EV_LAPIC_DELIVER ? LAPIC_DISPATCH : LAPIC_ENTER);
}

/* Software that asks for an EOI has its copy of the vector in mind; the register knows only the highest one. */
static void on_eoi(struct model *m, const struct event *ev)
{
	struct object *vector = ev->witness == WITNESS_INTENT ? NULL : vector_of_event(m, ev);

	if (vector)
		apply(m, vector, LAPIC_EOI);
}

/* Xen acknowledges what a guest is left for at once: it is in service. */
static void on_xen_arrival(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);
	struct lapic *lapic = ref ? lapic_at(m, ref->machine, object_pair_high(ref->id)) : NULL;

	if (!lapic || object_pair_low(ref->id) >= LAPIC_MAX_VECTORS)
		return;
	on_dispatch(m, ev);
	lapic->arrived = object_pair_low(ref->id);
}

int lapic_take_arrival(struct model *m, uint16_t machine_id, int32_t cpu)
{
	struct machine_state *machine = model_machine(m, machine_id);
	int vector;

	if (!machine || cpu < 0 || (uint32_t)cpu >= machine->nr_lapics)
		return -1;
	vector = machine->lapic[cpu].arrived;
	machine->lapic[cpu].arrived = 0;
	return vector ? vector : -1;
}

void lapic_lost(struct model *m, struct object *vector)
{
	struct lapic_object *own = &vector->lapic;

	own->accepts = own->dispatches = own->eois = false;
	own->xirq = 0;
	apply(m, vector, LAPIC_LOST);
	slot_input(m, vector, SLOT_LOST);
}

event_handler lapic_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_LAPIC_ACCEPT] = on_accept,
		[EV_KVM_ACCEPT] = on_accept,
		[EV_LAPIC_DELIVER] = on_dispatch,
		[EV_VECTOR_ARRIVE] = on_dispatch,
		[EV_XEN_VECTOR_ARRIVE] = on_xen_arrival,
		[EV_LAPIC_EOI] = on_eoi,
	};

	return handlers[kind];
}
