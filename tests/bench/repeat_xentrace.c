/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: repeat_xentrace TIMES FILE OUT
 * A longer capture from a real one: its windows TIMES over, all times of each further round behind those of the one
 * before. Little endian only.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOST = 0x1f001, WRAP = 0x1f002, CPU_CHANGE = 0x1f003, HANDLED = 0x802008 };

static void die(const char *what)
{
	fprintf(stderr, "repeat_xentrace: %s\n", what);
	exit(1);
}

static uint8_t *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data;
	long size;

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) <= 0)
		die("cannot read the capture");
	rewind(f);
	data = malloc(size);
	if (!data || fread(data, 1, size, f) != (size_t)size)
		die("cannot read the capture");
	fclose(f);
	*len = size;
	return data;
}

static uint64_t get_tsc(const uint8_t *at)
{
	uint64_t tsc;

	memcpy(&tsc, at, sizeof(tsc));
	return tsc;
}

static void add64(uint8_t *at, uint64_t more)
{
	more += get_tsc(at);
	memcpy(at, &more, sizeof(more));
}

static void add32(uint8_t *at, uint32_t more)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	value = value ? value + more : 0;
	memcpy(at, &value, sizeof(value));
}

/* Moves all times by so much; first and last are those before. */
static void shift(uint8_t *data, size_t len, uint64_t more, uint64_t *first, uint64_t *last)
{
	size_t at = 0;

	while (at + 4 <= len) {
		uint32_t header, id;
		size_t size;

		memcpy(&header, data + at, sizeof(header));
		id = header & 0x0fffffff;
		size = 4 + 8 * (header >> 31) + 4 * (header >> 28 & 7);
		if (at + size > len)
			die("the capture ends within a record");
		if (header >> 31 && id != WRAP) {
			uint64_t tsc = get_tsc(data + at + 4);

			*first = tsc < *first ? tsc : *first;
			*last = tsc > *last ? tsc : *last;
			add64(data + at + 4, more);
			if (id == HANDLED && (header >> 28 & 7) == 3) {
				add32(data + at + 16, more);
				add32(data + at + 20, more);
			}
			if (id == LOST)
				add64(data + at + 20, more);
		}
		at += size;
	}
}

int main(int argc, char **argv)
{
	uint64_t first = UINT64_MAX, last = 0, ignored = 0, ignored_too = 0;
	unsigned long times;
	uint8_t *data;
	size_t len;
	FILE *out;

	if (argc != 4)
		die("usage: repeat_xentrace TIMES FILE OUT");
	times = strtoul(argv[1], NULL, 10);
	data = read_file(argv[2], &len);
	shift(data, len, 0, &first, &last);
	out = fopen(argv[3], "wb");
	if (!out)
		die("cannot write");
	for (unsigned long i = 0; i < times; i++) {
		if (fwrite(data, 1, len, out) != len)
			die("cannot write");
		shift(data, len, last - first + 1000, &ignored, &ignored_too);
	}
	return fclose(out) ? 1 : 0;
}
