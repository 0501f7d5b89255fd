/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual table "event": packed chunks as rows, times corrected, machines and strings resolved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/chunk.h"
#include "core/text.h"
#include "store/sql.h"
#include "store/time.h"
#include "store/vtab.h"

enum {
	COL_ID, COL_SOURCE, COL_ORDINAL, COL_SUB, COL_OFFSET, COL_T_LO, COL_T_HI, COL_KIND, COL_WITNESS, COL_CPU,
	COL_PID, COL_COMM, COL_VIA, COL_OBJECTS, COL_ARGS,
};

enum { KEY_ID, KEY_SOURCE, KEY_T_LO };

enum { CACHED_STRINGS = 256 };

const char store_event_columns[] =
	"CREATE TABLE x(id INTEGER, source INTEGER, ordinal INTEGER, sub INTEGER, offset INTEGER, t_lo_ns INTEGER,"
	" t_hi_ns INTEGER, kind TEXT, witness TEXT, cpu INTEGER, pid INTEGER, comm TEXT, via TEXT, objects TEXT,"
	" args TEXT)";

struct cached_string {
	uint32_t source;
	str_id id;	/* 0: empty slot */
	char *text;
};

struct event_scan {
	struct chunk_reader *reader;
	struct event ev;
	uint64_t hz;		/* of the source's clock, where it counts cycles */
	struct time_map map;
	uint16_t machine;	/* of the source */
	unsigned nr_left;	/* events that the chunk must still hold */
	sqlite3_stmt *string;
	struct cached_string cache[CACHED_STRINGS];
	FILE *json;		/* into the buffer below */
	char *json_text;
	size_t json_len;
};

static void event_scan_close(void *scan)
{
	struct event_scan *es = scan;

	if (!es)
		return;
	for (unsigned i = 0; i < CACHED_STRINGS; i++)
		sqlite3_free(es->cache[i].text);
	if (es->json)
		fclose(es->json);
	free(es->json_text);
	sqlite3_finalize(es->string);
	chunk_reader_free(es->reader);
	free(es);
}

static void *event_scan_open(sqlite3 *db)
{
	static const char string_sql[] = "SELECT text FROM string WHERE source = ?1 AND id = ?2";
	struct event_scan *es = calloc(1, sizeof(*es));

	if (!es)
		return NULL;
	es->reader = chunk_reader_new();
	es->json = open_memstream(&es->json_text, &es->json_len);
	if (es->reader && es->json && sqlite3_prepare_v2(db, string_sql, -1, &es->string, NULL) == SQLITE_OK)
		return es;
	event_scan_close(es);
	return NULL;
}

static bool event_scan_start(void *scan, sqlite3_stmt *blob)
{
	struct event_scan *es = scan;
	int64_t source = sqlite3_column_int64(blob, 0);
	int64_t nr_events = sqlite3_column_int64(blob, 1);
	const char *machine = (const char *)sqlite3_column_text(blob, 2);
	const void *bytes = sqlite3_column_blob(blob, 4);

	if (!bytes || source <= 0 || source >= 1 << 19 || nr_events <= 0 || nr_events > CHUNK_MAX_EVENTS)
		return false;
	if (!machine || !machine_parse(machine, &es->machine))
		return false;
	es->hz = (uint64_t)sqlite3_column_int64(blob, 5);
	es->map = (struct time_map){
		sqlite3_column_int64(blob, 6), sqlite3_column_int64(blob, 7), sqlite3_column_int64(blob, 3),
	};
	es->nr_left = (unsigned)nr_events;
	chunk_reader_start(es->reader, bytes, (size_t)sqlite3_column_bytes(blob, 4), (uint32_t)source);
	return true;
}

static bool in_range(int64_t value, const struct packed_range *range)
{
	return value >= range->lo && value <= range->hi;
}

static enum packed_status event_scan_next(void *scan, const struct packed_filter *filter)
{
	struct event_scan *es = scan;
	enum chunk_status status;

	while ((status = chunk_reader_next(es->reader, &es->ev)) == CHUNK_EVENT && es->nr_left) {
		es->nr_left--;
		time_correct(&es->ev, es->hz, &es->map);
		if (in_range(es->ev.t_lo_ns, &filter->key[KEY_T_LO]) &&
		    in_range(event_id(es->ev.source, es->ev.ordinal, es->ev.sub), &filter->key[KEY_ID]))
			return PACKED_ROW;
	}
	return status == CHUNK_END && !es->nr_left ? PACKED_END : PACKED_DAMAGED;
}

static int64_t event_scan_rowid(const void *scan)
{
	const struct event *ev = &((const struct event_scan *)scan)->ev;

	return event_id(ev->source, ev->ordinal, ev->sub);
}

/* NULL where it is not recorded or unknown; borrowed until the next call. */
static const char *event_string(struct event_scan *es, str_id id)
{
	struct cached_string *slot = &es->cache[id % CACHED_STRINGS];

	if (!id)
		return NULL;
	if (slot->id == id && slot->source == es->ev.source)
		return slot->text;
	sqlite3_free(slot->text);
	*slot = (struct cached_string){ .source = es->ev.source, .id = id };
	sqlite3_bind_int64(es->string, 1, es->ev.source);
	sqlite3_bind_int64(es->string, 2, id);
	if (sqlite3_step(es->string) == SQLITE_ROW)
		slot->text = sqlite3_mprintf("%s", sqlite3_column_text(es->string, 0));
	sqlite3_reset(es->string);
	return slot->text;
}

static void result_string(sqlite3_context *out, const char *text)
{
	sqlite3_result_text(out, text, -1, SQLITE_TRANSIENT);	/* NULL gives null */
}

static void result_objects(struct event_scan *es, sqlite3_context *out)
{
	char text[EVENT_MAX_OBJECTS * (OBJECT_NAME_MAX + 1)];
	size_t n = 0;

	for (unsigned i = 0; i < es->ev.nr_objects; i++) {
		struct object_ref ref = object_of_source(es->ev.object[i], es->machine);

		if (n)
			text[n++] = ' ';
		object_print(text + n, sizeof(text) - n, ref, 0);
		n += strlen(text + n);
	}
	sqlite3_result_text(out, text, (int)n, SQLITE_TRANSIENT);
}

static void write_arg(struct event_scan *es, const struct event_arg_info *arg, int64_t value)
{
	fprintf(es->json, "\"%s\":", arg->name);
	if (arg->type == ARG_TYPE_STR)
		text_json(es->json, event_string(es, value >= 0 && value <= UINT32_MAX ? (str_id)value : 0));
	else
		fprintf(es->json, "%lld", (long long)value);
}

static void result_args(struct event_scan *es, sqlite3_context *out)
{
	const struct event_kind_info *kind = &event_kinds[es->ev.kind];
	bool first = true;

	rewind(es->json);
	fputc('{', es->json);
	for (unsigned i = 0; i < EVENT_MAX_ARGS && kind->args[i]; i++) {
		if (!(es->ev.known & 1u << i))
			continue;
		if (!first)
			fputc(',', es->json);
		first = false;
		write_arg(es, &event_args[kind->args[i]], es->ev.arg[i]);
	}
	fputc('}', es->json);
	if (fflush(es->json))
		sqlite3_result_error_nomem(out);
	else
		sqlite3_result_text(out, es->json_text, (int)ftell(es->json), SQLITE_TRANSIENT);
}

static int event_scan_column(void *scan, sqlite3_context *out, int column)
{
	struct event_scan *es = scan;
	const struct event *ev = &es->ev;

	switch (column) {
	case COL_ID: sqlite3_result_int64(out, event_scan_rowid(scan)); break;
	case COL_SOURCE: sqlite3_result_int64(out, ev->source); break;
	case COL_ORDINAL: sqlite3_result_int64(out, (int64_t)ev->ordinal); break;
	case COL_SUB: sqlite3_result_int(out, ev->sub); break;
	case COL_OFFSET: sqlite3_result_int64(out, (int64_t)ev->offset); break;
	case COL_T_LO: sqlite3_result_int64(out, ev->t_lo_ns); break;
	case COL_T_HI: sqlite3_result_int64(out, ev->t_hi_ns); break;
	case COL_KIND: sqlite3_result_text(out, event_kinds[ev->kind].name, -1, SQLITE_STATIC); break;
	case COL_WITNESS: sqlite3_result_text(out, witness_name(ev->witness), -1, SQLITE_STATIC); break;
	case COL_CPU:
		if (ev->cpu >= 0)
			sqlite3_result_int(out, ev->cpu);
		break;
	case COL_PID:
		if (ev->pid >= 0)
			sqlite3_result_int(out, ev->pid);
		break;
	case COL_COMM: result_string(out, event_string(es, ev->comm)); break;
	case COL_VIA: result_string(out, event_string(es, ev->via)); break;
	case COL_OBJECTS: result_objects(es, out); break;
	case COL_ARGS: result_args(es, out); break;
	default: break;
	}
	return SQLITE_OK;
}

/* An id lies in one source and so bounds source and ordinal, too, which is what the index knows. */
static void event_bounds(const struct packed_filter *filter, int64_t *parameter)
{
	const struct packed_range *id = &filter->key[KEY_ID], *source = &filter->key[KEY_SOURCE];
	int64_t source_lo = id->lo >> 43, source_hi = id->hi >> 43;
	bool one_source;

	if (source->lo > source_lo)
		source_lo = source->lo;
	if (source->hi < source_hi)
		source_hi = source->hi;
	one_source = id->lo >> 43 == id->hi >> 43;
	parameter[0] = source_lo;
	parameter[1] = source_hi;
	parameter[2] = one_source ? id->lo >> 3 & ((1ll << 40) - 1) : 0;
	parameter[3] = one_source ? id->hi >> 3 & ((1ll << 40) - 1) : INT64_MAX;
	parameter[4] = filter->key[KEY_T_LO].lo;
	parameter[5] = filter->key[KEY_T_LO].hi;
}

/* Which chunks may hold it: in floating point, whose error the slack covers. */
#define MAPPED(t) \
	"CASE WHEN c.rate > 0 THEN (" t " - c.base) * (c.rate / 1099511627776.0) + c.base + c.offset_ns" \
	" ELSE " t " + coalesce(c.offset_ns, 0) END"
#define SLACK_NS "CASE WHEN c.rate > 0 THEN 1000000 ELSE 0 END"

const struct packed_table vtab_event = {
	.name = "event",
	.columns = store_event_columns,
	.key_column = { COL_ID, COL_SOURCE, COL_T_LO, -1 },
	.list_sql = "SELECT r.id FROM chunk AS r INDEXED BY chunk_range LEFT JOIN clock AS c ON c.source = r.source"
		" WHERE r.source BETWEEN ?1 AND ?2 AND r.first_ordinal <= ?4 AND r.last_ordinal >= ?3"
		" AND (" MAPPED("r.t_max_ns") " + " SLACK_NS " >= ?5 OR ?5 = -9223372036854775808)"
		" AND (" MAPPED("r.t_min_ns") " - " SLACK_NS " <= ?6 OR ?6 = 9223372036854775807)"
		" ORDER BY r.id",
	.nr_parameters = 6,
	.bounds = event_bounds,
	.fetch_sql = "SELECT d.source, d.events, s.machine, min(max(coalesce(c.rate, 0), 0), 4611686018427387904), d.data,"
		" coalesce(c.hz, 0), c.offset_ns, c.base FROM chunk AS d"
		" LEFT JOIN source AS s ON s.id = d.source LEFT JOIN clock AS c ON c.source = d.source WHERE d.id = ?1",
	.open = event_scan_open,
	.close = event_scan_close,
	.start = event_scan_start,
	.next = event_scan_next,
	.column = event_scan_column,
	.rowid = event_scan_rowid,
};
