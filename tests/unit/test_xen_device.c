/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which function an irq of Xen's is of, by what a list of functions leaves. */
#include "unit/replay_bench.h"

#define SETUP(t, pid) t " cpu0/" pid "/modprobe xen.pirq.map@intent via=\"xen_initdom_setup_msi_irqs\" nvec=1"
#define SETUP_DONE(t, pid) t " cpu0/" pid "/modprobe xen.pirq.map@shadow via=\"xen_initdom_setup_msi_irqs\" ret=0"
#define MAP(t, pid, pirq, irq) t " cpu0/" pid "/modprobe xen.pirq.map@shadow dom0/pirq:0." pirq " dom0/irq:" irq " nvec=1"
#define NAMED(t, irq, name) t " cpu0 irq.enter@shadow dom0/irq:" irq " name=\"" name "\""
#define LOST(t) t " - lost@shadow count=1"
#define DUMPED(xirq, pirq, type) \
	"8.0 - snapshot.field@shadow xen/xirq:" xirq " field=\"xen_irq.vector\" value=192", \
	"8.0 - snapshot.field@shadow xen/xirq:" xirq " xen/pirq:" pirq " field=\"feeds\"", \
	"8.1 - snapshot.field@shadow xen/xirq:" xirq " field=\"xen_msi.type\" text=\"" type "\""
#define MSIX(xirq, pirq) DUMPED(xirq, "0." pirq, "MSI-X")
#define BRIDGE "8.5 - snapshot.field@hardware xen/pci:0000:00:00.0 field=\"pci.memory\" text=\"on\""
#define LISTED(bdf, on, entries) \
	"8.5 - snapshot.field@hardware xen/pci:" bdf " field=\"pci.memory\" text=\"on\"", \
	"8.5 - snapshot.field@hardware xen/pci:" bdf " field=\"msix_function.enable\" text=\"" on "\"", \
	"8.5 - snapshot.field@hardware xen/pci:" bdf " field=\"msix_function.entries\" value=" entries
#define DRIVEN(bdf, name) "8.5 - snapshot.field@shadow xen/pci:" bdf " field=\"pci.driver_name\" text=\"" name "\""
#define END "9.0 - mark@shadow"

/* Two calls in a row, the first for three messages, the second for two. */
#define TWO_CALLS \
	SETUP("1.0", "5"), MAP("1.1", "5", "414", "45"), MAP("1.2", "5", "413", "46"), MAP("1.3", "5", "412", "47"), SETUP_DONE("1.4", "5"), \
	SETUP("2.0", "6"), MAP("2.1", "6", "411", "48"), MAP("2.2", "6", "410", "49"), SETUP_DONE("2.4", "6")
#define FIVE_MESSAGES MSIX("25", "414"), MSIX("26", "413"), MSIX("27", "412"), MSIX("28", "411"), MSIX("29", "410")

static const struct object_row *object_of(const struct bench *b, uint32_t id)
{
	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].id == id)
			return &b->object[i];
	fail_msg("no object %u", id);
	return NULL;
}

/* The function that was found for an irq of Xen: its device number; -1: none. */
static int device_of(const struct bench *b, unsigned xirq)
{
	int device = -1;

	for (unsigned i = 0; i < b->nr_links; i++) {
		const struct object_row *fn = object_of(b, b->link[i].feeder), *fed = object_of(b, b->link[i].fed);

		if (fn->ref.kind != OBJ_PCI || fed->ref.kind != OBJ_XIRQ || fed->ref.id != xirq)
			continue;
		assert_int_equal(b->link[i].proof, PROOF_INFERRED);
		assert_int_equal(fed->function, fn->id);
		device = fn->ref.id >> 3 & 0x1f;
	}
	return device;
}

static void assert_devices(const struct bench *b, int first, int second)
{
	for (unsigned xirq = 25; xirq <= 27; xirq++)
		assert_int_equal(device_of(b, xirq), first);
	for (unsigned xirq = 28; xirq <= 29; xirq++)
		assert_int_equal(device_of(b, xirq), second);
}

/* One has MSI-X on; those that have it off, or none, have no messages. */
static void test_only_one(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SETUP("1.0", "5"), MAP("1.1", "5", "414", "45"), MAP("1.2", "5", "413", "46"), SETUP_DONE("1.4", "5"),
			MSIX("25", "414"), MSIX("26", "413"), BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "off", "65"), END));
	assert_int_equal(device_of(b, 25), 3);
	assert_int_equal(device_of(b, 26), 3);
}

/* Without the host bridge it is not a list of all. */
static void test_incomplete(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, FIVE_MESSAGES, LISTED("0000:00:03.0", "on", "65"), END));
	assert_devices(b, -1, -1);
}

/* Three messages do not fit into two entries; then two are left for the other. */
static void test_by_their_number(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "2"), END));
	assert_devices(b, 3, 4);
}

/* Both calls fit into both functions. */
static void test_two_are_possible(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "3"),
			DRIVEN("0000:00:03.0", "virtio-pci"), DRIVEN("0000:00:04.0", "virtio-pci"), NAMED("3.0", "46", "virtio0-input.0"), END));
	assert_devices(b, -1, -1);
}

/* One action is named after its driver: the call's other messages are the same function's, and the other call's are not. */
static void test_by_a_name(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "4"),
			DRIVEN("0000:00:03.0", "e1000e"), DRIVEN("0000:00:04.0", "virtio-pci"), NAMED("3.0", "46", "virtio0-input.0"), END));
	assert_devices(b, 4, 3);
}

/* "nvme0q1" is not of a driver that is called nv, and "nvmet" not of nvme. */
static void test_by_whole_words(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "65"),
			DRIVEN("0000:00:03.0", "nv"), DRIVEN("0000:00:04.0", "nvme"), NAMED("3.0", "46", "nvmet0"), NAMED("3.1", "49", "eth0"), END));
	assert_devices(b, -1, -1);
}

/* Two calls that both can be of one function alone contradict what the list says. */
static void test_rivals(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), END));
	assert_devices(b, -1, -1);
}

/* A record that is missing may have been the call of the other's messages: nothing follows from what a function has. */
static void test_lost_calls(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, LOST("2.5"), FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "2"), END));
	assert_devices(b, 3, -1);
}

/* From before the capture: what is left for them is one function, with entries enough. */
static void test_before_the_capture(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SETUP("1.0", "5"), MAP("1.1", "5", "414", "45"), MAP("1.2", "5", "413", "46"), MAP("1.3", "5", "412", "47"),
			SETUP_DONE("1.4", "5"), FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "2"), END));
	assert_devices(b, 3, 4);
}

static void test_too_few_entries(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SETUP("1.0", "5"), MAP("1.1", "5", "414", "45"), MAP("1.2", "5", "413", "46"), MAP("1.3", "5", "412", "47"),
			SETUP_DONE("1.4", "5"), FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "1"), END));
	assert_devices(b, 3, -1);
}

/* Messages of MSI, and those of other domains, are other functions'. */
static void test_other_messages(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(DUMPED("25", "0.414", "MSI"), DUMPED("26", "1.413", "MSI-X"), MSIX("27", "412"), BRIDGE,
			LISTED("0000:00:03.0", "on", "65"), END));
	assert_int_equal(device_of(b, 25), -1);
	assert_int_equal(device_of(b, 26), -1);
	assert_int_equal(device_of(b, 27), 3);
}

/* Mapped when the list was made already: it does not show that function. */
static void test_listed_before(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("0.1 - snapshot.field@hardware xen/pci:0000:00:00.0 field=\"pci.memory\" text=\"on\"",
			"0.1 - snapshot.field@hardware xen/pci:0000:00:03.0 field=\"pci.memory\" text=\"on\"",
			"0.1 - snapshot.field@hardware xen/pci:0000:00:03.0 field=\"msix_function.enable\" text=\"on\"",
			"0.1 - snapshot.field@hardware xen/pci:0000:00:03.0 field=\"msix_function.entries\" value=65",
			"1.05 cpu0 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=3", SETUP("1.0", "5"), MAP("1.1", "5", "414", "45"),
			SETUP_DONE("1.4", "5"), MSIX("25", "414"), END));
	assert_int_equal(device_of(b, 25), -1);
}

/* Xen's key Q tells of functions, too, and whose they are; it is no list by which one could tell what has MSI-X on. */
static void test_other_dumps(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SETUP("1.0", "5"), MAP("1.1", "5", "414", "45"), SETUP_DONE("1.4", "5"), MSIX("25", "414"),
			"8.2 - snapshot.field@shadow xen/pci:0000:00:00.0 field=\"xen_device.domain\" value=0",
			"8.3 - snapshot.field@shadow dom0/pci:0000:00:00.0 field=\"msix_function.enable\" text=\"off\"",
			LISTED("0000:00:03.0", "on", "65"), END));
	assert_int_equal(device_of(b, 25), -1);
}

/* Another source knows the function of one message: its call's others are the same's. */
static void test_known_otherwise(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(TWO_CALLS, FIVE_MESSAGES, BRIDGE, LISTED("0000:00:03.0", "on", "65"), LISTED("0000:00:04.0", "on", "65"),
			"8.6 - snapshot.field@shadow xen/pci:0000:00:04.0 xen/xirq:26 field=\"feeds\"", END));
	assert_int_equal(device_of(b, 25), 4);
	assert_int_equal(device_of(b, 27), 4);
	assert_int_equal(device_of(b, 28), 3);
}

#define PVH "0.05 - snapshot.field@hardware dom0/msix:0000:00:06.0[0] field=\"vpci_entry.vector\" value=36"
#define STORE(t, addr, value) t " cpu1 xen.mmio.write@hardware addr=" addr " value=" value
#define ENTRY(t, a, b, c, d) \
	STORE(t "1", a, "0xfee00000"), STORE(t "2", b, "0"), STORE(t "3", c, "0x24"), STORE(t "4", d, "0")
#define ASSIGN(t, xirq) t " cpu1 xen.irq.assign@shadow xen/xirq:" xirq " vector=208 cpumask=3"
#define TABLE_AT(bdf, address) "8.5 - snapshot.field@hardware xen/pci:" bdf " field=\"msix_function.table_address\" value=" address
/* The third entry of a table, bound and bound again. */
#define BOUND_TWICE \
	ENTRY("1.0", "0xfe602020", "0xfe602024", "0xfe602028", "0xfe60202c"), ASSIGN("1.05", "26"), \
	"2.0 cpu1 xen.irq.clear@shadow xen/xirq:26 vector=208 cpumask=3", \
	ENTRY("3.0", "0xfe602020", "0xfe602024", "0xfe602028", "0xfe60202c"), ASSIGN("3.05", "27")

/* The entry that leads to an irq of Xen, as device and index; -1: none. */
static int entry_of(const struct bench *b, unsigned xirq)
{
	int entry = -1;

	for (unsigned i = 0; i < b->nr_links; i++) {
		const struct object_row *feeder = object_of(b, b->link[i].feeder), *fed = object_of(b, b->link[i].fed);

		if (feeder->ref.kind == OBJ_MSIX && fed->ref.kind == OBJ_XIRQ && fed->ref.id == xirq)
			entry = (int)(object_entry_pci(feeder->ref.id) >> 3 & 0x1f) * 100 + (int)object_entry_index(feeder->ref.id);
	}
	return entry;
}

/* A PVH dom0 writes to tables whose places the list has: the irq that its unmask brought about is that entry's. */
static void test_table_of_a_function(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PVH, BOUND_TWICE, BRIDGE, LISTED("0000:00:03.0", "on", "65"), TABLE_AT("0000:00:03.0", "0xfe602000"),
			LISTED("0000:00:04.0", "on", "2"), TABLE_AT("0000:00:04.0", "0xfe600000"), END));
	assert_int_equal(entry_of(b, 26), -1);
	assert_int_equal(entry_of(b, 27), 302);
}

/* Beyond the table's end; in two tables at once; by somebody that nothing names, where there may be guests. */
static void test_table_of_none(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PVH, BOUND_TWICE, LISTED("0000:00:03.0", "on", "2"), TABLE_AT("0000:00:03.0", "0xfe602000"), END));
	assert_int_equal(entry_of(b, 27), -1);
}

static void test_table_of_two(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PVH, BOUND_TWICE, LISTED("0000:00:03.0", "on", "65"), TABLE_AT("0000:00:03.0", "0xfe602000"),
			LISTED("0000:00:04.0", "on", "65"), TABLE_AT("0000:00:04.0", "0xfe602000"), END));
	assert_int_equal(entry_of(b, 27), -1);
}

static void test_table_of_whom(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PVH, "0.1 - snapshot.field@shadow xen/port:1.3 field=\"xen_port.mask\" text=\"unmasked\"", BOUND_TWICE,
			LISTED("0000:00:03.0", "on", "65"), TABLE_AT("0000:00:03.0", "0xfe602000"), END));
	assert_int_equal(entry_of(b, 27), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_only_one),
		TEST(test_incomplete),
		TEST(test_by_their_number),
		TEST(test_two_are_possible),
		TEST(test_by_a_name),
		TEST(test_by_whole_words),
		TEST(test_rivals),
		TEST(test_lost_calls),
		TEST(test_before_the_capture),
		TEST(test_too_few_entries),
		TEST(test_other_messages),
		TEST(test_listed_before),
		TEST(test_other_dumps),
		TEST(test_known_otherwise),
		TEST(test_table_of_a_function),
		TEST(test_table_of_none),
		TEST(test_table_of_two),
		TEST(test_table_of_whom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
