/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of GSIs, and the obligation "gsi-register": what a device that was given away, or refused, needs. Where only the
 * giving is recorded, it may have been registered before the capture.
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

/* What was registered before anybody asked shows in its irq. */
static void look_at_irq(struct model *m, struct object *gsi)
{
	struct object_ref same = { .kind = OBJ_XIRQ, .machine = gsi->row.ref.machine, .id = gsi->row.ref.id };
	const struct object *xirq = registry_find(m->objects, same);

	if (xirq && xirq_state(xirq->xirq.core, XIRQ_REGION_LIFE) == XIRQ_ASSIGNED)
		gsi_input(m, gsi, GSI_ASSIGNED);
}

static void on_assign(struct model *m, const struct event *ev)
{
	struct object *gsi = gsi_of(m, ev);
	const char *name = "";
	int64_t id;

	if (!gsi)
		return;
	if (event_arg(ev, ARG_NAME, &id))
		name = m->opt->string(m->opt->string_ctx, ev->source, (str_id)id);
	look_at_irq(m, gsi);
	/* its kernel's own drivers have it registered when they ask for the irq */
	apply(m, gsi, strstr(name, "pciback") || strstr(name, "assignable") ? GSI_GIVEN : GSI_TAKEN_BACK);
}

static void on_refused(struct model *m, const struct event *ev)
{
	struct object *gsi = gsi_of(m, ev);

	if (!gsi)
		return;
	look_at_irq(m, gsi);
	apply(m, gsi, GSI_REFUSED);
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
	};

	return handlers[kind];
}
