/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit: the cores of all components that one interrupt passes, and what follows from what among them. Stimuli are
 * inputs that the outside gives; reactions are the responses that the path gives to them in its state. The bounded check
 * runs units alone, what-if looks into the same reactions for what another quirk would have changed.
 */
#ifndef IRQPATH_MODEL_UNIT_H
#define IRQPATH_MODEL_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/derived.h"
#include "model/component.h"
#include "model/quirks.h"

enum { UNIT_MAX_CPUS = 4, UNIT_MAX_RANKS = 4, UNIT_MAX_DOMAINS = 3 };

/*
 * Roles of the components in a unit: the places of their cores. There is a local APIC's vector a CPU, an entry of Xen's stack
 * of EOIs a rank and a vCPU a domain. PCI and FUNCTION are shared by all units of a device, the stack and the vCPUs by all
 * of a CPU.
 */
enum unit_role {
	ROLE_PCI, ROLE_FUNCTION, ROLE_ENTRY, ROLE_PIN, ROLE_KROUTE, ROLE_XIRQ, ROLE_XMSI, ROLE_PIRQ, ROLE_PORT, ROLE_VPIN, ROLE_GSI,
	ROLE_ASSIGNMENT, ROLE_IRQ, ROLE_VECTOR,
	ROLE_LAPIC, ROLE_PEOI = ROLE_LAPIC + UNIT_MAX_CPUS, ROLE_VCPU = ROLE_PEOI + UNIT_MAX_RANKS,
	NR_ROLES = ROLE_VCPU + UNIT_MAX_DOMAINS, UNIT_CORES = NR_ROLES,
};

/*
 * What the tables know nothing of: which CPU. All are a CPU's number plus one, 0: none; but for those from OWED on, which
 * are 0 or 1 where nothing else is said. HERE is an operation's own CPU and 0 outside of it.
 */
enum unit_place {
	PLACE_TARGET,	/* its vector belongs to */
	PLACE_OLD,	/* the old vector of a move belongs to */
	PLACE_MESSAGE,	/* its message or redirection entry encodes */
	PLACE_ROUTE,	/* the route that KVM has of its pin encodes; 0 where there is none */
	PLACE_ASKED,	/* affinity was asked for */
	PLACE_RUNS,	/* runs its handler */
	PLACE_HERE,
	PLACE_OWED,	/* the device wanted to interrupt, and no handler has begun since */
	PLACE_STALE,	/* its last message was not that of its entry */
	PLACE_SAME,	/* its vector has the same number on all CPUs */
	PLACE_ONESHOT,	/* asked for with a thread, as oneshot */
	PLACE_LATE,	/* somebody masked it behind its start-up */
	PLACE_RANK,	/* which of the interrupts on one CPU it is, plus one */
	PLACE_OTHER,	/* the one that a reaction is about, plus one; 0 outside of an operation */
	PLACE_KIND,	/* how its device interrupts: the part's own numbers */
	PLACE_HELD,	/* Xen masks its message: the part's own numbers */
	PLACE_AGAIN,	/* arrivals that its guest was told of before it had served the last, up to AGAIN_MAX */
	NR_PLACES
};

struct unit {
	uint32_t core[UNIT_CORES];	/* by role; one local APIC a CPU, from ROLE_LAPIC on */
	uint8_t place[NR_PLACES];
};

/* The unit before the input that is reacted to, and as it is now. */
typedef bool (*unit_guard)(const struct unit *before, const struct unit *now);

enum { AGAIN_MAX = 3 };

/* An input that follows another, or one of its effects. */
struct reaction {
	uint8_t on_role, on;		/* input, or effect of the component */
	bool on_effect;
	unit_guard when;		/* NULL: always */
	uint8_t quirk;			/* only with it; with "without", only without it. QUIRK_NONE: always */
	bool without;
	void (*move)(struct unit *unit);	/* operands, before the input; NULL: none */
	uint8_t role, in;
	uint8_t at;			/* enum unit_place: whose local APIC, where role is ROLE_LAPIC; PLACE_OTHER: whose
					 * entry of the stack or vCPU, its own otherwise */
};

enum operation_kind {
	OPERATION_STIMULUS,	/* the outside may do it, or never */
	OPERATION_PROGRESS,	/* hardware and kernel do it sooner or later, by themselves */
};

/* Without whom an operation does not happen, a bit each. */
enum operation_help { HELP_GUEST = 1, HELP_TIMER = 2 };

/* A step of the whole: what may begin in a state. */
struct operation {
	const char *name;
	enum operation_kind kind;
	uint8_t help;			/* enum operation_help, 0: done by who is always there */
	bool on_function;		/* concerns all units of the device; when must hold for each of them */
	bool per_cpu;			/* tried on every CPU, which is PLACE_HERE */
	uint8_t quirk;			/* exists only with it; with "without", only without it */
	bool without;
	bool (*when)(const struct unit *unit);
	void (*move)(struct unit *unit);
	struct {
		uint8_t role, in;
	} first[2];			/* on a function: of its own roles, or of each of its units */
	uint8_t nr_first;
};

/* What must hold in every state; says which rule judges it in a capture. */
struct invariant {
	const char *name, *meaning, *rule;
	bool (*broken)(const struct unit *unit);	/* NULL: found otherwise, see check.h */
};

/* One member of a ring in which each waits for the next. */
struct path_wait {
	const char *who, *why;		/* static texts */
	unsigned next;			/* number of the one that it waits for */
};

/* Named settings that are worth comparing. */
struct path_policy {
	const char *name;
	struct {
		uint8_t quirk;		/* QUIRK_NONE behind the last one */
		bool on;
	} set[6];
};

/* The components that make a path, and what they do together. */
struct path_part {
	const char *name;		/* "baremetal/msix" */
	const char *what;
	enum path path;
	enum object_kind feeder;	/* in a replay: OBJ_MSIX or OBJ_PIN, of an irq that it feeds; OBJ_XIRQ of Xen */
	bool has_function;		/* its units share one */
	const struct reaction *reactions;
	const struct operation *operations;	/* those on a function first */
	const struct invariant *invariants;
	unsigned nr_reactions, nr_operations, nr_invariants;
	void (*init)(struct unit *unit);
	void (*init_nth)(struct unit *unit, unsigned n, struct quirks quirks);	/* what sets one apart; NULL: nothing */
	/* where its interrupts share a CPU: how many there are, in words who they are, and the policies of the CPU's owner */
	unsigned nr_units;
	const char *cast, *const *unit_names;
	uint64_t init_quirks;	/* that init_nth() asks for, a bit each */
	const struct path_policy *policies;
	unsigned nr_policies, policy_units;	/* policies are compared for the first of its units */
	/* for whom a member waits, members 0 and up being the units' interrupts; false: for nobody. NULL: that is not followed */
	bool (*waits_for)(const struct unit *units, unsigned member, struct path_wait *wait);
	bool (*waits)(const struct unit *unit);	/* an interrupt is due that must be delivered sooner or later */
};

/* All of them, NULL terminated. */
extern const struct path_part *const path_parts[];

/* Quirks that some reaction or operation of the part depends on. */
uint64_t path_part_quirks(const struct path_part *part);

enum { UNIT_MAX_REACTIONS = 128, UNIT_MAX_INPUTS = 64 };

/* How units of one part step. Made once for a check. */
struct unit_engine {
	const struct path_part *part;
	struct quirks quirks;
	uint8_t first[NR_ROLES][UNIT_MAX_INPUTS], first_effect[NR_ROLES][UNIT_MAX_INPUTS];	/* reaction plus one, 0: none */
	uint8_t next[UNIT_MAX_REACTIONS];
	/* called for every input before its reactions; NULL: nobody listens */
	void (*log)(void *ctx, const struct unit *before, const struct unit *after, unsigned role, unsigned in);
	void *log_ctx;
};

/* What an operation did beside the new state. */
struct unit_result {
	bool delivered;		/* a handler was entered */
	bool unexpected;	/* a component's table allows no such input in its state: role, input */
	bool torn;		/* a message was rewritten while it could be sent */
	bool sent;		/* a message left for a local APIC */
	bool endless;		/* reactions without end: the tables of the part are wrong */
	uint8_t role, in;
};

/* False where the part's tables are too large or not sound. */
bool unit_engine_init(struct unit_engine *engine, const struct path_part *part, struct quirks quirks);

unsigned unit_state(const struct unit *unit, enum unit_role role, unsigned region);
unsigned unit_lapic_state(const struct unit *unit, unsigned cpu, unsigned region);
const struct region *unit_region(enum unit_role role, unsigned region);
const struct component *role_component(enum unit_role role);
bool unit_role_is_shared(unsigned role);	/* by all units of a device, or of a CPU */

/* Cores that units share: the places of them in a unit. */
enum { UNIT_SHARED = 2 + UNIT_MAX_RANKS + UNIT_MAX_DOMAINS };
extern const uint8_t unit_shared[UNIT_SHARED];

/* The vector of an interrupt that shares its CPU with others; the highest one whose EOI is put off there, -1: none. */
int unit_rank_vector(unsigned rank);
int unit_stack_top(const struct unit *unit);

/* May a message leave the entry's function? */
bool unit_may_send(const struct unit *unit);

/* The part may do this operation under the engine's quirks. */
bool operation_exists(const struct unit_engine *engine, const struct operation *op);

/*
 * Does an operation, which must be allowed: operands, first inputs, all reactions. What a function's operation does to the
 * cores that its units share is the same for each of them, and follows from nothing else.
 */
void unit_operate(const struct unit_engine *engine, struct unit *unit, const struct operation *op, unsigned cpu,
		  struct unit_result *result);

/* A reaction whose guard holds: operands, its input, and all that follows. */
void unit_respond(const struct unit_engine *engine, struct unit *unit, const struct reaction *r, struct unit_result *result);

#endif
