/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_CLI_MACHINES_H
#define IRQPATH_CLI_MACHINES_H

#include <stdbool.h>
#include <stdint.h>

struct diag_sink;
struct feed;

/*
 * Names the machines of the sources that neither the user nor a file's head has told, from what all of their records show;
 * a kernel under Xen whose domain nothing tells stays as it is, which is said. False where the store failed, reported.
 */
bool machines_settle(struct feed *const *feeds, int nr, struct diag_sink *diag);

/*
 * Which machine's platform a log is that names none: Xen's, where what Xen wrote into it is what relates their clocks.
 * related: of each source, as clocks_derive() sets it. False where the store failed.
 */
bool machines_settle_platforms(struct feed *const *feeds, int nr, const uint32_t *related);

#endif
