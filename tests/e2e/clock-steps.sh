#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A log whose clock was set while it was written, of which a part is missing, or which holds two runs: its offset to the guest's trace is
# the right one, or it is said that nothing proves one.
set -eu
. "$TOP/tests/e2e/lib.sh"

# "lo hi" of the log's offset, nothing where it is unrelated
bounds() {
	irqpath analyze -q --db both.db "$folder/trace.dat" "$1" >/dev/null 2>err || :
	irqpath query -q both.db "SELECT lo_ns, hi_ns FROM clock WHERE source = 2 AND method <> 'assumed'" | tail -n +2
}

# set_clock SECONDS PART: the log's times behind so much of its lines moved
set_clock() {
	awk -v step="$1" -v from="$(($(wc -l <"$log") * $2 / 100))" '
		match($0, /^[0-9]+@[0-9]+[.][0-9]+:/) && NR > from {
			split(substr($0, 1, RLENGTH - 1), p, /[@.]/)
			us = p[3] + (step - int(step)) * 1e6
			s = p[2] + int(step) + (us >= 1e6) - (us < 0)
			printf("%s@%d.%06d:%s\n", p[1], s, us + (us < 0 ? 1e6 : us >= 1e6 ? -1e6 : 0), substr($0, RLENGTH + 1))
			next
		}
		{ print }' "$log" >changed.log
}

expect_unrelated() {
	found=$(bounds changed.log)
	if [ -z "$found" ]; then ok "$1: unrelated"; else not_ok "$1" "within $found, of the whole log within $right"; fi
}

# The right offset lies in it: of the whole log it is known better
expect_right() {
	found=$(bounds changed.log)
	if echo "$right $found" | awk '{ exit !(NF == 2 || ($3 <= ($1 + $2) / 2 && ($1 + $2) / 2 <= $4)) }'; then
		if [ -n "$found" ]; then ok "$1: the same offset"; else ok "$1: unrelated"; fi
	else
		not_ok "$1" "within $found, of the whole log within $right"
	fi
}

any=''
for capture in msix-left-masked baremetal-good-tcg; do
	folder=$IRQPATH_CAPTURES/$capture
	log=$folder/qemu.log
	if [ ! -f "$log" ]; then continue; fi
	any=1
	right=$(bounds "$log")
	check "$capture: related" test -n "$right"
	for step in -3600 -5 -0.3 0.3 5 3600; do
		set_clock $step 75
		expect_unrelated "$capture: set by $step s"
	done
	set_clock 0.000001 101
	check "$capture: times are written as they were read" cmp "$log" changed.log
	cat "$log" "$log" >changed.log
	expect_right "$capture: twice in one file"
	{ cat "$log"; set_clock 86400 0; cat changed.log; } >two.log && mv two.log changed.log
	expect_right "$capture: and once more a day later"
	head -n "$(($(wc -l <"$log") * 3 / 4))" "$log" >changed.log
	expect_right "$capture: cut short"
	tail -n "$(($(wc -l <"$log") / 2))" "$log" >changed.log
	expect_right "$capture: begun late"
	awk 'NR * 7919 % 100 >= 3' "$log" >changed.log
	expect_right "$capture: lines lost"
done
[ -n "$any" ] || { echo "no captures at IRQPATH_CAPTURES"; exit 77; }
finish
