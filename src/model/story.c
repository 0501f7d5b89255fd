/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/story.h"

#include <string.h>

#include "model/assignment.h"
#include "model/gsi.h"
#include "model/irq.h"
#include "model/kroute.h"
#include "model/lapic.h"
#include "model/msix.h"
#include "model/pci.h"
#include "model/pin.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/vcpu.h"
#include "model/vector.h"
#include "model/vpin.h"
#include "model/xirq.h"
#include "model/xmsi.h"

/* What a record of each input would be. Its strings are numbered: see string_of(). */
struct telling {
	uint8_t role, in;
	uint16_t kind;
	uint8_t witness;
	bool once;		/* a function's: told of its first unit only */
	uint16_t paths;		/* told on these alone, a bit each; 0: see is_told_on() */
	bool stack;		/* told of interrupts that share a CPU under Xen, and of them nothing else is */
	bool changed;		/* told where it changes something */
	const char *field, *text;	/* arguments of a dump, and the reason why a vCPU stops */
	const char *via, *level_via;	/* the other one where the unit is a level line, NULL: the same */
	int64_t value;		/* of the arguments in the row's kind that name a value: see argument() */
};

#define KVM (1 << PATH_KVM_SPLIT)
#define DOM0 (1 << PATH_DOM0_PV)
#define HVM (1 << PATH_HVM_PIRQ)
#define XEN (DOM0 | HVM)
#define PVH (1 << PATH_DOM0_PVH)
#define NATIVE (0xffff & ~(XEN | PVH))
#define TELLS(r, i, k, w, ...) { .role = ROLE_##r, .in = (i), .kind = EV_##k, .witness = WITNESS_##w, __VA_ARGS__ }

#define STACK(r, i, k, w, ...) TELLS(r, i, k, w, .stack = true, __VA_ARGS__)
#define DUMPS(i, what, word) STACK(XIRQ, i, SNAPSHOT_FIELD, SHADOW, .changed = true, .via = "dump_irqs", .field = (what), .text = (word))
/* What a trapped store of a guest is for. */
enum { TABLE_LOW, TABLE_HIGH, TABLE_DATA, TABLE_UNMASK, TABLE_MASK };

static const struct telling tellings[] = {
	TELLS(FUNCTION, FN_ENABLED, PCI_MSIX_ENABLE, SHADOW, .once = true, .via = "__pci_enable_msix_range", .value = 1),
	TELLS(FUNCTION, FN_DISABLED, PCI_MSIX_ENABLE, INTENT, .once = true, .via = "pci_disable_msix"),
	TELLS(PCI, PCI_RESET, PCI_RESET, SHADOW, .once = true, .via = "pcie_flr"),
	TELLS(PCI, PCI_RESTORED, PCI_RESTORE, INTENT, .once = true, .via = "pci_restore_msi_state"),
	TELLS(ENTRY, ENTRY_MASK, IRQ_MASK, SHADOW, .via = "pci_msi_mask_irq"),
	TELLS(ENTRY, ENTRY_UNMASK, IRQ_UNMASK, SHADOW, .via = "pci_msi_unmask_irq", .value = 1),
	TELLS(ENTRY, ENTRY_HW_MASK, PCI_MSIX_ENTRY_MASK, HARDWARE, .via = "msix_table_mmio_write", .value = 1),
	TELLS(ENTRY, ENTRY_MASK_ALL, PCI_MSIX_ENTRY_MASK, HARDWARE, .via = "msix_table_mmio_write", .value = 1),
	TELLS(ENTRY, ENTRY_MESSAGE_PARKED, PCI_MSIX_ENTRY_WRITE, SHADOW, .via = "__pci_write_msi_msg", .value = PARKED_VECTOR),
	TELLS(ENTRY, ENTRY_MESSAGE_SET, PCI_MSIX_ENTRY_WRITE, SHADOW, .via = "__pci_write_msi_msg", .value = -1),
	TELLS(ENTRY, ENTRY_MESSAGE_ZERO, PCI_MSIX_ENTRY_WRITE, SHADOW, .via = "__pci_write_msi_msg"),
	TELLS(ENTRY, ENTRY_RAISE, DEVICE_NOTIFY, HARDWARE, .via = "msix_notify"),
	TELLS(PIN, PIN_MASK, IRQ_MASK, SHADOW, .via = "mask_ioapic_irq"),
	TELLS(PIN, PIN_UNMASK, IRQ_UNMASK, SHADOW, .via = "unmask_ioapic_irq", .value = 1),
	TELLS(PIN, PIN_RTE_SAME, IOAPIC_RTE_WRITE, HARDWARE, .via = "ioapic_mem_write"),
	TELLS(PIN, PIN_RTE_MOVED, IOAPIC_RTE_WRITE, HARDWARE, .via = "ioapic_mem_write"),
	TELLS(PIN, PIN_RTE_MASKED, IOAPIC_RTE_WRITE, HARDWARE, .via = "ioapic_mem_write"),
	TELLS(PIN, PIN_RAISE, IOAPIC_LINE, HARDWARE, .via = "ioapic_set_irq", .value = 1),
	TELLS(PIN, PIN_LOWER, IOAPIC_LINE, HARDWARE, .via = "ioapic_set_irq"),
	TELLS(PIN, PIN_ACCEPT, IOAPIC_REMOTE_IRR, HARDWARE, .via = "ioapic_set_remote_irr", .value = 1),
	TELLS(PIN, PIN_EOI, IOAPIC_EOI, HARDWARE, .via = "ioapic_eoi_broadcast"),
	TELLS(PIN, PIN_EOI, IOAPIC_REMOTE_IRR, HARDWARE, .via = "ioapic_clear_remote_irr"),
	TELLS(PIN, PIN_EOI_OTHER, IOAPIC_EOI, HARDWARE, .via = "ioapic_eoi_broadcast"),
	TELLS(PIN, PIN_EOI_PIN, IOAPIC_REMOTE_IRR, HARDWARE, .via = "ioapic_clear_remote_irr"),
	TELLS(PIN, PIN_MASK, IOAPIC_RTE_WRITE, HARDWARE, .paths = KVM, .via = "ioapic_mem_write"),
	TELLS(PIN, PIN_UNMASK, IOAPIC_RTE_WRITE, HARDWARE, .paths = KVM, .via = "ioapic_mem_write"),
	TELLS(KROUTE, KROUTE_COMMIT_SAME, KVM_ROUTE_UPDATE, SHADOW, .paths = KVM, .via = "kvm_irqchip_update_msi_route"),
	TELLS(KROUTE, KROUTE_COMMIT_SAME, KVM_ROUTE_COMMIT, SHADOW, .paths = KVM, .via = "kvm_irqchip_commit_routes"),
	TELLS(KROUTE, KROUTE_COMMIT_VECTOR, KVM_ROUTE_COMMIT, SHADOW, .paths = KVM, .via = "kvm_irqchip_commit_routes"),
	TELLS(KROUTE, KROUTE_COMMIT_OTHER, KVM_ROUTE_COMMIT, SHADOW, .paths = KVM, .via = "kvm_irqchip_commit_routes"),
	TELLS(VPIN, VPIN_WRITE_MASKED, XEN_VPIN_WRITE, HARDWARE, .paths = PVH, .via = "IOMEM_WRITE"),
	TELLS(VPIN, VPIN_WRITE_UNMASKED, XEN_VPIN_WRITE, HARDWARE, .paths = PVH, .via = "IOMEM_WRITE"),
	TELLS(GSI, GSI_ASSIGNED, XEN_IRQ_ASSIGN, SHADOW, .paths = PVH, .via = "IRQ_ASSIGN_VECTOR"),
	TELLS(GSI, GSI_REGISTERED, XEN_GSI_SETUP, SHADOW, .paths = PVH, .via = "xen_pvh_setup_gsi", .value = 1),
	TELLS(PIRQ, PIRQ_MAPPED, XEN_PIRQ_MAP, SHADOW, .paths = PVH, .via = "xc_physdev_map_pirq"),
	TELLS(ASSIGNMENT, ASSIGNMENT_SEIZED, PCI_ASSIGN, SHADOW, .paths = PVH, .via = "pcistub_seize"),
	TELLS(ASSIGNMENT, ASSIGNMENT_DRIVER, PCI_ASSIGN, SHADOW, .paths = PVH, .via = "pci_device_probe"),
	TELLS(ASSIGNMENT, ASSIGNMENT_REFUSED, TOOLSTACK_ERROR, SHADOW, .paths = PVH, .via = "xc_domain_irq_permission", .value = -1),
	TELLS(VECTOR, VECTOR_SETUP, VECTOR_SETUP, SHADOW, .via = "vector_setup"),
	TELLS(VECTOR, VECTOR_RESERVED, VECTOR_RESERVE, SHADOW, .via = "vector_reserve"),
	TELLS(VECTOR, VECTOR_ACTIVATE_RESERVED, VECTOR_ACTIVATE, SHADOW, .via = "vector_activate", .value = 1),
	TELLS(VECTOR, VECTOR_ACTIVATE, VECTOR_ACTIVATE, SHADOW, .via = "vector_activate"),
	TELLS(VECTOR, VECTOR_ALLOC_RESERVED, VECTOR_ALLOC, SHADOW, .via = "vector_alloc", .value = 1),
	TELLS(VECTOR, VECTOR_UPDATE_FIRST, VECTOR_UPDATE, SHADOW, .via = "vector_update"),
	TELLS(VECTOR, VECTOR_UPDATE_MOVED, VECTOR_UPDATE, SHADOW, .via = "vector_update"),
	TELLS(VECTOR, VECTOR_CONFIG, VECTOR_CONFIG, SHADOW, .via = "vector_config", .value = -1),
	TELLS(VECTOR, VECTOR_CONFIG_PARKED, VECTOR_CONFIG, SHADOW, .via = "vector_config", .value = PARKED_VECTOR),
	TELLS(VECTOR, VECTOR_DEACTIVATE, VECTOR_DEACTIVATE, SHADOW, .via = "vector_deactivate"),
	TELLS(VECTOR, VECTOR_CLEAR, VECTOR_CLEAR, SHADOW, .via = "vector_clear"),
	TELLS(VECTOR, VECTOR_FREE_MOVED, VECTOR_FREE_MOVED, SHADOW, .via = "vector_free_moved"),
	TELLS(VECTOR, VECTOR_TEARDOWN, VECTOR_TEARDOWN, SHADOW, .via = "vector_teardown"),
	TELLS(VECTOR, VECTOR_AFFINITY_ASKED, IRQ_AFFINITY, INTENT, .via = "irq_set_affinity_locked"),
	TELLS(IRQ, IRQ_STARTUP, IRQ_STARTUP, SHADOW, .via = "irq_startup"),
	TELLS(IRQ, IRQ_ACTION_ADDED, IRQ_SETUP_RESULT, SHADOW, .via = "__setup_irq"),
	TELLS(IRQ, IRQ_FREE, IRQ_FREE, INTENT, .via = "free_irq"),
	TELLS(IRQ, IRQ_SHUTDOWN, IRQ_SHUTDOWN, SHADOW, .via = "irq_shutdown"),
	TELLS(IRQ, IRQ_DISABLE, IRQ_DISABLE, SHADOW, .via = "irq_disable"),
	TELLS(IRQ, IRQ_ENABLE, IRQ_ENABLE, SHADOW, .via = "irq_enable"),
	TELLS(IRQ, IRQ_FLOW, IRQ_FLOW, SHADOW, .via = "handle_edge_irq", .level_via = "handle_fasteoi_irq"),
	TELLS(IRQ, IRQ_FLOW_BUSY, IRQ_FLOW, SHADOW, .via = "handle_edge_irq", .level_via = "handle_fasteoi_irq"),
	TELLS(IRQ, IRQ_FLOW_IGNORED, IRQ_FLOW, SHADOW, .via = "handle_fasteoi_irq"),
	TELLS(IRQ, IRQ_ENTER, IRQ_ENTER, SHADOW, .via = "irq_handler_entry"),
	TELLS(IRQ, IRQ_EXIT_HANDLED, IRQ_EXIT, SHADOW, .via = "irq_handler_exit", .value = 1),
	TELLS(IRQ, IRQ_EXIT_WAKE, IRQ_EXIT, SHADOW, .via = "irq_handler_exit", .value = 2),
	TELLS(IRQ, IRQ_THREAD_DONE, IRQ_THREAD_DONE, SHADOW, .via = "unmask_threaded_irq"),
	TELLS(IRQ, IRQ_RESEND, IRQ_RESEND, SHADOW, .paths = NATIVE, .via = "apic_retrigger_irq"),
	TELLS(IRQ, IRQ_RESEND, IRQ_RESEND, SHADOW, .paths = XEN, .via = "retrigger_dynirq"),
	TELLS(PIRQ, PIRQ_MAPPED, XEN_PIRQ_MAP, SHADOW, .paths = DOM0, .via = "xen_bind_pirq_msi_to_irq"),
	TELLS(PIRQ, PIRQ_MAPPED, XEN_MMIO_WRITE, HARDWARE, .paths = HVM, .via = "HVM_IOMEM_WRITE", .value = TABLE_LOW),
	TELLS(PIRQ, PIRQ_MAPPED, XEN_MMIO_WRITE, HARDWARE, .paths = HVM, .via = "HVM_IOMEM_WRITE", .value = TABLE_HIGH),
	TELLS(PIRQ, PIRQ_MAPPED, XEN_MMIO_WRITE, HARDWARE, .paths = HVM, .via = "HVM_IOMEM_WRITE", .value = TABLE_DATA),
	TELLS(PIRQ, PIRQ_UNMAPPED, XEN_PIRQ_UNMAP, SHADOW, .paths = DOM0, .via = "xen_destroy_irq"),
	TELLS(PIRQ, PIRQ_BIND, XEN_PIRQ_BIND, SHADOW, .paths = XEN, .via = "startup_pirq"),
	TELLS(PIRQ, PIRQ_CLOSE, XEN_PIRQ_CLOSE, SHADOW, .paths = XEN, .via = "shutdown_pirq"),
	TELLS(PORT, PORT_MASKED, XEN_EVTCHN_MASK, SHADOW, .paths = XEN, .via = "evtchn_fifo_mask"),
	TELLS(PORT, PORT_UNMASKED, XEN_EVTCHN_UNMASK, SHADOW, .paths = XEN, .via = "evtchn_fifo_unmask"),
	TELLS(PORT, PORT_TAKEN, XEN_EVTCHN_UPCALL, SHADOW, .paths = XEN, .via = "handle_irq_for_port"),
	TELLS(XIRQ, XIRQ_ASSIGN, XEN_IRQ_ASSIGN, SHADOW, .paths = XEN, .via = "IRQ_ASSIGN_VECTOR"),
	TELLS(XIRQ, XIRQ_CLEAR, XEN_IRQ_CLEAR, SHADOW, .paths = XEN, .via = "IRQ_CLEAR_VECTOR"),
	TELLS(XIRQ, XIRQ_ARRIVE, XEN_IRQ_HANDLED, SHADOW, .paths = XEN, .via = "IRQ_HANDLED"),
	TELLS(XMSI, XMSI_WRITE_MASKED, PCI_MSIX_ENTRY_MASK, SHADOW, .paths = DOM0, .via = "default_msix_mask_irq", .value = 1),
	TELLS(XMSI, XMSI_WRITE_UNMASKED, PCI_MSIX_ENTRY_MASK, SHADOW, .paths = DOM0, .via = "default_msix_mask_irq"),
	TELLS(XMSI, XMSI_WRITE_MASKED, XEN_MMIO_WRITE, HARDWARE, .paths = HVM, .via = "HVM_IOMEM_WRITE", .value = TABLE_MASK),
	TELLS(XMSI, XMSI_WRITE_UNMASKED, XEN_MMIO_WRITE, HARDWARE, .paths = HVM, .via = "HVM_IOMEM_WRITE", .value = TABLE_UNMASK),
	TELLS(LAPIC, LAPIC_EOI, IRQ_ACK, SHADOW, .via = "apic_ack_edge", .level_via = "ioapic_ack_level"),
	STACK(XIRQ, XIRQ_ASSIGN, XEN_IRQ_ASSIGN, SHADOW, .via = "IRQ_ASSIGN_VECTOR"),
	STACK(XIRQ, XIRQ_CLEAR, XEN_IRQ_CLEAR, SHADOW, .via = "IRQ_CLEAR_VECTOR"),
	DUMPS(XIRQ_SEE_AT_ONCE, "feeds", NULL),
	DUMPS(XIRQ_SEE_AT_ONCE, "xen_irq.vector", NULL),
	DUMPS(XIRQ_SEE_AT_ONCE, "xen_irq.ack_type", "none"),
	DUMPS(XIRQ_SEE_EOI, "feeds", NULL),
	DUMPS(XIRQ_SEE_EOI, "xen_irq.vector", NULL),
	DUMPS(XIRQ_SEE_EOI, "xen_irq.ack_type", "eoi"),
	DUMPS(XIRQ_SEE_UNMASK, "feeds", NULL),
	DUMPS(XIRQ_SEE_UNMASK, "xen_irq.vector", NULL),
	DUMPS(XIRQ_SEE_UNMASK, "xen_irq.ack_type", "unmask"),
	STACK(XIRQ, XIRQ_ARRIVE, XEN_IRQ_HANDLED, SHADOW, .via = "IRQ_HANDLED"),
	STACK(XIRQ, XIRQ_TIMER, XEN_EOI_TIMER, SHADOW, .via = "irq_guest_eoi_timer_fn"),
	STACK(PIRQ, PIRQ_EOI, XEN_PIRQ_EOI, SHADOW, .via = "eoi_pirq"),
	STACK(LAPIC, LAPIC_ACCEPT_EDGE, LAPIC_ACCEPT, HARDWARE, .via = "apic_deliver_irq"),
	STACK(LAPIC, LAPIC_ACCEPT_LEVEL, LAPIC_ACCEPT, HARDWARE, .via = "apic_deliver_irq", .value = 1),
	STACK(VCPU, VCPU_ASKS_MODEL, SCHED_VCPU_STOPS, SHADOW, .via = "RUNSTATE_CHANGE", .text = "device model"),
	STACK(VCPU, VCPU_ASKS_DEVICE, SCHED_VCPU_STOPS, SHADOW, .via = "RUNSTATE_CHANGE", .text = "blocked"),
	STACK(VCPU, VCPU_ANSWERED, SCHED_VCPU_WAKES, SHADOW, .via = "RUNSTATE_CHANGE", .changed = true),
};

/* Of each row, in this order. */
enum { STRING_VIA, STRING_LEVEL_VIA, STRING_FIELD, STRING_TEXT, NR_STRINGS };
enum { NR_TELLINGS = sizeof(tellings) / sizeof(tellings[0]), FIRST_ID = NR_STRINGS * NR_TELLINGS + 1 };

static uint32_t string_of(const struct telling *tells, unsigned which)
{
	return NR_STRINGS * (uint32_t)(tells - tellings) + which + 1;
}

/* What Xen's debug keys show of a unit. */
static const struct dumped {
	uint8_t role, region, witness;
	const char *field;
} dumped[] = {
	{ ROLE_XIRQ, XIRQ_REGION_ACTION, WITNESS_SHADOW, "xen_irq.action" },
	{ ROLE_PORT, PORT_REGION_STATE, WITNESS_SHADOW, "xen_port.state" },
	{ ROLE_PORT, PORT_REGION_PENDING, WITNESS_SHADOW, "xen_port.pending" },
	{ ROLE_PORT, PORT_REGION_MASK, WITNESS_SHADOW, "xen_port.mask" },
	{ ROLE_XMSI, XMSI_REGION_HOST, WITNESS_SHADOW, "xen_msi.host_mask" },
	{ ROLE_XMSI, XMSI_REGION_GUEST, WITNESS_SHADOW, "xen_msi.guest_mask" },
	{ ROLE_XMSI, XMSI_REGION_HW, WITNESS_HARDWARE, "msix_entry.mask" },
};

enum {
	NR_DUMPED = sizeof(dumped) / sizeof(dumped[0]),
	ID_MSIX_CHIP = FIRST_ID, ID_PIN_CHIP, ID_PIRQ_CHIP, ID_NAME, ID_STUB, ID_IDLE, ID_FEEDS, ID_MASKABLE, ID_YES, ID_FIELD,
	ID_STATE = ID_FIELD + NR_DUMPED,	/* of a dumped region, MAX_STATES for each */
	MAX_STATES = 16,
};

static const char *dumped_string(uint32_t id)
{
	const struct dumped *row = &dumped[id / MAX_STATES];

	return id / MAX_STATES < NR_DUMPED ? unit_region(row->role, row->region)->states[id % MAX_STATES] : "";
}

const char *story_string(void *ctx, uint32_t source, uint32_t id)
{
	(void)ctx;
	(void)source;
	if (id >= 1 && id <= NR_STRINGS * NR_TELLINGS) {
		const struct telling *tells = &tellings[(id - 1) / NR_STRINGS];
		const char *const strings[NR_STRINGS] = { tells->via, tells->level_via, tells->field, tells->text };

		return strings[(id - 1) % NR_STRINGS];
	}
	switch (id) {
	case ID_MSIX_CHIP:
		return "PCI-MSI";
	case ID_PIN_CHIP:
		return "IO-APIC";
	case ID_PIRQ_CHIP:
		return "xen-pirq";
	case ID_NAME:
		return "check";
	case ID_STUB:
		return "pciback";
	case ID_IDLE:
		return "PM_IDLE_EXIT";
	case ID_FEEDS:
		return "feeds";
	case ID_MASKABLE:
		return "xen_msi.maskable";
	case ID_YES:
		return "yes";
	default:
		return id < ID_FIELD ? "" : id < ID_STATE ? dumped[id - ID_FIELD].field : dumped_string(id - ID_STATE);
	}
}

/* Of a line that is passed through. */
static bool is_gsi(const struct telling *tells)
{
	return tells->paths == PVH;
}

static bool is_of_guest(unsigned role)
{
	return role == ROLE_FUNCTION || role == ROLE_PCI || role == ROLE_IRQ;
}

/*
 * What is told of components that a path does not have is no matter; under Xen, entries, vectors and local APICs are there
 * for the check, and nobody records them.
 */
static bool is_told_on(const struct telling *tells, enum path path, bool stack)
{
	if (tells->stack || stack)
		return tells->stack && stack;
	if (tells->paths)
		return tells->paths >> path & 1;
	return !((XEN | PVH) >> path & 1) || (XEN >> path & 1 && is_of_guest(tells->role));
}

bool story_signal(const struct path_part *part, unsigned number, enum event_kind *kind, enum witness *witness, const char **via)
{
	const struct telling *tells = tellings;

	for (unsigned left = number; tells < tellings + NR_TELLINGS; tells++)
		if (is_told_on(tells, part->path, part->nr_units) && !left--)
			break;
	if (tells == tellings + NR_TELLINGS)
		return false;
	*kind = tells->kind;
	*witness = tells->witness;
	*via = tells->level_via && !part->has_function ? tells->level_via : tells->via;
	return true;
}

/* ------------------------------------------------------------------------------------------------------ events */

enum {
	FIRST_IRQ = 40, FIRST_PIN = 16, FIRST_VECTOR = 0x31, FIRST_XIRQ = 60, FIRST_PIRQ = 80, FIRST_PORT = 20,
	STEP_NS = 200000000, INPUT_NS = 1000, SILENCE_NS = 2000000000, NR_WAKE_UPS = 3,
};

struct teller {
	const struct path_part *part;
	const struct story_sink *sink;
	struct story_cast cast;
	unsigned unit, cpu, nr_units;
	int64_t now_ns;
};

/* IRQD_* as the unit has it. */
static int64_t state_word(const struct story_cast *cast, const struct unit *u)
{
	int64_t word = IRQD_ACTIVATED | IRQD_CAN_RESERVE;
	unsigned affinity = unit_state(u, ROLE_VECTOR, VECTOR_REGION_AFFINITY);
	unsigned depth = unit_state(u, ROLE_IRQ, IRQ_REGION_DEPTH);

	word |= cast->feeder.kind == OBJ_PIN ? IRQD_LEVEL : 0;
	word |= unit_state(u, ROLE_IRQ, IRQ_REGION_LIFE) == LIFE_STARTED ? IRQD_IRQ_STARTED : 0;
	word |= depth == DEPTH_0 ? 0 : IRQD_IRQ_DISABLED;
	word |= unit_state(u, ROLE_IRQ, IRQ_REGION_MASKED) == BIT_SET ? IRQD_IRQ_MASKED : 0;
	word |= unit_state(u, ROLE_IRQ, IRQ_REGION_FLOW) == BIT_SET ? IRQD_IRQ_INPROGRESS : 0;
	return word | (affinity == AFFINITY_ASKED || affinity == AFFINITY_PENDING ? IRQD_SETAFFINITY_PENDING : 0);
}

static int64_t depth_of(const struct unit *u)
{
	return unit_state(u, ROLE_IRQ, IRQ_REGION_DEPTH) == DEPTH_0 ? 0 : 1;
}

/* The low half of a virtual entry. */
static int64_t virtual_rte_of(const struct story_cast *cast, const struct unit *u)
{
	return cast->vector[1] | (unit_state(u, ROLE_VPIN, VPIN_REGION_TRIGGER) == TRIGGER_LEVEL ? RTE_LEVEL : 0) |
	       (unit_state(u, ROLE_VPIN, VPIN_REGION_MASK) == BIT_SET ? RTE_MASKED : 0);
}

static int64_t rte_of(const struct story_cast *cast, const struct unit *u)
{
	int64_t dest = cast->path == PATH_KVM_SPLIT && u->place[PLACE_MESSAGE] ? cast->cpu[u->place[PLACE_MESSAGE]] : 0;

	return (int64_t)((uint64_t)dest << 56) | cast->vector[u->place[PLACE_MESSAGE]] | RTE_LEVEL |
	       (unit_state(u, ROLE_PIN, PIN_REGION_HW) == BIT_SET ? RTE_MASKED : 0);
}

/* The address of a message and, behind it, the destination of the others: APIC ids are CPU numbers. */
static int64_t address_of(const struct story_cast *cast, const struct telling *tells, const struct unit *u)
{
	return tells->value ? INT64_C(0xfee00000) | (int64_t)cast->cpu[u->place[PLACE_MESSAGE]] << 12 : 0;
}

/* The arguments that say where an interrupt goes: vector, CPU, message, redirection entry. */
static bool route_argument(const struct story_cast *cast, const struct telling *tells, enum event_arg_id arg,
			   const struct unit *before, const struct unit *after, int64_t *value)
{
	int64_t vector = cast->vector[after->place[PLACE_TARGET]], cpu = cast->cpu[after->place[PLACE_TARGET]];

	switch (arg) {
	case ARG_RTE:
		*value = is_gsi(tells) ? virtual_rte_of(cast, after) : rte_of(cast, after);
		return tells->kind == EV_IOAPIC_RTE_WRITE || tells->kind == EV_XEN_VPIN_WRITE;
	case ARG_MASK:
		*value = is_gsi(tells) ? INT64_C(0xffffffff) : -1;
		if (is_gsi(tells))
			return true;
		return tells->kind == EV_IOAPIC_RTE_WRITE && cast->path == PATH_KVM_SPLIT;
	case ARG_ADDR_LO:
		*value = address_of(cast, tells, after);
		return true;
	case ARG_ADDR_HI:
		*value = 0;
		return true;
	case ARG_DATA:
		*value = tells->value < 0 ? cast->vector[after->place[PLACE_MESSAGE]] : tells->value;
		return true;
	case ARG_VECTOR:
		*value = tells->value > 0 && tells->kind == EV_VECTOR_CONFIG ? tells->value : vector;
		if (tells->kind == EV_VECTOR_FREE_MOVED)
			*value = cast->vector[cast->freed];
		else if (tells->kind == EV_IOAPIC_EOI)
			*value = cast->vector[before->place[PLACE_HERE]];
		return tells->kind != EV_IRQ_AFFINITY && tells->kind != EV_VECTOR_CLEAR;
	case ARG_TARGET_CPU:
		*value = tells->kind == EV_VECTOR_FREE_MOVED ? cast->cpu[cast->freed] : cpu;
		return tells->kind != EV_IRQ_AFFINITY && tells->kind != EV_VECTOR_CLEAR;
	case ARG_APICDEST:
		*value = cpu;
		return true;
	case ARG_PREV_VECTOR:
		*value = cast->vector[after->place[PLACE_OLD]];
		return tells->kind != EV_VECTOR_CLEAR;
	case ARG_PREV_CPU:
		*value = cast->cpu[after->place[PLACE_OLD]];
		return tells->kind != EV_VECTOR_CLEAR;
	case ARG_CPUMASK:
		*value = after->place[PLACE_ASKED] && cast->cpu[after->place[PLACE_ASKED]] < 64 ?
			INT64_C(1) << cast->cpu[after->place[PLACE_ASKED]] : 0;
		if (tells->stack)
			*value = INT64_C(1) << cast->cpu[after->place[PLACE_TARGET]];
		return true;
	default:
		return false;
	}
}

/* Those of a line that is passed through, where they are not as of any other. */
static bool gsi_argument(const struct story_cast *cast, const struct telling *tells, enum event_arg_id arg, int64_t *value)
{
	switch (arg) {
	case ARG_REG:
		*value = 0x10 + 2 * (int64_t)cast->gsi.id;
		return true;
	case ARG_VECTOR:
		*value = cast->vector[1];
		return true;
	case ARG_CPUMASK:
		*value = 1;
		return true;
	case ARG_NAME:
		*value = tells->in == ASSIGNMENT_SEIZED ? ID_STUB : ID_NAME;
		return true;
	case ARG_RET:
		*value = tells->kind == EV_TOOLSTACK_ERROR ? tells->value : 0;
		return true;
	case ARG_POLARITY:
		*value = 1;
		return true;
	default:
		return false;
	}
}

/* A store to the table of a guest's device: message of vector 0, delivery mode ExtINT, to the pirq. */
static bool store_argument(const struct story_cast *cast, const struct telling *tells, enum event_arg_id arg, int64_t *value)
{
	static const uint8_t offset[] = { [TABLE_HIGH] = 4, [TABLE_DATA] = 8, [TABLE_UNMASK] = 12, [TABLE_MASK] = 12 };
	uint32_t pirq = object_pair_low(cast->pirq.id);

	if (arg == ARG_ADDR)
		*value = INT64_C(0xf1080000) + 16 * object_entry_index(cast->feeder.id) + offset[tells->value];
	else if (tells->value == TABLE_LOW)
		*value = INT64_C(0xfee00000) | (pirq & 0xff) << 12;
	else if (tells->value == TABLE_HIGH)
		*value = pirq & 0xffffff00;
	else
		*value = tells->value == TABLE_DATA ? 0x700 : tells->value == TABLE_MASK;
	return arg == ARG_ADDR || arg == ARG_VALUE;
}

static bool assign_argument(const struct story_cast *cast, enum event_arg_id arg, int64_t *value)
{
	*value = arg == ARG_VECTOR ? FIRST_VECTOR + 16 * (int64_t)(cast->xirq.id - FIRST_XIRQ) : 1;
	return arg != ARG_TARGET_CPU;
}

/* The value that an argument of an event has; false where the story leaves it out. */
static bool argument(const struct story_cast *cast, const struct telling *tells, enum event_arg_id arg, const struct unit *before,
		     const struct unit *after, int64_t *value)
{
	bool mask = tells->kind == EV_IRQ_MASK || tells->kind == EV_IRQ_UNMASK;

	/* QEMU names the route alone */
	if (tells->kind == EV_KVM_ROUTE_UPDATE || (tells->kind == EV_XEN_IRQ_HANDLED && !tells->stack))
		return false;
	if (is_gsi(tells) && gsi_argument(cast, tells, arg, value))
		return true;
	if (tells->kind == EV_XEN_MMIO_WRITE)
		return store_argument(cast, tells, arg, value);
	if (tells->kind == EV_XEN_IRQ_ASSIGN && !tells->stack)
		return assign_argument(cast, arg, value);
	switch (arg) {
	case ARG_STATE:
		/* a chip's functions are called before the core's flag is set, and the flag before its own component */
		*value = state_word(cast, before);
		if (mask)
			*value = tells->value ? *value | IRQD_IRQ_MASKED : *value & ~IRQD_IRQ_MASKED;
		return true;
	case ARG_ISTATE:
		*value = unit_state(before, ROLE_IRQ, IRQ_REGION_PENDING) == BIT_SET ? IRQS_PENDING : 0;
		return tells->kind == EV_IRQ_FLOW;
	case ARG_DEPTH:
		*value = depth_of(tells->kind == EV_IRQ_STARTUP ? before : after);
		return true;
	case ARG_CTRL:
		*value = tells->value;
		if (tells->kind == EV_PCI_MSIX_ENTRY_WRITE)
			*value = unit_state(before, ROLE_ENTRY, ENTRY_REGION_KERNEL) == BIT_SET;
		return true;
	case ARG_CHIP:
		*value = XEN >> cast->path & 1 ? ID_PIRQ_CHIP : cast->feeder.kind == OBJ_PIN ? ID_PIN_CHIP : ID_MSIX_CHIP;
		return true;
	case ARG_NAME:
		*value = ID_NAME;
		return true;
	case ARG_MASKED:
		*value = tells->value;
		return tells->kind == EV_PCI_MSIX_ENTRY_MASK;
	case ARG_FIELD:
		*value = string_of(tells, STRING_FIELD);
		return tells->field;
	case ARG_TEXT:
	case ARG_REASON:
		*value = string_of(tells, STRING_TEXT);
		return tells->text;
	case ARG_VALUE:
		*value = tells->field ? cast->vector[after->place[PLACE_TARGET]] : tells->value;
		return !tells->field || (!tells->text && strcmp(tells->field, "feeds"));
	case ARG_ENABLE:
	case ARG_LEVEL:
	case ARG_RESERVED:
		*value = tells->value;
		return true;
	case ARG_RET:
		*value = tells->kind == EV_PCI_MSIX_ENABLE ? cast->nr_vectors : tells->kind == EV_IRQ_EXIT ? tells->value : 0;
		return tells->kind != EV_PCI_MSIX_ENABLE || tells->value;
	case ARG_CAN_RESERVE:
		*value = 1;
		return true;
	default:
		return route_argument(cast, tells, arg, before, after, value);
	}
}

static void add_object(struct event *ev, const struct object_ref *ref)
{
	if (event_add_object(ev, ref->kind, ref->id))
		ev->object[ev->nr_objects - 1].machine = ref->machine;
}

/* Dom0's pirq and its virtual pin of a GSI, and Xen's irq, have its number. */
static void add_objects_of_gsi(const struct story_cast *cast, struct event *ev, enum object_kind kind)
{
	if (kind == OBJ_GSI)
		add_object(ev, &cast->gsi);
	else if (kind == OBJ_XIRQ)
		add_object(ev, &(struct object_ref){ .kind = OBJ_XIRQ, .id = cast->gsi.id, .machine = cast->gsi.machine });
	else if (kind == OBJ_VPIN || kind == OBJ_PIRQ)
		add_object(ev, &(struct object_ref){ .kind = kind, .id = object_id_pair(0, cast->gsi.id), .machine = cast->gsi.machine });
}

static const struct object_ref *xen_object(const struct story_cast *cast, unsigned kind)
{
	if (cast->vector_ref.kind)
		return NULL;
	return kind == OBJ_XIRQ ? &cast->xirq : kind == OBJ_PIRQ ? &cast->pirq : kind == OBJ_PORT ? &cast->port : NULL;
}

static void add_objects(const struct story_cast *cast, const struct telling *tells, struct event *ev)
{
	const uint8_t *kinds = event_kinds[ev->kind].objects;
	struct object_ref vcpu = {
		.kind = OBJ_VCPU, .machine = MACHINE_XEN, .id = object_id_pair(object_pair_high(cast->pirq.id), 0),
	};

	if (tells->field && !strcmp(tells->field, "feeds")) {
		add_object(ev, &cast->xirq);
		add_object(ev, &cast->pirq);
		return;
	}
	for (unsigned i = 0; kinds[i]; i++) {
		if (kinds[i] == OBJ_IRQ && cast->irq.kind)
			add_object(ev, &cast->irq);
		else if (xen_object(cast, kinds[i]) && xen_object(cast, kinds[i])->kind)
			add_object(ev, xen_object(cast, kinds[i]));
		else if (kinds[i] == OBJ_VCPU && ev->kind == EV_XEN_MMIO_WRITE)
			add_object(ev, &vcpu);
		else if (kinds[i] == OBJ_KROUTE)
			add_object(ev, &(struct object_ref){ .kind = OBJ_KROUTE, .id = (uint32_t)cast->feeder.id,
							     .machine = cast->feeder.machine });
		else if (kinds[i] == OBJ_XIRQ && cast->xirq.kind)
			add_object(ev, &cast->xirq);
		else if (kinds[i] == OBJ_PIRQ && cast->pirq.kind && ev->kind != EV_SNAPSHOT_FIELD)
			add_object(ev, &cast->pirq);
		else if (kinds[i] == OBJ_VECTOR && cast->vector_ref.kind)
			add_object(ev, &cast->vector_ref);
		else if (kinds[i] == OBJ_VCPU && cast->vcpu.kind)
			add_object(ev, &cast->vcpu);
		else if (kinds[i] == cast->feeder.kind && cast->feeder.kind)
			add_object(ev, &cast->feeder);
		else if (cast->gsi.kind && kinds[i] != OBJ_PCI)
			add_objects_of_gsi(cast, ev, kinds[i]);
		else if (kinds[i] == OBJ_PCI && cast->function.kind == OBJ_PCI && ev->kind != EV_DEVICE_NOTIFY)
			add_object(ev, &cast->function);
	}
}

/* The irq's own EOI is told; that of a vector which is not its any more is not. */
static bool is_told(const struct story_cast *cast, const struct telling *tells, unsigned role, unsigned in, const struct unit *before,
		    const struct unit *now)
{
	if (!is_told_on(tells, cast->path, cast->vector_ref.kind != OBJ_NONE) ||
	    (tells->changed && !memcmp(before->core, now->core, sizeof(now->core))))
		return false;
	if (tells->role != role || tells->in != in || (tells->once && !cast->first))
		return false;
	/* a masked pin's route is left alone */
	if (tells->kind == EV_KVM_ROUTE_UPDATE && unit_state(now, ROLE_PIN, PIN_REGION_HW) != BIT_CLEAR)
		return false;
	return role != ROLE_LAPIC || now->place[PLACE_HERE] == now->place[PLACE_TARGET] ||
	       now->place[PLACE_HERE] == now->place[PLACE_OLD];
}

bool story_event(const struct story_cast *cast, unsigned *row, const struct unit *before, const struct unit *after, unsigned role,
		 unsigned in, struct event *ev)
{
	while (*row < NR_TELLINGS && !is_told(cast, &tellings[*row], role, in, before, after))
		++*row;
	if (*row == NR_TELLINGS)
		return false;
	*ev = (struct event){
		.kind = tellings[*row].kind, .witness = tellings[*row].witness, .cpu = -1, .pid = -1,
		.via = string_of(&tellings[*row], tellings[*row].level_via && cast->feeder.kind == OBJ_PIN ? STRING_LEVEL_VIA : STRING_VIA),
	};
	add_objects(cast, &tellings[*row], ev);
	for (const uint8_t *arg = event_kinds[ev->kind].args; *arg; arg++) {
		int64_t value;

		if (argument(cast, &tellings[*row], *arg, before, after, &value))
			event_arg_set(ev, *arg, value);
	}
	++*row;
	return true;
}

/* ------------------------------------------------------------------------------------------------------ a check's story */

/* dom0, or the first guest; its numbers and Xen's have nothing to do with each other. */
static void cast_xen(struct story_cast *cast, unsigned unit)
{
	uint32_t domain = cast->path == PATH_DOM0_PV ? 0 : 1;

	cast->irq.machine = cast->feeder.machine = cast->function.machine = domain ? MACHINE_DOMAIN + domain : MACHINE_DOM0;
	cast->xirq = (struct object_ref){ .kind = OBJ_XIRQ, .machine = MACHINE_XEN, .id = FIRST_XIRQ + unit };
	cast->pirq = (struct object_ref){ .kind = OBJ_PIRQ, .machine = MACHINE_XEN, .id = object_id_pair(domain, FIRST_PIRQ + unit) };
	cast->port = (struct object_ref){ .kind = OBJ_PORT, .machine = MACHINE_XEN, .id = object_id_pair(domain, FIRST_PORT + unit) };
}

/* Devices, irqs and vectors that nobody has; a vector stands for the unit's on one CPU, whose APIC id is its number. */
static void cast_unit(struct teller *t, unsigned unit)
{
	struct story_cast *cast = &t->cast;
	uint64_t function = object_id_pci(0, 5, 0, 0);

	*cast = (struct story_cast){
		.irq = { .kind = OBJ_IRQ, .id = FIRST_IRQ + unit },
		.feeder = { .kind = OBJ_PIN, .id = object_id_pair(0, FIRST_PIN + unit) },
		.nr_vectors = t->nr_units, .first = !unit, .freed = t->cpu + 1, .path = t->part->path,
	};
	if (t->part->has_function) {
		cast->feeder = (struct object_ref){ .kind = OBJ_MSIX, .id = object_id_entry(function, unit) };
		cast->function = (struct object_ref){ .kind = OBJ_PCI, .id = function };
	}
	if (t->part->path == PATH_DOM0_PVH) {
		cast->gsi = (struct object_ref){ .kind = OBJ_GSI, .id = FIRST_PIN + unit };
		cast->function = (struct object_ref){ .kind = OBJ_PCI, .id = function };
	}
	if (t->part->feeder == OBJ_XIRQ)
		cast_xen(cast, unit);
	for (unsigned place = 1; place <= UNIT_MAX_CPUS; place++) {
		cast->cpu[place] = place - 1;
		cast->vector[place] = FIRST_VECTOR + 16 * unit + (place - 1);
	}
}

/*
 * Under Xen on one CPU: an irq and a pirq for each, the pirq of the domain whose device it is. Xen's own has no pirq, and what
 * it does is recorded as little as most of that is.
 */
static void cast_stack(struct teller *t, const struct unit *unit)
{
	unsigned rank = unit->place[PLACE_RANK] - 1, domain = unit->place[PLACE_OTHER] ? unit->place[PLACE_OTHER] - 1u : rank;
	unsigned cpu = unit->place[PLACE_TARGET] - 1, vector = unit_rank_vector(rank);

	t->cast = (struct story_cast){
		.xirq = { .kind = OBJ_XIRQ, .id = FIRST_IRQ + rank },
		.pirq = { .kind = OBJ_PIRQ, .id = object_id_pair(rank, FIRST_IRQ + rank) },
		.vector_ref = { .kind = OBJ_VECTOR, .id = object_id_pair(cpu, vector) },
		.vcpu = { .kind = OBJ_VCPU, .id = object_id_pair(domain, 0) },
	};
	for (unsigned place = 1; place <= UNIT_MAX_CPUS; place++) {
		t->cast.cpu[place] = place - 1;
		t->cast.vector[place] = vector;
	}
}

static void tell(struct teller *t, const struct unit *before, const struct unit *after, unsigned role, unsigned in)
{
	struct event ev;
	unsigned row = 0;

	if (t->part->nr_units)
		cast_stack(t, after);
	else
		cast_unit(t, t->unit);
	for (unsigned place = 1; after->place[PLACE_SAME] && place <= UNIT_MAX_CPUS; place++)
		t->cast.vector[place] = t->cast.vector[1];
	while (story_event(&t->cast, &row, before, after, role, in, &ev)) {
		ev.t_lo_ns = ev.t_hi_ns = t->now_ns;
		ev.cpu = t->cpu;
		t->sink->event(t->sink->ctx, &ev);
		t->now_ns += INPUT_NS;
	}
}

/* Of roles that have several cores, the one that changed. */
static unsigned changed_core(const struct unit *before, const struct unit *after, unsigned role, unsigned otherwise)
{
	unsigned nr = role == ROLE_LAPIC ? UNIT_MAX_CPUS : role == ROLE_PEOI ? UNIT_MAX_RANKS : role == ROLE_VCPU ? UNIT_MAX_DOMAINS : 1;

	for (unsigned i = 0; i < nr; i++)
		if (before->core[role + i] != after->core[role + i])
			return i;
	return nr > 1 ? otherwise : 0;
}

static void tell_input(const struct teller *t, const struct unit *before, const struct unit *after, unsigned role, unsigned in)
{
	unsigned core = changed_core(before, after, role, role == ROLE_LAPIC ? t->cpu : 0), slot = role + core;

	t->sink->input(t->sink->ctx, &(struct story_input){
		.unit = t->unit, .cpu = role == ROLE_LAPIC ? core : t->cpu, .role = role, .in = in,
		.before = before->core[slot], .after = after->core[slot],
	});
}

static void on_input(void *ctx, const struct unit *before, const struct unit *after, unsigned role, unsigned in)
{
	struct teller *t = ctx;

	if (after->place[PLACE_HERE])
		t->cpu = after->place[PLACE_HERE] - 1;
	if (t->sink->input)
		tell_input(t, before, after, role, in);
	if (t->sink->event)
		tell(t, before, after, role, in);
}

static void at_unit(void *ctx, unsigned unit)
{
	((struct teller *)ctx)->unit = unit;
}

/* What still waits is seen in the IRR when its idle CPU wakes up. */
static void tell_waiting(struct teller *t, const struct unit *unit)
{
	struct event ev = { .kind = EV_XEN_VECTOR_PENDING, .witness = WITNESS_HARDWARE, .pid = -1, .via = ID_IDLE };

	if (!t->part->nr_units || unit_lapic_state(unit, unit->place[PLACE_TARGET] - 1, LAPIC_REGION_IRR) != BIT_SET)
		return;
	cast_stack(t, unit);
	ev.cpu = unit->place[PLACE_TARGET] - 1;
	ev.t_lo_ns = ev.t_hi_ns = t->now_ns;
	add_object(&ev, &t->cast.vector_ref);
	t->sink->event(t->sink->ctx, &ev);
}

static void tell_field(struct teller *t, const struct object_ref *object, const struct object_ref *other, enum witness witness,
		       unsigned field, unsigned text)
{
	struct event ev = { .kind = EV_SNAPSHOT_FIELD, .witness = witness, .cpu = -1, .pid = -1 };

	ev.t_lo_ns = ev.t_hi_ns = t->now_ns;
	add_object(&ev, object);
	if (other)
		add_object(&ev, other);
	event_arg_set(&ev, ARG_FIELD, field);
	if (text)
		event_arg_set(&ev, ARG_TEXT, text);
	t->sink->event(t->sink->ctx, &ev);
}

static void tell_region(struct teller *t, const struct unit *unit, unsigned number)
{
	const struct dumped *row = &dumped[number];
	const struct object_ref *object = row->role == ROLE_PORT ? &t->cast.port : &t->cast.xirq;
	unsigned state = unit_state(unit, row->role, row->region);

	if (state != STATE_UNKNOWN)
		tell_field(t, object, NULL, row->witness, ID_FIELD + number, ID_STATE + MAX_STATES * number + state);
}

/* Xen's own dump in the end, of what is mapped. */
static void tell_dump(struct teller *t, const struct unit *units)
{
	t->now_ns += SILENCE_NS;
	for (unsigned i = 0; i < t->nr_units; i++) {
		if (unit_state(&units[i], ROLE_PIRQ, PIRQ_REGION_MAP) != BIT_SET)
			continue;
		cast_unit(t, i);
		tell_field(t, &t->cast.xirq, &t->cast.pirq, WITNESS_SHADOW, ID_FEEDS, 0);
		if (unit_state(&units[i], ROLE_PIRQ, PIRQ_REGION_BOUND) == BIT_SET)
			tell_field(t, &t->cast.pirq, &t->cast.port, WITNESS_SHADOW, ID_FEEDS, 0);
		tell_field(t, &t->cast.xirq, NULL, WITNESS_SHADOW, ID_MASKABLE, ID_YES);
		for (unsigned number = 0; number < NR_DUMPED; number++)
			tell_region(t, &units[i], number);
	}
}

static void tell_end(struct teller *t, const struct unit *units)
{
	struct event ev = { .kind = EV_MARK, .witness = WITNESS_SHADOW, .cpu = 0, .pid = -1, .via = 0 };
	int64_t end_ns = t->now_ns + SILENCE_NS;

	for (int times = 0; t->sink->event && times < NR_WAKE_UPS; times++) {
		t->now_ns += SILENCE_NS / (NR_WAKE_UPS + 1);
		for (unsigned i = 0; i < t->nr_units; i++)
			tell_waiting(t, &units[i]);
	}
	ev.t_lo_ns = ev.t_hi_ns = end_ns;
	if (t->sink->event)
		t->sink->event(t->sink->ctx, &ev);
}

void story_tell(const struct check_options *opt, const struct check_result *result, const struct story_sink *sink)
{
	struct teller t = { .part = opt->part, .sink = sink, .nr_units = opt->units, .now_ns = 1000000000 };
	struct unit units[CHECK_MAX_UNITS];
	struct unit_engine engine;

	if (!unit_engine_init(&engine, opt->part, opt->quirks))
		return;
	engine.log = on_input;
	engine.log_ctx = &t;
	check_start(opt->part, opt->quirks, units, opt->units);
	for (unsigned i = 0; i < result->nr_steps; i++) {
		const struct check_step *step = &result->steps[i];

		t.cpu = step->operation->per_cpu ? step->cpu : 0;
		if (sink->step)
			sink->step(sink->ctx, i, step);
		check_replay_step(&engine, units, opt->units, step, at_unit, &t);
		t.now_ns = 1000000000 + (i + 1) * (int64_t)STEP_NS;
	}
	if (opt->part->feeder == OBJ_XIRQ && sink->event)
		tell_dump(&t, units);
	tell_end(&t, units);
}
