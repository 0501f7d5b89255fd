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
#include "model/component.h"
#include "model/duty.h"
#include "model/irq.h"
#include "model/msix.h"
#include "model/pin.h"

enum { MAX_LIVE_OBJECTS = 1 << 16 };

/* Since when a region has its value. */
struct mark {
	int64_t event, t_ns;	/* 0, NO_TIME: from before the capture */
};

/* What the irq's chip is known to be. */
enum irq_chip { CHIP_UNKNOWN, CHIP_NATIVE, CHIP_REMAPPED, CHIP_XEN };

struct irq_object {
	struct irq_core core;
	struct mark mark[NR_IRQ_REGIONS];
	struct object *feeder;		/* MSI-X entry, MSI message or IO-APIC pin that feeds it, NULL: none known */
	struct duty eoi;		/* an acknowledgement of what the flow handler took */
	struct duty oneshot;		/* the end of its threads, while the line is kept masked for them */
	uint32_t unacked;		/* flow handlers entered and not acknowledged */
	enum irq_chip chip;
	struct summary_row summary;
	uint64_t unhandled_now;		/* current run */
	int64_t unhandled_now_first_event, unhandled_now_ns;
	uint64_t accepted, eoied;	/* ledger: flow handler runs, acknowledgements */
	int64_t flow_ns, flow_event;	/* flow handler entered and its action not yet, NO_TIME: none */
	int64_t eoi_ns;			/* acknowledged before its action, NO_TIME: not */
	int32_t flow_cpu;
	bool flow_seen, ack_seen;	/* this capture shows flow handlers, acknowledgements of this irq */
	bool resent;			/* software sent it again: the next delivery is no device's */
	bool gap;			/* records were lost in its life */
	int32_t vector;			/* last configured, -1 unknown */
	struct link_row vector_link;	/* open link to that vector; fed 0: none */
};

struct entry_object {
	struct msix_entry_core core;
	struct mark mark[NR_ENTRY_REGIONS];
	struct object *next;		/* of the same function */
	unsigned sent_while_masked;	/* deliveries since the mask was set */
	bool reset;			/* the function was reset and the message not written since */
	int64_t raise_ns;		/* the device's notice that no delivery has answered yet, NO_TIME: none */
	uint64_t raised;		/* ledger */
};

struct function_object {
	struct msix_function_core core;
	struct mark mark[NR_FN_REGIONS];
	struct object *entries;
	enum bit_state bus_master;
};

struct pin_object {
	struct pin_core core;
	struct mark mark[NR_PIN_REGIONS];
	int32_t vector;			/* last known of its entry, -1 unknown */
};

struct object {
	struct object_row row;
	struct object *feeds;		/* irq that it feeds, NULL: none known */
	struct duty unmask;		/* of what feeds an irq */
	struct object *function;	/* PCI function of an entry */
	struct link_row fed_by;		/* open link from what feeds it; feeder 0: none */
	union {
		struct irq_object irq;
		struct entry_object entry;
		struct function_object fn;
		struct pin_object pin;
	};
};

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
