/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in front of a kernel's message, as dmesg, journalctl, syslog and consoles write it. */
#ifndef IRQPATH_INGEST_CONSOLE_STAMP_H
#define IRQPATH_INGEST_CONSOLE_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stamp_clock {
	STAMP_NONE,
	STAMP_PRINTK,	/* seconds since boot, as the kernel took them */
	STAMP_WALL,	/* date and time; UTC where the zone is not told */
	STAMP_YEARLESS,	/* date without a year: counted from the beginning of one */
	NR_STAMP_CLOCKS
};

struct stamp {
	int64_t t_ns[NR_STAMP_CLOCKS];	/* a line may have two */
	uint8_t clocks;		/* bit i: t_ns[i] is known */
	bool by_kernel;		/* says that the kernel wrote it: of a journal that holds other programs' lines too */
	bool by_other;		/* says that another program, or a hypervisor, did */
	size_t len;		/* the message stands behind it */
};

/* The text need not be terminated. Times that do not fit are not known. */
void stamp_parse(const char *text, size_t len, struct stamp *st);

#endif
