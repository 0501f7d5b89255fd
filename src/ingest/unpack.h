/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compressed captures, below all readers: the whole file is unpacked into a temporary one that has no name, and the
 * reader gets that. So a format needs to know nothing of compression, and may go back and forth in it; memory does not
 * grow with the file. The decompressor runs in a confined process of its own, which can write nothing but that file.
 */
#ifndef IRQPATH_INGEST_UNPACK_H
#define IRQPATH_INGEST_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "ingest/reader.h"

struct codec_ops;

struct unpack_options {
	bool in_process;
	bool kill_on_forbidden;		/* as in struct ingest_options */
	unsigned hang_seconds;		/* 0: the default */
	uint64_t max_bytes;		/* 0: the default, 16 GiB, or half of what the file system has left */
};

/*
 * Puts what in->fd unpacks to in its place: fd (the old one is closed), size_bytes, and cut where it is not all. False
 * where there is nothing to be read; either has been reported.
 */
bool unpack_input(struct input *in, const struct codec_ops *codec, const struct unpack_options *opt,
		  struct diag_sink *diag);

#endif
