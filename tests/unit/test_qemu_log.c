/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of QEMU's logs: shapes of lines, consoles in between, times, and damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/ingest_sink.h"

#define IRQ "ioapic_set_irq vector: 11 level: 1"
#define IRQ_EVENT "ioapic.line@hardware pin:0.11 via=\"ioapic_set_irq\" level=1\n"
#define EOI "ioapic_eoi_broadcast EOI broadcast for vector 33"
#define EOI_EVENT "ioapic.eoi@hardware via=\"ioapic_eoi_broadcast\" vector=33\n"
#define HARM "irq 16: nobody cared"
#define HARM_EVENT "irq.spurious@shadow irq:16\n"

static void expect(const char *text, const char *want, bool with_time)
{
	struct ingest_sink *is;
	bool complete;
	char *lines;

	is = is_read_text(text, &complete);
	lines = is_lines(is, with_time);
	assert_string_equal(lines, want);
	assert_true(complete);
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 0);
	free(lines);
	is_free(is);
}

static void test_shapes(void **state)
{
	static const struct {
		const char *text, *want;
	} shapes[] = {
		{ "29412@1795163758.977070:" IRQ "\n", "1795163758.977070000 " IRQ_EVENT },
		{ "1@0.000001:" IRQ "\n", "0.000001000 " IRQ_EVENT },
		{ "2026-03-01T00:00:16Z " IRQ "\n", "1772323216.000000000 " IRQ_EVENT },
		{ "2024-02-29T23:59:59.925400Z " IRQ "\n", "1709251199.925400000 " IRQ_EVENT },
		{ "2026-01-05T10:11:12.123456Z qemu-system-x86_64(77): " IRQ "\n", "1767607872.123456000 " IRQ_EVENT },
		{ "2026-01-05T10:11:12.123456Z vm-1.example " IRQ "\n", "1767607872.123456000 " IRQ_EVENT },
		{ "2026-01-05T10:11:12.123456Z vm1 qemu-system-x86_64(CPU 0/KVM): " IRQ "\n",
		  "1767607872.123456000 " IRQ_EVENT },
		{ "4711@1795163758977070123 " IRQ "\n", "1795163758.977070123 " IRQ_EVENT },
		{ IRQ "\n" EOI "\n", "0.000000001 " IRQ_EVENT "0.000000002 " EOI_EVENT },
		{ "qemu-system-x86_64(77): " IRQ "\n" EOI "\n", "0.000000001 " IRQ_EVENT "0.000000002 " EOI_EVENT },
		/* collapsed, padded, and without its last line end */
		{ "ioapic_set_irq   vector:  11 level: 1 \r\n\r\n" EOI, "0.000000001 " IRQ_EVENT "0.000000003 " EOI_EVENT },
		/* an event without arguments keeps its blank, or has lost it */
		{ "kvm_irqchip_commit_routes \n" IRQ "\n",
		  "0.000000001 kvm.route_commit@shadow via=\"kvm_irqchip_commit_routes\"\n0.000000002 " IRQ_EVENT },
		{ "kvm_irqchip_commit_routes\n" IRQ "\n",
		  "0.000000001 kvm.route_commit@shadow via=\"kvm_irqchip_commit_routes\"\n0.000000002 " IRQ_EVENT },
		/* a form that begins with a blank */
		{ "vfio_msix_vector_do_use  (0000:03:00.0) vector 2 used\n" IRQ "\n",
		  "0.000000001 vfio.vector_use@shadow vfio:0000:03:00.0[2] via=\"vfio_msix_vector_do_use\"\n"
		  "0.000000002 " IRQ_EVENT },
		/* a line end within an event */
		{ "7@1.000000:vfio_pci_load_rom Device 0000:03:00.0 ROM:\n  size: 0x1, offset: 0x2, flags: 0x3\n7@2.000000:" IRQ "\n",
		  "2.000000000 " IRQ_EVENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		expect(shapes[i].text, shapes[i].want, true);
}

/* What a console prints byte by byte between the events. */
static void test_mixed(void **state)
{
	static const struct {
		const char *text, *want;
	} mixed[] = {
		{ IRQ "\n[" EOI "\n   1.0] " HARM "\n", IRQ_EVENT EOI_EVENT HARM_EVENT },
		{ IRQ "\nirq 1" EOI "\n6: nobody " IRQ "\ncared\r\n", IRQ_EVENT EOI_EVENT IRQ_EVENT HARM_EVENT },
		{ "5@1.000000:" IRQ "\nirq 16: no5@1.000001:" EOI "\nbody cared\n", IRQ_EVENT EOI_EVENT HARM_EVENT },
		/* a digit of the console in front of a thread's number that was seen before */
		{ "29412@1.000000:" IRQ "\nirq 129412@1.000001:" EOI "\n6: nobody cared\n", IRQ_EVENT EOI_EVENT HARM_EVENT },
		/* a letter in front of a name; a longer name in front of a shorter one */
		{ "u" IRQ "\n" EOI "\n", IRQ_EVENT EOI_EVENT },
		{ "pic_set_irq master 1 irq 3 level 1\n" IRQ "\n",
		  "pic.irq@hardware pic:0 via=\"pic_set_irq\" input=3 level=1\n" IRQ_EVENT },
		/* an event that is not known is no console's text, also where it stands in the middle of one */
		{ "5@1.000000:" IRQ "\nirq 16: 5@1.000001:qcow2_x y\nnobody cared\n", IRQ_EVENT HARM_EVENT },
		{ IRQ "\n" EOI "\nirq 16: \nqcow2_writev_start co 0x1\nnobody cared\n", IRQ_EVENT EOI_EVENT },
		{ IRQ "\n" EOI "\nirq 16: xenstore_watch path a token b\nnobody cared\n", IRQ_EVENT EOI_EVENT HARM_EVENT },
		/* nearly an event */
		{ IRQ "\n" IRQ "x\nioapic_set_irq vector: 11\nioapic_set_irq vector: 0x11 level: 1\n" EOI "\n",
		  IRQ_EVENT EOI_EVENT },
		{ IRQ "\n" IRQ "\n" HARM, IRQ_EVENT IRQ_EVENT HARM_EVENT },
		/* a line that only the file's end ends, in front of the last event */
		{ "5@1.000000:" IRQ "\n" HARM "5@1.000001:" EOI "\n", IRQ_EVENT EOI_EVENT HARM_EVENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mixed) / sizeof(*mixed); i++) {
		struct ingest_sink *is;
		bool complete;
		char *lines, *at;

		is = is_read_text(mixed[i].text, &complete);
		lines = is_lines(is, false);
		/* the text of a message is long and is tested elsewhere */
		while ((at = strstr(lines, " text=\"")) || (at = strstr(lines, " via=\"\"")))
			memmove(at, strchr(at, '\n'), strlen(strchr(at, '\n')) + 1);
		assert_string_equal(lines, mixed[i].want);
		assert_true(complete);
		free(lines);
		is_free(is);
	}
}

/* The time of a console's line lies between those of the events around it. */
static void test_console_time(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_text("5@1.000000:" IRQ "\n" HARM "\n\n5@3.000000:" IRQ "\n" HARM "\n", &complete);
	assert_int_equal(is->nr_events, 4);
	assert_int_equal(is->event[1].kind, EV_IRQ_SPURIOUS);
	assert_int_equal(is->event[1].t_lo_ns, 1000000000);
	assert_int_equal(is->event[1].t_hi_ns, 3000000000);
	assert_int_equal(is->event[1].offset, 2);
	assert_int_equal(is->event[2].kind, EV_IOAPIC_LINE);
	/* nothing follows the last one */
	assert_int_equal(is->event[3].t_lo_ns, 3000000000);
	assert_int_equal(is->event[3].t_hi_ns, 3000000000);
	is_free(is);
}

/* Threads read the clock before they get to write. */
static void test_race(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_text("5@1.000020:" IRQ "\n6@1.000010:" EOI "\n5@1.000030:" IRQ "\n", &complete);
	assert_true(complete);
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 0);
	assert_int_equal(is->event[1].t_lo_ns, 1000010000);
	assert_int_equal(is->event[1].t_hi_ns, 1000020000);
	assert_int_equal(is->event[2].t_lo_ns, 1000030000);
	is_free(is);
	is = is_read_text("5@9.000000:" IRQ "\n6@1.000000:" EOI "\n5@2.000000:" IRQ "\n", &complete);
	assert_true(complete);
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 1);
	is_free(is);
}

static void test_info(void **state)
{
	const struct source_signal *signal;
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_text("5@1.000000:" IRQ "\n5@1.000001:foo_bar 1\n5@1.000002:foo_bar 2\n", &complete);
	assert_string_equal(is->info.kind, "qemu log");
	assert_string_equal(is->info.clock, "realtime");
	assert_int_equal(is->info.layer, LAYER_PLATFORM);
	assert_int_equal(is->end.records, 3);
	assert_int_equal(is->end.kept, 1);
	assert_int_equal(is->nr_kinds, 2);
	signal = is_find_signal(is, EV_IOAPIC_LINE, WITNESS_HARDWARE, "ioapic_set_irq");
	assert_non_null(signal);
	assert_int_equal(signal->grade, SIGNAL_COMPLETE);
	assert_int_equal(signal->basis, SIGNAL_SEEN);
	signal = is_find_signal(is, EV_DEVICE_NOTIFY, WITNESS_HARDWARE, "pci_nvme_irq_msix");
	assert_int_equal(signal->grade, SIGNAL_PARTIAL);
	is_free(is);
	is = is_read_text(IRQ "\n" EOI "\n", &complete);
	assert_string_equal(is->info.clock, SOURCE_CLOCK_ORDER);
	is_free(is);
}

/* The thread is the actor; some events tell which CPU it is. */
static void test_actor(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_text("5@1.0:x\n5@1.000000:" IRQ "\n5@1.000001:kvm_run_exit cpu_index 3, reason 6\n5@1.000002:" IRQ
			  "\n6@1.000003:" IRQ "\n5@1.000004:memory_region_ops_write cpu -1 mr 0x1 addr 0x2 value 0x3 size 4 name 'a'\n"
			  "5@1.000005:" IRQ "\n", &complete);
	assert_int_equal(is->nr_events, 4);
	assert_int_equal(is->event[0].cpu, -1);
	assert_int_equal(is->event[0].pid, 5);
	assert_int_equal(is->event[1].cpu, 3);
	assert_int_equal(is->event[2].cpu, -1);
	assert_int_equal(is->event[2].pid, 6);
	assert_int_equal(is->event[3].cpu, -1);
	is_free(is);
}

static void test_unknown_form(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_text("5@1.000000:" IRQ "\n5@1.000001:ioapic_set_irq pin 1 is 2\n5@1.000001:ioapic_set_irq pin 1 is 2\n", &complete);
	assert_true(complete);
	assert_int_equal(is->nr_events, 1);
	assert_int_equal(is->nr_code[DIAG_REMARK], 1);
	is_free(is);
}

/* Cut anywhere: a diagnostic or a whole event, and what came before is kept. */
static void test_cut(void **state)
{
	static const char text[] = "5@1.000000:" IRQ "\n6@1.000001:" EOI "\n";
	size_t first = strchr(text, '\n') + 1 - text;

	(void)state;
	for (size_t len = first; len < sizeof(text) - 1; len++) {
		struct ingest_sink *is;
		bool complete;

		is = is_read_bytes(text, len, &complete);
		assert_true(is->nr_events >= 1);
		assert_int_equal(is->event[0].kind, EV_IOAPIC_LINE);
		if (complete)
			assert_true(len == first || is->nr_events == 2);
		else
			assert_int_equal(is->nr_code[DIAG_SHORT_FILE], 1);
		is_free(is);
	}
}

/* Numbers that do not fit, many threads, long lines, control characters. */
static void test_hostile(void **state)
{
	enum { NR_THREADS = 6000 };
	struct ingest_sink *is;
	char *text = NULL;
	bool complete;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fprintf(out, "5@1.000000:" IRQ "\n");
	fprintf(out, "99999999999999999999@1.000000:" IRQ "\n5@99999999999999999999.000000:" IRQ "\n5@9223372036.999999:" IRQ "\n");
	fprintf(out, "5@1.000000:ioapic_set_irq vector: 99999999999999999999 level: 1\n5@1.000000:ioapic_set_irq vector: -1 level: 1\n");
	fprintf(out, "5@1.000000:ioapic_set_irq vector: 4294967296 level: 1\n\x1b[2J@@@@:::%%s%%n\n");
	for (unsigned i = 1; i <= NR_THREADS; i++)
		fprintf(out, "%u@1.000000:" IRQ "\n", i);
	for (unsigned i = 0; i < 3 * 65536; i++)
		fputs(i % 7 ? "@" : "5@1.", out);
	fprintf(out, "\n5@2.000000:" EOI "\n");
	fclose(out);
	is = is_read_bytes(text, len, &complete);
	assert_true(is->nr_events > NR_THREADS);
	for (unsigned i = 0; i < is->nr_events; i++)
		assert_true(event_valid(&is->event[i]));
	assert_int_equal(is->event[is->nr_events - 1].kind, EV_IOAPIC_EOI);
	is_free(is);
	free(text);
}

static void test_text(void **state)
{
	static const char text[] = "5@1.000000:" IRQ "\n5@1.000001:" EOI "\r\n";
	struct ingest_options opt = { .in_process = true };
	struct ingest_sink *is = is_new();
	int fd = is_file(text, sizeof(text) - 1);
	struct ingest *in;
	char path[64], buf[128];

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	in = ingest_start(path, &opt, &is->diag);
	assert_non_null(in);
	assert_true(ingest_run(in, &is->sink));
	assert_true(ingest_text(in, 2, buf, sizeof(buf)));
	assert_string_equal(buf, "5@1.000001:" EOI);
	assert_true(ingest_text(in, 1, buf, sizeof(buf)));
	assert_string_equal(buf, "5@1.000000:" IRQ);
	assert_false(ingest_text(in, 3, buf, sizeof(buf)));
	assert_false(ingest_text(in, 0, buf, sizeof(buf)));
	ingest_stop(in);
	is_free(is);
	close(fd);
}

/* Other text is not taken for a log. */
static void test_not_a_log(void **state)
{
	static const char *const texts[] = {
		"hello\n", "[    0.000000] Linux version 6.1.0\n[    0.1] irq 16: nobody cared\n",
		"5@1.000000\n", "user@1.host:foo\n", "some_words here\nmore_words there\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ingest_sink *is;
		bool complete;

		is = is_read_text(texts[i], &complete);
		assert_string_not_equal(is->info.kind, "qemu log");
		is_free(is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_console_time),
		cmocka_unit_test(test_race),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_actor),
		cmocka_unit_test(test_unknown_form),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_not_a_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
