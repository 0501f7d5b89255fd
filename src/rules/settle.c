/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/settle.h"

#include <string.h>

#define PROBE(what) "echo '" what "' >> /sys/kernel/tracing/kprobe_events; trace-cmd record -e irqpath"
#define CALL_AND_RETURN(call, ret) \
	"echo '" call "' >> /sys/kernel/tracing/kprobe_events; " \
	"echo '" ret "' >> /sys/kernel/tracing/kprobe_events; trace-cmd record -e irqpath"
#define PCI_ARGS "dev=+0(+208($arg1)):string"
#define DESC_ARGS "irq=+44($arg1):u32 state=+0($arg1):x32 istate=+124($arg1):x32 depth=+128($arg1):u32"
#define DATA_ARGS "irq=+4($arg1):u32 state=+0(+16($arg1)):x32"
#define MSI_ARGS DATA_ARGS " idx=+72(+16(+16($arg1))):u16 ctrl=+80(+16(+16($arg1))):x32" \
	" dev=+0(+0(+8(+16(+16($arg1))))):string"
#define PIN_ARGS DATA_ARGS " pin=+20(+0(+48($arg1))):s32 apic=+16(+0(+48($arg1))):s32 rte=+16(+48($arg1)):x64"
#define QEMU(event) "run QEMU with -msg timestamp=on -D qemu.log -trace " event
#define XENTRACE "xentrace -D -e 0x00802000 xentrace.bin (HW_IRQ)"

/* What a way of recording proves at most; rows of one kind stand in the order in which they are to be recommended. */
static const struct settle_row {
	enum event_kind kind;
	enum witness witness;
	const char *how;
} settle_rows[] = {
	{ EV_IRQ_ENTER, WITNESS_SHADOW, "trace-cmd record -e irq:irq_handler_entry -e irq:irq_handler_exit" },
	{ EV_IRQ_EXIT, WITNESS_SHADOW, "trace-cmd record -e irq:irq_handler_entry -e irq:irq_handler_exit" },
	{ EV_IRQ_STARTUP, WITNESS_SHADOW, PROBE("p:irqpath/irq_startup irq_startup " DESC_ARGS) },
	{ EV_IRQ_SHUTDOWN, WITNESS_SHADOW, PROBE("p:irqpath/irq_shutdown irq_shutdown " DESC_ARGS) },
	{ EV_IRQ_SETUP, WITNESS_SHADOW,
	  PROBE("p:irqpath/setup_irq __setup_irq irq=$arg1:u32 flags=+60($arg3):x32 name=+0(+80($arg3)):string") },
	{ EV_IRQ_SETUP_RESULT, WITNESS_SHADOW,
	  CALL_AND_RETURN("p:irqpath/setup_irq __setup_irq irq=$arg1:u32",
			  "r:irqpath/setup_irq_ret __setup_irq ret=$retval:s32") },
	{ EV_IRQ_FREE, WITNESS_SHADOW, PROBE("p:irqpath/free_irq free_irq irq=$arg1:u32") },
	{ EV_IRQ_ENABLE, WITNESS_SHADOW, PROBE("p:irqpath/irq_enable irq_enable " DESC_ARGS) },
	{ EV_IRQ_DISABLE, WITNESS_SHADOW, PROBE("p:irqpath/irq_disable irq_disable " DESC_ARGS) },
	{ EV_IRQ_MASK, WITNESS_SHADOW,
	  PROBE("p:irqpath/msi_mask pci_msi_mask_irq " MSI_ARGS) " (IO-APIC pins: mask_ioapic_irq)" },
	{ EV_IRQ_UNMASK, WITNESS_SHADOW,
	  PROBE("p:irqpath/msi_unmask pci_msi_unmask_irq " MSI_ARGS) " (IO-APIC pins: unmask_ioapic_irq)" },
	{ EV_IRQ_AFFINITY, WITNESS_SHADOW,
	  PROBE("p:irqpath/do_set_affinity irq_do_set_affinity " DATA_ARGS " mask=+0($arg2):x64") },
	{ EV_IRQ_FLOW, WITNESS_SHADOW,
	  PROBE("p:irqpath/flow_edge handle_edge_irq " DESC_ARGS) " (levels: handle_fasteoi_irq)" },
	{ EV_IRQ_ACK, WITNESS_SHADOW,
	  PROBE("p:irqpath/apic_ack_edge apic_ack_edge " DATA_ARGS) " (levels: ioapic_ack_level)" },
	{ EV_IRQ_MOVE, WITNESS_SHADOW, PROBE("p:irqpath/move_masked irq_move_masked_irq " DATA_ARGS) },
	{ EV_IRQ_RESEND, WITNESS_SHADOW, PROBE("p:irqpath/apic_retrigger apic_retrigger_irq " DATA_ARGS) },
	{ EV_IRQ_RESEND, WITNESS_INTENT, PROBE("p:irqpath/resend check_irq_resend " DESC_ARGS) },
	{ EV_IRQ_SPURIOUS, WITNESS_SHADOW, PROBE("p:irqpath/report_bad_irq __report_bad_irq " DESC_ARGS) },
	{ EV_IRQ_THREAD_DONE, WITNESS_SHADOW, PROBE("p:irqpath/unmask_threaded unmask_threaded_irq " DESC_ARGS) },
	{ EV_PCI_MSIX_ENTRY_MASK, WITNESS_HARDWARE,
	  "while it is silent, read bit 0 of the entry's vector control in the device (BAR + table offset + "
	  "16 * entry + 12, both from lspci -vv); under Xen, xl debug-keys M; in a QEMU guest, "
	  QEMU("memory_region_ops_write") " (region 'msix-table')" },
	{ EV_PCI_MSIX_ENTRY_WRITE, WITNESS_HARDWARE,
	  QEMU("memory_region_ops_write") " (writes of the region 'msix-table')" },
	{ EV_PCI_MSIX_ENTRY_WRITE, WITNESS_SHADOW,
	  PROBE("p:irqpath/msi_write_msg __pci_write_msi_msg irq=+0($arg1):u32 idx=+72($arg1):u16 ctrl=+80($arg1):x32 "
		"addr_lo=+0($arg2):x32 addr_hi=+4($arg2):x32 data=+8($arg2):x32 dev=+0(+0(+8($arg1))):string") },
	{ EV_PCI_MSI_WRITE, WITNESS_SHADOW,
	  PROBE("p:irqpath/msi_write_msg __pci_write_msi_msg irq=+0($arg1):u32 idx=+72($arg1):u16 ctrl=+80($arg1):x32 "
		"addr_lo=+0($arg2):x32 addr_hi=+4($arg2):x32 data=+8($arg2):x32 dev=+0(+0(+8($arg1))):string") },
	{ EV_PCI_MSI_MASK, WITNESS_SHADOW,
	  PROBE("p:irqpath/msimask pci_msi_update_mask irq=+0($arg1):u32 old=+80($arg1):x32 clr=$arg2:x32 "
		"set=$arg3:x32 attr=+84($arg1):x8 dev=+0(+0(+8($arg1))):string") },
	{ EV_PCI_MSI_MASK, WITNESS_HARDWARE,
	  "while it is silent, lspci -vv -s BDF (the line Masking of its MSI capability); in a QEMU guest, "
	  QEMU("pci_cfg_write") },
	{ EV_PCI_MSIX_ENABLE, WITNESS_SHADOW,
	  CALL_AND_RETURN("p:irqpath/msix_enable __pci_enable_msix_range " PCI_ARGS,
			  "r:irqpath/msix_enable_ret __pci_enable_msix_range ret=$retval:s32") },
	{ EV_PCI_MSIX_ENABLE, WITNESS_HARDWARE, QEMU("msix_write_config") },
	{ EV_PCI_MSIX_ENABLE, WITNESS_INTENT,
	  PROBE("p:irqpath/msix_enable __pci_enable_msix_range " PCI_ARGS) },
	{ EV_PCI_MSI_ENABLE, WITNESS_SHADOW,
	  CALL_AND_RETURN("p:irqpath/msi_enable __pci_enable_msi_range " PCI_ARGS,
			  "r:irqpath/msi_enable_ret __pci_enable_msi_range ret=$retval:s32") },
	{ EV_PCI_MSI_ENABLE, WITNESS_INTENT,
	  PROBE("p:irqpath/msi_enable __pci_enable_msi_range " PCI_ARGS) },
	{ EV_PCI_COMMAND, WITNESS_SHADOW,
	  PROBE("p:irqpath/cfgw pci_bus_write_config_word bus=+216($arg1):u8 devfn=$arg2:x8 pos=$arg3:x16 "
		"val=$arg4:x32") },
	{ EV_PCI_COMMAND, WITNESS_HARDWARE, QEMU("pci_cfg_write") },
	{ EV_PCI_RESET, WITNESS_SHADOW, PROBE("p:irqpath/flr pcie_flr " PCI_ARGS) },
	{ EV_PCI_RESTORE, WITNESS_INTENT, PROBE("p:irqpath/msi_restore pci_restore_msi_state " PCI_ARGS) },
	{ EV_HARM_TIMEOUT, WITNESS_SHADOW, "trace-cmd record -e printk:console" },
	{ EV_SNAPSHOT_FIELD, WITNESS_HARDWARE,
	  "while it is stuck, lspci -vv -s BDF (function mask), a dump of the MSI-X table, or under Xen "
	  "`xl debug-keys M; xl dmesg`" },
	{ EV_DEVICE_NOTIFY, WITNESS_HARDWARE, QEMU("'*_irq_msix*'") " (the device's own events)" },
	{ EV_VECTOR_ALLOC, WITNESS_SHADOW, "trace-cmd record -e irq_vectors" },
	{ EV_VECTOR_UPDATE, WITNESS_SHADOW, "trace-cmd record -e irq_vectors" },
	{ EV_VECTOR_CONFIG, WITNESS_SHADOW, "trace-cmd record -e irq_vectors" },
	{ EV_VECTOR_FREE_MOVED, WITNESS_SHADOW, "trace-cmd record -e irq_vectors" },
	{ EV_VECTOR_TEARDOWN, WITNESS_SHADOW, "trace-cmd record -e irq_vectors" },
	{ EV_VECTOR_MATRIX, WITNESS_SHADOW, "trace-cmd record -e irq_matrix" },
	{ EV_CPU_OFFLINE, WITNESS_SHADOW, "trace-cmd record -e irq_matrix -e cpuhp" },
	{ EV_LAPIC_DELIVER, WITNESS_HARDWARE, "trace-cmd record -e irq_vectors:spurious_apic_entry" },
	{ EV_IRTE_WRITE, WITNESS_SHADOW,
	  PROBE("p:irqpath/ir_affinity intel_ir_set_affinity irq=+4($arg1):u32 idx=+8(+48($arg1)):u16")
	  " (and r:irqpath/ir_affinity_ret intel_ir_set_affinity ret=$retval:s32; AMD: modify_irte_ga)" },
	{ EV_IOAPIC_RTE_WRITE, WITNESS_HARDWARE, QEMU("ioapic_mem_write") },
	{ EV_IOAPIC_RTE_WRITE, WITNESS_SHADOW,
	  PROBE("p:irqpath/ioapic_write_rte __ioapic_write_entry apic=$arg1:s32 pin=$arg2:s32 rte=$arg3:x64") },
	{ EV_IOAPIC_LINE, WITNESS_HARDWARE,
	  QEMU("ioapic_set_irq") ", or on a KVM host trace-cmd record -e kvm:kvm_ioapic_set_irq" },
	{ EV_IOAPIC_REMOTE_IRR, WITNESS_HARDWARE, QEMU("'ioapic_*_remote_irr'") },
	{ EV_IOAPIC_EOI, WITNESS_HARDWARE,
	  QEMU("'ioapic_eoi*'") ", or on a KVM host trace-cmd record -e kvm:kvm_ack_irq" },
	{ EV_KVM_ROUTE_UPDATE, WITNESS_SHADOW, QEMU("kvm_irqchip_update_msi_route") },
	{ EV_KVM_ROUTE_COMMIT, WITNESS_SHADOW, QEMU("kvm_irqchip_commit_routes") },
	{ EV_KVM_LINE, WITNESS_INFERRED, QEMU("kvm_vm_ioctl") },
	{ EV_KVM_PIN, WITNESS_HARDWARE,
	  "on a KVM host trace-cmd record -e kvm:kvm_set_irq -e kvm:kvm_apic_accept_irq -e kvm:kvm_ioapic_set_irq" },
	{ EV_KVM_ACK, WITNESS_HARDWARE, "on a KVM host trace-cmd record -e kvm:kvm_ack_irq" },
	{ EV_KVM_ACCEPT, WITNESS_HARDWARE,
	  "on a KVM host trace-cmd record -e kvm:kvm_set_irq -e kvm:kvm_msi_set_irq -e kvm:kvm_apic_accept_irq" },
	{ EV_KVM_EOI_EXIT, WITNESS_HARDWARE, "on a KVM host trace-cmd record -e kvm:kvm_eoi -e kvm:kvm_userspace_exit" },
	{ EV_LAPIC_EOI, WITNESS_HARDWARE, "on a KVM host trace-cmd record -e kvm:kvm_eoi -e kvm:kvm_pv_eoi" },
	{ EV_LAPIC_ACCEPT, WITNESS_HARDWARE, "on a KVM host trace-cmd record -e kvm:kvm_apic_accept_irq" },
	{ EV_XEN_PIRQ_BIND, WITNESS_SHADOW, PROBE("p:irqpath/startup_pirq startup_pirq irq=+4($arg1):u32") },
	{ EV_XEN_PIRQ_EOI, WITNESS_SHADOW, PROBE("p:irqpath/eoi_pirq eoi_pirq irq=+4($arg1):u32") },
	{ EV_TOOLSTACK_ERROR, WITNESS_SHADOW, "write what the toolstack's log says of it as irqpath-events text (irqpath help events)" },
	{ EV_XEN_IRQ_HANDLED, WITNESS_SHADOW, XENTRACE },
	{ EV_XEN_IRQ_ASSIGN, WITNESS_SHADOW, XENTRACE },
	{ EV_XEN_IRQ_CLEAR, WITNESS_SHADOW, XENTRACE },
	{ EV_XEN_IRQ_UNMAPPED, WITNESS_HARDWARE, XENTRACE },
	{ EV_XEN_MMIO_WRITE, WITNESS_HARDWARE, "xentrace -D -e 0x00082000 xentrace.bin (HVM handlers)" },
};

const char *settle_signal(struct rule_signal sig)
{
	for (size_t i = 0; i < sizeof(settle_rows) / sizeof(*settle_rows); i++)
		if (settle_rows[i].kind == sig.kind && (int)settle_rows[i].witness >= sig.witness)
			return settle_rows[i].how;
	return NULL;
}

static bool was_told(const char *how, const struct rule_signal *sig, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++) {
		const char *other = settle_signal(sig[i]);

		if (other && !strcmp(other, how))
			return true;
	}
	return false;
}

char *settle_any(char *buf, size_t len, const struct rule_signal *sig, unsigned nr)
{
	char name[RULE_SIGNAL_MAX];
	unsigned told = 0;
	size_t at = 0;

	buf[0] = 0;
	for (unsigned i = 0; i < nr && told < SETTLE_MAX_SIGNALS && at < len; i++) {
		const char *how = settle_signal(sig[i]);

		if (!how || was_told(how, sig, i))
			continue;
		rule_signal_print(name, sizeof(name), sig[i]);
		at += (size_t)snprintf(buf + at, len - at, "%s%s: %s", told++ ? "; or " : "record ", name, how);
	}
	for (unsigned i = 0; i < nr && !told && at < len; i++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s", i ? " or " : "record ",
				       rule_signal_print(name, sizeof(name), sig[i]));
	return buf;
}
