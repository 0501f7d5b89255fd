/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object as people are told about it: its name, with what it feeds or is fed by at a time. */
#ifndef IRQPATH_STORE_DESCRIBE_H
#define IRQPATH_STORE_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

struct store;

enum { OBJECT_DESCRIBE_MAX = 512 };

/*
 * "msix:0000:00:04.0[1] (e1000e eth0-tx-0, irq:25, vector:0.0x25)": name, then driver and label (its own, else those of
 * the first linked object that has them), then linked objects, those that it feeds first. What is unknown is left out.
 * t_ns NO_TIME: as at the end of the capture. An object that is not there gives "". The text is as recorded: escape it
 * before showing it. Returns buf.
 */
char *object_describe(struct store *st, int64_t object, int64_t t_ns, char *buf, size_t len);

#endif
