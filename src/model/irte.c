/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An entry of an interrupt remapping table (Intel VT-d specification, "Interrupt Remapping Table Entry"; AMD I/O
 * virtualization specification, "IRTE"; Linux drivers/iommu/intel/irq_remapping.c, drivers/iommu/amd/iommu.c).
 *
 * Behind a remapping unit the message or the IO-APIC entry names a table entry and does not change; the entry holds
 * the vector and the destination, and follows every configuration of the vector domain. While it is posted to a
 * guest it holds the guest's vector instead, and configurations of the host are not written. It is cleared before
 * the vector is freed.
 *
 * A record of the unit's invalidation queue says only that an entry changed: what it holds is then not known.
 *
 * Not modelled: source validation, delivery mode, several sources that share one entry.
 */
#include "model/irte.h"

#define B(sym) (UINT32_C(1) << IRTE_##sym)
#define TO(sym, to) [IRTE_##sym] = { .next = (to) }

enum {
#define X(sym, width) IRTE_##sym##_SHIFT, IRTE_##sym##_END = IRTE_##sym##_SHIFT + (width) - 1,
	IRTE_REGIONS(X)
#undef X
};

static const char *const flag_names[NR_IRTE_FLAGS] = { "illegal", "unknown", "no", "yes" };
static const char *const route_names[NR_IRTE_ROUTES] = { "illegal", "unknown", "as configured", "not as configured" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

#define PRESENT_ROW(as_it_was) \
	{ TO(CLEARED, IRTE_FLAG_NO), TO(WRITE_SAME, IRTE_FLAG_YES), TO(WRITE_OTHER, IRTE_FLAG_YES), \
	  TO(WRITE_BLIND, as_it_was), \
	  /* the vector is cleared behind the entry, whoever recorded that */ \
	  TO(CONFIG_GONE, IRTE_FLAG_UNKNOWN), TO(POST, IRTE_FLAG_YES), TO(LOST, IRTE_FLAG_UNKNOWN) }

static const struct cell present_cells[NR_IRTE_FLAGS][NR_IRTE_INPUTS] = {
	[IRTE_FLAG_UNKNOWN] = PRESENT_ROW(IRTE_FLAG_UNKNOWN), [IRTE_FLAG_NO] = PRESENT_ROW(IRTE_FLAG_UNKNOWN),
	[IRTE_FLAG_YES] = PRESENT_ROW(IRTE_FLAG_UNKNOWN),
};

#define ROUTE_ROW \
	{ TO(CLEARED, IRTE_ROUTE_UNKNOWN), TO(WRITE_SAME, IRTE_ROUTE_SAME), TO(WRITE_OTHER, IRTE_ROUTE_OTHER), \
	  TO(WRITE_BLIND, IRTE_ROUTE_UNKNOWN), TO(CONFIG_SAME, IRTE_ROUTE_SAME), TO(CONFIG_OTHER, IRTE_ROUTE_OTHER), \
	  TO(CONFIG_GONE, IRTE_ROUTE_UNKNOWN), TO(LOST, IRTE_ROUTE_UNKNOWN) }

static const struct cell route_cells[NR_IRTE_ROUTES][NR_IRTE_INPUTS] = {
	[IRTE_ROUTE_UNKNOWN] = ROUTE_ROW, [IRTE_ROUTE_SAME] = ROUTE_ROW, [IRTE_ROUTE_OTHER] = ROUTE_ROW,
};

/*
 * A write with the host's vector is one that ended the posting. While it is posted the host's handler does not run, but
 * for an interrupt that was on its way: whether it still is posted is then not known.
 */
#define POSTED_ROW(as_it_was, after_handled) \
	{ TO(CLEARED, IRTE_FLAG_NO), TO(WRITE_SAME, IRTE_FLAG_NO), TO(WRITE_OTHER, as_it_was), \
	  TO(POST, IRTE_FLAG_YES), \
	  TO(UNPOST, IRTE_FLAG_NO), TO(HANDLED, after_handled), TO(LOST, IRTE_FLAG_UNKNOWN) }

static const struct cell posted_cells[NR_IRTE_FLAGS][NR_IRTE_INPUTS] = {
	[IRTE_FLAG_UNKNOWN] = POSTED_ROW(IRTE_FLAG_UNKNOWN, IRTE_FLAG_UNKNOWN),
	[IRTE_FLAG_NO] = POSTED_ROW(IRTE_FLAG_NO, IRTE_FLAG_NO),
	[IRTE_FLAG_YES] = POSTED_ROW(IRTE_FLAG_YES, IRTE_FLAG_UNKNOWN),
};

static const char *const input_names[NR_IRTE_INPUTS] = {
#define X(sym, name) [IRTE_##sym] = name,
	IRTE_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, ...) \
	[IRTE_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = IRTE_##sym##_SHIFT, \
				.width = 2, __VA_ARGS__ }

static const struct region regions[NR_IRTE_REGIONS] = {
	REGION(PRESENT, "present", flag_names, NR_IRTE_FLAGS, .cells = &present_cells[0][0],
	       .listens = B(CLEARED) | B(WRITE_SAME) | B(WRITE_OTHER) | B(WRITE_BLIND) | B(CONFIG_GONE) | B(POST) |
			  B(LOST)),
	REGION(ROUTE, "route", route_names, NR_IRTE_ROUTES, .cells = &route_cells[0][0],
	       .listens = B(CLEARED) | B(WRITE_SAME) | B(WRITE_OTHER) | B(WRITE_BLIND) | B(CONFIG_SAME) |
			  B(CONFIG_OTHER) | B(CONFIG_GONE) | B(LOST)),
	REGION(POSTED, "posted", flag_names, NR_IRTE_FLAGS, .cells = &posted_cells[0][0],
	       .listens = B(CLEARED) | B(WRITE_SAME) | B(WRITE_OTHER) | B(POST) | B(UNPOST) | B(HANDLED) |
			  B(LOST)),
};

const struct component irte_component = {
	.name = "irte", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_IRTE_REGIONS, .nr_inputs = NR_IRTE_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned irte_state(struct irte_core core, enum irte_region region)
{
	return core_get(core.bits, &regions[region]);
}

void irte_step(struct irte_core *core, enum irte_input in, struct effects *out)
{
	component_step(&irte_component, &core->bits, in, NULL, out);
}
