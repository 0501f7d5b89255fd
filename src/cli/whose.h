/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose records a source holds, found from what they tell: a kernel that calls Xen's initial domain its own is dom0, one
 * that uses event channels is some domain's. Which one, the source alone may not tell; others may leave only one.
 */
#ifndef IRQPATH_CLI_WHOSE_H
#define IRQPATH_CLI_WHOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

enum { WHOSE_MAX_DOMAINS = 64 };

struct whose {
	bool domain;		/* records that only a kernel under Xen makes */
	bool initial;		/* records that only the initial domain's makes */
	uint64_t domains;	/* domains that its objects name, a bit each */
	bool more;		/* and others beyond WHOSE_MAX_DOMAINS */
};

/* What the first event of a kind through one function tells. */
void whose_see_via(struct whose *whose, enum event_kind kind, const char *via);

/* A field of a dump that is a text. */
void whose_see_field(struct whose *whose, const char *field, const char *text);

/* An object as the source names it. */
void whose_see_object(struct whose *whose, struct object_ref ref);

#endif
