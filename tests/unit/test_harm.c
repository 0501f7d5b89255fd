/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of kernels, and texts that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/event_text.h"
#include "core/object.h"
#include "core/strtab.h"
#include "ingest/harm.h"

struct message {
	const char *text;
	enum event_kind kind;
	int irq, cpu, vector;
	const char *device, *name;
};

static const struct message messages[] = {
	{ "irq 16: nobody cared (try booting with the \"irqpoll\" option)", EV_IRQ_SPURIOUS, 16, -1, -1, NULL, "" },
	{ "[   12.345678] irq 7: nobody cared", EV_IRQ_SPURIOUS, 7, -1, -1, NULL, "" },
	{ "do_IRQ: 1.55 No irq handler for vector", EV_HARM_NO_HANDLER, -1, 1, 55, NULL, "" },
	{ "\n<0>[    0.1] __common_interrupt: 12.239 No irq handler for vector\nmore",
	  EV_HARM_NO_HANDLER, -1, 12, 239, NULL, "" },
	{ "nvme nvme0: I/O 11 QID 3 timeout, completion polled", EV_HARM_TIMEOUT, -1, -1, -1, NULL, "nvme0q3" },
	{ "nvme nvme1: I/O 0 QID 0 timeout, disable controller", EV_HARM_TIMEOUT, -1, -1, -1, NULL, "nvme1q0" },
	{ "nvme nvme10: I/O tag 5 (1005) opcode 0x2 (I/O Cmd) QID 12 timeout, aborting req_op:READ(0) size:4096",
	  EV_HARM_TIMEOUT, -1, -1, -1, NULL, "nvme10q12" },
	{ "NETDEV WATCHDOG: eth0 (e1000e): transmit queue 0 timed out", EV_HARM_WATCHDOG, -1, -1, -1, NULL, "eth0" },
	{ "e1000e 0000:00:04.0 eth0: NETDEV WATCHDOG: CPU: 1: transmit queue 0 timed out 5388 ms", EV_HARM_WATCHDOG,
	  -1, -1, -1, "0000:00:04.0", "eth0" },
	{ "virtio_net virtio1 ens3: TX timeout on queue: 0, sq: output.0, vq: 0x1",
	  EV_HARM_TIMEOUT, -1, -1, -1, NULL, "ens3" },
	{ "e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:", EV_HARM_WATCHDOG, -1, -1, -1, "0000:00:19.0",
	  "eno1" },
	{ "e1000 0000:02:01.0 eth1: Detected Tx Unit Hang", EV_HARM_WATCHDOG, -1, -1, -1, "0000:02:01.0", "eth1" },
	{ "ata1: lost interrupt (Status 0x50)", EV_HARM_TIMEOUT, -1, -1, -1, NULL, "ata1" },
	{ "ata1.00: qc timeout (cmd 0xec)", EV_HARM_TIMEOUT, -1, -1, -1, NULL, "ata1.00" },
	{ "mmc0: Timeout waiting for hardware interrupt.", EV_HARM_TIMEOUT, -1, -1, -1, NULL, "mmc0" },
	{ "xhci_hcd 0000:00:14.0: xHCI host not responding to stop endpoint command", EV_HARM_TIMEOUT, -1, -1, -1,
	  "0000:00:14.0", "" },
	{ "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [kworker/1:1:77]",
	  EV_HARM_WATCHDOG, -1, -1, -1, NULL, "" },
	{ "INFO: task kworker/u4:1:77 blocked for more than 120 seconds.", EV_HARM_WATCHDOG, -1, -1, -1, NULL,
	  "kworker/u4:1" },
	{ "[   90.660202] pciback 0000:00:07.0: xen_pciback: seizing device", EV_PCI_ASSIGN, -1, -1, -1, "0000:00:07.0", "pciback" },
	{ "pciback 0000:00:05.0: seizing device", EV_PCI_ASSIGN, -1, -1, -1, "0000:00:05.0", "pciback" },
	{ "pci-stub 0000:00:1b.0: claimed by stub", EV_PCI_ASSIGN, -1, -1, -1, "0000:00:1b.0", "pci-stub" },
	{ "mmc0: Timeout waiting for hardware cmd interrupt.", EV_HARM_TIMEOUT, -1, -1, -1, NULL, "mmc0" },
	{ "ixgbe 0000:05:00.0 eth2: initiating reset due to tx timeout", EV_HARM_WATCHDOG, -1, -1, -1, "0000:05:00.0", "eth2" },
	{ "tg3 0000:03:00.0 eth0: transmit timed out, resetting", EV_HARM_WATCHDOG, -1, -1, -1, "0000:03:00.0", "eth0" },
	{ "mlx5_core 0000:03:00.0 ens1: TX timeout detected", EV_HARM_TIMEOUT, -1, -1, -1, "0000:03:00.0", "ens1" },
	{ "ata3.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x6 frozen timeout", EV_HARM_TIMEOUT, -1, -1, -1, NULL, "ata3.00" },
	{ "pcieport 0000:00:1c.0: pciehp: Timeout on hotplug command 0x1038 (issued 65284 msec ago)", EV_HARM_TIMEOUT,
	  -1, -1, -1, "0000:00:1c.0", "" },
	{ "NMI watchdog: Watchdog detected hard LOCKUP on cpu 3", EV_HARM_WATCHDOG, -1, -1, -1, NULL, "" },
	{ "libxl: error: libxl_pci.c:1489:pci_add_dm_done: Domain 1:xc_physdev_map_pirq irq=23 (error=-1): Operation not permitted",
	  EV_TOOLSTACK_ERROR, -1, -1, -1, NULL, "" },
	{ "libxl: error: libxl_pci.c:1507:pci_add_dm_done: Domain 1:xc_domain_irq_permission irq=23 (error=1): Operation not permitted",
	  EV_TOOLSTACK_ERROR, -1, -1, -1, NULL, "" },
	/* near misses */
	{ "libxl: error: Domain 1:xc_domain_irq_permission irq=23 (error=-1): No such device", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "xen_pciback: seizing device", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "irq 16: somebody cared", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "irq : nobody cared", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "irq 12345678901: nobody cared", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "No irq handler for vector", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "v1.2.55 No irq handler for vector", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "nvme nvme0: I/O 11 QID three timeout", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "nvme nvme0: I/O queue ready", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "NETDEV WATCHDOG: transmit queue 0 timed out", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "random: crng init done", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "line one\nirq 16: nobody cared", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "%n: lost interrupt", EV_NONE, 0, 0, 0, NULL, NULL },
	{ "", EV_NONE, 0, 0, 0, NULL, NULL },
};

enum { NR_MESSAGES = sizeof(messages) / sizeof(*messages) };

/* The text ends where a page does that nothing may read behind. */
static bool parse_at_end(const char *text, size_t len, struct harm *harm)
{
	size_t page = sysconf(_SC_PAGESIZE), room = (len / page + 1) * page;
	char *map = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool found;

	assert_true(map != MAP_FAILED);
	assert_int_equal(mprotect(map + room, page, PROT_NONE), 0);
	memcpy(map + room - len, text, len);
	found = harm_parse(map + room - len, len, harm);
	munmap(map, room + page);
	return found;
}

static void test_known_messages(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NR_MESSAGES; i++) {
		const struct message *m = &messages[i];
		struct harm harm;
		uint64_t dev;

		if (parse_at_end(m->text, strlen(m->text), &harm) != (m->kind != EV_NONE))
			fail_msg("%s", m->text);
		if (m->kind == EV_NONE)
			continue;
		assert_int_equal(harm.kind, m->kind);
		assert_int_equal(harm.irq, m->irq);
		assert_int_equal(harm.cpu, m->cpu);
		assert_int_equal(harm.vector, m->vector);
		assert_string_equal(harm.name, m->name);
		assert_int_equal(harm.has_dev, m->device != NULL);
		if (m->device) {
			assert_true(object_parse_bdf(m->device, &dev, NULL));
			assert_int_equal(harm.dev, dev);
		}
	}
}

/* Every beginning of every message: what was cut off is not made up. */
static void test_cut_messages(void **state)
{
	struct harm harm;

	(void)state;
	for (unsigned i = 0; i < NR_MESSAGES; i++)
		for (size_t len = 0; len < strlen(messages[i].text); len++)
			if (parse_at_end(messages[i].text, len, &harm))
				assert_int_equal(harm.kind, messages[i].kind);
	assert_false(parse_at_end("irq 16: nobody care", 19, &harm));
}

static void test_gsi_of_refusal(void **state)
{
	static const char line[] = "Domain 1:xc_domain_irq_permission irq=23 (error=1): Operation not permitted";
	struct strtab *strings = strtab_new();
	struct event ev = { .kind = EV_NONE };

	(void)state;
	assert_true(harm_event(line, strlen(line), strings, &ev));
	assert_non_null(event_object(&ev, OBJ_GSI));
	assert_int_equal(event_object(&ev, OBJ_GSI)->id, 23);
	strtab_free(strings);
}

static void test_hostile_text(void **state)
{
	static const char words[] = "nvme nvme0: I/O ", name[] = ": lost interrupt (Status";
	size_t len = 1 << 20;
	char *text = malloc(len);
	struct harm harm;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	assert_false(harm_parse(text, len, &harm));
	memset(text, '9', len);
	assert_false(harm_parse(text, len, &harm));
	/* a name that is too long for one; then many that nearly match */
	memset(text, 'x', 200);
	memcpy(text + 200, name, sizeof(name) - 1);
	assert_false(harm_parse(text, 200 + sizeof(name) - 1, &harm));
	for (size_t at = 0; at + sizeof(words) < len; at += sizeof(words) - 1)
		memcpy(text + at, words, sizeof(words) - 1);
	for (unsigned i = 0; i < 1000; i++)
		assert_false(harm_parse(text, len, &harm));
	/* no control character gets into a name, and nothing behind a NUL counts */
	assert_false(harm_parse("at\x1b[31ma: lost interrupt (Status", 33, &harm));
	assert_false(harm_parse("irq 16\0: nobody cared", 21, &harm));
	free(text);
}

static void test_event(void **state)
{
	struct strtab *strings = strtab_new();
	struct event ev = { .kind = EV_HARM_TIMEOUT, .witness = WITNESS_SHADOW, .cpu = 1, .pid = -1, .known = 3 };
	static const char text[] =
		"e1000e 0000:00:04.0 eth0: NETDEV WATCHDOG: CPU: 1: transmit queue 0 timed out 5388 ms\n";
	static const char vector[] = "do_IRQ: 1.300 No irq handler for vector";
	int64_t id;

	(void)state;
	assert_non_null(strings);
	assert_false(harm_event("hello", 5, strings, &ev));
	assert_int_equal(strtab_count(strings), 0);
	assert_true(harm_event(text, sizeof(text) - 1, strings, &ev));
	assert_int_equal(ev.kind, EV_HARM_WATCHDOG);
	assert_int_equal(ev.nr_objects, 1);
	assert_int_equal(ev.object[0].id, object_id_pci(0, 0, 4, 0));
	assert_true(event_arg(&ev, ARG_NAME, &id));
	assert_string_equal(strtab_get(strings, id), "eth0");
	assert_true(event_arg(&ev, ARG_TEXT, &id));
	assert_int_equal(strlen(strtab_get(strings, id)), sizeof(text) - 2);
	assert_true(event_valid(&ev));
	/* a vector that no CPU has */
	ev.nr_objects = 0;
	assert_true(harm_event(vector, sizeof(vector) - 1, strings, &ev));
	assert_int_equal(ev.nr_objects, 0);
	assert_true(event_valid(&ev));
	strtab_free(strings);
}

/* Whoever declares signals for messages has to know all kinds. */
static void test_kinds(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NR_MESSAGES; i++) {
		bool found = messages[i].kind == EV_NONE;

		for (int k = 0; harm_kinds[k] != EV_NONE; k++)
			found |= harm_kinds[k] == messages[i].kind;
		assert_true(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_messages),
		cmocka_unit_test(test_cut_messages),
		cmocka_unit_test(test_gsi_of_refusal),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
