/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CTF: a kernel's trace and QEMU's, streams merged, losses as holes, directories, and damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/ctf_builder.h"
#include "unit/ingest_sink.h"

#define KERNEL_ENV "domain = \"kernel\"; kernel_release = \"6.1.0-test\";"
#define KERNEL_EVENTS \
	"event { name = \"irq_handler_entry\"; id = 0; stream_id = 0; fields := struct { s32 _irq; string _name; }; };\n" \
	"event { name = \"irq_handler_exit\"; id = 1; stream_id = 0; fields := struct { s32 _irq; s32 _ret; }; };\n" \
	"event { name = \"x86_irq_vectors_spurious_apic_entry\"; id = 2; stream_id = 0; fields := struct { s32 _vector; }; };\n" \
	"event { name = \"sched_switch\"; id = 3; stream_id = 0; fields := struct { string _prev_comm; }; };\n"
#define QEMU_EVENTS \
	"event { name = \"qemu:ioapic_set_irq\"; id = 0; stream_id = 0; fields := struct { s32 _vector; s32 _level; }; };\n" \
	"event { name = \"qemu:pci_cfg_write\"; id = 1; stream_id = 0; fields := struct { string _dev; u32 _bus; u32 _slot; u32 _func;\n" \
	"	u32 _offs; u32 _val; }; };\n" \
	"event { name = \"qemu:kvm_irqchip_commit_routes\"; id = 2; stream_id = 0; };\n" \
	"event { name = \"qemu:qcow2_other\"; id = 3; stream_id = 0; fields := struct { u64 _co; }; };\n" \
	"event { name = \"qemu:ioapic_eoi_broadcast\"; id = 4; stream_id = 0; fields := struct { string _other; }; };\n"
#define AT(ns) (CTF_OFFSET_S * INT64_C(1000000000) + (ns))

static char dir[64];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/irqpath-ctf.XXXXXX");
	return !mkdtemp(dir);
}

static int remove_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static struct ingest_sink *read_dir(const char *path, bool in_process, bool *complete)
{
	struct ingest_options opt = { .in_process = in_process, .kill_on_forbidden = true };
	struct ingest_sink *is = is_new();

	*complete = is_read(is, path, &opt);
	return is;
}

static void expect_lines(const char *want, bool in_process)
{
	struct ingest_sink *is;
	bool complete;
	char *lines;

	is = read_dir(dir, in_process, &complete);
	lines = is_lines(is, false);
	assert_string_equal(lines, want);
	assert_true(complete);
	free(lines);
	is_free(is);
}

static void irq_entry(struct ctf_stream *cs, uint64_t time, int irq, const char *name)
{
	ctf_event(cs, 0, time, 42);
	ctf_put(cs, irq, 4);
	ctf_text(cs, name);
}

static void irq_exit(struct ctf_stream *cs, uint64_t time, int irq, int ret)
{
	ctf_event(cs, 1, time, 42);
	ctf_put(cs, irq, 4);
	ctf_put(cs, ret, 4);
}

/* Two CPUs, and events that are lost between two packets of one. */
static void make_kernel(const char *at)
{
	static struct ctf_stream cpu0, cpu1;

	cpu0 = (struct ctf_stream){ .cpu = 0 };
	cpu1 = (struct ctf_stream){ .cpu = 1 };
	ctf_metadata(at, KERNEL_ENV, KERNEL_EVENTS);
	ctf_begin(&cpu0, 0, 1000, 3000);
	irq_entry(&cpu0, 1000, 29, "eth0");
	irq_exit(&cpu0, 3000, 29, 1);
	ctf_end(&cpu0);
	cpu0.discarded = 17;
	ctf_begin(&cpu0, 0, 6000, 9000);
	ctf_event(&cpu0, 3, 8000, 42);
	ctf_text(&cpu0, "sh");
	irq_entry(&cpu0, 9000, 29, "eth0");
	ctf_end(&cpu0);
	ctf_begin(&cpu1, 0, 2000, 4000);
	irq_entry(&cpu1, 2000, 30, "nvme0q1");
	ctf_event(&cpu1, 2, 4000, 43);
	ctf_put(&cpu1, 0xef, 4);
	ctf_end(&cpu1);
	ctf_file(at, "channel0_0", cpu0.bytes, cpu0.len);
	ctf_file(at, "channel0_1", cpu1.bytes, cpu1.len);
}

static void test_kernel(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	make_kernel(dir);
	for (int in_process = 0; in_process < 2; in_process++)
		expect_lines("irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"eth0\"\n"
			     "irq.enter@shadow irq:30 via=\"irq_handler_entry\" name=\"nvme0q1\"\n"
			     "irq.exit@shadow irq:29 via=\"irq_handler_exit\" ret=1\n"
			     "lapic.deliver@hardware vector:1.0xef via=\"spurious_apic_entry\" vector=239\n"
			     "lost@shadow cpu:0 count=17\n"
			     "lost@shadow cpu:0\n"
			     "irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"eth0\"\n", in_process);
	is = read_dir(dir, true, &complete);
	assert_string_equal(is->info.kind, "ctf");
	assert_string_equal(is->info.clock, "realtime");
	assert_string_equal(is->info.release, "6.1.0-test");
	assert_int_equal(is->info.layer, LAYER_KERNEL);
	assert_int_equal(is->end.records, 8);
	assert_int_equal(is->end.lost, 17);
	assert_int_equal(is->nr_kinds, 4);
	assert_int_equal(is->event[0].t_lo_ns, AT(1000));
	assert_int_equal(is->event[0].cpu, 0);
	assert_int_equal(is->event[0].pid, 42);
	assert_int_equal(is->event[1].cpu, 1);
	assert_int_equal(is->event[4].t_lo_ns, AT(3000));
	assert_int_equal(is->event[4].t_hi_ns, AT(8000));
	assert_int_equal(is->event[5].t_lo_ns, AT(8000));
	assert_int_equal(is->event[5].t_hi_ns, AT(9000));
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 0);
	is_free(is);
}

static void make_qemu(const char *at)
{
	static struct ctf_stream cs;

	cs = (struct ctf_stream){ .cpu = 3 };
	ctf_metadata(at, "domain = \"ust\"; tracer_name = \"lttng-ust\";", QEMU_EVENTS);
	ctf_begin(&cs, 0, 1500, 9000);
	ctf_event(&cs, 0, 1500, 77);
	ctf_put(&cs, 23, 4);
	ctf_put(&cs, 1, 4);
	ctf_event(&cs, 1, 2500, 78);
	ctf_text(&cs, "nvme");
	ctf_put(&cs, 0, 4);
	ctf_put(&cs, 3, 4);
	ctf_put(&cs, 0, 4);
	ctf_put(&cs, 4, 4);
	ctf_put(&cs, 0x407, 4);
	ctf_event(&cs, 2, 3500, 78);
	ctf_event(&cs, 3, 4500, 78);
	ctf_put(&cs, 5, 8);
	/* of an unknown form */
	ctf_event(&cs, 4, 5500, 78);
	ctf_text(&cs, "x");
	ctf_end(&cs);
	ctf_file(at, "qemu_0", cs.bytes, cs.len);
}

static void test_qemu(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	make_qemu(dir);
	expect_lines("ioapic.line@hardware pin:0.23 via=\"ioapic_set_irq\" level=1\n"
		     "pci.command@hardware pci:0000:00:03.0 via=\"pci_cfg_write\" value=0x407 mask=0xffff\n"
		     "kvm.route_commit@shadow via=\"kvm_irqchip_commit_routes\"\n", false);
	is = read_dir(dir, true, &complete);
	assert_int_equal(is->info.layer, LAYER_PLATFORM);
	assert_int_equal(is->event[0].pid, 77);
	assert_int_equal(is->nr_kinds, 5);
	assert_non_null(is_find_signal(is, EV_IOAPIC_LINE, WITNESS_HARDWARE, "ioapic_set_irq"));
	is_free(is);
}

/* A session of LTTng's: the kernel's trace and a program's below one directory; QEMU's objects are its guest's. */
static void test_session(void **state)
{
	char kernel[128], ust[128];

	(void)state;
	snprintf(kernel, sizeof(kernel), "%s/kernel", dir);
	snprintf(ust, sizeof(ust), "%s/ust", dir);
	mkdir(kernel, 0700);
	mkdir(ust, 0700);
	make_kernel(kernel);
	make_qemu(ust);
	expect_lines("irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"eth0\"\n"
		     "ioapic.line@hardware guest/pin:0.23 via=\"ioapic_set_irq\" level=1\n"
		     "irq.enter@shadow irq:30 via=\"irq_handler_entry\" name=\"nvme0q1\"\n"
		     "pci.command@hardware guest/pci:0000:00:03.0 via=\"pci_cfg_write\" value=0x407 mask=0xffff\n"
		     "irq.exit@shadow irq:29 via=\"irq_handler_exit\" ret=1\n"
		     "kvm.route_commit@shadow guest/machine:0 via=\"kvm_irqchip_commit_routes\"\n"
		     "lapic.deliver@hardware vector:1.0xef via=\"spurious_apic_entry\" vector=239\n"
		     "lost@shadow cpu:0 count=17\n"
		     "lost@shadow cpu:0\n"
		     "irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"eth0\"\n", false);
}

static void test_text(void **state)
{
	struct ingest_options opt = { .in_process = true };
	struct ingest_sink *is = is_new();
	struct ingest *in;
	char buf[256];

	(void)state;
	make_kernel(dir);
	in = ingest_start(dir, &opt, &is->diag);
	assert_true(ingest_run(in, &is->sink));
	assert_true(ingest_text(in, 1, buf, sizeof(buf)));
	assert_string_equal(buf, "[1700000000.000001000] cpu 0 irq_handler_entry: { irq = 29, name = \"eth0\" }");
	assert_true(ingest_text(in, 5, buf, sizeof(buf)));
	assert_string_equal(buf, "[1700000000.000008000] cpu 0 17 events discarded");
	assert_true(ingest_text(in, 7, buf, sizeof(buf)));
	assert_string_equal(buf, "[1700000000.000009000] cpu 0 events discarded");
	assert_true(ingest_text(in, 2, buf, sizeof(buf)));
	assert_string_equal(buf, "[1700000000.000002000] cpu 1 irq_handler_entry: { irq = 30, name = \"nvme0q1\" }");
	assert_false(ingest_text(in, 9, buf, sizeof(buf)));
	assert_false(ingest_text(in, 0, buf, sizeof(buf)));
	ingest_stop(in);
	is_free(is);
}

/* Directories that are none, and metadata that says nothing sound. */
static void test_no_trace(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = read_dir(dir, false, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_code[DIAG_CANNOT_OPEN], 1);
	is_free(is);
	ctf_file(dir, "metadata", "/* CTF 1.8 */ nonsense {", 24);
	is = read_dir(dir, false, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_events, 0);
	assert_true(is->diag.count[DIAG_ERROR] > 0);
	is_free(is);
	ctf_file(dir, "metadata", "", 0);
	is = read_dir(dir, false, &complete);
	assert_false(complete);
	is_free(is);
}

/* A link out of the trace is not followed: what it names is not read. */
static void test_link_out(void **state)
{
	struct ingest_sink *is;
	char path[128];
	bool complete;

	(void)state;
	make_kernel(dir);
	snprintf(path, sizeof(path), "%s/channel0_2", dir);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	is = read_dir(dir, false, &complete);
	assert_false(complete);
	is_free(is);
}

/* Streams cut and changed: always an end, and a diagnostic where something is missing. */
static void test_damage(void **state)
{
	static uint8_t good[CTF_MAX_STREAM];
	struct ingest_sink *is;
	char path[128];
	bool complete;
	size_t len;
	FILE *in;

	(void)state;
	make_kernel(dir);
	snprintf(path, sizeof(path), "%s/channel0_0", dir);
	in = fopen(path, "r");
	len = fread(good, 1, sizeof(good), in);
	fclose(in);
	for (size_t cut = 1; cut < len; cut += 5) {
		ctf_file(dir, "channel0_0", good, cut);
		is = read_dir(dir, false, &complete);
		assert_true(complete ? is->nr_events <= 6 : is->diag.count[DIAG_ERROR] + is->nr_diags > 0);
		is_free(is);
	}
	for (size_t i = 0; i < len; i += 3) {
		good[i] ^= 1 << i % 8;
		ctf_file(dir, "channel0_0", good, len);
		good[i] ^= 1 << i % 8;
		is = read_dir(dir, false, &complete);
		for (unsigned k = 0; k < is->nr_events; k++)
			assert_true(event_valid(&is->event[k]));
		is_free(is);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kernel),
		TEST(test_qemu),
		TEST(test_session),
		TEST(test_text),
		TEST(test_no_trace),
		TEST(test_link_out),
		TEST(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
