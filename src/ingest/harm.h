/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel's messages prove about interrupts: one line of text in, the fact out. For traces and consoles alike. */
#ifndef IRQPATH_INGEST_HARM_H
#define IRQPATH_INGEST_HARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"

struct strtab;

enum { HARM_NAME_MAX = 64 };

struct harm {
	uint16_t kind;		/* enum event_kind */
	int64_t irq, gsi;	/* -1: not told */
	int64_t cpu, vector;	/* of a vector; -1: not told */
	bool has_dev;
	uint64_t dev;		/* PCI function, as object_id_pci() makes it */
	char name[HARM_NAME_MAX];	/* device, queue or task as interrupts are named; "" where not told */
};

/*
 * False where the message is none of those that are known. The text need not be terminated, may hold anything, and may
 * have time, level or caller in front; only its first 1023 bytes are looked at, up to a line's end.
 */
bool harm_parse(const char *text, size_t len_bytes, struct harm *harm);

/* The same as an event's kind, objects and arguments; the rest of ev is left alone. Texts go into strings. */
bool harm_event(const char *text, size_t len_bytes, struct strtab *strings, struct event *ev);

/* The first PCI address that is a word of its own; a colon may follow. False where the text, terminated, has none. */
bool harm_find_device(const char *text, uint64_t *dev);

/* The kinds that may come out, EV_NONE-terminated. */
extern const uint16_t harm_kinds[];

#endif
