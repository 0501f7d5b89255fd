#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: reconstruct-gsi.sh	prints samples/pvh-gsi-refused/trace.events: a device given away by a PVH dom0, and refused
#
# What xentrace, dom0's kernel log and the toolstack's would hold together. Two network cards with a level line each, GSI 22
# and 23. The first is opened by its driver of dom0, given away and assigned; the second is given away without ever having been
# opened. Before Xen 4.20 and Linux 6.12 nobody tells Xen of its line then.
set -eu

t=0
# at MICROSECONDS TEXT: one event, so long after the last
at() {
	t=$((t + $1))
	printf '%d.%06d %s\n' $((10 + t / 1000000)) $((t % 1000000)) "$2"
}
# A write of an entry of dom0's virtual IO-APIC, which has the pin's halves at registers 0x10 + 2 * pin and behind.
rte() {
	at "$1" "cpu1 xen.vpin.rte_write@hardware xen/vcpu:0.1 xen/vpin:0.$2 via=\"IOMEM_WRITE\" reg=$(printf '0x%x' $((16 + 2 * $2))) rte=$3 mask=0xffffffff"
}
assign() {
	at "$1" "$2 pci.assign@shadow dom0/pci:$3 dom0/gsi:$4 name=\"$5\""
}

cat <<-EOF
	irqpath-events 1
	# Reconstructed: tests/tools/reconstruct-gsi.sh wrote this, no machine was recorded.
	machine xen
	signal xen.vpin.rte_write@hardware partial via IOMEM_WRITE
	signal xen.hvm.inject@hardware partial via INJ_VIRQ
	signal xen.irq.assign@shadow complete via IRQ_ASSIGN_VECTOR
	signal xen.irq.handled@shadow complete via IRQ_HANDLED
	signal pci.assign@shadow partial
	signal toolstack.error@shadow partial
	cpus 2
EOF
assign 0 - 0000:00:06.0 22 e1000
assign 3000 - 0000:00:07.0 23 e1000
# request_irq() of the first: its entry is written masked, then unmasked, and Xen registers, maps and binds its GSI at once
rte 2000000 22 0x18026
rte 900 22 0x8026
at 20 'cpu1 xen.irq.assign@shadow xen/xirq:22 via="IRQ_ASSIGN_VECTOR" vector=73 cpumask=0x2'
for _ in 1 2 3; do
	at 250000 'cpu1 xen.irq.handled@shadow xen/xirq:22 via="IRQ_HANDLED"'
	at 40 'cpu1 xen.hvm.inject@hardware xen/vcpu:0.1 dom0/vector:1.0x26 via="INJ_VIRQ" vector=38'
done
# both are unbound from their driver and given to pciback: free_irq() masks the first one's entry, its GSI stays registered
rte 1500000 22 0x18026
assign 500 - 0000:00:06.0 22 pciback
assign 250000 - 0000:00:07.0 23 pciback
# a guest is built with the second: the toolstack asks Xen to let it have dom0's pirq, which leads nowhere
at 4000000 '- toolstack.error@shadow dom0/pci:0000:00:07.0 dom0/gsi:23 via="libxl" text="xc_domain_irq_permission irq=23: Operation not permitted" ret=-1'
at 3000000 '- mark@shadow text="end"'
