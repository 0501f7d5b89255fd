/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is broken on bare metal, where a kernel's trace is all there is. A "control" is a call that begins or ends an irq's use; a "window" is what one delivery does on its
 * CPU.
 */
#include "mutants.h"

#include <stdlib.h>
#include <string.h>

enum { NO_SPACE = -28 };

/* Bits of the IRQD word (include/linux/irq.h), Linux 6.1. */
enum {
	STATE_MOVE_PENDING = 1 << 8,
	STATE_AFFINITY_SET = 1 << 12,
	STATE_DISABLED = 1 << 16,
	STATE_MASKED = 1 << 17,
	STATE_MANAGED = 1 << 21,
	STATE_CAN_RESERVE = 1 << 26,
};

/* ---------------------------------------------------------------------------------------------------- looking */

static int64_t irq_of(const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);

	return ref ? (int64_t)ref->id : -1;
}

static bool is_control(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IRQ_SETUP:
	case EV_IRQ_STARTUP:
	case EV_IRQ_SHUTDOWN:
	case EV_IRQ_FREE:
	case EV_IRQ_DISABLE:
	case EV_VECTOR_DEACTIVATE:
	case EV_VECTOR_TEARDOWN:
		return true;
	default:
		return false;
	}
}

/* Asked for by a process: it would have happened without any interrupt. */
static bool is_asked(const struct event *ev)
{
	return is_control(ev) ||
	       (ev->witness == WITNESS_INTENT && (ev->kind == EV_IRQ_AFFINITY || ev->kind == EV_IRQ_ENABLE));
}

static bool is_message(const struct event *ev)
{
	return ev->kind == EV_PCI_MSIX_ENTRY_WRITE || ev->kind == EV_PCI_MSI_WRITE;
}

static bool always(const struct event *ev)
{
	(void)ev;
	return true;
}

static bool is_flow(const struct event *ev)
{
	return ev->kind == EV_IRQ_FLOW;
}

static bool is_move(const struct event *ev)
{
	return ev->kind == EV_IRQ_MOVE;
}

static bool is_update(const struct event *ev)
{
	return ev->kind == EV_VECTOR_UPDATE;
}

static bool is_config(const struct event *ev)
{
	return ev->kind == EV_VECTOR_CONFIG;
}

static bool is_unmask(const struct event *ev)
{
	return ev->kind == EV_IRQ_UNMASK && ev->witness >= WITNESS_SHADOW;
}

static bool is_mask(const struct event *ev)
{
	return ev->kind == EV_IRQ_MASK && ev->witness >= WITNESS_SHADOW;
}

static bool is_mask_or_unmask(const struct event *ev)
{
	return is_mask(ev) || is_unmask(ev);
}

static bool is_exit(const struct event *ev)
{
	return ev->kind == EV_IRQ_EXIT;
}

static bool is_action(const struct event *ev)
{
	return ev->kind == EV_IRQ_ENTER || ev->kind == EV_IRQ_EXIT;
}

static bool is_startup(const struct event *ev)
{
	return ev->kind == EV_IRQ_STARTUP;
}

typedef bool (*event_test)(const struct event *ev);

/* The next event of that irq behind i, b->nr where there is none; the one before it, b->nr as well. */
static unsigned next_of(const struct base *b, unsigned i, int64_t irq, event_test test)
{
	for (i++; i < b->nr; i++)
		if (irq_of(&b->ev[i]) == irq && test(&b->ev[i]))
			return i;
	return b->nr;
}

static unsigned last_of(const struct base *b, unsigned i, int64_t irq, event_test test)
{
	while (i-- > 0)
		if (irq_of(&b->ev[i]) == irq && test(&b->ev[i]))
			return i;
	return b->nr;
}

/* How long the irq stays in use behind i, as far as the capture goes. */
static int64_t left_ns(const struct base *b, unsigned i)
{
	return time_of(b, next_of(b, i, irq_of(&b->ev[i]), is_control)) - b->ev[i].t_lo_ns;
}

/* Events of that irq behind i and before its next control. */
static unsigned count_until_control(const struct base *b, unsigned i, event_test test)
{
	int64_t irq = irq_of(&b->ev[i]);
	unsigned end = next_of(b, i, irq, is_control), nr = 0;

	for (i++; i < end; i++)
		nr += irq_of(&b->ev[i]) == irq && test(&b->ev[i]);
	return nr;
}

/* Belongs to a delivery in whose course it happens. */
static bool is_of_delivery(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IRQ_FLOW:
	case EV_IRQ_ENTER:
	case EV_IRQ_EXIT:
	case EV_IRQ_ACK:
	case EV_IRQ_MASK:
	case EV_IRQ_UNMASK:
	case EV_IRQ_MOVE:
	case EV_IRQ_THREAD_WAKE:
	case EV_LAPIC_EOI:
	case EV_IOAPIC_EOI:
	case EV_IOAPIC_RTE_WRITE:
	case EV_PCI_MSIX_ENTRY_WRITE:
	case EV_PCI_MSI_WRITE:
	case EV_PCI_MSI_MASK:
	case EV_VECTOR_ALLOC:
	case EV_VECTOR_UPDATE:
	case EV_VECTOR_CONFIG:
	case EV_VECTOR_CLEANUP:
		return true;
	case EV_IRQ_AFFINITY:
		return ev->witness > WITNESS_INTENT;
	default:
		return false;
	}
}

/* Behind the last event of the window that the flow handler's event opens. */
static unsigned window_end(const struct base *b, unsigned flow)
{
	const struct event *first = &b->ev[flow];
	unsigned end = flow + 1;

	for (unsigned i = end; i < b->nr; i++) {
		const struct event *ev = &b->ev[i];

		if (irq_of(ev) != irq_of(first))
			continue;
		if (ev->kind == EV_IRQ_FLOW || is_asked(ev))
			break;
		if (ev->cpu == first->cpu && ev->pid == first->pid && is_of_delivery(ev))
			end = i + 1;
	}
	return end;
}

static bool in_window(const struct base *b, unsigned flow, unsigned i)
{
	const struct event *first = &b->ev[flow], *ev = &b->ev[i];

	return ev->cpu == first->cpu && ev->pid == first->pid && irq_of(ev) == irq_of(first) && is_of_delivery(ev);
}

static bool window_has(const struct base *b, unsigned flow, event_test test)
{
	unsigned end = window_end(b, flow);

	for (unsigned i = flow; i < end; i++)
		if (in_window(b, flow, i) && test(&b->ev[i]))
			return true;
	return false;
}

/* The entry or MSI message that feeds the irq of event i, as a record near it says; NULL: none. */
static const struct object_ref *message_of(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]);

	for (unsigned k = i + 1; irq >= 0 && k-- > 0;) {
		const struct object_ref *ref = event_object(&b->ev[k], OBJ_MSIX);

		if (!ref)
			ref = event_object(&b->ev[k], OBJ_MSI);
		if (ref && irq_of(&b->ev[k]) == irq)
			return ref;
		if (b->ev[k].kind == EV_VECTOR_SETUP && irq_of(&b->ev[k]) == irq)
			break;
	}
	return NULL;
}

static bool feeds_msix(const struct base *b, unsigned i)
{
	const struct object_ref *ref = message_of(b, i);

	return ref && ref->kind == OBJ_MSIX;
}

static bool is_level(const struct base *b, unsigned flow)
{
	return flow < b->nr && via_is(b, &b->ev[flow], "handle_fasteoi_irq");
}

static unsigned message_vector(const struct event *ev)
{
	return arg_of(ev, ARG_DATA, 0) & 0xff;
}

/* ---------------------------------------------------------------------------------------------------- changing */

static void aim(struct mutant *mu, unsigned i)
{
	const struct object_ref *irq = event_object(&mu->base->ev[i], OBJ_IRQ);

	if (irq)
		mu->target = *irq;
	mu->t_ns = mu->base->ev[i].t_lo_ns;
}

/* With an irq's vector goes what the matrix says of it, before an allocation and behind a release. */
static void drop(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	unsigned kind = b->ev[i].kind;

	mu->ev[i].kind = EV_NONE;
	if (kind == EV_VECTOR_ALLOC && i && b->ev[i - 1].kind == EV_VECTOR_MATRIX && b->ev[i - 1].cpu == b->ev[i].cpu)
		mu->ev[i - 1].kind = EV_NONE;
	if ((kind == EV_VECTOR_FREE_MOVED || kind == EV_VECTOR_CLEAR) && i + 1 < b->nr &&
	    b->ev[i + 1].kind == EV_VECTOR_MATRIX && b->ev[i + 1].cpu == b->ev[i].cpu)
		mu->ev[i + 1].kind = EV_NONE;
}

static struct event *insert(struct mutant *mu, unsigned behind, int64_t t_ns, enum event_kind kind,
			    enum witness witness, const char *via)
{
	struct strtab *strings = mu->base->strings;
	struct event *ev;

	if (mu->nr == mu->room)
		abort();	/* operators add a handful, and the room is for more */
	ev = &mu->ev[mu->nr++];
	*ev = (struct event){
		.kind = kind, .witness = witness, .t_lo_ns = t_ns, .t_hi_ns = t_ns,
		.cpu = mu->base->ev[behind].cpu, .pid = 301, .comm = strtab_intern(strings, "dd", 2),
		.via = intern(mu, via), .ordinal = mu->base->ev[behind].ordinal + 1, .source = 1,
	};
	return ev;
}

/* The irq of event i delivers nothing more until it is used anew, or that time. A delivery that has begun ends. */
static void silence(struct mutant *mu, unsigned i, int64_t irq, int64_t until_ns)
{
	const struct base *b = mu->base;
	bool begun = false;

	for (i++; i < b->nr && b->ev[i].t_lo_ns < until_ns; i++) {
		if (irq_of(&b->ev[i]) != irq)
			continue;
		if (is_control(&b->ev[i]))
			break;
		begun |= b->ev[i].kind == EV_IRQ_FLOW;
		if (begun && !is_asked(&b->ev[i]))
			drop(mu, i);
	}
}

static void silence_all(struct mutant *mu, unsigned i)
{
	silence(mu, i, irq_of(&mu->base->ev[i]), INT64_MAX);
}

/* ---------------------------------------------------------------------------------------------------- masks */

static bool unmask_applies(const struct base *b, unsigned i)
{
	return is_unmask(&b->ev[i]) && event_object(&b->ev[i], OBJ_MSIX) && left_ns(b, i) > SETTLE_NS;
}

static void drop_unmask(struct mutant *mu, unsigned i)
{
	aim(mu, i);
	drop(mu, i);
	silence_all(mu, i);
}

/* An interrupt of the irq that comes too late behind i to have been on its way already. */
static bool delivers_later(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]), after_ns = b->ev[i].t_lo_ns + SETTLE_NS / 10;
	unsigned end = next_of(b, i, irq, is_control), flow = next_of(b, i, irq, is_flow);

	while (flow < end && b->ev[flow].t_lo_ns < after_ns)
		flow = next_of(b, flow, irq, is_flow);
	return flow < end;
}

static bool unmask_kept_applies(const struct base *b, unsigned i)
{
	return unmask_applies(b, i) && delivers_later(b, i);
}

static void drop_event(struct mutant *mu, unsigned i)
{
	aim(mu, i);
	drop(mu, i);
}

static bool pin_unmask_applies(const struct base *b, unsigned i)
{
	return is_unmask(&b->ev[i]) && event_object(&b->ev[i], OBJ_PIN) && left_ns(b, i) > SETTLE_NS &&
	       last_of(b, i, irq_of(&b->ev[i]), is_startup) < b->nr;
}

static bool late_unmask_applies(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]), until = b->ev[i].t_lo_ns + LATER_NS;
	unsigned move, control;

	if (!unmask_applies(b, i))
		return false;
	move = next_of(b, i, irq, is_update);
	control = next_of(b, i, irq, is_control);
	return (move == b->nr || time_of(b, move) > until) && (control == b->nr || time_of(b, control) > until);
}

static void late_unmask(struct mutant *mu, unsigned i)
{
	int64_t until = mu->base->ev[i].t_lo_ns + LATER_NS;

	aim(mu, i);
	silence(mu, i, irq_of(&mu->base->ev[i]), until);
	move_event(&mu->ev[i], until, 2 * mu->base->nr);
}

/* The mask that an unmask answers within the same delivery. */
static unsigned mask_answered(const struct base *b, unsigned i)
{
	unsigned before = last_of(b, i, irq_of(&b->ev[i]), is_mask_or_unmask);

	if (before == b->nr || !is_mask(&b->ev[before]) || b->ev[before].cpu != b->ev[i].cpu)
		return b->nr;
	return next_of(b, before, irq_of(&b->ev[i]), is_control) < i ? b->nr : before;
}

static bool early_unmask_applies(const struct base *b, unsigned i)
{
	return unmask_applies(b, i) && mask_answered(b, i) < b->nr;
}

static void early_unmask(struct mutant *mu, unsigned i)
{
	unsigned mask = mask_answered(mu->base, i);

	aim(mu, i);
	move_event(&mu->ev[i], time_of(mu->base, mask), mu->base->ev[mask].ordinal - 1);
	silence_all(mu, i);
}

/* The last record of the delivery that an action's exit belongs to. */
static unsigned delivery_end(const struct base *b, unsigned i)
{
	unsigned flow = last_of(b, i, irq_of(&b->ev[i]), is_flow);

	return flow < b->nr && in_window(b, flow, i) ? window_end(b, flow) - 1 : b->nr;
}

/* An action's exit, in whose delivery's wake there is time before the irq's next event. */
static bool is_between(const struct base *b, unsigned i)
{
	unsigned end = is_exit(&b->ev[i]) ? delivery_end(b, i) : b->nr, next;

	if (end == b->nr || left_ns(b, i) < SETTLE_NS)
		return false;
	next = next_of(b, end, irq_of(&b->ev[i]), always);
	return next == b->nr || time_of(b, next) > time_of(b, end) + 2 * SOON_NS;
}

static bool foreign_mask_applies(const struct base *b, unsigned i)
{
	return is_exit(&b->ev[i]) && feeds_msix(b, i) && is_between(b, i);
}

/* Behind the delivery that the action's exit i belongs to. */
static struct event *insert_behind(struct mutant *mu, unsigned i, int64_t later_ns, enum event_kind kind,
				   enum witness witness, const char *via)
{
	unsigned end = delivery_end(mu->base, i);

	return insert(mu, end, time_of(mu->base, end) + later_ns, kind, witness, via);
}

static void insert_mask(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	const struct event *flow = &b->ev[last_of(b, i, irq_of(&b->ev[i]), is_flow)];
	const struct object_ref *entry = message_of(b, i);
	struct event *ev = insert_behind(mu, i, SOON_NS, EV_IRQ_MASK, WITNESS_SHADOW, "pci_msi_mask_irq");

	aim(mu, i);
	event_add_object(ev, OBJ_IRQ, mu->target.id);
	event_add_object(ev, entry->kind, entry->id);
	event_arg_set(ev, ARG_STATE, arg_of(flow, ARG_STATE, 0) & ~(int64_t)STATE_MOVE_PENDING);
	event_arg_set(ev, ARG_CTRL, 0);
}

static void foreign_mask(struct mutant *mu, unsigned i)
{
	insert_mask(mu, i);
	silence_all(mu, i);
}

static bool foreign_kept_applies(const struct base *b, unsigned i)
{
	return foreign_mask_applies(b, i) && delivers_later(b, i);
}

/* Without mask bits the chip's mask function writes nothing. Such an MSI cannot park on a reserved vector. */
static bool nomask_applies(const struct base *b, unsigned i)
{
	unsigned flow = last_of(b, i, irq_of(&b->ev[i]), is_flow);
	const struct object_ref *ref = message_of(b, i);

	return is_exit(&b->ev[i]) && ref && ref->kind == OBJ_MSI && is_between(b, i) &&
	       !(arg_of(&b->ev[flow], ARG_STATE, -1) & (STATE_CAN_RESERVE | STATE_MANAGED));
}

static bool foreign_pin_applies(const struct base *b, unsigned i)
{
	return is_exit(&b->ev[i]) && is_between(b, i) && is_level(b, last_of(b, i, irq_of(&b->ev[i]), is_flow)) &&
	       last_of(b, i, irq_of(&b->ev[i]), is_startup) < b->nr && arg_of(&b->ev[i], ARG_RET, 0) == 1;
}

static void foreign_pin_mask(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	const struct event *flow = &b->ev[last_of(b, i, irq_of(&b->ev[i]), is_flow)];
	const struct event *startup = &b->ev[last_of(b, i, irq_of(&b->ev[i]), is_startup)];
	struct event *ev = insert_behind(mu, i, SOON_NS, EV_IRQ_MASK, WITNESS_SHADOW, "mask_ioapic_irq");

	aim(mu, i);
	event_add_object(ev, OBJ_IRQ, mu->target.id);
	event_add_object(ev, OBJ_PIN, object_id_pair(0, arg_of(startup, ARG_HWIRQ, 0)));
	event_arg_set(ev, ARG_STATE, arg_of(flow, ARG_STATE, 0) & ~(int64_t)STATE_MOVE_PENDING);
	declare(mu, "signal irq.mask@shadow complete via mask_ioapic_irq");
	declare(mu, "signal irq.unmask@shadow complete via unmask_ioapic_irq");
	silence_all(mu, i);
}

/* The unmask that a startup brings about. */
static unsigned startup_unmask(const struct base *b, unsigned i)
{
	unsigned unmask = next_of(b, i, irq_of(&b->ev[i]), is_unmask);

	return is_startup(&b->ev[i]) && next_of(b, i, irq_of(&b->ev[i]), is_control) > unmask ? unmask : b->nr;
}

static bool swap_startup_applies(const struct base *b, unsigned i)
{
	return is_startup(&b->ev[i]) && startup_unmask(b, i) < b->nr;
}

static void swap_startup(struct mutant *mu, unsigned i)
{
	const struct event *startup = &mu->base->ev[i], *unmask = &mu->base->ev[startup_unmask(mu->base, i)];

	aim(mu, i);
	move_event(&mu->ev[i], unmask->t_lo_ns, unmask->ordinal);
	move_event(&mu->ev[unmask - mu->base->ev], startup->t_lo_ns, startup->ordinal);
}

static bool startup_applies(const struct base *b, unsigned i)
{
	return is_startup(&b->ev[i]);
}

/* ---------------------------------------------------------------------------------------------------- EOI */

static bool ack_kept_applies(const struct base *b, unsigned i)
{
	unsigned flow = last_of(b, i, irq_of(&b->ev[i]), is_flow);

	return b->ev[i].kind == EV_IRQ_ACK && flow < b->nr && in_window(b, flow, i);
}

/*
 * A vector that stays in service holds back all of its class and below on that CPU: what they did there later must be
 * droppable without leaving half a move.
 */
static bool edge_ack_applies(const struct base *b, unsigned i)
{
	unsigned flow;

	if (b->ev[i].kind != EV_IRQ_ACK || !via_is(b, &b->ev[i], "apic_ack_edge") || left_ns(b, i) < SETTLE_NS)
		return false;
	flow = last_of(b, i, irq_of(&b->ev[i]), is_flow);
	if (flow == b->nr || is_level(b, flow) || !in_window(b, flow, i) || window_has(b, flow, is_move))
		return false;
	for (unsigned k = i; k < b->nr; k++)
		if (b->ev[k].cpu == b->ev[i].cpu && (is_move(&b->ev[k]) || b->ev[k].kind == EV_VECTOR_FREE_MOVED))
			return false;
	return true;
}

static void drop_edge_ack(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;

	aim(mu, i);
	drop(mu, i);
	for (unsigned flow = i + 1; flow < b->nr; flow++) {
		unsigned end;

		if (!is_flow(&b->ev[flow]) || b->ev[flow].cpu != b->ev[i].cpu)
			continue;
		end = window_end(b, flow);
		for (unsigned k = flow; k < end; k++)
			if (in_window(b, flow, k))
				drop(mu, k);
	}
}

static bool is_eoi(const struct event *ev)
{
	return ev->kind == EV_IRQ_ACK || ev->kind == EV_IOAPIC_EOI || ev->kind == EV_LAPIC_EOI;
}

static bool level_ack_applies(const struct base *b, unsigned i)
{
	unsigned flow;

	if (b->ev[i].kind != EV_IRQ_ACK)
		return false;
	flow = last_of(b, i, irq_of(&b->ev[i]), is_flow);
	return is_level(b, flow) && in_window(b, flow, i) && !window_has(b, flow, is_move) && left_ns(b, i) > SETTLE_NS;
}

static void drop_level_ack(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	unsigned flow = last_of(b, i, irq_of(&b->ev[i]), is_flow), end = window_end(b, flow);

	aim(mu, i);
	for (unsigned k = flow; k < end; k++)
		if (in_window(b, flow, k) && is_eoi(&b->ev[k]))
			drop(mu, k);
	silence_all(mu, i);
}

static bool thread_done_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_IRQ_THREAD_DONE && left_ns(b, i) > SETTLE_NS / 10;
}

static void drop_thread_done(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	int64_t irq = irq_of(&b->ev[i]);
	unsigned flow = next_of(b, i, irq, is_flow);

	aim(mu, i);
	drop(mu, i);
	for (unsigned k = i; k < flow; k++)
		if (irq_of(&b->ev[k]) == irq && b->ev[k].kind == EV_IRQ_UNMASK)
			drop(mu, k);
	silence_all(mu, i);
}

/* ---------------------------------------------------------------------------------------------------- replays */

/* A moment before the next interrupt of an edge irq, for disable_irq(). */
static bool disable_applies(const struct base *b, unsigned i)
{
	unsigned flow;

	if (!is_exit(&b->ev[i]) || !feeds_msix(b, i) || !is_between(b, i))
		return false;
	flow = next_of(b, i, irq_of(&b->ev[i]), always);
	return flow < b->nr && is_flow(&b->ev[flow]) && !window_has(b, flow, is_move) && left_ns(b, flow) > SETTLE_NS &&
	       !(arg_of(&b->ev[flow], ARG_STATE, 0) & STATE_MOVE_PENDING);
}

/* A call of the irq core on the irq of event i. */
static struct event *insert_call(struct mutant *mu, unsigned i, int64_t t_ns, enum event_kind kind, const char *via,
				 int64_t state)
{
	bool is_asked = !strcmp(via, "disable_irq") || !strcmp(via, "enable_irq");
	struct event *ev = insert(mu, i, t_ns, kind, is_asked ? WITNESS_INTENT : WITNESS_SHADOW, via);

	event_add_object(ev, OBJ_IRQ, mu->target.id);
	if (!is_asked)
		event_arg_set(ev, ARG_STATE, state);
	return ev;
}

static void insert_chip_call(struct mutant *mu, unsigned i, int64_t t_ns, enum event_kind kind, const char *via,
			     int64_t state)
{
	const struct object_ref *entry = message_of(mu->base, i);
	struct event *ev = insert_call(mu, i, t_ns, kind, via, state);

	event_add_object(ev, entry->kind, entry->id);
	event_arg_set(ev, ARG_CTRL, kind == EV_IRQ_UNMASK);
}

/*
 * disable_irq() is lazy: the interrupt that comes meanwhile makes the flow handler mask the entry and keep it pending
 * (kernel/irq/chip.c); enable_irq() unmasks. Returns the time behind all of this.
 */
static int64_t disable_over(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	unsigned flow = next_of(b, i, irq_of(&b->ev[i]), always), end = window_end(b, flow);
	int64_t t_ns = b->ev[i].t_lo_ns, state = arg_of(&b->ev[flow], ARG_STATE, 0);

	aim(mu, i);
	insert_call(mu, i, t_ns + SOON_NS, EV_IRQ_DISABLE, "disable_irq", 0);
	event_arg_set(insert_call(mu, i, t_ns + SOON_NS + 1000, EV_IRQ_DISABLE, "irq_disable", state), ARG_DEPTH, 1);
	state |= STATE_DISABLED;
	t_ns = b->ev[flow].t_lo_ns;
	event_arg_set(&mu->ev[flow], ARG_STATE, state);
	event_arg_set(&mu->ev[flow], ARG_DEPTH, 1);
	insert_chip_call(mu, flow, t_ns + 500, EV_IRQ_MASK, "pci_msi_mask_irq", state);
	for (unsigned k = flow; k < end; k++)
		if (in_window(b, flow, k) && is_action(&b->ev[k]))
			drop(mu, k);
	state |= STATE_MASKED;
	t_ns = time_of(b, end - 1) + SOON_NS;
	insert_call(mu, end - 1, t_ns, EV_IRQ_ENABLE, "enable_irq", 0);
	event_arg_set(insert_call(mu, end - 1, t_ns + 1000, EV_IRQ_STARTUP, "irq_startup", state), ARG_DEPTH, 1);
	event_arg_set(insert_call(mu, end - 1, t_ns + 2000, EV_IRQ_ENABLE, "irq_enable", state), ARG_DEPTH, 0);
	insert_chip_call(mu, end - 1, t_ns + 3000, EV_IRQ_UNMASK, "pci_msi_unmask_irq",
			 state & ~(int64_t)STATE_DISABLED);
	declare(mu, "signal irq.resend@shadow complete via apic_retrigger_irq");
	return t_ns + 4000;
}

static void lose_edge(struct mutant *mu, unsigned i)
{
	unsigned flow = next_of(mu->base, i, irq_of(&mu->base->ev[i]), is_flow);

	disable_over(mu, i);
	silence_all(mu, flow);
}

static bool replay_applies(const struct base *b, unsigned i)
{
	unsigned flow, next;

	if (!disable_applies(b, i))
		return false;
	flow = next_of(b, i, irq_of(&b->ev[i]), is_flow);
	next = next_of(b, flow, irq_of(&b->ev[i]), is_flow);
	return next < b->nr && time_of(b, next) > time_of(b, window_end(b, flow) - 1) + 2 * SOON_NS;
}

static void replay_edge(struct mutant *mu, unsigned i)
{
	int64_t t_ns = disable_over(mu, i);

	insert_call(mu, window_end(mu->base, next_of(mu->base, i, irq_of(&mu->base->ev[i]), is_flow)) - 1, t_ns,
		    EV_IRQ_RESEND, "apic_retrigger_irq", arg_of(&mu->ev[i], ARG_STATE, 0));
}

/* ---------------------------------------------------------------------------------------------------- routes */

/* The message that holds until the next interrupt: none follows before that. */
static bool message_applies(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]);
	unsigned config, message, flow;

	if (!is_message(&b->ev[i]) || left_ns(b, i) < SETTLE_NS)
		return false;
	config = last_of(b, i, irq, is_config);
	message = next_of(b, i, irq, is_message);
	flow = next_of(b, i, irq, is_flow);
	if (config == b->nr || (message < flow && message < next_of(b, i, irq, is_control)))
		return false;
	return message_vector(&b->ev[i]) == arg_of(&b->ev[config], ARG_VECTOR, 0) &&
	       message_vector(&b->ev[i]) != PARKED_VECTOR;
}

static void alter_message(struct mutant *mu, unsigned i)
{
	int64_t data = arg_of(&mu->base->ev[i], ARG_DATA, 0);

	aim(mu, i);
	/* class 9: no capture gives out that many vectors */
	event_arg_set(&mu->ev[i], ARG_DATA, (data & ~INT64_C(0xff)) | (0x90 + random_below(&mu->random, 16)));
	silence_all(mu, i);
}

/* What takes an irq out of use, or gives it another vector. */
static bool ends_config(const struct event *ev)
{
	return is_config(ev) || is_flow(ev) || (is_control(ev) && !is_startup(ev));
}

/* The last write that follows from a vector's configuration; b->nr: none. */
static unsigned last_message(const struct base *b, unsigned config)
{
	int64_t irq = irq_of(&b->ev[config]);
	unsigned end = next_of(b, config, irq, ends_config), last = last_of(b, end, irq, is_message);

	return last < b->nr && last > config ? last : b->nr;
}

static bool same_message(const struct event *a, const struct event *b)
{
	return arg_of(a, ARG_DATA, 0) == arg_of(b, ARG_DATA, 0) &&
	       arg_of(a, ARG_ADDR_LO, 0) == arg_of(b, ARG_ADDR_LO, 0);
}

static bool drop_message_applies(const struct base *b, unsigned i)
{
	unsigned before, last;

	if (!is_config(&b->ev[i]) || arg_of(&b->ev[i], ARG_VECTOR, PARKED_VECTOR) == PARKED_VECTOR)
		return false;
	last = last_message(b, i);
	before = last_of(b, i, irq_of(&b->ev[i]), is_message);
	return last < b->nr && before < b->nr && left_ns(b, last) > SETTLE_NS &&
	       !same_message(&b->ev[before], &b->ev[last]);
}

static void drop_message(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	unsigned last = last_message(b, i);

	aim(mu, i);
	for (unsigned k = i; k <= last; k++)
		if (irq_of(&b->ev[k]) == irq_of(&b->ev[i]) && is_message(&b->ev[k]))
			drop(mu, k);
	silence_all(mu, last);
}

static bool free_moved_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_VECTOR_FREE_MOVED && left_ns(b, i) > SETTLE_NS / 4 &&
	       count_until_control(b, i, is_flow) >= 3 && !count_until_control(b, i, is_update);
}

/* Acknowledgements go on showing the old vector, as the descriptor does that they were taken from. */
static void drop_free_moved(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	int64_t irq = irq_of(&b->ev[i]);

	aim(mu, i);
	drop(mu, i);
	for (unsigned k = i + 1; k < b->nr && b->ev[k].kind != EV_VECTOR_TEARDOWN; k++) {
		if (irq_of(&b->ev[k]) != irq || (b->ev[k].kind != EV_IRQ_ACK && b->ev[k].kind != EV_VECTOR_CLEAR))
			continue;
		if (arg_of(&b->ev[k], ARG_PREV_VECTOR, -1) < 0)
			continue;
		event_arg_set(&mu->ev[k], ARG_PREV_VECTOR, arg_of(&b->ev[i], ARG_VECTOR, 0));
		event_arg_set(&mu->ev[k], ARG_PREV_CPU, arg_of(&b->ev[i], ARG_TARGET_CPU, 0));
		if (b->ev[k].kind == EV_VECTOR_CLEAR)
			break;
	}
}

static bool affinity_asked(const struct event *ev)
{
	return ev->kind == EV_IRQ_AFFINITY && ev->witness == WITNESS_INTENT;
}

static bool affinity_applies(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]);
	unsigned flow;

	if (!is_move(&b->ev[i]) || last_of(b, i, irq, affinity_asked) == b->nr)
		return false;
	flow = last_of(b, i, irq, is_flow);
	return flow < b->nr && in_window(b, flow, i) && window_has(b, flow, is_update) &&
	       left_ns(b, i) > SETTLE_NS / 4 && count_until_control(b, i, is_flow) >= 3 &&
	       !count_until_control(b, i, is_move) && !count_until_control(b, i, affinity_asked);
}

/* Where an irq's interrupts go. */
struct route {
	int32_t cpu;
	int64_t vector, rte;	/* rte -1: none recorded */
};

/* Interrupts go on where they went before, the request still pending. */
static void stay(struct event *ev, const struct route *route)
{
	int64_t state;

	ev->cpu = route->cpu;
	if (event_arg(ev, ARG_STATE, &state))
		event_arg_set(ev, ARG_STATE, state | STATE_MOVE_PENDING | STATE_AFFINITY_SET);
	if (arg_of(ev, ARG_RTE, -1) >= 0 && route->rte >= 0)
		event_arg_set(ev, ARG_RTE, route->rte);
	if (ev->kind != EV_IRQ_ACK || arg_of(ev, ARG_VECTOR, -1) < 0)
		return;
	event_arg_set(ev, ARG_VECTOR, route->vector);
	event_arg_set(ev, ARG_TARGET_CPU, route->cpu);
	event_arg_set(ev, ARG_PREV_VECTOR, 0);
	event_arg_set(ev, ARG_PREV_CPU, 0);
}

static bool is_of_move(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IRQ_MASK:
	case EV_IRQ_UNMASK:
	case EV_IRQ_MOVE:
	case EV_IRQ_AFFINITY:
	case EV_VECTOR_ALLOC:
	case EV_VECTOR_UPDATE:
	case EV_VECTOR_CONFIG:
	case EV_VECTOR_CLEANUP:
	case EV_PCI_MSIX_ENTRY_WRITE:
	case EV_PCI_MSI_WRITE:
	case EV_PCI_MSI_MASK:
	case EV_IOAPIC_RTE_WRITE:
		return true;
	default:
		return false;
	}
}

static void drop_affinity(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	int64_t irq = irq_of(&b->ev[i]);
	unsigned flow = last_of(b, i, irq, is_flow), end = window_end(b, flow), stop = next_of(b, i, irq, is_control);
	struct route route = { .cpu = b->ev[flow].cpu, .rte = -1 };

	aim(mu, i);
	for (unsigned k = flow; k < end; k++) {
		if (!in_window(b, flow, k))
			continue;
		if (is_update(&b->ev[k]))
			route.vector = arg_of(&b->ev[k], ARG_PREV_VECTOR, 0);
		if (b->ev[k].kind == EV_IRQ_ACK)
			route.rte = arg_of(&b->ev[k], ARG_RTE, -1);
		if (is_of_move(&b->ev[k]))
			drop(mu, k);
	}
	for (unsigned k = end; k < stop; k++) {
		if (irq_of(&b->ev[k]) != irq)
			continue;
		if (b->ev[k].kind == EV_VECTOR_FREE_MOVED)
			drop(mu, k);
		else if (is_of_delivery(&b->ev[k]))
			stay(&mu->ev[k], &route);
	}
}

/* A vector that request_irq() gets. */
static bool alloc_applies(const struct base *b, unsigned i)
{
	const struct event *ev = &b->ev[i];
	unsigned before, startup;

	if (ev->kind != EV_VECTOR_ALLOC || arg_of(ev, ARG_RET, -1) != 0 || arg_of(ev, ARG_RESERVED, 0) != 1)
		return false;
	before = last_of(b, i, irq_of(ev), is_control);
	startup = next_of(b, i, irq_of(ev), is_startup);
	return before < b->nr && b->ev[before].kind == EV_IRQ_SETUP && b->ev[before].pid == ev->pid &&
	       startup < b->nr && b->ev[startup].pid == ev->pid && time_of(b, startup) < ev->t_lo_ns + SETTLE_NS / 10;
}

static void no_vector(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	int64_t irq = irq_of(&b->ev[i]);

	aim(mu, i);
	drop(mu, i);
	mu->ev[i].kind = EV_VECTOR_ALLOC;
	event_arg_set(&mu->ev[i], ARG_VECTOR, 0);
	event_arg_set(&mu->ev[i], ARG_RET, NO_SPACE);
	for (unsigned k = i + 1; k < b->nr; k++) {
		if (irq_of(&b->ev[k]) != irq)
			continue;
		if (b->ev[k].kind == EV_VECTOR_TEARDOWN || b->ev[k].kind == EV_IRQ_SETUP)
			break;
		if (b->ev[k].kind == EV_IRQ_SETUP_RESULT)
			event_arg_set(&mu->ev[k], ARG_RET, NO_SPACE);
		else if (!affinity_asked(&b->ev[k]))
			drop(mu, k);
	}
}

static bool parked_applies(const struct base *b, unsigned i)
{
	return is_flow(&b->ev[i]);
}

static void parked_fires(struct mutant *mu, unsigned i)
{
	struct event *ev = insert(mu, i, time_of(mu->base, i) + 1, EV_LAPIC_DELIVER, WITNESS_HARDWARE,
				  "spurious_apic_entry");

	mu->t_ns = ev->t_lo_ns;
	event_add_object(ev, OBJ_VECTOR, object_id_pair(ev->cpu, PARKED_VECTOR));
	event_arg_set(ev, ARG_VECTOR, PARKED_VECTOR);
}

/* ---------------------------------------------------------------------------------------------------- functions */

static bool of_function(const struct base *b, unsigned i, uint64_t pci)
{
	const struct object_ref *ref = message_of(b, i);

	return ref && object_entry_pci(ref->id) == pci;
}

/* The first control of any irq of the function behind i, b->nr where there is none. */
static unsigned function_control(const struct base *b, unsigned i, uint64_t pci)
{
	for (i++; i < b->nr; i++)
		if (is_control(&b->ev[i]) && of_function(b, i, pci))
			return i;
	return b->nr;
}

static bool function_applies(const struct base *b, unsigned i)
{
	const struct object_ref *ref = is_exit(&b->ev[i]) ? message_of(b, i) : NULL;

	return ref && is_between(b, i) &&
	       time_of(b, function_control(b, i, object_entry_pci(ref->id))) - b->ev[i].t_lo_ns > SETTLE_NS;
}

/* All irqs of the function of event i fall silent. */
static void silence_function(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	uint64_t pci = object_entry_pci(message_of(b, i)->id);
	unsigned end = function_control(b, i, pci);

	mu->target = (struct object_ref){ .kind = OBJ_PCI, .id = pci, .machine = message_of(b, i)->machine };
	mu->t_ns = b->ev[i].t_lo_ns + SOON_NS;
	for (unsigned k = i + 1; k < end; k++)
		if (is_flow(&b->ev[k]) && mu->ev[k].kind != EV_NONE && of_function(b, k, pci))
			silence(mu, k - 1, irq_of(&b->ev[k]), INT64_MAX);
}

static struct event *insert_command(struct mutant *mu, unsigned i, int64_t later_ns, bool on)
{
	struct event *ev = insert_behind(mu, i, later_ns, EV_PCI_COMMAND, WITNESS_HARDWARE, "config_write");

	event_add_object(ev, OBJ_PCI, object_entry_pci(message_of(mu->base, i)->id));
	event_arg_set(ev, ARG_VALUE, on ? 0x406 : 0x402);
	event_arg_set(ev, ARG_MASK, 0xffff);
	return ev;
}

/* A driver may switch its device off and leave its irq as it is: power must be known to tell that from the fault. */
static void bus_master_unproven(struct mutant *mu, unsigned i)
{
	declare(mu, "signal pci.command@hardware complete via config_write");
	insert_command(mu, i, SOON_NS, false);
	silence_function(mu, i);
}

static void bus_master_off(struct mutant *mu, unsigned i)
{
	bus_master_unproven(mu, i);
	declare(mu, "signal pci.power@shadow complete via pci_set_power_state");
}

static void bus_master_blip(struct mutant *mu, unsigned i)
{
	declare(mu, "signal pci.command@hardware complete via config_write");
	insert_command(mu, i, SOON_NS, false);
	insert_command(mu, i, SOON_NS + 1000, true);
	aim(mu, i);
}

/* A reset is given longer: drivers wait for the device before they restore it. */
static bool reset_applies(const struct base *b, unsigned i)
{
	return function_applies(b, i) && left_ns(b, i) > 3 * SETTLE_NS;
}

static void reset_function(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct event *ev = insert_behind(mu, i, SOON_NS, EV_PCI_RESET, WITNESS_SHADOW, "pcie_flr");

	declare(mu, "signal pci.reset@shadow complete via pcie_flr");
	declare(mu, "signal pci.restore@shadow complete via pci_restore_msi_state");
	event_add_object(ev, OBJ_PCI, object_entry_pci(message_of(b, i)->id));
	silence_function(mu, i);
}

/* ---------------------------------------------------------------------------------------------------- results */

/* Turns the irq's results from event i backwards into "not mine". */
static void unclaim(struct mutant *mu, unsigned i, unsigned nr)
{
	int64_t irq = irq_of(&mu->base->ev[i]);

	for (; nr && i < mu->base->nr; nr--, i = last_of(mu->base, i, irq, is_exit))
		event_arg_set(&mu->ev[i], ARG_RET, 0);
}

static bool report_applies(const struct base *b, unsigned i)
{
	return is_exit(&b->ev[i]) && arg_of(&b->ev[i], ARG_RET, 0) == 1 && is_between(b, i);
}

static void report_unhandled(struct mutant *mu, unsigned i)
{
	struct event *ev = insert(mu, i, time_of(mu->base, i) + 1, EV_IRQ_SPURIOUS, WITNESS_SHADOW, "__report_bad_irq");

	aim(mu, i);
	unclaim(mu, i, 1 + random_below(&mu->random, 20));
	ev->pid = mu->base->ev[i].pid;
	ev->comm = mu->base->ev[i].comm;
	event_add_object(ev, OBJ_IRQ, mu->target.id);
	event_arg_set(ev, ARG_UNHANDLED, 99901);
	event_arg_set(ev, ARG_COUNT, 100000);
	event_arg_set(ev, ARG_RET, 0);
	silence_all(mu, i);
}

static bool handled_applies(const struct base *b, unsigned i)
{
	return is_exit(&b->ev[i]) && arg_of(&b->ev[i], ARG_RET, 0) == 1;
}

static void some_unhandled(struct mutant *mu, unsigned i)
{
	aim(mu, i);
	unclaim(mu, i, 1 + random_below(&mu->random, 50));
}

enum { STORM_PER_S = 300 };

/* Behind a second that is busy enough to be a storm, if nobody claimed it. */
static bool storm_applies(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]), from_ns = b->ev[i].t_lo_ns - INT64_C(1000000000);
	unsigned nr = 0;

	if (!is_exit(&b->ev[i]))
		return false;
	for (unsigned k = i; nr < STORM_PER_S && k < b->nr && b->ev[k].t_lo_ns > from_ns; nr++)
		k = last_of(b, k, irq, is_exit);
	return nr == STORM_PER_S;
}

static void storm(struct mutant *mu, unsigned i)
{
	report_unhandled(mu, i);
	unclaim(mu, i, STORM_PER_S);
}

enum { SUSPICIOUS_RUN = 150 };

/* The capture's last result of an irq that has been busy until then. */
static bool run_applies(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]), t_ns = b->ev[i].t_lo_ns;
	unsigned nr = 0;

	if (!handled_applies(b, i) || next_of(b, i, irq, is_exit) < b->nr)
		return false;
	for (; nr < SUSPICIOUS_RUN && i < b->nr && t_ns - b->ev[i].t_lo_ns < SETTLE_NS / 20; nr++) {
		t_ns = b->ev[i].t_lo_ns;
		i = last_of(b, i, irq, is_exit);
	}
	return nr == SUSPICIOUS_RUN;
}

static void unhandled_run(struct mutant *mu, unsigned i)
{
	aim(mu, i);
	unclaim(mu, i, SUSPICIOUS_RUN);
}

/* ---------------------------------------------------------------------------------------------------- ends of use */

static bool end_applies(const struct base *b, unsigned i)
{
	switch (b->ev[i].kind) {
	case EV_IRQ_FREE:
	case EV_IRQ_SHUTDOWN:
	case EV_VECTOR_DEACTIVATE:
	case EV_VECTOR_CLEAR:
	case EV_VECTOR_TEARDOWN:
		return true;
	case EV_IRQ_MASK:
		return last_of(b, i, irq_of(&b->ev[i]), is_control) > last_of(b, i, irq_of(&b->ev[i]), is_flow);
	default:
		return false;
	}
}

/* ---------------------------------------------------------------------------------------------------- deliveries */

/* One delivery among others of its irq. */
static bool delivery_applies(const struct base *b, unsigned i)
{
	int64_t irq = irq_of(&b->ev[i]);
	unsigned before, next;

	if (!is_flow(&b->ev[i]) || !window_has(b, i, is_exit) || window_has(b, i, is_move) ||
	    window_has(b, i, is_mask_or_unmask))
		return false;
	before = last_of(b, i, irq, is_flow);
	next = next_of(b, i, irq, is_flow);
	return before < b->nr && next < b->nr && next < next_of(b, i, irq, is_control) &&
	       next_of(b, next, irq, is_exit) < b->nr;
}

/* The first interrupt behind a move is the one that lets the old vector go: without it the clean-up has no cause. */
static bool plain_delivery_applies(const struct base *b, unsigned i)
{
	unsigned before;

	if (!delivery_applies(b, i))
		return false;
	before = last_of(b, i, irq_of(&b->ev[i]), is_flow);
	return b->ev[before].cpu == b->ev[i].cpu && !window_has(b, before, is_move) &&
	       arg_of(&b->ev[i], ARG_STATE, 0) == arg_of(&b->ev[before], ARG_STATE, 0);
}

static void drop_delivery(struct mutant *mu, unsigned i)
{
	unsigned end = window_end(mu->base, i);

	for (unsigned k = i; k < end; k++)
		if (in_window(mu->base, i, k))
			drop(mu, k);
}

static void drop_action(struct mutant *mu, unsigned i)
{
	unsigned end = window_end(mu->base, i);

	for (unsigned k = i; k < end; k++)
		if (in_window(mu->base, i, k) && is_action(&mu->base->ev[k]))
			drop(mu, k);
}

/* ---------------------------------------------------------------------------------------------------- the table */
const struct op linux_ops[] = {
	{ "drop-unmask", "an MSI-X entry's unmask is gone, and the interrupts behind it", FAIL("msix-left-masked"),
	  .applies = unmask_applies, .mutate = drop_unmask },
	{ "drop-unmask-kept", "an MSI-X entry's unmask is gone, but interrupts prove that it happened", NO_FAIL,
	  .applies = unmask_kept_applies, .mutate = drop_event },
	{ "late-unmask", "an MSI-X entry's unmask comes 10 s later", FAIL("msix-left-masked"),
	  .applies = late_unmask_applies, .mutate = late_unmask },
	{ "early-unmask", "the unmask of a move comes before its mask", FAIL("msix-left-masked"),
	  .applies = early_unmask_applies, .mutate = early_unmask },
	{ "foreign-mask", "somebody masks an entry in use, and it falls silent", FAIL("msix-left-masked"),
	  .applies = foreign_mask_applies, .mutate = foreign_mask },
	{ "foreign-mask-kept", "somebody masks an entry in use, but interrupts prove that it did not last", NO_FAIL,
	  .applies = foreign_kept_applies, .mutate = insert_mask },
	{ "foreign-mask-nomask", "somebody masks an MSI that has no mask bits", NO_FAIL,
	  .applies = nomask_applies, .mutate = insert_mask },
	{ "foreign-mask-pin", "somebody masks an IO-APIC pin in use, and it falls silent", FAIL("pin-left-masked"),
	  .applies = foreign_pin_applies, .mutate = foreign_pin_mask },
	{ "drop-unmask-pin", "an IO-APIC pin's unmask is gone, and the interrupts behind it",
	  FAIL("pin-left-masked", "oneshot-never-finished"), .applies = pin_unmask_applies, .mutate = drop_unmask },
	{ "swap-startup-unmask", "a startup and its unmask change places", NO_FAIL,
	  .applies = swap_startup_applies, .mutate = swap_startup },
	{ "drop-startup", "a startup is gone, its unmask is not", NO_FAIL,
	  .applies = startup_applies, .mutate = drop_event },

	{ "drop-ack-edge", "an edge interrupt's EOI is gone, and all interrupts of that CPU behind it",
	  FAIL("lapic-eoi-missing"), .applies = edge_ack_applies, .mutate = drop_edge_ack },
	{ "drop-ack-level", "a level interrupt's EOI is gone, and the interrupts behind it", FAIL("level-eoi-missing"),
	  ALSO("lapic-eoi-missing"), .applies = level_ack_applies, .mutate = drop_level_ack },
	{ "drop-ack-kept", "an EOI is gone, but interrupts prove that it happened", NO_FAIL,
	  ALSO("lapic-eoi-missing", "level-eoi-missing"), .applies = ack_kept_applies, .mutate = drop_event },
	{ "drop-thread-done", "a oneshot thread's end is gone, its unmask and the interrupts behind it",
	  FAIL("oneshot-never-finished"), ALSO("pin-left-masked"),
	  .doubt = "the deadline is taken from the capture's own threads, which may be slower than what is left of it",
	  .applies = thread_done_applies, .mutate = drop_thread_done },

	{ "lose-edge", "an interrupt comes while its irq is disabled, and is not sent again", FAIL("edge-lost"),
	  .applies = disable_applies, .mutate = lose_edge },
	{ "replay-edge", "an interrupt comes while its irq is disabled, and is sent again", NO_FAIL,
	  .applies = replay_applies, .mutate = replay_edge },

	{ "alter-message", "a message is written with another vector, and the irq falls silent", FAIL("stale-message"),
	  .applies = message_applies, .mutate = alter_message },
	{ "drop-message", "a new vector's message is never written, and the irq falls silent", FAIL("stale-message"),
	  .applies = drop_message_applies, .mutate = drop_message },
	{ "drop-free-moved", "a moved vector's clean-up is gone although interrupts follow", FAIL("vector-stale"),
	  .applies = free_moved_applies, .mutate = drop_free_moved },
	{ "drop-affinity", "an affinity change stays pending although interrupts follow", FAIL("affinity-not-applied"),
	  .applies = affinity_applies, .mutate = drop_affinity },
	{ "no-vector", "request_irq() gets no vector", FAIL("vector-exhausted"), ALSO("enable-failed"),
	  .applies = alloc_applies, .mutate = no_vector },
	{ "parked-fires", "vector 239 arrives", FAIL("parked-vector-fired"),
	  .applies = parked_applies, .mutate = parked_fires },

	{ "bus-master-off", "a function's bus master bit is cleared, and it falls silent", FAIL("bus-master-off"),
	  .applies = function_applies, .mutate = bus_master_off },
	{ "bus-master-unproven", "the same, but the device may have been put to sleep", .expect = EXPECT_DOUBT,
	  .rules = { "bus-master-off" }, .doubt = "the device's power is not recorded",
	  .applies = function_applies, .mutate = bus_master_unproven },
	{ "bus-master-blip", "a function's bus master bit is cleared and set again at once", NO_FAIL,
	  .applies = function_applies, .mutate = bus_master_blip },
	{ "reset", "a function is reset and not restored, and falls silent", FAIL("restore-missing"),
	  ALSO("msix-left-masked", "bus-master-off", "stale-message"),
	  .applies = reset_applies, .mutate = reset_function },

	{ "report-unhandled", "the kernel reports an irq as not handled and disables it", FAIL("irq-unhandled"),
	  ALSO("irq-storm"), .applies = report_applies, .mutate = report_unhandled },
	{ "storm", "nobody claims a storm, and the kernel disables the irq", FAIL("irq-storm"), ALSO("irq-unhandled"),
	  .applies = storm_applies, .mutate = storm },
	{ "unhandled-run", "the last 150 interrupts of an irq are claimed by no action", .expect = EXPECT_DOUBT,
	  .rules = { "irq-unhandled" }, .doubt = "the kernel gives up at 99,900",
	  .applies = run_applies, .mutate = unhandled_run },
	{ "unhandled-some", "up to 50 interrupts are claimed by no action", NO_FAIL,
	  .applies = handled_applies, .mutate = some_unhandled },

	{ "drop-end", "one record of an irq's shutdown is gone", NO_FAIL, ALSO("vector-stale"),
	  .applies = end_applies, .mutate = drop_event },
	{ "drop-delivery", "one interrupt among others is gone", SAME,
	  .applies = plain_delivery_applies, .mutate = drop_delivery },
	{ "drop-action", "one action's run is gone, its interrupt is not", QUIETER,
	  .applies = plain_delivery_applies, .mutate = drop_action },
	{ .name = NULL },
};
