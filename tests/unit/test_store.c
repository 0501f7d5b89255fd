/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The database: what goes in comes out by every way, files are whole or not there, foreign ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/chunk.h"
#include "core/event_text.h"
#include "store/cursor.h"
#include "store/export.h"
#include "store/query.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/time.h"
#include "store/what_if.h"

enum { EVENTS_PER_SOURCE = 700, EVENTS_PER_CHUNK = 64, NR_SOURCES = 3, NR_DELIVERIES = 9000 };

#define HZ UINT64_C(2500000000)

/* A directory of its own for each test, and the diagnostics of that test. */
struct fixture {
	char dir[64], db[96];
	struct diag_sink diag;
	enum diag_code last_code;
	char last_text[512];
};

static void keep_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct fixture *fx = ctx;

	fx->last_code = code;
	snprintf(fx->last_text, sizeof(fx->last_text), "%s: %s", pos.path ? pos.path : "", text);
}

static int setup(void **state)
{
	struct fixture *fx = calloc(1, sizeof(*fx));

	strcpy(fx->dir, "/tmp/test_store.XXXXXX");
	if (!mkdtemp(fx->dir))
		return -1;
	snprintf(fx->db, sizeof(fx->db), "%s/a.db", fx->dir);
	fx->diag = (struct diag_sink){ .fn = keep_diag, .ctx = fx };
	*state = fx;
	return 0;
}

/* Calls fn with each name in the directory; returns how many there are. */
static unsigned each_file(const struct fixture *fx, void (*fn)(const char *path))
{
	DIR *dir = opendir(fx->dir);
	struct dirent *entry;
	unsigned n = 0;

	while ((entry = readdir(dir))) {
		char path[512];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		n++;
		snprintf(path, sizeof(path), "%s/%s", fx->dir, entry->d_name);
		if (fn)
			fn(path);
	}
	closedir(dir);
	return n;
}

static void remove_file(const char *path)
{
	unlink(path);
}

static int teardown(void **state)
{
	struct fixture *fx = *state;

	each_file(fx, remove_file);
	rmdir(fx->dir);
	free(fx);
	return 0;
}

/* ---------------------------------------------------------------- a database with something of everything */

static struct event made_event(uint32_t source, unsigned n)
{
	static const enum event_kind kinds[] = { EV_IRQ_ENTER, EV_IRQ_EXIT, EV_PCI_MSIX_ENTRY_WRITE, EV_VECTOR_CONFIG, EV_LOST };
	struct event ev = {
		.ordinal = 1 + 2 * n,
		.offset = 4096 + 48 * n,
		.t_lo_ns = 1000000000 + (int64_t)n / 3 * 1000,
		.source = source,
		.kind = (uint16_t)kinds[(n + source) % 5],
		.sub = n % 3,
		.witness = n % NR_WITNESSES,
		.cpu = n % 4 ? (int32_t)(n % 4) : -1,
		.pid = n % 7 ? (int32_t)n : -1,
		.comm = n % 3,
		.via = 1 + n % 2,
	};
	const struct event_kind_info *info = &event_kinds[ev.kind];

	/* in the order of their ends; holes begin before what stands in front of them */
	ev.t_hi_ns = ev.t_lo_ns;
	if (ev.kind == EV_LOST)
		ev.t_lo_ns -= 1500;
	for (unsigned i = 0; info->objects[i]; i++)
		event_add_object(&ev, info->objects[i], n % 5 + 1);
	for (unsigned i = 0; info->args[i]; i++) {
		bool is_string = event_args[info->args[i]].type == ARG_TYPE_STR;

		if ((n + i) % 5)
			event_arg_set(&ev, info->args[i], is_string ? 1 + n % 3 : (int64_t)n * 77 - 100);
	}
	if (ev.nr_objects && n % 11 == 0)
		ev.object[0].machine = MACHINE_GUEST;
	return ev;
}

static void add_events(struct store *st, uint32_t source)
{
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_info info = { .source = source };

	for (unsigned n = 0; n <= EVENTS_PER_SOURCE; n++) {
		struct event ev = made_event(source, n);
		size_t len;

		if (n && (n % EVENTS_PER_CHUNK == 0 || n == EVENTS_PER_SOURCE)) {
			const uint8_t *bytes = chunk_writer_bytes(cw, &len, &info.nr_events);

			assert_true(store_chunk(st, &info, bytes, len));
			chunk_writer_reset(cw);
		}
		chunk_writer_bytes(cw, &len, &info.nr_events);
		if (!info.nr_events) {
			info.first_ordinal = ev.ordinal;
			info.t_min_ns = ev.t_lo_ns;
		}
		assert_true(chunk_writer_add(cw, &ev));
		info.last_ordinal = ev.ordinal;
		info.t_max_ns = ev.t_lo_ns;
	}
	chunk_writer_free(cw);
}

static void add_source(struct store *st, const char *machine)
{
	static const char *const strings[] = { "swapper/0", "weird \"name\"\t\\\x1b[31m\xff", "irq_handler_entry" };
	struct source_info info = { .kind = "trace.dat 7", .clock = "mono", .release = "6.1.0", .layer = LAYER_KERNEL, .nr_cpus = 4 };
	struct source_signal sig = { .kind = EV_IRQ_ENTER, .witness = WITNESS_SHADOW, .grade = SIGNAL_COMPLETE,
				     .basis = SIGNAL_SEEN, .machine = MACHINE_GUEST, .via = "irq_handler_entry" };
	struct record_kind rk = { .name = "irq:irq_handler_entry", .count = 10, .kept = 9 };
	struct source_end end = { .complete = true, .records = 2000, .kept = 700, .offset = 12345 };
	struct diag_pos pos = { .path = "x", .byte = 17, .line = 3 };
	struct event field = { .kind = EV_SNAPSHOT_FIELD, .ordinal = 5000, .witness = WITNESS_SHADOW, .cpu = 1 };
	uint32_t source;

	assert_true(store_add_source(st, "a capture.dat", machine, &source));
	field.source = source;
	event_add_object(&field, OBJ_XIRQ, 27);
	event_add_object(&field, OBJ_PIRQ, object_id_pair(0, 412));
	event_arg_set(&field, ARG_FIELD, 1);
	event_arg_set(&field, ARG_VALUE, -7);
	event_arg_set(&field, ARG_TEXT, 2);
	assert_true(store_source_info(st, source, &info));
	for (unsigned i = 0; i < 3; i++)
		assert_true(store_string(st, source, i + 1, strings[i], strlen(strings[i])));
	add_events(st, source);
	assert_true(store_signal(st, source, &sig, 1000000000, 2000000000));
	sig.basis = SIGNAL_DECLARED;
	sig.kind = EV_IRQ_MASK;
	assert_true(store_signal(st, source, &sig, NO_TIME, 2000000000));
	assert_true(store_record_kind(st, source, &rk));
	assert_true(store_gap(st, source, -1, NO_TIME, 1000001000, 0, event_id(source, 9, 0)));
	assert_true(store_gap(st, source, 1, 1000001000, 1000002000, 5, event_id(source, 11, 0)));
	assert_true(store_diag(st, source, DIAG_LOST_EVENTS, pos, "some were lost"));
	assert_true(store_snapshot_field(st, &field));
	assert_true(store_event_text(st, event_id(source, 1, 0), "the record\nas it was"));
	assert_true(store_source_end(st, source, &end));
}

static struct delivery_row made_delivery(unsigned n)
{
	struct delivery_row row = {
		.object = 1 + n % 3,
		.kind = n % NR_DELIVERY_KINDS,
		.result = n % NR_DELIVERY_RESULTS,
		.cpu = (int32_t)(n % 5) - 1,
		.vector = n % 2 ? 49 : -1,
		.raise_ns = n % 4 ? NO_TIME : 900 + (int64_t)n * 1000,
		.inject_ns = NO_TIME,
		.accept_ns = NO_TIME,
		.flow_ns = n % 9 ? 1000 + (int64_t)n * 1000 : NO_TIME,
		.enter_ns = n % 9 ? 1010 + (int64_t)n * 1000 : NO_TIME,
		.exit_ns = n % 3 ? 1100 + (int64_t)n * 1000 : NO_TIME,
		.eoi_ns = n % 9 ? 1200 + (int64_t)n * 1000 : NO_TIME,
		.first_event = n % 13 ? event_id(1, n, 0) : 0,
		.last_event = event_id(1, n + 3, 1),
	};

	return row;
}

static void add_objects(const struct derived_sink *sink)
{
	struct object_row rows[] = {
		{ .id = 1, .ref = { object_id_entry(object_id_pci(0, 3, 0, 0), 2), MACHINE_HOST, OBJ_MSIX }, .generation = 1,
		  .path = PATH_BAREMETAL, .function = 4, .born_ns = NO_TIME, .gone_ns = NO_TIME },
		{ .id = 2, .ref = { 29, MACHINE_HOST, OBJ_IRQ }, .generation = 2, .path = PATH_BAREMETAL, .name_source = 1, .name = 1,
		  .handler = 3, .first_event = 8, .last_event = 16, .born_ns = 1000, .gone_ns = 2000 },
		{ .id = 3, .ref = { 9, MACHINE_HOST, OBJ_IRQ }, .generation = 1, .born_ns = NO_TIME, .gone_ns = NO_TIME },
		{ .id = 4, .ref = { object_id_pci(0, 3, 0, 0), MACHINE_HOST, OBJ_PCI }, .generation = 1, .born_ns = NO_TIME,
		  .gone_ns = NO_TIME },
		{ .id = 5, .ref = { 1, MACHINE_DOM0, OBJ_CPU }, .generation = 1, .born_ns = NO_TIME, .gone_ns = NO_TIME },
		{ .id = 6, .ref = { object_id_pair(0, 23), MACHINE_HOST, OBJ_PIN }, .generation = 1, .born_ns = NO_TIME,
		  .gone_ns = NO_TIME },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(sink->object(sink->ctx, &rows[i]), 0);
}

static void add_obligations(const struct derived_sink *sink)
{
	struct obligation_row row = { .object = 1, .kind = "msix-unmask", .trigger_event = 8, .trigger_ns = 5, .cause_event = 16,
				      .expected_event = 24, .first_missed_event = 32, .missed = 2, .end_event = 40, .end_ns = 6,
				      .ended_by = "unmask", .gap_event = 48, .owner = "kernel" };

	const struct stat_row stat = { .kind = "msix-unmask", .met = 100, .p50_ns = 50, .p99_ns = 99, .max_ns = 100 };

	for (int i = 0; i < 150; i++) {
		row.owed_ns = 100 - i % 100;
		row.ending = i < 100 ? ENDING_DISCHARGED : ENDING_OPEN;
		assert_int_equal(sink->obligation(sink->ctx, &row), 0);
	}
	assert_int_equal(sink->stat(sink->ctx, &stat), 0);
}

static void add_derived(struct store *st)
{
	const struct derived_sink *sink = store_derived_sink(st);
	struct link_row pin = { .feeder = 6, .fed = 2, .from_ns = NO_TIME, .to_ns = NO_TIME };
	struct link_row entry = { .feeder = 1, .fed = 2, .proof = PROOF_SEEN, .source = 1, .from_event = 8, .to_event = 16,
				  .from_ns = 66, .to_ns = 77 };
	struct step_row step = { .event = 8, .t_ns = 5, .object = 1, .component = "msix", .field = "mask", .from = "0", .to = "1",
				 .input = "mask", .owner = "kernel", .prompt = "response", .unexpected = true };
	struct span_row span = { .object = 1, .component = "msix", .field = "mask", .state = "1", .start_event = 8,
				 .end_event = 16, .start_ns = 7, .end_ns = 9, .ending = ENDING_DISCHARGED, .ended_by = "unmask" };
	struct summary_row summary = { .object = 2, .deliveries = 5, .unhandled_first_event = 8, .unhandled_last_event = 16,
				       .first_ns = 1, .last_ns = 2, .first_event = 8, .last_event = 16, .longest_gap_ns = 1, .busiest_second = 3, .busiest_event = 8 };
	struct ledger_row ledger = { .object = 2, .hop = "handled", .lo = 30, .hi = 33 };
	struct ledger_row unbounded = { .object = 1, .hop = "raised", .lo = 30, .hi_unbounded = true };
	struct harm_row harm = { .event = 8, .object = 2, .kind = "harm.timeout" };
	struct path_row path = { .machine = MACHINE_DOMAIN + 3, .path = PATH_HVM_PIRQ, .event = 8 };
	struct dump_row dump = { .event = 8, .object = 2, .component = "xen_irq", .field = "vector", .believed = "0x39", .seen = "0x61",
				 .since_event = 8, .result = DUMP_DIFFERS };

	add_objects(sink);
	add_obligations(sink);
	assert_int_equal(sink->link(sink->ctx, &pin), 0);
	assert_int_equal(sink->link(sink->ctx, &entry), 0);
	assert_int_equal(sink->step(sink->ctx, &step), 0);
	assert_int_equal(sink->span(sink->ctx, &span), 0);
	assert_int_equal(sink->summary(sink->ctx, &summary), 0);
	assert_int_equal(sink->ledger(sink->ctx, &ledger), 0);
	assert_int_equal(sink->ledger(sink->ctx, &unbounded), 0);
	assert_int_equal(sink->harm(sink->ctx, &harm), 0);
	assert_int_equal(sink->path(sink->ctx, &path), 0);
	assert_int_equal(sink->dump(sink->ctx, &dump), 0);
	for (unsigned n = 0; n < NR_DELIVERIES; n++) {
		struct delivery_row row = made_delivery(n);

		assert_int_equal(sink->delivery(sink->ctx, &row), 0);
	}
	assert_true(store_derived_end(st));
}

/* A source without events that counts cycles, and tells how many a second. */
static void add_cycles(struct store *st)
{
	const struct source_info info = { .kind = "z", .clock = "tsc", .time_is_cycles = true, .tsc_hz = HZ };
	uint32_t source;

	assert_true(store_add_source(st, "z", "xen", &source) && store_source_info(st, source, &info));
	assert_true(store_rate_clock(st, source, HZ, source));
}

static struct store *make_store(struct fixture *fx, const char *path)
{
	static const char *const machines[NR_SOURCES] = { "host", "dom0", "guest" };
	struct store *st = store_create(path, &fx->diag);

	assert_non_null(st);
	for (unsigned i = 0; i < NR_SOURCES; i++)
		add_source(st, machines[i]);
	add_cycles(st);
	assert_true(store_set_meta(st, "key", "value"));
	add_derived(st);
	return st;
}

static void make_file(struct fixture *fx)
{
	struct store *st = make_store(fx, fx->db);

	assert_true(store_finish(st));
	store_close(st);
	assert_int_equal(fx->diag.count[DIAG_ERROR], 0);
}

static char *export_text(struct store *st, bool (*export)(struct store *st, FILE *out))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_true(export(st, out));
	fclose(out);
	return text;
}

/* Changes a database in a way that the program never would. */
static void change(const char *path, const char *sql)
{
	sqlite3 *db;
	char *message = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, sql, NULL, NULL, &message);
	assert_null(message);
	sqlite3_close(db);
}

/* ---------------------------------------------------------------- events */

static void assert_event_is(const struct event *ev, uint32_t source, unsigned n, uint16_t machine)
{
	struct event made = made_event(source, n);

	for (unsigned i = 0; i < made.nr_objects; i++)
		if (made.object[i].machine == MACHINE_OWN)
			made.object[i].machine = machine;
	assert_int_equal(ev->ordinal, made.ordinal);
	assert_int_equal(ev->t_lo_ns, made.t_lo_ns);
	assert_int_equal(ev->t_hi_ns, made.t_hi_ns);
	assert_int_equal(ev->source, source);
	assert_int_equal(ev->kind, made.kind);
	assert_int_equal(ev->sub, made.sub);
	assert_int_equal(ev->known, made.known);
	assert_memory_equal(ev->arg, made.arg, sizeof(made.arg));
	assert_int_equal(ev->nr_objects, made.nr_objects);
	for (unsigned i = 0; i < made.nr_objects; i++)
		assert_true(object_equal(ev->object[i], made.object[i]));
}

static void test_cursor_merges(void **state)
{
	struct store *st = make_store(*state, NULL);
	struct cursor *cur = cursor_open(st);
	unsigned seen[NR_SOURCES + 1] = { 0 };
	struct event ev, before = { .t_hi_ns = INT64_MIN };
	static const uint16_t machines[] = { 0, MACHINE_HOST, MACHINE_DOM0, MACHINE_GUEST };

	while (cursor_next(cur, &ev)) {
		assert_true(ev.t_hi_ns > before.t_hi_ns || (ev.t_hi_ns == before.t_hi_ns && ev.source >= before.source));
		assert_event_is(&ev, ev.source, seen[ev.source]++, machines[ev.source]);
		before = ev;
	}
	assert_false(cursor_failed(cur));
	assert_false(cursor_next(cur, &ev));
	for (unsigned i = 1; i <= NR_SOURCES; i++)
		assert_int_equal(seen[i], EVENTS_PER_SOURCE);
	cursor_close(cur);
	store_close(st);
}

static void test_cursor_one_source(void **state)
{
	struct fixture *fx = *state;
	struct store *st = store_create(NULL, &fx->diag);
	struct cursor *cur;
	struct event ev;
	unsigned n = 0;

	add_source(st, "host");
	cur = cursor_open(st);
	while (cursor_next(cur, &ev))
		assert_event_is(&ev, 1, n++, MACHINE_HOST);
	assert_int_equal(n, EVENTS_PER_SOURCE);
	assert_false(cursor_next(cur, &ev));
	assert_false(cursor_failed(cur));
	cursor_close(cur);
	store_close(st);
}

static void test_cursor_empty(void **state)
{
	struct fixture *fx = *state;
	struct store *st = store_create(NULL, &fx->diag);
	struct cursor *cur = cursor_open(st);
	struct event ev;

	assert_false(cursor_next(cur, &ev));
	assert_false(cursor_failed(cur));
	cursor_close(cur);
	store_close(st);
}

static void test_seek(void **state)
{
	struct store *st = make_store(*state, NULL);
	struct event ev;

	for (unsigned n = 0; n < EVENTS_PER_SOURCE; n += 13) {
		struct event made = made_event(2, n);

		assert_true(cursor_seek(st, event_id(2, made.ordinal, made.sub), &ev));
		assert_event_is(&ev, 2, n, MACHINE_DOM0);
		assert_false(cursor_seek(st, event_id(2, made.ordinal, made.sub + 1), &ev));
	}
	assert_false(cursor_seek(st, event_id(2, 2, 0), &ev));
	assert_false(cursor_seek(st, event_id(9, 1, 0), &ev));
	assert_false(cursor_seek(st, 0, &ev));
	assert_false(cursor_seek(st, -1, &ev));
	store_close(st);
}

/* Ids of a query as text. */
static char *query_ids(struct store *st, const char *sql)
{
	struct query *q = query_open(st, sql);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(q);
	while (query_next(q))
		fprintf(out, "%" PRId64 " ", query_int(q, 0));
	assert_false(query_failed(q));
	query_close(q);
	fclose(out);
	return text;
}

/* The virtual table narrows by its keys; a copy of all rows in an ordinary table is what it must agree with. */
static void assert_same_rows(struct store *st, const char *table, const char *where)
{
	char sql[512], *packed, *plain;

	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE %s ORDER BY id", table, where);
	packed = query_ids(st, sql);
	snprintf(sql, sizeof(sql), "SELECT id FROM temp.plain_%s WHERE %s ORDER BY id", table, where);
	plain = query_ids(st, sql);
	assert_string_equal(packed, plain);
	free(packed);
	free(plain);
}

static void test_event_constraints(void **state)
{
	static const char *const wheres[] = {
		"1", "id = 8796093022217", "id = 8796093022216", "id = 5", "id = -5", "id = NULL", "id IS NULL", "id = '8796093022217'",
		"id = 8796093022217.0", "id > 17592186046000", "id >= 17592186045001 AND id < 17592186046000", "id <> 17592186045001",
		"id BETWEEN 8796093023000 AND 17592186045000", "id < 8796093022500", "id IN (8796093022217, 17592186044425, 3)",
		"source = 2", "source = 9", "source > 1", "source <= 2", "source = 2 AND id > 17592186045000", "source = '2'",
		"source = 1 AND id > 17592186045000", "t_lo_ns = 1000005000", "t_lo_ns > 1000200000", "t_lo_ns < 1000003000",
		"t_lo_ns BETWEEN 1000005000 AND 1000009000", "t_lo_ns >= 1000005000.5 AND t_lo_ns < 1000009000.5",
		"t_lo_ns > 1000005000 AND source = 3", "t_lo_ns > 9223372036854775807", "t_lo_ns < -9223372036854775808",
		"t_lo_ns > 'text'", "t_lo_ns < 'text'", "t_lo_ns > 1e300", "t_lo_ns < 1e300", "t_lo_ns > -1e300",
		"t_lo_ns = 1000005000 AND source = 1 AND id > 0", "rowid = 8796093022217", "kind = 'lost'", "kind = 'lost' AND source = 2",
		"cpu IS NULL", "pid = 5 OR source = 3", "id = 8796093022217 OR t_lo_ns = 1000005000", "ordinal = 31", "sub = 2",
	};
	struct store *st = make_store(*state, NULL);
	char *count;

	assert_int_equal(sqlite3_exec(store_connection(st), "CREATE TEMP TABLE plain_event AS SELECT *, id AS rowid FROM event", NULL,
				      NULL, NULL), SQLITE_OK);
	count = query_ids(st, "SELECT count(*) FROM temp.plain_event");
	assert_string_equal(count, "2100 ");
	free(count);
	for (unsigned i = 0; i < sizeof(wheres) / sizeof(wheres[0]); i++)
		assert_same_rows(st, "event", wheres[i]);
	store_close(st);
}

static void test_delivery_constraints(void **state)
{
	static const char *const wheres[] = {
		"1", "id = 1", "id = 4096", "id = 4097", "id = 9000", "id = 9001", "id = 0", "id > 8000", "id BETWEEN 4000 AND 4200",
		"object = 2", "object = 2 AND id < 100", "object > 1", "object = 99", "object IN (1, 3)", "vector IS NULL",
		"raise_ns > 5000 AND object = 1", "result = 'unhandled'", "first_event IS NULL",
	};
	struct store *st = make_store(*state, NULL);

	assert_int_equal(sqlite3_exec(store_connection(st), "CREATE TEMP TABLE plain_delivery AS SELECT * FROM delivery", NULL, NULL,
				      NULL), SQLITE_OK);
	for (unsigned i = 0; i < sizeof(wheres) / sizeof(wheres[0]); i++)
		assert_same_rows(st, "delivery", wheres[i]);
	store_close(st);
}

static void assert_column_time(struct query *q, int col, int64_t t_ns)
{
	if (t_ns == NO_TIME)
		assert_int_equal(query_type(q, col), QUERY_NULL);
	else
		assert_int_equal(query_int(q, col), t_ns);
}

static void test_delivery_values(void **state)
{
	struct store *st = make_store(*state, NULL);
	struct query *q = query_open(st, "SELECT * FROM delivery");
	unsigned n = 0;

	for (; query_next(q); n++) {
		struct delivery_row row = made_delivery(n);

		assert_int_equal(query_int(q, 0), n + 1);
		assert_int_equal(query_int(q, 1), row.object);
		assert_string_equal(query_text(q, 2), delivery_kind_name(row.kind));
		assert_string_equal(query_text(q, 3), delivery_result_name(row.result));
		assert_int_equal(query_type(q, 4) == QUERY_NULL ? -1 : query_int(q, 4), row.cpu);
		assert_int_equal(query_type(q, 5) == QUERY_NULL ? -1 : query_int(q, 5), row.vector);
		assert_column_time(q, 6, row.raise_ns);
		assert_column_time(q, 7, row.inject_ns);
		assert_column_time(q, 8, row.accept_ns);
		assert_column_time(q, 9, row.flow_ns);
		assert_column_time(q, 10, row.enter_ns);
		assert_column_time(q, 11, row.exit_ns);
		assert_column_time(q, 12, row.eoi_ns);
		assert_int_equal(query_int(q, 13), row.first_event);
		assert_int_equal(query_int(q, 14), row.last_event);
	}
	assert_int_equal(n, NR_DELIVERIES);
	query_close(q);
	store_close(st);
}

static void assert_query_text(struct store *st, const char *sql, const char *expected)
{
	struct query *q = query_open(st, sql);

	assert_non_null(q);
	assert_true(query_next(q));
	if (expected)
		assert_string_equal(query_text(q, 0), expected);
	else
		assert_int_equal(query_type(q, 0), QUERY_NULL);
	query_close(q);
}

static void test_event_columns(void **state)
{
	struct fixture *fx = *state;
	struct store *st = store_create(NULL, &fx->diag);
	struct chunk_writer *cw = chunk_writer_new();
	struct event ev = { .ordinal = 5, .offset = 99, .t_lo_ns = 10, .t_hi_ns = 12, .kind = EV_IRQ_MASK, .witness = WITNESS_SHADOW,
			    .cpu = 3, .pid = -1, .comm = 1, .via = 2 };
	struct chunk_info info = { .source = 1, .nr_events = 1, .first_ordinal = 5, .last_ordinal = 5, .t_min_ns = 10, .t_max_ns = 10 };
	uint32_t source;
	const uint8_t *bytes;
	size_t len;

	event_add_object(&ev, OBJ_IRQ, 29);
	event_add_object(&ev, OBJ_PIN, object_id_pair(0, 23));
	ev.object[1].machine = MACHINE_XEN;
	event_arg_set(&ev, ARG_STATE, 0x1f);
	event_arg_set(&ev, ARG_RTE, -2);
	chunk_writer_add(cw, &ev);
	bytes = chunk_writer_bytes(cw, &len, NULL);
	assert_true(store_add_source(st, "x", "dom0", &source));
	assert_true(store_string(st, 1, 1, "a \"b\"", 5));
	assert_true(store_string(st, 1, 2, "mask_irq", 8));
	assert_true(store_chunk(st, &info, bytes, len));
	assert_query_text(st, "SELECT objects FROM event", "dom0/irq:29 xen/pin:0.23");
	assert_true(store_source_info(st, source, &(struct source_info){ .kind = "y", .machine = MACHINE_DOMAIN + 3 }));
	assert_query_text(st, "SELECT machine FROM source", "d3");
	assert_query_text(st, "SELECT objects FROM event", "d3/irq:29 xen/pin:0.23");
	assert_true(store_source_info(st, source, &(struct source_info){ .kind = "y" }));
	assert_query_text(st, "SELECT machine FROM source", "d3");
	assert_query_text(st, "SELECT args FROM event", "{\"state\":31,\"rte\":-2}");
	assert_query_text(st, "SELECT comm FROM event", "a \"b\"");
	assert_query_text(st, "SELECT via FROM event", "mask_irq");
	assert_query_text(st, "SELECT kind || '@' || witness FROM event", "irq.mask@shadow");
	assert_query_text(st, "SELECT pid FROM event", NULL);
	assert_query_text(st, "SELECT cpu FROM event", "3");
	assert_int_equal(query_one_int(st, "SELECT json_extract(args, '$.state') & 16 FROM event", -1), 16);
	assert_query_text(st, "SELECT t_lo_ns || '-' || t_hi_ns || '-' || offset FROM event", "10-12-99");
	assert_int_equal(sqlite3_exec(store_connection(st), "UPDATE clock SET offset_ns = 1000", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(query_one_int(st, "SELECT t_lo_ns FROM event WHERE t_lo_ns BETWEEN 1005 AND 1015", -1), 1010);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM event WHERE t_lo_ns BETWEEN 5 AND 15", -1), 0);
	chunk_writer_free(cw);
	store_close(st);
}

/* Long JSON must not leave its tail behind the short one that comes after it. */
static void test_args_are_json(void **state)
{
	struct store *st = make_store(*state, NULL);

	assert_int_equal(query_one_int(st, "SELECT count(*) FROM event WHERE NOT json_valid(args)", -1), 0);
	assert_true(query_one_int(st, "SELECT count(*) FROM event WHERE args = '{}'", -1) > 0);
	store_close(st);
}

/* Two scans of one table in one statement have a state each. */
static void test_event_join(void **state)
{
	struct store *st = make_store(*state, NULL);

	assert_int_equal(query_one_int(st, "SELECT count(*) FROM event AS a JOIN event AS b ON b.id = a.id WHERE a.source = 1", -1),
			 EVENTS_PER_SOURCE);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM delivery AS d JOIN object AS o ON o.id = d.object", -1),
			 NR_DELIVERIES);
	store_close(st);
}

/* ---------------------------------------------------------------- derived tables */

static void test_derived_of_derived(void **state)
{
	struct store *st = make_store(*state, NULL);

	assert_query_text(st, "SELECT met || ' ' || p50_ns || ' ' || p99_ns || ' ' || max_ns FROM obligation_stat"
			  " WHERE kind = 'msix-unmask'", "100 50 99 100");
	assert_query_text(st, "SELECT group_concat(name || '=' || anchor, ' ') FROM (SELECT * FROM object ORDER BY id)",
			  "msix:0000:03:00.0[2]=0000:03:00.0[2] irq:29~2=0000:03:00.0[2] irq:9=capture pci:0000:03:00.0=0000:03:00.0"
			  " dom0/cpu:1=cpu pin:0.23=pin:0.23");
	assert_query_text(st, "SELECT label FROM object WHERE id = 2", "swapper/0");
	assert_query_text(st, "SELECT label FROM object WHERE id = 1", NULL);
	assert_query_text(st, "SELECT hi FROM ledger WHERE hop = 'raised'", NULL);
	assert_query_text(st, "SELECT hi FROM ledger WHERE hop = 'handled'", "33");
	assert_query_text(st, "SELECT guard FROM obligation LIMIT 1", "true");
	assert_query_text(st, "SELECT machine FROM path", "d3");
	store_close(st);
}

static const char what_if_sql[] =
	"SELECT finding || quirks || since || basis || fixes || recomputed || valid_to_ns FROM what_if WHERE ends_ns IS NULL";

/* While a database is written, what was tried goes into it; beside a finished one, and gone with it. */
static void test_what_if(void **state)
{
	const struct what_if_row row = {
		.finding = "12345678", .quirks = "[\"a=on\"]", .since = "Linux 1.0", .basis = "seen", .fixes = true, .recomputed = 3,
		.ends_ns = NO_TIME, .valid_to_ns = 7,
	};
	struct fixture *fx = *state;
	struct store *st = make_store(fx, fx->db);

	assert_true(store_what_if_begin(st) && store_what_if(st, &row) && store_what_if_end(st));
	assert_query_text(st, what_if_sql, "12345678[\"a=on\"]Linux 1.0seen137");
	assert_true(store_finish(st));
	store_close(st);
	st = store_open(fx->db, &fx->diag);
	assert_query_text(st, what_if_sql, "12345678[\"a=on\"]Linux 1.0seen137");
	assert_true(store_what_if_begin(st) && store_what_if_end(st));
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM what_if", -1), 0);
	assert_false(store_what_if(st, &row));
	store_close(st);
	st = store_open(fx->db, &fx->diag);
	assert_query_text(st, what_if_sql, "12345678[\"a=on\"]Linux 1.0seen137");
	store_close(st);
}

/* A column that the schema got and an insert did not would stay null in silence. */
static void test_every_column_is_written(void **state)
{
	struct store *st = make_store(*state, NULL);
	struct query *columns = query_open(st, "SELECT t.name, c.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c"
		" WHERE t.type = 'table' AND t.name NOT IN ('rule', 'rule_requires', 'verdict', 'finding', 'finding_event', 'what_if')"
		" UNION ALL SELECT 'event', name FROM pragma_table_info('event')"
		" UNION ALL SELECT 'delivery', name FROM pragma_table_info('delivery') WHERE name NOT IN ('inject_ns', 'accept_ns')");
	unsigned nr_columns = 0;

	for (; query_next(columns); nr_columns++) {
		char sql[160];

		snprintf(sql, sizeof(sql), "SELECT count(\"%s\") FROM %s", query_text(columns, 1), query_text(columns, 0));
		if (query_one_int(st, sql, -1) < 1)
			fail_msg("%s.%s is never written", query_text(columns, 0), query_text(columns, 1));
	}
	assert_in_range(nr_columns, 150, 300);
	query_close(columns);
	store_close(st);
}

/* ---------------------------------------------------------------- files */

static void test_reopen(void **state)
{
	struct fixture *fx = *state;
	struct store *st = make_store(fx, fx->db);
	char *before, *after;

	assert_int_equal(access(fx->db, F_OK), -1);	/* its name comes last */
	before = export_text(st, store_export);
	assert_true(store_finish(st));
	assert_int_equal(each_file(fx, NULL), 1);
	assert_true(store_probe(fx->db));
	after = export_text(st, store_export);	/* still to be read */
	assert_string_equal(before, after);
	free(after);
	store_close(st);

	st = store_open(fx->db, &fx->diag);
	assert_non_null(st);
	after = export_text(st, store_export);
	assert_string_equal(before, after);
	assert_string_equal(store_get_string(st, 1, 3), "irq_handler_entry");
	assert_string_equal(store_get_string(st, 1, 4), "");
	assert_string_equal(store_get_string(st, 0, 1), "");
	assert_string_equal(store_get_string(st, 1, UINT32_MAX), "");
	free(before);
	free(after);
	store_close(st);
}

static void test_close_unfinished(void **state)
{
	struct fixture *fx = *state;

	store_close(make_store(fx, fx->db));
	assert_int_equal(each_file(fx, NULL), 0);
}

static void test_two_readers(void **state)
{
	struct fixture *fx = *state;
	struct store *a, *b;

	make_file(fx);
	assert_int_equal(chmod(fx->db, 0444), 0);
	a = store_open(fx->db, &fx->diag);
	b = store_open(fx->db, &fx->diag);
	assert_non_null(a);
	assert_non_null(b);
	assert_int_equal(query_one_int(a, "SELECT count(*) FROM event", -1), query_one_int(b, "SELECT count(*) FROM event", -2));
	assert_int_equal(each_file(fx, NULL), 1);	/* no lock or journal beside it */
	store_close(a);
	store_close(b);
}

static void test_replay(void **state)
{
	struct fixture *fx = *state;
	struct store *st;
	char *before, *after;

	make_file(fx);
	assert_int_equal(chmod(fx->db, 0640), 0);
	st = store_open(fx->db, &fx->diag);
	before = export_text(st, store_export);
	store_close(st);

	st = store_open_for_replay(fx->db, &fx->diag);
	assert_non_null(st);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM object", -1), 0);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM delivery", -1), 0);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM event", -1), NR_SOURCES * EVENTS_PER_SOURCE);
	add_derived(st);
	after = export_text(st, store_export);
	assert_string_equal(before, after);
	assert_true(store_finish(st));
	store_close(st);
	free(after);

	st = store_open(fx->db, &fx->diag);
	after = export_text(st, store_export);
	assert_string_equal(before, after);
	store_close(st);
	free(before);
	free(after);
	assert_int_equal(each_file(fx, NULL), 1);
}

static void test_replay_keeps_old(void **state)
{
	struct fixture *fx = *state;
	struct store *st;

	make_file(fx);
	store_close(store_open_for_replay(fx->db, &fx->diag));
	st = store_open(fx->db, &fx->diag);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM object", -1), 6);
	store_close(st);
	assert_int_equal(each_file(fx, NULL), 1);
}

/* What is there must not be lost to a slip of the hand. */
static void test_create_refuses(void **state)
{
	struct fixture *fx = *state;
	char path[160];
	FILE *out = fopen(fx->db, "w");

	fputs("a capture", out);
	fclose(out);
	assert_null(store_create(fx->db, &fx->diag));
	assert_int_equal(fx->last_code, DIAG_STORE_FAILED);
	assert_null(store_create(fx->dir, &fx->diag));
	assert_null(store_create("/dev/null", &fx->diag));
	snprintf(path, sizeof(path), "%s/no/such", fx->dir);
	assert_null(store_create(path, &fx->diag));
	assert_non_null(strstr(fx->last_text, strerror(ENOENT)));
	assert_int_equal(fx->diag.count[DIAG_ERROR], 4);
	assert_int_equal(each_file(fx, NULL), 1);
}

static void test_names_that_sqlite_reads(void **state)
{
	static const char *const names[] = { "file:a?mode=memory", ":memory:", "a%41#b?c", "-x", " " };
	struct fixture *fx = *state;
	char cwd[512];

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_int_equal(chdir(fx->dir), 0);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct store *st = make_store(fx, names[i]);

		assert_true(store_finish(st));
		store_close(st);
		assert_int_equal(access(names[i], F_OK), 0);
		st = store_open(names[i], &fx->diag);
		assert_non_null(st);
		store_close(st);
	}
	assert_int_equal(each_file(fx, NULL), sizeof(names) / sizeof(names[0]));
	assert_int_equal(chdir(cwd), 0);
}

static void test_symbolic_link(void **state)
{
	struct fixture *fx = *state;
	char link_path[160];
	struct stat sb;
	struct store *st;

	make_file(fx);
	snprintf(link_path, sizeof(link_path), "%s/link.db", fx->dir);
	assert_int_equal(symlink(fx->db, link_path), 0);
	st = make_store(fx, link_path);
	assert_true(store_finish(st));
	store_close(st);
	assert_int_equal(lstat(link_path, &sb), 0);
	assert_true(S_ISLNK(sb.st_mode));
	assert_int_equal(each_file(fx, NULL), 2);
}

/* Killed at whatever moment: nothing bears the name, or the old file does. */
static void test_kill(void **state)
{
	struct fixture *fx = *state;

	for (unsigned round = 0; round < 10; round++) {
		pid_t pid = fork();

		if (pid == 0) {
			for (;;) {
				struct store *st = make_store(fx, fx->db);

				store_finish(st);
				store_close(st);
			}
		}
		usleep(1000 + round * 4000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (access(fx->db, F_OK) == 0) {
			struct store *st = store_open(fx->db, &fx->diag);

			assert_non_null(st);
			assert_int_equal(query_one_int(st, "SELECT count(*) FROM delivery", -1), NR_DELIVERIES);
			store_close(st);
			unlink(fx->db);
		}
	}
}

static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Fills the database until it fails or is done. */
static bool fill_and_finish(struct fixture *fx, const char *path)
{
	struct store *st = store_create(path, &fx->diag);
	uint8_t bytes[60000];
	struct chunk_info info = { .source = 1, .nr_events = 1 };
	uint32_t source;
	bool good = st && store_add_source(st, "x", "host", &source);

	memset(bytes, 0x55, sizeof(bytes));
	for (unsigned i = 0; good && i < 200; i++)
		good = store_chunk(st, &info, bytes, sizeof(bytes));
	good = good && store_derived_end(st) && store_finish(st);
	store_close(st);
	return good;
}

static void test_full_disk(void **state)
{
	static const rlim_t limits[] = { 0, 16384, 100000, 1000000, 5000000, 11000000 };
	struct fixture *fx = *state;

	signal(SIGXFSZ, SIG_IGN);
	for (unsigned i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		fx->diag.count[DIAG_ERROR] = 0;
		limit_file_size(limits[i]);
		assert_false(fill_and_finish(fx, fx->db));
		limit_file_size(RLIM_INFINITY);
		assert_int_equal(fx->diag.count[DIAG_ERROR], 1);	/* once */
		assert_int_equal(fx->last_code, DIAG_STORE_FAILED);
		assert_non_null(strstr(fx->last_text, fx->db));
		assert_int_equal(each_file(fx, NULL), 0);
	}
	assert_true(fill_and_finish(fx, fx->db));
}

/* ---------------------------------------------------------------- databases of others */

static void test_refused(void **state)
{
	static const char *const changes[] = {
		"PRAGMA application_id = 1", "PRAGMA user_version = 2", "PRAGMA user_version = 0", "DROP TABLE gap",
		"CREATE TABLE event(id)", "CREATE VIEW x AS SELECT * FROM source", "ALTER TABLE gap ADD COLUMN more",
		"CREATE TRIGGER t AFTER INSERT ON gap BEGIN SELECT 1; END", "UPDATE source SET machine = 'nowhere' WHERE id = 2",
		"DELETE FROM source WHERE id = 1", "PRAGMA journal_mode = WAL", "DROP INDEX chunk_range",
	};
	struct fixture *fx = *state;

	for (unsigned i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		make_file(fx);
		change(fx->db, changes[i]);
		assert_null(store_open(fx->db, &fx->diag));
		assert_int_equal(fx->last_code, DIAG_BAD_DATABASE);
		assert_int_equal(fx->diag.count[DIAG_ERROR], 1);
		assert_null(store_open_for_replay(fx->db, &fx->diag));
		fx->diag.count[DIAG_ERROR] = 0;
		each_file(fx, remove_file);
	}
}

static void test_comments_make_no_other_schema(void **state)
{
	static const char *const other[] = { "event INTEGERS", "event\tTEXT", "event ''INTEGER''", "even t INTEGER", "event /**/ INTEGER" };
	struct fixture *fx = *state;
	struct store *st;
	char sql[256];

	make_file(fx);
	change(fx->db, "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(replace(sql, '-- ', '--was: '),"
		       " 'event   INTEGER', 'event -- x' || char(10) || ' -- y' || char(10) || char(9) || 'INTEGER') WHERE name = 'gap'");
	st = store_open(fx->db, &fx->diag);
	assert_non_null(st);
	store_close(st);
	for (unsigned i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		make_file(fx);
		snprintf(sql, sizeof(sql), "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, "
			 "'event   INTEGER', '%s') WHERE name = 'gap'", other[i]);
		change(fx->db, sql);
		assert_null(store_open(fx->db, &fx->diag));
		fx->diag.count[DIAG_ERROR] = 0;
		each_file(fx, remove_file);
	}
}

static void test_missing(void **state)
{
	struct fixture *fx = *state;

	assert_null(store_open(fx->db, &fx->diag));
	assert_int_equal(fx->last_code, DIAG_CANNOT_OPEN);
	assert_false(store_probe(fx->db));
	assert_null(store_open(fx->dir, &fx->diag));
	assert_int_equal(fx->last_code, DIAG_CANNOT_OPEN);
	assert_int_equal(each_file(fx, NULL), 0);	/* looking makes no file */
}

static bool export_merged(struct store *st, FILE *out)
{
	return store_export_events(st, 0, out);
}

static bool export_second(struct store *st, FILE *out)
{
	return store_export_events(st, 2, out);
}

static void read_everything(struct store *st)
{
	bool (*const exports[])(struct store *st, FILE *out) = { store_export, store_export_rows, export_merged, export_second };

	for (unsigned i = 0; i < 4; i++) {
		FILE *out = fopen("/dev/null", "w");

		exports[i](st, out);
		fclose(out);
	}
}

static void test_cut(void **state)
{
	struct fixture *fx = *state;
	struct stat sb;

	make_file(fx);
	assert_int_equal(stat(fx->db, &sb), 0);
	for (off_t len = sb.st_size - 1; len > 0; len -= len / 3 + 1) {
		assert_int_equal(truncate(fx->db, len), 0);
		assert_null(store_open(fx->db, &fx->diag));
		assert_int_equal(fx->last_code, DIAG_BAD_DATABASE);
	}
}

static void test_flipped_bytes(void **state)
{
	struct fixture *fx = *state;
	uint64_t rng = 12345;
	struct stat sb;
	int fd;

	make_file(fx);
	fd = open(fx->db, O_RDWR);
	assert_int_equal(fstat(fd, &sb), 0);
	for (unsigned round = 0; round < 100; round++) {
		off_t at;
		uint8_t old, new;
		struct store *st;

		rng = rng * 6364136223846793005u + 1442695040888963407u;
		at = (off_t)((rng >> 20) % (uint64_t)sb.st_size);
		new = (uint8_t)(rng >> 12);
		assert_int_equal(pread(fd, &old, 1, at), 1);
		assert_int_equal(pwrite(fd, &new, 1, at), 1);
		st = store_open(fx->db, &fx->diag);
		if (st && round % 10 == 0)
			read_everything(st);
		else if (st)
			query_one_int(st, "SELECT count(args) FROM event", -1);
		store_close(st);
		assert_int_equal(pwrite(fd, &old, 1, at), 1);
	}
	close(fd);
}

static void test_damaged_blobs(void **state)
{
	static const struct {
		const char *change, *query;
	} cases[] = {
		{ "UPDATE chunk SET data = zeroblob(100) WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE chunk SET data = substr(data, 1, 50) WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE chunk SET events = events + 1 WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE chunk SET events = events - 1 WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE chunk SET events = 4611686018427387904 WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE chunk SET source = 77 WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE chunk SET data = 'text' WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE chunk SET data = zeroblob(17000000) WHERE id = 3", "SELECT count(*) FROM event" },
		{ "UPDATE delivery_chunk SET data = x'ffffffffff' WHERE id = 1", "SELECT count(*) FROM delivery" },
		{ "UPDATE delivery_chunk SET rows = rows + 1 WHERE id = 1", "SELECT count(*) FROM delivery" },
		{ "UPDATE delivery_chunk SET rows = 1 WHERE id = 1", "SELECT count(*) FROM delivery" },
		{ "UPDATE delivery_chunk SET first_id = -4 WHERE id = 1", "SELECT count(*) FROM delivery" },
	};
	struct fixture *fx = *state;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *st;

		make_file(fx);
		change(fx->db, cases[i].change);
		st = store_open(fx->db, &fx->diag);
		assert_non_null(st);
		assert_int_equal(query_one_int(st, cases[i].query, -1), -1);
		assert_int_equal(fx->last_code, DIAG_BAD_DATABASE);
		read_everything(st);
		store_close(st);
		fx->diag.count[DIAG_ERROR] = 0;
	}
}

static void test_damaged_chunk_in_cursor(void **state)
{
	struct fixture *fx = *state;
	struct store *st;
	struct cursor *cur;
	struct event ev;
	unsigned n = 0;

	make_file(fx);
	change(fx->db, "UPDATE chunk SET data = substr(data, 1, 50) WHERE id = 3");
	st = store_open(fx->db, &fx->diag);
	cur = cursor_open(st);
	while (cursor_next(cur, &ev))
		n++;
	assert_true(cursor_failed(cur));
	assert_in_range(n, 2 * EVENTS_PER_CHUNK, 6 * EVENTS_PER_CHUNK + 60);
	assert_int_equal(fx->last_code, DIAG_BAD_DATABASE);
	cursor_close(cur);
	store_close(st);
}

static void test_time_backwards_in_cursor(void **state)
{
	struct fixture *fx = *state;
	struct store *st;
	struct cursor *cur;
	struct event ev;

	make_file(fx);
	change(fx->db, "UPDATE chunk SET id = 1000 WHERE id = 2");
	st = store_open(fx->db, &fx->diag);
	cur = cursor_open(st);
	while (cursor_next(cur, &ev))
		;
	assert_true(cursor_failed(cur));
	assert_non_null(strstr(fx->last_text, "backwards"));
	cursor_close(cur);
	store_close(st);
}

/* Cycles become ns, about the moment at which the offset holds; what was written in cycles goes along. */
static void test_clock_rate(void **state)
{
	struct fixture *fx = *state;
	struct store *st = store_create(NULL, &fx->diag);
	struct chunk_writer *cw = chunk_writer_new();
	struct event ev = { .ordinal = 1, .t_lo_ns = 4000, .t_hi_ns = 4400, .kind = EV_LOST, .cpu = -1, .pid = -1 };
	struct source_signal sig = { .kind = EV_LOST, .witness = WITNESS_SHADOW };
	struct chunk_info info = { .source = 1, .nr_events = 1, .first_ordinal = 1, .last_ordinal = 1, .t_min_ns = 4000, .t_max_ns = 4400 };
	const struct store_clock clock = {
		.method = "causality", .base = 2000, .offset_ns = 1000000, .lo_ns = 999990, .hi_ns = 1000010,
		.rate = INT64_C(1) << 39, .contradictions = 2,
	};
	struct source_end end = { .complete = true };
	const uint8_t *bytes;
	uint32_t source;
	size_t len;

	chunk_writer_add(cw, &ev);
	bytes = chunk_writer_bytes(cw, &len, NULL);
	assert_true(store_add_source(st, "x", "xen", &source));
	assert_true(store_chunk(st, &info, bytes, len) && store_signal(st, source, &sig, 4000, 4400));
	assert_true(store_gap(st, source, -1, 1000, 4000, 1, 8) && store_source_end(st, source, &end));
	assert_query_text(st, "SELECT first_ns || '-' || last_ns FROM clock", "4000-4400");
	assert_true(store_set_clock(st, source, &clock));
	assert_query_text(st, "SELECT t_lo_ns || '-' || t_hi_ns FROM event", "1003000-1003200");
	assert_query_text(st, "SELECT first_ns || '-' || last_ns FROM clock", "1003000-1003200");
	assert_query_text(st, "SELECT from_ns || '-' || to_ns FROM gap", "1001500-1003000");
	assert_query_text(st, "SELECT first_ns FROM signal", "1003000");
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM event WHERE t_lo_ns BETWEEN 1002999 AND 1003001", -1), 1);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM event WHERE t_lo_ns > 1003000", -1), 0);
	chunk_writer_free(cw);
	store_close(st);
}

static void test_extreme_clock(void **state)
{
	struct fixture *fx = *state;
	struct store *st;
	struct cursor *cur;
	struct event ev;
	unsigned n = 0;

	make_file(fx);
	change(fx->db, "UPDATE clock SET offset_ns = 9223372036854775807 WHERE source = 2;"
		       "UPDATE clock SET offset_ns = -9223372036854775807, base = 9223372036854775807, rate = 9223372036854775807"
		       " WHERE source = 3");
	st = store_open(fx->db, &fx->diag);
	cur = cursor_open(st);
	while (cursor_next(cur, &ev))
		n++;
	assert_false(cursor_failed(cur));
	assert_int_equal(n, NR_SOURCES * EVENTS_PER_SOURCE);
	cursor_close(cur);
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM event WHERE t_lo_ns > 0", -1), 2 * EVENTS_PER_SOURCE);
	store_close(st);
}

/* ---------------------------------------------------------------- queries */

static void test_query_refuses(void **state)
{
	static const char *const bad[] = {
		"SELEC", "", "  -- nothing", "DELETE FROM source", "SELECT 1; SELECT 2", "ATTACH '/tmp/x.db' AS x", "DROP TABLE source",
		"CREATE TABLE t(a)", "VACUUM INTO '/tmp/x.db'", "SELECT load_extension('x')", "SELECT * FROM nothing",
	};
	struct fixture *fx = *state;
	struct store *st;

	make_file(fx);
	st = store_open(fx->db, &fx->diag);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct query *q;

		fx->diag.count[DIAG_ERROR] = 0;
		q = query_open(st, bad[i]);
		if (q)
			assert_false(query_next(q));
		assert_int_equal(fx->diag.count[DIAG_ERROR], 1);
		query_close(q);
	}
	assert_int_equal(query_one_int(st, "SELECT count(*) FROM source; -- fine", -1), NR_SOURCES + 1);
	store_close(st);
}

static void test_query_parameters(void **state)
{
	struct store *st = make_store(*state, NULL);
	static const char sql[] = "SELECT name FROM object WHERE id = :id OR name = :name";

	for (int round = 0; round < 3; round++) {
		struct query *q = query_open(st, sql), *second = query_open(st, sql);

		assert_ptr_not_equal(q, second);
		query_bind_int(q, "id", 3);
		query_bind_text(second, "name", "pin:0.23");
		assert_true(query_next(q));
		assert_string_equal(query_text(q, 0), "irq:9");
		assert_false(query_next(q));
		assert_true(query_next(second));
		assert_string_equal(query_text(second, 0), "pin:0.23");
		query_close(q);
		query_close(second);
		q = query_open(st, sql);
		assert_false(query_next(q));	/* nothing is left bound */
		query_close(q);
	}
	assert_int_equal(query_one_int(st, "SELECT 1 WHERE 0", 42), 42);
	assert_int_equal(query_one_int(st, "SELECT NULL", 42), 42);
	store_close(st);
}

/* ---------------------------------------------------------------- export */

static void test_export_has_every_table(void **state)
{
	struct store *st = make_store(*state, NULL);
	struct query *q = query_open(st, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
				     " AND name NOT IN ('chunk', 'delivery_chunk', 'string')");
	char *text = export_text(st, store_export);

	while (query_next(q)) {
		char header[80];

		snprintf(header, sizeof(header), "\n# %s\t", query_text(q, 0));
		if (!strstr(text, header))
			fail_msg("table %s is not exported", query_text(q, 0));
	}
	query_close(q);
	assert_non_null(strstr(text, "\nevent_text\t8796093022216\tthe record\\x0aas it was\n"));
	assert_non_null(strstr(text, "weird \"name\"\\x09\\\\\\x1b[31m\\xff"));
	assert_null(strchr(text, '\x1b'));
	free(text);
	store_close(st);
}

/* There and back: the moment that a clock's mapping made of one of the source's own. */
static void test_time_own(void **state)
{
	static const int64_t moments[] = { 0, 1, 999, 144615102561, 1795163758000003001 };
	static const uint64_t rates_hz[] = { 0, 1000000000, 2592003000, 3999999937 };
	static const struct time_map maps[] = {
		{ 0, 0, 0 }, { -7777777, 0, 0 }, { 55, 1000000, (INT64_C(1) << 40) + 12345 }, { -5, 99, (INT64_C(1) << 40) - 777 },
	};

	(void)state;
	for (unsigned m = 0; m < 5; m++)
		for (unsigned h = 0; h < 4; h++)
			for (unsigned k = 0; k < 4; k++) {
				int64_t t_ns = time_map(clock_time_ns(moments[m], rates_hz[h]), &maps[k]);
				int64_t own = time_own(t_ns, rates_hz[h], &maps[k]);

				assert_true(own <= moments[m] && moments[m] - own < 5);
				assert_int_equal(time_map(clock_time_ns(own, rates_hz[h]), &maps[k]), t_ns);
			}
}

/* One source's events as the source has them, however its clock was found to stand. */
static void test_export_events_of_source(void **state)
{
	struct store *st = make_store(*state, NULL);
	char *before = export_text(st, export_second), *after;
	unsigned nr_lines = 0;

	assert_true(store_set_clock(st, 2, &(struct store_clock){ .method = "causality", .offset_ns = 12345, .base = 1000,
		.rate = (INT64_C(1) << 40) + (1 << 20) }));
	after = export_text(st, export_second);
	assert_string_equal(before, after);
	for (char *at = after; *at; at++)
		nr_lines += *at == '\n';
	assert_non_null(strstr(after, "\nmachine dom0\n"));
	assert_true(nr_lines > EVENTS_PER_SOURCE && nr_lines < 2 * EVENTS_PER_SOURCE);
	assert_null(strstr(after, "dom0/"));
	free(before);
	free(after);
	store_close(st);
}

static void test_export_events_is_read_back(void **state)
{
	struct store *st = make_store(*state, NULL);
	struct strtab *strings = strtab_new();
	char *text = export_text(st, export_merged), *save, *line;
	unsigned nr_events = 0, nr_signals = 0;

	line = strtok_r(text, "\n", &save);
	assert_string_equal(line, "irqpath-events 1");
	while ((line = strtok_r(NULL, "\n", &save))) {
		struct event ev = { 0 };

		if (!strncmp(line, "signal ", 7)) {
			nr_signals++;
			continue;
		}
		if (!strcmp(line, "clock mono") || !strcmp(line, "cpus 4"))
			continue;
		assert_null(event_text_parse(line, &ev, strings));
		nr_events++;
	}
	assert_int_equal(nr_events, NR_SOURCES * EVENTS_PER_SOURCE);
	assert_int_equal(nr_signals, 2);
	strtab_free(strings);
	free(text);
	store_close(st);
}

static int64_t count_in(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static void test_export_rows_makes_a_database(void **state)
{
	struct store *st = make_store(*state, NULL);
	char *sql = export_text(st, store_export_rows);
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(count_in(db, "SELECT count(*) FROM event"), NR_SOURCES * EVENTS_PER_SOURCE);
	assert_int_equal(count_in(db, "SELECT count(*) FROM delivery"), NR_DELIVERIES);
	assert_int_equal(count_in(db, "SELECT count(*) FROM event_text WHERE text = 'the record' || char(10) || 'as it was'"),
			 NR_SOURCES);
	assert_int_equal(count_in(db, "SELECT count(*) FROM object WHERE anchor = '0000:03:00.0[2]'"), 2);
	sqlite3_close(db);
	free(sql);
	store_close(st);
}

#define STORE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

/* A snapshot has no extent in time; where it is put, its events and its signals are. */
static void test_timeless_source(void **state)
{
	struct source_signal sig = { .kind = EV_SNAPSHOT_FIELD, .witness = WITNESS_SHADOW, .basis = SIGNAL_SEEN, .via = "" };
	struct event ev = { .kind = EV_SNAPSHOT_FIELD, .ordinal = 1, .witness = WITNESS_SHADOW, .cpu = -1, .pid = -1 };
	struct source_end end = { .complete = true };
	struct fixture *fx = *state;
	struct store *st = store_create(NULL, &fx->diag);
	struct chunk_writer *cw = chunk_writer_new();
	struct chunk_info info = { .source = 1, .nr_events = 1, .first_ordinal = 1, .last_ordinal = 1 };
	const uint8_t *bytes;
	uint32_t source;
	size_t len;

	event_add_object(&ev, OBJ_XIRQ, 27);
	event_arg_set(&ev, ARG_FIELD, 1);
	assert_true(store_add_source(st, "x", "host", &source));
	assert_true(store_source_info(st, source, &(struct source_info){ .kind = "y", .timeless = true, .machine = MACHINE_XEN }));
	assert_true(store_string(st, source, 1, "feeds", 5));
	chunk_writer_add(cw, &ev);
	bytes = chunk_writer_bytes(cw, &len, NULL);
	assert_true(store_chunk(st, &info, bytes, len));
	ev.source = source;
	assert_true(store_snapshot_field(st, &ev));
	assert_true(store_signal(st, source, &sig, 0, 0));
	assert_true(store_source_end(st, source, &end));
	assert_true(store_set_clock(st, source, &(struct store_clock){ .method = "end", .offset_ns = 500, .lo_ns = 400, .hi_ns = NO_TIME }));
	assert_query_text(st, "SELECT method || offset_ns || lo_ns || (hi_ns IS NULL) FROM clock", "end5004001");
	assert_query_text(st, "SELECT first_ns FROM source", NULL);
	assert_query_text(st, "SELECT t_lo_ns FROM event", "500");
	assert_query_text(st, "SELECT from_ns || '-' || to_ns FROM signal", "500-500");
	assert_query_text(st, "SELECT object || field || (value IS NULL) FROM snapshot_field", "xen/xirq:27feeds1");
	chunk_writer_free(cw);
	store_close(st);
}

/* Cycles become ns wherever the store has times of the source. */
static void test_rated_clock(void **state)
{
	struct fixture *fx = *state;
	struct store *st = store_create(NULL, &fx->diag);
	struct event first = made_event(1, 0);
	struct cursor *cur;
	struct event ev;
	int64_t least;

	add_source(st, "xen");
	least = query_one_int(st, "SELECT min(t_lo_ns) FROM event", -1);
	assert_true(least > 0);
	assert_true(store_gap(st, 1, 0, 2500, 5000, 1, 0));
	assert_true(store_rate_clock(st, 1, HZ, 1));
	assert_query_text(st, "SELECT hz || '-' || hz_source FROM clock", "2500000000-1");
	assert_query_text(st, "SELECT group_concat(from_ns || '-' || to_ns) FROM gap WHERE to_ns = 2000", "1000-2000");
	assert_int_equal(query_one_int(st, "SELECT first_ns FROM source", -1), first.t_lo_ns * 2 / 5);
	assert_int_equal(query_one_int(st, "SELECT min(t_lo_ns) FROM event", -1), least * 2 / 5);
	cur = cursor_open(st);
	assert_true(cursor_next(cur, &ev));
	assert_int_equal(ev.t_lo_ns, first.t_lo_ns * 2 / 5);
	cursor_close(cur);
	store_close(st);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STORE_TEST(test_rated_clock),
		STORE_TEST(test_cursor_merges),
		STORE_TEST(test_cursor_one_source),
		STORE_TEST(test_cursor_empty),
		STORE_TEST(test_seek),
		STORE_TEST(test_event_constraints),
		STORE_TEST(test_delivery_constraints),
		STORE_TEST(test_delivery_values),
		STORE_TEST(test_event_columns),
		STORE_TEST(test_args_are_json),
		STORE_TEST(test_event_join),
		STORE_TEST(test_derived_of_derived),
		STORE_TEST(test_what_if),
		STORE_TEST(test_every_column_is_written),
		STORE_TEST(test_reopen),
		STORE_TEST(test_close_unfinished),
		STORE_TEST(test_two_readers),
		STORE_TEST(test_replay),
		STORE_TEST(test_replay_keeps_old),
		STORE_TEST(test_create_refuses),
		STORE_TEST(test_names_that_sqlite_reads),
		STORE_TEST(test_symbolic_link),
		STORE_TEST(test_kill),
		STORE_TEST(test_full_disk),
		STORE_TEST(test_refused),
		STORE_TEST(test_comments_make_no_other_schema),
		STORE_TEST(test_missing),
		STORE_TEST(test_cut),
		STORE_TEST(test_flipped_bytes),
		STORE_TEST(test_damaged_blobs),
		STORE_TEST(test_damaged_chunk_in_cursor),
		STORE_TEST(test_time_backwards_in_cursor),
		STORE_TEST(test_clock_rate),
		STORE_TEST(test_extreme_clock),
		STORE_TEST(test_timeless_source),
		STORE_TEST(test_query_refuses),
		STORE_TEST(test_query_parameters),
		STORE_TEST(test_export_has_every_table),
		STORE_TEST(test_export_events_is_read_back),
		STORE_TEST(test_export_events_of_source),
		STORE_TEST(test_time_own),
		STORE_TEST(test_export_rows_makes_a_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
