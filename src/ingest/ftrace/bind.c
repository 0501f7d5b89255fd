/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dynamic probes (kprobes, fprobes and their return forms) are named by whoever made them; what they sit on is in their
 * records: __probe_ip, or __probe_func for returns, which kallsyms turn into a function. Only a probe at the function's
 * start counts; with CET that is behind the 4 bytes of endbr64.
 */
#include "ingest/ftrace/bind.h"

#include <stdlib.h>

#include "ingest/ftrace/names.h"
#include "ingest/harm.h"

enum { ENDBR_LEN = 4 };

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
		decode_note(d, DIAG_ALIAS_MISSING, "tracepoint %s:%s lacks%s", t->format->system, t->format->name, missing);
	t->state = TYPE_DECODED;
	t->kind = row->kind;
	t->witness = row->witness;
	t->constant = row->constant;
	t->special = row->special;
	t->other_kind = row->other_kind;
	t->needs_irq = has_field(t, TO_IRQ);
	t->via = decode_intern(d, t->format->name, strlen(t->format->name));
	if (op)
		t->op = decode_intern(d, op, strlen(op));
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
void bind_tell_function(struct decode *d, const struct type *t, const struct function_row *row, enum witness witness)
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
			decode_note(d, DIAG_REMARK,
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
	if (event_kinds[row->kind].objects[0] == OBJ_MACHINE)
		return true;
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
		decode_note(d, DIAG_REMARK, "probe %s:%s on %s does not give what it takes: its records are counted only",
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
	t->via = decode_intern(d, row->function, strlen(row->function));
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
		decode_note(d, DIAG_REMARK, "kallsyms do not tell what probe %s:%s sits on, taken by its name",
		     t->format->system, t->format->name);
	else if (!d->by_name_noted)
		decode_note(d, DIAG_REMARK, "addresses instead of symbols: probes are taken by their names");
	d->by_name_noted = true;
}

void bind_probe(struct decode *d, struct type *t, const struct page_record *rec)
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
		bind_tell_function(d, t, row, t->witness);
	t->state = TYPE_DECODED;
}

void bind_silent_probe(struct decode *d, struct type *t)
{
	char buf[PROBE_NAME_MAX];
	const char *function = probe_function_of_name(t->format->system, t->format->name, buf);
	const struct function_row *row = find_function(function, t->state == TYPE_PROBE_RETURN);

	if (row && !is_late(row) && use_function(d, t, row))
		bind_tell_function(d, t, row, t->witness);
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
		bind_tell_function(d, t, row, t->witness);
	return t;
}

struct type *bind_function(struct decode *d, const struct type *tracer, uint64_t address)
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

/* ---- all formats ---- */

struct type *bind_format(struct decode *d, struct tep_event *format)
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
