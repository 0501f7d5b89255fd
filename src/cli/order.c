/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each proof is a statement that counts what speaks for :a being older than :b, and what speaks against it. It proves an
 * order only where nothing contradicts.
 */
#include "cli/order.h"

#include <stdbool.h>
#include <stddef.h>

#include "store/query.h"

/* Xen's console_timestamps= in front of the dumps' heads. */
static const char stamps_sql[] =
	"SELECT coalesce(sum(a.value < b.value), 0), coalesce(sum(a.value > b.value), 0)"
	" FROM snapshot_field a JOIN snapshot_field b ON b.field = a.field"
	" WHERE a.source = :a AND b.source = :b AND a.field IN ('xen_dump.date', 'xen_dump.date_ms', 'xen_dump.boot_us')";

/* A text goes on where another ends: it still has that one's dump, and one of its own behind it. */
static const char repeats_sql[] =
	"WITH d AS (SELECT source, field = 'xen_dump.irqs' AS is_last, value FROM snapshot_field"
	" WHERE source IN (:a, :b) AND field IN ('xen_dump.irqs', 'xen_dump.earlier_irqs')),"
	" again AS (SELECT x.source AS older FROM d x JOIN d y ON y.value = x.value AND y.source <> x.source"
	"  WHERE x.is_last AND NOT y.is_last"
	"    AND NOT EXISTS (SELECT 1 FROM d z WHERE z.source = y.source AND z.is_last AND z.value = x.value))"
	" SELECT coalesce(sum(older = :a), 0), coalesce(sum(older = :b), 0) FROM again";

/*
 * What the last record of an irq's vector left: of two dumps that differ in it, the one that shows just that is behind the
 * record, and the other one before it.
 */
static const char vectors_sql[] =
	"WITH told AS MATERIALIZED (SELECT substr(e.objects, 1, instr(e.objects || ' ', ' ') - 1) AS name, e.kind,"
	"   e.args ->> 'vector' AS vector, e.t_hi_ns, e.id FROM event e"
	"  WHERE e.source IN (SELECT source FROM signal WHERE kind = 'xen.irq.assign' AND first_ns IS NOT NULL)"
	"    AND e.kind IN ('xen.irq.assign', 'xen.irq.clear')),"
	" left AS (SELECT name, CASE WHEN kind = 'xen.irq.assign' THEN vector END AS vector FROM"
	"  (SELECT *, row_number() OVER (PARTITION BY name ORDER BY t_hi_ns DESC, id DESC) AS nr FROM told) WHERE nr = 1),"
	" dumped AS (SELECT source, object, value FROM snapshot_field WHERE source IN (:a, :b) AND field = 'xen_irq.vector'),"
	" seen AS (SELECT a.value IS l.vector AS in_a, b.value IS l.vector AS in_b FROM left l"
	"  LEFT JOIN dumped a ON a.source = :a AND a.object = l.name LEFT JOIN dumped b ON b.source = :b AND b.object = l.name)"
	" SELECT coalesce(sum(in_b AND NOT in_a), 0), coalesce(sum(in_a AND NOT in_b), 0) FROM seen"
	"  WHERE EXISTS (SELECT 1 FROM dumped WHERE source = :a) AND EXISTS (SELECT 1 FROM dumped WHERE source = :b)";

/*
 * Counters of CPUs' own timers count as long as the machine runs; those of devices begin anew with a driver, and may only
 * not speak against it.
 */
static const char counts_sql[] =
	"WITH n AS (SELECT f.source, f.object, f.field, f.value,"
	"   f.field = 'cpu.timer_count' OR c.text = 'xen-percpu' AND m.text LIKE 'timer%' AS is_timer, m.text AS name"
	"  FROM snapshot_field f"
	"  LEFT JOIN snapshot_field c ON c.source = f.source AND c.object = f.object AND c.field = 'irq.chip'"
	"  LEFT JOIN snapshot_field m ON m.source = f.source AND m.object = f.object AND m.field = 'irq.action_names'"
	"  WHERE f.source IN (:a, :b) AND f.field IN ('irq.count', 'cpu.timer_count')),"
	" pair AS (SELECT b.value - a.value AS more, a.is_timer FROM n a JOIN n b ON b.object = a.object AND b.field = a.field"
	"   AND b.name IS a.name WHERE a.source = :a AND b.source = :b),"
	" sums AS (SELECT sum(more > 0) AS up, sum(more < 0) AS down, max(is_timer AND more <> 0) AS timer FROM pair)"
	" SELECT coalesce(up, 0), coalesce(down, 0) FROM sums WHERE timer";

static const struct {
	const char *sql, *how;
} proofs[] = {
	{ stamps_sql, "as the times in their lines show" },
	{ repeats_sql, "as one repeats the other's dump" },
	{ vectors_sql, "as vectors of irqs and their records show" },
	{ counts_sql, "as counts of timer interrupts show" },
};

static enum order proven_by(struct store *st, const char *sql, uint32_t a, uint32_t b)
{
	struct query *q = query_open(st, sql);
	enum order order = ORDER_UNPROVEN;

	if (!q)
		return ORDER_UNPROVEN;
	query_bind_int(q, "a", a);
	query_bind_int(q, "b", b);
	if (query_next(q) && !query_int(q, 0) != !query_int(q, 1))
		order = query_int(q, 0) ? ORDER_BEFORE : ORDER_BEHIND;
	query_close(q);
	return order;
}

enum order order_of(struct store *st, uint32_t a, uint32_t b, const char **how)
{
	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
		enum order order = proven_by(st, proofs[i].sql, a, b);

		if (order == ORDER_UNPROVEN)
			continue;
		*how = proofs[i].how;
		return order;
	}
	return ORDER_UNPROVEN;
}
