/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ring-buffer pages: every kind of record, holes, damage in the middle, compressed chunks, and coming back to a record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <zstd.h>

#include "ingest/ftrace/pages.h"
#include "unit/trace_builder.h"

/* Pages alone, as the only content of a file. */
struct fixture {
	struct tb *tb;
	struct input in;
	struct walk w;
	struct walk_buffer buffer;
	struct walk_cpu cpu;
	struct pages *pg;
};

static void fixture_init(struct fixture *fx)
{
	memset(fx, 0, sizeof(*fx));
	fx->tb = calloc(1, sizeof(*fx->tb));
	assert_non_null(fx->tb);
	fx->w.long_size = 8;
	fx->buffer.page_size = TB_PAGE;
}

static struct tb_page *add_page(struct fixture *fx, uint64_t ts)
{
	return tb_page(fx->tb, 0, 0, ts);
}

static void fixture_open(struct fixture *fx)
{
	uint64_t from, to, bad_at;

	if (!fx->tb->len)
		for (unsigned p = 0; p < fx->tb->buffer[0].cpu[0].nr_pages; p++)
			tb_put(fx->tb, fx->tb->buffer[0].cpu[0].page[p].bytes, TB_PAGE);
	fx->in = (struct input){ .path = "pages", .fd = tb_fd(fx->tb, fx->tb->len), .size_bytes = fx->tb->len };
	fx->cpu = (struct walk_cpu){ .size_bytes = fx->tb->len };
	fx->pg = pages_new(&fx->in, &fx->w, &fx->buffer, &fx->cpu, 0, 2 * TB_PAGE);
	assert_non_null(fx->pg);
	pages_extent(fx->pg, &from, &to, &bad_at);
}

static void fixture_fini(struct fixture *fx)
{
	pages_free(fx->pg);
	close(fx->in.fd);
	free(fx->tb);
}

static void expect_record(struct fixture *fx, uint64_t ts, uint32_t size, int64_t missed, struct page_record *rec)
{
	assert_int_equal(pages_next(fx->pg, rec), PAGES_RECORD);
	assert_int_equal(rec->ts, ts);
	assert_int_equal(rec->size, size);
	assert_int_equal(rec->missed, missed);
}

static void test_every_kind_of_record(void **state)
{
	struct page_record rec;
	struct tb_page *page;
	struct fixture fx;
	uint32_t word;

	(void)state;
	fixture_init(&fx);
	page = add_page(&fx, 1000);
	tb_record(page, 5, "abcdefgh", 8);
	tb_head(page, 30, 3);		/* time extend */
	word = 2;
	tb_page_put(page, &word, 4);
	tb_record(page, 1, "ijkl", 4);
	tb_head(page, 29, 7);		/* a discarded record of 8 bytes */
	word = 8;
	tb_page_put(page, &word, 4);
	tb_page_put(page, "\0\0\0\0", 4);
	tb_head(page, 0, 2);		/* long record of 121 bytes */
	word = 4 + 121;
	tb_page_put(page, &word, 4);
	for (int i = 0; i < 31; i++)
		tb_page_put(page, "long", 4);
	tb_head(page, 31, 42);		/* absolute stamp */
	word = 1;
	tb_page_put(page, &word, 4);
	tb_record(page, 0, "mnop", 4);
	fixture_open(&fx);
	expect_record(&fx, 1005, 8, 0, &rec);
	assert_memory_equal(rec.data, "abcdefgh", 8);
	assert_int_equal(rec.offset, 16);
	expect_record(&fx, 1005 + 3 + (2u << 27) + 1, 4, 0, &rec);
	expect_record(&fx, 1005 + 3 + (2u << 27) + 1 + 7 + 2, 124, 0, &rec);
	assert_memory_equal(rec.data, "longlong", 8);
	expect_record(&fx, 42 + (1u << 27), 4, 0, &rec);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_END);
	assert_false(pages_missed(fx.pg));
	fixture_fini(&fx);
}

static void test_holes(void **state)
{
	struct page_record rec;
	struct tb_page *page;
	struct fixture fx;

	(void)state;
	fixture_init(&fx);
	page = add_page(&fx, 1000);
	tb_record(page, 0, "aaaa", 4);
	page = add_page(&fx, 2000);
	tb_record(page, 0, "bbbb", 4);
	tb_record(page, 1, "cccc", 4);
	tb_lost(page, 17);
	page = add_page(&fx, 3000);
	tb_lost(page, 3);		/* nothing but the mark: goes with the next record */
	page = add_page(&fx, 4000);
	tb_record(page, 0, "dddd", 4);
	tb_lost(page, 4);
	page = add_page(&fx, 5000);
	tb_record(page, 0, "eeee", 4);
	tb_lost(page, 0);
	page = add_page(&fx, 6000);
	tb_lost(page, 9);
	fixture_open(&fx);
	expect_record(&fx, 1000, 4, 0, &rec);
	expect_record(&fx, 2000, 4, 17, &rec);
	expect_record(&fx, 2001, 4, 0, &rec);
	expect_record(&fx, 4000, 4, 7, &rec);
	expect_record(&fx, 5000, 4, -1, &rec);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_END);
	assert_true(pages_missed(fx.pg));
	fixture_fini(&fx);
}

/* A damaged page costs its own records, and says so with the next. */
static void test_damage_is_passed_over(void **state)
{
	struct page_record rec;
	struct tb_page *page;
	struct fixture fx;
	uint32_t commit = TB_PAGE;

	(void)state;
	fixture_init(&fx);
	page = add_page(&fx, 1000);
	tb_record(page, 0, "aaaa", 4);
	tb_head(page, 28, 1);		/* 112 bytes that are not there */
	page = add_page(&fx, 2000);
	tb_record(page, 0, "bbbb", 4);
	page = add_page(&fx, 3000);
	memcpy(page->bytes + 8, &commit, 4);
	page = add_page(&fx, 4000);
	tb_record(page, 0, "dddd", 4);
	tb_head(page, 29, 0);		/* ends the page, in front of more */
	tb_record(page, 0, "eeeeeeeeeeeeeeee", 16);
	fixture_open(&fx);
	expect_record(&fx, 1000, 4, 0, &rec);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_DAMAGED);
	assert_int_equal(pages_position(fx.pg), 0);
	expect_record(&fx, 2000, 4, -1, &rec);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_DAMAGED);
	assert_int_equal(pages_position(fx.pg), 2 * TB_PAGE);
	expect_record(&fx, 4000, 4, -1, &rec);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_DAMAGED);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_END);
	assert_true(pages_missed(fx.pg));
	fixture_fini(&fx);
}

/* Every word of a page set to bad values: reading ends, and no record leaves the page. */
static void test_any_damage_ends(void **state)
{
	static const uint32_t values[] = { 0, 1, 29, 30, 31, 28, 0xffffffff, 0x80000000, 0xfffffffc, 0xffffffe0 };
	struct page_record rec;
	struct fixture fx;
	enum pages_status status;

	(void)state;
	for (unsigned at = 0; at < 96; at += 4) {
		for (unsigned v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
			struct tb_page *page;
			unsigned steps = 0;

			fixture_init(&fx);
			page = add_page(&fx, 1000);
			for (int i = 0; i < 8; i++)
				tb_record(page, 1, "abcdefgh", 8);
			memcpy(page->bytes + at, &values[v], 4);
			fixture_open(&fx);
			while ((status = pages_next(fx.pg, &rec)) != PAGES_END) {
				assert_true(++steps < TB_PAGE);
				if (status == PAGES_RECORD)
					assert_true(rec.offset + rec.size < TB_PAGE);
			}
			fixture_fini(&fx);
		}
	}
}

static void put_chunk(struct tb *tb, const void *pages, size_t len)
{
	char packed[2 * TB_PAGE + 512];
	size_t n = ZSTD_compress(packed, sizeof(packed), pages, len, 3);

	assert_false(ZSTD_isError(n));
	tb_u32(tb, n);
	tb_u32(tb, len);
	tb_put(tb, packed, n);
}

/* Three chunks of one page; the second is damaged where so asked. size: what the file says less the four bytes of the
 * count. */
static void open_chunks(struct fixture *fx, bool damage)
{
	size_t at;

	fixture_init(fx);
	for (int i = 0; i < 3; i++)
		tb_record(add_page(fx, 1000 * (i + 1)), 0, "abcd", 4);
	tb_u32(fx->tb, 3);
	for (int i = 0; i < 3; i++) {
		at = fx->tb->len;
		put_chunk(fx->tb, fx->tb->buffer[0].cpu[0].page[i].bytes, TB_PAGE);
		if (damage && i == 1)
			fx->tb->bytes[at + 8] ^= 0xff;
	}
	fx->buffer.compressed = true;
	fixture_open(fx);
}

static void test_chunks(void **state)
{
	struct page_record rec;
	uint64_t from, to, bad_at;
	struct fixture fx;

	(void)state;
	open_chunks(&fx, false);
	expect_record(&fx, 1000, 4, 0, &rec);
	expect_record(&fx, 2000, 4, 0, &rec);
	assert_int_equal(rec.offset, TB_PAGE + 16);
	expect_record(&fx, 3000, 4, 0, &rec);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_END);
	assert_true(pages_seek(fx.pg, TB_PAGE + 16));
	expect_record(&fx, 2000, 4, 0, &rec);
	assert_false(pages_seek(fx.pg, 3 * TB_PAGE));
	pages_free(fx.pg);
	/* As trace-cmd 3.1 has it: the four bytes of the count are not counted. */
	fx.cpu.size_bytes -= 4;
	fx.pg = pages_new(&fx.in, &fx.w, &fx.buffer, &fx.cpu, 0x10000, TB_PAGE);
	assert_true(pages_extent(fx.pg, &from, &to, &bad_at));
	assert_int_equal(from, 0x10000);
	assert_int_equal(to, 0x10000 + 3 * TB_PAGE);
	fixture_fini(&fx);
}

static void test_damaged_chunk_is_passed_over(void **state)
{
	struct page_record rec;
	struct fixture fx;

	(void)state;
	open_chunks(&fx, true);
	expect_record(&fx, 1000, 4, 0, &rec);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_DAMAGED);
	expect_record(&fx, 3000, 4, -1, &rec);
	assert_int_equal(rec.offset, 2 * TB_PAGE + 16);
	assert_int_equal(pages_next(fx.pg, &rec), PAGES_END);
	fixture_fini(&fx);
}

static void test_cut_chunks(void **state)
{
	struct page_record rec;
	uint64_t from, to, bad_at;
	struct fixture fx;

	(void)state;
	open_chunks(&fx, false);
	for (size_t len = 0; len < fx.tb->len; len++) {
		struct input in = fx.in;
		struct pages *pg;
		enum pages_status status;

		in.size_bytes = len;
		pg = pages_new(&in, &fx.w, &fx.buffer, &fx.cpu, 0, TB_PAGE);
		assert_false(pages_extent(pg, &from, &to, &bad_at));
		while ((status = pages_next(pg, &rec)) != PAGES_END)
			assert_int_equal(status, PAGES_RECORD);
		assert_true(pages_missed(pg));
		pages_free(pg);
	}
	fixture_fini(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_of_record),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_damage_is_passed_over),
		cmocka_unit_test(test_any_damage_ends),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_damaged_chunk_is_passed_over),
		cmocka_unit_test(test_cut_chunks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
