/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to the decoder: one record on its way, and what lines before it left behind. */
#ifndef IRQPATH_INGEST_QEMU_JOB_H
#define IRQPATH_INGEST_QEMU_JOB_H

#include "ingest/qemu/decode.h"
#include "ingest/qemu/platform.h"

enum { QEMU_MAX_THREADS = 1024, QEMU_MAX_OTHERS = 512 };

/* What a thread did last, as far as its next line leans on it: one thread's lines are in order. */
struct qemu_thread {
	int64_t tid;		/* -1: not recorded, then all are one */
	int32_t cpu;		/* that it is, -1: none, or not known */
	uint32_t config_function;	/* index + 1 of the last configuration write; 0: none */
	uint16_t config_offset;
	int32_t gsi;		/* whose line or message is on its way to KVM, -1: none */
	uint8_t gsi_levels;	/* levels that KVM gets in turn, the first in bit 0 */
	uint8_t nr_gsi_levels;
	int32_t pin;		/* that is about to send its message, -1: none */
	bool has_entry;		/* entry is about to send its message */
	uint64_t entry;		/* as object_id_entry() makes it */
	uint32_t icr_high;
	bool icr_high_known;
};

struct qemu_decoder {
	const char *path;
	struct reader_host host;
	struct qemu_names *names;	/* owned */
	struct platform pf;
	struct qemu_thread thread[QEMU_MAX_THREADS];	/* by tid; the last one is for all that find no place */
	unsigned nr_threads;
	unsigned nr_rows;
	struct qemu_count {
		const struct qemu_row *row;	/* first form of the event */
		str_id via;
		uint64_t count, kept, unknown_form;
	} *rows;			/* owned, by row */
	struct qemu_other {
		char name[QEMU_MAX_NAME];
		uint64_t count;
	} other[QEMU_MAX_OTHERS];
	unsigned nr_others;
	uint64_t nr_more;		/* of names that found no place */
	bool has_msix_config;		/* msix_write_config is on */
};

struct qemu_job {
	struct qemu_decoder *dc;
	const struct qemu_record *rec;
	struct qemu_thread *thread;
	struct event *out;
	unsigned nr;
};

typedef void (*qemu_special_fn)(struct qemu_job *job);

/* A field's number or text; false and "" where the record has none. */
bool job_num(const struct qemu_job *job, unsigned target, int64_t *value);
int64_t job_get(const struct qemu_job *job, unsigned target);	/* 0 where there is none */
struct qemu_text job_text(const struct qemu_job *job, unsigned target);

/* The next event of the record, of the row's n-th kind; NULL where there are too many. */
struct event *job_add(struct qemu_job *job, unsigned n);

/* Drops the last one. */
void job_drop(struct qemu_job *job);

/* The row's first kind with all fields that say where they go; the constant too. */
struct event *job_plain(struct qemu_job *job);

/* special.c: controllers, KVM, the machine. special_pci.c: configuration space, tables, messages, devices. */
void special_ioapic_line(struct qemu_job *job);
void special_irr_set(struct qemu_job *job);
void special_ioapic_read(struct qemu_job *job);
void special_ioapic_write(struct qemu_job *job);
void special_gsi_line(struct qemu_job *job);
void special_apic_message(struct qemu_job *job);
void special_apic_offset(struct qemu_job *job);
void special_apic_register(struct qemu_job *job);
void special_vm_ioctl(struct qemu_job *job);
void special_run_exit(struct qemu_job *job);
void special_iec(struct qemu_job *job);
void special_private_route(struct qemu_job *job);
void special_runstate(struct qemu_job *job);
void special_reset(struct qemu_job *job);
void special_region_write(struct qemu_job *job);
void special_region_read(struct qemu_job *job);
void special_cfg_write(struct qemu_job *job);
void special_cfg_read(struct qemu_job *job);
void special_msix_config(struct qemu_job *job);
void special_bar_set(struct qemu_job *job);
void special_bar_cleared(struct qemu_job *job);
void special_notify_msix(struct qemu_job *job);
void special_notify_msi(struct qemu_job *job);
void special_notify(struct qemu_job *job);
void special_intx(struct qemu_job *job);

/* A region whose name is "ioapic": which of the chips the next lines are about. */
void special_ioapic_region(struct qemu_job *job, uint64_t addr);

/* The chip that a line about a pin is about, -1: it cannot be told. */
int job_ioapic(const struct qemu_job *job);

#endif
