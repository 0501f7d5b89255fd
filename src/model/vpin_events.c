/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes of virtual IO-APICs, and what Xen does about those of the hardware domain: unmasking an entry registers, maps and
 * binds the GSI within the same exit, so that the vector of the irq of that number is assigned on the same CPU before
 * anything else happens there (vioapic_hwdom_map_gsi()). Only the hardware domain's writes do that: where nothing tells whose
 * a write was, such an answer does. Newer kernels and Xen map a GSI without any unmask: an unmask proves nothing by itself,
 * and its absence neither.
 */
#include "model/pin.h"
#include "model/replay.h"

enum { FIRST_REG = 0x10, ANSWER_NS = 50000000 };

static struct vpin_write *write_of(struct model *m, int32_t cpu)
{
	return &m->vpin_write[(uint32_t)cpu % MAX_VPIN_WRITES];
}

/* Another record of that CPU: the exit is over. */
static void on_next(struct model *m, const struct event *ev)
{
	struct vpin_write *write = write_of(m, ev->cpu);

	if (write->event && write->cpu == ev->cpu)
		write->event = 0;
}

static void write_entry(struct model *m, struct object *vpin, uint64_t rte)
{
	vpin_input(m, vpin, rte & RTE_LEVEL ? VPIN_WRITE_LEVEL : VPIN_WRITE_EDGE);
	vpin_input(m, vpin, rte & RTE_MASKED ? VPIN_WRITE_MASKED : VPIN_WRITE_UNMASKED);
	vpin->vpin.vector = rte & 0xff;
}

/* The halves are written one by one: only the low one has what is followed here. */
static void on_write(struct model *m, const struct event *ev)
{
	struct object *vpin = object_named(m, ev, OBJ_VPIN);
	struct vpin_write *write = write_of(m, ev->cpu);
	int64_t reg = 0, rte = 0, mask = 0;

	on_next(m, ev);
	event_arg(ev, ARG_REG, &reg);
	event_arg(ev, ARG_RTE, &rte);
	event_arg(ev, ARG_MASK, &mask);
	if (!(mask & RTE_MASKED) || reg < FIRST_REG)
		return;
	if (vpin)
		write_entry(m, vpin, rte);
	*write = (struct vpin_write){
		.cpu = ev->cpu, .pin = (reg - FIRST_REG) / 2, .domain_known = vpin != NULL, .rte = rte, .event = m->event,
		.t_ns = m->now_ns, .domain = vpin ? object_pair_high(vpin->row.ref.id) : 0,
	};
}

/* The write is older than the record that told whose it was. */
static void write_late(struct model *m, struct object *vpin, const struct vpin_write *write)
{
	int64_t event = m->event, now_ns = m->now_ns;

	m->event = write->event;
	m->now_ns = write->t_ns;
	vpin->row.first_event = write->event;
	write_entry(m, vpin, write->rte);
	m->event = event;
	m->now_ns = now_ns;
}

static void map(struct model *m, struct object *xirq, const struct vpin_write *write)
{
	struct object_ref ref = { .kind = OBJ_VPIN, .machine = xirq->row.ref.machine, .id = object_id_pair(0, write->pin) };
	bool is_new = !registry_find(m->objects, ref);
	struct object *vpin = model_object(m, &ref), *pirq;

	ref.kind = OBJ_PIRQ;
	pirq = model_object(m, &ref);
	if (!vpin || !pirq)
		return;
	if (!write->domain_known && (is_new || vpin_state(vpin->vpin.core, VPIN_REGION_MASK) != BIT_CLEAR))
		write_late(m, vpin, write);
	learn_hvm(m, MACHINE_DOM0);
	vpin->row.path = pirq->row.path = xirq->row.path = m->opt->forced_path >= 0 ? m->opt->forced_path : PATH_DOM0_PVH;
	link_xen(m, xirq, pirq, PROOF_SEEN);
	link_xen(m, pirq, vpin, PROOF_SEEN);
	pirq_input(m, pirq, PIRQ_MAPPED);
	pirq_update(m, pirq);
	gsi_assigned(m, xirq);
}

/* Is this the answer to an unmask of the hardware domain? */
static bool is_answer(const struct model *m, const struct vpin_write *write, const struct event *ev, uint64_t irq)
{
	return write->event && write->cpu == ev->cpu && !(write->rte & RTE_MASKED) && write->pin == irq &&
	       (!write->domain_known || !write->domain) && m->now_ns - write->t_ns <= ANSWER_NS;
}

static void on_assign(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);
	struct vpin_write *write = write_of(m, ev->cpu);

	if (xirq && is_answer(m, write, ev, xirq->row.ref.id))
		map(m, xirq, write);
	on_next(m, ev);
}

static struct object *vpin_of_dom0(const struct model *m, const struct object *xirq)
{
	return registry_find(m->objects, (struct object_ref){
		.kind = OBJ_VPIN, .machine = xirq->row.ref.machine, .id = object_id_pair(0, xirq->row.ref.id) });
}

/* Dom0's line of that GSI, where that is what it is led to. */
static void on_handled(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ), *vpin;

	on_next(m, ev);
	if (!xirq || xirq->row.ref.id > UINT8_MAX)
		return;
	vpin = vpin_of_dom0(m, xirq);
	if (vpin && vpin->fed_by.feeder)
		vpin_input(m, vpin, VPIN_GIVEN);
}

/* By vector: of all entries of that domain that have it. The register's writer is known where the scheduler's records are. */
static void on_eoi(struct model *m, const struct event *ev)
{
	const struct object_ref *vcpu = event_object(ev, OBJ_VCPU);
	int64_t vector;

	on_next(m, ev);
	if (!vcpu || !event_arg(ev, ARG_VECTOR, &vector))
		return;
	for (uint32_t pin = 0; pin <= UINT8_MAX; pin++) {
		struct object *vpin = registry_find(m->objects, (struct object_ref){
			.kind = OBJ_VPIN, .machine = vcpu->machine, .id = object_id_pair(object_pair_high(vcpu->id), pin) });

		if (vpin && vpin->vpin.vector == vector)
			vpin_input(m, vpin, VPIN_EOI);
	}
}

event_handler vpin_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_XEN_VPIN_WRITE] = on_write,
		[EV_XEN_VPIN_EOI] = on_eoi,
		[EV_XEN_IRQ_ASSIGN] = on_assign,
		[EV_XEN_IRQ_HANDLED] = on_handled,
		[EV_XEN_HVM_INJECT] = on_next,
		[EV_XEN_HVM_EOI] = on_next,
		[EV_XEN_HVM_HALT] = on_next,
		[EV_XEN_MMIO_WRITE] = on_next,
		[EV_XEN_HYPERCALL] = on_next,
		[EV_XEN_TSC_READ] = on_next,
	};

	return handlers[kind];
}
