/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole database as text. The same database gives the same bytes: no wall clock, no path of the program, everything
 * in a stated order. False at failure, which has been reported; an error of the stream is the caller's to look for.
 */
#ifndef IRQPATH_STORE_EXPORT_H
#define IRQPATH_STORE_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct store;

/*
 * Every table in the order of its key, packed ones decoded: a line "# TABLE<tab>COLUMN…", then a line
 * "TABLE<tab>VALUE…" a row. Null is \N; in text a backslash is doubled and what does not print is \xNN.
 */
bool store_export(struct store *st, FILE *out);

/*
 * The events as irqpath-events 1. Of one source: with all that is known about it, in its own clock, so that the files of
 * all sources, read together, are the capture again. source 0: of all merged in the order of time, as if one had seen
 * them; where there is one source alone, it is that one.
 */
bool store_export_events(struct store *st, uint32_t source, FILE *out);

/* SQL that makes a database without packed tables. */
bool store_export_rows(struct store *st, FILE *out);

#endif
