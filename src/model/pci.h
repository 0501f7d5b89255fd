/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_MODEL_PCI_H
#define IRQPATH_MODEL_PCI_H

#include <stdint.h>

#include "model/component.h"
#include "model/msix.h"

/* X(SYMBOL, width in bits) */
#define PCI_REGIONS(X) \
	X(MEMORY, 2)	/* command bit 1, memory space */ \
	X(MASTER, 2)	/* command bit 2, bus master */ \
	X(INTX, 2)	/* command bit 10, INTx disable */ \
	X(POWER, 2)	/* power state */ \
	X(STATE, 2)	/* does the function still hold what the kernel set up? */ \
	X(DRIVER, 2)	/* has it a driver? */

/* X(SYMBOL, "name") */
#define PCI_INPUTS(X) \
	X(MEMORY_OFF, "command: memory off") \
	X(MEMORY_ON, "command: memory on") \
	X(MASTER_OFF, "command: bus master off") \
	X(MASTER_ON, "command: bus master on") \
	X(INTX_ON, "command: INTx allowed") \
	X(INTX_OFF, "command: INTx disabled") \
	X(D0, "power: D0") \
	X(LOW_POWER, "power: left D0") \
	X(RESET, "reset") \
	X(KEPT_BACK, "message kept back in low power") \
	X(RESTORED, "written back") \
	X(SENT, "message was sent")		/* a delivery proves it */ \
	X(BOUND, "given to a driver") \
	X(UNBOUND, "taken from its driver") \
	X(LOST, "records lost")

enum pci_input {
#define X(sym, name) PCI_##sym,
	PCI_INPUTS(X)
#undef X
	NR_PCI_INPUTS
};

enum pci_region {
#define X(sym, width) PCI_REGION_##sym,
	PCI_REGIONS(X)
#undef X
	NR_PCI_REGIONS
};

enum pci_power { POWER_ILLEGAL, POWER_UNKNOWN, POWER_D0, POWER_LOW, NR_POWERS };
enum pci_setup { SETUP_ILLEGAL, SETUP_UNKNOWN, SETUP_CURRENT, SETUP_STALE, NR_SETUPS };

/* Command register bits. */
enum pci_command_bits {
	COMMAND_MEMORY = 1 << 1,
	COMMAND_MASTER = 1 << 2,
	COMMAND_INTX_DISABLE = 1 << 10,
};

/* A packed state; pci_state() reads a region. */
struct pci_core {
	uint32_t bits;
};

extern const struct component pci_component;

unsigned pci_state(struct pci_core core, enum pci_region region);
void pci_step(struct pci_core *core, enum pci_input in, struct effects *out);

#endif
