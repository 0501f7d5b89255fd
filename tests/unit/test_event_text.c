/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as text: what is printed parses to the same event, whatever strings it holds; what is wrong is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/event_text.h"

static const char *get_string(void *ctx, uint32_t source, str_id id)
{
	(void)source;
	return strtab_get(ctx, id);
}

static uint64_t random_u64(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A number of any size, small ones as likely as large ones. */
static uint64_t random_size(uint64_t *rng)
{
	return random_u64(rng) >> (random_u64(rng) % 64);
}

/* Bytes of any value but 0; mostly short. */
static str_id random_string(uint64_t *rng, struct strtab *strings)
{
	static const char nasty[] = "\"\\/%-= \n\x1b\x7f\xff\xc3x0a@~[]:";
	char text[STRTAB_MAX_LEN];
	size_t len = random_u64(rng) % (random_u64(rng) % 50 ? 24 : sizeof(text) + 1);

	for (size_t i = 0; i < len; i++)
		text[i] = random_u64(rng) % 2 ? nasty[random_u64(rng) % (sizeof(nasty) - 1)] : (char)(1 + random_u64(rng) % 255);
	return strtab_intern(strings, text, len);
}

static int64_t random_value(uint64_t *rng, enum event_arg_type type, struct strtab *strings)
{
	uint64_t value = random_u64(rng) % 8 ? random_size(rng) : (uint64_t)INT64_MIN;

	if (type == ARG_TYPE_STR)
		return random_string(rng, strings);
	return (int64_t)(random_u64(rng) % 2 ? value : 0 - value);
}

static void random_args(uint64_t *rng, struct event *ev, struct strtab *strings)
{
	const struct event_kind_info *info = &event_kinds[ev->kind];

	for (unsigned i = 0; i < EVENT_MAX_ARGS && info->args[i]; i++)
		if (random_u64(rng) % 4)
			event_arg_set(ev, info->args[i], random_value(rng, event_args[info->args[i]].type, strings));
}

static void random_objects(uint64_t *rng, struct event *ev)
{
	static const uint16_t machines[] = { MACHINE_OWN, MACHINE_XEN, MACHINE_DOM0, MACHINE_GUEST, MACHINE_DOMAIN + 5, MACHINE_NR - 1 };
	const uint8_t *kinds = event_kinds[ev->kind].objects;

	for (unsigned i = 0; i < EVENT_MAX_KIND_OBJECTS && kinds[i]; i++) {
		struct object_ref ref = { .kind = kinds[i], .id = random_size(rng), .machine = machines[random_u64(rng) % 6] };

		if (random_u64(rng) % 2 && object_valid(ref) && event_add_object(ev, ref.kind, ref.id))
			ev->object[ev->nr_objects - 1].machine = ref.machine;
	}
}

static int64_t random_time(uint64_t *rng)
{
	int64_t t_ns = (int64_t)(random_size(rng) >> 1);

	return random_u64(rng) % 4 ? t_ns : -1 - t_ns;
}

static struct event random_event(uint64_t *rng, unsigned kind, struct strtab *strings)
{
	struct event ev = {
		.ordinal = 12, .offset = 34, .source = 5, .sub = 6, .kind = kind, .witness = random_u64(rng) % NR_WITNESSES,
		.t_lo_ns = random_time(rng), .cpu = (int32_t)(random_u64(rng) % 3 ? random_size(rng) % 512 : -1ull),
		.pid = (int32_t)(random_u64(rng) % 3 ? random_size(rng) & INT32_MAX : -1ull),
		.comm = random_u64(rng) % 3 ? random_string(rng, strings) : 0,
		.via = random_u64(rng) % 2 ? random_string(rng, strings) : 0,
	};

	ev.t_hi_ns = random_u64(rng) % 2 ? ev.t_lo_ns : random_time(rng);
	if (ev.t_hi_ns < ev.t_lo_ns)
		ev.t_hi_ns = INT64_MAX;
	random_args(rng, &ev, strings);
	random_objects(rng, &ev);
	return ev;
}

static void assert_same_text(const struct strtab *a, str_id a_id, const struct strtab *b, str_id b_id)
{
	assert_string_equal(strtab_get(a, a_id), strtab_get(b, b_id));
}

static void assert_same(const struct event *a, const struct strtab *a_strings, const struct event *b, const struct strtab *b_strings)
{
	assert_int_equal(a->t_lo_ns, b->t_lo_ns);
	assert_int_equal(a->t_hi_ns, b->t_hi_ns);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->witness, b->witness);
	assert_int_equal(a->cpu, b->cpu);
	assert_int_equal(a->pid, b->pid);
	assert_same_text(a_strings, a->comm, b_strings, b->comm);
	assert_same_text(a_strings, a->via, b_strings, b->via);
	assert_int_equal(a->nr_objects, b->nr_objects);
	for (unsigned i = 0; i < a->nr_objects; i++)
		assert_true(object_equal(a->object[i], b->object[i]));
	assert_int_equal(a->known, b->known);
	for (unsigned i = 0; i < EVENT_MAX_ARGS; i++) {
		if (!(a->known >> i & 1))
			continue;
		if (event_args[event_kinds[a->kind].args[i]].type == ARG_TYPE_STR)
			assert_same_text(a_strings, a->arg[i], b_strings, b->arg[i]);
		else
			assert_int_equal(a->arg[i], b->arg[i]);
	}
}

static void assert_round_trip(const struct event *ev, struct strtab *strings)
{
	static char line[EVENT_TEXT_MAX], again[EVENT_TEXT_MAX];
	struct strtab *fresh = strtab_new();
	struct event back = { .ordinal = 12, .offset = 34, .source = 5, .sub = 6 };
	const char *error;

	assert_true(event_valid(ev));
	assert_ptr_equal(event_text_print(line, sizeof(line), ev, get_string, strings), line);
	for (const unsigned char *p = (unsigned char *)line; *p; p++)
		assert_in_range(*p, ' ', 0x7e);
	error = event_text_parse(line, &back, fresh);
	if (error)
		fail_msg("%s: %s", error, line);
	assert_same(ev, strings, &back, fresh);
	assert_true(back.ordinal == 12 && back.offset == 34 && back.source == 5 && back.sub == 6);
	event_text_print(again, sizeof(again), &back, get_string, fresh);
	assert_string_equal(again, line);
	strtab_free(fresh);
}

static void test_round_trip(void **state)
{
	uint64_t rng = 0x9e3779b97f4a7c15;

	(void)state;
	for (unsigned round = 0; round < 40; round++) {
		struct strtab *strings = strtab_new();

		for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++) {
			struct event ev = random_event(&rng, kind, strings);

			assert_round_trip(&ev, strings);
		}
		strtab_free(strings);
	}
}

static void test_times(void **state)
{
	static const int64_t times[] = { 0, 1, -1, 999999999, -1000000000, INT64_MIN, INT64_MIN + 1, INT64_MAX };
	struct strtab *strings = strtab_new();
	struct event ev = { .kind = EV_MACHINE_RESET, .cpu = -1, .pid = -1 };

	(void)state;
	for (unsigned i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		ev.t_lo_ns = ev.t_hi_ns = times[i];
		assert_round_trip(&ev, strings);
		ev.t_hi_ns = INT64_MAX;
		assert_round_trip(&ev, strings);
	}
	strtab_free(strings);
}

/* EVENT_TEXT_MAX holds for every kind, all strings as long as they may be and every byte escaped. */
static void test_longest(void **state)
{
	struct strtab *strings = strtab_new();
	char text[STRTAB_MAX_LEN];
	str_id id;

	(void)state;
	memset(text, 0xff, sizeof(text));
	id = strtab_intern(strings, text, sizeof(text));
	for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++) {
		struct event ev = {
			.ordinal = 12, .offset = 34, .source = 5, .sub = 6, .kind = kind, .t_lo_ns = INT64_MIN, .t_hi_ns = INT64_MAX,
			.cpu = INT32_MAX, .pid = INT32_MAX, .comm = id, .via = id,
		};

		for (unsigned i = 0; i < EVENT_MAX_ARGS && event_kinds[kind].args[i]; i++) {
			enum event_arg_id arg = event_kinds[kind].args[i];

			event_arg_set(&ev, arg, event_args[arg].type == ARG_TYPE_STR ? (int64_t)id : -1);
		}
		for (unsigned i = 0; i < EVENT_MAX_OBJECTS && event_kinds[kind].objects[i]; i++) {
			event_add_object(&ev, event_kinds[kind].objects[i], object_id_pair(0, UINT8_MAX));
			ev.object[i].machine = MACHINE_NR - 1;
		}
		assert_round_trip(&ev, strings);
	}
	strtab_free(strings);
}

static void test_short_buffers(void **state)
{
	static char whole[EVENT_TEXT_MAX];
	struct strtab *strings = strtab_new();
	uint64_t rng = 3;
	struct event ev = random_event(&rng, EV_IRQ_SETUP, strings);
	size_t whole_len = strlen(event_text_print(whole, sizeof(whole), &ev, get_string, strings));

	(void)state;
	for (size_t len = 1; len < whole_len + 3; len++) {
		char *part = malloc(len);

		event_text_print(part, len, &ev, get_string, strings);
		assert_int_equal(strlen(part), whole_len < len ? whole_len : len - 1);
		assert_memory_equal(part, whole, strlen(part));
		free(part);
	}
	strtab_free(strings);
}

static const char example[] =
	"31.850690751 cpu0/1/init irq.mask@shadow irq:29 msix:0000:00:03.0[2] via=\"pci_msi_mask_irq\" state=0x19601200";

static void test_example(void **state)
{
	struct strtab *strings = strtab_new();
	struct event ev = { .ordinal = 3 };
	int64_t value;

	(void)state;
	assert_null(event_text_parse(example, &ev, strings));
	assert_int_equal(ev.t_lo_ns, INT64_C(31850690751));
	assert_int_equal(ev.t_hi_ns, ev.t_lo_ns);
	assert_int_equal(ev.ordinal, 3);
	assert_int_equal(ev.cpu, 0);
	assert_int_equal(ev.pid, 1);
	assert_string_equal(strtab_get(strings, ev.comm), "init");
	assert_string_equal(strtab_get(strings, ev.via), "pci_msi_mask_irq");
	assert_int_equal(ev.kind, EV_IRQ_MASK);
	assert_int_equal(ev.witness, WITNESS_SHADOW);
	assert_int_equal(ev.nr_objects, 2);
	assert_int_equal(event_object(&ev, OBJ_IRQ)->id, 29);
	assert_true(event_arg(&ev, ARG_STATE, &value));
	assert_int_equal(value, 0x19601200);
	assert_false(event_arg(&ev, ARG_CTRL, &value));
	strtab_free(strings);
}

/* Other ways to write what is printed in one way. */
static void test_loose_forms(void **state)
{
	static const struct {
		const char *line, *printed;
	} forms[] = {
		{ "  1   -   lost@shadow   cpu1   count=0x10  ", "1.000000000 - lost@shadow cpu:1 count=16" },
		{ "1.5..2 -/7 lost@shadow count=0", "1.500000000..2.000000000 -/7 lost@shadow count=0" },
		{ "-0.5 -/-/a lost@inferred", "-0.500000000 -/-/a lost@inferred" },
		{ "1..1 cpu007 lost@shadow", "1.000000000 cpu7 lost@shadow" },
		{ "1 - irq.exit@shadow ret=-1 IRQ30", "1.000000000 - irq.exit@shadow irq:30 ret=-1" },
		{ "1 - irq.exit@shadow ret=0xffffffffffffffff", "1.000000000 - irq.exit@shadow ret=-1" },
		{ "1 - irq.flow@shadow istate=512 state=1", "1.000000000 - irq.flow@shadow state=0x1 istate=0x200" },
		{ "1 -/-/%41%2fb%25 mark@hardware text=\"\\x41\\\"\\\\\"", "1.000000000 -/-/A%2fb%25 mark@hardware text=\"A\\\"\\\\\"" },
		{ "1 - mark@hardware text=\"\" via=\"\"", "1.000000000 - mark@hardware via=\"\" text=\"\"" },
	};
	struct strtab *strings = strtab_new();
	char printed[256];

	(void)state;
	for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct event ev = { .ordinal = 1 };
		const char *error = event_text_parse(forms[i].line, &ev, strings);

		if (error)
			fail_msg("%s: %s", error, forms[i].line);
		assert_string_equal(event_text_print(printed, sizeof(printed), &ev, get_string, strings), forms[i].printed);
	}
	strtab_free(strings);
}

#define TIME "time is not seconds with up to nine decimals"
#define BOUNDS "time bounds are not LO..HI"
#define ACTOR "actor is not cpuN or -"
#define PID "actor's pid is not a number"
#define COMM "actor's name is not well-formed"
#define OBJECT "not an object"
#define STRING "string is not well-formed"
#define NUMBER "value is not a number"
#define TWICE "given twice"

static void test_errors(void **state)
{
	static const struct {
		const char *line, *error;
	} wrong[] = {
		{ "", TIME }, { " ", TIME }, { "x", TIME }, { "-", TIME }, { ".5 - lost@shadow", TIME }, { "1", TIME },
		{ "1x - lost@shadow", TIME }, { "1. - lost@shadow", TIME }, { "0.1234567891 - lost@shadow", TIME },
		{ "9223372037 - lost@shadow", TIME }, { "9223372036.854775808 - lost@shadow", TIME },
		{ "-9223372036.854775809 - lost@shadow", TIME }, { "99999999999999999999999 - lost@shadow", TIME },
		{ "1..0 - lost@shadow", BOUNDS }, { "1.. - lost@shadow", BOUNDS }, { "1...2 - lost@shadow", BOUNDS },
		{ "1..9223372037 - lost@shadow", BOUNDS }, { "1..2..3 - lost@shadow", TIME },
		{ "1 ", "no actor" },
		{ "1 cpu lost@shadow", ACTOR }, { "1 cpu-1 lost@shadow", ACTOR }, { "1 cpu2147483648 lost@shadow", ACTOR },
		{ "1 0 lost@shadow", ACTOR }, { "1 /1 lost@shadow", ACTOR }, { "1 cpu1x lost@shadow", ACTOR },
		{ "1 cpu00000000000000000000000000000x lost@shadow", ACTOR }, { "1 lost@shadow", ACTOR },
		{ "1 cpu0/ lost@shadow", PID }, { "1 cpu0//init lost@shadow", PID }, { "1 cpu0/-1 lost@shadow", PID },
		{ "1 cpu0/2147483648 lost@shadow", PID }, { "1 cpu0/0000000000000000000000000000000x lost@shadow", PID },
		{ "1 -/-/ lost@shadow", COMM }, { "1 -/-/a% lost@shadow", COMM }, { "1 -/-/a%4 lost@shadow", COMM },
		{ "1 -/-/a%4g lost@shadow", COMM }, { "1 -/-/a%00 lost@shadow", COMM },
		{ "1 -", "no event kind" }, { "1 - ", "no event kind" },
		{ "1 - lost", "event kind has no @witness" },
		{ "1 - foo@shadow", "unknown event kind" }, { "1 - @shadow", "unknown event kind" },
		{ "1 - LOST@shadow", "unknown event kind" },
		{ "1 - lost@", "unknown witness" }, { "1 - lost@Shadow", "unknown witness" },
		{ "1 - lost@shadow x", OBJECT }, { "1 - lost@shadow cpu:1~2", OBJECT }, { "1 - lost@shadow Count=1", OBJECT },
		{ "1 - lost@shadow =1", OBJECT }, { "1 - lost@shadow xen/xen/cpu:1", OBJECT },
		{ "1 - irq.mask@shadow irq:1 irq:2 irq:3 irq:4", "too many objects" },
		{ "1 - lost@shadow irq:1", "this event kind does not carry such an object" },
		{ "1 - lost@shadow foo=1", "this event kind has no such argument" },
		{ "1 - lost@shadow state=1", "this event kind has no such argument" },
		{ "1 - lost@shadow count=\"1\"", "argument is a number" },
		{ "1 - mark@shadow text=1", "argument is a string" },
		{ "1 - mark@shadow text=\"", STRING }, { "1 - mark@shadow text=\"a", STRING },
		{ "1 - mark@shadow text=\"\\", STRING }, { "1 - mark@shadow text=\"\\n\"", STRING },
		{ "1 - mark@shadow text=\"\\x\"", STRING }, { "1 - mark@shadow text=\"\\x1\"", STRING },
		{ "1 - mark@shadow text=\"\\x00\"", STRING }, { "1 - mark@shadow text=\"a\"b\"", STRING },
		{ "1 - mark@shadow text=\"a\"via=\"b\"", STRING },
		{ "1 - lost@shadow count=", NUMBER }, { "1 - lost@shadow count=x", NUMBER }, { "1 - lost@shadow count=1x", NUMBER },
		{ "1 - lost@shadow count=0x", NUMBER }, { "1 - lost@shadow count=-", NUMBER },
		{ "1 - lost@shadow count=18446744073709551616", NUMBER }, { "1 - lost@shadow count=0x10000000000000000", NUMBER },
		{ "1 - lost@shadow count=-9223372036854775809", NUMBER }, { "1 - mark@shadow text=a", NUMBER },
		{ "1 - mark@shadow via=1", "via is a string" },
		{ "1 - lost@shadow count=1 count=1", TWICE }, { "1 - mark@shadow text=\"a\" text=\"a\"", TWICE },
		{ "1 - mark@shadow via=\"a\" via=\"a\"", TWICE },
	};
	struct strtab *strings = strtab_new();

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct event ev, before;
		const char *error;

		memset(&ev, 0x55, sizeof(ev));
		before = ev;
		error = event_text_parse(wrong[i].line, &ev, strings);
		if (!error)
			fail_msg("taken: %s", wrong[i].line);
		if (strcmp(error, wrong[i].error))
			fail_msg("'%s' instead of '%s': %s", error, wrong[i].error, wrong[i].line);
		assert_memory_equal(&ev, &before, sizeof(ev));
	}
	strtab_free(strings);
}

static void test_too_long(void **state)
{
	static const char *const forms[] = { "1 -/-/%s lost@shadow", "1 - mark@shadow text=\"%s\"", "1 - mark@shadow via=\"%s\"" };
	static const char *const errors[] = { COMM, STRING, STRING };
	struct strtab *strings = strtab_new();
	char text[STRTAB_MAX_LEN + 2], line[STRTAB_MAX_LEN + 64];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[STRTAB_MAX_LEN + 1] = 0;
	for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct event ev = { .ordinal = 1 };
		const char *error;

		snprintf(line, sizeof(line), forms[i], text);
		error = event_text_parse(line, &ev, strings);
		assert_non_null(error);
		assert_string_equal(error, errors[i]);
		snprintf(line, sizeof(line), forms[i], text + 1);
		assert_null(event_text_parse(line, &ev, strings));
	}
	strtab_free(strings);
}

static void test_full_table(void **state)
{
	static const char *const lines[] = { "1 -/-/zz lost@shadow", "1 - mark@shadow text=\"zz\"", "1 - mark@shadow via=\"zz\"" };
	struct strtab *strings = strtab_new();
	struct event ev = { .ordinal = 1 };
	char text[16];

	(void)state;
	for (unsigned i = 0; i < STRTAB_MAX_STRINGS; i++)
		strtab_intern(strings, text, snprintf(text, sizeof(text), "%x", i));
	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *error = event_text_parse(lines[i], &ev, strings);

		assert_non_null(error);
		assert_string_equal(error, "too many different strings");
	}
	assert_null(event_text_parse("1 -/-/ff lost@shadow via=\"1\"", &ev, strings));
	strtab_free(strings);
}

/* In memory of its own, so that a sanitizer sees any step over the end. */
static void parse_copy(const char *line, size_t len, struct strtab *strings)
{
	struct event ev = { .ordinal = 1, .source = 1 };
	char *copy = malloc(len + 1);

	memcpy(copy, line, len);
	copy[len] = 0;
	if (!event_text_parse(copy, &ev, strings))
		assert_true(event_valid(&ev));
	free(copy);
}

static void test_cuts_and_changes(void **state)
{
	static char line[EVENT_TEXT_MAX];
	struct strtab *strings = strtab_new();
	uint64_t rng = 11;

	(void)state;
	for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++) {
		struct event ev = random_event(&rng, kind, strings);
		size_t len = strlen(event_text_print(line, sizeof(line), &ev, get_string, strings));

		for (size_t cut = 0; cut <= len && cut < 600; cut++)
			parse_copy(line, cut, strings);
		for (unsigned i = 0; i < 200; i++) {
			char *at = &line[random_u64(&rng) % len], was = *at;

			*at = 1 + random_u64(&rng) % 255;
			parse_copy(line, len, strings);
			*at = was;
		}
	}
	strtab_free(strings);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_short_buffers),
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_loose_forms),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_full_table),
		cmocka_unit_test(test_cuts_and_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
