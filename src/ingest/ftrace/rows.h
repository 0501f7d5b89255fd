/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trace.dat's records mean: one row a tracepoint or function, one a name that probes give an argument. */
#ifndef IRQPATH_INGEST_FTRACE_ROWS_H
#define IRQPATH_INGEST_FTRACE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "ingest/source.h"

/* Where a field of a record goes: an argument (enum event_arg_id), or one of these. */
enum row_target {
	TO_NONE,
	TO_IRQ = NR_ARG_IDS,	/* object irq */
	TO_CPU,			/* object cpu and the argument target_cpu */
	TO_VECTOR,		/* object vector of the record's CPU and the argument vector */
	TO_DEV,			/* PCI function, as text */
	TO_INDEX,		/* entry of the MSI-X table */
	TO_MSIX,		/* 1: MSI-X, 0: MSI */
	TO_MSI_ATTR,		/* struct pci_msi_desc's attribute byte; bit 0 as TO_MSIX */
	TO_APIC, TO_PIN,	/* IO-APIC and pin */
	TO_THREAD_FN,		/* the argument threaded: 1 where not null */
	NR_ROW_TARGETS,
};

enum { ROW_MAX_FIELDS = 10 };

struct row_field {
	const char *name;
	uint16_t to;
};

/* A constant argument of the row's events. */
struct row_constant {
	uint16_t arg;	/* enum event_arg_id; ARG_NONE: none */
	int16_t value;
};

struct tracepoint_row {
	const char *name; /* "system:event"; a "*" at the end stands for the rest, which becomes the argument op */
	uint16_t kind;
	uint8_t witness;
	struct row_field fields[ROW_MAX_FIELDS];
	struct row_constant constant;
};

/* What a function's row does besides filling an event. */
enum row_special {
	ROW_PLAIN,
	ROW_ENTRY_FORM,	/* the record tells MSI-X from MSI: without that it is not decoded */
	ROW_ASKS,	/* remembers the function for the return, by task */
	ROW_ANSWERS,	/* takes the function from the entry; enable is whether the call succeeded */
};

/*
 * A probe's arguments are found by the kind's own list, through the names of row_aliases. grade: complete where the
 * function is only reached through a pointer or from other files, so that no caller can have it inlined.
 */
struct function_row {
	const char *function;
	bool is_return;
	uint16_t kind;
	uint16_t msi_kind;	/* kind where the record is about MSI, not MSI-X; 0: the same */
	uint8_t witness;
	uint8_t grade;
	uint8_t special;
	struct row_constant constant;
	int8_t msix;		/* 1: only MSI-X comes here, -1: only MSI, 0: the record tells */
	const char *rival;	/* a kernel with this function does the same there: partial then */
};

/* All names under which a probe may give a target; NULL-terminated. */
struct row_alias {
	uint16_t to;
	const char *names[8];
};

extern const struct tracepoint_row tracepoint_rows[];	/* terminated by a NULL name */
extern const struct function_row function_rows[];
extern const struct row_alias row_aliases[];		/* terminated by TO_NONE */

#endif
