/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of Linux's paths have in common: the irq core, the vector domain, the calls of a driver. */
#ifndef IRQPATH_MODEL_PART_H
#define IRQPATH_MODEL_PART_H

#include "model/irq.h"
#include "model/unit.h"
#include "model/vector.h"

/* Rows of reaction tables. */
#define ON(role, in) .on_role = ROLE_##role, .on = (in)
#define ON_EFFECT(role, effect) .on_role = ROLE_##role, .on = (effect), .on_effect = true
#define THEN(to, input) .role = ROLE_##to, .in = (input)
#define THEN_AT(place, input) .role = ROLE_LAPIC, .in = (input), .at = PLACE_##place
#define FIRST(to, input) .first = { { ROLE_##to, (input) } }, .nr_first = 1

/* Regions of the irq, the vector and the local APICs of an irq that nobody has set up. */
void part_init(struct unit *unit);
void part_set(struct unit *unit, enum unit_role role, unsigned region, unsigned state);

bool part_started(const struct unit *unit);
bool part_enabled(const struct unit *unit);	/* and started */
bool part_is_masked(const struct unit *unit);	/* as the irq core believes */
bool part_may_request(const struct unit *unit);
bool part_may_free(const struct unit *unit);

/* Guards of reactions. HERE is the CPU that the operation runs on. */
bool part_not_ours(const struct unit *before, const struct unit *now);	/* the vector there is not the irq's */
bool part_ours(const struct unit *before, const struct unit *now);
bool part_ours_busy(const struct unit *before, const struct unit *now);	/* its handler runs elsewhere */
bool part_ours_idle(const struct unit *before, const struct unit *now);
bool part_was_unmasked(const struct unit *before, const struct unit *now);
bool part_was_enabled(const struct unit *before, const struct unit *now);
bool part_was_held(const struct unit *before, const struct unit *now);
bool part_held_unmasked(const struct unit *before, const struct unit *now);
bool part_on_target(const struct unit *before, const struct unit *now);	/* of a move whose old vector is still there */
bool part_move_due(const struct unit *before, const struct unit *now);	/* an affinity was asked for, and not applied */
bool part_may_move(const struct unit *before, const struct unit *now);
bool part_moved(const struct unit *before, const struct unit *now);	/* to be told to the hardware */
bool part_core_masked(const struct unit *before, const struct unit *now);
bool part_core_unmasked(const struct unit *before, const struct unit *now);
bool part_pending(const struct unit *before, const struct unit *now);
bool part_again(const struct unit *before, const struct unit *now);	/* another one came while the handler ran */
bool part_again_masked(const struct unit *before, const struct unit *now);

/* Operands. */
void part_target_here(struct unit *unit);
void part_take_new_vector(struct unit *unit);
void part_run_here(struct unit *unit);
void part_forget_vector(struct unit *unit);

/*
 * What driver calls lead to. request_irq(): __setup_irq(), irq_activate(), irq_startup(). free_irq(): irq_shutdown(),
 * irq_domain_deactivate_irq(). disable_irq() masks nothing, enable_irq() unmasks what an arrival meanwhile has masked.
 */
#define PART_CALLS \
	{ ON(VECTOR, VECTOR_ACTIVATE), THEN(VECTOR, VECTOR_ALLOC_RESERVED) }, \
	{ ON(VECTOR, VECTOR_ACTIVATE), THEN(VECTOR, VECTOR_UPDATE_FIRST) }, \
	{ ON(VECTOR, VECTOR_ACTIVATE), THEN(VECTOR, VECTOR_CONFIG) }, \
	{ ON(VECTOR, VECTOR_ACTIVATE), THEN(IRQ, IRQ_STARTUP) }, \
	{ ON(VECTOR, VECTOR_ACTIVATE), THEN(IRQ, IRQ_ACTION_ADDED) }, \
	{ ON(IRQ, IRQ_STARTUP), .when = part_core_masked, THEN(IRQ, IRQ_CORE_UNMASK) }, \
	{ ON(IRQ, IRQ_FREE), THEN(IRQ, IRQ_SHUTDOWN) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), .when = part_core_unmasked, THEN(IRQ, IRQ_CORE_MASK) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(VECTOR, VECTOR_SHUTDOWN) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(IRQ, IRQ_DEACTIVATED) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(VECTOR, VECTOR_DEACTIVATE) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), .move = part_forget_vector, THEN(VECTOR, VECTOR_CLEAR) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(VECTOR, VECTOR_RESERVED) }, \
	{ ON(IRQ, IRQ_SHUTDOWN), THEN(VECTOR, VECTOR_CONFIG_PARKED) }, \
	{ ON(IRQ, IRQ_DISABLE), .when = part_core_unmasked, .quirk = QUIRK_DISABLE_UNLAZY, THEN(IRQ, IRQ_CORE_MASK) }, \
	{ ON(IRQ, IRQ_ENABLE), .when = part_core_masked, .quirk = QUIRK_UNMASK_ONLY_IF_MASKED, THEN(IRQ, IRQ_CORE_UNMASK) }, \
	{ ON(IRQ, IRQ_ENABLE), .quirk = QUIRK_UNMASK_ONLY_IF_MASKED, .without = true, THEN(IRQ, IRQ_CORE_UNMASK) }

bool part_may_disable(const struct unit *unit);
bool part_may_enable(const struct unit *unit);
bool part_may_ask_affinity(const struct unit *unit);
bool part_may_clean_up(const struct unit *unit);
bool part_may_take_idle(const struct unit *unit);
bool part_may_take_busy(const struct unit *unit);
bool part_may_exit(const struct unit *unit);
void part_ask_here(struct unit *unit);
void part_forget_old(struct unit *unit);
void part_run_ends(struct unit *unit);

#define PART_OPERATIONS(free_when) \
	{ "free_irq", OPERATION_STIMULUS, .when = free_when, FIRST(IRQ, IRQ_FREE) }, \
	{ "disable_irq", OPERATION_STIMULUS, .when = part_may_disable, FIRST(IRQ, IRQ_DISABLE) }, \
	{ "enable_irq", OPERATION_STIMULUS, .when = part_may_enable, FIRST(IRQ, IRQ_ENABLE) }, \
	{ "irq_set_affinity", OPERATION_STIMULUS, .per_cpu = true, .when = part_may_ask_affinity, .move = part_ask_here, \
	  FIRST(VECTOR, VECTOR_AFFINITY_ASKED) }, \
	{ "CPU takes the vector", OPERATION_PROGRESS, .per_cpu = true, .when = part_may_take_idle, FIRST(LAPIC, LAPIC_DISPATCH) }, \
	{ "CPU takes the vector, handled elsewhere", OPERATION_PROGRESS, .per_cpu = true, .quirk = QUIRK_EDGE_SPIN_WAIT, \
	  .without = true, .when = part_may_take_busy, FIRST(LAPIC, LAPIC_DISPATCH) }, \
	{ "old vector freed", OPERATION_PROGRESS, .when = part_may_clean_up, .move = part_forget_old, FIRST(VECTOR, VECTOR_FREE_MOVED) }

/* Invariants of the irq core; and the two that the search finds itself. */
bool part_left_core_masked(const struct unit *unit);

#define PART_INVARIANTS \
	{ "core-unmasked", "an irq that is enabled and handles nothing is not masked by the core", "oneshot-never-finished", \
	  part_left_core_masked }, \
	{ "deliverable", "an interrupt that the device raised for an enabled irq can reach its handler without the driver's help", \
	  "", NULL }, \
	{ "conforming", "no component gets an input that its table does not allow in its state", "", NULL }

#endif
