#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Ratio of analyze to xenalyze --dump-all on a long xentrace file, measured in one run, alternately, and the memory at ten
# times the length; the goals are those of docs/design.md, section 11. Nothing here fails. Environment: IRQPATH_CAPTURES,
# ROUNDS (5), XENALYZE (Debian has it in xen-utils-common: apt-get download it, dpkg-deb -x it, nothing needs installing).
set -eu

TOP=$(cd "$(dirname "$0")/../.." && pwd)
tools=$TOP/build/tools
captures=${IRQPATH_CAPTURES:-$TOP/../shared/captures}
rounds=${ROUNDS:-5}
xenalyze=${XENALYZE:-$(command -v xenalyze || true)}
work=$TOP/build/bench
mkdir -p "$work"
trap 'rm -f "$work"/*.bin "$work"/xen.db' EXIT

source=$captures/dom0-good/xentrace.bin
[ -f "$source" ] || { echo "no xentrace captures at IRQPATH_CAPTURES"; exit 0; }
size=$(wc -c <"$source")
make_capture() { "$tools/repeat_xentrace" $((($1 + size - 1) / size)) "$source" "$work/big.bin"; }
analyze() {
	status=0
	"$tools/measure" "$1" "$TOP/irqpath" analyze -q --db "$work/xen.db" "$work/big.bin" 2>"$work/err" || status=$?
	case $status in
	0 | 1 | 4) ;;
	*) cat "$work/err" >&2; echo "analyze ended with status $status" >&2; exit 1 ;;
	esac
}
least() { sort -g | head -n 1; }

make_capture 100000000
n=$(wc -c <"$work/big.bin")
rm -f "$work/ours" "$work/theirs"
i=0
while [ $i -lt "$rounds" ]; do
	analyze time >>"$work/ours"
	[ -z "$xenalyze" ] || "$tools/measure" time "$xenalyze" --dump-all "$work/big.bin" 2>/dev/null >>"$work/theirs"
	i=$((i + 1))
done
ours=$(least <"$work/ours")
if [ -n "$xenalyze" ]; then
	awk -v n="$n" -v ours="$ours" -v theirs="$(least <"$work/theirs")" 'BEGIN {
		split(ours, a, " "); split(theirs, b, " ")
		printf "xentrace, %.0f MB: analyze --db %.3f s (CPU %.3f s), xenalyze --dump-all %.3f s, ratio %.3f (goal 0.25)\n",
			n / 1e6, a[1], a[2], b[1], a[1] / b[1]
	}'
else
	echo "xentrace, $n bytes: analyze --db ${ours% *} s; no xenalyze to compare with (XENALYZE=)"
fi

make_capture 1000000000
analyze memory | awk -v n="$(wc -c <"$work/big.bin")" '
	$1 == "irqpath" && $2 > parent { parent = $2 }
	$1 != "irqpath" && $2 > reader { reader = $2 }
	END { printf "xentrace, %.0f MB: peak memory of irqpath %.1f MiB (goal 64), of its reader %.1f MiB\n", n / 1e6, parent / 1024, reader / 1024 }'
