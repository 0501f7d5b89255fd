#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Xen's trace and that of its dom0: one counter, or the offset that readings of the guest's TSC prove; what is inferred of which
# irq is which without dumps is what the dumps say; one interrupt has one way, whichever of its objects is asked for. Captures
# that are not bundled.
set -eu
. "$TOP/tests/e2e/lib.sh"

trace_of() {
	for f in "$1/xentrace.bin" "$1/xentrace.bin.gz"; do
		if [ -f "$f" ]; then echo "$f"; return; fi
	done
}

clock_of() {
	irqpath query -q "$1" "$2" "SELECT method, offset_ns, lo_ns, hi_ns FROM clock WHERE source = 2" | tail -n 1
}

# Pairs of irqs, Xen's and the kernel's, without machine and generation.
pairs() {
	irqpath query -q "$@" "
		WITH RECURSIVE down(xirq, id) AS (SELECT id, id FROM object WHERE kind = 'xirq'
			UNION SELECT xirq, l.fed FROM link l JOIN down ON l.feeder = down.id)
		SELECT DISTINCT replace(x.name, 'xen/', ''), replace(i.name, 'dom0/', '') FROM down JOIN object x ON x.id = xirq
		JOIN object i ON i.id = down.id WHERE i.kind = 'irq'" | tail -n +2 | sed 's/~[0-9]*//g' | sort -u
}

hops() {
	irqpath path -q "$1/xentrace.bin" "$1/trace.dat" "$1/xl-dmesg-before.txt" "$1/xl-dmesg-after.txt" "$2" | sed -n '/^Hops/,/^$/p'
}

# Functions and Xen's irqs of those, as far as they are linked.
devices() {
	irqpath query -q "$@" "
		SELECT DISTINCT f.name, replace(x.name, 'xen/', '') FROM object x JOIN object f ON f.id = x.function
		WHERE x.kind = 'xirq'" | tail -n +2 | sort -u
}

any=''
for folder in "$IRQPATH_CAPTURES"/dom0-*; do
	xen=$(trace_of "$folder")
	if [ -z "$xen" ] || [ ! -f "$folder/trace.dat" ]; then continue; fi
	any=1
	of=$(basename "$folder")
	clock=$(clock_of "$xen" "$folder/trace.dat")
	check "$of: one counter" test "$(echo "$clock" | cut -f 1,2)" = "counter	0"
	pairs "$xen" "$folder/trace.dat" >inferred
	pairs "$xen" "$folder/trace.dat" "$folder/xl-dmesg-before.txt" "$folder/xl-dmesg-after.txt" >dumped
	check "$of: what is inferred is what the dumps say ($(wc -l <inferred) of $(wc -l <dumped))" test -z "$(comm -23 inferred dumped)"
	[ -f "$folder/qemu.log" ] || continue
	dumps="$xen $folder/trace.dat $folder/xl-dmesg-before.txt $folder/xl-dmesg-after.txt"
	# shellcheck disable=SC2086 # paths without blanks, as many as there are
	devices $dumps "$folder/lspci-before.txt" "$folder/lspci-after.txt" >listed
	# shellcheck disable=SC2086
	devices $dumps "$folder/qemu.log" >logged
	# the root port has its message from before the log: only what both have can be compared
	cut -f 2 logged >known
	grep -wFf known listed >both || true
	check "$of: functions that a list of them leaves are those of the platform's log ($(wc -l <both))" test -z "$(comm -23 both logged)"
	[ -s both ] || [ ! -s logged ] || not_ok "$of: functions by the list" "none that the log has"
done
[ -n "$any" ] || { echo "no captures at IRQPATH_CAPTURES"; exit 77; }

for folder in "$IRQPATH_CAPTURES"/pvh-dom0*; do
	xen=$(trace_of "$folder")
	if [ -z "$xen" ]; then continue; fi
	clock_of "$xen" "$folder/trace.dat" >clock
	if [ -f "$folder/lspci-after.txt" ]; then
		irqpath query -q "$xen" "$folder/trace.dat" "$folder/xl-dmesg-before.txt" "$folder/xl-dmesg-after.txt" "$folder/lspci-after.txt" "
			SELECT replace(e.name, 'xen/', '') AS entry, p.name AS pirq, 1 AS via FROM link l JOIN object e ON e.id = l.feeder
			JOIN link k ON k.feeder = l.fed JOIN object p ON p.id = k.fed AND p.kind = 'pirq'
			WHERE e.kind = 'msix' AND e.machine = 'xen' AND l.to_ns IS NULL AND k.to_ns IS NULL
			UNION ALL SELECT replace(e.name, 'dom0/', ''), p.name, 2 FROM link l JOIN object e ON e.id = l.feeder
			JOIN object p ON p.id = l.fed AND p.kind = 'pirq' WHERE e.kind = 'msix' AND e.machine = 'dom0'" | tail -n +2 >entries
		awk '$3 == 1 { print $1, $2 }' entries | sort >stored
		awk '$3 == 2 { print $1, $2 }' entries | sort >shown
		check "$(basename "$folder"): entries by dom0's stores are those of vPCI's dump ($(wc -l <stored))" \
			test -s stored -a -z "$(comm -23 stored shown)"
	fi
	check "$(basename "$folder"): an offset that readings prove" awk '$1 != "readings" || $2 < $3 || $2 > $4 || $3 < 1000000 { exit 1 }' clock
done

# A driver was unbound and bound between the dumps: without the records of it they need not agree, and whether the older dump was
# taken behind them nobody said. A dump that is wrong about one irq, and right about what was recorded last, is found out.
reset=$IRQPATH_CAPTURES/dom0-driver-reset
if [ -f "$reset/xentrace.bin" ]; then
	sed 's/IRQ:  26 vec:[0-9a-f]*/IRQ:  26 vec:44/' "$reset/xl-dmesg-after.txt" >wrong.txt
	for files in xl-dmesg-before.txt,xl-dmesg-after.txt trace.dat,xl-dmesg-before.txt,xl-dmesg-after.txt xentrace.bin,xl-dmesg-before.txt; do
		run irqpath analyze -q --fail-on warning $(echo "$files" | tr ',' '\n' | sed "s|^|$reset/|")
		expect "no disagreement: $files" 0
	done
	run irqpath analyze -q --fail-on warning "$reset/xentrace.bin" "$reset/xl-dmesg-before.txt" wrong.txt
	expect "a dump with another vector" 1
	check "  ... is told apart" grep -q 'vector is 0x44, not 0xa1' out
fi

good=$IRQPATH_CAPTURES/dom0-good
if [ -f "$good/xentrace.bin" ]; then
	other=$(clock_of "$good/xentrace.bin" "$IRQPATH_CAPTURES/dom0-driver-reset/trace.dat")
	check "another run's trace is not related" test "$(echo "$other" | cut -f 1)" = assumed
	hops "$good" irq:47 >irq
	check "xirq, pirq, port and irq: one way" test -s irq
	run irqpath path -q "$good/xentrace.bin" "$good/trace.dat" "$good/qemu.log" irq:46
	expect "a log that goes on until the machine is off: path" 0
	check "  ... stops nowhere" grep -q '^Stops nowhere' out
	check "  ... and says where it was judged" grep -q '^judged at .* the last trace' out
	check "  ... without records lost" test "$(grep -c 'records.* lost' out)" = 0
	masked=$IRQPATH_CAPTURES/dom0-msix-left-masked
	run irqpath path -q "$masked/xentrace.bin" "$masked/trace.dat" "$masked/qemu.log" irq:47
	check "an entry that is masked in its table: the way stops there" grep -q "^Stops at 'unmasked by Xen': mask of xen/msix:" out
	run irqpath analyze -q "$masked/trace.dat" "$masked/qemu.log"
	check "a log that nothing relates to cycles: its times are seconds" grep -q 'unfinished at end ([0-9.]* s)' out
	check "  ... of a clock of its own" grep -q "^  Since .* of a clock that nothing relates to the others'" out
	run irqpath stats -q "$good/xentrace.bin" "$good/trace.dat"
	check "what became of Xen's interrupts is not counted as none" grep -Eq '^xen/xirq:27 .* [0-9]+ +- ' out
	for object in xirq:27 pirq:0.412 port:0.27; do
		hops "$good" "$object" >other
		check "$object: the same hops as irq:47" cmp -s irq other
	done
	irqpath query -q "$good/xentrace.bin" "$good/trace.dat" "$good/xl-dmesg-after.txt" \
		"SELECT sum(verdict = 'pass') > 5, sum(verdict <> 'pass') FROM verdict WHERE rule = 'evtchn-left-masked'" | tail -n 1 >verdicts
	check "event channels of Xen are judged by what dom0 records" test "$(cat verdicts)" = "1	0"
	for hop in 'pirq mapped' 'irq requested' 'port bound' 'handled by Xen' 'taken from the port' 'action entered' 'acknowledged (EOI)'; do
		check "irq:47: $hop" grep -qF "reached      $hop" irq
	done
fi
finish
