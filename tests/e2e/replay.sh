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

both msix-left-masked-kfn "$TOP/samples/msix-left-masked-kfn/trace.dat"
both baremetal-good "$TOP/samples/baremetal-good/trace.dat"
if third=$(capture msix-left-masked); then
	both msix-left-masked "$third"
else
	skip msix-left-masked "no captures at IRQPATH_CAPTURES"
fi
finish
