/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux arch/x86/kvm/trace.h, include/trace/events/kvm.h, and their callers in irq_comm.c, lapic.c, ioapic.c and x86.c.
 *
 * kvm_set_irq() is recorded before anything happens. Where the IO-APIC is KVM's, acceptance by a local APIC and then
 * kvm_ioapic_set_irq follow in the same thread, the latter with the entry as it was before the line was looked at; where
 * it is QEMU's, kvm_msi_set_irq, which is the route as KVM has it, and acceptance. A message alone is no delivery: it is
 * also recorded for each route whenever a vCPU scans them. An EOI that reaches a pin of KVM's own IO-APIC may send the
 * pin's message again: then acceptance follows without any line.
 *
 * A record names neither guest nor process. A vCPU's EOIs are recorded in the thread that runs it: two threads that run a
 * vCPU of one number are of two guests, and from then on nothing is said any more.
 */
#include "ingest/ftrace/kvm.h"

#include <string.h>

#include "ingest/ftrace/special.h"

enum { MSI_BASE = 0xfee, MSI_BASE_SHIFT = 20, IRQCHIP_IOAPIC = 2, NR_PINS = 24, EXIT_IOAPIC_EOI = 26, MODE_SHIFT = 8,
	MODE_MASK = 7, MMIO_WRITES = 2, NR_VECTORS = 256, NR_LINES = 4096 };

void kvm_forget(struct kvm_state *kvm)
{
	for (unsigned i = 0; i < KVM_NR_THREADS; i++)
		kvm->thread[i].used = false;
	mmio_forget(&kvm->mmio);
}

static void reset_line(struct kvm_thread *th)
{
	th->gsi = -1;
	th->accepted = th->acked = -1;
	th->has_message = false;
}

static struct kvm_thread *thread_of(struct kvm_state *kvm, int32_t pid)
{
	struct kvm_thread *th;

	for (unsigned i = 0; i < KVM_NR_THREADS; i++)
		if (kvm->thread[i].used && kvm->thread[i].pid == pid)
			return &kvm->thread[i];
	th = &kvm->thread[kvm->next_thread++ % KVM_NR_THREADS];
	*th = (struct kvm_thread){ .used = true, .pid = pid, .vcpu = -1, .ended = -1 };
	reset_line(th);
	return th;
}

static bool in_range(int64_t value, int64_t nr)
{
	return value >= 0 && value < nr;
}

static void guest_object(struct event *ev, enum object_kind kind, uint64_t id)
{
	if (event_add_object(ev, kind, id))
		ev->object[ev->nr_objects - 1].machine = MACHINE_GUEST;
}

static void guest_vector(struct event *ev, int64_t vcpu, int64_t vector)
{
	guest_object(ev, OBJ_VCPU, object_id_pair(0, vcpu));
	guest_object(ev, OBJ_VECTOR, object_id_pair(vcpu, vector));
}

/* What a thread's own EOI tells. False where another thread runs a vCPU of that number. */
static bool learn_vcpu(struct kvm_state *kvm, struct kvm_thread *th, int64_t vcpu)
{
	if (kvm->vcpu_pid[vcpu] && kvm->vcpu_pid[vcpu] != th->pid)
		return false;
	kvm->vcpu_pid[vcpu] = th->pid;
	th->vcpu = vcpu;
	return true;
}

/* ---- records ---- */

static bool set_line(struct kvm_thread *th, struct event *ev, const struct parts *parts)
{
	int64_t gsi;

	reset_line(th);
	if (!parts_get(parts, TO_GSI, &gsi) || !in_range(gsi, NR_LINES) || !event_arg(ev, ARG_LEVEL, &th->level))
		return false;
	th->gsi = gsi;
	th->source = -1;
	event_arg(ev, ARG_LINE_SOURCE, &th->source);
	guest_object(ev, OBJ_GSI, gsi);
	return true;
}

/* As text only what it is made of is printed. */
static bool make_message(struct kvm_thread *th, const struct parts *parts)
{
	int64_t address, data, dest, vector, level;

	if (parts_get(parts, TO_ADDRESS, &address) && parts_get(parts, TO_DATA, &data)) {
		th->address = address;
		th->data = data;
		th->has_message = true;
	} else if (parts_get(parts, TO_DEST, &dest) && parts_get(parts, TO_NUMBER, &vector) && parts_get(parts, TO_TRIGGER, &level)) {
		th->address = (uint64_t)MSI_BASE << MSI_BASE_SHIFT | (uint64_t)(dest & 0xff) << 12;
		th->data = (uint64_t)level << 15 | (vector & 0xff);
		th->has_message = true;
	}
	return false;
}

/* The message came from the route of the line, or from the pin whose EOI had just come. */
static void where_from(const struct kvm_thread *th, struct event *ev, int64_t vector, int64_t level)
{
	bool is_message = th->has_message && (int64_t)(th->data & 0xff) == vector;

	if (th->gsi >= 0 && th->level && is_message)
		guest_object(ev, OBJ_KROUTE, th->gsi);
	else if (th->gsi < 0 && th->acked >= 0 && level == 1)
		guest_object(ev, OBJ_PIN, object_id_pair(0, th->acked));
	if (!is_message)
		return;
	event_arg_set(ev, ARG_ADDR_LO, (int64_t)(th->address & UINT32_MAX));
	event_arg_set(ev, ARG_ADDR_HI, (int64_t)(th->address >> 32));
	event_arg_set(ev, ARG_DATA, (int64_t)th->data);
}

static bool accept(struct kvm_thread *th, struct event *ev, const struct parts *parts)
{
	int64_t vcpu, vector, mode = 0, level = -1;

	if (!parts_get(parts, TO_APICID, &vcpu) || !parts_get(parts, TO_NUMBER, &vector) || !in_range(vcpu, KVM_MAX_VCPUS) ||
	    !in_range(vector, NR_VECTORS))
		return false;
	parts_get(parts, TO_MODE, &mode);
	event_arg_set(ev, ARG_VECTOR, vector);
	event_arg_set(ev, ARG_MODE, mode >> MODE_SHIFT & MODE_MASK);
	if (parts_get(parts, TO_TRIGGER, &level))
		event_arg_set(ev, ARG_LEVEL, level = level != 0);
	guest_vector(ev, vcpu, vector);
	where_from(th, ev, vector, level);
	th->accepted = vector;
	return true;
}

static bool look_at_pin(struct kvm_thread *th, struct event *ev, const struct parts *parts)
{
	if (!in_range(parts->pin, NR_PINS))
		return false;
	guest_object(ev, OBJ_PIN, object_id_pair(0, parts->pin));
	if (th->gsi >= 0) {
		event_arg_set(ev, ARG_LEVEL, th->level != 0);
		if (th->source >= 0)
			event_arg_set(ev, ARG_LINE_SOURCE, th->source);
		if (th->accepted >= 0)
			event_arg_set(ev, ARG_VECTOR, th->accepted);
	}
	reset_line(th);
	return true;
}

/* Behind the last pin's own re-sending, the next one's may follow. */
static bool end_at_pin(struct kvm_thread *th, struct event *ev, const struct parts *parts)
{
	int64_t chip = IRQCHIP_IOAPIC;

	reset_line(th);
	parts_get(parts, TO_CHIP, &chip);
	if (chip != IRQCHIP_IOAPIC || !in_range(parts->pin, NR_PINS))
		return false;
	th->acked = parts->pin;
	guest_object(ev, OBJ_PIN, object_id_pair(0, parts->pin));
	return true;
}

/* No vector: nothing was in service. */
static bool end_of_interrupt(struct kvm_state *kvm, struct kvm_thread *th, struct event *ev, const struct parts *parts)
{
	int64_t vcpu, vector;

	reset_line(th);
	th->ended = -1;
	if (!parts_get(parts, TO_APICID, &vcpu) || !parts_get(parts, TO_NUMBER, &vector) || !in_range(vcpu, KVM_MAX_VCPUS))
		return false;
	if (!learn_vcpu(kvm, th, vcpu)) {
		kvm->many = true;
		ev->kind = EV_KVM_UNCLEAR;
		ev->known = 0;
		return true;
	}
	if (!in_range(vector, NR_VECTORS))
		return false;
	th->ended = vector;
	event_arg_set(ev, ARG_VECTOR, vector);
	guest_object(ev, OBJ_VECTOR, object_id_pair(vcpu, vector));
	return true;
}

/* Injected once more, or by the INT instruction: no interrupt of the local APIC. */
static bool inject(struct kvm_thread *th, struct event *ev, const struct parts *parts)
{
	int64_t vector, soft = 0, again = 0;

	reset_line(th);
	parts_get(parts, TO_SOFT, &soft);
	parts_get(parts, TO_AGAIN, &again);
	if (th->vcpu < 0 || soft || again || !parts_get(parts, TO_NUMBER, &vector) || !in_range(vector, NR_VECTORS))
		return false;
	event_arg_set(ev, ARG_VECTOR, vector);
	guest_object(ev, OBJ_VECTOR, object_id_pair(th->vcpu, vector));
	return true;
}

/* KVM asks for the exit while it handles the EOI, and looks at that first when the vCPU is to go on. */
static bool leave(struct kvm_thread *th, struct event *ev, const struct parts *parts)
{
	int64_t reason;

	reset_line(th);
	if (th->vcpu < 0 || th->ended < 0 || !parts_get(parts, TO_REASON, &reason))
		return false;
	if (reason != EXIT_IOAPIC_EOI)
		ev->kind = EV_KVM_USER_EXIT;
	event_arg_set(ev, ARG_VECTOR, th->ended);
	guest_vector(ev, th->vcpu, th->ended);
	th->ended = -1;
	return true;
}

static bool put_off(struct event *ev, const struct parts *parts)
{
	int64_t entry;

	if (!parts_get(parts, TO_ENTRY, &entry) && !parts_get(parts, TO_NUMBER, &entry))
		return false;
	event_arg_set(ev, ARG_VECTOR, entry & 0xff);
	return true;
}

static bool access_memory(struct kvm_state *kvm, struct event *ev, const struct parts *parts)
{
	int64_t type, len, gpa, value;

	if (!parts_get(parts, TO_MMIO_OPCODE, &type) || !parts_get(parts, TO_PHYS, &gpa) || !parts_get(parts, TO_WRITTEN, &value) ||
	    !parts_get(parts, TO_LENGTH, &len) || type != MMIO_WRITES || !in_range(len, 9) ||
	    !mmio_write(&kvm->mmio, -1, (uint64_t)gpa, (uint64_t)value, len, ev))
		return false;
	for (int i = 0; i < ev->nr_objects; i++)
		ev->object[i].machine = MACHINE_GUEST;
	return ev->nr_objects;
}

bool kvm_record(struct kvm_state *kvm, enum row_special special, struct event *ev, struct parts *parts)
{
	struct kvm_thread *th;

	if (kvm->many || ev->pid < 0)
		return false;
	th = thread_of(kvm, ev->pid);
	ev->cpu = -1;
	switch (special) {
	case ROW_KVM_LINE:
		return set_line(th, ev, parts);
	case ROW_KVM_MESSAGE:
		return make_message(th, parts);
	case ROW_KVM_ACCEPT:
		return accept(th, ev, parts);
	case ROW_KVM_PIN:
		return look_at_pin(th, ev, parts);
	case ROW_KVM_ACK:
		return end_at_pin(th, ev, parts);
	case ROW_KVM_EOI:
		return end_of_interrupt(kvm, th, ev, parts);
	case ROW_KVM_INJECT:
		return inject(th, ev, parts);
	case ROW_KVM_EXIT:
		return leave(th, ev, parts);
	case ROW_KVM_PUT_OFF:
		return put_off(ev, parts);
	default:
		return access_memory(kvm, ev, parts);
	}
}
