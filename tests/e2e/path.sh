#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# path, stats and model on real captures: where the interrupt stops, what was counted, what of the model was met.
set -eu
. "$TOP/tests/e2e/lib.sh"

# field NAME JSONPATH TEXT: what the JSON in out says there
field() {
	got=$(sqlite3 :memory: "select json_extract(readfile('out'), '$2')" 2>&1) || :
	if [ "$got" = "$3" ]; then ok "$1"; else not_ok "$1" "got: $got" "expected: $3"; fi
}
# hop NAME HOP COLUMN TEXT: a member of one hop
hop() {
	got=$(sqlite3 :memory: "select json_extract(value, '$.$3') from json_each(readfile('out'), '$.hops')
		where json_extract(value, '$.hop') = '$2'" 2>&1) || :
	if [ "$got" = "$4" ]; then ok "$1"; else not_ok "$1" "got: $got" "expected: $4"; fi
}

kfn=$TOP/samples/msix-left-masked-kfn/trace.dat
run irqpath path -q --format json "$kfn" 'msix:0000:00:03.0[2]'
expect "left masked: path" 0
field "left masked: stops at the mask" '$.stop.kind' closed
field "left masked: of the entry" '$.stop.gate.object' 'msix:0000:00:03.0[2]'
field "left masked: since the mask call" '$.stop.gate.since_ns' 8214746570
field "left masked: the record is the mask probe" '$.stop.gate.record.by' 'pci_msi_mask_irq (init-1)'
field "left masked: whose way" '$.interrupt' irq:29
hop "left masked: MSI-X enabled" 'MSI-X enabled' status reached
hop "left masked: unmasked once" unmasked count 1
hop "left masked: unmasked is closed" unmasked status closed
hop "left masked: 15 handled" handled count 15
hop "left masked: none since" handled since 0
hop "left masked: nothing shows a raise" raised status 'not recorded'
cp out by-entry
for object in irq:29 IRQ29 '0000:00:03.0[2]' '03.0[2]' nvme0q2 vector:1.0x24 29; do
	run irqpath path -q --format json "$kfn" "$object"
	field "left masked: by $object the same interrupt" '$.stop.gate.object' 'msix:0000:00:03.0[2]'
done

irqpath analyze -q --db kept.db "$kfn" >/dev/null || :
run irqpath path -q --format json kept.db 'msix:0000:00:03.0[2]'
field "from a database: the same stop" '$.stop.gate.since_ns' 8214746570
hop "from a database: the same counts" handled count 15
run irqpath path -q kept.db pci:0000:00:03.0
expect "several interrupts: exit 2" 2
check "several interrupts: they are listed" grep -q 'irq:29 (nvme_irq nvme0q2' err
run irqpath path -q kept.db irq:4711
expect "no such object: exit 2" 2
run irqpath path -q kept.db irq:27
check "a number given again is told" grep -q 'same number: irq:27~2' out
for width in 80 100 120; do
	run script -qec "stty cols $width; irqpath path kept.db irq:29; irqpath stats kept.db" /dev/null
	if [ "$status" -ne 0 ]; then skip "$width columns" "no script(1)"; continue; fi
	check "$width columns: no line is longer" awk -v width=$width \
		'{ sub(/\r$/, "") } length($0) > width { bad = 1; print > "err" } END { exit bad }' out
done

run irqpath stats -q --format json kept.db
field "stats: the most frequent first" '$.interrupts[0].object' irq:28
field "stats: its count" '$.interrupts[0].count' 22
field "stats: its entry" '$.interrupts[0].feeder' 'msix:0000:00:03.0[1]'
run irqpath stats -q --format csv kept.db
check "stats: as many CSV rows as irqs" [ "$(wc -l <out)" = \
	"$(($(sqlite3 kept.db "select count(*) from object_summary") + 1))" ]

run irqpath model list
expect "model list" 0
components=$(sed -n 's/^\([a-z_]*\): .* regions.*/\1/p' out)
check "model list: has components" [ "$(echo "$components" | wc -l)" -ge 3 ]
for component in $components; do
	run irqpath model dot "$component"
	expect "model dot $component" 0
	check "model dot $component: a cluster a region" [ "$(grep -c 'subgraph cluster_' out)" = \
		"$(irqpath model list | sed -n "s/^$component: \([0-9]*\) regions.*/\1/p")" ]
	check "model dot $component: no way into the illegal state" sh -c '! grep -q "r[0-9]*s0" out'
done
run irqpath model dot nothing
expect "model dot: no such component" 2
run irqpath model coverage -q "$kfn" "$TOP/samples/baremetal-good/trace.dat"
expect "model coverage" 0
check "model coverage: no unexpected step on the samples" grep -qx 'Unexpected steps: 0' out
run irqpath model coverage -q kept.db
check "model coverage: a database is replayed" grep -q 'met by 1 capture$' out
check "model coverage: and stays as it is" irqpath path -q kept.db irq:29

good=
for name in baremetal-good-tcg baremetal-good-kvm ioapic-good-tcg split-irqchip-good-linux level-oneshot-good; do
	if file=$(capture $name); then good="$good $file"; fi
done
if [ -n "$good" ]; then
	# shellcheck disable=SC2086
	run irqpath model coverage -q $good
	check "good captures: no unexpected step" grep -qx 'Unexpected steps: 0' out
	for file in $good; do
		run irqpath stats -q --format json "$file"
		object=$(sqlite3 :memory: "select json_extract(readfile('out'), '$.interrupts[0].object')")
		run irqpath path -q --format json "$file" "$object"
		field "$(basename "$(dirname "$file")"): $object stops nowhere" '$.stop.kind' nowhere
	done
else
	skip "good captures" "no captures at IRQPATH_CAPTURES"
fi

if file=$(capture level-missing-eoi); then
	run irqpath path -q --format json "$file" irq:23
	field "missing EOI: stops where it is owed" '$.stop.kind' owed
	hop "missing EOI: 14 handled" handled count 14
	hop "missing EOI: 13 acknowledged" 'acknowledged (EOI)' count 13
	run irqpath path -q "$file" pin:0.23
	check "missing EOI: said in words" grep -q '^Stops: level-eoi is owed by kernel since 28.129915320' out
fi
if file=$(capture irq-storm-level); then
	run irqpath path -q --format json "$file" irq:23
	field "storm: stops at the spurious disable" '$.stop.gate.field' spurious_disabled
fi
finish
