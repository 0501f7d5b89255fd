/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The windows of an xentrace file: a CPU_CHANGE record each, then so many bytes of that CPU's ring (tools/xentrace and
 * xen/include/public/trace.h). Nothing else structures the file, so a broken window is looked behind for the next one.
 */
#ifndef IRQPATH_INGEST_XENTRACE_WINDOWS_H
#define IRQPATH_INGEST_XENTRACE_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "ingest/reader.h"

enum {
	WINDOW_HEADER_BYTES = 12,
	WINDOW_MAX_CPUS = 4096,
	WINDOW_HEADER_WORD = 0x2001f003,
};

struct window {
	uint64_t offset;	/* of its first record */
	uint64_t len_bytes;	/* what there is of it */
	uint32_t cpu;
	uint32_t nr_breaks;	/* damaged places before it in the file */
	bool cut;		/* it claims more than there is */
};

/* One walk through the file. */
struct window_scan {
	const struct input *in;
	struct diag_sink *diag;	/* NULL: damage was reported by a walk before */
	bool big_endian;
	uint64_t pos;		/* of the next window's header */
	uint32_t nr_breaks;
	uint64_t work;		/* about how many headers were looked at */
	uint64_t cache_pos;
	size_t cache_len;
	uint8_t cache[512];
};

/* Whether a file begins like this, and its byte order. */
bool window_probe(const uint8_t *head, size_t len, bool *big_endian);

void window_scan_init(struct window_scan *scan, const struct input *in, bool big_endian, struct diag_sink *diag);

/* The next window in the order of the file; false at its end. Damage is reported, counted, and passed over. */
bool window_next(struct window_scan *scan, struct window *win);

/*
 * The windows of each CPU in their order, for all CPUs at the same time, from one walk: a bounded number of those that
 * nobody has asked for yet is kept. A CPU that is asked for one further on walks by itself.
 */
struct window_queue;

/* last_offset[cpu]: window.offset of the CPU's last window, 0: it has none. Borrowed, as in. NULL: no memory. */
struct window_queue *window_queue_new(const struct input *in, bool big_endian, const uint64_t *last_offset,
				      uint32_t nr_cpus, uint32_t max_kept);
void window_queue_free(struct window_queue *queue);	/* accepts NULL */
bool window_queue_take(struct window_queue *queue, uint32_t cpu, struct window *win);

/* Whether a CPU was given up, as its windows were too far from those of the others. */
bool window_queue_gave_up(const struct window_queue *queue);

static inline uint32_t window_u32(const uint8_t *from, bool big_endian)
{
	if (big_endian)
		return (uint32_t)from[0] << 24 | from[1] << 16 | from[2] << 8 | from[3];
	return (uint32_t)from[3] << 24 | from[2] << 16 | from[1] << 8 | from[0];
}

#endif
