#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# irq-storm on irqs of Xen: what is over its limit of 10000 in 10 ms, and what is fast without reaching it. As cases of the rule these
# would be tens of thousands of lines.
set -eu
. "$TOP/tests/e2e/lib.sh"

# handled IRQ COUNT STEP-NS: so many interrupts from 1.0 s on
handled() {
	awk -v irq="$1" -v n="$2" -v step="$3" 'BEGIN {
		for (i = 0; i < n; i++) { ns = i * step; printf "%d.%09d cpu0 xen.irq.handled@shadow xirq:%s\n", 1 + int(ns / 1e9), ns % 1e9, irq }
	}'
}
capture_of() {
	printf '%s\n' "irqpath-events 1" "machine xen" "signal xen.irq.handled@shadow complete via IRQ_HANDLED"
	cat
	printf '%s\n' '9.000000 cpu0 mark@hardware text="end"'
}
# finding of irq-storm: severity, signature
storm() {
	irqpath query -q "$1" "SELECT f.severity || ' ' || f.signature || ' ' || o.name FROM finding f JOIN object o ON o.id = f.object
		WHERE f.rule = 'irq-storm'" 2>err | tail -n +2 | tr "\t" " "
}

{ handled 18 10000 900; echo "1.020000000 cpu0 xen.irq.handled@shadow xirq:18"; } | capture_of >limited.events
check "over Xen's limit" [ "$(storm limited.events)" = "error limited xen/xirq:18" ]
run irqpath analyze -q limited.events
expect "over Xen's limit: exit status" 1

# As many, but in 20 ms: Xen lets them pass.
handled 18 10000 2000 | capture_of >fast.events
check "fast, and within the limit" [ "$(storm fast.events)" = "note fast xen/xirq:18" ]

# The lost records may have been the ones that were too many, or that show it switched on again.
{ handled 18 9990 900; echo "1.009000000..1.020000000 cpu0 lost@shadow cpu:0 count=4"; } | capture_of >gap.events
check "lost before it is over the limit" [ "$(storm gap.events)" = "" ]

handled 18 9000 100000 | capture_of >slow.events
check "9000 in a second" [ "$(storm slow.events)" = "" ]
check "9000 in a second: judged" [ "$(irqpath query -q slow.events "SELECT verdict FROM verdict WHERE rule = 'irq-storm'" 2>err | tail -n +2)" = pass ]

# Xen's own have no limit.
{ echo '0.500000 - snapshot.field@shadow xirq:18 field="xen_irq.action" text="xen"'; handled 18 10000 900; } | capture_of >own.events
check "Xen's own irq" [ "$(storm own.events)" = "note fast xen/xirq:18" ]

# The kernel that is called says that nobody claims it: that is the same storm, told once, by who knows more.
{
	echo '0.500000 - snapshot.field@shadow xirq:18 pirq:0.18 field="feeds"'
	echo '0.500000 - snapshot.field@shadow pirq:0.18 port:0.40 field="feeds"'
	echo '0.600000 cpu0 xen.evtchn.bind@shadow port:0.40 dom0/irq:18'
	handled 18 10000 900
	echo '1.020000000 cpu0 irq.spurious@shadow dom0/irq:18'
} | capture_of >claimed.events
check "told of the kernel's irq" [ -z "$(storm claimed.events | grep xirq)" ]

finish
