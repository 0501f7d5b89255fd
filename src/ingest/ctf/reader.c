/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of CTF: LTTng's traces of a kernel, QEMU's of itself (its UST backend), and what else has events that rows
 * know. A kernel's events go through the rows of ftrace, QEMU's through those of its log; fields are found by name.
 * Ordinals count events and holes in the order of time; so do offsets, as places in a CTF trace have no numbers.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "ingest/ctf/names.h"
#include "ingest/ctf/source.h"
#include "ingest/ftrace/synth.h"
#include "ingest/qemu/decode.h"
#include "ingest/readers.h"

enum { PROGRESS_EVENTS = 1 << 16, MAX_CLASSES = 1 << 16, NAME_BYTES = 128 };

enum how { HOW_OTHER, HOW_QEMU, HOW_KERNEL };

/* Members of a context that a tracer can be asked to add; places in it, -1 where it lacks them. */
enum context { CONTEXT_TID, CONTEXT_CPU, CONTEXT_TASK, NR_CONTEXTS };

/* What a member holds. */
enum member_form { MEMBER_OTHER, MEMBER_TEXT, MEMBER_UNSIGNED, MEMBER_SIGNED, MEMBER_BOOL };

/* What is done with the events of one class. */
struct class {
	const bt_event_class *type;	/* NULL: free */
	enum how how;
	const struct qemu_row *row;
	char name[NAME_BYTES];		/* its own */
	char tracepoint[NAME_BYTES];	/* ftrace's */
	int16_t context[NR_CONTEXTS];
	uint16_t nr_members;
	const char *member[TEXT_MAX_VALUES];	/* names, which the class keeps */
	uint8_t form[TEXT_MAX_VALUES];	/* enum member_form */
	bool has_format;
	uint16_t format;		/* of synth; 0: there is none */
	uint64_t count, kept;
};

struct reader {
	struct input in;
	struct reader_host host;
	struct ctf_source *source;	/* owned */
	struct ctf_source *texts;	/* owned; read once more, for texts */
	uint64_t text_at;		/* items read of it */
	struct ctf_item item;		/* of source; first says that it is not used yet */
	bool first, order;
	struct source_sink sink;	/* of what decodes a kernel's events: their counts are kept here */
	struct reader_host decode_host;
	struct synth *synth;		/* owned */
	struct qemu_decoder *decoder;	/* owned */
	struct class *class;		/* owned; open addressing */
	uint32_t nr_classes, nr_places;
	uint64_t records, lost, nr_untimed;
	struct event event[QEMU_MAX_EVENTS];
	unsigned nr_events, next_event;
	bool incomplete, ended, stopped;
};

/* ----------------------------------------------------------------------------------------------------- classes */

static struct class *place_of(struct class *all, uint32_t nr_places, const bt_event_class *type)
{
	uint32_t i = (uintptr_t)type / 16 * 0x9e3779b1u & (nr_places - 1);

	while (all[i].type && all[i].type != type)
		i = (i + 1) & (nr_places - 1);
	return &all[i];
}

static bool grow(struct reader *rd)
{
	uint32_t nr_places = rd->nr_places ? rd->nr_places * 2 : 256;
	struct class *all = calloc(nr_places, sizeof(*all));

	if (!all)
		return false;
	for (uint32_t i = 0; i < rd->nr_places; i++)
		if (rd->class[i].type)
			*place_of(all, nr_places, rd->class[i].type) = rd->class[i];
	free(rd->class);
	rd->class = all;
	rd->nr_places = nr_places;
	return true;
}

static int16_t find_context(const bt_field_class *context, const char *const *names)
{
	uint64_t nr = context ? bt_field_class_structure_get_member_count(context) : 0;

	for (; *names; names++)
		for (uint64_t i = 0; i < nr && i < INT16_MAX; i++)
			if (!strcmp(bt_field_class_structure_member_get_name(
					    bt_field_class_structure_borrow_member_by_index_const(context, i)), *names))
				return i;
	return -1;
}

static enum member_form form_of(const bt_field_class *member)
{
	static const struct {
		bt_field_class_type type;
		enum member_form form;
	} forms[] = {
		{ BT_FIELD_CLASS_TYPE_STRING, MEMBER_TEXT }, { BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER, MEMBER_UNSIGNED },
		{ BT_FIELD_CLASS_TYPE_SIGNED_INTEGER, MEMBER_SIGNED }, { BT_FIELD_CLASS_TYPE_BOOL, MEMBER_BOOL },
	};

	for (unsigned i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (bt_field_class_type_is(bt_field_class_get_type(member), forms[i].type))
			return forms[i].form;
	return MEMBER_OTHER;
}

static void add_member(struct class *class, const bt_field_class_structure_member *member)
{
	class->member[class->nr_members] = bt_field_class_structure_member_get_name(member);
	class->form[class->nr_members++] = form_of(bt_field_class_structure_member_borrow_field_class_const(member));
}

static void find_members(struct class *class, const bt_event_class *type)
{
	static const char *const names[NR_CONTEXTS][4] = {
		[CONTEXT_TID] = { "vtid", "tid", "perf_tid" }, [CONTEXT_CPU] = { "cpu_id", "perf_cpu" }, [CONTEXT_TASK] = { "procname" },
	};
	const bt_field_class *context = bt_stream_class_borrow_event_common_context_field_class_const(
		bt_event_class_borrow_stream_class_const(type));
	const bt_field_class *payload = bt_event_class_borrow_payload_field_class_const(type);
	uint64_t nr = payload ? bt_field_class_structure_get_member_count(payload) : 0;

	for (unsigned i = 0; i < NR_CONTEXTS; i++)
		class->context[i] = find_context(context, names[i]);
	for (uint64_t i = 0; i < nr && i < TEXT_MAX_VALUES; i++)
		add_member(class, bt_field_class_structure_borrow_member_by_index_const(payload, i));
}

static void init_class(struct reader *rd, struct class *class, const bt_event_class *type)
{
	const char *name = bt_event_class_get_name(type);

	class->type = type;
	find_members(class, type);
	if (!name)
		name = "(nameless)";
	snprintf(class->name, sizeof(class->name), "%s", name);
	if (!strncmp(name, "qemu:", 5)) {
		class->row = qemu_names_find(qemu_decoder_names(rd->decoder), name + 5, strlen(name + 5));
		class->how = class->row ? HOW_QEMU : HOW_OTHER;
	} else if (ctf_find_row(name, class->tracepoint, sizeof(class->tracepoint))) {
		class->how = HOW_KERNEL;
	}
}

/* NULL where there are too many. */
static struct class *class_of(struct reader *rd, const bt_event *event)
{
	const bt_event_class *type = bt_event_borrow_class_const(event);
	struct class *class = rd->nr_places ? place_of(rd->class, rd->nr_places, type) : NULL;

	if (class && class->type)
		return class;
	if (rd->nr_classes == MAX_CLASSES || (rd->nr_classes * 2 >= rd->nr_places && !grow(rd)))
		return NULL;
	class = place_of(rd->class, rd->nr_places, type);
	init_class(rd, class, type);
	rd->nr_classes++;
	return class;
}

/* ------------------------------------------------------------------------------------------------------ fields */

static bool get_number(const bt_field *field, int64_t *value)
{
	bt_field_class_type type = bt_field_get_class_type(field);

	if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER))
		*value = (int64_t)bt_field_integer_unsigned_get_value(field);
	else if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_SIGNED_INTEGER))
		*value = bt_field_integer_signed_get_value(field);
	else if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_BOOL))
		*value = bt_field_bool_get_value(field);
	else
		return false;
	return true;
}

static const char *get_text(const bt_field *field)
{
	return bt_field_class_type_is(bt_field_get_class_type(field), BT_FIELD_CLASS_TYPE_STRING) ? bt_field_string_get_value(field) :
	       NULL;
}

static const bt_field *member(const bt_field *structure, const char *name)
{
	if (!structure || !bt_field_class_type_is(bt_field_get_class_type(structure), BT_FIELD_CLASS_TYPE_STRUCTURE))
		return NULL;
	return bt_field_structure_borrow_member_field_by_name_const(structure, name);
}

static const bt_field *context_field(const struct class *class, const bt_event *event, enum context what)
{
	const bt_field *context = class->context[what] >= 0 ? bt_event_borrow_common_context_field_const(event) : NULL;

	return context ? bt_field_structure_borrow_member_field_by_index_const(context, class->context[what]) : NULL;
}

static int32_t context_number(const struct class *class, const bt_event *event, enum context what)
{
	const bt_field *field = context_field(class, event, what);
	int64_t value;

	return field && get_number(field, &value) && value >= 0 && value <= INT32_MAX ? (int32_t)value : -1;
}

static str_id task_name(struct reader *rd, const struct class *class, const bt_event *event)
{
	const bt_field *field = context_field(class, event, CONTEXT_TASK);
	const char *text = field ? get_text(field) : NULL;

	return text && *text ? strtab_intern(rd->host.strings, text, strlen(text)) : 0;
}

/* -------------------------------------------------------------------------------------------------------- QEMU */

static bool fill_record(const struct qemu_row *row, const bt_field *payload, struct qemu_record *rec)
{
	unsigned nr = qemu_nr_fields(row);

	for (unsigned i = 0; i < nr; i++) {
		const bt_field *field = member(payload, row->fields[i].name);
		const char *text;

		if (!field)
			return false;
		text = get_text(field);
		if ((qemu_field_type(row, i) == 's') != (text != NULL) || (!text && !get_number(field, &rec->num[i])))
			return false;
		if (text)
			rec->text[i] = (struct qemu_text){ text, strlen(text) };
	}
	rec->row = row;
	return true;
}

/* A guest's platform, where its host is in the same trace. */
static void give_to_guest(struct reader *rd)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < rd->nr_events; i++)
		if (qemu_event_of(&rd->event[i], MACHINE_GUEST))
			rd->event[nr++] = rd->event[i];
	rd->nr_events = nr;
}

static void take_qemu(struct reader *rd, struct class *class, const bt_event *event, int32_t tid)
{
	const bt_field *payload = bt_event_borrow_payload_field_const(event);
	struct qemu_record rec = { .tid = tid };

	for (const struct qemu_row *row = class->row; row->name && !strcmp(row->name, class->row->name); row++) {
		if (!fill_record(row, payload, &rec))
			continue;
		rd->nr_events = qemu_decode(rd->decoder, &rec, rd->event);
		if (ctf_source_about(rd->source)->is_kernel)
			give_to_guest(rd);
		return;
	}
}

/* ------------------------------------------------------------------------------------------------------ kernel */

static void add_value(struct text_body *body, const struct class *class, unsigned i, const bt_field *field)
{
	struct text_value *value = &body->value[body->nr];

	value->form = TEXT_NUMBER;
	switch (class->form[i]) {
	case MEMBER_TEXT:
		value->form = TEXT_STRING;
		value->text = bt_field_string_get_value(field);
		value->text_len = bt_field_string_get_length(field);
		break;
	case MEMBER_UNSIGNED:
		value->number = bt_field_integer_unsigned_get_value(field);
		break;
	case MEMBER_SIGNED:
		value->number = (uint64_t)bt_field_integer_signed_get_value(field);
		break;
	case MEMBER_BOOL:
		value->number = bt_field_bool_get_value(field);
		break;
	default:
		return;
	}
	value->key = class->member[i];
	body->nr++;
}

/* All events of a class have one form. */
static uint16_t format_of(struct reader *rd, struct class *class, struct text_body *body)
{
	if (class->has_format)
		return class->format;
	for (unsigned i = 0; i < body->nr; i++)
		body->value[i].key_len = strlen(body->value[i].key);
	class->format = synth_format(rd->synth, class->tracepoint, body);
	class->has_format = true;
	return class->format;
}

static void take_kernel(struct reader *rd, struct class *class, const bt_event *event, int32_t cpu, int32_t tid)
{
	const bt_field *payload = bt_event_borrow_payload_field_const(event);
	struct text_body body;
	uint16_t format;

	body.form = TEXT_TRACEPOINT;
	body.nr = 0;
	for (unsigned i = 0; i < class->nr_members; i++)
		add_value(&body, class, i, bt_field_structure_borrow_member_field_by_index_const(payload, i));
	format = format_of(rd, class, &body);
	if (!format || !decode_record(synth_decode(rd->synth), synth_fill(rd->synth, format, tid, &body), cpu, &rd->event[0]))
		return;
	rd->nr_events = 1;
	rd->event[0].pid = tid;
	rd->event[0].comm = task_name(rd, class, event);
	if (decode_second(synth_decode(rd->synth), &rd->event[0], &rd->event[1]))
		rd->nr_events = 2;
}

/* ------------------------------------------------------------------------------------------------------- items */

static void take_hole(struct reader *rd, const struct ctf_item *item)
{
	struct event *ev = &rd->event[0];

	*ev = (struct event){ .kind = EV_LOST, .witness = WITNESS_SHADOW, .cpu = item->cpu, .pid = -1 };
	if (item->cpu >= 0)
		event_add_object(ev, OBJ_CPU, item->cpu);
	if (item->nr_lost && item->nr_lost <= INT64_MAX - rd->lost) {
		event_arg_set(ev, ARG_COUNT, (int64_t)item->nr_lost);
		rd->lost += item->nr_lost;
	}
	rd->nr_events = 1;
	qemu_decoder_lost(rd->decoder);
}

static void take_event(struct reader *rd, const struct ctf_item *item)
{
	struct class *class = class_of(rd, item->event);
	int32_t tid, cpu = item->cpu;

	if (!class)
		return;
	class->count++;
	if (class->how == HOW_OTHER)
		return;
	tid = context_number(class, item->event, CONTEXT_TID);
	if (cpu < 0)
		cpu = context_number(class, item->event, CONTEXT_CPU);
	if (class->how == HOW_QEMU)
		take_qemu(rd, class, item->event, tid);
	else
		take_kernel(rd, class, item->event, cpu, tid);
	class->kept += rd->nr_events > 0;
}

static void take_item(struct reader *rd)
{
	const struct ctf_item *item = &rd->item;

	rd->nr_events = rd->next_event = 0;
	rd->records++;
	if (item->kind == CTF_LOST)
		take_hole(rd, item);
	else
		take_event(rd, item);
	for (unsigned i = 0; i < rd->nr_events; i++) {
		struct event *ev = &rd->event[i];

		ev->ordinal = ev->offset = rd->records;
		ev->sub = i;
		ev->t_lo_ns = rd->order ? (int64_t)rd->records : item->t_lo_ns;
		ev->t_hi_ns = rd->order ? (int64_t)rd->records : item->t_hi_ns;
	}
}

/* ----------------------------------------------------------------------------------------------------- reader */

static void tell_kinds(struct reader *rd)
{
	for (uint32_t i = 0; i < rd->nr_places; i++) {
		struct class *class = &rd->class[i];
		struct record_kind rk = { .count = class->count, .kept = class->kept };

		/* classes of one name in several traces are one kind */
		for (uint32_t k = i + 1; class->count && k < rd->nr_places; k++) {
			if (!rd->class[k].type || strcmp(rd->class[k].name, class->name))
				continue;
			rk.count += rd->class[k].count;
			rk.kept += rd->class[k].kept;
			rd->class[k].count = 0;
		}
		snprintf(rk.name, sizeof(rk.name), "%s", class->name);
		if (class->count)
			rd->host.sink->record_kind(rd->host.sink->ctx, &rk);
	}
}

static void finish(struct reader *rd)
{
	rd->ended = true;
	rd->incomplete |= !ctf_source_complete(rd->source);
	tell_kinds(rd);
	if (rd->lost)
		diag_report(rd->host.diag, DIAG_LOST_EVENTS, (struct diag_pos){ rd->in.path, 0, 0 }, "%" PRIu64 " events", rd->lost);
}

static bool next_item(struct reader *rd)
{
	if (!rd->first)
		ctf_source_next(rd->source, &rd->item);
	rd->first = false;
	return rd->item.kind != CTF_END;
}

static enum read_status next(struct reader *rd, struct event *ev)
{
	while (rd->next_event == rd->nr_events && !rd->stopped && !rd->ended) {
		if (!next_item(rd))
			finish(rd);
		else
			take_item(rd);
		if (rd->records % PROGRESS_EVENTS == 0)
			rd->stopped = rd->host.sink->progress(rd->host.sink->ctx, rd->records) != 0;
	}
	if (rd->next_event < rd->nr_events) {
		*ev = rd->event[rd->next_event++];
		return READ_EVENT;
	}
	return rd->incomplete || rd->stopped ? READ_FAILED : READ_END;
}

static int pass_signal(void *ctx, const struct source_signal *signal)
{
	struct reader *rd = ctx;

	return rd->host.sink->signal(rd->host.sink->ctx, signal);
}

static int ignore_kind(void *ctx, const struct record_kind *rk)
{
	(void)ctx;
	(void)rk;
	return 0;
}

static void close_reader(struct reader *rd)
{
	if (!rd)
		return;
	ctf_source_close(rd->texts);
	ctf_source_close(rd->source);
	synth_free(rd->synth);
	qemu_decoder_free(rd->decoder);
	free(rd->class);
	free(rd);
}

static void tell_info(struct reader *rd)
{
	const struct ctf_about *about = ctf_source_about(rd->source);
	struct source_info info = { .layer = about->has_qemu && !about->is_kernel ? LAYER_PLATFORM : LAYER_KERNEL };

	rd->order = !about->clock[0];
	snprintf(info.kind, sizeof(info.kind), "ctf");
	snprintf(info.clock, sizeof(info.clock), "%s", rd->order ? SOURCE_CLOCK_ORDER : about->clock);
	snprintf(info.release, sizeof(info.release), "%s", about->release);
	rd->host.sink->info(rd->host.sink->ctx, &info);
	if (about->has_qemu)
		qemu_decoder_tell_signals(rd->decoder, rd->host.sink, about->is_kernel ? MACHINE_GUEST : MACHINE_OWN);
}

static struct reader *open_reader(const struct input *in, const struct reader_host *host)
{
	struct reader *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	rd->in = *in;
	rd->host = rd->decode_host = *host;
	rd->sink = (struct source_sink){ .ctx = rd, .signal = pass_signal, .record_kind = ignore_kind };
	rd->decode_host.sink = &rd->sink;
	rd->source = ctf_source_open(in->fd, in->path, host->diag);
	rd->synth = rd->source ? synth_new(&rd->in, &rd->decode_host) : NULL;
	rd->decoder = rd->source ? qemu_decoder_new(in->path, &rd->decode_host) : NULL;
	if (!rd->synth || !rd->decoder) {
		if (rd->source)
			diag_report(host->diag, DIAG_BAD_HEADER, (struct diag_pos){ in->path, 0, 0 }, "no memory");
		close_reader(rd);
		return NULL;
	}
	/* streams tell of themselves with the first that comes out of them */
	ctf_source_next(rd->source, &rd->item);
	rd->first = true;
	tell_info(rd);
	return rd;
}

static void position(const struct reader *rd, uint64_t *records, uint64_t *offset)
{
	*records = *offset = rd->records;
}

static uint64_t lost(const struct reader *rd)
{
	return rd->lost;
}

/* -------------------------------------------------------------------------------------------------------- text */

static void print_field(FILE *out, const bt_field *field)
{
	const char *text = get_text(field);
	int64_t number;

	if (text)
		fprintf(out, "\"%s\"", text);
	else if (bt_field_class_type_is(bt_field_get_class_type(field), BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER))
		fprintf(out, "%" PRIu64, bt_field_integer_unsigned_get_value(field));
	else if (get_number(field, &number))
		fprintf(out, "%" PRId64, number);
	else
		fputs("...", out);
}

static void print_payload(FILE *out, const bt_field *payload)
{
	const bt_field_class *type = payload ? bt_field_borrow_class_const(payload) : NULL;
	uint64_t nr = type ? bt_field_class_structure_get_member_count(type) : 0;

	fputs("{", out);
	for (uint64_t i = 0; i < nr; i++) {
		fprintf(out, "%s %s = ", i ? "," : "", bt_field_class_structure_member_get_name(
			bt_field_class_structure_borrow_member_by_index_const(type, i)));
		print_field(out, bt_field_structure_borrow_member_field_by_index_const(payload, i));
	}
	fputs(" }", out);
}

static void print_item(FILE *out, const struct ctf_item *item)
{
	if (item->has_time)
		fprintf(out, "[%" PRId64 ".%09" PRId64 "] ", item->t_hi_ns / 1000000000, item->t_hi_ns % 1000000000);
	if (item->cpu >= 0)
		fprintf(out, "cpu %d ", item->cpu);
	if (item->kind == CTF_LOST && !item->nr_lost) {
		fputs("events discarded", out);
	} else if (item->kind == CTF_LOST) {
		fprintf(out, "%" PRIu64 " events discarded", item->nr_lost);
	} else {
		const char *name = bt_event_class_get_name(bt_event_borrow_class_const(item->event));

		fprintf(out, "%s: ", name ? name : "(nameless)");
		print_payload(out, bt_event_borrow_payload_field_const(item->event));
	}
}

static void ignore_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *what)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)what;
}

/* Read once more from the beginning; evidence is asked for in the order in which it was recorded. */
static bool text(struct reader *rd, uint64_t offset, char *buf, size_t len)
{
	struct diag_sink quiet = { .fn = ignore_diag };
	struct ctf_item item = { .kind = CTF_END };
	FILE *out;

	if (!len || !offset || offset > rd->records)
		return false;
	if (!rd->texts || offset <= rd->text_at) {
		ctf_source_close(rd->texts);
		rd->texts = ctf_source_open(rd->in.fd, rd->in.path, &quiet);
		rd->text_at = 0;
	}
	while (rd->texts && rd->text_at < offset) {
		ctf_source_next(rd->texts, &item);
		if (item.kind == CTF_END)
			return false;
		rd->text_at++;
	}
	out = rd->texts ? fmemopen(buf, len, "w") : NULL;
	if (!out)
		return false;
	print_item(out, &item);
	fclose(out);
	buf[len - 1] = 0;
	return true;
}

static int probe(const uint8_t *head, size_t len)
{
	(void)head;
	(void)len;
	return 0;
}

/* Files of the trace are opened and mapped by the library. */
static const int syscalls[] = { SYS_openat, SYS_newfstatat, SYS_getdents64, SYS_lseek, SYS_close, SYS_fcntl, SYS_sysinfo,
				SYS_ioctl, -1 };

const struct reader_ops ctf_reader = {
	.name = "ctf",
	.layer = LAYER_KERNEL,
	.about = "CTF 1.8, a directory with traces below it: LTTng's of a kernel, QEMU's (UST backend); discarded events are gaps",
	.probe = probe,
	.probe_directory = ctf_source_probe,
	.prepare = ctf_source_prepare,
	.open = open_reader,
	.next = next,
	.position = position,
	.lost = lost,
	.text = text,
	.close = close_reader,
	.syscalls = syscalls,
};
