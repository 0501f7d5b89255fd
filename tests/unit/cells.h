/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of what single cells of a component must do. */
#ifndef IRQPATH_TESTS_CELLS_H
#define IRQPATH_TESTS_CELLS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/component.h"

struct expectation {
	const char *why;
	unsigned region, from, input, to;
	bool unexpected;
};

/* Each starts with every other region unknown. */
static void check_expectations(const struct component *type, const struct expectation *e, unsigned nr, const void *view)
{
	for (; nr--; e++) {
		uint32_t core = core_set(component_unknown(type), &type->regions[e->region], e->from);
		bool unexpected = false;
		struct effects fx;

		component_step(type, &core, e->input, view, &fx);
		for (unsigned i = 0; i < fx.nr; i++)
			unexpected |= fx.change[i].region == e->region && fx.change[i].unexpected;
		if (core_get(core, &type->regions[e->region]) != e->to || unexpected != e->unexpected)
			fail_msg("%s: %s became %s%s", e->why, type->regions[e->region].name,
				 type->regions[e->region].states[core_get(core, &type->regions[e->region])],
				 unexpected ? ", unexpected" : "");
	}
}

#define CHECK(type, list, view) check_expectations(type, list, sizeof(list) / sizeof((list)[0]), view)

#endif
