#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/run.sh [FILTER...]		runs every test whose name holds a FILTER, all without one
#        tests/run.sh --update NAME...	writes tests/cases/NAME/out anew
#
# Tests are unit test programs (unit/NAME), cases (case/NAME: a folder of tests/cases) and scripts (e2e/NAME, live/NAME).
# A case is a folder with a command line in "cmd", run by sh in a copy of the folder with the built irqpath first in PATH;
# its standard output must be "out", its exit status what "status" says, else 0, its standard error "err" where there is one.
# A script exits 0 (passed), 77 (skipped: says why) or else; lines "ok NAME" and "not ok NAME" count as tests of their own.
# Ends with "N passed, N failed" and fails where a test did.
#
# Environment: BUILD (build), UNIT_TESTS (all that are built), JOBS (all CPUs), TEST_TIMEOUT in seconds (600).
set -eu

TOP=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
export TOP BUILD
TEST_TIMEOUT=${TEST_TIMEOUT:-600}

if [ "$BUILD" = "$TOP/build" ]; then
	PATH=$TOP:$PATH
else
	PATH=$BUILD:$PATH
fi
export PATH LC_ALL=C TZ=UTC TERM=dumb NO_COLOR=1 CMOCKA_MESSAGE_OUTPUT=TAP
export IRQPATH_CAPTURES="${IRQPATH_CAPTURES:-$TOP/../shared/captures}"
# A report of a sanitizer must not look like one of irqpath's own exit statuses.
export ASAN_OPTIONS="exitcode=99:${ASAN_OPTIONS:-}" UBSAN_OPTIONS="print_stacktrace=1:exitcode=99:${UBSAN_OPTIONS:-}"
export LSAN_OPTIONS="exitcode=99:${LSAN_OPTIONS:-}"

# Runs a case in a copy of its folder, $2; leaves got.out, got.err and got.status there.
run_case() {
	cp -R "$TOP/tests/cases/$1" "$2"
	got=0
	( cd "$2" && exec timeout -k 5 "$TEST_TIMEOUT" sh ./cmd ) >"$2.out" 2>"$2.err" </dev/null || got=$?
	echo "$got" >"$2.status"
}

compare_case() {
	bad=0
	diff -u "$TOP/tests/cases/$1/out" "$2.out" || bad=1
	if [ -f "$TOP/tests/cases/$1/err" ]; then
		diff -u "$TOP/tests/cases/$1/err" "$2.err" || bad=1
	fi
	want=0
	[ ! -f "$TOP/tests/cases/$1/status" ] || want=$(cat "$TOP/tests/cases/$1/status")
	if [ "$(cat "$2.status")" != "$want" ]; then
		echo "exit status $(cat "$2.status"), expected $want; standard error was:"
		head -n 20 "$2.err"
		bad=1
	fi
	return $bad
}

update_case() {
	dir=$TOP/tests/cases/$1
	run_case "$1" "$2/$1"
	cp "$2/$1.out" "$dir/out"
	[ ! -f "$dir/err" ] || cp "$2/$1.err" "$dir/err"
	rm -f "$dir/status"
	[ "$(cat "$2/$1.status")" = 0 ] || cp "$2/$1.status" "$dir/status"
}

# Counts a test's result lines into $2.count: passed, failed, skipped.
count_results() {
	awk -v status="$1" '
		/^[ \t]*(not )?ok .*# [Ss][Kk][Ii][Pp]/ { skipped++; next }
		/^[ \t]*ok / { passed++ }
		/^[ \t]*not ok / { failed++ }
		END {
			if (status == 77) skipped++
			else if (status != 0 && !failed) failed++
			else if (status == 0 && !failed && !passed && !skipped) passed++
			print passed + 0, failed + 0, skipped + 0
		}' "$2.log" >"$2.count"
}

# Runs one test of the list, as KIND/NAME, in its own folder below $work.
run_one() {
	work=$2 kind=${1%%/*} name=${1#*/}
	at=$work/$kind-$name
	mkdir -p "$at"
	status=0
	case $kind in
	unit) ( cd "$at" && exec timeout -k 5 "$TEST_TIMEOUT" "$BUILD/tests/$name" ) >"$at.log" 2>&1 </dev/null || status=$? ;;
	case) { run_case "$name" "$at/$name" && compare_case "$name" "$at/$name"; } >"$at.log" 2>&1 || status=$? ;;
	*) ( cd "$at" && exec timeout -k 5 "$TEST_TIMEOUT" "$TOP/tests/$kind/$name" ) >"$at.log" 2>&1 </dev/null || status=$? ;;
	esac
	count_results $status "$at"
	rm -rf "$at"
	read -r passed failed _ <"$at.count"
	if [ "$failed" -ne 0 ]; then
		{ echo "FAILED $1 (exit status $status)"; grep -v '^[ 	]*ok ' "$at.log" | head -n 100 | sed 's/^/    /'; } >"$at.shown"
	elif [ "$status" -eq 77 ]; then
		echo "skipped $1: $(tail -n 1 "$at.log")" >"$at.shown"
	else
		echo "passed $1 ($passed)" >"$at.shown"
	fi
	cat "$at.shown"
}

list_tests() {
	for program in ${UNIT_TESTS:-$(cd "$BUILD/tests" && ls -I '*.d')}; do
		echo "unit/$program"
	done
	for script in "$TOP"/tests/e2e/*.sh "$TOP"/tests/live/*.sh; do
		[ ! -x "$script" ] || echo "${script#"$TOP"/tests/}"
	done
	for folder in "$TOP"/tests/cases/*/; do
		[ ! -f "$folder/cmd" ] || echo "case/$(basename "$folder")"
	done
}

case ${1:-} in
--one)
	run_one "$3" "$2"
	exit 0 ;;
--update)
	shift
	work=$(mktemp -d "${TMPDIR:-/tmp}/irqpath-tests.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	for name in "$@"; do
		update_case "$name" "$work"
	done
	exit 0 ;;
-*)
	sed -n '4,5s/^# //p' "$0" >&2
	exit 2 ;;
esac

work=$(mktemp -d "${TMPDIR:-/tmp}/irqpath-tests.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
list_tests >"$work/all"
if [ $# -gt 0 ]; then
	for filter in "$@"; do grep -F -- "$filter" "$work/all" || :; done | sort -u >"$work/list"
else
	cp "$work/all" "$work/list"
fi
[ -s "$work/list" ] || { echo "no test is named so" >&2; exit 2; }

xargs -P "${JOBS:-$(nproc 2>/dev/null || echo 1)}" -n 1 "$0" --one "$work" <"$work/list"

cat "$work"/*.count | awk -v tests="$(wc -l <"$work/list")" '
	{ passed += $1; failed += $2; skipped += $3 }
	END {
		failed += tests - NR		# a test that left no result
		printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
		exit failed != 0
	}'
