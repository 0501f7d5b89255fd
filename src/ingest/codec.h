/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compressed forms that any capture may come in, known by their first bytes: gzip, xz, zstd. */
#ifndef IRQPATH_INGEST_CODEC_H
#define IRQPATH_INGEST_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct codec_ops;
struct codec;

enum codec_status {
	CODEC_MORE,	/* give it room, or more input */
	CODEC_END,	/* a good end; only behind the last input */
	CODEC_CUT,	/* the input ends where it must not */
	CODEC_DAMAGED,
	CODEC_TOO_DEEP,	/* wants more memory than a reader may have */
	CODEC_TRAILER,	/* good, but something else stands behind it */
};

/* Bytes yet to be taken, and room yet to be filled; both move on. */
struct codec_io {
	const uint8_t *in;
	size_t in_len;
	bool in_ends;		/* nothing follows in */
	uint8_t *out;
	size_t out_len;
};

/* The form that a file beginning so is in; NULL: none of them. */
const struct codec_ops *codec_find(const uint8_t *head, size_t len);

/* "gzip", "xz" or "zstd" */
const char *codec_name(const struct codec_ops *ops);

/* NULL when memory is short. */
struct codec *codec_new(const struct codec_ops *ops);
void codec_free(struct codec *codec);

/*
 * Unpacks as far as input and room allow. Several members, streams or frames behind one another are one text, as their
 * tools have it. What is in out is good whatever the status says; nothing follows a status other than CODEC_MORE.
 */
enum codec_status codec_step(struct codec *codec, struct codec_io *io);

#endif
