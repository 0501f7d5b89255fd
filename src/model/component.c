/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/assignment.h"
#include "model/component.h"

#include "model/cpu.h"
#include "model/dpci.h"
#include "model/fields.h"
#include "model/flags.h"
#include "model/gsi.h"
#include "model/intx.h"
#include "model/irq.h"
#include "model/irte.h"
#include "model/vfio.h"
#include "model/kroute.h"
#include "model/lapic.h"
#include "model/msi.h"
#include "model/msix.h"
#include "model/pci.h"
#include "model/peoi.h"
#include "model/pin.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/slot.h"
#include "model/vcpu.h"
#include "model/vector.h"
#include "model/vpin.h"
#include "model/xirq.h"
#include "model/xmsi.h"
#include "model/xstat.h"

const struct component *const component_table[] = {
	&pci_component, &msix_function_component, &msix_entry_component, &msi_function_component,
	&msi_message_component, &intx_component, &irq_component, &pin_component, &vector_component,
	&irte_component, &kroute_component, &vfio_component, &cpu_component, &lapic_component, &slot_component,
	&fields_component, &flags_component, &istate_component,
	&xirq_component, &xmsi_component, &xstat_component, &pirq_component, &port_component, &peoi_component, &vcpu_component,
	&gsi_component, &vpin_component, &dpci_component, &assignment_component, NULL,
};

uint32_t component_unknown(const struct component *type)
{
	uint32_t core = 0;

	for (unsigned i = 0; i < type->nr_regions; i++)
		core = core_set(core, &type->regions[i], STATE_UNKNOWN);
	return core;
}

static const struct cell *cell_at(const struct component *type, const struct region *region, unsigned state, unsigned input)
{
	return &region->cells[state * type->nr_inputs + input];
}

void component_step(const struct component *type, uint32_t *core, unsigned input, const void *view, struct effects *out)
{
	const uint32_t before = *core;

	out->nr = 0;
	out->before = before;
	for (unsigned i = 0; i < type->nr_regions; i++) {
		const struct region *region = &type->regions[i];
		unsigned state = core_get(before, region);
		struct change change = { .region = i, .from = state };
		const struct cell *cell;
		bool holds;

		if (!(region->listens >> input & 1))
			continue;
		cell = cell_at(type, region, state, input);
		holds = !cell->guard || type->guards[cell->guard](before, view);
		change.to = holds ? cell->next : cell->otherwise;
		change.effect = holds ? cell->effect : 0;
		if (change.to == STATE_ILLEGAL) {
			change.unexpected = true;
			change.to = cell_at(type, region, STATE_UNKNOWN, input)->next;
		}
		*core = core_set(*core, region, change.to);
		if (change.to != change.from || change.effect || change.unexpected)
			out->change[out->nr++] = change;
	}
}

bool component_see(const struct component *type, uint32_t *core, unsigned region, unsigned state)
{
	bool other = core_get(*core, &type->regions[region]) != state;

	*core = core_set(*core, &type->regions[region], state);
	return other;
}

static const char *check_cells(const struct component *type, const struct region *region)
{
	for (unsigned state = 0; state < region->nr_states; state++) {
		for (unsigned input = 0; input < type->nr_inputs; input++) {
			const struct cell *cell = cell_at(type, region, state, input);
			bool used = cell->next || cell->guard || cell->otherwise || cell->effect;

			if (used && (state == STATE_ILLEGAL || !(region->listens >> input & 1)))
				return "cell for an illegal state or for an input that the region does not listen to";
			if (cell->next >= region->nr_states || cell->otherwise >= region->nr_states)
				return "next state out of range";
			if (cell->guard >= type->nr_guards || cell->effect >= type->nr_effects)
				return "guard or effect out of range";
			if (cell->otherwise && !cell->guard)
				return "alternative without a guard";
			if (state == STATE_UNKNOWN && region->listens >> input & 1 && !cell->next)
				return "unknown state without an answer";
			if (state == STATE_UNKNOWN && cell->guard && !cell->otherwise)
				return "unknown state with a guard but without an alternative";
		}
	}
	return NULL;
}

const char *component_check(const struct component *type)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < type->nr_regions; i++) {
		const struct region *region = &type->regions[i];
		uint32_t mask = ((1u << region->width) - 1) << region->shift;
		const char *error;

		if (bits & mask || region->shift + region->width > 32)
			return "regions share bits";
		bits |= mask;
		if (region->nr_states > 1u << region->width || region->nr_states > COMPONENT_MAX_STATES)
			return "region has more states than its bits hold";
		for (unsigned state = 0; state < region->nr_states; state++)
			if (!region->states[state])
				return "state without a name";
		error = check_cells(type, region);
		if (error)
			return error;
	}
	for (unsigned input = 0; input < type->nr_inputs; input++)
		if (!type->inputs[input])
			return "input without a name";
	return NULL;
}
