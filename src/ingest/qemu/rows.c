/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/qemu/rows.h"

#include <stddef.h>

#define TELLS(...)	.tells = { __VA_ARGS__ }
#define HARDWARE(kind)	{ EV_##kind, WITNESS_HARDWARE, false }
#define SHADOW(kind)	{ EV_##kind, WITNESS_SHADOW, false }
#define INTENT(kind)	{ EV_##kind, WITNESS_INTENT, false }
#define INFERRED(kind)	{ EV_##kind, WITNESS_INFERRED, false }
#define PARTIAL(kind)	{ EV_##kind, WITNESS_HARDWARE, true }
#define FIELDS(...)	.fields = { __VA_ARGS__ }

/*
 * The emulator is the platform: its own registers are the hardware. Each row is complete, as an event that is on is
 * written every time, but for those that only some devices have. What is not here is counted by its name.
 *
 * Events that stay uncounted for a reason: apic_local_deliver stands in front of the test of the mask bit and names no
 * vector; pic_update_irq and the 8259's ports say what pic_set_irq and pic_interrupt do; virtio_notify names no device,
 * the message behind it does; kvm_x86_add_msi_route repeats kvm_irqchip_add_msi_route.
 */
const struct qemu_row qemu_rows[] = {
	/* hw/intc/ioapic.c. What is called vector in ioapic_set_irq is the pin; 0 stands for pin 2. */
	{ "ioapic_set_irq", "vector: %d level: %d", FIELDS({ "vector", QT_PIN }, { "level", ARG_LEVEL }),
	  QS_IOAPIC_LINE, TELLS(HARDWARE(IOAPIC_LINE)) },
	{ "ioapic_set_remote_irr", "set remote irr for pin %d", FIELDS({ "n", QT_PIN }), QS_IRR_SET,
	  TELLS(HARDWARE(IOAPIC_REMOTE_IRR)), .constant = { ARG_VALUE, 1 } },
	{ "ioapic_clear_remote_irr", "clear remote irr for pin %d vector %d",
	  FIELDS({ "n", QT_PIN }, { "vector", QT_NONE }), QS_PLAIN, TELLS(HARDWARE(IOAPIC_REMOTE_IRR)),
	  .constant = { ARG_VALUE, 0 } },
	{ "ioapic_eoi_broadcast", "EOI broadcast for vector %d", FIELDS({ "vector", ARG_VECTOR }), QS_PLAIN,
	  TELLS(HARDWARE(IOAPIC_EOI)) },
	/* The pin since 5.1, its vector before. */
	{ "ioapic_eoi_delayed_reassert", "delayed reassert on EOI broadcast for vector %d",
	  FIELDS({ "vector", QT_PIN }), QS_PLAIN, TELLS(HARDWARE(IOAPIC_THROTTLE)) },
	{ "ioapic_mem_read", "ioapic mem read addr %x regsel: %x size %x retval %x",
	  FIELDS({ "addr", QT_ADDR }, { "regsel", QT_REGSEL }, { "size", QT_SIZE }, { "val", QT_DATA }), QS_IOAPIC_READ,
	  TELLS(HARDWARE(IOAPIC_RTE_READ)) },
	{ "ioapic_mem_write", "ioapic mem write addr %x regsel: %x size %x val %x",
	  FIELDS({ "addr", QT_ADDR }, { "regsel", QT_REGSEL }, { "size", QT_SIZE }, { "val", QT_DATA }), QS_IOAPIC_WRITE,
	  TELLS(HARDWARE(IOAPIC_RTE_WRITE), INTENT(IOAPIC_EOI)) },
	/* Lines that a reporter of a known fault had added; no release has them. */
	{ "ioapic_service:", "trigger KVM IRQ %d", FIELDS({ "pin", QT_GSI }), QS_PLAIN, TELLS(SHADOW(KVM_LINE)),
	  .constant = { ARG_LEVEL, 1 } },
	{ "ioapic_update_kvm_routes:", "update KVM route for IRQ %d: %X %X",
	  FIELDS({ "pin", QT_KROUTE }, { "addr", ARG_ADDR_LO }, { "data", ARG_DATA }), QS_PRIVATE_ROUTE,
	  TELLS(SHADOW(KVM_ROUTE_UPDATE), INFERRED(KVM_ROUTE_COMMIT)) },

	/* hw/intc/apic.c: only where QEMU has the local APICs. Offsets up to 8.2, numbers of registers since. */
	{ "apic_deliver_irq", "dest %u dest_mode %u delivery_mode %u vector %u trigger_mode %u",
	  FIELDS({ "dest", QT_DEST }, { "dest_mode", QT_DEST_MODE }, { "delivery_mode", QT_MODE },
		 { "vector_num", ARG_VECTOR }, { "trigger_mode", QT_TRIGGER }), QS_APIC_MESSAGE,
	  TELLS(INFERRED(LAPIC_ACCEPT)) },
	{ "apic_mem_writel", "%x = %x", FIELDS({ "addr", QT_ADDR }, { "val", QT_DATA }), QS_APIC_OFFSET,
	  TELLS(HARDWARE(LAPIC_EOI), HARDWARE(LAPIC_IPI)) },
	{ "apic_register_write", "register %x = %x", FIELDS({ "reg", QT_REG }, { "val", QT_DATA }), QS_APIC_REGISTER,
	  TELLS(HARDWARE(LAPIC_EOI), HARDWARE(LAPIC_IPI)) },
	{ "apic_mem_readl", "%x = %x", FIELDS({ "addr", QT_NONE }, { "val", QT_NONE }) },
	{ "apic_register_read", "register %x = %x", FIELDS({ "reg", QT_NONE }, { "val", QT_NONE }) },
	{ "apic_local_deliver", "vector %d delivery mode %d", FIELDS({ "vector", QT_NONE }, { "lvt", QT_NONE }) },

	/* hw/intc/i8259.c */
	{ "pic_set_irq", "master %d irq %d level %d",
	  FIELDS({ "master", QT_CHIP_8259 }, { "irq", ARG_INPUT }, { "level", ARG_LEVEL }), QS_PLAIN,
	  TELLS(HARDWARE(PIC_IRQ)) },
	{ "pic_interrupt", "irq %d intno %d", FIELDS({ "irq", ARG_INPUT }, { "intno", ARG_VECTOR }), QS_PLAIN,
	  TELLS(HARDWARE(PIC_ACK)) },
	{ "pic_update_irq", "master %d imr %u irr %u padd %u",
	  FIELDS({ "master", QT_NONE }, { "imr", QT_NONE }, { "irr", QT_NONE }, { "padd", QT_NONE }) },
	{ "pic_ioport_write", "master %d addr %x val %x",
	  FIELDS({ "master", QT_NONE }, { "addr", QT_NONE }, { "val", QT_NONE }) },
	{ "pic_ioport_read", "master %d addr %x val %x",
	  FIELDS({ "master", QT_NONE }, { "addr", QT_NONE }, { "val", QT_NONE }) },

	/* accel/kvm: what QEMU keeps of KVM's routing table, and the calls that hand it over. */
	{ "kvm_irqchip_add_msi_route", "dev %s vector %d virq %d",
	  FIELDS({ "name", QT_NONE }, { "vector", QT_NONE }, { "virq", QT_KROUTE }), QS_PLAIN,
	  TELLS(SHADOW(KVM_ROUTE_UPDATE)) },
	{ "kvm_irqchip_update_msi_route", "Updating MSI route virq=%d", FIELDS({ "virq", QT_KROUTE }), QS_PLAIN,
	  TELLS(SHADOW(KVM_ROUTE_UPDATE)) },
	{ "kvm_irqchip_release_virq", "virq %d", FIELDS({ "virq", QT_KROUTE }), QS_PLAIN,
	  TELLS(SHADOW(KVM_ROUTE_RELEASE)) },
	{ "kvm_irqchip_commit_routes", "", .special = QS_PLAIN, TELLS(SHADOW(KVM_ROUTE_COMMIT)) },
	{ "kvm_resample_fd_notify", "gsi %d", FIELDS({ "gsi", QT_GSI }), QS_PLAIN, TELLS(SHADOW(IRQFD_RESAMPLE)) },
	{ "kvm_run_exit", "cpu_index %d, reason %u", FIELDS({ "cpu_index", QT_VCPU }, { "reason", QT_TYPE }), QS_RUN_EXIT,
	  TELLS(HARDWARE(KVM_EOI_EXIT)) },
	{ "kvm_vm_ioctl", "type %x, arg %p", FIELDS({ "type", QT_TYPE }, { "arg", QT_NONE }), QS_VM_IOCTL,
	  TELLS(INFERRED(KVM_LINE), HARDWARE(KVM_ROUTE_COMMIT)) },
	{ "kvm_vcpu_ioctl", "cpu_index %d, type %x, arg %p",
	  FIELDS({ "cpu_index", QT_CPU }, { "type", QT_NONE }, { "arg", QT_NONE }) },
	{ "kvm_init_vcpu", "index: %d id: %u", FIELDS({ "cpu_index", QT_CPU }, { "arch_cpu_id", QT_NONE }) },
	{ "kvm_x86_add_msi_route", "Adding route entry for virq %d", FIELDS({ "virq", QT_NONE }) },
	{ "kvm_x86_remove_msi_route", "Removing route entry for virq %d", FIELDS({ "virq", QT_NONE }) },
	/* The translation failed: the route stays as it was. */
	{ "kvm_x86_fixup_msi_error", "VT-d failed to remap interrupt for GSI %u", FIELDS({ "gsi", QT_KROUTE }), QS_PLAIN,
	  TELLS(INTENT(KVM_ROUTE_UPDATE)), .constant = { ARG_RET, -1 } },

	/* hw/i386: the entry of the fan-out; below 16 both the 8259 and the IO-APIC get it. */
	{ "x86_gsi_interrupt", "GSI interrupt #%d level:%d", FIELDS({ "irqn", QT_GSI }, { "level", ARG_LEVEL }), QS_GSI_LINE,
	  TELLS(HARDWARE(IOAPIC_LINE)) },
	{ "x86_pic_interrupt", "PIC interrupt #%d level:%d", FIELDS({ "irqn", QT_NONE }, { "level", QT_NONE }) },
	{ "x86_iommu_iec_notify", "Notify IEC invalidation: global=%d index=%u mask=%u",
	  FIELDS({ "global", QT_NONE }, { "index", QT_NONE }, { "mask", QT_NONE }) },
	{ "vtd_inv_desc_iec", "granularity %x index %x mask %x",
	  FIELDS({ "granularity", QT_GLOBAL }, { "index", QT_INDEX }, { "mask", QT_SIZE }), QS_IEC,
	  TELLS(INFERRED(IRTE_WRITE)) },

	/* hw/pci. Written in front of the effect, but for msix_write_config. */
	{ "pci_cfg_write", "%s %X:%X.%X @%x <- %x",
	  FIELDS({ "dev", QT_DEV }, { "bus", QT_BUS }, { "slot", QT_SLOT }, { "func", QT_FN }, { "offs", QT_OFFSET },
		 { "val", QT_DATA }), QS_CFG_WRITE,
	  TELLS(HARDWARE(PCI_COMMAND), PARTIAL(PCI_MSIX_ENABLE), PARTIAL(PCI_MSI_ENABLE), PARTIAL(PCI_MSI_WRITE),
		PARTIAL(PCI_MSI_MASK), HARDWARE(PCI_INTERRUPT_LINE)) },
	{ "pci_cfg_read", "%s %X:%X.%X @%x -> %x",
	  FIELDS({ "dev", QT_DEV }, { "bus", QT_BUS }, { "slot", QT_SLOT }, { "func", QT_FN }, { "offs", QT_OFFSET },
		 { "val", QT_DATA }), QS_CFG_READ },
	{ "msix_write_config", "dev %s enabled %d masked %d",
	  FIELDS({ "name", QT_DEV }, { "enabled", QT_ENABLED }, { "masked", QT_MASKED }), QS_MSIX_CONFIG,
	  TELLS(HARDWARE(PCI_MSIX_ENABLE)) },
	/* The device's pointer instead of its type up to 6.2. */
	{ "pci_update_mappings_add", "d=%p %X:%X.%X %d,%x+%x",
	  FIELDS({ "d", QT_NONE }, { "bus", QT_BUS }, { "slot", QT_SLOT }, { "func", QT_FN }, { "bar", QT_BAR },
		 { "addr", QT_ADDR }, { "size", QT_SIZE }), QS_BAR_SET },
	{ "pci_update_mappings_add", "%s %X:%X.%X %d,%x+%x",
	  FIELDS({ "dev", QT_DEV }, { "bus", QT_BUS }, { "slot", QT_SLOT }, { "func", QT_FN }, { "bar", QT_BAR },
		 { "addr", QT_ADDR }, { "size", QT_SIZE }), QS_BAR_SET },
	{ "pci_update_mappings_del", "d=%p %X:%X.%X %d,%x+%x",
	  FIELDS({ "d", QT_NONE }, { "bus", QT_BUS }, { "slot", QT_SLOT }, { "func", QT_FN }, { "bar", QT_BAR },
		 { "addr", QT_ADDR }, { "size", QT_SIZE }), QS_BAR_CLEARED },
	{ "pci_update_mappings_del", "%s %X:%X.%X %d,%x+%x",
	  FIELDS({ "dev", QT_DEV }, { "bus", QT_BUS }, { "slot", QT_SLOT }, { "func", QT_FN }, { "bar", QT_BAR },
		 { "addr", QT_ADDR }, { "size", QT_SIZE }), QS_BAR_CLEARED },

	/* system/memory.c: the one sign of a write to an MSI-X table, and of a message that is sent. */
	{ "memory_region_ops_write", "cpu %d mr %p addr %x value %x size %u name '%s'",
	  FIELDS({ "cpu_index", QT_CPU }, { "mr", QT_MR }, { "addr", QT_ADDR }, { "value", QT_DATA }, { "size", QT_SIZE },
		 { "name", QT_REGION }), QS_REGION_WRITE,
	  TELLS(HARDWARE(PCI_MSIX_ENTRY_MASK), HARDWARE(PCI_MSIX_ENTRY_WRITE), HARDWARE(PCI_MSI_SEND),
		HARDWARE(IOAPIC_DELIVER)) },
	/* Without the name of the region in old releases: nothing to be known then. */
	{ "memory_region_ops_write", "cpu %d mr %p addr %x value %x size %u",
	  FIELDS({ "cpu_index", QT_CPU }, { "mr", QT_NONE }, { "addr", QT_NONE }, { "value", QT_NONE }, { "size", QT_NONE }) },
	{ "memory_region_ops_read", "cpu %d mr %p addr %x value %x size %u name '%s'",
	  FIELDS({ "cpu_index", QT_CPU }, { "mr", QT_MR }, { "addr", QT_ADDR }, { "value", QT_DATA }, { "size", QT_SIZE },
		 { "name", QT_REGION }), QS_REGION_READ,
	  TELLS(HARDWARE(PCI_MSIX_PENDING)) },
	{ "memory_region_ops_read", "cpu %d mr %p addr %x value %x size %u",
	  FIELDS({ "cpu_index", QT_CPU }, { "mr", QT_NONE }, { "addr", QT_NONE }, { "value", QT_NONE }, { "size", QT_NONE }) },
	{ "memory_region_subpage_write", "cpu %d mr %p offset %x value %x size %u",
	  FIELDS({ "cpu_index", QT_CPU }, { "mr", QT_NONE }, { "offset", QT_NONE }, { "value", QT_NONE }, { "size", QT_NONE }) },
	{ "memory_region_subpage_read", "cpu %d mr %p offset %x value %x size %u",
	  FIELDS({ "cpu_index", QT_CPU }, { "mr", QT_NONE }, { "offset", QT_NONE }, { "value", QT_NONE }, { "size", QT_NONE }) },

	/* Devices: what they want, masked or not. Only these types say so, hence partial. */
	{ "e1000e_irq_msix_notify_vec", "MSI-X notify vector %x", FIELDS({ "vector", QT_INDEX }), QS_NOTIFY_MSIX,
	  TELLS(PARTIAL(DEVICE_NOTIFY)), .devices = "e1000e igb igbvf" },
	{ "e1000e_irq_msi_notify", "MSI notify %x", FIELDS({ "cause", QT_NONE }), QS_NOTIFY_MSI,
	  TELLS(PARTIAL(DEVICE_NOTIFY)), .devices = "e1000e igb" },
	{ "e1000e_irq_legacy_notify", "IRQ line state: %d", FIELDS({ "level", QT_LINE }), QS_INTX,
	  TELLS(PARTIAL(PCI_INTX_LINE)), .devices = "e1000e igb" },
	{ "pci_nvme_irq_msix", "raising MSI-X IRQ vector %u", FIELDS({ "vector", QT_INDEX }), QS_NOTIFY_MSIX,
	  TELLS(PARTIAL(DEVICE_NOTIFY)), .devices = "nvme" },
	{ "pci_nvme_irq_pin", "pulsing IRQ pin", .special = QS_NOTIFY, TELLS(PARTIAL(DEVICE_NOTIFY)), .devices = "nvme" },
	/* Its name up to 5.2. */
	{ "nvme_irq_msix", "raising MSI-X IRQ vector %u", FIELDS({ "vector", QT_INDEX }), QS_NOTIFY_MSIX,
	  TELLS(PARTIAL(DEVICE_NOTIFY)), .devices = "nvme" },
	{ "nvme_irq_pin", "pulsing IRQ pin", .special = QS_NOTIFY, TELLS(PARTIAL(DEVICE_NOTIFY)), .devices = "nvme" },
	{ "megasas_msix_raise", "vector %d", FIELDS({ "vector", QT_INDEX }), QS_NOTIFY_MSIX, TELLS(PARTIAL(DEVICE_NOTIFY)),
	  .devices = "megasas megasas-gen2" },
	{ "megasas_msi_raise", "vector %d", FIELDS({ "vector", QT_NONE }), QS_NOTIFY_MSI, TELLS(PARTIAL(DEVICE_NOTIFY)),
	  .devices = "megasas megasas-gen2" },
	{ "megasas_irq_raise", "INTx", .special = QS_INTX, TELLS(PARTIAL(PCI_INTX_LINE)), .constant = { ARG_LEVEL, 1 },
	  .devices = "megasas megasas-gen2" },
	{ "megasas_irq_lower", "INTx", .special = QS_INTX, TELLS(PARTIAL(PCI_INTX_LINE)), .constant = { ARG_LEVEL, 0 },
	  .devices = "megasas megasas-gen2" },
	{ "mptsas_irq_intx", "dev %p level %d", FIELDS({ "dev", QT_NONE }, { "level", QT_LINE }), QS_INTX,
	  TELLS(PARTIAL(PCI_INTX_LINE)), .devices = "mptsas1068" },
	{ "mptsas_irq_msi", "dev %p ", FIELDS({ "dev", QT_NONE }), QS_NOTIFY_MSI, TELLS(PARTIAL(DEVICE_NOTIFY)),
	  .devices = "mptsas1068" },
	{ "pvscsi_update_irq_level", "interrupt level set to %d (MASK: %x, STATUS: %x)",
	  FIELDS({ "raise", QT_LINE }, { "mask", QT_NONE }, { "status", QT_NONE }), QS_INTX, TELLS(PARTIAL(PCI_INTX_LINE)),
	  .devices = "pvscsi" },
	{ "pvscsi_update_irq_msi", "sending MSI notification", .special = QS_NOTIFY_MSI, TELLS(PARTIAL(DEVICE_NOTIFY)),
	  .devices = "pvscsi" },
	{ "virtio_notify", "vdev %p vq %p", FIELDS({ "vdev", QT_NONE }, { "vq", QT_NONE }) },
	{ "virtio_notify_irqfd", "vdev %p vq %p", FIELDS({ "vdev", QT_NONE }, { "vq", QT_NONE }) },
	{ "virtio_queue_notify", "vdev %p n %d vq %p", FIELDS({ "vdev", QT_NONE }, { "n", QT_NONE }, { "vq", QT_NONE }) },
	{ "virtio_mmio_read", "virtio_mmio_read offset %x", FIELDS({ "offset", QT_NONE }) },
	{ "virtio_mmio_write_offset", "virtio_mmio_write offset %x value %x",
	  FIELDS({ "offset", QT_NONE }, { "value", QT_NONE }) },
	{ "e1000e_irq_pending_interrupts", "%*", .special = QS_COUNTED },
	{ "e1000e_irq_msix_pending_clearing", "%*", .special = QS_COUNTED },
	{ "e1000e_irq_msix_notify_postponed_vec", "%*", .special = QS_COUNTED },
	{ "pci_nvme_irq_masked", "%*", .special = QS_COUNTED },

	/* hw/vfio: named by the host's function. */
	{ "vfio_msix_vector_do_use", "(%s) vector %d used", FIELDS({ "name", QT_HOST_DEV }, { "index", QT_INDEX }), QS_PLAIN,
	  TELLS(SHADOW(VFIO_VECTOR_USE)) },
	{ "vfio_msix_vector_release", "(%s) vector %d released", FIELDS({ "name", QT_HOST_DEV }, { "index", QT_INDEX }),
	  QS_PLAIN, TELLS(SHADOW(VFIO_VECTOR_RELEASE)) },
	{ "vfio_intx_interrupt", "(%s) Pin %c", FIELDS({ "name", QT_NONE }, { "line", QT_NONE }) },
	{ "vfio_intx_eoi", "(%s) EOI", FIELDS({ "name", QT_NONE }) },
	{ "vfio_msi_interrupt", "(%s) vector %d %x/%x",
	  FIELDS({ "name", QT_NONE }, { "index", QT_NONE }, { "addr", QT_NONE }, { "data", QT_NONE }) },
	{ "vfio_pci_load_rom", "Device %s ROM:", FIELDS({ "name", QT_NONE }), .more_lines = 1 },
	{ "vfio_populate_device_config", "Device %s config:", FIELDS({ "name", QT_NONE }), .more_lines = 1 },

	/* target/i386/kvm: Xen's interfaces for a guest of KVM. */
	{ "kvm_xen_map_pirq", "pirq %d gsi %d", FIELDS({ "pirq", QT_PIRQ }, { "gsi", QT_GSI }), QS_PLAIN,
	  TELLS(SHADOW(XEN_PIRQ_MAP)) },
	{ "kvm_xen_unmap_pirq", "pirq %d gsi %d", FIELDS({ "pirq", QT_PIRQ }, { "gsi", QT_NONE }), QS_PLAIN,
	  TELLS(SHADOW(XEN_PIRQ_UNMAP)) },
	{ "kvm_xen_bind_pirq", "pirq %d port %d", FIELDS({ "pirq", QT_PIRQ }, { "port", QT_PORT }), QS_PLAIN,
	  TELLS(SHADOW(XEN_PIRQ_BIND)) },
	{ "kvm_xen_unmask_pirq", "pirq %d dev %s vector %d",
	  FIELDS({ "pirq", QT_NONE }, { "dev", QT_DEV }, { "vector", QT_INDEX }), QS_NOTIFY_MSIX,
	  TELLS(HARDWARE(PCI_MSIX_ENTRY_MASK)), .constant = { ARG_MASKED, 0 } },
	{ "xenstore_read", "tx %u path %s", FIELDS({ "tx_id", QT_NONE }, { "path", QT_NONE }) },
	{ "xenstore_write", "tx %u path %s", FIELDS({ "tx_id", QT_NONE }, { "path", QT_NONE }) },
	{ "xenstore_watch", "path %s token %s", FIELDS({ "path", QT_NONE }, { "token", QT_NONE }) },
	{ "xenstore_unwatch", "path %s token %s", FIELDS({ "path", QT_NONE }, { "token", QT_NONE }) },
	{ "xenstore_watch_event", "path %s token %s", FIELDS({ "path", QT_NONE }, { "token", QT_NONE }) },
	{ "xenstore_reset_watches", "", .special = QS_COUNTED },

	/* The machine as a whole. */
	{ "runstate_set", "current_run_state %d (%s) new_state %d (%s)",
	  FIELDS({ "current_state", QT_NONE }, { "current_state_str", QT_NONE }, { "new_state", QT_NONE },
		 { "new_state_str", QT_WORD }), QS_RUNSTATE, TELLS(SHADOW(LOST)) },
	{ "resettable_phase_hold_exec", "obj=%p(%s) method=%d",
	  FIELDS({ "obj", QT_NONE }, { "objtype", QT_WORD }, { "has_method", QT_NONE }), QS_RESET,
	  TELLS(HARDWARE(MACHINE_RESET)) },
	{ "resettable_phase_hold_exec", "obj=%p(%s)", FIELDS({ "obj", QT_NONE }, { "objtype", QT_WORD }), QS_RESET,
	  TELLS(HARDWARE(MACHINE_RESET)) },
	{ 0 },
};
