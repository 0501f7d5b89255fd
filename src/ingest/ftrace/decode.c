/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/decode.h"

#include <stdarg.h>
#include <stdlib.h>

#include "ingest/ftrace/bind.h"

enum { MAX_ENTRIES = 2048 };	/* of a function's MSI-X table */

/* The upper half of x86-64's addresses. */
#define KERNEL_SPACE UINT64_C(0xffff800000000000)

void decode_note(struct decode *d, enum diag_code code, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_report(d->host->diag, code, (struct diag_pos){ d->in->path, 0, 0 }, "%s", text);
}

str_id decode_intern(struct decode *d, const char *text, size_t len)
{
	str_id id = strtab_intern(d->host->strings, text, len);

	if (!id && !d->strings_full) {
		d->strings_full = true;
		decode_note(d, DIAG_LIMIT, "too many different texts");
	}
	return id;
}

static str_id comm_of(struct decode *d, int32_t pid)
{
	unsigned slot = (uint32_t)pid % NR_COMMS;
	const char *comm;

	if (d->comms[slot].comm && d->comms[slot].pid == pid)
		return d->comms[slot].comm;
	comm = tep_data_comm_from_pid(d->tep, pid);
	if (!comm || !*comm || !strcmp(comm, "<...>"))
		return 0;
	d->comms[slot].pid = pid;
	d->comms[slot].comm = decode_intern(d, comm, strlen(comm));
	return d->comms[slot].comm;
}

static str_id symbol_of(struct decode *d, uint64_t address)
{
	unsigned slot = (address >> 4) % NR_SYMBOLS;
	const char *name;
	char hex[24];

	if (!address)
		return 0;
	if (d->names[slot].name && d->names[slot].address == address)
		return d->names[slot].name;
	name = symbols_find(&d->symbols, address, NULL);
	if (!name) {
		snprintf(hex, sizeof(hex), "0x%llx", (unsigned long long)address);
		name = hex;
	}
	d->names[slot].address = address;
	d->names[slot].name = decode_intern(d, name, strlen(name));
	return d->names[slot].name;
}

/* ---- records ---- */

/* A text field's bytes within the record, without NUL; NULL where they do not lie in it. */
static const char *field_text(const struct decode *d, const struct field *f, const struct page_record *rec, size_t *len)
{
	uint32_t at = f->offset, max, loc;

	if (f->form == FORM_TEXT) {
		if (at > rec->size)
			return NULL;
		max = rec->size - at;
	} else {
		loc = read_number(d, rec->data + f->offset, 4, false);
		at = (loc & 0xffff) + (f->form == FORM_REL_LOC ? f->offset + 4 : 0);
		max = loc >> 16;
		if (at > rec->size || max > rec->size - at)
			return NULL;
	}
	*len = strnlen((const char *)rec->data + at, max);
	return (const char *)rec->data + at;
}

static void set_text(struct decode *d, struct event *ev, unsigned arg, const char *text, size_t len)
{
	str_id id;

	if (arg == ARG_TEXT)
		while (len && text[len - 1] == '\n')
			len--;
	id = decode_intern(d, text, len);
	if (id)
		event_arg_set(ev, arg, id);
}

static void take_dev(struct parts *parts, const char *text, size_t len)
{
	char bdf[32];
	const char *end;

	if (len >= sizeof(bdf))
		return;
	memcpy(bdf, text, len);
	bdf[len] = 0;
	parts->has_dev = object_parse_bdf(bdf, &parts->dev, &end) && !*end;
}

/* As the library prints it, which knows the texts that pointers in it stand for. NULL where it cannot. */
static const char *printed_text(struct decode *d, const struct page_record *rec, size_t *len)
{
	struct tep_record record = { .ref_count = 1, .size = rec->size, .record_size = rec->size };

	record.data = (void *)rec->data;
	trace_seq_reset(&d->printed);
	tep_print_event(d->tep, &d->printed, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&d->printed);
	if (d->printed.state != TRACE_SEQ__GOOD)
		return NULL;
	*len = strlen(d->printed.buffer);
	return d->printed.buffer;
}

static bool take_text(struct decode *d, const struct field *f, const struct page_record *rec, struct event *ev,
		      struct parts *parts)
{
	size_t len;
	const char *text = f->form == FORM_PRINTED ? printed_text(d, rec, &len) : field_text(d, f, rec, &len);

	if (!text)
		return false;
	if (f->to == TO_DEV) {
		take_dev(parts, text, len);
	} else if (f->to == TO_PHRASE || f->to == TO_PRINTED) {
		parts->text = text;
		parts->text_len = len;
	} else if (f->to == TO_THREAD_FN) {
		event_arg_set(ev, ARG_THREADED, len > 0);
	} else {
		set_text(d, ev, f->to, text, len);
	}
	return true;
}

static void take_number(struct decode *d, const struct field *f, int64_t value, int cpu, struct event *ev,
			struct parts *parts)
{
	str_id id;

	switch (f->to) {
	case TO_IRQ:
		parts->irq = value;
		break;
	case TO_CPU:
		parts->cpu = value;
		event_arg_set(ev, ARG_TARGET_CPU, value);
		break;
	case TO_VECTOR:
		parts->vector = value;
		parts->cpu = cpu;
		event_arg_set(ev, ARG_VECTOR, value);
		break;
	case TO_INDEX:
		parts->index = value;
		break;
	case TO_MSI_ATTR:
		parts_set(parts, TO_MSI_ATTR, value);
		parts->msix = value & 1;
		break;
	case TO_MSIX:
		parts->msix = value & 1;
		break;
	case TO_APIC:
		parts->apic = value;
		break;
	case TO_PIN:
		parts->pin = value;
		break;
	case TO_PIRQ:
		parts->pirq = value;
		break;
	case TO_PORT:
		parts->port = value;
		break;
	case TO_THREAD_FN:
		event_arg_set(ev, ARG_THREADED, value != 0);
		break;
	case ARG_HANDLER:
		id = symbol_of(d, value);
		if (id)
			event_arg_set(ev, ARG_HANDLER, id);
		break;
	case ARG_CPUMASK:
		/* a mask that may be the pointer to one is left unknown */
		if (f->size < 8 || value == -1 || (uint64_t)value < KERNEL_SPACE)
			event_arg_set(ev, ARG_CPUMASK, value);
		break;
	default:
		if (f->to >= TO_FIRST_RAW)
			parts_set(parts, f->to, value);
		else
			event_arg_set(ev, f->to, value);
		break;
	}
}

static void add_object(const struct decode *d, struct event *ev, enum object_kind kind, uint64_t id)
{
	if (d->objects[ev->kind] >> kind & 1 && object_valid((struct object_ref){ .id = id, .kind = kind }))
		event_add_object(ev, kind, id);
}

/* Of the domain whose kernel it is: who that is, the source's machine will tell. A pirq may be another domain's. */
static void add_xen_objects(const struct decode *d, struct event *ev, const struct parts *parts)
{
	int64_t domain = 0;

	if (parts->port >= 0 && parts->port <= UINT32_MAX)
		add_object(d, ev, OBJ_PORT, object_id_pair(0, parts->port));
	if (parts->gsi >= 0)
		add_object(d, ev, OBJ_GSI, parts->gsi);
	if (parts->pirq < 0 || parts->pirq > UINT32_MAX)
		return;
	parts_get(parts, TO_DOMAIN, &domain);
	add_object(d, ev, OBJ_PIRQ, object_id_pair(domain, parts->pirq));
	if (domain && ev->nr_objects)
		ev->object[ev->nr_objects - 1].machine = MACHINE_XEN;
}

static void add_objects(const struct decode *d, const struct type *t, struct event *ev, const struct parts *parts)
{
	int msix = t->entry == ROW_ENTRY_TOLD ? parts->msix : t->entry == ROW_ENTRY_MSIX;

	if (parts->irq >= 0 && parts->irq <= UINT32_MAX && d->objects[ev->kind] >> OBJ_IRQ & 1)
		event_add_object(ev, OBJ_IRQ, parts->irq);
	if (parts->has_dev)
		add_object(d, ev, OBJ_PCI, parts->dev);
	if (parts->has_dev && parts->index >= 0 && parts->index < MAX_ENTRIES && msix >= 0)
		add_object(d, ev, msix ? OBJ_MSIX : OBJ_MSI, object_id_entry(parts->dev, parts->index));
	if (parts->pin >= 0 && parts->apic >= 0)
		add_object(d, ev, OBJ_PIN, object_id_pair(parts->apic, parts->pin));
	add_xen_objects(d, ev, parts);
	if (parts->cpu < 0)
		return;
	if (parts->vector >= 0)
		add_object(d, ev, OBJ_VECTOR, object_id_pair(parts->cpu, parts->vector));
	else
		add_object(d, ev, OBJ_CPU, parts->cpu);
}

/* The fields of a record of a known kind. False where the record does not hold what it should. */
static bool take_fields(struct decode *d, const struct type *t, const struct page_record *rec, int cpu,
			struct event *ev, struct parts *parts)
{
	if (rec->size < t->min_size)
		return false;
	for (unsigned i = 0; i < t->nr_fields; i++) {
		const struct field *f = &t->fields[i];

		if (f->form != FORM_NUMBER) {
			if (!take_text(d, f, rec, ev, parts))
				return false;
			continue;
		}
		take_number(d, f, read_number(d, rec->data + f->offset, f->size, f->is_signed), cpu, ev, parts);
	}
	return (uint64_t)parts->irq <= UINT32_MAX || !t->needs_irq;
}

static bool decode_type(struct decode *d, struct type *t, const struct page_record *rec, int cpu, struct event *ev)
{
	struct parts parts;
	int32_t pid;

	parts_init(&parts);
	memset(ev, 0, sizeof(*ev));
	ev->kind = t->kind;
	ev->witness = t->witness;
	ev->cpu = cpu;
	ev->via = t->via;
	if (!take_fields(d, t, rec, cpu, ev, &parts)) {
		t->bad++;
		return false;
	}
	pid = (int32_t)read_number(d, rec->data + t->pid_offset, 4, true);
	ev->pid = pid < 0 ? -1 : pid;
	ev->comm = comm_of(d, pid);
	if (t->constant.arg)
		event_arg_set(ev, t->constant.arg, t->constant.value);
	if (t->op)
		event_arg_set(ev, ARG_OP, t->op);
	if (parts.raw_known)
		parts_complete(&parts, ev);
	if (t->special && !special_apply(&d->special, t->special, t->other_kind, ev, &parts))
		return false;
	add_objects(d, t, ev, &parts);
	t->kept++;
	if (t->late) {
		bind_tell_function(d, t, t->late, t->witness);
		t->late = NULL;
	}
	return true;
}

static bool decode_function(struct decode *d, struct type *tracer, const struct page_record *rec, int cpu,
			    struct event *ev)
{
	unsigned long_size = d->walk->long_size;
	struct type *t;

	if (d->has_probes || rec->size < tracer->min_size || rec->size < tracer->address_offset + long_size)
		return false;
	t = bind_function(d, tracer, read_number(d, rec->data + tracer->address_offset, long_size, false));
	if (!t || rec->size < t->min_size || !decode_type(d, t, rec, cpu, ev))
		return false;
	tracer->kept++;
	return true;
}

bool decode_record(struct decode *d, const struct page_record *rec, int cpu, struct event *ev)
{
	struct type *t;

	if (rec->size < 2) {
		d->unknown++;
		return false;
	}
	t = d->types[read_number(d, rec->data, 2, false)];
	if (!t) {
		d->unknown++;
		return false;
	}
	t->records++;
	d->last = t;
	if (rec->missed)
		special_forget(&d->special);
	if (t->state == TYPE_CALL || t->state == TYPE_RETURN)
		return decode_function(d, t, rec, cpu, ev);
	if (t->state >= TYPE_PROBE)
		bind_probe(d, t, rec);
	return t->state == TYPE_DECODED && decode_type(d, t, rec, cpu, ev);
}

bool decode_second(const struct decode *d, const struct event *first, struct event *ev)
{
	if (!d->last || !d->last->second_kind)
		return false;
	*ev = *first;
	ev->kind = d->last->second_kind;
	ev->witness = d->last->second_witness;
	ev->known = 0;
	ev->nr_objects = 0;
	add_object(d, ev, OBJ_CPU, first->cpu);
	return true;
}

uint64_t decode_nr_bad(const struct decode *d)
{
	uint64_t nr = 0;

	for (unsigned i = 0; i < d->nr_types; i++)
		if (d->types[i])
			nr += d->types[i]->bad;
	return nr;
}

static void tell_kind(struct decode *d, const char *name, uint64_t count, uint64_t kept)
{
	struct record_kind rk = { .count = count, .kept = kept };

	snprintf(rk.name, sizeof(rk.name), "%s", name);
	d->host->sink->record_kind(d->host->sink->ctx, &rk);
}

void decode_end(struct decode *d)
{
	for (unsigned i = 0; i < d->nr_types; i++) {
		struct type *t = d->types[i];
		char name[128];

		if (!t)
			continue;
		if (t->state >= TYPE_PROBE && !t->records)
			bind_silent_probe(d, t);
		if (!t->records)
			continue;
		snprintf(name, sizeof(name), "%s:%s", t->format->system, t->format->name);
		tell_kind(d, name, t->records, t->kept);
		if (t->bad)
			decode_note(d, DIAG_BAD_RECORD, "%llu of %llu records of %s do not hold what their format says",
			     (unsigned long long)t->bad, (unsigned long long)t->records, name);
	}
	if (d->unknown)
		tell_kind(d, "(no format)", d->unknown, 0);
}

/* ---- the whole ---- */

static const char *find_in_tep(void *ctx, uint64_t address, uint64_t *start)
{
	const char *name = tep_find_function(ctx, address);

	if (name && start)
		*start = tep_find_function_address(ctx, address);
	return name;
}

/* Probes that say what a tracepoint says, which has come only now, have said enough. */
static void retire_probes(struct decode *d, const struct type *tracepoint)
{
	char name[256];

	snprintf(name, sizeof(name), "%s:%s", tracepoint->format->system, tracepoint->format->name);
	for (unsigned i = 0; i < d->nr_types; i++)
		if (d->types[i] && d->types[i]->same_as && !strcmp(d->types[i]->same_as, name))
			d->types[i]->state = TYPE_COUNTED;
}

bool decode_add(struct decode *d, struct tep_event *format)
{
	struct type *t;

	if (!format || format->id < 0 || format->id >= MAX_TYPES || d->types[format->id])
		return true;
	t = bind_format(d, format);
	d->types[format->id] = t;
	if ((unsigned)format->id >= d->nr_types)
		d->nr_types = format->id + 1;
	if (t && t->state == TYPE_DECODED && d->ready)
		retire_probes(d, t);
	return t != NULL;
}

struct decode *decode_new(struct tep_handle *tep, const struct walk *w, const struct decode_options *opt,
			  const struct input *in, const struct reader_host *host)
{
	const struct symbols in_tep = { find_in_tep, tep };
	struct decode *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	*d = (struct decode){ .tep = tep, .walk = w, .in = in, .host = host, .big_endian = w->big_endian,
			      .probe_basis = opt->probe_basis, .lossy = opt->lossy,
			      .symbols = opt->symbols.find ? opt->symbols : in_tep };
	for (unsigned kind = 0; kind < NR_EVENT_KINDS; kind++)
		for (int i = 0; event_kinds[kind].objects[i]; i++)
			d->objects[kind] |= UINT32_C(1) << event_kinds[kind].objects[i];
	special_init(&d->special, &d->symbols, host->strings);
	trace_seq_init(&d->printed);
	d->types = calloc(MAX_TYPES, sizeof(struct type *));
	if (!d->types)
		goto no_memory;
	for (int i = 0; i < tep_get_events_count(tep); i++)
		if (!decode_add(d, tep_get_event(tep, i)))
			goto no_memory;
	d->ready = true;
	return d;
no_memory:
	decode_free(d);
	return NULL;
}

void decode_free(struct decode *d)
{
	if (!d)
		return;
	for (unsigned i = 0; d->types && i < d->nr_types; i++)
		free(d->types[i]);
	free(d->types);
	for (unsigned i = 0; i < NR_FUNCTIONS; i++)
		free(d->functions[i].type);
	trace_seq_destroy(&d->printed);
	free(d);
}
