/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_KROUTE_H
#define IRQPATH_MODEL_KROUTE_H

#include <stdint.h>

#include "model/component.h"

/* X(SYMBOL, width in bits) */
#define KROUTE_REGIONS(X) \
	X(ROUTE, 3)	/* what KVM has, against the pin's redirection entry */ \
	X(PHASE, 3)	/* how far the last write of the entry has come */ \
	X(ORDER, 2)	/* of a write: are pins serviced first, or routes handed over? */

#define KROUTE_INPUTS(X) \
	X(WRITE_SAME, "entry written: as KVM has it") \
	X(WRITE_VECTOR, "entry written: another vector than KVM has") \
	X(WRITE_OTHER, "entry written: another destination or mode than KVM has") \
	X(WRITE_BLIND, "entry written, KVM's route not known") \
	X(COMMIT_SAME, "routes handed over: as the entry") \
	X(COMMIT_VECTOR, "routes handed over: another vector than the entry") \
	X(COMMIT_OTHER, "routes handed over: another destination or mode than the entry") \
	X(COMMIT_BLIND, "routes handed over, content not known") \
	X(SEEN_SAME, "route as KVM sends it: as the entry") \
	X(SEEN_VECTOR, "route as KVM sends it: another vector than the entry") \
	X(SEEN_OTHER, "route as KVM sends it: another destination or mode than the entry") \
	X(CAUSE, "line or EOI") \
	X(FIRE, "pin fires in the thread that wrote") \
	X(FIRE_ELSEWHERE, "pin fires in another thread") \
	X(LOST, "records lost")

enum kroute_input {
#define X(sym, name) KROUTE_##sym,
	KROUTE_INPUTS(X)
#undef X
	NR_KROUTE_INPUTS
};

enum kroute_region {
#define X(sym, width) KROUTE_REGION_##sym,
	KROUTE_REGIONS(X)
#undef X
	NR_KROUTE_REGIONS
};

enum kroute_route { KROUTE_ROUTE_ILLEGAL, KROUTE_ROUTE_UNKNOWN, KROUTE_ROUTE_SAME, KROUTE_ROUTE_VECTOR, KROUTE_ROUTE_OTHER,
	NR_KROUTE_ROUTES };
enum kroute_phase { KROUTE_PHASE_ILLEGAL, KROUTE_PHASE_UNKNOWN, KROUTE_PHASE_WRITTEN, KROUTE_PHASE_FIRED, KROUTE_PHASE_COMMITTED,
	NR_KROUTE_PHASES };
enum kroute_order { KROUTE_ORDER_ILLEGAL, KROUTE_ORDER_UNKNOWN, KROUTE_ORDER_SERVICE_FIRST, KROUTE_ORDER_ROUTES_FIRST,
	NR_KROUTE_ORDERS };
enum kroute_effect { KROUTE_EFFECT_NONE, KROUTE_EFFECT_STALE, NR_KROUTE_EFFECTS };

/* Bits of a redirection entry that its message is made of: 63:48 and 11 go into the address, the others into the data. */
#define KROUTE_MESSAGE_BITS	UINT64_C(0xffff000000008fff)

struct kroute_core {
	uint32_t bits;
};

extern const struct component kroute_component;

unsigned kroute_state(struct kroute_core core, enum kroute_region region);
void kroute_step(struct kroute_core *core, enum kroute_input in, struct effects *out);

/* The bits of a redirection entry that a message would have come from (QEMU hw/intc/ioapic.c, ioapic_entry_parse()). */
uint64_t kroute_entry_bits(uint32_t addr_lo, uint32_t data);

#endif
