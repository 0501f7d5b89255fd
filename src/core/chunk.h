/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chunks of packed events: what readers send, what the store keeps, what cursors read. A chunk stands alone: it can be
 * read without the ones before it. Columns of an event are predicted from the event before (ordinal, offset, time) or
 * from the event before of the same kind (all else).
 */
#ifndef IRQPATH_CORE_CHUNK_H
#define IRQPATH_CORE_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"

enum { CHUNK_MAX_EVENTS = 4096, CHUNK_MAX_BYTES = 128 << 10 };

struct chunk_writer;

struct chunk_writer *chunk_writer_new(void);
void chunk_writer_free(struct chunk_writer *cw);

/*
 * False where the event does not fit any more: take the chunk, reset, add again. A fresh writer takes any event.
 * event_valid() must hold for it.
 */
bool chunk_writer_add(struct chunk_writer *cw, const struct event *ev);

/* What was added so far; borrowed until the next call. nr_events may be 0. */
const uint8_t *chunk_writer_bytes(const struct chunk_writer *cw, size_t *len_bytes, unsigned *nr_events);
void chunk_writer_reset(struct chunk_writer *cw);

struct chunk_reader;

enum chunk_status { CHUNK_EVENT, CHUNK_END, CHUNK_DAMAGED };

struct chunk_reader *chunk_reader_new(void);
void chunk_reader_free(struct chunk_reader *cr);

/* Starts on bytes that stay the caller's and must stay valid; events get this source number. */
void chunk_reader_start(struct chunk_reader *cr, const uint8_t *bytes, size_t len_bytes, uint32_t source);

/* Only events for which event_valid() holds come out; all else is CHUNK_DAMAGED, after which only damage follows. */
enum chunk_status chunk_reader_next(struct chunk_reader *cr, struct event *ev);

#endif
