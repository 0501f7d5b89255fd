/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers of trace.dat: what they tell, and that no cut or changed byte is taken for a whole file or does harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ingest/ftrace/walk.h"
#include "unit/trace_builder.h"

static void count_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)pos;
	assert_true(*text);
	((unsigned *)ctx)[code]++;
}

static bool walk(const struct tb *tb, size_t len, struct walk *w, unsigned codes[NR_DIAG_CODES])
{
	struct diag_sink diag = { .fn = count_diag, .ctx = codes };
	struct input in = { .path = "built", .fd = tb_fd(tb, len), .size_bytes = len };
	bool ok;

	memset(codes, 0, NR_DIAG_CODES * sizeof(*codes));
	ok = walk_file(w, &in, &diag);
	close(in.fd);
	return ok;
}

static struct tb *small_file(void)
{
	struct tb *tb = calloc(1, sizeof(*tb));

	assert_non_null(tb);
	tb->kallsyms = "ffffffff81000000 T first\nffffffff81000100 t second\t[module]\n";
	tb->cpustat = "CPU: 0\nentries: 1\noverrun: 7\ncommit overrun: 20\ndropped events: 300\n";
	tb->nr_buffers = 2;
	tb->buffer[0] = (struct tb_buffer){ .name = "", .nr_cpus = 2 };
	tb->buffer[1] = (struct tb_buffer){ .name = "side", .nr_cpus = 1 };
	tb_record(tb_page(tb, 0, 0, 1000), 1, "\5\0\0\0\1\0\0\0", 8);
	tb_record(tb_page(tb, 1, 0, 1000), 1, "\5\0\0\0\1\0\0\0", 8);
	tb_write(tb);
	return tb;
}

static void test_tells_what_the_file_says(void **state)
{
	unsigned codes[NR_DIAG_CODES];
	struct tb *tb = small_file();
	struct walk w;

	(void)state;
	assert_true(walk(tb, tb->len, &w, codes));
	assert_int_equal(w.version, 7);
	assert_int_equal(w.long_size, 8);
	assert_false(w.big_endian);
	assert_false(w.cut);
	assert_string_equal(w.clock, "mono");
	assert_string_equal(w.release, "6.1.0-test");
	assert_string_equal(w.compression, "none");
	assert_int_equal(w.lost, 327);
	assert_int_equal(w.nr_buffers, 2);
	assert_string_equal(w.buffers[1].name, "side");
	assert_int_equal(w.buffers[0].nr_cpus, 2);
	assert_int_equal(w.buffers[0].cpus[0].size_bytes, TB_PAGE);
	assert_int_equal(w.buffers[0].cpus[1].size_bytes, 0);
	assert_int_equal(w.buffers[1].cpus[0].offset % TB_PAGE, 0);
	walk_fini(&w);
	free(tb);
}

static void test_finds_symbols(void **state)
{
	static const char *const names[] = { "first", "second", "irst", "third" };
	struct tb *tb = small_file();
	unsigned codes[NR_DIAG_CODES];
	struct input in = { .path = "built", .fd = tb_fd(tb, tb->len), .size_bytes = tb->len };
	struct walk w;
	uint32_t found;

	(void)state;
	assert_true(walk(tb, tb->len, &w, codes));
	assert_true(walk_symbols(&w, &in, names, 4, &found));
	assert_int_equal(found, 3);
	walk_fini(&w);
	close(in.fd);
	free(tb);
}

static void test_cut_anywhere_is_not_whole(void **state)
{
	unsigned codes[NR_DIAG_CODES];
	struct tb *tb = small_file();
	struct walk w;

	(void)state;
	for (size_t len = 0; len < tb->len; len++) {
		bool ok = walk(tb, len, &w, codes);

		if (ok)
			assert_true(w.cut);
		if (codes[DIAG_SHORT_FILE] + codes[DIAG_BAD_HEADER] == 0)
			fail_msg("cut at %zu of %zu: no message", len, tb->len);
		walk_fini(&w);
	}
	free(tb);
}

/* Every byte in turn, to values that sizes and offsets do not like. What comes out lies in the file. */
static void test_changed_bytes_do_no_harm(void **state)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	unsigned codes[NR_DIAG_CODES];
	struct tb *tb = small_file();
	struct walk w;

	(void)state;
	for (size_t at = 0; at < tb->len; at++) {
		uint8_t was = tb->bytes[at];

		if (at > 4096 && at % TB_PAGE > 64 && at + 1024 < tb->len)
			continue;	/* in the pages, which are not walked */
		for (size_t i = 0; i < sizeof(values); i++) {
			tb->bytes[at] = values[i];
			if (walk(tb, tb->len, &w, codes))
				for (unsigned b = 0; b < w.nr_buffers; b++)
					for (unsigned c = 0; c < w.buffers[b].nr_cpus; c++)
						assert_true(!w.buffers[b].cpus[c].size_bytes ||
							    w.buffers[b].cpus[c].offset +
									    w.buffers[b].cpus[c].size_bytes <=
								    tb->len);
			else
				assert_true(codes[DIAG_SHORT_FILE] + codes[DIAG_BAD_HEADER] > 0);
			walk_fini(&w);
		}
		tb->bytes[at] = was;
	}
	free(tb);
}

static void test_chain_of_options_that_bites_its_tail(void **state)
{
	unsigned codes[NR_DIAG_CODES];
	struct tb *tb = small_file();
	uint64_t options;
	struct walk w;

	(void)state;
	memcpy(&options, tb->bytes + 10 + 2 + 2 + 4 + 5 + 1, 8);
	tb_patch(tb, tb->len - 8, options, 8);
	assert_false(walk(tb, tb->len, &w, codes));
	assert_int_equal(codes[DIAG_BAD_HEADER], 1);
	walk_fini(&w);
	free(tb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tells_what_the_file_says),
		cmocka_unit_test(test_finds_symbols),
		cmocka_unit_test(test_cut_anywhere_is_not_whole),
		cmocka_unit_test(test_changed_bytes_do_no_harm),
		cmocka_unit_test(test_chain_of_options_that_bites_its_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
