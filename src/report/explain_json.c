/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irqpath.explain/1: docs/explain.schema.json describes every key. */
#include <inttypes.h>
#include <string.h>

#include "report/common.h"
#include "report/explain.h"
#include "report/jsonout.h"
#include "store/query.h"

struct writer {
	struct jsonout js;
	const struct explain *ex;
	const struct explain_context *ctx;
	bool failed;
};

static void time_member(struct writer *w, const char *key, const struct query *q, int col)
{
	jsonout_time(&w->js, key, query_type(q, col) == QUERY_NULL ? NO_TIME : query_int(q, col));
}

static void int_member(struct writer *w, const char *key, const struct query *q, int col)
{
	if (query_type(q, col) == QUERY_NULL)
		jsonout_null(&w->js, key);
	else
		jsonout_int(&w->js, key, query_int(q, col));
}

static void write_layers(struct writer *w, const char *json)
{
	char layer[32];

	jsonout_open(&w->js, "could_have", '[');
	for (const char *p = json ? json : ""; (p = strchr(p, '"'));) {
		size_t len = strcspn(++p, "\"");

		snprintf(layer, sizeof(layer), "%.*s", (int)len, p);
		jsonout_text(&w->js, NULL, layer);
		p += len + (p[len] == '"');
	}
	jsonout_close(&w->js, ']');
}

static void write_notifications(struct writer *w, const struct query *q)
{
	if (query_type(q, 25) == QUERY_NULL) {
		jsonout_null(&w->js, "notifications");
		return;
	}
	jsonout_open(&w->js, "notifications", '{');
	int_member(w, "held_back", q, 25);
	int_member(w, "lost_lo", q, 26);
	int_member(w, "lost_hi", q, 27);
	jsonout_close(&w->js, '}');
}

static void write_finding(struct writer *w, const struct query *q)
{
	jsonout_open(&w->js, "finding", '{');
	jsonout_text(&w->js, "id", query_text(q, 0));
	jsonout_text(&w->js, "fingerprint", query_text(q, 1));
	jsonout_text(&w->js, "rule", query_text(q, 2));
	jsonout_int(&w->js, "rev", query_int(q, 3));
	jsonout_text(&w->js, "severity", query_text(q, 4));
	jsonout_text(&w->js, "title", query_text(q, 5));
	jsonout_text(&w->js, "object", query_text(q, 6));
	jsonout_text(&w->js, "driver", query_text(q, 20));
	jsonout_text(&w->js, "machine", query_text(q, 19));
	jsonout_text(&w->js, "path", query_text(q, 7));
	jsonout_text(&w->js, "layer", query_text(q, 8));
	jsonout_text(&w->js, "blame", query_text(q, 9));
	write_layers(w, query_text(q, 10));
	jsonout_int(&w->js, "count", query_int(q, 11));
	time_member(w, "start_ns", q, 12);
	time_member(w, "end_ns", q, 13);
	jsonout_text(&w->js, "hop", query_text(q, 14));
	jsonout_text(&w->js, "message", query_text(q, 15));
	write_notifications(w, q);
	jsonout_close(&w->js, '}');
}

static void write_evidence_row(struct writer *w, const struct query *q)
{
	struct path_record rec;

	jsonout_open(&w->js, NULL, '{');
	jsonout_text(&w->js, "role", query_text(q, 0));
	jsonout_int(&w->js, "source", query_int(q, 9));
	jsonout_text(&w->js, "path", query_text(q, 1));
	jsonout_int(&w->js, "ordinal", query_int(q, 3));
	int_member(w, query_int(q, 4) ? "line" : "offset", q, 2);
	jsonout_null(&w->js, query_int(q, 4) ? "offset" : "line");
	int_member(w, "cpu", q, 5);
	time_member(w, "t_ns", q, 6);
	jsonout_text(&w->js, "by", path_record(w->ex->store, NULL, query_int(q, 8), &rec) ? rec.by : NULL);
	jsonout_text(&w->js, "text", query_text(q, 7));
	jsonout_close(&w->js, '}');
}

static void write_evidence(struct writer *w)
{
	struct query *q = query_open(w->ex->store, explain_evidence_sql);

	if (q)
		query_bind_text(q, "id", w->ex->id);
	jsonout_open(&w->js, "evidence", '[');
	while (q && query_next(q))
		write_evidence_row(w, q);
	jsonout_close(&w->js, ']');
	w->failed |= !q || query_failed(q);
	query_close(q);
}

static void write_record(struct writer *w, int64_t event)
{
	struct path_record rec;

	if (!path_record(w->ex->store, &w->ctx->texts, event, &rec)) {
		jsonout_null(&w->js, "record");
		return;
	}
	jsonout_open(&w->js, "record", '{');
	jsonout_int(&w->js, "source", rec.source - 1);
	jsonout_int(&w->js, "ordinal", (int64_t)rec.ordinal);
	jsonout_text(&w->js, "by", rec.by);
	jsonout_text(&w->js, "text", rec.text);
	jsonout_close(&w->js, '}');
}

static void write_step(struct writer *w, const struct explain_step *step)
{
	jsonout_open(&w->js, NULL, '{');
	jsonout_text(&w->js, "of", step->duty ? "obligation" : "path");
	jsonout_text(&w->js, "expected", step->expected);
	jsonout_text(&w->js, "seen", step->seen);
	jsonout_text(&w->js, "match", explain_match_name(step->match));
	jsonout_time(&w->js, "t_ns", step->t_ns);
	write_record(w, step->event);
	jsonout_close(&w->js, '}');
}

static void write_state(struct writer *w, const struct explain_state *state)
{
	jsonout_open(&w->js, NULL, '{');
	jsonout_text(&w->js, "object", state->member->name);
	jsonout_text(&w->js, "component", state->component);
	jsonout_text(&w->js, "field", state->field);
	jsonout_text(&w->js, "before", state->before[0] ? state->before : NULL);
	jsonout_text(&w->js, "at", state->at[0] ? state->at : NULL);
	jsonout_time(&w->js, "since_ns", state->since_ns);
	jsonout_close(&w->js, '}');
}

static void write_harm(struct writer *w)
{
	struct query *q = query_open(w->ex->store,
		"SELECT text FROM finding_event WHERE finding = :id AND role = 'harm' ORDER BY seq");

	if (q)
		query_bind_text(q, "id", w->ex->id);
	jsonout_open(&w->js, "harm", '[');
	while (q && query_next(q))
		jsonout_text(&w->js, NULL, query_text(q, 0));
	jsonout_close(&w->js, ']');
	w->failed |= !q || query_failed(q);
	query_close(q);
}

static void write_bugs(struct writer *w)
{
	jsonout_open(&w->js, "bugs", '[');
	for (unsigned i = 0; i < w->ctx->nr_bugs; i++) {
		jsonout_open(&w->js, NULL, '{');
		jsonout_text(&w->js, "id", w->ctx->bug[i].id);
		jsonout_text(&w->js, "title", w->ctx->bug[i].title);
		jsonout_text(&w->js, "fixed_in", w->ctx->bug[i].fixed_in);
		jsonout_close(&w->js, '}');
	}
	jsonout_close(&w->js, ']');
}

/* Quirks are kept as a JSON array of names. */
static void write_fixes(struct writer *w, const char *id)
{
	struct query *q = query_open(w->ex->store, what_if_fixes_sql);

	if (q)
		query_bind_text(q, "id", id);
	jsonout_open(&w->js, "fixed_by", '[');
	while (q && query_next(q)) {
		jsonout_open(&w->js, NULL, '{');
		jsonout_raw(&w->js, "quirks", query_text(q, 0));
		jsonout_text(&w->js, "since", query_text(q, 1));
		jsonout_time(&w->js, "valid_to_ns", query_type(q, 2) == QUERY_NULL ? NO_TIME : query_int(q, 2));
		jsonout_close(&w->js, '}');
	}
	jsonout_close(&w->js, ']');
	query_close(q);
}

static void write_failures(struct writer *w, const char *id)
{
	struct query *q = query_open(w->ex->store, what_if_failures_sql);

	if (q)
		query_bind_text(q, "id", id);
	jsonout_open(&w->js, "not_sufficient", '[');
	while (q && query_next(q))
		jsonout_raw(&w->js, NULL, query_text(q, 0));
	jsonout_close(&w->js, ']');
	query_close(q);
}

/* Which known fixes would have prevented it: null as long as none was tried. */
static void write_whatif(struct writer *w, const char *id)
{
	if (what_if_was_tried(w->ex->store, id))
		write_fixes(w, id);
	else
		jsonout_null(&w->js, "fixed_by");
	write_failures(w, id);
}

static void write_rows(struct writer *w, const struct query *q)
{
	write_finding(w, q);
	write_evidence(w);
	jsonout_open(&w->js, "steps", '[');
	for (unsigned i = 0; i < w->ex->nr_steps; i++)
		write_step(w, &w->ex->step[i]);
	jsonout_close(&w->js, ']');
	jsonout_time(&w->js, "fault_ns", w->ex->fault_ns);
	jsonout_open(&w->js, "states", '[');
	for (unsigned i = 0; i < w->ex->nr_states; i++)
		write_state(w, &w->ex->state[i]);
	jsonout_close(&w->js, ']');
	write_whatif(w, w->ex->id);
	write_harm(w);
	jsonout_text(&w->js, "why", query_text(q, 16));
	jsonout_text(&w->js, "mend", query_text(q, 17));
	jsonout_text(&w->js, "refs", query_text(q, 18));
	write_bugs(w);
}

bool explain_write_json(const struct explain *ex, const struct explain_context *ctx, FILE *out)
{
	struct writer w = { .js = { .out = out, .origin_ns = report_origin_ns(ex->store) }, .ex = ex, .ctx = ctx };
	struct query *q = query_open(ex->store, explain_finding_sql);
	char origin[24];

	snprintf(origin, sizeof(origin), "%" PRId64, w.js.origin_ns);
	if (q)
		query_bind_text(q, "id", ex->id);
	jsonout_open(&w.js, NULL, '{');
	jsonout_text(&w.js, "schema", "irqpath.explain/1");
	jsonout_tool(&w.js);
	jsonout_text(&w.js, "origin_ns", origin);
	jsonout_time(&w.js, "end_ns", report_end_ns(ex->store));
	if (q && query_next(q))
		write_rows(&w, q);
	jsonout_close(&w.js, '}');
	w.failed |= !q || query_failed(q);
	query_close(q);
	return !w.failed;
}
