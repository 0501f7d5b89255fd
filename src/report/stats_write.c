/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statistics as tables for people, as CSV (a row an interrupt) and as JSON. */
#include <inttypes.h>
#include <string.h>

#include "core/derived.h"
#include "core/text.h"
#include "report/jsonout.h"
#include "report/layout.h"
#include "report/stats.h"

static const unsigned percents[] = { 50, 99, 100 };
static const char *const percent_names[] = { "p50", "p99", "max" };

enum { NR_PERCENTS = sizeof(percents) / sizeof(percents[0]), CELL = 64 };

/* ------------------------------------------------------------------------------------------------------- text */

struct table {
	const struct report_options *opt;
	FILE *out;
	unsigned name_width;
};

/* "irq:29 nvme0q2", or what of it fits. */
static void name_of(const struct stats_row *row, char *buf, size_t len)
{
	snprintf(buf, len, "%s%s%s", row->name, row->label[0] ? " " : "", row->label);
}

/* Cut to the column; what is cut ends in "…". */
static void write_name(const struct table *tb, const char *name)
{
	char safe[4 * CELL * 4], cut[4 * CELL * 4];
	unsigned columns = 0;
	size_t at = 0;

	text_safe(safe, sizeof(safe), name);
	if (layout_columns(safe) <= tb->name_width) {
		layout_cell(tb->out, tb->opt, STYLE_PLAIN, safe, tb->name_width);
		return;
	}
	while (columns + 1 < tb->name_width && safe[at]) {
		cut[at] = safe[at];
		columns += (safe[++at] & 0xc0) != 0x80;
	}
	snprintf(cut + at, sizeof(cut) - at, "%s", "…");
	layout_cell(tb->out, tb->opt, STYLE_PLAIN, cut, tb->name_width);
}

static void cell(const struct table *tb, unsigned width, const char *text)
{
	fprintf(tb->out, " %*s", width, text);
}

static void count_text(char *buf, size_t len, const struct stats_count *count)
{
	if (count->lo < 0)
		snprintf(buf, len, "-");
	else if (count->hi < 0)
		snprintf(buf, len, "%" PRId64 "+", count->lo);
	else if (count->hi != count->lo)
		snprintf(buf, len, "%" PRId64 "-%" PRId64, count->lo, count->hi);
	else
		snprintf(buf, len, "%" PRId64, count->lo);
}

static void rate_text(char *buf, size_t len, double rate)
{
	snprintf(buf, len, rate >= 100 ? "%.0f" : "%.1f", rate);
}

/* As wide as the longest name, as far as the terminal lets it with rest columns behind. */
static void set_name_width(struct table *tb, const struct stats *stats, unsigned rest)
{
	char name[256];

	tb->name_width = 12;
	for (unsigned i = 0; i < stats->nr; i++) {
		unsigned columns;

		name_of(&stats->row[i], name, sizeof(name));
		columns = layout_columns(name);
		if (stats->row[i].deliveries && columns > tb->name_width)
			tb->name_width = columns;
	}
	if (tb->name_width + rest > tb->opt->width)
		tb->name_width = tb->opt->width > rest + 12 ? tb->opt->width - rest : 12;
}

/* What became of each is told by a kernel's records only. */
static bool outcome_is_told(const struct stats_row *row)
{
	return row->handled || row->unhandled || !row->deliveries;
}

/* Where there were any, no second that was counted had nothing in it. */
static bool busiest_is_told(const struct stats_row *row)
{
	return row->busiest || !row->deliveries;
}

static void write_counts(struct table *tb, const struct stats *stats)
{
	set_name_width(tb, stats, 57);
	layout_cell(tb->out, tb->opt, STYLE_BOLD, "Interrupts", tb->name_width);
	fprintf(tb->out, " %9s %10s %9s %9s %14s\n", "count", text_counts() == TEXT_CYCLES ? "a G cycle" : "per second",
		"busiest", "unhandled", "longest gap");
	for (unsigned i = 0; i < stats->nr; i++) {
		const struct stats_row *row = &stats->row[i];
		char name[256], rate[CELL], gap[TEXT_TIME_MAX], unhandled[CELL], busiest[CELL];

		if (!row->deliveries)
			break;
		name_of(row, name, sizeof(name));
		write_name(tb, name);
		rate_text(rate, sizeof(rate), stats_rate(row));
		snprintf(unhandled, sizeof(unhandled), !outcome_is_told(row) ? "-" : row->unhandled ? "%.1f %%" : "0",
			 100.0 * row->unhandled / row->deliveries);
		snprintf(busiest, sizeof(busiest), busiest_is_told(row) ? "%" PRId64 : "-", row->busiest);
		fprintf(tb->out, " %9" PRId64, row->deliveries);
		cell(tb, 10, row->deliveries > 1 ? rate : "-");
		cell(tb, 9, busiest);
		cell(tb, 9, unhandled);
		cell(tb, 14, row->deliveries > 1 ? text_duration(gap, sizeof(gap), row->longest_gap_ns) : "-");
		fputc('\n', tb->out);
	}
}

static void write_hop(struct table *tb, struct quantile *qt, enum stats_hop hop)
{
	char buf[TEXT_TIME_MAX];

	fprintf(tb->out, " %-15s %9" PRIu64, stats_hop_name(hop), qt->nr);
	for (unsigned p = 0; p < NR_PERCENTS; p++)
		cell(tb, 9, text_duration(buf, sizeof(buf), quantile_get(qt, percents[p])));
	fputc('\n', tb->out);
}

static void write_latency(struct table *tb, const struct stats *stats)
{
	set_name_width(tb, stats, 57);
	fputc('\n', tb->out);
	layout_cell(tb->out, tb->opt, STYLE_BOLD, "Latency", tb->name_width);
	fprintf(tb->out, " %-15s %9s %9s %9s %9s\n", "from to", "count", percent_names[0], percent_names[1],
		percent_names[2]);
	for (unsigned i = 0; i < stats->nr; i++) {
		struct stats_row *row = &stats->row[i];
		char name[256];
		bool first = true;

		name_of(row, name, sizeof(name));
		for (unsigned hop = 0; hop < NR_STATS_HOPS; hop++) {
			if (!row->hop[hop].nr)
				continue;
			write_name(tb, first ? name : "");
			write_hop(tb, &row->hop[hop], hop);
			first = false;
		}
	}
}

static bool ledger_has(const struct stats *stats, unsigned hop)
{
	for (unsigned i = 0; i < stats->nr; i++)
		if (stats->row[i].deliveries && stats->row[i].ledger[hop].lo >= 0)
			return true;
	return false;
}

static void write_ledger(struct table *tb, const struct stats *stats)
{
	fputc('\n', tb->out);
	set_name_width(tb, stats, 56);
	layout_cell(tb->out, tb->opt, STYLE_BOLD, "Ledger", tb->name_width);
	for (unsigned hop = 0; hop < NR_STATS_LEDGER; hop++)
		if (ledger_has(stats, hop))
			cell(tb, 10, stats_ledger_name(hop));
	fputc('\n', tb->out);
	for (unsigned i = 0; i < stats->nr && stats->row[i].deliveries; i++) {
		char name[256], buf[CELL];

		name_of(&stats->row[i], name, sizeof(name));
		write_name(tb, name);
		for (unsigned hop = 0; hop < NR_STATS_LEDGER; hop++) {
			if (!ledger_has(stats, hop))
				continue;
			count_text(buf, sizeof(buf), &stats->row[i].ledger[hop]);
			cell(tb, 10, buf);
		}
		fputc('\n', tb->out);
	}
}

static void write_silent(struct table *tb, const struct stats *stats)
{
	char line[4096];
	size_t n = 0;
	unsigned nr = 0;

	for (unsigned i = 0; i < stats->nr; i++) {
		char name[256];

		if (stats->row[i].deliveries)
			continue;
		name_of(&stats->row[i], name, sizeof(name));
		if (n + sizeof(name) < sizeof(line))
			n += snprintf(line + n, sizeof(line) - n, "%s%s", nr ? ", " : "", name);
		nr++;
	}
	if (!nr)
		return;
	fprintf(tb->out, "\nWithout an interrupt (%u):", nr);
	layout_wrapped(tb->out, tb->opt, line, 24, 2);
}

static void write_text(const struct stats *stats, const struct report_options *opt, FILE *out)
{
	struct table tb = { .opt = opt, .out = out };
	bool any = stats->nr && stats->row[0].deliveries;

	if (any) {
		write_counts(&tb, stats);
		write_latency(&tb, stats);
		write_ledger(&tb, stats);
	} else {
		fputs("No interrupt was seen in this capture\n", out);
	}
	write_silent(&tb, stats);
	if (stats->nr_gaps)
		fprintf(out, "\nRecords were lost (%" PRId64 " holes, %" PRId64 " records known): there were at least"
			" so many\n", stats->nr_gaps, stats->nr_lost);
}

/* -------------------------------------------------------------------------------------------------------- CSV */

/* "flow to EOI" is flow_to_eoi in a column's name. */
static void csv_word(FILE *out, const char *name)
{
	for (; *name; name++)
		fputc(*name == ' ' ? '_' : *name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name, out);
}

static void csv_head(FILE *out)
{
	fputs("object,feeder,label,driver,path,count,handled,unhandled,per_second,busiest_second", out);
	fputs(",first_ns,last_ns,longest_gap_ns", out);
	for (unsigned hop = 0; hop < NR_STATS_LEDGER; hop++)
		fprintf(out, ",%s_lo,%s_hi", stats_ledger_name(hop), stats_ledger_name(hop));
	for (unsigned hop = 0; hop < NR_STATS_HOPS; hop++) {
		fputc(',', out);
		csv_word(out, stats_hop_name(hop));
		fputs("_count", out);
		for (unsigned p = 0; p < NR_PERCENTS; p++) {
			fputc(',', out);
			csv_word(out, stats_hop_name(hop));
			fprintf(out, "_%s_ns", percent_names[p]);
		}
	}
	fputs("\r\n", out);
}

/* Nothing between the commas where a value is unknown. */
static void csv_known(FILE *out, bool known, int64_t value)
{
	fputc(',', out);
	if (known)
		fprintf(out, "%" PRId64, value);
}

static void csv_row(FILE *out, struct stats_row *row)
{
	const char *const texts[] = { row->name, row->feeder, row->label, row->driver, row->path };
	bool any = row->deliveries > 0;

	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fputs(i ? "," : "", out);
		text_csv(out, texts[i]);
	}
	fprintf(out, ",%" PRId64, row->deliveries);
	csv_known(out, outcome_is_told(row), row->handled);
	csv_known(out, outcome_is_told(row), row->unhandled);
	fprintf(out, ",%.3f", stats_rate(row));
	csv_known(out, busiest_is_told(row), row->busiest);
	csv_known(out, any, row->first_ns);
	csv_known(out, any, row->last_ns);
	csv_known(out, row->deliveries > 1, row->longest_gap_ns);
	for (unsigned hop = 0; hop < NR_STATS_LEDGER; hop++) {
		csv_known(out, row->ledger[hop].lo >= 0, row->ledger[hop].lo);
		csv_known(out, row->ledger[hop].lo >= 0 && row->ledger[hop].hi >= 0, row->ledger[hop].hi);
	}
	for (unsigned hop = 0; hop < NR_STATS_HOPS; hop++) {
		fprintf(out, ",%" PRIu64, row->hop[hop].nr);
		for (unsigned p = 0; p < NR_PERCENTS; p++)
			csv_known(out, row->hop[hop].nr, quantile_get(&row->hop[hop], percents[p]));
	}
	fputs("\r\n", out);
}

static void write_csv(const struct stats *stats, const struct report_options *opt, FILE *out)
{
	(void)opt;
	csv_head(out);
	for (unsigned i = 0; i < stats->nr; i++)
		csv_row(out, &stats->row[i]);
}

/* ------------------------------------------------------------------------------------------------------- JSON */

static void json_hop(struct jsonout *js, struct quantile *qt, enum stats_hop hop)
{
	char key[16];

	jsonout_open(js, NULL, '{');
	jsonout_text(js, "hop", stats_hop_name(hop));
	jsonout_int(js, "count", (int64_t)qt->nr);
	for (unsigned p = 0; p < NR_PERCENTS; p++) {
		snprintf(key, sizeof(key), "%s_ns", percent_names[p]);
		jsonout_int(js, key, quantile_get(qt, percents[p]));
	}
	jsonout_close(js, '}');
}

static void json_count(struct jsonout *js, const struct stats_count *count, enum stats_ledger hop)
{
	jsonout_open(js, NULL, '{');
	jsonout_text(js, "hop", stats_ledger_name(hop));
	jsonout_int(js, "lo", count->lo);
	if (count->hi < 0)
		jsonout_null(js, "hi");
	else
		jsonout_int(js, "hi", count->hi);
	jsonout_close(js, '}');
}

static void json_text_or_null(struct jsonout *js, const char *key, const char *text)
{
	jsonout_text(js, key, *text ? text : NULL);
}

static void json_told(struct jsonout *js, const char *key, bool is_told, int64_t count)
{
	if (is_told)
		jsonout_int(js, key, count);
	else
		jsonout_null(js, key);
}

static void json_row(struct jsonout *js, struct stats_row *row)
{
	jsonout_open(js, NULL, '{');
	jsonout_text(js, "object", row->name);
	json_text_or_null(js, "feeder", row->feeder);
	json_text_or_null(js, "label", row->label);
	json_text_or_null(js, "driver", row->driver);
	jsonout_text(js, "path", row->path);
	jsonout_int(js, "count", row->deliveries);
	json_told(js, "handled", outcome_is_told(row), row->handled);
	json_told(js, "unhandled", outcome_is_told(row), row->unhandled);
	jsonout_real(js, "per_second", stats_rate(row));
	json_told(js, "busiest_second", busiest_is_told(row), row->busiest);
	jsonout_time(js, "first_ns", row->first_ns);
	jsonout_time(js, "last_ns", row->last_ns);
	jsonout_int(js, "longest_gap_ns", row->longest_gap_ns);
	jsonout_open(js, "ledger", '[');
	for (unsigned hop = 0; hop < NR_STATS_LEDGER; hop++)
		if (row->ledger[hop].lo >= 0)
			json_count(js, &row->ledger[hop], hop);
	jsonout_close(js, ']');
	jsonout_open(js, "latency", '[');
	for (unsigned hop = 0; hop < NR_STATS_HOPS; hop++)
		if (row->hop[hop].nr)
			json_hop(js, &row->hop[hop], hop);
	jsonout_close(js, ']');
	jsonout_close(js, '}');
}

static void write_json(const struct stats *stats, const struct report_options *opt, FILE *out)
{
	struct jsonout js = { .out = out, .origin_ns = stats->origin_ns };
	char origin[24];

	(void)opt;
	snprintf(origin, sizeof(origin), "%" PRId64, stats->origin_ns);
	jsonout_open(&js, NULL, '{');
	jsonout_text(&js, "schema", "irqpath.stats/1");
	jsonout_tool(&js);
	jsonout_text(&js, "origin_ns", origin);
	jsonout_int(&js, "span_ns", stats->span_ns);
	jsonout_int(&js, "gaps", stats->nr_gaps);
	jsonout_int(&js, "lost", stats->nr_lost);
	jsonout_open(&js, "interrupts", '[');
	for (unsigned i = 0; i < stats->nr; i++)
		json_row(&js, &stats->row[i]);
	jsonout_close(&js, ']');
	jsonout_close(&js, '}');
}

const struct stats_format *stats_format_find(const char *name)
{
	static const struct stats_format formats[] = {
		{ "text", write_text }, { "csv", write_csv }, { "json", write_json },
	};

	for (unsigned i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}
