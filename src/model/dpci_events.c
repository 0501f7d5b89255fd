/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's MSI-X tables, known by address alone: a write of an MSI address to one that is a multiple of 16 begins an entry;
 * the upper address, data and vector control follow in the three words behind it (PCI Express, MSI-X table structure). Whose
 * function the table is no record tells; of dom0's, whose addresses are the machine's, a list of functions with their BARs does.
 *
 * A message that names a pirq tells its binding. One with a vector is bound when the guest first unmasks the entry: the vCPU
 * waits for the device model then, and the irq that is given a vector meanwhile is the entry's, if no other vCPU waits
 * likewise. It has a name once a dump shows which pirq of the domain that irq leads to.
 *
 * What the guest did before anything tied its entry to an irq is told then, as of when it did it: its last write of vector
 * control where the irq was handled before that write and never behind it, as binding clears an earlier one unseen.
 *
 * Not followed: writes of a guest that nothing names, as without the scheduler's records, but for those of a PVH dom0 that is
 * the only domain; whole qwords to the upper half of
 * an entry below 4 GiB, of which vector control is not recorded.
 */
#include <stdlib.h>

#include "model/owners.h"
#include "model/replay.h"

enum { MAX_ENTRIES = 1024, NR_SLOTS = 2 * MAX_ENTRIES, NR_VECTORS = 1024 };
enum { MSI_ADDRESS = 0xfee, EXTINT = 7, MAX_WAITERS = 32, ANSWER_NS = 200000000 };
enum { HAVE_LOW = 1, HAVE_HIGH = 2, HAVE_DATA = 4, HAVE_CTRL = 8, HAVE_MESSAGE = HAVE_LOW | HAVE_HIGH | HAVE_DATA };

struct vmsix_entry {
	uint64_t base;			/* guest physical */
	uint32_t domain;
	uint32_t low, high, data;
	uint8_t have;
	bool masked;
	int64_t ctrl_event, ctrl_ns;	/* of its last vector control */
	int64_t message_event, message_ns;
	uint32_t xirq;			/* object id of the irq that it is bound to, 0: none known */
	uint32_t dpci;			/* object id, 0: it has no name yet */
};

/* A vCPU that unmasked an entry which nothing is known to be bound to. */
struct waiter {
	uint64_t vcpu;
	uint32_t entry;			/* number plus one, 0: none */
	int32_t cpu;
	int64_t t_ns;
};

struct vmsix {
	struct vmsix_entry entry[MAX_ENTRIES];
	uint32_t nr, slot[NR_SLOTS];	/* slot: number plus one */
	struct waiter waiter[MAX_WAITERS];
	uint32_t by_vector[NR_VECTORS];	/* entry that has it in its message, number plus one; the last of those that share a place */
};

void vmsix_free(struct vmsix *tables)
{
	free(tables);
}

/* ---- entries ---- */

static struct vmsix_entry *find_entry(struct model *m, uint32_t domain, uint64_t base, bool make)
{
	uint64_t hash = (base ^ (uint64_t)domain << 48) * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t i = hash >> 32 & (NR_SLOTS - 1);
	struct vmsix_entry *entry;

	if (!m->vmsix && (!make || !(m->vmsix = calloc(1, sizeof(*m->vmsix)))))
		return NULL;
	for (; m->vmsix->slot[i]; i = (i + 1) & (NR_SLOTS - 1)) {
		entry = &m->vmsix->entry[m->vmsix->slot[i] - 1];
		if (entry->base == base && entry->domain == domain)
			return entry;
	}
	if (!make || m->vmsix->nr == MAX_ENTRIES)
		return NULL;
	entry = &m->vmsix->entry[m->vmsix->nr];
	*entry = (struct vmsix_entry){ .base = base, .domain = domain };
	m->vmsix->slot[i] = ++m->vmsix->nr;
	return entry;
}

static struct object *object_of(const struct model *m, uint32_t id, enum object_kind kind)
{
	struct object *obj = id ? registry_get(m->objects, id) : NULL;

	return obj && obj->row.ref.kind == kind ? obj : NULL;
}

static bool names_pirq(const struct vmsix_entry *entry)
{
	return (entry->have & HAVE_MESSAGE) == HAVE_MESSAGE && (entry->data >> 8 & 7) == EXTINT && !(entry->data & 0xff);
}

static uint32_t pirq_named(const struct vmsix_entry *entry)
{
	return (entry->low >> 12 & 0xff) | (entry->high & 0xffffff00);
}

static bool is_clear(const struct vmsix_entry *entry)
{
	return !entry->low && !entry->data;
}

/* ---- told as of when it was done ---- */

/* Nothing of these is known since a later time. */
static bool is_news(const struct mark *mark, unsigned nr, int64_t t_ns)
{
	for (unsigned i = 0; i < nr; i++)
		if (mark[i].event && mark[i].t_ns > t_ns)
			return false;
	return true;
}

static void tell_dpci(struct model *m, struct object *dpci, enum dpci_input in, int64_t event, int64_t t_ns)
{
	int64_t event_now = m->event, now_ns = m->now_ns;
	bool then = is_news(dpci->dpci.mark, NR_DPCI_REGIONS, t_ns);

	m->event = then ? event : m->event;
	m->now_ns = then ? t_ns : m->now_ns;
	dpci_input(m, dpci, in);
	m->event = event_now;
	m->now_ns = now_ns;
}

static uint32_t *place_of(struct model *m, uint32_t domain, int64_t vector)
{
	return &m->vmsix->by_vector[(domain * 256 + (vector & 0xff)) % NR_VECTORS];
}

static void tell_message(struct model *m, struct object *dpci, const struct vmsix_entry *entry)
{
	enum dpci_input in = is_clear(entry) ? DPCI_MESSAGE_ZERO : names_pirq(entry) ? DPCI_MESSAGE_PIRQ : DPCI_MESSAGE_VECTOR;

	tell_dpci(m, dpci, in, entry->message_event, entry->message_ns);
	dpci->dpci.vector = in == DPCI_MESSAGE_VECTOR ? (int32_t)(entry->data & 0xff) : -1;
	dpci->dpci.dest = in == DPCI_MESSAGE_VECTOR ? (int32_t)(entry->low >> 12 & 0xff) : -1;
	if (in == DPCI_MESSAGE_VECTOR)
		*place_of(m, entry->domain, entry->data) = entry - m->vmsix->entry + 1;
}

static void tell_mask(struct model *m, struct object *dpci, const struct vmsix_entry *entry)
{
	tell_dpci(m, dpci, entry->masked ? DPCI_MASK : DPCI_UNMASK, entry->ctrl_event, entry->ctrl_ns);
}

/* The guest's wish at the irq of Xen. */
static void tell_wish(struct model *m, struct object *xirq, const struct vmsix_entry *entry)
{
	int64_t event = m->event, now_ns = m->now_ns;

	if (!is_news(xirq->xirq.msi_mark, NR_XMSI_REGIONS, entry->ctrl_ns))
		return;
	m->event = entry->ctrl_event;
	m->now_ns = entry->ctrl_ns;
	xmsi_input(m, xirq, entry->masked ? XMSI_GUEST_MASK : XMSI_GUEST_UNMASK);
	m->event = event;
	m->now_ns = now_ns;
}

/* It was in use before the guest's last word on it, and not behind that. */
static bool was_last_word(const struct object *xirq, const struct vmsix_entry *entry)
{
	const struct summary_row *sum = &xirq->xirq.summary;

	return entry->ctrl_event && sum->deliveries && sum->last_ns <= entry->ctrl_ns;
}

/* ---- names ---- */

static enum path path_of(const struct model *m, const struct vmsix_entry *entry)
{
	if (m->opt->forced_path >= 0)
		return m->opt->forced_path;
	return !entry->domain ? PATH_DOM0_PVH : names_pirq(entry) ? PATH_HVM_PIRQ : PATH_HVM_PASSTHROUGH;
}

static void set_path(struct model *m, struct object *obj, const struct vmsix_entry *entry)
{
	obj->row.path = path_of(m, entry);
	write_path(m, machine_of_domain(entry->domain), obj->row.path);
}

static struct object *name_entry(struct model *m, struct vmsix_entry *entry, uint32_t pirq)
{
	struct object_ref ref = { .kind = OBJ_DPCI, .machine = MACHINE_XEN, .id = object_id_pair(entry->domain, pirq) };
	bool is_new = !registry_find(m->objects, ref);
	struct object *dpci = model_object(m, &ref), *feeder;

	if (!dpci)
		return NULL;
	if (is_new)
		dpci->row.first_event = entry->message_event;
	entry->dpci = dpci->row.id;
	set_path(m, dpci, entry);
	ref.kind = OBJ_PIRQ;
	feeder = registry_find(m->objects, ref);
	if (feeder)
		link_xen(m, feeder, dpci, PROOF_SEEN);
	tell_message(m, dpci, entry);
	if (entry->have & HAVE_CTRL)
		tell_mask(m, dpci, entry);
	return dpci;
}

/* ---- writes ---- */

static void close_waiter(struct model *m, uint64_t vcpu)
{
	for (unsigned i = 0; m->vmsix && i < MAX_WAITERS; i++)
		if (m->vmsix->waiter[i].entry && m->vmsix->waiter[i].vcpu == vcpu)
			m->vmsix->waiter[i].entry = 0;
}

static void open_waiter(struct model *m, const struct vmsix_entry *entry, uint64_t vcpu)
{
	for (unsigned i = 0; i < MAX_WAITERS; i++) {
		struct waiter *w = &m->vmsix->waiter[i];

		if (w->entry)
			continue;
		*w = (struct waiter){ .vcpu = vcpu, .entry = entry - m->vmsix->entry + 1, .cpu = m->ev->cpu, .t_ns = m->now_ns };
		return;
	}
}

/* The pirq of a message that names one, met or not. */
static struct object *pirq_of(struct model *m, const struct vmsix_entry *entry)
{
	struct object_ref ref = { .kind = OBJ_PIRQ, .machine = MACHINE_XEN, .id = object_id_pair(entry->domain, pirq_named(entry)) };
	struct object *pirq = names_pirq(entry) ? model_object(m, &ref) : NULL;

	if (pirq && !pirq->pirq.is_message) {
		pirq->pirq.is_message = true;
		learn_pirq_path(m, pirq);
	}
	return pirq;
}

static void on_message(struct model *m, struct vmsix_entry *entry)
{
	struct object *dpci = object_of(m, entry->dpci, OBJ_DPCI);

	entry->message_event = m->event;
	entry->message_ns = m->now_ns;
	if (pirq_of(m, entry))
		name_entry(m, entry, pirq_named(entry));
	else if (dpci)
		tell_message(m, dpci, entry);
}

static struct object *xirq_of(const struct model *m, const struct vmsix_entry *entry)
{
	const struct object *dpci = object_of(m, entry->dpci, OBJ_DPCI);
	struct object *xirq = object_of(m, entry->xirq, OBJ_XIRQ);
	struct object *pirq;

	if (xirq || !dpci)
		return xirq;
	pirq = registry_find(m->objects, (struct object_ref){
		.kind = OBJ_PIRQ, .machine = dpci->row.ref.machine, .id = dpci->row.ref.id });
	return pirq ? pirq->pirq.xirq : NULL;
}

static void on_control(struct model *m, struct vmsix_entry *entry, uint32_t value, uint64_t vcpu)
{
	struct object *dpci = object_of(m, entry->dpci, OBJ_DPCI), *xirq = xirq_of(m, entry), *pirq = pirq_of(m, entry);

	entry->have |= HAVE_CTRL;
	entry->masked = value & 1;
	entry->ctrl_event = m->event;
	entry->ctrl_ns = m->now_ns;
	if (dpci)
		tell_mask(m, dpci, entry);
	/* what Xen makes of a pirq's depends on its release */
	if (pirq)
		table_store(m, pirq, entry->masked);
	else if (xirq)
		tell_wish(m, xirq, entry);
	else if (!entry->masked && !names_pirq(entry) && (entry->have & HAVE_DATA) && !is_clear(entry))
		open_waiter(m, entry, vcpu);
}

static void write_word(struct model *m, struct vmsix_entry *entry, unsigned offset, uint32_t value, uint64_t vcpu)
{
	switch (offset) {
	case 0:
		entry->low = value;
		entry->have = HAVE_LOW | (entry->have & HAVE_CTRL);
		break;
	case 4:
		entry->high = value;
		entry->have |= HAVE_HIGH;
		break;
	case 8:
		entry->data = value;
		entry->have |= HAVE_DATA;
		on_message(m, entry);
		break;
	case 12:
		on_control(m, entry, value, vcpu);
		break;
	default:
		break;
	}
}

static const struct object_ref *guest_of(const struct event *ev)
{
	const struct object_ref *vcpu = event_object(ev, OBJ_VCPU);

	return vcpu && object_pair_high(vcpu->id) < MACHINE_NR - MACHINE_DOMAIN ? vcpu : NULL;
}

/* Where records of who runs are missing, and only dom0 can: whoever of it runs on that CPU. */
static bool unnamed_writer(const struct model *m, const struct event *ev, uint64_t *vcpu)
{
	enum { BEYOND_VCPUS = 0x10000 };

	if (event_object(ev, OBJ_VCPU) || ev->cpu < 0 || !is_pvh_dom0_alone(m))
		return false;
	*vcpu = object_id_pair(0, BEYOND_VCPUS + (uint32_t)ev->cpu);
	return true;
}

static bool writer_of(const struct model *m, const struct event *ev, uint64_t *vcpu)
{
	const struct object_ref *ref = guest_of(ev);

	if (ref)
		*vcpu = ref->id;
	return ref || unnamed_writer(m, ev, vcpu);
}

static void on_next(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VCPU);
	uint64_t vcpu;

	if (!m->vmsix)
		return;
	if (ref)
		close_waiter(m, ref->id);
	else if (unnamed_writer(m, ev, &vcpu))
		close_waiter(m, vcpu);
}

/* Words are written one by one, or two at a time above 4 GiB. */
static void on_write(struct model *m, const struct event *ev)
{
	struct vmsix_entry *entry;
	int64_t addr, value;
	unsigned offset;
	uint64_t vcpu;

	on_next(m, ev);
	if (!writer_of(m, ev, &vcpu) || !event_arg(ev, ARG_ADDR, &addr) || !event_arg(ev, ARG_VALUE, &value) || addr & 3)
		return;
	offset = addr & 15;
	entry = find_entry(m, object_pair_high(vcpu), (uint64_t)addr & ~UINT64_C(15),
			   !offset && ((uint64_t)value >> 20 & 0xfff) == MSI_ADDRESS);
	if (!entry)
		return;
	write_word(m, entry, offset, (uint32_t)value, vcpu);
	if ((uint64_t)value >> 32 && !(offset & 4))
		write_word(m, entry, offset + 4, (uint64_t)value >> 32, vcpu);
}

/* ---- binding ---- */

/* The only vCPU that waits; the hardware domain's is answered on its own CPU. */
static struct waiter *only_waiter(struct model *m, const struct event *ev)
{
	struct waiter *only = NULL;

	for (unsigned i = 0; i < MAX_WAITERS; i++) {
		struct waiter *w = &m->vmsix->waiter[i];

		if (w->entry && m->now_ns - w->t_ns > ANSWER_NS)
			w->entry = 0;
		if (!w->entry)
			continue;
		if (only)
			return NULL;
		only = w;
	}
	return only && (object_pair_high(only->vcpu) || only->cpu == ev->cpu) ? only : NULL;
}

static void name_by_pirqs(struct model *m, struct vmsix_entry *entry, const struct object *xirq)
{
	for (const struct object *pirq = xirq->xirq.pirqs; pirq; pirq = pirq->pirq.next)
		if (object_pair_high(pirq->row.ref.id) == entry->domain && pirq->row.ref.machine == MACHINE_XEN) {
			struct object *dpci = name_entry(m, entry, object_pair_low(pirq->row.ref.id));

			if (dpci)
				dpci_input(m, dpci, DPCI_BIND);
			return;
		}
}

static void bind(struct model *m, struct vmsix_entry *entry, struct object *xirq)
{
	struct held held[MAX_HELD];

	entry->xirq = xirq->row.id;
	set_path(m, xirq, entry);
	/* an entry of a table always has a mask bit */
	object_holds(xirq, held);
	see_region(m, xirq, &held[1], XMSI_REGION_CAN, BIT_SET, true);
	/* masked as it is mapped; the unmask that is waited for comes behind that */
	xmsi_input(m, xirq, XMSI_MAPPED);
	xmsi_input(m, xirq, XMSI_GUEST_UNMASK);
	name_by_pirqs(m, entry, xirq);
}

/* A move gives no irq to anybody. */
static void on_assign(struct model *m, const struct event *ev)
{
	struct object *xirq = object_named(m, ev, OBJ_XIRQ);
	struct waiter *waiter;

	if (!m->vmsix || !xirq || xirq->xirq.old_vector >= 0)
		return;
	waiter = only_waiter(m, ev);
	if (!waiter)
		return;
	bind(m, &m->vmsix->entry[waiter->entry - 1], xirq);
	waiter->entry = 0;
}

static bool is_of(const struct model *m, const struct vmsix_entry *entry, const struct object *pirq, const struct object *xirq)
{
	const struct object *dpci = object_of(m, entry->dpci, OBJ_DPCI);

	if (dpci)
		return dpci->row.ref.id == pirq->row.ref.id && dpci->row.ref.machine == pirq->row.ref.machine;
	return entry->xirq == xirq->row.id && entry->domain == object_pair_high(pirq->row.ref.id);
}

void dpci_joined(struct model *m, struct object *xirq, struct object *pirq)
{
	for (uint32_t i = 0; m->vmsix && i < m->vmsix->nr; i++) {
		struct vmsix_entry *entry = &m->vmsix->entry[i];
		struct object *dpci;

		if (!is_of(m, entry, pirq, xirq))
			continue;
		if (!entry->xirq && was_last_word(xirq, entry) && !whatif_computes(m, xirq))
			tell_wish(m, xirq, entry);
		entry->xirq = xirq->row.id;
		dpci = entry->dpci ? object_of(m, entry->dpci, OBJ_DPCI) : name_entry(m, entry, object_pair_low(pirq->row.ref.id));
		if (!dpci)
			continue;
		pirq->row.path = xirq->row.path = dpci->row.path;
		link_xen(m, pirq, dpci, PROOF_SEEN);
		dpci_input(m, dpci, DPCI_BIND);
	}
}

/* ---- interrupts ---- */

static struct object *dpci_of(const struct model *m, const struct object *pirq)
{
	return registry_find(m->objects, (struct object_ref){
		.kind = OBJ_DPCI, .machine = pirq->row.ref.machine, .id = pirq->row.ref.id });
}

/* An entry that is bound again gets another irq, even where its number is the same. */
static void leave_entries(struct model *m, const struct object *xirq)
{
	for (uint32_t i = 0; i < m->vmsix->nr; i++)
		if (m->vmsix->entry[i].xirq == xirq->row.id)
			m->vmsix->entry[i].xirq = 0;
}

/* To those of its guests that have it passed through. */
static void on_xirq(struct model *m, const struct event *ev)
{
	struct object *xirq = m->vmsix ? object_named(m, ev, OBJ_XIRQ) : NULL;

	if (xirq && ev->kind == EV_XEN_IRQ_CLEAR)
		leave_entries(m, xirq);
	for (struct object *pirq = xirq ? xirq->xirq.pirqs : NULL; pirq; pirq = pirq->pirq.next) {
		struct object *dpci = dpci_of(m, pirq);

		if (dpci)
			dpci_input(m, dpci, ev->kind == EV_XEN_IRQ_HANDLED ? DPCI_ARRIVE : DPCI_UNBIND);
	}
}

static void on_inject(struct model *m, const struct event *ev)
{
	const struct object_ref *vcpu = guest_of(ev);
	const struct vmsix_entry *entry;
	struct object *dpci;
	uint32_t number;
	int64_t vector;

	on_next(m, ev);
	if (!m->vmsix || !vcpu || !event_arg(ev, ARG_VECTOR, &vector))
		return;
	number = *place_of(m, object_pair_high(vcpu->id), vector);
	entry = number ? &m->vmsix->entry[number - 1] : NULL;
	dpci = entry && entry->domain == object_pair_high(vcpu->id) ? object_of(m, entry->dpci, OBJ_DPCI) : NULL;
	if (dpci && dpci->dpci.vector == vector)
		dpci_input(m, dpci, DPCI_INJECT);
}

/* ---- the function ---- */

/* Is it the only function in whose table the entry is? NULL: none is, or two claim to be. */
static const struct object *function_at(const struct model *m, uint64_t address)
{
	uint32_t last = registry_last(m->objects);
	const struct object *only = NULL;

	for (uint32_t id = 1; id <= last; id++) {
		const struct object *fn = registry_get(m->objects, id);

		if (!fn || fn->row.ref.kind != OBJ_PCI || fn->row.ref.machine != MACHINE_XEN || !fn->fn.table_address ||
		    address < fn->fn.table_address || (address - fn->fn.table_address) / 16 >= fn->fn.nr_entries)
			continue;
		if (only)
			return NULL;
		only = fn;
	}
	return only;
}

void dpci_devices(struct model *m)
{
	for (uint32_t i = 0; m->vmsix && i < m->vmsix->nr; i++) {
		const struct vmsix_entry *entry = &m->vmsix->entry[i];
		struct object *xirq = entry->domain ? NULL : xirq_of(m, entry), *msix;
		const struct object *fn = xirq && !xirq->xirq.entry ? function_at(m, entry->base) : NULL;
		struct object_ref ref = { .kind = OBJ_MSIX, .machine = MACHINE_XEN };

		if (!fn)
			continue;
		ref.id = object_id_entry(fn->row.ref.id, (unsigned)((entry->base - fn->fn.table_address) / 16));
		msix = model_object(m, &ref);
		if (msix)
			link_listed(m, fn, msix, xirq);
	}
}

/* ---- the guest's irq ---- */

static bool takes(const struct object *irq, const struct object *dpci, uint16_t machine)
{
	return irq && irq->row.ref.kind == OBJ_IRQ && irq->row.ref.machine == machine && irq->row.gone_ns == NO_TIME &&
	       irq->irq.alloc && irq->irq.alloc->vector == dpci->dpci.vector && irq->irq.alloc->apicdest == dpci->dpci.dest;
}

/*
 * The irq of the guest's kernel that has the vector and destination of its entry's message, where one alone has. Clocks of
 * the two need not be one: what both hold in the end is compared.
 */
void dpci_finish(struct model *m, struct object *dpci)
{
	uint16_t machine = machine_of_domain(object_pair_high(dpci->row.ref.id));
	uint32_t last = registry_last(m->objects);
	struct object *only = NULL;

	if (dpci->dpci.vector < 0)
		return;
	for (uint32_t id = 1; id <= last; id++) {
		struct object *irq = registry_get(m->objects, id);

		if (!takes(irq, dpci, machine))
			continue;
		if (only)
			return;
		only = irq;
	}
	if (only)
		dpci->out = open_link(m, dpci, only, PROOF_INFERRED);
}

event_handler dpci_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_XEN_MMIO_WRITE] = on_write,
		[EV_XEN_IRQ_ASSIGN] = on_assign,
		[EV_XEN_IRQ_CLEAR] = on_xirq,
		[EV_XEN_IRQ_HANDLED] = on_xirq,
		[EV_XEN_HVM_INJECT] = on_inject,
		[EV_XEN_HVM_EOI] = on_next,
		[EV_XEN_HVM_HALT] = on_next,
		[EV_XEN_HYPERCALL] = on_next,
		[EV_XEN_TSC_READ] = on_next,
		[EV_XEN_VPIN_WRITE] = on_next,
	};

	return handlers[kind];
}
