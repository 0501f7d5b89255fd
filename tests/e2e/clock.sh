#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures that are not bundled, with something that tells how their clocks lie to one another: the offset that is found without
# it lies between the bounds that it proves. What nothing can relate is said to be unrelated. Prints how wide both are.
set -eu
. "$TOP/tests/e2e/lib.sh"

# What was recorded at one time and still has too little in common, and why.
unrelated() {
	case $1 in
	function-graph-bind) echo "function_graph has no arguments, and no probe recorded a write" ;;
	level-left-masked) echo "the handler never unmasks again: two writes of the pin are all" ;;
	msi-storm) echo "the buffer has nothing but the storm, which writes nothing" ;;
	pvh-domu) echo "Xen handled four interrupts, all of its console, whose pin the log leaves out" ;;
	hvm-passthrough*) echo "Xen handled some forty interrupts in 35 s, and the log has the messages of one device" ;;
	esac
}

# "method offset base rate width hz" of a source, put beside the log, which comes first.
place_of() {
	irqpath query -q both.db "SELECT method, offset_ns, base, rate, hi_ns - lo_ns, coalesce(hz, 1000000000) FROM clock k
		JOIN source s ON s.id = k.source WHERE s.path LIKE '%$1'" | tail -n 1 | tr '\t' ' '
}

relate() { irqpath analyze -q --db both.db "$@" >/dev/null 2>&1 || :; }

# judge NAME PLACE BOUNDS: lines of "time lo hi", of the source's clock and in ns of the log's time minus that, must hold the offset.
judge() {
	name=$1
	reason=$(unrelated "$(echo "$name" | cut -d ' ' -f 1)")
	if [ -n "$reason" ]; then
		check "$name: unrelated, as $reason" test "${2%% *}" = assumed
		return
	fi
	echo "$3" | awk -v name="$name" -v place="$2" '
		BEGIN { split(place, p, " "); good = p[1] == "causality" || p[1] == "counter" || p[1] == "readings"; widest = 1e18 }
		NF == 3 {
			found = p[2] + (p[4] ? ($1 - p[3]) * (p[4] / 2^40 - 1) : 0)
			# the middle of what is proven, or any of it where that is wide
			slack = p[5] > $3 - $2 ? p[5] / 2 : 0
			if (found + slack < $2 || found - slack > $3) { good = 0; off = off sprintf(" %.3f ms at %.3f s", (found - $2) / 1e6, $1 / 1e9) }
			widest = $3 - $2 < widest ? $3 - $2 : widest
			n++
		}
		END {
			printf("%s %s: %s within %.3f ms, %d marks within %.1f ms%s\n", good && n ? "ok" : "not ok", name, p[1], p[5] / 1e6, n,
			       widest / 1e6, off)
		}' >result
	cat result
	if grep -q '^not ok' result; then failed=1; fi
}

# ---- a guest's trace and the log of the QEMU below it: a register is written between two marks of the trace ----

# "time lo hi" by the marks in guest.events and the writes in log.events.
mark_bounds() {
	awk '
		function ns(t) { split(t, part, /\./); return sprintf("%s%s", part[1], part[2]) }
		FNR == NR && / pci.interrupt_line@hardware pci:0000:00:00.0 / { sub(/.*value=0x/, "", $NF); log_at[$NF] = ns($1) }
		FNR != NR && match($0, /irqpath-sync [0-9]+ (begin|end)/) {
			split(substr($0, RSTART, RLENGTH), word, " ")
			at[sprintf("%x", word[2]), word[3]] = ns($1)
			seen[sprintf("%x", word[2])] = 1
		}
		END { for (n in seen) if (n in log_at) print log_at[n], at[n, "begin"], at[n, "end"] }' log.events guest.events |
		while read -r log begin end; do
			[ -z "$begin" ] || [ -z "$end" ] || echo "$begin $((log - end)) $((log - begin + 999))"
		done
}

# The trace as events text, which can do without its marks.
take_guest() {
	irqpath analyze -q --db guest.db "$1" >/dev/null 2>&1 || :
	irqpath export --events guest.db >guest.events
	irqpath analyze -q --db log.db "$2" >/dev/null 2>&1 || :
	irqpath export --events log.db >log.events
	grep -v ' mark@' guest.events >unmarked.events
}

try_guest() {
	take_guest "$1" "$2"
	bounds=$(mark_bounds)
	if [ -z "$bounds" ]; then skip "$3" "no marks: $(grep -c '^[0-9]' guest.events) events of the interrupt path"; return; fi
	relate "$2" unmarked.events
	judge "$3" "$(place_of unmarked.events)" "$bounds"
}

# ---- a host's trace and the log of a QEMU that ran on it: marks tell the second of the clock that the log's lines have ----

host_bounds() {
	awk '
		function ns(t) { split(t, part, /\./); return sprintf("%s%s", part[1], part[2]) }
		match($0, /irqpath-sync [0-9]+ begin/) { begin = ns($1) }
		match($0, /irqpath-sync [0-9]+ end realtime [0-9]+/) {
			split(substr($0, RSTART, RLENGTH), word, " ")
			print begin, word[5], begin, ns($1)
		}' host.events | while read -r at second begin end; do
			echo "$at $((second * 1000000000 - end)) $((second * 1000000000 + 1000000000 - begin))"
		done
}

try_host() {
	host=$1 log=$2 name=$3 guest=$4
	irqpath analyze -q --db host.db "$host" >/dev/null 2>&1 || :
	irqpath export --events host.db >host.events
	if [ -n "$guest" ]; then take_guest "$guest" "$log"; fi
	relate "$log" ${guest:+unmarked.events} "$host"
	judge "$name (host)" "$(place_of "$(basename "$host")")" "$(host_bounds)"
}

# ---- under Xen: clock.txt has dom0's TSC beside its wall clock ----
#
# That comes from an RTC, which counts seconds, half a second late or early: it bounds the offset by 1.5 s. But while it runs it runs as
# the log's clock does: at all points of clock.txt the distance is the same within 20 ms.

xen_bounds() {
	awk -v hz="$1" -v off="$2" '
		BEGIN { n = 0 }
		{ for (i = 2; i <= NF; i++) { split($i, part, "="); v[part[1]] = part[2] }
		  t = (v["tsc0"] + v["tsc1"]) / 2 / hz * 1e9
		  at[n] = t; away[n] = v["real"] * 1e9 - t; n++ }
		END { for (i = 0; i < n; i++) printf("%.0f %.0f %.0f\n", at[i], away[i] - off, away[i] + off) }' clock.txt
}

try_xen() {
	folder=$1 capture=$2
	set --
	for f in qemu.log qemu.log.gz trace.dat xentrace.bin xentrace.bin.gz dom0-dmesg.txt xl-dmesg-before.txt xl-dmesg-after.txt; do
		if [ -f "$folder$f" ]; then set -- "$@" "$folder$f"; fi
	done
	relate "$@"
	cp "$folder/clock.txt" clock.txt
	place=$(place_of /trace.dat)
	bounds=$(xen_bounds "${place##* }" 1500000000)
	judge "$capture" "$place" "$bounds"
	[ -z "$(unrelated "$capture")" ] || return 0
	apart=$(echo "$bounds" | awk -v place="$place" '
		BEGIN { split(place, p, " ") }
		{ d = ($2 + $3) / 2 - p[2] - (p[4] ? ($1 - p[3]) * (p[4] / 2^40 - 1) : 0)
		  if (!n++ || d < lo) lo = d
		  if (n == 1 || d > hi) hi = d }
		END { printf("%d", (hi - lo) / 1e6) }')
	check "$capture: runs as dom0's wall clock does, within $apart ms" test "$apart" -lt 20
}

any=''
for folder in "$IRQPATH_CAPTURES"/*/; do
	name=$(basename "$folder")
	log='' guest=''
	for f in "$folder"qemu.log "$folder"qemu.log.xz "$folder"qemu.log.gz; do
		if [ -f "$f" ]; then log=$f; fi
	done
	if [ ! -f "$folder/trace.dat" ] || [ -z "$log" ]; then continue; fi
	any=1
	if [ -f "$folder/clock.txt" ]; then try_xen "$folder" "$name"; continue; fi
	case $name in kvm-host-*) try_host "$folder/trace.dat" "$log" "$name" ''; continue ;; esac
	try_guest "$folder/trace.dat" "$log" "$name"
	if [ -f "$folder/host-trace.dat" ]; then try_host "$folder/host-trace.dat" "$log" "$name" "$folder/trace.dat"; fi
done
[ -n "$any" ] || { echo "no captures at IRQPATH_CAPTURES"; exit 77; }
finish
