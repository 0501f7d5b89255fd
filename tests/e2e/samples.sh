#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The report of each bundled sample is the one beside it (make samples-expected writes them anew).
set -eu
. "$TOP/tests/e2e/lib.sh"
here=$PWD

for folder in "$TOP"/samples/*/; do
	name=$(basename "$folder")
	( cd "$folder" && irqpath analyze trace.dat ) >"$here/out" 2>"$here/err" || :
	if diff -u "$folder/expected-report.txt" out >diff.txt 2>&1; then
		ok "sample $name"
	else
		not_ok "sample $name" "$(cat diff.txt)"
	fi
done
finish
