/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: mutants [options] FILE...	(--help lists them)
 *
 * FILEs are good captures as event text (irqpath export --events). Makes mutants of them, analyzes each, and compares
 * what the rules say with what the operator expects. Fails where a fault was passed over in silence or something was
 * accused that the mutation does not explain. A rule that is not there yet is no failure.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/capture.h"
#include "core/event_text.h"
#include "core/text.h"
#include "mutants.h"
#include "store/query.h"
#include "store/store.h"

enum { MAX_BASES = 32, NAME_LEN = 48, SAID_LEN = 256, TEXT_LEN = 2 * SAID_LEN, ROOM = 16, MAX_SHOWN = 10 };

struct options {
	struct option_list only;
	const char *keep, *rules_dir, *record;
	uint64_t seed, count, jobs, limit;
	bool verbose;
};

/* ---------------------------------------------------------------------------------------------------- verdicts */

struct judged {
	char rule[NAME_LEN], object[NAME_LEN], verdict[16], reason[16];
	int64_t id;
	bool accuses;		/* a fail of warning or above */
	bool related;		/* to what is broken */
};

struct verdicts {
	struct judged *row;
	unsigned nr;
};

static void keep_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)pos;
	if (diag_level(code) == DIAG_ERROR)
		snprintf(ctx, SAID_LEN, "%s: %s", text, diag_code_text(code));
}

static void copy_text(char *to, size_t len, const char *from)
{
	snprintf(to, len, "%s", from ? from : "");
}

static void add_verdict(struct verdicts *vs, struct query *q)
{
	struct judged *jd;

	vs->row = realloc(vs->row, (vs->nr + 1) * sizeof(*vs->row));
	if (!vs->row)
		abort();
	jd = &vs->row[vs->nr++];
	*jd = (struct judged){ .id = query_int(q, 4), .accuses = query_int(q, 5) };
	copy_text(jd->rule, sizeof(jd->rule), query_text(q, 0));
	copy_text(jd->object, sizeof(jd->object), query_text(q, 1));
	copy_text(jd->verdict, sizeof(jd->verdict), query_text(q, 2));
	copy_text(jd->reason, sizeof(jd->reason), query_text(q, 3));
}

/* The capture's own quality is not what mutants are about. */
static bool read_verdicts(struct store *st, struct verdicts *vs)
{
	struct query *q = query_open(st,
		"SELECT v.rule, o.name, v.verdict, v.reason, v.object, "
		"v.verdict = 'fail' AND coalesce((SELECT f.severity FROM finding f "
		"WHERE f.rule = v.rule AND f.object IS v.object), r.severity) <> 'note' "
		"FROM verdict v JOIN rule r ON r.id = v.rule LEFT JOIN object o ON o.id = v.object "
		"WHERE NOT r.hygiene ORDER BY v.rule, o.name, v.id");

	while (q && query_next(q))
		add_verdict(vs, q);
	query_close(q);
	return q != NULL;
}

/* What the target feeds and is fed by, and the function that it belongs to; of a function, all that it has. */
static const char related_sql[] =
	"WITH RECURSIVE root(id) AS (SELECT id FROM object WHERE (name = :name OR name LIKE :name || '~%') "
	"AND (born_ns IS NULL OR born_ns <= :t) AND (gone_ns IS NULL OR gone_ns >= :t)), "
	"part(id) AS (SELECT id FROM root UNION SELECT o.id FROM object o JOIN root ON o.function = root.id), "
	"up(id) AS (SELECT id FROM part UNION SELECT l.feeder FROM link l JOIN up ON l.fed = up.id), "
	"down(id) AS (SELECT id FROM part UNION SELECT l.fed FROM link l JOIN down ON l.feeder = down.id) "
	"SELECT id FROM up UNION SELECT id FROM down UNION SELECT o.function FROM object o JOIN up ON o.id = up.id";

static bool mark_related(struct store *st, const struct mutant *mu, struct verdicts *vs)
{
	struct query *q = query_open(st, related_sql);
	char name[OBJECT_NAME_MAX];

	if (!q)
		return false;
	object_print(name, sizeof(name), mu->target, 1);
	query_bind_text(q, "name", name);
	query_bind_int(q, "t", mu->t_ns);
	while (query_next(q))
		for (unsigned i = 0; i < vs->nr; i++)
			vs->row[i].related |= vs->row[i].id == query_int(q, 0);
	query_close(q);
	return true;
}

static const struct judged *find_verdict(const struct verdicts *vs, const char *rule, const char *object)
{
	for (unsigned i = 0; i < vs->nr; i++)
		if (!strcmp(vs->row[i].rule, rule) && !strcmp(vs->row[i].object, object))
			return &vs->row[i];
	return NULL;
}

/* ---------------------------------------------------------------------------------------------------- the plan */

struct planned {
	const struct op *op;
	unsigned base, site;
	uint64_t random;
};

/* The places that one operator has in one base, in a random order; those up to nr_used are taken. */
struct sites {
	const struct op *op;
	bool fits;		/* the operator is for such bases */
	unsigned base, nr, nr_used, *site;
};

static void find_sites(struct sites *s, const struct base *b, uint64_t *random)
{
	s->site = calloc(b->nr, sizeof(*s->site));
	if (!s->site)
		abort();
	for (unsigned i = 0; s->fits && i < b->nr; i++)
		if (s->op->applies(b, i))
			s->site[s->nr++] = i;
	for (unsigned i = s->nr; i > 1; i--) {
		unsigned k = random_below(random, i), was = s->site[i - 1];

		s->site[i - 1] = s->site[k];
		s->site[k] = was;
	}
}

static bool is_chosen(const struct options *opt, const struct op *op)
{
	for (unsigned i = 0; i < opt->only.nr; i++)
		if (!strcmp(opt->only.text[i], op->name))
			return true;
	return !opt->only.nr;
}

/* All operators of all groups, one behind the other. */
#define for_each_op(group, op) \
	for (const struct op_group *group = op_groups; group->ops; group++) \
		for (const struct op *op = group->ops; op->name; op++)

static unsigned nr_ops(void)
{
	unsigned nr = 0;

	for_each_op(group, op)
		nr++;
	return nr;
}

static bool fits(const struct op_group *group, const struct base *b)
{
	return (b->recorded_by & group->on) == group->on && !(b->recorded_by & group->not_on);
}

static void shuffle(struct sites *sites, unsigned nr, uint64_t *random)
{
	for (unsigned i = nr; i > 1; i--) {
		unsigned k = random_below(random, i);
		struct sites was = sites[i - 1];

		sites[i - 1] = sites[k];
		sites[k] = was;
	}
}

/* Turn by turn one mutant of each operator in each base, until there are enough or no place is left. */
static unsigned make_plan(const struct options *opt, const struct base *bases, unsigned nr_bases, struct planned *plan)
{
	struct sites *sites = calloc(nr_ops() * nr_bases, sizeof(*sites));
	unsigned nr_sites = 0, nr = 0, before = ~0u;
	uint64_t random = opt->seed;

	if (!sites)
		abort();
	for_each_op(group, op)
		for (unsigned k = 0; k < nr_bases; k++) {
			sites[nr_sites] = (struct sites){ .op = op, .base = k, .fits = is_chosen(opt, op) && fits(group, &bases[k]) };
			find_sites(&sites[nr_sites++], &bases[k], &random);
		}
	shuffle(sites, nr_sites, &random);	/* so that a few mutants are of many kinds, too */
	while (nr < opt->count && nr != before) {
		before = nr;
		for (unsigned i = 0; i < nr_sites && nr < opt->count; i++) {
			struct sites *s = &sites[i];

			if (s->nr_used == s->nr)
				continue;
			plan[nr++] = (struct planned){ s->op, s->base, s->site[s->nr_used++], random_next(&random) };
		}
	}
	for (unsigned i = 0; i < nr_sites; i++)
		free(sites[i].site);
	free(sites);
	return nr;
}

/* ---------------------------------------------------------------------------------------------------- a mutant */

static void make_mutant(struct mutant *mu, const struct planned *p, const struct base *bases)
{
	const struct base *b = &bases[p->base];

	*mu = (struct mutant){ .base = b, .nr = b->nr, .room = b->nr + ROOM, .random = p->random };
	mu->ev = malloc(mu->room * sizeof(*mu->ev));
	if (!mu->ev)
		abort();
	memcpy(mu->ev, b->ev, b->nr * sizeof(*mu->ev));
	p->op->mutate(mu, p->site);
}

/* ---------------------------------------------------------------------------------------------------- judging */

enum outcome {
	OUT_NONE,	/* the worker died of it */
	OUT_RIGHT, OUT_DOUBT, OUT_NO_RULE,
	OUT_MISSED, OUT_WRONG, OUT_CHANGED, OUT_BROKEN,		/* failures */
	NR_OUTCOMES
};

static const char *const outcome_names[NR_OUTCOMES] = {
	"crashed", "right", "inconclusive", "no rule yet", "missed", "wrong", "changed", "broken",
};

/* Plain memory that workers share with their parent. */
struct result {
	enum outcome outcome;
	bool reasoned;		/* inconclusive, and rightly so: the operator says why, or records were lost */
	char rule[NAME_LEN];	/* that should have spoken, or spoke wrongly */
	char said[SAID_LEN];	/* by whom, of what */
	char text[TEXT_LEN];	/* all of it */
};

struct judge {
	const struct options *opt;
	const struct rules *rules;
	const struct base *bases;
	struct verdicts *good;		/* of each base */
	const struct planned *plan;
	unsigned nr;
	struct result *result;
	unsigned *next;			/* shared by all workers */
	char path[64];			/* of the mutant in work */
};

static bool is_listed(const char *const list[OP_MAX_RULES], const char *rule)
{
	for (int i = 0; i < OP_MAX_RULES && list[i]; i++)
		if (!strcmp(list[i], rule))
			return true;
	return false;
}

static bool is_failure(enum outcome outcome)
{
	return outcome == OUT_NONE || outcome >= OUT_MISSED;
}

static void say(struct result *rs, enum outcome outcome, const char *rule, const struct judged *jd,
		const char *expected)
{
	rs->outcome = outcome;
	copy_text(rs->rule, sizeof(rs->rule), rule);
	snprintf(rs->said, sizeof(rs->said), "%s%s%s%s%s%s%s%s", jd ? jd->rule : "", jd ? " says " : "nothing said",
		 jd ? jd->verdict : "", jd && jd->reason[0] ? " " : "", jd ? jd->reason : "", jd ? " of " : "",
		 !jd ? "" : jd->object[0] ? jd->object : "the capture", expected);
}

/* A fail that the mutation does not explain, and that was not there before. */
static const struct judged *find_wrong(const struct planned *p, const struct verdicts *good, const struct verdicts *bad,
				       bool any)
{
	for (unsigned i = 0; i < bad->nr; i++) {
		const struct judged *jd = &bad->row[i], *was;
		bool near = jd->related || any;

		if (!jd->accuses || (near && is_listed(p->op->also, jd->rule)))
			continue;
		if (near && p->op->expect == EXPECT_FAIL && is_listed(p->op->rules, jd->rule))
			continue;
		was = find_verdict(good, jd->rule, jd->object);
		if (!was || !was->accuses)
			return jd;
	}
	return NULL;
}

/* The first of the operator's rules that is loaded, NULL where none is. */
static const char *right_rule(const struct judge *jg, const struct op *op)
{
	for (int i = 0; i < OP_MAX_RULES && op->rules[i]; i++)
		if (rules_find(jg->rules, op->rules[i]))
			return op->rules[i];
	return NULL;
}

/* What the right rules say of the target: the strongest of fail, inconclusive, pass; NULL: nothing. */
static const struct judged *right_verdict(const struct op *op, const struct verdicts *bad, bool any)
{
	static const char *const order[] = { "fail", "inconclusive", "pass" };

	for (unsigned k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (unsigned i = 0; i < bad->nr; i++) {
			const struct judged *jd = &bad->row[i];
			bool near = jd->related || any || (!jd->id && strcmp(jd->verdict, "fail"));

			if (near && is_listed(op->rules, jd->rule) && !strcmp(jd->verdict, order[k]))
				return jd;
		}
	return NULL;
}

static void judge_fault(const struct judge *jg, const struct planned *p, const struct verdicts *bad, bool any,
			struct result *rs)
{
	const char *rule = right_rule(jg, p->op);
	const struct judged *jd = rule ? right_verdict(p->op, bad, any) : NULL;
	bool may_fail = p->op->expect == EXPECT_FAIL;

	if (!rule)
		say(rs, OUT_NO_RULE, p->op->rules[0], NULL, "");
	else if (jd && !strcmp(jd->verdict, "fail"))
		say(rs, may_fail ? OUT_RIGHT : OUT_WRONG, rule, jd, may_fail ? "" : ", which cannot be known");
	else if (jd && !strcmp(jd->verdict, "inconclusive"))
		say(rs, may_fail ? OUT_DOUBT : OUT_RIGHT, rule, jd, "");
	else
		say(rs, OUT_MISSED, rule, jd, may_fail ? ", fail expected" : ", inconclusive expected");
	rs->reasoned = rs->outcome == OUT_DOUBT && (p->op->doubt || !strcmp(jd->reason, "gap"));
}

static void renamed_object(const struct mutant *mu, const char *object, char name[OBJECT_NAME_MAX])
{
	struct object_ref ref;
	unsigned generation;

	copy_text(name, OBJECT_NAME_MAX, object);
	if (!*object || !object_parse(object, &ref, &generation))
		return;
	renaming_apply(&mu->renaming, &ref);
	object_print(name, OBJECT_NAME_MAX, ref, generation);
}

/* Each verdict of the base must be there; where only less may be known, it may be inconclusive. */
static void judge_same(const struct mutant *mu, const struct planned *p, const struct verdicts *good,
		       const struct verdicts *bad, struct result *rs)
{
	bool quieter = p->op->expect == EXPECT_QUIETER;

	say(rs, OUT_RIGHT, "", NULL, "");
	for (unsigned i = 0; i < good->nr; i++) {
		const struct judged *was = &good->row[i], *is;
		char name[OBJECT_NAME_MAX], text[128];

		renamed_object(mu, was->object, name);
		is = find_verdict(bad, was->rule, name);
		if (is && !strcmp(is->verdict, was->verdict) && (quieter || !strcmp(is->reason, was->reason)))
			continue;
		/* a hole may also have hidden what there was to judge */
		if (quieter && (!is || !strcmp(is->verdict, "inconclusive")))
			continue;
		snprintf(text, sizeof(text), "; it was %s%s%s of %s", was->verdict, was->reason[0] ? " " : "",
			 was->reason, was->object);
		say(rs, OUT_CHANGED, was->rule, is, text);
		return;
	}
	if (!quieter && bad->nr != good->nr)
		say(rs, OUT_CHANGED, bad->row[bad->nr - 1].rule, NULL, ": other objects are judged");
}

static void judge_mutant(const struct judge *jg, const struct mutant *mu, const struct planned *p, struct store *st,
			 struct result *rs)
{
	bool any = mu->target.kind == OBJ_NONE;
	const struct verdicts *good = &jg->good[p->base];
	struct verdicts bad = { .nr = 0 };
	const struct judged *wrong;

	if (!read_verdicts(st, &bad) || (!any && !mark_related(st, mu, &bad)))
		say(rs, OUT_BROKEN, "", NULL, ": the verdicts cannot be read");
	else if (p->op->expect <= EXPECT_DOUBT)
		judge_fault(jg, p, &bad, any, rs);
	else if (p->op->expect == EXPECT_NO_FAIL)
		say(rs, OUT_RIGHT, "", NULL, "");
	else
		judge_same(mu, p, good, &bad, rs);
	wrong = p->op->expect == EXPECT_SAME ? NULL : find_wrong(p, good, &bad, any && p->op->expect == EXPECT_FAIL);
	if (wrong)
		say(rs, OUT_WRONG, wrong->rule, wrong, ", which the mutation does not explain");
	free(bad.row);
}

static void describe(const struct judge *jg, const struct planned *p, const struct mutant *mu, struct result *rs)
{
	const struct base *b = &jg->bases[p->base];
	char target[OBJECT_NAME_MAX] = "", time[TEXT_TIME_MAX];

	if (mu->target.kind != OBJ_NONE)
		object_print(target, sizeof(target), mu->target, 1);
	text_time(time, sizeof(time), b->at_ns[p->site]);
	snprintf(rs->text, sizeof(rs->text), "%s %s at %s %s%s%s: %s", p->op->name, b->name, time, target,
		 *target ? ": " : "", outcome_names[rs->outcome], rs->said);
}

static void keep_failure(const struct judge *jg, const struct planned *p, struct mutant *mu, const struct result *rs)
{
	char path[512], comment[2 * TEXT_LEN];

	snprintf(comment, sizeof(comment), "# %s\n# %s\n# expected: %s\n", p->op->what, rs->text,
		 p->op->expect <= EXPECT_DOUBT ? p->op->rules[0] : "nothing accused, verdicts as before");
	snprintf(path, sizeof(path), "%s/%s-%s-%u.events", jg->opt->keep, p->op->name, jg->bases[p->base].name,
		 p->site);
	if (!mutant_write(mu, path, comment))
		fprintf(stderr, "mutants: %s: %s\n", path, strerror(errno));
}

static void run_mutant(const struct judge *jg, unsigned k)
{
	const struct planned *p = &jg->plan[k];
	struct result *rs = &jg->result[k];
	char said[SAID_LEN] = "no verdict";
	struct diag_sink diag = { .fn = keep_diag, .ctx = said };
	struct mutant mu;
	struct store *st;

	make_mutant(&mu, p, jg->bases);
	st = mutant_write(&mu, jg->path, "") ? capture_analyze_case(jg->rules, jg->path, &diag) : NULL;
	if (st) {
		judge_mutant(jg, &mu, p, st, rs);
	} else {
		rs->outcome = OUT_BROKEN;
		copy_text(rs->said, sizeof(rs->said), said);
	}
	store_close(st);
	mutant_unlink(mu.base, jg->path);
	describe(jg, p, &mu, rs);
	if (jg->opt->keep && (jg->opt->verbose || is_failure(rs->outcome)))
		keep_failure(jg, p, &mu, rs);
	free(mu.ev);
}

static void work(struct judge *jg)
{
	snprintf(jg->path, sizeof(jg->path), "mutant.%d.events", (int)getpid());
	for (unsigned k; (k = __atomic_fetch_add(jg->next, 1, __ATOMIC_RELAXED)) < jg->nr;)
		run_mutant(jg, k);
}

/* Every mutant that a worker died of is left as OUT_NONE; the others go on. */
static bool run_all(struct judge *jg)
{
	size_t len = jg->nr * sizeof(*jg->result) + sizeof(unsigned);
	int status;

	jg->result = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (jg->result == MAP_FAILED)
		return false;
	jg->next = (unsigned *)&jg->result[jg->nr];
	fflush(NULL);
	for (uint64_t i = 0; i < jg->opt->jobs; i++)
		if (fork() == 0) {
			work(jg);
			fflush(NULL);
			_exit(0);
		}
	while (wait(&status) > 0)
		if (status && __atomic_load_n(jg->next, __ATOMIC_RELAXED) < jg->nr && fork() == 0) {
			work(jg);
			_exit(0);
		}
	return true;
}

/* ---------------------------------------------------------------------------------------------------- what came out */

struct tally {
	char name[NAME_LEN];
	unsigned nr, by[NR_OUTCOMES];
};

static struct tally *tally_of(struct tally *list, unsigned *nr, const char *name)
{
	for (unsigned i = 0; i < *nr; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	copy_text(list[*nr].name, NAME_LEN, name);
	return &list[(*nr)++];
}

static void count(struct tally *t, const struct result *rs)
{
	t->nr++;
	t->by[rs->outcome]++;
}

static void print_tallies(const char *title, const struct tally *list, unsigned nr)
{
	printf("%-24s %8s %8s %12s %8s %8s %8s\n", title, "mutants", "right", "inconclusive", "missed", "wrong",
	       "changed");
	for (unsigned i = 0; i < nr; i++) {
		const struct tally *t = &list[i];
		unsigned broken = t->by[OUT_NONE] + t->by[OUT_BROKEN];

		if (t->nr && t->by[OUT_NO_RULE] == t->nr)
			printf("%-24s %8u rule not there yet\n", t->name, t->nr);
		else
			printf("%-24s %8u %8u %12u %8u %8u %8u\n", t->name, t->nr, t->by[OUT_RIGHT], t->by[OUT_DOUBT],
			       t->by[OUT_MISSED], t->by[OUT_WRONG], t->by[OUT_CHANGED]);
		if (broken)
			printf("%-24s %8u could not be analyzed\n", "", broken);
	}
	printf("\n");
}

/* Rules by what they should have said, or said wrongly; neutral mutants belong to none. */
static void print_by_rule(const struct judge *jg)
{
	struct tally *list = calloc(jg->nr + 1, sizeof(*list));
	unsigned nr = 0;

	for (unsigned k = 0; list && k < jg->nr; k++)
		if (jg->result[k].rule[0])
			count(tally_of(list, &nr, jg->result[k].rule), &jg->result[k]);
	if (list)
		print_tallies("rule", list, nr);
	free(list);
}

static int by_name(const void *va, const void *vb)
{
	return strcmp(((const struct tally *)va)->name, ((const struct tally *)vb)->name);
}

/* docs/mutation.tsv: what print_by_rule() prints, of all rules that are there, for which there may be no operator. */
static bool record_by_rule(const struct judge *jg)
{
	struct tally *list = calloc(jg->nr + rules_count(jg->rules) + 1, sizeof(*list));
	FILE *out = list ? fopen(jg->opt->record, "w") : NULL;
	unsigned nr = 0;

	for (unsigned i = 0; out && i < rules_count(jg->rules); i++)
		if (rules_get(jg->rules, i)->group != RULE_GROUP_HYGIENE)
			tally_of(list, &nr, rules_get(jg->rules, i)->id);
	for (unsigned k = 0; out && k < jg->nr; k++)
		if (jg->result[k].rule[0] && jg->result[k].outcome != OUT_NO_RULE)
			count(tally_of(list, &nr, jg->result[k].rule), &jg->result[k]);
	if (out) {
		qsort(list, nr, sizeof(*list), by_name);
		fprintf(out, "# written by make mutate: %u mutants, seed %" PRIu64 "\n", jg->nr, jg->opt->seed);
		fprintf(out, "rule\tmutants\tright\tinconclusive\tmissed\twrong\tchanged\n");
	}
	for (unsigned i = 0; out && i < nr; i++)
		fprintf(out, "%s\t%u\t%u\t%u\t%u\t%u\t%u\n", list[i].name, list[i].nr, list[i].by[OUT_RIGHT],
			list[i].by[OUT_DOUBT], list[i].by[OUT_MISSED], list[i].by[OUT_WRONG], list[i].by[OUT_CHANGED]);
	free(list);
	if (!out || fclose(out))
		fprintf(stderr, "mutants: %s: %s\n", jg->opt->record, strerror(errno));
	return out;
}

static void print_by_op(const struct judge *jg)
{
	struct tally *list = calloc(jg->nr + 1, sizeof(*list));
	unsigned nr = 0;

	for_each_op(group, op)
		for (unsigned k = 0; list && k < jg->nr; k++)
			if (jg->plan[k].op == op)
				count(tally_of(list, &nr, op->name), &jg->result[k]);
	if (list)
		print_tallies("operator", list, nr);
	free(list);
}

static void print_failures(const struct judge *jg)
{
	for_each_op(group, op) {
		unsigned nr = 0;

		for (unsigned k = 0; k < jg->nr; k++) {
			const struct result *rs = &jg->result[k];

			if (jg->plan[k].op != op || (!is_failure(rs->outcome) && !jg->opt->verbose))
				continue;
			if (rs->outcome == OUT_NONE)
				printf("%s %s: the analysis crashed\n", op->name, jg->bases[jg->plan[k].base].name);
			else if (nr++ < MAX_SHOWN || jg->opt->verbose)
				printf("%s\n", rs->text);
		}
		if (nr > MAX_SHOWN && !jg->opt->verbose)
			printf("... and %u more of %s\n", nr - MAX_SHOWN, op->name);
	}
}

/* Returns the number of failures. */
static unsigned report(const struct judge *jg)
{
	struct tally all = { .nr = 0 };
	unsigned faults = 0, failures = 0, reasoned = 0;

	for (unsigned k = 0; k < jg->nr; k++) {
		count(&all, &jg->result[k]);
		reasoned += jg->result[k].reasoned;
		faults += jg->plan[k].op->expect == EXPECT_FAIL && jg->result[k].outcome != OUT_NO_RULE;
		failures += is_failure(jg->result[k].outcome);
	}
	print_by_op(jg);
	print_by_rule(jg);
	print_failures(jg);
	printf("%u mutants, seed %" PRIu64 ": %u failures (%u missed, %u wrong, %u changed, %u not analyzed), ", jg->nr,
	       jg->opt->seed, failures, all.by[OUT_MISSED], all.by[OUT_WRONG], all.by[OUT_CHANGED],
	       all.by[OUT_NONE] + all.by[OUT_BROKEN]);
	printf("%u with no rule yet; ", all.by[OUT_NO_RULE]);
	printf("of %u faults %u inconclusive (%u %%), %u of them with a reason to be\n", faults, all.by[OUT_DOUBT],
	       faults ? 100 * all.by[OUT_DOUBT] / faults : 0, reasoned);
	return failures;
}

/* ---------------------------------------------------------------------------------------------------- main */

static struct store *analyze_base(const struct judge *jg, struct base *b)
{
	static const char path[] = "base.events";
	char said[SAID_LEN] = "no verdict";
	struct diag_sink diag = { .fn = keep_diag, .ctx = said };
	struct mutant mu = { .base = b, .ev = b->ev, .nr = b->nr };
	struct store *st = NULL;

	if (mutant_write(&mu, path, ""))
		st = capture_analyze_case(jg->rules, path, &diag);
	else
		copy_text(said, sizeof(said), strerror(errno));
	if (!st)
		fprintf(stderr, "mutants: %s: %s\n", b->name, said);
	mutant_unlink(b, path);
	return st;
}

/* What a base is accused of itself would hide what a mutant does. */
static bool is_good(const struct base *b, const struct verdicts *vs)
{
	for (unsigned i = 0; i < vs->nr; i++)
		if (vs->row[i].accuses) {
			fprintf(stderr, "mutants: %s is not good: %s fails on %s\n", b->name, vs->row[i].rule, vs->row[i].object);
			return false;
		}
	return true;
}

/* Of several sources the order, and so what the first events are, shows once they have been analyzed. */
static bool judge_base(const struct judge *jg, struct base *b, struct verdicts *good)
{
	unsigned nr = b->nr;
	struct store *st = analyze_base(jg, b);
	bool read = st && base_settle(b, st, jg->opt->limit);

	if (read && b->nr < nr) {
		store_close(st);
		st = analyze_base(jg, b);
		read = st && base_settle(b, st, jg->opt->limit);
	}
	read = read && read_verdicts(st, good);
	store_close(st);
	return read && is_good(b, good);
}

static int list_ops(void)
{
	static const char *const expected[] = {
		[EXPECT_FAIL] = " fails", [EXPECT_DOUBT] = " is inconclusive", [EXPECT_NO_FAIL] = ": nothing accused",
		[EXPECT_QUIETER] = ": verdicts may become inconclusive", [EXPECT_SAME] = ": the same verdicts",
	};

	for_each_op(group, op) {
		printf("%-20s %s", op->name, op->what);
		for (int i = 0; i < OP_MAX_RULES && op->rules[i]; i++)
			printf("%s%s", i ? " or " : ": ", op->rules[i]);
		printf("%s\n", expected[op->expect]);
	}
	return 0;
}

static bool is_op(const char *name)
{
	for_each_op(group, op)
		if (!strcmp(op->name, name))
			return true;
	fprintf(stderr, "mutants: no operator '%s'; see --list\n", name);
	return false;
}

static bool parse_number(const char *text, uint64_t least, uint64_t *value)
{
	char *end;

	if (!text)
		return true;
	*value = strtoull(text, &end, 0);
	return *text && !*end && *value >= least;
}

/* -1: go on; else the exit status. Files are moved to argv[1].. */
static int parse_options(struct options *opt, int argc, char **argv, int *nr_files)
{
	const char *seed = NULL, *count = NULL, *jobs = NULL, *limit = NULL;
	bool list = false;
	const struct option table[] = {
		{ "list", 0, OPTION_FLAG, &list, NULL, "the operators and what they expect" },
		{ "only", 0, OPTION_LIST, &opt->only, "OPERATOR", "only this operator (may be given again)" },
		{ "count", 'n', OPTION_TEXT, &count, "N", "mutants to make (600)" },
		{ "seed", 0, OPTION_TEXT, &seed, "N", "the same seed makes the same mutants (1)" },
		{ "jobs", 'j', OPTION_TEXT, &jobs, "N", "analyze so many at a time (2)" },
		{ "limit", 0, OPTION_TEXT, &limit, "N", "take the first N events of each trace, 4 N of several captures (4000)" },
		{ "keep", 0, OPTION_TEXT, &opt->keep, "DIR", "write the mutants that failed there; with -v all" },
		{ "record", 0, OPTION_TEXT, &opt->record, "FILE", "write there what became of each rule's mutants" },
		{ "rules", 0, OPTION_TEXT, &opt->rules_dir, "DIR", "rules to judge with (rules.d)" },
		{ "verbose", 'v', OPTION_FLAG, &opt->verbose, NULL, "say what became of each mutant" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *const tables[] = { table, NULL };
	const struct usage usage = {
		.synopsis = "mutants [options] FILE...", .tables = tables,
		.about = "Breaks good captures, given as event text, in known ways and checks what the rules say.",
	};
	enum options_result result = options_parse(&usage, argc, argv, nr_files);

	if (result != OPTIONS_GO)
		return result == OPTIONS_HELPED ? 0 : 2;
	if (list)
		return list_ops();
	if (!parse_number(seed, 0, &opt->seed) || !parse_number(count, 1, &opt->count) ||
	    !parse_number(jobs, 1, &opt->jobs) || !parse_number(limit, 1, &opt->limit))
		return options_usage_error(&usage, "a number was expected");
	for (unsigned i = 0; i < opt->only.nr; i++)
		if (!is_op(opt->only.text[i]))
			return 2;
	if (*nr_files < 1 || *nr_files > MAX_BASES)
		return options_usage_error(&usage, "1 to %d files are needed", MAX_BASES);
	return -1;
}

static bool run(struct judge *jg, struct base *bases, int nr_bases, char **files)
{
	struct planned *plan = calloc(jg->opt->count, sizeof(*plan));
	bool good = plan != NULL;
	int nr_read = 0;

	jg->plan = plan;
	for (; good && nr_read < nr_bases; nr_read++)
		good = base_read(&bases[nr_read], files[nr_read], jg->opt->limit) &&
		       judge_base(jg, &bases[nr_read], &jg->good[nr_read]);
	if (good) {
		jg->nr = make_plan(jg->opt, bases, nr_bases, plan);
		good = run_all(jg) && report(jg) == 0;
		if (jg->opt->record && !record_by_rule(jg))
			good = false;
	}
	for (int k = 0; k < nr_read; k++) {
		base_free(&bases[k]);
		free(jg->good[k].row);
	}
	free(plan);
	return good;
}

int main(int argc, char **argv)
{
	struct options opt = { .rules_dir = "rules.d", .seed = 1, .count = 600, .jobs = 2, .limit = 4000 };
	struct base bases[MAX_BASES] = { { .nr = 0 } };
	struct verdicts good[MAX_BASES] = { { .nr = 0 } };
	struct judge jg = { .opt = &opt, .bases = bases, .good = good };
	int nr_files = 0, status = parse_options(&opt, argc, argv, &nr_files);
	struct rules_dir dir = { .path = opt.rules_dir };
	struct rules *rules;
	struct diag_sink diag;

	if (status >= 0)
		return status;
	diag_sink_init_stream(&diag, stderr);
	jg.rules = rules = rules_load(&dir, 1, &diag);
	if (!rules)
		return 2;
	status = run(&jg, bases, nr_files, argv + 1) ? 0 : 1;
	rules_free(rules);
	return status;
}
