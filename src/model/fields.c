/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message or a redirection entry says beside vector and destination (Intel SDM vol. 3A, "Message Address
 * Register Format", "Message Data Register Format"; 82093AA data sheet; VT-d specification, "Interrupt Requests in
 * Remappable Format").
 *
 * In remappable format address and entry hold an index, and destination mode and delivery mode are those of the
 * remapping entry. Trigger mode and polarity stay with the pin.
 *
 * Not modelled: fields of the remapping entries, whose places depend on the vendor.
 */
#include "model/fields.h"

#define B(sym) (UINT32_C(1) << FIELDS_##sym)
#define TO(sym, to) [FIELDS_##sym] = { .next = (to) }

enum {
#define X(sym, width) FIELDS_##sym##_SHIFT, FIELDS_##sym##_END = FIELDS_##sym##_SHIFT + (width) - 1,
	FIELDS_REGIONS(X)
#undef X
};

static const char *const format_names[NR_CHOICES] = { "illegal", "unknown", "compatibility", "remappable" };
static const char *const dest_names[NR_CHOICES] = { "illegal", "unknown", "physical", "logical" };
static const char *const hint_names[NR_CHOICES] = { "illegal", "unknown", "no", "yes" };
static const char *const delivery_names[NR_MODES] = {
	"illegal", "unknown", "fixed", "lowest priority", "NMI", "ExtINT", "another",
};
static const char *const trigger_names[NR_CHOICES] = { "illegal", "unknown", "edge", "level" };
static const char *const polarity_names[NR_CHOICES] = { "illegal", "unknown", "active high", "active low" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

#define GONE(unknown) TO(CLEARED, unknown), TO(LOST, unknown)
#define CHOICES(name, ...) \
	static const struct cell name[NR_CHOICES][NR_FIELDS_INPUTS] = { \
		[CHOICE_UNKNOWN] = { __VA_ARGS__, GONE(CHOICE_UNKNOWN) }, \
		[CHOICE_FIRST] = { __VA_ARGS__, GONE(CHOICE_UNKNOWN) }, \
		[CHOICE_SECOND] = { __VA_ARGS__, GONE(CHOICE_UNKNOWN) }, \
	}

CHOICES(format_cells, TO(COMPATIBLE, CHOICE_FIRST), TO(REMAPPED, CHOICE_SECOND));
CHOICES(dest_cells, TO(PHYSICAL, CHOICE_FIRST), TO(LOGICAL, CHOICE_SECOND), TO(REMAPPED, CHOICE_UNKNOWN));
CHOICES(hint_cells, TO(NO_HINT, CHOICE_FIRST), TO(HAS_HINT, CHOICE_SECOND), TO(REMAPPED, CHOICE_UNKNOWN));
CHOICES(trigger_cells, TO(EDGE, CHOICE_FIRST), TO(LEVEL, CHOICE_SECOND));
CHOICES(polarity_cells, TO(ACTIVE_HIGH, CHOICE_FIRST), TO(ACTIVE_LOW, CHOICE_SECOND));

#define DELIVERY_ROW \
	{ TO(FIXED, MODE_FIXED), TO(LOWEST, MODE_LOWEST), TO(NMI, MODE_NMI), TO(EXTINT, MODE_EXTINT), TO(OTHER, MODE_OTHER), \
	  TO(REMAPPED, MODE_UNKNOWN), GONE(MODE_UNKNOWN) }

static const struct cell delivery_cells[NR_MODES][NR_FIELDS_INPUTS] = {
	[MODE_UNKNOWN] = DELIVERY_ROW, [MODE_FIXED] = DELIVERY_ROW, [MODE_LOWEST] = DELIVERY_ROW,
	[MODE_NMI] = DELIVERY_ROW, [MODE_EXTINT] = DELIVERY_ROW, [MODE_OTHER] = DELIVERY_ROW,
};

static const char *const input_names[NR_FIELDS_INPUTS] = {
#define X(sym, name) [FIELDS_##sym] = name,
	FIELDS_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, bits, of_cells, inputs) \
	[FIELDS_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = FIELDS_##sym##_SHIFT, \
				  .width = bits, .cells = &of_cells[0][0], .listens = (inputs) | B(CLEARED) | B(LOST) }

static const struct region regions[NR_FIELDS_REGIONS] = {
	REGION(FORMAT, "format", format_names, NR_CHOICES, 2, format_cells, B(COMPATIBLE) | B(REMAPPED)),
	REGION(DEST_MODE, "dest_mode", dest_names, NR_CHOICES, 2, dest_cells, B(PHYSICAL) | B(LOGICAL) | B(REMAPPED)),
	REGION(HINT, "redirection_hint", hint_names, NR_CHOICES, 2, hint_cells, B(NO_HINT) | B(HAS_HINT) | B(REMAPPED)),
	REGION(DELIVERY, "delivery_mode", delivery_names, NR_MODES, 3, delivery_cells,
	       B(FIXED) | B(LOWEST) | B(NMI) | B(EXTINT) | B(OTHER) | B(REMAPPED)),
	REGION(TRIGGER, "trigger", trigger_names, NR_CHOICES, 2, trigger_cells, B(EDGE) | B(LEVEL)),
	REGION(POLARITY, "polarity", polarity_names, NR_CHOICES, 2, polarity_cells, B(ACTIVE_HIGH) | B(ACTIVE_LOW)),
};

const struct component fields_component = {
	.name = "message_fields", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_FIELDS_REGIONS, .nr_inputs = NR_FIELDS_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned fields_state(struct fields_core core, enum fields_region region)
{
	return core_get(core.bits, &regions[region]);
}

void fields_step(struct fields_core *core, enum fields_input in, struct effects *out)
{
	component_step(&fields_component, &core->bits, in, NULL, out);
}
