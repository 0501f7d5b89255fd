/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dynamic probes (kprobes, fprobes and their return forms) are named by whoever made them; what they sit on is in their
 * records: __probe_ip, or __probe_func for returns, which kallsyms turn into a function. Only a probe at the function's
 * start counts; with CET that is behind the 4 bytes of endbr64.
 */
#include "ingest/ftrace/decode.h"
#include "ingest/ftrace/names.h"

#include <event-parse.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/ftrace/special.h"
#include "ingest/harm.h"

enum {
	MAX_TYPES = 1 << 16, NR_COMMS = 1 << 12, NR_FUNCTIONS = 1 << 9, NR_SYMBOLS = 1 << 8, MAX_FIELDS = 20, ENDBR_LEN = 4,
	MAX_ENTRIES = 2048,	/* of a function's MSI-X table */
};

/* The upper half of x86-64's addresses. */
#define KERNEL_SPACE UINT64_C(0xffff800000000000)

enum field_form { FORM_NUMBER, FORM_DATA_LOC, FORM_REL_LOC, FORM_TEXT, FORM_PRINTED };

struct field {
	uint32_t offset;
	uint16_t to;		/* enum event_arg_id or row_target */
	uint8_t size;		/* of a number */
	uint8_t form;
	bool is_signed;
};

/* TYPE_CALL, TYPE_RETURN: of the function tracers, whose records are of any function. */
enum type_state { TYPE_COUNTED, TYPE_DECODED, TYPE_CALL, TYPE_RETURN, TYPE_PROBE, TYPE_PROBE_RETURN };

struct type {
	struct tep_event *format;	/* borrowed from tep */
	uint64_t records, kept, bad;
	uint8_t state;
	uint8_t witness, special, entry;
	uint16_t kind, other_kind;
	uint16_t second_kind;	/* of a second event from the same record; 0: none */
	uint8_t second_witness;
	bool needs_irq;
	const struct function_row *late;	/* its signal is told with the first event; NULL: was told */
	const char *same_as;	/* tracepoint that says the same; NULL: none */
	uint32_t pid_offset, address_offset;
	uint32_t args_offset;	/* of a function tracer's record: where its registers are */
	const struct function_params *params;	/* what they are, by their names; NULL: fields have names */
	uint32_t min_size;	/* of a record, for all numbers */
	str_id via, op;
	struct row_constant constant;
	unsigned nr_fields;
	struct field fields[MAX_FIELDS];
};

struct decode {
	struct tep_handle *tep;
	struct symbols symbols;
	enum signal_basis probe_basis;
	const struct walk *walk;
	const struct input *in;
	const struct reader_host *host;
	struct type **types;	/* MAX_TYPES, by common_type; owned */
	unsigned nr_types;	/* one more than the highest there is */
	uint64_t unknown;	/* records of a type without format */
	uint32_t objects[NR_EVENT_KINDS];	/* by kind, a bit for each kind of object that it may carry */
	bool big_endian, lossy, has_symbols, symbols_known, strings_full, by_name_noted, ready;
	uint32_t rivals;	/* rows of function_rows whose rival the kernel has; by symbol number */
	uint64_t signalled[4];	/* rows of function_rows whose signal was told */
	struct { int32_t pid; str_id comm; } comms[NR_COMMS];
	struct { uint64_t address; str_id name; } names[NR_SYMBOLS];	/* of addresses */
	bool has_probes;
	/* By address, what the records of a function tracer mean; type NULL: nothing. Owned. */
	struct function { uint64_t address; struct type *type; bool is_return, used; } functions[NR_FUNCTIONS];
	struct special special;
	struct trace_seq printed;	/* the last record that was printed for its row */
	const struct type *last;	/* type of the last event, where a second one follows */
};

static uint64_t read_number(const struct decode *d, const uint8_t *p, unsigned size, bool is_signed)
{
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	switch (size) {
	case 1:
		return is_signed ? (uint64_t)(int8_t)*p : *p;
	case 2:
		memcpy(&v16, p, 2);
		if (d->big_endian)
			v16 = __builtin_bswap16(v16);
		return is_signed ? (uint64_t)(int16_t)v16 : v16;
	case 4:
		memcpy(&v32, p, 4);
		if (d->big_endian)
			v32 = __builtin_bswap32(v32);
		return is_signed ? (uint64_t)(int32_t)v32 : v32;
	default:
		memcpy(&v64, p, 8);
		return d->big_endian ? __builtin_bswap64(v64) : v64;
	}
}

static void note(struct decode *d, enum diag_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void note(struct decode *d, enum diag_code code, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_report(d->host->diag, code, (struct diag_pos){ d->in->path, 0, 0 }, "%s", text);
}

static str_id intern(struct decode *d, const char *text, size_t len)
{
	str_id id = strtab_intern(d->host->strings, text, len);

	if (!id && !d->strings_full) {
		d->strings_full = true;
		note(d, DIAG_LIMIT, "too many different texts");
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
	d->comms[slot].comm = intern(d, comm, strlen(comm));
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
	d->names[slot].name = intern(d, name, strlen(name));
	return d->names[slot].name;
}

/* ---- formats into fields ---- */

/* What a function returns: an int, for all that rows want. */
static const struct function_params result = { "", { { "ret", 4 } } };

bool decode_wants_text(unsigned to)
{
	return to == TO_DEV || to == TO_PHRASE || (to < NR_ARG_IDS && event_args[to].type == ARG_TYPE_STR);
}

/* False where the field's place or form cannot be used. */
static bool field_init(struct field *f, const struct tep_format_field *from, unsigned to)
{
	bool wants_text = decode_wants_text(to);
	bool either = to == ARG_HANDLER || to == TO_THREAD_FN;

	if (from->offset < 0 || from->size < 0)
		return false;
	*f = (struct field){ .offset = from->offset, .to = to, .is_signed = from->flags & TEP_FIELD_IS_SIGNED };
	if (to == TO_PRINTED) {
		f->form = FORM_PRINTED;
		return true;
	}
	if (from->flags & TEP_FIELD_IS_DYNAMIC) {
		f->form = from->flags & TEP_FIELD_IS_RELATIVE ? FORM_REL_LOC : FORM_DATA_LOC;
		f->size = 4;
		return from->size == 4 && (wants_text || either);
	}
	if (from->flags & TEP_FIELD_IS_ARRAY) {
		f->form = FORM_TEXT;
		return from->flags & TEP_FIELD_IS_STRING && wants_text;
	}
	f->size = from->size;
	return (f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8) && (!wants_text || either);
}

static bool add_field(struct type *t, const struct tep_format_field *from, unsigned to)
{
	struct field f;

	if (!from || t->nr_fields == MAX_FIELDS || !field_init(&f, from, to))
		return false;
	if (f.offset + f.size > t->min_size)
		t->min_size = f.offset + f.size;
	t->fields[t->nr_fields++] = f;
	return true;
}

/* A register of a call, or its result, as a field; NULL where there is none of that name. */
static const struct tep_format_field *find_param(const struct decode *d, const struct type *t, const char *name,
						 struct tep_format_field *buf)
{
	unsigned size = 0, i;

	for (i = 0; i < FUNCTION_MAX_PARAMS && t->params->param[i].size_bytes; i++) {
		if (!t->params->param[i].name || strcmp(t->params->param[i].name, name))
			continue;
		size = t->params->param[i].size_bytes;
		break;
	}
	if (!size)
		return NULL;
	if (size > d->walk->long_size)
		size = d->walk->long_size;
	*buf = (struct tep_format_field){ .size = (int)size, .offset = (int)(t->args_offset + i * d->walk->long_size) };
	if (t->params == &result)
		buf->flags = TEP_FIELD_IS_SIGNED;
	if (d->big_endian)
		buf->offset += (int)(d->walk->long_size - size);
	return buf;
}

/* Looks for a field under the names of one target, and takes it to another. */
static bool add_alias_as(struct decode *d, struct type *t, unsigned names_of, unsigned to)
{
	struct tep_format_field buf;

	for (const struct row_alias *alias = row_aliases; alias->to != TO_NONE; alias++) {
		if (alias->to != names_of)
			continue;
		for (int i = 0; alias->names[i]; i++)
			if (add_field(t, t->params ? find_param(d, t, alias->names[i], &buf) :
						     tep_find_field(t->format, alias->names[i]), to))
				return true;
	}
	return false;
}

static bool add_alias(struct decode *d, struct type *t, unsigned to)
{
	return add_alias_as(d, t, to, to);
}

static bool has_field(const struct type *t, unsigned to)
{
	for (unsigned i = 0; i < t->nr_fields; i++)
		if (t->fields[i].to == to)
			return true;
	return false;
}

static bool kind_has(unsigned kind, enum object_kind object)
{
	for (int i = 0; event_kinds[kind].objects[i]; i++)
		if (event_kinds[kind].objects[i] == object)
			return true;
	return false;
}

static void tell_signal(struct decode *d, unsigned kind, unsigned witness, unsigned grade, unsigned basis,
			const char *via)
{
	struct source_signal signal = { .kind = kind, .witness = witness, .grade = grade, .basis = basis };

	snprintf(signal.via, sizeof(signal.via), "%s", via);
	d->host->sink->signal(d->host->sink->ctx, &signal);
}

/* ---- tracepoints ---- */

static const struct tracepoint_row *find_tracepoint(const struct tep_event *format, const char **op)
{
	char name[256];
	size_t n;

	*op = NULL;
	if (!format->system || !format->name)
		return NULL;
	snprintf(name, sizeof(name), "%s:%s", format->system, format->name);
	for (const struct tracepoint_row *row = tracepoint_rows; row->name; row++) {
		n = strlen(row->name) - 1;
		if (row->name[n] == '*' && !strncmp(row->name, name, n)) {
			*op = format->name + strlen(format->name) - strlen(name + n);
			return row;
		}
		if (!strcmp(row->name, name))
			return row;
	}
	return NULL;
}

static void tell_tracepoint(struct decode *d, const struct tracepoint_row *row, const char *via)
{
	unsigned grade = row->partial ? SIGNAL_PARTIAL : SIGNAL_COMPLETE;

	if (row->special == ROW_HARM) {
		for (int i = 0; harm_kinds[i] != EV_NONE; i++)
			tell_signal(d, harm_kinds[i], row->witness, grade, SIGNAL_SEEN, via);
		return;
	}
	tell_signal(d, row->kind, row->witness, grade, SIGNAL_SEEN, via);
	if (row->other_kind)
		tell_signal(d, row->other_kind, row->witness, grade, SIGNAL_SEEN, via);
}

static void use_second(struct decode *d, struct type *t)
{
	char name[256];

	snprintf(name, sizeof(name), "%s:%s", t->format->system, t->format->name);
	for (const struct second_row *row = second_rows; row->name; row++) {
		if (strcmp(row->name, name))
			continue;
		t->second_kind = row->kind;
		t->second_witness = row->witness;
		tell_signal(d, row->kind, row->witness, SIGNAL_COMPLETE, SIGNAL_SEEN, t->format->name);
	}
}

static void use_tracepoint(struct decode *d, struct type *t, const struct tracepoint_row *row, const char *op)
{
	char missing[256] = "";

	for (int i = 0; i < ROW_MAX_FIELDS && row->fields[i].name; i++) {
		size_t n = strlen(missing);

		if (!add_field(t, tep_find_field(t->format, row->fields[i].name), row->fields[i].to) && !op && !row->fields[i].optional)
			snprintf(missing + n, sizeof(missing) - n, " %s", row->fields[i].name);
	}
	if (*missing && !d->lossy)
		note(d, DIAG_ALIAS_MISSING, "tracepoint %s:%s lacks%s", t->format->system, t->format->name, missing);
	t->state = TYPE_DECODED;
	t->kind = row->kind;
	t->witness = row->witness;
	t->constant = row->constant;
	t->special = row->special;
	t->other_kind = row->other_kind;
	t->needs_irq = has_field(t, TO_IRQ);
	t->via = intern(d, t->format->name, strlen(t->format->name));
	if (op)
		t->op = intern(d, op, strlen(op));
	tell_tracepoint(d, row, t->format->name);
	use_second(d, t);
}

/* ---- probes ---- */

static const struct function_row *find_function(const char *function, bool is_return)
{
	for (const struct function_row *row = function_rows; row->function; row++)
		if (row->is_return == is_return && !strcmp(row->function, function))
			return row;
	return NULL;
}

static unsigned collect_rivals(const char **names, unsigned max)
{
	unsigned nr = 0;

	for (const struct function_row *row = function_rows; row->function && nr < max; row++)
		if (row->rival)
			names[nr++] = row->rival;
	return nr;
}

static bool rival_exists(struct decode *d, const char *rival)
{
	const char *names[32];
	unsigned nr = collect_rivals(names, 32);

	if (!d->symbols_known) {
		d->symbols_known = true;
		d->has_symbols = walk_symbols(d->walk, d->in, names, nr, &d->rivals);
	}
	if (!d->has_symbols)
		return true;
	for (unsigned i = 0; i < nr; i++)
		if (!strcmp(names[i], rival))
			return d->rivals >> i & 1;
	return false;
}

static bool has_tracepoint(const struct decode *d, const char *name)
{
	char system[64];
	size_t len = strcspn(name, ":");

	snprintf(system, sizeof(system), "%.*s", (int)len, name);
	return tep_find_event_by_name(d->tep, system, name + len + 1);
}

/* witness: what the probe's records prove, which may be less than the row says. */
static void tell_function(struct decode *d, const struct type *t, const struct function_row *row, enum witness witness)
{
	enum signal_basis basis = t->params ? SIGNAL_SEEN : d->probe_basis;
	unsigned index = row - function_rows, grade = row->grade;
	uint64_t bit = UINT64_C(1) << (index & 63);

	if (d->signalled[index >> 6 & 3] & bit)
		return;
	d->signalled[index >> 6 & 3] |= bit;
	if (row->rival && rival_exists(d, row->rival))
		grade = SIGNAL_PARTIAL;
	tell_signal(d, row->kind, witness, grade, basis, row->function);
	if (row->other_kind)
		tell_signal(d, row->other_kind, witness, grade, basis, row->function);
}

/* As text, or in numbers. */
static bool add_function_fields(struct decode *d, struct type *t)
{
	if (add_alias(d, t, TO_DEV))
		return true;
	if (!add_alias(d, t, TO_BUS) || !add_alias(d, t, TO_DEVFN))
		return false;
	add_alias(d, t, TO_SEGMENT);
	return true;
}

/* False where the probe does not tell which entry of which function its records are about. */
static bool add_entry_fields(struct decode *d, struct type *t, enum row_entry entry)
{
	bool has_dev = add_function_fields(d, t), has_index = add_alias(d, t, TO_INDEX), has_hwirq = add_alias(d, t, TO_HWIRQ);
	bool told = entry == ROW_ENTRY_MSIX || entry == ROW_ENTRY_MSI || add_alias(d, t, TO_MSIX) ||
		    add_alias(d, t, TO_MSI_ATTR);

	return told && (has_hwirq || (has_dev && has_index));
}

static bool add_special_fields(struct decode *d, struct type *t, enum row_special special)
{
	const struct special_wants *wants = &special_wants[special];
	bool whole = true;

	for (unsigned i = 0; i < SPECIAL_MAX_FIELDS && wants->fields[i] != TO_NONE; i++)
		whole = (has_field(t, wants->fields[i]) || add_alias(d, t, wants->fields[i]) || i >= wants->nr_needed) &&
			whole;
	return whole;
}

/* Objects of the row's kind. */
static void add_object_fields(struct decode *d, struct type *t, const struct function_row *row)
{
	if (kind_has(row->kind, OBJ_IRQ))
		add_alias(d, t, TO_IRQ);
	if (kind_has(row->kind, OBJ_MSIX) && row->entry != ROW_ENTRY_NONE) {
		if (!add_entry_fields(d, t, row->entry) && row->witness > WITNESS_INTENT)
			note(d, DIAG_REMARK,
			     "probe %s:%s on %s does not tell which entry of which device, MSI or MSI-X: "
			     "its events carry only what it has",
			     t->format->system, t->format->name, row->function);
	} else if (kind_has(row->kind, OBJ_PCI)) {
		add_function_fields(d, t);
	}
	if (kind_has(row->kind, OBJ_PORT))
		add_alias(d, t, TO_PORT);
	if (kind_has(row->kind, OBJ_PIN) && add_alias(d, t, TO_APIC))
		add_alias(d, t, TO_PIN);
	if (kind_has(row->kind, OBJ_VECTOR))
		add_alias_as(d, t, ARG_VECTOR, TO_VECTOR);
}

static void add_arg_fields(struct decode *d, struct type *t, const struct function_row *row)
{
	const uint8_t *args = event_kinds[row->kind].args;

	for (int i = 0; i < EVENT_MAX_ARGS && args[i]; i++) {
		if (args[i] == row->omit || (args[i] == ARG_VECTOR && has_field(t, TO_VECTOR)))
			continue;
		if (args[i] == ARG_THREADED)
			add_alias(d, t, TO_THREAD_FN);
		else if (!add_alias(d, t, args[i]) && args[i] == ARG_RTE && add_alias(d, t, TO_W1))
			add_alias(d, t, TO_W2);
	}
}

/* Does anything of a record say what it is about? An EOI names its pins by their vector. */
static bool names_something(const struct type *t, const struct function_row *row)
{
	static const uint16_t names[] = { TO_DEV, TO_DEVFN, TO_PIN, TO_VECTOR, TO_IRQ, TO_REG, TO_PIRQ, TO_PORT };

	if ((row->is_return && row->special != ROW_PLAIN) || row->special == ROW_PIRQ_SETUP || row->special == ROW_HERE)
		return true;
	if (event_kinds[row->kind].objects[0] == OBJ_IRQ)
		return has_field(t, TO_IRQ);
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (has_field(t, names[i]))
			return true;
	return row->special == ROW_IRTE_AMD || (row->kind == EV_IOAPIC_EOI && has_field(t, ARG_VECTOR));
}

/* False where the probe lacks what the row cannot do without. */
static bool use_function(struct decode *d, struct type *t, const struct function_row *row)
{
	bool whole;

	t->nr_fields = 0;
	if (row->tracepoint && has_tracepoint(d, row->tracepoint))
		return false;
	add_object_fields(d, t, row);
	whole = add_special_fields(d, t, row->special);
	add_arg_fields(d, t, row);
	if (row->special == ROW_ENTRY_FORM)
		whole = has_field(t, TO_MSIX) || has_field(t, TO_MSI_ATTR);
	if ((!whole || !names_something(t, row)) && t->params)
		return false;
	if (!whole || !names_something(t, row)) {
		note(d, DIAG_REMARK, "probe %s:%s on %s does not give what it takes: its records are counted only",
		     t->format->system, t->format->name, row->function);
		return false;
	}
	t->same_as = row->tracepoint;
	t->kind = row->kind;
	t->other_kind = row->other_kind;
	t->witness = row->witness;
	if (row->special == ROW_MSI_BITS && !has_field(t, TO_CAN_MASK) && !has_field(t, TO_MSI_ATTR))
		t->witness = WITNESS_INTENT;
	t->special = row->special;
	t->entry = row->entry;
	t->constant = row->constant;
	t->needs_irq = event_kinds[row->kind].objects[0] == OBJ_IRQ && row->special != ROW_SETUP_RESULT;
	t->via = intern(d, row->function, strlen(row->function));
	return true;
}

/* The function that a probe at address sits on; NULL where it is not at its start. *known: kallsyms can tell. */
static const char *function_at(struct decode *d, uint64_t address, bool *known)
{
	uint64_t start;
	const char *function = symbols_find(&d->symbols, address, &start);

	*known = function != NULL;
	if (!function)
		return NULL;
	return address == start || address == start + ENDBR_LEN ? function : NULL;
}

/* Returns that need their call, and calls that are only remembered, show nothing by themselves. */
static bool is_late(const struct function_row *row)
{
	switch (row->special) {
	case ROW_SETUP_RESULT:
	case ROW_RTE_READ:
	case ROW_REGISTER:
	case ROW_PIRQ_ASKS:
	case ROW_PIRQ_ANSWERS:
	case ROW_PORT_ABI:
		return true;
	default:
		return false;
	}
}

static void note_by_name(struct decode *d, const struct type *t)
{
	if (!d->lossy)
		note(d, DIAG_REMARK, "kallsyms do not tell what probe %s:%s sits on, taken by its name",
		     t->format->system, t->format->name);
	else if (!d->by_name_noted)
		note(d, DIAG_REMARK, "addresses instead of symbols: probes are taken by their names");
	d->by_name_noted = true;
}

/* With a probe's first record: what it sits on, and what that means. */
static void resolve_probe(struct decode *d, struct type *t, const struct page_record *rec)
{
	bool is_return = t->state == TYPE_PROBE_RETURN, known;
	const struct function_row *row;
	const char *function;
	char buf[PROBE_NAME_MAX];
	uint64_t address;

	if (rec->size < t->address_offset + d->walk->long_size)
		return;
	address = read_number(d, rec->data + t->address_offset, d->walk->long_size, false);
	function = function_at(d, address, &known);
	t->state = TYPE_COUNTED;
	if (!known)
		function = probe_function_of_name(t->format->system, t->format->name, buf);
	row = function ? find_function(function, is_return) : NULL;
	if (!row)
		return;
	if (!known)
		note_by_name(d, t);
	if (!use_function(d, t, row))
		return;
	if (is_late(row))
		t->late = row;
	else
		tell_function(d, t, row, t->witness);
	t->state = TYPE_DECODED;
}

/* A probe that never fired has no record to tell its function: only its name is left. */
static void tell_silent_probe(struct decode *d, struct type *t)
{
	char buf[PROBE_NAME_MAX];
	const char *function = probe_function_of_name(t->format->system, t->format->name, buf);
	const struct function_row *row = find_function(function, t->state == TYPE_PROBE_RETURN);

	if (row && !is_late(row) && use_function(d, t, row))
		tell_function(d, t, row, t->witness);
}

/* ---- function tracers ---- */

/*
 * function and function_graph record a call's registers where asked to (since 6.15), function_graph a result (6.5). They
 * hit what probes hit: in a file that has probes as well, one call would be two. True where the format is such a one's.
 */
static bool use_tracer(struct type *t)
{
	static const struct tracer {
		const char *name, *address, *args;
		enum type_state state;
	} tracers[] = {
		{ "function", "ip", "args", TYPE_CALL },
		{ "funcgraph_entry", "func", "args", TYPE_CALL },
		{ "funcgraph_exit", "func", "retval", TYPE_RETURN },
	};
	const struct tep_format_field *address, *args;

	for (unsigned i = 0; i < sizeof(tracers) / sizeof(*tracers); i++) {
		if (strcmp(t->format->name, tracers[i].name))
			continue;
		address = tep_find_field(t->format, tracers[i].address);
		args = tep_find_field(t->format, tracers[i].args);
		if (!address || !args || address->offset < 0 || args->offset < 0)
			return false;
		t->state = tracers[i].state;
		t->address_offset = address->offset;
		t->args_offset = args->offset;
		return true;
	}
	return false;
}

static const struct function_params *find_params(const char *function, bool is_return)
{
	if (is_return)
		return &result;
	for (const struct function_params *params = function_params; params->function; params++)
		if (!strcmp(params->function, function))
			return params;
	return NULL;
}

/* What calls of the function at an address mean; NULL: nothing, or memory is short. */
static struct type *function_new(struct decode *d, const struct type *tracer, uint64_t address)
{
	bool is_return = tracer->state == TYPE_RETURN, known;
	const char *function = function_at(d, address, &known);
	const struct function_row *row = function ? find_function(function, is_return) : NULL;
	const struct function_params *params = row ? find_params(function, is_return) : NULL;
	struct type *t = params ? calloc(1, sizeof(*t)) : NULL;

	if (!t)
		return NULL;
	*t = (struct type){ .format = tracer->format, .state = TYPE_DECODED, .pid_offset = tracer->pid_offset,
			    .min_size = tracer->min_size, .args_offset = tracer->args_offset, .params = params };
	if (!use_function(d, t, row)) {
		free(t);
		return NULL;
	}
	if (is_late(row))
		t->late = row;
	else
		tell_function(d, t, row, t->witness);
	return t;
}

static struct type *function_type(struct decode *d, const struct type *tracer, uint64_t address)
{
	bool is_return = tracer->state == TYPE_RETURN;
	unsigned slot = (address >> 4) % NR_FUNCTIONS;
	struct function *fn = NULL;

	for (unsigned i = 0; i < NR_FUNCTIONS; i++, slot = (slot + 1) % NR_FUNCTIONS) {
		fn = &d->functions[slot];
		if (!fn->used)
			break;
		if (fn->address == address && fn->is_return == is_return)
			return fn->type;
	}
	if (fn->used)
		return NULL;
	*fn = (struct function){ address, function_new(d, tracer, address), is_return, true };
	return fn->type;
}

static bool decode_type(struct decode *d, struct type *t, const struct page_record *rec, int cpu, struct event *ev);

static bool decode_function(struct decode *d, struct type *tracer, const struct page_record *rec, int cpu,
			    struct event *ev)
{
	unsigned long_size = d->walk->long_size;
	struct type *t;

	if (d->has_probes || rec->size < tracer->min_size || rec->size < tracer->address_offset + long_size)
		return false;
	t = function_type(d, tracer, read_number(d, rec->data + tracer->address_offset, long_size, false));
	if (!t || rec->size < t->min_size || !decode_type(d, t, rec, cpu, ev))
		return false;
	tracer->kept++;
	return true;
}

/* ---- all formats ---- */

static struct type *type_new(struct decode *d, struct tep_event *format)
{
	const struct tep_format_field *pid = tep_find_common_field(format, "common_pid"), *address;
	struct type *t = calloc(1, sizeof(*t));
	const struct tracepoint_row *row;
	const char *op;

	if (!t)
		return NULL;
	t->format = format;
	if (!pid || pid->size != 4 || pid->offset < 0 || pid->offset > 64)
		return t;
	t->pid_offset = pid->offset;
	t->min_size = pid->offset + 4;
	address = tep_find_field(format, "__probe_ip");
	t->state = TYPE_PROBE;
	if (!address) {
		address = tep_find_field(format, "__probe_func");
		t->state = TYPE_PROBE_RETURN;
	}
	if (address && address->offset >= 0 && address->size == (int)d->walk->long_size) {
		t->address_offset = address->offset;
		d->has_probes = true;
		return t;
	}
	t->state = TYPE_COUNTED;
	if (format->system && !strcmp(format->system, "ftrace") && use_tracer(t))
		return t;
	row = find_tracepoint(format, &op);
	if (row)
		use_tracepoint(d, t, row, op);
	return t;
}

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
	t = type_new(d, format);
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
	id = intern(d, text, len);
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
		tell_function(d, t, t->late, t->witness);
		t->late = NULL;
	}
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
		resolve_probe(d, t, rec);
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
			tell_silent_probe(d, t);
		if (!t->records)
			continue;
		snprintf(name, sizeof(name), "%s:%s", t->format->system, t->format->name);
		tell_kind(d, name, t->records, t->kept);
		if (t->bad)
			note(d, DIAG_BAD_RECORD, "%llu of %llu records of %s do not hold what their format says",
			     (unsigned long long)t->bad, (unsigned long long)t->records, name);
	}
	if (d->unknown)
		tell_kind(d, "(no format)", d->unknown, 0);
}
