/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/registry.h"

#include <stdlib.h>

/* One identity. */
struct place {
	struct object_ref ref;	/* kind OBJ_NONE: free */
	uint32_t id;		/* of the live generation, 0: none */
	uint32_t generations;
};

struct registry {
	struct object **object;	/* owned, by id - 1; NULL: retired */
	uint32_t nr, cap, nr_live;
	struct place *place;	/* open addressing */
	uint32_t nr_places, nr_taken;	/* a power of two; in use */
};

struct registry *registry_new(void)
{
	struct registry *rg = calloc(1, sizeof(*rg));

	if (!rg)
		return NULL;
	rg->cap = 256;
	rg->nr_places = 1024;
	rg->object = calloc(rg->cap, sizeof(*rg->object));
	rg->place = calloc(rg->nr_places, sizeof(*rg->place));
	if (!rg->object || !rg->place) {
		registry_free(rg);
		return NULL;
	}
	return rg;
}

static void free_object(struct object *obj)
{
	if (obj && obj->row.ref.kind == OBJ_IRQ)
		free(obj->irq.alloc);
	if (obj && obj->row.ref.kind == OBJ_PEOI)
		free(obj->peoi.stack);
	free(obj);
}

void registry_free(struct registry *rg)
{
	if (!rg)
		return;
	for (uint32_t i = 0; i < rg->nr; i++)
		free_object(rg->object[i]);
	free(rg->object);
	free(rg->place);
	free(rg);
}

/* Where an identity is, or the free place where it would go. */
static struct place *place_of(struct place *places, uint32_t nr_places, struct object_ref ref)
{
	uint64_t h = (ref.id ^ (uint64_t)ref.machine << 40 ^ (uint64_t)ref.kind << 56) * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t i = h >> 32 & (nr_places - 1);

	while (places[i].ref.kind && !object_equal(places[i].ref, ref))
		i = (i + 1) & (nr_places - 1);
	return &places[i];
}

struct object *registry_find(const struct registry *rg, struct object_ref ref)
{
	return registry_get(rg, place_of(rg->place, rg->nr_places, ref)->id);
}

static bool grow_places(struct registry *rg)
{
	uint32_t nr_places = rg->nr_places * 2;
	struct place *places = calloc(nr_places, sizeof(*places));

	if (!places)
		return false;
	for (uint32_t i = 0; i < rg->nr_places; i++)
		if (rg->place[i].ref.kind)
			*place_of(places, nr_places, rg->place[i].ref) = rg->place[i];
	free(rg->place);
	rg->place = places;
	rg->nr_places = nr_places;
	return true;
}

static bool grow_objects(struct registry *rg)
{
	struct object **object = realloc(rg->object, 2 * rg->cap * sizeof(*object));

	if (!object)
		return false;
	rg->object = object;
	rg->cap *= 2;
	return true;
}

struct object *registry_add(struct registry *rg, struct object_ref ref)
{
	struct object *obj;
	struct place *place;

	if (rg->nr_live == MAX_LIVE_OBJECTS || (rg->nr == rg->cap && !grow_objects(rg)))
		return NULL;
	if (rg->nr_taken * 2 >= rg->nr_places && !grow_places(rg))
		return NULL;
	obj = calloc(1, sizeof(*obj));
	if (!obj)
		return NULL;
	place = place_of(rg->place, rg->nr_places, ref);
	rg->nr_taken += !place->ref.kind;
	place->ref = ref;
	rg->object[rg->nr] = obj;
	obj->row.id = place->id = ++rg->nr;
	obj->row.ref = ref;
	obj->row.generation = ++place->generations;
	obj->row.born_ns = obj->row.gone_ns = NO_TIME;
	rg->nr_live++;
	return obj;
}

void registry_retire(struct registry *rg, struct object *obj)
{
	place_of(rg->place, rg->nr_places, obj->row.ref)->id = 0;
	rg->object[obj->row.id - 1] = NULL;
	rg->nr_live--;
	free_object(obj);
}

uint32_t registry_last(const struct registry *rg)
{
	return rg->nr;
}

struct object *registry_get(const struct registry *rg, uint32_t id)
{
	return id && id <= rg->nr ? rg->object[id - 1] : NULL;
}
