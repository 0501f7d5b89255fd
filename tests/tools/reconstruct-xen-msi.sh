#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: reconstruct-xen-msi.sh dom0|hvm|hvm-good	prints trace.events of samples/dom0-msix-written, samples/hvm-masked-after-bind or
#	samples/hvm-pirq-good
#
# What xentrace, the kernel's own records and Xen's dump (debug keys i, e and M) would have together: no machine was recorded.
set -eu

line() { printf '%s %s\n' "$1" "$2"; }

# dump TIME XIRQ DOMAIN.PIRQ DOMAIN.PORT BIT: bound, its event channel unmasked, masked by nobody's wish; the bit is as given
dump() {
	line "$1" "- snapshot.field@shadow xirq:$2 pirq:$3 field=\"feeds\""
	line "$1" "- snapshot.field@shadow pirq:$3 port:$4 field=\"feeds\""
	line "$1" "- snapshot.field@shadow xirq:$2 field=\"xen_msi.maskable\" text=\"yes\""
	line "$1" "- snapshot.field@shadow xirq:$2 field=\"xen_irq.action\" text=\"guest\""
	line "$1" "- snapshot.field@shadow port:$4 field=\"xen_port.state\" text=\"pirq\""
	line "$1" "- snapshot.field@shadow port:$4 field=\"xen_port.mask\" text=\"unmasked\""
	line "$1" "- snapshot.field@shadow xirq:$2 field=\"xen_msi.host_mask\" text=\"unmasked\""
	line "$1" "- snapshot.field@shadow xirq:$2 field=\"xen_msi.guest_mask\" text=\"unmasked\""
	line "$1" "- snapshot.field@hardware xirq:$2 field=\"msix_entry.mask\" text=\"$5\""
}

# request TIME MACHINE/IRQ DOMAIN.PIRQ DOMAIN.PORT: startup_pirq() binds
request() {
	line "$1" "cpu0/310/ip irq.startup@shadow $2 via=\"irq_startup\" chip=\"xen-pirq\""
	line "$1" "cpu0/310/ip xen.pirq.bind@shadow pirq:$3 port:$4 $2 via=\"startup_pirq\" ret=0"
	line "$1" "cpu0/310/ip xen.evtchn.unmask@shadow port:$4 via=\"evtchn_2l_unmask\""
}

# interrupts TIME XIRQ MACHINE/IRQ NAME: Xen's record and the handler
interrupts() {
	line "$1" "cpu0 xen.irq.handled@shadow xirq:$2 via=\"IRQ_HANDLED\""
	line "$1" "cpu0 irq.enter@shadow $3 via=\"irq_handler_entry\" name=\"$4\""
	line "$1" "cpu0 irq.exit@shadow $3 via=\"irq_handler_exit\" ret=1"
}

head() {
	echo "irqpath-events 1"
	echo "machine xen"
	echo "signal xen.irq.handled@shadow complete via IRQ_HANDLED"
	echo "signal xen.irq.assign@shadow complete via IRQ_ASSIGN_VECTOR"
	echo "signal xen.mmio.write@hardware complete via HVM_IOMEM_WRITE"
}

# A network card of a PV dom0, Linux before 3.13 on Xen before 4.2: two entries work; a reset of the function, and the restore behind it
# writes the copy of the bit that dom0 has of the second.
dom0() {
	head
	for entry in 0 1; do
		line 1.$entry "cpu0/300/modprobe xen.pirq.map@shadow pirq:0.$((414 - entry)) dom0/msix:0000:04:00.0[$entry] via=\"xen_bind_pirq_msi_to_irq\" ret=0"
		line 1.$entry "cpu0 xen.irq.assign@shadow xirq:$((25 + entry)) via=\"IRQ_ASSIGN_VECTOR\" vector=$((0xb1 + 8 * entry)) cpumask=0x1"
	done
	request 2.0 dom0/irq:45 0.414 0.25
	request 2.1 dom0/irq:46 0.413 0.26
	dump 3.0 25 0.414 0.25 unmasked
	dump 3.0 26 0.413 0.26 unmasked
	for second in 4 5 6; do
		interrupts $second.0 25 dom0/irq:45 eth0-rx0
		interrupts $second.1 26 dom0/irq:46 eth0-tx0
	done
	line 7.0 "cpu1/77/kworker pci.reset@shadow dom0/pci:0000:04:00.0 via=\"pcie_flr\""
	line 7.1 "cpu1/77/kworker pci.restore@intent dom0/pci:0000:04:00.0 via=\"pci_restore_msi_state\" ret=0"
	line 7.100001 "cpu1/77/kworker pci.msix.entry_mask@shadow dom0/msix:0000:04:00.0[1] via=\"default_msix_mask_irq\" masked=1"
	for second in 8 9 10 11; do
		interrupts $second.0 25 dom0/irq:45 eth0-rx0
	done
	dump 12.0 25 0.414 0.25 unmasked
	dump 12.0 26 0.413 0.26 masked
}

store() { line "$1" "cpu0 xen.mmio.write@hardware vcpu:1.0 via=\"HVM_IOMEM_WRITE\" addr=$2 value=$3"; }

# message TIME ADDRESS PIRQ: vector 0, ExtINT, the pirq in the destination
message() {
	store "$1" "${2}0" "$(printf '0x%x' $((0xfee00000 | $3 << 12)))"
	store "$1" "${2}4" 0x0
	store "$1" "${2}8" 0x700
}

# A guest of Xen 4.4 or 4.5: Linux 5.16 or 5.17 writes both messages, the mask bit clear around each, so that the device model binds at
# once; then it masks all entries. Linux before 5.16 masks them first.
hvm() {
	head
	[ "$1" = faulty ] || { store 1.0 0xf108000c 0x1; store 1.0 0xf108001c 0x1; }
	message 1.1 0xf108000 55
	line 1.2 "cpu1 xen.irq.assign@shadow xirq:25 via=\"IRQ_ASSIGN_VECTOR\" vector=0xc0 cpumask=0x1"
	message 1.3 0xf108001 54
	line 1.4 "cpu1 xen.irq.assign@shadow xirq:26 via=\"IRQ_ASSIGN_VECTOR\" vector=0xc8 cpumask=0x1"
	[ "$1" = good ] || { store 1.5 0xf108000c 0x1; store 1.5 0xf108001c 0x1; }
	request 2.0 d1/irq:55 1.55 1.14
	request 2.1 d1/irq:56 1.54 1.15
	for second in 3 4 5; do
		[ "$1" = faulty ] || interrupts $second.0 25 d1/irq:55 eth0-rx0
		[ "$1" = faulty ] || interrupts $second.1 26 d1/irq:56 eth0-tx0
	done
	bit=masked
	[ "$1" = faulty ] || bit=unmasked
	dump 9.0 25 1.55 1.14 $bit
	dump 9.0 26 1.54 1.15 $bit
}

case ${1-} in
dom0) dom0 ;;
hvm) hvm faulty ;;
hvm-good) hvm good ;;
*) echo "usage: $0 dom0|hvm|hvm-good" >&2; exit 2 ;;
esac
