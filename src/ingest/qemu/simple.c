/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of what QEMU's "simple" backend writes, versions 2 to 4 (trace/simple.c). All in the byte order of the machine
 * that wrote it:
 *
 *	u64 ~0, u64 magic, u64 version
 *	version 4: u64 type, then for 0 a name: u64 id, u32 length, bytes; for 1 a record
 *	record: u64 id, u64 time in ns, u32 length with these 24 bytes, u32 process, then the arguments in their order:
 *	a text as u32 length and bytes, everything else as u64
 *	record with id ~1: u64 count of records that were dropped in front of it
 *
 * Names came with version 4: of older files records are counted, and drops are holes. What an argument is called and how
 * it is written is not in the file: a row fits a record where the lengths agree.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/bincur.h"
#include "ingest/qemu/decode.h"
#include "ingest/readers.h"

enum {
	HEADER_BYTES = 24, RECORD_HEADER = 24, MAX_RECORD = 64 << 10, MAX_IDS = 1 << 16, MAX_NAME = 1024, PROGRESS_RECORDS = 1 << 16,
	TYPE_NAME = 0, TYPE_RECORD = 1, OLDEST_VERSION = 2, NAMED_VERSION = 4, RACE_NS = 1000000,
};

static const uint64_t header_id = UINT64_MAX, dropped_id = UINT64_MAX - 1, magic = 0xf2b177cb0aa429b4;

/* An event's name by its number in this file. */
struct id {
	const struct qemu_row *row;	/* NULL: no row knows it */
	char *name;			/* owned */
	uint64_t count;
};

struct reader {
	struct input in;
	struct reader_host host;
	struct bincur cur;
	struct qemu_decoder *decoder;	/* owned */
	unsigned version;
	struct id *ids;			/* owned */
	uint32_t nr_ids;
	uint64_t records, nr_named, lost;
	int64_t last_ns;		/* the latest so far */
	bool has_last;
	uint8_t body[MAX_RECORD];	/* of the last record */
	size_t body_len;
	struct event event[QEMU_MAX_EVENTS + 1];
	unsigned nr_events, next_event;
	bool incomplete, ended, stopped;
};

/* One record's header. */
struct head {
	uint64_t at, id, t_ns;
	uint32_t len_bytes;
};

static void bad(struct reader *rd, enum diag_code code, uint64_t at, const char *why)
{
	rd->incomplete = true;
	diag_report(rd->host.diag, code, (struct diag_pos){ rd->in.path, at, 0 }, "%s", why);
}

/* ------------------------------------------------------------------------------------------------------ names */

static struct id *id_at(struct reader *rd, uint64_t id)
{
	uint32_t nr = rd->nr_ids ? rd->nr_ids : 256;
	struct id *all;

	if (id < rd->nr_ids)
		return &rd->ids[id];
	if (id >= MAX_IDS)
		return NULL;
	while (nr <= id)
		nr *= 2;
	all = realloc(rd->ids, nr * sizeof(*all));
	if (!all)
		return NULL;
	memset(all + rd->nr_ids, 0, (nr - rd->nr_ids) * sizeof(*all));
	rd->ids = all;
	rd->nr_ids = nr;
	return &all[id];
}

/* False at the end, or where the rest makes no sense. */
static bool take_name(struct reader *rd)
{
	uint64_t at = rd->cur.pos, number = bincur_u64(&rd->cur);
	uint32_t len = bincur_u32(&rd->cur);
	char name[MAX_NAME];
	struct id *id;

	if (rd->cur.bad || !len || len > sizeof(name) || !bincur_read(&rd->cur, name, len)) {
		bad(rd, DIAG_BAD_DATA, at, "a name that cannot be");
		return false;
	}
	id = id_at(rd, number);
	if (!id || id->name)
		return true;
	if (len >= QEMU_MAX_NAME)
		len = QEMU_MAX_NAME - 1;
	id->name = strndup(name, len);
	id->row = qemu_names_find(qemu_decoder_names(rd->decoder), name, len);
	return true;
}

/* ---------------------------------------------------------------------------------------------------- records */

/* Arguments by one form; false where their lengths do not agree with the record's. */
static bool take_args(struct reader *rd, const struct qemu_row *row, struct qemu_record *rec)
{
	unsigned nr = qemu_nr_fields(row);
	struct bincur cur;

	/* "any text" has no fields to check */
	if (!nr && row->shape[0] == '%')
		return true;
	bincur_init_mem(&cur, rd->body, rd->body_len, rd->cur.big_endian);
	for (unsigned i = 0; i < nr && !cur.bad; i++) {
		if (qemu_field_type(row, i) != 's') {
			rec->num[i] = (int64_t)bincur_u64(&cur);
			continue;
		}
		rec->text[i].len = bincur_u32(&cur);
		rec->text[i].at = (const char *)rd->body + cur.pos;
		bincur_skip(&cur, rec->text[i].len);
	}
	return !cur.bad && !bincur_left(&cur);
}

static bool take_any_form(struct reader *rd, const struct qemu_row *row, struct qemu_record *rec)
{
	for (const struct qemu_row *form = row; form->name && !strcmp(form->name, row->name); form++) {
		if (!take_args(rd, form, rec))
			continue;
		rec->row = form;
		return true;
	}
	return false;
}

/* Threads read the clock before their place in the buffer is taken: small steps back are none. */
static void set_place(struct reader *rd, const struct head *head, struct event *ev)
{
	int64_t t_ns = head->t_ns > INT64_MAX ? INT64_MAX : (int64_t)head->t_ns;

	ev->ordinal = rd->records;
	ev->offset = head->at;
	ev->pid = -1;
	ev->t_lo_ns = ev->t_hi_ns = t_ns;
	if (rd->has_last && t_ns < rd->last_ns && rd->last_ns - t_ns <= RACE_NS)
		ev->t_hi_ns = rd->last_ns;
}

static void note_time(struct reader *rd, const struct head *head)
{
	int64_t t_ns = head->t_ns > INT64_MAX ? INT64_MAX : (int64_t)head->t_ns;

	if (!rd->has_last || t_ns > rd->last_ns || rd->last_ns - t_ns > RACE_NS)
		rd->last_ns = t_ns;
	rd->has_last = true;
}

static void take_dropped(struct reader *rd, const struct head *head)
{
	struct event *ev = &rd->event[rd->nr_events++];
	struct bincur cur;
	uint64_t count;

	bincur_init_mem(&cur, rd->body, rd->body_len, rd->cur.big_endian);
	count = bincur_u64(&cur);
	*ev = (struct event){ .kind = EV_LOST, .witness = WITNESS_SHADOW, .cpu = -1 };
	set_place(rd, head, ev);
	if (rd->has_last && rd->last_ns < ev->t_lo_ns)
		ev->t_lo_ns = rd->last_ns;
	if (!cur.bad && count && count <= INT64_MAX - rd->lost) {
		event_arg_set(ev, ARG_COUNT, (int64_t)count);
		rd->lost += count;
	}
	qemu_decoder_lost(rd->decoder);
}

static void take_event(struct reader *rd, const struct head *head)
{
	struct id *id = id_at(rd, head->id);
	struct qemu_record rec = { .tid = -1, .has_time = true };

	if (!id)
		return;
	id->count++;
	if (!id->row)
		return;
	if (!take_any_form(rd, id->row, &rec)) {
		qemu_count_other(rd->decoder, (struct qemu_text){ id->name, strlen(id->name) }, true, 1);
		return;
	}
	rd->nr_events = qemu_decode(rd->decoder, &rec, rd->event);
	for (unsigned i = 0; i < rd->nr_events; i++)
		set_place(rd, head, &rd->event[i]);
}

static bool take_head(struct reader *rd, struct head *head)
{
	head->at = rd->cur.pos;
	head->id = bincur_u64(&rd->cur);
	head->t_ns = bincur_u64(&rd->cur);
	head->len_bytes = bincur_u32(&rd->cur);
	bincur_u32(&rd->cur);
	return !rd->cur.bad;
}

/* The arguments, which lie behind the header; false where they cannot. */
static bool take_body(struct reader *rd, const struct head *head)
{
	if (head->len_bytes < RECORD_HEADER || head->len_bytes - RECORD_HEADER > MAX_RECORD)
		return false;
	rd->body_len = head->len_bytes - RECORD_HEADER;
	return bincur_read(&rd->cur, rd->body, rd->body_len);
}

/* Where a record's length is wrong, nothing tells where the next one begins. */
static bool take_record(struct reader *rd)
{
	uint64_t begin = rd->cur.pos;
	struct head head;

	rd->nr_events = rd->next_event = 0;
	if (!take_head(rd, &head) || !take_body(rd, &head)) {
		bool cut = rd->cur.bad;

		bad(rd, cut ? DIAG_SHORT_FILE : DIAG_BAD_DATA, begin, cut ? "within a record" : "a record of a length that cannot be");
		return false;
	}
	rd->records++;
	if (head.id == dropped_id)
		take_dropped(rd, &head);
	else
		take_event(rd, &head);
	note_time(rd, &head);
	return true;
}

/* ----------------------------------------------------------------------------------------------------- reader */

static void finish(struct reader *rd)
{
	rd->ended = true;
	if (rd->version < NAMED_VERSION)
		diag_report(rd->host.diag, DIAG_REMARK, (struct diag_pos){ rd->in.path, 0, 0 },
			    "version %u has no names of events: records are counted only", rd->version);
	for (uint32_t i = 0; i < rd->nr_ids; i++) {
		struct id *id = &rd->ids[i];
		char number[32];

		if (!id->count || id->row)
			continue;
		snprintf(number, sizeof(number), "event %u", i);
		qemu_count_other(rd->decoder, id->name ? (struct qemu_text){ id->name, strlen(id->name) } :
				 (struct qemu_text){ number, strlen(number) }, false, id->count);
	}
	qemu_decoder_end(rd->decoder);
	if (rd->lost)
		diag_report(rd->host.diag, DIAG_LOST_EVENTS, (struct diag_pos){ rd->in.path, 0, 0 }, "%" PRIu64 " records", rd->lost);
}

/* One record, or what stands between them; false at the end. */
static bool step(struct reader *rd)
{
	uint64_t at = rd->cur.pos, type = TYPE_RECORD;

	if (!bincur_left(&rd->cur))
		return false;
	if (rd->version >= NAMED_VERSION)
		type = bincur_u64(&rd->cur);
	if (rd->cur.bad) {
		bad(rd, DIAG_SHORT_FILE, at, "within a record");
		return false;
	}
	if (type == TYPE_NAME)
		return take_name(rd);
	if (type == TYPE_RECORD)
		return take_record(rd);
	bad(rd, DIAG_BAD_DATA, at, "neither a name nor a record");
	return false;
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	uint64_t nr = 0;

	while (rd->next_event == rd->nr_events && !rd->stopped && !rd->ended) {
		if (!step(rd))
			finish(rd);
		else if (++nr % PROGRESS_RECORDS == 0)
			rd->stopped = rd->host.sink->progress(rd->host.sink->ctx, rd->cur.pos) != 0;
	}
	if (rd->next_event < rd->nr_events) {
		*ev = rd->event[rd->next_event++];
		return READ_EVENT;
	}
	return rd->incomplete || rd->stopped ? READ_FAILED : READ_END;
}

static bool read_header(const uint8_t *head, size_t len, bool *big_endian, uint64_t *version)
{
	struct bincur cur;

	for (int big = 0; big < 2; big++) {
		bincur_init_mem(&cur, head, len, big);
		if (bincur_u64(&cur) != header_id || bincur_u64(&cur) != magic)
			continue;
		*version = bincur_u64(&cur);
		*big_endian = big;
		return !cur.bad;
	}
	return false;
}

static int probe(const uint8_t *head, size_t len)
{
	uint64_t version;
	bool big;

	return read_header(head, len, &big, &version) ? 100 : 0;
}

static void close_reader(struct reader *rd)
{
	if (!rd)
		return;
	for (uint32_t i = 0; i < rd->nr_ids; i++)
		free(rd->ids[i].name);
	free(rd->ids);
	qemu_decoder_free(rd->decoder);
	free(rd);
}

static bool start(struct reader *rd)
{
	struct source_info info = { .layer = LAYER_PLATFORM, .clock = "mono" };
	uint8_t head[HEADER_BYTES];
	uint64_t version = 0;
	bool big = false;

	if (!bincur_pread(rd->in.fd, head, sizeof(head), 0) || !read_header(head, sizeof(head), &big, &version)) {
		bad(rd, DIAG_BAD_HEADER, 0, "no header of QEMU's simple trace");
		return false;
	}
	if (version < OLDEST_VERSION || version > NAMED_VERSION) {
		diag_report(rd->host.diag, DIAG_BAD_HEADER, (struct diag_pos){ rd->in.path, 16, 0 },
			    "version %" PRIu64 " of QEMU's simple trace is not known", version);
		return false;
	}
	rd->version = version;
	bincur_init_file(&rd->cur, rd->in.fd, sizeof(head), rd->in.size_bytes, big);
	snprintf(info.kind, sizeof(info.kind), "qemu simple %u", rd->version);
	rd->host.sink->info(rd->host.sink->ctx, &info);
	rd->decoder = qemu_decoder_new(rd->in.path, &rd->host);
	if (!rd->decoder) {
		bad(rd, DIAG_BAD_HEADER, 0, "no memory");
		return false;
	}
	if (rd->version >= NAMED_VERSION)
		qemu_decoder_tell_signals(rd->decoder, rd->host.sink, MACHINE_OWN);
	return true;
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = *host;
	rd->incomplete = in->cut;
	if (start(rd))
		return rd;
	close_reader(rd);
	return NULL;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = rd->records;
	*offset = rd->cur.pos;
}

static uint64_t lost(const struct reader *rd)
{
	return rd->lost;
}

/* As the log backend writes it, with the time in front. */
static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	struct qemu_record rec = { .tid = -1 };
	struct bincur cur;
	struct head head;
	struct id *id;
	int n;

	bincur_init_file(&rd->cur, rd->in.fd, offset, rd->in.size_bytes, rd->cur.big_endian);
	if (!len || offset < HEADER_BYTES || !take_head(rd, &head) || !take_body(rd, &head))
		return false;
	if (head.id == dropped_id) {
		bincur_init_mem(&cur, rd->body, rd->body_len, rd->cur.big_endian);
		snprintf(buf, len, "%" PRIu64 " records dropped", bincur_u64(&cur));
		return true;
	}
	id = id_at(rd, head.id);
	if (!id || !id->row || !take_any_form(rd, id->row, &rec))
		return false;
	n = snprintf(buf, len, "%" PRIu64 ".%09" PRIu64 " %s ", head.t_ns / 1000000000, head.t_ns % 1000000000, id->name);
	if (n > 0 && (size_t)n < len)
		qemu_print_args(&rec, buf + n, len - n);
	return true;
}

const struct reader_ops qemu_simple_reader = {
	.name = "qemu simple",
	.layer = LAYER_PLATFORM,
	.about = "QEMU's trace files of the simple backend, versions 2 to 4; names came with version 4, records of older ones are "
		 "counted; dropped records are gaps",
	.shows = qemu_shows,
	.probe = probe,
	.open = open_reader,
	.next = next,
	.position = position,
	.lost = lost,
	.text = text,
	.close = close_reader,
};
