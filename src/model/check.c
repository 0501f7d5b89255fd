/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * A single unit has few states, a few thousand at most. Each gets a number when it is first met, and what each operation
 * makes of it is computed then, by the components' tables. A state of the whole is a few numbers, and a step a few loads:
 * the search is bound by its hash table.
 *
 * Operations of the function stand first in a part's table.
 */
enum {
	MAX_UNIT_STATES = 0xffff, UNIT_HASH_SIZE = 1 << 18, MAX_SHARED_STATES = 1 << 14, SHARED_HASH_SIZE = 1 << 16, MAX_SLOTS = 128,
	NO_STATE = UINT32_MAX, NOT_ALLOWED = 0xffff, CHUNK = 256,
};

enum outcome_flags { FLAG_DELIVERED = 1, FLAG_UNEXPECTED = 2, FLAG_TORN = 4, FLAG_ENDLESS = 8 };

/* What an operation on one CPU makes of a unit. */
struct move {
	uint16_t next;			/* unit, or NOT_ALLOWED */
	uint16_t shared;		/* what the units share then; of a function's operation: not used */
	uint8_t slot;			/* operation and CPU */
	uint8_t flags;
};

/* A unit under one state of what it shares; all is computed when it is first met. */
struct known {
	struct move *move;		/* first those of the function's operations, allowed or not, then the unit's own that are */
	uint8_t nr_moves;
	bool waits;
	uint32_t broken;		/* invariants */
};

/* The cores that units share. */
struct shared {
	uint32_t core[UNIT_SHARED];
};

/* What is known of units under one state of what they share, by their number, chunk by chunk. */
struct shelf {
	struct known *chunk[MAX_UNIT_STATES / CHUNK + 1];
};

struct way {
	uint32_t parent;
	uint16_t slot;
	uint16_t unit;
};

typedef uint16_t key_part;

/* Keys are compared and hashed by words: zero parts fill the last one. */
enum { WORD_PARTS = sizeof(uint64_t) / sizeof(key_part), MAX_KEY_PARTS = (CHECK_MAX_UNITS / WORD_PARTS + 1) * WORD_PARTS };

struct key {
	_Alignas(uint64_t) key_part part[MAX_KEY_PARTS];
};

/* A step that was taken, and whose end has not been looked up yet. */
struct taken {
	struct key key;
	struct way way;
	uint8_t flags;
};

struct search {
	const struct check_options *opt;
	struct check_result *result;
	struct unit_engine engine;
	unsigned nr_slots, nr_function_slots, key_parts;
	uint32_t wanted;		/* invariants that are asked for */
	int deliverable, conforming;	/* their numbers, -1: not asked for */

	struct unit *unit;		/* numbered; shared cores zero */
	uint32_t nr_units, *unit_hash;
	struct shared *shared;		/* numbered */
	uint32_t nr_shared, *shared_hash;
	struct shelf **shelf;		/* by state of what is shared */

	key_part *key;			/* of the states, key_parts each: shared, then units */
	struct way *way;
	uint32_t nr, room, *hash, hash_size;	/* hash: state plus one, 0: free */
	struct taken *taken;		/* steps out of one state: the table is far from the CPU, so that they are looked up together */
	unsigned nr_taken;
};

static void fail(struct search *s, const char *why)
{
	if (s->result->outcome != CHECK_FAILED)
		s->result->failure = why;
	s->result->outcome = CHECK_FAILED;
}

static bool failed(const struct search *s)
{
	return s->result->outcome == CHECK_FAILED;
}

static const struct operation *operation_of(const struct search *s, unsigned slot)
{
	return &s->opt->part->operations[slot / s->opt->cpus];
}

/* ------------------------------------------------------------------------------------------------------ numbers */

static uint64_t hash_bytes(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t h = UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

static uint16_t number_of_unit(struct search *s, const struct unit *unit)
{
	uint32_t mask = UNIT_HASH_SIZE - 1, i = hash_bytes(unit, sizeof(*unit)) & mask;

	for (; s->unit_hash[i]; i = (i + 1) & mask)
		if (!memcmp(&s->unit[s->unit_hash[i] - 1], unit, sizeof(*unit)))
			return s->unit_hash[i] - 1;
	if (s->nr_units == MAX_UNIT_STATES) {
		fail(s, "more different states of a unit than can be numbered");
		return 0;
	}
	s->unit[s->nr_units] = *unit;
	s->unit_hash[i] = ++s->nr_units;
	return s->nr_units - 1;
}

static struct shared shared_of(const struct unit *unit)
{
	struct shared shared;

	for (unsigned i = 0; i < UNIT_SHARED; i++)
		shared.core[i] = unit->core[unit_shared[i]];
	return shared;
}

static uint16_t number_of_shared(struct search *s, const struct unit *unit)
{
	struct shared shared = shared_of(unit);
	uint32_t mask = SHARED_HASH_SIZE - 1, i = hash_bytes(&shared, sizeof(shared)) & mask;

	for (; s->shared_hash[i]; i = (i + 1) & mask)
		if (!memcmp(&s->shared[s->shared_hash[i] - 1], &shared, sizeof(shared)))
			return s->shared_hash[i] - 1;
	if (s->nr_shared == MAX_SHARED_STATES) {
		fail(s, "more different states of what units share than can be numbered");
		return 0;
	}
	s->shared[s->nr_shared] = shared;
	s->shared_hash[i] = ++s->nr_shared;
	return s->nr_shared - 1;
}

static struct unit unit_at(const struct search *s, unsigned shared, unsigned number)
{
	struct unit unit = s->unit[number];

	for (unsigned i = 0; i < UNIT_SHARED; i++)
		unit.core[unit_shared[i]] = s->shared[shared].core[i];
	return unit;
}

static uint16_t number_without_shared(struct search *s, struct unit unit)
{
	for (unsigned i = 0; i < UNIT_SHARED; i++)
		unit.core[unit_shared[i]] = 0;
	return number_of_unit(s, &unit);
}

/* ------------------------------------------------------------------------------------------------------ steps of one unit */

static uint32_t broken_of(const struct search *s, const struct unit *unit)
{
	const struct path_part *part = s->opt->part;
	uint32_t broken = 0;

	for (unsigned i = 0; i < part->nr_invariants; i++)
		if (part->invariants[i].broken && part->invariants[i].broken(unit))
			broken |= UINT32_C(1) << i;
	return broken & s->wanted;
}

static bool allowed(const struct search *s, const struct operation *op, const struct unit *unit, unsigned cpu)
{
	struct unit there = *unit;

	there.place[PLACE_HERE] = op->per_cpu ? cpu + 1 : 0;
	return operation_exists(&s->engine, op) && (op->per_cpu || !cpu) && op->when(&there);
}

static uint8_t flags_of(const struct unit_result *r)
{
	return (r->delivered ? FLAG_DELIVERED : 0) | (r->unexpected ? FLAG_UNEXPECTED : 0) | (r->torn ? FLAG_TORN : 0) |
	       (r->endless ? FLAG_ENDLESS : 0);
}

static struct move compute(struct search *s, const struct unit *from, unsigned slot)
{
	const struct operation *op = operation_of(s, slot);
	struct unit_result result = { 0 };
	unsigned cpu = slot % s->opt->cpus;
	struct unit unit = *from;

	if (!allowed(s, op, &unit, cpu))
		return (struct move){ .next = NOT_ALLOWED, .slot = slot };
	unit_operate(&s->engine, &unit, op, cpu, &result);
	if (!op->on_function && (unit.core[ROLE_PCI] != from->core[ROLE_PCI] || unit.core[ROLE_FUNCTION] != from->core[ROLE_FUNCTION]))
		fail(s, "a unit's operation changed what its device shares");
	return (struct move){
		.next = number_without_shared(s, unit), .shared = op->on_function ? 0 : number_of_shared(s, &unit), .slot = slot,
		.flags = flags_of(&result),
	};
}

static void compute_moves(struct search *s, struct known *k, const struct unit *unit)
{
	for (unsigned slot = 0; slot < s->nr_slots; slot++) {
		struct move move = compute(s, unit, slot);

		if (slot < s->nr_function_slots || move.next != NOT_ALLOWED)
			k->move[k->nr_moves++] = move;
	}
}

/* Its place, empty as yet where it was not asked for before; NULL where memory is short. */
static struct known *place_of(struct search *s, unsigned shared, unsigned number)
{
	struct shelf **shelf = &s->shelf[shared];
	struct known **chunk;

	if (!*shelf)
		*shelf = calloc(1, sizeof(**shelf));
	if (!*shelf)
		return NULL;
	chunk = &(*shelf)->chunk[number / CHUNK];
	if (!*chunk)
		*chunk = calloc(CHUNK, sizeof(**chunk));
	return *chunk ? *chunk + number % CHUNK : NULL;
}

static struct known *know(struct search *s, unsigned shared, unsigned number)
{
	struct known *k = place_of(s, shared, number);
	struct unit unit;

	if (k && k->move)
		return k;
	if (!k) {
		fail(s, "out of memory");
		return NULL;
	}
	k->move = malloc(s->nr_slots * sizeof(*k->move));
	if (!k->move) {
		fail(s, "out of memory");
		return NULL;
	}
	unit = unit_at(s, shared, number);
	k->broken = broken_of(s, &unit);
	k->waits = s->opt->part->waits(&unit);
	compute_moves(s, k, &unit);
	return k;
}

/* What a function's operation makes of what its units share. */
static unsigned shared_after(struct search *s, const key_part *key, unsigned slot)
{
	struct unit unit = unit_at(s, key[0], key[1]);
	struct unit_result result = { 0 };

	unit_operate(&s->engine, &unit, operation_of(s, slot), 0, &result);
	return number_of_shared(s, &unit);
}

/* ------------------------------------------------------------------------------------------------------ states */

static uint32_t hash_key(const struct search *s, const key_part *key)
{
	uint64_t h = 0, word;

	for (unsigned i = 0; i < s->key_parts; i += WORD_PARTS) {
		memcpy(&word, key + i, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return h & (s->hash_size - 1);
}

static bool keys_are_equal(const struct search *s, const key_part *a, const key_part *b)
{
	uint64_t differ = 0, x, y;

	for (unsigned i = 0; i < s->key_parts; i += WORD_PARTS) {
		memcpy(&x, a + i, sizeof(x));
		memcpy(&y, b + i, sizeof(y));
		differ |= x ^ y;
	}
	return !differ;
}

static uint32_t *hash_slot(const struct search *s, const key_part *key)
{
	uint32_t i = hash_key(s, key);

	while (s->hash[i] && !keys_are_equal(s, s->key + (size_t)(s->hash[i] - 1) * s->key_parts, key))
		i = (i + 1) & (s->hash_size - 1);
	return &s->hash[i];
}

static bool grow_hash(struct search *s)
{
	uint32_t *old = s->hash, size = s->hash_size ? 2 * s->hash_size : 1 << 16;

	s->hash = calloc(size, sizeof(*s->hash));
	if (!s->hash) {
		s->hash = old;
		return false;
	}
	free(old);
	s->hash_size = size;
	for (uint32_t i = 0; i < s->nr; i++)
		*hash_slot(s, s->key + (size_t)i * s->key_parts) = i + 1;
	return true;
}

static bool grow_states(struct search *s)
{
	uint32_t room = s->room ? 2 * s->room : 1 << 15;
	void *key = realloc(s->key, (size_t)room * s->key_parts * sizeof(*s->key)), *way;

	if (!key)
		return false;
	s->key = key;
	way = realloc(s->way, (size_t)room * sizeof(*s->way));
	if (!way)
		return false;
	s->way = way;
	s->room = room;
	return true;
}

/* The state's number; *is_new where it was not met before. NO_STATE where memory is short. */
static uint32_t visit(struct search *s, const key_part *key, struct way way, bool *is_new)
{
	uint32_t *slot;

	if ((uint64_t)s->nr * 2 >= s->hash_size && !grow_hash(s)) {
		fail(s, "out of memory");
		return NO_STATE;
	}
	slot = hash_slot(s, key);
	*is_new = !*slot;
	if (*slot)
		return *slot - 1;
	if (s->nr == s->room && !grow_states(s)) {
		fail(s, "out of memory");
		return NO_STATE;
	}
	memcpy(s->key + (size_t)s->nr * s->key_parts, key, s->key_parts * sizeof(*key));
	s->way[s->nr] = way;
	*slot = ++s->nr;
	return s->nr - 1;
}

/* ------------------------------------------------------------------------------------------------------ search */

static struct check_step step_of(const struct search *s, struct way way)
{
	return (struct check_step){
		.operation = operation_of(s, way.slot), .unit = way.unit, .cpu = way.slot % s->opt->cpus,
	};
}

/* The last step may not be the one by which its end was first met. */
static void violated(struct search *s, struct way last, unsigned invariant, unsigned unit)
{
	struct check_result *r = s->result;
	unsigned nr = 0;

	r->outcome = CHECK_VIOLATED;
	r->broken = &s->opt->part->invariants[invariant];
	r->unit = unit;
	for (struct way way = last; way.parent != NO_STATE; way = s->way[way.parent])
		nr++;
	if (nr > CHECK_MAX_STEPS) {
		fail(s, "the way to the violation is too long");
		return;
	}
	r->nr_steps = nr;
	for (struct way way = last; nr > 0; way = s->way[way.parent])
		r->steps[--nr] = step_of(s, way);
}

static void judge(struct search *s, const key_part *key, uint8_t flags, struct way way)
{
	if (flags & FLAG_ENDLESS)
		fail(s, "reactions without end");
	if (flags & (FLAG_UNEXPECTED | FLAG_TORN) && s->conforming >= 0) {
		violated(s, way, s->conforming, way.unit);
		return;
	}
	for (unsigned i = 0; i < s->opt->units; i++) {
		const struct known *k = know(s, key[0], key[1 + i]);

		if (!k || !k->broken)
			continue;
		violated(s, way, __builtin_ctz(k->broken), i);
		return;
	}
}

/* Called for each step out of a state: the state it leads to, what it did, and of which unit. */
typedef void (*step_fn)(struct search *s, uint32_t from, const key_part *to, unsigned slot, unsigned unit, uint8_t flags, void *ctx);

static void step_function(struct search *s, uint32_t from, const key_part *key, struct known *const *known, unsigned slot,
			  step_fn fn, void *ctx)
{
	key_part to[MAX_KEY_PARTS] = { 0 };
	uint8_t flags = 0;

	for (unsigned i = 0; i < s->opt->units; i++) {
		const struct move *move = &known[i]->move[slot];

		if (move->next == NOT_ALLOWED)
			return;
		to[1 + i] = move->next;
		flags |= move->flags;
	}
	to[0] = shared_after(s, key, slot);
	fn(s, from, to, slot, 0, flags, ctx);
}

static void step_unit(struct search *s, uint32_t from, const key_part *key, const struct known *k, unsigned unit, step_fn fn, void *ctx)
{
	key_part to[MAX_KEY_PARTS];

	memcpy(to, key, sizeof(to));
	for (unsigned i = s->nr_function_slots; i < k->nr_moves; i++) {
		const struct move *move = &k->move[i];

		to[0] = move->shared;
		to[1 + unit] = move->next;
		fn(s, from, to, move->slot, unit, move->flags, ctx);
	}
}

/* All steps out of a state. */
static void step_all(struct search *s, uint32_t from, step_fn fn, void *ctx)
{
	struct known *known[CHECK_MAX_UNITS];
	key_part key[MAX_KEY_PARTS] = { 0 };

	memcpy(key, s->key + (size_t)from * s->key_parts, s->key_parts * sizeof(*key));
	for (unsigned i = 0; i < s->opt->units; i++) {
		known[i] = know(s, key[0], key[1 + i]);
		if (failed(s))
			return;
	}
	for (unsigned slot = 0; slot < s->nr_function_slots; slot++)
		step_function(s, from, key, known, slot, fn, ctx);
	for (unsigned i = 0; i < s->opt->units; i++)
		step_unit(s, from, key, known[i], i, fn, ctx);
}

static void explore_step(struct search *s, uint32_t from, const key_part *to, unsigned slot, unsigned unit, uint8_t flags, void *ctx)
{
	struct taken *taken = &s->taken[s->nr_taken++];

	(void)ctx;
	memcpy(&taken->key, to, s->key_parts * sizeof(*to));
	taken->way = (struct way){ .parent = from, .slot = slot, .unit = unit };
	taken->flags = flags;
	__builtin_prefetch(&s->hash[hash_key(s, to)]);
}

/* The slots were fetched while the steps were taken; now the keys that they point to. */
static void fetch_keys(const struct search *s)
{
	for (unsigned i = 0; i < s->nr_taken; i++) {
		uint32_t state = s->hash[hash_key(s, s->taken[i].key.part)];

		if (state)
			__builtin_prefetch(s->key + (size_t)(state - 1) * s->key_parts);
	}
}

static void look_up_taken(struct search *s)
{
	fetch_keys(s);
	for (unsigned i = 0; i < s->nr_taken && s->result->outcome == CHECK_CLEAN; i++) {
		const struct taken *taken = &s->taken[i];
		bool is_new;

		s->result->transitions++;
		if (visit(s, taken->key.part, taken->way, &is_new) != NO_STATE && (is_new || taken->flags & (FLAG_UNEXPECTED | FLAG_TORN)))
			judge(s, taken->key.part, taken->flags, taken->way);
	}
	s->nr_taken = 0;
}

static void explore(struct search *s)
{
	uint32_t level_end = 1;

	for (uint32_t i = 0; i < s->nr && s->result->outcome == CHECK_CLEAN; i++) {
		if (i == level_end) {
			level_end = s->nr;
			s->result->depth++;
		}
		if (s->opt->progress && !(i & 0xffff))
			s->opt->progress(s->opt->progress_ctx, s->nr, s->result->depth);
		if (s->nr > s->opt->max_states) {
			s->result->outcome = CHECK_BOUND;
			return;
		}
		step_all(s, i, explore_step, NULL);
		look_up_taken(s);
	}
}

/* ------------------------------------------------------------------------------------------------------ who waits for whom */

/* Every member waits for one other at most: the way from the stuck interrupt ends, or comes back to where it was. */
static unsigned follow(const struct path_part *part, const struct unit *units, unsigned from, struct path_wait ring[CHECK_MAX_RING])
{
	unsigned way[CHECK_MAX_RING] = { 0 }, nr = 0;

	for (unsigned at = from; nr < CHECK_MAX_RING; nr++) {
		for (unsigned i = 0; i < nr; i++) {
			if (way[i] != at)
				continue;
			memmove(ring, ring + i, (nr - i) * sizeof(*ring));
			return nr - i;
		}
		way[nr] = at;
		if (!part->waits_for(units, at, &ring[nr]))
			return 0;
		at = ring[nr].next;
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------------ progress */

static void progress_step(struct search *s, uint32_t from, const key_part *to, unsigned slot, unsigned unit, uint8_t flags, void *ctx)
{
	if (operation_of(s, slot)->kind == OPERATION_PROGRESS && !(operation_of(s, slot)->help & s->opt->without))
		explore_step(s, from, to, slot, unit, flags, ctx);
}

/* Of the units that wait in a state, those that none of the steps taken out of it helps; stuck: by state, a bit each. */
static uint8_t not_helped(struct search *s, const uint8_t *stuck, uint8_t units)
{
	fetch_keys(s);
	for (unsigned i = 0; i < s->nr_taken && units; i++) {
		const struct taken *taken = &s->taken[i];

		if (taken->flags & FLAG_DELIVERED)
			units &= operation_of(s, taken->way.slot)->on_function ? 0 : ~(1 << taken->way.unit);
		if (units)
			units &= stuck[*hash_slot(s, taken->key.part) - 1];
	}
	s->nr_taken = 0;
	return units;
}

static uint8_t waiting_units(struct search *s, uint32_t state)
{
	const key_part *key = s->key + (size_t)state * s->key_parts;
	uint8_t waits = 0;

	for (unsigned i = 0; i < s->opt->units; i++) {
		const struct known *k = know(s, key[0], key[1 + i]);

		waits |= (k && k->waits) << i;
	}
	return s->opt->waiting ? waits & s->opt->waiting : waits;
}

/* Its members wait for each other already: what is stuck before that only has it ahead. */
static bool ring_is_closed(const struct search *s, uint32_t state, unsigned unit)
{
	const key_part *key = s->key + (size_t)state * s->key_parts;
	struct path_wait ring[CHECK_MAX_RING];
	struct unit units[CHECK_MAX_UNITS];

	for (unsigned i = 0; i < s->opt->units; i++)
		units[i] = unit_at(s, key[0], key[1 + i]);
	return follow(s->opt->part, units, unit, ring) != 0;
}

/* The nearest state in which one is stuck; of those where it is followed who waits for whom, with a closed ring. */
static void show_stuck(struct search *s, const uint8_t *units)
{
	uint32_t first = NO_STATE, best = NO_STATE;

	for (uint32_t i = 0; i < s->nr && best == NO_STATE; i++) {
		if (!units[i])
			continue;
		if (first == NO_STATE)
			first = i;
		if (!s->opt->part->waits_for || ring_is_closed(s, i, __builtin_ctz(units[i])))
			best = i;
	}
	best = best == NO_STATE ? first : best;
	if (best != NO_STATE)
		violated(s, s->way[best], s->deliverable, __builtin_ctz(units[best]));
}

/*
 * An interrupt that waits can be delivered where some order of progress leads there: found backwards, until nothing
 * changes any more. Later states mostly lie behind earlier ones, so that few rounds do.
 */
static void find_stuck(struct search *s)
{
	uint8_t *stuck = malloc(s->nr);
	bool changed = true;

	if (!stuck) {
		fail(s, "out of memory");
		return;
	}
	for (uint32_t i = 0; i < s->nr; i++)
		stuck[i] = waiting_units(s, i);
	while (changed && !failed(s)) {
		changed = false;
		for (uint32_t i = s->nr; i-- > 0;) {
			uint8_t still;

			if (!stuck[i])
				continue;
			step_all(s, i, progress_step, NULL);
			still = not_helped(s, stuck, stuck[i]);
			changed |= still != stuck[i];
			stuck[i] = still;
		}
	}
	if (!failed(s))
		show_stuck(s, stuck);
	free(stuck);
}

/* ------------------------------------------------------------------------------------------------------ the whole */

void check_start(const struct path_part *part, struct quirks quirks, struct unit *units, unsigned nr_units)
{
	memset(units, 0, nr_units * sizeof(*units));
	for (unsigned i = 0; i < nr_units; i++) {
		part->init(&units[i]);
		if (part->init_nth)
			part->init_nth(&units[i], i, quirks);
	}
}

static int invariant_named(const struct path_part *part, const char *name)
{
	for (unsigned i = 0; i < part->nr_invariants; i++)
		if (!strcmp(part->invariants[i].name, name))
			return i;
	return -1;
}

static bool choose_invariants(struct search *s)
{
	const struct path_part *part = s->opt->part;
	const char *name = s->opt->invariant;

	s->wanted = UINT32_MAX;
	if (name && invariant_named(part, name) < 0) {
		fail(s, "no such invariant");
		return false;
	}
	if (name)
		s->wanted = UINT32_C(1) << invariant_named(part, name);
	s->deliverable = invariant_named(part, "deliverable");
	s->conforming = invariant_named(part, "conforming");
	if (s->deliverable >= 0 && !(s->wanted >> s->deliverable & 1))
		s->deliverable = -1;
	if (s->conforming >= 0 && !(s->wanted >> s->conforming & 1))
		s->conforming = -1;
	return true;
}

static bool search_init(struct search *s)
{
	struct unit units[CHECK_MAX_UNITS];
	key_part key[MAX_KEY_PARTS] = { 0 };
	struct way root = { .parent = NO_STATE };
	bool is_new;

	s->nr_slots = s->opt->part->nr_operations * s->opt->cpus;
	while (s->opt->part->operations[s->nr_function_slots / s->opt->cpus].on_function)
		s->nr_function_slots++;
	s->key_parts = (1 + s->opt->units + WORD_PARTS - 1) / WORD_PARTS * WORD_PARTS;
	s->taken = malloc(s->nr_slots * s->opt->units * sizeof(*s->taken));
	s->unit = calloc(MAX_UNIT_STATES, sizeof(*s->unit));
	s->unit_hash = calloc(UNIT_HASH_SIZE, sizeof(*s->unit_hash));
	s->shared = calloc(MAX_SHARED_STATES, sizeof(*s->shared));
	s->shared_hash = calloc(SHARED_HASH_SIZE, sizeof(*s->shared_hash));
	s->shelf = calloc(MAX_SHARED_STATES, sizeof(*s->shelf));
	if (!s->unit || !s->unit_hash || !s->shared || !s->shared_hash || !s->shelf || !s->taken ||
	    s->nr_slots > MAX_SLOTS || !choose_invariants(s)) {
		fail(s, "out of memory");
		return false;
	}
	if (!unit_engine_init(&s->engine, s->opt->part, s->opt->quirks)) {
		fail(s, "the tables of the path are not sound");
		return false;
	}
	check_start(s->opt->part, s->opt->quirks, units, s->opt->units);
	key[0] = number_of_shared(s, &units[0]);
	for (unsigned i = 0; i < s->opt->units; i++)
		key[1 + i] = number_without_shared(s, units[i]);
	visit(s, key, root, &is_new);
	return !failed(s);
}

static void free_shelf(struct shelf *shelf)
{
	for (unsigned i = 0; shelf && i < sizeof(shelf->chunk) / sizeof(shelf->chunk[0]); i++) {
		for (unsigned k = 0; shelf->chunk[i] && k < CHUNK; k++)
			free(shelf->chunk[i][k].move);
		free(shelf->chunk[i]);
	}
	free(shelf);
}

static void search_fini(struct search *s)
{
	for (unsigned i = 0; s->shelf && i < s->nr_shared; i++)
		free_shelf(s->shelf[i]);
	free(s->shelf);
	free(s->shared);
	free(s->shared_hash);
	free(s->taken);
	free(s->unit);
	free(s->unit_hash);
	free(s->key);
	free(s->way);
	free(s->hash);
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void count(struct search *s)
{
	struct check_result *r = s->result;

	r->states = s->nr;
	r->unit_states = s->nr_units;
	r->key_bytes = s->key_parts * sizeof(key_part);
	r->state_bytes = r->key_bytes + sizeof(struct way);
	r->memory_bytes = (uint64_t)s->room * r->state_bytes + (uint64_t)s->hash_size * sizeof(*s->hash) +
			  (uint64_t)s->nr_units * s->nr_shared * s->nr_slots * sizeof(struct move);
}

void check_run(const struct check_options *opt, struct check_result *result)
{
	struct search s = { .opt = opt, .result = result };
	int64_t begin_ns = clock_ns(CLOCK_MONOTONIC), begin_cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);

	memset(result, 0, sizeof(*result));
	if (search_init(&s)) {
		explore(&s);
		if (result->outcome == CHECK_CLEAN && s.deliverable >= 0)
			find_stuck(&s);
		count(&s);
	}
	result->elapsed_ns = clock_ns(CLOCK_MONOTONIC) - begin_ns;
	result->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begin_cpu_ns;
	search_fini(&s);
}

void check_replay_step(const struct unit_engine *engine, struct unit *units, unsigned nr_units, const struct check_step *step,
		       void (*at_unit)(void *ctx, unsigned unit), void *ctx)
{
	unsigned first = step->operation->on_function ? 0 : step->unit;
	unsigned end = step->operation->on_function ? nr_units : first + 1;
	struct unit_result result = { 0 };

	for (unsigned i = first; i < end; i++) {
		at_unit(ctx, i);
		unit_operate(engine, &units[i], step->operation, step->cpu, &result);
	}
	for (unsigned i = 0; !step->operation->on_function && i < nr_units; i++)
		for (unsigned k = 0; k < UNIT_SHARED; k++)
			units[i].core[unit_shared[k]] = units[step->unit].core[unit_shared[k]];
}

static void ignore_unit(void *ctx, unsigned unit)
{
	(void)ctx;
	(void)unit;
}

unsigned check_ring(const struct check_options *opt, const struct check_result *result, struct path_wait ring[CHECK_MAX_RING])
{
	struct unit units[CHECK_MAX_UNITS];
	struct unit_engine engine;

	if (!opt->part->waits_for || result->outcome != CHECK_VIOLATED || result->broken->broken ||
	    !unit_engine_init(&engine, opt->part, opt->quirks))
		return 0;
	check_start(opt->part, opt->quirks, units, opt->units);
	for (unsigned i = 0; i < result->nr_steps; i++)
		check_replay_step(&engine, units, opt->units, &result->steps[i], ignore_unit, NULL);
	return follow(opt->part, units, result->unit, ring);
}
