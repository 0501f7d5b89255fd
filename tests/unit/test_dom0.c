/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What leads from Xen's irqs to those of a domain's kernel: by records that name both ends, and by the order of records. */
#include "unit/replay_bench.h"

#define SETUP(t, pid) t " cpu0/" pid "/modprobe xen.pirq.map@intent via=\"xen_initdom_setup_msi_irqs\" nvec=1"
#define SETUP_DONE(t, pid) t " cpu0/" pid "/modprobe xen.pirq.map@shadow via=\"xen_initdom_setup_msi_irqs\" ret=0"
#define MAP(t, pid, pirq, irq) t " cpu0/" pid "/modprobe xen.pirq.map@shadow dom0/pirq:0." pirq " dom0/irq:" irq " nvec=1"
#define UNMAP(t, irq) t " cpu0/7/rmmod xen.pirq.unmap@shadow dom0/irq:" irq
#define BIND(t, irq) t " cpu0/7/modprobe xen.pirq.bind@shadow dom0/irq:" irq
#define GIVE(t, port, irq) t " cpu0/7/modprobe xen.evtchn.bind@shadow dom0/port:0." port " dom0/irq:" irq
#define TAKE(t, port) t " cpu0/7/modprobe xen.evtchn.bind@shadow dom0/port:0." port
#define ASSIGN(t, xirq) t " cpu1 xen.irq.assign@shadow xen/xirq:" xirq " vector=208 cpumask=3 target_cpu=0"
#define HANDLED(t, xirq) t " cpu1 xen.irq.handled@shadow xen/xirq:" xirq
#define EOI(t, pid, irq) t " cpu0/" pid "/dd xen.pirq.eoi@shadow dom0/irq:" irq
#define CLEAR(t, pid, port) t " cpu0/" pid "/dd xen.evtchn.clear@shadow dom0/port:0." port
#define ACTION(t, irq) t " cpu0 irq.enter@shadow dom0/irq:" irq

static const struct object_row *object_of(const struct bench *b, uint32_t id)
{
	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].id == id)
			return &b->object[i];
	fail_msg("no object %u", id);
	return NULL;
}

static bool is_called(const struct object_row *row, const char *name)
{
	char text[OBJECT_NAME_MAX];

	object_print(text, sizeof(text), row->ref, row->generation);
	return !strcmp(text, name);
}

/* The link between two, of several the last; NULL: none. */
static const struct link_row *link_of(const struct bench *b, const char *feeder, const char *fed)
{
	const struct link_row *found = NULL;

	for (unsigned i = 0; i < b->nr_links; i++)
		if (is_called(object_of(b, b->link[i].feeder), feeder) && is_called(object_of(b, b->link[i].fed), fed))
			found = &b->link[i];
	return found;
}

static bool leads(const struct bench *b, const char *feeder, const char *fed, enum proof proof)
{
	const struct link_row *link = link_of(b, feeder, fed);

	return link && link->proof == proof && link->to_ns == NO_TIME;
}

/* A pirq is known before its irq has an event channel; both then lead there. */
static void test_binds(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(MAP("1.0", "5", "412", "47"), BIND("2.0", "47"), GIVE("2.1", "27", "47"), "9.0 - mark@shadow"));
	assert_true(leads(b, "xen/pirq:0.412", "dom0/irq:47", PROOF_SEEN));
	assert_true(leads(b, "xen/pirq:0.412", "xen/port:0.27", PROOF_SEEN));
	assert_true(leads(b, "xen/port:0.27", "dom0/irq:47", PROOF_SEEN));
	assert_int_equal(link_of(b, "xen/port:0.27", "dom0/irq:47")->from_ns, 2100000000);
	for (unsigned i = 0; i < b->nr_objects; i++)
		assert_int_equal(b->object[i].path, PATH_DOM0_PV);
}

/* A device with several messages asks for its pirqs at once. */
static void test_several_messages(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0/5/x xen.pirq.map@shadow dom0/pirq:0.400 dom0/irq:60 nvec=4", "9.0 - mark@shadow"));
	assert_true(leads(b, "xen/pirq:0.403", "dom0/irq:63", PROOF_SEEN));
	assert_null(link_of(b, "xen/pirq:0.404", "dom0/irq:64"));
}

/* The channel that a shutdown frees, and the irq that is given up, are others' afterwards. */
static void test_given_again(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(MAP("1.0", "5", "412", "47"), BIND("2.0", "47"), GIVE("2.1", "27", "47"),
			"3.0 cpu0/7/rmmod xen.pirq.close@shadow dom0/irq:47", TAKE("3.1", "27"), UNMAP("3.2", "47"),
			MAP("4.0", "5", "412", "48"), BIND("4.1", "48"), GIVE("4.2", "27", "48"), MAP("5.0", "5", "411", "47"),
			"9.0 - mark@shadow"));
	assert_true(leads(b, "xen/port:0.27", "dom0/irq:48", PROOF_SEEN));
	assert_true(leads(b, "xen/pirq:0.412", "dom0/irq:48", PROOF_SEEN));
	assert_int_equal(link_of(b, "xen/port:0.27", "dom0/irq:47")->to_ns, 3000000000);
	assert_int_equal(link_of(b, "xen/pirq:0.412", "dom0/irq:47")->to_ns, 3200000000);
	assert_true(leads(b, "xen/pirq:0.411", "dom0/irq:47~2", PROOF_SEEN));
}

/* A GSI's irq has its number in Xen; another domain's pirq of a GSI does not tell. */
static void test_gsi(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0/5/x xen.pirq.map@shadow dom0/pirq:0.22 dom0/irq:22 gsi:22",
			"1.1 cpu0/5/x xen.pirq.map@shadow d1/pirq:0.23 d1/irq:23 gsi:23", "9.0 - mark@shadow"));
	assert_true(leads(b, "xen/xirq:22", "xen/pirq:0.22", PROOF_INFERRED));
	assert_null(link_of(b, "xen/xirq:23", "xen/pirq:1.23"));
}

/* An assignment within a call is its pirq's, where the clocks are proven and no other call or assignment is in the way. */
static void test_assigned_within_a_call(void **state)
{
	struct bench *b = *state;

	b->order_proven = true;
	replay(b, LINES(ASSIGN("0.5", "24"), SETUP("1.0", "5"), ASSIGN("1.1", "25"), MAP("1.2", "5", "414", "45"), ASSIGN("1.3", "26"),
			MAP("1.4", "5", "413", "46"), SETUP_DONE("1.5", "5"), ASSIGN("1.6", "27"), "9.0 - mark@shadow"));
	assert_true(leads(b, "xen/xirq:25", "xen/pirq:0.414", PROOF_INFERRED));
	assert_true(leads(b, "xen/xirq:26", "xen/pirq:0.413", PROOF_INFERRED));
	for (unsigned i = 0; i < b->nr_links; i++)
		assert_false(is_called(object_of(b, b->link[i].feeder), "xen/xirq:27"));
}

static void test_assigned_in_doubt(void **state)
{
	struct bench *b = *state;

	b->order_proven = true;
	replay(b, LINES(SETUP("1.0", "5"), SETUP("1.01", "6"), ASSIGN("1.1", "25"), MAP("1.2", "5", "414", "45"),
			MAP("1.3", "6", "413", "46"), SETUP_DONE("1.4", "5"), SETUP_DONE("1.5", "6"), SETUP("2.0", "5"), ASSIGN("2.1", "26"),
			ASSIGN("2.2", "27"), MAP("2.3", "5", "412", "47"), "9.0 - mark@shadow"));
	for (unsigned i = 0; i < b->nr_links; i++)
		assert_int_not_equal(object_of(b, b->link[i].feeder)->ref.kind, OBJ_XIRQ);
}

static void test_assigned_without_clocks(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SETUP("1.0", "5"), ASSIGN("1.1", "25"), MAP("1.2", "5", "414", "45"), "9.0 - mark@shadow"));
	assert_null(link_of(b, "xen/xirq:25", "xen/pirq:0.414"));
}

/* What is cleared within an EOI is the irq's own channel, if it is so every time. */
static void test_port_of_eois(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(EOI("1.0", "9", "47"), CLEAR("1.1", "9", "27"), EOI("2.0", "9", "47"), CLEAR("2.1", "9", "27"),
			EOI("2.5", "9", "48"), CLEAR("2.6", "9", "28"), EOI("3.0", "9", "47"), CLEAR("3.1", "9", "27"),
			EOI("3.5", "9", "48"), CLEAR("3.6", "9", "29"), EOI("4.0", "9", "48"), CLEAR("4.1", "9", "28"), "9.0 - mark@shadow"));
	assert_true(leads(b, "xen/port:0.27", "dom0/irq:47", PROOF_INFERRED));
	assert_int_equal(b->nr_links, 1);
}

static void test_port_of_another_task(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(EOI("1.0", "9", "47"), CLEAR("1.1", "8", "27"), EOI("2.0", "9", "47"), CLEAR("2.1", "8", "27"),
			EOI("3.0", "9", "47"), CLEAR("3.1", "8", "27"), EOI("4.0", "9", "47"), CLEAR("4.1", "8", "27"), "9.0 - mark@shadow"));
	assert_int_equal(b->nr_links, 0);
}

/* nr rounds of two devices' interrupts, what else is between them by turns; the lines live until the next call. */
static const char *const *rounds(unsigned nr, const char *const *round, unsigned len)
{
	static char text[256][128];
	static const char *line[257];
	unsigned n = 0;

	for (unsigned i = 0; i < nr * len && i < 255; i++, n++) {
		snprintf(text[n], sizeof(text[n]), "%u.%06u %s", i / len + 1, (i % len) * 1000, round[i % len]);
		line[n] = text[n];
	}
	line[n++] = "900.0 - mark@shadow";
	line[n] = NULL;
	return line;
}

#define IS_PIRQ(irq) "cpu0/9/dd xen.pirq.eoi@shadow dom0/irq:" irq
#define XEN_HAS(xirq) "cpu1 xen.irq.handled@shadow xen/xirq:" xirq
#define RUNS(irq) "cpu0 irq.enter@shadow dom0/irq:" irq

static void test_by_their_order(void **state)
{
	static const char *const round[] = {
		XEN_HAS("26"), IS_PIRQ("46"), RUNS("46"), RUNS("24"), XEN_HAS("27"), IS_PIRQ("47"), RUNS("47"), XEN_HAS("27"), RUNS("47"),
	};
	struct bench *b = *state;

	b->order_proven = true;
	replay(b, rounds(12, round, 9));
	assert_true(leads(b, "xen/xirq:26", "dom0/irq:46", PROOF_INFERRED));
	assert_true(leads(b, "xen/xirq:27", "dom0/irq:47", PROOF_INFERRED));
	assert_int_equal(b->nr_links, 2);
}

/* Two that always come together may be either, in both directions. */
static void test_order_leaves_two(void **state)
{
	static const char *const two_of_xen[] = { XEN_HAS("26"), XEN_HAS("27"), IS_PIRQ("46"), RUNS("46") };
	static const char *const two_of_kernel[] = { XEN_HAS("26"), IS_PIRQ("46"), IS_PIRQ("47"), RUNS("46"), RUNS("47") };
	static const char *const not_always[] = { XEN_HAS("26"), XEN_HAS("26"), XEN_HAS("26"), IS_PIRQ("46"), RUNS("46") };
	struct bench *b = *state;

	b->order_proven = true;
	replay(b, rounds(12, two_of_xen, 4));
	replay(b, rounds(12, two_of_kernel, 5));
	replay(b, rounds(12, not_always, 5));
	assert_int_equal(b->nr_links, 0);
}

static void test_order_needs_clocks(void **state)
{
	static const char *const round[] = { XEN_HAS("26"), IS_PIRQ("46"), RUNS("46") };
	struct bench *b = *state;

	replay(b, rounds(12, round, 3));
	assert_int_equal(b->nr_links, 0);
}

/* Xen tells of an interrupt when it has been delivered: the kernel may have been faster. */
static void test_told_late(void **state)
{
	static const char *line[64];
	static char text[64][128];
	struct bench *b = *state;
	unsigned n = 0;

	for (unsigned i = 1; i <= 12; i++, n += 3) {
		snprintf(text[n], sizeof(text[0]), "%u.000100 %s", i, IS_PIRQ("46"));
		snprintf(text[n + 1], sizeof(text[0]), "%u.000200 %s", i, RUNS("46"));
		snprintf(text[n + 2], sizeof(text[0]), "%u.000000..%u.000300 %s", i, i, XEN_HAS("26"));
	}
	for (unsigned i = 0; i < n; i++)
		line[i] = text[i];
	line[n] = NULL;
	b->order_proven = true;
	replay(b, line);
	assert_true(leads(b, "xen/xirq:26", "dom0/irq:46", PROOF_INFERRED));
}

/* What was lost may have been the other one. */
static void test_order_lost(void **state)
{
	static const char *const round[] = { XEN_HAS("26"), IS_PIRQ("46"), RUNS("46") };
	struct bench *b = *state;
	const char *line[64];
	unsigned n = 0;

	b->order_proven = true;
	for (const char *const *from = rounds(8, round, 3); from[n]; n++)
		line[n] = from[n];
	line[17] = "6.5 cpu0 lost@hardware count=1";
	line[n] = NULL;
	replay(b, line);
	assert_int_equal(b->nr_links, 0);
}

static const char *last_seen(const struct bench *b, const char *field, enum dump_result *result)
{
	const char *believed = "no such field";

	for (unsigned i = 0; i < b->nr_checks; i++) {
		if (strcmp(b->check[i].field, field))
			continue;
		believed = b->check[i].believed;
		*result = b->check[i].result;
	}
	return believed;
}

#define DUMP(t, object, rest) t " - snapshot.field@hardware " object " " rest
#define FEEDS(t, from, to) t " - snapshot.field@shadow " from " " to " field=\"feeds\""
#define LATE_PIRQ \
	FEEDS("0.1", "xen/xirq:22", "xen/pirq:0.22"), FEEDS("0.1", "xen/pirq:0.22", "xen/port:0.33"), \
	DUMP("0.1", "xen/xirq:22", "field=\"xen_irq.type\" text=\"IO-APIC-level\""), GIVE("0.5", "33", "22"), EOI("0.6", "9", "22")

/* Xen tells of an interrupt when it has been delivered: what its guest did by then is done. */
static void test_acknowledged_before_it_is_told(void **state)
{
	struct bench *b = *state;
	enum dump_result result;

	replay(b, LINES(LATE_PIRQ, EOI("1.000500", "9", "22"), CLEAR("1.000600", "9", "33"),
			"1.000000..1.000900 cpu1 xen.irq.handled@shadow xen/xirq:22",
			DUMP("2.0", "xen/pirq:0.22", "field=\"xen_pirq.eoi_owed\" text=\"no\""),
			DUMP("2.0", "xen/port:0.33", "field=\"xen_port.pending\" text=\"clear\""), "9.0 - mark@shadow"));
	assert_string_equal(last_seen(b, "eoi_owed", &result), "no");
	assert_int_equal(result, DUMP_AGREED);
	assert_string_equal(last_seen(b, "pending", &result), "clear");
	assert_int_equal(result, DUMP_AGREED);
}

static void test_owed_once_it_is_told(void **state)
{
	struct bench *b = *state;
	enum dump_result result;

	replay(b, LINES(LATE_PIRQ, EOI("1.000500", "9", "22"), CLEAR("1.000600", "9", "33"),
			"1.000700..1.000900 cpu1 xen.irq.handled@shadow xen/xirq:22",
			DUMP("2.0", "xen/pirq:0.22", "field=\"xen_pirq.eoi_owed\" text=\"yes\""),
			DUMP("2.0", "xen/port:0.33", "field=\"xen_port.pending\" text=\"set\""), "9.0 - mark@shadow"));
	assert_string_equal(last_seen(b, "eoi_owed", &result), "yes");
	assert_string_equal(last_seen(b, "pending", &result), "set");
}

/* Nobody records who raises the event channels of virqs and IPIs: that they were taken says nothing of afterwards. */
static void test_pending_of_others(void **state)
{
	struct bench *b = *state;
	enum dump_result result = DUMP_AGREED;

	replay(b, LINES(DUMP("0.1", "xen/port:0.5", "field=\"xen_port.pending\" text=\"clear\""), CLEAR("1.0", "9", "5"),
			DUMP("2.0", "xen/port:0.5", "field=\"xen_port.pending\" text=\"set\""), "9.0 - mark@shadow"));
	assert_null(last_seen(b, "pending", &result));
	assert_int_equal(result, DUMP_SEEDED);
}

/* A GSI's entry is written when it gets its vector; a guest's bind unmasks it, also where only a later dump shows the pin. */
static void test_pin_of_a_gsi(void **state)
{
#define BEFORE(field, word) DUMP("0.1", "xen/pin:0.22", "field=\"" field "\" text=\"" word "\"")
#define AFTER(field, word) DUMP("5.0", "xen/pin:0.22", "field=\"" field "\" text=\"" word "\"")
	struct bench *b = *state;
	enum dump_result result;

	replay(b, LINES(BEFORE("ioapic_pin.mask", "masked"), BEFORE("ioapic_pin.trigger", "edge"), ASSIGN("1.0", "22"),
			"1.5 cpu0/5/x xen.pirq.map@shadow dom0/pirq:0.22 dom0/irq:22 gsi:22", BIND("2.0", "22"),
			FEEDS("5.0", "xen/pin:0.22", "xen/xirq:22"), AFTER("ioapic_pin.mask", "unmasked"),
			AFTER("ioapic_pin.trigger", "level"), "9.0 - mark@shadow"));
	assert_string_equal(last_seen(b, "mask", &result), "unmasked");
	assert_int_equal(result, DUMP_AGREED);
	assert_null(last_seen(b, "trigger", &result));
	assert_int_equal(result, DUMP_SEEDED);
}

/* A driver that comes again binds the pirq that its irq has had all along. */
static void test_bound_again(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(LATE_PIRQ, "1.0 cpu0/7/rmmod xen.pirq.close@shadow dom0/irq:22", TAKE("1.1", "33"), BIND("2.0", "22"),
			GIVE("2.1", "34", "22"), "9.0 - mark@shadow"));
	assert_true(leads(b, "xen/pirq:0.22", "xen/port:0.34", PROOF_SEEN));
	assert_true(leads(b, "xen/pirq:0.22", "dom0/irq:22", PROOF_INFERRED));
}

/* The kernel's own view of the mask follows the chip's operations, the channel's what was done to it. */
static void test_masks(void **state)
{
	struct bench *b = *state;

	b->kind = "evtchn-unmask";
	replay(b, LINES(MAP("1.0", "5", "412", "47"), "2.0 cpu0 irq.startup@shadow dom0/irq:47 state=0x0 depth=0", BIND("2.01", "47"),
			GIVE("2.1", "27", "47"), "2.2 cpu0/7/x xen.evtchn.unmask@shadow dom0/port:0.27",
			"3.0 cpu0/7/x xen.evtchn.mask@intent dom0/irq:47", "4.0 cpu0/7/x xen.evtchn.mask@shadow dom0/port:0.27",
			"9.0 - mark@shadow"));
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].trigger_ns, 4000000000);
	assert_int_equal(b->obligation[0].ending, ENDING_OPEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_binds),
		TEST(test_several_messages),
		TEST(test_given_again),
		TEST(test_gsi),
		TEST(test_assigned_within_a_call),
		TEST(test_assigned_in_doubt),
		TEST(test_assigned_without_clocks),
		TEST(test_port_of_eois),
		TEST(test_port_of_another_task),
		TEST(test_by_their_order),
		TEST(test_order_leaves_two),
		TEST(test_order_needs_clocks),
		TEST(test_told_late),
		TEST(test_order_lost),
		TEST(test_acknowledged_before_it_is_told),
		TEST(test_owed_once_it_is_told),
		TEST(test_pending_of_others),
		TEST(test_pin_of_a_gsi),
		TEST(test_bound_again),
		TEST(test_masks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
