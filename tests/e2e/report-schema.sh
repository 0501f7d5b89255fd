#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What commands print with --format json is what docs/*.schema.json say.
set -eu
. "$TOP/tests/e2e/lib.sh"
command -v jq >/dev/null || { echo "jq is not installed"; exit 77; }
schema=$TOP/docs/report.schema.json

# wrong FILE...: what is wrong with them, a line each
wrong() { jq -n -r --slurpfile schema "$schema" -f "$TOP/tests/tools/schema.jq" "$@" 2>&1; }

# conforms NAME FILE
conforms() {
	if found=$(wrong "$2") && [ -s "$2" ] && [ -z "$found" ]; then ok "$1"; else not_ok "$1" "$found"; fi
}

# refused NAME FILTER: the checker finds fault with a report that the filter made of the good one
refused() {
	jq "$2" good.json >bad.json
	if [ -n "$(wrong bad.json)" ]; then ok "$1"; else not_ok "$1" "nothing was found"; fi
}

for schema in "$TOP"/docs/*.schema.json; do
	found=$(jq -n -r --slurpfile schema "$schema" --arg lint 1 -f "$TOP/tests/tools/schema.jq" 2>&1) || :
	name="${schema##*/} is closed and described"
	if [ -z "$found" ]; then ok "$name"; else not_ok "$name" "$found"; fi
done
schema=$TOP/docs/report.schema.json

irqpath analyze -q --format json "$TOP/samples/msix-left-masked-kfn/trace.dat" >good.json || :
conforms "sample with a finding" good.json
refused "a key too many" '.findings[0].more = 1'
refused "a key too few" 'del(.verdicts[0].open)'
refused "another type" '.sources[0].records = "7"'
refused "no integer" '.findings[0].rev = 1.5'
refused "none of the values" '.findings[0].layer = "moon"'
refused "another form" '.findings[0].id = "XYZ"'

irqpath analyze -q --format json "$TOP/samples/baremetal-good/trace.dat" >out.json || :
conforms "sample without one" out.json
for file in "$TOP"/rules.d/cases/*/*.events; do
	irqpath analyze -q --format json "$file" >out.json 2>err || :
	name=${file#"$TOP/rules.d/cases/"}
	conforms "case ${name%.events}" out.json
done
# of FORM COMMAND...: what it prints is of that form
of() {
	schema=$TOP/docs/$1.schema.json
	name=$1; shift
	"$@" >out.json 2>err || :
	conforms "$name: $(printf '%s ' "$@" | sed "s,$TOP/,,g")" out.json
}
of explain irqpath explain -q --format json "$TOP/samples/msix-left-masked-kfn/trace.dat"
for file in "$TOP"/rules.d/cases/*/fires.events; do
	rule=${file%/fires.events}
	case ${rule##*/} in enable-failed | mask-owner-conflict | stale-message | vector-exhausted) continue ;; esac	# two findings
	set -- "$rule"/fires*.events
	of explain irqpath explain -q --format json "$@" "${rule##*/}"
done
of policies irqpath model check -q --compare --format json
of explain irqpath explain -q --format json "$TOP/samples/baremetal-good/trace.dat" capture-blind-spot
for irq in irq:29 "msix:0000:00:03.0[2]"; do
	of path irqpath path -q --format json "$TOP/samples/msix-left-masked-kfn/trace.dat" "$irq"
done
of path irqpath path -q --format json "$TOP/rules.d/cases/level-eoi-missing/fires.events" pin:0.18
of stats irqpath stats -q --format json "$TOP/samples/msix-left-masked-kfn/trace.dat"
of stats irqpath stats -q --format json "$TOP/rules.d/cases/irq-storm/gap.events"
of model irqpath model list --format json
of check irqpath model check -q --vectors 1 --format json
of check irqpath model check -q --assume second-writer --format json
of explain irqpath explain -q --format json "$TOP/rules.d/cases/edge-lost/fires.events"
of trust irqpath model trust --format json
of coverage irqpath model coverage --format json
of coverage irqpath model coverage -q --format json "$TOP/samples/msix-left-masked-kfn/trace.dat"
schema=$TOP/docs/report.schema.json
printf 'irqpath-events 1\n1 - mark@shadow text="\\x1b[2J\\xff\\"\n2 - nonsense@shadow\n' >hostile.events
: >empty.dat
irqpath analyze -q --format json hostile.events empty.dat >out.json 2>err || :
conforms "two sources, one damaged, one empty" out.json
finish
