/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"

#include <stdbool.h>
#include <string.h>

/* Length of the valid UTF-8 sequence at p, 0 where there is none. */
static unsigned utf8_sequence(const unsigned char *p, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
	uint32_t c = len == 1 ? p[0] : p[0] & (0x7f >> len);

	for (unsigned i = 1; i < len; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (!len || c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*code = c;
	return len;
}

/* Control characters, and what reorders or hides text on a terminal. */
static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

/* One character of text made safe, into out (17 bytes); returns the bytes of text that it took. */
static unsigned safe_character(const char *text, char *out)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t code;
	unsigned len = utf8_sequence(p, &code);

	if (len && !is_unsafe(code)) {
		memcpy(out, text, len);
		out[len] = 0;
		return len;
	}
	if (!len)
		len = 1;
	for (unsigned i = 0; i < len; i++)
		sprintf(out + 4 * i, "\\x%02x", p[i]);
	return len;
}

char *text_safe(char *buf, size_t len, const char *text)
{
	size_t n = 0;
	char out[17];

	while (*text) {
		unsigned took = safe_character(text, out);
		size_t out_len = strlen(out);

		if (n + out_len + 1 > len)
			break;
		memcpy(buf + n, out, out_len);
		n += out_len;
		text += took;
	}
	buf[n] = 0;
	return buf;
}

void text_safe_write(FILE *stream, const char *text)
{
	char out[17];

	while (*text) {
		text += safe_character(text, out);
		fputs(out, stream);
	}
}

/* A scale: prefixes of a unit that stand for 1000 of what is before each. */
struct scale {
	const char *unit;	/* of less than 1000 */
	const char *larger[3];
};

static const struct scale scales[] = {
	[TEXT_NS] = { "ns", { "us", "ms", "s" } },
	[TEXT_CYCLES] = { "cycles", { "k cycles", "M cycles", "G cycles" } },
	[TEXT_LINES] = { "lines", { "k lines", "M lines", "G lines" } },
};
static enum text_unit counted;

void text_count(enum text_unit unit)
{
	counted = unit;
}

enum text_unit text_counts(void)
{
	return counted;
}

char *text_time(char *buf, size_t len, int64_t ns)
{
	uint64_t abs_ns = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

	if (counted == TEXT_LINES)
		snprintf(buf, len, "line %lld", (long long)ns);
	else if (counted == TEXT_CYCLES)
		snprintf(buf, len, "%lld", (long long)ns);
	else
		snprintf(buf, len, "%s%llu.%09llu", ns < 0 ? "-" : "", (unsigned long long)(abs_ns / 1000000000),
			 (unsigned long long)(abs_ns % 1000000000));
	return buf;
}

char *text_duration(char *buf, size_t len, int64_t ns)
{
	uint64_t abs_ns = ns < 0 ? -(uint64_t)ns : (uint64_t)ns, whole = abs_ns, tenths, size = 1;
	const char *sign = ns < 0 ? "-" : "", *unit = scales[counted].unit;

	/* decided on what is rounded: 999.96 ms are 1.0 s */
	for (unsigned i = 0; i < sizeof(scales->larger) / sizeof(scales->larger[0]) && whole >= 1000; i++) {
		unit = scales[counted].larger[i];
		size *= 1000;
		tenths = (abs_ns + size / 20) / (size / 10);
		if (tenths < 1000) {
			snprintf(buf, len, "%s%u.%u %s", sign, (unsigned)tenths / 10, (unsigned)tenths % 10, unit);
			return buf;
		}
		whole = (abs_ns + size / 2) / size;
	}
	snprintf(buf, len, "%s%llu %s", sign, (unsigned long long)whole, unit);
	return buf;
}

/* A character by its number: in UTF-16, as JSON has it. */
static void json_escape(FILE *out, uint32_t code)
{
	if (code >= 0x10000) {
		fprintf(out, "\\u%04x", (unsigned)(0xd7c0 + (code >> 10)));
		code = 0xdc00 | (code & 0x3ff);
	}
	fprintf(out, "\\u%04x", (unsigned)code);
}

void text_json(FILE *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t code;

	if (!text) {
		fputs("null", out);
		return;
	}
	fputc('"', out);
	while (*p) {
		unsigned len = utf8_sequence(p, &code);

		if (!len) {
			fputs("\\ufffd", out);
			len = 1;
		} else if (code == '"' || code == '\\') {
			fprintf(out, "\\%c", (char)code);
		} else if (is_unsafe(code)) {
			json_escape(out, code);
		} else {
			fwrite(p, 1, len, out);
		}
		p += len;
	}
	fputc('"', out);
}

void text_csv(FILE *out, const char *text)
{
	char character[17];

	fputc('"', out);
	if (*text && strchr("=+-@\t\r\n", *text))
		fputc('\'', out);
	while (*text) {
		text += safe_character(text, character);
		fputs(*character == '"' ? "\"\"" : character, out);
	}
	fputc('"', out);
}
