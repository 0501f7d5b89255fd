/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the replay share; nothing outside src/model includes it. */
#ifndef IRQPATH_MODEL_REPLAY_H
#define IRQPATH_MODEL_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "model/registry.h"

/* The delivery that a CPU is in, or has just ended: written when the next one shows that it is over. */
struct journey {
	struct delivery_row row;
	struct object *irq;	/* NULL: none */
	int64_t first_name;	/* string of its first action; another run of that action is another delivery */
	bool in_action;
	bool polled;		/* the kernel's poll timer called the actions: no interrupt */
};

/* Who has a vector of Xen's: the irq that was given it last, and the entry into whose message it was written last. */
struct vector_holders {
	uint32_t xirq, entry;	/* object ids, 0: none */
	unsigned nr_xirqs;	/* irqs that have it, on whatever CPUs */
};

struct model;

/* An event goes to every part that uses its kind, in the order of the table in model.c. */
typedef void (*event_handler)(struct model *m, const struct event *ev);

struct machine_state {
	uint16_t machine;
	bool path_written[NR_PATHS];
	bool hvm;		/* a domain of Xen that runs in hardware's guest mode: HVM or PVH */
	struct journey *cpu;	/* owned, by CPU number */
	uint32_t nr_cpus;
	struct lapic *lapic;	/* owned, by CPU number or APIC id */
	uint32_t nr_lapics;
	struct object *pins;	/* all of its IO-APICs, linked by next */
	struct vector_holders *holders;	/* owned: 256, of the machine under Xen; NULL: none yet */
	uint64_t unused_pins;	/* of the first one: bits, as a dump shows them without a vector */
	uint32_t vector_source;	/* source of its last vector record, 0: none */
	uint32_t updated_irq;	/* object whose vector_update was the last vector record, 0: none */
	bool route_updates_seen, route_commits_seen;	/* records of KVM's routes that are for pins */
	bool kvm_ends_seen;	/* KVM's records of EOIs that reach an IO-APIC */
	bool parked_told;	/* an arrival on the parked vector that no irq could be found for was written */
	bool resend_checked;	/* this capture shows check_irq_resend() */
};

enum { MAX_MACHINES = 64, MAX_CPUS = 1 << 14, MAX_PARTS = 32, MAX_DUTY_KINDS = 32, MAX_REFUSED = 16, MAX_VPIN_WRITES = 64 };

/* A write of a virtual IO-APIC's entry that may be answered by Xen, on the same CPU and at once. */
struct vpin_write {
	int32_t cpu;		/* -1: none */
	uint32_t domain, pin;
	bool domain_known;
	uint64_t rte;
	int64_t event, t_ns;
};

/* A kernel's call that asks Xen for pirqs of a device, and the irqs to which Xen has given a vector since its last result. */
struct map_call {
	int32_t pid;		/* 0: none */
	uint16_t machine;
	bool doubtful;		/* they may be another call's */
	unsigned nr_xirqs;
	uint32_t xirq;		/* object of the last one */
	int64_t event;		/* with which it began */
};

/* The last EOI of a pirq on a CPU, whose event channel has not been cleared yet. */
struct open_eoi {
	uint32_t source, irq;	/* object; 0: none */
	int32_t cpu, pid;
};

enum { MAX_MAP_CALLS = 8, MAX_OPEN_EOIS = 64, MAX_MATCHED = 64 };

/*
 * Which irq of Xen can be which of a domain's kernel, by the order of their interrupts: xen_join.c. Bits are places in the
 * other list.
 */
struct irq_match {
	uint32_t xirq[MAX_MATCHED], irq[MAX_MATCHED];	/* objects */
	unsigned nr_xirqs, nr_irqs;
	uint64_t possible[MAX_MATCHED];	/* of an irq: all its actions but the last had one of these handled before them */
	uint64_t before[MAX_MATCHED];	/* of an irq: handled between its last two actions */
	uint64_t fresh[MAX_MATCHED];	/* of an irq: handled since its last action */
	int64_t entered_ns[MAX_MATCHED];	/* of an irq: its last action */
	uint32_t entered[MAX_MATCHED], handled[MAX_MATCHED];
	uint64_t answered[MAX_MATCHED];	/* of a Xen irq: irqs whose action ran since it was handled last */
	uint32_t missed[MAX_MATCHED][MAX_MATCHED];	/* of a Xen irq: how often an irq's action had not */
	bool full;			/* one that did not fit may be the right one */
};

struct model {
	const struct model_options *opt;
	const struct derived_sink *sink;
	struct diag_sink *diag;
	struct registry *objects;
	event_handler handler[NR_EVENT_KINDS][MAX_PARTS];	/* NULL terminated where shorter */
	struct duty_stats stats[MAX_DUTY_KINDS + 1];	/* by kind, the last one unused */
	struct machine_state machine[MAX_MACHINES];
	unsigned nr_machines;
	struct vpin_write vpin_write[MAX_VPIN_WRITES];	/* by CPU; what does not fit is forgotten */
	enum xirq_input level_ack;	/* how Xen's level pins are acknowledged, 0: not known */
	unsigned nr_level_acks;		/* how often that was told */
	uint32_t refused[MAX_REFUSED];	/* functions that were refused an interrupt lately, by object id, 0: none */
	unsigned next_refused;
	struct map_call map_call[MAX_MAP_CALLS];
	bool guest_seen;	/* an object of a domain that is not the initial one */
	bool calls_lost;	/* records that are missing may have been such calls */
	int64_t software_end_ns;	/* what was known then is written as at the end of the capture; NO_TIME: it has not come */
	uint32_t last_listing;	/* source of the last list of functions, 0: none */
	struct open_eoi open_eoi[MAX_OPEN_EOIS];
	struct irq_match *match;	/* owned, NULL: nothing to match */
	struct vmsix *vmsix;	/* owned: MSI-X tables of guests; NULL: none was written */
	struct object *stacks;		/* Xen's stacks of EOIs, linked by next */
	unsigned nr_stacks;
	struct whatif_state *whatif;	/* owned, NULL: as recorded */
	const struct event *ev;	/* the event being replayed, NULL outside */
	int64_t event, now_ns;	/* its id and time */
	int64_t last_ns;	/* of the last event */
	bool begun, failed, full;
};

/* model.c: rows out. A sink that fails sets m->failed. */
void emit_step(struct model *m, const struct step_row *row);
void emit_span(struct model *m, const struct span_row *row);
void emit_link(struct model *m, const struct link_row *row);
void emit_obligation(struct model *m, const struct obligation_row *row);
void emit_delivery(struct model *m, const struct delivery_row *row);

/* model.c: the object of an identity, made at first sight; NULL where there are too many. Notes that this event is about it. */
struct object *model_object(struct model *m, const struct object_ref *ref);

/* The object of that kind that the event names; NULL where it names none, or memory is out (m->failed). */
struct object *object_named(struct model *m, const struct event *ev, enum object_kind kind);

/* An irq is over: what is still in memory of it is written, and its identity's next generation will be another object. */
void model_retire(struct model *m, struct object *irq);

/* model.c: records were lost from then on that could have changed it. */
void model_lost(struct model *m, struct object *obj, int64_t gap_from_ns);

/* owed.c: calls fn for each duty of an object, open or not; excuse is what ends it when it is not owed just then. */
typedef void (*owed_fn)(struct model *m, struct duty *duty, const char *excuse, int64_t t_ns);
void owed_each(struct model *m, struct object *obj, owed_fn fn, int64_t t_ns);

/* reset.c: the whole machine is reset. */
void machine_reset(struct model *m, uint16_t machine);

/* The next generation of an identity, for an irq number that is given again. */
struct object *model_next_generation(struct model *m, struct object *old);

struct machine_state *model_machine(struct model *m, uint16_t machine);

/*
 * step.c: apply an input to a component and write steps and spans of what changed. Each returns true where a region
 * that is not hot changed.
 */
bool function_input(struct model *m, struct object *fn, enum msix_function_input in);
bool entry_input(struct model *m, struct object *entry, enum msix_entry_input in);
bool msi_function_input(struct model *m, struct object *fn, enum msi_function_input in);
bool msi_input(struct model *m, struct object *msi, enum msi_message_input in);
bool pci_input(struct model *m, struct object *fn, enum pci_input in);
bool intx_input(struct model *m, struct object *intx, enum intx_input in);
bool irq_input(struct model *m, struct object *irq, enum irq_input in);
bool pin_input(struct model *m, struct object *pin, enum pin_input in);
bool vector_input(struct model *m, struct object *irq, enum vector_input in);	/* the irq has a vector object */
bool cpu_input(struct model *m, struct object *cpu, enum cpu_input in);
bool irte_input(struct model *m, struct object *irte, enum irte_input in);
unsigned kroute_input(struct model *m, struct object *kroute, enum kroute_input in);	/* enum kroute_effect */
bool vfio_input(struct model *m, struct object *vfio, enum vfio_input in);
bool slot_input(struct model *m, struct object *vector, enum slot_input in);
bool fields_input(struct model *m, struct object *obj, enum fields_input in);	/* message or pin */
bool flags_input(struct model *m, struct object *irq, enum flags_input in);
bool istate_input(struct model *m, struct object *irq, enum istate_input in);
bool lapic_input(struct model *m, struct object *vector, enum lapic_input in, const struct lapic_view *view);

bool xstat_input(struct model *m, struct object *xirq, enum xstat_input in);
bool xirq_input(struct model *m, struct object *xirq, enum xirq_input in);
bool xmsi_input(struct model *m, struct object *xirq, enum xmsi_input in);
bool pirq_input(struct model *m, struct object *pirq, enum pirq_input in);
bool port_input(struct model *m, struct object *port, enum port_input in);
bool gsi_input(struct model *m, struct object *gsi, enum gsi_input in);
bool assignment_input(struct model *m, struct object *gsi, enum assignment_input in);
bool dpci_input(struct model *m, struct object *dpci, enum dpci_input in);
bool vpin_input(struct model *m, struct object *vpin, enum vpin_input in);
bool vcpu_input(struct model *m, struct object *vcpu, enum vcpu_input in);
bool peoi_input(struct model *m, struct object *peoi, unsigned class, enum peoi_input in);	/* entry of that class */

/*
 * peoi_events.c: an irq of Xen is handled on the event's CPU, by that vector (-1: not known); its guests, or Xen for them, have
 * acknowledged it; records were lost; the highest vector known to wait for its EOI, -1: none.
 */
void peoi_handled(struct model *m, struct object *xirq, int vector);
void peoi_acknowledged(struct model *m, const struct object *xirq, enum peoi_input in);
void peoi_lost(struct model *m, struct object *peoi, int64_t gap_from_ns);
int peoi_top_vector(const struct object *peoi);

/* xirq_events.c: its first guest has it started, its last one shut down. */
void xirq_started(struct model *m, struct object *xirq, bool on);

/* xirq_events.c: which pin it has is known only now, what has happened to it since the beginning will have changed that. */
void xirq_pin_shown(struct model *m, struct object *xirq);
bool xirq_is_message(const struct object *xirq);	/* of MSI or MSI-X, with a mask bit */

/* xirq_events.c: its number was given up, and the event that is being replayed is of another irq. */
bool xirq_is_given_again(const struct model *m, const struct object *xirq);

/* xen_duties.c: what they are owed, after any change of them or of the irq behind; a bind was refused. */
void pirq_refused(struct model *m, struct object *pirq);
void pirq_update(struct model *m, struct object *pirq);
void port_update(struct model *m, struct object *port);
void xirq_update(struct model *m, struct object *xirq);
void table_update(struct model *m, struct object *pirq);	/* table_events.c */
void table_store(struct model *m, struct object *pirq, bool masked);	/* table_events.c: a guest's, to the entry of that pirq */
void table_unmasked(struct model *m, struct object *pirq);	/* table_events.c: its entry is known to be */
void xmsi_is_unmasked(struct model *m, struct object *xirq);	/* the same of all its guests' */
void xen_duties_lost(struct model *m, struct object *obj);

/* xirq_events.c: the record that is being replayed tells of lost ones. */
void xen_lost(struct model *m, struct object *obj);

/*
 * A dump shows that a region holds that state; news: it may have changed without a record. True where something else was
 * believed, or nothing.
 */
bool see_region(struct model *m, struct object *obj, const struct held *held, unsigned region, unsigned state, bool news);

/* A number of an irq of Xen or of an event channel, compared with a dump of it and written down. */
void see_compared(struct model *m, struct object *obj, const char *field, bool known, uint64_t believed, uint64_t seen);

/* What-if: a dump would show what is believed, whatever it does show. */
void see_as_believed(struct model *m, const struct object *obj, const struct component *type, unsigned region, unsigned state);

/* Open spans of an object, written with the given end. */
void close_spans(struct model *m, struct object *obj);

/* dpci_events.c: the irq was found to lead to that pirq; the capture ends. */
struct vmsix;
void vmsix_free(struct vmsix *tables);
void dpci_joined(struct model *m, struct object *xirq, struct object *pirq);
void dpci_finish(struct model *m, struct object *dpci);
void dpci_devices(struct model *m);	/* the capture ends: tables whose function a list of functions tells */

/* gsi_events.c: Xen gave the irq of that number its vector; the capture ends. */
void gsi_assigned(struct model *m, const struct object *xirq);
void gsi_finish(struct model *m, struct object *gsi);

/* domain_events.c: the machine of a domain; a record shows it in hardware's guest mode. */
uint16_t machine_of_domain(uint32_t domain);
void learn_hvm(struct model *m, uint16_t machine);
bool is_of_a_guest(struct object_ref ref);	/* of a domain that is not the initial one */
/* Whatever is recorded of a guest without its name is dom0's: dom0 is known to run in guest mode, and no other domain was seen. */
bool is_pvh_dom0_alone(const struct model *m);

/* links.c */
void link_irq(struct model *m, struct object *irq, struct object *feeder);
void unlink_irq(struct model *m, struct object *irq);	/* from what feeds it */
void link_irq_to_vector(struct model *m, struct object *irq, int cpu, int vector);	/* vector -1: to none */
void link_irte(struct model *m, struct object *irte, struct object *irq);	/* irq NULL: to none */
void link_kroute(struct model *m, struct object *pin, struct object *kroute);
void close_links(struct model *m, struct object *obj);
void end_link(struct model *m, struct link_row *link);
struct link_row open_link(const struct model *m, const struct object *feeder, const struct object *fed, enum proof proof);

/*
 * xen_platform.c: an irq of Xen was given a vector, or has the one before no more; the platform shows a message being written
 * into an entry. Does anybody wait for the entry's interrupt, as far as its irq of Xen leads to those of kernels?
 */
void platform_assigned(struct model *m, struct object *xirq, int32_t before);
void platform_message(struct model *m, struct object *entry);
void platform_line(struct model *m, struct object *pin);	/* its line was seen */
enum truth platform_waits(const struct object *entry);

/*
 * xen_links.c: the first feeds the second, as far as Xen's objects are concerned; what is only inferred replaces nothing
 * that was seen. One that goes leads nowhere.
 */
void link_xen(struct model *m, struct object *feeder, struct object *fed, enum proof proof);
void unlink_xen(struct model *m, struct object *obj);
void learn_pirq_path(struct model *m, struct object *pirq);	/* and that of what feeds it and what it feeds */
void unlink_entry(struct model *m, struct object *xirq);	/* from the entry that has its message */
void unlink_port(struct model *m, struct object *port);	/* from the irq that it feeds */
struct object *xen_pirq_of(const struct object *irq);	/* NULL: not known */
void xen_spread(struct model *m, struct object *irq);	/* path and function to and from what feeds it */

/*
 * xen_join.c: a kernel asks for pirqs, has one, or has all; Xen gives an irq a vector, which may be for such a call; an EOI
 * of an irq and the event channel that is cleared next; an interrupt on either side; records were lost.
 */
void join_map_begins(struct model *m, const struct event *ev);
void join_map_result(struct model *m, const struct event *ev, struct object *pirq);
void join_map_ends(struct model *m, const struct event *ev);
void join_assigned(struct model *m, struct object *xirq);
void join_eoi(struct model *m, const struct event *ev, struct object *irq);
void join_clear(struct model *m, const struct event *ev, struct object *port);
void join_handled(struct model *m, struct object *xirq);
void join_entered(struct model *m, struct object *irq);
void join_lost(struct model *m);
int64_t join_call(struct model *m, const struct event *ev);	/* the call in which it was told, as its event; 0: none */

/*
 * xen_device.c: a list of functions shows it, and its driver; the capture ends: irqs of Xen are joined with functions that
 * they must be of.
 */
void listed_function(struct model *m, struct object *fn);
void listed_driver(struct model *m, struct object *fn, str_id name);
void join_devices(struct model *m);
void link_listed(struct model *m, const struct object *fn, struct object *feeder, struct object *fed);	/* by the list that has fn */
void link_stack(struct model *m, struct object *xirq, struct object *peoi);	/* its EOI is pending there */

/* What the platform itself shows of a pin. */
void learn_platform(struct model *m, struct object *pin, enum path path);
void learn_path(struct model *m, struct object *irq, enum path path);
void write_path(struct model *m, uint16_t machine, enum path path);	/* that one of its interrupts goes */
enum path pirq_path(struct model *m, uint16_t machine);		/* of its pirqs; unknown where it may be a PV guest */
void learn_pirq(struct model *m, struct object *irq);	/* its chip is that of pirqs */

/* masks.c: is the irq started, enabled; does the kernel, whose calls were recorded, decide what the mask bit holds? */
enum truth irq_is_started(const struct object *irq);
enum truth irq_is_enabled(const struct object *irq);
enum truth kernel_owns_mask(const struct object *irq);

/* masks.c: what a masked entry, message or pin is owed. */
void masks_update(struct model *m, struct object *feeder);	/* after any change of it, its irq or its function */
void masks_update_function(struct model *m, struct object *fn);
void masks_update_irq(struct model *m, struct object *irq);	/* of what feeds it */

/*
 * masks.c: do the kernel's calls on a feeder reach its register? Where nothing tells, its path is unknown and nothing
 * is owed yet.
 */
bool kernel_acts(const struct object *feeder);
bool kernel_acts_on(const struct object *irq);	/* the same of an irq whose path is known */

/* masks.c: nothing is believed to hold its messages back. Else *masked says whether its mask bit is known to be set. */
bool masks_known_clear(const struct object *feeder, bool *masked);

/* masks.c: a message of it arrived. */
void masks_sent(struct model *m, struct object *feeder);

/*
 * pending.c: notifications that an entry or a message holds back. After any input of it: its pending bit, what that input
 * was to it, and why nothing is owed any more while it is set, NULL: a message is. Then the notification itself.
 */
enum pending_input { PENDING_OTHER, PENDING_RESET, PENDING_CLEARED, PENDING_SENT };
struct pending *pending_of(struct object *feeder);	/* NULL for other kinds of objects */
void pending_update(struct model *m, struct object *feeder, unsigned bit, enum pending_input in, const char *off);
void pending_notified(struct model *m, struct object *feeder);
void pending_lost(struct model *m, struct object *feeder, int64_t gap_from_ns);
void pending_finish(struct model *m, struct object *feeder);

/*
 * function.c: what a PCI function owes after any change of it, of its entries and messages, or of the irqs that they
 * feed.
 */
void function_update(struct model *m, struct object *fn);

/*
 * seen.c: what the platform alone shows to be owed, of entries and pins whose irq no capture names. The device wanted to
 * interrupt; a message left the entry; its mask or its function changed; remote IRR was set or cleared; the line rose.
 */
void seen_notify(struct model *m, struct object *entry);
void seen_send(struct model *m, struct object *entry);
void seen_update(struct model *m, struct object *entry);
void seen_update_function(struct model *m, struct object *fn);
void seen_remote_irr(struct model *m, struct object *pin);
void seen_raise(struct model *m, struct object *pin);

/* function.c: has it an irq that is known to be started? */
bool function_is_used(const struct object *fn);

/* function.c: a reset took, or low power keeps, what was set up; masks are another matter until it is written back. */
void function_spoil(struct model *m, struct object *fn, const char *why);

/* function.c: messages, masks and enable bits of the function are as the kernel has them again. */
void function_written_back(struct model *m, struct object *fn);

/* function.c: it was switched on, its function mask went, or bus mastering came: what was pending may leave. */
void function_released(struct model *m, struct object *fn);

/* function.c: does a message that the kernel writes reach it? In low power it is only kept. */
bool function_takes_message(struct model *m, struct object *fn);

/* function.c: the message of an entry was written. Once all that are in use were, the function is set up again. */
void function_message_written(struct model *m, struct object *feeder);

/* function.c: a message of the function arrived; resent: software sent it again. */
void function_sent(struct model *m, struct object *fn, bool resent);

/*
 * function.c: an interrupt was refused to it, by the event that is being replayed, in a call of that task; was given to
 * it.
 */
void function_refused(struct model *m, struct object *fn, int32_t pid);
void function_served(struct model *m, struct object *fn, const char *how);

/* function.c: records were lost from then on; the object or the capture ends. */
void function_lost(struct model *m, struct object *fn);

/* eoi.c: what the flow handler took must be acknowledged. */
void eoi_flow(struct model *m, struct object *irq, bool level);
void eoi_ack(struct model *m, struct object *irq);

/* oneshot.c: a line that is kept masked for its threads must be unmasked when they have finished. */
void oneshot_update(struct model *m, struct object *irq);

/* vector_events.c: the vector object of an irq, made where there is none; NULL when memory is short. */
struct vector_object *vector_of(struct model *m, struct object *irq);
void learn_vector(struct model *m, struct object *irq);	/* a record shows it in the vector domain */
void vector_see_state(struct model *m, struct object *irq, int64_t state);	/* IRQD_* word */
void vector_arrived(struct model *m, struct object *irq);	/* an interrupt of it came on the event's CPU */
void vector_ack(struct model *m, struct object *irq);	/* the record that is being replayed acknowledges one */
void vector_lost(struct model *m, struct object *irq);

/* vector_duties.c: what the vector domain owes an irq, after any change; nothing where it has no vector object. */
void vector_update(struct model *m, struct object *irq);
void resend_update(struct model *m, struct object *irq);
/* What feeds an irq is known to be on and unmasked. */
bool feeder_is_unmasked(const struct object *feeder);
/* The old vector of an open move, whose CPU has gone offline without freeing it. */
void vector_leaked(struct model *m, struct object *irq);

/* irte_events.c: the vector of the irq that it routes was configured, or cleared. */
void irte_config(struct model *m, struct object *irq);
void irte_update(struct model *m, struct object *irte);
void irte_handled(struct model *m, struct object *irq);	/* an action of that irq runs on the host */

/*
 * kroute_events.c: pins whose messages come from KVM's routes; nothing happens where a pin has none. The entry was written
 * (pin.rte has it); its line rose or an EOI cleared remote IRR; it fires: true where another message than its entry's left.
 */
void kroute_entry_written(struct model *m, struct object *pin);
void kroute_cause(struct model *m, struct object *pin, bool eoi);
bool kroute_fires(struct model *m, struct object *pin);
int32_t kroute_vector(const struct object *pin);	/* of what leaves, -1 unknown */
struct object *kroute_pin(struct model *m, uint16_t machine, uint64_t gsi);	/* that the route is of; NULL: of no pin */
void kroute_seen(struct model *m, struct object *pin, const struct event *ev);	/* the record has the route's message */
void kroute_lost(struct model *m, struct object *kroute);

/* pin_events.c: a record shows its message leaving; a level pin is in service then. */
void pin_fires(struct model *m, struct object *pin, bool level);

/*
 * pin_events.c: its entry is read back where writes are not recorded; its line; an EOI of that vector, -1: of the pin itself.
 */
void pin_entry_seen(struct model *m, struct object *pin, const struct event *ev);
void pin_line(struct model *m, struct object *pin, bool level);
void pin_end_of_interrupt(struct model *m, struct object *pin, int64_t vector);

/* flags_events.c: the state words of a record; records were lost. */
void flags_see(struct model *m, struct object *irq, const struct event *ev);
void flags_lost(struct model *m, struct object *irq);

/* lapic_events.c: records were lost. The vector that a guest's CPU of Xen was left for last, and is not handled yet; -1: not known. */
void lapic_lost(struct model *m, struct object *vector);
int lapic_take_arrival(struct model *m, uint16_t machine, int32_t cpu);

/* cpu_events.c */
bool cpu_is_offline(const struct model *m, uint16_t machine, int64_t cpu);	/* known to be */
uint16_t source_machine(const struct model *m, uint32_t source);	/* of records that name no object */

/* journey.c */
void journey_flow(struct model *m, struct object *irq);
void journey_ack(struct model *m, struct object *irq);
void journey_enter(struct model *m, struct object *irq);
void journey_exit(struct model *m, struct object *irq);
void journey_lost(struct model *m, struct machine_state *machine, int cpu);
void journey_forget(struct model *m, struct object *irq);	/* the object is about to go */
void journey_flush_all(struct model *m);

/* irq_events.c, msix_events.c, …: the parts' handlers, NULL where a part does not use the kind. */
event_handler irq_event_handler(enum event_kind kind);
event_handler pci_event_handler(enum event_kind kind);
event_handler msix_event_handler(enum event_kind kind);
event_handler msi_event_handler(enum event_kind kind);
event_handler pin_event_handler(enum event_kind kind);
event_handler vector_event_handler(enum event_kind kind);
event_handler irte_event_handler(enum event_kind kind);
event_handler kroute_event_handler(enum event_kind kind);
event_handler kvm_event_handler(enum event_kind kind);
event_handler vfio_event_handler(enum event_kind kind);
event_handler cpu_event_handler(enum event_kind kind);
event_handler lapic_event_handler(enum event_kind kind);
event_handler slot_event_handler(enum event_kind kind);
event_handler fields_event_handler(enum event_kind kind);
event_handler flags_event_handler(enum event_kind kind);
event_handler xirq_event_handler(enum event_kind kind);
event_handler peoi_event_handler(enum event_kind kind);
event_handler pirq_event_handler(enum event_kind kind);
event_handler table_event_handler(enum event_kind kind);
event_handler gsi_event_handler(enum event_kind kind);
event_handler domain_event_handler(enum event_kind kind);
event_handler vcpu_event_handler(enum event_kind kind);
event_handler vpin_event_handler(enum event_kind kind);
event_handler xmsi_event_handler(enum event_kind kind);
event_handler vpci_event_handler(enum event_kind kind);
event_handler dpci_event_handler(enum event_kind kind);
event_handler snapshot_event_handler(enum event_kind kind);

#endif
