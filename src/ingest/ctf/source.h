/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Common Trace Format through libbabeltrace2: the traces below a directory, their streams merged by time. Everything that
 * is borrowed from it stays valid until the next call.
 */
#ifndef IRQPATH_INGEST_CTF_SOURCE_H
#define IRQPATH_INGEST_CTF_SOURCE_H

#include <babeltrace2/babeltrace.h>
#include <stdbool.h>
#include <stdint.h>

struct diag_sink;
struct ctf_source;

enum ctf_item_kind { CTF_EVENT, CTF_LOST, CTF_END };

struct ctf_item {
	enum ctf_item_kind kind;
	const bt_event *event;
	int64_t t_lo_ns, t_hi_ns;	/* since the origin of the stream's clock; the same for an event */
	bool has_time;
	int32_t cpu;			/* -1: not told */
	uint64_t nr_lost;		/* 0: unknown */
};

/* What the traces say of themselves; texts are "" where they do not. */
struct ctf_about {
	char release[256];	/* of the kernel or program that was traced */
	char clock[32];		/* "realtime" where times count from 1970, else the clock's name */
	unsigned nr_traces, nr_streams;
	bool is_kernel;		/* some trace is a kernel's */
	bool has_qemu;		/* some has events of QEMU's */
};

/* Loads libbabeltrace2's plug-in, which takes system calls that readers have not. Accepts to be called again. */
bool ctf_source_prepare(void);

/*
 * Opens all traces below the directory. path is for messages, and borrowed. NULL at failure, which has been reported.
 */
struct ctf_source *ctf_source_open(int dir_fd, const char *path, struct diag_sink *diag);
void ctf_source_close(struct ctf_source *cs);	/* accepts NULL */

const struct ctf_about *ctf_source_about(const struct ctf_source *cs);

/* The next item in the order of time. */
void ctf_source_next(struct ctf_source *cs, struct ctf_item *item);

/* False where something could not be read, which has been reported. */
bool ctf_source_complete(const struct ctf_source *cs);

/* Is this a directory with a trace below it? Looks at names only. */
bool ctf_source_probe(int dir_fd);

#endif
