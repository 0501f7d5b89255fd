#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Snapshots in the order in which a shell's pattern names them, the later one first: judged as in their own order.
set -eu
. "$TOP/tests/e2e/lib.sh"

# judged FILE...: findings and verdicts, and how it ended
judged() {
	run irqpath analyze -q --format json "$@"
	{ echo "$status"; jq '{findings, verdicts, exit}' out; } 2>&1
}

for folder in "$IRQPATH_CAPTURES"/*/; do
	[ -f "$folder/xl-dmesg-before.txt" ] && [ -f "$folder/xl-dmesg-after.txt" ] || continue
	traces=''
	for file in "$folder"/xentrace.bin "$folder"/xentrace.bin.gz "$folder"/trace.dat; do
		[ ! -f "$file" ] || traces="$traces $file"
	done
	before='' after=''
	for kind in xl-dmesg lspci proc-interrupts; do
		[ ! -f "$folder/$kind-before.txt" ] || before="$before $folder/$kind-before.txt"
		[ ! -f "$folder/$kind-after.txt" ] || after="$after $folder/$kind-after.txt"
	done
	# shellcheck disable=SC2086 # lists of files
	judged $traces $before $after | sed 's/-\(before\|after\).txt//' | grep -v '"source":' >straight
	# shellcheck disable=SC2086
	judged $traces $after $before | sed 's/-\(before\|after\).txt//' | grep -v '"source":' >turned
	if cmp -s straight turned; then ok "$(basename "$folder")"; else not_ok "$(basename "$folder")" "$(diff straight turned | head -n 20)"; fi
done
[ -f straight ] || skip "snapshots of captures" "no captures at IRQPATH_CAPTURES"
finish
