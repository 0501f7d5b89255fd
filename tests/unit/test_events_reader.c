/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of "irqpath-events 1": good files, and lines that are refused while the rest is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit/ingest_sink.h"

#define HEAD "irqpath-events 1\n"
#define ENTER "1.5 cpu0/7/sh irq.enter@shadow irq:29 via=\"irq_handler_entry\" name=\"eth0\"\n"

static void test_good(void **state)
{
	struct ingest_sink *is;
	const struct source_signal *signal;
	bool complete;

	(void)state;
	is = is_read_text(HEAD "# about\n\nclock mono\ncpus 4\nmachine d3\nsignal irq.unmask@shadow complete via pci_msi_unmask_irq\n"
		       "signal irq.mask@hardware partial\n" ENTER "   \n2.0 - lost@shadow cpu:1 count=3\n", &complete);
	assert_true(complete);
	assert_int_equal(is->nr_diags, 0);
	assert_string_equal(is->info.clock, "mono");
	assert_int_equal(is->info.nr_cpus, 4);
	assert_int_equal(is->info.machine, MACHINE_DOMAIN + 3);
	assert_string_equal(is->info.kind, "irqpath-events 1");
	assert_int_equal(is->nr_events, 2);
	assert_int_equal(is->event[0].ordinal, 1);
	assert_int_equal(is->event[0].offset, 9);
	assert_int_equal(is->event[1].ordinal, 2);
	assert_int_equal(is->event[1].offset, 11);
	assert_int_equal(is->end.lost, 3);
	signal = is_find_signal(is, EV_IRQ_UNMASK, WITNESS_SHADOW, "pci_msi_unmask_irq");
	assert_non_null(signal);
	assert_int_equal(signal->grade, SIGNAL_COMPLETE);
	assert_int_equal(signal->basis, SIGNAL_DECLARED);
	assert_int_equal(is_find_signal(is, EV_IRQ_MASK, WITNESS_HARDWARE, "")->grade, SIGNAL_PARTIAL);
	is_free(is);
}

/* What export says of a capture: it is taken for that capture's, wherever it stands. */
static void test_about_another_capture(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_text(HEAD "reader xl dmesg\nlayer hypervisor\ntimes cycles\ntsc-hz 2100000000\n" ENTER
		       "release 4.17.5 of Xen\nuntil 2.5\n", &complete);
	assert_true(complete);
	assert_string_equal(is->info.kind, "xl dmesg");
	assert_string_equal(is->info.release, "4.17.5 of Xen");
	assert_int_equal(is->info.layer, LAYER_HYPERVISOR);
	assert_true(is->info.time_is_cycles);
	assert_false(is->info.timeless);
	assert_int_equal(is->info.tsc_hz, 2100000000);
	assert_int_equal(is->end.until_ns, 2500000000);
	is_free(is);
	is = is_read_text(HEAD "times none\n" ENTER, &complete);
	assert_true(complete);
	assert_true(is->info.timeless);
	assert_false(is->info.time_is_cycles);
	assert_int_equal(is->info.layer, LAYER_KERNEL);
	is_free(is);
}

/* One line is refused with its number; what is around it is kept. */
static void expect_refused(const char *line)
{
	struct ingest_sink *is;
	char text[16384];
	bool complete;

	snprintf(text, sizeof(text), HEAD ENTER "%s\n2.5 cpu0 irq.exit@shadow irq:29 ret=1\n", line);
	is = is_read_text(text, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_code[DIAG_BAD_LINE], 1);
	assert_int_equal(is->diag_pos[0].line, 3);
	assert_int_equal(is->nr_events, 2);
	assert_int_equal(is->event[1].ordinal, 2);
	is_free(is);
}

static void test_bad_lines(void **state)
{
	char line[8192];

	(void)state;
	expect_refused("2.0 cpu0 irq.nothing@shadow irq:29");
	expect_refused("2.0 cpu0 irq.enter@shadow msix:0000:00:03.0[1]");
	expect_refused("nonsense");
	expect_refused("2.0 cpu0 irq.enter@shadow irq:29\x1b[31m");
	expect_refused("2.0 cpu0\tirq.enter@shadow irq:29");
	expect_refused("signal irq.unmask complete");
	expect_refused("signal irq.unmask@shadow whole");
	expect_refused("signal irq.unmask@shadow complete by f");
	expect_refused("signal irq.unmask@shadow complete via f g");
	expect_refused("clock");
	expect_refused("cpus many");
	expect_refused("machine moon");
	expect_refused("layer ground");
	expect_refused("layer kernel too");
	expect_refused("times ns");
	expect_refused("tsc-hz 999999");
	expect_refused("tsc-hz 10000000000000");
	expect_refused("tsc-hz -2100000000");
	expect_refused("tsc-hz 18446744073709551616");
	expect_refused("until never");
	expect_refused("until 1.5..2.5");
	expect_refused("reader");
	expect_refused("release  ");
	snprintf(line, sizeof(line), "2.0 cpu0 mark@shadow text=\"%05000d\"", 7);
	expect_refused(line);
}

static void test_bad_bytes(void **state)
{
	static const char nul[] = HEAD ENTER "2.0 cpu0 irq.exit@shadow\0 irq:29 ret=1\n";
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_bytes(nul, sizeof(nul) - 1, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_events, 1);
	is_free(is);
}

static void test_last_line_without_end(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_bytes(HEAD ENTER, sizeof(HEAD ENTER) - 2, &complete);
	assert_true(complete);
	assert_int_equal(is->nr_events, 1);
	is_free(is);
}

static void test_not_events(void **state)
{
	static const char *const texts[] = { "irqpath-events 12\n" ENTER, "irqpath-events\n" ENTER, ENTER };
	struct ingest_sink *is;
	bool complete;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		is = is_read_text(texts[i], &complete);
		assert_false(complete);
		assert_int_equal(is->nr_code[DIAG_UNKNOWN_FORMAT], 1);
		is_free(is);
	}
	is = is_read_text(&HEAD[1], &complete);
	assert_int_equal(is->nr_code[DIAG_UNKNOWN_FORMAT], 1);
	is_free(is);
	is = is_read_text("", &complete);
	assert_int_equal(is->nr_code[DIAG_EMPTY_FILE], 1);
	is_free(is);
	is = is_read_text("irqpath-events 1 \n" ENTER, &complete);
	assert_int_equal(is->nr_code[DIAG_BAD_HEADER], 1);
	is_free(is);
}

static void test_not_regular_files(void **state)
{
	struct ingest_options opt = { .in_process = true };
	struct ingest_sink *is = is_new();
	int fd[2];
	char path[64];

	(void)state;
	assert_false(is_read(is, "/proc/self/ns", &opt));
	assert_false(is_read(is, "/nowhere/at/all", &opt));
	assert_int_equal(pipe(fd), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd[0]);
	assert_false(is_read(is, path, &opt));
	assert_int_equal(is->nr_code[DIAG_CANNOT_OPEN], 3);
	close(fd[0]);
	close(fd[1]);
	is_free(is);
}

static void test_many_bad_lines_few_messages(void **state)
{
	struct ingest_sink *is;
	char *text = calloc(1, 40000);
	bool complete;

	(void)state;
	strcpy(text, HEAD);
	for (int i = 0; i < 1000; i++)
		strcat(text, "bad\n");
	is = is_read_text(text, &complete);
	assert_false(complete);
	assert_true(is->nr_code[DIAG_BAD_LINE] < 100);
	assert_int_equal(is->nr_code[DIAG_LIMIT], 1);
	is_free(is);
	free(text);
}

static void test_texts(void **state)
{
	static const char text[] = HEAD "# first\n" ENTER "2.0 - mark@shadow text=\"a\"\n";
	struct ingest_sink *is = is_new();
	char path[64], buf[128];
	int fd = is_file(text, sizeof(text) - 1);

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int in_process = 0; in_process < 2; in_process++) {
		struct ingest_options opt = { .in_process = in_process };
		struct ingest *in = ingest_start(path, &opt, &is->diag);

		assert_non_null(in);
		strtab_free(is->strings);
		is->strings = strtab_new();
		assert_true(ingest_run(in, &is->sink));
		assert_true(ingest_text(in, 4, buf, sizeof(buf)));
		assert_string_equal(buf, "2.0 - mark@shadow text=\"a\"");
		assert_true(ingest_text(in, 3, buf, sizeof(buf)));
		assert_memory_equal(buf, "1.5 cpu0/7/sh", 13);
		assert_false(ingest_text(in, 5, buf, sizeof(buf)));
		ingest_stop(in);
	}
	close(fd);
	is_free(is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_about_another_capture),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_bad_bytes),
		cmocka_unit_test(test_last_line_without_end),
		cmocka_unit_test(test_not_events),
		cmocka_unit_test(test_not_regular_files),
		cmocka_unit_test(test_many_bad_lines_few_messages),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
