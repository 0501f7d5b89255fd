/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/object.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How an identity is laid out and written. */
enum id_form {
	FORM_NUMBER,	/* 29 */
	FORM_PAIR,	/* 0.23 */
	FORM_VECTOR,	/* 2.0x31 */
	FORM_PCI,	/* 0000:03:00.0 */
	FORM_ENTRY,	/* 0000:03:00.0[2] */
};

static const struct {
	const char *name;
	enum id_form form;
} kinds[NR_OBJECT_KINDS] = {
	[OBJ_NONE] = { "none", FORM_NUMBER },
#define X(sym, text, example, doc) [OBJ_##sym] = { .name = text },
	OBJECT_LIST(X)
#undef X
	[OBJ_PCI].form = FORM_PCI,
	[OBJ_INTX].form = FORM_PCI,
	[OBJ_MSIX].form = FORM_ENTRY,
	[OBJ_MSI].form = FORM_ENTRY,
	[OBJ_VFIO].form = FORM_ENTRY,
	[OBJ_VECTOR].form = FORM_VECTOR,
	[OBJ_PIN].form = FORM_PAIR,
	[OBJ_IRTE].form = FORM_PAIR,
	[OBJ_PIRQ].form = FORM_PAIR,
	[OBJ_PORT].form = FORM_PAIR,
	[OBJ_VPIN].form = FORM_PAIR,
	[OBJ_DPCI].form = FORM_PAIR,
	[OBJ_VCPU].form = FORM_PAIR,
};

static const char *const machine_names[] = {
	[MACHINE_OWN] = "", [MACHINE_HOST] = "host", [MACHINE_XEN] = "xen", [MACHINE_DOM0] = "dom0",
	[MACHINE_GUEST] = "guest",
};

enum { NR_NAMED_MACHINES = sizeof(machine_names) / sizeof(machine_names[0]) };

/* Of identities: 24 bits of segment before bus, device and function; an entry's index behind those. */
enum { PCI_BITS = 40, ENTRY_BITS = 16, MAX_VECTOR = 0xff };

const char *object_kind_name(enum object_kind kind)
{
	return (unsigned)kind < NR_OBJECT_KINDS ? kinds[kind].name : "none";
}

uint64_t object_id_pci(unsigned segment, unsigned bus, unsigned dev, unsigned fn)
{
	return (uint64_t)(segment & 0xffffff) << 16 | (bus & 0xff) << 8 | (dev & 0x1f) << 3 | (fn & 7);
}

uint64_t object_id_entry(uint64_t pci_id, unsigned index)
{
	return pci_id << 16 | (index & 0xffff);
}

uint64_t object_id_pair(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

uint64_t object_entry_pci(uint64_t entry_id)
{
	return entry_id >> 16;
}

unsigned object_entry_index(uint64_t entry_id)
{
	return entry_id & 0xffff;
}

uint32_t object_pair_high(uint64_t id)
{
	return id >> 32;
}

uint32_t object_pair_low(uint64_t id)
{
	return (uint32_t)id;
}

void machine_print(char *buf, size_t len, unsigned machine)
{
	if (machine < NR_NAMED_MACHINES)
		snprintf(buf, len, "%s", machine_names[machine]);
	else
		snprintf(buf, len, "d%u", machine - MACHINE_DOMAIN);
}

bool machine_parse(const char *text, uint16_t *machine)
{
	unsigned long domain;
	char *end;

	for (unsigned i = MACHINE_HOST; i < NR_NAMED_MACHINES; i++) {
		if (!strcasecmp(text, machine_names[i])) {
			*machine = i;
			return true;
		}
	}
	if (tolower((unsigned char)text[0]) != 'd' || !isdigit((unsigned char)text[1]))
		return false;
	domain = strtoul(text + 1, &end, 10);
	if (*end || domain >= MACHINE_NR - MACHINE_DOMAIN)
		return false;
	*machine = domain ? MACHINE_DOMAIN + domain : MACHINE_DOM0;
	return true;
}

struct object_ref object_of_source(struct object_ref ref, uint16_t machine)
{
	if (ref.machine == MACHINE_OWN)
		ref.machine = machine;
	if (ref.kind == OBJ_IRQ && ref.machine == MACHINE_XEN)
		ref.machine = MACHINE_DOM0;
	if ((ref.kind != OBJ_PIRQ && ref.kind != OBJ_PORT) || (ref.machine != MACHINE_DOM0 && ref.machine <= MACHINE_DOMAIN))
		return ref;
	ref.id = object_id_pair(ref.machine == MACHINE_DOM0 ? 0 : ref.machine - MACHINE_DOMAIN, object_pair_low(ref.id));
	ref.machine = MACHINE_XEN;
	return ref;
}

static int print_pci(char *buf, size_t len, uint64_t id)
{
	return snprintf(buf, len, "%04x:%02x:%02x.%x", (unsigned)(id >> 16 & 0xffffffff), (unsigned)(id >> 8 & 0xff),
			(unsigned)(id >> 3 & 0x1f), (unsigned)(id & 7));
}

static int print_id(char *buf, size_t len, enum id_form form, uint64_t id)
{
	int n;

	switch (form) {
	case FORM_PAIR:
		return snprintf(buf, len, "%u.%u", object_pair_high(id), object_pair_low(id));
	case FORM_VECTOR:
		return snprintf(buf, len, "%u.0x%02x", object_pair_high(id), object_pair_low(id));
	case FORM_PCI:
		return print_pci(buf, len, id);
	case FORM_ENTRY:
		n = print_pci(buf, len, object_entry_pci(id));
		return n + snprintf(buf + n, len - n, "[%u]", object_entry_index(id));
	case FORM_NUMBER:
		break;
	}
	return snprintf(buf, len, "%llu", (unsigned long long)id);
}

void object_print(char *buf, size_t len, struct object_ref ref, unsigned generation)
{
	char text[128];
	int n = 0;

	if (ref.machine != MACHINE_OWN && ref.machine != MACHINE_HOST) {
		machine_print(text, sizeof(text), ref.machine);
		n = strlen(text);
		text[n++] = '/';
	}
	n += snprintf(text + n, sizeof(text) - n, "%s:", object_kind_name(ref.kind));
	n += print_id(text + n, sizeof(text) - n, kinds[ref.kind < NR_OBJECT_KINDS ? ref.kind : OBJ_NONE].form, ref.id);
	if (generation > 1)
		snprintf(text + n, sizeof(text) - n, "~%u", generation);
	snprintf(buf, len, "%s", text);
}

bool machine_valid(unsigned machine)
{
	return machine < NR_NAMED_MACHINES || (machine > MACHINE_DOMAIN && machine < MACHINE_NR);
}

bool object_valid(struct object_ref ref)
{
	if (ref.kind == OBJ_NONE || ref.kind >= NR_OBJECT_KINDS || !machine_valid(ref.machine))
		return false;
	switch (kinds[ref.kind].form) {
	case FORM_NUMBER:
		return ref.id <= UINT32_MAX;
	case FORM_VECTOR:
		return object_pair_low(ref.id) <= MAX_VECTOR;
	case FORM_PCI:
		return ref.id >> PCI_BITS == 0;
	case FORM_ENTRY:
		return ref.id >> PCI_BITS >> ENTRY_BITS == 0;
	case FORM_PAIR:
		break;
	}
	return true;
}

/* Digits of a base, at least one, at most up to max; moves *at behind them. */
static bool parse_number(const char **at, int base, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;
	const char *p = *at;

	for (;; p++) {
		int c = tolower((unsigned char)*p);
		int digit = isdigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;

		if (digit >= base)
			break;
		if ((unsigned)digit > max || v > (max - digit) / base)
			return false;
		v = v * base + digit;
	}
	if (p == *at)
		return false;
	*at = p;
	*value = v;
	return true;
}

static bool parse_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

bool object_parse_bdf(const char *text, uint64_t *id, const char **end)
{
	uint64_t segment, bus, dev, fn;

	if (!parse_number(&text, 16, 0xffffff, &segment) || !parse_char(&text, ':') ||
	    !parse_number(&text, 16, 0xffffff, &bus))
		return false;
	if (*text == '.') {
		/* "03:00.0": segment 0 left out */
		dev = bus;
		bus = segment;
		segment = 0;
	} else if (!parse_char(&text, ':') || !parse_number(&text, 16, 0x1f, &dev)) {
		return false;
	}
	if (!parse_char(&text, '.') || !parse_number(&text, 16, 7, &fn) || bus > 0xff || dev > 0x1f)
		return false;
	if (end)
		*end = text;
	else if (*text)
		return false;
	*id = object_id_pci(segment, bus, dev, fn);
	return true;
}

static bool parse_vector(const char **at, uint64_t *vector)
{
	if ((*at)[0] == '0' && ((*at)[1] == 'x' || (*at)[1] == 'X')) {
		*at += 2;
		return parse_number(at, 16, MAX_VECTOR, vector);
	}
	return parse_number(at, 10, MAX_VECTOR, vector);
}

static bool parse_id(const char **at, enum id_form form, uint64_t *id)
{
	uint64_t high, low;

	switch (form) {
	case FORM_NUMBER:
		return parse_number(at, 10, UINT32_MAX, id);
	case FORM_PCI:
		return object_parse_bdf(*at, id, at);
	case FORM_ENTRY:
		if (!object_parse_bdf(*at, &high, at) || !parse_char(at, '[') || !parse_number(at, 10, 0xffff, &low) ||
		    !parse_char(at, ']'))
			return false;
		*id = object_id_entry(high, low);
		return true;
	case FORM_PAIR:
	case FORM_VECTOR:
		if (!parse_number(at, 10, UINT32_MAX, &high) || !parse_char(at, '.'))
			return false;
		if (form == FORM_VECTOR ? !parse_vector(at, &low) : !parse_number(at, 10, UINT32_MAX, &low))
			return false;
		*id = object_id_pair(high, low);
		return true;
	}
	return false;
}

/* The longest kind name that text begins with, so that "msix" is not read as "msi". */
static enum object_kind parse_kind(const char **at)
{
	enum object_kind best = OBJ_NONE;
	size_t best_len = 0;

	for (int kind = OBJ_NONE + 1; kind < NR_OBJECT_KINDS; kind++) {
		size_t len = strlen(kinds[kind].name);

		if (len > best_len && !strncasecmp(*at, kinds[kind].name, len)) {
			best = kind;
			best_len = len;
		}
	}
	*at += best_len;
	return best;
}

/* "MACHINE/", where there is a slash; moves *at behind it. */
static bool parse_machine(const char **at, uint16_t *machine)
{
	size_t len = strcspn(*at, "/");
	char name[32];

	if (!(*at)[len])
		return true;
	if (len >= sizeof(name))
		return false;
	memcpy(name, *at, len);
	name[len] = 0;
	*at += len + 1;
	return machine_parse(name, machine);
}

/* A bare BDF is the function, one with an index its MSI-X entry. A bus may begin with a letter, like a kind. */
static bool parse_bare(const char **at, struct object_ref *ref)
{
	const char *p = *at;

	if (!object_parse_bdf(p, &ref->id, &p))
		return false;
	ref->kind = *p == '[' ? OBJ_MSIX : OBJ_PCI;
	return parse_id(at, kinds[ref->kind].form, &ref->id);
}

static bool parse_kind_and_id(const char **at, struct object_ref *ref)
{
	ref->kind = parse_kind(at);
	if (ref->kind == OBJ_NONE)
		return false;
	parse_char(at, ':');
	return parse_id(at, kinds[ref->kind].form, &ref->id);
}

bool object_parse(const char *text, struct object_ref *ref, unsigned *generation)
{
	struct object_ref out = { .machine = MACHINE_OWN };
	uint64_t gen = 0;

	if (!parse_machine(&text, &out.machine))
		return false;
	if (!parse_bare(&text, &out) && !parse_kind_and_id(&text, &out))
		return false;
	if (parse_char(&text, '~') && (!parse_number(&text, 10, UINT32_MAX, &gen) || !gen))
		return false;
	if (*text)
		return false;
	*ref = out;
	*generation = gen;
	return true;
}
