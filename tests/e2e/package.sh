#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# debian/ agrees with the tree: version, and what building and testing need. Building the package itself is "make deb".
set -eu
. "$TOP/tests/e2e/lib.sh"
control=$TOP/debian/control

check "version of the package" grep -q "^irqpath ($(cat "$TOP/VERSION")) " "$TOP/debian/changelog"
sed -n '/^Build-Depends:/,/^[A-Z].*:/p' "$control" | sed '1s/^[^:]*://' | tr ',' '\n' | sed 's/^ *//; s/ *$//' >all
sed -n 's/^\([a-z0-9-]*\)$/\1/p' all >build
sed -n 's/^\([a-z0-9-]*\) <!nocheck>$/\1/p' all >test

# packages of a set of tools/deps.sh; a compiler is always there when a package is built
set_of() { sed -n "/^need_$1()/,/^}/s/.*need \([a-z0-9-]*\) \".*/\1/p" "$TOP/tools/deps.sh" | grep -v '^build-essential$'; }
for set in build test; do
	set_of $set >wanted
	check "set $set is not empty" [ -s wanted ]
	for package in $(cat wanted); do
		check "debian/control: $package for $set" grep -qx "$package" $set
	done
done
check "debian/rules is a program" [ -x "$TOP/debian/rules" ]
finish
