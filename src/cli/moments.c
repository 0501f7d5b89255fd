/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/moments.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/derived.h"
#include "store/query.h"
#include "store/store.h"
#include "store/time.h"

/* A snapshot, and how many of its kind and machine there are before it and in all. */
struct snapshot {
	uint32_t source;
	char path[4096];
	int64_t rank, count;
};

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

static bool place_assumed(struct store *st, const struct snapshot *ss, const struct extent *all, struct diag_sink *diag)
{
	int64_t start_ns = time_add(all->start_ns, -1), end_ns = time_add(all->end_ns, 1);
	bool is_last = ss->rank + 1 == ss->count, is_first = !ss->rank && !is_last;
	const char *method = is_last ? "end" : is_first ? "start" : "between";

	diag_report(diag, DIAG_REMARK, (struct diag_pos){ ss->path, 0, 0 },
		    is_last ? "assumed to have been taken at the end (--at)"
			    : is_first ? "assumed to have been taken at the start (--at)"
				       : "assumed to have been taken between those of its kind before and behind it (--at)");
	return store_set_clock(st, ss->source, &(struct store_clock){
		.method = method, .offset_ns = is_first ? start_ns : end_ns, .lo_ns = is_last ? end_ns : start_ns,
		.hi_ns = is_first ? start_ns : end_ns,
	});
}

static struct snapshot *list_snapshots(struct store *st, size_t *nr)
{
	struct query *q = query_open(st,
		"SELECT s.id, s.path, (SELECT count(*) FROM source o WHERE o.timeless = 1 AND o.kind = s.kind"
		" AND o.machine = s.machine AND o.id < s.id), (SELECT count(*) FROM source o WHERE o.timeless = 1"
		" AND o.kind = s.kind AND o.machine = s.machine) FROM source s WHERE s.timeless = 1 ORDER BY s.id");
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
			.source = query_int(q, 0), .rank = query_int(q, 2), .count = query_int(q, 3),
		};
		snprintf(list[*nr].path, sizeof(list[*nr].path), "%s", query_text(q, 1));
		++*nr;
	}
	query_close(q);
	return list;
}

bool moments_place(struct store *st, const struct option_list *ats, struct diag_sink *diag)
{
	static const char first_sql[] = "SELECT start_ns FROM (" QUERY_EXTENT_SQL ")";
	static const char last_sql[] = "SELECT end_ns FROM (" QUERY_EXTENT_SQL ")";
	struct extent all;
	size_t nr;
	struct snapshot *list = list_snapshots(st, &nr);
	bool good = true;

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
