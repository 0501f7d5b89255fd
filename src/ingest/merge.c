/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/merge.h"

#include <stdlib.h>

bool merge_init(struct merge *m, uint32_t nr_streams)
{
	*m = (struct merge){
		.key = calloc((size_t)nr_streams + 1, sizeof(*m->key)),
		.heap = calloc((size_t)nr_streams + 1, sizeof(*m->heap)),
	};
	if (m->key && m->heap)
		return true;
	merge_fini(m);
	return false;
}

void merge_fini(struct merge *m)
{
	free(m->key);
	free(m->heap);
	*m = (struct merge){ .nr = 0 };
}

static bool is_before(const struct merge *m, uint32_t a, uint32_t b)
{
	uint64_t x = m->key[a], y = m->key[b];

	return x < y || (x == y && a < b);
}

static void sift_down(struct merge *m)
{
	uint32_t *heap = m->heap, moving = heap[0], i = 0;

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= m->nr)
			break;
		if (child + 1 < m->nr && is_before(m, heap[child + 1], heap[child]))
			child++;
		if (!is_before(m, heap[child], moving))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = moving;
}

void merge_add(struct merge *m, uint32_t stream, uint64_t key)
{
	uint32_t i = m->nr++;

	m->key[stream] = key;
	for (; i && is_before(m, stream, m->heap[(i - 1) / 2]); i = (i - 1) / 2)
		m->heap[i] = m->heap[(i - 1) / 2];
	m->heap[i] = stream;
}

void merge_advance(struct merge *m, uint64_t key)
{
	m->key[m->heap[0]] = key;
	sift_down(m);
}

void merge_drop(struct merge *m)
{
	m->heap[0] = m->heap[--m->nr];
	if (m->nr)
		sift_down(m);
}
