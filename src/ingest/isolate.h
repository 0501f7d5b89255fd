/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader in a process of its own. The libraries below some readers were not built for hostile input; what they can do
 * to this process is send it events, and each is checked.
 */
#ifndef IRQPATH_INGEST_ISOLATE_H
#define IRQPATH_INGEST_ISOLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/ingest.h"
#include "ingest/reader.h"

struct isolate;

/* Starts the process. in is copied, its descriptor stays the caller's; in->path and diag are borrowed. NULL: reported.
 */
struct isolate *isolate_start(const struct reader_ops *ops, const struct input *in, const struct ingest_options *opt,
			      struct diag_sink *diag);

/* As ingest_run(), ingest_text() and ingest_stop(). */
bool isolate_run(struct isolate *iso, const struct source_sink *sink);
bool isolate_text(struct isolate *iso, uint64_t offset, char *buf, size_t len);
void isolate_stop(struct isolate *iso);

#endif
