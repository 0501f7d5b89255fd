/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One source on its way into the store and, where it is the only one, through the model. */
#ifndef IRQPATH_CLI_FEED_H
#define IRQPATH_CLI_FEED_H

#include <stdbool.h>

#include "core/diag.h"
#include "ingest/source.h"

struct anchors;
struct feed;
struct model;
struct store;
struct whose;

/*
 * Adds the source to the store. model may be NULL; path is borrowed until feed_free().
 * machine: whose events it holds, NULL: what the content says, else the host. NULL at failure, reported.
 */
struct feed *feed_new(struct store *st, struct model *model, const char *path, const char *machine,
		      struct diag_sink *diag, bool quiet);

/* Where the reader's diagnostics go: on to diag, and into the store. */
struct diag_sink *feed_diag(struct feed *feed);
const struct source_sink *feed_sink(struct feed *feed);

/*
 * Writes what is known only now. False where the store or the model failed, which has been reported. The reader may
 * go on to report through feed_diag() until it is stopped; that is printed, but not stored any more.
 */
bool feed_end(struct feed *feed);

/*
 * Whose events it holds. Undecided: neither the user nor the file's head says so, and what its records tell may name
 * another: the model must not have been fed then, and has not been since feed_starts_anew().
 */
uint16_t feed_machine(const struct feed *feed);
bool feed_is_undecided(const struct feed *feed);
bool feed_is_open_platform(const struct feed *feed);	/* a platform's log that does not tell whose */
bool feed_is_open_listing(const struct feed *feed);	/* the same of a list of PCI functions */
bool feed_is_timeless(const struct feed *feed);
const char *feed_path(const struct feed *feed);
const struct whose *feed_whose(const struct feed *feed);
bool feed_set_machine(struct feed *feed, uint16_t machine);

/* The only source shows, while it goes through the model, that it is of another machine: the replay must begin anew. */
bool feed_starts_anew(const struct feed *feed);

/* What relates the source's clock to others; NULL where it is the only source. Borrowed until feed_free(). */
struct anchors *feed_anchors(const struct feed *feed);

void feed_free(struct feed *feed);	/* accepts NULL */

#endif
