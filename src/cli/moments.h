/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When snapshots were taken, which do not say so themselves. */
#ifndef IRQPATH_CLI_MOMENTS_H
#define IRQPATH_CLI_MOMENTS_H

#include <stdbool.h>

#include "cli/options.h"
#include "core/diag.h"

struct store;

/* Whether the text is FILE=start, FILE=end or FILE=SECONDS with up to nine decimals; FILE may hold "=". */
bool moment_option(const char *text);

/*
 * Gives each snapshot of the store its place in time: what ats says of it; else the first of its kind and machine stands
 * before all records, the last or only one behind them, others in between, which is no more than an assumption and reported
 * as such. First and last are so in the order that their contents prove, else in that of the command line; where contents
 * turn all that they decide, the rest is turned with them. False where the store failed, which has been reported.
 */
bool moments_place(struct store *st, const struct option_list *ats, struct diag_sink *diag);

#endif
