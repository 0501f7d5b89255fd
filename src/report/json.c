/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irqpath.report/1: docs/report.schema.json describes every key. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"
#include "report/common.h"
#include "report/report.h"
#include "store/query.h"

struct json {
	struct store *store;
	FILE *out;
	int64_t origin_ns;
	bool failed;
};

static void key(struct json *js, const char *name)
{
	fprintf(js->out, "\"%s\": ", name);
}

static void text_member(struct json *js, const char *name, const struct query *q, int col)
{
	key(js, name);
	text_json(js->out, query_text(q, col));
}

static void int_member(struct json *js, const char *name, const struct query *q, int col)
{
	key(js, name);
	if (query_type(q, col) == QUERY_NULL)
		fputs("null", js->out);
	else
		fprintf(js->out, "%" PRId64, query_int(q, col));
}

static void time_member(struct json *js, const char *name, const struct query *q, int col)
{
	key(js, name);
	if (query_type(q, col) == QUERY_NULL)
		fputs("null", js->out);
	else
		fprintf(js->out, "%" PRId64, query_int(q, col) - js->origin_ns);
}

/* A column that holds JSON itself; null becomes an empty array. */
static void array_member(struct json *js, const char *name, const struct query *q, int col)
{
	key(js, name);
	fputs(query_type(q, col) == QUERY_NULL ? "[]" : query_text(q, col), js->out);
}

static void comma(struct json *js)
{
	fputs(", ", js->out);
}

/* One array of the report: a row of the query is an element, which write_row puts out. */
static void write_array(struct json *js, const char *name, const char *sql, const char *parameter, const char *value,
			const char *indent, void (*write_row)(struct json *js, const struct query *q))
{
	struct query *q = query_open(js->store, sql);
	unsigned nr = 0;

	key(js, name);
	fputc('[', js->out);
	if (q && parameter)
		query_bind_text(q, parameter, value);
	while (q && query_next(q)) {
		fprintf(js->out, "%s\n%s", nr++ ? "," : "", indent);
		write_row(js, q);
	}
	fputc(']', js->out);
	js->failed |= !q || query_failed(q);
	query_close(q);
}

static void write_source(struct json *js, const struct query *q)
{
	fputc('{', js->out);
	text_member(js, "path", q, 0);
	comma(js);
	text_member(js, "kind", q, 1);
	comma(js);
	text_member(js, "machine", q, 2);
	comma(js);
	text_member(js, "layer", q, 3);
	comma(js);
	int_member(js, "records", q, 4);
	comma(js);
	int_member(js, "kept", q, 5);
	comma(js);
	int_member(js, "lost", q, 6);
	comma(js);
	int_member(js, "compared", q, 17);
	comma(js);
	int_member(js, "agreed", q, 18);
	fprintf(js->out, ", \"complete\": %s, \"clock\": {", query_int(q, 7) ? "true" : "false");
	text_member(js, "method", q, 8);
	comma(js);
	int_member(js, "offset_ns", q, 9);
	comma(js);
	int_member(js, "lo_ns", q, 10);
	comma(js);
	int_member(js, "hi_ns", q, 11);
	comma(js);
	int_member(js, "contradictions", q, 12);
	fprintf(js->out, ", \"cycles\": %s, ", query_int(q, 13) ? "true" : "false");
	int_member(js, "hz", q, 14);
	if (query_int(q, 15))
		fprintf(js->out, ", \"base\": %" PRId64 ", \"rate\": %.12g", query_int(q, 16), (double)query_int(q, 15) / 1099511627776.0);
	else
		fputs(", \"base\": null, \"rate\": null", js->out);
	fputs("}}", js->out);
}

static void write_path(struct json *js, const struct query *q)
{
	fputc('{', js->out);
	text_member(js, "machine", q, 0);
	comma(js);
	text_member(js, "path", q, 1);
	fputc('}', js->out);
}

static void write_event(struct json *js, const struct query *q)
{
	fputc('{', js->out);
	text_member(js, "role", q, 0);
	comma(js);
	int_member(js, "source", q, 1);
	comma(js);
	int_member(js, "ordinal", q, 2);
	comma(js);
	int_member(js, "offset", q, 3);
	comma(js);
	int_member(js, "line", q, 4);
	comma(js);
	int_member(js, "cpu", q, 5);
	comma(js);
	time_member(js, "t_ns", q, 6);
	comma(js);
	text_member(js, "text", q, 7);
	fputc('}', js->out);
}

static void write_name(struct json *js, const struct query *q)
{
	text_json(js->out, query_text(q, 0));
}

/* Objects that the finding's object feeds or is fed by since, directly or through others; a function has its entries and messages. */
static const char also_sql[] =
	"WITH RECURSIVE own(id) AS (SELECT object FROM finding WHERE id = :id UNION SELECT o.id FROM object o "
	"JOIN finding f ON f.id = :id JOIN object x ON x.id = f.object AND x.kind = 'pci' "
	"WHERE o.function = x.id AND o.kind IN ('msix', 'msi')), "
	"alive AS (SELECT l.feeder, l.fed FROM link l JOIN finding f ON f.id = :id "
	"WHERE l.to_ns IS NULL OR f.start_ns IS NULL OR l.to_ns >= f.start_ns), "
	"up(id) AS (SELECT id FROM own UNION SELECT feeder FROM alive JOIN up ON fed = up.id), "
	"down(id) AS (SELECT id FROM own UNION SELECT fed FROM alive JOIN down ON feeder = down.id) "
	"SELECT name FROM object WHERE id IN (SELECT id FROM up UNION SELECT id FROM down) "
	"AND id <> (SELECT object FROM finding WHERE id = :id) ORDER BY id";

static const char events_sql[] =
	"SELECT f.role, e.source - 1, e.ordinal, CASE WHEN t.binary THEN e.offset END, "
	"CASE WHEN NOT t.binary THEN e.offset END, "
	"CASE WHEN e.cpu >= 0 THEN e.cpu END, e.t_lo_ns, f.text FROM finding_event f JOIN event e ON e.id = f.event "
	"JOIN (SELECT id, by_line IS NOT 1 AS binary FROM source) t ON t.id = e.source "
	"WHERE f.finding = :id ORDER BY f.seq";

static const char harm_sql[] =
	"SELECT f.text FROM finding_event f WHERE f.finding = :id AND f.role = 'harm' ORDER BY f.seq";

static void write_fix(struct json *js, const struct query *q)
{
	fputc('{', js->out);
	array_member(js, "quirks", q, 0);
	comma(js);
	text_member(js, "since", q, 1);
	comma(js);
	time_member(js, "valid_to_ns", q, 2);
	fputc('}', js->out);
}

static void write_quirks(struct json *js, const struct query *q)
{
	fputs(query_text(q, 0), js->out);
}

/* What would have prevented it: null as long as nothing was tried. */
static void write_what_if(struct json *js, const char *id)
{
	if (what_if_was_tried(js->store, id)) {
		write_array(js, "fixed_by", what_if_fixes_sql, "id", id, "     ", write_fix);
	} else {
		key(js, "fixed_by");
		fputs("null", js->out);
	}
	comma(js);
	write_array(js, "not_sufficient", what_if_failures_sql, "id", id, "     ", write_quirks);
}

static void write_notifications(struct json *js, const struct query *q)
{
	key(js, "notifications");
	if (query_type(q, 21) == QUERY_NULL) {
		fputs("null", js->out);
		return;
	}
	fputc('{', js->out);
	int_member(js, "held_back", q, 21);
	comma(js);
	int_member(js, "lost_lo", q, 22);
	comma(js);
	int_member(js, "lost_hi", q, 23);
	fputc('}', js->out);
}

static void write_finding(struct json *js, const struct query *q)
{
	char *id = strdup_or_empty(query_text(q, 0));

	fputc('{', js->out);
	text_member(js, "id", q, 0);
	comma(js);
	text_member(js, "fingerprint", q, 1);
	comma(js);
	text_member(js, "rule", q, 2);
	comma(js);
	int_member(js, "rev", q, 3);
	comma(js);
	text_member(js, "severity", q, 4);
	comma(js);
	text_member(js, "object", q, 5);
	comma(js);
	write_array(js, "also", also_sql, "id", id, "     ", write_name);
	comma(js);
	text_member(js, "device", q, 6);
	comma(js);
	text_member(js, "driver", q, 7);
	comma(js);
	text_member(js, "machine", q, 8);
	comma(js);
	text_member(js, "path", q, 9);
	comma(js);
	text_member(js, "layer", q, 10);
	comma(js);
	text_member(js, "blame", q, 11);
	comma(js);
	int_member(js, "count", q, 12);
	comma(js);
	time_member(js, "start_ns", q, 13);
	comma(js);
	time_member(js, "end_ns", q, 14);
	comma(js);
	text_member(js, "message", q, 15);
	comma(js);
	write_array(js, "events", events_sql, "id", id, "     ", write_event);
	comma(js);
	text_member(js, "hop", q, 16);
	comma(js);
	write_array(js, "harm", harm_sql, "id", id, "     ", write_name);
	comma(js);
	array_member(js, "could_have", q, 17);
	comma(js);
	write_notifications(js, q);
	comma(js);
	write_what_if(js, id);
	fputc('}', js->out);
	free(id);
}

static void write_open(struct json *js, const struct query *q)
{
	fputc('{', js->out);
	text_member(js, "object", q, 0);
	comma(js);
	text_member(js, "reason", q, 1);
	comma(js);
	array_member(js, "missing", q, 2);
	comma(js);
	text_member(js, "settle", q, 3);
	fputc('}', js->out);
}

static const char open_sql[] =
	"SELECT o.name, v.reason, v.missing, v.settle FROM verdict v LEFT JOIN object o ON o.id = v.object "
	"WHERE v.rule = :rule AND v.verdict = 'inconclusive' ORDER BY v.id";

static void write_verdict(struct json *js, const struct query *q)
{
	char *rule = strdup_or_empty(query_text(q, 0));

	fputc('{', js->out);
	text_member(js, "rule", q, 0);
	comma(js);
	int_member(js, "pass", q, 1);
	comma(js);
	int_member(js, "fail", q, 2);
	comma(js);
	int_member(js, "inconclusive", q, 3);
	comma(js);
	write_array(js, "open", open_sql, "rule", rule, "     ", write_open);
	fputc('}', js->out);
	free(rule);
}

static bool write_report(struct store *st, const struct report_options *opt, FILE *out)
{
	struct json js = { .store = st, .out = out, .origin_ns = report_origin_ns(st) };

	fprintf(out, "{\"schema\": \"irqpath.report/1\",\n \"tool\": {\"name\": \"irqpath\", \"version\": \"%s\"},\n"
		     " \"origin_ns\": \"%" PRId64 "\",\n ", IRQPATH_VERSION, js.origin_ns);
	write_array(
		&js, "sources",
		"SELECT path, kind, machine, layer, records, kept, lost, complete, method, offset_ns, lo_ns, hi_ns, "
		"contradictions, cycles, hz, rate, base, "
		"CASE WHEN timeless THEN (SELECT count(*) FROM snapshot_check c"
		"  WHERE c.event >> 43 = source.id AND c.believed IS NOT NULL) END, "
		"CASE WHEN timeless THEN (SELECT count(*) FROM snapshot_check c"
		"  WHERE c.event >> 43 = source.id AND c.result = 'agreed') END "
		"FROM source LEFT JOIN clock ON source = id ORDER BY id",
		NULL, NULL, "  ", write_source);
	fputs(",\n ", out);
	write_array(&js, "paths", "SELECT machine, path FROM path ORDER BY machine, path", NULL, NULL, "  ",
		    write_path);
	fputs(",\n ", out);
	write_array(&js, "findings", report_findings_sql, NULL, NULL, "  ", write_finding);
	fputs(",\n ", out);
	write_array(&js, "verdicts",
		    "SELECT r.id, count(CASE WHEN v.verdict = 'pass' THEN 1 END), "
		    "count(CASE WHEN v.verdict = 'fail' THEN 1 END), "
		    "count(CASE WHEN v.verdict = 'inconclusive' THEN 1 END) "
		    "FROM rule r LEFT JOIN verdict v ON v.rule = r.id GROUP BY r.id ORDER BY r.id",
		    NULL, NULL, "  ", write_verdict);
	fprintf(out, ",\n \"exit\": %d}\n", opt->exit_status);
	return !js.failed;
}

const struct report_format report_json = { "json", write_report };
