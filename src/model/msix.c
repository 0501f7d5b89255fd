/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MSI-X of one PCI function, and one entry of its table (PCI Express Base Specification, "MSI-X Capability and Table
 * Structures").
 *
 * A message leaves the function iff MSI-X is enabled, the function mask and the entry's mask bit are clear and the
 * function may master the bus; otherwise the pending bit is set, and exactly one message leaves when the last obstacle
 * goes. After reset MSI-X is off, the function mask clear, every entry masked.
 *
 * Linux masks all entries when it enables MSI-X (pci_msix_enable path, msix_mask_all() since 5.14, the requested
 * entries one by one before) and takes the function mask away; the driver's request_irq() unmasks its own entry. The
 * cached vector control may say "unmasked" although the table says "masked" (since 5.16), so a cached 0 proves nothing,
 * a cached 1 does. Messages are written while the entry is masked, with the parked vector 239 until the irq is
 * requested, and zeroed when it is freed; where the cache says "unmasked", the write of the message masks the entry
 * (since 5.14) and writes the cached control behind it.
 *
 * The mask bit is kept twice: what the table holds (HW) and what its only authoritative owner on bare metal, the
 * kernel, last asked for (KERNEL). A write that the kernel did not ask for makes them differ.
 *
 * Not modelled: a message torn by writing an unmasked entry (undefined by the specification), the steering tag in the
 * upper bits of vector control.
 */
#include "model/msix.h"

#define INPUT_BIT(prefix, sym) (UINT64_C(1) << prefix##sym)
#define FN_BIT(sym) INPUT_BIT(FN_, sym)
#define ENTRY_BIT(sym) INPUT_BIT(ENTRY_, sym)

static const char *const bit_names[NR_BIT_STATES] = { "illegal", "unknown", "clear", "set" };
static const char *const enable_names[NR_BIT_STATES] = { "illegal", "unknown", "off", "on" };
static const char *const mask_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const message_names[NR_MESSAGE_STATES] = { "illegal", "unknown", "none", "parked", "vector" };

/* Bits of the regions in the core, one behind the other. */
enum {
#define X(sym, width) FN_##sym##_SHIFT, FN_##sym##_END = FN_##sym##_SHIFT + (width) - 1,
	MSIX_FUNCTION_REGIONS(X)
#undef X
};

enum {
#define X(sym, width) ENTRY_##sym##_SHIFT, ENTRY_##sym##_END = ENTRY_##sym##_SHIFT + (width) - 1,
	MSIX_ENTRY_REGIONS(X)
#undef X
};

/* -------------------------------------------------------------------------------------------------- function */

/* What is written back is what the kernel has: on, and the function mask clear. */
enum { FN_GUARD_ALWAYS, FN_GUARD_WANTED, NR_FN_GUARDS };

static bool guard_wanted(uint32_t core, const void *view)
{
	(void)view;
	return (core >> FN_KERNEL_SHIFT & 3) == BIT_SET;
}

static const guard_fn function_guards[NR_FN_GUARDS] = { [FN_GUARD_WANTED] = guard_wanted };
static const char *const function_guard_names[NR_FN_GUARDS] = { "", "kernel has it on" };

#define FN_TO(sym, to) [FN_##sym] = { .next = (to) }
#define WRITTEN_BACK(to) [FN_RESTORED] = { .next = (to), .guard = FN_GUARD_WANTED, .otherwise = BIT_UNKNOWN }

/* The table write that an enable call makes may be seen before its return. */
#define ENABLE_SEEN \
	FN_TO(ENABLED, BIT_SET), FN_TO(ENABLE_FAILED, BIT_CLEAR), FN_TO(DISABLED, BIT_CLEAR), \
	FN_TO(WRITE_OFF, BIT_CLEAR), FN_TO(WRITE_ON, BIT_SET), FN_TO(WRITE_MASKED, BIT_SET), FN_TO(RESET, BIT_CLEAR), \
	FN_TO(LOW_POWER, BIT_UNKNOWN), FN_TO(LOST, BIT_UNKNOWN), WRITTEN_BACK(BIT_SET)

static const struct cell enable_cells[NR_BIT_STATES][NR_FN_INPUTS] = {
	[BIT_UNKNOWN] = { ENABLE_SEEN, FN_TO(SENT, BIT_SET) },
	[BIT_CLEAR] = { ENABLE_SEEN },
	[BIT_SET] = { ENABLE_SEEN, FN_TO(SENT, BIT_SET) },
};

/* Kernels before 5.16 leave the function mask set when enabling fails, later ones clear it. */
#define FMASK_SEEN \
	FN_TO(ENABLED, BIT_CLEAR), FN_TO(ENABLE_FAILED, BIT_UNKNOWN), FN_TO(WRITE_OFF, BIT_UNKNOWN), \
	FN_TO(WRITE_ON, BIT_CLEAR), FN_TO(WRITE_MASKED, BIT_SET), FN_TO(RESET, BIT_CLEAR), \
	FN_TO(LOW_POWER, BIT_UNKNOWN), FN_TO(LOST, BIT_UNKNOWN), WRITTEN_BACK(BIT_CLEAR)

static const struct cell fmask_cells[NR_BIT_STATES][NR_FN_INPUTS] = {
	[BIT_UNKNOWN] = { FMASK_SEEN, FN_TO(DISABLED, BIT_UNKNOWN), FN_TO(SENT, BIT_CLEAR) },
	[BIT_CLEAR] = { FMASK_SEEN, FN_TO(DISABLED, BIT_CLEAR), FN_TO(SENT, BIT_CLEAR) },
	[BIT_SET] = { FMASK_SEEN, FN_TO(DISABLED, BIT_SET) },
};

#define WANTED_ROW \
	{ FN_TO(ENABLED, BIT_SET), FN_TO(ENABLE_FAILED, BIT_CLEAR), FN_TO(DISABLED, BIT_CLEAR), FN_TO(SENT, BIT_SET), \
	  FN_TO(LOST, BIT_UNKNOWN) }

static const struct cell wanted_cells[NR_BIT_STATES][NR_FN_INPUTS] = {
	[BIT_UNKNOWN] = WANTED_ROW, [BIT_CLEAR] = WANTED_ROW, [BIT_SET] = WANTED_ROW,
};

static const char *const function_inputs[NR_FN_INPUTS] = {
#define X(sym, name) [FN_##sym] = name,
	MSIX_FUNCTION_INPUTS(X)
#undef X
};

#define FN_ALL ((UINT64_C(1) << NR_FN_INPUTS) - 1)

static const struct region function_regions[NR_FN_REGIONS] = {
	[FN_REGION_ENABLE] = {
		.name = "enable", .states = enable_names, .nr_states = NR_BIT_STATES, .shift = FN_ENABLE_SHIFT,
		.width = 2,
		.listens = FN_ALL, .cells = &enable_cells[0][0],
	},
	[FN_REGION_FMASK] = {
		.name = "fmask", .states = mask_names, .nr_states = NR_BIT_STATES, .shift = FN_FMASK_SHIFT, .width = 2,
		.listens = FN_ALL, .cells = &fmask_cells[0][0],
	},
	[FN_REGION_KERNEL] = {
		.name = "kernel_enable", .states = enable_names, .nr_states = NR_BIT_STATES, .shift = FN_KERNEL_SHIFT,
		.width = 2,
		.listens = FN_BIT(ENABLED) | FN_BIT(ENABLE_FAILED) | FN_BIT(DISABLED) | FN_BIT(SENT) | FN_BIT(LOST),
		.cells = &wanted_cells[0][0],
	},
};

static const char *const no_effects[] = { "" };

const struct component msix_function_component = {
	.name = "msix_function", .regions = function_regions, .inputs = function_inputs, .effects = no_effects,
	.guards = function_guards, .guard_names = function_guard_names,
	.nr_regions = NR_FN_REGIONS, .nr_inputs = NR_FN_INPUTS, .nr_effects = 1, .nr_guards = NR_FN_GUARDS,
};

/* ----------------------------------------------------------------------------------------------------- entry */

enum { GUARD_ALWAYS, GUARD_HELD, GUARD_SENDABLE, GUARD_LEAVES, GUARD_KERNEL_UNMASKED, NR_GUARDS };

/* Something known keeps the message back. */
static bool guard_held(uint32_t core, const void *view)
{
	const struct msix_entry_view *fn = view;
	unsigned hw = core >> ENTRY_HW_SHIFT & 3;

	return hw == BIT_SET || fn->enable == BIT_CLEAR || fn->fmask == BIT_SET || fn->bus_master == BIT_CLEAR;
}

/* All that could keep it back is known not to, the entry's own mask bit left out. */
static bool guard_sendable(uint32_t core, const void *view)
{
	const struct msix_entry_view *fn = view;

	(void)core;
	return fn->enable == BIT_SET && fn->fmask == BIT_CLEAR && fn->bus_master != BIT_CLEAR;
}

/* The same, and so is its own mask bit. */
static bool guard_leaves(uint32_t core, const void *view)
{
	return (core >> ENTRY_HW_SHIFT & 3) == BIT_CLEAR && guard_sendable(core, view);
}

static bool guard_kernel_unmasked(uint32_t core, const void *view)
{
	(void)view;
	return (core >> ENTRY_KERNEL_SHIFT & 3) == BIT_CLEAR;
}

static const guard_fn entry_guards[NR_GUARDS] = {
	[GUARD_HELD] = guard_held, [GUARD_SENDABLE] = guard_sendable, [GUARD_LEAVES] = guard_leaves,
	[GUARD_KERNEL_UNMASKED] = guard_kernel_unmasked,
};
static const char *const entry_guard_names[NR_GUARDS] = {
	"", "message held back", "function may send", "message may leave", "kernel wants it unmasked",
};
static const char *const entry_effects[NR_ENTRY_EFFECTS] = {
	"", "message leaves", "pending bit set", "rewritten while it may be sent",
};

/*
 * Restoring writes the cached vector control behind the message; where the cache is not known to be clear, neither is
 * the bit.
 */
#define AFTER_RESTORE [ENTRY_RESTORED] = { .next = BIT_CLEAR, .guard = GUARD_KERNEL_UNMASKED, .otherwise = BIT_UNKNOWN }

static const struct cell hw_cells[NR_BIT_STATES][NR_ENTRY_INPUTS] = {
	[BIT_UNKNOWN] = {
		[ENTRY_MASK] = { .next = BIT_SET }, [ENTRY_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_MASK_ALL] = { .next = BIT_SET }, [ENTRY_HW_MASK] = { .next = BIT_SET },
		[ENTRY_HW_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_CACHED_UNMASKED] = { .next = BIT_CLEAR }, [ENTRY_CACHED_MASKED] = { .next = BIT_SET },
		[ENTRY_SENT] = { .next = BIT_CLEAR }, [ENTRY_RESET] = { .next = BIT_SET }, AFTER_RESTORE,
		[ENTRY_LOW_POWER] = { .next = BIT_UNKNOWN }, [ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
	[BIT_CLEAR] = {
		[ENTRY_MASK] = { .next = BIT_SET }, [ENTRY_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_MASK_ALL] = { .next = BIT_SET }, [ENTRY_HW_MASK] = { .next = BIT_SET },
		[ENTRY_HW_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_CACHED_UNMASKED] = { .next = BIT_CLEAR }, [ENTRY_SENT] = { .next = BIT_CLEAR },
		[ENTRY_RESET] = { .next = BIT_SET }, AFTER_RESTORE,
		[ENTRY_LOW_POWER] = { .next = BIT_UNKNOWN }, [ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
	[BIT_SET] = {
		[ENTRY_MASK] = { .next = BIT_SET }, [ENTRY_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_MASK_ALL] = { .next = BIT_SET }, [ENTRY_HW_MASK] = { .next = BIT_SET },
		[ENTRY_HW_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_CACHED_UNMASKED] = { .next = BIT_CLEAR }, [ENTRY_CACHED_MASKED] = { .next = BIT_SET },
		[ENTRY_RESET] = { .next = BIT_SET }, AFTER_RESTORE,
		[ENTRY_LOW_POWER] = { .next = BIT_UNKNOWN }, [ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
};

static const struct cell kernel_cells[NR_BIT_STATES][NR_ENTRY_INPUTS] = {
	[BIT_UNKNOWN] = {
		[ENTRY_MASK] = { .next = BIT_SET }, [ENTRY_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_CACHED_UNMASKED] = { .next = BIT_CLEAR },
		[ENTRY_MASK_ALL] = { .next = BIT_SET }, [ENTRY_CACHED_MASKED] = { .next = BIT_SET },
		[ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
	[BIT_CLEAR] = {
		[ENTRY_MASK] = { .next = BIT_SET }, [ENTRY_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_CACHED_UNMASKED] = { .next = BIT_CLEAR },
		[ENTRY_MASK_ALL] = { .next = BIT_SET }, [ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
	[BIT_SET] = {
		[ENTRY_MASK] = { .next = BIT_SET }, [ENTRY_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_CACHED_UNMASKED] = { .next = BIT_CLEAR },
		[ENTRY_MASK_ALL] = { .next = BIT_SET }, [ENTRY_CACHED_MASKED] = { .next = BIT_SET },
		[ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
};

/*
 * The same for every state: a message write says all there is to know. What an entry sends that is written while it is
 * not masked is undefined (PCI Local Bus Specification 3.0, 6.8.2).
 */
#define WRITES(sym, to) \
	[ENTRY_##sym] = { .next = (to), .guard = GUARD_LEAVES, .otherwise = (to), .effect = ENTRY_EFFECT_REWRITTEN }
#define MESSAGE_ROW \
	{ WRITES(MESSAGE_PARKED, MESSAGE_PARKED), WRITES(MESSAGE_SET, MESSAGE_VECTOR), WRITES(MESSAGE_ZERO, MESSAGE_NONE), \
	  [ENTRY_RESET] = { .next = MESSAGE_NONE }, \
	  [ENTRY_LOW_POWER] = { .next = MESSAGE_UNKNOWN }, [ENTRY_LOST] = { .next = MESSAGE_UNKNOWN } }

static const struct cell message_cells[NR_MESSAGE_STATES][NR_ENTRY_INPUTS] = {
	[MESSAGE_UNKNOWN] = MESSAGE_ROW, [MESSAGE_NONE] = MESSAGE_ROW, [MESSAGE_PARKED] = MESSAGE_ROW,
	[MESSAGE_VECTOR] = MESSAGE_ROW,
};

static const struct cell pending_cells[NR_BIT_STATES][NR_ENTRY_INPUTS] = {
	[BIT_UNKNOWN] = {
		[ENTRY_RAISE] = { .next = BIT_SET, .guard = GUARD_HELD, .otherwise = BIT_UNKNOWN,
				  .effect = ENTRY_EFFECT_HELD },
		[ENTRY_UNMASK] = { .next = BIT_CLEAR, .guard = GUARD_SENDABLE, .otherwise = BIT_UNKNOWN },
		[ENTRY_HW_UNMASK] = { .next = BIT_CLEAR, .guard = GUARD_SENDABLE, .otherwise = BIT_UNKNOWN },
		[ENTRY_PENDING_SET] = { .next = BIT_SET }, [ENTRY_PENDING_CLEAR] = { .next = BIT_CLEAR },
		[ENTRY_RELEASED] = { .next = BIT_CLEAR, .guard = GUARD_LEAVES, .otherwise = BIT_UNKNOWN },
		[ENTRY_SENT] = { .next = BIT_UNKNOWN }, [ENTRY_RESET] = { .next = BIT_CLEAR },
		[ENTRY_LOW_POWER] = { .next = BIT_UNKNOWN }, [ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
	[BIT_CLEAR] = {
		[ENTRY_RAISE] = { .next = BIT_SET, .guard = GUARD_HELD, .otherwise = BIT_CLEAR,
				  .effect = ENTRY_EFFECT_HELD },
		[ENTRY_UNMASK] = { .next = BIT_CLEAR }, [ENTRY_HW_UNMASK] = { .next = BIT_CLEAR },
		[ENTRY_RELEASED] = { .next = BIT_CLEAR },
		[ENTRY_PENDING_SET] = { .next = BIT_SET }, [ENTRY_PENDING_CLEAR] = { .next = BIT_CLEAR },
		[ENTRY_SENT] = { .next = BIT_CLEAR }, [ENTRY_RESET] = { .next = BIT_CLEAR },
		[ENTRY_LOW_POWER] = { .next = BIT_UNKNOWN }, [ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
	[BIT_SET] = {
		[ENTRY_RAISE] = { .next = BIT_SET },
		[ENTRY_UNMASK] = { .next = BIT_CLEAR, .guard = GUARD_SENDABLE, .otherwise = BIT_UNKNOWN,
				   .effect = ENTRY_EFFECT_SEND },
		[ENTRY_HW_UNMASK] = { .next = BIT_CLEAR, .guard = GUARD_SENDABLE, .otherwise = BIT_UNKNOWN,
				      .effect = ENTRY_EFFECT_SEND },
		[ENTRY_PENDING_SET] = { .next = BIT_SET }, [ENTRY_PENDING_CLEAR] = { .next = BIT_CLEAR },
		[ENTRY_RELEASED] = { .next = BIT_CLEAR, .guard = GUARD_LEAVES, .otherwise = BIT_SET,
				     .effect = ENTRY_EFFECT_SEND },
		[ENTRY_SENT] = { .next = BIT_UNKNOWN }, [ENTRY_RESET] = { .next = BIT_CLEAR },
		[ENTRY_LOW_POWER] = { .next = BIT_UNKNOWN }, [ENTRY_LOST] = { .next = BIT_UNKNOWN },
	},
};

static const char *const entry_inputs[NR_ENTRY_INPUTS] = {
#define X(sym, name) [ENTRY_##sym] = name,
	MSIX_ENTRY_INPUTS(X)
#undef X
};

static const struct region entry_regions[NR_ENTRY_REGIONS] = {
	[ENTRY_REGION_HW] = {
		.name = "mask", .states = mask_names, .nr_states = NR_BIT_STATES, .shift = ENTRY_HW_SHIFT, .width = 2,
		.listens = ENTRY_BIT(MASK) | ENTRY_BIT(UNMASK) | ENTRY_BIT(MASK_ALL) | ENTRY_BIT(HW_MASK) |
			   ENTRY_BIT(HW_UNMASK) | ENTRY_BIT(CACHED_MASKED) | ENTRY_BIT(CACHED_UNMASKED) |
			   ENTRY_BIT(SENT) | ENTRY_BIT(RESET) |
			   ENTRY_BIT(RESTORED) | ENTRY_BIT(LOW_POWER) | ENTRY_BIT(LOST),
		.cells = &hw_cells[0][0],
	},
	[ENTRY_REGION_KERNEL] = {
		.name = "kernel_mask", .states = mask_names, .nr_states = NR_BIT_STATES, .shift = ENTRY_KERNEL_SHIFT,
		.width = 2,
		.listens = ENTRY_BIT(MASK) | ENTRY_BIT(UNMASK) | ENTRY_BIT(MASK_ALL) | ENTRY_BIT(CACHED_MASKED) |
			   ENTRY_BIT(CACHED_UNMASKED) | ENTRY_BIT(LOST),
		.cells = &kernel_cells[0][0],
	},
	[ENTRY_REGION_MESSAGE] = {
		.name = "message", .states = message_names, .nr_states = NR_MESSAGE_STATES,
		.shift = ENTRY_MESSAGE_SHIFT, .width = 3,
		.listens = ENTRY_BIT(MESSAGE_PARKED) | ENTRY_BIT(MESSAGE_SET) | ENTRY_BIT(MESSAGE_ZERO) |
			   ENTRY_BIT(RESET) | ENTRY_BIT(LOW_POWER) | ENTRY_BIT(LOST),
		.cells = &message_cells[0][0],
	},
	[ENTRY_REGION_PENDING] = {
		.name = "pending", .states = bit_names, .nr_states = NR_BIT_STATES, .shift = ENTRY_PENDING_SHIFT,
		.width = 2, .hot = true,
		.listens = ENTRY_BIT(RAISE) | ENTRY_BIT(RELEASED) | ENTRY_BIT(UNMASK) | ENTRY_BIT(HW_UNMASK) |
			   ENTRY_BIT(PENDING_SET) | ENTRY_BIT(PENDING_CLEAR) | ENTRY_BIT(SENT) | ENTRY_BIT(RESET) |
			   ENTRY_BIT(LOW_POWER) | ENTRY_BIT(LOST),
		.cells = &pending_cells[0][0],
	},
};

const struct component msix_entry_component = {
	.name = "msix_entry", .regions = entry_regions, .inputs = entry_inputs, .effects = entry_effects,
	.guards = entry_guards, .guard_names = entry_guard_names,
	.nr_regions = NR_ENTRY_REGIONS, .nr_inputs = NR_ENTRY_INPUTS, .nr_effects = NR_ENTRY_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned msix_function_state(struct msix_function_core core, enum msix_function_region region)
{
	return core_get(core.bits, &function_regions[region]);
}

unsigned msix_entry_state(struct msix_entry_core core, enum msix_entry_region region)
{
	return core_get(core.bits, &entry_regions[region]);
}

void msix_function_step(struct msix_function_core *core, enum msix_function_input in, struct effects *out)
{
	component_step(&msix_function_component, &core->bits, in, NULL, out);
}

void msix_entry_step(struct msix_entry_core *core, enum msix_entry_input in, const struct msix_entry_view *view,
		     struct effects *out)
{
	component_step(&msix_entry_component, &core->bits, in, view, out);
}
