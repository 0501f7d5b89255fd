/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a row does besides filling an event (enum row_special): pairs calls with returns, takes registers apart. */
#ifndef IRQPATH_INGEST_FTRACE_SPECIAL_H
#define IRQPATH_INGEST_FTRACE_SPECIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/ftrace/kvm.h"
#include "ingest/ftrace/mmio.h"
#include "ingest/ftrace/rows.h"

struct strtab;

/* The functions of the recorded kernel by address. start, where not NULL, gets where the function begins. */
struct symbols {
	const char *(*find)(void *ctx, uint64_t address, uint64_t *start);
	void *ctx;
};

static inline const char *symbols_find(const struct symbols *symbols, uint64_t address, uint64_t *start)
{
	return symbols->find(symbols->ctx, address, start);
}

enum { NR_RAWS = NR_ROW_TARGETS - TO_FIRST_RAW, NR_CALLS = 64, SPECIAL_MAX_FIELDS = 6 };

/* What of a record is no argument but makes objects, or is for the special. raw[] holds only what raw_known says. */
struct parts {
	int64_t irq, index, apic, pin, cpu, vector, gsi, pirq, port;	/* -1: not there */
	int msix;		/* -1: not told */
	bool has_dev;
	uint64_t dev;
	const char *text;	/* TO_PHRASE, TO_PRINTED; borrowed, not terminated */
	size_t text_len;
	uint64_t raw_known;
	int64_t raw[NR_RAWS];
};

static inline void parts_init(struct parts *parts)
{
	parts->irq = parts->index = parts->apic = parts->pin = parts->cpu = parts->vector = -1;
	parts->gsi = parts->pirq = parts->port = -1;
	parts->msix = -1;
	parts->has_dev = false;
	parts->text = NULL;
	parts->raw_known = 0;
}

static inline void parts_set(struct parts *parts, unsigned to, int64_t value)
{
	parts->raw[to - TO_FIRST_RAW] = value;
	parts->raw_known |= UINT64_C(1) << (to - TO_FIRST_RAW);
}

static inline bool parts_get(const struct parts *parts, unsigned to, int64_t *value)
{
	if (!(parts->raw_known >> (to - TO_FIRST_RAW) & 1))
		return false;
	*value = parts->raw[to - TO_FIRST_RAW];
	return true;
}

/* A call that has not returned. */
struct call {
	int32_t pid, cpu;	/* cpu counts for the idle tasks, which are all pid 0 */
	str_id via;
	bool used, has_dev;
	uint64_t dev;
	int64_t irq, index, apic, reg, gsi, pirq, domain, nvec;	/* -1: not there */
};

struct special {
	const struct symbols *symbols;	/* borrowed */
	struct strtab *strings;		/* borrowed */
	struct call calls[NR_CALLS];
	unsigned next_call;
	struct mmio mmio;
	struct kvm_state kvm;
	int64_t takedown_step;	/* number of the hotplug step that takes a CPU down; -1: not seen */
};

void special_init(struct special *sp, const struct symbols *symbols, struct strtab *strings);

/* Records were lost: calls may have returned. */
void special_forget(struct special *sp);

/*
 * False where the record is no event. ev has its kind, place, via and arguments; objects are added from parts
 * afterwards. other_kind is that of the row.
 */
bool special_apply(struct special *sp, enum row_special special, enum event_kind other_kind, struct event *ev,
		   struct parts *parts);

/*
 * What a special wants of a probe beyond the arguments of its kind, up to the first TO_NONE. Without the first
 * nr_needed its records are no events.
 */
struct special_wants {
	uint16_t fields[SPECIAL_MAX_FIELDS];
	uint8_t nr_needed;
};

extern const struct special_wants special_wants[NR_ROW_SPECIALS];

/* Raw numbers that stand for something of parts itself, or for an argument: PCI function, entry, redirection entry. */
void parts_complete(struct parts *parts, struct event *ev);

#endif
