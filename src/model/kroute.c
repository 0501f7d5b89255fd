/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The route of a GSI that KVM has, where the IO-APIC is QEMU's and the local APICs are KVM's (kernel-irqchip=split; QEMU
 * hw/intc/ioapic.c ioapic_service(), ioapic_update_kvm_routes(); Linux virt/kvm/irqchip.c, arch/x86/kvm/irq_comm.c).
 *
 * A pin that fires is a call that names its GSI alone: the message comes from the route that KVM was handed last, not
 * from the redirection entry. So every write of an entry is followed by an update of the routes of all unmasked pins and
 * by handing the table over; masked pins keep their old one. Up to QEMU 7.2 a write services the pins first and updates
 * the routes after it: a level pin whose line is up when the entry is unmasked fires by the route of before. Since 8.0
 * (54ad31fb0a0a) routes come first. Which of the two it is shows itself in the order of the records of one write.
 *
 * A host's own records show the route itself with each message that is made of it: that is believed.
 *
 * A write runs under QEMU's big lock, an EOI up to 7.2 does not: a pin that an EOI fires in another thread, while an
 * entry is being written, proves nothing.
 *
 * Not modelled: what a remapping unit makes of the message (the entry is compared, not its translation), routes of
 * devices' messages, a reset (which leaves the routes as they are).
 */
#include "model/kroute.h"

#define B(sym) (UINT64_C(1) << KROUTE_##sym)
#define TO(sym, to) [KROUTE_##sym] = { .next = (to) }

enum {
#define X(sym, width) KROUTE_##sym##_SHIFT, KROUTE_##sym##_END = KROUTE_##sym##_SHIFT + (width) - 1,
	KROUTE_REGIONS(X)
#undef X
};

static const char *const route_names[NR_KROUTE_ROUTES] = { "illegal", "unknown", "as the entry", "vector", "destination" };
static const char *const phase_names[NR_KROUTE_PHASES] = { "illegal", "unknown", "entry written", "pin fired", "routes handed over" };
static const char *const order_names[NR_KROUTE_ORDERS] = { "illegal", "unknown", "pins serviced first", "routes first" };
static const char *const effect_names[NR_KROUTE_EFFECTS] = { "", "sent by another route" };

enum { GUARD_ALWAYS, GUARD_IN_ORDER, GUARD_SETTLED, GUARD_FIRED, GUARD_COMMITTED, NR_GUARDS };

static unsigned phase(uint32_t core)
{
	return core >> KROUTE_PHASE_SHIFT & 7;
}

/* The write is over. */
static bool guard_settled(uint32_t core, const void *view)
{
	(void)view;
	return phase(core) != KROUTE_PHASE_WRITTEN && phase(core) != KROUTE_PHASE_FIRED;
}

/* Where routes come first, what fires between a write and its routes was not fired by that write. */
static bool guard_in_order(uint32_t core, const void *view)
{
	return guard_settled(core, view) || (core >> KROUTE_ORDER_SHIFT & 3) != KROUTE_ORDER_ROUTES_FIRST;
}

static bool guard_fired(uint32_t core, const void *view)
{
	(void)view;
	return phase(core) == KROUTE_PHASE_FIRED;
}

static bool guard_committed(uint32_t core, const void *view)
{
	(void)view;
	return phase(core) == KROUTE_PHASE_COMMITTED;
}

static const guard_fn guards[NR_GUARDS] = {
	[GUARD_IN_ORDER] = guard_in_order, [GUARD_SETTLED] = guard_settled, [GUARD_FIRED] = guard_fired,
	[GUARD_COMMITTED] = guard_committed,
};
static const char *const guard_names[NR_GUARDS] = {
	"", "not between a write and its routes", "no write under way", "fired since the write", "routes just handed over",
};

#define FIRES(state, of_guard, of_effect) { .next = (state), .guard = (of_guard), .otherwise = (state), .effect = (of_effect) }
#define ROUTE_ROW(...) \
	{ TO(WRITE_SAME, KROUTE_ROUTE_SAME), TO(WRITE_VECTOR, KROUTE_ROUTE_VECTOR), TO(WRITE_OTHER, KROUTE_ROUTE_OTHER), \
	  TO(WRITE_BLIND, KROUTE_ROUTE_UNKNOWN), TO(COMMIT_SAME, KROUTE_ROUTE_SAME), TO(COMMIT_VECTOR, KROUTE_ROUTE_VECTOR), \
	  TO(COMMIT_OTHER, KROUTE_ROUTE_OTHER), TO(COMMIT_BLIND, KROUTE_ROUTE_UNKNOWN), \
	  TO(SEEN_SAME, KROUTE_ROUTE_SAME), TO(SEEN_VECTOR, KROUTE_ROUTE_VECTOR), TO(SEEN_OTHER, KROUTE_ROUTE_OTHER), \
	  TO(LOST, KROUTE_ROUTE_UNKNOWN), __VA_ARGS__ }

#define STALE_ROW(state) \
	ROUTE_ROW([KROUTE_FIRE] = FIRES(state, GUARD_IN_ORDER, KROUTE_EFFECT_STALE), \
		  [KROUTE_FIRE_ELSEWHERE] = FIRES(state, GUARD_SETTLED, KROUTE_EFFECT_STALE))

static const struct cell route_cells[NR_KROUTE_ROUTES][NR_KROUTE_INPUTS] = {
	[KROUTE_ROUTE_UNKNOWN] = ROUTE_ROW(TO(FIRE, KROUTE_ROUTE_UNKNOWN), TO(FIRE_ELSEWHERE, KROUTE_ROUTE_UNKNOWN)),
	[KROUTE_ROUTE_SAME] = ROUTE_ROW(TO(FIRE, KROUTE_ROUTE_SAME), TO(FIRE_ELSEWHERE, KROUTE_ROUTE_SAME)),
	[KROUTE_ROUTE_VECTOR] = STALE_ROW(KROUTE_ROUTE_VECTOR), [KROUTE_ROUTE_OTHER] = STALE_ROW(KROUTE_ROUTE_OTHER),
};

/* A line or an EOI behind the routes is what the next one fires for: no longer the write. */
#define PHASE_ROW(after_fire, after_cause) \
	{ TO(WRITE_SAME, KROUTE_PHASE_WRITTEN), TO(WRITE_VECTOR, KROUTE_PHASE_WRITTEN), TO(WRITE_OTHER, KROUTE_PHASE_WRITTEN), \
	  TO(WRITE_BLIND, KROUTE_PHASE_WRITTEN), TO(COMMIT_SAME, KROUTE_PHASE_COMMITTED), \
	  TO(COMMIT_VECTOR, KROUTE_PHASE_COMMITTED), TO(COMMIT_OTHER, KROUTE_PHASE_COMMITTED), \
	  TO(COMMIT_BLIND, KROUTE_PHASE_COMMITTED), TO(FIRE, after_fire), TO(CAUSE, after_cause), TO(LOST, KROUTE_PHASE_UNKNOWN) }

static const struct cell phase_cells[NR_KROUTE_PHASES][NR_KROUTE_INPUTS] = {
	[KROUTE_PHASE_UNKNOWN] = PHASE_ROW(KROUTE_PHASE_UNKNOWN, KROUTE_PHASE_UNKNOWN),
	[KROUTE_PHASE_WRITTEN] = PHASE_ROW(KROUTE_PHASE_FIRED, KROUTE_PHASE_WRITTEN),
	[KROUTE_PHASE_FIRED] = PHASE_ROW(KROUTE_PHASE_FIRED, KROUTE_PHASE_FIRED),
	[KROUTE_PHASE_COMMITTED] = PHASE_ROW(KROUTE_PHASE_UNKNOWN, KROUTE_PHASE_UNKNOWN),
};

/* The program does not change under a machine: what its records have shown stays. */
#define ORDER_OF_COMMIT { .next = KROUTE_ORDER_SERVICE_FIRST, .guard = GUARD_FIRED, .otherwise = KROUTE_ORDER_UNKNOWN }
#define ORDER_STAYS(order) \
	{ TO(FIRE, order), TO(COMMIT_SAME, order), TO(COMMIT_VECTOR, order), TO(COMMIT_OTHER, order), TO(COMMIT_BLIND, order) }

static const struct cell order_cells[NR_KROUTE_ORDERS][NR_KROUTE_INPUTS] = {
	[KROUTE_ORDER_UNKNOWN] = {
		[KROUTE_FIRE] = { .next = KROUTE_ORDER_ROUTES_FIRST, .guard = GUARD_COMMITTED, .otherwise = KROUTE_ORDER_UNKNOWN },
		[KROUTE_COMMIT_SAME] = ORDER_OF_COMMIT, [KROUTE_COMMIT_VECTOR] = ORDER_OF_COMMIT, [KROUTE_COMMIT_OTHER] = ORDER_OF_COMMIT,
		[KROUTE_COMMIT_BLIND] = ORDER_OF_COMMIT,
	},
	[KROUTE_ORDER_SERVICE_FIRST] = ORDER_STAYS(KROUTE_ORDER_SERVICE_FIRST),
	[KROUTE_ORDER_ROUTES_FIRST] = ORDER_STAYS(KROUTE_ORDER_ROUTES_FIRST),
};

static const char *const input_names[NR_KROUTE_INPUTS] = {
#define X(sym, name) [KROUTE_##sym] = name,
	KROUTE_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, ...) \
	[KROUTE_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = KROUTE_##sym##_SHIFT, \
				  .width = KROUTE_##sym##_END - KROUTE_##sym##_SHIFT + 1, __VA_ARGS__ }
#define COMMITTED (B(COMMIT_SAME) | B(COMMIT_VECTOR) | B(COMMIT_OTHER) | B(COMMIT_BLIND))
#define WRITTEN_OR_COMMITTED \
	(B(WRITE_SAME) | B(WRITE_VECTOR) | B(WRITE_OTHER) | B(WRITE_BLIND) | COMMITTED | B(LOST))

static const struct region regions[NR_KROUTE_REGIONS] = {
	REGION(ROUTE, "route", route_names, NR_KROUTE_ROUTES, .cells = &route_cells[0][0],
	       .listens = WRITTEN_OR_COMMITTED | B(SEEN_SAME) | B(SEEN_VECTOR) | B(SEEN_OTHER) | B(FIRE) | B(FIRE_ELSEWHERE)),
	REGION(PHASE, "phase", phase_names, NR_KROUTE_PHASES, .cells = &phase_cells[0][0], .hot = true,
	       .listens = WRITTEN_OR_COMMITTED | B(FIRE) | B(CAUSE)),
	REGION(ORDER, "order", order_names, NR_KROUTE_ORDERS, .cells = &order_cells[0][0],
	       .listens = COMMITTED | B(FIRE)),
};

const struct component kroute_component = {
	.name = "kroute", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_KROUTE_REGIONS, .nr_inputs = NR_KROUTE_INPUTS,
	.nr_effects = NR_KROUTE_EFFECTS, .nr_guards = NR_GUARDS,
};

unsigned kroute_state(struct kroute_core core, enum kroute_region region)
{
	return core_get(core.bits, &regions[region]);
}

void kroute_step(struct kroute_core *core, enum kroute_input in, struct effects *out)
{
	component_step(&kroute_component, &core->bits, in, NULL, out);
}

uint64_t kroute_entry_bits(uint32_t addr_lo, uint32_t data)
{
	enum { DEST_MODE_ADDR = 1 << 2, DEST_MODE = 1 << 11, IN_DATA = 0x87ff };
	uint64_t dest = (uint64_t)(addr_lo >> 4 & 0xffff) << 48;

	return dest | (addr_lo & DEST_MODE_ADDR ? DEST_MODE : 0) | (data & IN_DATA);
}
