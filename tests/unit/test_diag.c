/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Diagnostics say where, what, and what was done; exit statuses have their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/diag.h"
#include "core/status.h"

static void assert_line(enum diag_code code, struct diag_pos pos, const char *text, const char *expected)
{
	struct diag_sink ds;
	char *written = NULL;
	size_t len;
	FILE *out = open_memstream(&written, &len);

	diag_sink_init_stream(&ds, out);
	diag_report(&ds, code, pos, "%s", text);
	fclose(out);
	assert_string_equal(written, expected);
	free(written);
}

static void test_lines(void **state)
{
	(void)state;
	assert_line(DIAG_BAD_RECORD, (struct diag_pos){ "a.dat", 0x1234, 0 }, "length 7",
		    "irqpath: a.dat:0x1234: error: length 7: record skipped\n");
	assert_line(DIAG_BAD_LINE, (struct diag_pos){ "a.txt", 99, 12 }, "no actor",
		    "irqpath: a.txt:12: error: no actor: line skipped\n");
	assert_line(DIAG_EMPTY_FILE, (struct diag_pos){ "a", 0, 0 }, "",
		    "irqpath: a: error: file is empty, source skipped\n");
	assert_line(DIAG_LIMIT, (struct diag_pos){ NULL, 7, 7 }, "objects",
		    "irqpath: warning: objects: limit reached, the rest is dropped\n");
	assert_line(DIAG_REMARK, (struct diag_pos){ "a", 0, 0 }, "names taken", "irqpath: a: note: names taken\n");
}

/* Neither a file's name nor what a file holds reaches the terminal as it is. */
static void test_hostile_text(void **state)
{
	(void)state;
	assert_line(DIAG_REMARK, (struct diag_pos){ "\x1b]0;x\a\n", 0, 1 }, "a\nb\x1b[2J\xff",
		    "irqpath: \\x1b]0;x\\x07\\x0a:1: note: a\\x0ab\\x1b[2J\\xff\n");
}

struct seen {
	unsigned calls;
	enum diag_code code;
	size_t len;
};

static void see(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	struct seen *seen = ctx;

	(void)pos;
	seen->calls++;
	seen->code = code;
	seen->len = strlen(text);
}

static void test_counts(void **state)
{
	struct seen seen = { 0 };
	struct diag_sink ds = { .fn = see, .ctx = &seen };
	unsigned long expected[DIAG_ERROR + 1] = { 0 };

	(void)state;
	for (enum diag_code code = 0; code < NR_DIAG_CODES; code++) {
		diag_report(&ds, code, (struct diag_pos){ NULL, 0, 0 }, "%d", (int)code);
		expected[diag_level(code)]++;
		assert_int_equal(seen.calls, code + 1);
		assert_int_equal(seen.code, code);
		assert_memory_equal(ds.count, expected, sizeof(expected));
	}
	assert_true(expected[DIAG_NOTE] && expected[DIAG_WARNING] && expected[DIAG_ERROR]);
}

static void test_long_text(void **state)
{
	struct seen seen = { 0 };
	struct diag_sink ds = { .fn = see, .ctx = &seen };
	char *text = malloc(100001);

	(void)state;
	memset(text, '\x1b', 100000);
	text[100000] = 0;
	diag_report(&ds, DIAG_REMARK, (struct diag_pos){ NULL, 0, 0 }, "%s", text);
	assert_in_range(seen.len, 1000, 2047);
	assert_int_equal(seen.len % 4, 0);
	free(text);
}

static void test_tables(void **state)
{
	(void)state;
	for (enum diag_code code = 0; code < NR_DIAG_CODES; code++) {
		assert_true(*diag_code_name(code));
		assert_non_null(diag_code_text(code));
		assert_in_range(diag_level(code), DIAG_NOTE, DIAG_ERROR);
	}
	assert_string_equal(diag_level_name(DIAG_NOTE), "note");
	assert_string_equal(diag_level_name(DIAG_WARNING), "warning");
	assert_string_equal(diag_level_name(DIAG_ERROR), "error");
}

/* The numbers are part of the command line's interface, the order that of design section 8. */
static void test_statuses(void **state)
{
	static const enum status first_to_last[] = { 2, 3, 1, 4, 0 };

	(void)state;
	assert_int_equal(STATUS_CLEAN, 0);
	assert_int_equal(STATUS_FINDINGS, 1);
	assert_int_equal(STATUS_USAGE, 2);
	assert_int_equal(STATUS_INCOMPLETE, 3);
	assert_int_equal(STATUS_NOT_JUDGED, 4);
	for (unsigned i = 0; i < 5; i++) {
		for (unsigned j = 0; j < 5; j++) {
			enum status worse = first_to_last[i < j ? i : j];

			assert_int_equal(status_worse(first_to_last[i], first_to_last[j]), worse);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
