/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: mutate cut LENGTH IN OUT	the first LENGTH bytes
 *        mutate flip SEED IN OUT	one byte changed; which one and to what follows from SEED alone
 *
 * Prints the offset on stdout.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64: neighbouring seeds give unrelated numbers. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t x = (*state += 0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static uint8_t *read_all(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	uint8_t *bytes = NULL;
	long end;

	if (!in)
		return NULL;
	if (!fseek(in, 0, SEEK_END) && (end = ftell(in)) > 0 && !fseek(in, 0, SEEK_SET)) {
		bytes = malloc(end);
		*len = bytes ? fread(bytes, 1, end, in) : 0;
	}
	fclose(in);
	return bytes;
}

static int write_all(const char *path, const uint8_t *bytes, size_t len)
{
	FILE *out = fopen(path, "wb");

	if (!out)
		return -1;
	if (fwrite(bytes, 1, len, out) != len) {
		fclose(out);
		return -1;
	}
	return fclose(out);
}

int main(int argc, char **argv)
{
	uint64_t number, offset;
	size_t len = 0;
	uint8_t *bytes;
	int failed;

	if (argc != 5 || (strcmp(argv[1], "cut") && strcmp(argv[1], "flip"))) {
		fputs("usage: mutate cut LENGTH IN OUT | mutate flip SEED IN OUT\n", stderr);
		return 2;
	}
	bytes = read_all(argv[3], &len);
	if (!bytes || !len) {
		perror(argv[3]);
		free(bytes);
		return 1;
	}
	number = strtoull(argv[2], NULL, 0);
	if (argv[1][0] == 'c') {
		offset = number < len ? number : len;
		len = offset;
	} else {
		offset = random_next(&number) % len;
		bytes[offset] ^= 1 + random_next(&number) % 255;
	}
	failed = write_all(argv[4], bytes, len);
	if (failed)
		perror(argv[4]);
	else
		printf("%" PRIu64 "\n", offset);
	free(bytes);
	return failed ? 1 : 0;
}
