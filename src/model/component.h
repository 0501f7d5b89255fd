/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Components: state machines as data. A component is a set of regions that step side by side on the same input; a region
 * is a table of cells {next, guard, effect}. Replay wraps a core with times and provenance, the bounded check packs cores
 * alone; both run the same tables through component_step(), which is the only writer of a core.
 *
 * In every region state 0 is illegal, so that a forgotten cell shows itself, and state 1 is unknown: captures begin in
 * the middle of things and lose records.
 */
#ifndef IRQPATH_MODEL_COMPONENT_H
#define IRQPATH_MODEL_COMPONENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATE_ILLEGAL, STATE_UNKNOWN, COMPONENT_MAX_REGIONS = 12, COMPONENT_MAX_STATES = 10 };

/* Guards are numbered from 1 in the component's list; 0 is always true. */
struct cell {
	uint8_t next;
	uint8_t guard;
	uint8_t otherwise;	/* where the guard is false */
	uint8_t effect;		/* component's own enum, 0: none; only where the guard is true */
};

struct region {
	const char *name;
	const char *const *states;	/* names by number */
	uint8_t nr_states;
	uint8_t shift, width;		/* of its bits in the core */
	bool hot;			/* changes with every interrupt: no step and no span is written */
	bool silent;		/* may change without any record: what a dump shows instead is news, no disagreement */
	uint32_t brief_ns;		/* no step, and a span only of what lasts that long or is so at the end; 0: of everything */
	uint64_t listens;		/* inputs that concern it, a bit each; others leave it alone */
	const struct cell *cells;	/* [nr_states][nr_inputs] */
};

/* core and view are the component's own types. Guards see the core as it was before the input. */
typedef bool (*guard_fn)(uint32_t core, const void *view);

struct component {
	const char *name;
	const struct region *regions;
	const char *const *inputs;	/* names by number */
	const char *const *effects;
	const guard_fn *guards;
	const char *const *guard_names;
	uint8_t nr_regions, nr_inputs, nr_effects, nr_guards;	/* guards: 0 included */
};

struct change {
	uint8_t region, from, to, effect;
	bool unexpected;	/* the table allows no such input in that state: the belief was wrong, and is replaced */
};

/* What one input did: the regions that changed or were surprised. */
struct effects {
	struct change change[COMPONENT_MAX_REGIONS];
	unsigned nr;
	uint32_t before;	/* the core that the input met */
};

static inline unsigned core_get(uint32_t core, const struct region *region)
{
	return core >> region->shift & ((1u << region->width) - 1);
}

static inline uint32_t core_set(uint32_t core, const struct region *region, unsigned state)
{
	uint32_t mask = ((1u << region->width) - 1) << region->shift;

	return (core & ~mask) | state << region->shift;
}

/* A core in which every region is unknown. */
uint32_t component_unknown(const struct component *type);

/*
 * Applies an input. An input that a region's state does not allow leaves what the same input makes of an unknown state.
 * out is overwritten.
 */
void component_step(const struct component *type, uint32_t *core, unsigned input, const void *view, struct effects *out);

/*
 * A dump says what a region holds: the other way into a core, besides component_step(). True where it held something else.
 */
bool component_see(const struct component *type, uint32_t *core, unsigned region, unsigned state);

/*
 * NULL where the tables are sound: names for everything, next states in range, an unknown row that answers every input
 * that the region listens to, cells only for inputs that it listens to, widths that hold the states, no two regions in
 * the same bits. Otherwise what is wrong, static text.
 */
const char *component_check(const struct component *type);

/* All components, NULL terminated. */
extern const struct component *const component_table[];

#endif
