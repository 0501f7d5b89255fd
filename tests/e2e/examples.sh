#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Real captures with known truth: what must be found, and what must not.
set -eu
. "$TOP/tests/e2e/lib.sh"

ask() { sqlite3 out.db "$1"; }

# same NAME SQL TEXT: the query's answer is TEXT
same() {
	got=$(ask "$2" 2>&1) || :
	if [ "$got" = "$3" ]; then ok "$1"; else not_ok "$1" "got:" "$got" "expected:" "$3"; fi
}

analyze() { rm -f out.db; run irqpath analyze --db out.db "$1"; }

loud="select count(*) from finding where severity in ('error', 'warning')"

test_good() {
	analyze "$1"
	expect "$2: clean" 0
	same "$2: no finding of warning or above" "$loud" 0
	same "$2: something passed" "select count(*) > 0 from verdict where verdict = 'pass'" 1
}

test_good "$TOP/samples/baremetal-good/trace.dat" baremetal-good

analyze "$TOP/samples/msix-left-masked-kfn/trace.dat"
expect "left masked: findings" 1
same "left masked: one error and no warning" "$loud" 1
same "left masked: rule, object, its name, blame" "
	select f.rule, f.severity, o.name, i.name, i.label, f.blame like 'kernel:pci_msi_mask_irq%init%'
	  from finding f join object o on o.id = f.object join link l on l.feeder = o.id
	  join object i on i.id = l.fed and i.kind = 'irq'
	 where f.severity = 'error'" \
	"msix-left-masked|error|msix:0000:00:03.0[2]|irq:29|nvme0q2|1"
same "left masked: evidence has the mask and the last good delivery, and no missed one" "
	select group_concat(distinct role) like '%cause%', group_concat(distinct role) like '%last_good%',
	       group_concat(distinct role) like '%first_missed%'
	  from finding_event e join finding f on f.id = e.finding where f.severity = 'error'" "1|1|0"
same "left masked: the cause is the mask probe on irq 29" "
	select count(*) from finding_event e join finding f on f.id = e.finding
	 where f.severity = 'error' and e.role = 'cause' and e.text like '%msi_mask%' and e.text like '%irq=29%'" 1
if grep -q 'msix:0000:00:03.0\[2\]' out && grep -q 'irq:29' out && grep -q nvme0q2 out; then
	ok "left masked: the report names entry, irq and queue"
else
	not_ok "left masked: the report names entry, irq and queue" "$(cat out)"
fi

if file=$(capture msix-left-masked); then
	analyze "$file"
	same "no witness of the hardware: inconclusive for the entry, and says what would settle it" "
		select v.verdict, v.settle is not null from verdict v join object o on o.id = v.object
		 where v.rule = 'msix-left-masked' and o.name = 'msix:0000:00:04.0[1]'" "inconclusive|1"
	same "no witness of the hardware: no fail" "select count(*) from finding where rule = 'msix-left-masked'" 0
else
	skip "no witness of the hardware" "no captures at IRQPATH_CAPTURES"
fi

: >empty.dat
run irqpath analyze empty.dat
expect "empty file: incomplete" 3
check "empty file: message with its name" grep -q 'empty\.dat' err
head -c 5000 /dev/urandom >noise.dat
run irqpath analyze noise.dat
expect "noise: incomplete" 3
run irqpath analyze there-is-no-such-file
expect "no such file: incomplete" 3
run irqpath
expect "no command: usage" 2
run irqpath --version
expect "--version" 0
check "--version tells the version" grep -qF "$(cat "$TOP/VERSION")" out
for command in analyze rules query replay export; do
	run irqpath $command --help
	expect "$command --help" 0
done
finish
