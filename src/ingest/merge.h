/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several streams as one, by a key that falls in none of them; ties in the order of their numbers. */
#ifndef IRQPATH_INGEST_MERGE_H
#define IRQPATH_INGEST_MERGE_H

#include <stdbool.h>
#include <stdint.h>

struct merge {
	uint64_t *key;		/* of each stream's next item */
	uint32_t *heap;		/* numbers of the streams that have one */
	uint32_t nr;
};

/* False where memory is short. */
bool merge_init(struct merge *m, uint32_t nr_streams);
void merge_fini(struct merge *m);

/* A stream's first item. In any order, each stream once. */
void merge_add(struct merge *m, uint32_t stream, uint64_t key);

static inline bool merge_is_empty(const struct merge *m)
{
	return !m->nr;
}

/* The stream whose item is next; there is one. */
static inline uint32_t merge_first(const struct merge *m)
{
	return m->heap[0];
}

/* That item was taken: the stream's next one has this key, or there is none. */
void merge_advance(struct merge *m, uint64_t key);
void merge_drop(struct merge *m);

#endif
