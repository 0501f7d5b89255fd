/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_PORT_H
#define IRQPATH_MODEL_PORT_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define PORT_REGIONS(X) \
	X(STATE, 4)	/* what it is for */ \
	X(PENDING, 2)	/* pending bit */ \
	X(MASK, 2)	/* masked by its guest */

#define PORT_INPUTS(X) \
	X(BIND_PIRQ, "bound to a pirq") \
	X(RESERVE, "reserved") \
	X(OFFER, "waits for another domain") \
	X(BIND_DOMAIN, "bound to another domain") \
	X(BIND_VIRQ, "bound to a virq") \
	X(BIND_IPI, "bound to an IPI") \
	X(CLOSE, "closed") \
	X(RAISE, "raised") \
	X(TAKEN, "guest takes it") \
	X(TAKEN_UNSEEN, "guest takes it, raised unseen") \
	X(MASKED, "masked") \
	X(UNMASKED, "unmasked") \
	X(LOST, "records lost")

enum port_input {
#define X(sym, name) PORT_##sym,
	PORT_INPUTS(X)
#undef X
	NR_PORT_INPUTS
};

enum port_region {
#define X(sym, width) PORT_REGION_##sym,
	PORT_REGIONS(X)
#undef X
	NR_PORT_REGIONS
};

enum port_use {
	PORT_ILLEGAL, PORT_UNKNOWN, PORT_FREE, PORT_RESERVED, PORT_UNBOUND, PORT_INTERDOMAIN, PORT_PIRQ, PORT_VIRQ, PORT_IPI,
	NR_PORT_USES
};

struct port_core {
	uint32_t bits;
};

extern const struct component port_component;

unsigned port_state(struct port_core core, enum port_region region);
void port_step(struct port_core *core, enum port_input in, struct effects *out);

#endif
