/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the emulated machine looked like so far, as far as later lines need it to be named: which function has which BARs
 * and capabilities, and so whose MSI-X table a write went to.
 */
#ifndef IRQPATH_INGEST_QEMU_PLATFORM_H
#define IRQPATH_INGEST_QEMU_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/qemu/match.h"

enum { PLATFORM_NR_BARS = 6, PLATFORM_TYPE_LEN = 40, PLATFORM_MAX_ENTRIES = 2048, PLATFORM_NR_PINS = 24,
	PLATFORM_NR_IOAPICS = 2, PLATFORM_NR_MEMOS = 64 };

/* A capability's place in configuration space; 0: not known. */
struct platform_function {
	uint64_t pci;			/* as object_id_pci() makes it */
	char type[PLATFORM_TYPE_LEN];	/* "" where not told */
	uint32_t bar[PLATFORM_NR_BARS];	/* as written */
	uint8_t bar_known;		/* bits */
	uint64_t map_addr[PLATFORM_NR_BARS], map_size[PLATFORM_NR_BARS];	/* where QEMU put them; size 0: nowhere */
	uint64_t touched;		/* when a BAR was last written: counts up */
	uint64_t caps;			/* bit i: a capability begins at 4 * i */
	uint8_t msix_cap, msi_cap;
	uint32_t msix_table;		/* offset and BAR number */
	bool msix_table_known;
	uint32_t msi_control, msi_addr_lo, msi_addr_hi;
	bool msi_control_known;
};

enum { ENTRY_HAS_LO = 1, ENTRY_HAS_HI = 2, ENTRY_HAS_DATA = 4, ENTRY_HAS_MASK = 8, ENTRY_CHANGED = 16, ENTRY_PENDING = 32,
	ENTRY_UNTOLD = 64 };

struct platform_entry {
	uint32_t addr_lo, addr_hi, data;
	uint8_t masked, flags;
};

/* A memory region with MSI-X entries or pending bits, by QEMU's pointer to it. */
struct platform_table {
	uint64_t mr, base;
	uint32_t function;		/* index + 1; 0: not known */
	bool owned;			/* it was told by a message: BARs do not change that */
	uint64_t bars_seen;		/* of the platform, when function was looked for */
	bool reported;			/* that nobody knows whose it is */
	uint32_t nr_entries;
	struct platform_entry *entry;	/* owned */
};

/* What was found for a message last. */
struct platform_memo {
	uint64_t addr, messages_seen;
	uint32_t data, function, index;
	bool found;
};

struct platform {
	struct platform_function *function;	/* owned */
	uint32_t nr_functions, last_function;
	struct platform_table *table;		/* owned */
	uint32_t nr_tables, nr_all_entries;
	uint64_t bars_changed;			/* counts up */
	uint64_t messages_changed;		/* counts up */
	/* of redirection entries; known has the bits that were written or read */
	uint64_t rte[PLATFORM_NR_IOAPICS][PLATFORM_NR_PINS], rte_known[PLATFORM_NR_IOAPICS][PLATFORM_NR_PINS];
	unsigned nr_ioapics;			/* that lines were seen of */
	struct platform_memo memo[PLATFORM_NR_MEMOS];
	bool failed;				/* memory was short: less is known than could be */
};

void platform_init(struct platform *pf);
void platform_fini(struct platform *pf);

/* Registers hold what they hold after a reset; or may hold anything. Which functions there are stays. */
void platform_reset(struct platform *pf);
void platform_forget(struct platform *pf);

/* The function at a place of its own; made where it is new. NULL where there are too many. type may be empty. */
struct platform_function *platform_function(struct platform *pf, uint64_t pci, struct qemu_text type);

/* The one function of these types (with blanks between); NULL where there is none, or more than one. */
struct platform_function *platform_of_type(struct platform *pf, const char *types, size_t len);

void platform_write_bar(struct platform *pf, struct platform_function *fn, unsigned bar, uint32_t value);
void platform_map_bar(struct platform *pf, struct platform_function *fn, unsigned bar, uint64_t addr, uint64_t size_bytes);

/* What a read of configuration space tells of capabilities. */
void platform_see_config(struct platform_function *fn, unsigned offset, uint32_t value);

/*
 * The table of a region, for an access at an address. NULL where there are too many. Its function is looked for by the
 * BARs; an access below the lowest one so far moves its base. unit_bytes: what a table begins at a multiple of.
 */
struct platform_table *platform_table(struct platform *pf, uint64_t mr, uint64_t addr, unsigned unit_bytes);

/* An entry of it, made where it is new; NULL out of bounds. */
struct platform_entry *platform_entry(struct platform *pf, struct platform_table *table, uint32_t index);

/* The only entry of all with that message; *function and *index say which. False where there is none, or several. */
bool platform_find_message(struct platform *pf, uint64_t addr, uint32_t data, uint32_t *function, uint32_t *index);

/*
 * The only table whose entry of that number is unmasked, as far as is known, and has that message; NULL where there is none, or
 * several.
 */
struct platform_table *platform_table_with(struct platform *pf, uint32_t index, uint64_t addr, uint32_t data);

/* A message told whose it is. */
void platform_own_table(struct platform *pf, struct platform_table *table, const struct platform_function *fn);

#endif
