#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: reconstruct-eoi.sh good|faulty	prints samples/xen-late-eoi-good/trace.events, or that of xen-late-eoi-deadlock
#
# A machine with one CPU under Xen. Guest 1, an HVM guest, has a network card passed through: irq 49 of Xen, vector 0x31, a message
# with a mask bit. Its disk is emulated in dom0, on dom0's IDE disk: irq 14 of Xen, vector 0x21, an edge. Guest 2 has a card whose
# messages have no mask bit: irq 65, vector 0x41. Told as xentrace, the dumps i and M, and a probe on pirq_guest_eoi() would have it.
#
# good: Xen gives the EOI of irq 49 at once (3.3 and later), and forces that of irq 65 after 1 ms (4.1 and later).
# faulty: Xen puts off the EOI of each message until its guest has served it, and forces nothing: the MSI patches of 2008.
set -eu

t=0
# at MICROSECONDS TEXT: one event, so long after the last
at() {
	t=$((t + $1))
	printf '%d.%06d %s\n' $((20 + t / 1000000)) $((t % 1000000)) "$2"
}
dump() {
	at 1 "- snapshot.field@shadow xirq:$1 via=\"dump_irqs\" field=\"$2\" $3"
}
# irq NUMBER VECTOR DOMAIN MASKABLE: what the dumps show of one that is bound to a guest
irq() {
	dump "$1" xen_irq.vector "value=$2"
	dump "$1" xen_irq.cpus value=1
	dump "$1" xen_irq.action 'text="guest"'
	at 1 "- snapshot.field@shadow xirq:$1 pirq:$3.$1 via=\"dump_irqs\" field=\"feeds\""
	[ -z "$4" ] || dump "$1" xen_msi.maskable "text=\"$4\""
}
handled() {
	at "$1" "cpu0 xen.irq.handled@shadow xirq:$2 via=\"IRQ_HANDLED\""
}
eoi() {
	at "$1" "cpu0 xen.pirq.eoi@shadow pirq:$2 via=\"pirq_guest_eoi\""
}
pending() {
	at "$1" "cpu0 xen.vector.pending@hardware vector:0.$2 via=\"PM_IDLE_EXIT\""
}
blocks() {
	at "$1" "cpu0 sched.vcpu_stops@shadow vcpu:$2 cpu:0 via=\"RUNSTATE_CHANGE\" reason=\"blocked\""
}
wakes() {
	at "$1" "cpu0 sched.vcpu_wakes@shadow vcpu:$2 via=\"RUNSTATE_CHANGE\""
}

# the guest reads its disk, its card interrupts before the answer is there, and the card is served in time
healthy() {
	blocks 200000 1.0
	blocks 400 0.0
	pending 3000 0x21
	handled 4 14
	wakes 3 0.0
	wakes 900 1.0
	handled 20000 49
	[ "$late" = none ] || eoi 350 1.49
	handled 700 65
	eoi 220 2.65
}

case ${1-} in
good) late=none what='EOI at once where a message can be masked, forced after 1 ms where not' ;;
faulty) late=eoi what='the EOI of each message waits for its guest' ;;
*) sed -n '3p' "$0" >&2; exit 2 ;;
esac
cat <<-END
	irqpath-events 1
	# Reconstructed: tests/tools/reconstruct-eoi.sh $1 wrote this, no machine was recorded. Xen: $what.
	machine xen
	signal xen.irq.handled@shadow complete via IRQ_HANDLED
	signal xen.pirq.eoi@shadow complete via pirq_guest_eoi
	signal xen.vector.pending@hardware partial via PM_IDLE_EXIT
	signal sched.vcpu_stops@shadow complete via RUNSTATE_CHANGE
	signal sched.vcpu_wakes@shadow complete via RUNSTATE_CHANGE
	cpus 1
END
irq 14 0x21 0 ''
dump 14 xen_irq.type 'text="IO-APIC-edge"'
irq 49 0x31 1 ''
dump 49 xen_irq.ack_type "text=\"$late\""
dump 49 xen_msi.maskable 'text="yes"'
irq 65 0x41 2 no
for _ in 1 2 3; do
	healthy
done
# the card interrupts while guest 1 waits for its disk, and dom0 for the IDE disk
blocks 150000 1.0
blocks 380 0.0
handled 210 49
if [ "$late" = none ]; then
	pending 2600 0x21
	handled 4 14
	wakes 3 0.0
	wakes 850 1.0
	# guest 2 does not acknowledge in time: the disk waits for 1 ms
	blocks 90000 1.0
	blocks 390 0.0
	handled 300 65
	pending 150 0x21
	pending 420 0x21
	at 440 'cpu0 xen.eoi_timer@shadow xirq:65 via="irq_guest_eoi_timer_fn"'
	handled 5 14
	wakes 3 0.0
	wakes 870 1.0
	healthy
else
	# nothing more is handled: timers wake the CPU, which finds the disk's vector waiting each time
	pending 2600 0x21
	for _ in 1 2 3 4 5 6 7 8; do
		pending 500000 0x21
	done
fi
at 200000 '- mark@shadow text="end"'
