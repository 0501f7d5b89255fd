/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/whatif.h"

#include <stdlib.h>
#include <string.h>

#include "model/replay.h"
#include "model/story.h"

/* A response that does not come within this time is none. */
enum { RESPONSE_NS = 10000000, MAX_PARTS_KNOWN = 16 };

struct whatif_state {
	struct whatif *whatif;
	struct unit_engine assumed[MAX_PARTS_KNOWN], recorded[MAX_PARTS_KNOWN];	/* by part */
	bool busy;		/* the model is given what was recomputed */
	/* where the engine's log goes */
	struct model *m;
	struct object *anchor;	/* the object that the unit is kept in: an irq, or an irq of Xen */
	struct whatif_unit *unit;
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

static struct unit unknown_unit(void)
{
	struct unit unit = { .place = { 0 } };

	for (unsigned role = 0; role < NR_ROLES; role++)
		unit.core[role] = component_unknown(role_component(role));
	for (unsigned cpu = 1; cpu < UNIT_MAX_CPUS; cpu++)
		unit.core[ROLE_LAPIC + cpu] = unit.core[ROLE_LAPIC];
	return unit;
}

static void see_irq(struct whatif_state *w, struct unit *unit, const struct object *irq)
{
	w->cast.irq = irq->row.ref;
	unit->core[ROLE_IRQ] = irq->irq.core.bits;
	unit->place[PLACE_ONESHOT] = irq_state(irq->irq.core, IRQ_REGION_THREAD) == BIT_SET;
	if (!irq->irq.alloc)
		return;
	unit->core[ROLE_VECTOR] = irq->irq.alloc->core.bits;
	see_places(w, unit, irq->irq.alloc);
}

/* An irq of Xen, and its first guest's pirq, event channel and irq. */
static void see_xirq(struct whatif_state *w, struct unit *unit, const struct object *xirq)
{
	const struct object *pirq = xirq->xirq.pirqs, *port = pirq ? pirq->pirq.port : NULL;

	w->cast.xirq = xirq->row.ref;
	unit->core[ROLE_XIRQ] = xirq->xirq.core.bits;
	unit->core[ROLE_XMSI] = xirq->xirq.msi.bits;
	if (pirq) {
		w->cast.pirq = pirq->row.ref;
		unit->core[ROLE_PIRQ] = pirq->pirq.core.bits;
	}
	if (port) {
		w->cast.port = port->row.ref;
		unit->core[ROLE_PORT] = port->port.core.bits;
	}
	if (xirq->xirq.irq)
		see_irq(w, unit, xirq->xirq.irq);
	else if (pirq && pirq->pirq.irq)
		see_irq(w, unit, pirq->pirq.irq);
	else if (port && port->port.irq)
		see_irq(w, unit, port->port.irq);
}

/* The unit's objects as the model has them, and who they are; local APICs are not followed. */
static struct unit unit_of(struct whatif_state *w, const struct object *anchor, int64_t here)
{
	const struct object *feeder = anchor->row.ref.kind == OBJ_IRQ ? anchor->irq.feeder : NULL;
	struct unit unit = unknown_unit();

	w->nr_places = 0;
	w->cast = (struct story_cast){ .nr_vectors = 1, .first = true, .path = anchor->row.path };
	if (feeder) {
		w->cast.feeder = feeder->row.ref;
		if (feeder->function)
			w->cast.function = feeder->function->row.ref;
		see_feeder(&unit, feeder);
	}
	unit.place[PLACE_HERE] = place_of(w, here);
	if (anchor->row.ref.kind == OBJ_XIRQ)
		see_xirq(w, &unit, anchor);
	else
		see_irq(w, &unit, anchor);
	return unit;
}

/* Which unit an object belongs to: the irq of Xen where one is known behind it, else the irq. NULL: to none. */
static struct object *anchor_of(struct object *obj)
{
	struct object *pirq = NULL;

	if (!obj || obj->row.ref.kind == OBJ_XIRQ)
		return obj;
	if (obj->row.ref.kind == OBJ_IRQ)
		pirq = xen_pirq_of(obj);
	else if (obj->row.ref.kind == OBJ_PORT)
		pirq = obj->port.pirq;
	else if (obj->row.ref.kind == OBJ_PIRQ)
		pirq = obj;
	if (pirq)
		return pirq->pirq.xirq;
	if (obj->row.ref.kind == OBJ_IRQ)
		return obj->irq.xirq ? obj->irq.xirq : obj;
	return anchor_of(obj->feeds);
}

static struct whatif_unit *state_of(struct object *anchor)
{
	return anchor->row.ref.kind == OBJ_XIRQ ? &anchor->xirq.whatif : &anchor->irq.whatif;
}

/* What feeds it, by kind: the parts that it can be a unit of differ in that. */
static enum object_kind feeder_kind(const struct object *anchor)
{
	const struct object *feeder;

	if (anchor->row.ref.kind == OBJ_XIRQ)
		return OBJ_XIRQ;
	feeder = anchor->irq.feeder;
	return feeder && (feeder->row.ref.kind != OBJ_MSIX || feeder->function) ? feeder->row.ref.kind : OBJ_NONE;
}

/* Of an irq of Xen, a message's part or a line's. */
static bool is_kind_of(const struct path_part *part, const struct object *anchor)
{
	return anchor->row.ref.kind != OBJ_XIRQ || part->has_function == xirq_is_message(anchor);
}

/* What kvm-split's quirks change is found where its routes are (whatif_adds()). */
static int part_of(const struct object *anchor)
{
	enum path path = anchor->row.path;

	for (unsigned i = 0; path_parts[i] && path != PATH_UNKNOWN && path != PATH_KVM_SPLIT; i++)
		if (path_parts[i]->path == path && path_parts[i]->feeder == feeder_kind(anchor) && is_kind_of(path_parts[i], anchor))
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
	w->unit->dropped[ev->kind / 64] |= UINT64_C(1) << ev->kind % 64;
	w->unit->dropped_ns = w->m->now_ns;
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
	if (!told && !w->foresee && role == ROLE_IRQ && w->anchor->row.ref.kind == OBJ_IRQ)
		irq_input(w->m, w->anchor, in);
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
	w->unit->differs = true;
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
	bool repeats = recorded && assumed && w->unit->differs && may_repeat(r);

	if ((recorded == assumed && !repeats) || (r->when && !r->when(before, unit)))
		return;
	if (assumed)
		respond(w, &w->assumed[part], unit, r, false);
	else
		respond(w, &w->recorded[part], unit, r, true);
}

/* ------------------------------------------------------------------------------------------------------ messages of Xen */

static bool is_xen(int part)
{
	return part >= 0 && path_parts[part]->feeder == OBJ_XIRQ;
}

static void on_message_input(void *ctx, const struct unit *before, const struct unit *after, unsigned role, unsigned in)
{
	struct whatif_state *w = ctx;

	(void)before;
	(void)after;
	if (role == ROLE_XMSI)
		xmsi_input(w->m, w->anchor, in);
}

/* What follows from an input under one setting, as far as the mask of the message is concerned. */
static struct xmsi_core follow(struct whatif_state *w, const struct unit_engine *engine, struct unit unit, const struct unit *before,
			       enum unit_role role, unsigned in, bool applied)
{
	struct unit_engine logged = *engine;
	struct unit_result result = { 0 };

	logged.log = applied ? on_message_input : NULL;
	logged.log_ctx = w;
	for (unsigned i = 0; i < engine->part->nr_reactions; i++) {
		const struct reaction *r = &engine->part->reactions[i];

		if (r->on_role == role && r->on == in && !r->on_effect && is_active(r, engine->quirks) &&
		    (!r->when || r->when(before, &unit)))
			unit_respond(&logged, &unit, r, &result);
	}
	return (struct xmsi_core){ unit.core[ROLE_XMSI] };
}

static bool same_masks(struct xmsi_core a, struct xmsi_core b)
{
	return xmsi_state(a, XMSI_REGION_HOST) == xmsi_state(b, XMSI_REGION_HOST) &&
	       xmsi_state(a, XMSI_REGION_GUEST) == xmsi_state(b, XMSI_REGION_GUEST) &&
	       xmsi_state(a, XMSI_REGION_HW) == xmsi_state(b, XMSI_REGION_HW);
}

/* As recorded beside as assumed: where the two differ, the replay has left the record. */
static void compute(struct whatif_state *w, int part, const struct unit *before, enum unit_role role, unsigned in)
{
	struct whatif_unit *own = w->unit;
	struct unit unit = unit_of(w, w->anchor, w->m->ev->cpu), recorded = unit;
	struct effects fx;

	if (!own->differs)
		own->recorded.bits = before->core[ROLE_XMSI];
	if (role == ROLE_XMSI)
		xmsi_step(&own->recorded, in, &fx);
	recorded.core[ROLE_XMSI] = own->recorded.bits;
	own->recorded = follow(w, &w->recorded[part], recorded, before, role, in, false);
	w->busy = true;
	follow(w, &w->assumed[part], unit, before, role, in, true);
	w->busy = false;
	if (own->differs || same_masks(own->recorded, w->anchor->xirq.msi))
		return;
	own->differs = true;
	w->whatif->recomputed++;
}

bool whatif_computes(struct model *m, struct object *xirq)
{
	return m->whatif && !m->whatif->busy && is_xen(part_of(xirq));
}

void whatif_input(struct model *m, struct object *obj, enum unit_role role, unsigned in, uint32_t before_core, bool unexpected)
{
	struct whatif_state *w = m->whatif;
	struct object *anchor = anchor_of(obj);
	struct unit unit, before;
	int part;

	if (!anchor || w->busy)
		return;
	if (unexpected && state_of(anchor)->differs && w->whatif->valid_to_ns == NO_TIME)
		w->whatif->valid_to_ns = m->now_ns;
	part = part_of(anchor);
	if (part < 0)
		return;
	w->m = m;
	w->anchor = anchor;
	w->unit = state_of(anchor);
	unit = before = unit_of(w, anchor, m->ev->cpu);
	before.core[role] = before_core;
	if (is_xen(part)) {
		compute(w, part, &before, role, in);
		return;
	}
	for (unsigned i = 0; i < path_parts[part]->nr_reactions; i++) {
		const struct reaction *r = &path_parts[part]->reactions[i];

		if (r->on_role == role && r->on == in && !r->on_effect)
			consider(w, part, &unit, &before, r);
	}
}

/* The unit of the first object named that belongs to one. */
static struct object *anchor_named(struct model *m, const struct event *ev)
{
	for (unsigned i = 0; i < ev->nr_objects; i++) {
		struct object *anchor = anchor_of(registry_find(m->objects, ev->object[i]));

		if (anchor)
			return anchor;
	}
	return NULL;
}

static int region_of(const char *field)
{
	static const struct {
		const char *field;
		int region;
	} fields[] = {
		{ "xen_msi.host_mask", XMSI_REGION_HOST }, { "xen_msi.guest_mask", XMSI_REGION_GUEST }, { "xen_msi.mask", XMSI_REGION_HW },
		{ "msix_entry.mask", XMSI_REGION_HW }, { "msi_message.mask", XMSI_REGION_HW },
	};

	for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!strcmp(fields[i].field, field))
			return fields[i].region;
	return -1;
}

/* A dump of a mask that is not as recorded would show what this replay believes, which is valid up to there. */
static bool is_departed(struct model *m, struct object *anchor, const struct event *ev)
{
	const struct object_ref *xirq = event_object(ev, OBJ_XIRQ);
	unsigned as_recorded, as_assumed;
	int64_t id;
	int region;

	if (ev->kind != EV_SNAPSHOT_FIELD || !xirq || anchor->row.ref.kind != OBJ_XIRQ || !anchor->xirq.whatif.differs ||
	    !event_arg(ev, ARG_FIELD, &id))
		return false;
	region = region_of(m->opt->string(m->opt->string_ctx, ev->source, (str_id)id));
	if (region < 0)
		return false;
	as_recorded = xmsi_state(anchor->xirq.whatif.recorded, region);
	as_assumed = xmsi_state(anchor->xirq.msi, region);
	if (as_recorded == as_assumed)
		return false;
	if (as_assumed == STATE_UNKNOWN)
		m->whatif->whatif->blind = true;
	else
		see_as_believed(m, anchor, &xmsi_component, region, as_assumed);
	return true;
}

bool whatif_leaves_out(struct model *m, const struct event *ev)
{
	struct object *anchor = anchor_named(m, ev);
	uint64_t bit = UINT64_C(1) << ev->kind % 64, *dropped;
	struct whatif_unit *unit;

	if (!anchor)
		return false;
	unit = state_of(anchor);
	if (is_departed(m, anchor, ev)) {
		whatif_departs(m);
		return true;
	}
	dropped = &unit->dropped[ev->kind / 64];
	if (!(*dropped & bit) || event_order_ns(ev) - unit->dropped_ns > RESPONSE_NS)
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

bool whatif_omits(struct model *m, enum quirk quirk)
{
	struct whatif *whatif = m->whatif ? m->whatif->whatif : NULL;

	if (!whatif || quirk_is_on(whatif->assumed, quirk) || !quirk_is_on(whatif->recorded, quirk))
		return false;
	whatif->recomputed++;
	return true;
}

void whatif_departs(struct model *m)
{
	if (m->whatif && m->whatif->whatif->valid_to_ns == NO_TIME)
		m->whatif->whatif->valid_to_ns = m->now_ns;
}

static bool is_at(const struct object *obj, const struct object_ref *ref, unsigned generation)
{
	return obj && object_equal(obj->row.ref, *ref) && obj->row.generation == generation;
}

void whatif_link_known(struct model *m, struct object *obj)
{
	const struct whatif *whatif = m->whatif->whatif;

	for (unsigned i = 0; i < whatif->nr_links; i++) {
		const struct whatif_link *link = &whatif->link[i];
		struct object *xirq, *pirq;

		if (!is_at(obj, &link->xirq, link->xirq_generation) && !is_at(obj, &link->pirq, link->pirq_generation))
			continue;
		xirq = registry_find(m->objects, link->xirq);
		pirq = registry_find(m->objects, link->pirq);
		if (is_at(xirq, &link->xirq, link->xirq_generation) && is_at(pirq, &link->pirq, link->pirq_generation))
			link_xen(m, xirq, pirq, PROOF_SEEN);
	}
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
	whatif->blind = false;
	return w;
}

void whatif_free(struct whatif_state *w)
{
	free(w);
}
