/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Most events print "name=value" under the names of their fields. The others have a pattern here: the print formats of
 * include/trace/events, arch/x86/include/asm/trace and drivers' trace headers, Linux 6.1.
 */
#include "ingest/ftrace/text_body.h"

#include <ctype.h>
#include <string.h>

#include "ingest/ftrace/decode.h"

/*
 * <name> is a number, decimal or 0x..., <x:name> hexadecimal without a prefix, <@name> a symbol, <~name> text up to what
 * follows in the pattern, <$name> text up to the end. A blank is any number of them. The constant is what such a line
 * says without printing it.
 */
static const struct text_form {
	const char *event, *pattern;
	struct text_constant {
		const char *field;
		int32_t value;
	} constant;
} forms[] = {
	{ "irq:irq_handler_entry", "irq=<irq> name=<$name>", { NULL, 0 } },
	/* Both that it was handled and that its thread was woken are printed as handled: then it is not told which. */
	{ "irq:irq_handler_exit", "irq=<irq> ret=unhandled", { "ret", 0 } },
	{ "irq:irq_handler_exit", "irq=<irq> ret=handled", { NULL, 0 } },
	{ "cpuhp:cpuhp_enter", "cpu: <cpu> target: <target> step: <idx> (<@fun>)", { NULL, 0 } },
	{ "cpuhp:cpuhp_exit", "cpu: <cpu> state: <state> step: <idx> ret: <ret>", { NULL, 0 } },
	{ "power:suspend_resume", "<~action> begin", { "start", 1 } },
	{ "power:suspend_resume", "<~action> end", { "start", 0 } },
	{ "printk:console", "<$msg>", { NULL, 0 } },
	{ "intel_iommu:qi_submit", "<~type> <~iommu>: <qw0> <qw1> <qw2> <qw3>", { NULL, 0 } },
	{ "kvm:kvm_pi_irte_update",
	  "PI is enabled<~how> for irq <host_irq>, vcpu <vcpu>, gsi <gsi>: gvec: <gvec>, pi_desc_addr: <address>",
	  { "set", 1 } },
	{ "kvm:kvm_pi_irte_update",
	  "PI is disabled<~how> for irq <host_irq>, vcpu <vcpu>, gsi <gsi>: gvec: <gvec>, pi_desc_addr: <address>",
	  { "set", 0 } },
	{ "kvm:kvm_set_irq", "gsi <gsi> level <level> source <irq_source_id>", { NULL, 0 } },
	{ "kvm:kvm_msi_set_irq", "dst <x:dst> vec <vec> (Fixed|physical|level)", { "level", 1 } },
	{ "kvm:kvm_msi_set_irq", "dst <x:dst> vec <vec> (Fixed|physical|edge)", { "level", 0 } },
	{ "kvm:kvm_msi_set_irq", "dst <x:dst> vec <vec> (<$how>", { NULL, 0 } },
	{ "kvm:kvm_apic_accept_irq", "apicid <x:apicid> vec <vec> (Fixed|edge)", { "tm", 0 } },
	{ "kvm:kvm_apic_accept_irq", "apicid <x:apicid> vec <vec> (Fixed|level)", { "tm", 1 } },
	{ "kvm:kvm_apic_accept_irq", "apicid <x:apicid> vec <vec> (LowPrio|edge)", { "tm", 0 } },
	{ "kvm:kvm_apic_accept_irq", "apicid <x:apicid> vec <vec> (LowPrio|level)", { "tm", 1 } },
	/* another mode, which has no vector; that it has one of those is all that counts */
	{ "kvm:kvm_apic_accept_irq", "apicid <x:apicid> vec <vec> (<$how>", { "dm", 0x200 } },
	/* of the entry, which is not printed, remote IRR is what counts */
	{ "kvm:kvm_ioapic_set_irq", "pin <pin> dst <x:dst> vec <vec> (<~how>) (coalesced)", { "coalesced", 1 } },
	{ "kvm:kvm_ioapic_set_irq", "pin <pin> dst <x:dst> vec <vec> (<~how>)", { "coalesced", 0 } },
	{ "kvm:kvm_ack_irq", "irqchip IOAPIC pin <pin>", { "irqchip", 2 } },
	{ "kvm:kvm_ack_irq", "irqchip <~chip> pin <pin>", { "irqchip", 0 } },
	{ "kvm:kvm_eoi", "apicid <x:apicid> vector <vector>", { NULL, 0 } },
	{ "kvm:kvm_pv_eoi", "apicid <x:apicid> vector <vector>", { NULL, 0 } },
	{ "kvm:kvm_inj_virq", "IRQ <vector> [reinjected]", { "reinjected", 1 } },
	{ "kvm:kvm_inj_virq", "IRQ <vector>", { "reinjected", 0 } },
	{ "kvm:kvm_inj_virq", "Soft/INTn <vector><$rest>", { "soft", 1 } },
	{ "kvm:kvm_inj_virq", "irq <irq>", { NULL, 0 } },
	{ "kvm:kvm_userspace_exit", "reason restart (<errno>)", { "reason", 0 } },
	{ "kvm:kvm_userspace_exit", "reason <~name> (<reason>)", { NULL, 0 } },
	{ "kvm:kvm_ioapic_delayed_eoi_inj", "dst <x:dst> vec <vec> (<$how>", { NULL, 0 } },
	{ "kvm:kvm_mmio", "mmio write len <len> gpa <gpa> val <val>", { "type", 2 } },
	{ "kvm:kvm_mmio", "mmio <~how> len <len> gpa <gpa> val <val>", { "type", 1 } },
	{ "msr:write_msr", "<x:msr>, value <x:val> #GP", { "failed", 1 } },
	{ "msr:write_msr", "<x:msr>, value <x:val>", { "failed", 0 } },
	{ "nmi:nmi_handler", "<~handler>() <$rest>", { NULL, 0 } },
	/* as trace-cmd prints them, which knows no better than the fields */
	{ "ftrace:mmiotrace_map", "<x:phys> <x:virt> <x:len> <x:map_id> <x:opcode>", { NULL, 0 } },
	{ "ftrace:mmiotrace_rw", "<x:phys> <x:value> <x:pc> <x:map_id> <x:opcode> <x:width>", { NULL, 0 } },
	{ "ftrace:print", "ip=<~ip> buf=<$buf>", { NULL, 0 } },
	{ "ftrace:print", "<~ip>: <$buf>", { NULL, 0 } },
};

/* Events that the kernel prints under another name than their format's; their pattern. */
static const struct text_name {
	const char *printed, *event, *pattern;
} names[] = {
	{ "tracing_mark_write", "ftrace:print", "<$buf>" },
};

/* Fields that irq_matrix events print under other names. */
static const struct text_key {
	const char *system, *printed, *field;
} keys[] = {
	{ "irq_matrix:", "avl", "available" },
	{ "irq_matrix:", "alloc", "allocated" },
	{ "irq_matrix:", "global_avl", "global_available" },
	{ "irq_matrix:", "global_rsvd", "global_reserved" },
	{ "irq_matrix:", "total_alloc", "total_allocated" },
};

#define NR(table) (sizeof(table) / sizeof(*(table)))

static bool same(const char *name, const char *at, size_t len)
{
	return *name == *at && !strncmp(name, at, len) && !name[len];
}

/* ---- values ---- */

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Of at most 64 bits; NULL where there is none. */
static const char *take_digits(const char *at, unsigned base, uint64_t *value)
{
	const char *start = at;

	for (*value = 0; (unsigned)digit(*at) < base; at++) {
		if (*value > (UINT64_MAX - digit(*at)) / base)
			return NULL;
		*value = *value * base + digit(*at);
	}
	return at > start ? at : NULL;
}

static const char *take_number(const char *at, uint64_t *value)
{
	bool negative = *at == '-';

	at += negative;
	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
		at = take_digits(at + 2, 16, value);
	else
		at = take_digits(at, 10, value);
	if (negative)
		*value = -*value;
	return at;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* "nvme_irq", "nvme_irq+0x0", "nvme_irq+0x0/0x330": with dots and dollars in names that compilers made. */
static const char *take_symbol(const char *at, struct text_value *value)
{
	const char *start = at;

	if (!isalpha((unsigned char)*at) && *at != '_')
		return NULL;
	while (is_name_char(*at) || *at == '.' || *at == '$')
		at++;
	value->text = start;
	value->text_len = at - start;
	value->form = TEXT_SYMBOL;
	value->number = 0;
	if (*at == '+')
		at = take_number(at + 1, &value->number);
	if (at && *at == '/') {
		uint64_t size;

		at = take_number(at + 1, &size);
	}
	return at;
}

static struct text_value *add_value(struct text_body *out, const char *key, size_t key_len)
{
	struct text_value *value;

	if (out->nr == TEXT_MAX_VALUES)
		return NULL;
	value = &out->value[out->nr++];
	*value = (struct text_value){ .key = key, .key_len = key_len };
	return value;
}

/* ---- patterns ---- */

static bool blank(char c)
{
	return c == ' ' || c == '\t' || !c;
}

static const char *trim(const char *from, const char *end)
{
	while (end > from && blank(end[-1]))
		end--;
	return end;
}

static const char *take_text(const char *body, const char *end, struct text_value *value)
{
	value->form = TEXT_STRING;
	value->text = body;
	value->text_len = trim(body, end) - body;
	return end;
}

/* Where the literal part of the pattern stands, up to the next "<" or blank. */
static const char *find_literal(const char *body, const char *pattern)
{
	size_t len = strcspn(pattern, "< ");

	if (!len && *pattern == ' ') {
		pattern++;
		len = strcspn(pattern, "< ");
		for (; *body; body++)
			if (blank(*body) && !strncmp(skip_blanks(body), pattern, len))
				return body;
		return NULL;
	}
	for (; *body; body++)
		if (!strncmp(body, pattern, len))
			return body;
	return NULL;
}

/* One <...> of a pattern; rest is what follows it. */
static const char *match_value(const char *spec, size_t len, const char *rest, const char *body,
			       struct text_value *value)
{
	if (*spec == '$')
		return take_text(body, body + strlen(body), value);
	if (*spec == '~') {
		const char *end = find_literal(body, rest);

		return end ? take_text(body, end, value) : NULL;
	}
	if (*spec == '@')
		return take_symbol(body, value);
	value->form = TEXT_NUMBER;
	return len > 2 && spec[1] == ':' ? take_digits(body, 16, &value->number) : take_number(body, &value->number);
}

static const char *spec_name(const char *spec)
{
	if (*spec == '$' || *spec == '~' || *spec == '@')
		return spec + 1;
	return spec[0] == 'x' && spec[1] == ':' ? spec + 2 : spec;
}

static bool match(const char *pattern, const char *body, struct text_body *out)
{
	out->nr = 0;
	for (; *pattern; ) {
		if (*pattern == ' ') {
			body = skip_blanks(body);
			pattern++;
		} else if (*pattern == '<') {
			const char *spec = pattern + 1, *name = spec_name(spec), *end = strchr(spec, '>');
			struct text_value *value = add_value(out, name, end - name);

			body = skip_blanks(body);
			body = value ? match_value(spec, end - spec, end + 1, body, value) : NULL;
			if (!body)
				return false;
			pattern = end + 1;
		} else if (*pattern++ != *body++) {
			return false;
		}
	}
	return !*skip_blanks(body);
}

/* ---- name=value ---- */

static const char *take_quoted(const char *at, struct text_value *value)
{
	const char *end = at + 1;

	while (*end && (*end != '"' || !blank(end[1])))
		end++;
	value->form = TEXT_STRING;
	value->text = at + 1;
	value->text_len = end - at - 1;
	return *end ? end + 1 : NULL;
}

/* A string that could not be read is printed so. */
static const char fault[] = "(fault)";

enum wants { WANTS_NOTHING, WANTS_NUMBER, WANTS_TEXT, WANTS_ADDRESS };

static enum wants wants_of(unsigned to)
{
	if (to == ARG_HANDLER || to == TO_THREAD_FN)
		return WANTS_ADDRESS;
	return decode_wants_text(to) || to == TO_PRINTED ? WANTS_TEXT : WANTS_NUMBER;
}

static const char *take_value(const char *at, enum wants wants, struct text_value *value)
{
	const char *end = at, *after;

	if (*at == '"')
		return take_quoted(at, value);
	while (!blank(*end))
		end++;
	if (wants == WANTS_TEXT) {
		value->form = TEXT_STRING;
		value->text = at;
		value->text_len = same(fault, at, end - at) ? 0 : end - at;
		return end;
	}
	value->form = TEXT_NUMBER;
	after = take_number(at, &value->number);
	if (!after && wants == WANTS_ADDRESS)
		after = take_symbol(at, value);
	if (after && *after == ',')
		after++;
	return after == end ? end : NULL;
}

/* How one wants what is printed under a name, which becomes that of the field. */
typedef enum wants (*wants_fn)(const struct tracepoint_row *row, const char **key, size_t *len);

static bool take_pair(const struct tracepoint_row *row, wants_fn how, const char **at, struct text_body *out)
{
	const char *key = *at, *end = key;
	struct text_value value = { .form = TEXT_NUMBER }, *to;
	enum wants as;
	size_t len;

	while (is_name_char(*end))
		end++;
	len = end - key;
	if (!len || *end != '=')
		return false;
	end++;
	as = how(row, &key, &len);
	if (as == WANTS_NOTHING) {
		*at = *end == '"' ? take_quoted(end, &value) : end + strcspn(end, " \t");
		return *at != NULL;
	}
	*at = take_value(end, as, &value);
	to = *at ? add_value(out, key, len) : NULL;
	if (!to)
		return false;
	value.key = key;
	value.key_len = len;
	*to = value;
	return true;
}

/* Words that are no pair only follow a value: the module of a symbol. */
static bool take_pairs(const struct tracepoint_row *row, wants_fn how, const char *at, struct text_body *out)
{
	out->nr = 0;
	for (at = skip_blanks(at); *at; at = skip_blanks(at)) {
		if (*at == '[')
			at += strcspn(at, " \t");
		else if (!take_pair(row, how, &at, out))
			return false;
	}
	return true;
}

/* ---- tracepoints ---- */

/* The part of a row's name behind the system. */
static bool is_row_of(const struct tracepoint_row *row, const char *event, size_t len)
{
	const char *name = strchr(row->name, ':') + 1;
	size_t n = strlen(name) - 1;

	return name[n] == '*' ? len > n && !memcmp(name, event, n) : same(name, event, len);
}

static const struct text_name *find_name(const char *event, size_t len)
{
	for (size_t i = 0; i < NR(names); i++)
		if (same(names[i].printed, event, len))
			return &names[i];
	return NULL;
}

const struct tracepoint_row *text_find_row(const char *event, size_t len)
{
	const struct text_name *name = find_name(event, len);

	for (const struct tracepoint_row *row = tracepoint_rows; row->name; row++)
		if (name ? !strcmp(row->name, name->event) : is_row_of(row, event, len))
			return row;
	return NULL;
}

static enum wants row_wants(const struct tracepoint_row *row, const char **key, size_t *len)
{
	for (size_t i = 0; i < NR(keys); i++) {
		if (strncmp(row->name, keys[i].system, strlen(keys[i].system)) || !same(keys[i].printed, *key, *len))
			continue;
		*key = keys[i].field;
		*len = strlen(keys[i].field);
		break;
	}
	for (int i = 0; i < ROW_MAX_FIELDS && row->fields[i].name; i++)
		if (same(row->fields[i].name, *key, *len))
			return wants_of(row->fields[i].to);
	return WANTS_NOTHING;
}

static void add_constant(const struct text_form *form, struct text_body *out)
{
	struct text_value *value = form->constant.field ? add_value(out, form->constant.field, strlen(form->constant.field)) :
							   NULL;

	if (value)
		value->number = form->constant.value;
}

bool text_body_tracepoint(const struct tracepoint_row *row, const char *event, size_t event_len, const char *body,
			  struct text_body *out)
{
	const struct text_name *name = find_name(event, event_len);

	body = skip_blanks(body);
	out->form = TEXT_TRACEPOINT;
	if (name)
		return match(name->pattern, body, out);
	for (size_t i = 0; i < NR(forms); i++) {
		if (strcmp(forms[i].event, row->name) || !match(forms[i].pattern, body, out))
			continue;
		add_constant(&forms[i], out);
		return true;
	}
	return take_pairs(row, row_wants, body, out) && (out->nr || !row->fields[0].name);
}

/* ---- probes ---- */

static enum wants probe_wants(const struct tracepoint_row *row, const char **key, size_t *len)
{
	(void)row;
	for (const struct row_alias *alias = row_aliases; alias->to != TO_NONE; alias++)
		for (int i = 0; alias->names[i]; i++)
			if (same(alias->names[i], *key, *len))
				return wants_of(alias->to);
	return WANTS_NOTHING;
}

/* An address is printed without a prefix; "symbol+0x0/0x120 [module]", with <address> behind it where asked for. */
static const char *take_place(const char *at, struct text_value *place)
{
	const char *end = take_digits(at, 16, &place->number);

	place->form = TEXT_NUMBER;
	if (!end || is_name_char(*end) || *end == '+')
		end = take_symbol(at, place);
	if (!end)
		return NULL;
	end = skip_blanks(end);
	if (*end == '[')
		end = skip_blanks(end + strcspn(end, "])"));
	if (*end == ']')
		end = skip_blanks(end + 1);
	if (*end == '<' && end[1] != '-')
		end = skip_blanks(end + strcspn(end, ")>") + 1);
	return end;
}

/* The kernel prints "(where it returns to <- function)", trace-cmd, in addresses, "(function <- where)". */
static bool take_places(const char **at, struct text_body *out)
{
	struct text_value second;
	const char *end = take_place(*at + 1, &out->place);

	out->form = TEXT_PROBE;
	if (end && end[0] == '<' && end[1] == '-') {
		end = take_place(skip_blanks(end + 2), &second);
		out->form = TEXT_PROBE_RETURN;
		if (out->place.form == TEXT_SYMBOL)
			out->place = second;
	}
	if (!end || *end != ')')
		return false;
	*at = end + 1;
	return true;
}

/* trace-cmd report -R: "__probe_ip=ffffffff8cd23360", or "__probe_func=... __probe_ret_ip=...". */
static bool take_raw_place(const char **at, struct text_body *out)
{
	static const char entry[] = "__probe_ip=", back[] = "__probe_func=";
	bool is_return = !strncmp(*at, back, sizeof(back) - 1);
	const char *end;

	if (!is_return && strncmp(*at, entry, sizeof(entry) - 1))
		return false;
	out->form = is_return ? TEXT_PROBE_RETURN : TEXT_PROBE;
	out->place.form = TEXT_NUMBER;
	end = take_digits(*at + (is_return ? sizeof(back) : sizeof(entry)) - 1, 16, &out->place.number);
	if (!end || !blank(*end))
		return false;
	*at = end;
	return true;
}

bool text_body_probe(const char *body, struct text_body *out)
{
	const char *at = body;

	if (*at == '(' ? !take_places(&at, out) : !take_raw_place(&at, out))
		return false;
	return take_pairs(NULL, probe_wants, at, out);
}
