/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An irq descriptor of Xen with its vector and the guests' action (xen/arch/x86/irq.c).
 *
 * A vector is assigned with the irq, or when a GSI is set up; fixed ones are bound at boot. An assignment while it has one
 * is a move: from then on the irq may arrive at the new vector, and at the old one for a while. The first arrival on a new
 * CPU sends the clean-up interrupt to the old ones (irq_complete_move()), each releases the old vector once that is not
 * pending there, and the last ends the move (irq_move_cleanup_interrupt()). An irq that never arrives again stays in its
 * move for ever, which blocks further moves and nothing else. Where old and new share a CPU, or the destination alone
 * changes within the CPUs of one vector, nothing is recorded.
 *
 * What Xen owes the hardware for a guest depends on the type (irq_acktype()): a maskable message is acknowledged at once,
 * and nothing is in flight; a level pin is masked until the guest's EOI (unmask) or acknowledged by it (eoi), as is a
 * message without a mask bit. Which of the two a pin has is a matter of Xen's options, and not recorded: "late" is either.
 * What waits for its EOI in service is an entry of a stack (peoi.c).
 *
 * The CPUs that an irq goes to follow the vCPU that its guest wants to be called: that is asked for when the vCPU moves
 * (evtchn_move_pirqs()), and carried out or given up with the next arrival (move_native_irq()), whose acknowledgement comes before it
 * is handled: what is still asked for then has become an assignment, needs none, or is lost because the last move is open.
 *
 * An irq of a guest that comes 10000 times in 10 ms is switched off until the 10 ms are over (irq_ratelimit); what comes then is
 * not recorded, but that it was over the limit is.
 *
 * An irq whose last guest goes is still handled for nobody until what is in flight has ended (__pirq_guest_unbind()).
 *
 * Not modelled: the vectors that CPUs hold when they go offline, as no record tells that one does.
 */
#include "model/xirq.h"

#define B(sym) (UINT64_C(1) << XIRQ_##sym)
#define TO(sym, to) [XIRQ_##sym] = { .next = (to) }
#define DO(sym, to, what) [XIRQ_##sym] = { .next = (to), .effect = XIRQ_EFFECT_##what }

enum {
#define X(sym, width) XIRQ_##sym##_SHIFT, XIRQ_##sym##_END = XIRQ_##sym##_SHIFT + (width) - 1,
	XIRQ_REGIONS(X)
#undef X
};

static const char *const life_names[NR_XIRQ_LIVES] = { "illegal", "unknown", "free", "assigned" };
static const char *const action_names[NR_XIRQ_ACTIONS] = { "illegal", "unknown", "none", "guest", "xen" };
static const char *const move_names[NR_XIRQ_MOVES] = { "illegal", "unknown", "settled", "moving", "cleaning up" };
static const char *const ack_names[NR_XIRQ_ACKS] = { "illegal", "unknown", "none", "eoi", "unmask", "late" };
static const char *const flight_names[NR_BIT_STATES] = { "illegal", "unknown", "none", "some" };
static const char *const wish_names[NR_XIRQ_WISHES] = { "illegal", "unknown", "none", "asked" };
static const char *const rate_names[NR_XIRQ_RATES] = { "illegal", "unknown", "within", "exceeded" };
static const char *const guard_names[] = { "", "acknowledged late", "acknowledged at once" };
static const char *const effect_names[NR_XIRQ_EFFECTS] = { "", "moved again before the last move ended", "came while it had no vector" };

static bool guard_late(uint32_t core, const void *view)
{
	unsigned ack = core >> XIRQ_ACK_SHIFT & 7;

	(void)view;
	return ack == XIRQ_ACK_EOI || ack == XIRQ_ACK_UNMASK || ack == XIRQ_ACK_LATE;
}

static bool guard_at_once(uint32_t core, const void *view)
{
	(void)view;
	return (core >> XIRQ_ACK_SHIFT & 7) == XIRQ_ACK_NONE;
}

enum { GUARD_ALWAYS, GUARD_LATE, GUARD_AT_ONCE, NR_GUARDS };

static const guard_fn guards[NR_GUARDS] = { [GUARD_LATE] = guard_late, [GUARD_AT_ONCE] = guard_at_once };

/* Whatever arrives has a vector. */
#define LIVES \
	TO(ASSIGN, XIRQ_ASSIGNED), TO(BOUND_AT_BOOT, XIRQ_ASSIGNED), TO(CLEAR, XIRQ_FREE), TO(LOST, XIRQ_LIFE_UNKNOWN)
#define USES \
	TO(MOVE_TO, XIRQ_ASSIGNED), TO(ARRIVE, XIRQ_ASSIGNED), TO(ARRIVE_NEW, XIRQ_ASSIGNED), TO(ARRIVE_OLD, XIRQ_ASSIGNED), \
	TO(ARRIVE_NOBODY, XIRQ_ASSIGNED)

static const struct cell life_cells[NR_XIRQ_LIVES][NR_XIRQ_INPUTS] = {
	[XIRQ_LIFE_UNKNOWN] = { LIVES, USES },
	[XIRQ_FREE] = {
		TO(ASSIGN, XIRQ_ASSIGNED), TO(BOUND_AT_BOOT, XIRQ_ASSIGNED), TO(LOST, XIRQ_LIFE_UNKNOWN),
		/* one that was on its way when the irq was given up */
		DO(ARRIVE, XIRQ_FREE, FREED), DO(ARRIVE_NEW, XIRQ_FREE, FREED), DO(ARRIVE_OLD, XIRQ_FREE, FREED),
		DO(ARRIVE_NOBODY, XIRQ_FREE, FREED),
	},
	[XIRQ_ASSIGNED] = { TO(BOUND_AT_BOOT, XIRQ_ASSIGNED), TO(CLEAR, XIRQ_FREE), TO(LOST, XIRQ_LIFE_UNKNOWN), USES },
};

#define HANDLED(to) TO(ARRIVE, to), TO(ARRIVE_NEW, to), TO(ARRIVE_OLD, to)
#define ACTION_ROW(as_it_was) \
	{ TO(ASSIGN, as_it_was), HANDLED(as_it_was), TO(ARRIVE_NOBODY, as_it_was), TO(CLEAR, XIRQ_ACTION_NONE), \
	  TO(XEN_BIND, XIRQ_ACTION_XEN), TO(GUEST_BIND, XIRQ_ACTION_GUEST), TO(GUEST_UNBIND, XIRQ_ACTION_NONE), \
	  TO(LOST, XIRQ_ACTION_UNKNOWN) }

static const struct cell action_cells[NR_XIRQ_ACTIONS][NR_XIRQ_INPUTS] = {
	[XIRQ_ACTION_UNKNOWN] = ACTION_ROW(XIRQ_ACTION_UNKNOWN),
	/* it is handled for somebody, who came unseen */
	[XIRQ_ACTION_NONE] = {
		TO(ASSIGN, XIRQ_ACTION_NONE), HANDLED(XIRQ_ACTION_UNKNOWN), TO(ARRIVE_NOBODY, XIRQ_ACTION_NONE),
		TO(CLEAR, XIRQ_ACTION_NONE), TO(XEN_BIND, XIRQ_ACTION_XEN),
		TO(GUEST_BIND, XIRQ_ACTION_GUEST), TO(GUEST_UNBIND, XIRQ_ACTION_NONE),
		TO(LOST, XIRQ_ACTION_UNKNOWN),
	},
	[XIRQ_ACTION_GUEST] = ACTION_ROW(XIRQ_ACTION_GUEST),
	/* Xen's own irqs are never a guest's (pirq_guest_bind()) */
	[XIRQ_ACTION_XEN] = {
		TO(ASSIGN, XIRQ_ACTION_XEN), HANDLED(XIRQ_ACTION_XEN), TO(ARRIVE_NOBODY, XIRQ_ACTION_XEN), TO(CLEAR, XIRQ_ACTION_NONE),
		TO(XEN_BIND, XIRQ_ACTION_XEN), TO(LOST, XIRQ_ACTION_UNKNOWN),
	},
};

#define MOVE_ENDS TO(ASSIGN, XIRQ_SETTLED), TO(CLEAR, XIRQ_SETTLED), TO(LOST, XIRQ_MOVE_UNKNOWN)

static const struct cell move_cells[NR_XIRQ_MOVES][NR_XIRQ_INPUTS] = {
	[XIRQ_MOVE_UNKNOWN] = {
		MOVE_ENDS, TO(MOVE_TO, XIRQ_MOVING), TO(ARRIVE_NEW, XIRQ_MOVE_UNKNOWN), TO(ARRIVE_OLD, XIRQ_MOVE_UNKNOWN),
		TO(CLEANUP, XIRQ_MOVE_UNKNOWN), TO(CLEANED, XIRQ_SETTLED), TO(DELAYED, XIRQ_CLEANING), TO(FINISH, XIRQ_MOVE_UNKNOWN),
	},
	[XIRQ_SETTLED] = { MOVE_ENDS, TO(MOVE_TO, XIRQ_MOVING) },
	[XIRQ_MOVING] = {
		/* an assignment is refused while a move is open */
		MOVE_ENDS, DO(MOVE_TO, XIRQ_MOVING, SECOND_MOVE), TO(ARRIVE_NEW, XIRQ_CLEANING), TO(ARRIVE_OLD, XIRQ_MOVING),
		TO(FINISH, XIRQ_MOVING),
		/* the arrival is told when it is over, what it sent may be told before */
		TO(CLEANUP, XIRQ_CLEANING), TO(CLEANED, XIRQ_SETTLED), TO(DELAYED, XIRQ_CLEANING),
	},
	[XIRQ_CLEANING] = {
		MOVE_ENDS, DO(MOVE_TO, XIRQ_MOVING, SECOND_MOVE), TO(ARRIVE_NEW, XIRQ_CLEANING), TO(ARRIVE_OLD, XIRQ_CLEANING),
		TO(CLEANUP, XIRQ_CLEANING), TO(CLEANED, XIRQ_SETTLED), TO(DELAYED, XIRQ_CLEANING), TO(FINISH, XIRQ_CLEANING),
	},
};

/*
 * What a dump shows of a pin is late either way; which, the console has told, or nothing. That a message could be masked says
 * nothing against an EOI that is known to be put off: the first patches did so.
 */
#define ACK_ROW(as_it_was, known_late, maskable) \
	{ TO(ASSIGN, XIRQ_ACK_UNKNOWN), [XIRQ_SEE_AT_ONCE] = { .next = maskable }, TO(SEE_EOI, XIRQ_ACK_EOI), \
	  TO(SEE_UNMASK, XIRQ_ACK_UNMASK), [XIRQ_SEE_LATE] = { .next = known_late }, TO(CLEAR, XIRQ_ACK_UNKNOWN), TO(LOST, as_it_was) }

static const struct cell ack_cells[NR_XIRQ_ACKS][NR_XIRQ_INPUTS] = {
	[XIRQ_ACK_UNKNOWN] = ACK_ROW(XIRQ_ACK_UNKNOWN, XIRQ_ACK_LATE, XIRQ_ACK_NONE),
	[XIRQ_ACK_NONE] = ACK_ROW(XIRQ_ACK_NONE, XIRQ_ACK_LATE, XIRQ_ACK_NONE),
	[XIRQ_ACK_EOI] = ACK_ROW(XIRQ_ACK_EOI, XIRQ_ACK_EOI, XIRQ_ACK_EOI),
	[XIRQ_ACK_UNMASK] = ACK_ROW(XIRQ_ACK_UNMASK, XIRQ_ACK_UNMASK, XIRQ_ACK_NONE),
	[XIRQ_ACK_LATE] = ACK_ROW(XIRQ_ACK_LATE, XIRQ_ACK_LATE, XIRQ_ACK_NONE),
};

#define COMES(sym) [XIRQ_##sym] = { .next = BIT_SET, .guard = GUARD_LATE, .otherwise = BIT_UNKNOWN }
#define COMES_CLEAR(sym) [XIRQ_##sym] = { .next = BIT_CLEAR, .guard = GUARD_AT_ONCE, .otherwise = BIT_SET }
#define FLIGHT_ENDS \
	TO(ASSIGN, BIT_CLEAR), TO(CLEAR, BIT_CLEAR), TO(GUEST_BIND, BIT_CLEAR), TO(GUEST_UNBIND, BIT_CLEAR), TO(GUEST_EOI, BIT_CLEAR), \
	TO(TIMER, BIT_CLEAR), TO(LOST, BIT_UNKNOWN)

static const struct cell flight_cells[NR_BIT_STATES][NR_XIRQ_INPUTS] = {
	[BIT_UNKNOWN] = { FLIGHT_ENDS, COMES(ARRIVE), COMES(ARRIVE_NEW), COMES(ARRIVE_OLD) },
	[BIT_CLEAR] = { FLIGHT_ENDS, COMES(ARRIVE), COMES(ARRIVE_NEW), COMES(ARRIVE_OLD) },
	[BIT_SET] = { FLIGHT_ENDS, COMES_CLEAR(ARRIVE), COMES_CLEAR(ARRIVE_NEW), COMES_CLEAR(ARRIVE_OLD) },
};

/* Nothing that comes leaves a wish as it was. */
#define WISH_ROW \
	{ TO(ASKED, XIRQ_WISH_ASKED), TO(ASSIGN, XIRQ_WISH_NONE), TO(MOVE_TO, XIRQ_WISH_NONE), HANDLED(XIRQ_WISH_NONE), \
	  TO(CLEAR, XIRQ_WISH_NONE), TO(LOST, XIRQ_WISH_UNKNOWN) }

static const struct cell wish_cells[NR_XIRQ_WISHES][NR_XIRQ_INPUTS] = {
	[XIRQ_WISH_UNKNOWN] = WISH_ROW, [XIRQ_WISH_NONE] = WISH_ROW, [XIRQ_WISH_ASKED] = WISH_ROW,
};

/* What is handled again is switched on again. */
#define RATE_ROW(handled) \
	{ HANDLED(handled), TO(TOO_MANY, XIRQ_EXCEEDED), TO(ASSIGN, XIRQ_WITHIN), TO(CLEAR, XIRQ_WITHIN), TO(LOST, XIRQ_RATE_UNKNOWN) }

static const struct cell rate_cells[NR_XIRQ_RATES][NR_XIRQ_INPUTS] = {
	[XIRQ_RATE_UNKNOWN] = RATE_ROW(XIRQ_RATE_UNKNOWN), [XIRQ_WITHIN] = RATE_ROW(XIRQ_WITHIN), [XIRQ_EXCEEDED] = RATE_ROW(XIRQ_WITHIN),
};

static const char *const input_names[NR_XIRQ_INPUTS] = {
#define X(sym, name) [XIRQ_##sym] = name,
	XIRQ_INPUTS(X)
#undef X
};

#define REGION(sym, text, of_states, nr, bits, ...) \
	[XIRQ_REGION_##sym] = { .name = text, .states = of_states, .nr_states = nr, .shift = XIRQ_##sym##_SHIFT, \
				.width = bits, __VA_ARGS__ }
#define ARRIVALS (B(ARRIVE) | B(ARRIVE_NEW) | B(ARRIVE_OLD))

static const struct region regions[NR_XIRQ_REGIONS] = {
	REGION(LIFE, "life", life_names, NR_XIRQ_LIVES, 3, .cells = &life_cells[0][0],
	       .listens = B(ASSIGN) | B(BOUND_AT_BOOT) | B(MOVE_TO) | ARRIVALS | B(ARRIVE_NOBODY) | B(CLEAR) | B(LOST)),
	REGION(ACTION, "action", action_names, NR_XIRQ_ACTIONS, 3, .cells = &action_cells[0][0], .silent = true,
	       .listens = B(ASSIGN) | ARRIVALS | B(ARRIVE_NOBODY) | B(CLEAR) | B(XEN_BIND) | B(GUEST_BIND) | B(GUEST_UNBIND) | B(LOST)),
	REGION(MOVE, "move", move_names, NR_XIRQ_MOVES, 3, .cells = &move_cells[0][0],
	       .listens = B(ASSIGN) | B(MOVE_TO) | B(ARRIVE_NEW) | B(ARRIVE_OLD) | B(CLEANUP) | B(CLEANED) | B(DELAYED) | B(FINISH) |
			  B(CLEAR) | B(LOST)),
	REGION(ACK, "ack_type", ack_names, NR_XIRQ_ACKS, 3, .cells = &ack_cells[0][0],
	       .listens = B(ASSIGN) | B(SEE_AT_ONCE) | B(SEE_EOI) | B(SEE_UNMASK) | B(SEE_LATE) | B(CLEAR) | B(LOST)),
	REGION(IN_FLIGHT, "given_out", flight_names, NR_BIT_STATES, 2, .cells = &flight_cells[0][0], .hot = true, .silent = true,
	       .listens = B(ASSIGN) | ARRIVALS | B(CLEAR) | B(GUEST_BIND) | B(GUEST_UNBIND) | B(GUEST_EOI) | B(TIMER) | B(LOST)),
	REGION(WISH, "affinity", wish_names, NR_XIRQ_WISHES, 2, .cells = &wish_cells[0][0], .brief_ns = 100000000, .silent = true,
	       .listens = B(ASKED) | B(ASSIGN) | B(MOVE_TO) | ARRIVALS | B(CLEAR) | B(LOST)),
	REGION(RATE, "rate", rate_names, NR_XIRQ_RATES, 2, .cells = &rate_cells[0][0], .silent = true,
	       .listens = ARRIVALS | B(TOO_MANY) | B(ASSIGN) | B(CLEAR) | B(LOST)),
};

const struct component xirq_component = {
	.name = "xen_irq", .regions = regions, .inputs = input_names, .effects = effect_names, .guards = guards,
	.guard_names = guard_names, .nr_regions = NR_XIRQ_REGIONS, .nr_inputs = NR_XIRQ_INPUTS, .nr_effects = NR_XIRQ_EFFECTS,
	.nr_guards = NR_GUARDS,
};

unsigned xirq_state(struct xirq_core core, enum xirq_region region)
{
	return core_get(core.bits, &regions[region]);
}

void xirq_step(struct xirq_core *core, enum xirq_input in, struct effects *out)
{
	component_step(&xirq_component, &core->bits, in, NULL, out);
}
