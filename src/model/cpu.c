/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Online or offline. A CPU may be told twice that it went, by the vector matrix and by the hotplug core.
 *
 * Not modelled: the single steps of hotplug (include/linux/cpuhotplug.h), and the short time in which a dying CPU is
 * out of the online mask but still takes what is pending in its local APIC.
 */
#include "model/cpu.h"

#define B(sym) (UINT32_C(1) << CPU_##sym)
#define TO(sym, to) [CPU_##sym] = { .next = (to) }

static const char *const power_names[NR_CPU_POWERS] = { "illegal", "unknown", "online", "offline" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

#define POWER_ROW \
	{ TO(ONLINE, CPU_POWER_ONLINE), TO(OFFLINE, CPU_POWER_OFFLINE), TO(RESET, CPU_POWER_UNKNOWN), \
	  TO(LOST, CPU_POWER_UNKNOWN) }

static const struct cell power_cells[NR_CPU_POWERS][NR_CPU_INPUTS] = {
	[CPU_POWER_UNKNOWN] = POWER_ROW, [CPU_POWER_ONLINE] = POWER_ROW, [CPU_POWER_OFFLINE] = POWER_ROW,
};

static const char *const input_names[NR_CPU_INPUTS] = {
#define X(sym, name) [CPU_##sym] = name,
	CPU_INPUTS(X)
#undef X
};

static const struct region regions[NR_CPU_REGIONS] = {
	[CPU_REGION_POWER] = {
		.name = "power", .states = power_names, .nr_states = NR_CPU_POWERS, .width = 2,
		.cells = &power_cells[0][0], .listens = B(ONLINE) | B(OFFLINE) | B(RESET) | B(LOST),
	},
};

const struct component cpu_component = {
	.name = "cpu", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_CPU_REGIONS, .nr_inputs = NR_CPU_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned cpu_state(struct cpu_core core, enum cpu_region region)
{
	return core_get(core.bits, &regions[region]);
}

void cpu_step(struct cpu_core *core, enum cpu_input in, struct effects *out)
{
	component_step(&cpu_component, &core->bits, in, NULL, out);
}
