/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a trace.dat file of version 6 or 7 says about itself that libtracecmd does not tell: clock, release, loss
 * totals, and where each CPU's data lies. Nothing here trusts a size: each is compared with what is left of the file
 * first, so that a cut file is known as one before the library sees it.
 */
#ifndef IRQPATH_INGEST_FTRACE_WALK_H
#define IRQPATH_INGEST_FTRACE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/reader.h"

struct walk_cpu {
	uint32_t cpu;
	uint64_t offset, size_bytes;
};

struct walk_buffer {
	char name[128];		/* "" for the top buffer */
	char clock[32];
	uint32_t page_size;
	bool compressed;
	bool text;		/* a latency tracer's text instead of records */
	unsigned nr_cpus;
	struct walk_cpu *cpus;	/* owned */
};

struct walk {
	unsigned version;
	unsigned long_size;
	uint32_t page_size;
	bool big_endian;
	char compression[16];	/* "none", "zstd", … */
	char clock[32];
	char release[SOURCE_TEXT_MAX];
	unsigned nr_cpus;
	uint64_t lost;		/* sum over the CPUs' own statistics */
	int64_t ts_offset_ns;	/* added to every stamp */
	uint32_t tsc_mult, tsc_shift;	/* mult 0: stamps are not cycles to be converted */
	bool cut;		/* a section ends behind the file's end; it has been reported */
	bool time_shift;	/* has a table to map its stamps to another machine's clock */
	uint64_t kallsyms, kallsyms_len;	/* where the text lies; len 0: none, or in a section of its own */
	struct walk_buffer *buffers;	/* owned; the top buffer first */
	unsigned nr_buffers;
};

/* The magic of both versions. */
bool walk_probe(const uint8_t *head, size_t len);

/* False at failure, which has been reported; walk_fini() is due either way. */
bool walk_file(struct walk *w, const struct input *in, struct diag_sink *diag);
void walk_fini(struct walk *w);

/*
 * Which of the names (nr up to 32) the file's kallsyms have, as a bit set. False where the file has no readable
 * kallsyms.
 */
bool walk_symbols(const struct walk *w, const struct input *in, const char *const *names, unsigned nr, uint32_t *found);

#endif
