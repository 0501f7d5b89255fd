/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of xentrace to events, by the rows of rows.h. Records come in the order of the merge. */
#ifndef IRQPATH_INGEST_XENTRACE_DECODE_H
#define IRQPATH_INGEST_XENTRACE_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "ingest/reader.h"
#include "ingest/xentrace/stream.h"

struct xen_decode;

/* in and host are borrowed. NULL: no memory. */
struct xen_decode *xen_decode_new(const struct input *in, const struct reader_host *host, uint32_t nr_cpus);
void xen_decode_free(struct xen_decode *d);	/* accepts NULL */

enum { XEN_MAX_EVENTS = 4 };

/*
 * Counts the record, and makes what it says events; returns how many. Times are cycles, sub counts from 0, ordinal and
 * offset are the caller's.
 */
unsigned xen_decode_record(struct xen_decode *d, uint32_t cpu, const struct xen_record *rec,
			   struct event ev[XEN_MAX_EVENTS]);

/* A window's own record, which streams do not yield. */
void xen_decode_windows(struct xen_decode *d, uint64_t nr);

/* Which vCPU runs on the CPU is unknown from now on, and so is which register any guest has selected. */
void xen_decode_forget(struct xen_decode *d, uint32_t cpu);

/* Tells the host the signals, counts, and shapes that no row has. Once. */
void xen_decode_end(struct xen_decode *d);

/* As reader_ops.shows. */
bool xen_decode_shows(unsigned i, struct reader_shows *out);

/* As xentrace_format prints it; without a line end. */
void xen_decode_text(const struct xen_record *rec, uint32_t cpu, char *buf, size_t len);

#endif
