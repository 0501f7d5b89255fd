/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What irqpath model check was asked for, and what it found: shared by the run (cmd_check.c), its text and its JSON. */
#ifndef IRQPATH_CLI_CHECK_REQUEST_H
#define IRQPATH_CLI_CHECK_REQUEST_H

#include <string.h>

#include "cli/options.h"
#include "model/check.h"

struct jsonout;

struct check_request {
	const struct usage *usage;
	struct option_list paths, assume;
	const char *devices, *vectors, *cpus, *max_states, *invariant;
	const char *format, *output;
	bool list, compare, quiet;
	bool on_function;		/* the step that is being printed */
	struct quirk_wishes wishes;
	uint64_t put_off;		/* quirks that are off with what is asked to be off */
	unsigned nr_devices, nr_cpus;
	struct check_options check;	/* part by part */
};

enum { MAX_CURES = 24 };

/* What a cure alone makes of a violation. */
struct trial {
	const struct quirk_cure *cure;
	bool prevents, undone;		/* undone: it does not where cure->undone_by is on */
};

struct trials {
	struct trial trial[MAX_CURES];
	unsigned nr;
};

/* Whether that invariant of the part was among those that were tested. */
static inline bool check_is_tested(const struct check_request *rq, unsigned invariant)
{
	return !rq->check.invariant || !strcmp(rq->check.invariant, rq->check.part->invariants[invariant].name);
}

/* One part, as people read it; as an object of the array "checks". */
void check_print_text(struct check_request *rq, const struct check_result *result, const struct trials *trials);
void check_print_json(struct jsonout *js, const struct check_request *rq, const struct check_result *result,
		      const struct trials *trials);

#endif
