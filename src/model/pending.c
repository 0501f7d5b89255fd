/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications that an MSI-X entry or an MSI message holds back, counted, and the obligation "message-pending": one
 * message must leave for all of them.
 *
 * There is one pending bit for each (PCI Express Base Specification, MSI-X and MSI Capability Structures): what is held
 * back behind the first notification merges with it, and the message that leaves with the last obstacle stands for all. So
 * of n notifications n - 1 are never sent on their own then, which harms nobody whose handler looks for all there is; where
 * MSI-X goes off, the function is reset, or the records end, all n are lost.
 *
 * Not modelled: a function that takes its bit back because what it had to tell is moot; a dump that shows it clear ends
 * the obligation, and whether it was sent is not known.
 */
#include <string.h>

#include "model/replay.h"

#define BIT_TAKEN_BACK "pending bit cleared"

static void count_lost(struct pending *p, uint64_t nr, enum ending ending, const char *ended_by)
{
	if (ending == ENDING_UNKNOWN) {
		p->gap = true;
	} else if (ending == ENDING_DISCHARGED) {
		p->lost_hi += nr ? nr - 1 : 0;
	} else {
		p->lost_hi += nr;
		p->lost_lo += ending == ENDING_EXCUSED && !strcmp(ended_by, BIT_TAKEN_BACK) ? 0 : nr;
	}
}

static void end_pending(struct model *m, struct pending *p, enum ending ending, const char *ended_by)
{
	if (!p->duty.open)
		return;
	count_lost(p, p->duty.row.missed, ending, ended_by);
	duty_end(m, &p->duty, ending, ended_by);
}

static void follow_pending(struct model *m, struct object *feeder, struct pending *p, const char *off)
{
	struct claim claim = {
		.kind = "message-pending", .object = feeder->row.id, .owner = "platform", .due = true, .owed = TRUTH_TRUE,
	};

	if (off)
		end_pending(m, p, ENDING_EXCUSED, off);
	else
		duty_follow_hot(m, &p->duty, &claim);
}

struct pending *pending_of(struct object *feeder)
{
	switch (feeder->row.ref.kind) {
	case OBJ_MSIX:
		return &feeder->entry.pending;
	case OBJ_MSI:
		return &feeder->msi.pending;
	default:
		return NULL;
	}
}

void pending_update(struct model *m, struct object *feeder, unsigned bit, enum pending_input in, const char *off)
{
	struct pending *p = pending_of(feeder);

	if (bit == BIT_SET)
		follow_pending(m, feeder, p, off);
	else if (in == PENDING_RESET)
		end_pending(m, p, ENDING_EXCUSED, "reset");
	else if (in == PENDING_CLEARED)
		end_pending(m, p, ENDING_EXCUSED, BIT_TAKEN_BACK);
	else if (bit == BIT_CLEAR || in == PENDING_SENT)
		end_pending(m, p, ENDING_DISCHARGED, "message sent");
	else
		end_pending(m, p, ENDING_UNKNOWN, "whether it was sent is not known");
}

void pending_notified(struct model *m, struct object *feeder)
{
	struct pending *p = pending_of(feeder);

	if (!p->duty.open)
		return;
	p->held++;
	duty_missed(m, &p->duty);
}

void pending_lost(struct model *m, struct object *feeder, int64_t gap_from_ns)
{
	struct pending *p = pending_of(feeder);

	if (!p || !p->duty.open)
		return;
	p->gap = true;
	duty_lost(m, &p->duty, gap_from_ns);
}

void pending_finish(struct model *m, struct object *feeder)
{
	struct pending *p = pending_of(feeder);

	if (!p || !p->duty.open)
		return;
	count_lost(p, p->duty.row.missed, ENDING_OPEN, "");
	duty_finish(m, &p->duty, "");
}
