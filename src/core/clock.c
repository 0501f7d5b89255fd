/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's record of a write sits at the entry of the function that writes: the write itself lies between it and the
 * next record of the same task that is not an interrupt's. A platform's record has the moment itself, up to what its
 * clock resolves. A mark of user space is two records with the write that the platform sees in between (docs/design.md,
 * section 9): "irqpath-sync N begin" and "irqpath-sync N end", and N in the host bridge's interrupt line register.
 */
#include "core/clock.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock_solve.h"
#include "core/tsc.h"

enum {
	MAX_ANCHORS = 1 << 18, MAX_TASKS = 256, MAX_CANDIDATES = 1024, MAX_BRACKET_NS = 1000000000, MAX_IRQS = 256, MAX_SENT = 1 << 16,
};

/* What was done. */
enum fact { FACT_MESSAGE, FACT_ENTRY_MASK, FACT_RTE_MASK, FACT_MSIX_ENABLE, FACT_MARK, FACT_VECTOR_GIVEN, FACT_VECTOR_SENT,
	FACT_LINE, FACT_PIN_SENT, FACT_ACCEPTED, FACT_XEN_IRQ_SENT };

enum { FACT_BITS = 0xf };	/* of a key: what was done */

/* A task, or a CPU of Xen, whose last writes are not bracketed yet. */
struct task {
	int64_t id;
	uint32_t open;		/* last anchor + 1, and so on by its before; 0: none */
};

/* An irq of Xen or of a kernel: its vector as it was given, and when it was handled last and the time before. */
struct handled_irq {
	uint64_t id;
	int64_t vector;		/* -1: not known */
	int64_t cpu;		/* of the kernel's: that the vector is of */
	int64_t handled_ns, before_ns;	/* INT64_MIN: not yet */
};

struct anchors {
	struct anchor *anchor;	/* owned */
	uint32_t nr, cap;
	struct task task[MAX_TASKS];
	struct task caller[MAX_TASKS];	/* threads of QEMU, with the call that they make */
	bool calls;
	struct handled_irq xen_irq[MAX_IRQS], irq[MAX_IRQS];
	uint32_t nr_sent;
	struct tsc_facts *tsc;	/* owned */
	bool failed, full, sent_full;
};

struct anchors *anchors_new(void)
{
	struct anchors *an = calloc(1, sizeof(*an));

	if (!an)
		return NULL;
	an->tsc = tsc_facts_new();
	if (an->tsc)
		return an;
	free(an);
	return NULL;
}

void anchors_free(struct anchors *an)
{
	if (!an)
		return;
	free(an->anchor);
	tsc_facts_free(an->tsc);
	free(an);
}

/* ----------------------------------------------------------------------------------------------------- anchors */

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t make_key(enum fact fact, const struct object_ref *ref, uint64_t a, uint64_t b)
{
	uint64_t h = mix(0x243f6a8885a308d3, fact);

	if (ref) {
		h = mix(h, ref->id);
		h = mix(h, ref->machine);
	}
	return (mix(mix(h, a), b) & ~(uint64_t)FACT_BITS) | fact;
}

static struct anchor *add(struct anchors *an, uint64_t key, const struct event *ev)
{
	if (an->nr == MAX_ANCHORS) {
		an->full = true;
		return NULL;
	}
	if (an->nr == an->cap) {
		uint32_t cap = an->cap ? 2 * an->cap : 64;
		struct anchor *more = realloc(an->anchor, cap * sizeof(*more));

		if (!more) {
			an->failed = true;
			return NULL;
		}
		an->anchor = more;
		an->cap = cap;
	}
	an->anchor[an->nr] = (struct anchor){ .key = key, .lo_ns = ev->t_lo_ns, .hi_ns = ev->t_hi_ns };
	return &an->anchor[an->nr++];
}

/* Idle tasks of all CPUs have number 0. */
static struct task *task_of(struct anchors *an, const struct event *ev)
{
	int64_t id = ev->pid > 0 ? ev->pid : -2 - (int64_t)ev->cpu;
	struct task *task = &an->task[(uint64_t)id % MAX_TASKS];

	if (task->id != id)
		*task = (struct task){ .id = id };
	return task;
}

static void set_bracket(struct anchor *anchor, int64_t hi_ns)
{
	int64_t length_ns;

	anchor->hi_ns = hi_ns;
	if (__builtin_sub_overflow(hi_ns, anchor->lo_ns, &length_ns) || length_ns < 0 || length_ns > MAX_BRACKET_NS)
		anchor->key = 0;
}

/* Logs cut their times to microseconds. */
static int64_t later(int64_t t_ns)
{
	return t_ns > INT64_MAX - RESOLUTION_NS ? INT64_MAX : t_ns + RESOLUTION_NS;
}

/* The writes that the task was about are done. One that lasts too long says nothing of its moment. */
static void close_bracket(struct anchors *an, struct task *task, const struct event *ev)
{
	for (uint32_t open = task->open; open; open = an->anchor[open - 1].before)
		set_bracket(&an->anchor[open - 1], ev->t_lo_ns);
	task->open = 0;
}

static void open_bracket(struct anchors *an, struct task *task)
{
	an->anchor[an->nr - 1].before = task->open;
	task->open = an->nr;
}

static bool is_platform(const struct event *ev)
{
	return ev->witness == WITNESS_HARDWARE;
}

/* What the event is a fact of; 0: of nothing that another source could have. */
static uint64_t key_of(const struct event *ev)
{
	const struct object_ref *msix = event_object(ev, OBJ_MSIX), *pin = event_object(ev, OBJ_PIN), *pci = event_object(ev, OBJ_PCI);
	enum { RTE_LOW = 0xffffffff, RTE_MASKED_SHIFT = 16 };
	int64_t a, b = 0, known = -1;

	switch (ev->kind) {
	case EV_PCI_MSIX_ENTRY_WRITE:
		if (msix && event_arg(ev, ARG_DATA, &a) && event_arg(ev, ARG_ADDR_LO, &b))
			return make_key(FACT_MESSAGE, msix, a, b);
		return 0;
	case EV_PCI_MSIX_ENTRY_MASK:
		return msix && event_arg(ev, ARG_MASKED, &a) ? make_key(FACT_ENTRY_MASK, msix, a != 0, 0) : 0;
	case EV_IRQ_MASK:
	case EV_IRQ_UNMASK:
		if (ev->witness != WITNESS_SHADOW || (!msix && !pin))
			return 0;
		return make_key(msix ? FACT_ENTRY_MASK : FACT_RTE_MASK, msix ? msix : pin, ev->kind == EV_IRQ_MASK, 0);
	case EV_IOAPIC_RTE_WRITE:
		event_arg(ev, ARG_MASK, &known);
		if (!pin || !is_platform(ev) || (known & RTE_LOW) != RTE_LOW || !event_arg(ev, ARG_RTE, &a))
			return 0;
		return make_key(FACT_RTE_MASK, pin, a >> RTE_MASKED_SHIFT & 1, 0);
	case EV_PCI_MSIX_ENABLE:
		return pci && event_arg(ev, ARG_ENABLE, &a) && a ? make_key(FACT_MSIX_ENABLE, pci, 1, 0) : 0;
	default:
		return 0;
	}
}

/* Records that a task makes by itself: an interrupt's may come at any moment between. */
static bool is_of_task(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IRQ_ENTER:
	case EV_IRQ_EXIT:
	case EV_IRQ_FLOW:
	case EV_IRQ_ACK:
	case EV_IRQ_THREAD_WAKE:
	case EV_VECTOR_ARRIVE:
	case EV_VECTOR_FREE_MOVED:
	case EV_LAPIC_DELIVER:
	case EV_LAPIC_IPI:
	case EV_NMI_ENTER:
	case EV_XEN_EVTCHN_UPCALL:
	case EV_SCHED_VCPU_WAKES:
	case EV_LOST:
		return false;
	default:
		return ev->witness != WITNESS_HARDWARE && ev->witness != WITNESS_INFERRED;
	}
}

/* "irqpath-sync N begin" or "end", and N; false where it is another text. */
static bool take_mark(const char *text, int64_t *number, bool *begins)
{
	static const char front[] = "irqpath-sync ";
	char *end;

	if (strncmp(text, front, sizeof(front) - 1) || !isdigit((unsigned char)text[sizeof(front) - 1]))
		return false;
	*number = strtol(text + sizeof(front) - 1, &end, 10);
	*begins = !strncmp(end, " begin", 6);
	return *number > 0 && *number <= 0xff && (*begins || !strncmp(end, " end", 4));
}

static void add_mark(struct anchors *an, const struct event *ev, const char *text)
{
	struct anchor *anchor;
	int64_t number;
	bool begins;

	if (!take_mark(text, &number, &begins))
		return;
	if (begins) {
		anchor = add(an, make_key(FACT_MARK, NULL, number, 0), ev);
		if (anchor) {
			anchor->kernel = anchor->mark = true;
			anchor->hi_ns = INT64_MAX;
		}
		return;
	}
	for (uint32_t i = an->nr; i-- > 0;) {
		anchor = &an->anchor[i];
		if (!anchor->mark || !anchor->kernel || anchor->hi_ns != INT64_MAX)
			continue;
		if (anchor->key == make_key(FACT_MARK, NULL, number, 0))
			anchor->hi_ns = ev->t_hi_ns;
		return;
	}
}

/* Of the host bridge, which no driver needs one of. */
static void add_platform_mark(struct anchors *an, const struct event *ev)
{
	const struct object_ref *pci = event_object(ev, OBJ_PCI);
	struct anchor *anchor;
	int64_t value;

	if (!pci || pci->id || !event_arg(ev, ARG_VALUE, &value))
		return;
	anchor = add(an, make_key(FACT_MARK, NULL, value & 0xff, 0), ev);
	if (anchor)
		anchor->mark = true;
}

struct tsc_facts *anchors_tsc(const struct anchors *an)
{
	return an->tsc;
}

void anchors_rate(struct anchors *an, uint64_t hz)
{
	tsc_facts_rate(an->tsc, hz);
	for (uint32_t i = 0; i < an->nr; i++) {
		an->anchor[i].lo_ns = clock_time_ns(an->anchor[i].lo_ns, hz);
		if (an->anchor[i].hi_ns != INT64_MAX)
			an->anchor[i].hi_ns = clock_time_ns(an->anchor[i].hi_ns, hz);
	}
}

/* -------------------------------------------------------------------------------------------------------- Xen */

/*
 * Xen writes the message of an irq right behind giving it its vector, before it returns to whoever asked: so a platform's
 * write of a message with that vector lies between the record and the CPU's next one that a guest caused. And what Xen
 * handles was sent: not before the time before last that it did, as of each vector one can be in service and one waiting.
 */
static void start_irq(struct handled_irq *irq, uint64_t id)
{
	*irq = (struct handled_irq){ .id = id, .vector = -1, .cpu = -1, .handled_ns = INT64_MIN, .before_ns = INT64_MIN };
}

static struct handled_irq *irq_of(struct handled_irq *irqs, const struct object_ref *ref)
{
	struct handled_irq *irq = &irqs[ref->id % MAX_IRQS];

	if (irq->id != ref->id + 1)
		start_irq(irq, ref->id + 1);
	return irq;
}

static void see_assigned(struct anchors *an, const struct event *ev, struct handled_irq *irq)
{
	struct anchor *anchor;

	start_irq(irq, irq->id);
	if (!event_arg(ev, ARG_VECTOR, &irq->vector))
		return;
	anchor = add(an, make_key(FACT_VECTOR_GIVEN, NULL, irq->vector, 0), ev);
	if (!anchor)
		return;
	anchor->kernel = true;
	anchor->hi_ns = INT64_MAX;
	open_bracket(an, task_of(an, ev));
}

static void add_handled(struct anchors *an, const struct event *ev, struct handled_irq *irq, uint64_t key)
{
	struct anchor *anchor = key && irq->before_ns != INT64_MIN ? add(an, key, ev) : NULL;

	if (anchor) {
		anchor->kernel = anchor->sent = true;
		anchor->lo_ns = irq->before_ns;
		set_bracket(anchor, ev->t_lo_ns);
	}
	irq->before_ns = irq->handled_ns;
	irq->handled_ns = ev->t_lo_ns;
}

/*
 * Irqs from 0 on are the GSIs (nr_irqs_gsi, xen/arch/x86/io_apic.c), those of the first IO-APIC its pins; the sixteen of the ISA may be
 * wired to others. Of a message the irq says nothing: its vector was given before, if nothing told it (anchors_tell_vector()).
 */
static uint64_t handled_key(const struct handled_irq *irq)
{
	enum { FIRST_PCI = 16, END_PINS = 24 };
	uint64_t nr = irq->id - 1;

	if (irq->vector >= 0)
		return make_key(FACT_VECTOR_SENT, NULL, (uint64_t)irq->vector, 0);
	if (nr >= FIRST_PCI && nr < END_PINS)
		return make_key(FACT_PIN_SENT, NULL, nr, 0);
	return make_key(FACT_XEN_IRQ_SENT, NULL, nr, 0);
}

void anchors_tell_vector(struct anchors *an, uint64_t xirq, unsigned vector)
{
	uint64_t key = make_key(FACT_XEN_IRQ_SENT, NULL, xirq, 0);

	for (uint32_t i = 0; i < an->nr; i++)
		if (an->anchor[i].key == key)
			an->anchor[i].key = make_key(FACT_VECTOR_SENT, NULL, vector, 0);
}

/* Messages that came to a local APIC: once they are too many, none of them counts. */
static void see_sent(struct anchors *an, const struct event *ev)
{
	struct anchor *anchor = NULL;
	int64_t vector;

	if (!event_arg(ev, ARG_VECTOR, &vector) || an->sent_full)
		return;
	if (an->nr_sent++ < MAX_SENT)
		anchor = add(an, make_key(FACT_VECTOR_SENT, NULL, vector, 0), ev);
	else
		an->sent_full = true;
	if (anchor)
		anchor->sent = true;
}

/* -------------------------------------------------------------------------------------------------------- KVM */

/*
 * QEMU writes a line down, and calls KVM: the host's record of the call, by the same thread, lies between that and the thread's
 * next line, whose time is cut to microseconds.
 */
static void end_calls(struct anchors *an, const struct event *ev)
{
	struct task *caller = &an->caller[(uint64_t)ev->pid % MAX_TASKS];

	for (uint32_t open = caller->id == ev->pid ? caller->open : 0; open; open = an->anchor[open - 1].before)
		set_bracket(&an->anchor[open - 1], later(ev->t_hi_ns));
	caller->open = 0;
}

static void see_line(struct anchors *an, const struct event *ev)
{
	const struct object_ref *gsi = event_object(ev, OBJ_GSI);
	struct task *caller = &an->caller[(uint64_t)ev->pid % MAX_TASKS];
	struct anchor *anchor;
	int64_t level;

	if (!gsi || ev->pid <= 0 || !event_arg(ev, ARG_LEVEL, &level))
		return;
	anchor = add(an, mix(make_key(FACT_LINE, NULL, gsi->id, level != 0), (uint64_t)ev->pid), ev);
	if (!anchor || is_platform(ev))
		return;
	an->calls = anchor->kernel = true;
	anchor->hi_ns = INT64_MAX;
	caller->id = ev->pid;
	open_bracket(an, caller);
}

/* True where the record is Xen's own doing, on its way through a guest's request or beside it. */
static bool see_xen(struct anchors *an, const struct event *ev)
{
	const struct object_ref *xirq = event_object(ev, OBJ_XIRQ);

	if (!xirq)
		return false;
	if (ev->kind == EV_XEN_IRQ_ASSIGN)
		see_assigned(an, ev, irq_of(an->xen_irq, xirq));
	else if (ev->kind == EV_XEN_IRQ_HANDLED)
		add_handled(an, ev, irq_of(an->xen_irq, xirq), handled_key(irq_of(an->xen_irq, xirq)));
	else if (ev->kind == EV_XEN_IRQ_CLEAR)
		irq_of(an->xen_irq, xirq)->vector = -1;
	return true;
}

/* ------------------------------------------------------------------------------------------- a guest's interrupts */

/*
 * What a guest's kernel handles KVM accepted, again not before the time before last. Only on the CPU that the irq was given its
 * vector on: elsewhere the one that it had before still comes. Of two vectors on one CPU nobody knows which it was.
 */
static void see_configured(const struct event *ev, struct handled_irq *irq)
{
	int64_t vector, cpu, old = irq->vector, old_cpu = irq->cpu;

	if (!event_arg(ev, ARG_VECTOR, &vector) || !event_arg(ev, ARG_TARGET_CPU, &cpu) || (vector == old && cpu == old_cpu))
		return;
	start_irq(irq, irq->id);
	irq->cpu = cpu;
	if (cpu != old_cpu || old < 0)
		irq->vector = vector;
}

static void see_irq(struct anchors *an, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct handled_irq *irq = ref ? irq_of(an->irq, ref) : NULL;

	if (!irq)
		return;
	if (ev->kind == EV_VECTOR_CONFIG)
		see_configured(ev, irq);
	else if (irq->vector >= 0 && irq->cpu == ev->cpu)
		add_handled(an, ev, irq, make_key(FACT_ACCEPTED, NULL, (uint64_t)irq->vector, 0));
}

/* The platform's side of both. */
static void see_arrival(struct anchors *an, const struct event *ev)
{
	const struct object_ref *pin = event_object(ev, OBJ_PIN);
	int64_t value;

	if (ev->kind == EV_KVM_ACCEPT && event_arg(ev, ARG_VECTOR, &value))
		add(an, make_key(FACT_ACCEPTED, NULL, (uint64_t)value, 0), ev);
	else if (ev->kind == EV_IOAPIC_DELIVER && pin)
		add(an, make_key(FACT_PIN_SENT, NULL, pin->id, 0), ev);
	else if (ev->kind == EV_IOAPIC_REMOTE_IRR && pin && event_arg(ev, ARG_VALUE, &value) && value)
		add(an, make_key(FACT_PIN_SENT, NULL, pin->id, 0), ev);
}

/* The platform's side of the same facts; 0: of none. */
static uint64_t vector_key(const struct event *ev)
{
	int64_t value, known = -1;

	if (!is_platform(ev))
		return 0;
	switch (ev->kind) {
	case EV_PCI_MSIX_ENTRY_WRITE:
	case EV_PCI_MSI_WRITE:
		return event_arg(ev, ARG_DATA, &value) ? make_key(FACT_VECTOR_GIVEN, NULL, value & 0xff, 0) : 0;
	case EV_IOAPIC_RTE_WRITE:
		event_arg(ev, ARG_MASK, &known);
		return known & 0xff && event_arg(ev, ARG_RTE, &value) ? make_key(FACT_VECTOR_GIVEN, NULL, value & 0xff, 0) : 0;
	default:
		return 0;
	}
}

/* ------------------------------------------------------------------------------------------------------- events */

static void add_write(struct anchors *an, const struct event *ev)
{
	bool kernel = !is_platform(ev);
	struct task *task = kernel && is_of_task(ev) ? task_of(an, ev) : NULL;
	struct anchor *anchor;
	uint64_t key;

	if (task)
		close_bracket(an, task, ev);
	key = key_of(ev);
	anchor = key ? add(an, key, ev) : NULL;
	if (!anchor)
		return;
	anchor->kernel = kernel;
	if (!kernel)
		return;
	anchor->hi_ns = INT64_MAX;
	if (task)
		open_bracket(an, task);
}

void anchors_add(struct anchors *an, const struct event *ev, const char *text)
{
	uint64_t key;

	tsc_facts_add(an->tsc, ev);
	if (ev->kind == EV_MARK && text)
		add_mark(an, ev, text);
	if (ev->kind == EV_PCI_INTERRUPT_LINE)
		add_platform_mark(an, ev);
	if (an->calls && ev->pid > 0)
		end_calls(an, ev);
	if (ev->kind == EV_KVM_LINE)
		see_line(an, ev);
	if (ev->kind == EV_LAPIC_ACCEPT)
		see_sent(an, ev);
	else if (!see_xen(an, ev))
		add_write(an, ev);
	if (ev->kind == EV_VECTOR_CONFIG || ev->kind == EV_IRQ_ENTER)
		see_irq(an, ev);
	if (is_platform(ev))
		see_arrival(an, ev);
	key = vector_key(ev);
	if (key)
		add(an, key, ev);
}

/* ------------------------------------------------------------------------------------------------------- pairs */

static int by_key(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->lo_ns < y->lo_ns ? -1 : x->lo_ns > y->lo_ns;
}

static int by_weight(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->anchor->mark != y->anchor->mark)
		return x->anchor->mark ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return x->anchor->lo_ns < y->anchor->lo_ns ? -1 : x->anchor->lo_ns > y->anchor->lo_ns;
}

static bool usable(const struct anchor *anchor, bool kernel)
{
	return anchor->key && anchor->kernel == kernel && anchor->hi_ns != INT64_MAX;
}

static bool take_partners(struct facts *facts, const struct anchors *b)
{
	facts->partner = malloc((b->nr + 1) * sizeof(*facts->partner));
	if (!facts->partner)
		return false;
	for (uint32_t i = 0; i < b->nr; i++)
		if (usable(&b->anchor[i], false))
			facts->partner[facts->nr_partners++] = b->anchor[i];
	qsort(facts->partner, facts->nr_partners, sizeof(*facts->partner), by_key);
	return true;
}

static uint32_t first_partner(const struct facts *facts, uint64_t key)
{
	uint32_t lo = 0, hi = facts->nr_partners;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (facts->partner[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* How much an anchor leaves: no more than what can be multiplied by its partners. */
static int64_t weigh(const struct anchor *anchor)
{
	int64_t length_ns;

	if (__builtin_sub_overflow(anchor->hi_ns, anchor->lo_ns, &length_ns) || length_ns > INT64_MAX / (4 * MAX_CANDIDATES))
		return INT64_MAX / (2 * MAX_CANDIDATES);
	return length_ns + RESOLUTION_NS;
}

/* Marks are asked first; then those with few partners and short brackets, which say most. */
static bool take_pairs(struct facts *facts, const struct anchors *a, bool sent_full)
{
	bool shown[FACT_BITS + 1] = { false };

	facts->pair = malloc((a->nr + 1) * sizeof(*facts->pair));
	if (!facts->pair)
		return false;
	for (uint32_t i = 0; i < facts->nr_partners; i++)
		shown[facts->partner[i].key & FACT_BITS] = true;
	for (uint32_t i = 0; i < a->nr; i++) {
		struct pair pair = { .anchor = &a->anchor[i] };
		uint32_t end;

		if (!usable(pair.anchor, true) || (pair.anchor->sent && sent_full))
			continue;
		pair.first = end = first_partner(facts, pair.anchor->key);
		while (end < facts->nr_partners && facts->partner[end].key == pair.anchor->key && end - pair.first <= MAX_CANDIDATES)
			end++;
		pair.nr = end - pair.first;
		facts->nr_missing += !pair.nr && !pair.anchor->mark && shown[pair.anchor->key & FACT_BITS];
		if (!pair.nr || pair.nr > MAX_CANDIDATES)
			continue;
		pair.weight = weigh(pair.anchor) * pair.nr;
		facts->pair[facts->nr_pairs++] = pair;
	}
	qsort(facts->pair, facts->nr_pairs, sizeof(*facts->pair), by_weight);
	return true;
}

bool clock_relate(const struct anchors *a, const struct anchors *b, enum clock_units units, struct clock_relation *out)
{
	struct facts facts = { .nr_pairs = 0 };
	bool good = !a->failed && !b->failed && take_partners(&facts, b) && take_pairs(&facts, a, a->sent_full || b->sent_full);

	*out = (struct clock_relation){ .method = CLOCK_UNKNOWN };
	/* of partners that were dropped one may have been the right one */
	if (good && !b->full)
		good = clock_solve(&facts, units, out);
	free(facts.partner);
	free(facts.pair);
	return good;
}
