# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts beside it: results, captures, waiting. Sourced with the folder of the test as the current one.
# shellcheck shell=sh

failed=0
ok() { echo "ok $1"; }
not_ok() { echo "not ok $1"; shift; [ $# -eq 0 ] || printf '%s\n' "$@" | head -n 20 | sed 's/^/# /'; failed=1; }
skip() { echo "ok $1 # SKIP $2"; }
# check NAME COMMAND...: ok where the command succeeds
check() { name=$1; shift; if "$@"; then ok "$name"; else not_ok "$name" "failed: $*" "$(tail -n 5 err 2>/dev/null)"; fi; }
finish() { exit $failed; }

# Runs a command with its output in out and err; sets status.
run() { status=0; "$@" >out 2>err </dev/null || status=$?; }

# expect NAME STATUS: the last run ended so
expect() {
	if [ "$status" = "$2" ]; then ok "$1"; else not_ok "$1" "exit status $status, expected $2" "$(cat err)"; fi
}

# A capture that is not bundled; fails where there is none.
capture() { [ -f "$IRQPATH_CAPTURES/$1/trace.dat" ] && echo "$IRQPATH_CAPTURES/$1/trace.dat"; }

sanitized() { [ "$BUILD" != "$TOP/build" ]; }

# Makes big.dat, a sound capture that takes long enough to read that something can be done to the reader meanwhile.
make_big() {
	command -v trace-cmd >/dev/null || { echo "trace-cmd is not installed"; exit 77; }
	trace-cmd convert -i "$TOP/samples/msix-left-masked-kfn/trace.dat" -o plain.dat --file-version 7 --compression none >/dev/null 2>&1
	"$BUILD/tools/repeat" "$1" plain.dat big.dat
	rm plain.dat
}

# Process ids of the children of a process that have this name.
children_named() {
	for file in $(grep -lsx "PPid:	$1" /proc/[0-9]*/status); do
		if grep -qsx "Name:	$2" "$file"; then basename "${file%/status}"; fi
	done
}
