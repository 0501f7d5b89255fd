/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the vector domain owes an irq:
 *
 * "vector-cleanup": once an interrupt came on the new CPU of a move, the old vector is freed. A device that does not
 * interrupt again leaves it allocated, and that is legal.
 * "message-update": what feeds the irq encodes the vector that was configured, and no parked one while it is in use.
 * "affinity": a requested affinity is applied at the next interrupt. Where the current CPU is in the mask nothing need
 * happen; while an old vector is there it is tried again (-EBUSY); a disabled irq is not moved.
 * "vector-assign": after an allocation failed another try succeeds, where the irq has no vector otherwise.
 * "vector-offline": the same where its vector is on a CPU that has gone offline.
 * "edge-resend": an edge that came while the irq was disabled is pending, and handled or sent again when it is enabled.
 */
#include "model/owners.h"
#include "model/replay.h"

static unsigned state_of(const struct object *irq, enum vector_region region)
{
	return vector_state(irq->irq.alloc->core, region);
}

static struct claim claim_of(const char *kind, const struct object *irq)
{
	return (struct claim){ .kind = kind, .object = irq->row.id, .owner = owner_name(OWNER_KERNEL) };
}

/* A claim that holds no news is not worth following. */
static void follow(struct model *m, struct duty *duty, const struct claim *claim)
{
	if (claim->due || duty->open)
		duty_follow(m, duty, claim);
}

static bool irq_is_over(const struct object *irq)
{
	unsigned life = irq_state(irq->irq.core, IRQ_REGION_LIFE);

	return life == LIFE_SHUTDOWN || life == LIFE_GONE;
}

/* ------------------------------------------------------------------------------------------ clean-up */

static void cleanup_update(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;
	unsigned cleanup = state_of(irq, VECTOR_REGION_CLEANUP);
	struct claim claim = claim_of("vector-cleanup", irq);

	claim.cause_event = own->update_event;
	claim.due = cleanup == CLEANUP_PENDING || cleanup == CLEANUP_QUEUED;
	claim.met_by = "old vector freed";
	claim.owed = cleanup == CLEANUP_QUEUED ? TRUTH_TRUE : TRUTH_FALSE;
	if (claim.due && cpu_is_offline(m, irq->row.ref.machine, own->old_cpu))
		claim.final = "old CPU offline";
	follow(m, &own->cleanup, &claim);
}

void vector_leaked(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;
	struct claim claim = claim_of("vector-cleanup", irq);

	claim.cause_event = own->update_event;
	claim.due = true;
	claim.owed = TRUTH_TRUE;
	duty_follow(m, &own->cleanup, &claim);
	duty_end(m, &own->cleanup, ENDING_EXCUSED, "old CPU went offline without freeing it");
}

/* ------------------------------------------------------------------------------------------ message */

bool feeder_is_unmasked(const struct object *feeder)
{
	if (!feeder)
		return false;
	switch (feeder->row.ref.kind) {
	case OBJ_MSIX:
		return msix_entry_state(feeder->entry.core, ENTRY_REGION_HW) == BIT_CLEAR &&
		       msix_function_state(feeder->function->fn.core, FN_REGION_ENABLE) != BIT_CLEAR;
	case OBJ_MSI:
		return msi_message_state(feeder->msi.core, MSI_REGION_HW) == MSIMASK_CLEAR;
	case OBJ_PIN:
		return pin_state(feeder->pin.core, PIN_REGION_HW) == BIT_CLEAR;
	default:
		return false;
	}
}

/* Do its messages hold the vector itself? Behind a remapping unit they hold an index. */
static bool message_is_direct(const struct object *irq)
{
	const struct vector_object *own = irq->irq.alloc;
	const struct object *feeder = irq->irq.feeder;
	bool has_message = own->msg_vector >= 0 || (feeder && feeder->row.ref.kind != OBJ_PIN);

	if (irq->irq.chip == CHIP_UNKNOWN)
		return own->msg_direct;
	return irq->irq.chip == CHIP_NATIVE && has_message;
}

static bool message_matches(const struct vector_object *own)
{
	return own->msg_vector == own->vector &&
	       (own->msg_dest < 0 || own->apicdest < 0 || own->msg_dest == own->apicdest);
}

static bool parked_in_use(const struct object *irq)
{
	return state_of(irq, VECTOR_REGION_ASSIGNED) == ASSIGNED_PARKED && irq_is_started(irq) == TRUTH_TRUE &&
	       irq_is_enabled(irq) == TRUTH_TRUE && feeder_is_unmasked(irq->irq.feeder);
}

static void message_update(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;
	struct claim claim = claim_of("message-update", irq);
	bool direct = message_is_direct(irq);

	claim.cause_event = own->config_event;
	claim.met_by = "message written";
	claim.due = parked_in_use(irq) ||
		    (direct && state_of(irq, VECTOR_REGION_ASSIGNED) == ASSIGNED_VECTOR && !message_matches(own));
	claim.owed = TRUTH_TRUE;
	if (irq->irq.feeder)
		claim.object = irq->irq.feeder->row.id;
	if (irq_is_over(irq)) {
		claim.final = "irq shut down";
	} else if (irq->irq.chip == CHIP_REMAPPED || irq->irq.chip == CHIP_XEN) {
		/* what chip it is may be learned only now */
		claim.due |= own->message.open;
		claim.final = "message holds no vector";
	}
	follow(m, &own->message, &claim);
}

/* ------------------------------------------------------------------------------------------ affinity */

static enum truth target_in_mask(const struct vector_object *own)
{
	if (own->target_cpu < 0 || own->target_cpu >= 64)
		return TRUTH_UNKNOWN;
	return own->asked_mask >> own->target_cpu & 1 ? TRUTH_TRUE : TRUTH_FALSE;
}

static bool all_offline(const struct model *m, const struct object *irq)
{
	uint64_t mask = irq->irq.alloc->asked_mask;

	for (int cpu = 0; cpu < 64; cpu++)
		if (mask >> cpu & 1 && !cpu_is_offline(m, irq->row.ref.machine, cpu))
			return false;
	return true;
}

/* Why a request need not be applied any more. */
static const char *affinity_excuse(const struct model *m, const struct object *irq)
{
	const struct vector_object *own = irq->irq.alloc;
	unsigned assigned = state_of(irq, VECTOR_REGION_ASSIGNED);

	if (irq->irq.chip == CHIP_XEN)
		return "event channel";
	if (irq->irq.chip == CHIP_VMD)
		return "no affinity of its own";
	if (irq_is_over(irq) || irq_is_started(irq) == TRUTH_FALSE)
		return "irq shut down";
	if (own->managed)
		return "managed irq";
	if (assigned == ASSIGNED_NONE || assigned == ASSIGNED_PARKED)
		return "no vector yet";
	if (own->alloc_failed && own->failed_event > own->asked_event)
		return "no vector found";
	return own->asked_mask && all_offline(m, irq) ? "CPUs offline" : NULL;
}

static void affinity_update(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;
	unsigned affinity = state_of(irq, VECTOR_REGION_AFFINITY), cleanup = state_of(irq, VECTOR_REGION_CLEANUP);
	struct claim claim = claim_of("affinity", irq);
	enum truth in_mask = target_in_mask(own);

	claim.cause_event = own->asked_event;
	claim.met_by = affinity == AFFINITY_NONE ? "not pending any more" : "affinity applied";
	claim.due = own->asked_event && (affinity == AFFINITY_ASKED || affinity == AFFINITY_PENDING) &&
		    in_mask != TRUTH_TRUE;
	if (!claim.due && !own->affinity.open)
		return;
	claim.final = affinity_excuse(m, irq);
	claim.owed = truth_and(irq_is_started(irq), irq_is_enabled(irq));
	/* records hold the mask's first 64 CPUs: where none of them is asked for, the others are not known */
	if (in_mask == TRUTH_UNKNOWN || !own->asked_mask || cleanup == CLEANUP_UNKNOWN)
		claim.owed = truth_and(claim.owed, TRUTH_UNKNOWN);
	if (cleanup == CLEANUP_PENDING || cleanup == CLEANUP_QUEUED)
		claim.owed = TRUTH_FALSE;
	duty_follow(m, &own->affinity, &claim);
}

/* ------------------------------------------------------------------------------------------ assignment */

/* The tries of a CPU that goes offline are made within this time. */
enum { OFFLINE_TRIES_NS = 1000000000 };

static enum truth vector_is_missing(const struct model *m, const struct object *irq)
{
	const struct vector_object *own = irq->irq.alloc;

	switch (state_of(irq, VECTOR_REGION_ASSIGNED)) {
	case ASSIGNED_NONE:
	case ASSIGNED_PARKED:
		return TRUTH_TRUE;
	case ASSIGNED_VECTOR:
		if (!own->assign.open && m->now_ns - own->failed_ns >= OFFLINE_TRIES_NS)
			return TRUTH_FALSE;
		return cpu_is_offline(m, irq->row.ref.machine, own->target_cpu) ? irq_is_started(irq) : TRUTH_FALSE;
	default:
		return TRUTH_UNKNOWN;
	}
}

static void assign_update(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;
	bool held = state_of(irq, VECTOR_REGION_ASSIGNED) == ASSIGNED_VECTOR;
	struct claim claim = claim_of(held ? "vector-offline" : "vector-assign", irq);

	claim.cause_event = own->failed_event;
	claim.met_by = "vector found";
	claim.due = own->alloc_failed;
	if (claim.due)
		claim.owed = vector_is_missing(m, irq);
	follow(m, &own->assign, &claim);
}

void vector_update(struct model *m, struct object *irq)
{
	if (!irq->irq.alloc)
		return;
	cleanup_update(m, irq);
	message_update(m, irq);
	affinity_update(m, irq);
	assign_update(m, irq);
}

/* ------------------------------------------------------------------------------------------ resend */

void resend_update(struct model *m, struct object *irq)
{
	bool pending = irq_state(irq->irq.core, IRQ_REGION_PENDING) == BIT_SET;
	struct vector_object *own = irq->irq.alloc;
	struct claim claim = claim_of("edge-resend", irq);

	if (!pending && (!own || !own->resend.open))
		return;
	own = vector_of(m, irq);
	if (!own)
		return;
	claim.cause_event = irq->irq.mark[IRQ_REGION_PENDING].event;
	claim.met_by = "handled or sent again";
	claim.due = pending;
	claim.owed = own->edge ? truth_and(irq_is_started(irq), irq_is_enabled(irq)) : TRUTH_FALSE;
	if (!kernel_acts_on(irq))
		claim.owed = TRUTH_FALSE;
	if (irq_is_over(irq))
		claim.final = "irq shut down";
	/* an interrupt that comes while another CPU handles the last one is pending for a moment, too */
	duty_follow_hot(m, &own->resend, &claim);
}
