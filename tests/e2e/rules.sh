#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shipped rules load, and each passes its own cases.
set -eu
. "$TOP/tests/e2e/lib.sh"

run irqpath rules check
expect "rules check" 0
run irqpath rules test
expect "rules test" 0
for file in "$TOP"/rules.d/[1-8]*.sql; do
	check "${file##*/} tells its finding in a sentence" grep -q '^-- says: ' "$file"
done
mkdir bad && sed 's/^-- hop: .*/-- hop: the moon/' "$TOP/rules.d/10-msix-left-masked.sql" >bad/10-msix-left-masked.sql
run irqpath rules check --rules bad
expect "a hop that no path has" 2
check "it is named" grep -q 'bad/10-msix-left-masked.sql.*"the moon"' err
for id in $(sed -n 's/^-- id: *//p' "$TOP"/rules.d/*.sql); do
	check "$id is listed" sh -c "irqpath rules list | grep -q '$id'"
	[ "$(sed -n 's/^-- id: *//p' "$TOP"/rules.d/90-*.sql | grep -cx "$id")" -ne 0 ] ||
		check "$id has four cases" [ "$(ls -d "$TOP/rules.d/cases/$id"/* | wc -l)" -ge 4 ]
done
finish
