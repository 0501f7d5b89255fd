/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of objects: what is printed parses to the same, and what is no object is refused. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/object.h"

static const struct {
	enum object_kind kind;
	const char *name, *example;
} kinds[] = {
#define X(sym, name, example, doc) { OBJ_##sym, name, example },
	OBJECT_LIST(X)
#undef X
};

enum { NR_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct object_ref parsed(const char *text, unsigned *generation)
{
	struct object_ref ref;

	if (!object_parse(text, &ref, generation))
		fail_msg("'%s' is refused", text);
	return ref;
}

static void assert_prints(struct object_ref ref, unsigned generation, const char *expected)
{
	char name[OBJECT_NAME_MAX];

	object_print(name, sizeof(name), ref, generation);
	assert_string_equal(name, expected);
}

static void assert_refused(const char *text)
{
	struct object_ref ref = { .id = 77, .machine = 7, .kind = 7 };
	unsigned generation = 77;

	if (object_parse(text, &ref, &generation))
		fail_msg("'%s' is taken for an object", text);
	assert_int_equal(ref.id, 77);
	assert_int_equal(ref.machine, 7);
	assert_int_equal(ref.kind, 7);
	assert_int_equal(generation, 77);
}

/* The largest identity that the grammar can write, by kind. */
static uint64_t largest_id(enum object_kind kind)
{
	switch (kind) {
	case OBJ_PCI:
	case OBJ_INTX:
		return object_id_pci(0xffffff, 0xff, 0x1f, 7);
	case OBJ_MSIX:
	case OBJ_MSI:
	case OBJ_VFIO:
		return object_id_entry(object_id_pci(0xffffff, 0xff, 0x1f, 7), 0xffff);
	case OBJ_VECTOR:
		return object_id_pair(UINT32_MAX, 0xff);
	case OBJ_PIN:
	case OBJ_IRTE:
	case OBJ_PIRQ:
	case OBJ_PORT:
	case OBJ_VPIN:
	case OBJ_DPCI:
	case OBJ_VCPU:
		return UINT64_MAX;
	default:
		return UINT32_MAX;
	}
}

static bool machine_exists(unsigned machine)
{
	return machine <= MACHINE_GUEST || (machine > MACHINE_DOMAIN && machine < MACHINE_NR);
}

static void assert_round_trip(struct object_ref ref, unsigned generation)
{
	char name[OBJECT_NAME_MAX];
	struct object_ref back;
	unsigned got;

	object_print(name, sizeof(name), ref, generation);
	assert_in_range(strlen(name), 1, OBJECT_NAME_MAX - 2);
	back = parsed(name, &got);
	if (ref.machine == MACHINE_HOST)	/* not printed */
		ref.machine = MACHINE_OWN;
	if (!object_equal(back, ref))
		fail_msg("'%s' does not come back", name);
	assert_int_equal(got, generation > 1 ? generation : 0);
}

static void test_examples(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NR_KINDS; i++) {
		unsigned generation = 77;
		struct object_ref ref = parsed(kinds[i].example, &generation);

		assert_int_equal(ref.kind, kinds[i].kind);
		assert_int_equal(ref.machine, MACHINE_OWN);
		assert_int_equal(generation, 0);
		assert_prints(ref, 0, kinds[i].example);
		assert_string_equal(object_kind_name(ref.kind), kinds[i].name);
		assert_true(object_valid(ref));
	}
	assert_string_equal(object_kind_name(NR_OBJECT_KINDS), "none");
}

static void test_every_kind_and_machine(void **state)
{
	static const uint16_t machines[] = {
		MACHINE_OWN, MACHINE_HOST, MACHINE_XEN, MACHINE_DOM0, MACHINE_GUEST, MACHINE_DOMAIN + 1, MACHINE_NR - 1,
	};
	static const unsigned generations[] = { 0, 1, 2, UINT32_MAX };

	(void)state;
	for (unsigned i = 0; i < NR_KINDS; i++) {
		for (unsigned m = 0; m < sizeof(machines) / sizeof(machines[0]); m++) {
			for (unsigned g = 0; g < sizeof(generations) / sizeof(generations[0]); g++) {
				struct object_ref ref = { .kind = kinds[i].kind, .machine = machines[m] };

				assert_round_trip(ref, generations[g]);
				ref.id = largest_id(ref.kind);
				assert_round_trip(ref, generations[g]);
			}
		}
	}
}

static void test_validity(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NR_KINDS; i++) {
		struct object_ref ref = { .kind = kinds[i].kind, .id = largest_id(kinds[i].kind) };

		assert_true(object_valid(ref));
		if (ref.id == UINT64_MAX)
			continue;
		ref.id++;
		if (object_valid(ref))
			fail_msg("%s: an identity that the grammar cannot write is valid", kinds[i].name);
		ref.id = UINT64_MAX;
		assert_false(object_valid(ref));
	}
	assert_false(object_valid((struct object_ref){ .kind = OBJ_NONE }));
	assert_false(object_valid((struct object_ref){ .kind = NR_OBJECT_KINDS }));
	for (unsigned machine = 0; machine <= UINT16_MAX; machine++) {
		struct object_ref ref = { .kind = OBJ_IRQ, .machine = machine };

		assert_int_equal(object_valid(ref), machine_exists(machine));
	}
}

static void test_machines(void **state)
{
	static const char *const wrong[] = {
		"", "d", "dom", "d0x1", "d1x", "d-1", "d 1", "dom1", "hos", "hostx", "own", "guest:a", "d32512",
		"d99999999999999999999999", "xen/",
	};
	char name[32];
	uint16_t got;

	(void)state;
	for (unsigned machine = MACHINE_HOST; machine < MACHINE_NR; machine++) {
		if (!machine_exists(machine))
			continue;
		machine_print(name, sizeof(name), machine);
		assert_true(machine_parse(name, &got));
		assert_int_equal(got, machine);
	}
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		got = 77;
		if (machine_parse(wrong[i], &got))
			fail_msg("'%s' is taken for a machine", wrong[i]);
		assert_int_equal(got, 77);
	}
	assert_true(machine_parse("D0", &got));
	assert_int_equal(got, MACHINE_DOM0);
	assert_true(machine_parse("D7", &got));
	assert_int_equal(got, MACHINE_DOMAIN + 7);
	assert_true(machine_parse("XeN", &got));
	assert_int_equal(got, MACHINE_XEN);
}

static void test_case(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NR_KINDS; i++) {
		char text[OBJECT_NAME_MAX + 8];
		struct object_ref ref;
		unsigned generation;

		snprintf(text, sizeof(text), "dom0/%s~3", kinds[i].example);
		for (char *p = text; *p; p++)
			*p = toupper((unsigned char)*p);
		ref = parsed(text, &generation);
		assert_int_equal(generation, 3);
		assert_int_equal(ref.machine, MACHINE_DOM0);
		ref.machine = MACHINE_OWN;
		assert_prints(ref, 0, kinds[i].example);
	}
}

static void test_short_forms(void **state)
{
	static const struct {
		const char *text, *means;
		unsigned generation;
	} forms[] = {
		{ "irq30", "irq:30", 0 },
		{ "IRQ030", "irq:30", 0 },
		{ "gsi23~4", "gsi:23", 4 },
		{ "d1/vcpu1.0", "d1/vcpu:1.0", 0 },
		{ "vector2.0X31", "vector:2.0x31", 0 },
		{ "vector:2.49", "vector:2.0x31", 0 },
		{ "vector:2.0x5", "vector:2.0x05", 0 },
		{ "msix0000:03:00.0[2]", "msix:0000:03:00.0[2]", 0 },
		{ "msi0000:03:00.0[2]", "msi:0000:03:00.0[2]", 0 },
		{ "irqfd7", "irqfd:7", 0 },
		{ "0000:03:00.0", "pci:0000:03:00.0", 0 },
		{ "03:00.0", "pci:0000:03:00.0", 0 },
		{ "3:0.0", "pci:0000:03:00.0", 0 },
		{ "dom0/03:1f.7", "dom0/pci:0000:03:1f.7", 0 },
		{ "03:00.0~2", "pci:0000:03:00.0", 2 },
		{ "0000:03:00.0[2]", "msix:0000:03:00.0[2]", 0 },
		{ "03:00.0[2]", "msix:0000:03:00.0[2]", 0 },
		{ "host/irq:30", "irq:30", 0 },
		/* a bus or a segment that begins with a letter */
		{ "c0:00.0", "pci:0000:c0:00.0", 0 },
		{ "fe:00.0[2]", "msix:0000:fe:00.0[2]", 0 },
		{ "c0:00.0~2", "pci:0000:c0:00.0", 2 },
		{ "d0:00.0[65535]~2", "msix:0000:d0:00.0[65535]", 2 },
		{ "BEEF:C0:1F.7", "pci:beef:c0:1f.7", 0 },
		{ "10000:e1:00.0", "pci:10000:e1:00.0", 0 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		unsigned generation;
		struct object_ref ref = parsed(forms[i].text, &generation);

		assert_int_equal(generation, forms[i].generation);
		ref.machine = ref.machine == MACHINE_HOST ? MACHINE_OWN : ref.machine;
		assert_prints(ref, 0, forms[i].means);
	}
}

static void test_wrong_forms(void **state)
{
	static const char *const wrong[] = {
		"", " ", ":", "/", "~", "[2]", "irq", "irq:", "irq: 30", " irq:30", "irq:30 ", "irq:30x", "irq:x30", "irq:-1",
		"irq::30", "irq:0x1e", "irq:30~", "irq:30~0", "irq:30~x", "irq:30~1~2", "irq:30~4294967296", "irq:30/dom0",
		"irq:4294967296", "irq:99999999999999999999999999", "none:1", "foo:1", "i:1", "ir:30", "30", "1.2", "2.0x31",
		"/irq:30", "own/irq:30", "dom1/irq:30", "d32512/irq:1", "xen/xen/irq:1", "xen/", "xen",
		"averylongmachinenamethatdoesnotfitanybuffer/irq:1",
		"pin:0", "pin:0.", "pin:.1", "pin:0.1.2", "pin:0.4294967296", "pin:4294967296.0", "pin:0.0x1",
		"vector:2.256", "vector:2.0x100", "vector:2.0x", "vector:2.", "vector:31",
		"pci:0000:03:00", "pci:0000:03:00.", "pci:0000:03:00.0[2]", "pci:03", "pci:1000000:03:00.0",
		"pci:0000:100:00.0", "pci:0000:03:20.0", "pci:0000:03:00.8", "pci:0000:03:00.9", "pci:0000:03:00.f",
		"pci:0000:03:00.9a", "pci:0000:03:00.00a", "pci:0000:03:00.0x", "pci:100:00.0", "pci:03:20.0", "pci:03:00.8",
		"03:00.0.0", "g0:00.0", "c0:00.8", "c0:00.0]", "c0:00.0[", "c0:00.0[2", "c0:00.0[]", "c0:00.0[2]x",
		"msix:0000:03:00.0", "msix:0000:03:00.0[", "msix:0000:03:00.0[]", "msix:0000:03:00.0[65536]",
		"msix:0000:03:00.0[-1]", "msix:0000:03:00.0[2]]", "msix:0000:03:00.0 [2]", "msix[2]", "intx:0000:06:00.0[0]",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_refused(wrong[i]);
}

/* Whatever the text is, what is taken for an object is a valid one. */
static void check_text(const char *text)
{
	struct object_ref ref;
	unsigned generation;

	if (!object_parse(text, &ref, &generation))
		return;
	if (!object_valid(ref))
		fail_msg("'%s' parses to what cannot be", text);
	assert_round_trip(ref, generation);
}

static void test_any_text(void **state)
{
	static const char letters[] = "0123456789abcdefxirqmspn:.[]~/ ";
	uint32_t random = 1;
	char text[24];

	(void)state;
	for (unsigned i = 0; i < NR_KINDS; i++) {
		for (size_t cut = 0; cut <= strlen(kinds[i].example); cut++) {
			snprintf(text, sizeof(text), "%.*s", (int)cut, kinds[i].example);
			check_text(text);
		}
	}
	for (unsigned round = 0; round < 200000; round++) {
		const char *base = kinds[round % NR_KINDS].example;
		size_t len = strlen(base);

		random = random * 1664525 + 1013904223;
		snprintf(text, sizeof(text), "%s", base);
		text[random % len] = letters[random / 256 % (sizeof(letters) - 1)];
		text[random / 65536 % len] = letters[random / 16777216 % (sizeof(letters) - 1)];
		check_text(text);
	}
}

static void test_short_buffers(void **state)
{
	struct object_ref ref = { .kind = OBJ_MSIX, .machine = MACHINE_NR - 1, .id = largest_id(OBJ_MSIX) };
	char whole[OBJECT_NAME_MAX], part[OBJECT_NAME_MAX];

	(void)state;
	object_print(whole, sizeof(whole), ref, 12);
	for (size_t len = 1; len <= sizeof(part); len++) {
		memset(part, '#', sizeof(part));
		object_print(part, len, ref, 12);
		assert_int_equal(strlen(part), strlen(whole) < len ? strlen(whole) : len - 1);
		assert_memory_equal(part, whole, strlen(part));
		if (len < sizeof(part))
			assert_int_equal(part[len], '#');
	}
}

static void test_bdf(void **state)
{
	const char text[] = "0000:03:00.0[2]", *end;
	uint64_t id = 77;

	(void)state;
	assert_false(object_parse_bdf(text, &id, NULL));
	assert_int_equal(id, 77);
	assert_true(object_parse_bdf(text, &id, &end));
	assert_ptr_equal(end, text + 12);
	assert_int_equal(id, object_id_pci(0, 3, 0, 0));
	assert_true(object_parse_bdf("ffffff:ff:1f.7", &id, NULL));
	assert_int_equal(id, object_id_pci(0xffffff, 0xff, 0x1f, 7));
	assert_false(object_parse_bdf("", &id, NULL));
	assert_false(object_parse_bdf("", &id, &end));
}

static void test_identities(void **state)
{
	uint64_t pci = object_id_pci(0xabcdef, 0x12, 0x1f, 7), entry = object_id_entry(pci, 0xfffe);

	(void)state;
	assert_int_equal(pci, UINT64_C(0xabcdef) << 16 | 0x12ff);
	assert_int_equal(object_entry_pci(entry), pci);
	assert_int_equal(object_entry_index(entry), 0xfffe);
	assert_int_equal(object_pair_high(object_id_pair(UINT32_MAX, 1)), UINT32_MAX);
	assert_int_equal(object_pair_low(object_id_pair(1, UINT32_MAX)), UINT32_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_every_kind_and_machine),
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_short_forms),
		cmocka_unit_test(test_wrong_forms),
		cmocka_unit_test(test_any_text),
		cmocka_unit_test(test_short_buffers),
		cmocka_unit_test(test_bdf),
		cmocka_unit_test(test_identities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
