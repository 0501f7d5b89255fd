#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Good captures broken in known ways: the right rule speaks, and no other. MUTANTS, SEED and KEEP (a folder for the
# mutants that failed) may be set; `make mutate` shows what this finds.
set -eu
. "$TOP/tests/e2e/lib.sh"

# event_text NAME FILE...: the events of each capture in NAME.events, NAME.2.events and so on
event_text() {
	name=$1
	shift
	machine=
	for file in "$@"; do case $file in */domu-trace.dat) machine="--machine=$file=d1" ;; esac; done
	# shellcheck disable=SC2086
	irqpath analyze -q --db capture.db $machine "$@" >/dev/null 2>err || { s=$?; [ $s -eq 1 ] || [ $s -eq 4 ] || return 1; }
	n=0
	rm -f "$name".*events
	for file in "$@"; do
		n=$((n + 1))
		part=$name.$n
		[ $n -gt 1 ] || part=$name
		irqpath export --events --source $n -o "$part.events" capture.db 2>err || return 1
	done
	rm capture.db
}

# base NAME FOLDER FILE...: a good capture, where it is there
base() {
	base=$1
	cd "$IRQPATH_CAPTURES/$2" 2>/dev/null || return 0
	shift 2
	if ! ls "$@" >/dev/null 2>&1; then cd "$OLDPWD"; return 0; fi
	for file in "$@"; do set -- "$@" "$PWD/$file"; shift; done
	cd "$OLDPWD"
	event_text "$base" "$@" || not_ok "$base as event text" "$(cat err)"
	bases="$bases $base.events"
}

dumps='xl-dmesg-before.txt xl-dmesg-after.txt'
# shellcheck disable=SC2086
dumped() { base "$1-dumped" "$1" xentrace.bin trace.dat $dumps; }
platform() { base "$1-platform" "$1" xentrace.bin trace.dat qemu.log; }

bases=
for name in baremetal-good-tcg baremetal-good-kvm ioapic-good-tcg level-oneshot-good split-irqchip-good-linux msi-storm; do
	base $name $name trace.dat
done
for name in dom0-good dom0-all-4cpu dom0-ioapic-ack-old pvh-dom0; do dumped $name; done
for name in dom0-good dom0-ioapic-ack-new; do platform $name; done
for name in baremetal-good-tcg ioapic-good-tcg; do base $name-platform $name trace.dat qemu.log; done
base split-irqchip-linux-host split-irqchip-good-linux qemu.log trace.dat host-trace.dat
for name in split-irqchip-good tcg-ioapic-move-control; do base $name $name qemu.log; done
if [ -z "$bases" ]; then
	skip "captures" "none at IRQPATH_CAPTURES: the bundled ones alone"
	event_text baremetal-good "$TOP/samples/baremetal-good/trace.dat"
	event_text split-irqchip-good "$TOP/samples/split-irqchip-good/trace.log.xz"
	bases="baremetal-good.events split-irqchip-good.events"
fi

if sanitized; then few=60; else few=240; fi
[ -z "${KEEP:-}" ] || mkdir -p "$KEEP"

# mutate RECORD COUNT FILE...
mutate() {
	record=$1 count=$2 status=0
	shift 2
	"$BUILD/tools/mutants" --rules "$TOP/rules.d" --count "$count" --seed "${SEED:-1}" ${KEEP:+--keep "$KEEP"} --record "$record" "$@" \
		>out 2>err || status=$?
	sed 's/^/# /' out err
	if [ $status -eq 0 ]; then ok "$(tail -n 1 out)"; else not_ok "$(tail -n 1 out)" "exit status $status"; fi
}

# shellcheck disable=SC2086
mutate "${RECORD:-now.tsv}" "${MUTANTS:-$few}" $bases

# With time to spare, those that take longer to judge, or differ in little. Figures of them are not recorded.
if [ "${MUTANTS:-0}" -gt 1000 ]; then
	recorded_bases=$bases bases=
	for name in dom0-driver-reset dom0-ioapic-ack-new pvh-domu; do dumped $name; done
	for name in dom0-driver-reset dom0-all-4cpu dom0-ioapic-ack-old pvh-dom0 pvh-domu; do platform $name; done
	base baremetal-good-kvm-host baremetal-good-kvm trace.dat qemu.log host-trace.dat
	# shellcheck disable=SC2086
	for name in hvm-passthrough hvm-passthrough-vmsi; do
		base $name-dumped $name xentrace.bin.gz trace.dat domu-trace.dat xl-dmesg-before.txt xl-dmesg-ready.txt xl-dmesg-after.txt
	done
	# shellcheck disable=SC2086
	[ -z "$bases" ] || mutate wide.tsv $((MUTANTS / 3)) $bases
	bases=$recorded_bases
fi

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
	if [ -f baremetal-good-tcg.events ] && [ "${SEED:-1}" = 1 ] && [ "${MUTANTS:-240}" = 240 ] && ! sanitized; then
		if [ -z "$(above)" ]; then ok "docs/mutation.tsv holds these"; else not_ok "docs/mutation.tsv holds these (make mutate)" "$(above)"; fi
	fi
fi
finish
