/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/moments.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/order.h"
#include "core/derived.h"
#include "store/query.h"
#include "store/store.h"
#include "store/time.h"

/* A snapshot; those of one kind and machine are a group, and rank is its place in that. */
struct snapshot {
	uint32_t source;
	int64_t group;
	char path[4096];
	int64_t rank, count;
	const char *how;	/* what shows another order than the command line's; NULL: it has its place there */
};

enum { MAX_PROVEN = 16 };	/* of more in one group the order is the command line's */

/* First and last moment of all that has times; the same where nothing has. */
struct extent {
	int64_t start_ns, end_ns;
};

/* "31.85": seconds, as ns. */
static bool parse_seconds(const char *text, int64_t *ns)
{
	bool negative = *text == '-';
	int64_t value = 0, unit = 1000000000;

	text += negative;
	if (!isdigit((unsigned char)*text))
		return false;
	for (; isdigit((unsigned char)*text); text++) {
		if (value > INT64_MAX / 10 / unit - 1)
			return false;
		value = value * 10 + (*text - '0');
	}
	value *= unit;
	if (*text == '.' && isdigit((unsigned char)text[1]))
		for (text++; isdigit((unsigned char)*text) && unit > 1; text++)
			value += (*text - '0') * (unit /= 10);
	*ns = negative ? -value : value;
	return !*text;
}

bool moment_option(const char *text)
{
	const char *equals = strrchr(text, '=');
	int64_t ns;

	return equals && (!strcmp(equals + 1, "start") || !strcmp(equals + 1, "end") || parse_seconds(equals + 1, &ns));
}

/* What --at says of a file, the last time that it does; NULL: nothing. */
static const char *told_of(const struct option_list *ats, const char *path)
{
	for (unsigned i = ats->nr; i-- > 0; ) {
		const char *equals = strrchr(ats->text[i], '=');

		if (equals && strlen(path) == (size_t)(equals - ats->text[i]) &&
		    !strncmp(ats->text[i], path, equals - ats->text[i]))
			return equals + 1;
	}
	return NULL;
}

/* What stands before everything does so by one ns, so that nothing is of the same moment. */
static bool place_told(struct store *st, const struct snapshot *ss, const char *when, const struct extent *all)
{
	int64_t ns = 0;

	if (!strcmp(when, "start"))
		ns = time_add(all->start_ns, -1);
	else if (!strcmp(when, "end"))
		ns = time_add(all->end_ns, 1);
	else
		parse_seconds(when, &ns);
	return store_set_clock(st, ss->source,
			       &(struct store_clock){ .method = "told", .offset_ns = ns, .lo_ns = ns, .hi_ns = ns });
}

static const char *assumption(bool is_first, bool is_last)
{
	return is_last ? "assumed to have been taken at the end"
		       : is_first ? "assumed to have been taken at the start"
				  : "assumed to have been taken between those of its kind before and behind it";
}

/* Kept, too: whoever reads the report has given the files in another order. */
static bool note_order(struct store *st, const struct snapshot *ss, const char *what, struct diag_sink *diag)
{
	struct diag_pos pos = { ss->path, 0, 0 };
	char text[256];

	snprintf(text, sizeof(text), "%s (--at), unlike on the command line, %s", what, ss->how);
	diag_report(diag, DIAG_ANOTHER_ORDER, pos, "%s", text);
	return store_diag(st, ss->source, DIAG_ANOTHER_ORDER, pos, text);
}

static bool place_assumed(struct store *st, const struct snapshot *ss, const struct extent *all, struct diag_sink *diag)
{
	int64_t start_ns = time_add(all->start_ns, -1), end_ns = time_add(all->end_ns, 1);
	bool is_last = ss->rank + 1 == ss->count, is_first = !ss->rank && !is_last;
	const char *method = is_last ? "end" : is_first ? "start" : "between";

	if (ss->how && !note_order(st, ss, assumption(is_first, is_last), diag))
		return false;
	if (!ss->how)
		diag_report(diag, DIAG_REMARK, (struct diag_pos){ ss->path, 0, 0 }, "%s (--at)", assumption(is_first, is_last));
	return store_set_clock(st, ss->source, &(struct store_clock){
		.method = method, .offset_ns = is_first ? start_ns : end_ns, .lo_ns = is_last ? end_ns : start_ns,
		.hi_ns = is_first ? start_ns : end_ns,
	});
}

/* Of a group at a time, in the order of the command line. */
static struct snapshot *list_snapshots(struct store *st, size_t *nr)
{
	struct query *q = query_open(st,
		"SELECT id, path, row_number() OVER (PARTITION BY kind, machine ORDER BY id) - 1,"
		" count(*) OVER (PARTITION BY kind, machine), min(id) OVER (PARTITION BY kind, machine) AS first"
		" FROM source WHERE timeless = 1 ORDER BY first, id");
	struct snapshot *list = NULL, *more;
	size_t room = 0;

	*nr = 0;
	while (q && query_next(q)) {
		if (*nr == room) {
			room = room ? 2 * room : 16;
			more = reallocarray(list, room, sizeof(*list));
			if (!more)
				break;
			list = more;
		}
		list[*nr] = (struct snapshot){
			.source = query_int(q, 0), .rank = query_int(q, 2), .count = query_int(q, 3), .group = query_int(q, 4),
		};
		snprintf(list[*nr].path, sizeof(list[*nr].path), "%s", query_text(q, 1));
		++*nr;
	}
	query_close(q);
	/* where memory ended inside a group */
	while (*nr && list[*nr - 1].rank + 1 < list[*nr - 1].count && list[*nr - 1].group)
		--*nr;
	return list;
}

/* ---- the order within a group ---- */

/* What is proven of each two, by their places on the command line. */
struct proofs {
	bool before[MAX_PROVEN][MAX_PROVEN];
	const char *how[MAX_PROVEN][MAX_PROVEN];
	unsigned kept, turned;		/* proofs for and against the command line's order */
};

static void prove(struct store *st, const struct snapshot *group, unsigned nr, struct proofs *proofs)
{
	for (unsigned a = 0; a < nr; a++)
		for (unsigned b = a + 1; b < nr; b++) {
			const char *how = NULL;
			enum order order = order_of(st, group[a].source, group[b].source, &how);

			proofs->before[a][b] = order == ORDER_BEFORE;
			proofs->before[b][a] = order == ORDER_BEHIND;
			proofs->how[a][b] = proofs->how[b][a] = how;
			proofs->kept += order == ORDER_BEFORE;
			proofs->turned += order == ORDER_BEHIND;
		}
}

/* The first one left that nothing left is proven to be before; where they contradict each other, the first one left. */
static unsigned next_of(const struct proofs *proofs, unsigned nr, unsigned done)
{
	unsigned first = nr;

	for (unsigned i = 0; i < nr; i++) {
		bool waits = false;

		if (done >> i & 1)
			continue;
		first = first == nr ? i : first;
		for (unsigned k = 0; k < nr; k++)
			waits |= !(done >> k & 1) && proofs->before[k][i];
		if (!waits)
			return i;
	}
	return first;
}

static const char *moved_by(const struct proofs *proofs, unsigned nr, unsigned i)
{
	for (unsigned k = 0; k < nr; k++)
		if (k < i ? proofs->before[i][k] : proofs->before[k][i])
			return proofs->how[i][k];
	return NULL;
}

static void order_group(struct snapshot *group, unsigned nr, const struct proofs *proofs)
{
	for (unsigned rank = 0, done = 0; rank < nr; rank++) {
		unsigned i = next_of(proofs, nr, done);

		done |= 1u << i;
		group[i].rank = rank;
		group[i].how = moved_by(proofs, nr, i);
	}
}

/* As a shell's pattern sorts "after" in front of "before": where it did so to some, it did to all. */
static void turn_group(struct snapshot *group, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++) {
		group[i].rank = nr - 1 - i;
		group[i].how = "as those of other kinds, which are named there last first";
	}
}

static void order_all(struct store *st, struct snapshot *list, size_t nr)
{
	unsigned kept = 0, turned = 0;

	for (size_t i = 0; i < nr; i += list[i].count) {
		struct proofs proofs = { 0 };

		if (list[i].count < 2 || list[i].count > MAX_PROVEN)
			continue;
		prove(st, &list[i], list[i].count, &proofs);
		order_group(&list[i], list[i].count, &proofs);
		/* to be turned as a whole is left to what the others say */
		if (!proofs.kept && !proofs.turned)
			list[i].group = 0;
		kept += proofs.kept;
		turned += proofs.turned;
	}
	for (size_t i = 0; turned && !kept && i < nr; i += list[i].count)
		if (!list[i].group)
			turn_group(&list[i], list[i].count);
}

bool moments_place(struct store *st, const struct option_list *ats, struct diag_sink *diag)
{
	static const char first_sql[] = "SELECT start_ns FROM (" QUERY_EXTENT_SQL ")";
	static const char last_sql[] = "SELECT end_ns FROM (" QUERY_EXTENT_SQL ")";
	struct extent all;
	size_t nr;
	struct snapshot *list = list_snapshots(st, &nr);
	bool good = true;

	order_all(st, list, nr);
	all.start_ns = nr ? query_one_int(st, first_sql, 0) : 0;
	all.end_ns = nr ? query_one_int(st, last_sql, 0) : 0;
	/* a log may go on until the machine is switched off; what was done to record was done by then */
	if (all.end_ns >= query_software_end_ns(st))
		all.end_ns = query_software_end_ns(st) - 1;
	for (size_t i = 0; good && i < nr; i++) {
		const char *when = told_of(ats, list[i].path);

		good = when ? place_told(st, &list[i], when, &all) : place_assumed(st, &list[i], &all, diag);
	}
	free(list);
	return good;
}
