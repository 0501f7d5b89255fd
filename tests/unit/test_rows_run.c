/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows T9 to T22 of docs/transitions.tsv: what the tables make of one input, cell by cell, and what a replay derives.
 * The first column of a list names the rows that an entry covers.
 */
#include "replay_bench.h"

#include "model/component.h"
#include "model/msi.h"
#include "model/msix.h"

/* ------------------------------------------------------------------------------------------ cell by cell */

struct row {
	const char *ids, *component, *region, *from, *input, *to;
	const char *with;	/* "region=state" of another region, NULL: all others unknown */
	const char *effect;	/* NULL: not checked */
};

static const struct component *component_named(const char *name)
{
	for (const struct component *const *type = component_table; *type; type++)
		if (!strcmp((*type)->name, name))
			return *type;
	fail_msg("no component %s", name);
	return NULL;
}

static const struct region *region_named(const struct component *type, const char *name, size_t len)
{
	for (unsigned i = 0; i < type->nr_regions; i++)
		if (strlen(type->regions[i].name) == len && !memcmp(type->regions[i].name, name, len))
			return &type->regions[i];
	fail_msg("%s has no region %s", type->name, name);
	return NULL;
}

static unsigned state_named(const struct region *region, const char *name)
{
	for (unsigned i = STATE_UNKNOWN; i < region->nr_states; i++)
		if (!strcmp(region->states[i], name))
			return i;
	fail_msg("%s has no state %s", region->name, name);
	return STATE_ILLEGAL;
}

static unsigned input_named(const struct component *type, const char *name)
{
	for (unsigned i = 0; i < type->nr_inputs; i++)
		if (!strcmp(type->inputs[i], name))
			return i;
	fail_msg("%s has no input %s", type->name, name);
	return 0;
}

/* The core before the input. */
static uint32_t core_of(const struct component *type, const struct region *region, const struct row *row)
{
	uint32_t core = core_set(component_unknown(type), region, state_named(region, row->from));
	const char *equals = row->with ? strchr(row->with, '=') : NULL;
	const struct region *other = equals ? region_named(type, row->with, equals - row->with) : NULL;

	return other ? core_set(core, other, state_named(other, equals + 1)) : core;
}

/* What a function that may send tells its entries and messages. */
static const void *view_of(const struct component *type)
{
	static const struct msix_entry_view entry = { BIT_SET, BIT_CLEAR, BIT_SET };
	static const struct msi_message_view message = { BIT_SET, BIT_SET };

	if (type == &msix_entry_component)
		return &entry;
	return type == &msi_message_component ? &message : NULL;
}

static void check_row(const struct row *row)
{
	const struct component *type = component_named(row->component);
	const struct region *region = region_named(type, row->region, strlen(row->region));
	unsigned input = input_named(type, row->input);
	const char *effect = "";
	struct effects fx;
	uint32_t core = core_of(type, region, row);

	if (!(region->listens >> input & 1))
		fail_msg("%s: %s does not listen to \"%s\"", row->ids, region->name, row->input);
	component_step(type, &core, input, view_of(type), &fx);
	for (unsigned i = 0; i < fx.nr; i++) {
		if (&type->regions[fx.change[i].region] != region)
			continue;
		effect = type->effects[fx.change[i].effect];
		if (fx.change[i].unexpected)
			fail_msg("%s: \"%s\" is not allowed", row->ids, row->input);
	}
	if (strcmp(region->states[core_get(core, region)], row->to))
		fail_msg("%s: %s became %s", row->ids, region->name, region->states[core_get(core, region)]);
	if (row->effect && strcmp(effect, row->effect))
		fail_msg("%s: effect \"%s\"", row->ids, effect);
}

#define CHECK(rows) \
	do { \
		(void)state; \
		for (unsigned i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++) \
			check_row(&(rows)[i]); \
	} while (0)

#define PIN "ioapic_pin"

static void test_level_line_cells(void **state)
{
	static const struct row rows[] = {
		{ "T9.flow", PIN, "remote_irr", "clear", "local APIC accepts", "set", NULL, NULL },
		{ "T9.flow", "irq", "flow", "idle", "flow handler", "running", "depth=0", NULL },
		{ "T9.flow", "irq", "flow", "running", "action entered", "running", NULL, NULL },
		{ "T9.flow", "irq", "flow", "running", "action returned handled", "idle", NULL, NULL },
		{ "T9.mask_pending", PIN, "mask", "unmasked", "kernel masks", "masked", NULL, NULL },
		{ "T9.eoi", PIN, "remote_irr", "set", "EOI of the vector accepted", "clear", "route=steady", NULL },
		{ "T9.mis", PIN, "remote_irr", "set", "EOI register", "clear", NULL, NULL },
		{ "T9.mis", PIN, "remote_irr", "set", "EOI of another vector", "set", NULL, "EOI does not match" },
		{ "T9.mis.register", PIN, "remote_irr", "set", "EOI register", "clear", "route=moved", NULL },
		{ "T9.mis.register", PIN, "route", "moved", "EOI register", "steady", NULL, NULL },
		{ "T9.mis.toggle", PIN, "mask", "unmasked", "RTE write: masked", "masked", NULL, NULL },
		{ "T9.mis.toggle", PIN, "trigger", "level", "RTE write: edge", "edge", NULL, NULL },
		{ "T9.mis.toggle", PIN, "remote_irr", "set", "RTE write: edge", "clear", NULL, NULL },
		{ "T9.mis.toggle", PIN, "trigger", "edge", "RTE write: level", "level", NULL, NULL },
		{ "T9.move T14.level", "vector", "affinity", "pending", "affinity applied", "applied", "cleanup=none",
		  "" },
		{ "T9.move.deferred", PIN, "remote_irr", "clear", "remote IRR seen set", "set", NULL, NULL },
		{ "T9.move.deferred", PIN, "remote_irr", "unknown", "remote IRR seen set", "set", NULL, NULL },
		{ "T9.unmask", PIN, "mask", "masked", "kernel unmasks", "unmasked", NULL, NULL },
		{ "T9.complete_move", "vector", "cleanup", "pending", "interrupt on the new CPU", "queued", NULL,
		  NULL },
		{ "T9.complete_move", "vector", "cleanup", "pending", "clean-up queued", "queued", NULL, NULL },
	};

	CHECK(rows);
}

static void test_thread_cells(void **state)
{
	static const struct row rows[] = {
		{ "T10.wake", "irq", "thread", "idle", "action woke its thread", "woken", NULL, NULL },
		{ "T10.active", "irq", "thread", "woken", "action woke its thread", "woken", NULL, NULL },
		/* recorded only when the last of them has finished */
		{ "T10.done", "irq", "thread", "woken", "thread finished", "idle", NULL, NULL },
	};

	CHECK(rows);
}

static void test_affinity_cells(void **state)
{
	static const struct row rows[] = {
		{ "T11.stored T11.deferred.mask", "vector", "affinity", "none", "affinity asked", "asked", NULL, NULL },
		{ "T11.deferred.flag", "vector", "affinity", "asked", "state word: affinity pending", "pending", NULL,
		  NULL },
		{ "T11.now", "vector", "affinity", "asked", "affinity applied", "applied", "cleanup=none", "" },
		{ "T11.now.busy", "vector", "affinity", "asked", "affinity applied", "pending", "cleanup=pending",
		  "busy, tried again" },
		{ "T12.busy", "vector", "affinity", "pending", "affinity applied", "pending", "cleanup=queued",
		  "busy, tried again" },
		{ "T12.apply T14.edge T16.affinity", "vector", "affinity", "pending", "affinity applied", "applied",
		  "cleanup=none", "" },
	};

	CHECK(rows);
}

static void test_move_cells(void **state)
{
	static const struct row rows[] = {
		/* a message that came meanwhile, not one that was held pending */
		{ "T12.message.retrigger T16.retrigger", "irq", "pending", "no", "resent by software", "no", NULL,
		  NULL },
		{ "T12.vector T13.vector", "vector", "assigned", "assigned", "vector moved", "moving", NULL, NULL },
		{ "T12.vector T13.vector", "vector", "assigned", "moving", "vector configured", "assigned", NULL,
		  NULL },
		{ "T12.vector T13.vector T15.both T15.silent", "vector", "cleanup", "none", "vector moved", "pending",
		  NULL,
		  NULL },
		{ "T12.complete T15.old.queue T15.both", "vector", "cleanup", "pending", "interrupt on the new CPU",
		  "queued",
		  NULL, NULL },
		{ "T12.complete T13.cleanup T15.timer.arm", "vector", "cleanup", "pending", "clean-up queued",
		  "queued", NULL,
		  NULL },
		{ "T13.irte", "irte", "route", "as configured", "vector configured, not as written",
		  "not as configured", NULL,
		  NULL },
		{ "T13.irte", "irte", "route", "not as configured", "written: as configured", "as configured", NULL,
		  NULL },
		{ "T14.edge", PIN, "mask", "unmasked", "kernel masks", "masked", "trigger=edge", NULL },
		{ "T14.edge", PIN, "mask", "masked", "kernel unmasks", "unmasked", "trigger=edge", NULL },
		{ "T14.level", PIN, "route", "steady", "RTE write: another vector", "moved", "remote_irr=set", NULL },
		{ "T14.level T14.rte", PIN, "route", "steady", "RTE write: another vector", "steady",
		  "remote_irr=clear",
		  NULL },
		{ "T14.rte", PIN, "route", "steady", "RTE write: vector as before", "steady", NULL, NULL },
		{ "T14.rte", PIN, "mask", "masked", "RTE write: unmasked", "unmasked", NULL, NULL },
		{ "T14.rte", PIN, "mask", "unmasked", "RTE write: masked", "masked", NULL, NULL },
		{ "T15.freed T15.timer.drain", "vector", "cleanup", "queued", "old vector freed", "none", NULL, NULL },
		{ "T15.offline T16.force", "vector", "cleanup", "pending", "old vector freed", "none", NULL, NULL },
		/* queued for the old CPU or not: the IPI may be another irq's */
		{ "T15.old.ipi", "vector", "cleanup", "queued", "clean-up IPI sent", "queued", NULL, "" },
		{ "T15.old.ipi", "vector", "cleanup", "pending", "clean-up IPI sent", "pending", NULL, "" },
		{ "T15.old.again", "vector", "cleanup", "queued", "clean-up IPI sent by the old CPU", "queued", NULL,
		  "old vector still pending" },
		{ "T15.old.again", "vector", "cleanup", "none", "clean-up IPI sent by the old CPU", "none", NULL, "" },
		{ "T15.silent", "vector", "affinity", "pending", "affinity applied", "pending", "cleanup=pending",
		  "busy, tried again" },
	};

	CHECK(rows);
}

static void test_hotplug_cells(void **state)
{
	static const struct row rows[] = {
		{ "T16.mask", "msix_entry", "mask", "unmasked", "kernel masks", "masked", NULL, NULL },
		{ "T16.mask", "irq", "masked", "unmasked", "chip masks", "unknown", NULL, NULL },
		{ "T16.unmask", "msix_entry", "mask", "masked", "kernel unmasks", "unmasked", NULL, NULL },
		{ "T16.unmask", PIN, "mask", "masked", "kernel unmasks", "unmasked", NULL, NULL },
		{ "T16.vector", "vector", "assigned", "assigned", "vector moved from an offline CPU", "moving", NULL,
		  NULL },
		{ "T16.vector", "vector", "cleanup", "none", "vector moved from an offline CPU", "none", NULL, NULL },
		{ "T16.vector", "vector", "cleanup", "pending", "old vector freed with its CPU offline", "none", NULL,
		  NULL },
		{ "T16.managed", "irq", "managed_shutdown", "no", "state word: managed shutdown", "yes", NULL, NULL },
		{ "T16.managed", "irq", "life", "started", "shutdown", "shutdown", NULL, NULL },
		{ "T16.managed", "vector", "assigned", "assigned", "vector cleared", "none", NULL, NULL },
		{ "T16.matrix", "cpu", "power", "online", "went offline", "offline", NULL, NULL },
		{ "T16.refused", "cpu", "power", "online", "came online", "online", NULL, NULL },
		{ "T17.matrix", "cpu", "power", "offline", "came online", "online", NULL, NULL },
		{ "T17.managed.vector", "vector", "assigned", "none", "first vector", "assigned", NULL, NULL },
		{ "T17.managed.started", "irq", "life", "shutdown", "startup of a managed irq", "starting", NULL,
		  NULL },
		{ "T17.managed.started", "irq", "life", "starting", "chip unmasks", "started", NULL, NULL },
		{ "T17.managed.started", "irq", "managed_shutdown", "yes", "chip unmasks", "no", NULL, NULL },
		{ "T17.depth.old", "irq", "depth", "2", "startup of a managed irq", "0", NULL, NULL },
		{ "T17.depth.old", "irq", "depth", "many", "startup of a managed irq", "0", NULL, NULL },
		/* 1 up to 6.15, one more than before since: disabled either way */
		{ "T17.depth.new", "irq", "depth", "1", "shutdown", "many", "managed_shutdown=yes", NULL },
		{ "T17.depth.new", "irq", "depth", "2", "shutdown", "many", "managed_shutdown=yes", NULL },
		{ "T17.depth.new", "irq", "depth", "0", "shutdown", "1", "managed_shutdown=yes", NULL },
		{ "T17.depth.new", "irq", "depth", "2", "shutdown", "1", "managed_shutdown=no", NULL },
	};

	CHECK(rows);
}

static void test_suspend_cells(void **state)
{
	static const struct row rows[] = {
		{ "T18.suspend.flag", "irq", "suspended", "no", "irqs suspended", "yes", NULL, NULL },
		{ "T18.suspend.flag", "irq", "suspended", "unknown", "state word: suspended", "yes", NULL, NULL },
		{ "T18.suspend.depth", "irq", "depth", "0", "disable", "1", NULL, NULL },
		{ "T18.suspend.depth", "irq", "depth", "0", "depth seen 1", "1", NULL, NULL },
		{ "T18.suspend.depth", "irq", "depth", "1", "depth seen 2", "2", NULL, NULL },
		{ "T18.resume.depth", "irq", "suspended", "yes", "irqs resumed", "no", NULL, NULL },
		{ "T18.resume.depth", "irq", "depth", "1", "enable", "0", NULL, NULL },
		{ "T18.resume.depth", "irq", "depth", "2", "depth seen 1", "1", NULL, NULL },
		{ "T18.resume.depth", "irq", "depth", "many", "depth seen 2", "2", NULL, NULL },
		{ "T18.resume.resend", "irq", "pending", "yes", "resent by software", "no", NULL, NULL },
		{ "T18.wakeup.armed", "irq", "wakeup_armed", "no", "state word: wakeup armed", "yes", NULL, NULL },
		{ "T18.wakeup.armed", "irq", "wakeup_armed", "yes", "irqs resumed", "no", NULL, NULL },
		{ "T18.wakeup.hit", "irq", "wakeup_armed", "yes", "flow handler", "no", NULL, NULL },
		{ "T18.wakeup.hit", "irq", "pending", "no", "flow handler", "yes", "wakeup_armed=yes",
		  "interrupt held pending" },
		{ "T18.wakeup.hit", "irq", "depth", "0", "flow handler", "1", "wakeup_armed=yes", NULL },
		{ "T18.wakeup.hit", "irq", "depth", "0", "flow handler", "0", "wakeup_armed=no", NULL },
		{ "T18.device.d3", "pci", "power", "d0", "power: left D0", "low", NULL, NULL },
		{ "T18.device.d3", "msix_entry", "mask", "masked", "left D0", "unknown", NULL, NULL },
		{ "T18.device.d3", "msi_message", "mask", "masked", "left D0", "present", NULL, NULL },
		{ "T18.message", "pci", "set_up", "current", "message kept back in low power", "stale", NULL, NULL },
		{ "T18.device.restore", "pci", "set_up", "stale", "written back", "current", NULL, NULL },
		{ "T18.ioapic.save", PIN, "remote_irr", "unknown", "remote IRR seen clear", "clear", NULL, NULL },
		{ "T18.ioapic.save", PIN, "remote_irr", "unknown", "remote IRR seen set", "set", NULL, NULL },
		{ "T18.ioapic.restore", PIN, "mask", "masked", "RTE write: unmasked", "unmasked", NULL, NULL },
		{ "T18.ioapic.restore", PIN, "mask", "unmasked", "RTE write: masked", "masked", NULL, NULL },
		{ "T18.ioapic.restore", PIN, "route", "steady", "RTE write: vector as before", "steady",
		  "remote_irr=set", NULL },
	};

	CHECK(rows);
}

static void test_restore_cells(void **state)
{
	static const struct row rows[] = {
		{ "T19.reset", "pci", "set_up", "current", "reset", "stale", NULL, NULL },
		{ "T19.reset", "msix_function", "enable", "on", "reset", "off", NULL, NULL },
		{ "T19.reset", "msix_function", "fmask", "masked", "reset", "unmasked", NULL, NULL },
		{ "T19.reset T19.msix.unused", "msix_entry", "mask", "unmasked", "reset", "masked", NULL, NULL },
		{ "T19.reset", "msix_entry", "message", "vector", "reset", "none", NULL, NULL },
		{ "T19.reset", "msix_entry", "pending", "set", "reset", "clear", NULL, NULL },
		{ "T19.reset", "msi_function", "enable", "on", "reset", "off", NULL, NULL },
		{ "T19.reset", "msi_message", "mask", "masked", "reset", "unmasked", NULL, NULL },
		{ "T19.asked T19.msix.xen", "pci", "set_up", "stale", "written back", "current", NULL, NULL },
		{ "T19.asked T19.msix.xen", "msix_function", "enable", "off", "written back", "on", "kernel_enable=on",
		  NULL },
		{ "T19.asked", "msix_function", "enable", "off", "written back", "unknown", NULL, NULL },
		{ "T19.asked T19.msi.enable", "msi_function", "enable", "off", "written back", "on",
		  "kernel_enable=on", NULL },
		{ "T19.asked", "msi_function", "enable", "off", "written back", "unknown", NULL, NULL },
		{ "T19.msix.intx", "pci", "intx", "allowed", "command: INTx disabled", "disabled", NULL, NULL },
		{ "T19.msix.intx", "intx", "disable", "allowed", "INTx disabled", "disabled", NULL, NULL },
		{ "T19.msix.control", "msix_function", "enable", "off", "control written: on, function mask", "on",
		  NULL, NULL },
		{ "T19.msix.control", "msix_function", "fmask", "unmasked", "control written: on, function mask",
		  "masked", NULL,
		  NULL },
		{ "T19.msix.memory", "pci", "memory", "off", "command: memory on", "on", NULL, NULL },
		{ "T19.msix.message", "msix_entry", "message", "none", "message: vector", "vector", NULL, NULL },
		{ "T19.msix.message", "msix_entry", "message", "none", "message: parked vector", "parked", NULL, NULL },
		{ "T19.msix.mask", "msix_entry", "mask", "masked", "message restored after reset", "unmasked",
		  "kernel_mask=unmasked", NULL },
		/* the kernel's last wish is not known, and the cached bit is in no record */
		{ "T19.msix.mask", "msix_entry", "mask", "masked", "message restored after reset", "unknown", NULL,
		  NULL },
		{ "T19.msix.fmask", "msix_function", "fmask", "masked", "control written: on", "unmasked", NULL, NULL },
		{ "T19.msi.disable", "msi_function", "enable", "on", "control written: off", "off", NULL, NULL },
		{ "T19.msi.message", "msi_message", "message", "none", "message: vector", "vector", NULL, NULL },
		{ "T19.msi.message", "msi_message", "message", "none", "message: parked vector", "parked", NULL, NULL },
		{ "T19.msi.mask", "msi_message", "mask", "unmasked", "written back after reset", "present", NULL,
		  NULL },
		{ "T19.msi.mask", "msi_message", "mask", "absent", "written back after reset", "absent", NULL, NULL },
		{ "T19.msi.enable", "msi_function", "enable", "off", "control written: on", "on", NULL, NULL },
	};

	CHECK(rows);
}

static void test_spurious_cells(void **state)
{
	static const struct row rows[] = {
		{ "T20.report T20.disable", "irq", "spurious_disabled", "no", "reported as not handled", "yes", NULL,
		  NULL },
		{ "T20.disable", "irq", "depth", "0", "disable", "1", NULL, NULL },
		{ "T20.disable", "irq", "depth", "0", "depth seen 1", "1", NULL, NULL },
	};

	CHECK(rows);
}

static void test_kexec_cells(void **state)
{
	static const struct row rows[] = {
		{ "T21.normal.ioapic T21.crash.mask", PIN, "mask", "unmasked", "RTE write: masked", "masked", NULL,
		  NULL },
		{ "T21.normal.extint", PIN, "mask", "masked", "RTE write: unmasked", "unmasked", NULL, NULL },
		{ "T21.normal.extint", PIN, "trigger", "level", "RTE write: edge", "edge", NULL, NULL },
		{ "T21.crash.eoi", PIN, "trigger", "edge", "RTE write: level", "level", NULL, NULL },
		{ "T21.crash.eoi", PIN, "remote_irr", "set", "EOI register", "clear", NULL, NULL },
		{ "T21.crash.eoi", PIN, "remote_irr", "set", "EOI of the vector accepted", "clear", "route=steady",
		  NULL },
		{ "T21.crash.zero", PIN, "trigger", "level", "RTE write: edge", "edge", NULL, NULL },
		{ "T21.crash.zero", PIN, "mask", "masked", "RTE write: masked", "masked", NULL, NULL },
		{ "T21.crash.complaint", PIN, "remote_irr", "clear", "remote IRR seen set", "set", NULL, NULL },
	};

	CHECK(rows);
}

static void test_posting_cells(void **state)
{
	static const struct row rows[] = {
		{ "T22.attach T22.config T13.posted", "irte", "posted", "no", "posted to a guest", "yes", NULL, NULL },
		{ "T22.detach", "irte", "posted", "yes", "posting ended", "no", NULL, NULL },
		{ "T22.detach", "irte", "posted", "yes", "written: as configured", "no", NULL, NULL },
		/* one may have been on its way */
		{ "T22.silent", "irte", "posted", "yes", "host's handler runs", "unknown", NULL, NULL },
		{ "T22.silent", "irte", "posted", "no", "host's handler runs", "no", NULL, NULL },
	};

	CHECK(rows);
}

/* ------------------------------------------------------------------------------------------ replay */

#define UPDATE(t, vec, cpu, old, old_cpu) \
	t " cpu0 vector.update@shadow irq:40 vector=" vec " target_cpu=" cpu " prev_vector=" old " prev_cpu=" old_cpu
#define CONFIG(t, vec, cpu) t " cpu0 vector.config@shadow irq:40 vector=" vec " target_cpu=" cpu " apicdest=" cpu
#define MESSAGE(t, lo, data) \
	t " cpu0 pci.msix.entry_write@shadow irq:40 msix:0000:05:00.0[0] addr_lo=" lo " addr_hi=0x0 data=" data " ctrl=0x1"
#define ASK(t, mask) t " cpu1 irq.affinity@intent irq:40 cpumask=" mask " force=0 state=0x10400200"
#define FREED(t) t " cpu0 vector.free_moved@shadow irq:40 vector=48 target_cpu=0 managed=0"
#define NO_OLD(t) t " cpu0 irq.ack@shadow irq:40 vector=48 target_cpu=0 prev_vector=0 prev_cpu=0"
#define END(t) t " cpu1 mark@hardware text=\"end\""
#define RUN(t, irq) ENTER(t, irq), EXIT(t "1", irq, "1")
#define RUN_ON_1(t) t " cpu1 irq.enter@shadow irq:40 name=\"a\"", t "1 cpu1 irq.exit@shadow irq:40 ret=1"

/* Started, on vector 48 of CPU 0; moved to vector 49 of CPU 1. */
#define IN_USE STARTUP("1.0", "40"), UPDATE("1.01", "48", "0", "0", "0"), CONFIG("1.02", "48", "0")
#define MOVED UPDATE("2.0", "49", "1", "48", "0"), CONFIG("2.01", "49", "1")

#define PIN_STARTUP(t) t " cpu0 irq.startup@shadow irq:23 state=0x1d032200 depth=1 chip=\"IO-APIC\""
#define PIN_MASK(t, word) t " cpu0 irq.mask@shadow irq:23 pin:0.23 state=" word
#define PIN_UNMASK(t) t " cpu0 irq.unmask@shadow irq:23 pin:0.23 state=0x1d022200"
#define PIN_FLOW(t) t " cpu0 irq.flow@shadow irq:23 state=0x1d402200 istate=0x4000 depth=0"
#define PIN_ACK(t) t " cpu0 irq.ack@shadow irq:23 pin:0.23"
#define PIN_RTE(t, rte) t " cpu0 ioapic.rte_write@shadow pin:0.23 irq:23 rte=" rte
#define PIN_EOI(t, more) t " cpu0 ioapic.eoi@shadow pin:0.23" more
#define PIN_IRR(t, value) t " cpu0 ioapic.remote_irr@shadow pin:0.23 value=" value

static const struct obligation_row *only(const struct bench *b)
{
	assert_int_equal(b->nr_obligations, 1);
	return &b->obligation[0];
}

/* The last span of a field that had that state, NULL: none. */
static const struct span_row *span_of(const struct bench *b, const char *component, const char *field,
				      const char *state)
{
	const struct span_row *found = NULL;

	for (unsigned i = 0; i < b->nr_spans && i < MAX_ROWS; i++)
		if (!strcmp(b->span[i].component, component) && !strcmp(b->span[i].field, field) &&
		    !strcmp(b->span[i].state, state))
			found = &b->span[i];
	return found;
}

/* T9.mis, T9.mis.register: the local APIC's EOI had another vector; the IO-APIC's own register ends it. */
static void test_explicit_eoi_ends_a_mismatch(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(PIN_STARTUP("1.0"), PIN_UNMASK("1.1"), PIN_RTE("1.2", "0x8030"), PIN_FLOW("2.0"),
			PIN_EOI("2.1", " vector=49"), PIN_EOI("2.4", ""), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->trigger_ns, 2100000000);
	assert_int_equal(only(b)->owed_ns, 300000000);
}

/* T9.remapped: entry and EOI both name the pin's number, so that the second EOI matches. */
static void test_remapped_line_is_ended_by_pin_number(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES("1.0 cpu0 irq.startup@shadow irq:23 state=0x1d032200 depth=1 chip=\"IR-IO-APIC\"",
			PIN_UNMASK("1.1"),
			PIN_RTE("1.2", "0x100000008017"), PIN_FLOW("2.0"), RUN("2.1", "23"), PIN_ACK("2.2"),
			PIN_EOI("2.3", " irq:23 vector=23"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_deliveries, 1);
	assert_int_equal(b->delivery[0].eoi_ns, 2200000000);
}

/* T9.move.deferred: what the kernel read says why the move waits; it is asked for as long as it does. */
static void test_move_waits_for_remote_irr(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(PIN_STARTUP("1.0"), PIN_UNMASK("1.1"), PIN_RTE("1.2", "0x8030"), PIN_FLOW("2.0"),
			PIN_EOI("2.1", " vector=49"), PIN_IRR("2.2", "0x1"), PIN_IRR("2.5", "0x0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->end_ns, 2500000000);
}

/* T10.disabled: the last thread has finished, but the line stays masked, and need not be unmasked. */
static void test_disabled_oneshot_line_stays_masked(void **state)
{
	struct bench *b = *state;

	b->kind = "pin-unmask";
	replay(b, LINES(PIN_STARTUP("1.0"), PIN_UNMASK("1.1"), PIN_FLOW("2.0"), PIN_MASK("2.1", "0x1d402200"),
			ENTER("2.2", "23"), EXIT("2.3", "23", "2"), "2.4 cpu1 irq.disable@shadow irq:23 depth=1",
			"3.0 cpu1 irq.thread_done@shadow irq:23 state=0x1d432200", END("9.0")));
	/* owed between the mask and the action that woke the thread, and not behind it */
	assert_int_equal(only(b)->ending, ENDING_EXCUSED);
	assert_int_equal(only(b)->owed_ns, 200000000);
	assert_string_equal(span_of(b, PIN, "mask", "masked")->state, "masked");
	assert_int_equal(span_of(b, PIN, "mask", "masked")->ending, ENDING_OPEN);
}

/* T11.stored: nothing is applied before the irq has a vector. */
static void test_affinity_of_a_parked_irq_is_stored(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES("1.0 cpu0 vector.setup@shadow irq:40 ret=0", CONFIG("1.1", "239", "0"), ASK("2.0", "0x2"),
			END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_non_null(span_of(b, "vector", "affinity", "asked"));
}

/* T11.stored: and once it has one, the mask that was stored counts. */
static void test_stored_affinity_is_lost(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES("1.0 cpu0 vector.setup@shadow irq:40 ret=0", CONFIG("1.1", "239", "0"), ASK("2.0", "0x2"),
			UPDATE("3.0", "48", "0", "0", "0"), CONFIG("3.01", "48", "0"), STARTUP("3.1", "40"),
			FLOW("4.0", "40", "0x10400300"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->cause_event, event_id(1, 3, 0));
	assert_int_equal(only(b)->opportunities, 1);
}

/* T11.stored: parked, it has nothing left that could be moved. */
static void test_affinity_of_an_irq_that_is_parked(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "0x2"), CONFIG("3.0", "239", "0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_EXCUSED);
	assert_string_equal(only(b)->ended_by, "no vector yet");
}

/* T12.skip: interrupts of a disabled irq are no occasion to move it. */
static void test_disabled_irq_is_not_moved(void **state)
{
	struct bench *b = *state;

	b->kind = "affinity";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), ASK("2.0", "0x2"), "3.0 cpu1 irq.disable@intent irq:40",
			"4.0 cpu0 irq.flow@shadow irq:40 state=0x10410300 istate=0x4000 depth=1",
			"5.0 cpu0 irq.flow@shadow irq:40 state=0x10430300 istate=0x4200 depth=1", END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_EXCUSED);
	assert_int_equal(only(b)->excuses, 1);
	assert_int_equal(only(b)->opportunities, 0);
}

/* T12.message.direct: one write with both parts new. */
static void test_message_moves_in_one_write(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(IN_USE, MESSAGE("1.03", "0xfee00000", "0x30"), MOVED, MESSAGE("2.02", "0xfee01000", "0x31"),
			END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->opportunities, 1);
	assert_int_equal(only(b)->owed_ns, 10000000);
}

/* T12.message.dance1, T12.message.dance2: the first of two writes has the old destination. */
static void test_message_moves_in_two_writes(void **state)
{
	struct bench *b = *state;

	b->kind = "message-update";
	replay(b, LINES(IN_USE, MESSAGE("1.03", "0xfee00000", "0x30"), MOVED, MESSAGE("2.02", "0xfee00000", "0x31"),
			MESSAGE("2.03", "0xfee01000", "0x31"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->opportunities, 2);
	assert_int_equal(only(b)->end_ns, 2030000000);
}

/* T12.eoi: an edge is ended before its actions. */
static void test_move_ends_with_the_eoi(void **state)
{
	struct bench *b = *state;

	b->kind = "lapic-eoi";
	replay(b, LINES(IN_USE, FLOW("2.0", "40", "0x10400300"), UPDATE("2.01", "49", "1", "48", "0"),
			CONFIG("2.02", "49", "1"),
			"2.1 cpu0 irq.ack@shadow irq:40", RUN("2.2", "40"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->end_ns, 2100000000);
	assert_int_equal(b->delivery[0].eoi_ns, 2100000000);
}

/* T12.message.retrigger, T16.retrigger: software sends what came meanwhile again, past any mask. */
static void test_resent_interrupt_is_no_devices(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(IN_USE, UNMASK("1.1", "40", "0"), MASK("2.0", "40", "0", "0x10400200"), RUN("2.5", "40"),
			"3.0 cpu0 irq.resend@shadow irq:40", RUN("3.1", "40"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_CONTRADICTED);
	assert_int_equal(only(b)->end_ns, 2500000000);
	b->nr_obligations = b->nr_unexpected = 0;
	replay(b, LINES(IN_USE, UNMASK("1.1", "40", "0"), MASK("2.0", "40", "0", "0x10400200"),
			"3.0 cpu0 irq.resend@shadow irq:40", RUN("3.1", "40"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(b->nr_unexpected, 0);
}

/* T9.complete_move, T12.complete, T15.old.queue, T15.freed, T15.timer.drain: the end of a move. */
static void test_interrupt_on_the_new_cpu_ends_a_move(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, MOVED, RUN_ON_1("3.0"), FREED("3.5"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->trigger_ns, 3000000000);
	assert_int_equal(span_of(b, "vector", "cleanup", "queued")->start_ns, 3000000000);
	assert_int_equal(span_of(b, "vector", "cleanup", "queued")->end_ns, 3500000000);
}

/* T13.cleanup, T15.timer.arm: queued by the move itself, no interrupt is waited for. */
static void test_cleanup_that_is_queued_at_once(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, MOVED,
			"2.02 cpu1 vector.cleanup@shadow irq:40 vector=49 target_cpu=1 prev_vector=48 prev_cpu=0",
			FREED("2.5"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->trigger_ns, 2020000000);
}

static void test_cleanup_asked_for_where_there_is_none(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, NO_OLD("1.5"), "2.0 cpu1 vector.cleanup@intent irq:40", END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
}

#define CLEANUP_IPI(t, cpu) t " cpu" cpu " lapic.ipi@hardware vector=32 apicdest=0x0 mode=0"

/* T15.old.ipi, T15.old.again: queued by nobody's IPI, and tried again by the old CPU's own. */
static void test_cleanup_ipi(void **state)
{
	struct bench *b = *state;

	b->kind = "vector-cleanup";
	replay(b, LINES(IN_USE, MOVED, CLEANUP_IPI("2.5", "1"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_non_null(span_of(b, "vector", "cleanup", "pending"));
	replay(b, LINES(IN_USE, MOVED, RUN_ON_1("3.0"), CLEANUP_IPI("3.1", "1"), CLEANUP_IPI("3.2", "0"), FREED("3.5"),
			END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->owed_ns, 500000000);
	assert_int_equal(b->nr_unexpected, 0);
}

/* T17.depth.new: up to 6.15 its depth is 1 then, since it is one more than the driver's. */
static void test_managed_shutdown_keeps_the_drivers_depth(void **state)
{
	struct bench *b = *state;

	replay(b, LINES("1.0 cpu0 irq.startup@shadow irq:40 state=0x10230200 depth=1 chip=\"PCI-MSI\"",
			UNMASK("1.1", "40", "0"),
			"1.5 cpu0 irq.disable@intent irq:40",
			"2.0 cpu0 irq.shutdown@shadow irq:40 state=0x10e10200 depth=1",
			"5.0 cpu0 irq.enable@intent irq:40", END("9.0")));
	assert_int_equal(span_of(b, "irq", "depth", "many")->start_ns, 2000000000);
	assert_int_equal(span_of(b, "irq", "depth", "many")->end_ns, 5000000000);
}

/* T18.wakeup.armed, T18.wakeup.hit */
static void test_wakeup_irq_is_held_once(void **state)
{
	struct bench *b = *state;

	b->kind = "edge-resend";
	replay(b, LINES(IN_USE, ENTER("1.3", "40"), EXIT("1.4", "40", "1"), "2.0 cpu0 machine.suspend@shadow enable=1",
			FLOW("3.0", "40", "0x10484200"), "4.0 cpu0 machine.suspend@shadow enable=0",
			"4.1 cpu0 irq.enable@shadow irq:40 state=0x10414200 depth=0", END("9.0")));
	assert_int_equal(span_of(b, "irq", "wakeup_armed", "yes")->start_ns, 3000000000);
	assert_int_equal(span_of(b, "irq", "wakeup_armed", "yes")->end_ns, 3000000000);
	assert_int_equal(span_of(b, "irq", "depth", "1")->start_ns, 3000000000);
	assert_int_equal(span_of(b, "irq", "depth", "1")->end_ns, 4100000000);
	/* held pending: to be sent again when it is enabled, and it is not */
	assert_int_equal(only(b)->ending, ENDING_OPEN);
	assert_int_equal(only(b)->trigger_ns, 4100000000);
	assert_int_equal(only(b)->cause_event, event_id(1, 7, 0));
}

#define RESET(t) t " cpu0 pci.reset@shadow pci:0000:05:00.0"
#define RESTORE(t) t " cpu0 pci.restore@intent pci:0000:05:00.0"
#define MSI_STARTUP(t) t " cpu0 irq.startup@shadow irq:40 state=0x1d030200 depth=1 chip=\"PCI-MSI\""
#define MSI_UNMASK(t) t " cpu0 irq.unmask@shadow irq:40 msi:0000:05:00.0[0] state=0x1d020200 ctrl=0x0"
#define MSI_WRITE(t) \
	t " cpu0 pci.msi.write@shadow irq:40 msi:0000:05:00.0[0] addr_lo=0xfee01004 addr_hi=0x0 data=0x25 ctrl=0x0"

/* T18.device.restore, T19.asked, T19.msi.message: the call, or its last message. */
static void test_message_is_written_back(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-restore";
	replay(b, LINES(MSI_STARTUP("1.0"), MSI_UNMASK("1.1"), RESET("2.0"), MSI_WRITE("2.5"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->owed_ns, 500000000);
	b->nr_obligations = 0;
	replay(b, LINES(MSI_STARTUP("1.0"), MSI_UNMASK("1.1"), RESET("2.0"), RESTORE("2.4"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->owed_ns, 400000000);
	b->nr_obligations = 0;
	replay(b, LINES(MSI_STARTUP("1.0"), MSI_UNMASK("1.1"), RESET("2.0"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
}

/* T19.asked: what the driver has switched off is not written back. */
static void test_nothing_is_restored_of_what_is_off(void **state)
{
	struct bench *b = *state;

	b->kind = "msi-restore";
	replay(b, LINES(MSI_STARTUP("1.0"), MSI_UNMASK("1.1"),
			"1.5 cpu0 pci.msi.enable@shadow pci:0000:05:00.0 enable=0", RESET("2.0"),
			RESTORE("2.4"), END("9.0")));
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(span_of(b, "msi_function", "enable", "off")->start_ns, 1500000000);
	assert_int_equal(span_of(b, "msi_function", "enable", "off")->ending, ENDING_OPEN);
}

/* T19.msix.xen: the call is all that Linux does; no message is waited for. */
static void test_hypervisor_writes_messages_back(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES("1.0 cpu0 irq.startup@shadow irq:40 state=0x30200 depth=1 chip=\"xen-pirq-msi-x\"",
			UNMASK("1.1", "40", "0"),
			"1.2 cpu0 pci.msix.enable@shadow pci:0000:05:00.0 ret=1", RESET("2.0"), RESTORE("2.3"),
				END("9.0")));
	for (unsigned i = 0; i < b->nr_obligations; i++)
		assert_int_equal(b->obligation[i].ending, ENDING_DISCHARGED);
	assert_int_equal(span_of(b, "pci", "set_up", "stale")->end_ns, 2300000000);
	assert_int_equal(span_of(b, "msix_function", "enable", "off")->end_ns, 2300000000);
}

#define INSTALL(t, flags) t " cpu0 irq.setup@intent irq:23 name=\"a\" flags=" flags
#define POLL(t) t " cpu0 irq.poll@shadow irq:23"

/* T20.poll, T20.poll.shared: a poll's actions are no interrupt, and only shared lines are polled. */
static void test_poll_of_a_shared_line(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(INSTALL("1.0", "0x80"), RUN("2.0", "23"), POLL("3.0"), RUN("3.000001", "23"), RUN("4.0", "23"),
			END("9.0")));
	assert_int_equal(b->nr_summaries, 1);
	assert_int_equal(b->summary[0].deliveries, 2);
	b->nr_summaries = b->nr_objects = 0;
	replay(b, LINES(INSTALL("1.0", "0x0"), RUN("2.0", "23"), POLL("3.0"), RUN("3.000001", "23"), RUN("4.0", "23"),
			END("9.0")));
	assert_int_equal(b->summary[0].deliveries, 3);
}

/*
 * T21.crash.mask, T21.crash.eoi, T21.crash.zero, T21.crash.complaint: the last writes of the crashed kernel, as the
 * platform records them.
 */
static void test_crash_clears_the_ioapic(void **state)
{
	struct bench *b = *state;

	b->kind = "irr-clear";
	replay(b, LINES(PIN_STARTUP("1.0"), PIN_UNMASK("1.1"), PIN_RTE("1.2", "0x8030"), PIN_FLOW("2.0"),
			PIN_EOI("2.1", " vector=49"), PIN_RTE("3.0", "0x18030"), PIN_IRR("3.1", "0x1"),
			PIN_EOI("3.2", ""), PIN_RTE("3.3", "0x10000"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->end_ns, 3200000000);
	assert_int_equal(span_of(b, PIN, "mask", "masked")->start_ns, 3000000000);
	assert_int_equal(span_of(b, PIN, "trigger", "edge")->start_ns, 3300000000);
	/* the complaint: it is set still */
	b->nr_obligations = 0;
	replay(b, LINES(PIN_STARTUP("1.0"), PIN_UNMASK("1.1"), PIN_RTE("1.2", "0x8030"), PIN_FLOW("2.0"),
			PIN_EOI("2.1", " vector=49"), PIN_IRR("3.1", "0x1"), END("9.0")));
	assert_int_equal(only(b)->ending, ENDING_OPEN);
}

/* T21.normal.ioapic, T21.normal.extint */
static void test_kexec_leaves_one_pin_to_the_8259(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(PIN_STARTUP("1.0"), PIN_UNMASK("1.1"), PIN_RTE("1.2", "0x8030"), PIN_RTE("2.0", "0x10000"),
			PIN_RTE("3.0", "0x700"), END("9.0")));
	assert_int_equal(span_of(b, PIN, "mask", "masked")->start_ns, 2000000000);
	assert_int_equal(span_of(b, PIN, "mask", "unmasked")->start_ns, 3000000000);
	assert_int_equal(span_of(b, PIN, "trigger", "edge")->start_ns, 2000000000);
}

#define MACHINE_RESET(t) t " - machine.reset@hardware"

static void test_machine_reset_excuses_what_was_owed(void **state)
{
	static const char *const kinds[] = { "msix-unmask", "vector-cleanup", "bus-master", "level-eoi",
		"oneshot-finish" };

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct bench *b = *state;

		b->nr_obligations = b->nr_objects = b->nr_summaries = b->nr_links = b->nr_paths = b->nr_deliveries = b->nr_spans = 0;
		b->kind = kinds[i];
		replay(b, LINES(IN_USE, UNMASK("1.1", "40", "0"), MOVED, RUN_ON_1("2.1"),
				MASK("2.15", "40", "0", "0x10400200"),
				"2.2 cpu0 pci.command@shadow pci:0000:05:00.0 value=0x402 mask=0x407",
					PIN_STARTUP("2.3"),
				PIN_UNMASK("2.4"), PIN_FLOW("2.5"), PIN_MASK("2.6", "0x1d402200"), ENTER("2.7", "23"),
				EXIT("2.8", "23", "2"), MACHINE_RESET("3.0"), END("9.0")));
		assert_int_equal(only(b)->ending, ENDING_EXCUSED);
		assert_string_equal(only(b)->ended_by, "machine reset");
		assert_int_equal(only(b)->end_ns, 3000000000);
	}
}

/* Registers hold their reset values, and the same numbers are other irqs. */
static void test_machine_reset_begins_anew(void **state)
{
	struct bench *b = *state;

	b->kind = "msix-restore";
	replay(b, LINES("0.5 cpu0 cpu.online@shadow cpu:1", IN_USE, UNMASK("1.1", "40", "0"), RUN("1.2", "40"),
			PIN_STARTUP("1.3"), PIN_UNMASK("1.4"), PIN_RTE("1.5", "0x8030"), MACHINE_RESET("3.0"),
			STARTUP("5.0", "40"), RUN("6.0", "40"), END("9.0")));
	/* nobody is left to write it back */
	assert_int_equal(b->nr_obligations, 0);
	assert_int_equal(b->nr_unexpected, 0);
	assert_int_equal(span_of(b, "msix_entry", "mask", "masked")->start_ns, 3000000000);
	assert_int_equal(span_of(b, "msix_function", "enable", "off")->start_ns, 3000000000);
	assert_int_equal(span_of(b, PIN, "mask", "masked")->start_ns, 3000000000);
	assert_int_equal(span_of(b, PIN, "trigger", "edge")->start_ns, 3000000000);
	assert_int_equal(span_of(b, "cpu", "power", "online")->end_ns, 3000000000);
	for (unsigned i = 0; i < b->nr_objects; i++) {
		const struct object_row *row = &b->object[i];

		if (row->ref.kind == OBJ_IRQ && row->generation == 1)
			assert_int_equal(row->gone_ns, 3000000000);
		if (row->ref.kind == OBJ_IRQ && row->generation == 2)
			assert_int_equal(row->ref.id, 40);
	}
	assert_int_equal(b->nr_summaries, 3);
	assert_int_equal(b->summary[0].deliveries, 1);
}

/* T21.stale: what the next kernel finds in its records. */
static void test_stale_vector_behind_a_reset(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(IN_USE, UNMASK("1.1", "40", "0"), MACHINE_RESET("3.0"),
			"4.0 cpu0 harm.no_handler@shadow vector:0.0x30 text=\"No irq handler for vector\""));
	assert_int_equal(b->nr_harms, 1);
	assert_int_equal(b->harm[0].event, event_id(1, 6, 0));
	assert_string_equal(b->harm[0].kind, "harm.no_handler");
}

#define IR_STARTUP(t) t " cpu0 irq.startup@shadow irq:40 state=0x10030200 depth=1 chip=\"IR-PCI-MSI\""
#define IRTE(t, vec, dest) t " cpu0 irte.write@shadow irte:0.27 irq:40 value=0xd vector=" vec " apicdest=" dest
#define POSTED(t) t " cpu0 kvm.posted_on@shadow irq:40 vector=65"

/* T22.attach, T22.config, T22.detach, T13.posted: the host's vector is not written until the entry is its own again. */
static void test_posted_entry_is_the_guests(void **state)
{
	struct bench *b = *state;

	b->kind = "irte-update";
	replay(b, LINES(IR_STARTUP("1.0"), CONFIG("1.1", "48", "0"), IRTE("1.2", "48", "0x0"), POSTED("1.5"), MOVED,
			"4.0 cpu0 kvm.posted_off@shadow irq:40", IRTE("4.1", "49", "0x1"), END("9.0")));
	assert_int_equal(span_of(b, "irte", "posted", "yes")->start_ns, 1500000000);
	assert_int_equal(span_of(b, "irte", "posted", "yes")->end_ns, 4000000000);
	assert_int_equal(only(b)->ending, ENDING_DISCHARGED);
	assert_int_equal(only(b)->trigger_ns, 4000000000);
	assert_int_equal(only(b)->owed_ns, 100000000);
}

/* T22.silent: the host's handler running tells that it may not be posted any more. */
static void test_posted_irq_is_silent_on_the_host(void **state)
{
	struct bench *b = *state;

	replay(b, LINES(IR_STARTUP("1.0"), CONFIG("1.1", "48", "0"), IRTE("1.2", "48", "0x0"), RUN("1.3", "40"),
			POSTED("1.5"),
			RUN("3.0", "40"), END("9.0")));
	assert_int_equal(span_of(b, "irte", "posted", "no")->end_ns, 1500000000);
	assert_int_equal(span_of(b, "irte", "posted", "yes")->end_ns, 3000000000);
	assert_int_equal(b->nr_unexpected, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level_line_cells),
		cmocka_unit_test(test_thread_cells),
		cmocka_unit_test(test_affinity_cells),
		cmocka_unit_test(test_move_cells),
		cmocka_unit_test(test_hotplug_cells),
		cmocka_unit_test(test_suspend_cells),
		cmocka_unit_test(test_restore_cells),
		cmocka_unit_test(test_spurious_cells),
		cmocka_unit_test(test_kexec_cells),
		cmocka_unit_test(test_posting_cells),
		TEST(test_explicit_eoi_ends_a_mismatch),
		TEST(test_remapped_line_is_ended_by_pin_number),
		TEST(test_move_waits_for_remote_irr),
		TEST(test_disabled_oneshot_line_stays_masked),
		TEST(test_affinity_of_a_parked_irq_is_stored),
		TEST(test_stored_affinity_is_lost),
		TEST(test_affinity_of_an_irq_that_is_parked),
		TEST(test_disabled_irq_is_not_moved),
		TEST(test_message_moves_in_one_write),
		TEST(test_message_moves_in_two_writes),
		TEST(test_move_ends_with_the_eoi),
		TEST(test_resent_interrupt_is_no_devices),
		TEST(test_interrupt_on_the_new_cpu_ends_a_move),
		TEST(test_cleanup_that_is_queued_at_once),
		TEST(test_cleanup_asked_for_where_there_is_none),
		TEST(test_cleanup_ipi),
		TEST(test_managed_shutdown_keeps_the_drivers_depth),
		TEST(test_wakeup_irq_is_held_once),
		TEST(test_message_is_written_back),
		TEST(test_nothing_is_restored_of_what_is_off),
		TEST(test_hypervisor_writes_messages_back),
		TEST(test_poll_of_a_shared_line),
		TEST(test_crash_clears_the_ioapic),
		TEST(test_kexec_leaves_one_pin_to_the_8259),
		TEST(test_machine_reset_excuses_what_was_owed),
		TEST(test_machine_reset_begins_anew),
		TEST(test_stale_vector_behind_a_reset),
		TEST(test_posted_entry_is_the_guests),
		TEST(test_posted_irq_is_silent_on_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
