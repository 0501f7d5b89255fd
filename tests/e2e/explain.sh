#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which finding `explain` tells, and that what it tells is what the capture holds.
set -eu
. "$TOP/tests/e2e/lib.sh"

# a short name: the lines in which it stands are wrapped
sample=sample.dat
cp "$TOP/samples/msix-left-masked-kfn/trace.dat" $sample
good=$TOP/samples/baremetal-good/trace.dat
two=$TOP/rules.d/cases/enable-failed/fires.events

# says NAME TEXT...: the last output holds these
says() {
	name=$1; shift
	for text; do
		grep -qF -e "$text" out || { not_ok "$name" "no \"$text\" in:" "$(cat out)"; return; }
	done
	ok "$name"
}

run irqpath explain -q "$sample"
expect "the only finding" 0
says "sentence, record and what differs" "was left masked at 31.850690751 by" "the kernel's pci_msi_mask_irq() (task init-1)" \
	"cause          $sample: #1557 at byte 15396" "  ! unmasked " "owed from 31.850690751 on, unfinished at end (14.4 s)" \
	"not met by 6 such, the last at 44.000484381"
cp out only
for id in 82c0ff0f 82c0ff0f90fa029e 82C0 82 msix-left-masked; do
	run irqpath explain -q "$sample" $id
	expect "by $id" 0
	check "by $id it is the same" cmp -s out only
done
run irqpath explain "$sample"
says "state before and at the fault" "State just before -> at the fault (31.850690751)" \
	"mask                unmasked -> masked (#1557 pci_msi_mask_irq (init-1))" "depth 0, life started"
says "known bugs of that path only" "B25: "
check "and none of another" sh -c '! grep -q "S0: \|X1: " out'

run irqpath explain -q "$sample" 12345
expect "no such id" 2
check "the others are told" grep -q '^  82c0ff0f  error: ' err
run irqpath explain -q "$good"
expect "nothing to explain" 2
run irqpath explain -q "$two"
expect "one of two, without id" 2
check "both are told" [ "$(grep -c '^  [0-9a-f]*  error: ' err)" -eq 2 ]
run irqpath explain -q "$two" enable-failed
expect "one rule with two findings" 2
run irqpath explain -q "$two" 8
expect "an id that two begin with" 2
check "nothing was written" [ ! -s out ]
run irqpath explain
expect "no capture" 2
run irqpath explain -q none.dat
expect "no such capture" 3
run irqpath explain -q --format xml "$sample"
expect "no such format" 2

# A file whose name looks like an id is one only where nothing else can be meant.
cp "$two" fade
run irqpath explain -q fade 85c0
expect "a capture called like an id" 0
run irqpath explain -q fade
expect "that is no id" 2
check "but a capture" [ "$(grep -c '^  [0-9a-f]*  error: ' err)" -eq 2 ]

irqpath analyze -q --db capture.db "$sample" >/dev/null || :
run irqpath explain -q capture.db
check "a database tells the same" cmp -s out only
run irqpath explain -q -o report.txt "$sample"
check "into a file" cmp -s report.txt only
check "and not on stdout" [ ! -s out ]

# What a capture says must not reach the terminal as it is.
sed 's/name="edu"/name="\\x1b[2Jedu\\xe2\\x80\\xae"/; s/comm="[^"]*"/comm="\\x1b[31m"/' \
	"$TOP/rules.d/cases/level-eoi-missing/fires.events" >hostile.events
run irqpath explain hostile.events
expect "hostile names" 0
check "are made safe" sh -c '! LC_ALL=C grep -q "$(printf "[\\033\\342]")" out'
head -c 40000 "$sample" >cut.dat
run irqpath explain cut.dat
expect "a capture that is cut" 3
finish
