/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What writes to physical addresses mean, as the kernel's mmiotrace sees them: MSI-X tables and the IO-APIC's registers.
 * It sees mappings that are made while it runs, and of those every access of the kernel; the local APIC and the IO-APIC
 * are mostly mapped long before.
 */
#ifndef IRQPATH_INGEST_FTRACE_MMIO_H
#define IRQPATH_INGEST_FTRACE_MMIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"

enum { MMIO_MAX_MAPS = 64, MMIO_NR_BARS = 7, MMIO_MAX_FUNCTIONS = 4096 };

/* A PCI function's regions, the last one its ROM; size 0: none. I/O ports are left out. */
struct mmio_function {
	uint64_t dev;	/* as object_id_pci() makes it */
	uint64_t start[MMIO_NR_BARS], size_bytes[MMIO_NR_BARS];
};

struct mmio_map {
	int64_t id;
	uint64_t start, len_bytes;	/* len 0: a free place */
	bool is_table;		/* a whole message was written: it is an MSI-X table */
	uint64_t dev;		/* whose memory it is, where has_dev */
	bool has_dev;
	uint64_t message_at;	/* of the entry that is being written */
	unsigned nr_words;	/* words of it that came, in their order */
	uint32_t word[2];
};

/* All zero to begin with. */
struct mmio {
	struct mmio_map map[MMIO_MAX_MAPS];
	unsigned next_map;	/* the oldest */
	const struct mmio_function *functions;	/* borrowed */
	unsigned nr_functions;
	uint32_t ioapic_register;
	bool has_register;
};

void mmio_mapped(struct mmio *mm, int64_t id, uint64_t start, uint64_t len_bytes);
void mmio_unmapped(struct mmio *mm, int64_t id);

/* Accesses were lost: what was half written is unknown. */
void mmio_forget(struct mmio *mm);

/* True where the write is an event: its kind, objects and arguments are set then, and the rest of ev left alone. */
bool mmio_write(struct mmio *mm, int64_t map_id, uint64_t addr, uint64_t value, unsigned width_bytes, struct event *ev);

/* The kinds that may come out, EV_NONE-terminated. */
extern const uint16_t mmio_kinds[];

#endif
