/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The model's sink: derived tables, and the ones that are derived from these. */
#include <stdio.h>
#include <string.h>

#include "store/db.h"

/* A row of the model's as one of the sink's: 0 goes on, anything else stops the model. */
#define DEFINE_SINK(name, row_struct, insert) \
	static int name(void *ctx, const struct row_struct *row) \
	{ \
		return insert(ctx, row) ? 0 : -1; \
	}

struct object_text {
	const struct object_row *row;
	char name[OBJECT_NAME_MAX], machine[OBJECT_NAME_MAX], anchor[OBJECT_NAME_MAX];
	const char *label, *driver;
};

#define OBJECT_COLUMNS(C) \
	C(id,          INT,  row->row->id) \
	C(name,        TEXT, row->name) \
	C(kind,        TEXT, object_kind_name(row->row->ref.kind)) \
	C(machine,     TEXT, row->machine) \
	C(generation,  INT,  row->row->generation) \
	C(path,        TEXT, path_name(row->row->path)) \
	C(function,    ID,   row->row->function) \
	C(anchor,      TEXT, row->anchor) \
	C(label,       NAME, row->label) \
	C(driver,      NAME, row->driver) \
	C(first_event, ID,   row->row->first_event) \
	C(last_event,  ID,   row->row->last_event) \
	C(born_ns,     TIME, row->row->born_ns) \
	C(gone_ns,     TIME, row->row->gone_ns)

DEFINE_INSERT(insert_object, object_text, INSERT_OBJECT, "INSERT INTO object", OBJECT_COLUMNS)

/* What stays the same from one capture to another. An irq takes over what feeds it, once that is known. */
static void print_anchor(char *buf, size_t len, struct object_ref ref)
{
	char name[OBJECT_NAME_MAX];

	ref.machine = MACHINE_OWN;
	object_print(name, sizeof(name), ref, 0);
	switch (ref.kind) {
	case OBJ_PCI:
	case OBJ_MSIX:
	case OBJ_MSI:
	case OBJ_INTX:
	case OBJ_VFIO:
		snprintf(buf, len, "%s", strchr(name, ':') + 1);
		break;
	case OBJ_GSI:
	case OBJ_PIN:
		snprintf(buf, len, "%s", name);
		break;
	case OBJ_CPU:
		snprintf(buf, len, "cpu");
		break;
	default:
		snprintf(buf, len, "capture");
		break;
	}
}

static int sink_object(void *ctx, const struct object_row *row)
{
	struct store *st = ctx;
	struct object_text text = {
		.row = row,
		.label = store_get_string(st, row->name_source, row->name),
		.driver = store_get_string(st, row->name_source, row->handler),
	};

	object_print(text.name, sizeof(text.name), row->ref, row->generation);
	machine_print(text.machine, sizeof(text.machine), row->ref.machine);
	print_anchor(text.anchor, sizeof(text.anchor), row->ref);
	return insert_object(st, &text) ? 0 : -1;
}

#define SUMMARY_COLUMNS(C) \
	C(object,                INT,  row->object) \
	C(deliveries,            INT,  (int64_t)row->deliveries) \
	C(handled,               INT,  (int64_t)row->handled) \
	C(unhandled,             INT,  (int64_t)row->unhandled) \
	C(unhandled_run,         INT,  (int64_t)row->unhandled_run) \
	C(unhandled_first_event, ID,   row->unhandled_first_event) \
	C(unhandled_last_event,  ID,   row->unhandled_last_event) \
	C(unhandled_at_end,      INT,  row->unhandled_at_end) \
	C(first_ns,              TIME, row->first_ns) \
	C(last_ns,               TIME, row->last_ns) \
	C(first_event,           ID,   row->first_event) \
	C(last_event,            ID,   row->last_event) \
	C(longest_gap_ns,        TIME, row->longest_gap_ns) \
	C(busiest_second,        INT,  (int64_t)row->busiest_second) \
	C(busiest_event,         ID,   row->busiest_event)

DEFINE_INSERT(insert_summary, summary_row, INSERT_SUMMARY, "INSERT INTO object_summary", SUMMARY_COLUMNS)
DEFINE_SINK(sink_summary, summary_row, insert_summary)

#define LINK_COLUMNS(C) \
	C(feeder,     INT,  row->feeder) \
	C(fed,        INT,  row->fed) \
	C(proof,      TEXT, proof_name(row->proof)) \
	C(source,     ID,   row->source) \
	C(from_event, ID,   row->from_event) \
	C(to_event,   ID,   row->to_event) \
	C(from_ns,    TIME, row->from_ns) \
	C(to_ns,      TIME, row->to_ns)

DEFINE_INSERT(insert_link, link_row, INSERT_LINK, "INSERT INTO link", LINK_COLUMNS)
DEFINE_SINK(sink_link, link_row, insert_link)

#define STEP_COLUMNS(C) \
	C(event,      INT,  row->event) \
	C(t_ns,       INT,  row->t_ns) \
	C(object,     INT,  row->object) \
	C(component,  TEXT, row->component) \
	C(field,      TEXT, row->field) \
	C(old,        TEXT, row->from) \
	C(new,        TEXT, row->to) \
	C(input,      TEXT, row->input) \
	C(owner,      NAME, row->owner) \
	C(prompt,     NAME, row->prompt) \
	C(unexpected, INT,  row->unexpected)

DEFINE_INSERT(insert_step, step_row, INSERT_STEP, "INSERT INTO step", STEP_COLUMNS)
DEFINE_SINK(sink_step, step_row, insert_step)

#define SPAN_COLUMNS(C) \
	C(object,      INT,  row->object) \
	C(component,   TEXT, row->component) \
	C(field,       TEXT, row->field) \
	C(state,       TEXT, row->state) \
	C(start_event, ID,   row->start_event) \
	C(end_event,   ID,   row->end_event) \
	C(start_ns,    TIME, row->start_ns) \
	C(end_ns,      INT,  row->end_ns) \
	C(ending,      TEXT, ending_name(row->ending)) \
	C(ended_by,    NAME, row->ended_by)

DEFINE_INSERT(insert_span, span_row, INSERT_SPAN, "INSERT INTO span", SPAN_COLUMNS)
DEFINE_SINK(sink_span, span_row, insert_span)

#define OBLIGATION_COLUMNS(C) \
	C(object,             INT,  row->object) \
	C(kind,               TEXT, row->kind) \
	C(owner,              NAME, row->owner) \
	C(trigger_event,      ID,   row->trigger_event) \
	C(trigger_ns,         INT,  row->trigger_ns) \
	C(guard,              TEXT, row->guard_unknown ? "unknown" : "true") \
	C(cause_event,        ID,   row->cause_event) \
	C(expected_event,     ID,   row->expected_event) \
	C(first_missed_event, ID,   row->first_missed_event) \
	C(missed,             INT,  (int64_t)row->missed) \
	C(end_event,          ID,   row->end_event) \
	C(end_ns,             INT,  row->end_ns) \
	C(ending,             TEXT, ending_name(row->ending)) \
	C(ended_by,           NAME, row->ended_by) \
	C(owed_ns,            INT,  row->owed_ns) \
	C(excuses,            INT,  row->excuses) \
	C(opportunities,      INT,  row->opportunities) \
	C(gap_event,          ID,   row->gap_event) \
	C(owed_before_gap_ns, INT,  row->owed_before_gap_ns)

DEFINE_INSERT(insert_obligation, obligation_row, INSERT_OBLIGATION, "INSERT INTO obligation", OBLIGATION_COLUMNS)
DEFINE_SINK(sink_obligation, obligation_row, insert_obligation)

#define LEDGER_COLUMNS(C) \
	C(object, INT,  row->object) \
	C(hop,    TEXT, row->hop) \
	C(lo,     INT,  (int64_t)row->lo) \
	C(hi,     TIME, row->hi_unbounded ? NO_TIME : (int64_t)row->hi)

DEFINE_INSERT(insert_ledger, ledger_row, INSERT_LEDGER, "INSERT INTO ledger", LEDGER_COLUMNS)
DEFINE_SINK(sink_ledger, ledger_row, insert_ledger)

#define STAT_COLUMNS(C) \
	C(kind,   TEXT, row->kind) \
	C(met,    INT,  (int64_t)row->met) \
	C(p50_ns, INT,  row->p50_ns) \
	C(p99_ns, INT,  row->p99_ns) \
	C(max_ns, INT,  row->max_ns) \
	C(typical_ns, INT, row->met < 100 ? row->p50_ns : row->p99_ns)

DEFINE_INSERT(insert_stat, stat_row, INSERT_STAT, "INSERT INTO obligation_stat", STAT_COLUMNS)
DEFINE_SINK(sink_stat, stat_row, insert_stat)

/* One record can prove harm to several objects; the table keeps the first. */
#define HARM_COLUMNS(C) \
	C(event,  INT,  row->event) \
	C(object, ID,   row->object) \
	C(kind,   TEXT, row->kind)

DEFINE_INSERT(insert_harm, harm_row, INSERT_HARM, "INSERT OR IGNORE INTO harm", HARM_COLUMNS)
DEFINE_SINK(sink_harm, harm_row, insert_harm)

struct path_text {
	const struct path_row *row;
	char machine[OBJECT_NAME_MAX];
};

#define PATH_COLUMNS(C) \
	C(machine, TEXT, row->machine) \
	C(path,    TEXT, path_name(row->row->path)) \
	C(event,   ID,   row->row->event)

DEFINE_INSERT(insert_path, path_text, INSERT_PATH, "INSERT OR IGNORE INTO path", PATH_COLUMNS)

static int sink_path(void *ctx, const struct path_row *row)
{
	struct path_text text = { .row = row };

	machine_print(text.machine, sizeof(text.machine), row->machine);
	return insert_path(ctx, &text) ? 0 : -1;
}

#define DUMP_COLUMNS(C) \
	C(event,       INT,  row->event) \
	C(object,      INT,  row->object) \
	C(component,   TEXT, row->component) \
	C(field,       TEXT, row->field) \
	C(believed,    NAME, row->believed ? row->believed : "") \
	C(seen,        TEXT, row->seen) \
	C(since_event, ID,   row->since_event) \
	C(result,      TEXT, dump_result_name(row->result))

DEFINE_INSERT(insert_dump, dump_row, INSERT_DUMP, "INSERT OR IGNORE INTO snapshot_check", DUMP_COLUMNS)
DEFINE_SINK(sink_dump, dump_row, insert_dump)

/* ---------------------------------------------------------------- deliveries */

#define BLOCK_COLUMNS(C) \
	C(first_id, INT,  row->first_id) \
	C(rows,     INT,  row->nr_rows) \
	C(data,     BLOB, row)

static int bind_BLOB(sqlite3_stmt *stmt, int i, const struct delivery_block *block)
{
	return sqlite3_bind_blob64(stmt, i, block->bytes, (sqlite3_uint64)(block->at - block->bytes), SQLITE_STATIC);
}

DEFINE_INSERT(insert_block, delivery_block, INSERT_DELIVERIES, "INSERT INTO delivery_chunk", BLOCK_COLUMNS)

bool store_flush_deliveries(struct store *st)
{
	struct delivery_block *block = st->deliveries;

	if (!block->nr_rows)
		return true;
	if (!insert_block(st, block))
		return false;
	block->first_id += block->nr_rows;
	block->nr_rows = 0;
	block->at = block->bytes;
	memset(&block->packer, 0, sizeof(block->packer));
	return true;
}

static int sink_delivery(void *ctx, const struct delivery_row *row)
{
	struct store *st = ctx;
	struct delivery_block *block = st->deliveries;

	if (st->failed)
		return -1;
	block->at = delivery_put(&block->packer, block->at, row);
	block->nr_rows++;
	if (block->nr_rows < DELIVERY_BLOCK_ROWS &&
	    block->bytes + sizeof(block->bytes) - block->at >= PACK_MAX_ROW_BYTES)
		return 0;
	return store_flush_deliveries(st) ? 0 : -1;
}

const struct derived_sink *store_derived_sink(struct store *st)
{
	st->sink = (struct derived_sink){
		.ctx = st,
		.object = sink_object,
		.summary = sink_summary,
		.link = sink_link,
		.step = sink_step,
		.span = sink_span,
		.obligation = sink_obligation,
		.delivery = sink_delivery,
		.ledger = sink_ledger,
		.stat = sink_stat,
		.harm = sink_harm,
		.path = sink_path,
		.dump = sink_dump,
	};
	return &st->sink;
}

/* ---------------------------------------------------------------- derived from derived */

/* An irq is known by what feeds it: the nearest to the device, of several the first by name. */
static const char anchors_sql[] =
	"UPDATE object SET anchor = coalesce("
	" (SELECT f.anchor FROM link AS l JOIN object AS f ON f.id = l.feeder"
	"   WHERE l.fed = object.id AND f.kind IN ('msix', 'msi', 'intx', 'gsi', 'pin')"
	"   ORDER BY CASE f.kind WHEN 'msix' THEN 1 WHEN 'msi' THEN 2 WHEN 'gsi' THEN 3 WHEN 'pin' THEN 4 ELSE 5 END,"
	" f.anchor"
	"   LIMIT 1), anchor)"
	" WHERE kind = 'irq'";

bool store_derived_clear(struct store *st)
{
	struct delivery_block *block = st->deliveries;

	block->first_id = 1;
	block->nr_rows = 0;
	block->at = block->bytes;
	memset(&block->packer, 0, sizeof(block->packer));
	return store_exec(st, "DELETE FROM object; DELETE FROM object_summary; DELETE FROM link; DELETE FROM step;"
			      " DELETE FROM span; DELETE FROM obligation; DELETE FROM obligation_stat; DELETE FROM delivery_chunk;"
			      " DELETE FROM ledger; DELETE FROM harm; DELETE FROM snapshot_check; DELETE FROM path");
}

bool store_derived_end(struct store *st)
{
	return store_flush_deliveries(st) && store_exec(st, store_index_sql) && store_exec(st, anchors_sql);
}
