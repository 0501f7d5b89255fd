/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests of Xen's irqs: two that share one, a PV guest whose device is the backend's, one that goes on after a suspend; and
 * messages of functions that are reset and written back.
 */
#include "unit/replay_bench.h"

#define FIELD(t, object, field, word) t " - snapshot.field@shadow xen/" object " field=\"" field "\" text=\"" word "\""
#define FEEDS(t, feeder, fed) t " - snapshot.field@shadow xen/" feeder " xen/" fed " field=\"feeds\""
#define HANDLED(t, xirq) t " cpu0 xen.irq.handled@shadow xen/xirq:" xirq
#define BIND(t, who, port) t " cpu0 xen.pirq.bind@shadow xen/pirq:" who ".22 xen/port:" who "." port
#define EOI(t, who) t " cpu0 xen.pirq.eoi@shadow xen/pirq:" who ".22"
#define CLOSE(t, who, port) t " cpu0 xen.pirq.close@shadow xen/pirq:" who ".22 xen/port:" who "." port
#define END "9.0 - mark@shadow"

static bool is_called(const struct bench *b, uint32_t id, const char *name)
{
	char text[OBJECT_NAME_MAX];

	for (unsigned i = 0; i < b->nr_objects; i++)
		if (b->object[i].id == id) {
			object_print(text, sizeof(text), b->object[i].ref, b->object[i].generation);
			return !strcmp(text, name);
		}
	return false;
}

/* The state of a field at a time, in the notation of 0.1 s; NULL: not known. */
static const char *state_at(const struct bench *b, const char *name, const char *component, const char *field, int tenths)
{
	int64_t at_ns = tenths * INT64_C(100000000);

	for (unsigned i = 0; i < b->nr_spans; i++) {
		const struct span_row *span = &b->span[i];

		if (is_called(b, span->object, name) && !strcmp(span->component, component) && !strcmp(span->field, field) &&
		    (span->start_ns == NO_TIME || span->start_ns <= at_ns) && span->end_ns > at_ns)
			return span->state;
	}
	return NULL;
}

#define assert_state(b, name, component, field, tenths, state) \
	do { \
		const char *found = state_at(b, name, component, field, tenths); \
		assert_non_null(found); \
		assert_string_equal(found, state); \
	} while (0)

static bool leads(const struct bench *b, const char *feeder, const char *fed, bool open)
{
	for (unsigned i = 0; i < b->nr_links; i++)
		if (is_called(b, b->link[i].feeder, feeder) && is_called(b, b->link[i].fed, fed) && (b->link[i].to_ns == NO_TIME) == open)
			return true;
	return false;
}

/* What changes with every interrupt has no spans: a dump shows it, and all of them agree with what is believed. */
#define GIVEN(t, state) FIELD(t, "xirq:22", "xen_irq.given_out", state)

static void assert_dumps(const struct bench *b, const char *field, unsigned nr)
{
	unsigned agreed = 0;

	for (unsigned i = 0; i < b->nr_checks; i++)
		if (!strcmp(b->check[i].field, field)) {
			assert_int_equal(b->check[i].result, DUMP_AGREED);
			agreed++;
		}
	assert_int_equal(agreed, nr);
}

#define SHARED \
	FIELD("0.5", "xirq:22", "xen_irq.type", "IO-APIC-level"), FEEDS("0.5", "xirq:22", "pirq:0.22"), FEEDS("0.5", "xirq:22", "pirq:1.22")

/* The second guest is given what comes from then on; what the first was given stays in flight until it says so. */
static void test_second_guest(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SHARED, BIND("1.0", "0", "30"), HANDLED("1.5", "22"), BIND("2.0", "1", "40"), GIVEN("2.5", "some"),
			EOI("3.0", "0"), GIVEN("3.5", "none"), HANDLED("4.0", "22"), EOI("4.5", "1"), GIVEN("4.7", "some"), EOI("5.0", "0"),
			GIVEN("5.5", "none"), END));
	assert_state(b, "xen/xirq:22", "xen_irq", "action", 25, "guest");
	assert_state(b, "xen/pirq:1.22", "xen_pirq", "bound", 25, "yes");
	assert_dumps(b, "given_out", 4);
}

/* One of two goes: what it owes is paid, the other keeps the irq. The last one takes it along. */
static void test_one_of_two_closes(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(SHARED, BIND("1.0", "0", "30"), BIND("1.1", "1", "40"), HANDLED("2.0", "22"), EOI("2.1", "0"),
			GIVEN("2.5", "some"), CLOSE("3.0", "1", "40"), GIVEN("3.5", "none"), CLOSE("4.0", "0", "30"), END));
	assert_dumps(b, "given_out", 2);
	assert_state(b, "xen/xirq:22", "xen_irq", "action", 35, "guest");
	assert_state(b, "xen/xirq:22", "xen_irq", "action", 45, "none");
}

/* xen_setup_msi_irqs(): pcifront has the backend map the message, the guest's kernel gives it an irq as dom0's does. */
static void test_pcifront(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0/7/modprobe xen.pirq.map@shadow d1/pirq:1.54 d1/irq:60 nvec=1",
			"1.1 cpu0/7/modprobe xen.evtchn.bind@shadow d1/port:1.12 d1/irq:60", "1.2 cpu0/7/modprobe xen.pirq.bind@shadow d1/irq:60",
			FEEDS("2.0", "xirq:25", "pirq:1.54"), HANDLED("3.0", "25"), FIELD("3.5", "port:1.12", "xen_port.pending", "set"),
			"4.0 cpu0/7/rmmod xen.pirq.unmap@shadow d1/irq:60", END));
	assert_true(leads(b, "xen/xirq:25", "xen/pirq:1.54", true));
	assert_true(leads(b, "xen/pirq:1.54", "d1/irq:60", false));
	assert_state(b, "xen/pirq:1.54", "xen_pirq", "mapped", 20, "yes");
	assert_state(b, "xen/pirq:1.54", "xen_pirq", "mapped", 50, "no");
	assert_dumps(b, "pending", 1);
}

/* All event channels of that domain are gone, and bound anew one by one; others' are not. */
static void test_resume(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0/7/modprobe xen.pirq.map@shadow d1/pirq:1.54 d1/irq:60 nvec=1",
			"1.1 cpu0/7/modprobe xen.evtchn.bind@shadow d1/port:1.12 d1/irq:60", "1.2 cpu0/7/modprobe xen.pirq.bind@shadow d1/irq:60",
			"1.3 cpu0/7/modprobe xen.pirq.bind@shadow d2/pirq:2.54 d2/port:2.12", "2.0 cpu0/7/xenwatch xen.evtchn.resume@shadow d1/machine:0",
			"3.0 cpu0/7/xenwatch xen.evtchn.bind@shadow d1/port:1.5 d1/irq:60", "3.1 cpu0/7/xenwatch xen.pirq.bind@shadow d1/irq:60", END));
	assert_true(leads(b, "xen/port:1.12", "d1/irq:60", false));
	assert_true(leads(b, "xen/port:1.5", "d1/irq:60", true));
	assert_state(b, "xen/port:1.12", "xen_port", "state", 25, "free");
	assert_state(b, "xen/pirq:1.54", "xen_pirq", "bound", 25, "no");
	assert_state(b, "xen/pirq:1.54", "xen_pirq", "bound", 35, "yes");
	assert_state(b, "xen/port:2.12", "xen_port", "state", 25, "pirq");
}

#define CALLS(t, vcpu) t " - snapshot.field@shadow xen/port:0.27 field=\"xen_port.vcpu\" value=" vcpu

/* EVTCHNOP_bind_vcpu: known from the kernel's own record, until the event channel is closed. */
static void test_bind_vcpu(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 xen.pirq.bind@shadow dom0/pirq:0.412 dom0/port:0.27", CALLS("1.5", "0"),
			"2.0 cpu0 xen.evtchn.vcpu@shadow dom0/port:0.27 target_cpu=1", CALLS("2.5", "1"), CALLS("3.0", "0"),
			"4.0 cpu0 xen.pirq.close@shadow dom0/pirq:0.412 dom0/port:0.27", CALLS("5.0", "1"), END));
	assert_int_equal(b->nr_checks, 4);
	assert_int_equal(b->check[0].result, DUMP_SEEDED);
	assert_int_equal(b->check[1].result, DUMP_AGREED);
	assert_int_equal(b->check[2].result, DUMP_NEWS);
	assert_int_equal(b->check[3].result, DUMP_SEEDED);
}

#define MESSAGE \
	FEEDS("0.5", "pci:0000:01:00.0", "xirq:25"), FEEDS("0.5", "xirq:25", "pirq:0.414"), FEEDS("0.5", "pirq:0.414", "port:0.30"), \
	"0.6 cpu0 xen.pirq.map@shadow dom0/pirq:0.414 dom0/irq:45 nvec=1", \
	"0.7 cpu0 irq.startup@shadow dom0/irq:45 chip=\"xen-pirq\"", FIELD("0.8", "xirq:25", "xen_msi.maskable", "yes"), \
	FIELD("0.9", "xirq:25", "xen_msi.host_mask", "unmasked"), FIELD("0.9", "xirq:25", "xen_msi.guest_mask", "unmasked"), \
	FIELD("0.9", "xirq:25", "msix_entry.mask", "unmasked")

/* The bit is the device's, and goes with what it held; what Xen and its guest want stays, and is written back. */
static void test_function_reset(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(MESSAGE, "1.0 cpu0 pci.reset@shadow dom0/pci:0000:01:00.0", "2.0 cpu0 pci.restore@intent dom0/pci:0000:01:00.0",
			"3.0 cpu0 pci.reset@intent dom0/pci:0000:01:00.0", "3.1 cpu0 pci.reset@shadow dom0/pci:0000:02:00.0",
			"3.2 cpu0 pci.reset@shadow d1/pci:0000:01:00.0", END));
	assert_state(b, "xen/xirq:25", "xen_msi", "mask", 15, "masked");
	assert_state(b, "xen/xirq:25", "xen_msi", "host_mask", 15, "unmasked");
	assert_state(b, "xen/xirq:25", "xen_msi", "guest_mask", 15, "unmasked");
	assert_state(b, "xen/xirq:25", "xen_msi", "mask", 25, "unmasked");
	assert_state(b, "xen/xirq:25", "xen_msi", "mask", 50, "unmasked");
}

/* Written back as it is wanted: masked, where the guest wants it so. */
static void test_restored_masked(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(MESSAGE, FIELD("0.95", "xirq:25", "xen_msi.guest_mask", "masked"), "1.0 cpu0 pci.reset@shadow dom0/pci:0000:01:00.0",
			"2.0 cpu0 pci.restore@intent dom0/pci:0000:01:00.0", END));
	assert_state(b, "xen/xirq:25", "xen_msi", "mask", 25, "masked");
}

/* The function is known by the entry that dom0's own record names. */
static void test_reset_by_its_entry(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(FEEDS("0.5", "xirq:25", "pirq:0.414"),
			"0.6 cpu0 xen.pirq.map@shadow dom0/pirq:0.414 dom0/irq:45 dom0/msix:0000:01:00.0[0] nvec=1",
			HANDLED("0.7", "25"), "1.0 cpu0 pci.reset@shadow dom0/pci:0000:01:00.0", HANDLED("2.0", "25"), END));
	assert_state(b, "xen/xirq:25", "xen_msi", "mask", 15, "masked");
	assert_state(b, "xen/xirq:25", "xen_msi", "mask", 25, "unmasked");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_second_guest),
		TEST(test_one_of_two_closes),
		TEST(test_pcifront),
		TEST(test_resume),
		TEST(test_bind_vcpu),
		TEST(test_function_reset),
		TEST(test_restored_masked),
		TEST(test_reset_by_its_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
