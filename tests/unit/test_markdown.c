/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/markdown.h"
#include "report/page.h"
#include "report/report.h"

static const char sample[] =
	"# Head\n"
	"Words of a\n"
	"paragraph.\n"
	"- one item\n"
	"  that goes on\n"
	"- another\n"
	"\n"
	"    code\n"
	"\n"
	"      more of it\n"
	"\n"
	"<!-- begin table -->\n"
	"| a | b |\n"
	"| --- | --- |\n"
	"| `x\\|y` | |\n"
	"<!-- end -->\n"
	"## Second\n"
	"```\n"
	"| fenced\n"
	"```\n"
	"last";

static void expect_block(const char **at, enum markdown_type type, const char *text)
{
	struct markdown_block block;

	assert_true(markdown_next(at, &block));
	assert_int_equal(block.type, type);
	assert_string_equal(block.text, text);
	markdown_fini(&block);
}

static void test_blocks(void **state)
{
	const char *at = sample;
	struct markdown_block block;

	(void)state;
	expect_block(&at, MARKDOWN_HEADING, "Head");
	expect_block(&at, MARKDOWN_PARAGRAPH, "Words of a paragraph.");
	expect_block(&at, MARKDOWN_ITEM, "one item that goes on");
	expect_block(&at, MARKDOWN_ITEM, "another");
	expect_block(&at, MARKDOWN_CODE, "code\n\n  more of it\n");
	expect_block(&at, MARKDOWN_TABLE, "| a | b |\n| `x\\|y` | |\n");
	expect_block(&at, MARKDOWN_HEADING, "Second");
	expect_block(&at, MARKDOWN_CODE, "| fenced\n");
	expect_block(&at, MARKDOWN_PARAGRAPH, "last");
	assert_false(markdown_next(&at, &block));
}

static void test_cells(void **state)
{
	char row[] = "| a | `x\\|y` | | last one |\n", short_row[] = "| a | b | c |\n";
	char *cell[8];

	(void)state;
	assert_int_equal(markdown_cells(row, cell, 8), 4);
	assert_string_equal(cell[0], "a");
	assert_string_equal(cell[1], "`x\\|y`");
	assert_string_equal(cell[2], "");
	assert_string_equal(cell[3], "last one");
	assert_int_equal(markdown_cells(short_row, cell, 2), 2);
}

static void test_inline(void **state)
{
	static const struct {
		const char *raw, *plain;
	} cases[] = {
		{ "a `b` **c** *d* [e](http://f)", "a b c d e" },
		{ "run `irqpath help`, or `;`", "run 'irqpath help', or ';'" },
		{ "`irqpath help`", "irqpath help" },
		{ "IRQD_\\* \\| and 2 * 3 * 4", "IRQD_* | and 2 * 3 * 4" },
		{ "a ` alone, an [ open, ** and", "a ` alone, an [ open, ** and" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *plain = markdown_plain(cases[i].raw);

		assert_string_equal(plain, cases[i].plain);
		free(plain);
	}
}

static char *page(const char *markdown, unsigned width)
{
	const struct report_options opt = { .width = width };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	page_write(markdown, &opt, out);
	fclose(out);
	return text;
}

static void expect_page(const char *markdown, unsigned width, const char *want)
{
	char *got = page(markdown, width);

	assert_string_equal(got, want);
	free(got);
}

static const char wide[] =
	"| name | type | meaning |\n| --- | --- | --- |\n| `a` | number | what it means, in some words that wrap |\n";

static void test_page(void **state)
{
	(void)state;
	expect_page("# T\nSome words here.\n\n- one item of words\n- two\n\n    code\n\n    b\n", 16,
		    "T\n\nSome words here.\n\n  - one item of\n    words\n  - two\n\n    code\n\n    b\n");
	expect_page(wide, 45,
		    "  name  type    meaning\n  a     number  what it means, in some words\n                that wrap\n");
}

/* Columns that have no room beside each other stand below each other. */
static void test_narrow_table(void **state)
{
	(void)state;
	expect_page(wide, 37,
		    "  a\n      type: number\n      meaning: what it means, in some\n      words that wrap\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_cells),	    cmocka_unit_test(test_inline),
		cmocka_unit_test(test_page),   cmocka_unit_test(test_narrow_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
