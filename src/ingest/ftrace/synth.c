/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/synth.h"

#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_TYPES = 4096, NR_SLOTS = 2 * MAX_TYPES,
	MAX_STRING_BYTES = 2048, MAX_KEY = 64, MAX_EVENT = 128, MAX_SIGNATURE = 2048, MAX_FORMAT = 8192,
	PID_AT = 4, PLACE_AT = 8, RETURN_AT = 16, SLOT_BYTES = 8, FUNCTION_BYTES_LOG2 = 20,
	RECORD_BYTES = 32 + TEXT_MAX_VALUES * (SLOT_BYTES + MAX_STRING_BYTES),
};

/* Not canonical on any x86: bits 47 to 63 of an address are the same. */
#define SYMBOL_SPACE UINT64_C(0x0f5a000000000000)

struct type {
	char *signature;	/* owned; NULL: a free slot */
	uint16_t id;		/* 0: libtraceevent does not want the format */
};

struct synth {
	struct tep_handle *tep;	/* owned */
	struct decode *decode;	/* owned */
	struct strtab *strings;	/* borrowed */
	struct walk walk;
	unsigned nr_types;
	struct type types[NR_SLOTS];	/* by hash of the signature */
	char signature[MAX_SIGNATURE], format[MAX_FORMAT];
	struct page_record rec;
	uint8_t bytes[RECORD_BYTES];
};

/* ---- symbols ---- */

static uint64_t symbol_address(struct synth *sy, const struct text_value *symbol)
{
	str_id id = strtab_intern(sy->strings, symbol->text, symbol->text_len);

	if (!id || symbol->number >> FUNCTION_BYTES_LOG2)
		return SYMBOL_SPACE;
	return SYMBOL_SPACE | (uint64_t)id << FUNCTION_BYTES_LOG2 | symbol->number;
}

static const char *find_symbol(void *ctx, uint64_t address, uint64_t *start)
{
	struct synth *sy = ctx;
	uint64_t id = (address - SYMBOL_SPACE) >> FUNCTION_BYTES_LOG2;

	if (address < SYMBOL_SPACE || !id || id > strtab_count(sy->strings))
		return NULL;
	if (start)
		*start = SYMBOL_SPACE | id << FUNCTION_BYTES_LOG2;
	return strtab_get(sy->strings, id);
}

/* ---- formats ---- */

/* What makes two records of one format: event, form, names, and which of them are text. Made for every record. */
static bool make_signature(struct synth *sy, const char *event, const struct text_body *body)
{
	size_t n = strlen(event);
	char *at = sy->signature;

	memcpy(at, event, n);
	at[n++] = "=()"[body->form];
	for (unsigned i = 0; i < body->nr; i++) {
		const struct text_value *v = &body->value[i];

		if (v->key_len > MAX_KEY || n + v->key_len + 2 > MAX_SIGNATURE)
			return false;
		memcpy(at + n, v->key, v->key_len);
		n += v->key_len;
		at[n++] = v->form == TEXT_STRING ? '$' : ' ';
	}
	at[n] = 0;
	return true;
}

static unsigned value_offset(const struct text_body *body, unsigned i)
{
	static const uint8_t first[] = {
		[TEXT_TRACEPOINT] = PLACE_AT, [TEXT_PROBE] = RETURN_AT, [TEXT_PROBE_RETURN] = RETURN_AT + SLOT_BYTES,
	};

	return first[body->form] + i * SLOT_BYTES;
}

static size_t print_number(char *buf, size_t len, const char *name, size_t name_len, const char *type, unsigned offset,
			   unsigned size)
{
	return snprintf(buf, len, "\tfield:%s %.*s;\toffset:%u;\tsize:%u;\tsigned:%d;\n", type, (int)name_len, name, offset,
			size, *type != 'u');
}

static size_t print_common(char *buf, size_t len, const char *name, unsigned id)
{
	return snprintf(buf, len,
			"name: %s\nID: %u\nformat:\n"
			"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
			"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
			"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
			"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n",
			name, id);
}

static size_t print_place(char *buf, size_t len, enum text_body_form form)
{
	if (form == TEXT_TRACEPOINT)
		return 0;
	if (form == TEXT_PROBE)
		return print_number(buf, len, "__probe_ip", 10, "unsigned long", PLACE_AT, SLOT_BYTES);
	return print_number(buf, len, "__probe_func", 12, "unsigned long", PLACE_AT, SLOT_BYTES);
}

/* The first text is what such a record prints, for rows that want that. */
static size_t print_format(char *buf, const char *name, unsigned id, const struct text_body *body)
{
	size_t n = print_common(buf, MAX_FORMAT, name, id);
	const struct text_value *shown = NULL;

	n += print_place(buf + n, MAX_FORMAT - n, body->form);
	for (unsigned i = 0; i < body->nr && n < MAX_FORMAT; i++) {
		const struct text_value *v = &body->value[i];
		bool is_text = v->form == TEXT_STRING;

		n += print_number(buf + n, MAX_FORMAT - n, v->key, v->key_len,
				  is_text ? "__data_loc char[]" : "long long", value_offset(body, i), is_text ? 4 : 8);
		if (is_text && !shown)
			shown = v;
	}
	if (n < MAX_FORMAT && shown)
		n += snprintf(buf + n, MAX_FORMAT - n, "\nprint fmt: \"%%s\", __get_str(%.*s)\n", (int)shown->key_len,
			      shown->key);
	else if (n < MAX_FORMAT)
		n += snprintf(buf + n, MAX_FORMAT - n, "\nprint fmt: \"%%s\", \"\"\n");
	return n < MAX_FORMAT ? n : 0;
}

static uint16_t add_format(struct synth *sy, const char *event, const struct text_body *body)
{
	const char *name = strchr(event, ':');
	unsigned id = sy->nr_types + 1;
	char system[MAX_EVENT];
	size_t len;

	snprintf(system, sizeof(system), "%.*s", (int)(name - event), event);
	len = print_format(sy->format, name + 1, id, body);
	if (!len || tep_parse_event(sy->tep, sy->format, len, system))
		return 0;
	return decode_add(sy->decode, tep_find_event(sy->tep, id)) ? id : 0;
}

static uint32_t hash(const char *text)
{
	uint32_t h = 2166136261U;

	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * 16777619U;
	return h;
}

/* The format of the signature; NULL where there are too many. */
static struct type *find_type(struct synth *sy, const char *event, const struct text_body *body)
{
	unsigned slot = hash(sy->signature) % NR_SLOTS;
	struct type *type;

	for (;; slot = (slot + 1) % NR_SLOTS) {
		type = &sy->types[slot];
		if (!type->signature)
			break;
		if (!strcmp(type->signature, sy->signature))
			return type;
	}
	if (sy->nr_types == MAX_TYPES)
		return NULL;
	type->signature = strdup(sy->signature);
	if (!type->signature)
		return NULL;
	type->id = add_format(sy, event, body);
	sy->nr_types++;
	return type;
}

/* ---- records ---- */

static void put(struct synth *sy, unsigned offset, const void *bytes, size_t len)
{
	memcpy(sy->bytes + offset, bytes, len);
}

static uint64_t number_of(struct synth *sy, const struct text_value *v)
{
	return v->form == TEXT_SYMBOL ? symbol_address(sy, v) : v->number;
}

static size_t put_string(struct synth *sy, unsigned offset, size_t end, const struct text_value *v)
{
	size_t len = v->text_len < MAX_STRING_BYTES - 1 ? v->text_len : MAX_STRING_BYTES - 1;
	uint32_t loc = (uint32_t)(len + 1) << 16 | (uint32_t)end;

	put(sy, offset, &loc, sizeof(loc));
	put(sy, end, v->text, len);
	sy->bytes[end + len] = 0;
	return end + len + 1;
}

static void fill(struct synth *sy, uint16_t id, int32_t pid, const struct text_body *body)
{
	size_t end = value_offset(body, body->nr);
	uint64_t number;

	memset(sy->bytes, 0, end);
	put(sy, 0, &id, sizeof(id));
	put(sy, PID_AT, &pid, sizeof(pid));
	if (body->form != TEXT_TRACEPOINT) {
		number = number_of(sy, &body->place);
		put(sy, PLACE_AT, &number, sizeof(number));
	}
	for (unsigned i = 0; i < body->nr; i++) {
		const struct text_value *v = &body->value[i];

		if (v->form == TEXT_STRING) {
			end = put_string(sy, value_offset(body, i), end, v);
			continue;
		}
		number = number_of(sy, v);
		put(sy, value_offset(body, i), &number, sizeof(number));
	}
	sy->rec = (struct page_record){ .data = sy->bytes, .size = end };
}

uint16_t synth_format(struct synth *sy, const char *event, const struct text_body *body)
{
	const struct type *type;

	if (!strchr(event, ':') || strlen(event) >= MAX_EVENT || !make_signature(sy, event, body))
		return 0;
	type = find_type(sy, event, body);
	return type ? type->id : 0;
}

const struct page_record *synth_fill(struct synth *sy, uint16_t format, int32_t pid, const struct text_body *body)
{
	fill(sy, format, pid, body);
	return &sy->rec;
}

const struct page_record *synth_record(struct synth *sy, const char *event, int32_t pid, const struct text_body *body)
{
	uint16_t format = synth_format(sy, event, body);

	return format ? synth_fill(sy, format, pid, body) : NULL;
}

struct decode *synth_decode(struct synth *sy)
{
	return sy->decode;
}

struct synth *synth_new(const struct input *in, const struct reader_host *host)
{
	struct synth *sy = calloc(1, sizeof(*sy));
	struct decode_options opt = { .symbols = { find_symbol, sy }, .probe_basis = SIGNAL_SEEN, .lossy = true };

	if (!sy)
		return NULL;
	tep_set_loglevel(TEP_LOG_NONE);
	sy->walk.long_size = 8;
	sy->strings = host->strings;
	sy->tep = tep_alloc();
	if (sy->tep) {
		tep_set_long_size(sy->tep, 8);
		tep_set_file_bigendian(sy->tep, TEP_LITTLE_ENDIAN);
		tep_set_local_bigendian(sy->tep, TEP_LITTLE_ENDIAN);
		sy->decode = decode_new(sy->tep, &sy->walk, &opt, in, host);
	}
	if (sy->decode)
		return sy;
	synth_free(sy);
	return NULL;
}

void synth_free(struct synth *sy)
{
	if (!sy)
		return;
	for (unsigned i = 0; i < NR_SLOTS; i++)
		free(sy->types[i].signature);
	decode_free(sy->decode);
	if (sy->tep)
		tep_free(sy->tep);
	free(sy);
}
