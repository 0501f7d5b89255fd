/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/xentrace/stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/bincur.h"

/* In cycles. A TSC is looked at twice where it leaps by more than that, and begins an epoch where it falls by more. */
enum { LEAP_LOG2 = 36, FALL_LOG2 = 30 };

/* How many records are looked ahead for a TSC. */
enum { MAX_AHEAD = 64 };

struct stream {
	struct stream_shared *shared;
	uint32_t cpu;
	struct window win;
	bool in_window, ended, hole;
	uint32_t breaks_seen;
	uint64_t left;		/* bytes of the window that are not in the buffer yet */
	uint64_t buf_pos;	/* of the buffer, in the file */
	size_t at, len, block;
	uint64_t tsc, hi;	/* of the last record */
	bool seen;		/* there was one with a TSC */
	bool any;		/* there was one */
	unsigned epoch;
	uint8_t buf[];
};

struct stream *stream_new(struct stream_shared *shared, uint32_t cpu, size_t block_bytes)
{
	struct stream *st;

	if (block_bytes < 4 * RECORD_MAX_BYTES)
		block_bytes = 4 * RECORD_MAX_BYTES;
	st = calloc(1, sizeof(*st) + block_bytes);
	if (!st)
		return NULL;
	st->shared = shared;
	st->cpu = cpu;
	st->block = block_bytes;
	return st;
}

void stream_free(struct stream *st)
{
	free(st);
}

void stream_set_hole(struct stream *st)
{
	st->hole = true;
}

bool stream_ends_in_hole(const struct stream *st)
{
	return st->hole;
}

uint32_t stream_breaks(const struct stream *st)
{
	return st->breaks_seen;
}

uint32_t stream_cpu(const struct stream *st)
{
	return st->cpu;
}

uint64_t stream_position(const struct stream *st)
{
	return st->buf_pos + st->at;
}

bool stream_last(const struct stream *st, uint64_t *hi)
{
	*hi = st->hi;
	return st->any;
}

static void report(struct stream *st, enum diag_code code, const char *what)
{
	st->shared->incomplete = true;
	diag_report(st->shared->diag, code, (struct diag_pos){ st->shared->in->path, stream_position(st), 0 },
		    "%s, CPU %u", what, st->cpu);
}

/* ---- bytes ---- */

static void enter_window(struct stream *st)
{
	st->shared->nr_windows++;
	st->in_window = true;
	st->left = st->win.len_bytes;
	st->buf_pos = st->win.offset;
	st->at = st->len = 0;
	if (st->win.nr_breaks != st->breaks_seen)
		st->hole = true;
	st->breaks_seen = st->win.nr_breaks;
}

static bool refill(struct stream *st)
{
	size_t rest = st->len - st->at, more = st->block - rest;

	memmove(st->buf, st->buf + st->at, rest);
	st->buf_pos += st->at;
	st->at = 0;
	st->len = rest;
	if (more > st->left)
		more = st->left;
	if (more && !bincur_pread(st->shared->in->fd, st->buf + rest, more, st->buf_pos + rest)) {
		report(st, DIAG_SHORT_FILE, "the file cannot be read on");
		st->left = 0;
		return false;
	}
	st->len += more;
	st->left -= more;
	return true;
}

static uint32_t word_at(const struct stream *st, size_t at)
{
	return window_u32(st->buf + at, st->shared->big_endian);
}

static uint64_t tsc_at(const struct stream *st, size_t at)
{
	return word_at(st, at) | (uint64_t)word_at(st, at + 4) << 32;
}

static size_t record_bytes(uint32_t header)
{
	return 4 + 8 * (header >> 31) + 4 * (header >> 28 & 7);
}

/* Exactly one bit of the class is set; no record is only zeros. */
static bool is_class(uint32_t header)
{
	uint32_t class = header >> 16 & 0xfff;

	return class && !(class & (class - 1));
}

/* Drops the rest of the window. */
static void leave_window(struct stream *st)
{
	st->buf_pos += st->len + st->left;
	st->left = 0;
	st->at = st->len = 0;
	st->in_window = false;
	st->hole = true;
}

/* ---- time ---- */

/* A 32-bit part of a TSC shortly before the record's own. */
static uint64_t widen(uint64_t tsc, uint32_t low)
{
	uint64_t wide = (tsc & ~(uint64_t)UINT32_MAX) | low;

	return wide > tsc && wide > UINT32_MAX ? wide - UINT32_MAX - 1 : wide;
}

/*
 * Where in the buffer the next record is that has a TSC, from at on; false where none is near. What it is good for does
 * not need records that straddle the buffer's end.
 */
static bool find_timed(const struct stream *st, size_t *at)
{
	for (unsigned i = 0; i < MAX_AHEAD && st->len - *at >= 4; i++) {
		uint32_t header = word_at(st, *at);
		size_t size = record_bytes(header);

		if (size > st->len - *at || !is_class(header))
			return false;
		if (record_is_timed(header) && (header & 0x0fffffff) != ID_WRAP_BUFFER)
			return true;
		*at += size;
	}
	return false;
}

/* When the next record that has a TSC begins to take effect: two kinds carry the TSC of something before. */
static bool next_effect(const struct stream *st, size_t at, uint64_t *tsc)
{
	uint64_t begin;
	uint32_t header;

	if (!find_timed(st, &at))
		return false;
	header = word_at(st, at);
	*tsc = begin = tsc_at(st, at + 4);
	if (header == (0xb0000000 | ID_IRQ_HANDLED) && word_at(st, at + 16))
		begin = widen(*tsc, word_at(st, at + 16));
	else if (header == (0xc0000000 | ID_LOST_RECORDS))
		begin = tsc_at(st, at + 20);
	if (begin < *tsc && begin >= st->tsc)
		*tsc = begin;
	return true;
}

static uint64_t shift_of(const struct stream *st)
{
	return st->shared->epoch_shift[st->epoch];
}

/* What is added to the TSCs of the next epoch; the first stream that comes to it finds out. */
static void begin_epoch(struct stream *st, uint64_t tsc)
{
	struct stream_shared *shared = st->shared;

	if (st->epoch + 1 == MAX_EPOCHS)
		return;
	if (++st->epoch > shared->nr_epochs) {
		shared->nr_epochs = st->epoch;
		shared->epoch_shift[st->epoch] = shared->latest - tsc;
	}
}

/* A TSC that neither the record before nor the one behind it goes with is damaged. */
static bool is_stray(const struct stream *st, size_t behind, uint64_t tsc)
{
	uint64_t next, last = st->tsc;

	if (!find_timed(st, &behind))
		return false;
	next = tsc_at(st, behind + 4);
	return tsc < last ? next >= last : next < tsc && next >= last;
}

/* Takes the record's own TSC, or says what is wrong with it. Where behind it the next one begins is at. */
static void take_time(struct stream *st, struct xen_record *rec, size_t behind)
{
	uint64_t last = st->tsc;

	if (!st->seen || (rec->tsc >= last && rec->tsc - last < (uint64_t)1 << LEAP_LOG2)) {
		st->tsc = rec->tsc;
	} else if (is_stray(st, behind, rec->tsc)) {
		report(st, DIAG_TIME_BACKWARDS, "the TSC of one record goes with no other");
		rec->tsc = last;
	} else if (rec->tsc >= last) {
		st->tsc = rec->tsc;
	} else if (last - rec->tsc < (uint64_t)1 << FALL_LOG2) {
		report(st, DIAG_TIME_BACKWARDS, "the TSC falls");
		rec->tsc = last;	/* until it has caught up */
	} else {
		report(st, DIAG_BAD_DATA, "the TSC begins anew, times are counted on from here");
		begin_epoch(st, rec->tsc);
		st->tsc = rec->tsc;
	}
	st->seen = true;
}

/*
 * do_IRQ() writes HANDLED when all is done: what it tells of took effect between the two TSCs that it carries. 0 is "not
 * read", as tracing was off then. Times that cannot be are not used.
 */
static void handled_time(const struct stream *st, struct xen_record *rec)
{
	uint64_t in = widen(rec->tsc, rec->word[1]), out = widen(rec->tsc, rec->word[2]);

	if (!rec->word[2] || out > rec->tsc)
		return;
	rec->hi = out + shift_of(st);
	rec->lo = rec->word[1] && in <= out ? in + shift_of(st) : rec->hi;
}

/* From the first lost record to this one, which was written when there was room again. */
static void lost_time(const struct stream *st, struct xen_record *rec)
{
	uint64_t first = rec->word[2] | (uint64_t)rec->word[3] << 32;

	if (first <= rec->tsc && first + shift_of(st) >= st->hi)
		rec->lo = first + shift_of(st);
	else if (st->any)
		rec->lo = st->hi;
}

/*
 * Records without a TSC are of some time between those around them: HVM handler records lie between an exit and the
 * next entry. Filler has none: it stays with the record before.
 */
static void untimed(struct stream *st, struct xen_record *rec, size_t behind)
{
	uint64_t next;
	bool ahead = next_effect(st, behind, &next);

	if (!st->seen)
		st->tsc = ahead ? next : 0;
	rec->tsc = st->tsc;
	rec->lo = rec->hi = rec->tsc + shift_of(st);
	if (ahead && next >= st->tsc && next - st->tsc < (uint64_t)1 << LEAP_LOG2 && record_id(rec) != ID_WRAP_BUFFER)
		rec->hi = next + shift_of(st);
}

static void timed(struct stream *st, struct xen_record *rec, size_t behind)
{
	take_time(st, rec, behind);
	rec->lo = rec->hi = rec->tsc + shift_of(st);
	if (record_id(rec) == ID_IRQ_HANDLED && rec->nr_words == 3)
		handled_time(st, rec);
	else if (record_id(rec) == ID_LOST_RECORDS && rec->nr_words == 4)
		lost_time(st, rec);
}

/* A CPU's records stay in their order: none is before the one in front of it. */
static void set_time(struct stream *st, struct xen_record *rec, size_t behind)
{
	if (record_is_timed(rec->header))
		timed(st, rec, behind);
	else
		untimed(st, rec, behind);
	if (rec->hi < st->hi)
		rec->hi = st->hi;
	if (rec->lo > rec->hi)
		rec->lo = rec->hi;
	st->hi = rec->hi;
	if (st->shared->latest < rec->hi)
		st->shared->latest = rec->hi;
}

/* ---- records ---- */

/* Behind a broken header: a record that fits in, with a TSC that goes on from the last one. */
static bool find_record(struct stream *st)
{
	for (;;) {
		for (; st->len - st->at >= RECORD_MAX_BYTES; st->at += 4) {
			uint32_t header = word_at(st, st->at);
			uint64_t tsc = tsc_at(st, st->at + 4);

			if (is_class(header) && record_is_timed(header) && tsc >= st->tsc &&
			    tsc - st->tsc < (uint64_t)1 << FALL_LOG2)
				return true;
		}
		if (!st->left || !refill(st))
			return false;
	}
}

/* False where the rest of the window is given up. */
static bool pass_damage(struct stream *st, const char *what)
{
	report(st, DIAG_BAD_RECORD, what);
	st->hole = true;
	st->at += 4;
	if (st->seen && find_record(st))
		return true;
	leave_window(st);
	return false;
}

/* From the bytes of a whole record. */
static void parse_record(struct xen_record *rec, const uint8_t *from, bool big_endian)
{
	rec->header = window_u32(from, big_endian);
	rec->nr_words = rec->header >> 28 & 7;
	from += 4;
	if (record_is_timed(rec->header)) {
		rec->tsc = window_u32(from, big_endian) | (uint64_t)window_u32(from + 4, big_endian) << 32;
		from += 8;
	}
	for (unsigned i = 0; i < rec->nr_words; i++)
		rec->word[i] = window_u32(from + 4 * i, big_endian);
	/* Filler up to the ring's end is no record of any time. */
	if (record_id(rec) == ID_WRAP_BUFFER)
		rec->header &= ~(1u << 31);
}

bool record_at(const struct stream_shared *shared, const struct window *win, uint64_t offset, struct xen_record *rec)
{
	uint64_t left = win->offset + win->len_bytes - offset;
	uint8_t bytes[RECORD_MAX_BYTES] = { 0 };
	size_t len = left < sizeof(bytes) ? left : sizeof(bytes);

	if (!bincur_pread(shared->in->fd, bytes, len, offset) ||
	    record_bytes(window_u32(bytes, shared->big_endian)) > len)
		return false;
	*rec = (struct xen_record){ .offset = offset };
	parse_record(rec, bytes, shared->big_endian);
	return true;
}

enum found { FOUND, NOT_YET, WINDOW_OVER };

/* Looks at the record at hand, of which at least the header is there. */
static enum found check_record(struct stream *st, uint32_t header, size_t size)
{
	if (!is_class(header))
		return pass_damage(st, "no record begins here") ? NOT_YET : WINDOW_OVER;
	if ((header & 0x0fffffff) == ID_CPU_CHANGE) {
		report(st, DIAG_BAD_DATA, "a window begins within one");
		st->shared->all_holed = true;
		leave_window(st);
		return WINDOW_OVER;
	}
	if (size > st->len - st->at) {
		if (!st->win.cut)
			report(st, DIAG_BAD_RECORD, "a record is longer than its window");
		leave_window(st);
		return WINDOW_OVER;
	}
	return FOUND;
}

static enum found find_in_window(struct stream *st, struct xen_record *rec)
{
	uint32_t header;
	size_t size;
	enum found found;

	if (st->len - st->at < RECORD_MAX_BYTES && st->left && !refill(st)) {
		leave_window(st);
		return WINDOW_OVER;
	}
	if (st->len == st->at) {
		st->in_window = false;
		return WINDOW_OVER;
	}
	if (st->len - st->at < 4) {
		if (!st->win.cut)
			report(st, DIAG_BAD_RECORD, "a record is longer than its window");
		leave_window(st);
		return WINDOW_OVER;
	}
	header = word_at(st, st->at);
	size = record_bytes(header);
	found = check_record(st, header, size);
	if (found != FOUND)
		return found;
	rec->offset = stream_position(st);
	parse_record(rec, st->buf + st->at, st->shared->big_endian);
	set_time(st, rec, st->at + size);
	st->at += size;
	return FOUND;
}

bool stream_next(struct stream *st, struct xen_record *rec)
{
	while (!st->ended) {
		if (!st->in_window) {
			if (!window_queue_take(st->shared->queue, st->cpu, &st->win)) {
				st->ended = true;
				st->hole |= window_queue_gave_up(st->shared->queue);
				break;
			}
			enter_window(st);
		}
		if (find_in_window(st, rec) != FOUND)
			continue;
		rec->hole = st->hole;
		st->hole = false;
		st->any = true;
		return true;
	}
	return false;
}
