/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/ftrace/special.h"

#include <stdio.h>
#include <string.h>

#include "core/strtab.h"
#include "ingest/harm.h"

_Static_assert(NR_RAWS <= 64, "raw_known is too small");

enum { MSI_MAX = 32, MSIX_MAX = 2048, CONFIG_COMMAND = 4, COMMAND_BITS = 0xffff };

void special_init(struct special *sp, const struct symbols *symbols, struct strtab *strings)
{
	memset(sp, 0, sizeof(*sp));
	sp->symbols = symbols;
	sp->strings = strings;
	sp->takedown_step = -1;
}

void special_forget(struct special *sp)
{
	for (unsigned i = 0; i < NR_CALLS; i++)
		sp->calls[i].used = false;
	mmio_forget(&sp->mmio);
	kvm_forget(&sp->kvm);
	sp->takedown_step = -1;
}

/* ---- numbers into parts ---- */

/* A pointer under one of these names is no number of a bus. */
static void function_from_numbers(struct parts *parts)
{
	int64_t bus, devfn, segment = 0;

	if (!parts_get(parts, TO_BUS, &bus) || !parts_get(parts, TO_DEVFN, &devfn))
		return;
	parts_get(parts, TO_SEGMENT, &segment);
	if (bus < 0 || bus > 0xff || devfn < 0 || devfn > 0xff || segment < 0 || segment > 0xffffff)
		return;
	parts->dev = object_id_pci(segment, bus, devfn >> 3, devfn & 7);
	parts->has_dev = true;
}

/*
 * In the domain of all MSIs the hwirq holds segment, function and entry, in the domain of one device the entry alone.
 * Of several MSIs only the hwirq tells which it is: they share a descriptor, whose index is 0.
 */
static void entry_from_hwirq(struct parts *parts)
{
	uint64_t bdf;
	int64_t hwirq;

	if (!parts_get(parts, TO_HWIRQ, &hwirq))
		return;
	bdf = (uint64_t)hwirq >> 11;
	if (!parts->has_dev && bdf && bdf >> 40 == 0) {
		parts->dev = object_id_pci(bdf >> 16, bdf >> 8 & 0xff, bdf >> 3 & 0x1f, bdf & 7);
		parts->has_dev = true;
	}
	hwirq &= MSIX_MAX - 1;
	if (parts->index < 0 || (!parts->msix && hwirq < MSI_MAX))
		parts->index = hwirq;
}

static void entry_from_halves(const struct parts *parts, struct event *ev)
{
	int64_t low, high;

	if (parts_get(parts, TO_W1, &low) && parts_get(parts, TO_W2, &high))
		event_arg_set(ev, ARG_RTE, (int64_t)((uint64_t)high << 32 | (uint32_t)low));
}

void parts_complete(struct parts *parts, struct event *ev)
{
	if (!parts->has_dev)
		function_from_numbers(parts);
	entry_from_hwirq(parts);
	entry_from_halves(parts, ev);
}

/* ---- calls and returns ---- */

static bool same_task(const struct call *call, const struct event *ev)
{
	return call->pid == ev->pid && (call->pid || call->cpu == ev->cpu);
}

/* The last call of the task that has not returned; any function's where via is 0. */
static struct call *find_call(struct special *sp, const struct event *ev, str_id via)
{
	for (unsigned i = 1; i <= NR_CALLS; i++) {
		struct call *call = &sp->calls[(sp->next_call - i) % NR_CALLS];

		if (call->used && same_task(call, ev) && (!via || call->via == via))
			return call;
	}
	return NULL;
}

/* None of these functions calls itself: an older call of the task has returned without a record. */
static bool remember(struct special *sp, const struct event *ev, const struct parts *parts)
{
	struct call *call = find_call(sp, ev, ev->via);

	if (call)
		call->used = false;
	call = &sp->calls[sp->next_call++ % NR_CALLS];
	*call = (struct call){ .pid = ev->pid, .cpu = ev->cpu, .via = ev->via, .used = true,
			       .has_dev = parts->has_dev, .dev = parts->dev, .irq = parts->irq, .index = parts->index,
			       .apic = parts->apic, .reg = -1, .gsi = -1, .pirq = parts->pirq, .domain = -1,
			       .nvec = -1 };
	parts_get(parts, TO_REG, &call->reg);
	parts_get(parts, TO_GSI, &call->gsi);
	parts_get(parts, TO_DOMAIN, &call->domain);
	event_arg(ev, ARG_NVEC, &call->nvec);
	return true;
}

static const struct call *take_call(struct special *sp, const struct event *ev)
{
	struct call *call = find_call(sp, ev, ev->via);

	if (call)
		call->used = false;
	return call;
}

static bool enable_answers(struct special *sp, struct event *ev, struct parts *parts)
{
	const struct call *call = take_call(sp, ev);
	int64_t ret;

	if (call && call->has_dev && !parts->has_dev) {
		parts->dev = call->dev;
		parts->has_dev = true;
	}
	if (event_arg(ev, ARG_RET, &ret) && ret > 0)
		event_arg_set(ev, ARG_ENABLE, 1);
	return true;
}

static bool setup_result(struct special *sp, struct event *ev, struct parts *parts)
{
	const struct call *call = take_call(sp, ev);

	if (call && parts->irq < 0)
		parts->irq = call->irq;
	return parts->irq >= 0;
}

/*
 * drivers/xen/events/events_base.c: the result of a bind is the pirq's irq, the first of several, or an error. A device
 * that was given to another domain has its pirqs there; DOMID_SELF is the kernel's own.
 */
static bool pirq_answers(struct special *sp, struct event *ev, struct parts *parts)
{
	enum { DOMID_FIRST_SPECIAL = 0x7ff0 };
	const struct call *call = take_call(sp, ev);
	int64_t irq = parts->irq;

	if (!call || call->pirq < 0 || call->pirq > UINT32_MAX || (irq < 0 && !parts_get(parts, TO_FAILED, &irq)))
		return false;
	parts->irq = irq < 0 || irq > INT32_MAX ? -1 : irq;
	parts->gsi = call->gsi;
	parts->pirq = call->pirq;
	if (call->domain > 0 && call->domain < DOMID_FIRST_SPECIAL)
		parts_set(parts, TO_DOMAIN, call->domain);
	if (call->nvec > 0)
		event_arg_set(ev, ARG_NVEC, call->nvec);
	if (parts->irq < 0)
		event_arg_set(ev, ARG_RET, (int32_t)irq);
	return true;
}

static bool port_given(struct parts *parts)
{
	if (parts->irq == UINT32_MAX || parts->irq < 0)
		parts->irq = -1;
	return parts->port > 0;
}

/* IO-APIC specification: redirection entries are two registers each from 0x10 on; remote IRR is bit 14 of the low. */
static bool rte_read(struct special *sp, struct event *ev, struct parts *parts)
{
	enum { FIRST_ENTRY = 0x10, LAST_ENTRY = 0xff, REMOTE_IRR = 14 };
	const struct call *call = take_call(sp, ev);
	int64_t value;

	if (!call || call->reg < FIRST_ENTRY || call->reg > LAST_ENTRY || call->reg & 1 ||
	    !parts_get(parts, TO_READ, &value))
		return false;
	parts->apic = call->apic;
	parts->pin = (call->reg - FIRST_ENTRY) / 2;
	event_arg_set(ev, ARG_VALUE, value >> REMOTE_IRR & 1);
	return true;
}

/* ---- PCI ---- */

/* The upper half of that dword is the status register. */
static bool config_write(struct event *ev, struct parts *parts)
{
	int64_t pos, value;

	if (!parts_get(parts, TO_POS, &pos) || pos != CONFIG_COMMAND || !parts->has_dev ||
	    !event_arg(ev, ARG_VALUE, &value))
		return false;
	event_arg_set(ev, ARG_VALUE, value & COMMAND_BITS);
	event_arg_set(ev, ARG_MASK, COMMAND_BITS);
	return true;
}

/*
 * The irq is that of the first message, 0 before it has one. One bit is one message's; several are the function's.
 */
static void msi_bits_objects(struct event *ev, struct parts *parts, uint32_t mask)
{
	unsigned bit = mask ? __builtin_ctz(mask) : 0;
	bool one = mask && mask == UINT32_C(1) << bit;

	if (parts->irq <= 0)
		parts->irq = -1;
	else if (one)
		parts->irq += bit;
	parts->index = -1;
	if (one && parts->has_dev)
		event_add_object(ev, OBJ_MSI, object_id_entry(parts->dev, bit));
}

static bool msi_bits(struct event *ev, struct parts *parts)
{
	int64_t clear, set, old = 0, attr = 0, can_mask;
	uint32_t mask;
	bool told, has_old = parts_get(parts, TO_OLD, &old);

	if (!parts_get(parts, TO_CLEAR, &clear) || !parts_get(parts, TO_SET, &set))
		return false;
	told = parts_get(parts, TO_CAN_MASK, &can_mask);
	if (!told) {
		told = parts_get(parts, TO_MSI_ATTR, &attr);
		can_mask = attr >> 7 & 1;
	}
	if (told && !can_mask)
		return false;
	if (!told)
		ev->witness = WITNESS_INTENT;
	mask = (uint32_t)(clear | set);
	/* nothing to be changed is the word being written once more */
	event_arg_set(ev, ARG_VALUE, (uint32_t)((old & ~clear) | set));
	event_arg_set(ev, ARG_MASK, !mask && has_old ? UINT32_MAX : mask);
	msi_bits_objects(ev, parts, mask);
	return true;
}

/* ---- remapping entries ---- */

static bool unit_number(const struct parts *parts, uint32_t *unit)
{
	static const char prefix[] = "dmar";
	uint32_t nr = 0;
	size_t i = sizeof(prefix) - 1;

	if (!parts->text || parts->text_len <= i || parts->text_len > i + 5 || memcmp(parts->text, prefix, i))
		return false;
	for (; i < parts->text_len; i++) {
		if (parts->text[i] < '0' || parts->text[i] > '9')
			return false;
		nr = nr * 10 + (parts->text[i] - '0');
	}
	*unit = nr;
	return true;
}

static void add_irte(struct event *ev, const struct parts *parts)
{
	uint32_t unit;

	if (parts->index >= 0 && unit_number(parts, &unit))
		event_add_object(ev, OBJ_IRTE, object_id_pair(unit, parts->index));
}

static void add_sub_handle(struct parts *parts)
{
	int64_t sub;

	if (parts->index >= 0 && parts_get(parts, TO_SUB_HANDLE, &sub))
		parts->index += sub & 0xffff;
}

static bool irte_before(struct special *sp, struct event *ev, struct parts *parts)
{
	add_sub_handle(parts);
	remember(sp, ev, parts);
	add_irte(ev, parts);
	return true;
}

/*
 * Intel VT-d specification, interrupt remapping table entry: present 0, posted 15, vector 16 to 23, destination from 32
 * on, an APIC id of 8 bits in its bits 8 to 15, or one of 32 bits. Which, the entry does not tell: a destination that
 * may be either is left unknown.
 */
static void intel_words(struct event *ev, const struct parts *parts)
{
	int64_t lo;
	uint32_t dest;

	if (!parts_get(parts, TO_IRTE_LO, &lo))
		return;
	dest = (uint64_t)lo >> 32;
	event_arg_set(ev, ARG_VALUE, lo);
	if (!(lo & 1) || lo >> 15 & 1)
		return;
	event_arg_set(ev, ARG_VECTOR, lo >> 16 & 0xff);
	if (!dest || dest & 0xff)
		event_arg_set(ev, ARG_APICDEST, dest);
}

static bool irte_intel(struct special *sp, struct event *ev, struct parts *parts)
{
	const struct call *call = take_call(sp, ev);
	int64_t ret;

	if (parts_get(parts, TO_FAILED, &ret) && ret < 0)
		return false;
	if (call && parts->irq < 0)
		parts->irq = call->irq;
	if (call && parts->index < 0)
		parts->index = call->index;
	else
		add_sub_handle(parts);
	intel_words(ev, parts);
	add_irte(ev, parts);
	return true;
}

/*
 * AMD I/O virtualization specification, 128-bit interrupt remapping table entry: valid 0, guest mode 7, destination 8
 * to 31 and, its upper byte, 120 to 127, vector 64 to 71. There is one table a device id.
 */
static bool irte_amd(struct event *ev, struct parts *parts)
{
	enum { VALID = 1, GUEST_MODE = 1 << 7 };
	int64_t devid, lo, hi;

	if (parts->index >= 0 && parts_get(parts, TO_DEVID, &devid))
		event_add_object(ev, OBJ_IRTE, object_id_pair(devid & 0xffff, parts->index));
	if (!parts_get(parts, TO_IRTE_LO, &lo))
		return true;
	event_arg_set(ev, ARG_VALUE, lo);
	if (!(lo & VALID) || lo & GUEST_MODE || !parts_get(parts, TO_IRTE_HI, &hi))
		return true;
	event_arg_set(ev, ARG_VECTOR, hi & 0xff);
	event_arg_set(ev, ARG_APICDEST, (lo >> 8 & 0xffffff) | ((uint64_t)hi >> 56) << 24);
	return true;
}

/*
 * Intel VT-d specification, interrupt entry cache invalidate descriptor: type 0 to 3, granularity 4, index mask 27 to
 * 31, index 32 to 47. Of a block of entries the first is named. The irq is that whose chip's call of this task asked.
 */
static bool irte_flush(struct special *sp, struct event *ev, struct parts *parts)
{
	enum { TYPE_IEC = 4, SELECTIVE = 1 << 4 };
	const struct call *call;
	int64_t word;

	if (!parts_get(parts, TO_DESCRIPTOR, &word) || (word & 0xf) != TYPE_IEC || !(word & SELECTIVE))
		return false;
	parts->index = word >> 32 & 0xffff;
	call = find_call(sp, ev, 0);
	if (call && call->index == parts->index)
		parts->irq = call->irq;
	add_irte(ev, parts);
	return ev->nr_objects > 0;
}

/* ---- the rest ---- */

static bool posted(enum event_kind other_kind, struct event *ev, const struct parts *parts)
{
	int64_t on;

	if (!parts_get(parts, TO_SWITCH, &on))
		return false;
	if (on)
		return true;
	ev->kind = other_kind;
	ev->known = 0;
	return true;
}

/*
 * SDM vol. 3A, interrupt command register: vector 0 to 7, mode 8 to 10, logical 11, shorthand 18 to 19, and in x2APIC
 * mode the destination from 32 on.
 */
static bool ipi(struct event *ev, const struct parts *parts)
{
	enum { X2APIC_ICR = 0x830, LOGICAL = 1 << 11, SHORTHAND = 3 << 18 };
	int64_t msr, value, failed = 0;

	parts_get(parts, TO_FAILED, &failed);
	if (!parts_get(parts, TO_MSR, &msr) || msr != X2APIC_ICR || failed || !parts_get(parts, TO_MSR_VALUE, &value))
		return false;
	event_arg_set(ev, ARG_VECTOR, value & 0xff);
	event_arg_set(ev, ARG_MODE, value >> 8 & 7);
	if (!(value & (LOGICAL | SHORTHAND)))
		event_arg_set(ev, ARG_APICDEST, (uint64_t)value >> 32);
	return true;
}

/*
 * kernel/cpu.c: the CPU is up when its interrupts are given back to it (irq_affinity_online_cpu()), and down when the
 * step that takes it down (takedown_cpu()) has ended well. Where it is refused, as where the other CPUs have too few
 * vectors left, the CPU stays up.
 */
static bool hotplug(struct special *sp, const struct parts *parts)
{
	const char *function;
	int64_t step, address;

	if (!parts_get(parts, TO_STEP, &step) || !parts_get(parts, TO_STEP_FN, &address))
		return false;
	function = symbols_find(sp->symbols, address, NULL);
	if (!function)
		return false;
	if (!strcmp(function, "takedown_cpu"))
		sp->takedown_step = step;
	return !strcmp(function, "irq_affinity_online_cpu");
}

static bool hotplug_done(const struct special *sp, enum event_kind stays, struct event *ev, const struct parts *parts)
{
	int64_t step, ret = 0;

	if (!parts_get(parts, TO_STEP, &step) || sp->takedown_step < 0 || step != sp->takedown_step)
		return false;
	parts_get(parts, TO_FAILED, &ret);
	if (ret)
		ev->kind = stays;
	return true;
}

/*
 * drivers/base/power/main.c, kernel/power/suspend.c: irqs are suspended before the noirq phase of devices begins, and
 * resumed behind its end. "dpm_suspend_noirq[2] begin".
 */
static bool suspend(struct special *sp, struct event *ev, const struct parts *parts)
{
	static const char *const phases[] = {
		"dpm_suspend_noirq", "syscore_suspend", "machine_suspend", "syscore_resume", "dpm_resume_noirq",
	};
	enum { NR_PHASES = sizeof(phases) / sizeof(*phases), RESUMED = NR_PHASES - 1 };
	char reason[64];
	int64_t start;
	str_id id;

	if (!parts->text || !parts_get(parts, TO_SWITCH, &start))
		return false;
	for (int i = 0; i < NR_PHASES; i++) {
		size_t len = strlen(phases[i]);

		if (parts->text_len < len || memcmp(parts->text, phases[i], len) ||
		    (parts->text_len > len && parts->text[len] != '['))
			continue;
		snprintf(reason, sizeof(reason), "%s %s", phases[i], start ? "begin" : "end");
		event_arg_set(ev, ARG_ENABLE, start || i != RESUMED);
		id = strtab_intern(sp->strings, reason, strlen(reason));
		if (id)
			event_arg_set(ev, ARG_REASON, id);
		return true;
	}
	return false;
}

/* kernel/trace/trace_mmiotrace.c, include/linux/mmiotrace.h: opcodes. */
enum { MMIO_WRITE = 2, MMIO_PROBE = 3 };

static void mmio_mapping(struct special *sp, const struct parts *parts)
{
	int64_t id, opcode, phys, len;

	if (!parts_get(parts, TO_MMIO_MAP, &id) || !parts_get(parts, TO_MMIO_OPCODE, &opcode) ||
	    !parts_get(parts, TO_PHYS, &phys) || !parts_get(parts, TO_LENGTH, &len))
		return;
	if (opcode == MMIO_PROBE)
		mmio_mapped(&sp->mmio, id, (uint64_t)phys, (uint64_t)len);
	else
		mmio_unmapped(&sp->mmio, id);
}

static bool mmio_access(struct special *sp, struct event *ev, const struct parts *parts)
{
	int64_t id, opcode, phys, value, width;

	if (!parts_get(parts, TO_MMIO_MAP, &id) || !parts_get(parts, TO_MMIO_OPCODE, &opcode) ||
	    !parts_get(parts, TO_PHYS, &phys) || !parts_get(parts, TO_WRITTEN, &value) ||
	    !parts_get(parts, TO_WIDTH, &width) || opcode != MMIO_WRITE)
		return false;
	return mmio_write(&sp->mmio, id, (uint64_t)phys, (uint64_t)value, width & 0xff, ev);
}

bool special_apply(struct special *sp, enum row_special special, enum event_kind other_kind, struct event *ev,
		   struct parts *parts)
{
	switch (special) {
	case ROW_PLAIN:
	case NR_ROW_SPECIALS:
		return true;
	case ROW_ENTRY_FORM:
		if (!parts->msix)
			ev->kind = other_kind;
		return parts->msix >= 0;
	case ROW_ASKS:
		return remember(sp, ev, parts);
	case ROW_REGISTER:
		remember(sp, ev, parts);
		return false;
	case ROW_PIRQ_ASKS:
		remember(sp, ev, parts);
		return false;
	case ROW_PIRQ_ANSWERS:
		return pirq_answers(sp, ev, parts);
	case ROW_PORT_GIVEN:
		return port_given(parts);
	case ROW_PORT_ABI:
		return parts->port > 0;
	case ROW_PIRQ_SETUP:
		return true;
	case ROW_ANSWERS:
		return enable_answers(sp, ev, parts);
	case ROW_SETUP_RESULT:
		return setup_result(sp, ev, parts);
	case ROW_RTE_READ:
		return rte_read(sp, ev, parts);
	case ROW_CONFIG_WRITE:
		return config_write(ev, parts);
	case ROW_MSI_BITS:
		return msi_bits(ev, parts);
	case ROW_IRTE_BEFORE:
		return irte_before(sp, ev, parts);
	case ROW_IRTE_INTEL:
		return irte_intel(sp, ev, parts);
	case ROW_IRTE_AMD:
		return irte_amd(ev, parts);
	case ROW_IRTE_FLUSH:
		return irte_flush(sp, ev, parts);
	case ROW_POSTED:
		return posted(other_kind, ev, parts);
	case ROW_IPI:
		return ipi(ev, parts);
	case ROW_HERE:
		parts->cpu = ev->cpu;
		return true;
	case ROW_HOTPLUG:
		return hotplug(sp, parts);
	case ROW_HOTPLUG_DONE:
		return hotplug_done(sp, other_kind, ev, parts);
	case ROW_SUSPEND:
		return suspend(sp, ev, parts);
	case ROW_MMIO_MAP:
		mmio_mapping(sp, parts);
		return false;
	case ROW_MMIO_ACCESS:
		return mmio_access(sp, ev, parts);
	case ROW_KVM_LINE ... ROW_KVM_MMIO:
		return kvm_record(&sp->kvm, special, ev, parts);
	case ROW_HARM:
		return parts->text && harm_event(parts->text, parts->text_len, sp->strings, ev);
	}
	return true;
}

const struct special_wants special_wants[NR_ROW_SPECIALS] = {
	[ROW_REGISTER] = { { TO_REG, TO_APIC }, 2 },
	[ROW_RTE_READ] = { { TO_READ }, 1 },
	[ROW_PIRQ_ASKS] = { { TO_PIRQ, TO_GSI, TO_DOMAIN }, 1 },
	[ROW_PIRQ_ANSWERS] = { { TO_FAILED }, 0 },
	[ROW_PORT_GIVEN] = { { TO_PORT, TO_IRQ }, 2 },
	[ROW_PORT_ABI] = { { TO_PORT }, 1 },
	[ROW_CONFIG_WRITE] = { { TO_POS }, 1 },
	[ROW_MSI_BITS] = { { TO_CLEAR, TO_SET, TO_OLD, TO_CAN_MASK, TO_MSI_ATTR, TO_DEV }, 2 },
	[ROW_IRTE_BEFORE] = { { TO_INDEX, TO_SUB_HANDLE, TO_PHRASE }, 0 },
	[ROW_IRTE_INTEL] = { { TO_INDEX, TO_SUB_HANDLE, TO_PHRASE, TO_IRTE_LO, TO_FAILED }, 0 },
	[ROW_IRTE_AMD] = { { TO_INDEX, TO_DEVID, TO_IRTE_LO, TO_IRTE_HI }, 2 },
	[ROW_POSTED] = { { TO_SWITCH }, 1 },
};
