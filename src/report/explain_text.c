/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding for people: the sentence, the records, expected beside seen, the state around the fault, what to do. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "core/text.h"
#include "report/common.h"
#include "report/explain.h"
#include "report/layout.h"
#include "store/query.h"

enum { ROLE_WIDTH = 14, EXPECTED_WIDTH = 34, FIELD_WIDTH = 20 };

struct writer {
	const struct explain *ex;
	const struct explain_context *ctx;
	const struct report_options *opt;
	FILE *out;
	bool failed;
};

static void heading(const struct writer *w, const char *text)
{
	fputc('\n', w->out);
	layout_styled(w->out, w->opt, STYLE_BOLD, text);
	fputc('\n', w->out);
}

static void indented(const struct writer *w, const char *text, unsigned indent)
{
	fprintf(w->out, "%*s", (int)indent, "");
	layout_wrapped(w->out, w->opt, text, indent, indent);
}

/* ---------------------------------------------------------------------------------------------------- head */

static void write_head(const struct writer *w, const struct query *q)
{
	const char *severity = query_text(q, 4), *title = query_text(q, 5);
	char line[256];

	layout_styled(w->out, w->opt, layout_severity(severity), severity);
	snprintf(line, sizeof(line), ": %s [%s]", query_text(q, 2), query_text(q, 0));
	layout_styled(w->out, w->opt, STYLE_BOLD, line);
	if (title)
		fprintf(w->out, " %s", title);
	fputs("\n\n", w->out);
	indented(w, query_text(q, 15), 2);
}

/* Words of a rule as a sentence of its own: its first word, unless that is a name out of the code. */
static void write_sentence(const struct writer *w, const char *text)
{
	char word[32];
	size_t len = strcspn(text, " ");
	bool plain = islower((unsigned char)text[0]) && strspn(text, "abcdefghijklmnopqrstuvwxyz") >= len;

	snprintf(word, sizeof(word), "%.*s", (int)len, text);
	if (!plain || len >= sizeof(word)) {
		indented(w, text, 2);
		return;
	}
	fprintf(w->out, "  %c%s", toupper((unsigned char)word[0]), word + 1);
	layout_wrapped(w->out, w->opt, text + len + strspn(text + len, " "), 2 + len, 2);
}

static void write_why(const struct writer *w, const struct query *q)
{
	if (!query_text(q, 16))
		return;
	heading(w, "Why it matters");
	write_sentence(w, query_text(q, 16));
}

/* ---------------------------------------------------------------------------------------------------- evidence */

static bool is_unprompted(struct store *st, int64_t event)
{
	struct query *q = query_open(st, "SELECT 1 FROM step WHERE event = :event AND prompt = 'unprompted'");
	bool found;

	if (!q)
		return false;
	query_bind_int(q, "event", event);
	found = query_next(q);
	query_close(q);
	return found;
}

static void write_record(struct writer *w, const struct query *q)
{
	char role[32], line[256];
	char at[TEXT_TIME_MAX];
	int column;

	snprintf(role, sizeof(role), "%s", query_text(q, 0));
	for (char *p = role; *p; p++)
		*p = *p == '_' ? ' ' : *p;
	column = fprintf(w->out, "  %-*s", ROLE_WIDTH, role);
	snprintf(line, sizeof(line), "%s: #%" PRId64 " at %s %" PRId64 ", %s", query_text(q, 1), query_int(q, 3),
		 query_int(q, 4) ? "line" : "byte", query_int(q, 2), text_time(at, sizeof(at), query_int(q, 6)));
	fputc(' ', w->out);
	layout_wrapped(w->out, w->opt, line, column + 1, column + 1);
	fprintf(w->out, "%*s", column + 1, "");
	layout_wrapped(w->out, w->opt, query_text(q, 7), column + 1, column + 3);
	if (is_unprompted(w->ex->store, query_int(q, 8)))
		indented(w, "(nothing that was recorded calls for it)", column + 1);
}

static void write_evidence(struct writer *w)
{
	struct query *q = query_open(w->ex->store, explain_evidence_sql);
	bool any = false;

	if (q)
		query_bind_text(q, "id", w->ex->id);
	while (q && query_next(q)) {
		if (!any)
			heading(w, "Evidence, as recorded");
		any = true;
		write_record(w, q);
	}
	w->failed |= !q || query_failed(q);
	query_close(q);
}

/* ---------------------------------------------------------------------------------------------------- two columns */

static char match_mark(enum explain_match match)
{
	return match == MATCH_NO ? '!' : match == MATCH_UNKNOWN ? '?' : match == MATCH_NONE ? '-' : ' ';
}

static void write_step(const struct writer *w, const struct explain_step *step)
{
	enum style style = step->match == MATCH_NO ? STYLE_ERROR : STYLE_PLAIN;
	char mark[2] = { match_mark(step->match), 0 };
	unsigned column = 4 + EXPECTED_WIDTH;

	fputs("  ", w->out);
	layout_styled(w->out, w->opt, style, mark);
	fputc(' ', w->out);
	if (layout_columns(step->expected) >= EXPECTED_WIDTH) {
		layout_wrapped(w->out, w->opt, step->expected, 4, 6);
		fprintf(w->out, "%*s", (int)column, "");
	} else {
		layout_cell(w->out, w->opt, style, step->expected, EXPECTED_WIDTH);
	}
	layout_wrapped(w->out, w->opt, step->seen, column, column);
}

static const char *way_name(const struct explain *ex)
{
	for (unsigned i = 0; i < ex->pv->nr_members; i++)
		if (ex->pv->member[i].id == ex->pv->irq)
			return ex->pv->member[i].name;
	return "it";
}

static void write_steps(const struct writer *w)
{
	const struct explain *ex = w->ex;
	char expected[64], head[128];

	if (!ex->nr_steps)
		return;
	snprintf(expected, sizeof(expected), "Expected on the way of %s ", way_name(ex));
	snprintf(head, sizeof(head), "    %-*s%s", EXPECTED_WIDTH, expected, "Seen");
	heading(w, head);
	for (unsigned i = 0; i < ex->nr_steps; i++) {
		if (i && ex->step[i].duty != ex->step[i - 1].duty)
			fputc('\n', w->out);
		write_step(w, &ex->step[i]);
	}
	indented(w, "(! not as expected, - nothing from the fault on, ? not recorded)", 2);
}

/* ---------------------------------------------------------------------------------------------------- state */

static const char *value(const char *text)
{
	return *text ? text : "unknown";
}

static void write_change(const struct writer *w, const struct explain_state *state)
{
	struct path_record rec;
	char line[EXPLAIN_LINE_MAX];

	fputs("    ", w->out);
	layout_cell(w->out, w->opt, STYLE_BOLD, state->field, FIELD_WIDTH);
	snprintf(line, sizeof(line), "%s -> %s", value(state->before), value(state->at));
	if (path_record(w->ex->store, NULL, state->since_event, &rec))
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " (%s %s)", rec.place, rec.by);
	layout_wrapped(w->out, w->opt, line, 4 + FIELD_WIDTH, 6 + FIELD_WIDTH);
}

enum change { CHANGE_NONE, CHANGE_LEARNED, CHANGE_REAL };

static enum change change_of(const struct explain_state *state)
{
	if (!strcmp(state->before, state->at))
		return CHANGE_NONE;
	return state->before[0] ? CHANGE_REAL : CHANGE_LEARNED;
}

/* Fields of one kind of change, in one paragraph. */
static void write_fields(const struct writer *w, const struct path_member *member, enum change change, const char *head)
{
	char line[PATH_MAX_STATES * 16];
	bool any = false;

	snprintf(line, sizeof(line), "%s", head);
	for (unsigned i = 0; i < w->ex->nr_states; i++) {
		const struct explain_state *state = &w->ex->state[i];
		size_t at = strlen(line);

		if (state->member->id != member->id || change_of(state) != change)
			continue;
		snprintf(line + at, sizeof(line) - at, "%s%s %s", any ? ", " : "", state->field, value(state->at));
		any = true;
	}
	if (any)
		indented(w, line, 4);
}

static bool has_states(const struct explain *ex, unsigned of)
{
	for (unsigned i = 0; i < ex->nr_states; i++)
		if (ex->state[i].member == &ex->pv->member[of])
			return true;
	return false;
}

static void write_member(const struct writer *w, unsigned of)
{
	const struct explain *ex = w->ex;
	const struct path_member *member = &ex->pv->member[of];

	fputs("  ", w->out);
	text_safe_write(w->out, member->name);
	fputc('\n', w->out);
	for (unsigned i = 0; i < ex->nr_states; i++)
		if (ex->state[i].member == member && change_of(&ex->state[i]) == CHANGE_REAL)
			write_change(w, &ex->state[i]);
	write_fields(w, member, CHANGE_LEARNED, "unknown before: ");
	write_fields(w, member, CHANGE_NONE, "");
}

static void write_states(const struct writer *w)
{
	const struct explain *ex = w->ex;
	char head[96], at[TEXT_TIME_MAX];

	if (!ex->nr_states)
		return;
	snprintf(head, sizeof(head), "State just before -> at the fault (%s)", text_time(at, sizeof(at), ex->fault_ns));
	heading(w, head);
	for (unsigned i = 0; i < ex->pv->nr_members; i++)
		if (has_states(ex, i))
			write_member(w, i);
	if (ex->more_states)
		fprintf(w->out, "  more than %d fields are known; the rest is left out\n", PATH_MAX_STATES);
}

/* ---------------------------------------------------------------------------------------------------- the rest */

static void write_fix(const struct writer *w, const struct query *q)
{
	char line[EXPLAIN_LINE_MAX], at[TEXT_TIME_MAX];

	snprintf(line, sizeof(line), "yes: %s (%s; recorded setting %s): it is not there then", query_text(q, 3),
		 query_text(q, 1), query_text(q, 4));
	indented(w, line, 2);
	if (query_type(q, 2) == QUERY_NULL)
		return;
	snprintf(line, sizeof(line), "that holds up to %s: what was recorded from then on would have been otherwise",
		 text_time(at, sizeof(at), query_int(q, 2)));
	indented(w, line, 7);
}

/* False where it changes nothing in this capture. */
static bool write_failure(const struct writer *w, const struct query *q)
{
	char line[EXPLAIN_LINE_MAX], at[TEXT_TIME_MAX];

	if (!query_int(q, 2))
		return false;
	if (query_type(q, 3) == QUERY_NULL)
		snprintf(line, sizeof(line), "no: %s (%s; recorded setting %s): it lasts as recorded", query_text(q, 4), query_text(q, 1),
			 query_text(q, 5));
	else
		snprintf(line, sizeof(line), "no: %s (%s; recorded setting %s): it is there, but would have ended at %s", query_text(q, 4),
			 query_text(q, 1), query_text(q, 5), text_time(at, sizeof(at), query_int(q, 3)));
	indented(w, line, 2);
	return true;
}

static void write_fixes(const struct writer *w)
{
	struct query *q = query_open(w->ex->store, what_if_fixes_sql);

	if (q)
		query_bind_text(q, "id", w->ex->id);
	while (q && query_next(q))
		write_fix(w, q);
	query_close(q);
}

static void write_failures(const struct writer *w)
{
	struct query *q = query_open(w->ex->store, what_if_failures_sql);
	char rest[EXPLAIN_LINE_MAX] = "";

	if (q)
		query_bind_text(q, "id", w->ex->id);
	while (q && query_next(q))
		if (!write_failure(w, q) && strlen(rest) + strlen(query_text(q, 4)) + 3 < sizeof(rest))
			sprintf(rest + strlen(rest), "%s%s", *rest ? ", " : "", query_text(q, 4));
	if (*rest) {
		indented(w, "no, as these change nothing of what was recorded:", 2);
		indented(w, rest, 6);
	}
	query_close(q);
}

/* Which known fixes would have prevented it. */
static void write_whatif(const struct writer *w)
{
	heading(w, "Would another behaviour have prevented it?");
	if (!what_if_was_tried(w->ex->store, w->ex->id)) {
		indented(w, "not tried", 2);
		return;
	}
	write_fixes(w);
	write_failures(w);
	if (!query_one_int(w->ex->store, "SELECT count(*) FROM what_if WHERE quirks <> '[]'", 0))
		indented(w, "no known behaviour of this path was to be tried", 2);
}

static void write_references(const struct writer *w, const struct query *q)
{
	const char *refs = query_text(q, 18);
	char line[EXPLAIN_LINE_MAX];

	if (!refs && !w->ctx->nr_bugs)
		return;
	heading(w, "References");
	if (refs)
		indented(w, refs, 2);
	if (w->ctx->nr_bugs)
		indented(w, "Known bugs that look like this to the rule; whether it is one of them, the kernel's version tells:", 2);
	for (unsigned i = 0; i < w->ctx->nr_bugs; i++) {
		const struct explain_bug *bug = &w->ctx->bug[i];

		snprintf(line, sizeof(line), "%s: %s (%s)", bug->id, bug->title, bug->fixed_in);
		fputs("    ", w->out);
		layout_wrapped(w->out, w->opt, line, 4, 6);
	}
}

static void write_mend(const struct writer *w, const struct query *q)
{
	if (!query_text(q, 17))
		return;
	heading(w, "What to do");
	write_sentence(w, query_text(q, 17));
}

static void write_rows(struct writer *w, const struct query *q)
{
	write_head(w, q);
	write_why(w, q);
	write_evidence(w);
	write_steps(w);
	if (!w->opt->quiet)
		write_states(w);
	write_whatif(w);
	write_mend(w, q);
	if (!w->opt->quiet)
		write_references(w, q);
}

bool explain_write_text(const struct explain *ex, const struct explain_context *ctx, const struct report_options *opt,
			FILE *out)
{
	struct writer w = { .ex = ex, .ctx = ctx, .opt = opt, .out = out };
	struct query *q = query_open(ex->store, explain_finding_sql);

	if (q)
		query_bind_text(q, "id", ex->id);
	if (q && query_next(q))
		write_rows(&w, q);
	w.failed |= !q || query_failed(q);
	query_close(q);
	return !w.failed;
}
