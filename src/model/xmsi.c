/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mask of a message that Xen owns (xen/arch/x86/msi.c, struct msi_desc): two wishes, and the bit itself, which must be
 * set where either is. Mapping sets both; binding a PV guest's event channel clears Xen's at start-up and, from 4.6 on, the
 * guest's (arch_evtchn_bind_pirq()); the last guest's end sets both again. What arrives was not masked. Up to 4.5 there was
 * one wish for both, Xen's, and what a guest wrote reached the bit without it, or nothing (4.2 and 4.3).
 *
 * A guest's kernel that calls for the bit, writes it, and whose write goes through are three things: under Xen the kernel
 * need not write (Linux 3.13, 5.18), and Xen need not let it (dom0: 4.2). The bit alone follows; see path_dom0.c and
 * path_hvm.c. A reset sets the bit and leaves the wishes, until all is written back (PHYSDEVOP_restore_msi_ext).
 *
 * xentrace has none of the writes. A dump of key M shows all three, and only a dump or the platform's own record the
 * bit: it may change unseen by both Xen and the guest.
 *
 * Not modelled: MSI without a mask bit has wishes and no bit; the function mask is the function's (msix.c); what Xen does
 * around a message write, which leaves the wishes alone; a device that does not answer in memory space, whose entries Xen
 * masks by the function mask instead.
 */
#include "model/xmsi.h"

#define B(sym) (UINT64_C(1) << XMSI_##sym)
#define TO(sym, to) [XMSI_##sym] = { .next = (to) }

enum {
#define X(sym, width) XMSI_##sym##_SHIFT, XMSI_##sym##_END = XMSI_##sym##_SHIFT + (width) - 1,
	XMSI_REGIONS(X)
#undef X
};

static const char *const mask_names[NR_BIT_STATES] = { "illegal", "unknown", "unmasked", "masked" };
static const char *const can_names[NR_BIT_STATES] = { "illegal", "unknown", "no", "yes" };

enum { GUARD_ALWAYS, GUARD_GUEST_MASKS, GUARD_XEN_MASKS, NR_GUARDS };

/* The bit follows the wishes: where the other one masks, it stays. */
static bool guard_guest_masks(uint32_t core, const void *view)
{
	(void)view;
	return (core >> XMSI_GUEST_SHIFT & 3) == BIT_SET;
}

static bool guard_xen_masks(uint32_t core, const void *view)
{
	(void)view;
	return (core >> XMSI_HOST_SHIFT & 3) == BIT_SET;
}

static const guard_fn guards[NR_GUARDS] = { [GUARD_GUEST_MASKS] = guard_guest_masks, [GUARD_XEN_MASKS] = guard_xen_masks };
static const char *const guard_names[NR_GUARDS] = { "", "guest masks", "Xen masks" };
static const char *const effect_names[] = { "" };

#define HOST_ROW \
	{ TO(MAPPED, BIT_SET), TO(ONE_WISH, BIT_SET), TO(STARTED, BIT_CLEAR), TO(RELEASED, BIT_CLEAR), TO(STOPPED, BIT_SET), \
	  TO(ARRIVE, BIT_CLEAR), TO(CLEAR, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN) }

static const struct cell host_cells[NR_BIT_STATES][NR_XMSI_INPUTS] = {
	[BIT_UNKNOWN] = HOST_ROW, [BIT_CLEAR] = HOST_ROW, [BIT_SET] = HOST_ROW,
};

/* What was not set is not set behind it. */
#define MAY_RELEASE(to) TO(MAY_BE_RELEASED, to)

#define GUEST_ROW(may_release) \
	{ TO(MAPPED, BIT_SET), TO(ONE_WISH, BIT_CLEAR), may_release, TO(RELEASED, BIT_CLEAR), TO(STOPPED, BIT_SET), TO(ARRIVE, BIT_CLEAR), \
	  TO(GUEST_MASK, BIT_SET), TO(GUEST_UNMASK, BIT_CLEAR), TO(CLEAR, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN) }

static const struct cell guest_cells[NR_BIT_STATES][NR_XMSI_INPUTS] = {
	[BIT_UNKNOWN] = GUEST_ROW(MAY_RELEASE(BIT_UNKNOWN)), [BIT_CLEAR] = GUEST_ROW(MAY_RELEASE(BIT_CLEAR)),
	[BIT_SET] = GUEST_ROW(MAY_RELEASE(BIT_UNKNOWN)),
};

/* Where it is not known whether Xen masks, the guest's unmask is taken for one that works. */
#define HW_ROW(as_it_was, may_release) \
	{ may_release, TO(MAPPED, BIT_SET), TO(ONE_WISH, BIT_SET), TO(RELEASED, BIT_CLEAR), TO(STOPPED, BIT_SET), TO(ARRIVE, BIT_CLEAR), \
	  TO(GUEST_MASK, BIT_SET), TO(SET_BEHIND, BIT_SET), TO(CLEARED_BEHIND, BIT_CLEAR), TO(MAY_BE_WRITTEN, BIT_UNKNOWN), \
	  TO(RESET, BIT_SET), TO(RESTORED, BIT_UNKNOWN), TO(RESTORED_MASKED, BIT_SET), TO(RESTORED_UNMASKED, BIT_CLEAR), \
	  [XMSI_STARTED] = { .next = BIT_SET, .guard = GUARD_GUEST_MASKS, .otherwise = BIT_UNKNOWN }, \
	  [XMSI_GUEST_UNMASK] = { .next = as_it_was, .guard = GUARD_XEN_MASKS, .otherwise = BIT_CLEAR }, \
	  TO(CLEAR, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN) }

static const struct cell hw_cells[NR_BIT_STATES][NR_XMSI_INPUTS] = {
	[BIT_UNKNOWN] = HW_ROW(BIT_UNKNOWN, MAY_RELEASE(BIT_UNKNOWN)), [BIT_CLEAR] = HW_ROW(BIT_CLEAR, MAY_RELEASE(BIT_CLEAR)),
	[BIT_SET] = HW_ROW(BIT_SET, MAY_RELEASE(BIT_UNKNOWN)),
};

#define CAN_ROW(as_it_was) { TO(MAPPED, as_it_was), TO(ONE_WISH, as_it_was), TO(CLEAR, BIT_UNKNOWN), TO(LOST, as_it_was) }

static const struct cell can_cells[NR_BIT_STATES][NR_XMSI_INPUTS] = {
	[BIT_UNKNOWN] = CAN_ROW(BIT_UNKNOWN), [BIT_CLEAR] = CAN_ROW(BIT_CLEAR), [BIT_SET] = CAN_ROW(BIT_SET),
};

static const char *const input_names[NR_XMSI_INPUTS] = {
#define X(sym, name) [XMSI_##sym] = name,
	XMSI_INPUTS(X)
#undef X
};

#define ENDS (B(MAPPED) | B(ONE_WISH) | B(CLEAR) | B(LOST))
#define REGION(sym, text, of_states, of_cells, of_inputs) \
	[XMSI_REGION_##sym] = { .name = text, .states = of_states, .nr_states = NR_BIT_STATES, .shift = XMSI_##sym##_SHIFT, \
				.width = 2, .silent = true, .cells = &of_cells[0][0], .listens = ENDS | (of_inputs) }

static const struct region regions[NR_XMSI_REGIONS] = {
	REGION(HOST, "host_mask", mask_names, host_cells, B(STARTED) | B(RELEASED) | B(STOPPED) | B(ARRIVE)),
	REGION(GUEST, "guest_mask", mask_names, guest_cells,
	       B(RELEASED) | B(MAY_BE_RELEASED) | B(STOPPED) | B(ARRIVE) | B(GUEST_MASK) | B(GUEST_UNMASK)),
	REGION(HW, "mask", mask_names, hw_cells,
	       B(STARTED) | B(RELEASED) | B(MAY_BE_RELEASED) | B(STOPPED) | B(ARRIVE) | B(GUEST_MASK) | B(GUEST_UNMASK) | B(SET_BEHIND) |
	       B(CLEARED_BEHIND) | B(MAY_BE_WRITTEN) | B(RESET) | B(RESTORED) | B(RESTORED_MASKED) | B(RESTORED_UNMASKED)),
	REGION(CAN, "maskable", can_names, can_cells, 0),
};

const struct component xmsi_component = {
	.name = "xen_msi", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_XMSI_REGIONS, .nr_inputs = NR_XMSI_INPUTS, .nr_effects = 1,
	.nr_guards = NR_GUARDS,
};

unsigned xmsi_state(struct xmsi_core core, enum xmsi_region region)
{
	return core_get(core.bits, &regions[region]);
}

void xmsi_step(struct xmsi_core *core, enum xmsi_input in, struct effects *out)
{
	component_step(&xmsi_component, &core->bits, in, NULL, out);
}
