/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What-if: a replay in which the path has other quirks than the recorded one had. Stimuli are taken as recorded; where a
 * reaction exists under one setting and not under the other, its responses are recomputed: those that would have come are
 * given to the model as events, those that would not have come are left out of it. Once an irq's state is not that of the
 * record any more, its mask, unmask and resend responses follow from the state that it has.
 *
 * What the outside would have done differently from then on nobody knows: the replay is valid up to the first record that
 * contradicts the state which it has reached.
 */
#ifndef IRQPATH_MODEL_WHATIF_H
#define IRQPATH_MODEL_WHATIF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "model/unit.h"
#include "model/xmsi.h"

struct model;
struct object;

/* That an irq of Xen leads to a pirq, as a record shows which may come late. */
struct whatif_link {
	struct object_ref xirq, pirq;
	unsigned xirq_generation, pirq_generation;
};

/* The two settings, and what came of it; borrowed by the model for its life. */
struct whatif {
	struct quirks recorded, assumed;
	const struct whatif_link *link;	/* known from the replay as recorded; borrowed */
	unsigned nr_links;
	uint32_t recomputed;		/* responses added or left out */
	int64_t valid_to_ns;		/* NO_TIME: to the end */
	bool blind;			/* a dump was not believed, and what it would have shown is not known */
};

/* What the model keeps of it. */
struct whatif_state;
struct whatif_state *whatif_new(struct whatif *whatif);	/* NULL when memory is short */
void whatif_free(struct whatif_state *state);

/* Of a unit: in the irq whose feeder and vector belong to it, or in the irq of Xen whose pirq and event channel do. */
struct whatif_unit {
	bool differs;			/* its state is not that of the record any more */
	int64_t dropped_ns;		/* when the responses below were found not to come */
	uint64_t dropped[(NR_EVENT_KINDS + 63) / 64];	/* event kinds that are left out once, a bit each */
	/* of a message of Xen: what it would be as recorded, where no record tells; the model has what it is as assumed */
	struct xmsi_core recorded;
};

/*
 * An input was applied to a component of a unit; obj is its irq, its irq of Xen, its pirq or its event channel, NULL: no
 * unit is known. before: the component's core.
 */
void whatif_input(struct model *m, struct object *obj, enum unit_role role, unsigned in, uint32_t before, bool unexpected);

/*
 * Is the mask of this message of Xen computed by the tables of its path? Then whoever knows what a guest or its kernel did
 * says that alone, and what comes of it follows.
 */
bool whatif_computes(struct model *m, struct object *xirq);

/*
 * Is this quirk assumed to be on, and was not as recorded? Then the caller makes the response that would have come, which
 * counts as recomputed. For what is no irq's.
 */
bool whatif_adds(struct model *m, enum quirk quirk);

/* The other way round: assumed to be off, and was not as recorded. */
bool whatif_omits(struct model *m, enum quirk quirk);

/* What the outside answers from now on is not what was recorded. */
void whatif_departs(struct model *m);

/* An object is met first: what leads to it, and where it leads, is known. */
void whatif_link_known(struct model *m, struct object *obj);

/* Must this event be left out? */
bool whatif_leaves_out(struct model *m, const struct event *ev);

#endif
