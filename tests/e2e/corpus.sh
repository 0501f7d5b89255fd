#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every fuzz target on its seeds and on what fuzzing found (tests/fuzz/corpus/TARGET): none may crash or contradict itself.
set -eu
. "$TOP/tests/e2e/lib.sh"

on_all() { run timeout -k 5 120 "$@"; [ "$status" -eq 0 ]; }

for target in $("$BUILD/tools/corpus"); do
	set --
	for file in "$TOP/tests/fuzz/seeds/$target"/* "$TOP/tests/fuzz/corpus/$target"/*; do
		[ ! -f "$file" ] || set -- "$@" "$file"
	done
	if [ $# -eq 0 ]; then
		not_ok "$target" "neither seeds nor corpus"
	else
		check "$target, $# files" on_all "$BUILD/tools/corpus" "$target" "$@"
	fi
done

# A folder without a target is never run.
for dir in "$TOP"/tests/fuzz/seeds/* "$TOP"/tests/fuzz/corpus/*; do
	[ ! -d "$dir" ] || check "${dir#"$TOP"/}" sh -c '"$1" | grep -qx "$2"' sh "$BUILD/tools/corpus" "$(basename "$dir")"
done
finish
