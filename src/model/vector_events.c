/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the vector domain, of affinity and of messages: which inputs of the irq's vector they are. */
#include <stdlib.h>
#include <string.h>

#include "model/replay.h"

struct vector_object *vector_of(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;

	if (own)
		return own;
	own = calloc(1, sizeof(*own));
	m->failed |= !own;
	if (!own)
		return NULL;
	own->core.bits = component_unknown(&vector_component);
	own->target_cpu = own->vector = own->old_vector = own->old_cpu = -1;
	own->apicdest = own->msg_vector = own->msg_dest = -1;
	irq->irq.alloc = own;
	return own;
}

void learn_vector(struct model *m, struct object *irq)
{
	/* only irqs of the x86 vector domain have vectors of their own */
	if (irq->row.path == PATH_UNKNOWN && irq->irq.chip != CHIP_XEN)
		learn_path(m, irq, PATH_BAREMETAL);
}

/* The irq of a vector_* record, and what it has in the vector domain; NULL where there is none. */
static struct vector_object *vector_record(struct model *m, const struct event *ev, struct object **irq)
{
	struct machine_state *machine;

	*irq = object_named(m, ev, OBJ_IRQ);
	if (!*irq)
		return NULL;
	machine = model_machine(m, (*irq)->row.ref.machine);
	if (machine) {
		machine->vector_source = ev->source;
		machine->updated_irq = 0;
	}
	learn_vector(m, *irq);
	return vector_of(m, *irq);
}

/* ------------------------------------------------------------------------------------------ life */

static void irq_changes(struct model *m, struct object *irq, enum irq_input in)
{
	if (irq_input(m, irq, in))
		masks_update_irq(m, irq);
}

/* The irq's first record, or one of an irq that was seen before, whose end is then what was missed. */
static bool is_fresh(const struct object *irq)
{
	return irq_state(irq->irq.core, IRQ_REGION_LIFE) == LIFE_UNKNOWN && !irq->irq.summary.deliveries &&
	       !irq->irq.gap;
}

static void on_setup(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t legacy = 0;

	event_arg(ev, ARG_LEGACY, &legacy);
	if (irq && !legacy && !is_fresh(irq))
		irq = model_next_generation(m, irq);
	if (!irq || !vector_record(m, ev, &irq))
		return;
	/* an ISA irq that was active goes on with what it is */
	if (!legacy) {
		irq->row.born_ns = m->now_ns;
		irq_changes(m, irq, IRQ_SETUP);
	}
	vector_input(m, irq, legacy ? VECTOR_SETUP_LEGACY : VECTOR_SETUP);
	vector_update(m, irq);
}

static void activation_failed(struct model *m, struct vector_object *own)
{
	duty_end(m, &own->assign, ENDING_EXCUSED, "activation failed");
	own->alloc_failed = false;
}

static void on_teardown(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);

	if (!own)
		return;
	irq_changes(m, irq, IRQ_TEARDOWN);
	activation_failed(m, own);
	duty_end(m, &own->cleanup, ENDING_EXCUSED, "irq torn down");
	own->vector = own->target_cpu = -1;
	vector_input(m, irq, VECTOR_TEARDOWN);
	vector_update(m, irq);
	irte_config(m, irq);
	link_irq_to_vector(m, irq, -1, -1);
	irq->row.gone_ns = m->now_ns;
}

/* ------------------------------------------------------------------------------------------ allocation */

static void on_reserve(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);
	int64_t managed = 0, ret = 0;

	if (!own)
		return;
	event_arg(ev, ARG_MANAGED, &managed);
	event_arg(ev, ARG_RET, &ret);
	own->managed |= managed;
	vector_input(m, irq, ret < 0 ? VECTOR_RESERVE_FAILED : managed ? VECTOR_RESERVED_MANAGED : VECTOR_RESERVED);
}

static void on_activate(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);
	int64_t managed = 0, reserved = 0;

	if (!own)
		return;
	event_arg(ev, ARG_MANAGED, &managed);
	event_arg(ev, ARG_RESERVED, &reserved);
	own->managed |= managed;
	/* what was not found before this call is not found any more */
	activation_failed(m, own);
	vector_input(m, irq, reserved ? VECTOR_ACTIVATE_RESERVED : VECTOR_ACTIVATE);
}

static void on_alloc(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);
	int64_t ret = 0, reserved = 0;

	if (!own)
		return;
	event_arg(ev, ARG_RET, &ret);
	event_arg(ev, ARG_RESERVED, &reserved);
	own->alloc_failed = ret < 0;
	if (ret < 0) {
		own->failed_event = m->event;
		own->failed_ns = m->now_ns;
		duty_expected(m, &own->assign);
	}
	vector_input(m, irq, ret < 0 ? VECTOR_ALLOC_FAILED : reserved ? VECTOR_ALLOC_RESERVED : VECTOR_ALLOC);
	vector_update(m, irq);
}

/* 239 stands for no vector. */
static bool is_vector(int64_t vector)
{
	return vector > 0 && vector != PARKED_VECTOR;
}

static void on_update(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);
	struct machine_state *machine;
	int64_t vector, cpu, prev = 0, prev_cpu = -1;

	if (!own)
		return;
	event_arg(ev, ARG_PREV_VECTOR, &prev);
	event_arg(ev, ARG_PREV_CPU, &prev_cpu);
	/* vector_config follows with the same, and the APIC id that goes with it */
	if (event_arg(ev, ARG_VECTOR, &vector) && event_arg(ev, ARG_TARGET_CPU, &cpu)) {
		own->vector = vector;
		own->target_cpu = cpu;
		own->apicdest = -1;
		own->config_event = m->event;
	}
	own->update_event = m->event;
	own->old_shown = false;
	/* the message that the last choice was owed will not come any more */
	duty_end(m, &own->message, ENDING_EXCUSED, "configured anew");
	own->old_vector = is_vector(prev) ? prev : -1;
	own->old_cpu = is_vector(prev) ? prev_cpu : -1;
	if (!is_vector(prev)) {
		vector_input(m, irq, VECTOR_UPDATE_FIRST);
	} else if (cpu_is_offline(m, irq->row.ref.machine, prev_cpu)) {
		vector_input(m, irq, VECTOR_UPDATE_OFFLINE);
	} else {
		machine = model_machine(m, irq->row.ref.machine);
		if (machine)
			machine->updated_irq = irq->row.id;
		vector_input(m, irq, VECTOR_UPDATE_MOVED);
	}
	vector_update(m, irq);
}

static bool in_asked_mask(const struct vector_object *own)
{
	return own->asked_event && own->target_cpu >= 0 && own->target_cpu < 64 &&
	       own->asked_mask >> own->target_cpu & 1;
}

static void see_target(struct model *m, struct object *irq)
{
	unsigned affinity = vector_state(irq->irq.alloc->core, VECTOR_REGION_AFFINITY);

	if ((affinity == AFFINITY_ASKED || affinity == AFFINITY_PENDING) && in_asked_mask(irq->irq.alloc))
		vector_input(m, irq, VECTOR_AFFINITY_MET);
}

static void on_config(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);
	int64_t vector, cpu, apicdest = -1;

	if (!own || !event_arg(ev, ARG_VECTOR, &vector) || !event_arg(ev, ARG_TARGET_CPU, &cpu))
		return;
	event_arg(ev, ARG_APICDEST, &apicdest);
	own->vector = vector;
	own->target_cpu = cpu;
	own->apicdest = apicdest;
	own->config_event = m->event;
	own->msg_doubted = false;
	own->alloc_failed &= vector == PARKED_VECTOR;
	vector_input(m, irq, vector == PARKED_VECTOR ? VECTOR_CONFIG_PARKED : VECTOR_CONFIG);
	if (vector != PARKED_VECTOR)
		see_target(m, irq);
	vector_update(m, irq);
	irte_config(m, irq);
	link_irq_to_vector(m, irq, cpu, vector == PARKED_VECTOR ? -1 : vector);
}

static void on_clear(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);

	if (!own)
		return;
	duty_end(m, &own->cleanup, ENDING_EXCUSED, "vector cleared");
	own->vector = own->target_cpu = -1;
	vector_input(m, irq, VECTOR_CLEAR);
	vector_update(m, irq);
	irte_config(m, irq);
	link_irq_to_vector(m, irq, -1, -1);
}

static void on_free_moved(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);
	unsigned cleanup, assigned;

	if (!own)
		return;
	cleanup = vector_state(own->core, VECTOR_REGION_CLEANUP);
	assigned = vector_state(own->core, VECTOR_REGION_ASSIGNED);
	/* one that waited for its CPU's clean-up may end behind the irq's own clearing */
	if (cleanup == CLEANUP_NONE && (assigned == ASSIGNED_NONE || assigned == ASSIGNED_PARKED))
		return;
	vector_input(m, irq, VECTOR_FREE_MOVED);
	vector_update(m, irq);
}

static void on_cleanup(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);

	if (!own)
		return;
	/* the call returns at once where nothing is to be cleaned up */
	if (ev->witness <= WITNESS_INTENT && vector_state(own->core, VECTOR_REGION_CLEANUP) == CLEANUP_NONE)
		return;
	vector_input(m, irq, VECTOR_CLEANUP_QUEUED);
	vector_update(m, irq);
}

/*
 * Up to 6.5 the new CPU tells the old one by an IPI that its old vector is to be freed, and the old CPU tells itself
 * again while that vector is pending there. The record's APIC is the receiver's; the CPU that wrote it is the sender.
 * Since 6.6 the vector may be a device's, and such an IPI a resend: nothing is owed for one.
 */
static void on_ipi(struct model *m, const struct event *ev)
{
	uint32_t last = registry_last(m->objects);
	uint16_t machine = source_machine(m, ev->source);
	int64_t vector;

	if (ev->cpu < 0 || !event_arg(ev, ARG_VECTOR, &vector) || vector != CLEANUP_VECTOR)
		return;
	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (!obj || obj->row.ref.kind != OBJ_IRQ || obj->row.ref.machine != machine || !obj->irq.alloc)
			continue;
		if (ev->cpu == obj->irq.alloc->old_cpu)
			vector_input(m, obj, VECTOR_CLEANUP_AGAIN);
		else if (ev->cpu == obj->irq.alloc->target_cpu)
			vector_input(m, obj, VECTOR_CLEANUP_IPI);
	}
}

static void on_deactivate(struct model *m, const struct event *ev)
{
	struct object *irq;
	struct vector_object *own = vector_record(m, ev, &irq);

	if (!own)
		return;
	activation_failed(m, own);
	irq_changes(m, irq, IRQ_DEACTIVATED);
	vector_input(m, irq, VECTOR_DEACTIVATE);
}

/*
 * A move whose old CPU is offline frees the old vector itself, and the matrix record that follows its vector_update
 * says so.
 */
static void on_matrix(struct model *m, const struct event *ev)
{
	struct machine_state *machine = model_machine(m, source_machine(m, ev->source));
	struct object *irq = machine ? registry_get(m->objects, machine->updated_irq) : NULL;
	const struct vector_object *own = irq && irq->row.ref.kind == OBJ_IRQ ? irq->irq.alloc : NULL;
	int64_t op, bit, cpu;

	if (!own || !event_arg(ev, ARG_OP, &op) || !event_arg(ev, ARG_BIT, &bit) ||
	    !event_arg(ev, ARG_TARGET_CPU, &cpu))
		return;
	machine->updated_irq = 0;
	if (strcmp(m->opt->string(m->opt->string_ctx, ev->source, (str_id)op), "free") || bit != own->old_vector ||
	    cpu != own->old_cpu)
		return;
	vector_input(m, irq, VECTOR_FREED_OFFLINE);
	vector_update(m, irq);
}

/* ------------------------------------------------------------------------------------------ affinity */

static void see_activated(struct model *m, struct object *irq, int64_t state)
{
	bool activated = state & IRQD_ACTIVATED;
	unsigned seen = activated ? ACTIVATION_FULL : ACTIVATION_NONE;

	if (vector_state(irq->irq.alloc->core, VECTOR_REGION_ACTIVATION) != seen)
		vector_input(m, irq, activated ? VECTOR_SEE_ACTIVATED : VECTOR_SEE_NOT_ACTIVATED);
}

void vector_see_state(struct model *m, struct object *irq, int64_t state)
{
	bool pending = state & IRQD_SETAFFINITY_PENDING;
	struct vector_object *own = irq->irq.alloc;
	unsigned affinity;

	if (!own && pending)
		own = vector_of(m, irq);
	if (!own)
		return;
	own->level = state & IRQD_LEVEL;
	own->edge = !own->level;
	see_activated(m, irq, state);
	affinity = vector_state(own->core, VECTOR_REGION_AFFINITY);
	if (pending == (affinity == AFFINITY_PENDING) && affinity != AFFINITY_UNKNOWN && affinity != AFFINITY_ASKED)
		return;
	if (pending)
		vector_input(m, irq, VECTOR_SEE_PENDING);
	else
		vector_input(m, irq, VECTOR_SEE_NOT_PENDING);
	vector_update(m, irq);
}

static void on_affinity_asked(struct model *m, struct object *irq, const struct event *ev)
{
	struct vector_object *own = irq->irq.alloc;
	int64_t mask = 0;

	/* a request that another one replaces is not owed any more */
	duty_end(m, &own->affinity, ENDING_EXCUSED, "asked anew");
	own->asked_event = event_arg(ev, ARG_CPUMASK, &mask) ? m->event : 0;
	own->asked_mask = mask;
	vector_input(m, irq, VECTOR_AFFINITY_ASKED);
}

static void on_affinity(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	struct vector_object *own = irq ? vector_of(m, irq) : NULL;
	int64_t state, mask;

	if (!own)
		return;
	if (event_arg(ev, ARG_STATE, &state)) {
		own->managed |= (state & IRQD_AFFINITY_MANAGED) != 0;
		see_activated(m, irq, state);
	}
	if (ev->witness <= WITNESS_INTENT)
		on_affinity_asked(m, irq, ev);
	else if (event_arg(ev, ARG_CPUMASK, &mask) && (!own->asked_event || (uint64_t)mask == own->asked_mask))
		vector_input(m, irq, in_asked_mask(own) ? VECTOR_AFFINITY_MET : VECTOR_AFFINITY_APPLIED);
	vector_update(m, irq);
}

/* ------------------------------------------------------------------------------------------ arrivals */

/*
 * Messages that are believed to go to the old CPU do not come on the new one, save one that software sent again. Where
 * the two are the same, nothing can be told.
 */
static void doubt_message(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;

	if (m->ev->cpu < 0 || m->ev->cpu != own->target_cpu || own->old_cpu < 0 || own->old_cpu == own->target_cpu)
		return;
	if (!own->msg_doubted) {
		own->msg_doubted = true;
		return;
	}
	duty_end(m, &own->message, ENDING_CONTRADICTED, "interrupts came on its CPU");
	own->msg_vector = own->vector;
	own->msg_dest = own->apicdest;
}

void vector_arrived(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;
	unsigned cleanup;

	if (!own)
		return;
	cleanup = vector_state(own->core, VECTOR_REGION_CLEANUP);
	if (own->message.open)
		doubt_message(m, irq);
	if (own->affinity.open) {
		vector_update(m, irq);
		if (own->affinity.owed)
			duty_expected(m, &own->affinity);
	}
	if ((cleanup != CLEANUP_PENDING && cleanup != CLEANUP_QUEUED) || m->ev->cpu < 0 ||
	    m->ev->cpu != own->target_cpu)
		return;
	if (cleanup == CLEANUP_PENDING)
		vector_input(m, irq, VECTOR_TARGET_HIT);
	vector_update(m, irq);
	/* an acknowledgement that shows the old vector is the better evidence */
	if (own->old_shown)
		own->cleanup.row.opportunities++;
	else
		duty_expected(m, &own->cleanup);
}

/*
 * The record may hold what the vector domain has: an old vector that is gone was freed unseen, one that is there is
 * proof.
 */
void vector_ack(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;
	int64_t old, cpu;

	if (!own || vector_state(own->core, VECTOR_REGION_CLEANUP) == CLEANUP_NONE ||
	    !event_arg(m->ev, ARG_PREV_VECTOR, &old))
		return;
	/* a move that a hole swallowed */
	if (old && vector_state(own->core, VECTOR_REGION_CLEANUP) == CLEANUP_UNKNOWN) {
		if (event_arg(m->ev, ARG_TARGET_CPU, &cpu))
			own->target_cpu = cpu;
		vector_input(m, irq, VECTOR_SEE_OLD);
	}
	if (!old) {
		duty_end(m, &own->cleanup, ENDING_CONTRADICTED, "acknowledged without it");
		vector_input(m, irq, VECTOR_SEE_NO_OLD);
		vector_update(m, irq);
	} else if (own->cleanup.open && m->ev->cpu == own->target_cpu) {
		own->cleanup.row.expected_event = m->event;
		own->old_shown = true;
	}
}

static bool is_parked_and_unmasked(const struct object *irq)
{
	return irq->row.gone_ns == NO_TIME && irq->irq.alloc &&
	       vector_state(irq->irq.alloc->core, VECTOR_REGION_ASSIGNED) == ASSIGNED_PARKED &&
	       feeder_is_unmasked(irq->irq.feeder);
}

/* Vector 239 is in the message of what is parked; more than one such irq could have sent it, or none that is known. */
static struct object *parked_irq(struct model *m, uint16_t machine)
{
	uint32_t last = registry_last(m->objects);
	struct object *found = NULL;

	for (uint32_t id = 1; id <= last; id++) {
		struct object *obj = registry_get(m->objects, id);

		if (!obj || obj->row.ref.kind != OBJ_IRQ || obj->row.ref.machine != machine ||
		    !is_parked_and_unmasked(obj))
			continue;
		if (found)
			return NULL;
		found = obj;
	}
	return found;
}

static void on_vector_delivered(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_VECTOR);
	struct object_ref cpu = { .kind = OBJ_CPU, .id = ev->cpu < 0 ? 0 : ev->cpu };
	struct machine_state *machine;
	struct object *obj;

	/* without a record of the vector domain nothing says that the number means what it means to Linux */
	if (!ref || object_pair_low(ref->id) != PARKED_VECTOR)
		return;
	machine = model_machine(m, ref->machine);
	if (!machine || !machine->vector_source)
		return;
	obj = parked_irq(m, ref->machine);
	/* once for each irq, and once for all that cannot be told */
	if (obj ? obj->irq.alloc->parked_told : machine->parked_told)
		return;
	cpu.machine = ref->machine;
	if (obj)
		obj->irq.alloc->parked_told = true;
	else
		machine->parked_told = true;
	obj = obj ? obj : model_object(m, &cpu);
	m->failed |= m->sink->harm(m->sink->ctx, &(struct harm_row){
		.event = m->event, .object = obj ? obj->row.id : 0, .kind = event_kinds[ev->kind].name,
	}) != 0;
}

/* ------------------------------------------------------------------------------------------ messages */

/*
 * Fields of an address as the processor takes them: destination id in bits 12 to 19, its extension in bits 5 to 11
 * (guests), the rest in the upper half; bit 4 says that a remapping unit takes all this for an index.
 */
static void read_message(struct object *irq, const struct event *ev, int64_t data)
{
	enum { REMAPPABLE = 1 << 4 };
	struct vector_object *own = irq->irq.alloc;
	int64_t lo, hi = 0;

	own->msg_vector = data & 0xff;
	own->msg_dest = -1;
	if (!event_arg(ev, ARG_ADDR_LO, &lo))
		return;
	event_arg(ev, ARG_ADDR_HI, &hi);
	if (lo & REMAPPABLE)
		irq->irq.chip = CHIP_REMAPPED;
	own->msg_dest = (lo >> 12 & 0xff) | (lo >> 5 & 0x7f) << 8 | (hi & 0xffffff00);
	if (own->msg_vector == own->vector && own->msg_dest == own->apicdest)
		own->msg_direct = true;
}

static void on_message(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ), *feeder;
	const struct object_ref *ref = event_object(ev, ev->kind == EV_PCI_MSI_WRITE ? OBJ_MSI : OBJ_MSIX);
	int64_t data;

	if (!irq && ref) {
		feeder = model_object(m, ref);
		irq = feeder ? feeder->feeds : NULL;
	}
	if (!irq || irq->irq.chip == CHIP_XEN || !event_arg(ev, ARG_DATA, &data) || !vector_of(m, irq))
		return;
	read_message(irq, ev, data);
	duty_expected(m, &irq->irq.alloc->message);
	vector_update(m, irq);
}

/* ------------------------------------------------------------------------------------------ the irq itself */

/* Something about the irq changed that what it is owed depends on. */
static void on_irq_changed(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t state;

	if (!irq)
		return;
	/* those that mask and unmask were seen already */
	if (irq->irq.alloc && ev->kind == EV_IRQ_STARTUP && event_arg(ev, ARG_STATE, &state))
		see_activated(m, irq, state);
	if (irq->irq.alloc && ev->kind == EV_IRQ_SHUTDOWN) {
		duty_end(m, &irq->irq.alloc->affinity, ENDING_EXCUSED, "irq shut down");
		vector_input(m, irq, VECTOR_SHUTDOWN);
	}
	vector_update(m, irq);
	resend_update(m, irq);
	if (irq->irq.alloc && (ev->kind == EV_IRQ_ENABLE || ev->kind == EV_IRQ_STARTUP))
		duty_expected(m, &irq->irq.alloc->resend);
}

static void on_setup_result(struct model *m, const struct event *ev)
{
	struct object *irq = object_named(m, ev, OBJ_IRQ);
	int64_t ret;

	if (!irq || !irq->irq.alloc || !event_arg(ev, ARG_RET, &ret) || ret >= 0)
		return;
	if (irq->irq.alloc->alloc_failed)
		vector_input(m, irq, VECTOR_ACTIVATE_FAILED);
	activation_failed(m, irq->irq.alloc);
}

void vector_lost(struct model *m, struct object *irq)
{
	struct vector_object *own = irq->irq.alloc;

	if (!own)
		return;
	vector_input(m, irq, VECTOR_LOST);
	own->target_cpu = own->vector = own->old_vector = own->old_cpu = -1;
	own->apicdest = own->msg_vector = own->msg_dest = -1;
	own->asked_event = 0;
	own->alloc_failed = false;
}

event_handler vector_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_VECTOR_SETUP] = on_setup,
		[EV_VECTOR_TEARDOWN] = on_teardown,
		[EV_VECTOR_RESERVE] = on_reserve,
		[EV_VECTOR_ACTIVATE] = on_activate,
		[EV_VECTOR_ALLOC] = on_alloc,
		[EV_VECTOR_UPDATE] = on_update,
		[EV_VECTOR_CONFIG] = on_config,
		[EV_VECTOR_CLEAR] = on_clear,
		[EV_VECTOR_FREE_MOVED] = on_free_moved,
		[EV_VECTOR_CLEANUP] = on_cleanup,
		[EV_LAPIC_IPI] = on_ipi,
		[EV_VECTOR_DEACTIVATE] = on_deactivate,
		[EV_VECTOR_MATRIX] = on_matrix,
		[EV_IRQ_AFFINITY] = on_affinity,
		[EV_IRQ_STARTUP] = on_irq_changed,
		[EV_IRQ_SHUTDOWN] = on_irq_changed,
		[EV_IRQ_FREE] = on_irq_changed,
		[EV_IRQ_ENABLE] = on_irq_changed,
		[EV_IRQ_DISABLE] = on_irq_changed,
		[EV_IRQ_MASK] = on_irq_changed,
		[EV_IRQ_UNMASK] = on_irq_changed,
		[EV_IRQ_SETUP_RESULT] = on_setup_result,
		[EV_PCI_MSIX_ENTRY_WRITE] = on_message,
		[EV_PCI_MSI_WRITE] = on_message,
		[EV_LAPIC_DELIVER] = on_vector_delivered,
	};

	return handlers[kind];
}
