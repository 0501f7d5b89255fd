/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deliveries as packed rows: one each as dear as a row of SQLite's would cost more than the whole replay. */
#ifndef IRQPATH_STORE_DELIVERY_H
#define IRQPATH_STORE_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/derived.h"
#include "core/pack.h"

enum { DELIVERY_COLUMNS = 14, DELIVERY_BLOCK_ROWS = 4096 };

/* Row before; all 0 before the first. */
struct delivery_packer {
	int64_t prev[DELIVERY_COLUMNS];
};

/* Appends the row at at, which has PACK_MAX_ROW_BYTES of room; returns the new end. */
uint8_t *delivery_put(struct delivery_packer *dp, uint8_t *at, const struct delivery_row *row);

/* False at damage. */
bool delivery_get(struct delivery_packer *dp, struct pack_cursor *cur, struct delivery_row *row);

#endif
