/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables that are written while captures are read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/strtab.h"
#include "store/db.h"

sqlite3_stmt *store_insert(struct store *st, enum insert slot, const char *into, const char *columns,
			   unsigned nr_columns)
{
	char sql[1024];
	int n;

	if (st->insert[slot] || st->failed)
		return st->failed ? NULL : st->insert[slot];
	n = snprintf(sql, sizeof(sql), "%s(%s) VALUES(?", into, columns + 1);	/* columns begins with a comma */
	for (; nr_columns > 1; nr_columns--)
		n += snprintf(sql + n, sizeof(sql) - (size_t)n, ",?");
	snprintf(sql + n, sizeof(sql) - (size_t)n, ")");
	return store_prepare(st, &st->insert[slot], sql);
}

bool store_insert_done(struct store *st, sqlite3_stmt *stmt, int bind_rc)
{
	if (bind_rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_DONE) {
		sqlite3_reset(stmt);
		return true;
	}
	return store_fail(st, "writing");
}

struct source_row {
	uint32_t id;
	const char *path, *machine;
};

#define SOURCE_COLUMNS(C) \
	C(id,      INT,  row->id) \
	C(path,    TEXT, row->path) \
	C(machine, TEXT, row->machine)

DEFINE_INSERT(insert_source, source_row, INSERT_SOURCE, "INSERT INTO source", SOURCE_COLUMNS)

/* Until the clocks are compared: the first source is the reference, nothing proves the others. */
#define CLOCK_COLUMNS(C) \
	C(source,         INT,  row->id) \
	C(method,         TEXT, row->id == 1 ? "reference" : "assumed") \
	C(offset_ns,      INT,  0) \
	C(lo_ns,          TIME, row->id == 1 ? 0 : NO_TIME) \
	C(hi_ns,          TIME, row->id == 1 ? 0 : NO_TIME) \
	C(base,           INT,  0) \
	C(rate,           INT,  0) \
	C(contradictions, INT,  0)

DEFINE_INSERT(insert_clock, source_row, INSERT_CLOCK, "INSERT INTO clock", CLOCK_COLUMNS)

bool store_add_source(struct store *st, const char *path, const char *machine, uint32_t *source)
{
	struct source_row row = { .id = st->nr_sources + 1, .path = path, .machine = machine };
	struct store_source src = { .first_ns = NO_TIME, .last_ns = NO_TIME }, *more;

	if (st->failed)
		return false;
	if (row.id > MAX_SOURCES || !machine_parse(machine, &src.machine))
		return store_fail_text(st, DIAG_STORE_FAILED,
				       row.id > MAX_SOURCES ? "too many sources" : "no such machine");
	more = reallocarray(st->sources, row.id, sizeof(*more));
	if (!more)
		return store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
	st->sources = more;
	st->sources[st->nr_sources++] = src;
	*source = row.id;
	return insert_source(st, &row) && insert_clock(st, &row);
}

/* Runs once a source: not worth keeping. Binds source as ?1. */
static sqlite3_stmt *source_update(struct store *st, uint32_t source, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	if (store_prepare(st, &stmt, sql))
		sqlite3_bind_int64(stmt, 1, source);
	return stmt;
}

static bool source_updated(struct store *st, sqlite3_stmt *stmt)
{
	bool good = store_insert_done(st, stmt, SQLITE_OK);

	sqlite3_finalize(stmt);
	return good;
}

bool store_source_info(struct store *st, uint32_t source, const struct source_info *info)
{
	sqlite3_stmt *stmt = source_update(st, source,
		"UPDATE source SET kind = ?2, layer = ?3, clock = ?4, release = ?5, cpus = ?6, cycles = ?7, "
		"machine = coalesce(?8, machine), timeless = ?9, by_line = ?10, tsc_hz = nullif(?11, 0) WHERE id = ?1");
	char machine[OBJECT_NAME_MAX] = "";

	if (!stmt)
		return false;
	if (info->machine != MACHINE_OWN) {
		st->sources[source - 1].machine = info->machine;
		machine_print(machine, sizeof(machine), info->machine);
	}
	bind_NAME(stmt, 2, info->kind);
	bind_NAME(stmt, 3, info->layer < NR_LAYERS ? layer_name(info->layer) : NULL);
	bind_NAME(stmt, 4, info->clock);
	bind_NAME(stmt, 5, info->release);
	bind_ID(stmt, 6, info->nr_cpus);
	bind_INT(stmt, 7, info->time_is_cycles);
	bind_NAME(stmt, 8, machine);
	bind_INT(stmt, 9, info->timeless);
	st->sources[source - 1].timeless = info->timeless;
	bind_INT(stmt, 10, info->by_line);
	bind_INT(stmt, 11, (int64_t)info->tsc_hz);
	return source_updated(st, stmt);
}

/* On the reference clock, as far as it is known yet: until it is compared, the source's own is taken for it. */
static bool set_extent(struct store *st, uint32_t source, int64_t until_ns)
{
	sqlite3_stmt *stmt = source_update(st, source, "UPDATE clock SET (first_ns, last_ns, until_ns) ="
					   " (SELECT first_ns, last_ns, max(last_ns, ?2) FROM source WHERE id = ?1) WHERE source = ?1");

	if (!stmt)
		return false;
	bind_INT(stmt, 2, until_ns);
	return source_updated(st, stmt);
}

bool store_source_end(struct store *st, uint32_t source, const struct source_end *end)
{
	const struct store_source *src = store_source(st, source);
	sqlite3_stmt *stmt = source_update(st, source,
		"UPDATE source SET records = ?2, kept = ?3, lost = ?4, end_offset = ?5, complete = ?6, first_ns = ?7,"
		" last_ns = ?8 WHERE id = ?1");

	if (!stmt || !src) {
		sqlite3_finalize(stmt);
		return false;
	}
	bind_INT(stmt, 2, (int64_t)end->records);
	bind_INT(stmt, 3, (int64_t)end->kept);
	bind_INT(stmt, 4, (int64_t)end->lost);
	bind_INT(stmt, 5, (int64_t)end->offset);
	bind_INT(stmt, 6, end->complete);
	bind_TIME(stmt, 7, src->timeless ? NO_TIME : src->first_ns);
	bind_TIME(stmt, 8, src->timeless ? NO_TIME : src->last_ns);
	return source_updated(st, stmt) && set_extent(st, source, end->until_ns);
}

bool store_string(struct store *st, uint32_t source, str_id id, const char *text, size_t len_bytes)
{
	sqlite3_stmt *stmt = store_insert(st, INSERT_STRING, "INSERT INTO string", ",source,id,text", 3);
	int rc;

	if (!stmt)
		return false;
	rc = sqlite3_bind_int64(stmt, 1, source);
	rc |= sqlite3_bind_int64(stmt, 2, id);
	rc |= sqlite3_bind_text64(stmt, 3, text, strnlen(text, len_bytes), SQLITE_STATIC, SQLITE_UTF8);
	return store_insert_done(st, stmt, rc);
}

struct record_kind_row {
	uint32_t source;
	const struct record_kind *rk;
};

#define RECORD_KIND_COLUMNS(C) \
	C(source, INT,  row->source) \
	C(name,   TEXT, row->rk->name) \
	C(count,  INT,  (int64_t)row->rk->count) \
	C(kept,   INT,  (int64_t)row->rk->kept)

DEFINE_INSERT(insert_record_kind, record_kind_row, INSERT_RECORD_KIND, "INSERT OR REPLACE INTO record_kind",
	      RECORD_KIND_COLUMNS)

bool store_record_kind(struct store *st, uint32_t source, const struct record_kind *rk)
{
	return insert_record_kind(st, &(struct record_kind_row){ .source = source, .rk = rk });
}

struct diag_row {
	uint32_t source;
	enum diag_code code;
	struct diag_pos pos;
	const char *text;
};

#define DIAG_COLUMNS(C) \
	C(source, INT,  row->source) \
	C(code,   TEXT, diag_code_name(row->code)) \
	C(level,  TEXT, diag_level_name(diag_level(row->code))) \
	C(offset, ID,   (int64_t)row->pos.byte) \
	C(line,   ID,   (int64_t)row->pos.line) \
	C(text,   TEXT, row->text)

DEFINE_INSERT(insert_diag, diag_row, INSERT_DIAG, "INSERT INTO diag", DIAG_COLUMNS)

bool store_diag(struct store *st, uint32_t source, enum diag_code code, struct diag_pos pos, const char *text)
{
	return insert_diag(st, &(struct diag_row){ .source = source, .code = code, .pos = pos, .text = text });
}

struct signal_row {
	uint32_t source;
	const struct source_signal *sig;
	const char *basis, *machine;
	int64_t from_ns, first_ns, to_ns;
};

#define SIGNAL_COLUMNS(C) \
	C(source,  INT,  row->source) \
	C(kind,    TEXT, event_kinds[row->sig->kind].name) \
	C(witness, TEXT, witness_name(row->sig->witness)) \
	C(via,     TEXT, row->sig->via) \
	C(grade,   TEXT, row->sig->grade == SIGNAL_COMPLETE ? "complete" : "partial") \
	C(basis,   TEXT, row->basis) \
	C(from_ns, TIME, row->from_ns) \
	C(first_ns, TIME, row->first_ns) \
	C(machine, NAME, row->machine) \
	C(to_ns,   TIME, row->to_ns)

DEFINE_INSERT(insert_signal, signal_row, INSERT_SIGNAL, "INSERT OR REPLACE INTO signal", SIGNAL_COLUMNS)

bool store_signal(struct store *st, uint32_t source, const struct source_signal *sig, int64_t from_ns, int64_t to_ns)
{
	struct signal_row row = {
		.source = source, .sig = sig, .from_ns = from_ns, .first_ns = from_ns, .to_ns = to_ns,
	};
	char machine[OBJECT_NAME_MAX];

	if (sig->kind == EV_NONE || sig->kind >= NR_EVENT_KINDS || sig->witness >= NR_WITNESSES)
		return store_fail_text(st, DIAG_STORE_FAILED, "no such signal");
	if (sig->basis == SIGNAL_DECLARED) {
		row.basis = "declared";
		row.from_ns = NO_TIME;
	} else {
		row.basis = from_ns == NO_TIME ? "none" : "seen";
	}
	if (sig->machine != MACHINE_OWN) {
		machine_print(machine, sizeof(machine), sig->machine);
		row.machine = machine;
	}
	return insert_signal(st, &row);
}

bool store_chunk(struct store *st, const struct chunk_info *info, const uint8_t *bytes, size_t len_bytes)
{
	static const char columns[] = ",source,events,first_ordinal,last_ordinal,t_min_ns,t_max_ns,data";
	struct store_source *src = store_source(st, info->source);
	sqlite3_stmt *stmt = store_insert(st, INSERT_CHUNK, "INSERT INTO chunk", columns, 7);
	int rc;

	if (!stmt || !src)
		return stmt ? store_fail_text(st, DIAG_STORE_FAILED, "no such source") : false;
	if (src->first_ns == NO_TIME || info->t_min_ns < src->first_ns)
		src->first_ns = info->t_min_ns;
	if (src->last_ns == NO_TIME || info->t_max_ns > src->last_ns)
		src->last_ns = info->t_max_ns;
	rc = sqlite3_bind_int64(stmt, 1, info->source);
	rc |= sqlite3_bind_int64(stmt, 2, info->nr_events);
	rc |= sqlite3_bind_int64(stmt, 3, (int64_t)info->first_ordinal);
	rc |= sqlite3_bind_int64(stmt, 4, (int64_t)info->last_ordinal);
	rc |= sqlite3_bind_int64(stmt, 5, info->t_min_ns);
	rc |= sqlite3_bind_int64(stmt, 6, info->t_max_ns);
	rc |= sqlite3_bind_blob64(stmt, 7, bytes, len_bytes, SQLITE_STATIC);
	return store_insert_done(st, stmt, rc);
}

struct gap_row {
	uint32_t source;
	int32_t cpu;
	int64_t from_ns, to_ns;
	uint64_t count;
	int64_t event;
};

#define GAP_COLUMNS(C) \
	C(source,  INT,  row->source) \
	C(cpu,     TIME, row->cpu < 0 ? NO_TIME : row->cpu) \
	C(from_ns, TIME, row->from_ns) \
	C(to_ns,   INT,  row->to_ns) \
	C(count,   ID,   (int64_t)row->count) \
	C(event,   ID,   row->event)

DEFINE_INSERT(insert_gap, gap_row, INSERT_GAP, "INSERT INTO gap", GAP_COLUMNS)

bool store_gap(struct store *st, uint32_t source, int32_t cpu, int64_t from_ns, int64_t to_ns, uint64_t count,
	       int64_t event)
{
	return insert_gap(st, &(struct gap_row){ source, cpu, from_ns, to_ns, count, event });
}

struct snapshot_row {
	const struct event *ev;
	char object[OBJECT_NAME_MAX], fed[OBJECT_NAME_MAX];
	const char *field, *text;
	int64_t value;
	bool has_value;
};

static int bind_VALUE(sqlite3_stmt *stmt, int column, const struct snapshot_row *row)
{
	return row->has_value ? sqlite3_bind_int64(stmt, column, row->value) : sqlite3_bind_null(stmt, column);
}

#define SNAPSHOT_COLUMNS(C) \
	C(event,   INT,   event_id(row->ev->source, row->ev->ordinal, row->ev->sub)) \
	C(source,  INT,   row->ev->source) \
	C(object,  TEXT,  row->object) \
	C(field,   TEXT,  row->field) \
	C(value,   VALUE, row) \
	C(text,    NAME,  row->text) \
	C(fed,     NAME,  row->fed) \
	C(cpu,     TIME,  row->ev->cpu < 0 ? NO_TIME : row->ev->cpu) \
	C(witness, TEXT,  witness_name(row->ev->witness))

DEFINE_INSERT(insert_snapshot, snapshot_row, INSERT_SNAPSHOT, "INSERT INTO snapshot_field", SNAPSHOT_COLUMNS)

/* Names of what snapshots show were made when the source had no machine of its own: "host" has no prefix. */
static bool rename_fields(struct store *st, uint32_t source, const char *machine)
{
	sqlite3_stmt *stmt = source_update(st, source,
		"UPDATE snapshot_field SET object = ?2 || '/' || object,"
		" fed = CASE WHEN fed LIKE '%/%' THEN fed ELSE ?2 || '/' || fed END WHERE source = ?1 AND object NOT LIKE '%/%'");

	if (!stmt)
		return false;
	sqlite3_bind_text(stmt, 2, machine, -1, SQLITE_TRANSIENT);
	return source_updated(st, stmt);
}

bool store_set_machine(struct store *st, uint32_t source, uint16_t machine)
{
	struct store_source *src = store_source(st, source);
	sqlite3_stmt *stmt = source_update(st, source, "UPDATE source SET machine = ?2 WHERE id = ?1");
	char name[OBJECT_NAME_MAX];

	if (!stmt || !src) {
		sqlite3_finalize(stmt);
		return false;
	}
	src->machine = machine;
	machine_print(name, sizeof(name), machine);
	sqlite3_bind_text(stmt, 2, name, -1, SQLITE_TRANSIENT);
	return source_updated(st, stmt) && (machine == MACHINE_HOST || rename_fields(st, source, name));
}

/* As the event names it, in the machine of its source where it names none. */
static void name_object(const struct store *st, const struct event *ev, unsigned i, char name[OBJECT_NAME_MAX])
{
	struct object_ref ref;

	name[0] = 0;
	if (i >= ev->nr_objects)
		return;
	ref = object_of_source(ev->object[i], st->sources[ev->source - 1].machine);
	object_print(name, OBJECT_NAME_MAX, ref, 1);
}

bool store_snapshot_field(struct store *st, const struct event *ev)
{
	struct snapshot_row row = { .ev = ev };
	int64_t field = 0, text = 0;

	if (!store_source(st, ev->source))
		return store_fail_text(st, DIAG_STORE_FAILED, "no such source");
	event_arg(ev, ARG_FIELD, &field);
	event_arg(ev, ARG_TEXT, &text);
	row.field = store_get_string(st, ev->source, field);
	row.text = text ? store_get_string(st, ev->source, text) : NULL;
	row.has_value = event_arg(ev, ARG_VALUE, &row.value);
	name_object(st, ev, 0, row.object);
	name_object(st, ev, 1, row.fed);
	return insert_snapshot(st, &row);
}

/* map_time(T, OFFSET, BASE, RATE): a moment of a source's own clock on the reference clock; NULL stays NULL. */
static void sql_map_time(sqlite3_context *ctx, int nr, sqlite3_value **arg)
{
	struct time_map map = { sqlite3_value_int64(arg[1]), sqlite3_value_int64(arg[2]), sqlite3_value_int64(arg[3]) };

	(void)nr;
	if (sqlite3_value_type(arg[0]) == SQLITE_NULL)
		sqlite3_result_null(ctx);
	else
		sqlite3_result_int64(ctx, time_map(sqlite3_value_int64(arg[0]), &map));
}

#define MOVED(column) column " = map_time(" column ", ?2, ?3, ?4)"

static bool move_times(struct store *st, uint32_t source, const struct time_map *map)
{
	static const char *const updates[] = {
		"UPDATE signal SET " MOVED("from_ns") ", " MOVED("first_ns") ", " MOVED("to_ns") " WHERE source = ?1",
		"UPDATE gap SET " MOVED("from_ns") ", " MOVED("to_ns") " WHERE source = ?1",
		"UPDATE clock SET " MOVED("first_ns") ", " MOVED("last_ns") ", " MOVED("until_ns") " WHERE source = ?1",
	};
	bool good = sqlite3_create_function(st->db, "map_time", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, sql_map_time, NULL,
					    NULL) == SQLITE_OK || store_fail(st, "clocks");

	for (unsigned i = 0; good && i < sizeof(updates) / sizeof(*updates); i++) {
		sqlite3_stmt *stmt = source_update(st, source, updates[i]);

		good = stmt != NULL;
		if (good) {
			bind_INT(stmt, 2, map->offset_ns);
			bind_INT(stmt, 3, map->base_ns);
			bind_INT(stmt, 4, map->rate);
			good = source_updated(st, stmt);
		}
	}
	sqlite3_create_function(st->db, "map_time", 4, SQLITE_UTF8, NULL, NULL, NULL, NULL);
	return good;
}

static void cycles_ns(sqlite3_context *ctx, int nr, sqlite3_value **values)
{
	(void)nr;
	if (sqlite3_value_type(values[0]) == SQLITE_INTEGER)
		sqlite3_result_int64(ctx, clock_time_ns(sqlite3_value_int64(values[0]), (uint64_t)sqlite3_value_int64(values[1])));
}

#define RATED(column) column " = cycles_ns(" column ", ?2)"

bool store_rate_clock(struct store *st, uint32_t source, uint64_t hz, uint32_t by)
{
	static const char *const updates[] = {
		"UPDATE source SET cycles = 0, " RATED("first_ns") ", " RATED("last_ns") " WHERE id = ?1",
		"UPDATE clock SET hz = ?2, hz_source = ?3, " RATED("first_ns") ", " RATED("last_ns") ", " RATED("until_ns")
		" WHERE source = ?1",
		"UPDATE chunk SET " RATED("t_min_ns") ", " RATED("t_max_ns") " WHERE source = ?1",
		"UPDATE signal SET " RATED("from_ns") ", " RATED("first_ns") ", " RATED("to_ns") " WHERE source = ?1",
		"UPDATE gap SET " RATED("from_ns") ", " RATED("to_ns") " WHERE source = ?1",
	};
	struct store_source *src = store_source(st, source);
	bool good = src && sqlite3_create_function(st->db, "cycles_ns", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, cycles_ns,
						   NULL, NULL) == SQLITE_OK;

	for (unsigned i = 0; good && i < sizeof(updates) / sizeof(*updates); i++) {
		sqlite3_stmt *stmt = source_update(st, source, updates[i]);

		good = stmt != NULL;
		if (good) {
			bind_INT(stmt, 2, (int64_t)hz);
			if (sqlite3_bind_parameter_count(stmt) > 2)
				bind_INT(stmt, 3, by);
			good = source_updated(st, stmt);
		}
	}
	if (good)
		src->hz = hz;
	return good;
}

/* What a snapshot shows it shows of that moment alone. */
static bool set_moment(struct store *st, uint32_t source, int64_t t_ns)
{
	sqlite3_stmt *stmt = source_update(st, source, "UPDATE signal SET from_ns = ?2, first_ns = ?2, to_ns = ?2 "
					   "WHERE source = ?1 AND first_ns IS NOT NULL");

	if (!stmt)
		return false;
	bind_INT(stmt, 2, t_ns);
	return source_updated(st, stmt);
}

bool store_set_clock(struct store *st, uint32_t source, const struct store_clock *clock)
{
	struct store_source *src = store_source(st, source);
	sqlite3_stmt *stmt = source_update(st, source,
		"UPDATE clock SET method = ?2, offset_ns = ?3, lo_ns = ?4, hi_ns = ?5, contradictions = ?6, base = ?7, rate = ?8"
		" WHERE source = ?1");

	if (!stmt || !src) {
		sqlite3_finalize(stmt);
		return false;
	}
	src->map = (struct time_map){ clock->offset_ns, clock->base, clock->rate };
	bind_TEXT(stmt, 2, clock->method);
	bind_INT(stmt, 3, clock->offset_ns);
	bind_TIME(stmt, 4, clock->lo_ns);
	bind_TIME(stmt, 5, clock->hi_ns);
	bind_INT(stmt, 6, (int64_t)clock->contradictions);
	bind_INT(stmt, 7, clock->base);
	bind_INT(stmt, 8, clock->rate);
	return source_updated(st, stmt) &&
	       (src->timeless ? set_moment(st, source, clock->offset_ns) : move_times(st, source, &src->map));
}

struct text_row {
	int64_t event;
	const char *text;
};

#define TEXT_COLUMNS(C) \
	C(event, INT,  row->event) \
	C(text,  TEXT, row->text)

DEFINE_INSERT(insert_text, text_row, INSERT_TEXT, "INSERT OR REPLACE INTO event_text", TEXT_COLUMNS)

bool store_event_text(struct store *st, int64_t event, const char *text)
{
	return insert_text(st, &(struct text_row){ event, text });
}

struct meta_row {
	const char *key, *value;
};

#define META_COLUMNS(C) \
	C(key,   TEXT, row->key) \
	C(value, TEXT, row->value)

DEFINE_INSERT(insert_meta, meta_row, INSERT_META, "INSERT OR REPLACE INTO meta", META_COLUMNS)

bool store_set_meta(struct store *st, const char *key, const char *value)
{
	return insert_meta(st, &(struct meta_row){ key, value });
}

/* ---------------------------------------------------------------- strings */

static char *fetch_string(struct store *st, uint32_t source, str_id id)
{
	sqlite3_stmt *stmt =
		store_prepare(st, &st->get_string, "SELECT text FROM string WHERE source = ?1 AND id = ?2");
	const char *text = NULL;
	char *copy;

	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, source);
	sqlite3_bind_int64(stmt, 2, id);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(stmt, 0);
	copy = strndup(text ? text : "", STRTAB_MAX_LEN);
	sqlite3_reset(stmt);
	return copy;
}

static bool make_room(struct store_source *src, str_id id)
{
	uint32_t nr = src->nr_strings ? src->nr_strings : 64;
	char **more;

	while (nr <= id)
		nr *= 2;
	more = reallocarray(src->strings, nr, sizeof(*more));
	if (!more)
		return false;
	memset(more + src->nr_strings, 0, (nr - src->nr_strings) * sizeof(*more));
	src->strings = more;
	src->nr_strings = nr;
	return true;
}

const char *store_get_string(struct store *st, uint32_t source, str_id id)
{
	struct store_source *src = store_source(st, source);

	if (!src || !id || id > STRTAB_MAX_STRINGS || (id >= src->nr_strings && !make_room(src, id)))
		return "";
	if (!src->strings[id])
		src->strings[id] = fetch_string(st, source, id);
	return src->strings[id] ? src->strings[id] : "";
}
