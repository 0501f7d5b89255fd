/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PCI function as far as its interrupts depend on it (PCI Local Bus Specification 3.0, "Command Register"; PCI
 * Express Base Specification, "Function Level Reset", "Power Management"; Linux drivers/pci/pci.c).
 *
 * MSI and MSI-X messages are memory writes: they leave only while bus mastering is on, and the MSI-X table takes writes
 * only while memory space is on. INTx is stopped by INTx disable. Nothing is sent outside D0 but wake-up events.
 *
 * A reset clears the command register and all that the kernel had set up. Who resets a function must write it back:
 * pci_dev_restore() and pci_restore_state() write the command register, then pci_restore_msi_state() the messages and
 * masks. The same holds for a function that comes back from low power; a message that is to be written meanwhile is
 * only kept (__pci_write_msi_msg()). Until then its set-up is stale.
 *
 * Being written back says that the command register was as well; where no record shows that, a bit that was off is
 * unknown.
 *
 * Not modelled: functions that keep their state in low power, I/O space, slot power and removal.
 */
#include "model/pci.h"

#define B(sym) (UINT64_C(1) << PCI_##sym)
#define TO(sym, to) [PCI_##sym] = { .next = (to) }

enum {
#define X(sym, width) PCI_##sym##_SHIFT, PCI_##sym##_END = PCI_##sym##_SHIFT + (width) - 1,
	PCI_REGIONS(X)
#undef X
};

static const char *const enable_names[NR_BIT_STATES] = { "illegal", "unknown", "off", "on" };
static const char *const intx_names[NR_BIT_STATES] = { "illegal", "unknown", "allowed", "disabled" };
static const char *const power_names[NR_POWERS] = { "illegal", "unknown", "d0", "low" };
static const char *const setup_names[NR_SETUPS] = { "illegal", "unknown", "current", "stale" };
static const char *const driver_names[NR_BIT_STATES] = { "illegal", "unknown", "none", "bound" };

#define MEMORY_SEEN \
	TO(MEMORY_OFF, BIT_CLEAR), TO(MEMORY_ON, BIT_SET), TO(RESET, BIT_CLEAR), \
	TO(LOW_POWER, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN)

static const struct cell memory_cells[NR_BIT_STATES][NR_PCI_INPUTS] = {
	[BIT_UNKNOWN] = { MEMORY_SEEN, TO(RESTORED, BIT_UNKNOWN) },
	[BIT_CLEAR] = { MEMORY_SEEN, TO(RESTORED, BIT_UNKNOWN) },
	[BIT_SET] = { MEMORY_SEEN, TO(RESTORED, BIT_SET) },
};

#define MASTER_SEEN \
	TO(MASTER_OFF, BIT_CLEAR), TO(MASTER_ON, BIT_SET), TO(RESET, BIT_CLEAR), \
	TO(LOW_POWER, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN)

static const struct cell master_cells[NR_BIT_STATES][NR_PCI_INPUTS] = {
	[BIT_UNKNOWN] = { MASTER_SEEN, TO(RESTORED, BIT_UNKNOWN), TO(SENT, BIT_SET) },
	[BIT_CLEAR] = { MASTER_SEEN, TO(RESTORED, BIT_UNKNOWN) },
	[BIT_SET] = { MASTER_SEEN, TO(RESTORED, BIT_SET), TO(SENT, BIT_SET) },
};

#define INTX_SEEN \
	TO(INTX_OFF, BIT_SET), TO(INTX_ON, BIT_CLEAR), TO(RESET, BIT_CLEAR), \
	TO(LOW_POWER, BIT_UNKNOWN), TO(LOST, BIT_UNKNOWN)

static const struct cell intx_cells[NR_BIT_STATES][NR_PCI_INPUTS] = {
	[BIT_UNKNOWN] = { INTX_SEEN, TO(RESTORED, BIT_UNKNOWN) },
	[BIT_CLEAR] = { INTX_SEEN, TO(RESTORED, BIT_UNKNOWN) },
	[BIT_SET] = { INTX_SEEN, TO(RESTORED, BIT_SET) },
};

#define POWER_SEEN TO(D0, POWER_D0), TO(LOW_POWER, POWER_LOW), TO(LOST, POWER_UNKNOWN)

static const struct cell power_cells[NR_POWERS][NR_PCI_INPUTS] = {
	[POWER_UNKNOWN] = { POWER_SEEN, TO(SENT, POWER_D0) },
	[POWER_D0] = { POWER_SEEN, TO(SENT, POWER_D0) },
	[POWER_LOW] = { POWER_SEEN },
};

#define SETUP_ROW \
	{ TO(RESET, SETUP_STALE), TO(KEPT_BACK, SETUP_STALE), TO(RESTORED, SETUP_CURRENT), TO(SENT, SETUP_UNKNOWN), \
	  TO(LOST, SETUP_UNKNOWN) }

static const struct cell setup_cells[NR_SETUPS][NR_PCI_INPUTS] = {
	[SETUP_UNKNOWN] = SETUP_ROW,
	[SETUP_CURRENT] = {
		TO(RESET, SETUP_STALE), TO(KEPT_BACK, SETUP_STALE), TO(RESTORED, SETUP_CURRENT),
		TO(SENT, SETUP_CURRENT), TO(LOST, SETUP_UNKNOWN),
	},
	/* who wrote it back was not recorded */
	[SETUP_STALE] = SETUP_ROW,
};

#define DRIVER_ROW { TO(BOUND, BIT_SET), TO(UNBOUND, BIT_CLEAR), TO(LOST, BIT_UNKNOWN) }

static const struct cell driver_cells[NR_BIT_STATES][NR_PCI_INPUTS] = {
	[BIT_UNKNOWN] = DRIVER_ROW, [BIT_CLEAR] = DRIVER_ROW, [BIT_SET] = DRIVER_ROW,
};

static const char *const input_names[NR_PCI_INPUTS] = {
#define X(sym, name) [PCI_##sym] = name,
	PCI_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, ...) \
	[PCI_REGION_##sym] = { \
		.name = text, .states = of_states, .nr_states = nr, .shift = PCI_##sym##_SHIFT, .width = 2, \
		__VA_ARGS__ }

static const struct region regions[NR_PCI_REGIONS] = {
	REGION(MEMORY, "memory", enable_names, NR_BIT_STATES, .cells = &memory_cells[0][0],
	       .listens = B(MEMORY_OFF) | B(MEMORY_ON) | B(RESET) | B(RESTORED) | B(LOW_POWER) | B(LOST)),
	REGION(MASTER, "bus_master", enable_names, NR_BIT_STATES, .cells = &master_cells[0][0],
	       .listens = B(MASTER_OFF) | B(MASTER_ON) | B(RESET) | B(RESTORED) | B(LOW_POWER) | B(SENT) | B(LOST)),
	REGION(INTX, "intx", intx_names, NR_BIT_STATES, .cells = &intx_cells[0][0],
	       .listens = B(INTX_OFF) | B(INTX_ON) | B(RESET) | B(RESTORED) | B(LOW_POWER) | B(LOST)),
	REGION(POWER, "power", power_names, NR_POWERS, .cells = &power_cells[0][0],
	       .listens = B(D0) | B(LOW_POWER) | B(SENT) | B(LOST)),
	REGION(STATE, "set_up", setup_names, NR_SETUPS, .cells = &setup_cells[0][0],
	       .listens = B(RESET) | B(KEPT_BACK) | B(RESTORED) | B(SENT) | B(LOST)),
	REGION(DRIVER, "driver", driver_names, NR_BIT_STATES, .cells = &driver_cells[0][0],
	       .listens = B(BOUND) | B(UNBOUND) | B(LOST)),
};

static const char *const no_effects[] = { "" };

const struct component pci_component = {
	.name = "pci", .regions = regions, .inputs = input_names, .effects = no_effects,
	.guards = NULL, .guard_names = no_effects,
	.nr_regions = NR_PCI_REGIONS, .nr_inputs = NR_PCI_INPUTS, .nr_effects = 1, .nr_guards = 1,
};

unsigned pci_state(struct pci_core core, enum pci_region region)
{
	return core_get(core.bits, &regions[region]);
}

void pci_step(struct pci_core *core, enum pci_input in, struct effects *out)
{
	component_step(&pci_component, &core->bits, in, NULL, out);
}
