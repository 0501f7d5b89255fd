/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU's trace events mean: one row an event in one form, whatever the backend that recorded it. */
#ifndef IRQPATH_INGEST_QEMU_ROWS_H
#define IRQPATH_INGEST_QEMU_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

enum { QEMU_MAX_FIELDS = 8, QEMU_MAX_TELLS = 6, QEMU_MAX_NAME = 64, QEMU_MIN_NAME = 8 };

/* Where an event's argument goes: an argument (enum event_arg_id), or one of these. */
enum qemu_target {
	QT_NONE,
	QT_PIN = NR_ARG_IDS,	/* object pin */
	QT_GSI, QT_KROUTE, QT_PIRQ, QT_PORT, QT_IRTE,	/* objects, by number */
	QT_VCPU,		/* object vcpu, and the CPU that the thread is */
	QT_CPU,			/* the CPU that the thread is, -1: none */
	QT_CHIP_8259,		/* 1: the master */
	QT_HOST_DEV,		/* PCI function of the host, as text */
	QT_HOST_FN,		/* the same, of which entry 0 stands for all */
	QT_DEV,			/* type of a device, as text */
	QT_BUS, QT_SLOT, QT_FN,
	QT_INDEX,		/* entry of an MSI-X table */
	QT_ADDR, QT_DATA, QT_SIZE, QT_REGION, QT_MR,
	QT_OFFSET, QT_BAR, QT_POS,
	QT_REGSEL, QT_REG,
	QT_TYPE,		/* ioctl, or reason of an exit */
	QT_ENABLED, QT_MASKED,
	QT_LINE,		/* level of a line */
	QT_DEST, QT_DEST_MODE, QT_MODE, QT_TRIGGER,
	QT_GLOBAL,
	QT_WORD,		/* text that the special looks at */
	NR_QEMU_TARGETS
};

struct qemu_field {
	const char *name;	/* of the argument, as backends with metadata have it */
	uint16_t to;
};

/* An event kind that comes out of a row. */
struct qemu_tells {
	uint16_t kind;
	uint8_t witness;
	bool partial;		/* not every such fact passes here */
};

/* What a row does besides, or instead of, filling its first kind: decode.c has a function for each. */
enum qemu_special {
	QS_COUNTED,		/* nothing; what the thread does is remembered where a field tells */
	QS_PLAIN,
	QS_IOAPIC_LINE, QS_IRR_SET, QS_IOAPIC_READ, QS_IOAPIC_WRITE,
	QS_GSI_LINE,
	QS_APIC_MESSAGE, QS_APIC_OFFSET, QS_APIC_REGISTER,
	QS_VM_IOCTL, QS_RUN_EXIT,
	QS_REGION_WRITE, QS_REGION_READ,
	QS_CFG_WRITE, QS_CFG_READ, QS_MSIX_CONFIG, QS_BAR_SET, QS_BAR_CLEARED,
	QS_NOTIFY_MSIX, QS_NOTIFY_MSI, QS_NOTIFY,
	QS_INTX,
	QS_IEC,
	QS_PRIVATE_ROUTE,
	QS_RUNSTATE, QS_RESET,
	NR_QEMU_SPECIALS
};

struct qemu_constant {
	uint16_t arg;	/* enum event_arg_id; ARG_NONE: none */
	int32_t value;
};

struct qemu_row {
	const char *name;
	/*
	 * The text behind the name. %d a signed and %u an unsigned decimal number, %x a hexadecimal one with 0x and %X one
	 * without, %p a pointer, %s text up to what follows, %c one character, %* anything. A blank stands for one or more;
	 * what begins or ends with one may lack it. The fields are these in their order, which is also that of the event's
	 * declaration.
	 */
	const char *shape;
	struct qemu_field fields[QEMU_MAX_FIELDS];
	uint8_t special;
	struct qemu_tells tells[QEMU_MAX_TELLS];
	struct qemu_constant constant;
	const char *devices;	/* types of the devices that it is about, with blanks between */
	uint8_t more_lines;	/* lines that follow and belong to it */
};

extern const struct qemu_row qemu_rows[];	/* forms of one event stand together; terminated by a NULL name */

#endif
