#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# xentrace captures: every record counted by its kind as the capture's README has it; damaged ones end in a message.
set -eu
. "$TOP/tests/e2e/lib.sh"
mutate=$BUILD/tools/mutate

# Lines "ID extra=N cycles=N count=N" of a README, and the same of the database.
readme_kinds() { sed -n 's/^\([0-9a-f]\{8\} extra=[0-7] cycles=[01]\) count=\([0-9]*\)$/\1 \2/p' "$1" | sort; }
database_kinds() { irqpath query -q kinds.db "SELECT substr(name, 1, 25) || ' ' || count FROM record_kind" | sed 1d | sort; }

kinds() {
	name=$(basename "$(dirname "$1")")
	readme_kinds "$(dirname "$1")/README.md" >want
	[ -s want ] || return 0
	run irqpath analyze -q --db kinds.db "$1"
	case $status in 0 | 4) ;; *) not_ok "$name" "exit status $status" "$(cat err)"; return 0 ;; esac
	database_kinds >got
	check "$name: kinds of records" cmp want got
	rm -f kinds.db
}

# The exit statuses allowed are $1.
sound() {
	case " $1 " in *" $status "*) ;; *) return 1 ;; esac
	! grep -Eq 'runtime error:|AddressSanitizer|LeakSanitizer' err && { [ "$status" -ne 3 ] || grep -q 'damaged\.bin' err; }
}

damage() {
	bad='' i=1
	while [ $i -le "$2" ]; do
		"$mutate" cut $(($(wc -c <"$1") * i / ($2 + 1) + 3)) "$1" damaged.bin >offset
		run timeout -k 5 60 irqpath analyze damaged.bin
		sound 3 || bad="$bad cut at $(cat offset): $status;"
		"$mutate" flip $i "$1" damaged.bin >offset
		run timeout -k 5 60 irqpath analyze damaged.bin
		sound "0 3 4" || bad="$bad seed $i: $status;"
		i=$((i + 1))
	done
	if [ -z "$bad" ]; then ok "$(basename "$(dirname "$1")"): damaged"; else not_ok "$1: damaged" "$bad"; fi
}

# What Xen's console says of the frequency is as good as --tsc-hz.
rows='SELECT ordinal, t_lo_ns, t_hi_ns FROM event WHERE source = 1 AND kind IS NOT "snapshot.field" ORDER BY ordinal'
printf '(XEN) Xen version 4.17.7\n(XEN) Detected 2500.000 MHz processor.\n(XEN) IRQ information:\n' >boot.txt
small=$TOP/tests/cases/xentrace/xentrace.bin
irqpath query -q --tsc-hz 2500000000 "$small" "$rows" >want
run irqpath analyze --db told.db "$small" boot.txt
irqpath query -q told.db "$rows" >got
check "frequency told by another source: times" cmp want got
check "frequency told by another source: extent" [ "$(irqpath query -q told.db 'SELECT last_ns - first_ns FROM source WHERE id = 1' | tail -n 1)" = 966 ]
check "frequency told by another source: it is said" sh -c "tr -s '\n ' ' ' <out | grep -q 'clock tsc at 2500.000 MHz, as boot.txt tells,'"

found=0
for file in "$IRQPATH_CAPTURES"/*/xentrace.bin*; do
	[ -f "$file" ] || continue
	found=1
	kinds "$file"
done
if [ $found = 0 ]; then
	echo "no xentrace captures at IRQPATH_CAPTURES"
	exit 77
fi
small=$IRQPATH_CAPTURES/dom0-lost/xentrace.bin
[ ! -f "$small" ] || damage "$small" 40
finish
