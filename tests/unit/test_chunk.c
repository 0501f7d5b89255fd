/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packed rows and chunks: what goes in comes out, and damage is seen whatever the bytes are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/chunk.h"
#include "core/pack.h"

static uint64_t random_u64(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A number of any size, small ones as likely as large ones. */
static uint64_t random_size(uint64_t *rng)
{
	return random_u64(rng) >> (random_u64(rng) % 64);
}

static void random_args(uint64_t *rng, struct event *ev)
{
	const struct event_kind_info *info = &event_kinds[ev->kind];

	for (unsigned i = 0; i < EVENT_MAX_ARGS && info->args[i]; i++)
		if (random_u64(rng) % 4)
			event_arg_set(ev, info->args[i], (int64_t)random_size(rng));
}

static void random_objects(uint64_t *rng, struct event *ev)
{
	const uint8_t *kinds = event_kinds[ev->kind].objects;

	for (unsigned i = 0; i < EVENT_MAX_KIND_OBJECTS && kinds[i]; i++) {
		struct object_ref ref = { .kind = kinds[i], .id = random_size(rng), .machine = random_u64(rng) % 5 };

		if (random_u64(rng) % 2 && object_valid(ref) && event_add_object(ev, ref.kind, ref.id))
			ev->object[ev->nr_objects - 1].machine = ref.machine;
	}
}

static struct event random_event(uint64_t *rng, const struct event *before)
{
	struct event ev = {
		.ordinal = before->ordinal + 1 + random_u64(rng) % 100,
		.offset = random_size(rng),
		.t_lo_ns = before->t_lo_ns + (int64_t)(random_u64(rng) % 100000),
		.kind = (uint16_t)(1 + random_u64(rng) % (NR_EVENT_KINDS - 1)),
		.source = 3,
		.sub = random_u64(rng) % 8,
		.witness = random_u64(rng) % NR_WITNESSES,
		.cpu = (int32_t)(random_u64(rng) % 257) - 1,
		.pid = (int32_t)random_size(rng) & INT32_MAX,
		.comm = (str_id)random_size(rng),
		.via = (str_id)random_size(rng),
	};

	ev.t_hi_ns = ev.t_lo_ns + (int64_t)(random_u64(rng) % 2 ? random_u64(rng) % 1000 : 0);
	random_args(rng, &ev);
	random_objects(rng, &ev);
	return ev;
}

static void assert_events_equal(const struct event *a, const struct event *b)
{
	assert_int_equal(a->ordinal, b->ordinal);
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->t_lo_ns, b->t_lo_ns);
	assert_int_equal(a->t_hi_ns, b->t_hi_ns);
	assert_int_equal(a->source, b->source);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->sub, b->sub);
	assert_int_equal(a->witness, b->witness);
	assert_int_equal(a->cpu, b->cpu);
	assert_int_equal(a->pid, b->pid);
	assert_int_equal(a->comm, b->comm);
	assert_int_equal(a->via, b->via);
	assert_int_equal(a->known, b->known);
	assert_int_equal(a->nr_objects, b->nr_objects);
	for (unsigned i = 0; i < EVENT_MAX_OBJECTS; i++)
		assert_true(object_equal(a->object[i], b->object[i]));
	assert_memory_equal(a->arg, b->arg, sizeof(a->arg));
}

/* Fills cw with events until it is full, keeps them in kept. */
static unsigned fill_writer(struct chunk_writer *cw, uint64_t *rng, struct event *kept, unsigned max)
{
	struct event ev = { 0 };
	unsigned n = 0;

	while (n < max) {
		ev = random_event(rng, &ev);
		if (!chunk_writer_add(cw, &ev))
			break;
		kept[n++] = ev;
	}
	return n;
}

static void test_varint_ends(void **state)
{
	static const uint64_t values[] = { 0, 1, 0x7f, 0x80, 0x3fff, 0x4000, UINT32_MAX, 1ull << 63, UINT64_MAX };

	(void)state;
	for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint8_t bytes[10];
		uint8_t *end = pack_put_u64(bytes, values[i]);
		struct pack_cursor cur = { .at = bytes, .end = end };

		assert_int_equal(pack_get_u64(&cur), values[i]);
		assert_false(cur.bad);
		assert_ptr_equal(cur.at, end);
		cur = (struct pack_cursor){ .at = bytes, .end = end - 1 };
		assert_int_equal(pack_get_u64(&cur), 0);
		assert_true(cur.bad);
	}
}

static void test_varint_too_long(void **state)
{
	static const uint8_t over[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02 };
	static const uint8_t endless[] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 };
	struct pack_cursor cur = { .at = over, .end = over + sizeof(over) };

	(void)state;
	pack_get_u64(&cur);
	assert_true(cur.bad);
	cur = (struct pack_cursor){ .at = endless, .end = endless + sizeof(endless) };
	pack_get_u64(&cur);
	assert_true(cur.bad);
}

static void test_row_extremes(void **state)
{
	static const int64_t rows[][3] = {
		{ INT64_MIN, INT64_MAX, -1 }, { INT64_MAX, INT64_MIN, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { INT64_MIN, 1, -1 },
	};
	enum { NR_ROWS = sizeof(rows) / sizeof(rows[0]) };
	uint8_t bytes[NR_ROWS * PACK_MAX_ROW_BYTES], *end = bytes;
	int64_t prev[3] = { 0 };
	struct pack_cursor cur;

	(void)state;
	for (unsigned i = 0; i < NR_ROWS; i++)
		end = pack_put_row(end, prev, rows[i], 3);
	cur = (struct pack_cursor){ .at = bytes, .end = end };
	memset(prev, 0, sizeof(prev));
	for (unsigned i = 0; i < NR_ROWS; i++) {
		assert_true(pack_get_row(&cur, prev, 3));
		assert_memory_equal(prev, rows[i], sizeof(prev));
	}
	assert_ptr_equal(cur.at, end);
	assert_false(pack_get_row(&cur, prev, 3));
}

static void test_row_unknown_column(void **state)
{
	static const uint8_t fourth_column[] = { 0x08, 0x02 };
	struct pack_cursor cur = { .at = fourth_column, .end = fourth_column + sizeof(fourth_column) };
	int64_t prev[4] = { 0 };

	(void)state;
	assert_false(pack_get_row(&cur, prev, 3));
	assert_true(cur.bad);
	cur = (struct pack_cursor){ .at = fourth_column, .end = fourth_column + sizeof(fourth_column) };
	assert_true(pack_get_row(&cur, prev, 4));
	assert_int_equal(prev[3], 1);
}

static void test_round_trip(void **state)
{
	static struct event kept[CHUNK_MAX_EVENTS];
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_reader *cr = chunk_reader_new();
	uint64_t rng = 0x9e3779b97f4a7c15;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		unsigned n = fill_writer(cw, &rng, kept, CHUNK_MAX_EVENTS), nr_events;
		struct event ev;
		size_t len;
		const uint8_t *bytes = chunk_writer_bytes(cw, &len, &nr_events);

		assert_in_range(n, 400, CHUNK_MAX_EVENTS);
		assert_int_equal(nr_events, n);
		assert_in_range(len, 1, CHUNK_MAX_BYTES);
		chunk_reader_start(cr, bytes, len, 3);
		for (unsigned i = 0; i < n; i++) {
			assert_int_equal(chunk_reader_next(cr, &ev), CHUNK_EVENT);
			assert_events_equal(&ev, &kept[i]);
		}
		assert_int_equal(chunk_reader_next(cr, &ev), CHUNK_END);
		assert_int_equal(chunk_reader_next(cr, &ev), CHUNK_END);
		chunk_writer_reset(cw);
	}
	chunk_reader_free(cr);
	chunk_writer_free(cw);
}

static void test_every_kind(void **state)
{
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_reader *cr = chunk_reader_new();
	uint64_t rng = 42;

	(void)state;
	for (unsigned kind = 1; kind < NR_EVENT_KINDS; kind++) {
		struct event ev = { .ordinal = kind, .kind = (uint16_t)kind, .cpu = -1, .pid = -1 }, out;
		const uint8_t *bytes;
		size_t len;

		random_args(&rng, &ev);
		random_objects(&rng, &ev);
		assert_true(chunk_writer_add(cw, &ev));
		bytes = chunk_writer_bytes(cw, &len, NULL);
		chunk_reader_start(cr, bytes, len, 0);
		assert_int_equal(chunk_reader_next(cr, &out), CHUNK_EVENT);
		assert_events_equal(&out, &ev);
		assert_int_equal(chunk_reader_next(cr, &out), CHUNK_END);
		chunk_writer_reset(cw);
	}
	chunk_reader_free(cr);
	chunk_writer_free(cw);
}

static void test_empty(void **state)
{
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_reader *cr = chunk_reader_new();
	struct event ev;
	unsigned nr_events;
	size_t len;
	const uint8_t *bytes = chunk_writer_bytes(cw, &len, &nr_events);

	(void)state;
	assert_int_equal(nr_events, 0);
	chunk_reader_start(cr, bytes, len, 1);
	assert_int_equal(chunk_reader_next(cr, &ev), CHUNK_END);
	chunk_reader_free(cr);
	chunk_writer_free(cw);
}

static void test_count_limit(void **state)
{
	struct chunk_writer *cw = chunk_writer_new();
	struct event ev = { .kind = EV_IRQ_FLOW };

	(void)state;
	for (unsigned i = 0; i < CHUNK_MAX_EVENTS; i++) {
		ev.ordinal++;
		assert_true(chunk_writer_add(cw, &ev));
	}
	assert_false(chunk_writer_add(cw, &ev));
	chunk_writer_reset(cw);
	assert_true(chunk_writer_add(cw, &ev));
	chunk_writer_free(cw);
}

/* Reads bytes at the very end of an allocation of their own, so that a sanitizer sees any step over the end. */
static enum chunk_status read_all(struct chunk_reader *cr, const uint8_t *bytes, size_t len, unsigned *nr_events)
{
	uint8_t *copy = malloc(len ? len : 1);
	enum chunk_status status;
	struct event ev;

	memcpy(copy, bytes, len);
	chunk_reader_start(cr, copy, len, 1);
	for (*nr_events = 0; (status = chunk_reader_next(cr, &ev)) == CHUNK_EVENT; ++*nr_events)
		assert_true(event_valid(&ev));
	assert_int_equal(chunk_reader_next(cr, &ev), status);
	free(copy);
	return status;
}

static void test_truncation(void **state)
{
	static struct event kept[200];
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_reader *cr = chunk_reader_new();
	uint64_t rng = 7;
	unsigned n = fill_writer(cw, &rng, kept, 200), got;
	size_t len;
	const uint8_t *bytes = chunk_writer_bytes(cw, &len, NULL);

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_equal(read_all(cr, bytes, cut, &got), CHUNK_DAMAGED);
		assert_in_range(got, 0, n);
	}
	assert_int_equal(read_all(cr, bytes, len, &got), CHUNK_END);
	assert_int_equal(got, n);
	chunk_reader_free(cr);
	chunk_writer_free(cw);
}

static void test_trailing_bytes(void **state)
{
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_reader *cr = chunk_reader_new();
	struct event ev = { .kind = EV_IRQ_FLOW };
	const uint8_t *bytes;
	uint8_t longer[256];
	unsigned got;
	size_t len;

	(void)state;
	chunk_writer_add(cw, &ev);
	bytes = chunk_writer_bytes(cw, &len, NULL);
	memcpy(longer, bytes, len);
	longer[len] = 0;
	assert_int_equal(read_all(cr, longer, len, &got), CHUNK_END);
	assert_int_equal(read_all(cr, longer, len + 1, &got), CHUNK_DAMAGED);
	chunk_reader_free(cr);
	chunk_writer_free(cw);
}

static void test_flipped_bytes(void **state)
{
	static struct event kept[300];
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_reader *cr = chunk_reader_new();
	uint64_t rng = 99;
	unsigned n = fill_writer(cw, &rng, kept, 300), got, damaged = 0;
	size_t len;
	const uint8_t *bytes = chunk_writer_bytes(cw, &len, NULL);
	uint8_t *copy = malloc(len);

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		memcpy(copy, bytes, len);
		for (unsigned flips = 1 + random_u64(&rng) % 3; flips; flips--)
			copy[random_u64(&rng) % len] = (uint8_t)random_u64(&rng);
		if (read_all(cr, copy, len, &got) == CHUNK_DAMAGED)
			damaged++;
		else
			assert_int_equal(got, n);
	}
	assert_in_range(damaged, 1000, 20000);
	free(copy);
	chunk_reader_free(cr);
	chunk_writer_free(cw);
}

static void test_random_bytes(void **state)
{
	struct chunk_reader *cr = chunk_reader_new();
	uint64_t rng = 5;
	uint8_t bytes[512];
	unsigned got;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		size_t len = random_u64(&rng) % sizeof(bytes);

		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)random_size(&rng);
		read_all(cr, bytes, len, &got);
	}
	chunk_reader_free(cr);
}

/* A typical row must stay small: the store's size and speed rest on it. */
static void test_size(void **state)
{
	struct chunk_writer *cw = chunk_writer_new();
	struct event ev = { .cpu = 1, .pid = 77, .comm = 5, .via = 9, .witness = WITNESS_SHADOW };
	size_t len;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		ev.kind = i % 2 ? EV_IRQ_ENTER : EV_IRQ_EXIT;
		ev.nr_objects = ev.known = 0;
		memset(ev.arg, 0, sizeof(ev.arg));
		event_add_object(&ev, OBJ_IRQ, 25 + i / 2 % 3);
		event_arg_set(&ev, i % 2 ? ARG_NAME : ARG_RET, i % 2 ? 12 : 1);
		ev.ordinal += 2;
		ev.offset += 48;
		ev.t_lo_ns = ev.t_hi_ns = ev.t_lo_ns + 1500;
		assert_true(chunk_writer_add(cw, &ev));
	}
	chunk_writer_bytes(cw, &len, NULL);
	assert_in_range(len, 1000, 10000);
	chunk_writer_free(cw);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_varint_ends),
		cmocka_unit_test(test_varint_too_long),
		cmocka_unit_test(test_row_extremes),
		cmocka_unit_test(test_row_unknown_column),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_count_limit),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_trailing_bytes),
		cmocka_unit_test(test_flipped_bytes),
		cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
