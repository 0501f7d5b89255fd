/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of trace.dat on small built files: what becomes an event, how CPUs and buffers merge, holes, texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/ingest_sink.h"
#include "unit/trace_builder.h"

#define COMMON \
	"format:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define FIELD(type, name, offset, size, is_signed) \
	"\tfield:" type " " name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:" #is_signed ";\n"
#define PROBE_IP FIELD("unsigned long", "__probe_ip", 8, 8, 0)
#define PROBE_RETURN FIELD("unsigned long", "__probe_func", 8, 8, 0) FIELD("unsigned long", "__probe_ret_ip", 16, 8, 0)
#define PRINT "\nprint fmt: \"irq=%d\", REC->irq\n"

enum { ENTRY = 10, MASK, MASK_ATTR, ENABLE, ENABLE_RET, NO_IRQ, SILENT, PIRQ, NOISE, ONLINE, UNNAMED, UNNAMED_FPROBE };

static const char *const formats[] = {
	"irq",
	"name: irq_handler_entry\nID: 10\n" COMMON FIELD("int", "irq", 8, 4, 1) FIELD(
		"__data_loc char[]", "name", 12, 4, 1) "\nprint fmt: \"irq=%d name=%s\", REC->irq, __get_str(name)\n",
	/* Named by nothing that says what it sits on. */
	"odd",
	"name: a\nID: 11\n" COMMON PROBE_IP FIELD("u32", "irq", 16, 4, 0) FIELD("u32", "state", 20, 4, 0)
		FIELD("u8", "msix", 24, 1, 0) FIELD("u16", "idx", 25, 2, 0) FIELD("u32", "ctrl", 27, 4, 0)
			FIELD("__data_loc char[]", "dev", 31, 4, 1) PRINT,
	/* The other names, and named after a function that it does not sit on. */
	"odd",
	"name: pci_msi_mask_irq\nID: 12\n" COMMON PROBE_IP FIELD("u32", "irq", 16, 4, 0) FIELD("u32", "st", 20, 4, 0)
		FIELD("u8", "attr", 24, 1, 0) FIELD("u16", "entry", 25, 2, 0) FIELD("u32", "msix_ctrl", 27, 4, 0)
			FIELD("__data_loc char[]", "bdf", 31, 4, 1) PRINT,
	"odd",
	"name: b\nID: 13\n" COMMON PROBE_IP FIELD("__data_loc char[]", "dev", 16, 4, 1)
		FIELD("s32", "maxvec", 20, 4, 1) "\nprint fmt: \"%d\", REC->maxvec\n",
	"odd",
	"name: c\nID: 14\n" COMMON PROBE_RETURN FIELD("s32", "ret", 24, 4, 1) "\nprint fmt: \"%d\", REC->ret\n",
	"odd",
	"name: d\nID: 15\n" COMMON PROBE_IP FIELD("u32", "state", 16, 4, 0) "\nprint fmt: \"%d\", REC->state\n",
	"kprobes",
	"name: irq_disable\nID: 16\n" COMMON PROBE_IP FIELD("u32", "irq", 16, 4, 0) PRINT,
	"kprobes",
	"name: startup_pirq\nID: 17\n" COMMON PROBE_IP FIELD("u32", "irq", 16, 4, 0) PRINT,
	"irq",
	"name: softirq_entry\nID: 18\n" COMMON FIELD("unsigned int", "vec", 8, 4, 0) "\nprint fmt: \"%u\", REC->vec\n",
	"irq_matrix",
	"name: irq_matrix_online\nID: 19\n" COMMON FIELD("unsigned int", "online_maps", 8, 4, 0)
		"\nprint fmt: \"%u\", REC->online_maps\n",
	/* As the kernel calls probes that were given no name. */
	"kprobes",
	"name: p_irq_enable_0\nID: 20\n" COMMON PROBE_IP FIELD("u32", "irq", 16, 4, 0) PRINT,
	"fprobes",
	"name: irq_shutdown__entry\nID: 21\n" COMMON PROBE_IP FIELD("u32", "irq", 16, 4, 0) PRINT,
	NULL,
};

/* Order of addresses. What is behind startup_pirq is not known. */
static const char kallsyms[] =
	"ffffffff81000000 T pci_msi_mask_irq\n"
	"ffffffff81000100 T pci_msi_unmask_irq\n"
	"ffffffff81000200 T __pci_enable_msix_range\n"
	"ffffffff81000300 T irq_startup\n"
	"ffffffff81000400 t startup_pirq\n"
	"ffffffff81000500 T irq_disable\n"
	"ffffffff81000600 T the_end\n";

#define AT(offset) (UINT64_C(0xffffffff81000000) + (offset))

/* The function tracers with arguments and results, alone and beside a probe. */
#define TRACERS \
	"ftrace", \
	"name: function\nID: 1\n" COMMON FIELD("unsigned long", "ip", 8, 8, 0) FIELD("unsigned long", "parent_ip", 16, 8, 0) \
		FIELD("unsigned long", "args[]", 24, 0, 0) "\nprint fmt: \"%lx\", REC->ip\n", \
	"ftrace", \
	"name: funcgraph_entry\nID: 2\n" COMMON FIELD("unsigned long", "func", 8, 8, 0) FIELD("int", "depth", 16, 4, 1) \
		FIELD("unsigned long", "args[]", 24, 0, 0) "\nprint fmt: \"%lx\", REC->func\n", \
	"ftrace", \
	"name: funcgraph_exit\nID: 3\n" COMMON FIELD("unsigned long", "func", 8, 8, 0) \
		FIELD("unsigned long", "retval", 16, 8, 0) "\nprint fmt: \"%lx\", REC->func\n"

enum { FUNCTION = 1, GRAPH_ENTRY, GRAPH_EXIT };

static const char *const tracer_formats[] = { TRACERS, NULL };
static const char *const tracer_and_probe_formats[] = {
	TRACERS, "kprobes", "name: x\nID: 16\n" COMMON PROBE_IP FIELD("u32", "irq", 16, 4, 0) PRINT, NULL
};

static const char tracer_symbols[] =
	"ffffffff81000000 T disable_irq\n"
	"ffffffff81000100 T native_io_apic_read\n"
	"ffffffff81000200 T kmalloc\n"
	"ffffffff81000300 T the_end\n";

static struct tb *file_new(void)
{
	struct tb *tb = calloc(1, sizeof(*tb));

	assert_non_null(tb);
	tb->formats = formats;
	tb->kallsyms = kallsyms;
	tb->cmdlines = "77 some task\n";
	tb->nr_buffers = 1;
	tb->buffer[0] = (struct tb_buffer){ .name = "", .nr_cpus = 2 };
	return tb;
}

/* Common fields, then what the format wants. */
struct raw {
	uint8_t bytes[112];
	unsigned len;
};

static void raw_put(struct raw *raw, const void *from, unsigned len)
{
	memcpy(raw->bytes + raw->len, from, len);
	raw->len += len;
}

static void raw_u32(struct raw *raw, uint32_t v)
{
	raw_put(raw, &v, 4);
}

static void raw_u64(struct raw *raw, uint64_t v)
{
	raw_put(raw, &v, 8);
}

static struct raw raw_start(unsigned type)
{
	struct raw raw = { .len = 0 };

	raw_u32(&raw, type);
	raw_u32(&raw, 77);
	return raw;
}

/* A text that the record's own 4 bytes at where point to. */
static void raw_text(struct raw *raw, unsigned where, const char *text)
{
	uint32_t loc = raw->len | (uint32_t)(strlen(text) + 1) << 16;

	memcpy(raw->bytes + where, &loc, 4);
	raw_put(raw, text, strlen(text) + 1);
}

static void put_entry(struct tb_page *page, uint32_t delta, uint32_t irq, const char *name)
{
	struct raw raw = raw_start(ENTRY);

	raw_u32(&raw, irq);
	raw_u32(&raw, 0);
	raw_text(&raw, 12, name);
	tb_record(page, delta, raw.bytes, raw.len);
}

static void put_mask(struct tb_page *page, unsigned type, uint64_t address, uint32_t irq, uint8_t msix, uint16_t index)
{
	struct raw raw = raw_start(type);

	raw_u64(&raw, address);
	raw_u32(&raw, irq);
	raw_u32(&raw, 0x1234);
	raw_put(&raw, &msix, 1);
	raw_put(&raw, &index, 2);
	raw_u32(&raw, 1);
	raw_u32(&raw, 0);
	raw_text(&raw, 31, "0000:03:00.0");
	tb_record(page, 1, raw.bytes, raw.len);
}

static struct ingest_sink *read_file(struct tb *tb, size_t len, bool in_process, bool *complete)
{
	struct ingest_options opt = { .in_process = in_process };
	struct ingest_sink *is = is_new();
	char path[64];
	int fd;

	fd = tb_fd(tb, len);
	*complete = is_read(is, tb_path(fd, path, sizeof(path)), &opt);
	close(fd);
	return is;
}

static struct ingest_sink *read_whole(struct tb *tb)
{
	struct ingest_sink *is;
	bool complete;

	tb_write(tb);
	is = read_file(tb, tb->len, true, &complete);
	assert_true(complete);
	assert_int_equal(is->nr_info, 1);
	assert_int_equal(is->nr_end, 1);
	return is;
}

static void expect_line(struct ingest_sink *is, unsigned i, const char *line)
{
	char buf[EVENT_TEXT_MAX];

	assert_true(i < is->nr_events);
	assert_string_equal(is_line(is, i, buf, sizeof(buf)), line);
}

static void test_tracepoint_and_mark(void **state)
{
	struct tb *tb = file_new();
	struct tb_page *page = tb_page(tb, 0, 1, 5000000000);
	struct raw raw = raw_start(NOISE), mark = raw_start(5);
	struct ingest_sink *is;

	(void)state;
	raw_u32(&raw, 3);
	tb_record(page, 0, raw.bytes, raw.len);
	put_entry(page, 10, 29, "nvme0q2");
	raw_u64(&mark, AT(0));
	raw_put(&mark, "hello\n", 7);
	tb_record(page, 1, mark.bytes, mark.len);
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 2);
	expect_line(is, 0, "irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"nvme0q2\"");
	assert_int_equal(is->event[0].ordinal, 2);
	assert_int_equal(is->event[0].t_lo_ns, 5000000010);
	assert_int_equal(is->event[0].cpu, 1);
	assert_int_equal(is->event[0].pid, 77);
	assert_string_equal(strtab_get(is->strings, is->event[0].comm), "some task");
	expect_line(is, 1, "mark@shadow via=\"print\" text=\"hello\"");
	assert_string_equal(is->info.kind, "trace.dat 7");
	assert_string_equal(is->info.clock, "mono");
	assert_int_equal(is->end.records, 3);
	assert_int_equal(is->nr_kinds, 3);
	assert_int_equal(is_find_signal(is, EV_IRQ_ENTER, WITNESS_SHADOW, "irq_handler_entry")->basis, SIGNAL_SEEN);
	is_free(is);
	free(tb);
}

static void put_call(struct tb_page *page, unsigned type, uint64_t function, uint64_t arg0, uint64_t arg1)
{
	struct raw raw = raw_start(type);

	raw_u64(&raw, function);
	raw_u64(&raw, 0);
	raw_u64(&raw, arg0);
	raw_u64(&raw, arg1);
	tb_record(page, 1, raw.bytes, raw.len);
}

static struct ingest_sink *read_calls(const char *const *with_formats)
{
	struct tb *tb = file_new();
	struct tb_page *page = tb_page(tb, 0, 0, 1000);
	struct raw bare = raw_start(FUNCTION), result = raw_start(GRAPH_EXIT);
	struct ingest_sink *is;

	tb->formats = with_formats;
	tb->kallsyms = tracer_symbols;
	put_call(page, FUNCTION, AT(4), UINT64_C(0xdead00000000) | 29, 0);	/* the register's upper half is not zero */
	put_call(page, FUNCTION, AT(0x200), 29, 0);
	put_call(page, GRAPH_ENTRY, AT(0x100), 0, 0x10 + 2 * 23);
	raw_u64(&result, AT(0x100));
	raw_u64(&result, 0xc000);
	tb_record(page, 1, result.bytes, result.len);
	raw_u64(&bare, AT(0));
	raw_u64(&bare, 0);
	tb_record(page, 1, bare.bytes, bare.len);	/* recorded without arguments */
	is = read_whole(tb);
	free(tb);
	return is;
}

static void test_function_tracers(void **state)
{
	struct ingest_sink *is = read_calls(tracer_formats);

	(void)state;
	assert_int_equal(is->nr_events, 2);
	expect_line(is, 0, "irq.disable@intent irq:29 via=\"disable_irq\"");
	expect_line(is, 1, "ioapic.remote_irr@shadow pin:0.23 via=\"native_io_apic_read\" value=0x1");
	assert_int_equal(is_find_signal(is, EV_IRQ_DISABLE, WITNESS_INTENT, "disable_irq")->basis, SIGNAL_SEEN);
	is_free(is);
	is = read_calls(tracer_and_probe_formats);
	assert_int_equal(is->nr_events, 0);
	is_free(is);
}

/* Recorded on a machine of another byte order or word size. */
static void put_entry_in_order(struct tb_page *page, uint32_t delta, uint32_t irq, const char *name)
{
	uint8_t bytes[64] = { 0 };
	size_t len = strlen(name) + 1;

	tb_int(bytes, ENTRY, 2, page->big_endian);
	tb_int(bytes + 4, 77, 4, page->big_endian);
	tb_int(bytes + 8, irq, 4, page->big_endian);
	tb_int(bytes + 12, 16 | len << 16, 4, page->big_endian);
	memcpy(bytes + 16, name, len);
	tb_record(page, delta, bytes, 16 + len);
}

static void test_other_machines(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		for (unsigned long_size = 4; long_size <= 8; long_size += 4) {
			struct tb *tb = file_new();
			struct ingest_sink *is;
			struct tb_page *page;

			tb->big_endian = big_endian;
			tb->long_size = long_size;
			page = tb_page(tb, 0, 1, 5000000000);
			put_entry_in_order(page, 10, 29, "nvme0q2");
			put_entry_in_order(page, 1 << 20, 30, "eth0");
			page = tb_page(tb, 0, 1, 5002000000);
			put_entry_in_order(page, 0, 31, "eth1");
			tb_lost(page, 7);
			is = read_whole(tb);
			assert_int_equal(is->nr_events, 4);
			expect_line(is, 0, "irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"nvme0q2\"");
			expect_line(is, 1, "irq.enter@shadow irq:30 via=\"irq_handler_entry\" name=\"eth0\"");
			expect_line(is, 2, "lost@shadow cpu:1 count=7");
			assert_int_equal(is->event[1].t_lo_ns, 5000000010 + (1 << 20));
			assert_int_equal(is->event[0].pid, 77);
			assert_int_equal(is->end.lost, 7);
			assert_int_equal(is->event[3].cpu, 1);
			is_free(is);
			free(tb);
		}
	}
}

/* A clock's unit is known by its name: what is no time in ns counts something whose frequency nobody tells. */
static void test_clocks(void **state)
{
	static const struct {
		const char *name;
		bool is_cycles;
	} clocks[] = {
		{ "local", false }, { "global", false }, { "uptime", false }, { "perf", false }, { "mono", false },
		{ "mono_raw", false }, { "boot", false }, { "tai", false }, { "tsc2nsec", false }, { "counter", true },
		{ "x86-tsc", true }, { "ppc-tb", true }, { "of-tomorrow", true },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		struct tb *tb = file_new();
		struct ingest_sink *is;

		tb->clock = clocks[i].name;
		put_entry(tb_page(tb, 0, 0, 12345), 0, 29, "x");
		is = read_whole(tb);
		assert_string_equal(is->info.clock, clocks[i].name);
		assert_int_equal(is->info.time_is_cycles, clocks[i].is_cycles);
		assert_int_equal(is->event[0].t_lo_ns, 12345);
		is_free(is);
		free(tb);
	}
}

static void test_probe_is_what_it_sits_on(void **state)
{
	struct tb *tb = file_new();
	struct tb_page *page = tb_page(tb, 0, 0, 1000);
	struct ingest_sink *is;

	(void)state;
	put_mask(page, MASK, AT(0), 29, 1, 2);
	put_mask(page, MASK_ATTR, AT(0x104), 30, 0xf0, 0);	/* behind endbr64; named after another */
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 2);
	expect_line(is, 0,
		    "irq.mask@shadow irq:29 msix:0000:03:00.0[2] via=\"pci_msi_mask_irq\" state=0x1234 ctrl=0x1");
	expect_line(is, 1,
		    "irq.unmask@shadow irq:30 msi:0000:03:00.0[0] via=\"pci_msi_unmask_irq\" state=0x1234 ctrl=0x1");
	assert_int_equal(is_find_signal(is, EV_IRQ_MASK, WITNESS_SHADOW, "pci_msi_mask_irq")->grade, SIGNAL_COMPLETE);
	assert_int_equal(is_find_signal(is, EV_IRQ_MASK, WITNESS_SHADOW, "pci_msi_mask_irq")->basis, SIGNAL_DECLARED);
	is_free(is);
	free(tb);
}

/* In a kernel that masks through another function, silence of this one proves nothing. */
static void test_rival_makes_partial(void **state)
{
	struct tb *tb = file_new();
	struct ingest_sink *is;
	char symbols[512];

	(void)state;
	snprintf(symbols, sizeof(symbols), "%sffffffff81000700 t pci_irq_mask_msix\n", kallsyms);
	tb->kallsyms = symbols;
	put_mask(tb_page(tb, 0, 0, 1000), MASK, AT(0), 29, 1, 2);
	put_mask(tb_page(tb, 0, 1, 1000), MASK_ATTR, AT(0x100), 29, 1, 2);
	is = read_whole(tb);
	assert_int_equal(is_find_signal(is, EV_IRQ_MASK, WITNESS_SHADOW, "pci_msi_mask_irq")->grade, SIGNAL_PARTIAL);
	assert_int_equal(is_find_signal(is, EV_IRQ_UNMASK, WITNESS_SHADOW, "pci_msi_unmask_irq")->grade,
			 SIGNAL_COMPLETE);
	is_free(is);
	free(tb);
}

static void test_probe_inside_a_function_is_not_its_entry(void **state)
{
	struct tb *tb = file_new();
	struct ingest_sink *is;

	(void)state;
	put_mask(tb_page(tb, 0, 0, 1000), MASK_ATTR, AT(0x20), 29, 1, 2);
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 0);
	assert_null(is_find_signal(is, EV_IRQ_MASK, WITNESS_SHADOW, "pci_msi_mask_irq"));
	is_free(is);
	free(tb);
}

static void test_name_counts_where_symbols_cannot_tell(void **state)
{
	struct tb *tb = file_new();
	struct ingest_sink *is;

	(void)state;
	tb->kallsyms = "";
	put_mask(tb_page(tb, 0, 0, 1000), MASK_ATTR, AT(0x100), 30, 1, 7);
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 1);
	expect_line(is, 0,
		    "irq.mask@shadow irq:30 msix:0000:03:00.0[7] via=\"pci_msi_mask_irq\" state=0x1234 ctrl=0x1");
	assert_int_equal(is->nr_code[DIAG_REMARK], 1);
	assert_int_equal(is_find_signal(is, EV_IRQ_MASK, WITNESS_SHADOW, "pci_msi_mask_irq")->grade, SIGNAL_PARTIAL);
	is_free(is);
	free(tb);
}

static void test_silent_probe_is_known_by_name(void **state)
{
	struct tb *tb = file_new();
	struct ingest_sink *is;

	(void)state;
	put_entry(tb_page(tb, 0, 0, 1000), 0, 1, "x");
	is = read_whole(tb);
	assert_int_equal(is_find_signal(is, EV_IRQ_DISABLE, WITNESS_SHADOW, "irq_disable")->grade, SIGNAL_COMPLETE);
	assert_int_equal(is_find_signal(is, EV_IRQ_ENABLE, WITNESS_SHADOW, "irq_enable")->grade, SIGNAL_PARTIAL);
	assert_int_equal(is_find_signal(is, EV_IRQ_SHUTDOWN, WITNESS_SHADOW, "irq_shutdown")->grade, SIGNAL_PARTIAL);
	is_free(is);
	free(tb);
}

static void test_return_gets_the_device_of_its_entry(void **state)
{
	struct tb *tb = file_new();
	struct tb_page *page = tb_page(tb, 0, 0, 1000);
	struct raw asks = raw_start(ENABLE), answers = raw_start(ENABLE_RET);
	struct ingest_sink *is;

	(void)state;
	raw_u64(&asks, AT(0x200));
	raw_u32(&asks, 0);
	raw_u32(&asks, 3);
	raw_text(&asks, 16, "0000:00:04.0");
	tb_record(page, 0, asks.bytes, asks.len);
	raw_u64(&answers, AT(0x200));
	raw_u64(&answers, AT(0x600));
	raw_u32(&answers, (uint32_t)-28);
	tb_record(page, 1, answers.bytes, answers.len);
	is = read_whole(tb);
	expect_line(is, 0, "pci.msix.enable@intent pci:0000:00:04.0 via=\"__pci_enable_msix_range\" enable=1 nvec=3");
	expect_line(is, 1, "pci.msix.enable@shadow pci:0000:00:04.0 via=\"__pci_enable_msix_range\" ret=-28");
	is_free(is);
	free(tb);
}

/* Where records were lost, the return may be that of another call. */
static void test_hole_parts_return_and_entry(void **state)
{
	struct tb *tb = file_new();
	struct tb_page *page = tb_page(tb, 0, 0, 1000);
	struct raw asks = raw_start(ENABLE), answers = raw_start(ENABLE_RET);
	struct ingest_sink *is;

	(void)state;
	raw_u64(&asks, AT(0x200));
	raw_u32(&asks, 0);
	raw_u32(&asks, 3);
	raw_text(&asks, 16, "0000:00:04.0");
	tb_record(page, 0, asks.bytes, asks.len);
	page = tb_page(tb, 0, 0, 2000);
	raw_u64(&answers, AT(0x200));
	raw_u64(&answers, AT(0x600));
	raw_u32(&answers, 3);
	tb_record(page, 1, answers.bytes, answers.len);
	tb_lost(page, 5);
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 3);
	expect_line(is, 2, "pci.msix.enable@shadow via=\"__pci_enable_msix_range\" enable=1 ret=3");
	is_free(is);
	free(tb);
}

static void test_without_irq_only_counted(void **state)
{
	struct tb *tb = file_new();
	struct raw raw = raw_start(NO_IRQ);
	struct ingest_sink *is;

	(void)state;
	raw_u64(&raw, AT(0x300));
	raw_u32(&raw, 1);
	tb_record(tb_page(tb, 0, 0, 1000), 0, raw.bytes, raw.len);
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 0);
	assert_int_equal(is->nr_code[DIAG_REMARK], 1);
	assert_int_equal(is->nr_kinds, 1);
	is_free(is);
	free(tb);
}

static void test_pirq(void **state)
{
	struct tb *tb = file_new();
	struct raw raw = raw_start(PIRQ);
	struct ingest_sink *is;

	(void)state;
	raw_u64(&raw, AT(0x400));
	raw_u32(&raw, 55);
	tb_record(tb_page(tb, 0, 0, 1000), 0, raw.bytes, raw.len);
	is = read_whole(tb);
	expect_line(is, 0, "xen.pirq.bind@shadow irq:55 via=\"startup_pirq\"");
	is_free(is);
	free(tb);
}

/* The same moment: top buffer before instances, lower CPU first; the top buffer may have no CPU. */
static void test_merge_order(void **state)
{
	static const uint64_t expected[] = { 10, 20, 30, 11, 21 };
	struct tb *tb = file_new();
	struct ingest_sink *is;
	struct tb_page *page;

	(void)state;
	tb->nr_buffers = 3;
	tb->buffer[0] = (struct tb_buffer){ .name = "one", .nr_cpus = 2 };
	tb->buffer[1] = (struct tb_buffer){ .name = "two", .nr_cpus = 1 };
	tb->buffer[2] = (struct tb_buffer){ .name = "", .nr_cpus = 1 };
	page = tb_page(tb, 0, 0, 1000);
	put_entry(page, 0, 20, "x");
	put_entry(page, 5, 21, "x");
	put_entry(tb_page(tb, 0, 1, 1000), 0, 30, "x");
	page = tb_page(tb, 2, 0, 1000);
	put_entry(page, 0, 10, "x");
	put_entry(page, 4, 11, "x");
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 5);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(is->event[i].object[0].id, expected[i]);
		assert_int_equal(is->event[i].ordinal, i + 1);
	}
	is_free(is);
	free(tb);
}

static void test_holes(void **state)
{
	struct tb *tb = file_new();
	struct ingest_sink *is;
	struct tb_page *page;

	(void)state;
	put_entry(tb_page(tb, 0, 0, 1000), 0, 20, "x");
	page = tb_page(tb, 0, 0, 2000);
	put_entry(page, 0, 21, "x");
	tb_lost(page, 12);
	put_entry(tb_page(tb, 0, 1, 1500), 0, 30, "x");
	tb_lost(tb_page(tb, 0, 1, 1800), 2);
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 5);
	expect_line(is, 2, "lost@shadow cpu:0 count=12");
	assert_int_equal(is->event[2].t_lo_ns, 1000);
	assert_int_equal(is->event[2].t_hi_ns, 2000);
	assert_int_equal(is->event[2].ordinal, 3);
	assert_int_equal(is->event[3].ordinal, 3);
	assert_int_equal(is->event[3].sub, 1);
	/* What no record ends lasts to the end, behind the last record. */
	expect_line(is, 4, "lost@shadow cpu:1");
	assert_int_equal(is->event[4].t_lo_ns, 1500);
	assert_int_equal(is->event[4].t_hi_ns, 2000);
	assert_int_equal(is->event[4].ordinal, 4);
	assert_int_equal(is->nr_code[DIAG_LOST_EVENTS], 1);
	assert_int_equal(is->end.lost, 12);
	is_free(is);
	free(tb);
}

/* A record that tells two facts, behind a hole: three events of one ordinal. */
static void test_two_facts_behind_a_hole(void **state)
{
	struct tb *tb = file_new();
	struct raw raw = raw_start(ONLINE);
	struct ingest_sink *is;
	struct tb_page *page;

	(void)state;
	raw_u32(&raw, 2);
	page = tb_page(tb, 0, 1, 1000);
	tb_record(page, 0, raw.bytes, raw.len);
	page = tb_page(tb, 0, 1, 2000);
	tb_record(page, 0, raw.bytes, raw.len);
	tb_lost(page, 1);
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 5);
	expect_line(is, 0, "vector.matrix@shadow via=\"irq_matrix_online\" op=\"online\"");
	expect_line(is, 1, "cpu.online@shadow cpu:1 via=\"irq_matrix_online\"");
	expect_line(is, 2, "lost@shadow cpu:1 count=1");
	expect_line(is, 4, "cpu.online@shadow cpu:1 via=\"irq_matrix_online\"");
	assert_int_equal(is->event[1].ordinal, 1);
	assert_int_equal(is->event[1].sub, 1);
	assert_int_equal(is->event[1].pid, 77);
	assert_int_equal(is->event[3].sub, 1);
	assert_int_equal(is->event[4].ordinal, 2);
	assert_int_equal(is->event[4].sub, 2);
	assert_int_equal(is->event[4].t_lo_ns, 2000);
	is_free(is);
	free(tb);
}

static void test_time_backwards_is_set_right_once(void **state)
{
	struct tb *tb = file_new();
	struct ingest_sink *is;

	(void)state;
	put_entry(tb_page(tb, 0, 0, 5000), 0, 20, "x");
	put_entry(tb_page(tb, 0, 0, 4000), 0, 20, "x");
	put_entry(tb_page(tb, 0, 0, 4500), 0, 20, "x");
	is = read_whole(tb);
	assert_int_equal(is->nr_events, 3);
	assert_int_equal(is->event[1].t_lo_ns, 5000);
	assert_int_equal(is->event[2].t_hi_ns, 5000);
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 1);
	is_free(is);
	free(tb);
}

static void test_damaged_page_is_incomplete(void **state)
{
	struct tb *tb = file_new();
	struct tb_page *page = tb_page(tb, 0, 0, 1000);
	struct ingest_sink *is;
	bool complete;

	(void)state;
	put_entry(page, 0, 20, "x");
	tb_head(page, 28, 1);
	put_entry(tb_page(tb, 0, 0, 2000), 0, 21, "x");
	tb_write(tb);
	is = read_file(tb, tb->len, true, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_code[DIAG_BAD_DATA], 1);
	assert_int_equal(is->nr_events, 3);
	expect_line(is, 1, "lost@shadow cpu:0");
	is_free(is);
	free(tb);
}

static void test_short_record_is_incomplete(void **state)
{
	struct tb *tb = file_new();
	struct raw raw = raw_start(ENTRY);
	struct ingest_sink *is;
	bool complete;

	(void)state;
	raw_u32(&raw, 29);
	tb_record(tb_page(tb, 0, 0, 1000), 0, raw.bytes, raw.len);
	tb_write(tb);
	is = read_file(tb, tb->len, true, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_events, 0);
	assert_int_equal(is->nr_code[DIAG_BAD_RECORD], 1);
	is_free(is);
	free(tb);
}

static void test_cut_file_is_incomplete(void **state)
{
	struct tb *tb = file_new();
	struct ingest_sink *is;
	bool complete;

	(void)state;
	put_entry(tb_page(tb, 0, 0, 1000), 0, 20, "x");
	tb_write(tb);
	for (size_t len = 1; len < tb->len; len += 97) {
		is = read_file(tb, len, true, &complete);
		assert_false(complete);
		assert_true(is->nr_diags > 0);
		is_free(is);
	}
	free(tb);
}

static void test_texts(void **state)
{
	struct ingest_options opt = { .in_process = true };
	struct tb *tb = file_new();
	struct ingest_sink *is = is_new();
	char path[64], text[256];
	struct ingest *in;
	int fd;

	(void)state;
	put_entry(tb_page(tb, 0, 0, 1234567890), 0, 29, "nvme0q2");
	put_entry(tb_page(tb, 0, 1, 1234567891), 0, 30, "eth0");
	tb_write(tb);
	fd = tb_fd(tb, tb->len);
	for (int isolated = 0; isolated < 2; isolated++) {
		opt.in_process = !isolated;
		is->nr_events = 0;
		strtab_free(is->strings);
		is->strings = strtab_new();
		in = ingest_start(tb_path(fd, path, sizeof(path)), &opt, &is->diag);
		assert_non_null(in);
		assert_true(ingest_run(in, &is->sink));
		assert_true(ingest_text(in, is->event[1].offset, text, sizeof(text)));
		assert_string_equal(text, "some task-77 [001] 1.234567891: irq_handler_entry: irq=30 name=eth0");
		assert_true(ingest_text(in, is->event[0].offset, text, sizeof(text)));
		assert_string_equal(text, "some task-77 [000] 1.234567890: irq_handler_entry: irq=29 name=nvme0q2");
		assert_false(ingest_text(in, is->event[0].offset + 4, text, sizeof(text)));
		assert_false(ingest_text(in, 1, text, sizeof(text)));
		ingest_stop(in);
	}
	close(fd);
	is_free(is);
	free(tb);
}

static void test_isolated_or_not_is_the_same(void **state)
{
	struct ingest_sink *a, *b;
	struct tb *tb = file_new();
	bool complete;

	(void)state;
	put_mask(tb_page(tb, 0, 0, 1000), MASK, AT(0), 29, 1, 2);
	put_entry(tb_page(tb, 0, 1, 1000), 0, 30, "x");
	tb_write(tb);
	a = read_file(tb, tb->len, true, &complete);
	assert_true(complete);
	b = read_file(tb, tb->len, false, &complete);
	assert_true(complete);
	assert_int_equal(a->nr_events, b->nr_events);
	assert_memory_equal(a->event, b->event, a->nr_events * sizeof(a->event[0]));
	assert_memory_equal(&a->end, &b->end, sizeof(a->end));
	assert_int_equal(a->nr_signals, b->nr_signals);
	assert_memory_equal(a->signal, b->signal, a->nr_signals * sizeof(a->signal[0]));
	assert_int_equal(strtab_count(a->strings), strtab_count(b->strings));
	is_free(a);
	is_free(b);
	free(tb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tracepoint_and_mark),
		cmocka_unit_test(test_function_tracers),
		cmocka_unit_test(test_other_machines),
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_probe_is_what_it_sits_on),
		cmocka_unit_test(test_rival_makes_partial),
		cmocka_unit_test(test_probe_inside_a_function_is_not_its_entry),
		cmocka_unit_test(test_name_counts_where_symbols_cannot_tell),
		cmocka_unit_test(test_silent_probe_is_known_by_name),
		cmocka_unit_test(test_return_gets_the_device_of_its_entry),
		cmocka_unit_test(test_hole_parts_return_and_entry),
		cmocka_unit_test(test_without_irq_only_counted),
		cmocka_unit_test(test_pirq),
		cmocka_unit_test(test_merge_order),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_two_facts_behind_a_hole),
		cmocka_unit_test(test_time_backwards_is_set_right_once),
		cmocka_unit_test(test_damaged_page_is_incomplete),
		cmocka_unit_test(test_short_record_is_incomplete),
		cmocka_unit_test(test_cut_file_is_incomplete),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_isolated_or_not_is_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
