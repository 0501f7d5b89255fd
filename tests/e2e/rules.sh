#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shipped rules load, and each passes its own cases.
set -eu
. "$TOP/tests/e2e/lib.sh"

run irqpath rules check
expect "rules check" 0
run irqpath rules test
expect "rules test" 0
for id in $(sed -n 's/^-- id: *//p' "$TOP"/rules.d/*.sql); do
	check "$id is listed" sh -c "irqpath rules list | grep -q '$id'"
	[ "$(sed -n 's/^-- id: *//p' "$TOP"/rules.d/90-*.sql | grep -cx "$id")" -ne 0 ] ||
		check "$id has four cases" [ "$(ls -d "$TOP/rules.d/cases/$id"/* | wc -l)" -ge 4 ]
done
finish
