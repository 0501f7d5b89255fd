/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LTTng's names of the kernel's tracepoints. */
#ifndef IRQPATH_INGEST_CTF_NAMES_H
#define IRQPATH_INGEST_CTF_NAMES_H

#include <stddef.h>

struct tracepoint_row;

/*
 * The row of the tracepoint that an event class stands for; NULL: none. full gets the tracepoint's own name,
 * "irq:irq_handler_entry", cut where len is short.
 */
const struct tracepoint_row *ctf_find_row(const char *name, char *full, size_t len);

#endif
