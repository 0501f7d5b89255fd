#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The cases of all rules, taken apart into what software recorded and what the platform (or Xen) did, as two sources whose clocks nothing
# relates: an order that is not proven must not decide. So what is found cannot hang on where the second clock happens to stand.
set -eu
. "$TOP/tests/e2e/lib.sh"

# take_apart FILE PATTERN LAYER: lines whose event's kind and witness match into second.events, the others into first.events; marks,
# which tell how long was recorded, and losses into both. Not where there are dumps, whose time is no clock's.
take_apart() {
	if grep -q ' snapshot[.]field@' "$1"; then return 1; fi
	awk -v pattern="$2" '
		NR == 1 { print >"first.events"; print >"second.events"; next }
		/^#/ || /^$/ { next }
		/^(machine|release|cpus|tsc-hz) / { print >"first.events"; print >"second.events"; next }
		/^(until|clock|layer|reader|times) / { print >"first.events"; next }
		$3 ~ /^(mark|lost)@/ { print >"first.events"; print >"second.events"; next }
		{ word = $1 == "signal" ? $2 : $3; print >(word ~ pattern ? "second.events" : "first.events") }' "$1"
	for part in first second; do
		grep '^[-0-9]' $part.events | grep -qv -e ' mark@' -e ' lost@' || return 1
	done
	echo "layer $3" >>second.events
	echo 'clock another' >>second.events
}

# The second clock set forward by so many seconds.
shift_clock() {
	awk -v by="$1" '
		function moved(t) { return t == "" ? t : sprintf("%.9f", t + by) }
		/^[-0-9]/ { n = split($1, t, /\.\./); $1 = n == 2 ? moved(t[1]) ".." moved(t[2]) : moved($1) }
		{ print }' second.events >shifted.events
}

findings() {
	irqpath analyze -q --db both.db --rule "$1" first.events shifted.events >/dev/null 2>err || :
	irqpath query -q both.db "SELECT rule, coalesce(o.name, ''), coalesce(signature, ''), severity FROM finding f
		LEFT JOIN object o ON o.id = f.object WHERE severity <> 'note' ORDER BY 1, 2, 3"
}

# try FILE RULE PATTERN LAYER
try() {
	rm -f first.events second.events
	take_apart "$1" "$3" "$4" || return 0
	tried=$((tried + 1))
	for by in 0 -300 300; do
		shift_clock "$by"
		findings "$2" >"found$by"
		open=$((open + $(irqpath query -q both.db "SELECT count(*) FROM verdict WHERE reason = 'order'" | tail -n 1)))
	done
	if cmp -s found0 found-300 && cmp -s found0 found300; then return 0; fi
	not_ok "$2, $(basename "$1" .events): decided by an order that nothing proves ($4)" "$(diff found-300 found0)" "$(diff found0 found300)"
}

tried=0 open=0
for folder in "$TOP"/rules.d/cases/*/; do
	rule=$(basename "$folder")
	case $rule in capture-* | clock-unsafe) continue ;; esac
	for file in "$folder"*.events; do
		try "$file" "$rule" '^(pci|ioapic|lapic|device|msi)[.].*@hardware$' platform
		try "$file" "$rule" '^(xen[.](irq|vector|hvm|mmio|port|tsc|hypercall)|sched)[.@]' hypervisor
	done
done
check "cases with two sources: $tried" test "$tried" -gt 15
check "verdicts that are open for want of an order: $open" test "$open" -gt 2
finish
