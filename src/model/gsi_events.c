/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of GSIs, and the obligation "gsi-register": what a device that was given away, or refused, needs. Where only the
 * giving is recorded, it may have been registered before the capture: unless a later dump shows that its pin never was.
 */
#include <string.h>

#include "model/owners.h"
#include "model/replay.h"

static void update(struct model *m, struct object *gsi)
{
	unsigned setup = gsi_state(gsi->gsi.core, GSI_REGION_SETUP);
	bool wanted = gsi_state(gsi->gsi.core, GSI_REGION_WANTED) == BIT_SET;
	struct claim claim = {
		.kind = "gsi-register", .object = gsi->row.id, .owner = owner_name(OWNER_KERNEL),
		.cause_event = gsi->gsi.mark[GSI_REGION_WANTED].event, .due = wanted && setup != BIT_SET,
		.owed = setup == BIT_CLEAR ? TRUTH_TRUE : TRUTH_UNKNOWN, .met_by = wanted ? "registered" : "device came back",
	};

	if (claim.due || gsi->gsi.registered.open)
		duty_follow(m, &gsi->gsi.registered, &claim);
}

static void apply(struct model *m, struct object *gsi, enum gsi_input in)
{
	gsi_input(m, gsi, in);
	update(m, gsi);
}

/* To a driver that asks for no interrupt, as a guest will have it. */
static bool is_given(const struct model *m, const struct event *ev)
{
	const char *name = "";
	int64_t id;

	if (ev->kind == EV_PCI_ASSIGN && event_arg(ev, ARG_NAME, &id))
		name = m->opt->string(m->opt->string_ctx, ev->source, (str_id)id);
	return strstr(name, "pciback") || strstr(name, "assignable");
}

/* Dom0's GSIs are Xen's. */
static struct object *gsi_of(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_GSI);
	struct object_ref known;

	if (!ref)
		return NULL;
	known = *ref;
	if (known.machine == MACHINE_DOM0)
		known.machine = MACHINE_XEN;
	return model_object(m, &known);
}

/* -EEXIST: it is registered. */
static bool failed(const struct event *ev)
{
	int64_t ret;

	return event_arg(ev, ARG_RET, &ret) && ret < 0 && ret != -17;
}

static void on_setup(struct model *m, const struct event *ev)
{
	struct object *gsi = gsi_of(m, ev);

	if (gsi)
		apply(m, gsi, failed(ev) ? GSI_SETUP_FAILED : GSI_REGISTERED);
}

static void on_map(struct model *m, const struct event *ev)
{
	struct object *gsi = gsi_of(m, ev);

	if (gsi && !failed(ev))
		apply(m, gsi, GSI_MAPPED);
}

static struct object *same_number(const struct model *m, const struct object *obj, enum object_kind kind, uint64_t id)
{
	return registry_find(m->objects, (struct object_ref){ .kind = kind, .machine = obj->row.ref.machine, .id = id });
}

/* The irq of Xen of that number, where anybody asked for the GSI. */
static void on_xirq(struct model *m, const struct event *ev)
{
	const struct object_ref *ref = event_object(ev, OBJ_XIRQ);
	struct object_ref same = { .kind = OBJ_GSI };
	struct object *gsi;

	if (!ref)
		return;
	same.machine = ref->machine;
	same.id = ref->id;
	gsi = registry_find(m->objects, same);
	if (gsi)
		apply(m, gsi, GSI_ASSIGNED);
}

void gsi_assigned(struct model *m, const struct object *xirq)
{
	struct object *gsi = model_object(m, &(struct object_ref){
		.kind = OBJ_GSI, .machine = xirq->row.ref.machine, .id = xirq->row.ref.id });

	if (gsi)
		apply(m, gsi, GSI_ASSIGNED);
}

static bool has_vector(const struct model *m, const struct object *gsi)
{
	const struct object *xirq = same_number(m, gsi, OBJ_XIRQ, gsi->row.ref.id);

	return xirq && xirq_state(xirq->xirq.core, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED;
}

/* What was registered before anybody asked shows in its irq. */
static void look_at_irq(struct model *m, struct object *gsi)
{
	if (has_vector(m, gsi))
		gsi_input(m, gsi, GSI_ASSIGNED);
}

/* The first IO-APIC's GSIs begin at 0. */
static bool has_entries(const struct object_ref *pin)
{
	return !object_pair_high(pin->id) && object_pair_low(pin->id) < 64;
}

/* With remapping the vector may stand for something else; what is unmasked is in use. */
static bool is_masked(const struct model *m, const struct object_ref *ref)
{
	const struct object *pin = registry_find(m->objects, *ref);

	return !pin || pin_state(pin->pin.core, PIN_REGION_HW) != BIT_CLEAR;
}

/* An entry as a dump of Xen's shows it: the one that counts is the last. */
static void on_pin_shown(struct model *m, const struct event *ev)
{
	const struct object_ref *pin = event_object(ev, OBJ_PIN);
	struct machine_state *machine = pin && has_entries(pin) ? model_machine(m, pin->machine) : NULL;
	struct object_ref same = { .kind = OBJ_GSI };
	int64_t field, vector;
	struct object *gsi;
	uint64_t bit;
	bool unused;

	if (!machine || !event_arg(ev, ARG_FIELD, &field) || !event_arg(ev, ARG_VALUE, &vector) ||
	    strcmp(m->opt->string(m->opt->string_ctx, ev->source, (str_id)field), "ioapic_pin.raw_vector"))
		return;
	same.machine = pin->machine;
	same.id = object_pair_low(pin->id);
	bit = UINT64_C(1) << same.id;
	unused = !vector && is_masked(m, pin);
	machine->unused_pins = unused ? machine->unused_pins | bit : machine->unused_pins & ~bit;
	gsi = registry_find(m->objects, same);
	if (gsi)
		apply(m, gsi, unused ? GSI_UNUSED : GSI_ASSIGNED);
}

/* What a dump showed before anybody asked. */
static void look_at_pin(struct model *m, struct object *gsi)
{
	const struct machine_state *machine = model_machine(m, gsi->row.ref.machine);

	if (machine && gsi->row.ref.id < 64 && machine->unused_pins >> gsi->row.ref.id & 1)
		gsi_input(m, gsi, GSI_UNUSED);
}

/* What a fix would have done when the device was given away. */
static void try_fixes(struct model *m, struct object *gsi)
{
	if (gsi_state(gsi->gsi.core, GSI_REGION_SETUP) == BIT_SET)
		return;
	if (whatif_adds(m, QUIRK_PVH_SETUP_GSI))
		apply(m, gsi, GSI_REGISTERED);
	/* there is nothing that it could map */
	whatif_adds(m, QUIRK_PVH_MAP_PIRQ);
}

static void on_assign(struct model *m, const struct event *ev)
{
	struct object *gsi = gsi_of(m, ev);
	bool given = is_given(m, ev);

	if (!gsi)
		return;
	look_at_irq(m, gsi);
	look_at_pin(m, gsi);
	assignment_input(m, gsi, given ? ASSIGNMENT_SEIZED : ASSIGNMENT_DRIVER);
	/* its kernel's own drivers have it registered when they ask for the irq */
	apply(m, gsi, given ? GSI_GIVEN : GSI_TAKEN_BACK);
	if (given)
		try_fixes(m, gsi);
}

static void on_refused(struct model *m, const struct event *ev)
{
	struct object *gsi = gsi_of(m, ev);

	if (!gsi)
		return;
	look_at_irq(m, gsi);
	if (gsi_state(gsi->gsi.core, GSI_REGION_WANTED) != BIT_SET)
		try_fixes(m, gsi);
	/* registered, it would not have been refused */
	if (m->whatif && gsi_state(gsi->gsi.core, GSI_REGION_SETUP) == BIT_SET) {
		whatif_departs(m);
		return;
	}
	assignment_input(m, gsi, ASSIGNMENT_REFUSED);
	apply(m, gsi, GSI_REFUSED);
}

/* A GSI goes as dom0's interrupts do. */
void gsi_finish(struct model *m, struct object *gsi)
{
	const struct machine_state *dom0 = model_machine(m, MACHINE_DOM0);

	if (m->opt->forced_path >= 0 || !dom0)
		return;
	if (dom0->hvm)
		gsi->row.path = PATH_DOM0_PVH;
	else if (dom0->path_written[PATH_DOM0_PV])
		gsi->row.path = PATH_DOM0_PV;
}

event_handler gsi_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_XEN_GSI_SETUP] = on_setup,
		[EV_XEN_PIRQ_MAP] = on_map,
		[EV_XEN_IRQ_ASSIGN] = on_xirq,
		[EV_XEN_IRQ_HANDLED] = on_xirq,
		[EV_PCI_ASSIGN] = on_assign,
		[EV_TOOLSTACK_ERROR] = on_refused,
		[EV_SNAPSHOT_FIELD] = on_pin_shown,
	};

	return handlers[kind];
}
