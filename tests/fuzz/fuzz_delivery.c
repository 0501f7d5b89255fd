/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packed deliveries from anywhere: rows that can be come out, and go in again unchanged. */
#include <stdlib.h>
#include <string.h>

#include "store/delivery.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool same(const struct delivery_row *a, const struct delivery_row *b)
{
	return a->object == b->object && a->kind == b->kind && a->result == b->result && a->cpu == b->cpu &&
	       a->vector == b->vector && a->raise_ns == b->raise_ns && a->inject_ns == b->inject_ns &&
	       a->accept_ns == b->accept_ns && a->flow_ns == b->flow_ns && a->enter_ns == b->enter_ns &&
	       a->exit_ns == b->exit_ns && a->eoi_ns == b->eoi_ns && a->first_event == b->first_event &&
	       a->last_event == b->last_event;
}

static void check_writes_again(const struct delivery_row *row)
{
	struct delivery_packer put = { { 0 } }, get = { { 0 } };
	uint8_t bytes[PACK_MAX_ROW_BYTES];
	struct delivery_row again;
	struct pack_cursor cur = { .at = bytes, .end = delivery_put(&put, bytes, row) };

	if (cur.end > bytes + sizeof(bytes) || !delivery_get(&get, &cur, &again) || !same(row, &again) || cur.at != cur.end)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pack_cursor cur = { .at = data, .end = data + len };
	struct delivery_packer dp = { { 0 } };
	struct delivery_row row;

	while (cur.at < cur.end && delivery_get(&dp, &cur, &row)) {
		if (row.kind >= NR_DELIVERY_KINDS || row.result >= NR_DELIVERY_RESULTS)
			abort();
		/* A time that is NO_TIME though it is there would be written as one that is not. */
		check_writes_again(&row);
	}
	return 0;
}
