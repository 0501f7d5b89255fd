/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the engineer: the verdict first, then what is wrong and who did it, then what could not be judged. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"
#include "core/text.h"
#include "report/common.h"
#include "report/layout.h"
#include "report/report.h"
#include "store/describe.h"
#include "store/query.h"

/* What is shown without --verbose: objects of a group, findings in short and in full. */
enum { MAX_OPEN_LINES = 8, MAX_INDEX_LINES = 40, MAX_FINDINGS = 12 };

/* Columns below which a line is too short to be shared. */
enum { NARROW = 70 };

struct text {
	struct store *store;
	const struct report_options *opt;
	FILE *out;
	int64_t origin_ns;
	bool failed;
};

static void styled(const struct text *tx, enum style style, const char *text)
{
	layout_styled(tx->out, tx->opt, style, text);
}

static void wrapped(const struct text *tx, const char *text, unsigned column, unsigned indent)
{
	layout_wrapped(tx->out, tx->opt, text, column, indent);
}

static void heading(const struct text *tx, const char *title, const char *more)
{
	fputc('\n', tx->out);
	styled(tx, STYLE_BOLD, title);
	if (*more)
		fprintf(tx->out, " %s", more);
	fputc('\n', tx->out);
}

/* What a finding tells under a name of its own; on a screen that has little room the name stands alone. */
static void field(const struct text *tx, const char *name, const char *value)
{
	unsigned indent = tx->opt->width < NARROW ? 4 : 14;

	if (!value || !*value)
		return;
	fputs("  ", tx->out);
	layout_cell(tx->out, tx->opt, STYLE_BOLD, name, 12);
	if (indent < 14)
		fprintf(tx->out, "\n%*s", (int)indent, "");
	wrapped(tx, value, indent, indent);
}

/* ---------------------------------------------------------------------------------------------------- headline */

static int64_t count(struct text *tx, const char *sql)
{
	return query_one_int(tx->store, sql, 0);
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static void write_count(struct text *tx, int64_t n, const char *what, enum style st)
{
	char buf[64];

	snprintf(buf, sizeof(buf), "%" PRId64 " %s%s", n, what, plural(n));
	styled(tx, st, buf);
}

static bool nothing_read(struct text *tx)
{
	return !count(tx, "SELECT count(*) FROM source WHERE records > 0");
}

/* What the headline rests on: a clean report of one rule out of twenty is not that of all. */
struct scope {
	int64_t rules, objects, pass, fail, open, blind;	/* blind: rules that had nothing to judge by */
};

static struct scope scope_of(struct text *tx)
{
	struct query *q = query_open(tx->store,
		"SELECT count(DISTINCT rule) FILTER (WHERE object IS NOT NULL), count(DISTINCT object), "
		"count(*) FILTER (WHERE verdict = 'pass' AND object IS NOT NULL), "
		"count(*) FILTER (WHERE verdict = 'fail' AND object IS NOT NULL), "
		"count(*) FILTER (WHERE verdict = 'inconclusive' AND object IS NOT NULL), "
		"count(DISTINCT rule) FILTER (WHERE verdict = 'inconclusive' AND object IS NULL) FROM verdict");
	struct scope sc = { 0 };

	if (q && query_next(q))
		sc = (struct scope){ query_int(q, 0), query_int(q, 1), query_int(q, 2),
				     query_int(q, 3), query_int(q, 4), query_int(q, 5) };
	tx->failed |= !q || query_failed(q);
	query_close(q);
	return sc;
}

static void write_scope(struct text *tx, const struct scope *sc)
{
	char line[320];
	int n = 0;

	if (sc->rules)
		n = snprintf(line, sizeof(line), "%" PRId64 " rule%s judged %" PRId64 " object%s: %" PRId64 " pass, %" PRId64
			     " fail, %" PRId64 " inconclusive%s", sc->rules, plural(sc->rules), sc->objects, plural(sc->objects),
			     sc->pass, sc->fail, sc->open, sc->blind ? "; " : "");
	if (sc->blind)
		n += snprintf(line + n, sizeof(line) - n, "%" PRId64 " rule%s had nothing recorded to judge by", sc->blind,
			      plural(sc->blind));
	if (n)
		wrapped(tx, line, 0, 0);
}

static void write_headline(struct text *tx, const struct scope *sc)
{
	int64_t errors = count(tx, "SELECT count(*) FROM finding WHERE severity = 'error'");
	int64_t warnings = count(tx, "SELECT count(*) FROM finding WHERE severity = 'warning'");
	int64_t incomplete = count(tx, "SELECT count(*) FROM source WHERE complete IS NOT 1");

	if (errors || warnings) {
		if (errors)
			write_count(tx, errors, "error", STYLE_ERROR);
		if (errors && warnings)
			fputs(", ", tx->out);
		if (warnings)
			write_count(tx, warnings, "warning", STYLE_WARNING);
	} else if (!incomplete && tx->opt->exit_status == STATUS_NOT_JUDGED) {
		styled(tx, STYLE_WARNING, "Not judged: this capture does not show enough");
	} else if (tx->opt->exit_status == STATUS_FINDINGS) {
		/* --fail-on note */
		write_count(tx, count(tx, "SELECT count(*) FROM finding"), "note", STYLE_NOTE);
	} else if (incomplete && nothing_read(tx)) {
		styled(tx, STYLE_ERROR, "Nothing could be read");
	} else if (incomplete) {
		styled(tx, STYLE_WARNING, "No fault found in what could be read");
	} else {
		styled(tx, STYLE_GOOD, "No fault found");
	}
	if (sc->open && !errors && !warnings)
		fprintf(tx->out, ", %" PRId64 " cannot be ruled out", sc->open);
	if (sc->rules && sc->blind > sc->rules && !errors && !warnings)
		fputs(", but most rules had nothing to judge by", tx->out);
	if (incomplete)
		fprintf(tx->out, " (%" PRId64 " source%s not read completely)", incomplete, plural(incomplete));
	fputs("\n", tx->out);
}

/* ---------------------------------------------------------------------------------------------------- findings */

static void write_evidence(struct text *tx, const char *finding)
{
	struct query *q = query_open(tx->store,
		"SELECT f.role, s.path, e.ordinal, f.text, (SELECT count(*) FROM source), e.t_lo_ns "
		"FROM finding_event f "
		"JOIN event e ON e.id = f.event JOIN source s ON s.id = e.source WHERE f.finding = :id ORDER BY f.seq");
	bool first = true;

	if (q)
		query_bind_text(q, "id", finding);
	while (q && query_next(q)) {
		char role[32], place[64];

		if (first) {
			fputs("  ", tx->out);
			styled(tx, STYLE_BOLD, "Evidence");
			fputc('\n', tx->out);
		}
		first = false;
		snprintf(role, sizeof(role), "%s", query_text(q, 0));
		for (char *p = role; *p; p++)
			*p = *p == '_' ? ' ' : *p;
		snprintf(place, sizeof(place), "#%-6" PRId64 " ", query_int(q, 2));
		fputs("    ", tx->out);
		layout_cell(tx->out, tx->opt, strcmp(role, "cause") ? STYLE_PLAIN : STYLE_BOLD, role, 13);
		fputs(place, tx->out);
		wrapped(tx, query_text(q, 3), 17 + strlen(place), 18);
		if (query_int(q, 4) > 1) {
			fprintf(tx->out, "%*s(", 17 + (int)strlen(place), "");
			text_safe_write(tx->out, query_text(q, 1));
			fputs(")\n", tx->out);
		}
	}
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

/* Is the beginning of a finding the moment of the snapshot that shows it? Then it may have been so long before. */
static bool found_by_snapshot(const struct text *tx, const struct query *finding)
{
	struct query *q = query_open(tx->store,
		"SELECT 1 FROM finding_event f CROSS JOIN event e ON e.id = f.event WHERE f.finding = :id AND f.role = 'cause' "
		"AND e.kind = 'snapshot.field' AND e.t_lo_ns = :start");
	bool found;

	if (!q)
		return false;
	query_bind_text(q, "id", query_text(finding, 0));
	query_bind_int(q, "start", query_int(finding, 13));
	found = query_next(q);
	query_close(q);
	return found;
}

static void write_since(struct text *tx, const struct query *q, bool apart)
{
	char since[TEXT_TIME_MAX], at[TEXT_TIME_MAX], buf[160];
	bool from_snapshot;

	if (query_type(q, 13) == QUERY_NULL)
		return;
	if (query_has_no_times(tx->store)) {
		snprintf(buf, sizeof(buf), "line %" PRId64 "%s", query_int(q, 13),
			 query_int(q, 12) > 1 ? "; again later" : "");
		field(tx, "Since", buf);
		return;
	}
	text_time(at, sizeof(at), query_int(q, 13));
	if (apart) {
		snprintf(buf, sizeof(buf), "%s of a clock that nothing relates to the others'", at);
		field(tx, "Since", buf);
		return;
	}
	from_snapshot = found_by_snapshot(tx, q);
	if (from_snapshot && report_end_ns(tx->store) == tx->origin_ns) {
		field(tx, "Since", "not recorded: a snapshot is all there is");
		return;
	}
	/* what a snapshot at the start shows */
	if (query_int(q, 13) < tx->origin_ns) {
		field(tx, "Since", "before the traces began");
		return;
	}
	text_duration(since, sizeof(since), query_int(q, 13) - tx->origin_ns);
	snprintf(buf, sizeof(buf), "%s%s into the capture (%s)%s", from_snapshot ? "at the latest " : "", since, at,
		 query_int(q, 12) > 1 ? "; again later" : "");
	field(tx, "Since", buf);
}

/* The strings of a JSON array of plain words, as people list them. */
static void list_words(const char *json, char *buf, size_t len)
{
	size_t n = 0;

	for (const char *p = json; *p && n + 3 < len; p++) {
		if (!strchr("[]\"", *p))
			buf[n++] = *p;
		if (*p == ',')
			buf[n++] = ' ';
	}
	buf[n] = 0;
}

static void write_blame(struct text *tx, const struct query *q)
{
	const char *blame = query_text(q, 11), *could_have = query_text(q, 17);
	char words[256], buf[512];

	if (blame && !strcmp(blame, "unrecorded") && could_have && strcmp(could_have, "[]")) {
		list_words(could_have, words, sizeof(words));
		snprintf(buf, sizeof(buf), "unrecorded; could have been: %s", words);
		field(tx, "Who", buf);
		return;
	}
	field(tx, "Who", blame);
}

/* A word as a shell takes it, in quotes where it has to be. */
static void print_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:,@+=";

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){ *word, 0 }, out);
	fputc('\'', out);
}

/* The command that tells more, ready to be copied. */
static void write_more(struct text *tx, const char *id)
{
	struct query *q = query_open(tx->store, "SELECT path FROM source ORDER BY id");
	char *text = NULL;
	size_t len;
	FILE *line = open_memstream(&text, &len);

	if (line) {
		fputs("irqpath explain", line);
		while (q && query_next(q)) {
			fputc(' ', line);
			print_word(line, query_text(q, 0));
		}
		fputc(' ', line);
		print_word(line, id);
		fclose(line);
		field(tx, "Look closer", text);
	}
	free(text);
	tx->failed |= !line || !q || query_failed(q);
	query_close(q);
}

/* Its times may be of a clock that nothing relates to the others': they count what that one does. */
static bool is_apart(struct text *tx, const char *id, enum text_unit *unit)
{
	struct query *q = query_open(tx->store, "SELECT first_event, start_ns FROM finding WHERE id = :id AND start_ns IS NOT NULL");
	int64_t event = 0, start_ns = 0;

	if (q)
		query_bind_text(q, "id", id);
	if (q && query_next(q)) {
		event = query_int(q, 0);
		start_ns = query_int(q, 1);
	}
	query_close(q);
	return event && query_is_apart(tx->store, event, start_ns, unit);
}

static void write_finding(struct text *tx, const struct query *q)
{
	char severity[16];
	char *id = strdup_or_empty(query_text(q, 0));
	enum text_unit all = text_counts(), unit = all;
	bool apart = id && is_apart(tx, id, &unit);

	text_count(unit);

	fputc('\n', tx->out);
	snprintf(severity, sizeof(severity), "%s", query_text(q, 4));
	styled(tx, layout_severity(severity), severity);
	fputs(": ", tx->out);
	styled(tx, STYLE_BOLD, query_text(q, 2));
	fprintf(tx->out, " [%s]\n  ", id ? id : "");
	wrapped(tx, query_text(q, 15), 2, 2);
	write_since(tx, q, apart);
	write_blame(tx, q);
	field(tx, "Stops at", query_text(q, 16));
	write_evidence(tx, id);
	field(tx, "What to do", query_text(q, 19));
	if (id)
		write_more(tx, id);
	free(id);
	text_count(all);
}

static void write_index_line(struct text *tx, const struct query *q)
{
	char described[OBJECT_DESCRIBE_MAX] = "the whole capture", line[OBJECT_DESCRIBE_MAX + 128];

	if (query_type(q, 18) != QUERY_NULL)
		object_describe(tx->store, query_int(q, 18), query_int(q, 13), described, sizeof(described));
	snprintf(line, sizeof(line), "%s: %s", query_text(q, 2), described);
	fputs("  ", tx->out);
	layout_cell(tx->out, tx->opt, layout_severity(query_text(q, 4)), query_text(q, 4), 8);
	fprintf(tx->out, "%s ", query_text(q, 0));
	wrapped(tx, line, 11 + strlen(query_text(q, 0)), 10);
}

/* Of more than one finding a line each, before each is told. */
static void write_index(struct text *tx)
{
	struct query *q = query_open(tx->store, report_findings_sql);
	int64_t shown = 0;

	while (q && query_next(q)) {
		if (!strcmp(query_text(q, 4), "note") || (shown == MAX_INDEX_LINES && !tx->opt->verbose))
			continue;
		if (!shown++)
			fputc('\n', tx->out);
		write_index_line(tx, q);
	}
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

static void write_left_out(struct text *tx, int64_t left)
{
	char line[160];

	snprintf(line, sizeof(line), "and %" PRId64 " more: --verbose tells all of them, 'irqpath explain' one of them", left);
	fputc('\n', tx->out);
	wrapped(tx, line, 0, 0);
}

/* The gravest come first. */
static void write_findings(struct text *tx)
{
	struct query *q = query_open(tx->store, report_findings_sql);
	int64_t told = 0, left = 0;

	while (q && query_next(q)) {
		if (!strcmp(query_text(q, 4), "note"))
			continue;
		if (told == MAX_FINDINGS && !tx->opt->verbose) {
			left++;
			continue;
		}
		write_finding(tx, q);
		told++;
	}
	if (left)
		write_left_out(tx, left);
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

/* Notes are one line each; with --verbose they are told like the rest. */
static void write_notes(struct text *tx)
{
	struct query *q = query_open(tx->store, report_findings_sql);
	bool first = true;

	while (q && query_next(q)) {
		if (strcmp(query_text(q, 4), "note"))
			continue;
		/* what is not recorded has just been told rule by rule */
		if (!tx->opt->verbose && query_type(q, 18) == QUERY_NULL && query_int(q, 20))
			continue;
		if (tx->opt->verbose) {
			write_finding(tx, q);
			continue;
		}
		if (first)
			heading(tx, "Notes", "");
		first = false;
		fputs("  ", tx->out);
		wrapped(tx, query_text(q, 15), 2, 4);
	}
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

/* ------------------------------------------------------------------------------------------------- not judged */

static void write_open_object(struct text *tx, const struct query *q)
{
	char described[OBJECT_DESCRIBE_MAX], line[OBJECT_DESCRIBE_MAX + 64], at[TEXT_TIME_MAX] = "";

	object_describe(tx->store, query_int(q, 1), INT64_MIN, described, sizeof(described));
	if (query_type(q, 7) != QUERY_NULL)
		text_time(at, sizeof(at), query_int(q, 7));
	snprintf(line, sizeof(line), "%s%s%s", described, *at ? ", since " : "", at);
	fputs("    ", tx->out);
	wrapped(tx, line, 4, 6);
}

static void settle_line(struct text *tx, const char *settle)
{
	if (!settle || !*settle)
		return;
	fputs("    ", tx->out);
	styled(tx, STYLE_BOLD, "To settle it:");
	wrapped(tx, settle, 17, 6);
}

static void begin_group(struct text *tx, const struct query *q)
{
	char line[1024];

	snprintf(line, sizeof(line), "%s (%s)", query_text(q, 5), query_text(q, 4));
	fputs("  ", tx->out);
	styled(tx, STYLE_BOLD, query_text(q, 0));
	fputc(':', tx->out);
	wrapped(tx, line, 3 + layout_columns(query_text(q, 0)), 4);
}

static void end_group(struct text *tx, int64_t left, const char *settle)
{
	if (left > 0)
		fprintf(tx->out, "    and %" PRId64 " more (--verbose shows all)\n", left);
	settle_line(tx, settle);
}

/* A rule's name before what is said of it, or above it; returns the column that is reached. */
static unsigned rule_column(const struct text *tx, const char *rule)
{
	bool narrow = tx->opt->width < NARROW;

	fputs("  ", tx->out);
	layout_cell(tx->out, tx->opt, STYLE_PLAIN, rule, narrow ? 0 : 25);
	if (narrow)
		fputs("\n    ", tx->out);
	return narrow ? 4 : 27;
}

/* Rules whose signals are not in the capture at all: a line each; with --verbose also how to record them. */
static void write_blind(struct text *tx)
{
	struct query *q = query_open(tx->store,
		"SELECT v.rule, (SELECT group_concat(value, ', ') FROM json_each(v.missing)), v.settle FROM verdict v "
		"WHERE v.verdict = 'inconclusive' AND v.object IS NULL ORDER BY v.rule");
	unsigned indent;
	bool any = false;

	while (q && query_next(q)) {
		if (!any)
			heading(tx, "Not recorded", "('irqpath rules explain RULE' tells how to)");
		any = true;
		indent = rule_column(tx, query_text(q, 0));
		wrapped(tx, query_text(q, 1) ? query_text(q, 1) : "-", indent, indent);
		if (tx->opt->verbose)
			settle_line(tx, query_text(q, 2));
	}
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

/* Grouped by rule, reason and what would settle it: one recipe for all objects that lack the same. */
static void write_open(struct text *tx)
{
	struct query *q = query_open(tx->store,
		"SELECT v.rule, v.object, v.reason, v.settle, r.title, CASE v.reason "
		"WHEN 'no-signal' THEN 'cannot be ruled out from what was recorded' "
		"WHEN 'gap' THEN 'records were lost over the deciding moment' "
		"WHEN 'start' THEN 'it began before the capture' WHEN 'end' THEN 'the capture ends before it had to happen' "
		"WHEN 'order' THEN 'the order of the records is not proven' "
		"WHEN 'quirk' THEN 'it depends on a version that is not known' "
		"WHEN 'no-stimulus' THEN 'nothing happened that would have shown it' "
		"ELSE v.reason END, "
		"row_number() OVER w, v.start_ns, count(*) OVER (PARTITION BY v.rule, v.reason, v.settle) "
		"FROM verdict v JOIN rule r ON r.id = v.rule WHERE v.verdict = 'inconclusive' "
		"AND v.object IS NOT NULL WINDOW w AS (PARTITION BY v.rule, v.reason, v.settle ORDER BY v.id) "
		"ORDER BY v.rule, v.reason, v.settle, v.id");
	char *settle = NULL;
	int64_t left = 0;
	bool any = false;

	while (q && query_next(q)) {
		int64_t n = query_int(q, 6), of = query_int(q, 8);

		if (n == 1) {
			if (any)
				end_group(tx, left, settle);
			else
				heading(tx, "Could not be judged", "");
			any = true;
			begin_group(tx, q);
			free(settle);
			settle = strdup_or_empty(query_text(q, 3));
		}
		left = tx->opt->verbose ? 0 : of - MAX_OPEN_LINES;
		if (tx->opt->verbose || n <= MAX_OPEN_LINES)
			write_open_object(tx, q);
	}
	if (any)
		end_group(tx, left, settle);
	free(settle);
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

/* ----------------------------------------------------------------------------------------------------- sources */

static void write_judged(struct text *tx)
{
	struct query *q = query_open(tx->store,
		"SELECT rule, count(CASE WHEN verdict = 'pass' THEN 1 END), "
		"count(CASE WHEN verdict = 'fail' THEN 1 END), "
		"count(CASE WHEN verdict = 'inconclusive' THEN 1 END) FROM verdict JOIN rule r ON r.id = rule "
		"WHERE object IS NOT NULL GROUP BY rule ORDER BY rule");
	bool any = false;

	while (q && query_next(q)) {
		if (!any)
			heading(tx, "Judged", "");
		any = true;
		rule_column(tx, query_text(q, 0));
		fprintf(tx->out, "%4" PRId64 " pass %4" PRId64 " fail %4" PRId64 " inconclusive\n", query_int(q, 1),
			query_int(q, 2), query_int(q, 3));
	}
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

/* "line 25: " or "0x1f0: ", "" where the message is about the file as a whole. */
static const char *place_of(const struct query *q, char *buf, size_t len)
{
	*buf = 0;
	if (query_type(q, 4) != QUERY_NULL && query_int(q, 4))
		snprintf(buf, len, "line %" PRId64 ": ", query_int(q, 4));
	else if (query_type(q, 1) != QUERY_NULL && query_int(q, 1))
		snprintf(buf, len, "0x%" PRIx64 ": ", (uint64_t)query_int(q, 1));
	return buf;
}

static void write_diag(struct text *tx, const struct query *q)
{
	const char *done = diag_text_by_name(query_text(q, 3)), *text = query_text(q, 2);
	char line[4096], place[32];

	snprintf(line, sizeof(line), "%s: %s%s%s%s", query_text(q, 0), place_of(q, place, sizeof(place)), text,
		 *text && *done ? ": " : "", done);
	fputs("    ", tx->out);
	wrapped(tx, line, 4, 6);
}

/* The first ones of each source; all of them with --verbose, and on stderr while it was read. */
static void write_diags(struct text *tx, int64_t source)
{
	struct query *q = query_open(tx->store, "SELECT level, offset, text, code, line, count(*) OVER () FROM diag "
				     "WHERE source = :source AND (level <> 'note' OR code = 'ANOTHER_ORDER') ORDER BY id");
	int64_t shown = 0, of = 0;

	if (q)
		query_bind_int(q, "source", source);
	while (q && query_next(q)) {
		of = query_int(q, 5);
		if (tx->opt->verbose || shown < MAX_OPEN_LINES) {
			write_diag(tx, q);
			shown++;
		}
	}
	if (of > shown)
		fprintf(tx->out, "    and %" PRId64 " more (--verbose shows all)\n", of - shown);
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

/* Where in time a snapshot is taken to stand. */
static const char *moment_text(const char *method)
{
	if (!strcmp(method, "start") || !strcmp(method, "end"))
		return *method == 's' ? "snapshot, assumed at the start" : "snapshot, assumed at the end";
	if (!strcmp(method, "between"))
		return "snapshot, assumed between the others of its kind";
	return !strcmp(method, "told") ? "snapshot, at the time that --at tells" : "snapshot";
}

/* How a clock that is not the reference became its: what proves it, and how well. */
static void print_relation(FILE *out, const struct query *q)
{
	const char *method = query_text(q, 17);
	int64_t lo_ns = query_int(q, 19), hi_ns = query_int(q, 20), contradictions = query_int(q, 21);
	char offset[TEXT_TIME_MAX], width[TEXT_TIME_MAX];

	if (!method || !strcmp(method, "reference"))
		return;
	if (!strcmp(method, "assumed")) {
		fputs(query_int(q, 18) ? ", placed by its clock's name alone, which nothing confirms" :
					 ", on a clock that nothing relates to the others'", out);
		return;
	}
	if (!strcmp(method, "counter"))
		fputs(", on the same counter, as interrupts confirm", out);
	else if (!strcmp(method, "clock"))
		fprintf(out, ", on the same clock, offset %s, as facts that both recorded confirm",
			text_time(offset, sizeof(offset), query_int(q, 18)));
	else
		fprintf(out, ", offset %s by %s", text_time(offset, sizeof(offset), query_int(q, 18)), method);
	if (query_type(q, 19) != QUERY_NULL && query_type(q, 20) != QUERY_NULL)
		fprintf(out, ", proven within %s", text_duration(width, sizeof(width), report_span_ns(lo_ns, hi_ns)));
	if (contradictions)
		fprintf(out, ", %" PRId64 " contradiction%s", contradictions, plural(contradictions));
}

/* ", 22.7 s, clock mono, 2 CPUs, 1899 records": what of it is known. The clock's name is as recorded. */
static void print_source(FILE *out, const struct query *q)
{
	bool no_times = query_text(q, 4) && !strcmp(query_text(q, 4), "order");
	char span[TEXT_TIME_MAX];

	fprintf(out, "%s, %s", query_text(q, 2) ? query_text(q, 2) : "not read", query_text(q, 3));
	if (query_text(q, 12))
		fprintf(out, " (%s)", query_text(q, 12));
	if (query_text(q, 14))
		fprintf(out, ", %s", moment_text(query_text(q, 14)));
	if (no_times)
		fputs(", no times: judged by the order of its lines alone", out);
	else if (query_type(q, 9) != QUERY_NULL && query_int(q, 13))
		fprintf(out, ", %" PRId64 " cycles", report_span_ns(query_int(q, 9), query_int(q, 10)));
	else if (query_type(q, 9) != QUERY_NULL)
		fprintf(out, ", %s", text_duration(span, sizeof(span), report_span_ns(query_int(q, 9), query_int(q, 10))));
	if (!no_times && query_text(q, 4) && *query_text(q, 4))
		fprintf(out, ", clock %s", query_text(q, 4));
	if (query_int(q, 13))
		fputs(" (its frequency is unknown, so times are in cycles: --tsc-hz)", out);
	if (query_type(q, 22) != QUERY_NULL) {
		fprintf(out, " at %" PRId64 ".%03" PRId64 " MHz, as ", query_int(q, 22) / 1000000, query_int(q, 22) / 1000 % 1000);
		text_safe_write(out, query_text(q, 23) ? query_text(q, 23) : "another source");
		fputs(query_int(q, 24) ? " tells" : " proves", out);
	}
	print_relation(out, q);
	if (query_type(q, 11) != QUERY_NULL && query_int(q, 11))
		fprintf(out, ", %" PRId64 " CPU%s", query_int(q, 11), query_int(q, 11) == 1 ? "" : "s");
	fprintf(out, ", %" PRId64 " records", query_int(q, 5));
	if (query_int(q, 7))
		fprintf(out, ", %" PRId64 " lost", query_int(q, 7));
	if (query_int(q, 15))
		fprintf(out, ", %" PRId64 " fields compared with the replay, %" PRId64 " agreed", query_int(q, 15), query_int(q, 16));
	if (!query_int(q, 8))
		fputs(", not read completely", out);
}

/* The path stands whole and alone at the line's beginning: it is what is copied from here. */
static void write_source(struct text *tx, const struct query *q)
{
	char *text = NULL;
	size_t len;
	FILE *line = open_memstream(&text, &len);

	if (!line) {
		tx->failed = true;
		return;
	}
	print_source(line, q);
	fclose(line);
	fputs("  ", tx->out);
	styled(tx, STYLE_PLAIN, query_text(q, 1));
	fputc(':', tx->out);
	wrapped(tx, text, 3 + layout_columns(query_text(q, 1)), 4);
	free(text);
	write_diags(tx, query_int(q, 0));
}

/* The report of a replay under other quirks must not be taken for one of what was recorded. */
static void write_assumed(struct text *tx)
{
	struct query *q = query_open(tx->store, "SELECT (SELECT group_concat(value, ', ') FROM json_each(m.value)),"
						" (SELECT value FROM meta WHERE key = 'assumed_recomputed'),"
						" (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'assumed_valid_to_ns')"
						" FROM meta m WHERE m.key = 'assumed' AND json_valid(m.value)");
	char at[TEXT_TIME_MAX];

	if (q && query_next(q)) {
		heading(tx, "Assumed, not recorded", "");
		fputs("  ", tx->out);
		text_safe_write(tx->out, query_text(q, 0) ? query_text(q, 0) : "nothing that was not recorded so");
		fprintf(tx->out, "; %s responses were recomputed", query_text(q, 1) ? query_text(q, 1) : "no");
		if (query_type(q, 2) != QUERY_NULL)
			fprintf(tx->out, ", which holds up to %s", text_time(at, sizeof(at), query_int(q, 2)));
		fputc('\n', tx->out);
	}
	query_close(q);
}

static void write_sources(struct text *tx)
{
	struct query *q = query_open(tx->store,
		"SELECT id, path, kind, machine, clock, records, kept, lost, complete, source.first_ns, source.last_ns, cpus, "
		"(SELECT group_concat(path, ', ') FROM path p WHERE p.machine = source.machine), cycles, "
		"CASE timeless WHEN 1 THEN (SELECT method FROM clock WHERE source = source.id) END, "
		"(SELECT count(*) FROM snapshot_check c WHERE c.event >> 43 = source.id AND c.believed IS NOT NULL), "
		"(SELECT count(*) FROM snapshot_check c WHERE c.event >> 43 = source.id AND c.result = 'agreed'), "
		"CASE WHEN timeless IS NOT 1 THEN k.method END, k.offset_ns, k.lo_ns, k.hi_ns, k.contradictions, "
		"k.hz, (SELECT path FROM source t WHERE t.id = k.hz_source), "
		"(SELECT tsc_hz IS NOT NULL FROM source t WHERE t.id = k.hz_source) "
		"FROM source LEFT JOIN clock k ON k.source = source.id ORDER BY id");

	write_assumed(tx);
	heading(tx, "Sources", "");
	while (q && query_next(q))
		write_source(tx, q);
	tx->failed |= !q || query_failed(q);
	query_close(q);
}

static bool write_report(struct store *st, const struct report_options *opt, FILE *out)
{
	struct text tx = { .store = st, .opt = opt, .out = out, .origin_ns = report_origin_ns(st) };
	struct scope sc = scope_of(&tx);

	write_headline(&tx, &sc);
	if (nothing_read(&tx))
		wrapped(&tx, "The messages say why. 'irqpath help formats' tells which files are read", 0, 0);
	else
		write_scope(&tx, &sc);
	if (count(&tx, "SELECT count(*) FROM finding WHERE severity <> 'note'") > 1)
		write_index(&tx);
	write_findings(&tx);
	if (opt->quiet)
		return !tx.failed;
	if (!nothing_read(&tx)) {
		write_open(&tx);
		write_blind(&tx);
		write_notes(&tx);
		write_judged(&tx);
	}
	write_sources(&tx);
	return !tx.failed;
}

const struct report_format report_text = { "text", write_report };
