/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irqpath model check: the bounded check of the paths, their quirks and invariants. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check_request.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "core/event_text.h"
#include "core/progress.h"
#include "model/check.h"
#include "model/policy.h"
#include "model/story.h"
#include "report/jsonout.h"

enum { MAX_DEVICES = 64 };

/* ------------------------------------------------------------------------------------------------------- list */

static void list_part(const struct path_part *part)
{
	uint64_t quirks = path_part_quirks(part);

	printf("%s: %s\n  invariants\n", part->name, part->what);
	for (unsigned i = 0; i < part->nr_invariants; i++)
		printf("    %-14s %s%s%s%s\n", part->invariants[i].name, part->invariants[i].meaning,
		       *part->invariants[i].rule ? " (rule " : "", part->invariants[i].rule, *part->invariants[i].rule ? ")" : "");
	printf("  operations\n");
	for (unsigned i = 0; i < part->nr_operations; i++)
		printf("    %-9s %s\n", part->operations[i].kind == OPERATION_STIMULUS ? "stimulus" : "progress", part->operations[i].name);
	printf("  quirks\n   ");
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		if (quirks >> i & 1)
			printf(" %s", quirk_table[i].name);
	printf("\n\n");
}

static enum status list_all(void)
{
	for (unsigned i = 0; path_parts[i]; i++)
		list_part(path_parts[i]);
	printf("quirks, as they are unless --assume says otherwise\n");
	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++) {
		const struct quirk_info *quirk = &quirk_table[i];

		printf("  %-24s %-3s %-7s %s (%s)\n", quirk->name, quirk->normally ? "on" : "off", quirk_class_name(quirk->class),
		       quirk->what, quirk->stands_for);
	}
	return STATUS_CLEAN;
}

/* ------------------------------------------------------------------------------------------------------- cures */

static bool is_clean_with(const struct check_request *rq, struct quirks quirks)
{
	static struct check_result result;
	struct check_options opt = rq->check;

	opt.quirks = quirks;
	opt.progress = NULL;
	check_run(&opt, &result);
	return result.outcome == CHECK_CLEAN;
}

/* With each cure of what is off, alone: whether the whole space is clean then. */
static void try_cures(const struct check_request *rq, struct trials *trials)
{
	uint64_t known = path_part_quirks(rq->check.part);

	trials->nr = 0;
	for (const struct quirk_cure *cure = quirk_cures; cure->quirk && trials->nr < MAX_CURES; cure++) {
		struct trial *trial = &trials->trial[trials->nr];
		struct quirks quirks = quirks_cured(rq->check.quirks, cure, rq->put_off);

		if (!quirk_cure_matters(cure, &rq->wishes, known))
			continue;
		*trial = (struct trial){ .cure = cure, .prevents = is_clean_with(rq, quirks) };
		quirk_set(&quirks, cure->undone_by, true);
		trial->undone = trial->prevents && cure->undone_by && !is_clean_with(rq, quirks);
		trials->nr++;
	}
}

/* ------------------------------------------------------------------------------------------------------- events */

static void write_event(void *ctx, const struct event *ev)
{
	static char text[EVENT_TEXT_MAX];

	fprintf(ctx, "%s\n", event_text_print(text, sizeof(text), ev, story_string, NULL));
}

static bool signal_was_told(const struct path_part *part, unsigned number)
{
	enum event_kind kind, other_kind;
	enum witness witness, other_witness;
	const char *via, *other_via;

	story_signal(part, number, &kind, &witness, &via);
	for (unsigned i = 0; i < number; i++) {
		story_signal(part, i, &other_kind, &other_witness, &other_via);
		if (kind == other_kind && witness == other_witness && !strcmp(via, other_via))
			return true;
	}
	return false;
}

/* The counterexample as a capture in which everything was recorded. */
static bool write_events(const struct check_request *rq, const struct check_result *result)
{
	const struct story_sink sink = { .event = write_event };
	struct path_wait ring[CHECK_MAX_RING];
	struct story_sink to = sink;
	unsigned nr;
	enum event_kind kind;
	enum witness witness;
	struct output out;
	const char *via;

	if (!output_open(&out, rq->output))
		return false;
	fprintf(out.stream, "irqpath-events 1\n# %s: %s\n# violated: %s\n", rq->check.part->name, result->broken->meaning,
		result->broken->name);
	nr = check_ring(&rq->check, result, ring);
	for (unsigned i = 0; i < nr; i++)
		fprintf(out.stream, "# waits for the next: %s: %s\n", ring[i].who, ring[i].why);
	if (rq->check.part->nr_units)
		fprintf(out.stream, "machine xen\n");
	for (unsigned i = 0; story_signal(rq->check.part, i, &kind, &witness, &via); i++)
		if (!signal_was_told(rq->check.part, i))
			fprintf(out.stream, "signal %s@%s complete via %s\n", event_kinds[kind].name, witness_name(witness), via);
	fprintf(out.stream, "cpus %u\n", rq->check.cpus);
	if (rq->check.part->feeder == OBJ_XIRQ)
		fprintf(out.stream, "machine xen\n");
	to.ctx = out.stream;
	story_tell(&rq->check, result, &to);
	return output_close(&out, true);
}

/* ------------------------------------------------------------------------------------------------------- command */

static void show_progress(void *ctx, uint64_t states, unsigned depth)
{
	(void)depth;
	progress_set(ctx, states);
}

static enum status check_part(struct check_request *rq, struct check_result *result)
{
	struct progress pg;

	progress_start(&pg, "exploring, states", 0, rq->quiet);
	rq->check.progress = show_progress;
	rq->check.progress_ctx = &pg;
	check_run(&rq->check, result);
	progress_end(&pg);
	switch (result->outcome) {
	case CHECK_CLEAN:
		return STATUS_CLEAN;
	case CHECK_VIOLATED:
		return STATUS_FINDINGS;
	case CHECK_BOUND:
		return STATUS_NOT_JUDGED;
	default:
		fprintf(stderr, "irqpath: %s: %s\n", rq->check.part->name, result->failure);
		return STATUS_INCOMPLETE;
	}
}

static bool invariant_is_known(const struct path_part *part, const char *name)
{
	for (unsigned i = 0; i < part->nr_invariants; i++)
		if (!strcmp(part->invariants[i].name, name))
			return true;
	return false;
}

/* "baremetal" chooses all its parts, "baremetal/msix" one. */
static bool is_chosen(const struct check_request *rq, const struct path_part *part)
{
	size_t len = strcspn(part->name, "/");

	if (rq->invariant && !invariant_is_known(part, rq->invariant))
		return false;
	for (unsigned i = 0; i < rq->paths.nr; i++) {
		const char *name = rq->paths.text[i];

		if (!strcmp(name, part->name) || (strlen(name) == len && !strncmp(name, part->name, len)))
			return true;
	}
	return !rq->paths.nr;
}

/* Interrupts that share a CPU are as many as the part has, and on that one. What is assumed is a matter of its own quirks. */
static void set_part(struct check_request *rq)
{
	const struct path_part *part = rq->check.part;

	rq->check.quirks = quirks_wished(&rq->wishes, path_part_quirks(part), &rq->put_off);
	rq->check.units = part->nr_units ? part->nr_units : part->has_function ? strtoul(rq->vectors, NULL, 10) : 1;
	rq->check.cpus = part->nr_units ? 1 : rq->nr_cpus;
}

/* ------------------------------------------------------------------------------------------------------- policies */

static void compare_text(const struct path_policy *policy, const struct policy_result *result)
{
	char deadlock[24] = "no", storm[24] = "no";

	if (result->deadlock)
		snprintf(deadlock, sizeof(deadlock), "in %u steps", result->deadlock_steps);
	if (result->storm)
		snprintf(storm, sizeof(storm), "in %u steps", result->storm_steps);
	printf("  %-45s %-11s %-29s %-11s %9" PRIu64 "\n", policy->name, deadlock, policy_stall_name(result->stall), storm, result->states);
}

static void compare_json(struct jsonout *js, const struct path_policy *policy, const struct policy_result *result)
{
	jsonout_open(js, NULL, '{');
	jsonout_text(js, "policy", policy->name);
	jsonout_open(js, "quirks", '{');
	for (unsigned i = 0; policy->set[i].quirk; i++)
		jsonout_bool(js, quirk_table[policy->set[i].quirk].name, policy->set[i].on);
	jsonout_close(js, '}');
	jsonout_bool(js, "deadlock", result->deadlock);
	jsonout_text(js, "longest_stall", policy_stall_name(result->stall));
	jsonout_bool(js, "storm", result->storm);
	jsonout_int(js, "states", result->states);
	jsonout_close(js, '}');
}

static enum status compare_part(const struct check_request *rq, const struct path_part *part, struct jsonout *js)
{
	static struct check_result scratch;
	enum status status = STATUS_CLEAN;

	if (!js)
		printf("%s: %s\n  %-45s %-11s %-29s %-11s %9s\n", part->name, part->cast, "policy", "deadlock", "longest stall of dom0",
		       "storm", "states");
	for (unsigned i = 0; i < part->nr_policies; i++) {
		struct policy_result result;

		policy_measure(part, &part->policies[i], rq->check.max_states, &result, &scratch);
		if (result.failed)
			status = STATUS_NOT_JUDGED;
		if (js)
			compare_json(js, &part->policies[i], &result);
		else
			compare_text(&part->policies[i], &result);
	}
	return status;
}

/* Nothing here is a fault of the path as it is: the policies are questions. */
static enum status compare_all(const struct check_request *rq)
{
	struct jsonout js = { .out = stdout };
	bool json = !strcmp(rq->format, "json");
	enum status status = STATUS_CLEAN;

	if (json) {
		jsonout_open(&js, NULL, '{');
		jsonout_text(&js, "schema", "irqpath.policies/1");
		jsonout_tool(&js);
		jsonout_open(&js, "policies", '[');
	}
	for (unsigned i = 0; path_parts[i]; i++)
		if (path_parts[i]->nr_policies && is_chosen(rq, path_parts[i]))
			status = status_worse(status, compare_part(rq, path_parts[i], json ? &js : NULL));
	if (json) {
		jsonout_close(&js, ']');
		jsonout_close(&js, '}');
	}
	return status;
}

static enum status check_all(struct check_request *rq)
{
	struct jsonout js = { .out = stdout };
	bool json = !strcmp(rq->format, "json"), written = false;
	enum status status = STATUS_CLEAN;

	if (json) {
		jsonout_open(&js, NULL, '{');
		jsonout_text(&js, "schema", "irqpath.check/1");
		jsonout_tool(&js);
		jsonout_open(&js, "checks", '[');
	}
	for (unsigned i = 0; path_parts[i]; i++) {
		static struct check_result result;
		struct trials trials = { .nr = 0 };

		if (!is_chosen(rq, path_parts[i]))
			continue;
		rq->check.part = path_parts[i];
		set_part(rq);
		status = status_worse(status, check_part(rq, &result));
		if (result.outcome == CHECK_VIOLATED)
			try_cures(rq, &trials);
		if (json)
			check_print_json(&js, rq, &result, &trials);
		else if (result.outcome != CHECK_FAILED)
			check_print_text(rq, &result, &trials);
		if (result.outcome == CHECK_VIOLATED && rq->output && !written) {
			written = true;
			if (!write_events(rq, &result))
				status = status_worse(status, STATUS_INCOMPLETE);
		}
	}
	if (json) {
		jsonout_close(&js, ']');
		jsonout_close(&js, '}');
	}
	if (rq->output && !written)
		fprintf(stderr, "irqpath: nothing violated: %s was not written\n", rq->output);
	return status;
}

static bool number(const char *text, unsigned long long max, unsigned long long *value)
{
	char *end;

	*value = strtoull(text, &end, 10);
	return *text >= '1' && *text <= '9' && !*end && *value <= max;
}

static enum status check_numbers(struct check_request *rq)
{
	const struct {
		const char *name, *text;
		unsigned long long max;
	} numbers[] = {
		{ "devices", rq->devices, MAX_DEVICES }, { "vectors", rq->vectors, CHECK_MAX_UNITS }, { "cpus", rq->cpus, UNIT_MAX_CPUS },
		{ "max-states", rq->max_states, UINT32_MAX / 2 },
	};
	unsigned long long value[4];

	for (unsigned i = 0; i < 4; i++)
		if (!number(numbers[i].text, numbers[i].max, &value[i]))
			return options_usage_error(rq->usage, "--%s takes a number from 1 to %llu, not '%s'", numbers[i].name,
						   numbers[i].max, numbers[i].text);
	rq->nr_devices = value[0];
	rq->nr_cpus = value[2];
	rq->check.max_states = value[3];
	return STATUS_CLEAN;
}

static enum status check_names(struct check_request *rq)
{
	bool any = false;

	for (unsigned i = 0; i < rq->assume.nr; i++) {
		enum quirk quirk;
		bool on;

		if (!quirk_parse(rq->assume.text[i], &quirk, &on))
			return options_usage_error(rq->usage, "'%s' is no QUIRK[=on|off]; see irqpath model check --list",
						   rq->assume.text[i]);
		rq->wishes = quirk_wish_too(rq->wishes, quirk, on);
	}
	rq->check.invariant = rq->invariant;
	for (unsigned i = 0; path_parts[i]; i++)
		any |= is_chosen(rq, path_parts[i]);
	if (!any)
		return options_usage_error(rq->usage, "no such path, or no such invariant on it; see irqpath model check --list");
	return STATUS_CLEAN;
}

enum status cmd_model_check(int argc, char **argv)
{
	struct check_request rq = { .devices = "2", .vectors = "2", .cpus = "2", .max_states = "50000000", .format = "text" };
	const struct option own[] = {
		{ "list", 0, OPTION_FLAG, &rq.list, NULL, "name the paths, their invariants and operations, and the quirks" },
		{ "compare", 0, OPTION_FLAG, &rq.compare, NULL, "instead, compare the policies that a path has known" },
		{ "path", 0, OPTION_LIST, &rq.paths, "PATH", "only this path, or part of one (may be given again)" },
		{ "assume", 0, OPTION_LIST, &rq.assume, "QUIRK[=on|off]",
		  "another setting than that of a sound system of today; see below for =off of a fix" },
		{ "invariant", 0, OPTION_TEXT, &rq.invariant, "I", "test only this one" },
		{ "devices", 0, OPTION_TEXT, &rq.devices, "N", "functions, or lines (2)" },
		{ "vectors", 0, OPTION_TEXT, &rq.vectors, "N", "MSI-X vectors of each function (2)" },
		{ "cpus", 0, OPTION_TEXT, &rq.cpus, "N", "CPUs (2)" },
		{ "max-states", 0, OPTION_TEXT, &rq.max_states, "N", "stop there, with exit status 4 (50000000)" },
		{ "output", 'o', OPTION_TEXT, &rq.output, "FILE", "write the counterexample there, as events text" },
		{ "format", 'f', OPTION_TEXT, &rq.format, "FORMAT", "text (default) or json" },
		{ "quiet", 'q', OPTION_FLAG, &rq.quiet, NULL, "no progress" },
		{ NULL, 0, OPTION_FLAG, NULL, NULL, NULL },
	};
	const struct option *tables[] = { own, NULL };
	const struct usage usage = {
		.synopsis = "model check [options]",
		.about = "Explores every state that a small configuration of a path can reach, breadth first, and tests the\n"
			 "path's invariants in each: the components are those that replay captures. A violation is shown as the\n"
			 "shortest way to it, with what would prevent it. Exit status: 0 whole space explored and clean, 1\n"
			 "violated, 4 bound reached first.",
		.tables = tables,
		.more = "Example: irqpath model check --path baremetal/msix --assume second-writer -o fault.events\n"
			"         irqpath analyze fault.events\n"
			"         irqpath model check --path dom0-pv --assume xen-msi-mask-nop=off\n"
			"         irqpath model check --path dom0-pv --assume xen-msi-mask-nop=off --assume xen-table-read-only=on\n\n"
			"--assume FIX=off asks for the fault that the fix prevents. Several fixes, made independently, may prevent the\n"
			"same one; with one of them off the others are off, too, as in the releases in which the fault was met: the\n"
			"report names them, and --assume OTHER=on keeps one. After a violation each of them is tried alone. analyze\n"
			"--assume changes only what is named.",
	};
	enum status status;
	int nr_args;

	rq.usage = &usage;
	if (!options_ready(&usage, argc, argv, &nr_args, &status))
		return status;
	if (nr_args)
		return options_usage_error(&usage, "takes no argument, not '%s'", argv[1]);
	if (strcmp(rq.format, "text") && strcmp(rq.format, "json"))
		return options_usage_error(&usage, "'%s' is no format: text or json", rq.format);
	if (rq.list)
		return list_all();
	status = check_numbers(&rq);
	if (status == STATUS_CLEAN)
		status = check_names(&rq);
	if (status != STATUS_CLEAN)
		return status;
	return rq.compare ? compare_all(&rq) : check_all(&rq);
}
