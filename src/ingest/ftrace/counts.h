/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records by name, for texts, whose events tell their names only as they come. */
#ifndef IRQPATH_INGEST_FTRACE_COUNTS_H
#define IRQPATH_INGEST_FTRACE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "ingest/source.h"

struct counts;

struct counts *counts_new(void);	/* NULL when memory is short */
void counts_free(struct counts *counts);

/* Names beyond a limit are summed up as "(others)". */
void counts_add(struct counts *counts, const char *name, size_t name_len, uint64_t count, uint64_t kept);

/* All, in the order of their first coming. */
void counts_tell(const struct counts *counts, const struct source_sink *sink);

#endif
