#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Ratios of analyze to the format's own tool, measured in one run, alternately; the goals are those of docs/design.md,
# section 11. Nothing here fails: times are not the same on any two machines. Environment: IRQPATH_CAPTURES, ROUNDS (5),
# LARGEST (10000000 records).
set -eu

TOP=$(cd "$(dirname "$0")/../.." && pwd)
tools=$TOP/build/tools
captures=${IRQPATH_CAPTURES:-$TOP/../shared/captures}
rounds=${ROUNDS:-5}
largest=${LARGEST:-10000000}
work=$TOP/build/bench
mkdir -p "$work"
trap 'rm -f "$work"/*.dat "$work"/*.db' EXIT

for source in "$captures/msi-storm/trace.dat" "$captures/irq-storm-level/trace.dat" "$TOP/samples/baremetal-good/trace.dat"; do
	[ ! -f "$source" ] || break
done
trace-cmd convert -i "$source" -o "$work/plain.dat" --file-version 7 --compression none >/dev/null 2>&1
count() { trace-cmd report "$1" 2>/dev/null | grep -vc -e '^cpus=' -e 'EVENTS DROPPED'; }
records=$(count "$work/plain.dat")

# A capture of at least $1 records as $2; prints how many it has.
make_capture() {
	times=$((($1 + records - 1) / records))
	"$tools/repeat" "$times" "$work/plain.dat" "$2"
	echo $((times * records))
}

# Findings (1) and "nothing could be judged" (4) are results here.
analyze() {
	status=0
	"$tools/measure" "$1" "$TOP/irqpath" analyze -q --db "$work/out.db" "$2" 2>"$work/err" || status=$?
	case $status in
	0 | 1 | 4) ;;
	*) cat "$work/err" >&2; echo "analyze ended with status $status" >&2; exit 1 ;;
	esac
}
least() { sort -g | head -n 1; }

echo "source: ${source#"$TOP"/}, $records records, $(nproc) CPUs"
n=$(make_capture 1000000 "$work/big.dat")
[ "$(count "$work/big.dat")" -eq "$n" ] || { echo "the repeated capture does not have $n records" >&2; exit 1; }

rm -f "$work/ours" "$work/theirs"
i=0
while [ $i -lt "$rounds" ]; do
	analyze time "$work/big.dat" >>"$work/ours"
	"$tools/measure" time trace-cmd report "$work/big.dat" 2>/dev/null >>"$work/theirs"
	i=$((i + 1))
done
awk -v n="$n" -v ours="$(least <"$work/ours")" -v theirs="$(least <"$work/theirs")" 'BEGIN {
	split(ours, a, " "); split(theirs, b, " ")
	printf "%d records: analyze --db %.3f s (CPU %.3f s), trace-cmd report %.3f s, ratio %.3f (goal 0.25)\n", n, a[1], a[2], b[1], a[1] / b[1]
}'
ls -l "$work/out.db" | awk -v n="$n" '{ printf "database: %.1f MiB, %.1f bytes a record\n", $5 / 1048576, $5 / n }'

memory() {
	analyze memory "$1" | awk -v n="$2" '
		$1 == "irqpath" && $2 > parent { parent = $2 }
		$1 != "irqpath" && $2 > reader { reader = $2 }
		END { printf "%d records: peak memory of irqpath %.1f MiB (goal 64), of its reader %.1f MiB\n", n, parent / 1024, reader / 1024 }'
}
memory "$work/big.dat" "$n"

echo "CPU time a record beyond what every file costs (goal: flat within 10 %)"
target=100000 before='0 0'
while [ "$target" -le "$largest" ]; do
	n=$(make_capture "$target" "$work/big.dat")
	best=$(i=0; while [ $i -lt 3 ]; do analyze time "$work/big.dat"; i=$((i + 1)); done | sort -g -k 2 | head -n 1)
	awk -v n="$n" -v t="$best" -v before="$before" 'BEGIN {
		split(t, a, " "); split(before, b, " ")
		printf "  %9d records: %.3f s, CPU %.3f s", n, a[1], a[2]
		if (b[1]) printf ", %.0f ns a record more", (a[2] - b[2]) * 1e9 / (n - b[1])
		print ""
	}'
	before="$n ${best#* }"
	[ "$target" -lt "$largest" ] || memory "$work/big.dat" "$n"
	target=$((target * 10))
done

echo "bounded check (goal: a million states a second of one core, at most 56 + 8 bytes a state)"
"$TOP/irqpath" model check -q | sed -n '/^[a-z]/p; /million states/p'

# A log of QEMU's, as long as the captures' longest; else made of the one in tests/cases.
log=$work/qemu.log
if [ -f "$captures/irq-storm-level/qemu.log.xz" ]; then
	xz -dc "$captures/irq-storm-level/qemu.log.xz" >"$work/one.log"
else
	for i in $(seq 2000); do cat "$TOP/tests/cases/qemu-log/qemu.log"; done >"$work/one.log"
fi
repeat_log() { for i in $(seq "$1"); do cat "$work/one.log"; done >"$log"; }
bench_log() {
	repeat_log "$1"
	lines=$(wc -l <"$log")
	for i in 1 2 3; do "$tools/measure" time "$TOP/irqpath" analyze -q --db "$work/out.db" "$log" 2>"$work/err" || :; done | sort -g -k 2 | head -n 1 |
		awk -v n="$lines" '{ printf "QEMU log, %d lines: %.3f s, CPU %.3f s, %.2f million lines a second of CPU (goal 1)\n", n, $1, $2, n / $2 / 1e6 }'
	memory "$log" "$lines"
}
bench_log 2
bench_log 20

# CTF: 1,000,000 events of two CPUs.
"$tools/make_ctf" "$work/ctf" 1000000
rm -f "$work/ours" "$work/theirs"
for i in 1 2 3 4 5; do
	"$tools/measure" time "$TOP/irqpath" analyze -q --db "$work/out.db" "$work/ctf" 2>"$work/err" >>"$work/ours" || :
	"$tools/measure" time babeltrace2 -c sink.utils.counter "$work/ctf" 2>/dev/null >>"$work/theirs"
done
awk -v ours="$(least <"$work/ours")" -v theirs="$(least <"$work/theirs")" 'BEGIN {
	split(ours, a, " "); split(theirs, b, " ")
	printf "CTF, 1000000 events: analyze --db %.3f s (CPU %.3f s), babeltrace2 counter %.3f s, ratio %.2f (goal 1.5)\n", a[1], a[2], b[1], a[1] / b[1]
}'
memory "$work/ctf" 1000000

# Sources on one timeline: what relating their clocks and merging them adds to reading each.
cpu_of() {
	for i in $(seq "$rounds"); do "$tools/measure" time "$TOP/irqpath" analyze -q --db "$work/out.db" "$@" 2>"$work/err" || :; done |
		sort -g -k 2 | head -n 1 | cut -d ' ' -f 2
}
for folder in irq-storm-level baremetal-good-tcg dom0-driver-reset; do
	folder=$captures/$folder
	set --
	for f in xentrace.bin trace.dat qemu.log qemu.log.xz; do
		if [ -f "$folder/$f" ]; then set -- "$@" "$folder/$f"; fi
	done
	if [ $# -lt 2 ]; then continue; fi
	alone=$(for f; do cpu_of "$f"; done | awk '{ sum += $1 } END { print sum }')
	awk -v name="$(basename "$folder")" -v n=$# -v alone="$alone" -v both="$(cpu_of "$@")" 'BEGIN {
		printf "%d sources of %s: CPU %.3f s together, %.3f s one by one, ratio %.2f (goal 1.15)\n", n, name, both, alone, both / alone
	}'
done
