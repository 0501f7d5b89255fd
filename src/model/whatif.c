/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/whatif.h"

#include <stdlib.h>

#include "model/replay.h"
#include "model/story.h"

/* A response that does not come within this time is none. */
enum { RESPONSE_NS = 10000000, MAX_PARTS_KNOWN = 8 };

struct whatif_state {
	struct whatif *whatif;
	struct unit_engine assumed[MAX_PARTS_KNOWN], recorded[MAX_PARTS_KNOWN];	/* by part */
	bool busy;		/* the model is given what was recomputed */
	/* where the engine's log goes */
	struct model *m;
	struct object *irq;
	struct story_cast cast;
	unsigned nr_places;	/* of the cast that are given */
	bool foresee;		/* only note what would have been recorded */
};

/* ------------------------------------------------------------------------------------------------------ units */

/* A CPU's place, given when it is first asked for; what does not fit is nowhere. */
static uint8_t place_of(struct whatif_state *w, int64_t cpu)
{
	if (cpu < 0 || cpu >= UINT16_MAX)
		return 0;
	for (unsigned place = 1; place <= w->nr_places; place++)
		if (w->cast.cpu[place] == (int32_t)cpu)
			return place;
	if (w->nr_places == UNIT_MAX_CPUS)
		return 0;
	w->cast.cpu[++w->nr_places] = (int32_t)cpu;
	return w->nr_places;
}

static int64_t lowest_cpu(uint64_t mask)
{
	return mask ? __builtin_ctzll(mask) : -1;
}

static void see_places(struct whatif_state *w, struct unit *unit, const struct vector_object *own)
{
	unit->place[PLACE_TARGET] = unit->place[PLACE_MESSAGE] = place_of(w, own->target_cpu);
	unit->place[PLACE_OLD] = place_of(w, own->old_cpu);
	unit->place[PLACE_ASKED] = place_of(w, lowest_cpu(own->asked_mask));
	w->cast.vector[unit->place[PLACE_OLD]] = own->old_vector;
	w->cast.vector[unit->place[PLACE_TARGET]] = own->vector;
	w->cast.vector[0] = 0;
}

static void see_feeder(struct unit *unit, const struct object *feeder)
{
	if (feeder->row.ref.kind == OBJ_PIN) {
		unit->core[ROLE_PIN] = feeder->pin.core.bits;
		return;
	}
	unit->core[ROLE_ENTRY] = feeder->entry.core.bits;
	unit->core[ROLE_FUNCTION] = feeder->function->fn.core.bits;
	unit->core[ROLE_PCI] = feeder->function->fn.pci.bits;
}

/* The irq and what feeds it as the model has them, and who they are; local APICs are not followed. */
static struct unit unit_of(struct whatif_state *w, const struct object *irq, int64_t here)
{
	const struct object *feeder = irq->irq.feeder;
	struct unit unit = { .place = { 0 } };

	w->nr_places = 0;
	w->cast = (struct story_cast){ .irq = irq->row.ref, .feeder = feeder->row.ref, .nr_vectors = 1, .first = true };
	if (feeder->function)
		w->cast.function = feeder->function->row.ref;
	unit.core[ROLE_IRQ] = irq->irq.core.bits;
	unit.core[ROLE_VECTOR] = irq->irq.alloc ? irq->irq.alloc->core.bits : component_unknown(role_component(ROLE_VECTOR));
	for (unsigned cpu = 0; cpu < UNIT_MAX_CPUS; cpu++)
		unit.core[ROLE_LAPIC + cpu] = component_unknown(role_component(ROLE_LAPIC));
	see_feeder(&unit, feeder);
	unit.place[PLACE_HERE] = place_of(w, here);
	if (irq->irq.alloc)
		see_places(w, &unit, irq->irq.alloc);
	unit.place[PLACE_ONESHOT] = irq_state(irq->irq.core, IRQ_REGION_THREAD) == BIT_SET;
	return unit;
}

static int part_of(const struct object *irq)
{
	const struct object *feeder = irq->irq.feeder;

	if (!feeder || irq->row.path != PATH_BAREMETAL)
		return -1;
	for (unsigned i = 0; path_parts[i]; i++)
		if (path_parts[i]->path == PATH_BAREMETAL &&
		    (path_parts[i]->has_function ? feeder->row.ref.kind == OBJ_MSIX && feeder->function : feeder->row.ref.kind == OBJ_PIN))
			return i;
	return -1;
}

/* ------------------------------------------------------------------------------------------------------ responses */

static void give_event(struct whatif_state *w, struct event *ev)
{
	const struct event *recorded = w->m->ev;

	ev->source = recorded->source;
	ev->ordinal = recorded->ordinal;
	ev->sub = recorded->sub;
	ev->t_lo_ns = recorded->t_lo_ns;
	ev->t_hi_ns = recorded->t_hi_ns;
	ev->cpu = recorded->cpu;
	ev->pid = recorded->pid;
	ev->via = 0;
	w->m->ev = ev;
	for (const event_handler *handler = w->m->handler[ev->kind]; *handler; handler++)
		(*handler)(w->m, ev);
	w->m->ev = recorded;
}

static void foresee(struct whatif_state *w, const struct event *ev)
{
	struct whatif_unit *unit = &w->irq->irq.whatif;

	unit->dropped[ev->kind / 64] |= UINT64_C(1) << ev->kind % 64;
	unit->dropped_ns = w->m->now_ns;
}

/* The engine applied an input: the model hears of it, by a record where there would be one, else as it is. */
static void on_input(void *ctx, const struct unit *before, const struct unit *after, unsigned role, unsigned in)
{
	struct whatif_state *w = ctx;
	struct event ev;
	unsigned row = 0;
	bool told = false;

	while (story_event(&w->cast, &row, before, after, role, in, &ev)) {
		told = true;
		if (w->foresee)
			foresee(w, &ev);
		else
			give_event(w, &ev);
	}
	if (!told && !w->foresee && role == ROLE_IRQ)
		irq_input(w->m, w->irq, in);
}

static void respond(struct whatif_state *w, const struct unit_engine *engine, struct unit *unit, const struct reaction *r,
		    bool only_foresee)
{
	struct unit_engine logged = *engine;
	struct unit_result result = { 0 };

	logged.log = on_input;
	logged.log_ctx = w;
	w->foresee = only_foresee;
	w->whatif->recomputed++;
	w->irq->irq.whatif.differs = true;
	w->busy = true;
	unit_respond(&logged, unit, r, &result);
	w->busy = false;
	/* what was held back would have gone out: the device and its driver would have gone on otherwise */
	if (!only_foresee && result.sent && w->whatif->valid_to_ns == NO_TIME)
		w->whatif->valid_to_ns = w->m->now_ns;
}

/* Responses that follow from the state alone, and that a second time change nothing. */
static bool may_repeat(const struct reaction *r)
{
	return r->role == ROLE_IRQ && (r->in == IRQ_CORE_MASK || r->in == IRQ_CORE_UNMASK || r->in == IRQ_RESEND);
}

static bool is_active(const struct reaction *r, struct quirks quirks)
{
	return !r->quirk || quirk_is_on(quirks, r->quirk) != r->without;
}

static void consider(struct whatif_state *w, int part, struct unit *unit, const struct unit *before, const struct reaction *r)
{
	bool recorded = is_active(r, w->whatif->recorded), assumed = is_active(r, w->whatif->assumed);
	bool repeats = recorded && assumed && w->irq->irq.whatif.differs && may_repeat(r);

	if ((recorded == assumed && !repeats) || (r->when && !r->when(before, unit)))
		return;
	if (assumed)
		respond(w, &w->assumed[part], unit, r, false);
	else
		respond(w, &w->recorded[part], unit, r, true);
}

void whatif_input(struct model *m, struct object *irq, enum unit_role role, unsigned in, uint32_t before_core, bool unexpected)
{
	struct whatif_state *w = m->whatif;
	struct unit unit, before;
	int part;

	if (!irq || w->busy)
		return;
	if (unexpected && irq->irq.whatif.differs && w->whatif->valid_to_ns == NO_TIME)
		w->whatif->valid_to_ns = m->now_ns;
	part = part_of(irq);
	if (part < 0)
		return;
	w->m = m;
	w->irq = irq;
	unit = before = unit_of(w, irq, m->ev->cpu);
	before.core[role] = before_core;
	for (unsigned i = 0; i < path_parts[part]->nr_reactions; i++) {
		const struct reaction *r = &path_parts[part]->reactions[i];

		if (r->on_role == role && r->on == in && !r->on_effect)
			consider(w, part, &unit, &before, r);
	}
}

static struct object *irq_of(struct model *m, const struct event *ev)
{
	for (unsigned i = 0; i < ev->nr_objects; i++) {
		struct object *obj = registry_find(m->objects, ev->object[i]);

		if (obj && obj->row.ref.kind == OBJ_IRQ)
			return obj;
		if (obj && obj->feeds)
			return obj->feeds;
	}
	return NULL;
}

bool whatif_leaves_out(struct model *m, const struct event *ev)
{
	struct object *irq = irq_of(m, ev);
	uint64_t bit = UINT64_C(1) << ev->kind % 64, *dropped;

	if (!irq)
		return false;
	dropped = &irq->irq.whatif.dropped[ev->kind / 64];
	if (!(*dropped & bit) || event_order_ns(ev) - irq->irq.whatif.dropped_ns > RESPONSE_NS)
		return false;
	*dropped &= ~bit;
	return true;
}

bool whatif_adds(struct model *m, enum quirk quirk)
{
	struct whatif *whatif = m->whatif ? m->whatif->whatif : NULL;

	if (!whatif || !quirk_is_on(whatif->assumed, quirk) || quirk_is_on(whatif->recorded, quirk))
		return false;
	whatif->recomputed++;
	return true;
}

void whatif_departs(struct model *m)
{
	if (m->whatif && m->whatif->whatif->valid_to_ns == NO_TIME)
		m->whatif->whatif->valid_to_ns = m->now_ns;
}

struct whatif_state *whatif_new(struct whatif *whatif)
{
	struct whatif_state *w = calloc(1, sizeof(*w));
	bool sound = w != NULL;

	for (unsigned i = 0; sound && path_parts[i]; i++)
		sound = i < MAX_PARTS_KNOWN && unit_engine_init(&w->assumed[i], path_parts[i], whatif->assumed) &&
			unit_engine_init(&w->recorded[i], path_parts[i], whatif->recorded);
	if (!sound) {
		free(w);
		return NULL;
	}
	w->whatif = whatif;
	whatif->recomputed = 0;
	whatif->valid_to_ns = NO_TIME;
	return w;
}

void whatif_free(struct whatif_state *w)
{
	free(w);
}
