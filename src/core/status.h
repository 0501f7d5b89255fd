/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IRQPATH_CORE_STATUS_H
#define IRQPATH_CORE_STATUS_H

/* Exit statuses of every command (irqpath-exit(7)). */
enum status {
	STATUS_CLEAN = 0,		/* judged and clean */
	STATUS_FINDINGS = 1,		/* findings at or above the threshold */
	STATUS_USAGE = 2,		/* usage, or a bad rule */
	STATUS_INCOMPLETE = 3,		/* an input could not be read completely */
	STATUS_NOT_JUDGED = 4,		/* nothing could be judged, or a required rule was not */
};

/* The one that applies first: usage, incomplete, findings, not judged, clean. */
enum status status_worse(enum status a, enum status b);

#endif
