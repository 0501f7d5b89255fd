/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each row makes of a record, as kprobes and as fprobes, and what it says it can show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ingest/ftrace/rows.h"
#include "unit/ingest_sink.h"
#include "unit/trace_builder.h"

enum { FIRST_TYPE = 100, MAX_CASES = 64, CASE_CPU = 1, CASE_PID = 77 };

#define SYMBOL_BASE UINT64_C(0xffffffff81000000)

/*
 * A record, and the event that is to come of it; expected NULL: none. what: "p FUNCTION" and "r FUNCTION" sit on its
 * start and its end, "SYSTEM:EVENT" is a tracepoint. args: "NAME:TYPE=VALUE …"; TYPE is u8 to u64, s32, str (VALUE in
 * quotes where it has blanks) or ptr.
 */
struct row_case {
	const char *what, *args, *expected;
};

struct bench {
	struct tb tb;
	const struct row_case *cases;
	unsigned nr;
	const char *group;		/* of the probes */
	const char *formats[2 * MAX_CASES + 1];
	char format[MAX_CASES][2048];
	char names[MAX_CASES][64];	/* system, or group */
	char kallsyms[8192], hidden[256];
};

static struct bench *bench_new(const struct row_case *cases, const char *group)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->cases = cases;
	b->group = group;
	while (cases[b->nr].what)
		b->nr++;
	assert_true(b->nr <= MAX_CASES);
	b->tb.cmdlines = "77 some task\n";
	b->tb.nr_buffers = 1;
	b->tb.buffer[0] = (struct tb_buffer){ .name = "", .nr_cpus = 2 };
	b->tb.printk = "0xffffffff82000000 : \"dpm_suspend_noirq\"\n0xffffffff82000020 : \"dpm_resume_noirq\"\n"
		       "0xffffffff82000040 : \"freeze_processes\"\n";
	return b;
}

static bool is_probe(const char *what)
{
	return what[1] == ' ';
}

/* Functions lie 256 bytes apart in the order of the cases, one address for each name. */
static uint64_t address_of(const struct bench *b, const char *function)
{
	for (unsigned i = 0; i < b->nr; i++)
		if (is_probe(b->cases[i].what) && !strcmp(b->cases[i].what + 2, function))
			return SYMBOL_BASE + 0x100 * i;
	fail_msg("no function %s", function);
	return 0;
}

static void make_symbols(struct bench *b)
{
	size_t n = 0;

	for (unsigned i = 0; i < b->nr; i++)
		if (is_probe(b->cases[i].what) && address_of(b, b->cases[i].what + 2) == SYMBOL_BASE + 0x100 * i)
			n += snprintf(b->kallsyms + n, sizeof(b->kallsyms) - n, "%llx t %s\n",
				      (unsigned long long)(SYMBOL_BASE + 0x100 * i), b->cases[i].what + 2);
	n += snprintf(b->kallsyms + n, sizeof(b->kallsyms) - n,
		"%llx t takedown_cpu\n%llx t irq_affinity_online_cpu\n%llx t sched_cpu_activate\n%llx t "
		  "the_end\n%s",
		      (unsigned long long)SYMBOL_BASE + 0x10000, (unsigned long long)SYMBOL_BASE + 0x10100,
		      (unsigned long long)SYMBOL_BASE + 0x10200, (unsigned long long)SYMBOL_BASE + 0x10300, b->hidden);
	assert_true(n < sizeof(b->kallsyms));
	b->tb.kallsyms = b->kallsyms;
}

/* One "NAME:TYPE=VALUE"; *at moves behind it. False at the end. */
static bool next_arg(const char **at, char *name, char *type, char *value)
{
	size_t n;

	*at += strspn(*at, " ");
	if (!**at)
		return false;
	n = strcspn(*at, ":");
	memcpy(name, *at, n);
	name[n] = 0;
	*at += n + 1;
	n = strcspn(*at, "=");
	memcpy(type, *at, n);
	type[n] = 0;
	*at += n + 1;
	if (**at == '\'') {
		n = strcspn(*at + 1, "'");
		memcpy(value, *at + 1, n);
		value[n] = 0;
		*at += n + 2;
		return true;
	}
	n = strcspn(*at, " ");
	memcpy(value, *at, n);
	value[n] = 0;
	*at += n;
	return true;
}

static unsigned type_size(const char *type)
{
	if (!strcmp(type, "u8"))
		return 1;
	if (!strcmp(type, "u16"))
		return 2;
	return !strcmp(type, "u64") || !strcmp(type, "ptr") ? 8 : 4;
}

static const char *type_name(const char *type)
{
	if (!strcmp(type, "str"))
		return "__data_loc char[]";
	return !strcmp(type, "ptr") ? "const char *" : type;
}

static void make_format(struct bench *b, unsigned i)
{
	const struct row_case *c = &b->cases[i];
	char name[64], type[16], value[256], *to = b->format[i];
	const char *at = c->args, *event = is_probe(c->what) ? NULL : strchr(c->what, ':') + 1;
	unsigned offset = !is_probe(c->what) ? 8 : *c->what == 'p' ? 16 : 24;
	size_t n, len = sizeof(b->format[i]);

	n = snprintf(to, len, event ? "name: %s\nID: %u\n" : "name: %s%u\nID: %u\n", event ? event : "e",
		     FIRST_TYPE + i, FIRST_TYPE + i);
	n += snprintf(to + n, len - n, "format:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		      "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
		      "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
		      "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n");
	if (offset > 8)
		n += snprintf(to + n, len - n, "\tfield:unsigned long %s;\toffset:8;\tsize:8;\tsigned:0;\n",
			      offset == 16 ? "__probe_ip" : "__probe_func");
	if (offset > 16)
		n += snprintf(to + n, len - n, "\tfield:unsigned long "
		  "__probe_ret_ip;\toffset:16;\tsize:8;\tsigned:0;\n");
	while (next_arg(&at, name, type, value)) {
		n += snprintf(to + n, len - n, "\tfield:%s %s;\toffset:%u;\tsize:%u;\tsigned:%d;\n", type_name(type),
			      name, offset, type_size(type), *type == 's' && type[1] == '3');
		offset += type_size(type);
	}
	if (event && !strcmp(event, "suspend_resume"))
		snprintf(to + n, len - n, "\nprint fmt: \"%%s[%%u] %%s\", REC->action, (unsigned int)REC->val, "
			 "(REC->start)?\"begin\":\"end\"\n");
	else
		snprintf(to + n, len - n, "\nprint fmt: \"%%d\", REC->common_pid\n");
}

static void name_group(struct bench *b, unsigned i)
{
	const char *what = b->cases[i].what;

	if (is_probe(what))
		snprintf(b->names[i], sizeof(b->names[i]), "%s", b->group);
	else
		snprintf(b->names[i], sizeof(b->names[i]), "%.*s", (int)strcspn(what, ":"), what);
	b->formats[2 * i] = b->names[i];
	b->formats[2 * i + 1] = b->format[i];
}

/* The same tracepoint again has the type of the first. */
static unsigned type_of(const struct bench *b, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (!is_probe(b->cases[i].what) && !strcmp(b->cases[i].what, b->cases[j].what))
			return FIRST_TYPE + j;
	return FIRST_TYPE + i;
}

static void put_case(const struct bench *b, unsigned i, struct tb_page *page)
{
	const char *what = b->cases[i].what, *at = b->cases[i].args;
	char name[64], type[16], value[256];
	uint8_t bytes[1024] = { 0 };
	uint32_t len = 8, where[8], nr = 0, pid = CASE_PID;
	const char *texts[8];
	char text[8][256];
	uint64_t v;

	v = type_of(b, i);
	memcpy(bytes, &v, 2);
	memcpy(bytes + 4, &pid, 4);
	if (is_probe(what)) {
		v = address_of(b, what + 2);
		memcpy(bytes + 8, &v, 8);
		len = *what == 'p' ? 16 : 24;
	}
	while (next_arg(&at, name, type, value)) {
		if (!strcmp(type, "str")) {
			where[nr] = len;
			texts[nr] = strcpy(text[nr], value);
			nr++;
		} else {
			v = *value == '-' ? (uint64_t)strtoll(value, NULL, 0) : strtoull(value, NULL, 0);
			memcpy(bytes + len, &v, type_size(type));
		}
		len += type_size(type);
	}
	for (unsigned j = 0; j < nr; j++) {
		v = len | (uint64_t)(strlen(texts[j]) + 1) << 16;
		memcpy(bytes + where[j], &v, 4);
		strcpy((char *)bytes + len, texts[j]);
		len += strlen(texts[j]) + 1;
	}
	tb_long_record(page, 1, bytes, len);
}

static struct ingest_sink *bench_read(struct bench *b)
{
	struct ingest_options opt = { .in_process = true };
	struct ingest_sink *is = is_new();
	struct tb_page *page = tb_page(&b->tb, 0, CASE_CPU, 1000);
	char path[64];
	int fd;

	make_symbols(b);
	for (unsigned i = 0; i < b->nr; i++) {
		make_format(b, i);
		name_group(b, i);
		if (page->used > TB_PAGE - 1200)
			page = tb_page(&b->tb, 0, CASE_CPU, 1000 * (i + 2));
		put_case(b, i, page);
	}
	b->tb.formats = b->formats;
	tb_write(&b->tb);
	fd = tb_fd(&b->tb, b->tb.len);
	assert_true(is_read(is, tb_path(fd, path, sizeof(path)), &opt));
	close(fd);
	assert_int_equal(is->end.records, b->nr);
	return is;
}

/* Each case's event, in the order of the cases; a second event of a record is a line of its own behind a newline. */
static void expect_cases(struct ingest_sink *is, const struct row_case *cases)
{
	char buf[EVENT_TEXT_MAX], line[EVENT_TEXT_MAX];
	unsigned at = 0;

	for (; cases->what; cases++) {
		for (const char *p = cases->expected; p && *p; ) {
			size_t n = strcspn(p, "\n");

			snprintf(line, sizeof(line), "%.*s", (int)n, p);
			if (at >= is->nr_events)
				fail_msg("%s: nothing where '%s' should be", cases->what, line);
			assert_string_equal(is_line(is, at++, buf, sizeof(buf)), line);
			p += n + (p[n] == '\n');
		}
	}
	assert_int_equal(at, is->nr_events);
}

static void check_rows(const struct row_case *cases)
{
	static const char *const groups[] = { "irqpath", "kprobes", "fprobes" };

	for (unsigned i = 0; i < 3; i++) {
		struct bench *b = bench_new(cases, groups[i]);
		struct ingest_sink *is = bench_read(b);

		expect_cases(is, cases);
		assert_int_equal(is->diag.count[DIAG_WARNING], 0);
		is_free(is);
		free(b);
	}
}

static void expect_signal(const struct row_case *cases, const char *hidden, enum event_kind kind, enum witness witness,
			  const char *via, int grade)
{
	struct bench *b = bench_new(cases, "irqpath");
	const struct source_signal *signal;
	struct ingest_sink *is;

	snprintf(b->hidden, sizeof(b->hidden), "%s", hidden);
	is = bench_read(b);
	signal = is_find_signal(is, kind, witness, via);
	if (grade < 0)
		assert_null(signal);
	else
		assert_true(signal && signal->grade == grade);
	is_free(is);
	free(b);
}

#define PIN_ARGS "irq:u32=23 pin:s32=5 apic:s32=0 "

static void test_ioapic(void **state)
{
	static const struct row_case cases[] = {
		{ "p mask_ioapic_irq", PIN_ARGS "state:u32=0x1200 rte:u64=0x8823",
		  "irq.mask@shadow irq:23 pin:0.5 via=\"mask_ioapic_irq\" state=0x1200 rte=0x8823" },
		{ "p unmask_ioapic_irq", PIN_ARGS "w1:u32=0x18823 w2:u32=0x1000000 st:u32=0x1200",
		  "irq.unmask@shadow irq:23 pin:0.5 via=\"unmask_ioapic_irq\" state=0x1200 rte=0x100000000018823" },
		/* without the upper half, half an entry is none */
		{ "p startup_ioapic_irq", PIN_ARGS "w1:u32=0x18823",
		  "irq.unmask@shadow irq:23 pin:0.5 via=\"startup_ioapic_irq\"" },
		{ "p ioapic_ack_level", PIN_ARGS "state:u32=0x40 rte:u64=0x8823",
		  "irq.ack@shadow irq:23 pin:0.5 via=\"ioapic_ack_level\" state=0x40 rte=0x8823" },
		{ "p ioapic_ir_ack_level", "irq:u32=23", "irq.ack@shadow irq:23 via=\"ioapic_ir_ack_level\"" },
		{ "p ioapic_set_affinity", "irq:u32=23 mask:u64=0x2 state:u32=0x40 rte:u64=0x8823",
		  "irq.affinity@shadow irq:23 via=\"ioapic_set_affinity\" cpumask=0x2 state=0x40" },
		/* the entry as it was is not the one that is written */
		{ "p ioapic_configure_entry", "irq:u32=23 pin:s32=5 rte:u64=0x8823",
		  "ioapic.rte_write@intent irq:23 via=\"ioapic_configure_entry\"" },
		{ "p __ioapic_write_entry", "apic:s32=1 pin:s32=7 rte:u64=0x200000000008824",
		  "ioapic.rte_write@shadow pin:1.7 via=\"__ioapic_write_entry\" rte=0x200000000008824" },
		{ "p ioapic_mask_entry", "apic:s32=1 pin:s32=7",
		  "ioapic.rte_write@shadow pin:1.7 via=\"ioapic_mask_entry\" rte=0x10000" },
		{ "p eoi_ioapic_pin", "vec:s32=36 w1:u32=0x8824",
		  "ioapic.eoi@shadow via=\"eoi_ioapic_pin\" vector=36" },
		{ "p __eoi_ioapic_pin", "apic:s32=0 pin:s32=5 vector:s32=36",
		  "ioapic.eoi@shadow pin:0.5 via=\"__eoi_ioapic_pin\" vector=36" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_IRQ_ACK, WITNESS_SHADOW, "ioapic_ack_level", SIGNAL_COMPLETE);
	expect_signal(cases, "", EV_IOAPIC_RTE_WRITE, WITNESS_SHADOW, "__ioapic_write_entry", SIGNAL_PARTIAL);
	expect_signal(cases, "", EV_IOAPIC_RTE_WRITE, WITNESS_INTENT, "ioapic_configure_entry", SIGNAL_PARTIAL);
}

/* Only the low word of an entry has remote IRR, and the return alone does not tell what was read. */
static void test_ioapic_read(void **state)
{
	static const struct row_case cases[] = {
		{ "p native_io_apic_read", "apic:u32=0 reg:u32=0x1a", NULL },
		{ "r native_io_apic_read", "val:u32=0xc824",
		  "ioapic.remote_irr@shadow pin:0.5 via=\"native_io_apic_read\" value=0x1" },
		{ "r native_io_apic_read", "val:u32=0xc824", NULL },
		{ "p native_io_apic_read", "apic:u32=0 reg:u32=0x1a", NULL },
		{ "r native_io_apic_read", "ret:u32=0x8824",
		  "ioapic.remote_irr@shadow pin:0.5 via=\"native_io_apic_read\" value=0x0" },
		{ "p native_io_apic_read", "apic:u32=0 reg:u32=0x1b", NULL },
		{ "r native_io_apic_read", "val:u32=0x4000", NULL },
		{ "p native_io_apic_read", "apic:u32=0 reg:u32=1", NULL },
		{ "r native_io_apic_read", "val:u32=0x4000", NULL },
		{ 0 },
	};
	static const struct row_case alone[] = {
		{ "r native_io_apic_read", "val:u32=0xc824", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	check_rows(alone);
	expect_signal(cases, "", EV_IOAPIC_REMOTE_IRR, WITNESS_SHADOW, "native_io_apic_read", SIGNAL_PARTIAL);
	expect_signal(alone, "", EV_IOAPIC_REMOTE_IRR, WITNESS_SHADOW, "native_io_apic_read", -1);
}

static void test_msi_mask_bits(void **state)
{
	static const struct row_case cases[] = {
		/* one bit is one message's */
		{ "p pci_msi_update_mask",
		  "irq:u32=40 old:u32=0xf clr:u32=4 set:u32=0 attr:u8=0x80 dev:str=0000:05:00.0",
		  "pci.msi.mask@shadow msi:0000:05:00.0[2] irq:42 pci:0000:05:00.0 via=\"pci_msi_update_mask\" "
		  "value=0xb mask=0x4" },
		{ "p pci_msi_update_mask",
		  "irq:u32=40 old:u32=0 clear:u32=0 set:u32=3 can_mask:u8=1 bus:u8=5 devfn:u8=1",
		  "pci.msi.mask@shadow irq:40 pci:0000:05:00.1 via=\"pci_msi_update_mask\" value=0x3 mask=0x3" },
		/* written as it was, in a restore */
		{ "p pci_msi_update_mask", "irq:u32=40 old:u32=0xe clr:u32=0 set:u32=0 can_mask:u8=1",
		  "pci.msi.mask@shadow irq:40 via=\"pci_msi_update_mask\" value=0xe mask=0xffffffff" },
		/* the irqs are not there yet */
		{ "p pci_msi_update_mask", "irq:u32=0 clr:u32=0 set:u32=0xf can_mask:u8=1 dev:str=0000:05:00.0",
		  "pci.msi.mask@shadow pci:0000:05:00.0 via=\"pci_msi_update_mask\" value=0xf mask=0xf" },
		{ "p pci_msi_update_mask", "irq:u32=40 clr:u32=0 set:u32=1 attr:u8=0", NULL },
		/* whether it has mask bits is not told */
		{ "p pci_msi_update_mask", "irq:u32=40 clr:u32=1 set:u32=0",
		  "pci.msi.mask@intent irq:40 via=\"pci_msi_update_mask\" value=0x0 mask=0x1" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_PCI_MSI_MASK, WITNESS_SHADOW, "pci_msi_update_mask", SIGNAL_PARTIAL);
	expect_signal(cases + 5, "", EV_PCI_MSI_MASK, WITNESS_SHADOW, "pci_msi_update_mask", -1);
}

static void test_entries(void **state)
{
	static const struct row_case cases[] = {
		{ "p pci_irq_mask_msix", "irq:u32=40 idx:u16=3 dev:str=0000:05:00.0 ctrl:u32=0",
		  "irq.mask@shadow irq:40 msix:0000:05:00.0[3] via=\"pci_irq_mask_msix\" ctrl=0x0" },
		{ "p pci_irq_startup_msix", "irq:u32=40 idx:u16=3 dev:str=0000:05:00.0",
		  "irq.unmask@shadow irq:40 msix:0000:05:00.0[3] via=\"pci_irq_startup_msix\"" },
		{ "p pci_irq_shutdown_msi", "irq:u32=41 idx:u16=0 dev:str=0000:05:00.0",
		  "irq.mask@shadow irq:41 msi:0000:05:00.0[0] via=\"pci_irq_shutdown_msi\"" },
		/* segment, function and entry in one number: 1:05:00.0, entry 3 */
		{ "p pci_msi_mask_irq", "irq:u32=40 hwirq:u64=0x8280003 attr:u8=0x81",
		  "irq.mask@shadow irq:40 msix:0001:05:00.0[3] via=\"pci_msi_mask_irq\"" },
		{ "p unmask_msi_irq", "irq:u32=40 idx:u16=3 attr:u8=0x81 dev:str=0000:05:00.0",
		  "irq.unmask@shadow irq:40 msix:0000:05:00.0[3] via=\"unmask_msi_irq\"" },
		{ "p default_msix_mask_irq", "idx:u16=3 dev:str=0000:05:00.0 flag:u32=1",
		  "pci.msix.entry_mask@shadow msix:0000:05:00.0[3] via=\"default_msix_mask_irq\" masked=1" },
		/* of which entry is not told */
		{ "p default_msix_mask_irq", "flag:u32=1", NULL },
		/* several MSIs share the descriptor */
		{ "p pci_msi_unmask_irq", "irq:u32=42 hwirq:u64=0x280002 attr:u8=0x80 idx:u16=0 dev:str=0000:05:00.0",
		  "irq.unmask@shadow irq:42 msi:0000:05:00.0[2] via=\"pci_msi_unmask_irq\"" },
		/* domain of one device */
		{ "p pci_irq_unmask_msix", "irq:u32=40 hwirq:u64=3 dev:str=0000:05:00.0",
		  "irq.unmask@shadow irq:40 msix:0000:05:00.0[3] via=\"pci_irq_unmask_msix\"" },
		/* a pointer is no index */
		{ "p pci_irq_mask_msi", "irq:u32=40 entry:u64=0xffff888012345678 dev:str=0000:05:00.0",
		  "irq.mask@shadow irq:40 via=\"pci_irq_mask_msi\"" },
		{ "p pci_irq_mask_msi", "irq:u32=40 entry:u16=2048 dev:str=0000:05:00.0",
		  "irq.mask@shadow irq:40 via=\"pci_irq_mask_msi\"" },
		{ "p __pci_write_msi_msg", "irq:u32=40 attr:u8=0x81 lo:u32=0xfee01000 hi:u32=0 data:u32=0x31",
		  "pci.msix.entry_write@shadow irq:40 via=\"__pci_write_msi_msg\" addr_lo=0xfee01000 addr_hi=0x0 "
		  "data=0x31" },
		{ "p __pci_write_msi_msg", "irq:u32=40 attr:u8=0x80 idx:u16=0 dev:str=0000:05:00.0 data:u32=0x31",
		  "pci.msi.write@shadow irq:40 msi:0000:05:00.0[0] via=\"__pci_write_msi_msg\" data=0x31" },
		{ "p __pci_write_msi_msg", "irq:u32=40 lo:u32=0xfee01000 hi:u32=0 data:u32=0x31", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "ffffffff8200f000 t pci_irq_shutdown_msix\n", EV_IRQ_MASK, WITNESS_SHADOW,
		      "pci_irq_mask_msix", SIGNAL_PARTIAL);
	expect_signal(cases, "", EV_IRQ_MASK, WITNESS_SHADOW, "pci_irq_mask_msix", SIGNAL_COMPLETE);
	expect_signal(cases, "", EV_IRQ_UNMASK, WITNESS_SHADOW, "pci_irq_unmask_msix", SIGNAL_PARTIAL);
}

static void test_pci(void **state)
{
	static const struct row_case cases[] = {
		{ "p pci_bus_write_config_word", "bus:u8=3 devfn:u8=8 pos:u16=4 val:u32=0x406",
		  "pci.command@shadow pci:0000:03:01.0 via=\"pci_bus_write_config_word\" value=0x406 mask=0xffff" },
		{ "p pci_bus_write_config_word", "bus:u8=3 devfn:u8=8 where:u16=0x52 value:u32=0x80", NULL },
		{ "p pci_bus_write_config_dword", "bus:u8=3 devfn:u8=8 segment:u16=1 pos:u16=4 val:u32=0xf9000402",
		  "pci.command@shadow pci:0001:03:01.0 via=\"pci_bus_write_config_dword\" value=0x402 mask=0xffff" },
		/* a pointer to the bus is not its number */
		{ "p pci_bus_write_config_dword", "bus:u64=0xffff888012345678 devfn:u32=8 pos:u16=4 val:u32=2", NULL },
		{ "p pcie_flr", "bus:u32=0x1234 devfn:u32=8", "pci.reset@shadow via=\"pcie_flr\"" },
		{ "p pci_restore_msi_state", "bus:u8=3 devfn:u8=8",
		  "pci.restore@intent pci:0000:03:01.0 via=\"pci_restore_msi_state\"" },
		{ "p xen_initdom_restore_msi", "dev:str=0000:03:01.0",
		  "pci.restore@intent pci:0000:03:01.0 via=\"xen_initdom_restore_msi\"" },
		{ "p pci_dev_restore", "dev:str=0000:03:01.0",
		  "pci.restore@intent pci:0000:03:01.0 via=\"pci_dev_restore\"" },
		{ "p pcie_flr", "dev:str=0000:03:01.0", "pci.reset@shadow pci:0000:03:01.0 via=\"pcie_flr\"" },
		{ "p pci_reset_function", "bus:u8=3 devfn:u8=8",
		  "pci.reset@intent pci:0000:03:01.0 via=\"pci_reset_function\"" },
		{ "p __pci_enable_msi_range", "bus:u8=3 devfn:u8=8 maxvec:s32=4",
		  "pci.msi.enable@intent pci:0000:03:01.0 via=\"__pci_enable_msi_range\" enable=1 nvec=4" },
		{ "r __pci_enable_msi_range", "ret:s32=4",
		  "pci.msi.enable@shadow pci:0000:03:01.0 via=\"__pci_enable_msi_range\" enable=1 ret=4" },
		{ "p pci_disable_msi", "dev:str=0000:03:01.0",
		  "pci.msi.enable@intent pci:0000:03:01.0 via=\"pci_disable_msi\" enable=0" },
		{ "p evtchn_fifo_bind_to_cpu", "evtchn:u32=27 cpu:u32=1 old:u32=0",
		  "xen.evtchn.vcpu@shadow port:0.27 via=\"evtchn_fifo_bind_to_cpu\" target_cpu=1" },
		/* of the whole kernel */
		{ "p xen_irq_resume", "unused:u8=0", "xen.evtchn.resume@shadow via=\"xen_irq_resume\"" },
		/* whose is not told */
		{ "p pci_disable_msix", "dev:u64=0xffff888012345678", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_PCI_RESTORE, WITNESS_INTENT, "pci_restore_msi_state", SIGNAL_COMPLETE);
}

static void test_vectors(void **state)
{
	static const struct row_case cases[] = {
		{ "p msi_set_affinity", "irq:u32=29 mask:u64=2 state:u32=0x40",
		  "irq.affinity@shadow irq:29 via=\"msi_set_affinity\" cpumask=0x2 state=0x40" },
		{ "p apic_set_affinity", "irq:u32=29 mask:u64=2 vector:u32=36 cpu:u32=1",
		  "irq.affinity@shadow irq:29 via=\"apic_set_affinity\" cpumask=0x2 vector=36 target_cpu=1" },
		/* a pointer is no mask */
		{ "p irq_do_set_affinity", "irq:u32=29 mask:u64=0xffff888012345678 force:u8=1",
		  "irq.affinity@shadow irq:29 via=\"irq_do_set_affinity\" force=1" },
		{ "p irq_set_affinity_locked", "irq:u32=29 mask:u64=0xffffffffffffffff force:u8=1",
		  "irq.affinity@intent irq:29 via=\"irq_set_affinity_locked\" cpumask=0xffffffffffffffff force=1" },
		{ "p apic_update_vector", "irq:u32=29 oldvec:u32=36 oldcpu:u32=1 newvec:u32=37 newcpu:u32=0",
		  "vector.update@shadow irq:29 via=\"apic_update_vector\" vector=37 target_cpu=0 prev_vector=36 "
		  "prev_cpu=1" },
		{ "p __send_cleanup_vector", "irq:u32=29 v:u32=37 c:u32=0 pv:u32=36 pc:u32=1",
		  "vector.cleanup@shadow irq:29 via=\"__send_cleanup_vector\" vector=37 target_cpu=0 prev_vector=36 "
		  "prev_cpu=1" },
		{ "p vector_schedule_cleanup", "irq:u32=29",
		  "vector.cleanup@intent irq:29 via=\"vector_schedule_cleanup\"" },
		{ "p __vector_schedule_cleanup", "irq:u32=29",
		  "vector.cleanup@shadow irq:29 via=\"__vector_schedule_cleanup\"" },
		{ "p __common_interrupt", "vec:u8=36",
		  "vector.arrive@shadow vector:1.0x24 via=\"__common_interrupt\" vector=36" },
		{ "p handle_bad_irq", "irq:u32=29 depth:u32=1",
		  "harm.no_handler@shadow irq:29 via=\"handle_bad_irq\"" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
}

/* The tracepoint within the function says the same. */
static void test_tracepoint_replaces_probe(void **state)
{
	static const struct row_case cases[] = {
		{ "p apic_update_vector", "irq:u32=29 oldvec:u32=36 oldcpu:u32=1 newvec:u32=37 newcpu:u32=0", NULL },
		{ "irq_vectors:vector_update", "irq:u32=29 vector:u32=37 cpu:u32=0 prev_vector:u32=36 prev_cpu:u32=1",
		  "vector.update@shadow irq:29 via=\"vector_update\" vector=37 target_cpu=0 prev_vector=36 "
		  "prev_cpu=1" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_VECTOR_UPDATE, WITNESS_SHADOW, "apic_update_vector", -1);
}

static void test_setup_result(void **state)
{
	static const struct row_case cases[] = {
		{ "p __setup_irq", "irq:u32=29 name:str=nvme0q1",
		  "irq.setup@intent irq:29 via=\"__setup_irq\" name=\"nvme0q1\"" },
		{ "r __setup_irq", "ret:s32=-28", "irq.setup_result@shadow irq:29 via=\"__setup_irq\" ret=-28" },
		{ "r __setup_irq", "ret:s32=0", NULL },
		/* nested in another call that is remembered */
		{ "p __setup_irq", "irq:u32=30", "irq.setup@intent irq:30 via=\"__setup_irq\"" },
		{ "p native_io_apic_read", "apic:u32=0 reg:u32=0x1a", NULL },
		{ "r __setup_irq", "ret:s32=0", "irq.setup_result@shadow irq:30 via=\"__setup_irq\" ret=0" },
		{ "r __setup_irq", "irq:u32=31 ret:s32=0", "irq.setup_result@shadow irq:31 via=\"__setup_irq\" ret=0" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_IRQ_SETUP_RESULT, WITNESS_SHADOW, "__setup_irq", SIGNAL_PARTIAL);
}

#define QI "qw1:u64=0 qw2:u64=0 qw3:u64=0 iommu:str=dmar1"

static void test_remapping(void **state)
{
	static const struct row_case cases[] = {
		{ "p intel_ir_set_affinity", "irq:u32=29 idx:u16=27 lo:u64=0x0000010000310001 mask:u64=2",
		  "irte.write@intent irq:29 via=\"intel_ir_set_affinity\"" },
		/* the flush that the call made; before, one of another entry; all entries, or other caches */
		{ "intel_iommu:qi_submit", "qw0:u64=0x0000001c00000014 " QI,
		  "irte.write@inferred irte:1.28 via=\"qi_submit\"" },
		{ "intel_iommu:qi_submit", "qw0:u64=0x0000001b00000014 " QI,
		  "irte.write@inferred irte:1.27 irq:29 via=\"qi_submit\"" },
		{ "intel_iommu:qi_submit", "qw0:u64=0x4 " QI, NULL },
		{ "intel_iommu:qi_submit", "qw0:u64=0x0000001b00000012 " QI, NULL },
		/* an APIC id of 8 bits and one of 32 cannot be told apart */
		{ "r intel_ir_set_affinity", "ret:s32=0 lo:u64=0x0000010000320001",
		  "irte.write@shadow irq:29 via=\"intel_ir_set_affinity\" value=0x10000320001 vector=50" },
		{ "r intel_ir_set_affinity", "ret:s32=-16 lo:u64=0x0000010000320001", NULL },
		{ "r intel_irq_remapping_activate",
		  "irq:u32=30 iommu:str=dmar0 idx:u16=27 sub:u16=2 lo:u64=0x0000000300330001 ret:s32=0",
		  "irte.write@shadow irte:0.29 irq:30 via=\"intel_irq_remapping_activate\" value=0x300330001 "
		  "vector=51 apicdest=0x3" },
		/* posted: the vector is the guest's */
		{ "r intel_irq_remapping_activate", "irq:u32=30 lo:u64=0x0000000300338001 ret:s32=0",
		  "irte.write@shadow irq:30 via=\"intel_irq_remapping_activate\" value=0x300338001" },
		{ "p intel_irq_remapping_deactivate", "irq:u32=30 iommu:str=dmar0 idx:u16=27 lo:u64=0x0000000300330001",
		  "irte.write@shadow irte:0.27 irq:30 via=\"intel_irq_remapping_deactivate\" value=0x0" },
		{ "p modify_irte_ga", "devid:u16=0x28 index:s32=5 lo:u64=0x0000000000000301 hi:u64=0x0100000000000031",
		  "irte.write@shadow irte:40.5 via=\"modify_irte_ga\" value=0x301 vector=49 apicdest=0x1000003" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
}

static void test_posting(void **state)
{
	static const struct row_case cases[] = {
		{ "kvm:kvm_pi_irte_update", "host_irq:u32=60 vcpu_id:u32=1 gsi:u32=24 gvec:u32=49 set:u8=1",
		  "kvm.posted_on@shadow irq:60 via=\"kvm_pi_irte_update\" vector=49" },
		{ "kvm:kvm_pi_irte_update", "host_irq:u32=60 vcpu_id:u32=1 gsi:u32=24 gvec:u32=49 set:u8=0",
		  "kvm.posted_off@shadow irq:60 via=\"kvm_pi_irte_update\"" },
		{ "p irq_set_vcpu_affinity", "irq:u32=60 info:u64=0xffff888012345678",
		  "kvm.posted_on@intent irq:60 via=\"irq_set_vcpu_affinity\"" },
		{ "p irq_set_vcpu_affinity", "irq:u32=60 info:u64=0",
		  "kvm.posted_off@intent irq:60 via=\"irq_set_vcpu_affinity\"" },
		{ "p irq_set_vcpu_affinity", "irq:u32=60", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_KVM_POSTED_OFF, WITNESS_SHADOW, "kvm_pi_irte_update", SIGNAL_COMPLETE);
}

#define VIA_LINE "kvm.line@hardware guest/gsi:23 via=\"kvm_set_irq\" level=1 line_source=0"

/* QEMU's IO-APIC: the route shows itself in the message that is accepted; a message alone is none. */
static void test_kvm_routes(void **state)
{
	static const struct row_case cases[] = {
		{ "kvm:kvm_set_irq", "gsi:u32=23 level:s32=1 irq_source_id:s32=0", VIA_LINE },
		{ "kvm:kvm_msi_set_irq", "address:u64=0xfee02000 data:u64=0x8021", NULL },
		{ "kvm:kvm_apic_accept_irq", "apicid:u32=2 dm:u16=0 tm:u16=1 vec:u8=33",
		  "kvm.accept@hardware guest/vcpu:0.2 guest/vector:2.0x21 guest/kroute:23 via=\"kvm_apic_accept_irq\" vector=33 level=1 "
		  "mode=0 addr_lo=0xfee02000 addr_hi=0x0 data=0x8021" },
		{ "kvm:kvm_eoi", "apicid:u32=2 vector:s32=33", "lapic.eoi@hardware guest/vector:2.0x21 via=\"kvm_eoi\" vector=33" },
		{ "kvm:kvm_userspace_exit", "reason:u32=26 errno:s32=0",
		  "kvm.eoi_exit@hardware guest/vcpu:0.2 guest/vector:2.0x21 via=\"kvm_userspace_exit\" vector=33" },
		/* one EOI, one exit; of others the first is news */
		{ "kvm:kvm_userspace_exit", "reason:u32=26 errno:s32=0", NULL },
		{ "kvm:kvm_userspace_exit", "reason:u32=6 errno:s32=0", NULL },
		{ "kvm:kvm_eoi", "apicid:u32=2 vector:s32=34", "lapic.eoi@hardware guest/vector:2.0x22 via=\"kvm_eoi\" vector=34" },
		{ "kvm:kvm_userspace_exit", "reason:u32=6 errno:s32=0",
		  "kvm.user_exit@hardware guest/vcpu:0.2 guest/vector:2.0x22 via=\"kvm_userspace_exit\" vector=34" },
		{ "kvm:kvm_userspace_exit", "reason:u32=6 errno:s32=0", NULL },
		/* the message of another route, scanned: not what is accepted */
		{ "kvm:kvm_set_irq", "gsi:u32=23 level:s32=1 irq_source_id:s32=0", VIA_LINE },
		{ "kvm:kvm_msi_set_irq", "address:u64=0xfee02000 data:u64=0x8022", NULL },
		{ "kvm:kvm_apic_accept_irq", "apicid:u32=2 dm:u16=0 tm:u16=1 vec:u8=33",
		  "kvm.accept@hardware guest/vcpu:0.2 guest/vector:2.0x21 via=\"kvm_apic_accept_irq\" vector=33 level=1 mode=0" },
		/* an irqfd's, or a device's own */
		{ "kvm:kvm_inj_virq", "vector:u32=33 soft:u8=0 reinjected:u8=0",
		  "lapic.deliver@hardware guest/vector:2.0x21 via=\"kvm_inj_virq\" vector=33" },
		{ "kvm:kvm_inj_virq", "vector:u32=33 soft:u8=0 reinjected:u8=1", NULL },
		{ "kvm:kvm_msi_set_irq", "address:u64=0xfee02000 data:u64=0x4031", NULL },
		{ "kvm:kvm_apic_accept_irq", "apicid:u32=2 dm:u16=0x100 tm:u16=0 vec:u8=49",
		  "kvm.accept@hardware guest/vcpu:0.2 guest/vector:2.0x31 via=\"kvm_apic_accept_irq\" vector=49 level=0 mode=1 "
		  "addr_lo=0xfee02000 addr_hi=0x0 data=0x4031" },
		{ "kvm:kvm_set_irq", "gsi:u32=0xffffffff level:s32=1 irq_source_id:s32=0", NULL },
		{ "kvm:kvm_apic_accept_irq", "apicid:u32=0xffffffff dm:u16=0 tm:u16=1 vec:u8=33", NULL },
		{ "kvm:kvm_eoi", "apicid:u32=2 vector:s32=-1", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_KVM_ACCEPT, WITNESS_HARDWARE, "kvm_apic_accept_irq", SIGNAL_COMPLETE);
	expect_signal(cases, "", EV_KVM_EOI_EXIT, WITNESS_HARDWARE, "kvm_userspace_exit", SIGNAL_COMPLETE);
	expect_signal(cases, "", EV_LAPIC_EOI, WITNESS_HARDWARE, "kvm_eoi", SIGNAL_PARTIAL);
}

#define PIN_19 "via=\"kvm_ioapic_set_irq\" rte=0x8023"

/* KVM's own IO-APIC: what was accepted between a line and its pin is the pin's; what an EOI's pin sends again is, too. */
static void test_kvm_pins(void **state)
{
	static const struct row_case cases[] = {
		{ "kvm:kvm_set_irq", "gsi:u32=19 level:s32=1 irq_source_id:s32=1",
		  "kvm.line@hardware guest/gsi:19 via=\"kvm_set_irq\" level=1 line_source=1" },
		{ "kvm:kvm_apic_accept_irq", "apicid:u32=0 dm:u16=0 tm:u16=1 vec:u8=35",
		  "kvm.accept@hardware guest/vcpu:0.0 guest/vector:0.0x23 via=\"kvm_apic_accept_irq\" vector=35 level=1 mode=0" },
		{ "kvm:kvm_ioapic_set_irq", "e:u64=0x8023 pin:s32=19 coalesced:u8=0",
		  "kvm.pin@hardware guest/pin:0.19 " PIN_19 " level=1 line_source=1 coalesced=0 vector=35" },
		/* without its line nothing is known but the entry */
		{ "kvm:kvm_ioapic_set_irq", "e:u64=0x8023 pin:s32=19 coalesced:u8=0",
		  "kvm.pin@hardware guest/pin:0.19 " PIN_19 " coalesced=0" },
		{ "kvm:kvm_ack_irq", "irqchip:u32=2 pin:u32=19", "kvm.ack@hardware guest/pin:0.19 via=\"kvm_ack_irq\"" },
		{ "kvm:kvm_apic_accept_irq", "apicid:u32=0 dm:u16=0 tm:u16=1 vec:u8=35",
		  "kvm.accept@hardware guest/vcpu:0.0 guest/vector:0.0x23 guest/pin:0.19 via=\"kvm_apic_accept_irq\" vector=35 level=1 "
		  "mode=0" },
		/* an edge is no pin's that an EOI was for */
		{ "kvm:kvm_ack_irq", "irqchip:u32=2 pin:u32=19", "kvm.ack@hardware guest/pin:0.19 via=\"kvm_ack_irq\"" },
		{ "kvm:kvm_apic_accept_irq", "apicid:u32=0 dm:u16=0 tm:u16=0 vec:u8=236",
		  "kvm.accept@hardware guest/vcpu:0.0 guest/vector:0.0xec via=\"kvm_apic_accept_irq\" vector=236 level=0 mode=0" },
		{ "kvm:kvm_ack_irq", "irqchip:u32=0 pin:u32=4", NULL },
		{ "kvm:kvm_ack_irq", "irqchip:u32=2 pin:u32=24", NULL },
		{ "kvm:kvm_ioapic_set_irq", "e:u64=0x8023 pin:s32=-1 coalesced:u8=0", NULL },
		{ "kvm:kvm_ioapic_delayed_eoi_inj", "e:u64=0xc023", "ioapic.throttle@hardware via=\"kvm_ioapic_delayed_eoi_inj\" vector=35" },
		{ "kvm:kvm_mmio", "type:u32=2 len:u32=4 gpa:u64=0xfec00000 val:u64=0x36", NULL },
		{ "kvm:kvm_mmio", "type:u32=2 len:u32=4 gpa:u64=0xfec00010 val:u64=0x18023",
		  "ioapic.rte_write@hardware guest/pin:0.19 via=\"kvm_mmio\" rte=0x18023 mask=0xffffffff" },
		{ "kvm:kvm_mmio", "type:u32=1 len:u32=4 gpa:u64=0xfec00010 val:u64=0x8023", NULL },
		{ "kvm:kvm_mmio", "type:u32=2 len:u32=0xffffffff gpa:u64=0xfec00010 val:u64=0x8023", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_KVM_PIN, WITNESS_HARDWARE, "kvm_ioapic_set_irq", SIGNAL_COMPLETE);
	expect_signal(cases, "", EV_KVM_ACK, WITNESS_HARDWARE, "kvm_ack_irq", SIGNAL_COMPLETE);
}

static void test_platform(void **state)
{
	static const struct row_case cases[] = {
		{ "msr:write_msr", "msr:u32=0x830 val:u64=0x0000000200004031 failed:s32=0",
		  "lapic.ipi@hardware via=\"write_msr\" vector=49 apicdest=0x2 mode=0" },
		/* to all but itself: the destination does not count */
		{ "msr:write_msr", "msr:u32=0x830 val:u64=0x00000000000c00fd failed:s32=0",
		  "lapic.ipi@hardware via=\"write_msr\" vector=253 mode=0" },
		{ "msr:write_msr", "msr:u32=0x80b val:u64=0 failed:s32=0", NULL },
		{ "msr:write_msr", "msr:u32=0x830 val:u64=0x31 failed:s32=-5", NULL },
		{ "nmi:nmi_handler", "handler:u64=0 delta_ns:u64=500 handled:s32=1",
		  "nmi.enter@hardware cpu:1 via=\"nmi_handler\"" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
}

#define CPUHP "cpuhp:cpuhp_enter"
#define MATRIX "online_maps:u32=2 global_available:u32=300 global_reserved:u32=4 total_allocated:u32=9"

static void test_hotplug(void **state)
{
	static const struct row_case cases[] = {
		{ CPUHP, "cpu:u32=3 target:s32=0 idx:s32=86 fun:u64=0xffffffff81010000", NULL },
		{ "irq_matrix:irq_matrix_offline", MATRIX,
		  "vector.matrix@shadow via=\"irq_matrix_offline\" op=\"offline\" global_available=300 "
		  "global_reserved=4 total_allocated=9\n"
		  "cpu.offline@shadow cpu:1 via=\"irq_matrix_offline\"" },
		{ "cpuhp:cpuhp_exit", "cpu:u32=3 state:s32=86 idx:s32=85 ret:s32=0", NULL },
		/* refused: it stays */
		{ "cpuhp:cpuhp_exit", "cpu:u32=3 state:s32=86 idx:s32=86 ret:s32=-28",
		  "cpu.online@shadow cpu:3 via=\"cpuhp_exit\"" },
		{ "cpuhp:cpuhp_exit", "cpu:u32=3 state:s32=86 idx:s32=86 ret:s32=0",
		  "cpu.offline@shadow cpu:3 via=\"cpuhp_exit\"" },
		{ CPUHP, "cpu:u32=3 target:s32=230 idx:s32=210 fun:u64=0xffffffff81010200", NULL },
		{ CPUHP, "cpu:u32=3 target:s32=230 idx:s32=211 fun:u64=0xffffffff81010100",
		  "cpu.online@shadow cpu:3 via=\"cpuhp_enter\"" },
		{ "irq_matrix:irq_matrix_online", MATRIX,
		  "vector.matrix@shadow via=\"irq_matrix_online\" op=\"online\" global_available=300 "
		  "global_reserved=4 total_allocated=9\n"
		  "cpu.online@shadow cpu:1 via=\"irq_matrix_online\"" },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_CPU_OFFLINE, WITNESS_SHADOW, "irq_matrix_offline", SIGNAL_COMPLETE);
}

static void test_suspend(void **state)
{
	static const struct row_case cases[] = {
		{ "power:suspend_resume", "action:ptr=0xffffffff82000000 val:s32=2 start:u8=1",
		  "machine.suspend@shadow via=\"suspend_resume\" enable=1 reason=\"dpm_suspend_noirq begin\"" },
		{ "power:suspend_resume", "action:ptr=0xffffffff82000000 val:s32=2 start:u8=0",
		  "machine.suspend@shadow via=\"suspend_resume\" enable=1 reason=\"dpm_suspend_noirq end\"" },
		{ "power:suspend_resume", "action:ptr=0xffffffff82000020 val:s32=16 start:u8=1",
		  "machine.suspend@shadow via=\"suspend_resume\" enable=1 reason=\"dpm_resume_noirq begin\"" },
		{ "power:suspend_resume", "action:ptr=0xffffffff82000020 val:s32=16 start:u8=0",
		  "machine.suspend@shadow via=\"suspend_resume\" enable=0 reason=\"dpm_resume_noirq end\"" },
		{ "power:suspend_resume", "action:ptr=0xffffffff82000040 val:s32=0 start:u8=1", NULL },
		/* a text that the file does not have */
		{ "power:suspend_resume", "action:ptr=0xffffffff82009999 val:s32=0 start:u8=1", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
}

static void test_messages(void **state)
{
	static const struct row_case cases[] = {
		{ "printk:console", "msg:str='irq 16: nobody cared (try booting with the \"irqpoll\" option)\n'",
		  "irq.spurious@shadow irq:16 via=\"console\"" },
		{ "printk:console", "msg:str='__common_interrupt: 2.37 No irq handler for vector'",
		  "harm.no_handler@shadow vector:2.0x25 via=\"console\" text=\"__common_interrupt: 2.37 No irq "
		  "handler for vector\"" },
		{ "printk:console", "msg:str='nvme nvme0: I/O 11 QID 3 timeout, completion polled'",
		  "harm.timeout@shadow via=\"console\" name=\"nvme0q3\" text=\"nvme nvme0: I/O 11 QID 3 timeout, "
		  "completion polled\"" },
		{ "printk:console", "msg:str='random: crng init done'", NULL },
		{ 0 },
	};

	(void)state;
	check_rows(cases);
	expect_signal(cases, "", EV_HARM_WATCHDOG, WITNESS_SHADOW, "console", SIGNAL_PARTIAL);
	expect_signal(cases, "", EV_IRQ_SPURIOUS, WITNESS_SHADOW, "console", SIGNAL_PARTIAL);
}

/* docs/probe-arguments.md has each list of names as one cell. */
static void test_documented_names(void **state)
{
	const char *top = getenv("TOP");
	char path[4096], text[16384], cell[256];
	size_t n;
	FILE *in;

	(void)state;
	snprintf(path, sizeof(path), "%s/docs/probe-arguments.md", top ? top : ".");
	in = fopen(path, "r");
	if (!in)
		skip();
	n = fread(text, 1, sizeof(text) - 1, in);
	text[n] = 0;
	fclose(in);
	for (const struct row_alias *alias = row_aliases; alias->to != TO_NONE; alias++) {
		n = snprintf(cell, sizeof(cell), "|");
		for (int i = 0; alias->names[i]; i++)
			n += snprintf(cell + n, sizeof(cell) - n, " `%s`", alias->names[i]);
		snprintf(cell + n, sizeof(cell) - n, " |\n");
		if (!strstr(text, cell))
			fail_msg("not documented: %s", cell);
	}
}

static bool is_alias(const char *name)
{
	for (const struct row_alias *alias = row_aliases; alias->to != TO_NONE; alias++)
		for (int i = 0; alias->names[i]; i++)
			if (!strcmp(alias->names[i], name))
				return true;
	return false;
}

/* Parameters go by names that rows know, and a function without a row would be for nothing. */
static void test_params_fit_rows(void **state)
{
	(void)state;
	for (const struct function_params *params = function_params; params->function; params++) {
		bool known = false;

		for (const struct function_row *row = function_rows; row->function; row++)
			known = known || !strcmp(row->function, params->function);
		assert_true(known);
		for (int i = 0; i < FUNCTION_MAX_PARAMS && params->param[i].size_bytes; i++)
			assert_true(!params->param[i].name || is_alias(params->param[i].name));
	}
}

/* A row's fields are arguments of its kind; a constant is one too. */
static void test_rows_fit_their_kinds(void **state)
{
	(void)state;
	for (const struct tracepoint_row *row = tracepoint_rows; row->name; row++)
		for (int i = 0; i < ROW_MAX_FIELDS && row->fields[i].name; i++)
			assert_true(row->fields[i].to >= NR_ARG_IDS ||
				    event_arg_index(row->kind, row->fields[i].to) >= 0);
	for (const struct function_row *row = function_rows; row->function; row++) {
		assert_true(row->kind > EV_NONE && row->kind < NR_EVENT_KINDS);
		assert_true(!row->constant.arg || event_arg_index(row->kind, row->constant.arg) >= 0);
		assert_true(row - function_rows < 128);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ioapic),
		cmocka_unit_test(test_ioapic_read),
		cmocka_unit_test(test_msi_mask_bits),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_pci),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_tracepoint_replaces_probe),
		cmocka_unit_test(test_setup_result),
		cmocka_unit_test(test_remapping),
		cmocka_unit_test(test_posting),
		cmocka_unit_test(test_kvm_routes), cmocka_unit_test(test_kvm_pins), cmocka_unit_test(test_platform),
		cmocka_unit_test(test_hotplug),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_documented_names),
		cmocka_unit_test(test_params_fit_rows),
		cmocka_unit_test(test_rows_fit_their_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
