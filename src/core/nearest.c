/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/nearest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LETTERS = 32 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits between words of at most MAX_LETTERS; two letters that changed places are one. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[MAX_LETTERS + 1][MAX_LETTERS + 1];
	size_t len_a = strlen(a), len_b = strlen(b);

	for (size_t i = 0; i <= len_a; i++) {
		for (size_t j = 0; j <= len_b; j++) {
			if (!i || !j) {
				row[i][j] = i + j;
				continue;
			}
			row[i][j] = least(row[i - 1][j - 1] + (a[i - 1] != b[j - 1]), least(row[i - 1][j], row[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[i][j] = least(row[i][j], row[i - 2][j - 2] + 1);
		}
	}
	return row[len_a][len_b];
}

void nearest_try(struct nearest *nr, const char *name)
{
	size_t len = strlen(nr->word);
	bool begins = len >= 3 && !strncmp(name, nr->word, len);
	unsigned d;

	if (!len || len > MAX_LETTERS || strlen(name) > MAX_LETTERS)
		return;
	d = distance(nr->word, name);
	if (begins && d)
		d = 1;
	else if (!d || 3 * d > strlen(name))
		return;
	if (nr->best && d >= nr->distance)
		return;
	nr->best = name;
	nr->distance = d;
}

const char *nearest_text(const struct nearest *nr, const char *prefix, char buf[NEAREST_TEXT_MAX])
{
	*buf = 0;
	if (nr->best)
		snprintf(buf, NEAREST_TEXT_MAX, "; did you mean '%s%s'?", prefix, nr->best);
	return buf;
}
