/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A chunk is: per event its kind and one packed row; then kind 0 and the number of events, so that a chunk that was cut
 * anywhere is seen to be damaged. Each kind has a row before of its own, into which the columns that are predicted from
 * the event before of any kind are copied first. A column's place in the row is part of the database's schema version.
 */
#include "core/chunk.h"

#include <stdlib.h>
#include <string.h>

#include "core/pack.h"

/* The columns that change most come first: the bit set of a typical row then takes one byte, or two. */
enum {
	COL_ORDINAL, COL_T_LO, COL_OFFSET, COL_CPU,
	NR_SHARED_COLUMNS,	/* predicted from the event before of any kind */
	COL_OBJECT_0 = NR_SHARED_COLUMNS, COL_PID, COL_COMM,
	COL_ARGS,		/* as many as the kind has; the rest of the columns follow */
};

enum {
	REST_OBJECT_1, REST_OBJECT_2, REST_OBJECTS, REST_T_LEN, REST_SUB, REST_WITNESS, REST_VIA, REST_KNOWN,
	NR_REST_COLUMNS,
};

enum { MAX_COLUMNS = COL_ARGS + EVENT_MAX_ARGS + NR_REST_COLUMNS };
enum { TRAILER_BYTES = 1 + 3, MAX_EVENT_BYTES = 3 + PACK_MAX_ROW_BYTES };

/* The descriptor column: number of objects, then kind and machine of each. */
enum { COUNT_BITS = 2, KIND_BITS = 5, MACHINE_BITS = 15, OBJECT_BITS = KIND_BITS + MACHINE_BITS };

_Static_assert((int)MAX_COLUMNS <= (int)PACK_MAX_COLUMNS, "a row has too many columns");
_Static_assert(EVENT_MAX_OBJECTS < 1 << COUNT_BITS, "too many objects for the descriptor");
_Static_assert(NR_OBJECT_KINDS <= 1 << KIND_BITS, "too many object kinds for the descriptor");
_Static_assert(MACHINE_NR <= 1 << MACHINE_BITS, "too many machines for the descriptor");
_Static_assert(COUNT_BITS + EVENT_MAX_OBJECTS * OBJECT_BITS < 64, "the descriptor is too wide");

/* The rows before, by kind. A row is of this chunk where its stamp is the present one: a reset costs nothing. */
struct predictor {
	uint32_t stamp;
	uint32_t row_stamp[NR_EVENT_KINDS];
	uint8_t nr_args[NR_EVENT_KINDS];
	int64_t shared[NR_SHARED_COLUMNS];
	int64_t row[NR_EVENT_KINDS][MAX_COLUMNS];
};

static void predictor_reset(struct predictor *pr)
{
	if (++pr->stamp == 0) {
		memset(pr->row_stamp, 0, sizeof(pr->row_stamp));
		pr->stamp = 1;
	}
	memset(pr->shared, 0, sizeof(pr->shared));
}

static void predictor_init(struct predictor *pr)
{
	for (unsigned kind = 0; kind < NR_EVENT_KINDS; kind++)
		while (pr->nr_args[kind] < EVENT_MAX_ARGS && event_kinds[kind].args[pr->nr_args[kind]])
			pr->nr_args[kind]++;
	predictor_reset(pr);
}

/* The row before of that kind. */
static int64_t *predictor_row(struct predictor *pr, unsigned kind)
{
	int64_t *row = pr->row[kind];

	if (pr->row_stamp[kind] != pr->stamp) {
		pr->row_stamp[kind] = pr->stamp;
		memset(row, 0, sizeof(pr->row[kind]));
	}
	memcpy(row, pr->shared, sizeof(pr->shared));
	return row;
}

static int64_t objects_describe(const struct event *ev)
{
	uint64_t desc = ev->nr_objects;

	for (unsigned i = 0, shift = COUNT_BITS; i < ev->nr_objects; i++, shift += OBJECT_BITS)
		desc |= ((uint64_t)ev->object[i].machine << KIND_BITS | ev->object[i].kind) << shift;
	return (int64_t)desc;
}

/* Bits of a kind that does not exist are left for event_valid() to refuse. */
static void objects_from_description(struct event *ev, uint64_t desc)
{
	ev->nr_objects = desc & ((1 << COUNT_BITS) - 1);
	desc >>= COUNT_BITS;
	for (unsigned i = 0; i < EVENT_MAX_OBJECTS; i++, desc >>= OBJECT_BITS) {
		ev->object[i].kind = desc & ((1 << KIND_BITS) - 1);
		ev->object[i].machine = desc >> KIND_BITS & ((1 << MACHINE_BITS) - 1);
	}
}

static unsigned event_to_row(const struct event *ev, unsigned nr_args, int64_t *row)
{
	int64_t *rest = row + COL_ARGS + nr_args;

	row[COL_ORDINAL] = (int64_t)ev->ordinal;
	row[COL_T_LO] = ev->t_lo_ns;
	row[COL_OFFSET] = (int64_t)ev->offset;
	row[COL_CPU] = ev->cpu;
	row[COL_OBJECT_0] = ev->nr_objects > 0 ? (int64_t)ev->object[0].id : 0;
	row[COL_PID] = ev->pid;
	row[COL_COMM] = ev->comm;
	for (unsigned i = 0; i < nr_args; i++)
		row[COL_ARGS + i] = ev->arg[i];
	rest[REST_OBJECT_1] = ev->nr_objects > 1 ? (int64_t)ev->object[1].id : 0;
	rest[REST_OBJECT_2] = ev->nr_objects > 2 ? (int64_t)ev->object[2].id : 0;
	rest[REST_OBJECTS] = objects_describe(ev);
	rest[REST_T_LEN] = (int64_t)((uint64_t)ev->t_hi_ns - (uint64_t)ev->t_lo_ns);
	rest[REST_SUB] = ev->sub;
	rest[REST_WITNESS] = ev->witness;
	rest[REST_VIA] = ev->via;
	rest[REST_KNOWN] = ev->known;
	return COL_ARGS + nr_args + NR_REST_COLUMNS;
}

/* False where a column does not fit its member. */
static bool event_from_row(struct event *ev, unsigned nr_args, const int64_t *row)
{
	const int64_t *rest = row + COL_ARGS + nr_args;

	ev->ordinal = (uint64_t)row[COL_ORDINAL];
	ev->t_lo_ns = row[COL_T_LO];
	ev->offset = (uint64_t)row[COL_OFFSET];
	ev->cpu = (int32_t)row[COL_CPU];
	ev->object[0].id = (uint64_t)row[COL_OBJECT_0];
	ev->pid = (int32_t)row[COL_PID];
	ev->comm = (str_id)row[COL_COMM];
	for (unsigned i = 0; i < nr_args; i++)
		ev->arg[i] = row[COL_ARGS + i];
	ev->object[1].id = (uint64_t)rest[REST_OBJECT_1];
	ev->object[2].id = (uint64_t)rest[REST_OBJECT_2];
	objects_from_description(ev, (uint64_t)rest[REST_OBJECTS]);
	ev->t_hi_ns = (int64_t)((uint64_t)ev->t_lo_ns + (uint64_t)rest[REST_T_LEN]);
	ev->sub = (uint8_t)rest[REST_SUB];
	ev->witness = (uint8_t)rest[REST_WITNESS];
	ev->via = (str_id)rest[REST_VIA];
	ev->known = (uint16_t)rest[REST_KNOWN];
	return ev->cpu == row[COL_CPU] && ev->pid == row[COL_PID] && ev->comm == row[COL_COMM] &&
	       rest[REST_T_LEN] >= 0 && ev->sub == rest[REST_SUB] && ev->witness == rest[REST_WITNESS] &&
	       ev->via == rest[REST_VIA] && ev->known == rest[REST_KNOWN];
}

struct chunk_writer {
	struct predictor pr;
	unsigned nr_events;
	uint8_t *at;
	uint8_t bytes[CHUNK_MAX_BYTES];
};

struct chunk_writer *chunk_writer_new(void)
{
	struct chunk_writer *cw = calloc(1, sizeof(*cw));

	if (!cw)
		return NULL;
	predictor_init(&cw->pr);
	cw->at = cw->bytes;
	return cw;
}

void chunk_writer_free(struct chunk_writer *cw)
{
	free(cw);
}

bool chunk_writer_add(struct chunk_writer *cw, const struct event *ev)
{
	int64_t row[MAX_COLUMNS], *prev;
	unsigned nr_columns;

	if (cw->nr_events == CHUNK_MAX_EVENTS || cw->bytes + CHUNK_MAX_BYTES - cw->at < MAX_EVENT_BYTES + TRAILER_BYTES)
		return false;
	prev = predictor_row(&cw->pr, ev->kind);
	nr_columns = event_to_row(ev, cw->pr.nr_args[ev->kind], row);
	cw->at = pack_put_u64(cw->at, ev->kind);
	cw->at = pack_put_row(cw->at, prev, row, nr_columns);
	memcpy(cw->pr.shared, row, sizeof(cw->pr.shared));
	cw->nr_events++;
	return true;
}

const uint8_t *chunk_writer_bytes(const struct chunk_writer *cw, size_t *len_bytes, unsigned *nr_events)
{
	uint8_t *end = cw->at;	/* room for the trailer is always kept, the next event overwrites it */

	end = pack_put_u64(end, EV_NONE);
	end = pack_put_u64(end, cw->nr_events);
	*len_bytes = (size_t)(end - cw->bytes);
	if (nr_events)
		*nr_events = cw->nr_events;
	return cw->bytes;
}

void chunk_writer_reset(struct chunk_writer *cw)
{
	predictor_reset(&cw->pr);
	cw->at = cw->bytes;
	cw->nr_events = 0;
}

struct chunk_reader {
	struct predictor pr;
	struct pack_cursor cur;
	unsigned nr_events;
	uint32_t source;
	enum chunk_status ended;	/* CHUNK_EVENT: not yet */
};

struct chunk_reader *chunk_reader_new(void)
{
	struct chunk_reader *cr = calloc(1, sizeof(*cr));

	if (!cr)
		return NULL;
	predictor_init(&cr->pr);
	cr->ended = CHUNK_END;
	return cr;
}

void chunk_reader_free(struct chunk_reader *cr)
{
	free(cr);
}

void chunk_reader_start(struct chunk_reader *cr, const uint8_t *bytes, size_t len_bytes, uint32_t source)
{
	predictor_reset(&cr->pr);
	cr->cur = (struct pack_cursor){ .at = bytes, .end = bytes + len_bytes };
	cr->nr_events = 0;
	cr->source = source;
	cr->ended = len_bytes > CHUNK_MAX_BYTES ? CHUNK_DAMAGED : CHUNK_EVENT;
}

static enum chunk_status chunk_reader_end(struct chunk_reader *cr)
{
	uint64_t nr_events = pack_get_u64(&cr->cur);
	bool whole = !cr->cur.bad && nr_events == cr->nr_events && cr->cur.at == cr->cur.end;

	return cr->ended = whole ? CHUNK_END : CHUNK_DAMAGED;
}

enum chunk_status chunk_reader_next(struct chunk_reader *cr, struct event *ev)
{
	uint64_t kind;
	unsigned nr_args;
	int64_t *row;

	if (cr->ended)
		return cr->ended;
	kind = pack_get_u64(&cr->cur);
	if (kind == EV_NONE && !cr->cur.bad)
		return chunk_reader_end(cr);
	if (cr->cur.bad || kind >= NR_EVENT_KINDS || cr->nr_events == CHUNK_MAX_EVENTS)
		return cr->ended = CHUNK_DAMAGED;

	nr_args = cr->pr.nr_args[kind];
	row = predictor_row(&cr->pr, (unsigned)kind);
	if (!pack_get_row(&cr->cur, row, COL_ARGS + nr_args + NR_REST_COLUMNS))
		return cr->ended = CHUNK_DAMAGED;
	memcpy(cr->pr.shared, row, sizeof(cr->pr.shared));
	memset(ev, 0, sizeof(*ev));
	ev->kind = (uint16_t)kind;
	ev->source = cr->source;
	if (!event_from_row(ev, nr_args, row) || !event_valid(ev))
		return cr->ended = CHUNK_DAMAGED;
	cr->nr_events++;
	return CHUNK_EVENT;
}
