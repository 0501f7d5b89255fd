/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which entry of an MSI-X table an irq of Xen has: by vectors given and messages written, of two sources. */
#include "unit/replay_bench.h"

#define ASSIGN(t, xirq, vector) t " cpu1 xen.irq.assign@shadow xen/xirq:" xirq " vector=" vector " cpumask=3"
#define FREE(t, xirq) t " cpu1 xen.irq.clear@shadow xen/xirq:" xirq " vector=192 cpumask=3"
#define TABLE(t, entry, data) t " cpu0 pci.msix.entry_write@hardware xen/msix:0000:01:00.0[" entry "] addr_lo=0xfee01004 data=" data
#define HARDWARE(t, entry, masked) t " - pci.msix.entry_mask@hardware xen/msix:0000:01:00.0[" entry "] masked=" masked
#define MSIX_ON(t) t " cpu0 pci.msix.enable@hardware xen/pci:0000:01:00.0 enable=1 masked=0"
#define NOTIFY(t, entry) t " - device.notify@hardware xen/msix:0000:01:00.0[" entry "]"
#define END(t) t " cpu1 mark@hardware text=\"end\""

static const struct object_row *object_of(const struct bench *b, uint32_t id)
{
	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].id == id)
			return &b->object[i];
	fail_msg("no object %u", id);
	return NULL;
}

/* The links between two: how many, and the last of them. */
static unsigned links_of(const struct bench *b, uint32_t entry, const char *xirq, const struct link_row **last)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < b->nr_links; i++) {
		const struct object_row *feeder = object_of(b, b->link[i].feeder), *fed = object_of(b, b->link[i].fed);
		char name[OBJECT_NAME_MAX];

		object_print(name, sizeof(name), fed->ref, fed->generation);
		if (feeder->ref.kind != OBJ_MSIX || object_entry_index(feeder->ref.id) != entry || strcmp(name, xirq))
			continue;
		*last = &b->link[i];
		nr++;
	}
	return nr;
}

static void test_joined(void **state)
{
	struct bench *b = *state;
	const struct link_row *link;

	replay(b, LINES(ASSIGN("1.0", "25", "192"), ASSIGN("1.1", "26", "200"), TABLE("1.2", "0", "0x40c0"), TABLE("1.3", "1", "0x40c8"),
			END("9.0")));
	assert_int_equal(links_of(b, 0, "xen/xirq:25", &link), 1);
	assert_int_equal(link->proof, PROOF_INFERRED);
	assert_true(link->to_ns == NO_TIME);
	assert_int_equal(links_of(b, 1, "xen/xirq:26", &link), 1);
	assert_int_equal(links_of(b, 1, "xen/xirq:25", &link), 0);
}

/* The platform's record first, by as much as the clocks may be off, and by more. */
static void test_order_by_slack(void **state)
{
	struct bench *b = *state;
	const struct link_row *link;

	b->clock_slack_ns = 2000000;
	replay(b, LINES(TABLE("1.0", "0", "0x40c0"), ASSIGN("1.001", "25", "192"), TABLE("1.1", "1", "0x40c8"), ASSIGN("1.103", "26", "200"),
			END("9.0")));
	assert_int_equal(links_of(b, 0, "xen/xirq:25", &link), 1);
	assert_int_equal(links_of(b, 1, "xen/xirq:26", &link), 0);
}

/* A vector of two CPUs for two irqs: the message could be either's. */
static void test_shared_vector(void **state)
{
	struct bench *b = *state;
	const struct link_row *link;

	replay(b, LINES(ASSIGN("1.0", "25", "192"), ASSIGN("1.1", "26", "192"), TABLE("1.2", "0", "0x40c0"), END("9.0")));
	assert_int_equal(links_of(b, 0, "xen/xirq:25", &link), 0);
	assert_int_equal(links_of(b, 0, "xen/xirq:26", &link), 0);
}

/* What an entry was left with before is none of the irq's that gets the vector now. */
static void test_stale_message(void **state)
{
	struct bench *b = *state;
	const struct link_row *link;

	b->clock_slack_ns = 2000000;
	replay(b, LINES(ASSIGN("1.0", "25", "192"), TABLE("1.1", "0", "0x40c0"), FREE("2.0", "25"), ASSIGN("3.0", "26", "192"), END("9.0")));
	assert_int_equal(links_of(b, 0, "xen/xirq:25", &link), 1);
	assert_true(link->to_ns == 2000000000);
	assert_int_equal(links_of(b, 0, "xen/xirq:26", &link), 0);
}

/* Moved to another vector: the message follows, and the link stays. Vectors below 16 are indices of something else. */
static void test_moved(void **state)
{
	struct bench *b = *state;
	const struct link_row *link;

	replay(b, LINES(ASSIGN("1.0", "25", "192"), TABLE("1.1", "0", "0x40c0"), ASSIGN("2.0", "25", "208"), TABLE("2.1", "0", "0x40d0"),
			ASSIGN("3.0", "26", "2"), TABLE("3.1", "1", "0x4002"), END("9.0")));
	assert_int_equal(links_of(b, 0, "xen/xirq:25", &link), 1);
	assert_true(link->to_ns == NO_TIME);
	assert_int_equal(links_of(b, 1, "xen/xirq:26", &link), 0);
}

/* Another machine's table is none of Xen's. */
static void test_other_machine(void **state)
{
	struct bench *b = *state;
	const struct link_row *link;

	replay(b, LINES(ASSIGN("1.0", "25", "192"),
			"1.2 cpu0 pci.msix.entry_write@hardware d1/msix:0000:01:00.0[0] addr_lo=0xfee01004 data=0x40c0", END("9.0")));
	assert_int_equal(links_of(b, 0, "xen/xirq:25", &link), 0);
}

/* GSIs have the irqs of their numbers, but for those of ISA; whichever is seen first. */
static void test_pins(void **state)
{
	struct bench *b = *state;
	unsigned nr = 0;

	replay(b, LINES(ASSIGN("1.0", "22", "73"), "1.1 - ioapic.line@hardware xen/pin:0.22 level=1",
			"1.2 - ioapic.line@hardware xen/pin:0.23 level=1", ASSIGN("1.3", "23", "81"),
			"1.4 - ioapic.line@hardware xen/pin:0.4 level=1", ASSIGN("1.5", "4", "89"),
			"1.6 - ioapic.line@hardware xen/pin:1.21 level=1", ASSIGN("1.7", "21", "97"), END("9.0")));
	for (unsigned i = 0; i < b->nr_links; i++) {
		const struct object_row *feeder = object_of(b, b->link[i].feeder), *fed = object_of(b, b->link[i].fed);

		assert_int_equal(object_pair_low(feeder->ref.id), fed->ref.id);
		nr += feeder->ref.kind == OBJ_PIN && fed->ref.kind == OBJ_XIRQ && fed->ref.id >= 22;
	}
	assert_int_equal(nr, 2);
	assert_int_equal(b->nr_links, 2);
}

#define WAITING(irq_state) \
	MSIX_ON("1.0"), ASSIGN("1.1", "25", "192"), TABLE("1.2", "0", "0x40c0"), \
	"1.3 - snapshot.field@shadow xen/xirq:25 xen/pirq:0.412 field=\"feeds\"", \
	"1.4 cpu0 xen.pirq.map@shadow dom0/pirq:0.412 dom0/irq:47 nvec=1", irq_state, HARDWARE("2.0", "0", "1"), NOTIFY("3.0", "0"), \
	END("9.0")

/* Whose irq it is in the end tells whether anybody waits. */
static void test_waited_for(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-message";
	replay(b, LINES(WAITING("1.5 cpu0 irq.startup@shadow dom0/irq:47 state=0x10030200 depth=1 chip=\"xen-pirq\"")));
	assert_int_equal(b->nr_obligations, 1);
	assert_false(b->obligation[0].guard_unknown);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
}

static void test_not_waited_for(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-message";
	replay(b, LINES(WAITING("1.5 cpu0 irq.shutdown@shadow dom0/irq:47 state=0x10030200 depth=1 chip=\"xen-pirq\"")));
	assert_int_equal(b->nr_obligations, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_joined),
		TEST(test_order_by_slack),
		TEST(test_shared_vector),
		TEST(test_stale_message),
		TEST(test_moved),
		TEST(test_other_machine),
		TEST(test_pins),
		TEST(test_waited_for),
		TEST(test_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
