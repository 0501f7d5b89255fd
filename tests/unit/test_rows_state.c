/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * State variables and hardware rules of docs/transitions.tsv (ids V.* and HW*): cell by cell, and as records bring them
 * about. A comment, or the first string of a cell, names the rows that it covers.
 */
#include "unit/replay_bench.h"

#include "model/component.h"
#include "model/coverage.h"
#include "model/cpu.h"
#include "model/fields.h"
#include "model/flags.h"
#include "model/intx.h"
#include "model/irq.h"
#include "model/irte.h"
#include "model/lapic.h"
#include "model/msi.h"
#include "model/msix.h"
#include "model/pci.h"
#include "model/pin.h"
#include "model/slot.h"
#include "model/vector.h"

/* What a cell has none of is left out. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* A cell, and where other regions matter the state that one of them has. */
struct expectation {
	const char *rows;
	unsigned region, from, input, to;
	unsigned effect;
	struct {
		unsigned region, state;	/* state 0: none */
	} given, also;
	bool unexpected;
};

static void check_cell(const struct component *type, const struct expectation *e, const void *view)
{
	uint32_t core = component_unknown(type);
	unsigned effect = 0;
	bool unexpected = false;
	struct effects fx;

	if (e->given.state)
		core = core_set(core, &type->regions[e->given.region], e->given.state);
	if (e->also.state)
		core = core_set(core, &type->regions[e->also.region], e->also.state);
	core = core_set(core, &type->regions[e->region], e->from);
	component_step(type, &core, e->input, view, &fx);
	for (unsigned i = 0; i < fx.nr; i++) {
		if (fx.change[i].region != e->region)
			continue;
		effect = fx.change[i].effect;
		unexpected = fx.change[i].unexpected;
	}
	if (core_get(core, &type->regions[e->region]) != e->to || effect != e->effect || unexpected != e->unexpected)
		fail_msg("%s: %s.%s, %s: %s became %s, effect %u%s", e->rows, type->name, type->regions[e->region].name,
			 type->inputs[e->input], type->regions[e->region].states[e->from],
			 type->regions[e->region].states[core_get(core, &type->regions[e->region])], effect,
			 unexpected ? ", unexpected" : "");
}

static void check_cells(const struct component *type, const struct expectation *e, unsigned nr, const void *view)
{
	while (nr--)
		check_cell(type, e++, view);
}

#define CHECK(type, list, view) check_cells(type, list, sizeof(list) / sizeof((list)[0]), view)

/* The last span of a field, of any object; fails where it had no value that is known. */
static void assert_last(const struct bench *b, const char *component, const char *field, const char *value)
{
	const struct span_row *found = NULL;

	for (unsigned i = 0; i < b->nr_spans && i < MAX_ROWS; i++)
		if (!strcmp(b->span[i].component, component) && !strcmp(b->span[i].field, field))
			found = &b->span[i];
	if (!found)
		fail_msg("%s.%s was never known", component, field);
	assert_string_equal(found->state, value);
}

/* Whether some span of a field had that value. */
static bool had(const struct bench *b, const char *component, const char *field, const char *value)
{
	for (unsigned i = 0; i < b->nr_spans && i < MAX_ROWS; i++)
		if (!strcmp(b->span[i].component, component) && !strcmp(b->span[i].field, field) &&
		    !strcmp(b->span[i].state, value))
			return true;
	return false;
}

static const struct object_row *object_named(const struct bench *b, const char *name)
{
	char text[OBJECT_NAME_MAX];

	for (unsigned i = 0; i < b->nr_objects; i++) {
		object_print(text, sizeof(text), b->object[i].ref, b->object[i].generation);
		if (!strcmp(text, name))
			return &b->object[i];
	}
	fail_msg("no object %s", name);
	return NULL;
}

static bool linked(const struct bench *b, const char *feeder, const char *fed)
{
	uint32_t from = object_named(b, feeder)->id, to = object_named(b, fed)->id;

	for (unsigned i = 0; i < b->nr_links; i++)
		if (b->link[i].feeder == from && b->link[i].fed == to)
			return true;
	return false;
}

/* Fields that change with every interrupt leave no rows: which cells were met tells what they held. */
static void replay_covered(struct bench *b, const char *const *lines, struct coverage *cov)
{
	const struct model_options opt = { .string = string_of, .string_ctx = b->strings, .forced_path = -1, .coverage = cov };
	struct model *m = model_new(&opt, &b->sink, &b->diag);

	assert_non_null(m);
	for (unsigned i = 0; lines[i]; i++) {
		struct event ev = { .ordinal = i + 1, .source = 1 };
		const char *error = event_text_parse(lines[i], &ev, b->strings);

		if (error)
			fail_msg("%s: %s", lines[i], error);
		for (int k = 0; k < ev.nr_objects; k++)
			ev.object[k].machine = MACHINE_HOST;
		assert_true(model_event(m, &ev));
	}
	assert_true(model_end(m));
	model_free(m);
}

/* ------------------------------------------------------------------------------------------ irq */

static void test_irq_variables(void **state)
{
	static const struct expectation list[] = {
		{ "V.common.state.IRQ_DISABLED", IRQ_REGION_DEPTH, DEPTH_0, IRQ_SEE_DISABLED, DEPTH_MANY },
		{ "V.common.state.IRQ_DISABLED", IRQ_REGION_DEPTH, DEPTH_1, IRQ_SEE_ENABLED, DEPTH_0 },
		{ "V.common.state.IRQ_DISABLED", IRQ_REGION_DEPTH, DEPTH_2, IRQ_SEE_DISABLED, DEPTH_2 },
		{ "V.common.state.IRQ_INPROGRESS", IRQ_REGION_FLOW, BIT_CLEAR, IRQ_ENTER, BIT_SET },
		{ "V.common.state.IRQ_INPROGRESS", IRQ_REGION_FLOW, BIT_SET, IRQ_EXIT_HANDLED, BIT_CLEAR },
		{ "V.common.state.IRQ_INPROGRESS", IRQ_REGION_FLOW, BIT_SET, IRQ_EXIT_NONE, BIT_CLEAR },
		{ "V.common.state.IRQ_STARTED", IRQ_REGION_LIFE, LIFE_UNKNOWN, IRQ_SEE_STARTED, LIFE_STARTED },
		{ "V.common.state.IRQ_STARTED", IRQ_REGION_LIFE, LIFE_ALLOCATED, IRQ_STARTUP, LIFE_STARTED },
		{ "V.common.state.IRQ_STARTED", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_SHUTDOWN, LIFE_SHUTDOWN },
		{ "V.common.state.AFFINITY_MANAGED", IRQ_REGION_LIFE, LIFE_SHUTDOWN, IRQ_STARTUP_MANAGED, LIFE_STARTING },
		{ "V.common.state.MANAGED_SHUTDOWN", IRQ_REGION_OFFLINE, BIT_CLEAR, IRQ_SEE_OFFLINE, BIT_SET },
		{ "V.common.state.MANAGED_SHUTDOWN", IRQ_REGION_OFFLINE, BIT_SET, IRQ_SEE_NOT_OFFLINE, BIT_CLEAR },
		{ "V.common.state.WAKEUP_ARMED", IRQ_REGION_WAKEUP, BIT_CLEAR, IRQ_SEE_ARMED, BIT_SET },
		{ "V.common.state.WAKEUP_ARMED", IRQ_REGION_WAKEUP, BIT_SET, IRQ_SEE_NOT_ARMED, BIT_CLEAR },
		{ "V.common.state.WAKEUP_ARMED", IRQ_REGION_WAKEUP, BIT_SET, IRQ_RESUME, BIT_CLEAR },
		{ "V.desc.istate.SUSPENDED", IRQ_REGION_SUSPEND, BIT_CLEAR, IRQ_SEE_SUSPENDED, BIT_SET },
		{ "V.desc.istate.SUSPENDED", IRQ_REGION_SUSPEND, BIT_CLEAR, IRQ_SUSPEND, BIT_SET },
		{ "V.desc.istate.SUSPENDED", IRQ_REGION_SUSPEND, BIT_SET, IRQ_RESUME, BIT_CLEAR },
		{ "V.desc.istate.REPLAY", IRQ_REGION_REPLAY, BIT_CLEAR, IRQ_SEE_REPLAY, BIT_SET },
		{ "V.desc.istate.REPLAY", IRQ_REGION_REPLAY, BIT_SET, IRQ_SEE_NOT_REPLAY, BIT_CLEAR },
		{ "V.desc.istate.SPURIOUS_DISABLED", IRQ_REGION_SPURIOUS, BIT_CLEAR, IRQ_REPORTED, BIT_SET },
	};

	(void)state;
	CHECK(&irq_component, list, NULL);
}

/* V.common.state.*: IRQ_DISABLED, IRQ_MASKED, IRQ_STARTED, MANAGED_SHUTDOWN, SETAFFINITY_PENDING, WAKEUP_ARMED */
static void test_state_words_are_believed(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 irq.move@shadow irq:40 state=0x1400100", "2.0 cpu0 irq.move@shadow irq:40 state=0x1cb0000",
			"3.0 cpu0 irq.move@shadow irq:40 state=0x1cb0000"));
	assert_true(had(b, "irq", "depth", "0"));
	assert_last(b, "irq", "depth", "many");
	assert_true(had(b, "irq", "masked", "unmasked"));
	assert_last(b, "irq", "masked", "masked");
	assert_last(b, "irq", "life", "started");
	assert_true(had(b, "irq", "managed_shutdown", "no"));
	assert_last(b, "irq", "managed_shutdown", "yes");
	assert_last(b, "irq", "wakeup_armed", "yes");
	assert_true(had(b, "vector", "affinity", "pending"));
	assert_last(b, "vector", "affinity", "none");
	assert_int_equal(b->nr_unexpected, 0);
}

/* V.common.state.AFFINITY_MANAGED, as the startup's word has it */
static void test_managed_word_of_a_startup(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 irq.startup@shadow irq:40 state=0x10230200 depth=1",
			"1.0 cpu0 irq.startup@shadow irq:41 state=0x10030200 depth=1"));
	assert_true(had(b, "irq", "life", "starting"));
	assert_true(had(b, "irq", "life", "started"));
}

#define FLAG(row, sym) \
	{ row, FLAGS_REGION_##sym, BIT_UNKNOWN, FLAGS_##sym, BIT_SET }, \
	{ row, FLAGS_REGION_##sym, BIT_SET, FLAGS_NO_##sym, BIT_CLEAR }, \
	{ row, FLAGS_REGION_##sym, BIT_CLEAR, FLAGS_##sym, BIT_SET }, \
	{ row, FLAGS_REGION_##sym, BIT_SET, FLAGS_LOST, BIT_UNKNOWN }
#define ISTATE(row, sym) \
	{ row, ISTATE_REGION_##sym, BIT_UNKNOWN, ISTATE_##sym, BIT_SET }, \
	{ row, ISTATE_REGION_##sym, BIT_SET, ISTATE_NO_##sym, BIT_CLEAR }, \
	{ row, ISTATE_REGION_##sym, BIT_CLEAR, ISTATE_##sym, BIT_SET }, \
	{ row, ISTATE_REGION_##sym, BIT_SET, ISTATE_LOST, BIT_UNKNOWN }
#define TYPE(sym) { "V.common.state.TRIGGER", FLAGS_REGION_TRIGGER, FLAGS_TYPE_UNKNOWN, FLAGS_TRIGGER_##sym, FLAGS_TYPE_##sym }

/* V.common.state.*, V.desc.istate.*: flags that are only read */
static void test_flag_variables(void **state)
{
	static const struct expectation flags[] = {
		FLAG("ACTIVATED", ACTIVATED), FLAG("NO_BALANCING", NO_BALANCING), FLAG("PER_CPU", PER_CPU),
		FLAG("AFFINITY_SET", AFFINITY_SET), FLAG("WAKEUP_STATE", WAKEUP), FLAG("MOVE_PCNTXT", MOVE_AT_ONCE),
		FLAG("FORWARDED_TO_VCPU", FORWARDED), FLAG("SINGLE_TARGET", SINGLE_TARGET),
		FLAG("DEFAULT_TRIGGER_SET", DEFAULT_TRIGGER), TYPE(NONE), TYPE(RISING), TYPE(FALLING), TYPE(BOTH), TYPE(HIGH),
		TYPE(LOW), { "TRIGGER", FLAGS_REGION_TRIGGER, FLAGS_TYPE_RISING, FLAGS_LOST, FLAGS_TYPE_UNKNOWN },
	};
	static const struct expectation istate[] = {
		ISTATE("AUTODETECT", AUTODETECT), ISTATE("POLL_INPROGRESS", POLLED), ISTATE("ONESHOT", ONESHOT),
		ISTATE("WAITING", WAITING), ISTATE("TIMINGS", TIMINGS), ISTATE("NMI", NMI),
	};

	(void)state;
	CHECK(&flags_component, flags, NULL);
	CHECK(&istate_component, istate, NULL);
}

/* The input that a word's bit becomes: met in the unknown state when it is the first word, and no other. */
static void assert_flag(struct bench *b, const char *words, const struct component *type, unsigned region, unsigned input)
{
	struct coverage *cov = calloc(1, sizeof(*cov));
	char line[128];

	snprintf(line, sizeof(line), "1.0 cpu0 irq.disable@shadow irq:40 %s depth=1", words);
	replay_covered(b, LINES(line), cov);
	if (!coverage_met(cov, type, region, STATE_UNKNOWN, input))
		fail_msg("%s: no input \"%s\"", words, type->inputs[input]);
	for (unsigned other = 0; other < type->nr_inputs; other++)
		assert_true(other == input || !coverage_met(cov, type, region, STATE_UNKNOWN, other));
	free(cov);
	b->nr_objects = b->nr_summaries = b->nr_spans = 0;
}

/* V.common.state.*, V.desc.istate.*: the bit that each flag is */
static void test_words_have_their_bits(void **state)
{
	static const struct {
		const char *words;
		unsigned region, input;
	} flags[] = {
		{ "state=0x200", FLAGS_REGION_ACTIVATED, FLAGS_ACTIVATED },
		{ "state=0xfffffdff", FLAGS_REGION_ACTIVATED, FLAGS_NO_ACTIVATED },
		{ "state=0x400", FLAGS_REGION_NO_BALANCING, FLAGS_NO_BALANCING },
		{ "state=0x800", FLAGS_REGION_PER_CPU, FLAGS_PER_CPU },
		{ "state=0xfffff7ff", FLAGS_REGION_PER_CPU, FLAGS_NO_PER_CPU },
		{ "state=0x1000", FLAGS_REGION_AFFINITY_SET, FLAGS_AFFINITY_SET },
		{ "state=0x4000", FLAGS_REGION_WAKEUP, FLAGS_WAKEUP },
		{ "state=0x8000", FLAGS_REGION_MOVE_AT_ONCE, FLAGS_MOVE_AT_ONCE },
		{ "state=0x100000", FLAGS_REGION_FORWARDED, FLAGS_FORWARDED },
		{ "state=0x1000000", FLAGS_REGION_SINGLE_TARGET, FLAGS_SINGLE_TARGET },
		{ "state=0x2000000", FLAGS_REGION_DEFAULT_TRIGGER, FLAGS_DEFAULT_TRIGGER },
		{ "state=0xfffffff0", FLAGS_REGION_TRIGGER, FLAGS_TRIGGER_NONE },
		{ "state=0x1", FLAGS_REGION_TRIGGER, FLAGS_TRIGGER_RISING }, { "state=0x2", FLAGS_REGION_TRIGGER, FLAGS_TRIGGER_FALLING },
		{ "state=0x3", FLAGS_REGION_TRIGGER, FLAGS_TRIGGER_BOTH }, { "state=0x4", FLAGS_REGION_TRIGGER, FLAGS_TRIGGER_HIGH },
		{ "state=0x8", FLAGS_REGION_TRIGGER, FLAGS_TRIGGER_LOW },
	}, istate[] = {
		{ "istate=0x1", ISTATE_REGION_AUTODETECT, ISTATE_AUTODETECT }, { "istate=0x8", ISTATE_REGION_POLLED, ISTATE_POLLED },
		{ "istate=0x20", ISTATE_REGION_ONESHOT, ISTATE_ONESHOT }, { "istate=0x80", ISTATE_REGION_WAITING, ISTATE_WAITING },
		{ "istate=0x1000", ISTATE_REGION_TIMINGS, ISTATE_TIMINGS }, { "istate=0x2000", ISTATE_REGION_NMI, ISTATE_NMI },
		{ "istate=0xdfff", ISTATE_REGION_NMI, ISTATE_NO_NMI }, { "istate=0xffdf", ISTATE_REGION_ONESHOT, ISTATE_NO_ONESHOT },
	};

	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		assert_flag(*state, flags[i].words, &flags_component, flags[i].region, flags[i].input);
	for (unsigned i = 0; i < sizeof(istate) / sizeof(istate[0]); i++)
		assert_flag(*state, istate[i].words, &istate_component, istate[i].region, istate[i].input);
}

/* The same word again says nothing, one that differs says what differs, and behind a hole all is said again. */
static void test_words_tell_changes(void **state)
{
	struct coverage *cov = calloc(1, sizeof(*cov));
	struct bench *b = *state;

	replay_covered(b, LINES(FLOW("1.0", "40", "0x200"), FLOW("1.1", "40", "0x200"), FLOW("1.2", "40", "0x100200"),
				"2.0..3.0 cpu0 lost@shadow cpu:0 count=3", FLOW("4.0", "40", "0x100200")), cov);
	assert_false(coverage_met(cov, &flags_component, FLAGS_REGION_ACTIVATED, BIT_SET, FLAGS_ACTIVATED));
	assert_true(coverage_met(cov, &flags_component, FLAGS_REGION_FORWARDED, BIT_CLEAR, FLAGS_FORWARDED));
	assert_true(coverage_met(cov, &flags_component, FLAGS_REGION_FORWARDED, BIT_SET, FLAGS_LOST));
	assert_true(coverage_met(cov, &flags_component, FLAGS_REGION_FORWARDED, BIT_UNKNOWN, FLAGS_FORWARDED));
	assert_true(had(b, "irq_flags", "forwarded", "no"));
	assert_last(b, "irq_flags", "forwarded", "yes");
	free(cov);
}

/* V.desc.action.name, V.data.chip (path) */
static void test_action_is_named(void **state)
{
	struct bench *b = *state;
	const struct object_row *irq;

	replay(b, LINES("1.0 cpu0 irq.setup@intent irq:40 name=\"nvme0q1\" handler=\"nvme_irq\" flags=0x80",
			"1.1 cpu0 irq.startup@shadow irq:40 state=0x10030200 depth=1 chip=\"PCI-MSI\""));
	irq = object_named(b, "irq:40");
	assert_string_equal(strtab_get(b->strings, irq->name), "nvme0q1");
	assert_string_equal(strtab_get(b->strings, irq->handler), "nvme_irq");
	assert_int_equal(irq->path, PATH_BAREMETAL);
}

static struct event parsed(struct bench *b, const char *line)
{
	struct event ev = { .ordinal = 1, .source = 1 };

	assert_null(event_text_parse(line, &ev, b->strings));
	assert_true(event_valid(&ev));
	return ev;
}

static void assert_arg(const struct event *ev, enum event_arg_id arg, int64_t want)
{
	int64_t value = ~want;

	assert_true(event_arg(ev, arg, &value));
	assert_int_equal(value, want);
}

/*
 * V.data.hwirq, V.desc.action.flags, V.desc.action.thread, V.desc.handler, V.msidesc.nvec_used, V.msidesc.multiple,
 * V.vector.can_reserve, V.desc.irq_count, V.matrix.assign_system, V.irte.delivery_mode, V.irte.dest_mode, V.irte.sid
 */
static void test_attributes_are_in_the_event(void **state)
{
	struct bench *b = *state;
	struct event ev = parsed(b, "1.0 cpu0 irq.startup@shadow irq:40 state=0x200 depth=1 chip=\"PCI-MSI\" hwirq=0x280001");

	assert_arg(&ev, ARG_HWIRQ, 0x280001);
	ev = parsed(b, "1.0 cpu0 irq.setup@intent irq:40 name=\"a\" flags=0x2080 threaded=1");
	assert_arg(&ev, ARG_FLAGS, 0x2080);
	assert_arg(&ev, ARG_THREADED, 1);
	ev = parsed(b, "1.0 cpu0 irq.flow@shadow irq:40 via=\"handle_edge_irq\" state=0x200");
	assert_string_equal(strtab_get(b->strings, ev.via), "handle_edge_irq");
	ev = parsed(b, "1.0 cpu0 pci.msi.enable@shadow pci:0000:05:00.0 nvec=8 ret=4");
	assert_arg(&ev, ARG_NVEC, 8);
	assert_arg(&ev, ARG_RET, 4);
	ev = parsed(b, "1.0 cpu0 vector.activate@shadow irq:40 managed=0 can_reserve=1 reserved=0");
	assert_arg(&ev, ARG_CAN_RESERVE, 1);
	ev = parsed(b, "1.0 cpu0 irq.spurious@shadow irq:19 unhandled=99901 count=100000");
	assert_arg(&ev, ARG_COUNT, 100000);
	ev = parsed(b, "1.0 cpu0 vector.matrix@shadow cpu:0 op=\"assign_system\" bit=128");
	assert_arg(&ev, ARG_BIT, 128);
	/* the entry's word as recorded: modes and requester are in it, in their vendor's places */
	ev = parsed(b, "1.0 cpu0 irte.write@shadow irte:0.27 irq:40 value=0x310009");
	assert_arg(&ev, ARG_VALUE, 0x310009);
}

/* V.data.levels, V.msidesc.irq, V.slot.owner: each level below the irq is an object that is linked with it */
static void test_levels_are_links(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "2"),
			"1.2 cpu0 vector.config@shadow irq:40 vector=49 target_cpu=1 apicdest=1",
			"1.3 cpu0 irte.write@shadow irte:0.27 irq:40 value=0xd vector=49 apicdest=1",
			"2.0 cpu0 irq.unmask@shadow irq:23 pin:0.23 state=0x1d032200 rte=0x18823"));
	assert_true(linked(b, "msix:0000:05:00.0[2]", "irq:40"));
	assert_true(linked(b, "irte:0.27", "irq:40"));
	assert_true(linked(b, "irq:40", "vector:1.0x31"));
	assert_true(linked(b, "pin:0.23", "irq:23"));
}

/* ------------------------------------------------------------------------------------------ functions and messages */

static void test_function_variables(void **state)
{
	static const struct expectation msix[] = {
		{ "V.fn.hw.msix_enable", FN_REGION_ENABLE, BIT_SET, FN_WRITE_OFF, BIT_CLEAR },
		{ "V.fn.hw.msix_enable", FN_REGION_ENABLE, BIT_CLEAR, FN_WRITE_ON, BIT_SET },
		{ "V.fn.hw.msix_enable, V.fn.hw.maskall", FN_REGION_ENABLE, BIT_CLEAR, FN_WRITE_MASKED, BIT_SET },
		{ "V.fn.hw.maskall", FN_REGION_FMASK, BIT_CLEAR, FN_WRITE_MASKED, BIT_SET },
		{ "V.fn.hw.maskall", FN_REGION_FMASK, BIT_SET, FN_WRITE_ON, BIT_CLEAR },
		{ "V.fn.msix_enabled", FN_REGION_KERNEL, BIT_CLEAR, FN_ENABLED, BIT_SET },
		{ "V.fn.msix_enabled", FN_REGION_KERNEL, BIT_UNKNOWN, FN_ENABLE_FAILED, BIT_CLEAR },
		{ "V.fn.msix_enabled", FN_REGION_KERNEL, BIT_SET, FN_DISABLED, BIT_CLEAR },
	};
	static const struct expectation msi[] = {
		{ "V.fn.hw.msi_enable, HW3.silence", MSIFN_REGION_ENABLE, BIT_SET, MSIFN_WRITE_OFF, BIT_CLEAR },
		{ "V.fn.hw.msi_enable", MSIFN_REGION_ENABLE, BIT_CLEAR, MSIFN_WRITE_ON, BIT_SET },
		{ "V.fn.msi_enabled", MSIFN_REGION_KERNEL, BIT_CLEAR, MSIFN_ENABLED, BIT_SET },
		{ "V.fn.msi_enabled", MSIFN_REGION_KERNEL, BIT_UNKNOWN, MSIFN_ENABLE_FAILED, BIT_CLEAR },
		{ "V.fn.msi_enabled", MSIFN_REGION_KERNEL, BIT_SET, MSIFN_DISABLED, BIT_CLEAR },
	};
	static const struct expectation pci[] = {
		{ "V.fn.current_state", PCI_REGION_POWER, POWER_D0, PCI_LOW_POWER, POWER_LOW },
		{ "V.fn.current_state", PCI_REGION_POWER, POWER_LOW, PCI_D0, POWER_D0 },
		{ "V.fn.hw.memory", PCI_REGION_MEMORY, BIT_SET, PCI_MEMORY_OFF, BIT_CLEAR },
		{ "V.fn.hw.memory", PCI_REGION_MEMORY, BIT_CLEAR, PCI_MEMORY_ON, BIT_SET },
		{ "V.fn.hw.intx_disable", PCI_REGION_INTX, BIT_CLEAR, PCI_INTX_OFF, BIT_SET },
		{ "V.fn.hw.intx_disable", PCI_REGION_INTX, BIT_SET, PCI_INTX_ON, BIT_CLEAR },
	};
	static const struct expectation intx[] = {
		{ "V.fn.hw.intx_disable", INTX_REGION_DISABLE, BIT_CLEAR, INTX_FORBID, BIT_SET },
		{ "V.fn.hw.intx_disable", INTX_REGION_DISABLE, BIT_SET, INTX_ALLOW, BIT_CLEAR },
	};

	(void)state;
	CHECK(&msix_function_component, msix, NULL);
	CHECK(&msi_function_component, msi, NULL);
	CHECK(&pci_component, pci, NULL);
	CHECK(&intx_component, intx, NULL);
}

/* V.fn.*: the records that bring the registers and flags about */
static void test_function_records(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 - pci.msix.enable@hardware pci:0000:05:00.0 enable=1 masked=1",
			"1.1 cpu0 pci.msix.enable@shadow pci:0000:06:00.0 ret=4", "1.2 - pci.msi.enable@hardware pci:0000:07:00.0 enable=1",
			"1.3 cpu0 pci.msi.enable@shadow pci:0000:08:00.0 ret=1", "1.4 cpu0 pci.power@shadow pci:0000:05:00.0 value=3",
			"1.5 cpu0 pci.command@shadow pci:0000:09:00.0 value=0x404 mask=0x407"));
	assert_true(had(b, "msix_function", "fmask", "masked"));
	assert_true(had(b, "msix_function", "enable", "on"));
	assert_true(had(b, "msix_function", "kernel_enable", "on"));
	assert_true(had(b, "msi_function", "enable", "on"));
	assert_true(had(b, "msi_function", "kernel_enable", "on"));
	assert_last(b, "pci", "power", "low");
	assert_true(had(b, "pci", "memory", "off"));
	assert_true(had(b, "pci", "intx", "disabled"));
}

static void test_message_variables(void **state)
{
	static const struct msix_entry_view sending = { BIT_SET, BIT_CLEAR, BIT_SET }, masked = { BIT_SET, BIT_SET, BIT_SET };
	static const struct msi_message_view msi_sending = { BIT_SET, BIT_SET };
	static const struct expectation entry[] = {
		{ "V.msidesc.msix_ctrl", ENTRY_REGION_KERNEL, BIT_CLEAR, ENTRY_MASK, BIT_SET },
		{ "V.msidesc.msix_ctrl", ENTRY_REGION_KERNEL, BIT_SET, ENTRY_UNMASK, BIT_CLEAR },
		{ "V.msidesc.msix_ctrl", ENTRY_REGION_KERNEL, BIT_UNKNOWN, ENTRY_CACHED_MASKED, BIT_SET },
		{ "V.msix.pending", ENTRY_REGION_PENDING, BIT_UNKNOWN, ENTRY_PENDING_SET, BIT_SET },
		{ "V.msix.pending", ENTRY_REGION_PENDING, BIT_SET, ENTRY_PENDING_CLEAR, BIT_CLEAR },
		{ "V.msix.pending, HW1.hold", ENTRY_REGION_PENDING, BIT_CLEAR, ENTRY_RAISE, BIT_SET, ENTRY_EFFECT_HELD,
			{ ENTRY_REGION_HW, BIT_SET } },
		{ "HW1.send", ENTRY_REGION_PENDING, BIT_CLEAR, ENTRY_RAISE, BIT_CLEAR, 0, { ENTRY_REGION_HW, BIT_CLEAR } },
		{ "HW1.release", ENTRY_REGION_PENDING, BIT_SET, ENTRY_UNMASK, BIT_CLEAR, ENTRY_EFFECT_SEND,
			{ ENTRY_REGION_HW, BIT_SET } },
		{ "HW1.release.function", ENTRY_REGION_PENDING, BIT_SET, ENTRY_RELEASED, BIT_CLEAR, ENTRY_EFFECT_SEND,
			{ ENTRY_REGION_HW, BIT_CLEAR } },
		{ "HW1.release.function: its own mask bit keeps it", ENTRY_REGION_PENDING, BIT_SET, ENTRY_RELEASED, BIT_SET, 0,
			{ ENTRY_REGION_HW, BIT_SET } },
		{ "HW2.rewrite", ENTRY_REGION_MESSAGE, MESSAGE_VECTOR, ENTRY_MESSAGE_SET, MESSAGE_VECTOR, ENTRY_EFFECT_REWRITTEN,
			{ ENTRY_REGION_HW, BIT_CLEAR } },
		{ "HW2.rewrite", ENTRY_REGION_MESSAGE, MESSAGE_VECTOR, ENTRY_MESSAGE_ZERO, MESSAGE_NONE, ENTRY_EFFECT_REWRITTEN,
			{ ENTRY_REGION_HW, BIT_CLEAR } },
		{ "HW2.rewrite: masked is how it should be", ENTRY_REGION_MESSAGE, MESSAGE_PARKED, ENTRY_MESSAGE_SET, MESSAGE_VECTOR,
			0, { ENTRY_REGION_HW, BIT_SET } },
	};
	static const struct expectation held[] = {
		{ "HW1.hold: function mask", ENTRY_REGION_PENDING, BIT_CLEAR, ENTRY_RAISE, BIT_SET, ENTRY_EFFECT_HELD,
			{ ENTRY_REGION_HW, BIT_CLEAR } },
		{ "HW2.rewrite: the function does not send", ENTRY_REGION_MESSAGE, MESSAGE_VECTOR, ENTRY_MESSAGE_SET, MESSAGE_VECTOR,
			0, { ENTRY_REGION_HW, BIT_CLEAR } },
	};
	static const struct expectation msi[] = {
		{ "V.msidesc.can_mask, V.common.state.CAN_RESERVE", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_HAS_MASK, MSIMASK_PRESENT },
		{ "V.msidesc.can_mask, V.common.state.CAN_RESERVE", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_NO_MASK, MSIMASK_ABSENT },
		{ "HW3.silence", MSI_REGION_HW, MSIMASK_ABSENT, MSI_MASK, MSIMASK_ABSENT },
		{ "V.msidesc.msi_mask", MSI_REGION_KERNEL, BIT_CLEAR, MSI_MASK, BIT_SET },
		{ "V.msidesc.msi_mask", MSI_REGION_KERNEL, BIT_SET, MSI_UNMASK, BIT_CLEAR },
		{ "V.msidesc.msi_mask", MSI_REGION_KERNEL, BIT_UNKNOWN, MSI_CACHED_MASKED, BIT_SET },
		{ "V.msidesc.msg.msi", MSI_REGION_MESSAGE, MESSAGE_NONE, MSI_MESSAGE_PARKED, MESSAGE_PARKED },
		{ "V.msidesc.msg.msi", MSI_REGION_MESSAGE, MESSAGE_PARKED, MSI_MESSAGE_SET, MESSAGE_VECTOR },
		{ "V.msidesc.msg.msi", MSI_REGION_MESSAGE, MESSAGE_VECTOR, MSI_MESSAGE_ZERO, MESSAGE_NONE },
	};

	(void)state;
	CHECK(&msix_entry_component, entry, &sending);
	CHECK(&msix_entry_component, held, &masked);
	CHECK(&msi_message_component, msi, &msi_sending);
}

/* V.msidesc.is_msix: the kind of the object that feeds the irq */
static void test_kind_of_the_feeder(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "1"), STARTUP("1.2", "41"),
			"1.3 cpu0 irq.unmask@shadow irq:41 msi:0000:06:00.0[0] state=0x1d020200 ctrl=0x0"));
	assert_int_equal(object_named(b, "msix:0000:05:00.0[1]")->ref.kind, OBJ_MSIX);
	assert_int_equal(object_named(b, "msi:0000:06:00.0[0]")->ref.kind, OBJ_MSI);
	assert_true(linked(b, "msix:0000:05:00.0[1]", "irq:40"));
	assert_true(linked(b, "msi:0000:06:00.0[0]", "irq:41"));
}

/* ------------------------------------------------------------------------------------------ message fields */

#define FIELD(row, region, from, input, to) { row, FIELDS_REGION_##region, from, FIELDS_##input, to }

/* V.msg.*, V.rte.*: what each field becomes */
static void test_field_variables(void **state)
{
	static const struct expectation list[] = {
		FIELD("V.msg.remapped, V.rte.remapped", FORMAT, CHOICE_FIRST, REMAPPED, CHOICE_SECOND),
		FIELD("V.msg.remapped, V.rte.remapped", FORMAT, CHOICE_SECOND, COMPATIBLE, CHOICE_FIRST),
		FIELD("V.msg.dest_mode, V.rte.dest_mode", DEST_MODE, CHOICE_FIRST, LOGICAL, CHOICE_SECOND),
		FIELD("V.msg.dest_mode, V.rte.dest_mode", DEST_MODE, CHOICE_SECOND, PHYSICAL, CHOICE_FIRST),
		FIELD("V.msg.dest_mode: in the remapping entry", DEST_MODE, CHOICE_SECOND, REMAPPED, CHOICE_UNKNOWN),
		FIELD("V.msg.redirection", HINT, CHOICE_FIRST, HAS_HINT, CHOICE_SECOND),
		FIELD("V.msg.redirection", HINT, CHOICE_SECOND, NO_HINT, CHOICE_FIRST),
		FIELD("V.msg.delivery_mode, V.rte.delivery_mode", DELIVERY, MODE_UNKNOWN, FIXED, MODE_FIXED),
		FIELD("V.msg.delivery_mode, V.rte.delivery_mode", DELIVERY, MODE_FIXED, LOWEST, MODE_LOWEST),
		FIELD("V.msg.delivery_mode, V.rte.delivery_mode", DELIVERY, MODE_LOWEST, NMI, MODE_NMI),
		FIELD("V.msg.delivery_mode, V.rte.delivery_mode", DELIVERY, MODE_NMI, EXTINT, MODE_EXTINT),
		FIELD("V.msg.delivery_mode, V.rte.delivery_mode", DELIVERY, MODE_EXTINT, OTHER, MODE_OTHER),
		FIELD("V.msg.delivery_mode: in the remapping entry", DELIVERY, MODE_FIXED, REMAPPED, MODE_UNKNOWN),
		FIELD("V.msg.trigger", TRIGGER, CHOICE_FIRST, LEVEL, CHOICE_SECOND),
		FIELD("V.msg.trigger", TRIGGER, CHOICE_SECOND, EDGE, CHOICE_FIRST),
		FIELD("V.rte.polarity, V.pin.active_low", POLARITY, CHOICE_FIRST, ACTIVE_LOW, CHOICE_SECOND),
		FIELD("V.rte.polarity, V.pin.active_low", POLARITY, CHOICE_SECOND, ACTIVE_HIGH, CHOICE_FIRST),
		FIELD("a message of zeroes says nothing", DELIVERY, MODE_FIXED, CLEARED, MODE_UNKNOWN),
		FIELD("records lost", FORMAT, CHOICE_FIRST, LOST, CHOICE_UNKNOWN),
	};

	(void)state;
	CHECK(&fields_component, list, NULL);
}

#define WROTE(lo, data) "1.0 - pci.msix.entry_write@hardware msix:0000:05:00.0[0] addr_lo=" lo " addr_hi=0x0 data=" data
#define RTE(value) "1.0 - ioapic.rte_write@hardware pin:0.23 rte=" value

/* V.msg.*, V.rte.*, V.pin.active_low: the bits that each field is */
static void test_messages_have_their_fields(void **state)
{
	static const struct {
		const char *line, *field, *value;
	} list[] = {
		{ WROTE("0xfee01004", "0x31"), "format", "compatibility" }, { WROTE("0xfee00010", "0x0"), "format", "remappable" },
		{ WROTE("0xfee01000", "0x31"), "dest_mode", "physical" }, { WROTE("0xfee01004", "0x31"), "dest_mode", "logical" },
		{ WROTE("0xfee01004", "0x31"), "redirection_hint", "no" }, { WROTE("0xfee0100c", "0x31"), "redirection_hint", "yes" },
		{ WROTE("0xfee01004", "0x31"), "delivery_mode", "fixed" },
		{ WROTE("0xfee01004", "0x131"), "delivery_mode", "lowest priority" },
		{ WROTE("0xfee01004", "0x400"), "delivery_mode", "NMI" }, { WROTE("0xfee01004", "0x231"), "delivery_mode", "another" },
		{ WROTE("0xfee01004", "0x4031"), "trigger", "edge" }, { WROTE("0xfee01004", "0xc031"), "trigger", "level" },
		{ RTE("0x1000000000000031"), "format", "compatibility" }, { RTE("0x33000000000031"), "format", "remappable" },
		{ RTE("0x100000000000031"), "dest_mode", "physical" }, { RTE("0x100000000000831"), "dest_mode", "logical" },
		{ RTE("0x31"), "delivery_mode", "fixed" }, { RTE("0x131"), "delivery_mode", "lowest priority" },
		{ RTE("0x700"), "delivery_mode", "ExtINT" }, { RTE("0x31"), "polarity", "active high" },
		{ RTE("0x2031"), "polarity", "active low" },
	};
	struct bench *b = *state;

	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		replay(b, LINES(list[i].line));
		assert_last(b, "message_fields", list[i].field, list[i].value);
		b->nr_objects = b->nr_spans = 0;
	}
}

/* ------------------------------------------------------------------------------------------ IO-APIC pins */

static void test_pin_variables(void **state)
{
	static const struct expectation list[] = {
		{ "V.rte.mask, V.pin.hw", PIN_REGION_HW, BIT_CLEAR, PIN_RTE_MASKED, BIT_SET },
		{ "V.rte.mask, V.pin.hw", PIN_REGION_HW, BIT_SET, PIN_RTE_UNMASKED, BIT_CLEAR },
		{ "V.rte.mask", PIN_REGION_HW, BIT_CLEAR, PIN_MASK, BIT_SET },
		{ "V.rte.mask", PIN_REGION_HW, BIT_SET, PIN_UNMASK, BIT_CLEAR },
		{ "V.pin.entry", PIN_REGION_KERNEL, BIT_CLEAR, PIN_MASK, BIT_SET },
		{ "V.pin.entry", PIN_REGION_KERNEL, BIT_SET, PIN_UNMASK, BIT_CLEAR },
		{ "V.rte.trigger, V.pin.is_level", PIN_REGION_TRIGGER, TRIGGER_EDGE, PIN_RTE_LEVEL, TRIGGER_LEVEL },
		{ "V.rte.trigger, V.pin.is_level", PIN_REGION_TRIGGER, TRIGGER_LEVEL, PIN_RTE_EDGE, TRIGGER_EDGE },
		{ "V.pin.remote_irr", PIN_REGION_IRR, BIT_UNKNOWN, PIN_IRR_SET, BIT_SET },
		{ "V.pin.remote_irr", PIN_REGION_IRR, BIT_SET, PIN_IRR_CLEAR, BIT_CLEAR },
		{ "HW5.accept", PIN_REGION_IRR, BIT_CLEAR, PIN_ACCEPT, BIT_SET },
		{ "HW5.eoi, HW4.broadcast", PIN_REGION_IRR, BIT_SET, PIN_EOI, BIT_CLEAR, 0, { PIN_REGION_ROUTE, ROUTE_STEADY } },
		{ "HW6.stuck, V.rte.vector", PIN_REGION_IRR, BIT_SET, PIN_EOI, BIT_SET, 0, { PIN_REGION_ROUTE, ROUTE_MOVED } },
		{ "HW6.stuck", PIN_REGION_IRR, BIT_SET, PIN_EOI_OTHER, BIT_SET, PIN_EFFECT_STUCK },
		{ "HW6.rescue.register", PIN_REGION_IRR, BIT_SET, PIN_EOI_PIN, BIT_CLEAR, 0, { PIN_REGION_ROUTE, ROUTE_MOVED } },
		{ "HW6.rescue.register", PIN_REGION_ROUTE, ROUTE_MOVED, PIN_EOI_PIN, ROUTE_STEADY },
		{ "HW6.rescue.toggle", PIN_REGION_IRR, BIT_SET, PIN_RTE_EDGE, BIT_CLEAR, 0, { PIN_REGION_ROUTE, ROUTE_MOVED } },
		{ "HW6.change, V.rte.vector", PIN_REGION_ROUTE, ROUTE_STEADY, PIN_RTE_MOVED, ROUTE_MOVED, 0,
			{ PIN_REGION_IRR, BIT_SET } },
		{ "HW6.change: nothing in service", PIN_REGION_ROUTE, ROUTE_STEADY, PIN_RTE_MOVED, ROUTE_STEADY, 0,
			{ PIN_REGION_IRR, BIT_CLEAR } },
		{ "HW6.change: the same vector", PIN_REGION_ROUTE, ROUTE_STEADY, PIN_RTE_SAME, ROUTE_STEADY, 0,
			{ PIN_REGION_IRR, BIT_SET } },
		{ "HW5.send", PIN_REGION_IRR, BIT_CLEAR, PIN_RAISE, BIT_CLEAR, PIN_EFFECT_MESSAGE, { PIN_REGION_HW, BIT_CLEAR },
			{ PIN_REGION_TRIGGER, TRIGGER_LEVEL } },
		{ "HW5.send: masked", PIN_REGION_IRR, BIT_CLEAR, PIN_RAISE, BIT_CLEAR, 0, { PIN_REGION_HW, BIT_SET },
			{ PIN_REGION_TRIGGER, TRIGGER_LEVEL } },
		{ "HW5.send: remote IRR set", PIN_REGION_IRR, BIT_SET, PIN_RAISE, BIT_SET, 0, { PIN_REGION_HW, BIT_CLEAR },
			{ PIN_REGION_TRIGGER, TRIGGER_LEVEL } },
		{ "HW7.edge", PIN_REGION_TRIGGER, TRIGGER_EDGE, PIN_RAISE, TRIGGER_EDGE, PIN_EFFECT_MESSAGE,
			{ PIN_REGION_HW, BIT_CLEAR } },
		{ "HW7.edge: masked", PIN_REGION_TRIGGER, TRIGGER_EDGE, PIN_RAISE, TRIGGER_EDGE, 0, { PIN_REGION_HW, BIT_SET } },
		{ "HW7.lost", PIN_REGION_LINE, BIT_CLEAR, PIN_RAISE, BIT_SET, PIN_EFFECT_LOST_EDGE, { PIN_REGION_HW, BIT_SET },
			{ PIN_REGION_TRIGGER, TRIGGER_EDGE } },
		{ "HW7.lost: unmasked", PIN_REGION_LINE, BIT_CLEAR, PIN_RAISE, BIT_SET, 0, { PIN_REGION_HW, BIT_CLEAR },
			{ PIN_REGION_TRIGGER, TRIGGER_EDGE } },
	};

	(void)state;
	CHECK(&pin_component, list, NULL);
}

/* HW5.resend: unmasked, still asserted, and the EOI matches */
static void test_level_line_is_sent_again(void **state)
{
	static const enum pin_input inputs[] = { PIN_RTE_LEVEL, PIN_RTE_UNMASKED, PIN_RAISE, PIN_ACCEPT, PIN_EOI };
	struct pin_core core = { component_unknown(&pin_component) };
	struct effects fx;
	bool again = false;

	(void)state;
	for (unsigned i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		pin_step(&core, inputs[i], &fx);
	for (unsigned i = 0; i < fx.nr; i++)
		again |= fx.change[i].effect == PIN_EFFECT_SEND;
	assert_true(again);
	assert_int_equal(pin_state(core, PIN_REGION_LINE), BIT_SET);
	pin_step(&core, PIN_LOWER, &fx);
	pin_step(&core, PIN_ACCEPT, &fx);
	pin_step(&core, PIN_EOI, &fx);
	for (unsigned i = 0; i < fx.nr; i++)
		assert_int_not_equal(fx.change[i].effect, PIN_EFFECT_SEND);
}

/* ------------------------------------------------------------------------------------------ vectors */

static void test_vector_variables(void **state)
{
	static const struct expectation list[] = {
		{ "V.vector.cfg", VECTOR_REGION_ASSIGNED, ASSIGNED_VECTOR, VECTOR_CONFIG_PARKED, ASSIGNED_PARKED },
		{ "V.vector.cfg, V.vector.target", VECTOR_REGION_ASSIGNED, ASSIGNED_PARKED, VECTOR_CONFIG, ASSIGNED_VECTOR },
		{ "V.vector.target", VECTOR_REGION_ASSIGNED, ASSIGNED_NONE, VECTOR_UPDATE_FIRST, ASSIGNED_VECTOR },
		{ "V.vector.has_reserved, V.matrix.reserve", VECTOR_REGION_RESERVATION, RESERVATION_NONE, VECTOR_RESERVED,
			RESERVATION_GLOBAL },
		{ "V.vector.has_reserved, V.matrix.remove_reserved", VECTOR_REGION_RESERVATION, RESERVATION_GLOBAL,
			VECTOR_ALLOC_RESERVED, RESERVATION_NONE },
		{ "V.vector.has_reserved, V.matrix.remove_reserved", VECTOR_REGION_RESERVATION, RESERVATION_GLOBAL, VECTOR_TEARDOWN,
			RESERVATION_NONE },
		{ "V.vector.is_managed", VECTOR_REGION_RESERVATION, RESERVATION_NONE, VECTOR_RESERVED_MANAGED, RESERVATION_MANAGED },
		{ "V.vector.move_in_progress", VECTOR_REGION_CLEANUP, CLEANUP_NONE, VECTOR_UPDATE_MOVED, CLEANUP_PENDING },
		{ "V.vector.move_in_progress", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_TARGET_HIT, CLEANUP_QUEUED },
		{ "V.vector.cleanup", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_CLEANUP_QUEUED, CLEANUP_QUEUED },
		{ "V.vector.cleanup, V.vector.prev", VECTOR_REGION_CLEANUP, CLEANUP_QUEUED, VECTOR_FREE_MOVED, CLEANUP_NONE },
		{ "V.vector.prev", VECTOR_REGION_CLEANUP, CLEANUP_PENDING, VECTOR_CLEAR, CLEANUP_NONE },
		{ "V.common.affinity, V.desc.pending_mask", VECTOR_REGION_AFFINITY, AFFINITY_NONE, VECTOR_AFFINITY_ASKED,
			AFFINITY_ASKED },
		{ "V.common.affinity", VECTOR_REGION_AFFINITY, AFFINITY_ASKED, VECTOR_AFFINITY_APPLIED, AFFINITY_APPLIED, 0,
			{ VECTOR_REGION_CLEANUP, CLEANUP_NONE } },
		{ "V.common.effective_affinity", VECTOR_REGION_AFFINITY, AFFINITY_PENDING, VECTOR_AFFINITY_MET, AFFINITY_APPLIED },
		{ "V.common.state.SETAFFINITY_PENDING", VECTOR_REGION_AFFINITY, AFFINITY_ASKED, VECTOR_SEE_PENDING, AFFINITY_PENDING },
		{ "V.common.state.SETAFFINITY_PENDING", VECTOR_REGION_AFFINITY, AFFINITY_PENDING, VECTOR_SEE_NOT_PENDING,
			AFFINITY_NONE },
	};
	static const struct expectation irte[] = {
		{ "V.irte.vector, V.irte.dest", IRTE_REGION_ROUTE, IRTE_ROUTE_OTHER, IRTE_WRITE_SAME, IRTE_ROUTE_SAME },
		{ "V.irte.vector, V.irte.dest", IRTE_REGION_ROUTE, IRTE_ROUTE_SAME, IRTE_WRITE_OTHER, IRTE_ROUTE_OTHER },
		{ "V.irte.present", IRTE_REGION_PRESENT, IRTE_FLAG_YES, IRTE_CLEARED, IRTE_FLAG_NO },
		{ "V.irte.present", IRTE_REGION_PRESENT, IRTE_FLAG_NO, IRTE_WRITE_SAME, IRTE_FLAG_YES },
		{ "V.irte.present", IRTE_REGION_PRESENT, IRTE_FLAG_NO, IRTE_WRITE_OTHER, IRTE_FLAG_YES },
		{ "V.irte.posted", IRTE_REGION_POSTED, IRTE_FLAG_NO, IRTE_POST, IRTE_FLAG_YES },
		{ "V.irte.posted", IRTE_REGION_POSTED, IRTE_FLAG_YES, IRTE_UNPOST, IRTE_FLAG_NO },
	};

	(void)state;
	CHECK(&vector_component, list, NULL);
	CHECK(&irte_component, irte, NULL);
}

/* V.irte.vector, V.irte.dest: an entry with another vector, or another destination, is not as configured */
static void test_entry_is_compared(void **state)
{
	static const struct {
		const char *line, *route;
	} list[] = {
		{ "2.0 cpu0 irte.write@shadow irte:0.27 irq:40 value=0xd vector=49 apicdest=1", "as configured" },
		{ "2.0 cpu0 irte.write@shadow irte:0.27 irq:40 value=0xd vector=50 apicdest=1", "not as configured" },
		{ "2.0 cpu0 irte.write@shadow irte:0.27 irq:40 value=0xd vector=49 apicdest=2", "not as configured" },
	};
	struct bench *b = *state;

	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		replay(b, LINES("1.0 cpu0 vector.config@shadow irq:40 vector=49 target_cpu=1 apicdest=1", list[i].line));
		assert_last(b, "irte", "route", list[i].route);
		assert_last(b, "irte", "present", "yes");
		b->nr_objects = b->nr_spans = b->nr_links = b->nr_obligations = b->nr_paths = b->nr_summaries = 0;
	}
}

#define MATRIX(t, op) t " cpu1 vector.matrix@shadow cpu:1 op=\"" op "\" bit=49 target_cpu=1"

static void test_slot_variables(void **state)
{
	static const struct expectation list[] = {
		{ "V.matrix.alloc", SLOT_REGION_BIT, SLOT_BIT_FREE, SLOT_ALLOC, SLOT_BIT_ALLOCATED },
		{ "V.matrix.alloc_managed", SLOT_REGION_BIT, SLOT_BIT_MANAGED, SLOT_ALLOC_MANAGED, SLOT_BIT_MANAGED_USED },
		{ "V.matrix.assign", SLOT_REGION_BIT, SLOT_BIT_UNKNOWN, SLOT_ASSIGN, SLOT_BIT_ALLOCATED },
		{ "V.matrix.free", SLOT_REGION_BIT, SLOT_BIT_ALLOCATED, SLOT_FREE, SLOT_BIT_FREE },
		{ "V.matrix.free: its managed irq keeps it", SLOT_REGION_BIT, SLOT_BIT_MANAGED_USED, SLOT_FREE, SLOT_BIT_MANAGED },
		{ "V.matrix.free: managed or not", SLOT_REGION_BIT, SLOT_BIT_UNKNOWN, SLOT_FREE, SLOT_BIT_UNKNOWN },
		{ "V.matrix.reserve_managed", SLOT_REGION_BIT, SLOT_BIT_FREE, SLOT_RESERVE_MANAGED, SLOT_BIT_MANAGED },
		{ "V.matrix.remove_managed", SLOT_REGION_BIT, SLOT_BIT_MANAGED, SLOT_REMOVE_MANAGED, SLOT_BIT_FREE },
		{ "V.slot.owner", SLOT_REGION_OWNER, SLOT_UNUSED, SLOT_OWN, SLOT_OWNED },
		{ "V.slot.shutdown", SLOT_REGION_OWNER, SLOT_OWNED, SLOT_SHUT, SLOT_SHUTDOWN },
		{ "V.slot.unused", SLOT_REGION_OWNER, SLOT_OWNED, SLOT_LEAVE, SLOT_UNUSED },
		{ "V.slot.shutdown, V.slot.unused", SLOT_REGION_OWNER, SLOT_SHUTDOWN, SLOT_NO_HANDLER, SLOT_UNUSED },
	};

	(void)state;
	CHECK(&slot_component, list, NULL);
}

/* V.matrix.*: the operation's name, the vector and the CPU */
static void test_matrix_records(void **state)
{
	static const struct {
		const char *first, *second, *bit;
	} list[] = {
		{ MATRIX("1.0", "free"), MATRIX("1.1", "alloc"), "allocated" }, { MATRIX("1.0", "alloc"), MATRIX("1.1", "free"), "free" },
		{ MATRIX("1.0", "free"), MATRIX("1.1", "assign"), "allocated" },
		{ MATRIX("1.0", "alloc"), MATRIX("1.1", "reserve_managed"), "managed" },
		{ MATRIX("1.0", "reserve_managed"), MATRIX("1.1", "alloc_managed"), "managed, in use" },
		{ MATRIX("1.0", "alloc_managed"), MATRIX("1.1", "free"), "managed" },
		{ MATRIX("1.0", "reserve_managed"), MATRIX("1.1", "remove_managed"), "free" },
	};
	struct bench *b = *state;

	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		replay(b, LINES(list[i].first, list[i].second));
		assert_last(b, "vector_slot", "bit", list[i].bit);
		object_named(b, "vector:1.0x31");
		b->nr_objects = b->nr_spans = 0;
	}
}

/* V.matrix.online, V.matrix.offline: the CPU that wrote the record */
static void test_matrix_has_cpus(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu3 vector.matrix@shadow op=\"online\"", "2.0 cpu3 vector.matrix@shadow op=\"offline\""));
	assert_true(had(b, "cpu", "power", "online"));
	assert_last(b, "cpu", "power", "offline");
	object_named(b, "cpu:3");
}

/* V.slot.owner, V.slot.shutdown, V.slot.unused: a move, an end, and a late arrival */
static void test_slots_follow_the_records(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 vector.update@shadow irq:40 vector=49 target_cpu=1 prev_vector=0 prev_cpu=0"));
	assert_last(b, "vector_slot", "owner", "owned");
	b->nr_spans = 0;
	replay(b, LINES("1.0 cpu0 vector.update@shadow irq:40 vector=49 target_cpu=1 prev_vector=0 prev_cpu=0",
			"1.1 cpu0 vector.free_moved@shadow irq:40 vector=49 target_cpu=1 managed=0"));
	assert_last(b, "vector_slot", "owner", "unused");
	b->nr_spans = 0;
	replay(b, LINES("1.0 cpu0 vector.clear@shadow irq:40 vector=49 target_cpu=1 prev_vector=50 prev_cpu=0"));
	assert_last(b, "vector_slot", "owner", "shutdown");
	object_named(b, "vector:0.0x32");
	b->nr_spans = 0;
	replay(b, LINES("1.0 cpu0 vector.clear@shadow irq:40 vector=49 target_cpu=1 prev_vector=0 prev_cpu=0",
			"1.1 cpu1 harm.no_handler@shadow vector:1.0x31"));
	assert_last(b, "vector_slot", "owner", "unused");
}

/* ------------------------------------------------------------------------------------------ local APIC */

#define ALL_SEEN .accepts = true, .dispatches = true, .eois = true

static void test_lapic_variables(void **state)
{
	/* vector 0x31 is of class 3 */
	static const struct lapic_view alone = { .vector = 0x31, .in_service = -1, ALL_SEEN };
	static const struct lapic_view same = { .vector = 0x31, .in_service = 0x3f, ALL_SEEN };
	static const struct lapic_view above = { .vector = 0x31, .in_service = 0x40, ALL_SEEN };
	static const struct lapic_view below = { .vector = 0x31, .in_service = 0x2f, ALL_SEEN };
	static const struct lapic_view unseen = { .vector = 0x31, .in_service = -1 };
	static const struct expectation list[] = {
		{ "HW4.accept, V.lapic.irr", LAPIC_REGION_IRR, BIT_CLEAR, LAPIC_ACCEPT_EDGE, BIT_SET },
		{ "HW4.accept, V.lapic.irr", LAPIC_REGION_IRR, BIT_UNKNOWN, LAPIC_ACCEPT_LEVEL, BIT_SET },
		{ "HW4.accept.tmr, V.lapic.tmr", LAPIC_REGION_TMR, BIT_CLEAR, LAPIC_ACCEPT_LEVEL, BIT_SET },
		{ "HW4.accept.tmr, V.lapic.tmr", LAPIC_REGION_TMR, BIT_SET, LAPIC_ACCEPT_EDGE, BIT_CLEAR },
		{ "HW4.accept.tmr: not recorded", LAPIC_REGION_TMR, BIT_SET, LAPIC_ACCEPT, BIT_UNKNOWN },
		{ "HW4.deliver, V.lapic.irr", LAPIC_REGION_IRR, BIT_SET, LAPIC_DISPATCH, BIT_CLEAR },
		{ "HW4.deliver, V.lapic.isr", LAPIC_REGION_ISR, BIT_CLEAR, LAPIC_DISPATCH, BIT_SET },
		{ "HW4.deliver: nothing accepted", LAPIC_REGION_IRR, BIT_CLEAR, LAPIC_DISPATCH, BIT_CLEAR, .unexpected = true },
		{ "HW8.block: in service itself", LAPIC_REGION_ISR, BIT_SET, LAPIC_DISPATCH, BIT_SET, .unexpected = true },
		{ "HW4.deliver: a kernel's entry is the same one", LAPIC_REGION_ISR, BIT_SET, LAPIC_ENTER, BIT_SET },
		{ "HW4.deliver: and keeps what came since", LAPIC_REGION_IRR, BIT_SET, LAPIC_ENTER, BIT_SET, 0,
			{ LAPIC_REGION_ISR, BIT_SET } },
		{ "HW4.deliver: not where the dispatch is missing", LAPIC_REGION_IRR, BIT_SET, LAPIC_ENTER, BIT_UNKNOWN, 0,
			{ LAPIC_REGION_ISR, BIT_CLEAR } },
		{ "HW4.eoi, V.lapic.isr", LAPIC_REGION_ISR, BIT_SET, LAPIC_EOI, BIT_CLEAR },
		{ "HW4.eoi: nothing in service", LAPIC_REGION_ISR, BIT_CLEAR, LAPIC_EOI, BIT_CLEAR, .unexpected = true },
		{ "HW4.broadcast", LAPIC_REGION_TMR, BIT_SET, LAPIC_EOI, BIT_SET, LAPIC_EFFECT_BROADCAST },
		{ "HW4.broadcast: not of an edge", LAPIC_REGION_TMR, BIT_CLEAR, LAPIC_EOI, BIT_CLEAR },
		{ "HW9.coalesce", LAPIC_REGION_IRR, BIT_SET, LAPIC_ACCEPT_EDGE, BIT_SET, LAPIC_EFFECT_COALESCED },
		{ "HW9.coalesce: as recorded", LAPIC_REGION_IRR, BIT_SET, LAPIC_MERGED, BIT_SET, LAPIC_EFFECT_COALESCED },
		{ "HW9.coalesce: with nothing", LAPIC_REGION_IRR, BIT_CLEAR, LAPIC_MERGED, BIT_SET, .unexpected = true },
		{ "HW9: one in service, one that waits", LAPIC_REGION_IRR, BIT_CLEAR, LAPIC_ACCEPT_EDGE, BIT_SET, 0,
			{ LAPIC_REGION_ISR, BIT_SET } },
		{ "records lost", LAPIC_REGION_ISR, BIT_SET, LAPIC_LOST, BIT_UNKNOWN },
	};
	static const struct expectation blocked[] = {
		{ "HW8.block, V.lapic.ppr", LAPIC_REGION_IRR, BIT_CLEAR, LAPIC_ACCEPT_EDGE, BIT_SET, LAPIC_EFFECT_WAITS },
		{ "HW8.block, V.lapic.ppr", LAPIC_REGION_IRR, BIT_SET, LAPIC_DISPATCH, BIT_CLEAR, .unexpected = true },
	};
	static const struct expectation outranks[] = {
		{ "HW8.block, V.lapic.ppr: of a class above", LAPIC_REGION_IRR, BIT_CLEAR, LAPIC_ACCEPT_EDGE, BIT_SET },
		{ "HW8.block, V.lapic.ppr: of a class above", LAPIC_REGION_IRR, BIT_SET, LAPIC_DISPATCH, BIT_CLEAR },
	};
	static const struct expectation ends_unseen[] = {
		{ "what is dispatched unseen would wait for ever", LAPIC_REGION_IRR, BIT_UNKNOWN, LAPIC_ACCEPT_EDGE, BIT_UNKNOWN },
		{ "what is ended unseen would be served for ever", LAPIC_REGION_ISR, BIT_UNKNOWN, LAPIC_DISPATCH, BIT_UNKNOWN },
		{ "the next may be there already", LAPIC_REGION_IRR, BIT_UNKNOWN, LAPIC_DISPATCH, BIT_UNKNOWN },
		{ "and in service", LAPIC_REGION_ISR, BIT_UNKNOWN, LAPIC_EOI, BIT_UNKNOWN },
	};

	(void)state;
	CHECK(&lapic_component, list, &alone);
	CHECK(&lapic_component, blocked, &same);
	CHECK(&lapic_component, blocked, &above);
	CHECK(&lapic_component, outranks, &below);
	CHECK(&lapic_component, ends_unseen, &unseen);
}

#define ACCEPT(t, vec) t " - lapic.accept@hardware vector:1." vec " level=0 mode=0"
#define DISPATCH(t, vec) t " - lapic.deliver@hardware vector:1." vec
#define EOI(t, vec) t " - lapic.eoi@hardware vector:1." vec
/* A whole service, after which all its records are known to come. */
#define SERVED(t, vec) ACCEPT(t "1", vec), DISPATCH(t "2", vec), EOI(t "3", vec)

static bool met(const struct coverage *cov, enum lapic_region region, unsigned state, enum lapic_input in)
{
	return coverage_met(cov, &lapic_component, region, state, in);
}

/* HW4.accept, HW4.deliver, HW4.eoi, V.lapic.irr, V.lapic.isr: the first service is learned from, the second followed */
static void test_lapic_serves(void **state)
{
	struct coverage *cov = calloc(1, sizeof(*cov));
	struct bench *b = *state;

	b->kind = "";
	replay_covered(b, LINES(SERVED("1.", "0x31"), SERVED("2.", "0x31"), SERVED("3.", "0x31")), cov);
	assert_true(met(cov, LAPIC_REGION_IRR, BIT_UNKNOWN, LAPIC_ACCEPT_EDGE));
	assert_true(met(cov, LAPIC_REGION_IRR, BIT_CLEAR, LAPIC_ACCEPT_EDGE));
	assert_true(met(cov, LAPIC_REGION_IRR, BIT_SET, LAPIC_DISPATCH));
	assert_true(met(cov, LAPIC_REGION_ISR, BIT_CLEAR, LAPIC_DISPATCH));
	assert_true(met(cov, LAPIC_REGION_ISR, BIT_SET, LAPIC_EOI));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->nr_obligations, 0);
	object_named(b, "vector:1.0x31");
	free(cov);
}

/* HW4.accept: an APIC id and a vector say the same; NMI and others set no IRR bit */
static void test_lapic_by_apic_id(void **state)
{
	struct bench *b = *state;
	struct coverage *cov = calloc(1, sizeof(*cov));

	replay_covered(b, LINES("1.0 - lapic.accept@hardware vector:1.0x02 level=0 mode=4", "1.1 - lapic.deliver@hardware apic:1 vector=49",
				"1.2 - lapic.eoi@hardware apic:1 vector=49", "1.3 - lapic.eoi@hardware apic:1"), cov);
	object_named(b, "vector:1.0x31");
	for (unsigned i = 0; i < b->nr_objects; i++)
		assert_int_not_equal(object_pair_low(b->object[i].ref.id), 2);
	assert_true(met(cov, LAPIC_REGION_ISR, BIT_UNKNOWN, LAPIC_EOI));
	assert_int_equal(b->nr_unexpected, 0);
	free(cov);
}

/* HW4.eoi: the register names no vector, the highest in service ends */
static void test_eoi_ends_the_highest(void **state)
{
	struct coverage *cov = calloc(1, sizeof(*cov));
	struct bench *b = *state;

	replay_covered(b, LINES(SERVED("1.", "0x31"), SERVED("2.", "0x51"), ACCEPT("3.0", "0x31"), DISPATCH("3.1", "0x31"),
				ACCEPT("3.2", "0x51"), DISPATCH("3.3", "0x51"), "3.4 - lapic.eoi@hardware apic:1",
				/* 0x51 has ended, so that it may come again; 0x31 has not */
				ACCEPT("3.5", "0x51"), DISPATCH("3.6", "0x51"), "3.7 - lapic.eoi@hardware apic:1",
				"3.8 - lapic.eoi@hardware apic:1", ACCEPT("3.9", "0x31"), DISPATCH("4.0", "0x31")), cov);
	assert_int_equal(b->nr_unexpected, 0);
	assert_false(met(cov, LAPIC_REGION_ISR, BIT_CLEAR, LAPIC_EOI));
	free(cov);
}

/* HW8.block, V.lapic.ppr: a class in service keeps back itself and all below, on its own CPU */
static void test_service_blocks(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SERVED("1.", "0x31"), SERVED("2.", "0x35"), ACCEPT("3.0", "0x35"), DISPATCH("3.1", "0x35"),
			ACCEPT("3.2", "0x31"), EOI("3.3", "0x35"), DISPATCH("3.4", "0x31")));
	assert_int_equal(b->nr_unexpected, 0);
	replay(b, LINES(SERVED("1.", "0x31"), SERVED("2.", "0x35"), ACCEPT("3.0", "0x35"), DISPATCH("3.1", "0x35"),
			ACCEPT("3.2", "0x31"), DISPATCH("3.4", "0x31")));
	assert_int_equal(b->nr_unexpected, 1);
	b->nr_unexpected = 0;
	replay(b, LINES(SERVED("1.", "0x31"), SERVED("2.", "0x35"), ACCEPT("3.0", "0x35"), DISPATCH("3.1", "0x35"),
			"3.2 - lapic.accept@hardware vector:2.0x31 level=0 mode=0", "3.3 - lapic.deliver@hardware vector:2.0x31"));
	assert_int_equal(b->nr_unexpected, 0);
}

/* HW9.coalesce: edges before the dispatch are one interrupt, also where the record itself says so */
static void test_edges_coalesce(void **state)
{
	struct coverage *cov = calloc(1, sizeof(*cov));
	struct bench *b = *state;

	replay_covered(b, LINES(SERVED("1.", "0x31"), ACCEPT("2.0", "0x31"), ACCEPT("2.1", "0x31"),
				"2.2 - lapic.accept@hardware vector:1.0x31 level=0 mode=0 coalesced=1", DISPATCH("2.3", "0x31"),
				EOI("2.4", "0x31")), cov);
	assert_true(met(cov, LAPIC_REGION_IRR, BIT_SET, LAPIC_ACCEPT_EDGE));
	assert_true(met(cov, LAPIC_REGION_IRR, BIT_SET, LAPIC_MERGED));
	assert_int_equal(b->nr_unexpected, 0);
	free(cov);
}

/* Linux records arrivals and no EOI beside its acknowledgements: nothing stays in service for ever. */
static void test_arrivals_without_eois(void **state)
{
	struct coverage *cov = calloc(1, sizeof(*cov));
	struct bench *b = *state;

	replay_covered(b, LINES("1.0 cpu1 vector.arrive@shadow vector:1.0x31", "1.1 cpu1 irq.ack@shadow irq:40",
				"2.0 cpu1 vector.arrive@shadow vector:1.0x51", "3.0 cpu1 vector.arrive@shadow vector:1.0x31",
				"4.0..5.0 cpu1 lost@shadow cpu:1 count=3", "6.0 cpu1 vector.arrive@shadow vector:1.0x31"), cov);
	assert_true(met(cov, LAPIC_REGION_ISR, BIT_UNKNOWN, LAPIC_ENTER));
	assert_false(met(cov, LAPIC_REGION_ISR, BIT_SET, LAPIC_ENTER));
	assert_int_equal(b->nr_unexpected, 0);
	free(cov);
}

/* Records lost: what was in service does not block for ever either. */
static void test_hole_ends_a_service(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SERVED("1.", "0x31"), SERVED("2.", "0x51"), ACCEPT("3.0", "0x51"), DISPATCH("3.1", "0x51"),
			"4.0..5.0 cpu1 lost@shadow cpu:1 count=3", SERVED("6.", "0x31"), SERVED("7.", "0x31"), SERVED("8.", "0x51")));
	assert_int_equal(b->nr_unexpected, 0);
	/* nor is it known any more which records come */
	replay(b, LINES(SERVED("1.", "0x31"), "4.0..5.0 cpu1 lost@shadow cpu:1 count=3", DISPATCH("6.0", "0x31"), DISPATCH("7.0", "0x31"),
			EOI("8.0", "0x31"), EOI("9.0", "0x31")));
	assert_int_equal(b->nr_unexpected, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_irq_variables),
		TEST(test_state_words_are_believed),
		TEST(test_managed_word_of_a_startup),
		cmocka_unit_test(test_flag_variables),
		TEST(test_words_have_their_bits),
		TEST(test_words_tell_changes),
		TEST(test_action_is_named),
		TEST(test_attributes_are_in_the_event),
		TEST(test_levels_are_links),
		cmocka_unit_test(test_function_variables),
		TEST(test_function_records),
		cmocka_unit_test(test_message_variables),
		TEST(test_kind_of_the_feeder),
		cmocka_unit_test(test_field_variables),
		TEST(test_messages_have_their_fields),
		cmocka_unit_test(test_pin_variables),
		cmocka_unit_test(test_level_line_is_sent_again),
		cmocka_unit_test(test_vector_variables),
		TEST(test_entry_is_compared),
		cmocka_unit_test(test_slot_variables),
		TEST(test_matrix_records),
		TEST(test_matrix_has_cpus),
		TEST(test_slots_follow_the_records),
		cmocka_unit_test(test_lapic_variables),
		TEST(test_lapic_serves),
		TEST(test_lapic_by_apic_id),
		TEST(test_eoi_ends_the_highest),
		TEST(test_service_blocks),
		TEST(test_edges_coalesce),
		TEST(test_arrivals_without_eois),
		TEST(test_hole_ends_a_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
