/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the operators of several paths share, and the table of them all. */
#include "mutants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t random_next(uint64_t *state)
{
	uint64_t x = (*state += 0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

uint64_t random_below(uint64_t *state, uint64_t bound)
{
	return bound ? random_next(state) % bound : 0;
}

/* ---------------------------------------------------------------------------------------------------- looking */

int64_t arg_of(const struct event *ev, enum event_arg_id arg, int64_t otherwise)
{
	event_arg(ev, arg, &otherwise);
	return otherwise;
}

const char *text_of(const struct base *b, const struct event *ev, enum event_arg_id arg)
{
	int64_t id;

	return event_arg(ev, arg, &id) ? strtab_get(b->strings, (str_id)id) : "";
}

bool via_is(const struct base *b, const struct event *ev, const char *name)
{
	return !strcmp(strtab_get(b->strings, ev->via), name);
}

int64_t time_of(const struct base *b, unsigned i)
{
	return i < b->nr ? b->at_ns[i] : b->end_ns;
}

struct object_ref object_at(const struct base *b, const struct event *ev, unsigned nr)
{
	return object_of_source(ev->object[nr], b->origin[ev->source - 1].machine);
}

/* The database's names have no generation here, and "host" is not said. */
static bool same_object(struct object_ref a, struct object_ref c)
{
	unsigned a_machine = a.machine == MACHINE_OWN ? MACHINE_HOST : a.machine;
	unsigned c_machine = c.machine == MACHINE_OWN ? MACHINE_HOST : c.machine;

	return a.kind == c.kind && a.id == c.id && a_machine == c_machine;
}

bool names_object(const struct base *b, const struct event *ev, struct object_ref ref)
{
	for (unsigned k = 0; k < ev->nr_objects; k++)
		if (same_object(object_at(b, ev, k), ref))
			return true;
	return false;
}

struct object_ref named(const struct base *b, const struct event *ev, enum object_kind kind)
{
	for (unsigned k = 0; k < ev->nr_objects; k++)
		if (ev->object[k].kind == kind)
			return object_at(b, ev, k);
	return (struct object_ref){ .kind = OBJ_NONE };
}

static bool in_chain(const struct chain *chain, struct object_ref ref)
{
	for (unsigned k = 0; k < chain->nr; k++)
		if (same_object(chain->object[k], ref))
			return true;
	return false;
}

static void add_to_chain(struct chain *chain, struct object_ref ref)
{
	if (chain->nr < CHAIN_MAX && !in_chain(chain, ref))
		chain->object[chain->nr++] = ref;
}

/* Upwards from all of it, then downwards. */
void chain_of(const struct base *b, struct object_ref ref, int64_t t_ns, struct chain *chain)
{
	chain->nr = 0;
	add_to_chain(chain, ref);
	for (int way = 0; way < 2; way++)
		for (unsigned k = 0; k < chain->nr; k++)
			for (unsigned l = 0; l < b->nr_links; l++) {
				const struct base_link *link = &b->link[l];

				if (link->from_ns > t_ns || link->to_ns < t_ns)
					continue;
				if (same_object(way ? link->feeder : link->fed, chain->object[k]))
					add_to_chain(chain, way ? link->fed : link->feeder);
			}
}

bool chain_has(const struct base *b, const struct chain *chain, const struct event *ev)
{
	for (unsigned k = 0; k < ev->nr_objects; k++)
		if (in_chain(chain, object_at(b, ev, k)))
			return true;
	return false;
}

struct object_ref chain_find(const struct chain *chain, enum object_kind kind)
{
	for (unsigned k = 0; k < chain->nr; k++)
		if (chain->object[k].kind == kind)
			return chain->object[k];
	return (struct object_ref){ .kind = OBJ_NONE };
}

/* Eight different random numbers. */
bool at_start(const struct base *b, unsigned i)
{
	return i < 8 && i < b->nr;
}

/* ---------------------------------------------------------------------------------------------------- changing */

void aim_at(struct mutant *mu, struct object_ref ref, int64_t t_ns)
{
	mu->target = ref;
	mu->t_ns = t_ns;
}

void declare(struct mutant *mu, const char *line)
{
	size_t used = strlen(mu->head);

	snprintf(mu->head + used, sizeof(mu->head) - used, "%s\n", line);
}

void move_event(struct event *ev, int64_t t_ns, uint64_t ordinal)
{
	ev->t_lo_ns = ev->t_hi_ns = t_ns;
	ev->ordinal = ordinal;
}

str_id intern(struct mutant *mu, const char *text)
{
	return *text ? strtab_intern(mu->base->strings, text, strlen(text)) : 0;
}

struct event *insert_later(struct mutant *mu, unsigned i, int64_t later_ns, enum event_kind kind, enum witness witness,
			   const char *via)
{
	const struct event *behind = &mu->base->ev[i];
	struct event *ev;

	if (mu->nr == mu->room)
		abort();	/* operators add a handful, and the room is for more */
	ev = &mu->ev[mu->nr++];
	*ev = (struct event){
		.kind = kind, .witness = witness, .t_lo_ns = behind->t_hi_ns + later_ns, .t_hi_ns = behind->t_hi_ns + later_ns,
		.cpu = -1, .pid = -1, .source = behind->source, .via = intern(mu, via), .ordinal = behind->ordinal + 1,
	};
	return ev;
}

/* ---------------------------------------------------------------------------------------------------- the table */

const struct op_group op_groups[] = {
	{ linux_ops, BY_KERNEL, 0 },
	{ xen_ops, BY_XEN, 0 },
	{ qemu_ops, BY_PLATFORM, 0 },
	{ neutral_ops, 0, 0 },
	{ NULL, 0, 0 },
};
