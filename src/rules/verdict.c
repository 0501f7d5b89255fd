/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts. A rule's SQL says for each instance whether it passed, failed or cannot be told, and why; what is the same
 * for all rules is done here:
 *
 * Scope. A row counts where the path of its object's interrupts, else its machine's only path, is among the rule's.
 * Where no record tells the path and the rule does not hold for every path, the row is inconclusive (no-signal): the
 * records that would tell it are missing.
 *
 * Requires. Each clause must be met from the row's start on, on its machine. Where one is not, pass and inconclusive
 * become inconclusive (no-signal), with all signals of the unmet clauses as missing. A fail that names its cause rests
 * on a record that is there: nothing that is missing elsewhere softens it. A fail without a cause rests on what was not
 * seen, and becomes inconclusive. A rule that fails by absence although it can name a cause must ask table signal
 * itself.
 *
 * Order. What made an object's state comes from its source's records; where these are of sources whose clocks nothing relates,
 * which came first is not known: a fail becomes inconclusive (order), unless it rests on a dump.
 *
 * No rows. Where a clause is met by no source at any time, the rule as a whole is inconclusive (object null), rather
 * than silent: what it looks for could not have been seen.
 */
#include <sqlite3.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "rules/db.h"
#include "rules/judge.h"
#include "rules/rules.h"
#include "rules/sandbox.h"
#include "rules/settle.h"
#include "rules/signals.h"
#include "store/query.h"
#include "store/sql.h"

enum {
	ALL_PATHS = (1 << NR_PATHS) - 1 - (1 << PATH_UNKNOWN),
	XEN_PATHS = 1 << PATH_DOM0_PV | 1 << PATH_DOM0_PVH | 1 << PATH_HVM_PIRQ | 1 << PATH_HVM_PASSTHROUGH,
};

struct run {
	struct store *st;
	struct sqlite3 *db;
	const struct rules *rules;
	const struct rules_options *opt;
	struct diag_sink *diag;
	struct signal_set *signals;
	struct findings *findings;
	sqlite3_stmt *object, *paths, *verdict;
	sqlite3_stmt *islands;	/* clocks behind an object's state; NULL: all are related */
	bool rule_failed;	/* a rule had to be stopped */
};

/* What is left open, and what would settle it. */
struct open_end {
	enum reason reason;
	struct rule_signal missing[ROW_MAX_MISSING];
	unsigned nr_missing;
	char settle[SETTLE_TEXT_MAX];
};

static const char settle_path[] =
	"give --path PATH, or record from before the driver's probe on: nothing recorded tells the path of these "
	"interrupts";

/* ------------------------------------------------------------------------------------------ scope */

/* The one path that the paths table knows of a machine (NULL: of all), PATH_UNKNOWN where there are none or several. */
static enum path only_path(struct run *run, const char *machine)
{
	enum path path = PATH_UNKNOWN;
	unsigned nr = 0;

	db_bind_text(run->paths, ":machine", machine);
	while (sqlite3_step(run->paths) == SQLITE_ROW) {
		const char *name = db_column_text(run->paths, 0);
		int found = name ? path_by_name(name) : -1;

		if (found > PATH_UNKNOWN && (!nr++ || found == (int)path))
			path = found;
		else if (found > PATH_UNKNOWN)
			nr = 2;
	}
	sqlite3_reset(run->paths);
	sqlite3_clear_bindings(run->paths);
	return nr == 1 ? path : PATH_UNKNOWN;
}

/* Objects that only Xen has are on a path of Xen's, whichever, and all of its machine. So is a GSI that a rule of Xen's is about. */
static uint32_t paths_of_kind(const char *kind, const char *machine)
{
	static const enum object_kind xen[] = { OBJ_XIRQ, OBJ_PIRQ, OBJ_PORT, OBJ_VPIN, OBJ_DPCI, OBJ_PEOI, OBJ_GSI };

	for (unsigned i = 0; kind && i < sizeof(xen) / sizeof(xen[0]); i++)
		if (!strcmp(kind, object_kind_name(xen[i])))
			return XEN_PATHS;
	if (machine && !strcmp(machine, "xen"))
		return XEN_PATHS;
	return ALL_PATHS;
}

/* Fills the subject; its texts are borrowed until the next call. False where there is no such object. */
static bool find_subject(struct run *run, int64_t object, struct subject *sub)
{
	const char *name;
	int path;

	*sub = (struct subject){ .object = object, .anchor = "capture", .possible = ALL_PATHS };
	sqlite3_reset(run->object);
	if (object) {
		db_bind_int(run->object, ":object", object);
		if (sqlite3_step(run->object) != SQLITE_ROW)
			return false;
		sub->machine = db_column_text(run->object, 0);
		sub->anchor = db_column_text(run->object, 1);
		sub->possible = paths_of_kind(db_column_text(run->object, 3), sub->machine);
		name = db_column_text(run->object, 2);
		path = name ? path_by_name(name) : -1;
		sub->path = path > PATH_UNKNOWN ? path : PATH_UNKNOWN;
	}
	if (run->opt->forced_path > PATH_UNKNOWN)
		sub->path = run->opt->forced_path;
	else if (sub->path == PATH_UNKNOWN)
		sub->path = only_path(run, sub->machine);
	return true;
}

static void settle_missing(struct open_end *open)
{
	if (!open->settle[0] && open->nr_missing)
		settle_any(open->settle, sizeof(open->settle), open->missing, open->nr_missing);
}

static void add_missing(struct open_end *open, const struct rule_signal *sig, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++) {
		bool known = false;

		for (unsigned k = 0; k < open->nr_missing; k++)
			known |= open->missing[k].kind == sig[i].kind && open->missing[k].witness == sig[i].witness;
		if (!known && open->nr_missing < ROW_MAX_MISSING)
			open->missing[open->nr_missing++] = sig[i];
	}
}

/* ------------------------------------------------------------------------------------------ one row */

static bool names_cause(const struct row *row)
{
	for (unsigned i = 0; i < row->nr_evidence; i++)
		if (row->evidence[i].role == ROLE_CAUSE)
			return true;
	return false;
}

/* The clauses that were not met when the row's instance began, as missing. False where all were. */
static bool find_unmet(struct run *run, const struct rule *rule, const char *machine, int64_t start_ns,
		       struct open_end *open)
{
	bool unmet = false;

	for (unsigned i = 0; i < rule->nr_requires; i++) {
		const struct rule_clause *clause = &rule->requires[i];

		if (signal_clause_met(run->signals, clause, machine, start_ns))
			continue;
		unmet = true;
		add_missing(open, clause->any, clause->nr);
	}
	return unmet;
}

static const char settle_order[] =
	"give the captures one clock, or what relates their clocks: irqpath rules explain clock-unsafe tells how";

/* Of objects that are near one another: feeding or fed, on one machine; many have one CPU, which makes none near to another. */
#define NEAR(mine, other) \
	" UNION SELECT l." other " FROM link l JOIN object i ON i.id = l." other " JOIN object x ON x.id = l." mine \
	" WHERE l." mine " = :object AND x.machine = i.machine AND i.kind NOT IN ('vector', 'apic', 'cpu', 'vcpu', 'peoi')"

static const char islands_sql[] =
	"SELECT count(DISTINCT CASE WHEN c.method = 'assumed' THEN c.source ELSE 0 END) FROM"
	" (SELECT event >> 43 AS source FROM step WHERE object IN (SELECT :object" NEAR("feeder", "fed") NEAR("fed", "feeder") ")"
	"  UNION SELECT value >> 43 FROM json_each(:events)"
	/* what a CPU gets, and from whom, any source of its machine may tell */
	"  UNION SELECT u.id FROM source u JOIN object p ON p.machine = u.machine WHERE p.id = :object AND p.kind = 'cpu'"
	" ) x"
	" JOIN clock c ON c.source = x.source JOIN source s ON s.id = x.source AND s.timeless IS NOT 1"
	"  AND s.kind IS NOT 'kernel log'"
	" WHERE EXISTS (SELECT 1 FROM source WHERE id = :event >> 43 AND timeless IS NOT 1)";

/* Events that the row rests on, as JSON; what came of the fault is none. */
static void list_events(const struct row *row, char *buf, size_t size)
{
	enum { MAX_LISTED = 32 };
	size_t len = (size_t)snprintf(buf, size, "[%" PRId64, row->first_event);

	for (unsigned i = 0; i < row->nr_evidence && i < MAX_LISTED; i++)
		if (row->evidence[i].role != ROLE_HARM && row->evidence[i].role != ROLE_CONSEQUENCE)
			len += (size_t)snprintf(buf + len, size - len, ",%" PRId64, row->evidence[i].event);
	snprintf(buf + len, size - len, "]");
}

/*
 * Are clocks behind its state, that of what it feeds or is fed by on its machine, and the evidence, that nothing relates? A dump
 * shows the state itself, whatever led to it; a kernel's log only says what became of it.
 */
static bool order_is_open(struct run *run, int64_t object, const struct row *row)
{
	char events[1024];
	bool several;

	if (!run->islands || !object)
		return false;
	list_events(row, events, sizeof(events));
	db_bind_int(run->islands, ":object", object);
	db_bind_int(run->islands, ":event", row->first_event);
	sqlite3_bind_text(run->islands, sqlite3_bind_parameter_index(run->islands, ":events"), events, -1, SQLITE_TRANSIENT);
	several = sqlite3_step(run->islands) == SQLITE_ROW && sqlite3_column_int64(run->islands, 0) > 1;
	sqlite3_reset(run->islands);
	return several;
}

/*
 * Applies scope and requires. open is filled where the row is inconclusive in the end; of a fail it has what the rule
 * itself says to be missing.
 */
static void judge_row(struct run *run, const struct rule *rule, const struct subject *sub, struct row *row,
		      struct open_end *open)
{
	bool path_open = sub->path == PATH_UNKNOWN && sub->possible & ~rule->paths;

	*open = (struct open_end){ .reason = row->reason };
	add_missing(open, row->missing, row->nr_missing);
	if (find_unmet(run, rule, sub->machine, row->start_ns, open) &&
	    (row->verdict != VERDICT_FAIL || !names_cause(row))) {
		row->verdict = VERDICT_INCONCLUSIVE;
		open->reason = REASON_NO_SIGNAL;
	}
	if (path_open) {
		row->verdict = VERDICT_INCONCLUSIVE;
		open->reason = REASON_NO_SIGNAL;
		add_missing(open, &(struct rule_signal){ EV_IRQ_STARTUP, -1 }, 1);
		snprintf(open->settle, sizeof(open->settle), "%s", settle_path);
	}
	if (row->verdict == VERDICT_FAIL && order_is_open(run, sub->object, row)) {
		row->verdict = VERDICT_INCONCLUSIVE;
		open->reason = REASON_ORDER;
	}
	if (run->islands && open->reason == REASON_ORDER)
		snprintf(open->settle, sizeof(open->settle), "%s", settle_order);
	row->reason = open->reason;
	if (row->verdict == VERDICT_INCONCLUSIVE)
		return;
	*open = (struct open_end){ 0 };
	if (row->verdict == VERDICT_FAIL)
		add_missing(open, row->missing, row->nr_missing);
}

static bool in_scope(const struct rule *rule, const struct subject *sub)
{
	return sub->path == PATH_UNKNOWN || rule->paths & 1u << sub->path;
}

/* ------------------------------------------------------------------------------------------ one object */

/* JSON array of the missing signals into buf. Their names need no escapes. */
static const char *missing_json(char *buf, size_t len, const struct open_end *open)
{
	char name[RULE_SIGNAL_MAX];
	size_t at = 0;

	if (!open->nr_missing)
		return NULL;
	for (unsigned i = 0; i < open->nr_missing && at < len; i++)
		at += (size_t)snprintf(buf + at, len - at, "%s\"%s\"", i ? "," : "[",
				       rule_signal_print(name, sizeof(name), open->missing[i]));
	if (at < len)
		snprintf(buf + at, len - at, "]");
	return buf;
}

static bool write_verdict(struct run *run, const struct rule *rule, const struct row *row, const struct open_end *open,
			  size_t instances)
{
	char missing[ROW_MAX_MISSING * (RULE_SIGNAL_MAX + 3) + 2];

	db_bind_text(run->verdict, ":rule", rule->id);
	db_bind_id(run->verdict, ":object", row->object);
	db_bind_text(run->verdict, ":verdict", verdict_names[row->verdict]);
	db_bind_text(run->verdict, ":reason", reason_names[row->reason]);
	db_bind_id(run->verdict, ":first_event", row->first_event);
	db_bind_id(run->verdict, ":last_event", row->last_event);
	db_bind_time(run->verdict, ":start_ns", row->start_ns);
	db_bind_time(run->verdict, ":end_ns", row->end_ns);
	db_bind_int(run->verdict, ":instances", (int64_t)instances);
	db_bind_text(run->verdict, ":missing", missing_json(missing, sizeof(missing), open));
	db_bind_text(run->verdict, ":settle", open->settle[0] ? open->settle : NULL);
	return db_run(run->verdict, run->diag);
}

/*
 * The row that speaks for the object: the first fail; else the current instance where it is open; else the last pass.
 */
static struct row *speaker(struct row *row, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (row[i].verdict == VERDICT_FAIL)
			return &row[i];
	if (row[nr - 1].verdict == VERDICT_INCONCLUSIVE)
		return &row[nr - 1];
	for (size_t i = nr; i > 0; i--)
		if (row[i - 1].verdict == VERDICT_PASS)
			return &row[i - 1];
	return &row[nr - 1];
}

static bool judge_object(struct run *run, const struct rule *rule, const struct subject *sub, struct row *row,
			 size_t nr)
{
	struct open_end open;
	struct row *speaks;

	for (size_t i = 0; i < nr; i++)
		judge_row(run, rule, sub, &row[i], &open);
	speaks = speaker(row, nr);
	judge_row(run, rule, sub, speaks, &open);	/* judged twice, a row stays what it is */
	settle_missing(&open);
	if (!findings_add(run->findings, rule, sub, row, nr)) {
		diag_report(run->diag, DIAG_STORE_FAILED, (struct diag_pos){ 0 }, "out of memory");
		return false;
	}
	return write_verdict(run, rule, speaks, &open, nr);
}

/* ------------------------------------------------------------------------------------------ one rule */

static bool judge_absent(struct run *run, const struct rule *rule)
{
	struct row row = {
		.verdict = VERDICT_INCONCLUSIVE, .reason = REASON_NO_SIGNAL, .start_ns = NO_TIME, .end_ns = NO_TIME,
	};
	struct open_end open = { .reason = REASON_NO_SIGNAL };

	for (unsigned i = 0; i < rule->nr_requires; i++)
		if (!signal_clause_met_ever(run->signals, &rule->requires[i]))
			add_missing(&open, rule->requires[i].any, rule->requires[i].nr);
	if (!open.nr_missing)
		return true;
	settle_missing(&open);
	return write_verdict(run, rule, &row, &open, 0);
}

/* Before any verdict of the rule is written: a rule that names what is not there is dropped as a whole. */
static bool objects_exist(struct run *run, const struct rule *rule, const struct rows *rows)
{
	struct subject sub;

	for (size_t i = 0; i < rows->nr; i++) {
		if ((i && rows->row[i].object == rows->row[i - 1].object) ||
		    find_subject(run, rows->row[i].object, &sub))
			continue;
		diag_report(run->diag, DIAG_RULE_FAILED, (struct diag_pos){ .path = rule->path },
			    "there is no object %lld", (long long)rows->row[i].object);
		return false;
	}
	return true;
}

static bool judge_rows(struct run *run, const struct rule *rule, struct rows *rows)
{
	size_t judged = 0, next;
	struct subject sub;

	for (size_t i = 0; i < rows->nr; i = next) {
		for (next = i + 1; next < rows->nr && rows->row[next].object == rows->row[i].object; next++)
			;
		if (!find_subject(run, rows->row[i].object, &sub) || !in_scope(rule, &sub))
			continue;
		judged++;
		if (!judge_object(run, rule, &sub, &rows->row[i], next - i))
			return false;
	}
	return judged || judge_absent(run, rule);
}

/* The machines' paths are all known, and none is the rule's. */
static bool rule_applies(struct run *run, const struct rule *rule)
{
	struct subject capture;

	return find_subject(run, 0, &capture) && in_scope(rule, &capture);
}

/* False where the database failed; a rule that was stopped is noted. */
static bool judge_rule(struct run *run, const struct rule *rule)
{
	struct rows rows;
	bool good;

	if (!rule_applies(run, rule))
		return true;
	good = rows_collect(&rows, run->db, rule, run->diag) && objects_exist(run, rule, &rows);
	run->rule_failed |= !good;
	good = !good || judge_rows(run, rule, &rows);
	rows_clear(&rows);
	return good;
}

/* ------------------------------------------------------------------------------------------ the run */

static bool is_wanted(const struct rules_options *opt, const char *id)
{
	for (unsigned i = 0; i < opt->nr_only; i++)
		if (!strcmp(opt->only[i], id))
			return true;
	return !opt->nr_only;
}

static bool ids_known(const struct rules *rules, const char *option, const char *const *ids, unsigned nr,
		      struct diag_sink *diag)
{
	bool good = true;

	for (unsigned i = 0; i < nr; i++) {
		if (rules_find(rules, ids[i]))
			continue;
		diag_report(diag, DIAG_USAGE, (struct diag_pos){ 0 }, "%s %s: there is no such rule; 'irqpath rules list' tells them",
			    option, ids[i]);
		good = false;
	}
	return good;
}

static void print_paths(char *buf, size_t len, uint32_t paths)
{
	size_t at = 0;

	buf[0] = 0;
	for (int i = 0; i < NR_PATHS && at < len; i++)
		if (paths & 1u << i)
			at += (size_t)snprintf(buf + at, len - at, "%s%s", at ? " " : "", path_name(i));
}

static bool write_clauses(const struct rule *rule, sqlite3_stmt *stmt, struct diag_sink *diag)
{
	for (unsigned c = 0; c < rule->nr_requires; c++) {
		for (unsigned i = 0; i < rule->requires[c].nr; i++) {
			struct rule_signal sig = rule->requires[c].any[i];

			db_bind_text(stmt, ":rule", rule->id);
			db_bind_int(stmt, ":clause", c + 1);
			db_bind_text(stmt, ":kind", event_kinds[sig.kind].name);
			db_bind_text(stmt, ":witness", sig.witness < 0 ? NULL : witness_name(sig.witness));
			if (!db_run(stmt, diag))
				return false;
		}
	}
	return true;
}

static bool write_rule(const struct rule *rule, sqlite3_stmt *stmt, struct diag_sink *diag)
{
	char paths[256];

	print_paths(paths, sizeof(paths), rule->paths);
	db_bind_text(stmt, ":id", rule->id);
	db_bind_int(stmt, ":rev", rule->rev);
	db_bind_text(stmt, ":severity", severity_name(rule->severity));
	db_bind_text(stmt, ":status", rule_status_name(rule->status));
	db_bind_text(stmt, ":title", rule->title);
	db_bind_text(stmt, ":why", rule->why);
	db_bind_text(stmt, ":mend", rule_word(&rule->mend, NULL));
	db_bind_text(stmt, ":refs", rule->refs);
	db_bind_int(stmt, ":hygiene", rule->group == RULE_GROUP_HYGIENE);
	db_bind_text(stmt, ":paths", paths);
	return db_run(stmt, diag);
}

/* Before any rule runs: rules may read these tables. */
static bool write_rules(struct run *run)
{
	sqlite3_stmt *rule = db_prepare(run->db,
		"INSERT INTO rule (id, rev, severity, status, title, why, mend, refs, hygiene, paths)"
		" VALUES (:id, :rev, :severity, :status, :title, :why, :mend, :refs, :hygiene, :paths)", run->diag);
	sqlite3_stmt *clause = db_prepare(run->db,
		"INSERT INTO rule_requires (rule, clause, kind, witness) VALUES (:rule, :clause, :kind, "
		":witness)", run->diag);
	bool good = rule && clause;

	for (unsigned i = 0; i < rules_count(run->rules) && good; i++)
		good = write_rule(rules_get(run->rules, i), rule, run->diag) &&
		       write_clauses(rules_get(run->rules, i), clause, run->diag);
	sqlite3_finalize(rule);
	sqlite3_finalize(clause);
	return good;
}

/* The usual capture has one source, or sources that are all related: nothing is asked then. */
static bool open_islands(struct run *run)
{
	static const char unrelated[] = "SELECT count(*) > 1 AND sum(c.method = 'assumed') FROM source s JOIN clock c ON c.source = s.id"
					" WHERE s.timeless IS NOT 1 AND s.first_ns IS NOT NULL";

	if (query_one_int(run->st, unrelated, 0) < 1)
		return true;
	run->islands = db_prepare(run->db, islands_sql, run->diag);
	return run->islands;
}

static bool run_open(struct run *run)
{
	if (!db_exec(run->db, "DELETE FROM finding_event; DELETE FROM finding; DELETE FROM verdict;"
			      " DELETE FROM rule_requires; DELETE FROM rule", run->diag))
		return false;
	run->findings = findings_new();
	run->signals = signal_set_load(run->db, run->diag);
	run->object = db_prepare(run->db, "SELECT machine, anchor, path, kind FROM object WHERE id = :object", run->diag);
	run->paths =
		db_prepare(run->db, "SELECT path FROM path WHERE :machine IS NULL OR machine = :machine", run->diag);
	run->verdict = db_prepare(run->db,
		"INSERT INTO verdict (rule, object, verdict, reason, first_event, last_event, start_ns, end_ns, "
		"instances,"
		" missing, settle) VALUES (:rule, :object, :verdict, :reason, :first_event, :last_event, :start_ns,"
		" :end_ns,"
		" :instances, :missing, :settle)", run->diag);
	return run->findings && run->signals && run->object && run->paths && run->verdict && open_islands(run) && write_rules(run);
}

static bool run_all(struct run *run)
{
	for (unsigned i = 0; i < rules_count(run->rules); i++) {
		const struct rule *rule = rules_get(run->rules, i);

		if (is_wanted(run->opt, rule->id) && !judge_rule(run, rule))
			return false;
	}
	return findings_write(run->findings, run->st, signal_set_last_ns(run->signals), run->diag);
}

static void run_close(struct run *run)
{
	sqlite3_finalize(run->object);
	sqlite3_finalize(run->paths);
	sqlite3_finalize(run->verdict);
	sqlite3_finalize(run->islands);
	signal_set_free(run->signals);
	findings_free(run->findings);
}

enum status rules_run(const struct rules *rules, struct store *st, const struct rules_options *opt,
		      struct diag_sink *diag)
{
	struct run run = { .st = st, .db = store_connection(st), .rules = rules, .opt = opt, .diag = diag };
	bool good;

	good = ids_known(rules, "--rule", opt->only, opt->nr_only, diag);
	good = ids_known(rules, "--require", opt->require, opt->nr_require, diag) && good;
	if (!good)
		return STATUS_USAGE;
	good = run_open(&run) && run_all(&run);
	run_close(&run);
	if (!good)
		return STATUS_INCOMPLETE;
	return run.rule_failed ? STATUS_USAGE : rules_status(st, opt);
}

/* ------------------------------------------------------------------------------------------ afterwards */

/* One integer from a statement with at most the text parameter :text, 0 where it fails. */
static int64_t count(struct store *st, const char *sql, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	int64_t nr = 0;

	if (sqlite3_prepare_v2(store_connection(st), sql, -1, &stmt, NULL) != SQLITE_OK)
		return 0;
	if (text)
		db_bind_text(stmt, ":text", text);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		nr = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return nr;
}

/* A required rule must have judged something, and left nothing open. */
static bool has_judged(struct store *st, const char *rule)
{
	return count(st, "SELECT count(*) FROM verdict WHERE rule = :text AND verdict IN ('pass', 'fail')", rule) &&
	       !count(st, "SELECT count(*) FROM verdict WHERE rule = :text AND verdict = 'inconclusive'", rule);
}

enum status rules_status(struct store *st, const struct rules_options *opt)
{
	static const char judged_sql[] =
		"SELECT count(*) FROM verdict v JOIN rule r ON r.id = v.rule"
		" WHERE NOT r.hygiene AND v.object IS NOT NULL AND v.verdict IN ('pass', 'fail')";

	for (int i = opt->fail_on; i < NR_SEVERITIES; i++)
		if (count(st, "SELECT count(*) FROM finding WHERE severity = :text", severity_name(i)))
			return STATUS_FINDINGS;
	for (unsigned i = 0; i < opt->nr_require; i++)
		if (!has_judged(st, opt->require[i]))
			return STATUS_NOT_JUDGED;
	return count(st, judged_sql, NULL) ? STATUS_CLEAN : STATUS_NOT_JUDGED;
}

bool rules_update_texts(struct store *st, struct diag_sink *diag)
{
	return db_exec(
		store_connection(st),
		"UPDATE finding_event SET text = (SELECT t.text FROM event_text t WHERE t.event = finding_event.event)"
		" WHERE EXISTS (SELECT 1 FROM event_text t WHERE t.event = finding_event.event)",
		diag);
}
