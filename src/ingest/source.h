/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one source yields, whether its reader runs in this process or in another. */
#ifndef IRQPATH_INGEST_SOURCE_H
#define IRQPATH_INGEST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/event.h"

enum { SOURCE_TEXT_MAX = 256 };

/* The clock of a file without times: they count its lines instead, and only their order means anything. */
#define SOURCE_CLOCK_ORDER "order"

/* About the source as a whole; known once it is open. Texts are "" where unknown. */
struct source_info {
	char kind[32];			/* reader_ops.name, with its version: "trace.dat 7" */
	char clock[32];			/* clock as the file claims it: "mono", "x86-tsc", "" */
	char release[SOURCE_TEXT_MAX];	/* release of the recorded kernel or program */
	uint8_t layer;			/* enum layer */
	uint16_t machine;		/* whose events it holds; MACHINE_OWN: the content does not tell */
	bool by_line;			/* offsets of events are lines, not bytes */
	bool time_is_cycles;		/* times count cycles of unknown frequency, not ns */
	bool timeless;			/* a snapshot: all times are 0 and mean nothing */
	uint32_t nr_cpus;		/* 0: unknown */
	uint64_t tsc_hz;		/* what it says that its machine's TSC counts a second; 0: nothing */
};

enum signal_grade { SIGNAL_PARTIAL, SIGNAL_COMPLETE };

/* SEEN: from the first event on; the store finds that moment. */
enum signal_basis { SIGNAL_SEEN, SIGNAL_DECLARED };

/* An event kind that the source can show, and through what. */
struct source_signal {
	uint16_t kind;			/* enum event_kind */
	uint8_t witness;		/* enum witness */
	uint8_t grade, basis;
	uint16_t machine;		/* whose, where another than the source's; MACHINE_OWN otherwise */
	char via[64];			/* tracepoint or function */
};

/* Records by the format's own name. */
struct record_kind {
	char name[128];
	uint64_t count, kept;
};

/* How reading ended. records counts all records, kept or not. */
struct source_end {
	bool complete;
	uint64_t records, kept, lost;	/* lost: as the file says; 0 where it says nothing */
	uint64_t offset;		/* last good position */
	int64_t until_ns;		/* when the last record was made, an event or not; what is before the last event means nothing */
};

/*
 * Calls come in this order: info once; string before any chunk that uses the id, ids counting up; signal, record_kind,
 * diag any time; chunk in the order of time; end once. All pointers are borrowed for the call. A non-zero return stops
 * the reading.
 */
struct source_sink {
	void *ctx;
	int (*info)(void *ctx, const struct source_info *info);
	int (*string)(void *ctx, str_id id, const char *text, size_t len_bytes);
	int (*signal)(void *ctx, const struct source_signal *signal);
	int (*chunk)(void *ctx, const uint8_t *bytes, size_t len_bytes);
	int (*record_kind)(void *ctx, const struct record_kind *rk);
	int (*progress)(void *ctx, uint64_t offset);
	int (*end)(void *ctx, const struct source_end *end);
};

#endif
