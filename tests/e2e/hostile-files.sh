#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A share of what `make hostile` does, always the same: the samples cut and mutated, read, replayed and judged in process.
set -eu
. "$TOP/tests/e2e/lib.sh"

if sanitized; then cuts=600 mutations=30; else cuts=2000 mutations=100; fi

# campaign NAME OPTION...: every run ended in one of the ways that a file may
campaign() {
	name=$1
	shift
	run "$BUILD/tools/hostile" --rules "$TOP/rules.d" -v "$@"
	sed 's/^/# /' out
	check "$name" test "$status" -eq 0
}

# ftrace's files, as they are, packed, and as text.
set -- "$TOP"/samples/*/trace.*
campaign "cut" --mutations 0 --runs $cuts --whole 8 "$@"
campaign "mutated" --head 0 --beyond 0 --mutations $mutations --whole 8 "$@"
if sanitized; then
	check "no leaks" grep -qx 'leaks: none' out
	# So small that each mutation hits what libtracecmd parses. Who crashed, it or we, only a sanitizer can tell.
	campaign "a small file, mutated" --head 0 --beyond 0 --mutations 1000 --whole 50 "$TOP/tests/fuzz/seeds/trace_dat/formats.dat"
fi

# The tool itself: the same number makes the same file, a cut is as long as it says.
"$BUILD/tools/hostile" --make one --mutation 7 "$1"
"$BUILD/tools/hostile" --make two --mutation 7 "$1"
"$BUILD/tools/hostile" --make three --mutation 8 "$1"
check "a mutation can be made again" cmp -s one two
check "mutations differ" sh -c '! cmp -s two three'
"$BUILD/tools/hostile" --make cut --cut 1000 "$1"
check "a cut is as long as it says" test "$(wc -c <cut)" -eq 1000
finish
