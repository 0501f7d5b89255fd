/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a PVH dom0 writes to configuration space, and what becomes of the masks of the machine's function. */
#include "unit/replay_bench.h"

#define FN "xen/pci:0000:00:04.0"
#define PLACED \
	"0.1 - snapshot.field@hardware " FN " field=\"msix_function.control_register\" value=0x42", \
	"0.1 - snapshot.field@hardware " FN " field=\"msi_function.mask_register\" value=0x80"
#define WRITE(t, reg, value) t " cpu0 vpci.write@hardware dom0/pci:0000:00:04.0 reg=" reg " value=" value
#define MESSAGE(t, index) t " - snapshot.field@hardware xen/msi:0000:00:04.0[" index "] field=\"msi_message.mask\" text=\"unmasked\""
#define END "9.0 - mark@shadow"

/* State of a field at the end; NULL: never known. */
static const char *state_of(const struct bench *b, const char *name, const char *component, const char *field)
{
	for (unsigned i = 0; i < b->nr_spans; i++) {
		char text[OBJECT_NAME_MAX] = "";

		for (unsigned k = 0; k < b->nr_objects; k++)
			if (b->object[k].id == b->span[i].object)
				object_print(text, sizeof(text), b->object[k].ref, b->object[k].generation);
		if (b->span[i].ending == ENDING_OPEN && !strcmp(text, name) && !strcmp(b->span[i].component, component) &&
		    !strcmp(b->span[i].field, field))
			return b->span[i].state;
	}
	return NULL;
}

static void assert_function(const struct bench *b, const char *enable, const char *fmask)
{
	assert_string_equal(state_of(b, FN, "msix_function", "enable"), enable);
	assert_string_equal(state_of(b, FN, "msix_function", "fmask"), fmask);
}

static void test_function_mask(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PLACED, WRITE("1.0", "0x42", "0x8000"), WRITE("2.0", "0x42", "0xc000"), END));
	assert_function(b, "on", "masked");
}

static void test_mask_cleared(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PLACED, WRITE("1.0", "0x42", "0xc000"), WRITE("2.0", "0x42", "0x8000"), END));
	assert_function(b, "on", "unmasked");
}

/* The control register in the upper half of a word; a write of the lower half alone leaves it as it is. */
static void test_whole_word(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PLACED, WRITE("1.0", "0x40", "0xc0040011"), WRITE("2.0", "0x40", "0x11"), END));
	assert_function(b, "on", "masked");
}

static void test_switched_off(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PLACED, WRITE("1.0", "0x42", "0x8000"), WRITE("2.0", "0x42", "0x4000"), END));
	assert_string_equal(state_of(b, FN, "msix_function", "enable"), "off");
}

/* Other registers, functions that no list places, other guests' numbers. */
static void test_other_writes(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PLACED, WRITE("1.0", "0x44", "0xc000"), WRITE("1.1", "0x4", "0xc000"),
			"1.2 cpu0 vpci.write@hardware d1/pci:0000:00:04.0 reg=0x42 value=0xc000",
			"1.3 cpu0 vpci.write@hardware dom0/pci:0000:00:05.0 reg=0x42 value=0xc000", END));
	assert_null(state_of(b, FN, "msix_function", "fmask"));
	assert_null(state_of(b, FN, "msix_function", "enable"));
}

#define PVH "0.05 - snapshot.field@hardware dom0/msix:0000:00:06.0[0] field=\"vpci_entry.vector\" value=36"
#define UNKNOWN(t, value) t " cpu0 vpci.write@hardware reg=0x42 value=" value " addr=0x80002040"

/* Nobody knows who runs: a PVH dom0 does, where there is no other domain. */
static void test_of_whom_is_unknown(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PVH, PLACED, UNKNOWN("1.0", "0xc000"), END));
	assert_function(b, "on", "masked");
}

static void test_may_be_a_guest(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PVH, PLACED, "0.2 - snapshot.field@shadow xen/port:1.3 field=\"xen_port.mask\" text=\"unmasked\"",
			UNKNOWN("1.0", "0xc000"), END));
	assert_null(state_of(b, FN, "msix_function", "fmask"));
}

/* A PV dom0's are not recorded this way. */
static void test_may_be_a_guest_of_pv(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PLACED, UNKNOWN("1.0", "0xc000"), END));
	assert_null(state_of(b, FN, "msix_function", "fmask"));
}

static void test_msi_mask(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PLACED, MESSAGE("0.2", "0"), MESSAGE("0.2", "1"), WRITE("1.0", "0x80", "2"), END));
	assert_string_equal(state_of(b, "xen/msi:0000:00:04.0[0]", "msi_message", "mask"), "unmasked");
	assert_string_equal(state_of(b, "xen/msi:0000:00:04.0[1]", "msi_message", "mask"), "masked");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_function_mask),
		TEST(test_mask_cleared),
		TEST(test_whole_word),
		TEST(test_switched_off),
		TEST(test_other_writes),
		TEST(test_of_whom_is_unknown),
		TEST(test_may_be_a_guest),
		TEST(test_may_be_a_guest_of_pv),
		TEST(test_msi_mask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
