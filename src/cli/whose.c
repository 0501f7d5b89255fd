/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/whose.h"

#include <string.h>

/* arch/x86/pci/xen.c: pci_xen_initial_domain() alone makes these the device's functions. */
static bool is_of_initial_domain(const char *via)
{
	static const char prefix[] = "xen_initdom_";

	return !strncmp(via, prefix, sizeof(prefix) - 1);
}

void whose_see_via(struct whose *whose, enum event_kind kind, const char *via)
{
	switch (kind) {
	case EV_XEN_PIRQ_MAP:
	case EV_XEN_PIRQ_UNMAP:
	case EV_XEN_PIRQ_BIND:
	case EV_XEN_PIRQ_CLOSE:
	case EV_XEN_PIRQ_EOI:
	case EV_XEN_EVTCHN_BIND:
	case EV_XEN_EVTCHN_RESUME:
	case EV_XEN_EVTCHN_VCPU:
	case EV_XEN_EVTCHN_MASK:
	case EV_XEN_EVTCHN_UNMASK:
	case EV_XEN_EVTCHN_CLEAR:
	case EV_XEN_EVTCHN_UPCALL:
		whose->domain = true;
		whose->initial |= is_of_initial_domain(via);
		break;
	default:
		break;
	}
}

/* drivers/xen/pcpu.c: the event channel "xen-pcpu" is taken by the initial domain alone. */
void whose_see_field(struct whose *whose, const char *field, const char *text)
{
	if (!strcmp(field, "irq.chip"))
		whose->domain |= !strncmp(text, "xen-", 4);
	else if (!strcmp(field, "irq.action_names"))
		whose->initial |= !strcmp(text, "xen-pcpu");
}

void whose_see_object(struct whose *whose, struct object_ref ref)
{
	uint32_t domain;

	if (ref.machine == MACHINE_DOM0 || ref.machine > MACHINE_DOMAIN)
		domain = ref.machine == MACHINE_DOM0 ? 0 : ref.machine - MACHINE_DOMAIN;
	else if (ref.machine == MACHINE_XEN && (ref.kind == OBJ_PIRQ || ref.kind == OBJ_PORT || ref.kind == OBJ_VCPU ||
						ref.kind == OBJ_VPIN || ref.kind == OBJ_DPCI))
		domain = object_pair_high(ref.id);
	else
		return;
	if (domain < WHOSE_MAX_DOMAINS)
		whose->domains |= UINT64_C(1) << domain;
	else
		whose->more = true;
}
