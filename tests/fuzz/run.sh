#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/fuzz/run.sh SECONDS TARGET...	runs build-fuzz/fuzz_TARGET that long each
# What was found stays in build-fuzz/corpus/TARGET for the next run; tests/fuzz/seeds/TARGET, where there is one, is only read.
# An input that crashes is left in build-fuzz/found/: add it to the tests with the fix.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
shift
mkdir -p build-fuzz/found
for target in "$@"; do
	mkdir -p "build-fuzz/corpus/$target"
	seeds=tests/fuzz/seeds/$target
	[ -d "$seeds" ] || seeds=
	echo "== $target, $seconds s"
	# shellcheck disable=SC2086
	"build-fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
		-verbosity=0 -artifact_prefix="build-fuzz/found/$target-" "build-fuzz/corpus/$target" $seeds
done
