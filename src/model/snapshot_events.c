/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps: each field is compared with what the replay believes at that time, written down, and believed from then on. What
 * nothing was known of is seeded; a region that may change without a record has news; all else is a disagreement, of the
 * dump with the model or with its records. A field "feeds" is a link.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/replay.h"

enum { FIELD_MAX = 64, NUMBER_MAX = 24, MAX_LEVEL_ACKS = 16 };

/* "xen_irq.vector" in two. */
struct field {
	char component[FIELD_MAX];
	const char *name;
};

static const char *text_arg(const struct model *m, const struct event *ev, enum event_arg_id arg)
{
	int64_t id;

	return event_arg(ev, arg, &id) ? m->opt->string(m->opt->string_ctx, ev->source, (str_id)id) : NULL;
}

/* False where it is no name of a component and a field. */
static bool split(struct field *field, const char *text)
{
	size_t len = strcspn(text, ".");

	if (!text[len] || len >= sizeof(field->component))
		return false;
	memcpy(field->component, text, len);
	field->component[len] = 0;
	field->name = text + len + 1;
	return true;
}

/* The bit itself is the device's, and Xen's dump shows it with the irq of Xen that it belongs to. */
static void rename_bit(const struct object *obj, struct field *field)
{
	if (obj->row.ref.kind == OBJ_XIRQ && !strcmp(field->name, "mask") &&
	    (!strcmp(field->component, "msix_entry") || !strcmp(field->component, "msi_message")))
		strcpy(field->component, "xen_msi");
}

static void tell(struct model *m, const struct object *obj, struct dump_row *row)
{
	row->event = m->event;
	row->object = obj->row.id;
	m->failed |= m->sink->dump(m->sink->ctx, row) != 0;
}

/* ---- words: states of regions ---- */

static int region_by_name(const struct component *type, const char *name)
{
	for (int i = 0; i < type->nr_regions; i++)
		if (!strcmp(type->regions[i].name, name))
			return i;
	return -1;
}

static unsigned state_by_name(const struct region *rg, const char *name)
{
	for (unsigned i = STATE_UNKNOWN + 1; i < rg->nr_states; i++)
		if (!strcmp(rg->states[i], name))
			return i;
	return STATE_ILLEGAL;
}

/* Software's words change where its records are; registers also by whoever is not recorded, Xen's own always so. */
static bool changes_silently(const struct object *obj, const struct component *type, const struct region *rg)
{
	return rg->silent || type == &fields_component || (obj->row.ref.kind != OBJ_IRQ && obj->row.ref.kind != OBJ_XIRQ);
}

/*
 * What another dump showed of a pending bit was so then: it changes all the time. Of Xen's own handlers records tell no
 * more than that they have ended, and of a move that was asked for nothing; a vCPU runs and waits all the time.
 */
static bool is_stale(const struct object *obj, const struct held *held, unsigned region)
{
	if (held->type == &vcpu_component)
		return true;
	if (!held->type->regions[region].hot)
		return false;
	return held->type == &xstat_component || (obj->row.ref.kind == OBJ_PORT && !held->mark[region].event);
}

/* It was taken, or left, unseen: what follows from whom it was thought to be is known no more. */
static void action_shown(struct model *m, struct object *xirq, unsigned before)
{
	unsigned now = xirq_state(xirq->xirq.core, XIRQ_REGION_ACTION);

	if (now == before)
		return;
	xirq->xirq.guests = now == XIRQ_ACTION_GUEST ? -1 : 0;
	if (before != XIRQ_ACTION_UNKNOWN)
		xstat_input(m, xirq, XSTAT_TAKEN_UNSEEN);
}

static void compare_region(struct model *m, struct object *obj, const struct held *held, unsigned region, unsigned state)
{
	const struct region *rg = &held->type->regions[region];
	bool news = changes_silently(obj, held->type, rg);
	unsigned from = is_stale(obj, held, region) ? STATE_UNKNOWN : core_get(*held->core, rg);
	struct dump_row row = {
		.component = held->type->name, .field = rg->name, .seen = rg->states[state],
		.believed = from == STATE_UNKNOWN ? NULL : rg->states[from], .since_event = held->mark[region].event,
		.result = from == STATE_UNKNOWN ? DUMP_SEEDED : from == state ? DUMP_AGREED : news ? DUMP_NEWS : DUMP_DIFFERS,
	};

	tell(m, obj, &row);
	see_region(m, obj, held, region, state, news);
}

void see_as_believed(struct model *m, const struct object *obj, const struct component *type, unsigned region, unsigned state)
{
	const struct region *rg = &type->regions[region];
	struct dump_row row = {
		.component = type->name, .field = rg->name, .seen = rg->states[state], .believed = rg->states[state], .result = DUMP_AGREED,
	};

	tell(m, obj, &row);
}

static void see_word(struct model *m, struct object *obj, const struct field *field, const char *word)
{
	struct held held[MAX_HELD];
	unsigned nr = object_holds(obj, held), before;

	for (unsigned i = 0; i < nr; i++) {
		int region = strcmp(held[i].type->name, field->component) ? -1 : region_by_name(held[i].type, field->name);
		unsigned state = region < 0 ? STATE_ILLEGAL : state_by_name(&held[i].type->regions[region], word);

		if (state == STATE_ILLEGAL)
			continue;
		before = obj->row.ref.kind == OBJ_XIRQ ? xirq_state(obj->xirq.core, XIRQ_REGION_ACTION) : 0;
		compare_region(m, obj, &held[i], region, state);
		if (held[i].type == &xirq_component && region == XIRQ_REGION_ACTION)
			action_shown(m, obj, before);
	}
}

/* Xen has one method for all its level pins, which its console says when it boots. */
static void see_ack_method(struct model *m, const char *word)
{
	enum xirq_input ack = !strcmp(word, "new") ? XIRQ_SEE_EOI : XIRQ_SEE_UNMASK;
	struct object *xirq;

	/* it is said once or twice a boot */
	if (m->level_ack == ack || m->nr_level_acks >= MAX_LEVEL_ACKS)
		return;
	m->level_ack = ack;
	m->nr_level_acks++;
	for (uint32_t id = 1; id <= registry_last(m->objects); id++) {
		xirq = registry_get(m->objects, id);
		if (xirq && xirq->row.ref.kind == OBJ_XIRQ && xirq->xirq.is_line)
			xirq_input(m, xirq, m->level_ack);
	}
}

/* When a guest's interrupt is acknowledged follows from the irq's type (irq_acktype()). */
static void see_ack_type(struct model *m, struct object *xirq, const struct field *field, const char *word)
{
	static const struct {
		const char *component, *field, *word;
		enum xirq_input in;
	} types[] = {
		{ "xen_irq", "type", "IO-APIC-level", XIRQ_SEE_LATE }, { "xen_irq", "type", "IO-APIC-edge", XIRQ_SEE_AT_ONCE },
		{ "xen_msi", "maskable", "yes", XIRQ_SEE_AT_ONCE }, { "xen_msi", "maskable", "no", XIRQ_SEE_EOI },
	};

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]) && xirq->row.ref.kind == OBJ_XIRQ; i++)
		if (!strcmp(types[i].component, field->component) && !strcmp(types[i].field, field->name) &&
		    !strcmp(types[i].word, word)) {
			xirq->xirq.is_line |= types[i].in == XIRQ_SEE_LATE;
			xirq_input(m, xirq, types[i].in == XIRQ_SEE_LATE && m->level_ack ? m->level_ack : types[i].in);
		}
}

/* ---- numbers ---- */

/* believed: negative where nothing is; silent: it changes without a record. */
static void compare_number(struct model *m, struct object *obj, const struct field *field, int64_t believed, int64_t seen, bool silent)
{
	enum dump_result differs = silent ? DUMP_NEWS : DUMP_DIFFERS;
	char was[NUMBER_MAX], is[NUMBER_MAX];
	struct dump_row row;

	snprintf(was, sizeof(was), "0x%" PRIx64, believed);
	snprintf(is, sizeof(is), "0x%" PRIx64, seen);
	row = (struct dump_row){
		.component = field->component, .field = field->name, .seen = is, .believed = believed < 0 ? NULL : was,
		.since_event = obj->row.ref.kind == OBJ_XIRQ ? obj->xirq.mark[XIRQ_REGION_LIFE].event : 0,
		.result = believed < 0 ? DUMP_SEEDED : believed == seen ? DUMP_AGREED : differs,
	};
	tell(m, obj, &row);
}

/* What an event channel calls may change without a record: it has news. */
void see_compared(struct model *m, struct object *obj, const char *field, bool known, uint64_t believed, uint64_t seen)
{
	bool is_xirq = obj->row.ref.kind == OBJ_XIRQ;
	struct field of = { .name = field };

	strcpy(of.component, is_xirq ? "xen_irq" : "xen_port");
	compare_number(m, obj, &of, known ? (int64_t)believed : -1, (int64_t)seen, !is_xirq);
}

/* What has a vector is there. */
static void see_vector(struct model *m, struct object *xirq, const struct field *field, int64_t vector)
{
	struct held held[MAX_HELD];

	compare_number(m, xirq, field, xirq->xirq.vector, vector, false);
	xirq->xirq.vector = vector;
	object_holds(xirq, held);
	if (xirq_state(xirq->xirq.core, XIRQ_REGION_LIFE) == XIRQ_LIFE_UNKNOWN)
		see_region(m, xirq, &held[0], XIRQ_REGION_LIFE, XIRQ_ASSIGNED, true);
}

static void see_cpus(struct model *m, struct object *xirq, const struct field *field, int64_t cpus)
{
	compare_number(m, xirq, field, xirq->xirq.cpus ? (int64_t)xirq->xirq.cpus : -1, cpus, false);
	xirq->xirq.cpus = cpus;
}

/* How many guests it was given to and they have not acknowledged; of one guest the model knows the number. */
static int64_t in_flight(const struct object *xirq)
{
	switch (xirq_state(xirq->xirq.core, XIRQ_REGION_IN_FLIGHT)) {
	case BIT_CLEAR:
		return 0;
	case BIT_SET:
		return xirq->xirq.guests == 1 ? 1 : -1;
	default:
		return -1;
	}
}

static void see_in_flight(struct model *m, struct object *xirq, const struct field *field, int64_t nr)
{
	struct held held[MAX_HELD];

	compare_number(m, xirq, field, in_flight(xirq), nr, true);
	object_holds(xirq, held);
	see_region(m, xirq, &held[0], XIRQ_REGION_IN_FLIGHT, nr ? BIT_SET : BIT_CLEAR, true);
}

static void see_guests(struct model *m, struct object *xirq, const struct field *field, int64_t nr)
{
	compare_number(m, xirq, field, xirq->xirq.guests, nr, true);
	xirq->xirq.guests = nr >= 0 && nr < INT32_MAX ? nr : -1;
}

/* A message is written with the vector (msi_compose_msg()), so what it encodes is the irq's own. */
static void see_message_vector(struct model *m, struct object *xirq, const struct field *field, int64_t vector)
{
	compare_number(m, xirq, field, xirq->xirq.vector, vector, false);
}

/* An entry of Xen's is written with the vector of the irq that it feeds, and read back through the remapping entry. */
static void see_pin_vector(struct model *m, struct object *pin, const struct field *field, int64_t vector)
{
	struct object *xirq = pin->pin.xirq ? registry_get(m->objects, pin->pin.xirq) : NULL;

	compare_number(m, pin, field, xirq ? xirq->xirq.vector : -1, vector, false);
}

/* Only a domain whose accesses are trapped has tables of vPCI. */
static void see_vpci(struct model *m, struct object *entry)
{
	uint16_t machine = entry->row.ref.machine;

	learn_hvm(m, machine);
	entry->row.path = m->opt->forced_path >= 0 ? m->opt->forced_path : PATH_DOM0_PVH;
	if (entry->function)
		entry->function->row.path = entry->row.path;
}

static void see_function_number(struct object *fn, const struct field *field, int64_t value)
{
	if (!strcmp(field->name, "entries") && value >= 0 && value <= UINT16_MAX)
		fn->fn.nr_entries = (uint32_t)value;
	else if (!strcmp(field->name, "table_address"))
		fn->fn.table_address = (uint64_t)value;
	else if (!strcmp(field->name, "control_register") && value > 0 && value <= UINT8_MAX)
		fn->fn.msix_control = (uint8_t)value;
	else if (!strcmp(field->name, "mask_register") && value > 0 && value <= UINT8_MAX)
		fn->fn.msi_mask_register = (uint8_t)value;
}

/* What lists functions, and by what Xen's messages are known to be of one of them. */
static void see_listing(struct model *m, const struct event *ev, struct object *obj, const struct field *field, const char *word)
{
	int64_t value;

	if (obj->row.ref.kind == OBJ_XIRQ && word && !strcmp(field->component, "xen_msi") && !strcmp(field->name, "type"))
		obj->xirq.is_msix = !strcmp(word, "MSI-X");
	if (obj->row.ref.kind != OBJ_PCI)
		return;
	if (!strcmp(field->component, "pci"))
		listed_function(m, obj);
	if (event_arg(ev, ARG_VALUE, &value))
		see_function_number(obj, field, value);
	if (!strcmp(field->name, "driver_name") && event_arg(ev, ARG_TEXT, &value))
		listed_driver(m, obj, (str_id)value);
}

static void see_number(struct model *m, struct object *obj, const struct field *field, int64_t value)
{
	static const struct {
		enum object_kind kind;
		const char *component, *field;
		void (*see)(struct model *m, struct object *obj, const struct field *field, int64_t value);
	} numbers[] = {
		{ OBJ_XIRQ, "xen_irq", "vector", see_vector }, { OBJ_XIRQ, "xen_irq", "cpus", see_cpus },
		{ OBJ_XIRQ, "xen_irq", "in_flight", see_in_flight }, { OBJ_XIRQ, "xen_irq", "guests", see_guests },
		{ OBJ_XIRQ, "xen_msi", "vector", see_message_vector }, { OBJ_PIN, "ioapic_pin", "vector", see_pin_vector },
	};

	if (!strcmp(field->component, "vpci_entry") && obj->row.ref.machine == MACHINE_DOM0)
		see_vpci(m, obj);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].kind == obj->row.ref.kind && !strcmp(numbers[i].component, field->component) &&
		    !strcmp(numbers[i].field, field->name))
			numbers[i].see(m, obj, field, value);
}

/* ---- links ---- */

static void see_link(struct model *m, const struct event *ev)
{
	struct object *feeder, *fed;

	if (ev->nr_objects < 2)
		return;
	feeder = model_object(m, &ev->object[0]);
	fed = model_object(m, &ev->object[1]);
	if (feeder && fed)
		link_xen(m, feeder, fed, PROOF_SEEN);
}

static void on_field(struct model *m, const struct event *ev)
{
	const char *text = text_arg(m, ev, ARG_FIELD), *word = text_arg(m, ev, ARG_TEXT);
	struct object *obj;
	struct field field;
	int64_t value;

	if (!text || !ev->nr_objects)
		return;
	if (!strcmp(text, "feeds")) {
		see_link(m, ev);
		return;
	}
	obj = split(&field, text) ? model_object(m, &ev->object[0]) : NULL;
	if (!obj)
		return;
	rename_bit(obj, &field);
	see_listing(m, ev, obj, &field, word);
	if (word && !strcmp(field.component, "xen_ioapic") && !strcmp(field.name, "ack_method"))
		see_ack_method(m, word);
	if (word) {
		see_word(m, obj, &field, word);
		see_ack_type(m, obj, &field, word);
		if (obj->row.ref.kind == OBJ_XIRQ && xmsi_state(obj->xirq.msi, XMSI_REGION_HW) == BIT_CLEAR)
			xmsi_is_unmasked(m, obj);
		if (obj->row.ref.kind == OBJ_PIRQ)
			pirq_update(m, obj);
		else if (obj->row.ref.kind == OBJ_PORT)
			port_update(m, obj);
	} else if (event_arg(ev, ARG_VALUE, &value)) {
		see_number(m, obj, &field, value);
	}
}

event_handler snapshot_event_handler(enum event_kind kind)
{
	static const event_handler handlers[NR_EVENT_KINDS] = { [EV_SNAPSHOT_FIELD] = on_field };

	return handlers[kind];
}
