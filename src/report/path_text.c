/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The path for people: where it stops, hop by hop with its record, who masks, what is owed, the counts. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "core/text.h"
#include "report/common.h"
#include "report/layout.h"
#include "report/path.h"
#include "store/query.h"

enum { STATUS_WIDTH = 13, NAME_WIDTH = 20, COUNT_WIDTH = 8, MAX_SPANS = 8, MAX_TIME = 24 };

struct writer {
	const struct path_view *pv;
	const struct record_texts *texts;
	const struct report_options *opt;
	FILE *out;
	bool failed;
};

static const char *time_text(char *buf, int64_t t_ns)
{
	return t_ns == NO_TIME ? "the beginning" : text_time(buf, MAX_TIME, t_ns);
}

/* Behind what is there, cut where the line is full: names come from the database. */
static void append(char *line, size_t len, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void append(char *line, size_t len, const char *fmt, ...)
{
	size_t at = strlen(line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + at, len - at, fmt, ap);
	va_end(ap);
}

static void heading(const struct writer *w, const char *text)
{
	fputc('\n', w->out);
	layout_styled(w->out, w->opt, STYLE_BOLD, text);
	fputc('\n', w->out);
}

/* One query over an object; for every row of it a call. */
static unsigned for_rows(struct writer *w, const char *sql, int64_t object,
			 void (*row)(struct writer *w, const struct query *q))
{
	struct query *q = query_open(w->pv->store, sql);
	unsigned nr = 0;

	if (q)
		query_bind_int(q, "object", object);
	while (q && query_next(q)) {
		row(w, q);
		nr++;
	}
	w->failed |= !q || query_failed(q);
	query_close(q);
	return nr;
}

/* ---------------------------------------------------------------------------------------------------- the stop */

static void write_gate(struct writer *w, const struct path_hop *ph, const char *head)
{
	const struct path_state *ps = ph->gate;
	struct path_record rec;
	char line[1024], at[MAX_TIME], left[TEXT_TIME_MAX] = "";

	snprintf(line, sizeof(line), "%s '%s': %s of %s is %s", head, ph->hop->name, ps->field, ps->member->name,
		     ps->state);
	append(line, sizeof(line), " since %s", time_text(at, ps->since_ns));
	if (path_record(w->pv->store, NULL, ps->since_event, &rec))
		append(line, sizeof(line), ", by %s", rec.by);
	if (ps->since_ns != NO_TIME)
		append(line, sizeof(line), ", unfinished at the end (%s)",
			 text_duration(left, sizeof(left), report_span_ns(ps->since_ns, w->pv->judged_ns)));
	layout_wrapped(w->out, w->opt, line, 0, 2);
}

static void write_last_traffic(struct writer *w)
{
	const struct path_hop *last = NULL;
	char line[512] = "", at[MAX_TIME], change[MAX_TIME];

	for (unsigned i = 0; i < w->pv->nr_hops; i++)
		if (w->pv->hop[i].hop->phase == HOP_TRAFFIC && w->pv->hop[i].tally.count)
			last = &w->pv->hop[i];
	if (!last)
		snprintf(line, sizeof(line), "No interrupt was seen");
	else
		snprintf(line, sizeof(line), "%" PRIu64 " interrupt%s came as far as '%s', the last at %s",
			     last->tally.count, last->tally.count == 1 ? "" : "s", last->hop->name,
			     time_text(at, last->tally.last_ns));
	if (last && w->pv->stop == STOP_GATE)
		append(line, sizeof(line), "; %" PRIu64 " since %s", last->tally.since,
			 time_text(change, w->pv->stop_hop->gate->since_ns));
	layout_wrapped(w->out, w->opt, line, 0, 2);
}

static void write_between(struct writer *w)
{
	const struct path_hop *from = w->pv->stop_hop, *to = w->pv->next_hop;
	char line[512], at[MAX_TIME], last[MAX_TIME], left[TEXT_TIME_MAX];

	snprintf(line, sizeof(line), "Stops between '%s' (last at %s) and '%s' (%s%s), unfinished at the end (%s)",
		 from->hop->name, time_text(at, from->tally.last_ns), to->hop->name,
		 to->tally.count ? "last at " : "never", to->tally.count ? time_text(last, to->tally.last_ns) : "",
		 text_duration(left, sizeof(left), report_span_ns(from->tally.last_ns, w->pv->judged_ns)));
	layout_wrapped(w->out, w->opt, line, 0, 2);
}

static void write_goes_through(struct writer *w)
{
	const struct path_tally *tally = &w->pv->stop_hop->tally;
	char line[512], at[MAX_TIME], left[TEXT_TIME_MAX];

	snprintf(line, sizeof(line), "Stops nowhere: the last interrupt came as far as '%s' at %s, %s before the end",
		 w->pv->stop_hop->hop->name, time_text(at, tally->last_ns),
		 text_duration(left, sizeof(left), report_span_ns(tally->last_ns, w->pv->judged_ns)));
	layout_wrapped(w->out, w->opt, line, 0, 2);
}

static void write_open_duty(struct writer *w, const struct query *q)
{
	struct path_record rec;
	char line[1024], at[MAX_TIME], owed[TEXT_TIME_MAX];

	if (strcmp(query_text(q, 4), "open"))
		return;
	snprintf(line, sizeof(line), "%s: %s is %sowed by %s since %s (%s until the end)",
		     w->pv->stop == STOP_OWED ? "Stops" : "Owed", query_text(q, 0),
		     strcmp(query_text(q, 7), "true") ? "perhaps " : "",
		     query_text(q, 1) ? query_text(q, 1) : "unknown", time_text(at, query_int(q, 2)),
		     text_duration(owed, sizeof(owed), query_int(q, 6)));
	if (path_record(w->pv->store, NULL, query_int(q, 8), &rec))
		append(line, sizeof(line), "; caused by %s %s", rec.place, rec.by);
	layout_wrapped(w->out, w->opt, line, 0, 2);
}

static void write_duties(struct writer *w)
{
	for (unsigned i = 0; i < w->pv->nr_members; i++)
		if (!w->pv->member[i].repeated)
			for_rows(w, path_obligations_sql, w->pv->member[i].id, write_open_duty);
}

static void write_stop(struct writer *w)
{
	const struct path_view *pv = w->pv;
	char line[512];

	fputc('\n', w->out);
	switch (pv->stop) {
	case STOP_GATE:
		write_gate(w, pv->stop_hop, "Stops at");
		write_last_traffic(w);
		break;
	case STOP_OWED:
		write_duties(w);
		write_last_traffic(w);
		break;
	case STOP_BETWEEN:
		write_between(w);
		break;
	case STOP_NOWHERE:
		write_goes_through(w);
		break;
	case STOP_SILENT:
		snprintf(line, sizeof(line), "No interrupt was seen, and nothing recorded holds it back; reached: %s",
			 pv->stop_hop ? pv->stop_hop->hop->name : "nothing");
		layout_wrapped(w->out, w->opt, line, 0, 2);
		break;
	}
	if (pv->went_on)
		write_gate(w, pv->went_on, "Interrupts went on although closed:");
	if (pv->stop != STOP_OWED)
		write_duties(w);
}

/* ------------------------------------------------------------------------------------------------------- hops */

static enum style status_style(enum hop_status status)
{
	switch (status) {
	case HOP_REACHED: return STYLE_GOOD;
	case HOP_CLOSED: return STYLE_ERROR;
	case HOP_NOT_REACHED: return STYLE_WARNING;
	default: return STYLE_PLAIN;
	}
}

static void write_record(struct writer *w, int64_t event)
{
	struct path_record rec;
	char line[sizeof(rec.place) + sizeof(rec.text)];

	if (!path_record(w->pv->store, w->texts, event, &rec))
		return;
	snprintf(line, sizeof(line), "%s %s", rec.place, rec.text);
	fputs("      ", w->out);
	layout_wrapped(w->out, w->opt, line, 6, 8);
}

/* What there is to say where no event was counted. */
static void write_why(struct writer *w, const struct path_hop *ph)
{
	char line[256], at[MAX_TIME];

	if (ph->status == HOP_REACHED && ph->gate) {
		snprintf(line, sizeof(line), "%s is %s since %s", ph->gate->field, ph->gate->state,
			 time_text(at, ph->gate->since_ns));
		fputc(' ', w->out);
		layout_wrapped(w->out, w->opt, line, 3 + STATUS_WIDTH + NAME_WIDTH, 8);
		write_record(w, ph->gate->since_event);
		return;
	}
	fprintf(w->out, ph->status == HOP_IMPLIED ? "  by what was reached later\n" : "  no %s\n",
		path_missing_kind(w->pv, ph->hop));
}

static void write_hop(struct writer *w, const struct path_hop *ph)
{
	char count[32], since[32], first[MAX_TIME], last[MAX_TIME];

	fputs("  ", w->out);
	layout_cell(w->out, w->opt, status_style(ph->status), hop_status_name(ph->status), STATUS_WIDTH);
	layout_cell(w->out, w->opt, STYLE_PLAIN, ph->hop->name, NAME_WIDTH);
	if (!ph->tally.count) {
		write_why(w, ph);
	} else {
		snprintf(count, sizeof(count), "%" PRIu64, ph->tally.count);
		snprintf(since, sizeof(since), "%" PRIu64, ph->tally.since);
		text_time(first, sizeof(first), ph->tally.first_ns);
		text_time(last, sizeof(last), ph->tally.last_ns);
		fprintf(w->out, "%*s %*s  %s", COUNT_WIDTH - 1, count, COUNT_WIDTH - 1, since, first);
		fprintf(w->out, strcmp(first, last) ? " .. %s\n" : "\n", last);
		write_record(w, ph->tally.last_event);
	}
	if (ph->status == HOP_CLOSED) {
		fputs("      ", w->out);
		fprintf(w->out, "%s since %s:\n", ph->gate->state, time_text(first, ph->gate->since_ns));
		write_record(w, ph->gate->since_event);
	}
}

static void write_hops(struct writer *w)
{
	fputc('\n', w->out);
	layout_cell(w->out, w->opt, STYLE_BOLD, "Hops", 2 + STATUS_WIDTH + NAME_WIDTH);
	fprintf(w->out, "%*s %*s  time, and the last record\n", COUNT_WIDTH - 1, "count", COUNT_WIDTH - 1, "since");
	for (unsigned i = 0; i < w->pv->nr_hops; i++)
		write_hop(w, &w->pv->hop[i]);
}

/* ------------------------------------------------------------------------------------------------------ states */

static void write_state(struct writer *w, const struct path_state *ps, const char *name)
{
	struct path_record rec;
	char line[512], at[MAX_TIME];

	fputs("    ", w->out);
	layout_cell(w->out, w->opt, STYLE_PLAIN, name, STATUS_WIDTH + 6);
	snprintf(line, sizeof(line), "%-10s since %s", ps->state, time_text(at, ps->since_ns));
	if (path_record(w->pv->store, NULL, ps->since_event, &rec))
		append(line, sizeof(line), ", %s %s", rec.place, rec.by);
	layout_wrapped(w->out, w->opt, line, 4 + STATUS_WIDTH + 6, 8);
}

static bool has_states(const struct path_view *pv, const struct path_member *member, bool masks)
{
	char buf[PATH_WORD_MAX];

	for (unsigned i = 0; i < pv->nr_states; i++)
		if (pv->state[i].member == member && !path_mask_owner(&pv->state[i], buf, sizeof(buf)) == !masks)
			return true;
	return false;
}

/* What is unknown from a gap on, and from where the last trace of software ends. */
static bool has_gaps(struct writer *w)
{
	return query_one_int(w->pv->store, "SELECT count(*) FROM gap", 0) > 0;
}

static const char *ended_by(struct writer *w, const struct query *q, int col)
{
	const char *by = query_text(q, col);

	return by && !strcmp(by, "records lost") && !has_gaps(w) ? "not recorded any more" : by;
}

static const char *span_end(char *buf, const struct writer *w, const struct query *q)
{
	if (strcmp(query_text(q, 5), "open"))
		return time_text(buf, query_int(q, 4));
	return path_goes_on(w->pv) ? "the last trace's end" : "the end";
}

static void write_span(struct writer *w, const struct query *q)
{
	char from[MAX_TIME], to[MAX_TIME], line[256];
	const char *by = ended_by(w, q, 6);
	bool changed = strcmp(query_text(q, 5), "unknown");

	snprintf(line, sizeof(line), "%s .. %s: %s%s%s",
		 time_text(from, query_type(q, 3) == QUERY_NULL ? NO_TIME : query_int(q, 3)), span_end(to, w, q), query_text(q, 2),
		 !by ? "" : changed ? ", then " : "; ", by ? by : "");
	fputs("      ", w->out);
	layout_wrapped(w->out, w->opt, line, 6, 8);
}

/* Who asked for what, what the register holds, and how that came about. */
static void write_masks(struct writer *w, const struct path_member *member)
{
	const struct path_view *pv = w->pv;
	char buf[PATH_WORD_MAX];

	fputs("  ", w->out);
	text_safe_write(w->out, member->name);
	fputc('\n', w->out);
	for (unsigned i = 0; i < pv->nr_states; i++) {
		const char *owner =
			pv->state[i].member == member ? path_mask_owner(&pv->state[i], buf, sizeof(buf)) : NULL;

		if (owner)
			write_state(w, &pv->state[i], owner);
	}
}

/* The newest spans; how many more there are is said. */
static void write_mask_spans(struct writer *w, const struct path_member *member)
{
	struct query *q = query_open(w->pv->store, path_spans_sql);
	unsigned nr = 0;

	if (q)
		query_bind_int(q, "object", member->id);
	while (q && query_next(q)) {
		if (strcmp(query_text(q, 1), "mask"))
			continue;
		if (!nr++)
			fputs("    register over time, the newest first\n", w->out);
		if (nr <= MAX_SPANS || w->opt->verbose)
			write_span(w, q);
	}
	if (nr > MAX_SPANS && !w->opt->verbose)
		fprintf(w->out, "      and %u before (--verbose shows all)\n", nr - MAX_SPANS);
	w->failed |= !q || query_failed(q);
	query_close(q);
}

static void write_all_masks(struct writer *w)
{
	const struct path_view *pv = w->pv;
	bool any = false;

	for (unsigned i = 0; i < pv->nr_members; i++) {
		if (!has_states(pv, &pv->member[i], true))
			continue;
		if (!any)
			heading(w, "Mask, by owner");
		any = true;
		write_masks(w, &pv->member[i]);
		write_mask_spans(w, &pv->member[i]);
	}
}

static void write_all_states(struct writer *w)
{
	const struct path_view *pv = w->pv;
	char buf[PATH_WORD_MAX];

	heading(w, path_goes_on(pv) ? "State where the last trace ends" : "State at the end");
	for (unsigned i = 0; i < pv->nr_members; i++) {
		if (!has_states(pv, &pv->member[i], false))
			continue;
		fputs("  ", w->out);
		text_safe_write(w->out, pv->member[i].name);
		fputc('\n', w->out);
		for (unsigned j = 0; j < pv->nr_states; j++)
			if (pv->state[j].member == &pv->member[i] && !path_mask_owner(&pv->state[j], buf, sizeof(buf)))
				write_state(w, &pv->state[j], pv->state[j].field);
	}
	if (pv->more_members)
		fprintf(w->out, "  more than %d objects are on the way; the rest is left out\n", PATH_MAX_MEMBERS);
}

/* --------------------------------------------------------------------------------------- obligations and so on */

static void write_duty(struct writer *w, const struct query *q)
{
	char line[256], at[MAX_TIME], owed[TEXT_TIME_MAX], missed[32] = "";
	const char *by = ended_by(w, q, 5);

	if (query_int(q, 13))
		snprintf(missed, sizeof(missed), ", %" PRId64 " missed", query_int(q, 13));
	snprintf(line, sizeof(line), "%s: %s%s%s%s, from %s, owed for %s%s", query_text(q, 0), query_text(q, 4),
		 by ? " (" : "", by ? by : "", by ? ")" : "", time_text(at, query_int(q, 2)),
		 text_duration(owed, sizeof(owed), query_int(q, 6)), missed);
	fputs("    ", w->out);
	layout_wrapped(w->out, w->opt, line, 4, 8);
}

static void write_verdict(struct writer *w, const struct query *q)
{
	const char *reason = query_text(q, 2), *finding = query_text(q, 6);
	bool fail = !strcmp(query_text(q, 1), "fail");
	char line[512];

	fputs("    ", w->out);
	layout_cell(w->out, w->opt, fail ? STYLE_ERROR : STYLE_PLAIN, query_text(q, 1), STATUS_WIDTH);
	snprintf(line, sizeof(line), "%s%s%s%s%s%s", query_text(q, 0), reason ? ": " : "", reason ? reason : "",
		 finding ? " [" : "", finding ? finding : "", finding ? "]" : "");
	layout_wrapped(w->out, w->opt, line, 4 + STATUS_WIDTH, 8);
}

static void write_ledger(struct writer *w, const struct query *q)
{
	fprintf(w->out, "    %-*s %*" PRId64, STATUS_WIDTH, query_text(q, 0), COUNT_WIDTH, query_int(q, 1));
	if (query_type(q, 2) == QUERY_NULL)
		fputs(has_gaps(w) ? " or more: records were lost\n" : " until its records end\n", w->out);
	else if (query_int(q, 2) != query_int(q, 1))
		fprintf(w->out, " to %" PRId64 "\n", query_int(q, 2));
	else
		fputc('\n', w->out);
}

static bool has_rows(struct writer *w, const char *sql, int64_t object)
{
	struct query *q = query_open(w->pv->store, sql);
	bool any;

	if (q)
		query_bind_int(q, "object", object);
	any = q && query_next(q);
	w->failed |= !q || query_failed(q);
	query_close(q);
	return any;
}

/* Rows of a query over every object of the way that has some, under its name. */
static void write_rows(struct writer *w, const char *title, const char *sql,
		       void (*row)(struct writer *w, const struct query *q))
{
	bool any = false;

	for (unsigned i = 0; i < w->pv->nr_members; i++) {
		const struct path_member *member = &w->pv->member[i];

		if (member->repeated || !has_rows(w, sql, member->id))
			continue;
		if (!any)
			heading(w, title);
		any = true;
		fputs("  ", w->out);
		text_safe_write(w->out, member->name);
		fputc('\n', w->out);
		for_rows(w, sql, member->id, row);
	}
}

/* The number was given to other irqs, too. */
static void write_generations(struct writer *w)
{
	struct query *q = query_open(w->pv->store,
		"SELECT group_concat(o.name, ', ') FROM object o JOIN object i ON i.id = :irq WHERE i.kind = 'irq'"
		" AND o.kind = i.kind AND o.machine = i.machine AND o.id <> i.id"
		" AND substr(o.name || '~', 1, instr(o.name || '~', '~'))"
		" = substr(i.name || '~', 1, instr(i.name || '~', '~'))");
	char line[512];

	if (q)
		query_bind_int(q, "irq", w->pv->irq);
	if (q && query_next(q) && query_text(q, 0)) {
		snprintf(line, sizeof(line), "other irqs had the same number: %s", query_text(q, 0));
		layout_wrapped(w->out, w->opt, line, 0, 2);
	}
	w->failed |= !q || query_failed(q);
	query_close(q);
}

static void write_head(struct writer *w)
{
	const struct path_view *pv = w->pv;
	char line[256], from[MAX_TIME], to[MAX_TIME], span[TEXT_TIME_MAX];
	const struct path_member *irq = NULL;

	layout_styled(w->out, w->opt, STYLE_BOLD, pv->described);
	fputc('\n', w->out);
	for (unsigned i = 0; i < pv->nr_members; i++)
		if (pv->member[i].id == pv->irq)
			irq = &pv->member[i];
	snprintf(line, sizeof(line), "path %s, capture %s .. %s (%s)%s%s", pv->path, time_text(from, pv->origin_ns),
		 time_text(to, pv->end_ns),
		 text_duration(span, sizeof(span), report_span_ns(pv->origin_ns, pv->end_ns)),
		 pv->irq != pv->object && irq ? ", the way of " : "", pv->irq != pv->object && irq ? irq->name : "");
	layout_wrapped(w->out, w->opt, line, 0, 2);
	if (path_goes_on(pv)) {
		snprintf(line, sizeof(line), "judged at %s, where the last trace of kernel or hypervisor ends: a log goes on behind it",
			 time_text(to, pv->judged_ns));
		layout_wrapped(w->out, w->opt, line, 0, 2);
	}
	write_generations(w);
}

bool path_write_text(const struct path_view *pv, const struct record_texts *texts, const struct report_options *opt,
		     FILE *out)
{
	struct writer w = { .pv = pv, .texts = texts, .opt = opt, .out = out };

	write_head(&w);
	write_stop(&w);
	write_hops(&w);
	write_all_masks(&w);
	if (opt->quiet)
		return !w.failed;
	write_all_states(&w);
	write_rows(&w, "Obligations", path_obligations_sql, write_duty);
	write_rows(&w, "Verdicts", path_verdicts_sql, write_verdict);
	write_rows(&w, "Ledger", path_ledger_sql, write_ledger);
	return !w.failed;
}
