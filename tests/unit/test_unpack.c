/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compressed captures: whole, of several parts, cut at every byte, damaged, too large, and with something behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <lzma.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "ingest/codec.h"
#include "ingest/ingest.h"
#include "unit/ingest_sink.h"

enum { TEXT_BYTES = 40000, PACKED_BYTES = TEXT_BYTES + 1024, NR_FORMS = 3, NR_PARTS = 5 };

static const char *const form_names[NR_FORMS] = { "gzip", "xz", "zstd" };

static size_t pack_gzip(const void *from, size_t len, uint8_t *to)
{
	z_stream s = { .next_in = (z_const Bytef *)from, .avail_in = len, .next_out = to, .avail_out = PACKED_BYTES };

	assert_int_equal(deflateInit2(&s, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
	deflateEnd(&s);
	return s.total_out;
}

static size_t pack(unsigned form, const void *from, size_t len, uint8_t *to)
{
	size_t n = 0;

	switch (form) {
	case 0:
		return pack_gzip(from, len, to);
	case 1:
		assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, from, len, to, &n, PACKED_BYTES),
				 LZMA_OK);
		return n;
	default:
		n = ZSTD_compress(to, PACKED_BYTES, from, len, 3);
		assert_false(ZSTD_isError(n));
		return n;
	}
}

/* Events text, each line different. */
static size_t make_text(char *text, unsigned nr_lines)
{
	size_t n = snprintf(text, TEXT_BYTES, "irqpath-events 1\n");

	for (unsigned i = 0; i < nr_lines; i++)
		n += snprintf(text + n, TEXT_BYTES - n, "%u.%09u cpu0 irq.enter@shadow irq:%u\n", i, i * 7919, i % 97);
	assert_true(n < TEXT_BYTES);
	return n;
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static bool read_file(struct ingest_sink *is, const uint8_t *bytes, size_t len, bool in_process, uint64_t max_bytes)
{
	const struct ingest_options opt = { .in_process = in_process, .kill_on_forbidden = true,
					    .max_unpacked_bytes = max_bytes };
	char path[] = "/tmp/irqpath-test-unpack-XXXXXX";
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0);
	close(fd);
	write_file(path, bytes, len);
	ok = is_read(is, path, &opt);
	unlink(path);
	return ok;
}

static void test_whole(void **state)
{
	static char text[TEXT_BYTES];
	static uint8_t packed[PACKED_BYTES];
	size_t len = make_text(text, 500);

	(void)state;
	for (unsigned form = 0; form < NR_FORMS; form++) {
		for (int in_process = 0; in_process < 2; in_process++) {
			struct ingest_sink *is = is_new();
			size_t n = pack(form, text, len, packed);

			assert_string_equal(codec_name(codec_find(packed, n)), form_names[form]);
			assert_true(read_file(is, packed, n, in_process, 0));
			assert_int_equal(is->nr_events, 500);
			assert_int_equal(is->event[499].offset, 501);
			assert_int_equal(is->nr_diags, 0);
			assert_true(is->end.complete);
			is_free(is);
		}
	}
}

/* One text in several parts, the seams within lines. */
static size_t pack_parts(unsigned form, const char *text, size_t len, uint8_t *packed, size_t seams[NR_PARTS])
{
	size_t part = len / NR_PARTS + 1, n = 0;

	for (unsigned i = 0; i < NR_PARTS; i++) {
		size_t at = i * part;

		n += pack(form, text + at, len - at < part ? len - at : part, packed + n);
		seams[i] = n;
	}
	return n;
}

/* A file cut there is whole, as far as anybody can tell. */
static bool is_seam(const size_t seams[NR_PARTS], size_t at)
{
	for (unsigned i = 0; i < NR_PARTS; i++)
		if (seams[i] == at)
			return true;
	return false;
}

static void test_several_parts(void **state)
{
	static char text[TEXT_BYTES];
	static uint8_t packed[NR_PARTS * PACKED_BYTES];
	size_t len = make_text(text, 500), n, seams[NR_PARTS];

	(void)state;
	for (unsigned form = 0; form < NR_FORMS; form++) {
		struct ingest_sink *is = is_new();

		n = pack_parts(form, text, len, packed, seams);
		assert_true(read_file(is, packed, n, true, 0));
		assert_int_equal(is->nr_events, 500);
		is_free(is);
	}
}

/* gzip pads with zeros; what else stands behind is told, and what came before it is kept. */
static void test_trailer(void **state)
{
	static char text[TEXT_BYTES];
	static uint8_t packed[PACKED_BYTES + 512];
	size_t len = make_text(text, 500), n;

	(void)state;
	for (unsigned form = 0; form < NR_FORMS; form++) {
		struct ingest_sink *is = is_new();

		n = pack(form, text, len, packed);
		memset(packed + n, 0, 512);
		assert_true(read_file(is, packed, n + 512, true, 0) == (form != 2));
		assert_int_equal(is->nr_events, 500);
		is_free(is);
		is = is_new();
		memcpy(packed + n, "something else", 14);
		assert_false(read_file(is, packed, n + 14, true, 0));
		assert_int_equal(is->nr_events, 500);
		assert_int_equal(is->nr_code[DIAG_BAD_DATA], 1);
		assert_int_equal(is->diag_pos[0].byte >= n - 12 && is->diag_pos[0].byte <= n + 14, 1);
		is_free(is);
	}
}

/* Never taken for whole; the events are those of the beginning; the more there is of the file, the more events. */
static void test_cut_everywhere(void **state)
{
	static char text[TEXT_BYTES];
	static uint8_t packed[NR_PARTS * PACKED_BYTES];
	size_t len = make_text(text, 500), seams[NR_PARTS];
	unsigned last;

	(void)state;
	for (unsigned form = 0; form < NR_FORMS; form++) {
		size_t n = pack_parts(form, text, len, packed, seams);

		last = 0;
		for (size_t cut = 6; cut < n; cut += cut < n - 64 ? 41 : 1) {
			struct ingest_sink *is = is_new();

			assert_true(!read_file(is, packed, cut, true, 0) || is_seam(seams, cut));
			assert_true(is->nr_diags > 0 || is_seam(seams, cut));
			assert_true(is->nr_events >= last && is->nr_events <= 500);
			last = is->nr_events;
			is_free(is);
		}
		assert_true(last > 100);
	}
}

static void test_damaged(void **state)
{
	static char text[TEXT_BYTES];
	static uint8_t packed[PACKED_BYTES];
	size_t len = make_text(text, 500);

	(void)state;
	for (unsigned form = 0; form < 2; form++) {
		size_t n = pack(form, text, len, packed);

		/* the names and times in gzip's header may change unseen */
		for (size_t at = 12; at < n; at += 97) {
			struct ingest_sink *is = is_new();

			packed[at] ^= 0x10;
			assert_false(read_file(is, packed, n, true, 0));
			assert_true(is->nr_diags > 0);
			packed[at] ^= 0x10;
			is_free(is);
		}
	}
}

/* What is over the limit is left out, and said. */
static void test_too_large(void **state)
{
	static char text[TEXT_BYTES];
	static uint8_t packed[PACKED_BYTES];
	size_t len = make_text(text, 500);

	(void)state;
	for (unsigned form = 0; form < NR_FORMS; form++) {
		for (int in_process = 0; in_process < 2; in_process++) {
			struct ingest_sink *is = is_new();
			size_t n = pack(form, text, len, packed);

			assert_false(read_file(is, packed, n, in_process, 1000));
			assert_true(is->nr_events > 10 && is->nr_events < 40);
			assert_true(is->nr_code[DIAG_UNREAD_DATA] == 1);
			assert_non_null(strstr(is->diag_text[0], "behind 1000 bytes unpacked"));
			is_free(is);
		}
	}
}

static void test_nothing_in_it(void **state)
{
	static uint8_t packed[PACKED_BYTES];

	(void)state;
	for (unsigned form = 0; form < NR_FORMS; form++) {
		struct ingest_sink *is = is_new();

		assert_false(read_file(is, packed, pack(form, "", 0, packed), false, 0));
		assert_int_equal(is->nr_code[DIAG_EMPTY_FILE], 1);
		is_free(is);
	}
}

/* Nobody's format is not unpacked to its end: a small limit is not even reached. */
static void test_unknown_inside(void **state)
{
	static char text[TEXT_BYTES];
	static uint8_t packed[PACKED_BYTES];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (unsigned form = 0; form < NR_FORMS; form++) {
		struct ingest_sink *is = is_new();

		assert_false(read_file(is, packed, pack(form, text, sizeof(text), packed), false, 1000));
		assert_int_equal(is->nr_diags, 1);
		assert_int_equal(is->nr_code[DIAG_UNKNOWN_FORMAT], 1);
		is_free(is);
	}
}

static void test_not_packed(void **state)
{
	(void)state;
	assert_null(codec_find((const uint8_t *)"irqpath-events", 14));
	assert_null(codec_find((const uint8_t *)"\x1f\x8b\x08", 3));
	assert_null(codec_find(NULL, 0));
	assert_string_equal(codec_name(codec_find((const uint8_t *)"\x5a\x2a\x4d\x18\x00\x00", 6)), "zstd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_several_parts),
		cmocka_unit_test(test_trailer),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_nothing_in_it),
		cmocka_unit_test(test_unknown_inside),
		cmocka_unit_test(test_not_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
