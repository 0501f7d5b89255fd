/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a file: at block ends, of every length around the limit, and found again by number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/lines.h"

static struct lines ls;

static struct input file_of(const char *bytes, size_t len)
{
	struct input in = { .path = "lines", .fd = memfd_create("lines", MFD_CLOEXEC), .size_bytes = len };

	if (in.fd < 0 || write(in.fd, bytes, len) != (ssize_t)len)
		abort();
	return in;
}

static void test_ends(void **state)
{
	struct input in = file_of("one\n\nthree\r\nfour", 16);

	(void)state;
	lines_init(&ls, &in);
	assert_true(lines_next(&ls));
	assert_string_equal(ls.line, "one");
	assert_true(lines_next(&ls));
	assert_int_equal(ls.len, 0);
	assert_true(lines_next(&ls));
	assert_string_equal(ls.line, "three\r");
	assert_true(ls.has_end);
	assert_true(lines_next(&ls));
	assert_string_equal(ls.line, "four");
	assert_false(ls.has_end);
	assert_int_equal(ls.nr, 4);
	assert_false(lines_next(&ls));
	assert_false(lines_next(&ls));
	assert_false(ls.failed);
	close(in.fd);
}

/* Line i has i % 977 bytes, which are its number again and again. */
static size_t make_line(char *buf, unsigned i)
{
	char word[16];
	size_t len = i % 977, n = snprintf(word, sizeof(word), "%u,", i);

	for (size_t k = 0; k < len; k++)
		buf[k] = word[k % n];
	buf[len] = '\n';
	return len;
}

static void expect_line(unsigned i)
{
	char want[1024];
	size_t len = make_line(want, i);

	assert_int_equal(ls.nr, i);
	assert_int_equal(ls.len, len);
	assert_memory_equal(ls.line, want, len);
	assert_int_equal(ls.line[len], 0);
}

static void test_blocks_and_seeking(void **state)
{
	enum { NR = 20000 };
	char *bytes = malloc(NR * 978);
	struct input in;
	size_t len = 0;

	(void)state;
	for (unsigned i = 1; i <= NR; i++)
		len += make_line(bytes + len, i) + 1;
	in = file_of(bytes, len);
	free(bytes);
	lines_init(&ls, &in);
	for (unsigned i = 1; i <= NR; i++) {
		assert_true(lines_next(&ls));
		expect_line(i);
	}
	assert_false(lines_next(&ls));
	for (unsigned i = NR; i > 300; i -= 301) {
		assert_true(lines_seek(&ls, i));
		expect_line(i);
		assert_true(i == NR || lines_next(&ls));
		if (i != NR)
			expect_line(i + 1);
	}
	assert_false(lines_seek(&ls, NR + 1));
	assert_false(lines_seek(&ls, 0));
	assert_true(lines_seek(&ls, 1));
	expect_line(1);
	close(in.fd);
}

static void test_marks_are_thinned_out(void **state)
{
	enum { NR = 3 * LINES_MAX_MARKS * 1024 };
	char *bytes = malloc(2 * NR);
	struct input in;

	(void)state;
	for (size_t i = 0; i < NR; i++) {
		bytes[2 * i] = 'a' + i % 26;
		bytes[2 * i + 1] = '\n';
	}
	in = file_of(bytes, 2 * NR);
	free(bytes);
	lines_init(&ls, &in);
	while (lines_next(&ls))
		;
	assert_int_equal(ls.nr, NR);
	for (uint64_t nr = 1; nr <= NR; nr += 65537) {
		assert_true(lines_seek(&ls, nr));
		assert_int_equal(ls.nr, nr);
		assert_int_equal(ls.line[0], 'a' + (nr - 1) % 26);
	}
	close(in.fd);
}

static void expect_long(size_t len)
{
	size_t size = len + 7;
	char *bytes = malloc(size);
	struct input in;

	memcpy(bytes, "a\n", 2);
	memset(bytes + 2, 'x', len);
	memcpy(bytes + 2 + len, "\nend\n", 5);
	in = file_of(bytes, size);
	lines_init(&ls, &in);
	assert_true(lines_next(&ls));
	assert_true(lines_next(&ls));
	assert_int_equal(ls.too_long, len > LINES_MAX_LINE);
	assert_int_equal(ls.len, len > LINES_MAX_LINE ? LINES_MAX_LINE : len);
	assert_int_equal(strlen(ls.line), ls.len);
	assert_int_equal(strspn(ls.line, "x"), ls.len);
	assert_true(lines_next(&ls));
	assert_string_equal(ls.line, "end");
	assert_int_equal(ls.nr, 3);
	assert_false(lines_next(&ls));
	close(in.fd);
	free(bytes);
}

static void test_long_lines(void **state)
{
	static const size_t around[] = { LINES_MAX_LINE, LINES_BLOCK_BYTES + LINES_MAX_LINE, 4 * LINES_MAX_LINE, 1000003 };

	(void)state;
	for (size_t i = 0; i < sizeof(around) / sizeof(*around); i++)
		for (size_t d = 0; d < 8; d++)
			expect_long(around[i] - 4 + d);
}

/* The file is shorter than it was said to be. */
static void test_short_file(void **state)
{
	struct input in = file_of("one\ntwo", 7);

	(void)state;
	in.size_bytes = 100;
	lines_init(&ls, &in);
	assert_false(lines_next(&ls));
	assert_true(ls.failed);
	close(in.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_blocks_and_seeking),
		cmocka_unit_test(test_marks_are_thinned_out),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_short_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
