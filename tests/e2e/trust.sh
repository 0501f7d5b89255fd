#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `model trust` prints was recorded, can be recorded again, and nothing of it failed.
set -eu
. "$TOP/tests/e2e/lib.sh"

table=$TOP/docs/captures.tsv
run irqpath model trust
expect "nothing that was recorded failed" 0
for part in Transitions Captures 'Fields compared' Mutants Invariants; do
	check "it tells of $part" grep -q "^$part" out
done
run irqpath model trust more
expect "it takes no argument" 2

check "docs/captures.tsv: good captures met something" awk -F'\t' '$2 == "good" && !$4 { exit 1 }' "$table"
check "docs/captures.tsv: the good ones together meet most of what any meets" awk -F'\t' \
	'$2 == "good" && $1 != "all" && $4 > most { most = $4 } $1 == "all" && $2 == "good" { all = $4 } END { exit all < most }' "$table"

# What was met changes with every transition; which captures there are and what was unexpected in them must not.
steady() { cut -f1,2,5 "$1"; }
if sanitized || ! capture baremetal-good-tcg >/dev/null; then
	skip "docs/captures.tsv can be recorded again" "slow, or no captures at IRQPATH_CAPTURES"
else
	"$TOP/tests/tools/record-captures.sh" >now.tsv
	steady now.tsv >now; steady "$table" >recorded
	if cmp -s now recorded; then
		ok "docs/captures.tsv is what is recorded now"
	else
		not_ok "docs/captures.tsv is what is recorded now (make trust)" "$(diff recorded now)"
	fi
fi
finish
