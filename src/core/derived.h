/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the model derives from events, as plain rows. The model writes them into a sink; the store keeps them; neither
 * knows the other. Times are in ns of the reference clock, event ids are event_id(), object ids are the model's own,
 * counting up from 1 in the order of first sight. 0 is null for both ids; NO_TIME is null for times.
 */
#ifndef IRQPATH_CORE_DERIVED_H
#define IRQPATH_CORE_DERIVED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "core/object.h"

#define NO_TIME INT64_MIN

/* X(SYMBOL, "name", "meaning") */
#define PATH_LIST(X) \
	X(UNKNOWN,         "unknown",         "nothing recorded tells") \
	X(BAREMETAL,       "baremetal",       "the kernel owns the controllers that it sees") \
	X(DOM0_PV,         "dom0-pv",         "PV dom0: pirqs and event channels") \
	X(DOM0_PVH,        "dom0-pvh",        "PVH dom0: emulated IO-APIC and vPCI") \
	X(HVM_PIRQ,        "hvm-pirq",        "HVM guest with pirqs") \
	X(HVM_PASSTHROUGH, "hvm-passthrough", "HVM guest, MSI-X emulated for a passed-through device") \
	X(KVM_SPLIT,       "kvm-split",       "KVM with the IO-APIC in QEMU") \
	X(KVM_FULL,        "kvm-full",        "KVM with all controllers in the kernel") \
	X(QEMU_USER,       "qemu-user",       "all controllers in QEMU")

enum path {
#define X(sym, name, doc) PATH_##sym,
	PATH_LIST(X)
#undef X
	NR_PATHS
};

/* Names as on the command line and in rules; NULL and -1 where there is none. */
const char *path_name(enum path path);
int path_by_name(const char *name);

/* Proof of a link. */
enum proof { PROOF_GUESSED, PROOF_INFERRED, PROOF_SEEN };

/* How an obligation stands, or a span ended. */
#define ENDING_LIST(X) \
	X(OPEN,         "open",         "not ended when the capture did") \
	X(DISCHARGED,   "discharged",   "what was owed happened") \
	X(EXCUSED,      "excused",      "it is not owed any more") \
	X(CONTRADICTED, "contradicted", "a later record shows that the belief behind it was wrong") \
	X(UNKNOWN,      "unknown",      "records were lost that could have ended it")

enum ending {
#define X(sym, name, doc) ENDING_##sym,
	ENDING_LIST(X)
#undef X
	NR_ENDINGS
};

struct object_row {
	uint32_t id;
	struct object_ref ref;
	unsigned generation;	/* from 1 */
	enum path path;
	uint32_t function;	/* object id of its PCI function */
	uint32_t name_source;	/* name: action names of an irq, in that source's strings */
	str_id name;
	str_id handler;
	int64_t first_event, last_event;
	int64_t born_ns, gone_ns;	/* NO_TIME: before the capture; not gone */
};

/* Counts of one object over its life; only objects that interrupts pass through have one. */
struct summary_row {
	uint32_t object;
	uint64_t deliveries;	/* journeys that reached a handler */
	uint64_t handled, unhandled;
	uint64_t unhandled_run;	/* longest run that no action claimed, each within 100 ms of the one before */
	int64_t unhandled_first_event, unhandled_last_event;	/* of that run */
	bool unhandled_at_end;	/* that run is the one that the capture ends in */
	int64_t first_ns, last_ns;	/* of the deliveries */
	int64_t first_event, last_event;
	int64_t longest_gap_ns;	/* between two deliveries */
	uint64_t busiest_second;	/* deliveries in the busiest second, to a tenth of it */
	int64_t busiest_event;	/* the one that made it so */
};

struct link_row {
	uint32_t feeder, fed;
	enum proof proof;
	uint32_t source;
	int64_t from_event, to_event;
	int64_t from_ns, to_ns;	/* NO_TIME: from before the capture; to its end */
};

/* One change of one field, or an input that the component's table does not allow in that state. */
struct step_row {
	int64_t event;
	int64_t t_ns;
	uint32_t object;
	const char *component, *field, *from, *to, *input;	/* static strings of the component's tables */
	const char *owner;	/* mask owner or "" */
	const char *prompt;	/* "stimulus", "response", "unprompted", or "" where that is not known */
	bool unexpected;
};

/* A field's value over time. Written when it ends. */
struct span_row {
	uint32_t object;
	const char *component, *field, *state;
	int64_t start_event, end_event;
	int64_t start_ns, end_ns;
	enum ending ending;
	const char *ended_by;	/* input that ended it, "" at the end of the capture */
};

/* Something that must follow a trigger. The model records how it ended; rules judge. */
struct obligation_row {
	uint32_t object;	/* who is owed: the object that suffers */
	const char *kind;	/* "msix-unmask", … */
	int64_t trigger_event, trigger_ns;	/* from here it was owed */
	bool guard_unknown;	/* whether it is owed could not be known */
	int64_t cause_event;	/* what brought about the state that must end; 0: before the capture */
	int64_t expected_event;	/* the last input that should have brought it about */
	int64_t first_missed_event;	/* the first interrupt held back meanwhile, or sign that one was missed */
	uint64_t missed;	/* how many of these were recorded */
	int64_t end_event, end_ns;	/* end_ns: at the latest the end of the capture */
	enum ending ending;
	const char *ended_by;	/* input or reason, static */
	int64_t owed_ns;	/* time from trigger to end without the time that was excused */
	uint32_t excuses;	/* times it was excused for a while */
	uint32_t opportunities;	/* inputs meanwhile that should have brought it about */
	int64_t gap_event;	/* the first lost event in between */
	int64_t owed_before_gap_ns;	/* owed_ns when that gap began; owed_ns where there was none */
	const char *owner;	/* mask owner that has the duty */
};

/* How long the obligations of one kind took that were met. */
struct stat_row {
	const char *kind;
	uint64_t met;
	int64_t p50_ns, p99_ns, max_ns;
};

enum delivery_kind {
	DELIVERY_FIXED, DELIVERY_LOWEST, DELIVERY_NMI, DELIVERY_EXTINT, DELIVERY_IPI, DELIVERY_POSTED,
	NR_DELIVERY_KINDS,
};
enum delivery_result { RESULT_UNKNOWN, RESULT_HANDLED, RESULT_UNHANDLED, RESULT_THREAD, NR_DELIVERY_RESULTS };

const char *delivery_kind_name(enum delivery_kind kind);
const char *delivery_result_name(enum delivery_result result);
const char *proof_name(enum proof proof);
const char *ending_name(enum ending ending);

/* One interrupt's journey, each time NO_TIME where it was not seen. */
struct delivery_row {
	uint32_t object;	/* the irq, or the last object that it reached */
	enum delivery_kind kind;
	enum delivery_result result;
	int32_t cpu;		/* -1 unknown */
	int32_t vector;		/* -1 unknown */
	int64_t raise_ns, inject_ns, accept_ns, flow_ns, enter_ns, exit_ns, eoi_ns;
	int64_t first_event, last_event;
};

/* How many interrupts passed one hop of an object. hi > lo where coalescing or gaps allow more. */
struct ledger_row {
	uint32_t object;
	const char *hop;	/* "raised", "injected", "accepted", "handled", "eoied" */
	uint64_t lo, hi;
	bool hi_unbounded;	/* records were lost: hi is not known */
};

struct harm_row {
	int64_t event;
	uint32_t object;	/* 0: no object of the model */
	const char *kind;	/* event kind's name */
};

struct path_row {
	unsigned machine;
	enum path path;
	int64_t event;		/* what showed it first */
};

/* What became of a field that a dump shows. X(SYMBOL, "name", "meaning") */
#define DUMP_LIST(X) \
	X(SEEDED,  "seeded",  "nothing was known of it") \
	X(AGREED,  "agreed",  "it is as the replay has it") \
	X(NEWS,    "news",    "it is otherwise, and can change without a record") \
	X(DIFFERS, "differs", "it is otherwise, although its changes are recorded")

enum dump_result {
#define X(sym, name, doc) DUMP_##sym,
	DUMP_LIST(X)
#undef X
	NR_DUMP_RESULTS
};

const char *dump_result_name(enum dump_result result);

/* A field of a dump, beside what was believed. Texts are only borrowed for the call. */
struct dump_row {
	int64_t event;
	uint32_t object;
	const char *component, *field;
	const char *believed, *seen;	/* believed: NULL where nothing was */
	int64_t since_event;		/* what the belief comes from, 0: from before the capture, or nothing */
	enum dump_result result;
};

/* Rows come in the order in which they end; within one event in a fixed order. A non-zero return stops the model. */
struct derived_sink {
	void *ctx;
	int (*object)(void *ctx, const struct object_row *row);
	int (*summary)(void *ctx, const struct summary_row *row);
	int (*link)(void *ctx, const struct link_row *row);
	int (*step)(void *ctx, const struct step_row *row);
	int (*span)(void *ctx, const struct span_row *row);
	int (*obligation)(void *ctx, const struct obligation_row *row);
	int (*stat)(void *ctx, const struct stat_row *row);
	int (*delivery)(void *ctx, const struct delivery_row *row);
	int (*ledger)(void *ctx, const struct ledger_row *row);
	int (*harm)(void *ctx, const struct harm_row *row);
	int (*path)(void *ctx, const struct path_row *row);
	int (*dump)(void *ctx, const struct dump_row *row);
};

#endif
