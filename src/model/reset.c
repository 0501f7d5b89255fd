/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reset of the whole machine, as its platform tells it: registers hold their reset values again, the kernel and all
 * that it owed are gone. The next kernel's irqs are other irqs, even where their numbers are the same.
 */
#include "model/replay.h"

static void excuse(struct model *m, struct duty *duty, const char *otherwise, int64_t t_ns)
{
	(void)otherwise;
	(void)t_ns;
	duty_end(m, duty, ENDING_EXCUSED, "machine reset");
}

static void excuse_object(struct model *m, struct object *obj)
{
	owed_each(m, obj, excuse, NO_TIME);
}

static void reset_function(struct model *m, struct object *fn)
{
	fn->fn.sent_while_off = 0;
	fn->fn.command_seen = fn->fn.refused = fn->fn.msi_irq_known = false;
	pci_input(m, fn, PCI_RESET);
	pci_input(m, fn, PCI_UNBOUND);
	function_input(m, fn, FN_RESET);
	msi_function_input(m, fn, MSIFN_RESET);
	if (fn->fn.intx)
		intx_input(m, fn->fn.intx, INTX_RESET);
}

static void reset_object(struct model *m, struct object *obj)
{
	obj->raise_ns = NO_TIME;
	obj->sent_while_masked = 0;
	if (obj->row.ref.kind == OBJ_MSIX || obj->row.ref.kind == OBJ_MSI || obj->row.ref.kind == OBJ_PIN)
		fields_input(m, obj, FIELDS_LOST);
	switch (obj->row.ref.kind) {
	case OBJ_PCI:
		reset_function(m, obj);
		break;
	case OBJ_MSIX:
		entry_input(m, obj, ENTRY_RESET);
		break;
	case OBJ_MSI:
		msi_input(m, obj, MSI_RESET);
		break;
	case OBJ_PIN:
		obj->pin.vector = obj->pin.accepted = -1;
		obj->pin.rte = RTE_MASKED;
		obj->pin.rte_known = UINT64_MAX;
		pin_input(m, obj, PIN_RESET);
		kroute_entry_written(m, obj);
		break;
	case OBJ_IRTE:
		obj->irte.vector = obj->irte.dest = -1;
		irte_input(m, obj, IRTE_CLEARED);
		break;
	case OBJ_CPU:
		cpu_input(m, obj, CPU_RESET);
		break;
	case OBJ_VECTOR:
		lapic_lost(m, obj);
		break;
	case OBJ_PEOI:
		peoi_lost(m, obj, m->now_ns);
		break;
	default:
		break;
	}
}

typedef void (*visitor)(struct model *m, struct object *obj);

static void for_each(struct model *m, uint16_t machine, visitor visit)
{
	uint32_t last = registry_last(m->objects);

	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (obj && obj->row.ref.machine == machine)
			visit(m, obj);
	}
}

static void retire_irq(struct model *m, struct object *obj)
{
	if (obj->row.ref.kind == OBJ_IRQ)
		model_retire(m, obj);
}

void machine_reset(struct model *m, uint16_t machine_id)
{
	struct machine_state *machine = model_machine(m, machine_id);

	/* what is owed ends before anything changes that it depends on */
	for_each(m, machine_id, excuse_object);
	for_each(m, machine_id, retire_irq);
	for_each(m, machine_id, reset_object);
	if (!machine)
		return;
	machine->updated_irq = 0;
	machine->parked_told = false;
}
