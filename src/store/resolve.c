/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/resolve.h"

#include <string.h>

#include "core/object.h"
#include "store/query.h"

static void add(struct resolved *out, int64_t id)
{
	for (unsigned i = 0; i < out->nr; i++)
		if (out->id[i] == id)
			return;
	if (out->nr == RESOLVE_MAX_CANDIDATES)
		out->more = true;
	else
		out->id[out->nr++] = id;
}

/* Runs a query that yields ids; closes it. */
static enum resolve_result collect(struct query *q, struct resolved *out)
{
	bool failed = !q;

	*out = (struct resolved){ .nr = 0 };
	while (q && query_next(q))
		add(out, query_int(q, 0));
	failed = failed || query_failed(q);
	query_close(q);
	if (failed)
		return RESOLVE_FAILED;
	return !out->nr ? RESOLVE_UNKNOWN : out->nr == 1 ? RESOLVE_FOUND : RESOLVE_AMBIGUOUS;
}

static enum resolve_result by_text(struct store *st, const char *sql, const char *text, struct resolved *out)
{
	struct query *q = query_open(st, sql);

	if (q)
		query_bind_text(q, "text", text);
	return collect(q, out);
}

/* As it is printed or, where that is not there and no machine was given, in any machine. */
static enum resolve_result by_name(struct store *st, const char *name, bool any_machine, struct resolved *out)
{
	struct query *q = query_open(st, any_machine ? "SELECT id FROM object WHERE name LIKE '%/' || :name ORDER BY id"
						     : "SELECT id FROM object WHERE name = :name");

	if (q)
		query_bind_text(q, "name", name);
	return collect(q, out);
}

static enum resolve_result by_grammar(struct store *st, const char *text, struct resolved *out)
{
	enum resolve_result result;
	struct object_ref ref;
	unsigned generation;
	char name[OBJECT_NAME_MAX];

	if (!object_parse(text, &ref, &generation))
		return RESOLVE_UNKNOWN;
	object_print(name, sizeof(name), ref, generation);
	result = by_name(st, name, false, out);
	if (result == RESOLVE_UNKNOWN && ref.machine == MACHINE_OWN)
		result = by_name(st, name, true, out);
	return result;
}

enum resolve_result object_resolve(struct store *st, const char *text, struct resolved *out)
{
	static const char *const sql[] = {
		/* as printed */
		"SELECT id FROM object WHERE lower(name) = lower(:text) ORDER BY id",
		NULL,
		/* of an irq that was given up and requested again, the last generation */
		"SELECT max(id) FROM object WHERE lower(label) = lower(:text)"
		" GROUP BY machine, kind, substr(name || '~', 1, instr(name || '~', '~')) ORDER BY 1",
		/* a tail, where a part of the name begins */
		"SELECT id FROM object WHERE length(name) > length(:text)"
		" AND lower(substr(name, -length(:text))) = lower(:text)"
		" AND substr(name, -length(:text) - 1, 1) IN (':', '/', '.') ORDER BY id",
	};

	*out = (struct resolved){ .nr = 0 };
	if (!*text)
		return RESOLVE_UNKNOWN;
	for (unsigned i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		enum resolve_result result = sql[i] ? by_text(st, sql[i], text, out) : by_grammar(st, text, out);

		if (result != RESOLVE_UNKNOWN)
			return result;
	}
	return RESOLVE_UNKNOWN;
}

/* ------------------------------------------------------------------------------------------------- interrupts */

/*
 * In one direction at a time: what else feeds the same vector is not on the way. A function's interrupts are those of
 * its entries. ends: where the way was still open at the end of the capture.
 */
static const char interrupts_sql[] =
	"WITH RECURSIVE"
	" start(id) AS (SELECT :object UNION SELECT o.id FROM object o JOIN object p ON p.id = :object"
	"  WHERE p.kind = 'pci' AND o.function = p.id),"
	" down(id, ends) AS (SELECT id, 1 FROM start UNION"
	"  SELECT l.fed, ends AND l.to_ns IS NULL FROM link l JOIN down ON l.feeder = down.id),"
	" up(id, ends) AS (SELECT id, 1 FROM start UNION"
	"  SELECT l.feeder, ends AND l.to_ns IS NULL FROM link l JOIN up ON l.fed = up.id),"
	" way(id, ends) AS (SELECT id, max(ends) FROM (SELECT * FROM down UNION ALL SELECT * FROM up) GROUP BY id)"
	" SELECT o.id FROM way JOIN object o ON o.id = way.id WHERE o.kind = 'irq' AND ends = :ends"
	" AND (NOT :ends OR o.gone_ns IS NULL) ORDER BY o.id";

/* An entry or pin whose irqs are all gone: the last one. */
static const char last_fed_sql[] =
	"WITH RECURSIVE down(id) AS (SELECT id FROM object WHERE id = :object AND kind <> 'pci' UNION"
	"  SELECT l.fed FROM link l JOIN down ON l.feeder = down.id)"
	" SELECT max(o.id) FROM down JOIN object o ON o.id = down.id WHERE o.kind = 'irq' HAVING max(o.id) IS NOT NULL";

static enum resolve_result last_fed(struct store *st, int64_t object, struct resolved *out)
{
	struct query *q = query_open(st, last_fed_sql);

	if (q)
		query_bind_int(q, "object", object);
	return collect(q, out);
}

static enum resolve_result interrupts(struct store *st, int64_t object, bool at_end, struct resolved *out)
{
	struct query *q = query_open(st, interrupts_sql);

	if (q) {
		query_bind_int(q, "object", object);
		query_bind_int(q, "ends", at_end);
	}
	return collect(q, out);
}

enum resolve_result object_interrupt(struct store *st, int64_t object, struct resolved *out)
{
	struct query *q = query_open(st, "SELECT id FROM object WHERE id = :object AND kind = 'irq'");
	enum resolve_result result;

	if (q)
		query_bind_int(q, "object", object);
	result = collect(q, out);
	if (result != RESOLVE_UNKNOWN)
		return result;
	result = interrupts(st, object, true, out);
	if (result == RESOLVE_UNKNOWN)
		result = last_fed(st, object, out);
	if (result == RESOLVE_UNKNOWN)
		result = interrupts(st, object, false, out);
	if (result != RESOLVE_UNKNOWN)
		return result;
	*out = (struct resolved){ .id = { object }, .nr = 1 };
	return RESOLVE_FOUND;
}
