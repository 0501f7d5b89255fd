/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/model.h"

#include <stdlib.h>

#include "model/replay.h"

static void free_machine(struct machine_state *machine)
{
	free(machine->cpu);
	free(machine->lapic);
	free(machine->holders);
}

void model_free(struct model *m)
{
	if (!m)
		return;
	for (unsigned i = 0; i < m->nr_machines; i++)
		free_machine(&m->machine[i]);
	registry_free(m->objects);
	free(m->match);
	whatif_free(m->whatif);
	vmsix_free(m->vmsix);
	free(m);
}

#define EMIT(name) \
	void emit_##name(struct model *m, const struct name##_row *row) \
	{ \
		m->failed |= m->sink->name(m->sink->ctx, row) != 0; \
	}
EMIT(step)
EMIT(span)
EMIT(link)
EMIT(obligation)
EMIT(delivery)
#undef EMIT

struct machine_state *model_machine(struct model *m, uint16_t machine)
{
	for (unsigned i = 0; i < m->nr_machines; i++)
		if (m->machine[i].machine == machine)
			return &m->machine[i];
	if (m->nr_machines == MAX_MACHINES)
		return NULL;
	m->machine[m->nr_machines] = (struct machine_state){ .machine = machine };
	return &m->machine[m->nr_machines++];
}

/* ---------------------------------------------------------------------------------------------------- objects */

static struct object **function_list(struct object *fn, enum object_kind kind)
{
	switch (kind) {
	case OBJ_MSIX:
		return &fn->fn.entries;
	case OBJ_MSI:
		return &fn->fn.messages;
	default:
		return &fn->fn.intx;
	}
}

/* Makes an entry, a message or a pin part of its function. */
static bool add_to_function(struct model *m, struct object *obj)
{
	struct object_ref ref = { .id = obj->row.ref.id, .machine = obj->row.ref.machine, .kind = OBJ_PCI };
	struct object **list, *fn;

	if (obj->row.ref.kind != OBJ_INTX)
		ref.id = object_entry_pci(ref.id);
	fn = model_object(m, &ref);
	if (!fn)
		return false;
	list = function_list(fn, obj->row.ref.kind);
	obj->function = fn;
	obj->row.function = fn->row.id;
	obj->next = *list;
	*list = obj;
	fn->fn.nr_feeders += obj->row.ref.kind != OBJ_INTX;
	return true;
}

/* An EOI is for whichever pin has its vector. */
static void add_to_pins(struct model *m, struct object *pin)
{
	struct machine_state *machine = model_machine(m, pin->row.ref.machine);

	if (!machine)
		return;
	pin->next = machine->pins;
	machine->pins = pin;
}

static void init_object(struct object *obj)
{
	switch (obj->row.ref.kind) {
	case OBJ_IRQ:
		obj->irq.core.bits = component_unknown(&irq_component);
		obj->irq.flags.core.bits = component_unknown(&flags_component);
		obj->irq.flags.istate_core.bits = component_unknown(&istate_component);
		obj->irq.summary = (struct summary_row){ .object = obj->row.id, .first_ns = NO_TIME, .last_ns = NO_TIME };
		obj->irq.flow_ns = obj->irq.eoi_ns = obj->irq.poll_ns = NO_TIME;
		obj->irq.vector = -1;
		break;
	case OBJ_MSIX:
		obj->entry.core.bits = component_unknown(&msix_entry_component);
		break;
	case OBJ_MSI:
		obj->msi.core.bits = component_unknown(&msi_message_component);
		break;
	case OBJ_INTX:
		obj->intx.core.bits = component_unknown(&intx_component);
		break;
	case OBJ_PIN:
		obj->pin.core.bits = component_unknown(&pin_component);
		obj->pin.vector = obj->pin.accepted = -1;
		break;
	case OBJ_CPU:
		obj->cpu.core.bits = component_unknown(&cpu_component);
		break;
	case OBJ_IRTE:
		obj->irte.core.bits = component_unknown(&irte_component);
		obj->irte.vector = obj->irte.dest = -1;
		break;
	case OBJ_KROUTE:
		obj->kroute.core.bits = component_unknown(&kroute_component);
		obj->kroute.writer_pid = -1;
		break;
	case OBJ_VFIO:
		obj->vfio.core.bits = component_unknown(&vfio_component);
		break;
	case OBJ_VECTOR:
		obj->lapic.core.bits = component_unknown(&lapic_component);
		obj->lapic.slot.bits = component_unknown(&slot_component);
		break;
	case OBJ_XIRQ:
		obj->xirq.core.bits = component_unknown(&xirq_component);
		obj->xirq.msi.bits = component_unknown(&xmsi_component);
		obj->xirq.stat.bits = component_unknown(&xstat_component);
		obj->xirq.guests = -1;
		obj->xirq.vector = obj->xirq.old_vector = -1;
		obj->xirq.summary = (struct summary_row){ .object = obj->row.id, .first_ns = NO_TIME, .last_ns = NO_TIME };
		break;
	case OBJ_PIRQ:
		obj->pirq.core.bits = component_unknown(&pirq_component);
		obj->pirq.eoi_ns = NO_TIME;
		break;
	case OBJ_GSI:
		obj->gsi.core.bits = component_unknown(&gsi_component);
		obj->gsi.assign.bits = component_unknown(&assignment_component);
		break;
	case OBJ_DPCI:
		obj->dpci.core.bits = component_unknown(&dpci_component);
		obj->dpci.vector = obj->dpci.dest = -1;
		break;
	case OBJ_VCPU:
		obj->vcpu.core.bits = component_unknown(&vcpu_component);
		obj->vcpu.cpu = -1;
		break;
	case OBJ_VPIN:
		obj->vpin.core.bits = component_unknown(&vpin_component);
		obj->vpin.vector = -1;
		break;
	case OBJ_PORT:
		obj->port.core.bits = component_unknown(&port_component);
		obj->port.taken_ns = NO_TIME;
		break;
	case OBJ_PCI:
		obj->fn.core.bits = component_unknown(&msix_function_component);
		obj->fn.msi.bits = component_unknown(&msi_function_component);
		obj->fn.pci.bits = component_unknown(&pci_component);
		break;
	default:
		break;
	}
}

static struct object *add_object(struct model *m, struct object_ref ref)
{
	struct object *obj = registry_add(m->objects, ref);

	if (!obj) {
		if (!m->full)
			diag_report(m->diag, DIAG_LIMIT, (struct diag_pos){ .path = NULL }, "more than %d objects at a time",
				    MAX_LIVE_OBJECTS);
		m->full = true;
		return NULL;
	}
	obj->row.path = m->opt->forced_path >= 0 ? m->opt->forced_path : PATH_UNKNOWN;
	obj->row.first_event = obj->row.last_event = m->event;
	obj->raise_ns = NO_TIME;
	obj->fields.bits = component_unknown(&fields_component);
	init_object(obj);
	if ((ref.kind == OBJ_MSIX || ref.kind == OBJ_MSI || ref.kind == OBJ_INTX) && !add_to_function(m, obj)) {
		registry_retire(m->objects, obj);
		return NULL;
	}
	m->guest_seen |= is_of_a_guest(ref);
	if (ref.kind == OBJ_PIN)
		add_to_pins(m, obj);
	if (m->whatif && (ref.kind == OBJ_XIRQ || ref.kind == OBJ_PIRQ))
		whatif_link_known(m, obj);
	return obj;
}

struct object *model_object(struct model *m, const struct object_ref *ref)
{
	struct object *obj = registry_find(m->objects, *ref);

	if (!obj)
		return add_object(m, *ref);
	/* a number that was given up and comes back is another irq */
	if (ref->kind == OBJ_IRQ && irq_state(obj->irq.core, IRQ_REGION_LIFE) == LIFE_GONE)
		return model_next_generation(m, obj);
	if (ref->kind == OBJ_XIRQ && xirq_is_given_again(m, obj))
		return model_next_generation(m, obj);
	obj->row.last_event = m->event;
	return obj;
}

struct object *object_named(struct model *m, const struct event *ev, enum object_kind kind)
{
	const struct object_ref *ref = event_object(ev, kind);

	return ref ? model_object(m, ref) : NULL;
}

static void emit_ledger(struct model *m, const struct object *obj, const char *hop, uint64_t count, bool gap)
{
	m->failed |= m->sink->ledger(m->sink->ctx, &(struct ledger_row){
		.object = obj->row.id, .hop = hop, .lo = count, .hi = count, .hi_unbounded = gap,
	}) != 0;
}

/* What was held back, and how much of it never came. */
static void emit_pending(struct model *m, struct object *obj)
{
	const struct pending *p = pending_of(obj);

	if (!p || !p->held)
		return;
	emit_ledger(m, obj, "held back", p->held, p->gap);
	m->failed |= m->sink->ledger(m->sink->ctx, &(struct ledger_row){
		.object = obj->row.id, .hop = "lost", .lo = p->lost_lo, .hi = p->lost_hi, .hi_unbounded = p->gap || !obj->raised,
	}) != 0;
}

static void emit_counts(struct model *m, struct object *obj)
{
	if (obj->raised)
		emit_ledger(m, obj, "raised", obj->raised, false);
	emit_pending(m, obj);
	if (obj->row.ref.kind == OBJ_XIRQ && obj->xirq.summary.deliveries) {
		m->failed |= m->sink->summary(m->sink->ctx, &obj->xirq.summary) != 0;
		emit_ledger(m, obj, "handled", obj->xirq.summary.deliveries, obj->xirq.gap);
	}
	if (obj->row.ref.kind == OBJ_PIN && obj->pin.nr_accepted)
		emit_ledger(m, obj, "accepted", obj->pin.nr_accepted, obj->pin.gap);
	if (obj->row.ref.kind == OBJ_PIN && obj->pin.nr_handed_on)
		emit_ledger(m, obj, "handed on", obj->pin.nr_handed_on, obj->pin.gap);
	if (obj->row.ref.kind == OBJ_PIN && obj->pin.nr_ended)
		emit_ledger(m, obj, "eoied", obj->pin.nr_ended, obj->pin.gap);
	if (obj->row.ref.kind != OBJ_IRQ)
		return;
	m->failed |= m->sink->summary(m->sink->ctx, &obj->irq.summary) != 0;
	if (obj->irq.flow_seen || obj->irq.accepted)
		emit_ledger(m, obj, "accepted", obj->irq.accepted, obj->irq.gap);
	if (obj->irq.ack_seen)
		emit_ledger(m, obj, "eoied", obj->irq.eoied, obj->irq.gap);
	emit_ledger(m, obj, "handled", obj->irq.summary.handled, obj->irq.gap);
}

static void finish_duty(struct model *m, struct duty *duty, const char *excuse, int64_t t_ns)
{
	(void)t_ns;
	duty_finish(m, duty, excuse);
}

/* What is owed still is at the end of what was recorded. */
static void finish_duties(struct model *m, struct object *obj)
{
	if (obj->row.ref.kind == OBJ_GSI)
		gsi_finish(m, obj);
	if (obj->row.ref.kind == OBJ_DPCI)
		dpci_finish(m, obj);
	if (obj->row.ref.kind == OBJ_IRQ && obj->irq.alloc && obj->irq.alloc->irte)
		link_irte(m, obj->irq.alloc->irte, NULL);
	owed_each(m, obj, finish_duty, NO_TIME);
	pending_finish(m, obj);
}

/* Everything about an object that is still in memory. */
static void finish_object(struct model *m, struct object *obj)
{
	finish_duties(m, obj);
	close_spans(m, obj);
	close_links(m, obj);
	emit_counts(m, obj);
	m->failed |= m->sink->object(m->sink->ctx, &obj->row) != 0;
}

void model_retire(struct model *m, struct object *old)
{
	struct object *feeder = old->row.ref.kind == OBJ_IRQ ? old->irq.feeder : NULL;

	if (old->row.ref.kind == OBJ_IRQ)
		journey_forget(m, old);
	unlink_xen(m, old);
	if (feeder)
		feeder->feeds = NULL;
	if (old->row.gone_ns == NO_TIME)
		old->row.gone_ns = m->now_ns;
	if (old->fed_by.feeder)
		old->fed_by.to_event = m->event;
	old->fed_by.to_ns = old->row.gone_ns;
	finish_object(m, old);
	if (feeder)
		masks_update(m, feeder);
	registry_retire(m->objects, old);
}

struct object *model_next_generation(struct model *m, struct object *old)
{
	struct object_ref ref = old->row.ref;

	model_retire(m, old);
	return add_object(m, ref);
}

/* ----------------------------------------------------------------------------------------------------- events */

static void lose_duty(struct model *m, struct duty *duty, const char *excuse, int64_t gap_from_ns)
{
	(void)excuse;
	duty_lost(m, duty, gap_from_ns);
}

void model_lost(struct model *m, struct object *obj, int64_t gap_from_ns)
{
	/* of an irq that is gone, nothing can be lost but what feeds it */
	if (obj->row.ref.kind == OBJ_IRQ && obj->row.gone_ns != NO_TIME)
		duty_lost(m, &obj->unmask, gap_from_ns);
	else
		owed_each(m, obj, lose_duty, gap_from_ns);
	pending_lost(m, obj, gap_from_ns);
	obj->raise_ns = NO_TIME;
	if (obj->row.ref.kind == OBJ_PIN) {
		obj->pin.rte_known = obj->pin.sources = 0;
		obj->pin.gap = true;
		pin_input(m, obj, PIN_LOST);
	}
	if (obj->row.ref.kind == OBJ_KROUTE)
		kroute_lost(m, obj);
	if (obj->row.ref.kind == OBJ_VFIO)
		vfio_input(m, obj, VFIO_LOST);
	if (obj->row.ref.kind == OBJ_CPU)
		cpu_input(m, obj, CPU_LOST);
	if (obj->row.ref.kind == OBJ_VECTOR)
		lapic_lost(m, obj);
	xen_duties_lost(m, obj);
	xen_lost(m, obj);
	if (obj->row.ref.kind == OBJ_MSIX || obj->row.ref.kind == OBJ_MSI || obj->row.ref.kind == OBJ_PIN ||
	    obj->row.ref.kind == OBJ_XIRQ)
		fields_input(m, obj, FIELDS_LOST);
	if (obj->row.ref.kind == OBJ_IRTE)
		irte_input(m, obj, IRTE_LOST);
	if (obj->row.ref.kind == OBJ_MSIX) {
		entry_input(m, obj, ENTRY_LOST);
	} else if (obj->row.ref.kind == OBJ_MSI) {
		msi_input(m, obj, MSI_LOST);
	} else if (obj->row.ref.kind == OBJ_INTX) {
		intx_input(m, obj, INTX_LOST);
	} else if (obj->row.ref.kind == OBJ_PCI) {
		function_lost(m, obj);
	} else if (obj->row.ref.kind == OBJ_IRQ && obj->row.gone_ns == NO_TIME) {
		irq_input(m, obj, IRQ_LOST);
		flags_lost(m, obj);
		vector_lost(m, obj);
		obj->irq.unacked = 0;
		obj->irq.flow_ns = obj->irq.eoi_ns = NO_TIME;
		obj->irq.flow_seen = obj->irq.resent = false;
		obj->irq.unhandled_now = 0;
		obj->irq.summary.unhandled_at_end = false;
		obj->irq.gap = true;
	}
}

static void on_lost(struct model *m, const struct event *ev)
{
	uint32_t last = registry_last(m->objects);

	m->calls_lost = true;
	join_lost(m);
	for (unsigned i = 0; i < m->nr_machines; i++)
		journey_lost(m, &m->machine[i], ev->cpu);
	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (obj)
			model_lost(m, obj, ev->t_lo_ns);
	}
}

void model_software_unrecorded(struct model *m, int64_t t_ns)
{
	static const struct event nothing = { .cpu = -1, .pid = -1 };
	uint32_t last = registry_last(m->objects);

	if (m->failed || !m->begun)
		return;
	m->ev = &nothing;
	m->event = 0;
	m->now_ns = t_ns;
	join_lost(m);
	for (unsigned i = 0; i < m->nr_machines; i++)
		journey_lost(m, &m->machine[i], -1);
	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (!obj)
			continue;
		finish_duties(m, obj);
		close_spans(m, obj);
	}
	m->software_end_ns = t_ns;
	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (obj)
			model_lost(m, obj, t_ns);
	}
}

static void on_harm(struct model *m, const struct event *ev)
{
	struct object *obj = NULL;

	for (int i = 0; i < ev->nr_objects && !obj; i++)
		obj = model_object(m, &ev->object[i]);
	m->failed |= m->sink->harm(m->sink->ctx, &(struct harm_row){
		.event = m->event, .object = obj ? obj->row.id : 0, .kind = event_kinds[ev->kind].name,
	}) != 0;
}

static void on_machine_reset(struct model *m, const struct event *ev)
{
	machine_reset(m, source_machine(m, ev->source));
}

static event_handler machine_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_LOST] = on_lost,
		[EV_MACHINE_RESET] = on_machine_reset,
		[EV_HARM_TIMEOUT] = on_harm,
		[EV_HARM_WATCHDOG] = on_harm,
		[EV_HARM_NO_HANDLER] = on_harm,
	};

	return handlers[kind];
}

/* In this order: an irq's own view of a record comes before that of what feeds it, a function's before its entries'. */
static event_handler (*const parts[])(enum event_kind) = { machine_event_handler, irq_event_handler, pci_event_handler,
						       msix_event_handler, msi_event_handler,
						       pin_event_handler, vector_event_handler,
						       irte_event_handler, kroute_event_handler, kvm_event_handler,
						       vfio_event_handler, cpu_event_handler,
						       lapic_event_handler, slot_event_handler,
						       fields_event_handler, flags_event_handler,
						       domain_event_handler, vcpu_event_handler,
						       xirq_event_handler, pirq_event_handler, table_event_handler,
						       peoi_event_handler, vpin_event_handler, dpci_event_handler, vpci_event_handler,
						       xmsi_event_handler,
						       gsi_event_handler,
						       snapshot_event_handler };

_Static_assert(sizeof(parts) / sizeof(parts[0]) < MAX_PARTS, "too many parts");

static void set_handlers(struct model *m)
{
	for (int kind = 0; kind < NR_EVENT_KINDS; kind++) {
		unsigned nr = 0;

		for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (parts[i](kind))
				m->handler[kind][nr++] = parts[i](kind);
	}
}

struct model *model_new(const struct model_options *opt, const struct derived_sink *sink, struct diag_sink *diag)
{
	struct model *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->opt = opt;
	m->sink = sink;
	m->diag = diag;
	m->software_end_ns = NO_TIME;
	set_handlers(m);
	m->objects = registry_new();
	if (opt->whatif)
		m->whatif = whatif_new(opt->whatif);
	if (!m->objects || (opt->whatif && !m->whatif)) {
		model_free(m);
		return NULL;
	}
	return m;
}

bool model_event(struct model *m, const struct event *ev)
{
	if (m->failed)
		return false;
	m->last_ns = ev->t_hi_ns > m->last_ns || !m->begun ? ev->t_hi_ns : m->last_ns;
	m->begun = true;
	m->ev = ev;
	m->event = event_id(ev->source, ev->ordinal, ev->sub);
	m->now_ns = event_order_ns(ev);
	if (m->whatif && whatif_leaves_out(m, ev))
		return true;
	for (const event_handler *handler = m->handler[ev->kind]; *handler; handler++)
		(*handler)(m, ev);
	return !m->failed;
}

bool model_end(struct model *m)
{
	static const struct event nothing = { .cpu = -1, .pid = -1 };
	uint32_t last;

	if (m->failed)
		return false;
	m->ev = &nothing;
	m->event = 0;
	m->now_ns = m->last_ns;
	journey_flush_all(m);
	dpci_devices(m);
	join_devices(m);
	last = registry_last(m->objects);
	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (obj)
			finish_object(m, obj);
	}
	duty_write_stats(m);
	return !m->failed;
}
