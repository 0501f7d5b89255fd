/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trace.dat's records mean: one row a tracepoint or function, one a name that probes give an argument. */
#ifndef IRQPATH_INGEST_FTRACE_ROWS_H
#define IRQPATH_INGEST_FTRACE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "ingest/source.h"

/*
 * Where a field of a record goes: an argument (enum event_arg_id), or one of these. From TO_MSI_ATTR on the number is
 * kept as it is, for the objects and the row's special to make something of.
 */
enum row_target {
	TO_NONE,
	TO_IRQ = NR_ARG_IDS,	/* object irq */
	TO_CPU,			/* object cpu and the argument target_cpu */
	TO_VECTOR,		/* object vector of the record's CPU and the argument vector */
	TO_DEV,			/* PCI function, as text */
	TO_INDEX,		/* entry of the MSI-X table, or of the remapping table */
	TO_MSIX,		/* 1: MSI-X, 0: MSI */
	TO_APIC, TO_PIN,	/* IO-APIC and pin */
	TO_PIRQ, TO_PORT,	/* numbers of the kernel's own domain, of TO_DOMAIN where that is another */
	TO_THREAD_FN,		/* the argument threaded: 1 where not null */
	TO_PHRASE,		/* text for the special */
	TO_PRINTED,		/* the whole record as text, for the special */
	TO_FIRST_RAW,
	TO_MSI_ATTR = TO_FIRST_RAW,	/* attribute byte of the descriptor; bit 0 as TO_MSIX, bit 7 as TO_CAN_MASK */
	TO_CAN_MASK,		/* 1: the MSI capability has mask bits */
	TO_HWIRQ,		/* of a PCI MSI domain */
	TO_BUS, TO_DEVFN, TO_SEGMENT,	/* PCI function, in numbers */
	TO_POS,			/* place in configuration space */
	TO_REG, TO_READ,	/* IO-APIC register, and what was read from it */
	TO_W1, TO_W2,		/* halves of a redirection entry */
	TO_OLD, TO_CLEAR, TO_SET,	/* mask bits: before, to be cleared, to be set */
	TO_IRTE_LO, TO_IRTE_HI,	/* words of a remapping entry */
	TO_SUB_HANDLE,		/* added to the remapping entry's index */
	TO_DEVID,		/* whose remapping table it is, AMD */
	TO_DOMAIN,		/* whose pirq it is, Xen's number */
	TO_DESCRIPTOR,		/* first word of a queued invalidation */
	TO_SWITCH,		/* not 0: on */
	TO_MSR, TO_MSR_VALUE, TO_FAILED,
	TO_STEP, TO_STEP_FN,	/* of CPU hotplug: number and function */
	TO_GSI, TO_ADDRESS, TO_DATA, TO_DEST, TO_NUMBER, TO_TRIGGER, TO_MODE, TO_APICID, TO_CHIP,	/* of KVM; number: of a vector */
	TO_SOFT, TO_AGAIN, TO_REASON, TO_ENTRY,
	TO_MMIO_MAP, TO_MMIO_OPCODE, TO_PHYS, TO_LENGTH, TO_WRITTEN, TO_WIDTH,
	NR_ROW_TARGETS,
};

enum { ROW_MAX_FIELDS = 10 };

struct row_field {
	const char *name;
	uint16_t to;
	bool optional;	/* some kernels have it, or another one in its place */
};

/* A constant argument of the row's events. */
struct row_constant {
	uint16_t arg;	/* enum event_arg_id; ARG_NONE: none */
	int32_t value;
};

/* What a row does besides filling an event: special.c has a function for each. */
enum row_special {
	ROW_PLAIN,
	ROW_ENTRY_FORM,		/* the record tells MSI-X from MSI: without that it is not decoded */
	ROW_ASKS,		/* remembers the call for its return, by task */
	ROW_ANSWERS,		/* takes the function from the call; enable is whether it succeeded */
	ROW_SETUP_RESULT,	/* takes the irq from the call */
	ROW_REGISTER,		/* a call that is only remembered, for ROW_RTE_READ */
	ROW_PIRQ_ASKS,		/* the same for ROW_PIRQ_ANSWERS */
	ROW_PIRQ_ANSWERS,	/* takes the pirq from the call; the result is its irq */
	ROW_PIRQ_SETUP,		/* pirqs of a device, which the record does not name */
	ROW_PORT_GIVEN,		/* event channel 0 is none, irq -1 too */
	ROW_PORT_ABI,		/* of one of two kinds of event channels: says which one there is only once it is called */
	ROW_RTE_READ,		/* remote IRR, where the call read the low word of a redirection entry */
	ROW_CONFIG_WRITE,	/* the command register alone */
	ROW_MSI_BITS,
	ROW_IRTE_BEFORE,	/* what the record has of the entry is from before the call */
	ROW_IRTE_INTEL,
	ROW_IRTE_AMD,
	ROW_IRTE_FLUSH,
	ROW_POSTED,		/* other_kind: off */
	ROW_IPI,
	ROW_HERE,		/* object cpu: the one that wrote the record */
	ROW_HOTPLUG, ROW_HOTPLUG_DONE,
	ROW_SUSPEND,
	ROW_HARM,
	ROW_MMIO_MAP, ROW_MMIO_ACCESS,
	/* kvm.c: records of a guest of this machine */
	ROW_KVM_LINE, ROW_KVM_MESSAGE, ROW_KVM_ACCEPT, ROW_KVM_PIN, ROW_KVM_ACK, ROW_KVM_EOI, ROW_KVM_INJECT, ROW_KVM_EXIT,
	ROW_KVM_PUT_OFF, ROW_KVM_MMIO,
	NR_ROW_SPECIALS
};

struct tracepoint_row {
	const char *name; /* "system:event"; a "*" at the end stands for the rest, which becomes the argument op */
	uint16_t kind;
	uint8_t witness;
	struct row_field fields[ROW_MAX_FIELDS];
	struct row_constant constant;
	uint8_t special;
	uint16_t other_kind;	/* kind of some of its records, as the special says; 0: none */
	bool partial;		/* not every such fact passes here */
};

/* A tracepoint whose records tell a second fact, about the CPU that wrote them. */
struct second_row {
	const char *name;
	uint16_t kind;
	uint8_t witness;
};

/* What of the MSI descriptor a function's records are about. */
enum row_entry { ROW_ENTRY_TOLD, ROW_ENTRY_MSIX, ROW_ENTRY_MSI, ROW_ENTRY_NONE };

/*
 * A probe's arguments are found by the kind's own list, through the names of row_aliases. grade: complete where the
 * function is only reached through a pointer or from other files, so that no caller can have it inlined. That is said
 * of the function: a chip's operation is complete for the irqs of that chip.
 */
struct function_row {
	const char *function;
	bool is_return;
	uint16_t kind;
	uint16_t other_kind;	/* kind of some of its records, as the special says; 0: none */
	uint8_t witness;
	uint8_t grade;
	uint8_t special;
	struct row_constant constant;
	uint8_t entry;		/* enum row_entry */
	uint16_t omit;		/* an argument that its probes may give, but not of what the event says; 0: none */
	const char *rival;	/* a kernel with this function does the same there: partial then */
	const char *tracepoint;	/* says the same: in files that have it the probe is counted only */
};

enum { FUNCTION_MAX_PARAMS = 6 };

/*
 * What a function is called with, for records of the function tracers, which hold plain registers. Names are those of
 * row_aliases, NULL where nothing is to be had from it; size is the type's: the rest of a register is not zero.
 */
struct function_params {
	const char *function;
	struct {
		const char *name;
		uint8_t size_bytes;
	} param[FUNCTION_MAX_PARAMS];
};

/* All names under which a probe may give a target; NULL-terminated. */
struct row_alias {
	uint16_t to;
	const char *names[8];
};

extern const struct tracepoint_row tracepoint_rows[];	/* terminated by a NULL name */
extern const struct second_row second_rows[];
extern const struct function_row function_rows[];
extern const struct function_params function_params[];	/* terminated by a NULL function */
extern const struct row_alias row_aliases[];		/* terminated by TO_NONE */

struct reader_shows;

/* As reader_ops.shows: one after the other what these rows show. */
bool rows_show(unsigned i, struct reader_shows *out);

#endif
