/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU's events mean: every row in every form, and what lines lean on that stand in front of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_text.h"
#include "ingest/qemu/decode.h"

static struct strtab *strings;
static unsigned nr_signals, nr_kinds;
static uint64_t nr_counted, nr_kept;

static int count_signal(void *ctx, const struct source_signal *signal)
{
	(void)ctx;
	assert_true(signal->kind > EV_NONE && signal->kind < NR_EVENT_KINDS);
	nr_signals++;
	return 0;
}

static int count_kind(void *ctx, const struct record_kind *rk)
{
	(void)ctx;
	nr_kinds++;
	nr_counted += rk->count;
	nr_kept += rk->kept;
	return 0;
}

static void no_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

static struct diag_sink diag = { .fn = no_diag };
static const struct source_sink sink = { .signal = count_signal, .record_kind = count_kind };

static struct qemu_decoder *new_decoder(void)
{
	const struct reader_host host = { .diag = &diag, .strings = strings, .sink = &sink };
	struct qemu_decoder *dc = qemu_decoder_new("test", &host);

	assert_non_null(dc);
	return dc;
}

static const char *get_string(void *ctx, uint32_t source, str_id id)
{
	(void)ctx;
	(void)source;
	return strtab_get(strings, id);
}

/* Events of one text, ";" between, without times, actors and names of records. */
static const char *decode(struct qemu_decoder *dc, const char *text, int64_t tid)
{
	static char all[8192];
	struct event evs[QEMU_MAX_EVENTS];
	unsigned nr = qemu_decode_text(dc, text, strlen(text), tid, evs);
	size_t len = 0;

	all[0] = 0;
	for (unsigned i = 0; i < nr; i++) {
		char line[4096];
		const char *at;

		assert_int_equal(evs[i].sub, i);
		assert_true(event_valid(&evs[i]));
		evs[i].via = 0;
		event_text_print(line, sizeof(line), &evs[i], get_string, NULL);
		at = strchr(strchr(line, ' ') + 1, ' ') + 1;
		len += snprintf(all + len, sizeof(all) - len, "%s%s", i ? "; " : "", at);
	}
	return all;
}

struct step {
	const char *text, *want;	/* want NULL: no matter */
	int tid;
};

static void run(const struct step *steps, size_t nr)
{
	struct qemu_decoder *dc = new_decoder();

	for (size_t i = 0; i < nr; i++) {
		const char *got = decode(dc, steps[i].text, steps[i].tid);

		if (steps[i].want && strcmp(got, steps[i].want))
			print_error("%s\n", steps[i].text);
		if (steps[i].want)
			assert_string_equal(got, steps[i].want);
	}
	qemu_decoder_free(dc);
}

#define RUN(...) \
	do { \
		static const struct step steps[] = { __VA_ARGS__ }; \
		run(steps, sizeof(steps) / sizeof(*steps)); \
	} while (0)

/* Each alone, in a machine of which nothing is known. */
static void test_rows(void **state)
{
	static const struct step alone[] = {
		{ "ioapic_set_irq vector: 23 level: 1\n", "ioapic.line@hardware pin:0.23 level=1", 0 },
		{ "ioapic_set_irq vector: 0 level: 0", "ioapic.line@hardware pin:0.2 level=0", 0 },
		{ "ioapic_set_irq vector: 24 level: 0", "ioapic.line@hardware level=0", 0 },
		{ "ioapic_set_remote_irr set remote irr for pin 5", "ioapic.remote_irr@hardware pin:0.5 value=0x1", 0 },
		{ "ioapic_clear_remote_irr clear remote irr for pin 5 vector 49", "ioapic.remote_irr@hardware pin:0.5 value=0x0", 0 },
		{ "ioapic_eoi_broadcast EOI broadcast for vector 49", "ioapic.eoi@hardware vector=49", 0 },
		{ "ioapic_eoi_delayed_reassert delayed reassert on EOI broadcast for vector 23",
		  "ioapic.throttle@hardware pin:0.23", 0 },
		{ "ioapic_mem_write ioapic mem write addr 0x0 regsel: 0x0 size 0x4 val 0x26", "", 0 },
		{ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x26 size 0x4 val 0x1a021",
		  "ioapic.rte_write@hardware pin:0.11 rte=0x1a021 mask=0xffffffff", 0 },
		{ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x27 size 0x4 val 0x2000000",
		  "ioapic.rte_write@hardware pin:0.11 rte=0x200000000000000 mask=0xffffffff00000000", 0 },
		/* no entry, no register of that size, no such pin */
		{ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x1 size 0x4 val 0x26", "", 0 },
		{ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x26 size 0x1 val 0x26", "", 0 },
		{ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x40 size 0x4 val 0x26", "", 0 },
		{ "ioapic_mem_write ioapic mem write addr 0x40 regsel: 0x0 size 0x4 val 0x81", "ioapic.eoi@intent vector=129", 0 },
		{ "ioapic_mem_read ioapic mem read addr 0x10 regsel: 0x26 size 0x4 retval 0xe081",
		  "ioapic.rte_read@hardware pin:0.11 rte=0xe081 mask=0xffffffff", 0 },
		{ "ioapic_service: trigger KVM IRQ 11", "kvm.line@shadow gsi:11 level=1", 0 },
		{ "ioapic_update_kvm_routes: update KVM route for IRQ 11: fee02000 8021",
		  "kvm.route_update@shadow kroute:11 addr_lo=0xfee02000 data=0x8021; kvm.route_commit@inferred", 0 },
		{ "apic_deliver_irq dest 3 dest_mode 0 delivery_mode 1 vector 36 trigger_mode 1",
		  "lapic.accept@inferred apic:3 level=1 mode=1 vector=36 apicdest=0x3", 0 },
		{ "apic_deliver_irq dest 1 dest_mode 1 delivery_mode 0 vector 36 trigger_mode 0",
		  "lapic.accept@inferred level=0 mode=0 vector=36", 0 },
		{ "apic_deliver_irq dest 255 dest_mode 0 delivery_mode 0 vector 36 trigger_mode 0",
		  "lapic.accept@inferred level=0 mode=0 vector=36 apicdest=0xff", 0 },
		{ "apic_mem_writel 0xb0 = 0x00000000", "lapic.eoi@hardware", 0 },
		{ "apic_mem_writel 0x300 = 0x000008fd", "lapic.ipi@hardware vector=253 mode=0", 0 },
		{ "apic_mem_writel 0x380 = 0x00000001", "", 0 },
		{ "apic_mem_writel 0x10b0 = 0x00000000", "", 0 },
		{ "apic_register_write register 0x0b = 0x0", "lapic.eoi@hardware", 0 },
		{ "apic_register_write register 0x30 = 0x2000008fd", "lapic.ipi@hardware vector=253 apicdest=0x2 mode=0", 0 },
		{ "pic_set_irq master 0 irq 3 level 1", "pic.irq@hardware pic:1 input=3 level=1", 0 },
		{ "pic_interrupt irq 7 intno 15", "pic.ack@hardware input=7 vector=15", 0 },
		{ "kvm_irqchip_add_msi_route dev N/A vector 0 virq 5", "kvm.route_update@shadow kroute:5", 0 },
		{ "kvm_irqchip_add_msi_route dev virtio-net-pci vector 1 virq 25", "kvm.route_update@shadow kroute:25", 0 },
		{ "kvm_irqchip_update_msi_route Updating MSI route virq=11", "kvm.route_update@shadow kroute:11", 0 },
		{ "kvm_irqchip_release_virq virq 25", "kvm.route_release@shadow kroute:25", 0 },
		{ "kvm_irqchip_commit_routes ", "kvm.route_commit@shadow", 0 },
		{ "kvm_resample_fd_notify gsi 16", "irqfd.resample@shadow gsi:16", 0 },
		{ "kvm_run_exit cpu_index 2, reason 26", "kvm.eoi_exit@hardware vcpu:0.2", 0 },
		{ "kvm_run_exit cpu_index 2, reason 6", "", 0 },
		{ "kvm_vm_ioctl type 0x4008ae6a, arg 0x7f", "kvm.route_commit@hardware", 0 },
		{ "kvm_vm_ioctl type 0xc008ae67, arg (nil)", "kvm.line@inferred", 0 },
		{ "kvm_vm_ioctl type 0x4040ae79, arg 0x7f", "", 0 },
		{ "kvm_x86_fixup_msi_error VT-d failed to remap interrupt for GSI 25", "kvm.route_update@intent kroute:25 ret=-1", 0 },
		{ "x86_gsi_interrupt GSI interrupt #20 level:1", "ioapic.line@hardware gsi:20 level=1", 0 },
		{ "vtd_inv_desc_iec granularity 0x1 index 0x1b mask 0x0", "irte.write@inferred irte:0.27", 0 },
		{ "vtd_inv_desc_iec granularity 0x0 index 0x1b mask 0x0", "", 0 },
		{ "vtd_inv_desc_iec granularity 0x1 index 0x1b mask 0x2", "", 0 },
		{ "pci_cfg_write nvme 01:1f.7 @0x4 <- 0x100407", "pci.command@hardware pci:0000:01:1f.7 value=0x407 mask=0xffff", 0 },
		{ "pci_cfg_write nvme 00:03.0 @0x5 <- 0x4", "pci.command@hardware pci:0000:00:03.0 value=0x400 mask=0xff00", 0 },
		{ "pci_cfg_write nvme 00:20.0 @0x4 <- 0x7", "", 0 },
		{ "pci_cfg_write nvme 00:03.0 @0x3c <- 0x104", "pci.interrupt_line@hardware pci:0000:00:03.0 value=0x4", 0 },
		{ "pci_cfg_write nvme 00:03.0 @0x3d <- 0x4", "", 0 },
		{ "vfio_msix_vector_do_use  (0000:03:00.0) vector 2 used", "vfio.vector_use@shadow vfio:0000:03:00.0[2]", 0 },
		{ "vfio_msix_vector_release  (0000:03:00.0) vector 2 released", "vfio.vector_release@shadow vfio:0000:03:00.0[2]", 0 },
		{ "vfio_msix_vector_do_use  (mdev-1) vector 2 used", "vfio.vector_use@shadow", 0 },
		{ "vfio_msi_interrupt  (0000:03:00.0) vector 2 0xfee01004/0x4025",
		  "vfio.vector_fire@shadow vfio:0000:03:00.0[2] addr_lo=0xfee01004 data=0x4025", 0 },
		{ "vfio_msix_enable  (0000:03:00.0)", "vfio.msix@shadow vfio:0000:03:00.0[0] enable=1", 0 },
		{ "vfio_msix_disable  (0000:03:00.0)", "vfio.msix@shadow vfio:0000:03:00.0[0] enable=0", 0 },
		{ "vfio_msix_pba_enable  (0000:03:00.0)", "vfio.window@shadow vfio:0000:03:00.0[0] enable=1", 0 },
		{ "vfio_msix_pba_disable  (0000:03:00.0)", "vfio.window@shadow vfio:0000:03:00.0[0] enable=0", 0 },
		{ "vfio_intx_interrupt  (0000:03:00.0) Pin A", "vfio.line@shadow vfio:0000:03:00.0[0] level=1", 0 },
		{ "vfio_intx_eoi  (0000:03:00.0) EOI", "vfio.line@shadow vfio:0000:03:00.0[0] level=0", 0 },
		{ "vfio_intx_enable  (0000:03:00.0)", "vfio.intx@shadow vfio:0000:03:00.0[0] enable=1", 0 },
		{ "vfio_intx_disable  (0000:03:00.0)", "vfio.intx@shadow vfio:0000:03:00.0[0] enable=0", 0 },
		{ "vfio_intx_enable_kvm  (0000:03:00.0) KVM INTx accel enabled", "vfio.intx@shadow vfio:0000:03:00.0[0] enable=0", 0 },
		{ "vfio_intx_disable_kvm  (0000:03:00.0) KVM INTx accel disabled", "vfio.intx@shadow vfio:0000:03:00.0[0] enable=1", 0 },
		{ "vfio_intx_update  (0000:03:00.0) IRQ moved 16 -> 17", "", 0 },
		{ "kvm_xen_map_pirq pirq 5 gsi 16", "xen.pirq.map@shadow pirq:0.5 gsi:16", 0 },
		{ "kvm_xen_unmap_pirq pirq 5 gsi 16", "xen.pirq.unmap@shadow pirq:0.5", 0 },
		{ "kvm_xen_bind_pirq pirq 5 port 12", "xen.pirq.bind@shadow pirq:0.5 port:0.12", 0 },
		{ "runstate_set current_run_state 9 (running) new_state 5 (postmigrate)", "lost@shadow", 0 },
		{ "runstate_set current_run_state 9 (running) new_state 4 (paused)", "", 0 },
		{ "resettable_phase_hold_exec obj=0x1(System) method=0", "machine.reset@hardware", 0 },
		{ "resettable_phase_hold_exec obj=0x1(ioapic) method=1", "", 0 },
		/* devices that are nowhere */
		{ "pci_nvme_irq_msix raising MSI-X IRQ vector 2", "", 0 },
		{ "no_such_event 1", "", 0 },
		{ "ioapic_set_irq", "", 0 },
		{ "", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
		run(&alone[i], 1);
}

static void test_entry_halves(void **state)
{
	(void)state;
	RUN({ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3e size 0x4 val 0x1e071",
	      "ioapic.rte_write@hardware pin:0.23 rte=0x1a071 mask=0xffffffff", 0 },
	    { "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3f size 0x4 val 0x2000000",
	      "ioapic.rte_write@hardware pin:0.23 rte=0x20000000001a071 mask=0xffffffffffffffff", 0 },
	    { "ioapic_mem_read ioapic mem read addr 0x10 regsel: 0x3f size 0x4 retval 0x2000000",
	      "ioapic.rte_read@hardware pin:0.23 rte=0x200000000000000 mask=0xffffffff00000000", 0 },
	    { "runstate_set current_run_state 9 (running) new_state 5 (inmigrate)", "lost@shadow", 0 },
	    { "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3e size 0x4 val 0x8071",
	      "ioapic.rte_write@hardware pin:0.23 rte=0x8071 mask=0xffffffff", 0 },
	    { "resettable_phase_hold_exec obj=0x1(System)", "machine.reset@hardware", 0 },
	    { "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3f size 0x4 val 0x1000000",
	      "ioapic.rte_write@hardware pin:0.23 rte=0x100000000010000 mask=0xffffffffffffffff", 0 });
}

/* Lines about pins do not say which of two chips they are about. */
static void test_second_ioapic(void **state)
{
	(void)state;
	RUN({ "ioapic_set_irq vector: 5 level: 1", "ioapic.line@hardware pin:0.5 level=1", 0 },
	    { "memory_region_ops_write cpu 0 mr 0x1 addr 0xfec00000 value 0x10 size 4 name 'ioapic'", "", 0 },
	    { "ioapic_set_irq vector: 5 level: 1", "ioapic.line@hardware pin:0.5 level=1", 0 },
	    { "memory_region_ops_write cpu 0 mr 0x2 addr 0xfec10010 value 0x10 size 4 name 'ioapic'", "", 0 },
	    { "ioapic_set_irq vector: 5 level: 1", "ioapic.line@hardware level=1", 0 },
	    { "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3f size 0x4 val 0x1000000",
	      "ioapic.rte_write@hardware rte=0x100000000000000 mask=0xffffffff00000000", 0 });
}

/* What the call to KVM is about stands in front of it, by the same thread. */
static void test_kvm_lines(void **state)
{
	(void)state;
	RUN({ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3e size 0x4 val 0x8071", NULL, 1 },
	    { "ioapic_set_irq vector: 23 level: 1", NULL, 1 },
	    { "ioapic_set_remote_irr set remote irr for pin 23", NULL, 1 },
	    { "kvm_vm_ioctl type 0xc008ae67, arg 0x7f", "kvm.line@inferred gsi:23 level=1", 1 },
	    { "kvm_vm_ioctl type 0xc008ae67, arg 0x7f", "kvm.line@inferred", 1 },
	    /* edge: up and down; another thread's call is none of it */
	    { "ioapic_set_irq vector: 0 level: 1", NULL, 1 },
	    { "kvm_vm_ioctl type 0x4008ae61, arg 0x7f", "kvm.line@inferred", 2 },
	    { "kvm_vm_ioctl type 0x4008ae61, arg 0x7f", "kvm.line@inferred gsi:2 level=1", 1 },
	    { "kvm_vm_ioctl type 0x4008ae61, arg 0x7f", "kvm.line@inferred gsi:2 level=0", 1 },
	    { "kvm_vm_ioctl type 0x4008ae61, arg 0x7f", "kvm.line@inferred", 1 },
	    /* all in the kernel: the 8259 gets the lower ones too */
	    { "x86_gsi_interrupt GSI interrupt #4 level:1", NULL, 1 },
	    { "kvm_vm_ioctl type 0xc008ae67, arg 0x7f", "kvm.line@inferred gsi:4 level=1", 1 },
	    { "kvm_vm_ioctl type 0xc008ae67, arg 0x7f", "kvm.line@inferred gsi:4 level=1", 1 },
	    { "x86_gsi_interrupt GSI interrupt #20 level:0", NULL, 1 },
	    { "kvm_vm_ioctl type 0xc008ae67, arg 0x7f", "kvm.line@inferred gsi:20 level=0", 1 },
	    { "kvm_vm_ioctl type 0xc008ae67, arg 0x7f", "kvm.line@inferred", 1 });
}

static void test_apic_of_thread(void **state)
{
	(void)state;
	RUN({ "apic_mem_writel 0xb0 = 0x00000000", "lapic.eoi@hardware", 1 },
	    { "kvm_init_vcpu index: 3 id: 3", "", 1 },
	    { "apic_mem_writel 0xb0 = 0x00000000", "lapic.eoi@hardware apic:3", 1 },
	    { "apic_mem_writel 0x310 = 0x02000000", "", 1 },
	    { "apic_mem_writel 0x300 = 0x000000fd", "lapic.ipi@hardware apic:3 vector=253 apicdest=0x2 mode=0", 1 },
	    { "apic_mem_writel 0xb0 = 0x00000000", "lapic.eoi@hardware", 2 });
}

#define TABLE(mr, addr, value) "memory_region_ops_write cpu 0 mr " mr " addr " addr " value " value " size 4 name 'msix-table'"
#define SEND(addr, data) "memory_region_ops_write cpu 0 mr 0x9 addr " addr " value " data " size 4 name 'apic-msi'"
#define ENTRY_1 "msix:0000:00:04.0[1]"

/* The function by its BARs, the entry by the address. */
static void test_table(void **state)
{
	(void)state;
	RUN({ TABLE("0x1", "0xfebe4000", "0xfee01004"), "", 0 },
	    { "pci_cfg_write nvme 00:03.0 @0x10 <- 0xfebe0000", "", 0 },
	    { "pci_cfg_write e1000e 00:04.0 @0x1c <- 0xffffffff", "", 0 },
	    { "pci_cfg_write e1000e 00:04.0 @0x1c <- 0xfebe4000", "", 0 },
	    /* a bridge's window in between is no BAR */
	    { "pci_cfg_write pcie-root-port 00:05.0 @0x20 <- 0xfebe3ff0", "", 0 },
	    { TABLE("0x1", "0xfebe400c", "0x1"), "pci.msix.entry_mask@hardware msix:0000:00:04.0[0] masked=1", 0 },
	    { TABLE("0x1", "0xfebe4010", "0xfee01004"), "", 0 },
	    { TABLE("0x1", "0xfebe4014", "0x0"), "", 0 },
	    { TABLE("0x1", "0xfebe4018", "0x25"),
	      "pci.msix.entry_write@hardware " ENTRY_1 " addr_lo=0xfee01004 addr_hi=0x0 data=0x25", 0 },
	    { TABLE("0x1", "0xfebe401c", "0x0"), "pci.msix.entry_mask@hardware " ENTRY_1 " masked=0", 0 },
	    /* the address alone is told when it counts */
	    { TABLE("0x1", "0xfebe4010", "0xfee02004"), "", 0 },
	    { TABLE("0x1", "0xfebe401c", "0x0"),
	      "pci.msix.entry_write@hardware " ENTRY_1 " addr_lo=0xfee02004 addr_hi=0x0 data=0x25; "
	      "pci.msix.entry_mask@hardware " ENTRY_1 " masked=0", 0 },
	    /* another region, another function */
	    { TABLE("0x2", "0xfebe200c", "0x1"), "pci.msix.entry_mask@hardware msix:0000:00:03.0[0] masked=1", 0 },
	    { TABLE("0x2", "0xfebe203c", "0x1"), "pci.msix.entry_mask@hardware msix:0000:00:03.0[3] masked=1", 0 },
	    /* moved, with a BAR of 64 bits */
	    { "pci_cfg_write nvme 00:03.0 @0x10 <- 0x4", "", 0 },
	    { "pci_cfg_write nvme 00:03.0 @0x14 <- 0x8", "", 0 },
	    { TABLE("0x2", "0x80000201c", "0x0"), "pci.msix.entry_mask@hardware msix:0000:00:03.0[1] masked=0", 0 });
}

/* Where QEMU put a BAR, and where the capability says that the table is. */
static void test_table_by_capability(void **state)
{
	(void)state;
	RUN({ "pci_cfg_read foo 00:06.0 @0x34 -> 0x80", "", 0 },
	    { "pci_cfg_read foo 00:06.0 @0x80 -> 0x9c05", "", 0 },
	    { "pci_cfg_read foo 00:06.0 @0x9c -> 0x11", "", 0 },
	    { "pci_cfg_read foo 00:06.0 @0xa0 -> 0x801", "", 0 },
	    { "pci_update_mappings_add d=0x55 00:06.0 1,0xc0000000+0x4000", "", 0 },
	    { TABLE("0x1", "0xc000081c", "0x1"), "pci.msix.entry_mask@hardware msix:0000:00:06.0[1] masked=1", 0 },
	    /* no msix_write_config here: the control word itself */
	    { "pci_cfg_write foo 00:06.0 @0x9e <- 0xc007", "pci.msix.enable@hardware pci:0000:00:06.0 enable=1 masked=1", 0 },
	    { "pci_cfg_write foo 00:06.0 @0x9f <- 0x80", "pci.msix.enable@hardware pci:0000:00:06.0 enable=1 masked=0", 0 },
	    { "pci_update_mappings_del foo 00:06.0 1,0xc0000000+0x4000", "", 0 },
	    { "pci_update_mappings_add foo 00:06.0 1,0xd0000000+0x4000", "", 0 },
	    { TABLE("0x1", "0xd000080c", "0x0"), "pci.msix.entry_mask@hardware msix:0000:00:06.0[0] masked=0", 0 });
}

static void test_msi_capability(void **state)
{
	(void)state;
	RUN({ "pci_cfg_read ich9-ahci 00:1f.2 @0x34 -> 0x80", "", 0 },
	    { "pci_cfg_read ich9-ahci 00:1f.2 @0x80 -> 0xa805", "", 0 },
	    { "pci_cfg_read ich9-ahci 00:1f.2 @0x82 -> 0x80", "", 0 },
	    { "pci_cfg_write ich9-ahci 00:1f.2 @0x84 <- 0xfee01004", "", 0 },
	    { "pci_cfg_write ich9-ahci 00:1f.2 @0x88 <- 0x0", "", 0 },
	    { "pci_cfg_write ich9-ahci 00:1f.2 @0x8c <- 0x4025",
	      "pci.msi.write@hardware msi:0000:00:1f.2[0] addr_lo=0xfee01004 addr_hi=0x0 data=0x4025", 0 },
	    { "pci_cfg_write ich9-ahci 00:1f.2 @0x82 <- 0x91", "pci.msi.enable@hardware pci:0000:00:1f.2 enable=1 nvec=2", 0 },
	    { "pci_cfg_write ich9-ahci 00:1f.2 @0x90 <- 0x1", "pci.msi.mask@hardware pci:0000:00:1f.2 value=0x1", 0 });
}

static void test_msix_config(void **state)
{
	(void)state;
	RUN({ "msix_write_config dev nvme enabled 1 masked 0", "", 1 },
	    { "pci_cfg_write nvme 00:03.0 @0x42 <- 0xc003", "", 1 },
	    { "pci_cfg_write e1000e 00:04.0 @0xa2 <- 0xc003", "", 2 },
	    { "msix_write_config dev nvme enabled 1 masked 1", "pci.msix.enable@hardware pci:0000:00:03.0 enable=1 masked=1", 1 },
	    { "msix_write_config dev nvme enabled 1 masked 1", "", 2 });
}

/* Messages, by what was going on, or by what they are. */
static void test_messages(void **state)
{
	(void)state;
	RUN({ "pci_cfg_write e1000e 00:04.0 @0x1c <- 0xfebe4000", "", 0 },
	    { TABLE("0x1", "0xfebe4000", "0xfee01004"), "", 0 },
	    { TABLE("0x1", "0xfebe4008", "0x24"), NULL, 0 },
	    { TABLE("0x1", "0xfebe4010", "0xfee01004"), "", 0 },
	    { TABLE("0x1", "0xfebe4018", "0x25"), NULL, 0 },
	    { TABLE("0x1", "0xfebe4020", "0xfee01004"), "", 0 },
	    { TABLE("0x1", "0xfebe4028", "0x25"), NULL, 0 },
	    { SEND("0xfee01004", "0x24"), "pci.msi.send@hardware msix:0000:00:04.0[0] addr_lo=0xfee01004 data=0x24", 0 },
	    { SEND("0xfee01004", "0x26"), "", 0 },
	    /* two have the same message: the one that the device wants to send */
	    { SEND("0xfee01004", "0x25"), "", 0 },
	    { "e1000e_irq_msix_notify_vec MSI-X notify vector 0x1", "device.notify@hardware " ENTRY_1, 0 },
	    { SEND("0xfee01004", "0x25"), "pci.msi.send@hardware " ENTRY_1 " addr_lo=0xfee01004 data=0x25", 0 },
	    { SEND("0xfee01004", "0x25"), "", 0 },
	    /* what is masked sends nothing */
	    { TABLE("0x1", "0xfebe402c", "0x1"), NULL, 0 },
	    { SEND("0xfee01004", "0x25"), "pci.msi.send@hardware " ENTRY_1 " addr_lo=0xfee01004 data=0x25", 0 },
	    /* a notification that is held back does not own the thread's next message */
	    { "e1000e_irq_msix_notify_vec MSI-X notify vector 0x2", "device.notify@hardware msix:0000:00:04.0[2]", 0 },
	    { SEND("0xfee01004", "0x24"), "pci.msi.send@hardware msix:0000:00:04.0[0] addr_lo=0xfee01004 data=0x24", 0 },
	    /* registers of the local APIC are no messages; that to APIC 0 is one */
	    { SEND("0xfee000b0", "0x0"), "", 0 },
	    { TABLE("0x1", "0xfebe4000", "0xfee00000"), "", 0 },
	    { TABLE("0x1", "0xfebe4008", "0x30"), NULL, 0 },
	    { SEND("0xfee00000", "0x30"), "pci.msi.send@hardware msix:0000:00:04.0[0] addr_lo=0xfee00000 data=0x30", 0 });
}

/* A table whose BARs nobody saw: the message of the entry that a device wants to send tells whose it is. */
static void test_table_by_message(void **state)
{
	(void)state;
	RUN({ "pci_cfg_write e1000e 00:04.0 @0x4 <- 0x507", NULL, 0 },
	    { TABLE("0x1", "0xfebe4000", "0xfee01004"), "", 0 },
	    { TABLE("0x1", "0xfebe4008", "0x24"), "", 0 },
	    { TABLE("0x1", "0xfebe400c", "0x0"), "", 0 },
	    { TABLE("0x1", "0xfebe4010", "0xfee01004"), "", 0 },
	    { TABLE("0x1", "0xfebe4018", "0x25"), "", 0 },
	    { TABLE("0x1", "0xfebe401c", "0x0"), "", 0 },
	    { TABLE("0x1", "0xfebe4020", "0xfee01004"), "", 0 },
	    /* the same message in another table: it could be either's */
	    { TABLE("0x2", "0xfebe8000", "0xfee01004"), "", 0 },
	    { TABLE("0x2", "0xfebe8008", "0x24"), "", 0 },
	    { "e1000e_irq_msix_notify_vec MSI-X notify vector 0x0", "device.notify@hardware msix:0000:00:04.0[0]", 0 },
	    { SEND("0xfee01004", "0x24"), "", 0 },
	    /* another message than that of the entry */
	    { "e1000e_irq_msix_notify_vec MSI-X notify vector 0x1", "device.notify@hardware " ENTRY_1, 0 },
	    { SEND("0xfee01004", "0x26"), "", 0 },
	    /* without a device's wish it is nobody's */
	    { SEND("0xfee01004", "0x25"), "", 0 },
	    { "e1000e_irq_msix_notify_vec MSI-X notify vector 0x1", "device.notify@hardware " ENTRY_1, 0 },
	    { SEND("0xfee01004", "0x25"),
	      "pci.msix.entry_write@hardware " ENTRY_1 " addr_lo=0xfee01004 data=0x25; "
	      "pci.msix.entry_mask@hardware " ENTRY_1 " masked=0; "
	      "pci.msi.send@hardware " ENTRY_1 " addr_lo=0xfee01004 data=0x25", 0 },
	    { TABLE("0x1", "0xfebe401c", "0x1"), "pci.msix.entry_mask@hardware " ENTRY_1 " masked=1", 0 },
	    /* what was written before counts with the next write */
	    { TABLE("0x1", "0xfebe400c", "0x1"),
	      "pci.msix.entry_write@hardware msix:0000:00:04.0[0] addr_lo=0xfee01004 data=0x24; "
	      "pci.msix.entry_mask@hardware msix:0000:00:04.0[0] masked=1", 0 },
	    { TABLE("0x1", "0xfebe400c", "0x0"), "pci.msix.entry_mask@hardware msix:0000:00:04.0[0] masked=0", 0 },
	    /* BARs of others do not move it; where it is elsewhere, nothing is known of it */
	    { "pci_cfg_write nvme 00:03.0 @0x10 <- 0xfebe4000", "", 0 },
	    { TABLE("0x1", "0xfebe400c", "0x1"), "pci.msix.entry_mask@hardware msix:0000:00:04.0[0] masked=1", 0 },
	    { TABLE("0x1", "0xe000000c", "0x1"), "", 0 });
}

static void test_pin_messages(void **state)
{
	(void)state;
	RUN({ "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3e size 0x4 val 0x8871", NULL, 0 },
	    { "ioapic_set_remote_irr set remote irr for pin 23", NULL, 0 },
	    /* half of the entry is not known */
	    { SEND("0xfee02004", "0x8071"), "", 0 },
	    { "ioapic_mem_write ioapic mem write addr 0x10 regsel: 0x3f size 0x4 val 0x2000000", NULL, 0 },
	    { "ioapic_set_remote_irr set remote irr for pin 23", NULL, 0 },
	    { SEND("0xfee02004", "0x8071"), "ioapic.deliver@hardware pin:0.23 vector=113 apicdest=0x2 level=1 mode=0", 0 },
	    { SEND("0xfee02004", "0x8071"), "", 0 },
	    { "ioapic_set_remote_irr set remote irr for pin 23", NULL, 0 },
	    { SEND("0xfee02004", "0x8072"), "", 0 });
}

/* A device that there is twice is named by nothing. */
static void test_devices(void **state)
{
	(void)state;
	RUN({ "pci_cfg_write nvme 00:03.0 @0x4 <- 0x7", NULL, 0 },
	    { "pci_cfg_write e1000e 00:04.0 @0x4 <- 0x7", NULL, 0 },
	    { "pci_cfg_write megasas-gen2 00:05.0 @0x4 <- 0x7", NULL, 0 },
	    { "pci_cfg_write pvscsi 00:06.0 @0x4 <- 0x7", NULL, 0 },
	    { "pci_cfg_write mptsas1068 00:07.0 @0x4 <- 0x7", NULL, 0 },
	    { "pci_nvme_irq_msix raising MSI-X IRQ vector 2", "device.notify@hardware msix:0000:00:03.0[2]", 0 },
	    { "nvme_irq_msix raising MSI-X IRQ vector 2", "device.notify@hardware msix:0000:00:03.0[2]", 0 },
	    { "pci_nvme_irq_pin pulsing IRQ pin", "device.notify@hardware pci:0000:00:03.0", 0 },
	    { "e1000e_irq_msi_notify MSI notify 0x4", "device.notify@hardware msi:0000:00:04.0[0]", 0 },
	    { "e1000e_irq_legacy_notify IRQ line state: 1", "pci.intx.line@hardware intx:0000:00:04.0 level=1", 0 },
	    { "megasas_msix_raise vector 3", "device.notify@hardware msix:0000:00:05.0[3]", 0 },
	    { "megasas_msi_raise vector 0", "device.notify@hardware msi:0000:00:05.0[0]", 0 },
	    { "megasas_irq_raise INTx", "pci.intx.line@hardware intx:0000:00:05.0 level=1", 0 },
	    { "megasas_irq_lower INTx", "pci.intx.line@hardware intx:0000:00:05.0 level=0", 0 },
	    { "pvscsi_update_irq_level interrupt level set to 1 (MASK: 0x1, STATUS: 0x1)",
	      "pci.intx.line@hardware intx:0000:00:06.0 level=1", 0 },
	    { "pvscsi_update_irq_msi sending MSI notification", "device.notify@hardware msi:0000:00:06.0[0]", 0 },
	    { "mptsas_irq_intx dev 0x5555 level 1", "pci.intx.line@hardware intx:0000:00:07.0 level=1", 0 },
	    { "mptsas_irq_msi dev 0x5555 ", "device.notify@hardware msi:0000:00:07.0[0]", 0 },
	    { "kvm_xen_unmask_pirq pirq 5 dev nvme vector 2", "pci.msix.entry_mask@hardware msix:0000:00:03.0[2] masked=0", 0 },
	    { "pci_cfg_write nvme 00:08.0 @0x4 <- 0x7", NULL, 0 },
	    { "pci_nvme_irq_msix raising MSI-X IRQ vector 2", "", 0 });
}

static void test_pending_bits(void **state)
{
	(void)state;
	RUN({ "pci_cfg_write e1000e 00:04.0 @0x1c <- 0xfebe4000", "", 0 },
	    { "memory_region_ops_read cpu 0 mr 0x5 addr 0xfebe4800 value 0x5 size 8 name 'msix-pba'",
	      "pci.msix.pending@hardware msix:0000:00:04.0[0] value=0x1; pci.msix.pending@hardware msix:0000:00:04.0[2] value=0x1", 0 },
	    { "memory_region_ops_read cpu 0 mr 0x5 addr 0xfebe4800 value 0x5 size 8 name 'msix-pba'", "", 0 },
	    { "memory_region_ops_read cpu 0 mr 0x5 addr 0xfebe4800 value 0x4 size 4 name 'msix-pba'",
	      "pci.msix.pending@hardware msix:0000:00:04.0[0] value=0x0", 0 });
}

static void test_counts(void **state)
{
	struct qemu_decoder *dc = new_decoder();

	(void)state;
	nr_signals = nr_kinds = 0;
	nr_counted = nr_kept = 0;
	qemu_decoder_tell_signals(dc, &sink, MACHINE_OWN);
	assert_true(nr_signals > 50);
	decode(dc, "ioapic_set_irq vector: 1 level: 1", 1);
	decode(dc, "kvm_run_exit cpu_index 0, reason 2", 1);
	for (unsigned i = 0; i < 2000; i++) {
		char name[64];

		snprintf(name, sizeof(name), "other_event_%u", i);
		qemu_count_other(dc, (struct qemu_text){ name, strlen(name) }, false, 1);
		qemu_count_other(dc, (struct qemu_text){ "common_one", 10 }, false, 1);
	}
	qemu_decoder_end(dc);
	assert_int_equal(nr_counted, 4002);
	assert_int_equal(nr_kept, 1);
	assert_true(nr_kinds <= 2 + 512 + 1);
	qemu_decoder_free(dc);
}

/* Each row can be told from others, and its fields are those of its form. */
/* What is only counted must be known in its form, too: between a console's bytes nothing else tells where it stands. */
static void test_counted_forms(void **state)
{
	static const struct { const char *name, *args; } texts[] = {
		{ "vtd_ir_enable", "enable 1" }, { "vtd_ir_irte_get", "index 27 low 0x4 high 0x100000310005" },
		{ "vtd_ir_remap", "index 27 trigger 1 vector 49 deliver 0 dest 0x1 mode 0" }, { "vtd_ir_remap_type", "IOAPIC" },
		{ "vtd_ir_remap_msi", "(addr 0xfee00378, data 0x0) -> (addr 0xfee01004, data 0x31)" },
		{ "vtd_ir_remap_msi_req", "addr 0xfee00378 data 0x0" },
		{ "vtd_warn_ir_vector", "sid 0xf0ff index 27 vec 49 (should be: 50)" },
		{ "vtd_warn_ir_trigger", "sid 0xf0ff index 27 trigger 1 (should be: 0)" },
		{ "vtd_irq_generate", "addr 0xfee00000 data 0x31" }, { "vtd_dmar_fault", "sid 0x18 fault 6 addr 0x1000 write 1" },
		{ "kvm_x86_update_msi_routes", "Updated 5 MSI routes" }, { "kvm_ioctl", "type 0xae01, arg (nil)" },
		{ "kvm_create_vcpu", "index: 1, id: 1, kvm fd: 12" },
		{ "kvm_set_ioeventfd_mmio", "fd: 30 @0xfebd5000 val=0x0 assign: 1 size: 2 match: 0" },
		{ "kvm_cpu_exec", "" }, { "cpu_set_apic_base", "0x00000000fee00900" }, { "apic_report_irq_delivered", "coalescing 1" },
		{ "kvm_reset_irq_delivered", "old coalescing 1" }, { "apic_get_irq_delivered", "returning coalescing 0" },
		{ "vfio_msix_early_setup", "0000:03:00.0 PCI MSI-X CAP @0x70, BAR 3, offset 0x0, entries 10" },
		{ "vfio_msix_early_setup", "0000:03:00.0 PCI MSI-X CAP @0x70, BAR 3, offset 0x0, entries 10, noresize 1" },
		{ "vfio_pci_read_config", " (0000:03:00.0, @0x4, len=0x2) 0x6" }, { "vfio_pci_write_config", " (0000:03:00.0, @0x4, 0x6, len=0x2)" },
		{ "vfio_region_write", " (0000:03:00.0:region3+0xc, 0x1, 4)" }, { "vfio_region_read", " (0000:03:00.0:region3+0xc, 4) = 0x1" },
		{ "vfio_pci_load_rom", "Device '0000:03:00.0' ROM: size: 0x1, offset: 0x2, flags: 0x3" },
		{ "vfio_pci_load_rom", "Device 0000:03:00.0 ROM:" }, { "kvm_xen_get_free_pirq", "pirq 16 type 1" },
		{ "kvm_xen_hypercall", "xen_hypercall: cpu 0 cpl 0 input 32 a0 0x4 a1 0x7f a2 0x0 ret 0x0" },
		{ "kvm_xen_set_vcpu_callback", "callback vcpu 1 vector 243" }, { "apic_mem_readl", "0x20 = 0x00000000" },
		{ "apic_register_read", "register 0x02 = 0x0" }, { "pic_update_irq", "master 1 imr 251 irr 1 padd 0" },
		{ "virtio_mmio_write_offset", "virtio_mmio_write offset 0x50 value 0x0" }, { "vfio_intx_update", " (0000:03:00.0) IRQ moved 16 -> 17" },
	};
	struct qemu_names *names = qemu_names_new();

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const struct qemu_row *row = qemu_names_find(names, texts[i].name, strlen(texts[i].name));
		struct qemu_record rec = { 0 };

		if (!row || !qemu_match_args(row, texts[i].args, strlen(texts[i].args), &rec))
			fail_msg("%s %s", texts[i].name, texts[i].args);
		assert_int_equal(rec.row->special, QS_COUNTED);
	}
	qemu_names_free(names);
}

static void test_table_of_rows(void **state)
{
	(void)state;
	for (const struct qemu_row *row = qemu_rows; row->name; row++) {
		unsigned nr = 0;

		assert_true(strlen(row->name) >= QEMU_MIN_NAME && strlen(row->name) < QEMU_MAX_NAME);
		while (qemu_field_type(row, nr))
			nr++;
		assert_int_equal(nr, qemu_nr_fields(row));
		assert_true(row->special == QS_COUNTED || row->tells[0].kind || row->special == QS_CFG_READ ||
			    row->special == QS_BAR_SET || row->special == QS_BAR_CLEARED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_entry_halves),
		cmocka_unit_test(test_second_ioapic),
		cmocka_unit_test(test_kvm_lines),
		cmocka_unit_test(test_apic_of_thread),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_by_capability),
		cmocka_unit_test(test_msi_capability),
		cmocka_unit_test(test_msix_config),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_table_by_message),
		cmocka_unit_test(test_pin_messages),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_pending_bits),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_counted_forms),
		cmocka_unit_test(test_table_of_rows),
	};

	strings = strtab_new();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
