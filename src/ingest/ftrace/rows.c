/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/rows.h"

#include <stddef.h>

#include "ingest/reader.h"

#define SHADOW		WITNESS_SHADOW
#define INTENT		WITNESS_INTENT
#define COMPLETE	SIGNAL_COMPLETE
#define PARTIAL		SIGNAL_PARTIAL
#define MANAGED		.constant = { ARG_MANAGED, 1 }
#define ON		.constant = { ARG_ENABLE, 1 }
#define OFF		.constant = { ARG_ENABLE, 0 }

/*
 * Tracepoints are hit on every path through the code that they stand in: complete, unless said otherwise. The kernel
 * records its own doing, hence shadow; only a vector or an NMI that arrived, and an MSR that was written, is the
 * hardware's.
 */
const struct tracepoint_row tracepoint_rows[] = {
	{ "irq:irq_handler_entry", EV_IRQ_ENTER, SHADOW, .fields = { { "irq", TO_IRQ }, { "name", ARG_NAME } } },
	{ "irq:irq_handler_exit", EV_IRQ_EXIT, SHADOW, .fields = { { "irq", TO_IRQ }, { "ret", ARG_RET } } },
	{ "irq_vectors:spurious_apic_entry", EV_LAPIC_DELIVER, WITNESS_HARDWARE,
	  .fields = { { "vector", TO_VECTOR } } },
	{ "irq_vectors:vector_setup", EV_VECTOR_SETUP, SHADOW,
	  .fields = { { "irq", TO_IRQ }, { "is_legacy", ARG_LEGACY }, { "ret", ARG_RET } } },
	{ "irq_vectors:vector_reserve", EV_VECTOR_RESERVE, SHADOW,
	  .fields = { { "irq", TO_IRQ }, { "ret", ARG_RET } } },
	{ "irq_vectors:vector_reserve_managed", EV_VECTOR_RESERVE, SHADOW,
	  .fields = { { "irq", TO_IRQ }, { "ret", ARG_RET } }, MANAGED },
	{ "irq_vectors:vector_activate", EV_VECTOR_ACTIVATE, SHADOW,
	  .fields = { { "irq", TO_IRQ },
		      { "is_managed", ARG_MANAGED },
		      { "can_reserve", ARG_CAN_RESERVE },
		      { "reserve", ARG_RESERVED } } },
	{ "irq_vectors:vector_deactivate", EV_VECTOR_DEACTIVATE, SHADOW,
	  .fields = { { "irq", TO_IRQ },
		      { "is_managed", ARG_MANAGED },
		      { "can_reserve", ARG_CAN_RESERVE },
		      { "reserve", ARG_RESERVED } } },
	{ "irq_vectors:vector_alloc", EV_VECTOR_ALLOC, SHADOW,
	  .fields = { { "irq", TO_IRQ }, { "vector", ARG_VECTOR }, { "reserved", ARG_RESERVED }, { "ret", ARG_RET } } },
	{ "irq_vectors:vector_alloc_managed", EV_VECTOR_ALLOC, SHADOW,
	  .fields = { { "irq", TO_IRQ }, { "vector", ARG_VECTOR }, { "ret", ARG_RET } }, MANAGED },
	{ "irq_vectors:vector_update", EV_VECTOR_UPDATE, SHADOW,
	  .fields = { { "irq", TO_IRQ },
		      { "vector", ARG_VECTOR },
		      { "cpu", ARG_TARGET_CPU },
		      { "prev_vector", ARG_PREV_VECTOR },
		      { "prev_cpu", ARG_PREV_CPU } } },
	{ "irq_vectors:vector_config", EV_VECTOR_CONFIG, SHADOW,
	  .fields = { { "irq", TO_IRQ },
		      { "vector", ARG_VECTOR },
		      { "cpu", ARG_TARGET_CPU },
		      { "apicdest", ARG_APICDEST } } },
	{ "irq_vectors:vector_clear", EV_VECTOR_CLEAR, SHADOW,
	  .fields = { { "irq", TO_IRQ },
		      { "vector", ARG_VECTOR },
		      { "cpu", ARG_TARGET_CPU },
		      { "prev_vector", ARG_PREV_VECTOR },
		      { "prev_cpu", ARG_PREV_CPU } } },
	{ "irq_vectors:vector_free_moved", EV_VECTOR_FREE_MOVED, SHADOW,
	  .fields = { { "irq", TO_IRQ },
		      { "vector", ARG_VECTOR },
		      { "cpu", ARG_TARGET_CPU },
		      { "is_managed", ARG_MANAGED } } },
	{ "irq_vectors:vector_teardown", EV_VECTOR_TEARDOWN, SHADOW,
	  .fields = { { "irq", TO_IRQ }, { "is_managed", ARG_MANAGED }, { "has_reserved", ARG_RESERVED } } },
	/* Which fields there are depends on the event: global, global with a bit, or of one CPU. */
	{ "irq_matrix:irq_matrix_*", EV_VECTOR_MATRIX, SHADOW,
	  .fields = { { "bit", ARG_BIT },
		      { "cpu", TO_CPU },
		      { "available", ARG_AVAILABLE },
		      { "allocated", ARG_ALLOCATED },
		      { "managed", ARG_MANAGED },
		      { "global_available", ARG_GLOBAL_AVAILABLE },
		      { "global_reserved", ARG_GLOBAL_RESERVED },
		      { "total_allocated", ARG_TOTAL_ALLOCATED } } },
	/* Functions tell which steps these are: partial, as a file's symbols may be missing. The end has the result. */
	{ "cpuhp:cpuhp_enter", EV_CPU_ONLINE, SHADOW,
	  .fields = { { "cpu", TO_CPU }, { "idx", TO_STEP }, { "fun", TO_STEP_FN } },
	  .special = ROW_HOTPLUG, .partial = true },
	{ "cpuhp:cpuhp_exit", EV_CPU_OFFLINE, SHADOW,
	  .fields = { { "cpu", TO_CPU }, { "idx", TO_STEP }, { "ret", TO_FAILED } },
	  .special = ROW_HOTPLUG_DONE, .other_kind = EV_CPU_ONLINE, .partial = true },
	/* The action is a pointer that only the file's own strings resolve: partial. */
	{ "power:suspend_resume", EV_MACHINE_SUSPEND, SHADOW,
	  .fields = { { "start", TO_SWITCH }, { "action", TO_PRINTED } },
	  .special = ROW_SUSPEND, .partial = true },
	/* What the kernel says is rate-limited, and by log level: partial. */
	{ "printk:console", EV_HARM_TIMEOUT, SHADOW, .fields = { { "msg", TO_PHRASE } },
	  .special = ROW_HARM, .partial = true },
	/*
	 * A flush of the interrupt entry cache follows each change of a remapping entry, also one that changes nothing;
	 * one that covers all entries names none: partial.
	 */
	{ "intel_iommu:qi_submit", EV_IRTE_WRITE, WITNESS_INFERRED,
	  .fields = { { "qw0", TO_DESCRIPTOR }, { "iommu", TO_PHRASE } },
	  .special = ROW_IRTE_FLUSH, .partial = true },
	{ "kvm:kvm_pi_irte_update", EV_KVM_POSTED_ON, SHADOW,
	  .fields = { { "host_irq", TO_IRQ }, { "gvec", ARG_VECTOR }, { "set", TO_SWITCH } },
	  .special = ROW_POSTED, .other_kind = EV_KVM_POSTED_OFF },
	/* KVM's controllers, which are a guest's: each acts through one function that has the tracepoint in it. */
	{ "kvm:kvm_set_irq", EV_KVM_LINE, WITNESS_HARDWARE,
	  .fields = { { "gsi", TO_GSI }, { "level", ARG_LEVEL }, { "irq_source_id", ARG_LINE_SOURCE } }, .special = ROW_KVM_LINE },
	{ "kvm:kvm_msi_set_irq", EV_KVM_ACCEPT, WITNESS_HARDWARE,
	  .fields = { { "address", TO_ADDRESS, true },
		      { "data", TO_DATA, true },
		      { "dst", TO_DEST, true },
		      { "vec", TO_NUMBER, true },
		      { "level", TO_TRIGGER, true } },
	  .special = ROW_KVM_MESSAGE },
	{ "kvm:kvm_apic_accept_irq", EV_KVM_ACCEPT, WITNESS_HARDWARE,
	  .fields = { { "apicid", TO_APICID }, { "dm", TO_MODE }, { "tm", TO_TRIGGER }, { "vec", TO_NUMBER } },
	  .special = ROW_KVM_ACCEPT },
	{ "kvm:kvm_ioapic_set_irq", EV_KVM_PIN, WITNESS_HARDWARE,
	  .fields = { { "e", ARG_RTE }, { "pin", TO_PIN }, { "coalesced", ARG_COALESCED } }, .special = ROW_KVM_PIN },
	{ "kvm:kvm_ack_irq", EV_KVM_ACK, WITNESS_HARDWARE, .fields = { { "irqchip", TO_CHIP }, { "pin", TO_PIN } },
	  .special = ROW_KVM_ACK },
	/* What the processor does for the guest passes without: partial, as are injections. */
	{ "kvm:kvm_eoi", EV_LAPIC_EOI, WITNESS_HARDWARE, .fields = { { "apicid", TO_APICID }, { "vector", TO_NUMBER } },
	  .special = ROW_KVM_EOI, .other_kind = EV_KVM_UNCLEAR, .partial = true },
	{ "kvm:kvm_pv_eoi", EV_LAPIC_EOI, WITNESS_HARDWARE, .fields = { { "apicid", TO_APICID }, { "vector", TO_NUMBER } },
	  .special = ROW_KVM_EOI, .other_kind = EV_KVM_UNCLEAR, .partial = true },
	/* Before 5.19 the vector was called irq, and those that were injected again were not told apart: not decoded. */
	{ "kvm:kvm_inj_virq", EV_LAPIC_DELIVER, WITNESS_HARDWARE,
	  .fields = { { "vector", TO_NUMBER, true }, { "soft", TO_SOFT, true }, { "reinjected", TO_AGAIN, true } },
	  .special = ROW_KVM_INJECT, .partial = true },
	{ "kvm:kvm_userspace_exit", EV_KVM_EOI_EXIT, WITNESS_HARDWARE, .fields = { { "reason", TO_REASON } },
	  .special = ROW_KVM_EXIT, .other_kind = EV_KVM_USER_EXIT },
	{ "kvm:kvm_ioapic_delayed_eoi_inj", EV_IOAPIC_THROTTLE, WITNESS_HARDWARE,
	  .fields = { { "e", TO_ENTRY, true }, { "vec", TO_NUMBER, true } }, .special = ROW_KVM_PUT_OFF },
	{ "kvm:kvm_mmio", EV_IOAPIC_RTE_WRITE, WITNESS_HARDWARE,
	  .fields = { { "type", TO_MMIO_OPCODE }, { "len", TO_LENGTH }, { "gpa", TO_PHYS }, { "val", TO_WRITTEN } },
	  .special = ROW_KVM_MMIO, .other_kind = EV_IOAPIC_EOI },
	/* Only where the local APIC is in x2APIC mode: partial. */
	{ "msr:write_msr", EV_LAPIC_IPI, WITNESS_HARDWARE,
	  .fields = { { "msr", TO_MSR }, { "val", TO_MSR_VALUE }, { "failed", TO_FAILED } },
	  .special = ROW_IPI, .partial = true },
	/* Once for each handler that the NMI was shown to. */
	{ "nmi:nmi_handler", EV_NMI_ENTER, WITNESS_HARDWARE, .special = ROW_HERE },
	/*
	 * mmiotrace: mappings that were made before it ran are not seen: partial. Its records do not tell the PCI
	 * functions' regions, as its text does: MSI-X tables stay nobody's, and only the IO-APIC is known by its place.
	 */
	{ "ftrace:mmiotrace_map", EV_IOAPIC_RTE_WRITE, WITNESS_HARDWARE,
	  .fields = { { "map_id", TO_MMIO_MAP }, { "opcode", TO_MMIO_OPCODE }, { "phys", TO_PHYS }, { "len", TO_LENGTH } },
	  .special = ROW_MMIO_MAP, .partial = true },
	{ "ftrace:mmiotrace_rw", EV_IOAPIC_RTE_WRITE, WITNESS_HARDWARE,
	  .fields = { { "map_id", TO_MMIO_MAP },
		      { "opcode", TO_MMIO_OPCODE },
		      { "phys", TO_PHYS },
		      { "value", TO_WRITTEN },
		      { "width", TO_WIDTH } },
	  .special = ROW_MMIO_ACCESS, .other_kind = EV_IOAPIC_EOI, .partial = true },
	{ "ftrace:print", EV_MARK, SHADOW, .fields = { { "buf", ARG_TEXT } } },
	{ 0 },
};

/* arch/x86/kernel/apic: lapic_online() and lapic_offline() run on the CPU that comes or goes. */
const struct second_row second_rows[] = {
	{ "irq_matrix:irq_matrix_online", EV_CPU_ONLINE, SHADOW },
	{ "irq_matrix:irq_matrix_offline", EV_CPU_OFFLINE, SHADOW },
	{ 0 },
};

/*
 * Functions by the file that they are in, Linux 6.1 unless said otherwise. Some recordings have others, whose records
 * are counted only, as nothing in the vocabulary says what they prove beyond what other rows do:
 * mp_irqdomain_activate() and _deactivate() (ioapic_configure_entry() and ioapic_mask_entry() follow),
 * irq_domain_activate_irq() and _deactivate_irq() (vector_* events and the message follow), note_interrupt()
 * (irq_handler_exit), ack_bad_irq() (only behind handle_bad_irq(), or behind a flow handler whose irq has no chip),
 * msi_capability_init() (the enable function and its return).
 */
const struct function_row function_rows[] = {
	/* drivers/pci/msi: the chip's operations, only called through pointers. */
	{ "pci_msi_mask_irq", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE, .rival = "pci_irq_mask_msix" },
	{ "pci_msi_unmask_irq", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE,
	  .rival = "pci_irq_unmask_msix" },
	/* Their names up to 3.18. */
	{ "mask_msi_irq", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE },
	{ "unmask_msi_irq", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE },
	/*
	 * arch/x86/kernel/x86_init.c, 3.13 to 3.18: only called through a pointer that leads elsewhere under Xen. Where it is called, the
	 * entry is written.
	 */
	{ "default_msix_mask_irq", .kind = EV_PCI_MSIX_ENTRY_MASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_MSIX },
	/* The same from 6.2 on, for domains of one device; from 6.18 on their own start-up and shutdown call them. */
	{ "pci_irq_mask_msix", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_MSIX,
	  .rival = "pci_irq_shutdown_msix" },
	{ "pci_irq_unmask_msix", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_MSIX,
	  .rival = "pci_irq_startup_msix" },
	{ "pci_irq_mask_msi", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_MSI,
	  .rival = "pci_irq_shutdown_msi" },
	{ "pci_irq_unmask_msi", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_MSI,
	  .rival = "pci_irq_startup_msi" },
	/* 6.18: each is one of two ways to mask or unmask, hence partial. */
	{ "pci_irq_shutdown_msix", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = PARTIAL, .entry = ROW_ENTRY_MSIX },
	{ "pci_irq_startup_msix", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = PARTIAL, .entry = ROW_ENTRY_MSIX },
	{ "pci_irq_shutdown_msi", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = PARTIAL, .entry = ROW_ENTRY_MSI },
	{ "pci_irq_startup_msi", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = PARTIAL, .entry = ROW_ENTRY_MSI },
	/* Not inlined, but a constant may give it a copy of another name; does nothing where there are no mask bits. */
	{ "pci_msi_update_mask", .kind = EV_PCI_MSI_MASK, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_MSI_BITS },
	/* Restoring after a reset calls it from its own file. */
	{ "__pci_write_msi_msg", .kind = EV_PCI_MSIX_ENTRY_WRITE, .other_kind = EV_PCI_MSI_WRITE, .witness = SHADOW,
	  .grade = PARTIAL, .special = ROW_ENTRY_FORM },
	/* Called from their own file by pci_alloc_irq_vectors() and pci_free_irq_vectors() (before 6.2). */
	{ "__pci_enable_msix_range", .kind = EV_PCI_MSIX_ENABLE, .witness = INTENT, .grade = PARTIAL,
	  .special = ROW_ASKS, ON },
	{ "__pci_enable_msix_range", true, .kind = EV_PCI_MSIX_ENABLE, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_ANSWERS },
	{ "__pci_enable_msi_range", .kind = EV_PCI_MSI_ENABLE, .witness = INTENT, .grade = PARTIAL, .special = ROW_ASKS,
	  ON },
	{ "__pci_enable_msi_range", true, .kind = EV_PCI_MSI_ENABLE, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_ANSWERS },
	{ "pci_disable_msix", .kind = EV_PCI_MSIX_ENABLE, .witness = INTENT, .grade = PARTIAL, OFF },
	{ "pci_disable_msi", .kind = EV_PCI_MSI_ENABLE, .witness = INTENT, .grade = PARTIAL, OFF },
	/* Called from other files only; does nothing where neither is enabled. */
	{ "pci_restore_msi_state", .kind = EV_PCI_RESTORE, .witness = INTENT, .grade = COMPLETE },
	/* arch/x86/pci/xen.c: called by the one above where MSI or MSI-X is on; Xen writes messages and masks back. */
	{ "xen_initdom_restore_msi", .kind = EV_PCI_RESTORE, .witness = INTENT, .grade = PARTIAL },
	/* drivers/pci/pci.c: does nothing where the bit is as asked. The managed variant is in the same file until 6.9.
	 */
	{ "pci_intx", .kind = EV_PCI_INTX_CONTROL, .witness = INTENT, .grade = PARTIAL },
	/*
	 * drivers/pci/pci.c: several ways lead to a reset, some call one another, and each may be refused or fail, but
	 * for the last step of one: pcie_flr() always writes the bit.
	 */
	{ "pcie_flr", .kind = EV_PCI_RESET, .witness = SHADOW, .grade = PARTIAL },
	{ "pci_reset_function", .kind = EV_PCI_RESET, .witness = INTENT, .grade = PARTIAL },
	{ "pci_dev_restore", .kind = EV_PCI_RESTORE, .witness = INTENT, .grade = PARTIAL },
	/* drivers/pci/access.c: called from the same file for what drivers write, and not for what user space does. */
	{ "pci_bus_write_config_word", .kind = EV_PCI_COMMAND, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_CONFIG_WRITE },
	{ "pci_bus_write_config_dword", .kind = EV_PCI_COMMAND, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_CONFIG_WRITE },

	/* kernel/irq/manage.c: exported, no caller in the file. */
	{ "request_threaded_irq", .kind = EV_IRQ_SETUP, .witness = INTENT, .grade = COMPLETE },
	{ "free_irq", .kind = EV_IRQ_FREE, .witness = INTENT, .grade = COMPLETE },
	{ "disable_irq", .kind = EV_IRQ_DISABLE, .witness = INTENT, .grade = COMPLETE },
	{ "disable_irq_nosync", .kind = EV_IRQ_DISABLE, .witness = INTENT, .grade = COMPLETE },
	/* enable_nmi() is in the same file, for NMIs only. */
	{ "enable_irq", .kind = EV_IRQ_ENABLE, .witness = INTENT, .grade = COMPLETE },
	/* kernel/irq/manage.c: with callers in the file. */
	{ "__setup_irq", .kind = EV_IRQ_SETUP, .witness = INTENT, .grade = PARTIAL, .special = ROW_ASKS },
	{ "__setup_irq", true, .kind = EV_IRQ_SETUP_RESULT, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_SETUP_RESULT },
	{ "__disable_irq", .kind = EV_IRQ_DISABLE, .witness = SHADOW, .grade = PARTIAL },
	{ "__enable_irq", .kind = EV_IRQ_ENABLE, .witness = SHADOW, .grade = PARTIAL },
	{ "irq_set_affinity_locked", .kind = EV_IRQ_AFFINITY, .witness = INTENT, .grade = PARTIAL },
	{ "irq_do_set_affinity", .kind = EV_IRQ_AFFINITY, .witness = SHADOW, .grade = PARTIAL },
	/* kernel/irq/manage.c: called from other files only; without a target the irq is the host's again. */
	{ "irq_set_vcpu_affinity", .kind = EV_KVM_POSTED_ON, .other_kind = EV_KVM_POSTED_OFF, .witness = INTENT,
	  .grade = COMPLETE, .special = ROW_POSTED },

	/* kernel/irq/chip.c: called from other files only. */
	{ "irq_disable", .kind = EV_IRQ_DISABLE, .witness = SHADOW, .grade = COMPLETE },
	{ "unmask_threaded_irq", .kind = EV_IRQ_THREAD_DONE, .witness = SHADOW, .grade = COMPLETE },
	/* kernel/irq/chip.c: flow handlers, called through the descriptor. */
	{ "handle_edge_irq", .kind = EV_IRQ_FLOW, .witness = SHADOW, .grade = COMPLETE },
	{ "handle_fasteoi_irq", .kind = EV_IRQ_FLOW, .witness = SHADOW, .grade = COMPLETE },
	{ "handle_level_irq", .kind = EV_IRQ_FLOW, .witness = SHADOW, .grade = COMPLETE },
	/* kernel/irq/chip.c: with callers in the file. mask_irq() and unmask_irq() do nothing where the state agrees.
	 */
	{ "irq_startup", .kind = EV_IRQ_STARTUP, .witness = SHADOW, .grade = PARTIAL },
	{ "irq_shutdown", .kind = EV_IRQ_SHUTDOWN, .witness = SHADOW, .grade = PARTIAL },
	{ "irq_enable", .kind = EV_IRQ_ENABLE, .witness = SHADOW, .grade = PARTIAL },
	{ "mask_irq", .kind = EV_IRQ_MASK, .witness = INTENT, .grade = PARTIAL },
	{ "unmask_irq", .kind = EV_IRQ_UNMASK, .witness = INTENT, .grade = PARTIAL },

	/* kernel/irq/migration.c: called from its own file. */
	{ "irq_move_masked_irq", .kind = EV_IRQ_MOVE, .witness = SHADOW, .grade = PARTIAL },
	/* kernel/irq/resend.c: called from other files only. */
	{ "check_irq_resend", .kind = EV_IRQ_RESEND, .witness = INTENT, .grade = COMPLETE },
	/* kernel/irq/spurious.c: called from its own file. */
	{ "__report_bad_irq", .kind = EV_IRQ_SPURIOUS, .witness = SHADOW, .grade = PARTIAL },
	/* kernel/irq/handle.c: flow handler of irqs that nobody set up. Not irq.spurious: nothing is switched off. */
	{ "handle_bad_irq", .kind = EV_HARM_NO_HANDLER, .witness = SHADOW, .grade = COMPLETE },

	/* arch/x86/kernel/apic/vector.c: chip operations; apic_ack_edge() calls apic_ack_irq(). */
	{ "apic_ack_edge", .kind = EV_IRQ_ACK, .witness = SHADOW, .grade = COMPLETE },
	{ "apic_ack_irq", .kind = EV_IRQ_ACK, .witness = SHADOW, .grade = PARTIAL },
	{ "apic_retrigger_irq", .kind = EV_IRQ_RESEND, .witness = SHADOW, .grade = COMPLETE },
	{ "apic_set_affinity", .kind = EV_IRQ_AFFINITY, .witness = SHADOW, .grade = COMPLETE },
	/* arch/x86/kernel/apic/vector.c: called from its own file; the tracepoint stands in it. */
	{ "apic_update_vector", .kind = EV_VECTOR_UPDATE, .witness = SHADOW, .grade = PARTIAL,
	  .tracepoint = "irq_vectors:vector_update" },
	/* The first up to 6.5, the others since. The last returns at once where nothing is to be cleaned up. */
	{ "__send_cleanup_vector", .kind = EV_VECTOR_CLEANUP, .witness = SHADOW, .grade = PARTIAL },
	{ "__vector_schedule_cleanup", .kind = EV_VECTOR_CLEANUP, .witness = SHADOW, .grade = PARTIAL },
	{ "vector_schedule_cleanup", .kind = EV_VECTOR_CLEANUP, .witness = INTENT, .grade = PARTIAL },
	/* arch/x86/kernel/irq.c: its one caller has it inlined where no stack is changed. */
	{ "__common_interrupt", .kind = EV_VECTOR_ARRIVE, .witness = SHADOW, .grade = PARTIAL },
	/* arch/x86/kernel/apic/msi.c: a chip operation. */
	{ "msi_set_affinity", .kind = EV_IRQ_AFFINITY, .witness = SHADOW, .grade = COMPLETE },

	/*
	 * arch/x86/kernel/apic/io_apic.c: chip operations. ioapic_ack_level() masks and unmasks around a move and may
	 * have both inlined, one, or none: a mask whose state has SETAFFINITY_PENDING may end without a record.
	 */
	{ "mask_ioapic_irq", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_NONE },
	{ "unmask_ioapic_irq", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_NONE },
	{ "startup_ioapic_irq", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE, .entry = ROW_ENTRY_NONE },
	{ "ioapic_ack_level", .kind = EV_IRQ_ACK, .witness = SHADOW, .grade = COMPLETE },
	{ "ioapic_ir_ack_level", .kind = EV_IRQ_ACK, .witness = SHADOW, .grade = COMPLETE },
	{ "ioapic_set_affinity", .kind = EV_IRQ_AFFINITY, .witness = SHADOW, .grade = COMPLETE },
	/* Not called through pointers. The first writes an entry that it makes only then: a probe has the old one. */
	{ "ioapic_configure_entry", .kind = EV_IOAPIC_RTE_WRITE, .witness = INTENT, .grade = PARTIAL, .omit = ARG_RTE },
	{ "__ioapic_write_entry", .kind = EV_IOAPIC_RTE_WRITE, .witness = SHADOW, .grade = PARTIAL },
	/* Writes an entry that has nothing but the mask bit. */
	{ "ioapic_mask_entry", .kind = EV_IOAPIC_RTE_WRITE, .witness = SHADOW, .grade = PARTIAL,
	  .constant = { ARG_RTE, 1 << 16 } },
	{ "eoi_ioapic_pin", .kind = EV_IOAPIC_EOI, .witness = SHADOW, .grade = PARTIAL },
	{ "__eoi_ioapic_pin", .kind = EV_IOAPIC_EOI, .witness = SHADOW, .grade = PARTIAL },
	/* The kernel looks only around moves and at its end. The call has the register, the return the value. */
	{ "native_io_apic_read", .kind = EV_IOAPIC_REMOTE_IRR, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_REGISTER },
	{ "native_io_apic_read", true, .kind = EV_IOAPIC_REMOTE_IRR, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_RTE_READ },

	/*
	 * drivers/iommu/intel/irq_remapping.c: chip and domain operations. Their calls see the entry as it was, so that
	 * only returns tell what it is now. A change of affinity may be refused by the vector domain below.
	 */
	{ "intel_ir_set_affinity", .kind = EV_IRTE_WRITE, .witness = INTENT, .grade = COMPLETE,
	  .special = ROW_IRTE_BEFORE },
	{ "intel_ir_set_affinity", true, .kind = EV_IRTE_WRITE, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_IRTE_INTEL },
	{ "intel_irq_remapping_activate", .kind = EV_IRTE_WRITE, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_IRTE_BEFORE },
	{ "intel_irq_remapping_activate", true, .kind = EV_IRTE_WRITE, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_IRTE_INTEL },
	/* Clears the entry. */
	{ "intel_irq_remapping_deactivate", .kind = EV_IRTE_WRITE, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_IRTE_BEFORE, .constant = { ARG_VALUE, 0 } },
	/* drivers/iommu/amd/iommu.c: called from its own file, with the entry to be. */
	{ "modify_irte_ga", .kind = EV_IRTE_WRITE, .witness = SHADOW, .grade = PARTIAL, .special = ROW_IRTE_AMD },

	/*
	 * arch/x86/pci/xen.c: a device's messages in the initial domain, called through a pointer. It asks Xen for a pirq each
	 * and binds that to an irq: xen_bind_pirq_msi_to_irq() in another file, xen_irq_info_pirq_setup() within.
	 */
	{ "xen_initdom_setup_msi_irqs", .kind = EV_XEN_PIRQ_MAP, .witness = INTENT, .grade = COMPLETE,
	  .special = ROW_PIRQ_SETUP, .entry = ROW_ENTRY_NONE },
	{ "xen_initdom_setup_msi_irqs", true, .kind = EV_XEN_PIRQ_MAP, .witness = SHADOW, .grade = PARTIAL,
	  .special = ROW_PIRQ_SETUP, .entry = ROW_ENTRY_NONE },
	{ "xen_bind_pirq_msi_to_irq", .kind = EV_XEN_PIRQ_MAP, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_PIRQ_ASKS, .entry = ROW_ENTRY_NONE },
	{ "xen_bind_pirq_msi_to_irq", true, .kind = EV_XEN_PIRQ_MAP, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_PIRQ_ANSWERS, .entry = ROW_ENTRY_NONE },
	{ "xen_bind_pirq_gsi_to_irq", .kind = EV_XEN_PIRQ_MAP, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_PIRQ_ASKS, .entry = ROW_ENTRY_NONE },
	{ "xen_bind_pirq_gsi_to_irq", true, .kind = EV_XEN_PIRQ_MAP, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_PIRQ_ANSWERS, .entry = ROW_ENTRY_NONE },
	/* drivers/xen/events/events_base.c: called from the other files; Xen may refuse the unmapping, the irq goes all the same. */
	{ "xen_destroy_irq", .kind = EV_XEN_PIRQ_UNMAP, .witness = SHADOW, .grade = COMPLETE },
	/* Called from xen_suspend() alone, in another file. */
	{ "xen_irq_resume", .kind = EV_XEN_EVTCHN_RESUME, .witness = SHADOW, .grade = COMPLETE },
	/*
	 * Chip operations of pirqs; others of the file call eoi_pirq(). Disabling masks the event channel alone, and only
	 * where nothing else has.
	 */
	{ "startup_pirq", .kind = EV_XEN_PIRQ_BIND, .witness = SHADOW, .grade = COMPLETE },
	{ "shutdown_pirq", .kind = EV_XEN_PIRQ_CLOSE, .witness = SHADOW, .grade = COMPLETE },
	{ "eoi_pirq", .kind = EV_XEN_PIRQ_EOI, .witness = SHADOW, .grade = PARTIAL },
	{ "mask_ack_pirq", .kind = EV_XEN_PIRQ_EOI, .witness = SHADOW, .grade = PARTIAL },
	{ "disable_pirq", .kind = EV_XEN_EVTCHN_MASK, .witness = INTENT, .grade = PARTIAL },
	{ "enable_pirq", .kind = EV_XEN_EVTCHN_UNMASK, .witness = INTENT, .grade = PARTIAL },
	{ "disable_dynirq", .kind = EV_XEN_EVTCHN_MASK, .witness = INTENT, .grade = PARTIAL },
	{ "enable_dynirq", .kind = EV_XEN_EVTCHN_UNMASK, .witness = INTENT, .grade = PARTIAL },
	/* Not called through pointers. */
	{ "set_evtchn_to_irq", .kind = EV_XEN_EVTCHN_BIND, .witness = SHADOW, .grade = PARTIAL, .special = ROW_PORT_GIVEN },
	{ "handle_irq_for_port", .kind = EV_XEN_EVTCHN_UPCALL, .witness = SHADOW, .grade = PARTIAL },
	{ "xen_evtchn_do_upcall", .kind = EV_XEN_EVTCHN_UPCALL, .witness = SHADOW, .grade = PARTIAL, .special = ROW_HERE },
	{ "__xen_evtchn_do_upcall", .kind = EV_XEN_EVTCHN_UPCALL, .witness = SHADOW, .grade = PARTIAL, .special = ROW_HERE },
	/* drivers/xen/events/events_fifo.c, events_2l.c: operations of the one ABI that the kernel found. */
	{ "evtchn_fifo_bind_to_cpu", .kind = EV_XEN_EVTCHN_VCPU, .witness = SHADOW, .grade = COMPLETE, .special = ROW_PORT_ABI },
	{ "evtchn_2l_bind_to_cpu", .kind = EV_XEN_EVTCHN_VCPU, .witness = SHADOW, .grade = COMPLETE, .special = ROW_PORT_ABI },
	{ "evtchn_fifo_mask", .kind = EV_XEN_EVTCHN_MASK, .witness = SHADOW, .grade = COMPLETE, .special = ROW_PORT_ABI },
	{ "evtchn_2l_mask", .kind = EV_XEN_EVTCHN_MASK, .witness = SHADOW, .grade = COMPLETE, .special = ROW_PORT_ABI },
	{ "evtchn_fifo_unmask", .kind = EV_XEN_EVTCHN_UNMASK, .witness = SHADOW, .grade = COMPLETE, .special = ROW_PORT_ABI },
	{ "evtchn_2l_unmask", .kind = EV_XEN_EVTCHN_UNMASK, .witness = SHADOW, .grade = COMPLETE, .special = ROW_PORT_ABI },
	{ "evtchn_fifo_clear_pending", .kind = EV_XEN_EVTCHN_CLEAR, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_PORT_ABI },
	{ "evtchn_2l_clear_pending", .kind = EV_XEN_EVTCHN_CLEAR, .witness = SHADOW, .grade = COMPLETE,
	  .special = ROW_PORT_ABI },
	{ 0 },
};

/* Prototypes of Linux 6.1; what is a pointer cannot be followed. */
const struct function_params function_params[] = {
	{ "disable_irq", { { "irq", 4 } } },
	{ "disable_irq_nosync", { { "irq", 4 } } },
	{ "enable_irq", { { "irq", 4 } } },
	{ "free_irq", { { "irq", 4 } } },
	{ "request_threaded_irq", { { "irq", 4 }, { "handler", 8 }, { "thread_fn", 8 }, { "flags", 8 } } },
	{ "__setup_irq", { { "irq", 4 } } },
	{ "irq_set_vcpu_affinity", { { "irq", 4 }, { "info", 8 } } },
	{ "native_io_apic_read", { { "apic", 4 }, { "reg", 4 } } },
	{ "ioapic_mask_entry", { { "apic", 4 }, { "pin", 4 } } },
	{ "__ioapic_write_entry", { { "apic", 4 }, { "pin", 4 }, { "rte", 8 } } },
	{ "__eoi_ioapic_pin", { { "apic", 4 }, { "pin", 4 }, { "vector", 4 } } },
	{ "xen_bind_pirq_msi_to_irq", { { NULL, 8 }, { NULL, 8 }, { "pirq", 4 }, { "nvec", 4 }, { NULL, 8 }, { "domid", 2 } } },
	{ "xen_bind_pirq_gsi_to_irq", { { "gsi", 4 }, { "pirq", 4 } } },
	{ "xen_destroy_irq", { { "irq", 4 } } },
	{ "default_msix_mask_irq", { { NULL, 8 }, { "flag", 4 } } },
	{ "set_evtchn_to_irq", { { "evtchn", 4 }, { "irq", 4 } } },
	{ "handle_irq_for_port", { { "evtchn", 4 } } },
	{ "evtchn_fifo_bind_to_cpu", { { "evtchn", 4 }, { "cpu", 4 } } },
	{ "evtchn_2l_bind_to_cpu", { { "evtchn", 4 }, { "cpu", 4 } } },
	{ "evtchn_fifo_mask", { { "evtchn", 4 } } },
	{ "evtchn_2l_mask", { { "evtchn", 4 } } },
	{ "evtchn_fifo_unmask", { { "evtchn", 4 } } },
	{ "evtchn_2l_unmask", { { "evtchn", 4 } } },
	{ "evtchn_fifo_clear_pending", { { "evtchn", 4 } } },
	{ "evtchn_2l_clear_pending", { { "evtchn", 4 } } },
	{ "modify_irte_ga", { { NULL, 8 }, { "devid", 2 }, { "index", 4 } } },
	{ 0 },
};

/* docs/probe-arguments.md says the same for people; tests/unit/test_ftrace_rows.c holds the two together. */
const struct row_alias row_aliases[] = {
	{ TO_IRQ,		{ "irq" } },
	{ TO_DEV,		{ "dev", "bdf", "pci", "pci_name" } },
	{ TO_BUS,		{ "bus", "bus_nr" } },
	{ TO_DEVFN,		{ "devfn" } },
	{ TO_SEGMENT,		{ "segment", "domain_nr" } },
	{ TO_INDEX,		{ "idx", "entry", "entry_nr", "msi_index", "index" } },
	{ TO_MSIX,		{ "msix", "is_msix" } },
	{ TO_MSI_ATTR,		{ "attr", "msi_attrib" } },
	{ TO_CAN_MASK,		{ "can_mask" } },
	{ TO_HWIRQ,		{ "hwirq" } },
	{ TO_OLD,		{ "old", "msi_mask" } },
	{ TO_CLEAR,		{ "clr", "clear" } },
	{ TO_SET,		{ "set" } },
	{ TO_POS,		{ "pos", "where" } },
	{ TO_APIC,		{ "apic", "ioapic" } },
	{ TO_PIN,		{ "pin" } },
	{ TO_GSI,		{ "gsi" } },
	{ TO_PIRQ,		{ "pirq" } },
	{ TO_PORT,		{ "evtchn", "port" } },
	{ TO_DOMAIN,		{ "domid", "domain" } },
	{ TO_W1,		{ "w1" } },
	{ TO_W2,		{ "w2" } },
	{ TO_REG,		{ "reg" } },
	{ TO_READ,		{ "val", "value", "ret", "retval" } },
	{ TO_PHRASE,		{ "iommu" } },
	{ TO_SUB_HANDLE,	{ "sub", "sub_handle" } },
	{ TO_DEVID,		{ "devid" } },
	{ TO_IRTE_LO,		{ "lo", "irte_lo" } },
	{ TO_IRTE_HI,		{ "hi", "irte_hi" } },
	{ TO_SWITCH,		{ "info", "vcpu_info" } },
	{ TO_FAILED,		{ "ret", "r", "retval" } },
	{ TO_THREAD_FN,		{ "thread_fn", "thread" } },
	{ ARG_STATE,		{ "state", "st" } },
	{ ARG_ISTATE,		{ "istate", "ist" } },
	{ ARG_DEPTH,		{ "depth", "dp" } },
	{ ARG_CTRL,		{ "ctrl", "msix_ctrl" } },
	{ ARG_MASKED,		{ "masked", "flag" } },
	{ ARG_ENABLE,		{ "enable", "on" } },
	{ ARG_ADDR_LO,		{ "addr_lo", "lo", "address_lo" } },
	{ ARG_ADDR_HI,		{ "addr_hi", "hi", "address_hi" } },
	{ ARG_DATA,		{ "data" } },
	{ ARG_CHIP,		{ "chip" } },
	{ ARG_NAME,		{ "name", "devname" } },
	{ ARG_HANDLER,		{ "handler" } },
	{ ARG_FLAGS,		{ "flags", "irqflags", "fl" } },
	{ ARG_RET,		{ "ret", "r", "retval" } },
	{ ARG_CPUMASK,		{ "mask", "cpumask" } },
	{ ARG_FORCE,		{ "force" } },
	{ ARG_VECTOR,		{ "vector", "v", "vec", "newvec" } },
	{ ARG_TARGET_CPU,	{ "cpu", "c", "newcpu" } },
	{ ARG_PREV_VECTOR,	{ "prev_vector", "pv", "oldvec" } },
	{ ARG_PREV_CPU,		{ "prev_cpu", "pc", "oldcpu" } },
	{ ARG_HWIRQ,		{ "hwirq" } },
	{ ARG_UNHANDLED,	{ "unhandled", "irqs_unhandled" } },
	{ ARG_COUNT,		{ "irq_count", "count" } },
	{ ARG_NVEC,		{ "nvec", "maxvec" } },
	{ ARG_RTE,		{ "rte" } },
	{ ARG_VALUE,		{ "val", "value" } },
	{ TO_NONE, { NULL } },
};

/* The one that is asked for, or counts it down: a row shows one kind, or two. */
static bool is_it(unsigned *i, struct reader_shows shows, uint16_t other_kind, struct reader_shows *out)
{
	*out = shows;
	if (!(*i)--)
		return true;
	if (!other_kind)
		return false;
	out->kind = other_kind;
	return !(*i)--;
}

bool rows_show(unsigned i, struct reader_shows *out)
{
	for (const struct tracepoint_row *row = tracepoint_rows; row->name; row++)
		if (is_it(&i, (struct reader_shows){ row->name, row->kind, row->witness, !row->partial, false },
			  row->other_kind, out))
			return true;
	for (const struct second_row *row = second_rows; row->name; row++)
		if (is_it(&i, (struct reader_shows){ row->name, row->kind, row->witness, true, false }, 0, out))
			return true;
	for (const struct function_row *row = function_rows; row->function; row++)
		if (is_it(&i, (struct reader_shows){ row->function, row->kind, row->witness, row->grade == COMPLETE, true },
			  row->other_kind, out))
			return true;
	return false;
}
