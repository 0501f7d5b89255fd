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

struct model;

/* An event goes to every part that uses its kind, in the order of the table in model.c. */
typedef void (*event_handler)(struct model *m, const struct event *ev);

struct machine_state {
	uint16_t machine;
	bool path_written[NR_PATHS];
	struct journey *cpu;	/* owned, by CPU number */
	uint32_t nr_cpus;
};

enum { MAX_MACHINES = 64, MAX_CPUS = 1 << 14, MAX_PARTS = 8, MAX_DUTY_KINDS = 16 };

struct model {
	const struct model_options *opt;
	const struct derived_sink *sink;
	struct diag_sink *diag;
	struct registry *objects;
	event_handler handler[NR_EVENT_KINDS][MAX_PARTS];	/* NULL terminated where shorter */
	struct duty_stats stats[MAX_DUTY_KINDS + 1];	/* by kind, the last one unused */
	struct machine_state machine[MAX_MACHINES];
	unsigned nr_machines;
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

/* The next generation of an identity, for an irq number that is given again. */
struct object *model_next_generation(struct model *m, struct object *old);

struct machine_state *model_machine(struct model *m, uint16_t machine);

/*
 * step.c: apply an input to a component and write steps and spans of what changed. Each returns true where a region that
 * is not hot changed.
 */
bool function_input(struct model *m, struct object *fn, enum msix_function_input in);
bool entry_input(struct model *m, struct object *entry, enum msix_entry_input in);
bool irq_input(struct model *m, struct object *irq, enum irq_input in);
bool pin_input(struct model *m, struct object *pin, enum pin_input in);

/* Open spans of an object, written with the given end. */
void close_spans(struct model *m, struct object *obj);

/* links.c */
void link_irq(struct model *m, struct object *irq, struct object *feeder);
void link_irq_to_vector(struct model *m, struct object *irq, int cpu, int vector);	/* vector -1: to none */
void close_links(struct model *m, struct object *obj);
void learn_path(struct model *m, struct object *irq, enum path path);

/* masks.c: is the irq started, enabled; does the kernel, whose calls were recorded, decide what the mask bit holds? */
enum truth irq_is_started(const struct object *irq);
enum truth irq_is_enabled(const struct object *irq);
enum truth kernel_owns_mask(const struct object *irq);

/* masks.c: what a masked entry, message or pin is owed. */
void masks_update(struct model *m, struct object *feeder);	/* after any change of it, its irq or its function */
void masks_update_function(struct model *m, struct object *fn);
void masks_update_irq(struct model *m, struct object *irq);	/* of what feeds it */

/* eoi.c: what the flow handler took must be acknowledged. */
void eoi_flow(struct model *m, struct object *irq, bool level);
void eoi_ack(struct model *m, struct object *irq);

/* oneshot.c: a line that is kept masked for its threads must be unmasked when they have finished. */
void oneshot_update(struct model *m, struct object *irq);

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
event_handler msix_event_handler(enum event_kind kind);
event_handler pin_event_handler(enum event_kind kind);

#endif
