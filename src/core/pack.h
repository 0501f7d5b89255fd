/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of 64-bit columns as bytes: per row a bit set of the columns that differ from the row before, then those
 * differences, zigzag coded, seven bits a byte. Interrupt traffic repeats itself, so a row takes about a dozen bytes.
 */
#ifndef IRQPATH_CORE_PACK_H
#define IRQPATH_CORE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACK_MAX_COLUMNS = 32, PACK_MAX_ROW_BYTES = 5 + 10 * PACK_MAX_COLUMNS };

/* A cursor over bytes that may be hostile: every read is checked, a failed one leaves bad set and yields 0. */
struct pack_cursor {
	const uint8_t *at, *end;
	bool bad;
};

uint8_t *pack_put_u64(uint8_t *at, uint64_t value);
uint64_t pack_get_u64(struct pack_cursor *cur);

/*
 * Appends a row at at, which has PACK_MAX_ROW_BYTES of room, and makes it the row before. Returns the new end.
 * prev has nr_columns entries, all 0 before the first row.
 */
uint8_t *pack_put_row(uint8_t *at, int64_t *prev, const int64_t *row, unsigned nr_columns);

/* Reads a row into prev, which is then the row. False at damage. */
bool pack_get_row(struct pack_cursor *cur, int64_t *prev, unsigned nr_columns);

#endif
