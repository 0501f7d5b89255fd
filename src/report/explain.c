/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What should have been seen follows from two things: the hops of the path, each of which every interrupt passes, and
 * the obligation that the finding's rule is about. The state at a time is what the spans of that time say.
 */
#include "report/explain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "report/common.h"
#include "store/describe.h"
#include "store/query.h"
#include "store/resolve.h"

const char explain_finding_sql[] =
	"SELECT f.id, f.fingerprint, f.rule, f.rev, f.severity, r.title, o.name, f.path, f.layer, f.blame, f.could_have,"
	" f.count, f.start_ns, f.end_ns, f.hop, f.message, r.why, f.mend, r.refs,"
	" coalesce(o.machine, (SELECT machine FROM source ORDER BY id LIMIT 1)), " REPORT_DRIVER_SQL ", f.object, f.obligation,"
	" (SELECT e.t_lo_ns FROM finding_event v JOIN event e ON e.id = v.event WHERE v.finding = f.id AND v.role = 'cause'"
	"  ORDER BY v.seq LIMIT 1), (SELECT e.t_lo_ns FROM event e WHERE e.id = f.first_event), f.held_back, f.lost_lo, f.lost_hi"
	" FROM finding f LEFT JOIN object o ON o.id = f.object LEFT JOIN rule r ON r.id = f.rule WHERE f.id = :id";

enum { COL_OBJECT = 21, COL_OBLIGATION, COL_CAUSE, COL_FIRST };

const char explain_evidence_sql[] =
	"SELECT f.role, s.path, e.offset, e.ordinal, s.by_line IS 1, CASE WHEN e.cpu >= 0 THEN e.cpu END,"
	" e.t_lo_ns, f.text, f.event, e.source - 1 FROM finding_event f JOIN event e ON e.id = f.event"
	" JOIN source s ON s.id = e.source WHERE f.finding = :id ORDER BY f.seq";

static int64_t time_column(const struct query *q, int col)
{
	return query_type(q, col) == QUERY_NULL ? NO_TIME : query_int(q, col);
}

static void copy_column(char *to, size_t len, const struct query *q, int col)
{
	const char *text = query_text(q, col);

	snprintf(to, len, "%s", text ? text : "");
}

static void append(char *line, size_t len, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void append(char *line, size_t len, const char *fmt, ...)
{
	size_t at = strlen(line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + at, len - at, fmt, ap);
	va_end(ap);
}

const char *explain_match_name(enum explain_match match)
{
	static const char *const names[] = {
		[MATCH_YES] = "as expected", [MATCH_NO] = "not as expected", [MATCH_NONE] = "nothing since",
		[MATCH_UNKNOWN] = "not recorded",
	};

	return names[match];
}

/* ---------------------------------------------------------------------------------------------------- the finding */

/* The cause tells the moment; without one, the beginning, and without that, the first record. */
static int64_t fault_time(const struct query *q)
{
	int64_t start_ns = time_column(q, 12), cause_ns = time_column(q, COL_CAUSE);

	return cause_ns != NO_TIME ? cause_ns : start_ns != NO_TIME ? start_ns : time_column(q, COL_FIRST);
}

static bool read_finding(struct explain *ex, const char *finding)
{
	struct query *q = query_open(ex->store, explain_finding_sql);
	bool found;

	if (!q)
		return false;
	query_bind_text(q, "id", finding);
	found = query_next(q);
	if (found) {
		copy_column(ex->id, sizeof(ex->id), q, 0);
		copy_column(ex->rule, sizeof(ex->rule), q, 2);
		copy_column(ex->severity, sizeof(ex->severity), q, 4);
		copy_column(ex->path, sizeof(ex->path), q, 7);
		ex->not_software = query_text(q, 10) && !strstr(query_text(q, 10), "kernel") && !strstr(query_text(q, 10), "hypervisor");
		copy_column(ex->hop, sizeof(ex->hop), q, 14);
		ex->object = query_int(q, COL_OBJECT);
		ex->obligation = query_int(q, COL_OBLIGATION);
		ex->fault_ns = fault_time(q);
	}
	query_close(q);
	return found;
}

/* The way of the object's interrupt; of a function with several, of the first. */
static bool find_way(struct explain *ex)
{
	struct resolved found;
	enum resolve_result result;
	int64_t since_ns = ex->fault_ns;

	if (!ex->object)
		return true;
	result = object_interrupt(ex->store, ex->object, &found);
	if (result != RESOLVE_FOUND && result != RESOLVE_AMBIGUOUS)
		return false;
	/* what came at that very time came from the fault on */
	if (since_ns != NO_TIME && since_ns > INT64_MIN + 1)
		since_ns--;
	ex->pv = path_view_new(ex->store, ex->object, found.id[0], since_ns);
	return ex->pv;
}

/* ---------------------------------------------------------------------------------------------------- states */

static bool was_on_way(const struct explain *ex, const struct path_member *member)
{
	return (member->from_ns == NO_TIME || member->from_ns <= ex->fault_ns) &&
	       (member->to_ns == NO_TIME || member->to_ns >= ex->fault_ns);
}

/* The row of a field, made where it is the first of it. Rows come sorted by field. */
static struct explain_state *state_of(struct explain *ex, const struct path_member *member, const struct query *q)
{
	struct explain_state *last = ex->nr_states ? &ex->state[ex->nr_states - 1] : NULL;

	if (last && last->member == member && !strcmp(last->component, query_text(q, 0)) &&
	    !strcmp(last->field, query_text(q, 1)))
		return last;
	if (ex->nr_states == PATH_MAX_STATES) {
		ex->more_states = true;
		return NULL;
	}
	last = &ex->state[ex->nr_states++];
	*last = (struct explain_state){ .member = member, .since_ns = NO_TIME };
	copy_column(last->component, sizeof(last->component), q, 0);
	copy_column(last->field, sizeof(last->field), q, 1);
	return last;
}

/* A value that ends at the fault was there before it, one that begins there is there from it on. */
static void add_span(struct explain *ex, const struct path_member *member, const struct query *q)
{
	struct explain_state *state = state_of(ex, member, q);
	int64_t start_ns = time_column(q, 3), end_ns = query_int(q, 4);

	if (!state)
		return;
	if (start_ns == NO_TIME || start_ns < ex->fault_ns)
		copy_column(state->before, sizeof(state->before), q, 2);
	if (end_ns > ex->fault_ns || query_int(q, 6)) {
		copy_column(state->at, sizeof(state->at), q, 2);
		state->since_ns = start_ns;
		state->since_event = query_int(q, 5);
	}
}

static const char spans_sql[] =
	"SELECT component, field, state, start_ns, end_ns, start_event, ending = 'open' FROM span WHERE object = :object"
	" AND (start_ns IS NULL OR start_ns <= :t_ns) AND end_ns >= :t_ns"
	" ORDER BY component, field, start_ns IS NOT NULL, start_ns, id";

static bool find_states_of(struct explain *ex, const struct path_member *member)
{
	struct query *q = query_open(ex->store, spans_sql);
	bool good;

	if (!q)
		return false;
	query_bind_int(q, "object", member->id);
	query_bind_int(q, "t_ns", ex->fault_ns);
	while (query_next(q))
		add_span(ex, member, q);
	good = !query_failed(q);
	query_close(q);
	return good;
}

static bool is_listed(const struct explain *ex, const struct path_member *member)
{
	for (unsigned i = 0; i < ex->nr_states; i++)
		if (ex->state[i].member->id == member->id)
			return true;
	return false;
}

static bool find_states(struct explain *ex)
{
	if (!ex->pv || ex->fault_ns == NO_TIME)
		return true;
	for (unsigned i = 0; i < ex->pv->nr_members; i++) {
		const struct path_member *member = &ex->pv->member[i];

		if (was_on_way(ex, member) && !is_listed(ex, member) && !find_states_of(ex, member))
			return false;
	}
	return true;
}

/* The field that closed the hop at the fault or, where none did, one that was open; NULL: nothing tells. */
static const struct explain_state *gate_at(const struct explain *ex, const struct hop *hop, bool *closed)
{
	const struct explain_state *open = NULL;

	*closed = false;
	for (unsigned i = 0; i < ex->nr_states; i++) {
		const struct explain_state *state = &ex->state[i];
		int gate = hop_gate_of(hop, state->component, state->field);

		if (gate < 0 || !state->at[0])
			continue;
		*closed = hop_gate_closed(&hop->gate[gate], state->at);
		if (*closed)
			return state;
		if (!open)
			open = state;
	}
	return open;
}

/* ---------------------------------------------------------------------------------------------------- hops */

static struct explain_step *add_step(struct explain *ex, bool duty, const char *expected)
{
	struct explain_step *step = &ex->step[ex->nr_steps++];

	*step = (struct explain_step){ .duty = duty, .t_ns = NO_TIME };
	snprintf(step->expected, sizeof(step->expected), "%s", expected);
	return step;
}

static void tell_record(const struct explain *ex, struct explain_step *step, int64_t event)
{
	struct path_record rec;

	if (!path_record(ex->store, NULL, event, &rec))
		return;
	append(step->seen, sizeof(step->seen), ", %s %s", rec.place, rec.by);
	step->event = event;
}

static void tell_time(struct explain_step *step, const char *before, int64_t t_ns)
{
	char at[TEXT_TIME_MAX];

	if (t_ns == NO_TIME) {
		append(step->seen, sizeof(step->seen), "%s before the capture began", before);
		return;
	}
	append(step->seen, sizeof(step->seen), "%s %s", before, text_time(at, sizeof(at), t_ns));
	step->t_ns = t_ns;
}

static void tell_state(const struct explain *ex, struct explain_step *step, const char *object, const char *field,
		       const char *state, int64_t since_ns, int64_t since_event)
{
	bool named = strcmp(field, state);

	append(step->seen, sizeof(step->seen), "%s %s%s%s", object, named ? field : "", named ? " " : "", state);
	tell_time(step, " since", since_ns);
	if (since_event)
		tell_record(ex, step, since_event);
}

static void tell_missing(const struct explain *ex, struct explain_step *step, const struct path_hop *ph)
{
	snprintf(step->seen, sizeof(step->seen), "%s: no %s", hop_status_name(ph->status),
		 path_missing_kind(ex->pv, ph->hop));
	step->match = ph->status == HOP_NOT_REACHED ? MATCH_NO : MATCH_UNKNOWN;
}

static void add_setup(struct explain *ex, const struct path_hop *ph)
{
	struct explain_step *step = add_step(ex, false, ph->hop->name);
	bool closed;
	const struct explain_state *gate = gate_at(ex, ph->hop, &closed);

	if (!closed && ph->status == HOP_CLOSED && !strcmp(ph->hop->name, ex->hop)) {
		/* open at the fault, and closed as a consequence */
		tell_state(ex, step, ph->gate->member->name, ph->gate->field, ph->gate->state, ph->gate->since_ns,
			   ph->gate->since_event);
	} else if (gate) {
		step->match = closed ? MATCH_NO : MATCH_YES;
		tell_state(ex, step, gate->member->name, gate->field, gate->at, gate->since_ns, gate->since_event);
	} else if (ph->tally.count) {
		tell_time(step, "last at", ph->tally.last_ns);
		tell_record(ex, step, ph->tally.last_event);
	} else if (ph->status == HOP_IMPLIED || ph->status == HOP_REACHED) {
		snprintf(step->seen, sizeof(step->seen), "implied by what was reached later");
	} else {
		tell_missing(ex, step, ph);
	}
}

static void add_traffic(struct explain *ex, const struct path_hop *ph)
{
	struct explain_step *step = add_step(ex, false, ph->hop->name);
	uint64_t before = ph->tally.before;

	if (!ph->tally.count) {
		tell_missing(ex, step, ph);
		return;
	}
	step->match = ph->tally.since ? MATCH_YES : MATCH_NONE;
	snprintf(step->seen, sizeof(step->seen), "%" PRIu64 " before", before);
	if (before)
		tell_time(step, ", the last at", ph->tally.before_ns);
	append(step->seen, sizeof(step->seen), ph->tally.since ? "; %" PRIu64 " from the fault on" : "; none from the fault on",
	       ph->tally.since);
	if (ph->tally.since)
		tell_time(step, ", the last at", ph->tally.last_ns);
}

static void add_hops(struct explain *ex)
{
	for (unsigned i = 0; ex->pv && i < ex->pv->nr_hops; i++) {
		const struct path_hop *ph = &ex->pv->hop[i];

		(ph->hop->phase == HOP_SETUP ? add_setup : add_traffic)(ex, ph);
		if (!strcmp(ph->hop->name, ex->hop))
			ex->step[ex->nr_steps - 1].match = MATCH_NO;
	}
}

/* ---------------------------------------------------------------------------------------------------- obligation */

static const char duty_sql[] =
	"SELECT b.kind, b.owner, b.trigger_ns, b.end_ns, b.ending, b.ended_by, b.owed_ns, b.expected_event, b.opportunities,"
	" b.first_missed_event, b.end_event, b.excuses, s.met, s.typical_ns, s.max_ns,"
	" (SELECT e.t_lo_ns FROM event e WHERE e.id = b.expected_event),"
	" (SELECT e.t_lo_ns FROM event e WHERE e.id = b.first_missed_event)"
	" FROM obligation b LEFT JOIN obligation_stat s ON s.kind = b.kind WHERE b.id = :id";

/* What became of it, and when. */
static void add_outcome(struct explain *ex, const struct query *q)
{
	const char *owner = query_text(q, 1), *ending = query_text(q, 4), *by = query_text(q, 5);
	char expected[128], owed[TEXT_TIME_MAX];
	struct explain_step *step;

	snprintf(expected, sizeof(expected), "%s%s%s", query_text(q, 0), owner ? ", by the " : "", owner ? owner : "");
	step = add_step(ex, true, expected);
	step->match = MATCH_NO;
	tell_time(step, "owed from", query_int(q, 2));
	text_duration(owed, sizeof(owed), query_int(q, 6));
	if (!strcmp(ending, "open"))
		append(step->seen, sizeof(step->seen), " on, unfinished at end (%s)", owed);
	else if (!strcmp(ending, "unknown"))
		append(step->seen, sizeof(step->seen), " on for %s; then records were lost", owed);
	else
		append(step->seen, sizeof(step->seen), " on for %s; then %s%s%s", owed, ending, by ? ": " : "", by ? by : "");
	if (query_int(q, 10))
		tell_record(ex, step, query_int(q, 10));
	if (query_int(q, 11))
		append(step->seen, sizeof(step->seen), "; excused %" PRId64 " time%s meanwhile", query_int(q, 11),
		       query_int(q, 11) == 1 ? "" : "s");
}

static void add_usual(struct explain *ex, const struct query *q)
{
	char typical[TEXT_TIME_MAX], longest[TEXT_TIME_MAX];
	struct explain_step *step;

	if (query_type(q, 12) == QUERY_NULL || !query_int(q, 12))
		return;
	step = add_step(ex, true, "as soon as others in this capture");
	step->match = query_int(q, 6) > query_int(q, 14) ? MATCH_NO : MATCH_YES;
	snprintf(step->seen, sizeof(step->seen), "%" PRId64 " met, typically within %s, the longest took %s", query_int(q, 12),
		 text_duration(typical, sizeof(typical), query_int(q, 13)),
		 text_duration(longest, sizeof(longest), query_int(q, 14)));
}

static void add_chances(struct explain *ex, const struct query *q)
{
	struct explain_step *step;

	if (query_int(q, 8)) {
		step = add_step(ex, true, "met at what should bring it about");
		step->match = MATCH_NO;
		snprintf(step->seen, sizeof(step->seen), "not met by %" PRId64 " such", query_int(q, 8));
		tell_time(step, ", the last at", time_column(q, 15));
		tell_record(ex, step, query_int(q, 7));
	}
	if (query_int(q, 9)) {
		step = add_step(ex, true, "nothing held back meanwhile");
		step->match = MATCH_NO;
		tell_time(step, "first at", time_column(q, 16));
		tell_record(ex, step, query_int(q, 9));
	}
}

static bool add_duty(struct explain *ex)
{
	struct query *q = ex->obligation ? query_open(ex->store, duty_sql) : NULL;
	bool good;

	if (!q)
		return !ex->obligation;
	query_bind_int(q, "id", ex->obligation);
	if (query_next(q)) {
		add_outcome(ex, q);
		add_usual(ex, q);
		add_chances(ex, q);
	}
	good = !query_failed(q);
	query_close(q);
	return good;
}

/* Of an irq whose interrupts came: did its actions claim them? */
static bool add_claims(struct explain *ex)
{
	struct query *q = ex->pv ? query_open(ex->store,
		"SELECT unhandled, deliveries, unhandled_run FROM object_summary WHERE object = :object AND unhandled > 0") : NULL;
	struct explain_step *step;
	bool good;

	if (!q)
		return !ex->pv;
	query_bind_int(q, "object", ex->pv->irq);
	if (query_next(q)) {
		step = add_step(ex, false, "claimed by an action");
		step->match = query_int(q, 0) * 2 > query_int(q, 1) ? MATCH_NO : MATCH_YES;
		snprintf(step->seen, sizeof(step->seen), "not claimed: %" PRId64 " of %" PRId64 ", at most %" PRId64 " in a row",
			 query_int(q, 0), query_int(q, 1), query_int(q, 2));
	}
	good = !query_failed(q);
	query_close(q);
	return good;
}

/* ---------------------------------------------------------------------------------------------------- the whole */

struct explain *explain_new(struct store *st, const char *finding)
{
	struct explain *ex = calloc(1, sizeof(*ex));

	if (!ex)
		return NULL;
	ex->store = st;
	if (!read_finding(ex, finding) || !find_way(ex) || !find_states(ex)) {
		explain_free(ex);
		return NULL;
	}
	add_hops(ex);
	if (!add_claims(ex) || !add_duty(ex)) {
		explain_free(ex);
		return NULL;
	}
	return ex;
}

void explain_free(struct explain *ex)
{
	if (!ex)
		return;
	path_view_free(ex->pv);
	free(ex);
}
