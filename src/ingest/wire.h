/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What crosses from the reader process: frames in the slots of shared memory, one message on a pipe for each slot that
 * is full, one credit back for each that was copied out. The parent trusts none of it.
 */
#ifndef IRQPATH_INGEST_WIRE_H
#define IRQPATH_INGEST_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "ingest/source.h"

enum {
	WIRE_SLOTS = 4,
	WIRE_SLOT_BYTES = 256 << 10,
	WIRE_RING_BYTES = WIRE_SLOTS * WIRE_SLOT_BYTES,
	WIRE_TEXT_MAX = 16 << 10
};

/* Reader to parent: this slot is full up to len. */
struct wire_msg {
	uint32_t slot, len;
};

enum wire_command { WIRE_CREDIT = 1, WIRE_TEXT, WIRE_QUIT };

/* Parent to reader. */
struct wire_cmd {
	uint32_t command;
	uint32_t zero;
	uint64_t offset;	/* of WIRE_TEXT */
};

/* ---- reader's side ---- */

struct wire_out {
	uint8_t *ring;
	int msg_fd, cmd_fd;
	unsigned slot, in_flight;
	size_t used;
	bool broken;	/* the parent is gone */
};

/* Sink and diagnostics that end up in frames; both borrow out. */
struct source_sink wire_sink(struct wire_out *out);
struct diag_sink wire_diag(struct wire_out *out);

/* False where the parent is gone. */
bool wire_flush(struct wire_out *out);
bool wire_answer(struct wire_out *out, bool ok, const char *text);

/* The next command that is not a credit; WIRE_QUIT where the parent is gone. */
enum wire_command wire_command(struct wire_out *out, uint64_t *offset);

/* ---- parent's side ---- */

struct wire_in;

/* What the parent made of the frames of a slot. */
enum wire_status { WIRE_OK, WIRE_ENDED, WIRE_ANSWERED, WIRE_STOPPED, WIRE_LIED };

struct wire_in *wire_in_new(const uint8_t *ring);
void wire_in_free(struct wire_in *in);

/*
 * Copies a slot out, checks all of its frames and passes them on: to the sink, and diagnostics with path to diag.
 * WIRE_ENDED: the end came, and is in *end, not yet told; WIRE_ANSWERED: wire_in_answer() has a text; WIRE_STOPPED: the
 * sink wants no more. WIRE_LIED: *why says what cannot be.
 */
enum wire_status wire_in_take(struct wire_in *in, struct wire_msg msg, const struct source_sink *sink,
			      struct diag_sink *diag, const char *path, struct source_end *end, const char **why);

/* The answer to WIRE_TEXT; NULL where the reader could not. Borrowed. */
const char *wire_in_answer(const struct wire_in *in);

/* Events that were passed on, the last record's number, and how far the reader said it was. */
void wire_in_position(const struct wire_in *in, uint64_t *kept, uint64_t *records, uint64_t *offset);
bool wire_in_has_info(const struct wire_in *in);

#endif
