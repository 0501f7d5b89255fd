/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of docs/ that the program reads: tab separated, columns found by the names in the first line. */
#ifndef IRQPATH_CLI_TSV_H
#define IRQPATH_CLI_TSV_H

#include <stdbool.h>

enum { TSV_MAX_ROWS = 1 << 14, TSV_MAX_COLUMNS = 16 };

struct tsv_row {
	char *line;		/* owned; the fields point into it */
	const char *field[TSV_MAX_COLUMNS];
};

struct tsv {
	struct tsv_row *row;	/* owned */
	unsigned nr_rows, room, nr_columns;
};

/*
 * Reads the named columns; others may be there. The first one must be there; of the others, fields are "" where it
 * lacks, as where a line is short. Lines that are empty or begin with "#" are skipped. False after a message.
 */
bool tsv_read(const char *path, const char *const *columns, unsigned nr_columns, struct tsv *out);
void tsv_fini(struct tsv *tsv);

static inline const char *tsv_get(const struct tsv *tsv, unsigned row, unsigned column)
{
	return tsv->row[row].field[column];
}

/* Whether a field of words, separated by blanks, holds the word. */
bool tsv_has_word(const char *field, const char *word);

#endif
