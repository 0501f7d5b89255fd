/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/describe.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/derived.h"
#include "store/query.h"

/* A shared line or a vector that many share would otherwise fill the screen. */
enum { MAX_LINKED = 8, NAME_MAX_BYTES = 128 };

struct linked {
	int64_t id[MAX_LINKED + 1];	/* the object itself first */
	unsigned nr;
};

struct names {
	char name[NAME_MAX_BYTES], driver[NAME_MAX_BYTES], label[NAME_MAX_BYTES];
};

static const char fed_sql[] =
	"SELECT l.fed FROM link l JOIN object o ON o.id = l.fed"
	" WHERE l.feeder = :object AND (l.from_ns IS NULL OR l.from_ns <= :t_ns)"
	" AND (l.to_ns IS NULL OR l.to_ns >= :t_ns)"
	"   AND o.kind NOT IN ('pci', 'cpu') ORDER BY l.fed";

static const char feeders_sql[] =
	"SELECT l.feeder FROM link l JOIN object o ON o.id = l.feeder"
	" WHERE l.fed = :object AND (l.from_ns IS NULL OR l.from_ns <= :t_ns) AND (l.to_ns IS NULL OR l.to_ns >= :t_ns)"
	"   AND o.kind NOT IN ('pci', 'cpu') ORDER BY l.feeder";

static const char names_sql[] = "SELECT name, driver, label FROM object WHERE id = :object";

static void add_linked(struct linked *all, int64_t id)
{
	for (unsigned i = 0; i < all->nr; i++)
		if (all->id[i] == id)
			return;
	if (all->nr <= MAX_LINKED)
		all->id[all->nr++] = id;
}

static void add_neighbours(struct store *st, const char *sql, int64_t object, int64_t t_ns, struct linked *all)
{
	struct query *q = query_open(st, sql);

	if (!q)
		return;
	query_bind_int(q, "object", object);
	query_bind_int(q, "t_ns", t_ns);
	while (query_next(q))
		add_linked(all, query_int(q, 0));
	query_close(q);
}

/* In one direction only: what else feeds the same vector has nothing to do with the object. */
static void follow(struct store *st, const char *sql, int64_t t_ns, struct linked *all)
{
	unsigned at = all->nr;

	add_neighbours(st, sql, all->id[0], t_ns, all);
	for (; at < all->nr; at++)
		add_neighbours(st, sql, all->id[at], t_ns, all);
}

static void copy_column(char *to, const struct query *q, int col)
{
	const char *text = query_text(q, col);

	snprintf(to, NAME_MAX_BYTES, "%s", text ? text : "");
}

static bool get_names(struct store *st, int64_t object, struct names *names)
{
	struct query *q = query_open(st, names_sql);
	bool found = false;

	if (!q)
		return false;
	query_bind_int(q, "object", object);
	if (query_next(q)) {
		found = true;
		copy_column(names->name, q, 0);
		copy_column(names->driver, q, 1);
		copy_column(names->label, q, 2);
	}
	query_close(q);
	return found;
}

static void append(char *buf, size_t len, const char *fmt, ...)
{
	size_t at = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + at, len - at, fmt, ap);
	va_end(ap);
}

char *object_describe(struct store *st, int64_t object, int64_t t_ns, char *buf, size_t len)
{
	struct linked all = { .id = { object }, .nr = 1 };
	struct names names[MAX_LINKED + 1];
	unsigned speaks = 0;
	const char *separator = " (";

	buf[0] = 0;
	if (!get_names(st, object, &names[0]))
		return buf;
	if (t_ns == NO_TIME)
		t_ns = INT64_MAX;
	follow(st, fed_sql, t_ns, &all);
	follow(st, feeders_sql, t_ns, &all);
	for (unsigned i = 1; i < all.nr; i++)
		if (!get_names(st, all.id[i], &names[i]))
			names[i] = (struct names){ 0 };
	while (speaks < all.nr && !names[speaks].driver[0] && !names[speaks].label[0])
		speaks++;
	append(buf, len, "%s", names[0].name);
	if (speaks < all.nr) {
		const struct names *n = &names[speaks];

		append(buf, len, " (%s%s%s", n->driver, n->driver[0] && n->label[0] ? " " : "", n->label);
		separator = ", ";
	}
	for (unsigned i = 1; i < all.nr; i++, separator = ", ")
		append(buf, len, "%s%s", separator, names[i].name);
	if (separator[0] == ',')
		append(buf, len, ")");
	return buf;
}
