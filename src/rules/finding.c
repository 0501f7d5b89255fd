/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings: fails of one rule with one fingerprint are one finding with a count. The instance that began first tells
 * the story (object, evidence, blame); the others add to the count, to the severity and to the end.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_text.h"
#include "rules/db.h"
#include "rules/finding.h"
#include "rules/fingerprint.h"
#include "rules/message.h"
#include "store/cursor.h"
#include "store/query.h"
#include "store/sql.h"
#include "store/store.h"

enum { FINDINGS_MAX = 10000 };

struct findings *findings_new(void)
{
	return calloc(1, sizeof(struct findings));
}

void finding_fini(struct finding *f)
{
	free(f->layer);
	free(f->signature);
	free(f->blame);
	free(f->evidence);
	free(f->missing);
	free(f->consequences);
	f->consequences = NULL;
	f->layer = f->signature = f->blame = NULL;
	f->evidence = NULL;
	f->missing = NULL;
}

void findings_free(struct findings *fs)
{
	if (!fs)
		return;
	for (size_t i = 0; i < fs->nr; i++)
		finding_fini(&fs->finding[i]);
	free(fs->finding);
	free(fs);
}

/* ------------------------------------------------------------------------------------------ collecting */

static struct finding *find(struct findings *fs, const struct rule *rule, const struct fingerprint *fp)
{
	for (size_t i = fs->nr; i > 0 && fs->finding[i - 1].rule == rule; i--)
		if (!strcmp(fs->finding[i - 1].fp.hex, fp->hex))
			return &fs->finding[i - 1];
	return NULL;
}

static bool copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

static bool copy_array(void *to, const void *from, size_t size)
{
	void *copy = size ? malloc(size) : NULL;

	if (copy)
		memcpy(copy, from, size);
	memcpy(to, &copy, sizeof(copy));
	return copy || !size;
}

/* What the finding's first instance tells. False when memory is short. */
static bool tell(struct finding *f, const struct subject *sub, const struct row *row)
{
	finding_fini(f);
	f->path = sub->path;
	f->object = row->object;
	f->first_event = row->first_event;
	f->start_ns = row->start_ns;
	f->nr_evidence = row->nr_evidence;
	f->nr_missing = row->nr_missing;
	return copy_text(&f->layer, row->layer) && copy_text(&f->signature, row->signature) &&
	       copy_text(&f->blame, row->blame) &&
	       copy_array(&f->evidence, row->evidence, row->nr_evidence * sizeof(*row->evidence)) &&
	       copy_array(&f->missing, row->missing, row->nr_missing * sizeof(*row->missing));
}

static struct finding *add_finding(struct findings *fs)
{
	struct finding *f;

	if (fs->nr == fs->room) {
		size_t room = fs->room ? 2 * fs->room : 16;

		f = realloc(fs->finding, room * sizeof(*f));
		if (!f)
			return NULL;
		fs->finding = f;
		fs->room = room;
	}
	f = &fs->finding[fs->nr++];
	*f = (struct finding){ 0 };
	return f;
}

static bool add_fail(struct findings *fs, const struct rule *rule, const struct subject *sub, const struct row *row)
{
	struct fingerprint fp;
	struct finding *f;
	bool first, good = true;

	if (!fingerprint_make(&fp, rule->id, sub->machine, sub->anchor, row->layer, row->signature))
		return false;
	f = find(fs, rule, &fp);
	first = !f;
	if (first && fs->nr == FINDINGS_MAX) {
		fs->dropped++;
		return true;
	}
	if (first) {
		f = add_finding(fs);
		if (!f)
			return false;
		f->rule = rule;
		f->fp = fp;
		f->severity = row->severity;
		f->end_ns = NO_TIME;
	}
	if (first || row->start_ns < f->start_ns)
		good = tell(f, sub, row);
	f->count++;
	if (row->severity > f->severity)
		f->severity = row->severity;
	if (first || row->end_ns >= f->end_ns) {
		f->end_ns = row->end_ns;
		f->last_event = row->last_event ? row->last_event : row->first_event;
	}
	return good;
}

bool findings_add(struct findings *fs, const struct rule *rule, const struct subject *sub, const struct row *row,
		  size_t nr)
{
	bool good = true;

	for (size_t i = 0; i < nr && good; i++)
		if (row[i].verdict == VERDICT_FAIL)
			good = add_fail(fs, rule, sub, &row[i]);
	return good;
}

/* ------------------------------------------------------------------------------------------ writing */

struct writer {
	struct store *st;
	struct diag_sink *diag;
	sqlite3_stmt *finding, *event, *text, *duty;
	int64_t capture_end_ns, software_end_ns;
	char event_text[EVENT_TEXT_MAX];
};

/* Evidence with its moment. */
struct dated {
	struct event ev;
	int64_t id;
	enum role role;
};

static int by_time(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;

	if (x->ev.t_lo_ns != y->ev.t_lo_ns)
		return x->ev.t_lo_ns < y->ev.t_lo_ns ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (int)x->role - (int)y->role;
}

static const char *store_string_of(void *ctx, uint32_t source, str_id id)
{
	return store_get_string(ctx, source, id);
}

/* Borrowed until the next call. */
static const char *text_of(struct writer *w, const struct dated *d)
{
	db_bind_int(w->text, ":event", d->id);
	if (sqlite3_step(w->text) == SQLITE_ROW)
		return db_column_text(w->text, 0);
	return event_text_print(w->event_text, sizeof(w->event_text), &d->ev, store_string_of, w->st);
}

static bool write_event(struct writer *w, const char *id, unsigned seq, const struct dated *d)
{
	bool good;

	db_bind_text(w->event, ":finding", id);
	db_bind_int(w->event, ":seq", seq);
	db_bind_text(w->event, ":role", role_names[d->role]);
	db_bind_int(w->event, ":event", d->id);
	db_bind_text(w->event, ":text", text_of(w, d));
	good = db_run(w->event, w->diag);
	sqlite3_reset(w->text);
	return good;
}

/* An event that the database does not hold is no evidence and is left out. */
static bool write_evidence(struct writer *w, const struct finding *f, const char *id)
{
	struct dated dated[ROW_MAX_EVIDENCE];
	unsigned nr = 0;

	for (unsigned i = 0; i < f->nr_evidence; i++) {
		dated[nr] = (struct dated){ .id = f->evidence[i].event, .role = f->evidence[i].role };
		if (cursor_seek(w->st, dated[nr].id, &dated[nr].ev))
			nr++;
	}
	/* cppcheck-suppress uninitvar ; the first nr are set */
	qsort(dated, nr, sizeof(*dated), by_time);
	for (unsigned i = 0; i < nr; i++)
		if (!write_event(w, id, i + 1, &dated[i]))
			return false;
	return true;
}

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; *(words += strspn(words, " ")); words += strcspn(words, " "))
		if (strcspn(words, " ") == len && !strncmp(words, word, len))
			return true;
	return false;
}

/* No hypervisor acts on the interrupts of bare metal, and the capture is none's. */
static bool layer_could(const struct finding *f, enum layer layer)
{
	const char *could = rule_word(&f->rule->could, f->signature);

	if (f->layer)
		return !strcmp(f->layer, layer_name(layer));
	if (layer == LAYER_HYPERVISOR && f->path == PATH_BAREMETAL)
		return false;
	return !could || has_word(could, layer_name(layer));
}

/*
 * Layers that could have done it, as a JSON array, where the records do not tell which it was. Nobody is to blame for a
 * capture.
 */
static const char *could_have(const struct finding *f, char *buf, size_t len)
{
	size_t at;

	if ((f->blame && strcmp(f->blame, "unrecorded")) || !f->object || f->rule->group == RULE_GROUP_HYGIENE)
		return NULL;
	snprintf(buf, len, "[");
	for (int i = 0; i < NR_LAYERS; i++) {
		at = strlen(buf);
		if (*layer_name(i) && layer_could(f, i))
			snprintf(buf + at, len - at, "%s\"%s\"", at > 1 ? "," : "", layer_name(i));
	}
	at = strlen(buf);
	snprintf(buf + at, len - at, "]");
	return buf;
}

/* What was owed and did not come, if that is what the rule is about: its owner, borrowed until the statement is reset. */
static int64_t find_duty(struct writer *w, const struct finding *f, const char **owner)
{
	*owner = NULL;
	db_bind_id(w->duty, ":object", f->object);
	db_bind_time(w->duty, ":start_ns", f->start_ns);
	db_bind_id(w->duty, ":event", f->first_event);
	if (sqlite3_step(w->duty) != SQLITE_ROW)
		return 0;
	*owner = db_column_text(w->duty, 1);
	return sqlite3_column_int64(w->duty, 0);
}

/* Where the path stops at a mask, that holds back what the device wants. */
static struct notifications find_lost(struct writer *w, const struct finding *f)
{
	const char *hop = rule_word(&f->rule->hops, f->signature);

	if (!hop || strcmp(hop, "unmasked"))
		return (struct notifications){ .known = false };
	return notifications_of(w->st, f->object, f->start_ns, f->end_ns);
}

static void bind_lost(struct writer *w, const struct notifications *lost)
{
	db_bind_time(w->finding, ":held_back", lost->known ? (int64_t)lost->held : NO_TIME);
	db_bind_time(w->finding, ":lost_lo", lost->known ? (int64_t)lost->lost_lo : NO_TIME);
	db_bind_time(w->finding, ":lost_hi", lost->known && !lost->unbounded ? (int64_t)lost->lost_hi : NO_TIME);
}

static char *make_message(struct writer *w, const struct finding *f, const char *owner, const char *layers,
			  const struct notifications *lost)
{
	enum text_unit all = text_counts(), unit = all;
	char *message;

	query_is_apart(w->st, f->first_event, f->start_ns, &unit);
	text_count(unit);
	message = message_make(w->st, &(struct message){
		.rule = f->rule, .object = f->object, .start_ns = f->start_ns, .end_ns = f->end_ns,
		.capture_end_ns = w->capture_end_ns, .software_end_ns = w->software_end_ns, .count = f->count,
		.lost = *lost,
		.signature = f->signature, .blame = f->blame,
		.owner = owner, .could_have = layers, .missing = f->missing, .nr_missing = f->nr_missing,
		.consequences = f->consequences, .nr_consequences = f->nr_consequences,
	});
	text_count(all);
	return message;
}

static bool write_finding(struct writer *w, const struct finding *f, const char *id)
{
	char buf[128];
	const char *owner, *layers = could_have(f, buf, sizeof(buf));
	int64_t duty = find_duty(w, f, &owner);
	struct notifications lost = find_lost(w, f);
	char *message = make_message(w, f, owner, layers, &lost);
	bool good;

	db_bind_text(w->finding, ":id", id);
	db_bind_text(w->finding, ":fingerprint", f->fp.hex);
	db_bind_text(w->finding, ":rule", f->rule->id);
	db_bind_int(w->finding, ":rev", f->rule->rev);
	db_bind_text(w->finding, ":severity", severity_name(f->severity));
	db_bind_id(w->finding, ":object", f->object);
	db_bind_text(w->finding, ":path", path_name(f->path));
	db_bind_text(w->finding, ":layer", f->layer);
	db_bind_text(w->finding, ":signature", f->signature);
	db_bind_text(w->finding, ":blame", f->blame || !f->object ? f->blame : "unrecorded");
	db_bind_text(w->finding, ":could_have", layers);
	db_bind_int(w->finding, ":count", (int64_t)f->count);
	db_bind_id(w->finding, ":first_event", f->first_event);
	db_bind_id(w->finding, ":last_event", f->last_event);
	db_bind_time(w->finding, ":start_ns", f->start_ns);
	db_bind_time(w->finding, ":end_ns", f->end_ns);
	db_bind_id(w->finding, ":obligation", duty);
	db_bind_text(w->finding, ":hop", rule_word(&f->rule->hops, f->signature));
	db_bind_text(w->finding, ":mend", rule_word(&f->rule->mend, f->signature));
	bind_lost(w, &lost);
	db_bind_text(w->finding, ":message", message ? message : f->rule->title);
	good = db_run(w->finding, w->diag);
	sqlite3_reset(w->duty);
	free(message);
	return good && write_evidence(w, f, id);
}

static int by_fingerprint(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	return strcmp(x->fp.hex, y->fp.hex);
}

static bool write_all(struct writer *w, const struct findings *fs)
{
	const struct fingerprint **fps = calloc(fs->nr + 1, sizeof(*fps));
	char id[FINGERPRINT_DIGITS + 1];
	bool good = fps;

	for (size_t i = 0; i < fs->nr && good; i++)
		fps[i] = &fs->finding[i].fp;
	for (size_t i = 0; i < fs->nr && good; i++) {
		snprintf(id, sizeof(id), "%.*s", (int)fingerprint_id_digits(fps, fs->nr, i), fps[i]->hex);
		good = write_finding(w, &fs->finding[i], id);
	}
	free(fps);
	return good;
}

bool findings_write(struct findings *fs, struct store *st, int64_t capture_end_ns, struct diag_sink *diag)
{
	struct writer *w = calloc(1, sizeof(*w));
	struct sqlite3 *db = store_connection(st);
	bool good;

	if (!w) {
		diag_report(diag, DIAG_STORE_FAILED, (struct diag_pos){ 0 }, "out of memory");
		return false;
	}
	if (fs->dropped)
		diag_report(diag, DIAG_LIMIT, (struct diag_pos){ 0 }, "more than %d findings, %zu over", FINDINGS_MAX,
			    fs->dropped);
	good = findings_join(fs, st);
	if (fs->nr)
		qsort(fs->finding, fs->nr, sizeof(*fs->finding), by_fingerprint);
	w->st = st;
	w->diag = diag;
	w->capture_end_ns = capture_end_ns;
	w->software_end_ns = query_software_end_ns(st);
	w->finding = db_prepare(db,
		"INSERT INTO finding (id, fingerprint, rule, rev, severity, object, path, layer, signature, blame,"
		" could_have, count, first_event, last_event, start_ns, end_ns, obligation, hop, mend, held_back,"
		" lost_lo, lost_hi, message) VALUES (:id,"
		" :fingerprint, :rule, :rev, :severity, :object, :path, :layer, :signature, :blame, :could_have, :count,"
		" :first_event, :last_event, :start_ns, :end_ns, :obligation, :hop, :mend, :held_back,"
		" :lost_lo, :lost_hi, :message)", diag);
	w->duty = db_prepare(db,
		"SELECT id, owner FROM obligation WHERE object = :object AND trigger_ns = :start_ns"
		" AND (cause_event = :event OR trigger_event = :event) ORDER BY ending <> 'open', id LIMIT 1", diag);
	w->event = db_prepare(db,
		"INSERT INTO finding_event (finding, seq, role, event, text) VALUES (:finding, :seq, :role, :event, "
		":text)", diag);
	w->text = db_prepare(db, "SELECT text FROM event_text WHERE event = :event", diag);
	good = good && w->finding && w->event && w->text && w->duty && write_all(w, fs);
	sqlite3_finalize(w->finding);
	sqlite3_finalize(w->event);
	sqlite3_finalize(w->text);
	sqlite3_finalize(w->duty);
	free(w);
	return good;
}
