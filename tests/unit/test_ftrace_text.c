/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ftrace as text: every form of a line, what each event prints, holes, and what is cut, broken or not ftrace at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "ingest/ftrace/decode.h"
#include "ingest/ftrace/text_body.h"
#include "ingest/ftrace/text_line.h"
#include "unit/ingest_sink.h"

/* Of a machine with one CPU, where the text does not begin with something that says otherwise. */
static struct ingest_sink *read_text(const char *text, bool *ok)
{
	const struct ingest_options opt = { .in_process = true };
	char path[] = "/tmp/irqpath-test-text-XXXXXX";
	struct ingest_sink *is = is_new();
	int fd = mkstemp(path);

	if (*text != '#' && strncmp(text, "cpus=", 5) != 0)
		assert_int_equal(write(fd, "cpus=1\n", 7), 7);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	*ok = is_read(is, path, &opt);
	unlink(path);
	return is;
}

/* Stamps without a unit are cycles where their frequency is told. */
static void test_tsc_hz(void **state)
{
	const struct ingest_options opt = { .in_process = true, .tsc_hz = 2000000000 };
	static const char text[] = "a-1 [000]3000000001: irq_handler_entry: irq=2 name=x\n";
	char path[] = "/tmp/irqpath-test-text-XXXXXX";
	struct ingest_sink *is = is_new();
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	assert_true(is_read(is, path, &opt));
	unlink(path);
	assert_false(is->info.time_is_cycles);
	assert_int_equal(is->event[0].t_hi_ns, 1500000000);
	is_free(is);
}

static void assert_events(const char *text, const char *const *want)
{
	char buf[512];
	bool ok;
	struct ingest_sink *is = read_text(text, &ok);

	assert_true(ok);
	for (unsigned i = 0; want[i]; i++) {
		assert_true(i < is->nr_events);
		assert_string_equal(is_line(is, i, buf, sizeof(buf)), want[i]);
	}
	for (unsigned i = 0; i <= is->nr_events; i++)
		assert_true((want[i] == NULL) == (i == is->nr_events));
	is_free(is);
}

/* ---- heads ---- */

static void test_heads(void **state)
{
	static const struct {
		const char *line, *comm;
		int pid, cpu;
		int64_t lo, hi;
		const char *event;
	} heads[] = {
		/* trace-cmd report, with -t, of a clock without a unit, with -l, since 3.2 */
		{ "          <idle>-0     [000]    23.093010: irq_work_entry:       vector=246", "<idle>", 0, 0,
		  23093009500, 23093010499, "irq_work_entry" },
		{ "          <idle>-0     [001]    23.093009811: irq_work_entry:  vector=246", "<idle>", 0, 1, 23093009811,
		  23093009811, "irq_work_entry" },
		{ "          <idle>-0     [000]120864630199: eoi_pirq: (ffffffff81661470)", "<idle>", 0, 0, 120864630199,
		  120864630199, "eoi_pirq" },
		{ "  <idle>-0       0dNh1.    23.093457: irq_work_exit: vector=246", "<idle>", 0, 0, 23093456500, 23093457499,
		  "irq_work_exit" },
		{ "trace-cmd-12345 [127] d..1.  1.000000: print: x", "trace-cmd", 12345, 127, 999999500, 1000000499, "print" },
		/* of a buffer instance, with a name that fills its column */
		{ "inst:           <idle>-0     [000]    23.093010: irq_work_entry:       vector=246", "<idle>", 0, 0,
		  23093009500, 23093010499, "irq_work_entry" },
		{ "inst:  irq/22-eduirqxx-267   [000]    28.185910: unmask_threaded: (ffffffff9c925f50) irq=22", "irq/22-eduirqxx",
		  267, 0, 28185909500, 28185910499, "unmask_threaded" },
		/* trace, without irq-info, with record-tgid, 5.12 and before, with latency-format */
		{ "            bash-15770   [001] ..... 11949.918772: tracing_mark_write: hello", "bash", 15770, 1,
		  11949918771500, 11949918772499, "tracing_mark_write" },
		{ "            bash-15770   [001]  11949.918772: tracing_mark_write: hello", "bash", 15770, 1, 11949918771500,
		  11949918772499, "tracing_mark_write" },
		{ "          <idle>-0       (-------) [000] d.h1. 11949.914592: irq_work_exit: vector=246", "<idle>", 0, 0,
		  11949914591500, 11949914592499, "irq_work_exit" },
		{ "            bash-1234    (   1234) [002] d.h1 5.000001: irq_work_exit: vector=246", "bash", 1234, 2, 5000000500,
		  5000001499, "irq_work_exit" },
		{ "  <idle>-0         0d.h1. 11949914592us+: irq_work_exit: vector=246", "<idle>", 0, 0, 11949914591500,
		  11949914592499, "irq_work_exit" },
		{ "  <idle>-0         1d.h1.    12us : irq_work_exit: vector=246", "<idle>", 0, 1, 11500, 12499, "irq_work_exit" },
		/* names that look like heads */
		{ "   a-1 [2] b-c-77      [000] d.h1. 1.000001: irq_work_exit: vector=246", "a-1 [2] b-c", 77, 0, 1000000500,
		  1000001499, "irq_work_exit" },
		{ "    kworker/u4:1-25    [000]    24.244606: function:   apic_set_affinity", "kworker/u4:1", 25, 0, 24244605500,
		  24244606499, "function" },
		{ "            bash-1     [000] d.h1. 1.000001: mask_irq <-handle_level_irq", "bash", 1, 0, 1000000500, 1000001499,
		  NULL },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct text_line tl;

		assert_true(text_line_parse(heads[i].line, &tl));
		assert_int_equal(tl.comm_len, strlen(heads[i].comm));
		assert_memory_equal(tl.comm, heads[i].comm, tl.comm_len);
		assert_int_equal(tl.pid, heads[i].pid);
		assert_int_equal(tl.cpu, heads[i].cpu);
		assert_int_equal(tl.lo, heads[i].lo);
		assert_int_equal(tl.hi, heads[i].hi);
		assert_int_equal(tl.event != NULL, heads[i].event != NULL);
		if (tl.event)
			assert_memory_equal(tl.event, heads[i].event, tl.event_len);
	}
}

static void test_no_heads(void **state)
{
	static const char *const lines[] = {
		"", "-", "bash-1", "[    1.234567] irq 23: nobody cared", "12345@1700000000.123456:apic_mem_writel 0xb0 = 0x0",
		"bash-1 [000] d.h1. 1.000001", "bash-1 [000] d.h1. 1.01: x: y", "bash-1 [70000] d.h1. 1.000001: x: y",
		"bash-99999999999 [000] 1.000001: x: y", "bash-1 [000] 99999999999999999999.000001: x: y",
		"bash-1 [000] 1.0000000001: x: y", "bash-1 (x) [000] 1.000001: x: y", "bash-1 000 1.000001: x: y",
		"-1 [000] 1.000001: x: y", "bash-1 [000] 9300000000.000001: x: y",
	};
	struct text_line tl;

	(void)state;
	for (unsigned i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_false(text_line_parse(lines[i], &tl));
}

static void test_lost_lines(void **state)
{
	int64_t count;
	int32_t cpu;

	(void)state;
	assert_true(text_line_lost("CPU:2 [LOST 123 EVENTS]", &cpu, &count));
	assert_true(cpu == 2 && count == 123);
	assert_true(text_line_lost("CPU:13 [LOST EVENTS]", &cpu, &count));
	assert_true(cpu == 13 && count == -1);
	assert_true(text_line_lost("CPU:1 [17 EVENTS DROPPED]", &cpu, &count));
	assert_true(cpu == 1 && count == 17);
	assert_true(text_line_lost("inst: CPU:0 [EVENTS DROPPED]", &cpu, &count));
	assert_true(cpu == 0 && count == -1);
	assert_true(text_line_lost("##### CPU 3 buffer started ####", &cpu, &count));
	assert_true(cpu == 3 && count == 0);
	assert_false(text_line_lost("CPU:0 [EVENTS]x", &cpu, &count) && count == 5);
	assert_false(text_line_lost("CPU:99999 [LOST EVENTS]", &cpu, &count));
	assert_false(text_line_lost("CPU 0", &cpu, &count));
	assert_false(text_line_lost("xCPU:0 [LOST EVENTS]", &cpu, &count));
}

/* ---- bodies ---- */

static bool has_value(const struct text_body *body, const char *key)
{
	for (unsigned i = 0; i < body->nr; i++)
		if (body->value[i].key_len == strlen(key) && !memcmp(body->value[i].key, key, strlen(key)))
			return true;
	return false;
}

/* As the kernel prints them: each gives the fields that the row wants, but for those named as not printed. */
static void test_every_tracepoint(void **state)
{
	static const struct {
		const char *event, *body, *lacks;
	} bodies[] = {
		{ "irq_handler_entry", "irq=16 name=i801 smbus, ehci", "" },
		{ "irq_handler_exit", "irq=16 ret=unhandled", "" },
		{ "irq_handler_exit", "irq=16 ret=handled", "ret" },
		{ "irq_handler_exit", "irq=16 ret=2", "" },
		{ "spurious_apic_entry", "vector=255", "" },
		{ "vector_setup", "irq=20 is_legacy=0 ret=0", "" },
		{ "vector_reserve", "irq=20 ret=-28", "" },
		{ "vector_reserve_managed", "irq=28 ret=0", "" },
		{ "vector_activate", "irq=24 is_managed=0 can_reserve=1 reserve=1", "" },
		{ "vector_deactivate", "irq=24 is_managed=0 can_reserve=1 reserve=1", "" },
		{ "vector_alloc", "irq=27 vector=35 reserved=1 ret=0", "" },
		{ "vector_alloc_managed", "irq=28 vector=35 ret=0", "" },
		{ "vector_update", "irq=27 vector=35 cpu=0 prev_vector=0 prev_cpu=0", "" },
		{ "vector_config", "irq=20 vector=239 cpu=0 apicdest=0x0000000f", "" },
		{ "vector_clear", "irq=27 vector=35 cpu=0 prev_vector=0 prev_cpu=0", "" },
		{ "vector_free_moved", "irq=25 cpu=0 vector=39 is_managed=0", "" },
		{ "vector_teardown", "irq=27 is_managed=0 has_reserved=1", "" },
		{ "irq_matrix_alloc",
		  "bit=35 cpu=0 online=1 avl=197 alloc=4 managed=0 online_maps=2 global_avl=395, global_rsvd=14, total_alloc=7",
		  "" },
		{ "cpuhp_enter", "cpu: 0001 target: 239 step:  40 (irq_affinity_online_cpu)", "" },
		{ "cpuhp_exit", " cpu: 0001  state: 239 step:  40 ret: 0", "" },
		{ "suspend_resume", "dpm_suspend_noirq[2] begin", "" },
		{ "console", "[   10.720367] irq 23: nobody cared (try booting with the \"irqpoll\" option)", "" },
		{ "qi_submit", "iec_inv dmar0: 0x100000014 0x0 0x0 0x0", "" },
		{ "kvm_pi_irte_update",
		  "PI is enabled and being updated for irq 44, vcpu 1, gsi 0x18: gvec: 0x42, pi_desc_addr: 0x123456780", "" },
		{ "kvm_set_irq", "gsi 23 level 1 source 0", "" },
		{ "kvm_msi_set_irq", "dst 0 vec 113 (Fixed|physical|level)", "" },
		{ "kvm_apic_accept_irq", "apicid 0 vec 113 (Fixed|level)", "dm" },
		{ "kvm_ioapic_set_irq", "pin 4 dst 0 vec 0 (Fixed|physical|edge|masked)", "e" },
		{ "kvm_ack_irq", "irqchip IOAPIC pin 19", "" },
		{ "kvm_eoi", "apicid 1 vector 236", "" },
		{ "kvm_pv_eoi", "apicid 1 vector 236", "" },
		{ "kvm_inj_virq", "IRQ 0xec", "" },
		{ "kvm_userspace_exit", "reason KVM_EXIT_IOAPIC_EOI (26)", "" },
		{ "kvm_ioapic_delayed_eoi_inj", "dst 0 vec 35 (Fixed|physical|level)", "" },
		{ "kvm_mmio", "mmio write len 4 gpa 0xfec00010 val 0x18021", "" },
		{ "write_msr", "830, value 2000000fd", "" },
		{ "nmi_handler", "perf_event_nmi_handler() delta_ns: 9810 handled: 1", "" },
		{ "mmiotrace_map", "febf4000 ffffcf3ac05ae000 2000 4 3", "" },
		{ "mmiotrace_rw", "febf401c 9 0 4 1 4", "" },
		{ "tracing_mark_write", "hello", "" },
		{ "print", "tracing_mark_write: hello", "" },
	};
	bool seen[256] = { false };

	(void)state;
	for (unsigned i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		size_t len = strlen(bodies[i].event);
		const struct tracepoint_row *row = text_find_row(bodies[i].event, len);
		struct text_body body;

		assert_non_null(row);
		seen[row - tracepoint_rows] = true;
		if (!text_body_tracepoint(row, bodies[i].event, len, bodies[i].body, &body))
			fail_msg("%s: %s", bodies[i].event, bodies[i].body);
		for (int f = 0; f < ROW_MAX_FIELDS && row->fields[f].name && !row->fields[f].optional; f++)
			assert_int_equal(has_value(&body, row->fields[f].name),
					 strcmp(row->fields[f].name, bodies[i].lacks) != 0);
	}
	/* A new row whose event does not print name=value needs a pattern in text_body.c, and a line above. */
	for (unsigned i = 0; tracepoint_rows[i].name; i++)
		if (!seen[i])
			fail_msg("%s: what it prints is not tested", tracepoint_rows[i].name);
}

static void test_bad_bodies(void **state)
{
	static const char *const bodies[][2] = {
		{ "irq_handler_entry", "irq=" }, { "irq_handler_entry", "irq=x name=y" }, { "irq_handler_entry", "" },
		{ "irq_handler_exit", "irq=3 ret=" }, { "vector_alloc", "irq=27 vector 35" }, { "vector_alloc", "irq" },
		{ "vector_alloc", "irq=99999999999999999999" }, { "qi_submit", "iec_inv dmar0" }, { "write_msr", "830" },
		{ "suspend_resume", "dpm_suspend_noirq[2] middle" }, { "vector_alloc", "irq=\"3" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		size_t len = strlen(bodies[i][0]);
		const struct tracepoint_row *row = text_find_row(bodies[i][0], len);
		struct text_body body;

		assert_non_null(row);
		if (text_body_tracepoint(row, bodies[i][0], len, bodies[i][1], &body))
			fail_msg("%s: %s", bodies[i][0], bodies[i][1]);
	}
}

static void test_probe_places(void **state)
{
	static const struct {
		const char *body;
		enum text_body_form form;
		const char *symbol;	/* NULL: an address */
		uint64_t number;
	} bodies[] = {
		{ "(ffffffff8d1b6e90) irq=29", TEXT_PROBE, NULL, 0xffffffff8d1b6e90 },
		{ "(ffffffff8d1b7a90 <- ffffffffc052b5d8) ret=3", TEXT_PROBE_RETURN, NULL, 0xffffffff8d1b7a90 },
		{ "(pci_msi_mask_irq+0x0/0x60) irq=29", TEXT_PROBE, "pci_msi_mask_irq", 0 },
		{ "(nvme_irq+0x4/0x60 [nvme]) irq=29", TEXT_PROBE, "nvme_irq", 4 },
		{ "(probe+0x1/0x60 [nvme] <- add_one) irq=29", TEXT_PROBE_RETURN, "add_one", 0 },
		{ "(mask_irq+0x0/0x30 <ffffffff8d1b6e90>) irq=29", TEXT_PROBE, "mask_irq", 0 },
		{ "__probe_ip=ffffffff8cd23360 irq=27", TEXT_PROBE, NULL, 0xffffffff8cd23360 },
		{ "__probe_func=ffffffff8cd23360 __probe_ret_ip=ffffffffc052b5d8 ret=3", TEXT_PROBE_RETURN, NULL,
		  0xffffffff8cd23360 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct text_body body;

		assert_true(text_body_probe(bodies[i].body, &body));
		assert_int_equal(body.form, bodies[i].form);
		assert_int_equal(body.place.form, bodies[i].symbol ? TEXT_SYMBOL : TEXT_NUMBER);
		assert_int_equal(body.place.number, bodies[i].number);
		if (bodies[i].symbol)
			assert_memory_equal(body.place.text, bodies[i].symbol, body.place.text_len);
		assert_int_equal(body.nr, 1);
	}
}

static void test_no_probes(void **state)
{
	static const char *const bodies[] = {
		"", "(", "(ffff", "()", "(ffffffff8d1b6e90", "(a <- ) irq=1", "(hello world) irq=1", "irq=29 name=x",
		"__probe_ip=", "(mask_irq+0x0/0x30) irq", "(mask_irq+0x) irq=1",
	};
	struct text_body body;

	(void)state;
	for (unsigned i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		assert_false(text_body_probe(bodies[i], &body));
}

/* ---- the reader ---- */

#define HEAD "# tracer: nop\n#\n# entries-in-buffer/entries-written: 5/5   #P:2\n#\n"

static void test_kernel_text(void **state)
{
	static const char *const want[] = {
		"irq.mask@shadow irq:29 msix:0000:00:03.0[2] via=\"pci_msi_mask_irq\" "
		"state=0x19601200 ctrl=0x0",
		"irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"nvme0q2 x\"",
		"irq.exit@shadow irq:29 via=\"irq_handler_exit\"",
		"irq.exit@shadow irq:30 via=\"irq_handler_exit\" ret=0",
		"mark@shadow via=\"print\" text=\"hello\"",
		NULL
	};

	(void)state;
	assert_events(HEAD "              dd-301     [001] d..1.     1.000001: my_mask: (pci_msi_mask_irq+0x0/0x60) irq=29 "
		      "state=0x19601200 msix=1 idx=2 ctrl=0x0 dev=\"0000:00:03.0\" other=\"a b\"\n"
		      "          <idle>-0       [000] d.h1.     1.000002: irq_handler_entry: irq=29 name=nvme0q2 x\n"
		      "          <idle>-0       [000] d.h1.     1.000003: irq_handler_exit: irq=29 ret=handled\n"
		      "          <idle>-0       [000] d.h1.     1.000004: irq_handler_exit: irq=30 ret=unhandled\n"
		      "           <...>-7       [001] d.h1.     1.000005: tracing_mark_write: hello\nand a line more\n"
		      "          <idle>-0       [000] d.h1.     1.000006: mask_irq <-handle_level_irq\n"
		      "          <idle>-0       [000] d.h1.     1.000007: sched_switch: prev_comm=a\n"
		      " => some_function\n",
		      want);
}

/* A name may stand anywhere; a probe that sits within a function says nothing of its beginning. */
static void test_probe_in_the_middle(void **state)
{
	static const char *const none[] = { NULL };

	(void)state;
	assert_events("a-1 [001] 1.000001: p: (pci_msi_mask_irq+0x10/0x60) irq=29 msix=1 idx=2 dev=\"0000:00:03.0\"\n", none);
}

static void test_signals_are_seen(void **state)
{
	bool ok;
	struct ingest_sink *is = read_text("a-1 [001] 1.000001: p: (irq_shutdown+0x0/0x60) irq=29\n"
					   "a-1 [001] 1.000001: irq_handler_entry: irq=29 name=x\n", &ok);
	const struct source_signal *signal;

	(void)state;
	assert_true(ok);
	signal = is_find_signal(is, EV_IRQ_SHUTDOWN, WITNESS_SHADOW, "irq_shutdown");
	assert_true(signal && signal->basis == SIGNAL_SEEN);
	signal = is_find_signal(is, EV_IRQ_ENTER, WITNESS_SHADOW, "irq_handler_entry");
	assert_true(signal && signal->basis == SIGNAL_SEEN && signal->grade == SIGNAL_COMPLETE);
	assert_null(is_find_signal(is, EV_IRQ_EXIT, WITNESS_SHADOW, "irq_handler_exit"));
	is_free(is);
}

static void test_holes(void **state)
{
	bool ok;
	struct ingest_sink *is = read_text("# entries-in-buffer/entries-written: 4/104   #P:2\n"
					   "a-1 [000] 1.000001: irq_handler_entry: irq=29 name=x\n"
					   "##### CPU 1 buffer started ####\n"
					   "a-1 [001] 2.000000: irq_handler_entry: irq=29 name=x\n"
					   "CPU:0 [LOST 7 EVENTS]\n"
					   "a-1 [000] 3.000000: irq_handler_entry: irq=29 name=x\n"
					   "CPU:1 [EVENTS DROPPED]\n", &ok);

	(void)state;
	assert_true(ok);
	assert_int_equal(is->nr_events, 6);
	/* whose beginning is not known */
	assert_int_equal(is->event[1].kind, EV_LOST);
	assert_int_equal(is->event[1].cpu, 1);
	assert_int_equal(is->event[1].t_lo_ns, is->event[1].t_hi_ns);
	assert_int_equal(is->event[2].ordinal, 2);
	assert_int_equal(is->event[2].sub, 1);
	assert_int_equal(is->event[3].kind, EV_LOST);
	assert_true(is->event[3].t_lo_ns < 1000002000 && is->event[3].t_hi_ns > 2999999000);
	assert_int_equal(is->event[5].kind, EV_LOST);
	assert_true(is->event[5].cpu == 1 && is->event[5].ordinal == 4);
	assert_int_equal(is->end.lost, 107);
	assert_int_equal(is->info.nr_cpus, 2);
	is_free(is);
}

/* Of one CPU they add up; of more CPUs than an event has room for they are said to be too many. */
static void test_many_holes(void **state)
{
	char text[1024] = "";
	struct ingest_sink *is;
	bool ok;

	(void)state;
	is = read_text("a-1 [000] 1.000000: x: y\nCPU:0 [LOST 7 EVENTS]\nCPU:0 [LOST 8 EVENTS]\nCPU:1 [EVENTS DROPPED]\n"
		       "CPU:1 [3 EVENTS DROPPED]\na-1 [000] 1.000001: irq_handler_entry: irq=29 name=x\n", &ok);
	assert_true(ok);
	assert_int_equal(is->nr_events, 3);
	assert_int_equal(is->end.lost, 15);
	is_free(is);
	for (int cpu = 0; cpu < 9; cpu++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "CPU:%d [LOST EVENTS]\n", cpu);
	strcat(text, "a-1 [000] 1.000001: irq_handler_entry: irq=29 name=x\n");
	is = read_text(text, &ok);
	assert_false(ok);
	assert_int_equal(is->nr_code[DIAG_BAD_LINE], 3);
	assert_int_equal(is->nr_code[DIAG_BAD_RECORD], 0);
	assert_int_equal(is->nr_events, 7);
	is_free(is);
}

/* The records of one CPU may be all that there are, or not. */
static void test_one_cpu_of_many(void **state)
{
	static const char line[] = "a-1 [002] 1.000001: irq_handler_entry: irq=29 name=x\n";
	static const char *const heads[] = { "# tracer: nop\n", "# entries-in-buffer/entries-written: 1/1   #P:4\n", "cpus=4\n" };
	char text[256];
	bool ok;

	(void)state;
	for (unsigned i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct ingest_sink *is;

		snprintf(text, sizeof(text), "%s%s", heads[i], line);
		is = read_text(text, &ok);
		assert_true(ok);
		assert_int_equal(is->nr_events, 2);
		assert_int_equal(is->event[1].kind, EV_LOST);
		assert_int_equal(is->event[1].cpu, 0);
		/* from before the first record on */
		assert_int_equal(is->event[1].t_lo_ns, is->event[1].t_hi_ns);
		is_free(is);
	}
}

static void test_cycles(void **state)
{
	bool ok;
	struct ingest_sink *is = read_text("cpus=1\n          <idle>-0     [000]120864630199: irq_handler_entry: irq=2 name=x\n"
					   "          <idle>-0     [000] 1.500000: irq_handler_entry: irq=2 name=x\n", &ok);

	(void)state;
	assert_false(ok);
	assert_int_equal(is->nr_events, 2);
	assert_true(is->info.time_is_cycles);
	assert_int_equal(is->event[0].t_hi_ns, 120864630199);
	assert_int_equal(is->nr_code[DIAG_BAD_LINE], 1);
	is_free(is);
}

/* Each of these is a line too few, said so, and a hole for those who look for what is not there. */
static void test_broken_lines(void **state)
{
	static const char *const lines[] = {
		"a-1 [001] 2.000000: irq_handler_entry: irq=29 na\n", "a-1 [001] 2.00", "a-1 [001] 2.000000: irq_handler\n",
		"a-1 [001] 2.000000: irq_handler_entry: irq=29 name=x", "a-1 001] 2.000000: irq_handler_entry: irq=29 name=x\n",
		"nothing of the kind\n", "a-1 [001] 2.000000: vector_alloc: irq=27 vector=3z\n",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char text[512];
		bool ok;
		struct ingest_sink *is;

		snprintf(text, sizeof(text), "a-1 [001] 1.000000: irq_handler_entry: irq=29 name=x\n%s", lines[i]);
		is = read_text(text, &ok);
		assert_false(ok);
		assert_int_equal(is->nr_events, 2);
		assert_int_equal(is->event[1].kind, EV_LOST);
		assert_int_equal(is->nr_code[DIAG_BAD_LINE], 1);
		assert_int_equal(is->diag_pos[0].line, 3);
		is_free(is);
	}
}

static void test_not_ftrace(void **state)
{
	static const char *const texts[] = {
		"hello\n", "\n\n\n", "# a comment\n", "12345@1700000000.123456:apic_mem_writel 0xb0 = 0x0\n",
		"# tracer: function_graph\n", "[    0.000000] Linux version 6.1\n",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		bool ok;
		struct ingest_sink *is = read_text(texts[i], &ok);

		assert_true(strncmp(is->info.kind, "ftrace", 6) != 0);
		is_free(is);
	}
}

/* Writes to the IO-APIC: register select, window; another width, a read, and a register that is no entry are nothing. */
static void test_mmiotrace_events(void **state)
{
	static const char *const want[] = {
		"ioapic.rte_write@hardware pin:0.23 via=\"mmiotrace_rw\" rte=0x18823 mask=0xffffffff",
		"ioapic.rte_write@hardware pin:0.23 via=\"mmiotrace_rw\" rte=0x100000000000000 mask=0xffffffff00000000",
		"ioapic.eoi@hardware via=\"mmiotrace_rw\" vector=35",
		NULL
	};

	(void)state;
	assert_events("cpus=1\n"
		      "a-1 [000] 1.000001: mmiotrace_map: fec00000 ffffcf3ac05ae000 400 4 3\n"
		      "a-1 [000] 1.000002: mmiotrace_rw: fec00010 18823 0 4 2 4\n"
		      "a-1 [000] 1.000003: mmiotrace_rw: fec00000 3e 0 4 2 4\n"
		      "a-1 [000] 1.000004: mmiotrace_rw: fec00010 18823 0 4 2 4\n"
		      "a-1 [000] 1.000005: mmiotrace_rw: fec00010 1 0 4 1 4\n"
		      "a-1 [000] 1.000006: mmiotrace_rw: fec00010 1 0 4 2 2\n"
		      "a-1 [000] 1.000007: mmiotrace_rw: fec00000 3f 0 4 2 4\n"
		      "a-1 [000] 1.000008: mmiotrace_rw: fec00010 1000000 0 4 2 4\n"
		      "a-1 [000] 1.000009: mmiotrace_rw: fec00000 1 0 4 2 4\n"
		      "a-1 [000] 1.000010: mmiotrace_rw: fec00010 5 0 4 2 4\n"
		      "a-1 [000] 1.000011: mmiotrace_rw: fec00040 23 0 4 2 4\n", want);
}

/* QEMU's ftrace backend: the events are those of the machine that it emulates, and so is what they are able to show. */
static void test_marks_of_qemu(void **state)
{
	static const char *const want[] = {
		"mark@shadow via=\"print\" text=\"ioapic_set_irq vector: 23 level: 1\"",
		"ioapic.line@hardware guest/pin:0.23 via=\"ioapic_set_irq\" level=1",
		"mark@shadow via=\"print\" text=\"ioapic_set_irq but not as it prints it\"",
		"mark@shadow via=\"print\" text=\"kvm_irqchip_commit_routes\"",
		"kvm.route_commit@shadow guest/machine:0 via=\"kvm_irqchip_commit_routes\"",
		"mark@shadow via=\"print\" text=\"ioapic_eoi_broadcast EOI broadcast for vector 113\"",
		"ioapic.eoi@hardware guest/machine:0 via=\"ioapic_eoi_broadcast\" vector=113",
		NULL
	};
	static const char text[] = "qemu-7 [000] 1.000001: tracing_mark_write: ioapic_set_irq vector: 23 level: 1\n"
				   "qemu-7 [000] 1.000002: tracing_mark_write: ioapic_set_irq but not as it prints it\n"
				   "qemu-7 [000] 1.000003: tracing_mark_write: kvm_irqchip_commit_routes \n"
				   "qemu-7 [000] 1.000004: tracing_mark_write: ioapic_eoi_broadcast EOI broadcast for vector 113\n";
	const struct source_signal *signal;
	struct ingest_sink *is;
	bool ok;

	(void)state;
	assert_events(text, want);
	is = read_text(text, &ok);
	assert_true(ok && is->event[1].ordinal == 1 && is->event[1].sub == 1 && is->event[1].pid == 7);
	signal = is_find_signal(is, EV_IOAPIC_LINE, WITNESS_HARDWARE, "ioapic_set_irq");
	assert_true(signal && signal->machine == MACHINE_GUEST && signal->grade == SIGNAL_COMPLETE && signal->basis == SIGNAL_SEEN);
	is_free(is);
}

/* Two sets of arguments under one name are two probes. */
static void test_probes_of_one_name(void **state)
{
	static const char *const want[] = {
		"irq.disable@shadow irq:29 via=\"irq_disable\" depth=1",
		"irq.disable@shadow irq:30 via=\"irq_disable\"",
		"irq.disable@shadow irq:29 via=\"irq_disable\" depth=2",
		NULL
	};

	(void)state;
	assert_events("a-1 [001] 1.000001: p: (irq_disable+0x0/0x60) irq=29 depth=1\n"
		      "a-1 [001] 1.000002: p: (irq_disable+0x0/0x60) irq=30\n"
		      "a-1 [001] 1.000003: p: (irq_disable+0x4/0x60) irq=29 depth=2\n", want);
}

/* A vCPU of one number in another thread is another guest's: it is told once, and nothing is said behind that. */
static void test_two_guests(void **state)
{
	static const char text[] =
		"qemu-1  [000]     1.000000: kvm_eoi: apicid 0 vector 236\n"
		"qemu-2  [000]     2.000000: kvm_eoi: apicid 1 vector 236\n"
		"qemu-1  [000]     3.000000: kvm_ack_irq: irqchip IOAPIC pin 19\n"
		"qemu-3  [000]     4.000000: kvm_eoi: apicid 0 vector 236\n"
		"qemu-1  [000]     5.000000: kvm_ack_irq: irqchip IOAPIC pin 19\n";
	static const char *const want[] = {
		"lapic.eoi@hardware guest/vector:0.0xec via=\"kvm_eoi\" vector=236",
		"lapic.eoi@hardware guest/vector:1.0xec via=\"kvm_eoi\" vector=236",
		"kvm.ack@hardware guest/pin:0.19 via=\"kvm_ack_irq\"",
		"kvm.unclear@hardware via=\"kvm_eoi\"", NULL,
	};

	(void)state;
	assert_events(text, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_guests),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_no_heads),
		cmocka_unit_test(test_lost_lines),
		cmocka_unit_test(test_every_tracepoint),
		cmocka_unit_test(test_bad_bodies),
		cmocka_unit_test(test_probe_places),
		cmocka_unit_test(test_no_probes),
		cmocka_unit_test(test_kernel_text),
		cmocka_unit_test(test_probe_in_the_middle),
		cmocka_unit_test(test_signals_are_seen),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_many_holes),
		cmocka_unit_test(test_one_cpu_of_many),
		cmocka_unit_test(test_cycles),
		cmocka_unit_test(test_tsc_hz),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test(test_not_ftrace),
		cmocka_unit_test(test_mmiotrace_events),
		cmocka_unit_test(test_marks_of_qemu),
		cmocka_unit_test(test_probes_of_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
