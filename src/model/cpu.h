/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A CPU as far as interrupts can be sent to it (kernel/cpu.c, arch/x86/kernel/apic/vector.c, lapic_online(),
 * lapic_offline()): offline it keeps no vectors, and what was routed to it was moved away before.
 */
#ifndef IRQPATH_MODEL_CPU_H
#define IRQPATH_MODEL_CPU_H

#include <stdint.h>

#include "model/component.h"

/* X(SYMBOL, width in bits) */
#define CPU_REGIONS(X) \
	X(POWER, 2)	/* in cpu_online_mask */

#define CPU_INPUTS(X) \
	X(ONLINE, "came online") \
	X(OFFLINE, "went offline") \
	X(RESET, "reset") \
	X(LOST, "records lost")

enum cpu_input {
#define X(sym, name) CPU_##sym,
	CPU_INPUTS(X)
#undef X
	NR_CPU_INPUTS
};

enum cpu_region {
#define X(sym, width) CPU_REGION_##sym,
	CPU_REGIONS(X)
#undef X
	NR_CPU_REGIONS
};

enum cpu_power { CPU_POWER_ILLEGAL, CPU_POWER_UNKNOWN, CPU_POWER_ONLINE, CPU_POWER_OFFLINE, NR_CPU_POWERS };

struct cpu_core {
	uint32_t bits;
};

extern const struct component cpu_component;

unsigned cpu_state(struct cpu_core core, enum cpu_region region);
void cpu_step(struct cpu_core *core, enum cpu_input in, struct effects *out);

#endif
