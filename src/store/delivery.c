/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/delivery.h"

#include <string.h>

/*
 * Times count from the first one that the row has; a time that it has not repeats the row before and takes no byte. The
 * descriptor holds kind, result and which times there are.
 */
enum { NR_TIMES = 7, RESULT_SHIFT = 8, KIND_SHIFT = 16 };

enum { COL_BASE, COL_FIRST_EVENT, COL_EVENT_LEN, COL_OBJECT, COL_CPU, COL_VECTOR, COL_DESCRIPTOR, COL_TIMES };

_Static_assert((int)COL_TIMES + (int)NR_TIMES == (int)DELIVERY_COLUMNS, "columns of a delivery");

static void times_of(const struct delivery_row *row, int64_t *t_ns)
{
	const int64_t times[NR_TIMES] = {
		row->raise_ns, row->inject_ns, row->accept_ns, row->flow_ns, row->enter_ns, row->exit_ns, row->eoi_ns,
	};

	memcpy(t_ns, times, sizeof(times));
}

uint8_t *delivery_put(struct delivery_packer *dp, uint8_t *at, const struct delivery_row *row)
{
	int64_t columns[DELIVERY_COLUMNS], t_ns[NR_TIMES];
	unsigned present = 0;

	times_of(row, t_ns);
	memcpy(columns, dp->prev, sizeof(columns));
	for (unsigned i = 0; i < NR_TIMES; i++) {
		if (t_ns[i] == NO_TIME)
			continue;
		if (!present)
			columns[COL_BASE] = t_ns[i];
		columns[COL_TIMES + i] = (int64_t)((uint64_t)t_ns[i] - (uint64_t)columns[COL_BASE]);
		present |= 1u << i;
	}
	columns[COL_OBJECT] = row->object;
	columns[COL_CPU] = row->cpu;
	columns[COL_VECTOR] = row->vector;
	columns[COL_DESCRIPTOR] =
		(int64_t)((unsigned)row->kind << KIND_SHIFT | (unsigned)row->result << RESULT_SHIFT | present);
	columns[COL_FIRST_EVENT] = row->first_event;
	columns[COL_EVENT_LEN] = (int64_t)((uint64_t)row->last_event - (uint64_t)row->first_event);
	return pack_put_row(at, dp->prev, columns, DELIVERY_COLUMNS);
}

static int64_t time_at(const int64_t *columns, unsigned present, unsigned i)
{
	return present & 1u << i ? (int64_t)((uint64_t)columns[COL_BASE] + (uint64_t)columns[COL_TIMES + i]) : NO_TIME;
}

bool delivery_get(struct delivery_packer *dp, struct pack_cursor *cur, struct delivery_row *row)
{
	const int64_t *columns = dp->prev;
	unsigned present;

	if (!pack_get_row(cur, dp->prev, DELIVERY_COLUMNS))
		return false;
	present = columns[COL_DESCRIPTOR] & 0xff;
	*row = (struct delivery_row){
		.object = (uint32_t)columns[COL_OBJECT],
		.kind = (enum delivery_kind)(columns[COL_DESCRIPTOR] >> KIND_SHIFT & 0xff),
		.result = (enum delivery_result)(columns[COL_DESCRIPTOR] >> RESULT_SHIFT & 0xff),
		.cpu = (int32_t)columns[COL_CPU],
		.vector = (int32_t)columns[COL_VECTOR],
		.raise_ns = time_at(columns, present, 0),
		.inject_ns = time_at(columns, present, 1),
		.accept_ns = time_at(columns, present, 2),
		.flow_ns = time_at(columns, present, 3),
		.enter_ns = time_at(columns, present, 4),
		.exit_ns = time_at(columns, present, 5),
		.eoi_ns = time_at(columns, present, 6),
		.first_event = columns[COL_FIRST_EVENT],
		.last_event = (int64_t)((uint64_t)columns[COL_FIRST_EVENT] + (uint64_t)columns[COL_EVENT_LEN]),
	};
	return row->object == columns[COL_OBJECT] && row->cpu == columns[COL_CPU] &&
	       row->vector == columns[COL_VECTOR] && columns[COL_DESCRIPTOR] >> (KIND_SHIFT + 8) == 0 &&
	       row->kind < NR_DELIVERY_KINDS && row->result < NR_DELIVERY_RESULTS && !(present >> NR_TIMES);
}
