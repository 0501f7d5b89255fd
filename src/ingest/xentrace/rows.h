/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What xentrace's records are called and which facts of the interrupt path they prove (xen/include/public/trace.h, and
 * the functions of Xen that write them). A record is decoded by its row: one more record is one more row.
 */
#ifndef IRQPATH_INGEST_XENTRACE_ROWS_H
#define IRQPATH_INGEST_XENTRACE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "ingest/xentrace/stream.h"

/* Where a word goes: an argument (enum event_arg_id), or one of these. */
enum xen_target {
	TO_NOWHERE,
	TO_XIRQ = 0x100,
	TO_VECTOR_HERE,		/* a physical vector of the CPU that recorded, and the argument */
	TO_GUEST_VECTOR,	/* a vector of the vCPU that runs there, in its domain, and the argument */
};

/* What a row alone does not say; decode.c has a function for each. */
enum xen_special {
	XEN_FIELDS,		/* words go where fields says; there are as many as it has */
	XEN_VECTOR_SET,		/* irq and vector in one word, six words of CPU mask */
	XEN_LOST,
	XEN_HYPERCALL,		/* which arguments there are is in the first word */
	XEN_OLD_HYPERCALL,
	XEN_VMMCALL,
	XEN_TRAP,
	XEN_EXIT,
	XEN_ARRIVAL,		/* a physical vector, where the record has one */
	XEN_WINDOW,
	XEN_MSR,
	XEN_MMIO,
	XEN_PORT,
	XEN_HALT,
	XEN_TSC,
	XEN_RUNSTATE,
	XEN_RUNS_ON,
	XEN_SWITCH,
	XEN_SCHED,		/* domain and vCPU, a word each */
	XEN_IDLE_EXIT,
	XEN_PIC_OUTPUT,
	XEN_GUEST,
	NR_XEN_SPECIALS
};

struct xen_row {
	uint32_t id, variants;	/* bits of an id that do not make it another row's */
	const char *name;
	uint16_t kind;		/* EV_NONE: counted only */
	uint8_t witness;
	uint8_t grade;		/* complete: there is a record of every such fact */
	uint8_t special;
	bool only_all;		/* an event only with --keep all: of no use to the model */
	bool vcpu;		/* the vCPU that runs there is an object of it */
	uint16_t fields[RECORD_MAX_WORDS];	/* where each word goes */
	uint8_t nr_fields;
};

extern const struct xen_row xen_rows[];	/* terminated by a NULL name */

/* The row of a header word; NULL where it is of none. */
const struct xen_row *xen_row(uint32_t header);

/* Name of a hypercall (xen/include/public/xen.h); NULL where there is none. */
const char *xen_hypercall_name(uint32_t number);

/* Hypercalls that can change the interrupt path. */
bool xen_hypercall_matters(uint32_t number);

#endif
