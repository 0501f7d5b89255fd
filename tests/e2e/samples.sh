#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The report of each bundled sample is the one beside it (make samples-expected writes them anew).
set -eu
. "$TOP/tests/e2e/lib.sh"
here=$PWD

for folder in "$TOP"/samples/*/; do
	name=$(basename "$folder")
	( cd "$folder" && irqpath analyze trace.* ) >"$here/out" 2>"$here/err" || :
	check "sample $name has a README and is listed" sh -c "[ -s '$folder/README.md' ] && grep -q '^| .$name. |' '$TOP/samples/README.md'"
	if diff -u "$folder/expected-report.txt" out >diff.txt 2>&1; then
		ok "sample $name"
	else
		not_ok "sample $name" "$(cat diff.txt)"
	fi
done
check "five samples" [ "$(ls -d "$TOP"/samples/*/ | wc -l)" -ge 5 ]

check "sample pvh-gsi-refused: what its script writes" sh -c "'$TOP/tests/tools/reconstruct-gsi.sh' | cmp - '$TOP/samples/pvh-gsi-refused/trace.events'"

for kind in good:good faulty:deadlock; do
	sample=xen-late-eoi-${kind#*:}
	check "sample $sample: what its script writes" sh -c "'$TOP/tests/tools/reconstruct-eoi.sh' ${kind%:*} | cmp - '$TOP/samples/$sample/trace.events'"
done
run irqpath analyze --what-if --format json "$TOP/samples/xen-late-eoi-deadlock/trace.events"
expect "sample xen-late-eoi-deadlock: a fault" 1
check "what would have prevented it" jq -e '[.findings[] | select(.rule == "eoi-stack-inversion") | .fixed_by[].quirks[]] | sort ==
	["xen-eoi-timeout=on", "xen-mask-msi-on-ack=on"]' out
check "and what would not" jq -e '[.findings[].not_sufficient[][]] | contains(["xen-ioapic-ack-new=off"])' out
for sample in dom0:dom0-msix-written hvm:hvm-masked-after-bind hvm-good:hvm-pirq-good; do
	check "sample ${sample#*:}: what its script writes" sh -c \
		"'$TOP/tests/tools/reconstruct-xen-msi.sh' ${sample%:*} | cmp - '$TOP/samples/${sample#*:}/trace.events'"
done

# Another form of the same records says the same, save for digits of time.
findings() { irqpath query "$1" "SELECT rule, severity, (SELECT name FROM object WHERE id = object), blame FROM finding ORDER BY 1, 3"; }
for name in level-left-masked level-missing-eoi irq-storm-level; do
	if original=$(capture $name); then
		findings "$original" >whole 2>/dev/null
		findings "$(echo "$TOP/samples/$name"/trace.*)" >sample 2>/dev/null
		check "sample $name: the findings of the recording" cmp whole sample
	else
		skip "sample $name: the findings of the recording" "no captures at IRQPATH_CAPTURES"
	fi
done
finish
