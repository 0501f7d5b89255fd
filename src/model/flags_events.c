/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state words of an irq, read by whoever has a record with them; words repeat themselves, so only changes are told. */
#include "model/replay.h"

static const uint32_t flag_masks[] = {
#define X(sym, name, mask, hot, set, clear) mask,
	FLAGS_LIST(X)
#undef X
};

static const uint32_t istate_masks[] = {
#define X(sym, name, mask, hot, set, clear) mask,
	ISTATE_LIST(X)
#undef X
};

/* Inputs come in pairs: has the nth flag, lacks it. */
static unsigned nth_input(unsigned n, bool has)
{
	return 2 * n + !has;
}

static void see_state_word(struct model *m, struct object *irq, uint32_t word)
{
	struct irq_flags *own = &irq->irq.flags;
	uint32_t changed = own->seen ? own->state ^ word : FLAGS_BITS;

	own->seen = true;
	own->state = word;
	for (unsigned i = 0; i < sizeof(flag_masks) / sizeof(flag_masks[0]); i++)
		if (changed & flag_masks[i])
			flags_input(m, irq, nth_input(i, word & flag_masks[i]));
	if (changed & FLAGS_TRIGGER_TYPE)
		flags_input(m, irq, flags_trigger_input(word));
}

static void see_istate_word(struct model *m, struct object *irq, uint32_t word)
{
	struct irq_flags *own = &irq->irq.flags;
	uint32_t changed = own->istate_seen ? own->istate ^ word : ISTATE_BITS;

	own->istate_seen = true;
	own->istate = word;
	for (unsigned i = 0; i < sizeof(istate_masks) / sizeof(istate_masks[0]); i++)
		if (changed & istate_masks[i])
			istate_input(m, irq, nth_input(i, word & istate_masks[i]));
}

void flags_see(struct model *m, struct object *irq, const struct event *ev)
{
	const struct irq_flags *own = &irq->irq.flags;
	int64_t word;

	if (event_arg(ev, ARG_STATE, &word) && (!own->seen || (own->state ^ word) & FLAGS_BITS))
		see_state_word(m, irq, word & FLAGS_BITS);
	if (event_arg(ev, ARG_ISTATE, &word) && (!own->istate_seen || (own->istate ^ word) & ISTATE_BITS))
		see_istate_word(m, irq, word & ISTATE_BITS);
}

static void on_word(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_IRQ);
	struct object *irq = ref ? model_object(m, ref) : NULL;

	if (irq)
		flags_see(m, irq, ev);
}

void flags_lost(struct model *m, struct object *irq)
{
	irq->irq.flags.seen = irq->irq.flags.istate_seen = false;
	flags_input(m, irq, FLAGS_LOST);
	istate_input(m, irq, ISTATE_LOST);
}

event_handler flags_event_handler(enum event_kind kind)
{
	/* whoever follows the irq's own state reads the words of all the others */
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_IRQ_STARTUP] = on_word,
		[EV_IRQ_SHUTDOWN] = on_word,
		[EV_IRQ_ENABLE] = on_word,
		[EV_IRQ_DISABLE] = on_word,
		[EV_IRQ_AFFINITY] = on_word,
	};

	return handlers[kind];
}
