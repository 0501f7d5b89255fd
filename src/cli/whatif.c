/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/whatif.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/capture.h"
#include "core/progress.h"
#include "model/model.h"
#include "model/unit.h"
#include "model/whatif.h"
#include "store/query.h"
#include "store/store.h"
#include "store/what_if.h"

enum { MAX_FINDINGS = 64, MAX_LINKS = 4096, ID_LEN = 24, TEXT_LEN = 256 };

/* A finding, and what was tried against it. */
struct trial {
	struct capture *cap;
	const struct whatif_link *link;	/* borrowed */
	unsigned nr_links;
	char id[ID_LEN], fingerprint[ID_LEN], object[TEXT_LEN], rule[TEXT_LEN];
	struct quirks recorded, inferred, seen;
	uint64_t quirks;		/* of its path */
	int64_t end_ns;			/* of the finding */
	uint64_t matter;		/* of these, those that changed something */
	bool fixed;
};

/* ------------------------------------------------------------------------------------------------------ as recorded */

#define DOM0_WROTE "SELECT EXISTS (SELECT 1 FROM finding WHERE signature = 'masked-by-dom0')"
#define GUEST_WROTE "SELECT EXISTS (SELECT 1 FROM finding WHERE rule = 'msix-masked-after-bind')"

/* What in a capture shows that a quirk was on or off, whatever the release says. */
static const struct {
	enum quirk quirk;
	bool on;
	const char *sql;
} shown_by[] = {
	{ QUIRK_ENABLE_RESENDS_EDGE, false,
	  "SELECT EXISTS (SELECT 1 FROM obligation WHERE kind = 'edge-resend' AND ending = 'open' AND opportunities > 0)" },
	/* the vector was rewritten while remote IRR was set */
	{ QUIRK_IOAPIC_DELAYED_MOVE, false, "SELECT EXISTS (SELECT 1 FROM obligation o JOIN event e ON e.id = o.trigger_event"
	  " WHERE o.kind = 'irr-clear' AND e.kind = 'ioapic.eoi')" },
	{ QUIRK_QEMU_ROUTE_BEFORE_SERVICE, false,
	  "SELECT EXISTS (SELECT 1 FROM obligation WHERE kind = 'kroute-update' AND first_missed_event IS NOT NULL)" },
	{ QUIRK_PVH_SETUP_GSI, false,
	  "SELECT EXISTS (SELECT 1 FROM obligation b JOIN object o ON o.id = b.object WHERE b.kind = 'gsi-register'"
	  " AND b.guard = 'true' AND b.ending = 'open' AND o.path = 'dom0-pvh')" },
	{ QUIRK_KVM_EOI_SCAN_PENDING, false,
	  "SELECT EXISTS (SELECT 1 FROM obligation WHERE kind = 'eoi-exit' AND opportunities > 0 AND ending IN ('open', 'excused'))" },
	/* an EOI was put off although the message could be masked; and for longer than any timer */
	{ QUIRK_XEN_MASK_MSI_ON_ACK, false,
	  "SELECT EXISTS (SELECT 1 FROM snapshot_check a JOIN snapshot_check b ON b.object = a.object WHERE a.component = 'xen_irq'"
	  " AND a.field = 'ack_type' AND a.seen = 'eoi' AND b.component = 'xen_msi' AND b.field = 'maskable' AND b.seen = 'yes')" },
	{ QUIRK_XEN_EOI_TIMEOUT, false,
	  "SELECT EXISTS (SELECT 1 FROM obligation WHERE kind = 'eoi-stack' AND guard = 'true' AND opportunities > 0"
	  " AND owed_ns > 200000000)" },
	/* dom0's own function wrote the bit of an entry that nobody wants masked, and a dump shows that it got through */
	{ QUIRK_XEN_MSI_MASK_NOP, false, DOM0_WROTE },
	{ QUIRK_XEN_TABLE_READ_ONLY, false, DOM0_WROTE },
	/* a guest stored to the table after its pirq was bound, and a dump shows that it got through and stayed, kept or not */
	{ QUIRK_HVM_NO_MASK, false, GUEST_WROTE },
	{ QUIRK_MSIX_MASK_ALL_EARLY, false, GUEST_WROTE },
	{ QUIRK_XEN_BIND_CLEARS_GUEST_MASK, false, GUEST_WROTE },
	{ QUIRK_XEN_GUEST_MASK_DROPPED, false, GUEST_WROTE },
	{ QUIRK_XEN_HVM_PIRQS, true, GUEST_WROTE },
	{ QUIRK_XEN_GUEST_MASK, false, GUEST_WROTE " AND NOT EXISTS (SELECT 1 FROM finding WHERE signature = 'kept-as-wish')" },
	{ QUIRK_IOAPIC_EXPLICIT_EOI, false, "SELECT EXISTS (SELECT 1 FROM obligation WHERE kind = 'irr-clear' AND ending = 'open')" },
};

/* Where a kernel's own records and Xen's console say which release wrote them. */
static const struct {
	enum product product;
	const char *sql;
} released_by[] = {
	{ PRODUCT_LINUX, "SELECT release FROM source WHERE release IS NOT NULL AND kind LIKE 'trace%' ORDER BY id" },
	{ PRODUCT_XEN, "SELECT release FROM source WHERE release IS NOT NULL AND kind = 'xl dmesg' ORDER BY id" },
};

static struct quirks of_releases(struct capture *cap, struct quirks *known)
{
	struct quirks set = quirks_normal();

	*known = (struct quirks){ 0 };
	for (unsigned i = 0; i < sizeof(released_by) / sizeof(*released_by); i++) {
		struct query *q = query_open(cap->store, released_by[i].sql);

		if (q && query_next(q))
			quirks_of_release(released_by[i].product, query_text(q, 0), &set, known);
		query_close(q);
	}
	return set;
}

struct quirks whatif_recorded(struct capture *cap, struct quirks *inferred, struct quirks *seen)
{
	struct quirks set = of_releases(cap, inferred);

	*seen = (struct quirks){ 0 };
	for (unsigned i = 0; i < sizeof(shown_by) / sizeof(*shown_by); i++) {
		if (!query_one_int(cap->store, shown_by[i].sql, 0))
			continue;
		quirk_set(seen, shown_by[i].quirk, true);
		quirk_set(&set, shown_by[i].quirk, shown_by[i].on);
	}
	return set;
}

/* ------------------------------------------------------------------------------------------------------ one replay */

static void say_nothing(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

/*
 * Not there any more, and not because it could not be judged; and nothing else is wrong with the object instead, as far as the
 * record is what it would have been: what shows only behind that proves nothing.
 */
static bool is_gone(struct store *st, const struct trial *trial, int64_t valid_to_ns)
{
	struct query *q = query_open(st, "SELECT EXISTS (SELECT 1 FROM finding f WHERE f.fingerprint = :fingerprint)"
					 " OR EXISTS (SELECT 1 FROM finding f JOIN object o ON o.id = f.object"
					 " WHERE o.name = :object AND f.severity = 'error'"
					 " AND coalesce(f.end_ns, f.start_ns, 0) <= :valid_to)"
					 " OR EXISTS (SELECT 1 FROM verdict v JOIN object o ON o.id = v.object WHERE o.name = :object"
					 " AND v.verdict = 'inconclusive' AND v.rule = :rule)");
	bool gone;

	if (!q)
		return false;
	query_bind_text(q, "fingerprint", trial->fingerprint);
	query_bind_text(q, "object", trial->object);
	query_bind_text(q, "rule", trial->rule);
	query_bind_int(q, "valid_to", valid_to_ns == NO_TIME ? INT64_MAX : valid_to_ns);
	gone = query_next(q) && !query_int(q, 0);
	query_close(q);
	return gone;
}

/* When it ends there, where it does not last as long as recorded; else NO_TIME. */
static int64_t ends_earlier(struct store *st, const struct trial *trial)
{
	struct query *q = query_open(st, "SELECT f.end_ns FROM finding f WHERE f.fingerprint = :fingerprint");
	int64_t end_ns = NO_TIME;

	if (!q)
		return NO_TIME;
	query_bind_text(q, "fingerprint", trial->fingerprint);
	if (query_next(q) && query_type(q, 0) == QUERY_INT && query_int(q, 0) < trial->end_ns)
		end_ns = query_int(q, 0);
	query_close(q);
	return end_ns;
}

/* The rules of a sound database, over what another replay derived from the same facts. */
static bool judge(struct capture *cap, struct store *st)
{
	struct rules_options opt = { .forced_path = cap->rules_opt.forced_path, .fail_on = cap->rules_opt.fail_on };
	struct diag_sink quiet = { .fn = say_nothing };
	enum status status = rules_run(cap->rules, st, &opt, &quiet);

	return status != STATUS_USAGE && status != STATUS_INCOMPLETE;
}

static bool replay_assumed(struct capture *cap, struct whatif *whatif, struct store **result)
{
	struct store *st = store_copy(cap->store, &cap->diag);

	*result = st;
	return st && capture_derive(cap, st, whatif);
}

/* ------------------------------------------------------------------------------------------------------ trials */

/* What a trial assumes, in words. */
struct words {
	char quirks[TEXT_LEN * NR_QUIRKS];	/* JSON array of names and settings */
	char since[TEXT_LEN * NR_QUIRKS];	/* what they stand for */
	char basis[TEXT_LEN];			/* how their recorded settings are known */
};

static const char *basis_of(const struct trial *trial, enum quirk quirk)
{
	return quirk_is_on(trial->seen, quirk) ? "seen" : quirk_is_on(trial->inferred, quirk) ? "inferred" : "unknown";
}

/* The quirks that are not as recorded. */
static void name_quirks(const struct trial *trial, struct quirks assumed, struct words *words)
{
	uint64_t differs = trial->recorded.on ^ assumed.on;
	char *names = words->quirks, *since = words->since, *basis = words->basis;
	bool first = true;

	*since = *basis = 0;
	names += sprintf(names, "[");
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++) {
		if (!(differs >> i & 1))
			continue;
		names += sprintf(names, "%s\"%s=%s\"", first ? "" : ",", quirk_table[i].name, quirk_is_on(assumed, i) ? "on" : "off");
		since += sprintf(since, "%s%s", first ? "" : "; ", quirk_table[i].stands_for);
		basis += sprintf(basis, "%s%s", first ? "" : ", ", basis_of(trial, i));
		first = false;
	}
	strcpy(names, "]");
}

/* A name as the store has it: without machine where that is the host. */
static bool parse_name(const char *name, struct object_ref *ref, unsigned *generation)
{
	if (!object_parse(name, ref, generation))
		return false;
	if (ref->machine == MACHINE_OWN)
		ref->machine = MACHINE_HOST;
	*generation += !*generation;
	return true;
}

/* A dump in the end tells which pirq an irq of Xen led to from its beginning. NULL where there are none, or memory is short. */
static struct whatif_link *read_links(struct capture *cap, unsigned *nr)
{
	struct query *q = query_open(cap->store, "SELECT x.name, p.name FROM link l JOIN object x ON x.id = l.feeder AND x.kind = 'xirq'"
					 " JOIN object p ON p.id = l.fed AND p.kind = 'pirq' WHERE l.proof = 'seen'");
	struct whatif_link *links = q ? calloc(MAX_LINKS, sizeof(*links)) : NULL;

	*nr = 0;
	while (links && *nr < MAX_LINKS && query_next(q)) {
		struct whatif_link *link = &links[*nr];

		*nr += parse_name(query_text(q, 0), &link->xirq, &link->xirq_generation) &&
		       parse_name(query_text(q, 1), &link->pirq, &link->pirq_generation);
	}
	query_close(q);
	return links;
}

/* always: it is written down even where it neither fixes nor changes anything. */
static bool try(struct trial *trial, struct quirks assumed, bool always, uint32_t *recomputed)
{
	struct whatif whatif = {
		.recorded = trial->recorded, .assumed = assumed, .link = trial->link, .nr_links = trial->nr_links,
	};
	struct words words;
	struct what_if_row row = {
		.finding = trial->id, .quirks = words.quirks, .since = words.since, .basis = words.basis, .ends_ns = NO_TIME,
	};
	struct store *st = NULL;
	bool good = replay_assumed(trial->cap, &whatif, &st);

	if (good && whatif.recomputed) {
		good = judge(trial->cap, st);
		row.fixes = good && !whatif.blind && is_gone(st, trial, whatif.valid_to_ns);
		row.ends_ns = good && !row.fixes ? ends_earlier(st, trial) : NO_TIME;
	}
	store_close(st);
	*recomputed = row.recomputed = whatif.recomputed;
	row.valid_to_ns = whatif.valid_to_ns;
	trial->fixed |= row.fixes;
	name_quirks(trial, assumed, &words);
	return good && (!(always || row.fixes) || store_what_if(trial->cap->store, &row));
}

static struct quirks flipped(struct quirks set, enum quirk quirk)
{
	quirk_set(&set, quirk, !quirk_is_on(set, quirk));
	return set;
}

static bool try_each(struct trial *trial)
{
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++) {
		uint32_t recomputed;

		if (!(trial->quirks >> i & 1))
			continue;
		if (!try(trial, flipped(trial->recorded, i), true, &recomputed))
			return false;
		trial->matter |= recomputed ? UINT64_C(1) << i : 0;
	}
	return true;
}

/* Of a pair at least one changes something alone; where only one does, it is of interest only if it helps. */
static bool try_pairs(struct trial *trial)
{
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++) {
		for (int j = i + 1; j < NR_QUIRKS; j++) {
			uint64_t pair = UINT64_C(1) << i | UINT64_C(1) << j;
			uint32_t recomputed;

			if ((pair & trial->quirks) != pair || !(pair & trial->matter))
				continue;
			if (!try(trial, flipped(flipped(trial->recorded, i), j), (pair & trial->matter) == pair,
				 &recomputed))
				return false;
		}
	}
	return true;
}

/* Is such an object what the part is about? A CPU's stack of EOIs is Xen's, whatever the paths that it serves. */
static bool part_has(const struct path_part *part, enum path path, const char *kind)
{
	bool line = !strcmp(kind, "pin") || !strcmp(kind, "gsi");

	if (part->nr_units || !strcmp(kind, "peoi"))
		return part->nr_units && !strcmp(kind, "peoi");
	return part->path == path && part->has_function != line;
}

/*
 * Behaviours, not faults that somebody else brings about, nor what devices there are and where they interrupt; nor what no
 * replay recomputes: it would be called insufficient for that alone.
 */
static uint64_t quirks_to_try(enum path path, const char *kind)
{
	static const uint64_t choices =
		UINT64_C(1) << QUIRK_MSI_WITHOUT_MASK | UINT64_C(1) << QUIRK_LEVEL_LINES | UINT64_C(1) << QUIRK_XEN_DOM0_CPU |
		UINT64_C(1) << QUIRK_DOM0_MAPS_TABLE_FIRST | UINT64_C(1) << QUIRK_XEN_STORM_MASK |
		UINT64_C(1) << QUIRK_XEN_RATE_LIMIT | UINT64_C(1) << QUIRK_XEN_IOAPIC_DIRECTED;
	uint64_t quirks = 0;

	for (unsigned i = 0; path_parts[i]; i++)
		if (part_has(path_parts[i], path, kind))
			quirks |= path_part_quirks(path_parts[i]);
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		if (quirk_table[i].class == QUIRK_CLASS_FAULT)
			quirks &= ~(UINT64_C(1) << i);
	return quirks & ~choices;
}

static bool try_finding(struct trial *trial)
{
	struct what_if_row as_recorded = {
		.finding = trial->id, .quirks = "[]", .since = "", .basis = "", .ends_ns = NO_TIME, .valid_to_ns = NO_TIME,
	};

	if (!store_what_if(trial->cap->store, &as_recorded) || !try_each(trial))
		return false;
	return trial->fixed || !trial->matter || try_pairs(trial);
}

/* An irq is of the kind of what feeds it; one of Xen, its pirqs and event channels are a message's where no pin does. */
static const char findings_sql[] =
	"SELECT f.id, f.fingerprint, o.name, f.rule, f.path, f.end_ns, coalesce(CASE WHEN o.kind IN ('irq', 'xirq') THEN"
	" (SELECT x.kind FROM link l JOIN object x ON x.id = l.feeder WHERE l.fed = o.id AND x.kind IN ('msix', 'pin') LIMIT 1)"
	" ELSE o.kind END, '') FROM finding f JOIN object o ON o.id = f.object"
	" WHERE CASE WHEN :id = '' THEN f.severity <> 'note' ELSE f.id = :id END ORDER BY f.id";

/* The findings first: the database is written between the trials. */
static struct trial *read_trials(struct capture *cap, const char *id, unsigned *nr)
{
	struct trial *trials = calloc(MAX_FINDINGS, sizeof(*trials));
	struct query *q = trials ? query_open(cap->store, findings_sql) : NULL;

	*nr = 0;
	if (q)
		query_bind_text(q, "id", id ? id : "");
	while (q && *nr < MAX_FINDINGS && query_next(q)) {
		struct trial *trial = &trials[(*nr)++];
		int path = path_by_name(query_text(q, 4));

		trial->cap = cap;
		snprintf(trial->id, sizeof(trial->id), "%s", query_text(q, 0));
		snprintf(trial->fingerprint, sizeof(trial->fingerprint), "%s", query_text(q, 1));
		snprintf(trial->object, sizeof(trial->object), "%s", query_text(q, 2));
		snprintf(trial->rule, sizeof(trial->rule), "%s", query_text(q, 3));
		trial->quirks = quirks_to_try(path < 0 ? PATH_UNKNOWN : (enum path)path, query_text(q, 6));
		trial->end_ns = query_int(q, 5);
	}
	query_close(q);
	for (unsigned i = 0; i < *nr; i++)
		trials[i].recorded = whatif_recorded(cap, &trials[i].inferred, &trials[i].seen);
	return trials;
}

bool whatif_note_assumed(struct capture *cap)
{
	struct trial trial = { .recorded = cap->whatif.recorded };
	struct words words;
	char number[24];

	name_quirks(&trial, cap->whatif.assumed, &words);
	snprintf(number, sizeof(number), "%" PRIu32, cap->whatif.recomputed);
	if (!store_set_meta(cap->store, "assumed", words.quirks) || !store_set_meta(cap->store, "assumed_recomputed", number))
		return false;
	if (cap->whatif.valid_to_ns == NO_TIME)
		return true;
	snprintf(number, sizeof(number), "%" PRId64, cap->whatif.valid_to_ns);
	return store_set_meta(cap->store, "assumed_valid_to_ns", number);
}

bool whatif_try(struct capture *cap, const char *id)
{
	struct whatif_link *links;
	struct trial *trials;
	struct progress pg;
	bool good = store_what_if_begin(cap->store);
	unsigned nr = 0, nr_links;

	trials = good ? read_trials(cap, id, &nr) : NULL;
	links = read_links(cap, &nr_links);
	progress_start(&pg, "trying fixes, findings", nr, cap->opt.quiet);
	for (unsigned i = 0; good && i < nr; i++) {
		progress_set(&pg, i);
		trials[i].link = links;
		trials[i].nr_links = nr_links;
		good = try_finding(&trials[i]);
	}
	progress_end(&pg);
	free(trials);
	free(links);
	return good && store_what_if_end(cap->store);
}
