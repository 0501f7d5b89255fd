#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same facts give the same database: before and after a replay, isolated or in-process.
set -eu
. "$TOP/tests/e2e/lib.sh"

analyze() { irqpath analyze -q "$@" >out 2>err || { status=$?; [ $status -eq 1 ] || [ $status -eq 4 ]; }; }

# $1 name, $2 file
same_after_replay() {
	analyze --db a.db "$2" && irqpath export a.db >first.txt && [ -s first.txt ] || return 1
	irqpath replay a.db >out 2>err || { status=$?; [ $status -eq 1 ] || [ $status -eq 4 ] || return 1; }
	irqpath export a.db >second.txt && cmp first.txt second.txt
}

same_in_process() {
	analyze --in-process --db b.db "$2" && irqpath export b.db >third.txt && cmp first.txt third.txt
}

same_again() {
	analyze --db c.db "$2" && irqpath export c.db >third.txt && cmp first.txt third.txt
}

both() {
	rm -f a.db b.db c.db first.txt
	check "$1: export is the same after replay" same_after_replay "$1" "$2"
	check "$1: export is the same in-process" same_in_process "$1" "$2"
	check "$1: export is the same when read again" same_again "$1" "$2"
}

verdicts() { irqpath query "$1" "SELECT v.rule, o.name, v.verdict, v.reason, c.source, c.method, c.offset_ns, c.lo_ns, c.hi_ns, c.hz
	FROM verdict v LEFT JOIN object o ON o.id = v.object JOIN clock c ORDER BY 1, 2, 3, 4, 5"; }

# same_as_events FILE...: each capture as event text, and these judged together as the captures were
same_as_events() {
	analyze --db a.db "$@" || return 1
	set --
	for source in $(irqpath query a.db 'SELECT id FROM source ORDER BY id' | tail -n +2); do
		irqpath export --events --source "$source" -o "$source.events" a.db || return 1
		set -- "$@" "$source.events"
	done
	analyze --db b.db "$@" || return 1
	verdicts a.db >first.txt && verdicts b.db >second.txt && [ "$(wc -l <first.txt)" -gt 1 ] && cmp first.txt second.txt
}

check "event text of each capture: a QEMU log and its host's trace" same_as_events "$TOP"/samples/split-irqchip-stale-route/trace.*
check "event text of each capture: an xentrace file and a dump" same_as_events "$TOP"/samples/pvh-gsi-good/trace.*
together=$IRQPATH_CAPTURES/dom0-good
if [ -f "$together/qemu.log" ]; then
	check "event text of each capture: Xen, dom0, dumps and the platform" same_as_events "$together"/xentrace.bin \
		"$together"/trace.dat "$together"/xl-dmesg-before.txt "$together"/xl-dmesg-after.txt "$together"/qemu.log
else
	skip dom0-good "no captures at IRQPATH_CAPTURES"
fi

both msix-left-masked-kfn "$TOP/samples/msix-left-masked-kfn/trace.dat"
both baremetal-good "$TOP/samples/baremetal-good/trace.dat"
if third=$(capture msix-left-masked); then
	both msix-left-masked "$third"
else
	skip msix-left-masked "no captures at IRQPATH_CAPTURES"
fi
finish
