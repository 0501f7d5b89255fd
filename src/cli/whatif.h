/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Would a known fix have prevented it? Each quirk of a finding's path alone, then pairs, each in a replay of its own. */
#ifndef IRQPATH_CLI_WHATIF_H
#define IRQPATH_CLI_WHATIF_H

#include <stdbool.h>

#include "model/quirks.h"

struct capture;

/*
 * Tries them against one finding, or against all that are more than notes where id is NULL, and fills table what_if of
 * cap->store, which must be judged. False at failure, reported.
 */
bool whatif_try(struct capture *cap, const char *id);

/* Writes into table meta what --assume asked for and what came of it. False at failure, reported. */
bool whatif_note_assumed(struct capture *cap);

/*
 * The quirks that the recorded kernel has: as records show (*seen), as its release says (*inferred), else as they normally
 * are.
 */
struct quirks whatif_recorded(struct capture *cap, struct quirks *inferred, struct quirks *seen);

#endif
