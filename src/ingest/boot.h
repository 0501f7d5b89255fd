/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kernels and hypervisors say of their machine while they boot. */
#ifndef IRQPATH_INGEST_BOOT_H
#define IRQPATH_INGEST_BOOT_H

#include <stdint.h>

/*
 * Cycles a second of the TSC where the message tells it, else 0. Time and level must not stand in front; of several
 * messages of one boot the last counts, which is the refined one. Linux arch/x86/kernel/tsc.c, tsc_init() and
 * tsc_refine_calibration_work(); Xen xen/arch/x86/time.c, early_time_init().
 */
uint64_t boot_tsc_hz(const char *message);

#endif
