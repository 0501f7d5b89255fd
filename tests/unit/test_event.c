/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event tables are consistent, and event_valid() draws the line that other modules rely on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/event.h"

enum { LIST_MAX = 256 };

/* The lists once more, as text. */
static const char *const object_symbols[NR_OBJECT_KINDS] = {
	[OBJ_NONE] = "NONE",
#define X(sym, name, example, doc) [OBJ_##sym] = #sym,
	OBJECT_LIST(X)
#undef X
};

static const char *const arg_symbols[NR_ARG_IDS] = {
	[ARG_NONE] = "NONE",
#define X(sym, name, type, doc) [ARG_##sym] = #sym,
	ARG_LIST(X)
#undef X
};

static const struct {
	const char *objects, *args;
} written[NR_EVENT_KINDS] = {
#define X(sym, name, layer, of_objects, of_args, doc) [EV_##sym] = { .objects = #of_objects, .args = #of_args },
	EVENT_LIST(X)
#undef X
};

/* "(A, B)" of a 0-terminated list; nothing may stand behind its end. */
static void write_list(char *buf, const uint8_t *list, unsigned max, const char *const *symbols)
{
	size_t n = snprintf(buf, LIST_MAX, "(%s", symbols[list[0]]);
	bool ended = !list[0];

	for (unsigned i = 1; i < max; i++) {
		ended |= !list[i];
		if (ended)
			assert_int_equal(list[i], 0);
		else
			n += snprintf(buf + n, LIST_MAX - n, ", %s", symbols[list[i]]);
	}
	snprintf(buf + n, LIST_MAX - n, ")");
}

static void assert_no_repeats(const uint8_t *list, unsigned max)
{
	for (unsigned i = 0; i < max && list[i]; i++)
		for (unsigned j = 0; j < i; j++)
			assert_int_not_equal(list[i], list[j]);
}

static void test_kinds(void **state)
{
	char text[LIST_MAX];

	(void)state;
	for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++) {
		const struct event_kind_info *info = &event_kinds[kind];

		assert_int_equal(event_kind_by_name(info->name), kind);
		assert_int_equal(strspn(info->name, "abcdefghijklmnopqrstuvwxyz0123456789_."), strlen(info->name));
		assert_in_range(strlen(info->name), 1, 40);
		assert_in_range(info->layer, 0, NR_LAYERS - 1);
		assert_true(info->doc && *info->doc);
		write_list(text, info->objects, EVENT_MAX_KIND_OBJECTS, object_symbols);
		assert_string_equal(text, written[kind].objects);
		write_list(text, info->args, EVENT_MAX_ARGS, arg_symbols);
		assert_string_equal(text, written[kind].args);
		assert_int_equal(info->args[EVENT_MAX_ARGS], 0);
		assert_no_repeats(info->objects, EVENT_MAX_KIND_OBJECTS);
		assert_no_repeats(info->args, EVENT_MAX_ARGS);
	}
	assert_int_equal(event_kind_by_name(""), EV_NONE);
	assert_int_equal(event_kind_by_name("irq"), EV_NONE);
	assert_int_equal(event_kind_by_name("IRQ.MASK"), EV_NONE);
}

/* Text and JSON print numbers and strings by these. */
static void test_arguments(void **state)
{
	(void)state;
	for (unsigned arg = ARG_NONE + 1; arg < NR_ARG_IDS; arg++) {
		const struct event_arg_info *info = &event_args[arg];

		assert_int_equal(event_arg_by_name(info->name), arg);
		assert_int_equal(strspn(info->name, "abcdefghijklmnopqrstuvwxyz_"), strlen(info->name));
		assert_true(*info->name && strcmp(info->name, "via"));
		assert_in_range(info->type, ARG_TYPE_U, ARG_TYPE_STR);
		assert_true(info->doc && *info->doc);
	}
	assert_int_equal(event_arg_by_name(""), ARG_NONE);
	assert_int_equal(event_arg_by_name("via"), ARG_NONE);
}

static void test_every_object_and_argument_is_used(void **state)
{
	bool objects[NR_OBJECT_KINDS] = { true }, args[NR_ARG_IDS] = { true };

	(void)state;
	for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++) {
		for (unsigned i = 0; i < EVENT_MAX_KIND_OBJECTS; i++)
			objects[event_kinds[kind].objects[i]] = true;
		for (unsigned i = 0; i < EVENT_MAX_ARGS; i++)
			args[event_kinds[kind].args[i]] = true;
	}
	for (unsigned arg = 0; arg < NR_ARG_IDS; arg++)
		if (!args[arg])
			fail_msg("no event kind has the argument %s", event_args[arg].name);
	/* objects without an event of their own come with components and paths */
	assert_true(objects[OBJ_IRQ] && objects[OBJ_MSIX] && objects[OBJ_PCI]);
}

static void test_names(void **state)
{
	(void)state;
	for (int witness = 0; witness < NR_WITNESSES; witness++)
		assert_int_equal(witness_by_name(witness_name(witness)), witness);
	assert_int_equal(witness_by_name("unknown"), -1);
	assert_int_equal(witness_by_name(""), -1);
	assert_string_equal(witness_name(NR_WITNESSES), "unknown");
	for (int layer = 0; layer < NR_LAYERS; layer++)
		assert_string_not_equal(layer_name(layer), "unknown");
	assert_string_equal(layer_name(NR_LAYERS), "unknown");
	/* the order is that of strength: rules compare */
	assert_true(WITNESS_INFERRED < WITNESS_INTENT && WITNESS_INTENT < WITNESS_SHADOW && WITNESS_SHADOW < WITNESS_HARDWARE);
}

static void test_set_arguments(void **state)
{
	(void)state;
	for (unsigned kind = EV_NONE + 1; kind < NR_EVENT_KINDS; kind++) {
		struct event ev = { .kind = kind };
		unsigned nr = 0;

		for (unsigned arg = ARG_NONE + 1; arg < NR_ARG_IDS; arg++) {
			int i = event_arg_index(kind, arg);
			int64_t value = 77;

			assert_false(event_arg(&ev, arg, &value));
			assert_int_equal(value, 77);
			event_arg_set(&ev, arg, -(int64_t)arg);
			assert_int_equal(event_arg(&ev, arg, &value), i >= 0);
			assert_int_equal(value, i >= 0 ? -(int64_t)arg : 77);
			nr += i >= 0;
		}
		assert_int_equal(ev.known, (1u << nr) - 1);
		assert_true(event_valid(&ev));
	}
}

static void test_objects(void **state)
{
	struct event ev = { .kind = EV_IRQ_MASK };

	(void)state;
	assert_null(event_object(&ev, OBJ_IRQ));
	assert_true(event_add_object(&ev, OBJ_IRQ, 29));
	assert_true(event_add_object(&ev, OBJ_IRQ, 30));
	assert_true(event_add_object(&ev, OBJ_PIN, 31));
	assert_false(event_add_object(&ev, OBJ_MSIX, 32));
	assert_int_equal(ev.nr_objects, EVENT_MAX_OBJECTS);
	assert_int_equal(event_object(&ev, OBJ_IRQ)->id, 29);
	assert_int_equal(event_object(&ev, OBJ_PIN)->id, 31);
	assert_int_equal(event_object(&ev, OBJ_PIN)->machine, MACHINE_OWN);
	assert_null(event_object(&ev, OBJ_MSIX));
}

static void test_id(void **state)
{
	const uint64_t last_ordinal = (UINT64_C(1) << 40) - 1;

	(void)state;
	assert_true(event_id(1, 1, 0) > 0);
	assert_true(event_id(1, 1, 0) < event_id(1, 1, 1));
	assert_true(event_id(1, 1, 7) < event_id(1, 2, 0));
	assert_true(event_id(1, last_ordinal, 7) < event_id(2, 0, 0));
	assert_true(event_id((1u << 19) - 1, last_ordinal, 7) > event_id((1u << 19) - 1, last_ordinal, 6));
	assert_int_equal(event_id(3, 5, 2), INT64_C(3) << 43 | 5 << 3 | 2);
}

static const struct event sound = {
	.ordinal = (UINT64_C(1) << 40) - 1, .source = (1u << 19) - 1, .sub = 7, .kind = EV_IRQ_MASK,
	.witness = NR_WITNESSES - 1, .t_lo_ns = INT64_MIN, .t_hi_ns = INT64_MAX, .cpu = -1, .pid = -1, .known = 0xf,
	.nr_objects = 3, .object = {
		{ .kind = OBJ_IRQ, .id = UINT32_MAX }, { .kind = OBJ_MSIX, .machine = MACHINE_GUEST, .id = 1 },
		{ .kind = OBJ_PIN, .machine = MACHINE_DOMAIN + 1, .id = UINT64_MAX },
	},
};

#define REFUSED(...) do { \
		struct event ev = sound; \
		__VA_ARGS__; \
		if (event_valid(&ev)) \
			fail_msg("valid with %s", #__VA_ARGS__); \
	} while (0)

static void test_valid(void **state)
{
	(void)state;
	assert_true(event_valid(&sound));
	REFUSED(ev.kind = EV_NONE);
	REFUSED(ev.kind = NR_EVENT_KINDS);
	REFUSED(ev.kind = UINT16_MAX);
	REFUSED(ev.witness = NR_WITNESSES);
	REFUSED(ev.sub = 8);
	REFUSED(ev.source++);
	REFUSED(ev.ordinal++);
	REFUSED(ev.ordinal = UINT64_MAX);
	REFUSED(ev.known = 0x1f);
	REFUSED(ev.known = 0x8000);
	REFUSED(ev.nr_objects = EVENT_MAX_OBJECTS + 1);
	REFUSED(ev.t_lo_ns = 1; ev.t_hi_ns = 0);
	REFUSED(ev.object[0].kind = OBJ_NONE);
	REFUSED(ev.object[0].kind = OBJ_PCI);
	REFUSED(ev.object[2].kind = UINT8_MAX);
	REFUSED(ev.object[0].id++);
	REFUSED(ev.object[1].id = UINT64_MAX);
	REFUSED(ev.object[1].machine = MACHINE_GUEST + 1);
	REFUSED(ev.object[1].machine = MACHINE_DOMAIN - 1);
	REFUSED(ev.object[1].machine = MACHINE_DOMAIN);
	REFUSED(ev.object[1].machine = MACHINE_NR);
	REFUSED(ev.object[1].machine = UINT16_MAX);
}

/* What lies behind the count of objects is nobody's business. */
static void test_valid_ignores_the_rest(void **state)
{
	struct event ev = sound;

	(void)state;
	ev.nr_objects = 1;
	ev.object[1].kind = UINT8_MAX;
	ev.object[2].machine = UINT16_MAX;
	assert_true(event_valid(&ev));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_every_object_and_argument_is_used),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_set_arguments),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_valid_ignores_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
