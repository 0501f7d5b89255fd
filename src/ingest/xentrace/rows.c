/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/xentrace/rows.h"

#include <stddef.h>

#include "ingest/source.h"

#define SHADOW		WITNESS_SHADOW
#define INTENT		WITNESS_INTENT
#define HARDWARE	WITNESS_HARDWARE
#define COMPLETE	SIGNAL_COMPLETE
#define PARTIAL		SIGNAL_PARTIAL
#define WIDE		0x100	/* the same with a 64-bit address */
#define NESTED		0x400

#define COUNTED(id_, variants_, name_) { .id = id_, .variants = variants_, .name = name_ }
#define EVENT(id_, variants_, name_, kind_, witness_, grade_, ...) \
	{ .id = id_, .variants = variants_, .name = name_, .kind = kind_, .witness = witness_, .grade = grade_, __VA_ARGS__ }

/*
 * Xen records its own doing, hence shadow; only a vector that arrived or is seen in the IRR is the hardware's. What a
 * guest does to its virtual platform, which is Xen, is hardware to it. Complete: the record stands on every path;
 * fast paths, APICv and posted interrupts pass by the partial ones.
 */
const struct xen_row xen_rows[] = {
	EVENT(ID_LOST_RECORDS, 0, "LOST_RECORDS", EV_LOST, SHADOW, COMPLETE, .special = XEN_LOST),
	COUNTED(ID_WRAP_BUFFER, 0, "WRAP_BUFFER"),
	COUNTED(ID_CPU_CHANGE, 0, "CPU_CHANGE"),
	COUNTED(0x1f004, 0, "TRACE_IRQ"),	/* Xen 4.0 and 4.1: irq or vector, it does not say which */

	/* xen/arch/x86/irq.c */
	EVENT(0x802001, 0, "IRQ_MOVE_CLEANUP_DELAY", EV_XEN_IRQ_MOVE_DELAY, HARDWARE, COMPLETE,
	  .fields = { TO_XIRQ, ARG_VECTOR, ARG_TARGET_CPU }, .nr_fields = 3),
	EVENT(0x802002, 0, "IRQ_MOVE_CLEANUP", EV_XEN_IRQ_MOVE_CLEANUP, SHADOW, COMPLETE,
	  .fields = { TO_XIRQ, ARG_VECTOR, ARG_TARGET_CPU }, .nr_fields = 3),
	EVENT(0x802003, 0, "IRQ_BIND_VECTOR", EV_XEN_IRQ_BIND, SHADOW, COMPLETE, .special = XEN_VECTOR_SET),
	EVENT(0x802004, 0, "IRQ_CLEAR_VECTOR", EV_XEN_IRQ_CLEAR, SHADOW, COMPLETE, .special = XEN_VECTOR_SET),
	EVENT(0x802005, 0, "IRQ_MOVE_FINISH", EV_XEN_IRQ_MOVE_FINISH, SHADOW, COMPLETE,
	  .fields = { TO_XIRQ, ARG_VECTOR, ARG_TARGET_CPU }, .nr_fields = 3),
	EVENT(0x802006, 0, "IRQ_ASSIGN_VECTOR", EV_XEN_IRQ_ASSIGN, SHADOW, COMPLETE, .special = XEN_VECTOR_SET),
	EVENT(0x802007, 0, "IRQ_UNMAPPED_VECTOR", EV_XEN_IRQ_UNMAPPED, HARDWARE, COMPLETE,
	  .fields = { TO_VECTOR_HERE }, .nr_fields = 1),
	EVENT(ID_IRQ_HANDLED, 0, "IRQ_HANDLED", EV_XEN_IRQ_HANDLED, SHADOW, COMPLETE,
	  .fields = { TO_XIRQ }, .nr_fields = 3),

	/* Power management: an IRR is read where a CPU leaves idleness. */
	COUNTED(0x801002, 0, "PM_IDLE_ENTRY"),
	EVENT(0x801003, 0, "PM_IDLE_EXIT", EV_XEN_VECTOR_PENDING, HARDWARE, PARTIAL, .special = XEN_IDLE_EXIT),
	COUNTED(0x801000, 0xfff, "HW_PM"),

	/* PV guests */
	EVENT(0x201001, WIDE, "PV_HYPERCALL", EV_XEN_HYPERCALL, INTENT, COMPLETE, .special = XEN_OLD_HYPERCALL, .vcpu = true),
	EVENT(0x201003, WIDE, "PV_TRAP", EV_XEN_TRAP, SHADOW, COMPLETE, .special = XEN_TRAP, .only_all = true, .vcpu = true),
	COUNTED(0x201004, WIDE, "PV_PAGE_FAULT"),
	COUNTED(0x201005, WIDE, "PV_FORCED_INVALID_OP"),
	COUNTED(0x201006, WIDE, "PV_EMULATE_PRIVOP"),
	COUNTED(0x201007, WIDE, "PV_EMULATE_4GB"),
	COUNTED(0x201008, WIDE, "PV_MATH_STATE_RESTORE"),
	COUNTED(0x201009, WIDE, "PV_PAGING_FIXUP"),
	COUNTED(0x20100a, WIDE, "PV_GDT_LDT_MAPPING_FAULT"),
	COUNTED(0x20100b, WIDE, "PV_PTWR_EMULATION"),
	COUNTED(0x20100c, WIDE, "PV_PTWR_EMULATION_PAE"),
	EVENT(0x20100d, 0, "PV_HYPERCALL_V2", EV_XEN_HYPERCALL, INTENT, COMPLETE, .special = XEN_HYPERCALL, .vcpu = true),
	EVENT(0x20200e, 0, "PV_HYPERCALL_SUBCALL", EV_XEN_HYPERCALL, INTENT, COMPLETE, .special = XEN_HYPERCALL, .vcpu = true),

	/* HVM and PVH guests: exits and entries. Until 4.18 AMD shared the exit's id with Intel. */
	EVENT(0x81001, NESTED, "HVM_VMENTRY", EV_XEN_HVM_ENTER, SHADOW, COMPLETE, .only_all = true, .vcpu = true),
	EVENT(0x81002, WIDE | NESTED, "HVM_VMX_EXIT", EV_XEN_HVM_EXIT, HARDWARE, COMPLETE, .special = XEN_EXIT, .only_all = true,
	  .vcpu = true),
	EVENT(0x81003, WIDE | NESTED, "HVM_SVM_EXIT", EV_XEN_HVM_EXIT, HARDWARE, COMPLETE, .special = XEN_EXIT, .only_all = true,
	  .vcpu = true),

	/* Their handlers. Virtual interrupt delivery of APICv injects without a record. */
	COUNTED(0x82001, WIDE, "HVM_PF_XEN"),
	COUNTED(0x82002, WIDE, "HVM_PF_INJECT"),
	COUNTED(0x82003, 0, "HVM_INJ_EXC"),
	EVENT(0x82004, 0, "HVM_INJ_VIRQ", EV_XEN_HVM_INJECT, HARDWARE, PARTIAL, .vcpu = true,
	  .fields = { TO_GUEST_VECTOR }, .nr_fields = 2),
	EVENT(0x82005, 0, "HVM_REINJ_VIRQ", EV_XEN_HVM_INJECT, HARDWARE, PARTIAL, .vcpu = true,
	  .fields = { TO_GUEST_VECTOR }, .nr_fields = 1),
	COUNTED(0x82006, 0, "HVM_IO_READ"),
	COUNTED(0x82007, 0, "HVM_IO_WRITE"),
	COUNTED(0x82008, WIDE, "HVM_CR_READ"),
	COUNTED(0x82009, WIDE, "HVM_CR_WRITE"),
	COUNTED(0x8200a, 0, "HVM_DR_READ"),
	COUNTED(0x8200b, 0, "HVM_DR_WRITE"),
	COUNTED(0x8200c, 0, "HVM_MSR_READ"),
	EVENT(0x8200d, 0, "HVM_MSR_WRITE", EV_XEN_HVM_EOI, HARDWARE, PARTIAL, .special = XEN_MSR, .vcpu = true),
	COUNTED(0x8200e, 0, "HVM_CPUID"),
	EVENT(0x8200f, 0, "HVM_INTR", EV_XEN_VECTOR_ARRIVE, HARDWARE, PARTIAL, .special = XEN_ARRIVAL, .vcpu = true),
	COUNTED(0x82010, 0, "HVM_NMI"),
	COUNTED(0x82011, 0, "HVM_SMI"),
	EVENT(0x82012, 0, "HVM_VMMCALL", EV_XEN_HYPERCALL, INTENT, COMPLETE, .special = XEN_VMMCALL, .vcpu = true),
	EVENT(0x82013, 0, "HVM_HLT", EV_XEN_HVM_HALT, SHADOW, COMPLETE, .special = XEN_HALT, .vcpu = true),
	COUNTED(0x82014, WIDE, "HVM_INVLPG"),
	COUNTED(0x82015, 0, "HVM_MCE"),
	EVENT(0x82016, 0, "HVM_IOPORT_READ", EV_XEN_PORT_READ, HARDWARE, COMPLETE, .special = XEN_PORT, .only_all = true, .vcpu = true),
	EVENT(0x82216, 0, "HVM_IOPORT_WRITE", EV_XEN_PORT_WRITE, HARDWARE, COMPLETE, .special = XEN_PORT, .vcpu = true),
	EVENT(0x82017, WIDE, "HVM_IOMEM_READ", EV_XEN_MMIO_READ, HARDWARE, PARTIAL, .special = XEN_MMIO, .only_all = true, .vcpu = true),
	EVENT(0x82217, WIDE, "HVM_IOMEM_WRITE", EV_XEN_MMIO_WRITE, HARDWARE, PARTIAL, .special = XEN_MMIO, .vcpu = true),
	COUNTED(0x82018, 0, "HVM_CLTS"),
	COUNTED(0x82019, WIDE, "HVM_LMSW"),
	EVENT(0x8201a, 0, "HVM_RDTSC", EV_XEN_TSC_READ, HARDWARE, PARTIAL, .special = XEN_TSC, .vcpu = true),
	/* repeated at every exit while an interrupt waits */
	EVENT(0x82020, 0, "HVM_INTR_WINDOW", EV_XEN_HVM_WINDOW, HARDWARE, PARTIAL, .special = XEN_WINDOW, .only_all = true,
	      .vcpu = true),
	COUNTED(0x82021, 0, "HVM_NPF"),
	COUNTED(0x82022, 0, "HVM_REALMODE_EMULATE"),
	COUNTED(0x82023, 0, "HVM_TRAP"),
	COUNTED(0x82024, 0, "HVM_TRAP_DEBUG"),
	EVENT(0x82025, 0, "HVM_VLAPIC", EV_XEN_HVM_EOI, HARDWARE, PARTIAL, .vcpu = true),
	EVENT(0x8400b, 0, "HVM_EMUL_PIC_INT_OUTPUT", EV_PIC_IRQ, HARDWARE, COMPLETE, .special = XEN_PIC_OUTPUT),
	COUNTED(0x84000, 0xfff, "HVM_EMUL"),

	/* Who runs where. What switches say, runstates say with reasons. */
	EVENT(0x21001, 0xff0, "RUNSTATE_CHANGE", EV_SCHED_VCPU_RUNS, SHADOW, COMPLETE, .special = XEN_RUNSTATE),
	EVENT(0x21002, 0, "CONTINUE_RUNNING", EV_SCHED_VCPU_RUNS, SHADOW, COMPLETE, .special = XEN_RUNS_ON),
	COUNTED(0x22000, 0xfff, "SCHED_CLASS"),
	EVENT(0x28001, 0, "DOM_ADD", EV_XEN_DOMAIN_CREATE, SHADOW, COMPLETE, .fields = { ARG_DOMAIN }, .nr_fields = 1),
	EVENT(0x28002, 0, "DOM_REM", EV_XEN_DOMAIN_DESTROY, SHADOW, COMPLETE, .fields = { ARG_DOMAIN }, .nr_fields = 1),
	EVENT(0x28003, 0, "SLEEP", EV_SCHED_VCPU_STOPS, INTENT, COMPLETE, .special = XEN_SCHED, .only_all = true),
	EVENT(0x28004, 0, "WAKE", EV_SCHED_VCPU_WAKES, INTENT, COMPLETE, .special = XEN_SCHED, .only_all = true),
	COUNTED(0x28005, 0, "YIELD"),
	EVENT(0x28006, 0, "BLOCK", EV_SCHED_VCPU_STOPS, INTENT, COMPLETE, .special = XEN_SCHED, .only_all = true),
	COUNTED(0x28007, 0, "SHUTDOWN"),
	EVENT(0x2800a, 0, "SWITCH", EV_SCHED_VCPU_RUNS, SHADOW, COMPLETE, .special = XEN_SWITCH, .only_all = true),
	COUNTED(0x2800e, 0, "SWITCH_INFPREV"),
	COUNTED(0x2800f, 0, "SWITCH_INFNEXT"),
	COUNTED(0x28011, 0, "SWITCH_INFCONT"),
	COUNTED(0x28000, 0xfff, "SCHED_VERBOSE"),
	EVENT(0x41001, 0, "DOM0_DOM_ADD", EV_XEN_DOMAIN_CREATE, SHADOW, COMPLETE, .fields = { ARG_DOMAIN }, .nr_fields = 1),
	EVENT(0x41002, 0, "DOM0_DOM_REM", EV_XEN_DOMAIN_DESTROY, SHADOW, COMPLETE, .fields = { ARG_DOMAIN }, .nr_fields = 1),

	COUNTED(0x10f000, 0xfff, "MEM"),
	COUNTED(0x40f000, 0xfff, "SHADOW"),
	/* HVMOP_xentrace: whatever a guest wants to say. */
	EVENT(0x800f000, 0xfff, "GUEST", EV_MARK, INTENT, COMPLETE, .special = XEN_GUEST),
	{ 0 },
};

const struct xen_row *xen_row(uint32_t header)
{
	uint32_t id = header & 0x0fffffff;

	for (const struct xen_row *row = xen_rows; row->name; row++)
		if ((id & ~row->variants) == row->id)
			return row;
	return NULL;
}

static const char *const hypercalls[] = {
	"set_trap_table", "mmu_update", "set_gdt", "stack_switch", "set_callbacks", "fpu_taskswitch", "sched_op_compat",
	"platform_op", "set_debugreg", "get_debugreg", "update_descriptor", NULL, "memory_op", "multicall",
	"update_va_mapping", "set_timer_op", "event_channel_op_compat", "xen_version", "console_io", "physdev_op_compat",
	"grant_table_op", "vm_assist", "update_va_mapping_otherdomain", "iret", "vcpu_op", "set_segment_base", "mmuext_op",
	"xsm_op", "nmi_op", "sched_op", "callback_op", "xenoprof_op", "event_channel_op", "physdev_op", "hvm_op", "sysctl",
	"domctl", "kexec_op", "tmem_op", "argo_op", "xenpmu_op", "dm_op", "hypfs_op",
};

const char *xen_hypercall_name(uint32_t number)
{
	return number < sizeof(hypercalls) / sizeof(hypercalls[0]) ? hypercalls[number] : NULL;
}

/* Event channels, pirqs and GSIs, callbacks and MSI injection, passthrough; sub-operations are not recorded. */
bool xen_hypercall_matters(uint32_t number)
{
	enum { EVTCHN_COMPAT = 16, PHYSDEV_COMPAT = 19, CALLBACK = 30, EVTCHN = 32, PHYSDEV, HVM, DOMCTL = 36, DM = 41 };

	return number == EVTCHN_COMPAT || number == PHYSDEV_COMPAT || number == CALLBACK || number == EVTCHN ||
	       number == PHYSDEV || number == HVM || number == DOMCTL || number == DM;
}
