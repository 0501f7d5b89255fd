#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One run of QEMU as each of its trace backends would have written it (log, simple, UST's CTF, ftrace), alone and beside the host's
# kvm events (trace-cmd's text, LTTng's CTF): the same findings come of all, and what was dropped makes no other.
set -eu
. "$TOP/tests/e2e/lib.sh"
sample=$TOP/samples/split-irqchip-stale-route
backends=$BUILD/tools/backends
[ -x "$backends" ] || backends=$TOP/build/tools/backends

# "RULE ROLE PIN" of each finding that is more than a note; the machine that it is of depends on what else is there.
findings() {
	irqpath analyze -q --db findings.db "$@" >/dev/null 2>err || [ $? -eq 1 ] || return 1
	irqpath query findings.db "SELECT f.rule, f.signature, replace(o.name, 'guest/', '') FROM finding f JOIN object o ON o.id = f.object
		WHERE f.severity <> 'note' ORDER BY 1" | tail -n +2
	rm -f findings.db
}
same() {
	name=$1
	shift
	if findings "$@" >got && diff want got >difference; then ok "$name"; else not_ok "$name" "$(cat difference err)"; fi
}

findings "$sample/trace.qemu.log" >want
check "QEMU's log: a stale route, and what it left stuck" grep -q '^stale-route-delivery	vector	pin:0.23$' want
check "two findings" [ "$(wc -l <want)" -eq 2 ]

"$backends" simple log.simple <"$sample/trace.qemu.log"
"$backends" ctf log.ctf <"$sample/trace.qemu.log"
"$backends" ctf host.ctf <"$sample/trace.host.txt"
# The marker's records of a host's trace; their clock is the host's then.
{
	echo "cpus=2"
	sed -n 's/^\([0-9]*\)@\([0-9]*\.[0-9]*\):\(.*\)/ qemu-system-x86-\1 [001] \2: print: tracing_mark_write: \3/p' "$sample/trace.qemu.log"
} >log.ftrace
sed 's/^[0-9]*@[0-9.]*://' "$sample/trace.qemu.log" >log.plain
sed 's/$/\r/' "$sample/trace.qemu.log" >log.crlf

same "simple backend" log.simple
same "UST backend" log.ctf
same "ftrace backend" log.ftrace
same "log with other line ends" log.crlf
same "log beside LTTng's kvm events" host.ctf "$sample/trace.qemu.log"
same "simple backend beside the host's kvm events" "$sample/trace.host.txt" log.simple
same "UST backend beside LTTng's kvm events" host.ctf log.ctf
# As LTTng keeps them: one session. The host's kernel is there as well, and what QEMU emulates is a guest's.
# The log's clock was 1795165488.456940 s ahead of the host's.
mkdir session
"$backends" ctf session/kernel 0 0 <"$sample/trace.host.txt"
"$backends" ctf session/ust 0 1795165488456940000 <"$sample/trace.qemu.log"
same "one session of LTTng's with both" session
grep '^stale' want >want.stale
mv want.stale want
same "log without times: the order of lines" log.plain

# Dropped far from the fault, and where it happens: line 939 is the write behind which the pin fires with the route of before.
at=$(grep -n 'val 0xa081$' "$sample/trace.qemu.log" | head -n 1 | cut -d : -f 1)
for kind in simple ctf; do
	"$backends" $kind far.$kind 300 <"$sample/trace.qemu.log"
	findings far.$kind >got
	check "$kind: dropped before" grep -q '^stale-route-delivery	vector	pin:0.23$' got
	lost=$(irqpath query -q far.$kind 'SELECT lost FROM source' 2>err | tail -n 1)
	check "$kind: a hundred dropped" [ "$lost" = 100 ]
	"$backends" $kind near.$kind "$at" <"$sample/trace.qemu.log"
	findings near.$kind >got
	check "$kind: dropped where it happens" [ "$(grep -c '^stale-route-delivery' got)" -eq 0 ]
done

# Older versions of the simple backend do not name their events: nothing is read out of them, and that is said.
for version in 2 3; do
	{
		head -c 16 log.simple
		printf "\\00$version\\0\\0\\0\\0\\0\\0\\0"
		printf '\005\0\0\0\0\0\0\0\001\0\0\0\0\0\0\0\030\0\0\0\001\0\0\0'
	} >old.simple
	run irqpath analyze old.simple
	expect "simple backend, version $version: nothing can be judged" 4
done
finish
