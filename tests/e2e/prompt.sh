#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stimulus and response: the kernel's masks and unmasks are called for by what was recorded, but for the one that is not.
set -eu
. "$TOP/tests/e2e/lib.sh"

unprompted() { irqpath query -q -f csv "$1" "SELECT DISTINCT o.name FROM step s JOIN object o ON o.id = s.object
	WHERE s.prompt = 'unprompted'" 2>err | tr -d '\r"' | tail -n +2; }
# prompted NAME FILE
prompted() {
	got=$(unprompted "$2")
	if [ -z "$got" ]; then ok "$1: all is called for"; else not_ok "$1: all is called for" "$got"; fi
}
prompted baremetal-good "$TOP/samples/baremetal-good/trace.dat"
for name in baremetal-good-tcg baremetal-good-kvm ioapic-good-tcg level-oneshot-good split-irqchip-good-linux msi-storm; do
	if file=$(capture "$name"); then prompted "$name" "$file"; else skip "$name" "not at IRQPATH_CAPTURES"; fi
done
kfn=$TOP/samples/msix-left-masked-kfn/trace.dat
got=$(unprompted "$kfn")
if [ "$got" = "msix:0000:00:03.0[2]" ]; then ok "masked behind the core: that alone"; else not_ok "masked behind the core: that alone" "$got"; fi
run irqpath query -q -f csv "$kfn" "SELECT count(*) > 100 FROM step WHERE prompt = 'response'"
check "most of what the path does is told apart" grep -q '^1' out
run irqpath explain -q "$kfn"
check "explain says it of the evidence" grep -q 'nothing that was recorded calls for it' out
finish
