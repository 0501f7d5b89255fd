#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# irqpath killed, its reader killed, the disk full: no half-written database, and a message where somebody is left to give it.
set -eu
. "$TOP/tests/e2e/lib.sh"
make_big 1000

# Runs analyze in the background and kills it as soon as there is anything in db/ beyond what was there.
kill_while_writing() {
	before=$(ls -A db | wc -l)
	irqpath analyze -q --db db/out.db big.dat >out 2>err </dev/null &
	pid=$!
	tries=0
	while [ "$(ls -A db | wc -l)" -le "$before" ] && kill -0 $pid 2>/dev/null && [ $tries -lt 500 ]; do
		tries=$((tries + 1))
		sleep 0.01
	done
	sleep "$1"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null && status=0 || status=$?
}

whole() { sqlite3 "$1" 'pragma integrity_check' 2>&1 | grep -qx ok && irqpath export "$1" >/dev/null 2>&1; }

test_kill() {
	killed=0
	for delay in 0 0.02 0.05 0.1 0.2; do
		mkdir db
		kill_while_writing $delay
		[ "$status" -ne 137 ] || { killed=$((killed + 1)); [ ! -e db/out.db ] || whole db/out.db || return 1; }
		rm -rf db
	done
	[ $killed -gt 0 ]
}

test_kill_keeps_old() {
	mkdir db
	irqpath analyze -q --db db/out.db "$TOP/samples/baremetal-good/trace.dat" >/dev/null 2>&1 || [ $? -eq 1 ] || return 1
	cp db/out.db old.db
	kill_while_writing 0
	good=0
	[ "$status" -eq 137 ] && cmp -s db/out.db old.db || good=1
	rm -rf db old.db
	return $good
}

# The reader is stopped first, so that it is killed in the middle for certain.
test_reader_killed() {
	irqpath analyze -q --db reader.db big.dat >out 2>err </dev/null &
	pid=$! reader='' tries=0
	while [ -z "$reader" ] && kill -0 $pid 2>/dev/null && [ $tries -lt 200 ]; do
		reader=$(children_named $pid irqpath-reader)
		tries=$((tries + 1))
	done
	[ -n "$reader" ] || { echo "# no reader process was seen"; wait $pid || :; return 1; }
	kill -STOP "$reader"
	sleep 0.1
	kill -9 "$reader"
	wait $pid && status=0 || status=$?
	[ "$status" -eq 3 ] && grep -q 'big\.dat' err && grep -q 'reader' err
}

explained() { [ "$status" -gt 0 ] && [ "$status" -lt 99 ] && [ -s err ] && [ ! -e "$1" ]; }

# A limit on the size of files, with its signal ignored, looks like a full disk to who writes.
test_file_limit() {
	mkdir small
	run sh -c 'trap "" XFSZ; ulimit -f 64; exec irqpath analyze -q --db small/out.db big.dat'
	explained small/out.db
}

# A tmpfs in a mount namespace of its own, where that is allowed.
test_full_disk() {
	mkdir full
	run unshare -m sh -c 'mount -t tmpfs -o size=256k none full && { irqpath analyze -q --db full/out.db big.dat; s=$?; ls full; exit $s; }'
	explained full/out.db && ! grep -qx 'out\.db' out
}

check "killed while it writes: no database, or a whole one" test_kill
check "killed while it writes: the old database stays" test_kill_keeps_old
check "reader killed: exit status 3 and a message" test_reader_killed
check "file size limit: a message and no database" test_file_limit
if unshare -m true 2>/dev/null && unshare -m sh -c 'mount -t tmpfs none /mnt' 2>/dev/null; then
	check "disk full: a message and no database" test_full_disk
else
	skip "disk full" "mounting is not allowed here"
fi
finish
