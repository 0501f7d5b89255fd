/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: backends simple|ctf OUT [DROP [FIRST_NS]]	the events of a log on standard input, as another backend would have written them
 *
 * A log of QEMU's log backend becomes a file of the simple backend, version 4, or a CTF trace as of its UST backend; a host's kvm
 * events, as trace-cmd prints them, become the CTF trace that LTTng makes of a kernel. DROP is the number of a record behind
 * which a hundred records more were dropped, 0: none. CTF's times count from FIRST_NS on, the first record's without. Knows the events of its test and their arguments by itself, and ends with a
 * status where a line is none of them.
 */
#include "../unit/ctf_builder.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>

enum { MAX_FIELDS = 6, MAX_TEXT = 64, NR_DROPPED = 100, PER_FILE = 400 };

/* In a form stands %d for a decimal number, %x for a hexadecimal one, %s for a word, %q for one in quotes. */
static const struct type {
	const char *name, *form, *fields[MAX_FIELDS];
} types[] = {
	{ "ioapic_set_irq", "vector: %d level: %d", { "vector", "level" } },
	{ "ioapic_set_remote_irr", "set remote irr for pin %d", { "n" } },
	{ "ioapic_clear_remote_irr", "clear remote irr for pin %d vector %d", { "n", "vector" } },
	{ "ioapic_eoi_broadcast", "EOI broadcast for vector %d", { "vector" } },
	{ "ioapic_mem_read", "ioapic mem read addr %x regsel: %x size %x retval %x", { "addr", "regsel", "size", "val" } },
	{ "ioapic_mem_write", "ioapic mem write addr %x regsel: %x size %x val %x", { "addr", "regsel", "size", "val" } },
	{ "kvm_irqchip_add_msi_route", "dev %s vector %d virq %d", { "name", "vector", "virq" } },
	{ "kvm_irqchip_update_msi_route", "Updating MSI route virq=%d", { "virq" } },
	{ "kvm_irqchip_commit_routes", "", { NULL } },
	{ "kvm_run_exit", "cpu_index %d, reason %d", { "cpu_index", "reason" } },
	{ "kvm_vm_ioctl", "type %x, arg %x", { "type", "arg" } },
	{ "memory_region_ops_write", "cpu %d mr %x addr %x value %x size %d name %q",
	  { "cpu_index", "mr", "addr", "value", "size", "name" } },
	/* a host's */
	{ "kvm_set_irq", "gsi %d level %d source %d", { "gsi", "level", "irq_source_id" } },
	{ "kvm_msi_set_irq", "dst %x vec %d %m", { "address", "data" } },
	{ "kvm_x86_apic_accept_irq", "apicid %d vec %d %m", { "apicid", "vec", "tm" } },
	{ "kvm_x86_eoi", "apicid %d vector %d", { "apicid", "vector" } },
	{ "kvm_userspace_exit", "reason %e", { "reason" } },
};

enum { NR_TYPES = sizeof(types) / sizeof(*types) };

struct record {
	const struct type *type;
	uint64_t t_ns, num[MAX_FIELDS];
	char text[MAX_FIELDS][MAX_TEXT];
	long tid;
};

static FILE *out;
static uint64_t nr_records;

static bool is_text(const struct type *type, unsigned field)
{
	const char *p = type->form;

	for (; (p = strchr(p, '%')); p++)
		if (!field--)
			return p[1] == 's' || p[1] == 'q';
	return false;
}

static unsigned nr_fields(const struct type *type)
{
	unsigned nr = 0;

	while (nr < MAX_FIELDS && type->fields[nr])
		nr++;
	return nr;
}

/* One argument; where it ends, NULL where it is none. */
static const char *take(char form, const char *at, uint64_t *num, char *text)
{
	char *end = NULL;

	switch (form) {
	case 'd':
		*num = strtoll(at, &end, 10);
		return end;
	case 'x':
		*num = strtoull(at, &end, 16);
		return strncmp(at, "(nil)", 5) ? end : at + 5;
	case 'm':	/* "(Fixed|level)" */
		*num = strstr(at, "|level") != NULL;
		return at + strlen(at);
	case 'e':	/* "KVM_EXIT_MMIO (6)" */
		at = strchr(at, '(');
		*num = at ? strtoull(at + 1, &end, 10) : 0;
		return at ? end + strlen(end) : NULL;
	default:
		return sscanf(at, form == 'q' ? "'%63[^']'%n" : "%63s%n", text, (int *)num) == 1 ? at + (int)*num : NULL;
	}
}

static bool parse(struct record *rec, const char *at)
{
	const char *form = rec->type->form;
	unsigned field = 0;

	while (*form) {
		if (*form != '%') {
			if (*form++ != *at++)
				return false;
			continue;
		}
		at = take(form[1], at, &rec->num[field], rec->text[field]);
		if (!at)
			return false;
		field++;
		form += 2;
	}
	if (!strcmp(rec->type->name, "kvm_msi_set_irq")) {
		rec->num[0] = 0xfee00000 | rec->num[0] << 12;
		rec->num[1] |= rec->num[2] << 15;
	}
	return !*at;
}

/* ---------------------------------------------------------------------------------------------------- simple */

static void put(uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		fputc(value >> 8 * i & 0xff, out);
}

static void simple_begin(const char *path)
{
	out = fopen(path, "w");
	if (!out)
		abort();
	put(UINT64_MAX, 8);
	put(UINT64_C(0xf2b177cb0aa429b4), 8);
	put(4, 8);
	for (unsigned i = 0; i < NR_TYPES; i++) {
		put(0, 8);
		put(i, 8);
		put(strlen(types[i].name), 4);
		fputs(types[i].name, out);
	}
}

static void simple_head(uint64_t id, uint64_t t_ns, unsigned len)
{
	put(1, 8);
	put(id, 8);
	put(t_ns, 8);
	put(24 + len, 4);
	put(4711, 4);
}

static void simple_record(const struct record *rec)
{
	unsigned nr = nr_fields(rec->type), len = 0;

	for (unsigned i = 0; i < nr; i++)
		len += is_text(rec->type, i) ? 4 + strlen(rec->text[i]) : 8;
	simple_head(rec->type - types, rec->t_ns, len);
	for (unsigned i = 0; i < nr; i++) {
		if (!is_text(rec->type, i)) {
			put(rec->num[i], 8);
			continue;
		}
		put(strlen(rec->text[i]), 4);
		fputs(rec->text[i], out);
	}
}

static void simple_drop(const struct record *rec)
{
	simple_head(UINT64_MAX - 1, rec->t_ns, 8);
	put(NR_DROPPED, 8);
}

/* ------------------------------------------------------------------------------------------------------- CTF */

static struct ctf_stream stream;
static const char *ctf_dir;
static uint64_t first_ns;

static void ctf_flush(void)
{
	char name[32];

	if (!stream.len)
		return;
	ctf_end(&stream);
	snprintf(name, sizeof(name), "channel0_%u", stream.cpu);
	ctf_file(ctf_dir, name, stream.bytes, stream.len);
	stream = (struct ctf_stream){ .cpu = stream.cpu + 1 };
}

static void ctf_describe(bool host)
{
	char *events;
	size_t len;
	FILE *text = open_memstream(&events, &len);

	for (unsigned i = 0; i < NR_TYPES; i++) {
		fprintf(text, "event { name = \"%s%s\"; id = %u; stream_id = 0; fields := struct { ", host ? "" : "qemu:", types[i].name, i);
		for (unsigned n = 0; n < nr_fields(&types[i]); n++)
			fprintf(text, "%s _%s; ", is_text(&types[i], n) ? "string" : "u64", types[i].fields[n]);
		fputs("}; };\n", text);
	}
	fclose(text);
	ctf_metadata(ctf_dir, host ? "domain = \"kernel\"; kernel_release = \"6.1.0\";" : "domain = \"ust\";", events);
	free(events);
}

/* A packet of its own begins behind what was dropped. */
static void ctf_drop(const struct record *rec)
{
	ctf_end(&stream);
	stream.discarded += NR_DROPPED;
	ctf_begin(&stream, 0, rec->t_ns - first_ns, rec->t_ns - first_ns);
}

/* The builder's stamps count from CTF_OFFSET_S on: only differences matter here. */
static void ctf_record(const struct record *rec)
{
	uint64_t t_ns = rec->t_ns - first_ns;

	if (nr_records % PER_FILE == 1)
		ctf_flush();
	if (!stream.len)
		ctf_begin(&stream, 0, t_ns, t_ns);
	ctf_event(&stream, rec->type - types, t_ns, rec->tid);
	for (unsigned i = 0; i < nr_fields(rec->type); i++) {
		if (is_text(rec->type, i))
			ctf_text(&stream, rec->text[i]);
		else
			ctf_put(&stream, rec->num[i], 8);
	}
	/* the packet's end is its last event's */
	for (unsigned i = 0; i < 8; i++)
		stream.bytes[stream.packet + 16 + i] = t_ns >> 8 * i;
}

/* ---------------------------------------------------------------------------------------------------- reading */

static const struct type *type_of(const char *name, size_t len)
{
	for (unsigned i = 0; i < NR_TYPES; i++)
		if (strlen(types[i].name) == len && !strncmp(types[i].name, name, len))
			return &types[i];
	return NULL;
}

/* "TID@SECONDS.MICROSECONDS:NAME ARGUMENTS", or "COMM-TID [CPU] SECONDS.MICROSECONDS: NAME: ARGUMENTS". False: none wanted. */
static bool read_line(char *line, struct record *rec)
{
	char name[MAX_TEXT] = "", *at = strchr(line, '@');
	uint64_t s, us;
	int n = 0;

	*rec = (struct record){ 0 };
	if (at && sscanf(line, "%ld@%" SCNu64 ".%" SCNu64 ":%63[a-z0-9_]%n", &rec->tid, &s, &us, name, &n) == 4) {
		rec->type = type_of(name, strlen(name));
	} else {
		at = strrchr(strtok(line, "["), '-');
		line = strtok(NULL, "");
		if (!at || !line || sscanf(line, "%*[0-9]] %" SCNu64 ".%" SCNu64 ": %63[a-z0-9_]:%n", &s, &us, name, &n) != 3)
			return false;
		rec->tid = strtol(at + 1, NULL, 10);
		if (!strcmp(name, "kvm_apic_accept_irq") || !strcmp(name, "kvm_eoi"))
			memmove(name + 8, name + 4, strlen(name + 4) + 1), memcpy(name + 4, "x86_", 4);
		rec->type = type_of(name, strlen(name));
		if (!rec->type)
			return false;
	}
	rec->t_ns = s * 1000000000 + us * 1000;
	for (at = line + n; isspace((unsigned char)*at); at++)
		;
	for (size_t len = strlen(at); len && isspace((unsigned char)at[len - 1]); len--)
		at[len - 1] = 0;
	if (rec->type && parse(rec, at))
		return true;
	fprintf(stderr, "backends: no such event: %s%s\n", name, at);
	exit(1);
}

int main(int argc, char **argv)
{
	uint64_t drop = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	bool has_first = argc > 4;
	bool simple, described = false;
	char line[1024];

	if (argc < 3)
		return 2;
	simple = !strcmp(argv[1], "simple");
	first_ns = has_first ? strtoull(argv[4], NULL, 10) : 0;
	ctf_dir = argv[2];
	if (simple)
		simple_begin(argv[2]);
	else
		mkdir(argv[2], 0777);
	while (fgets(line, sizeof(line), stdin)) {
		struct record rec;
		bool host = !strchr(line, '@');

		if (!read_line(line, &rec))
			continue;
		if (!simple && !described)
			ctf_describe(host);
		described = true;
		if (!has_first)
			first_ns = rec.t_ns;
		has_first = true;
		nr_records++;
		if (simple)
			simple_record(&rec);
		else
			ctf_record(&rec);
		if (simple && nr_records == drop)
			simple_drop(&rec);
		else if (nr_records == drop)
			ctf_drop(&rec);
	}
	if (!simple)
		ctf_flush();
	return simple && fclose(out);
}
