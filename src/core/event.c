/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/event.h"

#include <string.h>

/* (A, B, C) of the event list becomes PREFIX_A, PREFIX_B, PREFIX_C; NONE is 0 in both enums. */
#define NAMES_1(p, a) p##a
#define NAMES_2(p, a, ...) p##a, NAMES_1(p, __VA_ARGS__)
#define NAMES_3(p, a, ...) p##a, NAMES_2(p, __VA_ARGS__)
#define NAMES_4(p, a, ...) p##a, NAMES_3(p, __VA_ARGS__)
#define NAMES_5(p, a, ...) p##a, NAMES_4(p, __VA_ARGS__)
#define NAMES_6(p, a, ...) p##a, NAMES_5(p, __VA_ARGS__)
#define NAMES_7(p, a, ...) p##a, NAMES_6(p, __VA_ARGS__)
#define NAMES_8(p, a, ...) p##a, NAMES_7(p, __VA_ARGS__)
#define NAMES_9(p, a, ...) p##a, NAMES_8(p, __VA_ARGS__)
#define NAMES_10(p, a, ...) p##a, NAMES_9(p, __VA_ARGS__)
#define NAMES_11(p, a, ...) p##a, NAMES_10(p, __VA_ARGS__)
#define NAMES_12(p, a, ...) p##a, NAMES_11(p, __VA_ARGS__)
#define NAMES_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, pick, ...) pick
#define NAMES(p, ...) \
	NAMES_PICK(__VA_ARGS__, NAMES_12, NAMES_11, NAMES_10, NAMES_9, NAMES_8, NAMES_7, NAMES_6, NAMES_5, NAMES_4, NAMES_3, \
		   NAMES_2, NAMES_1, ) (p, __VA_ARGS__)
#define OBJECTS_OF(...) { NAMES(OBJ_, __VA_ARGS__) }
#define ARGS_OF(...) { NAMES(ARG_, __VA_ARGS__) }

const struct event_kind_info event_kinds[NR_EVENT_KINDS] = {
#define X(sym, text, of_layer, of_objects, of_args, about) \
	[EV_##sym] = { .name = text, .layer = LAYER_##of_layer, .objects = OBJECTS_OF of_objects, \
		       .args = ARGS_OF of_args, .doc = about },
	EVENT_LIST(X)
#undef X
};

const struct event_arg_info event_args[NR_ARG_IDS] = {
#define X(sym, text, of_type, about) [ARG_##sym] = { .name = text, .type = ARG_TYPE_##of_type, .doc = about },
	ARG_LIST(X)
#undef X
};

static const char *const layer_names[NR_LAYERS] = {
#define X(sym, text, doc) [LAYER_##sym] = text,
	LAYER_LIST(X)
#undef X
};

static const char *const witness_names[NR_WITNESSES] = {
#define X(sym, text, doc) [WITNESS_##sym] = text,
	WITNESS_LIST(X)
#undef X
};

const char *layer_name(enum layer layer)
{
	return (unsigned)layer < NR_LAYERS ? layer_names[layer] : "unknown";
}

const char *witness_name(enum witness witness)
{
	return (unsigned)witness < NR_WITNESSES ? witness_names[witness] : "unknown";
}

enum event_kind event_kind_by_name(const char *name)
{
	for (int kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++)
		if (!strcmp(event_kinds[kind].name, name))
			return kind;
	return EV_NONE;
}

int witness_by_name(const char *name)
{
	for (int witness = 0; witness < NR_WITNESSES; witness++)
		if (!strcmp(witness_names[witness], name))
			return witness;
	return -1;
}

enum event_arg_id event_arg_by_name(const char *name)
{
	for (int arg = ARG_NONE + 1; arg < NR_ARG_IDS; arg++)
		if (!strcmp(event_args[arg].name, name))
			return arg;
	return ARG_NONE;
}

int event_arg_index(enum event_kind kind, enum event_arg_id arg)
{
	const uint8_t *args = event_kinds[kind].args;

	for (int i = 0; i < EVENT_MAX_ARGS && args[i]; i++)
		if (args[i] == arg)
			return i;
	return -1;
}

bool event_arg(const struct event *ev, enum event_arg_id arg, int64_t *value)
{
	int i = event_arg_index(ev->kind, arg);

	if (i < 0 || !(ev->known & 1u << i))
		return false;
	*value = ev->arg[i];
	return true;
}

void event_arg_set(struct event *ev, enum event_arg_id arg, int64_t value)
{
	int i = event_arg_index(ev->kind, arg);

	if (i < 0)
		return;
	ev->arg[i] = value;
	ev->known |= 1u << i;
}

const struct object_ref *event_object(const struct event *ev, enum object_kind kind)
{
	for (int i = 0; i < ev->nr_objects; i++)
		if (ev->object[i].kind == kind)
			return &ev->object[i];
	return NULL;
}

bool event_add_object(struct event *ev, enum object_kind kind, uint64_t id)
{
	if (ev->nr_objects == EVENT_MAX_OBJECTS)
		return false;
	ev->object[ev->nr_objects++] = (struct object_ref){ .id = id, .machine = MACHINE_OWN, .kind = kind };
	return true;
}

int64_t event_id(uint32_t source, uint64_t ordinal, unsigned sub)
{
	return (int64_t)((uint64_t)source << 43 | ordinal << 3 | sub);
}

static bool kind_has_object(enum event_kind kind, unsigned object)
{
	const uint8_t *objects = event_kinds[kind].objects;

	for (int i = 0; i < EVENT_MAX_KIND_OBJECTS && objects[i]; i++)
		if (objects[i] == object)
			return true;
	return false;
}

static unsigned kind_nr_args(enum event_kind kind)
{
	const uint8_t *args = event_kinds[kind].args;
	unsigned n = 0;

	while (args[n])
		n++;
	return n;
}

bool event_valid(const struct event *ev)
{
	if (ev->kind == EV_NONE || ev->kind >= NR_EVENT_KINDS || ev->witness >= NR_WITNESSES)
		return false;
	if (ev->nr_objects > EVENT_MAX_OBJECTS || ev->known >> kind_nr_args(ev->kind))
		return false;
	for (int i = 0; i < ev->nr_objects; i++)
		if (!kind_has_object(ev->kind, ev->object[i].kind) || !object_valid(ev->object[i]))
			return false;
	return ev->t_lo_ns <= ev->t_hi_ns && ev->ordinal >> 40 == 0 && ev->sub < 8 && ev->source < 1u << 19;
}
