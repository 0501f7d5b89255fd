#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest's trace and the log of the QEMU below it: the offset that is found without the marks lies between the bounds that
# the marks prove. Captures that are not bundled; prints how wide both are.
set -eu
. "$TOP/tests/e2e/lib.sh"

# "lo hi" in ns of log time minus trace time, by the marks in trace.events and the writes in log.events.
mark_bounds() {
	awk '
		function ns(t) { split(t, part, /\./); return sprintf("%s%s", part[1], part[2]) }
		FNR == NR && / pci.interrupt_line@hardware pci:0000:00:00.0 / { sub(/.*value=0x/, "", $NF); log_at[$NF] = ns($1) }
		FNR != NR && match($0, /irqpath-sync [0-9]+ (begin|end)/) {
			split(substr($0, RSTART, RLENGTH), word, " ")
			at[sprintf("%x", word[2]), word[3]] = ns($1)
			seen[sprintf("%x", word[2])] = 1
		}
		END { for (n in seen) if (n in log_at) print log_at[n], at[n, "begin"], at[n, "end"] }' log.events trace.events |
		while read -r log begin end; do
			[ -z "$begin" ] || [ -z "$end" ] || echo "$((log - end)) $((log - begin + 999))"
		done | awk '{ if (!n++ || $1 + 0 > lo + 0) lo = $1; if (n == 1 || $2 + 0 < hi + 0) hi = $2 } END { if (n) print lo, hi }'
}

# The trace as events text, which can do without its marks.
try() {
	log=$2
	irqpath analyze -q --db trace.db "$1" >/dev/null 2>&1 || :
	irqpath export --events trace.db >trace.events
	irqpath analyze -q --db log.db "$log" >/dev/null 2>&1 || :
	irqpath export --events log.db >log.events
	grep -v ' mark@' trace.events >unmarked.events
	irqpath analyze -q --db both.db unmarked.events "$log" >/dev/null 2>&1 || :
	row=$(irqpath query -q both.db "SELECT method, -hi_ns, -lo_ns FROM clock WHERE source = 2" | tail -n 1)
	bounds=$(mark_bounds)
	if [ -z "$bounds" ]; then skip "$3" "no marks"; return; fi
	echo "$row" "$bounds" | awk -v name="$3" '
		$1 == "assumed" { print "ok " name " # SKIP nothing but marks relates the two"; exit }
		{
			middle = ($2 + $3) / 2
			verdict = ($1 == "causality" && middle >= $4 && middle <= $5) ? "ok" : "not ok"
			printf("%s %s: %s within %.3f ms, marks within %.1f ms\n", verdict, name, $1, ($3 - $2) / 1e6, ($5 - $4) / 1e6)
		}' >result
	cat result
	if grep -q '^not ok' result; then failed=1; fi
}

any=''
for folder in "$IRQPATH_CAPTURES"/*/; do
	name=$(basename "$folder")
	case $name in dom0-* | pvh-* | hvm-* | kvm-host-*) continue ;; esac
	log=''
	for f in "$folder"qemu.log "$folder"qemu.log.xz; do
		if [ -f "$f" ]; then log=$f; fi
	done
	if [ ! -f "$folder/trace.dat" ] || [ -z "$log" ]; then continue; fi
	any=1
	try "$folder/trace.dat" "$log" "$name"
done
[ -n "$any" ] || { echo "no captures at IRQPATH_CAPTURES"; exit 77; }
finish
