/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the TSC of a kernel under Xen lies to Xen's, where both sources count it.
 *
 * A PV domain reads the processor's own: the offset is 0. That is never taken for granted: the interrupts that Xen handles
 * and the actions that its domain's irqs run must go together at that offset, far more often than by chance. A domain in
 * hardware's guest mode has an offset that only Xen knows; where it traps the guest's reads, each record holds what the
 * guest read between two stamps of Xen's, and the kernel's own records carry some of the same readings.
 */
#ifndef IRQPATH_CORE_TSC_H
#define IRQPATH_CORE_TSC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

/* What of one source's events bears on it. */
struct tsc_facts;

/* NULL when memory is short; free takes NULL. */
struct tsc_facts *tsc_facts_new(void);
void tsc_facts_free(struct tsc_facts *tf);

/* Takes an event, machines of its objects resolved. Events of one source, in order. */
void tsc_facts_add(struct tsc_facts *tf, const struct event *ev);

/* Times, so far cycles, become ns. */
void tsc_facts_rate(struct tsc_facts *tf, uint64_t hz);

enum tsc_relation { TSC_UNKNOWN, TSC_SAME, TSC_READINGS };

/* Xen's time = the kernel's time + offset, which is at_ns, or lies between the others; used: how many pairs prove it. */
struct tsc_offset {
	int64_t at_ns, lo_ns, hi_ns;
	unsigned used;
};

/*
 * Of TSC_SAME the offset is 0, and the bounds are what its pairs would allow it to be besides; of TSC_READINGS they are those
 * of all readings. TSC_UNKNOWN where nothing proves either. Both sources must count the TSC.
 */
enum tsc_relation tsc_relate(struct tsc_facts *kernel, struct tsc_facts *xen, struct tsc_offset *out);

#endif
