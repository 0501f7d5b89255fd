/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt controllers, KVM and the machine as a whole, as hw/intc, accel/kvm and target/i386 of QEMU write them down.
 *
 * What KVM is told stands in the arguments of a call, which are not recorded; but the thread's lines in front of it say what
 * it is about. Where the IO-APIC is QEMU's, a level pin that is serviced is written first (ioapic_set_remote_irr), then the
 * call raises the line; an edge pin is raised (ioapic_set_irq), and the call comes twice, up and down. Where all of it is
 * in the kernel, x86_gsi_interrupt stands in front, and below 16 the call comes twice, for the 8259 too.
 */
#include <string.h>

#include "ingest/qemu/job.h"

enum { IOAPIC_BASE = 0xfec00000, IOAPIC_STRIDE_SHIFT = 16, REG_SELECT = 0x00, REG_WINDOW = 0x10, REG_EOI = 0x40, FIRST_ENTRY = 0x10,
	ENTRY_RO = 1 << 12 | 1 << 14, WORD_BYTES = 4 };

/* ------------------------------------------------------------------------------------------------- IO-APIC */

void special_ioapic_region(struct qemu_job *job, uint64_t addr)
{
	uint64_t chip = (addr - IOAPIC_BASE) >> IOAPIC_STRIDE_SHIFT;

	/* Lines about pins do not say which chip they are about: with a second one they say nothing. */
	if (addr >= IOAPIC_BASE && chip && chip < PLATFORM_NR_IOAPICS)
		job->dc->pf.nr_ioapics = 2;
}

static void expect_line(struct qemu_thread *th, int64_t gsi, unsigned levels, unsigned nr)
{
	th->gsi = gsi;
	th->gsi_levels = levels;
	th->nr_gsi_levels = nr;
}

static bool is_level(const struct qemu_job *job, int64_t pin)
{
	enum { LEVEL = 1 << 15 };

	return pin >= 0 && pin < PLATFORM_NR_PINS && job->dc->pf.rte_known[0][pin] & LEVEL && job->dc->pf.rte[0][pin] & LEVEL;
}

/* The 8254's output is wired to pin 2 where others have the 8259. */
void special_ioapic_line(struct qemu_job *job)
{
	enum { TIMER_PIN = 2, UP_AND_DOWN = 1 };
	struct event *ev = job_plain(job);
	int64_t pin = job_get(job, QT_PIN), level = job_get(job, ARG_LEVEL);

	if (!ev)
		return;
	if (!pin) {
		pin = TIMER_PIN;
		if (ev->nr_objects)
			ev->object[0].id = object_id_pair(0, TIMER_PIN);
	}
	if (!level || is_level(job, pin))
		return;
	expect_line(job->thread, pin, UP_AND_DOWN, 2);
	job->thread->pin = pin;
}

/* Written in each pass over a level pin that is raised and unmasked, also where nothing is sent. */
void special_irr_set(struct qemu_job *job)
{
	int64_t pin = job_get(job, QT_PIN);

	job_plain(job);
	expect_line(job->thread, pin, 1, 1);
	job->thread->pin = pin >= 0 && pin < PLATFORM_NR_PINS ? (int32_t)pin : -1;
}

/* Of a register of a redirection entry: pin and place of the word. */
static bool entry_word(const struct qemu_job *job, unsigned *pin, unsigned *shift)
{
	int64_t reg = job_get(job, QT_REGSEL) - FIRST_ENTRY;

	if (job_get(job, QT_ADDR) != REG_WINDOW || job_get(job, QT_SIZE) != WORD_BYTES || reg < 0 || reg >= 2 * PLATFORM_NR_PINS)
		return false;
	*pin = reg / 2;
	*shift = reg % 2 * 32;
	return true;
}

/* The entry as it is known now; the read-only bits are not what was written. */
static void set_entry(struct qemu_job *job, struct event *ev, unsigned pin, unsigned shift)
{
	uint64_t mask = UINT64_C(0xffffffff) << shift, word = (uint64_t)job_get(job, QT_DATA) << shift & mask;
	struct platform *pf = &job->dc->pf;
	int chip = job_ioapic(job);

	if (chip < 0) {
		event_arg_set(ev, ARG_RTE, word);
		event_arg_set(ev, ARG_MASK, mask);
		return;
	}
	pf->rte[chip][pin] = (pf->rte[chip][pin] & ~mask) | (word & ~(uint64_t)ENTRY_RO);
	pf->rte_known[chip][pin] |= mask;
	event_add_object(ev, OBJ_PIN, object_id_pair(chip, pin));
	event_arg_set(ev, ARG_RTE, pf->rte[chip][pin] & pf->rte_known[chip][pin]);
	event_arg_set(ev, ARG_MASK, pf->rte_known[chip][pin]);
}

/* The word as it was read: here the read-only bits say something. */
void special_ioapic_read(struct qemu_job *job)
{
	unsigned pin, shift;
	struct event *ev;

	if (!entry_word(job, &pin, &shift))
		return;
	ev = job_add(job, 0);
	set_entry(job, ev, pin, shift);
	event_arg_set(ev, ARG_RTE, (int64_t)((uint64_t)job_get(job, QT_DATA) << shift));
	event_arg_set(ev, ARG_MASK, (int64_t)(UINT64_C(0xffffffff) << shift));
}

void special_ioapic_write(struct qemu_job *job)
{
	enum { EOI_ASKED = 1, VECTOR = 0xff };
	unsigned pin, shift;
	struct event *ev;

	if (entry_word(job, &pin, &shift)) {
		ev = job_add(job, 0);
		set_entry(job, ev, pin, shift);
	} else if (job_get(job, QT_ADDR) == REG_EOI) {
		/* what comes of it is written as ioapic_eoi_broadcast */
		ev = job_add(job, EOI_ASKED);
		event_arg_set(ev, ARG_VECTOR, job_get(job, QT_DATA) & VECTOR);
	}
}

/* Below 16 the 8259 gets it too, by a second call. */
void special_gsi_line(struct qemu_job *job)
{
	enum { NR_ISA = 16 };
	int64_t gsi = job_get(job, QT_GSI), level = job_get(job, ARG_LEVEL) != 0;

	job_plain(job);
	expect_line(job->thread, gsi, level ? 3 : 0, gsi < NR_ISA ? 2 : 1);
}

/* ---------------------------------------------------------------------------------------------- local APICs */

/* A physical destination names the APIC; a logical one only by registers that the log need not show. */
void special_apic_message(struct qemu_job *job)
{
	enum { BROADCAST = 0xff };
	int64_t dest = job_get(job, QT_DEST);
	struct event *ev = job_plain(job);

	if (!ev)
		return;
	event_arg_set(ev, ARG_LEVEL, job_get(job, QT_TRIGGER));
	event_arg_set(ev, ARG_MODE, job_get(job, QT_MODE));
	if (!job_get(job, QT_DEST_MODE)) {
		event_arg_set(ev, ARG_APICDEST, dest);
		if (dest >= 0 && dest < BROADCAST)
			event_add_object(ev, OBJ_APIC, dest);
	}
}

/* Registers as in the manual's table of the xAPIC, each 16 bytes wide. */
static void apic_write(struct qemu_job *job, unsigned reg, uint64_t value)
{
	enum { APIC_EOI = 0x0b, APIC_ICR_LOW = 0x30, APIC_ICR_HIGH = 0x31 };
	struct qemu_thread *th = job->thread;
	struct event *ev;

	if (reg == APIC_ICR_HIGH) {
		th->icr_high = value;
		th->icr_high_known = true;
	}
	if (reg != APIC_EOI && reg != APIC_ICR_LOW)
		return;
	ev = job_add(job, reg == APIC_EOI ? 0 : 1);
	if (th->cpu >= 0)
		event_add_object(ev, OBJ_APIC, th->cpu);
	if (reg == APIC_EOI)
		return;
	event_arg_set(ev, ARG_VECTOR, value & 0xff);
	event_arg_set(ev, ARG_MODE, value >> 8 & 7);
	/* in x2APIC mode it is one register */
	if (value >> 32)
		event_arg_set(ev, ARG_APICDEST, value >> 32);
	else if (th->icr_high_known)
		event_arg_set(ev, ARG_APICDEST, th->icr_high >> 24);
}

void special_apic_offset(struct qemu_job *job)
{
	uint64_t offset = job_get(job, QT_ADDR);

	if (offset < 0x1000)
		apic_write(job, offset >> 4, job_get(job, QT_DATA));
}

void special_apic_register(struct qemu_job *job)
{
	uint64_t reg = job_get(job, QT_REG);

	if (reg <= 0xff)
		apic_write(job, reg, job_get(job, QT_DATA));
}

/* ------------------------------------------------------------------------------------------------------ KVM */

void special_vm_ioctl(struct qemu_job *job)
{
	enum { ROUTES_SET = 1 };
	static const uint32_t irq_line = 0x4008ae61, irq_line_status = 0xc008ae67, set_routes = 0x4008ae6a;
	struct qemu_thread *th = job->thread;
	uint64_t type = job_get(job, QT_TYPE);
	struct event *ev;

	if (type == set_routes) {
		job_add(job, ROUTES_SET);
		return;
	}
	if (type != irq_line && type != irq_line_status)
		return;
	ev = job_add(job, 0);
	if (th->gsi < 0 || !th->nr_gsi_levels)
		return;
	event_add_object(ev, OBJ_GSI, th->gsi);
	event_arg_set(ev, ARG_LEVEL, th->gsi_levels & 1);
	th->gsi_levels >>= 1;
	if (!--th->nr_gsi_levels)
		th->gsi = -1;
}

void special_run_exit(struct qemu_job *job)
{
	enum { EXIT_IOAPIC_EOI = 26 };

	if (job_get(job, QT_TYPE) == EXIT_IOAPIC_EOI)
		job_plain(job);
}

/* The fault's own line has what is handed over right behind it. */
void special_private_route(struct qemu_job *job)
{
	if (job_plain(job))
		job_add(job, 1);
}

/* -------------------------------------------------------------------------------------------- the machine */

/* An invalidation of all entries names none. */
void special_iec(struct qemu_job *job)
{
	int64_t index = job_get(job, QT_INDEX);
	struct event *ev;

	if (!job_get(job, QT_GLOBAL) || job_get(job, QT_SIZE) || index < 0 || index > UINT16_MAX)
		return;
	ev = job_add(job, 0);
	event_add_object(ev, OBJ_IRTE, object_id_pair(0, index));
}

static bool is_word(struct qemu_text text, const char *word)
{
	return text.len == strlen(word) && !memcmp(text.at, word, text.len);
}

/* Registers come from somewhere else then, or were changed unseen. */
void special_runstate(struct qemu_job *job)
{
	static const char *const states[] = { "inmigrate", "restore-vm", "finish-migrate", "postmigrate" };
	struct qemu_text word = job_text(job, QT_WORD);

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (!is_word(word, states[i]))
			continue;
		job_add(job, 0)->cpu = -1;
		platform_forget(&job->dc->pf);
	}
}

/* A reset begins at the root of all buses. */
void special_reset(struct qemu_job *job)
{
	if (!is_word(job_text(job, QT_WORD), "System"))
		return;
	job_add(job, 0);
	platform_reset(&job->dc->pf);
}
