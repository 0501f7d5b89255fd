/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel does with a level line, whoever its IO-APIC is: the rows that path parts with a level pin have in
 * common. They are explained in path_level.c.
 */
#ifndef IRQPATH_MODEL_LEVEL_H
#define IRQPATH_MODEL_LEVEL_H

#include "model/part.h"

/* Guards of reactions. */
bool level_line_waits(const struct unit *before, const struct unit *now);
bool level_line_is_asserted(const struct unit *before, const struct unit *now);
bool level_entry_moves(const struct unit *before, const struct unit *now);
bool level_entry_stays(const struct unit *before, const struct unit *now);
bool level_is_oneshot(const struct unit *before, const struct unit *now);
bool level_move_due_unmasked(const struct unit *before, const struct unit *now);
bool level_held_move_due(const struct unit *before, const struct unit *now);
bool level_not_taken_as_level(const struct unit *before, const struct unit *now);
bool level_moves_now(const struct unit *before, const struct unit *now);
bool level_mask_is_moves_own(const struct unit *before, const struct unit *now);
bool level_move_was_due(const struct unit *before, const struct unit *now);
bool level_thread_may_unmask(const struct unit *before, const struct unit *now);
bool level_vector_matches(const struct unit *before, const struct unit *now);
bool level_vector_differs(const struct unit *before, const struct unit *now);

/* Operations and invariants. */
bool level_may_request(const struct unit *unit);
bool level_may_free(const struct unit *unit);
bool level_may_assert(const struct unit *unit);
bool level_runs_alone(const struct unit *unit);
bool level_runs_for_thread(const struct unit *unit);
bool level_thread_runs(const struct unit *unit);
bool level_in_use(const struct unit *unit);
bool level_left_masked(const struct unit *unit);
bool level_core_mask_ignored(const struct unit *unit);
bool level_irr_stuck(const struct unit *unit);
bool level_waits(const struct unit *unit);

/* Operands. */
void level_entry_to_target(struct unit *unit);
void level_ask_plain(struct unit *unit);
void level_ask_oneshot(struct unit *unit);

/* A GSI that is mapped and parked, its pin masked, its line quiet. */
void level_init(struct unit *unit);

/* The chip's functions: mask, unmask, and the vector of the entry. */
#define LEVEL_CHIP \
	{ ON(IRQ, IRQ_CORE_MASK), THEN(PIN, PIN_MASK) }, \
	{ ON(IRQ, IRQ_CORE_UNMASK), THEN(PIN, PIN_UNMASK) }, \
	{ ON(VECTOR, VECTOR_CONFIG), .when = level_entry_moves, .move = level_entry_to_target, THEN(PIN, PIN_RTE_MOVED) }, \
	{ ON(VECTOR, VECTOR_CONFIG), .when = level_entry_stays, .move = level_entry_to_target, THEN(PIN, PIN_RTE_SAME) }

/* An acknowledgement in ioapic_ack_level(): the move before is finished, a new one masks, then the EOI. */
#define ACK_LEVEL(on, ended, masks) \
	{ ON(IRQ, on), .when = ended, THEN(VECTOR, VECTOR_TARGET_HIT) }, \
	{ ON(IRQ, on), .when = masks, .quirk = QUIRK_IOAPIC_DELAYED_MOVE, THEN(PIN, PIN_MASK) }

/*
 * handle_fasteoi_irq() and ioapic_ack_level(): the flow handler; behind its EOI the rescue, the move and the unmask; the
 * thread, which has served the device.
 */
#define LEVEL_FLOW \
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_not_ours, THEN_AT(HERE, LAPIC_EOI) }, \
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_ours_busy, THEN(IRQ, IRQ_FLOW_IGNORED) }, \
	{ ON(LAPIC, LAPIC_DISPATCH), .when = part_ours_idle, THEN(IRQ, IRQ_FLOW) }, \
	{ ON(IRQ, IRQ_FLOW_IGNORED), THEN_AT(HERE, LAPIC_EOI) }, \
	{ ON(IRQ, IRQ_FLOW), .when = part_held_unmasked, THEN(PIN, PIN_MASK) }, \
	{ ON(IRQ, IRQ_FLOW), .when = level_held_move_due, THEN(VECTOR, VECTOR_TARGET_HIT) }, \
	{ ON(IRQ, IRQ_FLOW), .when = part_was_held, THEN_AT(HERE, LAPIC_EOI) }, \
	{ ON(IRQ, IRQ_FLOW), .when = level_is_oneshot, THEN(IRQ, IRQ_CORE_MASK) }, \
	{ ON(IRQ, IRQ_FLOW), .when = part_was_enabled, .move = part_run_here, THEN(IRQ, IRQ_ENTER) }, \
	{ ON(IRQ, IRQ_EXIT_HANDLED), .when = level_line_is_asserted, THEN(PIN, PIN_LOWER) }, \
	ACK_LEVEL(IRQ_EXIT_HANDLED, part_on_target, level_move_due_unmasked), \
	{ ON(IRQ, IRQ_EXIT_HANDLED), THEN_AT(HERE, LAPIC_EOI) }, \
	ACK_LEVEL(IRQ_EXIT_WAKE, part_on_target, level_move_due_unmasked), \
	{ ON(IRQ, IRQ_EXIT_WAKE), THEN_AT(HERE, LAPIC_EOI) }, \
	{ ON(LAPIC, LAPIC_EOI), .when = level_not_taken_as_level, .quirk = QUIRK_IOAPIC_EXPLICIT_EOI, THEN(PIN, PIN_EOI_PIN) }, \
	{ ON(LAPIC, LAPIC_EOI), .when = level_moves_now, .quirk = QUIRK_IOAPIC_DELAYED_MOVE, THEN(VECTOR, VECTOR_AFFINITY_APPLIED) }, \
	{ ON(LAPIC, LAPIC_EOI), .when = level_mask_is_moves_own, THEN(PIN, PIN_UNMASK) }, \
	{ ON(LAPIC, LAPIC_EOI), .when = level_move_was_due, .quirk = QUIRK_IOAPIC_KEEPS_CORE_MASK, .without = true, \
	  THEN(PIN, PIN_UNMASK) }, \
	{ ON(VECTOR, VECTOR_AFFINITY_ASKED), .quirk = QUIRK_IOAPIC_DELAYED_MOVE, .without = true, THEN(VECTOR, VECTOR_AFFINITY_APPLIED) }, \
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_may_move, .move = part_take_new_vector, THEN(VECTOR, VECTOR_UPDATE_MOVED) }, \
	{ ON(VECTOR, VECTOR_AFFINITY_APPLIED), .when = part_moved, THEN(VECTOR, VECTOR_CONFIG) }, \
	{ ON(IRQ, IRQ_THREAD_DONE), .when = level_line_is_asserted, THEN(PIN, PIN_LOWER) }, \
	{ ON(IRQ, IRQ_THREAD_DONE), .when = level_thread_may_unmask, THEN(IRQ, IRQ_CORE_UNMASK) }

/* check_irq_resend() leaves a level line to itself. */
#define LEVEL_RESEND \
	{ ON(IRQ, IRQ_ENABLE), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_LEVEL, .without = true, \
	  THEN(IRQ, IRQ_SEE_NOT_PENDING) }, \
	{ ON(IRQ, IRQ_ENABLE), .when = part_pending, .quirk = QUIRK_ENABLE_RESENDS_LEVEL, THEN(IRQ, IRQ_RESEND) }, \
	{ ON(IRQ, IRQ_STARTUP), .when = part_pending, THEN(IRQ, IRQ_SEE_NOT_PENDING) }, \
	{ ON(IRQ, IRQ_RESEND), THEN_AT(TARGET, LAPIC_ACCEPT_EDGE) }

#define LEVEL_OPERATIONS \
	{ "request_irq", OPERATION_STIMULUS, .per_cpu = true, .when = level_may_request, .move = level_ask_plain, \
	  FIRST(VECTOR, VECTOR_ACTIVATE) }, \
	{ "request_threaded_irq, oneshot", OPERATION_STIMULUS, .per_cpu = true, .when = level_may_request, .move = level_ask_oneshot, \
	  FIRST(VECTOR, VECTOR_ACTIVATE) }, \
	{ "device asserts its line", OPERATION_STIMULUS, .when = level_may_assert, FIRST(PIN, PIN_RAISE) }, \
	{ "handler returns", OPERATION_PROGRESS, .when = level_runs_alone, .move = part_run_ends, FIRST(IRQ, IRQ_EXIT_HANDLED) }, \
	{ "handler wakes its thread", OPERATION_PROGRESS, .when = level_runs_for_thread, .move = part_run_ends, \
	  FIRST(IRQ, IRQ_EXIT_WAKE) }, \
	{ "thread finishes", OPERATION_PROGRESS, .when = level_thread_runs, FIRST(IRQ, IRQ_THREAD_DONE) }, \
	{ "second writer masks", OPERATION_STIMULUS, .quirk = QUIRK_SECOND_WRITER, .when = level_in_use, FIRST(PIN, PIN_RTE_MASKED) }, \
	PART_OPERATIONS(level_may_free)

#define LEVEL_INVARIANTS \
	{ "unmasked", "the pin of an irq that is started, enabled and not masked by the core is unmasked", \
	  "pin-left-masked", level_left_masked }, \
	{ "core-mask", "a pin that the irq core has masked is masked", "", level_core_mask_ignored }, \
	{ "remote-irr", "remote IRR is set only while a local APIC still has to give the EOI", "eoi-vector-mismatch", level_irr_stuck }, \
	PART_INVARIANTS

#endif
