/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irqpath model check as text: how large the space is, what was broken by which steps, and what else prevents that. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/check_request.h"
#include "model/story.h"

static const char *unit_noun(const struct path_part *part)
{
	return part->nr_units ? "interrupt" : part->has_function ? "entry" : "line";
}

static void print_step(void *ctx, unsigned number, const struct check_step *step)
{
	struct check_request *rq = ctx;

	rq->on_function = step->operation->on_function;
	printf("  %2u  %s", number + 1, step->operation->name);
	if (!step->operation->on_function && rq->check.part->unit_names)
		printf(", %s", rq->check.part->unit_names[step->unit]);
	else if (!step->operation->on_function && rq->check.units > 1)
		printf(", %s %u", unit_noun(rq->check.part), step->unit);
	if (step->operation->per_cpu)
		printf(", CPU %u", step->cpu);
	putchar('\n');
}

static bool changes(const struct component *type, uint32_t before, uint32_t after)
{
	for (unsigned i = 0; i < type->nr_regions; i++)
		if (core_get(before, &type->regions[i]) != core_get(after, &type->regions[i]))
			return true;
	return false;
}

static void print_change(const struct component *type, const struct region *region, uint32_t before, uint32_t after)
{
	unsigned from = core_get(before, region), to = core_get(after, region);

	if (from != to)
		printf("; %s.%s %s -> %s", type->name, region->name, region->states[from], region->states[to]);
}

/* Inputs that change nothing are left out, and what a function's units share is told once. */
static void print_input(void *ctx, const struct story_input *input)
{
	const struct check_request *rq = ctx;
	const struct component *type = role_component(input->role);

	if (!changes(type, input->before, input->after) || (rq->on_function && unit_role_is_shared(input->role) && input->unit))
		return;
	printf("        %s", type->inputs[input->in]);
	if (rq->check.units > 1 && !rq->check.part->nr_units && !unit_role_is_shared(input->role))
		printf(", entry %u", input->unit);
	if (input->role == ROLE_LAPIC && rq->check.cpus > 1)
		printf(", CPU %u", input->cpu);
	for (unsigned i = 0; i < type->nr_regions; i++)
		print_change(type, &type->regions[i], input->before, input->after);
	putchar('\n');
}

static void print_ring(const struct check_request *rq, const struct check_result *result)
{
	struct path_wait ring[CHECK_MAX_RING];
	unsigned nr = check_ring(&rq->check, result, ring);

	if (!nr)
		return;
	printf("  each of these waits for the next, and the last for the first:\n");
	for (unsigned i = 0; i < nr; i++)
		printf("    %s: %s\n", ring[i].who, ring[i].why);
}

static void print_counterexample(struct check_request *rq, const struct check_result *result)
{
	const struct story_sink sink = { .ctx = rq, .step = print_step, .input = print_input };

	printf("  shortest counterexample, %u steps:\n", result->nr_steps);
	story_tell(&rq->check, result, &sink);
	print_ring(rq, result);
	if (*result->broken->rule)
		printf("  in a capture the rule %s judges this\n", result->broken->rule);
}

static void print_numbers(const struct check_request *rq, const struct check_result *result)
{
	printf("  %" PRIu64 " states (%" PRIu32 " of one %s), %" PRIu64 " transitions, depth %u\n", result->states, result->unit_states,
	       unit_noun(rq->check.part), result->transitions, result->depth);
	printf("  %.3f s, %.3f s on the CPU: %.2f million states and %.1f million transitions a second; %.1f MB, %u + %u bytes a state\n",
	       result->elapsed_ns / 1e9, result->cpu_ns / 1e9, result->states * 1e3 / result->cpu_ns,
	       result->transitions * 1e3 / result->cpu_ns, result->memory_bytes / 1e6, result->key_bytes,
	       result->state_bytes - result->key_bytes);
}

static void print_product(const struct check_request *rq, const struct check_result *result)
{
	double product = 1;

	if (rq->nr_devices < 2 || rq->check.part->nr_units)
		return;
	for (unsigned i = 0; i < rq->nr_devices; i++)
		product *= result->states;
	printf("  %u alike share no state, so one was explored: all together have the %.3g combinations of its states\n",
	       rq->nr_devices, product);
}

static void print_assumed(const struct check_request *rq)
{
	uint64_t differs = (rq->check.quirks.on ^ quirks_normal().on) & path_part_quirks(rq->check.part);

	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		if (differs >> i & 1)
			printf(", %s %s", quirk_table[i].name, quirk_is_on(rq->check.quirks, i) ? "on" : "off");
}

/* A line for each of those that others are off with. */
static void print_put_off_with(const struct check_request *rq, enum quirk with, bool as_companion)
{
	bool is, first = true;

	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++) {
		if (!(rq->put_off >> i & 1) || with != quirk_put_off_with(i, &rq->wishes, path_part_quirks(rq->check.part), &is) ||
		    is != as_companion)
			continue;
		if (first)
			printf("  off with %s, as %s:", quirk_table[with].name,
			       as_companion ? "what has no sense without it" : "other cures of the same fault");
		printf("%s %s (--assume %s=on keeps it)", first ? "" : ",", quirk_table[i].name, quirk_table[i].name);
		first = false;
	}
	if (!first)
		putchar('\n');
}

static void print_put_off(const struct check_request *rq)
{
	for (int with = QUIRK_NONE + 1; rq->put_off && with < NR_QUIRKS; with++) {
		print_put_off_with(rq, with, false);
		print_put_off_with(rq, with, true);
	}
}

static void print_trial(const struct trial *trial)
{
	const struct quirk_cure *cure = trial->cure;

	printf(" %s%s", quirk_table[cure->quirk].name, cure->on ? "" : "=off");
	if (trial->undone)
		printf(" (not with %s)", quirk_table[cure->undone_by].name);
}

static void print_trials_that(const struct trials *trials, bool prevent, const char *text)
{
	bool first = true;

	for (unsigned i = 0; i < trials->nr; i++) {
		if (trials->trial[i].prevents != prevent)
			continue;
		printf("%s", first ? text : ",");
		first = false;
		print_trial(&trials->trial[i]);
	}
	if (!first)
		putchar('\n');
}

static void print_trials(const struct trials *trials)
{
	print_trials_that(trials, true, "  prevented by any one of:");
	print_trials_that(trials, false, "  not prevented by one alone:");
}

static void print_invariants(const struct check_request *rq)
{
	const struct path_part *part = rq->check.part;

	for (unsigned i = 0; i < part->nr_invariants; i++)
		if (check_is_tested(rq, i))
			printf(" %s", part->invariants[i].name);
	putchar('\n');
}

static void print_bounds(const struct check_request *rq)
{
	const struct path_part *part = rq->check.part;

	if (part->nr_units)
		printf("%s: %s", part->name, part->cast);
	else
		printf("%s: %u %s, %u CPUs", part->name, rq->nr_devices, part->has_function ? "functions" : "lines", rq->check.cpus);
	if (part->has_function)
		printf(", %u vectors each", rq->check.units);
}

void check_print_text(struct check_request *rq, const struct check_result *result, const struct trials *trials)
{
	print_bounds(rq);
	print_assumed(rq);
	putchar('\n');
	print_put_off(rq);
	print_numbers(rq, result);
	if (result->outcome == CHECK_CLEAN) {
		print_product(rq, result);
		printf("  whole space explored, nothing broken:");
		print_invariants(rq);
	} else if (result->outcome == CHECK_BOUND) {
		printf("  bound of %" PRIu64 " states reached first, nothing broken so far; raise it with --max-states\n",
		       rq->check.max_states);
	} else if (result->outcome == CHECK_VIOLATED) {
		printf("  VIOLATED %s: %s\n", result->broken->name, result->broken->meaning);
		print_counterexample(rq, result);
		print_trials(trials);
	}
}
