/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Progress of long work: one line on stderr, rewritten in place, only where stderr is a terminal. */
#ifndef IRQPATH_CORE_PROGRESS_H
#define IRQPATH_CORE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;	/* borrowed */
	uint64_t total;		/* 0: unknown */
	int64_t last_ns;
	bool on, shown;
};

/* quiet, or no terminal: every later call does nothing. */
void progress_start(struct progress *pg, const char *what, uint64_t total, bool quiet);
void progress_set(struct progress *pg, uint64_t done);
void progress_end(struct progress *pg);

#endif
