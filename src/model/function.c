/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a PCI function owes as a whole.
 *
 * "msix-restore", "msi-restore": what a reset took, or low power kept back, must be written back while irqs of the
 * function are started. Being in low power excuses it for a while; shutting them down, or switching MSI-X or MSI off,
 * ends it.
 *
 * "bus-master": while an irq of the function is started and enabled, its messages must be able to leave. A reset that
 * is not written back yet and low power excuse it for a while; shutting down ends it.
 *
 * "enable": a function that was refused an interrupt must get one: MSI-X with fewer vectors, MSI, or its line. What
 * else shows that it went without (a failed probe, a time-out) is noted as missed. A request for an irq that no
 * function is known to have may be its line: one of the same task is taken for it, one of another counts as an
 * opportunity.
 */
#include "model/owners.h"
#include "model/replay.h"

static enum truth feeder_in_use(const struct object *feeder, bool enabled)
{
	enum truth started;

	if (!feeder->feeds)
		return TRUTH_FALSE;
	started = irq_is_started(feeder->feeds);
	return enabled ? truth_and(started, irq_is_enabled(feeder->feeds)) : started;
}

static enum truth list_in_use(const struct object *feeder, bool enabled)
{
	enum truth most = TRUTH_FALSE;

	for (; feeder && most != TRUTH_TRUE; feeder = feeder->next) {
		enum truth one = feeder_in_use(feeder, enabled);

		most = one > most ? one : most;
	}
	return most;
}

/* Is any irq of its entries and messages started, and where asked for, enabled as well? */
static enum truth in_use(const struct object *fn, bool enabled)
{
	enum truth msix = list_in_use(fn->fn.entries, enabled);
	enum truth msi = msix == TRUTH_TRUE ? TRUTH_FALSE : list_in_use(fn->fn.messages, enabled);

	return msi > msix ? msi : msix;
}

bool function_is_used(const struct object *fn)
{
	return in_use(fn, false) == TRUTH_TRUE;
}

static bool is_stale(const struct object *fn)
{
	return pci_state(fn->fn.pci, PCI_REGION_STATE) == SETUP_STALE;
}

static bool in_low_power(const struct object *fn)
{
	return pci_state(fn->fn.pci, PCI_REGION_POWER) == POWER_LOW;
}

/* Does the kernel have the capability, whose irqs are in use, switched off? */
static bool is_switched_off(const struct object *fn, bool msi)
{
	return msi ? msi_function_state(fn->fn.msi, MSIFN_REGION_KERNEL) == BIT_CLEAR :
		     msix_function_state(fn->fn.core, FN_REGION_KERNEL) == BIT_CLEAR;
}

static void update_restore(struct model *m, struct object *fn, enum truth started)
{
	bool msi = list_in_use(fn->fn.entries, false) == TRUTH_FALSE && fn->fn.messages;
	struct claim claim = {
		.kind = msi ? "msi-restore" : "msix-restore", .object = fn->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = fn->fn.pci_mark[PCI_REGION_STATE].event, .due = is_stale(fn), .met_by = "written back",
		.owed = in_low_power(fn) ? TRUTH_FALSE : started,
	};

	if (!claim.due && !fn->fn.restore.open)
		return;
	if (started == TRUTH_FALSE)
		claim.final = "irqs shut down";
	else if (is_switched_off(fn, msi))
		claim.final = msi ? "MSI off" : "MSI-X off";
	duty_follow(m, &fn->fn.restore, &claim);
}

static void update_master(struct model *m, struct object *fn, enum truth started)
{
	unsigned master = pci_state(fn->fn.pci, PCI_REGION_MASTER);
	struct claim claim = {
		.kind = "bus-master", .object = fn->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = fn->fn.pci_mark[PCI_REGION_MASTER].event, .due = master == BIT_CLEAR,
		.met_by = "bus mastering on",
	};

	if (!claim.due && !fn->fn.master.open)
		return;
	if (master == BIT_UNKNOWN) {
		duty_end(m, &fn->fn.master, ENDING_EXCUSED, "written back");
		return;
	}
	if (started == TRUTH_FALSE)
		claim.final = "irqs shut down";
	else if (pci_state(fn->fn.pci, PCI_REGION_DRIVER) == BIT_CLEAR)
		claim.final = "no driver";
	else if (!is_stale(fn) && !in_low_power(fn))
		claim.owed = in_use(fn, true);
	duty_follow(m, &fn->fn.master, &claim);
}

static void update_enable(struct model *m, struct object *fn, enum truth started)
{
	struct claim claim = {
		.kind = "enable", .object = fn->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = fn->fn.refused_event,
		.due = true, .owed = started == TRUTH_FALSE ? TRUTH_TRUE : TRUTH_UNKNOWN,
	};

	if (!fn->fn.refused)
		return;
	if (started == TRUTH_TRUE)
		function_served(m, fn, "irq started");
	else
		duty_follow(m, &fn->fn.enable, &claim);
}

void function_update(struct model *m, struct object *fn)
{
	bool off = pci_state(fn->fn.pci, PCI_REGION_MASTER) == BIT_CLEAR;
	enum truth started;

	if (!off && !is_stale(fn) && !fn->fn.refused && !fn->fn.restore.open && !fn->fn.master.open)
		return;
	started = in_use(fn, false);
	update_restore(m, fn, started);
	update_master(m, fn, started);
	update_enable(m, fn, started);
}

/* --------------------------------------------------------------------------------------------------- set-up */

void function_written_back(struct model *m, struct object *fn)
{
	for (struct object *entry = fn->fn.entries; entry; entry = entry->next) {
		entry->stale = false;
		entry_input(m, entry, ENTRY_RESTORED);
	}
	for (struct object *msi = fn->fn.messages; msi; msi = msi->next) {
		msi->stale = false;
		msi_input(m, msi, MSI_RESTORED);
	}
	/* what is off is not written back */
	if (!is_switched_off(fn, false))
		function_input(m, fn, FN_RESTORED);
	if (!is_switched_off(fn, true))
		msi_function_input(m, fn, MSIFN_RESTORED);
	function_released(m, fn);
	masks_update_function(m, fn);
}

void function_released(struct model *m, struct object *fn)
{
	for (struct object *entry = fn->fn.entries; entry; entry = entry->next)
		entry_input(m, entry, ENTRY_RELEASED);
	for (struct object *msi = fn->fn.messages; msi; msi = msi->next)
		msi_input(m, msi, MSI_RELEASED);
}

static bool any_stale(const struct object *feeder)
{
	for (; feeder; feeder = feeder->next)
		if (feeder->stale && feeder_in_use(feeder, false) != TRUTH_FALSE)
			return true;
	return false;
}

bool function_takes_message(struct model *m, struct object *fn)
{
	if (!in_low_power(fn))
		return true;
	pci_input(m, fn, PCI_KEPT_BACK);
	function_update(m, fn);
	return false;
}

/* The MSI-X table takes no write while memory space is off. That a reset turned it off may be over without a record. */
static bool table_is_shut(const struct object *fn)
{
	return fn->fn.command_seen && pci_state(fn->fn.pci, PCI_REGION_MEMORY) == BIT_CLEAR;
}

void function_message_written(struct model *m, struct object *feeder)
{
	struct object *fn = feeder->function;

	if (!feeder->stale || (feeder->row.ref.kind == OBJ_MSIX && table_is_shut(fn)))
		return;
	feeder->stale = false;
	if (!is_stale(fn) || any_stale(fn->fn.entries) || any_stale(fn->fn.messages))
		return;
	pci_input(m, fn, PCI_RESTORED);
	function_written_back(m, fn);
	function_update(m, fn);
}

static void spoil(struct model *m, struct object *feeder, const char *why)
{
	for (; feeder; feeder = feeder->next) {
		duty_end(m, &feeder->unmask, ENDING_EXCUSED, why);
		feeder->stale = true;
	}
}

void function_spoil(struct model *m, struct object *fn, const char *why)
{
	fn->fn.sent_while_off = 0;
	fn->fn.command_seen = false;
	spoil(m, fn->fn.entries, why);
	spoil(m, fn->fn.messages, why);
}

/* ------------------------------------------------------------------------------------------------- messages */

void function_sent(struct model *m, struct object *fn, bool resent)
{
	bool on = pci_state(fn->fn.pci, PCI_REGION_MASTER) == BIT_SET, stale = is_stale(fn);
	bool off = pci_state(fn->fn.pci, PCI_REGION_MASTER) == BIT_CLEAR || in_low_power(fn);

	if (on && !off && !stale)
		return;
	if (off || stale) {
		if (resent)
			return;
		/* each of its entries and messages may have sent one that was still on its way */
		if (++fn->fn.sent_while_off <= fn->fn.nr_feeders)
			return;
		duty_end(m, &fn->fn.master, ENDING_CONTRADICTED, "interrupts went on");
		duty_end(m, &fn->fn.restore, ENDING_CONTRADICTED, "interrupts went on");
	}
	pci_input(m, fn, PCI_SENT);
	if (stale)
		function_written_back(m, fn);
}

/* -------------------------------------------------------------------------------------------------- refusals */

static void remember_refused(struct model *m, struct object *fn)
{
	uint32_t *slot = &m->refused[m->next_refused++ % MAX_REFUSED];
	struct object *old = registry_get(m->objects, *slot);

	for (unsigned i = 0; i < MAX_REFUSED; i++)
		if (m->refused[i] == fn->row.id)
			return;
	/* nobody watches any more whether its line is asked for */
	if (old && old->row.ref.kind == OBJ_PCI)
		duty_expected(m, &old->fn.enable);
	*slot = fn->row.id;
}

void function_refused(struct model *m, struct object *fn, int32_t pid)
{
	/* one more than it has: it can go on with those */
	if (function_is_used(fn))
		return;
	fn->fn.refused = true;
	fn->fn.refused_pid = pid;
	fn->fn.refused_event = m->event;
	fn->fn.fallback_irq = 0;
	if (fn->fn.enable.open)
		fn->fn.enable.row.cause_event = m->event;
	remember_refused(m, fn);
	function_update(m, fn);
}

void function_served(struct model *m, struct object *fn, const char *how)
{
	fn->fn.refused = false;
	duty_end(m, &fn->fn.enable, ENDING_DISCHARGED, how);
}

/* ------------------------------------------------------------------------------------------------------- end */

void function_lost(struct model *m, struct object *fn)
{
	fn->fn.refused = false;
	fn->fn.sent_while_off = 0;
	pci_input(m, fn, PCI_LOST);
	function_input(m, fn, FN_LOST);
	msi_function_input(m, fn, MSIFN_LOST);
}
