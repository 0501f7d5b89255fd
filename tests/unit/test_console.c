/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of kernels as files: every form of what stands in front, clocks, and lines that others wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ingest/console/stamp.h"
#include "unit/ingest_sink.h"

#define S INT64_C(1000000000)
#define US INT64_C(1000)
#define TEXT "irq 16: nobody cared (try booting with the \"irqpoll\" option)"
#define DAY(n) ((n) * 86400 * S)

static void test_stamps(void **state)
{
	static const struct {
		const char *front;
		int64_t printk, wall, yearless;	/* -1: none */
		bool by_kernel, by_other;
	} stamps[] = {
		{ "", -1, -1, -1, false, false },
		{ "[    0.000000] ", 0, -1, -1, false, false },
		{ "[   12.345678] ", 12 * S + 345678 * US, -1, -1, false, false },
		{ "[12345.678901]", 12345 * S + 678901 * US, -1, -1, false, false },
		{ "<6>[   12.345678] ", 12 * S + 345678 * US, -1, -1, false, false },
		{ "<4>", -1, -1, -1, false, false },
		{ "[   12.345678][  T123] ", 12 * S + 345678 * US, -1, -1, false, false },
		{ "[   12.345678][    C0] ", 12 * S + 345678 * US, -1, -1, false, false },
		{ "[Fri Nov 20 13:26:01 2026] ", -1, DAY(20777) + 48361 * S, -1, false, false },
		{ "[Mon Feb  2 03:04:05 2026] ", -1, DAY(20486) + 11045 * S, -1, false, false },
		{ "2026-11-20T13:26:01,123456+00:00 ", -1, DAY(20777) + 48361 * S + 123456 * US, -1, false, false },
		{ "2026-11-20T15:26:01+0200 host kernel: ", -1, DAY(20777) + 48361 * S, -1, true, false },
		{ "2026-11-20T11:56:01.5-01:30 host kernel: ", -1, DAY(20777) + 48361 * S + 500000 * US, -1, true, false },
		{ "2026-11-20 13:26:01 ", -1, DAY(20777) + 48361 * S, -1, false, false },
		{ "1795165007.420211 host kernel: ", -1, 1795165007 * S + 420211 * US, -1, true, false },
		{ "Jan  2 00:00:03 host kernel: ", -1, -1, DAY(1) + 3 * S, true, false },
		{ "Jan  2 00:00:03 host kernel: [   12.345678] ", 12 * S + 345678 * US, -1, DAY(1) + 3 * S, true, false },
		{ "Jan  2 00:00:03.250000 host irqbalance[77]: ", -1, -1, DAY(1) + 3 * S + 250000 * US, false, true },
		{ "[   12.345678] host kernel: ", 12 * S + 345678 * US, -1, -1, true, false },
		{ "(XEN) ", -1, -1, -1, false, true },
		{ "(XEN) [    1.234567] ", -1, -1, -1, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(stamps) / sizeof(*stamps); i++) {
		struct stamp st;
		char line[256];

		snprintf(line, sizeof(line), "%s" TEXT, stamps[i].front);
		stamp_parse(line, strlen(line), &st);
		if (strncmp(stamps[i].front, "(XEN)", 5))
			assert_string_equal(line + st.len, TEXT);
		assert_int_equal(st.clocks >> STAMP_PRINTK & 1, stamps[i].printk >= 0);
		assert_int_equal(st.clocks >> STAMP_WALL & 1, stamps[i].wall >= 0);
		assert_int_equal(st.clocks >> STAMP_YEARLESS & 1, stamps[i].yearless >= 0);
		assert_true(stamps[i].printk < 0 || st.t_ns[STAMP_PRINTK] == stamps[i].printk);
		assert_true(stamps[i].wall < 0 || st.t_ns[STAMP_WALL] == stamps[i].wall);
		assert_true(stamps[i].yearless < 0 || st.t_ns[STAMP_YEARLESS] == stamps[i].yearless);
		assert_int_equal(st.by_kernel, stamps[i].by_kernel);
		assert_int_equal(st.by_other, stamps[i].by_other);
	}
}

/* Nearly stamps: left alone, the text begins where it begins. */
static void test_no_stamps(void **state)
{
	static const char *const texts[] = {
		"[   12.345678", "[ 12] x", "[99999999999.1] x", "[Fri Nob 20 13:26:01 2026] x", "[Fri Nov 20 25:26:01 2026] x",
		"Nov 32 13:26:01 host kernel: x", "Nov 20 13:26 x", "2026-13-20T13:26:01 x", "2026-11-20T13:26:01+ x", "179516500.42 x",
		"<>x", "<1234>x", "[", "", "[T1] x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct stamp st;

		stamp_parse(texts[i], strlen(texts[i]), &st);
		assert_int_equal(st.clocks, 0);
		assert_int_equal(st.len, 0);
	}
}

static void expect_clock(const char *text, const char *clock, int64_t t_ns)
{
	struct ingest_sink *is;
	bool complete;

	is = is_read_text(text, &complete);
	assert_true(complete);
	assert_string_equal(is->info.kind, "kernel log");
	assert_string_equal(is->info.clock, clock);
	assert_true(is->info.by_line);
	assert_int_equal(is->nr_events, 1);
	assert_int_equal(is->event[0].kind, EV_IRQ_SPURIOUS);
	assert_int_equal(is->event[0].t_lo_ns, t_ns);
	is_free(is);
}

static void test_clocks(void **state)
{
	(void)state;
	expect_clock("[    1.000000] Linux version 6.1.0 (x)\n[   12.500000] " TEXT "\n", "printk", 12 * S + S / 2);
	/* a line without a time stands right behind the one in front */
	expect_clock("[    1.000000] x\n[    2.000000] y\n" TEXT "\n", "printk", 2 * S);
	expect_clock("Jan  2 00:00:03 host kernel: [   12.500000] " TEXT "\n", "printk", 12 * S + S / 2);
	expect_clock("Jan  2 00:00:03 host kernel: " TEXT "\r\n", "date", DAY(1) + 3 * S);
	expect_clock("[Fri Nov 20 13:26:01 2026] " TEXT "\n", "realtime", DAY(20777) + 48361 * S);
	expect_clock("hello\n" TEXT "\n", SOURCE_CLOCK_ORDER, 2);
	expect_clock("(XEN) a\n(XEN) b\n(XEN) " TEXT "\n[    1.000000] Linux version 6\n[    3.000000] " TEXT "\n", "printk", 3 * S);
}

static void test_release_and_text(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = is_read_text("[    0.000000] Linux version 6.1.0-56-amd64 (gcc)\n[    0.001344] tsc: Detected 2596.464 MHz processor\n"
			  "[    0.002000] tsc: Detected 2,5 GHz processor\n[    2.204574] tsc: Refined TSC clocksource calibration: 2596.112 MHz\n"
			  "[    2.3] dev: Detected 1000.000 MHz processor\n[    1.0] pciback 0000:00:07.0: xen_pciback: seizing device\n"
			  "[    2.0] nvme nvme0: I/O 11 QID 3 timeout, completion polled\n", &complete);
	assert_string_equal(is->info.release, "6.1.0-56-amd64");
	assert_int_equal(is->info.tsc_hz, 2596112000);
	assert_int_equal(is->nr_events, 2);
	assert_int_equal(is->event[0].kind, EV_PCI_ASSIGN);
	assert_int_equal(is->event[0].object[0].id, object_id_pci(0, 0, 7, 0));
	assert_int_equal(is->event[1].kind, EV_HARM_TIMEOUT);
	assert_int_equal(is->event[1].offset, 7);
	assert_int_equal(is->end.records, 7);
	is_free(is);
}

#define HEAD "[    0.000000] Linux version 6.1.0 (gcc)\n"
#define SEIZED(bdf) "[   90.0] pciback " bdf ": xen_pciback: seizing device\n"

static void expect_gsi(const char *text, int64_t gsi, uint8_t witness)
{
	bool complete;
	struct ingest_sink *is = is_read_text(text, &complete);
	const struct event *last = &is->event[is->nr_events - 1];
	const struct object_ref *ref;

	assert_true(complete);
	assert_int_equal(last->kind, EV_PCI_ASSIGN);
	ref = event_object(last, OBJ_GSI);
	assert_int_equal(ref ? (int64_t)ref->id : -1, gsi);
	assert_int_equal(last->witness, witness);
	assert_non_null(event_object(last, OBJ_PCI));
	is_free(is);
}

/* The GSI of a function that is given away: told, or switched on by the probe that speaks next. */
static void test_routes(void **state)
{
	(void)state;
	expect_gsi(HEAD SEIZED("0000:00:07.0"), -1, WITNESS_SHADOW);
	expect_gsi(HEAD "[ 1.0] e1000 0000:00:07.0: PCI INT A -> GSI 23 (level, low) -> IRQ 23\n" SEIZED("0000:00:07.0"), 23, WITNESS_SHADOW);
	expect_gsi(HEAD "[ 1.0] ACPI: \\_SB_.GSIH: Enabled at IRQ 23\n[ 2.0] usb 1-1: x\n[ 2.1] e1000 0000:00:07.0 eth2: x\n"
		   SEIZED("0000:00:07.0"), 23, WITNESS_INFERRED);
	/* the next function that is spoken of takes it */
	expect_gsi(HEAD "[ 1.0] ACPI: \\_SB_.GSIG: Enabled at IRQ 22\n[ 1.1] nvme 0000:01:00.0: x\n[ 2.1] e1000 0000:00:07.0 eth2: x\n"
		   SEIZED("0000:00:07.0"), -1, WITNESS_SHADOW);
	/* what was told is not overruled */
	expect_gsi(HEAD "[ 1.0] e1000 0000:00:07.0: PCI INT A -> GSI 23 (level, low) -> IRQ 23\n"
		   "[ 1.1] ACPI: \\_SB_.GSIG: Enabled at IRQ 22\n[ 1.2] e1000 0000:00:07.0: x\n" SEIZED("0000:00:07.0"), 23, WITNESS_SHADOW);
	/* the link's configuration is no use of it */
	expect_gsi(HEAD "[ 1.0] ACPI: PCI: Interrupt link GSIH configured for IRQ 23\n[ 1.1] e1000 0000:00:07.0: x\n"
		   SEIZED("0000:00:07.0"), -1, WITNESS_SHADOW);
	expect_gsi(HEAD "[ 1.0] ACPI: X: Enabled at IRQ 99999\n[ 1.1] e1000 0000:00:07.0: x\n" SEIZED("0000:00:07.0"), -1, WITNESS_SHADOW);
}

static void test_whose(void **state)
{
	bool complete;
	struct ingest_sink *is = is_read_text(HEAD "[ 1.0] xen_mcelog: /dev/mcelog registered by Xen\n", &complete);

	(void)state;
	assert_int_equal(is->info.machine, MACHINE_DOM0);
	is_free(is);
	is = is_read_text(HEAD "[ 1.0] xenbus_probe_frontend: x\n", &complete);
	assert_int_equal(is->info.machine, MACHINE_OWN);
	is_free(is);
}

static void test_not_a_kernel(void **state)
{
	static const char *const texts[] = {
		"hello\nworld\n", "(XEN) Xen version 4.17\n(XEN) irq 16: nobody cared\n", "Jan  2 00:00:03 host cron[1]: x\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ingest_sink *is;
		bool complete;

		is = is_read_text(texts[i], &complete);
		assert_string_not_equal(is->info.kind, "kernel log");
		is_free(is);
	}
}

/* Cut and changed at each byte: what is read is sound. */
static void test_damage(void **state)
{
	static const char text[] = "[    1.000000] Linux version 6.1.0 (x)\n[   12.500000] " TEXT "\n[   13.0] eth0: x\n";
	struct ingest_sink *is;
	bool complete;

	(void)state;
	for (size_t len = 60; len < sizeof(text); len++) {
		is = is_read_bytes(text, len, &complete);
		assert_true(is->nr_events <= 1);
		is_free(is);
	}
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		static const char bytes[] = { 0, '\n', (char)0xff, '[', '9' };
		char changed[sizeof(text)];

		memcpy(changed, text, sizeof(text));
		changed[i] = bytes[i % sizeof(bytes)];
		is = is_read_bytes(changed, sizeof(text) - 1, &complete);
		assert_true(is->nr_events <= 1);
		is_free(is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_no_stamps),
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_release_and_text),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_whose),
		cmocka_unit_test(test_not_a_kernel),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
