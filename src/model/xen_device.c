/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which function of the machine an irq of Xen's is of, where no source names both: what a complete list of the functions
 * (lspci) leaves, when the capture ends.
 *
 * An MSI-X message that a domain has is of a function that has MSI-X switched on. The kernel's call that maps a device's
 * messages maps all of them (xen_initdom_setup_msi_irqs()), so they are of one function, which has as many entries or more and
 * no messages of another call. Drivers name their irqs after themselves: where an action's name begins with the name of a
 * driver in the list, the function is one of that driver's. What one function alone can be is joined, then what the others
 * leave; where two are possible, nothing is. All is inferred.
 *
 * Not used: names of network interfaces, which tell nothing of a driver; messages of other domains, whose devices dom0's
 * drivers do not have.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "model/replay.h"

enum { MAX_CANDIDATES = 64, MAX_MESSAGES = 1024 };

/* Messages of one call, or a message whose call was not seen. */
struct group {
	int64_t call;		/* event of that call, 0: not seen */
	unsigned nr;
	uint64_t possible;	/* bits: candidates */
	int64_t born_ns;	/* of the last of them */
	bool joined;
};

struct search {
	struct model *m;
	struct object *fn[MAX_CANDIDATES];
	unsigned nr_fns;
	struct object *xirq[MAX_MESSAGES];
	unsigned group_of[MAX_MESSAGES];
	unsigned nr_xirqs;
	struct group group[MAX_MESSAGES];
	unsigned nr_groups;
	bool full;
};

/* ---- what the list shows ---- */

void listed_function(struct model *m, struct object *fn)
{
	fn->fn.listed_source = m->ev->source;
	fn->fn.listed_event = m->event;
	fn->fn.listed_ns = m->now_ns;
	m->last_listing = m->ev->source;
}

void listed_driver(struct model *m, struct object *fn, str_id name)
{
	fn->row.name_source = m->ev->source;
	fn->row.handler = name;
}

void link_listed(struct model *m, const struct object *fn, struct object *feeder, struct object *fed)
{
	struct event told = { .kind = EV_SNAPSHOT_FIELD, .source = fn->fn.listed_source, .cpu = -1, .pid = -1 };
	const struct event *ev = m->ev;
	int64_t event = m->event;

	m->ev = &told;
	m->event = fn->fn.listed_event;
	link_xen(m, feeder, fed, PROOF_INFERRED);
	m->ev = ev;
	m->event = event;
}

/* A list of all begins with the host bridge; one of a single function, or of a bus, does not have it. */
static bool is_complete(const struct model *m, uint16_t machine)
{
	const struct object *bridge = registry_find(m->objects, (struct object_ref){ .kind = OBJ_PCI, .machine = machine });

	return bridge && m->last_listing && bridge->fn.listed_source == m->last_listing;
}

static void add_function(struct search *s, struct object *fn)
{
	if (msix_function_state(fn->fn.core, FN_REGION_ENABLE) != BIT_SET)
		return;
	/* on, and not in the list: the list is older */
	s->full |= s->nr_fns == MAX_CANDIDATES || fn->fn.listed_source != s->m->last_listing;
	if (!s->full)
		s->fn[s->nr_fns++] = fn;
}

/* ---- messages ---- */

/* The initial domain's pirq of that irq; NULL where there is none, or it is shared. */
static struct object *only_pirq(const struct object *xirq)
{
	struct object *pirq = xirq->xirq.pirqs;

	return pirq && !pirq->pirq.next && !object_pair_high(pirq->row.ref.id) ? pirq : NULL;
}

static struct group *group_of_call(struct search *s, int64_t call)
{
	for (unsigned i = 0; i < s->nr_groups; i++)
		if (call && s->group[i].call == call)
			return &s->group[i];
	s->group[s->nr_groups] = (struct group){ .call = call, .possible = UINT64_MAX, .born_ns = NO_TIME };
	return &s->group[s->nr_groups++];
}

static void add_message(struct search *s, struct object *xirq)
{
	const struct object *pirq = only_pirq(xirq);
	struct group *group;

	if (!pirq || !xirq->xirq.is_msix || xirq_state(xirq->xirq.core, XIRQ_REGION_LIFE) != XIRQ_ASSIGNED)
		return;
	s->full |= s->nr_xirqs == MAX_MESSAGES;
	if (s->full)
		return;
	group = group_of_call(s, pirq->pirq.call_event);
	group->nr++;
	if (xirq->row.born_ns > group->born_ns)
		group->born_ns = xirq->row.born_ns;
	s->group_of[s->nr_xirqs] = (unsigned)(group - s->group);
	s->xirq[s->nr_xirqs++] = xirq;
}

static void collect(struct search *s)
{
	uint32_t last = registry_last(s->m->objects);

	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(s->m->objects, id);

		if (obj && obj->row.ref.kind == OBJ_PCI && obj->row.ref.machine == MACHINE_XEN)
			add_function(s, obj);
		else if (obj && obj->row.ref.kind == OBJ_XIRQ)
			add_message(s, obj);
	}
}

/* ---- what each can be of ---- */

static const char *string_of(const struct model *m, uint32_t source, str_id id)
{
	return id ? m->opt->string(m->opt->string_ctx, source, id) : NULL;
}

/* "virtio0-input.0" is virtio-pci's, "xhci_hcd" is its own: the first word of the driver's name, and no longer word. */
static bool is_named_after(const char *action, const char *driver)
{
	size_t len = strcspn(driver, "-_");

	return len > 1 && !strncmp(action, driver, len) && !isalpha((unsigned char)action[len]);
}

static const char *action_of(const struct model *m, const struct object *xirq)
{
	const struct object *pirq = only_pirq(xirq);
	const struct object *irq = pirq->pirq.irq ? pirq->pirq.irq : pirq->pirq.port ? pirq->pirq.port->port.irq : NULL;

	return irq ? string_of(m, irq->row.name_source, irq->row.name) : NULL;
}

/* Candidates after whose driver it is named. */
static uint64_t named_after(const struct search *s, const char *action)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < s->nr_fns; i++) {
		const char *driver = string_of(s->m, s->fn[i]->row.name_source, s->fn[i]->row.handler);

		if (driver && is_named_after(action, driver))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

/* Those that have entries enough, and were listed when all of the messages were there. */
static uint64_t big_enough(const struct search *s, const struct group *group)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < s->nr_fns; i++) {
		const struct function_object *fn = &s->fn[i]->fn;

		if ((!fn->nr_entries || fn->nr_entries >= group->nr) && fn->listed_ns >= group->born_ns)
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

/* Another source shows it. */
static uint64_t known_to_be(const struct search *s, const struct object *xirq)
{
	for (unsigned i = 0; i < s->nr_fns; i++)
		if (s->fn[i]->row.id == xirq->row.function)
			return UINT64_C(1) << i;
	return 0;
}

static void limit(struct search *s)
{
	for (unsigned i = 0; i < s->nr_groups; i++)
		s->group[i].possible = big_enough(s, &s->group[i]);
	for (unsigned i = 0; i < s->nr_xirqs; i++) {
		struct group *group = &s->group[s->group_of[i]];
		const char *action = action_of(s->m, s->xirq[i]);
		uint64_t named = action ? named_after(s, action) : 0;

		if (named)
			group->possible &= named;
		if (s->xirq[i]->row.function)
			group->possible &= known_to_be(s, s->xirq[i]);
	}
}

/* ---- joining ---- */

static bool is_one(uint64_t bits)
{
	return bits && !(bits & (bits - 1));
}

/* All entries of a function are mapped by one call: what is of another call is another's. A hole may hide a call. */
static void take_from_others(struct search *s, const struct group *taker)
{
	for (unsigned i = 0; i < s->nr_groups && !s->m->calls_lost; i++)
		if (&s->group[i] != taker && !s->group[i].joined)
			s->group[i].possible &= ~taker->possible;
}

static void join(struct search *s, unsigned group)
{
	struct object *fn = s->fn[__builtin_ctzll(s->group[group].possible)];

	for (unsigned i = 0; i < s->nr_xirqs; i++)
		if (s->group_of[i] == group && !s->xirq[i]->row.function)
			link_listed(s->m, fn, fn, s->xirq[i]);
	s->group[group].joined = true;
}

/* Two calls cannot both be one function's: then something is not as it seems. */
static bool has_rival(const struct search *s, unsigned group)
{
	for (unsigned i = 0; i < s->nr_groups; i++)
		if (i != group && s->group[i].call && s->group[i].possible == s->group[group].possible)
			return true;
	return false;
}

static bool join_a_call(struct search *s)
{
	for (unsigned i = 0; i < s->nr_groups; i++) {
		if (s->group[i].joined || !s->group[i].call || !is_one(s->group[i].possible) || has_rival(s, i))
			continue;
		join(s, i);
		take_from_others(s, &s->group[i]);
		return true;
	}
	return false;
}

/* Messages whose calls were not seen may be of one function, as many as it has entries. */
static void join_others(struct search *s)
{
	for (unsigned i = 0; i < s->nr_groups; i++) {
		unsigned nr = 0, fn = s->group[i].possible ? (unsigned)__builtin_ctzll(s->group[i].possible) : 0;

		for (unsigned k = 0; k < s->nr_groups; k++)
			nr += s->group[k].possible == s->group[i].possible ? s->group[k].nr : 0;
		if (!s->group[i].joined && !s->group[i].call && is_one(s->group[i].possible) && nr <= s->fn[fn]->fn.nr_entries)
			join(s, i);
	}
}

void join_devices(struct model *m)
{
	struct search *s = is_complete(m, MACHINE_XEN) ? calloc(1, sizeof(*s)) : NULL;

	if (!s)
		return;
	s->m = m;
	collect(s);
	if (!s->full) {
		limit(s);
		while (join_a_call(s))
			;
		join_others(s);
	}
	free(s);
}
