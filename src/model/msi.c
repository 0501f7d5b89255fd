/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MSI of one PCI function, and one of its messages (PCI Local Bus Specification 3.0, "MSI Capability Structure";
 * Linux drivers/pci/msi/msi.c).
 *
 * A function has 1 to 32 messages, all with one address; message i replaces the low bits of the one data register by i.
 * Masks are optional: one register with a bit for each message. A masked message sets its pending bit instead, and
 * leaves when the bit goes. Without that register nothing silences one message; only disabling MSI silences the
 * function, and address and data, which are written one by one, may be sent mixed. Reset disables MSI and clears the
 * mask register.
 *
 * msi_capability_init() masks all messages where it can, gets vectors, writes the message and enables; irq_startup()
 * unmasks; pci_msi_shutdown() disables and leaves the register unmasked. The mask calls of a function without the
 * register do nothing (pci_msi_update_mask()). Such a function cannot park on vector 239: it gets real vectors at once,
 * which is also how it is told from others (IRQD_CAN_RESERVE of an irq that is not managed).
 *
 * The mask bit is kept twice, as for MSI-X entries: what the register holds and what the kernel last asked for.
 *
 * Not modelled: messages granted but not used, extended message data, two masking calls that overlap on two CPUs.
 */
#include "model/msi.h"

#define FN_BIT(sym) (UINT64_C(1) << MSIFN_##sym)
#define MSG_BIT(sym) (UINT64_C(1) << MSI_##sym)
#define FN_TO(sym, to) [MSIFN_##sym] = { .next = (to) }
#define TO(sym, to) [MSI_##sym] = { .next = (to) }

static const char *const bit_names[NR_BIT_STATES] = { "illegal", "unknown", "clear", "set" };
static const char *const enable_names[NR_BIT_STATES] = { "illegal", "unknown", "off", "on" };
static const char *const wish_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const mask_names[NR_MSIMASK_STATES] = {
	"illegal", "unknown", "unmasked", "masked", "absent", "present",
};
static const char *const message_names[NR_MESSAGE_STATES] = { "illegal", "unknown", "none", "parked", "vector" };

/* Bits of the regions in the core, one behind the other. */
enum {
#define X(sym, width) MSIFN_##sym##_SHIFT, MSIFN_##sym##_END = MSIFN_##sym##_SHIFT + (width) - 1,
	MSI_FUNCTION_REGIONS(X)
#undef X
};

enum {
#define X(sym, width) MSI_##sym##_SHIFT, MSI_##sym##_END = MSI_##sym##_SHIFT + (width) - 1,
	MSI_MESSAGE_REGIONS(X)
#undef X
};

/* -------------------------------------------------------------------------------------------------- function */

enum { FN_GUARD_ALWAYS, FN_GUARD_WANTED, NR_FN_GUARDS };

static bool guard_wanted(uint32_t core, const void *view)
{
	(void)view;
	return (core >> MSIFN_KERNEL_SHIFT & 3) == BIT_SET;
}

static const guard_fn function_guards[NR_FN_GUARDS] = { [FN_GUARD_WANTED] = guard_wanted };
static const char *const function_guard_names[NR_FN_GUARDS] = { "", "kernel has it on" };

/* What is written back is what the kernel has. */
#define ENABLE_SEEN \
	FN_TO(ENABLED, BIT_SET), FN_TO(ENABLE_FAILED, BIT_CLEAR), FN_TO(DISABLED, BIT_CLEAR), \
	FN_TO(WRITE_OFF, BIT_CLEAR), FN_TO(WRITE_ON, BIT_SET), FN_TO(RESET, BIT_CLEAR), \
	FN_TO(LOW_POWER, BIT_UNKNOWN), FN_TO(LOST, BIT_UNKNOWN), \
	[MSIFN_RESTORED] = { .next = BIT_SET, .guard = FN_GUARD_WANTED, .otherwise = BIT_UNKNOWN }

static const struct cell enable_cells[NR_BIT_STATES][NR_MSIFN_INPUTS] = {
	[BIT_UNKNOWN] = { ENABLE_SEEN, FN_TO(SENT, BIT_SET) },
	[BIT_CLEAR] = { ENABLE_SEEN },
	[BIT_SET] = { ENABLE_SEEN, FN_TO(SENT, BIT_SET) },
};

#define WANTED_ROW \
	{ FN_TO(ENABLED, BIT_SET), FN_TO(ENABLE_FAILED, BIT_CLEAR), FN_TO(DISABLED, BIT_CLEAR), FN_TO(SENT, BIT_SET), \
	  FN_TO(LOST, BIT_UNKNOWN) }

static const struct cell wanted_cells[NR_BIT_STATES][NR_MSIFN_INPUTS] = {
	[BIT_UNKNOWN] = WANTED_ROW, [BIT_CLEAR] = WANTED_ROW, [BIT_SET] = WANTED_ROW,
};

static const char *const function_inputs[NR_MSIFN_INPUTS] = {
#define X(sym, name) [MSIFN_##sym] = name,
	MSI_FUNCTION_INPUTS(X)
#undef X
};

static const struct region function_regions[NR_MSIFN_REGIONS] = {
	[MSIFN_REGION_ENABLE] = {
		.name = "enable", .states = enable_names, .nr_states = NR_BIT_STATES, .shift = MSIFN_ENABLE_SHIFT,
		.width = 2, .listens = (UINT64_C(1) << NR_MSIFN_INPUTS) - 1, .cells = &enable_cells[0][0],
	},
	[MSIFN_REGION_KERNEL] = {
		.name = "kernel_enable", .states = enable_names, .nr_states = NR_BIT_STATES,
		.shift = MSIFN_KERNEL_SHIFT, .width = 2,
		.listens = FN_BIT(ENABLED) | FN_BIT(ENABLE_FAILED) | FN_BIT(DISABLED) | FN_BIT(SENT) | FN_BIT(LOST),
		.cells = &wanted_cells[0][0],
	},
};

static const char *const no_effects[] = { "" };

const struct component msi_function_component = {
	.name = "msi_function", .regions = function_regions, .inputs = function_inputs, .effects = no_effects,
	.guards = function_guards, .guard_names = function_guard_names,
	.nr_regions = NR_MSIFN_REGIONS, .nr_inputs = NR_MSIFN_INPUTS, .nr_effects = 1, .nr_guards = NR_FN_GUARDS,
};

/* --------------------------------------------------------------------------------------------------- message */

enum { GUARD_ALWAYS, GUARD_HELD, GUARD_SENDABLE, GUARD_LEAVES, GUARD_KERNEL_UNMASKED, NR_GUARDS };

/* Something known keeps the message back. */
static bool guard_held(uint32_t core, const void *view)
{
	const struct msi_message_view *fn = view;

	return (core >> MSI_HW_SHIFT & 7) == MSIMASK_SET || fn->enable == BIT_CLEAR || fn->bus_master == BIT_CLEAR;
}

/* All that could keep it back is known not to, its own mask bit left out. */
static bool guard_sendable(uint32_t core, const void *view)
{
	const struct msi_message_view *fn = view;

	(void)core;
	return fn->enable == BIT_SET && fn->bus_master != BIT_CLEAR;
}

/* The same, and nothing of its own does. */
static bool guard_leaves(uint32_t core, const void *view)
{
	unsigned hw = core >> MSI_HW_SHIFT & 7;

	return (hw == MSIMASK_CLEAR || hw == MSIMASK_ABSENT) && guard_sendable(core, view);
}

static bool guard_kernel_unmasked(uint32_t core, const void *view)
{
	(void)view;
	return (core >> MSI_KERNEL_SHIFT & 3) == BIT_CLEAR;
}

static const guard_fn message_guards[NR_GUARDS] = {
	[GUARD_HELD] = guard_held, [GUARD_SENDABLE] = guard_sendable, [GUARD_LEAVES] = guard_leaves,
	[GUARD_KERNEL_UNMASKED] = guard_kernel_unmasked,
};
static const char *const message_guard_names[NR_GUARDS] = {
	"", "message held back", "function may send", "message may leave", "kernel wants it unmasked",
};
static const char *const message_effects[NR_MSI_EFFECTS] = { "", "message leaves", "pending bit set" };

/* A register that is there stays there; what it holds is as it was last written. */
#define MASK_WRITTEN \
	TO(HAS_MASK, MSIMASK_PRESENT), TO(MASK, MSIMASK_SET), TO(UNMASK, MSIMASK_CLEAR), TO(MASK_ALL, MSIMASK_SET), \
	TO(UNMASK_ALL, MSIMASK_CLEAR), TO(HW_MASK, MSIMASK_SET), TO(HW_UNMASK, MSIMASK_CLEAR), \
	TO(RESET, MSIMASK_CLEAR), TO(LOW_POWER, MSIMASK_PRESENT), TO(LOST, MSIMASK_PRESENT), \
	[MSI_RESTORED] = { .next = MSIMASK_CLEAR, .guard = GUARD_KERNEL_UNMASKED, .otherwise = MSIMASK_PRESENT }

/* Calls and events that leave it as it is. */
#define MASK_SAME(state) \
	TO(MASK, state), TO(UNMASK, state), TO(MASK_ALL, state), TO(UNMASK_ALL, state), TO(SENT, state), \
	TO(RESET, state), TO(RESTORED, state), TO(LOW_POWER, state), TO(LOST, state)

static const struct cell hw_cells[NR_MSIMASK_STATES][NR_MSI_INPUTS] = {
	/* the calls may have done nothing; a write of the register, or a bit in its copy, shows that there is one */
	[MSIMASK_UNKNOWN] = {
		TO(HAS_MASK, MSIMASK_PRESENT), TO(NO_MASK, MSIMASK_ABSENT), TO(HW_MASK, MSIMASK_SET),
		TO(HW_UNMASK, MSIMASK_CLEAR), TO(CACHED_MASKED, MSIMASK_SET), MASK_SAME(MSIMASK_UNKNOWN),
	},
	[MSIMASK_PRESENT] = { MASK_WRITTEN, TO(CACHED_MASKED, MSIMASK_SET), TO(SENT, MSIMASK_CLEAR) },
	[MSIMASK_CLEAR] = { MASK_WRITTEN, TO(HAS_MASK, MSIMASK_CLEAR), TO(SENT, MSIMASK_CLEAR) },
	[MSIMASK_SET] = { MASK_WRITTEN, TO(HAS_MASK, MSIMASK_SET), TO(CACHED_MASKED, MSIMASK_SET) },
	[MSIMASK_ABSENT] = { TO(NO_MASK, MSIMASK_ABSENT), MASK_SAME(MSIMASK_ABSENT) },
};

#define KERNEL_ROW \
	{ TO(MASK, BIT_SET), TO(UNMASK, BIT_CLEAR), TO(MASK_ALL, BIT_SET), TO(UNMASK_ALL, BIT_CLEAR), \
	  TO(CACHED_MASKED, BIT_SET), TO(LOST, BIT_UNKNOWN) }

static const struct cell kernel_cells[NR_BIT_STATES][NR_MSI_INPUTS] = {
	[BIT_UNKNOWN] = KERNEL_ROW, [BIT_CLEAR] = KERNEL_ROW, [BIT_SET] = KERNEL_ROW,
};

/* The same for every state: a message write says all there is to know. */
#define MESSAGE_ROW \
	{ TO(MESSAGE_PARKED, MESSAGE_PARKED), TO(MESSAGE_SET, MESSAGE_VECTOR), TO(MESSAGE_ZERO, MESSAGE_NONE), \
	  TO(RESET, MESSAGE_NONE), TO(LOW_POWER, MESSAGE_UNKNOWN), TO(RESTORED, MESSAGE_UNKNOWN), \
	  TO(LOST, MESSAGE_UNKNOWN) }

static const struct cell message_cells[NR_MESSAGE_STATES][NR_MSI_INPUTS] = {
	[MESSAGE_UNKNOWN] = MESSAGE_ROW, [MESSAGE_NONE] = MESSAGE_ROW, [MESSAGE_PARKED] = MESSAGE_ROW,
	[MESSAGE_VECTOR] = MESSAGE_ROW,
};

#define WAY_FREE(to) { .next = BIT_CLEAR, .guard = GUARD_SENDABLE, .otherwise = (to) }
#define WAY_FREE_SENDS \
	{ .next = BIT_CLEAR, .guard = GUARD_SENDABLE, .otherwise = BIT_UNKNOWN, .effect = MSI_EFFECT_SEND }
#define RAISED(otherwise_) \
	[MSI_RAISE] = { .next = BIT_SET, .guard = GUARD_HELD, .otherwise = (otherwise_), .effect = MSI_EFFECT_HELD }
#define PENDING_SEEN TO(RESET, BIT_CLEAR), TO(LOW_POWER, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN)

static const struct cell pending_cells[NR_BIT_STATES][NR_MSI_INPUTS] = {
	[BIT_UNKNOWN] = {
		PENDING_SEEN, TO(SENT, BIT_UNKNOWN),
		RAISED(BIT_UNKNOWN),
		[MSI_UNMASK] = WAY_FREE(BIT_UNKNOWN), [MSI_HW_UNMASK] = WAY_FREE(BIT_UNKNOWN),
		[MSI_RELEASED] = { .next = BIT_CLEAR, .guard = GUARD_LEAVES, .otherwise = BIT_UNKNOWN },
	},
	[BIT_CLEAR] = {
		PENDING_SEEN, TO(SENT, BIT_CLEAR), TO(UNMASK, BIT_CLEAR), TO(HW_UNMASK, BIT_CLEAR),
		TO(RELEASED, BIT_CLEAR), RAISED(BIT_CLEAR),
	},
	[BIT_SET] = {
		PENDING_SEEN, TO(SENT, BIT_UNKNOWN), TO(RAISE, BIT_SET),
		[MSI_UNMASK] = WAY_FREE_SENDS, [MSI_HW_UNMASK] = WAY_FREE_SENDS,
		[MSI_RELEASED] = {
			.next = BIT_CLEAR, .guard = GUARD_LEAVES, .otherwise = BIT_SET, .effect = MSI_EFFECT_SEND },
	},
};

static const char *const message_inputs[NR_MSI_INPUTS] = {
#define X(sym, name) [MSI_##sym] = name,
	MSI_MESSAGE_INPUTS(X)
#undef X
};

static const struct region message_regions[NR_MSI_REGIONS] = {
	[MSI_REGION_HW] = {
		.name = "mask", .states = mask_names, .nr_states = NR_MSIMASK_STATES, .shift = MSI_HW_SHIFT, .width = 3,
		.listens = MSG_BIT(HAS_MASK) | MSG_BIT(NO_MASK) | MSG_BIT(MASK) | MSG_BIT(UNMASK) | MSG_BIT(MASK_ALL) |
			   MSG_BIT(UNMASK_ALL) | MSG_BIT(HW_MASK) | MSG_BIT(HW_UNMASK) | MSG_BIT(CACHED_MASKED) |
			   MSG_BIT(SENT) | MSG_BIT(RESET) | MSG_BIT(RESTORED) | MSG_BIT(LOW_POWER) | MSG_BIT(LOST),
		.cells = &hw_cells[0][0],
	},
	[MSI_REGION_KERNEL] = {
		.name = "kernel_mask", .states = wish_names, .nr_states = NR_BIT_STATES, .shift = MSI_KERNEL_SHIFT,
		.width = 2,
		.listens = MSG_BIT(MASK) | MSG_BIT(UNMASK) | MSG_BIT(MASK_ALL) | MSG_BIT(UNMASK_ALL) |
			   MSG_BIT(CACHED_MASKED) | MSG_BIT(LOST),
		.cells = &kernel_cells[0][0],
	},
	[MSI_REGION_MESSAGE] = {
		.name = "message", .states = message_names, .nr_states = NR_MESSAGE_STATES, .shift = MSI_MESSAGE_SHIFT,
		.width = 3,
		.listens = MSG_BIT(MESSAGE_PARKED) | MSG_BIT(MESSAGE_SET) | MSG_BIT(MESSAGE_ZERO) | MSG_BIT(RESET) |
			   MSG_BIT(RESTORED) | MSG_BIT(LOW_POWER) | MSG_BIT(LOST),
		.cells = &message_cells[0][0],
	},
	[MSI_REGION_PENDING] = {
		.name = "pending", .states = bit_names, .nr_states = NR_BIT_STATES, .shift = MSI_PENDING_SHIFT,
		.width = 2, .hot = true,
		.listens = MSG_BIT(RAISE) | MSG_BIT(RELEASED) | MSG_BIT(UNMASK) | MSG_BIT(HW_UNMASK) |
			   MSG_BIT(SENT) | MSG_BIT(RESET) | MSG_BIT(LOW_POWER) | MSG_BIT(LOST),
		.cells = &pending_cells[0][0],
	},
};

const struct component msi_message_component = {
	.name = "msi_message", .regions = message_regions, .inputs = message_inputs, .effects = message_effects,
	.guards = message_guards, .guard_names = message_guard_names,
	.nr_regions = NR_MSI_REGIONS, .nr_inputs = NR_MSI_INPUTS, .nr_effects = NR_MSI_EFFECTS, .nr_guards = NR_GUARDS,
};

unsigned msi_function_state(struct msi_function_core core, enum msi_function_region region)
{
	return core_get(core.bits, &function_regions[region]);
}

unsigned msi_message_state(struct msi_message_core core, enum msi_message_region region)
{
	return core_get(core.bits, &message_regions[region]);
}

void msi_function_step(struct msi_function_core *core, enum msi_function_input in, struct effects *out)
{
	component_step(&msi_function_component, &core->bits, in, NULL, out);
}

void msi_message_step(struct msi_message_core *core, enum msi_message_input in, const struct msi_message_view *view,
		      struct effects *out)
{
	component_step(&msi_message_component, &core->bits, in, view, out);
}
