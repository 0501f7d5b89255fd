#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Good captures broken in known ways: the right rule speaks, and no other. MUTANTS, SEED and KEEP (a folder for the
# mutants that failed) may be set; `make mutate` shows what this finds.
set -eu
. "$TOP/tests/e2e/lib.sh"

captures='baremetal-good-tcg baremetal-good-kvm ioapic-good-tcg level-oneshot-good split-irqchip-good-linux msi-storm'

# event_text FILE NAME: a capture's events in NAME.events
event_text() {
	irqpath analyze -q --db capture.db "$1" >/dev/null 2>err || { s=$?; [ $s -eq 1 ] || [ $s -eq 4 ] || return 1; }
	irqpath export --events -o "$2.events" capture.db 2>err
	rm capture.db
}

for name in $captures; do
	if file=$(capture "$name"); then
		event_text "$file" "$name" || not_ok "$name as event text" "$(cat err)"
	fi
done
if ! ls ./*.events >/dev/null 2>&1; then
	skip "captures" "none at IRQPATH_CAPTURES: the bundled one alone"
	event_text "$TOP/samples/baremetal-good/trace.dat" baremetal-good
fi

if sanitized; then few=120; else few=600; fi
[ -z "${KEEP:-}" ] || mkdir -p "$KEEP"
status=0
"$BUILD/tools/mutants" --rules "$TOP/rules.d" --count "${MUTANTS:-$few}" --seed "${SEED:-1}" ${KEEP:+--keep "$KEEP"} ./*.events \
	>out 2>err || status=$?
sed 's/^/# /' out err
if [ $status -eq 0 ]; then ok "$(tail -n 1 out)"; else not_ok "$(tail -n 1 out)" "exit status $status"; fi
finish
