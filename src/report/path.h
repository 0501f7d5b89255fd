/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One interrupt's way from device to handler: what of it was reached, and where it stops. Reads the public tables. */
#ifndef IRQPATH_REPORT_PATH_H
#define IRQPATH_REPORT_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/derived.h"
#include "core/object.h"
#include "report/hops.h"
#include "report/report.h"

struct store;

enum { PATH_MAX_MEMBERS = 64, PATH_MAX_STATES = 256, PATH_MAX_HOPS = 32, PATH_LABEL_MAX = 128, PATH_WORD_MAX = 48 };

/* An object on the way, and when it was. */
struct path_member {
	int64_t id;
	char name[OBJECT_NAME_MAX];
	struct object_ref ref;
	int64_t from_ns, to_ns;		/* NO_TIME: unbounded */
	int64_t first_event;		/* of an irq: belongs to it, whenever it was */
	bool repeated;			/* the object is listed before, for another time */
};

/* A field of one of them when the way is judged. */
struct path_state {
	const struct path_member *member;
	char component[PATH_WORD_MAX], field[PATH_WORD_MAX], state[PATH_WORD_MAX];
	int64_t since_ns, since_event;	/* NO_TIME, 0: from before the capture */
	bool known;			/* false: records were lost since, or none tells */
};

/* As they were counted; count is what the kind that showed most counted: two records of one action are one action. */
struct path_tally {
	uint64_t count, since, before;	/* all; after path_view.change_ns; the others */
	int64_t first_ns, last_ns, first_event, last_event;
	int64_t before_ns;		/* the last one before */
};

enum hop_status { HOP_REACHED, HOP_IMPLIED, HOP_CLOSED, HOP_NOT_SEEN, HOP_NOT_REACHED, HOP_NOT_RECORDED };

struct path_hop {
	const struct hop *hop;
	enum hop_status status;
	struct path_tally tally;
	const struct path_state *gate;	/* that closes it or, where its events were not seen, shows it open; or NULL */
};

enum path_stop {
	STOP_NOWHERE,		/* interrupts were handled up to the end */
	STOP_GATE,		/* a hop is closed, and nothing was handled since */
	STOP_OWED,		/* what must follow is missing */
	STOP_BETWEEN,		/* an interrupt reached one hop and not the next that is recorded */
	STOP_SILENT,		/* no interrupt was seen, and no hop is closed */
};

struct path_view {
	struct store *store;
	int64_t origin_ns, end_ns;	/* of the capture */
	int64_t judged_ns;		/* how things stood then: its end, or that of the last trace of software where a log goes on */
	int64_t object, irq;		/* asked for; whose way this is */
	char described[512];
	char path[PATH_WORD_MAX];
	struct path_member member[PATH_MAX_MEMBERS];
	unsigned nr_members;
	bool more_members;
	struct path_state state[PATH_MAX_STATES];
	unsigned nr_states;
	struct path_hop hop[PATH_MAX_HOPS];
	unsigned nr_hops;
	int64_t change_ns; /* last change of a field that opens or closes a hop; with STOP_GATE, of that one. NO_TIME */
	enum path_stop stop;
	const struct path_hop *stop_hop;	/* closed, or the last one reached; NULL: none */
	const struct path_hop *next_hop;	/* of STOP_BETWEEN: the one that is missing */
	const struct path_hop *went_on;		/* a closed hop that interrupts passed all the same */
};

/* The text of a record as its format has it; false where the source is not there any more. */
struct record_texts {
	bool (*get)(void *ctx, uint32_t source, uint64_t offset, char *buf, size_t len);
	void *ctx;
};

/*
 * since_ns: tallies count from behind that time; NO_TIME: from the last change of a field that opens or closes a hop.
 * NULL at failure, reported, or when memory is short.
 */
struct path_view *path_view_new(struct store *st, int64_t object, int64_t irq, int64_t since_ns);
void path_view_free(struct path_view *pv);

/* A platform's log goes on behind the last trace of software: nothing is judged by what it shows there. */
bool path_goes_on(const struct path_view *pv);

const char *hop_status_name(enum hop_status status);
const char *path_stop_name(enum path_stop stop);

/* The event kind that would show the hop of such objects. */
const char *path_missing_kind(const struct path_view *pv, const struct hop *hop);

/* Owner of a field that holds a mask: "kernel" for "kernel_mask", "register" for "mask"; NULL where it holds none. */
const char *path_mask_owner(const struct path_state *state, char *buf, size_t len);

/* A record for people, as its format's tool prints it where that can still be had; ordinal: its number. */
struct path_record {
	uint64_t ordinal;
	uint32_t source;
	char place[PATH_WORD_MAX];	/* "#1557", with several sources "2#1557" */
	char by[PATH_LABEL_MAX];	/* function and task: "pci_msi_mask_irq (init-1)" */
	char text[4096];
};
bool path_record(struct store *st, const struct record_texts *texts, int64_t event, struct path_record *rec);

/* False where the database could not be read, which has been reported. */
bool path_write_text(const struct path_view *pv, const struct record_texts *texts, const struct report_options *opt,
		     FILE *out);
bool path_write_json(const struct path_view *pv, const struct record_texts *texts, FILE *out);

/* Queries that both forms use, about one object: obligations, what is open first; verdicts; ledger; spans of masks. */
extern const char path_obligations_sql[], path_verdicts_sql[], path_ledger_sql[], path_spans_sql[];

#endif
