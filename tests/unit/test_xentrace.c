/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of xentrace's binary files: what records say, the order across CPUs, and damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/merge.h"
#include "ingest/xentrace/windows.h"
#include "unit/ingest_sink.h"
#include "unit/xentrace_builder.h"

#define T 0xe8d4a51000ull

/* Two windows: a runstate, ASSIGN, HANDLED, filler, a hypercall; lost records and HANDLED on CPU 2. */
static const uint32_t golden[45] = {
	0x2001f003, 0, 0x68, 0x90021101, 0xd4a51000, 0xe8, 0, 0xf0802006, 0xd4a51010, 0xe8, 0x230021, 4, 0, 0, 0, 0, 0,
	0xb0802008, 0xd4a51100, 0xe8, 0x21, 0xd4a51020, 0xd4a510f0, 0x1001f002, 0, 0x9020100d, 0xd4a51180, 0xe8, 0x21,
	0x2001f003, 2, 0x34, 0xc001f001, 0xd4a51900, 0xe8, 5, 0x10000, 0xd4a51400, 0xe8, 0xb0802008, 0xd4a51980, 0xe8,
	0x21, 0xd4a51910, 0xd4a51970,
};

static struct ingest_sink *read_with(const void *bytes, size_t len, const struct ingest_options *opt, bool *complete)
{
	struct ingest_sink *is = is_new();
	int fd = memfd_create("xentrace", MFD_CLOEXEC);
	char path[64];

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*complete = is_read(is, path, opt);
	close(fd);
	return is;
}

static struct ingest_sink *read_bytes(const void *bytes, size_t len, bool *complete)
{
	return read_with(bytes, len, &(struct ingest_options){ .in_process = true }, complete);
}

static struct ingest_sink *read_good(const struct xb *xb)
{
	bool complete;
	struct ingest_sink *is = read_bytes(xb->bytes, xb->len, &complete);

	assert_true(complete);
	return is;
}

static void expect_line(struct ingest_sink *is, unsigned i, const char *want)
{
	char buf[EVENT_TEXT_MAX];

	assert_true(i < is->nr_events);
	assert_string_equal(is_line(is, i, buf, sizeof(buf)), want);
}

static void expect_event(const struct ingest_sink *is, unsigned i, int cpu, uint64_t ordinal, uint64_t lo, uint64_t hi)
{
	assert_int_equal(is->event[i].cpu, cpu);
	assert_int_equal(is->event[i].ordinal, ordinal);
	assert_int_equal(is->event[i].t_lo_ns, lo);
	assert_int_equal(is->event[i].t_hi_ns, hi);
}

static void check_golden(struct ingest_sink *is)
{
	assert_int_equal(is->nr_events, 6);
	assert_string_equal(is->info.kind, "xentrace");
	assert_string_equal(is->info.clock, "tsc");
	assert_true(is->info.time_is_cycles);
	assert_int_equal(is->info.machine, MACHINE_XEN);
	assert_int_equal(is->info.nr_cpus, 3);
	expect_line(is, 0, "sched.vcpu_runs@shadow vcpu:0.0 cpu:0 via=\"RUNSTATE_CHANGE\"");
	expect_line(is, 1, "xen.irq.assign@shadow xirq:33 via=\"IRQ_ASSIGN_VECTOR\" vector=35 cpumask=0x4 target_cpu=2");
	expect_line(is, 2, "xen.irq.handled@shadow xirq:33 via=\"IRQ_HANDLED\"");
	expect_line(is, 3, "xen.hypercall@intent vcpu:0.0 via=\"PV_HYPERCALL_V2\" op=\"physdev_op\" value=0x21");
	expect_line(is, 4, "lost@shadow cpu:2 via=\"LOST_RECORDS\" count=5");
	expect_line(is, 5, "xen.irq.handled@shadow xirq:33 via=\"IRQ_HANDLED\"");
	/* Both windows are taken before the first record. */
	expect_event(is, 0, 0, 3, T, T);
	expect_event(is, 1, 0, 4, T + 0x10, T + 0x10);
	expect_event(is, 2, 0, 5, T + 0x20, T + 0xf0);
	expect_event(is, 3, 0, 7, T + 0x180, T + 0x180);
	expect_event(is, 4, 2, 8, T + 0x400, T + 0x900);
	expect_event(is, 5, 2, 9, T + 0x910, T + 0x970);
	assert_int_equal(is->event[0].offset, 12);
	assert_int_equal(is->event[1].offset, 28);
	assert_int_equal(is->event[2].offset, 68);
	assert_int_equal(is->event[3].offset, 100);
	assert_int_equal(is->event[4].offset, 128);
	assert_int_equal(is->event[5].offset, 156);
	assert_int_equal(is->end.records, 9);
	assert_int_equal(is->end.lost, 5);
	assert_int_equal(is->nr_kinds, 7);
}

static void test_golden(void **state)
{
	struct ingest_sink *is;
	uint32_t swapped[45];
	bool complete;

	(void)state;
	_Static_assert(sizeof(golden) == 180, "the file of the format's description");
	is = read_bytes(golden, sizeof(golden), &complete);
	assert_true(complete);
	check_golden(is);
	is_free(is);
	for (unsigned i = 0; i < 45; i++)
		swapped[i] = __builtin_bswap32(golden[i]);
	is = read_bytes(swapped, sizeof(swapped), &complete);
	assert_true(complete);
	check_golden(is);
	is_free(is);
	is = read_with(golden, sizeof(golden), &(struct ingest_options){ .kill_on_forbidden = true }, &complete);
	assert_true(complete);
	check_golden(is);
	is_free(is);
}

static void test_frequency(void **state)
{
	struct ingest_options opt = { .in_process = true, .tsc_hz = 2500000000 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = read_with(golden, sizeof(golden), &opt, &complete);
	assert_false(is->info.time_is_cycles);
	expect_event(is, 2, 0, 5, (T + 0x20) * 2 / 5, (T + 0xf0) * 2 / 5);
	is_free(is);
}

static void test_text(void **state)
{
	int fd = memfd_create("xentrace", MFD_CLOEXEC);
	struct ingest_options opt = { .in_process = true };
	struct ingest_sink *is = is_new();
	char path[64], buf[256], tiny[8];
	struct ingest *in;

	(void)state;
	assert_int_equal(write(fd, golden, sizeof(golden)), sizeof(golden));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	in = ingest_start(path, &opt, &is->diag);
	assert_true(ingest_run(in, &is->sink));
	assert_true(ingest_text(in, 68, buf, sizeof(buf)));
	assert_string_equal(buf, "CPU0  1000000000256  IRQ_HANDLED (0x00802008)  [ 0x00000021, 0xd4a51020, 0xd4a510f0 ]");
	assert_true(ingest_text(in, 156, buf, sizeof(buf)));
	assert_memory_equal(buf, "CPU2  ", 6);
	assert_true(ingest_text(in, 12, buf, sizeof(buf)));
	assert_string_equal(buf, "CPU0  1000000000000  RUNSTATE_CHANGE runnable to running (0x00021101)  [ 0x00000000 ]");
	assert_true(ingest_text(in, 68, tiny, sizeof(tiny)));
	assert_string_equal(tiny, "CPU0  1");
	assert_false(ingest_text(in, 120, buf, sizeof(buf)));	/* a window's own header */
	assert_false(ingest_text(in, 100000, buf, sizeof(buf)));
	ingest_stop(in);
	close(fd);
	is_free(is);
}

/* All records of do_IRQ and of vectors' lives. */
static void test_irqs(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 1);
	xb_record(&xb, 0x802001, 1000, 3, 26, 0x31, 1);
	xb_record(&xb, 0x802002, 1001, 3, 26, 0x31, 1);
	xb_record(&xb, 0x802003, 1002, 7, 0x00f00000 | 4, 3, 0, 0, 0, 0, 0);
	xb_record(&xb, 0x802004, 1003, 7, 0x00b80000 | 25, 3, 0x80000000, 0, 0, 0, 0);
	xb_record(&xb, 0x802005, 1004, 3, 26, 0x32, 0);
	xb_record(&xb, 0x802006, 1005, 7, 0x00c00000 | 300, 0, 0, 0, 0, 0, 0x100);
	xb_record(&xb, 0x802007, 1006, 1, 0x77);
	/* tracing was off when it was entered; times before those of the record before it */
	xb_record(&xb, 0x802008, 1007, 3, 26, 0, 1007);
	xb_record(&xb, 0x802008, 1008, 3, 26, 900, 950);
	xb_record(&xb, 0x802008, 1009, 3, 26, 1009, 1008);
	is = read_good(&xb);
	assert_int_equal(is->nr_events, 10);
	expect_line(is, 0, "xen.irq.move_delay@hardware xirq:26 via=\"IRQ_MOVE_CLEANUP_DELAY\" vector=49 target_cpu=1");
	expect_line(is, 1, "xen.irq.move_cleanup@shadow xirq:26 via=\"IRQ_MOVE_CLEANUP\" vector=49 target_cpu=1");
	expect_line(is, 2, "xen.irq.bind@shadow xirq:4 via=\"IRQ_BIND_VECTOR\" vector=240 cpumask=0x3");
	expect_line(is, 3, "xen.irq.clear@shadow xirq:25 via=\"IRQ_CLEAR_VECTOR\" vector=184 cpumask=0x8000000000000003");
	expect_line(is, 4, "xen.irq.move_finish@shadow xirq:26 via=\"IRQ_MOVE_FINISH\" vector=50 target_cpu=0");
	expect_line(is, 5, "xen.irq.assign@shadow xirq:300 via=\"IRQ_ASSIGN_VECTOR\" vector=192 cpumask=0x0 target_cpu=168");
	expect_line(is, 6, "xen.irq.unmapped@hardware vector:1.0x77 via=\"IRQ_UNMAPPED_VECTOR\" vector=119");
	assert_int_equal(is->event[7].t_lo_ns, 1007);
	assert_int_equal(is->event[7].t_hi_ns, 1007);
	assert_int_equal(is->event[8].t_hi_ns, 1007);
	assert_int_equal(is->event[9].t_lo_ns, 1008);
	assert_int_equal(is->event[9].t_hi_ns, 1008);
	is_free(is);
	xb_free(&xb);
}

/* tsc_in and tsc_out are the low halves of TSCs whose upper half may have changed in between. */
static void test_handled_carry(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x802008, 0x500000010, 3, 26, 0xfffffff0, 0x00000004);
	xb_record(&xb, 0x802008, 0x600000010, 3, 26, 0xfffffff0, 0xfffffff8);
	is = read_good(&xb);
	expect_event(is, 0, 0, 2, 0x4fffffff0, 0x500000004);
	expect_event(is, 1, 0, 3, 0x5fffffff0, 0x5fffffff8);
	is_free(is);
	xb_free(&xb);
}

static void test_hypercalls(void **state)
{
	const struct ingest_options all = { .in_process = true, .keep_all = true };
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x20100d, 1000, 3, 24 | 1 << 20 | 1 << 22, 7, 1);
	xb_record(&xb, 0x20100d, 1001, 4, 20 | 1 << 20 | 2 << 24, 1, 0x55667788, 0x11223344);
	xb_record(&xb, 0x20200e, 1002, 1, 32);
	xb_record(&xb, 0x201101, 1003, 3, 0x81001234, 0xffffffff, 33);
	xb_record(&xb, 0x20100d, 1004, 1, 77);
	xb_record(&xb, 0x201103, 1005, 3, 0x81001234, 0xffffffff, 13 | 1 << 15 | 0x18u << 16);
	xb_record(&xb, 0x20100d, 1006, 1, 29 | 1 << 20);	/* says that it has an argument */
	is = read_good(&xb);
	assert_int_equal(is->nr_events, 2);
	expect_line(is, 0, "xen.hypercall@intent via=\"PV_HYPERCALL_SUBCALL\" op=\"event_channel_op\" value=0x20");
	expect_line(is, 1, "xen.hypercall@intent via=\"PV_HYPERCALL\" op=\"physdev_op\" value=0x21");
	is_free(is);
	is = read_with(xb.bytes, xb.len, &all, &complete);
	assert_true(complete);
	assert_int_equal(is->nr_events, 7);
	expect_line(is, 0, "xen.hypercall@intent via=\"PV_HYPERCALL_V2\" op=\"vcpu_op\" value=0x18 arg_one=0x7 arg_two=0x1");
	expect_line(is, 1, "xen.hypercall@intent via=\"PV_HYPERCALL_V2\" op=\"grant_table_op\" value=0x14 arg_one=0x1 "
		    "arg_three=0x1122334455667788");
	expect_line(is, 4, "xen.hypercall@intent via=\"PV_HYPERCALL_V2\" op=\"hypercall 77\" value=0x4d");
	expect_line(is, 5, "xen.trap@shadow via=\"PV_TRAP\" vector=13 value=0x18");
	expect_line(is, 6, "xen.hypercall@intent via=\"PV_HYPERCALL_V2\" op=\"sched_op\" value=0x1d");
	assert_int_equal(is->nr_code[DIAG_REMARK], 1);
	is_free(is);
	xb_free(&xb);
}

/* Xen calls offline what is paused, and what waits for its device model: why its guest was left tells. */
static void test_stopped_in_an_access(void **state)
{
	static const struct {
		unsigned exit, reason;
		const char *why;
	} exits[] = {
		{ 0x81002, 30, "device model" }, { 0x81002, 48, "device model" }, { 0x81002, 49, "device model" },
		{ 0x81002, 0x7b, "device model" }, { 0x81003, 0x400, "device model" }, { 0x81002, 1, "offline" },
		{ 0x81003, 0x60, "offline" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		struct xb xb = { .len = 0 };
		struct ingest_sink *is;
		char line[128];

		xb_window(&xb, 0);
		xb_record(&xb, 0x21101, 1000, 1, 0x10000);
		xb_record(&xb, 0x81002, 1001, 2, 30, 0x1234);		/* answered by Xen itself */
		xb_record(&xb, 0x81001, 1002, 0);
		xb_record(&xb, exits[i].exit, 1003, 2, exits[i].reason, 0x1234);
		xb_record(&xb, 0x21031, 1004, 1, 0x10000);
		xb_record(&xb, 0x21311, 1005, 1, 0x10000);
		xb_record(&xb, 0x21121, 1006, 1, 0x10001);		/* another one, which did not run here */
		is = read_good(&xb);
		snprintf(line, sizeof(line), "sched.vcpu_stops@shadow vcpu:1.0 cpu:0 via=\"RUNSTATE_CHANGE\" reason=\"%s\"", exits[i].why);
		expect_line(is, 1, line);
		expect_line(is, 2, "sched.vcpu_wakes@shadow vcpu:1.0 via=\"RUNSTATE_CHANGE\"");
		expect_line(is, 3, "sched.vcpu_stops@shadow vcpu:1.1 via=\"RUNSTATE_CHANGE\" reason=\"blocked\"");
		is_free(is);
		xb_free(&xb);
	}
}

static void test_scheduler(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x21211, 1000, 1, 0x30001);		/* d3v1 wakes */
	xb_record(&xb, 0x21101, 1001, 1, 0x30001);		/* and runs */
	xb_record(&xb, 0x20100d, 1002, 1, 32);
	xb_record(&xb, 0x21021, 1003, 1, 0x30001);		/* blocks */
	xb_record(&xb, 0x20100d, 1004, 1, 32);			/* whoever runs */
	xb_record(&xb, 0x21101, 1005, 1, 0x7fff0000);		/* idle */
	xb_record(&xb, 0x2800a, 1006, 4, 0x7fff, 0, 2, 0);	/* d2v0 follows */
	xb_record(&xb, 0x20100d, 1007, 1, 33);
	xb_record(&xb, 0x21002, 1008, 1, 0x00020000);		/* nothing new */
	xb_record(&xb, 0x21002, 1009, 1, 0x00020001);
	xb_record(&xb, 0x28001, 1010, 1, 5);
	is = read_good(&xb);
	assert_int_equal(is->nr_events, 8);
	expect_line(is, 0, "sched.vcpu_wakes@shadow vcpu:3.1 via=\"RUNSTATE_CHANGE\"");
	expect_line(is, 1, "sched.vcpu_runs@shadow vcpu:3.1 cpu:0 via=\"RUNSTATE_CHANGE\"");
	expect_line(is, 2, "xen.hypercall@intent vcpu:3.1 via=\"PV_HYPERCALL_V2\" op=\"event_channel_op\" value=0x20");
	expect_line(is, 3, "sched.vcpu_stops@shadow vcpu:3.1 cpu:0 via=\"RUNSTATE_CHANGE\" reason=\"blocked\"");
	expect_line(is, 4, "xen.hypercall@intent via=\"PV_HYPERCALL_V2\" op=\"event_channel_op\" value=0x20");
	expect_line(is, 5, "xen.hypercall@intent vcpu:2.0 via=\"PV_HYPERCALL_V2\" op=\"physdev_op\" value=0x21");
	expect_line(is, 6, "sched.vcpu_runs@shadow vcpu:2.1 cpu:0 via=\"CONTINUE_RUNNING\"");
	expect_line(is, 7, "xen.domain.create@shadow via=\"DOM_ADD\" domain=5");
	is_free(is);
	xb_free(&xb);
}

/* Handler records have no TSC: they lie between the exit and what comes next. */
static void test_hvm(void **state)
{
	const struct ingest_options all = { .in_process = true, .keep_all = true };
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 1);
	xb_record(&xb, 0x21101, 1000, 1, 0x00010002);		/* d1v2 */
	xb_record(&xb, 0x81102, 1010, 3, 1, 0, 0);		/* external interrupt */
	xb_record(&xb, 0x8200f, 0, 1, 0x51);
	xb_record(&xb, 0x802008, 1030, 3, 26, 1015, 1025);
	xb_record(&xb, 0x81001, 1040, 0);
	xb_record(&xb, 0x81102, 1050, 3, 48, 0, 0);
	xb_record(&xb, 0x82217, 0, 2, 0xfec00000, 0x3f);	/* select: pin 23, upper half */
	xb_record(&xb, 0x82217, 0, 2, 0xfec00010, 0x01000000);
	xb_record(&xb, 0x82217, 0, 2, 0xfec00040, 0x41);
	xb_record(&xb, 0x82217, 0, 2, 0xfee000b0, 0);
	xb_record(&xb, 0x82317, 0, 4, 0xf000000c, 0x3, 1, 0);	/* an MSI-X table, 64 bits */
	xb_record(&xb, 0x82217, 0, 1, 0xf0000000);		/* data in memory */
	xb_record(&xb, 0x8200d, 0, 3, 0x80b, 0, 0);
	xb_record(&xb, 0x8200d, 0, 3, 0x6e0, 1, 0);		/* a timer's deadline */
	xb_record(&xb, 0x82025, 0, 0);
	xb_record(&xb, 0x82216, 0, 2, 0xcf8, 0x80002050);	/* 00:04.0, register 0x50 */
	xb_record(&xb, 0x82216, 0, 2, 0xcfe, 0x8000);
	xb_record(&xb, 0x82216, 0, 2, 0x21, 0xff);
	xb_record(&xb, 0x82216, 0, 2, 0x3f8, 0x41);
	xb_record(&xb, 0x82020, 0, 3, 0x61, 2, 0xffffffff);
	xb_record(&xb, 0x82004, 0, 2, 0x61, 0);
	xb_record(&xb, 0x82012, 0, 1, 32);
	xb_record(&xb, 0x82013, 0, 1, 1);
	xb_record(&xb, 0x82013, 0, 1, 0);
	xb_record(&xb, 0x81001, 1060, 0);
	xb_record(&xb, 0x81102, 1070, 3, 45, 0, 0);		/* EOI */
	is = read_good(&xb);
	expect_line(is, 1, "xen.vector.arrive@hardware vcpu:1.2 vector:1.0x51 via=\"HVM_INTR\" vector=81");
	expect_event(is, 1, 1, 4, 1010, 1015);
	expect_line(is, 2, "xen.irq.handled@shadow xirq:26 via=\"IRQ_HANDLED\"");
	expect_event(is, 2, 1, 5, 1015, 1025);
	expect_line(is, 3, "xen.vpin.rte_write@hardware vcpu:1.2 vpin:1.23 via=\"HVM_IOMEM_WRITE\" reg=0x3f "
		    "rte=0x100000000000000 mask=0xffffffff00000000");
	expect_event(is, 3, 1, 9, 1050, 1060);
	expect_line(is, 4, "xen.vpin.eoi@hardware vcpu:1.2 via=\"HVM_IOMEM_WRITE\" vector=65");
	expect_line(is, 5, "xen.hvm.eoi@hardware vcpu:1.2 via=\"HVM_IOMEM_WRITE\"");
	expect_line(is, 6, "xen.mmio.write@hardware vcpu:1.2 via=\"HVM_IOMEM_WRITE\" addr=0x3f000000c value=0x1");
	expect_line(is, 7, "xen.mmio.write@hardware vcpu:1.2 via=\"HVM_IOMEM_WRITE\" addr=0xf0000000");
	expect_line(is, 8, "xen.hvm.eoi@hardware vcpu:1.2 via=\"HVM_MSR_WRITE\"");
	expect_line(is, 9, "xen.hvm.eoi@hardware vcpu:1.2 via=\"HVM_VLAPIC\"");
	expect_line(is, 10, "vpci.write@hardware d1/pci:0000:00:04.0 via=\"HVM_IOPORT_WRITE\" reg=0x52 value=0x8000");
	expect_line(is, 11, "xen.port.write@hardware vcpu:1.2 via=\"HVM_IOPORT_WRITE\" addr=0x21 value=0xff");
	expect_line(is, 12, "xen.hvm.inject@hardware vcpu:1.2 d1/vector:2.0x61 via=\"HVM_INJ_VIRQ\" vector=97");
	expect_line(is, 13, "xen.hypercall@intent vcpu:1.2 via=\"HVM_VMMCALL\" op=\"event_channel_op\" value=0x20");
	expect_line(is, 14, "xen.hvm.halt@shadow vcpu:1.2 via=\"HVM_HLT\" value=0x1");
	expect_line(is, 15, "xen.hvm.eoi@hardware vcpu:1.2 via=\"HVM_VMX_EXIT\"");
	assert_int_equal(is->nr_events, 16);
	is_free(is);
	/* with all that is of no use to the model: exits and entries, waiting interrupts, another port, a halt */
	is = read_with(xb.bytes, xb.len, &all, &complete);
	assert_true(complete);
	assert_int_equal(is->nr_events, 16 + 3 + 2 + 1 + 3 + 1);
	expect_line(is, 18, "xen.hvm.window@hardware vcpu:1.2 d1/vector:2.0x61 via=\"HVM_INTR_WINDOW\" vector=97 "
		    "reason=\"lapic\"");
	is_free(is);
	xb_free(&xb);
}

/* Who selects a register of a virtual IO-APIC is the domain, wherever it runs. */
static void test_select_of_domain(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x21101, 1000, 1, 0x00010000);
	xb_record(&xb, 0x82217, 0, 2, 0xfec00000, 0x12);	/* d1: pin 1, lower half */
	xb_record(&xb, 0x21101, 1010, 1, 0x00020000);
	xb_record(&xb, 0x82217, 0, 2, 0xfec00000, 0x15);	/* d2: pin 2, upper half */
	xb_record(&xb, 0x21101, 1020, 1, 0x00010000);
	xb_record(&xb, 0x82217, 0, 2, 0xfec00010, 0x10041);
	xb_record(&xb, 0x21101, 1030, 1, 0x00030000);
	xb_record(&xb, 0x82217, 0, 2, 0xfec00010, 0x10041);	/* d3: not known which */
	is = read_good(&xb);
	assert_int_equal(is->nr_events, 5);
	expect_line(is, 3, "xen.vpin.rte_write@hardware vcpu:1.0 vpin:1.1 via=\"HVM_IOMEM_WRITE\" reg=0x12 rte=0x10041 "
		    "mask=0xffffffff");
	is_free(is);
	xb_free(&xb);
}

/* The address of an access to configuration space is its vCPU's own, wherever that runs; what is lost may have been another. */
static void test_config_address_of_vcpu(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x82216, 0, 2, 0xcf8, 0x80000840);	/* of whom is not known */
	xb_record(&xb, 0x82216, 0, 2, 0xcfe, 3);
	xb_record(&xb, 0x21101, 1000, 1, 0x00000000);
	xb_record(&xb, 0x82216, 0, 2, 0xcfe, 1);		/* d0v0: nothing selected yet */
	xb_record(&xb, 0x82216, 0, 2, 0xcf8, 0x80002040);	/* d0v0: 00:04.0, register 0x40 */
	xb_record(&xb, 0x21031, 1010, 1, 0x00000000);		/* stops */
	xb_record(&xb, 0x82216, 0, 2, 0xcfe, 2);		/* nobody known runs */
	xb_record(&xb, 0x21101, 1020, 1, 0x00000001);
	xb_record(&xb, 0x82216, 0, 2, 0xcf8, 0x80002850);	/* d0v1: 00:05.0, register 0x50 */
	xb_record(&xb, 0x21101, 1030, 1, 0x00000000);
	xb_record(&xb, 0x82216, 0, 2, 0xcfe, 0x8000);		/* d0v0 goes on */
	xb_record(&xb, 0x21101, 1040, 1, 0x00000001);
	xb_record(&xb, 0x82216, 0, 2, 0xcfc, 0x11);		/* and d0v1 */
	xb_record(&xb, 0x1f001, 1050, 4, 3, 0x00010000, 1041, 0);	/* lost, d0v1 runs */
	xb_record(&xb, 0x82216, 0, 2, 0xcfc, 0x12);
	is = read_good(&xb);
	expect_line(is, 5, "vpci.write@hardware dom0/pci:0000:00:04.0 via=\"HVM_IOPORT_WRITE\" reg=0x42 value=0x8000");
	expect_line(is, 0, "vpci.write@hardware via=\"HVM_IOPORT_WRITE\" reg=0x42 value=0x3 addr=0x80000840");
	expect_line(is, 7, "vpci.write@hardware dom0/pci:0000:00:05.0 via=\"HVM_IOPORT_WRITE\" reg=0x50 value=0x11");
	assert_int_equal(is->nr_events, 9);
	is_free(is);
	xb_free(&xb);
}

/* Reads of the TSC that bound its offset closer than those before. */
static void test_tsc_reads(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x81102, 1000, 3, 16, 0, 0);
	xb_record(&xb, 0x8201a, 0, 2, 150, 0);			/* offset -950..-850 */
	xb_record(&xb, 0x81001, 1100, 0);
	xb_record(&xb, 0x81102, 2000, 3, 16, 0, 0);
	xb_record(&xb, 0x8201a, 0, 2, 1180, 0);			/* -920..-820: closer from below */
	xb_record(&xb, 0x81001, 2100, 0);
	xb_record(&xb, 0x81102, 3000, 3, 16, 0, 0);
	xb_record(&xb, 0x8201a, 0, 2, 2170, 0);			/* -930..-830: no closer */
	xb_record(&xb, 0x81001, 3100, 0);
	xb_record(&xb, 0x81102, 4000, 3, 16, 0, 0);
	xb_record(&xb, 0x8201a, 0, 2, 9000, 0);			/* another guest's */
	xb_record(&xb, 0x81001, 4100, 0);
	is = read_good(&xb);
	assert_int_equal(is->nr_events, 3);
	expect_line(is, 0, "xen.tsc.read@hardware via=\"HVM_RDTSC\" value=0x96");
	expect_event(is, 0, 0, 3, 1000, 1100);
	assert_int_equal(is->event[1].t_lo_ns, 2000);
	assert_int_equal(is->event[2].t_lo_ns, 4000);
	is_free(is);
	xb_free(&xb);
}

/* Guests that nobody can tell apart contradict each other for ever; that is not kept for ever. */
static void test_contradicting_tsc_reads(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 0);
	for (unsigned i = 0; i < 1000; i++) {
		xb_record(&xb, 0x81102, 1000 + 100 * i, 3, 16, 0, 0);
		xb_record(&xb, 0x8201a, 0, 2, i % 2 ? 5000 : 900000, 0);
		xb_record(&xb, 0x81001, 1050 + 100 * i, 0);
	}
	is = read_good(&xb);
	assert_in_range(is->nr_events, 10, 200);
	is_free(is);
	xb_free(&xb);
}

static void test_idle_exit_and_marks(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 3);
	xb_record(&xb, 0x801003, 1000, 6, 1, 2, 0x31, 0xc8, 0xfa, 0);
	xb_record(&xb, 0x800f123, 0, 2, 0xdeadbeef, 7);
	is = read_good(&xb);
	assert_int_equal(is->nr_events, 3);
	expect_line(is, 0, "xen.vector.pending@hardware vector:3.0x31 via=\"PM_IDLE_EXIT\" vector=49");
	expect_line(is, 1, "xen.vector.pending@hardware vector:3.0xc8 via=\"PM_IDLE_EXIT\" vector=200");
	assert_int_equal(is->event[1].sub, 1);
	expect_line(is, 2, "mark@intent via=\"GUEST\" text=\"xentrace 123: deadbeef 00000007\"");
	is_free(is);
	xb_free(&xb);
}

/* Three CPUs whose windows overlap in time; ties in the order of CPUs. */
static void test_merge(void **state)
{
	static const struct { int cpu; uint64_t hi; } want[] = {
		{ 1, 990 }, { 0, 1000 }, { 0, 1090 }, { 2, 1090 }, { 1, 1140 }, { 0, 1190 }, { 2, 1990 }, { 1, 2000 },
	};
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 2);
	xb_handled(&xb, 1100, 1);
	xb_window(&xb, 0);
	xb_record(&xb, 0x802007, 1000, 1, 0x33);
	xb_handled(&xb, 1100, 2);
	xb_window(&xb, 1);
	xb_handled(&xb, 1000, 3);
	xb_handled(&xb, 1150, 4);
	xb_window(&xb, 0);
	xb_handled(&xb, 1200, 5);
	xb_window(&xb, 7);	/* nothing in it */
	xb_window(&xb, 1);
	xb_record(&xb, 0x802007, 2000, 1, 0x33);
	xb_window(&xb, 2);
	xb_handled(&xb, 2000, 6);
	is = read_good(&xb);
	assert_int_equal(is->nr_events, 8);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(is->event[i].cpu, want[i].cpu);
		assert_int_equal(is->event[i].t_hi_ns, want[i].hi);
		assert_true(!i || is->event[i].ordinal > is->event[i - 1].ordinal);
	}
	assert_int_equal(is->info.nr_cpus, 8);
	assert_int_equal(is->end.records, 15);
	is_free(is);
	xb_free(&xb);
}

/* A CPU that has nothing for longer than windows are kept for the others. */
static void test_rare_cpu(void **state)
{
	struct window_queue *queue;
	uint64_t last[3] = { 0 };
	struct input in = { .path = "x", .fd = memfd_create("x", MFD_CLOEXEC) };
	struct xb xb = { .len = 0 };
	struct window win;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		unsigned cpu = i == 0 || i == 60 || i == 99 ? 1 : i % 10 == 5 ? 2 : 0;

		xb_window(&xb, cpu);
		last[cpu] = xb_record(&xb, 0x802007, 1000 + i, 1, 0x33);
	}
	assert_int_equal(write(in.fd, xb.bytes, xb.len), xb.len);
	in.size_bytes = xb.len;
	queue = window_queue_new(&in, false, last, 3, 8);
	for (unsigned i = 0; i < 3; i++)
		assert_true(window_queue_take(queue, 1, &win));
	assert_int_equal(win.offset, last[1]);
	assert_false(window_queue_take(queue, 1, &win));
	for (unsigned i = 5; i < 100; i += 10) {
		assert_true(window_queue_take(queue, 2, &win));
		assert_int_equal(win.cpu, 2);
		assert_int_equal(win.offset, i * 28 + 12);
	}
	assert_false(window_queue_take(queue, 2, &win));
	for (unsigned i = 1; i < 99; i++) {
		if (i == 60 || i % 10 == 5)
			continue;
		assert_true(window_queue_take(queue, 0, &win));
		assert_int_equal(win.offset, i * 28 + 12);
	}
	assert_false(window_queue_take(queue, 0, &win));
	assert_false(window_queue_take(queue, 1, &win));	/* those that it took by itself do not come again */
	window_queue_free(queue);
	close(in.fd);
	xb_free(&xb);
}

static void test_merge_heap(void **state)
{
	uint64_t next[17], last = 0, taken = 0;
	struct merge m;

	(void)state;
	assert_true(merge_init(&m, 17));
	for (uint32_t i = 0; i < 17; i++)
		merge_add(&m, 16 - i, next[16 - i] = i * 7 % 5);
	while (!merge_is_empty(&m)) {
		uint32_t i = merge_first(&m);

		for (uint32_t j = 0; j < 17; j++)
			assert_true(next[j] > next[i] || (next[j] == next[i] && j >= i));
		assert_true(next[i] >= last);
		last = next[i];
		taken++;
		next[i] = next[i] < 200 ? next[i] + 1 + (i * 3 + taken) % 11 : UINT64_MAX;
		if (next[i] == UINT64_MAX)
			merge_drop(&m);
		else
			merge_advance(&m, next[i]);
	}
	assert_true(taken > 17 * 15);
	merge_fini(&m);
}

/* ---- damage ---- */

static void make_two_cpus(struct xb *xb)
{
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned cpu = 0; cpu < 2; cpu++) {
			xb_window(xb, cpu);
			for (unsigned i = 0; i < 4; i++)
				xb_handled(xb, 1000 + 1000 * round + 100 * i + 10 * cpu, 30 + cpu);
		}
	}
}

static unsigned nr_handled(const struct ingest_sink *is)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < is->nr_events; i++)
		nr += is->event[i].kind == EV_XEN_IRQ_HANDLED;
	return nr;
}

/* A window of each is 12 + 4 * 24 bytes. */
static void test_cut(void **state)
{
	enum { RECORD = 24, WINDOW = 12 + 4 * RECORD };
	struct xb xb = { .len = 0 };

	(void)state;
	make_two_cpus(&xb);
	assert_int_equal(xb.len, 6 * WINDOW);
	for (size_t len = 12; len < xb.len; len++) {
		size_t rest = len % WINDOW;
		unsigned whole = len / WINDOW * 4 + (rest > 12 ? (rest - 12) / RECORD : 0);
		bool complete;
		struct ingest_sink *is = read_bytes(xb.bytes, len, &complete);

		assert_int_equal(complete, rest == 0);
		assert_int_equal(nr_handled(is), whole);
		if (!complete) {
			assert_true(is->nr_code[DIAG_SHORT_FILE] == 1);
			assert_int_equal(is->diag_pos[0].byte, len / WINDOW * WINDOW);
		}
		if (!complete && len > WINDOW)	/* what the CPUs did later is unknown */
			assert_int_equal(is->event[is->nr_events - 1].kind, EV_LOST);
		is_free(is);
	}
	xb_free(&xb);
}

/* Garbage where a window should begin, and a length that is too short: the next window is found. */
static void test_between_windows(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 0);
	xb_handled(&xb, 1000, 30);
	for (unsigned i = 0; i < 10; i++)
		xb_u32(&xb, i);
	xb_window(&xb, 0);
	xb_handled(&xb, 2000, 30);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 2);
	assert_int_equal(is->nr_code[DIAG_BAD_DATA], 1);
	assert_int_equal(is->diag_pos[0].byte, 36);
	assert_string_equal(is->diag_text[0], "no window begins here, 40 bytes are passed over");
	expect_line(is, 1, "lost@shadow cpu:0");
	expect_event(is, 1, 0, 4, 990, 1990);
	is_free(is);
	xb_free(&xb);
}

/* What looks like a window's header is none where no other follows it. */
static void test_false_header(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 0);
	xb_handled(&xb, 1000, 30);
	xb_u32(&xb, 0);
	xb_record(&xb, 0x1f003, 0, 2, 5, 24);
	for (unsigned i = 0; i < 20; i++)
		xb_u32(&xb, i);
	xb_patch(&xb, 8, 24);
	xb_window(&xb, 0);
	xb_handled(&xb, 2000, 30);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 2);
	assert_int_equal(is->nr_diags, 2);	/* and that records were lost */
	assert_string_equal(is->diag_text[0], "no window begins here, 96 bytes are passed over");
	assert_int_equal(is->info.nr_cpus, 1);
	is_free(is);
	xb_free(&xb);
}

/* Who runs is unknown behind a hole, until Xen says it: with lost records it does. */
static void test_who_runs_behind_a_hole(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x21101, 1000, 1, 0x30001);
	xb_u32(&xb, 0xffffffff);
	xb_record(&xb, 0x20100d, 1010, 1, 32);
	xb_record(&xb, 0x1f001, 1030, 4, 5, 0x10004, 1020, 0);	/* d4v1, the other way round than in runstates */
	xb_record(&xb, 0x20100d, 1040, 1, 33);
	xb_record(&xb, 0x802007, 1050, 1, 0x33);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_events, 6);
	expect_line(is, 2, "xen.hypercall@intent via=\"PV_HYPERCALL_V2\" op=\"event_channel_op\" value=0x20");
	expect_line(is, 4, "xen.hypercall@intent vcpu:4.1 via=\"PV_HYPERCALL_V2\" op=\"physdev_op\" value=0x21");
	is_free(is);
	xb_free(&xb);
}

static void test_absurd_window(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	make_two_cpus(&xb);
	xb_patch(&xb, 108 + 8, 0xfffffffc);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 24);
	assert_int_equal(is->diag_pos[0].byte, 108);
	is_free(is);
	/* longer than it is, but not longer than the file: another window begins within it */
	xb_patch(&xb, 108 + 8, 96 + 108);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 20);
	assert_int_equal(is->diag_pos[0].byte, 216);
	is_free(is);
	xb_free(&xb);
}

/* A header that no record has: what follows it in the window is found by its TSC. */
static void test_bad_record(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	make_two_cpus(&xb);
	xb_patch(&xb, 12 + 24, 0xffffffff);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 23);
	assert_int_equal(is->nr_code[DIAG_BAD_RECORD], 1);
	assert_int_equal(is->diag_pos[0].byte, 36);
	is_free(is);
	/* in the last record of a window: nothing to be found in it */
	xb_patch(&xb, 12 + 24, 0xb0802008);
	xb_patch(&xb, 12 + 72, 0);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 23);
	is_free(is);
	/* longer than what is left */
	xb_patch(&xb, 12 + 72, 0xf0802008);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 23);
	assert_string_equal(is->diag_text[0], "a record is longer than its window, CPU 0");
	is_free(is);
	xb_free(&xb);
}

static void test_window_in_window(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 0);
	xb_handled(&xb, 1000, 30);
	xb_record(&xb, 0x1f003, 0, 2, 1, 24);
	xb_handled(&xb, 1100, 31);
	xb_window(&xb, 1);
	xb_handled(&xb, 1050, 32);
	xb_handled(&xb, 1200, 32);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 3);
	assert_string_equal(is->diag_text[0], "a window begins within one, CPU 0");
	/* whose records were in it is unknown: there is a hole on both */
	assert_int_equal(is->nr_events, 5);
	expect_line(is, 2, "lost@shadow cpu:1");
	expect_event(is, 2, 1, 5, 1040, 1190);
	expect_line(is, 4, "lost@shadow cpu:0");
	assert_int_equal(is->diag_pos[0].byte, 36);
	is_free(is);
	xb_free(&xb);
}

/* One TSC that is wrong, up or down: the others keep their times. */
static void test_stray_tsc(void **state)
{
	for (unsigned up = 0; up < 2; up++) {
		struct xb xb = { .len = 0 };
		struct ingest_sink *is;
		bool complete;

		(void)state;
		xb_window(&xb, 0);
		for (unsigned i = 1; i < 5; i++)
			xb_record(&xb, 0x802007, i == 2 ? (up ? 1ull << 60 : 77) : (1ull << 40) + 1000 * i, 1, 0x33);
		is = read_bytes(xb.bytes, xb.len, &complete);
		assert_false(complete);
		assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 1);
		assert_int_equal(is->nr_events, 4);
		assert_int_equal(is->event[1].t_hi_ns, (1ull << 40) + 1000);
		assert_int_equal(is->event[2].t_hi_ns, (1ull << 40) + 3000);
		is_free(is);
		xb_free(&xb);
	}
}

/* A step back: times wait until it has caught up. */
static void test_small_step_back(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x802007, 5000, 1, 0x33);
	xb_record(&xb, 0x802007, 3000, 1, 0x33);
	xb_record(&xb, 0x802007, 4000, 1, 0x33);
	xb_record(&xb, 0x802007, 6000, 1, 0x33);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_events, 4);
	assert_int_equal(is->event[1].t_hi_ns, 5000);
	assert_int_equal(is->event[2].t_hi_ns, 5000);
	assert_int_equal(is->event[3].t_hi_ns, 6000);
	is_free(is);
	xb_free(&xb);
}

/* Two captures in one file: the second one's times go on from the first one's end, the same on all CPUs. */
static void test_begins_anew(void **state)
{
	const uint64_t first = 1ull << 40;
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		xb_window(&xb, cpu);
		xb_record(&xb, 0x802007, first + 10 * cpu, 1, 0x33);
	}
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		xb_window(&xb, cpu);
		xb_record(&xb, 0x802007, 1000 + 10 * cpu, 1, 0x33);
		xb_record(&xb, 0x802007, 2000 + 10 * cpu, 1, 0x33);
	}
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_events, 6);
	assert_int_equal(is->event[3].cpu, 1);
	assert_int_equal(is->event[3].t_hi_ns - is->event[2].t_hi_ns, 10);
	assert_int_equal(is->event[4].t_hi_ns - is->event[2].t_hi_ns, 1000);
	assert_int_equal(is->event[5].t_hi_ns - is->event[4].t_hi_ns, 10);
	is_free(is);
	xb_free(&xb);
}

/* Windows of a CPU in the wrong order: nothing is lost, and it is said. */
static void test_shuffled(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	xb_window(&xb, 0);
	xb_handled(&xb, 3000, 1);
	xb_window(&xb, 1);
	xb_handled(&xb, 1000, 2);
	xb_window(&xb, 0);
	xb_handled(&xb, 1000, 1);
	is = read_bytes(xb.bytes, xb.len, &complete);
	assert_false(complete);
	assert_int_equal(nr_handled(is), 3);
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 1);
	is_free(is);
	xb_free(&xb);
}

/* Any bytes behind a good window: what is before them stays. */
static void test_random_bytes(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct xb xb = { .len = 0 };
		struct ingest_sink *is;
		bool complete;

		xb_window(&xb, 0);
		xb_handled(&xb, 1000, 30);
		if (round % 2)
			xb_window(&xb, round % 5);
		for (unsigned i = 0; i < 400; i++) {
			seed = seed * 1664525 + 1013904223;
			xb_u32(&xb, seed >> (seed >> 29) ^ seed << 16);
		}
		if (round % 2)
			xb_patch(&xb, xb.window, round % 4 == 1 ? 1600 : 0xfffffff0);
		is = read_bytes(xb.bytes, xb.len, &complete);
		assert_false(complete);
		assert_true(is->nr_events > 0);
		expect_line(is, 0, "xen.irq.handled@shadow xirq:30 via=\"IRQ_HANDLED\"");
		is_free(is);
		xb_free(&xb);
	}
}

/* Lost records whose beginning cannot be have no beginning. */
static void test_lost_without_beginning(void **state)
{
	struct xb xb = { .len = 0 };
	struct ingest_sink *is;

	(void)state;
	xb_window(&xb, 0);
	xb_record(&xb, 0x1f001, 5000, 4, 7, 0, 9000, 0);
	xb_record(&xb, 0x1f001, 6000, 4, 8, 0, 5500, 0);
	is = read_good(&xb);
	expect_event(is, 0, 0, 2, 5000, 5000);
	expect_event(is, 1, 0, 3, 5500, 6000);
	assert_int_equal(is->end.lost, 15);
	is_free(is);
	xb_free(&xb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_frequency),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_irqs),
		cmocka_unit_test(test_handled_carry),
		cmocka_unit_test(test_hypercalls),
		cmocka_unit_test(test_scheduler), cmocka_unit_test(test_stopped_in_an_access),
		cmocka_unit_test(test_hvm),
		cmocka_unit_test(test_select_of_domain),
		cmocka_unit_test(test_config_address_of_vcpu),
		cmocka_unit_test(test_tsc_reads),
		cmocka_unit_test(test_contradicting_tsc_reads),
		cmocka_unit_test(test_idle_exit_and_marks),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_rare_cpu),
		cmocka_unit_test(test_merge_heap),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_between_windows),
		cmocka_unit_test(test_false_header),
		cmocka_unit_test(test_who_runs_behind_a_hole),
		cmocka_unit_test(test_absurd_window),
		cmocka_unit_test(test_bad_record),
		cmocka_unit_test(test_window_in_window),
		cmocka_unit_test(test_stray_tsc),
		cmocka_unit_test(test_small_step_back),
		cmocka_unit_test(test_begins_anew),
		cmocka_unit_test(test_shuffled),
		cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_lost_without_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
