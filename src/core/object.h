/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects by identity, and their grammar [MACHINE/]KIND:ID[~GENERATION]. An identity is one 64-bit number whose layout
 * depends on the kind; only this module knows the layouts.
 */
#ifndef IRQPATH_CORE_OBJECT_H
#define IRQPATH_CORE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event_table.h"

enum object_kind {
	OBJ_NONE,
#define X(sym, name, example, doc) OBJ_##sym,
	OBJECT_LIST(X)
#undef X
	NR_OBJECT_KINDS
};

/*
 * Machines by number. MACHINE_OWN stands for the machine of the source that the event came from: --machine can then
 * rename a source without touching what was stored.
 */
enum machine_id {
	MACHINE_OWN,
	MACHINE_HOST,
	MACHINE_XEN,
	MACHINE_DOM0,
	MACHINE_GUEST,
	MACHINE_DOMAIN = 0x100,	/* + domain id, from 1: domain 0 is MACHINE_DOM0 */
	MACHINE_NR = 0x8000,
};

struct object_ref {
	uint64_t id;
	uint16_t machine;	/* enum machine_id */
	uint8_t kind;		/* enum object_kind */
};

enum { OBJECT_NAME_MAX = 64 };

const char *object_kind_name(enum object_kind kind);

/* A name that fits a buffer of OBJECT_NAME_MAX; no prefix for the machines "host" and "own", no suffix for 0 and 1. */
void object_print(char *buf, size_t len, struct object_ref ref, unsigned generation);
void machine_print(char *buf, size_t len, unsigned machine);

/* Whether the number is that of a machine, or MACHINE_OWN. */
bool machine_valid(unsigned machine);

/* False where the text is no machine name. "d0" is dom0. */
bool machine_parse(const char *text, uint16_t *machine);

/*
 * Whether there can be such an object: its machine exists, and its identity is one that its kind can have. Only such
 * objects have a name of their own.
 */
bool object_valid(struct object_ref ref);

/*
 * Parses the whole grammar, without regard to case; "irq30" and "0000:03:00.0[2]" are understood. generation is 0 where
 * none is given; the machine MACHINE_OWN. False where the text is no object; nothing is written then.
 */
bool object_parse(const char *text, struct object_ref *ref, unsigned *generation);

/* Linux's vector of an irq that has none yet, or whose CPUs are offline (MANAGED_IRQ_SHUTDOWN_VECTOR). */
enum { PARKED_VECTOR = 239 };

/* Identities. bdf: segment << 16 | bus << 8 | device << 3 | function. */
uint64_t object_id_pci(unsigned segment, unsigned bus, unsigned dev, unsigned fn);
uint64_t object_id_entry(uint64_t pci_id, unsigned index);	/* MSIX, MSI, VFIO */
uint64_t object_id_pair(uint32_t high, uint32_t low);		/* PIN, IRTE, VECTOR, PIRQ, PORT, VPIN, DPCI, VCPU */
uint64_t object_entry_pci(uint64_t entry_id);
unsigned object_entry_index(uint64_t entry_id);
uint32_t object_pair_high(uint64_t id);
uint32_t object_pair_low(uint64_t id);

/* "0000:03:00.0" to a pci identity; false where it is none. *end, where asked for, is set behind it. */
bool object_parse_bdf(const char *text, uint64_t *id, const char **end);

/*
 * An object of a source of that machine: one that names no machine is its own. What a domain's kernel calls a pirq or an
 * event channel Xen has by domain, so that both name one object. A list of the functions of Xen's machine is made by dom0,
 * and so are the numbers of irqs in it: Xen's own are of another kind.
 */
struct object_ref object_of_source(struct object_ref ref, uint16_t machine);

static inline bool object_equal(struct object_ref a, struct object_ref b)
{
	return a.id == b.id && a.machine == b.machine && a.kind == b.kind;
}

#endif
