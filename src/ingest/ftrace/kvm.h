/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a host's kvm tracepoints say of the interrupt controllers that it emulates for a guest. One fact is spread over
 * several records of one thread: a line, the message that was made of it, the local APIC that accepted it.
 */
#ifndef IRQPATH_INGEST_FTRACE_KVM_H
#define IRQPATH_INGEST_FTRACE_KVM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "ingest/ftrace/mmio.h"
#include "ingest/ftrace/rows.h"

struct parts;

enum { KVM_NR_THREADS = 256, KVM_MAX_VCPUS = 4096 };

/* What a thread did last; -1: nothing that counts. */
struct kvm_thread {
	bool used;
	int32_t pid;
	int32_t vcpu;		/* that it runs */
	int64_t gsi, level, source;	/* of the line that it set */
	bool has_message;
	uint64_t address, data;	/* of the message that was made last */
	int32_t accepted;	/* vector, since the line was set */
	int32_t acked;		/* pin of KVM's IO-APIC that an EOI reached */
	int32_t ended;		/* vector of its last EOI */
};

/* All zero to begin with. */
struct kvm_state {
	struct kvm_thread thread[KVM_NR_THREADS];
	unsigned next_thread;	/* the oldest */
	int32_t vcpu_pid[KVM_MAX_VCPUS];	/* thread that runs it, 0: not known */
	struct mmio mmio;	/* accesses of the guest */
	bool many;		/* more than one guest: their records cannot be told apart */
};

/* Records were lost. */
void kvm_forget(struct kvm_state *kvm);

/*
 * A record of a row with one of the specials ROW_KVM_LINE to ROW_KVM_MMIO: objects and arguments are set where it is an
 * event, all of the guest. False where it is none by itself. The first record of another guest's vCPU is EV_KVM_UNCLEAR.
 */
bool kvm_record(struct kvm_state *kvm, enum row_special special, struct event *ev, struct parts *parts);

#endif
