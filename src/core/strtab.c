/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/strtab.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct strtab {
	char **text;		/* owned; [0] is "" */
	uint32_t *hash;
	uint32_t nr, cap;	/* texts, [0] included */
	size_t len_bytes;	/* of all texts */
	uint32_t *slot;		/* open addressing: ids, 0 empty */
	uint32_t nr_slots;	/* a power of two */
};

static uint32_t hash_bytes(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h;
}

struct strtab *strtab_new(void)
{
	struct strtab *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->cap = 64;
	st->nr_slots = 256;
	st->text = calloc(st->cap, sizeof(*st->text));
	st->hash = calloc(st->cap, sizeof(*st->hash));
	st->slot = calloc(st->nr_slots, sizeof(*st->slot));
	if (!st->text || !st->hash || !st->slot || !(st->text[0] = strdup(""))) {
		strtab_free(st);
		return NULL;
	}
	st->nr = 1;
	return st;
}

void strtab_free(struct strtab *st)
{
	if (!st)
		return;
	for (uint32_t i = 0; i < st->nr; i++)
		free(st->text[i]);
	free(st->text);
	free(st->hash);
	free(st->slot);
	free(st);
}

static void slot_put(struct strtab *st, uint32_t id)
{
	uint32_t i = st->hash[id] & (st->nr_slots - 1);

	while (st->slot[i])
		i = (i + 1) & (st->nr_slots - 1);
	st->slot[i] = id;
}

static bool strtab_grow(struct strtab *st)
{
	uint32_t cap = st->cap * 2, nr_slots = cap * 4;
	char **text = realloc(st->text, cap * sizeof(*text));
	uint32_t *hash, *slot;

	if (!text)
		return false;
	st->text = text;
	hash = realloc(st->hash, cap * sizeof(*hash));
	if (!hash)
		return false;
	st->hash = hash;
	slot = calloc(nr_slots, sizeof(*slot));
	if (!slot)
		return false;
	free(st->slot);
	st->slot = slot;
	st->nr_slots = nr_slots;
	st->cap = cap;
	for (uint32_t id = 1; id < st->nr; id++)
		slot_put(st, id);
	return true;
}

uint32_t strtab_intern(struct strtab *st, const char *text, size_t len)
{
	uint32_t h, i, id;

	if (len > STRTAB_MAX_LEN)
		len = STRTAB_MAX_LEN;
	h = hash_bytes(text, len);
	for (i = h & (st->nr_slots - 1); (id = st->slot[i]); i = (i + 1) & (st->nr_slots - 1))
		if (st->hash[id] == h && !strncmp(st->text[id], text, len) && !st->text[id][len])
			return id;
	if (st->nr > STRTAB_MAX_STRINGS || st->len_bytes + len > STRTAB_MAX_BYTES ||
	    (st->nr == st->cap && !strtab_grow(st)))
		return 0;
	id = st->nr;
	st->text[id] = strndup(text, len);
	if (!st->text[id])
		return 0;
	st->hash[id] = h;
	st->len_bytes += len;
	st->nr++;
	slot_put(st, id);
	return id;
}

const char *strtab_get(const struct strtab *st, uint32_t id)
{
	return id < st->nr ? st->text[id] : "";
}

uint32_t strtab_count(const struct strtab *st)
{
	return st->nr - 1;
}
