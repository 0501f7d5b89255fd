/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of KVM's GSI routes, and the obligation "kroute-update": once the redirection entry of an unmasked pin says
 * something else than its route, the route must follow before the pin fires. A pin that fires meanwhile is what the
 * obligation missed.
 *
 * That the IO-APIC is QEMU's and its routes are KVM's is proven by records of both in one machine: where all of it is
 * in the kernel, QEMU writes down no entries; where none is, no routes.
 */
#include "model/owners.h"
#include "model/replay.h"

enum { NR_PIN_ROUTES = 24 };

/* How the entry as it is known now compares with what KVM has. What is known of neither was written by nobody. */
enum likeness { LIKE_SAME, LIKE_VECTOR, LIKE_OTHER, LIKE_UNKNOWN };

static enum likeness compare(const struct object *pin, const struct kroute_object *own)
{
	uint64_t known = pin->pin.rte_known & KROUTE_MESSAGE_BITS, had = own->committed.known & KROUTE_MESSAGE_BITS;
	uint64_t differ = (pin->pin.rte ^ own->committed.bits) & known & had;

	if (!own->committed.valid)
		return LIKE_UNKNOWN;
	if (differ)
		return differ & RTE_VECTOR ? LIKE_VECTOR : LIKE_OTHER;
	return known == had ? LIKE_SAME : LIKE_UNKNOWN;
}

/* Masked again, the old route does no harm: it is renewed with the next unmasking. cause_event: what made them differ. */
static void follow_from(struct model *m, struct object *pin, int64_t cause_event)
{
	struct object *kroute = pin->pin.kroute;
	unsigned route = kroute_state(kroute->kroute.core, KROUTE_REGION_ROUTE), mask = pin_state(pin->pin.core, PIN_REGION_HW);
	struct claim claim = {
		.kind = "kroute-update", .object = pin->row.id, .owner = owner_name(OWNER_DEVICE_MODEL),
		.cause_event = cause_event,
		.due = route == KROUTE_ROUTE_VECTOR || route == KROUTE_ROUTE_OTHER, .met_by = "routes handed over",
		.owed = mask == BIT_CLEAR ? TRUTH_TRUE : TRUTH_UNKNOWN, .final = mask == BIT_SET ? "pin masked" : NULL,
	};

	if (route == KROUTE_ROUTE_UNKNOWN)
		duty_lost(m, &kroute->kroute.update, m->now_ns);
	else
		duty_follow(m, &kroute->kroute.update, &claim);
}

static void follow(struct model *m, struct object *pin)
{
	follow_from(m, pin, m->event);
}

/* A pin has one from the first record that shows QEMU keeping routes for pins. */
static struct object *kroute_of(struct model *m, struct object *pin)
{
	struct object_ref ref = { .kind = OBJ_KROUTE, .id = (uint32_t)pin->row.ref.id, .machine = pin->row.ref.machine };
	struct object *kroute = pin->pin.kroute;

	if (kroute || pin->row.ref.id >= NR_PIN_ROUTES)
		return kroute;
	kroute = model_object(m, &ref);
	if (!kroute)
		return NULL;
	pin->pin.kroute = kroute;
	kroute->kroute.pin = pin;
	link_kroute(m, pin, kroute);
	return kroute;
}

static struct object *pin_of_gsi(struct model *m, uint16_t machine, uint64_t gsi)
{
	struct object_ref ref = { .kind = OBJ_PIN, .id = object_id_pair(0, gsi), .machine = machine };

	return gsi < NR_PIN_ROUTES ? model_object(m, &ref) : NULL;
}

struct object *kroute_pin(struct model *m, uint16_t machine, uint64_t gsi)
{
	struct object *pin = pin_of_gsi(m, machine, gsi);

	return pin && kroute_of(m, pin) ? pin : NULL;
}

/* ------------------------------------------------------------------------------------------------------ handing over */

static void commit(struct model *m, struct object *pin)
{
	static const enum kroute_input inputs[] = {
		[LIKE_SAME] = KROUTE_COMMIT_SAME, [LIKE_VECTOR] = KROUTE_COMMIT_VECTOR, [LIKE_OTHER] = KROUTE_COMMIT_OTHER,
		[LIKE_UNKNOWN] = KROUTE_COMMIT_BLIND,
	};
	struct kroute_object *own = &pin->pin.kroute->kroute;

	own->committed = own->table;
	kroute_input(m, pin->pin.kroute, inputs[compare(pin, own)]);
	follow(m, pin);
}

/* What an update puts there is not recorded: it is made of the entry. A reporter's own line may say it. */
static void set_table(struct object *pin, const struct event *ev)
{
	struct route_entry *table = &pin->pin.kroute->kroute.table;
	int64_t addr, data;

	if (event_arg(ev, ARG_ADDR_LO, &addr) && event_arg(ev, ARG_DATA, &data))
		*table = (struct route_entry){
			.bits = kroute_entry_bits(addr, data), .known = KROUTE_MESSAGE_BITS, .valid = true,
		};
	else
		*table = (struct route_entry){
			.bits = pin->pin.rte, .known = pin->pin.rte_known, .valid = pin->pin.rte_known & RTE_VECTOR,
		};
}

/* -------------------------------------------------------------------------------------------------- the entry */

/* What-if: routes are handed over before the pins are looked at; what is recorded behind that changes nothing then. */
static void foresee_route(struct model *m, struct object *pin)
{
	static const struct event nothing = { .pid = -1 };
	struct kroute_object *own = &pin->pin.kroute->kroute;

	own->foreseen = own->update.open && pin_state(pin->pin.core, PIN_REGION_HW) == BIT_CLEAR &&
			whatif_adds(m, QUIRK_QEMU_ROUTE_BEFORE_SERVICE);
	if (!own->foreseen)
		return;
	set_table(pin, &nothing);
	commit(m, pin);
}

void kroute_entry_written(struct model *m, struct object *pin)
{
	static const enum kroute_input inputs[] = {
		[LIKE_SAME] = KROUTE_WRITE_SAME, [LIKE_VECTOR] = KROUTE_WRITE_VECTOR, [LIKE_OTHER] = KROUTE_WRITE_OTHER,
		[LIKE_UNKNOWN] = KROUTE_WRITE_BLIND,
	};
	struct object *kroute = pin->pin.kroute;

	if (!kroute)
		return;
	kroute->kroute.writer_pid = m->ev->pid;
	kroute->kroute.write_event = m->event;
	kroute->kroute.raced = kroute->kroute.fired = false;
	kroute_input(m, kroute, inputs[compare(pin, &kroute->kroute)]);
	follow(m, pin);
	foresee_route(m, pin);
}

void kroute_cause(struct model *m, struct object *pin, bool eoi)
{
	struct object *kroute = pin->pin.kroute;

	if (!kroute)
		return;
	kroute->kroute.raced |= eoi;
	kroute->kroute.fired = false;
	kroute_input(m, kroute, KROUTE_CAUSE);
}

/* An EOI may run beside a write: without threads, one in between could be what made the pin fire. */
static bool same_thread(const struct kroute_object *own, const struct event *ev)
{
	return own->writer_pid < 0 || ev->pid < 0 ? !own->raced : own->writer_pid == ev->pid;
}

bool kroute_fires(struct model *m, struct object *pin)
{
	struct object *kroute = pin->pin.kroute;
	unsigned effect;

	if (!kroute)
		return false;
	kroute->kroute.fired = true;
	if (kroute->kroute.foreseen)
		whatif_departs(m);
	/* a line that is not known to have been up may have come up just now */
	if (pin_state(pin->pin.core, PIN_REGION_LINE) != BIT_SET)
		kroute_input(m, kroute, KROUTE_CAUSE);
	effect = kroute_input(m, kroute, same_thread(&kroute->kroute, m->ev) ? KROUTE_FIRE : KROUTE_FIRE_ELSEWHERE);
	if (effect != KROUTE_EFFECT_STALE)
		return false;
	duty_missed(m, &kroute->kroute.update);
	return true;
}

int32_t kroute_vector(const struct object *pin)
{
	const struct object *kroute = pin->pin.kroute;

	if (!kroute || !kroute->kroute.committed.valid || !(kroute->kroute.committed.known & RTE_VECTOR))
		return -1;
	return kroute->kroute.committed.bits & RTE_VECTOR;
}

/* A message shows what KVM has, whatever was handed over. */
void kroute_seen(struct model *m, struct object *pin, const struct event *ev)
{
	static const enum kroute_input inputs[] = {
		[LIKE_SAME] = KROUTE_SEEN_SAME, [LIKE_VECTOR] = KROUTE_SEEN_VECTOR, [LIKE_OTHER] = KROUTE_SEEN_OTHER,
	};
	struct kroute_object *own = &pin->pin.kroute->kroute;
	enum likeness likeness;

	set_table(pin, ev);
	own->committed = own->table;
	likeness = compare(pin, own);
	if (likeness == LIKE_UNKNOWN)
		return;
	kroute_input(m, pin->pin.kroute, inputs[likeness]);
	follow_from(m, pin, own->write_event ? own->write_event : m->event);
}

/* --------------------------------------------------------------------------------------------------- the routes */

static void on_update(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_KROUTE);
	struct object *pin = ref ? pin_of_gsi(m, ref->machine, ref->id) : NULL;
	struct machine_state *machine = ref ? model_machine(m, ref->machine) : NULL;
	struct object *kroute;
	int64_t data;

	if (!pin || !machine)
		return;
	/* a route is made once; from the second time on it is an update, and updates are recorded */
	machine->route_updates_seen |= pin->pin.kroute || event_arg(ev, ARG_DATA, &data);
	kroute = kroute_of(m, pin);
	if (!kroute)
		return;
	if (ev->witness == WITNESS_INTENT) {	/* it failed */
		kroute->kroute.table = kroute->kroute.committed;
		return;
	}
	set_table(pin, ev);
	duty_expected(m, &kroute->kroute.update);
	if (!machine->route_commits_seen)
		commit(m, pin);
}

/* Where updates are not recorded, each unmasked pin's is made: that is what QEMU does in front of handing them over. */
static void assume_update(struct model *m, struct object *pin)
{
	static const struct event nothing = { .pid = -1 };

	if (!pin->pin.rte_known || pin_state(pin->pin.core, PIN_REGION_HW) != BIT_CLEAR || !kroute_of(m, pin))
		return;
	set_table(pin, &nothing);
}

static void on_commit(struct model *m, const struct event *ev)
{
	struct machine_state *machine = model_machine(m, source_machine(m, ev->source));

	if (!machine)
		return;
	machine->route_commits_seen = true;
	for (struct object *pin = machine->pins; pin; pin = pin->next) {
		if (!machine->route_updates_seen)
			assume_update(m, pin);
		if (!pin->pin.kroute)
			continue;
		commit(m, pin);
		pin->pin.kroute->kroute.foreseen = false;
	}
}

/* QEMU's call and what KVM records of it are one. */
static bool told_before(struct kroute_object *own, const struct event *ev)
{
	bool told = own->told && ev->witness == WITNESS_HARDWARE;

	own->told = !told && ev->witness == WITNESS_INFERRED;
	return told;
}

/*
 * The call that fires a pin; of a level pin, remote IRR was written down in front of it. It is not made with remote IRR set:
 * where that is believed nevertheless, an EOI has not been recorded.
 */
static void on_kvm_line(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_GSI);
	struct object *pin = ref ? pin_of_gsi(m, ref->machine, ref->id) : NULL;
	struct kroute_object *own = pin && pin->pin.kroute ? &pin->pin.kroute->kroute : NULL;
	bool is_level = own && pin_state(pin->pin.core, PIN_REGION_TRIGGER) == TRIGGER_LEVEL;
	int64_t level;

	if (!own || !event_arg(ev, ARG_LEVEL, &level) || !level || told_before(own, ev))
		return;
	if (!own->fired && is_level && ev->witness == WITNESS_HARDWARE && pin_state(pin->pin.core, PIN_REGION_IRR) == BIT_SET)
		pin_end_of_interrupt(m, pin, -1);
	if (!own->fired)
		pin_fires(m, pin, is_level);
	own->fired = false;
}

void kroute_lost(struct model *m, struct object *kroute)
{
	kroute->kroute.table.valid = kroute->kroute.committed.valid = false;
	kroute->kroute.fired = kroute->kroute.told = false;
	kroute->kroute.write_event = 0;
	kroute_input(m, kroute, KROUTE_LOST);
}

event_handler kroute_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_KVM_ROUTE_UPDATE] = on_update,
		[EV_KVM_ROUTE_COMMIT] = on_commit,
		[EV_KVM_LINE] = on_kvm_line,
	};

	return handlers[kind];
}
