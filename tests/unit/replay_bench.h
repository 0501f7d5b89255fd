/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bench for the model: events as text in, derived rows kept. Included by the tests that replay; each uses set_up(),
 * tear_down() and replay().
 */
#ifndef IRQPATH_TESTS_REPLAY_BENCH_H
#define IRQPATH_TESTS_REPLAY_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/event_text.h"
#include "core/strtab.h"
#include "model/model.h"

enum { MAX_ROWS = 256 };

/* What the model wrote, and what it writes with. */
struct bench {
	const char *kind;	/* of the obligations to keep */
	bool order_proven;	/* of events of several sources */
	int64_t clock_slack_ns;
	int64_t software_end_ns;	/* 0: software is recorded to the end */
	struct coverage *coverage;	/* NULL: not asked for */
	struct strtab *strings;
	struct diag_sink diag;
	struct derived_sink sink;
	struct object_row object[MAX_ROWS];
	struct summary_row summary[MAX_ROWS];
	struct link_row link[MAX_ROWS];
	struct obligation_row obligation[MAX_ROWS];
	struct delivery_row delivery[MAX_ROWS];
	struct path_row path[MAX_ROWS];
	unsigned nr_objects, nr_summaries, nr_links, nr_obligations, nr_deliveries, nr_paths;
	struct harm_row harm[MAX_ROWS];
	struct span_row span[MAX_ROWS];
	struct dump_row check[MAX_ROWS];	/* texts: only static ones live on */
	struct ledger_row ledger[MAX_ROWS];
	unsigned nr_ledger;
	unsigned nr_unexpected, nr_harms, nr_spans, nr_checks;
};

#define KEEP(name, field, counter) \
	static int keep_##name(void *ctx, const struct name##_row *row) \
	{ \
		struct bench *b = ctx; \
		assert_true(b->counter < MAX_ROWS); \
		b->field[b->counter++] = *row; \
		return 0; \
	}
KEEP(object, object, nr_objects)
KEEP(summary, summary, nr_summaries)
KEEP(link, link, nr_links)
KEEP(delivery, delivery, nr_deliveries)
KEEP(path, path, nr_paths)
KEEP(dump, check, nr_checks)

/* Only of the kind that a test is about. */
static int keep_obligation(void *ctx, const struct obligation_row *row)
{
	struct bench *b = ctx;

	assert_true(b->nr_obligations < MAX_ROWS);
	if (!strcmp(row->kind, b->kind))
		b->obligation[b->nr_obligations++] = *row;
	return 0;
}

static int keep_step(void *ctx, const struct step_row *row)
{
	((struct bench *)ctx)->nr_unexpected += row->unexpected;
	return 0;
}

static int keep_span(void *ctx, const struct span_row *row)
{
	struct bench *b = ctx;

	assert_true(row->end_ns >= row->start_ns);
	if (b->nr_spans < MAX_ROWS)
		b->span[b->nr_spans] = *row;
	b->nr_spans++;
	return 0;
}

static int keep_ledger(void *ctx, const struct ledger_row *row)
{
	struct bench *b = ctx;

	assert_true(row->hi >= row->lo);
	assert_true(b->nr_ledger < MAX_ROWS);
	b->ledger[b->nr_ledger++] = *row;	/* texts: only static ones live on */
	return 0;
}

static int keep_stat(void *ctx, const struct stat_row *row)
{
	(void)ctx;
	assert_true(row->p50_ns <= row->p99_ns && row->p99_ns <= row->max_ns);
	return 0;
}

static int keep_harm(void *ctx, const struct harm_row *row)
{
	struct bench *b = ctx;

	assert_true(b->nr_harms < MAX_ROWS);
	b->harm[b->nr_harms++] = *row;
	return 0;
}

static void no_diag(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	fail_msg("unexpected diagnostic: %s", text);
}

static const char *string_of(void *ctx, uint32_t source, str_id id)
{
	(void)source;
	return strtab_get(ctx, id);
}

/* Replays lines, each an event of source 1; objects that name no machine are the host's. */
static void replay(struct bench *b, const char *const *lines)
{
	const struct model_options opt = { .string = string_of, .string_ctx = b->strings, .forced_path = -1,
					   .coverage = b->coverage, .order_proven = b->order_proven, .clock_slack_ns = b->clock_slack_ns };
	int64_t software_end_ns = b->software_end_ns ? b->software_end_ns : INT64_MAX;
	struct model *m = model_new(&opt, &b->sink, &b->diag);

	assert_non_null(m);
	for (unsigned i = 0; lines[i]; i++) {
		struct event ev = { .ordinal = i + 1, .source = 1 };
		const char *error = event_text_parse(lines[i], &ev, b->strings);

		if (error)
			fail_msg("%s: %s", lines[i], error);
		for (int k = 0; k < ev.nr_objects; k++)
			ev.object[k] = object_of_source(ev.object[k], MACHINE_HOST);
		if (ev.t_lo_ns > software_end_ns) {
			model_software_unrecorded(m, software_end_ns);
			software_end_ns = INT64_MAX;
		}
		assert_true(model_event(m, &ev));
	}
	assert_true(model_end(m));
	model_free(m);
}

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->kind = "msix-unmask";
	b->strings = strtab_new();
	b->diag = (struct diag_sink){ .fn = no_diag };
	b->sink = (struct derived_sink){
		.ctx = b, .object = keep_object, .summary = keep_summary, .link = keep_link, .step = keep_step,
			.span = keep_span,
		.obligation = keep_obligation, .stat = keep_stat, .delivery = keep_delivery, .ledger = keep_ledger,
			.harm = keep_harm, .path = keep_path, .dump = keep_dump,
	};
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	strtab_free(b->strings);
	free(b);
	return 0;
}

#define LINES(...) (const char *const[]){ __VA_ARGS__, NULL }

#define STARTUP(t, irq) t " cpu0 irq.startup@shadow irq:" irq " state=0x10030200 depth=1 chip=\"PCI-MSI\""
#define UNMASK(t, irq, entry) \
	t " cpu0 irq.unmask@shadow irq:" irq " msix:0000:05:00.0[" entry "] state=0x10020200 ctrl=0x1"
#define MASK(t, irq, entry, word) \
	t " cpu0 irq.mask@shadow irq:" irq " msix:0000:05:00.0[" entry "] state=" word " ctrl=0x0"
#define ENTER(t, irq) t " cpu0 irq.enter@shadow irq:" irq " name=\"a\""
#define EXIT(t, irq, ret) t " cpu0 irq.exit@shadow irq:" irq " ret=" ret
#define FLOW(t, irq, word) t " cpu0 irq.flow@shadow irq:" irq " state=" word " istate=0x4000 depth=0"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
