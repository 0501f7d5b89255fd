/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_CORE_EVENT_H
#define IRQPATH_CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event_table.h"
#include "core/object.h"

enum layer {
#define X(sym, name, doc) LAYER_##sym,
	LAYER_LIST(X)
#undef X
	NR_LAYERS
};

enum witness {
#define X(sym, name, doc) WITNESS_##sym,
	WITNESS_LIST(X)
#undef X
	NR_WITNESSES
};

enum event_arg_id {
	ARG_NONE,
#define X(sym, name, type, doc) ARG_##sym,
	ARG_LIST(X)
#undef X
	NR_ARG_IDS
};

enum event_arg_type { ARG_TYPE_U, ARG_TYPE_S, ARG_TYPE_X, ARG_TYPE_STR };

enum event_kind {
	EV_NONE,
#define X(sym, name, layer, objects, args, doc) EV_##sym,
	EVENT_LIST(X)
#undef X
	NR_EVENT_KINDS
};

enum { EVENT_MAX_OBJECTS = 3, EVENT_MAX_ARGS = 10, EVENT_MAX_KIND_OBJECTS = 13 };

/* Id of an interned string of one source; 0 is "not recorded". */
typedef uint32_t str_id;

/* One fact of the interrupt path, the same whatever the source. A plain value: no pointer, nothing owned. */
struct event {
	uint64_t ordinal;	/* number of the record in its source, from 1, all records counted */
	uint64_t offset;	/* byte offset in the source, or line for text sources */
	int64_t t_lo_ns, t_hi_ns;	/* when it can have taken effect, in the source's own clock */
	uint32_t source;	/* from 1 */
	uint16_t kind;		/* enum event_kind */
	uint8_t sub;		/* 0.. for further events of the same record */
	uint8_t witness;	/* enum witness */
	int32_t cpu;		/* -1: not recorded */
	int32_t pid;		/* -1: not recorded */
	str_id comm;		/* task name */
	str_id via;		/* tracepoint, function or hypercall that the record sits on */
	uint8_t nr_objects;
	uint16_t machine;	/* of its source; MACHINE_OWN until somebody knows: not stored with the event */
	uint16_t known;		/* bit i: arg[i] is known */
	struct object_ref object[EVENT_MAX_OBJECTS];
	int64_t arg[EVENT_MAX_ARGS];	/* in the order of the kind's list */
};

struct event_arg_info {
	const char *name;
	enum event_arg_type type;
	const char *doc;
};

struct event_kind_info {
	const char *name;
	enum layer layer;
	uint8_t objects[EVENT_MAX_KIND_OBJECTS];	/* enum object_kind, 0-terminated */
	uint8_t args[EVENT_MAX_ARGS + 1];		/* enum event_arg_id, 0-terminated */
	const char *doc;
};

extern const struct event_kind_info event_kinds[NR_EVENT_KINDS];
extern const struct event_arg_info event_args[NR_ARG_IDS];

const char *layer_name(enum layer layer);
const char *witness_name(enum witness witness);

/* EV_NONE, -1 or ARG_NONE where the name is unknown. */
enum event_kind event_kind_by_name(const char *name);
int witness_by_name(const char *name);
enum event_arg_id event_arg_by_name(const char *name);

/* Index of an argument in the kind's list, -1 where the kind has no such argument. */
int event_arg_index(enum event_kind kind, enum event_arg_id arg);

/* False where the argument is unknown; value is then untouched. */
bool event_arg(const struct event *ev, enum event_arg_id arg, int64_t *value);
void event_arg_set(struct event *ev, enum event_arg_id arg, int64_t value);

/* First object of a kind, NULL where there is none. Borrowed from ev. */
const struct object_ref *event_object(const struct event *ev, enum object_kind kind);

/* Adds an object; false where the event is full. */
bool event_add_object(struct event *ev, enum object_kind kind, uint64_t id);

/*
 * The database's event id: source, ordinal and sub in one integer (source << 43 | ordinal << 3 | sub) that sorts in
 * that order. Ordinals end at 2^40, sources at 2^19.
 */
int64_t event_id(uint32_t source, uint64_t ordinal, unsigned sub);

/*
 * Where an event stands in the order of time: when it has taken effect at the latest. A hole so stands behind the last
 * record that it could hide; it began before records of other CPUs that are already told.
 */
static inline int64_t event_order_ns(const struct event *ev)
{
	return ev->t_hi_ns;
}

/* Shape of an event that crossed a trust boundary: kind, witness, valid objects of the kind's list, bounds in order. */
bool event_valid(const struct event *ev);

#endif
