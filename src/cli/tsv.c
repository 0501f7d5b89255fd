/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/tsv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 32 };

/* Cuts a line at its tabs. */
static int split(char *line, const char **field, int max)
{
	int nr = 0;

	for (char *at = line; at && nr < max; nr++)
		field[nr] = strsep(&at, "\t");
	return nr;
}

static void find_columns(char *line, const char *const *columns, unsigned nr_columns, int *column)
{
	const char *field[MAX_FIELDS];
	int nr = split(line, field, MAX_FIELDS);

	for (unsigned i = 0; i < nr_columns; i++)
		for (int j = 0; j < nr; j++)
			if (!strcmp(field[j], columns[i]))
				column[i] = j;
}

static struct tsv_row *add_row(struct tsv *tsv)
{
	if (tsv->nr_rows == tsv->room) {
		unsigned room = tsv->room ? tsv->room * 2 : 64;
		struct tsv_row *row = room > TSV_MAX_ROWS ? NULL : realloc(tsv->row, room * sizeof(*row));

		if (!row)
			return NULL;
		tsv->row = row;
		tsv->room = room;
	}
	return &tsv->row[tsv->nr_rows];
}

static bool take_row(struct tsv *tsv, const char *line, const int *column)
{
	const char *field[MAX_FIELDS];
	struct tsv_row *row = add_row(tsv);
	int nr;

	if (!row)
		return false;
	row->line = strdup(line);
	if (!row->line)
		return false;
	tsv->nr_rows++;
	nr = split(row->line, field, MAX_FIELDS);
	for (unsigned i = 0; i < tsv->nr_columns; i++)
		row->field[i] = column[i] >= 0 && column[i] < nr ? field[column[i]] : "";
	return true;
}

/* NULL, or what is wrong. */
static const char *read_rows(FILE *in, const char *const *columns, struct tsv *tsv)
{
	int column[TSV_MAX_COLUMNS];
	bool head = true, good = true;
	char *line = NULL;
	size_t size = 0;

	for (unsigned i = 0; i < TSV_MAX_COLUMNS; i++)
		column[i] = -1;
	while (good && getline(&line, &size, in) > 0) {
		line[strcspn(line, "\r\n")] = 0;
		if (!*line || *line == '#')
			continue;
		if (head)
			find_columns(line, columns, tsv->nr_columns, column);
		else
			good = take_row(tsv, line, column);
		head = false;
	}
	free(line);
	if (ferror(in))
		return strerror(errno);
	return !good ? "too many rows" : column[0] < 0 ? "a column is missing in its first line" : NULL;
}

bool tsv_read(const char *path, const char *const *columns, unsigned nr_columns, struct tsv *out)
{
	FILE *in = fopen(path, "r");
	const char *wrong;

	*out = (struct tsv){ .nr_columns = nr_columns };
	wrong = in ? read_rows(in, columns, out) : strerror(errno);
	if (wrong)
		fprintf(stderr, "irqpath: %s: %s\n", path, wrong);
	if (in)
		fclose(in);
	return !wrong;
}

void tsv_fini(struct tsv *tsv)
{
	for (unsigned i = 0; i < tsv->nr_rows; i++)
		free(tsv->row[i].line);
	free(tsv->row);
}

bool tsv_has_word(const char *field, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = field; *at; at += strspn(at, " ")) {
		size_t n = strcspn(at, " ");

		if (n == len && !strncmp(at, word, len))
			return true;
		at += n;
	}
	return false;
}
