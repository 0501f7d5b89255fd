/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Up to 3.x a kernel said it (drivers/acpi/pci_irq.c): "e1000 0000:00:07.0: PCI INT A -> GSI 23 (level, low) -> IRQ 23". Since
 * then it only says which link it switches on (drivers/acpi/pci_link.c), from within the probe of the function that needs it
 * first: "ACPI: \\_SB_.GSIH: Enabled at IRQ 23". The next message about a function is taken for that probe's: one whose driver
 * is silent, or another probe beside it, can make that wrong.
 */
#include "ingest/console/route.h"

#include <stdio.h>
#include <string.h>

#include "ingest/harm.h"

enum { MAX_GSI = 1 << 16 };

static bool take_number(const char *line, const char *front, uint32_t *gsi)
{
	const char *at = strstr(line, front);

	return at && sscanf(at + strlen(front), "%5u", gsi) == 1 && *gsi < MAX_GSI;
}

static void set_route(struct routes *routes, uint64_t pci, uint32_t gsi, bool told)
{
	unsigned i = 0;

	while (i < routes->nr && routes->route[i].pci != pci)
		i++;
	if (i == ROUTES_MAX)
		return;
	if (i == routes->nr)
		routes->nr++;
	else if (routes->route[i].told && !told)
		return;
	routes->route[i] = (struct route){ .pci = pci, .gsi = gsi, .told = told };
}

void routes_see(struct routes *routes, const char *line)
{
	uint64_t pci;
	uint32_t gsi;

	if (strstr(line, "ACPI: ") && take_number(line, "Enabled at IRQ ", &gsi)) {
		routes->switched_on = gsi;
		routes->has_switched_on = true;
		return;
	}
	if (!harm_find_device(line, &pci))
		return;
	if (strstr(line, "PCI INT ") && take_number(line, "-> GSI ", &gsi))
		set_route(routes, pci, gsi, true);
	else if (routes->has_switched_on)
		set_route(routes, pci, routes->switched_on, false);
	routes->has_switched_on = false;
}

const struct route *routes_find(const struct routes *routes, uint64_t pci)
{
	for (unsigned i = 0; i < routes->nr; i++)
		if (routes->route[i].pci == pci)
			return &routes->route[i];
	return NULL;
}
