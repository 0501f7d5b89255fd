/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page: 64-bit stamp, commit word of a long (27 bits of length, bit 31: records were lost before, bit 30: how many is
 * stored behind the data), then records. A record's head: 5 bits of type or length, 27 bits of time since the record
 * before (kernel/trace/ring_buffer.c, include/linux/ring_buffer.h; text form in the file's header_page, header_event).
 */
#include "ingest/ftrace/pages.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "ingest/bincur.h"

enum {
	TYPE_LONG_DATA = 0, TYPE_DATA_MAX = 28, TYPE_PADDING = 29, TYPE_TIME_EXTEND = 30, TYPE_TIME_STAMP = 31,
	MAX_CHUNK_BYTES = 64 << 20,
};

#define COMMIT_LEN	((UINT64_C(1) << 27) - 1)
#define COMMIT_LOST	(UINT64_C(1) << 31)
#define COMMIT_COUNTED	(UINT64_C(1) << 30)
#define STAMP_HIGH	(UINT64_C(0xf8) << 56)	/* absolute stamps hold 59 bits */

struct pages {
	const struct input *in;
	bool big_endian, compressed;
	bool cut;		/* there is more behind end that cannot be read */
	unsigned head_len;	/* of a page */
	unsigned long_size;
	uint32_t page_size;
	size_t block_bytes;
	uint64_t base;		/* of offsets: the data's place in the file, or for compressed data the caller's */
	uint64_t start, end;	/* of the data in the file */
	uint64_t next;		/* in the file: the next block or chunk */
	uint64_t block_at;	/* in the file: this block or chunk */

	uint8_t *block;		/* whole pages, uncompressed; owned */
	size_t block_cap, block_len, block_pos;	/* block_pos: the next page */
	uint64_t block_offset;	/* of its first byte */
	uint8_t *packed;	/* owned */
	size_t packed_cap;
	ZSTD_DCtx *zstd;

	const uint8_t *at, *data_end;	/* in the page */
	uint64_t page_offset;
	const uint8_t *page;
	uint64_t ts;
	int64_t missed;
};

static uint32_t get_u32(const struct pages *pg, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return pg->big_endian ? __builtin_bswap32(v) : v;
}

static uint64_t get_u64(const struct pages *pg, const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return pg->big_endian ? __builtin_bswap64(v) : v;
}

static uint64_t get_long(const struct pages *pg, const uint8_t *p)
{
	return pg->long_size == 8 ? get_u64(pg, p) : get_u32(pg, p);
}

static void rewind_to(struct pages *pg, uint64_t at, uint64_t offset)
{
	pg->next = pg->block_at = at;
	pg->block_len = pg->block_pos = 0;
	pg->block_offset = offset;
	pg->at = pg->data_end = NULL;
	pg->missed = 0;
}

struct pages *pages_new(const struct input *in, const struct walk *w, const struct walk_buffer *buffer,
			const struct walk_cpu *cpu, uint64_t base, size_t block_bytes)
{
	struct pages *pg = calloc(1, sizeof(*pg));

	if (!pg)
		return NULL;
	pg->in = in;
	pg->big_endian = w->big_endian;
	pg->compressed = buffer->compressed;
	pg->long_size = w->long_size;
	pg->head_len = 8 + w->long_size;
	pg->page_size = buffer->page_size;
	pg->block_bytes = block_bytes / buffer->page_size * buffer->page_size;
	if (!pg->block_bytes)
		pg->block_bytes = buffer->page_size;
	pg->start = cpu->offset;
	pg->end = cpu->offset + cpu->size_bytes;
	pg->base = pg->compressed ? base : cpu->offset;
	rewind_to(pg, pg->start + (pg->compressed ? 4 : 0), pg->base);
	if (pg->compressed) {
		pg->zstd = ZSTD_createDCtx();
		if (!pg->zstd) {
			free(pg);
			return NULL;
		}
	}
	return pg;
}

void pages_free(struct pages *pg)
{
	if (!pg)
		return;
	ZSTD_freeDCtx(pg->zstd);
	free(pg->block);
	free(pg->packed);
	free(pg);
}

uint64_t pages_position(const struct pages *pg)
{
	return pg->compressed ? pg->block_at : pg->page_offset;
}

bool pages_missed(const struct pages *pg)
{
	return pg->missed != 0;
}

static bool reserve(uint8_t **buf, size_t *cap, size_t len)
{
	uint8_t *bigger;

	if (len <= *cap)
		return true;
	bigger = realloc(*buf, len);
	if (!bigger)
		return false;
	*buf = bigger;
	*cap = len;
	return true;
}

/* A chunk's header: its sizes packed and not. False where it cannot be one. */
static bool chunk_sizes(const struct pages *pg, uint64_t at, uint32_t *packed_len, uint32_t *len)
{
	uint8_t head[8];

	if (at > pg->end || pg->end - at < sizeof(head) || !bincur_pread(pg->in->fd, head, sizeof(head), at))
		return false;
	*packed_len = get_u32(pg, head);
	*len = get_u32(pg, head + 4);
	return *packed_len <= pg->end - at - sizeof(head) && *packed_len <= MAX_CHUNK_BYTES && *len <= MAX_CHUNK_BYTES;
}

static enum pages_status load_chunk(struct pages *pg)
{
	uint32_t packed_len, len;
	size_t got;

	pg->block_at = pg->next;
	pg->block_offset += pg->block_len;
	pg->block_len = pg->block_pos = 0;
	if (!chunk_sizes(pg, pg->next, &packed_len, &len)) {
		pg->next = pg->end;
		return PAGES_DAMAGED;
	}
	pg->next += 8 + (uint64_t)packed_len;
	pg->block_len = len;
	pg->block_pos = len;	/* until it is known to be good */
	if (!reserve(&pg->packed, &pg->packed_cap, packed_len) || !reserve(&pg->block, &pg->block_cap, len))
		return PAGES_NO_MEMORY;
	if (!bincur_pread(pg->in->fd, pg->packed, packed_len, pg->block_at + 8))
		return PAGES_DAMAGED;
	got = ZSTD_decompressDCtx(pg->zstd, pg->block, len, pg->packed, packed_len);
	if (ZSTD_isError(got) || got != len)
		return PAGES_DAMAGED;
	pg->block_pos = 0;
	return PAGES_RECORD;
}

static enum pages_status load_block(struct pages *pg)
{
	size_t len = pg->end - pg->next < pg->block_bytes ? pg->end - pg->next : pg->block_bytes;

	if (pg->compressed)
		return load_chunk(pg);
	pg->block_at = pg->page_offset = pg->block_offset = pg->next;
	pg->next += len;
	pg->block_len = pg->block_pos = len;
	if (!reserve(&pg->block, &pg->block_cap, pg->block_bytes))
		return PAGES_NO_MEMORY;
	if (!bincur_pread(pg->in->fd, pg->block, len, pg->block_at))
		return PAGES_DAMAGED;
	pg->block_pos = 0;
	return PAGES_RECORD;
}

static enum pages_status load_page(struct pages *pg)
{
	size_t left = pg->block_len - pg->block_pos;
	size_t len = left < pg->page_size ? left : pg->page_size;
	uint64_t commit, used;

	pg->page = pg->block + pg->block_pos;
	pg->page_offset = pg->block_offset + pg->block_pos;
	pg->block_pos += len;
	if (len < pg->head_len)
		return PAGES_DAMAGED;
	pg->ts = get_u64(pg, pg->page);
	commit = get_long(pg, pg->page + 8);
	used = commit & COMMIT_LEN;
	if (used > len - pg->head_len)
		return PAGES_DAMAGED;
	if (commit & COMMIT_LOST) {
		int64_t count = -1;

		if (commit & COMMIT_COUNTED && len - pg->head_len - used >= pg->long_size)
			count = (int64_t)get_long(pg, pg->page + pg->head_len + used);
		/* A page that held nothing but the mark: the counts add up. */
		if (count <= 0 || pg->missed < 0 || __builtin_add_overflow(pg->missed, count, &pg->missed))
			pg->missed = -1;
	}
	pg->at = pg->page + pg->head_len;
	pg->data_end = pg->at + used;
	return PAGES_RECORD;
}

static enum pages_status damaged(struct pages *pg)
{
	pg->at = pg->data_end = NULL;
	pg->missed = -1;
	return PAGES_DAMAGED;
}

static enum pages_status next_page(struct pages *pg)
{
	enum pages_status status;

	while (pg->block_pos == pg->block_len) {
		if (pg->next >= pg->end) {
			if (pg->cut)
				pg->missed = -1;
			return PAGES_END;
		}
		status = load_block(pg);
		if (status != PAGES_RECORD)
			return status == PAGES_DAMAGED ? damaged(pg) : status;
	}
	return load_page(pg) == PAGES_RECORD ? PAGES_RECORD : damaged(pg);
}

/*
 * Padding without a time difference ends a page that has no room for another record. In the middle of committed data it
 * is damage that would hide the records behind it.
 */
static bool end_of_page(const struct pages *pg)
{
	if (pg->data_end - pg->at < 16)
		return true;
	for (const uint8_t *p = pg->at + 4; p < pg->data_end; p++)
		if (*p)
			return false;
	return true;
}

/* The next record of the page. PAGES_END at the page's end. */
static enum pages_status next_record(struct pages *pg, struct page_record *rec)
{
	while (pg->data_end - pg->at >= 4) {
		const uint8_t *at = pg->at;
		size_t left = pg->data_end - at - 4;
		uint32_t head = get_u32(pg, at), word = left >= 4 ? get_u32(pg, at + 4) : 0, len;
		unsigned type = pg->big_endian ? head >> 27 : head & 31;
		uint64_t delta = pg->big_endian ? head & ((1u << 27) - 1) : head >> 5;

		switch (type) {
		case TYPE_PADDING:
			if (!delta)
				return end_of_page(pg) ? PAGES_END : PAGES_DAMAGED;
			if (left < 4 || word < 4 || word > left)
				return PAGES_DAMAGED;
			pg->ts += delta;
			pg->at = at + 4 + word;
			continue;
		case TYPE_TIME_EXTEND:
		case TYPE_TIME_STAMP:
			if (left < 4)
				return PAGES_DAMAGED;
			delta |= (uint64_t)word << 27;
			pg->ts = type == TYPE_TIME_STAMP ? delta | (pg->ts & STAMP_HIGH) : pg->ts + delta;
			pg->at = at + 8;
			continue;
		case TYPE_LONG_DATA:
			if (left < 4 || word < 4 || word > left)
				return PAGES_DAMAGED;
			len = (word - 4 + 3) & ~3u;
			if (len > left - 4)
				return PAGES_DAMAGED;
			rec->data = at + 8;
			break;
		default:
			len = type * 4;
			if (len > left)
				return PAGES_DAMAGED;
			rec->data = at + 4;
			break;
		}
		pg->ts += delta;
		rec->ts = pg->ts;
		rec->offset = pg->page_offset + (at - pg->page);
		rec->size = len;
		rec->missed = pg->missed;
		pg->missed = 0;
		pg->at = rec->data + len;
		return PAGES_RECORD;
	}
	return pg->at == pg->data_end ? PAGES_END : PAGES_DAMAGED;
}

enum pages_status pages_next(struct pages *pg, struct page_record *rec)
{
	for (;;) {
		enum pages_status status = pg->at ? next_record(pg, rec) : PAGES_END;

		if (status == PAGES_RECORD)
			return status;
		if (status == PAGES_DAMAGED)
			return damaged(pg);
		pg->at = pg->data_end = NULL;
		status = next_page(pg);
		if (status != PAGES_RECORD)
			return status;
	}
}

/*
 * The number of chunks leads, not the size that the file tells: trace-cmd 3.1 does not count the four bytes of that
 * number, and counts in 32 bits.
 */
static bool walk_chunks(struct pages *pg, uint64_t size_bytes, uint64_t *to, uint64_t *at)
{
	uint32_t packed_len, len, nr, surplus;
	uint8_t count[4];

	if (!bincur_pread(pg->in->fd, count, sizeof(count), pg->start))
		return false;
	nr = get_u32(pg, count);
	for (*at += 4; nr--; *at += 8 + (uint64_t)packed_len) {
		if (!chunk_sizes(pg, *at, &packed_len, &len))
			return false;
		*to += len;
	}
	surplus = *at - pg->start - size_bytes;
	return surplus == 0 || surplus == 4;
}

bool pages_extent(struct pages *pg, uint64_t *from, uint64_t *to, uint64_t *bad_at)
{
	uint64_t at = pg->start, size_bytes = pg->end - pg->start;

	*from = *to = pg->base;
	if (!pg->compressed) {
		*to += size_bytes;
		return true;
	}
	pg->end = pg->in->size_bytes;
	pg->cut = !walk_chunks(pg, size_bytes, to, &at);
	pg->end = at;
	*bad_at = at;
	return !pg->cut;
}

bool pages_seek(struct pages *pg, uint64_t offset)
{
	uint64_t at = pg->start + 4, base = pg->base;
	uint32_t packed_len, len;

	if (!pg->compressed) {
		if (offset < pg->start || offset >= pg->end)
			return false;
		at = pg->start + (offset - pg->start) / pg->page_size * pg->page_size;
		rewind_to(pg, at, at);
		return true;
	}
	for (; at < pg->end; at += 8 + (uint64_t)packed_len, base += len) {
		if (!chunk_sizes(pg, at, &packed_len, &len))
			return false;
		if (offset >= base && offset - base < len) {
			rewind_to(pg, at, base);
			return true;
		}
	}
	return false;
}
