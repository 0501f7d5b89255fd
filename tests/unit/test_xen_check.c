/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The invariants of Xen's parts in the bounded check: each holds in the whole space, and is found broken where one response
 * of the path is left out, or one too many is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/assignment.h"
#include "model/check.h"
#include "model/irq.h"
#include "model/lapic.h"
#include "model/msix.h"
#include "model/part.h"
#include "model/pci.h"
#include "model/peoi.h"
#include "model/pin.h"
#include "model/pirq.h"
#include "model/port.h"
#include "model/xirq.h"
#include "model/xmsi.h"

static struct check_result result;

static const struct path_part *part_named(const char *name)
{
	for (unsigned i = 0; path_parts[i]; i++)
		if (!strcmp(path_parts[i]->name, name))
			return path_parts[i];
	fail_msg("no part %s", name);
	return NULL;
}

/* A part's tables, one of them changed. */
struct changed {
	struct path_part part;
	struct reaction reactions[UNIT_MAX_REACTIONS];
	struct operation operations[64];
};

static void take(struct changed *c, const char *name)
{
	c->part = *part_named(name);
	memcpy(c->reactions, c->part.reactions, c->part.nr_reactions * sizeof(c->reactions[0]));
	memcpy(c->operations, c->part.operations, c->part.nr_operations * sizeof(c->operations[0]));
	c->part.reactions = c->reactions;
	c->part.operations = c->operations;
}

static void leave_out(struct changed *c, const struct reaction *what)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->part.nr_reactions; i++) {
		const struct reaction *r = &c->reactions[i];

		if (r->on_role != what->on_role || r->on != what->on || r->on_effect != what->on_effect || r->role != what->role ||
		    r->in != what->in)
			c->reactions[kept++] = *r;
	}
	assert_true(kept < c->part.nr_reactions);
	c->part.nr_reactions = kept;
}

static void explore(const struct path_part *part, const char *invariant)
{
	struct check_options opt = {
		.part = part, .quirks = quirks_normal(), .units = part->nr_units ? 3 : part->has_function ? 2 : 1,
		.cpus = part->nr_units ? 1 : 2, .max_states = 5000000, .invariant = invariant,
	};

	check_run(&opt, &result);
}

static void holds(const char *name, const char *invariant)
{
	explore(part_named(name), invariant);
	assert_int_equal(result.outcome, CHECK_CLEAN);
}

static void breaks(const struct changed *c, const char *invariant)
{
	explore(&c->part, invariant);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	assert_string_equal(result.broken->name, invariant);
}

static void breaks_without(const char *name, const char *invariant, struct reaction what)
{
	static struct changed c;

	take(&c, name);
	leave_out(&c, &what);
	holds(name, invariant);
	breaks(&c, invariant);
}

#define WITHOUT(...) ((struct reaction){ __VA_ARGS__ })
#define DOM0 "dom0-pv/msix"
#define HVM "hvm-pirq/msix"
#define EOI "dom0-pv/eoi"

/* I1, I3: the table follows what Xen and the guest wish, and nobody else. */
static void test_i1_bit_follows_the_wishes(void **state)
{
	(void)state;
	breaks_without(DOM0, "one-writer", WITHOUT(ON(XMSI, XMSI_RELEASED), THEN(ENTRY, ENTRY_HW_UNMASK)));
	breaks_without(DOM0, "one-writer", WITHOUT(ON(XMSI, XMSI_STOPPED), THEN(ENTRY, ENTRY_HW_MASK)));
}

static bool function_is_unmasked(const struct unit *unit)
{
	return unit_state(unit, ROLE_FUNCTION, FN_REGION_KERNEL) == BIT_SET &&
	       unit_state(unit, ROLE_FUNCTION, FN_REGION_FMASK) == BIT_CLEAR;
}

/* I2: somebody sets the function mask, and leaves it so. */
static void test_i2_function_mask(void **state)
{
	static const char *const names[] = { DOM0, HVM };
	static struct changed c;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		take(&c, names[i]);
		memmove(c.operations + 1, c.operations, c.part.nr_operations * sizeof(c.operations[0]));
		c.operations[0] = (struct operation){ "function mask set", OPERATION_STIMULUS, .on_function = true,
						      .when = function_is_unmasked, FIRST(FUNCTION, FN_WRITE_MASKED) };
		c.part.nr_operations++;
		holds(names[i], "function-mask");
		breaks(&c, "function-mask");
	}
}

/* I4: nobody takes the guest's wish back when it binds. */
static void test_i4_wish(void **state)
{
	(void)state;
	breaks_without(DOM0, "wish", WITHOUT(ON(PIRQ, PIRQ_BIND), THEN(XMSI, XMSI_RELEASED)));
	breaks_without(HVM, "wish", WITHOUT(ON(PIRQ, PIRQ_BIND), THEN(XMSI, XMSI_RELEASED)));
	breaks_without(DOM0, "bound", WITHOUT(ON(IRQ, IRQ_STARTUP), THEN(PIRQ, PIRQ_BIND)));
	breaks_without(DOM0, "port-unmasked", WITHOUT(ON(IRQ, IRQ_CORE_UNMASK), THEN(PORT, PORT_UNMASKED)));
}

/* I5: what Xen's timer does not end. */
static void test_i5_timer(void **state)
{
	(void)state;
	breaks_without(EOI, "deliverable", WITHOUT(ON(XIRQ, XIRQ_TIMER), THEN(PEOI, PEOI_FORCED)));
}

/* I6: on the stack is what is in service, ready ones leave it at once, and what is pushed stands above all. */
static void test_i6_stack(void **state)
{
	static struct changed c;

	(void)state;
	breaks_without(EOI, "stack", WITHOUT(ON_EFFECT(PEOI, PEOI_EFFECT_EOI), THEN_AT(TARGET, LAPIC_EOI)));
	breaks_without(EOI, "stack", WITHOUT(ON(XIRQ, XIRQ_ARRIVE), THEN(PEOI, PEOI_PUSH)));
	take(&c, EOI);
	for (unsigned i = 0; i < c.part.nr_reactions; i++)
		if (c.reactions[i].role == ROLE_PEOI && c.reactions[i].in == PEOI_READY)
			c.reactions[i].in = PEOI_PUSH;
	breaks(&c, "conforming");
}

/* I7: an EOI that does not reach the IO-APIC. */
static void test_i7_remote_irr(void **state)
{
	(void)state;
	breaks_without(EOI, "remote-irr", WITHOUT(ON_EFFECT(LAPIC, LAPIC_EFFECT_BROADCAST), THEN(PIN, PIN_EOI)));
}

/* I10: what a reset took from the table is not written back; a message that Xen never wrote. */
static void test_i10_message(void **state)
{
	(void)state;
	breaks_without(DOM0, "message", WITHOUT(ON(PCI, PCI_RESTORED), THEN(ENTRY, ENTRY_MESSAGE_SET)));
	breaks_without(HVM, "message", WITHOUT(ON(PIRQ, PIRQ_MAPPED), THEN(ENTRY, ENTRY_MESSAGE_SET)));
}

/* I11: the last guest goes, and nobody masks. */
static void test_i11_spare_is_masked(void **state)
{
	(void)state;
	breaks_without(DOM0, "spare-masked", WITHOUT(ON(XIRQ, XIRQ_GUEST_UNBIND), THEN(XMSI, XMSI_STOPPED)));
}

/* I12: the irq's count, and the pirqs that it counts. */
static void test_i12_in_flight(void **state)
{
	(void)state;
	breaks_without(EOI, "in-flight", WITHOUT(ON(XIRQ, XIRQ_TIMER), THEN(PIRQ, PIRQ_TIMER)));
	breaks_without(EOI, "in-flight", WITHOUT(ON(PIRQ, PIRQ_EOI), THEN(XIRQ, XIRQ_GUEST_EOI)));
}

/* I13: an event that nobody takes. */
static void test_i13_event_is_taken(void **state)
{
	static struct changed c;

	(void)state;
	take(&c, DOM0);
	for (unsigned i = 0; i < c.part.nr_operations; i++)
		if (c.operations[i].first[0].role == ROLE_PORT)
			c.operations[i].kind = OPERATION_STIMULUS;
	breaks(&c, "deliverable");
}

/* I14: a line that is up, and of which its guest is not told. */
static void test_i14_line(void **state)
{
	(void)state;
	breaks_without(EOI, "line", WITHOUT(ON_EFFECT(PIN, PIN_EFFECT_SEND), THEN(PIN, PIN_ACCEPT)));
}

/* I15: registered for a guest, and then used by dom0, whose unmask maps nothing any more. */
static void test_i15_one_owner(void **state)
{
	struct check_options opt = { .part = part_named("dom0-pvh/gsi"), .quirks = quirks_normal(), .units = 1, .cpus = 1,
				     .max_states = 1000, .invariant = "one-owner" };

	(void)state;
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_CLEAN);
	quirk_set(&opt.quirks, QUIRK_DEVICE_RETURNS, true);
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_VIOLATED);
	quirk_set(&opt.quirks, QUIRK_VIOAPIC_MAPS_REGISTERED, true);
	check_run(&opt, &result);
	assert_int_equal(result.outcome, CHECK_CLEAN);
}

/* I17: a message that is written while it may be sent. */
static void test_i17_written_masked(void **state)
{
	static struct changed c;

	(void)state;
	take(&c, DOM0);
	c.reactions[c.part.nr_reactions++] = (struct reaction){ ON(IRQ, IRQ_ENABLE), THEN(ENTRY, ENTRY_MESSAGE_SET) };
	holds(DOM0, "conforming");
	breaks(&c, "conforming");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_i1_bit_follows_the_wishes), cmocka_unit_test(test_i2_function_mask), cmocka_unit_test(test_i4_wish),
		cmocka_unit_test(test_i5_timer), cmocka_unit_test(test_i6_stack), cmocka_unit_test(test_i7_remote_irr),
		cmocka_unit_test(test_i10_message), cmocka_unit_test(test_i11_spare_is_masked), cmocka_unit_test(test_i12_in_flight),
		cmocka_unit_test(test_i13_event_is_taken), cmocka_unit_test(test_i14_line), cmocka_unit_test(test_i15_one_owner),
		cmocka_unit_test(test_i17_written_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
