/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An MSI-X vector of a function that VFIO gives to a guest, as QEMU has it (QEMU hw/vfio/pci.c, vfio_msix_vector_do_use(),
 * vfio_msix_vector_release(), vfio_msi_interrupt(), vfio_msix_enable(), vfio_intx_interrupt(), vfio_intx_eoi()).
 *
 * The physical mask is the host kernel's; what the guest masks and unmasks only decides where the vector's eventfd leads:
 * to KVM while it is used, to QEMU while it is released. One that fires meanwhile comes through QEMU, which sets the
 * emulated pending bit and opens a window in which reads of pending bits are trapped; the next use sends it. A vector
 * that is used without an irqfd comes through QEMU as well, and is sent at once.
 *
 * INTx without an irqfd: the host masks the line with each interrupt, and unmasks it when the guest has touched the device,
 * which QEMU takes for its EOI. The line is the function's; it is kept with the function's entry 0.
 *
 * Not modelled: MSI, INTx through a resampled irqfd (irqfd.resample), what the vector's route holds (the entry's own message does),
 * vectors that are lost while the host enables more of them (QEMU before 8.2 takes all of them off for that).
 */
#include "model/vfio.h"

#define B(sym) (UINT64_C(1) << VFIO_##sym)
#define TO(sym, to) [VFIO_##sym] = { .next = (to) }

enum {
#define X(sym, width) VFIO_##sym##_SHIFT, VFIO_##sym##_END = VFIO_##sym##_SHIFT + (width) - 1,
	VFIO_REGIONS(X)
#undef X
};

static const char *const msix_names[NR_BIT_STATES] = { "illegal", "unknown", "off", "on" };
static const char *const use_names[NR_VFIO_USES] = { "illegal", "unknown", "released", "used" };
static const char *const pending_names[NR_BIT_STATES] = { "illegal", "unknown", "clear", "set" };
static const char *const line_names[NR_BIT_STATES] = { "illegal", "unknown", "open", "masked by the host" };
static const char *const effect_names[NR_VFIO_EFFECTS] = { "", "message sent" };

enum { GUARD_ALWAYS, GUARD_RELEASED, NR_GUARDS };

static bool guard_released(uint32_t core, const void *view)
{
	(void)view;
	return (core >> VFIO_USE_SHIFT & 3) == VFIO_USE_RELEASED;
}

static const guard_fn guards[NR_GUARDS] = { [GUARD_RELEASED] = guard_released };
static const char *const guard_names[NR_GUARDS] = { "", "released" };

#define MSIX_ROW { TO(ENABLED, BIT_SET), TO(DISABLED, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell msix_cells[NR_BIT_STATES][NR_VFIO_INPUTS] = {
	[BIT_UNKNOWN] = MSIX_ROW, [BIT_CLEAR] = MSIX_ROW, [BIT_SET] = MSIX_ROW,
};

/* All vectors go with MSI-X. */
#define USE_ROW \
	{ TO(USED, VFIO_USE_USED), TO(RELEASED, VFIO_USE_RELEASED), TO(DISABLED, VFIO_USE_RELEASED), TO(LOST, VFIO_USE_UNKNOWN) }

static const struct cell use_cells[NR_VFIO_USES][NR_VFIO_INPUTS] = {
	[VFIO_USE_UNKNOWN] = USE_ROW, [VFIO_USE_RELEASED] = USE_ROW, [VFIO_USE_USED] = USE_ROW,
};

#define PENDING_ROW(fired, ...) \
	{ [VFIO_USED] = { __VA_ARGS__ }, TO(DISABLED, BIT_CLEAR), TO(WINDOW_CLOSED, BIT_CLEAR), \
	  [VFIO_FIRED] = { .next = BIT_SET, .guard = GUARD_RELEASED, .otherwise = (fired) }, TO(LOST, BIT_UNKNOWN) }

static const struct cell pending_cells[NR_BIT_STATES][NR_VFIO_INPUTS] = {
	[BIT_UNKNOWN] = PENDING_ROW(BIT_UNKNOWN, .next = BIT_CLEAR), [BIT_CLEAR] = PENDING_ROW(BIT_CLEAR, .next = BIT_CLEAR),
	[BIT_SET] = PENDING_ROW(BIT_SET, .next = BIT_CLEAR, .effect = VFIO_EFFECT_SENT),
};

#define LINE_ROW \
	{ TO(LINE_FIRED, BIT_SET), TO(LINE_ENDED, BIT_CLEAR), TO(LINE_GONE, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell line_cells[NR_BIT_STATES][NR_VFIO_INPUTS] = {
	[BIT_UNKNOWN] = LINE_ROW, [BIT_CLEAR] = LINE_ROW, [BIT_SET] = LINE_ROW,
};

static const char *const input_names[NR_VFIO_INPUTS] = {
#define X(sym, name) [VFIO_##sym] = name,
	VFIO_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, ...) \
	[VFIO_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = VFIO_##sym##_SHIFT, .width = 2, \
				__VA_ARGS__ }

static const struct region regions[NR_VFIO_REGIONS] = {
	REGION(MSIX, "msix", msix_names, NR_BIT_STATES, .cells = &msix_cells[0][0], .listens = B(ENABLED) | B(DISABLED) | B(LOST)),
	REGION(USE, "use", use_names, NR_VFIO_USES, .cells = &use_cells[0][0],
	       .listens = B(USED) | B(RELEASED) | B(DISABLED) | B(LOST)),
	REGION(PENDING, "pending", pending_names, NR_BIT_STATES, .cells = &pending_cells[0][0],
	       .listens = B(USED) | B(DISABLED) | B(WINDOW_CLOSED) | B(FIRED) | B(LOST)),
	REGION(LINE, "line", line_names, NR_BIT_STATES, .cells = &line_cells[0][0], .hot = true,
	       .listens = B(LINE_FIRED) | B(LINE_ENDED) | B(LINE_GONE) | B(LOST)),
};

const struct component vfio_component = {
	.name = "vfio_vector", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_VFIO_REGIONS, .nr_inputs = NR_VFIO_INPUTS, .nr_effects = NR_VFIO_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned vfio_state(struct vfio_core core, enum vfio_region region)
{
	return core_get(core.bits, &regions[region]);
}

void vfio_step(struct vfio_core *core, enum vfio_input in, struct effects *out)
{
	component_step(&vfio_component, &core->bits, in, NULL, out);
}
