/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an irq's two state words say of it beside what its own component follows (include/linux/irq.h, IRQD_*;
 * kernel/irq/internals.h, IRQS_*): how it is set up, for the most part once.
 *
 * The words are only read: whatever they say is believed. Flags that change nothing on the interrupt's way, and those
 * that come and go with an interrupt, are kept without steps and spans.
 *
 * Not modelled: IRQD_* bits from 27 on, whose places depend on the kernel.
 */
#include "model/flags.h"

static const char *const flag_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };
static const char *const type_names[NR_FLAGS_TYPES] = {
	"illegal", "unknown", "none", "rising edge", "falling edge", "both edges", "high level", "low level",
};
static const char *const effect_names[] = { "" };
static const char *const guard_names[] = { "" };

#define BIT(input) (UINT64_C(1) << (input))

#define FLAG_ROW(prefix, sym) \
	{ [prefix##_##sym] = { .next = BIT_SET }, [prefix##_NO_##sym] = { .next = BIT_CLEAR }, \
	  [prefix##_LOST] = { .next = BIT_UNKNOWN } }
#define FLAG_CELLS(prefix, sym) \
	static const struct cell prefix##_##sym##_cells[NR_BIT_STATES][NR_##prefix##_INPUTS] = { \
		[BIT_UNKNOWN] = FLAG_ROW(prefix, sym), [BIT_CLEAR] = FLAG_ROW(prefix, sym), [BIT_SET] = FLAG_ROW(prefix, sym), \
	};
#define FLAG_REGION(prefix, sym, text, is_hot) \
	[prefix##_REGION_##sym] = { .name = text, .states = flag_names, .nr_states = NR_BIT_STATES, \
				    .shift = 2 * prefix##_REGION_##sym, .width = 2, .hot = is_hot, \
				    .cells = &prefix##_##sym##_cells[0][0], \
				    .listens = BIT(prefix##_##sym) | BIT(prefix##_NO_##sym) | BIT(prefix##_LOST) },

#define X(sym, text, mask, is_hot, set, clear) FLAG_CELLS(FLAGS, sym)
FLAGS_LIST(X)
#undef X
#define X(sym, text, mask, is_hot, set, clear) FLAG_CELLS(ISTATE, sym)
ISTATE_LIST(X)
#undef X

#define TYPE_ROW \
	{ [FLAGS_TRIGGER_NONE] = { .next = FLAGS_TYPE_NONE }, [FLAGS_TRIGGER_RISING] = { .next = FLAGS_TYPE_RISING }, \
	  [FLAGS_TRIGGER_FALLING] = { .next = FLAGS_TYPE_FALLING }, [FLAGS_TRIGGER_BOTH] = { .next = FLAGS_TYPE_BOTH }, \
	  [FLAGS_TRIGGER_HIGH] = { .next = FLAGS_TYPE_HIGH }, [FLAGS_TRIGGER_LOW] = { .next = FLAGS_TYPE_LOW }, \
	  [FLAGS_LOST] = { .next = FLAGS_TYPE_UNKNOWN } }

static const struct cell type_cells[NR_FLAGS_TYPES][NR_FLAGS_INPUTS] = {
	[FLAGS_TYPE_UNKNOWN] = TYPE_ROW, [FLAGS_TYPE_NONE] = TYPE_ROW, [FLAGS_TYPE_RISING] = TYPE_ROW,
	[FLAGS_TYPE_FALLING] = TYPE_ROW, [FLAGS_TYPE_BOTH] = TYPE_ROW, [FLAGS_TYPE_HIGH] = TYPE_ROW, [FLAGS_TYPE_LOW] = TYPE_ROW,
};

static const struct region flags_regions[NR_FLAGS_REGIONS] = {
#define X(sym, text, mask, is_hot, set, clear) FLAG_REGION(FLAGS, sym, text, is_hot)
	FLAGS_LIST(X)
#undef X
	[FLAGS_REGION_TRIGGER] = {
		.name = "trigger", .states = type_names, .nr_states = NR_FLAGS_TYPES, .shift = 2 * FLAGS_REGION_TRIGGER, .width = 3,
		.cells = &type_cells[0][0],
		.listens = BIT(FLAGS_TRIGGER_NONE) | BIT(FLAGS_TRIGGER_RISING) | BIT(FLAGS_TRIGGER_FALLING) |
			   BIT(FLAGS_TRIGGER_BOTH) | BIT(FLAGS_TRIGGER_HIGH) | BIT(FLAGS_TRIGGER_LOW) | BIT(FLAGS_LOST),
	},
};

static const struct region istate_regions[NR_ISTATE_REGIONS] = {
#define X(sym, text, mask, is_hot, set, clear) FLAG_REGION(ISTATE, sym, text, is_hot)
	ISTATE_LIST(X)
#undef X
};

static const char *const flags_inputs[NR_FLAGS_INPUTS] = {
#define X(sym, text, mask, is_hot, set, clear) [FLAGS_##sym] = set, [FLAGS_NO_##sym] = clear,
	FLAGS_LIST(X)
#undef X
	[FLAGS_TRIGGER_NONE] = "trigger type: none", [FLAGS_TRIGGER_RISING] = "trigger type: rising edge",
	[FLAGS_TRIGGER_FALLING] = "trigger type: falling edge", [FLAGS_TRIGGER_BOTH] = "trigger type: both edges",
	[FLAGS_TRIGGER_HIGH] = "trigger type: high level", [FLAGS_TRIGGER_LOW] = "trigger type: low level",
	[FLAGS_LOST] = "records lost",
};

static const char *const istate_inputs[NR_ISTATE_INPUTS] = {
#define X(sym, text, mask, is_hot, set, clear) [ISTATE_##sym] = set, [ISTATE_NO_##sym] = clear,
	ISTATE_LIST(X)
#undef X
	[ISTATE_LOST] = "records lost",
};

const struct component flags_component = {
	.name = "irq_flags", .regions = flags_regions, .inputs = flags_inputs, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_FLAGS_REGIONS, .nr_inputs = NR_FLAGS_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

const struct component istate_component = {
	.name = "irq_istate", .regions = istate_regions, .inputs = istate_inputs, .effects = effect_names, .guard_names = guard_names,
	.nr_regions = NR_ISTATE_REGIONS, .nr_inputs = NR_ISTATE_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

enum flags_input flags_trigger_input(uint32_t state)
{
	enum { RISING = 1, FALLING = 2, HIGH = 4, LOW = 8 };

	switch (state & FLAGS_TRIGGER_TYPE) {
	case RISING:
		return FLAGS_TRIGGER_RISING;
	case FALLING:
		return FLAGS_TRIGGER_FALLING;
	case RISING | FALLING:
		return FLAGS_TRIGGER_BOTH;
	case HIGH:
		return FLAGS_TRIGGER_HIGH;
	case LOW:
		return FLAGS_TRIGGER_LOW;
	default:
		return FLAGS_TRIGGER_NONE;
	}
}

void flags_step(struct flags_core *core, enum flags_input in, struct effects *out)
{
	component_step(&flags_component, &core->bits, in, NULL, out);
}

void istate_step(struct flags_core *core, enum istate_input in, struct effects *out)
{
	component_step(&istate_component, &core->bits, in, NULL, out);
}
