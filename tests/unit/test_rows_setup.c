/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domain stacks, flow handlers, and the life of an irq from enabling a function to switching it off: rows S,
 F and T1 to
 * T8 of docs/transitions.tsv. Each entry of a table names the rows that it covers.
 */
#include "unit/replay_bench.h"

#include "model/coverage.h"
#include "model/intx.h"
#include "model/irq.h"
#include "model/irte.h"
#include "model/lapic.h"
#include "model/msi.h"
#include "model/msix.h"
#include "model/pci.h"
#include "model/pin.h"
#include "model/slot.h"
#include "model/vector.h"
#include "unit/cells.h"

/* ------------------------------------------------------------------------------------------ cell by cell */

static void test_flow_handler_rows(void **state)
{
	static const struct expectation list[] = {
		{ "F.edge.normal.begin F.fasteoi.normal.actions F.level.normal.actions", IRQ_REGION_FLOW, BIT_CLEAR,
		  IRQ_FLOW,
		  BIT_SET, false },
		{ "F.edge.normal.begin", IRQ_REGION_REPLAY, BIT_SET, IRQ_FLOW, BIT_CLEAR, false },
		{ "F.percpu.normal.actions F.simple.normal F.level.normal.actions", IRQ_REGION_FLOW, BIT_CLEAR,
		  IRQ_ENTER,
		  BIT_SET, false },
		{ "F.percpu.normal.actions: on any number of CPUs", IRQ_REGION_FLOW, BIT_SET, IRQ_ENTER, BIT_SET,
		  false },
		{ "F.percpu.normal.actions F.simple.normal: ends", IRQ_REGION_FLOW, BIT_SET, IRQ_EXIT_NONE, BIT_CLEAR,
		  false },
		{ "F.percpu.normal.actions: the other CPU's end", IRQ_REGION_FLOW, BIT_CLEAR, IRQ_EXIT_HANDLED,
		  BIT_CLEAR,
		  false },
		{ "F.simple.normal F.level.normal.actions", IRQ_REGION_FLOW, BIT_SET, IRQ_EXIT_HANDLED, BIT_CLEAR,
		  false },
		{ "F.simple.normal F.level.normal.actions", IRQ_REGION_FLOW, BIT_SET, IRQ_EXIT_WAKE, BIT_CLEAR, false },
		{ "F.edge.inprogress", IRQ_REGION_PENDING, BIT_CLEAR, IRQ_FLOW_BUSY, BIT_SET, false },
		{ "F.edge.inprogress: masked", IRQ_REGION_MASKED, BIT_CLEAR, IRQ_FLOW_BUSY, BIT_SET, false },
		{ "F.edge.inprogress: the other CPU runs on", IRQ_REGION_FLOW, BIT_SET, IRQ_FLOW_BUSY, BIT_SET, false },
		{ "F.edge.inprogress: REPLAY goes first", IRQ_REGION_REPLAY, BIT_SET, IRQ_FLOW_BUSY, BIT_CLEAR, false },
		{ "F.edge.inprogress F.edge.normal.loop: unmasked", IRQ_REGION_MASKED, BIT_SET, IRQ_UNMASK, BIT_CLEAR,
		  false },
		{ "F.edge.normal.loop F.spin: run again", IRQ_REGION_PENDING, BIT_SET, IRQ_ENTER, BIT_CLEAR, false },
		{ "F.fasteoi.inprogress F.level.inprogress", IRQ_REGION_PENDING, BIT_CLEAR, IRQ_FLOW_IGNORED, BIT_CLEAR,
		  false },
		{ "F.fasteoi.inprogress: what was pending stays", IRQ_REGION_PENDING, BIT_SET, IRQ_FLOW_IGNORED,
		  BIT_SET, false },
		{ "F.fasteoi.inprogress F.level.inprogress", IRQ_REGION_FLOW, BIT_UNKNOWN, IRQ_FLOW_IGNORED, BIT_SET,
		  false },
		{ "F.fasteoi.inprogress: may not run, REPLAY stays", IRQ_REGION_REPLAY, BIT_SET, IRQ_FLOW_IGNORED,
		  BIT_SET, false },
		{ "F.level.inprogress: stays masked", IRQ_REGION_MASKED, BIT_SET, IRQ_FLOW_IGNORED, BIT_SET, false },
		{ "F.level.normal.unmask F.mask.noop", IRQ_REGION_MASKED, BIT_SET, IRQ_CORE_UNMASK, BIT_CLEAR, false },
		{ "F.mask.noop: asked for what is", IRQ_REGION_MASKED, BIT_CLEAR, IRQ_CORE_UNMASK, BIT_CLEAR, false },
		{ "F.mask.noop", IRQ_REGION_MASKED, BIT_CLEAR, IRQ_CORE_MASK, BIT_SET, false },
		{ "F.mask.noop", IRQ_REGION_MASKED, BIT_SET, IRQ_CORE_MASK, BIT_SET, false },
		{ "F.simple.disabled", IRQ_REGION_PENDING, BIT_CLEAR, IRQ_SEE_PENDING, BIT_SET, false },
		{ "T4.enable.unmasked", IRQ_REGION_MASKED, BIT_SET, IRQ_UNMASK, BIT_CLEAR, false },
		{ "T4.noautoen", IRQ_REGION_DEPTH, DEPTH_2, IRQ_NOAUTOEN, DEPTH_1, false },
		{ "T4.noautoen: not started", IRQ_REGION_LIFE, LIFE_ALLOCATED, IRQ_NOAUTOEN, LIFE_ALLOCATED, false },
		{ "T4.noautoen: masked", IRQ_REGION_MASKED, BIT_SET, IRQ_NOAUTOEN, BIT_SET, false },
		{ "T4.resend.retrigger T7.enable.resend.edge S.msi.retrigger S.msi-ir.retrigger S.xen.retrigger",
		  IRQ_REGION_PENDING, BIT_SET, IRQ_RESEND, BIT_CLEAR, false },
		{ "T4.resend.replay", IRQ_REGION_REPLAY, BIT_CLEAR, IRQ_RESEND, BIT_SET, false },
		{ "T4.resend.replay: it came", IRQ_REGION_REPLAY, BIT_SET, IRQ_ENTER, BIT_CLEAR, false },
		{ "T4.shared.reenable", IRQ_REGION_SPURIOUS, BIT_SET, IRQ_STARTUP, BIT_CLEAR, false },
		{ "T4.shared.reenable", IRQ_REGION_SPURIOUS, BIT_SET, IRQ_ENABLE, BIT_CLEAR, false },
		{ "T5.sync", IRQ_REGION_FLOW, BIT_SET, IRQ_DEACTIVATED, BIT_CLEAR, false },
		{ "T5.sync", IRQ_REGION_FLOW, BIT_UNKNOWN, IRQ_DEACTIVATED, BIT_CLEAR, false },
		{ "T6.busy", IRQ_REGION_LIFE, LIFE_STARTED, IRQ_TEARDOWN, LIFE_GONE, false },
	};

	(void)state;
	CHECK(&irq_component, list, NULL);
}

static uint32_t irq_in(unsigned region, unsigned from, unsigned depth)
{
	uint32_t core = core_set(component_unknown(&irq_component), &irq_component.regions[region], from);

	return core_set(core, &irq_component.regions[IRQ_REGION_DEPTH], depth);
}

/* F.edge.noaction F.fasteoi.noaction F.level.disabled T7.arrival.masked: an irq without an action is disabled, too. */
static void test_arrival_without_action_or_disabled(void **state)
{
	static const struct { unsigned region, from, depth, to; } list[] = {
		{ IRQ_REGION_PENDING, BIT_CLEAR, DEPTH_1, BIT_SET },
		{ IRQ_REGION_PENDING, BIT_CLEAR, DEPTH_MANY, BIT_SET },
		{ IRQ_REGION_PENDING, BIT_CLEAR, DEPTH_0, BIT_CLEAR },
		{ IRQ_REGION_MASKED, BIT_CLEAR, DEPTH_1, BIT_SET },
		{ IRQ_REGION_MASKED, BIT_UNKNOWN, DEPTH_2, BIT_SET },
		{ IRQ_REGION_MASKED, BIT_CLEAR, DEPTH_0, BIT_CLEAR },
		{ IRQ_REGION_FLOW, BIT_CLEAR, DEPTH_1, BIT_CLEAR },
		{ IRQ_REGION_FLOW, BIT_CLEAR, DEPTH_0, BIT_SET },
	};
	struct effects fx;

	(void)state;
	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		uint32_t core = irq_in(list[i].region, list[i].from, list[i].depth);

		component_step(&irq_component, &core, IRQ_FLOW, NULL, &fx);
		assert_int_equal(core_get(core, &irq_component.regions[list[i].region]), list[i].to);
	}
}

static unsigned effect_of(uint32_t core, unsigned region, enum irq_input in)
{
	struct effects fx;

	component_step(&irq_component, &core, in, NULL, &fx);
	for (unsigned i = 0; i < fx.nr; i++)
		if (fx.change[i].region == region)
			return fx.change[i].effect;
	return IRQ_EFFECT_NONE;
}

/* T5.sync T6.busy T7.enable.unbalanced: what must not be is told. */
static void test_what_the_kernel_warns_of(void **state)
{
	(void)state;
	assert_int_equal(effect_of(irq_in(IRQ_REGION_FLOW, BIT_SET, DEPTH_1), IRQ_REGION_FLOW, IRQ_DEACTIVATED),
			 IRQ_EFFECT_RUNNING);
	assert_int_equal(effect_of(irq_in(IRQ_REGION_FLOW, BIT_CLEAR, DEPTH_1), IRQ_REGION_FLOW, IRQ_DEACTIVATED),
			 IRQ_EFFECT_NONE);
	assert_int_equal(effect_of(irq_in(IRQ_REGION_LIFE, LIFE_STARTED, DEPTH_0), IRQ_REGION_LIFE, IRQ_TEARDOWN),
			 IRQ_EFFECT_IN_USE);
	assert_int_equal(effect_of(irq_in(IRQ_REGION_LIFE, LIFE_SHUTDOWN, DEPTH_1), IRQ_REGION_LIFE, IRQ_TEARDOWN),
			 IRQ_EFFECT_NONE);
	assert_int_equal(effect_of(irq_in(IRQ_REGION_FLOW, BIT_CLEAR, DEPTH_0), IRQ_REGION_DEPTH, IRQ_ENABLE_ASKED),
			 IRQ_EFFECT_UNBALANCED);
}

static void test_vector_rows(void **state)
{
	static const struct expectation list[] = {
		{ "T3.managed.reserve.failure", VECTOR_REGION_RESERVATION, RESERVATION_UNKNOWN, VECTOR_RESERVE_FAILED,
		  RESERVATION_NONE, false },
		{ "T3.maskable.activate T3.managed.activate", VECTOR_REGION_ACTIVATION, ACTIVATION_NONE,
		  VECTOR_ACTIVATE_RESERVED, ACTIVATION_RESERVED, false },
		{ "T3.maskable.deactivate", VECTOR_REGION_ACTIVATION, ACTIVATION_RESERVED, VECTOR_SEE_NOT_ACTIVATED,
		  ACTIVATION_NONE, false },
		{ "T3.nonmaskable.activate T3.refused", VECTOR_REGION_ACTIVATION, ACTIVATION_NONE, VECTOR_ACTIVATE,
		  ACTIVATION_FULL, false },
		{ "T3.isa.active", VECTOR_REGION_ACTIVATION, ACTIVATION_UNKNOWN, VECTOR_SETUP_LEGACY, ACTIVATION_FULL,
		  false },
		{ "T4.activate.flag", VECTOR_REGION_ACTIVATION, ACTIVATION_UNKNOWN, VECTOR_SEE_ACTIVATED,
		  ACTIVATION_FULL,
		  false },
		{ "T4.activate.failure", VECTOR_REGION_ACTIVATION, ACTIVATION_FULL, VECTOR_ACTIVATE_FAILED,
		  ACTIVATION_NONE,
		  false },
		{ "T4.startup.managed.vector", VECTOR_REGION_RESERVATION, RESERVATION_MANAGED, VECTOR_ALLOC_RESERVED,
		  RESERVATION_NONE, true },
		{ "T5.fixed", VECTOR_REGION_ACTIVATION, ACTIVATION_FULL, VECTOR_DEACTIVATE, ACTIVATION_NONE, false },
		{ "T5.fixed: keeps its vector", VECTOR_REGION_ASSIGNED, ASSIGNED_VECTOR, VECTOR_DEACTIVATE,
		  ASSIGNED_VECTOR,
		  false },
		{ "T6.clear", VECTOR_REGION_ASSIGNED, ASSIGNED_VECTOR, VECTOR_CLEAR, ASSIGNED_NONE, false },
		{ "T6.reservation", VECTOR_REGION_RESERVATION, RESERVATION_GLOBAL, VECTOR_TEARDOWN, RESERVATION_NONE,
		  false },
		{ "T6.reservation", VECTOR_REGION_RESERVATION, RESERVATION_MANAGED, VECTOR_TEARDOWN, RESERVATION_NONE,
		  false },
		{ "S.msi-ir.ack: queued by the move itself", VECTOR_REGION_CLEANUP, CLEANUP_PENDING,
		  VECTOR_CLEANUP_QUEUED,
		  CLEANUP_QUEUED, false },
	};

	(void)state;
	CHECK(&vector_component, list, NULL);
}

static void test_function_rows(void **state)
{
	static const struct expectation msix[] = {
		{ "T1.1.old", FN_REGION_ENABLE, BIT_SET, FN_WRITE_OFF, BIT_CLEAR, false },
		{ "T1.1.new T1.4.old.control", FN_REGION_ENABLE, BIT_CLEAR, FN_WRITE_MASKED, BIT_SET, false },
		{ "T1.1.new T1.4.old.control", FN_REGION_FMASK, BIT_CLEAR, FN_WRITE_MASKED, BIT_SET, false },
		{ "T1.5", FN_REGION_FMASK, BIT_SET, FN_WRITE_ON, BIT_CLEAR, false },
		{ "T1.error.new T1.error.old", FN_REGION_ENABLE, BIT_SET, FN_ENABLE_FAILED, BIT_CLEAR, false },
		{ "T1.error.new T1.error.old: either way", FN_REGION_FMASK, BIT_SET, FN_ENABLE_FAILED, BIT_UNKNOWN,
		  false },
		{ "T6.enable", FN_REGION_ENABLE, BIT_SET, FN_WRITE_OFF, BIT_CLEAR, false },
	};
	static const struct expectation msi[] = {
		{ "T2.1 T6.msi.enable", MSIFN_REGION_ENABLE, BIT_SET, MSIFN_WRITE_OFF, BIT_CLEAR, false },
		{ "T2.6", MSIFN_REGION_ENABLE, BIT_CLEAR, MSIFN_WRITE_ON, BIT_SET, false },
		{ "T2.6", MSIFN_REGION_ENABLE, BIT_CLEAR, MSIFN_ENABLED, BIT_SET, false },
		{ "T6.msi.enable", MSIFN_REGION_ENABLE, BIT_SET, MSIFN_DISABLED, BIT_CLEAR, false },
	};
	static const struct expectation pci[] = {
		{ "T1.4.new.intx T2.5", PCI_REGION_INTX, BIT_CLEAR, PCI_INTX_OFF, BIT_SET, false },
		{ "T6.intx T6.msi.intx", PCI_REGION_INTX, BIT_SET, PCI_INTX_ON, BIT_CLEAR, false },
	};
	static const struct expectation intx[] = {
		{ "T1.4.new.intx T2.5", INTX_REGION_DISABLE, BIT_CLEAR, INTX_FORBID, BIT_SET, false },
		{ "T6.intx T6.msi.intx", INTX_REGION_DISABLE, BIT_SET, INTX_ALLOW, BIT_CLEAR, false },
	};

	(void)state;
	CHECK(&msix_function_component, msix, NULL);
	CHECK(&msi_function_component, msi, NULL);
	CHECK(&pci_component, pci, NULL);
	CHECK(&intx_component, intx, NULL);
}

static void test_message_rows(void **state)
{
	static const struct msix_entry_view entry_view = { BIT_SET, BIT_CLEAR, BIT_SET };
	static const struct msi_message_view msi_view = { BIT_SET, BIT_SET };
	static const struct expectation entry[] = {
		{ "T1.2.mid.maskall T1.4.new.maskall T1.4.old.mask T1.after", ENTRY_REGION_HW, BIT_CLEAR,
		  ENTRY_MASK_ALL, BIT_SET,
		  false },
		{ "T1.2.mid.cache", ENTRY_REGION_HW, BIT_UNKNOWN, ENTRY_CACHED_MASKED, BIT_SET, false },
		{ "T1.2.mid.cache", ENTRY_REGION_KERNEL, BIT_UNKNOWN, ENTRY_CACHED_MASKED, BIT_SET, false },
		{ "T1.3.new.unmask T1.4.new.cache", ENTRY_REGION_HW, BIT_SET, ENTRY_CACHED_UNMASKED, BIT_CLEAR, false },
		{ "T1.3.new.unmask T1.4.new.cache", ENTRY_REGION_KERNEL, BIT_SET, ENTRY_CACHED_UNMASKED, BIT_CLEAR,
		  false },
		{ "T3.maskable.message", ENTRY_REGION_MESSAGE, MESSAGE_NONE, ENTRY_MESSAGE_PARKED, MESSAGE_PARKED,
		  false },
		{ "T4.activate.message", ENTRY_REGION_MESSAGE, MESSAGE_PARKED, ENTRY_MESSAGE_SET, MESSAGE_VECTOR,
		  false },
		{ "T4.enable.callback T4.enable.msix S.msi-dev.mask", ENTRY_REGION_HW, BIT_SET, ENTRY_UNMASK, BIT_CLEAR,
		  false },
		{ "S.msi-dev.mask", ENTRY_REGION_HW, BIT_CLEAR, ENTRY_MASK, BIT_SET, false },
	};
	static const struct expectation msi[] = {
		{ "T2.2", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_HAS_MASK, MSIMASK_PRESENT, false },
		{ "T2.2 T2.nomask.write", MSI_REGION_HW, MSIMASK_UNKNOWN, MSI_NO_MASK, MSIMASK_ABSENT, false },
		{ "T2.3", MSI_REGION_HW, MSIMASK_CLEAR, MSI_MASK_ALL, MSIMASK_SET, false },
		{ "T2.3: the register itself", MSI_REGION_HW, MSIMASK_CLEAR, MSI_HW_MASK, MSIMASK_SET, false },
		{ "T2.nomask.write", MSI_REGION_HW, MSIMASK_ABSENT, MSI_MASK_ALL, MSIMASK_ABSENT, false },
		{ "T3.maskable.message.msi", MSI_REGION_MESSAGE, MESSAGE_NONE, MSI_MESSAGE_PARKED, MESSAGE_PARKED,
		  false },
		{ "T4.activate.message.msi", MSI_REGION_MESSAGE, MESSAGE_PARKED, MSI_MESSAGE_SET, MESSAGE_VECTOR,
		  false },
		{ "T4.enable.callback T4.enable.msi S.msi-dev.mask", MSI_REGION_HW, MSIMASK_SET, MSI_UNMASK,
		  MSIMASK_CLEAR,
		  false },
		{ "T5.shutdown.mask.msi S.msi-dev.mask", MSI_REGION_HW, MSIMASK_CLEAR, MSI_MASK, MSIMASK_SET, false },
		{ "T5.deactivate.message.msi", MSI_REGION_MESSAGE, MESSAGE_VECTOR, MSI_MESSAGE_ZERO, MESSAGE_NONE,
		  false },
		{ "T6.msi.mask", MSI_REGION_HW, MSIMASK_SET, MSI_UNMASK_ALL, MSIMASK_CLEAR, false },
		{ "T6.msi.mask: the register itself", MSI_REGION_HW, MSIMASK_SET, MSI_HW_UNMASK, MSIMASK_CLEAR, false },
	};

	(void)state;
	CHECK(&msix_entry_component, entry, &entry_view);
	CHECK(&msi_message_component, msi, &msi_view);
}

static void test_pin_and_remapping_rows(void **state)
{
	static const struct expectation pin[] = {
		{ "F.fasteoi.normal.mask T5.shutdown.mask.ioapic T7.disable.unlazy", PIN_REGION_HW, BIT_CLEAR, PIN_MASK,
		  BIT_SET,
		  false },
		{ "F.fasteoi.normal.unmask T4.enable.ioapic", PIN_REGION_HW, BIT_SET, PIN_UNMASK, BIT_CLEAR, false },
		{ "T5.deactivate.ioapic", PIN_REGION_HW, BIT_CLEAR, PIN_RTE_MASKED, BIT_SET, false },
		{ "T5.deactivate.ioapic: nobody asked mask_irq()", PIN_REGION_KERNEL, BIT_CLEAR, PIN_RTE_MASKED,
		  BIT_CLEAR, false },
		{ "T5.sync.hw", PIN_REGION_IRR, BIT_SET, PIN_IRR_CLEAR, BIT_CLEAR, false },
		{ "F.fasteoi.normal.eoi S.ioapic.ack.level", PIN_REGION_IRR, BIT_SET, PIN_EOI, BIT_CLEAR, false },
	};
	static const struct expectation irte[] = {
		{ "T3.irte", IRTE_REGION_PRESENT, IRTE_FLAG_NO, IRTE_WRITE_SAME, IRTE_FLAG_YES, false },
		{ "T4.activate.irte S.ioapic-ir.affinity S.msi-ir.affinity", IRTE_REGION_ROUTE, IRTE_ROUTE_OTHER,
		  IRTE_WRITE_SAME, IRTE_ROUTE_SAME, false },
		{ "T5.deactivate.irte S.deactivate.order", IRTE_REGION_PRESENT, IRTE_FLAG_YES, IRTE_CLEARED,
		  IRTE_FLAG_NO, false },
	};

	(void)state;
	CHECK(&pin_component, pin, NULL);
	CHECK(&irte_component, irte, NULL);
}

/* ------------------------------------------------------------------------------------------ replays */

#define ON(t) t " cpu0 "
#define MATRIX(t, what) ON(t) "vector.matrix@shadow op=\"" what "\" bit=0 target_cpu=0"
#define RESERVE(t, irq, managed, ret) ON(t) "vector.reserve@shadow irq:" irq " managed=" managed " ret=" ret
#define CONFIG(t, irq, vec, cpu) \
	ON(t) "vector.config@shadow irq:" irq " vector=" vec " target_cpu=" cpu " apicdest=" cpu
#define SETS_UP(t, irq, legacy) ON(t) "vector.setup@shadow irq:" irq " legacy=" legacy " ret=0"
#define ACTIVATE(t, irq, managed, reserved) \
	ON(t) "vector.activate@shadow irq:" irq " managed=" managed " can_reserve=1 reserved=" reserved
#define DEACTIVATE(t, irq) ON(t) "vector.deactivate@shadow irq:" irq " managed=0 can_reserve=1 reserved=0"
#define ALLOC(t, irq, vec, reserved, ret) \
	ON(t) "vector.alloc@shadow irq:" irq " vector=" vec " reserved=" reserved " ret=" ret
#define UPDATE(t, irq, vec, cpu, old, old_cpu) \
	ON(t) "vector.update@shadow irq:" irq " vector=" vec " target_cpu=" cpu " prev_vector=" old " prev_cpu=" old_cpu
#define CLEAR(t, irq, vec) ON(t) "vector.clear@shadow irq:" irq " vector=" vec " target_cpu=0 prev_vector=0 prev_cpu=0"
#define TEARDOWN(t, irq) ON(t) "vector.teardown@shadow irq:" irq " managed=0 reserved=1"
#define MESSAGE_CTRL(t, irq, lo, data, ctrl) \
	ON(t) "pci.msix.entry_write@shadow irq:" irq " msix:0000:05:00.0[0] addr_lo=" lo " addr_hi=0x0" \
	" data=" data " ctrl=" ctrl
#define MESSAGE(t, irq, lo, data) MESSAGE_CTRL(t, irq, lo, data, "0x1")
#define MSI_MESSAGE(t, irq, lo, data) \
	ON(t) "pci.msi.write@shadow irq:" irq " msi:0000:05:00.0[0] addr_lo=" lo " addr_hi=0x0 data=" data
#define MSI_BITS(t, value) ON(t) "pci.msi.mask@shadow msi:0000:05:00.0[0] value=" value " mask=0x1"
#define MSI_UNMASK(t, irq) ON(t) "irq.unmask@shadow irq:" irq " msi:0000:05:00.0[0] state=0x14020200 ctrl=0x1"
#define MSI_MASK(t, irq) ON(t) "irq.mask@shadow irq:" irq " msi:0000:05:00.0[0] state=0x14400200 ctrl=0x0"
#define SHUTDOWN(t, irq) ON(t) "irq.shutdown@shadow irq:" irq " state=0x10400200 depth=0"
#define WORD(t, irq, word) ON(t) "irq.affinity@intent irq:" irq " cpumask=0x1 force=0 state=" word
#define APPLY(t, irq, mask) ON(t) "irq.affinity@shadow irq:" irq " cpumask=" mask " force=0"
#define ENABLES(t, what, enable, fmask) \
	ON(t) "pci." what ".enable@hardware pci:0000:05:00.0 enable=" enable " " fmask
#define RETURNS(t, what, ret) ON(t) "pci." what ".enable@shadow pci:0000:05:00.0 ret=" ret
#define DISABLES(t, what) ON(t) "pci." what ".enable@shadow pci:0000:05:00.0 enable=0"
#define INTX(t, enable) ON(t) "pci.intx.control@intent pci:0000:05:00.0 enable=" enable
#define IRTE(t, irq, value, vec) \
	ON(t) "irte.write@shadow irte:0.27 irq:" irq " value=" value " vector=" vec " apicdest=0"
#define CHIP(t, irq, chip) ON(t) "irq.startup@shadow irq:" irq " state=0x10030200 depth=1 chip=\"" chip "\""
#define PIN_UNMASK(t) ON(t) "irq.unmask@shadow irq:23 pin:0.23 state=0x1d032200 rte=0x18823"
#define PIN_MASK(t) ON(t) "irq.mask@shadow irq:23 pin:0.23 state=0x1d402200 rte=0x8823"
#define END(t) t " cpu1 mark@hardware text=\"end\""

/* Reserved, parked, set up. */
#define BORN(irq) MATRIX("1.0", "reserve"), RESERVE("1.01", irq, "0", "0"), CONFIG("1.02", irq, "239", "0"), \
	SETS_UP("1.03", irq, "0")
/* The same, and activated early. */
#define PARKED(irq) BORN(irq), ACTIVATE("1.04", irq, "0", "1"), CONFIG("1.05", irq, "239", "0")
/* A real vector. */
#define ASSIGNED(irq) ACTIVATE("2.0", irq, "0", "0"), ALLOC("2.01", irq, "34", "1", "0"), \
	UPDATE("2.02", irq, "34", "0", "0", "0"), CONFIG("2.03", irq, "34", "0")
/* Started, on vector 48 of CPU 0. */
#define IN_USE_OF(chip) CHIP("1.0", "40", chip), UPDATE("1.01", "40", "48", "0", "0", "0"), CONFIG("1.02", "40", "48", \
	"0")
#define IN_USE IN_USE_OF("PCI-MSI")

struct scenario {
	const char *rows;
	const char *const *lines;
	/* "field=state" at the end, "field~state" at any time, "field!state" never */
	const char *const *want;
};

static bool span_is(const struct span_row *span, const char *want, const char *how)
{
	char text[128];

	snprintf(text, sizeof(text), "%s.%s%s%s", span->component, span->field, how, span->state);
	return !strcmp(text, want);
}

static bool is_met(const struct bench *b, const char *want)
{
	bool never = strchr(want, '!'), found = false;

	assert_true(b->nr_spans <= MAX_ROWS);
	for (unsigned i = 0; i < b->nr_spans; i++) {
		const struct span_row *span = &b->span[i];

		found |= span_is(span, want, "~") || span_is(span, want, "!") ||
			 (span->ending == ENDING_OPEN && span_is(span, want, "="));
	}
	return found != never;
}

static void play(void **state, const struct scenario *s, unsigned nr)
{
	for (; nr--; s++) {
		struct bench *b = *state;

		replay(b, s->lines);
		if (b->nr_unexpected)
			fail_msg("%s: unexpected step", s->rows);
		for (unsigned i = 0; s->want[i]; i++)
			if (!is_met(b, s->want[i]))
				fail_msg("%s: not met: %s", s->rows, s->want[i]);
		tear_down(state);
		set_up(state);
	}
}

#define PLAY(list) play(state, list, sizeof(list) / sizeof((list)[0]))

static void test_allocation_rows(void **state)
{
	const struct scenario list[] = {
		{ "T3.maskable.reserve T3.maskable.park T3.maskable.setup T3.maskable.activate T3.maskable.message "
		  "T3.maskable.deactivate T1.2.old.irqs T1.3.mid T1.3.new",
		  LINES(PARKED("40"), MESSAGE("1.06", "40", "0xfee00000", "0xef"), WORD("1.1", "40", "0x14030000")),
		  LINES("irq.life=allocated", "irq.depth=1", "irq.masked=masked", "vector.reservation=reserved",
			"vector.assigned=parked", "vector.activation~reserved", "vector.activation=none",
			"vector.activation!activated", "msix_entry.message=parked") },
		{ "T3.maskable.message.msi T2.4",
		  LINES(PARKED("40"), MSI_MESSAGE("1.06", "40", "0xfee00000", "0xef")),
		  LINES("irq.life=allocated", "msi_message.message=parked") },
		{ "T3.managed.reserve T3.managed.setup T3.managed.activate",
		  LINES(MATRIX("1.0", "reserve_managed"), RESERVE("1.01", "40", "1", "0"), SETS_UP("1.02", "40", "0"),
			ACTIVATE("1.03", "40", "1", "1"), CONFIG("1.04", "40", "239", "0")),
		  LINES("irq.life=allocated", "vector.reservation=managed", "vector.activation=reserved",
			"vector.assigned=parked") },
		{ "T3.managed.reserve.failure",
		  LINES(RESERVE("1.01", "40", "1", "-28"), END("2.0")),
		  LINES("vector.reservation=none", "vector.reservation!managed") },
		{ "T3.nonmaskable.setup T3.nonmaskable.activate T3.nonmaskable.vector T3.refused T2.nomask.vector",
		  LINES(BORN("40"), ASSIGNED("40"), MSI_MESSAGE("2.1", "40", "0xfee00000", "0x22")),
		  LINES("irq.life=allocated", "vector.reservation~reserved", "vector.assigned~parked",
			"vector.assigned=assigned",
			"vector.reservation=none", "vector.activation=activated", "vector.activation!reserved",
			"msi_message.message=vector") },
		{ "T3.isa.inactive.clear T3.isa.inactive.park",
		  LINES(CLEAR("0.9", "4", "52"), BORN("4")),
		  LINES("vector.assigned~none", "vector.assigned=parked", "vector.reservation=reserved",
			"irq.life=allocated",
			"irq.depth=1") },
		{ "T3.isa.active",
		  LINES(FLOW("0.4", "0", "0x10400200"), ENTER("0.5", "0"), EXIT("0.6", "0", "1"), SETS_UP("1.0", "0",
			"1"),
			CONFIG("1.01", "0", "48", "0")),
		  LINES("irq.life=started", "irq.life!allocated", "irq.depth=0", "irq.depth!1", "irq.masked!masked",
			"vector.assigned=assigned", "vector.activation=activated", "vector.reservation=none") },
		{ "T3.irte",
		  LINES(BORN("40"), IRTE("1.1", "40", "0xd", "239")),
		  LINES("irte.present=yes", "irte.route=as configured") },
	};

	PLAY(list);
}

/* T3.isa.active: the irq goes on; one that was torn down is another. */
static void test_active_isa_irq_is_not_born(void **state)
{
	struct bench *b = *state;
	unsigned irqs = 0;

	replay(b, LINES(ENTER("0.5", "0"), EXIT("0.6", "0", "1"), SETS_UP("1.0", "0", "1"), CONFIG("1.01", "0", "48",
	"0"),
			TEARDOWN("2.0", "0"), SETS_UP("3.0", "0", "1"), END("4.0")));
	for (unsigned i = 0; i < b->nr_objects; i++) {
		if (b->object[i].ref.kind != OBJ_IRQ)
			continue;
		assert_int_equal(b->object[i].born_ns, NO_TIME);
		assert_int_equal(b->object[i].generation, ++irqs);
	}
	assert_int_equal(irqs, 2);
	assert_int_equal(b->nr_unexpected, 0);
}

static void test_request_rows(void **state)
{
	const struct scenario list[] = {
		{ "T4.activate.vector T4.activate.flag T4.activate.reservation T4.activate.message "
		  "T4.startup.affinity.pre "
		  "T4.enable.unmasked T4.enable.callback",
		  LINES(PARKED("40"), WORD("1.9", "40", "0x14030000"), ASSIGNED("40"), MESSAGE("2.1", "40",
			"0xfee00000", "0x22"),
			STARTUP("2.2", "40"), APPLY("2.3", "40", "0x1"), UNMASK("2.4", "40", "0")),
		  LINES("vector.activation~none", "vector.activation=activated", "vector.reservation=none",
			"vector.assigned=assigned", "vector.affinity=applied", "msix_entry.message=vector",
			"msix_entry.mask=unmasked",
			"irq.life=started", "irq.depth=0", "irq.masked=unmasked") },
		{ "T4.activate.flag: by the state word alone",
		  LINES(BORN("40"), STARTUP("2.2", "40")),
		  LINES("vector.activation~none", "vector.activation=activated") },
		{ "T4.activate.failure",
		  LINES(PARKED("40"), ACTIVATE("2.0", "40", "0", "0"), ALLOC("2.1", "40", "0", "0", "-28"),
			ON("3.0") "irq.setup_result@shadow irq:40 ret=-28", END("9.0")),
		  LINES("vector.activation~activated", "vector.activation=none", "vector.assigned=parked",
			"vector.reservation=reserved", "irq.life=allocated") },
		{ "T4.startup.affinity.post",
		  LINES(PARKED("40"), ASSIGNED("40"), MESSAGE("2.1", "40", "0xfee00000", "0x22"), STARTUP("2.2", "40"),
			UNMASK("2.3", "40", "0"), APPLY("2.4", "40", "0x1"), CONFIG("2.5", "40", "34", "0"),
			MESSAGE("2.6", "40", "0xfee00000", "0x22")),
		  LINES("vector.affinity=applied", "vector.assigned=assigned", "msix_entry.message=vector") },
		{ "T4.startup.managed.vector T4.startup.managed.affinity",
		  LINES(RESERVE("1.01", "40", "1", "0"), SETS_UP("1.02", "40", "0"), ACTIVATE("1.03", "40", "1", "1"),
			CONFIG("1.04", "40", "239", "0"),
			ON("2.0") "irq.startup@shadow irq:40 state=0x10230000 depth=1",
			ACTIVATE("2.1", "40", "1", "0"), ALLOC("2.2", "40", "34", "0", "0"), UPDATE("2.3", "40", "34",
			"0", "0", "0"),
			CONFIG("2.4", "40", "34", "0"), APPLY("2.5", "40", "0x1"), UNMASK("2.6", "40", "0")),
		  LINES("irq.life~starting", "irq.life=started", "vector.assigned~parked", "vector.assigned=assigned",
			"vector.reservation=managed", "vector.affinity=applied", "vector.activation=activated") },
		{ "T4.noautoen",
		  LINES(BORN("40"), ON("2.0") "irq.disable@intent irq:40",
			ON("2.1") "irq.setup@intent irq:40 name=\"a\" flags=0x80000"),
		  LINES("irq.depth~2", "irq.depth=1", "irq.life=allocated", "irq.masked=masked") },
		{ "T4.noautoen: the second action of a line changes nothing",
		  LINES(STARTUP("1.0", "40"), ON("2.1") "irq.setup@intent irq:40 name=\"a\" flags=0x80080"),
		  LINES("irq.depth=0", "irq.depth!1", "irq.life=started") },
		{ "T4.shared.reenable",
		  LINES(STARTUP("1.0", "40"), ON("2.0") "irq.spurious@shadow irq:40 unhandled=100000",
			ON("2.1") "irq.disable@shadow irq:40 state=0x10400200 depth=1", STARTUP("3.0", "40")),
		  LINES("irq.spurious_disabled~yes", "irq.spurious_disabled=no", "irq.depth=0") },
		{ "T4.enable.msi T2.3 T4.activate.message.msi",
		  LINES(BORN("40"), ASSIGNED("40"), MSI_BITS("2.1", "0x1"), MSI_MESSAGE("2.2", "40", "0xfee00000",
			"0x22"),
			STARTUP("2.3", "40"), MSI_UNMASK("2.4", "40")),
		  LINES("msi_message.mask~masked", "msi_message.mask=unmasked", "msi_message.message=vector",
			"irq.life=started") },
		{ "F.fasteoi.normal.mask F.fasteoi.normal.unmask",
		  LINES(CHIP("1.0", "23", "IO-APIC"), PIN_UNMASK("1.1"), FLOW("1.9", "23", "0x10402200"),
			PIN_MASK("2.0"), ENTER("2.1", "23"), EXIT("2.2", "23", "1"),
			PIN_UNMASK("2.3")),
		  LINES("ioapic_pin.mask~masked", "ioapic_pin.mask=unmasked") },
	};

	PLAY(list);
}

static void test_free_rows(void **state)
{
	const struct scenario list[] = {
		{ "T5.asked T5.shutdown.mask.msix T5.deactivate.message T5.deactivate.vector T5.deactivate.reserve "
		  "T5.deactivate.park T6.clear",
		  LINES(IN_USE, UNMASK("1.1", "40", "0"), MESSAGE("1.2", "40", "0xfee00000", "0x30"),
			ON("2.0") "irq.free@intent irq:40", SHUTDOWN("2.1", "40"), MASK("2.2", "40", "0", "0x10410200"),
			MESSAGE("2.3", "40", "0x0", "0x0"), DEACTIVATE("2.4", "40"), CLEAR("2.5", "40", "48"),
			MATRIX("2.6", "free"),
			RESERVE("2.7", "40", "0", "0"), CONFIG("2.8", "40", "239", "0")),
		  LINES("irq.life~stopping", "irq.life=shutdown", "irq.depth=1", "msix_entry.mask=masked",
			"msix_entry.message=none",
			"vector.activation=none", "vector.assigned~none", "vector.assigned=parked",
			"vector.reservation=reserved") },
		{ "T5.deactivate.irte S.deactivate.order",
		  LINES(IN_USE, IRTE("1.1", "40", "0xd", "48"), SHUTDOWN("2.0", "40"), MESSAGE("2.1", "40", "0x0",
			"0x0"),
			IRTE("2.2", "40", "0x0", "0"), DEACTIVATE("2.3", "40"), CLEAR("2.4", "40", "48")),
		  LINES("irte.present~yes", "irte.present~no", "irte.present!unknown", "vector.assigned=none",
			"msix_entry.message=none") },
		{ "T5.shutdown.mask.msi T5.deactivate.message.msi",
		  LINES(IN_USE, MSI_UNMASK("1.1", "40"), MSI_MESSAGE("1.2", "40", "0xfee00000", "0x30"), SHUTDOWN("2.0",
			"40"),
			MSI_MASK("2.1", "40"), MSI_MESSAGE("2.2", "40", "0x0", "0x0")),
		  LINES("msi_message.mask~unmasked", "msi_message.mask=masked", "msi_message.message~vector",
			"msi_message.message=none") },
		{ "T5.shutdown.mask.ioapic T5.deactivate.ioapic",
		  LINES(CHIP("1.0", "23", "IO-APIC"), PIN_UNMASK("1.1"), SHUTDOWN("2.0", "23"), PIN_MASK("2.1"),
			ON("2.2") "ioapic.rte_write@shadow irq:23 pin:0.23 rte=0x18823"),
		  LINES("ioapic_pin.mask~unmasked", "ioapic_pin.mask=masked", "ioapic_pin.trigger=level") },
		{ "T5.deactivate.ioapic: by the domain alone",
		  LINES(CHIP("1.0", "23", "IO-APIC"), PIN_UNMASK("1.1"), SHUTDOWN("2.0", "23"),
			ON("2.2") "ioapic.rte_write@shadow irq:23 pin:0.23 rte=0x18823"),
		  LINES("ioapic_pin.mask=masked", "ioapic_pin.kernel_mask=unmasked") },
		{ "T5.deactivate.vector.prev",
		  LINES(IN_USE, UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.1", "40", "49", "1"),
			SHUTDOWN("3.0", "40"),
			DEACTIVATE("3.1", "40"), CLEAR("3.2", "40", "49")),
		  LINES("vector.cleanup~pending", "vector.cleanup=none", "vector.assigned=none") },
		{ "T5.managed",
		  LINES(RESERVE("0.5", "40", "1", "0"), IN_USE, SHUTDOWN("2.0", "40"), DEACTIVATE("2.1", "40"),
			CLEAR("2.2", "40", "48"), CONFIG("2.3", "40", "239", "0")),
		  LINES("vector.assigned~none", "vector.assigned=parked", "vector.reservation=managed",
			"vector.activation=none") },
		{ "T5.fixed",
		  LINES(IN_USE, ACTIVATE("1.5", "40", "0", "0"), SHUTDOWN("2.0", "40"), DEACTIVATE("2.1", "40")),
		  LINES("vector.activation~activated", "vector.activation=none", "vector.assigned=assigned",
			"vector.assigned!none") },
		{ "T6.enable T6.intx T6.clear T6.reservation T6.teardown",
		  LINES(PARKED("40"), ENABLES("1.5", "msix", "1", "masked=0"), DISABLES("2.0", "msix"), INTX("2.1",
			"1"),
			TEARDOWN("2.2", "40"), MATRIX("2.3", "remove_reserved"), END("3.0")),
		  LINES("msix_function.enable~on", "msix_function.enable=off", "pci.intx=allowed",
			"vector.reservation~reserved",
			"vector.reservation=none", "vector.assigned=none", "irq.life=gone") },
		{ "T6.msi.enable T6.msi.intx T6.msi.mask",
		  LINES(IN_USE, MSI_BITS("1.1", "0x1"), ENABLES("1.2", "msi", "1", ""), ENABLES("2.0", "msi", "0", ""),
			INTX("2.1", "1"), MSI_BITS("2.2", "0x0")),
		  LINES("msi_function.enable~on", "msi_function.enable=off", "pci.intx=allowed",
			"msi_message.mask~masked",
			"msi_message.mask=unmasked") },
		{ "T6.msi.mask: by the call alone",
		  LINES(IN_USE, MSI_BITS("1.1", "0x1"), DISABLES("2.0", "msi")),
		  LINES("msi_message.mask~masked", "msi_message.mask=unmasked") },
		{ "T6.busy",
		  LINES(IN_USE, TEARDOWN("2.0", "40"), END("3.0")),
		  LINES("irq.life~started", "irq.life=gone") },
	};

	PLAY(list);
}

/* T5.deactivate.vector: the irq has that vector no more. */
static void test_vector_link_ends_with_the_vector(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(IN_USE, SHUTDOWN("2.0", "40"), DEACTIVATE("2.4", "40"), CLEAR("2.5", "40", "48"), END("9.0")));
	assert_int_equal(b->nr_links, 1);
	assert_int_equal(b->link[0].to_ns, 2500000000);
}

static void test_enable_rows(void **state)
{
	const struct scenario list[] = {
		{ "T1.1.old T1.4.old.control T1.5: up to 5.13",
		  LINES(ENABLES("1.0", "msix", "0", "masked=0"), ENABLES("2.0", "msix", "1", "masked=1"),
			ENABLES("3.0", "msix", "1", "masked=0")),
		  LINES("msix_function.enable~off", "msix_function.enable=on", "msix_function.fmask~masked",
			"msix_function.fmask=unmasked") },
		{ "T1.1.new T1.4.new.intx T1.4.new.maskall T1.after: from 5.16-rc6",
		  LINES(ENABLES("1.0", "msix", "1", "masked=1"), BORN("40"), MESSAGE("1.5", "40", "0xfee00000", "0xef"),
			INTX("2.0", "0"), ENABLES("2.5", "msix", "1", "masked=0"), RETURNS("3.0", "msix", "1")),
		  LINES("msix_function.fmask~masked", "msix_function.fmask=unmasked", "msix_function.enable=on",
			"pci.intx=disabled",
			"msix_entry.mask=masked", "irq.depth=1", "irq.masked=masked") },
		{ "T1.2.new.cache: a cached 0 says nothing of the table behind the call",
		  LINES(BORN("40"), MESSAGE_CTRL("1.5", "40", "0xfee00000", "0xef", "0x0"), RETURNS("3.0", "msix",
			"1")),
		  LINES("msix_entry.mask=masked") },
		{ "T1.2.mid.cache T1.2.mid.maskall",
		  LINES(BORN("40"), MESSAGE_CTRL("1.5", "40", "0xfee00000", "0xef", "0x1")),
		  LINES("msix_entry.mask=masked", "msix_entry.kernel_mask=masked") },
		{ "T1.3.new.unmask: under the function mask",
		  LINES(ENABLES("1.0", "msix", "1", "masked=1"), BORN("40"),
			MESSAGE_CTRL("1.5", "40", "0xfee00000", "0xef", "0x0")),
		  LINES("msix_entry.mask=unmasked", "msix_entry.message=parked", "msix_function.fmask=masked") },
		{ "T1.4.new.cache: the next message goes by the cache, which masking all entries left",
		  LINES(BORN("40"), MESSAGE_CTRL("1.5", "40", "0xfee00000", "0xef", "0x0"), RETURNS("2.0", "msix", "1"),
			MESSAGE_CTRL("3.0", "40", "0xfee00000", "0x22", "0x0")),
		  LINES("msix_entry.mask~masked", "msix_entry.mask=unmasked") },
		{ "T1.error.new T1.error.old",
		  LINES(ENABLES("1.0", "msix", "1", "masked=1"), RETURNS("2.0", "msix", "-28"), END("3.0")),
		  LINES("msix_function.enable~on", "msix_function.enable=off", "msix_function.fmask~masked",
			"msix_function.fmask!unmasked") },
		{ "T1.nomask: Xen's bits are left alone",
		  LINES(ON("0.5") "xen.pirq.bind@shadow pirq:0.55 irq:40",
			ON("0.6") "irq.mask@intent irq:40 msix:0000:05:00.0[0] state=0x10030200", RETURNS("1.0", "msix",
			"1"), END("3.0")),
		  LINES("msix_function.enable=on", "msix_entry.mask!masked", "msix_entry.kernel_mask!masked") },
		{ "T2.1 T2.6 T2.5",
		  LINES(ENABLES("1.0", "msi", "0", ""), INTX("1.5", "0"), ENABLES("2.0", "msi", "1", "")),
		  LINES("msi_function.enable~off", "msi_function.enable=on", "pci.intx=disabled") },
		{ "T2.2 T2.3: maskable",
		  LINES(BORN("40"), MSI_UNMASK("1.5", "40"), RETURNS("2.0", "msi", "1")),
		  LINES("msi_message.mask~unmasked", "msi_message.mask=masked") },
		{ "T2.2 T2.nomask.write: without a mask bit",
		  LINES(BORN("40"), ON("1.5") "irq.unmask@shadow irq:40 msi:0000:05:00.0[0] state=0x10020200 ctrl=0x0",
			RETURNS("2.0", "msi", "1")),
		  LINES("msi_message.mask=absent", "msi_message.mask!masked") },
	};

	PLAY(list);
}

static void test_disable_rows(void **state)
{
	const struct scenario list[] = {
		{ "T7.arrival.masked F.edge.disabled.mask",
		  LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "0"), ON("2.0") "irq.disable@intent irq:40",
			ON("3.0") "irq.flow@shadow irq:40 state=0x10410200 istate=0x0 depth=1"),
		  LINES("irq.masked~unmasked", "irq.masked=masked") },
		{ "T7.arrival.masked: an enabled one stays as it is",
		  LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "0"), FLOW("3.0", "40", "0x10400200")),
		  LINES("irq.masked=unmasked") },
		{ "F.edge.noaction F.fasteoi.noaction",
		  LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "0"), SHUTDOWN("2.0", "40"),
			ON("3.0") "irq.flow@shadow irq:40 state=0x10010200 istate=0x4000 depth=1"),
		  LINES("irq.masked=masked", "irq.life=shutdown") },
		{ "F.level.disabled",
		  LINES(STARTUP("1.0", "7"), ON("2.0") "irq.unmask@intent irq:7 state=0x12202",
			ON("2.1") "irq.disable@intent irq:7",
			ON("3.0") "irq.flow@shadow irq:7 state=0x412202 istate=0x0 depth=1"),
		  LINES("irq.masked~unmasked", "irq.masked=masked") },
		{ "F.level.inprogress F.level.normal.unmask",
		  LINES(STARTUP("1.0", "7"), ON("2.0") "irq.mask@intent irq:7 state=0x402202",
			ON("2.1") "irq.flow@shadow irq:7 state=0x462202 istate=0x0 depth=0",
			ON("2.2") "irq.unmask@intent irq:7 state=0x422202"),
		  LINES("irq.masked~masked", "irq.masked=unmasked") },
		{ "F.level.normal.mask F.level.normal.unmask: the word that unmask_irq() finds",
		  LINES(STARTUP("1.0", "7"), ON("1.5") "irq.unmask@intent irq:7 state=0x402202",
			ON("2.0") "irq.flow@shadow irq:7 state=0x402202 istate=0x0 depth=0", ENTER("2.1", "7"),
			EXIT("2.2", "7", "1"), ON("2.3") "irq.unmask@intent irq:7 state=0x422202", END("3.0")),
		  LINES("irq.masked~masked", "irq.masked=unmasked") },
		{ "F.edge.inprogress F.edge.normal.loop",
		  LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "0"), FLOW("2.0", "40", "0x10400200"), ENTER("2.1",
			"40"),
			"2.2 cpu1 irq.flow@shadow irq:40 state=0x10440200 istate=0x0 depth=0",
			"2.3 cpu1 irq.mask@shadow irq:40 msix:0000:05:00.0[0] state=0x10460200 ctrl=0x0",
			EXIT("2.4", "40", "1"), UNMASK("2.5", "40", "0"), ENTER("2.6", "40"), EXIT("2.7", "40", "1")),
		  LINES("irq.masked~masked", "irq.masked=unmasked", "msix_entry.mask=unmasked") },
	};

	PLAY(list);
}

/* ------------------------------------------------------------------------------------------ pending */

static bool met(const struct coverage *cov, unsigned region, unsigned from, enum irq_input in)
{
	return coverage_met(cov, &irq_component, region, from, in);
}

/*
 * F.fasteoi.inprogress F.level.inprogress F.edge.inprogress F.simple.disabled T4.resend.replay: which records say so.
 */
static void test_words_tell_what_is_in_progress(void **state)
{
	struct coverage cov = { 0 };
	struct bench *b = *state;

	b->coverage = &cov;
	replay(b, LINES(FLOW("1.0", "40", "0x10440200"), FLOW("1.1", "41", "0x10442200"), FLOW("1.2", "42",
	"0x10400200"),
			ON("1.3") "irq.disable@shadow irq:43 state=0x10400200 depth=1 istate=0x200",
			ON("1.4") "irq.flow@shadow irq:44 state=0x10400200 istate=0x40 depth=0"));
	assert_true(met(&cov, IRQ_REGION_PENDING, BIT_CLEAR, IRQ_FLOW_BUSY));
	assert_true(met(&cov, IRQ_REGION_PENDING, BIT_CLEAR, IRQ_FLOW_IGNORED));
	assert_true(met(&cov, IRQ_REGION_PENDING, BIT_CLEAR, IRQ_FLOW));
	assert_true(met(&cov, IRQ_REGION_PENDING, BIT_UNKNOWN, IRQ_SEE_PENDING));
	assert_true(met(&cov, IRQ_REGION_REPLAY, BIT_SET, IRQ_FLOW));
}

#define BUSY(t, cpu) t " cpu" cpu " irq.flow@shadow irq:40 state=0x10440200 istate=0x0 depth=0"
#define CHECKS(t) ON(t) "irq.resend@intent irq:40 state=0x10400200"
#define RETRIGGERS(t) ON(t) "irq.resend@shadow irq:40 state=0x10400200"
#define EDGE FLOW("1.5", "40", "0x10400200"), ENTER("1.6", "40"), EXIT("1.7", "40", "1")
#define HELD ON("2.0") "irq.disable@intent irq:40", \
	ON("3.0") "irq.flow@shadow irq:40 state=0x10410200 istate=0x0 depth=1", ON("4.0") "irq.enable@intent irq:40"
#define MOVED(t) UPDATE(t, "40", "49", "1", "48", "0"), CONFIG(t "1", "40", "49", "1")

struct debt {
	const char *rows, *kind;
	const char *const *lines;
	int ending;		/* of the only one; -1: none is owed */
	const char *ended_by;	/* NULL: whatever */
};

static void settle(void **state, const struct debt *d, unsigned nr)
{
	for (; nr--; d++) {
		struct bench *b = *state;

		b->kind = d->kind;
		replay(b, d->lines);
		if (b->nr_unexpected)
			fail_msg("%s: unexpected step", d->rows);
		if (b->nr_obligations != (d->ending >= 0))
			fail_msg("%s: %u obligations", d->rows, b->nr_obligations);
		if (d->ending >= 0 && b->obligation[0].ending != (enum ending)d->ending)
			fail_msg("%s: ended by %s", d->rows, b->obligation[0].ended_by);
		if (d->ended_by && strcmp(b->obligation[0].ended_by, d->ended_by))
			fail_msg("%s: ended by %s, not %s", d->rows, b->obligation[0].ended_by, d->ended_by);
		tear_down(state);
		set_up(state);
	}
}

#define SETTLE(list) settle(state, list, sizeof(list) / sizeof((list)[0]))

static void test_held_edges(void **state)
{
	const struct debt list[] = {
		{ "F.edge.inprogress: run once more", "edge-resend",
		  LINES(IN_USE, EDGE, FLOW("2.0", "40", "0x10400200"), ENTER("2.1", "40"), BUSY("3.0", "1"), EXIT("4.0",
			"40", "1"),
			ENTER("5.0", "40"), EXIT("5.1", "40", "1"), END("9.0")), ENDING_DISCHARGED,
			"handled or sent again" },
		{ "F.edge.inprogress F.edge.normal.loop: and not", "edge-resend",
		  LINES(IN_USE, EDGE, FLOW("2.0", "40", "0x10400200"), ENTER("2.1", "40"), BUSY("3.0", "1"), EXIT("4.0",
			"40", "1"),
			END("9.0")), ENDING_OPEN, NULL },
		{ "F.spin: the new CPU runs it itself", "edge-resend",
		  LINES(IN_USE, EDGE, FLOW("2.0", "40", "0x10400200"), ENTER("2.1", "40"), BUSY("3.0", "1"), EXIT("4.0",
			"40", "1"),
			"4.1 cpu1 irq.enter@shadow irq:40 name=\"a\"", "4.2 cpu1 irq.exit@shadow irq:40 ret=1",
			END("9.0")),
		  ENDING_DISCHARGED, "handled or sent again" },
		{ "F.fasteoi.inprogress: nothing held", "edge-resend",
		  LINES(IN_USE, EDGE, FLOW("2.0", "40", "0x10402200"), ENTER("2.1", "40"),
			"3.0 cpu1 irq.flow@shadow irq:40 state=0x10442200 istate=0x0 depth=0", EXIT("4.0", "40", "1"),
			END("9.0")),
		  -1, NULL },
		{ "S.msi-ir.retrigger", "edge-resend",
		  LINES(IN_USE_OF("IR-PCI-MSI"), EDGE, HELD, CHECKS("5.0"), RETRIGGERS("5.1"), END("9.0")),
			ENDING_DISCHARGED,
		  "handled or sent again" },
		{ "T4.resend.retrigger T7.enable.resend.edge S.msi.retrigger", "edge-resend",
		  LINES(IN_USE, EDGE, HELD, CHECKS("5.0"), RETRIGGERS("5.1"), END("9.0")), ENDING_DISCHARGED,
		  "handled or sent again" },
		{ "T4.resend.retrigger: the check was not recorded", "edge-resend",
		  LINES(IN_USE, EDGE, HELD, RETRIGGERS("5.1"), END("9.0")), ENDING_DISCHARGED,
			"handled or sent again" },
		{ "T7.enable.resend.edge: checked, and not sent", "edge-resend",
		  LINES(IN_USE, EDGE, HELD, CHECKS("5.0"), END("9.0")), ENDING_OPEN, NULL },
		{ "S.msi.retrigger: a move's is another interrupt", "edge-resend",
		  LINES(IN_USE, EDGE, MOVED("1.8"), HELD, RETRIGGERS("5.1"), END("9.0")), ENDING_OPEN, NULL },
		{ "S.msi.retrigger: nor is what comes while it is disabled", "edge-resend",
		  LINES(IN_USE, EDGE, ON("2.0") "irq.disable@intent irq:40",
			ON("3.0") "irq.flow@shadow irq:40 state=0x10410200 istate=0x0 depth=1", RETRIGGERS("3.5"),
			ON("4.0") "irq.enable@intent irq:40", END("9.0")), ENDING_OPEN, NULL },
		{ "S.msi.retrigger: where checks are recorded", "edge-resend",
		  LINES(IN_USE, EDGE, ON("1.8") "irq.resend@intent irq:41 state=0x10400200", HELD, RETRIGGERS("5.1"),
			END("9.0")),
		  ENDING_OPEN, NULL },
		{ "T7.enable.resend.level", "edge-resend",
		  LINES(IN_USE, FLOW("1.5", "40", "0x10402200"), ENTER("1.6", "40"), EXIT("1.7", "40", "1"),
			ON("2.0") "irq.disable@intent irq:40",
			ON("3.0") "irq.flow@shadow irq:40 state=0x10412200 istate=0x0 depth=1",
			ON("4.0") "irq.enable@intent irq:40", END("9.0")), -1, NULL },
	};

	SETTLE(list);
}

/* S.xen.retrigger: its chip's function is not recorded; the check is all there is. */
static void test_check_is_the_resend_of_an_event_channel(void **state)
{
	struct coverage cov = { 0 };
	struct bench *b = *state;

	b->coverage = &cov;
	replay(b, LINES(CHIP("1.0", "40", "xen-pirq"), HELD, CHECKS("5.0"), END("9.0")));
	assert_true(met(&cov, IRQ_REGION_PENDING, BIT_SET, IRQ_RESEND));
}

/* ------------------------------------------------------------------------------------------ what is owed */

static void test_setup_debts(void **state)
{
	const struct debt list[] = {
		{ "S.activate.order T4.activate.message", "message-update",
		  LINES(CHIP("0.5", "40", "PCI-MSI"), CONFIG("1.0", "40", "34", "0"), MESSAGE("2.0", "40", "0xfee00000",
			"0x22"),
			END("9.0")), -1, NULL },
		{ "S.activate.order: the message came first", "message-update",
		  LINES(CHIP("0.5", "40", "PCI-MSI"), MESSAGE("1.0", "40", "0xfee00000", "0x22"), CONFIG("2.0", "40",
			"35", "0"),
			END("9.0")), ENDING_OPEN, NULL },
		{ "T4.activate.message", "message-update",
		  LINES(CHIP("0.5", "40", "PCI-MSI"), MESSAGE("1.0", "40", "0xfee00000", "0xef"), CONFIG("2.0", "40",
			"34", "0"),
			MESSAGE("3.0", "40", "0xfee00000", "0x22"), END("9.0")), ENDING_DISCHARGED, "message written" },
		{ "T4.activate.message.msi", "message-update",
		  LINES(CHIP("0.5", "40", "PCI-MSI"), MSI_MESSAGE("1.0", "40", "0xfee00000", "0xef"), CONFIG("2.0",
			"40", "34", "0"),
			MSI_MESSAGE("3.0", "40", "0xfee00000", "0x22"), END("9.0")), ENDING_DISCHARGED,
			"message written" },
		{ "T4.activate.irte S.activate.order", "irte-update",
		  LINES(CONFIG("1.0", "40", "239", "0"), IRTE("1.1", "40", "0xd", "239"), CONFIG("2.0", "40", "34",
			"0"),
			IRTE("3.0", "40", "0xd", "34"), END("9.0")), ENDING_DISCHARGED, "entry written" },
		{ "S.activate.order: the entry stays behind", "irte-update",
		  LINES(CONFIG("1.0", "40", "239", "0"), IRTE("1.1", "40", "0xd", "239"), CONFIG("2.0", "40", "34",
			"0"), END("9.0")),
		  ENDING_OPEN, NULL },
		{ "S.deactivate.order T5.deactivate.irte: the vector is cleared behind the entry", "irte-update",
		  LINES(IN_USE, IRTE("1.1", "40", "0xd", "48"), SHUTDOWN("2.0", "40"), MESSAGE("2.1", "40", "0x0",
			"0x0"),
			IRTE("2.2", "40", "0x0", "0"), DEACTIVATE("2.3", "40"), CLEAR("2.4", "40", "48"), END("9.0")),
			-1, NULL },
		{ "T4.activate.failure", "vector-assign",
		  LINES(PARKED("40"), ACTIVATE("2.0", "40", "0", "0"), ALLOC("2.1", "40", "0", "0", "-28"),
			ON("3.0") "irq.setup_result@shadow irq:40 ret=-28", END("9.0")), ENDING_EXCUSED,
			"activation failed" },
		{ "T4.activate.failure: no end recorded", "vector-assign",
		  LINES(PARKED("40"), ACTIVATE("2.0", "40", "0", "0"), ALLOC("2.1", "40", "0", "0", "-28"), END("9.0")),
		  ENDING_OPEN, NULL },
		{ "T4.enable.msi", "msi-unmask",
		  LINES(STARTUP("1.0", "40"), MSI_MESSAGE("1.1", "40", "0xfee00000", "0x22"), MSI_BITS("2.0", "0x1"),
			MSI_UNMASK("3.0", "40"), END("9.0")), ENDING_DISCHARGED, "unmasked" },
		{ "T4.oneshot.dropped: nothing waits for the thread of an MSI", "oneshot-finish",
		  LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "0"), ENTER("2.0", "40"), EXIT("2.1", "40", "2"),
			MASK("2.2", "40", "0", "0x10400200"), END("9.0")), -1, NULL },
		{ "F.fasteoi.normal.unmask", "pin-unmask",
		  LINES(CHIP("1.0", "23", "IO-APIC"), PIN_UNMASK("1.1"), FLOW("1.9", "23", "0x10402200"),
			PIN_MASK("2.0"), ENTER("2.1", "23"), EXIT("2.2", "23", "1"),
			PIN_UNMASK("3.3"), END("9.0")), ENDING_DISCHARGED, "unmasked" },
		{ "T7.disable.unlazy: masked at once, and owed nothing", "msix-unmask",
		  LINES(STARTUP("1.0", "40"), UNMASK("1.1", "40", "0"),
			ON("2.0") "irq.disable@shadow irq:40 state=0x10400200 depth=1",
			MASK("2.1", "40", "0", "0x10410200"), END("9.0")), -1, NULL },
		{ "T7.disable.unlazy: the pin", "pin-unmask",
		  LINES(CHIP("1.0", "23", "IO-APIC"), PIN_UNMASK("1.1"),
			ON("2.0") "irq.disable@shadow irq:23 state=0x10402200 depth=1",
			ON("2.1") "irq.mask@shadow irq:23 pin:0.23 state=0x1d412200 rte=0x8823", END("9.0")), -1,
			NULL },
		{ "S.ioapic-ir.chips: entries hold an index", "message-update",
		  LINES(CHIP("0.5", "40", "PCI-MSI"), MESSAGE("1.0", "40", "0xfee00000", "0xef"), CONFIG("2.0", "40",
			"34", "0"),
			CHIP("3.0", "40", "IR-IO-APIC"), CONFIG("3.1", "40", "35", "0"), END("9.0")), ENDING_EXCUSED,
		  "message holds no vector" },
		{ "S.msi-ir.chips: messages hold an index", "message-update",
		  LINES(CHIP("0.5", "40", "PCI-MSI"), MESSAGE("1.0", "40", "0xfee00000", "0xef"), CONFIG("2.0", "40",
			"34", "0"),
			CHIP("3.0", "40", "IR-PCI-MSI"), CONFIG("3.1", "40", "35", "0"), END("9.0")), ENDING_EXCUSED,
		  "message holds no vector" },
	};

	SETTLE(list);
}

/* ------------------------------------------------------------------------------------------ stacks */

/* Which chips are on the bare-metal path, and which hold the vector in their message. */
static void test_stack_chips(void **state)
{
	static const struct {
		const char *rows, *chip;
		enum path path;
	} list[] = {
		{ "S.msi.chips", "PCI-MSI", PATH_BAREMETAL },
		{ "S.msi-dev.chips", "PCI-MSIX-0000:05:00.0", PATH_BAREMETAL },
		{ "S.msi-dev.chips", "IR-PCI-MSIX-0000:05:00.0", PATH_BAREMETAL },
		{ "S.msi-ir.chips", "IR-PCI-MSI", PATH_BAREMETAL },
		{ "S.ioapic.chips", "IO-APIC", PATH_BAREMETAL },
		{ "S.ioapic-ir.chips", "IR-IO-APIC", PATH_BAREMETAL },
		{ "S.vmd.chips", "VMD-MSI", PATH_BAREMETAL },
		{ "S.xen.chips", "xen-pirq", PATH_UNKNOWN },
		{ "a chip that no stack has", "dummy", PATH_UNKNOWN },
	};

	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct bench *b = *state;
		char line[160];

		snprintf(line, sizeof(line), "1.0 cpu0 irq.startup@shadow irq:40 state=0x10030200 depth=1 chip=\"%s\"",
		list[i].chip);
		replay(b, LINES(line, END("2.0")));
		if (b->object[0].ref.kind != OBJ_IRQ || b->object[0].path != list[i].path)
			fail_msg("%s: %s", list[i].rows, list[i].chip);
		tear_down(state);
		set_up(state);
	}
}

/* When the interrupt is acknowledged, relative to its action. */
static void test_stack_acknowledgements(void **state)
{
	static const struct {
		const char *rows, *chip, *kind, *word, *object;
		bool behind;
	} list[] = {
		{ "S.msi.ack F.edge.normal.ack T8.ack", "PCI-MSI", "lapic-eoi", "0x10400200", "", false },
		{ "S.msi-ir.ack", "IR-PCI-MSI", "lapic-eoi", "0x10400200", "", false },
		{ "S.ioapic.ack.edge", "IO-APIC", "lapic-eoi", "0x10400200", "", false },
		{ "S.ioapic.ack.level F.fasteoi.normal.eoi", "IO-APIC", "level-eoi", "0x10402200", "pin:0.23", true },
		{ "S.ioapic-ir.ack.level", "IR-IO-APIC", "level-eoi", "0x10402200", "pin:0.23", true },
	};

	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct bench *b = *state;
		char start[160], flow[160], ack[160];

		b->kind = list[i].kind;
		snprintf(start, sizeof(start),
		"1.0 cpu0 irq.startup@shadow irq:23 state=0x10030200 depth=1 chip=\"%s\"",
			 list[i].chip);
		snprintf(flow, sizeof(flow), "2.0 cpu0 irq.flow@shadow irq:23 state=%s istate=0x0 depth=0",
		list[i].word);
		snprintf(ack, sizeof(ack), "%s cpu0 irq.ack@shadow irq:23 %s", list[i].behind ? "3.5" : "2.5",
		list[i].object);
		if (list[i].behind)
			replay(b, LINES(start, flow, ENTER("3.0", "23"), EXIT("3.1", "23", "1"), ack, END("9.0")));
		else
			replay(b, LINES(start, flow, ack, ENTER("3.0", "23"), EXIT("3.1", "23", "1"), END("9.0")));
		assert_int_equal(b->nr_deliveries, 1);
		if (b->delivery[0].eoi_ns != (list[i].behind ? 3500000000 : 2500000000))
			fail_msg("%s: acknowledged elsewhere", list[i].rows);
		if (b->nr_obligations != 1 || b->obligation[0].ending != ENDING_DISCHARGED)
			fail_msg("%s: not owed", list[i].rows);
		tear_down(state);
		set_up(state);
	}
}

#define ASK(t, irq, mask) ON(t) "irq.affinity@intent irq:" irq " cpumask=" mask " force=0 state=0x10400200"
#define NO_OLD(t) ON(t) "irq.ack@shadow irq:40 vector=48 target_cpu=0 prev_vector=0 prev_cpu=0"

#define MOVES_LATER(chip) IN_USE_OF(chip), NO_OLD("1.5"), ASK("2.0", "40", "0x2"), FLOW("5.0", "40", "0x10400300"), \
	APPLY("5.1", "40", "0x2"), UPDATE("5.2", "40", "49", "1", "48", "0"), CONFIG("5.3", "40", "49", "1"), END("9.0")
#define MOVES_ENTRY(chip) IN_USE_OF(chip), NO_OLD("1.05"), IRTE("1.1", "40", "0xd", "48"), ASK("2.0", "40", "0x2"), \
	APPLY("2.1", "40", "0x2"), UPDATE("2.2", "40", "49", "1", "48", "0"), \
	ON("2.3") "vector.config@shadow irq:40 vector=49 target_cpu=1 apicdest=0", IRTE("3.0", "40", "0xd", "49"), \
	END("9.0")

static void test_stack_affinity(void **state)
{
	const struct debt list[] = {
		{ "S.msi.affinity: waits for the next interrupt", "affinity", LINES(MOVES_LATER("PCI-MSI")),
		  ENDING_DISCHARGED,
		  "affinity applied" },
		{ "S.ioapic.affinity: waits for the next interrupt", "affinity", LINES(MOVES_LATER("IO-APIC")),
		  ENDING_DISCHARGED,
		  "affinity applied" },
		{ "S.msi.affinity: and is owed until then", "affinity",
		  LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "40", "0x2"), END("9.0")), ENDING_OPEN, NULL },
		{ "S.ioapic.affinity: and is owed until then", "affinity",
		  LINES(IN_USE_OF("IO-APIC"), NO_OLD("1.5"), ASK("2.0", "40", "0x2"), END("9.0")), ENDING_OPEN, NULL },
		{ "S.msi-ir.affinity: the entry follows", "irte-update", LINES(MOVES_ENTRY("IR-PCI-MSI")),
		  ENDING_DISCHARGED,
		  "entry written" },
		{ "S.ioapic-ir.affinity: the entry follows", "irte-update", LINES(MOVES_ENTRY("IR-IO-APIC")),
		  ENDING_DISCHARGED,
		  "entry written" },
		{ "S.msi-ir.affinity: the message need not", "message-update", LINES(MOVES_ENTRY("IR-PCI-MSI")), -1,
		  NULL },
		{ "S.ioapic-ir.affinity: the request is met at once", "affinity", LINES(MOVES_ENTRY("IR-IO-APIC")),
		  ENDING_DISCHARGED, "affinity applied" },
		{ "S.vmd.affinity", "affinity",
		  LINES(IN_USE, CHIP("1.1", "40", "VMD-MSI"), NO_OLD("1.5"), ASK("2.0", "40", "0x2"), END("9.0")), -1,
			NULL },
		{ "S.vmd.affinity: learned behind the request", "affinity",
		  LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "40", "0x2"), CHIP("3.0", "40", "VMD-MSI"), END("9.0")),
			ENDING_EXCUSED,
		  "no affinity of its own" },
		{ "S.xen.affinity: learned behind the request", "affinity",
		  LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "40", "0x2"), CHIP("3.0", "40", "xen-pirq"), END("9.0")),
			ENDING_EXCUSED,
		  "event channel" },
		{ "S.xen.affinity: no interrupt is waited for", "affinity",
		  LINES(IN_USE, CHIP("1.1", "40", "xen-pirq"), NO_OLD("1.5"), ASK("2.0", "40", "0x2"), APPLY("2.1",
			"40", "0x2"),
			END("9.0")), -1, NULL },
	};
	const struct scenario at_once[] = {
		{ "S.xen.affinity",
		  LINES(CHIP("1.0", "40", "xen-pirq"), WORD("1.5", "40", "0x10400200"), APPLY("2.1", "40", "0x1")),
		  LINES("vector.affinity~asked", "vector.affinity=applied") },
		{ "S.msi-ir.ack: the acknowledgement finishes no move",
		  LINES(CHIP("1.0", "40", "IR-PCI-MSI"), UPDATE("1.01", "40", "48", "0", "0", "0"), CONFIG("1.02", "40",
			"48", "0"),
			UPDATE("2.0", "40", "49", "1", "48", "0"), CONFIG("2.01", "40", "49", "1"),
			ON("2.1") "vector.cleanup@shadow irq:40 vector=49 target_cpu=1 prev_vector=48 prev_cpu=0",
			"3.0 cpu1 irq.ack@shadow irq:40"),
		  LINES("vector.cleanup~pending", "vector.cleanup=queued") },
	};

	SETTLE(list);
	PLAY(at_once);
}

/* ------------------------------------------------------------------------------------------ arrivals */

#define ARRIVE(t) ON(t) "vector.arrive@shadow vector:0.0x30 vector=48"
#define EOI(t) ON(t) "lapic.eoi@shadow vector:0.0x30 vector=48"

static void test_arrivals_look_at_their_slot(void **state)
{
	const struct scenario list[] = {
		{ "T8.lookup.shutdown",
		  LINES(IN_USE, SHUTDOWN("2.0", "40"), CLEAR("2.1", "40", "48"), ARRIVE("2.2")),
		  LINES("vector_slot.owner~owned", "vector_slot.owner~shutdown", "vector_slot.owner=unused") },
		{ "T8.lookup.shutdown: nothing came",
		  LINES(IN_USE, SHUTDOWN("2.0", "40"), CLEAR("2.1", "40", "48")),
		  LINES("vector_slot.owner=shutdown") },
		{ "T8.lookup.owner T4.post.slot",
		  LINES(IN_USE, ARRIVE("2.2")),
		  LINES("vector_slot.owner=owned", "vector_slot.owner!unused") },
		{ "T8.lookup.unused",
		  LINES(ON("1.0") "harm.no_handler@shadow vector:0.0x30"),
		  LINES("vector_slot.owner=unused") },
	};

	PLAY(list);
}

/* T8.arrival: the vector is in service from then on. */
static void test_arrival_is_in_service(void **state)
{
	struct coverage cov = { 0 };
	struct bench *b = *state;

	b->coverage = &cov;
	/* the first EOI shows that they are recorded */
	replay(b, LINES(ARRIVE("1.0"), EOI("2.0"), ARRIVE("3.0"), EOI("4.0")));
	assert_true(coverage_met(&cov, &lapic_component, LAPIC_REGION_ISR, BIT_UNKNOWN, LAPIC_ENTER));
	assert_true(coverage_met(&cov, &lapic_component, LAPIC_REGION_ISR, BIT_SET, LAPIC_EOI));
	assert_int_equal(b->nr_unexpected, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flow_handler_rows),
		cmocka_unit_test(test_arrival_without_action_or_disabled),
		cmocka_unit_test(test_what_the_kernel_warns_of),
		cmocka_unit_test(test_vector_rows),
		cmocka_unit_test(test_function_rows),
		cmocka_unit_test(test_message_rows),
		cmocka_unit_test(test_pin_and_remapping_rows),
		TEST(test_allocation_rows),
		TEST(test_active_isa_irq_is_not_born),
		TEST(test_request_rows),
		TEST(test_free_rows),
		TEST(test_vector_link_ends_with_the_vector),
		TEST(test_enable_rows),
		TEST(test_disable_rows),
		TEST(test_words_tell_what_is_in_progress),
		TEST(test_held_edges),
		TEST(test_check_is_the_resend_of_an_event_channel),
		TEST(test_setup_debts),
		TEST(test_stack_chips),
		TEST(test_stack_acknowledgements),
		TEST(test_stack_affinity),
		TEST(test_arrivals_look_at_their_slot),
		TEST(test_arrival_is_in_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
