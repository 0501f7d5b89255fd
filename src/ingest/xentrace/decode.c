/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/xentrace/decode.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/xentrace/rows.h"

enum { SLOTS_LOG2 = 13, NR_SLOTS = 1 << SLOTS_LOG2, MAX_KINDS = NR_SLOTS / 2, NR_ROWS_MAX = 128 };

/* Domains that are no machines: 0x7ff0 to 0x7fff, the idle one is 0x7fff. Machines end at MACHINE_NR. */
enum { DOMAIN_FIRST_SPECIAL = 0x7ff0, DOMAIN_MAX = MACHINE_NR - MACHINE_DOMAIN - 1 };

/* What was counted under a header word: its kind, and how many words it has. */
struct slot {
	uint32_t header;
	const struct xen_row *row;
	uint64_t count, kept, odd;	/* odd: not of the shape that its row has */
};

/* What a CPU runs. */
struct pcpu {
	bool known;
	uint16_t domain, vcpu;
	bool emulated;			/* its guest was left last for an access that somebody emulates */
};

/* What a vCPU, or whoever runs on a CPU, last wrote to port 0xcf8; another that shares the place takes it over. */
struct config_address {
	uint64_t writer;
	uint32_t value;		/* 0: nothing seen */
};

enum { CONFIG_LOG2 = 10, NR_CONFIG_ADDRESSES = 1 << CONFIG_LOG2 };

/* Of a domain, and 0: of whom is unknown. */
struct domain {
	uint32_t key;
	uint32_t select;		/* register of its virtual IO-APIC; NO_SELECT: unknown */
	bool has_tsc;
	int64_t tsc_lo, tsc_hi;		/* bounds of its TSC's offset, proven so far */
	int64_t all_lo, all_hi;		/* of all reads together, as far as they were kept */
	unsigned nr_anew;		/* reads that contradicted those before */
};

enum { MAX_DOMAINS = 256 };
#define NO_SELECT UINT32_MAX

struct xen_decode {
	const struct input *in;
	const struct reader_host *host;
	struct slot *slots;
	unsigned nr_kinds;
	uint64_t nr_beyond;	/* records of kinds that are not counted apart */
	str_id via[NR_ROWS_MAX];
	str_id op[64];
	struct pcpu *pcpus;
	uint32_t nr_cpus;
	struct domain domains[MAX_DOMAINS];
	unsigned nr_domains, next_domain;
	struct config_address config[NR_CONFIG_ADDRESSES];
};

struct xen_decode *xen_decode_new(const struct input *in, const struct reader_host *host, uint32_t nr_cpus)
{
	struct xen_decode *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->in = in;
	d->host = host;
	d->slots = calloc(NR_SLOTS, sizeof(*d->slots));
	d->pcpus = calloc(nr_cpus, sizeof(*d->pcpus));
	d->nr_cpus = nr_cpus;
	if (!d->slots || !d->pcpus) {
		xen_decode_free(d);
		return NULL;
	}
	return d;
}

void xen_decode_free(struct xen_decode *d)
{
	if (!d)
		return;
	free(d->slots);
	free(d->pcpus);
	free(d);
}

/* ---- counts ---- */

static struct slot *find_slot(struct xen_decode *d, uint32_t header)
{
	uint32_t i = header * 0x9e3779b1u >> (32 - SLOTS_LOG2);

	while (d->slots[i].header && d->slots[i].header != header)
		i = (i + 1) & (NR_SLOTS - 1);
	if (d->slots[i].header)
		return &d->slots[i];
	if (d->nr_kinds == MAX_KINDS)
		return NULL;
	d->nr_kinds++;
	d->slots[i] = (struct slot){ .header = header, .row = xen_row(header) };
	return &d->slots[i];
}

void xen_decode_windows(struct xen_decode *d, uint64_t nr)
{
	struct slot *slot = nr ? find_slot(d, WINDOW_HEADER_WORD) : NULL;

	if (slot)
		slot->count += nr;
}

static const char *const runstates[] = { "running", "runnable", "blocked", "offline" };

static void print_name(char *buf, size_t len, uint32_t header, const struct xen_row *row)
{
	uint32_t id = header & 0x0fffffff;

	if (row && row->special == XEN_RUNSTATE)
		snprintf(buf, len, "%s %s to %s", row->name, runstates[id >> 8 & 3], runstates[id >> 4 & 3]);
	else
		snprintf(buf, len, "%s", row ? row->name : "unknown");
}

static void tell_count(struct xen_decode *d, const struct slot *slot)
{
	struct record_kind rk = { .count = slot->count, .kept = slot->kept };
	char name[64];

	print_name(name, sizeof(name), slot->header, slot->row);
	snprintf(rk.name, sizeof(rk.name), "%08x extra=%u cycles=%u %s", slot->header & 0x0fffffff, slot->header >> 28 & 7,
		 slot->header >> 31, name);
	d->host->sink->record_kind(d->host->sink->ctx, &rk);
	if (slot->odd)
		diag_report(d->host->diag, DIAG_REMARK, (struct diag_pos){ d->in->path, 0, 0 },
			    "%" PRIu64 " records %s are not of the shape that is known, they are only counted", slot->odd,
			    rk.name);
}

/* Of some rows records tell different kinds of facts. */
static const struct {
	uint8_t special;
	uint16_t kind;
	uint8_t grade;
} other_kinds[] = {
	{ XEN_RUNSTATE, EV_SCHED_VCPU_STOPS, SIGNAL_COMPLETE },
	{ XEN_RUNSTATE, EV_SCHED_VCPU_WAKES, SIGNAL_COMPLETE },
	{ XEN_MMIO, EV_XEN_VPIN_WRITE, SIGNAL_PARTIAL },
	{ XEN_MMIO, EV_XEN_VPIN_EOI, SIGNAL_PARTIAL },
	{ XEN_MMIO, EV_XEN_HVM_EOI, SIGNAL_PARTIAL },
	{ XEN_PORT, EV_VPCI_WRITE, SIGNAL_PARTIAL },
};

/* The i-th fact that a row shows, counted down where it is another's. Reads show nothing but themselves. */
static bool row_shows(const struct xen_row *row, bool all, unsigned *i, struct reader_shows *out)
{
	if (!row->kind || (row->only_all && !all))
		return false;
	*out = (struct reader_shows){ row->name, row->kind, row->witness, row->grade == SIGNAL_COMPLETE, false };
	if (!(*i)--)
		return true;
	for (size_t k = 0; k < sizeof(other_kinds) / sizeof(other_kinds[0]); k++) {
		if (other_kinds[k].special != row->special || row->only_all)
			continue;
		out->kind = other_kinds[k].kind;
		out->complete = other_kinds[k].grade == SIGNAL_COMPLETE;
		if (!(*i)--)
			return true;
	}
	return false;
}

static bool nth_shown(unsigned i, bool all, struct reader_shows *out)
{
	for (const struct xen_row *row = xen_rows; row->name; row++)
		if (row_shows(row, all, &i, out))
			return true;
	return false;
}

bool xen_decode_shows(unsigned i, struct reader_shows *out)
{
	return nth_shown(i, false, out);
}

/* A mask decides which records there are, the file does not have it: a kind was on once one of its records is seen. */
static void tell_signals(struct xen_decode *d)
{
	struct reader_shows shows;

	for (unsigned i = 0; nth_shown(i, d->in->keep_all, &shows); i++) {
		struct source_signal signal = {
			.kind = shows.kind, .witness = shows.witness, .basis = SIGNAL_SEEN,
			.grade = shows.complete ? SIGNAL_COMPLETE : SIGNAL_PARTIAL,
		};

		if (shows.kind == EV_LOST)
			continue;
		snprintf(signal.via, sizeof(signal.via), "%s", shows.record);
		d->host->sink->signal(d->host->sink->ctx, &signal);
	}
}

static int by_id(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;
	uint32_t i = x->header & 0x0fffffff, j = y->header & 0x0fffffff;

	if (i != j)
		return i < j ? -1 : 1;
	return x->header < y->header ? -1 : x->header > y->header;
}

void xen_decode_end(struct xen_decode *d)
{
	struct record_kind beyond = { .name = "of further kinds", .count = d->nr_beyond };

	tell_signals(d);
	qsort(d->slots, NR_SLOTS, sizeof(*d->slots), by_id);
	for (unsigned i = 0; i < NR_SLOTS; i++)
		if (d->slots[i].count)
			tell_count(d, &d->slots[i]);
	if (d->nr_beyond)
		d->host->sink->record_kind(d->host->sink->ctx, &beyond);
	memset(d->slots, 0, NR_SLOTS * sizeof(*d->slots));
	d->nr_kinds = 0;
}

/* ---- who runs ---- */

/* Accesses of two vCPUs to configuration space may come in turns; a vCPU takes what it wrote along to another CPU. */
static uint64_t writer_of(const struct pcpu *pcpu, uint32_t cpu)
{
	return pcpu->known ? (uint64_t)1 << 32 | (uint32_t)pcpu->domain << 16 | pcpu->vcpu : cpu;
}

static struct config_address *config_place(struct xen_decode *d, uint64_t writer)
{
	return &d->config[writer * UINT64_C(0x9e3779b97f4a7c15) >> (64 - CONFIG_LOG2)];
}

/* Somebody else may run there from now on. */
static void forget_current(struct xen_decode *d, uint32_t cpu)
{
	struct config_address *last = config_place(d, cpu);

	d->pcpus[cpu] = (struct pcpu){ .known = false };
	if (last->writer == cpu)
		last->value = 0;
}

/* Whoever ran there meanwhile, it may have selected another register. */
void xen_decode_forget(struct xen_decode *d, uint32_t cpu)
{
	forget_current(d, cpu);
	memset(d->config, 0, sizeof(d->config));
	for (unsigned i = 0; i < d->nr_domains; i++)
		d->domains[i].select = NO_SELECT;
}

/* True where it was another one, or not known. */
static bool set_current(struct xen_decode *d, uint32_t cpu, uint16_t domain, uint16_t vcpu)
{
	struct pcpu *pcpu = &d->pcpus[cpu];

	if (pcpu->known && pcpu->domain == domain && pcpu->vcpu == vcpu)
		return false;
	*pcpu = (struct pcpu){ .known = true, .domain = domain, .vcpu = vcpu };
	return true;
}

static bool runs_guest(const struct pcpu *pcpu)
{
	return pcpu->known && pcpu->domain < DOMAIN_FIRST_SPECIAL && pcpu->domain <= DOMAIN_MAX;
}

/* The machine of the domain that runs there; MACHINE_OWN where that is unknown. */
static uint16_t guest_machine(const struct pcpu *pcpu)
{
	if (!runs_guest(pcpu))
		return MACHINE_OWN;
	return pcpu->domain ? MACHINE_DOMAIN + pcpu->domain : MACHINE_DOM0;
}

/* Where what is known of the domain is kept, or of the CPU where its domain is unknown; the oldest one gives way. */
static struct domain *domain_of(struct xen_decode *d, uint32_t cpu)
{
	const struct pcpu *pcpu = &d->pcpus[cpu];
	uint32_t key = pcpu->known ? pcpu->domain : 0x10000 + cpu;
	struct domain *dom;

	for (unsigned i = 0; i < d->nr_domains; i++)
		if (d->domains[i].key == key)
			return &d->domains[i];
	if (d->nr_domains < MAX_DOMAINS) {
		dom = &d->domains[d->nr_domains++];
	} else {
		dom = &d->domains[d->next_domain];
		d->next_domain = (d->next_domain + 1) % MAX_DOMAINS;
	}
	*dom = (struct domain){ .key = key, .select = NO_SELECT };
	return dom;
}

/* ---- events ---- */

/* One record on its way to events. */
struct job {
	struct xen_decode *d;
	uint32_t cpu;
	const struct pcpu *pcpu;
	const struct xen_record *rec;
	const struct xen_row *row;
	struct event *ev;	/* of the caller */
	unsigned nr;
	bool odd;
};

static struct event *add(struct job *job, enum event_kind kind)
{
	struct event *ev = &job->ev[job->nr];
	size_t which = job->row - xen_rows;

	memset(ev, 0, sizeof(*ev));
	ev->kind = kind;
	ev->witness = job->row->witness;
	ev->cpu = job->cpu;
	ev->pid = -1;
	ev->sub = job->nr++;
	ev->t_lo_ns = job->rec->lo > INT64_MAX ? INT64_MAX : (int64_t)job->rec->lo;
	ev->t_hi_ns = job->rec->hi > INT64_MAX ? INT64_MAX : (int64_t)job->rec->hi;
	if (which < NR_ROWS_MAX && !job->d->via[which])
		job->d->via[which] = strtab_intern(job->d->host->strings, job->row->name, strlen(job->row->name));
	ev->via = which < NR_ROWS_MAX ? job->d->via[which] : 0;
	if (job->row->vcpu && runs_guest(job->pcpu))
		event_add_object(ev, OBJ_VCPU, object_id_pair(job->pcpu->domain, job->pcpu->vcpu));
	return ev;
}

/* An object of the guest that runs there; none where that is unknown. */
static void add_guest_object(const struct job *job, struct event *ev, enum object_kind kind, uint64_t id)
{
	uint16_t machine = guest_machine(job->pcpu);

	if (machine != MACHINE_OWN && event_add_object(ev, kind, id))
		ev->object[ev->nr_objects - 1].machine = machine;
}

static void set_text(const struct job *job, struct event *ev, enum event_arg_id arg, const char *text)
{
	str_id id = strtab_intern(job->d->host->strings, text, strlen(text));

	if (id)
		event_arg_set(ev, arg, id);
}

static void put_word(struct job *job, struct event *ev, uint32_t word, uint16_t target)
{
	switch (target) {
	case TO_NOWHERE:
		break;
	case TO_XIRQ:
		event_add_object(ev, OBJ_XIRQ, word);
		break;
	case TO_VECTOR_HERE:
		job->odd |= word > 0xff;
		event_add_object(ev, OBJ_VECTOR, object_id_pair(job->cpu, word & 0xff));
		event_arg_set(ev, ARG_VECTOR, word);
		break;
	case TO_GUEST_VECTOR:
		job->odd |= word > 0xff;
		add_guest_object(job, ev, OBJ_VECTOR, object_id_pair(job->pcpu->vcpu, word & 0xff));
		event_arg_set(ev, ARG_VECTOR, word);
		break;
	default:
		event_arg_set(ev, target, word);
		break;
	}
}

static void fields(struct job *job)
{
	struct event *ev;

	job->odd = job->rec->nr_words != job->row->nr_fields;
	if (job->odd)
		return;
	ev = add(job, job->row->kind);
	for (unsigned i = 0; i < job->row->nr_fields; i++)
		put_word(job, ev, job->rec->word[i], job->row->fields[i]);
}

/* The only CPU of a mask; -1 where there is none, or more than one. */
static int only_cpu(const uint32_t *mask, unsigned nr_words)
{
	int cpu = -1;

	for (unsigned i = 0; i < nr_words; i++) {
		if (!mask[i])
			continue;
		if (cpu >= 0 || (mask[i] & (mask[i] - 1)))
			return -1;
		cpu = 32 * i + __builtin_ctz(mask[i]);
	}
	return cpu;
}

static void vector_set(struct job *job)
{
	const uint32_t *word = job->rec->word;
	unsigned nr = job->rec->nr_words;
	struct event *ev;
	int cpu;

	job->odd = nr < 2;
	if (job->odd)
		return;
	ev = add(job, job->row->kind);
	event_add_object(ev, OBJ_XIRQ, word[0] & 0xffff);
	event_arg_set(ev, ARG_VECTOR, word[0] >> 16);
	event_arg_set(ev, ARG_CPUMASK, (int64_t)(word[1] | (nr > 2 ? (uint64_t)word[2] << 32 : 0)));
	cpu = only_cpu(word + 1, nr - 1);
	if (cpu >= 0)
		event_arg_set(ev, ARG_TARGET_CPU, cpu);
}

/* Domain and vCPU stand the other way round than in runstates. */
static void lost(struct job *job)
{
	const uint32_t *word = job->rec->word;
	struct event *ev;

	job->odd = job->rec->nr_words != 4;
	xen_decode_forget(job->d, job->cpu);
	if (job->odd)
		return;
	set_current(job->d, job->cpu, word[1] & 0xffff, word[1] >> 16);
	ev = add(job, EV_LOST);
	event_add_object(ev, OBJ_CPU, job->cpu);
	event_arg_set(ev, ARG_COUNT, word[0]);
}

/* ---- hypercalls ---- */

static struct event *hypercall_event(struct job *job, uint32_t number)
{
	const char *name = xen_hypercall_name(number);
	struct event *ev;
	char text[32];

	if (!xen_hypercall_matters(number) && !job->d->in->keep_all)
		return NULL;
	ev = add(job, EV_XEN_HYPERCALL);
	snprintf(text, sizeof(text), "hypercall %u", number);
	set_text(job, ev, ARG_OP, name ? name : text);
	event_arg_set(ev, ARG_VALUE, number);
	return ev;
}

/* Two bits an argument say whether it is there: 1 a word, 2 two of them. */
static void hypercall(struct job *job)
{
	static const uint16_t args[] = { ARG_ONE, ARG_TWO, ARG_THREE, ARG_FOUR, ARG_FIVE, ARG_SIX };
	const struct xen_record *rec = job->rec;
	struct event *ev;
	unsigned at = 1;

	job->odd = rec->nr_words < 1;
	ev = job->odd ? NULL : hypercall_event(job, rec->word[0] & 0xfffff);
	for (unsigned i = 0; ev && i < sizeof(args) / sizeof(args[0]); i++) {
		unsigned size = rec->word[0] >> (20 + 2 * i) & 3;
		uint64_t value;

		if (!size)
			continue;
		job->odd |= size > 2 || at + size > rec->nr_words;
		if (job->odd)
			break;
		value = rec->word[at] | (size == 2 ? (uint64_t)rec->word[at + 1] << 32 : 0);
		event_arg_set(ev, args[i], (int64_t)value);
		at += size;
	}
}

/* Instruction pointer, one word or two, and the number. */
static void old_hypercall(struct job *job)
{
	job->odd = job->rec->nr_words < 2;
	if (!job->odd)
		hypercall_event(job, job->rec->word[job->rec->nr_words - 1]);
}

static void vmmcall(struct job *job)
{
	job->odd = job->rec->nr_words != 1;
	if (!job->odd)
		hypercall_event(job, job->rec->word[0]);
}

/* Behind the instruction pointer: number in bits 0-14, bit 15: the upper half is an error code. */
static void trap(struct job *job)
{
	uint32_t word;
	struct event *ev;

	job->odd = job->rec->nr_words < 2;
	if (job->odd || !job->d->in->keep_all)
		return;
	word = job->rec->word[job->rec->nr_words - 1];
	ev = add(job, EV_XEN_TRAP);
	event_arg_set(ev, ARG_VECTOR, word & 0x7fff);
	if (word & 0x8000)
		event_arg_set(ev, ARG_VALUE, word >> 16);
}

/* ---- HVM ---- */

/* Intel's exit for a guest's EOI that Xen wants to know of; its vector is not recorded. AMD has nothing of this number. */
enum { EXIT_VIRTUALIZED_EOI = 45 };

/*
 * Exits for an access to a device that is not there: Intel's for I/O instructions, EPT violations and misconfigurations, AMD's for
 * I/O instructions and nested page faults. None of the numbers is another exit of the other's that guests have.
 */
static bool is_device_access(uint32_t reason)
{
	return reason == 30 || reason == 48 || reason == 49 || reason == 0x7b || reason == 0x400;
}

static void exit_of_guest(struct job *job)
{
	struct event *ev;

	job->odd = job->rec->nr_words < 2;
	if (job->odd)
		return;
	job->d->pcpus[job->cpu].emulated = is_device_access(job->rec->word[0]);
	if (job->rec->word[0] == EXIT_VIRTUALIZED_EOI && (record_id(job->rec) & 0xff) == 2)
		add(job, EV_XEN_HVM_EOI);
	if (!job->d->in->keep_all)
		return;
	ev = add(job, EV_XEN_HVM_EXIT);
	event_arg_set(ev, ARG_VALUE, job->rec->word[0]);
}

/* Vectors from here on are the APIC's own, and Xen's IPIs; below are exceptions. */
enum { VECTOR_FIRST_DEVICE = 0x20, VECTOR_LAST_DEVICE = 0xf8 };

static bool is_device_vector(uint32_t vector)
{
	return vector >= VECTOR_FIRST_DEVICE && vector <= VECTOR_LAST_DEVICE;
}

/* AMD does not say which vector it was. */
static void arrival(struct job *job)
{
	uint32_t vector = job->rec->word[0];

	if (job->rec->nr_words && (is_device_vector(vector) || job->d->in->keep_all) && vector <= 0xff)
		put_word(job, add(job, EV_XEN_VECTOR_ARRIVE), vector, TO_VECTOR_HERE);
}

static void window(struct job *job)
{
	static const char *const sources[] = { "none", "pic", "lapic", "nmi", "mce", "callback" };
	const uint32_t *word = job->rec->word;
	struct event *ev;

	job->odd = job->rec->nr_words < 2;
	if (job->odd || !job->d->in->keep_all)
		return;
	ev = add(job, EV_XEN_HVM_WINDOW);
	put_word(job, ev, word[0], TO_GUEST_VECTOR);
	if (word[1] < sizeof(sources) / sizeof(sources[0]))
		set_text(job, ev, ARG_REASON, sources[word[1]]);
}

/* The EOI register of an x2APIC; the value says nothing. */
enum { MSR_X2APIC_EOI = 0x80b };

static void msr(struct job *job)
{
	job->odd = job->rec->nr_words < 1;
	if (!job->odd && job->rec->word[0] == MSR_X2APIC_EOI)
		add(job, EV_XEN_HVM_EOI);
}

#define VIOAPIC_BASE	0xfec00000ull
#define VLAPIC_EOI	0xfee000b0ull

enum { VIOAPIC_SIZE = 0x1000, VIOAPIC_DATA = 0x10, VIOAPIC_EOI = 0x40, VIOAPIC_FIRST_PIN = 0x10, VIOAPIC_LAST_PIN = 0xff };

/* A half of an entry: the select register says which. Pin and GSI are the same on the first IO-APIC only. */
static void vioapic_data(struct job *job, uint32_t data)
{
	uint32_t select = domain_of(job->d, job->cpu)->select, half;
	struct event *ev;

	if (select < VIOAPIC_FIRST_PIN || select > VIOAPIC_LAST_PIN)
		return;
	half = (select - VIOAPIC_FIRST_PIN) & 1;
	ev = add(job, EV_XEN_VPIN_WRITE);
	if (runs_guest(job->pcpu))
		event_add_object(ev, OBJ_VPIN, object_id_pair(job->pcpu->domain, (select - VIOAPIC_FIRST_PIN) / 2));
	event_arg_set(ev, ARG_REG, select);
	event_arg_set(ev, ARG_RTE, (int64_t)((uint64_t)data << (32 * half)));
	event_arg_set(ev, ARG_MASK, (int64_t)((uint64_t)UINT32_MAX << (32 * half)));
}

static bool vioapic(struct job *job, uint64_t gpa, uint64_t data)
{
	struct event *ev;

	if (gpa < VIOAPIC_BASE || gpa >= VIOAPIC_BASE + VIOAPIC_SIZE)
		return false;
	switch (gpa - VIOAPIC_BASE) {
	case 0:
		domain_of(job->d, job->cpu)->select = data & 0xff;
		return true;
	case VIOAPIC_DATA:
		vioapic_data(job, data);
		return true;
	case VIOAPIC_EOI:
		ev = add(job, EV_XEN_VPIN_EOI);
		event_arg_set(ev, ARG_VECTOR, data & 0xff);
		return true;
	default:
		return false;
	}
}

/* Guest physical address, one word or two, then the data: none where it is in memory, as for string instructions. */
static void mmio(struct job *job)
{
	const struct xen_record *rec = job->rec;
	bool wide = record_id(rec) & 0x100;
	unsigned at = 1 + wide;
	uint64_t gpa, data = 0;
	struct event *ev;

	job->odd = rec->nr_words < at || rec->nr_words > at + 2;
	if (job->odd)
		return;
	gpa = rec->word[0] | (wide ? (uint64_t)rec->word[1] << 32 : 0);
	if (rec->nr_words > at)
		data = rec->word[at];
	if (rec->nr_words > at + 1)
		data |= (uint64_t)rec->word[at + 1] << 32;
	if (job->row->kind == EV_XEN_MMIO_WRITE && rec->nr_words > at) {
		if (vioapic(job, gpa, data))
			return;
		if (gpa == VLAPIC_EOI) {
			add(job, EV_XEN_HVM_EOI);
			return;
		}
	}
	if (job->row->only_all && !job->d->in->keep_all)
		return;
	ev = add(job, job->row->kind);
	event_arg_set(ev, ARG_ADDR, (int64_t)gpa);
	if (rec->nr_words > at)
		event_arg_set(ev, ARG_VALUE, (int64_t)data);
}

enum { PORT_CONFIG_ADDRESS = 0xcf8, PORT_CONFIG_DATA = 0xcfc, CONFIG_ENABLED = 1u << 31 };

static bool is_pic_port(uint32_t port)
{
	return port == 0x20 || port == 0x21 || port == 0xa0 || port == 0xa1 || port == 0x4d0 || port == 0x4d1;
}

static void config_address_written(struct job *job, uint32_t value)
{
	uint64_t writer = writer_of(job->pcpu, job->cpu);

	*config_place(job->d, writer) = (struct config_address){ .writer = writer, .value = value };
}

/* How many bytes are written is not recorded. */
static void config_write(struct job *job, uint32_t port, uint32_t value)
{
	uint64_t writer = writer_of(job->pcpu, job->cpu);
	const struct config_address *last = config_place(job->d, writer);
	uint32_t address = last->writer == writer ? last->value : 0;
	struct event *ev;

	if (!(address & CONFIG_ENABLED))
		return;
	ev = add(job, EV_VPCI_WRITE);
	ev->nr_objects = 0;	/* of the function, not of the vCPU */
	add_guest_object(job, ev, OBJ_PCI,
			 object_id_pci(0, address >> 16 & 0xff, address >> 11 & 0x1f, address >> 8 & 7));
	event_arg_set(ev, ARG_REG, (address & 0xfc) | (port & 3));
	event_arg_set(ev, ARG_VALUE, value);
	if (!ev->nr_objects)
		event_arg_set(ev, ARG_ADDR, address);
}

static void port_access(struct job *job)
{
	const uint32_t *word = job->rec->word;
	bool is_write = job->row->kind == EV_XEN_PORT_WRITE;
	struct event *ev;

	job->odd = job->rec->nr_words < 1 || job->rec->nr_words > 2;
	if (job->odd)
		return;
	if (is_write && job->rec->nr_words == 2 && word[0] == PORT_CONFIG_ADDRESS)
		config_address_written(job, word[1]);
	if (is_write && job->rec->nr_words == 2 && (word[0] & ~3u) == PORT_CONFIG_DATA)
		config_write(job, word[0], word[1]);
	if (!job->d->in->keep_all && !(is_write && is_pic_port(word[0])))
		return;
	ev = add(job, job->row->kind);
	event_arg_set(ev, ARG_ADDR, word[0]);
	if (job->rec->nr_words == 2)
		event_arg_set(ev, ARG_VALUE, word[1]);
}

/* A guest that halts although an interrupt waits is what is worth knowing; that it runs no more, the scheduler tells. */
static void halt(struct job *job)
{
	struct event *ev;

	job->odd = job->rec->nr_words != 1;
	if (job->odd || (!job->rec->word[0] && !job->d->in->keep_all))
		return;
	ev = add(job, EV_XEN_HVM_HALT);
	event_arg_set(ev, ARG_VALUE, job->rec->word[0]);
}

/*
 * Whether a read bounds a guest's TSC closer than those before. One that contradicts them begins anew, as it may be
 * another guest's, but not for ever.
 */
static bool bounds_closer(struct domain *dom, int64_t lo, int64_t hi)
{
	enum { MAX_ANEW = 64 };
	bool anew = !dom->has_tsc || lo > dom->tsc_hi || hi < dom->tsc_lo;

	if (anew ? dom->nr_anew == MAX_ANEW : lo <= dom->tsc_lo && hi >= dom->tsc_hi)
		return false;
	dom->nr_anew += anew;
	if (anew || lo > dom->tsc_lo)
		dom->tsc_lo = lo;
	if (anew || hi < dom->tsc_hi)
		dom->tsc_hi = hi;
	dom->has_tsc = true;
	return true;
}

/* Whether a read lies apart from all before, by a 256th of what they span: Xen may make up what a guest reads. */
static bool lies_apart(struct domain *dom, bool first, int64_t lo, int64_t hi)
{
	int64_t step = first ? 0 : (int64_t)(((uint64_t)dom->all_hi - (uint64_t)dom->all_lo) / 256);
	bool below = first || (lo < dom->all_lo && dom->all_lo - lo > step), above = first || (hi > dom->all_hi && hi - dom->all_hi > step);

	if (below)
		dom->all_lo = lo;
	if (above)
		dom->all_hi = hi;
	return below || above;
}

static bool is_worth_keeping(struct domain *dom, int64_t lo, int64_t hi)
{
	bool apart = lies_apart(dom, !dom->has_tsc, lo, hi);

	return bounds_closer(dom, lo, hi) || apart;
}

/*
 * What a guest read of its TSC between two stamps of Xen's bounds what lies between the clocks. Guests read it very
 * often: what bounds it no closer than before is not kept, but for what lies apart. Where the scheduler's records are missing, the guest is
 * whoever runs on that CPU.
 */
static void tsc_read(struct job *job)
{
	const struct xen_record *rec = job->rec;
	uint64_t guest;

	job->odd = rec->nr_words != 2;
	if (job->odd)
		return;
	guest = rec->word[0] | (uint64_t)rec->word[1] << 32;
	if (!is_worth_keeping(domain_of(job->d, job->cpu), (int64_t)(guest - rec->hi), (int64_t)(guest - rec->lo)) &&
	    !job->d->in->keep_all)
		return;
	event_arg_set(add(job, EV_XEN_TSC_READ), ARG_VALUE, (int64_t)guest);
}

/* ---- scheduling ---- */

/* A vCPU of a guest; idle vCPUs and the like are none. */
static struct event *vcpu_event(struct job *job, enum event_kind kind, uint32_t domain, uint32_t vcpu)
{
	struct event *ev;

	if (domain >= DOMAIN_FIRST_SPECIAL)
		return NULL;
	ev = add(job, kind);
	event_add_object(ev, OBJ_VCPU, object_id_pair(domain, vcpu));
	return ev;
}

static void vcpu_runs(struct job *job, uint32_t domain, uint32_t vcpu)
{
	struct event *ev = vcpu_event(job, EV_SCHED_VCPU_RUNS, domain, vcpu);

	if (ev)
		event_add_object(ev, OBJ_CPU, job->cpu);
}

/* One that ran did so on the CPU that records it. */
static void vcpu_stops(struct job *job, uint32_t domain, uint32_t vcpu, const char *reason, bool ran)
{
	struct event *ev = vcpu_event(job, EV_SCHED_VCPU_STOPS, domain, vcpu);

	if (!ev)
		return;
	if (ran)
		event_add_object(ev, OBJ_CPU, job->cpu);
	if (reason)
		set_text(job, ev, ARG_REASON, reason);
}

/*
 * Xen stops a vCPU whose access is with its device model as one that may not run at all (xen/common/event_channel.c,
 * prepare_wait_on_xen_event_channel()): what it was left for last tells it from one that was paused.
 */
static const char *why_stopped(const struct job *job, unsigned to)
{
	enum { OFFLINE = 3 };

	return to == OFFLINE && job->pcpu->emulated ? "device model" : runstates[to];
}

/* Low half vCPU, high half domain. Old and new state are in the id: 0 running, 1 runnable, 2 blocked, 3 offline. */
static void runstate(struct job *job)
{
	enum { RUNNING, RUNNABLE };
	const char *why = why_stopped(job, record_id(job->rec) >> 4 & 3);
	unsigned from = record_id(job->rec) >> 8 & 3, to = record_id(job->rec) >> 4 & 3;
	uint32_t vcpu, domain;

	job->odd = job->rec->nr_words != 1;
	if (job->odd)
		return;
	vcpu = job->rec->word[0] & 0xffff;
	domain = job->rec->word[0] >> 16;
	if (to == RUNNING) {
		set_current(job->d, job->cpu, domain, vcpu);
		vcpu_runs(job, domain, vcpu);
	} else if (from == RUNNING) {
		forget_current(job->d, job->cpu);
		vcpu_stops(job, domain, vcpu, why, true);
	} else if (to == RUNNABLE) {
		vcpu_event(job, EV_SCHED_VCPU_WAKES, domain, vcpu);
	} else {
		vcpu_stops(job, domain, vcpu, runstates[to], false);
	}
}

/* The scheduler decides often, and mostly that nothing changes. */
static void runs_on(struct job *job)
{
	uint32_t word = job->rec->word[0];
	bool news;

	job->odd = job->rec->nr_words != 1;
	if (job->odd)
		return;
	news = set_current(job->d, job->cpu, word >> 16, word & 0xffff);
	if (news || job->d->in->keep_all)
		vcpu_runs(job, word >> 16, word & 0xffff);
}

/* Units of scheduling are vCPUs, unless whole cores are scheduled. */
static void switches(struct job *job)
{
	const uint32_t *word = job->rec->word;

	job->odd = job->rec->nr_words != 4;
	if (job->odd || word[2] > 0xffff || word[3] > 0xffff)
		return;
	set_current(job->d, job->cpu, word[2], word[3]);
	if (job->d->in->keep_all)
		vcpu_runs(job, word[2], word[3]);
}

static void sched(struct job *job)
{
	const uint32_t *word = job->rec->word;

	job->odd = job->rec->nr_words < 2;
	if (job->odd || !job->d->in->keep_all)
		return;
	if (job->row->kind == EV_SCHED_VCPU_STOPS)
		vcpu_stops(job, word[0], word[1], NULL, true);
	else
		vcpu_event(job, job->row->kind, word[0], word[1]);
}

/* ---- others ---- */

/* Behind the state and two times, the lowest vectors of the IRR; 0: no more. */
static void idle_exit(struct job *job)
{
	enum { FIRST_VECTOR = 2 };

	job->odd = job->rec->nr_words < FIRST_VECTOR;
	for (unsigned i = FIRST_VECTOR; i < job->rec->nr_words && job->nr < XEN_MAX_EVENTS; i++)
		if (is_device_vector(job->rec->word[i]))
			put_word(job, add(job, EV_XEN_VECTOR_PENDING), job->rec->word[i], TO_VECTOR_HERE);
}

static void pic_output(struct job *job)
{
	const uint32_t *word = job->rec->word;
	struct event *ev;

	job->odd = job->rec->nr_words < 2;
	if (job->odd)
		return;
	ev = add(job, EV_PIC_IRQ);
	add_guest_object(job, ev, OBJ_PIC, !word[1]);
	event_arg_set(ev, ARG_LEVEL, !!word[0]);
}

static void guest_mark(struct job *job)
{
	char text[32 + 9 * RECORD_MAX_WORDS];
	int n = snprintf(text, sizeof(text), "xentrace %03x:", record_id(job->rec) & 0xfff);

	for (unsigned i = 0; i < job->rec->nr_words; i++)
		n += snprintf(text + n, sizeof(text) - n, " %08x", job->rec->word[i]);
	set_text(job, add(job, EV_MARK), ARG_TEXT, text);
}

static void (*const specials[NR_XEN_SPECIALS])(struct job *job) = {
	[XEN_FIELDS] = fields, [XEN_VECTOR_SET] = vector_set, [XEN_LOST] = lost, [XEN_HYPERCALL] = hypercall,
	[XEN_OLD_HYPERCALL] = old_hypercall, [XEN_VMMCALL] = vmmcall, [XEN_TRAP] = trap, [XEN_EXIT] = exit_of_guest,
	[XEN_ARRIVAL] = arrival, [XEN_WINDOW] = window, [XEN_MSR] = msr, [XEN_MMIO] = mmio, [XEN_PORT] = port_access,
	[XEN_HALT] = halt, [XEN_TSC] = tsc_read, [XEN_RUNSTATE] = runstate, [XEN_RUNS_ON] = runs_on,
	[XEN_SWITCH] = switches, [XEN_SCHED] = sched, [XEN_IDLE_EXIT] = idle_exit, [XEN_PIC_OUTPUT] = pic_output,
	[XEN_GUEST] = guest_mark,
};

unsigned xen_decode_record(struct xen_decode *d, uint32_t cpu, const struct xen_record *rec,
			   struct event ev[XEN_MAX_EVENTS])
{
	struct slot *slot = find_slot(d, rec->header);
	struct job job = { .d = d, .cpu = cpu, .pcpu = &d->pcpus[cpu], .rec = rec, .ev = ev };

	if (!slot) {
		d->nr_beyond++;
		return 0;
	}
	slot->count++;
	if (rec->hole)
		xen_decode_forget(d, cpu);
	job.row = slot->row;
	if (!job.row || !job.row->kind || (job.row->only_all && job.row->special == XEN_FIELDS && !d->in->keep_all))
		return 0;
	specials[job.row->special](&job);
	slot->odd += job.odd;
	slot->kept += job.nr > 0;
	return job.nr;
}

void xen_decode_text(const struct xen_record *rec, uint32_t cpu, char *buf, size_t len)
{
	char name[64];
	int n;

	print_name(name, sizeof(name), rec->header, xen_row(rec->header));
	if (record_is_timed(rec->header))
		n = snprintf(buf, len, "CPU%u  %" PRIu64 "  %s (0x%08x)  [", cpu, rec->tsc, name, record_id(rec));
	else
		n = snprintf(buf, len, "CPU%u  %s (0x%08x)  [", cpu, name, record_id(rec));
	for (unsigned i = 0; i < rec->nr_words && n >= 0 && (size_t)n < len; i++)
		n += snprintf(buf + n, len - n, "%s 0x%08x", i ? "," : "", rec->word[i]);
	if (n >= 0 && (size_t)n < len)
		snprintf(buf + n, len - n, " ]");
}
