/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole database as text. The same database gives the same bytes: no wall clock, no path of the program, everything
 * in a stated order. False at failure, which has been reported; an error of the stream is the caller's to look for.
 */
#ifndef IRQPATH_STORE_EXPORT_H
#define IRQPATH_STORE_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

struct store;

/*
 * Every table in the order of its key, packed ones decoded: a line "# TABLE<tab>COLUMN…", then a line
 * "TABLE<tab>VALUE…" a row. Null is \N; in text a backslash is doubled and what does not print is \xNN.
 */
bool store_export(struct store *st, FILE *out);

/* The events as irqpath-events 1, all sources merged in the order of time. */
bool store_export_events(struct store *st, FILE *out);

/* SQL that makes a database without packed tables. */
bool store_export_rows(struct store *st, FILE *out);

#endif
