/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/rows.h"

#include <stddef.h>

#define SHADOW		WITNESS_SHADOW
#define INTENT		WITNESS_INTENT
#define COMPLETE	SIGNAL_COMPLETE
#define PARTIAL		SIGNAL_PARTIAL
#define MANAGED		.constant = { ARG_MANAGED, 1 }
#define ON		.constant = { ARG_ENABLE, 1 }
#define OFF		.constant = { ARG_ENABLE, 0 }

/*
 * Tracepoints are hit on every path through the code that they stand in: all complete. The kernel records its own
 * doing, hence shadow; only a vector that arrived is the hardware's.
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
	{ "ftrace:print", EV_MARK, SHADOW, .fields = { { "buf", ARG_TEXT } } },
	{ 0 },
};

/* Functions by the file that they are in, Linux 6.1 unless said otherwise. */
const struct function_row function_rows[] = {
	/* drivers/pci/msi: the chip's operations, only called through pointers. */
	{ "pci_msi_mask_irq", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE, .rival = "pci_irq_mask_msix" },
	{ "pci_msi_unmask_irq", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE,
	  .rival = "pci_irq_unmask_msix" },
	/* The same from 6.2 on, for domains of one device. */
	{ "pci_irq_mask_msix", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE, .msix = 1 },
	{ "pci_irq_unmask_msix", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE, .msix = 1 },
	{ "pci_irq_mask_msi", .kind = EV_IRQ_MASK, .witness = SHADOW, .grade = COMPLETE, .msix = -1 },
	{ "pci_irq_unmask_msi", .kind = EV_IRQ_UNMASK, .witness = SHADOW, .grade = COMPLETE, .msix = -1 },
	/* Restoring after a reset calls it from its own file. */
	{ "__pci_write_msi_msg", .kind = EV_PCI_MSIX_ENTRY_WRITE, .msi_kind = EV_PCI_MSI_WRITE, .witness = SHADOW,
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
	/* drivers/pci/pci.c: does nothing where the bit is as asked. The managed variant is in the same file until 6.9.
	 */
	{ "pci_intx", .kind = EV_PCI_INTX_CONTROL, .witness = INTENT, .grade = PARTIAL },

	/* kernel/irq/manage.c: exported, no caller in the file. */
	{ "request_threaded_irq", .kind = EV_IRQ_SETUP, .witness = INTENT, .grade = COMPLETE },
	{ "free_irq", .kind = EV_IRQ_FREE, .witness = INTENT, .grade = COMPLETE },
	{ "disable_irq", .kind = EV_IRQ_DISABLE, .witness = INTENT, .grade = COMPLETE },
	{ "disable_irq_nosync", .kind = EV_IRQ_DISABLE, .witness = INTENT, .grade = COMPLETE },
	/* enable_nmi() is in the same file, for NMIs only. */
	{ "enable_irq", .kind = EV_IRQ_ENABLE, .witness = INTENT, .grade = COMPLETE },
	/* kernel/irq/manage.c: with callers in the file. */
	{ "__setup_irq", .kind = EV_IRQ_SETUP, .witness = INTENT, .grade = PARTIAL },
	{ "__disable_irq", .kind = EV_IRQ_DISABLE, .witness = SHADOW, .grade = PARTIAL },
	{ "__enable_irq", .kind = EV_IRQ_ENABLE, .witness = SHADOW, .grade = PARTIAL },
	{ "irq_set_affinity_locked", .kind = EV_IRQ_AFFINITY, .witness = INTENT, .grade = PARTIAL },
	{ "irq_do_set_affinity", .kind = EV_IRQ_AFFINITY, .witness = SHADOW, .grade = PARTIAL },

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

	/* arch/x86/kernel/apic/vector.c: chip operations; apic_ack_edge() calls apic_ack_irq(). */
	{ "apic_ack_edge", .kind = EV_IRQ_ACK, .witness = SHADOW, .grade = COMPLETE },
	{ "apic_ack_irq", .kind = EV_IRQ_ACK, .witness = SHADOW, .grade = PARTIAL },
	{ "apic_retrigger_irq", .kind = EV_IRQ_RESEND, .witness = SHADOW, .grade = COMPLETE },

	/* drivers/xen/events/events_base.c: chip operations of pirqs; others of the file call eoi_pirq(). */
	{ "startup_pirq", .kind = EV_XEN_PIRQ_BIND, .witness = SHADOW, .grade = COMPLETE },
	{ "shutdown_pirq", .kind = EV_XEN_PIRQ_CLOSE, .witness = SHADOW, .grade = COMPLETE },
	{ "eoi_pirq", .kind = EV_XEN_PIRQ_EOI, .witness = SHADOW, .grade = PARTIAL },
	{ 0 },
};

/* docs/probe-arguments.md says the same for people; test_ftrace_rows holds the two together. */
const struct row_alias row_aliases[] = {
	{ TO_IRQ,		{ "irq" } },
	{ TO_DEV,		{ "dev", "bdf", "pci", "pci_name" } },
	{ TO_INDEX,		{ "idx", "entry", "entry_nr", "msi_index", "index" } },
	{ TO_MSIX,		{ "msix", "is_msix" } },
	{ TO_MSI_ATTR,		{ "attr", "msi_attrib" } },
	{ TO_APIC,		{ "apic", "ioapic" } },
	{ TO_PIN,		{ "pin" } },
	{ TO_THREAD_FN,		{ "thread_fn", "thread" } },
	{ ARG_STATE,		{ "state", "st" } },
	{ ARG_ISTATE,		{ "istate", "ist" } },
	{ ARG_DEPTH,		{ "depth", "dp" } },
	{ ARG_CTRL,		{ "ctrl", "msix_ctrl" } },
	{ ARG_ENABLE,		{ "enable", "on" } },
	{ ARG_ADDR_LO,		{ "addr_lo", "lo", "address_lo" } },
	{ ARG_ADDR_HI,		{ "addr_hi", "hi", "address_hi" } },
	{ ARG_DATA,		{ "data" } },
	{ ARG_CHIP,		{ "chip" } },
	{ ARG_NAME,		{ "name", "devname" } },
	{ ARG_HANDLER,		{ "handler" } },
	{ ARG_FLAGS,		{ "flags", "irqflags", "fl" } },
	{ ARG_RET,		{ "ret", "r" } },
	{ ARG_CPUMASK,		{ "mask", "cpumask" } },
	{ ARG_FORCE,		{ "force" } },
	{ ARG_VECTOR,		{ "vector", "v", "vec" } },
	{ ARG_TARGET_CPU,	{ "cpu", "c" } },
	{ ARG_PREV_VECTOR,	{ "prev_vector", "pv" } },
	{ ARG_PREV_CPU,		{ "prev_cpu", "pc" } },
	{ ARG_HWIRQ,		{ "hwirq" } },
	{ ARG_UNHANDLED,	{ "unhandled", "irqs_unhandled" } },
	{ ARG_COUNT,		{ "irq_count", "count" } },
	{ ARG_NVEC,		{ "nvec", "maxvec" } },
	{ ARG_RTE,		{ "rte" } },
	{ TO_NONE, { NULL } },
};
