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
"$BUILD/tools/mutants" --rules "$TOP/rules.d" --count "${MUTANTS:-$few}" --seed "${SEED:-1}" ${KEEP:+--keep "$KEEP"} \
	--record "${RECORD:-now.tsv}" ./*.events \
	>out 2>err || status=$?
sed 's/^/# /' out err
if [ $status -eq 0 ]; then ok "$(tail -n 1 out)"; else not_ok "$(tail -n 1 out)" "exit status $status"; fi

# The recorded figures come from more mutants of the same seed, of which these are the first: no figure can be above them.
# Other captures give other mutants.
recorded=$TOP/docs/mutation.tsv
above() {
	awk -F'\t' 'FNR == NR { for (i = 3; i <= 7; i++) of[$1 "\t" i] = $i; next }
		!/^#/ && $1 != "rule" { for (i = 3; i <= 7; i++) if ($i + 0 > of[$1 "\t" i] + 0) print $1 ": " $i " above " of[$1 "\t" i] + 0 }' \
		"$recorded" now.tsv
}
if [ -z "${RECORD:-}" ]; then
	rules() { awk -F'\t' '!/^#/ && $1 != "rule" { print $1 }' "$recorded"; }
	for rule in $(rules); do
		check "docs/mutation.tsv: there is a rule $rule" grep -qsx -e "-- id: $rule" "$TOP"/rules.d/*.sql
	done
	check "docs/mutation.tsv: no fault was passed over, nothing wrongly accused" awk -F'\t' \
		'!/^#/ && $1 != "rule" && ($5 + $6 + $7) { exit 1 }' "$recorded"
	if [ -f baremetal-good-tcg.events ] && [ "${SEED:-1}" = 1 ] && [ "${MUTANTS:-600}" = 600 ] && ! sanitized; then
		if [ -z "$(above)" ]; then ok "docs/mutation.tsv holds these"; else not_ok "docs/mutation.tsv holds these (make mutate)" "$(above)"; fi
	fi
fi
finish
