/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from captures made safe for terminals and for JSON; times for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/text.h"

enum { BUF = 4096 };

static void assert_safe(const char *text, const char *expected)
{
	char buf[BUF], *written = NULL;
	size_t len;
	FILE *out = open_memstream(&written, &len);

	assert_ptr_equal(text_safe(buf, sizeof(buf), text), buf);
	assert_string_equal(buf, expected);
	text_safe_write(out, text);
	fclose(out);
	assert_string_equal(written, expected);
	free(written);
}

static void assert_written(void (*write)(FILE *out, const char *text), const char *text, const char *expected)
{
	char *written = NULL;
	size_t len;
	FILE *out = open_memstream(&written, &len);

	write(out, text);
	fclose(out);
	assert_string_equal(written, expected);
	free(written);
}

static void assert_json(const char *text, const char *expected)
{
	assert_written(text_json, text, expected);
}

static void test_csv(void **state)
{
	static const struct {
		const char *text, *csv;
	} cases[] = {
		{ "", "\"\"" },
		{ "eth0-tx-0", "\"eth0-tx-0\"" },
		{ "a \"b\", c", "\"a \"\"b\"\", c\"" },
		{ "=1+1", "\"'=1+1\"" },
		{ "+1", "\"'+1\"" },
		{ "-1", "\"'-1\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"'\\x09=1\"" },
		{ "a\033[31m\r\n", "\"a\\x1b[31m\\x0d\\x0a\"" },
		{ "\xff\xe2\x80\xae", "\"\\xff\\xe2\\x80\\xae\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_written(text_csv, cases[i].text, cases[i].csv);
}

static void test_utf8(void **state)
{
	static const struct {
		const char *text, *safe, *json;
	} table[] = {
		{ "", "", "\"\"" },
		{ "nvme0q2", "nvme0q2", "\"nvme0q2\"" },
		/* one of each length, at both ends */
		{ "\u00a1\u07ff", "\u00a1\u07ff", "\"\u00a1\u07ff\"" },
		{ "\u0800\ud7ff\ue000\uffee", "\u0800\ud7ff\ue000\uffee", "\"\u0800\ud7ff\ue000\uffee\"" },
		{ "\xf0\x90\x80\x80", "\xf0\x90\x80\x80", "\"\xf0\x90\x80\x80\"" },
		{ "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd", "\"\xf4\x8f\xbf\xbd\"" },
		/* bytes that no character has, a lone continuation */
		{ "a\x80" "b", "a\\x80b", "\"a\\ufffdb\"" },
		{ "\xff\xfe", "\\xff\\xfe", "\"\\ufffd\\ufffd\"" },
		{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		/* cut */
		{ "\xc3", "\\xc3", "\"\\ufffd\"" },
		{ "\xe2\x82", "\\xe2\\x82", "\"\\ufffd\\ufffd\"" },
		{ "\xf0\x9f\x98", "\\xf0\\x9f\\x98", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x82z", "\\xe2\\x82z", "\"\\ufffd\\ufffdz\"" },
		/* longer than needed: another way to write '/' or NUL */
		{ "\xc0\xaf", "\\xc0\\xaf", "\"\\ufffd\\ufffd\"" },
		{ "\xc1\xbf", "\\xc1\\xbf", "\"\\ufffd\\ufffd\"" },
		{ "\xc0\x80", "\\xc0\\x80", "\"\\ufffd\\ufffd\"" },
		{ "\xe0\x9f\xbf", "\\xe0\\x9f\\xbf", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		/* surrogates, beyond the last character */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xed\xbf\xbf", "\\xed\\xbf\\xbf", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		/* control characters */
		{ "\x1b[31mred\a", "\\x1b[31mred\\x07", "\"\\u001b[31mred\\u0007\"" },
		{ "a\nb\tc\r", "a\\x0ab\\x09c\\x0d", "\"a\\u000ab\\u0009c\\u000d\"" },
		{ "\x7f", "\\x7f", "\"\\u007f\"" },
		{ "\xc2\x80\xc2\x9b\xc2\x9f\u00a0", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f\u00a0", "\"\\u0080\\u009b\\u009f\u00a0\"" },
		/* what reorders, hides or ends lines */
		{ "\u202e", "\\xe2\\x80\\xae", "\"\\u202e\"" },
		{ "\u202a\u2066\u2069", "\\xe2\\x80\\xaa\\xe2\\x81\\xa6\\xe2\\x81\\xa9", "\"\\u202a\\u2066\\u2069\"" },
		{ "\u200b\u200e\u200f\u061c", "\\xe2\\x80\\x8b\\xe2\\x80\\x8e\\xe2\\x80\\x8f\\xd8\\x9c", "\"\\u200b\\u200e\\u200f\\u061c\"" },
		{ "\u2028\u2029", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9", "\"\\u2028\\u2029\"" },
		{ "\u00ad\u180e\u2060\ufeff", "\\xc2\\xad\\xe1\\xa0\\x8e\\xe2\\x81\\xa0\\xef\\xbb\\xbf", "\"\\u00ad\\u180e\\u2060\\ufeff\"" },
		{ "\ufff9", "\\xef\\xbf\\xb9", "\"\\ufff9\"" },
		{ "\U000e0041", "\\xf3\\xa0\\x81\\x81", "\"\\udb40\\udc41\"" },
		/* quotes */
		{ "say \"\\\"", "say \"\\\"", "\"say \\\"\\\\\\\"\"" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_safe(table[i].text, table[i].safe);
		assert_json(table[i].text, table[i].json);
	}
	assert_json(NULL, "null");
}

/* Every one-byte and two-byte text: only printable ASCII and characters of two bytes come out as they are. */
static void test_all_short_texts(void **state)
{
	(void)state;
	for (unsigned first = 1; first < 256; first++) {
		for (unsigned second = 0; second < 256; second++) {
			char text[3] = { first, second, 0 }, buf[16];
			size_t len = strlen(text_safe(buf, sizeof(buf), text));

			for (size_t i = 0; i < len; i++)
				assert_true((unsigned char)buf[i] >= ' ' && buf[i] != 0x7f);
			if (first >= 0xc2 && first <= 0xdf && second >= 0x80 && second < 0xc0)
				assert_true(len == 2 || len == 8);
			else
				assert_int_equal(len, (first >= ' ' && first < 0x7f ? 1 : 4) +
						 (!second ? 0 : second >= ' ' && second < 0x7f ? 1 : 4));
		}
	}
}

static void test_cut(void **state)
{
	static const struct {
		size_t len;
		const char *safe;
	} table[] = { { 1, "" }, { 2, "a" }, { 3, "a" }, { 4, "a\u00e9" }, { 7, "a\u00e9" }, { 8, "a\u00e9\\x1b" }, { 9, "a\u00e9\\x1bb" } };
	char buf[16];

	(void)state;
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		memset(buf, '#', sizeof(buf));
		text_safe(buf, table[i].len, "a\u00e9\x1b" "b");
		assert_string_equal(buf, table[i].safe);
		assert_int_equal(buf[table[i].len], '#');
	}
}

static void test_time(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} table[] = {
		{ 0, "0.000000000" }, { 1, "0.000000001" }, { -1, "-0.000000001" }, { 999999999, "0.999999999" },
		{ 1000000000, "1.000000000" }, { -1000000000, "-1.000000000" }, { 31850690751, "31.850690751" },
		{ INT64_MAX, "9223372036.854775807" }, { INT64_MIN, "-9223372036.854775808" },
	};
	char buf[TEXT_TIME_MAX];

	(void)state;
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(text_time(buf, sizeof(buf), table[i].ns), table[i].text);
}

static void test_duration(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} table[] = {
		{ 0, "0 ns" }, { 1, "1 ns" }, { 30, "30 ns" }, { 999, "999 ns" },
		{ 1000, "1.0 us" }, { 1049, "1.0 us" }, { 1050, "1.1 us" }, { 12345, "12.3 us" }, { 99949, "99.9 us" },
		{ 99950, "100 us" }, { 450000, "450 us" }, { 999499, "999 us" }, { 999500, "1.0 ms" }, { 999999, "1.0 ms" },
		{ 1000000, "1.0 ms" }, { 99960000, "100 ms" }, { 999400000, "999 ms" }, { 999960000, "1.0 s" },
		{ 999999999, "1.0 s" }, { 1000000000, "1.0 s" }, { 6100000000, "6.1 s" }, { 99949999999, "99.9 s" },
		{ 99950000000, "100 s" }, { 1234567000000, "1235 s" }, { INT64_MAX, "9223372037 s" },
		{ -1, "-1 ns" }, { -999960000, "-1.0 s" }, { -12345, "-12.3 us" }, { -99950, "-100 us" },
		{ INT64_MIN, "-9223372037 s" },
	};
	char buf[32];

	(void)state;
	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(text_duration(buf, sizeof(buf), table[i].ns), table[i].text);
}

static void test_units(void **state)
{
	char buf[TEXT_TIME_MAX];

	(void)state;
	text_count(TEXT_CYCLES);
	assert_string_equal(text_time(buf, sizeof(buf), 31850690751), "31850690751");
	assert_string_equal(text_duration(buf, sizeof(buf), 512), "512 cycles");
	assert_string_equal(text_duration(buf, sizeof(buf), -12345), "-12.3 k cycles");
	assert_string_equal(text_duration(buf, sizeof(buf), 44272671962), "44.3 G cycles");
	assert_string_equal(text_duration(buf, sizeof(buf), INT64_MIN), "-9223372037 G cycles");
	text_count(TEXT_LINES);
	assert_string_equal(text_time(buf, sizeof(buf), 33), "line 33");
	assert_string_equal(text_duration(buf, sizeof(buf), 33), "33 lines");
	text_count(TEXT_NS);
	assert_string_equal(text_time(buf, sizeof(buf), 31850690751), "31.850690751");
}

/* Around every change of unit or of decimals: at most three digits below a thousand seconds. */
static void test_duration_digits(void **state)
{
	char buf[32];

	(void)state;
	for (int64_t unit = 1; unit <= 1000000000; unit *= 10) {
		for (int64_t d = -2000; d <= 2000; d++) {
			int64_t ns = unit * 1000 + d * (unit / 1000 + 1);

			if (ns < 0 || ns >= 999500000000)
				continue;
			text_duration(buf, sizeof(buf), ns);
			assert_in_range(strspn(buf, "0123456789."), 1, 4);
			assert_true(strchr(buf, '.') || strspn(buf, "0123456789") <= 3);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_all_short_texts),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_duration), cmocka_unit_test(test_units),
		cmocka_unit_test(test_duration_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
