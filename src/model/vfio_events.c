/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of functions that VFIO gives to a guest, by the host's address of them. What is of the whole function names its entry 0, and
 * is for all of its vectors that are known.
 *
 * The obligation "vfio-line": an interrupt of a line that the host has masked and handed to the guest ends when QEMU unmasks it.
 */
#include "model/owners.h"
#include "model/replay.h"

static void follow_line(struct model *m, struct object *vfio, const char *met_by)
{
	struct claim claim = {
		.kind = "vfio-line", .object = vfio->row.id, .owner = owner_name(OWNER_DEVICE_MODEL), .cause_event = m->event,
		.met_by = met_by, .due = vfio_state(vfio->vfio.core, VFIO_REGION_LINE) == BIT_SET, .owed = TRUTH_TRUE,
	};

	duty_follow_hot(m, &vfio->vfio.line, &claim);
}

static void one(struct model *m, const struct event *ev, enum vfio_input in)
{
	struct object *vfio = object_named(m, ev, OBJ_VFIO);

	if (!vfio)
		return;
	vfio_input(m, vfio, in);
	if (in == VFIO_LINE_FIRED)
		follow_line(m, vfio, "");
	else if (in == VFIO_LINE_ENDED || in == VFIO_LINE_GONE)
		follow_line(m, vfio, in == VFIO_LINE_ENDED ? "line unmasked" : "INTx disabled");
}

/* Of all vectors that are known, of which there may be none yet. */
static void all(struct model *m, const struct event *ev, enum vfio_input in)
{
	struct object *named = object_named(m, ev, OBJ_VFIO);
	uint32_t last = registry_last(m->objects);

	for (uint32_t id = 1; named && id <= last; id++) {
		struct object *vfio = registry_get(m->objects, id);

		if (vfio && vfio->row.ref.kind == OBJ_VFIO && vfio->row.ref.machine == named->row.ref.machine &&
		    object_entry_pci(vfio->row.ref.id) == object_entry_pci(named->row.ref.id))
			vfio_input(m, vfio, in);
	}
}

static void on_use(struct model *m, const struct event *ev)
{
	one(m, ev, VFIO_USED);
}

static void on_release(struct model *m, const struct event *ev)
{
	one(m, ev, VFIO_RELEASED);
}

static void on_fire(struct model *m, const struct event *ev)
{
	one(m, ev, VFIO_FIRED);
}

static void on_msix(struct model *m, const struct event *ev)
{
	int64_t enable;

	if (event_arg(ev, ARG_ENABLE, &enable))
		all(m, ev, enable ? VFIO_ENABLED : VFIO_DISABLED);
}

static void on_window(struct model *m, const struct event *ev)
{
	int64_t enable;

	if (event_arg(ev, ARG_ENABLE, &enable) && !enable)
		all(m, ev, VFIO_WINDOW_CLOSED);
}

static void on_line(struct model *m, const struct event *ev)
{
	int64_t level;

	if (event_arg(ev, ARG_LEVEL, &level))
		one(m, ev, level ? VFIO_LINE_FIRED : VFIO_LINE_ENDED);
}

static void on_intx(struct model *m, const struct event *ev)
{
	int64_t enable;

	if (event_arg(ev, ARG_ENABLE, &enable) && !enable)
		one(m, ev, VFIO_LINE_GONE);
}

event_handler vfio_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = {
		[EV_VFIO_VECTOR_USE] = on_use,
		[EV_VFIO_VECTOR_RELEASE] = on_release,
		[EV_VFIO_VECTOR_FIRE] = on_fire,
		[EV_VFIO_MSIX] = on_msix,
		[EV_VFIO_WINDOW] = on_window,
		[EV_VFIO_LINE] = on_line,
		[EV_VFIO_INTX] = on_intx,
	};

	return handlers[kind];
}
