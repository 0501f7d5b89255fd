/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The INTx pin of a PCI function (PCI Local Bus Specification 3.0, "Interrupt Pins", "Command Register", "Status
 * Register").
 *
 * A level: the function drives it as long as its cause stands, several functions may share one line, and the line is
 * asserted while any of them asserts. INTx disable makes the function let go; the cause stands, and the pin is driven
 * again when it is allowed. A function with MSI or MSI-X on does not use it.
 *
 * Not modelled: which line and IO-APIC pin it is routed to (firmware tables say so, no record does), the interrupt
 * status bit.
 */
#include "model/intx.h"

#define B(sym) (UINT64_C(1) << INTX_##sym)
#define TO(sym, to) [INTX_##sym] = { .next = (to) }

enum {
#define X(sym, width) INTX_##sym##_SHIFT, INTX_##sym##_END = INTX_##sym##_SHIFT + (width) - 1,
	INTX_REGIONS(X)
#undef X
};

static const char *const line_names[NR_BIT_STATES] = { "illegal", "unknown", "deasserted", "asserted" };
static const char *const disable_names[NR_BIT_STATES] = { "illegal", "unknown", "allowed", "disabled" };

enum { GUARD_ALWAYS, GUARD_FORBIDDEN, NR_GUARDS };

static bool guard_forbidden(uint32_t core, const void *view)
{
	(void)view;
	return (core >> INTX_DISABLE_SHIFT & 3) == BIT_SET;
}

static const guard_fn guards[NR_GUARDS] = { [GUARD_FORBIDDEN] = guard_forbidden };
static const char *const guard_names[NR_GUARDS] = { "", "INTx disabled" };
static const char *const effect_names[NR_INTX_EFFECTS] = { "", "asserted though disabled" };

#define LINE_SEEN(as_it_was) \
	/* allowed again, the pin follows its cause, which is not known */ \
	[INTX_ALLOW] = { .next = BIT_UNKNOWN, .guard = GUARD_FORBIDDEN, .otherwise = (as_it_was) }, \
	TO(DEASSERT, BIT_CLEAR), TO(FORBID, BIT_CLEAR), TO(RESET, BIT_CLEAR), TO(LOST, BIT_UNKNOWN), \
	[INTX_ASSERT] = { \
		.next = BIT_SET, .guard = GUARD_FORBIDDEN, .otherwise = BIT_SET, .effect = INTX_EFFECT_FORBIDDEN }

static const struct cell line_cells[NR_BIT_STATES][NR_INTX_INPUTS] = {
	[BIT_UNKNOWN] = { LINE_SEEN(BIT_UNKNOWN) },
	[BIT_CLEAR] = { LINE_SEEN(BIT_CLEAR) },
	[BIT_SET] = { LINE_SEEN(BIT_SET) },
};

#define DISABLE_ROW \
	{ TO(ALLOW, BIT_CLEAR), TO(FORBID, BIT_SET), TO(FORGET, BIT_UNKNOWN), TO(RESET, BIT_CLEAR), \
	  TO(LOST, BIT_UNKNOWN) }

static const struct cell disable_cells[NR_BIT_STATES][NR_INTX_INPUTS] = {
	[BIT_UNKNOWN] = DISABLE_ROW, [BIT_CLEAR] = DISABLE_ROW, [BIT_SET] = DISABLE_ROW,
};

static const char *const input_names[NR_INTX_INPUTS] = {
#define X(sym, name) [INTX_##sym] = name,
	INTX_INPUTS(X)
#undef X
};

static const struct region regions[NR_INTX_REGIONS] = {
	[INTX_REGION_LINE] = {
		.name = "line", .states = line_names, .nr_states = NR_BIT_STATES, .shift = INTX_LINE_SHIFT, .width = 2,
		.hot = true, .cells = &line_cells[0][0],
		.listens = B(ASSERT) | B(DEASSERT) | B(ALLOW) | B(FORBID) | B(RESET) | B(LOST),
	},
	[INTX_REGION_DISABLE] = {
		.name = "disable", .states = disable_names, .nr_states = NR_BIT_STATES, .shift = INTX_DISABLE_SHIFT,
		.width = 2, .cells = &disable_cells[0][0],
		.listens = B(ALLOW) | B(FORBID) | B(FORGET) | B(RESET) | B(LOST),
	},
};

const struct component intx_component = {
	.name = "intx", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names,
	.nr_regions = NR_INTX_REGIONS, .nr_inputs = NR_INTX_INPUTS, .nr_effects = NR_INTX_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned intx_state(struct intx_core core, enum intx_region region)
{
	return core_get(core.bits, &regions[region]);
}

void intx_step(struct intx_core *core, enum intx_input in, struct effects *out)
{
	component_step(&intx_component, &core->bits, in, NULL, out);
}
