#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Snapshots of real machines are read without a complaint, and accuse nobody but in the captures of a fault; cut or changed ones
# end in a message or in fewer fields.
set -eu
. "$TOP/tests/e2e/lib.sh"
mutate=$BUILD/tools/mutate

# accused FILE: may it show a fault?
accused() { case $1 in *left-masked/*after* | *maskall/*after* | */xen-after.txt) return 0 ;; *) return 1 ;; esac; }
# judged FILE: by the last run, as far as it goes
judged() { case $status in 0 | 4) return 0 ;; 1) accused "$1" ;; *) return 1 ;; esac; }

nr=0 bad=''
for file in "$IRQPATH_CAPTURES"/*/xl-dmesg*.txt "$IRQPATH_CAPTURES"/*/*lspci*.txt "$IRQPATH_CAPTURES"/*/*proc-interrupts*.txt; do
	[ -f "$file" ] || continue
	nr=$((nr + 1))
	run irqpath analyze -q "$file"
	{ judged "$file" && [ ! -s err ]; } || bad="$bad $file: $status;"
done
if [ $nr -gt 0 ]; then
	if [ -z "$bad" ]; then ok "$nr snapshots of captures"; else not_ok "snapshots of captures" "$bad"; fi
else
	skip "snapshots of captures" "no captures at IRQPATH_CAPTURES"
fi

for file in "$TOP"/tests/cases/snapshots/*.txt; do
	bad='' i=1
	while [ $i -le 40 ]; do
		"$mutate" cut $(($(wc -c <"$file") * i / 41)) "$file" damaged.txt >offset
		run timeout -k 5 60 irqpath analyze damaged.txt
		[ "$status" -eq 3 ] || judged "$file" || bad="$bad cut at $(cat offset): $status;"
		"$mutate" flip $i "$file" damaged.txt >offset
		run timeout -k 5 60 irqpath analyze damaged.txt
		[ "$status" -eq 3 ] || judged "$file" || bad="$bad seed $i: $status;"
		i=$((i + 1))
	done
	if [ -z "$bad" ]; then ok "$(basename "$file"): damaged"; else not_ok "$file: damaged" "$bad"; fi
done
finish
