/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The objects of a replay: found by identity, made at first sight, one for each generation.
 * Provenance lives here, around the cores: since when a region has its value, and through which event.
 */
#ifndef IRQPATH_MODEL_REGISTRY_H
#define IRQPATH_MODEL_REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/derived.h"
#include "model/assignment.h"
#include "model/component.h"
#include "model/cpu.h"
#include "model/dpci.h"
#include "model/duty.h"
#include "model/fields.h"
#include "model/flags.h"
#include "model/gsi.h"
#include "model/intx.h"
#include "model/irq.h"
#include "model/irte.h"
#include "model/vfio.h"
#include "model/kroute.h"
#include "model/lapic.h"
#include "model/msi.h"
#include "model/msix.h"
#include "model/pci.h"
#include "model/peoi.h"
#include "model/pin.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/rate.h"
#include "model/slot.h"
#include "model/vcpu.h"
#include "model/vector.h"
#include "model/vpin.h"
#include "model/whatif.h"
#include "model/xirq.h"
#include "model/xmsi.h"
#include "model/xstat.h"

enum { MAX_LIVE_OBJECTS = 1 << 16 };

/* Since when a region has its value. */
struct mark {
	int64_t event, t_ns;	/* 0, NO_TIME: from before the capture */
};

/* What the irq's chip is known to be. */
enum irq_chip { CHIP_UNKNOWN, CHIP_NATIVE, CHIP_REMAPPED, CHIP_XEN, CHIP_VMD };

/* An irq's vector and what it is owed; only irqs that records show in the vector domain, or being moved, have one. */
struct vector_object {
	struct vector_core core;
	struct mark mark[NR_VECTOR_REGIONS];
	struct duty cleanup;		/* of the old vector, once an interrupt came on the new CPU */
	struct duty message;		/* that follows the configured vector */
	struct duty affinity;		/* that was asked for */
	struct duty assign;		/* of a vector, after an allocation failed */
	struct duty resend;		/* of an edge that was held pending */
	struct object *irte;		/* that its messages pass, NULL: none known */
	int32_t target_cpu;		/* last configured, -1 unknown */
	int32_t vector;			/* last configured, 239 included, -1 unknown */
	int32_t old_vector, old_cpu;	/* of the last move, -1: none known */
	int64_t apicdest;		/* last configured, -1 unknown */
	int64_t msg_vector, msg_dest;	/* last message, -1 unknown */
	uint64_t asked_mask;		/* of the last affinity request */
	int64_t asked_event;		/* 0: none, or without a mask */
	int64_t update_event, config_event, failed_event, failed_ns;
	bool alloc_failed;		/* the last allocation found none */
	bool managed, level, edge;	/* known to be */
	bool msg_doubted;		/* an interrupt came where no message is believed to go */
	bool old_shown;			/* an acknowledgement on the new CPU still had the old vector */
	bool msg_direct;		/* a message was seen to encode the vector itself */
	bool parked_told;		/* an arrival on the parked vector was written */
};

/* State words as last seen; only their bits that say something. */
struct irq_flags {
	struct flags_core core, istate_core;
	struct mark mark[NR_FLAGS_REGIONS], istate_mark[NR_ISTATE_REGIONS];
	uint32_t state, istate;
	bool seen, istate_seen;		/* since the last hole */
};

struct irq_object {
	struct irq_core core;
	struct whatif_unit whatif;
	struct vector_object *alloc;	/* owned, NULL: nothing recorded */
	struct mark mark[NR_IRQ_REGIONS];
	struct irq_flags flags;
	struct object *feeder;		/* MSI-X entry, MSI message or IO-APIC pin that feeds it, NULL: none known */
	struct duty eoi;		/* an acknowledgement of what the flow handler took */
	struct duty oneshot;		/* the end of its threads, while the line is kept masked for them */
	uint32_t unacked;		/* flow handlers entered and not acknowledged */
	enum irq_chip chip;
	bool is_pirq;			/* its event channel is a pirq's */
	struct summary_row summary;
	struct rate second;		/* deliveries in the last one */
	uint64_t unhandled_now;		/* current run */
	int64_t unhandled_now_first_event, unhandled_now_ns;
	uint64_t accepted, eoied;	/* ledger: flow handler runs, acknowledgements */
	int64_t flow_ns, flow_event;	/* flow handler entered and its action not yet, NO_TIME: none */
	int64_t eoi_ns;			/* acknowledged before its action, NO_TIME: not */
	int32_t flow_cpu;
	bool flow_seen, ack_seen;	/* this capture shows flow handlers, acknowledgements of this irq */
	bool resent;			/* software sent it again: the next delivery is no device's */
	bool resend_asked;		/* check_irq_resend() found it pending, and the chip has not been called yet */
	bool unshared;			/* its action was installed without IRQF_SHARED */
	bool woken_maybe;		/* its last action ended well, and whether it woke its thread was not told */
	int64_t poll_ns;		/* the kernel polls it: its actions run without an interrupt, NO_TIME: not */
	int32_t poll_cpu;
	bool gap;			/* records were lost in its life */
	int32_t vector;			/* last configured, -1 unknown */
	struct link_row vector_link;	/* open link to that vector; fed 0: none */
	struct object *port;		/* event channel that feeds it, NULL: none known */
	struct object *pirq, *xirq;	/* what Xen calls it in its domain, and itself; the latter where no pirq leads to it */
	uint32_t maybe_port;		/* object of the event channel that was cleared with its last EOIs, 0: none */
	uint8_t nr_maybe;		/* how many of them in a row */
};

/* Notifications of a device that its entry or message holds back (pending.c). */
struct pending {
	struct duty duty;		/* a message that must leave for all that wait */
	uint64_t held, lost_lo, lost_hi;	/* ledger: held back in all; of these, never sent */
	bool gap;			/* records were lost while some waited */
};

struct entry_object {
	struct msix_entry_core core;
	struct pending pending;
	struct mark mark[NR_ENTRY_REGIONS];
	struct duty message;		/* that a notification must become, where no irq is known */
	struct object *xirq;		/* of Xen, whose message it has, NULL: none known */
	int64_t written_ns;		/* when its message was, as the platform shows it */
};

struct message_object {
	struct msi_message_core core;
	struct pending pending;
	struct mark mark[NR_MSI_REGIONS];
};

struct intx_object {
	struct intx_core core;
	struct mark mark[NR_INTX_REGIONS];
};

/* A PCI function. */
struct function_object {
	struct msix_function_core core;
	struct mark mark[NR_FN_REGIONS];
	struct msi_function_core msi;
	struct mark msi_mark[NR_MSIFN_REGIONS];
	struct pci_core pci;
	struct mark pci_mark[NR_PCI_REGIONS];
	struct object *entries;		/* MSI-X */
	struct object *messages;	/* MSI */
	uint32_t nr_feeders;		/* of both */
	struct object *intx;		/* NULL: its pin was not seen */
	uint32_t msi_irq;		/* irq of message 0, as far as records have shown */
	bool msi_irq_known;
	struct duty restore;		/* what a reset took must be written back */
	struct duty master;		/* bus mastering while its messages are in use */
	struct duty enable;		/* an interrupt, after one was refused */
	struct duty message;		/* that a notification must become, while the function mask holds it back */
	bool command_seen;		/* the command register was seen written since the last reset */
	unsigned sent_while_off;	/* messages since it was reset or bus mastering went off */
	bool refused;			/* it was refused one and has none since */
	int32_t refused_pid;		/* whose call that was */
	int64_t refused_event;
	uint32_t fallback_irq;		/* object id of the line that the same task asked for then, 0: none */
	uint32_t listed_source;		/* the last list of functions that has it, 0: none */
	int64_t listed_event, listed_ns;
	uint32_t nr_entries;		/* of its MSI-X table, 0: not known */
	uint64_t table_address;		/* of its MSI-X table, in the machine's memory, 0: not known */
	uint8_t msix_control, msi_mask_register;	/* in configuration space, 0: none, or not known */
};

struct pin_object {
	struct pin_core core;
	struct mark mark[NR_PIN_REGIONS];
	int32_t vector;			/* last known of its entry, -1 unknown */
	int32_t accepted;		/* vector with which remote IRR was set, -1 unknown */
	struct duty irr;		/* remote IRR that an EOI did not match */
	struct duty eoi;		/* of what the platform saw accepted, where no irq is known */
	uint64_t rte, rte_known;	/* the entry as the platform showed it, and which bits of it */
	struct object *kroute;		/* KVM's route of it, NULL: none known */
	uint32_t sources;		/* of KVM that assert its line, a bit each */
	struct duty handed_on;		/* an EOI that KVM must hand on to the IO-APIC in user space */
	int32_t eoi_vcpu;		/* that gave it */
	uint64_t nr_handed_on;
	uint64_t nr_accepted, nr_ended;	/* messages that were accepted, and EOIs, as the platform recorded them */
	uint32_t xirq;			/* irq of Xen that a dump shows it to feed, 0: none */
	bool gap;			/* records were lost */
	bool irr_shown;			/* changes of remote IRR are recorded by themselves */
	bool by_kvm;			/* its interrupts are recorded by KVM; what ends them may be or not */
};

/* The redirection entry that a route was made from: valid where anything is known of it. */
struct route_entry {
	uint64_t bits, known;
	bool valid;
};

/* KVM's route of a pin. */
struct kroute_object {
	struct kroute_core core;
	struct mark mark[NR_KROUTE_REGIONS];
	struct object *pin;
	struct route_entry table, committed;	/* in QEMU, in KVM */
	struct duty update;		/* an update that follows the entry, owed to the pin */
	int32_t writer_pid;		/* thread that wrote the entry last, -1 unknown */
	bool foreseen;			/* what-if: handed over ahead of the record */
	bool raced;			/* an EOI came since */
	bool fired;			/* remote IRR was told to be set: KVM's line is the same firing */
	bool told;			/* QEMU's call was: KVM's own record of the line is the same */
	int64_t write_event;		/* the last write of the entry, 0: none known */
};

/* A vector of a function that VFIO gives to a guest. */
struct vfio_object {
	struct vfio_core core;
	struct mark mark[NR_VFIO_REGIONS];
	struct duty line;		/* an interrupt of the function's line that has to end; with entry 0 */
};

struct cpu_object {
	struct cpu_core core;
	struct mark mark[NR_CPU_REGIONS];
};

struct irte_object {
	struct irte_core core;
	struct mark mark[NR_IRTE_REGIONS];
	struct object *irq;		/* that it routes, NULL: none known */
	struct duty update;		/* a write that follows the configured vector */
	struct link_row link;		/* open link to that irq; feeder 0: none */
	int64_t vector, dest;		/* last written, -1 unknown */
};

/* A vector of a CPU. */
struct lapic_object {
	struct lapic_core core;
	struct mark mark[NR_LAPIC_REGIONS];
	struct slot_core slot;
	struct mark slot_mark[NR_SLOT_REGIONS];
	bool accepts, dispatches, eois;	/* recorded since the last hole */
	uint32_t xirq;			/* irq of Xen that had it last, an object; 0: not known */
};

/* An irq of Xen. */
struct xirq_object {
	struct xirq_core core;
	struct whatif_unit whatif;
	struct mark mark[NR_XIRQ_REGIONS];
	struct xmsi_core msi;
	struct mark msi_mark[NR_XMSI_REGIONS];
	struct xstat_core stat;
	struct mark stat_mark[NR_XSTAT_REGIONS];
	struct object *pirqs;		/* of its guests, as far as known */
	struct object *irq;		/* that it is known to feed while its pirq is not */
	struct object *entry;		/* of an MSI-X table, that has its message, NULL: none known */
	unsigned nr_pirqs;
	int32_t guests;			/* of its action, -1 unknown */
	int32_t vector, old_vector;	/* -1 unknown, or none */
	uint64_t cpus, old_cpus;	/* where the vectors are valid, 0: unknown, or none */
	unsigned uncleaned;		/* CPUs that still have the old vector */
	struct summary_row summary;
	struct rate second, limit;	/* arrivals in the last second, and in the time of Xen's limit */
	struct duty stale, cleanup;	/* of a move: arrivals by the new vector; the old one's release */
	bool gap;			/* records were lost in its life */
	bool is_line;			/* a level pin's */
	bool is_msix;			/* Xen calls its message one of MSI-X */
};

struct pirq_object {
	struct pirq_core core;
	struct mark mark[NR_PIRQ_REGIONS];
	struct object *xirq, *port, *irq;	/* that feeds it, that it feeds; NULL: none known */
	struct object *next;		/* the next that the irq of Xen feeds */
	struct duty bind;		/* an event channel, after one was refused */
	struct duty eoi;		/* the guest's, of what it was given */
	bool eoi_seen;			/* records of the guest's EOIs lead to it */
	int64_t eoi_ns;			/* the last of them, NO_TIME: none */
	bool is_message;		/* of an MSI-X entry or an MSI message */
	int64_t call_event;		/* of the kernel's call that had it mapped with others of its function, 0: not seen */
	struct duty unmask;		/* of its entry, after the guest wrote that masked */
	int64_t write_event;		/* that write, 0: none, or unmasked since */
	bool write_certain, write_late;	/* it was one, and no call that may do nothing; bound to an event channel, or behind Xen */
	int64_t refused_event;		/* of the bind that was refused, 0: none, or one succeeded since */
};

struct port_object {
	struct port_core core;
	struct mark mark[NR_PORT_REGIONS];
	struct object *pirq, *irq;	/* that feeds it, that it feeds; NULL: none known */
	struct duty unmask;		/* of one whose irq is in use */
	uint32_t vcpu;			/* object that it calls, 0: not known */
	int64_t taken_ns;		/* its guest took it last, NO_TIME: not seen */
};

/* A vector that was seen in the IRR of a CPU, and not handled there since. */
struct sighting {
	int64_t event, t_ns;		/* event 0: none */
	uint32_t source;
	bool accepted;			/* the platform told that it came */
};

/* An entry of Xen's stack of EOIs of a CPU: of one priority class. */
struct peoi_entry_of {
	struct peoi_core core;
	struct mark mark;		/* since when */
	int32_t vector;			/* last pushed */
	uint32_t xirq;			/* its object, 0: none as yet */
};

enum { PEOI_CLASSES = LAPIC_MAX_VECTORS >> LAPIC_CLASS_SHIFT };

struct peoi_stack {
	struct peoi_entry_of entry[PEOI_CLASSES];
	struct sighting seen[LAPIC_MAX_VECTORS];
	int waiting;			/* vector that waits for the stack, 0: none */
	unsigned doubt;			/* class of an irq that may be in service as well, PEOI_CLASSES: not known which; 0: none */
};

struct peoi_object {
	struct peoi_stack *stack;	/* owned */
	struct duty wait;		/* an EOI for which another vector waits */
};

struct gsi_object {
	struct gsi_core core;
	struct mark mark[NR_GSI_REGIONS];
	struct assignment_core assign;	/* of its device */
	struct mark assign_mark[NR_ASSIGNMENT_REGIONS];
	struct duty registered;		/* of one whose device was given away */
};

/* A pin of a domain's virtual IO-APIC. */
struct vpin_object {
	struct vpin_core core;
	struct mark mark[NR_VPIN_REGIONS];
	int32_t vector;			/* last written, -1 unknown */
};

enum { MAX_VCPU_PORTS = 64 };

/* A vCPU of a domain, where the records of Xen's scheduler tell of it. */
struct vcpu_object {
	struct vcpu_core core;
	struct mark mark[NR_VCPU_REGIONS];
	int32_t cpu;			/* where it ran last, -1 unknown */
	uint32_t port[MAX_VCPU_PORTS];	/* objects that call it, or did */
	unsigned nr_ports;
};

/* A passthrough binding. */
struct dpci_object {
	struct dpci_core core;
	struct mark mark[NR_DPCI_REGIONS];
	int32_t vector, dest;		/* of the guest's message, -1: none, or it names a pirq */
};

struct object {
	struct object_row row;
	struct object *feeds;		/* irq that it feeds, NULL: none known */
	struct duty unmask;		/* of what feeds an irq */
	unsigned sent_while_masked;	/* deliveries since its mask was set */
	int64_t raise_ns;		/* the device's notice that no delivery has answered yet, NO_TIME: none */
	uint64_t raised;		/* ledger */
	struct object *function;	/* PCI function of an entry or message */
	struct object *next;		/* the next of its kind of the same function; pins: of the same machine */
	bool ever_fed;			/* an irq was known once that it feeds: what is owed is judged by that */
	bool stale;			/* the function lost its set-up, and the message was not written since */
	struct link_row fed_by;		/* open link from what feeds it; feeder 0: none */
	struct link_row out;		/* open link to what it feeds in another machine, or beside another; feeder 0: none */
	struct fields_core fields;	/* of a message or a redirection entry */
	struct mark fields_mark[NR_FIELDS_REGIONS];
	union {
		struct irq_object irq;
		struct entry_object entry;
		struct message_object msi;
		struct intx_object intx;
		struct function_object fn;
		struct pin_object pin;
		struct cpu_object cpu;
		struct irte_object irte;
		struct kroute_object kroute;
		struct vfio_object vfio;
		struct lapic_object lapic;
		struct xirq_object xirq;
		struct pirq_object pirq;
		struct port_object port;
		struct peoi_object peoi;
		struct gsi_object gsi;
		struct vpin_object vpin;
		struct dpci_object dpci;
		struct vcpu_object vcpu;
	};
};

/* A component that an object holds. */
struct held {
	const struct component *type;
	uint32_t *core;
	struct mark *mark;	/* a region each */
};

enum { MAX_HELD = 4 };

/* All that the object holds; how many. */
unsigned object_holds(struct object *obj, struct held held[MAX_HELD]);

struct registry;

struct registry *registry_new(void);
void registry_free(struct registry *rg);

/* The current generation; NULL where it was not seen yet. */
struct object *registry_find(const struct registry *rg, struct object_ref ref);

/*
 * A new object, the first of its identity or the next generation of it, which takes the place of the one before: retire
 * that first. NULL when memory is short or MAX_LIVE_OBJECTS are there.
 */
struct object *registry_add(struct registry *rg, struct object_ref ref);

/* Frees an object; its identity's next generation counts on. */
void registry_retire(struct registry *rg, struct object *obj);

/* Live objects by row.id, from 1 to registry_last(); NULL for those that were retired. */
uint32_t registry_last(const struct registry *rg);
struct object *registry_get(const struct registry *rg, uint32_t id);

#endif
