/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes of dom0 to configuration space, as far as Xen's trace has them: those of a PVH dom0 through the ports, which vPCI
 * traps (xen/drivers/vpci/vpci.c, msix.c control_write(), msi.c mask_write()). What it asks of the function mask and of the
 * mask bits of MSI Xen hands on to the device, whose registers they are told as. Where in configuration space those registers
 * are a list of functions tells; its own are the machine's.
 *
 * How many bytes were written is not recorded: the half of a word that a shorter write would leave out counts where it is not
 * zero. Not followed: a PV dom0, whose ports are recorded without address and value; accesses through memory (MMCFG), which
 * Linux uses for registers from 256 on alone; other guests, whose devices have numbers of their own.
 */
#include "model/replay.h"

enum { CONTROL_ENABLE = 1 << 15, CONTROL_MASKED = 1 << 14 };

static struct object *function_of(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_PCI);
	struct object_ref own = { .kind = OBJ_PCI, .machine = MACHINE_XEN };
	int64_t addr;

	if (ref && ref->machine == MACHINE_DOM0)
		own.id = ref->id;
	else if (!ref && event_arg(ev, ARG_ADDR, &addr))
		own.id = object_id_pci(0, addr >> 16 & 0xff, addr >> 11 & 0x1f, addr >> 8 & 7);
	else
		return NULL;
	return registry_find(m->objects, own);
}

/* As the platform of a machine would tell it. */
static void tell(struct model *m, const struct event *ev, const struct object *fn, struct event *told)
{
	told->ordinal = ev->ordinal;
	told->source = ev->source;
	told->cpu = ev->cpu;
	told->pid = -1;
	told->witness = WITNESS_HARDWARE;
	told->t_lo_ns = ev->t_lo_ns;
	told->t_hi_ns = ev->t_hi_ns;
	event_add_object(told, OBJ_PCI, fn->row.ref.id);
	told->object[0].machine = fn->row.ref.machine;
	m->ev = told;
	for (const event_handler *handler = m->handler[told->kind]; *handler; handler++)
		(*handler)(m, told);
	m->ev = ev;
}

/* The word with the control register in its upper half, or that alone. */
static bool control_of(const struct object *fn, int64_t reg, int64_t value, int64_t *control)
{
	if (reg != fn->fn.msix_control && reg != fn->fn.msix_control - 2)
		return false;
	*control = reg == fn->fn.msix_control ? value & 0xffff : value >> 16 & 0xffff;
	return reg == fn->fn.msix_control || *control;
}

static bool is_known_place(const struct object *fn, int64_t reg)
{
	return (fn->fn.msix_control && (reg == fn->fn.msix_control || reg == fn->fn.msix_control - 2)) ||
	       (fn->fn.msi_mask_register && reg == fn->fn.msi_mask_register);
}

static void on_write(struct model *m, const struct event *ev)
{
	const struct object *fn = function_of(m, ev);
	struct event told = { .kind = EV_PCI_MSIX_ENABLE };
	int64_t reg, value, control;

	if (!fn || !event_arg(ev, ARG_REG, &reg) || !event_arg(ev, ARG_VALUE, &value))
		return;
	if (!is_known_place(fn, reg) || (!event_object(ev, OBJ_PCI) && !is_pvh_dom0_alone(m)))
		return;
	if (control_of(fn, reg, value, &control)) {
		event_arg_set(&told, ARG_ENABLE, !!(control & CONTROL_ENABLE));
		event_arg_set(&told, ARG_MASKED, !!(control & CONTROL_MASKED));
		tell(m, ev, fn, &told);
	} else if (reg == fn->fn.msi_mask_register) {
		told.kind = EV_PCI_MSI_MASK;
		event_arg_set(&told, ARG_VALUE, value & UINT32_MAX);
		tell(m, ev, fn, &told);
	}
}

event_handler vpci_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = { [EV_VPCI_WRITE] = on_write };

	return handlers[kind];
}
