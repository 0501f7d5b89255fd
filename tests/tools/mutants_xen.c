/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is broken under Xen: between the message and the event channel, by the guest's kernel, by whoever writes a mask bit
 * behind Xen's back, and in what a dump shows. Numbers of the sources differ for one interrupt: its chain joins them.
 */
#include "mutants.h"

#include <string.h>

enum { NOT_PERMITTED = -1 };

/* ---------------------------------------------------------------------------------------------------- looking */

static const enum object_kind of_irq[] = { OBJ_XIRQ, OBJ_PIRQ, OBJ_PORT, OBJ_IRQ };

/* The object of an event that is one interrupt's; OBJ_NONE where it is about none. */
static struct object_ref subject(const struct base *b, const struct event *ev)
{
	for (unsigned k = 0; k < sizeof(of_irq) / sizeof(of_irq[0]); k++) {
		struct object_ref ref = named(b, ev, of_irq[k]);

		if (ref.kind != OBJ_NONE)
			return ref;
	}
	return (struct object_ref){ .kind = OBJ_NONE };
}

static bool is_field(const struct base *b, unsigned i, const char *field)
{
	return b->ev[i].kind == EV_SNAPSHOT_FIELD && !strcmp(text_of(b, &b->ev[i], ARG_FIELD), field);
}

static void chain_at(const struct base *b, unsigned i, struct chain *chain)
{
	chain_of(b, subject(b, &b->ev[i]), b->at_ns[i], chain);
}

/* The last field of that name that dumps show of an object of the chain before they are cut; b->nr: none. */
static unsigned dumped(const struct base *b, const struct chain *chain, const char *field)
{
	for (unsigned i = b->nr; i-- > 0;)
		if (b->ev[i].kind == EV_SNAPSHOT_FIELD && chain_has(b, chain, &b->ev[i]) && !strcmp(text_of(b, &b->ev[i], ARG_FIELD), field))
			return i;
	return b->nr;
}

static bool dumped_as(const struct base *b, const struct chain *chain, const char *field, const char *text)
{
	unsigned i = dumped(b, chain, field);

	return i < b->nr && !strcmp(text_of(b, &b->ev[i], ARG_TEXT), text);
}

/* A message that can be masked. */
static bool is_maskable(const struct base *b, const struct chain *chain)
{
	return dumped_as(b, chain, "xen_msi.maskable", "yes");
}

static bool is_line(const struct base *b, const struct chain *chain)
{
	return dumped_as(b, chain, "xen_irq.type", "IO-APIC-level");
}

/* The EOI of a line, or of a message that cannot be masked, is the guest's to give. */
static bool owes_eoi(const struct base *b, const struct chain *chain)
{
	return is_line(b, chain) || dumped_as(b, chain, "xen_msi.maskable", "no");
}

static bool is_control(const struct event *ev)
{
	switch (ev->kind) {
	case EV_IRQ_SETUP:
	case EV_IRQ_STARTUP:
	case EV_IRQ_SHUTDOWN:
	case EV_IRQ_FREE:
	case EV_IRQ_DISABLE:
	case EV_XEN_PIRQ_MAP:
	case EV_XEN_PIRQ_UNMAP:
	case EV_XEN_PIRQ_BIND:
	case EV_XEN_PIRQ_CLOSE:
	case EV_XEN_EVTCHN_BIND:
	case EV_XEN_IRQ_ASSIGN:
	case EV_XEN_IRQ_CLEAR:
		return true;
	default:
		return false;
	}
}

/* Where one of its interrupts begins, as far up as it is recorded. */
static bool begins(const struct event *ev)
{
	return ev->kind == EV_XEN_IRQ_HANDLED || ev->kind == EV_XEN_EVTCHN_CLEAR || ev->kind == EV_DEVICE_NOTIFY;
}

static bool is_of_delivery(const struct event *ev)
{
	switch (ev->kind) {
	case EV_XEN_IRQ_HANDLED:
	case EV_XEN_EVTCHN_CLEAR:
	case EV_XEN_EVTCHN_UPCALL:
	case EV_XEN_EVTCHN_MASK:
	case EV_XEN_EVTCHN_UNMASK:
	case EV_XEN_PIRQ_EOI:
	case EV_IRQ_FLOW:
	case EV_IRQ_ENTER:
	case EV_IRQ_EXIT:
	case EV_PCI_MSI_SEND:
		return true;
	default:
		return false;
	}
}

/* The next control of the chain behind i; b->nr where it stays in use. */
static unsigned next_control(const struct base *b, unsigned i, const struct chain *chain)
{
	for (i++; i < b->nr; i++)
		if (is_control(&b->ev[i]) && chain_has(b, chain, &b->ev[i]))
			return i;
	return b->nr;
}

/* Without a dump the capture ends with its last record. */
static int64_t left_ns(const struct base *b, unsigned i, const struct chain *chain)
{
	return time_of(b, next_control(b, i, chain)) - b->at_ns[i];
}

static unsigned count_begins(const struct base *b, unsigned i, unsigned end, const struct chain *chain)
{
	unsigned nr = 0;

	for (i++; i < end; i++)
		nr += b->ev[i].kind == EV_IRQ_ENTER && chain_has(b, chain, &b->ev[i]);
	return nr;
}

/* In use by the end of the capture, and for a while: what a dump behind it shows is of it. */
static bool in_use_at_end(const struct base *b, unsigned i, struct chain *chain)
{
	if (subject(b, &b->ev[i]).kind == OBJ_NONE)
		return false;
	chain_at(b, i, chain);
	return next_control(b, i, chain) == b->nr && chain_find(chain, OBJ_IRQ).kind && chain_find(chain, OBJ_XIRQ).kind;
}

/* ---------------------------------------------------------------------------------------------------- changing */

static void drop(struct mutant *mu, unsigned i)
{
	mu->ev[i].kind = EV_NONE;
}

/* What a dump shows of an interrupt's course, not of its configuration. */
static bool is_of_course(const struct base *b, unsigned i)
{
	static const char *const fields[] = {
		"xen_irq.in_flight", "xen_irq.status", "xen_pirq.eoi_owed", "ioapic_pin.remote_irr", "ioapic_pin.mask",
		"ioapic_pin.delivery_status", "xen_port.mask", "xen_port.pending",
	};

	for (unsigned k = 0; b->ev[i].kind == EV_SNAPSHOT_FIELD && k < sizeof(fields) / sizeof(fields[0]); k++)
		if (!strcmp(text_of(b, &b->ev[i], ARG_FIELD), fields[k]))
			return true;
	return false;
}

/* Its interrupts behind i are gone, and what dumps behind i show of their course. A delivery that has begun ends. */
static void silence(struct mutant *mu, unsigned i, const struct chain *chain)
{
	const struct base *b = mu->base;
	unsigned end = next_control(b, i, chain);
	bool begun = false;

	for (unsigned k = i + 1; k < b->nr; k++) {
		if (!chain_has(b, chain, &b->ev[k]))
			continue;
		begun |= begins(&b->ev[k]);
		if (begun && k < end && is_of_delivery(&b->ev[k]))
			drop(mu, k);
		if (is_of_course(b, k))
			drop(mu, k);
	}
}

static void aim_at_chain(struct mutant *mu, unsigned i, const struct chain *chain)
{
	struct object_ref xirq = chain_find(chain, OBJ_XIRQ);

	aim_at(mu, xirq.kind ? xirq : subject(mu->base, &mu->base->ev[i]), mu->base->at_ns[i]);
}

/* ---------------------------------------------------------------------------------------------------- EOI */

/* Of an irq that stays in use: whatever ends that is an EOI, too. */
static bool eoi_applies(const struct base *b, unsigned i, bool owed)
{
	struct chain chain;

	if (b->ev[i].kind != EV_XEN_PIRQ_EOI || b->ev[i].witness < WITNESS_SHADOW)
		return false;
	chain_at(b, i, &chain);
	return left_ns(b, i, &chain) > SETTLE_NS && next_control(b, i, &chain) == b->nr &&
	       (owed ? owes_eoi(b, &chain) : is_maskable(b, &chain));
}

static bool owed_eoi_applies(const struct base *b, unsigned i)
{
	return eoi_applies(b, i, true);
}

static bool message_eoi_applies(const struct base *b, unsigned i)
{
	return eoi_applies(b, i, false);
}

/* A dump behind i shows the debt. */
static void show_owed(struct mutant *mu, unsigned i, const struct chain *chain)
{
	const struct base *b = mu->base;

	for (unsigned k = i + 1; k < b->nr; k++) {
		if (b->ev[k].kind != EV_SNAPSHOT_FIELD || !chain_has(b, chain, &b->ev[k]))
			continue;
		if (is_field(b, k, "xen_pirq.eoi_owed")) {
			mu->ev[k] = b->ev[k];
			event_arg_set(&mu->ev[k], ARG_TEXT, intern(mu, "yes"));
		} else if (is_field(b, k, "xen_irq.in_flight")) {
			mu->ev[k] = b->ev[k];
			event_arg_set(&mu->ev[k], ARG_VALUE, 1);
		}
	}
}

static void drop_eoi(struct mutant *mu, unsigned i)
{
	struct chain chain;

	chain_at(mu->base, i, &chain);
	aim_at_chain(mu, i, &chain);
	drop(mu, i);
	silence(mu, i, &chain);
	if (owes_eoi(mu->base, &chain))
		show_owed(mu, i, &chain);
	declare(mu, "signal xen.pirq.eoi@shadow complete via eoi_pirq");
}

static void drop_eoi_kept(struct mutant *mu, unsigned i)
{
	struct chain chain;

	chain_at(mu->base, i, &chain);
	aim_at_chain(mu, i, &chain);
	drop(mu, i);
}

/* ---------------------------------------------------------------------------------------------------- binding */

static bool ends_binding(const struct event *ev)
{
	return ev->kind == EV_XEN_PIRQ_UNMAP || ev->kind == EV_XEN_PIRQ_CLOSE || ev->kind == EV_IRQ_FREE;
}

/* A binding that lasts. */
static bool bind_applies(const struct base *b, unsigned i)
{
	struct chain chain;

	if (b->ev[i].kind != EV_XEN_PIRQ_BIND)
		return false;
	chain_at(b, i, &chain);
	for (unsigned k = i + 1; k < b->nr; k++)
		if (ends_binding(&b->ev[k]) && chain_has(b, &chain, &b->ev[k]))
			return false;
	return time_of(b, b->nr) > b->at_ns[i] + SETTLE_NS;
}

/* Every part of binding the pirq, up to the port's first unmask. */
static bool is_of_binding(const struct event *ev)
{
	return ev->kind == EV_XEN_PIRQ_BIND || ev->kind == EV_XEN_EVTCHN_BIND || ev->kind == EV_XEN_EVTCHN_UNMASK ||
	       ev->kind == EV_XEN_EVTCHN_MASK;
}

/* The binding that begins there; what it leads to is dropped, too, up to the end of that use. */
static void drop_binding(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct chain chain;

	chain_of(b, subject(b, &b->ev[i]), b->at_ns[i] + SOON_NS * 20, &chain);
	aim_at_chain(mu, i, &chain);
	for (unsigned k = i + 1; k < b->nr; k++) {
		if (!chain_has(b, &chain, &b->ev[k]))
			continue;
		if (ends_binding(&b->ev[k]))
			break;
		if (is_of_binding(&b->ev[k]) || is_of_delivery(&b->ev[k]) || b->ev[k].kind == EV_SNAPSHOT_FIELD)
			drop(mu, k);
	}
}

/* Xen refuses: the guest's kernel records the call, and that it failed. */
static void refuse_bind(struct mutant *mu, unsigned i)
{
	drop_binding(mu, i);
	event_arg_set(&mu->ev[i], ARG_RET, NOT_PERMITTED);
}

static void drop_bind(struct mutant *mu, unsigned i)
{
	drop_binding(mu, i);
	drop(mu, i);
}

/* The unmask of an irq that has been started: the last one of that port in its use. */
static bool unmask_applies(const struct base *b, unsigned i)
{
	struct object_ref port = named(b, &b->ev[i], OBJ_PORT);
	struct chain chain;
	unsigned end;

	if (b->ev[i].kind != EV_XEN_EVTCHN_UNMASK || b->ev[i].witness < WITNESS_SHADOW || !port.kind)
		return false;
	chain_at(b, i, &chain);
	end = next_control(b, i, &chain);
	if (!chain_find(&chain, OBJ_IRQ).kind || !chain_find(&chain, OBJ_PIRQ).kind || left_ns(b, i, &chain) < SETTLE_NS)
		return false;
	for (unsigned k = i + 1; k < end; k++)
		if (b->ev[k].kind == EV_XEN_EVTCHN_UNMASK && names_object(b, &b->ev[k], port))
			return false;
	return true;
}

static void drop_unmask(struct mutant *mu, unsigned i)
{
	struct chain chain;

	chain_at(mu->base, i, &chain);
	aim_at_chain(mu, i, &chain);
	drop(mu, i);
	silence(mu, i, &chain);
	declare(mu, "signal irq.disable@shadow complete via irq_disable");
	declare(mu, "signal irq.enable@shadow complete via irq_enable");
}

/* Of the port's last use. */
static bool last_unmask_applies(const struct base *b, unsigned i)
{
	struct chain chain;

	if (!unmask_applies(b, i))
		return false;
	chain_at(b, i, &chain);
	return next_control(b, i, &chain) == b->nr;
}

/* Without a record of disable_irq(), it may be meant. */
static void drop_unmask_unproven(struct mutant *mu, unsigned i)
{
	drop_unmask(mu, i);
	mu->head[0] = 0;
}

static bool unmask_kept_applies(const struct base *b, unsigned i)
{
	struct chain chain;

	if (!unmask_applies(b, i))
		return false;
	chain_at(b, i, &chain);
	return count_begins(b, i, next_control(b, i, &chain), &chain) > 1;
}

static void drop_unmask_kept(struct mutant *mu, unsigned i)
{
	aim_at(mu, subject(mu->base, &mu->base->ev[i]), mu->base->at_ns[i]);
	drop(mu, i);
}

/* ---------------------------------------------------------------------------------------------------- dumps */

/* The field of the last dump of a message that its guest uses. */
static bool last_dump_applies(const struct base *b, unsigned i, const char *field)
{
	struct chain chain;

	if (!is_field(b, i, field) || !in_use_at_end(b, i, &chain) || dumped(b, &chain, field) != i)
		return false;
	return dumped_as(b, &chain, "xen_irq.action", "guest") && chain_find(&chain, OBJ_PORT).kind &&
	       count_begins(b, 0, b->nr, &chain) > 0;
}

/* Its last interrupt came well before: Xen itself masks what comes too often, for a while. */
static bool is_settled(const struct base *b, unsigned i)
{
	struct chain chain;
	unsigned last = i;

	chain_at(b, i, &chain);
	while (last > 0 && !(begins(&b->ev[last]) && chain_has(b, &chain, &b->ev[last])))
		last--;
	return b->at_ns[i] - b->at_ns[last] > SETTLE_NS / 10;
}

static bool hardware_mask_applies(const struct base *b, unsigned i)
{
	return last_dump_applies(b, i, "msix_entry.mask") && is_settled(b, i) && b->ev[i].witness == WITNESS_HARDWARE;
}

static void say_masked(struct mutant *mu, unsigned i)
{
	struct chain chain;

	chain_at(mu->base, i, &chain);
	aim_at_chain(mu, i, &chain);
	event_arg_set(&mu->ev[i], ARG_TEXT, intern(mu, "masked"));
}

static bool wanted_mask_applies(const struct base *b, unsigned i, const char *field)
{
	struct chain chain;

	if (!last_dump_applies(b, i, field) || !is_settled(b, i))
		return false;
	chain_at(b, i, &chain);
	return is_maskable(b, &chain);
}

static bool host_mask_applies(const struct base *b, unsigned i)
{
	return wanted_mask_applies(b, i, "xen_msi.host_mask");
}

static bool guest_mask_applies(const struct base *b, unsigned i)
{
	return wanted_mask_applies(b, i, "xen_msi.guest_mask");
}

/* Someone who wants it masked, and so it is. */
static void mask_whole(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct chain chain;
	unsigned hw;

	say_masked(mu, i);
	chain_at(b, i, &chain);
	hw = dumped(b, &chain, "msix_entry.mask");
	if (hw < b->nr)
		event_arg_set(&mu->ev[hw], ARG_TEXT, intern(mu, "masked"));
}

static bool pin_mask_applies(const struct base *b, unsigned i)
{
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);
	struct chain chain;

	if (!is_field(b, i, "ioapic_pin.mask") || !pin.kind || strcmp(text_of(b, &b->ev[i], ARG_TEXT), "unmasked"))
		return false;
	chain_of(b, pin, b->at_ns[i], &chain);
	return chain_find(&chain, OBJ_IRQ).kind && chain_find(&chain, OBJ_PORT).kind && is_line(b, &chain) &&
	       b->at_ns[i] > b->at_ns[b->nr - 1] - SETTLE_NS && dumped_as(b, &chain, "xen_irq.action", "guest");
}

/* In all that the dump shows of the pin. */
static void mask_pin(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	struct object_ref pin = named(b, &b->ev[i], OBJ_PIN);

	aim_at(mu, pin, b->at_ns[i]);
	for (unsigned k = 0; k < b->nr; k++)
		if (b->ev[k].source == b->ev[i].source && is_field(b, k, "ioapic_pin.mask") && names_object(b, &b->ev[k], pin))
			event_arg_set(&mu->ev[k], ARG_TEXT, intern(mu, "masked"));
}

static bool vector_applies(const struct base *b, unsigned i)
{
	return last_dump_applies(b, i, "xen_irq.vector");
}

static void alter_vector(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;
	int64_t vector = arg_of(&b->ev[i], ARG_VALUE, 0), v;
	struct chain chain;

	chain_at(b, i, &chain);
	aim_at_chain(mu, i, &chain);
	vector = vector > 0x80 ? vector - 1 - random_below(&mu->random, 64) : vector + 1 + random_below(&mu->random, 64);
	for (unsigned k = 0; k < b->nr; k++)
		if (b->ev[k].source == b->ev[i].source && is_field(b, k, "xen_irq.vector") && chain_has(b, &chain, &b->ev[k]) &&
		    event_arg(&b->ev[k], ARG_VALUE, &v))
			event_arg_set(&mu->ev[k], ARG_VALUE, vector);
}

/* ---------------------------------------------------------------------------------------------------- vectors */

static bool handled_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_XEN_IRQ_HANDLED;
}

/* An arrival that no irq claims is Xen's to count, and nobody's fault by itself. */
static void unmapped(struct mutant *mu, unsigned i)
{
	unsigned vector = 0x21 + random_below(&mu->random, 0x9f);
	struct event *ev = insert_later(mu, i, 1000, EV_XEN_IRQ_UNMAPPED, WITNESS_SHADOW, "IRQ_UNMAPPED_VECTOR");

	ev->cpu = mu->base->ev[i].cpu;
	event_add_object(ev, OBJ_VECTOR, object_id_pair(ev->cpu < 0 ? 0 : ev->cpu, vector));
	event_arg_set(ev, ARG_VECTOR, vector);
}

static bool assign_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_XEN_IRQ_ASSIGN;
}

/* A move whose old vector nobody is seen to release; a dump behind it has other vectors. */
static void assign_anew(struct mutant *mu, unsigned i)
{
	const struct event *handled = &mu->base->ev[i];
	struct event *ev = insert_later(mu, i, 1000, EV_XEN_IRQ_ASSIGN, WITNESS_SHADOW, "IRQ_ASSIGN_VECTOR");

	aim_at(mu, subject(mu->base, handled), mu->base->at_ns[i]);
	ev->cpu = handled->cpu;
	event_add_object(ev, OBJ_XIRQ, handled->object[0].id);
	event_arg_set(ev, ARG_VECTOR, 0x21 + random_below(&mu->random, 0x9f));
	event_arg_set(ev, ARG_CPUMASK, 1);
}

static bool clear_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_XEN_IRQ_CLEAR || b->ev[i].kind == EV_XEN_IRQ_MOVE_CLEANUP || b->ev[i].kind == EV_XEN_IRQ_MOVE_FINISH;
}

static void drop_record(struct mutant *mu, unsigned i)
{
	aim_at(mu, subject(mu->base, &mu->base->ev[i]), mu->base->at_ns[i]);
	drop(mu, i);
}

/* ---------------------------------------------------------------------------------------------------- deliveries */

/* One of an irq's interrupts in the guest's trace alone, or in Xen's alone. */
static bool in_between(const struct base *b, unsigned i)
{
	struct chain chain;

	chain_at(b, i, &chain);
	return left_ns(b, i, &chain) > SETTLE_NS / 10 && count_begins(b, i, next_control(b, i, &chain), &chain) > 2;
}

static bool handled_between_applies(const struct base *b, unsigned i)
{
	return handled_applies(b, i) && in_between(b, i);
}

static bool enter_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_IRQ_ENTER && subject(b, &b->ev[i]).kind != OBJ_NONE && in_between(b, i);
}

/* Entry and exit. */
static void drop_action(struct mutant *mu, unsigned i)
{
	const struct base *b = mu->base;

	drop_record(mu, i);
	for (unsigned k = i + 1; k < b->nr; k++)
		if (b->ev[k].kind == EV_IRQ_EXIT && b->ev[k].cpu == b->ev[i].cpu && names_object(b, &b->ev[k], mu->target)) {
			drop(mu, k);
			break;
		}
}

static bool call_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_XEN_HYPERCALL || b->ev[i].kind == EV_SCHED_VCPU_RUNS || b->ev[i].kind == EV_SCHED_VCPU_STOPS ||
	       b->ev[i].kind == EV_XEN_EVTCHN_UPCALL;
}

static bool irq_setup_applies(const struct base *b, unsigned i)
{
	return is_control(&b->ev[i]) && b->ev[i].kind != EV_XEN_PIRQ_MAP;
}

static bool map_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_XEN_PIRQ_MAP || b->ev[i].kind == EV_XEN_GSI_SETUP || b->ev[i].kind == EV_XEN_VPIN_WRITE;
}

/* Any one field of any dump. */
static bool field_applies(const struct base *b, unsigned i)
{
	return b->ev[i].kind == EV_SNAPSHOT_FIELD;
}

/* ---------------------------------------------------------------------------------------------------- the table */

const struct op xen_ops[] = {
	{ "drop-pirq-eoi", "a guest's EOI that Xen waits for is gone, and the interrupts behind it", FAIL("pirq-eoi-missing"),
	  .applies = owed_eoi_applies, .mutate = drop_eoi },
	{ "drop-pirq-eoi-none", "a message that needs no EOI gets none, and its interrupts behind it are gone", NO_FAIL,
	  .applies = message_eoi_applies, .mutate = drop_eoi },
	{ "drop-pirq-eoi-kept", "a guest's EOI that Xen waits for is gone, but interrupts and dumps prove that it happened", NO_FAIL,
	  .applies = owed_eoi_applies, .mutate = drop_eoi_kept },
	{ "refuse-bind", "Xen refuses to bind a pirq, and no later call does", FAIL("pirq-not-bound"),
	  .applies = bind_applies, .mutate = refuse_bind },
	{ "drop-bind", "a pirq's binding is gone, and the interrupts behind it", NO_FAIL,
	  .applies = bind_applies, .mutate = drop_bind },
	{ "drop-evtchn-unmask", "an event channel's unmask is gone, and the interrupts behind it", FAIL("evtchn-left-masked"),
	  .applies = unmask_applies, .mutate = drop_unmask },
	{ "drop-evtchn-unmask-unproven", "the same, but the irq may have been disabled", .expect = EXPECT_DOUBT,
	  .rules = { "evtchn-left-masked" }, .doubt = "disable_irq() is not recorded",
	  .applies = last_unmask_applies, .mutate = drop_unmask_unproven },
	{ "drop-evtchn-unmask-kept", "an event channel's unmask is gone, but interrupts prove that it happened", NO_FAIL,
	  .applies = unmask_kept_applies, .mutate = drop_unmask_kept },
	{ "dump-masked", "the last dump shows a message masked that nobody wants masked", FAIL("msix-left-masked", "msi-left-masked"),
	  .applies = hardware_mask_applies, .mutate = say_masked },
	{ "dump-masked-by-host", "the last dump shows a message masked that Xen wants masked", FAIL("msix-left-masked", "msi-left-masked"),
	  .applies = host_mask_applies, .mutate = mask_whole },
	{ "dump-masked-by-guest", "the last dump shows a message masked that its guest wants masked",
	  FAIL("msix-left-masked", "msi-left-masked"), .applies = guest_mask_applies, .mutate = mask_whole },
	{ "dump-pin-masked", "the last dump shows a pin masked whose guest waits for it", FAIL("pin-left-masked"),
	  .applies = pin_mask_applies, .mutate = mask_pin },
	{ "dump-vector", "the last dump shows another vector", FAIL("model-disagrees"),
	  .applies = vector_applies, .mutate = alter_vector },
	{ "unmapped-vector", "a vector arrives that no irq of Xen's has", NO_FAIL, .applies = handled_applies, .mutate = unmapped },
	{ "assign-anew", "an irq of Xen's gets another vector, and no record says that the old one is released", NO_FAIL,
	  ALSO("model-disagrees", "vector-stale"), .applies = handled_applies, .mutate = assign_anew },
	{ "drop-assign", "the record of a vector's assignment is gone", NO_FAIL, .applies = assign_applies, .mutate = drop_record },
	{ "drop-clear", "the record of a vector's release is gone", NO_FAIL, ALSO("vector-stale"),
	  .applies = clear_applies, .mutate = drop_record },
	{ "drop-map", "the record of a pirq's mapping, or of its line's, is gone", NO_FAIL, .applies = map_applies, .mutate = drop_record },
	{ "drop-use", "one record of an irq's beginning or end in a guest is gone", NO_FAIL,
	  .applies = irq_setup_applies, .mutate = drop_record },
	{ "drop-handled", "Xen's record of one interrupt among others is gone", QUIETER,
	  .applies = handled_between_applies, .mutate = drop_record },
	{ "drop-action-xen", "a guest's record of one interrupt among others is gone", QUIETER,
	  .applies = enter_applies, .mutate = drop_action },
	{ "drop-call", "a hypercall, upcall or switch of vCPUs is gone", QUIETER, .applies = call_applies, .mutate = drop_record },
	{ "drop-field", "a field of a dump is gone", QUIETER, .applies = field_applies, .mutate = drop_record },
	{ .name = NULL },
};
