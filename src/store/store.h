/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The database: facts (sources, chunks of events, signals, gaps) written once, derived tables dropped and rebuilt.
 * schema.sql documents every table and column. One transaction; a database under its own name is always whole.
 */
#ifndef IRQPATH_STORE_STORE_H
#define IRQPATH_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/derived.h"
#include "core/diag.h"
#include "core/event.h"
#include "ingest/source.h"

struct store;

/*
 * A new database. path NULL: temporary, gone with store_close(). Otherwise it is written as a temporary file in the
 * same directory, which store_finish() renames over path; store_close() without it removes the temporary file. A kill
 * leaves at most a file whose name says that it is temporary. NULL at failure, reported.
 */
struct store *store_create(const char *path, struct diag_sink *diag);

/* An existing database, read-only. Anything but a whole database of this schema version is refused with a message. */
struct store *store_open(const char *path, struct diag_sink *diag);

/*
 * A copy of an existing database to be written anew: facts as they are, derived tables empty; store_finish() renames it
 * over path. For replay.
 */
struct store *store_open_for_replay(const char *path, struct diag_sink *diag);

/* True where the file begins as an irqpath database does; no message. */
bool store_probe(const char *path);

/* Commits, syncs and renames. False at failure, reported; the old file is then untouched. */
bool store_finish(struct store *st);
void store_close(struct store *st);	/* accepts NULL */

/* Facts. False at failure, which has been reported, as with all functions below. */
bool store_add_source(struct store *st, const char *path, const char *machine, uint32_t *source);
/* info->machine, unless it is MACHINE_OWN, replaces the one that the source was added with. */
bool store_source_info(struct store *st, uint32_t source, const struct source_info *info);
bool store_source_end(struct store *st, uint32_t source, const struct source_end *end);
bool store_string(struct store *st, uint32_t source, str_id id, const char *text, size_t len_bytes);
bool store_record_kind(struct store *st, uint32_t source, const struct record_kind *rk);
bool store_diag(struct store *st, uint32_t source, enum diag_code code, struct diag_pos pos, const char *text);

/* first_ns: of the first event of that kind and witness, NO_TIME where there was none. last_ns: end of the source. */
bool store_signal(struct store *st, uint32_t source, const struct source_signal *sig, int64_t from_ns, int64_t to_ns);

/* What a chunk holds; filled by who decoded it. */
struct chunk_info {
	uint32_t source;
	unsigned nr_events;
	uint64_t first_ordinal, last_ordinal;
	int64_t t_min_ns, t_max_ns;
};
bool store_chunk(struct store *st, const struct chunk_info *info, const uint8_t *bytes, size_t len_bytes);

/* One hole: events on this CPU between the two times are missing. cpu -1: any CPU. count 0: unknown number. */
bool store_gap(struct store *st, uint32_t source, int32_t cpu, int64_t from_ns, int64_t to_ns, uint64_t count,
	       int64_t event);

/* An event snapshot.field as a row of its table; before it the strings that it uses. */
/* Whose events the source holds, as has turned out once it was read. */
bool store_set_machine(struct store *st, uint32_t source, uint16_t machine);
bool store_snapshot_field(struct store *st, const struct event *ev);

/*
 * Makes ns of the times of a source that counts cycles, hz a second, as the source by told. Once a source, all of it
 * stored, before store_set_clock().
 */
bool store_rate_clock(struct store *st, uint32_t source, uint64_t hz, uint32_t by);

/* As the table clock has it. */
struct store_clock {
	const char *method;
	int64_t offset_ns;
	int64_t lo_ns, hi_ns;	/* bounds of the offset; NO_TIME: none */
	int64_t base, rate;	/* rate 0: the clocks do not drift apart */
	uint64_t contradictions;
};

/*
 * How a source's times become those of the reference clock, or where in it a source without times stands. What was written
 * of the source in its own time (signals, holes) moves with it: after store_source_end(), and once.
 */
bool store_set_clock(struct store *st, uint32_t source, const struct store_clock *clock);

/* Original text of an event that is shown as evidence. */
bool store_event_text(struct store *st, int64_t event, const char *text);

bool store_set_meta(struct store *st, const char *key, const char *value);

/* Strings of a source, borrowed until the store is closed; "" where unknown. */
const char *store_get_string(struct store *st, uint32_t source, str_id id);

/* The sink that the model writes to; ctx is the store. */
const struct derived_sink *store_derived_sink(struct store *st);

/* Empties what the sink has filled, for a replay from the beginning. Before store_derived_end(). */
bool store_derived_clear(struct store *st);

/* Writes what the sink holds back, and what is derived from derived tables: indexes, anchors. */
bool store_derived_end(struct store *st);

#endif
