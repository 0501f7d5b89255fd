/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event vocabulary, once. The enums, the text form (docs/events.md), the SQL names and the documentation are all
 * generated from these lists; nothing else in the tree spells an event's or an argument's name.
 */
#ifndef IRQPATH_CORE_EVENT_TABLE_H
#define IRQPATH_CORE_EVENT_TABLE_H

/* X(SYMBOL, "name", "what it is") */
#define LAYER_LIST(X) \
	X(DEVICE,     "device",     "the function that raises the interrupt") \
	X(PLATFORM,   "platform",   "interrupt controllers: hardware, or QEMU/KVM as hardware") \
	X(HYPERVISOR, "hypervisor", "Xen, or KVM as host of a guest") \
	X(KERNEL,     "kernel",     "interrupt core, chips and domains") \
	X(DRIVER,     "driver",     "the device's driver") \
	X(USER,       "user",       "toolstack and other processes")

/* What a record proves. The order is that of strength. */
#define WITNESS_LIST(X) \
	X(INFERRED, "inferred", "follows from other records") \
	X(INTENT,   "intent",   "somebody asked; the call may do nothing or fail") \
	X(SHADOW,   "shadow",   "software's own copy changed") \
	X(HARDWARE, "hardware", "the register itself")

/* X(SYMBOL, "name", TYPE, "unit and meaning"); TYPE: U unsigned decimal, S signed decimal, X hexadecimal, STR string */
#define ARG_LIST(X) \
	X(STATE,        "state",        X,   "IRQD_* state word before the function acts") \
	X(ISTATE,       "istate",       X,   "IRQS_* internal state word") \
	X(DEPTH,        "depth",        U,   "disable depth") \
	X(CTRL,         "ctrl",         X,   "cached MSI-X vector control (bit 0: masked) before the function acts") \
	X(MASKED,       "masked",       U,   "1 masked, 0 unmasked") \
	X(ENABLE,       "enable",       U,   "1 on, 0 off") \
	X(ADDR_LO,      "addr_lo",      X,   "MSI address, low 32 bits") \
	X(ADDR_HI,      "addr_hi",      X,   "MSI address, high 32 bits") \
	X(DATA,         "data",         X,   "MSI data") \
	X(CHIP,         "chip",         STR, "irq chip") \
	X(NAME,         "name",         STR, "action, driver or device name") \
	X(HANDLER,      "handler",      STR, "handler function") \
	X(THREADED,     "threaded",     U,   "1: the action has a thread function") \
	X(FLAGS,        "flags",        X,   "IRQF_* or operation flags") \
	X(RET,          "ret",          S,   "return value") \
	X(CPUMASK,      "cpumask",      X,   "CPU mask, low 64 CPUs") \
	X(FORCE,        "force",        U,   "1: offline CPUs allowed") \
	X(VECTOR,       "vector",       U,   "vector") \
	X(TARGET_CPU,   "target_cpu",   U,   "logical CPU that the vector belongs to") \
	X(PREV_VECTOR,  "prev_vector",  U,   "vector before, 0: none") \
	X(PREV_CPU,     "prev_cpu",     U,   "logical CPU before") \
	X(APICDEST,     "apicdest",     X,   "destination APIC id") \
	X(RESERVED,     "reserved",     U,   "1: a global reservation was consumed or kept") \
	X(MANAGED,      "managed",      U,   "managed irq, or count of managed bits") \
	X(CAN_RESERVE,  "can_reserve",  U,   "1: the irq may park on vector 239") \
	X(LEGACY,       "legacy",       U,   "1: ISA irq that was active") \
	X(OP,           "op",           STR, "operation") \
	X(BIT,          "bit",          U,   "bit of the vector matrix") \
	X(AVAILABLE,    "available",    U,   "vectors available on the CPU afterwards") \
	X(ALLOCATED,    "allocated",    U,   "vectors allocated on the CPU afterwards") \
	X(GLOBAL_AVAILABLE, "global_available", U, "vectors available on all CPUs afterwards") \
	X(GLOBAL_RESERVED,  "global_reserved",  U, "vectors reserved on all CPUs afterwards") \
	X(TOTAL_ALLOCATED,  "total_allocated",  U, "vectors allocated on all CPUs afterwards") \
	X(HWIRQ,        "hwirq",        X,   "number in the irq's domain") \
	X(UNHANDLED,    "unhandled",    U,   "interrupts in a row that no action claimed") \
	X(LEVEL,        "level",        U,   "line level, or 1 for level triggered") \
	X(LINE_SOURCE,  "line_source",  U,   "who drives the line: 0 user space, 1 a resampled irqfd, more: others") \
	X(POLARITY,     "polarity",     U,   "1 active low") \
	X(RTE,          "rte",          X,   "redirection entry") \
	X(MODE,         "mode",         U,   "delivery mode") \
	X(INPUT,        "input",        U,   "input of the controller") \
	X(COALESCED,    "coalesced",    U,   "1: merged with one that was pending") \
	X(VALUE,        "value",        X,   "value") \
	X(MASK,         "mask",         X,   "bits of the value that are covered, or known") \
	X(FIELD,        "field",        STR, "field of the object") \
	X(REG,          "reg",          X,   "register") \
	X(COUNT,        "count",        U,   "how many, 0: unknown") \
	X(NVEC,         "nvec",         U,   "vectors asked for") \
	X(ADDR,         "addr",         X,   "address of a guest's memory, or of a port") \
	X(DOMAIN,       "domain",       U,   "Xen's number of a domain") \
	X(ONE, "arg_one",           X,   "first argument of a hypercall") \
	X(TWO, "arg_two",           X,   "second argument") \
	X(THREE, "arg_three",           X,   "third argument") \
	X(FOUR, "arg_four",           X,   "fourth argument") \
	X(FIVE, "arg_five",           X,   "fifth argument") \
	X(SIX, "arg_six",           X,   "sixth argument") \
	X(TEXT,         "text",         STR, "text as recorded") \
	X(REASON,       "reason",       STR, "why")

/* X(SYMBOL, "kind", "what an identity looks like", "what it is") */
#define OBJECT_LIST(X) \
	X(PCI,    "pci",    "pci:0000:03:00.0",     "PCI function") \
	X(MSIX,   "msix",   "msix:0000:03:00.0[2]", "entry of a function's MSI-X table") \
	X(MSI,    "msi",    "msi:0000:03:00.0[0]",  "message of a function's MSI capability") \
	X(INTX,   "intx",   "intx:0000:06:00.0",    "INTx pin of a function") \
	X(PIN,    "pin",    "pin:0.23",             "pin of an IO-APIC") \
	X(GSI,    "gsi",    "gsi:23",               "global system interrupt") \
	X(IRTE,   "irte",   "irte:0.27",            "entry of an interrupt remapping table") \
	X(APIC,   "apic",   "apic:1",               "local APIC") \
	X(PIC,    "pic",    "pic:0",                "8259") \
	X(CPU,    "cpu",    "cpu:1",                "CPU") \
	X(IRQ,    "irq",    "irq:29",               "Linux irq") \
	X(VECTOR, "vector", "vector:2.0x31",        "vector on a CPU") \
	X(XIRQ,   "xirq",   "xirq:27",              "Xen irq") \
	X(PIRQ,   "pirq",   "pirq:0.412",           "pirq of a domain") \
	X(PORT,   "port",   "port:0.12",            "event channel of a domain") \
	X(VPIN,   "vpin",   "vpin:0.22",            "pin of a domain's virtual IO-APIC") \
	X(DPCI,   "dpci",   "dpci:1.40",            "passthrough binding of a domain") \
	X(PEOI,   "peoi",   "peoi:1",               "Xen's stack of pending EOIs of a CPU") \
	X(VCPU,   "vcpu",   "vcpu:1.0",             "virtual CPU of a domain") \
	X(KROUTE, "kroute", "kroute:23",            "GSI route of KVM") \
	X(IRQFD,  "irqfd",  "irqfd:7",              "irqfd") \
	X(VFIO,   "vfio",   "vfio:0000:03:00.0[2]", "VFIO vector") \
	X(MACHINE, "machine", "machine:0",          "a machine as a whole, in records of another that name none of its parts")

/*
 * X(SYMBOL, "layer.object.verb", LAYER, (object kinds it may carry), (arguments), "what happened")
 * An empty list is (NONE).
 */
#define EVENT_LIST(X) \
	X(LOST, "lost", KERNEL, (CPU), (COUNT), "records were lost before this point") \
	X(MARK, "mark", USER, (NONE), (TEXT), "text that user space wrote into the trace") \
	X(PCI_COMMAND, "pci.command", DEVICE, (PCI), (VALUE, MASK), "PCI command register written") \
	X(PCI_RESET, "pci.reset", DEVICE, (PCI), (REASON), "function reset") \
	X(PCI_RESTORE, "pci.restore", DEVICE, (PCI), (RET), "saved MSI and MSI-X state being written back") \
	X(PCI_POWER, "pci.power", DEVICE, (PCI), (VALUE), "power state changed") \
	X(PCI_ASSIGN, "pci.assign", USER, (PCI, GSI), (NAME), "function given to a driver or domain") \
	X(PCI_INTERRUPT_LINE, "pci.interrupt_line", DEVICE, (PCI), (VALUE), "interrupt line register written: software's own note") \
	X(PCI_INTX_CONTROL, "pci.intx.control", DEVICE, (PCI), (ENABLE), "INTx disable bit written") \
	X(PCI_MSIX_ENABLE, "pci.msix.enable", DEVICE, (PCI), (ENABLE, MASKED, NVEC, RET), \
	  "MSI-X enable and function mask written, or asked for") \
	X(PCI_MSIX_ENTRY_WRITE, "pci.msix.entry_write", DEVICE, (MSIX, IRQ), (ADDR_LO, ADDR_HI, DATA, CTRL), \
	  "message of a table entry written") \
	X(PCI_MSIX_ENTRY_MASK, "pci.msix.entry_mask", DEVICE, (MSIX), (MASKED), \
	  "vector control of a table entry written") \
	X(PCI_MSIX_PENDING, "pci.msix.pending", DEVICE, (MSIX), (VALUE), "pending bit changed") \
	X(PCI_MSI_ENABLE, "pci.msi.enable", DEVICE, (PCI), (ENABLE, NVEC, RET), "MSI enable written, or asked for") \
	X(PCI_MSI_WRITE, "pci.msi.write", DEVICE, (MSI, IRQ), (ADDR_LO, ADDR_HI, DATA, CTRL), "MSI message written") \
	X(PCI_MSI_MASK, "pci.msi.mask", DEVICE, (MSI, IRQ, PCI), (VALUE, MASK, CTRL), "MSI mask bits written") \
	X(PCI_MSI_SEND, "pci.msi.send", DEVICE, (MSIX, MSI), (ADDR_LO, ADDR_HI, DATA), "message left the device") \
	X(PCI_INTX_LINE, "pci.intx.line", DEVICE, (INTX), (LEVEL), "INTx pin driven") \
	X(DEVICE_NOTIFY, "device.notify", DEVICE, (PCI, MSIX, MSI), (NONE), "the device wants to interrupt") \
	X(IOAPIC_LINE, "ioapic.line", PLATFORM, (PIN, GSI), (LEVEL), "input line of a pin") \
	X(IOAPIC_RTE_WRITE, "ioapic.rte_write", PLATFORM, (PIN, IRQ), (RTE, MASK, STATE), "redirection entry written") \
	X(IOAPIC_RTE_READ, "ioapic.rte_read", PLATFORM, (PIN), (RTE, MASK), "redirection entry read back") \
	X(IOAPIC_DELIVER, "ioapic.deliver", PLATFORM, (PIN), (VECTOR, APICDEST, LEVEL, MODE, COALESCED), \
	  "pin sent its message") \
	X(IOAPIC_REMOTE_IRR, "ioapic.remote_irr", PLATFORM, (PIN), (VALUE), "remote IRR changed") \
	X(IOAPIC_EOI, "ioapic.eoi", PLATFORM, (PIN, IRQ, MACHINE), (VECTOR, RTE), "EOI reached the IO-APIC") \
	X(IOAPIC_THROTTLE, "ioapic.throttle", PLATFORM, (PIN), (VECTOR), \
	  "sending again put off: the line was still asserted after very many EOIs in a row") \
	X(PIC_IRQ, "pic.irq", PLATFORM, (PIC), (INPUT, LEVEL), "8259 input or output") \
	X(PIC_ACK, "pic.ack", PLATFORM, (PIC), (INPUT, VECTOR), "8259 gave its vector to the CPU") \
	X(IRTE_WRITE, "irte.write", PLATFORM, (IRTE, IRQ), (VALUE, VECTOR, APICDEST), "remapping entry written") \
	X(LAPIC_ACCEPT, "lapic.accept", PLATFORM, (APIC, VECTOR), (LEVEL, MODE, COALESCED, VECTOR, APICDEST), "IRR set") \
	X(LAPIC_DELIVER, "lapic.deliver", PLATFORM, (APIC, VECTOR), (VECTOR), "vector dispatched to the CPU") \
	X(VECTOR_ARRIVE, "vector.arrive", KERNEL, (VECTOR), (VECTOR), "device vector arrived on a CPU") \
	X(LAPIC_EOI, "lapic.eoi", PLATFORM, (APIC, VECTOR, IRQ), (VECTOR), "EOI register written") \
	X(LAPIC_IPI, "lapic.ipi", PLATFORM, (APIC), (VECTOR, APICDEST, MODE), "IPI sent") \
	X(NMI_ENTER, "nmi.enter", PLATFORM, (CPU), (NONE), "NMI taken") \
	X(CPU_ONLINE, "cpu.online", KERNEL, (CPU), (NONE), "CPU came online") \
	X(CPU_OFFLINE, "cpu.offline", KERNEL, (CPU), (NONE), "CPU went offline") \
	X(MACHINE_SUSPEND, "machine.suspend", KERNEL, (NONE), (ENABLE, REASON), \
	  "irqs being suspended (1) or resumed (0)") \
	X(MACHINE_RESET, "machine.reset", PLATFORM, (MACHINE), (NONE), "platform reset") \
	X(IRQ_SETUP, "irq.setup", KERNEL, (IRQ), (NAME, FLAGS, HANDLER, THREADED), "action being installed") \
	X(IRQ_SETUP_RESULT, "irq.setup_result", KERNEL, (IRQ), (RET), "installing the action returned") \
	X(IRQ_STARTUP, "irq.startup", KERNEL, (IRQ), (STATE, DEPTH, CHIP, HWIRQ), "irq being started") \
	X(IRQ_SHUTDOWN, "irq.shutdown", KERNEL, (IRQ), (STATE, DEPTH, CHIP), "irq being shut down") \
	X(IRQ_FREE, "irq.free", KERNEL, (IRQ), (NONE), "action being removed") \
	X(IRQ_ENABLE, "irq.enable", KERNEL, (IRQ), (STATE, DEPTH), "depth went to 0, or one less is asked for") \
	X(IRQ_DISABLE, "irq.disable", KERNEL, (IRQ), (STATE, DEPTH, ISTATE), \
	  "depth went to 1, or one more is asked for") \
	X(IRQ_MASK, "irq.mask", KERNEL, (IRQ, MSIX, MSI, PIN), (STATE, CTRL, ISTATE, RTE), "chip masks the interrupt") \
	X(IRQ_UNMASK, "irq.unmask", KERNEL, (IRQ, MSIX, MSI, PIN), (STATE, CTRL, ISTATE, RTE), \
	  "chip unmasks the interrupt") \
	X(IRQ_AFFINITY, "irq.affinity", KERNEL, (IRQ), (CPUMASK, FORCE, STATE, VECTOR, TARGET_CPU), \
	  "affinity asked for or being applied") \
	X(IRQ_FLOW, "irq.flow", KERNEL, (IRQ), (STATE, ISTATE, DEPTH), "flow handler entered") \
	X(IRQ_ENTER, "irq.enter", KERNEL, (IRQ), (NAME), "action entered") \
	X(IRQ_EXIT, "irq.exit", KERNEL, (IRQ), (RET), "action returned: 0 none, 1 handled, 2 wake thread") \
	X(IRQ_ACK, "irq.ack", KERNEL, (IRQ, PIN), (VECTOR, TARGET_CPU, PREV_VECTOR, PREV_CPU, STATE, RTE), \
	  "chip acknowledges: EOI to the local APIC") \
	X(IRQ_MOVE, "irq.move", KERNEL, (IRQ), (STATE), "pending affinity being applied with the irq masked") \
	X(IRQ_RESEND, "irq.resend", KERNEL, (IRQ), (STATE), "interrupt sent again by software") \
	X(IRQ_POLL, "irq.poll", KERNEL, (IRQ), (NONE), "spurious irq polled by timer") \
	X(IRQ_SPURIOUS, "irq.spurious", KERNEL, (IRQ), (UNHANDLED, COUNT, RET), \
	  "kernel reports the irq as not handled") \
	X(IRQ_THREAD_WAKE, "irq.thread_wake", KERNEL, (IRQ), (NONE), "irq thread woken") \
	X(IRQ_THREAD_DONE, "irq.thread_done", KERNEL, (IRQ), (STATE), "irq thread finished, line may be unmasked") \
	X(VECTOR_SETUP, "vector.setup", KERNEL, (IRQ), (LEGACY, RET), "irq joins the vector domain") \
	X(VECTOR_RESERVE, "vector.reserve", KERNEL, (IRQ), (MANAGED, RET), "vector reserved, none assigned") \
	X(VECTOR_ACTIVATE, "vector.activate", KERNEL, (IRQ), (MANAGED, CAN_RESERVE, RESERVED), \
	  "vector domain activated") \
	X(VECTOR_ALLOC, "vector.alloc", KERNEL, (IRQ), (VECTOR, RESERVED, MANAGED, RET), "vector allocated") \
	X(VECTOR_UPDATE, "vector.update", KERNEL, (IRQ), (VECTOR, TARGET_CPU, PREV_VECTOR, PREV_CPU), \
	  "target changes") \
	X(VECTOR_CONFIG, "vector.config", KERNEL, (IRQ), (VECTOR, TARGET_CPU, APICDEST), \
	  "target that the message must encode") \
	X(VECTOR_CLEAR, "vector.clear", KERNEL, (IRQ), (VECTOR, TARGET_CPU, PREV_VECTOR, PREV_CPU), \
	  "vector freed at deactivation") \
	X(VECTOR_FREE_MOVED, "vector.free_moved", KERNEL, (IRQ), (VECTOR, TARGET_CPU, MANAGED), \
	  "old vector of a move freed") \
	X(VECTOR_CLEANUP, "vector.cleanup", KERNEL, (IRQ), (VECTOR, TARGET_CPU, PREV_VECTOR, PREV_CPU), \
	  "clean-up of the old vector of a move queued") \
	X(VECTOR_DEACTIVATE, "vector.deactivate", KERNEL, (IRQ), (MANAGED, CAN_RESERVE, RESERVED), \
	  "vector domain deactivated") \
	X(VECTOR_TEARDOWN, "vector.teardown", KERNEL, (IRQ), (MANAGED, RESERVED), \
	  "irq leaves the vector domain; its number may be reused") \
	X(VECTOR_MATRIX, "vector.matrix", KERNEL, (CPU), \
	  (OP, BIT, TARGET_CPU, AVAILABLE, ALLOCATED, MANAGED, GLOBAL_AVAILABLE, GLOBAL_RESERVED, TOTAL_ALLOCATED), \
	  "vector matrix after an operation") \
	X(XEN_PIRQ_MAP, "xen.pirq.map", HYPERVISOR, (PIRQ, IRQ, GSI, MSIX, MSI), (NVEC, RET), \
	  "pirq mapped, or asked for; given to an irq of the domain's kernel") \
	X(XEN_PIRQ_UNMAP, "xen.pirq.unmap", HYPERVISOR, (PIRQ, IRQ), (RET), "pirq unmapped") \
	X(XEN_PIRQ_BIND, "xen.pirq.bind", HYPERVISOR, (PIRQ, PORT, IRQ), (FLAGS, RET), \
	  "pirq bound to an event channel") \
	X(XEN_PIRQ_CLOSE, "xen.pirq.close", HYPERVISOR, (PIRQ, PORT, IRQ), (NONE), "event channel of a pirq closed") \
	X(XEN_PIRQ_EOI, "xen.pirq.eoi", HYPERVISOR, (PIRQ, IRQ), (NONE), "guest's EOI of a pirq") \
	X(XEN_EVTCHN_BIND, "xen.evtchn.bind", HYPERVISOR, (PORT, IRQ), (NONE), \
	  "event channel given to an irq of the domain's kernel; without irq: taken away") \
	X(XEN_EVTCHN_RESUME, "xen.evtchn.resume", HYPERVISOR, (MACHINE), (NONE), \
	  "a kernel goes on in a new domain, or after a suspend: its event channels are gone") \
	X(XEN_EVTCHN_VCPU, "xen.evtchn.vcpu", HYPERVISOR, (PORT, IRQ), (TARGET_CPU), \
	  "event channel bound to a vCPU, which it calls from then on") \
	X(XEN_EVTCHN_MASK, "xen.evtchn.mask", HYPERVISOR, (PORT, IRQ), (NONE), "event channel masked") \
	X(XEN_EVTCHN_UNMASK, "xen.evtchn.unmask", HYPERVISOR, (PORT, IRQ), (NONE), "event channel unmasked") \
	X(XEN_EVTCHN_CLEAR, "xen.evtchn.clear", HYPERVISOR, (PORT, IRQ), (NONE), \
	  "pending bit of an event channel cleared by its guest") \
	X(XEN_EVTCHN_UPCALL, "xen.evtchn.upcall", HYPERVISOR, (PORT, VCPU), (NONE), "event channel upcall") \
	X(XEN_IRQ_ASSIGN, "xen.irq.assign", HYPERVISOR, (XIRQ), (VECTOR, CPUMASK, TARGET_CPU), \
	  "vector assigned to a Xen irq") \
	X(XEN_IRQ_BIND, "xen.irq.bind", HYPERVISOR, (XIRQ), (VECTOR, CPUMASK, TARGET_CPU), "vector bound on CPUs") \
	X(XEN_IRQ_CLEAR, "xen.irq.clear", HYPERVISOR, (XIRQ), (VECTOR, CPUMASK, TARGET_CPU), "vector released") \
	X(XEN_IRQ_HANDLED, "xen.irq.handled", HYPERVISOR, (XIRQ), (VECTOR), "Xen handled an interrupt") \
	X(XEN_IRQ_UNMAPPED, "xen.irq.unmapped", HYPERVISOR, (VECTOR), (VECTOR), "vector without an irq") \
	X(XEN_IRQ_MOVE_FINISH, "xen.irq.move_finish", HYPERVISOR, (XIRQ), (VECTOR, TARGET_CPU), \
	  "old vector of an unfinished move released with the irq itself") \
	X(XEN_IRQ_MOVE_CLEANUP, "xen.irq.move_cleanup", HYPERVISOR, (XIRQ), (VECTOR, TARGET_CPU), \
	  "old vector of a move released on a CPU") \
	X(XEN_IRQ_MOVE_DELAY, "xen.irq.move_delay", HYPERVISOR, (XIRQ), (VECTOR, TARGET_CPU), \
	  "old vector of a move not released, as it is pending on the CPU") \
	X(XEN_VECTOR_ARRIVE, "xen.vector.arrive", HYPERVISOR, (VECTOR, VCPU), (VECTOR), \
	  "physical vector arrived while a guest ran") \
	X(XEN_VECTOR_PENDING, "xen.vector.pending", HYPERVISOR, (VECTOR), (VECTOR), \
	  "physical vector seen in a CPU's IRR") \
	X(XEN_GSI_SETUP, "xen.gsi.setup", HYPERVISOR, (GSI), (LEVEL, POLARITY, RET), \
	  "trigger and polarity given to Xen") \
	X(XEN_HYPERCALL, "xen.hypercall", HYPERVISOR, (VCPU), (OP, VALUE, ONE, TWO, THREE, FOUR, FIVE, SIX), \
	  "hypercall entered, value is its number") \
	X(XEN_HYPERCALL_RESULT, "xen.hypercall_result", HYPERVISOR, (VCPU), (OP, RET), "hypercall returned") \
	X(XEN_EOI_TIMER, "xen.eoi_timer", HYPERVISOR, (XIRQ), (NONE), "Xen's EOI timer fired") \
	X(XEN_DPCI_BIND, "xen.dpci.bind", HYPERVISOR, (DPCI, PIRQ), (NONE), "passthrough interrupt bound") \
	X(XEN_DPCI_EOI, "xen.dpci.eoi", HYPERVISOR, (DPCI), (NONE), "guest EOI of a passthrough line") \
	X(VPCI_WRITE, "vpci.write", HYPERVISOR, (PCI), (REG, VALUE, ADDR), \
	  "guest write trapped by vPCI; the address where whose it is is not known") \
	X(XEN_TRAP, "xen.trap", HYPERVISOR, (VCPU), (VECTOR, VALUE), "trap of a guest, value is its error code") \
	X(XEN_HVM_ENTER, "xen.hvm.enter", HYPERVISOR, (VCPU), (NONE), "guest entered") \
	X(XEN_HVM_EXIT, "xen.hvm.exit", HYPERVISOR, (VCPU), (VALUE), "guest left, value is the processor's reason") \
	X(XEN_HVM_INJECT, "xen.hvm.inject", HYPERVISOR, (VCPU, VECTOR), (VECTOR), "interrupt put into a guest") \
	X(XEN_HVM_WINDOW, "xen.hvm.window", HYPERVISOR, (VCPU, VECTOR), (VECTOR, REASON), \
	  "interrupt waits until the guest can take it, reason is its source") \
	X(XEN_HVM_EOI, "xen.hvm.eoi", HYPERVISOR, (VCPU), (VECTOR), "EOI to a virtual local APIC") \
	X(XEN_HVM_HALT, "xen.hvm.halt", HYPERVISOR, (VCPU), (VALUE), "guest halts; 1: an interrupt waits") \
	X(XEN_VPIN_WRITE, "xen.vpin.rte_write", HYPERVISOR, (VCPU, VPIN), (REG, RTE, MASK), \
	  "entry of a virtual IO-APIC written") \
	X(XEN_VPIN_EOI, "xen.vpin.eoi", HYPERVISOR, (VCPU), (VECTOR), "EOI register of a virtual IO-APIC written") \
	X(XEN_MMIO_READ, "xen.mmio.read", HYPERVISOR, (VCPU), (ADDR, VALUE), "guest read trapped memory") \
	X(XEN_MMIO_WRITE, "xen.mmio.write", HYPERVISOR, (VCPU), (ADDR, VALUE), "guest wrote trapped memory") \
	X(XEN_PORT_READ, "xen.port.read", HYPERVISOR, (VCPU), (ADDR, VALUE), "guest read a trapped port") \
	X(XEN_PORT_WRITE, "xen.port.write", HYPERVISOR, (VCPU), (ADDR, VALUE), "guest wrote a trapped port") \
	X(XEN_TSC_READ, "xen.tsc.read", HYPERVISOR, (VCPU), (VALUE), "guest read its TSC") \
	X(XEN_DOMAIN_CREATE, "xen.domain.create", HYPERVISOR, (NONE), (DOMAIN), "domain created") \
	X(XEN_DOMAIN_DESTROY, "xen.domain.destroy", HYPERVISOR, (NONE), (DOMAIN), "domain destroyed") \
	X(SCHED_VCPU_RUNS, "sched.vcpu_runs", HYPERVISOR, (VCPU, CPU), (NONE), "vCPU scheduled on a CPU") \
	X(SCHED_VCPU_STOPS, "sched.vcpu_stops", HYPERVISOR, (VCPU, CPU), (REASON), \
	  "vCPU runs no more: runnable, blocked, offline; device model: it waits for that one's answer") \
	X(SCHED_VCPU_WAKES, "sched.vcpu_wakes", HYPERVISOR, (VCPU), (NONE), "blocked vCPU can run again") \
	X(TOOLSTACK_ERROR, "toolstack.error", USER, (PCI, GSI), (TEXT, RET), "toolstack refused or failed") \
	X(KVM_LINE, "kvm.line", HYPERVISOR, (GSI), (LEVEL, LINE_SOURCE), "GSI line set in KVM") \
	X(KVM_ROUTE_UPDATE, "kvm.route_update", HYPERVISOR, (KROUTE), (ADDR_LO, ADDR_HI, DATA, RET), \
	  "GSI route changed in QEMU") \
	X(KVM_ROUTE_RELEASE, "kvm.route_release", HYPERVISOR, (KROUTE), (NONE), "GSI route given up in QEMU") \
	X(KVM_ROUTE_COMMIT, "kvm.route_commit", HYPERVISOR, (MACHINE), (COUNT), "GSI routes handed to KVM") \
	X(KVM_PIN, "kvm.pin", HYPERVISOR, (PIN), (RTE, LEVEL, LINE_SOURCE, COALESCED, VECTOR), \
	  "KVM's IO-APIC looked at a pin whose line was set: entry before, and the vector that was accepted") \
	X(KVM_ACCEPT, "kvm.accept", HYPERVISOR, (VCPU, VECTOR, KROUTE, PIN), (VECTOR, LEVEL, MODE, ADDR_LO, ADDR_HI, DATA), \
	  "vector entered a virtual LAPIC") \
	X(KVM_ACK, "kvm.ack", HYPERVISOR, (PIN), (NONE), "EOI reached the in-kernel chip") \
	X(KVM_EOI_EXIT, "kvm.eoi_exit", HYPERVISOR, (VCPU, VECTOR), (VECTOR), "EOI exit to user space") \
	X(KVM_USER_EXIT, "kvm.user_exit", HYPERVISOR, (VCPU, VECTOR), (VECTOR), \
	  "exit to user space for another reason, the first since an EOI of that vector") \
	X(KVM_EOI_BITMAP, "kvm.eoi_bitmap", HYPERVISOR, (VCPU), (VALUE), "EOI exit bitmap changed") \
	X(KVM_UNCLEAR, "kvm.unclear", HYPERVISOR, (NONE), (NONE), "records of more than one guest, which cannot be told apart") \
	X(KVM_POSTED_ON, "kvm.posted_on", HYPERVISOR, (IRQ, VCPU), (VECTOR), "interrupt posting switched on") \
	X(KVM_POSTED_OFF, "kvm.posted_off", HYPERVISOR, (IRQ, VCPU), (NONE), "interrupt posting switched off") \
	X(IRQFD_ASSIGN, "irqfd.assign", HYPERVISOR, (IRQFD, GSI), (ENABLE), "irqfd assigned or removed") \
	X(IRQFD_RESAMPLE, "irqfd.resample", HYPERVISOR, (IRQFD, GSI), (NONE), "resample notified") \
	X(VFIO_MSIX, "vfio.msix", HYPERVISOR, (VFIO), (ENABLE), "MSI-X of a function switched on or off; entry 0 stands for all") \
	X(VFIO_WINDOW, "vfio.window", HYPERVISOR, (VFIO), (ENABLE), \
	  "a masked vector fired, or none is pending any more; entry 0 stands for all") \
	X(VFIO_INTX, "vfio.intx", HYPERVISOR, (VFIO), (ENABLE), "INTx of a function handled in QEMU, or not any more; as entry 0") \
	X(VFIO_LINE, "vfio.line", HYPERVISOR, (VFIO), (LEVEL), \
	  "INTx interrupt of a function (1), or its EOI, with which the host unmasks the line (0); as entry 0") \
	X(VFIO_VECTOR_FIRE, "vfio.vector_fire", HYPERVISOR, (VFIO), (ADDR_LO, DATA), "interrupt of a vector came through QEMU") \
	X(VFIO_VECTOR_USE, "vfio.vector_use", HYPERVISOR, (VFIO), (NONE), "vector given a route") \
	X(VFIO_VECTOR_RELEASE, "vfio.vector_release", HYPERVISOR, (VFIO), (NONE), "vector's route removed") \
	X(HARM_TIMEOUT, "harm.timeout", DRIVER, (PCI, IRQ), (NAME, TEXT), "driver timed out waiting") \
	X(HARM_WATCHDOG, "harm.watchdog", KERNEL, (PCI, IRQ), (NAME, TEXT), "watchdog fired") \
	X(HARM_NO_HANDLER, "harm.no_handler", KERNEL, (VECTOR, IRQ), (TEXT), \
	  "vector arrived that no irq owns, or an irq that nobody set up") \
	X(DRIVER_CALL, "driver.call", DRIVER, (PCI, IRQ), (NAME, RET), "driver entry point called") \
	X(SNAPSHOT_FIELD, "snapshot.field", PLATFORM, (PCI, MSIX, MSI, INTX, IRQ, PIN, GSI, PIRQ, PORT, XIRQ, CPU, VCPU), \
	  (FIELD, VALUE, TEXT), \
	  "a field's value as dumped, a number or a text; \"feeds\": the first object feeds the second")

#endif
