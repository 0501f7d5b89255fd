/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event formats bound to the rows of rows.c: shared by bind.c, which does that, and decode.c, which uses them for records. */
#ifndef IRQPATH_INGEST_FTRACE_BIND_H
#define IRQPATH_INGEST_FTRACE_BIND_H

#include <event-parse.h>
#include <string.h>

#include "ingest/ftrace/decode.h"

enum {
	MAX_TYPES = 1 << 16, NR_COMMS = 1 << 12, NR_FUNCTIONS = 1 << 9, NR_SYMBOLS = 1 << 8, MAX_FIELDS = 20,
};

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

static inline uint64_t read_number(const struct decode *d, const uint8_t *p, unsigned size, bool is_signed)
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

void decode_note(struct decode *d, enum diag_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* 0 where there are too many texts, which is remarked once. */
str_id decode_intern(struct decode *d, const char *text, size_t len);

/* What the records of a format mean; NULL when memory is short. A probe's function is known with its first record. */
struct type *bind_format(struct decode *d, struct tep_event *format);

/* With a probe's first record: what it sits on, and what that means. */
void bind_probe(struct decode *d, struct type *t, const struct page_record *rec);

/* A probe that never fired has no record to tell its function: only its name is left. */
void bind_silent_probe(struct decode *d, struct type *t);

/* What a function tracer's records of the function at an address mean; NULL: nothing, or memory is short. */
struct type *bind_function(struct decode *d, const struct type *tracer, uint64_t address);

/* Tells the host the signal of a row that stands for a function. */
void bind_tell_function(struct decode *d, const struct type *t, const struct function_row *row, enum witness witness);

#endif
