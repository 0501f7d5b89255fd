/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/event_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes into a buffer that may be too small; what does not fit is dropped. */
struct out {
	char *buf;
	size_t len, n;
};

static void put(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(o->buf + o->n, o->len - o->n, fmt, ap);
	va_end(ap);
	o->n = n < 0 || o->n + n >= o->len ? o->len - 1 : o->n + n;
}

static void put_time(struct out *o, int64_t ns)
{
	uint64_t abs_ns = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

	put(o, "%s%llu.%09llu", ns < 0 ? "-" : "", (unsigned long long)(abs_ns / 1000000000),
	    (unsigned long long)(abs_ns % 1000000000));
}

static void put_comm(struct out *o, const char *comm)
{
	for (const unsigned char *p = (const unsigned char *)comm; *p; p++) {
		if (*p <= ' ' || *p >= 0x7f || *p == '/' || *p == '%')
			put(o, "%%%02x", *p);
		else
			put(o, "%c", *p);
	}
}

static void put_string(struct out *o, const char *text)
{
	put(o, "\"");
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p == '"' || *p == '\\')
			put(o, "\\%c", *p);
		else if (*p < ' ' || *p >= 0x7f)
			put(o, "\\x%02x", *p);
		else
			put(o, "%c", *p);
	}
	put(o, "\"");
}

static void put_actor(struct out *o, const struct event *ev, const char *comm)
{
	if (ev->cpu >= 0)
		put(o, " cpu%d", ev->cpu);
	else
		put(o, " -");
	if (ev->pid >= 0)
		put(o, "/%d", ev->pid);
	else if (*comm)
		put(o, "/-");
	if (*comm) {
		put(o, "/");
		put_comm(o, comm);
	}
}

static bool parse_time(const char **at, int64_t *ns)
{
	const uint64_t max_s = INT64_MAX / 1000000000;
	const char *p = *at;
	bool negative = *p == '-';
	uint64_t v = 0;
	int decimals;

	p += negative;
	if (!isdigit((unsigned char)*p))
		return false;
	for (; isdigit((unsigned char)*p); p++) {
		v = v * 10 + (*p - '0');
		if (v > max_s)
			return false;
	}
	if (p[0] == '.' && isdigit((unsigned char)p[1]))
		p++;
	for (decimals = 0; decimals < 9; decimals++) {
		v *= 10;
		if (isdigit((unsigned char)*p))
			v += *p++ - '0';
	}
	if (isdigit((unsigned char)*p) || v > (uint64_t)INT64_MAX + negative)
		return false;
	*at = p;
	*ns = (int64_t)(negative ? 0 - v : v);
	return true;
}

char *event_text_time(char *buf, size_t len, int64_t ns)
{
	struct out o = { buf, len, 0 };

	put_time(&o, ns);
	return buf;
}

bool event_text_parse_time(const char *text, int64_t *ns)
{
	const char *at = text;

	return parse_time(&at, ns) && !*at;
}

char *event_text_print(char *buf, size_t len, const struct event *ev, event_string_fn string, void *ctx)
{
	const struct event_kind_info *kind = &event_kinds[ev->kind];
	struct out o = { buf, len, 0 };
	char name[OBJECT_NAME_MAX];

	put_time(&o, ev->t_lo_ns);
	if (ev->t_hi_ns != ev->t_lo_ns) {
		put(&o, "..");
		put_time(&o, ev->t_hi_ns);
	}
	put_actor(&o, ev, string(ctx, ev->source, ev->comm));
	put(&o, " %s@%s", kind->name, witness_name(ev->witness));
	for (int i = 0; i < ev->nr_objects; i++) {
		object_print(name, sizeof(name), ev->object[i], 0);
		put(&o, " %s", name);
	}
	if (ev->via) {
		put(&o, " via=");
		put_string(&o, string(ctx, ev->source, ev->via));
	}
	for (int i = 0; i < EVENT_MAX_ARGS && kind->args[i]; i++) {
		const struct event_arg_info *arg = &event_args[kind->args[i]];

		if (!(ev->known & 1u << i))
			continue;
		put(&o, " %s=", arg->name);
		if (arg->type == ARG_TYPE_STR)
			put_string(&o, string(ctx, ev->source, (str_id)ev->arg[i]));
		else if (arg->type == ARG_TYPE_X)
			put(&o, "0x%llx", (unsigned long long)ev->arg[i]);
		else
			put(&o, arg->type == ARG_TYPE_U ? "%llu" : "%lld", (long long)ev->arg[i]);
	}
	return buf;
}

static const char no_room[] = "too many different strings";
static const char given_twice[] = "given twice";

/* Decimal (signed) or 0x-hexadecimal, up to 64 bits; the whole of the text. */
static bool parse_value(const char *text, int64_t *value)
{
	uint64_t v = 0;
	bool negative = *text == '-';
	int base = 10;

	text += negative;
	if (text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
	}
	if (!*text)
		return false;
	for (; *text; text++) {
		int c = tolower((unsigned char)*text);
		int digit = isdigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;

		if (digit >= base || v > (UINT64_MAX - digit) / base)
			return false;
		v = v * base + digit;
	}
	if (negative && v > (uint64_t)INT64_MAX + 1)
		return false;
	*value = (int64_t)(negative ? 0 - v : v);
	return true;
}

static int hex_digit(char c)
{
	c = tolower((unsigned char)c);
	return isdigit((unsigned char)c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes the escapes of a string up to its terminator; moves *at behind it. Quoted strings have \xNN, others %XX. */
static bool unescape(const char **at, char terminator, bool quoted, char *buf, size_t len, size_t *n)
{
	const char *p = *at;

	for (*n = 0; *p != terminator; p++) {
		char c = *p;

		if (!c || *n + 1 >= len)
			return false;
		if (quoted ? c == '\\' && p[1] == 'x' : c == '%') {
			int high = hex_digit(p[1 + quoted]), low = high < 0 ? -1 : hex_digit(p[2 + quoted]);

			if (low < 0 || (high | low) == 0)
				return false;
			c = high << 4 | low;
			p += 2 + quoted;
		} else if (quoted && c == '\\') {
			c = *++p;
			if (c != '"' && c != '\\')
				return false;
		}
		buf[(*n)++] = c;
	}
	*at = p + (*p != 0);
	return true;
}

/* The next blank-separated word, terminated in word; false at the end and where it does not fit. */
static bool next_word(const char **at, char *word, size_t len)
{
	size_t n;

	*at += strspn(*at, " ");
	n = strcspn(*at, " ");
	if (!n || n >= len)
		return false;
	memcpy(word, *at, n);
	word[n] = 0;
	*at += n;
	return true;
}

/* A part of the actor up to a '/': "-", which leaves *value alone, or a number behind prefix. Moves *at behind it. */
static bool parse_actor_part(const char **at, const char *prefix, int32_t *value)
{
	size_t n = strcspn(*at, "/"), prefix_len = strlen(prefix);
	char part[32];
	int64_t number;

	if (n >= sizeof(part))
		return false;
	memcpy(part, *at, n);
	part[n] = 0;
	*at += n;
	if (!strcmp(part, "-"))
		return true;
	if (strncmp(part, prefix, prefix_len) || !isdigit((unsigned char)part[prefix_len]) ||
	    !parse_value(part + prefix_len, &number) || number > INT32_MAX)
		return false;
	*value = (int32_t)number;
	return true;
}

static const char *parse_actor(const char *word, struct event *ev, struct strtab *strings)
{
	char comm[STRTAB_MAX_LEN + 1];
	size_t n;

	if (!parse_actor_part(&word, "cpu", &ev->cpu))
		return "actor is not cpuN or -";
	if (!*word)
		return NULL;
	word++;
	if (!parse_actor_part(&word, "", &ev->pid))
		return "actor's pid is not a number";
	if (!*word)
		return NULL;
	word++;
	if (!unescape(&word, '\0', false, comm, sizeof(comm), &n) || !n)
		return "actor's name is not well-formed";
	ev->comm = strtab_intern(strings, comm, n);
	return ev->comm ? NULL : no_room;
}

static const char *parse_kind(char *word, struct event *ev)
{
	char *at_sign = strchr(word, '@');
	int witness;

	if (!at_sign)
		return "event kind has no @witness";
	*at_sign = 0;
	ev->kind = event_kind_by_name(word);
	witness = witness_by_name(at_sign + 1);
	if (ev->kind == EV_NONE)
		return "unknown event kind";
	if (witness < 0)
		return "unknown witness";
	ev->witness = witness;
	return NULL;
}

static const char *parse_object(const char *word, struct event *ev)
{
	struct object_ref ref;
	unsigned generation;

	if (!object_parse(word, &ref, &generation) || generation)
		return "not an object";
	if (ev->nr_objects == EVENT_MAX_OBJECTS)
		return "too many objects";
	ev->object[ev->nr_objects++] = ref;
	return NULL;
}

static const char *set_argument(struct event *ev, const char *name, int64_t value, bool is_string)
{
	enum event_arg_id arg = event_arg_by_name(name);
	int64_t before;

	if (arg == ARG_NONE || event_arg_index(ev->kind, arg) < 0)
		return "this event kind has no such argument";
	if (is_string != (event_args[arg].type == ARG_TYPE_STR))
		return is_string ? "argument is a number" : "argument is a string";
	if (event_arg(ev, arg, &before))
		return given_twice;
	event_arg_set(ev, arg, value);
	return NULL;
}

/* *at stands behind the "=". */
static const char *parse_argument(const char *name, const char **at, struct event *ev, struct strtab *strings)
{
	char text[STRTAB_MAX_LEN + 1];
	int64_t value;
	size_t n;
	bool is_string = **at == '"';

	if (is_string) {
		++*at;
		if (!unescape(at, '"', true, text, sizeof(text), &n) || (**at && **at != ' '))
			return "string is not well-formed";
		value = strtab_intern(strings, text, n);
		if (!value)
			return no_room;
	} else if (!next_word(at, text, sizeof(text)) || !parse_value(text, &value)) {
		return "value is not a number";
	}
	if (!strcmp(name, "via")) {
		if (!is_string)
			return "via is a string";
		if (ev->via)
			return given_twice;
		ev->via = value;
		return NULL;
	}
	return set_argument(ev, name, value, is_string);
}

static const char *parse_rest(const char *at, struct event *ev, struct strtab *strings)
{
	const char *error = NULL;
	char word[128];

	while (!error) {
		size_t name_len;

		at += strspn(at, " ");
		if (!*at)
			return NULL;
		name_len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		if (name_len && at[name_len] == '=' && name_len < sizeof(word)) {
			memcpy(word, at, name_len);
			word[name_len] = 0;
			at += name_len + 1;
			error = parse_argument(word, &at, ev, strings);
		} else {
			error = next_word(&at, word, sizeof(word)) ? parse_object(word, ev) : "not an object";
		}
	}
	return error;
}

const char *event_text_parse(const char *line, struct event *ev, struct strtab *strings)
{
	struct event out = {
		.ordinal = ev->ordinal, .offset = ev->offset, .source = ev->source, .sub = ev->sub,
		.cpu = -1, .pid = -1,
	};
	const char *at = line, *error;
	char word[64 + 3 * STRTAB_MAX_LEN];	/* "cpuN/PID/", and COMM with every byte escaped */

	at += strspn(at, " ");
	if (!parse_time(&at, &out.t_lo_ns))
		return "time is not seconds with up to nine decimals";
	out.t_hi_ns = out.t_lo_ns;
	if (at[0] == '.' && at[1] == '.') {
		at += 2;
		if (!parse_time(&at, &out.t_hi_ns) || out.t_hi_ns < out.t_lo_ns)
			return "time bounds are not LO..HI";
	}
	if (*at != ' ')
		return "time is not seconds with up to nine decimals";
	if (!next_word(&at, word, sizeof(word)))
		return "no actor";
	error = parse_actor(word, &out, strings);
	if (error)
		return error;
	if (!next_word(&at, word, sizeof(word)))
		return "no event kind";
	error = parse_kind(word, &out);
	if (!error)
		error = parse_rest(at, &out, strings);
	if (!error && !event_valid(&out))
		error = "this event kind does not carry such an object";
	if (!error)
		*ev = out;
	return error;
}
