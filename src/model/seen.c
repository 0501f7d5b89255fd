/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The obligations "msix-message" and "pin-eoi": what a platform's own records prove where no kernel's are at hand.
 *
 * A device that notifies while its entry is masked sets the pending bit (PCI Express, MSI-X); the message must follow once
 * the entry is unmasked. A kernel may keep an entry masked on purpose, with its irq disabled: so it is only owed perhaps
 * until another entry of the function has sent, as the device is in use then, and rules judge only what never came.
 *
 * A level message that was accepted sets remote IRR, and its EOI clears it. A line that rises again meanwhile sends
 * nothing: by then the handler has been at the device, and the EOI is late.
 *
 * Where an irq is known, the kernel's state says more (masks.c, eoi.c), and nothing is owed here.
 *
 * The obligation "function-message": the same where the function mask holds the message back and the entry's own mask bit
 * does not. Software sets the function mask while it works at the table, whose entries are masked then; an entry that is
 * unmasked was given to somebody who waits for it.
 */
#include "model/owners.h"
#include "model/replay.h"

static const char *message_excuse(const struct object *entry)
{
	const struct object *fn = entry->function;

	if (entry->ever_fed)
		return "its irq is known";
	if (msix_function_state(fn->fn.core, FN_REGION_ENABLE) == BIT_CLEAR)
		return "MSI-X off";
	return NULL;
}

static void follow_message(struct model *m, struct object *entry, enum truth owed)
{
	struct claim claim = {
		.kind = "msix-message", .object = entry->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = entry->entry.mark[ENTRY_REGION_HW].event, .met_by = "unmasked",
		.due = msix_entry_state(entry->entry.core, ENTRY_REGION_HW) == BIT_SET, .final = message_excuse(entry),
		.owed = owed,
	};

	duty_follow(m, &entry->entry.message, &claim);
}

/* The function is in use: what others of its entries hold back is owed. */
static void peers_are_in_use(struct model *m, struct object *entry)
{
	for (struct object *other = entry->function->fn.entries; other; other = other->next)
		if (other != entry && other->entry.message.open)
			follow_message(m, other, TRUTH_TRUE);
}

static const char *function_excuse(const struct object *fn)
{
	if (msix_function_state(fn->fn.core, FN_REGION_ENABLE) == BIT_CLEAR)
		return "MSI-X off";
	return pci_state(fn->fn.pci, PCI_REGION_MASTER) == BIT_CLEAR ? "bus mastering off" : NULL;
}

static void follow_function(struct model *m, struct object *fn)
{
	const char *excuse = function_excuse(fn);
	struct claim claim = {
		.kind = "function-message", .object = fn->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = fn->fn.mark[FN_REGION_FMASK].event, .met_by = "function mask cleared",
		/* of one that is off nothing is owed, whatever its mask is */
		.due = excuse || msix_function_state(fn->fn.core, FN_REGION_FMASK) == BIT_SET, .final = excuse, .owed = TRUTH_TRUE,
	};

	duty_follow(m, &fn->fn.message, &claim);
}

/* An irq that is known, and not in use, has nobody who waits. */
static bool is_waited_for(const struct object *entry)
{
	return msix_entry_state(entry->entry.core, ENTRY_REGION_MESSAGE) == MESSAGE_VECTOR &&
	       (!entry->feeds || (irq_is_started(entry->feeds) != TRUTH_FALSE && irq_is_enabled(entry->feeds) != TRUTH_FALSE));
}

static void function_holds(struct model *m, struct object *entry)
{
	struct object *fn = entry->function;

	if (msix_entry_state(entry->entry.core, ENTRY_REGION_HW) != BIT_CLEAR || !is_waited_for(entry))
		return;
	follow_function(m, fn);
	duty_missed(m, &fn->fn.message);
}

/* What is not held back leaves at once, whether the message was recorded or not. */
void seen_notify(struct model *m, struct object *entry)
{
	unsigned mask = msix_entry_state(entry->entry.core, ENTRY_REGION_HW);
	const struct object *fn = entry->function;

	if (m->ev->witness != WITNESS_HARDWARE || msix_function_state(fn->fn.core, FN_REGION_ENABLE) != BIT_SET)
		return;
	if (msix_function_state(fn->fn.core, FN_REGION_FMASK) == BIT_SET)
		function_holds(m, entry);
	else if (mask == BIT_CLEAR && msix_function_state(fn->fn.core, FN_REGION_FMASK) == BIT_CLEAR)
		peers_are_in_use(m, entry);
	if (mask != BIT_SET)
		return;
	if (!entry->entry.message.open && platform_waits(entry) != TRUTH_FALSE)
		follow_message(m, entry, platform_waits(entry));
	duty_missed(m, &entry->entry.message);
}

void seen_send(struct model *m, struct object *entry)
{
	duty_end(m, &entry->entry.message, ENDING_DISCHARGED, "message sent");
	peers_are_in_use(m, entry);
}

void seen_update(struct model *m, struct object *entry)
{
	if (entry->entry.message.open)
		follow_message(m, entry, entry->entry.message.row.guard_unknown ? TRUTH_UNKNOWN : TRUTH_TRUE);
}

void seen_update_function(struct model *m, struct object *fn)
{
	for (struct object *entry = fn->fn.entries; entry; entry = entry->next)
		seen_update(m, entry);
	if (fn->fn.message.open)
		follow_function(m, fn);
}

/* KVM's records show its interrupts, and none so far that an EOI reaches an IO-APIC: those records may be off. */
static bool ends_unseen(struct model *m, const struct object *pin)
{
	const struct machine_state *machine = model_machine(m, pin->row.ref.machine);

	return pin->pin.by_kvm && !pin->pin.irr_shown && !(machine && machine->kvm_ends_seen);
}

void seen_remote_irr(struct model *m, struct object *pin)
{
	/* that is another duty's matter: pin_events.c, follow_irr() */
	bool moved = pin_state(pin->pin.core, PIN_REGION_ROUTE) == ROUTE_MOVED;
	struct claim claim = {
		.kind = "pin-eoi", .object = pin->row.id, .owner = owner_name(OWNER_KERNEL), .cause_event = m->event,
		.met_by = "remote IRR cleared", .due = pin_state(pin->pin.core, PIN_REGION_IRR) == BIT_SET, .owed = TRUTH_TRUE,
		.final = pin->ever_fed ? "its irq is known" : moved ? "no EOI of it can match" : NULL,
	};

	if (pin->pin.eoi.open || (m->ev->witness == WITNESS_HARDWARE && !ends_unseen(m, pin)))
		duty_follow_hot(m, &pin->pin.eoi, &claim);
}

void seen_raise(struct model *m, struct object *pin)
{
	duty_expected(m, &pin->pin.eoi);
	duty_missed(m, &pin->pin.eoi);
}
