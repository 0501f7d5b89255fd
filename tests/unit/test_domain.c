/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Domains in hardware's guest mode: which path their interrupts go, and what Xen's emulated controllers hold for them. */
#include "unit/cells.h"
#include "unit/replay_bench.h"

#include "model/assignment.h"
#include "model/coverage.h"
#include "model/dpci.h"
#include "model/gsi.h"
#include "model/vpin.h"
#include "model/xmsi.h"

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

/* ---------------------------------------------------------------------------------------------------- cells */

static void test_virtual_pin_cells(void **state)
{
	static const struct expectation list[] = {
		{ "written masked", VPIN_REGION_MASK, BIT_UNKNOWN, VPIN_WRITE_MASKED, BIT_SET, false },
		{ "unmasked", VPIN_REGION_MASK, BIT_SET, VPIN_WRITE_UNMASKED, BIT_CLEAR, false },
		{ "written again", VPIN_REGION_MASK, BIT_CLEAR, VPIN_WRITE_UNMASKED, BIT_CLEAR, false },
		{ "masked again", VPIN_REGION_MASK, BIT_CLEAR, VPIN_WRITE_MASKED, BIT_SET, false },
		{ "a hole", VPIN_REGION_MASK, BIT_CLEAR, VPIN_LOST, BIT_UNKNOWN, false },
		{ "level", VPIN_REGION_TRIGGER, TRIGGER_EDGE, VPIN_WRITE_LEVEL, TRIGGER_LEVEL, false },
		{ "edge", VPIN_REGION_TRIGGER, TRIGGER_LEVEL, VPIN_WRITE_EDGE, TRIGGER_EDGE, false },
		{ "a hole: trigger", VPIN_REGION_TRIGGER, TRIGGER_LEVEL, VPIN_LOST, TRIGGER_UNKNOWN, false },
		{ "given, trigger unknown", VPIN_REGION_IRR, BIT_CLEAR, VPIN_GIVEN, BIT_CLEAR, false },
		{ "acknowledged", VPIN_REGION_IRR, BIT_SET, VPIN_EOI, BIT_CLEAR, false },
		{ "made an edge", VPIN_REGION_IRR, BIT_SET, VPIN_WRITE_EDGE, BIT_CLEAR, false },
		{ "a hole: remote IRR", VPIN_REGION_IRR, BIT_SET, VPIN_LOST, BIT_UNKNOWN, false },
	};
	struct vpin_core core = { component_unknown(&vpin_component) };
	struct effects fx;

	(void)state;
	CHECK(&vpin_component, list, NULL);
	vpin_step(&core, VPIN_WRITE_LEVEL, &fx);
	vpin_step(&core, VPIN_WRITE_UNMASKED, &fx);
	assert_int_equal(fx.change[0].effect, VPIN_EFFECT_UNMASK);
	vpin_step(&core, VPIN_GIVEN, &fx);
	assert_int_equal(vpin_state(core, VPIN_REGION_IRR), BIT_SET);
	vpin_step(&core, VPIN_WRITE_UNMASKED, &fx);
	assert_int_equal(fx.nr, 0);
}

static void test_assignment_cells(void **state)
{
	static const struct expectation list[] = {
		{ "a driver", ASSIGNMENT_REGION_HOLDER, HOLDER_UNKNOWN, ASSIGNMENT_DRIVER, HOLDER_DRIVER, false },
		{ "set aside", ASSIGNMENT_REGION_HOLDER, HOLDER_DRIVER, ASSIGNMENT_SEIZED, HOLDER_STUB, false },
		{ "granted", ASSIGNMENT_REGION_HOLDER, HOLDER_STUB, ASSIGNMENT_GRANTED, HOLDER_DOMAIN, false },
		{ "refused", ASSIGNMENT_REGION_HOLDER, HOLDER_STUB, ASSIGNMENT_REFUSED, HOLDER_STUB, false },
		{ "given back", ASSIGNMENT_REGION_HOLDER, HOLDER_DOMAIN, ASSIGNMENT_DRIVER, HOLDER_DRIVER, false },
		{ "a hole", ASSIGNMENT_REGION_HOLDER, HOLDER_STUB, ASSIGNMENT_LOST, HOLDER_UNKNOWN, false },
		{ "asked", ASSIGNMENT_REGION_REQUEST, REQUEST_NONE, ASSIGNMENT_ASKED, REQUEST_ASKED, false },
		{ "answered", ASSIGNMENT_REGION_REQUEST, REQUEST_ASKED, ASSIGNMENT_GRANTED, REQUEST_GRANTED, false },
		{ "answered no", ASSIGNMENT_REGION_REQUEST, REQUEST_ASKED, ASSIGNMENT_REFUSED, REQUEST_REFUSED, false },
		{ "over", ASSIGNMENT_REGION_REQUEST, REQUEST_REFUSED, ASSIGNMENT_DRIVER, REQUEST_NONE, false },
		{ "not asked yet", ASSIGNMENT_REGION_REQUEST, REQUEST_UNKNOWN, ASSIGNMENT_SEIZED, REQUEST_NONE, false },
		{ "waits", ASSIGNMENT_REGION_WAITER, BIT_CLEAR, ASSIGNMENT_ASKED, BIT_SET, false },
		{ "has it", ASSIGNMENT_REGION_WAITER, BIT_SET, ASSIGNMENT_GRANTED, BIT_CLEAR, false },
		{ "in vain", ASSIGNMENT_REGION_WAITER, BIT_UNKNOWN, ASSIGNMENT_REFUSED, BIT_SET, false },
		{ "no more", ASSIGNMENT_REGION_WAITER, BIT_SET, ASSIGNMENT_DRIVER, BIT_CLEAR, false },
	};

	(void)state;
	CHECK(&assignment_component, list, NULL);
}

static void test_gsi_cells(void **state)
{
	static const struct expectation list[] = {
		{ "registered", GSI_REGION_SETUP, BIT_CLEAR, GSI_REGISTERED, BIT_SET, false },
		{ "again, refused", GSI_REGION_SETUP, BIT_SET, GSI_SETUP_FAILED, BIT_SET, false },
		{ "refused", GSI_REGION_SETUP, BIT_UNKNOWN, GSI_SETUP_FAILED, BIT_UNKNOWN, false },
		{ "mapped", GSI_REGION_SETUP, BIT_UNKNOWN, GSI_MAPPED, BIT_SET, false },
		{ "has a vector", GSI_REGION_SETUP, BIT_CLEAR, GSI_ASSIGNED, BIT_SET, false },
		{ "the toolstack is refused it", GSI_REGION_SETUP, BIT_UNKNOWN, GSI_REFUSED, BIT_CLEAR, false },
		{ "refused for another reason", GSI_REGION_SETUP, BIT_SET, GSI_REFUSED, BIT_SET, false },
		{ "dumped", GSI_REGION_SETUP, BIT_UNKNOWN, GSI_UNUSED, BIT_CLEAR, false },
		{ "a hole", GSI_REGION_SETUP, BIT_SET, GSI_LOST, BIT_UNKNOWN, false },
		{ "given away", GSI_REGION_WANTED, BIT_UNKNOWN, GSI_GIVEN, BIT_SET, false },
		{ "came back", GSI_REGION_WANTED, BIT_SET, GSI_TAKEN_BACK, BIT_CLEAR, false },
	};

	(void)state;
	CHECK(&gsi_component, list, NULL);
}

/* ---------------------------------------------------------------------------------------------------- virtual pins */

/* Spans of a region of one object, as "STATE STATE ...", with "*" behind those that began before the capture. */
static const char *states_of(const struct bench *b, const char *object, const char *field)
{
	static char text[256];
	char name[OBJECT_NAME_MAX];
	size_t len = 0;

	*text = 0;
	for (unsigned i = 0; i < b->nr_spans && i < MAX_ROWS; i++)
		for (unsigned k = 0; k < b->nr_objects; k++) {
			if (b->object[k].id != b->span[i].object || strcmp(b->span[i].field, field))
				continue;
			object_print(name, sizeof(name), b->object[k].ref, b->object[k].generation);
			if (!strcmp(name, object))
				len += snprintf(text + len, sizeof(text) - len, "%s%s%s", len ? " " : "", b->span[i].state,
						b->span[i].start_event ? "" : "*");
		}
	return text;
}

#define LOW_HALF(t, cpu, who, reg, rte) t " " cpu " xen.vpin.rte_write@hardware " who " reg=" reg " rte=" rte " mask=0xffffffff"

/* Whose the write was, the answer tells: the vector of the irq of that number, on the same CPU and at once. */
static void test_unmask_maps_the_gsi(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(LOW_HALF("1.0", "cpu1", "", "0x3c", "0x18026"), LOW_HALF("1.1", "cpu1", "", "0x3c", "0x8026"),
			"1.10001 cpu1 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2", "2.0 cpu1 xen.irq.handled@shadow xirq:22",
			LOW_HALF("3.0", "cpu1", "vcpu:0.1 vpin:0.22", "0x3c", "0x18026")));
	assert_string_equal(states_of(b, "vpin:0.22", "mask"), "unmasked masked");
	assert_string_equal(states_of(b, "vpin:0.22", "trigger"), "level");
	assert_string_equal(states_of(b, "gsi:22", "registered"), "yes");
	assert_string_equal(states_of(b, "pirq:0.22", "mapped"), "yes");
	assert_true(goes(b, MACHINE_DOM0, PATH_DOM0_PVH));
	assert_int_equal(b->nr_links, 2);
	assert_int_equal(b->nr_unexpected, 0);
}

/* Another CPU, another number, masked, something else in between, another domain, or too late: no answer. */
static void test_what_is_no_answer(void **state)
{
	const char *const *const cases[] = {
		LINES(LOW_HALF("1.0", "cpu1", "", "0x3c", "0x8026"), "1.1 cpu0 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2"),
		LINES(LOW_HALF("1.0", "cpu1", "", "0x3c", "0x8026"), "1.01 cpu1 xen.irq.assign@shadow xirq:23 vector=73 cpumask=0x2"),
		LINES(LOW_HALF("1.0", "cpu1", "", "0x3c", "0x18026"), "1.01 cpu1 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2"),
		LINES(LOW_HALF("1.0", "cpu1", "", "0x3c", "0x8026"), "1.001 cpu1 xen.hvm.inject@hardware vector=38",
		      "1.01 cpu1 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2"),
		LINES(LOW_HALF("1.0", "cpu1", "vcpu:3.0 vpin:3.22", "0x3c", "0x8026"),
		      "1.01 cpu1 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2"),
		LINES(LOW_HALF("1.0", "cpu1", "", "0x3c", "0x8026"), "1.5 cpu1 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2"),
		LINES("1.0 cpu1 xen.vpin.rte_write@hardware reg=0x3d rte=0x200000000000000 mask=0xffffffff00000000",
		      "1.01 cpu1 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2"),
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *b = *state;

		replay(b, cases[i]);
		assert_string_equal(states_of(b, "vpin:0.22", "mask"), "");
		assert_string_equal(states_of(b, "gsi:22", "registered"), "");
		assert_false(goes(b, MACHINE_DOM0, PATH_DOM0_PVH));
		tear_down(state);
		set_up(state);
	}
}

/* The EOI register ends all entries of its vector, of that domain alone. */
static void test_virtual_eoi(void **state)
{
	static struct coverage met;
	struct bench *b = *state;

	b->kind = "gsi-register";
	b->coverage = &met;
	replay(b, LINES(LOW_HALF("1.0", "cpu1", "vcpu:0.1 vpin:0.22", "0x3c", "0x8026"),
			"1.01 cpu1 xen.irq.assign@shadow xirq:22 vector=73 cpumask=0x2", "2.0 cpu1 xen.irq.handled@shadow xirq:22",
			"2.05 cpu1 xen.vpin.eoi@hardware vcpu:0.1 vector=39", "2.06 cpu1 xen.vpin.eoi@hardware vcpu:1.1 vector=38",
			"2.1 cpu1 xen.vpin.eoi@hardware vcpu:0.1 vector=38", "2.2 cpu1 xen.vpin.eoi@hardware vcpu:0.1 vector=38",
			"3.0 - lost@shadow cpu:1 count=1"));
	/* given, acknowledged once, and nothing is left for the last one */
	assert_true(coverage_met(&met, &vpin_component, VPIN_REGION_IRR, BIT_SET, VPIN_EOI));
	assert_true(coverage_met(&met, &vpin_component, VPIN_REGION_IRR, BIT_CLEAR, VPIN_EOI));
	assert_true(coverage_met(&met, &vpin_component, VPIN_REGION_IRR, BIT_CLEAR, VPIN_LOST));
	assert_string_equal(states_of(b, "vpin:0.22", "mask"), "unmasked");
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(b->nr_obligations, 0);
}

/* ---------------------------------------------------------------------------------------------------- lines given away */

#define GIVEN(t, gsi, who) t " - pci.assign@shadow pci:0000:00:07.0 gsi:" gsi " name=\"" who "\""
#define REFUSED(t, gsi) t " - toolstack.error@shadow pci:0000:00:07.0 gsi:" gsi " ret=-1"

static void test_line_that_is_refused(void **state)
{
	struct bench *b = *state;

	b->kind = "gsi-register";
	replay(b, LINES(GIVEN("1.0", "23", "pciback"), REFUSED("2.0", "23"), GIVEN("3.0", "23", "e1000")));
	assert_string_equal(states_of(b, "gsi:23", "request"), "none refused none");
	assert_string_equal(states_of(b, "gsi:23", "holder"), "set aside driver");
	assert_string_equal(states_of(b, "gsi:23", "domain_waits"), "no yes no");
	assert_int_equal(b->nr_obligations, 1);
	assert_int_equal(b->obligation[0].ending, ENDING_DISCHARGED);
}

/* Before it was given away or behind that; a later dump that shows a vector, or the pin unmasked, tells otherwise. */
static void test_pin_without_a_vector(void **state)
{
	struct bench *b = *state;

#define PIN(t, pin, mask, vector) \
	t " - snapshot.field@hardware pin:" pin " field=\"ioapic_pin.mask\" text=\"" mask "\"", \
	t " - snapshot.field@hardware pin:" pin " field=\"ioapic_pin.raw_vector\" value=" vector
	b->kind = "gsi-register";
	replay(b, LINES(PIN("0.5", "0.23", "masked", "0"), PIN("0.5", "0.22", "masked", "0"), PIN("0.5", "0.20", "unmasked", "0"),
			GIVEN("1.0", "20", "pciback"), GIVEN("1.0", "21", "pciback"), GIVEN("1.0", "22", "pciback"),
			GIVEN("1.0", "23", "pciback"), PIN("2.0", "0.21", "masked", "0"), PIN("2.0", "1.20", "masked", "0"),
			PIN("2.0", "0.22", "masked", "0x49")));
	assert_string_equal(states_of(b, "gsi:20", "registered"), "");
	assert_string_equal(states_of(b, "gsi:21", "registered"), "no");
	assert_string_equal(states_of(b, "gsi:22", "registered"), "no yes");
	assert_string_equal(states_of(b, "gsi:23", "registered"), "no");
}

/* ---------------------------------------------------------------------------------------------------- passthrough */

static void test_passthrough_cells(void **state)
{
	static const struct expectation list[] = {
		{ "a pirq", DPCI_REGION_MESSAGE, GUEST_MESSAGE_UNKNOWN, DPCI_MESSAGE_PIRQ, GUEST_MESSAGE_PIRQ, false },
		{ "a vector", DPCI_REGION_MESSAGE, GUEST_MESSAGE_NONE, DPCI_MESSAGE_VECTOR, GUEST_MESSAGE_VECTOR, false },
		{ "cleared", DPCI_REGION_MESSAGE, GUEST_MESSAGE_PIRQ, DPCI_MESSAGE_ZERO, GUEST_MESSAGE_NONE, false },
		{ "a hole", DPCI_REGION_MESSAGE, GUEST_MESSAGE_PIRQ, DPCI_LOST, GUEST_MESSAGE_UNKNOWN, false },
		{ "masked", DPCI_REGION_MASK, BIT_CLEAR, DPCI_MASK, BIT_SET, false },
		{ "unmasked", DPCI_REGION_MASK, BIT_SET, DPCI_UNMASK, BIT_CLEAR, false },
		{ "bound", DPCI_REGION_BOUND, BIT_CLEAR, DPCI_BIND, BIT_SET, false },
		{ "what arrives was bound", DPCI_REGION_BOUND, BIT_UNKNOWN, DPCI_ARRIVE, BIT_SET, false },
		{ "released", DPCI_REGION_BOUND, BIT_SET, DPCI_UNBIND, BIT_CLEAR, false },
		{ "handled", DPCI_REGION_PENDING, BIT_CLEAR, DPCI_ARRIVE, BIT_SET, false },
		{ "given", DPCI_REGION_PENDING, BIT_SET, DPCI_INJECT, BIT_CLEAR, false },
		{ "released with one pending", DPCI_REGION_PENDING, BIT_SET, DPCI_UNBIND, BIT_CLEAR, false },
		{ "a hole: pending", DPCI_REGION_PENDING, BIT_SET, DPCI_LOST, BIT_UNKNOWN, false },
	};

	(void)state;
	CHECK(&dpci_component, list, NULL);
}

#define WRITE(t, vcpu, addr, value) t " cpu0 xen.mmio.write@hardware vcpu:" vcpu " addr=" addr " value=" value
#define MESSAGE(t, vcpu, base, low, data) \
	WRITE(t "1", vcpu, base "0", low), WRITE(t "2", vcpu, base "4", "0"), WRITE(t "3", vcpu, base "8", data)
#define PIRQ_DUMPED(t) t " - snapshot.field@shadow xen/xirq:25 xen/pirq:1.55 field=\"feeds\""

/* Xen's objects are on its own machine, and the bench's on the host. */
static void replay_xen(struct bench *b, const char *const *lines)
{
	static char text[32][160];
	const char *named[33] = { NULL };

	for (unsigned i = 0; lines[i]; i++) {
		const char *at = strstr(lines[i], " vcpu:");

		assert_true(i < 32);
		if (at)
			snprintf(text[i], sizeof(text[i]), "%.*s xen/%s", (int)(at - lines[i]), lines[i], at + 1);
		else
			snprintf(text[i], sizeof(text[i]), "%s", lines[i]);
		named[i] = text[i];
	}
	replay(b, named);
}

/* The message names the pirq; the irq behind it only a later dump. The wish is as old as the write. */
static void test_guest_names_a_pirq(void **state)
{
	struct bench *b = *state;

	replay_xen(b, LINES(MESSAGE("1.", "1.0", "0xf108000", "0xfee37000", "0x700"), "2.0 cpu0 xen.irq.handled@shadow xen/xirq:25",
			    WRITE("3.0", "1.0", "0xf108000c", "1"), PIRQ_DUMPED("9.0")));
	assert_true(goes(b, MACHINE_DOMAIN + 1, PATH_HVM_PIRQ));
	assert_string_equal(states_of(b, "xen/dpci:1.55", "message"), "pirq");
	assert_string_equal(states_of(b, "xen/dpci:1.55", "mask"), "masked");
	assert_string_equal(states_of(b, "xen/dpci:1.55", "bound"), "yes");
	assert_string_equal(states_of(b, "xen/xirq:25", "guest_mask"), "masked");
	for (unsigned i = 0; i < b->nr_spans; i++)
		if (!strcmp(b->span[i].field, "guest_mask"))
			assert_int_equal(b->span[i].start_ns, 3000000000);
	assert_int_equal(path_of(b, OBJ_XIRQ, 25), PATH_HVM_PIRQ);
}

/* Before its first interrupt, or with one behind it: binding has cleared what the guest wrote, unseen. */
static void test_wish_that_was_cleared(void **state)
{
	static const char *const handled[] = { "1.5 cpu0 xen.irq.handled@shadow xen/xirq:26", "4.0 cpu0 xen.irq.handled@shadow xen/xirq:25" };

	for (unsigned i = 0; i < 2; i++) {
		struct bench *b = *state;

		replay_xen(b, LINES(MESSAGE("1.", "1.0", "0xf108000", "0xfee37000", "0x700"), WRITE("3.0", "1.0", "0xf108000c", "1"),
				    handled[i], PIRQ_DUMPED("9.0")));
		assert_string_equal(states_of(b, "xen/dpci:1.55", "mask"), "masked");
		assert_string_equal(states_of(b, "xen/xirq:25", "guest_mask"), "");
		tear_down(state);
		set_up(state);
	}
}

/* The irq that the only inferred link leads to, 0: there is none, or more. */
static uint64_t inferred_irq(const struct bench *b)
{
	uint32_t fed = 0;

	for (unsigned i = 0; i < b->nr_links; i++) {
		if (b->link[i].proof != PROOF_INFERRED)
			continue;
		if (fed)
			return 0;
		fed = b->link[i].fed;
	}
	for (unsigned k = 0; k < b->nr_objects; k++)
		if (b->object[k].id == fed)
			return b->object[k].ref.id;
	return 0;
}

/* The first unmask binds: the irq that Xen gives a vector while that vCPU waits. Its kernel's irq has the same vector. */
static void test_guest_has_a_vector(void **state)
{
	static struct coverage met;
	struct bench *b = *state;

	b->coverage = &met;
	replay_xen(b, LINES(MESSAGE("1.", "1.0", "0xf108000", "0xfee00000", "0xef"), WRITE("1.5", "1.0", "0xf108000c", "0"),
			    "1.51 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=0x3",
			    WRITE("1.6", "1.0", "0xf108000c", "1"), MESSAGE("2.", "1.0", "0xf108000", "0xfee00000", "0x26"),
			    WRITE("2.5", "1.0", "0xf108000c", "0"), PIRQ_DUMPED("3.0"), "4.0 cpu0 xen.irq.handled@shadow xen/xirq:25",
			    "4.1 cpu0 xen.hvm.inject@hardware vcpu:1.0 vector=38", WRITE("5.0", "1.0", "0xf108000c", "1"),
			    "6.0 cpu0 vector.config@shadow d1/irq:51 vector=38 target_cpu=0 apicdest=0",
			    "6.0 cpu0 vector.config@shadow d1/irq:52 vector=39 target_cpu=0 apicdest=0",
			    "6.0 cpu0 vector.config@shadow irq:53 vector=38 target_cpu=0 apicdest=0",
			    "6.0 cpu0 vector.config@shadow d1/irq:54 vector=38 target_cpu=1 apicdest=2"));
	assert_string_equal(states_of(b, "xen/xirq:25", "guest_mask"), "masked unmasked masked unmasked masked");
	assert_string_equal(states_of(b, "xen/dpci:1.55", "mask"), "unmasked masked");
	assert_string_equal(states_of(b, "xen/dpci:1.55", "message"), "vector");
	assert_true(goes(b, MACHINE_DOMAIN + 1, PATH_HVM_PASSTHROUGH));
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(inferred_irq(b), 51);
	assert_true(coverage_met(&met, &dpci_component, DPCI_REGION_PENDING, BIT_SET, DPCI_INJECT));
}

/* Xen itself binds what the hardware domain unmasks, within the exit. */
static void test_vpci_entry_is_bound(void **state)
{
	struct bench *b = *state;

	replay_xen(b, LINES(MESSAGE("1.", "0.1", "0xfe60000", "0xfee02000", "0x23"), WRITE("1.5", "0.1", "0xfe60000c", "0"),
			    "1.51 cpu0 xen.irq.assign@shadow xen/xirq:26 vector=208 cpumask=0x3",
			    "2.0 - snapshot.field@shadow xen/xirq:26 xen/pirq:0.413 field=\"feeds\"",
			    "3.0 cpu0 xen.irq.clear@shadow xen/xirq:26 vector=208 cpumask=0x3"));
	assert_string_equal(states_of(b, "xen/dpci:0.413", "bound"), "yes no");
	assert_string_equal(states_of(b, "xen/dpci:0.413", "mask"), "unmasked");
	assert_true(goes(b, MACHINE_DOM0, PATH_DOM0_PVH));
	assert_int_equal(path_of(b, OBJ_XIRQ, 26), PATH_DOM0_PVH);
}

/* A PV guest that closes its event channel is the irq's guest no more; an HVM guest's stays bound. */
static void test_close_of_a_pirq(void **state)
{
	static const struct {
		const char *seen, *action;
	} cases[] = {
		{ "1.1 cpu0 xen.hvm.inject@hardware xen/vcpu:2.0 vector=243", "guest none" },
		{ "1.1 cpu0 xen.hvm.inject@hardware xen/vcpu:1.0 vector=243", "guest" },
	};

	for (unsigned i = 0; i < 2; i++) {
		struct bench *b = *state;

		replay(b, LINES(PIRQ_DUMPED("1.0"), cases[i].seen, "2.0 cpu0 xen.pirq.bind@shadow xen/pirq:1.55 xen/port:1.14",
				"3.0 cpu0 xen.pirq.close@shadow xen/pirq:1.55 xen/port:1.14"));
		assert_string_equal(states_of(b, "xen/xirq:25", "action"), cases[i].action);
		assert_string_equal(states_of(b, "xen/pirq:1.55", "bound"), "yes no");
		tear_down(state);
		set_up(state);
	}
}

/* Two that wait, one that has gone on, an irq that only moves, or a dom0's on another CPU: nothing is bound. */
static void test_what_binds_nothing(void **state)
{
	const char *const *const cases[] = {
		LINES(MESSAGE("1.", "1.0", "0xf108000", "0xfee00000", "0x26"), MESSAGE("1.1", "2.0", "0xf108000", "0xfee00000", "0x26"),
		      WRITE("1.5", "1.0", "0xf108000c", "0"), WRITE("1.5", "2.0", "0xf108000c", "0"),
		      "1.51 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=0x3", PIRQ_DUMPED("3.0")),
		LINES(MESSAGE("1.", "1.0", "0xf108000", "0xfee00000", "0x26"), WRITE("1.5", "1.0", "0xf108000c", "0"),
		      "1.505 cpu0 xen.hvm.inject@hardware vcpu:1.0 vector=236",
		      "1.51 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=0x3", PIRQ_DUMPED("3.0")),
		LINES("0.5 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=184 cpumask=0x3",
		      MESSAGE("1.", "1.0", "0xf108000", "0xfee00000", "0x26"), WRITE("1.5", "1.0", "0xf108000c", "0"),
		      "1.51 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=0x3", PIRQ_DUMPED("3.0")),
		LINES(MESSAGE("1.", "0.1", "0xf108000", "0xfee00000", "0x26"), WRITE("1.5", "0.1", "0xf108000c", "0"),
		      "1.51 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=0x3", PIRQ_DUMPED("3.0")),
		LINES(MESSAGE("1.", "1.0", "0xf108000", "0xfee00000", "0x26"), WRITE("1.5", "1.0", "0xf108000c", "0"),
		      "2.51 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=0x3", PIRQ_DUMPED("3.0")),
		LINES(WRITE("1.5", "1.0", "0xf108000c", "0"), "1.51 cpu1 xen.irq.assign@shadow xen/xirq:25 vector=192 cpumask=0x3",
		      PIRQ_DUMPED("3.0")),
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *b = *state;

		replay_xen(b, cases[i]);
		assert_string_equal(states_of(b, "xen/dpci:1.55", "message"), "");
		assert_string_equal(states_of(b, "xen/xirq:25", "guest_mask"), "");
		tear_down(state);
		set_up(state);
	}
}

/* More tables than are followed: the rest is left out, nothing breaks. */
static void test_many_tables(void **state)
{
	enum { NR = 3000 };
	struct bench *b = *state;
	const struct model_options opt = { .string = string_of, .string_ctx = b->strings, .forced_path = -1 };
	struct model *m = model_new(&opt, &b->sink, &b->diag);

	for (unsigned i = 0; i < NR; i++) {
		struct event ev = { .kind = EV_XEN_MMIO_WRITE, .witness = WITNESS_HARDWARE, .source = 1, .ordinal = i + 1, .t_lo_ns = i + 1,
				    .t_hi_ns = i + 1 };

		event_add_object(&ev, OBJ_VCPU, object_id_pair(1, 0));
		event_arg_set(&ev, ARG_ADDR, 0x10000000 + 16 * (int64_t)i);
		event_arg_set(&ev, ARG_VALUE, 0xfee00000);
		assert_true(model_event(m, &ev));
	}
	assert_true(model_end(m));
	model_free(m);
	assert_int_equal(b->nr_objects, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_virtual_pin_cells),
		cmocka_unit_test(test_assignment_cells),
		cmocka_unit_test(test_gsi_cells),
		TEST(test_unmask_maps_the_gsi),
		TEST(test_what_is_no_answer),
		TEST(test_virtual_eoi),
		TEST(test_line_that_is_refused),
		TEST(test_pin_without_a_vector),
		cmocka_unit_test(test_passthrough_cells),
		TEST(test_guest_names_a_pirq),
		TEST(test_wish_that_was_cleared),
		TEST(test_guest_has_a_vector),
		TEST(test_vpci_entry_is_bound),
		TEST(test_close_of_a_pirq),
		TEST(test_what_binds_nothing),
		TEST(test_many_tables),
		TEST(test_native_chips),
		TEST(test_pirqs_of_guests),
		TEST(test_dom0_in_guest_mode),
		TEST(test_vpci_tables),
		TEST(test_pv_dom0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
