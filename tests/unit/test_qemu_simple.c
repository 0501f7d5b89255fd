/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trace files of QEMU's simple backend: versions, byte orders, drops, and every byte of them damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/ingest_sink.h"

enum { MAX_FILE = 4096, SET_IRQ = 7, CFG_WRITE = 300, COMMIT = 9, OTHER = 4000 };

struct file {
	uint8_t bytes[MAX_FILE];
	size_t len;
	bool big;
	unsigned version;
};

static void put(struct file *f, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		f->bytes[f->len + (f->big ? size - 1 - i : i)] = value >> 8 * i;
	f->len += size;
}

static void put_text(struct file *f, const char *text)
{
	put(f, strlen(text), 4);
	memcpy(f->bytes + f->len, text, strlen(text));
	f->len += strlen(text);
}

static void put_name(struct file *f, uint64_t id, const char *name)
{
	if (f->version < 4)
		return;
	put(f, 0, 8);
	put(f, id, 8);
	put_text(f, name);
}

static void put_head(struct file *f, uint64_t id, uint64_t t_ns, uint32_t args_bytes)
{
	if (f->version >= 4)
		put(f, 1, 8);
	put(f, id, 8);
	put(f, t_ns, 8);
	put(f, 24 + args_bytes, 4);
	put(f, 4711, 4);
}

static void put_irq(struct file *f, uint64_t t_ns, int64_t pin, int64_t level)
{
	put_head(f, SET_IRQ, t_ns, 16);
	put(f, pin, 8);
	put(f, level, 8);
}

static struct file begin(unsigned version, bool big)
{
	struct file f = { .big = big, .version = version };

	put(&f, UINT64_MAX, 8);
	put(&f, 0xf2b177cb0aa429b4, 8);
	put(&f, version, 8);
	put_name(&f, SET_IRQ, "ioapic_set_irq");
	put_name(&f, CFG_WRITE, "pci_cfg_write");
	put_name(&f, COMMIT, "kvm_irqchip_commit_routes");
	put_name(&f, OTHER, "qcow2_writev_start");
	return f;
}

static struct file whole(unsigned version, bool big)
{
	struct file f = begin(version, big);

	put_irq(&f, 1000, 23, 1);
	put_head(&f, CFG_WRITE, 2000, 4 + 4 + 5 * 8);
	put_text(&f, "nvme");
	put(&f, 0, 8);
	put(&f, 3, 8);
	put(&f, 0, 8);
	put(&f, 4, 8);
	put(&f, 0x407, 8);
	put_head(&f, COMMIT, 3000, 0);
	put_head(&f, OTHER, 4000, 8);
	put(&f, 5, 8);
	put_head(&f, UINT64_MAX - 1, 9000, 8);
	put(&f, 17, 8);
	put_irq(&f, 10000, 11, 0);
	return f;
}

static void test_version_4(void **state)
{
	static const char want[] =
		"ioapic.line@hardware pin:0.23 via=\"ioapic_set_irq\" level=1\n"
		"pci.command@hardware pci:0000:00:03.0 via=\"pci_cfg_write\" value=0x407 mask=0xffff\n"
		"kvm.route_commit@shadow via=\"kvm_irqchip_commit_routes\"\n"
		"lost@shadow count=17\n"
		"ioapic.line@hardware pin:0.11 via=\"ioapic_set_irq\" level=0\n";

	(void)state;
	for (int big = 0; big < 2; big++) {
		struct file f = whole(4, big);
		struct ingest_sink *is;
		bool complete;
		char *lines;

		is = is_read_bytes(f.bytes, f.len, &complete);
		lines = is_lines(is, false);
		assert_true(complete);
		assert_string_equal(lines, want);
		assert_string_equal(is->info.kind, "qemu simple 4");
		assert_string_equal(is->info.clock, "mono");
		assert_int_equal(is->end.records, 6);
		assert_int_equal(is->end.lost, 17);
		assert_int_equal(is->nr_kinds, 4);
		assert_int_equal(is->event[0].t_lo_ns, 1000);
		/* what was dropped lies behind the record in front */
		assert_int_equal(is->event[3].t_lo_ns, 4000);
		assert_int_equal(is->event[3].t_hi_ns, 9000);
		assert_int_equal(is->event[4].ordinal, 6);
		free(lines);
		is_free(is);
	}
}

/* Without names: counted; the holes are told. */
static void test_old_versions(void **state)
{
	(void)state;
	for (unsigned version = 2; version < 4; version++) {
		struct file f = whole(version, version == 2);
		struct ingest_sink *is;
		bool complete;

		is = is_read_bytes(f.bytes, f.len, &complete);
		assert_true(complete);
		assert_int_equal(is->nr_events, 1);
		assert_int_equal(is->event[0].kind, EV_LOST);
		assert_int_equal(is->end.records, 6);
		assert_int_equal(is->nr_kinds, 4);
		assert_int_equal(is->nr_code[DIAG_REMARK], 1);
		is_free(is);
	}
}

static void test_unknown_version(void **state)
{
	(void)state;
	for (unsigned version = 0; version < 7; version++) {
		struct file f = whole(version, false);
		struct ingest_sink *is;
		bool complete;

		is = is_read_bytes(f.bytes, f.len, &complete);
		assert_int_equal(complete, version >= 2 && version <= 4);
		assert_int_equal(is->nr_code[DIAG_BAD_HEADER], version < 2 || version > 4);
		is_free(is);
	}
}

/* A hole takes away what was known of the machine. */
static void test_drop_forgets(void **state)
{
	struct file f = begin(4, false);
	struct ingest_sink *is;
	bool complete;
	char *lines;

	(void)state;
	put_name(&f, 50, "ioapic_mem_write");
	for (int drop = 0; drop < 2; drop++) {
		if (drop) {
			put_head(&f, UINT64_MAX - 1, 5000, 8);
			put(&f, 1, 8);
		}
		for (int half = drop; half < 2; half++) {
			put_head(&f, 50, 1000 + drop * 5000, 32);
			put(&f, 0x10, 8);
			put(&f, 0x26 + half, 8);
			put(&f, 4, 8);
			put(&f, half ? 0x1000000 : 0x8021, 8);
		}
	}
	is = is_read_bytes(f.bytes, f.len, &complete);
	lines = is_lines(is, false);
	assert_string_equal(lines,
		"ioapic.rte_write@hardware pin:0.11 via=\"ioapic_mem_write\" rte=0x8021 mask=0xffffffff\n"
		"ioapic.rte_write@hardware pin:0.11 via=\"ioapic_mem_write\" rte=0x100000000008021 mask=0xffffffffffffffff\n"
		"lost@shadow count=1\n"
		"ioapic.rte_write@hardware pin:0.11 via=\"ioapic_mem_write\" rte=0x100000000000000 mask=0xffffffff00000000\n");
	free(lines);
	is_free(is);
}

/* Lengths that fit no form are counted; small steps back of the clock are races. */
static void test_forms_and_races(void **state)
{
	struct file f = begin(4, false);
	struct ingest_sink *is;
	bool complete;

	(void)state;
	put_irq(&f, 5000, 1, 1);
	put_head(&f, SET_IRQ, 6000, 8);
	put(&f, 1, 8);
	put_irq(&f, 4000, 2, 1);
	/* of 4 GiB within the record */
	put_head(&f, CFG_WRITE, 7000, 12);
	put(&f, UINT32_MAX, 4);
	put(&f, 0, 8);
	put_irq(&f, 8000, -1, 1);
	is = is_read_bytes(f.bytes, f.len, &complete);
	assert_true(complete);
	assert_int_equal(is->nr_events, 3);
	assert_int_equal(is->event[1].t_lo_ns, 4000);
	assert_int_equal(is->event[1].t_hi_ns, 6000);
	assert_int_equal(is->event[2].nr_objects, 0);
	assert_int_equal(is->nr_code[DIAG_REMARK], 2);
	assert_int_equal(is->nr_code[DIAG_TIME_BACKWARDS], 0);
	is_free(is);
}

static void test_lengths_that_lie(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 23, 1 << 17, INT32_MAX, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct file f = begin(4, false);
		struct ingest_sink *is;
		bool complete;

		put_irq(&f, 1000, 1, 1);
		put_head(&f, SET_IRQ, 2000, lengths[i] - 24);
		put(&f, 0, 8);
		is = is_read_bytes(f.bytes, f.len, &complete);
		assert_false(complete);
		assert_int_equal(is->nr_events, 1);
		assert_int_equal(is->nr_code[DIAG_BAD_DATA], 1);
		is_free(is);
	}
}

/* Cut at every byte, each byte changed: a diagnostic with its place, or a sound result. */
static void test_damage(void **state)
{
	struct file f = whole(4, false);
	struct ingest_sink *is;
	bool complete;

	(void)state;
	for (size_t len = 24; len < f.len; len++) {
		is = is_read_bytes(f.bytes, len, &complete);
		assert_true(complete || is->nr_code[DIAG_SHORT_FILE] + is->nr_code[DIAG_BAD_DATA] == 1);
		assert_true(is->nr_events <= 5);
		is_free(is);
	}
	for (size_t i = 0; i < f.len; i++) {
		struct file changed = f;

		changed.bytes[i] ^= 1 << i % 8;
		is = is_read_bytes(changed.bytes, changed.len, &complete);
		for (unsigned k = 0; k < is->nr_events; k++)
			assert_true(event_valid(&is->event[k]));
		is_free(is);
	}
}

static void test_text(void **state)
{
	struct ingest_options opt = { .in_process = true };
	struct file f = whole(4, true);
	struct ingest_sink *is = is_new();
	int fd = is_file(f.bytes, f.len);
	struct ingest *in;
	char path[64], buf[128];

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	in = ingest_start(path, &opt, &is->diag);
	assert_true(ingest_run(in, &is->sink));
	assert_true(ingest_text(in, is->event[0].offset, buf, sizeof(buf)));
	assert_string_equal(buf, "0.000001000 ioapic_set_irq vector: 23 level: 1");
	assert_true(ingest_text(in, is->event[1].offset, buf, sizeof(buf)));
	assert_string_equal(buf, "0.000002000 pci_cfg_write nvme 0:3.0 @0x4 <- 0x407");
	assert_true(ingest_text(in, is->event[3].offset, buf, sizeof(buf)));
	assert_string_equal(buf, "17 records dropped");
	assert_false(ingest_text(in, f.len, buf, sizeof(buf)));
	assert_false(ingest_text(in, 0, buf, sizeof(buf)));
	ingest_stop(in);
	is_free(is);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_4),
		cmocka_unit_test(test_old_versions),
		cmocka_unit_test(test_unknown_version),
		cmocka_unit_test(test_drop_forgets),
		cmocka_unit_test(test_forms_and_races),
		cmocka_unit_test(test_lengths_that_lie),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
