/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many of a device's notifications a mask held back, and how many of these were lost. */
#ifndef IRQPATH_RULES_LOST_H
#define IRQPATH_RULES_LOST_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* One message stands for all that was held back: what was never sent is lost for certain only where no message followed. */
struct notifications {
	bool known;			/* false: the device's notifications are not recorded, and nothing shows one */
	bool unbounded;			/* there may be more than lost_hi: not all was recorded */
	uint64_t held;			/* recorded while they were held back */
	uint64_t lost_lo, lost_hi;	/* of these */
};

/* Of an MSI-X entry, an MSI message, or all of a function's; of another object none are known. NO_TIME: open ends. */
struct notifications notifications_of(struct store *st, int64_t object, int64_t start_ns, int64_t end_ns);

#endif
