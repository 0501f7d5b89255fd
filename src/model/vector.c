/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vector of an irq and its moves (arch/x86/kernel/apic/vector.c, struct apic_chip_data; kernel/irq/migration.c).
 *
 * An irq that can be masked joins with a global reservation and is parked: its message encodes vector 239, which
 * lands in the spurious handler. Activation for real (request_irq()) uses the reservation for a vector on a CPU of
 * its affinity. A managed irq holds a bit on every CPU of its mask instead. Deactivation clears the vector and parks
 * the irq again; one that cannot be reserved keeps its vector. A source without a mask bit may not be parked while it
 * is switched on: it is activated for real at once. An ISA irq that was active keeps its fixed vector and goes on.
 *
 * A move chooses a vector on another CPU (vector_update), tells the hardware (vector_config), and keeps the old one,
 * as messages may be on their way: the first interrupt on the new CPU, which is when irq_complete_move() finds
 * itself there, queues the clean-up on the old CPU (an IPI before 6.6, a timer since), which frees the old vector
 * unless it is pending in that CPU's IRR. Chips behind a remapping unit queue it at once. Where the old CPU is
 * offline the old vector is freed inside the move, without a vector_* record. As long as an old vector is there the
 * irq cannot be moved again: -EBUSY (since 4.18), and the request stays pending.
 *
 * Affinity of unmaskable or unremapped sources is applied in the acknowledgement of the next interrupt; where the
 * current CPU is in the new mask nothing moves and no vector_* record is written.
 *
 * Not modelled: posted MSIs that share a vector (6.10), the slots of vector_irq[] one by one.
 */
#include "model/vector.h"

#define B(sym) (UINT64_C(1) << VECTOR_##sym)

enum {
#define X(sym, width) VECTOR_##sym##_SHIFT, VECTOR_##sym##_END = VECTOR_##sym##_SHIFT + (width) - 1,
	VECTOR_REGIONS(X)
#undef X
};

static const char *const reservation_names[NR_RESERVATION_STATES] = {
	"illegal", "unknown", "none", "reserved", "managed",
};
static const char *const assigned_names[NR_ASSIGNED_STATES] = {
	"illegal", "unknown", "none", "parked", "assigned", "moving",
};
static const char *const cleanup_names[NR_CLEANUP_STATES] = { "illegal", "unknown", "none", "pending", "queued" };
static const char *const affinity_names[NR_AFFINITY_STATES] = {
	"illegal", "unknown", "none", "asked", "pending", "applied",
};

static const char *const activation_names[NR_ACTIVATION_STATES] = {
	"illegal", "unknown", "none", "reserved", "activated",
};

/* Guards: the core as it was before the input. */
enum { GUARD_ALWAYS, GUARD_BUSY, NR_GUARDS };

static bool guard_busy(uint32_t core, const void *view)
{
	unsigned cleanup = core >> VECTOR_CLEANUP_SHIFT & 7;

	(void)view;
	return cleanup == CLEANUP_PENDING || cleanup == CLEANUP_QUEUED;
}

static const guard_fn guards[NR_GUARDS] = { [GUARD_BUSY] = guard_busy };
static const char *const guard_names[NR_GUARDS] = { "", "old vector still there" };
static const char *const effect_names[NR_VECTOR_EFFECTS] = {
	"", "busy, tried again", "no vector found", "old vector still pending",
};

#define TO(sym, to) [VECTOR_##sym] = { .next = (to) }

/* A failed allocation keeps the reservation. */
#define RESERVATION_SET \
	TO(RESERVED, RESERVATION_GLOBAL), TO(RESERVED_MANAGED, RESERVATION_MANAGED), \
	[VECTOR_RESERVE_FAILED] = { .next = RESERVATION_NONE, .effect = VECTOR_EFFECT_EXHAUSTED }, \
	TO(SETUP_LEGACY, RESERVATION_NONE), TO(TEARDOWN, RESERVATION_NONE), TO(LOST, RESERVATION_UNKNOWN)

static const struct cell reservation_cells[NR_RESERVATION_STATES][NR_VECTOR_INPUTS] = {
	[RESERVATION_UNKNOWN] = { RESERVATION_SET, TO(ALLOC_RESERVED, RESERVATION_NONE) },
	[RESERVATION_NONE] = { RESERVATION_SET },
	[RESERVATION_GLOBAL] = { RESERVATION_SET, TO(ALLOC_RESERVED, RESERVATION_NONE) },
	[RESERVATION_MANAGED] = { RESERVATION_SET },
};

/* A configured vector that is not the one last chosen is a choice that was missed. */
#define ASSIGNED_SET \
	TO(CONFIG, ASSIGNED_VECTOR), TO(CONFIG_PARKED, ASSIGNED_PARKED), TO(SETUP_LEGACY, ASSIGNED_VECTOR), \
	TO(TEARDOWN, ASSIGNED_NONE), TO(LOST, ASSIGNED_UNKNOWN)
#define ASSIGNED_KEPT(as_it_was) [VECTOR_ALLOC_FAILED] = { .next = (as_it_was), .effect = VECTOR_EFFECT_EXHAUSTED }
#define ASSIGNED_EMPTY TO(UPDATE_FIRST, ASSIGNED_VECTOR)
#define ASSIGNED_HELD TO(UPDATE_MOVED, ASSIGNED_MOVING), TO(UPDATE_OFFLINE, ASSIGNED_MOVING), TO(CLEAR, ASSIGNED_NONE)

static const struct cell assigned_cells[NR_ASSIGNED_STATES][NR_VECTOR_INPUTS] = {
	[ASSIGNED_UNKNOWN] = { ASSIGNED_SET, ASSIGNED_KEPT(ASSIGNED_UNKNOWN), ASSIGNED_EMPTY, ASSIGNED_HELD },
	[ASSIGNED_NONE] = { ASSIGNED_SET, ASSIGNED_KEPT(ASSIGNED_NONE), ASSIGNED_EMPTY },
	[ASSIGNED_PARKED] = { ASSIGNED_SET, ASSIGNED_KEPT(ASSIGNED_PARKED), ASSIGNED_EMPTY },
	[ASSIGNED_VECTOR] = { ASSIGNED_SET, ASSIGNED_KEPT(ASSIGNED_VECTOR), ASSIGNED_HELD },
	[ASSIGNED_MOVING] = { ASSIGNED_SET, ASSIGNED_KEPT(ASSIGNED_MOVING), TO(CLEAR, ASSIGNED_NONE) },
};

/* A new irq, one without a vector and a move from an offline CPU have no old vector. */
#define CLEANUP_ENDS \
	TO(SETUP, CLEANUP_NONE), TO(SETUP_LEGACY, CLEANUP_NONE), TO(TEARDOWN, CLEANUP_NONE), TO(CLEAR, CLEANUP_NONE), \
	TO(UPDATE_FIRST, CLEANUP_NONE), TO(UPDATE_OFFLINE, CLEANUP_NONE), TO(SEE_NO_OLD, CLEANUP_NONE), \
	TO(LOST, CLEANUP_UNKNOWN)
#define CLEANUP_FREED TO(FREE_MOVED, CLEANUP_NONE), TO(FREED_OFFLINE, CLEANUP_NONE)
/* The IPI may be for another irq: it tells of none that it was queued, only that what was queued is tried. */
#define CLEANUP_TOLD(as_it_was) TO(CLEANUP_IPI, as_it_was), TO(CLEANUP_AGAIN, as_it_was)

static const struct cell cleanup_cells[NR_CLEANUP_STATES][NR_VECTOR_INPUTS] = {
	[CLEANUP_UNKNOWN] = {
		CLEANUP_ENDS, CLEANUP_FREED, TO(UPDATE_MOVED, CLEANUP_PENDING), TO(TARGET_HIT, CLEANUP_UNKNOWN),
		TO(CLEANUP_QUEUED, CLEANUP_QUEUED), TO(SEE_OLD, CLEANUP_QUEUED), CLEANUP_TOLD(CLEANUP_UNKNOWN),
	},
	[CLEANUP_NONE] = {
		CLEANUP_ENDS, TO(UPDATE_MOVED, CLEANUP_PENDING), TO(TARGET_HIT, CLEANUP_NONE), TO(SEE_OLD, CLEANUP_NONE),
		CLEANUP_TOLD(CLEANUP_NONE),
	},
	[CLEANUP_PENDING] = {
		CLEANUP_ENDS, CLEANUP_FREED, TO(TARGET_HIT, CLEANUP_QUEUED), TO(CLEANUP_QUEUED, CLEANUP_QUEUED),
		TO(SEE_OLD, CLEANUP_PENDING), CLEANUP_TOLD(CLEANUP_PENDING),
	},
	[CLEANUP_QUEUED] = {
		CLEANUP_ENDS, CLEANUP_FREED, TO(TARGET_HIT, CLEANUP_QUEUED), TO(CLEANUP_QUEUED, CLEANUP_QUEUED),
		TO(SEE_OLD, CLEANUP_QUEUED), TO(CLEANUP_IPI, CLEANUP_QUEUED),
		[VECTOR_CLEANUP_AGAIN] = { .next = CLEANUP_QUEUED, .effect = VECTOR_EFFECT_OLD_PENDING },
	},
};

/*
 * What a state word shows is believed in every state: it is read before the descriptor's lock is taken, so that it
 * may be older than a request of another CPU.
 */
#define AFFINITY_ROW(after_not_pending) \
	{ TO(SETUP, AFFINITY_NONE), TO(SETUP_LEGACY, AFFINITY_NONE), TO(TEARDOWN, AFFINITY_NONE), \
	  TO(SHUTDOWN, AFFINITY_NONE), \
	  TO(AFFINITY_ASKED, AFFINITY_ASKED), TO(AFFINITY_MET, AFFINITY_APPLIED), TO(SEE_PENDING, AFFINITY_PENDING), \
	  TO(SEE_NOT_PENDING, after_not_pending), TO(LOST, AFFINITY_UNKNOWN), \
	  [VECTOR_AFFINITY_APPLIED] = { .next = AFFINITY_PENDING, .guard = GUARD_BUSY, .otherwise = AFFINITY_APPLIED, \
					.effect = VECTOR_EFFECT_BUSY } }

static const struct cell affinity_cells[NR_AFFINITY_STATES][NR_VECTOR_INPUTS] = {
	[AFFINITY_UNKNOWN] = AFFINITY_ROW(AFFINITY_NONE), [AFFINITY_NONE] = AFFINITY_ROW(AFFINITY_NONE),
	[AFFINITY_ASKED] = AFFINITY_ROW(AFFINITY_NONE), [AFFINITY_PENDING] = AFFINITY_ROW(AFFINITY_NONE),
	[AFFINITY_APPLIED] = AFFINITY_ROW(AFFINITY_APPLIED),
};

/* The state word is believed in every state: early activation by a reservation takes the flag back. */
#define ACTIVATION_ROW \
	{ TO(SETUP, ACTIVATION_NONE), TO(SETUP_LEGACY, ACTIVATION_FULL), TO(TEARDOWN, ACTIVATION_NONE), \
	  TO(ACTIVATE, ACTIVATION_FULL), TO(ACTIVATE_RESERVED, ACTIVATION_RESERVED), \
	  TO(ACTIVATE_FAILED, ACTIVATION_NONE), TO(DEACTIVATE, ACTIVATION_NONE), TO(SEE_ACTIVATED, ACTIVATION_FULL), \
	  TO(SEE_NOT_ACTIVATED, ACTIVATION_NONE), TO(LOST, ACTIVATION_UNKNOWN) }

static const struct cell activation_cells[NR_ACTIVATION_STATES][NR_VECTOR_INPUTS] = {
	[ACTIVATION_UNKNOWN] = ACTIVATION_ROW, [ACTIVATION_NONE] = ACTIVATION_ROW,
	[ACTIVATION_RESERVED] = ACTIVATION_ROW, [ACTIVATION_FULL] = ACTIVATION_ROW,
};

static const char *const input_names[NR_VECTOR_INPUTS] = {
#define X(sym, name) [VECTOR_##sym] = name,
	VECTOR_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, ...) \
	[VECTOR_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = VECTOR_##sym##_SHIFT, \
				  .width = 3, __VA_ARGS__ }

static const struct region regions[NR_VECTOR_REGIONS] = {
	REGION(RESERVATION, "reservation", reservation_names, NR_RESERVATION_STATES, .cells = &reservation_cells[0][0],
	       .listens = B(SETUP_LEGACY) | B(TEARDOWN) | B(RESERVED) | B(RESERVED_MANAGED) | B(RESERVE_FAILED) |
			  B(ALLOC_RESERVED) | B(LOST)),
	REGION(ASSIGNED, "assigned", assigned_names, NR_ASSIGNED_STATES, .cells = &assigned_cells[0][0],
	       .listens = B(SETUP_LEGACY) | B(TEARDOWN) | B(ALLOC_FAILED) | B(UPDATE_FIRST) | B(UPDATE_MOVED) |
			  B(UPDATE_OFFLINE) | B(CONFIG) | B(CONFIG_PARKED) | B(CLEAR) | B(LOST)),
	REGION(CLEANUP, "cleanup", cleanup_names, NR_CLEANUP_STATES, .cells = &cleanup_cells[0][0],
	       .listens = B(SETUP) | B(SETUP_LEGACY) | B(TEARDOWN) | B(UPDATE_FIRST) | B(UPDATE_MOVED) |
			  B(UPDATE_OFFLINE) | B(FREED_OFFLINE) | B(CLEAR) | B(TARGET_HIT) | B(CLEANUP_QUEUED) |
			  B(CLEANUP_IPI) | B(CLEANUP_AGAIN) | B(FREE_MOVED) | B(SEE_NO_OLD) | B(SEE_OLD) | B(LOST)),
	REGION(AFFINITY, "affinity", affinity_names, NR_AFFINITY_STATES, .cells = &affinity_cells[0][0],
	       .listens = B(SETUP) | B(SETUP_LEGACY) | B(TEARDOWN) | B(AFFINITY_ASKED) | B(AFFINITY_APPLIED) |
			  B(AFFINITY_MET) | B(SEE_PENDING) | B(SEE_NOT_PENDING) | B(SHUTDOWN) | B(LOST)),
	REGION(ACTIVATION, "activation", activation_names, NR_ACTIVATION_STATES, .cells = &activation_cells[0][0],
	       .listens = B(SETUP) | B(SETUP_LEGACY) | B(TEARDOWN) | B(ACTIVATE) | B(ACTIVATE_RESERVED) |
			  B(ACTIVATE_FAILED) | B(DEACTIVATE) | B(SEE_ACTIVATED) | B(SEE_NOT_ACTIVATED) | B(LOST)),
};

const struct component vector_component = {
	.name = "vector", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_VECTOR_REGIONS, .nr_inputs = NR_VECTOR_INPUTS,
	.nr_effects = NR_VECTOR_EFFECTS, .nr_guards = NR_GUARDS,
};

unsigned vector_state(struct vector_core core, enum vector_region region)
{
	return core_get(core.bits, &regions[region]);
}

void vector_step(struct vector_core *core, enum vector_input in, struct effects *out)
{
	component_step(&vector_component, &core->bits, in, NULL, out);
}
