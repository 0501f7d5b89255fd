/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readers of text that shows a state: what each line says, what is no dump, and lines that are broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/moments.h"
#include "ingest/readers.h"
#include "unit/ingest_sink.h"

static struct ingest_sink *read_text(const char *text, bool *complete)
{
	struct ingest_sink *is = is_new();
	int fd = memfd_create("snapshot", MFD_CLOEXEC);
	char path[64];

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*complete = is_read(is, path, &(struct ingest_options){ .in_process = true });
	close(fd);
	return is;
}

/* What of a field is shown: "OBJECT[ OBJECT] FIELD[=VALUE][:TEXT][ cpuN][ @hardware]", one a line. */
static void print_field(struct ingest_sink *is, const struct event *ev, char *buf, size_t len)
{
	char name[OBJECT_NAME_MAX];
	int64_t arg;
	size_t n = 0;

	buf[0] = 0;
	for (unsigned i = 0; i < ev->nr_objects; i++) {
		object_print(name, sizeof(name), ev->object[i], 1);
		n += snprintf(buf + n, len - n, "%s ", name);
	}
	assert_true(event_arg(ev, ARG_FIELD, &arg));
	n += snprintf(buf + n, len - n, "%s", strtab_get(is->strings, arg));
	if (event_arg(ev, ARG_VALUE, &arg))
		n += snprintf(buf + n, len - n, "=%llx", (unsigned long long)arg);
	if (event_arg(ev, ARG_TEXT, &arg))
		n += snprintf(buf + n, len - n, ":%s", strtab_get(is->strings, arg));
	if (ev->cpu >= 0)
		n += snprintf(buf + n, len - n, " cpu%d", ev->cpu);
	snprintf(buf + n, len - n, "%s\n", ev->witness == WITNESS_HARDWARE ? " @hardware" : "");
}

/* What tells of two dumps which is the later one: shown beside the fields of the dump itself. */
static bool tells_order(struct ingest_sink *is, const struct event *ev)
{
	int64_t arg;

	return event_arg(ev, ARG_FIELD, &arg) && !strncmp(strtab_get(is->strings, arg), "xen_dump.", 9);
}

static void expect_fields(const char *text, const char *kind, const char *want)
{
	char got[16384] = "", line[512];
	struct ingest_sink *is;
	bool complete;

	is = read_text(text, &complete);
	for (unsigned i = 0; i < is->nr_events; i++) {
		assert_int_equal(is->event[i].kind, EV_SNAPSHOT_FIELD);
		assert_int_equal(is->event[i].ordinal, i + 1);
		if (tells_order(is, &is->event[i]))
			continue;
		print_field(is, &is->event[i], line, sizeof(line));
		assert_true(strlen(got) + strlen(line) < sizeof(got));
		strcat(got, line);
	}
	assert_string_equal(got, want);
	assert_true(complete);
	assert_int_equal(is->nr_diags, 0);
	assert_string_equal(is->info.kind, kind);
	assert_true(is->info.timeless);
	is_free(is);
}

/* The line is refused, and the others are kept. */
static void expect_bad(const char *text, unsigned long line, const char *why, unsigned nr_fields)
{
	struct ingest_sink *is;
	bool complete;

	is = read_text(text, &complete);
	assert_false(complete);
	assert_int_equal(is->nr_code[DIAG_BAD_LINE], 1);
	assert_int_equal(is->diag_pos[0].line, line);
	assert_string_equal(is->diag_text[0], why);
	assert_int_equal(is->nr_events, nr_fields);
	is_free(is);
}

#define I "(XEN) IRQ information:\n"

#define STATUS(x, runs, disabled, pending, moves) \
	x " xen_status.in_progress:" runs "\n" x " xen_status.disabled:" disabled "\n" x " xen_status.pending:" pending "\n" \
	x " xen_status.move_pending:" moves "\n"

static void test_irqs(void **state)
{
	(void)state;
	expect_fields(I "(XEN)    IRQ:  27 vec:d0 PCI-MSI/-X      status=010 aff:{1,3}/{0-1} in-flight=1 d0:412(PMM),d3: 17(-?-)\n"
		      "(XEN)    IRQ:   0 vec:ffffffff IO-APIC-edge    status=000 aff:{0}/{} arch/x86/time.c#timer_interrupt()\n"
		      "(XEN)    IRQ:   3 vec:38 IO-APIC-edge    status=002 aff:{0}/{0} Z=system_u:object_r:irq_t  mapped, unbound\n",
		      "xl dmesg",
		      "xirq:27 xen_irq.vector=d0\nxirq:27 xen_irq.type:PCI-MSI/-X\nxirq:27 xen_irq.status=10\n"
		      "xirq:27 xen_irq.affinity=a\nxirq:27 xen_irq.cpus=3\nxirq:27 xen_irq.action:guest\n"
		      "xirq:27 xen_irq.in_flight=1\nxirq:27 pirq:0.412 feeds\npirq:0.412 xen_port.pending:set\n"
		      "pirq:0.412 xen_port.mask:masked\npirq:0.412 xen_pirq.eoi_owed:yes\nxirq:27 pirq:3.17 feeds\n"
		      "pirq:3.17 xen_port.pending:clear\npirq:3.17 xen_pirq.eoi_owed:no\nxirq:27 xen_irq.guests=2\n"
		      STATUS("xirq:27", "no", "no", "no", "no")
		      "xirq:0 xen_irq.type:IO-APIC-edge\nxirq:0 xen_irq.status=0\nxirq:0 xen_irq.affinity=1\n"
		      "xirq:0 xen_irq.cpus=0\nxirq:0 xen_irq.action:xen\n"
		      "xirq:0 xen_irq.handler:arch/x86/time.c#timer_interrupt()\n" STATUS("xirq:0", "no", "no", "no", "no")
		      "xirq:3 xen_irq.vector=38\nxirq:3 xen_irq.type:IO-APIC-edge\nxirq:3 xen_irq.status=2\n"
		      "xirq:3 xen_irq.affinity=1\nxirq:3 xen_irq.cpus=1\nxirq:3 xen_irq.action:none\n"
		      STATUS("xirq:3", "no", "yes", "no", "no"));
	/* as until 4.12 */
	expect_fields(I "(XEN) [2013-10-01 10:00:01]    IRQ:  27 affinity:0003 vec:d0 type=PCI-MSI/-X      status=00000010 "
		      "in-flight=0 domain-list=0:412(-SM-),\n",
		      "xl dmesg",
		      "xirq:27 xen_irq.affinity=3\nxirq:27 xen_irq.vector=d0\nxirq:27 xen_irq.type:PCI-MSI/-X\n"
		      "xirq:27 xen_irq.status=10\nxirq:27 xen_irq.action:guest\nxirq:27 xen_irq.in_flight=0\n"
		      "xirq:27 pirq:0.412 feeds\npirq:0.412 xen_port.pending:clear\npirq:0.412 xen_port.mask:masked\n"
		      "pirq:0.412 xen_pirq.eoi_owed:no\nxirq:27 xen_irq.guests=1\n" STATUS("xirq:27", "no", "no", "no", "no"));
	/* the same with a guest less than none, and with bits that only some releases have */
	expect_fields(I "(XEN)    IRQ: 300 affinity:00000000,00000000,00000010 vec:d0 type=PCI-MSI/-X      status=00000137 in-flight=1\n"
		      "(XEN)    IRQ: 301 vec:d8 IO-APIC-level   status=025 aff:{0-7}/{64-65} in-flight=0 d32767:1023(??M)\n",
		      "xl dmesg",
		      "xirq:300 xen_irq.affinity=10\nxirq:300 xen_irq.vector=d0\nxirq:300 xen_irq.type:PCI-MSI/-X\n"
		      "xirq:300 xen_irq.status=137\nxirq:300 xen_irq.action:guest\nxirq:300 xen_irq.in_flight=1\n"
		      "xirq:300 xen_irq.guests=0\n" STATUS("xirq:300", "yes", "yes", "yes", "yes")
		      "xirq:301 xen_irq.vector=d8\nxirq:301 xen_irq.type:IO-APIC-level\nxirq:301 xen_irq.status=25\n"
		      "xirq:301 xen_irq.affinity=ff\nxirq:301 xen_irq.cpus=0\nxirq:301 xen_irq.action:guest\nxirq:301 xen_irq.in_flight=0\n"
		      "xirq:301 pirq:32767.1023 feeds\npirq:32767.1023 xen_pirq.eoi_owed:yes\nxirq:301 xen_irq.guests=1\n"
		      STATUS("xirq:301", "yes", "no", "yes", "yes"));
}

static void test_pins(void **state)
{
	(void)state;
	expect_fields(I "(XEN) Direct vector information:\n(XEN)    0x22 -> irq_move_cleanup_interrupt()\n"
		      "(XEN) IO-APIC interrupt information:\n(XEN)     IRQ 22 Vec 49:\n"
		      "(XEN)       Apic 0x01, Pin 22: vec=31 delivery=LoPri dest=L status=0 polarity=1 irr=1 trig=L mask=1 "
		      "dest_id:0000000a\n",
		      "xl dmesg",
		      "pin:1.22 xirq:22 feeds\npin:1.22 ioapic_pin.vector=31 @hardware\n"
		      "pin:1.22 message_fields.delivery_mode:lowest priority @hardware\n"
		      "pin:1.22 message_fields.dest_mode:logical @hardware\n"
		      "pin:1.22 message_fields.polarity:active low @hardware\n"
		      "pin:1.22 ioapic_pin.delivery_status:idle @hardware\npin:1.22 ioapic_pin.remote_irr:set @hardware\n"
		      "pin:1.22 ioapic_pin.trigger:level @hardware\npin:1.22 ioapic_pin.mask:masked @hardware\n"
		      "pin:1.22 ioapic_pin.dest=a @hardware\n");
	expect_fields("(XEN) number of MP IRQ sources: 15.\n(XEN) number of IO-APIC #2 registers: 24.\n"
		      "(XEN) IO APIC #2......\n(XEN) .... register #00: 00000000\n(XEN) .... IRQ redirection table:\n"
		      "(XEN)  NR Dst Msk Trg IRR Pol Stat DstM DelM Vec\n(XEN)  16  02  0   1   1   0   0    1    1    B8\n"
		      "(XEN) Using vector-based indexing\n(XEN) IRQ to pin mappings:\n(XEN) IRQ184 -> 0:22\n",
		      "xl dmesg",
		      "pin:0.22 ioapic_pin.mask:unmasked @hardware\npin:0.22 ioapic_pin.trigger:level @hardware\n"
		      "pin:0.22 ioapic_pin.remote_irr:set @hardware\n"
		      "pin:0.22 message_fields.polarity:active high @hardware\n"
		      "pin:0.22 ioapic_pin.delivery_status:idle @hardware\n"
		      "pin:0.22 message_fields.dest_mode:logical @hardware\n"
		      "pin:0.22 message_fields.delivery_mode:lowest priority @hardware\n"
		      "pin:0.22 ioapic_pin.raw_vector=b8 @hardware\npin:0.22 ioapic_pin.raw_dest=2 @hardware\n");
	/* as older releases have it: the destination read in both ways, of which the mode says which it is */
	expect_fields("(XEN) number of MP IRQ sources: 15.\n(XEN) IO APIC #2......\n(XEN) .... IRQ redirection table:\n"
		      "(XEN)  NR Log Phy Mask Trig IRR Pol Stat Dest Deli Vect:\n"
		      "(XEN)  16 013 03  1    0    0   1   0    0    0    B8\n(XEN) Using vector-based indexing\n",
		      "xl dmesg",
		      "pin:0.22 ioapic_pin.mask:masked @hardware\npin:0.22 ioapic_pin.trigger:edge @hardware\n"
		      "pin:0.22 ioapic_pin.remote_irr:clear @hardware\n"
		      "pin:0.22 message_fields.polarity:active low @hardware\n"
		      "pin:0.22 ioapic_pin.delivery_status:idle @hardware\n"
		      "pin:0.22 message_fields.dest_mode:physical @hardware\n"
		      "pin:0.22 message_fields.delivery_mode:fixed @hardware\n"
		      "pin:0.22 ioapic_pin.raw_vector=b8 @hardware\npin:0.22 ioapic_pin.raw_dest=3 @hardware\n");
	expect_bad("(XEN) number of MP IRQ sources: 15.\n(XEN) IO APIC #2......\n(XEN) .... IRQ redirection table:\n"
		   "(XEN)  NR Log Phy Mask Trig IRR Pol Stat Dest Deli Vect:\n(XEN)  16 013\n", 5, "not all columns of a pin", 0);
}

#define M "(XEN) MSI information:\n"
#define MESSAGE(x) \
	x " message_fields.delivery_mode:fixed\n" x " message_fields.trigger:edge\n" x " message_fields.dest_mode:physical\n" \
	x " message_fields.redirection_hint:no\n"

/* Who wants it masked, and the bit: each stands alone. */
static void test_msi(void **state)
{
	(void)state;
	expect_fields(M "(XEN)  MSI-X   27 vec=d0  fixed  edge   assert phys    cpu dest=00000002 mask=1/H /1\n"
		      "(XEN)  MSI-X   28 vec=d8 lowest  edge   assert  log lowest dest=00000001 mask=1/ G/0\n"
		      "(XEN)  MSI     24 vec=30  fixed  edge   assert phys    cpu dest=00000001 mask=0/  /?\n"
		      "(XEN)  MSI     25 vec=31  fixed  edge   assert phys    cpu dest=00000001 mask=1/1/0\n",
		      "xl dmesg",
		      "xirq:27 xen_msi.type:MSI-X\nxirq:27 xen_msi.vector=d0\n" MESSAGE("xirq:27")
		      "xirq:27 xen_msi.dest=2\nxirq:27 xen_msi.maskable:yes\nxirq:27 xen_msi.host_mask:masked\n"
		      "xirq:27 xen_msi.guest_mask:unmasked\nxirq:27 msix_entry.mask:masked @hardware\n"
		      "xirq:28 xen_msi.type:MSI-X\nxirq:28 xen_msi.vector=d8\n"
		      "xirq:28 message_fields.delivery_mode:lowest priority\nxirq:28 message_fields.trigger:edge\n"
		      "xirq:28 message_fields.dest_mode:logical\nxirq:28 message_fields.redirection_hint:yes\n"
		      "xirq:28 xen_msi.dest=1\nxirq:28 xen_msi.maskable:yes\nxirq:28 xen_msi.host_mask:unmasked\n"
		      "xirq:28 xen_msi.guest_mask:masked\nxirq:28 msix_entry.mask:unmasked @hardware\n"
		      "xirq:24 xen_msi.type:MSI\nxirq:24 xen_msi.vector=30\n" MESSAGE("xirq:24")
		      "xirq:24 xen_msi.dest=1\nxirq:24 xen_msi.maskable:no\nxirq:24 xen_msi.host_mask:unmasked\n"
		      "xirq:24 xen_msi.guest_mask:unmasked\n"
		      "xirq:25 xen_msi.type:MSI\nxirq:25 xen_msi.vector=31\n" MESSAGE("xirq:25")
		      "xirq:25 xen_msi.dest=1\nxirq:25 xen_msi.maskable:yes\nxirq:25 xen_msi.host_mask:masked\n"
		      "xirq:25 xen_msi.guest_mask:unmasked\n"
		      "xirq:25 msi_message.mask:unmasked @hardware\n");
}

static void test_vpci(void **state)
{
	(void)state;
	expect_fields(M "(XEN) vPCI MSI/MSI-X d0\n(XEN) 0000:01:00.0 MSI-X\n(XEN)   entries: 65 maskall: 0 enabled: 1\n"
		      "(XEN)      2 vec=24  fixed  edge deassert phys  fixed dest_id=2 mask=0 pirq: 414\n"
		      "(XEN)      3 vec=00  fixed  edge deassert phys  fixed dest_id=0 mask=1 pirq: -1\n"
		      "(XEN) vPCI MSI/MSI-X d2\n(XEN) 0001:02:03.1 MSI\n"
		      "(XEN)   enabled: 1 64-bit: 1 vectors max: 1 enabled: 1\n"
		      "(XEN)   vec=0x31  fixed  edge   assert phys  fixed dest_id=0 pirq: 50\n",
		      "xl dmesg",
		      "dom0/pci:0000:01:00.0 msix_function.entries=41 @hardware\n"
		      "dom0/pci:0000:01:00.0 msix_function.fmask:unmasked @hardware\n"
		      "dom0/pci:0000:01:00.0 msix_function.enable:on @hardware\n" MESSAGE("dom0/msix:0000:01:00.0[2]")
		      "dom0/msix:0000:01:00.0[2] vpci_entry.vector=24 @hardware\n"
		      "dom0/msix:0000:01:00.0[2] vpci_entry.dest=2 @hardware\n"
		      "dom0/msix:0000:01:00.0[2] msix_entry.mask:unmasked @hardware\n"
		      "dom0/msix:0000:01:00.0[2] pirq:0.414 feeds\n" MESSAGE("dom0/msix:0000:01:00.0[3]")
		      "dom0/msix:0000:01:00.0[3] vpci_entry.vector=0 @hardware\n"
		      "dom0/msix:0000:01:00.0[3] vpci_entry.dest=0 @hardware\n"
		      "dom0/msix:0000:01:00.0[3] msix_entry.mask:masked @hardware\n"
		      "d2/pci:0001:02:03.1 msi_function.enable:on @hardware\n" MESSAGE("d2/msi:0001:02:03.1[0]")
		      "d2/msi:0001:02:03.1[0] vpci_entry.vector=31 @hardware\n"
		      "d2/msi:0001:02:03.1[0] vpci_entry.dest=0 @hardware\nd2/msi:0001:02:03.1[0] pirq:2.50 feeds\n");
}

/* Of which only bound pirqs tell what feeds what. */
static void test_ports_and_devices(void **state)
{
	(void)state;
	expect_fields("(XEN) 'e' pressed -> dumping event-channel info\n(XEN) Event channel information for domain 1:\n"
		      "(XEN) Polling vCPUs: {}\n(XEN)     port [p/m/s]\n(XEN)       12 [1/0/  -   ]: s=6 n=1 x=0\n"
		      "(XEN)       27 [0/1/0]: s=4 n=1 x=0 p=412 i=27 Z=label\n(XEN)       28 [0/0/B 31]: s=4 n=0 x=0 p=16 i=0\n",
		      "xl dmesg",
		      "port:1.12 xen_port.pending:set\nport:1.12 xen_port.mask:unmasked\nport:1.12 xen_port.state:ipi\n"
		      "port:1.12 xen_port.vcpu=1\n"
		      "port:1.27 xen_port.pending:clear\nport:1.27 xen_port.mask:masked\nport:1.27 xen_port.state:pirq\n"
		      "port:1.27 xen_port.vcpu=1\npirq:1.412 port:1.27 feeds\nxirq:27 pirq:1.412 feeds\n"
		      "port:1.28 xen_port.pending:clear\nport:1.28 xen_port.mask:unmasked\nport:1.28 xen_port.state:pirq\n"
		      "port:1.28 xen_port.vcpu=0\npirq:1.16 port:1.28 feeds\n");
	expect_fields("(XEN) ==== PCI devices ====\n(XEN) ==== segment 0000 ====\n"
		      "(XEN) 0000:00:05.0 - d0 - node -1  - MSIs < 29 30 >\n(XEN) 0000:00:06.0 - d[IO] - node -1\n",
		      "xl dmesg",
		      "pci:0000:00:05.0 xen_device.domain=0\npci:0000:00:05.0 xirq:29 feeds\npci:0000:00:05.0 xirq:30 feeds\n");
}

#define Q "(XEN) 'q' pressed -> dumping domain info (now = 5)\n(XEN) General information for domain 3:\n(XEN)     refcnt=3\n"

/* Older releases print more behind, or between the two lines of a vCPU. */
static void test_vcpus(void **state)
{
	(void)state;
	expect_fields(Q "(XEN) VCPU information and callbacks for domain 3:\n(XEN)   UNIT0 affinities: hard={0-3} soft={0-3}\n"
		      "(XEN)     VCPU0: CPU3 [has=F] poll=0 upcall_pend=01 upcall_mask=00 \n(XEN)     pause_count=0 pause_flags=1\n"
		      "(XEN)     VCPU12: CPU0 [has=T] poll=0 upcall_pend=00 upcall_mask=01 dirty_cpu=0\n"
		      "(XEN)     cpu_hard_affinity={0-127} cpu_soft_affinity={0-127}\n(XEN)     pause_count=0 pause_flags=0\n"
		      "(XEN)     VCPU13: CPU0 [has=F] poll=0 upcall_pend=00 upcall_mask=00 dirty_cpus={}\n"
		      "(XEN)     pause_count=0 pause_flags=2\n(XEN)     No periodic timer\n(XEN)     pause_count=9 pause_flags=9\n"
		      "(XEN)     VCPU14: CPU0 [has=F] poll=0 upcall_pend=00 upcall_mask=00\n(XEN)     pause_count=1 pause_flags=8\n",
		      "xl dmesg",
		      "vcpu:3.0 vcpu.upcall_pending:yes\nvcpu:3.0 vcpu.upcall_mask:unmasked\nvcpu:3.0 vcpu.run:blocked\n"
		      "vcpu:3.12 vcpu.upcall_pending:no\nvcpu:3.12 vcpu.upcall_mask:masked\nvcpu:3.12 vcpu.run:running\n"
		      "vcpu:3.13 vcpu.upcall_pending:no\nvcpu:3.13 vcpu.upcall_mask:unmasked\nvcpu:3.13 vcpu.run:offline\n"
		      "vcpu:3.14 vcpu.upcall_pending:no\nvcpu:3.14 vcpu.upcall_mask:unmasked\nvcpu:3.14 vcpu.run:runnable\n");
	expect_bad(Q "(XEN) VCPU information and callbacks for domain 3:\n(XEN)     VCPU0: CPU3 [has=F] poll=0\n", 5,
		   "no state of upcalls", 0);
	expect_bad(Q "(XEN) VCPU information and callbacks for domain 3:\n(XEN)     VCPUx\n", 5, "no vCPU and whether it runs", 0);
}

/* What Xen says of its level pins when it boots. */
static void test_ack_method(void **state)
{
	(void)state;
	expect_fields("(XEN) ENABLING IO-APIC IRQs\n(XEN)  -> Using new ACK method\n" I, "xl dmesg", "cpu:0 xen_ioapic.ack_method:new\n");
	expect_fields("(XEN) [2026-01-01 00:00:00] Enabled directed EOI with ioapic_ack_old on!\n"
		      "(XEN) [2026-01-01 00:00:01]  -> Using old ACK method\n" I,
		      "xl dmesg", "cpu:0 xen_ioapic.ack_method:directed\ncpu:0 xen_ioapic.ack_method:old\n");
}

/* The console is a ring: rows without their head are no dump, and of two dumps only the last counts. */
static void test_last_dump(void **state)
{
	(void)state;
	expect_fields("(XEN)  MSI-X   26 vec=c0  fixed  edge   assert phys    cpu dest=00000002 mask=1/  /1\n"
		      M "(XEN)  MSI-X   27 vec=d0  fixed  edge   assert phys    cpu dest=00000002 mask=1/  /1\n"
		      "(XEN) *** Serial input to DOM0 (type 'CTRL-a' three times to switch input)\n"
		      M "(XEN) something else\n(XEN)  HPET    31 vec=30  fixed  edge   assert phys    cpu dest=00000000 mask=1/  /?\n",
		      "xl dmesg",
		      "xirq:31 xen_msi.type:HPET\nxirq:31 xen_msi.vector=30\n" MESSAGE("xirq:31")
		      "xirq:31 xen_msi.dest=0\nxirq:31 xen_msi.maskable:yes\nxirq:31 xen_msi.host_mask:unmasked\n"
		      "xirq:31 xen_msi.guest_mask:unmasked\n");
}

/* The nr-th field of that name that a text tells; -1 where it tells fewer. */
static int64_t told(const char *text, const char *field, unsigned nr)
{
	struct ingest_sink *is;
	int64_t arg, value = -1;
	bool complete;

	is = read_text(text, &complete);
	for (unsigned i = 0; i < is->nr_events; i++)
		if (event_arg(&is->event[i], ARG_FIELD, &arg) && !strcmp(strtab_get(is->strings, arg), field) && !nr--)
			assert_true(event_arg(&is->event[i], ARG_VALUE, &value));
	is_free(is);
	return value;
}

#define IRQ_ROW(vec) "(XEN)    IRQ:   3 vec:" vec " IO-APIC-edge    status=002 aff:{0}/{0} mapped, unbound\n"
#define DIRECT "(XEN) Direct vector information:\n(XEN)    0x22 -> irq_move_cleanup_interrupt()\n"

/* A dump that is there again in a longer text has the same digest; times are those of the last dump's head. */
static void test_later_dump(void **state)
{
	int64_t first, second;

	(void)state;
	first = told(I IRQ_ROW("38") DIRECT, "xen_dump.irqs", 0);
	second = told(I IRQ_ROW("39"), "xen_dump.irqs", 0);
	assert_true(first > 0 && second > 0 && first != second);
	assert_int_equal(told("(XEN) [   1.5] booting\n" I IRQ_ROW("38") I IRQ_ROW("39") I IRQ_ROW("40"), "xen_dump.earlier_irqs", 0), first);
	assert_int_equal(told(I IRQ_ROW("38") I IRQ_ROW("39") DIRECT I IRQ_ROW("40"), "xen_dump.earlier_irqs", 1), second);
	assert_int_equal(told(I IRQ_ROW("38") I IRQ_ROW("39") I IRQ_ROW("40"), "xen_dump.earlier_irqs", 2), -1);
	assert_int_equal(told("(XEN) [2026-01-02 03:04:05] IRQ information:\n" IRQ_ROW("38"), "xen_dump.date", 0), 20260102030405);
	assert_int_equal(told("(XEN) [2026-01-02 03:04:05.250] IRQ information:\n" IRQ_ROW("38"), "xen_dump.date_ms", 0), 20260102030405250);
	assert_int_equal(told("(XEN) [   12.345678] MSI information:\n"
			      "(XEN)  HPET    31 vec=30  fixed  edge   assert phys    cpu dest=00000000 mask=1/  /?\n",
			      "xen_dump.boot_us", 0), 12345678);
	assert_int_equal(told("(XEN) [00000012abcdef] IRQ information:\n" IRQ_ROW("38"), "xen_dump.boot_us", 0), -1);
	assert_int_equal(told("(XEN) [2026] IRQ information:\n" IRQ_ROW("38"), "xen_dump.date", 0), -1);
	/* of the last dump, not of a line that nobody dumped */
	assert_int_equal(told("(XEN) [    1.000000] IRQ information:\n" IRQ_ROW("38") "(XEN) [    2.000000] IRQ information:\n" IRQ_ROW("38")
			      "(XEN) [    3.000000] bye\n", "xen_dump.boot_us", 0), 2000000);
}

static void test_release(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	is = read_text("(XEN) Xen version 4.17.7 (Debian 4.17.7+13)\n(XEN) Detected 2596.131 MHz processor.\n"
		       "[    0.001] tsc: Detected 2500.000 MHz processor\n" I, &complete);
	assert_true(complete);
	assert_int_equal(is->info.tsc_hz, 2596131000);
	assert_string_equal(is->info.release, "4.17.7 (Debian 4.17.7+13)");
	assert_int_equal(is->info.machine, MACHINE_XEN);
	is_free(is);
}

static void test_broken_dumps(void **state)
{
	(void)state;
	expect_bad(I "(XEN)    IRQ:  27 vec:d0 PCI-MSI/-X      status=010 aff:{1}/{0-1} in-flight=0 d0:412(--\n"
		   "(XEN)    IRQ:  28 vec:d8 PCI-MSI/-X      status=010 aff:{0}/{0} mapped, unbound\n",
		   2, "a domain and its pirq expected", 7 + 4 + 1 + 6 + 4);
	expect_bad(I "(XEN)    IRQ:  27 vec:d0 PCI-MS", 2, "no type or status", 0);
	expect_bad(M "(XEN)  MSI-X   27 vec=d0  fixed  edge   assert phys    cpu dest=00000002 mask=1/\n", 2, "no mask", 7);
	expect_bad(M "(XEN)  MSI-X   xx vec=d0  fixed  edge mask=\n", 2, "no irq and vector", 0);
	expect_bad("(XEN) number of MP IRQ sources: 15.\n(XEN) .... IRQ redirection table:\n(XEN)  16  02  0   1\n", 3,
		   "not all columns of a pin", 0);
	expect_bad("(XEN) Event channel information for domain 0:\n(XEN)  12 [1/\n", 2, "no state of a port", 0);
	expect_bad(I "(XEN)    IRQ:  99999999999999999999 vec:d0\n", 2, "no irq number", 0);
	expect_bad(I "(XEN) IO-APIC interrupt information:\n(XEN)     IRQ 22 Vec 49:\n(XEN)       Apic 0x00, Pin 22: vec=31 "
		   "delivery=Fixed dest=P status=0 polarity=0 irr=0 trig=E mask=0 dest_id:01\n(XEN)     IRQ 99999999999 Vec 49:\n"
		   "(XEN)       Apic 0x00, Pin 23: vec=31 delivery=Fixed dest=P status=0 polarity=0 irr=0 trig=E mask=0 dest_id:01\n",
		   6, "a number that no such object has", 20);
}

static void test_interrupts(void **state)
{
	(void)state;
	expect_fields("           CPU0       CPU2       \n"
		      "  2:         14         16  xen-pirq    -ioapic-level  eth1\n"
		      " 23:          1          0   IO-APIC  23-fasteoi   uhci_hcd:usb1, ahci[0000:00:1f.2]\n"
		      " 29:          0          0  IR-PCI-MSIX-0000:01:00.0    2-edge\n"
		      "NMI:          0          0   Non-maskable interrupts\nERR:          0\n",
		      "/proc/interrupts",
		      "irq:2 irq.cpu_count=e cpu0\nirq:2 irq.cpu_count=10 cpu2\nirq:2 irq.count=1e\nirq:2 irq.chip:xen-pirq\n"
		      "irq:2 irq.flow_name:ioapic-level\nirq:2 irq.actions:one\nirq:2 irq.action_names:eth1\n"
		      "irq:23 irq.cpu_count=1 cpu0\nirq:23 irq.count=1\nirq:23 irq.chip:IO-APIC\nirq:23 irq.hwirq=17\n"
		      "irq:23 irq.flow_name:fasteoi\nirq:23 irq.actions:many\n"
		      "irq:23 irq.action_names:uhci_hcd:usb1, ahci[0000:00:1f.2]\n"
		      "irq:29 irq.count=0\nirq:29 irq.chip:IR-PCI-MSIX-0000:01:00.0\nirq:29 irq.hwirq=2\n"
		      "msix:0000:01:00.0[2] irq:29 feeds\nirq:29 irq.flow_name:edge\nirq:29 irq.actions:none\n");
	expect_fields("           CPU0       CPU2       \nLOC:         14         16   Local timer interrupts\nMIS:          0\n",
		      "/proc/interrupts", "cpu:0 cpu.timer_count=e\ncpu:2 cpu.timer_count=10\n");
	expect_bad("           CPU0       CPU1       \n  2:         14  xen-pirq    -ioapic-level  eth1\n", 2,
		   "not a count for each CPU", 1);
}

static void test_lspci(void **state)
{
	(void)state;
	expect_fields("01:00.0 Non-Volatile memory controller [0108]: Device [1b36:0010]\n"
		      "\tControl: I/O- Mem+ BusMaster+ SpecCycle- DisINTx-\n\tStatus: Cap+ 66MHz- <PERR- INTx+\n"
		      "\tInterrupt: pin A routed to IRQ 16\n"
		      "\tRegion 0: Memory at fe400000 (64-bit, non-prefetchable) [size=16K]\n"
		      "\tCapabilities: [40] MSI-X: Enable+ Count=65 Masked-\n\t\tVector table: BAR=0 offset=00002000\n"
		      "\t\tPBA: BAR=0 offset=00003000\n\tCapabilities: [60] Power Management version 3\n"
		      "\tCapabilities: [70] MSI: Enable- Count=1/2 Maskable+ 64bit+\n"
		      "\t\tAddress: 00000000fee0200c  Data: 41c0\n\t\tMasking: 00000001  Pending: 00000000\n"
		      "\t\tControl: AttnInd Off, PwrInd On, Power- Interlock-\n"
		      "\tKernel driver in use: nvme\n",
		      "lspci",
		      "pci:0000:01:00.0 pci.memory:on @hardware\npci:0000:01:00.0 pci.bus_master:on @hardware\n"
		      "pci:0000:01:00.0 pci.intx:allowed @hardware\nintx:0000:01:00.0 intx.line:asserted @hardware\n"
		      "intx:0000:01:00.0 irq:16 feeds\npci:0000:01:00.0 msix_function.enable:on @hardware\n"
		      "pci:0000:01:00.0 msix_function.fmask:unmasked @hardware\n"
		      "pci:0000:01:00.0 msix_function.entries=41 @hardware\n"
		      "pci:0000:01:00.0 msix_function.control_register=42 @hardware\n"
		      "pci:0000:01:00.0 msix_function.table_address=fe402000 @hardware\n"
		      "pci:0000:01:00.0 msi_function.enable:off @hardware\n"
		      "pci:0000:01:00.0 msi_function.maskable:yes @hardware\n"
		      "pci:0000:01:00.0 msi_function.messages=1 @hardware\n"
		      "pci:0000:01:00.0 msi_function.mask_register=80 @hardware\n"
		      "msi:0000:01:00.0[0] msi_message.address=fee0200c @hardware\n"
		      "msi:0000:01:00.0[0] msi_message.data=41c0 @hardware\n"
		      "msi:0000:01:00.0[0] msi_message.mask:masked @hardware\n"
		      "msi:0000:01:00.0[0] msi_message.pending:clear @hardware\n"
		      "pci:0000:01:00.0 pci.driver:bound\npci:0000:01:00.0 pci.driver_name:nvme\n");
	expect_bad("0000:01:00.0 Class\n\tControl: I/O-\n\tCapabilities: [40] MSI-X: Enable+ Count=\n", 3, "no count of messages", 0);
}

#define DESC \
	"handler:  handle_edge_irq\ndevice:   0000:01:00.0\nstatus:   0x00000000\nistate:   0x00000020\nddepth:   1\n" \
	"wdepth:   0\ndstate:   0x31430200\n            IRQD_ACTIVATED\n            IRQD_IRQ_STARTED\n" \
	"            IRQD_IRQ_DISABLED\n            IRQD_IRQ_MASKED\nnode:     -1\naffinity: 0-3\neffectiv: 2\npending:  \n" \
	"domain:  PCI-MSIX-0000:01:00.0-12\n hwirq:   0x2\n chip:    PCI-MSIX-0000:01:00.0\n  flags:   0x30\n parent:\n" \
	"    domain:  VECTOR\n     hwirq:   0x1d\n     chip:    APIC\n      flags:   0x0\n     Vector:    34\n" \
	"     Target:     2\n     move_in_progress: 1\n     is_managed:       0\n"
#define DESC_FIELDS(x) \
	x " irq.flow_handler:handle_edge_irq\npci:0000:01:00.0 " x " feeds\n" x " irq.device:0000:01:00.0\n" \
	x " irq.status=0\n" x " irq.istate=20\n" x " irq.depth:1\n" x " irq.wake_depth=0\n" x " irq.state=31430200\n" \
	x " irq.masked:masked\n" x " irq.life:started\n" x " irq.disabled:yes\n" x " irq.affinity=f\n" \
	x " irq.effective_affinity=4\n" x " irq.domain:PCI-MSIX-0000:01:00.0-12\n" x " irq.hwirq=2\n" \
	x " irq.chip:PCI-MSIX-0000:01:00.0\n" x " vector.number=22\n" x " vector.target_cpu=2\n" \
	x " vector.move_in_progress:yes\n" x " vector.managed:no\n"

static void test_genirq(void **state)
{
	struct ingest_sink *is;
	bool complete;

	(void)state;
	expect_fields("==> /sys/kernel/debug/irq/irqs/29 <==\n" DESC "\n==> irqs/30 <==\n" DESC, "genirq debugfs",
		      DESC_FIELDS("irq:29") DESC_FIELDS("irq:30"));
	/* the name of a file that stands alone is a number here */
	is = read_text(DESC, &complete);
	assert_true(complete);
	assert_int_equal(is->event[0].object[0].kind, OBJ_IRQ);
	is_free(is);
	expect_bad("==> irqs/x <==\n" DESC, 2, "which irq this is of is told by the file's name, and this one's does not", 0);
}

static void test_moments(void **state)
{
	(void)state;
	assert_true(moment_option("a.txt=start"));
	assert_true(moment_option("a=b.txt=end"));
	assert_true(moment_option("a.txt=31.850690751"));
	assert_true(moment_option("a.txt=-1"));
	assert_false(moment_option("a.txt"));
	assert_false(moment_option("a.txt="));
	assert_false(moment_option("a.txt=now"));
	assert_false(moment_option("a.txt=1."));
	assert_false(moment_option("a.txt=1.0000000001"));
	assert_false(moment_option("a.txt=99999999999999999999"));
}

/* A dump that is far behind the messages of the boot. */
static void test_long_boot(void **state)
{
	char *text = calloc(1, 200000), *at = text;
	struct ingest_sink *is;
	bool complete;

	(void)state;
	for (unsigned i = 0; i < 3000; i++)
		at += sprintf(at, "(XEN) something that Xen says while it boots\n");
	strcpy(at, M "(XEN)  MSI-X   27 vec=d0  fixed  edge   assert phys    cpu dest=00000002 mask=1/  /1\n");
	is = read_text(text, &complete);
	assert_true(complete);
	assert_int_equal(is->nr_events, 11);
	assert_int_equal(is->event[0].offset, 3002);
	is_free(is);
	free(text);
}

/* What else begins like that is no snapshot. */
static void test_probes(void **state)
{
	static const struct { const struct reader_ops *ops; const char *text; } no[] = {
		{ &interrupts_reader, "CPU0 is up\n" }, { &interrupts_reader, "           CPU0 is up\n" },
		{ &interrupts_reader, "" }, { &lspci_reader, "00:05.0 Ethernet controller\n" },
		{ &lspci_reader, "12:30:01 up 3 days\n\tCapabilities: [" }, { &xl_dmesg_reader, "(XEN) Xen version 4.17\n[    0.1] Linux\n" },
		{ &genirq_reader, "handler: x\n" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_int_equal(no[i].ops->probe((const uint8_t *)no[i].text, strlen(no[i].text)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_irqs),
		cmocka_unit_test(test_pins),
		cmocka_unit_test(test_msi),
		cmocka_unit_test(test_vpci),
		cmocka_unit_test(test_ports_and_devices),
		cmocka_unit_test(test_last_dump),
		cmocka_unit_test(test_vcpus),
		cmocka_unit_test(test_ack_method),
		cmocka_unit_test(test_later_dump),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_broken_dumps),
		cmocka_unit_test(test_interrupts),
		cmocka_unit_test(test_lspci),
		cmocka_unit_test(test_genirq),
		cmocka_unit_test(test_long_boot),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_probes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
