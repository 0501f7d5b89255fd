/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the clocks of all sources on that of the first, where facts that two of them recorded prove how. */
#ifndef IRQPATH_CLI_CLOCKS_H
#define IRQPATH_CLI_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

struct anchors;
struct diag_sink;
struct store;

/*
 * Where a source counts the cycles of a TSC and another tells or proves how fast that of its machine runs, its times become
 * ns first; Xen, its dom0 and a host have one machine.
 *
 * anchors: of sources 1 to nr, borrowed; NULL for one that has none. What cannot be related keeps its own clock, which
 * is said. related: nr numbers, set to the source that each was put beside, from 1; 0: none. False where the store failed,
 * which has been reported.
 */
bool clocks_derive(struct store *st, struct anchors *const *anchors, uint32_t nr, uint32_t *related, struct diag_sink *diag);

#endif
