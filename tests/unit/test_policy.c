/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What releases of Linux, Xen and QEMU do differently, each as the bounded check meets it: the same configuration with the
 * behaviour and without it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/check.h"
#include "model/pin.h"
#include "model/policy.h"

static const struct path_part *part_named(const char *name)
{
	for (unsigned i = 0; path_parts[i]; i++)
		if (!strcmp(path_parts[i]->name, name))
			return path_parts[i];
	fail_msg("no part %s", name);
	return NULL;
}

static struct check_result result;

static struct check_options options_of(const char *name, const char *const *settings)
{
	const struct path_part *part = part_named(name);
	struct check_options opt = {
		.part = part, .quirks = quirks_normal(), .units = part->nr_units ? 3 : part->has_function ? 2 : 1,
		.cpus = part->nr_units ? 1 : 2, .max_states = 10000000,
	};

	for (; *settings; settings++) {
		enum quirk quirk;
		bool on;

		assert_true(quirk_parse(*settings, &quirk, &on));
		quirk_set(&opt.quirks, quirk, on);
	}
	return opt;
}

/* The invariant that is broken, NULL: none. */
static const char *broken(const char *part, const char *const *settings)
{
	struct check_options opt = options_of(part, settings);

	check_run(&opt, &result);
	assert_true(result.outcome == CHECK_CLEAN || result.outcome == CHECK_VIOLATED);
	return result.outcome == CHECK_VIOLATED ? result.broken->name : NULL;
}

#define WITH(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define BREAKS(invariant, part, ...) assert_string_equal(broken(part, WITH(__VA_ARGS__)), invariant)
#define CLEAN(part, ...) assert_null(broken(part, WITH(__VA_ARGS__)))

#define HVM "hvm-pirq/msix"
#define BEFORE_4_6 "hvm-no-mask=off", "xen-guest-mask=off", "xen-bind-clears-guest-mask=off"

/* A guest's write of an entry that is bound: goes through, is dropped (4.2, 4.3), is kept as its wish (4.6). */
static void test_p1_table_writes_of_guests(void **state)
{
	(void)state;
	BREAKS("unmasked", HVM, BEFORE_4_6);
	CLEAN(HVM, BEFORE_4_6, "xen-guest-mask-dropped=on");
	BREAKS("unmasked", HVM, BEFORE_4_6, "xen-guest-mask=on");
}

/* Dropped since 4.2, but for mappings that were there before. */
static void test_p2_table_writes_of_dom0(void **state)
{
	(void)state;
	BREAKS("unmasked", "dom0-pv/msix", "xen-msi-mask-nop=off", "xen-table-read-only=off");
	CLEAN("dom0-pv/msix", "xen-msi-mask-nop=off", "xen-table-read-only=on");
	BREAKS("unmasked", "dom0-pv/msix", "xen-msi-mask-nop=off", "dom0-maps-table-first=on");
	CLEAN("dom0-pv/msix", "dom0-maps-table-first=on");
}

static void test_p3_bind_takes_the_wish_back(void **state)
{
	(void)state;
	CLEAN(HVM, "hvm-no-mask=off");
	BREAKS("unmasked", HVM, "hvm-no-mask=off", "xen-bind-clears-guest-mask=off");
	BREAKS("unmasked", "dom0-pv/msix", "xen-bind-clears-guest-mask=off");
}

#define EOI "dom0-pv/eoi"
#define NO_LINES "level-lines=off"
#define NO_TIMER "xen-eoi-timeout=off"

/* A message's EOI: put off (2008), at once where it can be masked, and where it cannot (3.3 alone). */
static void test_p4_eoi_of_messages(void **state)
{
	(void)state;
	BREAKS("deliverable", EOI, NO_LINES, NO_TIMER, "msi-without-mask=off", "xen-mask-msi-on-ack=off");
	CLEAN(EOI, NO_LINES, NO_TIMER, "msi-without-mask=off");
	BREAKS("deliverable", EOI, NO_LINES, NO_TIMER);
	CLEAN(EOI, NO_LINES, NO_TIMER, "xen-msi-off-as-mask=on");
}

static enum policy_stall stall_with(const char *const *settings)
{
	struct check_options opt = options_of(EOI, settings);
	struct path_policy policy = { "as asked for", { { QUIRK_NONE, false } } };
	uint64_t differs = opt.quirks.on ^ quirks_normal().on;
	struct policy_result measured;
	unsigned nr = 0;

	for (int i = QUIRK_NONE + 1; i < NR_QUIRKS; i++)
		if (differs >> i & 1) {
			policy.set[nr].quirk = i;
			policy.set[nr++].on = quirk_is_on(opt.quirks, i);
		}
	assert_true(nr < sizeof(policy.set) / sizeof(policy.set[0]));
	policy_measure(opt.part, &policy, opt.max_states, &measured, &result);
	assert_false(measured.failed);
	return measured.stall;
}

/* 1 ms for whatever is owed (4.1): who waits for a level line's EOI waits so long at most. */
static void test_p5_timer(void **state)
{
	(void)state;
	BREAKS("deliverable", EOI, NO_TIMER);
	CLEAN(EOI, "xen-eoi-timeout=on");
	assert_int_equal(stall_with(WITH("msi-without-mask=off")), STALL_TIMER);
	assert_int_equal(stall_with(WITH("msi-without-mask=off", NO_TIMER)), STALL_FOR_EVER);
}

/* Of lines that are passed through alone (up to 4.15): messages still wait. */
static void test_p6_timer_of_passthrough(void **state)
{
	(void)state;
	BREAKS("deliverable", EOI, NO_TIMER, "msi-without-mask=off");
	CLEAN(EOI, NO_TIMER, "msi-without-mask=off", "xen-dpci-timeout=on");
	BREAKS("deliverable", EOI, NO_TIMER, "xen-dpci-timeout=on");
}

/* A level pin's EOI: put off (new), or at once, the pin masked meanwhile (old) or its remote IRR left set (directed). */
static void test_p7_level_pins(void **state)
{
	(void)state;
	BREAKS("deliverable", EOI, NO_TIMER, "msi-without-mask=off");
	CLEAN(EOI, NO_TIMER, "msi-without-mask=off", "xen-ioapic-ack-new=off");
	CLEAN(EOI, NO_TIMER, "msi-without-mask=off", "xen-ioapic-ack-new=off", "xen-ioapic-directed=on");
	BREAKS("deliverable", EOI, NO_TIMER, "msi-without-mask=off", "xen-ioapic-directed=on");
}

static bool pin_is_masked(const struct unit *unit)
{
	return unit_state(unit, ROLE_PIN, PIN_REGION_HW) == BIT_SET;
}

/* Is a pin ever masked under these settings? With directed EOI its remote IRR alone holds it back. */
static bool masks_pins(const char *const *settings)
{
	static const struct invariant never = { "pin-unmasked", "", "", pin_is_masked };
	struct check_options opt = options_of(EOI, settings);
	struct path_part part = *opt.part;

	part.invariants = &never;
	part.nr_invariants = 1;
	opt.part = &part;
	check_run(&opt, &result);
	return result.outcome == CHECK_VIOLATED;
}

static void test_p7_pins_are_masked(void **state)
{
	(void)state;
	assert_false(masks_pins(WITH("xen-ioapic-ack-new=on")));
	assert_true(masks_pins(WITH("xen-ioapic-ack-new=off")));
	assert_false(masks_pins(WITH("xen-ioapic-ack-new=off", "xen-ioapic-directed=on")));
}

/* What comes too often is masked for a while (4.0), as what came again was before (3.3); no mask bit, no limit. */
static void test_p8_rate_limit(void **state)
{
	(void)state;
	BREAKS("storm", EOI, "xen-rate-limit=off");
	CLEAN(EOI, "xen-rate-limit=off", "xen-storm-mask=on");
	BREAKS("storm", EOI, "xen-eoi-at-once=on");
	CLEAN(EOI, "xen-eoi-at-once=on", "msi-without-mask=off");
}

/* A guest that is not offered pirqs unmasks its entries itself. */
static void test_p11_pirqs_of_guests(void **state)
{
	(void)state;
	BREAKS("unmasked", HVM, BEFORE_4_6);
	CLEAN(HVM, BEFORE_4_6, "xen-hvm-pirqs=off");
}

#define GSI "dom0-pvh/gsi"

/* Registered when it is given away (4.20); that the toolstack may map it alone is not enough. */
static void test_p12_gsi_of_a_pvh_dom0(void **state)
{
	(void)state;
	CLEAN(GSI, "pvh-setup-gsi=on");
	BREAKS("granted", GSI, "pvh-setup-gsi=off");
	BREAKS("granted", GSI, "pvh-setup-gsi=off", "pvh-map-pirq=on");
	BREAKS("granted", GSI, "pvh-setup-gsi=off", "vioapic-maps-masked=on");
}

static void test_p13_mask_operations_of_linux(void **state)
{
	(void)state;
	BREAKS("unmasked", "dom0-pv/msix", "xen-msi-mask-nop=off", "xen-table-read-only=off");
	CLEAN("dom0-pv/msix", "xen-msi-mask-nop=on", "xen-table-read-only=off");
	BREAKS("unmasked", HVM, BEFORE_4_6);
	CLEAN(HVM, BEFORE_4_6, "hvm-no-mask=on");
	CLEAN(HVM, BEFORE_4_6, "msix-mask-all-early=on");
}

static void test_p14_routes_and_pins(void **state)
{
	(void)state;
	CLEAN("kvm-split/level", "qemu-route-before-service=on");
	BREAKS("route", "kvm-split/level", "qemu-route-before-service=off");
}

static void test_p15_own_irqs_and_the_stack(void **state)
{
	struct check_options opt = options_of(EOI, WITH("xen-own-irqs-on-stack=off", "level-lines=off"));

	(void)state;
	opt.units = opt.part->nr_units;
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	assert_string_equal(result.broken->name, "order");
	quirk_set(&opt.quirks, QUIRK_XEN_OWN_IRQS_ON_STACK, true);
	opt.invariant = "order";
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_CLEAN);
}

/* What a release has of what the knobs know. */
static void test_knobs_of_releases(void **state)
{
	static const struct {
		const char *release;
		enum quirk quirk;
		bool on;
	} has[] = {
		{ "3.2", QUIRK_XEN_MASK_MSI_ON_ACK, false }, { "3.3", QUIRK_XEN_MASK_MSI_ON_ACK, true },
		{ "3.3", QUIRK_XEN_MSI_OFF_AS_MASK, true }, { "3.4", QUIRK_XEN_MSI_OFF_AS_MASK, false },
		{ "4.1", QUIRK_XEN_STORM_MASK, true }, { "4.2", QUIRK_XEN_STORM_MASK, false },
		{ "3.4", QUIRK_XEN_RATE_LIMIT, false }, { "4.0", QUIRK_XEN_RATE_LIMIT, true },
		{ "4.0", QUIRK_XEN_EOI_TIMEOUT, false }, { "4.1", QUIRK_XEN_EOI_TIMEOUT, true },
		{ "4.15", QUIRK_XEN_DPCI_TIMEOUT, true }, { "4.16", QUIRK_XEN_DPCI_TIMEOUT, false },
		{ "4.1", QUIRK_XEN_TABLE_READ_ONLY, false }, { "4.2", QUIRK_XEN_TABLE_READ_ONLY, true },
		{ "4.3", QUIRK_XEN_GUEST_MASK_DROPPED, true }, { "4.4", QUIRK_XEN_GUEST_MASK_DROPPED, false },
		{ "4.5", QUIRK_XEN_BIND_CLEARS_GUEST_MASK, false }, { "4.6", QUIRK_XEN_BIND_CLEARS_GUEST_MASK, true },
		{ "4.18", QUIRK_XEN_HVM_PIRQS, true }, { "4.19", QUIRK_XEN_HVM_PIRQS, false },
		{ "4.12", QUIRK_XEN_OWN_IRQS_ON_STACK, false }, { "4.13", QUIRK_XEN_OWN_IRQS_ON_STACK, true },
		{ "4.19", QUIRK_PVH_SETUP_GSI, false }, { "4.20", QUIRK_PVH_SETUP_GSI, true },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(has) / sizeof(has[0]); i++) {
		struct quirks known = { 0 }, set = quirks_normal();

		quirks_of_release(PRODUCT_XEN, has[i].release, &set, &known);
		assert_true(quirk_is_on(known, has[i].quirk) && quirk_is_on(set, has[i].quirk) == has[i].on);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_p1_table_writes_of_guests), cmocka_unit_test(test_p2_table_writes_of_dom0),
		cmocka_unit_test(test_p3_bind_takes_the_wish_back), cmocka_unit_test(test_p4_eoi_of_messages),
		cmocka_unit_test(test_p5_timer), cmocka_unit_test(test_p6_timer_of_passthrough), cmocka_unit_test(test_p7_level_pins),
		cmocka_unit_test(test_p7_pins_are_masked), cmocka_unit_test(test_p8_rate_limit),
		cmocka_unit_test(test_p11_pirqs_of_guests), cmocka_unit_test(test_p12_gsi_of_a_pvh_dom0),
		cmocka_unit_test(test_p13_mask_operations_of_linux), cmocka_unit_test(test_p14_routes_and_pins),
		cmocka_unit_test(test_p15_own_irqs_and_the_stack), cmocka_unit_test(test_knobs_of_releases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
