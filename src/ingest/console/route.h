/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which GSI a kernel's messages show a function's INTx pin to have. */
#ifndef IRQPATH_INGEST_CONSOLE_ROUTE_H
#define IRQPATH_INGEST_CONSOLE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

enum { ROUTES_MAX = 256 };

struct route {
	uint64_t pci;		/* as object_id_pci() makes it */
	uint32_t gsi;
	bool told;		/* by the message itself; not: by the order of messages */
};

/* Zeroed memory is a good start. */
struct routes {
	struct route route[ROUTES_MAX];	/* by function; what does not fit is dropped */
	unsigned nr;
	uint32_t switched_on;	/* GSI whose link was the last to be switched on */
	bool has_switched_on;	/* and no function was named since */
};

/* The next line, terminated. */
void routes_see(struct routes *routes, const char *line);

/* NULL where no message told. Borrowed until the next line. */
const struct route *routes_find(const struct routes *routes, uint64_t pci);

#endif
