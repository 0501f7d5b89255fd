/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupt by interrupt: how many, how often, how long each hop took. Reads the public tables. */
#ifndef IRQPATH_REPORT_STATS_H
#define IRQPATH_REPORT_STATS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/object.h"
#include "report/quantile.h"
#include "report/report.h"

struct store;

/* X(SYMBOL, "name", column of delivery that it begins with, column that it ends with) */
#define STATS_HOPS(X) \
	X(RAISE, "raise to action", raise_ns, enter_ns) \
	X(ACCEPT, "accept to flow", accept_ns, flow_ns) \
	X(ACK, "flow to EOI", flow_ns, eoi_ns) \
	X(ENTER, "flow to action", flow_ns, enter_ns) \
	X(HANDLER, "handler", enter_ns, exit_ns)

enum stats_hop {
#define X(sym, name, from, to) STATS_##sym,
	STATS_HOPS(X)
#undef X
	NR_STATS_HOPS
};

/* X(SYMBOL, "hop") */
#define STATS_LEDGER(X) \
	X(RAISED, "raised") \
	X(INJECTED, "injected") \
	X(ACCEPTED, "accepted") \
	X(HANDLED, "handled") \
	X(EOIED, "eoied")

enum stats_ledger {
#define X(sym, name) STATS_##sym,
	STATS_LEDGER(X)
#undef X
	NR_STATS_LEDGER
};

struct stats_count {
	int64_t lo, hi;		/* lo -1: not recorded; hi -1: no bound, records were lost */
};

struct stats_row {
	int64_t object;
	char name[OBJECT_NAME_MAX], feeder[OBJECT_NAME_MAX];	/* feeder: nearest to the device, "" unknown */
	char label[128], driver[64], path[32];
	int64_t deliveries, handled, unhandled;
	int64_t first_ns, last_ns;	/* NO_TIME: no delivery */
	int64_t longest_gap_ns;
	int64_t busiest;		/* in the busiest second */
	struct stats_count ledger[NR_STATS_LEDGER];
	struct quantile hop[NR_STATS_HOPS];
};

struct stats {
	struct stats_row *row;	/* owned, most deliveries first */
	unsigned nr, cap;
	int64_t origin_ns, span_ns;	/* of the capture */
	int64_t nr_lost, nr_gaps;	/* records lost, holes */
};

/* NULL at failure, reported, or when memory is short. */
struct stats *stats_new(struct store *st);
void stats_free(struct stats *stats);

const char *stats_hop_name(enum stats_hop hop);
const char *stats_ledger_name(enum stats_ledger hop);

/* Deliveries a second, from the first to the last one; 0 where there are fewer than two. */
double stats_rate(const struct stats_row *row);

struct stats_format {
	const char *name;
	void (*write)(const struct stats *stats, const struct report_options *opt, FILE *out);
};

/* NULL where there is no such format. */
const struct stats_format *stats_format_find(const char *name);

#endif
