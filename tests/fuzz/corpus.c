/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: corpus TARGET FILE...		a fuzz target without the fuzzer: runs it on each file
 *        corpus				lists the targets
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20 };

#define X(name) \
	int fuzz_##name(const uint8_t *data, size_t len); \
	int fuzz_##name##_init(int *argc, char ***argv) __attribute__((weak));
TARGETS
#undef X

static const struct target {
	const char *name;
	int (*run)(const uint8_t *data, size_t len);
	int (*init)(int *argc, char ***argv);
} targets[] = {
#define X(name) { #name, fuzz_##name, fuzz_##name##_init },
	TARGETS
#undef X
};

enum { NR_TARGETS = sizeof(targets) / sizeof(targets[0]) };

/* In memory of its exact size, so that a sanitizer sees what is read behind it. */
static int run_file(const struct target *t, const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *data = malloc(MAX_BYTES), *exact;
	size_t len = in && data ? fread(data, 1, MAX_BYTES, in) : 0;

	if (!in || !data) {
		perror(path);
		free(data);
		return 1;
	}
	fclose(in);
	exact = malloc(len ? len : 1);
	memcpy(exact, data, len);
	free(data);
	fprintf(stderr, "%s\n", path);	/* the last one is the one that crashed */
	t->run(exact, len);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (unsigned i = 0; i < NR_TARGETS; i++) {
		if (argc < 2)
			puts(targets[i].name);
		if (argc < 2 || strcmp(targets[i].name, argv[1]))
			continue;
		if (targets[i].init)
			targets[i].init(&argc, &argv);
		for (int k = 2; k < argc; k++)
			failed |= run_file(&targets[i], argv[k]);
		return failed;
	}
	return argc >= 2 ? 2 : 0;
}
