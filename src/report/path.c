/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The objects of the way come from the links of the irq, what was reached from one pass over the events, what is open
 * or closed from the spans.
 */
#include "report/path.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_text.h"
#include "core/text.h"
#include "report/common.h"
#include "store/cursor.h"
#include "store/describe.h"
#include "store/query.h"
#include "store/store.h"

const char path_obligations_sql[] =
	"SELECT kind, owner, trigger_ns, end_ns, ending, ended_by, owed_ns, guard, cause_event, expected_event,"
	" opportunities, trigger_event, first_missed_event, missed FROM obligation WHERE object = :object"
	" ORDER BY ending <> 'open', id LIMIT 200";

const char path_verdicts_sql[] =
	"SELECT v.rule, v.verdict, v.reason, v.start_ns, v.settle, f.severity, f.id, f.message FROM verdict v"
	" LEFT JOIN finding f ON f.rule = v.rule AND f.object = v.object AND v.verdict = 'fail'"
	" WHERE v.object = :object"
	" ORDER BY CASE v.verdict WHEN 'fail' THEN 0 WHEN 'inconclusive' THEN 1 ELSE 2 END, v.id";

const char path_ledger_sql[] =
	"SELECT hop, lo, hi FROM ledger WHERE object = :object ORDER BY CASE hop WHEN 'raised' THEN 0"
	" WHEN 'held back' THEN 0.3 WHEN 'lost' THEN 0.6"
	" WHEN 'injected' THEN 1 WHEN 'accepted' THEN 2 WHEN 'handled' THEN 3 ELSE 4 END, hop";

const char path_spans_sql[] =
	"SELECT component, field, state, start_ns, end_ns, ending, ended_by, start_event FROM span"
	" WHERE object = :object AND (field = 'mask' OR field LIKE '%\\_mask' ESCAPE '\\')"
	" ORDER BY component, field, id DESC";

enum { IN_FLIGHT_NS = 10000000 };

static int64_t time_column(const struct query *q, int col)
{
	return query_type(q, col) == QUERY_NULL ? NO_TIME : query_int(q, col);
}

static void copy_column(char *to, size_t len, const struct query *q, int col)
{
	const char *text = query_text(q, col);

	snprintf(to, len, "%s", text ? text : "");
}

/* ---------------------------------------------------------------------------------------------------- members */

/*
 * Every object of the way with the time that it was on it: what feeds the irq, nearest to the device first, the irq,
 * what it feeds. A function is on the way of its entries, always.
 */
static const char members_sql[] =
	"WITH RECURSIVE"
	" up(id, from_ns, to_ns, far) AS (SELECT :irq, NULL, NULL, 0 UNION"
	"  SELECT l.feeder, l.from_ns, l.to_ns, far + 1 FROM link l JOIN up ON l.fed = up.id WHERE far < 8),"
	" down(id, from_ns, to_ns, far) AS (SELECT :irq, NULL, NULL, 0 UNION"
	"  SELECT l.fed, l.from_ns, l.to_ns, far + 1 FROM link l JOIN down ON l.feeder = down.id WHERE far < 8),"
	" way(id, from_ns, to_ns, place) AS (SELECT id, from_ns, to_ns, -far FROM up"
	"  UNION SELECT id, from_ns, to_ns, far FROM down"
	"  UNION SELECT o.function, NULL, NULL, -99 FROM up JOIN object o ON o.id = up.id WHERE o.function IS NOT NULL)"
	" SELECT o.id, o.name, w.from_ns, w.to_ns, o.kind = 'irq', o.gone_ns, o.first_event,"
	"  CASE WHEN o.generation > 1 THEN (SELECT p.gone_ns FROM object p"
	"   WHERE p.kind = o.kind AND p.machine = o.machine"
	"   AND p.generation = o.generation - 1 AND p.name IN (substr(o.name, 1, instr(o.name, '~') - 1),"
	"    substr(o.name, 1, instr(o.name, '~')) || (o.generation - 1))) END"
	" FROM way w JOIN object o ON o.id = w.id ORDER BY w.place, w.from_ns DESC, o.id";

static void add_member(struct path_view *pv, const struct query *q)
{
	struct path_member *pm = &pv->member[pv->nr_members];
	unsigned generation;

	*pm = (struct path_member){
		.id = query_int(q, 0), .from_ns = time_column(q, 2), .to_ns = time_column(q, 3),
	};
	copy_column(pm->name, sizeof(pm->name), q, 1);
	if (!object_parse(pm->name, &pm->ref, &generation))
		return;
	if (pm->ref.machine == MACHINE_OWN)
		pm->ref.machine = MACHINE_HOST;
	if (query_int(q, 4)) {
		/* a number that was given up belongs to the next generation */
		pm->from_ns = time_column(q, 7);
		pm->to_ns = time_column(q, 5);
		pm->first_event = query_int(q, 6);
	}
	for (unsigned i = 0; i < pv->nr_members; i++)
		pm->repeated |= pv->member[i].id == pm->id;
	pv->nr_members++;
}

static bool find_members(struct path_view *pv)
{
	struct query *q = query_open(pv->store, members_sql);
	bool good = q != NULL;

	if (q)
		query_bind_int(q, "irq", pv->irq);
	while (good && query_next(q)) {
		if (pv->nr_members < PATH_MAX_MEMBERS)
			add_member(pv, q);
		else
			pv->more_members = true;
	}
	good = good && !query_failed(q);
	query_close(q);
	return good;
}

static bool is_on_way(const struct path_view *pv, enum object_kind kind)
{
	for (unsigned i = 0; i < pv->nr_members; i++)
		if (pv->member[i].ref.kind == kind)
			return true;
	return false;
}

/* ----------------------------------------------------------------------------------------------------- states */

static void add_state(struct path_view *pv, const struct path_member *member, const struct query *q)
{
	struct path_state *ps = &pv->state[pv->nr_states++];

	*ps = (struct path_state){ .member = member, .known = query_int(q, 3) };
	copy_column(ps->component, sizeof(ps->component), q, 0);
	copy_column(ps->field, sizeof(ps->field), q, 1);
	copy_column(ps->state, sizeof(ps->state), q, 2);
	ps->since_ns = time_column(q, 4);
	ps->since_event = query_int(q, 5);
}

bool path_goes_on(const struct path_view *pv)
{
	return pv->judged_ns < pv->end_ns;
}

/*
 * The last span of each field; where it has ended and none has followed, the field is unknown since then. What a platform's log
 * shows behind the traces of software, the machine's being switched off, says nothing of the interrupt.
 */
static bool find_states_of(struct path_view *pv, const struct path_member *member)
{
	struct query *q = query_open(pv->store,
		"SELECT component, field, iif(lasts, state, 'unknown'), lasts, iif(lasts, start_ns, end_ns),"
		" iif(lasts, start_event, end_event) FROM (SELECT *, ending = 'open' OR end_ns >= :until AS lasts FROM span"
		" WHERE id IN (SELECT max(id) FROM span WHERE object = :object AND (start_ns IS NULL OR start_ns <= :until)"
		" GROUP BY component, field)) ORDER BY id");
	bool good = q != NULL;

	if (q) {
		query_bind_int(q, "object", member->id);
		query_bind_int(q, "until", path_goes_on(pv) ? pv->judged_ns : INT64_MAX);
	}
	while (good && query_next(q))
		if (pv->nr_states < PATH_MAX_STATES)
			add_state(pv, member, q);
	good = good && !query_failed(q);
	query_close(q);
	return good;
}

static bool find_states(struct path_view *pv)
{
	for (unsigned i = 0; i < pv->nr_members; i++)
		if (!pv->member[i].repeated && !find_states_of(pv, &pv->member[i]))
			return false;
	return true;
}

const char *path_mask_owner(const struct path_state *state, char *buf, size_t len)
{
	size_t n = strlen(state->field);

	if (!strcmp(state->field, "mask"))
		return "register";
	if (!strcmp(state->field, "masked"))
		return "irq core";
	if (n <= 5 || strcmp(state->field + n - 5, "_mask"))
		return NULL;
	snprintf(buf, len, "%.*s", (int)n - 5, state->field);
	for (char *p = buf; *p; p++)
		*p = *p == '_' ? ' ' : *p;
	return buf;
}

/* ------------------------------------------------------------------------------------------------------- hops */

static bool hop_applies(const struct path_view *pv, const struct hop *hop)
{
	bool on = !hop->on[0];

	for (unsigned i = 0; i < sizeof(hop->on) && hop->on[i]; i++)
		on |= is_on_way(pv, hop->on[i]);
	for (unsigned i = 0; i < sizeof(hop->not_on) && hop->not_on[i]; i++)
		on &= !is_on_way(pv, hop->not_on[i]);
	return on;
}

static void start_hops(struct path_view *pv)
{
	for (const struct hop *hop = hop_table; hop->name && pv->nr_hops < PATH_MAX_HOPS; hop++)
		if (hop_applies(pv, hop))
			pv->hop[pv->nr_hops++] = (struct path_hop){ .hop = hop };
}

/* An old vector says nothing of how things are. */
static bool is_current(const struct path_member *member)
{
	return member->to_ns == NO_TIME || member->first_event;
}

/* Sets the field that closes the hop or, where none does, one that is open. Notes the last change of any. */
static bool find_gate(struct path_view *pv, struct path_hop *ph)
{
	int closed = HOP_MAX_GATES;

	for (unsigned i = 0; i < pv->nr_states; i++) {
		const struct path_state *ps = &pv->state[i];
		int gate = hop_gate_of(ph->hop, ps->component, ps->field);

		if (gate < 0 || !is_current(ps->member))
			continue;
		if (ps->since_ns != NO_TIME && ps->since_ns > pv->change_ns)
			pv->change_ns = ps->since_ns;
		if (gate < closed && hop_gate_closed(&ph->hop->gate[gate], ps->state)) {
			ph->gate = ps;
			closed = gate;
		} else if (!ph->gate && ps->known) {
			ph->gate = ps;
		}
	}
	return closed < HOP_MAX_GATES;
}

/* Returns the first hop that is closed. */
static const struct path_hop *find_gates(struct path_view *pv)
{
	const struct path_hop *first = NULL;

	pv->change_ns = NO_TIME;
	for (unsigned i = 0; i < pv->nr_hops; i++) {
		if (!find_gate(pv, &pv->hop[i]))
			continue;
		pv->hop[i].status = HOP_CLOSED;
		if (!first)
			first = &pv->hop[i];
	}
	return first;
}

/* -------------------------------------------------------------------------------------------------- one pass */

struct tallies {
	struct path_tally by_kind[PATH_MAX_HOPS][HOP_MAX_KINDS];
	uint8_t of_kind[NR_EVENT_KINDS];	/* 1: some hop looks at the kind */
};

static bool is_member(const struct path_view *pv, const struct event *ev, struct object_ref ref)
{
	for (unsigned i = 0; i < pv->nr_members; i++) {
		const struct path_member *pm = &pv->member[i];

		if (!object_equal(pm->ref, ref))
			continue;
		if (pm->first_event && pm->first_event == event_id(ev->source, ev->ordinal, ev->sub))
			return true;
		if ((pm->from_ns == NO_TIME || ev->t_hi_ns > pm->from_ns ||
		     (!pm->first_event && ev->t_hi_ns == pm->from_ns)) &&
		    (pm->to_ns == NO_TIME || ev->t_hi_ns <= pm->to_ns))
			return true;
	}
	return false;
}

static bool is_on_path(const struct path_view *pv, const struct event *ev)
{
	for (unsigned i = 0; i < ev->nr_objects; i++)
		if (is_member(pv, ev, ev->object[i]))
			return true;
	return false;
}

static void count_event(const struct path_view *pv, struct path_tally *pt, const struct event *ev)
{
	int64_t id = event_id(ev->source, ev->ordinal, ev->sub);

	if (!pt->count++) {
		pt->first_ns = ev->t_hi_ns;
		pt->first_event = id;
	}
	if (pv->change_ns != NO_TIME && ev->t_hi_ns > pv->change_ns) {
		pt->since++;
	} else {
		pt->before++;
		pt->before_ns = ev->t_hi_ns;
	}
	pt->last_ns = ev->t_hi_ns;
	pt->last_event = id;
}

static void tally_event(const struct path_view *pv, struct tallies *all, const struct event *ev)
{
	for (unsigned i = 0; i < pv->nr_hops; i++) {
		const struct hop *hop = pv->hop[i].hop;

		if (ev->witness < hop->least)
			continue;
		for (unsigned k = 0; k < HOP_MAX_KINDS && hop->kinds[k]; k++)
			if (hop->kinds[k] == ev->kind && (!hop->counts || hop->counts(ev)))
				count_event(pv, &all->by_kind[i][k], ev);
	}
}

static void join_tallies(struct path_tally *to, const struct path_tally *kinds)
{
	*to = kinds[0];
	for (unsigned k = 1; k < HOP_MAX_KINDS; k++) {
		const struct path_tally *pt = &kinds[k];

		if (!pt->count)
			continue;
		if (!to->count || pt->first_ns < to->first_ns) {
			to->first_ns = pt->first_ns;
			to->first_event = pt->first_event;
		}
		if (!to->count || pt->last_ns > to->last_ns) {
			to->last_ns = pt->last_ns;
			to->last_event = pt->last_event;
		}
		if (pt->before && (!to->before || pt->before_ns > to->before_ns))
			to->before_ns = pt->before_ns;
		to->before = pt->before > to->before ? pt->before : to->before;
		to->count = pt->count > to->count ? pt->count : to->count;
		to->since = pt->since > to->since ? pt->since : to->since;
	}
}

static bool count_events(struct path_view *pv)
{
	struct tallies *all = calloc(1, sizeof(*all));
	struct cursor *cur = all ? cursor_open(pv->store) : NULL;
	struct event ev;
	bool good = cur != NULL;

	for (unsigned i = 0; all && i < pv->nr_hops; i++)
		for (unsigned k = 0; k < HOP_MAX_KINDS; k++)
			all->of_kind[pv->hop[i].hop->kinds[k]] = 1;
	while (good && cursor_next(cur, &ev) && ev.t_lo_ns <= pv->judged_ns)
		if (all->of_kind[ev.kind] && is_on_path(pv, &ev))
			tally_event(pv, all, &ev);
	good = good && !cursor_failed(cur);
	cursor_close(cur);
	for (unsigned i = 0; good && i < pv->nr_hops; i++)
		join_tallies(&pv->hop[i].tally, all->by_kind[i]);
	free(all);
	return good;
}

/* ---------------------------------------------------------------------------------------------------- statuses */

enum recorded { RECORDED_NOT, RECORDED_PARTLY, RECORDED_ALL };

/* Best grade of any signal that shows the hop on the irq's machine, from the beginning of its life on. */
static enum recorded hop_recorded(const struct path_view *pv, const struct hop *hop)
{
	struct query *q = query_open(pv->store,
		"SELECT g.kind, g.witness, g.grade = 'complete' FROM signal g JOIN source s ON s.id = g.source"
		" WHERE g.basis <> 'none' AND s.machine = (SELECT machine FROM object WHERE id = :irq)");
	enum recorded best = RECORDED_NOT;

	if (q)
		query_bind_int(q, "irq", pv->irq);
	while (q && query_next(q)) {
		enum recorded grade = query_int(q, 2) ? RECORDED_ALL : RECORDED_PARTLY;

		if (hop_has_kind(hop, event_kind_by_name(query_text(q, 0))) &&
		    witness_by_name(query_text(q, 1)) >= (int)hop->least && grade > best)
			best = grade;
	}
	query_close(q);
	return best;
}

static enum hop_status status_of(const struct path_view *pv, const struct path_hop *ph, bool later)
{
	enum recorded recorded;

	if (ph->tally.count)
		return HOP_REACHED;
	if (ph->gate && ph->gate->known)
		return HOP_REACHED;
	if (ph->hop->phase == HOP_SETUP && later)
		return HOP_IMPLIED;
	recorded = hop_recorded(pv, ph->hop);
	if (recorded == RECORDED_NOT)
		return HOP_NOT_RECORDED;
	return recorded == RECORDED_PARTLY || ph->hop->phase == HOP_SETUP ? HOP_NOT_SEEN : HOP_NOT_REACHED;
}

static void set_statuses(struct path_view *pv)
{
	bool later = false;
	unsigned nr = 0;

	for (unsigned i = pv->nr_hops; i-- > 0;) {
		struct path_hop *ph = &pv->hop[i];

		if (ph->status != HOP_CLOSED)
			ph->status = status_of(pv, ph, later);
		later |= ph->hop->phase == HOP_TRAFFIC && ph->tally.count;
	}
	for (unsigned i = 0; i < pv->nr_hops; i++)
		if (!pv->hop[i].hop->optional || pv->hop[i].tally.count || pv->hop[i].status == HOP_CLOSED)
			pv->hop[nr++] = pv->hop[i];
	pv->nr_hops = nr;
}

const char *hop_status_name(enum hop_status status)
{
	static const char *const names[] = {
		[HOP_REACHED] = "reached", [HOP_IMPLIED] = "implied", [HOP_CLOSED] = "closed",
		[HOP_NOT_SEEN] = "not seen", [HOP_NOT_REACHED] = "not reached", [HOP_NOT_RECORDED] = "not recorded",
	};

	return names[status];
}

const char *path_missing_kind(const struct path_view *pv, const struct hop *hop)
{
	for (unsigned i = 0; i < HOP_MAX_KINDS && hop->kinds[i]; i++)
		for (const uint8_t *kind = event_kinds[hop->kinds[i]].objects; *kind; kind++)
			for (unsigned j = 0; j < pv->nr_members; j++)
				if (pv->member[j].ref.kind == *kind)
					return event_kinds[hop->kinds[i]].name;
	return event_kinds[hop->kinds[0]].name;
}

const char *path_stop_name(enum path_stop stop)
{
	static const char *const names[] = {
		[STOP_NOWHERE] = "nowhere", [STOP_GATE] = "closed", [STOP_OWED] = "owed", [STOP_BETWEEN] = "between",
		[STOP_SILENT] = "silent",
	};

	return names[stop];
}

/* --------------------------------------------------------------------------------------------------- the stop */

static bool is_owed(const struct path_view *pv)
{
	struct query *q;
	bool owed = false;

	for (unsigned i = 0; i < pv->nr_members && !owed; i++) {
		q = query_open(pv->store, "SELECT 1 FROM obligation WHERE object = :object AND ending = 'open'"
					  " AND guard = 'true'");
		if (q)
			query_bind_int(q, "object", pv->member[i].id);
		owed = q && query_next(q);
		query_close(q);
	}
	return owed;
}

static const struct path_hop *hop_of_kind(const struct path_view *pv, enum event_kind kind)
{
	for (unsigned i = 0; i < pv->nr_hops; i++)
		if (hop_has_kind(pv->hop[i].hop, kind) && pv->hop[i].tally.count)
			return &pv->hop[i];
	return NULL;
}

/*
 * Interrupts that came after the last change; one may have been on its way then. An action alone is none where flow
 * handlers are recorded: the kernel's poll timer calls it, too.
 */
static bool traffic_went_on(const struct path_view *pv)
{
	const struct path_hop *ph = hop_of_kind(pv, EV_IRQ_FLOW);

	if (!ph)
		ph = hop_of_kind(pv, EV_IRQ_ENTER);
	return ph && ph->tally.since > 1;
}

/*
 * An interrupt that came as far as one hop after all that the next recorded one ever saw. One that was in its handler
 * when the capture ended is none.
 */
static const struct path_hop *unanswered(const struct path_view *pv, const struct path_hop **next)
{
	const struct path_hop *prev = NULL;

	for (unsigned i = 0; i < pv->nr_hops; i++) {
		const struct path_hop *ph = &pv->hop[i];

		if (ph->hop->phase != HOP_TRAFFIC || ph->hop->aside ||
		    (!ph->tally.count && ph->status != HOP_NOT_REACHED))
			continue;
		if (prev && prev->tally.count && report_span_ns(prev->tally.last_ns, pv->judged_ns) > IN_FLIGHT_NS &&
		    (!ph->tally.count || ph->tally.last_ns < prev->tally.last_ns)) {
			*next = ph;
			return prev;
		}
		prev = ph;
	}
	return NULL;
}

static const struct path_hop *last_reached(const struct path_view *pv)
{
	const struct path_hop *last = NULL;

	for (unsigned i = 0; i < pv->nr_hops; i++)
		if (pv->hop[i].tally.count || pv->hop[i].status == HOP_REACHED)
			last = &pv->hop[i];
	return last;
}

static bool any_traffic(const struct path_view *pv)
{
	for (unsigned i = 0; i < pv->nr_hops; i++)
		if (pv->hop[i].hop->phase == HOP_TRAFFIC && pv->hop[i].tally.count)
			return true;
	return false;
}

static void find_stop(struct path_view *pv)
{
	const struct path_hop *closed = NULL, *between;

	for (unsigned i = 0; i < pv->nr_hops && !closed; i++)
		if (pv->hop[i].status == HOP_CLOSED)
			closed = &pv->hop[i];
	if (closed && traffic_went_on(pv)) {
		pv->went_on = closed;
		closed = NULL;
	}
	between = unanswered(pv, &pv->next_hop);
	pv->stop_hop = closed ? closed : between ? between : last_reached(pv);
	if (closed)
		pv->stop = STOP_GATE;
	else if (is_owed(pv))
		pv->stop = STOP_OWED;
	else if (between)
		pv->stop = STOP_BETWEEN;
	else
		pv->stop = any_traffic(pv) ? STOP_NOWHERE : STOP_SILENT;
}

/* ---------------------------------------------------------------------------------------------------- the whole */

static bool describe(struct path_view *pv)
{
	struct query *q = query_open(pv->store, "SELECT path FROM object WHERE id = :irq");
	bool good = q != NULL;

	if (q)
		query_bind_int(q, "irq", pv->irq);
	if (good && query_next(q))
		copy_column(pv->path, sizeof(pv->path), q, 0);
	good = good && !query_failed(q);
	query_close(q);
	pv->origin_ns = report_origin_ns(pv->store);
	pv->end_ns = report_end_ns(pv->store);
	pv->judged_ns = query_software_end_ns(pv->store);
	if (pv->judged_ns > pv->end_ns)
		pv->judged_ns = pv->end_ns;
	object_describe(pv->store, pv->object, NO_TIME, pv->described, sizeof(pv->described));
	return good;
}

struct path_view *path_view_new(struct store *st, int64_t object, int64_t irq, int64_t since_ns)
{
	struct path_view *pv = calloc(1, sizeof(*pv));
	const struct path_hop *closed;

	if (!pv)
		return NULL;
	pv->store = st;
	pv->object = object;
	pv->irq = irq;
	if (!describe(pv) || !find_members(pv) || !find_states(pv)) {
		path_view_free(pv);
		return NULL;
	}
	start_hops(pv);
	closed = find_gates(pv);
	if (closed)	/* closed from before the capture: everything came later */
		pv->change_ns = closed->gate->since_ns != NO_TIME ? closed->gate->since_ns : INT64_MIN + 1;
	if (since_ns != NO_TIME)
		pv->change_ns = since_ns;
	if (!count_events(pv)) {
		path_view_free(pv);
		return NULL;
	}
	set_statuses(pv);
	find_stop(pv);
	return pv;
}

void path_view_free(struct path_view *pv)
{
	free(pv);
}

/* ----------------------------------------------------------------------------------------------------- records */

static void name_actor(struct path_record *rec, const struct query *q)
{
	const char *via = query_text(q, 3), *comm = query_text(q, 4);
	char task[64] = "";

	if (comm && *comm)
		snprintf(task, sizeof(task), " (%s-%" PRId64 ")", comm, query_int(q, 5));
	snprintf(rec->by, sizeof(rec->by), "%s%s", via && *via ? via : query_text(q, 6), task);
}

static const char *string_of(void *ctx, uint32_t source, str_id id)
{
	return store_get_string(ctx, source, id);
}

/* As recorded; a line end at its end is not the record's. */
static void get_text(struct store *st, const struct record_texts *texts, int64_t event, uint64_t offset,
		     const char *kept, struct path_record *rec)
{
	struct event ev;

	if (kept)
		snprintf(rec->text, sizeof(rec->text), "%s", kept);
	else if (!texts || !texts->get(texts->ctx, rec->source, offset, rec->text, sizeof(rec->text)))
		rec->text[0] = 0;
	rec->text[strcspn(rec->text, "\n")] = 0;
	if (!rec->text[0] && cursor_seek(st, event, &ev))
		event_text_print(rec->text, sizeof(rec->text), &ev, string_of, st);
}

static const char record_sql[] =
	"SELECT e.source, e.ordinal, e.offset, e.via, e.comm, e.pid, e.kind, t.text, (SELECT count(*) FROM source)"
	" FROM event e LEFT JOIN event_text t ON t.event = e.id WHERE e.id = :event";

bool path_record(struct store *st, const struct record_texts *texts, int64_t event, struct path_record *rec)
{
	struct query *q = event ? query_open(st, record_sql) : NULL;
	bool found = false;

	*rec = (struct path_record){ .ordinal = 0 };
	if (q)
		query_bind_int(q, "event", event);
	if (q && query_next(q)) {
		found = true;
		rec->source = query_int(q, 0);
		rec->ordinal = query_int(q, 1);
		if (query_int(q, 8) > 1)
			snprintf(rec->place, sizeof(rec->place), "%" PRIu32 "#%" PRIu64, rec->source, rec->ordinal);
		else
			snprintf(rec->place, sizeof(rec->place), "#%" PRIu64, rec->ordinal);
		name_actor(rec, q);
		get_text(st, texts, event, query_int(q, 2), query_text(q, 7), rec);
	}
	query_close(q);
	return found;
}
