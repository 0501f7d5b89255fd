/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs on objects: the component's table decides, this file writes down what it decided. */
#include "model/coverage.h"
#include "model/owners.h"
#include "model/prompt.h"
#include "model/replay.h"

/* Where the last trace of software ended. */
static bool is_written(const struct model *m, const struct mark *mark)
{
	return m->software_end_ns != NO_TIME && (!mark->event || mark->t_ns <= m->software_end_ns);
}

static void end_span(struct model *m, struct object *obj, const struct component *type, struct mark *mark, unsigned region,
		     unsigned state, enum ending ending, const char *ended_by)
{
	const struct region *rg = &type->regions[region];

	if (state == STATE_UNKNOWN || is_written(m, mark))
		return;
	/* rules take what is open for how things stood when they are judged: the machine's end is not that */
	if (ending == ENDING_OPEN && m->software_end_ns != NO_TIME) {
		ending = ENDING_UNKNOWN;
		ended_by = "software is not recorded";
	}
	if (ending != ENDING_OPEN && rg->brief_ns && (!mark->event || m->now_ns - mark->t_ns < rg->brief_ns))
		return;
	emit_span(m, &(struct span_row){
		.object = obj->row.id, .component = type->name, .field = rg->name, .state = rg->states[state],
		.start_event = mark->event, .start_ns = mark->event ? mark->t_ns : NO_TIME,
		.end_event = ending == ENDING_OPEN ? 0 : m->event, .end_ns = m->now_ns, .ending = ending, .ended_by = ended_by,
	});
}

static void write_change(struct model *m, struct object *obj, const struct component *type, const struct change *change,
			 struct mark *marks, unsigned input, bool lost, const char *owner)
{
	const struct region *rg = &type->regions[change->region];

	if (change->from != change->to) {
		if (!rg->hot)
			end_span(m, obj, type, &marks[change->region], change->region, change->from,
				 lost ? ENDING_UNKNOWN : ENDING_DISCHARGED, type->inputs[input]);
		marks[change->region] = (struct mark){ .event = m->event, .t_ns = m->now_ns };
	}
	/* a hole makes everything unknown at once: the gap says so, not a step for each field */
	if (change->unexpected || (!rg->hot && !rg->brief_ns && !lost && change->from != change->to))
		emit_step(m, &(struct step_row){
			.event = m->event, .t_ns = m->now_ns, .object = obj->row.id, .component = type->name, .field = rg->name,
			.from = rg->states[change->from], .to = rg->states[change->to], .input = type->inputs[input],
			.owner = owner, .prompt = prompt_of_input(obj, type, input), .unexpected = change->unexpected,
		});
}

static bool is_unexpected(const struct effects *fx)
{
	for (unsigned i = 0; i < fx->nr; i++)
		if (fx->change[i].unexpected)
			return true;
	return false;
}

/* What-if hears of an input once it is written. */
static bool told(struct model *m, struct object *obj, enum unit_role role, unsigned in, const struct effects *fx, bool changed)
{
	if (m->whatif)
		whatif_input(m, obj, role, in, fx->before, is_unexpected(fx));
	return changed;
}

static bool write_changes(struct model *m, struct object *obj, const struct component *type, const struct effects *fx,
			  struct mark *marks, unsigned input, bool lost, const char *owner)
{
	bool changed = false;

	if (m->opt->coverage)
		coverage_note(m->opt->coverage, type, fx->before, input);
	for (unsigned i = 0; i < fx->nr; i++) {
		write_change(m, obj, type, &fx->change[i], marks, input, lost, owner);
		changed |= !type->regions[fx->change[i].region].hot && fx->change[i].from != fx->change[i].to;
	}
	return changed;
}

bool function_input(struct model *m, struct object *fn, enum msix_function_input in)
{
	struct effects fx;

	msix_function_step(&fn->fn.core, in, &fx);
	return write_changes(m, fn, &msix_function_component, &fx, fn->fn.mark, in, in == FN_LOST, "");
}

bool msi_function_input(struct model *m, struct object *fn, enum msi_function_input in)
{
	struct effects fx;

	msi_function_step(&fn->fn.msi, in, &fx);
	return write_changes(m, fn, &msi_function_component, &fx, fn->fn.msi_mark, in, in == MSIFN_LOST, "");
}

bool pci_input(struct model *m, struct object *fn, enum pci_input in)
{
	struct effects fx;

	pci_step(&fn->fn.pci, in, &fx);
	return write_changes(m, fn, &pci_component, &fx, fn->fn.pci_mark, in, in == PCI_LOST, "");
}

bool intx_input(struct model *m, struct object *intx, enum intx_input in)
{
	struct effects fx;

	intx_step(&intx->intx.core, in, &fx);
	return write_changes(m, intx, &intx_component, &fx, intx->intx.mark, in, in == INTX_LOST, "");
}

/* Whose write an entry's input is; "" where it is no write. */
static const char *entry_owner(enum msix_entry_input in)
{
	switch (in) {
	case ENTRY_MASK:
	case ENTRY_UNMASK:
	case ENTRY_MASK_ALL:
	case ENTRY_RESTORED:
		return owner_name(OWNER_KERNEL);
	default:
		return "";
	}
}

static enum pending_input entry_pending_input(enum msix_entry_input in)
{
	return in == ENTRY_RESET ? PENDING_RESET : in == ENTRY_PENDING_CLEAR ? PENDING_CLEARED :
	       in == ENTRY_SENT ? PENDING_SENT : PENDING_OTHER;
}

bool entry_input(struct model *m, struct object *entry, enum msix_entry_input in)
{
	const struct object *fn = entry->function;
	struct msix_entry_view view = {
		.enable = msix_function_state(fn->fn.core, FN_REGION_ENABLE),
		.fmask = msix_function_state(fn->fn.core, FN_REGION_FMASK),
		.bus_master = pci_state(fn->fn.pci, PCI_REGION_MASTER),
	};
	struct effects fx;
	bool changed;

	msix_entry_step(&entry->entry.core, in, &view, &fx);
	changed = write_changes(m, entry, &msix_entry_component, &fx, entry->entry.mark, in, in == ENTRY_LOST, entry_owner(in));
	pending_update(m, entry, msix_entry_state(entry->entry.core, ENTRY_REGION_PENDING), entry_pending_input(in),
		       view.enable == BIT_CLEAR ? "MSI-X off" : NULL);
	return told(m, entry->feeds, ROLE_ENTRY, in, &fx, changed);
}

/* Whose write a message's input is; "" where it is no write. */
static const char *message_owner(enum msi_message_input in)
{
	switch (in) {
	case MSI_MASK:
	case MSI_UNMASK:
	case MSI_MASK_ALL:
	case MSI_UNMASK_ALL:
	case MSI_RESTORED:
		return owner_name(OWNER_KERNEL);
	default:
		return "";
	}
}

static enum pending_input message_pending_input(enum msi_message_input in)
{
	return in == MSI_RESET ? PENDING_RESET : in == MSI_SENT ? PENDING_SENT : PENDING_OTHER;
}

bool msi_input(struct model *m, struct object *msi, enum msi_message_input in)
{
	const struct object *fn = msi->function;
	struct msi_message_view view = {
		.enable = msi_function_state(fn->fn.msi, MSIFN_REGION_ENABLE),
		.bus_master = pci_state(fn->fn.pci, PCI_REGION_MASTER),
	};
	struct effects fx;
	bool changed;

	msi_message_step(&msi->msi.core, in, &view, &fx);
	changed = write_changes(m, msi, &msi_message_component, &fx, msi->msi.mark, in, in == MSI_LOST, message_owner(in));
	pending_update(m, msi, msi_message_state(msi->msi.core, MSI_REGION_PENDING), message_pending_input(in),
		       view.enable == BIT_CLEAR ? "MSI off" : NULL);
	return changed;
}

bool irq_input(struct model *m, struct object *irq, enum irq_input in)
{
	struct effects fx;
	bool changed;

	irq_step(&irq->irq.core, in, &fx);
	changed = write_changes(m, irq, &irq_component, &fx, irq->irq.mark, in, in == IRQ_LOST, "");
	return told(m, irq, ROLE_IRQ, in, &fx, changed);
}

bool pin_input(struct model *m, struct object *pin, enum pin_input in)
{
	const char *owner = in == PIN_MASK || in == PIN_UNMASK ? owner_name(OWNER_KERNEL) : "";
	struct effects fx;
	bool changed;

	pin_step(&pin->pin.core, in, &fx);
	changed = write_changes(m, pin, &pin_component, &fx, pin->pin.mark, in, in == PIN_LOST, owner);
	return told(m, pin->feeds, ROLE_PIN, in, &fx, changed);
}

bool vector_input(struct model *m, struct object *irq, enum vector_input in)
{
	struct vector_object *own = irq->irq.alloc;
	struct effects fx;
	bool changed;

	vector_step(&own->core, in, &fx);
	changed = write_changes(m, irq, &vector_component, &fx, own->mark, in, in == VECTOR_LOST, "");
	return told(m, irq, ROLE_VECTOR, in, &fx, changed);
}

bool cpu_input(struct model *m, struct object *cpu, enum cpu_input in)
{
	struct effects fx;

	cpu_step(&cpu->cpu.core, in, &fx);
	return write_changes(m, cpu, &cpu_component, &fx, cpu->cpu.mark, in, in == CPU_LOST, "");
}

bool irte_input(struct model *m, struct object *irte, enum irte_input in)
{
	struct effects fx;

	irte_step(&irte->irte.core, in, &fx);
	return write_changes(m, irte, &irte_component, &fx, irte->irte.mark, in, in == IRTE_LOST, "");
}

bool vfio_input(struct model *m, struct object *vfio, enum vfio_input in)
{
	struct effects fx;

	vfio_step(&vfio->vfio.core, in, &fx);
	return write_changes(m, vfio, &vfio_component, &fx, vfio->vfio.mark, in, in == VFIO_LOST, "");
}

unsigned kroute_input(struct model *m, struct object *kroute, enum kroute_input in)
{
	struct effects fx;

	kroute_step(&kroute->kroute.core, in, &fx);
	write_changes(m, kroute, &kroute_component, &fx, kroute->kroute.mark, in, in == KROUTE_LOST, "");
	for (unsigned i = 0; i < fx.nr; i++)
		if (fx.change[i].effect)
			return fx.change[i].effect;
	return KROUTE_EFFECT_NONE;
}

bool slot_input(struct model *m, struct object *vector, enum slot_input in)
{
	struct effects fx;

	slot_step(&vector->lapic.slot, in, &fx);
	return write_changes(m, vector, &slot_component, &fx, vector->lapic.slot_mark, in, in == SLOT_LOST, "");
}

bool fields_input(struct model *m, struct object *obj, enum fields_input in)
{
	struct effects fx;

	fields_step(&obj->fields, in, &fx);
	return write_changes(m, obj, &fields_component, &fx, obj->fields_mark, in, in == FIELDS_LOST, "");
}

bool flags_input(struct model *m, struct object *irq, enum flags_input in)
{
	struct effects fx;

	flags_step(&irq->irq.flags.core, in, &fx);
	return write_changes(m, irq, &flags_component, &fx, irq->irq.flags.mark, in, in == FLAGS_LOST, "");
}

bool istate_input(struct model *m, struct object *irq, enum istate_input in)
{
	struct effects fx;

	istate_step(&irq->irq.flags.istate_core, in, &fx);
	return write_changes(m, irq, &istate_component, &fx, irq->irq.flags.istate_mark, in, in == ISTATE_LOST, "");
}

bool lapic_input(struct model *m, struct object *vector, enum lapic_input in, const struct lapic_view *view)
{
	struct effects fx;

	lapic_step(&vector->lapic.core, in, view, &fx);
	return write_changes(m, vector, &lapic_component, &fx, vector->lapic.mark, in, in == LAPIC_LOST, "");
}

/* Nobody's where nobody has it; the first guest is one. */
static void count_guests(struct object *xirq, unsigned before, enum xirq_input in)
{
	unsigned after = xirq_state(xirq->xirq.core, XIRQ_REGION_ACTION);

	if (after != XIRQ_ACTION_GUEST)
		xirq->xirq.guests = after == XIRQ_ACTION_UNKNOWN ? -1 : 0;
	else if (in == XIRQ_GUEST_BIND)
		xirq->xirq.guests = before == XIRQ_ACTION_NONE ? 1 : -1;
}

bool xstat_input(struct model *m, struct object *xirq, enum xstat_input in)
{
	struct effects fx;

	xstat_step(&xirq->xirq.stat, in, &fx);
	return write_changes(m, xirq, &xstat_component, &fx, xirq->xirq.stat_mark, in, in == XSTAT_LOST, "");
}

bool xirq_input(struct model *m, struct object *xirq, enum xirq_input in)
{
	struct xirq_core before = xirq->xirq.core;
	int stat = xstat_input_of(before, in);
	struct effects fx;
	bool changed;

	if (stat >= 0)
		xstat_input(m, xirq, stat);
	xirq_step(&xirq->xirq.core, in, &fx);
	count_guests(xirq, xirq_state(before, XIRQ_REGION_ACTION), in);
	changed = write_changes(m, xirq, &xirq_component, &fx, xirq->xirq.mark, in, in == XIRQ_LOST, "");
	return told(m, xirq, ROLE_XIRQ, in, &fx, changed);
}

/* Whose wish or write an input of a message is; "" where it is nobody's. */
static const char *xmsi_owner(enum xmsi_input in)
{
	switch (in) {
	case XMSI_MAPPED:
	case XMSI_ONE_WISH:
	case XMSI_STARTED:
	case XMSI_RELEASED:
	case XMSI_STOPPED:
	case XMSI_RESTORED_MASKED:
	case XMSI_RESTORED_UNMASKED:
		return owner_name(OWNER_HYPERVISOR);
	case XMSI_GUEST_MASK:
	case XMSI_GUEST_UNMASK:
	case XMSI_MAY_BE_WRITTEN:
		return owner_name(OWNER_KERNEL);
	default:
		return "";
	}
}

bool xmsi_input(struct model *m, struct object *xirq, enum xmsi_input in)
{
	struct effects fx;
	bool changed;

	xmsi_step(&xirq->xirq.msi, in, &fx);
	changed = write_changes(m, xirq, &xmsi_component, &fx, xirq->xirq.msi_mark, in, in == XMSI_LOST, xmsi_owner(in));
	if (xmsi_state(xirq->xirq.msi, XMSI_REGION_HW) == BIT_CLEAR)
		xmsi_is_unmasked(m, xirq);
	return told(m, xirq, ROLE_XMSI, in, &fx, changed);
}

bool pirq_input(struct model *m, struct object *pirq, enum pirq_input in)
{
	struct effects fx;
	bool changed;

	pirq_step(&pirq->pirq.core, in, &fx);
	changed = write_changes(m, pirq, &pirq_component, &fx, pirq->pirq.mark, in, in == PIRQ_LOST, "");
	return told(m, pirq, ROLE_PIRQ, in, &fx, changed);
}

bool port_input(struct model *m, struct object *port, enum port_input in)
{
	struct effects fx;
	bool changed;

	port_step(&port->port.core, in, &fx);
	changed = write_changes(m, port, &port_component, &fx, port->port.mark, in, in == PORT_LOST, "");
	return told(m, port, ROLE_PORT, in, &fx, changed);
}

bool assignment_input(struct model *m, struct object *gsi, enum assignment_input in)
{
	struct effects fx;

	assignment_step(&gsi->gsi.assign, in, &fx);
	return write_changes(m, gsi, &assignment_component, &fx, gsi->gsi.assign_mark, in, in == ASSIGNMENT_LOST, "");
}

bool dpci_input(struct model *m, struct object *dpci, enum dpci_input in)
{
	bool guest = in == DPCI_MASK || in == DPCI_UNMASK;
	struct effects fx;

	dpci_step(&dpci->dpci.core, in, &fx);
	return write_changes(m, dpci, &dpci_component, &fx, dpci->dpci.mark, in, in == DPCI_LOST, guest ? owner_name(OWNER_KERNEL) : "");
}

bool vpin_input(struct model *m, struct object *vpin, enum vpin_input in)
{
	struct effects fx;

	vpin_step(&vpin->vpin.core, in, &fx);
	return write_changes(m, vpin, &vpin_component, &fx, vpin->vpin.mark, in, in == VPIN_LOST, owner_name(OWNER_KERNEL));
}

bool gsi_input(struct model *m, struct object *gsi, enum gsi_input in)
{
	struct effects fx;

	gsi_step(&gsi->gsi.core, in, &fx);
	return write_changes(m, gsi, &gsi_component, &fx, gsi->gsi.mark, in, in == GSI_LOST, "");
}

bool peoi_input(struct model *m, struct object *peoi, unsigned class, enum peoi_input in)
{
	struct peoi_entry_of *entry = &peoi->peoi.stack->entry[class];
	struct peoi_view view = { .vector = entry->vector, .top = peoi_top_vector(peoi) };
	struct effects fx;

	peoi_step(&entry->core, in, &view, &fx);
	return write_changes(m, peoi, &peoi_component, &fx, &entry->mark, in, in == PEOI_LOST, "");
}

bool vcpu_input(struct model *m, struct object *vcpu, enum vcpu_input in)
{
	struct effects fx;

	vcpu_step(&vcpu->vcpu.core, in, &fx);
	return write_changes(m, vcpu, &vcpu_component, &fx, vcpu->vcpu.mark, in, in == VCPU_LOST, "");
}

static void close_spans_of(struct model *m, struct object *obj, const struct held *held)
{
	const struct component *type = held->type;

	for (unsigned i = 0; i < type->nr_regions; i++)
		if (!type->regions[i].hot)
			end_span(m, obj, type, &held->mark[i], i, core_get(*held->core, &type->regions[i]), ENDING_OPEN, "");
}

void close_spans(struct model *m, struct object *obj)
{
	struct held held[MAX_HELD];
	unsigned nr = object_holds(obj, held);

	for (unsigned i = 0; i < nr; i++)
		close_spans_of(m, obj, &held[i]);
}

bool see_region(struct model *m, struct object *obj, const struct held *held, unsigned region, unsigned state, bool news)
{
	const struct region *rg = &held->type->regions[region];
	unsigned from = core_get(*held->core, rg);
	struct mark *mark = &held->mark[region];

	if (!component_see(held->type, held->core, region, state))
		return false;
	if (!rg->hot)
		end_span(m, obj, held->type, mark, region, from, ENDING_UNKNOWN, "dumped");
	/* what was unknown may have been so for long */
	*mark = from == STATE_UNKNOWN ? (struct mark){ .event = 0, .t_ns = NO_TIME }
				      : (struct mark){ .event = m->event, .t_ns = m->now_ns };
	if (from != STATE_UNKNOWN && (!rg->hot || !news))
		emit_step(m, &(struct step_row){
			.event = m->event, .t_ns = m->now_ns, .object = obj->row.id, .component = held->type->name,
			.field = rg->name, .from = rg->states[from], .to = rg->states[state], .input = "dumped", .owner = "", .prompt = "",
			.unexpected = !news,
		});
	return true;
}
