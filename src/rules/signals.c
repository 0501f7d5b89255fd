/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/signals.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "rules/db.h"

struct signal {
	char *machine;		/* owned, as is guest */
	char *guest;		/* another machine that its events are about; NULL: none */
	struct rule_signal shows;
	int64_t from_ns, to_ns;	/* INT64_MIN: from the beginning; INT64_MAX: to the end */
};

struct signal_set {
	struct signal *signal;
	size_t nr, room;
	int64_t first_ns, last_ns;
};

static const char signals_sql[] =
	"SELECT s.machine, g.kind, g.witness, g.basis = 'declared', g.from_ns, g.to_ns, g.machine"
	"  FROM signal g JOIN source s ON s.id = g.source"
	" WHERE g.basis = 'declared' OR g.basis = 'seen' AND g.from_ns IS NOT NULL";

static const char bounds_sql[] =
	"SELECT min(first_ns), max(last_ns) FROM clock";

static bool add_signal(struct signal_set *set, sqlite3_stmt *stmt)
{
	const char *machine = db_column_text(stmt, 0), *kind = db_column_text(stmt, 1),
		   *witness = db_column_text(stmt, 2), *guest = db_column_text(stmt, 6);
	struct signal *sig;

	if (set->nr == set->room) {
		size_t room = set->room ? 2 * set->room : 64;

		sig = realloc(set->signal, room * sizeof(*sig));
		if (!sig)
			return false;
		set->signal = sig;
		set->room = room;
	}
	sig = &set->signal[set->nr];
	*sig = (struct signal){ .from_ns = INT64_MIN, .to_ns = INT64_MAX };
	sig->shows.kind = kind ? event_kind_by_name(kind) : EV_NONE;
	sig->shows.witness = witness ? witness_by_name(witness) : -1;
	if (sig->shows.kind == EV_NONE || sig->shows.witness < 0 || !machine)
		return true;
	if (!sqlite3_column_int(stmt, 3))
		sig->from_ns = sqlite3_column_int64(stmt, 4);
	if (sqlite3_column_type(stmt, 5) != SQLITE_NULL)
		sig->to_ns = sqlite3_column_int64(stmt, 5);
	sig->machine = strdup(machine);
	sig->guest = guest ? strdup(guest) : NULL;
	set->nr++;
	return sig->machine && (sig->guest || !guest);
}

static bool load_bounds(struct signal_set *set, struct sqlite3 *db, struct diag_sink *diag)
{
	sqlite3_stmt *stmt = db_prepare(db, bounds_sql, diag);
	bool good = stmt && sqlite3_step(stmt) == SQLITE_ROW;

	if (good) {
		set->first_ns = db_column_time(stmt, 0);
		set->last_ns = db_column_time(stmt, 1);
	}
	sqlite3_finalize(stmt);
	return good;
}

struct signal_set *signal_set_load(struct sqlite3 *db, struct diag_sink *diag)
{
	struct signal_set *set = calloc(1, sizeof(*set));
	sqlite3_stmt *stmt = db_prepare(db, signals_sql, diag);
	bool good = set && stmt && load_bounds(set, db, diag);

	while (good && sqlite3_step(stmt) == SQLITE_ROW)
		good = add_signal(set, stmt);
	sqlite3_finalize(stmt);
	if (good)
		return set;
	diag_report(diag, DIAG_STORE_FAILED, (struct diag_pos){ 0 }, "the signals cannot be read");
	signal_set_free(set);
	return NULL;
}

void signal_set_free(struct signal_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->nr; i++) {
		free(set->signal[i].machine);
		free(set->signal[i].guest);
	}
	free(set->signal);
	free(set);
}

int64_t signal_set_first_ns(const struct signal_set *set)
{
	return set->first_ns;
}

int64_t signal_set_last_ns(const struct signal_set *set)
{
	return set->last_ns;
}

static bool shows_any(const struct signal *sig, const struct rule_clause *clause)
{
	for (unsigned i = 0; i < clause->nr; i++)
		if (clause->any[i].kind == sig->shows.kind && clause->any[i].witness <= sig->shows.witness)
			return true;
	return false;
}

/* To whom a line of Xen's was given, or refused: dom0's kernel and toolstack say so. */
static bool is_of_assignment(enum event_kind kind)
{
	return kind == EV_PCI_ASSIGN || kind == EV_TOOLSTACK_ERROR;
}

/*
 * What a domain's kernel records of its pirqs and event channels is of Xen's objects, as is what it records of the irqs that
 * they feed, and what dom0 says of assignments; what it writes to controllers is not.
 */
static bool is_of_xen(const struct signal *sig)
{
	const struct event_kind_info *kind = &event_kinds[sig->shows.kind];
	uint16_t machine;

	if (!machine_parse(sig->machine, &machine))
		return false;
	if (is_of_assignment(sig->shows.kind))
		return machine == MACHINE_DOM0;
	if (kind->layer != LAYER_HYPERVISOR && (kind->objects[0] != OBJ_IRQ || kind->objects[1]))
		return false;
	return machine == MACHINE_DOM0 || machine > MACHINE_DOMAIN;
}

static bool is_of(const struct signal *sig, const char *machine)
{
	if (!machine || !strcmp(machine, sig->guest ? sig->guest : sig->machine))
		return true;
	return !sig->guest && !strcmp(machine, "xen") && is_of_xen(sig);
}

bool signal_clause_met(const struct signal_set *set, const struct rule_clause *clause, const char *machine,
		       int64_t start_ns)
{
	if (start_ns == NO_TIME)
		start_ns = set->first_ns;
	for (size_t i = 0; i < set->nr; i++) {
		const struct signal *sig = &set->signal[i];

		if (sig->from_ns <= start_ns && sig->to_ns >= start_ns &&
		    is_of(sig, machine) && shows_any(sig, clause))
			return true;
	}
	return false;
}

bool signal_clause_met_ever(const struct signal_set *set, const struct rule_clause *clause)
{
	for (size_t i = 0; i < set->nr; i++)
		if (shows_any(&set->signal[i], clause))
			return true;
	return false;
}
