/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 4096, NR_SLOTS = 2 * MAX_NAMES };

struct counts {
	unsigned nr;
	struct record_kind kinds[MAX_NAMES + 1];	/* the last is that of all others */
	uint16_t slots[NR_SLOTS];	/* index into kinds + 1, by hash; 0: free */
};

struct counts *counts_new(void)
{
	return calloc(1, sizeof(struct counts));
}

void counts_free(struct counts *counts)
{
	free(counts);
}

static uint32_t hash(const char *name, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619U;
	return h;
}

static struct record_kind *find(struct counts *counts, const char *name, size_t len)
{
	struct record_kind *rk;

	if (len >= sizeof(rk->name))
		len = sizeof(rk->name) - 1;
	for (unsigned slot = hash(name, len) % NR_SLOTS;; slot = (slot + 1) % NR_SLOTS) {
		if (!counts->slots[slot]) {
			if (counts->nr == MAX_NAMES)
				return &counts->kinds[MAX_NAMES];
			counts->slots[slot] = ++counts->nr;
			rk = &counts->kinds[counts->nr - 1];
			memcpy(rk->name, name, len);
			return rk;
		}
		rk = &counts->kinds[counts->slots[slot] - 1];
		if (strlen(rk->name) == len && !memcmp(rk->name, name, len))
			return rk;
	}
}

void counts_add(struct counts *counts, const char *name, size_t name_len, uint64_t count, uint64_t kept)
{
	struct record_kind *rk = find(counts, name, name_len);

	rk->count += count;
	rk->kept += kept;
}

void counts_tell(const struct counts *counts, const struct source_sink *sink)
{
	struct record_kind others = counts->kinds[MAX_NAMES];

	for (unsigned i = 0; i < counts->nr; i++)
		sink->record_kind(sink->ctx, &counts->kinds[i]);
	if (!others.count)
		return;
	snprintf(others.name, sizeof(others.name), "(others)");
	sink->record_kind(sink->ctx, &others);
}
