/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time that counts is the time without excuses. What was owed only perhaps is written as such, unless it turns out
 * that it never was.
 */
#include "model/duty.h"

#include <string.h>

#include "model/replay.h"

static void settle_time(struct model *m, struct duty *duty, int64_t until_ns)
{
	if (duty->owed && until_ns > duty->owed_since_ns)
		duty->row.owed_ns += until_ns - duty->owed_since_ns;
	duty->owed_since_ns = m->now_ns;
}

/* Place of a duration: its octave, and the quarter of it. */
static unsigned bucket_of(int64_t ns)
{
	unsigned octave = ns < 4 ? 0 : 63 - __builtin_clzll(ns);

	return ns < 4 ? (ns > 0 ? ns : 0) : octave * 4 + (ns >> (octave - 2) & 3);
}

/* The largest duration of a place. */
static int64_t bucket_end(unsigned bucket)
{
	unsigned octave = bucket / 4;

	return bucket < 8 ? bucket : (INT64_C(1) << octave) + ((int64_t)(bucket % 4 + 1) << (octave - 2)) - 1;
}

static struct duty_stats *stats_of(struct model *m, const char *kind)
{
	struct duty_stats *stats = m->stats;

	while (stats->kind && stats->kind != kind && strcmp(stats->kind, kind))
		stats++;
	stats->kind = kind;
	return stats;
}

static void count_met(struct model *m, const struct duty *duty)
{
	struct duty_stats *stats = stats_of(m, duty->row.kind);

	stats->met++;
	stats->count[bucket_of(duty->row.owed_ns)]++;
	if (duty->row.owed_ns > stats->max_ns)
		stats->max_ns = duty->row.owed_ns;
}

static int64_t percentile(const struct duty_stats *stats, unsigned percent)
{
	uint64_t rank = (stats->met * percent + 99) / 100, seen = 0;

	for (unsigned i = 0; i < 256; i++) {
		seen += stats->count[i];
		if (seen >= rank)
			return bucket_end(i) < stats->max_ns ? bucket_end(i) : stats->max_ns;
	}
	return stats->max_ns;
}

void duty_write_stats(struct model *m)
{
	for (const struct duty_stats *stats = m->stats; stats->kind; stats++)
		m->failed |= m->sink->stat(m->sink->ctx, &(struct stat_row){
			.kind = stats->kind, .met = stats->met, .p50_ns = percentile(stats, 50), .p99_ns = percentile(stats, 99),
			.max_ns = stats->max_ns,
		}) != 0;
}

static void write_duty(struct model *m, struct duty *duty, enum ending ending, const char *ended_by, int64_t gap_from_ns)
{
	duty->open = false;
	if (duty->row.guard_unknown && !duty->owed)
		return;
	settle_time(m, duty, gap_from_ns == NO_TIME ? m->now_ns : gap_from_ns);
	if (ending == ENDING_DISCHARGED)
		count_met(m, duty);
	if (duty->hot && (ending == ENDING_DISCHARGED || ending == ENDING_EXCUSED) && duty->row.owed_ns < DUTY_LATE_NS)
		return;
	duty->row.end_event = ending == ENDING_OPEN ? 0 : m->event;
	duty->row.end_ns = m->now_ns;
	duty->row.ending = ending;
	duty->row.ended_by = ended_by;
	duty->row.gap_event = ending == ENDING_UNKNOWN ? m->event : 0;
	duty->row.owed_before_gap_ns = duty->row.owed_ns;
	emit_obligation(m, &duty->row);
}

static void open_duty(struct model *m, struct duty *duty, const struct claim *claim)
{
	*duty = (struct duty){
		.row = {
			.object = claim->object, .kind = claim->kind, .owner = claim->owner, .trigger_event = m->event,
			.trigger_ns = m->now_ns, .guard_unknown = claim->owed == TRUTH_UNKNOWN, .cause_event = claim->cause_event,
		},
		.open = true, .owed = true, .owed_since_ns = m->now_ns,
	};
}

/* What was owed only perhaps is owed from now on, or never was. */
static void resolve_guard(struct model *m, struct duty *duty, enum truth owed)
{
	if (!duty->row.guard_unknown || owed == TRUTH_UNKNOWN)
		return;
	if (owed == TRUTH_FALSE) {
		duty->open = false;
		return;
	}
	duty->row.guard_unknown = false;
	duty->row.trigger_event = m->event;
	duty->row.trigger_ns = duty->owed_since_ns = m->now_ns;
	duty->row.owed_ns = 0;
}

static void follow_excuses(struct model *m, struct duty *duty, const struct claim *claim)
{
	if (claim->final) {
		write_duty(m, duty, ENDING_EXCUSED, claim->final, NO_TIME);
	} else if (duty->owed && claim->owed == TRUTH_FALSE) {
		settle_time(m, duty, m->now_ns);
		duty->owed = false;
		duty->row.excuses++;
	} else if (!duty->owed && claim->owed != TRUTH_FALSE) {
		duty->owed = true;
		duty->owed_since_ns = m->now_ns;
	}
}

void duty_follow(struct model *m, struct duty *duty, const struct claim *claim)
{
	if (!claim->due) {
		duty_end(m, duty, ENDING_DISCHARGED, claim->met_by);
		return;
	}
	if (!duty->open) {
		if (!claim->final && claim->owed != TRUTH_FALSE)
			open_duty(m, duty, claim);
		return;
	}
	resolve_guard(m, duty, claim->owed);
	if (duty->open)
		follow_excuses(m, duty, claim);
}

void duty_follow_hot(struct model *m, struct duty *duty, const struct claim *claim)
{
	duty_follow(m, duty, claim);
	duty->hot = true;
}

void duty_expected(struct model *m, struct duty *duty)
{
	if (!duty->open)
		return;
	duty->row.opportunities++;
	duty->row.expected_event = m->event;
}

void duty_missed(struct model *m, struct duty *duty)
{
	if (!duty->open)
		return;
	duty->row.missed++;
	if (!duty->row.first_missed_event)
		duty->row.first_missed_event = m->event;
}

void duty_lost(struct model *m, struct duty *duty, int64_t gap_from_ns)
{
	if (duty->open)
		write_duty(m, duty, ENDING_UNKNOWN, "records lost", gap_from_ns);
}

void duty_end(struct model *m, struct duty *duty, enum ending ending, const char *ended_by)
{
	if (duty->open)
		write_duty(m, duty, ending, ended_by, NO_TIME);
}

void duty_finish(struct model *m, struct duty *duty, const char *excuse)
{
	duty_end(m, duty, duty->owed ? ENDING_OPEN : ENDING_EXCUSED, duty->owed ? "" : excuse);
}
