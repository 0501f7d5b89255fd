#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `trace-cmd report` prints of a capture leads to what the capture leads to, or cannot be judged for what the text
# lost: never to a finding of its own.
set -eu
. "$TOP/tests/e2e/lib.sh"
command -v trace-cmd >/dev/null || { echo "trace-cmd is not installed"; exit 77; }
command -v jq >/dev/null || { echo "jq is not installed"; exit 77; }

# Findings of error and warning of the last run, one a line.
findings() { jq -r '.findings[] | select(.severity != "note") | "\(.rule) \(.object)"' out | sort; }

# Rules that leave an object open.
open_rules() { jq -r '.verdicts[] | select(.inconclusive > 0) | .rule' out | sort -u; }

# What can fail, pass or be open in the text that the capture finds; what the text finds that the capture does not.
compare() {
	name=$1 file=$2
	shift 2
	trace-cmd report "$@" "$file" >text 2>/dev/null
	run irqpath analyze --format json "$file"
	findings >want.txt
	run irqpath analyze --format json text
	[ "$status" -ne 3 ] || { not_ok "$name: is read" "$(cat err)"; return; }
	findings >got.txt
	open_rules >open.txt
	if [ -n "$(comm -13 want.txt got.txt)" ]; then
		not_ok "$name: finds no more than the capture" "$(comm -13 want.txt got.txt)"
		return
	fi
	comm -23 want.txt got.txt | cut -d' ' -f1 | sort -u >lost.txt
	if [ -n "$(comm -23 lost.txt open.txt)" ]; then
		not_ok "$name: what it does not find is open" "$(comm -23 lost.txt open.txt)"
	else
		ok "$name"
	fi
}

sample=$TOP/samples/msix-left-masked-kfn/trace.dat
for options in '' -l -t -R '-l -R'; do
	# shellcheck disable=SC2086
	compare "sample, report $options" "$sample" $options
done

# The records of one CPU alone accuse nobody of what another may have done.
for cpu in 0 1; do
	trace-cmd report --cpu $cpu "$sample" >text 2>/dev/null
	run irqpath analyze --format json text
	check "sample, CPU $cpu alone" test -z "$(findings)"
done

nr=0
for folder in "$IRQPATH_CAPTURES"/*/; do
	capture=$folder/trace.dat
	[ -f "$capture" ] || continue
	nr=$((nr + 1))
	compare "$(basename "$folder")" "$capture"
done
[ $nr -gt 0 ] || skip "text of captures" "no captures at $IRQPATH_CAPTURES"

# Everything that a record prints is in its event.
events() { irqpath query --format csv "$1" "SELECT kind, witness, cpu, pid, args FROM event ORDER BY source, ordinal, sub" | grep -v '"vector.update"\|irq.exit'; }
trace-cmd report -t "$sample" >text 2>/dev/null
events "$sample" >want.txt
events text >got.txt
check "same events" cmp want.txt got.txt

# The two versions of trace.dat: one report, but for the file's name and version.
v7=$IRQPATH_CAPTURES/ioapic-good-tcg/trace.dat v6=$IRQPATH_CAPTURES/ioapic-good-tcg/trace-v6.dat
if [ -f "$v6" ]; then
	for file in "$v7" "$v6"; do
		run irqpath analyze --format json "$file"
		jq 'del(.sources[].path, .sources[].kind)' out
	done >both.txt
	check "version 6 and 7, one report" test "$(sed -n '1,/^}$/p' both.txt | cksum)" = "$(sed '1,/^}$/d' both.txt | cksum)"
else
	skip "version 6 and 7, one report" "no captures at $IRQPATH_CAPTURES"
fi

# Cut at every line end it is whole as far as anybody can tell, cut within a line it is not.
head -n 500 text >whole
head -c $(($(wc -c <whole) - 3)) whole >cut
run irqpath analyze cut
expect "cut within a line" 3
finish
