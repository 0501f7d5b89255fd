/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mmiotrace's text: MSI-X tables found by what is written into them, whose they are, and lines that are broken or cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "unit/ingest_sink.h"

#define HEAD "# tracer: mmiotrace\nVERSION 20070824\n"
#define NVME "PCIDEV 0018 1b360010 b febf4004 0 0 0 0 0 0 4000 0 0 0 0 0 0 \n"
#define MAP "MAP 1.000000 2 0xfebf6000 0xffffcf3ac004d000 0x50 0x0 0\n"
#define MESSAGE "W 4 2.000001 2 0xfebf6010 0xfee01004 0x0 0\nW 4 2.000002 2 0xfebf6014 0x0 0x0 0\n" \
		"W 4 2.000003 2 0xfebf6018 0xef 0x0 0\n"
#define UNMASK "W 4 2.000004 2 0xfebf601c 0x0 0x0 0\n"

static struct ingest_sink *read_text(const char *text, bool *ok)
{
	const struct ingest_options opt = { .in_process = true };
	char path[] = "/tmp/irqpath-test-mmio-XXXXXX";
	struct ingest_sink *is = is_new();
	int fd = mkstemp(path);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	*ok = is_read(is, path, &opt);
	unlink(path);
	return is;
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

static const char *const table_events[] = {
	"pci.msix.entry_write@hardware msix:0000:00:03.0[1] via=\"mmiotrace\" addr_lo=0xfee01004 addr_hi=0x0 data=0xef",
	"pci.msix.entry_mask@hardware msix:0000:00:03.0[1] via=\"mmiotrace\" masked=0",
	NULL
};

static const char *const none[] = { NULL };

static void test_table(void **state)
{
	(void)state;
	assert_events(HEAD NVME MAP MESSAGE UNMASK, table_events);
	/* the words of one entry between those of another, and reads */
	assert_events(HEAD NVME MAP "W 4 1.000001 2 0xfebf6000 0xfee01004 0x0 0\n" MESSAGE
		      "R 4 2.000003 2 0xfebf601c 0x1 0x0 0\n" UNMASK, table_events);
}

/* Not a table, as far as anybody can tell. */
static void test_no_table(void **state)
{
	(void)state;
	assert_events(HEAD NVME MAP UNMASK, none);
	assert_events(HEAD NVME MESSAGE UNMASK, none);
	assert_events(HEAD NVME MAP "UNMAP 1.500000 2 0x0 0\n" MESSAGE UNMASK, none);
	/* not of whole entries; not an address of the interrupt range; not in its order; not whole words */
	assert_events(HEAD NVME "MAP 1.000000 2 0xfebf6000 0xffffcf3ac004d000 0x58 0x0 0\n" MESSAGE UNMASK, none);
	assert_events(HEAD NVME MAP "W 4 2.000001 2 0xfebf6010 0xfed01004 0x0 0\nW 4 2.000002 2 0xfebf6014 0x0 0x0 0\n"
		      "W 4 2.000003 2 0xfebf6018 0xef 0x0 0\n" UNMASK, none);
	assert_events(HEAD NVME MAP "W 4 2.000001 2 0xfebf6010 0xfee01004 0x0 0\nW 4 2.000003 2 0xfebf6018 0xef 0x0 0\n" UNMASK,
		      none);
	assert_events(HEAD NVME MAP "W 8 2.000001 2 0xfebf6010 0xfee01004 0x0 0\nW 8 2.000003 2 0xfebf6018 0xef 0x0 0\n" UNMASK,
		      none);
}

/* No function claims the memory, or two do, or it is not memory. */
static void test_nobodys_table(void **state)
{
	(void)state;
	assert_events(HEAD MAP MESSAGE UNMASK, none);
	assert_events(HEAD "PCIDEV 0018 1b360010 b febf4004 0 0 0 0 0 0 2000 0 0 0 0 0 0 nvme\n" MAP MESSAGE UNMASK, none);
	assert_events(HEAD "PCIDEV 0018 1b360010 b febf4005 0 0 0 0 0 0 4000 0 0 0 0 0 0 nvme\n" MAP MESSAGE UNMASK, none);
	assert_events(HEAD NVME "PCIDEV 0020 1b360010 b 0 febf6004 0 0 0 0 0 0 1000 0 0 0 0 0 x\n" MAP MESSAGE UNMASK, none);
}

static void test_marks_and_holes(void **state)
{
	bool ok;
	struct ingest_sink *is = read_text(HEAD "MARK 1.000000 hello world\n" NVME MAP "MARK 0.000000 Lost 12 events.\n" MESSAGE
					   "UNKNOWN 3.000000 2 0xfebf6000 0f,01,02 0x0 0\n", &ok);

	(void)state;
	assert_true(ok);
	assert_int_equal(is->nr_events, 3);
	assert_int_equal(is->event[0].kind, EV_MARK);
	assert_int_equal(is->event[1].kind, EV_LOST);
	assert_true(is->event[1].t_lo_ns < 1000001000 && is->event[1].t_hi_ns > 2000000000);
	assert_int_equal(is->event[2].kind, EV_PCI_MSIX_ENTRY_WRITE);
	assert_int_equal(is->end.lost, 12);
	assert_true(is_find_signal(is, EV_PCI_MSIX_ENTRY_WRITE, WITNESS_HARDWARE, "mmiotrace")->grade == SIGNAL_PARTIAL);
	is_free(is);
}

static void test_broken_lines(void **state)
{
	static const char *const lines[] = {
		"W 4 2.000001 2 0xfebf6010 0xfee01004 0x0\n", "W 4 2.0001 2 0xfebf6010 0xfee01004 0x0 0\n", "MAP 1.000000 2\n",
		"UNMAP\n", "PCIDEV 0018 1b360010 b febf4004\n", "X 4\n", "W 4 2.000001 2 0xfebf6010 0xfee01004 0x0 0",
		"W 4 2.000001 2 zebf6010 0xfee01004 0x0 0\n", "MARK x\n", "MARK\n", "W 4 99999999999.000001 2 0x1 0x1 0x0 0\n",
		"PCIDEV 0018 1b360010 b x 0 0 0 0 0 0 4000 0 0 0 0 0 0 \n",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char text[512];
		bool ok;
		struct ingest_sink *is;

		snprintf(text, sizeof(text), HEAD "%s", lines[i]);
		is = read_text(text, &ok);
		assert_false(ok);
		assert_int_equal(is->nr_code[DIAG_BAD_LINE], 1);
		assert_int_equal(is->diag_pos[0].line, 3);
		is_free(is);
	}
}

static void test_bad_line_is_a_hole(void **state)
{
	bool ok;
	struct ingest_sink *is = read_text(HEAD NVME MAP "W 4 2.000001 2 0xfebf6010 0xfee01004 0x0 0\n"
					   "W 4 2.000002 2 0xfebf6014 0x? 0x0 0\nW 4 2.000003 2 0xfebf6018 0xef 0x0 0\n" MESSAGE, &ok);

	(void)state;
	assert_false(ok);
	assert_int_equal(is->nr_events, 2);
	assert_int_equal(is->event[0].kind, EV_LOST);
	assert_int_equal(is->event[1].kind, EV_PCI_MSIX_ENTRY_WRITE);
	is_free(is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_nobodys_table),
		cmocka_unit_test(test_marks_and_holes),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test(test_bad_line_is_a_hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
