#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bounded check: sound configurations are clean as a whole, each fault is found, and what is written out of it is
# flagged by the rule that judges it, with nothing unexpected in the replay.
set -eu
. "$TOP/tests/e2e/lib.sh"

command -v jq >/dev/null || { echo "jq is not installed"; exit 77; }
run irqpath model check
expect "all paths as they are today: 2 devices, 2 vectors, 2 CPUs" 0
check "the whole space was explored" sh -c '[ "$(grep -c "whole space explored" out)" -eq "$(irqpath model check --list | grep -c "^[a-z0-9-]*/[a-z]*: ")" ]'
run irqpath model check --format json
if jq -e '.checks | length >= 2 and all(.outcome == "clean" and .key_bytes <= 56 and .state_bytes - .key_bytes == 8)' out >/dev/null
then ok "a state is at most 56 bytes and 8 for the way to it"; else not_ok "a state is at most 56 bytes and 8 for the way to it" "$(cat out)"; fi

if [ ! -d "$TOP/docs" ] || "$TOP/tests/tools/record-checks.sh" | cmp -s - "$TOP/docs/checks.tsv"
then ok "docs/checks.tsv is what is checked today"; else not_ok "docs/checks.tsv is what is checked today" "make trust writes it anew"; fi

# sound PATH QUIRK...: a variant that is as good
sound() {
	path=$1; shift
	run irqpath model check -q --path "$path" $(printf -- '--assume %s ' "$@")
	expect "$path with $*: clean" 0
}
sound baremetal/msix delayed-move=off
sound baremetal/msix disable-unlazy
sound baremetal/msix edge-spin-wait
sound baremetal unmask-only-if-masked=off
sound baremetal/level ioapic-delayed-move=off ioapic-explicit-eoi=on
sound baremetal/level ioapic-explicit-eoi=off ioapic-delayed-move=on
run irqpath model check -q --path baremetal/level --cpus 3
expect "baremetal/level on 3 CPUs: clean" 0
run irqpath model check -q --path baremetal/msix --vectors 1 --cpus 4
expect "baremetal/msix on 4 CPUs: clean" 0

# fault PATH INVARIANT RULE QUIRK...
fault() {
	path=$1 invariant=$2 rule=$3; shift 3
	rm -f fault.events
	run irqpath model check -q --path "$path" $(printf -- '--assume %s ' "$@") -o fault.events
	expect "$path with $*: violated" 1
	check "$path with $*: $invariant" grep -q "^  VIOLATED $invariant:" out
	run irqpath analyze --db fault.db --format json fault.events
	expect "$path with $*: the counterexample is a fault" 1
	check "$path with $*: judged by $rule alone" jq -e --arg rule "$rule" '[.findings[] | select(.severity == "error").rule] == [$rule]' out
	run irqpath query --format json fault.db 'SELECT count(*) AS nr FROM step WHERE unexpected'
	check "$path with $*: nothing unexpected" jq -e '.. | objects | select(has("nr")) | .nr == 0' out
	rm -f fault.db
}
fault baremetal/msix unmasked msix-left-masked second-writer
fault baremetal/msix unmasked msix-left-masked mask-all-after-startup
fault baremetal/msix deliverable edge-lost enable-resends-edge=off
fault baremetal/level unmasked pin-left-masked second-writer
fault baremetal/level remote-irr eoi-vector-mismatch ioapic-delayed-move=off ioapic-explicit-eoi=off
fault baremetal/level remote-irr eoi-vector-mismatch ioapic-delayed-move=off
fault baremetal/level core-mask pin-left-masked ioapic-keeps-core-mask=off

fault kvm-split/level unmasked pin-left-masked second-writer

# MSI-X under Xen: each of the two ways not to let dom0 write is enough, and an HVM guest's order is sound where it does not write, or
# where Xen takes back what it wrote.
fault dom0-pv/msix unmasked msix-left-masked xen-msi-mask-nop=off xen-table-read-only=off
sound dom0-pv/msix xen-msi-mask-nop=off xen-table-read-only=on
sound dom0-pv/msix xen-table-read-only=off xen-msi-mask-nop=on
sound dom0-pv/msix dom0-maps-table-first
fault dom0-pv/msix unmasked msix-left-masked xen-msi-mask-nop=off xen-table-read-only=on dom0-maps-table-first
sound dom0-pv/msix xen-guest-mask=off xen-bind-clears-guest-mask=off
fault dom0-pv/msix one-writer mask-owner-conflict second-writer
fault dom0-pv/msix unmasked msix-left-masked xen-bind-clears-guest-mask=off xen-guest-mask=on
old_xen="xen-guest-mask=off xen-bind-clears-guest-mask=off"
# shellcheck disable=SC2086
{
fault hvm-pirq/msix unmasked msix-masked-after-bind hvm-no-mask=off $old_xen
fault hvm-pirq/msix unmasked msix-masked-after-bind hvm-no-mask=off xen-bind-clears-guest-mask=off xen-guest-mask=on
sound hvm-pirq/msix hvm-no-mask=on $old_xen
sound hvm-pirq/msix hvm-no-mask=off $old_xen msix-mask-all-early
sound hvm-pirq/msix hvm-no-mask=off $old_xen xen-guest-mask-dropped
sound hvm-pirq/msix hvm-no-mask=off $old_xen xen-hvm-pirqs=off
}
sound hvm-pirq/msix hvm-no-mask=off xen-bind-clears-guest-mask=on
sound hvm-pirq/msix msix-mask-all-early=off hvm-no-mask=on
fault hvm-pirq/msix stays-unmasked msix-left-masked second-writer

# What leaves through the route of before; remote IRR that stays set is what comes of it.
sound kvm-split/level kvm-eoi-scan-pending=off
sound kvm-split/level ioapic-delayed-move=off ioapic-explicit-eoi=on
sound kvm-split/level ioapic-explicit-eoi=off ioapic-delayed-move=on
run irqpath model check -q --path kvm-split --assume qemu-route-before-service=off -o stale.events
expect "kvm-split with routes behind the pins: violated" 1
check "kvm-split with routes behind the pins: route" grep -q '^  VIOLATED route:' out
run irqpath analyze --db stale.db --format json stale.events
expect "its counterexample is a fault" 1
check "judged by stale-route-delivery, and what comes of it" jq -e '[.findings[] | select(.severity == "error").rule] | sort ==
	["eoi-vector-mismatch", "stale-route-delivery"]' out
run irqpath query --format json stale.db 'SELECT count(*) AS nr FROM step WHERE unexpected'
check "and nothing unexpected" jq -e '.. | objects | select(has("nr")) | .nr == 0' out

# A line that a PVH dom0 gives away; two things that were proposed do not help.
fault dom0-pvh/gsi granted gsi-not-registered pvh-setup-gsi=off
fault dom0-pvh/gsi granted gsi-not-registered pvh-setup-gsi=off pvh-map-pirq
fault dom0-pvh/gsi granted gsi-not-registered pvh-setup-gsi=off vioapic-maps-masked
check "as short as it can be: given away, asked for, refused" grep -q 'shortest counterexample, 3 steps' <<-EOF
	$(irqpath model check -q --path dom0-pvh --assume pvh-setup-gsi=off)
EOF
sound dom0-pvh/gsi pvh-map-pirq
sound dom0-pvh/gsi vioapic-maps-masked
# Once registered, dom0's own unmask maps nothing: who uses the device again has no line.
run irqpath model check -q --path dom0-pvh --assume device-returns
expect "a registered line that dom0 uses again: violated" 1
check "a registered line that dom0 uses again: dom0-line" grep -q '^  VIOLATED dom0-line:' out
sound dom0-pvh/gsi device-returns vioapic-maps-registered

# An EOI that KVM drops: where the vector is the same on both CPUs, the guest does not see that it has to help.
run irqpath model check -q --path kvm-split --assume kvm-eoi-scan-pending=off --assume ioapic-delayed-move=off
expect "a move in service, and KVM before 6.3: violated" 1
check "a move in service, and KVM before 6.3: remote-irr" grep -q '^  VIOLATED remote-irr:' out

# EOIs that Xen puts off: each policy by itself is sound, and the deadlock of 2008 is found, its members named.
sound dom0-pv/eoi xen-ioapic-ack-new=off
sound dom0-pv/eoi xen-eoi-timeout=off xen-mask-msi-on-ack=on msi-without-mask=off level-lines=off
sound dom0-pv/eoi xen-mask-msi-on-ack=off xen-eoi-timeout=on
fault dom0-pv/eoi deliverable eoi-stack-inversion xen-mask-msi-on-ack=off xen-eoi-timeout=off
fault dom0-pv/eoi deliverable eoi-stack-inversion xen-eoi-timeout=off xen-mask-msi-on-ack=on
run irqpath model check -q --path dom0-pv/eoi --assume xen-mask-msi-on-ack=off --assume xen-eoi-timeout=off
check "the ring is shown" sh -c 'grep -A4 "^  each of these waits for the next" out | grep -q "^    guest 1: it waits for its device model"'
run irqpath model check -q --path dom0-pv/eoi --assume xen-mask-msi-on-ack=off --assume xen-eoi-timeout=off --format json
check "and in JSON" jq -e '.checks[0].ring | length == 4 and all(.who and .why)' out
run irqpath model check -q --path dom0-pv/eoi --assume xen-eoi-at-once
expect "EOI at once, nothing masked: violated" 1
check "EOI at once, nothing masked: storm" grep -q '^  VIOLATED storm:' out
run irqpath model check -q --path dom0-pv/eoi --assume xen-rate-limit=off
check "nothing masks what comes too often: storm" grep -q '^  VIOLATED storm:' out
check "nothing masks what comes too often: either way of masking it" grep -q '^  prevented by any one of: xen-rate-limit, xen-storm-mask$' out
sound dom0-pv/eoi xen-rate-limit=off xen-storm-mask=on
run irqpath model check -q --path dom0-pv/eoi --assume xen-own-irqs-on-stack=off
check "EOIs of Xen's own irqs off the stack: order" grep -q '^  VIOLATED order:' out
run irqpath model check -q --compare --format json
expect "policies compared" 0
check "policies: deadlock, storm, and neither" jq -e '[.policies[] | "\(.deadlock) \(.storm)"] | unique == ["false false", "false true", "true false"]' out
run irqpath model check -q --compare
check "policies: a line each" sh -c '[ "$(grep -c "^  " out)" -eq 14 ]'

# One fix off: the fault that it prevents is found, as others that prevent it are off with it; each of them alone is tried.
# cured NAME PATH QUIRK=off FILTER: of the JSON's only check
cured() {
	run irqpath model check -q --path "$2" --assume "$3" --format json
	expect "$1: violated" 1
	check "$1: $3 and what goes with it" jq -e ".checks[0] | $4" out
}
fault dom0-pv/msix unmasked msix-left-masked xen-msi-mask-nop=off
fault hvm-pirq/msix unmasked msix-masked-after-bind hvm-no-mask=off
fault hvm-pirq/msix unmasked msix-masked-after-bind msix-mask-all-early=off
fault dom0-pv/eoi deliverable eoi-stack-inversion xen-mask-msi-on-ack=off
prevents='[.cures[] | select(.prevents) | .quirk + (if .on then "" else "=off" end)]'
cured "dom0 masks" dom0-pv/msix xen-msi-mask-nop=off "([.put_off[].quirk] == [\"xen-table-read-only\"]) and .quirks[\"xen-table-read-only\"] == false
	and $prevents == [\"xen-msi-mask-nop\", \"xen-table-read-only\"] and .cures[1].unless == \"dom0-maps-table-first\""
cured "a guest masks" hvm-pirq/msix hvm-no-mask=off "[.put_off[] | [.quirk, .with, .as]] == [[\"xen-guest-mask\", \"xen-bind-clears-guest-mask\",
	\"companion\"], [\"xen-bind-clears-guest-mask\", \"hvm-no-mask\", \"cure\"]] and $prevents == [\"hvm-no-mask\", \"msix-mask-all-early\",
	\"xen-bind-clears-guest-mask\", \"xen-guest-mask-dropped\", \"xen-hvm-pirqs=off\"]"
cured "an EOI waits" dom0-pv/eoi xen-eoi-timeout=off "$prevents == [\"xen-eoi-timeout\", \"xen-dom0-cpu\"] and
	[.cures[] | select(.prevents | not).quirk] == [\"xen-mask-msi-on-ack\"]"
cured "a line is refused" dom0-pvh/gsi pvh-setup-gsi=off ".put_off == [] and $prevents == [\"pvh-setup-gsi\"] and
	[.cures[] | select(.prevents | not).quirk] == [\"pvh-map-pirq\", \"vioapic-maps-masked\"]"
cured "a stale route" kvm-split/level qemu-route-before-service=off "$prevents == [\"qemu-route-before-service\"]"
run irqpath model check -q --path dom0-pv/msix --assume xen-msi-mask-nop=off
check "in words" sh -c 'grep -q "^  off with xen-msi-mask-nop, as other cures of the same fault: xen-table-read-only (--assume xen-table-read-only=on keeps it)$" out &&
	grep -q "^  prevented by any one of: xen-msi-mask-nop, xen-table-read-only (not with dom0-maps-table-first)$" out'
run irqpath model check -q --path baremetal/msix --assume second-writer --format json
check "a fault that no fix is asked off for: nothing is put off or tried" jq -e '.checks[0] | .put_off == [] and .cures == []' out
run irqpath model check -q --path hvm-pirq --assume xen-msi-mask-nop=off
expect "a fix of another path: clean" 0
check "a fix of another path: nothing goes with it" sh -c '! grep -q "off with" out'

run irqpath model check -q --path baremetal/msix --assume second-writer --invariant message
expect "another invariant than the one that is broken: clean" 0
run irqpath model check -q --max-states 100
expect "bound reached first" 4
for wrong in '--path nowhere' '--assume nothing' '--assume second-writer=maybe' '--invariant nothing' '--cpus 0' '--vectors 99' argument; do
	# shellcheck disable=SC2086
	run irqpath model check $wrong
	expect "usage: $wrong" 2
done
finish
