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

struct model;
struct object;

/* The two settings, and what came of it; borrowed by the model for its life. */
struct whatif {
	struct quirks recorded, assumed;
	uint32_t recomputed;		/* responses added or left out */
	int64_t valid_to_ns;		/* NO_TIME: to the end */
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
	uint64_t held_back[NR_ROLES];	/* inputs that no record tells of, and that do not come either: once, a bit each */
	uint32_t departed;		/* roles whose components are not as recorded, a bit each */
};

/*
 * An input was applied to a component of a unit; obj is its irq, its irq of Xen, its pirq or its event channel, NULL: no
 * unit is known. before: the component's core.
 */
void whatif_input(struct model *m, struct object *obj, enum unit_role role, unsigned in, uint32_t before, bool unexpected);

/* Would this response, which no record tells of, not have come? Asked by who would apply it. */
bool whatif_holds_back(struct model *m, struct object *obj, enum unit_role role, unsigned in);

/*
 * Is this quirk assumed to be on, and was not as recorded? Then the caller makes the response that would have come, which
 * counts as recomputed. For what is no irq's.
 */
bool whatif_adds(struct model *m, enum quirk quirk);

/* The other way round: assumed to be off, and was not as recorded. */
bool whatif_omits(struct model *m, enum quirk quirk);

/* What the outside answers from now on is not what was recorded. */
void whatif_departs(struct model *m);

/* Must this event be left out? */
bool whatif_leaves_out(struct model *m, const struct event *ev);

#endif
