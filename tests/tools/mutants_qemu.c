/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is broken in a platform that QEMU or KVM makes, as its log shows it: a route that follows its redirection entry too
 * late, an EOI that never reaches the IO-APIC, a mask bit that nobody in the guest set. What the guest's kernel or the host
 * recorded of the same interrupt goes along.
 */
#include "mutants.h"

#include <string.h>

enum { RTE_VECTOR = 0xff, RTE_LEVEL = 1 << 15, RTE_MASKED = 1 << 16, NR_FOLLOWING = 2 };

/* An answer of the same QEMU thread to the write before it. */
#define ANSWER_NS	INT64_C(200000)

/* ---------------------------------------------------------------------------------------------------- looking */

static bool is_platform(const struct base *b, unsigned i)
{
	return b->origin[b->ev[i].source - 1].layer == LAYER_PLATFORM;
}

static bool is_of(const struct base *b, unsigned i, enum event_kind kind, struct object_ref ref)
{
	return b->ev[i].kind == kind && names_object(b, &b->ev[i], ref);
}

/* The next event of a kind that names the object behind i, b->nr where there is none; the one before it, b->nr as well. */
static unsigned next_of(const struct base *b, unsigned i, enum event_kind kind, struct object_ref ref)
{
	for (i++; i < b->nr; i++)
		if (is_of(b, i, kind, ref))
			return i;
	return b->nr;
}

static unsigned last_of(const struct base *b, unsigned i, enum event_kind kind, struct object_ref ref)
{
	while (i-- > 0)
		if (is_of(b, i, kind, ref))
			return i;
	return b->nr;
}

/* A pin's entry after event i, as far as its writes tell. */
static int64_t rte_at(const struct base *b, unsigned i, struct object_ref pin)
{
	unsigned write = b->ev[i].kind == EV_IOAPIC_RTE_WRITE && names_object(b, &b->ev[i], pin) ? i : b->nr;
	int64_t mask;

	while (write == b->nr || !event_arg(&b->ev[write], ARG_MASK, &mask) || !(mask & RTE_MASKED)) {
		i = write == b->nr ? i : write;
		write = last_of(b, i, EV_IOAPIC_RTE_WRITE, pin);
		if (write == b->nr)
			return -1;
	}
	return arg_of(&b->ev[write], ARG_RTE, -1);
}

static struct object_ref route_of(struct object_ref pin)
{
	return (struct object_ref){ .kind = OBJ_KROUTE, .machine = pin.machine, .id = object_pair_low(pin.id) };
}

static struct object_ref gsi_of(struct object_ref pin)
{
	return (struct object_ref){ .kind = OBJ_GSI, .machine = pin.machine, .id = object_pair_low(pin.id) };
}

/* Interrupts of a pin that follow behind i. */
static unsigned count_services(const struct base *b, unsigned i, struct object_ref pin)
{
	unsigned nr = 0;

	for (i++; i < b->nr; i++)
		nr += is_of(b, i, EV_IOAPIC_REMOTE_IRR, pin) && arg_of(&b->ev[i], ARG_VALUE, 0) == 1;
	return nr;
}

/* ---------------------------------------------------------------------------------------------------- changing */

static void drop(struct mutant *mu, unsigned i)
{
	mu->ev[i].kind = EV_NONE;
}

static bool is_of_delivery(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IOAPIC_REMOTE_IRR:
	case EV_IOAPIC_DELIVER:
	case EV_KVM_LINE:
	case EV_KVM_PIN:
	case EV_KVM_ACK:
	case EV_PCI_MSI_SEND:
	case EV_IRQ_FLOW:
	case EV_IRQ_ENTER:
	case EV_IRQ_EXIT:
	case EV_IRQ_ACK:
	case EV_XEN_IRQ_HANDLED:
	case EV_XEN_EVTCHN_CLEAR:
	case EV_XEN_EVTCHN_UPCALL:
	case EV_XEN_PIRQ_EOI:
		return true;
	default:
		return false;
	}
}

/* By vector alone. */
static bool is_of_vector(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IOAPIC_EOI:
	case EV_LAPIC_ACCEPT:
	case EV_LAPIC_DELIVER:
	case EV_LAPIC_EOI:
	case EV_KVM_ACCEPT:
	case EV_KVM_EOI_EXIT:
		return true;
	default:
		return false;
	}
}

static bool ends_use(const struct event *ev)
{
	return ev->kind == EV_IRQ_SHUTDOWN || ev->kind == EV_IRQ_FREE || ev->kind == EV_IRQ_STARTUP || ev->kind == EV_XEN_PIRQ_UNMAP ||
	       ev->kind == EV_VECTOR_UPDATE || ev->kind == EV_XEN_PIRQ_CLOSE || ev->kind == EV_PCI_MSIX_ENABLE;
}

static unsigned use_end(const struct base *b, unsigned i, const struct chain *chain)
{
	for (i++; i < b->nr; i++)
		if (ends_use(&b->ev[i]) && chain_has(b, chain, &b->ev[i]))
			return i;
	return b->nr;
}

/* The EOI that cleared it. */
static unsigned eoi_of(const struct base *b, unsigned i)
{
	unsigned k = i;

	if (arg_of(&b->ev[i], ARG_VALUE, 1))
		return b->nr;
	while (k-- > 0 && b->at_ns[k] > b->at_ns[i] - ANSWER_NS)
		if (b->ev[k].kind == EV_IOAPIC_EOI && b->ev[k].source == b->ev[i].source)
			return k;
	return b->nr;
}

/* Nothing of the interrupt comes any more until that time, of what was recorded by whom. */
static void silence(struct mutant *mu, unsigned i, const struct chain *chain, int64_t vector, int64_t until_ns)
{
	const struct base *b = mu->base;

	for (unsigned k = i + 1; k < b->nr && b->at_ns[k] < until_ns; k++) {
		if (b->ev[k].kind == EV_IOAPIC_REMOTE_IRR && chain_has(b, chain, &b->ev[k]) && eoi_of(b, k) < b->nr)
			drop(mu, eoi_of(b, k));
		if (is_of_delivery(&b->ev[k]) && chain_has(b, chain, &b->ev[k]))
			drop(mu, k);
		else if (vector > 0 && is_of_vector(&b->ev[k]) && arg_of(&b->ev[k], ARG_VECTOR, -1) == vector)
			drop(mu, k);
	}
}

static int64_t vector_of(const struct base *b, unsigned i, struct object_ref pin)
{
	int64_t rte = rte_at(b, i, pin);

	return rte < 0 ? -1 : rte & RTE_VECTOR;
}

static void chain_of_pin(const struct base *b, struct object_ref pin, unsigned i, struct chain *chain)
{
	chain_of(b, pin, b->at_ns[i], chain);
	if (chain->nr < CHAIN_MAX)
		chain->object[chain->nr++] = gsi_of(pin);
}

/* As the thread of event i would have done it, so much later. */
static struct event *insert_there(struct mutant *mu, unsigned i, int64_t later_ns, enum event_kind kind, enum witness witness,
				  const char *via, struct object_ref ref)
{
	struct event *ev = insert_later(mu, i, later_ns, kind, witness, via);

	ev->cpu = mu->base->ev[i].cpu;
	ev->pid = mu->base->ev[i].pid;
	event_add_object(ev, ref.kind, ref.id);
	return ev;
}

/* ---------------------------------------------------------------------------------------------------- routes */

/* The route update that follows from a write of an entry's low half; b->nr: none. */
static unsigned update_of(const struct base *b, unsigned i, struct object_ref pin)
{
	unsigned update = next_of(b, i, EV_KVM_ROUTE_UPDATE, route_of(pin));

	return update < b->nr && b->at_ns[update] < b->at_ns[i] + ANSWER_NS ? update : b->nr;
}

/* A write that gives an unmasked level pin another vector than it last sent, while its line is low. */
static bool moves_pin(const struct base *b, unsigned i)
{
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	unsigned service, line;
	int64_t rte;

	if (b->ev[i].kind != EV_IOAPIC_RTE_WRITE || !is_platform(b, i) || !pin.kind)
		return false;
	rte = rte_at(b, i, pin);
	service = last_of(b, i, EV_IOAPIC_REMOTE_IRR, pin);
	line = last_of(b, i, EV_IOAPIC_LINE, pin);
	return rte > 0 && (rte & RTE_LEVEL) && !(rte & RTE_MASKED) && service < b->nr && line < b->nr &&
	       arg_of(&b->ev[service], ARG_VALUE, 1) == 0 && arg_of(&b->ev[line], ARG_LEVEL, 1) == 0 &&
	       vector_of(b, service, pin) > 0 && vector_of(b, service, pin) != (rte & RTE_VECTOR);
}

static bool stale_route_applies(const struct base *b, unsigned i)
{
	return moves_pin(b, i) && update_of(b, i, named(b, &b->ev[i], OBJ_PIN)) < b->nr;
}

/* The line rises while the pin is masked. Times of a log are whole microseconds: order is what matters. */
static void raise_before(struct mutant *mu, unsigned i, struct object_ref pin)
{
	struct event *ev = insert_there(mu, i, 0, EV_IOAPIC_LINE, WITNESS_HARDWARE, "ioapic_set_irq", pin);

	ev->ordinal = mu->base->ev[i].ordinal - 1;
	event_arg_set(ev, ARG_LEVEL, 1);
}

static void service(struct mutant *mu, unsigned i, int64_t later_ns, struct object_ref pin)
{
	struct object_ref gsi = gsi_of(pin);

	event_arg_set(insert_there(mu, i, later_ns, EV_IOAPIC_REMOTE_IRR, WITNESS_HARDWARE, "ioapic_set_remote_irr", pin), ARG_VALUE, 1);
	event_arg_set(insert_there(mu, i, later_ns, EV_KVM_LINE, WITNESS_INFERRED, "kvm_vm_ioctl", gsi), ARG_LEVEL, 1);
	mu->ev[mu->nr - 1].t_lo_ns += 1;
	mu->ev[mu->nr - 1].t_hi_ns += 1;
}

static void lower(struct mutant *mu, unsigned i, int64_t later_ns, struct object_ref pin)
{
	event_arg_set(insert_there(mu, i, later_ns, EV_IOAPIC_LINE, WITNESS_HARDWARE, "ioapic_set_irq", pin), ARG_LEVEL, 0);
}

/* QEMU before 8.0: what was waiting goes out by the route that KVM still has, and its EOI fits nothing. */
static void stale_route(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	struct chain chain;

	chain_of_pin(b, pin, i, &chain);
	aim_at(mu, pin, b->at_ns[i]);
	silence(mu, i, &chain, vector_of(b, i, pin), INT64_MAX);
	raise_before(mu, i, pin);
	service(mu, i, 0, pin);
	lower(mu, update_of(b, i, pin), 20000, pin);
}

/* QEMU 8.0 and later: the route first. The EOI is that of the entry's vector. */
static void fresh_route(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	unsigned update = update_of(b, i, pin), commit = update;

	while (commit < b->nr && !(b->ev[commit].kind == EV_KVM_ROUTE_COMMIT && b->ev[commit].witness == WITNESS_HARDWARE))
		commit++;
	aim_at(mu, pin, b->at_ns[i]);
	if (commit == b->nr)
		return;
	raise_before(mu, i, pin);
	service(mu, commit, 1000, pin);
	lower(mu, commit, 20000, pin);
	event_arg_set(insert_later(mu, commit, 30000, EV_IOAPIC_EOI, WITNESS_HARDWARE, "ioapic_eoi_broadcast"), ARG_VECTOR, vector_of(b, i, pin));
	event_arg_set(insert_there(mu, commit, 31000, EV_IOAPIC_REMOTE_IRR, WITNESS_HARDWARE, "ioapic_clear_remote_irr", pin), ARG_VALUE, 0);
}

/* Without KVM the entry itself is what is sent. */
static bool no_route_applies(const struct base *b, unsigned i)
{
	if (!moves_pin(b, i) || (b->recorded_by & BY_XEN))
		return false;
	for (unsigned k = 0; k < b->nr; k++)
		if (b->ev[k].kind == EV_KVM_ROUTE_UPDATE || b->ev[k].kind == EV_KVM_ROUTE_COMMIT)
			return false;
	return b->nr_origins == 1;
}

static void no_route(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);

	aim_at(mu, pin, b->at_ns[i]);
	raise_before(mu, i, pin);
	event_arg_set(insert_there(mu, i, 0, EV_IOAPIC_REMOTE_IRR, WITNESS_HARDWARE, "ioapic_set_remote_irr", pin), ARG_VALUE, 1);
	lower(mu, i, 20000, pin);
	event_arg_set(insert_later(mu, i, 30000, EV_IOAPIC_EOI, WITNESS_HARDWARE, "ioapic_eoi_broadcast"), ARG_VECTOR, vector_of(b, i, pin));
	event_arg_set(insert_there(mu, i, 31000, EV_IOAPIC_REMOTE_IRR, WITNESS_HARDWARE, "ioapic_clear_remote_irr", pin), ARG_VALUE, 0);
}

static bool commit_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_KVM_ROUTE_COMMIT || b->ev[i].kind == EV_KVM_ROUTE_UPDATE;
}

static void drop_record(struct mutant *mu, unsigned i)
{
	mu->t_ns = mu->base->at_ns[i];
	drop(mu, i);
}

/* ---------------------------------------------------------------------------------------------------- EOI */

/* Remote IRR that an EOI clears, of a pin that goes on being used. */
static bool clear_applies(const struct base *b, unsigned i)
{
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);

	return b->ev[i].kind == EV_IOAPIC_REMOTE_IRR && is_platform(b, i) && arg_of(&b->ev[i], ARG_VALUE, 1) == 0 &&
	       count_services(b, i, pin) >= NR_FOLLOWING && vector_of(b, i, pin) > 0;
}

/* The kernel's own acknowledgement, just before. */
static unsigned ack_of(const struct base *b, unsigned i, const struct chain *chain)
{
	for (unsigned k = i; k-- > 0 && b->at_ns[k] > b->at_ns[i] - SETTLE_NS / 100;)
		if (b->ev[k].kind == EV_IRQ_ACK && chain_has(b, chain, &b->ev[k]))
			return k;
	return b->nr;
}

/*
 * Where the kernel recorded the same EOI, or nothing else mends it: software that writes the entry may do so to have remote
 * IRR cleared. Xen writes it as it moves the irq, which takes an interrupt.
 */
static bool lasting_clear_applies(const struct base *b, unsigned i)
{
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	struct chain chain;

	if (!clear_applies(b, i))
		return false;
	chain_of_pin(b, pin, i, &chain);
	if (ack_of(b, i, &chain) < b->nr)
		return true;
	return time_of(b, b->nr) > b->at_ns[i] + 3 * SETTLE_NS &&
	       ((b->recorded_by & BY_XEN) || next_of(b, i, EV_IOAPIC_RTE_WRITE, pin) == b->nr);
}

/* What of the kernel's and the host's records is of the same EOI. */
static void drop_eoi_of(struct mutant *mu, unsigned i, const struct chain *chain)
{
	const struct base *b = mu->base;
	unsigned eoi = eoi_of(b, i);

	drop(mu, i);
	if (eoi < b->nr)
		drop(mu, eoi);
	if (ack_of(b, i, chain) < b->nr)
		drop(mu, ack_of(b, i, chain));
	for (unsigned k = i; (b->recorded_by & BY_XEN) && k < b->nr; k++)
		if ((b->ev[k].kind == EV_IOAPIC_RTE_WRITE || b->ev[k].kind == EV_IOAPIC_RTE_READ) && chain_has(b, chain, &b->ev[k]))
			drop(mu, k);
}

static void drop_eoi(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	struct chain chain;

	chain_of_pin(b, pin, i, &chain);
	aim_at(mu, pin, b->at_ns[i]);
	silence(mu, i, &chain, vector_of(b, i, pin), INT64_MAX);
	drop_eoi_of(mu, i, &chain);
}

static void drop_eoi_record(struct mutant *mu, unsigned i)
{
	unsigned eoi = eoi_of(mu->base, i);

	aim_at(mu, named(mu->base, &mu->base->ev[i], OBJ_PIN), mu->base->at_ns[i]);
	drop(mu, i);
	if (eoi < mu->base->nr)
		drop(mu, eoi);
}

/* ---------------------------------------------------------------------------------------------------- masks */

/* A moment behind an EOI at which a pin in use can be masked: nothing else is under way. */
static bool pin_mask_applies(const struct base *b, unsigned i)
{
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	struct chain chain;
	unsigned next;

	if (!clear_applies(b, i) || (b->recorded_by & BY_XEN))	/* whose trace shows nothing of its pins */
		return false;
	next = next_of(b, i, EV_IOAPIC_REMOTE_IRR, pin);
	chain_of_pin(b, pin, i, &chain);
	return b->at_ns[next] > b->at_ns[i] + 20 * SOON_NS && use_end(b, i, &chain) > next &&
	       time_of(b, use_end(b, i, &chain)) > b->at_ns[i] + SETTLE_NS;
}

static struct event *write_mask(struct mutant *mu, unsigned i, int64_t later_ns, bool masked)
{
	struct object_ref pin = named(mu->base, &mu->base->ev[i], OBJ_PIN);
	int64_t rte = rte_at(mu->base, i, pin) & ~(int64_t)(RTE_MASKED | 1 << 14);
	struct event *ev = insert_later(mu, i, later_ns, EV_IOAPIC_RTE_WRITE, WITNESS_HARDWARE, "ioapic_mem_write");

	event_add_object(ev, pin.kind, pin.id);
	event_arg_set(ev, ARG_RTE, masked ? rte | RTE_MASKED : rte);
	event_arg_set(ev, ARG_MASK, -1);
	return ev;
}

static void mask_pin(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	struct chain chain;

	chain_of_pin(b, pin, i, &chain);
	aim_at(mu, pin, b->at_ns[i]);
	silence(mu, i, &chain, vector_of(b, i, pin), b->at_ns[use_end(b, i, &chain) - 1] + 1);
	write_mask(mu, i, 2000, true);
}

static void mask_pin_shortly(struct mutant *mu, unsigned i)
{
	aim_at(mu, named(mu->base, &mu->base->ev[i], OBJ_PIN), mu->base->at_ns[i]);
	write_mask(mu, i, 2000, true);
	write_mask(mu, i, 3000, false);
}

/* A device notifies by an entry that feeds an irq, and will again. */
static bool entry_mask_applies(const struct base *b, unsigned i)
{
	struct object_ref entry = named(b, &b->ev[i], OBJ_MSIX);
	struct chain chain;
	unsigned end, next;

	if (b->ev[i].kind != EV_DEVICE_NOTIFY || !is_platform(b, i) || !entry.kind)
		return false;
	chain_of(b, entry, b->at_ns[i], &chain);
	end = use_end(b, i, &chain);
	next = next_of(b, i, EV_DEVICE_NOTIFY, entry);
	return chain_find(&chain, OBJ_IRQ).kind && next < end && b->at_ns[next] > b->at_ns[i] + SETTLE_NS / 50 &&
	       time_of(b, end) > b->at_ns[next] + SETTLE_NS;
}

static void write_entry_mask(struct mutant *mu, unsigned i, int64_t later_ns, bool masked)
{
	struct object_ref entry = named(mu->base, &mu->base->ev[i], OBJ_MSIX);
	struct event *ev = insert_later(mu, i, later_ns, EV_PCI_MSIX_ENTRY_MASK, WITNESS_HARDWARE, "memory_region_ops_write");

	event_add_object(ev, entry.kind, entry.id);
	event_arg_set(ev, ARG_MASKED, masked);
}

/* Long enough behind the notification for what it led to. */
static void mask_entry(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct object_ref entry = named(b, &b->ev[i], OBJ_MSIX);
	unsigned next = next_of(b, i, EV_DEVICE_NOTIFY, entry), from = i;
	struct chain chain;

	chain_of(b, entry, b->at_ns[i], &chain);
	aim_at(mu, entry, b->at_ns[next]);
	while (from + 1 < next && b->at_ns[from] < b->at_ns[next] - SETTLE_NS / 200)
		from++;
	silence(mu, from, &chain, -1, time_of(b, use_end(b, i, &chain)));
	for (unsigned k = from; k < use_end(b, i, &chain); k++)	/* moving it takes an interrupt */
		if ((b->ev[k].kind == EV_PCI_MSIX_ENTRY_MASK || b->ev[k].kind == EV_PCI_MSIX_ENTRY_WRITE) && names_object(b, &b->ev[k], entry))
			drop(mu, k);
	write_entry_mask(mu, i, SETTLE_NS / 100, true);
}

static void mask_entry_shortly(struct mutant *mu, unsigned i)
{
	aim_at(mu, named(mu->base, &mu->base->ev[i], OBJ_MSIX), mu->base->at_ns[i]);
	write_entry_mask(mu, i, SETTLE_NS / 100, true);
	write_entry_mask(mu, i, SETTLE_NS / 100 + 1000, false);
}

/* ---------------------------------------------------------------------------------------------------- records */

/* What nothing waits for. */
static bool idle_record_applies(const struct base *b, unsigned i)
{
	switch (b->ev[i].kind) {
	case EV_IOAPIC_RTE_READ:
	case EV_DEVICE_NOTIFY:
	case EV_LAPIC_IPI:
	case EV_KVM_EOI_EXIT:
	case EV_PCI_INTERRUPT_LINE:
	case EV_PCI_MSI_SEND:
	case EV_KVM_ACCEPT:
	case EV_KVM_LINE:
		return true;
	default:
		return false;
	}
}

/* A line that is told to be as it was. */
static bool line_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_IOAPIC_LINE && named(b, &b->ev[i], OBJ_PIN).kind;
}

static void repeat_line(struct mutant *mu, unsigned i)
{
	struct event *ev = insert_later(mu, i, 0, EV_IOAPIC_LINE, WITNESS_HARDWARE, "ioapic_set_irq");
	uint64_t ordinal = ev->ordinal;

	*ev = mu->base->ev[i];
	ev->ordinal = ordinal;
}

/* ---------------------------------------------------------------------------------------------------- the table */

const struct op qemu_ops[] = {
	{ "stale-route", "a line rises while its pin is moved, and goes out by the route of before", FAIL("stale-route-delivery"),
	  ALSO("eoi-vector-mismatch", "level-eoi-missing"), .applies = stale_route_applies, .mutate = stale_route },
	{ "fresh-route", "a line rises while its pin is moved, and goes out once the route has followed", NO_FAIL,
	  .applies = stale_route_applies, .mutate = fresh_route },
	{ "no-route", "a line rises while its pin is moved, where there is no KVM", NO_FAIL,
	  .applies = no_route_applies, .mutate = no_route },
	{ "drop-route", "the record of a route's update, or of the routes' commit, is gone", NO_FAIL,
	  .applies = commit_applies, .mutate = drop_record },
	{ "drop-eoi-pin", "an EOI never reaches its pin, and nothing comes any more", FAIL("level-eoi-missing", "eoi-vector-mismatch"),
	  .applies = lasting_clear_applies, .mutate = drop_eoi },
	{ "drop-eoi-pin-kept", "an EOI's records are gone, but interrupts prove that it came", NO_FAIL,
	  ALSO("level-eoi-missing", "eoi-vector-mismatch"), .applies = clear_applies, .mutate = drop_eoi_record },
	{ "platform-mask-pin", "somebody but a vCPU masks a pin in use, and it falls silent", FAIL("pin-left-masked"),
	  .applies = pin_mask_applies, .mutate = mask_pin },
	{ "platform-mask-pin-shortly", "somebody but a vCPU masks a pin in use, and unmasks it at once", NO_FAIL,
	  .applies = pin_mask_applies, .mutate = mask_pin_shortly },
	{ "platform-mask-entry", "somebody but a vCPU masks an MSI-X entry in use, and it falls silent", FAIL("msix-left-masked"),
	  .applies = entry_mask_applies, .mutate = mask_entry },
	{ "platform-mask-entry-shortly", "somebody but a vCPU masks an MSI-X entry in use, and unmasks it at once", NO_FAIL,
	  .applies = entry_mask_applies, .mutate = mask_entry_shortly },
	{ "drop-platform-record", "a record that nothing waits for is gone", QUIETER,
	  .applies = idle_record_applies, .mutate = drop_record },
	{ "repeat-line", "a line is driven to where it is", SAME, .applies = line_applies, .mutate = repeat_line },
	{ .name = NULL },
};
