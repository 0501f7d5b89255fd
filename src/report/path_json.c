/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irqpath.path/1: object, interrupt, path, stop, objects[], hops[], states[], obligations[], verdicts[], ledger[].
 * Times are ns from origin_ns, null is unknown, a record is {source, ordinal, by, text}.
 */
#include <inttypes.h>

#include "report/jsonout.h"
#include "report/path.h"
#include "store/query.h"

struct writer {
	struct jsonout js;
	const struct path_view *pv;
	const struct record_texts *texts;
	const char *object;	/* name of the object whose rows are being written */
	bool failed;
};

static void write_record(struct writer *w, const char *key, int64_t event)
{
	struct path_record rec;

	if (!path_record(w->pv->store, w->texts, event, &rec)) {
		jsonout_null(&w->js, key);
		return;
	}
	jsonout_open(&w->js, key, '{');
	jsonout_int(&w->js, "source", rec.source - 1);
	jsonout_int(&w->js, "ordinal", (int64_t)rec.ordinal);
	jsonout_text(&w->js, "by", rec.by);
	jsonout_text(&w->js, "text", rec.text);
	jsonout_close(&w->js, '}');
}

static void write_time_column(struct writer *w, const char *key, const struct query *q, int col)
{
	jsonout_time(&w->js, key, query_type(q, col) == QUERY_NULL ? NO_TIME : query_int(q, col));
}

static void write_state(struct writer *w, const char *key, const struct path_state *ps)
{
	if (!ps) {
		jsonout_null(&w->js, key);
		return;
	}
	jsonout_open(&w->js, key, '{');
	jsonout_text(&w->js, "object", ps->member->name);
	jsonout_text(&w->js, "component", ps->component);
	jsonout_text(&w->js, "field", ps->field);
	jsonout_text(&w->js, "state", ps->state);
	jsonout_time(&w->js, "since_ns", ps->since_ns);
	write_record(w, "record", ps->since_event);
	jsonout_close(&w->js, '}');
}

static void write_hop(struct writer *w, const struct path_hop *ph)
{
	bool seen = ph->tally.count;

	jsonout_open(&w->js, NULL, '{');
	jsonout_text(&w->js, "hop", ph->hop->name);
	jsonout_text(&w->js, "phase", ph->hop->phase == HOP_SETUP ? "setup" : "traffic");
	jsonout_text(&w->js, "status", hop_status_name(ph->status));
	jsonout_int(&w->js, "count", (int64_t)ph->tally.count);
	jsonout_int(&w->js, "since", (int64_t)ph->tally.since);
	jsonout_time(&w->js, "first_ns", seen ? ph->tally.first_ns : NO_TIME);
	jsonout_time(&w->js, "last_ns", seen ? ph->tally.last_ns : NO_TIME);
	write_record(w, "record", ph->tally.last_event);
	write_state(w, "gate", ph->gate);
	jsonout_close(&w->js, '}');
}

static void write_stop(struct writer *w)
{
	const struct path_view *pv = w->pv;
	const struct path_hop *stop = pv->stop_hop, *next = pv->next_hop;

	jsonout_open(&w->js, "stop", '{');
	jsonout_text(&w->js, "kind", path_stop_name(pv->stop));
	jsonout_text(&w->js, "hop", stop ? stop->hop->name : NULL);
	jsonout_text(&w->js, "next", pv->stop == STOP_BETWEEN && next ? next->hop->name : NULL);
	jsonout_time(&w->js, "since_ns", pv->stop == STOP_GATE ? stop->gate->since_ns :
		     pv->stop == STOP_BETWEEN ? stop->tally.last_ns : NO_TIME);
	write_state(w, "gate", pv->stop == STOP_GATE ? stop->gate : NULL);
	jsonout_text(&w->js, "went_on", pv->went_on ? pv->went_on->hop->name : NULL);
	jsonout_close(&w->js, '}');
}

static void write_members(struct writer *w)
{
	jsonout_open(&w->js, "objects", '[');
	for (unsigned i = 0; i < w->pv->nr_members; i++) {
		const struct path_member *pm = &w->pv->member[i];

		jsonout_open(&w->js, NULL, '{');
		jsonout_text(&w->js, "object", pm->name);
		jsonout_time(&w->js, "from_ns", pm->from_ns);
		jsonout_time(&w->js, "to_ns", pm->to_ns);
		jsonout_close(&w->js, '}');
	}
	jsonout_close(&w->js, ']');
}

static void write_duty(struct writer *w, const struct query *q)
{
	jsonout_open(&w->js, NULL, '{');
	jsonout_text(&w->js, "object", w->object);
	jsonout_text(&w->js, "kind", query_text(q, 0));
	jsonout_text(&w->js, "owner", query_text(q, 1));
	write_time_column(w, "trigger_ns", q, 2);
	write_time_column(w, "end_ns", q, 3);
	jsonout_text(&w->js, "ending", query_text(q, 4));
	jsonout_text(&w->js, "ended_by", query_text(q, 5));
	jsonout_int(&w->js, "owed_ns", query_int(q, 6));
	jsonout_text(&w->js, "guard", query_text(q, 7));
	write_record(w, "cause", query_int(q, 8));
	write_record(w, "expected", query_int(q, 9));
	write_record(w, "first_missed", query_int(q, 12));
	jsonout_int(&w->js, "missed", query_int(q, 13));
	jsonout_int(&w->js, "opportunities", query_int(q, 10));
	jsonout_close(&w->js, '}');
}

static void write_verdict(struct writer *w, const struct query *q)
{
	jsonout_open(&w->js, NULL, '{');
	jsonout_text(&w->js, "object", w->object);
	jsonout_text(&w->js, "rule", query_text(q, 0));
	jsonout_text(&w->js, "verdict", query_text(q, 1));
	jsonout_text(&w->js, "reason", query_text(q, 2));
	write_time_column(w, "start_ns", q, 3);
	jsonout_text(&w->js, "settle", query_text(q, 4));
	jsonout_text(&w->js, "finding", query_text(q, 6));
	jsonout_close(&w->js, '}');
}

static void write_ledger(struct writer *w, const struct query *q)
{
	jsonout_open(&w->js, NULL, '{');
	jsonout_text(&w->js, "object", w->object);
	jsonout_text(&w->js, "hop", query_text(q, 0));
	jsonout_int(&w->js, "lo", query_int(q, 1));
	if (query_type(q, 2) == QUERY_NULL)
		jsonout_null(&w->js, "hi");
	else
		jsonout_int(&w->js, "hi", query_int(q, 2));
	jsonout_close(&w->js, '}');
}

/* The rows of a query over every object of the way. */
static void write_rows(struct writer *w, const char *key, const char *sql,
		       void (*row)(struct writer *w, const struct query *q))
{
	jsonout_open(&w->js, key, '[');
	for (unsigned i = 0; i < w->pv->nr_members; i++) {
		const struct path_member *member = &w->pv->member[i];
		struct query *q = member->repeated ? NULL : query_open(w->pv->store, sql);

		if (q)
			query_bind_int(q, "object", member->id);
		w->object = member->name;
		while (q && query_next(q))
			row(w, q);
		w->failed |= q ? query_failed(q) : !member->repeated;
		query_close(q);
	}
	jsonout_close(&w->js, ']');
}

static const char *name_of(const struct path_view *pv, int64_t id)
{
	for (unsigned i = 0; i < pv->nr_members; i++)
		if (pv->member[i].id == id)
			return pv->member[i].name;
	return NULL;
}

bool path_write_json(const struct path_view *pv, const struct record_texts *texts, FILE *out)
{
	struct writer w = { .js = { .out = out, .origin_ns = pv->origin_ns }, .pv = pv, .texts = texts };
	char origin[24];

	snprintf(origin, sizeof(origin), "%" PRId64, pv->origin_ns);
	jsonout_open(&w.js, NULL, '{');
	jsonout_text(&w.js, "schema", "irqpath.path/1");
	jsonout_tool(&w.js);
	jsonout_text(&w.js, "origin_ns", origin);
	jsonout_time(&w.js, "end_ns", pv->end_ns);
	jsonout_time(&w.js, "judged_ns", pv->judged_ns);
	jsonout_text(&w.js, "object", name_of(pv, pv->object));
	jsonout_text(&w.js, "interrupt", name_of(pv, pv->irq));
	jsonout_text(&w.js, "described", pv->described);
	jsonout_text(&w.js, "path", pv->path);
	write_stop(&w);
	write_members(&w);
	jsonout_open(&w.js, "hops", '[');
	for (unsigned i = 0; i < pv->nr_hops; i++)
		write_hop(&w, &pv->hop[i]);
	jsonout_close(&w.js, ']');
	jsonout_open(&w.js, "states", '[');
	for (unsigned i = 0; i < pv->nr_states; i++)
		write_state(&w, NULL, &pv->state[i]);
	jsonout_close(&w.js, ']');
	write_rows(&w, "obligations", path_obligations_sql, write_duty);
	write_rows(&w, "verdicts", path_verdicts_sql, write_verdict);
	write_rows(&w, "ledger", path_ledger_sql, write_ledger);
	jsonout_close(&w.js, '}');
	return !w.failed;
}
