/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/db.h"
#include "store/time.h"

/* The events of one source. */
struct stream {
	struct store *st;
	uint32_t source;
	sqlite3_stmt *chunks;
	struct chunk_reader *reader;
	bool in_chunk, ended;
	bool as_is;		/* nothing is corrected */
	unsigned nr_left;	/* events that the chunk must still hold */
	int64_t last_ns;	/* corrected; time never runs backwards */
	struct event head;	/* the next event, where several streams are merged */
};

struct cursor {
	struct store *st;
	bool failed;
	bool broken;		/* fails once the event that was read before is out */
	uint32_t nr_streams;
	struct stream *streams;
	uint32_t nr_heap;
	struct stream **heap;	/* streams that have a head, the first event on top; NULL where there is one stream */
};

enum stream_status { STREAM_EVENT, STREAM_END, STREAM_FAILED };

static bool damaged(struct store *st, int64_t chunk, const char *what)
{
	char text[128];

	snprintf(text, sizeof(text), "chunk %lld: %s", (long long)chunk, what);
	return store_fail_text(st, DIAG_BAD_DATABASE, text);
}

/* Starts the reader on a row (id, events, data); the bytes stay valid until the statement's next step or reset. */
static bool start_chunk(struct store *st, struct chunk_reader *reader, sqlite3_stmt *row, uint32_t source,
			unsigned *nr_events)
{
	int64_t events = sqlite3_column_int64(row, 1);
	const void *bytes = sqlite3_column_blob(row, 2);

	if (!bytes || events <= 0 || events > CHUNK_MAX_EVENTS)
		return damaged(st, sqlite3_column_int64(row, 0), "events and data do not agree");
	*nr_events = (unsigned)events;
	chunk_reader_start(reader, bytes, (size_t)sqlite3_column_bytes(row, 2), source);
	return true;
}

/* To the reference clock; objects get the source's machine. */
static void correct_event(const struct store_source *src, struct event *ev)
{
	time_correct(ev, src->hz, &src->map);
	for (unsigned i = 0; i < ev->nr_objects; i++)
		ev->object[i] = object_of_source(ev->object[i], src->machine);
	ev->machine = src->machine;
}

static enum stream_status stream_next_chunk(struct stream *s)
{
	int rc = s->ended ? SQLITE_DONE : sqlite3_step(s->chunks);

	s->ended = rc == SQLITE_DONE;	/* a further step would begin anew */
	if (s->ended)
		return STREAM_END;
	if (rc != SQLITE_ROW) {
		store_fail(s->st, "reading chunks");
		return STREAM_FAILED;
	}
	s->in_chunk = start_chunk(s->st, s->reader, s->chunks, s->source, &s->nr_left);
	return s->in_chunk ? STREAM_EVENT : STREAM_FAILED;
}

static enum stream_status stream_next(struct stream *s, struct event *ev)
{
	for (;;) {
		enum chunk_status chunk = s->in_chunk ? chunk_reader_next(s->reader, ev) : CHUNK_END;
		enum stream_status status;

		if (chunk == CHUNK_EVENT && s->nr_left) {
			s->nr_left--;
			break;
		}
		if (chunk != CHUNK_END || s->nr_left) {
			damaged(s->st, sqlite3_column_int64(s->chunks, 0), "packed events are damaged");
			return STREAM_FAILED;
		}
		status = stream_next_chunk(s);
		if (status != STREAM_EVENT)
			return status;
	}
	if (!s->as_is)
		correct_event(&s->st->sources[s->source - 1], ev);
	if (event_order_ns(ev) < s->last_ns) {
		damaged(s->st, sqlite3_column_int64(s->chunks, 0), "time runs backwards");
		return STREAM_FAILED;
	}
	s->last_ns = event_order_ns(ev);
	return STREAM_EVENT;
}

static bool before(const struct stream *a, const struct stream *b)
{
	int64_t a_ns = event_order_ns(&a->head), b_ns = event_order_ns(&b->head);

	return a_ns < b_ns || (a_ns == b_ns && a->source < b->source);
}

static void sift_down(struct cursor *cur, uint32_t at)
{
	struct stream *moved = cur->heap[at];

	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= cur->nr_heap)
			break;
		if (child + 1 < cur->nr_heap && before(cur->heap[child + 1], cur->heap[child]))
			child++;
		if (!before(cur->heap[child], moved))
			break;
		cur->heap[at] = cur->heap[child];
		at = child;
	}
	cur->heap[at] = moved;
}

static bool stream_open(struct stream *s, struct store *st, uint32_t source)
{
	static const char sql[] = "SELECT id, events, data FROM chunk WHERE source = ?1 AND id BETWEEN"
		" (SELECT min(id) FROM chunk INDEXED BY chunk_range WHERE source = ?1) AND"
		" (SELECT max(id) FROM chunk INDEXED BY chunk_range WHERE source = ?1) ORDER BY id";

	*s = (struct stream){ .st = st, .source = source, .last_ns = INT64_MIN, .reader = chunk_reader_new() };
	if (!s->reader)
		return store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
	if (!store_prepare(st, &s->chunks, sql))
		return false;
	sqlite3_bind_int64(s->chunks, 1, source);
	return true;
}

static bool fill_heap(struct cursor *cur)
{
	cur->heap = calloc(cur->nr_streams, sizeof(*cur->heap));
	if (!cur->heap)
		return store_fail_text(cur->st, DIAG_STORE_FAILED, "out of memory");
	for (uint32_t i = 0; i < cur->nr_streams; i++) {
		enum stream_status status = stream_next(&cur->streams[i], &cur->streams[i].head);

		if (status == STREAM_FAILED)
			return false;
		if (status == STREAM_EVENT)
			cur->heap[cur->nr_heap++] = &cur->streams[i];
	}
	for (uint32_t at = cur->nr_heap / 2; at-- > 0; )
		sift_down(cur, at);
	return true;
}

static bool open_streams(struct cursor *cur, uint32_t first, uint32_t last)
{
	struct store *st = cur->st;

	cur->streams = calloc(last >= first ? last - first + 1 : 1, sizeof(*cur->streams));
	if (!cur->streams)
		return store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
	for (uint32_t source = first; source <= last; source++)
		if (!stream_open(&cur->streams[cur->nr_streams++], st, source))
			return false;
	return cur->nr_streams < 2 || fill_heap(cur);
}

static struct cursor *open_sources(struct store *st, uint32_t first, uint32_t last)
{
	struct cursor *cur = calloc(1, sizeof(*cur));

	if (!cur) {
		store_fail_text(st, DIAG_STORE_FAILED, "out of memory");
		return NULL;
	}
	cur->st = st;
	if (!st->failed && open_streams(cur, first, last))
		return cur;
	cursor_close(cur);
	return NULL;
}

struct cursor *cursor_open(struct store *st)
{
	return open_sources(st, 1, st->nr_sources);
}

struct cursor *cursor_open_source(struct store *st, uint32_t source)
{
	struct cursor *cur;

	if (source < 1 || source > st->nr_sources)
		return NULL;
	cur = open_sources(st, source, source);
	if (cur && cur->nr_streams)
		cur->streams[0].as_is = true;
	return cur;
}

static bool merge_next(struct cursor *cur, struct event *ev)
{
	struct stream *top;
	enum stream_status status;

	cur->failed = cur->broken;
	if (!cur->nr_heap || cur->failed)
		return false;
	top = cur->heap[0];
	*ev = top->head;
	status = stream_next(top, &top->head);
	cur->broken = status == STREAM_FAILED;
	if (status == STREAM_END)
		cur->heap[0] = cur->heap[--cur->nr_heap];
	if (cur->nr_heap && !cur->broken)
		sift_down(cur, 0);
	return true;
}

bool cursor_next(struct cursor *cur, struct event *ev)
{
	enum stream_status status;

	if (cur->failed || !cur->nr_streams)
		return false;
	if (cur->heap)
		return merge_next(cur, ev);
	status = stream_next(&cur->streams[0], ev);
	cur->failed = status == STREAM_FAILED;
	return status == STREAM_EVENT;
}

bool cursor_failed(const struct cursor *cur)
{
	return cur->failed;
}

void cursor_close(struct cursor *cur)
{
	if (!cur)
		return;
	for (uint32_t i = 0; i < cur->nr_streams; i++) {
		sqlite3_finalize(cur->streams[i].chunks);
		chunk_reader_free(cur->streams[i].reader);
	}
	free(cur->streams);
	free(cur->heap);
	free(cur);
}

static bool find_in_chunk(struct store *st, sqlite3_stmt *row, uint32_t source, int64_t id, struct event *ev)
{
	unsigned nr_events;

	if (!start_chunk(st, st->reader, row, source, &nr_events))
		return false;
	while (chunk_reader_next(st->reader, ev) == CHUNK_EVENT)
		if (event_id(ev->source, ev->ordinal, ev->sub) == id)
			return true;
	return false;
}

bool cursor_seek(struct store *st, int64_t id, struct event *ev)
{
	static const char sql[] = "SELECT d.id, d.events, d.data FROM chunk AS r INDEXED BY chunk_range JOIN chunk AS d"
		" ON d.id = r.id WHERE r.source = ?1 AND r.first_ordinal <= ?2 AND r.last_ordinal >= ?2";
	const struct store_source *src;
	sqlite3_stmt *stmt;
	bool found = false;

	src = id > 0 && id >> 43 <= UINT32_MAX ? store_source(st, (uint32_t)(id >> 43)) : NULL;
	if (!src)
		return false;
	stmt = store_prepare(st, &st->get_chunk, sql);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id >> 43);
	sqlite3_bind_int64(stmt, 2, id >> 3 & ((1ll << 40) - 1));
	while (!found && sqlite3_step(stmt) == SQLITE_ROW)
		found = find_in_chunk(st, stmt, (uint32_t)(id >> 43), id, ev);
	sqlite3_reset(stmt);
	if (found)
		correct_event(src, ev);
	return found;
}
