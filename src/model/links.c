/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What feeds what, and by which path. */
#include "model/replay.h"

/* An object that was there before the capture began was linked before, too. */
static int64_t link_start_ns(const struct model *m, const struct object *irq)
{
	return irq->row.born_ns == NO_TIME && irq->row.first_event == m->event ? NO_TIME : m->now_ns;
}

struct link_row open_link(const struct model *m, const struct object *feeder, const struct object *fed, enum proof proof)
{
	return (struct link_row){
		.feeder = feeder->row.id, .fed = fed->row.id, .proof = proof, .source = m->ev->source,
		.from_event = m->event, .from_ns = NO_TIME, .to_ns = NO_TIME,
	};
}

void end_link(struct model *m, struct link_row *link)
{
	if (!link->feeder)
		return;
	link->to_event = m->event;
	link->to_ns = m->now_ns;
	emit_link(m, link);
	*link = (struct link_row){ .feeder = 0 };
}

void unlink_irq(struct model *m, struct object *irq)
{
	struct object *feeder = irq->irq.feeder;

	if (!feeder)
		return;
	duty_end(m, &feeder->unmask, ENDING_EXCUSED, "given to another irq");
	end_link(m, &irq->fed_by);
	feeder->feeds = NULL;
	irq->irq.feeder = NULL;
}

/* A function's interrupts all go one way. */
static void set_feeder_path(struct object *feeder, enum path path)
{
	feeder->row.path = path;
	if (feeder->function && path != PATH_UNKNOWN)
		feeder->function->row.path = path;
}

void write_path(struct model *m, uint16_t machine_id, enum path path)
{
	struct machine_state *machine = model_machine(m, machine_id);

	if (!machine || machine->path_written[path] || path == PATH_UNKNOWN)
		return;
	machine->path_written[path] = true;
	m->failed |= m->sink->path(m->sink->ctx, &(struct path_row){
		.machine = machine_id, .path = path, .event = m->event,
	}) != 0;
}

void link_irq(struct model *m, struct object *irq, struct object *feeder)
{
	if (irq->irq.feeder == feeder)
		return;
	unlink_irq(m, irq);
	if (feeder->feeds)
		unlink_irq(m, feeder->feeds);
	irq->irq.feeder = feeder;
	feeder->feeds = irq;
	feeder->ever_fed = true;
	irq->row.function = feeder->row.function;
	if (feeder->row.ref.kind == OBJ_PIN && feeder->pin.kroute)
		irq->row.path = feeder->row.path;
	set_feeder_path(feeder, irq->row.path);
	irq->fed_by = open_link(m, feeder, irq, PROOF_SEEN);
	/* the irq has had it since it was set up, whichever record showed it first */
	irq->fed_by.from_ns = irq->row.born_ns;
	if (feeder->function)
		function_update(m, feeder->function);
}

void link_irq_to_vector(struct model *m, struct object *irq, int cpu, int vector)
{
	struct object_ref ref = { .kind = OBJ_VECTOR, .machine = irq->row.ref.machine };
	struct object *obj;

	irq->irq.vector = vector;
	if (vector >= 0)
		ref.id = object_id_pair(cpu, vector);
	obj = vector >= 0 ? model_object(m, &ref) : NULL;
	if (obj && irq->irq.vector_link.fed == obj->row.id)
		return;
	end_link(m, &irq->irq.vector_link);
	if (!obj)
		return;
	irq->irq.vector_link = open_link(m, irq, obj, PROOF_SEEN);
	irq->irq.vector_link.from_ns = link_start_ns(m, irq);
}

void link_irte(struct model *m, struct object *irte, struct object *irq)
{
	struct object *old = irte->irte.irq;

	if (old == irq)
		return;
	end_link(m, &irte->irte.link);
	if (old && old->irq.alloc)
		old->irq.alloc->irte = NULL;
	irte->irte.irq = irq;
	if (!irq)
		return;
	if (irq->irq.alloc->irte)
		link_irte(m, irq->irq.alloc->irte, NULL);
	irq->irq.alloc->irte = irte;
	irte->row.path = irq->row.path;
	irte->irte.link = open_link(m, irte, irq, PROOF_SEEN);
	irte->irte.link.from_ns = irq->row.born_ns;
}

void learn_platform(struct model *m, struct object *pin, enum path path)
{
	if (m->opt->forced_path >= 0)
		path = m->opt->forced_path;
	if (pin->row.path == path)
		return;
	pin->row.path = path;
	write_path(m, pin->row.ref.machine, pin->row.path);
}

void link_kroute(struct model *m, struct object *pin, struct object *kroute)
{
	kroute->row.path = pin->row.path = m->opt->forced_path >= 0 ? m->opt->forced_path : PATH_KVM_SPLIT;
	write_path(m, pin->row.ref.machine, pin->row.path);
	if (pin->feeds)
		learn_path(m, pin->feeds, pin->row.path);
	kroute->fed_by = open_link(m, pin, kroute, PROOF_SEEN);
}

void close_links(struct model *m, struct object *obj)
{
	if (obj->row.ref.kind == OBJ_IRTE && obj->irte.link.feeder)
		emit_link(m, &obj->irte.link);
	if (obj->out.feeder)
		emit_link(m, &obj->out);
	if (obj->row.ref.kind == OBJ_IRQ && obj->irq.vector_link.feeder)
		emit_link(m, &obj->irq.vector_link);
	if (obj->fed_by.feeder)
		emit_link(m, &obj->fed_by);
}

/* Whatever looks native to the kernel of a domain is Xen's: vIO-APIC and vPCI of a PVH dom0, those of an HVM guest. */
static enum path native_path(uint16_t machine)
{
	if (machine == MACHINE_DOM0)
		return PATH_DOM0_PVH;
	return machine > MACHINE_DOMAIN ? PATH_HVM_PASSTHROUGH : PATH_BAREMETAL;
}

/* A PV guest's pirqs come from pcifront, and have no path here. */
enum path pirq_path(struct model *m, uint16_t machine_id)
{
	struct machine_state *machine = model_machine(m, machine_id);

	if (machine_id == MACHINE_DOM0)
		return machine && machine->hvm ? PATH_DOM0_PVH : PATH_DOM0_PV;
	return machine && machine->hvm && machine_id > MACHINE_DOMAIN ? PATH_HVM_PIRQ : PATH_UNKNOWN;
}

void learn_pirq(struct model *m, struct object *irq)
{
	irq->irq.chip = CHIP_XEN;
	irq->irq.is_pirq = true;
	learn_path(m, irq, pirq_path(m, irq->row.ref.machine));
}

void learn_path(struct model *m, struct object *irq, enum path path)
{
	const struct object *feeder = irq->irq.feeder;

	if (m->opt->forced_path >= 0)
		path = m->opt->forced_path;
	/* a guest's own records look like those of bare metal; what its platform shows is more */
	else if (path == PATH_BAREMETAL && feeder && feeder->row.ref.kind == OBJ_PIN && feeder->pin.kroute)
		path = PATH_KVM_SPLIT;
	else if (path == PATH_BAREMETAL)
		path = native_path(irq->row.ref.machine);
	irq->row.path = path;
	if (irq->irq.feeder)
		set_feeder_path(irq->irq.feeder, path);
	xen_spread(m, irq);
	write_path(m, irq->row.ref.machine, path);
}
