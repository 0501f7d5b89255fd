/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/hops.h"

#include <string.h>

static int64_t arg(const struct event *ev, enum event_arg_id id, int64_t fallback)
{
	event_arg(ev, id, &fallback);
	return fallback;
}

static bool enable_succeeded(const struct event *ev)
{
	return arg(ev, ARG_ENABLE, 1) && arg(ev, ARG_RET, 1) > 0;
}

static bool sets_bus_master(const struct event *ev)
{
	enum { BUS_MASTER = 1 << 2 };

	return arg(ev, ARG_VALUE, 0) & arg(ev, ARG_MASK, BUS_MASTER) & BUS_MASTER;
}

static bool has_vector(const struct event *ev)
{
	return arg(ev, ARG_VECTOR, PARKED_VECTOR) != PARKED_VECTOR;
}

static bool message_has_vector(const struct event *ev)
{
	int64_t data = arg(ev, ARG_DATA, 0);

	return (data || arg(ev, ARG_ADDR_LO, 0)) && (data & 0xff) != PARKED_VECTOR;
}

/* A table write that clears the mask, or a call that does. */
static bool unmasks(const struct event *ev)
{
	enum { RTE_MASKED = 1 << 16 };

	switch (ev->kind) {
	case EV_PCI_MSIX_ENTRY_MASK:
		return !arg(ev, ARG_MASKED, 1);
	case EV_IOAPIC_RTE_WRITE:
		return !(arg(ev, ARG_RTE, RTE_MASKED) & RTE_MASKED);
	default:
		return true;
	}
}

/* What is merged with one before is not another: QEMU sets the lower GSIs of KVM twice, for two controllers. */
static bool is_asserted(const struct event *ev)
{
	return arg(ev, ARG_LEVEL, 1) && !arg(ev, ARG_COALESCED, 0);
}

/* KVM's IO-APIC is recorded at each line; a vector is there where a local APIC has accepted it meanwhile. */
static bool was_sent(const struct event *ev)
{
	return ev->kind != EV_KVM_PIN || arg(ev, ARG_VECTOR, -1) >= 0;
}

static bool was_claimed(const struct event *ev)
{
	return arg(ev, ARG_RET, 1);
}

/* What the irq core's own copy says is no gate: moves and hotplug call the chip behind its back. */
const struct hop hop_table[] = {
	{ .name = "powered", .on = { OBJ_MSIX, OBJ_MSI, OBJ_INTX }, .kinds = { EV_PCI_POWER }, .least = WITNESS_SHADOW,
	  .gate = { { .field = "power", .component = "pci", .closed = { "low" } } }, .optional = true },
	{ .name = "bus master on", .on = { OBJ_MSIX, OBJ_MSI }, .kinds = { EV_PCI_COMMAND }, .least = WITNESS_SHADOW,
	  .counts = sets_bus_master, .gate = { { .field = "bus_master", .closed = { "off", "clear" } } },
	  .optional = true },
	{ .name = "MSI-X enabled", .on = { OBJ_MSIX }, .kinds = { EV_PCI_MSIX_ENABLE }, .least = WITNESS_SHADOW,
	  .counts = enable_succeeded, .gate = { { .field = "enable", .component = "msix_", .closed = { "off" } } } },
	{ .name = "INTx allowed", .on = { OBJ_INTX }, .kinds = { EV_PCI_INTX_CONTROL }, .least = WITNESS_SHADOW,
	  .gate = { { .field = "intx", .component = "pci", .closed = { "disabled" } } }, .optional = true },
	{ .name = "MSI enabled", .on = { OBJ_MSI }, .kinds = { EV_PCI_MSI_ENABLE }, .least = WITNESS_SHADOW,
	  .counts = enable_succeeded, .gate = { { .field = "enable", .component = "msi_", .closed = { "off" } } } },
	{ .name = "message programmed", .on = { OBJ_MSIX, OBJ_MSI },
	  .kinds = { EV_PCI_MSIX_ENTRY_WRITE, EV_PCI_MSI_WRITE }, .least = WITNESS_SHADOW, .counts = message_has_vector,
	  .gate = { { .field = "message", .closed = { "none", "parked" } } } },
	{ .name = "remapping entry set", .on = { OBJ_IRTE }, .kinds = { EV_IRTE_WRITE }, .least = WITNESS_SHADOW },
	{ .name = "pin programmed", .on = { OBJ_PIN }, .kinds = { EV_IOAPIC_RTE_WRITE }, .least = WITNESS_SHADOW },
	{ .name = "pirq mapped", .on = { OBJ_PIRQ }, .kinds = { EV_XEN_PIRQ_MAP }, .least = WITNESS_INTENT },
	{ .name = "vector assigned by Xen", .on = { OBJ_XIRQ }, .kinds = { EV_XEN_IRQ_ASSIGN, EV_XEN_IRQ_BIND }, .least = WITNESS_SHADOW,
	  .gate = { { .field = "life", .component = "xen_irq", .closed = { "free" } } } },
	{ .name = "vector assigned", .not_on = { OBJ_PIRQ, OBJ_XIRQ }, .kinds = { EV_VECTOR_CONFIG }, .least = WITNESS_SHADOW,
	  .counts = has_vector, .gate = { { .field = "vector", .closed = { "none", "parked" } },
						{ .field = "assigned", .closed = { "none", "parked" } } } },
	{ .name = "irq requested", .kinds = { EV_IRQ_SETUP }, .least = WITNESS_INTENT },
	{ .name = "irq started", .kinds = { EV_IRQ_STARTUP }, .least = WITNESS_SHADOW,
	  .gate = { { .field = "life", .component = "irq", .closed = { "allocated", "stopping", "shutdown", "gone" } },
		    { .field = "managed_shutdown", .closed = { "yes" } } } },
	{ .name = "irq enabled", .kinds = { EV_IRQ_ENABLE }, .least = WITNESS_SHADOW,
	  .gate = { { .field = "spurious_disabled", .closed = { "yes" } },
		    { .field = "suspended", .closed = { "yes" } },
		    { .field = "depth", .closed = { "1", "2", "many" } } } },
	{ .name = "port bound", .on = { OBJ_PIRQ, OBJ_PORT }, .kinds = { EV_XEN_PIRQ_BIND }, .least = WITNESS_INTENT,
	  .gate = { { .field = "bound", .component = "xen_pirq", .closed = { "no" } } } },
	{ .name = "unmasked by Xen", .on = { OBJ_XIRQ }, .kinds = { EV_PCI_MSIX_ENTRY_MASK, EV_IOAPIC_RTE_WRITE },
	  .least = WITNESS_HARDWARE, .counts = unmasks,
	  .gate = { { .field = "mask", .component = "msix_entry", .closed = { "masked" } },
		    { .field = "mask", .component = "xen_msi", .closed = { "masked" } }, { .field = "fmask", .closed = { "masked" } } } },
	{ .name = "port unmasked", .on = { OBJ_PORT }, .kinds = { EV_XEN_EVTCHN_UNMASK }, .least = WITNESS_SHADOW,
	  .gate = { { .field = "mask", .component = "xen_port", .closed = { "masked" } } } },
	{ .name = "unmasked", .on = { OBJ_MSIX, OBJ_MSI, OBJ_PIN }, .not_on = { OBJ_PIRQ, OBJ_XIRQ },
	  .kinds = { EV_IRQ_UNMASK, EV_PCI_MSIX_ENTRY_MASK, EV_IOAPIC_RTE_WRITE }, .least = WITNESS_SHADOW,
	  .counts = unmasks,
	  .gate = { { .field = "fmask", .closed = { "masked" } }, { .field = "mask", .closed = { "masked" } } } },
	{ .name = "raised", .phase = HOP_TRAFFIC, .kinds = { EV_DEVICE_NOTIFY, EV_PCI_INTX_LINE, EV_IOAPIC_LINE, EV_KVM_PIN },
	  .least = WITNESS_INFERRED, .counts = is_asserted },
	{ .name = "sent by the pin", .phase = HOP_TRAFFIC, .on = { OBJ_PIN },
	  .kinds = { EV_IOAPIC_DELIVER, EV_KVM_PIN, EV_KVM_ACCEPT }, .least = WITNESS_INFERRED, .counts = was_sent },
	{ .name = "arrived on the CPU", .phase = HOP_TRAFFIC,
	  .kinds = { EV_LAPIC_ACCEPT, EV_LAPIC_DELIVER, EV_VECTOR_ARRIVE },
	  .least = WITNESS_SHADOW, .optional = true },
	{ .name = "handled by Xen", .phase = HOP_TRAFFIC, .on = { OBJ_XIRQ }, .kinds = { EV_XEN_IRQ_HANDLED },
	  .least = WITNESS_INFERRED },
	{ .name = "flow handler", .phase = HOP_TRAFFIC, .kinds = { EV_IRQ_FLOW }, .least = WITNESS_SHADOW },
	{ .name = "acknowledged (EOI)", .phase = HOP_TRAFFIC, .not_on = { OBJ_PIN, OBJ_PIRQ },
	  .kinds = { EV_IRQ_ACK, EV_LAPIC_EOI, EV_XEN_PIRQ_EOI }, .least = WITNESS_SHADOW },
	{ .name = "action entered", .phase = HOP_TRAFFIC, .kinds = { EV_IRQ_ENTER }, .least = WITNESS_SHADOW },
	{ .name = "handled", .phase = HOP_TRAFFIC, .kinds = { EV_IRQ_EXIT }, .least = WITNESS_SHADOW,
	  .counts = was_claimed },
	/* before the action of an edge, behind that of a level; the port is cleared within */
	{ .name = "acknowledged (EOI)", .phase = HOP_TRAFFIC, .on = { OBJ_PIRQ }, .kinds = { EV_XEN_PIRQ_EOI },
	  .least = WITNESS_SHADOW, .aside = true },
	{ .name = "taken from the port", .phase = HOP_TRAFFIC, .on = { OBJ_PORT }, .kinds = { EV_XEN_EVTCHN_CLEAR, EV_XEN_EVTCHN_UPCALL },
	  .least = WITNESS_SHADOW, .aside = true },
	{ .name = "acknowledged (EOI)", .phase = HOP_TRAFFIC, .on = { OBJ_PIN }, .not_on = { OBJ_PIRQ },
	  .kinds = { EV_IRQ_ACK, EV_LAPIC_EOI, EV_IOAPIC_EOI, EV_KVM_ACK }, .least = WITNESS_SHADOW },
	{ .name = "thread finished", .phase = HOP_TRAFFIC, .kinds = { EV_IRQ_THREAD_DONE }, .least = WITNESS_SHADOW,
	  .optional = true, .aside = true },
	{ .name = NULL },
};

const struct hop *hop_find(const char *name)
{
	for (const struct hop *hop = hop_table; hop->name; hop++)
		if (!strcmp(hop->name, name))
			return hop;
	return NULL;
}

bool hop_has_kind(const struct hop *hop, enum event_kind kind)
{
	for (unsigned i = 0; i < HOP_MAX_KINDS && hop->kinds[i]; i++)
		if (hop->kinds[i] == kind)
			return true;
	return false;
}

int hop_gate_of(const struct hop *hop, const char *component, const char *field)
{
	for (int i = 0; i < HOP_MAX_GATES && hop->gate[i].field; i++) {
		const char *only = hop->gate[i].component;

		if (!strcmp(hop->gate[i].field, field) && (!only || !strncmp(component, only, strlen(only))))
			return i;
	}
	return -1;
}

bool hop_gate_closed(const struct hop_gate *gate, const char *state)
{
	for (unsigned i = 0; i < HOP_MAX_CLOSED && gate->closed[i]; i++)
		if (!strcmp(gate->closed[i], state))
			return true;
	return false;
}
