/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drives one reader into a sink: the same in this process and in the reader process. Checks the contract once for all
 * readers (time never runs backwards, ordinals count up, events are well-formed), packs the events into chunks.
 */
#ifndef IRQPATH_INGEST_DRIVE_H
#define IRQPATH_INGEST_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/reader.h"

struct drive;

/* in, sink and diag are borrowed; in->fd stays the caller's. NULL when memory is short. */
struct drive *drive_new(const struct reader_ops *ops, const struct input *in, const struct source_sink *sink,
			struct diag_sink *diag);
void drive_free(struct drive *dr);

/* Opens the reader and reads to the end; sink->end has been called. True where all of the source was read. */
bool drive_run(struct drive *dr);

/* ingest_text() */
bool drive_text(struct drive *dr, uint64_t offset, char *buf, size_t len);

#endif
