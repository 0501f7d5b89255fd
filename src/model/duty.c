/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The obligation "msix-unmask": an entry that is masked in the table while its irq is started and enabled must be
 * unmasked. It is judged by nobody here; only what became of it is written down.
 *
 * Being disabled excuses it for a while; shutting down, freeing or switching MSI-X off ends it. The time that counts is
 * the time without excuses.
 */
#include "model/owners.h"
#include "model/replay.h"

enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

static enum truth both(enum truth a, enum truth b)
{
	return a < b ? a : b;
}

static enum truth irq_is_started(const struct object *irq)
{
	switch (irq_state(irq->irq.core, IRQ_REGION_LIFE)) {
	case LIFE_STARTED:
		return TRUTH_TRUE;
	case LIFE_UNKNOWN:
	case LIFE_STARTING:
	case LIFE_STOPPING:
		return TRUTH_UNKNOWN;
	default:
		return TRUTH_FALSE;
	}
}

static enum truth irq_is_enabled(const struct object *irq)
{
	switch (irq_state(irq->irq.core, IRQ_REGION_DEPTH)) {
	case DEPTH_0:
		return TRUTH_TRUE;
	case DEPTH_UNKNOWN:
		return TRUTH_UNKNOWN;
	default:
		return TRUTH_FALSE;
	}
}

/* Does the kernel, whose calls were recorded, decide what the table holds? */
static enum truth kernel_owns_mask(const struct object *irq)
{
	if (irq->row.path == PATH_UNKNOWN)
		return irq->irq.pirq ? TRUTH_FALSE : TRUTH_UNKNOWN;
	return owner_role(irq->row.path, OWNER_KERNEL) == ROLE_AUTHORITATIVE ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth function_is_on(const struct object *fn)
{
	/* an irq that is started implies it; only a known "off" counts */
	return msix_function_state(fn->fn.core, FN_REGION_ENABLE) == BIT_CLEAR ? TRUTH_FALSE : TRUTH_TRUE;
}

static enum truth is_owed(const struct object *entry)
{
	const struct object *irq = entry->entry.irq;

	if (!irq)
		return TRUTH_FALSE;
	return both(both(irq_is_started(irq), irq_is_enabled(irq)), both(kernel_owns_mask(irq), function_is_on(entry->function)));
}

/* For good, not just for a while. */
static const char *final_excuse(const struct object *entry)
{
	const struct object *irq = entry->entry.irq;

	if (!irq)
		return "irq gone";
	if (function_is_on(entry->function) == TRUTH_FALSE)
		return "MSI-X off";
	if (kernel_owns_mask(irq) == TRUTH_FALSE)
		return "mask bit not the kernel's";
	if (irq_is_started(irq) == TRUTH_FALSE)
		return "irq shut down";
	return NULL;
}

static void settle_time(struct model *m, struct duty *duty, int64_t until_ns)
{
	if (duty->owed)
		duty->row.owed_ns += until_ns - duty->owed_since_ns;
	duty->owed_since_ns = m->now_ns;
}

static void write_duty(struct model *m, struct duty *duty, enum ending ending, const char *ended_by, int64_t gap_from_ns)
{
	int64_t until_ns = gap_from_ns == NO_TIME ? m->now_ns : gap_from_ns;

	duty->open = false;
	if (duty->row.guard_unknown && !duty->owed)
		return;
	settle_time(m, duty, until_ns < duty->owed_since_ns ? duty->owed_since_ns : until_ns);
	duty->row.end_event = ending == ENDING_OPEN ? 0 : m->event;
	duty->row.end_ns = m->now_ns;
	duty->row.ending = ending;
	duty->row.ended_by = ended_by;
	duty->row.gap_event = ending == ENDING_UNKNOWN ? m->event : 0;
	duty->row.owed_before_gap_ns = duty->row.owed_ns;
	emit_obligation(m, &duty->row);
}

static void open_duty(struct model *m, struct object *entry, enum truth owed)
{
	entry->entry.unmask = (struct duty){
		.row = {
			.object = entry->row.id, .kind = "msix-unmask", .owner = owner_name(OWNER_KERNEL),
			.trigger_event = m->event, .trigger_ns = m->now_ns, .guard_unknown = owed == TRUTH_UNKNOWN,
			.cause_event = entry->entry.mark[ENTRY_REGION_HW].event,
		},
		.open = true, .owed = true, .owed_since_ns = m->now_ns,
	};
	entry->entry.sent_while_masked = 0;
}

/* What was owed only perhaps is owed from now on, or never was. */
static void resolve_guard(struct model *m, struct duty *duty, enum truth owed)
{
	if (!duty->row.guard_unknown || owed == TRUTH_UNKNOWN)
		return;
	if (owed == TRUTH_FALSE) {
		duty->open = false;
		return;
	}
	duty->row.guard_unknown = false;
	duty->row.trigger_event = m->event;
	duty->row.trigger_ns = duty->owed_since_ns = m->now_ns;
	duty->row.owed_ns = 0;
}

static void follow_excuses(struct model *m, struct object *entry, enum truth owed)
{
	struct duty *duty = &entry->entry.unmask;
	const char *final = final_excuse(entry);

	if (final) {
		write_duty(m, duty, ENDING_EXCUSED, final, NO_TIME);
	} else if (duty->owed && owed == TRUTH_FALSE) {
		settle_time(m, duty, m->now_ns);
		duty->owed = false;
		duty->row.excuses++;
	} else if (!duty->owed && owed != TRUTH_FALSE) {
		duty->owed = true;
		duty->owed_since_ns = m->now_ns;
	}
}

void duty_update(struct model *m, struct object *entry)
{
	struct duty *duty = &entry->entry.unmask;
	bool masked = msix_entry_state(entry->entry.core, ENTRY_REGION_HW) == BIT_SET;
	enum truth owed;

	if (!masked && !duty->open)
		return;
	if (!masked) {
		duty_end(m, entry, ENDING_DISCHARGED, "unmasked");
		return;
	}
	owed = is_owed(entry);
	if (!duty->open) {
		if (owed != TRUTH_FALSE)
			open_duty(m, entry, owed);
		return;
	}
	resolve_guard(m, duty, owed);
	if (duty->open)
		follow_excuses(m, entry, owed);
}

void duty_update_function(struct model *m, struct object *fn)
{
	for (struct object *entry = fn->fn.entries; entry; entry = entry->entry.next)
		duty_update(m, entry);
}

void duty_expected(struct model *m, struct object *entry)
{
	struct duty *duty = &entry->entry.unmask;

	if (!duty->open)
		return;
	duty->row.opportunities++;
	duty->row.expected_event = m->event;
}

void duty_missed(struct model *m, struct object *entry)
{
	struct duty *duty = &entry->entry.unmask;

	if (duty->open && !duty->row.first_missed_event)
		duty->row.first_missed_event = m->event;
}

void duty_lost(struct model *m, struct object *entry, int64_t gap_from_ns)
{
	if (entry->entry.unmask.open)
		write_duty(m, &entry->entry.unmask, ENDING_UNKNOWN, "records lost", gap_from_ns);
}

void duty_end(struct model *m, struct object *entry, enum ending ending, const char *ended_by)
{
	if (entry->entry.unmask.open)
		write_duty(m, &entry->entry.unmask, ending, ended_by, NO_TIME);
}
