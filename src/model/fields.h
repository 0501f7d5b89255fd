/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_FIELDS_H
#define IRQPATH_MODEL_FIELDS_H

#include <stdint.h>

#include "model/component.h"

/* X(SYMBOL, width in bits) */
#define FIELDS_REGIONS(X) \
	X(FORMAT, 2)	/* address bit 4, entry bit 48 */ \
	X(DEST_MODE, 2)	/* address bit 2, entry bit 11 */ \
	X(HINT, 2)	/* address bit 3: redirection hint */ \
	X(DELIVERY, 3)	/* bits 8 to 10 of data and entry */ \
	X(TRIGGER, 2)	/* bit 15 of data and entry */ \
	X(POLARITY, 2)	/* entry bit 13 */

#define FIELDS_INPUTS(X) \
	X(COMPATIBLE, "format: vector and destination") \
	X(REMAPPED, "format: index of a remapping entry") \
	X(PHYSICAL, "destination: physical") \
	X(LOGICAL, "destination: logical") \
	X(NO_HINT, "no redirection hint") \
	X(HAS_HINT, "redirection hint") \
	X(FIXED, "delivery mode: fixed") \
	X(LOWEST, "delivery mode: lowest priority") \
	X(NMI, "delivery mode: NMI") \
	X(EXTINT, "delivery mode: ExtINT") \
	X(OTHER, "delivery mode: another") \
	X(EDGE, "trigger: edge") \
	X(LEVEL, "trigger: level") \
	X(ACTIVE_HIGH, "polarity: active high") \
	X(ACTIVE_LOW, "polarity: active low") \
	X(CLEARED, "no message") \
	X(LOST, "records lost")

enum fields_input {
#define X(sym, name) FIELDS_##sym,
	FIELDS_INPUTS(X)
#undef X
	NR_FIELDS_INPUTS
};

enum fields_region {
#define X(sym, width) FIELDS_REGION_##sym,
	FIELDS_REGIONS(X)
#undef X
	NR_FIELDS_REGIONS
};

enum fields_choice { CHOICE_ILLEGAL, CHOICE_UNKNOWN, CHOICE_FIRST, CHOICE_SECOND, NR_CHOICES };
enum fields_delivery {
	MODE_ILLEGAL, MODE_UNKNOWN, MODE_FIXED, MODE_LOWEST, MODE_NMI, MODE_EXTINT, MODE_OTHER, NR_MODES
};

struct fields_core {
	uint32_t bits;
};

extern const struct component fields_component;

unsigned fields_state(struct fields_core core, enum fields_region region);
void fields_step(struct fields_core *core, enum fields_input in, struct effects *out);

#endif
