/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/unit.h"

#include <string.h>

#include "model/assignment.h"
#include "model/gsi.h"
#include "model/irq.h"
#include "model/kroute.h"
#include "model/lapic.h"
#include "model/msix.h"
#include "model/pci.h"
#include "model/peoi.h"
#include "model/pin.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/vcpu.h"
#include "model/vector.h"
#include "model/vpin.h"
#include "model/xirq.h"
#include "model/xmsi.h"

/* An input has at most this many reactions behind each other; real chains are under ten. */
enum { MAX_DEPTH = 24 };

static const struct component *const components[NR_ROLES] = {
	[ROLE_PCI] = &pci_component, [ROLE_FUNCTION] = &msix_function_component, [ROLE_ENTRY] = &msix_entry_component,
	[ROLE_PIN] = &pin_component, [ROLE_KROUTE] = &kroute_component, [ROLE_XIRQ] = &xirq_component, [ROLE_XMSI] = &xmsi_component,
	[ROLE_PIRQ] = &pirq_component, [ROLE_PORT] = &port_component, [ROLE_VPIN] = &vpin_component, [ROLE_GSI] = &gsi_component,
	[ROLE_ASSIGNMENT] = &assignment_component, [ROLE_IRQ] = &irq_component, [ROLE_VECTOR] = &vector_component,
	[ROLE_LAPIC] = &lapic_component, [ROLE_LAPIC + 1] = &lapic_component, [ROLE_LAPIC + 2] = &lapic_component,
	[ROLE_LAPIC + 3] = &lapic_component, [ROLE_PEOI] = &peoi_component, [ROLE_PEOI + 1] = &peoi_component,
	[ROLE_PEOI + 2] = &peoi_component, [ROLE_PEOI + 3] = &peoi_component, [ROLE_VCPU] = &vcpu_component,
	[ROLE_VCPU + 1] = &vcpu_component, [ROLE_VCPU + 2] = &vcpu_component,
};

const uint8_t unit_shared[UNIT_SHARED] = {
	ROLE_PCI, ROLE_FUNCTION, ROLE_PEOI, ROLE_PEOI + 1, ROLE_PEOI + 2, ROLE_PEOI + 3, ROLE_VCPU, ROLE_VCPU + 1, ROLE_VCPU + 2,
};

extern const struct path_part path_msix, path_level, path_split, path_dom0, path_hvm, path_eoi, path_gsi,
	path_move;

const struct path_part *const path_parts[] = {
	&path_msix, &path_level, &path_split, &path_dom0, &path_hvm, &path_eoi, &path_gsi, &path_move, NULL
};

uint64_t path_part_quirks(const struct path_part *part)
{
	uint64_t quirks = part->init_quirks;

	for (unsigned i = 0; i < part->nr_reactions; i++)
		quirks |= UINT64_C(1) << part->reactions[i].quirk;
	for (unsigned i = 0; i < part->nr_operations; i++)
		quirks |= UINT64_C(1) << part->operations[i].quirk;
	return quirks & ~(UINT64_C(1) << QUIRK_NONE);
}

bool unit_role_is_shared(unsigned role)
{
	for (unsigned i = 0; i < UNIT_SHARED; i++)
		if (unit_shared[i] == role)
			return true;
	return false;
}

int unit_rank_vector(unsigned rank)
{
	/* the last is Xen's own, between the guests' */
	static const uint8_t vectors[UNIT_MAX_RANKS] = { 0x21, 0x31, 0x51, 0x41 };

	return rank < UNIT_MAX_RANKS ? vectors[rank] : -1;
}

/* What is on the second CPU is alone there. */
int unit_stack_top(const struct unit *unit)
{
	int top = -1;

	if (unit->place[PLACE_TARGET] == 2)
		return top;
	for (unsigned rank = 0; rank < UNIT_MAX_RANKS; rank++) {
		unsigned entry = core_get(unit->core[ROLE_PEOI + rank], &peoi_component.regions[PEOI_REGION_ENTRY]);

		if (entry >= PEOI_HANDLED && unit_rank_vector(rank) > top)
			top = unit_rank_vector(rank);
	}
	return top;
}

static bool reaction_is_sound(const struct reaction *r)
{
	const struct component *on;

	if (r->on_role >= NR_ROLES || r->role >= NR_ROLES || !components[r->on_role] || !components[r->role] ||
	    r->role == ROLE_PCI || r->role == ROLE_FUNCTION)
		return false;
	on = components[r->on_role];
	return r->on < (r->on_effect ? on->nr_effects : on->nr_inputs) && r->in < components[r->role]->nr_inputs;
}

/* Lists of reactions by what they follow, in the order of the table. */
static bool index_reactions(struct unit_engine *engine)
{
	const struct path_part *part = engine->part;

	if (part->nr_reactions >= UNIT_MAX_REACTIONS)
		return false;
	for (unsigned i = part->nr_reactions; i-- > 0;) {
		const struct reaction *r = &part->reactions[i];
		uint8_t *first;

		if (!reaction_is_sound(r) || r->on >= UNIT_MAX_INPUTS)
			return false;
		if (r->quirk && quirk_is_on(engine->quirks, r->quirk) == r->without)
			continue;
		first = r->on_effect ? &engine->first_effect[r->on_role][r->on] : &engine->first[r->on_role][r->on];
		engine->next[i] = *first;
		*first = i + 1;
	}
	return true;
}

bool unit_engine_init(struct unit_engine *engine, const struct path_part *part, struct quirks quirks)
{
	memset(engine, 0, sizeof(*engine));
	engine->part = part;
	engine->quirks = quirks;
	return index_reactions(engine);
}

const struct component *role_component(enum unit_role role)
{
	return components[role];
}

const struct region *unit_region(enum unit_role role, unsigned region)
{
	return &components[role]->regions[region];
}

unsigned unit_state(const struct unit *unit, enum unit_role role, unsigned region)
{
	return core_get(unit->core[role], unit_region(role, region));
}

unsigned unit_lapic_state(const struct unit *unit, unsigned cpu, unsigned region)
{
	return core_get(unit->core[ROLE_LAPIC + cpu], unit_region(ROLE_LAPIC, region));
}

bool unit_may_send(const struct unit *unit)
{
	return unit_state(unit, ROLE_FUNCTION, FN_REGION_ENABLE) == BIT_SET &&
	       unit_state(unit, ROLE_FUNCTION, FN_REGION_FMASK) == BIT_CLEAR &&
	       unit_state(unit, ROLE_PCI, PCI_REGION_MASTER) != BIT_CLEAR;
}

bool operation_exists(const struct unit_engine *engine, const struct operation *op)
{
	return !op->quirk || quirk_is_on(engine->quirks, op->quirk) != op->without;
}

/* ------------------------------------------------------------------------------------------------------ inputs */

union view {
	struct msix_entry_view entry;
	struct lapic_view lapic;
	struct peoi_view peoi;
};

/* Handlers run to their end before another interrupt is dispatched: in service is only what Xen's EOI is put off for. */
static struct lapic_view view_of_lapic(const struct unit *unit)
{
	struct lapic_view view = { .in_service = unit_stack_top(unit), .accepts = true, .dispatches = true, .eois = true };

	if (unit->place[PLACE_RANK])
		view.vector = unit_rank_vector(unit->place[PLACE_RANK] - 1);
	return view;
}

static void view_of(const struct unit *unit, unsigned role, unsigned slot, union view *view)
{
	if (role == ROLE_PEOI)
		view->peoi = (struct peoi_view){ .vector = unit_rank_vector(slot - role), .top = unit_stack_top(unit) };
	else if (role == ROLE_ENTRY)
		view->entry = (struct msix_entry_view){
			.enable = unit_state(unit, ROLE_FUNCTION, FN_REGION_ENABLE),
			.fmask = unit_state(unit, ROLE_FUNCTION, FN_REGION_FMASK),
			.bus_master = unit_state(unit, ROLE_PCI, PCI_REGION_MASTER),
		};
	else
		view->lapic = view_of_lapic(unit);
}

static unsigned slot_of(const struct unit *unit, unsigned role, unsigned at)
{
	if (role == ROLE_PEOI || role == ROLE_VCPU)
		at = at == PLACE_OTHER ? at : PLACE_RANK;
	else if (role != ROLE_LAPIC)
		return role;
	return role + (unit->place[at] ? unit->place[at] - 1 : 0);
}

struct step {
	const struct unit_engine *engine;
	struct unit *unit;
	struct unit_result *result;
	unsigned depth;
};

static void input(struct step *step, unsigned role, unsigned in, unsigned at);

static bool holds(const struct reaction *r, const struct unit *before, const struct unit *now)
{
	return !r->when || r->when(before, now);
}

static void react(struct step *step, uint8_t first, const struct unit *before)
{
	const struct unit_engine *engine = step->engine;

	for (uint8_t i = first; i; i = engine->next[i - 1]) {
		const struct reaction *r = &engine->part->reactions[i - 1];

		if (!holds(r, before, step->unit))
			continue;
		if (r->move)
			r->move(step->unit);
		input(step, r->role, r->in, r->at);
	}
}

static void note(struct unit_result *result, unsigned role, unsigned in, const struct effects *fx)
{
	result->delivered |= (role == ROLE_IRQ && in == IRQ_ENTER) || (role == ROLE_PORT && in == PORT_RAISE);
	result->sent |= role == ROLE_LAPIC && (in == LAPIC_ACCEPT_EDGE || in == LAPIC_ACCEPT_LEVEL);
	result->sent |= role == ROLE_XIRQ && in == XIRQ_ARRIVE;
	for (unsigned i = 0; i < fx->nr; i++) {
		result->torn |= role == ROLE_ENTRY && fx->change[i].effect == ENTRY_EFFECT_REWRITTEN;
		if (!fx->change[i].unexpected || result->unexpected)
			continue;
		result->unexpected = true;
		result->role = role;
		result->in = in;
	}
}

/* An input, then what follows its effects, then what follows itself. */
static void input(struct step *step, unsigned role, unsigned in, unsigned at)
{
	const struct unit_engine *engine = step->engine;
	struct unit before = *step->unit;
	unsigned slot;
	struct effects fx;
	union view view;

	if (++step->depth > MAX_DEPTH) {
		step->result->endless = true;
		return;
	}
	slot = slot_of(step->unit, role, at);
	view_of(step->unit, role, slot, &view);
	component_step(components[role], &step->unit->core[slot], in, &view, &fx);
	note(step->result, role, in, &fx);
	if (engine->log)
		engine->log(engine->log_ctx, &before, step->unit, role, in);
	for (unsigned i = 0; i < fx.nr; i++)
		if (fx.change[i].effect)
			react(step, engine->first_effect[role][fx.change[i].effect], &before);
	react(step, engine->first[role][in], &before);
	step->depth--;
}

void unit_operate(const struct unit_engine *engine, struct unit *unit, const struct operation *op, unsigned cpu,
		  struct unit_result *result)
{
	struct step step = { .engine = engine, .unit = unit, .result = result };

	unit->place[PLACE_HERE] = op->per_cpu ? cpu + 1 : unit->place[PLACE_RUNS];
	if (op->move)
		op->move(unit);
	for (unsigned i = 0; i < op->nr_first; i++)
		input(&step, op->first[i].role, op->first[i].in, PLACE_HERE);
	unit->place[PLACE_HERE] = unit->place[PLACE_OTHER] = 0;
}

void unit_respond(const struct unit_engine *engine, struct unit *unit, const struct reaction *r, struct unit_result *result)
{
	struct step step = { .engine = engine, .unit = unit, .result = result };

	if (r->move)
		r->move(unit);
	input(&step, r->role, r->in, r->at);
}
