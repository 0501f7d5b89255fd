/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The status word of an irq descriptor of Xen (xen/include/xen/irq.h, IRQ_INPROGRESS and those behind it), as key i prints
 * it. What else it says, whether guests have the irq, is the action of the irq itself (xirq.c).
 *
 * An irq is disabled until somebody takes it (init_one_irq_desc(), __pirq_guest_bind(), setup_irq()), which may be unseen, and
 * again when the last one is gone (__pirq_guest_unbind()); what is handled is somebody's. In progress and pending are of
 * interrupts that Xen handles itself: both are clear when do_IRQ() has written its record, which it does behind the handler.
 * An affinity that was asked for is put off until the irq arrives next (irq_set_affinity()), where messages and edges are
 * moved before they are acknowledged (move_native_irq()); a level pin's may have to wait for its remote IRR.
 *
 * Not modelled: bits above MOVE_PENDING, whose places differ by release; the request for a move, which nothing records.
 */
#include "model/xstat.h"

#include "model/msix.h"

#define B(sym) (UINT32_C(1) << XSTAT_##sym)
#define TO(sym, to) [XSTAT_##sym] = { .next = (to) }

enum {
#define X(sym, width) XSTAT_##sym##_SHIFT, XSTAT_##sym##_END = XSTAT_##sym##_SHIFT + (width) - 1,
	XSTAT_REGIONS(X)
#undef X
};

static const char *const bit_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

#define ROWS(row) { [BIT_UNKNOWN] = row(BIT_UNKNOWN), [BIT_CLEAR] = row(BIT_CLEAR), [BIT_SET] = row(BIT_SET) }
#define DISABLED_ROW(as_it_was) \
	{ TO(GIVEN, BIT_UNKNOWN), TO(STARTED, BIT_CLEAR), TO(STOPPED, BIT_SET), TO(HANDLED, BIT_CLEAR), \
	  TO(HANDLED_AT_ONCE, BIT_CLEAR), TO(TAKEN_UNSEEN, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN) }
#define RUN_ROW(as_it_was) \
	{ TO(GIVEN, BIT_CLEAR), TO(HANDLED, BIT_CLEAR), TO(HANDLED_AT_ONCE, BIT_CLEAR), TO(TAKEN_UNSEEN, as_it_was), TO(LOST, BIT_UNKNOWN) }
#define MOVE_ROW(as_it_was) \
	{ TO(GIVEN, BIT_CLEAR), TO(HANDLED, as_it_was), TO(HANDLED_AT_ONCE, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell disabled_cells[NR_BIT_STATES][NR_XSTAT_INPUTS] = ROWS(DISABLED_ROW);
static const struct cell run_cells[NR_BIT_STATES][NR_XSTAT_INPUTS] = ROWS(RUN_ROW);
static const struct cell move_cells[NR_BIT_STATES][NR_XSTAT_INPUTS] = ROWS(MOVE_ROW);

static const char *const input_names[NR_XSTAT_INPUTS] = {
#define X(sym, name) [XSTAT_##sym] = name,
	XSTAT_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_cells, of_inputs, ...) \
	[XSTAT_REGION_##sym] = { .name = text, .states = bit_names, .nr_states = NR_BIT_STATES, .shift = XSTAT_##sym##_SHIFT, \
				 .width = 2, .silent = true, .cells = &of_cells[0][0], .listens = B(GIVEN) | B(LOST) | (of_inputs), \
				 __VA_ARGS__ }

static const struct region regions[NR_XSTAT_REGIONS] = {
	REGION(DISABLED, "disabled", disabled_cells, B(STARTED) | B(STOPPED) | B(HANDLED) | B(HANDLED_AT_ONCE) | B(TAKEN_UNSEEN)),
	REGION(PENDING, "pending", run_cells, B(HANDLED) | B(HANDLED_AT_ONCE) | B(TAKEN_UNSEEN), .hot = true),
	REGION(RUNS, "in_progress", run_cells, B(HANDLED) | B(HANDLED_AT_ONCE) | B(TAKEN_UNSEEN), .hot = true),
	REGION(TO_MOVE, "move_pending", move_cells, B(HANDLED) | B(HANDLED_AT_ONCE), .hot = true),
};

const struct component xstat_component = {
	.name = "xen_status", .regions = regions, .inputs = input_names, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_XSTAT_REGIONS, .nr_inputs = NR_XSTAT_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned xstat_state(struct xstat_core core, enum xstat_region region)
{
	return core_get(core.bits, &regions[region]);
}

void xstat_step(struct xstat_core *core, enum xstat_input in, struct effects *out)
{
	component_step(&xstat_component, &core->bits, in, NULL, out);
}

int xstat_input_of(struct xirq_core irq, enum xirq_input in)
{
	switch (in) {
	case XIRQ_ASSIGN:
		return XSTAT_GIVEN;
	case XIRQ_XEN_BIND:
	case XIRQ_GUEST_BIND:
		return XSTAT_STARTED;
	case XIRQ_GUEST_UNBIND:
		return XSTAT_STOPPED;
	case XIRQ_ARRIVE:
	case XIRQ_ARRIVE_NEW:
	case XIRQ_ARRIVE_OLD:
		return xirq_state(irq, XIRQ_REGION_ACK) == XIRQ_ACK_NONE ? XSTAT_HANDLED_AT_ONCE : XSTAT_HANDLED;
	case XIRQ_CLEAR:
	case XIRQ_LOST:
		return XSTAT_LOST;
	default:
		return -1;
	}
}
