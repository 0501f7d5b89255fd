/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irqpath model check as JSON (docs/check.schema.json). */
#include <stdio.h>

#include "cli/check_request.h"
#include "model/story.h"
#include "report/jsonout.h"

static void json_steps(struct jsonout *js, const struct check_result *result)
{
	jsonout_open(js, "counterexample", '[');
	for (unsigned i = 0; i < result->nr_steps; i++) {
		const struct check_step *step = &result->steps[i];

		jsonout_open(js, NULL, '{');
		jsonout_text(js, "operation", step->operation->name);
		jsonout_int(js, "unit", step->unit);
		if (step->operation->per_cpu)
			jsonout_int(js, "cpu", step->cpu);
		else
			jsonout_null(js, "cpu");
		jsonout_close(js, '}');
	}
	jsonout_close(js, ']');
}

static void json_ring(struct jsonout *js, const struct check_request *rq, const struct check_result *result)
{
	struct path_wait ring[CHECK_MAX_RING];
	unsigned nr = check_ring(&rq->check, result, ring);

	jsonout_open(js, "ring", '[');
	for (unsigned i = 0; i < nr; i++) {
		jsonout_open(js, NULL, '{');
		jsonout_text(js, "who", ring[i].who);
		jsonout_text(js, "why", ring[i].why);
		jsonout_close(js, '}');
	}
	jsonout_close(js, ']');
}

static void json_quirks(struct jsonout *js, const struct check_request *rq)
{
	uint64_t quirks = path_part_quirks(rq->check.part);

	jsonout_open(js, "quirks", '{');
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		if (quirks >> i & 1)
			jsonout_bool(js, quirk_table[i].name, quirk_is_on(rq->check.quirks, i));
	jsonout_close(js, '}');
}

static void json_put_off(struct jsonout *js, const struct check_request *rq)
{
	bool as_companion;

	jsonout_open(js, "put_off", '[');
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++) {
		enum quirk with = quirk_put_off_with(i, &rq->wishes, path_part_quirks(rq->check.part), &as_companion);

		if (!(rq->put_off >> i & 1))
			continue;
		jsonout_open(js, NULL, '{');
		jsonout_text(js, "quirk", quirk_table[i].name);
		jsonout_text(js, "with", quirk_table[with].name);
		jsonout_text(js, "as", as_companion ? "companion" : "cure");
		jsonout_close(js, '}');
	}
	jsonout_close(js, ']');
}

static void json_trials(struct jsonout *js, const struct trials *trials)
{
	jsonout_open(js, "cures", '[');
	for (unsigned i = 0; i < trials->nr; i++) {
		const struct trial *trial = &trials->trial[i];

		jsonout_open(js, NULL, '{');
		jsonout_text(js, "fault", trial->cure->fault);
		jsonout_text(js, "quirk", quirk_table[trial->cure->quirk].name);
		jsonout_bool(js, "on", trial->cure->on);
		jsonout_bool(js, "prevents", trial->prevents);
		jsonout_text(js, "unless", trial->undone ? quirk_table[trial->cure->undone_by].name : NULL);
		jsonout_close(js, '}');
	}
	jsonout_close(js, ']');
}

static void json_invariants(struct jsonout *js, const struct check_request *rq)
{
	const struct path_part *part = rq->check.part;

	jsonout_open(js, "invariants", '[');
	for (unsigned i = 0; i < part->nr_invariants; i++)
		if (check_is_tested(rq, i))
			jsonout_text(js, NULL, part->invariants[i].name);
	jsonout_close(js, ']');
}

void check_print_json(struct jsonout *js, const struct check_request *rq, const struct check_result *result,
		      const struct trials *trials)
{
	static const char *const outcomes[] = { "clean", "violated", "bound", "failed" };

	jsonout_open(js, NULL, '{');
	jsonout_text(js, "path", rq->check.part->name);
	jsonout_int(js, "devices", rq->check.part->nr_units ? 1 : rq->nr_devices);
	jsonout_int(js, "vectors", rq->check.units);
	jsonout_int(js, "cpus", rq->check.cpus);
	json_quirks(js, rq);
	json_put_off(js, rq);
	json_invariants(js, rq);
	jsonout_text(js, "outcome", outcomes[result->outcome]);
	jsonout_int(js, "states", result->states);
	jsonout_int(js, "transitions", result->transitions);
	jsonout_int(js, "depth", result->depth);
	jsonout_int(js, "elapsed_ns", result->elapsed_ns);
	jsonout_int(js, "cpu_ns", result->cpu_ns);
	jsonout_int(js, "memory_bytes", result->memory_bytes);
	jsonout_int(js, "key_bytes", result->key_bytes);
	jsonout_int(js, "state_bytes", result->state_bytes);
	jsonout_text(js, "violated", result->broken ? result->broken->name : NULL);
	jsonout_text(js, "rule", result->broken && *result->broken->rule ? result->broken->rule : NULL);
	json_steps(js, result);
	json_ring(js, rq, result);
	json_trials(js, trials);
	jsonout_close(js, '}');
}
