/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kind of domain it is. Records of guest mode (VM exits, injections, trapped accesses) are of HVM and PVH domains only:
 * pirqs of such a domain are bound in Xen by the device model, and a dom0 among them is PVH.
 */
#include "model/replay.h"

uint16_t machine_of_domain(uint32_t domain)
{
	return domain ? MACHINE_DOMAIN + domain : MACHINE_DOM0;
}

/* The irqs that were met before. */
static void learn_pirqs(struct model *m, uint16_t machine)
{
	uint32_t last = registry_last(m->objects);

	for (uint32_t id = 1; id <= last; id++) {
		struct object *irq = registry_get(m->objects, id);

		if (irq && irq->row.ref.kind == OBJ_IRQ && irq->row.ref.machine == machine && irq->irq.is_pirq)
			learn_path(m, irq, pirq_path(m, machine));
		else if (irq && irq->row.ref.kind == OBJ_PIRQ && machine_of_domain(object_pair_high(irq->row.ref.id)) == machine)
			learn_pirq_path(m, irq);
	}
}

void learn_hvm(struct model *m, uint16_t machine_id)
{
	struct machine_state *machine = model_machine(m, machine_id);

	if (!machine || machine->hvm)
		return;
	machine->hvm = true;
	if (machine_id == MACHINE_DOM0)
		write_path(m, machine_id, m->opt->forced_path >= 0 ? m->opt->forced_path : PATH_DOM0_PVH);
	else
		learn_pirqs(m, machine_id);
}

bool is_of_a_guest(struct object_ref ref)
{
	switch (ref.kind) {
	case OBJ_PIRQ:
	case OBJ_PORT:
	case OBJ_VCPU:
	case OBJ_VPIN:
	case OBJ_DPCI:
		return ref.machine == MACHINE_XEN && object_pair_high(ref.id);
	default:
		return ref.machine >= MACHINE_GUEST;
	}
}

bool is_pvh_dom0_alone(const struct model *m)
{
	for (unsigned i = 0; i < m->nr_machines && !m->guest_seen; i++)
		if (m->machine[i].machine == MACHINE_DOM0)
			return m->machine[i].hvm;
	return false;
}

static void on_guest_mode(struct model *m, const struct event *ev)
{
	const struct object_ref *vcpu = event_object(ev, OBJ_VCPU);

	if (vcpu && object_pair_high(vcpu->id) < MACHINE_NR - MACHINE_DOMAIN)
		learn_hvm(m, machine_of_domain(object_pair_high(vcpu->id)));
}

event_handler domain_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_XEN_HVM_ENTER] = on_guest_mode,
		[EV_XEN_HVM_EXIT] = on_guest_mode,
		[EV_XEN_HVM_INJECT] = on_guest_mode,
		[EV_XEN_HVM_WINDOW] = on_guest_mode,
		[EV_XEN_HVM_EOI] = on_guest_mode,
		[EV_XEN_HVM_HALT] = on_guest_mode,
		[EV_XEN_TSC_READ] = on_guest_mode,
		[EV_XEN_MMIO_WRITE] = on_guest_mode,
		[EV_XEN_VPIN_WRITE] = on_guest_mode,
	};

	return handlers[kind];
}
