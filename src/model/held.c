/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which components an object of a kind holds: what ends spans, and what a dump is compared with. */
#include "model/registry.h"

static unsigned hold(struct held *held, unsigned nr, const struct component *type, uint32_t *core, struct mark *mark)
{
	held[nr] = (struct held){ type, core, mark };
	return nr + 1;
}

static unsigned irq_holds(struct object *obj, struct held *held)
{
	struct irq_object *irq = &obj->irq;
	unsigned nr = hold(held, 0, &irq_component, &irq->core.bits, irq->mark);

	nr = hold(held, nr, &flags_component, &irq->flags.core.bits, irq->flags.mark);
	nr = hold(held, nr, &istate_component, &irq->flags.istate_core.bits, irq->flags.istate_mark);
	return irq->alloc ? hold(held, nr, &vector_component, &irq->alloc->core.bits, irq->alloc->mark) : nr;
}

/* Its own component, and the fields of its message. */
static unsigned with_fields(struct object *obj, struct held *held, const struct component *type, uint32_t *core,
			    struct mark *mark)
{
	return hold(held, hold(held, 0, type, core, mark), &fields_component, &obj->fields.bits, obj->fields_mark);
}

static unsigned function_holds(struct object *obj, struct held *held)
{
	unsigned nr = hold(held, 0, &msix_function_component, &obj->fn.core.bits, obj->fn.mark);

	nr = hold(held, nr, &msi_function_component, &obj->fn.msi.bits, obj->fn.msi_mark);
	return hold(held, nr, &pci_component, &obj->fn.pci.bits, obj->fn.pci_mark);
}

static unsigned xirq_holds(struct object *obj, struct held *held)
{
	unsigned nr = hold(held, 0, &xirq_component, &obj->xirq.core.bits, obj->xirq.mark);

	nr = hold(held, nr, &xmsi_component, &obj->xirq.msi.bits, obj->xirq.msi_mark);
	nr = hold(held, nr, &xstat_component, &obj->xirq.stat.bits, obj->xirq.stat_mark);
	return hold(held, nr, &fields_component, &obj->fields.bits, obj->fields_mark);
}

unsigned object_holds(struct object *obj, struct held held[MAX_HELD])
{
	switch (obj->row.ref.kind) {
	case OBJ_IRQ:
		return irq_holds(obj, held);
	case OBJ_VECTOR:
		return hold(held, 0, &slot_component, &obj->lapic.slot.bits, obj->lapic.slot_mark);
	case OBJ_CPU:
		return hold(held, 0, &cpu_component, &obj->cpu.core.bits, obj->cpu.mark);
	case OBJ_VFIO:
		return hold(held, 0, &vfio_component, &obj->vfio.core.bits, obj->vfio.mark);
	case OBJ_IRTE:
		return hold(held, 0, &irte_component, &obj->irte.core.bits, obj->irte.mark);
	case OBJ_KROUTE:
		return hold(held, 0, &kroute_component, &obj->kroute.core.bits, obj->kroute.mark);
	case OBJ_MSIX:
		return with_fields(obj, held, &msix_entry_component, &obj->entry.core.bits, obj->entry.mark);
	case OBJ_PIN:
		return with_fields(obj, held, &pin_component, &obj->pin.core.bits, obj->pin.mark);
	case OBJ_MSI:
		return with_fields(obj, held, &msi_message_component, &obj->msi.core.bits, obj->msi.mark);
	case OBJ_INTX:
		return hold(held, 0, &intx_component, &obj->intx.core.bits, obj->intx.mark);
	case OBJ_PCI:
		return function_holds(obj, held);
	case OBJ_XIRQ:
		return xirq_holds(obj, held);
	case OBJ_PIRQ:
		return hold(held, 0, &pirq_component, &obj->pirq.core.bits, obj->pirq.mark);
	case OBJ_PORT:
		return hold(held, 0, &port_component, &obj->port.core.bits, obj->port.mark);
	case OBJ_GSI:
		return hold(held, hold(held, 0, &gsi_component, &obj->gsi.core.bits, obj->gsi.mark),
			    &assignment_component, &obj->gsi.assign.bits, obj->gsi.assign_mark);
	case OBJ_DPCI:
		return hold(held, 0, &dpci_component, &obj->dpci.core.bits, obj->dpci.mark);
	case OBJ_VCPU:
		return hold(held, 0, &vcpu_component, &obj->vcpu.core.bits, obj->vcpu.mark);
	case OBJ_VPIN:
		return hold(held, 0, &vpin_component, &obj->vpin.core.bits, obj->vpin.mark);
	default:
		return 0;
	}
}
