#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Captures cut at 20 places and with 200 random single-byte changes each: always a diagnostic or a normal result. Texts and
# compressed captures likewise.
set -eu
. "$TOP/tests/e2e/lib.sh"
mutate=$BUILD/tools/mutate

# Judged something: some rule passed or failed on some object.
judged() { grep -Eq '"(pass|fail)": *[1-9]' "$1"; }

analyze() { run timeout -k 5 60 irqpath analyze --format json damaged.dat; }

# No signal, no time limit, no sanitizer report, no clean result without a verdict; the exit statuses allowed are $1.
sound() {
	case " $1 " in *" $status "*) ;; *) return 1 ;; esac
	! grep -Eq 'runtime error:|AddressSanitizer.*irqpath|LeakSanitizer' err || return 1
	[ "$status" -ne 0 ] || judged out
	[ "$status" -ne 3 ] || grep -q 'damaged\.dat' err
}

# A text that is cut behind a line is whole, as far as anybody can tell.
ends_a_line() { [ "$kind" = text ] && [ -s damaged.dat ] && [ -z "$(tail -c 1 damaged.dat)" ]; }

cut_all() {
	size=$(wc -c <"$1")
	bad='' i=0
	while [ $i -lt 20 ]; do
		"$mutate" cut $((size * i / 20)) "$1" damaged.dat >offset
		[ $i -gt 0 ] || : >damaged.dat
		analyze
		allowed=3
		! ends_a_line || allowed="0 1 3 4"
		sound "$allowed" || bad="$bad
cut at $(cat offset): exit status $status: $(tail -n 2 err)"
		i=$((i + 1))
	done
	if [ -z "$bad" ]; then ok "$2, cut at 20 places"; else not_ok "$2, cut at 20 places" "$bad"; fi
}

flip_all() {
	bad='' seed=1
	while [ $seed -le $nr_flips ]; do
		"$mutate" flip $seed "$1" damaged.dat >offset
		analyze
		sound "0 1 3 4" || bad="$bad
seed $seed, offset $(cat offset): exit status $status: $(tail -n 2 err)"
		seed=$((seed + 1))
	done
	if [ -z "$bad" ]; then ok "$2, $nr_flips bytes changed"; else not_ok "$2, $nr_flips bytes changed" "$bad"; fi
}

damage() {
	cut_all "$1" "$2"
	flip_all "$1" "$2"
}

kind=binary nr_flips=200
damage "$TOP/samples/msix-left-masked-kfn/trace.dat" msix-left-masked-kfn
damage "$TOP/samples/baremetal-good/trace.dat" baremetal-good
if third=$(capture msix-left-masked); then
	damage "$third" msix-left-masked
else
	skip msix-left-masked "no captures at IRQPATH_CAPTURES"
fi

nr_flips=30
gzip -c "$TOP/samples/msix-left-masked-kfn/trace.dat" >packed
damage packed "compressed capture"
kind=text
if [ -f "$IRQPATH_CAPTURES/mmiotrace-nvme-probe/mmiotrace.txt" ]; then
	damage "$IRQPATH_CAPTURES/mmiotrace-nvme-probe/mmiotrace.txt" "text of mmiotrace"
else
	skip "text of mmiotrace" "no captures at IRQPATH_CAPTURES"
fi
if command -v trace-cmd >/dev/null; then
	for options in -t; do
		# shellcheck disable=SC2086
		trace-cmd report $options "$TOP/samples/msix-left-masked-kfn/trace.dat" >text 2>/dev/null
		damage text "text of trace-cmd report $options"
	done
else
	skip "text of trace-cmd report" "trace-cmd is not installed"
fi
finish
