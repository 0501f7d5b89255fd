/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources were able to show, and since when: table signal, kept in memory while rules run. */
#ifndef IRQPATH_RULES_SIGNALS_H
#define IRQPATH_RULES_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"
#include "rules/rule.h"

struct signal_set;
struct sqlite3;

/* NULL at failure, reported. */
struct signal_set *signal_set_load(struct sqlite3 *db, struct diag_sink *diag);
void signal_set_free(struct signal_set *set);

/* First and last event of all sources, reference clock; NO_TIME where there is none. */
int64_t signal_set_first_ns(const struct signal_set *set);
int64_t signal_set_last_ns(const struct signal_set *set);

/*
 * True where a source of the machine (NULL: any) could show one of the clause's signals from start_ns on; NO_TIME: from
 * before the capture, which is judged as from its first event on. Complete and partial signals count alike: that a
 * signal is there says that presence can be judged; a rule that rests on absence asks for complete ones itself.
 */
bool signal_clause_met(const struct signal_set *set, const struct rule_clause *clause, const char *machine,
		       int64_t start_ns);

/* True where it was there at any time, on any machine. */
bool signal_clause_met_ever(const struct signal_set *set, const struct rule_clause *clause);

#endif
