#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What-if: the fix that would have prevented a fault is found, and those that would not are not taken for it.
set -eu
. "$TOP/tests/e2e/lib.sh"
command -v jq >/dev/null || { echo "jq is not installed"; exit 77; }

# counterexample FILE PATH QUIRK...
counterexample() {
	file=$1 path=$2; shift 2
	irqpath model check -q --path "$path" $(printf -- '--assume %s ' "$@") -o "$file" >/dev/null && return 1 || [ $? -eq 1 ]
}
# says NAME FILTER: the JSON in out
says() { check "$1" jq -e "$2" out; }

counterexample moved.events baremetal/level ioapic-delayed-move=off ioapic-explicit-eoi=off
run irqpath analyze --what-if --format json moved.events
expect "vector moved in service: a fault" 1
says "vector moved in service: the delayed move and the explicit EOI each prevent it" \
	'[.findings[] | select(.severity == "error").fixed_by[].quirks] == [["ioapic-delayed-move=on"], ["ioapic-explicit-eoi=on"]]'
says "vector moved in service: others do not" \
	'.findings[] | select(.severity == "error").not_sufficient | index([["ioapic-keeps-core-mask=off"]])'

counterexample lost.events baremetal/msix enable-resends-edge=off
run irqpath analyze --what-if --format json lost.events
says "edge lost: sending it again prevents it, from when on the record would be another" \
	'[.findings[] | select(.rule == "edge-lost").fixed_by[] | select(.quirks == ["enable-resends-edge=on"] and .valid_to_ns != null)] | length == 1'

stale=$TOP/rules.d/cases/stale-route-delivery/fires.events
run irqpath analyze --what-if --format json "$stale"
says "stale route: handing the routes over first prevents it, and from then on the record would be another" \
	'[.findings[] | select(.severity == "error").fixed_by[] | select(.valid_to_ns != null).quirks] == [["qemu-route-before-service=on"]]'
says "stale route: KVM's bitmap does not" '.findings[] | select(.severity == "error").not_sufficient | index([["kvm-eoi-scan-pending=off"]])'

run irqpath analyze --what-if --format json "$TOP/samples/pvh-gsi-refused/trace.events"
expect "line refused: a fault" 1
says "line refused: registering it when the device is given away prevents it, from the refusal on the record would be another" \
	'[.findings[] | select(.rule == "gsi-not-registered" and .severity == "error").fixed_by[] | select(.valid_to_ns != null).quirks] == [["pvh-setup-gsi=on"]]'
says "line refused: that the toolstack may map it does not, nor does mapping masked entries" \
	'.findings[] | select(.severity == "error").not_sufficient | (index([["pvh-map-pirq=on"]]) != null) and (index([["vioapic-maps-masked=on"]]) != null)'
run irqpath analyze --what-if --format json "$TOP"/samples/split-irqchip-stale-route/trace.*
expect "stale route, both sides: a fault" 1
says "stale route, both sides: only handing the routes over first prevents it, and the remote IRR that stays" \
	'[.findings[] | select(.severity == "error").fixed_by[].quirks] == [["qemu-route-before-service=on"], ["qemu-route-before-service=on"]]'
says "stale route, both sides: the host is seen to keep the EOI, and one that does not would be no better off" \
	'[.findings[] | select(.severity == "error").not_sufficient | index([["kvm-eoi-scan-pending=on"]])] | length == 2 and all(. != null)'

# The same of a real dom0, where nobody was refused yet.
pciback=$IRQPATH_CAPTURES/pvh-dom0-pciback
if [ -f "$pciback/dom0-dmesg.txt" ]; then
	run irqpath analyze --what-if --db pciback.db --format json "$pciback/xentrace.bin.gz" "$pciback/trace.dat" "$pciback/xl-dmesg-before.txt" \
		"$pciback/xl-dmesg-after.txt" "$pciback/dom0-dmesg.txt"
	says "a line given away, of a real dom0: a warning, and the same fix" \
		'[.findings[] | select(.rule == "gsi-not-registered" and .severity == "warning").fixed_by[].quirks] == [["pvh-setup-gsi=on"]]'
	run irqpath query --format json pciback.db "SELECT o.name, v.verdict FROM verdict v JOIN object o ON o.id = v.object \
		WHERE v.rule = 'gsi-not-registered' ORDER BY 1"
	says "a line given away, of a real dom0: no word of a line that was not" '[.. | .verdict? // empty] == ["fail"]'
else
	skip "a line given away, of a real dom0" "no captures at IRQPATH_CAPTURES"
fi
counterexample dom0.events dom0-pv/msix xen-msi-mask-nop=off xen-table-read-only=off
run irqpath analyze --what-if --format json dom0.events
says "dom0 writes Xen's bit: not writing it prevents it, and so does a table that dom0 cannot write" \
	'[.findings[] | select(.severity == "error").fixed_by[].quirks] == [["xen-msi-mask-nop=on"], ["xen-table-read-only=on"]]'
says "dom0 writes Xen's bit: how the bind treats the guest's wish does not matter" \
	'.findings[] | select(.severity == "error").not_sufficient | index([["xen-bind-clears-guest-mask=off"]])'

counterexample hvm.events hvm-pirq/msix hvm-no-mask=off xen-guest-mask=off xen-bind-clears-guest-mask=off
run irqpath analyze --what-if --format json hvm.events
says "a guest masks what is bound: not writing, the order of before, and what Xen does at the bind or to writes each prevent it" \
	'[.findings[] | select(.severity == "error").fixed_by[].quirks[]] | sort == ["hvm-no-mask=on", "msix-mask-all-early=on",
	"xen-bind-clears-guest-mask=on", "xen-guest-mask-dropped=on", "xen-hvm-pirqs=off"]'
says "a guest masks what is bound: that Xen keeps its wish is not sufficient" \
	'.findings[] | select(.severity == "error").not_sufficient | index([["xen-guest-mask=on"]])'
says "a guest masks what is bound: valid up to the dump, which would show another bit" \
	'[.findings[] | select(.severity == "error").fixed_by[].valid_to_ns] | all(. != null)'

# An EOI that waits for guest 1: a message without a mask bit, a level line of its own, and one of dom0.
fixes() { printf '[.findings[] | select(.rule == "eoi-stack-inversion").fixed_by[].quirks[]] == %s' "$1"; }
fires=$TOP/rules.d/cases/eoi-stack-inversion/fires.events
sed '/xirq:49 field="xen_msi.maskable"/c\
0.500000 - snapshot.field@shadow xirq:49 field="xen_irq.type" text="IO-APIC-level"\
0.500000 - snapshot.field@shadow xirq:49 field="xen_irq.ack_type" text="eoi"' "$fires" >line.events
sed 's/pirq:1\.55/pirq:0.55/' line.events >dom0-line.events
run irqpath analyze --what-if --format json "$fires"
says "an EOI waits, of a message without a mask bit: a timer, or MSI disabled instead" "$(fixes '["xen-eoi-timeout=on", "xen-msi-off-as-mask=on"]')"
run irqpath analyze --what-if --format json line.events
says "an EOI waits, of a guest's line: a timer, that of passthrough, too, or the pin masked instead" \
	"$(fixes '["xen-eoi-timeout=on", "xen-dpci-timeout=on", "xen-ioapic-ack-new=off"]')"
run irqpath analyze --what-if --format json dom0-line.events
says "an EOI waits, of dom0's line: passthrough has no timer for that" "$(fixes '["xen-eoi-timeout=on", "xen-ioapic-ack-new=off"]')"

run irqpath analyze --what-if --format json "$TOP/samples/dom0-msix-written/trace.events"
says "dom0 writes Xen's bit, in use before: the same two prevent it" \
	'[.findings[] | select(.severity == "error").fixed_by[].quirks] == [["xen-msi-mask-nop=on"], ["xen-table-read-only=on"]]'
run irqpath analyze --what-if --format json "$TOP/samples/hvm-masked-after-bind/trace.events"
says "a guest masks what is bound, told with all its records: the same" \
	'.findings[] | select(.severity == "error") | (.fixed_by | length) == 5 and (.not_sufficient | index([["xen-guest-mask=on"]]) != null)'

kfn=$TOP/samples/msix-left-masked-kfn/trace.dat
run irqpath analyze --db kfn.db --format json "$kfn"
says "nothing is tried unless asked for" '[.findings[].fixed_by] | all(. == null)'
sum=$(cksum <kfn.db)
run irqpath explain --format json kfn.db
expect "explain of a database" 0
says "masked behind the core: no known behaviour prevents it" '.fixed_by == [] and (.not_sufficient | index([["unmask-only-if-masked=off"]]))'
if [ "$sum" = "$(cksum <kfn.db)" ]; then ok "the database is as it was"; else not_ok "the database is as it was"; fi
run irqpath query --format json "$kfn" "SELECT end_ns - start_ns AS ns FROM obligation WHERE kind = 'msix-unmask' AND ending = 'open'"
says "masked behind the core: to the end, as recorded" '[.. | .ns? // empty] | length == 1 and .[0] > 14000000000'
run irqpath analyze --assume unmask-only-if-masked=off --format json "$kfn"
expect "masked behind the core, by an older core: still a fault" 1
says "masked behind the core, by an older core: to the first enable_irq()" \
	'.findings[] | select(.severity == "error") | .end_ns - .start_ns > 6000000000 and .end_ns - .start_ns < 6100000000'
run irqpath analyze --assume unmask-only-if-masked=off "$kfn"
check "the report says what it assumes" grep -q 'unmask-only-if-masked=off; .* responses were recomputed' out

# What is assumed as it was recorded changes nothing, in any capture.
good=$TOP/samples/baremetal-good/trace.dat
irqpath analyze -q --db recorded.db "$good" >/dev/null
irqpath analyze -q --db assumed.db --assume edge-spin-wait=off --assume delayed-move=on "$good" >/dev/null
irqpath export recorded.db | grep -v '^meta' >recorded.txt
irqpath export assumed.db | grep -v '^meta' >assumed.txt
check "as recorded is as recorded" cmp recorded.txt assumed.txt
for quirk in $(irqpath model check --list | sed -n 's/^  \([a-z-]*\) *\(on\|off\) .*/\1/p'); do
	for setting in on off; do
		run irqpath analyze --assume "$quirk=$setting" --format json "$good"
		check "good capture with $quirk=$setting: judged" test "$status" -le 1
	done
done
run irqpath analyze --assume nothing "$good"
expect "usage: no such quirk" 2
finish
