/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What changes nothing: other numbers, names, times, an order of files, a record told twice, a hole where nothing was lost.
 * Whatever was judged stays so, or is known less.
 */
#include "mutants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_DEVICE_VECTOR = 33, LAST_DEVICE_VECTOR = PARKED_VECTOR - 1, XEN_NR_GSIS = 24 };

static bool field_ends(const struct base *b, const struct event *ev, const char *end)
{
	const char *field = ev->kind == EV_SNAPSHOT_FIELD ? text_of(b, ev, ARG_FIELD) : "";
	size_t len = strlen(field), n = strlen(end);

	return len >= n && !strcmp(field + len - n, end);
}

/* ---------------------------------------------------------------------------------------------------- numbers */

static const enum event_arg_id vectors[] = { ARG_VECTOR, ARG_PREV_VECTOR, ARG_BIT, ARG_DATA, ARG_RTE };

enum { NR_VECTORS = sizeof(vectors) / sizeof(vectors[0]) };

static bool is_device_vector(int64_t v)
{
	return (v & 0xff) >= FIRST_DEVICE_VECTOR && (v & 0xff) <= LAST_DEVICE_VECTOR;
}

static uint64_t swap_pin(const struct renaming *map, uint64_t pin)
{
	return pin == map->pin ? map->other_pin : pin == map->other_pin ? map->pin : pin;
}

static uint64_t add_low(uint64_t id, int add)
{
	return object_id_pair(object_pair_high(id), object_pair_low(id) + add);
}

/* Domain 0 stays what it is. */
static uint64_t add_domain(uint64_t id, int add)
{
	return object_pair_high(id) ? object_id_pair(object_pair_high(id) + add, object_pair_low(id)) : id;
}

void renaming_apply(const struct renaming *map, struct object_ref *ref)
{
	uint64_t bus = (uint64_t)map->bus << 8;
	unsigned cpu;

	if (ref->machine > MACHINE_DOMAIN)
		ref->machine += map->domain;
	switch (ref->kind) {
	case OBJ_IRQ:
		ref->id += map->irq;
		break;
	case OBJ_CPU:
	case OBJ_PEOI:
		ref->id ^= map->swap_cpus && ref->id < 2;
		break;
	case OBJ_VECTOR:
		cpu = object_pair_high(ref->id);
		ref->id = object_id_pair(cpu ^ (map->swap_cpus && cpu < 2),
					 object_pair_low(ref->id) + (is_device_vector(object_pair_low(ref->id)) ? map->vector : 0));
		break;
	case OBJ_PCI:
	case OBJ_INTX:
		ref->id += bus;
		break;
	case OBJ_MSIX:
	case OBJ_MSI:
	case OBJ_VFIO:
		ref->id = object_id_entry(object_entry_pci(ref->id) + bus, object_entry_index(ref->id));
		break;
	case OBJ_PIN:
		ref->id = object_id_pair(object_pair_high(ref->id), swap_pin(map, object_pair_low(ref->id)));
		break;
	case OBJ_GSI:
	case OBJ_KROUTE:
		ref->id = swap_pin(map, ref->id);
		break;
	case OBJ_XIRQ:	/* the first are GSIs */
		ref->id += ref->id >= XEN_NR_GSIS ? map->xirq : 0;
		break;
	case OBJ_PIRQ:
		ref->id = add_low(add_domain(ref->id, map->domain), object_pair_low(ref->id) >= XEN_NR_GSIS ? map->pirq : 0);
		break;
	case OBJ_PORT:
		ref->id = add_low(add_domain(ref->id, map->domain), map->port);
		break;
	case OBJ_VPIN:
	case OBJ_DPCI:
	case OBJ_VCPU:
		ref->id = add_domain(ref->id, map->domain);
		break;
	default:
		break;
	}
}

static void add_to_vector(struct event *ev, enum event_arg_id arg, int add)
{
	int64_t v;

	if (event_arg(ev, arg, &v) && is_device_vector(v))
		event_arg_set(ev, arg, v + add);
}

static void swap_cpu(struct event *ev, enum event_arg_id arg)
{
	int64_t v;

	if (event_arg(ev, arg, &v) && v < 2)
		event_arg_set(ev, arg, v ^ 1);
}

static int64_t swap_bits(int64_t mask)
{
	return (mask & ~INT64_C(3)) | (mask & 1) << 1 | (mask >> 1 & 1);
}

static void swap_cpus(const struct base *b, struct event *ev)
{
	int64_t v;

	if (ev->cpu >= 0 && ev->cpu < 2)
		ev->cpu ^= 1;
	swap_cpu(ev, ARG_TARGET_CPU);
	if (arg_of(ev, ARG_PREV_VECTOR, 0))
		swap_cpu(ev, ARG_PREV_CPU);
	if (event_arg(ev, ARG_CPUMASK, &v))
		event_arg_set(ev, ARG_CPUMASK, swap_bits(v));
	if ((field_ends(b, ev, "affinity") || field_ends(b, ev, ".cpus")) && event_arg(ev, ARG_VALUE, &v))
		event_arg_set(ev, ARG_VALUE, swap_bits(v));
}

/* Of a hypervisor's domain and the machine below it the CPUs have numbers of their own. */
static bool has_cpus_of(const struct mutant *mu, const struct event *ev, uint16_t machine)
{
	return !(mu->base->recorded_by & BY_XEN) || mu->base->origin[ev->source - 1].machine == machine;
}

static void rename_all(struct mutant *mu, struct renaming map)
{
	mu->renaming = map;
	for (unsigned i = 0; i < mu->nr; i++) {
		struct event *ev = &mu->ev[i];
		struct renaming own = map;

		own.swap_cpus = map.swap_cpus && has_cpus_of(mu, ev, MACHINE_XEN);
		for (int k = 0; k < ev->nr_objects; k++)
			renaming_apply(&own, &ev->object[k]);
		for (unsigned k = 0; map.vector && k < NR_VECTORS; k++)
			add_to_vector(ev, vectors[k], map.vector);
		if (map.vector && field_ends(mu->base, ev, "vector"))
			add_to_vector(ev, ARG_VALUE, map.vector);
		if (own.swap_cpus)
			swap_cpus(mu->base, ev);
	}
}

static void renumber_irqs(struct mutant *mu, unsigned i)
{
	(void)i;
	rename_all(mu, (struct renaming){ .irq = 1 + random_below(&mu->random, 4000) });
}

/* All by the same number, as far as there is room below the lowest and above the highest. */
static void renumber_vectors(struct mutant *mu, unsigned i)
{
	int64_t lowest = LAST_DEVICE_VECTOR, highest = FIRST_DEVICE_VECTOR, v;

	(void)i;
	for (unsigned k = 0; k < mu->nr; k++)
		for (unsigned n = 0; n <= NR_VECTORS; n++) {
			enum event_arg_id arg = n < NR_VECTORS ? vectors[n] : ARG_VALUE;

			if (!event_arg(&mu->ev[k], arg, &v) || !is_device_vector(v) || (arg == ARG_VALUE && !field_ends(mu->base, &mu->ev[k], "vector")))
				continue;
			lowest = (v & 0xff) < lowest ? v & 0xff : lowest;
			highest = (v & 0xff) > highest ? v & 0xff : highest;
		}
	rename_all(mu, (struct renaming){ .vector = FIRST_DEVICE_VECTOR - lowest +
		(int)random_below(&mu->random, LAST_DEVICE_VECTOR - highest + lowest - FIRST_DEVICE_VECTOR + 1) });
}

static void renumber_functions(struct mutant *mu, unsigned i)
{
	(void)i;
	rename_all(mu, (struct renaming){ .bus = 1 + random_below(&mu->random, 200) });
}

/* A platform's log has APICs, whose numbers are not the CPUs'. */
static bool cpus_apply(const struct base *b, unsigned i)
{
	return at_start(b, i) && !(b->recorded_by & BY_PLATFORM);
}

static void renumber_cpus(struct mutant *mu, unsigned i)
{
	(void)i;
	rename_all(mu, (struct renaming){ .swap_cpus = true });
}

static bool of_xen(const struct base *b, unsigned i)
{
	return at_start(b, i) && (b->recorded_by & BY_XEN);
}

static void renumber_xirqs(struct mutant *mu, unsigned i)
{
	(void)i;
	rename_all(mu, (struct renaming){ .xirq = 1 + random_below(&mu->random, 500) });
}

static void renumber_pirqs(struct mutant *mu, unsigned i)
{
	(void)i;
	rename_all(mu, (struct renaming){ .pirq = 1 + random_below(&mu->random, 500) });
}

static void renumber_ports(struct mutant *mu, unsigned i)
{
	(void)i;
	rename_all(mu, (struct renaming){ .port = 1 + random_below(&mu->random, 1000) });
}

/* Whose pins a kernel or a platform shows alone. */
static bool pins_apply(const struct base *b, unsigned i)
{
	return at_start(b, i) && !(b->recorded_by & BY_XEN);
}

static bool is_pin(const struct event *ev, unsigned *pin)
{
	const struct object_ref *ref = event_object(ev, OBJ_PIN);

	*pin = ref ? object_pair_low(ref->id) : 0;
	return ref;
}

/* The pin that the base tells most of, if any, and another of the PCI ones. */
static void renumber_pins(struct mutant *mu, unsigned i)
{
	unsigned count[XEN_NR_GSIS] = { 0 }, pin, most = 16;

	(void)i;
	for (unsigned k = 0; k < mu->nr; k++)
		if (is_pin(&mu->ev[k], &pin) && pin < XEN_NR_GSIS)
			count[pin]++;
	for (pin = 16; pin < XEN_NR_GSIS; pin++)
		most = count[pin] > count[most] ? pin : most;
	pin = 16 + random_below(&mu->random, XEN_NR_GSIS - 16);
	rename_all(mu, (struct renaming){ .pin = most, .other_pin = pin });
	for (unsigned k = 0; k < mu->nr; k++) {
		int64_t hwirq = arg_of(&mu->ev[k], ARG_HWIRQ, -1);

		if (hwirq >= 16 && hwirq < XEN_NR_GSIS)
			event_arg_set(&mu->ev[k], ARG_HWIRQ, swap_pin(&mu->renaming, hwirq));
	}
}

/* ---------------------------------------------------------------------------------------------------- times and names */

/* All by the same number: clocks that count the same cycles still do. A counter's reading is a time, too. */
static void shift_time(struct mutant *mu, unsigned i)
{
	int64_t by = (int64_t)random_below(&mu->random, 1000000 * INT64_C(1000000000));

	(void)i;
	for (unsigned k = 0; k < mu->nr; k++) {
		if (mu->base->origin[mu->ev[k].source - 1].timeless)
			continue;
		mu->ev[k].t_lo_ns += by;
		mu->ev[k].t_hi_ns += by;
		if (mu->ev[k].kind == EV_XEN_TSC_READ)
			event_arg_set(&mu->ev[k], ARG_VALUE, arg_of(&mu->ev[k], ARG_VALUE, 0) + by);
	}
}

static str_id renamed(struct mutant *mu, str_id id, const char *prefix)
{
	char text[256];

	if (!id)
		return 0;
	snprintf(text, sizeof(text), "%s%s", prefix, strtab_get(mu->base->strings, id));
	return strtab_intern(mu->base->strings, text, strlen(text));
}

static void rename_actions(struct mutant *mu, unsigned i)
{
	(void)i;
	for (unsigned k = 0; k < mu->nr; k++) {
		struct event *ev = &mu->ev[k];
		int64_t id;

		ev->comm = renamed(mu, ev->comm, "t-");
		if (event_arg(ev, ARG_NAME, &id))
			event_arg_set(ev, ARG_NAME, renamed(mu, id, "a-"));
		if (event_arg(ev, ARG_HANDLER, &id))
			event_arg_set(ev, ARG_HANDLER, renamed(mu, id, "h_"));
	}
}

/* ---------------------------------------------------------------------------------------------------- records */

/* Said twice, it is still the same: no count, no depth, no edge. */
static bool harmless_applies(const struct base *b, unsigned i)
{
	switch (b->ev[i].kind) {
	case EV_MARK:
	case EV_VECTOR_MATRIX:
	case EV_VECTOR_CONFIG:
	case EV_PCI_INTX_CONTROL:
	case EV_PCI_MSIX_ENTRY_WRITE:
	case EV_PCI_MSI_WRITE:
	case EV_IRQ_UNMASK:
		return true;
	default:
		return false;
	}
}

static bool alone_applies(const struct base *b, unsigned i)
{
	return b->nr_origins == 1 && harmless_applies(b, i);
}

/* Where others recorded the same fact, once, the clocks are not as well known. */
static bool merged_applies(const struct base *b, unsigned i)
{
	return b->nr_origins > 1 && harmless_applies(b, i);
}

static void duplicate(struct mutant *mu, unsigned i)
{
	struct event *ev = insert_later(mu, i, 0, EV_MARK, WITNESS_SHADOW, "print");

	*ev = mu->base->ev[i];
	ev->ordinal++;
}

/* The next event of the same source behind i, b->nr where there is none. */
static unsigned next_there(const struct base *b, unsigned i)
{
	unsigned source = b->ev[i].source;

	for (i++; i < b->nr; i++)
		if (b->ev[i].source == source)
			return i;
	return b->nr;
}

static bool quiet_applies(const struct base *b, unsigned i)
{
	unsigned next = next_there(b, i);

	return next < b->nr && !b->origin[b->ev[i].source - 1].timeless && b->ev[next].t_hi_ns - b->ev[i].t_hi_ns > 20 * SOON_NS;
}

static void lose_nothing(struct mutant *mu, unsigned i)
{
	const struct event *before = &mu->base->ev[i];
	struct event *ev = insert_later(mu, i, 1, EV_LOST, WITNESS_SHADOW, "");

	ev->t_hi_ns = mu->base->ev[next_there(mu->base, i)].t_hi_ns - 1;
	ev->t_lo_ns = before->t_hi_ns + 1;
	ev->cpu = random_below(&mu->random, 2);
	event_add_object(ev, OBJ_CPU, ev->cpu);
	event_arg_set(ev, ARG_COUNT, 1 + random_below(&mu->random, 1000));
}

/* ---------------------------------------------------------------------------------------------------- sources */

static bool is_timeless(const struct base *b, unsigned i)
{
	return b->origin[b->ev[i].source - 1].timeless;
}

/* Somewhere in the middle of what has times. */
static bool middle_applies(const struct base *b, unsigned i)
{
	return i > b->nr / 8 && i < b->nr - b->nr / 8 && !is_timeless(b, i) && b->at_ns[i] < b->end_ns;
}

static bool middle_of_several(const struct base *b, unsigned i)
{
	return b->nr_origins > 1 && middle_applies(b, i);
}

/* All captures end with event i, dumps behind it were never taken. */
static void cut_end(struct mutant *mu, unsigned i)
{
	for (unsigned k = i + 1; k < mu->nr; k++)
		mu->ev[k].kind = EV_NONE;
	mu->cut = ~0u;
}

/* All begin with event i, dumps before it were never taken. */
static void cut_start(struct mutant *mu, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		mu->ev[k].kind = EV_NONE;
}

/* That of event i ends with it, the others go on. */
static void end_early(struct mutant *mu, unsigned i)
{
	for (unsigned k = i + 1; k < mu->nr; k++)
		if (mu->ev[k].source == mu->base->ev[i].source)
			mu->ev[k].kind = EV_NONE;
	mu->cut = 1u << (mu->base->ev[i].source - 1);
}

static void start_late(struct mutant *mu, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (mu->ev[k].source == mu->base->ev[i].source)
			mu->ev[k].kind = EV_NONE;
}

static bool several_applies(const struct base *b, unsigned i)
{
	return b->nr_origins > 1 && i < b->nr_origins;
}

/* Any of them but not all, as bits. */
static bool subset_applies(const struct base *b, unsigned i)
{
	return b->nr_origins > 1 && i > 0 && i + 1 < 1u << b->nr_origins;
}

static void keep_subset(struct mutant *mu, unsigned i)
{
	for (unsigned k = 0; k < mu->base->nr_origins; k++)
		if (i & 1u << k)
			mu->order[mu->nr_order++] = k + 1;
}

/* Begins with the ith; what stands before it comes behind. Dumps of one kind keep their order. */
static bool turn_applies(const struct base *b, unsigned i)
{
	return several_applies(b, i) && i > 0 && !b->origin[i].timeless;
}

static void turn_sources(struct mutant *mu, unsigned i)
{
	for (int timeless = 0; timeless < 2; timeless++)
		for (unsigned k = 0; k < mu->base->nr_origins; k++) {
			unsigned source = timeless ? k : (i + k) % mu->base->nr_origins;

			if (mu->base->origin[source].timeless == timeless)
				mu->order[mu->nr_order++] = source + 1;
		}
}

/* ---------------------------------------------------------------------------------------------------- the table */

const struct op neutral_ops[] = {
	{ "renumber-irqs", "other irq numbers", SAME, .applies = at_start, .mutate = renumber_irqs },
	{ "renumber-cpus", "CPUs 0 and 1 change numbers", SAME, .applies = cpus_apply, .mutate = renumber_cpus },
	{ "renumber-vectors", "other vectors", SAME, .applies = at_start, .mutate = renumber_vectors },
	{ "renumber-functions", "another bus", SAME, .applies = at_start, .mutate = renumber_functions },
	{ "renumber-pins", "another pin of the IO-APIC", SAME, .applies = pins_apply, .mutate = renumber_pins },
	{ "renumber-xirqs", "other numbers of Xen's irqs for messages", SAME, .applies = of_xen, .mutate = renumber_xirqs },
	{ "renumber-pirqs", "other pirqs", SAME, .applies = of_xen, .mutate = renumber_pirqs },
	{ "renumber-ports", "other event channels", SAME, .applies = of_xen, .mutate = renumber_ports },
	{ "rename-actions", "other names of actions, handlers and tasks", SAME,
	  .applies = at_start, .mutate = rename_actions },
	{ "shift-time", "another time", SAME, .applies = at_start, .mutate = shift_time },
	{ "duplicate", "a record that changes nothing, twice", SAME, .applies = alone_applies, .mutate = duplicate },
	{ "duplicate-merged", "a record that changes nothing, twice, where others recorded the fact once", QUIETER,
	  .applies = merged_applies, .mutate = duplicate },
	{ "cut-end", "all captures end there", NO_FAIL, .applies = middle_applies, .mutate = cut_end },
	{ "cut-start", "all captures begin there", NO_FAIL, .applies = middle_applies, .mutate = cut_start },
	{ "end-early", "one capture ends before the others", NO_FAIL, .applies = middle_of_several, .mutate = end_early },
	{ "start-late", "one capture begins behind the others", NO_FAIL, .applies = middle_of_several, .mutate = start_late },
	{ "drop-sources", "some of several captures are not there", NO_FAIL, .applies = subset_applies, .mutate = keep_subset },
	{ "turn-sources", "another order of captures", SAME, .applies = turn_applies, .mutate = turn_sources },
	{ "lose-nothing", "records are lost where there were none", QUIETER,
	  .applies = quiet_applies, .mutate = lose_nothing },
	{ .name = NULL },
};
