/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object by what people type for it. */
#ifndef IRQPATH_STORE_RESOLVE_H
#define IRQPATH_STORE_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

struct store;

enum { RESOLVE_MAX_CANDIDATES = 16 };

enum resolve_result { RESOLVE_FOUND, RESOLVE_UNKNOWN, RESOLVE_AMBIGUOUS, RESOLVE_FAILED };

/* Objects that were meant: the first one where it was found, otherwise all that could have been. */
struct resolved {
	int64_t id[RESOLVE_MAX_CANDIDATES];	/* object.id */
	unsigned nr;
	bool more;				/* there are more candidates than fit */
};

/*
 * Understands, without regard to case and the first that there is: a name as it is printed; the object grammar with the
 * machine left out, "irq30" and "0000:03:00.0[2]"; the label of an interrupt ("nvme0q2"); a tail of a name that begins
 * where a part of it begins ("03:00.0[2]", "29"). A name without a generation is that of the first one, as everywhere.
 * RESOLVE_FAILED: the database could not be read, which has been reported.
 */
enum resolve_result object_resolve(struct store *st, const char *text, struct resolved *out);

/*
 * The interrupt whose way the object is on: the irq that it is, feeds or is fed by; of several, the one at the end of
 * the capture. Where no irq is known, the object itself. RESOLVE_AMBIGUOUS for what several interrupts share.
 */
enum resolve_result object_interrupt(struct store *st, int64_t object, struct resolved *out);

#endif
