/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_IRTE_H
#define IRQPATH_MODEL_IRTE_H

#include <stdint.h>

#include "model/component.h"

/* X(SYMBOL, width in bits) */
#define IRTE_REGIONS(X) \
	X(PRESENT, 2)	/* present bit */ \
	X(ROUTE, 2)	/* vector and destination against what the vector domain configured */ \
	X(POSTED, 2)	/* posted to a guest */

#define IRTE_INPUTS(X) \
	X(CLEARED, "cleared") \
	X(WRITE_SAME, "written: as configured") \
	X(WRITE_OTHER, "written: not as configured") \
	X(WRITE_BLIND, "written, content not recorded") \
	X(CONFIG_SAME, "vector configured as written") \
	X(CONFIG_OTHER, "vector configured, not as written") \
	X(CONFIG_GONE, "vector cleared") \
	X(POST, "posted to a guest") \
	X(UNPOST, "posting ended") \
	X(HANDLED, "host's handler runs") \
	X(LOST, "records lost")

enum irte_input {
#define X(sym, name) IRTE_##sym,
	IRTE_INPUTS(X)
#undef X
	NR_IRTE_INPUTS
};

enum irte_region {
#define X(sym, width) IRTE_REGION_##sym,
	IRTE_REGIONS(X)
#undef X
	NR_IRTE_REGIONS
};

enum irte_flag { IRTE_FLAG_ILLEGAL, IRTE_FLAG_UNKNOWN, IRTE_FLAG_NO, IRTE_FLAG_YES, NR_IRTE_FLAGS };
enum irte_route { IRTE_ROUTE_ILLEGAL, IRTE_ROUTE_UNKNOWN, IRTE_ROUTE_SAME, IRTE_ROUTE_OTHER, NR_IRTE_ROUTES };

struct irte_core {
	uint32_t bits;
};

extern const struct component irte_component;

unsigned irte_state(struct irte_core core, enum irte_region region);
void irte_step(struct irte_core *core, enum irte_input in, struct effects *out);

#endif
