/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes xentrace files: windows of records, in memory. */
#ifndef IRQPATH_TESTS_UNIT_XENTRACE_BUILDER_H
#define IRQPATH_TESTS_UNIT_XENTRACE_BUILDER_H

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct xb {
	uint8_t *bytes;
	size_t len, size;
	size_t window;	/* where the open window's length is; 0: none is open */
};

static inline void xb_u32(struct xb *xb, uint32_t value)
{
	if (xb->len + 4 > xb->size) {
		xb->size = 2 * xb->size + 4096;
		xb->bytes = realloc(xb->bytes, xb->size);
		if (!xb->bytes)
			abort();
	}
	for (unsigned i = 0; i < 4; i++)
		xb->bytes[xb->len++] = value >> (8 * i);
}

static inline void xb_patch(struct xb *xb, size_t at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		xb->bytes[at + i] = value >> (8 * i);
}

/* Ends the window before. */
static inline void xb_window(struct xb *xb, uint32_t cpu)
{
	xb_u32(xb, 0x2001f003);
	xb_u32(xb, cpu);
	xb->window = xb->len;
	xb_u32(xb, 0);
}

/* A record with so many words; tsc 0: without one. Returns its offset. */
static inline size_t xb_record(struct xb *xb, uint32_t id, uint64_t tsc, unsigned nr_words, ...)
{
	size_t at = xb->len;
	va_list ap;

	xb_u32(xb, id | (uint32_t)nr_words << 28 | (tsc ? 1u << 31 : 0));
	if (tsc) {
		xb_u32(xb, tsc);
		xb_u32(xb, tsc >> 32);
	}
	va_start(ap, nr_words);
	for (unsigned i = 0; i < nr_words; i++)
		xb_u32(xb, va_arg(ap, uint32_t));
	va_end(ap);
	if (xb->window)
		xb_patch(xb, xb->window, xb->len - xb->window - 4);
	return at;
}

static inline size_t xb_handled(struct xb *xb, uint64_t tsc, uint32_t irq)
{
	return xb_record(xb, 0x802008, tsc, 3, irq, (uint32_t)tsc - 20, (uint32_t)tsc - 10);
}

static inline void xb_free(struct xb *xb)
{
	free(xb->bytes);
	*xb = (struct xb){ .len = 0 };
}

#endif
