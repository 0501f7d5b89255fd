/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hops of an interrupt's way, in order: which events show each, and which fields of which state close it. Fields
 * are meant by name, whatever component has them: one that keeps its mask in "mask" closes the hop "unmasked".
 */
#ifndef IRQPATH_REPORT_HOPS_H
#define IRQPATH_REPORT_HOPS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

enum hop_phase { HOP_SETUP, HOP_TRAFFIC };

enum { HOP_MAX_KINDS = 4, HOP_MAX_GATES = 3, HOP_MAX_CLOSED = 5 };

/* A field that closes the hop in these states. */
struct hop_gate {
	const char *field;
	const char *component;			/* only in components whose name begins so; NULL: in any */
	const char *closed[HOP_MAX_CLOSED];	/* NULL terminated where shorter */
};

struct hop {
	const char *name;
	enum hop_phase phase;
	uint8_t on[4];			/* object kinds: only where one of them is on the way; 0: always */
	uint8_t not_on[2];		/* and none of these */
	uint8_t kinds[HOP_MAX_KINDS];	/* event kinds that show it, 0-terminated where shorter */
	enum witness least;
	bool (*counts)(const struct event *ev);	/* NULL: every event of these kinds */
	struct hop_gate gate[HOP_MAX_GATES];	/* field NULL: no more */
	bool optional;			/* shown only where there are such events */
	bool aside;			/* in no fixed order with the hops before */
};

/* Terminated by a row without a name. */
extern const struct hop hop_table[];

/* NULL where none is called so. Two may have one name: the first. */
const struct hop *hop_find(const char *name);

bool hop_has_kind(const struct hop *hop, enum event_kind kind);

/* Which of the hop's gates that field is, the first one the gravest; -1: none. */
int hop_gate_of(const struct hop *hop, const char *component, const char *field);

/* Whether the gate is closed in that state. */
bool hop_gate_closed(const struct hop_gate *gate, const char *state);

#endif
