/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Domains in hardware's guest mode: which path their interrupts go, and what Xen's emulated controllers hold for them. */
#include "unit/replay_bench.h"

static bool goes(const struct bench *b, uint16_t machine, enum path path)
{
	for (unsigned i = 0; i < b->nr_paths; i++)
		if (b->path[i].machine == machine && b->path[i].path == path)
			return true;
	return false;
}

static enum path path_of(const struct bench *b, enum object_kind kind, uint64_t id)
{
	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].ref.kind == kind && b->object[i].ref.id == id)
			return b->object[i].path;
	fail_msg("no such object");
	return PATH_UNKNOWN;
}

#define NATIVE(t, irq) t " cpu0 irq.startup@shadow " irq " state=0x10030200 depth=1 chip=\"PCI-MSI\""
#define IN_GUEST(t, vcpu) t " cpu0 xen.hvm.inject@hardware vcpu:" vcpu " vector=243"

/* The same records, on three machines. */
static void test_native_chips(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(NATIVE("1.0", "irq:25"), NATIVE("1.0", "dom0/irq:26"), NATIVE("1.0", "d1/irq:27"),
			"1.5 cpu0 vector.alloc@shadow d2/irq:28 vector=38 reserved=1 ret=0"));
	assert_int_equal(path_of(b, OBJ_IRQ, 25), PATH_BAREMETAL);
	assert_int_equal(path_of(b, OBJ_IRQ, 26), PATH_DOM0_PVH);
	assert_int_equal(path_of(b, OBJ_IRQ, 27), PATH_HVM_PASSTHROUGH);
	assert_int_equal(path_of(b, OBJ_IRQ, 28), PATH_HVM_PASSTHROUGH);
	assert_int_equal(b->nr_paths, 4);
}

/* Pirqs of a guest are an HVM guest's only where a record shows it in guest mode, before or after. */
static void test_pirqs_of_guests(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.pirq.bind@shadow d1/irq:55", "1.1 cpu0 xen.pirq.bind@shadow d2/irq:55", IN_GUEST("2.0", "1.0"),
			"3.0 cpu0 xen.pirq.bind@shadow d1/irq:56",
			"3.1 cpu0 irq.startup@shadow d1/irq:57 state=0x10030200 depth=1 chip=\"xen-dyn\""));
	assert_true(goes(b, MACHINE_DOMAIN + 1, PATH_HVM_PIRQ));
	assert_int_equal(b->nr_paths, 1);
	assert_int_equal(path_of(b, OBJ_IRQ, 56), PATH_HVM_PIRQ);
	assert_int_equal(path_of(b, OBJ_IRQ, 57), PATH_UNKNOWN);
	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].ref.kind == OBJ_IRQ && b->object[i].ref.id == 55)
			assert_int_equal(b->object[i].path,
					 b->object[i].ref.machine == MACHINE_DOMAIN + 1 ? PATH_HVM_PIRQ : PATH_UNKNOWN);
}

/* A dom0 in guest mode is PVH; vPCI's tables in a dump show it, too. */
static void test_dom0_in_guest_mode(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(IN_GUEST("1.0", "0.1")));
	assert_true(goes(b, MACHINE_DOM0, PATH_DOM0_PVH));
}

static void test_vpci_tables(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 - snapshot.field@hardware dom0/msix:0000:00:05.0[0] field=\"vpci_entry.vector\" value=0x25"));
	assert_true(goes(b, MACHINE_DOM0, PATH_DOM0_PVH));
	assert_int_equal(path_of(b, OBJ_MSIX, object_id_entry(object_id_pci(0, 0, 5, 0), 0)), PATH_DOM0_PVH);
}

static void test_pv_dom0(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.pirq.bind@shadow dom0/irq:47"));
	assert_true(goes(b, MACHINE_DOM0, PATH_DOM0_PV));
	assert_int_equal(b->nr_paths, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_native_chips),
		TEST(test_pirqs_of_guests),
		TEST(test_dom0_in_guest_mode),
		TEST(test_vpci_tables),
		TEST(test_pv_dom0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
